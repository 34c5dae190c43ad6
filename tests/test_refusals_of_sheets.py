"""What is told of the rows of a workbook, of a planners' list of projects and its units, of past years, of a
target in words and of the first figures of a region: a case for each check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from dabiao.models.errors import DabiaoError, ScenarioError
from dabiao.models.words import msg
from dabiao.scenarios.begin import Facts, begin, doubts
from dabiao.scenarios.begin_own import OwnFacts, models_of
from dabiao.scenarios.book import read as reading
from dabiao.scenarios.book.layout import sheets
from dabiao.scenarios.candidates import COLUMNS as COLUMNS_OF_CANDIDATES
from dabiao.scenarios.ground import Ground
from dabiao.scenarios.load import load
from dabiao.scenarios.report import Place, Report
from dabiao.scenarios.tables import panels, planned, projects
from dabiao.scenarios.tables.grid import Cell, Grid
from dabiao.scenarios.target_proposal import read_lines
from dabiao.scenarios.target_words import worded
from wrong import TEXT

Rows = Sequence[Sequence[object]]


def grid(file: str, rows: Rows, sheet: str = "") -> Grid:
    """A sheet of these cells."""
    return Grid(
        file,
        [
            [Cell("" if text is None else str(text), Place(file, at, n)) for n, text in enumerate(row, 1)]
            for at, row in enumerate(rows, 1)
        ],
        sheet,
    )


def told(report: Report) -> list[str]:
    """All that is told, mistakes and notes."""
    return [str(problem) for problem in report.problems] + [note.en for note in report.notes]


def booked(sheet: str, *rows: dict[str, object]) -> list[str]:
    """What is told of rows of a sheet of a workbook, each by the keys of its columns."""
    columns = sheets()[sheet].columns
    lines = [[column.heading("en") for column in columns]]
    lines += [[row.get(column.key) for column in columns] for row in rows]
    report = Report()
    reading.assembled("a.xlsx", [grid("a.xlsx!s", lines, sheets()[sheet].title.en)], report)
    return told(report)


BOOK: dict[str, tuple[str, list[dict[str, object]], str]] = {
    "an item that is none": (
        "basics",
        [{"item": "Weather", "value": 3}],
        'a.xlsx!s!A2: "Weather" is not known here: not used',
    ),
    "an item nearly known": (
        "basics",
        [{"item": "Base yaer", "value": 2023}],
        'a.xlsx!s!A2: "Base yaer" is not known here: not used; did you mean Base year?',
    ),
    "a value that a workbook could not compute": (
        "basics",
        [{"item": "GDP", "value": "#DIV/0!"}],
        'a.xlsx!s!B2  accounts.gdp: got "#DIV/0!", expected a value',
    ),
    "a year of the past that is none": (
        "history",
        [{"year": "long ago", "growth": 3}],
        'a.xlsx!s!A2  history.years: got "long ago", expected a year',
    ),
    "no year of the past": (
        "history",
        [{"growth": 3}],
        "a.xlsx!s!A2  history.years: got nothing, expected a year",
    ),
    "a year of the past twice": (
        "history",
        [{"year": 2020, "growth": 3}, {"year": 2020, "growth": 4}],
        'a.xlsx!s!A3  history.2020: got "2020" a second time, expected each row once, by name; it'
        " stands first at"
        " a.xlsx!s!A2",
    ),
    "a sector by a name of the table": (
        "sectors",
        [{"title": "农业", "va": 3}],
        "a.xlsx!s!B2: 农业 is read as agriculture",
    ),
    "a year of the plan that is none": (
        "years",
        [{"year": "soon", "path": 3}],
        'a.xlsx!s!A2  investment: got "soon", expected a year',
    ),
    "no year of the plan": ("years", [{"path": 3}], "a.xlsx!s!A2  investment: got nothing, expected a year"),
    "a part of what is known that is none": (
        "actuals",
        [{"part": "weather", "name": "gdp_growth", "time": "2024-06", "value": 3}],
        'a.xlsx!s!A2  actuals: got "weather", expected figures',
    ),
    "a figure of no row": (
        "actuals",
        [{"part": "figures", "time": "2024-06", "value": 3}],
        "actuals.figures: got nothing, expected Row or sector",
    ),
    "a figure of no time": (
        "actuals",
        [{"part": "figures", "name": "gdp_growth", "value": 3}],
        "actuals.figures: got nothing, expected Up to",
    ),
    "a target of nothing": (
        "targets",
        [{"ensure": 3}],
        "a.xlsx!s!C2  targets: got nothing, expected the name of an indicator",
    ),
    "a target without a figure": (
        "targets",
        [{"indicator": "GDP growth", "ensure": 5}, {"indicator": "Wishes", "source": "x"}],
        "a.xlsx!s!A3: a row without a target, left out",
    ),
    "a main target, perhaps": (
        "targets",
        [{"indicator": "GDP growth", "ensure": 5, "main": "perhaps"}],
        'a.xlsx!s!G2  targets.main: got "perhaps", expected yes or no (是 or 否)',
    ),
    "years of a target that are none": (
        "targets",
        [{"indicator": "GDP growth", "ensure": 5, "over": "some", "measure": "average"}],
        'a.xlsx!s!J2  targets.over: got "some", expected a first and a last year, such as 2026-2030',
    ),
    "a year of a target that is none": (
        "targets",
        [{"indicator": "GDP growth", "ensure": 5, "year": "soon"}],
        'a.xlsx!s!I2  targets.year: got "soon", expected a year',
    ),
    "a path that is none": (
        "other",
        [{"path": "[a", "value": 3}],
        'a.xlsx!s!A2  file: got "[a", expected dotted.path; for example accounts.gdp',
    ),
    "a path twice": (
        "other",
        [{"path": "accounts.fai", "value": 3}, {"path": "accounts.fai", "value": 4}],
        "a.xlsx!s!A3  accounts.fai: got the path a second time, expected each path once",
    ),
    "a path through a number": (
        "other",
        [{"path": "accounts.fai", "value": 3}, {"path": "accounts.fai.low", "value": 4}],
        "a.xlsx!s!A3  accounts.fai.low: got the path a second time",
    ),
    "an item of a list before the first": (
        "other",
        [{"path": "a.b[1]", "value": 3}],
        'a.xlsx!s!A2  a.b[1]: got "a.b[1]", expected items of a list in their order, from [0]',
    ),
    "an item of what is no list": (
        "other",
        [{"path": "a.b", "value": 3}, {"path": "a.b[0]", "value": 3}],
        "expected items of a list in their order, from [0]",
    ),
}


@pytest.mark.parametrize("case", BOOK)
def test_a_row_of_a_workbook_is_told_at_its_cell(case: str) -> None:
    sheet, rows, said = BOOK[case]
    found = booked(sheet, *rows)
    assert any(said in line for line in found), found


@pytest.mark.parametrize(("title", "hint"), [("Zzzz", ""), ("Target", "; did you mean Targets?")])
def test_a_sheet_that_is_none_of_a_scenario_is_told(title: str, hint: str) -> None:
    report = Report()
    reading.assembled("a.xlsx", [grid(f"a.xlsx!{title}", [["a", "b"]], title)], report)
    assert told(report) == [f"a.xlsx!{title}: a sheet that is not read{hint}"]


def test_a_column_and_a_note_of_a_sheet_of_a_workbook_are_told() -> None:
    lines = [["Past year", "Growth (%)", "Target (%)", "Weather"], [2020, 3, 4, "fine"]]
    sheet = grid("a.xlsx!s", lines, sheets()["history"].title.en)
    sheet.notes.append((Place("a.xlsx!s"), msg("a row of totals, left out")))
    report = Report()
    reading.assembled("a.xlsx", [sheet], report)
    assert told(report) == [
        "a.xlsx!s: a row of totals, left out",
        'a.xlsx!s!D1: the column "Weather" is not used',
    ]


def test_an_example_that_was_changed_is_told() -> None:
    columns = sheets()["history"].columns
    word = next(text for text in ("(example)", "example", "示例", "例") if reading.EXAMPLE.fullmatch(text))
    lines = [[column.heading("en") for column in columns], [word, 77, 78]]
    report = Report()
    reading.assembled("a.xlsx", [grid("a.xlsx!s", lines, sheets()["history"].title.en)], report)
    assert "a.xlsx!s!A2: the row of an example is not read" in told(report)


USUAL = ("项目名称", "所属部门", "总投资（亿元）", "开工时间", "竣工时间", "建设阶段")


def listed(*rows: Sequence[object], heads: Sequence[str] = USUAL, sheet: str = "") -> list[str]:
    """What is told of a list of projects."""
    report = Report()
    projects.projects([grid("p.csv", [heads, *rows], sheet)], "projects", report)
    return told(report)


LISTS: dict[str, tuple[list[Sequence[object]], str]] = {
    "totals": ([("合计", "", 30)], "p.csv:3:1: a row of totals, left out"),
    "headings again": ([USUAL], "p.csv:3:1: the headings again, left out"),
    "a section": ([("一、续建项目", "", "")], "p.csv:3:1: the name of a section, no project"),
    "no title": ([("", "工业", 5, "2024-03")], "title: got nothing, expected "),
    "a project twice": (
        [("电池厂", "工业", 5, "2024-03", "2025-06", "")],
        'got "电池厂" a second time, expected each project once; it stands first at p.csv:2:1',
    ),
    "a title twice": (
        [("电池厂", "工业", 7, "2024-03", "2025-06", "")],
        "p.csv:3:1: a title that stands above already: read as a project of its own",
    ),
    "no amount": (
        [("铝厂", "工业", "#REF!", "2024-03")],
        'p.csv:3:3  projects.铝厂.invest: got "#REF!", expected a value',
    ),
    "an amount in another unit": (
        [("铝厂", "工业", "5吨", "2024-03")],
        '铝厂.invest: got "5吨", expected a number',
    ),
    "no month": (
        [("铝厂", "工业", 5, "春天")],
        'p.csv:3:4  projects.铝厂.start: got "春天", expected a month such as 2024-09',
    ),
    "an October": (
        [("铝厂", "工业", 5, "2024.1")],
        'p.csv:3:4  projects.铝厂.start: got "2024.1", expected 2024-01 or 2024-10; an October loses its 0',
    ),
    "a quarter": (
        [("铝厂", "工业", 5, "2024年一季度")],
        "p.csv:3:4: no month is stated: the first of the quarter or year counts",
    ),
    "the end of a year": (
        [("铝厂", "工业", 5, "", "2025年")],
        "p.csv:3:5: no month is stated: the last of the quarter or year counts",
    ),
    "a stage for a date": (
        [("铝厂", "工业", 5, "已开工")],
        "p.csv:3:4: no date, but how far it is: read as the stage",
    ),
    "given up": (
        [("铝厂", "工业", 5, "2024-03", "", "取消")],
        'p.csv:3:6  projects.铝厂.stage: got "取消", expected a project of the plan; delete the row, or'
        " state",
    ),
    "words that tell no stage": (
        [("铝厂", "工业", 5, "2024-03", "", "正常")],
        "p.csv:3:6: words that tell no stage: it follows from the dates",
    ),
    "about so much": (
        [("铝厂", "工业", "约5亿元", "2024-03")],
        "p.csv:3:3: about so much: the number is read as it stands",
    ),
    "a name in other signs": (
        [("ａ厂", "工业", 5, "2024-03"), ("a厂", "工业", 6, "2024-03")],
        "differs from",
    ),
    "far more than others": (
        [("铝厂", "工业", 4, "2024-03"), ("钢厂", "工业", 90000, "2024-03")],
        "is the unit right?",
    ),
}


@pytest.mark.parametrize("case", LISTS)
def test_a_row_of_a_list_of_projects_is_told_at_its_cell(case: str) -> None:
    rows, said = LISTS[case]
    found = listed(("电池厂", "工业", 5, "2024-03", "2025-06", ""), *rows)
    assert any(said in line for line in found), found


COLUMNS: dict[str, tuple[Sequence[str], Sequence[object], str]] = {
    "money without a unit": (
        ("项目名称", "所属部门", "总投资"),
        ("铝厂", "工业", 250000),
        "invest: got amounts without a unit, up to 250,000 (p.csv:2:3), expected the unit, in the"
        " heading or in the",
    ),
    "little money without a unit": (
        ("项目名称", "所属部门", "总投资"),
        ("铝厂", "工业", 5),
        "p.csv:1:3: no unit is stated: read as 亿元",
    ),
    "durations without a unit": (
        ("项目名称", "所属部门", "总投资（亿元）", "建设工期"),
        ("铝厂", "工业", 5, 2),
        "got durations without a unit, none above 2 (p.csv:2:4), expected the unit, in the heading or"
        " in the cells",
    ),
    "parts of 1": (
        ("项目名称", "所属部门", "总投资（亿元）", "完成比例"),
        ("铝厂", "工业", 5, 0.4),
        "got parts of 1, none above 0.4 (p.csv:2:4), expected percent: 40, not 0.4",
    ),
    "from when to when": (
        ("项目名称", "所属部门", "总投资（亿元）", "建设起止年限"),
        ("铝厂", "工业", 5, "早晚"),
        'start: got "早晚", expected from when to when, such as 2023-2025',
    ),
    "years alone": (
        ("项目名称", "所属部门", "总投资（亿元）", "建设起止年限"),
        ("铝厂", "工业", 5, "2023-2025"),
        "p.csv:2:4: years alone: from the first January to the last December",
    ),
    "carried on": (
        ("项目名称", "所属部门", "总投资（亿元）", "建设性质"),
        ("铝厂", "工业", 5, "续建"),
        'p.csv:2:4: "续建": read as the stage `started`',
    ),
    "key, perhaps": (
        ("项目名称", "所属部门", "总投资（亿元）", "是否重点"),
        ("铝厂", "工业", 5, "也许"),
        'key: got "也许", expected yes or no (是 or 否)',
    ),
    "sources without shares": (
        ("项目名称", "所属部门", "总投资（亿元）", "资金来源"),
        ("铝厂", "工业", 5, "自有资金、专项债"),
        "p.csv:2:4: sources of money without shares: not used",
    ),
    "a column that nobody knows": (
        ("项目名称", "所属部门", "总投资（亿元）", "天气"),
        ("铝厂", "工业", 5, "晴"),
        'p.csv:1:4: an unknown column "天气", not used',
    ),
    "a column nearly known": (
        ("项目名称", "所属部门", "总投资（亿元）", "开工时闻"),
        ("铝厂", "工业", 5, "2024-03"),
        'p.csv:1:4: an unknown column "开工时闻"; did you mean ',
    ),
    "a column twice": (
        ("项目名称", "所属部门", "总投资（亿元）", "总投资（万元）"),
        ("铝厂", "工业", 5, 50000),
        'p.csv:1:4  projects.invest: got the column "总投资（万元）" a second time, expected one column for',
    ),
    "a column of something else": (
        ("项目名称", "所属部门", "总投资（亿元）", "责任单位"),
        ("铝厂", "工业", 5, "经信局"),
        "p.csv: columns that are not used: 责任单位",
    ),
}


@pytest.mark.parametrize("case", COLUMNS)
def test_a_column_of_a_list_of_projects_is_told(case: str) -> None:
    heads, row, said = COLUMNS[case]
    found = listed(row, heads=heads)
    assert any(said in line for line in found), found


def test_how_far_projects_are_follows_from_the_name_of_their_sheet() -> None:
    found = listed(("铝厂", "工业", 5), heads=USUAL[:3], sheet="续建")
    assert any("how far they are follows from the name of the sheet: `started`" in line for line in found), (
        found
    )


def test_a_sheet_without_headings_is_left_out_beside_one_with_them() -> None:
    report = Report()
    other = grid("p.xlsx!说明", [["填表说明", ""], ["一", "二"]], "说明")
    projects.projects([grid("p.xlsx!表", [USUAL, ("铝厂", "工业", 5)], "表"), other], "projects", report)
    assert any("no row of headings: the sheet is left out" in line for line in told(report)), told(report)


def test_how_a_list_of_projects_was_read_is_told() -> None:
    assert listed(("电池厂", "工业", 5, "2024-03", "2025-06", "在建")) == [
        "p.csv: 1 projects; columns: 项目名称 = title, 所属部门 = sector, 总投资（亿元） = invest,"
        " 开工时间 = start,"
        " 竣工时间 = finish, 建设阶段 = stage"
    ]


def test_one_amount_of_several_rows_is_told() -> None:
    sheet = grid("p.csv", [USUAL, ("铝厂", "工业", 5, "2024-03")])
    sheet.rows[1][2] = sheet.rows[1][2]._replace(rows=2)
    sheet.notes.append((Place("p.csv"), msg("a row of totals, left out")))
    report = Report()
    projects.projects([sheet], "projects", report)
    assert (
        'p.csv:2:3  projects.铝厂.invest: got "5" for 2 rows together (merged cells), expected an amount'
        in ("\n".join(told(report)))
    )
    assert "p.csv: a row of totals, left out" in told(report)


def candidates_of(*rows: Sequence[object], heads: Sequence[str]) -> list[str]:
    """What is told of a planners' list where money is of two sources."""
    report = Report()
    planned.planned(grid("p.csv", [heads, *rows]), COLUMNS_OF_CANDIDATES, ("own", "bond"), report)
    return told(report)


PLANNED: dict[str, tuple[Sequence[str], Sequence[object], str]] = {
    "works have begun": (
        (*USUAL[:3], "建设阶段"),
        ("铝厂", "工业", 5, "在建"),
        "p.csv:2:1: works have begun: no candidate",
    ),
    "valued by its output": (
        (*USUAL[:3], "年产值（亿元）"),
        ("铝厂", "工业", 5, 8),
        "p.csv:2:4: no value is stated: valued by its yearly output",
    ),
    "money of no source": (
        USUAL[:3],
        ("铝厂", "工业", 5),
        "p.csv:2:3  铝厂.invest: got money of which no source is stated, expected a column for each"
        " source, or 资金来源;"
        " the sources are own or bond",
    ),
}


@pytest.mark.parametrize("case", PLANNED)
def test_a_list_of_projects_as_candidates_is_told(case: str) -> None:
    heads, row, said = PLANNED[case]
    found = candidates_of(row, heads=heads)
    assert said in found, found


def test_shares_of_a_mix_that_are_parts_of_1_are_told() -> None:
    report = Report()
    panels.mixes(grid("m.csv", [["部门", "plan"], ["农业", 0.4], ["工业", 0.6]]), "mixes", report)
    assert told(report) == [
        "m.csv:1:2  mixes: got shares that add to 1, expected percent: 40, not 0.4; write the sign in"
        " the cells or"
        " multiply by 100"
    ]


def test_so_many_projects_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projects, "MOST", 2)
    found = listed(*((f"厂{name}", "工业", 5, "2024-03") for name in "甲乙丙"))
    assert any(
        "projects: got 3 projects, expected at most 2; leave small ones to" in line for line in found
    ), found


PAST: dict[str, tuple[Rows, str]] = {
    "a row of no year": (
        [["年份", "增速"], ["2020", "3"], ["平均", "4"]],
        'h.csv:3:1: the row "平均" is no year: left out',
    ),
    "a column of something else": (
        [["年份", "增速", "降水量"], ["2020", "3", "4"]],
        'h.csv:1:3: the column "降水量" is not used',
    ),
    "fiscal years": (
        [["year", "growth"], ["2012-13", "3"]],
        "h.csv:2:1: fiscal years are called by the year in which they end: 2012-13 is 2013",
    ),
    "an index": (
        [["年份", "增速（上年=100）"], ["2020", "103"], ["2021", "104"]],
        "h.csv:1:2: an index of last year = 100: 100 is taken away",
    ),
    "per mille": ([["年份", "增速（‰）"], ["2020", "30"]], "h.csv:1:2: numbers in ‰ are read in %"),
    "another unit": (
        [["年份", "增速（吨）"], ["2020", "30"]],
        'h.csv:1:2  history.years.growth: got "增速（吨）", expected a number in %/yr; "吨" is no unit of it',
    ),
}


@pytest.mark.parametrize("case", PAST)
def test_a_table_of_past_years_is_told_at_its_cell(case: str) -> None:
    rows, said = PAST[case]
    report = Report()
    panels.years(grid("h.csv", rows), "history.years", report)
    assert any(said in line for line in told(report)), told(report)


WORDS: dict[str, tuple[str, dict[str, object], str]] = {
    "no number": ("高质量发展", {}, "高质量发展"),
    "three numbers": ("6 7 8", {}, '"6 7 8", which is no number with words known here'),
    "words not known": ("魔法7%", {}, "which is no number with words known here"),
    "a stretch below": ("确保7%、力争6%", {}, "a stretch tier below the one to ensure"),
    "both ends of one": ("控制在7%以上", {}, "a floor and a ceiling for one number"),
    "a range from above": ("8-7%", {}, "a range that no tiers can be read from"),
    "a range to stretch to": ("力争7-8%", {}, "a range that no tiers can be read from"),
    "a fall of what": ("下降3%", {}, "a fall, where it is not known whether less is better"),
    "a fall of a range": (
        "下降3-4%",
        {"ceiling": True},
        "a fall, where it is not known whether less is better",
    ),
    "a fall of at most what is to fall": (
        "下降3%以内",
        {"ceiling": True},
        "a floor and a ceiling for one number",
    ),
    "a fall of at least what is to rise": (
        "下降3%以上",
        {"floor": True},
        "a floor and a ceiling for one number",
    ),
    "a tier twice": ("确保6%、确保7%", {}, "two numbers for one tier; say which is to be ensured"),
    "a floor beside a ceiling": ("不低于6%、不高于7%", {}, "a floor and a ceiling; write two targets"),
    "another unit": ("7吨", {}, "a number in 吨, where % is asked for"),
}


@pytest.mark.parametrize("case", WORDS)
def test_a_target_in_words_that_is_unclear_says_why(case: str) -> None:
    text, known, said = WORDS[case]
    found = worded(text, "%", **known)  # type: ignore[arg-type]
    assert not found.tiers and said in getattr(found.unclear, "en", str(found.unclear)), found


REPORTS: dict[str, tuple[str, bytes, str]] = {
    "no text": ("r.txt", bytes(range(9)) + b"\0" * 20, "it is no text"),
    "another encoding": ("r.txt", b"\xff\xff\xff", "neither UTF-8 nor GBK"),
    "no document": ("r.docx", b"PK\x05\x06" + b"\0" * 18, "it is no Word document"),
    "no zip": ("r.docx", b"text", "a file that is no workbook"),
}


@pytest.mark.parametrize("case", REPORTS)
def test_a_report_that_cannot_be_read_says_why(case: str, tmp_path: Path) -> None:
    name, data, said = REPORTS[case]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DabiaoError) as caught:
        read_lines(tmp_path / name)
    assert str(caught.value) == f"cannot read {tmp_path / name}: {said}"


def facts(**changes: object) -> Facts:
    """Figures of a region that stand together, but for the changes."""
    usual: dict[str, object] = {
        "region": "某市",
        "year": 2023,
        "gdp": 1000.0,
        "primary": 100.0,
        "industry": 400.0,
        "construction": 80.0,
        "ensure": 5.0,
    }
    return Facts(**{**usual, **changes})  # type: ignore[arg-type]


FIGURES: dict[str, tuple[dict[str, object], str]] = {
    "no industry": (
        {"industry": None, "construction": None},
        "--industry: got nothing, expected value added of industry, or --secondary; a bulletin states"
        " one of them",
    ),
    "no primary sector": (
        {"primary": 0.0},
        "--primary: got 0, expected more than 0, 亿元; a sector that is not",
    ),
    "an endless GDP": ({"gdp": float("inf")}, "--gdp: got inf, expected more than 0"),
    "a GDP of the nation and more": ({"gdp": 2e7}, "is it in 万元? then --gdp 2000"),
    "an investment of the nation and more": ({"fai": 2e7}, "is it in 万元? then --fai 2000"),
    "a secondary sector of its own": (
        {"secondary": 500.0},
        "--secondary: got 500 beside 400 of industry and 80 of construction, expected industry and"
        " construction",
    ),
    "no services": (
        {"gdp": 580.0},
        "--gdp: got 580, of which 580 in primary, industry and construction, expected less in these than GDP",
    ),
    "a year to come": (
        {"past": {2024: (5.0, None)}},
        "--past: got 2024, expected a year from 1973 to 2023, the base year",
    ),
    "a year long ago": ({"past": {1949: (5.0, None)}}, "--past: got 1949, expected a year from 1973 to 2023"),
    "two growths of a year": (
        {"growth": 5.0, "past": {2023: (5.5, None)}},
        "--growth: got 5 beside 5.5 of --past 2023, expected one growth of the base year",
    ),
    "a stretch below": ({"stretch": 4.0}, "--stretch: got 4, expected at least the 5 of --target"),
}


@pytest.mark.parametrize("case", FIGURES)
def test_first_figures_that_cannot_stand_together_are_told(case: str) -> None:
    changes, said = FIGURES[case]
    with pytest.raises(ScenarioError) as caught:
        begin(facts(**changes))
    found = "\n".join(map(str, caught.value.problems))
    assert said in found, found


DOUBTS: dict[str, tuple[dict[str, object], str]] = {
    "a GDP beyond any province's": (
        {"gdp": 200000.0},
        "--gdp 200000: CNY 20,000bn is more than any province's; is it in CNY 10k? then --gdp 20",
    ),
    "a target of parts of 1": ({"ensure": 0.06}, "--target 0.06 is read as 0.06 %; if 6 % is meant, write 6"),
    "an index for growth": (
        {"growth": 106.0},
        "--growth 106 is read as 106 %; if it is an index (last year = 100), write 6",
    ),
    "past growth of parts of 1": (
        {"past": {2021: (0.06, None), 2022: (0.05, None), 2023: (0.055, None)}},
        "--past 2021 ",
    ),
    "a year left out": (
        {"past": {2020: (6.0, None), 2022: (5.0, None), 2023: (5.5, None)}},
        "--past lacks 2021",
    ),
    "a far year": ({"year": 2005}, "--year 2005: the national priors are of 2020"),
}


@pytest.mark.parametrize("case", DOUBTS)
def test_first_figures_that_look_like_a_slip_are_told(case: str) -> None:
    changes, said = DOUBTS[case]
    assert not any(said in one.en for one in doubts(facts()))
    found = [one.en for one in doubts(facts(**changes))]
    assert any(one.startswith(said) for one in found), found


GROUND = Ground("t.yaml", "", {"farms": 1.0, "mills": 3.0}, {}, (), {}, False, frozenset(), None)
OWN: dict[str, tuple[dict[str, object], str]] = {
    "nothing": ({}, "--gdp: got nothing, expected GDP, or value added by --va"),
    "another sum": (
        {"gdp": 100.0, "va": {"farms": 20.0, "mills": 60.0}},
        "--va: got 80 in all, expected as much as GDP, 100; every sector of the region; or leave out --gdp",
    ),
    "a class that is not there": (
        {"va": {"farm": 20.0}},
        "--va: got `farm`, expected a class or group of t.yaml: farms or mills; did you mean farms?",
    ),
}


@pytest.mark.parametrize("case", OWN)
def test_value_added_of_a_table_of_ones_own_is_told(case: str) -> None:
    given, said = OWN[case]
    usual = {"region": "R", "year": 2023, "gdp": None, "va": {}, "ensure": 5.0, "country": "Ruritania"}
    with pytest.raises(ScenarioError) as caught:
        models_of(OwnFacts(**{**usual, **given}), GROUND)  # type: ignore[arg-type]
    assert said in str(caught.value)


def test_names_that_are_no_source_of_money_are_told(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(
        "项目名称,所属部门,总投资（亿元）,开工时间,资金来源\n铝厂,工厂,5,2021-03,彩票100%\n", encoding="utf-8"
    )
    start, end = TEXT.index("projects:\n"), TEXT.index("pool:")
    listed_there = f"{TEXT[:start]}projects: {{file: p.csv, assumption: listed}}\n\n{TEXT[end:]}"
    path = tmp_path / "city.yaml"
    path.write_text(listed_there, encoding="utf-8")
    notes = [note.en for note in load(path).notes]
    assert any("彩票 is no source of money here: not used; one of own or bond" in note for note in notes), (
        notes
    )
    path.write_text(
        listed_there.replace("funds:\n  own: {title: 自有资金}\n  bond: {title: 专项债, amount: 20}\n", "")
        .replace("    funds: {own: 60, bond: 40}\n", "")
        .replace("  bonds: {title: 专项债, on: source, fund: bond, max: 20}\n", ""),
        encoding="utf-8",
    )
    notes = [note.en for note in load(path).notes]
    assert any("the scenario has no `funds`: sources of money are not used" in note for note in notes), notes
