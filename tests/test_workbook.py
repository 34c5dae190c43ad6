"""The workbook as one who works with it finds it: formulas that follow their cells, tables that filter and
sort, names to link to, charts with right axes, pages that hold their columns."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.models.quantity import Bilingual
from dabiao.results.forms.excel.layout import SMALLEST, laid_out, points
from dabiao.results.forms.excel.live import RULES, Grid, formulas
from dabiao.results.forms.excel.picture import scale
from dabiao.results.forms.excel.sheet import heads_of
from dabiao.results.forms.excel.workbook import export_excel
from dabiao.results.front import front_page
from dabiao.results.outline import ORDER
from dabiao.results.reports import added, facts_of
from dabiao.results.tables.table import Column, Table, sentences
from dabiao.results.write import read_run
from formulas import evaluated
from hypothesis import given
from hypothesis import strategies as st

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"
TITLE = Bilingual(zh="谷地", en="Valley")
STAMP = {"issuer": "=1+1", "date": "2024-02-01"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run."""
    out = tmp_path_factory.mktemp("runs")
    assert CliRunner().invoke(simulate, [str(VALLEY), "--out", str(out), "-q"]).exit_code == 0
    return next(manifest.parent for manifest in out.rglob("manifest.json"))


@pytest.fixture(scope="module", params=["zh", "en"])
def book(run: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its workbook, in each language in a folder of its own."""
    folder = tmp_path_factory.mktemp("book") / request.param
    folder.mkdir()
    stored = read_run(run)
    return export_excel(
        added(stored.tables), folder, request.param, TITLE, {**facts_of(stored, run), **STAMP}
    )[0]


def test_every_formula_gives_the_number_that_stands_in_its_cell(book: Path) -> None:
    live, stated = openpyxl.load_workbook(book), openpyxl.load_workbook(book, data_only=True)
    found: dict[str, int] = {}
    for sheet in live.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    told = stated[sheet.title][cell.coordinate].value
                    if "&" in cell.value:
                        continue  # the text of a command: another program computes it below
                    got = evaluated(live, sheet.title, cell.value)
                    if isinstance(got, str):  # an empty text is read back as nothing
                        assert got == (told or ""), (sheet.title, cell.value)
                        continue
                    assert got == pytest.approx(told, rel=1e-8, abs=1e-8), (sheet.title, cell.value)
                    found[sheet.title] = found.get(sheet.title, 0) + 1
    assert len(found) >= 6 and sum(found.values()) >= 60


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_another_program_computes_the_same(book: Path, tmp_path: Path) -> None:
    """Without the numbers that stand in the cells, LibreOffice has to compute them."""
    bare, out = tmp_path / "bare.xlsx", tmp_path / "out"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            new.writestr(name, data)
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'user').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "xlsx", "--outdir", str(out), str(bare)], check=True, capture_output=True
    )
    live, stated = openpyxl.load_workbook(book), openpyxl.load_workbook(book, data_only=True)
    computed = openpyxl.load_workbook(out / "bare.xlsx", data_only=True)
    for sheet, again in zip(live.worksheets, computed.worksheets, strict=True):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    told = stated[sheet.title][cell.coordinate].value
                    assert again[cell.coordinate].value == pytest.approx(told, rel=1e-8, abs=1e-8)


def made(name: str, rows: Sequence[Sequence[Any]], *columns: str) -> tuple[Table, Grid]:
    table = Table(
        name,
        TITLE,
        tuple(
            Column(column, Bilingual.same(column), digits=None if column in ("title", "level") else 2)
            for column in columns
        ),
        tuple(map(tuple, rows)),
    )
    parts = sum(row[-1] != "total" for row in rows)
    return table, Grid("S", 2, parts, columns, rows)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1, 1))
def test_a_formula_stands_only_where_it_gives_the_number(one: float, two: float, off: float) -> None:
    """A gap that the table states otherwise stays the table's."""
    stated = one - two + off
    table, grid = made("targets", [["a", one, two, stated]], "title", "expected", "ensure", "gap")
    near = math.isclose(one - two, stated, rel_tol=1e-9, abs_tol=1e-9)
    assert bool(formulas(table, grid)) == near


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=9), st.integers(0, 1))
def test_a_total_is_a_formula_if_it_is_the_sum(values: list[float], more: int) -> None:
    total = math.fsum(values) + more
    rows = [[f"s{at}", value, "sector"] for at, value in enumerate(values)] + [["all", total, "total"]]
    table, grid = made("others", rows, "title", "value", "level")
    live = formulas(table, grid)
    assert bool(live) == (not more)
    if live:
        assert live[len(values), 1].formula == f"=SUM($B$3:$B${len(values) + 2})"


def test_every_rule_names_columns_that_tables_have(run: Path) -> None:
    """A rule for a column that no table has any more would be dead: those of this run show a formula each."""
    tables = read_run(run).tables
    for name in ("targets", "sectors", "investment", "mixes"):
        assert set(RULES[name]) <= {column.name for column in tables[name].columns}


def test_tables_filter_and_have_a_name_and_headings_of_their_own(book: Path) -> None:
    live = openpyxl.load_workbook(book)
    names: set[str] = set()
    for sheet in live.worksheets:
        for table in sheet.tables.values():
            name = table.name
            assert re.fullmatch(r"t_\w+", name) and name.casefold() not in names
            names.add(name.casefold())
            first, last = table.ref.split(":")
            heads = [cell.value for cell in sheet[f"{first}:{last}"][0]]
            assert heads == [column.name for column in table.tableColumns]
            assert all(isinstance(head, str) and head for head in heads)
            assert len({head.casefold() for head in heads}) == len(heads)
            if name.startswith("t_front_"):
                continue
            assert table.autoFilter is not None and table.tableStyleInfo.showRowStripes
    assert len(names) >= 25


def test_cells_with_names_hold_chances_and_medians(book: Path, run: Path) -> None:
    live, stated = openpyxl.load_workbook(book), openpyxl.load_workbook(book, data_only=True)
    tables = read_run(run).tables
    said = {row["target"]: row["expected"] for row in tables["targets"].records()}
    assert any(name.startswith("chance_") for name in live.defined_names)
    medians = [name for name in live.defined_names if name.startswith("median_")]
    assert medians
    for name in medians:
        ((sheet, place),) = live.defined_names[name].destinations
        assert stated[sheet][place].value == pytest.approx(said[name.removeprefix("median_")])


def test_page_one_comes_first_and_identifiers_last(book: Path, run: Path) -> None:
    lang, stored = book.parent.name, read_run(run)
    tables = added(stored.tables)
    page = front_page(tables, lang, TITLE, STAMP)
    assert page is not None
    whole = openpyxl.load_workbook(book)
    texts = [cell.value for row in whole.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    for said in (
        page.title,
        *page.answer,
        *(page.needs or ()),
        *(text for _, text in page.notes + page.advice),
    ):
        assert said in texts
    assert any("=1+1" in str(text) for text in texts)
    assert len(whole.worksheets[0]._charts) == 1
    last = [str(cell.value) for row in whole.worksheets[-1].iter_rows() for cell in row]
    assert stored.run in last and not any(stored.run in str(text) for text in texts)
    order = sorted((name for name in ORDER if name in tables), key=lambda name: name != "quick_look")
    assert [sheet["A1"].value for sheet in whole.worksheets[2 : 2 + len(order)]] == [
        tables[name].title.of(lang) for name in order
    ]


def test_without_page_one_the_sentences_open_the_workbook(run: Path, tmp_path: Path) -> None:
    tables = {name: table for name, table in read_run(run).tables.items() if name in ("summary", "mixes")}
    rows = tuple(row for row in tables["summary"].rows if not str(row[0]).startswith(("front_", "advice")))
    tables["summary"] = replace(tables["summary"], rows=rows)
    (file,) = export_excel(tables, tmp_path, "en", TITLE, {})
    first = openpyxl.load_workbook(file).worksheets[0]
    texts = [cell.value for row in first.iter_rows() for cell in row]
    assert {text for _, text in sentences(tables, "en").values()} <= set(texts)


_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def test_charts_have_no_empty_series_and_chances_run_to_a_hundred(book: Path) -> None:
    chances = 0
    with zipfile.ZipFile(book) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        assert len(names) >= 5
        for name in names:
            root = ET.fromstring(parts.read(name))
            assert "".join(root.find(f"{_C}chart/{_C}title").itertext()).strip()
            for series in root.iter(f"{_C}ser"):
                assert "".join(series.find(f"{_C}tx").itertext()).strip()
                values = series.find(f"{_C}val")
                values = series.find(f"{_C}yVal") if values is None else values
                assert any(value.text not in (None, "") for value in values.iter(f"{_C}v"))
            ends = [float(end.get("val")) for end in root.iter(f"{_C}max")]
            text = parts.read(name).decode()
            if re.search(r"概率|把握|[Cc]hance|Probability", text) and ends:
                chances += 100 in ends
            assert all(end <= 100 for end in ends) or "%" in text
    assert chances >= 1


@given(
    st.lists(st.tuples(st.text("abc ", max_size=60), st.booleans()), min_size=1, max_size=30),
    st.integers(1, 60),
)
def test_no_page_is_narrower_than_its_columns(columns: list[tuple[str, bool]], wide: int) -> None:
    """One page wide with letters of at least 60 %, or several side by side, each with the first columns."""
    heads = [head for head, _ in columns]
    numeric = [number for _, number in columns]
    lies = laid_out(heads, [["8" * min(wide, 12) if number else "x" * wide for number in numeric]], numeric)
    room = 770 if lies.landscape else 523
    assert lies.scale >= SMALLEST
    if not lies.breaks:
        assert lies.width * lies.scale <= room + 1e-6
        return
    edges = [lies.kept, *lies.breaks, len(columns)]
    for first, last in pairwise(edges):
        own = points(lies.widths[first:last])
        assert last - first == 1 or (points(lies.widths[: lies.kept]) + own) * lies.scale <= room


def test_headings_that_come_again_say_of_which_column_they_are() -> None:
    columns = [
        Column(str(at), Bilingual.same(text)) for at, text in enumerate(["Chance", "s.e.", "Best", "s.e."])
    ]
    assert heads_of(columns, "en") == ["Chance", "s.e.", "Best", "Best: s.e."]


@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_an_axis_holds_its_numbers_in_few_steps(one: float, two: float) -> None:
    low, high, step = scale(min(one, two), max(one, two))
    assert low <= min(one, two) + 1e-6 and high >= max(one, two) - 1e-6
    assert (high - low) / step <= 9
