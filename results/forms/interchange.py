"""Runs for other programs: a tidy long table, a Frictionless data package, Parquet (数据交换)."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ...models.errors import DabiaoError, reason_of
from ...models.quantity import Bilingual
from ...models.words import msg
from ...scenarios.files import content
from ...scenarios.tables.years import year_of
from ..place import beside, room, tidy
from ..tables.table import Column, Table, in_order
from ..text.format import clean, plain, safe_name, unique, unit_of
from ..write import MANIFEST, Stored, WriteError, read_json, sha256
from .csv_files import csv_text
from .csv_files import safe_text as safe

ONE = "1"
"""The unit of a pure number: a count, a ratio, a part of 1 such as a chance."""


class Asked(NamedTuple):
    """What an export is asked for: the language of its words, and the region's name where that is given."""

    lang: str = "en"
    region: str = ""


class Record(NamedTuple):
    """One number of a run: the row's keys, the column, the unit and, where it has one, the year."""

    table: str
    keys: tuple[tuple[str, str], ...]
    variable: str
    unit: str
    year: int | None
    value: float


def year_in(column: str) -> int | None:
    """The year that a column's name tells; a fiscal year is called by the year in which it ends.

    >>> year_in("y2024"), year_in("y2023-24"), year_in("years"), year_in("gdp_2024-25")
    (2024, 2024, None, None)
    """
    found = year_of(column[1:]) if column[:1] == "y" else None
    return found.year if found else None


def records(tables: Mapping[str, Table], lang: str = "en") -> Iterator[Record]:
    """Every finite number of every table, one record each."""
    for table in in_order(tables):
        key = table.key or (table.columns[0].name,) if table.columns else ()
        # how many digits to print is no result
        aside = {*key, "year", "digits", *(column.digits_from for column in table.columns)}
        numbers = [column for column in table.columns if column.numeric and column.name not in aside]
        for at, row in enumerate(table.records()):
            keys = tuple((name, _word(row[name], lang)) for name in key if name != "year")
            if not table.key:
                keys = (*keys, ("row", str(at + 1)))
            stated = plain(row.get("year"))
            for column in numbers:
                value = plain(row[column.name])
                if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
                    continue
                within = year_in(column.name)
                year = within or (int(stated) if isinstance(stated, (int, float)) else None)
                name = "value" if within else column.name
                unit = unit_of_cell(column, row, lang)
                yield Record(table.name, keys, name, unit, year, float(value))


def _word(cell: Any, lang: str = "en") -> str:
    value = plain(cell)
    return "" if value is None else clean(value.of(lang) if isinstance(value, Bilingual) else str(value))


def column_unit(column: Column, lang: str) -> str:
    """The unit of all numbers of a column: a part of 1 is a pure number, however it is printed; empty where
    rows differ in unit, and of text."""
    if column.fraction:
        return ONE
    if column.unit:
        return unit_of(column.unit, lang)
    return ONE if column.numeric and not column.unit_from else ""


def unit_of_cell(column: Column, row: Mapping[str, Any], lang: str) -> str:
    """The column's unit, else that which the row says."""
    return column_unit(column, lang) or _word(row.get(column.unit_from), lang) or ONE


def _csv(rows: Iterator[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()


LONG = ("scenario", "run", "table", "row", "variable", "unit", "year", "value")


def _long(run: Stored, lang: str) -> Iterator[tuple[str, str, str, str, str, str, int | None, float]]:
    for each in records(run.tables, lang):
        row = "; ".join(f"{name}={value}" for name, value in each.keys)
        yield run.scenario, run.run, each.table, row, each.variable, each.unit, each.year, each.value


def long_table(run: Stored, asked: Asked = Asked()) -> dict[str, bytes]:  # noqa: B008
    """``long.csv``: scenario, run, table, keys of the row (``name=value; ...``), variable, unit, year,
    value."""

    def rows() -> Iterator[list[str]]:
        yield list(LONG)
        for *texts, year, value in _long(run, asked.lang):
            yield [*(safe(str(text)) for text in texts), "" if year is None else str(year), repr(value)]

    return {"long.csv": _csv(rows())}


def title_in(run: Stored, lang: str) -> str:
    """What a run calls itself in a language; its name where it has no title."""
    stated = run.document.get("title")
    if not isinstance(stated, dict):
        return run.scenario
    return clean(str(stated.get(lang) or stated.get("en") or stated.get("zh") or run.scenario))


def data_package(run: Stored, asked: Asked = Asked()) -> dict[str, bytes]:  # noqa: B008
    """``datapackage.json`` and a CSV a table: every field with its type, title, unit, and primary keys.

    Words are in the language asked for. ``unit`` of a field is that of all its numbers; where rows differ,
    ``unitField`` names the field that says it. Parts of 1 (chances) have the unit 1. Source: Frictionless
    Data Package and Table Schema, version 1, which leave further properties to publishers.
    """
    lang = asked.lang
    taken: set[str] = set()
    files: dict[str, bytes] = {}
    resources = []
    for table in in_order(run.tables):
        name = unique(safe_name(table.name).lower(), taken)
        data = csv_text(table, lang).replace("\r\n", "\n").encode()
        files[f"data/{name}.csv"] = data
        resources.append(
            {
                "name": re.sub(r"[^a-z0-9._-]", "-", name),
                "path": f"data/{name}.csv",
                "profile": "tabular-data-resource",
                "title": table.title.of(lang),
                **({"description": table.note.of(lang)} if table.note else {}),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(data),
                "hash": f"sha256:{sha256(data)}",
                "schema": _schema(table, lang),
            }
        )
    whole = {
        "profile": "tabular-data-package",
        "name": re.sub(r"[^a-z0-9._-]+", "-", f"{run.scenario}-{run.run}".lower()).strip("-") or "run",
        "title": title_in(run, lang),
        "languages": [lang],
        "version": str(run.document.get("version", "")),
        "resources": resources,
    }
    files["datapackage.json"] = json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"
    return files


def _schema(table: Table, lang: str) -> dict[str, Any]:
    cells = {column.name: [plain(cell) for cell in table.column(column.name)] for column in table.columns}
    fields = []
    for column in table.columns:
        field = {
            "name": column.name,
            "type": _kind(cells[column.name], column),
            "title": column.title.of(lang),
        }
        if unit := column_unit(column, lang):
            field |= {"unit": unit}
        elif column.unit_from:
            field |= {"unitField": column.unit_from}
        fields.append(field)
    found: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    rows = list(zip(*(cells[name] for name in table.key), strict=True))
    whole = all(cell is not None and cell != "" for row in rows for cell in row)
    if table.key and whole and len({tuple(map(_word, row)) for row in rows}) == len(rows):
        found["primaryKey"] = list(table.key)
    return found


def _kind(cells: list[Any], column: Column) -> str:
    known = [cell for cell in cells if cell is not None]
    if known and all(isinstance(cell, bool) for cell in known):
        return "boolean"
    if all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in known) and (
        known or column.numeric
    ):
        return "integer" if known and all(isinstance(cell, int) for cell in known) else "number"
    return "string"


def parquet(run: Stored, asked: Asked = Asked()) -> dict[str, bytes]:  # noqa: B008
    """``long.parquet``: the long table with typed columns, and ``tables/NAME.parquet``: a file a table, the
    units and titles of its columns in their metadata.

    Raises
    ------
    DabiaoError
        PyArrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet as pq
    except ImportError as error:
        raise DabiaoError(
            msg("Parquet needs PyArrow: pip install {extra}", extra='"dabiao[parquet]"')
        ) from error

    def stored(table: Any) -> bytes:
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink)
        return bytes(sink.getvalue())

    lang, taken = asked.lang, set[str]()
    types = (*[pa.string()] * 6, pa.int32(), pa.float64())
    rows = list(_long(run, lang))
    cells = zip(*rows, strict=True) if rows else ((),) * len(LONG)
    whole = [pa.array(list(column), kind) for column, kind in zip(cells, types, strict=True)]
    files = {"long.parquet": stored(pa.table(whole, names=list(LONG)))}
    kinds = {"string": pa.string(), "boolean": pa.bool_(), "integer": pa.int64(), "number": pa.float64()}
    for table in in_order(run.tables):
        fields, arrays = _schema(table, lang)["fields"], []
        for field in fields:
            text = field["type"] == "string"
            values = [plain(cell) for cell in table.column(field["name"])]
            told = [None if cell is None else _word(cell, lang) if text else cell for cell in values]
            arrays.append(pa.array(told, kinds[field["type"]]))
        schema = pa.schema(
            [
                pa.field(field["name"], array.type, metadata={k: v for k, v in field.items() if k != "name"})
                for field, array in zip(fields, arrays, strict=True)
            ],
            metadata={"title": table.title.of(lang), "language": lang},
        )
        name = unique(safe_name(table.name).lower(), taken)
        files[f"tables/{name}.parquet"] = stored(pa.Table.from_arrays(arrays, schema=schema))
    return files


def write_files(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Put files into a folder; one that is there with other content is not touched.

    Raises
    ------
    WriteError
        Something else stands in its place, or the folder cannot be written.
    """
    tidy(folder)
    try:
        other = [
            name
            for name, data in files.items()
            if os.path.lexists(folder / name) and not _same(folder / name, data)
        ]
        if other:
            raise WriteError(
                msg(
                    "{folder} is there already with other content; give another folder with --out",
                    folder=folder / other[0],
                )
            )
        with ExitStack() as held:
            partial: list[tuple[Path, Path]] = []
            for name, data in files.items():
                file = folder / name
                room(file.parent)
                partial.append((held.enter_context(beside(file)), file))
                partial[-1][0].write_bytes(data)
            for fresh, file in partial:  # all or none: nothing takes its place before everything is written
                fresh.replace(file)
    except OSError as error:
        raise WriteError(
            msg(
                "cannot write to {folder}: {reason}; give another folder with --out",
                folder=folder,
                reason=reason_of(error),
            )
        ) from error
    return [folder / name for name in files]


def _same(file: Path, data: bytes) -> bool:
    """Whether a file holds just this."""
    return os.path.isfile(file) and file.stat().st_size == len(data) and content(file, len(data)) == data


def stored(path: Path, read: Callable[[Path], Stored]) -> Stored:
    """A run to export.

    Raises
    ------
    DabiaoError
        The path is no run.
    """
    run = read(path)
    try:
        manifest = read_json((path if os.path.isdir(path) else path.parent) / MANIFEST)
    except (OSError, ValueError, RecursionError):
        return run
    version = manifest.get("version") if isinstance(manifest, dict) else None
    return replace(run, document={**run.document, "version": version or ""})
