"""Investment mixes side by side, year by year, and what growth turns on (投资结构)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ...engine.diagnose.hints import uncapped
from ...models.indicators import INDICATORS, Asked
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.target import Target
from ...models.words import msg, tr
from ..text.wording import (
    REACHED,
    TIERS,
    amount,
    both,
    mains,
    moved,
    points,
    printed_shares,
    relax_unit,
    signed,
    the_year,
    the_years,
)
from .table import Column, Table, declare, none

if TYPE_CHECKING:
    from ...engine.decide.assess import Run
    from ...engine.decide.uses import Use
    from ...engine.diagnose.moves import Move
    from ...engine.run import Answer

GDP, INDUSTRY, LEVEL = "gdp_growth", "industry_above_scale_growth", "gdp_level"
_rate = partial(Column, unit="%", digits=2)
_points = partial(Column, unit="points", digits=2, signed=True)
_money = partial(Column, unit=MONEY, digits=1)


def level(run: Run, year: int) -> float:
    """GDP of a year (1, 2, ...) of a run at base-year prices, 亿元: what mixes are compared by."""
    return float(run.path.gdp[year, 0])


def horizon_optimum(answer: Answer) -> float | None:
    """The solver's promise of GDP in the last year at base-year prices; it promises at current ones."""
    if answer.horizon_optimum is None:
        return None
    last = answer.economy.years
    return answer.horizon_optimum * level(answer.plan, last) / indicator(answer.plan, LEVEL, last)


def indicator(run: Run, name: str, year: int) -> float:
    """An indicator without coverage in a year (1, 2, ...) of a run."""
    return float(INDICATORS[name].value(run.path, year, Asked())[0])


def has_industry(answer: Answer) -> bool:
    """Whether any sector is above-scale industry."""
    return bool((answer.economy.above_scale > 0).any())


def off(answer: Answer, name: str) -> float:
    """What the median of the futures of the target year lies off the central case, for an indicator that the
    sheet has."""
    found = (
        key
        for key, target in answer.sheet.targets.items()
        if target.indicator == name and not target.asked.covers and not target.over
    )
    return answer.sheet.offsets.get(next(found, ""), 0.0)


def _industry(answer: Answer, row: _Mix, off: float = 0.0) -> float | None:
    return row.of(INDUSTRY) + off if has_industry(answer) else None


def _average(run: Run, years: int) -> float:
    gdp = run.path.gdp[:, 0]
    return float(100 * ((gdp[years] / gdp[0]) ** (1 / years) - 1))


@dataclass(frozen=True)
class _Mix:
    """A mix in a year (1, 2, ...)."""

    mix: str
    run: Run
    at: int

    def of(self, name: str) -> float:
        """An indicator of that year."""
        return indicator(self.run, name, self.at)


def mixes(answer: Answer) -> Table:
    """One row per mix: what moves, whether it is allowed, and what it gives in the target year and in the
    last."""
    plan, years, base = answer.plan, answer.economy.years, answer.economy.base_year
    now, last = base + answer.year, base + years
    targets, promises = mains(answer), {key: _promise(answer, key, run) for key, run in answer.mixes.items()}

    def against(value: Callable[[_Mix], Any]) -> Callable[[_Mix], Any]:
        return lambda row: None if row.run is plan else value(row)

    def value(target: Target, row: _Mix) -> float:
        return float(answer.sheet.value(target, row.run.path, row.at)[0])

    def reached(target: Target, tier: str) -> Column:
        title = msg("{title}: {tiers}", title=target.title, tiers=TIERS[tier])
        name, threshold = f"{target.id}_{tier}", target.tiers[tier]
        return Column(
            name, title, value=lambda row: REACHED[target.met(value(target, row), threshold)], word=False
        )

    def gap(target: Target) -> Column:
        title = msg("{title}: margin (+) or gap (-)", title=target.title)
        threshold, digits = next(iter(target.tiers.values())), target.digits + 1
        return Column(
            f"{target.id}_gap",
            title,
            target.unit,
            digits,
            signed=True,
            shown=False,
            value=lambda row: target.sign * (value(target, row) - threshold),
        )

    def breaks(row: _Mix) -> Bilingual | None:
        broken = any(use.over > 0 for use in answer.uses[row.mix])
        return both(lambda lang: "; ".join(over(answer, answer.uses[row.mix], lang))) if broken else None

    def promise(part: Callable[[_Promise], Any]) -> Callable[[_Mix], Any]:
        return lambda row: None if (found := promises[row.mix]) is None else part(found)

    away, mean = msg("GDP growth diff."), msg("Average growth {base}-{last}", base=base + 1, last=last)
    end = msg("GDP {last} ({base} prices)", last=last, base=base)
    end_away = msg("GDP {last} diff. ({base} prices)", last=last, base=base)
    promised, told = msg("Promised", context="table_mixes"), msg("Promised / simulated")
    columns = (
        Column("mix", msg("Mix id"), shown=False),
        Column("title", msg("Mix"), value=lambda row: row.run.plan.title),
        Column(
            "moved",
            msg("Against the plan", context="table_mixes"),
            word=False,
            value=against(lambda row: both(lambda lang: moved(answer, row.run, lang))),
        ),
        Column("allowed", msg("Within limits"), value=lambda row: breaks(row) is None),
        Column("breaks", msg("Breaks"), value=breaks, optional=True, word=False),
        _rate(
            "gdp_growth",
            msg("GDP growth {now}", now=now),
            value=lambda row: row.of(GDP) + off(answer, GDP),
            compared=True,
        ),
        _rate(
            "industry_growth",
            msg("Above-scale industry {now}", now=now),
            value=lambda row: _industry(answer, row, off(answer, INDUSTRY)),
            optional=True,
            compared=True,
        ),
        _points(
            "gdp_growth_diff",
            away,
            word=False,
            value=against(lambda row: row.of(GDP) - indicator(plan, GDP, row.at)),
        ),
        *(reached(target, tier) for target in targets for tier in target.tiers),
        *(gap(target) for target in targets),
        _rate("average", mean, value=lambda row: _average(row.run, years)),
        _money("gdp_last", end, word=False, value=lambda row: level(row.run, years), compared=True),
        _money(
            "gdp_last_diff",
            end_away,
            value=against(lambda row: level(row.run, years) - level(plan, years)),
            signed=True,
        ),
        Column("promise", promised, digits=2, shown=False, value=promise(lambda made: made.promised)),
        Column(
            "simulated", msg("Simulated"), digits=2, shown=False, value=promise(lambda made: made.simulated)
        ),
        Column("promise_text", told, value=promise(lambda made: both(made.told)), optional=True, word=False),
    )
    rows = [_Mix(key, run, answer.year) for key, run in answer.mixes.items()]
    return declare("mixes", msg("Investment mixes"), columns, rows, ("mix",), pays_later(answer))


def over(answer: Answer, uses: Iterable[Use], lang: str) -> list[str]:
    """Limits that are broken, each with what is beyond it."""
    return [
        f"{answer.scenario.limits[use.bound.id].title.of(lang)} "
        f"{amount(use.over, relax_unit(answer, use.bound.id), lang, plus=True)}"
        for use in uses
        if use.over > 0
    ]


WHY = msg(
    ": they differ, and the simulation counts; the solver reckons in proportion, which queues, rounding,"
    " ceilings, and sales or capacity that a plan drives to zero do not follow"
)
"""Why a promise is not what the simulation gives."""


@dataclass(frozen=True)
class _Promise:
    """What the solver promised of its own mix, and what the simulation gave; ``base``: the year of prices."""

    promised: float
    simulated: float
    unit: str
    base: int | None = None

    def told(self, lang: str) -> str:
        """Both, and why they differ."""
        digits = 1 if self.unit == MONEY else 2
        said, given = (amount(value, self.unit, lang, digits) for value in (self.promised, self.simulated))
        told = f"{said} / {given}" + (tr(lang, " ({base} prices)", base=self.base) if self.base else "")
        return told if said == given else told + WHY.of(lang)


def _promise(answer: Answer, key: str, run: Run) -> _Promise | None:
    """What the solver promised of a mix of its own."""
    hoped, promised = horizon_optimum(answer), answer.assessment.promised
    if key == "horizon" and hoped is not None:
        return _Promise(hoped, level(run, answer.economy.years), MONEY, answer.economy.base_year)
    first = next((target for target in mains(answer) if target.id in promised), None)
    if key != "optimised" or first is None:
        return None
    simulated = float(answer.sheet.value(first, run.path, answer.year)[0])
    return _Promise(promised[first.id], simulated, first.unit)


def pays_later(answer: Answer) -> Bilingual | None:
    """Year one turns on timing and what is carried over, the mix pays later: said with this run's numbers."""
    if len(answer.mixes) < 2:
        return None
    return both(lambda lang: mix_sentence(answer, lang) + tr(lang, " ") + turn_sentence(answer, lang))


def mix_sentence(answer: Answer, lang: str) -> str:
    """How far apart the mixes lie in the target year and in the last year."""
    year, last, base = answer.year, answer.economy.years, answer.economy.base_year
    now = [indicator(run, GDP, year) for run in answer.mixes.values()]
    averages = [_average(run, last) for run in answer.mixes.values()]
    levels = [level(run, last) for run in answer.mixes.values()]
    spread, apart = (
        points(max(now) - min(now), lang).lstrip("+"),
        amount(max(levels) - min(levels), MONEY, lang),
    )
    yearly = points(max(averages) - min(averages), lang).lstrip("+")
    told = tr(
        lang,
        "In {year} the mixes' GDP growth differs by {spread}; by {last} GDP differs by {apart} ({base}"
        " prices), average growth by {yearly}.",
        year=base + year,
        spread=spread,
        last=base + last,
        apart=apart,
        base=base,
        yearly=yearly,
    )
    if last <= year:
        return told
    return tr(lang, " ").join([told, *_highest(answer, lang)])


def _highest(answer: Answer, lang: str) -> list[str]:
    """The mix within the limits that ends highest, and one outside them that ends higher still."""
    base, year, last = answer.economy.base_year, answer.year, answer.economy.years
    when, plan = base + last, level(answer.plan, last)

    def end(key: str) -> float:
        return level(answer.mixes[key], last)

    inside = [key for key in answer.mixes if all(use.over <= 0 for use in answer.uses[key])]
    outside = [key for key in answer.mixes if key not in inside]
    best = max(inside, key=end, default=None)
    told = []
    if best is not None and answer.mixes[best] is not answer.plan:
        run = answer.mixes[best]
        name, more = run.plan.title.of(lang), amount(end(best) - plan, MONEY, lang, plus=True)
        share = signed(100 * (end(best) / plan - 1), 2)
        first = points(indicator(run, GDP, year) - indicator(answer.plan, GDP, year), lang)
        values: dict[str, Any] = {
            "last": when,
            "name": name,
            "more": more,
            "share": share,
            "base": base,
            "change": first,
            "year": base + year,
        }
        if uncapped(answer.scenario):
            said = tr(
                lang,
                'Highest in {last} of the mixes compared is "{name}" (no limit was stated on how far a sector'
                " may rise): {more} ({share} %, {base} prices) against the plan, with {change} of growth in"
                " {year}.",
                **values,
            )
        else:
            said = tr(
                lang,
                'Highest in {last} within the limits is "{name}": {more} ({share} %, {base} prices)'
                " against the plan, with {change} of growth in {year}.",
                **values,
            )
        told.append(said)
    higher = [key for key in outside if best is None or end(key) > end(best)]
    if higher:
        top = max(higher, key=end)
        name, more = answer.mixes[top].plan.title.of(lang), amount(end(top) - plan, MONEY, lang, plus=True)
        told.append(
            tr(lang, '"{name}" ({more}) breaks a limit and is not among the choices.', name=name, more=more)
        )
    return told


def turn_sentence(answer: Answer, lang: str) -> str:
    """What the growth of the target year turns on: carry-over, timing, and money moved."""
    year = answer.year
    parts = []
    for move in answer.moves:
        if move.id in ("no_carry_over", "once"):
            told = f"{move_title(move, lang)} {points(float(move.gdp[year - 1]), lang)}"
            if move.id == "once" and len(move.gdp) > year:
                then = points(float(move.gdp[year]), lang)
                told += tr(lang, ", a year later {then}", then=then)
            parts.append(told)
    if not parts:
        return ""
    return tr(
        lang,
        "Growth of {year} turns on timing and carry-over: {moves}.",
        year=the_year(answer.scenario.years, msg("the year", context="growth")),
        moves=tr(lang, "; ").join(parts),
    )


def move_title(move: Move, lang: str) -> str:
    """Title of a move; amounts in the reader's money."""
    return move.title.of(lang)


def mix_shares(answer: Answer) -> Table:
    """Share of each sector in planned investment of the target year (of all years up to it where money may
    move between them), mix by mix."""
    sectors = answer.scenario.sectors
    target = Bilingual.same(str(answer.economy.base_year + answer.year))
    year = target if answer.scenario.investment.movable is None else the_years(answer.scenario, target)

    def of(key: str, run: Run) -> Column:
        shares = dict(zip(sectors, printed_shares(answer, run), strict=True))
        return Column(f"share_{key}", run.plan.title, "%", 1, value=shares.__getitem__)

    columns = (
        Column("sector", msg("Sector id"), shown=False, value=lambda sector: sector),
        Column("title", msg("Sector"), value=lambda sector: sectors[sector].title),
        *(of(key, run) for key, run in answer.mixes.items()),
    )
    title = msg("Shares of planned money {year}", year=year)
    note = msg("Each adds up to 100 in the digits shown.")
    return declare("mix_shares", title, columns, sectors, ("sector",), note)


def mix_years(answer: Answer) -> Table:
    """Every mix year by year."""
    base, years = answer.economy.base_year, range(1, answer.economy.years + 1)
    growth, industry = msg("GDP growth", context="table_mixes"), msg("Above-scale industry")
    columns = (
        Column("mix", msg("Mix id"), shown=False),
        Column("title", msg("Mix"), value=lambda row: row.run.plan.title),
        Column("year", msg("Year"), digits=0, value=lambda row: base + row.at),
        _rate("gdp_growth", growth, value=lambda row: row.of(GDP)),
        _rate("industry_growth", industry, value=lambda row: _industry(answer, row), optional=True),
        _money("gdp_nominal", msg("GDP (nominal)"), value=lambda row: row.of(LEVEL), shown=False),
        _money("gdp_real", msg("GDP ({base} prices)", base=base), value=lambda row: level(row.run, row.at)),
    )
    rows = [_Mix(key, run, t) for key, run in answer.mixes.items() for t in years]
    return declare("mix_years", msg("Mixes year by year"), columns, rows, ("mix", "year"), brief=none)


ALL = msg("all unfinished named projects ")


def levers(answer: Answer) -> Table:
    """What drives growth: one thing moved at a time, points against the plan, year by year."""
    base, first, last = answer.economy.base_year, answer.year, answer.economy.years
    together = [move for move in answer.changes if not move.project]
    named, years = {move.id for move in together}, range(1, last + 1)

    def title(move: Move, lang: str) -> str:
        return (ALL.of(lang) if move.id in named else "") + move_title(move, lang)

    def effect(name: str, t: int, title: Bilingual, told: Iterable[int], shown: bool = True) -> Column:
        return _points(
            f"{name}_{base + t}",
            title,
            value=lambda move: float(getattr(move, name)[t - 1]),
            shown=shown,
            terminal=t in told,
        )

    columns = (
        Column("move", msg("Change id", context="table_mixes"), shown=False, value=lambda move: move.id),
        Column("title", msg("One thing changed"), value=lambda move: both(lambda lang: title(move, lang))),
        *(effect("gdp", t, msg("GDP {year}", year=base + t), (first, first + 1, last)) for t in years),
        *(
            effect("industry", t, msg("Industry {base}", base=base + t), (first,), has_industry(answer))
            for t in years
        ),
    )
    note = (
        msg(
            "Change of GDP growth and of above-scale industrial growth against the plan. Deleting changes"
            ' what is known, cancelling what is done; each project stands in the table "Projects cancelled,'
            ' hastened or delayed".'
        )
        if has_industry(answer)
        else msg(
            "Change of GDP growth against the plan. Deleting changes what is known, cancelling what is done;"
            ' each project stands in the table "Projects cancelled, hastened or delayed".'
        )
    )
    return declare("levers", msg("What drives growth"), columns, (*answer.moves, *together), ("move",), note)
