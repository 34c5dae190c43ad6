"""What the years left must bring, by hand: rates compound, amounts add up, levels, and the worst year."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.tracking.years_left import YearsLeft, years_left
from dabiao.models.span import MEASURES, Over
from dabiao.models.target import Target
from planning import target

LEVELS = "key_project_investment"


def asked(
    indicator: str, threshold: float, measure: str | None, *, first: int = 1, ceiling: bool = False
) -> Target:
    made = target(indicator, None if ceiling else threshold, threshold if ceiling else None)
    return replace(made, over=Over(first, 5, MEASURES[measure])) if measure else made


def left(row: Target, threshold: float, known: dict[int, float], done: int, path: Any, year: int = 5) -> Any:
    """``path`` is what every year brings, one draw or several a year."""
    draws = np.array([np.atleast_1d(each) for each in path], dtype=float)
    found = SimpleNamespace(year=year, by_year=lambda _: draws)
    return years_left(found, row, threshold, known, done)  # type: ignore[arg-type]


def near(found: YearsLeft, so_far: float, growth: float | None, amount: float | None, usual: float) -> None:
    assert found.so_far == pytest.approx(so_far)
    assert found.growth == (None if growth is None else pytest.approx(growth))
    assert found.amount == (None if amount is None else pytest.approx(amount))
    assert found.usual == pytest.approx((usual,) * 3)
    assert found.lost is (growth is None and amount is None)


FIVE = [8, 4, 5, 6, 7]
"""Growth of five years, two of them over."""


def test_an_average_growth_is_what_the_years_compound_to() -> None:
    """6 % over five years after 8 and 4: 1.06^5 / (1.08 x 1.04) in three."""
    found = left(asked("gdp_growth", 6, "average"), 6, {1: 8, 2: 4}, 2, FIVE)
    need = 100 * ((1.06**5 / (1.08 * 1.04)) ** (1 / 3) - 1)
    near(found, 100 * ((1.08 * 1.04) ** 0.5 - 1), need, None, 100 * ((1.05 * 1.06 * 1.07) ** (1 / 3) - 1))
    assert (found.first, found.last, found.years, found.unknown, found.lost) == (3, 5, 3, (), False)


def test_growth_altogether() -> None:
    """30 % in all: 1.3 / (1.08 x 1.04) in three."""
    found = left(asked("gdp_growth", 30, "sum"), 30, {1: 8, 2: 4}, 2, FIVE)
    need = 100 * ((1.3 / (1.08 * 1.04)) ** (1 / 3) - 1)
    near(found, 100 * (1.08 * 1.04 - 1), need, None, 100 * ((1.05 * 1.06 * 1.07) ** (1 / 3) - 1))


def test_amounts_add_up() -> None:
    """An average of 6 asks 30 in all, of which 12 are there; a sum of 33 asks 21."""
    near(left(asked(LEVELS, 6, "average"), 6, {1: 8, 2: 4}, 2, FIVE), 6, None, 18 / 3, 6)
    near(left(asked(LEVELS, 33, "sum"), 33, {1: 8, 2: 4}, 2, FIVE), 12, None, 21 / 3, 6)


def test_a_level_grows_or_adds() -> None:
    """From 80 to 100 in two years: 11.8 % a year, or 10; from nothing there is no rate."""
    path = [50, 60, 80, 85, 96.8]
    near(left(asked(LEVELS, 100, None), 100, {3: 80}, 3, path), 80, 100 * (1.25**0.5 - 1), 10, 10)
    found = left(asked(LEVELS, 100, None), 100, {3: 0}, 3, path)
    near(found, 0, None, 50, 96.8 / 2)
    near(left(asked(LEVELS, 0, None), 0, {3: 80}, 3, path), 80, None, -40, (96.8 - 80) / 2)


@pytest.mark.parametrize("lost", [False, True])
def test_the_worst_year_counts(lost: bool) -> None:
    """5 % in every year: 8 and 6 leave 5 to be kept; 8 and 4 lose it. The least of 5, 6 and 7 is usual."""
    second = 4 if lost else 6
    found = left(asked("gdp_growth", 5, "every"), 5, {1: 8, 2: second}, 2, FIVE)
    near(found, second, None if lost else 5, None, 5)
    assert found.lost is lost
    most = left(asked("gdp_growth", 8, "every", ceiling=True), 8, {1: 9 if lost else 7, 2: 4}, 2, FIVE)
    near(most, 9 if lost else 7, None if lost else 8, None, 7)
    assert most.lost is lost
    level = left(asked(LEVELS, 5, "every"), 5, {1: 8, 2: second}, 2, FIVE)
    assert (level.growth, level.amount) == (None, None if lost else 5)


def test_what_is_gone_cannot_be_made_up() -> None:
    found = left(asked("gdp_growth", 6, "average"), 6, {1: 8, 2: -100}, 2, FIVE)
    assert found.lost and found.growth is None and found.so_far == -100
    ahead = left(asked("gdp_growth", 6, "average"), 6, {1: 8, 2: 4}, 2, [8, 4, -150, 3, 2])
    assert ahead.usual == pytest.approx((-100,) * 3)  # nothing is left of less than nothing


def test_a_year_that_is_not_known_is_taken_at_its_median() -> None:
    path = [[7, 8, 12], [4, 4, 4], *[[5, 6, 7]] * 3]
    found = left(asked(LEVELS, 6, "average"), 6, {2: 4}, 2, path)
    assert found.unknown == (1,) and found.so_far == pytest.approx((8 + 4) / 2)
    assert found.usual == pytest.approx((5.2, 6, 6.8))  # tenths of 5, 6 and 7


def test_only_rows_with_years_over_and_years_left_are_told() -> None:
    row, known = asked("gdp_growth", 6, "average", first=2), {1: 8, 2: 4}
    assert left(row, 6, known, 1, FIVE) is None, "none of its years is over"
    assert left(row, 6, known, 2, FIVE).first == 3
    assert left(row, 6, known | {3: 5, 4: 5, 5: 5}, 5, FIVE) is None, "none is left"
    assert left(row, 6, known | {3: 5, 4: 5}, 4, FIVE).years == 1
    assert left(asked("gdp_growth", 6, None), 6, known, 2, FIVE) is None, "growth of one year alone"
    assert left(asked(LEVELS, 6, None), 6, known, 0, FIVE) is None
