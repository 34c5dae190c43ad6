"""A stranger's table of members: headings with years, in two rows and by hand; totals, footnotes and missing
marks; plans and outcomes of investment; residents; one outlook for all; what is no member is told."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.scenarios.province.columns import COLUMNS
from dabiao.scenarios.province.load import WITHIN
from dabiao.scenarios.tables.headings import split_unit
from dabiao.scenarios.tables.values import empty
from hypothesis import given
from hypothesis import strategies as st
from members import ROWS, TABLE, TOP, at, member_files, mistakes, notes, read, with_column


def ids(province):
    return [member.id for member in province.members]


@pytest.mark.parametrize(
    "total",
    [
        "全省合计",
        "全 省",
        "省合计",
        "合 计",
        "全省",
        "总计",
        "全州总计",
        "全市（合计）",
        "本省合计",
        "省",
        "云岭省",
        "云岭",
        "Total",
    ],
)
def test_a_row_of_totals_is_no_member(tmp_path, total):
    found = read(tmp_path, [TOP, f"{total},660,59,263", *ROWS])
    assert len(found.members) == 3 and "left out" in notes(found) and found.stated == 660


def test_a_row_that_is_the_sum_of_the_others_is_told_and_stays(tmp_path):
    """A capital may be as large as all others together: nobody is dropped by arithmetic."""
    rows = [TOP, *ROWS, "大云岭,661,59,263"]
    found = read(tmp_path, rows, more=TABLE + "  reconcile: tell\n")
    assert len(found.members) == 4
    assert "the GDP of 大云岭, 661, is the sum of the other rows (660): a total?" in notes(found)
    (line,) = mistakes(tmp_path, rows)
    assert "by `take`" in line and "200" in line
    named = TABLE.replace("}", f", take: [{', '.join(row.split(',')[0] for row in ROWS)}]}}")
    taken = read(tmp_path, rows, more=named)
    assert len(taken.members) == 3 and "a total?" not in notes(taken)
    assert "a total?" not in notes(read(tmp_path, rows, gdp=1330))


@pytest.mark.parametrize("name", ["其中：甲县", "其中:甲县", "#甲县", "＃甲县", "中：甲县", "of which: A"])
def test_a_part_of_the_row_above_is_no_member(tmp_path, name):
    found = read(tmp_path, [TOP, ROWS[0], f"{name},30,3,12", *ROWS[1:]])
    assert len(found.members) == 3 and "a part of the row above" in notes(found)


def test_a_row_of_units_belongs_to_the_headings_above_it(tmp_path):
    top = re.sub(r"[(（][^()（）]*[)）]", "", TOP)
    plain, said = read(tmp_path, [TOP, *ROWS]), [top, "单位" + ",亿元" * top.count(","), *ROWS]
    with_units = read(tmp_path, said)
    assert [m.gdp for m in with_units.members] == [m.gdp for m in plain.members]
    small = [
        ",".join([row.split(",")[0], *(f"{1e4 * float(x):g}" for x in row.split(",")[1:])]) for row in ROWS
    ]
    other = read(tmp_path, [top, ",（万元）" * top.count(","), *small])
    assert [m.gdp for m in other.members] == pytest.approx([m.gdp for m in plain.members])


def test_a_city_called_as_its_province_stays(tmp_path):
    found = read(tmp_path, [TOP, "云岭市,200,20,80", *ROWS], gdp=860)
    assert len(found.members) == 4


@pytest.mark.parametrize("times", [0.85, 0.95, 1.05, 1.15])
def test_scaling_has_a_limit(tmp_path, times):
    whole = round(660 / times, 4)
    if abs(times - 1) <= WITHIN:
        found = read(tmp_path, [TOP, *ROWS], gdp=whole)
        assert found.factor == pytest.approx(1 / times, rel=1e-4)
        return
    (line,) = mistakes(tmp_path, [TOP, *ROWS], gdp=whole)
    assert re.search(r"own\.yaml:6:\d+ +regions\.parent\.gdp: got .*660", line) and f"{whole:g}" in line
    assert "reconcile: rest" in line and "reconcile: tell" in line
    assert read(tmp_path, [TOP, *ROWS], gdp=whole, more=TABLE + "  reconcile: tell\n").factor == 1


@pytest.mark.parametrize("heading", ["固定资产投资增速（%）", "2023年投资增长（%）", "Investment growth (%)"])
def test_growth_of_investment_is_no_plan(tmp_path, heading):
    found = read(tmp_path, with_column(heading, "-10.6", "3", "12"))
    assert {m.loaded.scenario.investment.growth.value for m in found.members} == {5.0}
    assert (
        "growth of investment is an outcome" in notes(found)
        and split_unit(heading)[0][:4] in notes(found).lower()
    )


@pytest.mark.parametrize(
    "heading",
    [
        "计划投资增速（%）",
        "投资增速目标（%）",
        "2024年投资目标（%）",
        "planned investment growth (%)",
        "投资计划（%）",
        "2024年固定资产投资预期增速",
    ],
)
def test_a_plan_is_a_plan(tmp_path, heading):
    found = read(tmp_path, with_column(heading, "6.5", "3", "12"))
    assert [m.loaded.scenario.investment.growth.value for m in found.members] == [6.5, 3, 12]


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("2024年固定资产投资计划（亿元）", 1),
        ("计划投资额（亿元）", 1),
        ("计划投资额（万元）", 1e4),
        ("planned investment (million yuan)", 100),
    ],
)
def test_a_planned_amount_is_growth_over_the_base_year(tmp_path, heading, unit):
    rows = [
        f"{line},{cell}"
        for line, cell in zip(
            with_column("2023年固定资产投资（亿元）", "200", "50", ""),
            (heading, 215 * unit, 48 * unit, 100 * unit),
            strict=True,
        )
    ]
    found = read(tmp_path, rows)
    assert [m.loaded.scenario.investment.growth.value for m in found.members] == pytest.approx([7.5, -4, 5])
    assert "investment of the base year, from which it grows, is missing" in notes(found)
    both = [f"{line},{cell}" for line, cell in zip(rows, ("计划投资增速", "7.4", "9", ""), strict=True)]
    (line,) = mistakes(tmp_path, both)
    assert "rows.csv:3:" in line and "-4 % more than 50" in line and "9 %" in line


def test_planned_investment_without_a_unit_is_asked_about(tmp_path):
    (line,) = mistakes(tmp_path, with_column("投资计划", "6.5", "3", "12"))
    assert "rows.csv:1:" in line and "without a unit" in line and "投资计划（%）" in line
    assert (
        read(tmp_path, with_column("投资计划", "6.5%", "3%", "12%"))
        .members[0]
        .loaded.scenario.investment.growth.value
        == 6.5
    )


YEARS = """\
市（州）,2023年地区生产总值（亿元）,2022年地区生产总值（亿元）,2023年第一产业,2023年第二产业,2023年增速,2022年增速,2024年增长目标,\
2023年目标,2024年力争目标,2023年末常住人口（万人）,2020年常住人口（万人）
甲市,400,380,20,170,4.1,3,6,5,7,80,90
乙州,100,95,15,33,3.2,2,5,5,5.5,40,41
"""


def test_years_in_headings_decide(tmp_path):
    found = read(tmp_path, YEARS, gdp=500)
    first = found.members[0]
    assert (first.gdp, first.growth, first.tiers, first.population) == (
        400,
        4.1,
        {"ensure": 6, "stretch": 7},
        80,
    )
    for name, year in (
        ("2022年地区生产总值", 2022),
        ("2022年增速", 2022),
        ("2023年目标", 2023),
        ("2020年常住人口", 2020),
    ):
        assert re.search(rf'"{name}[^"]*" is not used: it is of {year}', notes(found)), name
    lines = mistakes(tmp_path, YEARS.replace("2023年地区", "2021年地区"), gdp=500)
    assert any("gdp: got no such column" in line and "of another year" in line for line in lines)


@given(
    st.integers(2000, 2030),
    st.sampled_from([c for c in COLUMNS if c.key not in ("name", "latitude", "longitude")]),
)
def test_a_year_changes_no_column(year, column):
    for text in (f"{year}年{column.usual}", f"{column.usual}{year}年", f"{year}{column.usual}"):
        word = split_unit(text)[0]
        assert [c.key for c in COLUMNS if c.fits(word)] == [column.key], text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        *(
            (name, "name")
            for name in (
                "州市",
                "市（州）",
                "县（市、区）",
                "地州市",
                "区县",
                "设区市",
                "各市",
                "市州名称",
                "县市区",
            )
        ),
        *((name, "growth") for name in ("增长速度", "比上年增长", "同比增长（%）", "GDP增速", "2023年增速")),
        *(
            (name, "target")
            for name in (
                "确保目标(%)",
                "确保",
                "预期目标",
                "2024年预期增速",
                "2024年目标",
                "增长目标",
                "GDP增长预期目标",
            )
        ),
        *((name, "stretch") for name in ("力争目标", "力争", "奋斗目标", "Stretch target (%)")),
        *((name, "fai") for name in ("固定资产投资（亿元）", "投资额", "完成投资", "Fixed asset investment")),
        ("2023年规模以上工业增速", None),
        ("第一产业增长", None),
        ("户籍人口", None),
    ],
)
def test_headings(text, key):
    found = [column.key for column in COLUMNS if column.fits(split_unit(text)[0])]
    assert found == ([key] if key else [])


TWO_ROWS = [
    ["云岭省2023年主要指标", "", "", "", "", "", ""],
    ["州市", "地区生产总值（亿元）", "", "第一产业（亿元）", "", "第二产业（亿元）", "2024年目标（%）"],
    ["", "绝对数", "增长（%）", "绝对数", "增长（%）", "", ""],
    ["甲市", 400, 4.1, 20, 9.9, 170, 6],
    ["乙市", 100, 3.2, 15, 8.8, 33, 5],
    ["丙州", 160, 3.9, 24, 7.7, 60, 5.5],
    ["注：地区生产总值按当年价格计算,增长按不变价格", "", "", "", "", "", ""],
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_headings_in_two_rows(tmp_path, kind):
    if kind == "csv":
        found = read(tmp_path, [",".join(map(str, row)) for row in TWO_ROWS])
    else:
        from openpyxl import Workbook

        book = Workbook()
        for row in TWO_ROWS:
            book.active.append([None if cell == "" else cell for cell in row])
        for cells in ("A1:G1", "A2:A3", "B2:C2", "D2:E2", "F2:F3", "G2:G3", "A7:G7"):
            book.active.merge_cells(cells)
        book.save(tmp_path / "rows.xlsx")
        found = read(tmp_path, "", more="  table: {rows: rows.xlsx}\n")
    assert [(m.gdp, m.growth, m.tiers["ensure"]) for m in found.members] == [
        (400, 4.1, 6),
        (100, 3.2, 5),
        (160, 3.9, 5.5),
    ]
    assert {round(m.loaded.scenario.sectors["agriculture"].va.value) for m in found.members} == {20, 15, 24}
    assert "增长（%）" in notes(found) and "a footnote: left out" in notes(found)


@pytest.mark.parametrize(
    "foot",
    [
        "注：本表为快报数,,,",
        "注：本表为快报数, 增速按不变价格,以年报为准,",
        "资料来源：统计局,,,",
        "说明：三次产业合计不等,,,",
        "1. 本表为快报数,,,",
        "1．按当年价格, 2. 增速按不变价格,,",
        "本表由统计局提供,,,",
        "滇中地区,,,",
    ],
)
def test_footnotes_are_no_members(tmp_path, foot):
    found = read(tmp_path, [TOP, *ROWS, foot])
    assert ids(found) == ["甲市", "乙市", "丙州"] and "left out" in notes(found)


def test_a_numbered_member_stays(tmp_path):
    found = read(tmp_path, [TOP, *(f"{n}. {row}" for n, row in enumerate(ROWS, 1))])
    assert len(found.members) == 3


@pytest.mark.parametrize("mark", ["…", "...", "……", "n.a.", "..", "—", "N/A", "－"])
def test_missing_marks(tmp_path, mark):
    assert empty(mark)
    found = read(tmp_path, with_column("目标", "6", mark, "5"))
    assert [m.tiers for m in found.members] == [{"ensure": 6}, {}, {"ensure": 5}]
    (line,) = mistakes(tmp_path, [TOP, *ROWS[:2], f"丙州,{mark},24,60"])
    assert "rows.csv:4:" in line and "gdp: got nothing" in line


@pytest.mark.parametrize("people", ["0", "-3"])
def test_nobody_lives_nowhere(tmp_path, people):
    (line,) = mistakes(tmp_path, with_column("常住人口（万人）", "80", people, "50"))
    assert re.search(
        rf'rows\.csv:3:\d+ .*乙市\.people: got "{people}", expected a number of people above 0', line
    )


def test_residents_without_a_unit_are_told_and_asked_about(tmp_path):
    found = read(tmp_path, with_column("常住人口", "80", "400000", "50"))
    ((place, path, said),) = found.questions
    assert "rows.csv:1:" in place and path.endswith("people") and "times that of 乙市" in said.en
    assert "read as 万人" in notes(found)
    plain = read(tmp_path, with_column("常住人口", "80", "40", "50"))
    assert not plain.questions and "read as 万人" in notes(plain)
    assert not read(tmp_path, with_column("常住人口（万人）", "80", "40", "50")).questions


@pytest.mark.parametrize("gdp", ["-1000", "0"])
def test_a_gdp_that_is_none_is_told_once(tmp_path, gdp):
    (line,) = mistakes(tmp_path, [TOP, *ROWS[:2], f"丙州,{gdp},24,60"])
    assert "rows.csv:4:" in line and "丙州.gdp" in line and "--" not in line


@pytest.mark.parametrize(
    ("heading", "value", "key"),
    [
        ("增速", "250", "growth"),
        ("目标", "250", "target"),
        ("计划投资增速", "900", "plan"),
        ("固定资产投资（亿元）", "-5", "fai"),
    ],
)
def test_a_figure_out_of_range_is_told_at_its_cell(tmp_path, heading, value, key):
    (line,) = mistakes(tmp_path, with_column(heading, "6", value, "5"))
    column = len("乙市,100,15,33,") + 1
    assert f"rows.csv:3:{column}" in line and f"乙市.{key}: got " in line and value in line


def test_letters_for_headings_have_no_silly_answer_and_a_way_out(tmp_path):
    (line,) = mistakes(tmp_path, "a,b,c,d\n甲,1,2,3\n乙,4,1,2\n")
    assert "did you mean" not in line and "columns: {gdp:" in line
    more = "  table:\n    rows: rows.csv\n    columns: {name: a, gdp: b, primary: c, secondary: d}\n"
    found = read(tmp_path, "a,b,c,d\n甲,10,2,3\n乙,40,1,20\n", more=more, gdp=50)
    assert [(m.id, m.gdp) for m in found.members] == [("甲", 10), ("乙", 40)]


def test_columns_by_hand_go_first_and_their_mistakes_are_told(tmp_path):
    table = YEARS.replace("市（州）", "哪里")
    more = "  table:\n    rows: rows.csv\n    columns: {name: 哪里, gdp: 2022年地区生产总值（亿元）}\n"
    assert [m.gdp for m in read(tmp_path, table, more=more, gdp=475).members] == [380, 95]
    wrong = more.replace("name: 哪里", "name: 那里, gpd: x")
    lines = mistakes(tmp_path, table, more=wrong, gdp=475)
    assert any("own.yaml:9:" in line and "columns.name" in line and "哪里" in line for line in lines)
    assert any("columns.gpd" in line and "did you mean gdp" in line for line in lines)
    assert sum("name:" in line for line in lines) == 1, (
        "a column that was asked for and is not there is told once"
    )


def test_years_over_groups_of_headings(tmp_path):
    found = read(
        tmp_path,
        [
            "州市,2023年,,,,2022年,2024年,",
            ",地区生产总值（亿元）,第一产业,第二产业,增速,增速,增长目标,力争目标",
            "甲市,400,20,170,4.1,3,6,7",
            "乙市,260,15,33,3.2,2,5,5.5",
        ],
    )
    assert [(m.gdp, m.growth, dict(m.tiers)) for m in found.members] == [
        (400, 4.1, {"ensure": 6, "stretch": 7}),
        (260, 3.2, {"ensure": 5, "stretch": 5.5}),
    ]
    assert '"2022年增速" is not used: it is of 2022' in notes(found)


def test_plans_of_a_panel_are_those_of_the_target_year(tmp_path):
    head = "城市,年份,地区生产总值（亿元）,第一产业,第二产业,固定资产投资（亿元）,计划投资额（亿元）,目标"
    rows = [
        "甲,2023,400,20,170,200,300,4",
        "甲,2024,,,,,220,6",
        "乙,2023,260,15,33,100,,5",
        "乙,2024,,,,,,5.5",
    ]
    found = read(tmp_path, [head, *rows])
    assert [m.loaded.scenario.investment.growth.value for m in found.members] == [10, 5]
    assert [m.tiers["ensure"] for m in found.members] == [6, 5.5]


OWN = "outlook: {growth: {value: 4.1, assumption: x}, of: region}\n"


def test_one_outlook_for_all_goes_before_members_own(tmp_path):
    for said, growth, edition in (
        ("4.6", 4.6, "january"),
        ("october", None, "october"),
        ("none", None, "none"),
        ("{growth: {value: 4.4, low: 4, high: 5, source: s}, error: 1}", 4.4, "january"),
    ):
        members = member_files(tmp_path, f"  outlook: {said}\n", ("", OWN, ""))
        found = read(tmp_path, [TOP, *ROWS], more=members + TABLE, gdp=3 * 1303.8 + 660)
        assert len(found.members) == 6
        for member in found.members:
            own = member.loaded.scenario.outlook
            assert ((own.growth and own.growth.value), own.edition, own.of) == (growth, edition, "nation"), (
                said
            )
            assert own.growth is None or "own.yaml" in own.growth.assumption.en
        assert "expects of the nation" not in notes(found)
    (line,) = mistakes(tmp_path, [TOP, *ROWS], more=TABLE + "  outlook: januray\n")
    assert "own.yaml:8:" in line and "did you mean january" in line


def test_a_member_with_another_outlook_is_told(tmp_path):
    own = "outlook: {growth: {value: 4.1, assumption: x}}\n"
    found = read(tmp_path, "", more=member_files(tmp_path, "", ("", own, "")), gdp=3 * 1303.8)
    (note,) = (note.en for note in found.notes if "expects of the nation" in note.en)
    assert "b expects of the nation 4.1 %" in note and "`january`" in note
    alike = read(tmp_path, "", more=member_files(tmp_path, "", (own, own, own)), gdp=3 * 1303.8)
    assert "expects of the nation" not in notes(alike)


def test_what_is_no_member_is_told_in_one_line_each(tmp_path):
    (tmp_path / "many.yaml").write_text("scenarios: [x.yaml]\n", encoding="utf-8")
    files = {
        "example:sichuan-2021/province.yaml": "a file of regions",
        "example:china-2023/priors.yaml": "a file of priors",
        "many.yaml": "a file of many scenarios",
        "example:panzhihua-2024/chain.yaml": "a file of process chains",
    }
    members = "".join(f"    m{n}: {{scenario: '{file}'}}\n" for n, file in enumerate(files))
    lines = mistakes(tmp_path, "", more=f"  members:\n{members}")
    assert len(lines) == len(files)
    for line, said in zip(lines, files.values(), strict=True):
        assert said in line and "own.yaml:" in line


def test_a_scenario_twice_and_a_member_called_rest(tmp_path):
    more = (
        "  members:\n    a: {scenario: a.yaml}\n    b: {scenario: ./a.yaml}\n    rest: {scenario: c.yaml}\n"
    )
    member_files(tmp_path)
    lines = mistakes(tmp_path, "", more=more, gdp=3000)
    assert any("members.b.scenario" in line and "which is a already" in line for line in lines)
    for way in ("scale", "rest", "tell"):
        lines = mistakes(tmp_path, "", more=f"{more}  reconcile: {way}\n", gdp=3000)
        assert any("members.rest" in line and "another name" in line for line in lines), way
        lines = mistakes(tmp_path, [TOP, *ROWS, "rest,50,5,20"], more=f"{TABLE}  reconcile: {way}\n", gdp=710)
        assert any("rows.csv:5:" in line and "another name" in line for line in lines), way


def test_a_pure_number_has_no_unit_to_tell(tmp_path):
    (line,) = mistakes(tmp_path, [TOP, *ROWS], more=TABLE + "  targets: {gap: {at_most: 0.5}}\n")
    assert line.endswith("got 0.5, expected a number from 1 to 100")


def test_validate_and_show(tmp_path):
    path = str(at(tmp_path, [TOP, *ROWS, "全省,660,59,263"]))
    done = CliRunner().invoke(simulate, ["validate", path, "--lang", "en"])
    assert (
        done.exit_code == 0
        and done.stdout.startswith("OK  own: 3 members")
        and "row of totals" in done.stderr
    )
    done = CliRunner().invoke(
        simulate, ["validate", path, "--lang", "en", "--set", "regions.parent.gdp=6600"]
    )
    assert done.exit_code == 2 and "regions.parent.gdp" in done.stderr
    done = CliRunner().invoke(simulate, ["show", path, "--lang", "en"])
    assert done.exit_code == 2 and "is a file of regions, no scenario: `simulate validate" in done.stderr
