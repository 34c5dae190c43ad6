"""A run as one JSON document, for programs; and back."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from ...models.errors import DabiaoError
from ...models.harmless import escaped
from ...models.money import money_in_use
from ...models.quantity import Bilingual
from ...models.words import LANGUAGES, msg, terms_in_use
from ...models.years import Year
from ..tables.table import Column, Table, in_order
from ..text.format import clean, plain

T = TypeVar("T")
SCHEMA, COMPARED = "dabiao.run/2", "dabiao.compare/2"
"""What a document is of: one run; several set side by side."""
_YEARS = frozenset(("year", "first", "last_year", "base", "from_year", "to_year"))
"""Columns whose numbers are years."""
EARLIER = "dabiao.run/1"
"""Of version 0.1 and the first 0.2: its tables do not say which of their numbers are chances."""
FILE = "tables.json"
_FLAGS = {
    flag.name: flag.default
    for flag in fields(Column)
    if flag.name not in ("name", "title", "unit", "digits", "value") and flag.init
}
"""What a column says of itself besides, and what it says when nothing is written."""
_SAID = {
    "name": str,
    "unit": str,
    "digits": (int, type(None)),
    **{name: type(usual) for name, usual in _FLAGS.items()},
}
"""What each of these is."""
_SHOWN = 60
"""Letters of what is shown of a damaged document."""


class Earlier(DabiaoError):
    """The tables of an earlier version, which are read no more."""


def document(tables: Mapping[str, Table], title: Bilingual, meta: Mapping[str, Any]) -> dict[str, Any]:
    """The whole run: ``{schema, run, scenario, title, verdict, tables}``, both languages, no times.

    ``verdict`` repeats the table of that name as a list of maps, the first thing a program asks.
    NaN and infinities become null.
    """
    verdict = tables.get("verdict")
    return {
        "schema": meta.get("schema", SCHEMA),
        "run": meta.get("run", ""),
        "scenario": meta.get("scenario", ""),
        "title": _value(title),
        **({"money": money_in_use().model_dump()} if verdict or meta.get("schema") == COMPARED else {}),
        **({"begins": begins} if (begins := _begins(tables)) > 1 else {}),
        **({"terms": {key: _value(word) for key, word in terms}} if (terms := terms_in_use()) else {}),
        "verdict": [{k: _value(v) for k, v in row.items()} for row in verdict.records()] if verdict else [],
        "tables": {table.name: _table(table) for table in in_order(tables)},
    }


def json_text(whole: Mapping[str, Any]) -> str:
    """The document as text; each column and each row of a table stands on a line of its own."""
    head = [f"{_dump(key)}: {_dump(value)}" for key, value in whole.items() if key != "tables"]
    tables = []
    for name, table in whole["tables"].items():
        parts = [
            f"{_dump(key)}: {_dump(value)}" for key, value in table.items() if key not in ("columns", "rows")
        ]
        for key in ("columns", "rows"):
            lines = ",\n   ".join(_dump(line) for line in table[key])
            parts.append(f'"{key}": [\n   {lines}\n  ]' if lines else f'"{key}": []')
        tables.append(f"{_dump(name)}: {{\n  " + ",\n  ".join(parts) + "\n }")
    body = '"tables": {\n ' + ",\n ".join(tables) + "\n}"
    return "{\n" + ",\n".join([*head, body]) + "\n}\n"


def _dump(value: Any) -> str:
    return escaped(json.dumps(value, ensure_ascii=False, allow_nan=False))


def export_json(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Bilingual, meta: Mapping[str, Any]
) -> list[Path]:
    """``tables.json``: what ``--json`` prints, with full precision, in both languages."""
    file = folder / FILE
    file.write_bytes(json_text(document(tables, title, meta)).encode())
    return [file]


def tables_of(whole: Mapping[str, Any]) -> dict[str, Table]:
    """The tables that a document was made of.

    Raises
    ------
    Earlier
        An earlier version wrote it.
    DabiaoError
        The document is of another kind or damaged.
    """
    if whole.get("schema") == EARLIER:
        raise Earlier(msg("the run was written by an earlier version: run its scenario again"))
    if whole.get("schema") != SCHEMA:
        raise DabiaoError(
            msg(
                "expected a document of schema {schema}, got {found!r}",
                schema=SCHEMA,
                found=whole.get("schema"),
            )
        )
    try:
        begins = int(whole.get("begins", 1))
        return {name: _rebuilt(name, table, begins) for name, table in whole["tables"].items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DabiaoError(msg("the document of the run is damaged: {error}", error=error)) from error


def _table(table: Table) -> dict[str, Any]:
    columns = [
        {
            "name": column.name,
            "unit": column.unit,
            "digits": column.digits,
            **_value(column.title),
            **{
                flag: getattr(column, flag)
                for flag, usual in _FLAGS.items()
                if getattr(column, flag) != usual
            },
        }
        for column in table.columns
    ]
    return {
        "title": _value(table.title),
        "key": list(table.key),
        "note": _value(table.note),
        **({} if table.brief is None else {"brief": list(table.brief)}),
        "columns": columns,
        "rows": [[_value(cell) for cell in row] for row in table.rows],
    }


def _value(cell: Any) -> Any:
    value = plain(cell)
    if isinstance(value, Bilingual):
        return {lang: clean(text) for lang, text in value.every().items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return clean(value) if isinstance(value, str) else value


def _column(stated: Mapping[str, Any]) -> Column:
    told = {lang: stated[lang] for lang in ("zh", *LANGUAGES) if lang in stated}
    said = {key: value for key, value in stated.items() if key not in told}
    for key, value in said.items():
        if not isinstance(value, _SAID[key]):
            raise ValueError(_odd(f"{key}: {value!r}"))
    return Column(title=_text(told, Bilingual.told), **said)


def _odd(what: str) -> str:
    return what if len(what) <= _SHOWN else f"{what[:_SHOWN]} ..."


def _text(
    said: Any, made: Callable[[dict[str, str]], Bilingual] = lambda said: Bilingual(**said)
) -> Bilingual:
    """A text in every language it is told in."""
    if not isinstance(said, dict) or not all(isinstance(text, str) for text in said.values()):
        raise ValueError(_odd(repr(said)))
    return made(said)


def _cell(column: Column, cell: Any, counts: bool) -> Any:
    """A cell as its column holds them: a number, or a text or a yes or no; ``counts`` where others are
    printed with as many digits as it says."""
    if cell is None or isinstance(cell, bool if not column.numeric else ()):
        return cell
    number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    if number != (column.numeric or counts) or not (number or isinstance(cell, (str, dict))):
        raise ValueError(_odd(f"{column.name}: {cell!r}"))
    return _text(cell) if isinstance(cell, dict) else cell


def _begins(tables: Mapping[str, Table]) -> int:
    """The month in which the years of tables begin."""
    cells = (cell for table in tables.values() for row in table.rows for cell in row)
    return next((cell.begins for cell in cells if isinstance(cell, Year)), 1)


def _rebuilt(name: str, table: Mapping[str, Any], begins: int) -> Table:
    columns = tuple(_column(column) for column in table["columns"])
    counting = {"digits", *(column.digits_from for column in columns)}
    years = [column.name in _YEARS and begins > 1 for column in columns]
    counts = [column.name in counting for column in columns]

    def cells(row: Sequence[Any]) -> Iterator[Any]:
        for column, cell, year, count in zip(columns, row, years, counts, strict=True):
            found = _cell(column, cell, count)
            yield Year(found, begins) if year and isinstance(found, int) else found

    return Table(
        name=name,
        title=_text(table["title"]),
        columns=columns,
        rows=tuple(tuple(cells(row)) for row in table["rows"]),
        key=_all(str, table["key"]),
        note=_text(table["note"]) if table["note"] else None,
        brief=_all(int, table["brief"]) if "brief" in table else None,
    )


def _all(kind: type[T], said: Any) -> tuple[T, ...]:
    if not isinstance(said, list) or not all(isinstance(each, kind) for each in said):
        raise ValueError(_odd(repr(said)))
    return tuple(said)
