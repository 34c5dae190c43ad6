"""Candidate projects, budgets and quotas out of tables, every mistake with its file and line
(项目清单)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..models.errors import Said
from ..models.harmless import visible
from ..models.quantity import Bilingual, FloatArray
from ..models.selection import Candidate, Quota
from ..models.words import msg
from .files import Address, Reader
from .findings import circles
from .report import Place, Report, meant, one_of, shown
from .spreadsheet import only
from .tables.grid import Grid, grids
from .tables.planned import planned

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "project", "项目编号", "编号", "项目"),
    "title": ("title", "name", "名称", "项目名称"),
    "region": ("region", "county", "县区", "区县", "地区"),
    "value": ("value", "年增加值", "价值", "效益"),
    "quarters": ("quarters", "build", "工期", "工期（季）", "建设季数"),
    "earliest": ("earliest", "最早开工"),
    "latest": ("latest", "最晚开工"),
    "after": ("after", "前置项目", "前置"),
    "one_of": ("one_of", "互斥组", "互斥"),
    "must": ("must", "必上", "必须开工"),
}
MOST = 1e12
"""The largest number of a cell."""
NEEDED = ("id", "value", "quarters")
PLANNED = {"value": "value (年增加值), 年产值", "quarters": "quarters (工期（季）), 建设工期（月）"}
"""Columns of a list of projects that say what candidates need."""
HEAD = 0
"""Stands for the row of headings where a line is asked for."""

YES, NO = ("1", "yes", "true", "是", "必上"), ("", "0", "no", "false", "否")


@dataclass
class CandidateSheet:
    """A table read: headings, and rows with the place of every cell."""

    file: str
    heads: list[str]
    report: Report
    start: Place
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    places: dict[tuple[int, str], Place] = field(default_factory=dict)

    def wrong(self, line: int, head: str, name: str, found: Said, expected: Said, hint: Said = "") -> None:
        """Note a mistake about ``name`` in a cell, or in a heading where ``line`` is :data:`HEAD`."""
        first = self.start if line == HEAD else self.start._replace(line=line, column=1)
        self.report.add(self.places.get((line, head), first), name, found, expected, hint)


def sheet(path: Path, report: Report) -> CandidateSheet | None:
    """Read a table; None after a mistake has been noted."""
    grid = grid_of(path, report)
    return None if grid is None else as_written(grid, report)


def as_written(grid: Grid, report: Report) -> CandidateSheet:
    """A table whose first row names its columns."""
    head = grid.rows[0]
    heads = [cell.text for cell in head]
    found = CandidateSheet(grid.file, heads, report, head[0].place)
    for cell in reversed(head):
        found.places[HEAD, cell.text] = cell.place
    for at, cell in enumerate(head):
        if cell.text and cell.text in heads[:at]:
            report.add(cell.place, cell.text, msg("the column a second time"), msg("each column once"))
    for row in grid.rows[1:]:
        line = row[0].place.line
        found.places.update({(line, name): cell.place for name, cell in zip(heads, row, strict=False)})
        found.rows.append((line, {name: cell.text for name, cell in zip(heads, row, strict=False)}))
    return found


def grid_of(path: Path, report: Report) -> Grid | None:
    """The cells of a file with one table; None after a mistake has been noted."""
    folder = path.parent.as_posix()
    address = Address(path.parent.resolve(), path.name, "" if folder == "." else folder.rstrip("/") + "/")
    before = len(report.problems)
    found = grids(address, Reader(report), Place(str(path)), "file")
    if len(report.problems) > before:
        return None
    found = [grid for grid in found if grid.rows] or found
    grid = only(found, Place(address.shown, 1, 1), "file", report) if len(found) != 1 else found[0]
    if grid is None:
        return None
    grid.tell(report)
    if len(grid.rows) < 2:
        report.add(
            Place(address.shown, 1, 1),
            "file",
            msg("no rows"),
            msg("a first row of headings, then one row for each"),
        )
        return None
    return grid


def listed(
    grid: Grid, quarters: Sequence[str], sources: Sequence[str], report: Report
) -> CandidateSheet | None:
    """A planners' list of projects as a table of candidates; None where it is none."""
    rows = planned(grid, COLUMNS, sources, report)
    if rows is None:
        return None
    heads = [name for name in (*COLUMNS, *sources) if any(name in row for row in rows) or name in NEEDED]
    found = CandidateSheet(grid.file, heads, report, grid.start)
    for row in rows:
        line = row["id"][1].line
        for name in NEEDED:
            if name not in row:
                report.add(row["id"][1], name, msg("nothing"), msg("a column {names}", names=PLANNED[name]))
        start = row.get("earliest")
        if start and quarters and quarter(start[0]) and start[0] < quarters[0]:
            del row["earliest"]
        found.places |= {(line, name): place for name, (_, place) in row.items()}
        found.rows.append((line, {name: text for name, (text, _) in row.items()}))
    return found


def quarter(text: str) -> tuple[int, int] | None:
    """Year and quarter of a name.

    >>> quarter("2024Q3"), quarter("2024年三季度"), quarter("2024-Q1"), quarter("2024Q5")
    ((2024, 3), (2024, 3), (2024, 1), None)
    """
    hit = re.fullmatch(r"(\d{4})\s*年?\s*-?\s*(?:[Qq]\s*([1-4])|第?([1-4一二三四])季度?)", text.strip())
    if not hit:
        return None
    word = hit[2] or hit[3]
    return int(hit[1]), int(word) if word.isdecimal() else "一二三四".index(word) + 1


def budgets(path: Path, report: Report) -> tuple[tuple[str, ...], dict[str, FloatArray]]:
    """Quarters, one after another, and money by source ``(Q,)``: columns `quarter` and one for each
    source."""
    read = sheet(path, report)
    if read is None:
        return (), {}
    head = next((name for name in read.heads if name in ("quarter", "季度")), None)
    if head is None:
        read.wrong(
            HEAD,
            "",
            "quarter",
            msg("no such column"),
            msg("a column `quarter` (季度)"),
            meant("quarter", read.heads),
        )
        return (), {}
    names, before = [], None
    sources = [name for name in read.heads if name and name != head]
    money: dict[str, list[float]] = {name: [] for name in sources}
    for line, row in read.rows:
        when = quarter(row.get(head, ""))
        if when is None:
            read.wrong(
                line,
                head,
                "quarter",
                shown(row.get(head, "")),
                msg("a quarter such as 2024Q1 (2024年一季度)"),
            )
            continue
        if before and when != (before[0] + before[1] // 4, before[1] % 4 + 1):
            read.wrong(
                line,
                head,
                "quarter",
                shown(row.get(head, "")),
                msg("the quarter after {year}Q{quarter}", year=before[0], quarter=before[1]),
            )
        before = when
        names.append(f"{when[0]}Q{when[1]}")
        for name in sources:
            money[name].append(_amount(read, line, name, row, 0.0))
    if not sources:
        read.wrong(
            HEAD, "", "sources", msg("no source of money"), msg("a column for each: own, bond, loan, ...")
        )
    return tuple(names), {name: np.array(values) for name, values in money.items()}


def quotas(path: Path, regions: Sequence[str], report: Report) -> dict[str, Quota]:
    """Quotas by region: columns `region` and any of `least`, `most` (starts) and `money` (亿元)."""
    read = sheet(path, report)
    if read is None:
        return {}
    head = next((name for name in read.heads if name in COLUMNS["region"]), None)
    if head is None:
        read.wrong(
            HEAD,
            "",
            "region",
            msg("no such column"),
            msg("a column `region` (县区)"),
            meant("region", read.heads),
        )
        return {}
    words = {"least": ("least", "至少"), "most": ("most", "至多"), "money": ("money", "投资上限")}
    known = {name for names in words.values() for name in names} | {head}
    for name in read.heads:
        if name and name not in known:
            read.wrong(
                HEAD,
                name,
                name,
                msg("an unknown column"),
                msg("region, {names}", names=one_of(words)),
                meant(name, known),
            )
    found: dict[str, Quota] = {}
    for line, row in read.rows:
        region = row.get(head, "")
        if region not in regions:
            read.wrong(
                line, head, "region", shown(region), msg("a region of the candidates"), meant(region, regions)
            )
        if region in found:
            read.wrong(
                line,
                head,
                "region",
                msg("{region} a second time", region=shown(region)),
                msg("one row for each region"),
            )
        values = []
        for name, otherwise in (("least", 0.0), ("most", math.inf), ("money", math.inf)):
            column = next((each for each in words[name] if each in read.heads), "")
            values.append(_amount(read, line, column, row, otherwise) if column else otherwise)
        if values[0] > values[1]:
            read.wrong(line, head, "least", f"least {values[0]:g}, most {values[1]:g}", "least <= most")
        found[region] = Quota(*values)
    return found


def candidates(
    path: Path, quarters: Sequence[str], sources: Sequence[str], report: Report
) -> tuple[Candidate, ...]:
    """Candidate projects: one row each.

    Columns: `id`, `value` (a year, once complete), `quarters` (of building), one for each source of money
    (亿元), and any of `title`, `region`, `earliest`, `latest`, `after` (ids, with ;), `one_of` (groups, with
    ;), `must`.
    """
    grid = grid_of(path, report)
    if grid is None:
        return ()
    read = listed(grid, quarters, sources, report) or as_written(grid, report)
    heads = {
        name: head
        for name, aliases in COLUMNS.items()
        if (head := next((a for a in aliases if a in read.heads), None))
    }
    for name in NEEDED:
        if name not in heads:
            read.wrong(
                HEAD,
                "",
                name,
                msg("no such column"),
                msg("a column {names}", names=one_of(COLUMNS[name][:3])),
                meant(name, read.heads),
            )
    for head in read.heads:
        if head and head not in heads.values() and head not in sources:
            known = [*(name for name in COLUMNS), *sources]
            read.wrong(
                HEAD,
                head,
                head,
                msg("an unknown column"),
                msg("one of {names}", names=one_of(known, 30)),
                meant(head, known),
            )
    if any(name not in heads for name in NEEDED):
        return ()
    ids = {row.get(heads["id"], ""): line for line, row in reversed(read.rows)}
    found = []
    for line, row in read.rows:
        name = row.get(heads["id"], "")
        if not visible(name).strip() or ids[name] != line:
            read.wrong(
                line,
                heads["id"],
                "id",
                (
                    msg("{name} a second time, after line {line}", name=shown(name), line=ids[name])
                    if visible(name).strip()
                    else msg("nothing")
                ),
                msg("an id of its own"),
            )
            continue
        found.append(_candidate(read, heads, line, row, name, quarters, sources, ids))
    for way in circles({each.id: each.after for each in found}):
        line = ids[way[0]]
        read.wrong(
            line,
            heads.get("after", heads["id"]),
            "after",
            msg("a circle: {way}", way=" <- ".join(way)),
            msg("projects that do not wait for one another"),
        )
    return tuple(found)


def _candidate(
    read: CandidateSheet,
    heads: Mapping[str, str],
    line: int,
    row: Mapping[str, str],
    name: str,
    quarters: Sequence[str],
    sources: Sequence[str],
    ids: Mapping[str, int],
) -> Candidate:
    def text(key: str) -> str:
        return row.get(heads[key], "") if key in heads else ""

    build = _amount(read, line, heads["quarters"], row, 1.0)
    if build < 1 or build != round(build) or build > 200:
        read.wrong(
            line,
            heads["quarters"],
            "quarters",
            shown(text("quarters")),
            msg("a whole number of quarters from 1 to 200"),
        )
        build = 1.0
    when = []
    for key, otherwise in (("earliest", 0), ("latest", len(quarters) - 1)):
        stated = text(key)
        named = quarter(stated)
        at = (
            quarters.index(f"{named[0]}Q{named[1]}")
            if named and f"{named[0]}Q{named[1]}" in quarters
            else None
        )
        if stated and at is None:
            read.wrong(
                line,
                heads[key],
                key,
                shown(stated),
                (
                    msg("a quarter from {first} to {last}", first=quarters[0], last=quarters[-1])
                    if quarters
                    else msg("a quarter of the budgets")
                ),
            )
        when.append(otherwise if at is None else at)
    if quarters and when[0] > when[1]:
        read.wrong(
            line,
            heads.get("latest", heads["id"]),
            "latest",
            shown(text("latest")),
            msg("not before the earliest, {earliest}", earliest=text("earliest")),
        )
    after = tuple(part.strip() for part in re.split(r"[;；、]", text("after")) if part.strip())
    for other in after:
        if other not in ids:
            read.wrong(
                line, heads["after"], "after", shown(other), msg("the id of a project"), meant(other, ids)
            )
    must = text("must").lower()
    if must not in (*YES, *NO):
        read.wrong(line, heads["must"], "must", shown(must), msg("1 or nothing"))
    money = {source: _amount(read, line, source, row, 0.0) for source in sources if source in read.heads}
    title = text("title") if visible(text("title")).strip() else name
    return Candidate(
        name,
        Bilingual.same(title),
        text("region"),
        _amount(read, line, heads["value"], row, 0.0),
        {source: amount for source, amount in money.items() if amount > 0},
        int(build),
        when[0],
        when[1],
        tuple(other for other in after if other in ids),
        tuple(part.strip() for part in re.split(r"[;；、]", text("one_of")) if part.strip()),
        must in YES,
        f"{read.file}:{line}",
    )


def _amount(read: CandidateSheet, line: int, head: str, row: Mapping[str, str], otherwise: float) -> float:
    """A number from 0 to :data:`MOST`; an empty cell stands for ``otherwise``."""
    text = row.get(head, "")
    if not text:
        return otherwise
    try:
        number = float(text) if re.fullmatch(r"[-+0-9.eE]+", text) else math.nan
    except ValueError:
        number = math.nan
    if not number >= 0:
        read.wrong(line, head, head, shown(text), msg("a number of at least 0"))
        return otherwise
    if number > MOST:
        read.wrong(line, head, head, shown(text), msg("a number up to {most:.0e}", most=MOST))
        return otherwise
    return number
