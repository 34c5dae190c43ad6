"""Growth to date and the year's: what each step of the estimate gives on figures that can be worked out."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from dabiao.engine.forecast import to_date
from dabiao.engine.forecast.to_date import ErrorToDate, Law, Quarterly, Spread, likeliest, posterior
from dabiao.models.errors import ScenarioError
from dabiao.results.tables.to_date import to_date_tables
from scipy import stats

GAP = np.full(4, np.nan)


def grown(levels: dict[tuple[str, int], list[float]]) -> Quarterly:
    return to_date._grown({key: np.array(own, float) for key, own in levels.items()}, (), Path("panel.csv"))


def panel(off: list[list[float]], quarter: int = 1) -> Quarterly:
    """Years in which nothing grew, and growth to date after a quarter was off by so much."""
    table = np.array(off, float)
    growth = np.zeros((*table.shape, 4))
    growth[..., quarter - 1] = table
    return Quarterly(tuple(map(str, range(len(table)))), tuple(range(2000, 2000 + table.shape[1])), growth)


def test_growth_to_date_by_hand() -> None:
    """East makes 40, 44, 55 a year; West 40 and 50, then nothing is known; the third is the sum of both."""
    levels = {
        ("east", 2000): [10.0, 10.0, 10.0, 10.0],
        ("east", 2001): [11.0, 11.0, 11.0, 11.0],
        ("east", 2002): [11.0, 11.0, 22.0, 11.0],
        ("west", 2000): [10.0, 10.0, 10.0, 10.0],
        ("west", 2001): [20.0, 10.0, 10.0, 10.0],
        ("whole", 2000): [20.0, 20.0, 20.0, 20.0],
        ("whole", 2001): [31.0, 21.0, 21.0, 21.0],
        ("whole", 2002): [11.0, 11.0, 22.0, 11.0],
    }
    found = grown(levels)
    assert (found.regions, found.years, found.totals) == (("east", "west"), (2001, 2002), ("whole",))
    assert found.growth[0] == pytest.approx(np.array([[10, 10, 10, 10], [0, 0, 100 / 3, 25]]))
    assert found.growth[1] == pytest.approx(np.array([[100, 50, 100 / 3, 25], GAP]), nan_ok=True)
    assert found.off[0, 1] == pytest.approx([-25, -25, 100 / 3 - 25, 0])
    two = {key: own for key, own in levels.items() if key[0] != "west"}
    assert grown(two).regions == ("east", "whole") and grown(two).totals == ()
    with pytest.raises(ScenarioError, match="2"):
        grown({key: own for key, own in levels.items() if key[1] != 2002})


def test_the_base_effect_is_of_the_years_before_the_latest_most() -> None:
    """3 + 2/3 of 2 + 1/3 of 1."""
    own = panel([[1, 2, 3, 4, 5]], quarter=2)
    assert to_date._effect(own, 2, "plain").shape == (0, 1, 5)
    before, three = (to_date._effect(own, 2, kind)[0, 0] for kind in ("before", "three"))
    assert before == pytest.approx([np.nan, 1, 2, 3, 4], nan_ok=True)
    assert three == pytest.approx([np.nan] * 3 + [14 / 3, 20 / 3], nan_ok=True)
    assert to_date._effect(own, 1, "before")[0, 0] == pytest.approx([np.nan, 0, 0, 0, 0], nan_ok=True)


def test_cases_are_years_of_which_all_is_known() -> None:
    own = panel([[1, 2, np.nan, 4, 5], [6, 7, 8, 9, 10]])
    asked = np.array([True, True, True, True, False])
    plain = to_date._Cases.of(own, 1, "plain", asked)
    assert plain.y.tolist() == [1, 2, 4, 6, 7, 8, 9] and plain.year.tolist() == [0, 1, 3, 0, 1, 2, 3]
    assert plain.x.shape == (0, 7)
    before = to_date._Cases.of(own, 1, "before", asked)
    assert before.y.tolist() == [2, 7, 8, 9] and before.x.tolist() == [[1, 6, 7, 8]]
    assert before.year.tolist() == [1, 1, 2, 3]


def test_with_thin_tails_the_likeliest_are_least_squares() -> None:
    slopes, scale = likeliest(np.array([1.0, 2.0, 3.0]), np.ones((1, 3)), 1e9)
    assert slopes == pytest.approx([2.0]) and scale == pytest.approx(np.sqrt(2 / 3))
    slopes, scale = likeliest(np.array([3.0, 1.0, 4.0]), np.zeros((0, 3)), 1e9)
    assert slopes.shape == (0,) and scale == pytest.approx(np.sqrt(26 / 3))


@pytest.mark.parametrize("tails", [4.0, 8.0, 30.0])
def test_nothing_near_the_likeliest_is_likelier(tails: float) -> None:
    """By the textbook's density."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(2, 60))
    y = 1.5 * x[0] - 0.5 * x[1] + 2 * rng.standard_t(tails, 60)
    slopes, scale = likeliest(y, x, tails)

    def likely(own: np.ndarray, size: float) -> float:
        return float(stats.t.logpdf((y - own @ x) / size, tails).sum() - 60 * np.log(size))

    best = likely(slopes, scale)
    for step in itertools.product((-0.01, 0.0, 0.01), repeat=3):
        assert likely(slopes + step[:2], scale * (1 + step[2])) <= best + 1e-9


def test_the_density_is_the_textbooks() -> None:
    z = np.array([-3.0, 0.0, 0.5, 9.0])
    for tails in (4.0, 8.0, 30.0):
        assert to_date._log_density(z, tails) == pytest.approx(stats.t.logpdf(z, tails))


def test_the_part_that_all_regions_share() -> None:
    """Means of 2 and -2, and 1 to either side: within 2, between 4 less a half of that."""
    table = np.array([[1.0, -3.0], [3.0, -1.0]])
    assert to_date._common(table) == pytest.approx(3 / (3 + 2))
    assert to_date._common(table[:, :1]) == pytest.approx(3 / (3 + 2))  # one year of two regions
    more = np.column_stack([table, [50.0, np.nan]])  # a year of one region says nothing of what they share
    assert to_date._common(more) == pytest.approx(0.6)
    assert to_date._common(np.array([[1.0, -1.0], [-1.0, 1.0]])) == 0.0
    assert to_date._common(np.zeros((2, 2))) == 0.0 and to_date._common(np.full((2, 2), np.nan)) == 0.0
    assert to_date._common(np.array([[2.0, -2.0], [2.0, -2.0]])) == 1.0
    three = np.vstack([table, [2.0, np.nan]])
    # within 1 + 1 + 0 and 1 + 1 over 2 + 1; between 4 less that over 2.5
    assert to_date._common(three) == pytest.approx((4 - 4 / 3 / 2.5) / (4 - 4 / 3 / 2.5 + 4 / 3))


def test_an_error_by_hand() -> None:
    """Shared 0.6 of 5, of four years twice that: 5 times 0.4 + 1.2."""
    own = panel([[1, -3, 1, -3], [3, -1, 3, -1]], quarter=3)
    found = to_date._Cases.of(own, 3, "plain", np.ones(4, bool)).fitted(3, "plain", 1e9)
    assert (found.quarter, found.kind, found.cases) == (3, "plain", 8) and np.isnan(found.before)
    assert found.sd == pytest.approx(np.sqrt(8)) and found.common == pytest.approx(0.75)
    assert found.raw == pytest.approx(np.sqrt(5))
    # d = 1, -2, 4, -8: twice the year before, the other way, and nothing is left
    line = panel([[1, -2, 4, -8.0], [1, -2, 4, -8.1]])
    found = to_date._Cases.of(line, 1, "before", np.ones(4, bool)).fitted(1, "before", 1e9)
    assert found.before == pytest.approx(-2, abs=0.02) and found.sd < 0.2 and found.cases == 6
    assert found.raw == pytest.approx(np.sqrt((4 + 16 + 64 + 4 + 16 + 8.1**2) / 6))


def test_tails_of_four_widen_the_error_twice() -> None:
    """A Student's variance is tails / (tails - 2) of its scale squared; each off by 2 has the scale 2."""
    own = panel([[2, -2, 2, -2], [-2, 2, -2, 2]])
    found = to_date._Cases.of(own, 1, "plain", np.ones(4, bool)).fitted(1, "plain", 4.0)
    assert (found.common, found.sd) == (0.0, pytest.approx(np.sqrt(2) * 2))


def test_years_left_out_in_turn() -> None:
    """All years are off by 2: whatever is left out, the scale is 2 and the year is off by one of it."""
    cases = to_date._Cases.of(panel([[2, -2, 2, -2]]), 1, "plain", np.ones(4, bool))
    for tails in (4.0, 8.0):
        assert cases.left_out(tails) == pytest.approx(stats.t.logpdf(1, tails) - np.log(2))
    few = to_date._Cases.of(panel([[2, -2, 2, -2]]), 1, "plain", np.array([True] * 3 + [False]))
    assert few.left_out(8.0) == -np.inf
    # the odd year against three of 1: its density at 3, and theirs where it is among the fitted
    odd = to_date._Cases.of(panel([[1, -1, 1, -3]]), 1, "plain", np.ones(4, bool))
    scale = likeliest(np.array([1.0, 1.0, 3.0]), np.zeros((0, 3)), 8.0)[1]
    asked = [stats.t.logpdf(1 / scale, 8) - np.log(scale)] * 3 + [stats.t.logpdf(3, 8)]
    assert odd.left_out(8.0) == pytest.approx(np.mean(asked))


def test_which_errors_are_told() -> None:
    """Of three years plainly, of more where the year before is known too, and from earlier years alone."""
    rng = np.random.default_rng(1)
    growth = np.concatenate([rng.normal(size=(3, 5, 3)), np.zeros((3, 5, 1))], axis=2)
    own = Quarterly(("a", "b", "c"), tuple(range(2000, 2005)), growth)
    found = to_date.errors(own)
    assert set(found.errors) == {(q, kind) for q in (1, 2, 3) for kind in ("plain", "before")}
    assert found.tails == to_date.USUAL_TAILS  # three years are not enough to choose
    assert found.best(2) is found.errors[2, "before"]
    early = to_date.errors(own, 2002)
    assert set(early.errors) == {(q, "plain") for q in (1, 2, 3)} and early.errors[1, "plain"].cases == 9
    assert not to_date.errors(own, 2001).errors
    plain, three = (ErrorToDate(1, kind, 0.0, 1.0, 0.0, 1.0, 9) for kind in ("plain", "three"))
    assert Law(8.0, {(1, "plain"): plain, (1, "three"): three}).best(1) is three


def test_scores_by_hand() -> None:
    """Off by 1, 0 and -3; of two cases of the first year one is inside, and the only one of the second."""
    first = np.array([[1.0, 2.0, np.nan], [2.0, 2.0, 2.0], [0.0, 2.5, 0.0], [1.0, 3.0, 9.0]])
    second = np.array([[5.0], [2.0], [5.0], [6.0]])
    found = to_date._scored(2, "given", [first, second])
    assert (found.quarter, found.way, found.cases) == (2, "given", 3)
    assert found.rmse == pytest.approx(np.sqrt(10 / 3)) and found.mae == pytest.approx(4 / 3)
    assert found.inside == pytest.approx(2 / 3) and found.width == pytest.approx(2.5 / 3)
    assert found.error == pytest.approx(0.25)
    assert np.isnan(to_date._scored(2, "given", [first]).error)


def test_an_interval_of_80_percent() -> None:
    told: dict[tuple[int, str], list[np.ndarray]] = {}
    to_date._note(told, 1, "to_date", np.array([1.0]), np.array([2.0]), 3.0, 8.0)
    half = stats.t.ppf(0.9, 8) * 3 * np.sqrt(6 / 8)
    assert told[1, "to_date"][0][:, 0] == pytest.approx([1, 2, 2 - half, 2 + half])


def test_a_year_between_what_january_and_growth_to_date_say() -> None:
    """Normal both: weights as of 1 / 2^2 and 1 / 1^2, the variance 4/5."""
    calm = Spread(2.0, 2.0, 0.3)
    found = posterior(3.0, calm, 8.0, 1.0, 1e7)
    for level, value in zip((0.1, 0.5, 0.9), found, strict=True):
        assert value == pytest.approx(stats.norm.ppf(level, 7.0, np.sqrt(0.8)), abs=0.02)
    for level, value in zip((0.1, 0.5, 0.9), posterior(3.0, calm, 3.0, np.inf), strict=True):
        assert value == pytest.approx(stats.norm.ppf(level, 3.0, 2.0), abs=0.02)
    assert posterior(3.0, calm, 8.0, 1.0, 1e7, (0.25,)) == (
        pytest.approx(stats.norm.ppf(0.25, 7, 0.8**0.5), abs=0.02),
    )
    assert np.isnan(posterior(np.nan, calm, 8.0, 1.0)).all() and len(posterior(3.0, calm, np.nan, 1.0)) == 3


def test_a_crisis_is_one_of_two_ways_to_come_there() -> None:
    """Against the integral by quadrature: a mixture of normals times Student's t, as wide as its sd says."""
    from scipy.integrate import quad

    spread, tails, sd, read, middle = Spread(1.0, 5.0, 0.2), 6.0, 1.5, -4.0, 2.0
    scale = sd * np.sqrt((tails - 2) / tails)

    def density(g: float) -> float:
        prior = 0.8 * stats.norm.pdf(g, middle, 1.0) + 0.2 * stats.norm.pdf(g, middle, 5.0)
        return float(prior * stats.t.pdf((read - g) / scale, tails))

    whole = quad(density, -30, 30, points=[read, middle], limit=200)[0]
    for level, value in zip((0.1, 0.5, 0.9), posterior(middle, spread, read, sd, tails), strict=True):
        there = quad(density, -30, value, points=[min(read, value)], limit=200)[0] / whole
        assert there == pytest.approx(level, abs=0.01)


def test_calm_years_and_crises_are_told_apart_as_likely_as_can_be() -> None:
    """180 years off by about 1, and 20 off by about 8; no other mixture near is likelier."""
    rng = np.random.default_rng(4)
    left = np.concatenate([rng.normal(0, 1, 180), rng.normal(0, 8, 20)])
    found = to_date._two(left)
    assert found.calm == pytest.approx(1, rel=0.2) and found.crisis == pytest.approx(8, rel=0.4)

    def likely(calm: float, crisis: float, chance: float) -> float:
        mixed = (1 - chance) * stats.norm.pdf(left, 0, calm) + chance * stats.norm.pdf(left, 0, crisis)
        return float(np.log(mixed).sum())

    best = likely(*found)
    for step in itertools.product((0.97, 1.0, 1.03), repeat=3):
        assert likely(*(own * by for own, by in zip(found, step, strict=True))) <= best + 1e-6
    # a chance is held between its ends
    assert to_date._two(np.append(rng.normal(0, 1, 3000), [30.0])).chance == to_date.CRISIS[0]


def test_january_is_a_regression_with_a_ridge_on_the_years_before() -> None:
    """As least squares with a row of one for each slope, over every year from the third on."""
    rng = np.random.default_rng(5)
    growth = np.zeros((6, 9, 4))
    growth[..., 3] = rng.normal(5, 2, (6, 9))
    own = Quarterly(tuple("abcdef"), tuple(range(2000, 2009)), growth)
    middle, spread = to_date._january(own, 7)
    rows, values = [], []
    for at in range(2, 7):
        for r in range(6):
            past = growth[r, :at, 3]
            rows.append([1, past.mean(), past[-1], growth[:, at - 1, 3].mean()])
            values.append(growth[r, at, 3])
    x, y = np.array(rows), np.array(values)
    ridge = np.eye(4)[1:]
    slopes = np.linalg.lstsq(np.vstack([x, ridge]), np.append(y, np.zeros(3)), rcond=None)[0]
    now = [[1, growth[r, :7, 3].mean(), growth[r, 6, 3], growth[:, 6, 3].mean()] for r in range(6)]
    assert middle == pytest.approx(np.array(now) @ slopes)
    assert spread == pytest.approx(to_date._two(y - x @ slopes))
    # what comes later is not known, and 3 points more everywhere are 3 points more
    later = growth.copy()
    later[:, 7:] += 50
    assert to_date._january(Quarterly(own.regions, own.years, later), 7)[0] == pytest.approx(middle)
    assert to_date._january(Quarterly(own.regions, own.years, growth + 3), 7)[0] == pytest.approx(middle + 3)


def test_a_hole_leaves_out_its_own_regions_next_year_alone() -> None:
    """Means of what is known: as if worked out row by row without the hole."""
    rng = np.random.default_rng(8)
    growth = np.zeros((6, 9, 4))
    growth[..., 3] = rng.normal(5, 2, (6, 9))
    growth[2, 6, 3] = growth[0, 3, 3] = np.nan
    middle, _ = to_date._january(Quarterly(tuple("abcdef"), tuple(range(2000, 2009)), growth), 7)
    rows, values = [], []
    for at in range(2, 8):
        everywhere = [float(g) for g in growth[:, at - 1, 3] if g == g]
        for r in range(6):
            past = [float(g) for g in growth[r, :at, 3] if g == g]
            rows.append([1, sum(past) / len(past), growth[r, at - 1, 3], sum(everywhere) / len(everywhere)])
            values.append(growth[r, at, 3])
    x, y = np.array(rows), np.array(values)
    there = np.isfinite(x).all(axis=1) & np.isfinite(y) & (np.arange(len(y)) < 30)
    slopes = np.linalg.lstsq(
        np.vstack([x[there], np.eye(4)[1:]]), np.append(y[there], np.zeros(3)), rcond=None
    )[0]
    assert there.sum() == 30 - 3  # two years that are not known, and the one after the first of them
    assert np.isnan(middle).tolist() == [False, False, True, False, False, False]
    assert middle == pytest.approx(x[30:] @ slopes, nan_ok=True)


def test_a_backtest_tells_every_way_after_every_quarter() -> None:
    """Growth to date that is the year's but for little: the later the surer, and better than January."""
    rng = np.random.default_rng(6)
    year = rng.normal(5, 2, (5, 9))
    growth = np.stack([year + rng.normal(0, sd, (5, 9)) for sd in (1.2, 0.4, 0.05)] + [year], axis=2)
    found = to_date.backtest(Quarterly(tuple("abcde"), tuple(range(2000, 2009)), growth))
    assert [(each.quarter, each.way) for each in found] == [
        (0, "january"),
        *((q, way) for q in (1, 2, 3) for way in ("to_date", "corrected", "given")),
    ]
    assert all(each.cases == 5 * 4 for each in found)
    by = {(each.quarter, each.way): each for each in found}
    off = growth[:, 5:, 1] - year[:, 5:]
    assert by[2, "to_date"].rmse == pytest.approx(np.sqrt(np.mean(off**2)))
    assert by[2, "to_date"].mae == pytest.approx(np.abs(off).mean())
    assert by[3, "given"].rmse < by[2, "given"].rmse < by[1, "given"].rmse < by[0, "january"].rmse
    assert by[3, "given"].width < by[2, "given"].width < by[1, "given"].width < by[0, "january"].width
    assert all(0.5 <= each.inside <= 1 for each in found)


def test_what_regions_share_is_of_what_the_slope_leaves() -> None:
    """Half the year before, news of the year, and a little of one's own."""
    rng = np.random.default_rng(7)
    table = np.zeros((6, 9))
    news = rng.normal(0, 2, 9)
    for t in range(9):
        before = table[:, t - 1] if t else rng.normal(0, 3, 6)
        table[:, t] = 0.5 * before + news[t] + rng.normal(0, 0.5, 6)
    found = to_date._Cases.of(panel(table.tolist(), 2), 2, "before", np.ones(9, bool)).fitted(
        2, "before", 1e9
    )
    x, y = table[:, :-1].ravel(), table[:, 1:].ravel()
    slope = (x @ y) / (x @ x)
    left = table[:, 1:] - slope * table[:, :-1]
    common = to_date._common(left)
    assert found.before == pytest.approx(slope, rel=1e-6) and 0.5 < common < 1
    shared = common * 8 / 6  # of eight years
    assert found.common == pytest.approx(shared / (1 - common + shared))
    assert found.sd == pytest.approx(np.sqrt((left**2).mean() * (1 - common + shared)))


def test_what_is_taken_for_granted_is_what_was_scored() -> None:
    """The errors that are shipped were found with these."""
    assert (to_date.TAILS, to_date.USUAL_TAILS, to_date.FOLDS, to_date.FEWEST) == (
        (4.0, 8.0, 30.0),
        8.0,
        4,
        2,
    )
    assert (to_date.CRISIS, to_date.LEARNT, to_date.QUARTERS) == ((0.02, 0.5), 5, (1, 2, 3))
    assert to_date.EARLIER == {"plain": (), "before": (1.0,), "three": (1.0, 2 / 3, 1 / 3)}
    assert (to_date.GRID[0], to_date.GRID[-1], len(to_date.GRID)) == (-1.0, 1.0, 1601)


def test_how_well_the_year_was_told_is_said_quarter_by_quarter() -> None:
    """January's own score is no quarter; each quarter that was tried has a line."""
    panel = Quarterly(("A", "B"), (2019, 2020, 2021), np.zeros((2, 3, 4)))

    def score(quarter: int, way: str, rmse: float) -> to_date.Scored:
        return to_date.Scored(quarter, way, rmse, rmse / 2, 0.78, 4.0, 60, 0.05)

    scored = [score(0, "january", 2.9)]
    for quarter, own, plain in ((1, 1.91, 2.36), (3, 0.42, 0.47)):
        scored += [score(quarter, "given", own), score(quarter, "to_date", plain)]
    table = to_date_tables(panel, [], scored)["summary"]
    told = {row["line"]: row["text"].of("en") for row in table.records()}
    assert list(told) == ["panel", "quarter_1", "quarter_3"]
    assert told["panel"] == "2 regions, growth of 2019-2021"
    assert told["quarter_1"] == (
        "error 1.91 points, 78 % in the 80 % interval (± 5); growth to date taken as the year's 2.36;"
        " before the year began 2.90"
    )
    assert told["quarter_3"].startswith("error 0.42 points, ") and "year's 0.47; " in told["quarter_3"]
