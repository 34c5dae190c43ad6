"""Futures given what is known: each step on a few draws and figures that can be worked out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.tracking import condition
from dabiao.engine.tracking.condition import MAPPED, Conditioning, MovedPoints, mean_shocks
from dabiao.models.shocks import Shocks
from scipy import stats


def test_weights_are_relative_to_the_greatest() -> None:
    logs = np.array([700.0, 700 + np.log(0.5), -np.inf, np.nan, 700 - 2000.0])
    assert condition._weights(logs).tolist() == pytest.approx([1, 0.5, 0, 0, 0])
    assert condition._weights(np.array([-np.inf, np.nan])).tolist() == [0, 0]


def test_the_linear_posterior_of_one_direction() -> None:
    """A figure of twice the score and an error of variance 2/3 + 1/3: the gain is 2 / (4 + 1)."""
    own = np.array([[1.0, -1.0, 1.0, -1.0]])
    seen = 7 + 2 * own + np.array([[0.5, 0.5, -0.5, -0.5]])
    mean, root = condition._linear(np.array([[2.0]]), own, seen, np.array([5.0]), np.array([[2 / 3]]), 0)
    assert mean == pytest.approx([2.0]) and root == pytest.approx(np.array([[np.sqrt(0.2)]]), abs=1e-6)


def test_what_is_exact_takes_no_part_in_the_linear_posterior() -> None:
    turn, own = np.array([[1.0, 0.0], [3.0, 2.0]]), np.array([[1.0, 1, -1, -1], [1.0, -1, 1, -1]])
    seen = turn @ own + np.array([[0.0] * 4, [0.5, -0.5, -0.5, 0.5]])
    mean, root = condition._linear(turn, own, seen, np.array([9.0, 5.0]), np.array([[2 / 3]]), 1)
    assert mean == pytest.approx([2.0]) and root == pytest.approx(np.array([[np.sqrt(0.2)]]), abs=1e-6)
    nothing, empty = condition._linear(turn, own, seen, np.array([9.0, 5.0]), np.zeros((0, 0)), 2)
    assert nothing.shape == (0,) and empty.shape == (0, 0)


def test_two_figures_are_weighed_by_bayes() -> None:
    """Against the posterior of independent normal scores in the textbook's form of precisions."""
    rng = np.random.default_rng(1)
    turn, own = np.array([[1.0, 0.0], [0.5, 2.0]]), rng.normal(size=(2, 400))
    covariance, off = np.array([[1.0, 0.3], [0.3, 2.0]]), np.array([1.0, -2.0])
    mean, root = condition._linear(turn, own, turn @ own + 3, off, covariance, 0)
    precision = np.eye(2) + turn.T @ np.linalg.inv(covariance) @ turn
    assert root @ root.T == pytest.approx(np.linalg.inv(precision), abs=1e-6)
    assert mean == pytest.approx(
        np.linalg.inv(precision) @ turn.T @ np.linalg.inv(covariance) @ off, abs=1e-6
    )


def test_a_slope_that_has_vanished_is_that_of_all() -> None:
    own = np.array([2.0, 0.11, 0.09, -0.11, -0.09])[:, None, None]
    found = condition._regular(own, np.array([[2.0]]))
    assert found.ravel().tolist() == [2.0, 0.11, 2.0, -0.11, 2.0]


class Linear:
    """Futures in which figures are a line of the moved scores; how often they are simulated."""

    def __init__(self, gain: np.ndarray, own: np.ndarray, bend: float = 0.0) -> None:
        self.gain, self.own, self.bend, self.exact, self.times = gain, own, bend, len(gain), 0

    def simulate(self, directions: np.ndarray, shifts: np.ndarray) -> Any:
        self.times += 1
        at = self.own + shifts
        return SimpleNamespace(figures=1 + self.gain @ at + self.bend * at[: len(self.gain)] ** 3)


@pytest.mark.parametrize("bend", [0.0, 0.05])
def test_draws_are_moved_until_they_give_the_figures(bend: float) -> None:
    """Slopes of which half is known at first; the room is one over the determinant of the true ones."""
    gain = np.array([[2.0, 0.5], [0.0, 1.5]])
    own = np.array([[0.3, -0.2, 0.1], [0.0, 0.4, -0.6]])
    asked, goal, wanted = Linear(gain, own, bend), np.array([[2.0] * 3, [0.5] * 3]), own.copy()
    found, room = condition._held(asked, np.eye(2), wanted, own, goal, np.diag([1.5, 1.5]))  # type: ignore[arg-type]
    assert np.abs(found.figures - goal).max() <= condition.NEAR
    assert 1 + gain @ wanted + bend * wanted**3 == pytest.approx(found.figures)
    if not bend:
        assert room == pytest.approx(np.full(3, -np.log(3.0)))
    else:
        slopes = [gain + np.diag(3 * bend * own**2) for own in wanted.T]
        assert room == pytest.approx([-np.log(abs(np.linalg.det(own))) for own in slopes], abs=0.02)


def test_nothing_exact_is_moved_once() -> None:
    asked = Linear(np.zeros((0, 1)), np.zeros((1, 3)))
    _, room = condition._held(
        asked,  # type: ignore[arg-type]
        np.eye(1),
        np.ones((1, 3)),
        asked.own,
        np.zeros((0, 3)),
        np.zeros((0, 0)),
    )
    assert room.tolist() == [0, 0, 0] and asked.times == 1


def test_points_are_moved_along_their_scores() -> None:
    """The middle of the cube moved by one standard deviation along the second of two inputs; no point
    leaves the cube."""
    whole = np.full((2, 32), 0.5)
    futures: Any = SimpleNamespace(points=SimpleNamespace(block=lambda first, count: whole[:, :count].copy()))
    shifts = np.zeros((1, 32))
    shifts[0, 16:] = np.arange(16)
    moved = MovedPoints(futures, np.array([[0.0], [1.0]]), shifts)
    assert (moved.block(0, 16) == 0.5).all()
    later = moved.block(16, 16)
    assert later[0].tolist() == [0.5] * 16
    assert later[1] == pytest.approx(np.minimum(stats.norm.cdf(np.arange(16)), 1 - 1e-12))
    assert later.max() == 1 - 1e-12
    assert MovedPoints(futures, np.array([[0.0], [-9.0]]), shifts).block(16, 16).min() == 1e-12


def test_mean_shocks_are_of_all_draws_of_all_samples() -> None:
    """One draw of 6, and two of 0 and 3; a shock that is the same in all is itself."""

    def sample(count: int, demand: list[list[float]], sales: list[list[float]]) -> Any:
        return SimpleNamespace(
            seen=lambda row: np.broadcast_to(row, (count,)),
            shocks=Shocks(np.array(demand), {"mines": np.array(sales)}, {"ore": np.array([[2.0], [4.0]])}),
        )

    found = mean_shocks([sample(1, [[6.0], [0.0]], [[1.0], [1.0]]), sample(2, [[0, 3], [3, 3]], [[4], [1]])])
    assert found.demand is not None and found.demand.tolist() == [[3.0], [2.0]]
    assert found.sales["mines"].tolist() == [[3.0], [1.0]] and found.prices["ore"].tolist() == [[2.0], [4.0]]


def reading(row: str, year: int = 1, **more: Any) -> Any:
    usual = {"sd": 1.0, "common": 0.25, "use": "used", "growth": True, "known": "to_date"}
    return SimpleNamespace(row=row, year=year, **{**usual, **more})


def errors(
    *readings: Any, seen: Any = None, exact: int = 0, paths: Any = None, tails: float | None = 7.0
) -> Any:
    asked = object.__new__(Conditioning)
    asked.used, asked.exact = list(readings), exact
    targets = {
        "grown": SimpleNamespace(indicator="gdp_growth"),
        "fai": SimpleNamespace(indicator="fai_growth"),
    }
    asked.january = SimpleNamespace(targets=targets, paths=paths or {})  # type: ignore[assignment]
    block = None if tails is None else SimpleNamespace(tails=SimpleNamespace(value=tails))
    asked.futures = SimpleNamespace(scenario=SimpleNamespace(to_date=block))  # type: ignore[assignment]
    return asked.errors(np.array(seen, float))


UP, WIDE = [1.0, -1.0], [3.0, -3.0]


def test_errors_of_a_row_are_as_much_wider_as_the_row_moves_more() -> None:
    """Three times as much as GDP; what all regions share of both is a half and 0.8 of an error."""
    both = reading("grown"), reading("fai", sd=2.0, common=0.64)
    found, tails = errors(*both, seen=[UP, WIDE])
    assert found == pytest.approx(np.array([[1.0, 0.4 * 6], [0.4 * 6, 36.0]])) and tails == 7.0
    narrow, _ = errors(*both, seen=[WIDE, UP])
    assert narrow == pytest.approx(np.array([[1.0, 0.8], [0.8, 4.0]]))
    apart, _ = errors(both[0], reading("fai", 2, sd=2.0), seen=[UP, WIDE])
    assert apart == pytest.approx(np.diag([1.0, 36.0]))
    alone, _ = errors(both[1], seen=[WIDE], paths={"fai": np.array([WIDE]), "grown": np.array([UP])})
    assert alone == pytest.approx(np.array([[36.0]]))
    unknown, _ = errors(both[1], seen=[WIDE])
    assert unknown == pytest.approx(np.array([[4.0]]))


def test_an_error_of_ones_own_is_as_stated_and_normal() -> None:
    found, tails = errors(reading("grown"), reading("fai", sd=2.0, known="own"), seen=[UP, WIDE])
    assert found[1, 1] == 4.0 and tails == np.inf
    assert (
        errors(reading("fai", growth=False, sd=2.0), seen=[WIDE], paths={"grown": np.array([UP])})[0] == 4.0
    )
    beside = reading("fai", use="beside", sd=2.0)
    found, tails = errors(reading("grown"), beside, seen=[UP, WIDE])
    assert found[1, 1] == 4.0 and tails == 7.0
    assert errors(beside, seen=[WIDE])[1] == np.inf
    assert errors(reading("grown"), seen=[UP], tails=None)[1] == np.inf
    # figures that are exact have no error, and GDP among them is GDP still
    found, _ = errors(reading("grown"), reading("fai", sd=2.0), seen=[UP, WIDE], exact=1)
    assert found == pytest.approx(np.array([[36.0]]))
    third = reading("industry", sd=2.0, common=0.0)
    found, _ = errors(reading("grown"), reading("fai", sd=2.0), third, seen=[UP, WIDE, [2.0, -2.0]], exact=1)
    assert found == pytest.approx(np.diag([36.0, 16.0]))


def test_the_nation_shares_all_of_its_error_and_more_is_in_the_mapping() -> None:
    """Its own error is the part of the region's that all share."""
    found, _ = errors(reading(condition.NATION, sd=2.0), reading("grown"), seen=[UP, UP])
    assert found == pytest.approx(np.array([[1.0 + MAPPED**2, 0.5], [0.5, 1.0]]))


def test_finished_years_stand_in_every_draw() -> None:
    """Of a row of single years the year itself; of an average over years the average with it."""
    from dataclasses import replace

    from dabiao.models.span import MEASURES, Over
    from planning import target

    plain = target("key_project_investment", 1.0)
    over = replace(plain, over=Over(1, 2, MEASURES["average"]))
    january: Any = SimpleNamespace(targets={"plain": plain, "over": over})
    path = np.array([[1.0, 2.0], [5.0, 6.0]])
    found = condition._known(january, {"plain": path, "over": path}, {"plain": {2: 9.0}, "over": {1: 3.0}})
    assert found["plain"].tolist() == [[1.0, 2.0], [9.0, 9.0]]
    assert found["over"][1].tolist() == [4.0, 4.5]
    assert path.tolist() == [[1.0, 2.0], [5.0, 6.0]]


class Straight:
    """Futures of three scores whose figures are lines of them: what conditioning asks of them."""

    def __init__(self, gain: np.ndarray, says: list[float], exact: int, around: list[float]) -> None:
        from dabiao.engine.uncertainty.sample_points import Points

        self.gain, self.says, self.exact, self.draws = gain, np.array(says), exact, 1024
        self.around = np.array(around)
        self.futures = SimpleNamespace(points=Points(3, 7))
        self.times = 0

    @property
    def scores(self) -> np.ndarray:
        return np.asarray(stats.norm.ppf(self.futures.points.block(0, self.draws)))

    def simulate(self, directions: np.ndarray, shifts: np.ndarray) -> Any:
        self.times += 1
        at = self.scores + directions @ shifts
        return SimpleNamespace(figures=5 + self.gain @ at, at=at)


def moved(asked: Straight, covariance: list[list[float]], tails: float = np.inf) -> Any:
    seen = 5 + asked.gain @ asked.scores
    size = len(covariance)
    return condition._moved(asked, seen, np.array(covariance).reshape(size, size), tails)  # type: ignore[arg-type]


def test_a_figure_far_off_moves_the_draws_to_its_posterior() -> None:
    """5 + 2 z1 + z2 comes to 12 with an error of 1: the mean of (2, 1, 0) * 7 / (5 + 1), and the variance
    of the row 5 - 25 / 6. Nothing is lost of the draws, since all is linear, in one simulation."""
    asked = Straight(np.array([[2.0, 1.0, 0.0]]), [12.0], 0, [])
    found, weights = moved(asked, [[1.0]])
    assert condition.effective(weights) > 0.99 * asked.draws and asked.times == 1
    share = weights / weights.sum()
    mean = found.at @ share
    assert mean == pytest.approx(np.array([2, 1, 0]) * 7 / 6, abs=0.02)
    own = found.figures[0]
    assert np.cov(own, aweights=share) == pytest.approx(5 - 25 / 6, rel=0.02)
    assert found.at[2] == pytest.approx(asked.scores[2])  # what says nothing stays


def test_an_exact_figure_is_met_by_every_draw_and_the_next_by_bayes() -> None:
    """z1 is 2 in every draw; then z1 + 2 z2 comes to 4, or 2 z2 to 2, with an error of 1."""
    asked = Straight(np.array([[1.0, 0.0, 0.0], [1.0, 2.0, 0.0]]), [7.0, 9.0], 1, [0.0])
    found, weights = moved(asked, [[1.0]])
    assert found.at[0] == pytest.approx(np.full(asked.draws, 2.0), abs=2 * condition.NEAR)
    assert condition.effective(weights) > 0.99 * asked.draws
    share = weights / weights.sum()
    assert found.at[1] @ share == pytest.approx(2 * 2 / 5, abs=0.02)
    assert np.cov(found.at[1], aweights=share) == pytest.approx(1 / 5, rel=0.05)


def test_exact_figures_alone_leave_the_rest_as_drawn() -> None:
    asked = Straight(np.array([[2.0, 0.0, 0.0]]), [8.0], 1, [0.0])
    found, weights = moved(asked, [])
    assert found.figures[0] == pytest.approx(np.full(asked.draws, 8.0), abs=condition.NEAR)
    assert found.at[1:] == pytest.approx(asked.scores[1:])
    assert weights == pytest.approx(np.ones(asked.draws))


def test_a_figure_met_on_average_keeps_its_own_spread() -> None:
    """The nation's is met with an error of 0.3: every draw is as far off as it was drawn."""
    asked = Straight(np.array([[2.0, 0.0, 0.0]]), [8.0], 1, [0.3])
    found, _ = moved(asked, [])
    off = found.figures[0] - 8
    assert (
        off.std() == pytest.approx(0.3, rel=0.02) and np.abs(np.corrcoef(off, asked.scores[0])[0, 1]) > 0.999
    )


def test_thick_tails_are_weighed_by_their_own_density() -> None:
    """Against quadrature of a normal score times Student's t of the figure's error, which has variance 1."""
    asked = Straight(np.array([[2.0, 0.0, 0.0]]), [8.0], 0, [])
    found, weights = moved(asked, [[1.0]], 5.0)
    z = np.linspace(-8, 8, 4001)
    scale = np.sqrt(3 / 5)
    density = stats.norm.pdf(z) * stats.t.pdf((3 - 2 * z) / scale, 5)
    mean = (z * density).sum() / density.sum()
    assert found.at[0] @ weights / weights.sum() == pytest.approx(mean, abs=0.03)
    assert condition.effective(weights) > 0.25 * asked.draws
