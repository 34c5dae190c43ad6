"""What pages and sheets print of tables: chances in percent, no empty months; machine forms keep the numbers
as they are."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from dabiao.models.quantity import Bilingual
from dabiao.results.charts.gallery import drawn
from dabiao.results.charts.scene import Label, box
from dabiao.results.charts.sheet import CLEAR, _beside
from dabiao.results.charts.words import Words
from dabiao.results.forms.csv_files import csv_text
from dabiao.results.forms.excel.charts import NATIVE, add_charts
from dabiao.results.forms.excel.layout import laid_out
from dabiao.results.forms.excel.sheet import Styles, write_table
from dabiao.results.forms.terminal.layout import cell_width
from dabiao.results.forms.word.document import export_word
from dabiao.results.tables.chances import percent
from dabiao.results.tables.paper import on_paper
from dabiao.results.tables.percent import hundredfold, in_percent
from dabiao.results.tables.table import Column, Table
from dabiao.results.text.format import chance_text, heading, number, printed
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

TITLE = Bilingual(zh="表", en="Table")


def chances(*rows: tuple[float | None, float | None]) -> Table:
    columns = (
        Column("probability", Bilingual(zh="概率", en="Probability"), digits=2, fraction="chance"),
        Column("error", Bilingual(zh="标准误", en="Standard error"), digits=3, fraction="points"),
    )
    return Table("verdict", TITLE, columns, rows)


def test_chances_are_printed_in_percent_and_their_errors_in_points() -> None:
    table = chances((0.34, 0.0123), (0.285, None), (None, 0.0))
    shown = in_percent(table)
    assert [heading(column, "zh") for column in shown.columns] == ["概率 %", "标准误 个百分点"]
    assert [heading(column, "en") for column in shown.columns] == ["Probability %", "Standard error points"]
    assert printed(shown, "zh") == [["34", "1.2"], ["29", "—"], ["—", "0.0"]]
    assert csv_text(table, "zh").splitlines()[1] == "0.34,0.0123"


def test_only_fractions_are_turned() -> None:
    stated = replace(
        chances((34.0, 1.2)),
        columns=(
            Column("probability", Bilingual(zh="概率", en="Probability"), "%", 0),
            Column("error", Bilingual(zh="标准误", en="s.e."), "points", 1),
        ),
    )
    assert in_percent(stated) is stated  # in percent already
    certain = Table(
        "certainty",
        TITLE,
        (Column("change", Bilingual(zh="变化", en="Change"), digits=3, signed=True, fraction="points"),),
        ((0.015,), (-0.0004,)),
    )
    assert (
        printed(in_percent(certain), "zh") == [["+1.5"], ["0.0"]]
        and heading(in_percent(certain).columns[0], "zh") == "变化 个百分点"
    )
    plain = Table("prices", TITLE, (Column("price", TITLE, digits=2),), ((0.34,),))
    assert in_percent(plain) is plain


@given(st.floats(0, 1), st.integers(2, 4))
def test_percent_is_the_fraction_rounded_two_places_later(value: float, digits: int) -> None:
    exact = (Decimal(repr(value)) * 100).quantize(Decimal(1).scaleb(2 - digits), ROUND_HALF_UP)
    table = Table(
        "verdict",
        TITLE,
        (Column("probability", Bilingual(zh="概率", en="Probability"), digits=digits, fraction="chance"),),
        ((value,),),
    )
    told = printed(in_percent(table), "en")[0][0]
    assert Decimal(told) == exact if 0 < exact < 100 else told.startswith("<" if exact == 0 else ">")
    assert hundredfold(value) == float(Decimal(repr(value)) * 100)


def test_months_in_which_nothing_happens_are_not_printed_but_kept() -> None:
    names = ("month", "named", "rest", "in_year", "starts", "commissioned")
    columns = tuple(
        Column(
            name,
            Bilingual.same(name),
            digits=None if name == "month" else 1,
            event=name not in ("month", "in_year"),
        )
        for name in names
    )
    rows = (
        ("2024-01", 0.0, 0.0, 0.0, 0, 0),
        ("2024-02", 1.5, 0.0, 1.5, 0, 0),
        ("2024-03", 0.0, 0.0, 1.5, 0, 0),
        ("2024-04", 0.0, 0.0, 1.5, 0, 1),
    )
    table = Table("months", TITLE, columns, rows, ("month",))
    page = on_paper(table)
    assert page.column("month") == ("2024-02", "2024-04")
    assert page.note is not None and "2 个月" in page.note.of("zh") and "2 months" in page.note.of("en")
    assert len(csv_text(table, "zh").splitlines()) == 5 and in_percent(table) is table
    busy = replace(table, rows=rows[1:2])
    assert on_paper(busy) is busy


@given(st.floats(100, 500), st.lists(st.floats(100, 500), min_size=1, max_size=3))
def test_the_expected_number_stands_at_its_own_dot(x: float, marks: list[float]) -> None:
    """Beside the dot no mark of a tier lies in the number; where none is free it stands below the dot."""
    label: Label = _beside(x, 50.0, "6.18", "#000000", marks)[0]
    left, top, right, _ = box(label)
    assert abs(label.x - x) <= 8
    if label.y == 50.0:
        assert not any(left - CLEAR < mark < right + CLEAR for mark in marks)
    else:
        assert top > 50 and label.x == x
        sides = [(x + 8, x + 8 + right - left), (x - 8 - right + left, x - 8)]
        assert all(any(a - CLEAR < mark < b + CLEAR for mark in marks) for a, b in sides)


def test_an_answer_to_another_question_opens_with_its_sentences(tmp_path: Path) -> None:
    """A document without a verdict does not begin with an empty chapter; its sentences stand there once, and
    its picture is drawn."""
    docx = pytest.importorskip("docx", reason="python-docx is an extra")
    lines = (
        Column("line", Bilingual(zh="代码", en="Line"), shown=False),
        Column("label", Bilingual(zh="事项", en="Line")),
        Column("text", Bilingual(zh="内容", en="Text")),
    )
    said = Table(
        "summary",
        TITLE,
        lines,
        (
            (
                "frontier",
                Bilingual(zh="权衡", en="Frontier"),
                Bilingual(zh="九个方案互不占优", en="nine plans"),
            ),
        ),
        ("line",),
    )
    columns = (
        Column("point", Bilingual(zh="序号", en="No."), digits=0),
        Column("value_1", Bilingual(zh="增速", en="Growth"), "%", 2),
        Column("value_2", Bilingual(zh="投资", en="Money"), "亿元", 1),
    )
    curve = Table(
        "frontier",
        Bilingual(zh="权衡", en="Frontier"),
        columns,
        ((0, 5.0, 800.0), (1, 5.5, 900.0), (2, 5.7, 1000.0)),
        ("point",),
    )
    export_word({"summary": said, "frontier": curve}, tmp_path, "zh", TITLE, {})
    document = docx.Document(str(tmp_path / "report.docx"))
    assert sum("九个方案互不占优" in paragraph.text for paragraph in document.paragraphs) == 1
    scene = drawn("trade_off", {"frontier": curve}, Words("zh"))
    assert scene is not None and {"0", "1", "2"} <= {label.text for label in scene.labels()}
    assert drawn("frontier", {"frontier": curve}, Words("zh")) is None


def test_chances_never_print_as_impossible_or_certain() -> None:
    """The same rule in every form: what no draw showed is not printed as 0, nor the contrary as 100."""
    table = chances(
        (0.0, 0.001), (0.0049, 0.0), (0.005, 0.0), (0.9949, 0.0), (0.995, 0.0), (1.0, 0.0), (0.285, None)
    )
    cells = [row[0] for row in printed(in_percent(table), "en")]
    assert cells == ["<1", "<1", "1", "99", ">99", ">99", "29"]
    assert [f"{cell}%" for cell in cells] == [percent(value) for value in table.column("probability")]
    box = replace(
        table,
        name="boxes",
        columns=(
            Column("coverage", Bilingual(zh="覆盖", en="Coverage"), digits=2, fraction="share"),
            Column("base", Bilingual(zh="全部", en="All"), digits=2, fraction="share"),
        ),
    )
    assert printed(in_percent(box), "en")[5][0] == "100"  # a box may hold every miss


@given(st.floats(0, 100), st.integers(0, 2))
def test_the_format_of_a_chance_in_excel_says_what_the_page_says(value: float, digits: int) -> None:
    """Excel takes the first section whose condition holds."""
    sections = (
        Styles(SimpleNamespace(add_format=lambda properties: properties))
        .number(digits, chance=True)["num_format"]
        .split(";")
    )
    low, high = (float(re.match(r"\[[<>=]+([\d.]+)\]", part)[1]) for part in sections[:2])
    told = (
        sections[0].split('"')[1]
        if value < low
        else sections[1].split('"')[1]
        if value >= high
        else number(value, digits)
    )
    assert told == chance_text(value, digits)


@given(
    st.lists(st.tuples(st.text("一二三 abc.", max_size=300), st.floats(-1e6, 1e6)), max_size=12),
    st.text("一二 ab", min_size=1, max_size=40),
)
def test_a_sheet_shows_every_line_and_number(rows: list[tuple[str, float]], head: str) -> None:
    cells = [[text, number(value, 2)] for text, value in rows]
    lies = laid_out([head, "x"], cells, [False, True])
    assert len(lies.heights) == len(rows) + 1
    for (text, told), high in zip(cells, lies.heights[1:], strict=True):
        assert cell_width(told) < lies.widths[1]
        assert high >= min(13.5 * -(-cell_width(text) // lies.widths[0]), 400)
    assert (
        not lies.breaks
        and lies.scale <= 1
        and lies.width * lies.scale <= (770 if lies.landscape else 523) + 1e-6
    )


@pytest.mark.parametrize("rows", [3, 40])
@pytest.mark.parametrize("heading_high", [20.0, 60.0, 110.0])
@pytest.mark.parametrize("landscape", [True, False])
def test_a_page_holds_a_chart_below_the_headings_that_are_repeated(
    landscape: bool, heading_high: float, rows: int
) -> None:
    """A chart is never torn, however many bars it has and however tall the headings are."""
    native = NATIVE["delay_impact"]
    columns = (
        Column(native.names, Bilingual(zh="项目", en="Project")),
        *(Column(name, Bilingual(zh="变动", en="Change"), "points", digits=2) for name in native.values),
    )
    table = Table(
        "delay_impact",
        Bilingual(zh="延期", en="Slips"),
        columns,
        tuple((f"p{i}", *(float(i),) * len(native.values)) for i in range(rows)),
    )
    for scale in (1.0, 0.6):
        book = Workbook(io.BytesIO(), {"in_memory": True})
        sheet = book.add_worksheet("delay_impact")
        written = write_table(sheet, Styles(book), table, "zh")
        lies = replace(
            written.lies,
            landscape=landscape,
            scale=scale,
            heights=(heading_high, *written.lies.heights[1:]),
        )
        assert add_charts(book, sheet, replace(written, lies=lies), "zh", {}) != []
        chart = sheet.charts[-1][2]
        assert 24 + heading_high + 15 + 0.75 * chart.height <= lies.page
