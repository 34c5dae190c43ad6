"""Coefficients of indicators of one's own from what a scenario states, on paper: by branch, class or group,
grown, and fitted to a base year that is known."""

from __future__ import annotations

from types import SimpleNamespace as Made
from typing import Any

import numpy as np
import pytest
from dabiao.engine import satellites
from dabiao.engine.satellites import Row, nearest
from dabiao.models.errors import ScenarioError
from dabiao.models.quantity import Draws, Quantity
from dabiao.scenarios.schema import IndicatorSpec
from regions import four, region

NATION: Any = Made(
    classes={
        "soil": Made(va_ratio=Quantity(value=60), labour_share=Quantity(value=90)),
        "goods": Made(va_ratio=Quantity(value=30), labour_share=Quantity(value=40)),
        "care": Made(va_ratio=Quantity(value=50), labour_share=Quantity(value=20)),
    },
    groups={"all": ("soil", "goods", "care"), "making": ("goods", "care"), "wide": ("goods", "care", "x")},
)


ONES = dict.fromkeys(("farms", "plants", "mines", "shops"), 1)


def spec(**given: Any) -> IndicatorSpec:
    return IndicatorSpec.model_validate({"title": "t", "unit": "人", **given})


def made(**shares: float) -> dict[str, np.ndarray]:
    return {key: np.array([share]) for key, share in shares.items()}


def of_row(stated: IndicatorSpec, row: Row) -> tuple[float, float, bool]:
    with np.errstate(all="raise"):
        coefficient, growth, lacks = satellites._of_row(stated, row, NATION, Draws())
    assert coefficient.shape == growth.shape == (1,)
    return float(coefficient[0]), float(growth[0]), lacks


def test_the_smallest_group_that_a_class_is_in_speaks_for_it() -> None:
    known: Any = dict.fromkeys(("all", "making", "wide"))
    assert nearest("goods", known, NATION) == "making" and nearest("soil", known, NATION) == "all"
    assert nearest("goods", {**known, "goods": None}, NATION) == "goods"
    assert nearest("soil", {"making": None}, NATION) is None  # type: ignore[dict-item]


def test_a_coefficient_of_ones_own_goes_before_classes() -> None:
    """That of the branch before that of its sector."""
    stated = spec(coefficients={"mines/ore": 7, "mines": 5, "goods": 1}, growth=-2, growth_of={"mines": 3})
    row = Row("mines", ("mines/ore", "mines"), made(goods=1.0))
    assert of_row(stated, row) == (7, -2, False)
    assert of_row(stated, Row("mines", ("mines/mill", "mines"), made(goods=1.0))) == (5, 3, False)


@pytest.mark.parametrize(
    ("driver", "weights"),
    [
        ("output", (0.25, 0.75)),
        ("investment", (0.25, 0.75)),
        ("value_added", (0.25 * 60, 0.75 * 30)),
        ("nominal_value_added", (0.25 * 60, 0.75 * 30)),
        ("labour_income", (0.25 * 60 * 90, 0.75 * 30 * 40)),
    ],
)
def test_classes_count_by_their_part_of_the_driver(driver: str, weights: tuple[float, float]) -> None:
    """Coefficients 8 and 2 that grow by 5 and -1: growth is the mean by what each counts."""
    stated = spec(driver=driver, coefficients={"soil": 8, "making": 2}, growth=5, growth_of={"making": -1})
    soil, goods = 8 * weights[0], 2 * weights[1]
    assert of_row(stated, Row("s", ("s",), made(soil=0.25, goods=0.75))) == (
        pytest.approx((soil + goods) / sum(weights)),
        pytest.approx((5 * soil - goods) / (soil + goods)),
        False,
    )


def test_classes_without_a_coefficient_count_nothing_and_are_told() -> None:
    stated = spec(coefficients={"soil": 8}, growth=5)
    assert of_row(stated, Row("s", ("s",), made(soil=0.25, goods=0.75))) == (2, 5, True)
    assert of_row(stated, Row("s", ("s",), made(goods=0.0, soil=1.0))) == (8, 5, False), "there is none of it"
    assert of_row(stated, Row("s", ("s",), made(goods=1.0))) == (0, 0, True)
    assert of_row(spec(coefficients={"soil": 0}, growth=5), Row("s", ("s",), made(soil=1.0))) == (0, 0, False)
    assert of_row(spec(coefficients={"soil": 8}), Row("s", ("s",), made(soil=1.0))) == (8, 0, False)


ROWS = [
    Row("a", ("a/x", "a"), made(soil=1.0)),
    Row("a", ("a/y", "a"), made(care=1.0)),
    Row("b", ("b",), made(goods=1.0)),
]


def account(values: Draws | None = None, **given: Any) -> satellites.Counted:
    driven = np.array([[10.0], [20.0], [30.0]])
    return satellites._account("i", spec(**given), ROWS, NATION, driven, values or Draws())


def test_coefficients_of_all_rows_as_stated() -> None:
    found = account(coefficients={"a/x": 2, "b": 0.5}, growth=4, growth_of={"b": -10})
    assert found.account.coefficients[:, 0].tolist() == [2, 0, 0.5]
    assert found.account.factor[:, 0] == pytest.approx([1.04, 1, 0.9])
    assert (found.account.driver, found.fitted, found.uncounted) == ("output", None, ("a",))
    assert account(coefficients={"making": 1}).uncounted == ("a",)
    assert account(coefficients={"all": 1}).uncounted == ()


def test_a_level_of_the_base_year_multiplies_all_coefficients() -> None:
    """2 x 10 + 0.5 x 30 = 35 beside 70 that is stated."""
    found = account(coefficients={"a/x": 2, "a/y": 0, "b": 0.5}, base=70)
    assert found.fitted == pytest.approx(2)
    assert found.account.coefficients[:, 0] == pytest.approx([4, 0, 1])


class Loose(Draws):
    strict = False


def test_a_level_beside_coefficients_that_give_none_is_refused() -> None:
    with pytest.raises(ScenarioError) as caught:
        account(coefficients={"soil": 0, "care": 0, "goods": 0}, base=70)
    assert [each.path for each in caught.value.problems] == ["indicators.i.base"]
    assert account(Loose(), coefficients={"soil": 0, "care": 0, "goods": 0}, base=70).account is not None


def test_indicators_are_made_of_their_accounts() -> None:
    """A level, its growth, its ratio to another and to a total; investment is counted by sector."""
    stated = {
        "jobs": {"title": "j", "unit": "人", "coefficients": ONES, "base": 840, "digits": 2},
        "built": {"title": "b", "unit": "㎡", "driver": "investment", "coefficients": {"farms": 3}},
        "faster": {"title": "f", "kind": "growth", "of": "jobs"},
        "each": {"title": "e", "of": "jobs", "over": "built"},
        "share": {"title": "s", "unit": "人/亿元", "of": "jobs", "over": "gdp"},
        "small": {"title": "s", "unit": "万人/亿元", "of": "jobs", "over": "gdp"},
        "turned": {"title": "t", "unit": "亿元/人", "of": "gdp_level", "over": "jobs"},
    }
    found = region(four(indicators=stated)).economy.indicators
    assert list(found) == [*stated]
    jobs = found["jobs"]
    assert found["faster"].account is jobs.account is found["each"].account is found["share"].account
    assert found["each"].over is found["built"].account and found["jobs"].over is None
    assert (jobs.grows, found["faster"].grows) == (False, True)
    assert jobs.digits == 2 and found["each"].digits == 1
    assert jobs.fitted is not None and found["faster"].fitted is None
    assert found["built"].uncounted == ("plants", "mines", "shops")
    assert (found["faster"].uncounted, jobs.uncounted) == ((), ())
    assert (jobs.unit, found["faster"].unit, found["share"].unit) == ("人", "%", "人/亿元")
    path = region(four(indicators=stated)).run()
    assert float(jobs.value(path, 0)[0]) == pytest.approx(840)
    ratios = {"share": 2, "small": 2e-4, "turned": 0.5}
    assert {key: float(found[key].value(path, 0)[0]) for key in ratios} == pytest.approx(ratios)
    assert len(found["built"].account.coefficients) == 4 < len(jobs.account.coefficients)


def test_of_indicators_that_are_made_of_others_nothing_is_told_twice() -> None:
    short = {
        "jobs": {"title": "j", "unit": "人", "coefficients": {"farms": 1}, "base": 10},
        "faster": {"title": "f", "kind": "growth", "of": "jobs"},
    }
    found = region(four(indicators=short)).economy.indicators
    assert found["jobs"].uncounted == ("plants", "mines", "shops") and found["faster"].uncounted == ()
