"""Linked relations whose indicator is a level, taken over from the shared priors: another region's size is no
measure of this one (挂钩关系的规模)."""

from __future__ import annotations

from ...scenarios.schema import Scenario


def borrowed(scenario: Scenario, name: str) -> bool:
    """Whether a relation gives a level (万人, money ...) and its constant is still that of the shared
    priors."""
    relation = scenario.relations.get(name)
    return relation is not None and relation.borrowed


def scale(scenario: Scenario, name: str) -> float | None:
    """What a relation is to be multiplied by: 1 for rates and a region's own relation, None where nothing
    tells.

    A borrowed level is scaled by the region's own last value,

    .. math:: k = y_0 / (c + \\sum_j b_j x_{j0}),

    with y₀ and the drivers x₀ of the base year as ``history.outcomes`` states them.
    """
    if not borrowed(scenario, name):
        return 1.0
    outcomes, relation = scenario.history.outcomes, scenario.relations[name]
    keys = [name, *(key for key, target in scenario.targets.items() if target.indicator == name)]
    last = next((outcomes[key].value for key in keys if key in outcomes), None)
    if last is None or any(driver not in outcomes for driver in relation.drivers):
        return None
    usual = relation.constant.value + sum(
        b.value * outcomes[driver].value for driver, b in relation.drivers.items()
    )
    return last / usual if usual > 0 and last > 0 else None
