"""The report as a Word document: cover, verdict on one page, chapters with numbered tables and pictures, annex."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..models.errors import DabiaoError
from ..models.quantity import Text
from .export_markdown import facts
from .format import clean
from .layout import cell_width
from .outline import Chapter, chapters, lines_of, numbered
from .paper import all_on_paper
from .table import Column, Table, sentences, shown
from .word.marks import bookmark, caption, link, paragraph, run
from .word.page import add, edges, new_document, picture, turn
from .word.tables import PORTRAIT, grid_of, setting, table_xml

if TYPE_CHECKING:
    from .charts.scene import Scene

FILE = "report.docx"
NEEDED = 'report.docx needs python-docx, which is not installed: pip install "dabiao[report]"'
NO_FONT = "注：本机没有中文字体，图中文字改用英文；安装中文字体（如 fonts-noto-cjk）或 pip install \"dabiao[fonts]\"，或用环境变量 DABIAO_FONT 指定字体文件。"
_MEMBER = (2024, 1, 1, 0, 0, 0)
COLUMNS: dict[str, tuple[str, ...]] = {
    "verdict": ("title", "tier", "threshold", "expected", "unit", "probability", "rung", "takes"),
    "projects": ("title", "sector", "invest", "stage", "planned_start", "planned_end", "started", "commissioned", "full_load", "delay",
                 "invested", "adds", "adds_unit"),
    "audit": ("about", "tier", "level", "asked", "implied", "difference", "doubt", "unit", "says"),
    "numbers": ("path", "value", "unit", "low", "high", "basis", "text", "effect", "rank"),
}  # fmt: skip
"""Columns of tables that would be too wide for paper; the other forms have all of them, and the note says so."""
_FILLS = 330.0
"""Pictures that are together higher, in points, get pages that stand upright, whatever way the tables lie."""
_PAGE, _SMALLEST = 720.0, 0.7
"""Height of an upright page between its margins, points; pictures are not made smaller than this share."""
_ONE_PAGE = ("chances", "unlikely", "broken", "cheapest", "gap", "turns", "doubt")
"""Sentences below the verdict: what fits on its page."""


class MissingWord(DabiaoError):
    """The extra that writes Word files is not installed."""

    exit_code = 3


def export_word(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Text, meta: Mapping[str, Any]
) -> list[Path]:
    """``report.docx``: real headings, tables that repeat their headings, captions that Word numbers.

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
            new.writestr(zipfile.ZipInfo(name, _MEMBER), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


class _Writer:
    """Puts one run into one document; counts tables and figures."""

    def __init__(self, document: Any, tables: Mapping[str, Table], lang: str) -> None:
        self.document, self.tables, self.lang = document, tables, lang
        self.printed = all_on_paper(tables)
        self.told = sentences(tables, lang)
        self.found = chapters(tables)
        self.count = {"table": 0, "figure": 0}
        self.words = None
        if importlib.util.find_spec("matplotlib") is not None:
            from .charts.words import drawn_words

            self.words = drawn_words(lang)

    def write(self, title: Text, meta: Mapping[str, Any]) -> None:
        """The whole document."""
        name = clean(title.of(self.lang))
        edges(self.document, name, self.lang)
        self._cover(name, meta)
        for at, (chapter, names) in enumerate(self.found):
            self._chapter(at, chapter, names)

    def _cover(self, name: str, meta: Mapping[str, Any]) -> None:
        zh = self.lang == "zh"
        add(self.document, paragraph(run(name), "Title"))
        add(self.document, paragraph(run("目标可达性评估报告" if zh else "Can the targets be reached? An assessment"), "Subtitle"))
        line = " · ".join(f"{label} {value}" for label, value in facts(meta, self.lang))
        add(self.document, paragraph(run(line, '<w:sz w:val="18"/>'), "Subtitle"))
        add(self.document, paragraph(run("目录" if zh else "Contents"), "Subtitle", more='<w:spacing w:before="1200"/>'))
        for at, (chapter, _) in enumerate(self.found):
            add(self.document, paragraph(link(f"chapter_{at}", numbered(at, chapter, self.lang)), more='<w:ind w:left="1700"/><w:spacing w:after="40"/>'))

    def _chapter(self, at: int, chapter: Chapter, names: Sequence[str]) -> None:
        """A chapter lies the way that its widest table needs; the verdict and the target sheet begin pages."""
        every = [self.printed[name] for name in names if name != "summary" and self._columns(self.printed[name])]
        one_page, most = chapter.id == "verdict", 6.5 if chapter.annex else 7.5 if chapter.id == "verdict" else 9.0
        grids = [grid_of(table, self.lang, self._columns(table)) for table in every]
        lies = chapter.annex or any(setting(grid, most=most).landscape for grid in grids)
        figures = [(name, scene) for name in chapter.charts if (scene := self._scene(name)) is not None]
        upright = sum(min(640.0, PORTRAIT * scene.height / scene.width) for _, scene in figures) >= _FILLS
        fit = self._fit([scene for _, scene in figures], chapter) if upright or not lies else 1.0
        turned = turn(self.document, lies and not upright)
        fresh = not turned and (at == 0 or chapter.id in ("verdict", "targets") or chapter.annex)
        more = "<w:pageBreakBefore/>" if fresh else ""
        head = add(self.document, paragraph(run(numbered(at, chapter, self.lang)), "Heading1", more=more))
        start, end = bookmark(f"chapter_{at}", at)
        head.insert(1, start)
        head.append(end)
        if one_page and "verdict" in self.told:
            self._sentence(*self.told["verdict"], "Verdict")
        opening = lines_of(chapter, self.told)
        if one_page:
            opening = [] if "verdict" in self.told else self._unplaced()
        for label, text in opening:
            self._sentence(label, text)
        for name, scene in figures:
            self._figure(name, scene, lies and not upright, fit)
        if every:
            turn(self.document, lies)
        for table in every:
            self._table(table, lies, most)
        for key in _ONE_PAGE if one_page else ():
            if key in self.told:
                self._sentence(*self.told[key])

    def _unplaced(self) -> list[tuple[str, str]]:
        """Sentences that open none of the chapters: an answer to another question than the verdict begins with them."""
        opened = [said for chapter, _ in self.found for said in lines_of(chapter, self.told)]
        return [said for said in self.told.values() if said not in opened]

    def _columns(self, table: Table) -> list[Column]:
        """Columns that are printed."""
        every = {column.name: column for column in shown(table)}
        return [every[name] for name in COLUMNS.get(table.name, every) if name in every]

    def _sentence(self, label: str, text: str, style: str = "") -> None:
        add(self.document, paragraph(run(f"{label}  ", "<w:b/>") + run(text), style))

    def _scene(self, name: str) -> Scene | None:
        """A picture; none without matplotlib, or where the tables have nothing to draw."""
        if self.words is None:
            return None
        from .charts.gallery import drawn

        return drawn(name, self.tables, self.words)

    def _fit(self, scenes: Sequence[Scene], chapter: Chapter) -> float:
        """How much smaller the pictures of a chapter are made so that they share its first page; 1 where that needs too much."""
        said = sum(-(-cell_width(label + text) // 84) for label, text in lines_of(chapter, self.told))
        whole = sum(PORTRAIT * scene.height / scene.width for scene in scenes)
        room = _PAGE - 48 - 19 * said - 44 * len(scenes)
        return room / whole if whole > room >= _SMALLEST * whole else 1.0

    def _figure(self, name: str, scene: Scene, landscape: bool, fit: float) -> None:
        """A picture with its caption below."""
        from .charts.gallery import CHARTS
        from .charts.png import png

        self.count["figure"] += 1
        title = clean(CHARTS[name].title.of(self.lang))
        picture(self.document, png(scene), scene.width / scene.height, landscape, title, fit)
        add(self.document, caption("图" if self.lang == "zh" else "Figure", self.count["figure"], title, keep=False))
        if self.words is not None and self.words.fallen and self.lang == "zh":
            add(self.document, paragraph(run(NO_FONT), "TableNote"))

    def _table(self, table: Table, landscape: bool, most: float) -> None:
        self.count["table"] += 1
        columns = self._columns(table)
        grid = grid_of(table, self.lang, columns)
        how = setting(grid, landscape, most)
        word = "表" if self.lang == "zh" else "Table"
        add(self.document, caption(word, self.count["table"], table.title.of(self.lang), keep=True))
        notes = [table.note.of(self.lang)] if table.note else []
        if len(columns) < len(shown(table)):
            notes.append("其余各列见 Excel 和 HTML。" if self.lang == "zh" else "Further columns stand in Excel and HTML.")
        for panel in table_xml(grid, how, noted=bool(notes)):
            add(self.document, panel)
            add(self.document, paragraph("", "TableText", keep=bool(notes)))  # two tables that touch become one
        if notes:
            head, gap = ("注：", "") if self.lang == "zh" else ("Note: ", " ")
            add(self.document, paragraph(run(head + gap.join(notes)), "TableNote"))
