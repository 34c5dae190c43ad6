"""The price of certainty and the least regret, as tables (稳健方案)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ...engine.decide.regret import Regrets
from ...engine.decide.robust import Certainty, PriceOfChance
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..text.format import EMPTY
from ..text.wording import amount, both, in_points, listed, moved, points
from .limits import assumed_row, contradiction_row
from .lines import Line, summary_of
from .required import HEAD, label, planned
from .rows import Numbered, by_sector, known
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.decide.assess import Run
    from .setting import Setting

_PROVED = 1e-4  # part of the total within which a bound proves a mix
_LIKELIEST = msg("likeliest of at most its total")


def robust_tables(setting: Setting, certain: Sequence[Certainty], regret: Regrets | None) -> dict[str, Table]:
    """Every table of the answer."""
    made = [
        _summary(setting, certain, regret),
        _certainty(setting, certain),
        _mix(setting, certain, regret),
        *([] if regret is None else [_regret(regret)]),
    ]
    return {table.name: table for table in made if table.rows or table.name == "summary"}


def _percent(value: float, lang: str, digits: int = 0) -> str:
    return amount(100 * value, "%", lang, digits)


def _summary(setting: Setting, certain: Sequence[Certainty], regret: Regrets | None) -> Table:
    lines = [
        *contradiction_row(setting),
        *assumed_row(setting),
        *(
            Line(f"certainty_{at}", msg("Certainty"), both(partial(_told, setting, one)))
            for at, one in enumerate(certain, start=1)
        ),
    ]
    if regret is not None:
        lines.append(Line("regret", msg("Least regret"), both(partial(_regret_told, setting, regret))))
    return summary_of(lines)


def _chance(level: PriceOfChance, lang: str) -> str:
    if level.fresh is None:
        return EMPTY
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
        money = amount(one.central.money, MONEY, lang, error=one.central.error)
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
        f"{_percent(level.asked or 0.0, lang)} {tr(lang, 'takes')} {amount(level.money, MONEY, lang)}"
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
                lang, "{levels} not found within the limits (the most found: {top})", levels=levels, top=top
            )
        )
    return tr(lang, "chance of {what}: {parts}.", what=what, parts=tr(lang, "; ").join(parts))


class _Mix(NamedTuple):
    """A mix of the ``at``-th question."""

    at: int
    one: Certainty
    mix_id: str
    mix: Bilingual
    level: PriceOfChance


def _certainty(setting: Setting, certain: Sequence[Certainty]) -> Table:
    """One row per question and mix."""

    def changed(row: _Mix) -> Bilingual | None:
        return None if row.level.run is None else both(partial(moved, setting, row.level.run))

    def fresh(row: _Mix) -> float | None:
        return 100 * row.level.fresh.value if row.level.fresh else None

    def error(row: _Mix) -> float | None:
        return 100 * row.level.fresh.error if row.level.fresh else None

    plan, against = planned(setting), msg("Against the plan", context="table_robust")
    asked, money = msg("Asked", context="table_robust"), msg("Investment", context="table_robust")
    columns = (
        *HEAD,
        Column("mix_id", msg("Mix id"), shown=False),
        Column("mix", msg("Mix", context="table_robust")),
        Column("asked", asked, "%", 0, value=lambda row: row.level.asked and 100 * row.level.asked),
        Column("money", money, MONEY, 1, value=lambda row: known(row.level.money)),
        Column("money_error", msg("s.e. of it"), MONEY, 1, optional=True, value=lambda row: row.level.error),
        Column("more", against, MONEY, 1, signed=True, value=lambda row: known(row.level.money - plan)),
        Column("inside", msg("On its own draws"), "%", 1, value=lambda row: known(100 * row.level.inside)),
        Column("fresh", msg("Probability, fresh draws"), "%", 1, value=fresh),
        Column("error", msg("Std. error"), "points", 1, value=error),
        Column("proved", msg("Proved least"), value=lambda row: _proved(row.level)),
        Column("moved", msg("Against the plan", context="table_robust-2"), shown=False, value=changed),
    )
    central = msg("just enough for the verdict")
    relaxed = msg("just enough for the verdict, other limits relaxed")
    rows = [
        row
        for at, one in enumerate(certain, start=1)
        for row in (
            _Mix(at, one, "plan", msg("the plan", context="table_robust"), one.plan),
            _Mix(at, one, "likeliest", _LIKELIEST, one.likeliest),
            _Mix(at, one, "central", relaxed if one.central.relaxed else central, one.central),
            *(_Mix(at, one, _asked(level), msg("least investment"), level) for level in one.levels),
            _Mix(at, one, "most", msg("likeliest with up to twice the money"), one.most),
        )
    ]
    note = msg(
        "Least investment with which at least the asked part of its own draws reaches the targets (sample"
        " average approximation); the probability is that on fresh draws of another seed, with its standard"
        " error. Proved least: no plan reaches that part of its own draws with less. An empty row: with no"
        " investment within the limits."
    )
    return declare("robust", msg("Price of certainty"), columns, rows, ("answer", "mix_id"), note)


def _asked(level: PriceOfChance) -> str:
    """Id of the mix of a level."""
    return f"p{100 * (level.asked or 0):g}"


def _proved(level: PriceOfChance) -> bool | None:
    """Whether no mix does it with less, or at all; None of a mix that was made for no level."""
    if level.asked is None:
        return None
    if level.run is None:
        return math.isinf(level.bound)
    return level.bound >= level.money * (1 - _PROVED)


def _mix(setting: Setting, certain: Sequence[Certainty], regret: Regrets | None) -> Table:
    """Share of each sector in every mix found."""
    found: list[tuple[str, Bilingual, Run | None]] = []
    for at, one in enumerate(certain, start=1):
        found += [
            (f"{at}-{_asked(level)}", both(partial(_percent, level.asked or 0.0)), level.run)
            for level in one.levels
        ]
        found.append((f"{at}-likeliest", _LIKELIEST, one.likeliest.run))
    if regret is not None and regret.least is not None:
        found.append(("regret", msg("least regret"), regret.least.runs[0]))
    titles = {key: title for key, title, _ in found}
    columns = (
        Column("mix_id", msg("Mix id"), shown=False, value=lambda row: row.at),
        Column("mix", msg("Mix", context="table_robust"), value=lambda row: titles[row.at]),
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector")),
        Column("money", msg("Money"), MONEY, 1),
        Column("plan_share", msg("Share in the plan"), "%", 1),
        Column("share", msg("Share"), "%", 1),
    )
    rows = by_sector(setting, {key: run for key, _, run in found if run is not None})
    return declare("robust_mix", msg("Mixes"), columns, rows, ("mix_id", "sector"))


def _regret_told(setting: Setting, regret: Regrets, lang: str) -> str:
    name, unit = regret.target.title.of(lang), regret.target.unit
    if regret.least is None:
        return tr(lang, "no mix keeps the limits of every scenario.")

    def less(most: float) -> str:
        return points(most, lang).lstrip("+") if unit == "%" else amount(most, unit, lang, 2)

    told = tr(
        lang,
        "{name}: whichever scenario comes, at most {lost} below the best for it",
        name=name,
        lost=less(regret.least.most),
    )
    if fair := [other.most for other in regret.others if not math.isnan(other.most)]:
        told += tr(lang, " (the best of the other candidates: {other})", other=less(min(fair)))
    run = regret.least.runs[0]
    mix = moved(setting, run, lang) if run is not None else ""
    return tr(lang, "{told}; mix: {mix}.", told=told, mix=mix)


def _regret(regret: Regrets) -> Table:
    """Every candidate in every scenario: values, regrets, the greatest regret."""
    unit, less, digits = regret.target.unit, in_points(regret.target.unit), regret.target.digits + 1

    def reached(k: int, title: Bilingual) -> Column:
        return Column(f"value_{k + 1}", title, unit, digits, value=lambda row: known(row.one.values[k]))

    def lost(k: int, title: Bilingual) -> Column:
        name, head = f"regret_{k + 1}", msg("Regret: {title}", title=title)
        return Column(name, head, less, digits, value=lambda row: known(max(row.one.regrets[k], 0.0)))

    def promised(row: Numbered) -> float | None:
        return regret.promised if row.one is regret.least else None

    columns = (
        Column("candidate", msg("No."), digits=0, value=lambda row: row.at),
        Column("title", msg("Mix", context="table_robust-2"), value=lambda row: row.one.title),
        *(reached(k, title) for k, title in enumerate(regret.titles)),
        *(lost(k, title) for k, title in enumerate(regret.titles)),
        Column("most", msg("Greatest regret"), less, digits, value=lambda row: known(row.one.most)),
        Column(
            "promised", msg("Promised", context="table_robust"), less, digits, shown=False, value=promised
        ),
    )
    everyone = [*([regret.least] if regret.least else []), *regret.others]
    note = msg(
        "Regret: the simulated value of each scenario's own best less that of the mix there. Empty: the mix"
        " breaks a limit of that scenario. A mix is shares of each scenario's own total."
    )
    rows = (Numbered(at, one) for at, one in enumerate(everyone, start=1))
    return declare("regret", msg("Regret"), columns, rows, ("candidate",), note)
