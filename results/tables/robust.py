"""The price of certainty and the least regret, as tables (稳健方案)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...engine.decide.regret import CandidateMix, Regrets
from ...engine.decide.robust import Certainty, PriceOfChance
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..text.wording import amount, both, listed, moved, points, printed_shares
from .limits import assumed_row, contradiction_row
from .required import label
from .table import Column, Table, hide_empty

if TYPE_CHECKING:
    from .setting import Setting

_PROVED = 1e-4  # part of the total within which a bound proves a mix


def robust_tables(setting: Setting, certain: Sequence[Certainty], regret: Regrets | None) -> dict[str, Table]:
    """Every table of the answer."""
    made = [
        _summary(setting, certain, regret),
        _certainty(setting, certain),
        _mix(setting, certain, regret),
        _regret(regret),
    ]
    return {table.name: table for table in made if table.rows or table.name == "summary"}


def _planned(setting: Setting) -> float:
    return setting.plan.plan.total(setting.year)


def _percent(value: float, lang: str, digits: int = 0) -> str:
    return amount(100 * value, "%", lang, digits)


def _summary(setting: Setting, certain: Sequence[Certainty], regret: Regrets | None) -> Table:
    rows = (
        contradiction_row(setting)
        + assumed_row(setting)
        + [
            (
                f"certainty_{at}",
                msg("Certainty"),
                both(lambda lang, one=one: _told(setting, one, lang)),  # type: ignore[misc]
            )
            for at, one in enumerate(certain, start=1)
        ]
    )
    if regret is not None:
        rows.append(
            (
                "regret",
                msg("Least regret"),
                both(lambda lang: _regret_told(setting, regret, lang)),
            )
        )
    columns = (
        Column("line", msg("Line id"), shown=False),
        Column("label", msg("Line")),
        Column("text", msg("Text")),
    )
    return Table("summary", msg("Summary"), columns, tuple(rows), ("line",))


def _chance(level: PriceOfChance, lang: str) -> str:
    if level.fresh is None:
        return "·"
    error = max(level.fresh.error, 0.0005)
    return f"{_percent(level.fresh.value, lang)}±{100 * error:.1f}"


def _told(setting: Setting, one: Certainty, lang: str) -> str:
    what = label(one.goals, lang)
    parts = [tr(lang, "the plan {chance}", chance=_chance(one.plan, lang))]
    if one.likeliest.fresh is not None:
        parts.append(
            tr(lang, "another mix of at most its total {chance}", chance=_chance(one.likeliest, lang))
        )
    if one.central.fresh is not None:
        money = amount(one.central.money, "亿元", lang, error=one.central.error)
        beyond_ = tr(lang, " with other limits relaxed") if one.central.relaxed else ""
        parts.append(
            tr(
                lang,
                "{money}{beyond}, just enough for the verdict, {chance}",
                money=money,
                beyond=beyond_,
                chance=_chance(one.central, lang),
            )
        )
    bought = [
        f"{_percent(level.asked or 0.0, lang)} {tr(lang, 'takes')} {amount(level.money, '亿元', lang)}"
        for level in one.levels
        if level.run is not None
    ]
    missing = [level for level in one.levels if level.run is None]
    beyond = [_percent(level.asked or 0.0, lang) for level in missing]
    if bought:
        parts.append(listed(bought, lang, 9))
    if beyond:
        top = _chance(one.most, lang)
        proved = all(math.isinf(level.bound) for level in missing)
        levels = listed(beyond, lang, 9)
        parts.append(
            tr(
                lang,
                "{levels} with no investment within the limits (the most found: {top})",
                levels=levels,
                top=top,
            )
            if proved
            else tr(
                lang,
                "{levels} not found within the limits (the most found: {top})",
                levels=levels,
                top=top,
            )
        )
    return tr(lang, "chance of {what}: {parts}.", what=what, parts=tr(lang, "; ").join(parts))


def _certainty(setting: Setting, certain: Sequence[Certainty]) -> Table:
    """One row per question and mix."""
    columns = (
        Column("answer", msg("No."), digits=0),
        Column("what", msg("To reach")),
        Column("mix_id", msg("Mix id"), shown=False),
        Column("mix", msg("Mix", context="table_robust")),
        Column("asked", msg("Asked", context="table_robust"), "%", 0),
        Column(
            "money",
            msg("Investment", context="table_robust"),
            "亿元",
            1,
        ),
        Column("money_error", msg("s.e. of it"), "亿元", 1),
        Column("more", msg("Against the plan", context="table_robust"), "亿元", 1, signed=True),
        Column("inside", msg("On its own draws"), "%", 1),
        Column("fresh", msg("Probability, fresh draws"), "%", 1),
        Column("error", msg("Std. error"), "points", 1),
        Column("proved", msg("Proved least")),
        Column("moved", msg("Against the plan", context="table_robust-2"), shown=False),
    )
    rows = []
    for at, one in enumerate(certain, start=1):
        named = [
            ("plan", msg("the plan", context="table_robust"), one.plan),
            ("likeliest", msg("likeliest of at most its total"), one.likeliest),
            (
                "central",
                (
                    msg("just enough for the verdict, other limits relaxed")
                    if one.central.relaxed
                    else msg("just enough for the verdict")
                ),
                one.central,
            ),
            *((f"p{100 * (level.asked or 0):g}", msg("least investment"), level) for level in one.levels),
            (
                "most",
                msg("likeliest with up to twice the money"),
                one.most,
            ),
        ]
        rows += [_row(setting, at, one, key, title, level) for key, title, level in named]
    note = msg(
        "Least investment with which at least the asked part of its own draws reaches the targets (sample"
        " average approximation); the probability is that on fresh draws of another seed, with its standard"
        " error. Proved least: no plan reaches that part of its own draws with less. An empty row: with no"
        " investment within the limits."
    )
    return hide_empty(
        Table(
            "robust",
            msg("Price of certainty"),
            columns,
            tuple(rows),
            ("answer", "mix_id"),
            note,
        ),
        "money_error",
    )


def _row(
    setting: Setting, at: int, one: Certainty, key: str, title: Bilingual, level: PriceOfChance
) -> tuple[Any, ...]:
    there = level.run is not None
    run = level.run
    proved = None
    if level.asked is not None and not there:
        proved = math.isinf(level.bound)
    elif level.asked is not None:
        proved = not math.isnan(level.bound) and level.bound >= level.money * (1 - _PROVED)
    return (
        at,
        both(lambda lang: label(one.goals, lang)),
        key,
        title,
        None if level.asked is None else 100 * level.asked,
        level.money if there else None,
        level.error,
        level.money - _planned(setting) if there else None,
        100 * level.inside if there else None,
        100 * level.fresh.value if level.fresh else None,
        100 * level.fresh.error if level.fresh else None,
        proved,
        both(lambda lang: moved(setting, run, lang)) if run is not None else None,
    )


def _mix(setting: Setting, certain: Sequence[Certainty], regret: Regrets | None) -> Table:
    """Share of each sector in every mix found."""
    found: list[tuple[str, Bilingual, Any]] = []
    for at, one in enumerate(certain, start=1):
        found += [
            (
                f"{at}-p{100 * (level.asked or 0):g}",
                both(lambda lang, level=level: f"{_percent(level.asked or 0.0, lang)}"),  # type: ignore[misc]
                level.run,
            )
            for level in one.levels
            if level.run is not None
        ]
        if one.likeliest.run is not None:
            found.append(
                (
                    f"{at}-likeliest",
                    msg("likeliest of at most its total"),
                    one.likeliest.run,
                )
            )
    if regret is not None and regret.least is not None and regret.least.runs[0] is not None:
        found.append(("regret", msg("least regret"), regret.least.runs[0]))
    before = printed_shares(setting, setting.plan)
    rows = tuple(
        (key, title, sector_id, sector.title, float(run.plan.money(setting.year)[i]), before[i], share)
        for key, title, run in found
        for i, ((sector_id, sector), share) in enumerate(
            zip(
                setting.scenario.sectors.items(),
                printed_shares(setting, run),
                strict=True,
            )
        )
    )
    columns = (
        Column("mix_id", msg("Mix id"), shown=False),
        Column("mix", msg("Mix", context="table_robust")),
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector")),
        Column("money", msg("Money"), "亿元", 1),
        Column("plan_share", msg("Share in the plan"), "%", 1),
        Column("share", msg("Share"), "%", 1),
    )
    return Table("robust_mix", msg("Mixes"), columns, rows, ("mix_id", "sector"))


def _regret_told(setting: Setting, regret: Regrets, lang: str) -> str:
    name = regret.target.title.of(lang)
    if regret.least is None:
        return tr(lang, "no mix keeps the limits of every scenario.")
    unit = regret.target.unit
    lost = (
        points(regret.least.most, lang).lstrip("+")
        if unit == "%"
        else amount(regret.least.most, unit, lang, 2)
    )
    fair = [other for other in regret.others if not math.isnan(other.most)]
    next_best = min((other.most for other in fair), default=math.nan)
    told = tr(
        lang, "{name}: whichever scenario comes, at most {lost} below the best for it", name=name, lost=lost
    )
    if not math.isnan(next_best):
        other = points(next_best, lang).lstrip("+") if unit == "%" else amount(next_best, unit, lang, 2)
        told += tr(lang, " (the best of the other candidates: {other})", other=other)
    run = regret.least.runs[0]
    mix = moved(setting, run, lang) if run is not None else ""
    return tr(lang, "{told}; mix: {mix}.", told=told, mix=mix)


def _regret(regret: Regrets | None) -> Table:
    """Every candidate in every scenario: values, regrets, the greatest regret."""
    titles = regret.titles if regret else ()
    unit = regret.target.unit if regret else ""
    digits = regret.target.digits + 1 if regret else 2
    lost = "points" if unit == "%" else unit
    columns = (
        Column("candidate", msg("No."), digits=0),
        Column("title", msg("Mix", context="table_robust-2")),
        *(Column(f"value_{k}", title, unit, digits) for k, title in enumerate(titles, start=1)),
        *(
            Column(f"regret_{k}", msg("Regret: {title}", title=title), lost, digits)
            for k, title in enumerate(titles, start=1)
        ),
        Column("most", msg("Greatest regret"), lost, digits),
        Column("promised", msg("Promised", context="table_robust"), lost, digits, shown=False),
    )
    rows: list[tuple[Any, ...]] = []
    if regret is not None:
        everyone = ([regret.least] if regret.least else []) + list(regret.others)
        rows = [
            _candidate(at, one, regret.promised if one is regret.least else None)
            for at, one in enumerate(everyone, start=1)
        ]
    note = msg(
        "Regret: the simulated value of each scenario's own best less that of the mix there. Empty: the mix"
        " breaks a limit of that scenario. A mix is shares of each scenario's own total."
    )
    table = Table("regret", msg("Regret"), columns, tuple(rows), ("candidate",), note)
    return hide_empty(table, "promised")


def _candidate(at: int, one: CandidateMix, promised: float | None) -> tuple[Any, ...]:
    def cell(value: float) -> float | None:
        return None if math.isnan(value) else value

    return (
        at,
        one.title,
        *map(cell, one.values),
        *(None if math.isnan(r) else max(r, 0.0) for r in one.regrets),
        cell(one.most),
        promised,
    )
