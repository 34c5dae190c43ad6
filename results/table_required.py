"""The least investment that reaches targets, as tables: how much, its mix, its timing, what stops it
(倒推投资)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..engine.longview import Credible, graded
from ..engine.optimise.reach import Goal
from ..engine.optimise.required import Reach, Required
from ..models.quantity import Text
from .format import number, unit_text, written
from .rounding import largest_remainder
from .table import Column, Table, hide_empty
from .table_limits import assumed_row, contradiction_row, limit_name, named, priced
from .wording import TIERS, amount, both, confidence, listed, moved, relax_unit, shifted

if TYPE_CHECKING:
    from ..engine.assess import Run
    from .setting import Setting

_BINDS = 4  # rows that a reason names
FAR = 3
"""A limit that would have to give this many times itself is called unrealistic."""
DIFFERS = Text(
    zh=(
        "这里只放开投资总量，其他限制只在别无他法时才放宽，求投资最少；simulate explain"
        " 则允许几项限制一起放宽、按各自权重求总权重最小，那里的投资可以少些，而另有限制要放宽。"
    ),
    en=(
        "here investment alone is let go, other limits give way only where nothing else does, and the least"
        " investment is sought; simulate explain relaxes several limits together at the least total weight,"
        " so that it may take less investment while other limits give way."
    ),
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
    tier = TIERS[goal.tier].of(lang) if goal.tier else ""
    value = goal_value(goal, goal.threshold, lang, goal.target.digits if goal.tier else None)
    title = goal.target.title.of(lang)
    return (
        f"{title}{tier} {value}".strip()
        if lang == "zh"
        else " ".join(part for part in (title, tier, value) if part)
    )


def goal_value(goal: Goal, value: float, lang: str, digits: int | None) -> str:
    """A value of a target with its unit."""
    unit = goal.target.unit
    if unit == "%":
        return written(value, digits, lang) + "%"
    return amount(value, unit, lang, goal.target.digits if digits is None else digits)


def _limit(setting: Setting) -> float:
    """The lowest limit on all investment, infinite where there is none."""
    return min(
        (q.stated.value for q in setting.scenario.limits.values() if q.kind.all_money), default=math.inf
    )


def _planned(setting: Setting) -> float:
    return float(setting.plan.plan.investment[:, 0].sum())


def sentence(setting: Setting, one: Required, lang: str) -> str:
    """One answer in a sentence: how much, how much more than the plan, whether a limit stands in the way."""
    zh, what = lang == "zh", label(one.goals, lang)
    if one.run is None:
        return what + ("：" if zh else ": ") + why_not(setting, one, lang)
    more = one.money - _planned(setting)
    money = amount(one.money, "亿元", lang, error=one.error)
    than = amount(abs(more), "亿元", lang)
    capped = all(goal.target.sign < 0 for goal in one.goals)
    if one.run is setting.plan:
        return (
            f"{what}：现方案已在上限之内，投资{money}不必减。"
            if zh
            else f"{what}: the plan keeps it already, with {money} of investment."
        )
    if zh:
        told = (
            f"{what}：全年投资{'至多' if capped else '至少'}{money}，比现方案{'多' if more >= 0 else '少'}"
            f" {than}"
        )
    else:
        told = (
            f"{what}: {'at most' if capped else 'at least'} {money} of investment in the year, {than}"
            f" {'more' if more >= 0 else 'less'} than the plan"
        )
    beyond = one.money - _limit(setting)
    if beyond > 1e-6:
        told += (
            f"，超出投资总量限制{amount(beyond, '亿元', lang)}"
            if zh
            else f", {amount(beyond, '亿元', lang)} above the limit on investment"
        )
    told += _past_the_end(setting, one.money, lang)
    if one.relaxed:
        told += (
            f"，并须放宽{_relaxed(setting, one, lang)}"
            if zh
            else f"; also relaxed: {_relaxed(setting, one, lang)}"
        )
    told += _credible(setting, one.run, one.money, lang)
    mix = moved(setting, one.run, lang)
    return f"{told}；结构：{mix}。" if zh else f"{told}; mix against the plan: {mix}."


def _past_the_end(setting: Setting, money: float, lang: str) -> str:
    """That an amount lies beyond what the limit on investment can be relaxed to."""
    ends = [
        q.relax_to.value if q.relax_to else q.stated.value
        for q in setting.scenario.limits.values()
        if q.kind.all_money
    ]
    end = min(ends, default=math.inf)
    if money <= end + 1e-6:
        return ""
    told = amount(end, "亿元", lang)
    return (
        f"，也超出可放宽的终点{told}" if lang == "zh" else f", beyond {told}, the most it can be relaxed to"
    )


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
    if lang == "zh":
        return (
            f"；{grade.value.zh}（资本形成占GDP {written(share, 1, lang)}%，历史最高"
            f" {written(stated.highest.value, 1, lang)}%）"
        )
    return (
        f"; {grade.value.en} (capital formation {written(share, 1, lang)} % of GDP, the highest on record"
        f" {written(stated.highest.value, 1, lang)} %)"
    )


def _relaxed(setting: Setting, one: Required, lang: str) -> str:
    limits = setting.scenario.limits
    parts = [
        f"{limits[key].title.of(lang)} {amount(more, relax_unit(setting, key), lang, plus=True)}"
        for key, more in (one.relaxed or {}).items()
    ]
    cost = number(one.cost, 1)
    return listed(parts, lang) + (
        f"（权重 {cost}，只用于比较，不是金额）"
        if lang == "zh"
        else f" (weight {cost}, which ranks ways and is no money)"
    )


def why_not(setting: Setting, one: Required, lang: str) -> str:
    """Why no investment reaches the goals, in a sentence."""
    zh, best = lang == "zh", one.best or {}
    if one.reach is Reach.UNDECIDED:
        return "求解或模拟未得出结论" if zh else "neither solver nor simulation came to an answer"
    short = [goal for goal in one.goals if goal.target.id in best and not goal.met(best[goal.target.id])]
    parts = []
    for goal in short:
        top = goal_value(goal, best[goal.target.id], lang, goal.target.digits + 1)
        name = goal.target.title.of(lang)
        least = goal.target.sign < 0
        parts.append(
            f"投资再多、其他限制都放宽到终点，{name}{'最低' if least else '最高'}也只到 {top}"
            if zh
            else (
                f"however much is invested, and with the other limits relaxed to their end, {name} comes to"
                f" {'at least' if least else 'at most'} {top}"
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
            f"只有突破可放宽的终点才行{'，任选其一' if len(gives) > 1 else ''}：{listed(gives, lang)}"
            if zh
            else (
                f"only beyond the end of a limit{', any one of' if len(gives) > 1 else ''}:"
                f" {listed(gives, lang)}"
            )
        )
    elif not one.binds and not one.clash:
        parts.append("没有一项限制放开即可达到" if zh else "no single limit taken away lets it through")
    return ("；" if zh else "; ").join(parts) + ("。" if zh else ".")


def _clash(setting: Setting, one: Required, lang: str) -> str:
    """What cannot stand together, though no goal fails by itself."""
    zh, goals = lang == "zh", one.clash.goals if one.clash else ()
    limits = listed([limit_name(setting, key, lang) for key in one.clash.limits], lang) if one.clash else ""
    if one.clash and not goals:
        return (
            f"限制互相矛盾，没有任何方案能同时满足：{limits}"
            if zh
            else f"the limits contradict each other, no plan keeps all of {limits}"
        )
    rows = [goal_text(goal, lang) for goal in one.goals if goal.target.id in goals]
    head = (
        "各项单独可达，合在一起不可达"
        if zh and len(one.goals) > 1
        else "each can be reached, not all together"
        if len(one.goals) > 1
        else ""
    )
    if not goals:
        return head
    what = listed(rows, lang)
    with_ = (f"（在{limits}之下）" if zh else f" (given {limits})") if limits else ""
    if len(rows) > 1:
        return (
            f"{head}：{what}互相冲突{with_}"
            if zh
            else f"{head}: {rows[0]} conflicts with {listed(rows[1:], lang)}{with_}"
        )
    return f"{what}与“{limits}”不能并存" if zh else f"{what} conflicts with {limits}"


def _times(lift: float, limit: float, lang: str) -> str:
    """That what a limit would have to give is several times the limit itself: no plan does that."""
    if limit <= 0 or lift < FAR * limit:
        return ""
    times = written(lift / limit, 0, lang)
    return (
        f"（为上限的{times}倍，不现实）"
        if lang == "zh"
        else f" ({times} times the limit: no realistic change)"
    )


def _binds(setting: Setting, one: Required, lang: str) -> str:
    """What binds at the best value, the strongest first."""
    order = sorted((one.binds or {}).items(), key=lambda pair: -abs(pair[1]))
    rows = [(priced(setting, row), price) for row, price in order if row != "total money"][:_BINDS]
    return ("卡在" if lang == "zh" else "held by ") + listed(
        dict.fromkeys(named(row).of(lang) for row, _ in rows), lang
    )


def _summary(setting: Setting, found: Sequence[Required], points: Sequence[Required]) -> Table:
    head = Text(zh="倒推投资", en="Required")
    rows = [
        *contradiction_row(setting),
        *assumed_row(setting),
        *confidence_rows(setting),
        *(
            (f"answer_{at}", head, both(lambda lang, one=one: sentence(setting, one, lang)))  # type: ignore[misc]
            for at, one in enumerate(found, start=1)
        ),
    ]
    if any(one.run is not None for one in found):
        rows.append(("other", Text(zh="与 explain 的区别", en="Not the same as explain"), DIFFERS))
    reached = [one for one in points if one.run is not None]
    if len(reached) > 1:
        rows.append(
            ("curve", Text(zh="曲线", en="Curve"), both(lambda lang: _slope(reached[0], reached[-1], lang)))
        )
    columns = (
        Column("line", "代码", "Line id", shown=False),
        Column("label", "事项", "Line"),
        Column("text", "内容", "Text"),
    )
    return Table("summary", Text(zh="摘要", en="Summary"), columns, tuple(rows), ("line",))


def confidence_rows(setting: Setting) -> list[tuple[str, Text, Text]]:
    """The chance from which a goal counts as reached, as a line of a summary."""
    chance = confidence(setting)
    return [
        (
            "confidence",
            Text(zh="把握", en="Confidence"),
            Text(
                zh=f"目标达到的概率不低于{chance}才算达到。",
                en=f"a goal counts as reached from a chance of {chance}.",
            ),
        )
    ]


def _slope(first: Required, last: Required, lang: str) -> str:
    low, high = first.goals[0], last.goals[0]
    from_, to = (goal_value(goal, goal.threshold, lang, None) for goal in (low, high))
    more = amount(last.money - first.money, "亿元", lang, plus=True)
    name = low.target.title.of(lang)
    return (
        f"{name}由{from_}提到{to}，全年投资 {more}。"
        if lang == "zh"
        else f"{name} from {from_} to {to}: {more} of investment in the year."
    )


_HEAD = (Column("answer", "序号", "No.", digits=0), Column("what", "要达到", "To reach"))


def _head(at: int, one: Required) -> tuple[Any, ...]:
    return (at, both(lambda lang: label(one.goals, lang)))


def _required(setting: Setting, found: Sequence[Required]) -> Table:
    """One row per question."""
    columns = (
        *_HEAD,
        Column("reach_id", "结论代码", "Verdict id", shown=False),
        Column("reach", "结论", "Verdict"),
        Column("money", "最少投资", "Least investment", "亿元", 1),
        Column("error", "标准误", "s.e.", "亿元", 1),
        Column("plan_money", "现方案投资", "In the plan", "亿元", 1),
        Column("more", "相差", "More", "亿元", 1, signed=True),
        Column("limit", "总量限制", "Limit", "亿元", 1),
        Column("beyond", "超出限制", "Above the limit", "亿元", 1),
        Column("relaxed", "另须放宽", "Also relaxed"),
        Column("cost", "放宽的权重", "Weight of that", digits=2),
        Column("why", "原因", "Why not", shown=False),
    )
    limit, plan, rows = _limit(setting), _planned(setting), []
    for at, one in enumerate(found, start=1):
        there = one.run is not None
        rows.append(
            (
                *_head(at, one),
                one.reach.name.lower(),
                one.reach.value,
                one.money if there else None,
                one.error,
                plan,
                one.money - plan if there else None,
                limit if math.isfinite(limit) else None,
                max(0.0, one.money - limit) if there and math.isfinite(limit) else None,
                both(lambda lang, one=one: _relaxed(setting, one, lang)) if one.relaxed else None,  # type: ignore[misc]
                one.cost if one.relaxed else None,
                None if there else both(lambda lang, one=one: why_not(setting, one, lang)),  # type: ignore[misc]
            )
        )
    note = Text(
        zh=(
            "最少投资：在投资总量限制之外的各项限制内、使目标达到的最小全年投资，"
            "方案已重新模拟；标准误是抽样误差。档次按表内位数四舍五入后计；"
            "问题中直接给的数按原数计。"
        ),
        en=(
            "Least investment of the year that reaches the targets within every limit but that on all"
            " investment; its plan is simulated again; the s.e. is what the draws leave open. A tier counts"
            " after rounding as the sheet prints it; a value stated in the question counts as it stands."
        ),
    )
    table = Table(
        "required", Text(zh="倒推投资", en="Investment required"), columns, tuple(rows), ("answer",), note
    )
    return hide_empty(table, "error", "limit", "beyond", "relaxed", "cost")


def _goals(setting: Setting, found: Sequence[Required]) -> Table:
    """One row per question and target: threshold, plan, promise, simulation."""
    columns = (
        *_HEAD[:1],
        Column("target", "目标代码", "Target id", shown=False),
        Column("title", "目标", "Target"),
        Column("tier", "档次", "Tier"),
        Column("unit", "单位", "Unit"),
        Column("threshold", "要求", "Wanted", digits_from="digits"),
        Column("expected", "现方案", "In the plan", digits_from="fine"),
        Column("promised", "优化承诺", "Promised", digits_from="fine"),
        Column("value", "模拟", "Simulated", digits_from="fine"),
        Column("met", "达到", "Reached"),
        Column("best", "投多少最高到", "Best, any investment", digits_from="fine"),
        Column("digits", "位数", "Digits", digits=0, shown=False),
        Column("fine", "位数", "Digits", digits=0, shown=False),
    )
    rows = []
    for at, one in enumerate(found, start=1):
        for goal in one.goals:
            key, target = goal.target.id, goal.target
            value = (one.values or {}).get(key)
            rows.append(
                (
                    at,
                    key,
                    target.title,
                    TIERS[goal.tier] if goal.tier else Text(zh="指定值", en="as stated"),
                    unit_text(target.unit),
                    goal.threshold,
                    float(setting.sheet.value(target, setting.plan.path, setting.year)[0]),
                    (one.promised or {}).get(key),
                    value,
                    None if value is None else goal.met(value),
                    (one.best or {}).get(key),
                    target.digits if goal.tier else max(target.digits, _digits(goal.threshold)),
                    target.digits + 2,
                )
            )
    table = Table(
        "required_goals",
        Text(zh="承诺与模拟", en="Promised and simulated"),
        columns,
        tuple(rows),
        ("answer", "target"),
    )
    return hide_empty(table, "promised", "value", "met", "best")


def _digits(value: float) -> int:
    return len(f"{value:.10g}".partition(".")[2])


def _mix(setting: Setting, found: Sequence[Required]) -> Table:
    """Money by sector in the plan and in each answer."""
    columns = (
        *_HEAD[:1],
        Column("sector", "部门代码", "Sector id", shown=False),
        Column("title", "部门", "Sector"),
        Column("plan_money", "现方案投资", "Money in the plan", "亿元", 1),
        Column("money", "投资", "Money", "亿元", 1),
        Column("more", "相差", "Change", "亿元", 1, signed=True),
        Column("plan_share", "现方案占比", "Share in the plan", "%", 1),
        Column("share", "占比", "Share", "%", 1),
    )
    rows: list[tuple[Any, ...]] = []
    before = largest_remainder([float(x) for x in setting.plan.plan.shares], 1, 100.0)
    for at, one in enumerate(found, start=1):
        if one.run is None:
            continue
        after = largest_remainder([float(x) for x in one.run.plan.shares], 1, 100.0)
        for i, (key, sector) in enumerate(setting.scenario.sectors.items()):
            old, new = float(setting.plan.plan.investment[i, 0]), float(one.run.plan.investment[i, 0])
            rows.append((at, key, sector.title, old, new, new - old, before[i], after[i]))
    return Table("required_mix", Text(zh="投资结构", en="Mix"), columns, tuple(rows), ("answer", "sector"))


def _timing(setting: Setting, found: Sequence[Required]) -> Table:
    """Projects that start at another time than the plan says."""
    columns = (
        *_HEAD[:1],
        Column("project", "项目代码", "Project id", shown=False),
        Column("title", "项目", "Project"),
        Column("plan_start", "现方案开工", "Start in the plan"),
        Column("start", "开工", "Start"),
        Column("earlier", "提前", "Brought forward", "months", 0, signed=True),
    )
    rows = []
    for at, one in enumerate(found, start=1):
        for key, shift in (one.run.plan.shifts if one.run else {}).items():
            if shift:
                project = setting.scenario.projects[key]
                start = project.start or ""
                rows.append((at, key, project.title, start or None, _month(start, shift), -shift))
    table = Table(
        "required_timing", Text(zh="开工时间", en="Timing"), columns, tuple(rows), ("answer", "project")
    )
    return hide_empty(table, "plan_start", "start")


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
    base = setting.economy.base_year
    runs: list[tuple[int, Run]] = [(0, setting.plan)]
    runs += [(at, one.run) for at, one in enumerate(found, start=1) if one.run is not None]
    rows = [
        (
            at,
            base + t,
            float(run.plan.investment[:, t - 1].sum()),
            float(run.path.works.invested[:, t - 1].sum(axis=0)[0]),
        )
        for at, run in runs
        for t in range(1, setting.economy.years + 1)
    ]
    columns = (
        *_HEAD[:1],
        Column("year", "年份", "Year", digits=0),
        Column("planned", "计划投资", "Planned", "亿元", 1),
        Column("done", "完成投资", "Put in place", "亿元", 1),
    )
    note = Text(
        zh="序号0是现方案；以后各年按方案的总量比例。",
        en="No. 0 is the plan; later years keep the plan's ratio of totals.",
    )
    return Table(
        "required_years",
        Text(zh="分年投资", en="Investment by year"),
        columns,
        tuple(rows),
        ("answer", "year"),
        note,
    )


def _curve(setting: Setting, points: Sequence[Required]) -> Table:
    """Least investment over values of one target, and what the last step cost."""
    columns = (
        Column("value", "目标值", "Value", digits_from="digits"),
        Column("unit", "单位", "Unit"),
        Column("reach_id", "结论代码", "Verdict id", shown=False),
        Column("reach", "结论", "Verdict"),
        Column("money", "最少投资", "Least investment", "亿元", 1),
        Column("error", "标准误", "s.e.", "亿元", 1),
        Column("more", "比现方案", "Against the plan", "亿元", 1, signed=True),
        Column("simulated", "模拟", "Simulated", digits_from="fine"),
        Column("step", "再高1单位", "One unit more costs", "亿元", 1),
        Column("mix", "主要结构变动", "Main changes"),
        Column("shifts", "调整的项目", "Projects moved"),
        Column("digits", "位数", "Digits", digits=0, shown=False),
        Column("fine", "位数", "Digits", digits=0, shown=False),
    )
    rows: list[tuple[Any, ...]] = []
    digits = max((_digits(one.goals[0].threshold) for one in points), default=1)
    before: Required | None = None
    for one in points:
        goal = one.goals[0]
        run = one.run
        step = None
        if before is not None and run is not None:
            step = (one.money - before.money) / (goal.threshold - before.goals[0].threshold)
        rows.append(
            (
                goal.threshold,
                unit_text(goal.target.unit),
                one.reach.name.lower(),
                one.reach.value,
                one.money if run else None,
                one.error,
                one.money - _planned(setting) if run else None,
                (one.values or {}).get(goal.target.id),
                step,
                both(lambda lang, run=run: moved(setting, run, lang)) if run else None,  # type: ignore[misc]
                both(lambda lang, run=run: shifted(setting, run, lang))  # type: ignore[misc]
                if run and any(run.plan.shifts.values())
                else None,
                digits,
                digits + 2,
            )
        )
        before = one if run is not None else before
    name = points[0].goals[0].target.title if points else Text(zh="目标", en="a target")
    title = Text(zh=f"最少投资随{name.zh}的变化", en=f"Least investment over {name.en}")
    return hide_empty(
        Table("required_curve", title, columns, tuple(rows), ("value",)), "error", "shifts", "step"
    )
