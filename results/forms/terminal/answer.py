"""The answer on a terminal: the verdict first, nothing that a planner must look up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ....models.quantity import Bilingual
from ....models.target import INSIDE, LESS, Rung
from ....models.words import in_each, msg, tr
from ...tables.chances import percent
from ...tables.mixes import GDP, indicator, off
from ...tables.table import Column, Table, sentences
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
_FOOT = ("binding", "limits", "projects", "assumptions", "checks", "sources")


def render(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """The whole answer as lines no wider than ``width`` cells, in one language."""
    blocks = [
        _head(answer, lang, width),
        _verdict(answer, tables, lang, width),
        _targets(answer, tables, lang, width),
        _growth(answer, tables, lang, width),
        _mixes(answer, tables, lang, width),
        _levers(answer, tables, lang, width),
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
    cells = [
        (
            (*_tier(row, lang, broken)[:-1], together[row["tier_id"]])
            if row["target"] == SHEET_ID
            else _tier(row, lang, broken)
        )
        for row in verdict.records()
    ]
    widths = [max(map(cell_width, column)) for column in zip(*cells, strict=True)][:4]
    fits = sum(widths) + 8 <= width  # else the verdict opens the line of what it takes
    lines = []
    for *parts, rung, takes in cells:
        head = "  ".join(pad(part, wide) for part, wide in zip(parts, widths[:3], strict=True))
        line = f"  {head}  {rung}" if fits else f"  {head}"
        lines.append(line if cell_width(line.rstrip()) <= width else _text("", line, width, 2))
        lines.append(_text("", takes if fits else f"{rung}{tr(lang, ': ')}{takes}", width, 6))
    return [line.rstrip() for line in lines]


def _tier(row: Mapping[str, Any], lang: str, broken: bool = False) -> tuple[str, str, str, str, str]:
    unit = row["unit"].of(lang) if row["unit"] else ""
    unit = spaced(unit)
    told = [
        "" if row[name] is None else f"{written(row[name], int(row[digits]), lang)}{unit}"
        for name, digits in (("threshold", "digits"), ("expected", "fine"))
    ]
    expected = f"{tr(lang, 'expected')} {told[1]}" if told[1] else ""
    if row["probability"] is not None:
        chance = tr(lang, "chance as written") if broken else tr(lang, "chance")
        expected = f"{expected}{'  ' if expected else ''}{chance} {percent(row['probability'])}"
        expected += f"{tr(lang, ', ')}{row['words'].of(lang)}"
    return (
        row["title"].of(lang),
        f"{row['tier'].of(lang)} {told[0]}".strip(),
        expected,
        row["rung"].of(lang),
        row["takes"].of(lang),
    )


def _targets(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """The sheet: judged rows as a table, the others in a line."""
    source = tables["targets"]
    rungs: dict[str, list[str]] = {}
    for outcome in answer.assessment.outcomes:
        rungs.setdefault(outcome.target.id, []).append(_rung(answer, outcome, lang))
    rows, left, only = [], [], []
    for row in source.records():
        unit = row["unit"].of(lang) if row["unit"] else ""
        if row["target"] in rungs:
            star = "*" if answer.sheet.targets[row["target"]].basis == "linked" else ""
            title = f"{row['title'].of(lang)}{star} {'' if unit == '%' else unit}".strip()
            rows.append(
                (
                    title,
                    *(
                        row[name]
                        for name in (
                            "expected",
                            "ensure",
                            "stretch",
                            "at_most",
                            "gap",
                            "gap_yi",
                            "attainable",
                        )
                    ),
                    "/".join(dict.fromkeys(rungs[row["target"]])),
                    row["digits"],
                    row["fine"],
                )
            )
        elif answer.sheet.targets[row["target"]].judged:
            value = written(row["expected"], int(row["fine"]), lang)
            only.append(f"{row['title'].of(lang)} {value} {unit}".strip())
        else:
            left.append(_stated(row, lang))
    keep = ("expected", "ensure", "stretch", "at_most", "gap", "gap_yi", "attainable")
    heads = {
        "gap": msg("+room -gap"),
        "gap_yi": msg("CNY 100m"),
        "attainable": msg("Best", context="terminal"),
    }
    chosen = [source.columns[source.at(name)] for name in keep]
    chosen = [
        (replace(column, title=heads[column.name], unit="") if column.name in heads else column)
        for column in chosen
    ]
    columns = (
        Column("title", msg("Target")),
        *chosen,
        Column("rung", msg("Verdict", context="terminal")),
        Column("digits", Bilingual.told({}), digits=0, shown=False),
        Column("fine", Bilingual.told({}), digits=0, shown=False),
    )
    table = Table("targets", msg("TARGETS (% unless noted)"), columns, tuple(rows))
    dropped = {
        name for name in ("stretch", "at_most", "gap_yi") if all(cell is None for cell in table.column(name))
    }
    shown = [column.name for column in columns if column.shown and column.name not in dropped]
    lines = [render_table(table, lang, width, shown)]
    if "linked" in sentences(tables, lang):
        lines.append(_text("", LINKED.of(lang), width, 2))
    if only:
        lines.append(
            _text(
                "",
                tr(lang, "No target, shown only: ") + listed(only, lang, 99),
                width,
                2,
            )
        )
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
    unit = row["unit"].of(lang) if row["unit"] else ""
    parts = []
    for tier in TIERS:
        if row[tier] is not None:
            sign = "≤" if tier == "at_most" else ""
            text = written(row[tier], int(row["digits"]), lang)
            parts.append(sign + (text.rstrip("0").rstrip(".") if "." in text else text))
    return f"{row['title'].of(lang)} {'/'.join(parts)}{'' if unit == '%' else ' '}{unit}".strip()


def _growth(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """Where growth comes from, of the central case; the median beside it where that is printed otherwise."""
    table = tables["sectors"]
    names = ["title", "va_before", "growth", "pull", "contribution", "binds", "utilisation"]
    shown = [name for name in names if any(cell is not None for cell in table.column(name))]
    made = render_table(replace(table, note=None, title=_upper(table.title)), lang, width, shown)
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
        outside = "" if row["allowed"] else tr(lang, " (breaks a limit)")
        reached = sum(row[name] == REACHED[True] for name in tiers)
        rows.append(
            (
                row["title"].of(lang) + outside,
                row["gdp_growth"],
                row["industry_growth"],
                f"{reached}/{len(tiers)}",
                row["average"],
                row["gdp_last_diff"],
                row["promise_text"],
            )
        )
    columns = (
        Column("title", msg("MIXES")),
        Column("gdp", msg("GDP {year} %", year=now), digits=2),
        Column("industry", msg("Industry {now} %", now=now), digits=2),
        Column("reached", msg("Tiers reached")),
        Column("average", msg("Average to {last} %", last=last), digits=2),
        Column(
            "last",
            msg("GDP {last} +/- CNY 100m ({base} prices)", last=last, base=base),
            digits=1,
            signed=True,
        ),
        Column("promise", Bilingual.told({})),
    )
    table = Table("mixes", msg("MIXES"), columns, tuple(rows))
    shown = [
        column.name for column in columns[:-1] if any(cell is not None for cell in table.column(column.name))
    ]
    lines = [render_table(table, lang, width, shown)]
    told = [f"{row[0]} {row[-1].of(lang)}" for row in rows if row[-1]]
    if told:
        lines.append(_text("", tr(lang, "Promised / simulated: ") + listed(told, lang), width, 2))
    said = sentences(tables, lang)
    lines += [_text("", said[line][1], width, 2) for line in ("mixes", "rivals", "turns") if line in said]
    return "\n".join(lines)


def _levers(answer: Answer, tables: Mapping[str, Table], lang: str, width: int) -> str:
    """What drives growth, in the target year, the next and the last."""
    table = tables.get("levers")
    if table is None:
        return ""
    base, first = answer.economy.base_year, answer.year
    years = sorted({first, min(first + 1, answer.economy.years), answer.economy.years})
    names = ["title", *(f"gdp_{base + t}" for t in years)]
    if table.columns[table.at(f"industry_{base + first}")].shown:
        names.append(f"industry_{base + first}")
    columns = tuple(
        replace(column, unit="") for column in table.columns
    )  # the unit stands once, beside the title
    title = msg("{title} (points)", title=_upper(table.title))
    return render_table(replace(table, note=None, title=title, columns=columns), lang, width, names)


def _foot(tables: Mapping[str, Table], lang: str, width: int) -> str:
    """What binds, which projects are late, and what the numbers stand on."""
    told = sentences(tables, lang)
    return "\n".join(_labelled(told[line], lang, width) for line in _FOOT if line in told)
