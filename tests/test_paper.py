"""What pages and sheets print of tables: chances in percent, no empty months; machine forms keep the numbers as they are."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from dabiao.models.quantity import Text
from dabiao.results.charts.scene import Label, box
from dabiao.results.charts.sheet import _beside
from dabiao.results.export_csv import csv_text
from dabiao.results.format import heading, printed
from dabiao.results.paper import on_paper
from dabiao.results.percent import hundredfold, in_percent
from dabiao.results.table import Column, Table
from hypothesis import given
from hypothesis import strategies as st

TITLE = Text(zh="表", en="Table")


def chances(*rows: tuple[float | None, float | None]) -> Table:
    columns = (Column("probability", "概率", "Probability", digits=2), Column("error", "标准误", "Standard error", digits=3))
    return Table("verdict", TITLE, columns, rows)


def test_chances_are_printed_in_percent_and_their_errors_in_points() -> None:
    table = chances((0.34, 0.0123), (0.285, None), (None, 0.0))
    shown = in_percent(table)
    assert [heading(column, "zh") for column in shown.columns] == ["概率 %", "标准误 个百分点"]
    assert [heading(column, "en") for column in shown.columns] == ["Probability %", "Standard error points"]
    assert printed(shown, "zh") == [["34", "1.2"], ["29", "·"], ["·", "0.0"]]
    assert csv_text(table, "zh").splitlines()[1] == "0.34,0.0123"


def test_only_fractions_are_turned() -> None:
    stated = replace(chances((34.0, 1.2)), columns=(Column("probability", "概率", "Probability", "%", 0), Column("error", "标准误", "s.e.", "points", 1)))
    assert in_percent(stated) is stated  # in percent already
    other = replace(chances((0.34, 0.01)), name="prices")
    assert in_percent(other) is other


@given(st.floats(0, 1), st.integers(2, 4))
def test_percent_is_the_fraction_rounded_two_places_later(value: float, digits: int) -> None:
    exact = (Decimal(repr(value)) * 100).quantize(Decimal(1).scaleb(2 - digits), ROUND_HALF_UP)
    table = Table("verdict", TITLE, (Column("probability", "概率", "Probability", digits=digits),), ((value,),))
    assert Decimal(printed(in_percent(table), "en")[0][0]) == exact
    assert hundredfold(value) == float(Decimal(repr(value)) * 100)


def test_months_in_which_nothing_happens_are_not_printed_but_kept() -> None:
    names = ("month", "named", "rest", "in_year", "starts", "commissioned")
    columns = tuple(Column(name, name, name, digits=None if name == "month" else 1) for name in names)
    rows = (("2024-01", 0.0, 0.0, 0.0, 0, 0), ("2024-02", 1.5, 0.0, 1.5, 0, 0), ("2024-03", 0.0, 0.0, 1.5, 0, 0), ("2024-04", 0.0, 0.0, 1.5, 0, 1))
    table = Table("months", TITLE, columns, rows, ("month",))
    page = on_paper(table)
    assert page.column("month") == ("2024-02", "2024-04")
    assert page.note is not None and "2 个月" in page.note.of("zh") and "2 months" in page.note.of("en")
    assert len(csv_text(table, "zh").splitlines()) == 5 and in_percent(table) is table
    busy = replace(table, rows=rows[1:2])
    assert on_paper(busy) is busy


@given(st.floats(100, 500), st.lists(st.floats(100, 500), min_size=1, max_size=3))
def test_the_expected_number_stands_at_its_own_dot(x: float, marks: list[float]) -> None:
    """Beside the dot no mark of a tier lies in the number; where none is free it stands above the dot."""
    label: Label = _beside(x, 50.0, "6.18", "#000000", marks)
    left, _, right, bottom = box(label)
    assert abs(label.x - x) <= 8
    if label.y == 50.0:
        assert not any(left - 2 < mark < right + 2 for mark in marks)
    else:
        assert bottom < 50 and label.x == x
        sides = [(x + 8, x + 8 + right - left), (x - 8 - right + left, x - 8)]
        assert all(any(a - 2 < mark < b + 2 for mark in marks) for a, b in sides)
