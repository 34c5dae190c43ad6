"""Distributions against scipy's own, and what a table of quantiles may cost."""

import numpy as np
import pytest
from dabiao.models.copula import correlated, matrix
from dabiao.models.distributions import (
    CalmOrCrisis,
    Discrete,
    Empirical,
    Lognormal,
    Normal,
    Pert,
    Student,
    Triangular,
    Uniform,
)
from dabiao.models.quantity import Distribution, Quantity
from dabiao.models.shocks import Shocks, persistent, reverting
from dabiao.models.uncertainty import STANDARD, Tables, Tabulated, at_scores, law, shock_law, span, tabulated
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

U = np.linspace(0.0005, 0.9995, 4001)

KNOWN = [
    (Uniform(2, 5), stats.uniform(2, 3)),
    (Triangular(1, 4, 5), stats.triang(0.75, 1, 4)),
    (Triangular(1, 1, 5), stats.triang(0, 1, 4)),
    (Pert(-1, 0, 4), stats.beta(1 + 4 / 5, 1 + 16 / 5, -1, 5)),
    (Pert(2, 2.37, 3), stats.beta(1 + 4 * 0.37, 5 - 4 * 0.37, 2, 1)),
    (Normal(3, 2), stats.norm(3, 2)),
    (Normal(3, 2, 1, 4), stats.truncnorm(-1, 0.5, 3, 2)),
    (Lognormal(10, 4), stats.lognorm(Lognormal(10, 4).log_sd, scale=10)),
    (Student(2, 5), stats.t(5, scale=2 * np.sqrt(3 / 5))),
]


@pytest.mark.parametrize(("own", "theirs"), KNOWN)
def test_quantiles_are_scipys(own, theirs):
    assert own.ppf(U) == pytest.approx(theirs.ppf(U), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("own", "theirs"), KNOWN)
def test_a_table_is_the_law(own, theirs):
    table = tabulated(own)
    far = np.concatenate([U, np.random.default_rng(1).random(20000), [1e-9, 1e-6, 1 - 1e-6, 1 - 1e-9]])
    assert np.abs(theirs.cdf(table.ppf(far)) - far).max() < 1e-4, "as probabilities"
    off, away = np.abs(table.ppf(far) - own.ppf(far)), np.abs(own.ppf(far) - theirs.median())
    assert (off <= 2e-3 * theirs.std() + 0.02 * away).all(), "as values"
    tails = np.array([1e-12, 1e-6, 1e-4, 1 - 1e-4, 1 - 1e-9])
    assert table.ppf(tails) == pytest.approx(own.ppf(tails), rel=1e-9), "tails are exact"


def test_laws_looked_up_together_are_each_law():
    """Laws of several kinds, places and widths, in any rows of the points, more of them than are looked up at
    a time."""
    known = [(table, theirs) for own, theirs in KNOWN if isinstance(table := tabulated(own), Tabulated)]
    known += [
        (tabulated(Normal(-7, 0.5)), stats.norm(-7, 0.5)),
        (tabulated(Student(3, 9)), stats.t(9, scale=3 * np.sqrt(7 / 9))),
    ]
    rng = np.random.default_rng(3)
    u = rng.random((2 * len(known), 50_000))
    u[:, :4] = 1e-7, 1 - 1e-7, 1e-5, 1 - 1e-5
    rows = rng.permutation(len(u))[: len(known)]
    found = Tables([table for table, _ in known]).ppf(u, rows)
    for own, row, (_, theirs) in zip(found, rows, known, strict=True):
        assert np.abs(theirs.cdf(own) - u[row]).max() < 1e-4
        assert own[:4] == pytest.approx(theirs.ppf(u[row, :4]), rel=1e-9)


def test_moments_of_lognormal_and_student():
    assert stats.lognorm(Lognormal(10, 4).log_sd, scale=10).std() == pytest.approx(4)
    assert stats.t(5, scale=2 * np.sqrt(3 / 5)).std() == pytest.approx(2)


@given(sd=st.floats(0.1, 3), crisis=st.floats(0.1, 9), chance=st.floats(0.01, 0.9))
@settings(max_examples=50)
def test_mixture_inverts_its_distribution_function(sd, crisis, chance):
    x = CalmOrCrisis(sd, crisis, chance).ppf(U)
    back = (1 - chance) * stats.norm.cdf(x / sd) + chance * stats.norm.cdf(x / crisis)
    assert back == pytest.approx(U, abs=1e-9)
    assert (np.diff(x) > 0).all()


def test_discrete_and_empirical():
    drawn = Discrete((5.0, 1.0), (1, 3)).ppf(U)
    assert set(drawn) == {1.0, 5.0} and np.mean(drawn == 5) == pytest.approx(0.25, abs=0.001)
    seen = tuple(np.random.default_rng(3).normal(size=400))
    assert np.quantile(Empirical(seen).ppf(U), [0.1, 0.5, 0.9]) == pytest.approx(
        np.quantile(seen, [0.1, 0.5, 0.9]), abs=0.02
    )
    # each value stands in the middle of its n-th of the probabilities, so that the mean is that of what was
    # seen
    assert Empirical((4.0, 1.0, 2.0)).ppf(np.array([1 / 6, 1 / 3, 1 / 2, 5 / 6, 0.99])) == pytest.approx(
        [1, 1.5, 2, 4, 4]
    )


def quantity(value=3.0, low=None, high=None, **spread):
    return Quantity(value=value, low=low, high=high, distribution=Distribution(**spread) if spread else None)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (quantity(), None),
        (quantity(low=3, high=3), None),
        (quantity(low=1, high=4), Pert(1, 3, 4)),
        (quantity(high=4), Pert(3, 3, 4)),
        (quantity(low=1, high=4, kind="uniform"), Uniform(1, 4)),
        (quantity(low=1, high=4, kind="triangular"), Triangular(1, 3, 4)),
        (quantity(kind="normal", sd=2), Normal(3, 2)),
        (quantity(kind="normal", sd=0), None),
        (quantity(low=1, kind="normal", sd=2), Normal(3, 2, 1, np.inf)),
        (quantity(kind="discrete", values=(1, 2)), Discrete((1, 2), (1, 1))),
        (quantity(kind="discrete", values=(1, 2), weights=(1, 3), deviations=True), Discrete((4, 5), (1, 3))),
        (quantity(kind="empirical", values=(1, 2)), Empirical((1, 2))),
    ],
)
def test_what_a_quantity_says(stated, expected):
    assert law(stated) == expected


@pytest.mark.parametrize(
    "stated",
    [
        quantity(low=1, high=4),
        quantity(kind="normal", sd=2),
        quantity(kind="lognormal", sd=2),
        quantity(low=2, kind="lognormal", sd=2),
        quantity(kind="discrete", values=(1, 2)),
        quantity(low=1, high=4, kind="uniform"),
    ],
)
def test_span_holds_all_but_one_in_a_million(stated):
    low, high = span(stated)
    drawn = law(stated).ppf(np.array([1e-6, 0.3, 1 - 1e-6]))
    room = 0.03 * (high - low)  # a law that is cut has a little more beyond
    assert low - 1e-6 <= drawn.min() and drawn.max() <= high + room


def test_shock_laws():
    assert shock_law(0.0) is None
    assert shock_law(1.0) == Normal(0, 1)
    assert shock_law(1.0, 3.0) == Student(1, 3)
    assert shock_law(1.0, None, 3.0, 0.2) == CalmOrCrisis(1, 3, 0.2)


def test_copula_keeps_each_number_and_joins_them():
    names, table = matrix([("a", "b", 0.7), ("b", "c", -0.4), ("a", "c", 0.1)])
    assert names == ("a", "b", "c")
    free = np.random.default_rng(5).random((3, 60_000))
    scores = stats.norm.ppf(free)
    joined = correlated(scores, table)
    assert np.corrcoef(joined) == pytest.approx(table, abs=0.015)
    for row in joined:
        assert stats.kstest(row, "norm").pvalue > 1e-4
    alone = np.concatenate([correlated(scores[:, [at]], table) for at in range(20)], axis=1)
    assert (alone == joined[:, :20]).all(), "a draw's digits do not depend on its neighbours"


@pytest.mark.parametrize("own", [Normal(3, 2), Student(1.5, 4.0), Pert(-1, 0, 4), Uniform(2, 3)])
def test_quantiles_at_scores_are_those_at_their_probabilities(own):
    z = np.linspace(-4, 4, 401)
    u, table = stats.norm.cdf(z), at_scores(tabulated(own), z)
    assert (own.ppf(np.clip(u - 2e-5, 1e-9, 1)) <= table + 1e-12).all() and (
        table - 1e-12 <= own.ppf(np.clip(u + 2e-5, 0, 1 - 1e-9))
    ).all()
    assert at_scores(own, z) == pytest.approx(own.ppf(stats.norm.cdf(z)), rel=1e-8, abs=1e-8)
    assert stats.norm.cdf(STANDARD.ppf(stats.norm.cdf(z))) == pytest.approx(stats.norm.cdf(z), abs=2e-5)


def test_persistence_and_reversion():
    once = np.zeros((4, 1))
    once[0] = 0.1
    assert persistent(once, np.array([0.5]))[:, 0] == pytest.approx([0.1, 0.05, 0.025, 0.0125])
    factor = reverting(once, np.array([0.5]))[:, 0]
    assert factor == pytest.approx(np.exp([0, 0.1, 0.05, 0.025, 0.0125]))
    path = persistent(np.random.default_rng(1).normal(size=(400, 3000)), np.array([0.6]))
    assert path[-1].std() == pytest.approx(1 / np.sqrt(1 - 0.36), rel=0.03), "stationary spread of an AR(1)"


def test_no_shock_is_no_change():
    none = Shocks()
    assert none.sold("any", 3) == 0 and none.wanted(4) == 1 and none.price("any", 2) == 1
    some = Shocks(demand=np.array([[0.1], [-0.2]]))
    assert some.wanted(2) == pytest.approx(1.1 * 0.8)
