"""What a workbook or a text of Word may not hold: a file by hand for each check, bounds made small."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.load import load
from dabiao.scenarios.report import Place, Report
from dabiao.scenarios.tables import packed, workbook
from dabiao.scenarios.tables.grid import Grid

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def relations(*parts: tuple[str, str]) -> str:
    """Parts that a part refers to: their kind, and where they are."""
    inner = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(parts)
    )
    return f"<Relationships>{inner}</Relationships>"


def cells(*rows: str, more: str = "") -> str:
    """A sheet of rows of XML."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData>{more}</worksheet>'


def number(at: str, value: str = "1") -> str:
    return f'<c r="{at}"><v>{value}</v></c>'


USUAL = cells(f"<row>{number('A1')}{number('B1', '2')}</row>")


def parts_of(sheet: str = USUAL, sheets: int = 1, shared: str = "", hidden: str = "") -> dict[str, str]:
    """The parts of a workbook."""
    named = "".join(f'<sheet name="s{at}" r:id="r0"{hidden if at == 1 else ""}/>' for at in range(sheets))
    return {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
        ),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
    }


def zipped(parts: dict[str, str], *twice: str) -> bytes:
    """Parts as a file; some of them a second time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name, text in [*parts.items(), *((name, parts[name.lower()]) for name in twice)]:
            file.writestr(name, text)
    return held.getvalue()


def read(data: bytes, *names: str) -> tuple[list[Grid], Report]:
    """The sheets of a file, and what is told of it."""
    report = Report()
    return workbook.workbook(data, "a.xlsx", "projects", list(names), Place("own.yaml", 3, 9), report), report


def said(data: bytes, *names: str) -> str:
    """With what a file is refused."""
    found, report = read(data, *names)
    assert not found or names
    return "\n".join(map(str, report.problems))


def test_a_workbook_of_two_cells_is_read() -> None:
    (grid,), report = read(zipped(parts_of()))
    assert [[cell.text for cell in row] for row in grid.rows] == [["1", "2"]]
    assert not report.problems and not report.notes


def lacking(name: str) -> dict[str, str]:
    """A workbook without one of its parts."""
    return {own: text for own, text in parts_of().items() if own != name}


NO_WORKBOOKS: dict[str, tuple[bytes, str]] = {
    "no zip": (b"PK\x03\x04 and nothing else", "got a file that is no workbook"),
    "no book in it": (zipped(lacking("xl/workbook.xml")), "got a file that is no workbook"),
    "before 2007": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "got a workbook of before 2007, or one with a password",
    ),
    "parts twice": (
        zipped({name.lower(): text for name, text in parts_of().items()}, "XL/workbook.xml"),
        "got a file in which parts stand twice",
    ),
    "no reference": (
        zipped(parts_of(cells('<row><c r="1A"><v>1</v></c></row>'))),
        "got a workbook that cannot be read (1A), expected a workbook (.xlsx); open it in Excel and save it"
        " again",
    ),
    "a string that is not there": (
        zipped(parts_of(cells('<row><c r="B2" t="s"><v>1</v></c></row>'), shared="<si><t>a</t></si>")),
        "got a workbook that cannot be read (B2)",
    ),
    "a string before the first": (
        zipped(parts_of(cells('<row><c r="B2" t="s"><v>-1</v></c></row>'), shared="<si><t>a</t></si>")),
        "got a workbook that cannot be read (B2)",
    ),
    "a document type": (
        zipped(parts_of('<!DOCTYPE a [<!ENTITY b "c">]>' + USUAL)),
        "got a file with a document type of its own",
    ),
}


@pytest.mark.parametrize("case", NO_WORKBOOKS)
def test_what_is_no_workbook_is_told(case: str) -> None:
    data, told = NO_WORKBOOKS[case]
    assert said(data).startswith(f"a.xlsx  projects: {told}"), said(data)


THREE = f"<row>{number('A1')}{number('B1')}{number('C1')}</row>"
MERGED = '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="A1:C3"/></mergeCells>'
BOUNDS: dict[str, tuple[str, int, dict[str, str], str]] = {
    "sheets": ("MOST_SHEETS", 2, parts_of(sheets=3), "a workbook of more than 2 sheets"),
    "cells": ("MOST_CELLS", 2, parts_of(cells(THREE)), "a sheet of more than 2 cells"),
    "merged cells": (
        "MOST_MERGED",
        1,
        parts_of(cells(THREE, more=MERGED)),
        "a sheet of more than 1 merged cells",
    ),
    "elements": ("MOST_ELEMENTS", 9, parts_of(cells(THREE)), "a file of more than 9 elements"),
    "levels": ("DEEPEST", 4, parts_of(), "more than 4 levels"),
    "letters": (
        "MOST_LETTERS",
        5,
        parts_of(shared="<si><t>abc</t></si><si><t>def</t></si>"),
        "more than 5 characters",
    ),
    "letters of a text": (
        "LONGEST_TEXT",
        5,
        parts_of(shared="<si><t>abcdef</t></si>"),
        "a text of more than 5 characters",
    ),
    "digits of a number": (
        "LONGEST_TEXT",
        5,
        parts_of(cells(f"<row>{number('A1', '123456')}</row>")),
        "a text of more than 5 characters",
    ),
    "letters of a text in pieces": (
        "LONGEST_TEXT",
        5,
        parts_of(shared="<si><r><t>abc</t></r><r><t>def</t></r></si>"),
        "a text of more than 5 characters",
    ),
    "parts": ("MOST_PARTS", 4, parts_of(), "bytes in 5 parts, unpacked, expected at most"),
    "bytes": ("MOST_UNPACKED", 500, parts_of(), "bytes in 5 parts, unpacked, expected at most 500 bytes"),
}


@pytest.mark.parametrize("case", BOUNDS)
def test_more_than_is_read_is_told_with_the_bound(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, most, parts, told = BOUNDS[case]
    assert len(read(zipped(parts))[0]) >= 1
    monkeypatch.setattr(packed, name, most)
    assert told in said(zipped(parts)), said(zipped(parts))


def test_a_tag_that_does_not_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = parts_of(USUAL.replace("<sheetData>", f'<sheetData a="{"x" * 400}">'))
    assert len(read(zipped(parts))[0]) == 1
    monkeypatch.setattr(packed, "_CHUNK", 64)
    monkeypatch.setattr(packed, "_LONGEST_TAG", 256)
    assert "a file with an element that does not end" in said(zipped(parts))


def test_merged_cells_over_each_other_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'<row r="{row}">{number(f"C{row}")}</row>' for row in (1, 2, 3))
    parts = parts_of(cells(rows, more=MERGED))
    assert len(read(zipped(parts))[0]) == 1
    monkeypatch.setattr(workbook, "MOST_CELLS", 12)
    assert "merged cells that lie over each other" in said(zipped(parts))


def test_a_sheet_that_is_not_there_is_told_where_it_is_asked_for() -> None:
    told = said(zipped(parts_of(sheets=2)), "s0", "t1")
    assert told == 'own.yaml:3:9  projects.sheet: got "t1", expected a sheet of a.xlsx: s0 or s1'


NOTES: dict[str, tuple[dict[str, str], str]] = {
    "hidden sheets": (parts_of(sheets=2, hidden=' state="hidden"'), 'hidden sheets are not read: "s1"'),
    "hidden rows": (
        parts_of(cells(f'<row r="1">{number("A1")}</row><row r="2" hidden="1">{number("A2")}</row>')),
        "1 hidden rows are left out (2); show them in Excel if they count",
    ),
    "formulas": (
        parts_of(cells('<row><c r="A1"><f>1+1</f><v>2</v></c></row>')),
        "1 formulas: what the workbook last stored is read, nothing is computed",
    ),
    "other files": (
        {**parts_of(), "xl/externalLinks/externalLink1.xml": "<a/>"},
        "formulas refer to 1 other files: none is opened",
    ),
}


@pytest.mark.parametrize("case", NOTES)
def test_what_is_left_out_of_a_workbook_is_told(case: str) -> None:
    parts, told = NOTES[case]
    found, report = read(zipped(parts))
    for grid in found:
        grid.tell(report)
    told_all = [note.en for note in report.notes]
    assert len(told_all) == 1 and told in told_all[0], told_all


def test_a_workbook_of_other_sheets_is_no_scenario(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped(parts_of()))
    with pytest.raises(ScenarioError) as caught:
        load(path)
    (problem,) = caught.value.problems
    told = "a.xlsx  file: got a workbook without sheets of a scenario, expected sheets such as "
    assert told in str(problem) and "`simulate template REGION.xlsx` writes one to fill in" in str(problem)


def test_no_more_paragraphs_than_asked_for_are_read() -> None:
    text = "".join(f"<w:p><w:r><w:t>{word}</w:t></w:r></w:p>" for word in "abc")
    data = zipped({packed.TEXT: f'<w:document xmlns:w="w"><w:body>{text}</w:body></w:document>'})
    assert packed.paragraphs(data, 3) == ["a", "b", "c"]
    with pytest.raises(packed.Refused) as caught:
        packed.paragraphs(data, 2)
    assert caught.value.said[0].en == "more than 2 paragraphs"


ODD_TEXTS: dict[str, tuple[bytes, str]] = {
    "UTF-16 that breaks off": (
        "dabiao: 1\n".encode("utf-16")[:-1],
        "got UTF-16 that breaks off, expected text in UTF-8; save it as UTF-8 in the editor",
    ),
    "UTF-16 without a mark": (
        "dabiao: 1\n".encode("utf-16-le") + b"\xff",
        "got UTF-16 without a byte order mark",
    ),
    "GBK": ("title: 某市\n".encode("gbk"), "got text in GBK (GB18030), expected text in UTF-8"),
    "nothing known": (b"title: \xff\xff\n", "got bytes that are no text in UTF-8"),
}


@pytest.mark.parametrize("case", ODD_TEXTS)
def test_text_in_another_encoding_is_told_by_its_name(case: str, write: Callable[[bytes], str]) -> None:
    data, told = ODD_TEXTS[case]
    assert told in write(data)


@pytest.fixture
def write(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], str]:
    """What is told of a scenario of these bytes."""
    from wrong import complaints

    def told(data: bytes) -> str:
        path = tmp_path_factory.mktemp("odd") / "wrong.yaml"
        path.write_bytes(data)
        return "\n".join(complaints(path))

    return told
