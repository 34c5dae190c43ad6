"""Tables in text files: separated by commas, semicolons or tabs, in UTF-8, UTF-16 or GBK (文本表格)."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

from ...models.words import msg
from ..files import MARKS, Address, Reader, no_utf8
from ..lines import BREAK, Lines
from ..report import Place, Report
from .grid import MOST_CELLS, Cell, Grid, too_large

SEPARATORS = ("\t", ";", ",")
NAMES = {"\t": msg("tabs"), ";": msg("semicolons")}
_USUAL = re.compile(
    r"[\x00-\x7f\u00a0-\u00ff\u2000-\u22ff\u2460-\u24ff\u3000-\u33ff\u4e00-\u9fff\uff00-\uffef]*"
)
_SAMPLE = 30
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def decoded(data: bytes, file: str, report: Report) -> tuple[str, str] | None:
    """The text and, where it is not UTF-8, the name of its encoding; None after a mistake has been noted."""
    if data[:2] in MARKS:
        try:
            return data.decode("utf-16"), ""
        except UnicodeDecodeError as error:
            report.add(*no_utf8(data, file, error))
            return None
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        others = () if _mixed(data) else (("GBK", "gb18030"), ("UTF-16", _without_mark(data)))
        for name, known in others:
            try:
                text = data.decode(known) if known else "\x00"
            except UnicodeDecodeError:
                continue
            if "\x00" not in text and _USUAL.fullmatch(text):
                return text, name
        report.add(*no_utf8(data, file, error))
        return None


def _mixed(data: bytes) -> bool:
    """Whether some lines of what is not UTF-8 as a whole are: two files were put together; read as GBK,
    those lines would be other words."""
    return any(
        len(line) - len(line.translate(None, _HIGH)) >= _SURE and _is_utf8(line) for line in data.split(b"\n")
    )


_HIGH = bytes(range(0x80, 0x100))
_SURE = 6
"""Bytes beyond ASCII in a line that hardly are UTF-8 by chance: two characters."""


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without_mark(data: bytes) -> str:
    """UTF-16 without a mark, by where its zeros stand; nothing where there are few."""
    head = data[:400]
    if head.count(0) <= len(head) // 10:
        return ""
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


_STATED = re.compile(r'\A"?sep=([,;\t])"?(?:\r\n|\n|\r)')
"""A first line by which Excel is told what parts the cells."""


def listed(path: Path, report: Report) -> Grid | None:
    """The cells of a text file named on the command line, as many as it has; None after a mistake has been
    noted."""
    folder = path.parent.as_posix()
    address = Address(path.parent, path.name, "" if folder == "." else folder.rstrip("/") + "/")
    data = Reader(report).data(address, Place(str(path)), "file")
    grid = None if data is None else csv_grid(data, address.shown, "file", report, bounded=False)
    return grid and headed(grid, "file", report)


def csv_grid(data: bytes, file: str, path: str, report: Report, bounded: bool = True) -> Grid | None:
    """The cells of a text file; None after a mistake has been noted."""
    said = decoded(data, file, report)
    if said is None:
        return None
    text, encoding = said
    if found := CONTROL.search(text):
        report.add(
            Place(file, *Lines(text).at(found.start())),
            path,
            msg("the control character U+{code:04X}", code=ord(found[0])),
            msg("printable text"),
            msg("delete it; is this a text file?"),
        )
        return None
    separator = separated(text)
    if bounded and text.count(separator) > 2 * MOST_CELLS:
        too_large(Place(file, 1, 1), path, text.count("\n") + 1, text.count(separator), report)
        return None
    rows = split(text, separator, file, path, report)
    if rows is None:
        return None
    if _STATED.match(text):
        rows = rows[1:]
    widest = max(map(len, rows), default=0)
    if bounded and too_large(Place(file, 1, 1), path, len(rows), widest, report):
        return None
    grid = Grid(file, [row for row in rows if any(cell.text for cell in row)])
    if encoding:
        grid.notes.append((Place(file), msg("read as text in {encoding}", encoding=encoding)))
    if separator in NAMES:
        grid.notes.append((Place(file), msg("read as cells parted by {sign}", sign=NAMES[separator])))
    return grid


def headed(grid: Grid, path: str, report: Report) -> Grid:
    """The same grid, after a mistake has been noted for every row that goes on behind the headings, as where
    a number with commas stands in no quotes: it ends with the headings now.

    The headings are the row of the first with the most words, and those below it that are words alone.
    """
    words = [len({cell.text for cell in row if _LETTER.search(cell.text)}) for row in grid.rows[:_SAMPLE]]
    if not any(words):
        return grid
    head = words.index(max(words))
    while all(
        _LETTER.search(cell.text) for row in grid.rows[head + 1 : head + 2] for cell in row if cell.text
    ):
        head += 1
        if head + 1 >= len(grid.rows):
            return grid
    most = max(map(len, grid.rows[: head + 1]))
    beyond = [row for row in grid.rows[head + 1 :] if any(cell.text for cell in row[most:])]
    for row in beyond:
        report.add(
            next(cell.place for cell in row[most:] if cell.text),
            path,
            msg("{count} cells", count=len(row)),
            msg("at most {most}, as the headings", most=most),
            msg("write a number that holds commas without them, or in quotes"),
        )
        del row[most:]
    return grid


_LETTER = re.compile(r"[^\W\d_]")
"""What a number does not hold."""


def separated(text: str) -> str:
    """What parts the cells: the sign that stands most often in most of the first lines.

    >>> separated("a,b\\n1,2"), separated("a;b\\n1,5;2"), separated("a\\tb\\n1,430\\t2")
    (',', ';', '\\t')
    """
    if stated := _STATED.match(text):
        return stated[1]
    bare = re.sub(r'"(?:[^"]|"")*"', "", text[:20_000])
    lines = [line for line in BREAK.split(bare)[:_SAMPLE] if line.strip()]
    counts = {sign: [line.count(sign) for line in lines] for sign in SEPARATORS}
    usual = {sign: median(counts[sign] or [0]) for sign in SEPARATORS}
    best = max(SEPARATORS, key=lambda sign: usual[sign])
    return best if usual[best] else max(reversed(SEPARATORS), key=lambda sign: sum(counts[sign]))


def split(text: str, separator: str, file: str, path: str, report: Report) -> list[list[Cell]] | None:
    """Rows of cells, each with the line and column where it begins; line breaks may stand in quotes."""
    bare = re.compile(f"[^{re.escape(separator)}\\r\\n]*")
    quoted = re.compile(f'[ ]*"((?:[^"]|"")*)"[ ]*(?=[{re.escape(separator)}\\r\\n]|\\Z)')
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    at, line, begin, end = 0, 1, 0, len(text)
    while at <= end:
        place = Place(file, line, at - begin + 1)
        found = quoted.match(text, at) if text[at : at + 1] in ('"', " ") else None
        if found is None:
            found = bare.match(text, at)
            assert found is not None  # it may be empty
            said = found[0].strip()
            if said.startswith('"'):
                report.add(
                    Place(file, line, 1),
                    path,
                    msg("a line that is no CSV ({error})", error=msg("a quotation mark is not closed")),
                    msg("cells between commas"),
                )
                return None
        else:
            said = found[1].replace('""', '"').strip()
            for broken in BREAK.finditer(text, at, found.end()):
                line, begin = line + 1, broken.end()
        row.append(Cell(said, place))
        at = found.end()
        if text.startswith(separator, at):
            at += 1
            continue
        rows.append(row)
        row = []
        if at >= end:
            break
        at += 2 if text.startswith("\r\n", at) else 1
        line, begin = line + 1, at
    return rows
