"""The long view of a region: what growth its investment gives, what investment its targets need (长期视角).

Apart from the annual model (equations in :mod:`..models.solow`), and beside it (:mod:`.two_accounts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np

from ..models import solow
from ..models.economy import Economy
from ..models.errors import Problem, Said, ScenarioError
from ..models.quantity import Bilingual, Draws, FloatArray, Quantity
from ..models.solow import Fundamentals, LongPath
from ..models.target import Sheet
from ..models.words import msg
from ..scenarios.schema import LongView, Scenario
from .diagnose.hints import Hint
from .two_accounts import TwoAccounts, two_accounts

GROWTH = "gdp_growth"
"""The indicator whose tiers are asked to last."""


class LongViewQuestion(Enum):
    """The three questions; the value is the text shown."""

    GROWTH = msg("growth from investment")
    INVESTMENT = msg("investment from growth")
    SAVINGS = msg("growth from savings")


class Credible(Enum):
    """Where a share of investment stands in what is on record; the value is the text shown."""

    FREE = msg("no investment needed")
    USUAL = msg("within experience")
    RARE = msg("rare: nine in ten years on record stayed below")
    NEVER = msg("not credible: above the highest on record")


@dataclass(frozen=True)
class LongViewAsked:
    """More to ask than the scenario does, in percent: growth wanted, shares invested, savings with net sales
    outside."""

    growth: tuple[float, ...] = ()
    investment: tuple[float, ...] = ()
    savings: tuple[tuple[float, float], ...] = ()
    years: int | None = None


@dataclass(frozen=True)
class LongViewCase:
    """One question with its answer; ``balance`` and ``owed`` (both over GDP) for savings alone, ``(T, D)``
    and ``(T + 1, D)``."""

    ask: LongViewQuestion
    name: Bilingual
    path: LongPath
    credible: Credible
    balance: FloatArray | None = None
    owed: FloatArray | None = None


@dataclass(frozen=True)
class LongViewLeftOut:
    """A question whose numbers cannot stand together, and why."""

    ask: LongViewQuestion
    name: Bilingual
    why: Said


@dataclass(frozen=True)
class Turn:
    """What one number in doubt does: average growth at today's share of investment, and the peak share that
    ``wanted`` needs.

    Fractions at the low and the high end of the number's range.
    """

    quantity: Quantity
    growth: tuple[float, float]
    needed: tuple[float, float] | None


@dataclass(frozen=True)
class Long:
    """All answers of the long view.

    Attributes
    ----------
    given, ratio, base
        Fundamentals, K/Y and I/Y of the base year.
    savings
        S/Y of the base year: GDP less household and government consumption.
    wanted
        Growth that the turns are measured for, percent; None without a target for growth.
    accounts
        The plan in the annual model and in the long view.
    left_out
        Questions without an answer: the others have theirs.
    """

    first: int
    given: Fundamentals
    ratio: FloatArray
    base: FloatArray
    savings: FloatArray
    cases: tuple[LongViewCase, ...]
    turns: tuple[Turn, ...]
    wanted: float | None
    usual: float
    highest: float
    accounts: TwoAccounts
    left_out: tuple[LongViewLeftOut, ...] = ()


def long_view(
    scenario: Scenario, economy: Economy, sheet: Sheet, values: Draws, asked: LongViewAsked | None = None
) -> Long | None:
    """Answer the three questions for a region; None where the scenario states no ``long_view``.

    Growth of a year comes from investment of that year and K/Y of the year before. Targets: the tiers of
    growth of the sheet, kept up in every year.

    Raises
    ------
    ScenarioError
        Where numbers that are each allowed cannot stand together in any question.
    """
    stated, asked = scenario.long_view, asked or LongViewAsked()
    if stated is None:
        return None
    years = asked.years or stated.years
    try:
        region = _Region.read(scenario, stated, economy, values, years)
        wanted = _wanted(sheet, asked)
        cases, left_out = _answered(_cases(region, wanted, asked))
        main = wanted[0][0] if wanted else None
        turns = tuple(_turns(scenario, stated, economy, years, main))
        accounts = two_accounts(scenario, stated, region.given, region.ratio)
    except ValueError as error:
        raise ScenarioError(
            [Problem("accounts", error.args[0], msg("numbers that can stand together in the long view"))]
        ) from error
    return Long(
        scenario.years.base + 1,
        region.given,
        region.ratio,
        region.base,
        region.savings,
        cases,
        turns,
        main,
        float(values(stated.usual)[0]),
        float(values(stated.highest)[0]),
        accounts,
        left_out,
    )


def _answered(
    asked: Iterable[_Asked],
) -> tuple[tuple[LongViewCase, ...], tuple[LongViewLeftOut, ...]]:
    """Every question that has an answer, and those that have none.

    Raises
    ------
    ValueError
        None has one.
    """
    cases, left_out = [], []
    for ask, name, answer in asked:
        try:
            cases.append(answer(ask, name))
        except ValueError as error:
            left_out.append(LongViewLeftOut(ask, name, error.args[0]))
    if not cases:
        raise ValueError(left_out[0].why)
    return tuple(cases), tuple(left_out)


def long_view_or_why(
    scenario: Scenario, economy: Economy, sheet: Sheet, values: Draws
) -> tuple[Long | None, tuple[Hint, ...]]:
    """The long view where its numbers can stand together; else why it, or a question of it, is left out,
    which ends no run."""
    try:
        long = long_view(scenario, economy, sheet, values)
        return long, tuple(
            Hint(
                "no_long_case",
                "accounts",
                why=msg("{question}, {name}: {why}", question=each.ask.value, name=each.name, why=each.why),
            )
            for each in (long.left_out if long else ())
        )
    except ScenarioError as error:
        return None, tuple(Hint("no_long_view", each.path, why=each.found) for each in error.problems)


def graded(share: float, usual: float, highest: float) -> Credible:
    """Place of a share of output invested in what is on record; all three in one unit.

    >>> [graded(share, 60, 120).name for share in (0, 60, 61, 120, 121)]
    ['FREE', 'USUAL', 'RARE', 'RARE', 'NEVER']
    """
    if share > highest:
        return Credible.NEVER
    return Credible.RARE if share > usual else Credible.USUAL if share > 0 else Credible.FREE


@dataclass(frozen=True)
class _Region:
    """The region as the production function sees it; shares as fractions ``(D,)``."""

    given: Fundamentals
    ratio: FloatArray
    base: FloatArray
    savings: FloatArray
    usual: FloatArray
    highest: FloatArray

    @classmethod
    def read(
        cls, scenario: Scenario, stated: LongView, economy: Economy, values: Draws, years: int
    ) -> _Region:
        """Its numbers, any number of draws."""
        accounts, gdp = scenario.accounts, values(scenario.accounts.gdp)
        own = economy.accounts
        if stated.labour_share is not None:
            labour = values(stated.labour_share) / 100
        else:
            labour = (own.labour * own.output).sum(axis=0) / (own.va_ratio * own.output).sum(axis=0)
        flat = [
            np.repeat(values(rate)[None, :] / 100, years, axis=0)
            for rate in (
                stated.productivity,
                stated.human,
                stated.participation,
                stated.working_age,
                stated.population,
            )
        ]
        given = Fundamentals(labour, values(stated.depreciation) / 100, *flat)
        base = values(stated.capital_formation) / 100 * values(accounts.fai) / gdp
        savings = 1 - (values(accounts.household_consumption) + values(accounts.government_consumption)) / gdp
        return cls(
            given,
            values(stated.capital_output),
            base,
            savings,
            values(stated.usual) / 100,
            values(stated.highest) / 100,
        )

    def flat(self, share: FloatArray | float) -> FloatArray:
        """The same share in every year, ``(T, D)``."""
        return np.repeat(np.atleast_1d(np.asarray(share, dtype=float))[None, :], self.given.years, axis=0)

    def case(
        self, ask: LongViewQuestion, name: Bilingual, path: LongPath, balance: FloatArray | None = None
    ) -> LongViewCase:
        """An answer with its place in experience."""
        peak = float(path.investment[:, 0].max())
        grade = graded(peak, float(self.usual[0]), float(self.highest[0]))
        owed = None if balance is None else solow.liabilities(path, np.zeros(1), balance)
        return LongViewCase(ask, name, path, grade, balance, owed)


def _wanted(sheet: Sheet, asked: LongViewAsked) -> list[tuple[float, Bilingual]]:
    """Growth to keep up, percent, with its name: what was asked for first, then the tiers of the sheet."""
    found = [(growth, msg("growth of {growth:g} % a year", growth=growth)) for growth in asked.growth]
    words = {"ensure": msg("minimum"), "stretch": msg("stretch"), "at_most": msg("ceiling")}
    found += [
        (
            value,
            msg(
                "{tier} tier, {value:g} %, in every year",
                tier=words[tier],
                value=value,
            ),
        )
        for target in sheet.targets.values()
        if target.indicator == GROWTH and target.judged and not target.over
        for tier, value in target.tiers.items()
    ]
    return found


_Asked: TypeAlias = tuple[LongViewQuestion, Bilingual, Callable[[LongViewQuestion, Bilingual], LongViewCase]]
"""A question, its name, and what answers it."""


def _cases(
    region: _Region, wanted: Sequence[tuple[float, Bilingual]], asked: LongViewAsked
) -> Iterator[_Asked]:
    given, ratio = region.given, region.ratio

    def invested(share: FloatArray | float) -> Callable[[LongViewQuestion, Bilingual], LongViewCase]:
        return lambda ask, name: region.case(
            ask, name, solow.growth_from_investment(given, ratio, region.flat(share))
        )

    def grown(growth: float) -> Callable[[LongViewQuestion, Bilingual], LongViewCase]:
        return lambda ask, name: region.case(
            ask, name, solow.investment_from_growth(given, ratio, region.flat(growth / 100))
        )

    def saved(
        savings: FloatArray | float, balance: FloatArray
    ) -> Callable[[LongViewQuestion, Bilingual], LongViewCase]:
        return lambda ask, name: region.case(
            ask,
            name,
            solow.growth_from_savings(given, ratio, region.flat(savings), balance),
            balance,
        )

    today = msg("the base year's {base:.1f} % of GDP invested", base=100 * region.base[0])
    yield LongViewQuestion.GROWTH, today, invested(region.base)
    for share in asked.investment:
        name = msg("{share:g} % of GDP invested", share=share)
        yield LongViewQuestion.GROWTH, name, invested(share / 100)
    for growth, name in wanted:
        yield LongViewQuestion.INVESTMENT, name, grown(growth)
    rate, outside = f"{100 * region.savings[0]:.1f}", region.savings - region.base
    there = _outside(100 * float(outside[0]))
    fading = region.flat(outside) * solow.ramp(1.0, 0.0, given.years, given.years)
    fades = msg("savings of {rate} %, {there}, fading out", rate=rate, there=there)
    alone = msg("savings of {rate} %, all of them and nothing else invested here", rate=rate)
    for name, balance in ((fades, fading), (alone, region.flat(0.0))):
        yield LongViewQuestion.SAVINGS, name, saved(region.savings, balance)
    for savings, net in asked.savings:
        there = _outside(net)
        name = msg("savings of {savings:g} %, {there}", savings=savings, there=there)
        yield LongViewQuestion.SAVINGS, name, saved(savings / 100, region.flat(net / 100))


def _outside(net: float) -> Bilingual:
    """Money that leaves (above zero) or comes in, percent of GDP, in words."""
    size = f"{abs(net):.1f}"
    if net >= 0:
        return msg("{size} % of GDP net sent outside", size=size)
    return msg("{size} % of GDP net from outside", size=size)


class _Ends(Draws):
    """Central values in draw 0; the i-th number at its low and its high end in draws 2i + 1 and 2i + 2."""

    def __init__(self, quantities: Sequence[Quantity]) -> None:
        self.at = {id(quantity): i for i, quantity in enumerate(quantities)}
        self.draws = 1 + 2 * len(quantities)

    def __call__(self, quantity: Quantity) -> FloatArray:
        """The value in every draw."""
        values, at = np.full(self.draws, quantity.value), self.at.get(id(quantity))
        if at is not None:
            values[2 * at + 1] = quantity.value if quantity.low is None else quantity.low
            values[2 * at + 2] = quantity.value if quantity.high is None else quantity.high
        return values


def _turns(
    scenario: Scenario, stated: LongView, economy: Economy, years: int, wanted: float | None
) -> Iterator[Turn]:
    """Every number in doubt moved to both ends of its range, all in one run."""
    known = [getattr(part, name) for part in (stated, scenario.accounts) for name in type(part).model_fields]
    doubtful = [q for q in known if isinstance(q, Quantity) and (q.low is not None or q.high is not None)]
    region = _Region.read(scenario, stated, economy, _Ends(doubtful), years)
    growth = solow.growth_from_investment(region.given, region.ratio, region.flat(region.base))
    mean = np.broadcast_to(growth.level[-1] ** (1 / years) - 1, 1 + 2 * len(doubtful))
    needed = None
    if wanted is not None:
        peak = solow.investment_from_growth(
            region.given, region.ratio, region.flat(wanted / 100)
        ).investment.max(axis=0)
        needed = np.broadcast_to(peak, mean.shape)
    for i, quantity in enumerate(doubtful):
        ends = (2 * i + 1, 2 * i + 2)
        moved = (float(mean[ends[0]]), float(mean[ends[1]]))
        share = None if needed is None else (float(needed[ends[0]]), float(needed[ends[1]]))
        if any(abs(m - float(mean[0])) > 1e-12 for m in moved) or (
            share and needed is not None and any(abs(s - float(needed[0])) > 1e-12 for s in share)
        ):
            yield Turn(quantity, moved, share)
