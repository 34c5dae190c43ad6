"""Results of a workbook, written beside it as a workbook with the inputs that made them (结果工作簿)."""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..models.errors import reason_of
from ..models.quantity import Bilingual
from ..models.words import msg
from ..scenarios.book.read import RESULTS
from ..scenarios.files import Reader, content, start
from ..scenarios.report import Place, Report
from ..scenarios.tables.grid import grids
from .forms.excel.quick import Source
from .forms.excel.workbook import RESULTS as MARK
from .forms.excel.workbook import workbook_of
from .place import beside, tidy
from .tables.table import Table
from .write import LARGEST_OUTPUT, WriteError


def results_beside(
    file: Path,
    tables: Mapping[str, Table],
    lang: str,
    title: Bilingual,
    meta: Mapping[str, Any],
    origins: Mapping[str, str] | None = None,
) -> Path:
    """Write ``REGION-results.xlsx`` beside ``REGION.xlsx``, which stays as it is; ``origins`` are the cells
    that its values come from.

    Raises
    ------
    WriteError
        It cannot be written, or something else has its name.
    """
    report = Report()
    address = start(file, report)
    inputs = grids(address, Reader(report), Place(str(file)), "file") if address else []
    place = _free(file)
    data = workbook_of(tables, lang, title, meta, inputs, Source.of(file.name, origins or {}))
    try:
        tidy(file.parent)
        with beside(place) as fresh:
            fresh.write_bytes(data)
            os.replace(fresh, place)
    except OSError as error:
        raise WriteError(
            msg(
                "cannot write {file}: {reason}; close it where it is open",
                file=place,
                reason=reason_of(error),
            )
        ) from error
    return place


def _free(file: Path) -> Path:
    """The name for results beside a workbook: free, or of earlier results that nobody has changed.

    Results that somebody has worked in stay, and the new ones get a name with a number.

    Raises
    ------
    WriteError
        The usual name belongs to something else.
    """
    for count in range(1, MOST_KEPT):
        place = file.with_name(f"{file.stem}{f'~{count}' if count > 1 else ''}{RESULTS}")
        if not os.path.lexists(place):
            return place
        state = _state(place)
        if state is None:
            raise WriteError(
                msg("{file} is there already and is no workbook of results: move it away", file=place)
            )
        if state:
            return place
    usual = file.with_name(f"{file.stem}{RESULTS}")
    raise WriteError(msg("{file} and many like it are kept: move them away", file=usual))


MOST_KEPT = 100


def _state(file: Path) -> bool | None:
    """Whether a workbook of results is as it was written; None where it is none.

    A program that saves a workbook states another day of change than that of its making.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content(file, LARGEST_OUTPUT))) as packed:
            part = packed.getinfo("docProps/core.xml")
            said = packed.read(part) if part.file_size < 100_000 else b""
    except (OSError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return None
    if MARK.encode() not in said:
        return None
    days = [found[1] for found in re.finditer(rb"<dcterms:(?:created|modified)[^>]*>([^<]*)<", said)]
    return len(days) == 2 and days[0] == days[1] and b"<cp:lastModifiedBy>dabiao<" in said
