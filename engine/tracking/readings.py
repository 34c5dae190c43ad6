"""What figures to date say of their years, and how surely (累计数的读法)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ...models.quantity import Quantity
from ...models.years import month_at, place_in
from ...scenarios.rules_actuals import is_growth
from ...scenarios.schema import Scenario
from ...scenarios.schema_actuals import Actuals, ToDate, ToDateError
from ..forecast.reference import GDP
from ..forecast.to_date import EARLIER
from .now import WHOLE

Use = Literal[
    "used", "whole", "superseded", "base", "stated", "later", "money", "prices", "beside", "held", "unshared"
]
"""What is done with a figure.

used
    Conditioned on, with its error.
whole
    Of a finished year: conditioned on as it stands.
superseded
    A later figure of the year contains it.
base
    Of the base year or a year before it: it tells the base effect.
stated
    Of a row that nothing is computed for: shown.
later
    The nation's of a year of which nothing was expected: shown.
money
    Investment of a finished year: it stands in place of the plan's.
prices
    Nominal GDP of a finished year whose growth is known: the two give its prices.
beside
    Of a finished year, of another row than GDP growth: the row is what it was; of all else it is an
    observation, for the model ties rows closer to GDP than the record does.
held
    Of a finished year, of a row that has no news of its own by year (a linked row, a level): the row is what
    it was, a later year's figure is the observation.
unshared
    A level to date of which nobody knows what part of a year comes by then: shown. Twelfths would do for
    growth, but a half-year of 46 % of the year's would then tell a year 8 % too low.
"""

FAI, LEVEL = ("fai_growth", "fai_level"), "gdp_level"
"""Indicators that are investment, and nominal GDP."""

NATION = ""
"""The row of the nation's own figures."""
QUARTER = 3


@dataclass(frozen=True)
class Reading:
    """A figure to date, and what it says of its year.

    Attributes
    ----------
    row
        Key of the sheet's row; :data:`NATION` for the nation's.
    year, month
        Index of the year (0 is the base year) and month of it up to which is counted.
    value
        As stated: growth in %, or the level to date.
    says, sd
        What it says of the year, in the row's unit, and the standard error of that; None where it is not
        used.
    common
        Part of the error's variance that all regions share.
    known
        What the error's equation took besides: ``plain``, ``before``, ``three``; ``own`` where the scenario
        states the error.
    share
        Of a level: part of the year's total that is taken to have come by then; ``assumed`` where it is as
        many twelfths as months (only beside an error that is stated).
    growth
        Whether the row is of growth.
    """

    row: str
    time: str
    year: int
    month: int
    value: float
    use: Use
    says: float | None = None
    sd: float | None = None
    common: float = 0.0
    known: str = ""
    share: float | None = None
    assumed: bool = False
    growth: bool = True

    @property
    def counts(self) -> bool:
        """Whether the year is conditioned on it."""
        return self.use in ("used", "whole", "beside")

    @property
    def exact(self) -> bool:
        """Whether it is the year's figure itself; regions follow the nation's with an error."""
        return self.held and self.row != NATION

    @property
    def held(self) -> bool:
        """Whether every draw is moved until it gives the figure, or what a drawn error leaves of it."""
        return self.use == "whole" or (self.use == "used" and not self.sd)


def readings(scenario: Scenario) -> tuple[Reading, ...]:
    """Every figure that a scenario states of its years, and what it is used for."""
    actuals, block = scenario.actuals, scenario.to_date
    if actuals is None or block is None:
        return ()
    found: list[Reading] = []
    known = {int(year) - scenario.years.base for year in facts(scenario).prices}
    for row, held in actuals.figures.items():
        stated = scenario.targets[row].basis == "stated"
        rows = _row(scenario, actuals, block, row, held, is_growth(scenario, row), stated)
        found += _as_facts(scenario, rows, known)
    return (*found, *_row(scenario, actuals, block, NATION, actuals.nation, True, False))


def _as_facts(scenario: Scenario, rows: Sequence[Reading], priced: Set[int]) -> list[Reading]:
    """Figures of finished years that are facts of the plan or of prices, not news; of rows without news by
    year the last one alone."""
    last = max((each.year for each in rows if each.use == "whole"), default=0)

    def use(each: Reading) -> Use:
        if each.use != "whole":
            return each.use
        if indicator_at(scenario, each.row) in FAI:
            return "money"
        if indicator_at(scenario, each.row) == LEVEL and each.year in priced:
            return "prices"
        if indicator_at(scenario, each.row) == GDP:
            return "whole"
        by_year = each.growth and indicator_at(scenario, each.row) not in scenario.relations
        return "beside" if by_year or each.year == last else "held"

    return [replace(each, use=use(each), sd=None if use(each) == "beside" else each.sd) for each in rows]


@dataclass(frozen=True)
class Facts:
    """What finished years say of what a plan states: investment by year (a level goes before its growth),
    and growth of the GDP deflator by year, %."""

    path: Mapping[str, Quantity]
    growth_in: Mapping[str, Quantity]
    prices: Mapping[str, float]


def facts(scenario: Scenario) -> Facts:
    """What finished years say of investment and prices.

    .. math:: p_t = \\frac{Y_t / Y_s}{\\prod_{s < u \\le t} (1 + g_u)}

    over the years since the last one whose nominal GDP is known, alike in each of them.
    """
    grown, levels, money = (_whole(scenario, names) for names in ((GDP,), (LEVEL,), ("fai_level",)))
    base, prices = int(scenario.years.base), dict[str, float]()
    before, at = scenario.accounts.gdp.value, base
    for year in sorted(levels):
        if not all(each in grown for each in range(at + 1, year + 1)):
            continue
        real = np.prod([1 + grown[each].value / 100 for each in range(at + 1, year + 1)])
        rate = float((levels[year].value / before / real) ** (1 / (year - at)))
        prices |= {str(each): 100 * (rate - 1) for each in range(at + 1, year + 1)}
        before, at = levels[year].value, year
    growth = {year: each for year, each in _whole(scenario, ("fai_growth",)).items() if year not in money}
    return Facts(_by_name(money), _by_name(growth), prices)


def _by_name(own: Mapping[int, Quantity]) -> dict[str, Quantity]:
    return {str(year): each for year, each in own.items()}


def known_values(scenario: Scenario) -> dict[str, dict[int, float]]:
    """What rows of the sheet came to in finished years, by row and year (1 is the first): figures of one row
    are those of all that ask the same of other years."""
    actuals, made = scenario.actuals, dict[str, dict[int, float]]()
    for row, held in actuals.figures.items() if actuals else ():
        own = {
            year: figure.value
            for time, figure in held.items()
            for year, month in (place_in(time, scenario.years.base),)
            if year > 0 and month == WHOLE
        }
        for key in scenario.targets if own else ():
            if _subject(scenario, key) == _subject(scenario, row):
                made[key] = made.get(key, {}) | own
    return made


def _subject(scenario: Scenario, row: str) -> tuple[object, ...]:
    """What a row is about, whatever the years that it speaks of."""
    stated = scenario.targets[row]
    return indicator_at(scenario, row), tuple(stated.covers), stated.base, stated.basis == "stated"


def indicator_at(scenario: Scenario, row: str) -> str:
    """The indicator of a row of the sheet."""
    return scenario.targets[row].indicator or row


def _whole(scenario: Scenario, names: Sequence[str]) -> dict[int, Quantity]:
    """Figures of finished years of the rows of an indicator, by calendar year."""
    actuals, base = scenario.actuals, scenario.years.base
    found: dict[int, Quantity] = {}
    for row, held in actuals.figures.items() if actuals else ():
        if indicator_at(scenario, row) not in names or scenario.targets[row].covers:
            continue
        for time, figure in held.items():
            year, month = place_in(time, base)
            if year > 0 and month == WHOLE:
                found[int(base) + year] = figure
    return found


def _row(
    scenario: Scenario,
    actuals: Actuals,
    block: ToDate,
    row: str,
    held: Mapping[str, Quantity],
    growth: bool,
    stated: bool,
) -> list[Reading]:
    """The figures of one row, in the order of time."""
    base = scenario.years.base
    known = {place_in(time, base): figure.value for time, figure in held.items()}
    last: dict[int, int] = {}
    for year, month in known:
        last[year] = max(last.get(year, 0), month)
    made = []
    for year, month in sorted(known):
        value, time = known[year, month], month_at(base + year, month)
        plain = Reading(row, time, year, month, value, "base", growth=growth)
        own = actuals.errors.get(row, {}).get(time)
        if stated:
            made.append(_as(plain, "stated"))
        elif year <= 0:
            made.append(plain)
        elif month < last[year]:
            made.append(_as(plain, "superseded"))
        elif row == NATION and year > 1 and not (month == WHOLE and _foretold(scenario)):
            made.append(_as(plain, "later"))
        elif month == WHOLE:
            made.append(Reading(row, time, year, month, value, "whole", value, 0.0, growth=growth))
        elif growth:
            made.append(_growth(plain, base_effects(scenario, row, known, year, month), block, own))
        else:
            made.append(_level(plain, _share(scenario, row, known, month), block, own))
    return made


def _foretold(scenario: Scenario) -> bool:
    """Whether it is known what was expected of the nation in later years."""
    outlook = scenario.outlook
    return bool(outlook.change) and (outlook.nation or outlook.growth) is not None


def _as(reading: Reading, use: Use) -> Reading:
    return replace(reading, use=use)


def base_effects(
    scenario: Scenario, row: str, known: Mapping[tuple[int, int], float], year: int, month: int
) -> list[float]:
    """Growth to date less the year's of the years before, the latest first, as far back as both are known."""
    made: list[float] = []
    for ago in range(1, len(EARLIER["three"]) + 1):
        to_date, whole = known.get((year - ago, month)), _grown(scenario, row, known, year - ago)
        if to_date is None or whole is None:
            break
        made.append(to_date - whole)
    return made


def _grown(scenario: Scenario, row: str, known: Mapping[tuple[int, int], float], year: int) -> float | None:
    """Growth of a whole year, where it is known."""
    if (year, WHOLE) in known:
        return known[year, WHOLE]
    if year > 0:
        return None
    calendar = str(int(scenario.years.base) + year)
    if row == NATION:
        nation = scenario.experience.nation.get(calendar) if scenario.experience else None
        return nation.release.value if nation and nation.release else None
    past = scenario.history.years.get(calendar)
    if (scenario.targets[row].indicator or row) == GDP and past and past.growth:
        return past.growth.value
    outcome = scenario.history.outcomes.get(row) if year == 0 else None
    return outcome.value if outcome else None


def _growth(plain: Reading, effects: Sequence[float], block: ToDate, own: Quantity | None) -> Reading:
    """Growth to date, freed of its base effect as far as that is known."""
    error, kind = error_of(block, plain.month, len(effects))
    says = plain.value
    if error.before is not None:
        weights = EARLIER[kind]
        effect = sum(weight * each for weight, each in zip(weights, effects[: len(weights)], strict=True))
        says -= error.before.value * effect
    return replace(
        plain,
        use="used",
        says=says,
        sd=error.sd.value if own is None else own.value,
        common=error.common.value / 100,
        known=kind if own is None else "own",
    )


def error_of(block: ToDate, month: int, known: int) -> tuple[ToDateError, str]:
    """The error of growth to date after a month, with base effects of so many years ``known``, and its kind;
    between quarters it falls in a line, to nothing after twelve months; before the first quarter's end it
    grows with the root of what is missing of it.

    .. math:: \\sigma_m = \\sigma_3 \\sqrt{3 / m} \\quad (m < 3)
    """
    quarter, rest = divmod(month, QUARTER)
    own, kind = _entry(block, max(quarter, 1), known)
    if month < QUARTER:
        return _with_sd(own, own.sd.value * float((QUARTER / month) ** 0.5)), kind
    if not rest:
        return own, kind
    then = _entry(block, quarter + 1, known)[0].sd.value if quarter < 3 else 0.0
    return _with_sd(own, own.sd.value + (then - own.sd.value) * rest / QUARTER), kind


def _entry(block: ToDate, quarter: int, known: int) -> tuple[ToDateError, str]:
    """The entry that takes most of what is known."""
    there = block.quarters.get(str(quarter), {})
    kind = next(each for each in reversed(EARLIER) if each in there and len(EARLIER[each]) <= known)
    return there[kind], kind


def _with_sd(error: ToDateError, sd: float) -> ToDateError:
    return error.model_copy(update={"sd": error.sd.model_copy(update={"value": sd})})


def _share(scenario: Scenario, row: str, known: Mapping[tuple[int, int], float], month: int) -> float | None:
    """Part of the base year's total that had come by a month: stated, or the row's figure of then over the
    year's; None where neither is known."""
    assert scenario.actuals is not None
    stated = scenario.actuals.shares.get(row, {}).get(month_at(scenario.years.base, month))
    if stated is not None:
        return stated.value / 100
    account = {LEVEL: scenario.accounts.gdp, "fai_level": scenario.accounts.fai}
    whole = known.get((0, WHOLE))
    if whole is None and indicator_at(scenario, row) in account and not scenario.targets[row].covers:
        whole = account[indicator_at(scenario, row)].value
    to_date = known.get((0, month))
    return to_date / whole if to_date is not None and whole else None


def _level(plain: Reading, share: float | None, block: ToDate, own: Quantity | None) -> Reading:
    """A level to date, as the part of the year's that had come by then a year before; where that is not
    known it is shown only, or with an error that is stated as many twelfths as months."""
    if share is None and own is None:
        return _as(plain, "unshared")
    part = plain.month / WHOLE if share is None else share
    says = plain.value / part
    error, kind = error_of(block, plain.month, 0)
    return replace(
        plain,
        use="used",
        says=says,
        sd=abs(says) * error.sd.value / 100 if own is None else own.value,
        common=error.common.value / 100,
        known=kind if own is None else "own",
        share=part,
        assumed=share is None,
    )
