"""Tables that planners bring: lists of projects, mixes and past years in their own files and words."""

from __future__ import annotations

import datetime
import io
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.forecast.backtest.panel import read_panel
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.begin import Facts, begin
from dabiao.scenarios.candidates import candidates
from dabiao.scenarios.document import compose
from dabiao.scenarios.files import Address, Reader
from dabiao.scenarios.load import load, resolved_yaml
from dabiao.scenarios.report import Report
from dabiao.scenarios.spreadsheet import unfold
from dabiao.scenarios.tables.csv_grid import csv_grid, headed
from dabiao.scenarios.tables.projects import COLUMNS
from dabiao.scenarios.tables.settle import branches, settle
from dabiao.scenarios.tables.values import ASK, amount, factor, month, stage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FUNDS = "funds:\n  own: {title: 自有资金}\n  loan: {title: 银行贷款}\n  bond: {title: 地方政府专项债}\n"
HEAD = "项目名称,所属行业,总投资（万元）,建设工期（月）,开工时间,项目进度,年产值（亿元）\n"
ROW = "新材料一期,化工,15000,24,2023年3月,在建,4\n"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    facts = Facts("city", 2023, 1000, 100, 400, 80, 5.5)
    (tmp_path / "baseline.yaml").write_text(begin(facts)["baseline.yaml"], encoding="utf-8")
    return tmp_path


def plan(city: Path, body: str) -> Path:
    path = city / "plan.yaml"
    path.write_text(f"extends: baseline.yaml\n{FUNDS}{body}\n", encoding="utf-8")
    return path


def listed(city: Path, text: str | bytes, name: str = "p.csv"):
    (city / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(plan(city, f"projects: {name}"))


def wrong(city: Path, text: str | bytes, name: str = "p.csv") -> str:
    with pytest.raises(ScenarioError) as caught:
        listed(city, text, name)
    return str(caught.value).replace(f"{city}/", "")


def notes(loaded) -> str:
    return "\n".join(str(note) for note in loaded.notes)


def only(loaded):
    (project,) = loaded.scenario.projects.values()
    return project


def book(*sheets: tuple[str, list[list[object]]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


# one row


def test_a_row_is_the_project_that_it_says(city):
    project = only(listed(city, HEAD + ROW))
    assert (project.title.zh, project.sector, project.stage, project.start) == (
        "新材料一期",
        "industry",
        "started",
        "2023-03",
    )
    assert (project.invest.value, project.months.construction.value, project.adds.output.value) == (
        1.5,
        24,
        4,
    )
    assert project.invest.origin.endswith("p.csv:2:10")
    assert str(project.invest.assumption) == "as listed in p.csv"


def test_the_same_list_in_every_way_of_writing_it(city):
    """Encodings, separators and a workbook change nothing but places."""
    text = "附件1,,,,,,\n2024年重点项目表,,,,,,\n" + HEAD + ROW + "合计,,15000,,,,\n备注：初步数,,,,,,\n"
    rows = [[cell or None for cell in line.split(",")] for line in text.splitlines()]
    ways = [
        text.encode(),
        text.encode("utf-8-sig"),
        text.encode("gbk"),
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.replace(",", ";").encode(),
        text.replace(",", "\t").replace("\n", "\r\n").encode("gbk"),
    ]
    plain = [only(listed(city, data)).model_dump(exclude={"origin"}) for data in ways]
    plain.append(
        only(listed(city, saved(book(("项目", rows))), "p.xlsx")).model_dump(exclude={"origin"})
        | {"months": plain[0]["months"]}
    )
    for each in plain[1:7]:
        assert each == plain[0]
    assert plain[7]["invest"]["value"] == plain[0]["invest"]["value"]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("70亿元", 70),
        ('"1,430万元"', 0.143),
        ("１５０００", 1.5),
        ("约5000万元", 0.5),
        ("5000万", 0.5),
        ("1.2亿", 1.2),
        ("1 430", 0.143),
        ("1e4", 1),
    ],
)
def test_amounts(city, said, value):
    assert only(listed(city, HEAD + ROW.replace("15000", said))).invest.value == value


@pytest.mark.parametrize("said", ["70,5", "10-20", "2000美元", "五亿", "=1+1", "1吨", "#REF!"])
def test_amounts_that_are_refused(city, said):
    told = wrong(city, HEAD + ROW.replace("15000", f'"{said}"'))
    assert told.startswith("p.csv:2:10  projects.新材料一期.invest: got") and said in told


MONEY = {
    "元": "1e-8",
    "yuan": "1e-8",
    "CNY": "1e-8",
    "rmb": "1e-8",
    "千元": "1e-5",
    "thousand yuan": "1e-5",
    "万元": "1e-4",
    "万": "1e-4",
    "万元人民币": "1e-4",
    "百万元": "0.01",
    "million": "0.01",
    "mn": "0.01",
    "million yuan": "0.01",
    "CNY million": "0.01",
    "RMB million": "0.01",
    "cny mn": "0.01",
    "千万元": "0.1",
    "亿元": "1",
    "亿": "1",
    "亿元人民币": "1",
    "十亿元": "10",
    "billion": "10",
    "bn": "10",
    "billion yuan": "10",
    "CNY billion": "10",
    "万亿元": "10000",
    "万亿": "10000",
    "trillion": "10000",
}


@given(st.integers(0, 10**9), st.sampled_from(sorted(MONEY)))
def test_an_amount_means_its_number_times_its_unit(number, unit):
    for said in (
        f"{number}{unit}",
        f"{number:,} {unit}",
        f"{number:,}{unit}".translate(str.maketrans("0123456789,", "０１２３４５６７８９，")),
    ):
        read = amount(said)
        assert read is not None and read.number == number
        assert factor(read.unit, "money") == Decimal(MONEY[unit])


@given(st.integers(1950, 2149), st.integers(1, 12))
def test_a_month_in_every_way_of_writing_it(year, number):
    wanted = f"{year}-{number:02d}"
    ways = [
        f"{year}年{number}月",
        f"{year}/{number}",
        f"{year}-{number:02d}-15",
        f"{year}.{number:02d}",
        f"{year}{number:02d}",
    ]
    assert {month(way).text for way in ways} == {wanted}
    assert (
        month(f"{year}Q{(number + 2) // 3}").text
        <= wanted
        <= month(f"{year}Q{(number + 2) // 3}", end=True).text
    )
    assert month(f"{year}.1") is ASK


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("明年", 'got "明年", expected a month'),
        ("2024.1", "expected 2024-01 or 2024-10"),
        ("2024/13", "expected a month"),
    ],
)
def test_dates_that_are_asked_about(city, said, wanted):
    assert wanted in wrong(city, HEAD + ROW.replace("2023年3月", said))


def test_stages_follow_from_dates_where_they_are_not_said(city):
    text = HEAD + ROW.replace("在建", "") + "路,交通,8000,12,2024年5月,,\n旧厂,化工,900,12,2022-01,,\n"
    loaded = listed(
        city,
        text.replace("建设工期（月）", "竣工时间")
        .replace(",24,", ",2025-06,")
        .replace(",12,2024", ",2025-06,2024")
        .replace(",12,2022", ",2023-06,2022"),
    )
    assert [each.stage for each in loaded.scenario.projects.values()] == [
        "started",
        "planned",
        "commissioned",
    ]
    assert notes(loaded).count("no stage is stated") == 3


def test_a_list_of_a_later_day_says_how_far_works_were_at_the_end_of_the_base_year(city):
    loaded = listed(city, HEAD + ROW.replace("2023年3月", "2024年3月"))
    assert only(loaded).stage == "approved" and "the list is of a later day" in notes(loaded)


def test_missing_dates_are_told_with_their_cells(city):
    loaded = listed(city, HEAD + ROW.replace("2023年3月", ""))
    assert "p.csv:2:1: neither start nor finish is stated" in notes(loaded)


def test_words_that_tell_no_stage_are_told_and_the_dates_count(city):
    loaded = listed(city, HEAD + ROW.replace("在建", "正在加快"))
    assert only(loaded).stage == "started" and "p.csv:2:27: words that tell no stage" in notes(loaded)


def test_works_given_up_are_no_project(city):
    assert "p.csv:2:27  projects.新材料一期.stage: got" in wrong(city, HEAD + ROW.replace("在建", "停工"))


# columns


def test_headings_are_known_in_both_languages(city):
    text = (
        "Project name,Industry,Investment (million yuan),Construction period (years),Start,Status,"
        'Annual output (million yuan),Key project\nPlant,Manufacturing,"1,430",2,15/3,approved,2000,no\n'
    ).replace("15/3", "2024-03-15")
    project = only(listed(city, text))
    assert (project.invest.value, project.months.construction.value, project.adds.output.value) == (
        14.3,
        24,
        20,
    )
    assert (project.sector, project.start, project.stage, project.key) == (
        "industry",
        "2024-03",
        "approved",
        False,
    )


def test_every_usual_heading_means_its_own_column_first():
    for column in COLUMNS:
        said = column.usual.lower()
        assert next(each for each in COLUMNS if each.fits(said)) is column, column


def test_columns_that_are_not_known_are_told_with_the_nearest(city):
    loaded = listed(city, HEAD.replace("年产值（亿元）", "达产期间") + ROW.replace(",4\n", ",\n"))
    assert 'an unknown column "达产期间"; did you mean 达产期?' in notes(loaded)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "所属行业",
            "行业所属",
            'p.csv:1:6  projects.sector: got the heading "行业所属", expected a column 所属行业',
        ),
        ("总投资（万元）", "钱", "projects.invest: got no such column"),
        ("总投资（万元）", "总投资", "amounts without a unit, up to 15,000"),
        ("年产值（亿元）", "总投资（亿元）", 'the column "总投资（亿元）" a second time'),
        ("建设工期（月）,开工", "建设工期,开工", "x"),
    ],
)
def test_headings_that_are_asked_about(city, old, new, told):
    if told == "x":
        told, text = (
            "durations without a unit",
            (HEAD + ROW).replace("建设工期（月）", "建设工期").replace(",24,", ",2,"),
        )
    else:
        text = HEAD.replace(old, new) + ROW
    assert told in wrong(city, text)


def test_words_that_mean_no_sector_are_told_once_and_may_be_said(city):
    text = HEAD + ROW.replace("化工", "首位产业") + ROW.replace("化工", "首位产业").replace("一期", "二期")
    told = wrong(city, text)
    assert told.count("首位产业") == 2 and told.startswith(
        'p.csv:2:7  projects.*.sector: got "首位产业" in 2 projects'
    )
    loaded = load(plan(city, "projects: {file: p.csv, words: {首位产业: industry}}"))
    assert {each.sector for each in loaded.scenario.projects.values()} == {"industry"}


def test_foreign_money_is_refused(city):
    assert '"usd mn" is no unit of it' in wrong(
        city, HEAD.replace("总投资（万元）", "总投资（USD mn）") + ROW
    )


def test_a_unit_above_the_table_counts_for_it(city):
    text = (
        "单位：万元,,,,,,\n"
        + HEAD.replace("（万元）", "").replace("（亿元）", "")
        + ROW.replace(",4\n", ",40000\n")
    )
    project = only(listed(city, text))
    assert (project.invest.value, project.adds.output.value) == (1.5, 4)


def test_twice_the_same_is_told(city):
    assert "each project once; it stands first at" in wrong(city, HEAD + ROW + ROW)
    loaded = listed(city, HEAD + ROW + ROW.replace("15000", "99"))
    assert list(loaded.scenario.projects) == [
        "新材料一期",
        "新材料一期-2",
    ] and "a title that stands above" in notes(loaded)
    text = "编号," + HEAD + "a1," + ROW + "a1," + ROW.replace("一期", "二期")
    assert 'p.csv:3:1  projects.a1: got "a1" a second time' in wrong(city, text)


def test_names_that_differ_in_width_or_size_alone_are_told(city):
    rows = (
        ROW
        + ROW.replace("新材料一期", "B厂")
        + ROW.replace("新材料一期", "Ｂ厂")
        + ROW.replace("新材料一期", "C厂")
    )
    loaded = listed(city, HEAD + rows)
    assert list(loaded.scenario.projects) == ["新材料一期", "B厂", "Ｂ厂", "C厂"]
    said = notes(loaded).replace(f"{city}/", "")
    assert [note for note in said.splitlines() if "width" in note] == [
        'p.csv:4:1: "Ｂ厂" differs from "B厂" above in the width or size of letters alone: read as a project'
        " of its own"
    ]


def test_ids_do_not_depend_on_the_order_of_rows(city):
    rows = [ROW, ROW.replace("新材料一期", "环城路 A.段"), ROW.replace("新材料一期", "学校")]
    first = listed(city, HEAD + "".join(rows)).scenario.projects
    second = listed(city, HEAD + "".join(reversed(rows))).scenario.projects
    assert set(first) == set(second) == {"新材料一期", "环城路-A-段", "学校"}


def test_sections_name_stage_or_branch(city):
    text = (
        "序号,项目名称,所属行业,总投资（亿元）,开工时间\n一,续建项目（1个）,,3,\n1,甲厂,化工,3,2023-02\n"
        "二、工业项目,,,,\n2,乙厂,,2,2024-05\n（一）小计,,,5,\n"
    )
    projects = listed(city, text).scenario.projects
    assert {key: (each.stage, each.sector) for key, each in projects.items()} == {
        "甲厂": ("started", "industry"),
        "乙厂": ("planned", "industry"),
    }


def test_money_by_source(city):
    text = HEAD.replace("\n", ",资金来源\n") + ROW.replace("\n", ",自筹60%、银行贷款40%\n")
    assert {key: each.value for key, each in only(listed(city, text)).funds.items()} == {
        "own": 60,
        "loan": 40,
    }
    text = HEAD.replace("\n", ",自筹（万元）,专项债（万元）\n") + ROW.replace("\n", ",5000,10000\n")
    shares = {key: each.value for key, each in only(listed(city, text)).funds.items()}
    assert shares == pytest.approx({"own": 100 / 3, "bond": 200 / 3})


def test_what_was_spent_is_a_part_of_the_investment(city):
    text = HEAD.replace("\n", ",截至2023年底累计完成投资（万元）\n") + ROW.replace("\n", ",6000\n")
    assert only(listed(city, text)).done.value == 40


def test_a_quoted_cell_may_hold_line_breaks(city):
    text = HEAD + '"新材料\n一期",化工,15000,24,2023年3月,在建,4\n' + ROW.replace("15000", "oops")
    assert "p.csv:4:10  projects.新材料一期.invest" in wrong(city, text)


# workbooks


def sheets(city, *made, name="p.xlsx"):
    return listed(city, saved(book(*made)), name)


ROWS: list[list[object]] = [line.split(",") for line in (HEAD + ROW).splitlines()]


def test_a_mistake_names_the_cell_of_a_workbook(city):
    rows = [["清单"], *[list(row) for row in ROWS]]
    rows[2][2] = "oops"
    told = wrong(city, saved(book(("项目", rows))), "p.xlsx")
    assert told.startswith('p.xlsx!项目!C3  projects.新材料一期.invest: got "oops", expected a number')


def test_dates_percents_and_formats_of_a_workbook(city):
    made = book(("项目", [*ROWS]))
    sheet = made["项目"]
    sheet["H1"] = "投资完成率"
    sheet["E2"], sheet["H2"], sheet["C2"] = datetime.date(2023, 3, 1), 0.4, 1.5
    sheet["H2"].number_format, sheet["C2"].number_format = "0%", '0.0"亿元"'
    project = only(listed(city, saved(made), "p.xlsx"))
    assert (project.start, project.done.value, project.invest.value) == ("2023-03", 40, 1.5)


def test_merged_cells_stand_for_each_row_but_an_amount_for_none(city):
    rows = [*ROWS, ROW.replace("一期", "二期").strip().split(",")]
    made = book(("项目", rows))
    made["项目"].merge_cells("B2:B3")
    assert {each.sector for each in listed(city, saved(made), "p.xlsx").scenario.projects.values()} == {
        "industry"
    }
    made["项目"].merge_cells("C2:C3")
    told = wrong(city, saved(made), "p.xlsx")
    assert "p.xlsx!项目!C2" in told and "p.xlsx!项目!C3" in told and "2 rows together (merged cells)" in told


def test_two_rows_of_headings(city):
    made = book(
        (
            "项目",
            [
                ["项目名称", "行业", "总投资（亿元）", "建设年限", None, "项目进度"],
                [None, None, None, "开工", "竣工", None],
                ["甲厂", "化工", 3, "2023-05", "2025.06", "在建"],
            ],
        )
    )
    sheet = made["项目"]
    for area in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2"):
        sheet.merge_cells(area)
    project = only(listed(city, saved(made), "p.xlsx"))
    assert (project.start, project.finish, project.stage) == ("2023-05", "2025-06", "started")


def test_sheets_are_chosen_by_name_or_by_their_headings(city):
    other = [["说明"], ["本表由各县填报"]]
    loaded = sheets(city, ("封面", other), ("项目", ROWS))
    assert only(loaded).invest.origin.endswith("/p.xlsx!项目!C2") and "封面: no row of headings" in notes(
        loaded
    )
    (city / "p.xlsx").write_bytes(
        saved(book(("甲县", ROWS), ("乙县", [ROWS[0], ROW.replace("一", "二").split(",")])))
    )
    both = load(plan(city, "projects: {file: p.xlsx, sheet: [甲县, 乙县]}"))
    assert list(both.scenario.projects) == ["新材料一期", "新材料二期"]
    with pytest.raises(ScenarioError, match=r'got "甲", expected a sheet of .*p.xlsx: 甲县 or 乙县'):
        load(plan(city, "projects: {file: p.xlsx, sheet: 甲}"))


def test_hidden_rows_are_left_out_and_told(city):
    made = book(("项目", [*ROWS, ROW.replace("一", "二").split(",")]))
    made["项目"].row_dimensions[3].hidden = True
    loaded = listed(city, saved(made), "p.xlsx")
    assert len(loaded.scenario.projects) == 1 and "1 hidden rows are left out (3)" in notes(loaded)


def test_a_formula_is_read_as_stored_or_refused(city):
    made = book(("项目", [list(row) for row in ROWS]))
    made["项目"]["C2"] = "=10000+5000"
    data = saved(made)
    assert "p.xlsx!项目!C2  projects.新材料一期.invest: got a formula without a stored result" in wrong(
        city, data, "p.xlsx"
    )
    loaded = listed(city, changed(data, b"<v></v>", b"<v>15000</v>", b"<v/>", b"<v>15000</v>"), "p.xlsx")
    assert only(loaded).invest.value == 1.5 and "nothing is computed" in notes(loaded)


def changed(data: bytes, *pairs: bytes, add: dict[str, bytes] | None = None) -> bytes:
    """A workbook with passages of its sheets changed, or with further parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if "worksheets/" in name:
                for before, after in zip(pairs[::2], pairs[1::2], strict=True):
                    part = part.replace(before, after)
            new.writestr(name, part)
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return made.getvalue()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda data: changed(data, add={"xl/vbaProject.bin": b"x"}), "a workbook with macros"),
        (lambda data: changed(data, add={"xl/media/a.bin": b"0" * 90_000_000}), "bytes in"),
        (
            lambda data: changed(data, b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet"),
            "a document type",
        ),
        (
            lambda data: changed(data, b"<sheetData>", b"<sheetData>" + b"<row><c/></row>" * 400_001),
            "a sheet of more",
        ),
        (lambda data: changed(data, b"<sheetData>", b"<sheetData><row>"), "cannot be read"),
        (lambda data: data[: len(data) // 2], "no workbook"),
        (lambda data: b"\xd0\xcf\x11\xe0" + data, "before 2007"),
        (lambda data: b"PK\x03\x04", "no workbook"),
    ],
)
def test_a_hostile_workbook_is_refused_at_once(city, make, told):
    data = make(saved(book(("项目", ROWS))))
    began = time.perf_counter()
    said = wrong(city, data, "p.xlsx")
    assert said.startswith("p.xlsx  ") and told in said
    assert time.perf_counter() - began < 10


def test_rows_beyond_the_bound_are_told(city, monkeypatch):
    made = book(("项目", [*ROWS]))
    made["项目"]["A30000"] = "x"
    assert "a larger table: 30,000 rows" in wrong(city, saved(made), "p.xlsx")


def test_control_characters_are_refused_where_they_stand(city):
    assert "p.csv:2:4  projects: got the control character U+001B" in wrong(
        city, HEAD + "新材料\x1b[2J" + ROW
    )


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_panel_of_regions_may_be_parted_otherwise(tmp_path, separator):
    text = "region,year,growth,target\n" + "".join(f"甲市,{2010 + n},{6 + n / 10},6\n" for n in range(9))
    plain, other = tmp_path / "a.csv", tmp_path / "b.csv"
    plain.write_text(text, encoding="utf-8")
    other.write_text(text.replace(",", separator), encoding="utf-8")
    first, second = read_panel(plain), read_panel(other)
    assert first.years == second.years and (first.growth == second.growth).all()


@pytest.mark.parametrize("text", ["", "\n\n", "备注,,\n", "a,b\n1,2\n"])
def test_no_table(city, text):
    assert "p.csv:1:1  projects: got no" in wrong(city, text) or "no row of headings" in wrong(city, text)


@given(
    st.lists(
        st.lists(st.text(alphabet='a,;"\n 项１', max_size=6), min_size=2, max_size=4), min_size=1, max_size=5
    )
)
def test_cells_come_back_as_they_were_written(rows):
    import csv

    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    report = Report()
    grid = csv_grid(out.getvalue().encode(), "t.csv", "", report)
    assert not report.problems and grid is not None
    kept = [[cell.strip() for cell in row] for row in rows]
    assert list(grid.texts()) == [row for row in kept if any(row)]


# other tables


def test_mixes_of_a_table(city):
    (city / "m.csv").write_text(
        "行业,计划（%）,工业优先（%）\n农业,2,2\n工业,31,36%\n建筑业,1,1\n服务业,66,61\n合计,100,100\n",
        encoding="utf-8",
    )
    mixes = load(plan(city, "mixes: {file: m.csv, assumption: 发改委}")).scenario.mixes
    assert {key: each.value for key, each in mixes["plan"].shares.items()} == {
        "agriculture": 2,
        "industry": 31,
        "construction": 1,
        "services": 66,
    }
    assert mixes["工业优先"].shares["industry"].value == 36 and mixes["工业优先"].title.zh.startswith(
        "工业优先"
    )
    (city / "m.csv").write_text(
        "行业,计划\n农业,0.02\n工业,0.31\n建筑业,0.01\n服务业,0.66\n", encoding="utf-8"
    )
    with pytest.raises(ScenarioError, match=r"m.csv:1:4  mixes: got shares that add to 1, expected percent"):
        load(plan(city, "mixes: {file: m.csv, assumption: 发改委}"))


@pytest.mark.parametrize(
    "text",
    [
        "年份,GDP增速（%）,增长目标（%）\n2021年,8.1,7.5\n2022年,3.5,—\n2023,5.0,6\n",
        "历年情况表,,,\n指标,2021年,2022年,2023年\nGDP增速,8.1%,3.5%,5.0%\n增长目标,7.5,,6\n",
        "year,growth,target\n2021,8.1,7.5\n2022,3.5,\n2023,5,6\n",
    ],
)
def test_past_years_in_rows_or_columns(city, text):
    (city / "h.csv").write_bytes(text.encode("gbk"))
    years = load(plan(city, "history: {years: {file: h.csv, assumption: 公报}}")).scenario.history.years
    assert [
        (years[y].growth.value, years[y].target and years[y].target.value) for y in ("2021", "2022", "2023")
    ] == [
        (8.1, 7.5),
        (3.5, None),
        (5, 6),
    ]


def test_an_index_is_asked_about(city):
    (city / "h.csv").write_text("年份,GDP增速\n2021,108.1\n2022,103.5\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"h.csv:2:6 .*of an index .* take 100 away: 8.1"):
        load(plan(city, "history: {years: {file: h.csv, assumption: 公报}}"))


# large lists, the way back, candidates


def rows_of(count: int) -> str:
    branches = ("化工", "交通", "农业", "教育", "装备制造")
    return HEAD + "".join(
        f"项目{n},{branches[n % 5]},{100 + n % 900},{16 + n % 20},{2023 + n % 3}年{n % 12 + 1}月,"
        f"{'拟建' if n % 3 else '在建'},{n % 7 / 100}\n"
        for n in range(count)
    )


def test_three_thousand_projects_in_three_seconds_and_back(city):
    text = rows_of(3000).encode("gbk")
    listed(city, HEAD + ROW)
    began = time.process_time()
    loaded = listed(city, text)
    assert time.process_time() - began < 3.5
    assert len(loaded.scenario.projects) == 3000
    (city / "resolved.yaml").write_text(resolved_yaml(loaded), encoding="utf-8")
    again = load(city / "resolved.yaml")
    assert again.tree == loaded.tree


def test_more_projects_than_are_read_are_told(city):
    assert "4,001 projects, expected at most 4,000" in wrong(city, rows_of(4001))


def test_candidates_of_a_planners_list(city, monkeypatch):
    monkeypatch.chdir(city)
    text = (
        "重点项目表,,,,,,\n"
        + HEAD
        + ROW.replace("在建", "拟建").replace("2023", "2024")
        + ROW.replace("一期", "二期")
    )
    text = "".join(
        f"{line},{word}\n" for line, word in zip(text.splitlines(), ("", "县区", "东区", "西区"), strict=True)
    )
    Path("p.csv").write_bytes(text.encode("gbk"))
    Path("m.csv").write_text(
        "quarter,own\n" + "".join(f"2024Q{q},1\n" for q in (1, 2, 3, 4)), encoding="utf-8"
    )
    words = [
        "optimize",
        "select",
        "--candidates",
        "p.csv",
        "--budgets",
        "m.csv",
        "--lang",
        "en",
        "--out",
        "runs",
    ]
    done = CliRunner().invoke(simulate, words)
    assert done.exit_code == 0, done.output
    assert "works have begun: no candidate" in done.output and "valued by its yearly output" in done.output


@pytest.mark.parametrize(
    "names",
    [
        ("own", "special bond"),
        ("own", "local_bond"),
        ("own", "专项债（省）"),
        ("债(市)", "债(省)"),
        ("own funds (city", "c++"),
        ("a|b", "x.y"),
    ],
)
@pytest.mark.parametrize("unit", ["", "（万元）"])
def test_a_column_of_a_source_is_known_whatever_the_source_is_called(tmp_path, names, unit):
    heads = ",".join(name + unit for name in names)
    file = tmp_path / "p.csv"
    file.write_text(
        HEAD.replace("\n", f",{heads}\n") + ROW.replace("在建,4\n", "拟建,4,5000,10000\n"), encoding="utf-8"
    )
    report = Report()
    (found,) = candidates(file, ("2023Q1", "2023Q2", "2023Q3", "2023Q4"), names, report)
    assert found.money == dict(zip(names, (5000, 10000), strict=True)) and not report.problems
    assert not any("not used" in note.of("en") or "unknown" in note.of("en") for note in report.notes)


def test_a_heading_that_may_be_either_of_two_sources_is_neither(tmp_path):
    file = tmp_path / "p.csv"
    file.write_text(HEAD.replace("\n", ",债\n") + ROW.replace("在建,4\n", "拟建,4,5000\n"), encoding="utf-8")
    report = Report()
    candidates(file, ("2023Q1", "2023Q2"), ("债(市)", "债(省)"), report)
    assert "money of which no source is stated" in "\n".join(map(str, report.problems))


def test_years_of_works_are_a_span_or_a_duration(city):
    head = HEAD.replace("建设工期（月）", "建设年限（年）").replace("开工时间", "备注")
    span = only(listed(city, head + ROW.replace(",24,2023年3月", ",2023-2025,")))
    assert (span.start, span.finish) == ("2023-01", "2025-12")
    assert only(listed(city, head + ROW.replace(",24,2023年3月", ",2,"))).months.construction.value == 24
    told = wrong(city, head.replace("（年）", "") + ROW.replace(",24,2023年3月", ",2,"))
    assert "durations without a unit" in told


WORDS = [
    "项目名称",
    "所属行业",
    "总投资（万元）",
    "总投资",
    "开工时间",
    "进度",
    "资金来源",
    "自筹",
    "年产值",
    "编号",
    "建设起止年限",
    "合计",
    "一、工业项目",
    "在建",
    "停工",
    "2024.1",
    "2023-2025",
    "1,430万元",
    "—",
    "化工",
    "自筹60%、贷款40%",
    "#REF!",
    "2024Q9",
    "99999999999999999999",
    "-5",
    "1e400",
    "年份",
    "2021年",
    "计划",
    "单位：万元",
    "1",
    "2",
    "3",
    "source",
]


@given(
    st.lists(st.lists(st.sampled_from(["", *WORDS]), min_size=1, max_size=8), max_size=9),
    st.sampled_from(",;\t"),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_table_is_read_or_told(tmp_path, rows, separator):
    """Never an error of the program."""
    (tmp_path / "t.csv").write_text("\n".join(separator.join(row) for row in rows), encoding="utf-8")
    report = Report()
    root = compose(
        "years: {base: 2023}\nsectors: {a: {title: 工业, national: industry}}\nfunds: {own: {title: 自筹}}\n"
        "projects: t.csv\nmixes: t.csv\nhistory: {years: t.csv}\nnational: {coefficients: t.csv}\n",
        "s.yaml",
        report,
    )
    unfold(root, Address(tmp_path, "s.yaml", ""), Reader(report))
    settle(root, report)
    for problem in report.sorted():
        assert problem.file.startswith("t.csv") and problem.of("zh")


GROUPED = [
    ["序号", "项目名称", "所属行业", "建设年限", "投资（万元）", None, None, "项目进度"],
    [None, None, None, None, "总投资", "截至上年底完成", "今年计划", None],
    [1, "甲厂", "化工", "2023-2025", 90, 30, 40, "在建"],
]


@pytest.mark.parametrize("merged", [True, False], ids=["merged", "blank"])
def test_a_group_of_headings_gives_its_unit_to_its_parts_and_its_meaning_to_none_of_them(city, merged):
    made = book(("清单", GROUPED))
    if merged:
        made["清单"].merge_cells("E1:G1")
        for column in "ABCDH":
            made["清单"].merge_cells(f"{column}1:{column}2")
    project = only(listed(city, saved(made), "p.xlsx"))
    assert project.invest.value == pytest.approx(0.009)
    assert project.done.value == pytest.approx(100 / 3)


def test_a_whole_over_its_parts_is_the_whole_and_the_money_of_a_year_is_not(city):
    rows = [
        ["项目名称", "行业", "总投资（亿元）", None, "2024年计划", None, "开工时间"],
        [None, None, "合计", "其中：土建", "投资", "形象进度", None],
        ["甲", "化工", 10, 4, 3, "封顶", "2024年3月"],
    ]
    project = only(listed(city, saved(book(("清单", rows))), "p.xlsx"))
    assert project.invest.value == 10 and project.stage == "planned"


@pytest.mark.parametrize(
    ("said", "start", "finish"),
    [
        ("2023-2025", "2023-01", "2025-12"),
        ("2023.03-2025.12", "2023-03", "2025-12"),
        ("2023-03-2025-12", "2023-03", "2025-12"),
        ("2023年3-12月", "2023-03", "2023-12"),
        ("2023.1-2024.10", "2023-01", "2024-10"),
        ("２０２３年３月至２０２５年底", "2023-03", "2025-12"),
        ("2024年", "2024-01", "2024-12"),
    ],
)
@pytest.mark.parametrize("heading", ["建设年限", "建设工期", "建设起止年限"])
def test_years_of_works_are_read_in_whatever_column_of_times_they_stand(city, heading, said, start, finish):
    project = only(listed(city, f"项目名称,行业,总投资（亿元）,{heading}\n甲,化工,2,{said}\n"))
    assert (project.start, project.finish) == (start, finish)


def test_a_time_of_works_that_is_neither_years_nor_a_duration_is_refused_with_its_forms(city):
    told = wrong(city, "项目名称,行业,总投资（亿元）,建设年限\n甲,化工,2,2024年3月\n")
    assert "p.csv:2:8" in told and "2023.03-2025.12" in told and "24个月" in told


def test_sections_across_the_sheet_headings_again_and_signatures_are_no_projects(city):
    rows: list[list[object]] = [
        ["序号", "项目", "行业", "总投资（万元）", "建设性质"],
        ["一、续建项目（1个）"],
        [1, "甲", "化工", 50000, None],
        ["序号", "项目", "行业", "总投资（万元）", "建设性质"],
        ["二、新建项目（1个）"],
        [2, "乙", "教育", 6000, None],
        ["三、其他（1个）"],
        [3, "丙", "交通", 7000, "续建"],
        ["填报人：张三", "审核：李四"],
    ]
    made = book(("清单", rows))
    for row in (2, 5, 7):
        made["清单"].merge_cells(f"A{row}:E{row}")
    loaded = listed(city, saved(made), "p.xlsx")
    stages = {key: project.stage for key, project in loaded.scenario.projects.items()}
    assert stages == {"甲": "started", "乙": "planned", "丙": "started"}
    assert "headings again" in notes(loaded)


def test_a_section_inside_a_section_keeps_what_the_outer_one_says(city):
    rows = [["序号", "项目名称", "总投资（亿元）"], ["一、", "续建项目"], ["（一）", "交通"], [1, "甲", 3]]
    project = only(listed(city, saved(book(("清单", rows))), "p.xlsx"))
    assert (project.stage, project.sector) == ("started", "services")


def test_the_name_of_a_sheet_says_how_far_its_projects_are_where_nothing_else_does(city):
    head = ["项目名称", "行业", "总投资（亿元）"]
    made = book(("续建", [head, ["甲", "化工", 5]]), ("前期", [head, ["乙", "化工", 5]]))
    stages = [p.stage for p in listed(city, saved(made), "p.xlsx").scenario.projects.values()]
    assert stages == ["started", "planned"]
    ready = listed(city, saved(book(("前期", [head, ["乙", "化工", 5], ["丙", "化工", 6]]))), "q.xlsx")
    told = [str(note) for note in ready.notes if "name of the sheet" in str(note)]
    assert told and all(cell in told[0] for cell in ("A2", "A3")), told


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("主体完工", "started"),
        ("一期已投产，二期在建", "started"),
        ("设备安装调试", "started"),
        ("已竣工投产", "commissioned"),
        ("计划7月开工", "planned"),
        ("计划总投资5亿元已开工", "started"),
        ("具备开工条件", "approved"),
        ("完成施工图设计", "planned"),
        ("正在办理用地手续", "planned"),
        ("正常推进", None),
    ],
)
def test_how_far_works_are_in_the_words_of_reports_on_progress(said, meant):
    assert stage(said) == meant


CLASSES = {  # divisions of GB/T 4754-2017 and words of project lists, by class of the national table
    "light_manufacturing": "农副食品加工业 酒、饮料和精制茶制造业 文教、工美、体育和娱乐用品制造业",
    "chemicals": "石油、煤炭及其他燃料加工业 化学原料和化学制品制造业 医药制造业 煤化工",
    "building_materials": "非金属矿物制品业",
    "mining": "煤炭开采和洗选业 非金属矿采选业",
    "metal_mining": "黑色金属矿采选业 有色金属矿采选业",
    "metals": "黑色金属冶炼和压延加工业",
    "equipment": "铁路、船舶、航空航天和其他运输设备制造业 新能源汽车 农业机械",
    "transport": "航空运输业 装卸搬运和仓储业 冷链物流",
    "information": "电信、广播电视和卫星传输服务",
    "finance": "资本市场服务",
    "other_services": "科学研究和技术服务业 水利、环境和公共设施管理业 康养",
}


@pytest.mark.parametrize("name", [(key, name) for key, said in CLASSES.items() for name in said.split()])
def test_a_division_of_the_national_classification_is_its_class(name):
    key, said = name
    word = said.replace(" ", "")
    assert next(each for each, words in branches() if words.search(word)) == key


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("A,industry,approved,2024-03,30,1,234", "list.csv:2:34  projects: got 7 cells"),
        ("A,industry,approved,2024-03,30,20,,x", "list.csv:2:36  projects: got 8 cells"),
        ('A,industry,approved,2024-03,30,"1,234"', ""),
        ("A,industry,approved,2024-03,30,20,,", ""),
        ("A,industry,approved,2024-03,30", ""),
    ],
)
def test_a_row_longer_than_its_headings_is_refused_where_it_goes_on(row: str, found: str) -> None:
    report = Report()
    text = f"title,sector,stage,start,output,invest\n{row}\n"
    cells = csv_grid(text.encode(), "list.csv", "projects", report)
    assert cells is not None and max(map(len, headed(cells, "projects", report).rows)) <= (6 if found else 8)
    assert [problem.of("en").split(", expected")[0] for problem in report.sorted()] == [found] * bool(found)


@pytest.mark.parametrize(
    "text",
    [
        "Works of 2024\ntitle,sector,invest\nA,industry,20\n",
        "2024\ntitle,sector,invest\nA,industry,20\n",
        "Region,GDP,,Industry,\n,level,growth,level,growth\nA,1,2,3,4\n",
        "Region,GDP,,Industry\n,level,growth,level,growth\nA,1,2,3,4\n",
        "title,sector,invest\n",
        "indicator,2021,2022,2023\nGDP,1,2,3\n",
        "1,2\n3,4,5\n",
    ],
)
def test_titles_groups_and_years_may_stand_over_wider_rows(text: str) -> None:
    cells = csv_grid(text.encode(), "a.csv", "projects", Report())
    assert cells is not None and headed(cells, "projects", Report()) is cells


def test_a_number_with_commas_and_no_quotes_is_no_smaller_number(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "title,sector,stage,start,output,invest\nA,equipment,approved,2022-03,30,1,234\n", encoding="utf-8"
    )
    path = tmp_path / "a.yaml"
    path.write_text(
        "extends: example:deyang-2022\nprojects: {file: list.csv, assumption: a}\n", encoding="utf-8"
    )
    with pytest.raises(ScenarioError, match=r"list.csv:2:35  projects: got 7 cells, expected at most 6"):
        load(path)


def test_a_column_under_no_heading_is_told_and_not_used(city: Path) -> None:
    """Once a column, with its first cell; a blank column is none."""
    rows = (HEAD, ROW, ROW.replace("一期", "二期"))
    ends = (",,", ",,234", ",,5")
    text = "".join(row.rstrip("\n") + end + "\n" for row, end in zip(rows, ends, strict=True))
    (told,) = (note.en for note in listed(city, text).notes if "no heading" in note.en)
    assert told.endswith('p.csv:2:33: no heading stands over "234": its column is not used')
