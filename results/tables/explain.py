"""Why the sheet cannot be met and what would do, or what binds where it can: tables and a paragraph
(为什么)."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
    inside,
    listed,
    moved,
    one_more,
    only_less,
    relax_unit,
    relaxed,
    room,
)
from .chances import percent
from .limits import assumed_row, limit_name, named, priced
from .required import confidence_rows, goal_text, goal_value
from .table import Column, Table, hide_empty

if TYPE_CHECKING:
    from ...engine.decide.assess import Run
    from .setting import Setting

_NAMED = 6  # things that a sentence lists
_LEAST = 0.0005  # a worth that is printed as nothing is left out of the sentence
DIFFERS = msg(
    "here the total weight of what is added or relaxed is least (amount × weight, summed; it ranks ways and"
    " is no money), and several limits may give way together; simulate optimize required lets investment"
    " alone go and seeks the least of it, so that the two amounts of investment may differ."
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
    parts = [
        (
            "verdict",
            msg("Verdict", context="table_explain"),
            both(lambda lang: _verdict(setting, found, lang)),
        ),
        *assumed_row(setting),
        *confidence_rows(setting),
        ("have", msg("Have"), both(lambda lang: _have(found, lang))),
    ]
    if found.conflicts or _free(setting, found):
        parts.append(("why", msg("Why"), both(lambda lang: _why(setting, found, lang))))
    if found.rung is not Rung.PLAN:
        parts.append(("do", msg("Fixes"), both(lambda lang: _ways(setting, found, lang))))
    if any(fix is not None and fix.relaxed for _, fix in found.fixes):
        parts.append(("other", msg("Not the same as required"), DIFFERS))
    if found.prices:
        parts.append(("worth", msg("Binding"), both(lambda lang: _binding(setting, found, lang))))
    columns = (
        Column("line", msg("Line id"), shown=False),
        Column("label", msg("Line")),
        Column("text", msg("Text")),
    )
    return Table("summary", msg("Summary"), columns, tuple(parts), ("line",))


def _verdict(setting: Setting, found: Explanation, lang: str) -> str:
    """How far the targets are met; what is said of all of them, and of one alone, is said of its own."""
    fix = next((fix for goals, fix in found.fixes if len(goals) == len(found.goals)), None)
    less = found.rung is Rung.MIX and found.run is not None and only_less(setting, found.run)
    more = found.rung is Rung.RELAXED and fix is not None and inside(setting, fix)
    gives = any(limit.relax_to is not None for limit in setting.scenario.limits.values())
    all_, alone = _MET[
        "less"
        if less
        else "more"
        if more
        else "stuck"
        if found.rung is Rung.OUT and not gives
        else found.rung
    ]
    count, tier = len(found.goals), TIERS[found.tier]
    if count == 1:
        return tr(lang, "{target}: {met}.", target=goal_text(found.goals[0], lang), met=alone)
    if found.together is None:
        return tr(
            lang,
            "{count} targets together, tier {tier}: {met}.",
            count=count,
            tier=tier,
            met=all_,
        )
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
    Rung.PLAN: (
        msg("all met by the plan"),
        msg("met by the plan"),
    ),
    Rung.MIX: (
        msg("all met by another mix, no limit relaxed"),
        msg("met by another mix, no limit relaxed"),
    ),
    Rung.RELAXED: (
        msg("all met only if limits are relaxed"),
        msg("met only if limits are relaxed"),
    ),
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


def _have(found: Explanation, lang: str) -> str:
    missed = found.missed
    met = len(found.goals) - len(missed)
    parts = [
        f"{goal.target.title.of(lang)}"
        f" {goal_value(goal, found.values[goal.target.id] + goal.target.margin, lang, goal.target.digits + 1)}"  # noqa: E501
        + (
            tr(
                lang,
                " (need {goal_value})",
                goal_value=goal_value(goal, goal.threshold, lang, goal.target.digits),
            )
        )
        for goal in missed
    ]
    if len(found.goals) == 1:
        told = parts[0] if parts else goal_text(found.goals[0], lang)
        return tr(
            lang,
            "by the plan, {told}, {parts}.",
            told=told,
            parts=(tr(lang, "missed") if parts else tr(lang, "met")),
        )
    return tr(lang, "the plan meets {met}", met=met) + (
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
    for goal in _free(setting, found):
        name = goal_text(goal, lang)
        parts.append(
            tr(
                lang,
                "{name}: the plan invests too little; no limit forbids it, more within the limit does",
                name=name,
            )
        )
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
    led = {
        branch.id
        for branch, alone in zip(setting.economy.branches, setting.economy.supply_led, strict=True)
        if alone
    }
    heads = {fact.split(":")[0] for one in group for fact in one.facts if fact.split(":")[1] not in led}
    known = [
        text
        for heads_, text in (
            (("demand", "market"), msg("demand")),
            (("capacity", "feed"), msg("capacity")),
        )
        if heads & set(heads_)
    ]
    return known or [msg("demand")]


def _joined(parts: Sequence[str], lang: str) -> str:
    return tr(lang, "; ").join(parts) + tr(lang, ".")


def _conflict(
    setting: Setting, found: Explanation, group: Sequence[Conflict], goals: dict[str, Goal], lang: str
) -> str:
    one = group[0]
    what = listed([goal_text(goals[key], lang) for each in group for key in each.goals], lang, _NAMED)
    limits = listed([limit_name(setting, key, lang) for key in one.limits], lang)
    each = len(group) > 1
    if not one.goals and one.limits:
        return tr(lang, "the limits contradict each other, no plan keeps all of {limits}", limits=limits)
    if not one.limits and not one.facts:
        return tr(lang, "{what}: nothing that a plan decides moves it", what=what)
    if not one.limits:
        return tr(lang, "{what}: no limit is to blame, markets and capacity fall short", what=what)
    if _beyond(found, group) and one.limits:
        ends = any(
            key in setting.scenario.limits and setting.scenario.limits[key].relax_to is not None
            for key in one.limits
        )
        if ends:
            held = tr(
                lang,
                "{holding} in the way",
                holding=tr(lang, " and ").join(text.of(lang) for text in _holding(setting, group)),
            )
            return tr(
                lang,
                "{what}: {limits} relaxed to the end is not enough, with {held}",
                what=what,
                limits=limits,
                held=held,
            )
        return tr(
            lang,
            "{what}{each} cannot stand with {limits}",
            what=what,
            limits=limits,
            each=(tr(lang, ", each alone,") if each else ""),
        )
    if _beyond(found, group):
        holding = _holding(setting, group)
        values: dict[str, Any] = {
            "what": what,
            "holding": tr(lang, " and ").join(text.of(lang) for text in holding),
        }
        if each and len(holding) > 1:
            return tr(
                lang,
                "{what}: {holding} hold them down, every limit relaxed to its end is not enough",
                **values,
            )
        if each:
            return tr(
                lang,
                "{what}: {holding} holds them down, every limit relaxed to its end is not enough",
                **values,
            )
        if len(holding) > 1:
            return tr(
                lang, "{what}: {holding} hold it down, every limit relaxed to its end is not enough", **values
            )
        return tr(
            lang, "{what}: {holding} holds it down, every limit relaxed to its end is not enough", **values
        )
    return tr(
        lang,
        "{what}{each} cannot stand with {limits}",
        what=what,
        limits=limits,
        each=(tr(lang, ", each alone,") if each else (tr(lang, " together") if len(one.goals) > 1 else "")),
    )


def _ways(setting: Setting, found: Explanation, lang: str) -> str:
    if found.rung is Rung.MIX and found.run is not None:
        mix = moved(setting, found.run, lang)
        if only_less(setting, found.run):
            return tr(lang, "no limit relaxed, {mix}.", mix=mix)
        return tr(lang, "no limit relaxed, another mix: {mix}.", mix=mix)
    parts = []
    for goals, fix in sorted(found.fixes, key=lambda pair: math.inf if pair[1] is None else pair[1].cost):
        if fix is not None:
            what = _scope(goals, found, lang)
            parts.append(tr(lang, "{what}: {relaxed}", what=what, relaxed=relaxed(setting, fix, lang)))
    if found.lowered is not None:
        lower, fix = found.lowered
        away = [
            f"{new.target.title.of(lang)}"
            f" {goal_value(old, old.threshold, lang, old.target.digits)}→{goal_value(new, new.threshold, lang, new.target.digits)}"  # noqa: E501
            for old, new in zip(found.goals, lower, strict=True)
            if new.threshold != old.threshold
        ]
        down = listed(away, lang, _NAMED)
        if fix is not None:
            how = relaxed(setting, fix, lang) if fix.relaxed else tr(lang, "no limit relaxed")
            ease = any(
                old.target.sign < 0
                for old, new in zip(found.goals, lower, strict=True)
                if new.threshold != old.threshold
            )
            parts.append(
                tr(
                    lang,
                    "{word} must {ease} ({down}), with {how}",
                    down=down,
                    how=how,
                    word=(
                        tr(lang, "all together: targets") if len(found.goals) > 1 else tr(lang, "the target")
                    ),
                    ease=(tr(lang, "give way") if ease else tr(lang, "come down")),
                )
            )
    if not parts:
        return tr(lang, "none found.")
    return _joined(parts, lang)


def _no_limit(setting: Setting, run: Run) -> Bilingual:
    """That no limit need be relaxed, and what is enough."""
    if only_less(setting, run):
        return msg("nothing: less investment is enough")
    return msg("nothing: another mix is enough")


def _scope(goals: Sequence[Goal], found: Explanation, lang: str) -> str:
    if len(goals) == len(found.goals) > 1:
        return tr(lang, "all targets")
    return listed([goal_text(goal, lang) for goal in goals], lang)


def _binding(setting: Setting, found: Explanation, lang: str) -> str:
    first = found.prices[0].target
    own = sorted((p for p in found.prices if p.target is first), key=lambda p: -abs(p.worth.more))
    own = [p for p in own if abs(p.worth.more) >= _LEAST][:_NAMED] or own[:1]
    parts = []
    for one in own:
        row = priced(setting, one.row)
        unit = "points" if first.unit == "%" else first.unit
        worth = amount(row.scale * one.worth.more, unit, lang, 3, plus=True)
        span = _range(one.worth.up, lang)
        parts.append(
            tr(
                lang,
                "{named} +{one_more} = {worth} ({span})",
                named=named(row),
                one_more=one_more(row.unit, lang),
                worth=worth,
                span=span,
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
    rows = []
    for goal in found.goals:
        key, target = goal.target.id, goal.target
        end = float(setting.sheet.value(target, found.run.path, setting.year)[0]) if found.run else None
        rows.append(
            (
                key,
                target.title,
                TIERS[goal.tier] if goal.tier else None,
                unit_text(target.unit),
                found.values[key] + target.margin,
                goal.threshold,
                target.sign * (found.values[key] + target.margin - goal.threshold),
                goal.met(found.values[key]),
                end,
                lower.get(key),
                target.digits,
                target.digits + 1,
            )
        )
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target")),
        Column("tier", msg("Tier", context="table_explain")),
        Column("unit", msg("Unit")),
        Column("have", msg("Have"), digits_from="fine"),
        Column("need", msg("Need"), digits_from="digits"),
        Column("gap", msg("+room -gap"), digits_from="fine", signed=True),
        Column("met", msg("Met")),
        Column("found", msg("With another mix"), digits_from="fine"),
        Column("lowered", msg("Met together at"), digits_from="digits"),
        Column("digits", msg("Digits"), digits=0, shown=False),
        Column("fine", msg("Digits"), digits=0, shown=False),
    )
    table = Table("explain_targets", msg("Have and need"), columns, tuple(rows), ("target",))
    return hide_empty(table, "found", "lowered")


def _conflicts(setting: Setting, found: Explanation) -> Table:
    """One row per member of an irreducible conflict."""
    goals = {goal.target.id: goal for goal in found.goals}
    kinds = {
        "target": msg("target"),
        "limit": msg("limit"),
        "fact": msg("fact"),
    }
    rows: list[tuple[Any, ...]] = []
    for at, one in enumerate(found.conflicts, start=1):
        members = [
            ("target", key, both(lambda lang, key=key: goal_text(goals[key], lang)))  # type: ignore[misc]
            for key in one.goals
        ]
        members += [
            ("limit", key, both(lambda lang, key=key: limit_name(setting, key, lang)))  # type: ignore[misc]
            for key in one.limits
        ]
        members += [("fact", row, both(lambda lang, row=row: fact(setting, row, lang))) for row in one.facts]  # type: ignore[misc]
        rows += [(at, kind, kinds[kind], key, title, one.proved) for kind, key, title in members]
    columns = (
        Column("conflict", msg("No."), digits=0),
        Column("kind_id", msg("Kind id"), shown=False),
        Column("kind", msg("Kind")),
        Column("member", msg("Member id"), shown=False),
        Column("title", msg("Member")),
        Column("proved", msg("Checked one by one")),
    )
    note = msg(
        "The members of a conflict cannot all hold; without any one of them the others can: each was left out"
        " and the problem solved again. No target stands in two conflicts."
    )
    return Table(
        "explain_conflicts",
        msg("Conflicts"),
        columns,
        tuple(rows),
        ("conflict", "kind_id", "member"),
        note,
    )


def fact(setting: Setting, row: str, lang: str) -> str:
    """A fact of the economy in words: the capacity, demand, market or feed of a branch."""
    head, _, rest = row.partition(":")
    known = priced(
        setting, f"{'capacity' if head == 'demand' else 'market' if head == 'wish' else head}:{rest}"
    )
    title = known.title
    told = {
        "capacity": msg("{title} capacity", title=title),
        "demand": msg("{title} demand", title=title),
        "market": msg("{title} market", title=title),
        "feed": msg("{title} feed", title=title),
        "wish": msg("{title}: wanted output", title=title),
        "named projects": title,
    }
    return told[head].of(lang)


def _reliefs(setting: Setting, found: Explanation) -> Table:
    """Each limit alone: by how much it must give, for each goal missed and for all."""
    rows = [
        (
            _scope_id(one.goals, found),
            both(lambda lang, one=one: _scope(one.goals, found, lang)),  # type: ignore[misc]
            one.limit,
            setting.scenario.limits[one.limit].title,
            unit_text(relax_unit(setting, one.limit)),
            _finite(one.amount),
            _within(setting, one.limit, one.amount),
            one.allowed,
            _helps(one),
            _finite(one.cost),
            one.run is not None if math.isfinite(one.amount) else None,
        )
        for one in found.reliefs
    ]
    columns = (
        Column("scope", msg("Scope id"), shown=False),
        Column("what", msg("To reach")),
        Column("limit", msg("Limit id"), shown=False),
        Column("title", msg("This limit alone")),
        Column("unit", msg("Unit")),
        Column("amount", msg("Least addition or relaxation"), digits=2, signed=True),
        Column("inside", msg("Of it within the limit"), digits=2, signed=True),
        Column("allowed", msg("May give"), digits=2),
        Column("helps", msg("Verdict", context="table_explain")),
        Column("cost", msg("Weight"), digits=2),
        Column("simulated", msg("Simulated", context="table_explain")),
    )
    table = Table(
        "explain_reliefs",
        msg("Least addition or relaxation, each alone"),
        columns,
        tuple(rows),
        ("scope", "limit"),
    )
    return hide_empty(table, "inside")


def _within(setting: Setting, key: str, more: float) -> float | None:
    """The part of an amount that the limit already allows."""
    return (min(more, room(setting, key)) or None) if math.isfinite(more) else None


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _helps(one: Relief) -> Bilingual:
    if not math.isfinite(one.amount):
        return msg("does not help alone")
    if one.amount <= 0:
        return msg("not needed")
    if one.amount > one.allowed * (1 + 1e-9) + 1e-9:
        return msg("more than it may give")
    return msg("enough")


def _scope_id(goals: Sequence[Goal], found: Explanation) -> str:
    return "all" if len(goals) == len(found.goals) > 1 else goals[0].target.id


def _fixes(setting: Setting, found: Explanation) -> Table:
    """The cheapest relaxation of several limits together, for each goal missed, for all, and for the lowered
    sheet."""
    lowered = (
        []
        if found.lowered is None
        else [
            (
                "lowered",
                (msg("all targets, lowered") if len(found.goals) > 1 else msg("the target, lowered")),
                found.lowered[1],
            )
        ]
    )
    fixes = [
        (_scope_id(goals, found), both(lambda lang, goals=goals: _scope(goals, found, lang)), fix)  # type: ignore[misc]
        for goals, fix in found.fixes
    ]
    rows: list[tuple[Any, ...]] = []
    for scope, what, fix in [*fixes, *lowered]:
        if fix is None:
            rows.append(
                (
                    scope,
                    what,
                    "",
                    msg("out of reach even at the end"),
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                )
            )
            continue
        mix = both(lambda lang, fix=fix: moved(setting, fix.run, lang))  # type: ignore[misc]
        for key, more in fix.relaxed.items() or [("", 0.0)]:
            title = setting.scenario.limits[key].title if key else _no_limit(setting, fix.run)
            rows.append(
                (
                    scope,
                    what,
                    key,
                    title,
                    unit_text(relax_unit(setting, key)) if key else None,
                    more if key else None,
                    fix.error if key and setting.scenario.limits[key].kind.all_money else None,
                    _within(setting, key, more) if key else None,
                    fix.cost,
                    mix,
                )
            )
    columns = (
        Column("scope", msg("Scope id"), shown=False),
        Column("what", msg("To reach")),
        Column("limit", msg("Limit id"), shown=False),
        Column("title", msg("Limit used further or relaxed")),
        Column("unit", msg("Unit")),
        Column("amount", msg("By"), digits=2, signed=True),
        Column("error", msg("s.e."), digits=2),
        Column("inside", msg("Of it within the limit"), digits=2, signed=True),
        Column("cost", msg("Weight in all"), digits=2),
        Column("mix", msg("Changes of the plan"), shown=False),
    )
    return hide_empty(
        Table(
            "explain_fixes",
            msg("Cheapest fixes"),
            columns,
            tuple(rows),
            ("scope", "limit"),
        ),
        "error",
        "inside",
    )


def _prices(setting: Setting, found: Explanation) -> Table:
    """What one more unit of each limit and fact is worth, and how far that holds."""
    rows = []
    for one in found.prices:
        row = priced(setting, one.row)
        rows.append(
            (
                one.target.id,
                one.target.title,
                one.row,
                named(row),
                unit_text(row.unit),
                row.scale * one.worth.more,
                row.scale * one.worth.less,
                _finite(one.worth.up),
                _finite(one.worth.down),
                unit_text("points" if one.target.unit == "%" else one.target.unit),
            )
        )
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target")),
        Column("row", msg("Row id"), shown=False),
        Column("what", msg("Binding constraints")),
        Column("unit", msg("Unit")),
        Column("more", msg("One more"), digits=4, signed=True),
        Column("less", msg("Per unit less"), digits=4, signed=True),
        Column("up", msg("Holds for up to"), digits=2),
        Column("down", msg("Holds down to minus"), digits=2),
        Column("target_unit", msg("Unit of target")),
    )
    note = msg(
        "At the best value of the target with all targets met, starts of projects held. Where both sides"
        " differ there is a kink. Empty: holds as far as was looked."
    )
    return Table(
        "explain_prices",
        msg("Binding constraints and what they are worth"),
        columns,
        tuple(rows),
        ("target", "row"),
        note,
    )
