"""The sentence that opens the answer says in words what the tables say in numbers."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.models.quantity import Bilingual
from dabiao.models.target import Rung, Target
from dabiao.results.tables.chances import percent
from dabiao.results.text.format import number
from dabiao.results.text.plain import plain_sentence
from hypothesis import given
from hypothesis import strategies as st

MARKS = re.compile(r"\d+(?:\.\d+)?")


def target(unit: str = "%", **tiers: float) -> Target:
    every: dict[str, Any] = {"ensure": None, "stretch": None, "at_most": None, **tiers}
    return Target(
        id="gdp",
        title=Bilingual(zh="增速", en="Growth"),
        indicator="gdp",
        basis="modelled",
        unit=unit,
        digits=1,
        asked=None,
        main=True,
        **every,
    )  # type: ignore[arg-type]


def answer(
    one: Target, expected: float, chances: tuple[float | None, ...], money: float | None = None
) -> Any:
    """What the sentence reads of an answer."""
    outcomes = [
        SimpleNamespace(
            target=one,
            tier=tier,
            threshold=asked,
            expected=expected,
            gap=expected - asked,
            gap_yi=money,
            probability=chance,
            rung=Rung.OUT,
        )
        for (tier, asked), chance in zip(one.tiers.items(), chances, strict=True)
    ]
    sheet = SimpleNamespace(targets={one.id: one})
    return SimpleNamespace(
        assessment=SimpleNamespace(outcomes=outcomes),
        sheet=sheet,
        plan=SimpleNamespace(path=SimpleNamespace(gdp=np.array([[100.0], [105.0]]))),
        scenario=SimpleNamespace(years=SimpleNamespace(target=2024)),
    )


@pytest.mark.parametrize(
    ("one", "expected", "chances", "money", "zh", "en"),
    [
        (
            target(ensure=6.5, stretch=7.0),
            5.31,
            (0.25, 0.19),
            -15.5,
            "按现方案，2024年增速中位预测5.31%，低于6.5%的确保目标（差1.19个百分点，约15.5亿元），达标概率25%。",
            (
                "Under the plan, Growth in 2024 is projected at 5.31%, below the 6.5% minimum target"
                " (1.19 points short, about CNY 1.55bn), with a 25% chance of reaching it."
            ),
        ),
        (
            target(ensure=6.5, stretch=7.0),
            6.61,
            (0.55, 0.3),
            None,
            (
                "按现方案，2024年增速中位预测6.61%，达到6.5%的确保目标（余0.11个百分点），达标概率55%，"
                "低于7.0%的力争目标（差0.39个百分点），达标概率30%。"
            ),
            (
                "Under the plan, Growth in 2024 is projected at 6.61%, at or above the 6.5% minimum"
                " target (0.11 points to spare), with a 55% chance of reaching it and below the 7.0% stretch"
                " target (0.39 points short), with a 30% chance of reaching it."
            ),
        ),
        (
            target(at_most=3.0),
            3.21,
            (None,),
            None,
            "按现方案，2024年增速中位预测3.21%，高于3.0%的上限（超0.21个百分点）。",
            (
                "Under the plan, Growth in 2024 is projected at 3.21%, above the ceiling of 3.0% (0.21 points"
                " over)."
            ),
        ),
        (
            target(ensure=6.5),
            6.46,
            (0.5,),
            -0.5,
            (
                "按现方案，2024年增速中位预测6.46%，达到6.5%的确保目标（按四舍五入，未四舍五入差0.04个百分点），"
                "达标概率50%。"
            ),
            (
                "Under the plan, Growth in 2024 is projected at 6.46%, at or above the 6.5% minimum"
                " target (after rounding, 0.04 points off before it), with a 50% chance of reaching it."
            ),
        ),
    ],
)
def test_the_sentence_as_it_is_read(
    one: Target, expected: float, chances: tuple[float | None, ...], money: float | None, zh: str, en: str
) -> None:
    assert plain_sentence(answer(one, expected, chances, money), "zh") == zh
    assert plain_sentence(answer(one, expected, chances, money), "en") == en


@given(st.floats(-5, 15), st.floats(0, 1), st.integers(-20, 140), st.sampled_from(["zh", "en"]))
def test_every_number_is_the_tables_and_the_words_are_true(
    expected: float, chance: float, tenths: int, lang: str
) -> None:
    """The side that is told is that of the rounded value; expected, asked and chance are printed as the
    tables print them."""
    asked = tenths / 10
    one = target(ensure=asked)
    told = plain_sentence(answer(one, expected, (chance,)), lang)
    assert (("达到" if lang == "zh" else "at or above") in told) == one.met(expected, asked)
    assert percent(chance) in told and f"{number(asked, 1)}%" in told
    assert any(f"{number(expected, digits)}%" in told for digits in range(2, 7))


def test_without_targets_there_is_no_sentence() -> None:
    one = target(ensure=6.5)
    assert plain_sentence(answer(one, float("nan"), (None,)), "zh") == ""
