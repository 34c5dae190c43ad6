"""Investment mixes side by side, year by year, and what growth turns on (投资结构)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...models.indicators import INDICATORS, Asked
from ...models.quantity import Bilingual
from ...models.target import Target
from ...models.words import msg, tr
from ..text.locales import locale
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
)
from .table import Column, Table, hide_empty

if TYPE_CHECKING:
    from ...engine.decide.assess import Run
    from ...engine.diagnose.moves import Move
    from ...engine.run import Answer

_MONEY = re.compile(r"(\d+(?:\.(\d+))?) 亿元")
GDP, INDUSTRY, LEVEL = "gdp_growth", "industry_above_scale_growth", "gdp_level"


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
        if target.indicator == name and not target.asked.covers
    )
    return answer.sheet.offsets.get(next(found, ""), 0.0)


def _industry(answer: Answer, run: Run, year: int) -> float | None:
    return indicator(run, INDUSTRY, year) if has_industry(answer) else None


def _median_industry(answer: Answer, run: Run) -> float | None:
    found = _industry(answer, run, answer.year)
    return None if found is None else found + off(answer, INDUSTRY)


def _average(run: Run, years: int) -> float:
    gdp = run.path.gdp[:, 0]
    return float(100 * ((gdp[years] / gdp[0]) ** (1 / years) - 1))


def mixes(answer: Answer) -> Table:
    """One row per mix: what moves, whether it is allowed, and what it gives in the target year and in the
    last."""
    base, last = answer.economy.base_year, answer.economy.base_year + answer.economy.years
    now = base + answer.year
    tiers = [(target, tier) for target in mains(answer) for tier in target.tiers]
    columns = (
        Column("mix", msg("Mix id"), shown=False),
        Column("title", msg("Mix")),
        Column("moved", msg("Against the plan", context="table_mixes")),
        Column("allowed", msg("Within limits")),
        Column("breaks", msg("Breaks")),
        Column("gdp_growth", msg("GDP growth {now}", now=now), "%", 2),
        Column("industry_growth", msg("Above-scale industry {now}", now=now), "%", 2),
        Column("gdp_growth_diff", msg("GDP growth diff."), "points", 2, signed=True),
        *(
            Column(
                f"{target.id}_{tier}",
                msg("{title}: {tiers}", title=target.title, tiers=TIERS[tier]),
            )
            for target, tier in tiers
        ),
        *(
            Column(
                f"{target.id}_gap",
                msg("{title}: margin (+) or gap (-)", title=target.title),
                target.unit,
                target.digits + 1,
                signed=True,
                shown=False,
            )
            for target in mains(answer)
        ),
        Column("average", msg("Average growth {base}-{last}", base=base + 1, last=last), "%", 2),
        Column("gdp_last", msg("GDP {last} ({base} prices)", last=last, base=base), "亿元", 1),
        Column(
            "gdp_last_diff",
            msg("GDP {last} diff. ({base} prices)", last=last, base=base),
            "亿元",
            1,
            signed=True,
        ),
        Column("promise", msg("Promised", context="table_mixes"), "", 2, shown=False),
        Column("simulated", msg("Simulated"), "", 2, shown=False),
        Column("promise_text", msg("Promised / simulated")),
    )
    rows = tuple(_mix(answer, key, run, tiers) for key, run in answer.mixes.items())
    table = Table("mixes", msg("Investment mixes"), columns, rows, ("mix",), pays_later(answer))
    return hide_empty(table, "industry_growth", "breaks", "promise_text")


def _mix(answer: Answer, key: str, run: Run, tiers: list[tuple[Target, str]]) -> tuple[Any, ...]:
    year, last = answer.year, answer.economy.years
    values = {target.id: float(answer.sheet.value(target, run.path, year)[0]) for target, _ in tiers}
    broken = [use for use in answer.uses[key] if use.over > 0]
    limits = answer.scenario.limits
    breaks = (
        both(
            lambda lang: "; ".join(
                f"{limits[use.bound.id].title.of(lang)}"
                f" {amount(use.over, relax_unit(answer, use.bound.id), lang, plus=True)}"
                for use in broken
            )
        )
        if broken
        else None
    )
    own = run is answer.plan
    optimum, simulated, text = _promise(answer, key, run)
    thresholds = {target.id: next(iter(target.tiers.values())) for target, _ in tiers}
    signs = {target.id: target.sign for target, _ in tiers}
    end = level(run, last)
    return (
        key,
        run.plan.title,
        None if own else both(lambda lang: moved(answer, run, lang)),
        not broken,
        breaks,
        indicator(run, GDP, year) + off(answer, GDP),
        _median_industry(answer, run),
        None if own else indicator(run, GDP, year) - indicator(answer.plan, GDP, year),
        *(REACHED[target.met(values[target.id], target.tiers[tier])] for target, tier in tiers),
        *(signs[name] * (values[name] - threshold) for name, threshold in thresholds.items()),
        _average(run, last),
        end,
        None if own else end - level(answer.plan, last),
        optimum,
        simulated,
        text,
    )


WHY = msg(
    ": they differ, and the simulation counts; the solver reckons in proportion, which queues, rounding,"
    " ceilings, and sales or capacity that a plan drives to zero do not follow"
)
"""Why a promise is not what the simulation gives."""


def _promise(answer: Answer, key: str, run: Run) -> tuple[float | None, float | None, Bilingual | None]:
    """What the solver promised of its own mixes, and what the simulation gave."""
    hoped = horizon_optimum(answer)
    if key == "horizon" and hoped is not None:
        optimum, simulated, unit = hoped, level(run, answer.economy.years), "亿元"
    elif key == "optimised":
        known = [target for target in mains(answer) if target.id in answer.assessment.promised]
        if not known:
            return None, None, None
        optimum, unit = answer.assessment.promised[known[0].id], known[0].unit
        simulated = float(answer.sheet.value(known[0], run.path, answer.year)[0])
    else:
        return None, None, None
    digits, base = 1 if unit == "亿元" else 2, answer.economy.base_year

    def say(lang: str) -> str:
        said, given = amount(optimum, unit, lang, digits), amount(simulated, unit, lang, digits)
        told = f"{said} / {given}"
        if key == "horizon":
            told += tr(lang, " ({base} prices)", base=base)
        return told if said == given else told + WHY.of(lang)

    return optimum, simulated, both(say)


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
        amount(max(levels) - min(levels), "亿元", lang),
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
        name, more = run.plan.title.of(lang), amount(end(best) - plan, "亿元", lang, plus=True)
        share = signed(100 * (end(best) / plan - 1), 2)
        first = points(indicator(run, GDP, year) - indicator(answer.plan, GDP, year), lang)
        told.append(
            tr(
                lang,
                'Highest in {last} within the limits is "{name}": {more} ({share} %, {base} prices)'
                " against the plan, with {change} of growth in {year}.",
                last=when,
                name=name,
                more=more,
                share=share,
                base=base,
                change=first,
                year=base + year,
            )
        )
    higher = [key for key in outside if best is None or end(key) > end(best)]
    if higher:
        top = max(higher, key=end)
        name, more = answer.mixes[top].plan.title.of(lang), amount(end(top) - plan, "亿元", lang, plus=True)
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
    text = move.title.of(lang)
    if locale(lang).money is None:
        return text
    return _MONEY.sub(lambda said: amount(float(said[1]), "亿元", lang, len(said[2] or "")), text)


def mix_shares(answer: Answer) -> Table:
    """Share of each sector in the target year's planned investment, mix by mix."""
    keys = list(answer.mixes)
    shares = [printed_shares(answer, run) for run in answer.mixes.values()]
    titles = [run.plan.title for run in answer.mixes.values()]
    columns = (
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector")),
        *(Column(f"share_{key}", title, "%", 1) for key, title in zip(keys, titles, strict=True)),
    )
    rows = tuple(
        (key, sector.title, *(share[at] for share in shares))
        for at, (key, sector) in enumerate(answer.scenario.sectors.items())
    )
    year = answer.economy.base_year + answer.year
    return Table(
        "mix_shares",
        msg("Shares of planned money {year}", year=year),
        columns,
        rows,
        ("sector",),
        msg("Each adds up to 100 in the digits shown."),
    )


def mix_years(answer: Answer) -> Table:
    """Every mix year by year."""
    base = answer.economy.base_year
    rows = tuple(
        (
            key,
            run.plan.title,
            base + t,
            indicator(run, GDP, t),
            _industry(answer, run, t),
            indicator(run, LEVEL, t),
            float(run.path.gdp[t, 0]),
        )
        for key, run in answer.mixes.items()
        for t in range(1, answer.economy.years + 1)
    )
    columns = (
        Column("mix", msg("Mix id"), shown=False),
        Column("title", msg("Mix")),
        Column("year", msg("Year"), digits=0),
        Column("gdp_growth", msg("GDP growth", context="table_mixes"), "%", 2),
        Column("industry_growth", msg("Above-scale industry"), "%", 2),
        Column("gdp_nominal", msg("GDP (nominal)"), "亿元", 1, shown=False),
        Column("gdp_real", msg("GDP ({base} prices)", base=base), "亿元", 1),
    )
    table = Table("mix_years", msg("Mixes year by year"), columns, rows, ("mix", "year"))
    return hide_empty(table, "industry_growth")


ALL = msg("all unfinished named projects ")


def levers(answer: Answer) -> Table:
    """What drives growth: one thing moved at a time, points against the plan, year by year."""
    base = answer.economy.base_year
    years = range(1, answer.economy.years + 1)
    shown = has_industry(answer)
    columns = (
        Column("move", msg("Change id", context="table_mixes"), shown=False),
        Column("title", msg("One thing changed")),
        *(
            Column(f"gdp_{base + t}", msg("GDP {year}", year=base + t), "points", 2, signed=True)
            for t in years
        ),
        *(
            Column(
                f"industry_{base + t}",
                msg("Industry {base}", base=base + t),
                "points",
                2,
                signed=True,
                shown=shown,
            )
            for t in years
        ),
    )
    rows = tuple(
        (
            move.id,
            both(lambda lang, move=move: move_title(move, lang)),  # type: ignore[misc]
            *map(float, move.gdp),
            *map(float, move.industry),
        )
        for move in answer.moves
    )
    together = [move for move in answer.changes if not move.project]
    rows += tuple(
        (
            move.id,
            both(lambda lang, move=move: ALL.of(lang) + move.title.of(lang)),  # type: ignore[misc]
            *map(float, move.gdp),
            *map(float, move.industry),
        )
        for move in together
    )
    note = msg(
        "Change of GDP growth and of above-scale industrial growth against the plan. Deleting changes what is"
        ' known, cancelling what is done; each project stands in the table "Projects cancelled, hastened or'
        ' delayed".'
    )
    return Table("levers", msg("What drives growth"), columns, rows, ("move",), note)
