"""Estimators that the forecast and the year under way rest on, held to closed forms and to samples whose
truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from dabiao.engine.forecast.calibrate.shocks import Figure, _freedom, _mixture, correlation, pooled
from dabiao.engine.forecast.learn import DEEP, HALF_WIDTH, LEAD_LIFE, _aims, _huber, _lead, means
from dabiao.engine.forecast.news import (
    PRIOR_YEARS,
    Kind,
    Reading,
    _filter,
    _sureness,
    _weights,
    level,
    pool,
    read,
)
from dabiao.engine.tracking.condition import effective, log_likelihood, slopes, taken
from dabiao.engine.uncertainty.sample_points import PARTS
from dabiao.models.shocks import Shocks, drifting, persistent, reverting
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

# ---- shocks


def test_shocks_that_linger_wander_and_return() -> None:
    fresh = np.array([[1.0, 2.0], [0.0, 1.0], [-1.0, 0.0]])
    assert persistent(fresh, np.array([0.5, 0.0])) == pytest.approx(np.array([[1, 2], [0.5, 1], [-0.75, 0]]))
    assert drifting(fresh[:, :1])[:, 0] == pytest.approx([0, 1, 1, 0])
    back = reverting(fresh[:2, :1], np.array([0.25]))[:, 0]
    assert back == pytest.approx([1, math.e, math.exp(0.75)])


def test_factors_of_shocks_on_demand_and_prices() -> None:
    """10 % more and then half as much; what is wanted is never below nothing; before any year none."""
    shocks = Shocks(np.array([[0.1], [-0.5], [-2.0]]), {}, {"ore": np.array([[1.0], [1.5], [0.8]])})
    assert [float(shocks.wanted(year)[0]) for year in range(4)] == pytest.approx([1, 1.1, 0.55, 0])
    assert [float(shocks.price("ore", year)[0]) for year in range(3)] == pytest.approx([1, 1.5, 0.8])
    assert float(shocks.price("coal", 2)[0]) == 1 == float(Shocks().wanted(3)[0])


def test_kindred_figures_that_agree_are_one_and_that_differ_stay_apart() -> None:
    """Two equal figures of error 0.3 are known to 0.3 / √2; where they differ by far more, each stays
    what it was."""
    alike = pooled([Figure(2.0, 0.3, 5), Figure(2.0, 0.3, 9)])
    assert [(f.value, f.error, f.cases) for f in alike] == [
        (pytest.approx(2), pytest.approx(0.3 / math.sqrt(2)), cases) for cases in (5, 9)
    ]
    apart = pooled([Figure(-100.0, 0.3, 5), Figure(100.0, 0.3, 5)])
    assert [f.value for f in apart] == pytest.approx([-100, 100], rel=1e-4)
    assert [f.error for f in apart] == pytest.approx([0.3, 0.3], rel=1e-4)
    assert pooled([Figure(1.0, 0.3, 5)]) == [Figure(1.0, 0.3, 5)]
    unknown = [Figure(1.0, 0.3, 5), Figure(np.nan, np.nan, 2)]
    assert pooled(unknown) == unknown


def test_partial_pooling_by_hand() -> None:
    """1 and 3 with errors of 1: Q = 2, τ² = (2 - 1) / (2 - 2 / 2) = 1; each is drawn half the way to 2, with
    a variance of 0.5 x 1 + 0.25 / (1 / 2 + 1 / 2)."""
    found = pooled([Figure(1.0, 1.0, 4), Figure(3.0, 1.0, 4)])
    assert [f.value for f in found] == pytest.approx([1.5, 2.5])
    assert [f.error for f in found] == pytest.approx([math.sqrt(0.75)] * 2)


def test_a_correlation_is_shrunk_by_its_years() -> None:
    one = np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.nan])
    other = np.array([2.0, 1.0, 4.0, 3.0, 5.0, 7.0])
    raw = np.corrcoef(one[:5], other[:5])[0, 1]  # 0.8
    found = correlation(one, other)
    assert (found.value, found.error, found.cases) == (
        pytest.approx(raw * 5 / 10),
        pytest.approx((1 - raw**2) / 2),
        5,
    )
    few = correlation(one[:4], other[:4])
    assert math.isnan(few.value) and few.cases == 4


def test_tails_and_crises_of_known_samples() -> None:
    """Quantiles of a t with 3 degrees and of a normal are told apart; 5 of 40 years are crises of ten times
    the size."""
    u = (np.arange(400) + 0.5) / 400
    assert _freedom(stats.t.ppf(u, 3)) <= 4 < 15 <= _freedom(stats.norm.ppf(u))
    years = np.concatenate([stats.norm.ppf((np.arange(35) + 0.5) / 35), [-12, 9, 11, -8, 10]])
    calm, crisis, chance = _mixture(years)
    assert calm == pytest.approx(1, abs=0.15)
    assert crisis == pytest.approx(10, abs=2)
    assert chance == pytest.approx(5 / 40, abs=0.05)
    assert all(math.isnan(each) for each in _mixture(years[:4]))


# ---- news

STILL = Kind((0.0,), (0.5,), (3.0,), 4.0, 1.0)
"""One filter: no drift, noise of 0.5 and crises of 3 around a level of prior variance 4."""


def test_a_filter_without_drift_or_crisis_is_the_normal_posterior() -> None:
    """A level of prior variance 4 seen at 1 and 3 with noise 0.5: precision 1/4 + 2 x 4, mean 16 / 8.25."""
    path = np.array([1.0, np.nan, 3.0])
    weight, mean, variance, logged, off, calm = _filter(path, 0.0, 0.5, 0.0, 0.0, 4.0, 1.0)
    assert float(weight @ mean) == pytest.approx(16 / 8.25)
    assert variance == pytest.approx(np.full_like(variance, 1 / 8.25))
    first = stats.norm(0, math.sqrt(4.25))
    one = 4 / 4.25  # mean after the first year; its variance is 1 / 4.25
    then = stats.norm(one, math.sqrt(1 / 4.25 + 0.25))
    assert logged[[0, 2]] == pytest.approx([first.logpdf(1), then.logpdf(3)])
    assert off[[0, 2]] == pytest.approx([1, 3 - one]) and np.isnan(off[1])
    assert calm[[0, 2]] == pytest.approx([4.25, 1 / 4.25 + 0.25])


def test_a_level_that_fades_and_drifts() -> None:
    """Nothing seen: the mean is halved a year, the variance quartered and a drift added."""
    nothing = np.full(2, np.nan)
    weight, mean, variance, *_ = _filter(nothing, 0.3, 0.5, 1.0, 8.0, 4.0, 0.5)
    assert list(weight) == [1] and list(mean) == pytest.approx([1.0])
    assert list(variance) == pytest.approx([((4 / 4 + 0.09) / 4 + 0.09) / 4 + 0.09])


def test_a_pool_of_one_is_its_reading_moved() -> None:
    path = np.array([5.0, 6.0, 5.5, 6.5, 6.0, 5.0])
    plain, _ = pool([(read(path, STILL, 5.0), 0.0, 1.0)])
    moved, weights = pool([(read(path, STILL, 5.0), 1.25, 3.0)])
    assert list(weights) == [1]
    assert moved.middle - plain.middle == pytest.approx(1.25)
    assert plain.middle == pytest.approx(path.mean(), abs=0.1)
    assert plain.calm < plain.crisis and plain.calm == pytest.approx(moved.calm)
    twice, weights = pool([(read(path, STILL, 5.0), 0.0, 1.0), (read(path, STILL, 5.0), 2.0, 1.0)])
    assert list(weights) == pytest.approx([0.5, 0.5])
    assert twice.middle - plain.middle == pytest.approx(1.0)


def test_what_foretold_better_weighs_more() -> None:
    """Without years the prior; a reading twice as probable in every year gains, by a fixed point of Bayes."""
    none = np.full((2, 3), np.nan)
    assert _weights(none, np.array([3.0, 1.0])) == pytest.approx([0.75, 0.25])
    density = np.array([[0.2] * 10, [0.1] * 10])
    found = _weights(density, np.array([1.0, 1.0]))
    own = found[0]
    bayes = 10 * 0.2 * own / (0.2 * own + 0.1 * (1 - own))
    assert own == pytest.approx((PRIOR_YEARS * 0.5 + bayes) / (PRIOR_YEARS + 10)) and own > 0.7
    assert found.sum() == pytest.approx(1)
    assert _weights(density[::-1], np.array([1.0, 1.0]))[0] == pytest.approx(found[1])
    seen = np.column_stack([density, np.array([np.nan, 9.0])])  # a year that one did not see counts for none
    assert _weights(seen, np.array([1.0, 1.0])) == pytest.approx(found)


def test_a_pool_that_was_off_by_what_it_said_is_as_sure_as_it_said() -> None:
    years = 6
    off, calm = np.array([1.0, -1, 1, -1, 1, -1]), np.ones(years)
    part = Reading(*(np.ones(1),) * 4, np.ones(years), off, calm)
    assert _sureness(np.ones(1), [part]) == pytest.approx(1)
    less = Reading(*(np.ones(1),) * 4, np.ones(years), 0 * off, calm)
    far = Reading(*(np.ones(1),) * 4, np.ones(years), 9 * off, calm)
    unseen = Reading(*(np.ones(1),) * 4, np.ones(2), np.full(2, np.nan), np.full(2, np.nan))
    assert _sureness(np.ones(1), [less]) < 1 < _sureness(np.ones(1), [far]) < 4
    assert _sureness(np.ones(1), [unseen]) == 1


def test_growth_that_never_moved_goes_on() -> None:
    found = level(np.array([np.nan, 6.0, 6.0, 6.0, 6.0, 6.0]))
    assert found.middle == pytest.approx(6, abs=1e-9)


# ---- what regions' past teaches


def test_means_are_of_the_regions_that_have_the_year() -> None:
    values = np.array([[1.0, np.nan, np.nan], [3.0, 5.0, np.nan]])
    assert means(values)[:2] == pytest.approx([2, 5]) and math.isnan(means(values)[2])


def test_a_lead_counts_recent_years_more_and_not_its_own() -> None:
    """Leads of 1 and 4; a year nobody knows counts for nothing."""
    growth, release = np.array([7.0, 10.0, np.nan, 5.0]), np.array([6.0, 6.0, 6.0, 5.0])
    old = 0.5 ** (1 / LEAD_LIFE)
    found = _lead(growth, release)
    assert math.isnan(found[0]) and found[1] == pytest.approx(1)
    assert found[2] == pytest.approx((old * 1 + 4) / (old + 1)) == pytest.approx(found[3])


def test_targets_that_nobody_has_collected_move_as_they_did() -> None:
    """They fell by one with the nation's, two thirds of which a ridge of one leaves; or by half of what
    growth fell short, less the ridge."""
    aim, nation = np.array([8.0, 7.0, 6.0, np.nan]), np.array([8.0, 7.0, 6.0, 5.5])
    assert _aims(aim, aim, nation)[3] == pytest.approx(6 - 2 / 3 * 0.5)
    assert _aims(aim[:3], aim[:3], nation[:3]) is not None and list(_aims(aim[:3], aim[:3], nation[:3])) == [
        8,
        7,
        6,
    ]
    short = np.array([8.0, 7.0, 6.5, np.nan])
    growth, unknown = np.array([6.0, 6.0, 2.0, np.nan]), np.full(4, np.nan)
    slope = (2 * 1 + 1 * 0.5) / (4 + 1 + 1)
    assert _aims(short, growth, unknown)[3] == pytest.approx(6.5 + slope * max(2 - 6.5, -DEEP))
    assert np.isnan(_aims(unknown, growth, nation)).all()


def test_a_line_is_found_through_a_few_wild_points() -> None:
    """2 x - y with errors that are quantiles of a normal of 0.5; one wild in twenty moves it little."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=(400, 2))
    y = x @ [2.0, -1.0] + 0.5 * stats.norm.ppf(rng.permutation((np.arange(400) + 0.5) / 400))
    held = 0.5 * float(stats.norm.ppf(0.9)) / HALF_WIDTH  # what four in five stay within
    plain, spread = _huber(x, y, np.ones(400))
    assert plain == pytest.approx([2, -1], abs=0.08) and spread == pytest.approx(held, rel=0.05)
    y[::20] += 50
    robust, _ = _huber(x, y, np.ones(400))
    assert robust == pytest.approx([2, -1], abs=0.15)
    least = np.linalg.lstsq(x, y, rcond=None)[0]
    assert np.abs(robust - [2, -1]).max() < np.abs(least - [2, -1]).max()


# ---- weights of draws


def test_densities_are_those_of_the_textbook() -> None:
    rng = np.random.default_rng(4)
    root = rng.normal(size=(3, 3))
    covariance, off = root @ root.T + np.eye(3), rng.normal(size=(3, 8))
    normal = stats.multivariate_normal(np.zeros(3), covariance).logpdf(off.T)
    ours = log_likelihood(off, covariance, math.inf)
    assert ours - ours[0] == pytest.approx(normal - normal[0])
    fat = stats.multivariate_t(np.zeros(3), covariance * (5 - 2) / 5, df=5).logpdf(off.T)
    ours = log_likelihood(off, covariance, 5.0)
    assert ours - ours[0] == pytest.approx(fat - fat[0])
    assert list(log_likelihood(np.empty((0, 4)), np.empty((0, 0)), 5.0)) == [0, 0, 0, 0]


def test_slopes_are_found_and_noise_has_none() -> None:
    """Figures that are exact sums of two of three inputs, wherever these have their middle."""
    rng = np.random.default_rng(5)
    scores = rng.normal(size=(3, 4000)) + np.array([[3.0], [-2.0], [7.0]])
    seen = np.array([2 * scores[0] - scores[1] + 4, 0.5 * scores[1]])
    found = slopes(scores, seen)
    assert found == pytest.approx(np.array([[2, 0], [-1, 0.5], [0, 0]]), abs=1e-9)
    assert list(found[2]) == [0, 0]
    assert not slopes(scores, rng.normal(size=(1, 4000))).any()


@given(st.lists(st.floats(0.01, 5), min_size=2, max_size=20), st.floats(0.1, 9))
def test_weighted_draws_are_worth_no_more_than_they_are(weights: list[float], scale: float) -> None:
    own = np.array(weights)
    assert 1 - 1e-12 <= effective(own) <= len(own) * (1 + 1e-12)
    assert effective(scale * own) == pytest.approx(effective(own))
    assert effective(np.ones(len(own))) == pytest.approx(len(own))
    assert effective(np.eye(len(own))[0]) == 1


def test_draws_are_taken_by_weight_each_scrambling_by_itself() -> None:
    count = 8
    even = np.ones(PARTS * count)
    assert list(taken(even)) == list(range(PARTS * count))
    one = np.zeros(PARTS * count)
    one[5 * PARTS : 6 * PARTS] = 2.0  # the sixth of every scrambling
    assert list(taken(one)) == [5 * PARTS + part for part in range(PARTS)] * count
    half = np.zeros(PARTS * count)
    half[: 2 * PARTS] = np.repeat([3.0, 1.0], PARTS)  # the first two, three to one
    found = taken(half).reshape(count, PARTS)
    assert [(found[:, part] == part).sum() for part in range(PARTS)] == [6] * PARTS
    assert [(found[:, part] == PARTS + part).sum() for part in range(PARTS)] == [2] * PARTS
    assert list(taken(np.zeros(PARTS * count))) == list(range(PARTS * count))
