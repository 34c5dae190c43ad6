"""The report as a Word document: cover, verdict on one page, chapters with numbered tables and pictures, annex."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..models.errors import DabiaoError
from ..models.quantity import Text
from .export_markdown import facts
from .format import clean
from .outline import Chapter, chapters
from .table import Column, Table, sentences, shown
from .word.marks import bookmark, caption, link, paragraph, run
from .word.page import add, edges, new_document, turn
from .word.tables import setting, table_xml

FILE = "report.docx"
NEEDED = 'report.docx needs python-docx, which is not installed: pip install "dabiao[report]"'
_MEMBER = (2024, 1, 1, 0, 0, 0)
_CHINESE = "一二三四五六七八九十"
_COLUMNS: dict[str, tuple[str, ...]] = {
    "verdict": ("title", "tier", "threshold", "expected", "unit", "probability", "rung", "takes"),
    "numbers": ("path", "value", "unit", "low", "high", "basis", "text", "effect", "rank"),
}
"""Columns of tables that would be too wide for paper; the other forms have all of them."""
_ONE_PAGE = ("broken", "cheapest", "turns", "binding", "doubt")
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
        self.told = sentences(tables, lang)
        self.found = chapters(tables)
        self.count = {"table": 0, "figure": 0}

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
            add(self.document, paragraph(link(f"chapter_{at}", self._heading(at, chapter)), more='<w:ind w:left="1700"/><w:spacing w:after="40"/>'))

    def _heading(self, at: int, chapter: Chapter) -> str:
        """Heading with its number: 一、二、 or 1., 2.; an annex has none."""
        title = clean(chapter.title.of(self.lang))
        if chapter.annex:
            return title
        if self.lang == "en":
            return f"{at + 1}. {title}"
        ten, one = divmod(at + 1, 10)
        number = (_CHINESE[ten - 1] if ten > 1 else "") + ("十" if ten else "") + (_CHINESE[one - 1] if one else "")
        return f"{number}、{title}"

    def _chapter(self, at: int, chapter: Chapter, names: Sequence[str]) -> None:
        """A chapter lies the way that its widest table needs; the verdict and the target sheet begin pages."""
        every = [self.tables[name] for name in names if name != "summary" and self._columns(self.tables[name])]
        lies = any(setting(table, self.lang, self._columns(table)).landscape for table in every)
        turned = turn(self.document, lies)
        fresh = not turned and (at == 0 or chapter.id in ("verdict", "targets") or chapter.annex)
        more = "<w:pageBreakBefore/>" if fresh else ""
        head = add(self.document, paragraph(run(self._heading(at, chapter)), "Heading1", more=more))
        start, end = bookmark(f"chapter_{at}", at)
        head.insert(1, start)
        head.append(end)
        one_page = chapter.id == "verdict"
        if one_page and "verdict" in self.told:
            self._sentence(*self.told["verdict"], "Verdict")
        if not one_page:
            for label, text in self._lines(chapter):
                self._sentence(label, text)
        for table in every:
            self._table(table, lies)
        for key in _ONE_PAGE if one_page else ():
            if key in self.told:
                self._sentence(*self.told[key])

    def _columns(self, table: Table) -> list[Column]:
        """Columns that are printed."""
        wanted = _COLUMNS.get(table.name)
        return [column for column in shown(table) if wanted is None or column.name in wanted]

    def _lines(self, chapter: Chapter) -> Iterator[tuple[str, str]]:
        """Sentences of a chapter; one id stands for all that begin with it."""
        for line in chapter.lines:
            yield from (said for key, said in self.told.items() if key == line or key.startswith(f"{line}_"))

    def _sentence(self, label: str, text: str, style: str = "") -> None:
        add(self.document, paragraph(run(f"{label}  ", "<w:b/>") + run(text), style))

    def _table(self, table: Table, landscape: bool) -> None:
        self.count["table"] += 1
        columns = self._columns(table)
        how = setting(table, self.lang, columns, landscape)
        word = "表" if self.lang == "zh" else "Table"
        add(self.document, caption(word, self.count["table"], table.title.of(self.lang), keep=True))
        for panel in table_xml(table, self.lang, how, columns):
            add(self.document, panel)
            add(self.document, paragraph("", "TableText"))  # two tables that touch become one
        if table.note:
            head = "注：" if self.lang == "zh" else "Note: "
            add(self.document, paragraph(run(head + table.note.of(self.lang)), "TableNote"))
