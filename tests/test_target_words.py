"""Targets as sheets word them, names of indicators: understood and shown; what is not clear is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from city import CITY
from click.testing import CliRunner
from dabiao import load
from dabiao.cli.main import simulate
from dabiao.models.errors import ScenarioError
from dabiao.results.api.questions import rows_of
from dabiao.scenarios.indicator_names import NAMES, better, indicator, near
from dabiao.scenarios.json_schema import json_schema
from dabiao.scenarios.load import Loaded, resolved_yaml
from dabiao.scenarios.target_sheet import TIERS
from dabiao.scenarios.target_words import Wording, converted, measured, worded
from hypothesis import given
from hypothesis import strategies as st

UNDERSTOOD = [
    ("7.5%以上", "%", {"ensure": 7.5}),
    ("７．５％以上", "%", {"ensure": 7.5}),
    ("7.5%左右", "%", {"ensure": 7.5}),
    ("7-8%", "%", {"ensure": 7, "stretch": 8}),
    ("7%—8%", "%", {"ensure": 7, "stretch": 8}),
    ("6.5%、力争7%", "%", {"ensure": 6.5, "stretch": 7}),
    ("确保增长6.5%，力争7%以上", "%", {"ensure": 6.5, "stretch": 7}),
    ("力争达到8%", "%", {"stretch": 8}),
    ("不低于6%", "%", {"ensure": 6}),
    ("不超过3.5%", "%", {"at_most": 3.5}),
    ("控制在3.5%以内", "%", {"at_most": 3.5}),
    ("控制在3%左右", "%", {"at_most": 3}),
    ("8‰", "%", {"ensure": 0.8}),
    ("70亿元", "亿元", {"ensure": 70}),
    ("700,000万元", "亿元", {"ensure": 70}),
    ("1.2万亿元", "亿元", {"ensure": 12000}),
    ("1.8万人", "万人", {"ensure": 1.8}),
    ("18000人", "万人", {"ensure": 1.8}),
    ("1.3万亿斤以上", "万吨", {"ensure": 65000}),
    ("50户以上", "户", {"ensure": 50}),
    ("50家以上", "户", {"ensure": 50}),
    ("7", "%", {"ensure": 7}),
    (">=7%", "%", {"ensure": 7}),
    ("at least 6.5 %", "%", {"ensure": 6.5}),
    ("about 7.5 percent", "%", {"ensure": 7.5}),
    ("7 to 8 %", "%", {"ensure": 7, "stretch": 8}),
    ("6.5 per cent or more, striving for 7 per cent", "%", {"ensure": 6.5, "stretch": 7}),
    ("no more than 3.5 %", "%", {"at_most": 3.5}),
    ("over 12 million people", "万人", {"ensure": 1200}),
    ("CNY 7 billion", "亿元", {"ensure": 70}),
]
UNCLEAR = [
    ("", "%"),
    ("大幅增长", "%"),
    ("7%、8%", "%"),
    ("8-7%", "%"),
    ("力争7%、力争8%", "%"),
    ("不低于7%以内", "%"),
    ("7%以上、控制在8%以内", "%"),
    ("确保8%、力争7%", "%"),
    ("7个百分点", "%"),
    ("7%", "亿元"),
    ("58亿美元", "亿元"),
    ("下降2%", "%"),
    ("约七成", "%"),
    ("7.5%或更多吧", "%"),
]


@pytest.mark.parametrize(("text", "unit", "tiers"), UNDERSTOOD)
def test_a_wording_is_understood(text: str, unit: str, tiers: dict[str, float]) -> None:
    found = worded(text, unit)
    assert found.tiers == tiers and not found.unclear and found.unit == unit


@pytest.mark.parametrize(("text", "unit"), UNCLEAR)
def test_what_is_not_clear_gives_no_tier_and_a_reason(text: str, unit: str) -> None:
    found = worded(text, unit)
    assert not found.tiers and found.unclear


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("与经济增长同步", "gdp"),
        ("与 GDP 增速基本同步", "gdp"),
        ("高于经济增长", "gdp"),
        ("in line with GDP growth", "gdp"),
        ("与上年持平", "before"),
        ("same as last year", "before"),
    ],
)
def test_a_comparison_is_no_number(text: str, beside: str) -> None:
    assert worded(text, "%") == Wording(beside=beside, unit="%")


def test_about_is_remembered_and_a_ceiling_is_the_indicators() -> None:
    assert worded("7.5%左右").about and not worded("7.5%").about
    assert worded("3%左右", "%", ceiling=True).tiers == {"at_most": 3}
    assert worded("下降2.5%", "%", ceiling=True).tiers == {"at_most": -2.5}


@given(
    st.decimals(0, 9999, places=2),
    st.decimals(0, 9999, places=2),
    st.sampled_from(["-", "—", "～", "至", "到"]),
)
def test_a_range_is_ensure_and_stretch_whatever_the_dash(low: Any, high: Any, dash: str) -> None:
    low, high = sorted((float(low), float(high)))
    assert worded(f"{low}{dash}{high}%", "%").tiers == {"ensure": low, "stretch": high}


@given(
    st.floats(0.01, 1e6),
    st.sampled_from(["元", "万元", "百万元", "亿元", "万亿元"]),
    st.sampled_from(["万元", "亿元"]),
)
def test_conversion_goes_there_and_back(value: float, said: str, unit: str) -> None:
    there = converted(value, said, unit)
    assert there is not None and converted(there, unit, said) == pytest.approx(value, rel=1e-9)


@given(st.text(max_size=40))
def test_any_text_is_understood_or_told(text: str) -> None:
    found = worded(text, "%")
    assert bool(found.tiers or found.beside) != bool(found.unclear)


def test_percent_and_points_are_two_things() -> None:
    assert converted(1, "个百分点", "%") is None and measured("百分点") != measured("%")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("地区生产总值增速", "gdp_growth"),
        ("GDP增速", "gdp_growth"),
        ("全市地区生产总值（GDP）增长", "gdp_growth"),
        ("规上工业增加值增速", "industry_above_scale_growth"),
        ("规模以上工业增加值增长", "industry_above_scale_growth"),
        ("固定资产投资", "fai_growth"),
        ("社零", "retail_growth"),
        ("城镇居民人均可支配收入", "urban_income_growth"),
        ("农村居民人均可支配收入增速", "rural_income_growth"),
        ("一般公共预算收入", "budget_revenue_growth"),
        ("城镇新增就业", "urban_jobs"),
        ("粮食产量", "crop_output"),
        ("GDP growth", "gdp_growth"),
        ("Growth of retail sales", "retail_growth"),
        ("Fixed-asset investment growth", "fai_growth"),
        ("Above-scale industry growth", "industry_above_scale_growth"),
    ],
)
def test_a_name_is_its_indicator(name: str, key: str) -> None:
    found = indicator(name)
    assert found and found.key == key


def test_growth_and_level_of_one_name_are_told_apart_by_unit() -> None:
    assert indicator("地区生产总值") is None
    assert [indicator("地区生产总值", unit) for unit in ("%", "亿元")] == [
        indicator("GDP growth"),
        indicator("Nominal GDP"),
    ]
    assert indicator("人均地区生产总值", "%") is None and indicator("某某指标", "%") is None


def test_no_name_stands_for_two_indicators() -> None:
    names = [name for named in NAMES for name in named.names]
    assert len(names) == len(set(names)) and near("固定资产投资额", {"fai_growth"}) == "fai_growth"


def city(folder: Path, targets: str, sets: tuple[str, ...] = ()) -> Loaded:
    file = folder / "city.yaml"
    file.write_text(CITY[: CITY.index("targets:")] + "targets:\n" + targets, encoding="utf-8")
    return load(file, sets)


def tiers(loaded: Loaded) -> dict[str, dict[str, float]]:
    rows = loaded.scenario.targets.items()
    return {
        key: {tier: stated.value for tier in TIERS if (stated := getattr(row, tier))} for key, row in rows
    }


SHEET = """\
  地区生产总值增速: {said: "6.5%、力争7%以上", main: true}
  社零: 7-8%
  fixed_asset: {indicator: 固定资产投资, ensure: 6%}
  居民收入: 与经济增长同步
  城镇新增就业: 18000人
  output: {title: 工业产值, indicator: output_value, covers: [industry], said: 18000000万元以上}
  cpi: {title: 居民消费价格, basis: stated, unit: "%", said: 3%左右}
  grain: {title: 粮食, basis: stated, unit: 万吨, expected: 26.1, said: 与上年持平}
"""


def test_a_sheet_in_a_planners_words_is_the_sheet_in_keys(tmp_path: Path) -> None:
    """The numbers, the notes with their places, and the same scenario when it is resolved."""
    loaded = city(tmp_path, SHEET)
    assert tiers(loaded) == {
        "gdp_growth": {"ensure": 6.5, "stretch": 7},
        "retail_growth": {"ensure": 7, "stretch": 8},
        "fixed_asset": {"ensure": 6},
        "household_income_growth": {"ensure": 6.5, "stretch": 7},
        "urban_jobs": {"ensure": 1.8},
        "output": {"ensure": 1800},
        "cpi": {"at_most": 3},
        "grain": {"ensure": 26.1},
    }
    said = [note.en for note in loaded.notes]
    assert any(
        'city.yaml:26:7: retail_growth: "7-8%" is understood as: ensure 7 %, stretch 8 %' in s for s in said
    )
    assert any('city.yaml:26:3: "社零" is understood as `retail_growth`' in s for s in said)
    assert loaded.scenario.targets["gdp_growth"].ensure.assumption == loaded.scenario.accounts.gdp.assumption
    again = tmp_path / "again.yaml"
    again.write_text(resolved_yaml(loaded), encoding="utf-8")
    assert resolved_yaml(load(again)) == resolved_yaml(loaded) and not load(again).notes


def test_a_worded_row_replaces_the_inherited_tiers_and_nothing_else(tmp_path: Path) -> None:
    city(tmp_path, "  gdp_growth: {ensure: 5, stretch: 6, main: true}\n")
    over = tmp_path / "over.yaml"
    over.write_text("extends: city.yaml\ntargets: {GDP增速: 7.5%以上}\n", encoding="utf-8")
    row = load(over).scenario.targets["gdp_growth"]
    assert row.ensure and row.ensure.value == 7.5 and row.stretch is None and row.main


def test_a_title_of_a_row_is_its_name(tmp_path: Path) -> None:
    loaded = city(
        tmp_path,
        "  gdp_growth: 6\n"
        "  firms: {title: {zh: 新增规上企业, en: New firms}, basis: stated, unit: 户, ensure: 40}\n",
        ("targets.新增规上企业=50家以上",),
    )
    assert tiers(loaded)["firms"] == {"ensure": 50}


def test_the_command_line_takes_words_too(tmp_path: Path) -> None:
    loaded = city(
        tmp_path,
        "  gdp_growth: {ensure: 5, stretch: 6}\n",
        ("targets.GDP增速=7.5%以上", "targets.社零=8%左右"),
    )
    assert tiers(loaded) == {"gdp_growth": {"ensure": 7.5}, "retail_growth": {"ensure": 8}}
    assert any("--set" in note.en and "8%左右" in note.en for note in loaded.notes)


def test_english_names_of_several_words_are_keys(tmp_path: Path) -> None:
    loaded = city(tmp_path, "  GDP growth: at least 6 %\n", ("targets.Growth of retail sales=7 to 8 %",))
    assert tiers(loaded) == {"gdp_growth": {"ensure": 6}, "retail_growth": {"ensure": 7, "stretch": 8}}
    with pytest.raises(ScenarioError, match="without spaces"):
        city(tmp_path, "  gdp_growth: 6\n  something else: 7\n")


def test_history_and_drivers_take_names(tmp_path: Path) -> None:
    loaded = city(
        tmp_path,
        "  gdp_growth: 6\n  jobs: {said: 2万人}\n"
        "relations:\n"
        "  jobs: {title: 就业, unit: 万人, constant: 1, drivers: {GDP增速: 0.05, 居民消费价格: 0}}\n"
        "history: {outcomes: {GDP增速: 6.1}}\n",
    )
    assert list(loaded.scenario.relations["jobs"].drivers) == ["gdp_growth", "consumer_prices"]
    assert list(loaded.scenario.history.outcomes) == ["gdp_growth"]


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        ("  gdp_growth: 大幅增长\n", "25:15", "has no number: write the figure"),
        ("  gdp_growth: 7亿元\n", "25:15", "a number in 亿元, where % is asked for"),
        ("  gdp_growth: {ensure: 7.5 pp}\n", "25:24", "a number in pp, where % is asked for"),
        ("  gdp_growth: {ensure: 7%、力争8%}\n", "25:24", "use `said:`"),
        ("  gdp_growth: {ensure: 控制在7%以内}\n", "25:24", "use `said:`"),
        ("  gdp_growth: {ensure: 7, said: 8%}\n", "25:33", "`said` beside `ensure`"),
        ("  fai_growth: 与上年持平\n", "25:15", "last year's figure"),
        ("  fai_growth: 与经济增长同步\n", "25:15", "`gdp_growth` has no tier here"),
        ("  gdp_growth: 7\n  GDP增速: 8\n", "26:3", "it stands in line 25"),
        ("  gdp_growth: 7\n  固定资产投资额: 8%\n", "26:3", "did you mean fai_growth?"),
    ],
)
def test_what_is_not_clear_is_told_with_its_place(tmp_path: Path, row: str, place: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        city(tmp_path, row)
    said = [str(problem) for problem in caught.value.problems]
    assert len(said) == 1 and f"city.yaml:{place}  " in said[0] and words in said[0], said


def test_editors_allow_a_worded_row() -> None:
    row, words = json_schema()["$defs"]["TargetSpec"]["anyOf"]
    assert words["type"] == ["string", "number"] and "said" in row["properties"]
    assert all({"type": "string"}.items() <= row["properties"][tier]["anyOf"][-1].items() for tier in TIERS)


def test_commands_take_names_of_rows(tmp_path: Path) -> None:
    loaded = city(
        tmp_path, "  gdp_growth: 6\n  firms: {title: 新增企业, basis: stated, unit: 户, ensure: 40}\n"
    )
    said = ("GDP增速=6.2", "新增企业", "firms", "Economic growth", "limit:money", "某某")
    assert rows_of(loaded, said) == ("gdp_growth=6.2", "firms", "firms", "gdp_growth", "limit:money", "某某")
    words = ["explain", str(tmp_path / "city.yaml"), "--target", "地区生产总值增速", "--json", "--quiet"]
    done = CliRunner().invoke(simulate, [*words, "--out", str(tmp_path / "runs")])
    assert done.exit_code == 0 and '"gdp_growth"' in done.output, done.output


@pytest.mark.parametrize(
    ("text", "tiers"),
    [
        ("7.5%（力争8%）", {"ensure": 7.5, "stretch": 8}),
        ("8%（力争）", {"stretch": 8}),
        ("5%以上（同口径）", {"ensure": 5}),
        ("7%左右，在实际工作中争取更好结果", {"ensure": 7}),
        ("约束性 7%", {"ensure": 7}),
        ("7%，奋斗目标8%", {"ensure": 7, "stretch": 8}),
        ("百分之七点五", {"ensure": 7.5}),
        ("两位数增长", {"ensure": 10}),
    ],
)
def test_what_is_said_around_a_number_neither_hides_it_nor_changes_it(text, tiers):
    assert worded(text, "%").tiers == tiers


@given(st.decimals(0, 99, places=1), st.sampled_from(["下降{}%", "降低{}%左右", "较上年减少{}%"]))
def test_a_fall_is_a_ceiling_of_what_is_bad_and_a_floor_of_what_is_good_and_else_asked_about(number, form):
    text = form.format(number)
    assert worded(text, "%", ceiling=True).tiers == {"at_most": pytest.approx(-float(number))}
    assert worded(text, "%", floor=True).tiers == {"ensure": pytest.approx(-float(number))}
    assert not worded(text, "%").tiers


@pytest.mark.parametrize("text", ["7%（不超过全省平均）", "下降2%以上"])
def test_a_limit_in_brackets_or_the_wrong_way_round_is_not_dropped(text):
    assert not worded(text, "%", floor=True).tiers


def test_a_target_without_a_number_says_what_to_do():
    assert "leave the row out" in str(worded("完成省下达任务", "%").unclear)


@pytest.mark.parametrize(
    ("name", "sense"),
    [("单位GDP能耗", "less"), ("单位GDP能耗降低", "more"), ("PM2.5平均浓度", "less"), ("货运量", "")],
)
def test_names_tell_whether_less_is_better(name, sense):
    assert better([name]) == sense
