"""The report as a Word document: a verdict on one page, contents, chapters with numbered tables and pictures,
annex."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ....models.errors import DabiaoError
from ....models.quantity import Bilingual
from ....models.words import msg, tr
from ...outline import Chapter, chapters, lines_of, numbered
from ...tables.paper import all_on_paper
from ...tables.table import Table, sentences
from ...text.format import clean
from ...text.locales import locale
from ..markdown import facts
from ..terminal.layout import cell_width
from .brief import Printed, part_of
from .marks import bookmark, caption, contents, paragraph, run
from .page import add, edges, new_document, picture
from .tables import grid_of, height, setting, table_xml

if TYPE_CHECKING:
    from ...charts.scene import Scene

FILE = "report.docx"
NEEDED = msg(
    "report.docx needs python-docx, which is not installed: pip install {extra}", extra='"dabiao[report]"'
)
NO_FONT = (
    "注：本机没有中文字体，图中文字改用英文；安装中文字体（如 fonts-noto-cjk）或 pip install"
    ' "dabiao[fonts]"，或用环境变量 DABIAO_FONT 指定字体文件。'
)
_MEMBER = (2024, 1, 1, 0, 0, 0)
_ONE_PAGE = (
    "verdict",
    "chances",
    "broken",
    "cheapest",
    "gap",
    "uncertainty_drivers",
    "turns",
    "projects",
    "rivals",
    "mixes",
    "assumptions",
    "binding",
)
"""Sentences below the verdict, the first ones first: as many as its page holds."""
_PAGE, _TOP = 716.0, 130.0
"""Height of a page between its margins and of the title with the verdict's heading, points."""
_SMALL = {"verdict": 8.0, "targets": 7.0, "numbers": 7.0, "audit": 8.0}
"""Largest letters of a table where it is to be small."""


class MissingWord(DabiaoError):
    """The extra that writes Word files is not installed."""

    exit_code = 3


def export_word(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Bilingual, meta: Mapping[str, Any]
) -> list[Path]:
    """``report.docx``: real headings, tables that repeat their headings, captions that Word numbers.

    Of long tables the part that decides is printed and a note says where the rest is (:mod:`.word.brief`).

    Raises
    ------
    MissingWord
        python-docx is not installed.
    """
    if importlib.util.find_spec("docx") is None:
        raise MissingWord(NEEDED)
    document = new_document(title.of(lang), lang)
    _Writer(document, tables, lang).write(title, meta)
    buffer = io.BytesIO()
    document.save(buffer)
    file = folder / FILE
    file.write_bytes(_timeless(buffer.getvalue()))
    return [file]


def _timeless(data: bytes) -> bytes:
    """The same package with a constant time on every part: the same tables give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            packed = (
                zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            )  # pictures are packed already
            new.writestr(zipfile.ZipInfo(name, _MEMBER), old.read(name), packed)
    return buffer.getvalue()


class _Writer:
    """Puts one run into one document; counts tables and figures."""

    def __init__(self, document: Any, tables: Mapping[str, Table], lang: str) -> None:
        self.document, self.tables, self.lang = document, tables, lang
        self.printed = all_on_paper(tables)
        self.parts = {name: part_of(table) for name, table in self.printed.items()}
        self.told = sentences(tables, lang)
        self.opens = "plain" if "plain" in self.told else "verdict"
        self.found = chapters(tables)
        self.count = {"table": 0, "figure": 0}
        self.words = None
        if importlib.util.find_spec("matplotlib") is not None:
            from ...charts.words import drawn_words

            self.words = drawn_words(lang)

    def write(self, title: Bilingual, meta: Mapping[str, Any]) -> None:
        """The whole document: the first chapter on the page of the title, then the contents, then the
        rest."""
        name = clean(title.of(self.lang))
        edges(self.document, name, self.lang)
        self._title(name, meta)
        for at, (chapter, names) in enumerate(self.found):
            self._chapter(at, chapter, names)
            if at == 0:
                self._contents()

    def _title(self, name: str, meta: Mapping[str, Any]) -> None:
        add(self.document, paragraph(run(name), "Title"))
        what = tr(
            self.lang,
            "Can the targets be reached? An assessment",
        )
        line = " · ".join(f"{label} {value}" for label, value in facts(meta, self.lang))
        add(self.document, paragraph(run(what, '<w:sz w:val="24"/>'), "Subtitle"))
        add(self.document, paragraph(run(line), "Subtitle"))

    def _contents(self) -> None:
        """A table of contents that Word renews when it opens the document, filled so that any program shows
        it."""
        add(
            self.document,
            paragraph(
                run(
                    tr(
                        self.lang,
                        "Contents",
                    )
                ),
                "ContentsHeading",
                more="" if "verdict" in self.told else '<w:pageBreakBefore w:val="0"/>',
            ),
        )
        entries = [
            (f"chapter_{at}", numbered(at, chapter, self.lang)) for at, (chapter, _) in enumerate(self.found)
        ]
        for line in contents(entries):
            add(self.document, line)

    def _chapter(self, at: int, chapter: Chapter, names: Sequence[str]) -> None:
        """Sentences, pictures, tables; what is left out of the document is named at the end."""
        first = chapter.id == "verdict" and "verdict" in self.told
        head = add(self.document, paragraph(run(numbered(at, chapter, self.lang)), "Heading1"))
        start, end = bookmark(f"chapter_{at}", at)
        head.insert(1, start)
        head.append(end)
        if first:
            self._sentence(*self.told[self.opens], "Verdict")
        elif chapter.id == "verdict":
            for label, text in self._unplaced():
                self._sentence(label, text)
        for label, text in lines_of(chapter, self.told):
            self._sentence(label, text)
        kept = [name for name in names if name != "summary"]
        told = [
            name
            for name in kept
            if self.parts[name].columns and (self.parts[name].rows or not self.printed[name].rows)
        ]
        ahead = told[:1] if chapter.table_first else []
        for name in ahead:
            self._table(self.printed[name], self.parts[name])
        for name in chapter.charts:
            self._figure(name)
        for name in told[len(ahead) :]:
            self._table(self.printed[name], self.parts[name])
        self._elsewhere(
            [self.printed[name] for name in kept if self.printed[name].rows and not self.parts[name].rows]
        )
        if first:
            self._first_page([name for name in told if name == "verdict"])

    def _first_page(self, names: Sequence[str]) -> None:
        """What a reader of the first page alone should know, as far as the page goes."""
        room = _PAGE - _TOP - 22 * self._lines(*self.told[self.opens])
        for name in names:
            grid = grid_of(self.printed[name], self.lang, self.parts[name])
            room -= (
                height(grid, setting(grid, _SMALL.get(name, 9.0))) + 24 + 24 * bool(self.printed[name].note)
            )
        for key in _ONE_PAGE:
            if key in self.told and key != self.opens:
                high = 17 * self._lines(*self.told[key]) + 5
                if high <= room:
                    self._sentence(*self.told[key])
                    room -= high

    def _lines(self, label: str, text: str) -> int:
        """Lines that a sentence takes: about ninety letters each."""
        return -(-cell_width(label + text) // 88)

    def _unplaced(self) -> list[tuple[str, str]]:
        """Sentences that open none of the chapters: an answer to another question than the verdict begins
        with them."""
        opened = [said for chapter, _ in self.found for said in lines_of(chapter, self.told)]
        return [said for said in self.told.values() if said not in opened]

    def _sentence(self, label: str, text: str, style: str = "") -> None:
        add(self.document, paragraph(run(f"{label}  ", "<w:b/>") + run(text), style))

    def _elsewhere(self, tables: Sequence[Table]) -> None:
        """Where the tables are that the document leaves out."""
        if not tables:
            return
        names = [
            tr(self.lang, "{table} ({rows} rows)", table=table.title, rows=len(table.rows))
            for table in tables
        ]
        said = tr(
            self.lang,
            "The workbook (tables.xlsx) and the page (report.html) have besides: {names}.",
            names=tr(self.lang, ", ", context="between the things of a list").join(names),
        )
        add(self.document, paragraph(run(said), "TableNote"))

    def _figure(self, name: str) -> None:
        """A picture with its caption below; none without matplotlib, or where the tables have nothing to
        draw."""
        scene = self._scene(name)
        if scene is None:
            return
        from ...charts.gallery import caption_of
        from ...charts.png import png

        self.count["figure"] += 1
        title = clean(caption_of(name, self.tables, self.lang))
        picture(self.document, png(scene), scene.width / scene.height, title)
        add(
            self.document,
            caption(
                tr(
                    self.lang,
                    "Figure",
                ),
                self.count["figure"],
                title,
                keep=False,
            ),
        )
        if self.words is not None and self.words.fallen and locale(self.lang).asian:
            add(self.document, paragraph(run(NO_FONT), "TableNote"))

    def _scene(self, name: str) -> Scene | None:
        if self.words is None:
            return None
        from ...charts.gallery import drawn

        return drawn(name, self.tables, self.words)

    def _table(self, table: Table, part: Printed) -> None:
        self.count["table"] += 1
        grid = grid_of(table, self.lang, part)
        how = setting(grid, _SMALL.get(table.name, 9.0))
        word = tr(
            self.lang,
            "Table",
        )
        add(self.document, caption(word, self.count["table"], table.title.of(self.lang), keep=True))
        notes = [table.note.of(self.lang)] if table.note else []
        if not part.whole:
            notes.append(self._rest(table, part))
        for panel in table_xml(grid, how, noted=bool(notes)):
            add(self.document, panel)
            add(
                self.document, paragraph("", "TableText", keep=bool(notes))
            )  # two tables that touch become one
        if notes:
            said = tr(self.lang, "Note: {notes}", notes=tr(self.lang, " ").join(notes))
            add(self.document, paragraph(run(said), "TableNote"))

    def _rest(self, table: Table, part: Printed) -> str:
        """What of a table is not printed, and where it is."""
        fewer = len(part.rows) < len(table.rows)
        if not fewer:
            return tr(
                self.lang,
                "Printed: the main columns; the workbook and the page have all.",
            )
        return tr(
            self.lang,
            "Printed: {printed} of {rows} rows; the workbook and the page have all.",
            printed=len(part.rows),
            rows=len(table.rows),
        )
