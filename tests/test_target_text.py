"""Targets out of a report: every one that is stated, none that is not, each with its sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from city import CITY
from click.testing import CliRunner
from dabiao import load
from dabiao.cli.main import simulate
from dabiao.models.errors import DabiaoError
from dabiao.scenarios.tables.packed import MOST_UNPACKED
from dabiao.scenarios.target_proposal import read_lines
from dabiao.scenarios.target_text import Line, Row, propose
from hypothesis import given
from hypothesis import strategies as st

NATION = """\
一、2023年工作回顾
国内生产总值超过126万亿元，增长5.2%。城镇新增就业1244万人，城镇调查失业率平均为5.2%。
二、2024年经济社会发展总体要求和政策取向
今年发展主要预期目标是：国内生产总值增长5%左右；城镇新增就业1200万人以上，城镇调查失业率5.5%左右；居民消费价格涨幅3%左右；居民收入增长和经济增长同步；粮食产量1.3万亿斤以上；单位国内生产总值能耗降低2.5%左右。
去年我国经济总量超过126万亿元，增长5.2%。
"""
"""The targets of the report on the work of the government, State Council of China, 5 March 2024."""

NATION_EN = """\
The main targets for development this year are projected as follows: GDP growth of around 5 percent; \
a surveyed urban unemployment rate of around 5.5 percent; over 12 million new urban jobs; growth in personal \
income in step with economic growth; grain output of around 700 million metric tons.
GDP grew by 5 percent last year. We had 12.56 million new urban jobs.
"""
"""After the report on the work of the government, State Council of China, 5 March 2025, English text."""

INVENTED = """\
# 一、2023年工作回顾
2023年，地区生产总值增长6.1%，新增规上企业51户。
# 二、2024年目标任务
全年地区生产总值确保增长6.5%、力争7%以上，规上工业增加值、固定资产投资分别增长8%、9%，城镇和农村居民人均可支配收入分别增长5.5%和7%以上。
城镇登记失业率控制在4%以内；PM2.5平均浓度控制在35微克/立方米以内；常住人口城镇化率提高1个百分点。
统筹实施200个以上重点项目，新开工80个以上；建成保障性住房2000套、棚户区改造1500套，新建农村公路120公里。
力争高新技术企业突破90家，高新技术产业营业收入突破750亿元、增长7%以上。
推动60万千瓦光伏项目并网，培育10户交易额1000万元以上电商企业，消除年收入1万元以下的情况。
工业投资占比提高到40%以上，规上工业企业净增60户；医保补助标准提高到每人每年700元，PM2.5浓度降到33微克每立方米。
我市工业占比47.9%。一季度增长5.2%。去年完成投资336亿元。
到2027年，地区生产总值突破2000亿元。
"""


def rows(text: str) -> dict[str, Row]:
    sheet = propose([Line(number, line) for number, line in enumerate(text.splitlines(), 1)])
    return {row.key or row.title: row for row in sheet.rows}


def numbers(text: str) -> dict[str, tuple[dict[str, float], str]]:
    return {name: (row.tiers, row.unit) for name, row in rows(text).items() if not row.later}


def test_the_nations_targets_are_found_and_its_past_is_not() -> None:
    assert numbers(NATION) == {
        "gdp_growth": ({"ensure": 5}, "%"),
        "urban_jobs": ({"ensure": 1200}, "万人"),
        "城镇调查失业率": ({"at_most": 5.5}, "%"),
        "居民消费价格涨幅": ({"at_most": 3}, "%"),
        "household_income_growth": ({}, "%"),
        "粮食产量": ({"ensure": 1.3}, "万亿斤"),
        "单位国内生产总值能耗降低": ({"ensure": 2.5}, "%"),
    }
    assert rows(NATION)["household_income_growth"].said == "与经济增长同步"


def test_english_targets_are_found() -> None:
    assert numbers(NATION_EN) == {
        "gdp_growth": ({"ensure": 5}, "%"),
        "surveyed urban unemployment rate": ({"at_most": 5.5}, "%"),
        "urban_jobs": ({"ensure": 1200}, "万人"),
        "household_income_growth": ({}, "%"),
        "grain output": ({"ensure": 700}, "million tons"),
    }


def test_a_citys_targets_are_found_and_what_describes_a_thing_is_not() -> None:
    assert numbers(INVENTED) == {
        "gdp_growth": ({"ensure": 6.5, "stretch": 7}, "%"),
        "industry_above_scale_growth": ({"ensure": 8}, "%"),
        "fai_growth": ({"ensure": 9}, "%"),
        "urban_income_growth": ({"ensure": 5.5}, "%"),
        "rural_income_growth": ({"ensure": 7}, "%"),
        "城镇登记失业率": ({"at_most": 4}, "%"),
        "PM2.5平均浓度": ({"at_most": 35}, "微克/立方米"),
        "常住人口城镇化率提高": ({"ensure": 1}, "个百分点"),
        "统筹实施重点项目": ({"ensure": 200}, "个"),
        "重点项目新开工": ({"ensure": 80}, "个"),
        "建成保障性住房": ({"ensure": 2000}, "套"),
        "棚户区改造": ({"ensure": 1500}, "套"),
        "新建农村公路": ({"ensure": 120}, "公里"),
        "高新技术企业": ({"stretch": 90}, "家"),
        "高新技术产业营业收入": ({"stretch": 750}, "亿元"),
        "高新技术产业营业收入增速": ({"stretch": 7}, "%"),
        "工业投资占比": ({"ensure": 40}, "%"),
        "规上工业企业净增": ({"ensure": 60}, "户"),
        "医保补助标准每人每年": ({"ensure": 700}, "元/年"),
        "PM2.5浓度": ({"at_most": 33}, "微克每立方米"),
        "培育交易额1000万元以上电商企业": ({"ensure": 10}, "户"),
    }
    assert rows(INVENTED)["gdp_level"].later
    five = (
        "一、“十五五”时期主要目标\n地区生产总值增长5%以上。\n二、2026年重点任务\n"
        "地区生产总值增长6%。到2030年，总产值突破9亿元。"
    )
    sheet = propose([Line(number, line) for number, line in enumerate(five.splitlines(), 1)])
    assert [(row.tiers["ensure"], row.later) for row in sheet.rows] == [(5, True), (6, False), (9, True)]


@pytest.mark.parametrize(
    "text",
    [
        "全市实现地区生产总值1303.8亿元，增长6.5%。",
        "去年我市地区生产总值增长6.5%，一般公共预算收入增长20.5%。",
        "预计全年地区生产总值增长6.5%。",
        "2020年以来累计完成投资1200亿元，今年以来增长8%。",
        "一、2023年工作回顾\n力争翻番的目标如期实现，地区生产总值增长6.5%。",
        "Growth was 6.5 % last year. Industry grew by 7 percent.",
    ],
)
def test_the_past_is_no_target(text: str) -> None:
    assert numbers(text) == {}


def test_without_headings_only_what_follows_the_word_of_a_target_counts() -> None:
    text = "工业占比47.9%，今年的主要目标是：地区生产总值增长7%，力争7.5%；固定资产投资增长8%-10%。"
    assert numbers(text) == {
        "gdp_growth": ({"ensure": 7, "stretch": 7.5}, "%"),
        "fai_growth": ({"ensure": 8, "stretch": 10}, "%"),
    }


@given(
    st.text(
        alphabet="确保力争地区生产总值增长突破、，。；：0123456789.%亿元户个等的（）《》一二年目标 a",
        max_size=120,
    )
)
def test_whatever_is_proposed_stands_in_the_text(text: str) -> None:
    """No number is invented: each is a number of the sentence that is given with it."""
    for row in rows("二、2024年目标\n" + text).values():
        said = [float(found) for found in re.findall(r"\d+(?:\.\d+)?", row.sentence)]
        assert row.line == 2 or row.line > 2
        assert row.key or all(value in said for value in row.tiers.values())


SECTION_TWO = (
    "6.5 7 7.5 8 6 6.5 9 10 5.5 6 7 7.5 6 8 1.8 3.5 48.5 90 200 750 7 462 200 80 30 290 10 10 10 40 10 12 10"
    " 550 20 2 400 40 3.2 68 26 2 1 58 7 380 97 100 11.76 90"
)
"""Every number of a target in section two of Panzhihua's work report for 2024, listed by hand."""


def test_every_target_of_the_first_regions_report_and_no_other(shared: Path) -> None:
    report = shared / "seed" / "panzhihua_work_report_2024.txt"
    if not report.is_file():
        pytest.skip("the report is not among the reference data")
    sheet = propose(read_lines(report))
    found = [value for row in sheet.rows for value in row.tiers.values()]
    assert sorted(found) == sorted(map(float, SECTION_TWO.split()))
    text = report.read_text(encoding="utf-8").split("二、2024年工作安排")[1]
    assert all(row.sentence.translate({ord("％"): "%"}) in text for row in sheet.rows)
    assert {row.key for row in sheet.rows} - {""} == {
        *("gdp_growth", "industry_above_scale_growth", "fai_growth", "retail_growth", "urban_income_growth"),
        *("rural_income_growth", "budget_revenue_growth", "urban_jobs", "key_project_investment"),
    }


def told(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(simulate, ["targets", *words])
    return done.exit_code, done.output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_proposal_loads_as_it_stands(tmp_path: Path, encoding: str) -> None:
    """In the scenario that it extends: its numbers, each row with its sentence."""
    (tmp_path / "city.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "report.txt").write_text(INVENTED, encoding=encoding)
    out = tmp_path / "targets.yaml"
    words = (str(tmp_path / "report.txt"), "--extends", str(tmp_path / "city.yaml"), "--out", str(out))
    assert told(*words)[0] == 0
    targets = load(out).scenario.targets
    assert targets["gdp_growth"].ensure and targets["gdp_growth"].ensure.source == "work-report"
    assert targets["城镇登记失业率"].at_most and targets["城镇登记失业率"].basis == "stated"
    plain = yaml.safe_load(out.read_text(encoding="utf-8"))["targets"]
    assert plain["gdp_growth"]["note"].startswith("全年地区生产总值确保增长6.5%")
    assert "gdp_level" not in plain and "2000" in out.read_text(encoding="utf-8")
    assert told(*words)[0] == 2 and load(out)  # what is there stays


def test_a_row_that_stands_keeps_its_key_and_unit(tmp_path: Path) -> None:
    sheet = CITY + "  grain: {title: 粮食产量, basis: stated, unit: 万吨, ensure: 20, expected: 19}\n"
    (tmp_path / "city.yaml").write_text(sheet, encoding="utf-8")
    (tmp_path / "report.md").write_text("## 2024年目标\n粮食产量稳定在30万吨以上。", encoding="utf-8")
    out = tmp_path / "new.yaml"
    assert (
        told(str(tmp_path / "report.md"), "--extends", str(tmp_path / "city.yaml"), "--out", str(out))[0] == 0
    )
    row = load(out).scenario.targets["grain"]
    assert row.ensure and row.ensure.value == 30 and row.expected and row.expected.value == 19


def test_a_word_document_is_read_and_a_bomb_is_not(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    import zipfile

    document = docx.Document()
    for line in INVENTED.splitlines():
        document.add_paragraph(line)
    document.save(str(tmp_path / "report.docx"))
    assert propose(read_lines(tmp_path / "report.docx")).rows[0].tiers == {"ensure": 6.5, "stretch": 7}
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * (MOST_UNPACKED + 1))
    for name, data in (
        ("bomb.docx", None),
        ("no.docx", b"no zip"),
        ("bytes.txt", bytes(4000)),
        ("none.txt", None),
    ):
        if data is not None:
            (tmp_path / name).write_bytes(data)
        with pytest.raises(DabiaoError):
            read_lines(tmp_path / name)


def test_a_report_without_targets_is_told(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text("全市地区生产总值增长6.5%。", encoding="utf-8")
    code, said = told(str(tmp_path / "report.txt"), "--lang", "en")
    assert code == 2 and "no sentence states a target" in said


def test_a_long_line_takes_no_longer_than_it_must() -> None:
    assert propose([Line(1, "今年目标是" + "增长 " * 200_000)]).rows == []
    assert propose([Line(1, "We will " + " " * 19_000 + "5 percent")]).rows == []


def tiers(text: str) -> dict[str, dict[str, float]]:
    lines = [Line(number, line) for number, line in enumerate(("2024年工作安排", text), 1)]
    return {row.key or row.title: row.tiers for row in propose(lines).rows}


def test_what_is_striven_for_ends_where_another_thing_is_to_be_done():
    found = tiers("力争规上工业总产值突破2000亿元，实施技改项目60个，完成工业投资260亿元。")
    assert found["规上工业总产值"] == {"stretch": 2000}
    assert found["工业投资"] == {"ensure": 260}


def test_a_number_in_another_unit_is_of_the_level_and_not_of_the_growth():
    found = tiers("一般公共预算收入增长6%，力争突破100亿元；地区生产总值增长7%，奋斗目标8%。")
    assert found["一般公共预算收入"] == {"stretch": 100}
    assert found["gdp_growth"] == {"ensure": 7, "stretch": 8}


def test_growth_of_each_is_told_apart():
    found = tiers("接待游客3000万人次、实现旅游收入350亿元，同比分别增长10%、15%。")
    assert (found["接待游客增速"], found["旅游收入增速"]) == ({"ensure": 10}, {"ensure": 15})


def test_a_number_of_the_past_in_the_part_on_the_year_to_come_is_listed_as_left_out():
    sheet = propose([Line(1, "2024年工作安排"), Line(2, "去年争取专项债券62亿元。粮食产量26万吨以上。")])
    assert [row.title for row in sheet.rows] == ["粮食产量"]
    assert any("62亿元" in text for _, text in sheet.left)


def test_percentages_in_words_are_targets_too() -> None:
    found = rows("今年主要预期目标：地区生产总值增长百分之六至百分之七，固定资产投资增长百分之九点五。")
    assert found["gdp_growth"].tiers == {"ensure": 6, "stretch": 7}
    assert found["fai_growth"].tiers == {"ensure": 9.5}
