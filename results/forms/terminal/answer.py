"""The answer on a terminal: the verdict first, nothing that a planner must look up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ....models.quantity import Bilingual
from ....models.target import INSIDE, LESS, Rung
from ....models.words import in_each, msg, tr
from ...tables.chances import percent
from ...tables.mixes import GDP, indicator, off
from ...tables.table import Column, Table, declare, sentences, shown
from ...tables.verdict import LINKED, SHEET_ID, breaks, by_rounding, foreign, rung_text, takes_together
from ...text.format import written
from ...text.wording import REACHED, TIERS, listed, mains, spaced
from .layout import cell_width, pad, paragraph, render_table, wrap

if TYPE_CHECKING:
    from ....engine.decide.assess import Outcome
    from ....engine.run import Answer

# A rung in a word or two, where two tiers share a cell.
_SHORT: dict[Bilingual, Bilingual] = {
    Rung.PLAN.value: msg("plan"),
    Rung.MIX.value: msg("other mix"),
    LESS: msg("less money"),
    Rung.RELAXED.value: msg("if relaxed"),
    INSIDE: msg("more within limit"),
    Rung.OUT.value: msg("no"),
    Rung.UNDECIDED.value: msg("undecided"),
}
_WIDEST_TEXT = 100  # sentences stay readable on a wide terminal
_NAMED = 4  # targets that a line names before it says how many there are
_SHEET = ("title", "expected", *TIERS, "gap", "gap_yi", "attainable", "digits", "fine")
_FOOT = ("binding", "limits", "projects", "assumptions", "checks", "sources")


def render(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """The whole answer as lines no wider than ``width`` cells, in one language."""
    blocks = [
        _head(answer, lang, width),
        _verdict(answer, tables, lang, width),
        _targets(answer, tables, lang, width),
        _growth(answer, tables, lang, width),
        _mixes(answer, tables, lang, width),
        _levers(tables, lang, width),
        _foot(tables, lang, width),
    ]
    return "\n\n".join(block for block in blocks if block)


def _text(label: str, text: str, width: int, indent: int | None = None) -> str:
    return paragraph(label, text, min(width, _WIDEST_TEXT), indent)


def _head(answer: Answer, lang: str, width: int) -> str:
    """Which scenario, which years, which plan, and how it was computed."""
    years = f"{answer.scenario.years.base}→{answer.scenario.years.target}"
    plan = answer.plan.plan.title.of(lang)
    seed = tr(lang, "central durations") if answer.seed is None else tr(lang, "seed {seed}", seed=answer.seed)
    first = f"{answer.scenario.title.of(lang)}  {years} · " + tr(lang, "plan: {plan}", plan=plan)
    money = tr(lang, "money in CNY 100m = 0.1bn, growth real")
    second = f"{money} · {tr(lang, 'solver')} {answer.solver} · {seed}"
    return "\n".join([*wrap(first, width), *wrap(second, width)])


def _verdict(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """Counts, then every tier of the main targets and the sheet as a whole, then the cheapest fix."""
    verdict, told = tables["verdict"], sentences(tables, lang)
    first = [_labelled(told["broken"], lang, width)] if "broken" in told else []
    lines = [*first, _labelled(told["verdict"], lang, width), *_tiers(answer, verdict, lang, width)]
    lines += [
        _labelled(told[line], lang, width)
        for line in ("chances", "level", "uncertainty_drivers", "needs", "odd", "cheapest", "hints")
        if line in told
    ]
    return "\n".join(lines)


def _labelled(sentence: tuple[str, str], lang: str, width: int) -> str:
    """A sentence of the summary under its label."""
    label, text = sentence
    return _text(label.upper(), text, width)


def _tiers(answer: Answer, verdict: Table, lang: str, width: int) -> list[str]:
    """Each tier in a line, with what it takes below."""
    together = {
        sheet.tier: takes_together(answer, sheet, _NAMED).of(lang) for sheet in answer.assessment.sheets
    }
    broken = bool(breaks(answer))
    heads, takes = [], []
    for row in verdict.records():
        heads.append(_tier(row, lang, broken))
        takes.append(together[row["tier_id"]] if row["target"] == SHEET_ID else row["takes"].of(lang))
    widths = [max(map(cell_width, column)) for column in zip(*heads, strict=True)]
    fits = sum(widths) + 8 <= width  # else the verdict opens the line of what it takes
    lines = []
    for (*parts, rung), how in zip(heads, takes, strict=True):
        head = "  ".join(pad(part, wide) for part, wide in zip(parts, widths[:-1], strict=True))
        line = f"  {head}  {rung}" if fits else f"  {head}"
        lines.append(line if cell_width(line.rstrip()) <= width else _text("", line, width, 2))
        lines.append(_text("", how if fits else f"{rung}{tr(lang, ': ')}{how}", width, 6))
    return [line.rstrip() for line in lines]


def _unit(row: Mapping[str, Any], lang: str) -> str:
    return row["unit"].of(lang) if row["unit"] else ""


def _tier(row: Mapping[str, Any], lang: str, broken: bool = False) -> tuple[str, str, str, str]:
    """What stands side by side on the line of a tier: target, threshold, what is expected, rung."""
    unit = spaced(_unit(row, lang))
    asked, value = (
        "" if row[name] is None else f"{written(row[name], int(row[digits]), lang)}{unit}"
        for name, digits in (("threshold", "digits"), ("expected", "fine"))
    )
    expected = f"{tr(lang, 'expected')} {value}" if value else ""
    if row["probability"] is not None:
        chance = tr(lang, "chance as written") if broken else tr(lang, "chance")
        expected = f"{expected}{'  ' if expected else ''}{chance} {percent(row['probability'])}"
        expected += f"{tr(lang, ', ')}{row['words'].of(lang)}"
    return row["title"].of(lang), f"{row['tier'].of(lang)} {asked}".strip(), expected, row["rung"].of(lang)


def _targets(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """The sheet: judged rows as a table, the others in a line."""
    source = tables["targets"]
    rungs: dict[str, list[str]] = {}
    for outcome in answer.assessment.outcomes:
        rungs.setdefault(outcome.target.id, []).append(_rung(answer, outcome, lang))
    rows, left, only = [], [], []
    for row in source.records():
        unit, target = _unit(row, lang), answer.sheet.targets[row["target"]]
        if target.id in rungs:
            star = "*" if target.basis == "linked" else ""
            name = f"{row['title'].of(lang)}{star} {'' if unit == '%' else unit}".strip()
            rung = "/".join(dict.fromkeys(rungs[target.id]))
            rows.append(SimpleNamespace(**{**row, "title": name, "rung": rung}))
        elif target.judged:
            value = written(row["expected"], int(row["fine"]), lang)
            only.append(f"{row['title'].of(lang)} {value} {unit}".strip())
        else:
            left.append(_stated(row, lang))
    heads = {
        "gap": msg("+room -gap"),
        "gap_yi": msg("CNY 100m"),
        "attainable": msg("Best", context="terminal"),
    }
    columns = (
        *(
            replace(column, title=heads.get(column.name, column.title), unit="", value=None)
            for column in source.columns
            if column.name in _SHEET
        ),
        Column("rung", msg("Verdict", context="terminal")),
    )
    title = msg("TARGETS (% unless noted)")
    lines = [render_table(declare("targets", title, columns, rows), lang, width)]
    if "linked" in sentences(tables, lang):
        lines.append(_text("", LINKED.of(lang), width, 2))
    if only:
        lines.append(_text("", tr(lang, "No target, shown only: ") + listed(only, lang, 99), width, 2))
    if left:
        head = tr(lang, "Not modelled, copied ({left}): ", left=len(left))
        lines.append(_text("", head + listed(left, lang, 99), width, 2))
    if why := foreign(answer, lang).strip():
        lines.append(_text("", why, width, 2))
    return "\n".join(lines)


def _rung(answer: Answer, outcome: Outcome, lang: str) -> str:
    """A rung in a word; one that the plan reaches only thanks to rounding says so."""
    rounded = outcome.rung is Rung.PLAN and by_rounding(outcome.target, outcome.expected, outcome.threshold)
    return _SHORT[rung_text(answer, outcome)].of(lang) + (tr(lang, " (after rounding)") if rounded else "")


def _stated(row: Mapping[str, Any], lang: str) -> str:
    """A copied row: its thresholds."""
    unit, parts = _unit(row, lang), []
    for tier in TIERS:
        if row[tier] is not None:
            sign = "≤" if tier == "at_most" else ""
            text = written(row[tier], int(row["digits"]), lang)
            parts.append(sign + (text.rstrip("0").rstrip(".") if "." in text else text))
    return f"{row['title'].of(lang)} {'/'.join(parts)}{'' if unit == '%' else ' '}{unit}".strip()


def _growth(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """Where growth comes from, of the central case; the median beside it where that is printed otherwise."""
    table = tables["sectors"]
    names = [
        column.name
        for column in shown(table)
        if column.terminal and any(cell is not None for cell in table.column(column.name))
    ]
    made = render_table(replace(table, note=None, title=_upper(table.title)), lang, width, names)
    central = indicator(answer.plan, GDP, answer.year)
    median = f"{central + off(answer, GDP):.2f}"
    if median == f"{central:.2f}":
        return made
    told = tr(lang, "By the central case; the median of the draws is {median} %.", median=median)
    return f"{made}\n{_text('', told, width, 2)}"


def _upper(title: Bilingual) -> Bilingual:
    return in_each(lambda lang: title.of(lang).upper())


def _mixes(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """Mixes side by side, and what they show of year one and the years after."""
    source = tables["mixes"]
    base = answer.economy.base_year
    now, last = base + answer.year, answer.economy.base_year + answer.economy.years
    tiers = [f"{target.id}_{tier}" for target in mains(answer) for tier in target.tiers]
    rows = []
    for row in source.records():
        title = row["title"].of(lang) + ("" if row["allowed"] else tr(lang, " (breaks a limit)"))
        reached = f"{sum(row[name] == REACHED[True] for name in tiers)}/{len(tiers)}"
        rows.append(SimpleNamespace(**{**row, "title": title, "reached": reached}))
    end = msg("GDP {last} +/- CNY 100m ({base} prices)", last=last, base=base)
    columns = (
        Column("title", msg("MIXES")),
        Column("gdp_growth", msg("GDP {year} %", year=now), digits=2),
        Column("industry_growth", msg("Industry {now} %", now=now), digits=2, optional=True),
        Column("reached", msg("Tiers reached")),
        Column("average", msg("Average to {last} %", last=last), digits=2),
        Column("gdp_last_diff", end, digits=1, signed=True, optional=True),
    )
    lines = [render_table(declare("mixes", msg("MIXES"), columns, rows), lang, width)]
    told = [f"{row.title} {row.promise_text.of(lang)}" for row in rows if row.promise_text]
    if told:
        lines.append(_text("", tr(lang, "Promised / simulated: ") + listed(told, lang), width, 2))
    said = sentences(tables, lang)
    lines += [_text("", said[line][1], width, 2) for line in ("mixes", "rivals", "turns") if line in said]
    return "\n".join(lines)


def _levers(tables: Mapping[str, Table], lang: str, width: int) -> str:
    """What drives growth, in the target year, the next and the last."""
    table = tables.get("levers")
    if table is None:
        return ""
    columns = tuple(replace(column, unit="") for column in table.columns)  # it stands once, beside the title
    title = msg("{title} (points)", title=_upper(table.title))
    return render_table(replace(table, note=None, title=title, columns=columns), lang, width)


def _foot(tables: Mapping[str, Table], lang: str, width: int) -> str:
    """What binds, which projects are late, and what the numbers stand on."""
    told = sentences(tables, lang)
    return "\n".join(_labelled(told[line], lang, width) for line in _FOOT if line in told)
