"""Units: a multiple of the one asked for converts, another is refused; rates that look like parts of 1 or an
index are asked about, in every field and every panel."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
import yaml
from command import GIVEN, call
from dabiao.engine.forecast.backtest.panel import read_panel
from dabiao.engine.run import notes
from dabiao.models.errors import ScenarioError
from dabiao.results.tables.hints import hint_lines
from dabiao.scenarios.begin import Facts, begin
from dabiao.scenarios.load import load, load_example, resolved_yaml
from dabiao.scenarios.rates import column, slip
from dabiao.scenarios.units import asked_here, fixed, times, unit_at
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("english")

SHIPPED = "example:panzhihua-2024"
MULTIPLES = {
    "亿元": (("万元", 1e4), ("元", 1e8), ("万亿元", 1e-4), ("million yuan", 100), ("RMB billion", 0.1)),
    "亿元/年": (("万元/年", 1e4), ("万元", 1e4)),
    "%": (("‰", 10), ("percent", 1)),
    "%/yr": (("‰", 10), ("%/年", 1), ("%", 1)),
    "points": (("个百分点", 1), ("pp", 1)),
    "months": (("年", 1 / 12), ("季度", 1 / 3), ("个月", 1)),
    "万吨": (("吨", 1e4), ("亿斤", 0.2)),
    "万吨/年": (("吨/年", 1e4), ("吨", 1e4)),
    "元/吨": (("万元/吨", 1e-4), ("元/公斤", 1e-3)),
    "吨/吨": (("公斤/公斤", 1), ("公斤/吨", 1e3)),
    "公斤/亩": (("斤/亩", 2), ("公斤/公顷", 15)),
    "元/公斤": (("元/斤", 0.5),),
    "万亩": (("亩", 1e4), ("公顷", 1e4 / 15)),
    "万亩/年": (("亩/年", 1e4),),
    "元/元": (("%", 100), ("亿元/亿元", 1)),
    "projects": (("个", 1), ("项", 1)),
    "吨标煤/万元": (("吨标准煤/万元", 1), ("吨标煤/亿元", 1e4)),
    "万人": (("人", 1e4), ("亿人", 1e-4)),
    "1": (("%", 100),),
}
FOREIGN = ("亿元", "%", "months", "万吨", "万亩", "亿美元", "万人", "头")


@functools.cache
def shipped():
    loaded = load_example("panzhihua-2024")
    found = {}
    for path, quantity in loaded.quantities().items():
        unit = unit_at(path)
        steps = path.split(".")
        if not unit or "[" in path or any("." in step for step in steps) or quantity.distribution:
            continue
        if not fixed(unit):
            unit = scenario_unit(loaded, path)
        if unit and "per" not in unit:
            found[path] = (quantity, unit)
    return found


def scenario_unit(loaded, path: str) -> str:
    part, key, *_ = path.split(".")
    if part != "limits" or path.endswith(".price"):
        return ""
    return loaded.scenario.limits[key].kind.unit


def overlay(folder: Path, path: str, value: object) -> Path:
    tree: object = value
    for step in reversed(path.split(".")):
        tree = {step: tree}
    file = folder / "over.yaml"
    file.write_text(
        yaml.safe_dump({"extends": SHIPPED, **tree}, allow_unicode=True),  # type: ignore[dict-item]
        encoding="utf-8",
    )
    return file


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_multiple_converts_in_any_field(tmp_path: Path, data: st.DataObject) -> None:
    """The same number, stated in a multiple, is the same number of the scenario, and is told."""
    path = data.draw(st.sampled_from([p for p, (_, unit) in shipped().items() if unit in MULTIPLES]))
    quantity, unit = shipped()[path]
    said, factor = data.draw(st.sampled_from(MULTIPLES[unit]))
    worded = data.draw(st.booleans())
    number = quantity.value * factor
    value = {"value": f"{number:.12f}{said}" if worded else number, "assumption": "x"}
    if not worded:
        ends = {end: getattr(quantity, end) for end in ("low", "high")}
        value |= {"unit": said, **{end: x * factor for end, x in ends.items() if x is not None}}
    loaded = load(overlay(tmp_path, path, value))
    found = loaded.quantities()[path]
    assert found.value == pytest.approx(quantity.value, rel=1e-9, abs=1e-9)
    assert factor == 1 or any("over.yaml" in str(note) for note in loaded.notes)
    for end in value.keys() & {"low", "high"}:
        assert getattr(found, end) == pytest.approx(getattr(quantity, end), rel=1e-9)


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_another_unit_is_refused_in_any_field(tmp_path: Path, data: st.DataObject) -> None:
    """With its place, and as no unit of the field."""
    path = data.draw(st.sampled_from(list(shipped())))
    quantity, unit = shipped()[path]
    said = data.draw(st.sampled_from([each for each in FOREIGN if times(each, unit) is None]))
    whole = data.draw(st.booleans())
    value = f"{quantity.value:.6f}{said}" if whole else {"value": quantity.value, "unit": said}
    with pytest.raises(ScenarioError) as caught:
        load(overlay(tmp_path, path, value))
    (problem,) = [each for each in caught.value.problems if each.path.startswith(path)]
    assert problem.file.endswith("over.yaml") and problem.line and "no unit of it" in problem.of("en")


@given(st.sampled_from([(unit, said, by) for unit, many in MULTIPLES.items() for said, by in many]))
def test_there_and_back(one: tuple[str, str, float]) -> None:
    unit, said, by = one
    there, back = times(said, unit), times(unit, said)
    assert there == pytest.approx(1 / by)
    assert back is None or there * back == pytest.approx(1)  # a flow a year is no stock


def test_different_things_are_no_multiples() -> None:
    assert all(times(a, b) is None for a in FOREIGN for b in FOREIGN if a != b)
    assert times("亿元/年", "亿元") is None and times("%", "points") is None


@given(st.text(max_size=30).filter(lambda unit: " per " not in unit))
@example("亿" * 40)
@example("%/%")
def test_a_unit_is_once_itself(unit: str) -> None:
    assert times(unit, unit) == 1


# the unit that another key decides

CITY = Facts("city", 2023, 1000, 100, 400, 80, 5.5)


def city(folder: Path, body: str = "", name: str = "plan.yaml") -> Path:
    (folder / "baseline.yaml").write_text(begin(CITY)["baseline.yaml"], encoding="utf-8")
    (folder / name).write_text(f"extends: baseline.yaml\n{body}\n", encoding="utf-8")
    return folder / name


def limit(folder: Path, of: str) -> Path:
    return city(folder, f"limits:\n  money: {{title: 总量, on: investment, max: {of}, assumption: x}}")


def test_a_limit_in_another_multiple_converts_by_its_kind(tmp_path: Path) -> None:
    loaded = load(limit(tmp_path, "{value: 6000000, unit: 万元}"))
    assert loaded.scenario.limits["money"].max.value == 600
    assert any('"6000000 万元"' in str(note) and "600 亿元" in str(note) for note in loaded.notes)
    again = tmp_path / "resolved.yaml"
    again.write_text(resolved_yaml(loaded), encoding="utf-8")
    assert load(again).scenario.limits["money"].max.value == 600, "converted once, not twice"


@pytest.mark.parametrize(
    ("body", "path", "found"),
    [
        ("targets: {gdp_growth: {ensure: 6.5, unit: 万元}}", "targets.gdp_growth.unit", '"%"'),
        ("targets: {gdp_growth: {unit: 万元}}", "targets.gdp_growth.unit", '"%"'),
        (
            "targets: {money: {indicator: key_project_investment, ensure: {value: 7, unit: 吨},"
            " assumption: x}}",
            "targets.money.ensure.unit",
            '"亿元"',
        ),
        (
            "history: {outcomes: {gdp_growth: {value: 6, unit: 万元, assumption: x}}}",
            "history.outcomes.gdp_growth.unit",
            '"%"',
        ),
        (
            "relations: {r: {title: R, constant: {value: 6, unit: 人}, drivers: {gdp_growth: 1},"
            " assumption: x}}",
            "relations.r.constant.unit",
            '"%"',
        ),
        (
            "relations: {r: {title: R, unit: 万人, constant: 6, drivers: {gdp_growth: {value: 1, unit: 吨}},"
            " assumption: x}}",
            "relations.r.drivers.gdp_growth.unit",
            '"万人 per %"',
        ),
    ],
)
def test_a_foreign_unit_is_refused_where_another_key_decides(
    tmp_path: Path, body: str, path: str, found: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(city(tmp_path, body))
    assert [(each.path, str(each.expected)) for each in caught.value.problems] == [(path, found)]
    assert caught.value.problems[0].line


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("{ensure: 70000, unit: 万元}", 7),
        ("{ensure: {value: 0.5, unit: 万亿元}}", 5000),
        ("{said: '70000', unit: 万元}", 7),
        ("{ensure: 7亿元}", 7),
    ],
)
def test_a_target_converts_to_the_unit_of_its_indicator(tmp_path: Path, row: str, value: float) -> None:
    body = f"targets:\n  money: {{indicator: key_project_investment, assumption: x, {row[1:]}"
    assert load(city(tmp_path, body)).scenario.targets["money"].ensure.value == value


def test_a_unit_in_another_file_than_its_number_is_not_guessed(tmp_path: Path) -> None:
    base = limit(tmp_path, "{value: 600, unit: 亿元}")
    over = tmp_path / "over.yaml"
    over.write_text("extends: plan.yaml\nlimits: {money: {max: {unit: 万元}}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"over.yaml:2:\d+  limits.money.max.unit"):
        load(over)
    assert base.exists()


def test_an_override_states_its_unit(tmp_path: Path) -> None:
    loaded = load(city(tmp_path), ["accounts.fai=0.06万亿元", "investment.growth=7.5%"])
    assert loaded.scenario.accounts.fai.value == 600 and loaded.scenario.investment.growth.value == 7.5


# parts of 1 and indices


@given(st.floats(0.31, 80), st.lists(st.floats(0.31, 80), max_size=5))
def test_percent_is_never_asked_about(value: float, beside: list[float]) -> None:
    assert slip(value, beside) is None and column([value, *beside]) is None


@given(st.lists(st.integers(31, 290), min_size=1, max_size=6))
def test_a_whole_column_of_another_form_is_asked_about(tenths: list[int]) -> None:
    """Growth of 3.1 to 29 %, as parts of 1 and as an index: what is meant is told."""
    rates = [each / 10 for each in tenths]
    fraction, index = column([each / 100 for each in rates]), column([each + 100 for each in rates])
    assert fraction is not None and fraction[1].meant == pytest.approx(rates[0])
    assert index is not None and index[1].meant == pytest.approx(rates[0])


@pytest.mark.parametrize(
    ("body", "path", "meant"),
    [
        ("sectors: {industry: {market: {trend: 0.06}}}", "sectors.industry.market.trend", "6"),
        ("targets: {gdp_growth: {ensure: 0.065}}", "targets.gdp_growth.ensure", "6.5"),
        ("targets: {gdp_growth: {ensure: 106.5}}", "targets.gdp_growth.ensure", "6.5"),
        ("prices: {consumer: {value: 102.5, assumption: x}}", "prices.consumer", ""),
        ("investment: {growth: 108, assumption: x}", "investment.growth", "8"),
        ("history: {outcomes: {gdp_growth: 106.1}}", "history.outcomes.gdp_growth", "6.1"),
        (
            "history: {years: {'2020': {growth: 0.065, assumption: x}, '2021': {growth: 6, assumption: x}}}",
            "history.years.2020.growth",
            "6.5",
        ),
        ("sectors: {industry: {va_ratio: 0.3}}", "sectors.industry.va_ratio", "30"),
        (
            "limits: {c: {title: C, on: cut, max: 0.4, assumption: x}}",
            "limits.c.max",
            "40",
        ),
    ],
)
def test_a_field_in_another_form_is_asked_about_with_its_place(
    tmp_path: Path, body: str, path: str, meant: str
) -> None:
    try:
        found = load(city(tmp_path, body)).questions
    except ScenarioError as error:  # beyond what the field allows: the same is said there
        assert "of an index" in str(error) and path in str(error)
        return
    asked = {at: (place, said.of("en")) for place, at, said in found}
    place, said = asked[path]
    assert "plan.yaml:2:" in place and (f"write {meant}" in said), asked


def test_a_stated_unit_answers_the_question(tmp_path: Path) -> None:
    body = "sectors: {{industry: {{market: {{trend: {}}}}}}}"
    assert load(city(tmp_path, body.format("0.06"))).questions
    assert not load(city(tmp_path, body.format('{value: 0.06, unit: "%/yr", assumption: x}'))).questions


def test_what_is_shipped_raises_no_question() -> None:
    assert not load_example("panzhihua-2024").questions and not load_example("deyang-2022").questions


def test_an_index_beyond_the_range_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"2020.growth: got 112.5.*take 100 away: 12.5"):
        load(city(tmp_path, "history: {years: {'2020': {growth: 112.5, assumption: x}}}"))


def test_shares_as_parts_of_one_are_said_to_be(tmp_path: Path) -> None:
    body = "mixes: {a: {title: A, shares: {agriculture: 0.1, industry: 0.4, services: 0.5}, assumption: x}}"
    with pytest.raises(ScenarioError, match=r"shares that add to 1, .*percent: 40, not 0.4"):
        load(city(tmp_path, body))


def test_the_command_line_asks(tmp_path: Path) -> None:
    file = city(tmp_path, "sectors: {industry: {market: {trend: 0.06}}}")
    done = call("validate", file, "--lang", "en")
    assert done.exit_code == 0 and "WARNING" in done.output and "if 6 % is meant, write 6" in done.output


# panels

PANEL = "region,year,growth,target\nA,2019,{},7\nA,2020,{},6\nB,2019,{},7.5\nB,2020,{},6.5\n"


@pytest.mark.parametrize(
    ("numbers", "meant"),
    [
        ((106.5, 102.3, 107, 103), "take 100 away: 6.5"),
        ((0.065, 0.023, 0.07, 0.03), "write 6.5"),
        ((6.5, 102.3, 7, 3), "take 100 away: 2.3"),
        ((6.5, 2.3, 0.075, 3), "write 7.5"),
    ],
)
def test_a_panel_in_another_form_is_refused_with_its_line(
    tmp_path: Path, numbers: tuple[float, ...], meant: str
) -> None:
    file = tmp_path / "p.csv"
    file.write_text(PANEL.format(*numbers), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"p.csv:\d:8  growth: ") as caught:
        read_panel(file)
    assert meant in str(caught.value)
    file.write_text(PANEL.format(6.5, 2.3, 7, 3), encoding="utf-8")
    assert read_panel(file).growth.shape == (2, 2)


def test_holes_and_stray_rows_of_a_panel_are_told(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text(
        "region,year,growth\nA,2018,6\nA,2020,5\n,,\n注：初步核算数,,\nB,2018,6\nB,2019,6\n", encoding="utf-8"
    )
    panel = read_panel(file)
    said = [str(note) for note in panel.notes]
    assert panel.regions == ("A", "B") and len(said) == 2
    assert "p.csv:5" in said[0] and "注：初步核算数" in said[0] and "A in 2019" in said[1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("年份,地区生产总值指数（上年=100）\n2021,108.1\n2022,103.5\n", "100 is taken away"),
        ("年份,GDP增速（‰）\n2021,81\n2022,35\n", "numbers in ‰"),
        ("年份,GDP增速\n2021,81‰\n2022,3.5%\n", '"81‰" is read as 8.1'),
    ],
)
def test_past_years_in_another_form_are_read_and_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "h.csv").write_text(text, encoding="utf-8")
    loaded = load(city(tmp_path, "history: {years: {file: h.csv, assumption: 公报}}"))
    years = loaded.scenario.history.years
    assert (years["2021"].growth.value, years["2022"].growth.value) == (8.1, 3.5)
    assert any(told in str(note) and "h.csv:" in str(note) for note in loaded.notes)


def test_a_column_in_a_foreign_unit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("年份,GDP增速（亿元）\n2021,8.1\n2022,3.5\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"h.csv:1:4 .*no unit of it"):
        load(city(tmp_path, "history: {years: {file: h.csv, assumption: 公报}}"))
    (tmp_path / "m.csv").write_text("行业,计划（亿元）\n农业,20\n工业,310\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"m.csv:1:4 .*no unit of it"):
        load(city(tmp_path, "mixes: {file: m.csv, assumption: 发改委}"))


def test_holes_of_a_history_are_told(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("年份,GDP增速\n2019,6\n2021,\n2022,3.5\n合计,1\n", encoding="utf-8")
    said = [
        str(note) for note in load(city(tmp_path, "history: {years: {file: h.csv, assumption: 公报}}")).notes
    ]
    assert any("no row for 2020" in each for each in said)
    assert any("h.csv:3:" in each and "no growth of 2021" in each for each in said)
    assert any("h.csv:5:" in each and "合计" in each for each in said)


# a region's own start


def test_a_new_region_is_asked_for_its_history(tmp_path: Path) -> None:
    words = "2023\n1000\n100\n400\n80\n6\n" + "\n" * 7 + "2019=6.2/7, 2020=2.5、2021=8.1/6\n"
    done = call("new", "City", "--out", tmp_path / "city", input=words)
    assert done.exit_code == 0, done.output
    years = load(tmp_path / "city").scenario.history.years
    assert {
        year: (row.growth and row.growth.value, row.target and row.target.value)
        for year, row in years.items()
    } == {"2019": (6.2, 7), "2020": (2.5, None), "2021": (8.1, 6), "2024": (None, 6)}


def test_history_comes_from_a_table_or_a_line(tmp_path: Path) -> None:
    file = tmp_path / "h.csv"
    file.write_text(
        "历年情况,,,\n指标,2022年,2023年,2024年\nGDP增速,103.5,105,\n目标,6,5,5.5\n", encoding="gbk"
    )
    done = call("new", "City", *GIVEN, "--history", file, "--out", tmp_path / "a")
    assert done.exit_code == 2 and "take 100 away: 3.5" in done.output and not (tmp_path / "a").exists()
    file.write_text("历年情况,,,\n指标,2022年,2023年,2024年\nGDP增速,3.5,5,\n目标,6,5,5.5\n", encoding="gbk")
    done = call("new", "City", *GIVEN, "--history", file, "--out", tmp_path / "a")
    assert done.exit_code == 0 and "2024" in done.output
    call("new", "City", *GIVEN, "--past", "2022=3.5/6,2023=5/5", "--out", tmp_path / "b")
    one, two = (load(tmp_path / name).scenario.history for name in "ab")
    assert {year: row.growth and row.growth.value for year, row in one.years.items()} == {
        year: row.growth and row.growth.value for year, row in two.years.items()
    }
    assert one.outcomes["gdp_growth"].value == two.outcomes["gdp_growth"].value == 5


def test_a_history_in_another_form_is_asked_about(tmp_path: Path) -> None:
    done = call("new", "City", *GIVEN, "--past", "2021=108.1,2022=103.5", "--out", tmp_path / "a")
    assert "--past 2021" in done.output and "write 8.1" in done.output
    done = call("new", "City", *GIVEN, "--out", tmp_path / "b")
    assert "no history was given" in done.output


def test_gaps_are_told(tmp_path: Path) -> None:
    works = "{title: 厂, sector: industry, invest: 5, stage: planned, assumption: x, adds: {output: 3}}"
    body = (
        "mixes: {odd: {title: Odd, shares: {industry: 50, services: 50}, assumption: x}}\n"
        f"projects: {{a: {works}, b: {works[:-1]}, slip: 0}}}}\n"
        "history: {years: {'2019': {growth: 6, assumption: x}, '2021': {growth: 5, assumption: x}}}\n"
    )
    loaded = load(city(tmp_path, body))
    said = hint_lines(notes(loaded), loaded.scenario, loaded.origins, "en")
    text = "\n".join(said)
    assert "mix Odd leaves out" in text and "the history lacks 2020" in text
    assert "1 projects state no delay, such as 厂" in text and "states no start" in text
    assert all("plan.yaml:" in line for line in said if "mix Odd" in line or "no delay" in line)


def test_the_unit_asked_for_follows_from_the_scenario(tmp_path: Path) -> None:
    from dabiao.scenarios.document import compose
    from dabiao.scenarios.report import Report

    root = compose("limits: {a: {on: advance}}\nrelations: {r: {unit: 万人}}", "s.yaml", Report())
    assert asked_here("limits.a.max", root) == "months"
    assert asked_here("limits.a.price", root) == "亿元 per months"
    assert asked_here("relations.r.drivers.gdp_growth", root) == "万人 per %"
    assert asked_here("history.outcomes.r", root) == "万人"


def test_outlooks_as_an_index_are_refused_with_their_line(tmp_path: Path) -> None:
    from dabiao.engine.forecast.backtest.outlook import read_outlooks

    panel, file = tmp_path / "p.csv", tmp_path / "o.csv"
    panel.write_text(PANEL.format(6.5, 2.3, 7, 3), encoding="utf-8")
    file.write_text("year,january\n2019,106.2\n2020,105.8\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"o.csv:2:6  january: .*take 100 away: 6.2"):
        read_outlooks(file, read_panel(panel))
    file.write_text("year,january\n2019,6.2\n2020,5.8\n", encoding="utf-8")
    assert read_outlooks(file, read_panel(panel)).edition == "january"


def test_a_stated_row_keeps_a_unit_of_its_own(tmp_path: Path) -> None:
    row = "{title: T, basis: stated, ensure: 3.6万元/吨, unit: 元/吨, assumption: x}"
    found = load(city(tmp_path, f"targets: {{steel_prices: {row}}}")).scenario.targets["steel_prices"]
    assert found.ensure.value == 36000 and found.unit == "元/吨"


@pytest.mark.parametrize(
    ("said", "read"), [("约600亿元", 600), ("6,000,000 万元", 600), ("６００亿元左右", 600)]
)
def test_about_so_much_is_read_and_told(tmp_path: Path, said: str, read: float) -> None:
    loaded = load(city(tmp_path, f'accounts: {{fai: {{value: "{said}", assumption: x}}}}'))
    assert loaded.scenario.accounts.fai.value == read
    assert any("is read as 600 亿元" in str(note) for note in loaded.notes)
    with pytest.raises(ScenarioError, match="write the number alone"):
        load(city(tmp_path, "accounts: {fai: {value: 600亿元以上, assumption: x}}"))
