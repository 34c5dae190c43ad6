"""Why the sheet cannot be met and what would do, or what binds where it can: tables and a paragraph
(为什么)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..engine.optimise.explain import Explanation, Relief
from ..engine.optimise.reach import Goal
from ..models.quantity import Text
from ..models.target import Rung
from ..solvers.conflict import Conflict
from .format import unit_text, written
from .table import Column, Table, hide_empty
from .table_chances import percent
from .table_limits import assumed_row, limit_name, named, priced
from .table_required import confidence_rows, goal_text, goal_value
from .wording import (
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

if TYPE_CHECKING:
    from ..engine.assess import Run
    from .setting import Setting

_NAMED = 6  # things that a sentence lists
_LEAST = 0.0005  # a worth that is printed as nothing is left out of the sentence
DIFFERS = Text(
    zh=(
        "这里求追加投资和放宽限制的总权重最小（数量×权重之和，只用于比较，不是金额），几项可一起动；simulate"
        " optimize required 只放开投资总量、其他限制都不动，求投资最少，两处的投资增加数可以不同。"
    ),
    en=(
        "here the total weight of what is added or relaxed is least (amount × weight, summed; it ranks ways"
        " and is no money), and several limits may give way together; simulate optimize required lets"
        " investment alone go and seeks the least of it, so that the two amounts of investment may differ."
    ),
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
        ("verdict", Text(zh="结论", en="Verdict"), both(lambda lang: _verdict(setting, found, lang))),
        *assumed_row(setting),
        *confidence_rows(setting),
        ("have", Text(zh="现有", en="Have"), both(lambda lang: _have(found, lang))),
    ]
    if found.conflicts or _free(setting, found):
        parts.append(("why", Text(zh="症结", en="Why"), both(lambda lang: _why(setting, found, lang))))
    if found.rung is not Rung.PLAN:
        parts.append(("do", Text(zh="办法", en="Fixes"), both(lambda lang: _ways(setting, found, lang))))
    if any(fix is not None and fix.relaxed for _, fix in found.fixes):
        parts.append(("other", Text(zh="与 required 的区别", en="Not the same as required"), DIFFERS))
    if found.prices:
        parts.append(
            ("worth", Text(zh="卡点", en="Binding"), both(lambda lang: _binding(setting, found, lang)))
        )
    columns = (
        Column("line", "代码", "Line id", shown=False),
        Column("label", "事项", "Line"),
        Column("text", "内容", "Text"),
    )
    return Table("summary", Text(zh="摘要", en="Summary"), columns, tuple(parts), ("line",))


def _verdict(setting: Setting, found: Explanation, lang: str) -> str:
    zh, count, tier = lang == "zh", len(found.goals), TIERS[found.tier].of(lang)
    whole = {
        Rung.PLAN: ("现方案即可全部达到", "all met by the plan"),
        Rung.MIX: ("换一个投资结构即可全部达到，不需放宽限制", "all met by another mix, no limit relaxed"),
        Rung.RELAXED: ("放宽限制才能全部达到", "all met only if limits are relaxed"),
        Rung.OUT: (
            ("限制全部放宽到终点也不能全部达到", "not all met even with every limit relaxed to its end")
            if any(limit.relax_to is not None for limit in setting.scenario.limits.values())
            else (
                "现有约束和计划投资总量内不能全部达到",
                "not all met within the limits and the plan's investment",
            )
        ),
        Rung.UNDECIDED: (
            "求解与模拟未得出结论",
            "undecided: the solver promises it, no simulation confirms it",
        ),
    }[found.rung]
    if found.rung is Rung.MIX and found.run is not None and only_less(setting, found.run):
        whole = ("压减投资即可全部达到，不需放宽限制", "all met by less investment, no limit relaxed")
    fix = next((fix for goals, fix in found.fixes if len(goals) == len(found.goals)), None)
    if found.rung is Rung.RELAXED and fix is not None and inside(setting, fix):
        whole = (
            "在限额以内追加投资才能全部达到，不需放宽限制",
            "all met only with more investment, within the limits",
        )
    if count == 1:  # "all" of one target reads ill
        name = goal_text(found.goals[0], lang)
        return (
            f"{name}：{whole[0].replace('全部达到', '达到')}。"
            if zh
            else f"{name}: {whole[1].removeprefix('all ').replace('not all met', 'not met')}."
        )
    if found.together is None:
        return (
            f"{tier}档 {count} 个目标合在一起：{whole[0]}。"
            if zh
            else f"{count} targets together, tier {tier}: {whole[1]}."
        )
    stated, chance = setting.scenario.doubt.confidence, percent(found.together)
    asked = stated.value if stated else 50
    few = 100 * found.together < asked
    if zh:
        return (
            f"{tier}档 {count}"
            f" 个目标逐个看：{whole[0]}；同时达到的概率{chance}，{'低于' if few else '不低于'}所要求的{asked:g}%。"  # noqa: E501
        )
    return (
        f"{count} targets, tier {tier}, each by itself: {whole[1]}; all at once in {chance} of the futures,"
        f" {'below' if few else 'no less than'} the {asked:g} % asked for."
    )


def _have(found: Explanation, lang: str) -> str:
    missed = found.missed
    met = len(found.goals) - len(missed)
    parts = [
        f"{goal.target.title.of(lang)}"
        f" {goal_value(goal, found.values[goal.target.id] + goal.target.margin, lang, goal.target.digits + 1)}"  # noqa: E501
        + (
            f"（要{goal_value(goal, goal.threshold, lang, goal.target.digits)}）"
            if lang == "zh"
            else f" (need {goal_value(goal, goal.threshold, lang, goal.target.digits)})"
        )
        for goal in missed
    ]
    if len(found.goals) == 1:
        told = parts[0] if parts else goal_text(found.goals[0], lang)
        if lang == "zh":
            return f"按现方案，{told}，{'未达' if parts else '达到'}。"
        return f"by the plan, {told}, {'missed' if parts else 'met'}."
    if lang == "zh":
        return f"按现方案，{met} 个达到" + (
            f"，{len(missed)} 个未达：{listed(parts, lang, _NAMED)}。" if parts else "。"
        )
    return f"the plan meets {met}" + (
        f" and misses {len(missed)}: {listed(parts, lang, _NAMED)}." if parts else "."
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
            f"{name}：现方案投资不够，限制并不妨碍，限额以内追加即可"
            if lang == "zh"
            else f"{name}: the plan invests too little; no limit forbids it, more within the limit does"
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


def _holding(setting: Setting, group: Sequence[Conflict], lang: str) -> str:
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
            (("demand", "market"), ("需求", "demand")),
            (("capacity", "feed"), ("产能", "capacity")),
        )
        if heads & set(heads_)
    ]
    return ("、" if lang == "zh" else " and ").join(
        text[lang != "zh"] for text in known or [("需求", "demand")]
    )


def _joined(parts: Sequence[str], lang: str) -> str:
    return ("；" if lang == "zh" else "; ").join(parts) + ("。" if lang == "zh" else ".")


def _conflict(
    setting: Setting, found: Explanation, group: Sequence[Conflict], goals: dict[str, Goal], lang: str
) -> str:
    zh, one = lang == "zh", group[0]
    what = listed([goal_text(goals[key], lang) for each in group for key in each.goals], lang, _NAMED)
    limits = listed([limit_name(setting, key, lang) for key in one.limits], lang)
    each = len(group) > 1
    if not one.goals and one.limits:
        return (
            f"限制互相矛盾，没有任何方案能同时满足：{limits}"
            if zh
            else f"the limits contradict each other, no plan keeps all of {limits}"
        )
    if not one.limits and not one.facts:
        return f"{what}：没有哪项决策能改变它" if zh else f"{what}: nothing that a plan decides moves it"
    if not one.limits:
        return (
            f"{what}：与限制无关，市场和产能本身就不够"
            if zh
            else f"{what}: no limit is to blame, markets and capacity fall short"
        )
    if _beyond(found, group) and one.limits:
        ends = any(
            key in setting.scenario.limits and setting.scenario.limits[key].relax_to is not None
            for key in one.limits
        )
        if ends:
            held = (
                f"受{_holding(setting, group, lang)}所限"
                if zh
                else f"{_holding(setting, group, lang)} in the way"
            )
            return (
                f"{what}：“{limits}”放宽到终点也不够，{held}"
                if zh
                else f"{what}: {limits} relaxed to the end is not enough, with {held}"
            )
        return (
            f"{what}{'各自' if each else ''}与“{limits}”不能并存"
            if zh
            else f"{what}{', each alone,' if each else ''} cannot stand with {limits}"
        )
    if _beyond(found, group):
        if zh:
            return f"{what}{'都' if each else ''}受{_holding(setting, group, lang)}所限，各项限制都放宽到终点也不够"  # noqa: E501
        return (
            f"{what}: {_holding(setting, group, lang)}"
            f" hold{'' if ' and ' in _holding(setting, group, lang) else 's'} {'them' if each else 'it'}"
            " down, every limit relaxed to its end is not enough"
        )
    if zh:
        return f"{what}{'各自' if each else '合在一起' if len(one.goals) > 1 else ''}与“{limits}”不能并存"
    return (
        f"{what}{', each alone,' if each else ' together' if len(one.goals) > 1 else ''} cannot stand with"
        f" {limits}"
    )


def _ways(setting: Setting, found: Explanation, lang: str) -> str:
    zh = lang == "zh"
    if found.rung is Rung.MIX and found.run is not None:
        mix = moved(setting, found.run, lang)
        if only_less(setting, found.run):
            return f"不放宽限制，{mix}。" if zh else f"no limit relaxed, {mix}."
        return f"不放宽限制，改投资结构：{mix}。" if zh else f"no limit relaxed, another mix: {mix}."
    parts = []
    for goals, fix in sorted(found.fixes, key=lambda pair: math.inf if pair[1] is None else pair[1].cost):
        if fix is not None:
            what = _scope(goals, found, lang)
            parts.append(
                f"{what}：{relaxed(setting, fix, lang)}" if zh else f"{what}: {relaxed(setting, fix, lang)}"
            )
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
            how = relaxed(setting, fix, lang) if fix.relaxed else ("不放宽限制" if zh else "no limit relaxed")
            ease = any(
                old.target.sign < 0
                for old, new in zip(found.goals, lower, strict=True)
                if new.threshold != old.threshold
            )
            parts.append(
                f"{'全部一起：' if len(found.goals) > 1 else ''}目标须{'放宽' if ease else '降低'}（{down}），"  # noqa: E501
                f"并{how}"
                if zh
                else (
                    f"{'all together: targets' if len(found.goals) > 1 else 'the target'} must"
                    f" {'give way' if ease else 'come down'} ({down}), with {how}"
                )
            )
    if not parts:
        return "没有找到可行的办法。" if zh else "none found."
    return _joined(parts, lang)


def _no_limit(setting: Setting, run: Run) -> Text:
    """That no limit need be relaxed, and what is enough."""
    if only_less(setting, run):
        return Text(zh="不需放宽，压减投资即可", en="nothing: less investment is enough")
    return Text(zh="不需放宽，换结构即可", en="nothing: another mix is enough")


def _scope(goals: Sequence[Goal], found: Explanation, lang: str) -> str:
    if len(goals) == len(found.goals) > 1:
        return "全部目标" if lang == "zh" else "all targets"
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
            f"{named(row).of(lang)}每多 {one_more(row.unit, lang)}，{first.title.of(lang)} {worth}（{span}）"
            if lang == "zh"
            else f"{named(row).of(lang)} +{one_more(row.unit, lang)} = {worth} ({span})"
        )
    best = goal_value(Goal(first, 0.0), own[0].best, lang, first.digits + 1)
    head = (
        f"在各目标都达到时{first.title.of(lang)}最好到{best}："
        if lang == "zh"
        else f"with all met, {first.title.of(lang)} can reach {best}: "
    )
    return head + ("；" if lang == "zh" else "; ").join(parts) + ("。" if lang == "zh" else ".")


def _range(up: float, lang: str) -> str:
    if math.isinf(up):
        return "在查看范围内一直有效" if lang == "zh" else "as far as was looked"
    text = written(up, 2, lang)
    return f"再多{text}以内有效" if lang == "zh" else f"for up to {text} more"


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
        Column("target", "目标代码", "Target id", shown=False),
        Column("title", "目标", "Target"),
        Column("tier", "档次", "Tier"),
        Column("unit", "单位", "Unit"),
        Column("have", "现有", "Have", digits_from="fine"),
        Column("need", "要求", "Need", digits_from="digits"),
        Column("gap", "余(+)缺(-)", "+room -gap", digits_from="fine", signed=True),
        Column("met", "达到", "Met"),
        Column("found", "换结构后", "With another mix", digits_from="fine"),
        Column("lowered", "可一起达到", "Met together at", digits_from="digits"),
        Column("digits", "位数", "Digits", digits=0, shown=False),
        Column("fine", "位数", "Digits", digits=0, shown=False),
    )
    table = Table(
        "explain_targets", Text(zh="现有与要求", en="Have and need"), columns, tuple(rows), ("target",)
    )
    return hide_empty(table, "found", "lowered")


def _conflicts(setting: Setting, found: Explanation) -> Table:
    """One row per member of an irreducible conflict."""
    goals = {goal.target.id: goal for goal in found.goals}
    kinds = {
        "target": Text(zh="目标", en="target"),
        "limit": Text(zh="限制", en="limit"),
        "fact": Text(zh="经济条件", en="fact"),
    }
    rows: list[tuple[Any, ...]] = []
    for at, one in enumerate(found.conflicts, start=1):
        members = [
            ("target", key, both(lambda lang, key=key: goal_text(goals[key], lang)))
            for key in one.goals  # type: ignore[misc]
        ]
        members += [
            ("limit", key, both(lambda lang, key=key: limit_name(setting, key, lang)))
            for key in one.limits  # type: ignore[misc]
        ]
        members += [("fact", row, both(lambda lang, row=row: fact(setting, row, lang))) for row in one.facts]  # type: ignore[misc]
        rows += [(at, kind, kinds[kind], key, title, one.proved) for kind, key, title in members]
    columns = (
        Column("conflict", "序号", "No.", digits=0),
        Column("kind_id", "类别代码", "Kind id", shown=False),
        Column("kind", "类别", "Kind"),
        Column("member", "代码", "Member id", shown=False),
        Column("title", "成员", "Member"),
        Column("proved", "逐一验证", "Checked one by one"),
    )
    note = Text(
        zh=(
            "每组不能同时成立，去掉任何一项其余即可成立；“逐一验证”是把成员逐个去掉重新求解的结果。"
            "一个目标只出现在一组里。"
        ),
        en=(
            "The members of a conflict cannot all hold; without any one of them the others can: each was left"
            " out and the problem solved again. No target stands in two conflicts."
        ),
    )
    return Table(
        "explain_conflicts",
        Text(zh="不可并存的组合", en="Conflicts"),
        columns,
        tuple(rows),
        ("conflict", "kind_id", "member"),
        note,
    )


_FACTS = {
    "capacity": ("产能", " capacity"),
    "demand": ("需求", " demand"),
    "market": ("市场", " market"),
    "feed": ("原料", " feed"),
    "wish": ("扩产意愿", ": wanted output"),
    "named projects": ("", ""),
}


def fact(setting: Setting, row: str, lang: str) -> str:
    """A fact of the economy in words: the capacity, demand, market or feed of a branch."""
    head, _, rest = row.partition(":")
    known = priced(
        setting, f"{'capacity' if head == 'demand' else 'market' if head == 'wish' else head}:{rest}"
    )
    zh, en = _FACTS.get(head, ("", f" ({head})"))
    return known.title.of(lang) + (zh if lang == "zh" else en)


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
        Column("scope", "对象代码", "Scope id", shown=False),
        Column("what", "要达到", "To reach"),
        Column("limit", "限制代码", "Limit id", shown=False),
        Column("title", "只动这一项", "This limit alone"),
        Column("unit", "单位", "Unit"),
        Column("amount", "至少追加或放宽", "Least addition or relaxation", digits=2, signed=True),
        Column("inside", "其中限额以内", "Of it within the limit", digits=2, signed=True),
        Column("allowed", "最多可追加或放宽", "May give", digits=2),
        Column("helps", "结论", "Verdict"),
        Column("cost", "权重", "Weight", digits=2),
        Column("simulated", "模拟达到", "Simulated"),
    )
    table = Table(
        "explain_reliefs",
        Text(zh="逐项追加或放宽", en="Least addition or relaxation, each alone"),
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


def _helps(one: Relief) -> Text:
    if not math.isfinite(one.amount):
        return Text(zh="单独放宽无用", en="does not help alone")
    if one.amount <= 0:
        return Text(zh="不需放宽", en="not needed")
    if one.amount > one.allowed * (1 + 1e-9) + 1e-9:
        return Text(zh="超出可放宽范围", en="more than it may give")
    return Text(zh="可行", en="enough")


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
                (
                    Text(zh="降低后的全部目标", en="all targets, lowered")
                    if len(found.goals) > 1
                    else Text(zh="降低后的目标", en="the target, lowered")
                ),
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
                    Text(zh="放宽到终点也达不到", en="out of reach even at the end"),
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
        Column("scope", "对象代码", "Scope id", shown=False),
        Column("what", "要达到", "To reach"),
        Column("limit", "限制代码", "Limit id", shown=False),
        Column("title", "追加或放宽的限制", "Limit used further or relaxed"),
        Column("unit", "单位", "Unit"),
        Column("amount", "追加或放宽", "By", digits=2, signed=True),
        Column("error", "标准误", "s.e.", digits=2),
        Column("inside", "其中限额以内", "Of it within the limit", digits=2, signed=True),
        Column("cost", "合计权重", "Weight in all", digits=2),
        Column("mix", "方案变动", "Changes of the plan", shown=False),
    )
    return hide_empty(
        Table(
            "explain_fixes",
            Text(zh="最省的办法", en="Cheapest fixes"),
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
        Column("target", "目标代码", "Target id", shown=False),
        Column("title", "目标", "Target"),
        Column("row", "约束代码", "Row id", shown=False),
        Column("what", "卡点", "What binds"),
        Column("unit", "单位", "Unit"),
        Column("more", "多1单位", "One more", digits=4, signed=True),
        Column("less", "少1单位", "Per unit less", digits=4, signed=True),
        Column("up", "再多这么多仍有效", "Holds for up to", digits=2),
        Column("down", "再少这么多仍有效", "Holds down to minus", digits=2),
        Column("target_unit", "目标单位", "Unit of target"),
    )
    note = Text(
        zh=(
            "在全部目标达到、该目标最好的方案处；项目开工时间保持不变。价格两侧不同处是拐点。"
            "空缺：在查看的范围内一直有效。"
        ),
        en=(
            "At the best value of the target with all targets met, starts of projects held. Where both sides"
            " differ there is a kink. Empty: holds as far as was looked."
        ),
    )
    return Table(
        "explain_prices",
        Text(zh="卡点与边际价值", en="What binds and what it is worth"),
        columns,
        tuple(rows),
        ("target", "row"),
        note,
    )
