"""Runs for other programs: a tidy long table, the IAMC layout, a Frictionless data package (数据交换)."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ...models.errors import DabiaoError
from ...models.quantity import Bilingual
from ...models.words import msg
from ...scenarios.files import content
from ..tables.table import Column, Table, in_order
from ..text.format import clean, plain, safe_name, unique, unit_of
from ..write import MANIFEST, Stored, WriteError, hidden, read_json, sha256, tidy
from .csv_files import csv_text
from .csv_files import safe_text as safe

_YEAR = re.compile(r"y(\d{4})")


class Record(NamedTuple):
    """One number of a run: the row's keys, the column, the unit and, where it has one, the year."""

    table: str
    keys: tuple[tuple[str, str], ...]
    variable: str
    unit: str
    year: int | None
    value: float


def records(tables: Mapping[str, Table]) -> Iterator[Record]:
    """Every finite number of every table, one record each."""
    for table in in_order(tables):
        key = table.key or (table.columns[0].name,) if table.columns else ()
        # how many digits to print is no result
        aside = {*key, "year", "digits", *(column.digits_from for column in table.columns)}
        numbers = [column for column in table.columns if column.numeric and column.name not in aside]
        for at, row in enumerate(table.records()):
            keys = tuple((name, _word(row[name])) for name in key if name != "year")
            if not table.key:
                keys = (*keys, ("row", str(at + 1)))
            stated = plain(row.get("year"))
            for column in numbers:
                value = plain(row[column.name])
                if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
                    continue
                within = _YEAR.fullmatch(column.name)
                year = int(within[1]) if within else int(stated) if isinstance(stated, (int, float)) else None
                name = "value" if within else column.name
                yield Record(table.name, keys, name, _unit(column, row), year, float(value))


def _word(cell: Any) -> str:
    value = plain(cell)
    return "" if value is None else clean(value.of("en") if isinstance(value, Bilingual) else str(value))


def _unit(column: Column, row: Mapping[str, Any]) -> str:
    """The column's unit, else the row's own."""
    own = row.get("unit") if not column.unit else None
    return unit_of(column.unit, "en") if column.unit else _word(own)


def _csv(rows: Iterator[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()


def long_table(run: Stored, region: str = "") -> dict[str, bytes]:
    """``long.csv``: scenario, run, table, keys of the row (``name=value; ...``), variable, unit, year,
    value."""

    def rows() -> Iterator[list[str]]:
        yield ["scenario", "run", "table", "row", "variable", "unit", "year", "value"]
        for each in records(run.tables):
            row = "; ".join(f"{name}={value}" for name, value in each.keys)
            year = "" if each.year is None else str(each.year)
            yield [
                *map(safe, (run.scenario, run.run, each.table, row, each.variable, each.unit)),
                year,
                repr(each.value),
            ]

    return {"long.csv": _csv(rows())}


def iamc(run: Stored, region: str = "") -> dict[str, bytes]:
    """``iamc.csv``: model, scenario, region, variable, unit and a column a year.

    Every number that has a year; a variable is ``table|column|row keys``, so that a series stands once. The
    layout of the Integrated Assessment Modeling Consortium, as ``pyam.IamDataFrame("iamc.csv")`` reads it.
    """
    series: dict[tuple[str, str], dict[int, float]] = {}
    for each in records(run.tables):
        if each.year is not None:
            parts = (each.table, each.variable, *(value for _, value in each.keys))
            name = "|".join(part.replace("|", "/").strip() or "-" for part in parts)
            series.setdefault((name, each.unit or "1"), {})[each.year] = each.value
    years = sorted({year for path in series.values() for year in path})
    version = str(run.document.get("version", ""))
    where = region or _title(run)

    def rows() -> Iterator[list[str]]:
        yield ["model", "scenario", "region", "variable", "unit", *map(str, years)]
        for (variable, unit), path in series.items():
            cells = [repr(path[year]) if year in path else "" for year in years]
            yield [*map(safe, (f"dabiao {version}".strip(), run.scenario, where, variable, unit)), *cells]

    return {"iamc.csv": _csv(rows())}


def _title(run: Stored) -> str:
    stated = run.document.get("title")
    return clean(str(stated.get("zh") or stated.get("en"))) if isinstance(stated, dict) else run.scenario


def data_package(run: Stored, region: str = "") -> dict[str, bytes]:
    """``datapackage.json`` and a CSV a table: every field with its type, titles and unit, and primary keys.

    Source: Frictionless Data Package and Table Schema, version 1.
    """
    taken: set[str] = set()
    files: dict[str, bytes] = {}
    resources = []
    for table in in_order(run.tables):
        name = unique(safe_name(table.name).lower(), taken)
        data = csv_text(table, "zh").replace("\r\n", "\n").encode()
        files[f"data/{name}.csv"] = data
        resources.append(
            {
                "name": re.sub(r"[^a-z0-9._-]", "-", name),
                "path": f"data/{name}.csv",
                "profile": "tabular-data-resource",
                "title": table.title.of("en"),
                "title_zh": table.title.of("zh"),
                **(
                    {"description": table.note.of("en"), "description_zh": table.note.of("zh")}
                    if table.note
                    else {}
                ),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(data),
                "hash": f"sha256:{sha256(data)}",
                "schema": _schema(table),
            }
        )
    whole = {
        "profile": "tabular-data-package",
        "name": re.sub(r"[^a-z0-9._-]+", "-", f"{run.scenario}-{run.run}".lower()).strip("-") or "run",
        "title": _title(run),
        "version": str(run.document.get("version", "")),
        "resources": resources,
    }
    files["datapackage.json"] = json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"
    return files


def _schema(table: Table) -> dict[str, Any]:
    cells = {column.name: [plain(cell) for cell in table.column(column.name)] for column in table.columns}
    fields = []
    for column in table.columns:
        field = {
            "name": column.name,
            "type": _kind(cells[column.name], column),
            "title": column.title.of("en"),
            "title_zh": column.title.of("zh"),
        }
        if column.unit:
            field |= {"unit": column.unit}
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


FORMATS: dict[str, Callable[[Stored, str], dict[str, bytes]]] = {
    "long": long_table,
    "iamc": iamc,
    "datapackage": data_package,
}
"""Forms in which a run leaves for other programs: files by name."""


def write_files(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Put files into a folder; one that is there with other content is not touched.

    Raises
    ------
    WriteError
        Something else stands in its place, or the folder cannot be written.
    """
    partial: list[tuple[Path, Path]] = []
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
        for name, data in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            partial.append((hidden(file), file))
            partial[-1][0].write_bytes(data)
        for beside, file in partial:  # all or none: nothing takes its place before everything is written
            beside.replace(file)
    except OSError as error:
        for beside, _ in partial:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
        raise WriteError(
            msg(
                "cannot write to {folder}: {reason}; give another folder with --out",
                folder=folder,
                reason=error.strerror or error,
            )
        ) from error
    return [file for _, file in partial]


def _same(file: Path, data: bytes) -> bool:
    """Whether a file holds just this."""
    return file.is_file() and file.stat().st_size == len(data) and content(file, len(data)) == data


def stored(path: Path, read: Callable[[Path], Stored]) -> Stored:
    """A run to export.

    Raises
    ------
    DabiaoError
        The path is no run.
    """
    if not path.exists():
        raise DabiaoError(
            msg(
                "{path}: no such run; give a folder that `simulate run` wrote,"
                " for example runs/my-city/7f3a9c21b0de",
                path=path,
            )
        )
    run = read(path)
    try:
        manifest = read_json((path if path.is_dir() else path.parent) / MANIFEST)
    except (OSError, ValueError, RecursionError):
        return run
    version = manifest.get("version") if isinstance(manifest, dict) else None
    return replace(run, document={**run.document, "version": version or ""})
