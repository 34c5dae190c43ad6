"""The reference forecast of a scenario: its history and target, the nation's outlook, and shipped experience
(参照预测)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...models.forecast import FACTS, Ahead, Fitted, Learnt, Past, Reference
from ...models.quantity import FloatArray, Quantity
from ...scenarios.schema import Scenario
from ...scenarios.schema_forecast import AheadSpec as Stated
from ...scenarios.schema_forecast import Experience
from .news import CHANCE, level

GDP = "gdp_growth"

MAPPING = 0.9
"""Standard error, points, of regions' mean growth given the nation's, where experience does not say: errors
of the mean of 208 cities of China against an exact outlook plus last year's difference, 2010-2022."""

ALONE, ALONE_CALM, ALONE_CRISIS = 2.5, 1.2, 3.4
"""Own spread, and the nation's calm and crisis spread (points) where no experience is shipped: assumptions of
the size found on Chinese cities."""


NEEDED = 4
"""Years of a region's own growth by which its past alone makes a reference."""

EDITIONS = ("january", "october", "none")
"""Shipped editions, the newest first."""


@dataclass(frozen=True)
class Basis:
    """What a reference rests on, for the reader: edition, own outlook or own past, its figure, years of
    history, whether a target was known; and how many of its figures the program assumes."""

    outlook: str
    figure: float | None
    years: int
    target: float | None
    assumed: int = 0


def reference_of(scenario: Scenario) -> tuple[Reference, Basis] | None:
    """Median and spread of the first year's growth before the plan; None where too little is known.

    With shipped experience: regions' expected mean (a scenario's own outlook goes before the shipped
    edition), and the region's lead over it. Without: an outlook of its own alone, or four years of its own
    past, which nobody scored.
    """
    growth, target = _own(scenario)
    experience = scenario.experience if scenario.outlook.of == "nation" else None
    known = _ahead(scenario, experience) if experience else None
    if experience is None or known is None:
        return _alone(growth, scenario)
    ahead, basis, figure, assumed = known
    learnt = learnt_of(experience, scenario.years.first, len(growth))
    (reference,) = learnt.references(growth[None], target[None], ahead)
    return reference, Basis(
        basis, figure, reference.known, float(target[-1]) if np.isfinite(target[-1]) else None, assumed
    )


def _value(quantity: Quantity | None) -> float:
    return float("nan") if quantity is None else quantity.value


def _own(scenario: Scenario) -> tuple[FloatArray, FloatArray]:
    """Growth and targets by year up to the year after the base year ``(Y,)``; the lower tier of a row that
    speaks of that year alone stands in for an official target."""
    year, rows = scenario.years.first, {int(key): row for key, row in scenario.history.years.items()}
    rows = {key: row for key, row in rows.items() if key <= year}
    first = min([*rows, year - 1])
    growth, target = (np.full(year - first + 1, np.nan) for _ in range(2))
    for key, row in rows.items():
        growth[key - first], target[key - first] = _value(row.growth), _value(row.target)
    growth[-1] = np.nan
    last = scenario.history.outcomes.get(GDP)
    if not np.isfinite(growth[-2]) and last is not None:
        growth[-2] = last.value
    if not np.isfinite(target[-1]):
        alone = (year, year)
        sheet = (row for key, row in scenario.targets.items() if (row.indicator or key) == GDP)
        stated = next((row for row in sheet if row.span(scenario.years) == alone), None)
        target[-1] = _value(stated.ensure) if stated else np.nan
    return growth, target


def _ahead(scenario: Scenario, experience: Experience) -> tuple[Ahead, str, float | None, int] | None:
    """What is expected of all regions, what it rests on, the nation's figure, and how many figures are the
    program's."""
    stated, shipped = scenario.outlook, experience.ahead.get(str(scenario.years.first), {})
    edition = next((name for name in (stated.edition, *EDITIONS) if name in shipped), None)
    known = ahead_of(shipped[edition]) if edition else None
    if stated.growth is not None:
        before = experience.nation.get(str(scenario.years.base))
        lead = _value(before.growth) - _value(before.release) if before else float("nan")
        middle = stated.growth.value + (lead if np.isfinite(lead) else 0.0)
        calm, crisis, assumed = (known.calm, known.crisis, 0) if known else (ALONE_CALM, ALONE_CRISIS, 2)
        if stated.error is not None:
            mapped = experience.mapping
            calm = crisis = float(np.hypot(stated.error.value, mapped.value if mapped else MAPPING))
            assumed = int(mapped is None)
        return Ahead(middle, calm, crisis), "own", stated.growth.value, assumed
    return (known, edition, None, 0) if known and edition else None


def beside_of(scenario: Scenario, reference: Reference) -> dict[str, tuple[float, float]]:
    """Median and standard deviation of other indicators: GDP's reference, and their own lead over it as far
    as it lasts.

    .. math:: m_j = m + \\bar d_j + \\rho_j (d_j - \\bar d_j), \\qquad s_j^2 = s^2 + \\sigma_j^2

    with the last lead d, taken as its mean where it is not known.
    """
    if scenario.experience is None:
        return {}
    growth, _ = _own(scenario)
    nation = (1 - reference.chance) * reference.calm**2 + reference.chance * reference.crisis**2
    found = {}
    for key, each in scenario.experience.beside.items():
        last = scenario.history.outcomes.get(key)
        lead = each.mean.value if last is None or not np.isfinite(growth[-2]) else last.value - growth[-2]
        middle = reference.median + each.mean.value + each.lasting.value * (lead - each.mean.value)
        found[key] = (float(middle), float(np.sqrt(nation + reference.own**2 + each.spread.value**2)))
    return found


def ahead_of(stated: Stated) -> Ahead:
    """All regions' expected mean as a scenario states it."""
    return Ahead(stated.middle.value, stated.calm.value, stated.crisis.value)


def learnt_of(experience: Experience, year: int, count: int) -> Learnt:
    """What shipped experience says of a year, from the ``count`` years up to it."""
    years = tuple(range(year - count + 1, year + 1))
    rows = [experience.nation.get(str(each)) for each in years]

    def path(name: str) -> FloatArray:
        return np.array([float("nan") if row is None else _value(getattr(row, name)) for row in rows])

    def carried(name: str) -> FloatArray:
        """Of years beyond those that are shipped: as last known."""
        found, known = (
            path(name),
            [int(key) for key, row in experience.nation.items() if getattr(row, name) is not None],
        )
        last = max(known, default=years[-1])
        later = np.array([each > last for each in years])
        return np.where(
            later, _value(getattr(experience.nation[str(last)], name)) if known else np.nan, found
        )

    def key(name: str) -> tuple[int, bool]:
        known, _, kind = name.partition("-")
        return int(known), kind == "target"

    own = experience.earlier.get(str(year), experience)
    fitted = Fitted(
        {key(name): np.array([row[fact].value for fact in FACTS]) for name, row in own.slopes.items()},
        {key(name): quantity.value for name, quantity in own.spread.items()},
    )
    ahead = {name: ahead_of(each) for name, each in experience.ahead.get(str(year), {}).items()}
    growth = carried("growth")
    growth[-1] = np.nan  # of the year to come nothing is known
    past = Past(growth, carried("aim"), path("gap"), path("spread"))
    return Learnt(years, past, path("release"), fitted, ahead, experience.chance.value / 100)


def _alone(growth: FloatArray, scenario: Scenario) -> tuple[Reference, Basis] | None:
    """Without shipped experience: an outlook of one's own, else the level of the region's own past; wider the
    less is known."""
    years = int(np.isfinite(growth).sum())
    outlook, error = scenario.outlook.growth, scenario.outlook.error
    if outlook is not None and scenario.outlook.of == "region":
        calm, crisis = (ALONE_CALM, ALONE_CRISIS) if error is None else (error.value,) * 2
        return Reference(outlook.value, calm, crisis, CHANCE, 0.0, outlook.value), Basis(
            "region", outlook.value, 0, None
        )
    if (
        outlook is not None
    ):  # how this region stood to its nation is not known: history and target say nothing here
        calm, crisis = (
            (ALONE_CALM, ALONE_CRISIS) if error is None else (float(np.hypot(error.value, MAPPING)),) * 2
        )
        return Reference(outlook.value, calm, crisis, CHANCE, ALONE, outlook.value), Basis(
            "alone", outlook.value, 0, None, assumed=3 if error is None else 2
        )
    if years < NEEDED:
        return None
    ahead = level(growth[:-1])
    own = ALONE * float(np.sqrt((years + 4) / (years + 2)))
    return Reference(ahead.middle, ahead.calm, ahead.crisis, CHANCE, own, known=years), Basis(
        "past", None, years, None, assumed=1
    )
