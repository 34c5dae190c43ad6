"""The report as a Word document: the first page, what to do, chapters with numbered tables and pictures,
annex, and at the very end which run it is."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ....models.errors import DabiaoError
from ....models.quantity import Bilingual
from ....models.words import msg, tr
from ...front import Front, front_page
from ...outline import Brief, chosen, kind_of
from ...tables.paper import all_on_paper
from ...tables.table import Table, sentences
from ...text.format import clean
from ...text.locales import locale
from ..markdown import facts
from .brief import COVERED, Printed, chapters_of, part_of, with_reasons
from .front import Fit, first_rows, fitted, lines, picture_height
from .marks import caption, paragraph, run
from .page import FRONT, NOTE, add, edges, new_document, picture, room, second, sized
from .tables import SIZES, WHOLE, grid_of, height, setting, table_xml

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
_HIGHEST, _SMALLEST = 250.0, 0.75
"""Height to which a picture in a chapter is made smaller, points, and to what part of its own size at most:
there its letters have 7.5 points."""
_SENTENCE = 20
"""Letters from which what stands on paper already is no name, and not said again in a note."""
_BREAK = "<w:pageBreakBefore/>"


Piece: TypeAlias = "tuple[float, Callable[[], None]]"
"""A table or a picture that is not torn: its height in points, and what puts it into the document."""


_FEWER = (5, 4, 3)
"""Targets in the picture of page one where not all of them have room."""


class MissingWord(DabiaoError):
    """The extra that writes Word files is not installed."""

    exit_code = 3


def export_word(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Bilingual, meta: Mapping[str, Any]
) -> list[Path]:
    """``report.docx``: real headings, tables that repeat their headings, captions that Word numbers.

    It prints what decides (:mod:`.word.brief`); its last sentence says where the rest is.

    Raises
    ------
    MissingWord
        python-docx is not installed.
    """
    if importlib.util.find_spec("docx") is None:
        raise MissingWord(NEEDED)
    document = new_document(title.of(lang), lang)
    _Writer(document, tables, lang).write(title, meta)
    file = folder / FILE
    file.write_bytes(_timeless(document))
    return [file]


def _timeless(document: Any) -> bytes:
    """The package with a constant time on every part: the same tables give the same bytes, whatever the clock
    says (a package knows no time before 1980 or after 2107)."""
    from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI
    from docx.opc.pkgwriter import _ContentTypesItem

    package = document.part.package
    for part in package.parts:
        part.before_marshal()
    members = [
        (CONTENT_TYPES_URI, _ContentTypesItem.from_parts(package.parts).blob),
        (PACKAGE_URI.rels_uri, package.rels.xml),
    ]
    for part in package.parts:
        members.append((part.partname, part.blob))
        if len(part.rels):
            members.append((part.partname.rels_uri, part.rels.xml))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for uri, blob in members:
            name = uri.membername
            # pictures are packed already
            how = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            packed.writestr(zipfile.ZipInfo(name, _MEMBER), blob, how)
    return buffer.getvalue()


class _Writer:
    """Puts one run into one document; counts chapters, tables and figures, and prints nothing twice."""

    def __init__(self, document: Any, tables: Mapping[str, Table], lang: str) -> None:
        self.document, self.tables, self.lang = document, tables, lang
        self.printed = with_reasons(all_on_paper(tables))
        self.told = sentences(tables, lang)
        self.paper, (self.wide, self.high) = locale(lang).paper, room(lang)
        self.filled, self.front = 0.0, self.paper.size
        self.count = {"chapter": 0, "annex": 0, "table": 0, "figure": 0}
        self.done = {name for more, names in COVERED.items() if more in tables for name in names}
        self.breaks = False
        self.words = None
        if importlib.util.find_spec("matplotlib") is not None:
            from ...charts.words import drawn_words

            self.words = drawn_words(lang)

    def write(self, title: Bilingual, meta: Mapping[str, Any]) -> None:
        """The whole document."""
        front = front_page(self.tables, self.lang, title, meta)
        if front is None:
            self._opening(clean(title.of(self.lang)))
        else:
            self._front(front)
        for section in chapters_of(self.printed):
            self._section(section)
            if "versus_targets" in section.tables and "versus_targets" in self.done:
                said = tr(
                    self.lang,
                    "The chapters that follow are of {name} alone; the other scenario has its own report.",
                    name=title,
                )
                self._passage("", said)
        self._end(meta)

    def _opening(self, name: str) -> None:
        """Title and answer of a run that answers another question than the target sheet."""
        kind = kind_of(self.tables)
        edges(self.document, name, self.lang)
        add(self.document, paragraph(run(name if kind is None else kind.of(self.lang)), "Title"))
        if kind is not None:
            add(self.document, paragraph(run(name), "Subtitle"))
        self._sentences(list(self.told.values()))

    def _front(self, front: Front) -> None:
        """The first page, in letters with which it is one page; then what to do."""
        edges(self.document, front.title, self.lang)
        name, scene, fit, whole = self._front_picture(front)
        sized(self.document, "Title", fit.title, 1.3 * fit.title)
        sized(self.document, FRONT, fit.size, fit.lead)
        self.front = fit.size
        add(self.document, paragraph(run(front.title), "Title"))
        if front.stamp:
            gap = tr(self.lang, ": ")
            stamp = "\u3000".join(f"{label}{gap}{value}" for label, value in front.stamp)
            add(self.document, paragraph(run(stamp), "Subtitle"))
        for text in front.answer:
            self._passage("", text, FRONT)
        if scene is not None and fit.picture:
            self._picture(name, scene, fit.picture)
        for table in front.tables[: fit.tables]:
            self._table(table, part_of(table), fit.cells)
        for label, text in ([front.needs] if front.needs else []) + list(front.notes):
            self._passage(label, text, FRONT)
        self.done |= {"verdict", *(front.charts if fit.picture else ())}
        if not whole and len(front.charts) == 1:
            self.done -= {name}  # all of it stands with the targets
        self.breaks = True
        if front.advice:
            self._chapter(tr(self.lang, "Recommendations"), annex=False)
            self._sentences(front.advice)

    def _front_picture(self, front: Front) -> tuple[str, Scene | None, Fit, bool]:
        """The picture of page one and how the page is set: all targets, or as many as the page has room for;
        whether it is all of them."""
        tables = self.tables
        for rows in (None, *_FEWER):
            some = (
                tables if rows is None else {name: first_rows(table, rows) for name, table in tables.items()}
            )
            scenes = ((name, self._scene(name, some)) for name in front.charts)
            name, scene = next(((name, scene) for name, scene in scenes if scene is not None), ("", None))
            fit = fitted(front, scene, self._caption(name) if scene else "", self.lang)
            if scene is None or (fit.picture and fit.tables):
                return name, scene, fit, rows is None
        return name, scene, fit, False

    def _chapter(self, title: str, annex: bool) -> None:
        """A real heading with its number."""
        kind = "annex" if annex else "chapter"
        self.count[kind] += 1
        number = self.count[kind]
        if annex:
            said = tr(self.lang, "Annex {number}. {title}", number=number, title=title)
        else:
            said = locale(self.lang).heading(number) + title
        add(self.document, paragraph(run(said), "Heading1", more=_BREAK if self.breaks else ""))
        if self.breaks:
            self.filled, self.breaks = 0.0, False
        self._fill(18 + 1.3 * (self.paper.size + 3))

    def _section(self, section: Brief) -> None:
        """Sentences, pictures, tables; what stands on the first page is not printed again."""
        parts = [
            (self.printed[name], part_of(self.printed[name], most))
            for name, most in section.tables.items()
            if name in self.printed and name not in self.done
        ]
        parts = [(table, part) for table, part in parts if part.rows or not table.rows]
        scenes = [(name, self._scene(name)) for name in section.charts if name not in self.done]
        drawn = [(name, scene) for name, scene in scenes if scene is not None]
        if not parts and not drawn:
            return
        self._chapter(section.title.of(self.lang), section.annex)
        self._sentences(chosen(section.lines, self.told))
        first = int(section.table_first)
        pieces = [self._table_piece(table, part) for table, part in parts]
        pieces[first:first] = [self._picture_piece(name, scene) for name, scene in drawn]
        while pieces:
            left = self.high - self.filled
            fitting = (at for at, (high, _) in enumerate(pieces) if high <= left)
            _, put = pieces.pop(next(fitting, 0))
            put()

    def _table_piece(self, table: Table, part: Printed) -> Piece:
        grid = grid_of(table, self.lang, part)
        high = height(grid, setting(grid, self.wide)) + 37
        note = table.note.of(self.lang) if table.note else ""
        return high + (11 + 11.1 * lines(note, 8.5, self.wide) if note else 0), lambda: self._table(
            table, part
        )

    def _picture_piece(self, name: str, scene: Scene) -> Piece:
        wide = min(self.wide, scene.width * min(1.0, max(_SMALLEST, _HIGHEST / scene.height)))
        high = picture_height(scene, wide, self._caption(name), self.wide)
        return high, lambda: self._picture(name, scene, wide)

    def _fill(self, high: float, torn: bool = False) -> None:
        """Keep count of how far down the page is filled; what is not torn goes to the next page whole."""
        left = self.high - self.filled
        if high <= left:
            self.filled += high
        else:
            self.filled = (high - left if torn else high) % self.high

    def _sentences(self, told: Sequence[tuple[str, str]]) -> None:
        """Passages of a chapter, numbered where there is more than one."""
        new = [said for said in told if said[1] not in self.done]
        for at, (label, text) in enumerate(new):
            number = self.paper.section(self.count["chapter"], at + 1)
            self._passage(f"{number}{label}" if len(new) > 1 and self.count["chapter"] else label, text)

    def _passage(self, label: str, text: str, style: str = "") -> None:
        """A paragraph that its label heads; it ends with a full stop."""
        self.done.add(text)
        stop, own = tr(self.lang, "."), text.rstrip()
        own = own[:1].upper() + own[1:]
        ended = own if own.endswith((stop, "?", "!", "。")) else own + stop
        head = run(f"{label}{stop}{tr(self.lang, ' ')}", second(self.paper)) if label else ""
        points = self.front if style == FRONT else self.paper.size
        indent = f'<w:ind w:firstLine="{int(20 * self.paper.indent * points)}"/>' if self.paper.indent else ""
        add(self.document, paragraph(head + run(ended), style, more=indent))
        said = f"{'  ' * self.paper.indent}{label}  {text}"
        self._fill(
            self.paper.lead * lines(said, self.paper.size, self.wide) + 5 * (not self.paper.indent), torn=True
        )

    def _end(self, meta: Mapping[str, Any]) -> None:
        """Where all else is, and which run this is."""
        add(self.document, paragraph(run(tr(self.lang, "About this report")), "Heading1"))
        rest = tr(
            self.lang,
            "All other tables, and every row, are in the workbook (tables.xlsx) and the page (report.html).",
        )
        self._passage("", rest)
        between = tr(self.lang, "; ")
        gap = tr(self.lang, ": ")
        self._passage("", between.join(f"{label}{gap}{value}" for label, value in facts(meta, self.lang)))

    def _scene(self, name: str, tables: Mapping[str, Table] | None = None) -> Scene | None:
        if self.words is None:
            return None
        from ...charts.gallery import drawn

        return drawn(name, tables or self.tables, self.words)

    def _caption(self, name: str) -> str:
        from ...charts.gallery import caption_of

        return clean(caption_of(name, self.tables, self.lang))

    def _picture(self, name: str, scene: Scene, wide: float) -> None:
        """A picture with its caption below."""
        from ...charts.png import png

        self.done.add(name)
        self.count["figure"] += 1
        title = self._caption(name)
        picture(self.document, png(scene), wide, title)
        self._fill(picture_height(scene, wide, title, self.wide))
        said = caption(tr(self.lang, "Figure"), self.count["figure"], title, keep=False)
        add(self.document, said)
        fallen = self.words is not None and self.words.fallen and locale(self.lang).asian
        if fallen and NO_FONT not in self.done:
            self.done.add(NO_FONT)
            add(self.document, paragraph(run(NO_FONT), NOTE))

    def _table(self, table: Table, part: Printed, letters: float = 0.0) -> None:
        """A table with its caption above and its note below; on the first page, where its letters are given,
        without the note."""
        self.done.add(table.name)
        self.count["table"] += 1
        grid = grid_of(table, self.lang, part)
        word = tr(self.lang, "Table")
        add(self.document, caption(word, self.count["table"], table.title.of(self.lang), keep=True))
        how = setting(grid, self.wide, letters or SIZES[0])
        notes = [] if letters else self._notes(table, part)
        high = height(grid, how) + 25 + 12 * len(how.panels)
        self._fill(high + sum(11 + 11.1 * lines(note, 8.5, self.wide) for note in notes), torn=high > WHOLE)
        for panel in table_xml(grid, how, noted=bool(notes)):
            add(self.document, panel)
            add(
                self.document, paragraph("", "TableText", keep=bool(notes))
            )  # two tables that touch become one
        if notes:
            said = tr(self.lang, "Note: {notes}", notes=tr(self.lang, " ").join(notes))
            add(self.document, paragraph(run(said), NOTE))

    def _notes(self, table: Table, part: Printed) -> list[str]:
        """What stands below a table, without what the document says elsewhere."""
        note = table.note.of(self.lang) if table.note else ""
        for said in sorted(self.done, key=len, reverse=True):
            note = note.replace(said, "") if len(said) > _SENTENCE else note
        notes = [note.strip()] if note.strip() and note not in self.done else []
        self.done |= set(notes)
        if part.fewer:
            printed, rows = len(part.rows), len(self.tables[table.name].rows)
            notes.append(tr(self.lang, "{printed} of {rows} rows are printed.", printed=printed, rows=rows))
        return notes
