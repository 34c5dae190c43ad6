"""A choice of projects as tables: which start when, what is left out, what it costs by source and quarter
(项目优选)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ..engine.assess import Run
from ..engine.study import Study
from ..models.quantity import Text
from ..models.selection import Broken, Programme
from ..solvers.select import Choice
from ..solvers.solution import Status
from .format import number, unit_text
from .table import Column, Table, hide_empty
from .wording import amount, both, listed

RULES = {
    "budget": Text(zh="资金", en="money"),
    "must": Text(zh="必上项目", en="project that must start"),
    "region_least": Text(zh="地区开工数下限", en="least starts of a region"),
    "region_most": Text(zh="地区开工数上限", en="most starts of a region"),
    "region_money": Text(zh="地区投资上限", en="most investment of a region"),
    "starts": Text(zh="开工数下限", en="least starts"),
    "completions": Text(zh="竣工数下限", en="least completions"),
}


def select_tables(
    programme: Programme,
    choice: Choice,
    short: Sequence[Broken] = (),
    begun: Study | None = None,
    run: Run | None = None,
) -> dict[str, Table]:
    """Every table of the answer by name; of a scenario's projects the regions are its sectors."""
    names = {} if begun is None else {key: sector.title for key, sector in begun.scenario.sectors.items()}
    made = [_summary(programme, choice, short, begun, run), _short(short)]
    if choice.found:
        made += [
            _starts(programme, choice, names),
            _left(programme, choice, names),
            _money(programme, choice),
            _regions(programme, choice, names),
            _quarters(programme, choice),
        ]
        if begun is not None and run is not None:
            made.append(_targets(begun, run))
    return {table.name: table for table in made if table.rows}


def _summary(
    programme: Programme, choice: Choice, short: Sequence[Broken], begun: Study | None, run: Run | None
) -> Table:
    columns = (
        Column("line", "代码", "Line id", shown=False),
        Column("label", "事项", "Line"),
        Column("text", "内容", "Text"),
    )
    rows = [
        (
            "choice",
            Text(zh="优选", en="Choice"),
            both(partial(_said, programme, choice, short, begun is not None)),
        )
    ]
    if begun is not None and run is not None:
        rows.append(("advice", Text(zh="建议", en="Advice"), both(partial(_advice, begun, run))))
    return Table("summary", Text(zh="摘要", en="Summary"), columns, tuple(rows), ("line",))


def _advice(begun: Study, run: Run, lang: str) -> str:
    """What the choice does to the targets of the year and to GDP later, and whether it is to be recommended:
    never where all it does is harm."""
    moved = {
        target.id: (
            target.sign * (begun.assessor.value(target, run) - begun.assessor.value(target, begun.plan))
        )
        for target in begun.assessor.targets
    }
    least = {target.id: 0.5 * 10.0 ** -(target.digits + 1) for target in begun.assessor.targets}
    up, down = ([key for key, value in moved.items() if sign * value > least[key]] for sign in (1.0, -1.0))
    later = float(run.path.gdp[-1, 0] - begun.plan.path.gdp[-1, 0])
    year, money = begun.scenario.years.last, amount(later, "亿元", lang, plus=True)
    titles = {target.id: target.title.of(lang) for target in begun.assessor.targets}
    loses = listed([titles[key] for key in down], lang, 3)
    if not up and later <= 0.05 and (down or later < -0.05):
        return (
            f"不建议采用：{f'{loses}下降，' if down else ''}{year}年GDP {money}，"
            "没有目标因此提高；未入选项目的投资随之取消，按现方案开工更好"
            if lang == "zh"
            else (
                f"not recommended: {f'{loses} fall, ' if down else ''}GDP of {year} {money}, and no target"
                " gains; the money of projects that are not chosen is not spent. Keep the plan's starts"
            )
        )
    gains = listed([titles[key] for key in up], lang, 3)
    if not down and (up or later > 0.05):
        return (
            f"可采用：{f'{gains}提高，' if up else ''}{year}年GDP {money}"
            if lang == "zh"
            else f"worth taking: {f'{gains} rise, ' if up else ''}GDP of {year} {money}"
        )
    if not up and not down:
        return "与现方案没有可见差别" if lang == "zh" else "no visible difference to the plan"
    zh = f"取舍：{f'{gains}提高，' if up else ''}{loses}下降，{year}年GDP {money}；年度目标优先时不宜采用"
    en = (
        f"a trade-off: {f'{gains} rise, ' if up else ''}{loses} fall, GDP of {year} {money}; not to be taken"
        " where the year's targets come first"
    )
    return zh if lang == "zh" else en


def _said(programme: Programme, choice: Choice, short: Sequence[Broken], stated: bool, lang: str) -> str:
    """The choice in a sentence; projects that a scenario has ``stated`` are worth money, those of a list what
    its column counts."""
    zh, all_ = lang == "zh", len(programme.candidates)
    if not choice.found:
        if choice.status is Status.INFEASIBLE:
            told = _why(short, lang)
            return (
                f"{all_}个候选项目：没有能同时满足全部要求的安排{told}"
                if zh
                else f"{all_} candidates: no schedule keeps every rule{told}"
            )
        return (
            f"{all_}个候选项目：时间用尽，尚未找到可行安排"
            if zh
            else f"{all_} candidates: time ran out before any schedule was found"
        )
    invest = sum(each.invest for each in programme.candidates if each.id in choice.starts)
    gap = number(100 * choice.gap, 2) if np.isfinite(choice.gap) else "∞"
    worth = (
        amount(choice.value, "亿元", lang, 2)
        if stated
        else number(choice.value, 2)
        + ("（单位同候选表的效益）" if zh else " (in the unit of the candidates' values)")
    )
    if zh:
        end = "" if choice.status is Status.OPTIMAL else "时间用尽，为目前最好的安排；"
        return (
            f"{all_}个候选项目选{len(choice.starts)}个，投资 {amount(invest, '亿元', lang)}，现值"
            f" {worth}；{end}与可证明的上界相差{gap}%"
        )
    end = "" if choice.status is Status.OPTIMAL else "time ran out, the best schedule so far; "
    return (
        f"{len(choice.starts)} of {all_} candidates start, with {amount(invest, '亿元', lang)}, worth"
        f" {worth}; {end}no schedule is worth more than {gap} % more"
    )


def _why(short: Sequence[Broken], lang: str) -> str:
    if not short:
        return ""
    parts = [
        f"{RULES[each.rule].of(lang)} {each.what} {number(each.by, 2)}".replace("  ", " ")
        for each in short[:4]
    ]
    more = len(short) - len(parts)
    if lang == "zh":
        return "；至少须放宽：" + "、".join(parts) + (f"等{len(short)}项" if more > 0 else "")
    return (
        "; at least these would have to give: " + ", ".join(parts) + (f" and {more} more" if more > 0 else "")
    )


def _short(short: Sequence[Broken]) -> Table:
    rows = [(each.rule, each.what, RULES[each.rule], each.what, each.by) for each in short]
    columns = (
        Column("rule", "规则代码", "Rule id", shown=False),
        Column("about", "对象代码", "About id", shown=False),
        Column("title", "要求", "Rule"),
        Column("of", "对象", "About"),
        Column("by", "至少须放宽", "Would have to give", digits=2),
    )
    note = Text(
        zh="合计放宽最少（按各自规模）的一组；按项目可拆分计算，实际整项所需略多。",
        en=(
            "The least in all, relative to each rule's size; shares of projects count, whole ones need a"
            " little more."
        ),
    )
    return Table(
        "select_short",
        Text(zh="为什么没有可行安排", en="Why no schedule keeps every rule"),
        columns,
        tuple(rows),
        ("rule", "about"),
        note,
    )


def _starts(programme: Programme, choice: Choice, names: Mapping[str, Text]) -> Table:
    count = len(programme.quarters)
    rows = []
    for each in sorted(
        (c for c in programme.candidates if c.id in choice.starts), key=lambda c: (choice.starts[c.id], c.id)
    ):
        begins = choice.starts[each.id]
        ends = begins + each.build - 1
        done = programme.quarters[ends] if ends < count else None
        rows.append(
            (
                each.id,
                each.title,
                names.get(each.region, each.region),
                programme.quarters[begins],
                done,
                each.build,
                each.invest,
                each.value,
                programme.worth(each, begins),
                each.must,
            )
        )
    columns = (
        Column("project", "项目代码", "Project id", shown=False),
        Column("title", "项目", "Project"),
        _region(names),
        Column("start", "开工", "Start"),
        Column("complete", "竣工", "Complete"),
        Column("build", "工期（季）", "Quarters", digits=0),
        Column("invest", "投资", "Investment", "亿元", 2),
        _value(names),
        Column("worth", "现值", "Worth", "亿元" if names else "", 3),
        Column("must", "必上", "Must start"),
    )
    later = any(row[4] is None for row in rows)
    note = (
        Text(zh="竣工一栏为空：在期末之后竣工。", en="Without a quarter under Complete: after the horizon.")
        if later
        else None
    )
    return Table("select_starts", Text(zh="开工安排", en="Starts"), columns, tuple(rows), ("project",), note)


def _region(names: Mapping[str, Text]) -> Column:
    """Heading of what quotas go by: a scenario's projects are sorted by sector, those of a list by region."""
    return Column("region", "部门", "Sector") if names else Column("region", "地区", "Region")


def _value(names: Mapping[str, Text]) -> Column:
    """A scenario's projects count value in 亿元; a list counts it as its author did."""
    if names:
        return Column("value", "年效益", "Value a year", "亿元", 3)
    return Column("value", "年效益（单位同候选表）", "Value a year, as the list counts it", digits=3)


def _left(programme: Programme, choice: Choice, names: Mapping[str, Text]) -> Table:
    left = sorted(
        (c for c in programme.candidates if c.id not in choice.starts),
        key=lambda c: -(c.value / c.invest if c.invest > 0 else np.inf),
    )
    rows = [
        (
            c.id,
            c.title,
            names.get(c.region, c.region),
            c.invest,
            c.value,
            c.value / c.invest if c.invest > 0 else None,
        )
        for c in left
    ]
    columns = (
        Column("project", "项目代码", "Project id", shown=False),
        Column("title", "项目", "Project"),
        _region(names),
        Column("invest", "投资", "Investment", "亿元", 2),
        _value(names),
        Column("per_yuan", "每元投资效益", "Value per yuan", digits=3),
    )
    return Table("select_left", Text(zh="未入选", en="Left out"), columns, tuple(rows), ("project",))


def _money(programme: Programme, choice: Choice) -> Table:
    spent = programme.spending(choice.starts)
    rows: list[tuple[Any, ...]] = []
    for source, budget in programme.budgets.items():
        for q, name in enumerate(programme.quarters):
            rows.append(
                (
                    source,
                    name,
                    float(budget[q]),
                    float(spent[source][q]),
                    float(
                        (np.cumsum(budget) - np.cumsum(spent[source][:-1]))[q]
                        if programme.carry
                        else budget[q] - spent[source][q]
                    ),
                )
            )
        rows.append((source, Text(zh="期末以后", en="later"), None, float(spent[source][-1]), None))
    columns = (
        Column("source", "资金来源", "Source"),
        Column("quarter", "季度", "Quarter"),
        Column("budget", "额度", "Budget", "亿元", 2),
        Column("spent", "使用", "Spent", "亿元", 2),
        Column("left", "结余", "Left", "亿元", 2),
    )
    note = Text(zh="期末以后：期末之后还要支付的。", en="later: what is still to be paid after the horizon.")
    return Table(
        "select_money",
        Text(zh="各季资金", en="Money by quarter"),
        columns,
        tuple(rows),
        ("source", "quarter"),
        note,
    )


def _regions(programme: Programme, choice: Choice, names: Mapping[str, Text]) -> Table:
    rows = []
    for region in dict.fromkeys((*programme.quotas, *(c.region for c in programme.candidates))):
        own = [c for c in programme.candidates if c.region == region]
        taken = [c for c in own if c.id in choice.starts]
        quota = programme.quotas.get(region)
        limits = (None, None, None) if quota is None else (quota.least, quota.most, quota.money)
        rows.append(
            (
                region,
                names.get(region, region),
                len(own),
                len(taken),
                sum(c.invest for c in taken),
                *(None if v is None or not np.isfinite(v) else v for v in limits),
            )
        )
    columns = (
        Column("region", "地区代码", "Region id", shown=False),
        replace(_region(names), name="of"),
        Column("candidates", "候选", "Candidates", digits=0),
        Column("starts", "开工", "Start", digits=0),
        Column("invest", "投资", "Investment", "亿元", 2),
        Column("least", "至少", "At least", digits=0),
        Column("most", "至多", "At most", digits=0),
        Column("money", "投资上限", "Investment at most", "亿元", 2),
    )
    table = Table(
        "select_regions",
        Text(zh="各部门", en="By sector") if names else Text(zh="各地区", en="By region"),
        columns,
        tuple(rows),
        ("region",),
    )
    return hide_empty(table, "least", "most", "money")


def _quarters(programme: Programme, choice: Choice) -> Table:
    known = {c.id: c for c in programme.candidates}
    spent = programme.spending(choice.starts)
    rows = [
        (
            name,
            sum(begins == q for begins in choice.starts.values()),
            sum(begins + known[key].build - 1 == q for key, begins in choice.starts.items()),
            sum(float(path[q]) for path in spent.values()),
        )
        for q, name in enumerate(programme.quarters)
    ]
    columns = (
        Column("quarter", "季度", "Quarter"),
        Column("starts", "开工", "Starts", digits=0),
        Column("completions", "竣工", "Completions", digits=0),
        Column("spent", "投资", "Spent", "亿元", 2),
    )
    return Table(
        "select_quarters",
        Text(zh="各季开工竣工", en="Starts and completions"),
        columns,
        tuple(rows),
        ("quarter",),
    )


def _targets(begun: Study, run: Run) -> Table:
    rows = []
    for target in begun.assessor.targets:
        before, after = (begun.assessor.value(target, each) for each in (begun.plan, run))
        rows.append(
            (
                target.id,
                target.title,
                before,
                after,
                after - before,
                unit_text(target.unit),
                target.digits + 1,
            )
        )
    columns = (
        Column("target", "目标代码", "Target id", shown=False),
        Column("title", "目标", "Target"),
        Column("before", "现方案", "Plan", digits_from="digits"),
        Column("after", "按此安排", "With this choice", digits_from="digits"),
        Column("change", "变动", "Change", digits=2, signed=True),
        Column("unit", "单位", "Unit"),
        Column("digits", "位数", "Digits", shown=False),
    )
    note = Text(
        zh="入选项目按所选季度开工，其余候选不上；经项目管道和经济模型模拟。",
        en=(
            "Chosen projects start in their quarters, the other candidates not at all; through pipeline and"
            " economy."
        ),
    )
    return Table(
        "select_targets",
        Text(zh="对目标的影响（模拟）", en="What it does to the targets (simulated)"),
        columns,
        tuple(rows),
        ("target",),
        note,
    )
