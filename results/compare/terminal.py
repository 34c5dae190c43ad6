"""Runs side by side on one screen: what was changed, and what that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ...models.quantity import Bilingual
from ...models.target import INSIDE, LESS, Rung
from ...models.words import LANGUAGES, msg, tr
from ..forms.terminal.layout import GAP, cell_width, pad, paragraph, render_table, wrap
from ..tables.table import Column, Table, declare
from ..text.format import plain, written
from .inputs import ABSENT
from .sampling import MARK, NOTE
from .why import clip, why

SCREEN = 60
_INPUTS = 12
_NAME = 12  # cells that a name needs to be worth showing
_TITLE = 20  # cells that the name of a target needs
_FEWEST = 4  # rows of a table that is cut short
_SHORT = {
    Rung.PLAN: msg("plan"),
    Rung.MIX: msg("mix"),
    Rung.RELAXED: msg("relaxed"),
    Rung.OUT: msg("no"),
    Rung.UNDECIDED: msg("open"),
}
_WHOLE = {"targets": msg("Targets"), "sectors": msg("Sources of growth")}  # tables of files
_WORDS = {rung.value.zh: short for rung, short in _SHORT.items()} | {
    INSIDE.zh: msg("more"),
    LESS.zh: msg("less"),
}


def render_comparison(tables: Mapping[str, Table], lang: str, width: int) -> str:
    """The comparison as one screen for two runs; tables too long for it show what differs most."""
    above = [_head(tables["runs"], lang, width)]
    if "inputs" in tables:
        above.append(_inputs(tables["inputs"], tables["runs"], lang, width))
    if "headlines" in tables:
        above.append(_headlines(tables["headlines"], lang, width))
    if "attribution" in tables:
        above += why(tables["attribution"], lang, width)
    long = _targets(tables["targets"], lang, width) if "targets" in tables else []
    long += [_sectors(tables["sectors"], lang)] if "sectors" in tables else []
    room = SCREEN - sum(len(block.splitlines()) + 1 for block in above)
    blocks = []
    for at, (table, weights) in enumerate(long):
        left = room // (len(long) - at) if at + 1 < len(long) else room
        if at + 1 < len(long):  # a table may use what the others leave
            left = max(left, room - sum(_lines(*one, lang, width) for one in long[at + 1 :]))
        block = _cut(table, weights, max(left - 1, 0), lang, width)
        room -= len(block.splitlines()) + 1
        blocks.append(block)
    return "\n\n".join([*above, *blocks])


def _head(runs: Table, lang: str, width: int) -> str:
    """The runs by number and title."""
    lines = [tr(lang, "COMPARISON (change: less run 1, before rounding)")]
    for row in runs.records():
        title, name = row["title"].of(lang), row["run"]
        told = title if title == name else f"{title}  {name}"
        lines.append(paragraph(f"  {row['number']}", told + _draws(row, lang), width))
    return "\n".join(lines)


def _draws(row: Mapping[str, Any], lang: str) -> str:
    """How many draws stand behind a run, and how precise its chances are."""
    if row["draws"] is None:
        return ""
    draws, error = f"{int(row['draws']):,}", row["error"]
    if error is None:
        return tr(lang, "  ({draws} draws)", draws=draws)
    return tr(lang, "  ({draws} draws, s.e. up to {error} points)", draws=draws, error=f"{error:.1f}")


def _inputs(table: Table, compared: Table, lang: str, width: int) -> str:
    """Inputs that differ, each in a line; an entry that a run lacks altogether is one line."""
    runs = len(compared.rows)
    rows = _grouped(table, runs, lang)
    heading = tr(lang, "INPUTS CHANGED")
    if not table.rows:
        said = tr(lang, "none: all inputs are the same")
        if len(set(compared.column("draws"))) > 1 and all(compared.column("alike")[1:]):
            said = tr(
                lang,
                "none: all inputs are the same, the runs differ in their draws alone; no difference beyond"
                " sampling error",
            )
        return paragraph(heading, said, width)
    shown = rows[:_INPUTS]
    tail = tr(lang, '{rows} in all, see the table "Inputs changed"', rows=len(table.rows))
    cells = [["", *(f"{at}" for at in range(1, runs + 1))], *([row.path, *row.values] for row in shown)]
    if runs == 2:
        less = [tr(lang, "diff 2-1"), *(_less(row.values) for row in shown)]
        cells = [[*line, last] for line, last in zip(cells, less, strict=True)]
    widths = [max(map(cell_width, column)) for column in zip(*cells, strict=True)]
    numbers = sum(widths[1:]) + GAP * (len(widths) - 1)
    if numbers > width - 30:  # many runs: the values in a sentence
        body = []
        for one in shown:
            told = "  ".join(f"{at}: {value}" for at, value in enumerate(one.values, 1))
            body += [f"  {clip(one.path, width - GAP)}", paragraph("", told, width, 4)]
        return "\n".join([heading, *body, *([f"  {tail}"] if len(rows) > len(shown) else [])])
    names = width - numbers - widths[0] - GAP
    path_width = widths[0] if names >= 0 else width - numbers
    lines = []
    for (name, *values), row in zip(cells, [None, *shown], strict=True):
        label = clip(name, path_width) if row else heading
        if row and names >= _NAME + GAP:
            label = f"{pad(label, path_width)}  {clip(row.name, names - GAP)}"
        tails = [pad(value, wide, right=True) for value, wide in zip(values, widths[1:], strict=True)]
        lines.append(
            (" " * GAP)
            .join([pad(label, max(width - numbers, 0) if names >= _NAME else path_width), *tails])
            .rstrip()
        )
    return "\n".join([*lines, *([f"  {tail}"] if len(rows) > len(shown) else [])])


class _Row(NamedTuple):
    """A line of the list of inputs."""

    path: str
    name: str
    values: list[str]


def _grouped(table: Table, runs: int, lang: str) -> list[_Row]:
    """Lines of the list: path, name, value in each run; the range of a value that differs is left to the
    table."""
    records = table.records()
    changed = {row["path"] for row in records if not row["bound"]}
    lines: dict[str, _Row] = {}
    for row in records:
        path, part = row["path"], row["part"]
        if row["bound"] and path.rpartition(".")[0] in changed:
            continue
        cells = [row[f"value_{at}"] for at in range(1, runs + 1)]
        if part and part != path:
            count = sum(each["part"] == part for each in records)
            there = tr(lang, "{count} entries", count=count)
            name = row["name"].of(lang).split(tr(lang, ":"))[0]
            lines.setdefault(part, _Row(part, name, [ABSENT if cell == ABSENT else there for cell in cells]))
        else:
            name = row["name"].of(lang)
            lines[path] = _Row(path, "" if name == path else name, [_short(cell, lang) for cell in cells])
    return list(lines.values())


def _short(cell: Any, lang: str) -> str:
    return clip(written(cell, None, lang), 14)


def _less(values: Sequence[str]) -> str:
    """How far the second of two printed numbers lies above the first."""
    from decimal import Decimal, InvalidOperation

    try:
        less = Decimal(values[1]) - Decimal(values[0])
    except InvalidOperation:
        return ""
    return f"{less:+f}"


def _of(column: Column, **changed: Any) -> Column:
    """A column of a table, over that table's records."""
    return replace(column, value=lambda row: row[column.name], **changed)


def _headlines(table: Table, lang: str, width: int) -> str:
    """Verdicts, growth and money; the unit stands behind the name."""

    def name(row: Mapping[str, Any]) -> str:
        return f"{row['title'].of(lang)} {row['unit'].of(lang) if row['unit'] else ''}".strip()

    columns = (
        Column("title", msg("RESULTS"), value=name),
        *(
            each
            for column in table.columns
            if column.name.startswith("value_")
            for each in [_of(column), *_beside(table, column.name)]
        ),
        _of(table.columns[table.at("digits")]),
    )
    made = declare("headlines", msg("RESULTS"), columns, table.records(), note=_note(table))
    return render_table(made, lang, width)


def _note(table: Table) -> Bilingual | None:
    """What the mark says, where it stands."""
    names = [column.name for column in table.columns if column.name.startswith("within_")]
    return NOTE if any(plain(cell) for name in names for cell in table.column(name)) else None


def _beside(table: Table, name: str) -> list[Column]:
    """What stands beside a difference: its error, and a mark where it lies within it."""
    if not name.endswith("_less_1"):
        return []
    at = name.split("_")[-3]
    errors = [_of(column) for column in table.columns if column.name == f"error_{at}_less_1" and column.shown]
    return [*errors, *_mark(table, at)]


def _mark(table: Table, at: str) -> list[Column]:
    """The mark of differences within sampling error, where there is one."""
    name = f"within_{at}"
    if all(column.name != name for column in table.columns) or not any(map(plain, table.column(name))):
        return []
    return [
        Column(name, Bilingual.same(""), value=lambda row: MARK if plain(row[name]) else Bilingual.same(""))
    ]


_Long = tuple[Table, list[float]]
_Record = Mapping[str, Any]


def _targets(table: Table, lang: str, width: int) -> list[_Long]:
    """Judged targets: expected value, difference and rungs in each run; weights say what differs most.

    Where names would have to break inside words, the rungs are a table of their own.
    """
    numbers = [column for column in table.columns if column.name.startswith("expected_")]
    count = sum(not column.name.endswith("_less_1") for column in numbers)

    def rungs(row: _Record) -> list[str]:
        return [_rungs(row, at, lang) for at in range(1, count + 1)]

    def name(row: _Record) -> str:
        unit = row["unit"].of(lang) if row.get("unit") else ""
        title = _title(row, table.columns[0].name)
        return f"{title.of(lang)} {'' if unit == '%' else unit}".strip()

    def verdict(at: int) -> Column:
        return Column(f"rung_{at}", msg("verdict {at}", at=at), value=lambda row: _rungs(row, at, lang))

    rows = [
        row
        for row in table.records()  # else copied, or shown only
        if any(rungs(row)) or (row.get("basis") is None and row.get("basis_1") is None)
    ]
    weights = [
        2.0 * (len(set(filter(None, rungs(row)))) > 1)
        + _move([plain(row[column.name]) for column in numbers], count)
        for row in rows
    ]
    title = Column("title", msg("Target"), value=name)
    fine = Column("fine", Bilingual.told({}), digits=0, shown=False, value=lambda row: row.get("fine"))
    exact = any(row.get("fine") is not None for row in rows)
    figures = [
        _of(
            column,
            title=_tail(column.title),
            unit="",
            adds=False,
            digits=2,
            digits_from="fine" if exact else "",
        )
        for column in numbers
    ]
    figures = [
        each
        for column in figures
        for each in [column, *(_mark(table, column.name.split("_")[-3]) if "_less_" in column.name else [])]
    ]
    verdicts = [verdict(at) for at in range(1, count + 1)] if any(map(any, map(rungs, rows))) else []

    def made(heading: Bilingual, *columns: Column) -> _Long:
        note = NOTE if any(c.name.startswith("within_") for c in columns) else None
        return declare("targets", heading, (title, *columns, fine), rows, note=note), weights

    heading = msg("TARGETS, % or unit")
    needed = sum(max([10, *(cell_width(rungs(row)[at]) for row in rows)]) for at in range(count))
    if width - needed - GAP * count - (7 + GAP) * len(figures) >= _TITLE:
        return [made(heading, *figures, *verdicts)]
    return [made(heading, *figures), made(msg("VERDICTS"), *verdicts)]


def _title(row: _Record, key: str) -> Bilingual:
    """What a row is about, whichever run has it."""
    title = row.get("title") or row.get("title_1") or row.get("title_2") or row.get(key)
    return title if isinstance(title, Bilingual) else Bilingual.same(str(title))


def _rungs(row: Mapping[str, Any], at: int, lang: str) -> str:
    """Rungs of ensure and stretch (or the ceiling) in one run, in a word each."""
    found = []
    for tier in ("ensure", "stretch", "at_most"):
        cell = row.get(f"rung_{tier}_{at}", row.get(f"rung_{tier}"))
        if isinstance(cell, Bilingual):
            found.append(_WORDS.get(cell.zh, cell).of(lang))
    return "/".join(found)


def _move(values: Sequence[Any], count: int) -> float:
    """How far runs lie apart, as a part of the value; what only one run has comes last."""
    known = [value for value in values[:count] if isinstance(value, (int, float))]
    spread = _spread(known)
    return spread / max(1e-9, *map(abs, known)) if spread >= 0 else spread


def _spread(known: Sequence[float]) -> float:
    return max(known) - min(known) if len(known) > 1 else -1.0


def _tail(title: Bilingual) -> Bilingual:
    """What a heading says of the run: its number, or the difference."""
    words = {lang: title.of(lang).split() for lang in LANGUAGES}
    return Bilingual.told(
        {lang: " ".join(own[-2:]) if own[-1].endswith("-1") else own[-1] for lang, own in words.items()}
    )


def _sectors(table: Table, lang: str) -> _Long:
    """Growth of sectors with the difference; subtotals and the total stay when the table is cut short."""
    numbers = [
        column
        for column in table.columns
        if column.name.startswith("growth_") and column.name[7:8].isdecimal()
    ]
    count = sum(not column.name.endswith("_less_1") for column in numbers)
    weights = []
    for row in table.records():
        values = [plain(row[column.name]) for column in numbers[:count]]
        spread = _spread([value for value in values if isinstance(value, (int, float))])
        weights.append(1e9 if row.get("level") != "sector" else spread)
    columns = (
        Column("title", msg("Sector"), value=lambda row: _title(row, "sector")),
        *(_of(c, title=_tail(c.title), unit="", digits_from="", digits=2, adds=False) for c in numbers),
    )
    return declare("sectors", msg("GROWTH OF SECTORS %"), columns, table.records()), weights


def _lines(table: Table, weights: Sequence[float], lang: str, width: int) -> int:
    return len(render_table(table, lang, width).splitlines()) + 1


def _cut(table: Table, weights: Sequence[float], room: int, lang: str, width: int) -> str:
    """The table in at most ``room`` lines where that can be: the rows that differ most, in their order."""
    text = render_table(table, lang, width)
    keep = len(table.rows)
    while len(text.splitlines()) > room and keep > _FEWEST:
        keep -= 1
        chosen = sorted(sorted(range(len(table.rows)), key=lambda at: -weights[at])[:keep])
        more = len(table.rows) - keep
        name = _WHOLE.get(table.name, table.title)
        note = tr(lang, '{more} rows that differ less: see the table "{name}"', more=more, name=name)
        short = replace(table, rows=tuple(table.rows[at] for at in chosen))
        text = "\n".join(
            [render_table(short, lang, width), *(f"  {line}" for line in wrap(note, width - GAP))]
        )
    return text
