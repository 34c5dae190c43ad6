"""What is told of a table of members, of the file beside it and of their trade: one case for each check."""

from __future__ import annotations

from pathlib import Path

import pytest
from dabiao.scenarios.candidates import grid_of
from dabiao.scenarios.province.columns import Asked
from dabiao.scenarios.province.load import load_province
from dabiao.scenarios.province.table import Row, rows_of
from dabiao.scenarios.report import Place, Report
from members import ROWS, TABLE, TOP, at, member_files, mistakes, notes, read, with_column

Lines = list[str]

ODD_ROWS: dict[str, tuple[Lines, str]] = {
    "no name": (
        [TOP, ",400,20,170", *ROWS[1:]],
        "rows.csv:2:1  regions.table.name: got nothing, expected the name of a member",
    ),
    "a member twice": (
        [TOP, *ROWS, "甲市,40,20,17"],
        "rows.csv:5:1  regions.table.甲市: got a second row of this name, expected each member once",
    ),
    "no GDP": (
        [TOP, "甲市,,20,170", *ROWS[1:]],
        "rows.csv:2:4  regions.table.甲市.gdp: got nothing, expected a number",
    ),
    "no primary sector": (
        [TOP, "甲市,400,,170", *ROWS[1:]],
        "rows.csv:2:8  regions.table.甲市.primary: got nothing, expected a number",
    ),
    "neither secondary sector nor industry": (
        [TOP, "甲市,400,20,", *ROWS[1:]],
        "rows.csv:2:1  regions.table.甲市.secondary: got nothing, expected a number",
    ),
    "a GDP beyond any province's": (
        [TOP, "甲市,4000000,20,170", *ROWS[1:]],
        "rows.csv:2:4  regions.table.甲市.gdp: got 4e+06, expected GDP above 0 and no more than any"
        " province's"
        " (150000); state the unit in the heading: 地区生产总值（万元）",
    ),
    "a sector of nothing": (
        [TOP, "甲市,400,0,170", *ROWS[1:]],
        "regions.table.甲市.primary: got 0, expected more than 0; a sector that is not there: give a small"
        " figure such as 0.1",
    ),
    "sectors above GDP": (
        [TOP, "甲市,400,240,170", *ROWS[1:]],
        "rows.csv:2:4  regions.table.甲市.gdp: got 400 beside 410 of primary, secondary, expected"
        " sectors that"
        " add up to GDP",
    ),
    "three sectors below GDP": (
        with_column("第三产业", "200", "52", "76"),
        "rows.csv:2:4  regions.table.甲市.gdp: got 400 beside 390 of primary, secondary, tertiary, expected"
        " sectors that add up to GDP",
    ),
    "three sectors above GDP": (
        with_column("第三产业", "220", "52", "76"),
        "regions.table.甲市.gdp: got 400 beside 410 of primary, secondary, tertiary",
    ),
    "stretch below the target": (
        [f"{TOP},目标,力争", *(f"{row},6,{stretch}" for row, stretch in zip(ROWS, (7, 5, 6), strict=True))],
        "rows.csv:3:16  regions.table.乙市.stretch: got 5, expected at least the target of 6",
    ),
    "no growth": (
        with_column("增速", "6", "5吨", "5"),
        'rows.csv:3:14  regions.table.乙市.growth: got "5吨", expected a number in %',
    ),
    "no number of people": (
        with_column("常住人口（万人）", "80", "30吨", "50"),
        'rows.csv:3:14  regions.table.乙市.people: got "30吨", expected a number of people above 0 (万人)',
    ),
    "beyond the pole": (
        with_column("纬度", "26", "91", "-90"),
        'rows.csv:3:14  regions.table.乙市.latitude: got "91", expected degrees, 90 at most',
    ),
    "beyond the date line": (
        with_column("经度", "102", "-181", "180"),
        'rows.csv:3:14  regions.table.乙市.longitude: got "-181", expected degrees, 180 at most',
    ),
    "degrees in another unit": (
        with_column("纬度", "26", "25km", "24"),
        'rows.csv:3:14  regions.table.乙市.latitude: got "25km", expected degrees, 90 at most',
    ),
    "a planned amount beside another growth": (
        [
            f"{TOP},固定资产投资（亿元）,计划投资额（亿元）,投资计划增速（%）",
            f"{ROWS[0]},100,110,10",
            f"{ROWS[1]},50,55,12",
            f"{ROWS[2]},50,55,10",
        ],
        "regions.table.乙市.planned: got 55, 10 % more than 50, expected growth of 12 % as its own"
        " column says,"
        " or one of them",
    ),
    "a planned amount in another unit": (
        [
            f"{TOP},固定资产投资（亿元）,计划投资额（亿元）",
            f"{ROWS[0]},100,110",
            f"{ROWS[1]},50,550000",
            f"{ROWS[2]},50,55",
        ],
        "regions.table.乙市.planned: got 550000, 1.1e+06 % more than 50, expected a number in %/yr from",
    ),
    "a planned amount of which all is lost": (
        [
            f"{TOP},固定资产投资（亿元）,计划投资额（亿元）",
            f"{ROWS[0]},100,110",
            f"{ROWS[1]},50,0.005",
            f"{ROWS[2]},50,55",
        ],
        "regions.table.乙市.planned: got 0.005, -100 % more than 50",
    ),
    "no year": (
        [f"{TOP},年份", f"{ROWS[0]},2023", f"{ROWS[1]},某年"],
        'rows.csv:3:14  regions.table.year: got "某年", expected a year such as 2023',
    ),
    "a member without the base year": (
        [f"{TOP},年份", f"{ROWS[0]},2023", f"{ROWS[1]},2022"],
        "rows.csv:3:1  regions.table.乙市: got no row of 2023, expected one of each member",
    ),
    "a member twice in a year": (
        [f"{TOP},年份", f"{ROWS[0]},2023", f"{ROWS[0]},2022", f"{ROWS[0]},2023"],
        "rows.csv:4:1  regions.table.甲市: got a second row of this name, expected each member once",
    ),
}


def table_of(folder: Path, lines: Lines, gdp: float = 660) -> tuple[list[Row], Report]:
    """The rows of a table, and what is told of them."""
    path, report, asks = folder / "rows.csv", Report(), Place("own.yaml")
    path.write_text("\n".join(lines), encoding="utf-8")
    grid = grid_of(path, report)
    assert grid is not None
    asked = Asked(2023, names=("云岭省2024年", "Yunling 2024"), gdp=gdp)
    return rows_of(grid, "regions.table", asked, {"columns": asks, "take": asks}, report), report


@pytest.mark.parametrize("case", ODD_ROWS)
def test_a_row_that_cannot_be_is_told_at_its_cell(case: str, tmp_path: Path) -> None:
    table, said = ODD_ROWS[case]
    _, report = table_of(tmp_path, table)
    assert any(said in str(problem) for problem in report.problems), report.problems


NO_MEMBERS: dict[str, tuple[str, str]] = {
    "a footnote": ("注：数据为初步核算数。,,,", "a footnote: left out"),
    "no figure": ("攀西地区,,,", "a row without a figure: left out"),
    "totals": ("合计,660,59,263", "a row of totals: left out"),
    "a part": ("其中：甲县,30,3,12", "a part of the row above: left out"),
    "averages": ("平均,220,20,88", "a row of averages: left out"),
    "the parent": ("云岭省,660,59,263", "the row of the parent itself: left out"),
    "the parent of another release": ("云岭省,500,59,263", "the row of the parent itself: left out"),
}


@pytest.mark.parametrize("case", NO_MEMBERS)
def test_a_row_that_is_no_member_is_told_with_its_cell(case: str, tmp_path: Path) -> None:
    row, said = NO_MEMBERS[case]
    found, report = table_of(tmp_path, [TOP, *ROWS, row])
    assert [each.name for each in found] == ["甲市", "乙市", "丙州"] and not report.problems
    assert any(f"rows.csv:5:1: {said}" in note.en for note in report.notes), report.notes


def test_a_row_as_large_as_the_parent_and_called_like_it_is_the_parent(tmp_path: Path) -> None:
    found, report = table_of(tmp_path, [TOP, *ROWS, "云岭市,650,59,263"])
    assert [each.name for each in found] == ["甲市", "乙市", "丙州"]
    told = [note.en for note in report.notes if "itself" in note.en]
    assert [each.split("rows.csv")[1] for each in told] == [":5:1: the row of the parent itself: left out"]
    assert len(table_of(tmp_path, [TOP, *ROWS, "云岭市,65,5,26"])[0]) == 4


FILES: dict[str, tuple[str, str]] = {
    "a row that is not there": (
        "  table: {rows: rows.csv, take: [甲市, 乙县]}\n",
        'own.yaml:7:27  regions.table.take: got "乙县", expected a row of the table: 甲市 or 乙市',
    ),
    "a heading that is not there": (
        "  table: {rows: rows.csv, columns: {people: 人口}}\n",
        'regions.table.columns.people: got "人口", expected a heading of the table: 州市,'
        " 地区生产总值（亿元）",
    ),
    "a key that is none": (
        "  table: {rows: rows.csv, columns: {poeple: 人口}}\n",
        "regions.table.columns.poeple: got an unknown key, expected ",
    ),
    "a member that is not there": (
        f"{TABLE}  members: {{甲县: {{population: 3}}}}\n",
        'regions.members.甲县: got "甲县", expected a row of the table: 甲市 or 乙市',
    ),
    "limits of nobody": (
        f"{TABLE}  limits: {{甲县: {{most: 3}}}}\n",
        'regions.limits.甲县: got "甲县", expected a member: 甲市 or 乙市',
    ),
    "stretch below the target": (
        f"{TABLE}  targets: {{growth: {{ensure: 6, stretch: 5}}}}\n",
        "regions.targets.growth.stretch: got 5, expected at least the 6 of `ensure`",
    ),
    "a rest of no sectors": (
        f"{TABLE}  reconcile: rest\n",
        "regions.parent: got no `primary`, expected the parent's three sectors, of which the rest is made;"
        " state it, or `reconcile: scale`",
    ),
    "a gap of nobody": (
        f"{TABLE}  targets: {{gap: {{at_most: 2}}}}\n  members: {{甲市: {{population: 3}}}}\n",
        "regions.targets.gap: got residents of fewer than two members, expected `population` of the"
        " members, or"
        " a column of residents in the table",
    ),
    "trade of both kinds": (
        f"{TABLE}  trade: {{content: 40, within: 10, rows: rows.csv}}\n",
        "regions.trade: got `rows` and `within`, expected one of them: a table of who buys of whom",
    ),
    "trade of no kind": (
        f"{TABLE}  trade: {{content: 40}}\n",
        "regions.trade: got neither `rows` nor `within`, expected one of them",
    ),
    "trade without places": (
        f"{TABLE}  trade: {{content: 40, within: 10}}\n"
        "  members: {甲市: {place: {latitude: 26, longitude: 102}}}\n",
        "regions.trade.within: got places of fewer than two members, expected `place` of the members, or"
        " columns of latitude and longitude in the table",
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_what_a_file_of_regions_says_is_held_against_its_members(case: str, tmp_path: Path) -> None:
    more, said = FILES[case]
    lines = mistakes(tmp_path, [TOP, *ROWS[:2]], more=more, gdp=500)
    assert any(said in line for line in lines), lines


def test_a_rest_with_a_sector_of_nothing_is_told(tmp_path: Path) -> None:
    more = f"{TABLE}  reconcile: rest\n"
    whole = "540, primary: 35, secondary: 230"
    (line,) = mistakes(tmp_path, [TOP, *ROWS[:2]], more=more, gdp=whole)
    assert (
        "regions.parent.gdp: got 40 left over (0, 27, 13 by sector), expected more than the members' in"
        in line
    )
    assert "are accounts of one release? otherwise `reconcile: scale`" in line
    lines = mistakes(tmp_path, [TOP, *ROWS[:2]], more=more, gdp=whole.replace("540", "490"))
    assert "got -10 left over" in lines[0]


TRADE = f"{TABLE}  trade: {{content: 50, rows: trade.csv}}\n"
FLOWS: dict[str, tuple[str, str]] = {
    "of nobody": (
        "甲县,乙市,10",
        'trade.csv:2:1  regions.trade.seller: got "甲县", expected a member: 甲市 or 乙市',
    ),
    "to nobody": ("甲市,乙县,10", 'trade.csv:2:4  regions.trade.buyer: got "乙县", expected a member: '),
    "less than nothing": (
        "甲市,乙市,-10",
        'trade.csv:2:7  regions.trade.amount: got "-10", expected 0 or more',
    ),
    "twice": (
        "甲市,乙市,10\n甲市,乙市,11",
        "trade.csv:3:1  regions.trade.seller: got 甲市 → 乙市, expected each pair once",
    ),
    "sold beyond all": (
        "乙市,甲市,201",
        "regions.trade: got 乙市 sells the others 1.00 of value added per unit of its GDP, expected 1"
        " at most",
    ),
    "bought beyond all": (
        "甲市,乙市,200",
        "regions.trade: got 乙市 earns others 1.00 per unit of its GDP, expected less than 1",
    ),
}


@pytest.mark.parametrize("case", FLOWS)
def test_trade_that_cannot_be_is_told(case: str, tmp_path: Path) -> None:
    rows, said = FLOWS[case]
    (tmp_path / "trade.csv").write_text(f"卖方,买方,金额（亿元）\n{rows}\n", encoding="utf-8")
    lines = mistakes(tmp_path, [TOP, *ROWS[:2]], more=TRADE, gdp=500)
    assert any(said in line for line in lines), lines


def test_trade_without_amounts_is_told(tmp_path: Path) -> None:
    (tmp_path / "trade.csv").write_text("卖方,买方\n甲市,乙市\n", encoding="utf-8")
    lines = mistakes(tmp_path, [TOP, *ROWS[:2]], more=TRADE, gdp=500)
    assert any("trade.csv:1:1" in line and "amount" in line for line in lines), lines


def test_a_table_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = at(tmp_path, [TOP, *ROWS[:2]], gdp=500)
    (tmp_path / "rows.csv").write_bytes("\n".join([TOP, *ROWS[:2]]).encode("gbk"))
    assert "rows.csv: read as text in GBK" in notes(load_province(path))


def test_members_count_in_one_money(tmp_path: Path) -> None:
    more = "  members:\n    a: {scenario: example:deyang-2022}\n    b: {scenario: example:ghana-2024}\n"
    lines = mistakes(tmp_path, "", more=more)
    assert any("regions.members.b: got GHS, expected one money for all: CNY" in line for line in lines), lines


COLUMNS: dict[str, tuple[str, str]] = {
    "growth of investment": (
        "固定资产投资增速（%）",
        "growth of investment is an outcome; a plan is headed 投资计划增速",
    ),
    "something else": ("天气", 'rows.csv:1:25: the column "天气" is not used'),
    "another year": (
        "2022年地区生产总值（亿元）",
        'the column "2022年地区生产总值（亿元）" is not used: it is of 2022, and 地区生产总值 is asked'
        " for 2023",
    ),
    "planned investment without a unit": (
        "计划投资",
        'regions.table.plan: got "计划投资" without a unit: an amount or its growth, expected the unit',
    ),
    "a planned amount of nothing known": (
        "计划投资额（亿元）",
        "planned investment is not used: investment of the base year, from which it grows, is missing",
    ),
    "growth that cannot be": ("增速", 'rows.csv:3:14  regions.table.乙市.growth: got "250", expected '),
}


@pytest.mark.parametrize("case", COLUMNS)
def test_a_column_that_is_not_used_or_not_understood_is_told(case: str, tmp_path: Path) -> None:
    heading, said = COLUMNS[case]
    _, report = table_of(tmp_path, with_column(heading, "5", "250", "6"))
    told = [*map(str, report.problems), *(note.en for note in report.notes)]
    assert any(said in line for line in told), told


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    table = ["州市,地区生产总值（亿元）,第二产业", "甲市,400,170", "乙市,100,33"]
    _, report = table_of(tmp_path, table)
    assert any(
        "rows.csv:1:1  regions.table.primary: got no such column, expected" in str(problem)
        for problem in report.problems
    ), report.problems


def test_a_row_that_is_the_sum_of_the_others_is_asked_about(tmp_path: Path) -> None:
    found, report = table_of(tmp_path, [TOP, *ROWS, "大云岭,661,59,263"])
    told = "rows.csv:5:5: the GDP of 大云岭, 661, is the sum of the other rows (660): a total?"
    assert len(found) == 4 and any(told in note.en for note in report.notes), report.notes


def test_residents_in_two_units_are_asked_about(tmp_path: Path) -> None:
    _, report = table_of(tmp_path, with_column("常住人口", "80", "400000", "50"))
    ((place, path, said),) = report.questions
    assert place.endswith("rows.csv:1:25") and path == "regions.table.people"
    assert "is " in said.en and "times that of 乙市: are all residents in 万人?" in said.en


MEMBERS: dict[str, tuple[str, str]] = {
    "a scenario twice": (
        "a: {scenario: example:deyang-2022}, b: {scenario: example:deyang-2022}",
        'regions.members.b.scenario: got "example:deyang-2022", which is a already, expected each'
        " scenario once",
    ),
    "another year": (
        "a: {scenario: example:deyang-2022}",
        "regions.members.a: got base year 2021, target year 2022, expected 2023 and 2024, as `year` says",
    ),
    "figures to date": (
        "a: {scenario: example:panzhihua-2021/half-year}",
        "regions.members.a: got figures to date, expected a scenario without `actuals`: a province is one of",
    ),
    "no scenario": (
        "a: {scenario: example:china-2023/priors.yaml}",
        'got "example:china-2023/priors.yaml", a file of priors, which scenarios extend, expected a scenario',
    ),
    "no members": ("", "regions: got no members, expected `members`, or a `table` of them"),
}


@pytest.mark.parametrize("case", MEMBERS)
def test_scenarios_that_cannot_be_members_are_told(case: str, tmp_path: Path) -> None:
    named, said = MEMBERS[case]
    lines = mistakes(tmp_path, "", more=f"  members: {{{named}}}\n" if named else "")
    assert any(said in line for line in lines), lines


def test_members_that_miss_their_parent_by_far_are_told(tmp_path: Path) -> None:
    (line,) = mistakes(tmp_path, [TOP, *ROWS[:2]], gdp=800)
    assert (
        "regions.parent.gdp: got 800, of which the members state 500 (62.5 %), expected a difference of 10 %"
        in line
    )


def test_how_columns_without_a_unit_were_read_is_told(tmp_path: Path) -> None:
    table = [f"{TOP},常住人口", *(f"{row},{people}" for row, people in zip(ROWS, (80, 40, 50), strict=True))]
    _, report = table_of(tmp_path, table)
    told = [note.en.split("rows.csv")[1] for note in report.notes]
    assert told == [
        ": no unit is stated: read as 亿元 (2 cells: 1:15, 1:20)",
        ":1:25: no unit is stated: read as 万人",
    ]


def test_two_headings_of_one_thing_are_told(tmp_path: Path) -> None:
    found, report = table_of(tmp_path, with_column("2023年地区生产总值（亿元）", "401", "101", "161"))
    assert [each.figures["gdp"] for each in found] == [401, 101, 161]
    said = (
        'rows.csv:1:4: the column "地区生产总值（亿元）" is not used: "2023年地区生产总值（亿元）" is read as'
        " 地区生产总值"
    )
    assert any(note.en.endswith(said) for note in report.notes), report.notes


def test_a_member_that_expects_something_of_itself_is_told(tmp_path: Path) -> None:
    own = "outlook: {of: region, growth: {value: 4.1, assumption: x}}\n"
    found = read(tmp_path, "", more=member_files(tmp_path, "", ("", own, "")), gdp=3 * 1303.8)
    assert "b expects of the nation nothing, of itself 4.1 %, most others the shipped edition" in notes(found)
