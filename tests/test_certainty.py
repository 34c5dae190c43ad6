"""What certainty costs and how mixes compare under doubt, on draws whose answer has a closed form."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from dabiao.engine.uncertainty.certainty import curve, needed
from dabiao.engine.uncertainty.regret import chance, on_common_draws
from dabiao.engine.uncertainty.replicates import mean, parts_of
from hypothesis import given
from hypothesis import strategies as st

NORMAL = NormalDist(6.5, 1.0)
AMOUNTS = np.array([0.0, 5, 10, 20, 40])


def futures(seed, draws=4096, parts=8):
    rng = np.random.default_rng(seed)
    return rng.normal(6.5, 1.0, draws), np.split(np.arange(draws), parts)


def test_curve_of_a_linear_normal_economy():
    """Growth is N(6.5, 1) + 0.05 per amount, the tier 7: every probability and every price is known."""
    growth, parts = futures(1)
    short = 7.0 - (growth + 0.05 * AMOUNTS[:, None])
    found = curve(AMOUNTS, short, parts, (0.2, 0.5, 0.8, 0.99))
    for step in found.steps:
        assert abs(step.probability - (1 - NORMAL.cdf(7.0 - 0.05 * step.amount))) < 4 * step.error + 0.002
    assert found.steps[0].change == 0 and found.steps[0].change_error == 0
    already, half, most, never = found.levels
    assert already.amount == 0
    assert half.amount == pytest.approx((7.0 - 6.5) / 0.05, abs=4 * half.error + 0.1)
    assert most.amount == pytest.approx((7.0 - NORMAL.inv_cdf(0.2)) / 0.05, abs=4 * most.error + 0.1)
    assert never.amount is None and never.error is None  # 40 gives 0.93 at most


def test_a_price_is_told_only_within_the_range():
    growth, parts = futures(2)
    found = curve(AMOUNTS, 9.0 - (growth + 0.05 * AMOUNTS[:, None]), parts, (0.5,))
    assert found.steps[-1].probability < 0.5
    assert found.levels[0].amount is None


@given(st.integers(0, 50), st.floats(0, 0.2))
def test_common_draws_make_the_change_more_certain(seed, slope):
    """The same draws for both amounts: never a fall, and an error below that of independent draws."""
    growth, parts = futures(seed)
    found = curve(AMOUNTS, 7.0 - (growth + slope * AMOUNTS[:, None]), parts)
    chances = [step.probability for step in found.steps]
    assert chances == sorted(chances)
    other, _ = futures(seed + 1000)
    for step, amount in zip(found.steps, AMOUNTS, strict=True):
        apart = (other + slope * amount >= 7.0).astype(float) - (growth >= 7.0)
        paired = (growth + slope * amount >= 7.0).astype(float) - (growth >= 7.0)
        assert step.change == pytest.approx(paired.mean())
        # where nearly all futures make it, both are the doubt of the plan alone
        assert paired.std() < 1.02 * apart.std()


def test_needed_amounts_are_interpolated():
    short = np.array([[-1.0, 2.0, 3.0, 5.0], [-2.0, 0.0, 1.0, 4.0], [-3.0, -2.0, -1.0, 3.0]])
    assert needed(np.array([0.0, 10, 20]), short).tolist() == [0.0, 10.0, 15.0, np.inf]


def test_errors_of_prices_cover():
    """Two standard errors (t, 7 degrees of freedom: 2.365) hold the true price in about 95 % of 200
    worlds."""
    true, held = 10.0, 0
    for seed in range(200):
        growth, parts = futures(seed, 1024)
        (level,) = curve(AMOUNTS, 7.0 - (growth + 0.05 * AMOUNTS[:, None]), parts, (0.5,)).levels
        held += abs(level.amount - true) <= 2.365 * level.error
    assert 180 <= held <= 200


# --- mixes
# ----------------------------------------------------------------------------------------------------


def test_mixes_on_the_same_draws():
    """Each mix is best where its own wind blows; regret is what the others would have given."""
    growth, parts = futures(3)
    wind = np.random.default_rng(4).random(len(growth)) < 0.3
    outcomes = {"plan": growth, "bold": growth + np.where(wind, 1.0, -0.2), "dull": growth - 0.5}
    found = on_common_draws(outcomes, "plan", parts)
    assert found["plan"].best == pytest.approx(1 - wind.mean()) and found["bold"].best == pytest.approx(
        wind.mean()
    )
    assert found["dull"].best == 0
    assert sum(each.best for each in found.values()) == pytest.approx(1)
    assert found["plan"].regret == pytest.approx(wind.mean()) and found["plan"].most_regret == pytest.approx(
        1
    )
    assert found["bold"].regret == pytest.approx(0.2 * (1 - wind.mean())) and found[
        "bold"
    ].most_regret == pytest.approx(0.2)
    assert found["dull"].difference == pytest.approx(-0.5) and found["dull"].difference_error < 1e-12
    assert found["plan"].difference == 0


def test_a_mix_outside_the_limits_does_not_compete():
    growth, parts = futures(5)
    found = on_common_draws(
        {"plan": growth, "wild": growth + 2}, "plan", parts, competing=frozenset({"plan"})
    )
    assert found["plan"].best == 1 and found["plan"].regret == 0
    assert found["wild"].best is None and found["wild"].most_regret is None
    assert found["wild"].difference == pytest.approx(2)


def test_a_ceiling_turns_best_around():
    growth, parts = futures(6)
    found = on_common_draws({"plan": growth, "more": growth + 1}, "plan", parts, sign=-1.0)
    assert found["plan"].best == 1 and found["more"].regret == pytest.approx(1)


def test_equal_mixes_share_the_best():
    growth, parts = futures(7)
    found = on_common_draws({"plan": growth, "twin": growth.copy()}, "plan", parts)
    assert found["plan"].best == found["twin"].best == 0.5
    assert found["twin"].most_regret == 0


@given(st.integers(0, 100), st.floats(-0.5, 0.5))
def test_paired_differences_are_surer_than_independent_draws(seed, better):
    growth, parts = futures(seed)
    other, _ = futures(seed + 500)
    plan = (growth >= 6.5).astype(float)
    paired = chance((growth + better >= 6.5).astype(float), plan, parts)
    apart = chance((other + better >= 6.5).astype(float), plan, parts)
    assert paired.value == pytest.approx(1 - NORMAL.cdf(6.5 - better), abs=0.04)
    one, two = ((growth + better >= 6.5) * 1.0 - plan), ((other + better >= 6.5) * 1.0 - plan)
    assert one.std() < two.std()
    assert apart.difference_error > 0


def test_parts_are_the_replicates():
    parts = parts_of(np.array([0, 1, 0, 1, 1, 0]))
    assert [part.tolist() for part in parts] == [[0, 2, 5], [1, 3, 4]]
    assert mean(np.array([1.0, 0, 1, 0, 0, 1]), parts) == (0.5, 0.5)
