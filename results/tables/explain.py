"""Why the sheet cannot be met and what would do, or what binds where it can: tables and a paragraph
(为什么)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ...engine.decide.explain import Explanation, Relief
from ...engine.decide.reach import Goal
from ...models.quantity import Bilingual
from ...models.target import Rung
from ...models.words import msg, tr
from ...solvers.conflict import Conflict
from ..text.format import unit_text, written
from ..text.wording import (
    TIERS,
    amount,
    both,
    in_points,
    inside,
    listed,
    moved,
    one_more,
    only_less,
    relax_unit,
    relaxed,
    told_relaxed,
    told_weight,
)
from .chances import percent
from .fixes import about, given, within
from .limits import assumed_row, limit_name, named, priced
from .lines import Line, summary_of
from .required import confidence_rows, goal_text, goal_value
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.decide.assess import Fix, Run
    from .setting import Setting

_NAMED = 6  # things that a sentence lists
_LEAST = 0.0005  # a worth that is printed as nothing is left out of the sentence
DIFFERS = msg(
    "here the total weight of what is added or relaxed is least (amount × weight,"
    " summed; it ranks ways and is no money), and several limits may give way"
    " together; the analysis of required investment relaxes only the investment limit"
    " and seeks the least investment, so that the two amounts may differ."
)


def explain_tables(setting: Setting, found: Explanation) -> dict[str, Table]:
    """Every table of an explanation."""
    made = [
        _summary(setting, found),
        _goals(setting, found),
        _conflicts(setting, found),
        _reliefs(setting, found),
        _fixes(setting, found),
        _prices(setting, found),
    ]
    return {table.name: table for table in made if table.rows or table.name in ("summary", "explain_targets")}


# --- the paragraph
# -----------------------------------------------------------------------------------------------------


def _summary(setting: Setting, found: Explanation) -> Table:
    """Have, need, why, cheapest fixes; or what binds."""

    def line(name: str, label: Bilingual, say: Callable[[Setting, Explanation, str], str]) -> Line:
        return Line(name, label, both(lambda lang: say(setting, found, lang)))

    parts = [
        *assumed_row(setting),
        line("verdict", msg("Verdict", context="table_explain"), _verdict),
        *confidence_rows(setting),
        line("have", msg("Have"), _have),
    ]
    if found.conflicts or _free(setting, found):
        parts.append(line("why", msg("Why"), _why))
    if found.rung is not Rung.PLAN:
        parts.append(line("do", msg("Fixes"), _ways))
    if any(fix is not None and told_relaxed(setting, fix.relaxed) for _, fix in found.fixes):
        parts.append(Line("other", msg("Not the same as required investment"), DIFFERS))
    if found.prices:
        parts.append(line("worth", msg("Binding"), _binding))
    return summary_of(parts)


def _verdict(setting: Setting, found: Explanation, lang: str) -> str:
    """How far the targets are met; what is said of all of them, and of one alone, is said of its own."""
    fix = next((fix for goals, fix in found.fixes if len(goals) == len(found.goals)), None)
    less = found.rung is Rung.MIX and found.run is not None and only_less(setting, found.run)
    more = found.rung is Rung.RELAXED and fix is not None and inside(setting, fix)
    gives = any(limit.relax_to is not None for limit in setting.scenario.limits.values())
    stuck = found.rung is Rung.OUT and not gives
    all_, alone = _MET["less" if less else "more" if more else "stuck" if stuck else found.rung]
    count, tier = len(found.goals), TIERS[found.tier]
    if count == 1:
        return tr(lang, "{target}: {met}.", target=goal_text(found.goals[0], lang), met=alone)
    if found.together is None:
        return tr(lang, "{count} targets together, tier {tier}: {met}.", count=count, tier=tier, met=all_)
    stated, chance = setting.scenario.uncertainty.confidence, percent(found.together)
    asked = stated.value if stated else 50
    if 100 * found.together < asked:
        return tr(
            lang,
            "{count} targets, tier {tier}, each by itself: {met}; all at once in {chance} of the futures,"
            " below the {asked:g} % asked for.",
            count=count,
            tier=tier,
            met=all_,
            chance=chance,
            asked=asked,
        )
    return tr(
        lang,
        "{count} targets, tier {tier}, each by itself: {met}; all at once in {chance} of the futures, no less"
        " than the {asked:g} % asked for.",
        count=count,
        tier=tier,
        met=all_,
        chance=chance,
        asked=asked,
    )


_MET: dict[Rung | str, tuple[Bilingual, Bilingual]] = {
    Rung.PLAN: (msg("all met by the plan"), msg("met by the plan")),
    Rung.MIX: (msg("all met by another mix, no limit relaxed"), msg("met by another mix, no limit relaxed")),
    Rung.RELAXED: (msg("all met only if limits are relaxed"), msg("met only if limits are relaxed")),
    Rung.OUT: (
        msg("not all met even with every limit relaxed to its end"),
        msg("not met even with every limit relaxed to its end"),
    ),
    Rung.UNDECIDED: (
        msg("undecided: the solver promises it, no simulation confirms it"),
        msg("undecided: the solver promises it, no simulation confirms it"),
    ),
    "stuck": (
        msg("not all met within the limits and the plan's investment"),
        msg("not met within the limits and the plan's investment"),
    ),
    "less": (
        msg("all met by less investment, no limit relaxed"),
        msg("met by less investment, no limit relaxed"),
    ),
    "more": (
        msg("all met only with more investment, within the limits"),
        msg("met only with more investment, within the limits"),
    ),
}
"""What is said of all targets together, and of a single one."""


def _value(found: Explanation, goal: Goal) -> float:
    """What the plan gives a target."""
    return found.values[goal.target.id] + goal.target.margin


def _have(setting: Setting, found: Explanation, lang: str) -> str:
    missed = found.missed

    def told(goal: Goal) -> str:
        digits = goal.target.digits
        have = goal_value(goal, _value(found, goal), lang, digits + 1)
        need = goal_value(goal, goal.threshold, lang, digits)
        return f"{goal.target.title.of(lang)} {have}" + tr(lang, " (need {goal_value})", goal_value=need)

    parts = [told(goal) for goal in missed]
    if len(found.goals) == 1:
        return tr(
            lang,
            "by the plan, {told}, {parts}.",
            told=parts[0] if parts else goal_text(found.goals[0], lang),
            parts=tr(lang, "missed") if parts else tr(lang, "met"),
        )
    return tr(lang, "the plan meets {met}", met=len(found.goals) - len(missed)) + (
        tr(lang, " and misses {missed}: {parts}.", missed=len(missed), parts=listed(parts, lang, _NAMED))
        if parts
        else tr(lang, ".")
    )


def _why(setting: Setting, found: Explanation, lang: str) -> str:
    """Conflicts in a sentence each; targets that fail alone for the same limits are told together."""
    goals = {goal.target.id: goal for goal in found.goals}
    alike: dict[tuple[Any, ...], list[Conflict]] = {}  # those beyond every limit's end are told together too
    for at, one in enumerate(found.conflicts):
        alone = len(one.goals) == 1
        key: tuple[Any, ...] = (
            ("beyond", one.limits)
            if _beyond(found, [one]) and one.limits
            else ("limits", one.limits, bool(one.facts))
            if alone
            else ("own", at)
        )
        alike.setdefault(key, []).append(one)
    parts = [_conflict(setting, found, group, goals, lang) for group in alike.values()]
    parts += [
        tr(
            lang,
            "{name}: the plan invests too little; no limit forbids it, more within the limit does",
            name=goal_text(goal, lang),
        )
        for goal in _free(setting, found)
    ]
    return _joined(parts, lang)


def _free(setting: Setting, found: Explanation) -> list[Goal]:
    """Goals missed that more investment within the limits reaches, and that stand in no conflict."""
    blamed = {key for one in found.conflicts for key in one.goals}
    return [
        goals[0]
        for goals, fix in found.fixes
        if len(goals) == 1 and goals[0].target.id not in blamed and fix is not None and inside(setting, fix)
    ]


def _beyond(found: Explanation, group: Sequence[Conflict]) -> bool:
    """Whether facts of the economy, and not one limit, keep each goal of a group down: no limit relaxed to
    its end helps."""
    ways = {goals[0].target.id: fix for goals, fix in found.fixes if len(goals) == 1}
    return all(
        len(one.goals) == 1 and one.facts and one.goals[0] in ways and ways[one.goals[0]] is None
        for one in group
    )


def _holding(setting: Setting, group: Sequence[Conflict]) -> list[Bilingual]:
    """Whether demand, capacity or both stand in the conflicts of a group; sectors led by supply always have
    their capacity there, and do not count."""
    pairs = zip(setting.economy.branches, setting.economy.supply_led, strict=True)
    led = {branch.id for branch, alone in pairs if alone}
    heads = {fact.split(":")[0] for one in group for fact in one.facts if fact.split(":")[1] not in led}
    words = (({"demand", "market"}, msg("demand")), ({"capacity", "feed"}, msg("capacity")))
    return [text for among, text in words if heads & among] or [msg("demand")]


def _joined(parts: Sequence[str], lang: str) -> str:
    return tr(lang, "; ").join(parts) + tr(lang, ".")


def _conflict(
    setting: Setting, found: Explanation, group: Sequence[Conflict], goals: dict[str, Goal], lang: str
) -> str:
    one = group[0]
    what = listed([goal_text(goals[key], lang) for each in group for key in each.goals], lang, _NAMED)
    limits = listed([limit_name(setting, key, lang) for key in one.limits], lang)
    if not one.goals and one.limits:
        return tr(lang, "the limits contradict each other, no plan keeps all of {limits}", limits=limits)
    if not one.limits and not one.facts:
        return tr(lang, "{what}: nothing that a plan decides moves it", what=what)
    if not one.limits:
        return tr(lang, "{what}: no limit is to blame, markets and capacity fall short", what=what)
    stated = setting.scenario.limits
    if _beyond(found, group) and any(key in stated and stated[key].relax_to for key in one.limits):
        holding = tr(lang, " and ").join(text.of(lang) for text in _holding(setting, group))
        return tr(
            lang,
            "{what}: {limits} relaxed to the end is not enough, with {held}",
            what=what,
            limits=limits,
            held=tr(lang, "{holding} in the way", holding=holding),
        )
    each = ""
    if len(group) > 1:
        each = tr(lang, ", each alone,")
    elif len(one.goals) > 1:
        each = tr(lang, " together")
    return tr(lang, "{what}{each} conflicts with {limits}", what=what, limits=limits, each=each)


def _ways(setting: Setting, found: Explanation, lang: str) -> str:
    if found.rung is Rung.MIX and found.run is not None:
        mix = moved(setting, found.run, lang)
        if only_less(setting, found.run):
            return tr(lang, "no limit relaxed, {mix}.", mix=mix)
        return tr(lang, "no limit relaxed, another mix: {mix}.", mix=mix)
    parts = []
    for goals, fix in sorted(found.fixes, key=lambda pair: math.inf if pair[1] is None else pair[1].cost):
        if fix is not None:
            what = _scope(goals, found)
            parts.append(tr(lang, "{what}: {relaxed}", what=what, relaxed=relaxed(setting, fix, lang)))
    if found.lowered is not None:
        lower, fix = found.lowered
        pairs = zip(found.goals, lower, strict=True)
        gone = [(old, new) for old, new in pairs if new.threshold != old.threshold]
        away = [
            f"{new.target.title.of(lang)} {goal_value(old, old.threshold, lang, old.target.digits)}"
            f"→{goal_value(new, new.threshold, lang, new.target.digits)}"
            for old, new in gone
        ]
        if fix is not None:
            ease = any(old.target.sign < 0 for old, _ in gone)
            parts.append(
                tr(
                    lang,
                    "{word} must {ease} ({down}), with {how}",
                    down=listed(away, lang, _NAMED),
                    how=relaxed(setting, fix, lang)
                    if told_relaxed(setting, fix.relaxed)
                    else tr(lang, "no limit relaxed"),
                    word=tr(lang, "all together: targets")
                    if len(found.goals) > 1
                    else tr(lang, "the target"),
                    ease=tr(lang, "give way") if ease else tr(lang, "come down"),
                )
            )
    if not parts:
        return tr(lang, "none found.")
    return _joined(parts, lang)


def no_limit(setting: Setting, run: Run) -> Bilingual:
    """That no limit need be relaxed, and what is enough."""
    if only_less(setting, run):
        return msg("nothing: less investment is enough")
    return msg("nothing: another mix is enough")


def _scope(goals: Sequence[Goal], found: Explanation) -> Bilingual:
    if len(goals) == len(found.goals) > 1:
        return msg("all targets")
    return both(lambda lang: listed([goal_text(goal, lang) for goal in goals], lang))


def _binding(setting: Setting, found: Explanation, lang: str) -> str:
    first = found.prices[0].target
    own = sorted((p for p in found.prices if p.target is first), key=lambda p: -abs(p.worth.more))
    own = [p for p in own if abs(p.worth.more) >= _LEAST][:_NAMED] or own[:1]
    parts = []
    for one in own:
        row = priced(setting, one.row)
        parts.append(
            tr(
                lang,
                "{named} +{one_more} = {worth} ({span})",
                named=named(row),
                one_more=one_more(row.unit, lang),
                worth=amount(row.scale * one.worth.more, in_points(first.unit), lang, 3, plus=True),
                span=_range(one.worth.up, lang),
                title=first.title,
            )
        )
    best = goal_value(Goal(first, 0.0), own[0].best, lang, first.digits + 1)
    head = tr(lang, "with all met, {title} can reach {best}: ", title=first.title, best=best)
    return head + tr(lang, "; ").join(parts) + tr(lang, ".")


def _range(up: float, lang: str) -> str:
    if math.isinf(up):
        return tr(lang, "as far as was looked")
    text = written(up, 2, lang)
    return tr(lang, "for up to {text} more", text=text)


# --- the tables
# --------------------------------------------------------------------------------------------------------


def _goals(setting: Setting, found: Explanation) -> Table:
    lower = {g.target.id: g.threshold for g in found.lowered[0]} if found.lowered else {}

    def gap(goal: Goal) -> float:
        return goal.target.sign * (_value(found, goal) - goal.threshold)

    def other(goal: Goal) -> float | None:
        if found.run is None:
            return None
        return float(setting.sheet.value(goal.target, found.run.path, setting.year)[0])

    columns = (
        Column("target", msg("Target id"), shown=False, value=lambda goal: goal.target.id),
        Column("title", msg("Target"), value=lambda goal: goal.target.title),
        Column("tier", msg("Tier", context="table_explain"), value=lambda goal: TIERS.get(goal.tier)),
        Column("unit", msg("Unit"), value=lambda goal: unit_text(goal.target.unit)),
        Column("have", msg("Have"), digits_from="fine", value=lambda goal: _value(found, goal)),
        Column("need", msg("Need"), digits_from="digits", value=lambda goal: goal.threshold),
        Column("gap", msg("+room -gap"), digits_from="fine", signed=True, value=gap),
        Column("met", msg("Met"), value=lambda goal: goal.met(found.values[goal.target.id])),
        Column("found", msg("With another mix"), digits_from="fine", value=other, optional=True),
        Column(
            "lowered",
            msg("Met together at"),
            digits_from="digits",
            value=lambda goal: lower.get(goal.target.id),
            optional=True,
        ),
        Column("digits", msg("Digits"), digits=0, shown=False, value=lambda goal: goal.target.digits),
        Column("fine", msg("Digits"), digits=0, shown=False, value=lambda goal: goal.target.digits + 1),
    )
    return declare("explain_targets", msg("Projected and required"), columns, found.goals, ("target",))


@dataclass(frozen=True)
class _Member:
    """A member of a conflict."""

    conflict: int
    kind_id: str
    member: str
    proved: bool


def _conflicts(setting: Setting, found: Explanation) -> Table:
    """One row per member of an irreducible conflict."""
    goals = {goal.target.id: goal for goal in found.goals}
    kinds = {"target": msg("target"), "limit": msg("limit"), "fact": msg("fact")}

    def title(row: _Member, lang: str) -> str:
        if row.kind_id == "target":
            return goal_text(goals[row.member], lang)
        return (limit_name if row.kind_id == "limit" else fact)(setting, row.member, lang)

    columns = (
        Column("conflict", msg("No."), digits=0),
        Column("kind_id", msg("Kind id"), shown=False),
        Column("kind", msg("Kind"), value=lambda row: kinds[row.kind_id]),
        Column("member", msg("Member id"), shown=False),
        Column("title", msg("Member"), value=lambda row: both(lambda lang: title(row, lang))),
        Column("proved", msg("Checked one by one")),
    )
    rows = [
        _Member(at, kind, key, one.proved)
        for at, one in enumerate(found.conflicts, start=1)
        for kind, keys in zip(kinds, (one.goals, one.limits, one.facts), strict=True)
        for key in keys
    ]
    note = msg(
        "The members of a conflict cannot all hold; without any one of them the others can: each was left out"
        " and the problem solved again. No target stands in two conflicts."
    )
    key = ("conflict", "kind_id", "member")
    return declare("explain_conflicts", msg("Conflicts"), columns, rows, key, note)


_AS = {"demand": "capacity", "wish": "market"}  # facts told as another row of the same branch


def fact(setting: Setting, row: str, lang: str) -> str:
    """A fact of the economy in words: the capacity, demand, market or feed of a branch."""
    head, _, rest = row.partition(":")
    known = priced(setting, f"{_AS.get(head, head)}:{rest}")
    told = {
        "demand": msg("{title} demand", title=known.title),
        "wish": msg("{title}: wanted output", title=known.title),
    }
    return told.get(head, named(known)).of(lang)


def _reliefs(setting: Setting, found: Explanation) -> Table:
    """Each limit alone: by how much it must give, for each goal missed and for all."""

    def inside(one: Relief) -> float | None:
        return within(setting, one.limit, one.amount) if _needed(setting, one) else None

    def simulated(one: Relief) -> bool | None:
        return one.run is not None if math.isfinite(one.amount) else None

    columns = (
        Column("scope", msg("Scope id"), shown=False, value=lambda one: _scope_id(one.goals, found)),
        Column("what", msg("To reach"), value=lambda one: _scope(one.goals, found)),
        Column("limit", msg("Limit id"), shown=False),
        Column("title", msg("This limit alone"), value=lambda one: setting.scenario.limits[one.limit].title),
        Column("unit", msg("Unit"), value=lambda one: unit_text(relax_unit(setting, one.limit))),
        Column(
            "amount",
            msg("Least addition or relaxation"),
            digits=2,
            unit_from="unit",
            signed=True,
            value=lambda one: _finite(one.amount) if _needed(setting, one) else None,
        ),
        Column(
            "inside",
            msg("Of it within the limit"),
            digits=2,
            unit_from="unit",
            signed=True,
            value=inside,
            optional=True,
        ),
        Column("allowed", msg("May give"), digits=2, unit_from="unit"),
        Column("helps", msg("Verdict", context="table_explain"), value=lambda one: _helps(setting, one)),
        Column("cost", msg("Weight"), digits=2, value=lambda one: told_weight(_finite(one.cost))),
        Column("simulated", msg("Simulated", context="table_explain"), value=simulated),
    )
    title = msg("Least addition or relaxation, each alone")
    return declare("explain_reliefs", title, columns, found.reliefs, ("scope", "limit"))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _needed(setting: Setting, one: Relief) -> bool:
    """Whether a limit must give more than nothing."""
    return bool(told_relaxed(setting, {one.limit: one.amount}))


def _helps(setting: Setting, one: Relief) -> Bilingual:
    if not math.isfinite(one.amount):
        return msg("does not help alone")
    if not _needed(setting, one):
        return msg("not needed")
    if one.amount > one.allowed * (1 + 1e-9) + 1e-9:
        return msg("more than it may give")
    return msg("enough")


def _scope_id(goals: Sequence[Goal], found: Explanation) -> str:
    return "all" if len(goals) == len(found.goals) > 1 else goals[0].target.id


@dataclass(frozen=True)
class _Way:
    """A fix of some goals (none: out of reach) and one limit that it relaxes (none: empty)."""

    scope: str
    what: Bilingual
    fix: Fix | None
    limit: str = ""


def _fixes(setting: Setting, found: Explanation) -> Table:
    """The cheapest relaxation of several limits together, for each goal missed, for all, and for the lowered
    sheet."""
    ways = [_Way(_scope_id(goals, found), _scope(goals, found), fix) for goals, fix in found.fixes]
    if found.lowered is not None:
        what = msg("all targets, lowered") if len(found.goals) > 1 else msg("the target, lowered")
        ways.append(_Way("lowered", what, found.lowered[1]))

    def title(row: _Way) -> Bilingual:
        if row.fix is None:
            return msg("not feasible even when fully relaxed")
        return setting.scenario.limits[row.limit].title if row.limit else no_limit(setting, row.fix.run)

    def mix(row: _Way) -> Bilingual | None:
        fix = row.fix
        return None if fix is None else both(lambda lang: moved(setting, fix.run, lang))

    columns = (
        Column("scope", msg("Scope id"), shown=False),
        Column("what", msg("To reach")),
        Column("limit", msg("Limit id"), shown=False),
        Column("title", msg("Limit used further or relaxed"), value=title),
        Column("unit", msg("Unit"), value=about(lambda key, fix: unit_text(relax_unit(setting, key)))),
        *given(setting),
        Column(
            "cost", msg("Weight in all"), digits=2, value=lambda row: row.fix and told_weight(row.fix.cost)
        ),
        Column("mix", msg("Changes of the plan"), shown=False, value=mix),
    )
    rows = [
        replace(one, limit=key)
        for one in ways
        for key in told_relaxed(setting, one.fix.relaxed if one.fix else None) or ("",)
    ]
    return declare("explain_fixes", msg("Least-cost options"), columns, rows, ("scope", "limit"))


def _prices(setting: Setting, found: Explanation) -> Table:
    """What one more unit of each limit and fact is worth, and how far that holds."""
    words = {one.row: priced(setting, one.row) for one in found.prices}
    columns = (
        Column("target", msg("Target id"), shown=False, value=lambda one: one.target.id),
        Column("title", msg("Target"), value=lambda one: one.target.title),
        Column("row", msg("Row id"), shown=False),
        Column("what", msg("Binding constraints"), value=lambda one: named(words[one.row])),
        Column("unit", msg("Unit"), value=lambda one: unit_text(words[one.row].unit)),
        Column(
            "more",
            msg("One more"),
            digits=4,
            unit_from="target_unit",
            signed=True,
            value=lambda one: words[one.row].scale * one.worth.more,
        ),
        Column(
            "less",
            msg("Per unit less"),
            digits=4,
            unit_from="target_unit",
            signed=True,
            value=lambda one: words[one.row].scale * one.worth.less,
        ),
        Column(
            "up", msg("Holds for up to"), digits=2, unit_from="unit", value=lambda one: _finite(one.worth.up)
        ),
        Column(
            "down",
            msg("Holds down to minus"),
            digits=2,
            unit_from="unit",
            value=lambda one: _finite(one.worth.down),
        ),
        Column("target_unit", msg("Unit of target"), value=lambda one: unit_text(in_points(one.target.unit))),
    )
    note = msg(
        "At the best value of the target with all targets met, starts of projects held. Where both sides"
        " differ there is a kink. Empty: holds as far as was looked."
    )
    title = msg("Binding constraints and what they are worth")
    return declare("explain_prices", title, columns, found.prices, ("target", "row"), note)
