"""The answer on a terminal: the verdict first, nothing that a planner must look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..models.quantity import Text
from ..models.target import Rung
from .format import number, plain, unit_of, written
from .layout import cell_width, pad, paragraph, render_table, wrap
from .table import Column, Table
from .table_doubts import headline
from .table_mixes import mix_sentence, turn_sentence
from .table_numbers import counts
from .table_verdict import SHEET_ID
from .wording import REACHED, TIERS, amount, listed, mains, relaxed, signed

if TYPE_CHECKING:
    from ..engine.assess import Outcome
    from ..engine.run import Answer

# A rung in a word or two, where two tiers share a cell.
_SHORT: dict[Rung, Text] = {
    Rung.PLAN: Text(zh="现方案", en="plan"),
    Rung.MIX: Text(zh="换结构", en="other mix"),
    Rung.RELAXED: Text(zh="放宽", en="if relaxed"),
    Rung.OUT: Text(zh="达不到", en="no"),
    Rung.UNDECIDED: Text(zh="未定", en="undecided"),
}
_WIDEST_TEXT = 100  # sentences stay readable on a wide terminal
_BINDING, _DELAYS = 6, 3


def render(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """The whole answer as lines no wider than ``width`` cells, in one language."""
    blocks = [
        _head(answer, lang, width), _verdict(answer, tables, lang, width), _targets(answer, tables, lang, width),
        _growth(tables, lang, width), _mixes(answer, tables, lang, width), _levers(answer, tables, lang, width),
        _foot(answer, tables, lang, width),
    ]  # fmt: skip
    return "\n\n".join(block for block in blocks if block)


def _say(lang: str, zh: str, en: str) -> str:
    return zh if lang == "zh" else en


def _text(label: str, text: str, width: int, indent: int | None = None) -> str:
    return paragraph(label, text, min(width, _WIDEST_TEXT), indent)


def _head(answer: Answer, lang: str, width: int) -> str:
    """Which scenario, which years, which plan, and how it was computed."""
    years = f"{answer.scenario.years.base}→{answer.scenario.years.target}"
    plan = answer.plan.plan.title.of(lang)
    seed = _say(lang, "项目工期取中值", "central durations") if answer.seed is None else _say(lang, f"随机种子 {answer.seed}", f"seed {answer.seed}")
    first = f"{answer.scenario.title.of(lang)}  {years} · " + _say(lang, f"现方案：{plan}", f"plan: {plan}")
    money = _say(lang, "金额单位亿元，增速按不变价", "money in CNY 100m = 0.1bn, growth real")
    second = f"{money} · {_say(lang, '求解器', 'solver')} {answer.solver} · {seed}"
    return "\n".join([*wrap(first, width), *wrap(second, width)])


def tally(verdict: Table) -> dict[Rung, int]:
    """How many tiers of main targets stand on each rung; the rows of the whole sheet do not count."""
    found = [row["rung_id"] for row in verdict.records() if row["target"] != SHEET_ID]
    return {rung: found.count(rung.name.lower()) for rung in Rung}


def _verdict(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """Counts, then every tier of the main targets and the sheet as a whole, then the cheapest fix."""
    verdict = tables["verdict"]
    count = tally(verdict)
    shown = [rung for rung in Rung if count[rung] or rung is not Rung.UNDECIDED]
    said = _say(
        lang, "，".join(f"{rung.value.zh} {count[rung]}" for rung in shown),
        ", ".join(f"{count[rung]} {rung.value.en}" for rung in shown),
    )  # fmt: skip
    whole = sum(count.values())
    main = any(target.main for target in mains(answer))
    which = _say(lang, f"{'主要' if main else ''}目标 {whole} 档：", f"{whole} tiers of {'main ' if main else ''}targets: ")
    lines = [_text(_say(lang, "结论", "VERDICT"), which + said, width), *_tiers(verdict, lang, width)]
    if verdict.note and any(use.over > 0 for use in answer.assessment.uses):
        lines.append(_text(_say(lang, "注意", "NOTE"), verdict.note.of(lang), width))
    if cheapest := _cheapest(answer, lang):
        lines.append(_text(_say(lang, "最省的办法", "CHEAPEST FIX"), cheapest, width))
    return "\n".join(lines)


def _tiers(verdict: Table, lang: str, width: int) -> list[str]:
    """Each tier in a line, with what it takes below."""
    cells = [_tier(row, lang) for row in verdict.records()]
    widths = [max(map(cell_width, column)) for column in zip(*cells, strict=True)][:4]
    fits = sum(widths) + 8 <= width  # else the verdict opens the line of what it takes
    lines = []
    for *parts, rung, takes in cells:
        head = "  ".join(pad(part, wide) for part, wide in zip(parts, widths[:3], strict=True))
        line = f"  {head}  {rung}" if fits else f"  {head}"
        lines.append(line if cell_width(line.rstrip()) <= width else _text("", line, width, 2))
        lines.append(_text("", takes if fits else f"{rung}{_say(lang, '：', ': ')}{takes}", width, 6))
    return [line.rstrip() for line in lines]


def _tier(row: Mapping[str, Any], lang: str) -> tuple[str, str, str, str, str]:
    unit = row["unit"].of(lang) if row["unit"] else ""
    unit = unit if unit in ("", "%") else f" {unit}"
    told = [
        "" if row[name] is None else f"{written(row[name], int(row[digits]), lang)}{unit}"
        for name, digits in (("threshold", "digits"), ("expected", "fine"))
    ]
    expected = f"{_say(lang, '预计', 'expected')} {told[1]}" if told[1] else ""
    return row["title"].of(lang), f"{row['tier'].of(lang)} {told[0]}".strip(), expected, row["rung"].of(lang), row["takes"].of(lang)


def _cheapest(answer: Answer, lang: str) -> str:
    """The least costly relaxation that lifts a tier, of a main target if there is one."""
    fixed = [outcome for outcome in answer.assessment.outcomes if outcome.fix]
    names = {target.id for target in mains(answer)}
    chosen = [outcome for outcome in fixed if outcome.target.id in names] or fixed
    if not chosen:
        return ""

    def price(outcome: Outcome) -> float:
        return outcome.fix.cost if outcome.fix else 0.0

    best = min(chosen, key=price)
    if best.fix is None:
        return ""
    cost, how = amount(best.fix.cost, "亿元", lang), relaxed(answer, best.fix, lang)
    title, tier = best.target.title.of(lang), TIERS[best.tier].of(lang)
    value = number(best.threshold, best.target.digits) + ("%" if best.target.unit == "%" else " " + unit_of(best.target.unit, lang))
    told = _say(lang, f"{cost}可使{title}达到{tier}档 {value}", f"{cost} brings {title} to its {tier} tier, {value}")
    if best.target.id in names:  # the way stands beside its tier above
        how = ""
    more = len(fixed) - 1
    tail = _say(lang, f"；另有 {more} 档放宽可达，见 fixes 表", f"; {more} more {'tier' if more == 1 else 'tiers'} can be bought, see table `fixes`") if more else ""
    return told + (_say(lang, f"：{how}", f": {how}") if how else "") + tail


def _targets(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """The sheet: judged rows as a table, the others in a line."""
    source = tables["targets"]
    rungs: dict[str, list[str]] = {}
    for outcome in answer.assessment.outcomes:
        rungs.setdefault(outcome.target.id, []).append(_SHORT[outcome.rung].of(lang))
    rows, left, only = [], [], []
    for row in source.records():
        unit = row["unit"].of(lang) if row["unit"] else ""
        if row["target"] in rungs:
            title = f"{row['title'].of(lang)} {'' if unit == '%' else unit}".strip()
            rows.append((
                title, *(row[name] for name in ("expected", "ensure", "stretch", "at_most", "gap", "gap_yi", "attainable")),
                "/".join(dict.fromkeys(rungs[row["target"]])), row["digits"], row["fine"],
            ))  # fmt: skip
        elif answer.sheet.targets[row["target"]].judged:
            value = written(row["expected"], int(row["fine"]), lang)
            only.append(f"{row['title'].of(lang)} {value} {unit}".strip())
        else:
            left.append(_stated(row, lang))
    keep = ("expected", "ensure", "stretch", "at_most", "gap", "gap_yi", "attainable")
    heads = {"gap_yi": ("亿元", "CNY 100m"), "attainable": ("可达", "Best")}
    chosen = [source.columns[source.at(name)] for name in keep]
    chosen = [
        replace(column, zh=heads[column.name][0], en=heads[column.name][1], unit="") if column.name in heads else column
        for column in chosen
    ]
    columns = (
        Column("title", "目标", "Target"), *chosen, Column("rung", "结论", "Verdict"),
        Column("digits", "", "", digits=0, shown=False), Column("fine", "", "", digits=0, shown=False),
    )  # fmt: skip
    table = Table("targets", Text(zh="目标（未注单位的为%）", en="TARGETS (% unless noted)"), columns, tuple(rows))
    dropped = {name for name in ("stretch", "at_most", "gap_yi") if all(cell is None for cell in table.column(name))}
    shown = [column.name for column in columns if column.shown and column.name not in dropped]
    lines = [render_table(table, lang, width, shown)]
    if only:
        lines.append(_text("", _say(lang, "未设目标，只列示：", "No target, shown only: ") + listed(only, lang, 99), width, 2))
    if left:
        head = _say(lang, f"未建模，只照录 {len(left)} 项：", f"Not modelled, copied ({len(left)}): ")
        lines.append(_text("", head + listed(left, lang, 99), width, 2))
    return "\n".join(lines)


def _stated(row: Mapping[str, Any], lang: str) -> str:
    """A copied row: its thresholds."""
    unit = row["unit"].of(lang) if row["unit"] else ""
    parts = []
    for tier in TIERS:
        if row[tier] is not None:
            sign = "≤" if tier == "at_most" else ""
            text = written(row[tier], int(row["digits"]), lang)
            parts.append(sign + (text.rstrip("0").rstrip(".") if "." in text else text))
    return f"{row['title'].of(lang)} {'/'.join(parts)}{'' if unit == '%' else ' '}{unit}".strip()


def _growth(tables: Mapping[str, Table], lang: str, width: int) -> str:
    """Where growth comes from."""
    table = tables["sectors"]
    names = ["title", "va_before", "growth", "pull", "contribution", "binds", "utilisation"]
    shown = [name for name in names if any(cell is not None for cell in table.column(name))]
    return render_table(replace(table, note=None, title=_upper(table.title)), lang, width, shown)


def _upper(title: Text) -> Text:
    return Text(zh=title.of("zh"), en=title.of("en").upper())


def _mixes(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """Mixes side by side, and what they show of year one and the years after."""
    source = tables["mixes"]
    now, last = answer.economy.base_year + answer.year, answer.economy.base_year + answer.economy.years
    tiers = [f"{target.id}_{tier}" for target in mains(answer) for tier in target.tiers]
    rows = []
    for row in source.records():
        outside = "" if row["allowed"] else _say(lang, "（突破限制）", " (breaks a limit)")
        reached = sum(row[name] == REACHED[True] for name in tiers)
        rows.append((
            row["title"].of(lang) + outside, row["gdp_growth"], row["industry_growth"], f"{reached}/{len(tiers)}",
            row["average"], row["gdp_last_diff"], row["promise_text"],
        ))  # fmt: skip
    columns = (
        Column("title", "投资结构", "MIXES"), Column("gdp", f"GDP {now} %", f"GDP {now} %", digits=2),
        Column("industry", f"工业 {now} %", f"Industry {now} %", digits=2),
        Column("reached", "达到 档数", "Tiers reached"),
        Column("average", f"年均至 {last} %", f"Average to {last} %", digits=2),
        Column("last", f"GDP {last} 差亿元", f"GDP {last} +/- CNY 100m", digits=1, signed=True),
        Column("promise", "", ""),
    )  # fmt: skip
    table = Table("mixes", Text(zh="投资结构", en="MIXES"), columns, tuple(rows))
    shown = [column.name for column in columns[:-1] if any(cell is not None for cell in table.column(column.name))]
    lines = [render_table(table, lang, width, shown)]
    told = [f"{row[0]} {row[-1].of(lang)}" for row in rows if row[-1]]
    if told:
        lines.append(_text("", _say(lang, "优化承诺 / 模拟：", "Promised / simulated: ") + listed(told, lang), width, 2))
    if len(rows) > 1:
        lines += [_text("", mix_sentence(answer, lang), width, 2)]
    if turn := turn_sentence(answer, lang):
        lines.append(_text("", turn, width, 2))
    return "\n".join(lines)


def _levers(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """What growth turns on, in the target year, the next and the last."""
    table = tables.get("levers")
    if table is None:
        return ""
    base, first = answer.economy.base_year, answer.year
    years = sorted({first, min(first + 1, answer.economy.years), answer.economy.years})
    names = ["title", *(f"gdp_{base + t}" for t in years)]
    if table.columns[table.at(f"industry_{base + first}")].shown:
        names.append(f"industry_{base + first}")
    return render_table(replace(table, note=None, title=_upper(table.title)), lang, width, names)


def _foot(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """What binds, which projects are late, and what the numbers stand on."""
    lines = [
        _text(label, text, width) for label, text in (
            (_say(lang, "卡点", "BINDING"), _binding(answer, tables, lang)),
            (_say(lang, "限制", "LIMITS"), _limits(tables, lang)),
            (_say(lang, "项目", "PROJECTS"), _projects(answer, tables, lang)),
            (_say(lang, "存疑", "DOUBT"), headline(answer, lang)),
            (_say(lang, "核对", "CHECKS"), _checks(tables, lang)),
            (_say(lang, "依据", "SOURCES"), _sources(answer, lang)),
        ) if text
    ]  # fmt: skip
    return "\n".join(lines)


def _binding(answer: Answer, tables: Mapping[str, Table], lang: str) -> str:
    """The rows of the solver that are worth most to the first main target."""
    table = tables.get("binding")
    target = mains(answer)[0] if mains(answer) else None
    if table is None or target is None or not table.rows:
        return ""
    name = f"effect_{target.id}"
    rows = [row for row in table.records() if row[name] is not None and abs(row[name]) >= 0.0005]
    rows.sort(key=lambda row: -abs(row[name]))
    decided = [row for row in rows if row["kind_id"] in ("money", "limit")][: _BINDING // 2]  # what a planner sets
    rows = decided + [row for row in rows if row["kind_id"] not in ("money", "limit")][: _BINDING - len(decided)]
    unit = " " + unit_of("points" if target.unit == "%" else target.unit, lang)
    parts = []
    for row in rows:
        kind = "" if row in decided else row["kind"].of(lang)
        what = f"{row['title'].of(lang)}{_say(lang, '', ' ') if kind else ''}{kind}"
        parts.append(f"{what} +{row['one'].of(lang)} = {signed(row[name], 3)}{unit}")
    head = _say(lang, f"{target.title.of('zh')}做到最好时，再多一点：", f"at the best {target.title.of('en')}, a little more of ")
    return head + " · ".join(parts) if parts else ""


def _limits(tables: Mapping[str, Table], lang: str) -> str:
    """Limits that the plan has used up or breaks."""
    rows = tables["limits"].records() if "limits" in tables else []
    full = [row["title"].of(lang) for row in rows if row["binding"] and not row["over"]]
    over = [f"{row['title'].of(lang)} {signed(row['over'], 1)} {row['unit'].of(lang)}" for row in rows if row["over"]]
    told = []
    if full:
        told.append(_say(lang, "现方案已用满 ", "used up by the plan: ") + listed(full, lang))
    if over:
        told.append(_say(lang, "突破 ", "broken: ") + listed(over, lang))
    return _say(lang, "；", "; ").join(told)


def _projects(answer: Answer, tables: Mapping[str, Table], lang: str) -> str:
    """Key projects against their plan, and the delays that matter."""
    told = []
    for row in tables["pool"].records() if "pool" in tables else []:
        if row["planned"] is not None:
            numbers = [written(row[name], int(row["digits"]), lang) for name in ("simulated", "planned")]
            unit = row["unit"].of(lang)
            told.append(f"{row['what'].of(lang)} {numbers[0]}/{numbers[1]}{' ' + unit if row['what_id'] == 'investment' else ''}")
    parts = [_say(lang, "重点项目模拟/计划：", "key projects, simulated/planned: ") + listed(told, lang)] if told else []
    rows: Sequence[Mapping[str, Any]] = tables["projects"].records() if "projects" in tables else []
    late = sorted((row for row in rows if (row["delay"] or 0) >= 1), key=lambda row: -row["invest"] * row["delay"])
    if late:
        some = [
            f"{row['title'].of(lang)} {amount(row['delay'], 'months', lang, 0, plus=True)} ({row['commissioned'].of(lang)})"
            for row in late[:_DELAYS]
        ]
        head = _say(lang, f"{len(rows)} 个具名项目中 {len(late)} 个推迟，投资大的：", f"{len(late)} of {len(rows)} named projects late, the largest: ")
        parts.append(head + listed(some, lang))
    return _say(lang, "；", "; ").join(parts)


def _checks(tables: Mapping[str, Table], lang: str) -> str:
    """How many checks hold; those that do not, by name."""
    rows = [row for row in tables["checks"].records() if row["ok"] is not None]
    failed = [row["title"].of(lang) for row in rows if not plain(row["ok"])]
    good = len(rows) - len(failed)
    told = _say(lang, f"{len(rows)} 项核对通过 {good} 项", f"{good} of {len(rows)} hold")
    return told + (_say(lang, "；未通过：", "; not: ") + listed(failed, lang) if failed else "")


def _sources(answer: Answer, lang: str) -> str:
    sourced, assumed = counts(answer)
    return _say(
        lang, f"{sourced + assumed} 个数：{sourced} 个有出处，{assumed} 个为假定（逐个见 numbers 表）",
        f"{sourced + assumed} numbers: {sourced} sourced, {assumed} assumptions (each in table `numbers`)",
    )  # fmt: skip
