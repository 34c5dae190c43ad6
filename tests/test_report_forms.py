"""Five forms of one report: each is opened, and every number in it is the run's after rounding."""

from __future__ import annotations

import csv
import io
import re
import time
from html import escape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.models.quantity import Bilingual
from dabiao.results.forms.excel.sheet import split
from dabiao.results.forms.markdown import _escape
from dabiao.results.forms.terminal.layout import cell_width
from dabiao.results.forms.word.brief import part_of
from dabiao.results.forms.word.tables import cell_of
from dabiao.results.front import front_page
from dabiao.results.reports import added, write_report
from dabiao.results.tables.paper import all_on_paper
from dabiao.results.tables.percent import in_percent
from dabiao.results.tables.table import Table, in_order, sentences, shown
from dabiao.results.text.format import heading, number, printed
from dabiao.results.write import read_run
from page import Page

pytest.importorskip("docx", reason="python-docx is an extra")
pytest.importorskip("matplotlib", reason="matplotlib is an extra")

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"

QUICK = ("速算（近似）", "Quick look (approximate)")
"""A sheet of formulas, in the place of the table `quick_look`."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run."""
    out = tmp_path_factory.mktemp("runs")
    assert CliRunner().invoke(simulate, [str(VALLEY), "--out", str(out), "-q"]).exit_code == 0
    return next(manifest.parent for manifest in out.rglob("manifest.json"))


@pytest.fixture(scope="module")
def report(run: Path) -> Path:
    """Its report."""
    return write_report(run).folder


def wanted(run: Path, lang: str) -> list[tuple[Table, list[list[str]]]]:
    """Every table with its cells as printed."""
    return [(table, printed(table, lang)) for table in in_order(all_on_paper(added(read_run(run).tables)))]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_the_tables_and_loads_nothing(run: Path, report: Path, lang: str) -> None:
    text = (report / lang / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    for table, cells in wanted(run, lang):
        if table.name == "summary":
            continue
        columns = shown(table)
        decides = [at for at, column in enumerate(columns) if column.word]
        names = [one.attributes["aria-labelledby"] for one in page.found]
        if f"f-{table.name}" in names:  # page one shows what decides
            found = page.table(f"f-{table.name}").rows
            heads = [heading(columns[at], lang) for at in decides]
            assert found == [heads, *([row[at] for at in decides] for row in cells)], table.name
        if f"t-{table.name}" in names or len(decides) < len(columns):
            found = page.table(f"t-{table.name}").rows
            assert found == [[heading(column, lang) for column in columns], *cells], table.name
    assert len(page.found) == len({one.attributes["aria-labelledby"] for one in page.found})
    assert all(link.startswith("#") for link in page.loads())
    assert not re.search(
        r"url\(|@import|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|importScripts|new Image", text
    )
    assert "default-src 'none'" in text
    assert text.count("<svg") >= 5


def test_only_sums_stand_out_and_the_annex_is_not_printed(run: Path, report: Path) -> None:
    """Rows of the page in bold are those that add up others; the annex of every number is for the screen."""
    text = (report / "en" / "report.html").read_text(encoding="utf-8")
    tables = [table for table, _ in wanted(run, "en")]
    sums = sum(
        level in ("group", "total")
        for table in tables
        if any(c.name == "level" for c in table.columns)
        for level in table.column("level")
    )
    marks = [mark for one in Page(text).found for mark in one.marks]
    assert sum("sum" in mark.split() for mark in marks) == sums > 0
    annex = text.index('<div class="annex">')
    assert text.index(f'<h3 id="t-numbers">{tables[-1].title.of("en")}') > annex
    assert re.search(r"@media print \{[^@]*\.annex[^{]*\{ display: none !important; \}", text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_markdown_is_the_tables(run: Path, report: Path, lang: str) -> None:
    text = (report / lang / "report.md").read_text(encoding="utf-8")
    blocks = [block.splitlines()[2:] for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)]
    for table, cells in wanted(run, lang):
        columns = shown(table)
        whole = ["| " + " | ".join(map(_escape, row)) + " |" for row in cells]
        assert table.name == "summary" or whole in blocks, table.name
        if table.name == "decisions":  # page one shows what decides
            words = [at for at, column in enumerate(columns) if column.word]
            assert blocks[0] == ["| " + " | ".join(_escape(row[at]) for at in words) + " |" for row in cells]
    facts = text.splitlines()[-1]
    assert run.name in facts and text.count(run.name) == facts.count(run.name)


def shows_every_line(sheet: Any) -> None:
    """No row is too low for the lines that its longest text takes, no number too wide for its column."""
    merged = {area.coord.split(":")[0] for area in sheet.merged_cells.ranges}
    wide = {
        at: each.width for each in sheet.column_dimensions.values() for at in range(each.min, each.max + 1)
    }
    for row in sheet.iter_rows(min_row=2):
        high = sheet.row_dimensions[row[0].row].height or 15.0
        for cell in row:
            if cell.value is None or cell.coordinate in merged:
                continue
            width = wide[cell.column]
            if isinstance(cell.value, str):
                lines = sum(-(-cell_width(part) // int(width)) for part in cell.value.split("\n"))
                assert high >= min(13.5 * lines, 395), (sheet.title, cell.coordinate)
            elif cell.number_format != "General":
                assert (
                    cell_width(
                        number(cell.value, cell.number_format.split(";")[-1].partition(".")[2].count("0"))
                    )
                    + 1
                    <= width
                ), cell.coordinate


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_is_the_tables(run: Path, report: Path, lang: str) -> None:
    """Each number as Excel shows it by its format is the number printed, but where printed parts must add
    up."""
    book = openpyxl.load_workbook(report / lang / "tables.xlsx", data_only=True)
    tables = [
        in_percent(table) for table in in_order(added(read_run(run).tables)) if table.name != "quick_look"
    ]
    charts = 0
    sheets = [sheet for sheet in book.worksheets[2:-1] if sheet.title not in QUICK]
    for sheet, table in zip(sheets, tables, strict=True):
        charts += len(sheet._charts)
        assert (
            sheet.freeze_panes
            and sheet.page_setup.paperSize in (9, "9")
            and (sheet.sheet_properties.pageSetUpPr.fitToPage or sheet.page_setup.scale <= 100)
        )
        assert sheet.print_title_rows == ("$1:$2" if len(table.rows) > 60 else sheet.print_title_rows)
        shows_every_line(sheet)
        parts, sums = split(table)
        for at, place in enumerate((*parts, *sums), start=3):
            row = table.rows[place]
            for to, column in enumerate(shown(table), start=1):
                stated, cell = row[table.at(column.name)], sheet.cell(at, to)
                if isinstance(stated, (int, float)) and not isinstance(stated, bool):
                    digits = table.digits(column, row)
                    assert number(cell.value, digits) == number(stated, digits), (table.name, column.name)
                    assert (
                        cell.number_format.split(";")[-1].partition(".")[2].count("0") == (digits or 0)
                    ) or digits is None
    assert charts >= 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_csv_is_the_tables(run: Path, report: Path, lang: str) -> None:
    for table in in_order(added(read_run(run).tables)):
        text = (report / lang / "csv" / f"{table.name}.csv").read_bytes().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        for got, stated in zip(rows, table.records(), strict=True):
            for name, value in stated.items():
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    assert float(got[name]) == value


def test_the_numbers_of_the_document_are_the_tables(run: Path, report: Path) -> None:
    """Only numbers, whatever columns the document has: the tests of Word compare every cell."""
    import docx

    document = docx.Document(str(report / "zh" / "report.docx"))
    said = {
        cell
        for table in document.tables
        for row in table._tbl.tr_lst
        for cell in ("".join(t.text or "" for t in tc.iter() if t.tag.endswith("}t")) for tc in row.tc_lst)
    }
    for table, cells in wanted(run, "zh"):
        if table.name in ("targets", "sectors", "mixes", "limits"):
            part = part_of(table)
            places = [
                at for at, column in enumerate(shown(table)) if column.numeric and column in part.columns
            ]
            assert {cell_of(cells[row][at]) for row in part.rows for at in places} <= said


def test_nothing_depends_on_time_or_place(run: Path, tmp_path: Path) -> None:
    one, two = (write_report(run, tmp_path / name, ("zh",)) for name in ("one", "two"))
    for a, b in zip(one.files, two.files, strict=True):
        assert a.read_bytes() == b.read_bytes(), a.name


@pytest.mark.slow
def test_five_forms_in_two_languages_within_ten_seconds(tmp_path: Path) -> None:
    """The largest shipped example."""
    done: Any = CliRunner().invoke(simulate, ["--example", "panzhihua-2024", "--out", str(tmp_path), "-q"])
    assert done.exit_code == 0
    folder = next(manifest.parent for manifest in tmp_path.rglob("manifest.json"))
    begun = time.perf_counter()
    write_report(folder)
    assert time.perf_counter() - begun <= 10


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_of_the_annex_the_first_page_is_printed(report: Path, lang: str) -> None:
    """A workbook prints as much of its longest sheet as one page holds, and the edge of that page says so."""
    book = openpyxl.load_workbook(report / lang / "tables.xlsx")
    sheets = [sheet for sheet in book.worksheets if sheet.print_area]
    assert len(sheets) == 1 and sheets[0].max_row > 150
    last = int(str(sheets[0].print_area).rpartition("$")[2])
    assert 10 < last < 80
    assert ("打印区域" if lang == "zh" else "print area") in sheets[0].oddHeader.right.text


@pytest.mark.parametrize("form", ["report.html", "report.md"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_one_comes_first_and_nothing_is_said_twice(
    run: Path, report: Path, lang: str, form: str
) -> None:
    """The answer, then what can be decided, then what it takes, reminders and advice; every other sentence
    opens its chapter; which run this is stands at the end."""
    text = (report / lang / form).read_text(encoding="utf-8")
    tables = added(read_run(run).tables)
    front = front_page(tables, lang, Bilingual(zh="某市", en="A city"), {})
    assert front is not None and front.needs is not None and front.advice
    told = sentences(tables, lang)
    safe = escape if form.endswith("html") else _escape
    order = [
        *front.answer,
        front.tables[0].title.of(lang),
        front.needs[1],
        front.notes[0][1],
        front.advice[0][1],
    ]
    places = [text.index(safe(part)) for part in order]
    assert places == sorted(places)
    assert places[-1] < text.index(safe(tables["verdict"].title.of(lang)), places[-1])
    for line, (_, said) in told.items():
        ways = ("<dd>{}</dd>", "<p>{}</p>", "** {}\n", "**{}**\n", "\n\n{}\n\n")
        assert sum(text.count(way.format(safe(said))) for way in ways) == (line != "plain"), line
    assert text.rindex(run.name) > text.index(safe(tables["numbers"].title.of(lang)), places[-1])
