"""What leaves the program says what the tables say, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from dabiao.models.errors import DabiaoError
from dabiao.models.quantity import Bilingual
from dabiao.models.words import tr
from dabiao.results.forms.excel.sheet import heads_of, split
from dabiao.results.forms.excel.workbook import sheet_name
from dabiao.results.forms.export import EXPORTERS
from dabiao.results.forms.html_style import SCRIPT
from dabiao.results.forms.json_document import document, json_text, tables_of
from dabiao.results.outline import chapters
from dabiao.results.tables.table import Column, Table, in_order, shown
from dabiao.results.text.format import clean, heading, written
from hypothesis import given, settings
from hypothesis import strategies as st
from page import Page

TITLE = Bilingual(zh="某市方案 <b>& |", en="A plan <b>& |")
META: dict[str, Any] = {
    "run": "0123456789ab",
    "scenario": "plan",
    "seed": 7,
    "solver": "highs",
    "version": "1",
}
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1+1",
    "a|b",
    "a\nb",
    "<script>alert(1)</script>",
    "&amp;",
    '"q"',
    "'x'",
    "http://example.org",
    "\\",
    "`x`",
    "*x*",
    "_x_",
    "[a](b)",
    "# x",
    "\x00\x0b",
    "_x0041_",
    "鲊😀",
    "",
    "x" * 40000,
    "{=1}",
]
NUMBERS = [
    0,
    -0.0,
    0.1 + 0.2,
    2.675,
    1.7976931348623157e308,
    5e-324,
    -1e15,
    2**53,
    -(2**60),
    12,
    math.inf,
    -math.inf,
    math.nan,
]


def made() -> dict[str, Table]:
    columns = (
        Column("key", Bilingual(zh="键", en="Key")),
        Column("text", Bilingual(zh="文字 <i>|", en="Text <i>|")),
        Column("value", Bilingual(zh="数", en="Value"), "亿元", 2),
        Column("own", Bilingual(zh="自定位数", en="Own digits"), digits=1, digits_from="digits"),
        Column("digits", Bilingual(zh="位数", en="Digits"), digits=0, shown=False),
        Column("flag", Bilingual(zh="真假", en="Flag")),
    )
    count = max(len(HOSTILE), len(NUMBERS))
    rows = tuple(
        (
            f"r{at}",
            HOSTILE[at % len(HOSTILE)],
            NUMBERS[at % len(NUMBERS)],
            at / 7,
            at % 4,
            [True, False, None][at % 3],
        )
        for at in range(count)
    )
    verdict = Table(
        "verdict",
        Bilingual(zh="结论", en="Verdict"),
        (
            Column("target", Bilingual(zh="目标", en="Target")),
            Column("rung", Bilingual(zh="结论", en="Rung")),
            Column("value", Bilingual(zh="预计", en="Expected"), "%", 1, signed=True),
        ),
        (
            ("gdp", Bilingual(zh="可达", en="reached"), 6.55),
            ("jobs", Bilingual(zh="达不到", en="out of reach"), None),
        ),
        key=("target",),
        note=Bilingual(zh="注 <u>", en="note <u>"),
    )
    hostile = Bilingual(zh="坏名[]:*?/\\'" + "长" * 40, en="History")
    return {
        "rows": Table("rows", hostile, columns, rows, key=("key",)),
        "../evil": Table("../evil", hostile, columns[:1], (("a",),)),
        "none": Table("none", Bilingual(zh="空", en="History"), columns[:3], ()),
        "verdict": verdict,
    }


def export(name: str, folder: Path, lang: str = "zh") -> list[Path]:
    folder.mkdir(exist_ok=True)
    files = EXPORTERS[name].export(made(), folder, lang, TITLE, META)
    assert all(file.resolve().is_relative_to(folder.resolve()) for file in files)
    assert sorted(files) == sorted(file for file in folder.rglob("*") if file.is_file())
    return files


@pytest.mark.parametrize("name", EXPORTERS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_same_tables_same_bytes(
    name: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = export(name, tmp_path / "one", lang)
    later = datetime(2031, 5, 5, tzinfo=UTC).timestamp()
    monkeypatch.setattr("time.time", lambda: later)
    monkeypatch.chdir(tmp_path)
    two = export(name, tmp_path / "two", lang)
    assert [file.name for file in one] == [file.name for file in two]
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in two]


def test_csv_reads_back_in_full_precision(tmp_path: Path) -> None:
    files = {file.stem: file for file in export("csv", tmp_path)}
    assert len(files) == 4
    raw = files["rows"].read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert list(rows[0]) == ["key", "text", "value", "own", "digits", "flag"]
    for row, stated in zip(rows, made()["rows"].records(), strict=True):
        value = stated["value"]
        assert row["value"] == "" if math.isnan(value) else float(row["value"]) == value
        assert float(row["own"]) == stated["own"]
        assert row["flag"] == {True: "true", False: "false", None: ""}[stated["flag"]]


def test_csv_runs_no_formula_and_leaves_numbers_alone(tmp_path: Path) -> None:
    rows_file = next(file for file in export("csv", tmp_path) if file.stem == "rows")
    rows = list(csv.DictReader(io.StringIO(rows_file.read_bytes().decode("utf-8-sig"), newline="")))
    for row, stated in zip(rows, made()["rows"].records(), strict=True):
        assert row["text"].lstrip()[:1] not in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}
        assert row["text"].removeprefix("'") == stated["text"].replace("\x00\x0b", "").removeprefix("'")
        assert not row["value"].startswith("'")
    assert any(row["value"].startswith("-") for row in rows)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_cell_of_the_workbook_is_the_tables(lang: str, tmp_path: Path) -> None:
    (file,) = export("excel", tmp_path, lang)
    book = openpyxl.load_workbook(file)
    ordered = in_order(made())
    ends = [tr(lang, name) for name in ("Page one", "Contents", "About this run")]
    assert [*book.sheetnames[:2], book.sheetnames[-1]] == ends
    assert len(book.sheetnames) == len(ordered) + 3
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)
    assert all(
        len(name.encode("utf-16-le")) <= 62 and not set(name) & set("[]:*?/\\") for name in book.sheetnames
    )
    for sheet, table in zip(book.worksheets[2:-1], ordered, strict=True):
        columns = shown(table)
        assert clean(sheet["A1"].value) == clean(table.title.of(lang))
        assert [cell.value for cell in sheet[2]][: len(columns)] == heads_of(columns, lang)
        assert sheet.freeze_panes in ("A3", "B3")
        parts, sums = split(table)
        assert len(sheet.tables) == bool(parts)
        for number, place in enumerate((*parts, *sums), start=3):
            row = table.rows[place]
            for at, column in enumerate(columns, start=1):
                cell, stated = sheet.cell(number, at), row[table.at(column.name)]
                assert cell.data_type != "f"
                check(cell, stated, table.digits(column, row), lang, column.signed)


def check(cell: Any, stated: Any, digits: int | None, lang: str, signed: bool) -> None:
    """One cell of a workbook against the table's."""
    if stated is None or (isinstance(stated, float) and math.isnan(stated)):
        assert cell.value is None
    elif isinstance(stated, bool):
        assert cell.value == written(stated, None, lang)
    elif isinstance(stated, (int, float)) and abs(stated) < (2**53 if isinstance(stated, int) else 9.9e307):
        assert cell.value == pytest.approx(stated, rel=1e-15, abs=0)
        plain = f"0.{'0' * digits}" if digits else "0"
        assert cell.number_format == (f"+{plain};-{plain};{plain}" if signed else plain)
    else:
        assert cell.data_type in ("s", "n", "inlineStr")
        text = written(stated, digits, lang)[:32767].replace("\r", "\n")
        value = (cell.value or "").replace("_x000D_", "\n").replace("\r", "\n").replace("_x005F_", "_")
        assert value == text.replace("_x005F_", "_")


def test_sheet_names_are_never_reserved_or_empty() -> None:
    def named(title: str, name: str = "t") -> str:
        return sheet_name(Table(name, Bilingual(zh=title), (), ()), "zh")

    assert named("History") != "History"
    assert named("[]") == "t"
    assert named("'", "/") == "sheet"
    assert named("'a'") == "a"
    assert len(named("😀" * 40).encode("utf-16-le")) <= 62


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_what_the_tables_say_and_runs_nothing(lang: str, tmp_path: Path) -> None:
    (file,) = export("html", tmp_path, lang)
    text = file.read_text(encoding="utf-8")
    page = Page(text)
    assert not set(page.names()) & {"i", "b", "u", "img", "iframe", "link", "object", "embed", "form", "base"}
    assert page.names().count("script") == page.names().count("style") == 1
    assert text.count(f"<script>{SCRIPT}</script>") == 1
    ids = page.ids()
    assert sorted(page.loads()) == sorted(f"#{anchor}" for anchor in ids if anchor not in ("tip", "contents"))
    assert len(set(ids)) == len(ids) == 4 + len(chapters(made())) + 3
    assert "http" not in text.replace("http://example.org", "").replace("http-equiv", "")
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in text
    for one, table in zip(page.found, in_order(made()), strict=True):
        columns, found = shown(table), one.rows
        assert found[0] == [heading(column, lang) for column in columns]
        for cells, row in zip(found[1:], table.rows, strict=True):
            expected = [
                written(row[table.at(column.name)], table.digits(column, row), lang, column.signed)
                for column in columns
            ]
            assert [c.replace("\r", "\n") for c in cells] == [e.replace("\r", "\n") for e in expected]


def test_markdown_keeps_its_columns(tmp_path: Path) -> None:
    (file,) = export("markdown", tmp_path)
    text = file.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<b>" not in text
    blocks = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    for block, table in zip(blocks, in_order(made()), strict=True):
        lines = block.splitlines()
        assert len(lines) == 2 + len(table.rows)
        assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines} == {len(shown(table)) + 1}
    assert text.index("结论") < text.index("坏名")
    assert "0123456789ab" in text


def test_the_document_has_no_nan_no_time_and_both_languages(tmp_path: Path) -> None:
    (file,) = export("json", tmp_path)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    whole = json.loads(file.read_text(encoding="utf-8"), parse_constant=refuse)
    assert (whole["schema"], whole["run"], whole["scenario"]) == ("dabiao.run/2", "0123456789ab", "plan")
    assert whole["verdict"][0] == {"target": "gdp", "rung": {"zh": "可达", "en": "reached"}, "value": 6.55}
    assert next(iter(whole["tables"])) == "verdict"
    table = whole["tables"]["rows"]
    assert table["columns"][2] == {"name": "value", "unit": "亿元", "digits": 2, "zh": "数", "en": "Value"}
    values = [row[2] for row in table["rows"]]
    assert values[:5] == NUMBERS[:5]
    assert values[10:13] == [None, None, None]
    assert not re.search(r"20\d\d-\d\d-\d\d", file.read_text(encoding="utf-8"))
    assert file.read_bytes() == EXPORTERS["json"].export(made(), tmp_path, "en", TITLE, META)[0].read_bytes()


def test_tables_come_back_from_the_document() -> None:
    whole = json.loads(json_text(document(made(), TITLE, META)))
    back = tables_of(whole)
    assert json_text(document(back, TITLE, META)) == json_text(document(made(), TITLE, META))
    assert back["verdict"] == made()["verdict"]
    with pytest.raises(DabiaoError, match=r"dabiao\.run/2"):
        tables_of({"schema": "other"})
    with pytest.raises(DabiaoError, match="damaged"):
        tables_of({**whole, "tables": {"a": {"title": {"zh": "a"}}}})


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.text(min_size=1, max_size=9).map(lambda t: Bilingual(zh=t)),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(cells, cells), max_size=4), st.text(max_size=10))
def test_any_cell_can_be_exported(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, Any]], name: str
) -> None:
    columns = (
        Column("a", Bilingual.told({"zh": name, "en": name})),
        Column("b", Bilingual(zh="乙", en="B"), "亿元", 1),
    )
    table = Table(name, Bilingual(zh=name or "名"), columns, tuple(rows))
    folder = tmp_path_factory.mktemp("any")
    for exporter in EXPORTERS.values():
        for file in exporter.export({name: table}, folder, "zh", TITLE, META):
            assert file.resolve().is_relative_to(folder.resolve())
    openpyxl.load_workbook(folder / "tables.xlsx")
    json.loads((folder / "tables.json").read_text(encoding="utf-8"))
