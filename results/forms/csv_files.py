"""Tables as CSV: one file a table, for Excel and for programs."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...models.quantity import Bilingual
from ..tables.table import Table, in_order
from ..text.format import clean, plain, safe_name, unique

# A text that begins so is run as a formula by spreadsheets; the full-width forms are by some.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def export_csv(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Bilingual, meta: Mapping[str, Any]
) -> list[Path]:
    """One CSV file a table, in the folder ``csv``.

    Numbers have full precision: they read back as the very same number (every other form rounds).
    The first row has the machine names of the columns. UTF-8 with a byte order mark, so that Excel
    shows Chinese. A text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    place = folder / "csv"
    place.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    files = []
    for table in in_order(tables):
        file = place / f"{unique(safe_name(table.name), taken)}.csv"
        file.write_bytes(b"\xef\xbb\xbf" + csv_text(table, lang).encode())
        files.append(file)
    return files


def csv_text(table: Table, lang: str) -> str:
    """One table as CSV text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([safe_text(column.name) for column in table.columns])
    writer.writerows([_cell(cell, lang) for cell in row] for row in table.rows)
    return buffer.getvalue()


def _cell(cell: Any, lang: str) -> str:
    value = plain(cell)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value) if math.isfinite(value) else "inf" if value > 0 else "-inf"
    return safe_text(value.of(lang) if isinstance(value, Bilingual) else value)


def safe_text(text: str) -> str:
    """The text as no spreadsheet runs it: what looks like a formula gets an apostrophe before it."""
    # Blanks before the sign do not stop every spreadsheet, so they are looked through.
    text = clean(text)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text
