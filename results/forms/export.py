"""Every form in which results leave the program; one more form is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from ...models.quantity import Bilingual
from ..tables.table import Table
from .csv_files import export_csv
from .excel.workbook import export_excel
from .html_page import export_html
from .json_document import export_json
from .markdown import export_markdown
from .word.document import export_word

# (tables, folder, lang, title, meta) -> files written. `meta` says which run it is: scenario, run, version,
# ...
# It never holds a time: the same tables give the same bytes.
Exporter: TypeAlias = Callable[[Mapping[str, Table], Path, str, Bilingual, Mapping[str, Any]], list[Path]]

EXPORTERS: dict[str, Exporter] = {
    "json": export_json,
    "csv": export_csv,
    "excel": export_excel,
    "markdown": export_markdown,
    "html": export_html,
    "word": export_word,
}
RUN = ("json", "csv", "excel", "markdown", "html")
"""Forms in which every run is written; none needs an extra."""
REPORT = ("word", "excel", "html", "markdown", "csv")
"""Forms of a report."""


def writers(
    tables: Mapping[str, Table],
    lang: str,
    title: Bilingual,
    meta: Mapping[str, Any],
    forms: Iterable[str] = RUN,
) -> list[Callable[[Path], list[Path]]]:
    """The exporters of some forms, ready to be given a folder."""
    return [partial(_into, EXPORTERS[form], tables, lang, title, meta) for form in forms]


def _into(
    exporter: Exporter,
    tables: Mapping[str, Table],
    lang: str,
    title: Bilingual,
    meta: Mapping[str, Any],
    folder: Path,
) -> list[Path]:
    return exporter(tables, folder, lang, title, meta)
