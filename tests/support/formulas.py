"""Formulas of a workbook, computed as another program would."""

from __future__ import annotations

import math
import re
from typing import Any

from dabiao.models.target import rounded

_TOKEN = re.compile(r"(?:('(?:[^']|'')+')!)?\$([A-Z]+)\$?(\d+)(?::\$([A-Z]+)\$?(\d+))?")


def evaluated(book: Any, sheet: str, formula: str) -> Any:
    """What a formula gives: sums, conditions, places in columns, and the four operations; a number, or a
    text."""

    def cells(found: re.Match[str]) -> str:
        name, left, top, right, bottom = found.groups()
        place = f"{left}{top}:{right}{bottom}" if right else f"{left}{top}"
        where = name[1:-1].replace("''", "'") if name else sheet
        return f"cells({where!r}, {place!r})"

    def values(where: str, place: str) -> Any:
        got = book[where][place]
        if not isinstance(got, tuple):
            own = got.value
            return evaluated(book, where, own) if got.data_type == "f" else own
        return [values(where, cell.coordinate) for row in got for cell in row]

    def sumifs(numbers: list[Any], *conditions: Any) -> float:
        pairs = list(zip(conditions[::2], conditions[1::2], strict=True))
        return math.fsum(
            value
            for at, value in enumerate(numbers)
            if isinstance(value, (int, float)) and all(column[at] == asked for column, asked in pairs)
        )

    known: dict[str, Any] = {
        "cells": values,
        "SUMIFS": sumifs,
        "SUM": lambda numbers: math.fsum(value for value in numbers if isinstance(value, (int, float))),
        "MAX": max,
        "MIN": min,
        "ABS": abs,
        "ROUND": rounded,
        "IF": lambda asked, yes, no: yes if asked else no,
        "ISNUMBER": lambda value: isinstance(value, (int, float)),
        "SUMPRODUCT": lambda one, two: math.fsum(a * b for a, b in zip(one, two, strict=True)),
        "MATCH": lambda value, among, _: max(sum(each <= value for each in among), 1),
        "INDEX": lambda among, at: among[at - 1],
        "COUNTIF": lambda texts, _: sum(isinstance(text, str) and text != "" for text in texts),
        "__builtins__": {},
    }
    texts: list[str] = []

    def aside(found: re.Match[str]) -> str:
        texts.append(found[0])
        return f"\x00{len(texts) - 1}\x00"

    bare = re.sub(r'"[^"]*"', aside, formula.removeprefix("="))
    bare = _TOKEN.sub(cells, bare)
    value = eval(re.sub("\x00(\\d+)\x00", lambda found: texts[int(found[1])], bare), known)
    return float(value) if isinstance(value, (int, float)) else value
