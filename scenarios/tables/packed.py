"""The parts of a workbook (xlsx) taken apart: text is read, nothing is run, followed or unfolded (解包).

A workbook is a zip of XML. Each part that is needed goes once, in pieces, through a parser that builds no
tree; every count has a bound, so that neither time nor memory depends on what a file claims to be.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias
from xml.parsers import expat

from ...models.errors import Said, letters
from ...models.words import msg
from .grid import MOST_CELLS

MOST_UNPACKED = 80_000_000
MOST_PARTS = 2_000
MOST_SHEETS = 200
MOST_MERGED = 20_000
MOST_ELEMENTS = 1_500_000
"""Of all parts that are read together."""
MOST_LETTERS = 20_000_000
"""Of all strings that cells share."""
LONGEST_TEXT = 32_767
"""Letters of one cell: as many as Excel takes."""
DEEPEST = 40
_CHUNK = 1 << 18
_LONGEST_TAG = 1 << 20
_SPELLED = re.compile(r"_x00(?:[01][0-9A-F]|7F|(5F))_", re.IGNORECASE)
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")

Start: TypeAlias = "Callable[[str, Mapping[str, str]], None]"
End: TypeAlias = "Callable[[str, str], None]"
At: TypeAlias = "tuple[int, int]"
"""Row and column, from 1."""


class Refused(Exception):
    """A workbook that is not read: what was found, what is expected, what to do."""

    def __init__(self, found: Said, expected: Said = "", hint: Said = "") -> None:
        super().__init__(str(found))
        again = msg("open it in Excel and save it as .xlsx")
        self.said = (found, expected or msg("a workbook (.xlsx)"), hint or again)


def fewer(found: Said, expected: Said = "") -> Refused:
    """What is told of a workbook that holds more than is read."""
    return Refused(
        found,
        expected or msg("fewer"),
        msg("delete rows and columns that only look empty, or split the file"),
    )


class Named(NamedTuple):
    """A sheet by its title, and the part that holds it."""

    title: str
    hidden: bool
    part: str


@dataclass
class Sheet:
    """What a sheet stores: texts and numbers by place, with the format of each number."""

    values: dict[At, tuple[str, str, str]] = field(default_factory=dict)
    """The kind of a cell, what it stores, the format of its number."""
    computed: set[At] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Areas: first row, first column, last row, last column."""


def position(reference: str) -> At:
    """Row and column of a reference.

    >>> position("A1"), position("$AB$20")
    ((1, 1), (20, 28))
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference[:20])
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


class Parts:
    """A zip of XML that was opened: a workbook, or a text of Word.

    Raises
    ------
    Refused
        It is none, holds macros, or more than is read.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            parts = self._zip.infolist()
        except Exception as error:  # whatever a broken file raises
            raise Refused(msg("a file that is no workbook")) from error
        self._elements = 0
        self._names = {part.filename for part in parts}
        self._lowered = {name.lower() for name in self._names}
        size = sum(part.file_size for part in parts)
        if size > MOST_UNPACKED or len(parts) > MOST_PARTS:
            raise fewer(
                msg("a file of {size:,} bytes in {count:,} parts, unpacked", size=size, count=len(parts)),
                msg("at most {size:,} bytes in {count:,} parts", size=MOST_UNPACKED, count=MOST_PARTS),
            )
        if any("vbaproject" in name for name in self._lowered):
            raise Refused(msg("a workbook with macros"), msg("a workbook without macros (.xlsx)"))
        if len(self._lowered) < len(parts):
            raise Refused(msg("a file in which parts stand twice"))

    def _parse(self, part: str, start: Start, end: End, texts: frozenset[str] = frozenset()) -> None:
        """Go through a part once: elements by their plain names, with what stands in those of ``texts``."""
        reading = _Reading(start, end, texts, MOST_ELEMENTS - self._elements)
        with self._zip.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                reading.feed(chunk)
            reading.feed(b"", last=True)
        self._elements += reading.elements

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """Parts that a part refers to, by the name of the reference; those outside the file are left out."""
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, str] = {}

        def start(element: str, said: Mapping[str, str]) -> None:
            if element != "Relationship" or said.get("TargetMode") == "External":
                return
            if said.get("Type", "").endswith("/" + kind):
                target = posixpath.normpath(posixpath.join("/", folder, said.get("Target", "")))
                found[said.get("Id", "")] = target.lstrip("/")

        if listed in self._names:
            self._parse(listed, start, _nothing)
        return found


class Packed(Parts):
    """A workbook that was opened."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        top = self._related("", "officeDocument")
        self._top = next(iter(top.values()), "xl/workbook.xml")
        if self._top not in self._names:
            raise Refused(msg("a file that is no workbook"))
        self.links = sum("externallinks/externallink" in name for name in self._lowered)
        """Other files and programs that formulas refer to."""
        self.since_1904 = False
        self.sheets: list[Named] = []
        self._workbook()
        self._texts: list[str] | None = None
        self._formats: list[str] | None = None

    def _workbook(self) -> None:
        """The sheets in their order."""
        parts = self._related(self._top, "worksheet")

        def start(element: str, said: Mapping[str, str]) -> None:
            if element == "workbookPr":
                self.since_1904 = said.get("date1904") in ("1", "true")
            elif element == "sheet":
                reference = next((said[name] for name in said if name.rpartition("}")[2] == "id"), "")
                hidden = said.get("state", "visible") != "visible"
                if reference in parts and parts[reference] in self._names:
                    self.sheets.append(Named(said.get("name", ""), hidden, parts[reference]))
                if len(self.sheets) > MOST_SHEETS:
                    raise fewer(msg("a workbook of more than {most} sheets", most=MOST_SHEETS))

        self._parse(self._top, start, _nothing)

    def _shared(self) -> list[str]:
        """The strings that cells share; readings of characters (拼音) left out."""
        if self._texts is not None:
            return self._texts
        found: list[str] = []
        aside, letters, said = 0, 0, ""

        def start(element: str, _: Mapping[str, str]) -> None:
            nonlocal aside, said
            aside += element == "rPh"
            if element == "si":
                said = ""

        def end(element: str, text: str) -> None:
            nonlocal aside, letters, said
            aside -= element == "rPh"
            if element == "t" and not aside:
                said = joined(said, text)
                letters += len(text)
                if letters > MOST_LETTERS:
                    raise fewer(msg("more than {most:,} characters", most=MOST_LETTERS))
            elif element == "si":
                found.append(unescaped(said))

        for part in self._related(self._top, "sharedStrings").values():
            if part in self._names:
                self._parse(part, start, end, frozenset({"t"}))
        self._texts = found
        return found

    def _styles(self) -> list[str]:
        """The format of numbers of each style of cells."""
        if self._formats is not None:
            return self._formats
        own: dict[str, str] = {}
        styles: list[str] = []
        inside = False

        def start(element: str, said: Mapping[str, str]) -> None:
            nonlocal inside
            if element == "numFmt":
                own[said.get("numFmtId", "")] = said.get("formatCode", "")
            elif element == "cellXfs":
                inside = True
            elif element == "xf" and inside:
                styles.append(said.get("numFmtId", "0"))

        def end(element: str, _: str) -> None:
            nonlocal inside
            inside = inside and element != "cellXfs"

        for part in self._related(self._top, "styles").values():
            if part in self._names:
                self._parse(part, start, end)
        self._formats = [own.get(number, BUILT_IN.get(number, "")) for number in styles]
        return self._formats

    def sheet(self, named: Named) -> Sheet:
        """What a sheet stores."""
        shared, formats = self._shared(), self._styles()
        reader = _Cells(shared, formats)
        self._parse(named.part, reader.start, reader.end, frozenset({"v", "t"}))
        return reader.sheet


def paragraphs(data: bytes, most: int) -> list[str]:
    """The paragraphs of a text of Word, those of tables and boxes left out, up to a number.

    Raises
    ------
    Refused
        It holds more than is read.
    """
    reader = _Paragraphs(most)
    Parts(data)._parse(TEXT, reader.start, reader.end, frozenset({"t"}))
    return reader.found


TEXT = "word/document.xml"
"""The part of a text of Word that holds its words."""


class _Paragraphs:
    """Takes paragraphs as they come."""

    def __init__(self, most: int) -> None:
        self.found: list[str] = []
        self._most, self._inside, self._aside, self._run = most, 0, 0, 0

    def start(self, element: str, _: Mapping[str, str]) -> None:
        """An element begins."""
        self._aside += element in _ASIDE
        self._run += element == "r"
        if element == "p" and not self._aside:
            self._inside += 1
            if len(self.found) >= self._most:
                raise fewer(msg("more than {most:,} paragraphs", most=self._most))
            self.found.append("")
        elif self._run and not self._aside and self._inside:
            self.found[-1] += _SIGNS.get(element, "")

    def end(self, element: str, text: str) -> None:
        """An element ends."""
        if element == "t" and self._inside and not self._aside:
            self.found[-1] = joined(self.found[-1], text)
        self._aside -= element in _ASIDE
        self._run -= element == "r"
        self._inside -= element == "p" and not self._aside


_ASIDE = frozenset({"tbl", "drawing", "pict", "object", "AlternateContent", "del"})
"""Tables, boxes, and what was struck out."""
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class _Reading:
    """One part on its way through the parser."""

    def __init__(self, start: Start, end: End, texts: frozenset[str], most: int) -> None:
        self.elements = 0
        self._start, self._end, self._texts, self._most = start, end, texts, most
        self._depth = self._fed = self._letters = 0
        self._held: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._parser.EntityDeclHandler = self._foreign
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._finish

    def feed(self, chunk: bytes, last: bool = False) -> None:
        """Take a piece; a tag that does not come to its end is no tag."""
        self._parser.Parse(chunk, last)
        self._fed += len(chunk)
        if not last and self._fed - self._parser.CurrentByteIndex > _LONGEST_TAG:
            raise fewer(msg("a file with an element that does not end"))

    def _foreign(self, *_: Any) -> None:
        raise Refused(msg("a file with a document type of its own"))

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self.elements += 1
        if self.elements > self._most:
            raise fewer(msg("a file of more than {most:,} elements", most=MOST_ELEMENTS))
        if self._depth > DEEPEST:
            raise fewer(msg("more than {most} levels", most=DEEPEST))
        plain = name.rpartition("}")[2]
        if plain in self._texts:
            self._held, self._letters = [], 0
            self._parser.CharacterDataHandler = self._characters
        self._start(plain, attributes)

    def _characters(self, data: str) -> None:
        self._letters += len(data)
        if self._letters > LONGEST_TEXT:
            raise fewer(msg("a text of more than {most:,} characters", most=LONGEST_TEXT))
        self._held.append(data)

    def _finish(self, name: str) -> None:
        self._depth -= 1
        plain = name.rpartition("}")[2]
        said = ""
        if plain in self._texts:
            self._parser.CharacterDataHandler = None
            said = "".join(self._held)
        self._end(plain, said)


def _nothing(*_: Any) -> None:
    """An end of which nothing is made."""


def joined(text: str, more: str) -> str:
    """A text with its next part, within the bound of a text."""
    if len(text) + len(more) > LONGEST_TEXT:
        raise fewer(msg("a text of more than {most:,} characters", most=LONGEST_TEXT))
    return text + more


def unescaped(text: str) -> str:
    """Control characters that a workbook spells out, as blanks.

    >>> unescaped("a_x000D_b_x005F_x000D_")
    'a b_x000D_'
    """
    return _SPELLED.sub(lambda found: "_" if found[1] else " ", text) if "_x00" in text else text


class _Cells:
    """Takes the cells of a sheet as they come."""

    def __init__(self, shared: list[str], formats: list[str]) -> None:
        self.sheet = Sheet()
        self._shared, self._formats = shared, formats
        self._row, self._column, self._seen = 0, 0, 0
        self._kind, self._style, self._aside = "", 0, 0
        self._said: str | None = None

    def start(self, element: str, said: Mapping[str, str]) -> None:
        """An element begins."""
        if element == "c":
            self._cell(said)
        elif element == "row":
            self._row, self._column = int(said.get("r") or self._row + 1), 0
            if said.get("hidden") in ("1", "true"):
                self.sheet.hidden.add(self._row)
        elif element == "f":
            self.sheet.computed.add((self._row, self._column))
        elif element == "rPh":
            self._aside += 1
        elif element == "mergeCell":
            first, _, last = said.get("ref", "").partition(":")
            self.sheet.merged.append((*position(first), *position(last or first)))
            if len(self.sheet.merged) > MOST_MERGED:
                raise fewer(msg("a sheet of more than {most:,} merged cells", most=MOST_MERGED))

    def _cell(self, said: Mapping[str, str]) -> None:
        self._seen += 1
        if self._seen > MOST_CELLS:
            raise fewer(msg("a sheet of more than {cells:,} cells", cells=MOST_CELLS))
        at = position(said["r"]) if "r" in said else (max(self._row, 1), self._column + 1)
        self._row, self._column = at
        self._kind, self._said = said.get("t", "n"), None
        self._style = int(said.get("s") or 0)

    def end(self, element: str, text: str) -> None:
        """An element ends."""
        if element == "v":
            self._said = text
        elif element == "t" and not self._aside and self._kind == "inlineStr":
            self._said = joined(self._said or "", text)
        elif element == "rPh":
            self._aside -= 1
        elif element == "c" and self._said:
            self._keep(self._said)

    def _keep(self, text: str) -> None:
        kind, how = self._kind, ""
        if kind == "s":
            number = int(text)
            if not 0 <= number < len(self._shared):
                raise ValueError(f"{letters(self._column)}{self._row}")
            kind, text = "str", self._shared[number]
        elif kind in ("str", "inlineStr"):
            kind, text = "str", unescaped(text)
        elif 0 < self._style < len(self._formats):
            how = self._formats[self._style]
        if text:
            self.sheet.values[self._row, self._column] = (kind, text, how)


_MONTH, _DAY, _TIME = "yyyy-mm", "yyyy-mm-dd", "h:mm"
BUILT_IN: dict[str, str] = {
    "9": "0%",
    "10": "0.00%",
    **dict.fromkeys(("14", "15", "16", "22", "28", "29", "30", "31", "51", "53", "54", "58"), _DAY),
    **dict.fromkeys(("17", "27", "36", "50", "52", "57"), _MONTH),
    **dict.fromkeys(("18", "19", "20", "21", "32", "33", "34", "35", "45", "47", "55", "56"), _TIME),
    "46": "[h]:mm",
}
"""Formats that a workbook names by number alone (ECMA-376, 18.8.30), those of Chinese Excel among them."""


def chosen(sheets: list[Named], names: list[str]) -> Iterator[Named]:
    """The sheets of some names, in the order of the names; all visible ones where there are none."""
    if not names:
        yield from (sheet for sheet in sheets if not sheet.hidden)
        return
    known = {sheet.title: sheet for sheet in sheets}
    yield from (known[name] for name in names if name in known)
