"""The answer on a terminal: the verdict first, in one language, within the width, for every console."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from dabiao.engine.run import Answer
from dabiao.engine.run import run as answer_scenario
from dabiao.models.quantity import Bilingual
from dabiao.models.target import Rung
from dabiao.results.forms.terminal.answer import render
from dabiao.results.forms.terminal.layout import cell_width, wrap
from dabiao.results.front import front_page
from dabiao.results.report import tables
from dabiao.results.tables.table import sentences
from dabiao.scenarios.load import examples, load, load_example
from hypothesis import given, settings
from hypothesis import strategies as st

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"
CHINESE = re.compile("[\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef]")
NAMES = [str(VALLEY), *examples()[:1]]


@cache
def answered(name: str, *sets: str) -> Answer:
    """A scenario, answered."""
    return answer_scenario(load(name, sets) if name.endswith(".yaml") else load_example(name, sets))


def shown(lang: str, width: int = 80, name: str = str(VALLEY), *sets: str) -> str:
    answer = answered(name, *sets)
    return render(answer, tables(answer), lang, width)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_no_line_is_wider_than_the_terminal(name: str, lang: str, width: int) -> None:
    wide = [line for line in shown(lang, width, name).splitlines() if cell_width(line) > width]
    assert wide == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chinese_console_can_show_it(name: str, lang: str) -> None:
    text = shown(lang, 80, name)
    assert text.encode("gbk").decode("gbk") == text
    assert "\t" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_the_verdict_comes_first() -> None:
    for lang, word in (("zh", "结论"), ("en", "VERDICT")):
        lines = [line for line in shown(lang).splitlines() if line]
        assert lines[2].startswith(word), lines[:4]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 120])
def test_the_screen_opens_with_page_one(name: str, lang: str, width: int) -> None:
    """Everything of page one, in its order, before the target sheet; nothing of it twice."""
    answer = answered(name)
    made = tables(answer)
    page = front_page(made, lang, answer.scenario.title, {})
    assert page is not None
    text = "".join(render(answer, made, lang, width).split())
    said = [*page.answer, *([page.needs[1]] if page.needs else [])]
    said += [told for _, told in (*page.notes, *page.advice)]
    places = [text.index("".join(each.split())) for each in [page.title, *said]]
    assert places == sorted(places)
    assert [each for each in said if text.count("".join(each.split())) != 1] == []
    after = "".join(sentences(made, lang)["verdict"][1].split())
    decided = made["decisions"].column("who")
    assert places[-1] < text.index(after)
    assert all("".join(who.of(lang).split()) in text for who in decided if who is not None)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_program_is_named_at_the_end_alone(lang: str) -> None:
    answer = answered(str(VALLEY))
    text = render(answer, tables(answer), lang, 80, "0123abcd")
    assert text.count("0123abcd") == text.count(answer.solver) == 1
    assert "0123abcd" in text.splitlines()[-1] and answer.solver in text.splitlines()[-1]


def test_the_count_of_tiers_is_told() -> None:
    answer = answered(str(VALLEY))
    told = [row["rung"] for row in tables(answer)["verdict"].records() if row["target"] != "sheet"]
    whole = "".join(shown("zh").split())
    assert f"主要目标{len(told)}档" in whole
    for rung in Rung:
        if rung is not Rung.UNDECIDED:
            assert f"{rung.value.zh}{told.count(rung.value)}" in whole
            assert f"{told.count(rung.value)} {rung.value.en}" in " ".join(shown("en").split())


def test_words_of_a_planner() -> None:
    text = "".join(shown("zh").split())
    for word in (
        "确保",
        "力争",
        "拉动",
        "贡献率",
        "增长来源",
        "投资结构",
        "结转",
        "核对",
        "关键假定",
        "怎么做",
        "未纳入测算",
    ):
        assert word in text, word
    assert "None" not in text
    assert "nan" not in text.lower()


def test_english_has_no_chinese_but_names_given_only_in_chinese() -> None:
    text = shown("en")
    stated = re.findall(r"[\u4e00-\u9fff]+", VALLEY.with_name("valley.yaml").read_text(encoding="utf-8"))
    assert set(re.findall(r"[\u4e00-\u9fff]+", text)) <= set(stated)
    for name in examples()[:1]:
        assert not CHINESE.search(shown("en", 80, name))


def test_chinese_has_no_english_sentence() -> None:
    for name in NAMES:
        assert not re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", shown("zh", 100, name))


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        (("targets.gdp_growth.ensure=-5", "targets.gdp_growth.stretch=-4"), "按现方案可达"),
        (("targets.gdp_growth.ensure=60", "targets.gdp_growth.stretch=70"), "不宜作为承诺"),
        (("targets.fai_growth.ensure=9", "targets.fai_growth.stretch=10"), "达到固定资产投资增速确保9.0%"),
        (("investment.growth=40",), "现方案突破约束"),
    ],
)
def test_every_turn_of_the_story_is_told(sets: tuple[str, ...], said: str) -> None:
    assert said in "".join(shown("zh", 80, str(VALLEY), *sets).split())
    assert shown("en", 80, str(VALLEY), *sets)


@pytest.mark.parametrize("width", [60, 80])
def test_long_names_stay_within_the_width(width: int) -> None:
    answer = answered(str(VALLEY))
    title = Bilingual(zh="很长的名字" * 30, en="averylongname" * 20)
    scenario = answer.scenario.model_copy(
        update={
            "title": title,
            "sectors": {k: s.model_copy(update={"title": title}) for k, s in answer.scenario.sectors.items()},
        }
    )
    renamed = SimpleNamespace(
        **{**vars(answer), "scenario": scenario}, bounds=answer.bounds, contradictory=answer.contradictory
    )
    for lang in ("zh", "en"):
        text = render(renamed, tables(renamed), lang, width)  # type: ignore[arg-type]
        assert [line for line in text.splitlines() if cell_width(line) > width] == []


PIECES = [
    "概率",
    "（代价",
    "41.6亿元）",
    "6.5%）、",
    "“甲”，",
    "结构：",
    " +0.3个百分点",
    "钒钛",
    " 14 项",
    "；",
    "SimPy",
    "《办法》",
]


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=30), st.integers(24, 60))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(
    pieces: list[str], width: int
) -> None:
    """And nothing is lost, and nothing is wider than the line."""
    text = "甲" + "甲".join(pieces)
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_width(line) <= width for line in lines)
    assert not [line for line in lines[1:] if line[0] in "，。；、：）”》"]
    assert not [line for line in lines if line[-1] in "（“《"]


def test_a_number_stays_with_its_unit() -> None:
    text = "全年投资总量 +30.4亿元、单一部门投资增速 +13.0个百分点（代价 41.6亿元）"
    for width in range(20, 60):
        assert not [line for line in wrap(text, width)[1:] if line.startswith(("亿元", "个百分点", "百分点"))]


@pytest.mark.parametrize(
    ("sets", "tiers"),
    [
        ((), {"ensure", "stretch"}),
        (("targets.fai_growth.stretch=null",), {"ensure"}),  # one target alone has a stretch tier
    ],
)
def test_all_together_is_told_of_tiers_that_two_targets_have(sets: tuple[str, ...], tiers: set[str]) -> None:
    answer = answered(str(VALLEY), *sets)
    made = tables(answer)
    assert {row["tier_id"] for row in made["verdict"].records() if row["target"] == "sheet"} == tiers


def test_no_text_shows_its_own_scaffolding() -> None:
    """No sentence, note or heading of any table in either language holds a placeholder, None or a number
    without end."""
    wrong = []
    for name in NAMES:
        answer = answered(name)
        for table in tables(answer).values():
            texts = [
                table.title,
                *([table.note] if table.note else []),
                *(cell for row in table.rows for cell in row if isinstance(cell, Bilingual)),
            ]
            said = [text.of(lang) for text in texts for lang in ("zh", "en")] + [
                word for column in table.columns for word in (column.title.zh, column.title.en)
            ]
            wrong += [
                (table.name, each) for each in said if re.search(r"[{}]|\bNone\b|\bnan\b|\d\.\d{12}", each)
            ]
    assert wrong == []
