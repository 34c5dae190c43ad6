"""A workbook to fill in: written, read with its cells, filled up, and there and back without loss."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine import build
from dabiao.engine.forecast.levels import scale
from dabiao.models.errors import ScenarioError
from dabiao.models.quantity import Draws
from dabiao.models.words import LANGUAGES
from dabiao.results.forms.excel.converted import scenario_book
from dabiao.results.forms.excel.inputs import inputs_book, template
from dabiao.scenarios.begin import Facts, begin
from dabiao.scenarios.book.flat import leaves, quoted
from dabiao.scenarios.book.layout import choices, sheets
from dabiao.scenarios.book.read import _scalar
from dabiao.scenarios.load import load, resolved_yaml
from dabiao.scenarios.report import Place
from dabiao.scenarios.tables.grid import Cell
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

NEEDED = {"B4": "My city", "B8": 2023, "B11": 1000, "B12": 100, "B14": 400, "B15": 80}
TARGET = {"A5": "GDP growth", "B5": "at least 5 %", "G5": "yes"}
FACTS = Facts("My city", 2023, 1000, 100, 400, 80, 5)


def filled(file: Path, lang: str = "en", **cells: dict[str, object]) -> Path:
    """A template with what is needed, and more cells by sheet."""
    book = load_workbook(io.BytesIO(template(lang)))
    said = {"basics": NEEDED, "targets": TARGET}
    for key in {**said, **cells}:
        sheet = book[sheets()[key].title.of(lang)]
        for at, value in {**said.get(key, {}), **cells.get(key, {})}.items():
            sheet[at] = value
    book.save(file)
    return file


def complaints(file: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load(file)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_template_asks_in_its_language_and_says_where(lang, tmp_path):
    file = tmp_path / "region.xlsx"
    file.write_bytes(template(lang))
    book = load_workbook(file)
    for key, sheet in sheets().items():
        page = book[sheet.title.of(lang)]
        heads = [cell.value for cell in page[3]]
        assert heads[: len(sheet.columns)] == [column.heading(lang) for column in sheet.columns], key
        assert page["A1"].value == sheet.title.of(lang)
        assert any(cell.fill.fgColor.rgb == "FFFFF6CC" for row in page.iter_rows() for cell in row), key
    offered = {
        rule.formula1
        for page in book.worksheets
        for rule in page.data_validations.dataValidation
        if rule.formula1
    }
    assert len([rule for rule in offered if "lists" in rule]) == 10
    title = sheets()["basics"].title.of(lang)
    places = {line.split("  ")[0].rpartition("!")[2] for line in complaints(file)}
    assert places == {"B4", "B8", "B11", "B12", "B14"} | {f"{sheets()['targets'].title.of(lang)}"}, title


def test_what_is_left_out_is_filled_as_for_a_first_scenario_and_told(tmp_path):
    loaded = load(filled(tmp_path / "city.xlsx"))
    (tmp_path / "baseline.yaml").write_text(begin(FACTS)["baseline.yaml"], encoding="utf-8")
    assert resolved_yaml(loaded) == resolved_yaml(load(tmp_path / "baseline.yaml"))
    assert loaded.origins["accounts.gdp"].endswith("city.xlsx!Basics!B11")
    assert loaded.origins["targets.gdp_growth.ensure"].endswith("city.xlsx!Targets!B5")
    told = [str(note) for note in loaded.notes if "left out" in str(note)]
    assert len(told) == 1
    for name in ("Fixed-asset investment", "Mixes", "Limits", "History", "Sectors"):
        assert name in told[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sheet_is_read(lang, tmp_path):
    word = lambda name, key: choices(name)[key].of(lang)  # noqa: E731
    loaded = load(
        filled(
            tmp_path / "city.xlsx",
            lang,
            basics={"B17": 5600000, "C17": "万元", "B18": 7, "D17": "Yearbook"},
            history={"A5": 2021, "B5": 8.1, "C5": 7, "D5": "yearbook-2023", "A6": "2022年", "B6": "3.9%"},
            sectors={
                "B5": "Farming",
                "D5": word("models", "agriculture"),
                "E5": word("classes", "primary"),
                "F5": 100,
                "B6": "Steel",
                "C6": "Steel",
                "E6": word("classes", "metals"),
                "F6": 480,
                "G6": 6,
                "B7": "Services",
                "E7": word("classes", "tertiary"),
                "F7": 420,
            },
            projects={
                "B5": "Works",
                "D5": "Steel",
                "E5": 20,
                "G5": word("stages", "approved"),
                "H5": "2024年3月",
                "J5": 14,
                "O5": 30,
                "P5": word("yes", "true"),
            },
            mixes={
                "A5": "Farming",
                "B5": 2,
                "C5": 2,
                "A6": "Steel",
                "B6": 38,
                "C6": 44,
                "A7": "Services",
                "B7": 60,
                "C7": 54,
                "A8": None,
            },
            targets={
                "A6": word("indicators", "retail_growth"),
                "B6": "6%左右",
                "A7": "Jobs",
                "C7": 3,
                "F7": "万人",
                "H7": word("bases", "stated"),
            },
            limits={"B5": "Money", "D5": word("limits", "investment"), "E5": 600, "G5": 650, "H5": 1},
            sources={"A5": "yearbook-2023", "B5": "统计年鉴", "C5": "Yearbook"},
            other={"A5": "demand.income_elasticity", "B5": 0.7, "E5": "survey", "G5": 0.6, "H5": 0.9},
        )
    )
    one = loaded.scenario
    assert one.accounts.fai.value == 560
    assert one.accounts.fai.source == "yearbook-2023"
    assert one.history.years["2022"].growth.value == 3.9
    assert list(one.sectors) == ["Farming", "Steel", "Services"]
    assert one.sectors["Steel"].market.trend.value == 6
    assert one.projects["Works"].stage == "approved"
    assert one.projects["Works"].start == "2024-03"
    assert one.mixes["plan"].shares["Steel"].value == 38
    assert one.targets["retail_growth"].ensure.value == 6
    assert one.targets["Jobs"].basis == "stated"
    assert one.limits["investment"].relax_to.value == 650
    assert one.demand.income_elasticity.high == 0.9
    assert loaded.origins["projects.Works.invest"].endswith("!E5")


WRONG = {
    "words for a number": (
        "basics",
        "B11",
        "about a thousand",
        'Basics!B11  accounts.gdp: got "about a thousand"',
    ),
    "a formula without a result": (
        "basics",
        "B11",
        "=1+1",
        "Basics!B11  basics: got a formula without a stored",
    ),
    "no sum": ("basics", "B14", 990, "Basics!B11  accounts.gdp: got 1000, of which 1170"),
    "no such unit": ("basics", "C11", "吨", "Basics!B11  accounts.gdp: got"),
    "no year": ("history", "A5", "long ago", 'History!A5  history.years: got "long ago", expected a year'),
    "no kind of limit": ("limits", "D5", "weather", 'Limits!D5  limits.weather.on: got "weather"'),
    "neither yes nor no": ("targets", "G5", "perhaps", 'Targets!G5  targets.main: got "perhaps"'),
    "no target": ("targets", "B5", "no more than 7 %", "Targets  targets: got no target of GDP growth"),
    "no wording": ("targets", "B5", "good", "Targets!B5  targets.gdp_growth.said: got "),
    "a second growth": ("history", "A5", 2023, "Basics!B16  growth: got 6 beside 5 of "),
    "a span that is none": (
        "targets",
        "J5",
        "the plan",
        'Targets!J5  targets.over: got "the plan", expected a first and a last year',
    ),
    "no measure": ("targets", "K5", "median", "Targets!K5  targets.gdp_growth.measure: got"),
    "no year of the plan": (
        "years",
        "A5",
        "soon",
        'Plan by year!A5  investment: got "soon", expected a year',
    ),
    "a word for investment": (
        "years",
        "B5",
        "more",
        'Plan by year!B5  years.path: got "more", expected a number',
    ),
    "no such part of what is known": (
        "actuals",
        "A5",
        "weather",
        'Known so far!A5  actuals: got "weather", expected figures, nation,',
    ),
    "a time that is none": ("actuals", "C5", "second quarter", "Known so far!C5  actuals.figures"),
    "a single quarter": ("actuals", "C5", "二季度", "Known so far!C5  actuals.figures"),
    "no figure": ("actuals", "D5", "good", "Known so far!D5  actuals.figures"),
    "no path": ("other", "A5", "[0].x", "Other!A5"),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_a_mistake_names_the_cell(case, tmp_path):
    key, at, value, said = case
    more = {"B5": 5} if key in ("history", "other") else {}
    if key == "years":
        more = {"A5": 2024}
    if key == "actuals":
        more = {"B5": "GDP growth", "C5": "2024-06", "D5": 6}
    cells = {"basics": {"B16": 6}} | {key: {**more, at: value}}
    found = complaints(filled(tmp_path / "city.xlsx", **cells))
    assert any(f"city.xlsx!{said}" in line for line in found), found


def test_a_target_that_is_not_understood_hides_no_other_mistake(tmp_path):
    cells = {
        "targets": {"B5": "good", "A6": "CPI", "B6": "bad"},
        "projects": {"B5": "Works", "D5": "weather"},
    }
    found = complaints(filled(tmp_path / "city.xlsx", **cells))
    for cell in ("Targets!B5", "Targets!B6", "Projects!D5"):
        assert any(f"city.xlsx!{cell}" in line for line in found), (cell, found)


@pytest.mark.parametrize("name", ["New urban jobs", "urban jobs", "城镇新增就业"])
def test_a_level_is_known_by_its_name_in_either_language(name, tmp_path):
    cells = {"targets": {"A6": name, "B6": "21,000 jobs"}}
    row = load(filled(tmp_path / "city.xlsx", **cells)).scenario.targets["urban_jobs"]
    assert row.basis is None and row.ensure.value == pytest.approx(2.1)


PLAN: dict[str, dict[str, dict[str, object]]] = {
    "zh": {
        "basics": {"B8": 2020, "B9": 2025, "B10": 2025, "B21": 8},
        "years": {"A5": 2022, "B5": 640, "A6": 2023, "C6": 8, "D6": 1.5, "F6": "规划"},
        "mixes": {
            "C3": "计划2023",
            "A5": "农业",
            "B5": 4,
            "C5": 3,
            "A6": "工业",
            "B6": 35,
            "C6": 40,
            "A7": "建筑业",
            "B7": 1,
            "C7": 1,
            "A8": "服务业",
            "B8": 60,
            "C8": 56,
        },
        "targets": {
            "A5": "地区生产总值增速",
            "B5": "“十四五”期间年均7%",
            "G5": "是",
            "A6": "地区生产总值",
            "B6": "到2025年达到1500亿元",
            "A7": "地区生产总值增速",
            "C7": 7.5,
            "I7": 2021,
            "A8": "fai_level",
            "C8": 3600,
            "J8": "2021-2025",
            "K8": "累计",
            "A9": "规模以上工业增加值增速",
            "C9": 5,
            "K9": "每年",
        },
        "limits": {"D5": "投资总量", "E5": 3700, "J5": "2021—2025年", "K5": "是"},
        "actuals": {
            "B5": "地区生产总值增速",
            "C5": 2021,
            "D5": 8.2,
            "E5": "公报",
            "A6": "累计数",
            "B6": "地区生产总值增速",
            "C6": "2022年上半年",
            "D6": 4,
            "A7": "全国",
            "C7": 2021,
            "D7": 8.1,
            "A8": "已完成投资",
            "B8": "工业",
            "D8": 90,
            "E8": "统计快报",
        },
    },
    "en": {
        "basics": {"B8": 2020, "B9": 2025, "B10": 2025, "B21": 8},
        "years": {"A5": 2022, "B5": 640, "A6": 2023, "C6": 8, "D6": 1.5, "F6": "the plan"},
        "mixes": {
            "C3": "plan 2023",
            "A5": "agriculture",
            "B5": 4,
            "C5": 3,
            "A6": "industry",
            "B6": 35,
            "C6": 40,
            "A7": "construction",
            "B7": 1,
            "C7": 1,
            "A8": "services",
            "B8": 60,
            "C8": 56,
        },
        "targets": {
            "A5": "GDP growth",
            "B5": "at least 7 % on average",
            "G5": "yes",
            "A6": "GDP",
            "B6": "CNY 150bn by 2025",
            "A7": "GDP growth",
            "C7": 7.5,
            "I7": 2021,
            "A8": "fai_level",
            "C8": 3600,
            "J8": "2021 to 2025",
            "K8": "total",
            "A9": "Above-scale industry growth",
            "C9": 5,
            "K9": "every year",
        },
        "limits": {"D5": "total investment", "E5": 3700, "J5": "2021-2025", "K5": "yes"},
        "actuals": {
            "B5": "GDP growth",
            "C5": 2021,
            "D5": 8.2,
            "E5": "Bulletin",
            "A6": "figure",
            "B6": "GDP growth",
            "C6": "2022-06",
            "D6": 4,
            "A7": "nation",
            "C7": 2021,
            "D7": 8.1,
            "A8": "investment placed",
            "B8": "industry",
            "D8": 90,
        },
    },
}


PLACED = ("actuals.placed.industry", "actuals.placed.industry.value")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plan_of_several_years_is_read_as_it_is_filled_in(lang, tmp_path):
    loaded = load(filled(tmp_path / "plan.xlsx", lang, **PLAN[lang]))
    one = loaded.scenario
    assert {year: own.value for year, own in one.investment.path.items()} == {"2022": 640}
    assert {year: own.value for year, own in one.investment.growth_in.items()} == {"2023": 8}
    assert one.prices.gdp_in["2023"].value == 1.5
    assert {key: own.value for key, own in one.mixes["plan"].by_year["2023"].items()}["industry"] == 40
    said = {key: (row.measure, row.year, row.over, row.ensure.value) for key, row in one.targets.items()}
    average = said.pop("gdp_growth")
    assert (average[0], average[3]) == ("average", 7)
    assert one.targets["gdp_growth"].span(one.years) == (2021, 2025)
    assert said["gdp_level"][1:] == (2025, (), 1500)
    assert said["fai_level"] == ("sum", None, (2021, 2025), 3600)
    assert said["industry_above_scale_growth"] == ("every", None, (), 5)
    (other,) = set(said) - {"gdp_level", "fai_level", "industry_above_scale_growth"}
    assert one.targets[other].indicator == "gdp_growth" and said[other][1:] == (2021, (), 7.5)
    money = one.limits["investment"]
    assert (money.over, money.together, money.max.value) == ((2021, 2025), True, 3700)
    assert {time: own.value for time, own in one.actuals.figures["gdp_growth"].items()} == {
        "2021-12": 8.2,
        "2022-06": 4,
    }
    assert one.actuals.nation["2021-12"].value == 8.1 and one.actuals.placed["industry"].value == 90
    assert loaded.origins["investment.path.2022"].endswith("!B5")
    (place,) = {at for key, at in loaded.origins.items() if key in PLACED}
    assert place.endswith("!D8")
    assert one.history.years["2021"].target.value == 7.5  # the row of that year, not the average


@pytest.mark.parametrize("said", ["年均7%", "“十四五”期间年均7%", "2021-2025年年均增长7%以上"])
def test_a_target_of_several_years_is_none_of_the_first(said, tmp_path):
    cells = {"basics": {"B8": 2020, "B9": 2025, "B10": 2025}, "targets": {"A5": "GDP growth", "B5": said}}
    one = load(filled(tmp_path / "plan.xlsx", **cells)).scenario
    assert one.targets["gdp_growth"].measure == "average" and one.targets["gdp_growth"].ensure.value == 7
    assert "2021" not in one.history.years


def test_a_figure_of_a_row_that_the_sheet_does_not_have_is_told_and_left_out(tmp_path):
    known = {"B5": "GDP growth", "C5": "2024-06", "D5": 6, "B6": "weather", "C6": "2024-06", "D6": 3}
    loaded = load(filled(tmp_path / "city.xlsx", actuals=known))
    assert list(loaded.scenario.actuals.figures) == ["gdp_growth"]
    assert any("weather" in str(note) and "Known so far!B6" in str(note) for note in loaded.notes)


def test_an_outlook_of_now_needs_no_path_of_before(tmp_path):
    """Nothing said of later years: the nation was expected to go on as in the first."""
    known = {"B5": "GDP growth", "C5": 2021, "D5": 8.2, "B6": "GDP growth", "C6": 2022, "D6": 4}
    nation = {"A7": "nation", "C7": 2022, "D7": 3, "A8": "outlook of the nation", "C8": 2023, "D8": 5}
    cells = PLAN["en"] | {"actuals": known | nation}
    file = filled(tmp_path / "plan.xlsx", **cells)
    done = CliRunner().invoke(simulate, ["track", str(file), "--draws", "512", "--lang", "en", "-q"])
    assert done.exit_code == 0, done.output


def test_a_path_of_money_and_prices_comes_back(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "extends: example:panzhihua-plan14/mid-term\nassumption: made up\n"
        "investment: {path: {2024: 1000}, growth_in: {2025: 6}}\nprices: {gdp_in: {2025: 1.2}}\n"
        "actuals: {projects: {yinjiang: {expected: 2025-09}}, placed: {}}\n",
        encoding="utf-8",
    )
    loaded = load(tmp_path / "a.yaml")
    for lang in LANGUAGES:
        file = tmp_path / f"{lang}.xlsx"
        file.write_bytes(scenario_book(loaded, lang))
        page = load_workbook(file)[sheets()["years"].title.of(lang)]
        assert [[cell.value for cell in row[:4]] for row in page.iter_rows(min_row=4, max_row=5)] == [
            [2024, 1000, None, None],
            [2025, None, 6, 1.2],
        ]
        back = load(file)
        assert resolved_yaml(back) == resolved_yaml(loaded)
        assert back.scenario.targets["growth_average"].over == (2021, 2025)
        assert back.scenario.actuals.figures["gdp_2025"]["2023-12"].value == 1303.8


def test_an_example_is_not_read_and_told_where_somebody_wrote_over_it(tmp_path):
    file = filled(tmp_path / "city.xlsx", projects={"B4": "Real works"})
    loaded = load(file)
    assert not loaded.scenario.projects
    assert [str(note) for note in loaded.notes if "Projects!A4" in str(note)]
    assert not [str(note) for note in loaded.notes if "Targets!A4" in str(note)]


@pytest.mark.parametrize(
    "name",
    [
        *("deyang-2022", "panzhihua-2024", "panzhihua-2024/stretch.yaml", "a new city"),
        *("panzhihua-plan14", "panzhihua-plan14/mid-term", "panzhihua-2021/half-year"),
    ],
)
def test_there_and_back_without_loss(name, tmp_path):
    if name == "a new city":
        (tmp_path / "baseline.yaml").write_text(begin(FACTS)["baseline.yaml"], encoding="utf-8")
        loaded = load(tmp_path / "baseline.yaml")
    else:
        loaded = load(f"example:{name}")
    file = tmp_path / "book.xlsx"
    for lang in LANGUAGES if name == "deyang-2022" else LANGUAGES[:1]:
        file.write_bytes(scenario_book(loaded, lang))
        assert resolved_yaml(load(file)) == resolved_yaml(loaded)
    book = load_workbook(file)
    assert sum(1 for row in book[sheets()["projects"].title.of(lang)]["B"][3:] if row.value) == len(
        loaded.scenario.projects
    )


def test_the_workbook_of_a_scenario_that_stands_alone(tmp_path):
    loaded = load("example:deyang-2022")
    (tmp_path / "alone.yaml").write_text(resolved_yaml(loaded), encoding="utf-8")
    alone = load(tmp_path / "alone.yaml")
    (tmp_path / "alone.xlsx").write_bytes(scenario_book(alone, "en"))
    assert resolved_yaml(load(tmp_path / "alone.xlsx")) == resolved_yaml(loaded)


def test_a_level_of_another_regions_size_stays_one_there_and_back(tmp_path):
    """Jobs of another city's size judge nothing, in whichever file they stand."""
    cells = {"targets": {"A6": "城镇新增就业", "B6": "2.1万人"}}
    first = load(filled(tmp_path / "city.xlsx", **cells))
    (tmp_path / "city.yaml").write_text(resolved_yaml(first), encoding="utf-8")
    second = load(tmp_path / "city.yaml")
    (tmp_path / "back.xlsx").write_bytes(scenario_book(second, "en"))
    third = load(tmp_path / "back.xlsx")
    for each in (first, second, third):
        assert scale(each.scenario, "urban_jobs") is None and scale(each.scenario, "retail_growth") == 1
        assert build.sheet(each.scenario, Draws()).targets["urban_jobs"].basis == "stated"
    (tmp_path / "own.yaml").write_text(
        "extends: city.yaml\nrelations: {urban_jobs: {constant: {value: 1, assumption: made up}}}\n",
        encoding="utf-8",
    )
    own = load(tmp_path / "own.yaml").scenario
    assert scale(own, "urban_jobs") == 1 and build.sheet(own, Draws()).targets["urban_jobs"].basis == "linked"


def test_a_changed_cell_changes_what_is_run(tmp_path):
    file = tmp_path / "book.xlsx"
    file.write_bytes(scenario_book(load("example:deyang-2022"), "en"))
    book = load_workbook(file)
    page = book["Projects"]
    page["E4"] = 130
    book.save(file)
    loaded = load(file)
    before = load("example:deyang-2022").scenario.projects
    key = next(iter(before))
    assert loaded.scenario.projects[key].invest.value == 130 != before[key].invest.value


def test_results_of_a_workbook_are_those_of_the_scenario(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    runner.invoke(
        simulate, ["convert", "example:deyang-2022", "a.xlsx", "--lang", "en"], catch_exceptions=False
    )
    before = Path("a.xlsx").read_bytes()
    said = {}
    for name in ("a.xlsx", "example:deyang-2022"):
        done = runner.invoke(simulate, ["run", name, "--draws", "0", "--json", "-q"], catch_exceptions=False)
        assert done.exit_code == 0
        text = done.stdout
        for place in sorted(set(load(name).origins.values()), key=len, reverse=True):
            text = text.replace(json.dumps(place, ensure_ascii=False)[1:-1], "")
        said[name] = json.loads(text)["tables"]
    first, second = said.values()
    for each in (first, second):  # which names the files
        each["summary"]["rows"] = [row for row in each["summary"]["rows"] if row[0] != "inherited"]
    assert json.dumps(first["targets"]) == json.dumps(second["targets"])
    assert {key for key in first if first[key] != second[key]} <= {
        "assumptions",
        "hints",
        "inherited",
        "numbers",
        "notes",
    }
    assert Path("a.xlsx").read_bytes() == before
    book = load_workbook("a-results.xlsx")
    copied = next(sheet for sheet in book if sheet.title.endswith("Projects"))
    assert copied["B4"].value == load_workbook("a.xlsx")["Projects"]["B4"].value


def test_results_never_replace_what_is_no_workbook_of_results(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    filled(Path("city.xlsx"))
    Path("city-results.xlsx").write_bytes(b"mine")
    done = CliRunner().invoke(simulate, ["run", "city.xlsx", "--draws", "0", "-q"])
    assert done.exit_code == 2
    assert Path("city-results.xlsx").read_bytes() == b"mine"
    Path("city-results.xlsx").unlink()
    for _ in range(2):
        assert CliRunner().invoke(simulate, ["run", "city.xlsx", "--draws", "0", "-q"]).exit_code == 0


def test_nothing_is_overwritten(tmp_path):
    file = tmp_path / "city.xlsx"
    file.write_bytes(b"mine")
    for words in (["template", str(file)], ["convert", "example:deyang-2022", str(file)]):
        assert CliRunner().invoke(simulate, words).exit_code == 2
        assert file.read_bytes() == b"mine"
    assert CliRunner().invoke(simulate, ["template", str(tmp_path / "city.xls")]).exit_code == 2


def packed(file: Path, name: str, data: bytes) -> Path:
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr(name, data)
    return file


def test_a_hostile_workbook_is_told_and_harmless(tmp_path):
    said = complaints(packed(filled(tmp_path / "a.xlsx"), "xl/vbaProject.bin", b"x"))
    assert "macros" in said[0]
    said = complaints(packed(filled(tmp_path / "b.xlsx"), "xl/media/a.bin", b"\0" * 90_000_000))
    assert "unpacked" in said[0]
    (tmp_path / "c.xlsx").write_bytes(b"hello")
    assert "no workbook" in complaints(tmp_path / "c.xlsx")[0]
    foreign = packed(filled(tmp_path / "d.xlsx"), "xl/externalLinks/externalLink1.xml", b"<a/>")
    assert load(foreign).scenario.accounts.gdp.value == 1000
    said = complaints(filled(tmp_path / "e.xlsx", targets={"A7": '=cmd|"/c calc"!A1', "B7": "5%"}))
    assert any("Targets!A7" in line and "formula" in line for line in said)


@given(
    st.text(max_size=20)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.booleans()
    | st.sampled_from(
        ["null", "true", "007", "{}", "[]", '"a"', "2024-03", " a ", "a\u200bb", "\x07", "a\u2028"]
    )
)
def test_a_value_comes_back_from_its_cell(value):
    said = quoted(value)
    text = f"{said:.15g}" if isinstance(said, float) and float(f"{said:.15g}") == said else str(said)
    assert text.isprintable(), "what no cell keeps, or nobody sees, is spelled out"
    found = _scalar(Cell(text, Place("a.xlsx!Other", 1, 1)))
    assert found.value == value
    assert type(found.value) is type(value) or isinstance(value, float)


def test_a_text_between_two_quotes_that_is_no_text_in_quotes_stands_as_it_is():
    for text in ('"first" and "second"', '"a\\"', '"""'):
        assert _scalar(Cell(text, Place("a.xlsx!Other", 1, 1))).value == text


def test_values_by_path_and_rows_of_a_sheet():
    tree = {
        "a": {"source": "book", "b": 1, "c": {"value": 2, "low": 1, "assumption": "guess"}},
        "d": {"e": [1, 2], "f": {}},
    }
    found = leaves(tree, {"a.b", "a.c"})
    assert list(found) == ["a.b", "a.c", "d.e[0]", "d.e[1]", "d.f"]
    assert found["a.b"].given == ("book", None)
    assert (found["a.c"].low, found["a.c"].given) == (1, (None, "guess"))
    book = load_workbook(io.BytesIO(inputs_book("en", {"other": [{"path": "x", "value": 0.1 + 0.2}]})))
    assert book["Other"]["B4"].value == repr(0.1 + 0.2)


def test_a_file_may_extend_a_workbook_and_results_are_no_scenario(tmp_path):
    filled(tmp_path / "city.xlsx")
    (tmp_path / "more.yaml").write_text(
        "extends: city.xlsx\ninvestment: {growth: {value: 9, assumption: what if}}\n", encoding="utf-8"
    )
    loaded = load(tmp_path / "more.yaml")
    assert loaded.scenario.investment.growth.value == 9
    assert loaded.origins["accounts.gdp"].endswith("city.xlsx!Basics!B11")
    filled(tmp_path / "city-results.xlsx")
    assert complaints(tmp_path / "city-results.xlsx")[0].endswith("city.xlsx")


def test_the_order_of_keys_is_no_part_of_a_scenario(tmp_path):
    text = begin(FACTS)["baseline.yaml"]
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    turned = text.replace("{base: 2023, target: 2024, last: 2028}", "{last: 2028, target: 2024, base: 2023}")
    turned = turned.replace("{zh: 农业, en: Agriculture}", "{en: Agriculture, zh: 农业}").replace(
        "ensure: 5", "ensure: 5.0"
    )
    assert turned != text
    (tmp_path / "b.yaml").write_text(turned, encoding="utf-8")
    assert resolved_yaml(load(tmp_path / "a.yaml")) == resolved_yaml(load(tmp_path / "b.yaml"))


def sheet_of_targets(file: Path, rows: list[list[object]]) -> Path:
    """A workbook over whose target sheet another one was pasted."""
    filled(file, "zh")
    book = load_workbook(file)
    page = book[sheets()["targets"].title.zh]
    page.delete_rows(1, page.max_row)
    for row in rows:
        page.append(row)
    book.save(file)
    return file


def test_a_departments_table_of_targets_is_read_level_beside_growth(tmp_path):
    rows = [
        ["2024年主要经济指标目标建议表"],
        ["指标", "单位", "2023年预计", None, "2024年目标", None],
        [None, None, "绝对值", "增长（%）", "绝对值", "增长（%）"],
        ["一、经济增长"],
        ["1.地区生产总值", "亿元", 1000, 6.2, 1080, 7.5],
        ["  #规模以上工业增加值", "亿元", None, 7.1, None, 8],
        ["2.固定资产投资", "亿元", 780, 5, 842, 8],
        ["3.城镇登记失业率", "%", 3.2, None, "3.5以内", None],
    ]
    found = load(sheet_of_targets(tmp_path / "book.xlsx", rows)).scenario.targets
    said = {key: target.ensure or target.at_most for key, target in found.items()}
    assert {key: quantity.value for key, quantity in said.items()} == {
        "gdp_level": 1080,
        "gdp_growth": 7.5,
        "industry_above_scale_growth": 8,
        "固定资产投资": 842,
        "fai_growth": 8,
        "城镇登记失业率": 3.5,
    }
    assert {key for key, target in found.items() if target.basis == "stated"} == {
        "固定资产投资",
        "城镇登记失业率",
    }


def test_what_the_model_does_not_compute_is_shown_and_told_and_a_slip_of_the_pen_is_asked_about(tmp_path):
    rows = [
        ["序号", "指标名称", "计量单位", "2023年完成", "2024年目标", "属性"],
        [1, "地区生产总值", "%", 6.2, "7%以上", "预期性"],
        [2, "单位GDP能耗", "%", None, "下降3%左右", "约束性"],
        [3, "第二产业增加值", "%", None, 8, "预期性"],
        [4, "城乡居民收入", "%", None, "与经济增长同步", "预期性"],
    ]
    loaded = load(sheet_of_targets(tmp_path / "book.xlsx", rows))
    found = loaded.scenario.targets
    assert found["单位GDP能耗"].basis == "stated" and found["单位GDP能耗"].at_most.value == -3
    assert list(found["第二产业增加值"].covers) == ["secondary"]
    assert found["household_income_growth"].ensure.value == 7
    assert any("not computed" in str(note) and "B3" in str(note) for note in loaded.notes)
    rows[2][1] = "固定资产投资额度"
    said = complaints(sheet_of_targets(tmp_path / "slip.xlsx", rows))
    assert any("did you mean" in each and "fai_growth" in each for each in said)


def test_a_number_that_may_be_growth_or_a_level_is_asked_about_with_its_cell(tmp_path):
    (said,) = complaints(sheet_of_targets(tmp_path / "b.xlsx", [["指标", "目标原话"], ["地区生产总值", 7.5]]))
    assert "B2" in said and "growth in % or the level" in said


@pytest.mark.parametrize("how", ["renamed", "sheet", "row"])
def test_a_refused_workbook_tells_also_what_was_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("a.xlsx")
    path.write_bytes(scenario_book(load("example:deyang-2022"), "en"))
    book = load_workbook(path)
    if how == "renamed":
        book["Sectors"].title = "Sectors 2"
    elif how == "sheet":
        book["Sectors"].sheet_state = "hidden"
    else:
        book["Sectors"].row_dimensions[4].hidden = True
    book.save(path)
    with pytest.raises(ScenarioError) as caught:
        load(path)
    told = {
        "renamed": "a.xlsx!Sectors 2: a sheet that is not read; did you mean Sectors?",
        "sheet": 'a.xlsx: hidden sheets are not read: "Sectors"',
        "row": "a.xlsx!Sectors: 1 hidden rows are left out (4); show them in Excel if they count",
    }[how]
    first, *others = caught.value.of("en").splitlines()
    assert first == told and len(others) == len(caught.value.problems) > 0
