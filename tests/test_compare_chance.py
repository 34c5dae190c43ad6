"""What a comparison says of chance: no difference is told that the draws do not show, and none is hidden that
they do."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from dabiao.engine.run import run as answer_scenario
from dabiao.results.compare.attribution import explained
from dabiao.results.compare.inputs import inputs_of
from dabiao.results.compare.runs import compare
from dabiao.results.compare.sampling import APART, FEW, NOTE, Sampled, difference_error, medians_of, within
from dabiao.results.compare.terminal import render_comparison
from dabiao.results.forms.terminal.layout import cell_width
from dabiao.results.report import tables
from dabiao.results.tables.sectors import OUTSIDE, sectors
from dabiao.results.tables.table import Table
from dabiao.results.text.wording import told_amount, told_relaxed, told_weight
from dabiao.scenarios.load import load, resolved_yaml
from hypothesis import given
from hypothesis import strategies as st

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"
CLOSE = ("targets.gdp_growth.ensure=4.4", "targets.gdp_growth.stretch=4.6")
"""Tiers that some futures reach and others miss."""


@cache
def answered(draws: int, *sets: str) -> Any:
    return answer_scenario(load(VALLEY, sets), draws=draws)


def compared(*asked: tuple[int, tuple[str, ...]]) -> dict[str, Table]:
    """Runs of the valley side by side, each of so many draws with changes of its own."""
    loaded = [load(VALLEY, sets) for _, sets in asked]
    made = [tables(answered(draws, *sets)) for draws, sets in asked]
    told = [inputs_of(resolved_yaml(one), own, one.origins) for one, own in zip(loaded, made, strict=True)]
    found = compare([f"run {at}" for at in range(len(asked))], made, told=told)
    scenarios = [one.scenario for one in loaded]
    return found | explained(scenarios, [None] * len(asked), [one.origins for one in told])


# --- one file, few draws and many
# ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("draws", [16, 32, 64])
def test_one_file_with_other_draws_shows_no_difference(draws: int) -> None:
    found = compared((1024, CLOSE), (draws, CLOSE))
    assert found["runs"].column("draws") == (1024, draws)
    assert found["runs"].column("alike") == (False, True)
    moved = 0
    for name, less in (("headlines", "value_2_less_1"), ("targets", "expected_2_less_1")):
        for row in found[name].records():
            moved += bool(row[less])
            assert bool(row["within_2"]) == bool(row[less]), row
    assert moved > 2
    for lang, said in (("en", "no difference beyond sampling error"), ("zh", "没有超出抽样误差的差别")):
        text = render_comparison(found, lang, 80)
        assert said in " ".join(text.split()) or said in "".join(text.split())
        assert "".join(NOTE.of(lang).split()) in "".join(text.split())
        assert "1,024" in text and re.search(rf"\b{draws}( draws|次抽样)", text)
        assert max(map(cell_width, text.splitlines())) <= 80


def test_a_changed_file_with_common_draws_shows_its_difference() -> None:
    """A difference far below the errors of the runs themselves is seen where both have the same futures."""
    found = compared((1024, CLOSE), (1024, (*CLOSE, "investment.growth=6.5")))
    row = next(row for row in found["headlines"].records() if row["item"] == "median_gdp_growth")
    assert row["value_2_less_1"] and not row["within_2"]
    assert row["error_2_less_1"] < math.hypot(row["error_1"], row["error_2"])
    assert found["runs"].column("alike") == (False, False)
    one = compared((1024, CLOSE), (16, (*CLOSE, "investment.growth=6.5")))
    far = next(row for row in one["headlines"].records() if row["item"] == "median_gdp_growth")
    assert far["error_2_less_1"] > row["error_2_less_1"]


def test_the_same_run_twice_has_no_mark() -> None:
    found = compared((64, CLOSE), (64, CLOSE))
    assert not any(found["headlines"].column("within_2"))
    text = render_comparison(found, "en", 100)
    assert "~" not in text and "none: all inputs are the same\n" in text


def test_draws_and_errors_of_a_run_are_those_of_its_ensemble() -> None:
    answer = answered(64, *CLOSE)
    made = tables(answer)
    row = next(row for row in made["probabilities"].records() if row["target"] == "gdp_growth")
    parts = [float(each) for each in row["replicates"].split()]
    assert np.mean(parts) == pytest.approx(row["probability"])
    assert np.std(parts, ddof=1) / math.sqrt(len(parts)) == pytest.approx(row["error"], abs=0.5 / 64)
    assert row["draws"] == answer.ensemble.draws == 64
    median = medians_of(made)["gdp_growth"]
    assert len(median.replicates) == len(parts) and median.value == row["q50"]


# --- errors of differences
# ----------------------------------------------------------------------------------------------------------

numbers = st.floats(-50, 50, allow_nan=False)


@given(st.lists(numbers, min_size=16, max_size=16), numbers)
def test_common_draws_leave_only_what_differs(parts: list[float], shift: float) -> None:
    """What moves every replicate alike is known without error; the order of runs does not matter."""
    error = float(np.std(parts, ddof=1)) / 4
    one = Sampled(float(np.mean(parts)), error, tuple(parts), 1024)
    other = Sampled(one.value + shift, error, tuple(each + shift for each in parts), 1024)
    found = difference_error(one, other)
    assert found == pytest.approx(0, abs=1e-9) and found == difference_error(other, one)


@given(st.integers(1, FEW - 1), st.floats(0, 1))
def test_few_draws_are_never_certain(draws: int, share: float) -> None:
    """A chance of 0 or 100 % that few draws showed is as little known as any other."""
    value = 100 * round(share * draws) / draws
    few = Sampled(value, 0.0, (), draws, chance=True)
    many = Sampled(value, 0.3, (), 100_000, chance=True)
    found = difference_error(few, many)
    assert found is not None and found >= 100 * 0.5 / (draws + 4)


@given(st.floats(-9, 9).filter(bool), st.floats(0, 9))
def test_within_is_two_standard_errors(less: float, error: float) -> None:
    assert within(less, error, alike=False) is (abs(less) <= APART * error)
    assert within(less, error, alike=True) is True and within(less, None, alike=True) is True
    assert within(less, None, alike=False) is None and within(0.0, error, alike=True) is None


# --- sums, shares and amounts as printed
# ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [80, 120])
def test_parts_beside_a_sum_add_up_on_the_screen(width: int) -> None:
    found = compared(
        (16, ()), (16, ("investment.growth=9", "prices.gdp=1.5", "sectors.factories.market.trend=5"))
    )
    block = next(
        part for part in render_comparison(found, "en", width).split("\n\n") if part.startswith("WHY CASE 2")
    )
    rows = [re.findall(r"(?<= )[+-]?\d+\.\d\d\b", line) for line in block.splitlines()[1:]]
    *parts, total = [[float(each) for each in row] for row in rows if row]
    assert len(parts) > 1
    for at, whole in enumerate(total):
        assert sum(row[at] for row in parts) == pytest.approx(whole, abs=1e-9)


@pytest.mark.parametrize("more", [1e-9, 4e-4, 0.003, 0.02, 0.049, 0.05, 0.3, 12.0])
@pytest.mark.parametrize("most", [0.0, 0.2, 30.0, 1000.0])
def test_nothing_is_relaxed_by_nothing(more: float, most: float) -> None:
    """What is told of a limit shows a digit other than zero; what is left out is next to nothing of it."""
    kind = SimpleNamespace(unit="亿元")
    limits = {"money": SimpleNamespace(stated=SimpleNamespace(value=most), kind=kind, indicator=None)}
    setting = cast(Any, SimpleNamespace(scenario=SimpleNamespace(limits=limits)))
    told = told_relaxed(setting, {"money": more})
    if told:
        for lang in ("zh", "en"):
            assert re.search(r"[1-9]", told_amount(setting, "money", more, lang)), (lang, more)
    else:
        assert more < 0.05 and more <= max(most / 1000, 0.0005)
    assert told_relaxed(setting, None) == {}


def test_a_weight_that_prints_as_nothing_is_no_weight() -> None:
    assert told_weight(0.004) is None and told_weight(None) is None and told_weight(0.02) == 0.02


def test_a_share_of_growth_beyond_its_range_has_a_note() -> None:
    """A sector that shrinks while GDP grows has a share below zero."""
    plain = answered(16)
    shrunk = answered(16, "sectors.shops.market.trend=-30", "sectors.shops.market.finds_buyers=0")
    for answer in (plain, shrunk):
        table = sectors(answer)
        shares = [share for share in table.column("contribution") if share is not None]
        beyond = any(not 0 <= share <= 100 for share in shares)
        assert beyond is (OUTSIDE.en in (table.note.en if table.note else ""))
    assert beyond
