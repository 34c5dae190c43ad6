"""What figures to date say of their years, and how surely (累计数的读法)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ...models.quantity import Quantity
from ...models.years import month_at, place_in
from ...scenarios.rules_actuals import is_growth
from ...scenarios.schema import Scenario
from ...scenarios.schema_actuals import Actuals, ToDate, ToDateError
from ..forecast.reference import GDP
from ..forecast.to_date import EARLIER

Use = Literal["used", "whole", "superseded", "base", "stated", "later"]
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
    The nation's of a year after the first, or without anything expected of the nation: shown.
"""

NATION = ""
"""The row of the nation's own figures."""
WHOLE = 12
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
        many twelfths as months.
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
        return self.use in ("used", "whole")

    @property
    def exact(self) -> bool:
        """Whether it is the year's figure itself."""
        return self.use == "whole" or (self.use == "used" and not self.sd)


def until_of(scenario: Scenario) -> str:
    """The month up to which the year under way is known; empty where nothing is."""
    actuals = scenario.actuals
    if actuals is None:
        return ""
    if actuals.until:
        return actuals.until
    times = [time for held in (*actuals.figures.values(), actuals.nation) for time in held]
    return max((time for time in times if place_in(time, scenario.years.base)[0] > 0), default="")


def readings(scenario: Scenario) -> tuple[Reading, ...]:
    """Every figure that a scenario states of its years, and what it is used for."""
    actuals, block = scenario.actuals, scenario.to_date
    if actuals is None or block is None:
        return ()
    found: list[Reading] = []
    for row, held in actuals.figures.items():
        stated = scenario.targets[row].basis == "stated"
        found += _row(scenario, actuals, block, row, held, is_growth(scenario, row), stated)
    return (*found, *_row(scenario, actuals, block, NATION, actuals.nation, True, False))


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
        elif row == NATION and year > 1:
            made.append(_as(plain, "later"))
        elif month == WHOLE:
            made.append(Reading(row, time, year, month, value, "whole", value, 0.0, growth=growth))
        elif growth:
            made.append(_growth(plain, base_effects(scenario, row, known, year, month), block, own))
        else:
            made.append(_level(scenario, plain, block, own))
    return made


def _as(reading: Reading, use: Use) -> Reading:
    return replace(reading, use=use)


def base_effects(
    scenario: Scenario, row: str, known: Mapping[tuple[int, int], float], year: int, month: int
) -> list[float]:
    """Growth to date less the year's of the years before, the latest first, as far back as both are known."""
    made: list[float] = []
    for ago in range(1, len(EARLIER["three"]) + 1):
        to_date, whole = known.get((year - ago, month)), _whole(scenario, row, known, year - ago)
        if to_date is None or whole is None:
            break
        made.append(to_date - whole)
    return made


def _whole(scenario: Scenario, row: str, known: Mapping[tuple[int, int], float], year: int) -> float | None:
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


def _level(scenario: Scenario, plain: Reading, block: ToDate, own: Quantity | None) -> Reading:
    """A level to date, as the part of the year's that had come by then a year before; otherwise as many
    twelfths as months."""
    assert scenario.actuals is not None
    stated = scenario.actuals.shares.get(plain.row, {}).get(month_at(scenario.years.base, plain.month))
    share = stated.value / 100 if stated else plain.month / WHOLE
    says = plain.value / share
    error, kind = error_of(block, plain.month, 0)
    sd = abs(says) * error.sd.value / 100 if own is None else own.value
    return Reading(
        plain.row,
        plain.time,
        plain.year,
        plain.month,
        plain.value,
        "used",
        says,
        sd,
        error.common.value / 100,
        kind if own is None else "own",
        share,
        stated is None,
        False,
    )
