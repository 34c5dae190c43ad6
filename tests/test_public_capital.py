"""Public and private capital, and the closed forms of the long view, without any published table: production
functions worked through by hand and by plain loops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from dabiao.models import public_capital, solow
from dabiao.models.public_capital import TwoCapitals
from hypothesis import given
from hypothesis import strategies as st

RATES = ("productivity", "human", "population", "working_age", "participation")


def one(value):
    return np.array([float(value)])


def two(**over) -> TwoCapitals:
    """α = 0.5, half of it public; ratios of 0.5 and 2; what is spent is capital; nothing else moves."""
    usual = {
        "capital_share": 0.5,
        "public_share": 0.25,
        "public_ratio": 0.5,
        "private_ratio": 2.0,
        "public_depreciation": 0.0,
        "private_depreciation": 0.0,
        "efficiency": 1.0,
        **dict.fromkeys(RATES, 0.0),
    }
    return TwoCapitals(**{name: one(value) for name, value in {**usual, **over}.items()})


def test_a_year_by_hand():
    """Half of it stays: 0.1 x 0.5 / 0.5 is 10 % more public capital; 0.42 / 2 is 21 % more private."""
    grown = public_capital.grow(two(efficiency=0.5), one(0.1), one(0.42))
    assert float(grown.public[0]) == pytest.approx(0.10)
    assert float(grown.private[0]) == pytest.approx(0.21)
    assert float(grown.total[0]) == pytest.approx((1.10 * 1.21) ** 0.25 - 1)


@pytest.mark.parametrize("name", ["productivity", "human"])
def test_what_augments_labour_adds_by_the_share_of_labour(name):
    grown = public_capital.grow(two(**{name: 0.21}), one(0.0), one(0.0))
    assert float(grown.total[0]) == pytest.approx(0.1) == pytest.approx(float(grown.per_head[0]))


def test_more_people_are_more_output_and_less_a_head():
    """Capital stands still: people 21 % up give 10 % more output, whether they are born, grown up or
    hired; a head has more where those who work were there before."""
    for name in ("population", "working_age", "participation"):
        grown = public_capital.grow(two(**{name: 0.21}), one(0.0), one(0.0))
        assert float(grown.total[0]) == pytest.approx(0.1)
        assert float(grown.per_worker[0]) == pytest.approx(1.1 / 1.21 - 1)
        assert float(grown.per_head[0]) == pytest.approx(1.1 / 1.21 - 1 if name == "population" else 0.1)


shares = st.floats(0.2, 0.7)
parts = st.floats(0.1, 0.9)
ratios = st.floats(0.3, 4.0)
lost = st.floats(0.0, 0.15)
moves = st.tuples(*[st.floats(-0.03, 0.06)] * 5)
spent = st.floats(0.0, 0.5)


@given(shares, parts, ratios, ratios, lost, lost, st.floats(0.3, 1.0), moves, spent, spent)
def test_it_is_the_production_function(alpha, part, kg, kp, dg, dp, efficiency, rates, ig, ip):
    """Y = Kg^φ Kp^(α-φ) (A h L)^(1-α) before and after; the inverse gives the investment back, and the
    slope is how it moves."""
    phi = part * alpha
    made = two(
        capital_share=alpha,
        public_share=phi,
        public_ratio=kg,
        private_ratio=kp,
        public_depreciation=dg,
        private_depreciation=dp,
        efficiency=efficiency,
        **dict(zip(RATES, rates, strict=True)),
    )
    a, h, people, working, taking_part = (1 + rate for rate in rates)
    work = people * working * taking_part
    public, private = kg * (1 - dg) + efficiency * ig, kp * (1 - dp) + ip  # of an output of 1
    before = kg**phi * kp ** (alpha - phi)
    after = public**phi * private ** (alpha - phi) * (a * h * work) ** (1 - alpha)
    grown = public_capital.grow(made, one(ig), one(ip))
    assert float(grown.total[0]) == pytest.approx(after / before - 1, abs=1e-12)
    assert float(grown.per_worker[0]) == pytest.approx(after / before / work - 1, abs=1e-12)
    assert float(grown.per_head[0]) == pytest.approx(after / before / people - 1, abs=1e-12)
    assert float(grown.public[0]) == pytest.approx(public / kg / work - 1, abs=1e-12)
    assert float(grown.private[0]) == pytest.approx(private / kp / work - 1, abs=1e-12)

    assert float(public_capital.required_public(made, grown.per_head, one(ip))[0]) == pytest.approx(
        ig, abs=1e-9
    )
    at, step = float(grown.per_head[0]), 1e-5
    low, high = (
        float(public_capital.required_public(made, one(at + move), one(ip))[0]) for move in (-step, step)
    )
    slope = float(public_capital.slope(made, one(at), one(ip))[0])
    assert slope == pytest.approx((high - low) / (2 * step), rel=1e-4)


@given(shares, parts, ratios, lost, moves, st.floats(0.0, 0.6))
def test_two_capitals_that_are_treated_alike_are_one(alpha, part, ratio, depreciation, rates, share):
    """Nothing tells public from private capital: the long view with one capital, where A augments labour."""
    made = two(
        capital_share=alpha,
        public_share=part * alpha,
        public_ratio=part * ratio,
        private_ratio=(1 - part) * ratio,
        public_depreciation=depreciation,
        private_depreciation=depreciation,
        **dict(zip(RATES, rates, strict=True)),
    )
    productivity, *others = rates
    single = solow.Fundamentals.steady(
        1,
        labour_share=1 - alpha,
        depreciation=depreciation,
        productivity=(1 + productivity) ** (1 - alpha) - 1,
        **dict(zip(RATES[1:], others, strict=True)),
    )
    grown = public_capital.grow(made, one(part * share), one((1 - part) * share))
    path = solow.growth_from_investment(single, one(ratio), np.full((1, 1), share))
    assert float(grown.total[0]) == pytest.approx(float(path.growth[0, 0]), abs=1e-12)
    assert float(grown.per_head[0]) == pytest.approx(float(path.per_head[0, 0]), abs=1e-12)


# ---- the long view in closed form


def steady(years, **rates):
    return solow.Fundamentals.steady(years, labour_share=0.5, depreciation=0.05, **rates)


@given(st.floats(0.1, 0.6), st.floats(0.0, 0.05), st.floats(0.0, 0.03))
def test_at_the_balanced_ratio_nothing_but_the_level_moves(share, productivity, population):
    """Output grows by (1+g_A)^(1/β) (1+g_N); K/Y = (I/Y) / (δ + g) stays, and so does the ICOR."""
    made = steady(6, productivity=productivity, population=population)
    growth = (1 + productivity) ** 2 * (1 + population) - 1
    ratio = solow.balanced(made, one(share), one(growth))
    assert float(ratio[0]) == pytest.approx(share / (0.05 + growth))
    path = solow.growth_from_investment(made, ratio, np.full((6, 1), share))
    assert path.growth == pytest.approx(np.full((6, 1), growth), abs=1e-12)
    assert path.ratio == pytest.approx(np.full((7, 1), ratio[0]))
    assert path.level[:, 0] == pytest.approx([(1 + growth) ** t for t in range(7)])
    assert path.level_per_head[:, 0] == pytest.approx(
        [((1 + growth) / (1 + population)) ** t for t in range(7)]
    )
    if growth > 1e-6:
        assert path.icor == pytest.approx(np.full((6, 1), share / growth))
        assert solow.needed(path.icor[0], one(growth)) == pytest.approx(share)


def test_without_growth_the_icor_is_infinite():
    assert math.isinf(solow.icor(one(0.4), one(0))[0])
    assert float(solow.icor(one(0.32), one(0.08))[0]) == pytest.approx(4.0)


def test_the_years_before_are_those_of_the_shorter_view():
    made = steady(5, productivity=0.02, human=0.01, participation=-0.01, working_age=0.002, population=0.004)
    path = solow.growth_from_investment(made, one(3), np.full((5, 1), 0.4))
    short = solow.growth_from_investment(made.until(2), one(3), np.full((2, 1), 0.4))
    assert short.growth.shape == (2, 1)
    assert short.growth == pytest.approx(path.growth[:2])


@pytest.mark.parametrize("wanted", [-0.02, 0.0, 0.035, 0.09])
def test_productivity_for_a_growth_gives_that_growth(wanted):
    made = steady(8, human=0.01, population=0.003, productivity=0.5)
    share = np.linspace(0.3, 0.45, 8)[:, None]
    rate = solow.productivity_for(made, one(3.0), share, wanted)
    again = steady(8, human=0.01, population=0.003, productivity=rate)
    path = solow.growth_from_investment(again, one(3.0), share)
    assert float(path.level[-1, 0]) == pytest.approx((1 + wanted) ** 8, rel=1e-12)


def test_poverty_by_hand():
    """5 % and then -2 % a head, elasticity -2: 0.2 x 0.9 x 1.04; never below none nor above all."""
    path = solow.LongPath(*[np.array([[0.05], [-0.02]])] * 2, np.zeros((2, 1)), np.ones((3, 1)))
    assert solow.poverty(0.2, path)[:, 0] == pytest.approx([0.2, 0.18, 0.1872])
    assert solow.poverty(0.2, path, -3.0)[:, 0] == pytest.approx([0.2, 0.17, 0.1802])
    assert solow.poverty(0.2, path, -30.0)[:, 0] == pytest.approx([0.2, 0.0, 0.0])
    assert solow.poverty(0.2, path, 200.0)[:, 0] == pytest.approx([0.2, 1.0, 0.0])


def test_growth_accounts_by_hand():
    """Only one thing moves: all growth is its own, and none is left."""
    rates = {"productivity": {"productivity": 0.04}, "human": {"human": 0.04}, "work": {"population": 0.04}}
    for name, moved in rates.items():
        made = solow.Fundamentals.steady(1, labour_share=0.6, depreciation=0.0, **moved)
        path = solow.growth_from_investment(made, one(2), np.zeros((1, 1)))
        found = solow.account(made, path)
        for each in ("capital", "work", "human", "productivity"):
            wanted = float(path.growth[0, 0]) if each == name else 0.0
            assert float(getattr(found, each)[0, 0]) == pytest.approx(wanted, abs=1e-15)
    still = solow.Fundamentals.steady(1, labour_share=0.6, depreciation=0.1)
    found = solow.account(still, solow.growth_from_investment(still, one(2), np.full((1, 1), 0.2)))
    assert float(found.capital[0, 0]) == pytest.approx(0.0, abs=1e-15)
    grown = solow.growth_from_investment(still, one(2), np.full((1, 1), 0.4))
    assert float(solow.account(still, grown).capital[0, 0]) == pytest.approx(1.1**0.4 - 1)


@pytest.mark.parametrize(
    ("over", "wrong"),
    [
        ({"labour_share": 0.0}, "labour share"),
        ({"labour_share": 1.0}, "labour share"),
        ({"depreciation": -0.01}, "depreciation"),
        ({"depreciation": 1.0}, "depreciation"),
        *[({name: -1.0}, name) for name in RATES],
    ],
)
def test_what_the_production_function_has_no_meaning_for(over, wrong):
    usual = {"labour_share": 0.5, "depreciation": 0.0}
    solow.Fundamentals.steady(1, **usual)
    with pytest.raises(ValueError, match=wrong):
        solow.Fundamentals.steady(1, **{**usual, **over})


def test_a_ramp_over_no_time_is_its_end():
    assert solow.ramp(0.1, 0.2, 0, 2)[:, 0] == pytest.approx([0.2, 0.2])
    assert solow.ramp(1.0, 0.0, 2, 2).shape == (2, 1)


def test_parts_that_cancel_are_told_where_nothing_grows():
    """People leave and capital replaces them: growth of nothing, of which each part is what its factor is."""
    made = solow.Fundamentals.steady(2, labour_share=0.6, depreciation=0.05, population=-0.02)
    path = solow.investment_from_growth(made, one(3), np.zeros((2, 1)))
    found = solow.account(made, path)
    assert found.work == pytest.approx(np.full((2, 1), 0.6 * math.log(0.98)))
    assert found.capital == pytest.approx(-found.work)
