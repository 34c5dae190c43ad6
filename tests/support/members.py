"""A file of regions beside a table of its members, and what is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.province.load import Province, load_province

FILE = """\
sources: {{s: {{en: a made-up yearbook}}}}
regions:
  source: s
  title: {title}
  year: 2023
  parent: {{gdp: {gdp}}}
{more}"""
TABLE = "  table: {rows: rows.csv}\n"
TOP = "州市,地区生产总值（亿元）,第一产业,第二产业"
ROWS = ("甲市,400,20,170", "乙市,100,15,33", "丙州,160,24,60")
"""Of no two is the third the sum."""


def at(
    folder: Path,
    table: str | Sequence[str],
    more: str = TABLE,
    gdp: float = 660,
    title: str = "云岭省2024年",
    name: str = "own.yaml",
) -> Path:
    """A file of regions beside a table."""
    (folder / "rows.csv").write_text(table if isinstance(table, str) else "\n".join(table), encoding="utf-8")
    path = folder / name
    path.write_text(FILE.format(title=title, gdp=gdp, more=more), encoding="utf-8")
    return path


def read(folder: Path, table: str | Sequence[str], **more: Any) -> Province:
    """The regions, read."""
    return load_province(at(folder, table, **more))


def notes(province: Province) -> str:
    """What is told of them."""
    return "\n".join(note.en for note in province.notes)


def mistakes(folder: Path, table: str | Sequence[str], **more: Any) -> list[str]:
    """The lines with which they are refused."""
    with pytest.raises(ScenarioError) as caught:
        read(folder, table, **more)
    return str(caught.value).splitlines()


def with_column(heading: str, *cells: str) -> list[str]:
    """The table with a column more."""
    return [f"{line},{cell}" for line, cell in zip((TOP, *ROWS), (heading, *cells), strict=True)]


def member_files(folder: Path, more: str = "", outlooks: Sequence[str] = ("", "", "")) -> str:
    """Three scenarios beside the file, each with an outlook of its own; the lines that name them."""
    for name, outlook in zip("abc", outlooks, strict=True):
        (folder / f"{name}.yaml").write_text(f"extends: example:panzhihua-2024\n{outlook}", encoding="utf-8")
    return "  members: {a: {scenario: a.yaml}, b: {scenario: b.yaml}, c: {scenario: c.yaml}}\n" + more
