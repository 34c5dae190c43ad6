"""Results of a workbook, written beside it as a workbook with the inputs that made them (结果工作簿)."""

from __future__ import annotations

import io
import os
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..models.errors import reason_of
from ..models.quantity import Bilingual
from ..models.words import msg
from ..scenarios.book.read import RESULTS
from ..scenarios.files import Reader, start
from ..scenarios.report import Place, Report
from ..scenarios.tables.grid import grids
from .forms.excel.workbook import RESULTS as MARK
from .forms.excel.workbook import workbook_of
from .tables.table import Table
from .write import WriteError


def results_beside(
    file: Path, tables: Mapping[str, Table], lang: str, title: Bilingual, meta: Mapping[str, Any]
) -> Path:
    """Write ``REGION-results.xlsx`` beside ``REGION.xlsx``, which stays as it is.

    Raises
    ------
    WriteError
        It cannot be written, or something else has its name.
    """
    report = Report()
    address = start(file, report)
    inputs = grids(address, Reader(report), Place(str(file)), "file") if address else []
    beside = file.with_name(file.stem + RESULTS)
    if os.path.lexists(beside) and not _ours(beside):
        raise WriteError(
            msg("{file} is there already and is no workbook of results: move it away", file=beside)
        )
    data = workbook_of(tables, lang, title, meta, inputs)
    fresh = beside.with_name(f".{beside.name}-{uuid.uuid4().hex[:8]}")
    try:
        fresh.write_bytes(data)
        os.replace(fresh, beside)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise WriteError(
            msg(
                "cannot write {file}: {reason}; close it where it is open",
                file=beside,
                reason=reason_of(error),
            )
        ) from error
    return beside


def _ours(file: Path) -> bool:
    """Whether a file is a workbook of results."""
    try:
        with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as packed:
            part = packed.getinfo("docProps/core.xml")
            return part.file_size < 100_000 and MARK.encode() in packed.read(part)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return False
