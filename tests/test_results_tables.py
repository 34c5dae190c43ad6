"""Numbers, widths and aligned tables."""

from __future__ import annotations

import math

import numpy as np
import pytest
from dabiao.models.harmless import harmless
from dabiao.models.quantity import Bilingual, Traced
from dabiao.results.forms.terminal.layout import cell_width, pad, paragraph, render_table, wrap
from dabiao.results.tables.table import Column, Table, in_order, shown
from dabiao.results.text.format import (
    EMPTY,
    clean,
    heading,
    number,
    plain,
    printed,
    safe_name,
    unique,
    unit_of,
    unit_text,
    written,
)
from hypothesis import given
from hypothesis import strategies as st

SECTORS = Table(
    "sectors",
    Bilingual(zh="增长来源", en="Contribution"),
    (
        Column("sector", Bilingual(zh="部门", en="Sector")),
        Column("va", Bilingual(zh="增加值", en="Value added"), "亿元", 1),
        Column("growth", Bilingual(zh="增速", en="Growth"), "%/yr", 2),
        Column("binds", Bilingual(zh="受限于", en="Binds")),
    ),
    (
        (Bilingual(zh="农业", en="Farming"), 115.25, 4.125, Bilingual(zh="产能", en="capacity")),
        (
            Bilingual(zh="一个名字很长的部门，长到一行写不下", en="A branch with a very long name indeed"),
            1303.8,
            -0.004,
            None,
        ),
    ),
    key=("sector",),
    note=Bilingual(zh="分项相加等于合计。", en="The parts add up."),
)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (0.125, 2, "0.13"),
        (6.5, 1, "6.5"),
        (-0.04, 1, "0.0"),
        (-0.0, 2, "0.00"),
        (1e14, 1, "100000000000000.0"),
        (7, 1, "7.0"),
        (5e-324, 3, "0.000"),
        (1.7976931348623157e308, 1, "1.798e+308"),
        (10**40, 0, "1.000e+40"),
        (math.inf, 1, "∞"),
        (-math.inf, 1, "-∞"),
        (math.nan, 1, EMPTY),
        (0.1, None, "0.1"),
        (0.1 + 0.2, None, "0.3"),
        (12, None, "12"),
        (12.0, None, "12"),
        (-0.0, None, "0"),
    ],
)
def test_a_half_rounds_away_from_zero(value: float, digits: int | None, text: str) -> None:
    assert number(value, digits) == text


@given(st.floats(-1e12, 1e12), st.integers(0, 6))
def test_printed_number_is_within_half_a_digit(value: float, digits: int) -> None:
    text = number(value, digits)
    assert abs(float(text) - value) <= 0.5 * 10**-digits * (1 + 1e-9) + abs(value) * 1e-15
    assert len(text.partition(".")[2]) == digits


def test_numbers_of_numpy_and_the_loader_are_ordinary() -> None:
    for cell in (np.float64(1.5), np.float32(1.5), np.array(1.5), Traced(1.5, "a.b")):
        assert type(plain(cell)) is float
        assert plain(cell) == 1.5
    assert type(plain(np.int64(3))) is int
    assert plain(np.bool_(True)) is True
    assert plain(np.float64("nan")) is None
    with pytest.raises(TypeError, match="table cell"):
        plain({"a": 1})


def test_cells_in_both_languages() -> None:
    assert [written(cell, 1, "zh") for cell in (None, True, False, Bilingual(zh="甲", en="A"), 2.25)] == [
        EMPTY,
        "是",
        "否",
        "甲",
        "2.3",
    ]
    assert [written(cell, None, "en") for cell in (None, True, Bilingual(zh="甲", en="A"), "a\x00b")] == [
        EMPTY,
        "yes",
        "A",
        "ab",
    ]


def test_a_signed_number_shows_its_plus_only_where_digits_remain() -> None:
    cells = [written(value, 1, "zh", signed=True) for value in (0.25, -0.25, 0.04, 0.0, None, "x", math.inf)]
    assert cells == ["+0.3", "-0.3", "0.0", "0.0", EMPTY, "x", "+∞"]


def test_headings_have_the_unit_once_and_in_their_language() -> None:
    assert heading(SECTORS.columns[1], "zh") == "增加值 亿元"
    assert heading(SECTORS.columns[1], "en") == "Value added CNY 100m"
    assert heading(SECTORS.columns[2], "zh") == "增速 %/年"
    assert heading(Column("g", Bilingual(zh="增速%", en="Growth %"), "%", 1), "zh") == "增速%"
    assert unit_of("亿元/年", "en") == "CNY 100m/yr"
    assert unit_of("万吨标煤", "en") == "10kt ce"
    assert unit_of("points", "zh") == "个百分点"
    assert unit_text("%/yr") == Bilingual(zh="%/年", en="%/yr")
    assert unit_text("") is None


def test_digits_may_differ_by_row() -> None:
    table = Table(
        "targets",
        Bilingual(zh="目标", en="Targets"),
        (
            Column("t", Bilingual(zh="目标", en="T")),
            Column("x", Bilingual(zh="预计", en="X"), digits=2, digits_from="d"),
            Column("d", Bilingual.told({}), digits=0, shown=False),
        ),
        (("a", 6.55, 1), ("b", 561.4, 0), ("c", 1.234, None)),
    )
    assert printed(table, "zh") == [["a", "6.6"], ["b", "561"], ["c", "1.23"]]
    assert [column.name for column in shown(table)] == ["t", "x"]


def test_a_table_that_cannot_be_written_is_refused() -> None:
    columns = (Column("a", Bilingual(zh="甲", en="A")), Column("b", Bilingual(zh="乙", en="B")))
    with pytest.raises(ValueError, match="row of 1"):
        Table("x", Bilingual(zh="x"), columns, (("a",),))
    with pytest.raises(ValueError, match="one name"):
        Table("x", Bilingual(zh="x"), (columns[0], columns[0]), ())
    with pytest.raises(ValueError, match="no column"):
        Table("x", Bilingual(zh="x"), columns, (), key=("c",))


def test_verdict_comes_first() -> None:
    names = ["numbers", "own", "sectors", "verdict"]
    tables = {
        name: Table(name, Bilingual(zh=name), (Column("a", Bilingual(zh="a", en="a")),), ()) for name in names
    }
    assert [table.name for table in in_order(tables)] == ["verdict", "sectors", "own", "numbers"]


def test_a_chinese_character_takes_two_columns() -> None:
    assert cell_width("GDP 增速%") == 9
    assert cell_width("é") == cell_width("e\u0301") == 1
    assert pad("增速", 6) == "增速  "
    assert pad("增速", 6, right=True) == "  增速"


@given(st.text(max_size=60), st.integers(2, 30))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert lines
    assert all(cell_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(harmless(text).split())


def test_a_line_never_begins_with_a_comma() -> None:
    assert wrap("六千吨项目，提前", 10) == ["六千吨项", "目，提前"]


def test_a_paragraph_hangs() -> None:
    assert paragraph("卡点", "one two three", 14) == "卡点  one two\n      three"


@pytest.mark.parametrize("width", [30, 60, 80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_fits_and_shows_every_number(width: int, lang: str) -> None:
    text = render_table(SECTORS, lang, width)
    assert all(cell_width(line) <= width for line in text.splitlines())
    for cell in ("115.3", "4.13", "1303.8", "0.00", EMPTY):
        assert cell in text
    joined = "".join(text.split())
    assert "-0.00" not in joined
    text.encode("gbk")


def test_numbers_end_in_one_column() -> None:
    lines = render_table(SECTORS, "zh", 120).splitlines()
    assert lines[0].startswith("增长来源  ")
    at = [
        cell_width(line[: line.index(word)]) + cell_width(word)
        for line, word in zip(lines, ("亿元", "115.3", "1303.8"), strict=False)
    ]
    assert len(set(at)) == 1
    assert lines[-1].strip() == "分项相加等于合计。"


def test_too_many_columns_go_on_below() -> None:
    columns = (
        Column("k", Bilingual(zh="名", en="K")),
        *(Column(f"c{n}", Bilingual(zh=f"第{n}", en=f"no {n}"), digits=1) for n in range(30)),
    )
    table = Table(
        "wide",
        Bilingual(zh="宽", en="wide"),
        columns,
        ((Bilingual(zh="行", en="row"), *(n + 0.5 for n in range(30))),),
    )
    text = render_table(table, "zh", 60)
    assert all(cell_width(line) <= 60 for line in text.splitlines())
    assert all(f"{n}.5" in text for n in range(30))
    assert sum(line.startswith("行") for line in text.splitlines()) > 1


def test_chosen_columns_in_the_order_asked() -> None:
    text = render_table(SECTORS, "en", 100, columns=["sector", "growth"])
    assert "4.13" in text
    assert "115.3" not in text


def test_an_empty_table_still_has_its_headings() -> None:
    empty = Table(
        "e",
        Bilingual(zh="空", en="none"),
        (Column("a", Bilingual(zh="甲", en="A")), Column("b", Bilingual(zh="乙", en="B"), digits=1)),
        (),
    )
    assert render_table(empty, "zh", 80).split() == ["空", "乙"]
    assert render_table(Table("n", Bilingual(zh="无"), (), ()), "zh", 80) == "无"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b\\c", "CON", "nul.txt", "..", "", "a\0b", " x. ", "攀" * 200, "-rf"]
)
def test_names_are_safe_for_files(name: str) -> None:
    safe = safe_name(name)
    assert safe not in ("", ".", "..")
    assert not set(safe) & set('/\\\0:*?"<>|')
    assert len(safe.encode()) < 200
    assert safe.split(".")[0].upper() not in ("CON", "NUL")
    assert safe == safe.strip(" .-")


def test_names_are_told_apart_whatever_their_case() -> None:
    taken: set[str] = set()
    names = [unique("Ab" * 20, taken, 31), unique("aB" * 20, taken, 31), unique("AB" * 20, taken, 31)]
    assert len({name.casefold() for name in names}) == 3
    assert all(len(name) <= 31 for name in names)


def test_clean_keeps_what_may_stay() -> None:
    assert clean("a\x00b\x1fc\ud800d\ufffee\tf\n鲊😀") == "abcde\tf\n鲊😀"
