"""A scenario written as a workbook that reads back as the same scenario (方案转工作簿)."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ....models.errors import DabiaoError
from ....models.words import msg
from ....scenarios.book.flat import LAID, Leaf, Row, Rows, Sheets, leaves, rest
from ....scenarios.files import EXAMPLE
from ....scenarios.load import Loaded, as_read, load, resolved_yaml
from ....scenarios.shape import Measure
from ...tables.numbers import with_units
from .inputs import inputs_book

FAMILIES = ("china-2023/experience.yaml", "china-2023/priors.yaml")
"""Shipped files that a workbook may extend, the largest first."""


def scenario_book(loaded: Loaded, lang: str) -> bytes:
    """The workbook of a scenario: what its sheets can say stands there, all else on the last one.

    Raises
    ------
    DabiaoError
        Where it would not read back as the same scenario.
    """
    found = leaves(loaded.tree, loaded.quantities())
    whole = resolved_yaml(loaded)
    units = {quantity.path: unit for quantity, unit in with_units(loaded.scenario, "") if Measure(unit).own}
    shared = [EXAMPLE + name for name in FAMILIES if EXAMPLE + name in dict(loaded.files)]
    with tempfile.TemporaryDirectory() as folder:
        for base in (*shared[:1], ""):
            for plain in (False, True):
                data = _written(found, units, base, plain, lang, Path(folder))
                if _reads(data, Path(folder)) == whole:
                    return data
    raise DabiaoError(msg("{name} cannot be written as a workbook without loss", name=loaded.name))


def _written(
    found: Mapping[str, Leaf], units: Mapping[str, str], base: str, plain: bool, lang: str, folder: Path
) -> bytes:
    """One attempt: over a shipped file or over nothing, with the sheets of planners or without."""
    start: list[Row] = [{"path": "dabiao", "value": 1}]
    start += [{"path": "extends", "value": base}] if base else []
    rows: Rows = {"other": start}
    laid: set[str] = set()
    if not plain:
        least = Sheets(found, found, lang).fill() | {"other": start}
        known = _leaves(inputs_book(lang, least), folder)
        filled = Sheets(found, known, lang)
        first = rest(_apart(found), _apart(known), ())  # keys of relations are known before targets are read
        rows, laid = filled.fill() | {"other": start + first}, filled.laid
    there = _leaves(inputs_book(lang, rows), folder)
    other = [
        row if row.get("unit") else row | {"unit": units.get(row["path"])}
        for row in (*rows["other"], *rest(found, there, laid))
    ]
    return inputs_book(lang, rows | {"other": other})


def _apart(found: Mapping[str, Leaf]) -> dict[str, Leaf]:
    """Values of parts that have no sheet of their own."""
    return {path: leaf for path, leaf in found.items() if re.split(r"[.\[]", path)[0] not in LAID}


def _leaves(data: bytes, folder: Path) -> dict[str, Leaf]:
    file = folder / "a.xlsx"
    file.write_bytes(data)
    return leaves(*as_read(file))


def _reads(data: bytes, folder: Path) -> str:
    """What a workbook resolves to; nothing where it is no scenario."""
    file = folder / "a.xlsx"
    file.write_bytes(data)
    try:
        return resolved_yaml(load(file))
    except DabiaoError:
        return ""
