"""Every form in which results leave the program; one more form is one file and one entry here.

Nothing heavy is imported before a form is written: commands list the forms by name.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from ...models.quantity import Bilingual
    from ..tables.table import Table
    from ..write import Stored
    from .interchange import Asked

Exporter: TypeAlias = "Callable[[Mapping[str, Table], Path, str, Bilingual, Mapping[str, Any]], list[Path]]"
"""``(tables, folder, lang, title, meta)`` to the files written.

``meta`` says which run it is: scenario, run, version. It never holds a time: the same tables give the same
bytes.
"""


@dataclass(frozen=True)
class Form:
    """A form of results.

    Attributes
    ----------
    place
        Module and function of its :data:`Exporter`.
    runs, reports
        Whether every run is written in it; whether a report is.
    needs
        The package without which it cannot be written; empty where it needs no extra.
    """

    place: str
    runs: bool = True
    reports: bool = True
    needs: str = ""

    @property
    def missing(self) -> bool:
        """Whether its package is not installed."""
        return bool(self.needs) and importlib.util.find_spec(self.needs) is None

    def export(self, *given: Any) -> list[Path]:
        """Write results in it."""
        module, function = self.place.split(":")
        exporter: Exporter = getattr(import_module(module, __package__), function)
        return exporter(*given)


EXPORTERS: dict[str, Form] = {
    "word": Form(".word.document:export_word", runs=False, needs="docx"),
    "excel": Form(".excel.workbook:export_excel"),
    "html": Form(".html_page:export_html"),
    "markdown": Form(".markdown:export_markdown"),
    "csv": Form(".csv_files:export_csv"),
    "json": Form(".json_document:export_json", reports=False),
}
EXCHANGE: dict[str, str] = {
    "long": ".interchange:long_table",
    "iamc": ".iamc:iamc",
    "datapackage": ".interchange:data_package",
    "parquet": ".interchange:parquet",
}
"""Forms in which a stored run leaves for other programs: module and function, ``(run, asked)`` to files by
name."""


def exchanged(form: str, run: Stored, asked: Asked) -> dict[str, bytes]:
    """The files of a stored run in a form of :data:`EXCHANGE`, by name."""
    module, function = EXCHANGE[form].split(":")
    made: dict[str, bytes] = getattr(import_module(module, __package__), function)(run, asked)
    return made


RUN = tuple(name for name, form in EXPORTERS.items() if form.runs)
"""Forms in which every run is written."""
REPORT = tuple(name for name, form in EXPORTERS.items() if form.reports)
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
    form: Form,
    tables: Mapping[str, Table],
    lang: str,
    title: Bilingual,
    meta: Mapping[str, Any],
    folder: Path,
) -> list[Path]:
    return form.export(tables, folder, lang, title, meta)
