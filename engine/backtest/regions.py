"""Region-years as scenarios of the product: as an object for many, as a file for one; both say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import numpy as np

from ...models.quantity import FloatArray, Quantity, Values
from ...scenarios.load import Loaded, load_example
from ...scenarios.schema import Scenario
from ..trends import trend_paths

TEMPLATE = "templates/three-sectors.yaml"
SHOCKS, NATIONAL = "doubt.shocks", "doubt.shocks.national"
STRUCK = ("primary", "secondary", "tertiary")
TARGET = "targets.gdp_growth.ensure"


@dataclass(frozen=True)
class Region:
    """What a scenario of one region-year is told, everything from the year before.

    Attributes
    ----------
    shares
        Share of each sector in value added ``(3,)``.
    investment
        Investment over GDP.
    centre
        Median growth of GDP that its markets' trend is solved for, %.
    relative
        Growth of each sector's trend relative to the others ``(3,)``, points.
    calm, crisis
        Standard deviation of national news in calm years and in crises, points of GDP growth.
    own
        Standard deviation of all that is the region's own, points of GDP growth.
    """

    shares: FloatArray
    investment: float
    centre: float
    relative: FloatArray
    calm: float
    crisis: float
    own: float


class Stated(Values):
    """The template's numbers, with those of many regions or draws in place of some (by path)."""

    def __init__(self, given: Mapping[str, FloatArray], strict: bool = True) -> None:
        self.given, self.strict = given, strict

    def __call__(self, quantity: Quantity) -> FloatArray:
        """Value of a quantity ``(D,)``."""
        found = self.given.get(quantity.path)
        return np.array([quantity.value]) if found is None else found


@lru_cache(maxsize=1)
def loaded() -> Loaded:
    """The scenario of a region of which only a panel is known, as it was read."""
    return load_example(TEMPLATE)


@lru_cache(maxsize=1)
def known() -> Mapping[str, Quantity]:
    """All its numbers by path."""
    return loaded().quantities()


def template() -> Scenario:
    """The scenario itself."""
    return loaded().scenario


def trends() -> tuple[str, ...]:
    """Path of each sector's trend."""
    return trend_paths(template())


def numbers(regions: list[Region], copies: int = 1) -> dict[str, FloatArray]:
    """What the regions state of their accounts, by path, each region repeated ``copies`` times: ``(R · copies,)``."""
    scenario = template()
    accounts = scenario.accounts
    one = np.ones(len(regions))
    found = {
        accounts.fai.path: np.array([accounts.gdp.value * region.investment for region in regions]),
        **{q.path: one * q.value for q in (accounts.household_consumption, accounts.government_consumption, accounts.transfers)},
    }
    for s, sector in enumerate(scenario.sectors.values()):
        found[sector.va.path] = np.array([accounts.gdp.value * region.shares[s] for region in regions])
    return {path: np.repeat(values, copies) for path, values in found.items()}


def scenario(stated: Mapping[str, float], year: int, seed: int) -> tuple[Scenario, Mapping[str, Quantity]]:
    """The scenario that says ``stated`` (path -> value) of a region in a year, and all its numbers by path.

    It equals the one that :func:`document` writes and the loader reads.
    """
    made = template()
    changed = {path: known()[path].model_copy(update={"value": value, "low": value, "high": value}) for path, value in stated.items()}
    for path, quantity in changed.items():
        made = cast(Scenario, _with(made, path.split("."), quantity))
    years = made.years.model_copy(update={"base": year - 1, "target": year, "last": year})
    doubt = made.doubt.model_copy(update={"seed": seed})
    return made.model_copy(update={"years": years, "doubt": doubt}), {**known(), **changed}


def _with(part: Any, steps: list[str], quantity: Quantity) -> Any:
    """A part of a scenario with one number changed."""
    step, *deeper = steps
    child = part[step] if isinstance(part, Mapping) else getattr(part, step)
    new = _with(child, deeper, quantity) if deeper else quantity
    return {**part, step: new} if isinstance(part, Mapping) else part.model_copy(update={step: new})


def document(
    stated: Mapping[str, float], year: int, seed: int, notes: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, Any]:
    """The same region-year as a scenario file: what `simulate run` would be given; ``notes`` say why, by path."""
    why = {"zh": "由上年已知数据得出", "en": "from what was known the year before"}
    tree: dict[str, Any] = {
        "dabiao": 1, "extends": f"example:{TEMPLATE}", "years": {"base": year - 1, "target": year, "last": year},
        "doubt": {"seed": seed}, "targets": {"gdp_growth": {"main": True}},
    }
    for path, value in stated.items():
        *above, last = path.split(".")
        at = tree
        for key in above:
            at = at.setdefault(key, {})
        at[last] = {"value": float(value), "low": float(value), "high": float(value), "assumption": dict((notes or {}).get(path, why))}
    return tree
