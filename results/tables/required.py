"""The least investment that reaches targets, as tables: how much, its mix, its timing, what stops it
(倒推投资)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ...engine.decide.options import limit_years
from ...engine.decide.reach import Goal
from ...engine.decide.required import Reach, Required
from ...engine.longview import Credible, graded
from ...engine.plans import counted
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..text.format import number, unit_text, written
from ..text.wording import (
    LEAST,
    TIERS,
    amount,
    both,
    confidence,
    listed,
    moved,
    relax_unit,
    shifted,
    the_years,
    told_amount,
    told_relaxed,
    told_weight,
)
from .limits import assumed_row, contradiction_row, limit_name, named, priced
from .lines import Line, summary_of
from .rows import Numbered, by_sector, known
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.decide.assess import Run
    from ...scenarios.schema import Limit
    from .setting import Setting

_BINDS = 4  # rows that a reason names
FAR = 3
"""A limit that would have to give this many times itself is called unrealistic."""
DIFFERS = msg(
    "here only the investment limit is relaxed, other limits give way only where"
    " nothing else does, and the least investment is sought; the analysis of"
    " conflicts relaxes several limits together at the least total weight, so that it"
    " may take less investment while other limits give way."
)


def required_tables(
    setting: Setting, found: Sequence[Required], points: Sequence[Required] = ()
) -> dict[str, Table]:
    """Every table of the answer; ``points`` are those of a curve over values of one target."""
    made = [
        _summary(setting, found, points),
        _required(setting, found),
        _goals(setting, found),
        _mix(setting, found),
        _timing(setting, found),
        _years(setting, found),
        _curve(setting, points),
    ]
    return {table.name: table for table in made if table.rows or table.name == "required"}


def label(goals: Sequence[Goal], lang: str) -> str:
    """What is to be reached, as a sentence says it."""
    return listed([goal_text(goal, lang) for goal in goals], lang, 3)


def goal_text(goal: Goal, lang: str) -> str:
    """A target with its tier and threshold."""
    value = goal_value(goal, goal.threshold, lang, goal.target.digits if goal.tier else None)
    title = goal.target.title
    if not goal.tier:
        return f"{title.of(lang)} {value}"
    return tr(
        lang,
        "{title} {tier} {value}",
        context="a target to be reached",
        title=title,
        tier=TIERS[goal.tier],
        value=value,
    )


def goal_value(goal: Goal, value: float, lang: str, digits: int | None) -> str:
    """A value of a target with its unit."""
    unit = goal.target.unit
    if unit == "%":
        return written(value, digits, lang) + "%"
    return amount(value, unit, lang, goal.target.digits if digits is None else digits)


def _limit(setting: Setting) -> float:
    """The lowest limit on all investment of the years that are compared, NaN where there is none."""
    return min((q.stated.value for q in _of_money(setting)), default=math.nan)


def _of_money(setting: Setting) -> list[Limit]:
    """Limits on all investment that count what is compared."""
    scenario, each = setting.scenario, setting.scenario.investment.movable is None
    whole = tuple(range(1, scenario.years.ahead + 1))
    return [
        limit
        for limit in scenario.limits.values()
        if limit.kind.all_money
        and (
            not limit_years(scenario, limit)
            if each
            else limit.together and limit_years(scenario, limit) == whole
        )
    ]


def planned(setting: Setting) -> float:
    """Investment of the plan in the years that are compared, 亿元."""
    return counted(setting.scenario, setting.plan.plan, setting.year)


def sentence(setting: Setting, one: Required, lang: str) -> str:
    """One answer in a sentence: how much, how much more than the plan, whether a limit stands in the way."""
    what = label(one.goals, lang)
    if one.run is None:
        return what + tr(lang, ": ") + why_not(setting, one, lang)
    more = one.money - planned(setting)
    money = amount(one.money, MONEY, lang, error=one.error)
    than = amount(abs(more), MONEY, lang)
    capped = all(goal.target.sign < 0 for goal in one.goals)
    if one.run is setting.plan:
        return tr(
            lang, "{what}: the plan keeps it already, with {money} of investment.", what=what, money=money
        )
    told = tr(
        lang,
        "{what}: {capped} {money} of investment in {year}, {than} {word} than the plan",
        what=what,
        money=money,
        year=the_years(setting.scenario),
        than=than,
        capped=(tr(lang, "at most") if capped else tr(lang, "at least")),
        word=(
            tr(lang, "more", context="table_required")
            if more >= 0
            else tr(lang, "less", context="table_required")
        ),
    )
    beyond = one.money - _limit(setting)
    if beyond >= LEAST:
        told += tr(lang, ", {beyond} above the limit on investment", beyond=amount(beyond, MONEY, lang))
    told += _past_the_end(setting, one.money, lang)
    if told_relaxed(setting, one.relaxed):
        told += tr(lang, "; also relaxed: {relaxed}", relaxed=_relaxed(setting, one, lang))
    told += _credible(setting, one.run, one.run.plan.total(setting.year), lang)
    mix = moved(setting, one.run, lang)
    return tr(lang, "{told}; mix against the plan: {mix}.", told=told, mix=mix)


def _past_the_end(setting: Setting, money: float, lang: str) -> str:
    """That an amount lies beyond what the limit on investment can be relaxed to."""
    ends = [q.relax_to.value if q.relax_to else q.stated.value for q in _of_money(setting)]
    end = min(ends, default=math.inf)
    if money <= end + 1e-6:
        return ""
    told = amount(end, MONEY, lang)
    return tr(lang, ", beyond {told}, the most it can be relaxed to", told=told)


def invested(setting: Setting, run: Run, money: float) -> float | None:
    """Capital formation over GDP of the target year, %, at base prices; None without a ``long_view`` to
    measure it by.

    Capital formation is the stated part of fixed-asset investment, deflated by its own price.
    """
    stated = setting.scenario.long_view
    if stated is None:
        return None
    price = (1 + setting.scenario.prices.investment.value / 100) ** setting.year
    return stated.capital_formation.value * money / price / float(run.path.gdp[setting.year, 0])


def _credible(setting: Setting, run: Run, money: float, lang: str) -> str:
    """That the amount is rare or beyond anything on record; nothing where provinces have often done as
    much."""
    share, stated = invested(setting, run, money), setting.scenario.long_view
    if share is None or stated is None:
        return ""
    grade = graded(share, stated.usual.value, stated.highest.value)
    if grade not in (Credible.RARE, Credible.NEVER):
        return ""
    return tr(
        lang,
        "; {grade} (capital formation {share} % of GDP, the highest on record {highest} %)",
        grade=grade.value,
        share=written(share, 1, lang),
        highest=written(stated.highest.value, 1, lang),
    )


def _relaxed(setting: Setting, one: Required, lang: str) -> str:
    limits = setting.scenario.limits
    parts = [
        f"{limits[key].title.of(lang)} {told_amount(setting, key, more, lang)}"
        for key, more in told_relaxed(setting, one.relaxed).items()
    ]
    if told_weight(one.cost) is None:
        return listed(parts, lang)
    cost = number(one.cost, 1 if one.cost >= LEAST else 2)
    return listed(parts, lang) + (tr(lang, " (weight {cost}, which ranks ways and is no money)", cost=cost))


def why_not(setting: Setting, one: Required, lang: str) -> str:
    """Why no investment reaches the goals, in a sentence."""
    best = one.best or {}
    if one.reach is Reach.UNDECIDED:
        return tr(lang, "neither solver nor simulation came to an answer")
    short = [goal for goal in one.goals if goal.target.id in best and not goal.met(best[goal.target.id])]
    parts = []
    for goal in short:
        top = goal_value(goal, best[goal.target.id], lang, goal.target.digits + 1)
        name = goal.target.title.of(lang)
        least = goal.target.sign < 0
        parts.append(
            tr(
                lang,
                "however much is invested, and with the other limits relaxed to their end, {name} comes to"
                " {least} {top}",
                name=name,
                top=top,
                least=(
                    tr(lang, "at least", context="table_required")
                    if least
                    else tr(lang, "at most", context="table_required")
                ),
            )
        )
    if not short:
        parts.append(_clash(setting, one, lang))
    if one.binds:
        parts.append(_binds(setting, one, lang))
    if one.stops:
        limits = setting.scenario.limits
        gives = [
            f"{limits[key].title.of(lang)}"
            f" {amount(lift, relax_unit(setting, key), lang, plus=True)}{_times(lift, limits[key].stated.value, lang)}"  # noqa: E501
            for key, lift in one.stops.items()
        ]
        parts.append(
            tr(
                lang,
                "only beyond the end of a limit{word}: {gives}",
                gives=listed(gives, lang),
                word=(tr(lang, ", any one of") if len(gives) > 1 else ""),
            )
        )
    elif not one.binds and not one.clash:
        parts.append(tr(lang, "no single limit taken away lets it through"))
    return tr(lang, "; ").join(parts) + tr(lang, ".")


def _clash(setting: Setting, one: Required, lang: str) -> str:
    """What cannot stand together, though no goal fails by itself."""
    goals = one.clash.goals if one.clash else ()
    limits = listed([limit_name(setting, key, lang) for key in one.clash.limits], lang) if one.clash else ""
    if one.clash and not goals:
        return tr(lang, "the limits contradict each other, no plan keeps all of {limits}", limits=limits)
    rows = [goal_text(goal, lang) for goal in one.goals if goal.target.id in goals]
    head = tr(lang, "each can be reached, not all together") if len(one.goals) > 1 else ""
    if not goals:
        return head
    what = listed(rows, lang)
    with_ = (tr(lang, " (given {limits})", limits=limits)) if limits else ""
    if len(rows) > 1:
        return tr(
            lang,
            "{head}: {first} conflicts with {others}{given}",
            head=head,
            first=rows[0],
            others=listed(rows[1:], lang),
            all=what,
            given=with_,
        )
    return tr(lang, "{what} conflicts with {limits}", what=what, limits=limits)


def _times(lift: float, limit: float, lang: str) -> str:
    """That what a limit would have to give is several times the limit itself: no plan does that."""
    if limit <= 0 or lift < FAR * limit:
        return ""
    times = written(lift / limit, 0, lang)
    return tr(lang, " ({times} times the limit: no realistic change)", times=times)


def _binds(setting: Setting, one: Required, lang: str) -> str:
    """What binds at the best value, the strongest first."""
    order = sorted((one.binds or {}).items(), key=lambda pair: -abs(pair[1]))
    rows = [priced(setting, row) for row, _ in order if row != "total money"][:_BINDS]
    return tr(lang, "bound by ") + listed(dict.fromkeys(named(row).of(lang) for row in rows), lang)


def _summary(setting: Setting, found: Sequence[Required], points: Sequence[Required]) -> Table:
    lines = [
        *contradiction_row(setting),
        *assumed_row(setting),
        *confidence_rows(setting),
        *(
            Line(f"answer_{at}", msg("Required"), both(partial(sentence, setting, one)))
            for at, one in enumerate(found, start=1)
        ),
    ]
    if any(one.run is not None for one in found):
        lines.append(Line("other", msg("Not the same as the analysis of conflicts"), DIFFERS))
    reached = [one for one in points if one.run is not None]
    if len(reached) > 1:
        lines.append(Line("curve", msg("Curve"), both(partial(_slope, setting, reached[0], reached[-1]))))
    return summary_of(lines)


def confidence_rows(setting: Setting) -> list[Line]:
    """The chance from which a goal counts as reached, as a line of a summary."""
    chance = confidence(setting)
    return [
        Line(
            "confidence",
            msg("Confidence"),
            msg("a goal counts as reached from a chance of {chance}.", chance=chance),
        )
    ]


def _slope(setting: Setting, first: Required, last: Required, lang: str) -> str:
    low, high = first.goals[0], last.goals[0]
    from_, to = (goal_value(goal, goal.threshold, lang, None) for goal in (low, high))
    more = amount(last.money - first.money, MONEY, lang, plus=True)
    name = low.target.title.of(lang)
    return tr(
        lang,
        "{name} from {value} to {to}: {more} of investment in {year}.",
        name=name,
        value=from_,
        to=to,
        more=more,
        year=the_years(setting.scenario),
    )


HEAD = (
    Column("answer", msg("No."), digits=0, value=lambda row: row.at),
    Column("what", msg("To reach"), value=lambda row: both(partial(label, row.one.goals))),
)
"""Columns that open a table of :class:`Numbered` answers."""
_REACH = (
    Column("reach_id", msg("Verdict id"), shown=False, value=lambda row: row.one.reach.name.lower()),
    Column("reach", msg("Verdict", context="table_required"), value=lambda row: row.one.reach.value),
    Column("money", msg("Least investment"), MONEY, 1, value=lambda row: known(row.one.money)),
    Column("error", msg("s.e."), MONEY, 1, optional=True, value=lambda row: row.one.error),
)


def _required(setting: Setting, found: Sequence[Required]) -> Table:
    """One row per question."""
    limit, plan = _limit(setting), planned(setting)

    def relaxed(row: Numbered) -> Bilingual | None:
        return both(partial(_relaxed, setting, row.one)) if told_relaxed(setting, row.one.relaxed) else None

    def why(row: Numbered) -> Bilingual | None:
        return both(partial(why_not, setting, row.one)) if row.one.run is None else None

    def beyond(row: Numbered) -> float | None:
        return known(max(row.one.money - limit, 0.0))  # nothing where either is NaN

    def cost(row: Numbered) -> float | None:
        return told_weight(row.one.cost) if told_relaxed(setting, row.one.relaxed) else None

    most = msg("Limit", context="table_required")
    columns = (
        *HEAD,
        *_REACH,
        Column("plan_money", msg("In the plan", context="table_required"), MONEY, 1, value=lambda row: plan),
        Column("more", msg("More"), MONEY, 1, signed=True, value=lambda row: known(row.one.money - plan)),
        Column("limit", most, MONEY, 1, optional=True, value=lambda row: known(limit)),
        Column("beyond", msg("Above the limit"), MONEY, 1, optional=True, value=beyond),
        Column("relaxed", msg("Also relaxed"), optional=True, value=relaxed),
        Column("cost", msg("Weight of that"), digits=2, optional=True, value=cost),
        Column("why", msg("Why not"), shown=False, value=why),
    )
    note = msg(
        "Least investment of {year} that reaches the targets within every limit but that on all"
        " investment; its plan is simulated again; the s.e. is what the draws leave open. A tier counts"
        " after rounding as the sheet prints it; a value stated in the question counts as it stands.",
        year=the_years(setting.scenario),
    )
    rows = (Numbered(at, one) for at, one in enumerate(found, start=1))
    return declare("required", msg("Investment required"), columns, rows, ("answer",), note)


def _goals(setting: Setting, found: Sequence[Required]) -> Table:
    """One row per question and target: threshold, plan, promise, simulation."""

    def tier(row: Numbered) -> Bilingual:
        return TIERS[row.of.tier] if row.of.tier else msg("as stated")

    def expected(row: Numbered) -> float:
        return float(setting.sheet.value(row.of.target, setting.plan.path, setting.year)[0])

    def met(row: Numbered) -> bool | None:
        value = _value(row, "values")
        return None if value is None else row.of.met(value)

    def digits(goal: Goal) -> int:
        return max(goal.target.digits, 0 if goal.tier else _digits(goal.threshold))

    columns = (
        *HEAD[:1],
        Column("target", msg("Target id"), shown=False, value=lambda row: row.of.target.id),
        Column("title", msg("Target"), value=lambda row: row.of.target.title),
        Column("tier", msg("Tier", context="table_required"), value=tier),
        Column("unit", msg("Unit"), value=lambda row: unit_text(row.of.target.unit)),
        Column("threshold", msg("Wanted"), digits_from="digits", value=lambda row: row.of.threshold),
        Column("expected", msg("In the plan"), digits_from="fine", value=expected),
        _by_goal("promised", msg("Promised", context="table_required"), "promised"),
        _by_goal("value", msg("Simulated"), "values"),
        Column("met", msg("Reached", context="table_required"), optional=True, value=met),
        _by_goal("best", msg("Best, any investment"), "best"),
        Column("digits", msg("Digits"), digits=0, shown=False, value=lambda row: digits(row.of)),
        Column("fine", msg("Digits"), digits=0, shown=False, value=lambda row: row.of.target.digits + 2),
    )
    rows = (Numbered(at, one, goal) for at, one in enumerate(found, start=1) for goal in one.goals)
    return declare("required_goals", msg("Promised and simulated"), columns, rows, ("answer", "target"))


def _by_goal(name: str, title: Bilingual, values: str) -> Column:
    """What one of the maps of an answer holds for the goal of a row."""
    return Column(name, title, digits_from="fine", optional=True, value=lambda row: _value(row, values))


def _value(row: Numbered, values: str) -> float | None:
    return (getattr(row.one, values) or {}).get(row.of.target.id)


def _digits(value: float) -> int:
    return len(f"{value:.10g}".partition(".")[2])


def _mix(setting: Setting, found: Sequence[Required]) -> Table:
    """Money by sector in the plan and in each answer."""
    columns = (
        *HEAD[:1],
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector")),
        Column("plan_money", msg("Money in the plan"), MONEY, 1),
        Column("money", msg("Money"), MONEY, 1),
        Column("more", msg("Change", context="table_required"), MONEY, 1, signed=True),
        Column("plan_share", msg("Share in the plan"), "%", 1),
        Column("share", msg("Share"), "%", 1),
    )
    runs = {at: one.run for at, one in enumerate(found, start=1) if one.run is not None}
    return declare("required_mix", msg("Mix"), columns, by_sector(setting, runs), ("answer", "sector"))


def _timing(setting: Setting, found: Sequence[Required]) -> Table:
    """Projects that start at another time than the plan says."""
    projects = setting.scenario.projects

    def start(row: Numbered) -> str | None:
        return _month(projects[row.one].start or "", row.of)

    columns = (
        *HEAD[:1],
        Column("project", msg("Project id"), shown=False, value=lambda row: row.one),
        Column("title", msg("Project"), value=lambda row: projects[row.one].title),
        Column(
            "plan_start",
            msg("Start in the plan"),
            optional=True,
            value=lambda row: projects[row.one].start or None,
        ),
        Column("start", msg("Start", context="table_required"), optional=True, value=start),
        Column("earlier", msg("Brought forward"), "months", 0, signed=True, value=lambda row: -row.of),
    )
    rows = (
        Numbered(at, project, months)
        for at, one in enumerate(found, start=1)
        for project, months in (one.run.plan.shifts if one.run else {}).items()
        if months
    )
    return declare("required_timing", msg("Timing"), columns, rows, ("answer", "project"))


def _month(start: str, shift: float) -> str | None:
    """A month moved by whole or part months: ``2024-03`` and 2 give ``2024-05``.

    >>> _month("2024-11", 3), _month("2024-02", -3), _month("", 3)
    ('2025-02', '2023-11', None)
    """
    if not start:
        return None
    year, month = start.split("-")
    count = int(year) * 12 + int(month) - 1 + math.floor(shift + 1e-9)
    return f"{count // 12}-{count % 12 + 1:02d}"


def _years(setting: Setting, found: Sequence[Required]) -> Table:
    """Investment planned and put in place, year by year, in the plan and in each answer."""

    def done(row: Numbered) -> float:
        return float(row.one.path.realisation.invested[:, row.of - 1].sum(axis=0)[0])

    said = msg("Planned", context="table_required")
    columns = (
        *HEAD[:1],
        Column("year", msg("Year"), digits=0, value=lambda row: setting.economy.base_year + row.of),
        Column("planned", said, MONEY, 1, value=lambda row: row.one.plan.total(row.of)),
        Column("done", msg("Put in place", context="table_required"), MONEY, 1, value=done),
    )
    rows = (
        Numbered(at, run, year)
        for at, run in enumerate([setting.plan, *(one.run for one in found)])
        if run is not None
        for year in range(1, setting.economy.years + 1)
    )
    note = msg("No. 0 is the plan; later years keep the plan's ratio of totals.")
    return declare("required_years", msg("Investment by year"), columns, rows, ("answer", "year"), note)


def _curve(setting: Setting, points: Sequence[Required]) -> Table:
    """Least investment over values of one target, and what the last step cost."""
    plan = planned(setting)
    digits = max((_digits(one.goals[0].threshold) for one in points), default=1)

    def step(row: Numbered) -> float | None:
        point: Required = row.one
        before = next((one for one in reversed(points[: row.at]) if one.run is not None), None)
        if before is None or point.run is None:
            return None
        return (point.money - before.money) / (point.goals[0].threshold - before.goals[0].threshold)

    def mix(row: Numbered) -> Bilingual | None:
        return both(partial(moved, setting, row.one.run)) if row.one.run else None

    def shifts(row: Numbered) -> Bilingual | None:
        run = row.one.run
        return both(partial(shifted, setting, run)) if run and any(run.plan.shifts.values()) else None

    value, against = msg("Value", context="table_required"), msg("Against the plan", context="table_required")
    columns = (
        Column("value", value, digits_from="digits", value=lambda row: row.of.threshold),
        Column("unit", msg("Unit"), value=lambda row: unit_text(row.of.target.unit)),
        *_REACH,
        Column("more", against, MONEY, 1, signed=True, value=lambda row: known(row.one.money - plan)),
        replace(_by_goal("simulated", msg("Simulated"), "values"), optional=False),
        Column("step", msg("One unit more costs"), MONEY, 1, optional=True, value=step),
        Column("mix", msg("Main changes"), value=mix),
        Column("shifts", msg("Projects moved"), optional=True, value=shifts),
        Column("digits", msg("Digits"), digits=0, shown=False, value=lambda row: digits),
        Column("fine", msg("Digits"), digits=0, shown=False, value=lambda row: digits + 2),
    )
    name = points[0].goals[0].target.title if points else msg("a target")
    title = msg("Least investment over {name}", name=name)
    rows = (Numbered(at, one, one.goals[0]) for at, one in enumerate(points))
    return declare("required_curve", title, columns, rows, ("value",))
