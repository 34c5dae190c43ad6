"""Market trends of a scenario: where they stand, and all of them moved at once (市场趋势)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ...models.quantity import Quantity
from ...scenarios.schema import Scenario


def trend_paths(scenario: Scenario) -> tuple[str, ...]:
    """Paths of all market trends: sales outside of every sector, visitors, materials, and agriculture's
    output."""
    found = []
    for key, sector in scenario.sectors.items():
        found.append(
            f"sectors.{key}.trend" if sector.model == "agriculture" else f"sectors.{key}.market.trend"
        )
        if getattr(sector, "visitors", None) is not None:
            found.append(f"sectors.{key}.visitors.growth")
    found += [
        f"chains.{key}.materials.{name}.market.trend"
        for key, chain in scenario.chains.items()
        for name, material in chain.materials.items()
        if material.market
    ]
    return tuple(found)


def number_at(part: object, path: str) -> Quantity:
    """The number at a path of a scenario."""
    for step in path.split("."):
        part = part[step] if isinstance(part, Mapping) else getattr(part, step)
    return cast(Quantity, part)


def centred(scenario: Scenario, centre: float) -> Scenario:
    """The scenario whose central trends are moved by so many points, while draws stay where they are
    (:func:`as_drawn`)."""
    anchor = scenario.anchor.model_copy(update={"centre": centre})
    return with_trends(scenario, centre - scenario.anchor.centre).model_copy(update={"anchor": anchor})


def as_drawn(
    scenario: Scenario, quantities: Mapping[str, Quantity]
) -> tuple[Scenario, Mapping[str, Quantity]]:
    """The scenario and its numbers as draws take them: trends without what makes the central case a
    median."""
    if not scenario.anchor.centre:
        return scenario, quantities
    made = centred(scenario, 0.0)
    return made, {
        **quantities,
        **{path: number_at(made, path) for path in trend_paths(made) if path in quantities},
    }


def with_trends(scenario: Scenario, shift: float) -> Scenario:
    """The scenario with every market's trend moved by ``shift`` points, its range with it."""

    def moved(quantity: Quantity) -> Quantity:
        ends = {
            name: None if getattr(quantity, name) is None else getattr(quantity, name) + shift
            for name in ("low", "high")
        }
        return quantity.model_copy(update={"value": quantity.value + shift, **ends})

    def at(part: Any, steps: list[str]) -> Any:
        if not steps:
            return moved(part)
        step, *deeper = steps
        child = part[step] if isinstance(part, Mapping) else getattr(part, step)
        new = at(child, deeper)
        return {**part, step: new} if isinstance(part, Mapping) else part.model_copy(update={step: new})

    made: Any = scenario
    for path in trend_paths(scenario):
        made = at(made, path.split("."))
    return cast(Scenario, made)
