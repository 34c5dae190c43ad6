"""The answer on a terminal: page one first, nothing that a planner must look up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ....models.money import money_in_use, one_of_money
from ....models.quantity import Bilingual
from ....models.target import FREE, INSIDE, LESS, Rung
from ....models.words import in_each, msg, tr
from ...front import ANSWER, BORROWED, BROKEN, COUNT, NOTE, UNSTATED, front_page
from ...tables.mixes import GDP, indicator, off
from ...tables.table import Column, Table, declare, sentences, shown
from ...tables.verdict import LINKED, by_rounding, foreign, rung_text
from ...text.format import written
from ...text.wording import REACHED, TIERS, listed, mains
from .layout import paragraph, render_table, wrap

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
    FREE: msg("no"),
    Rung.UNDECIDED.value: msg("undecided"),
}
_WIDEST_TEXT = 100  # sentences stay readable on a wide terminal
_SHEET = ("title", "expected", *TIERS, "gap", "gap_yi", "attainable", "digits", "fine")
_FOOT = (
    "binding",
    "limits",
    "projects",
    "odd",
    "apart",
    "hints",
    "assumptions",
    "checks",
    "sources",
    "inherited",
)
_NOTED = {"assumptions": f"{NOTE}_3", "sources": f"{NOTE}_3"}
"""Sentences that a note of page one says already."""


def render(answer: Answer, tables: Mapping[str, Table], lang: str, width: int, run: str = "") -> str:
    """The whole answer as lines no wider than ``width`` cells, in one language: page one, then what it stands
    on; which program computed it, and ``run``, the id, at the end."""
    blocks = [
        _head(answer, tables, lang, width),
        *_page_one(answer, tables, lang, width),
        _more(answer, tables, lang, width),
        _targets(answer, tables, lang, width),
        _growth(answer, tables, lang, width),
        _mixes(answer, tables, lang, width),
        _levers(tables, lang, width),
        _foot(answer, tables, lang, width, run),
    ]
    return "\n\n".join(block for block in blocks if block)


def _text(label: str, text: str, width: int, indent: int | None = None) -> str:
    return paragraph(label, text, min(width, _WIDEST_TEXT), indent)


def _head(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """What is asked of which scenario, which years, which plan, in which units."""
    title = answer.scenario.title
    page = front_page(tables, lang, title, {})
    years = f"{answer.scenario.years.base}→{answer.scenario.years.target}"
    plan = tr(lang, "plan: {plan}", plan=answer.plan.plan.title.of(lang))
    second = f"{years} · {plan} · {tr(lang, 'money in {unit}, growth real', unit=money_in_use().units(lang))}"
    return "\n".join([*wrap(page.title if page else title.of(lang), width), *wrap(second, width)])


def _page_one(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> list[str]:
    """The first page of every report: answer, decisions, what would have to be true, what to keep in mind,
    what to do."""
    told = sentences(tables, lang)
    page = front_page(tables, lang, answer.scenario.title, {})
    opening = (BORROWED, UNSTATED, BROKEN)
    lines = (*opening, ANSWER, COUNT) if page else (*opening, "verdict")
    first = [_labelled(told[line], lang, width) for line in lines if line in told]
    if page is None:
        return ["\n".join(first)]
    last = [*([page.needs] if page.needs else []), *page.notes, *page.advice]
    return [
        "\n".join(first),
        *(_decisions(table, lang, width) for table in page.tables),
        "\n".join(_labelled(sentence, lang, width) for sentence in last),
    ]


def _decisions(table: Table, lang: str, width: int) -> str:
    """The decisions in the columns of the document."""
    names = [column.name for column in shown(table) if column.word]
    return render_table(replace(table, note=None, title=_upper(table.title)), lang, width, names, hung="who")


def _more(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """What page one leaves out of the answer: the tiers of the main targets counted, all targets together,
    the level, the cheapest fix where it is no decision."""
    told = sentences(tables, lang)
    decided = any(one.reaches for one in answer.decisions)
    lines = []
    if ANSWER in told:
        lines.append(_labelled((tr(lang, "Tiers", context="terminal"), told["verdict"][1]), lang, width))
    lines += [
        _labelled(told[line], lang, width)
        for line in ("chances", "level", "cheapest")
        if line in told and not (line == "cheapest" and decided)
    ]
    return "\n".join(lines)


def _labelled(sentence: tuple[str, str], lang: str, width: int) -> str:
    """A sentence of the summary under its label."""
    label, text = sentence
    return _text(label.upper(), text, width)


def _unit(row: Mapping[str, Any], lang: str) -> str:
    return row["unit"].of(lang) if row["unit"] else ""


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
        "gap_yi": one_of_money(),
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
    end = msg("GDP {last} +/- {money} ({base} prices)", last=last, base=base, money=one_of_money())
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


def _foot(answer: Answer, tables: Mapping[str, Table], lang: str, width: int, run: str) -> str:
    """What binds, which projects are late, what the numbers stand on, and which run this is."""
    told = sentences(tables, lang)
    lines = [
        _labelled(told[line], lang, width) for line in _FOOT if line in told and _NOTED.get(line) not in told
    ]
    seed = tr(lang, "central durations") if answer.seed is None else tr(lang, "seed {seed}", seed=answer.seed)
    made = f"{tr(lang, 'solver')} {answer.solver} · {seed}"
    label = tr(lang, "Run", context="terminal").upper()
    return "\n".join([*lines, _text(label, f"{run} · {made}" if run else made, width)])
