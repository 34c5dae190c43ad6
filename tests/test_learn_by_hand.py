"""What a panel teaches of a year that begins, against plain loops over regions and years and closed forms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pytest
from dabiao.engine.forecast import learn, news
from dabiao.engine.forecast.backtest.panel import Panel
from dabiao.engine.forecast.backtest.roll import Outlooks
from dabiao.engine.forecast.calibrate import estimate, experience
from dabiao.engine.forecast.calibrate.shocks import (
    ROBUST,
    Figure,
    _freedom,
    _mixture,
    _parts,
    _persistence,
    pooled,
    shocks,
)
from dabiao.engine.forecast.learn import FEWEST, MEMORY, RIDGE, SPREAD_MEMORY, UNKNOWN, Nation
from dabiao.engine.forecast.news import CHANCE, FORGETTING, PRIOR_YEARS, Kind, Reading
from dabiao.models.errors import ScenarioError
from dabiao.models.forecast import Past, facts
from scipy import stats

NAN = np.nan


def panel(growth: Any, target: Any = None, group: Any = None, **more: Any) -> Panel:
    """Only growth is known, and targets where they are stated."""
    own = np.array(growth, float)
    count, years = own.shape
    none = np.full(own.shape, NAN)
    usual: dict[str, Any] = {
        "regions": tuple(f"r{at}" for at in range(count)),
        "groups": ("",),
        "group": np.zeros(count, int) if group is None else np.array(group),
        "years": tuple(range(2000, 2000 + years)),
        "growth": own,
        "target": none if target is None else np.array(target, float),
        "shares": np.full((3, *own.shape), NAN),
        "sector_growth": np.full((3, *own.shape), NAN),
        "investment": none,
        "capital_ratio": none,
        "plans": np.stack([none, none]),
    }
    return Panel(**{**usual, **more})


def made_up(count: int = 12, years: int = 9, seed: int = 3) -> Panel:
    """Leads that last, targets that say something of them, and holes."""
    rng = np.random.default_rng(seed)
    lead = rng.normal(0, 2, (count, 1))
    growth = 6 + rng.normal(0, 1, years) + lead + rng.normal(0, 1, (count, years))
    target = 6.5 + 0.6 * lead + rng.normal(0, 0.5, (count, years))
    growth[1, 3] = growth[4, :3] = NAN
    target[2, 5] = target[7, :] = NAN
    return panel(growth, target)


# ---- shocks


def by_loops(growth: np.ndarray) -> tuple[float, np.ndarray]:
    """Nickell's correction of least squares on deviations from year and region means."""
    mean = [np.mean([g for g in column if np.isfinite(g)]) for column in growth.T]
    lead = growth - np.array(mean)
    left, up, down, lengths = np.full((len(lead), lead.shape[1] - 1), NAN), 0.0, 0.0, []
    pairs = []
    for row in lead:
        own = [
            (t, row[t], row[t + 1])
            for t in range(len(row) - 1)
            if np.isfinite(row[t]) and np.isfinite(row[t + 1])
        ]
        pairs.append(own)
        if not own:
            continue
        lengths.append(len(own))
        x, y = np.mean([a for _, a, _ in own]), np.mean([b for _, _, b in own])
        up += sum((a - x) * (b - y) for _, a, b in own)
        down += sum((a - x) ** 2 for _, a, _ in own)
    raw = up / down
    found = raw + (1 + raw) / (np.mean(lengths) - 1)
    for r, own in enumerate(pairs):
        for t, a, b in own:
            x, y = np.mean([a for _, a, _ in own]), np.mean([b for _, _, b in own])
            left[r, t] = (b - y) - min(found, 0.98) * (a - x)
    return float(found), left


def test_persistence_by_plain_loops() -> None:
    growth = made_up().growth
    growth = np.vstack([growth, [*[NAN] * 8, 3.0]])  # of one year alone nothing follows
    found, left = _persistence(growth)
    expected, rest = by_loops(growth)
    assert found == pytest.approx(expected) and left == pytest.approx(rest, nan_ok=True)
    up = np.cumsum(np.cumsum(np.ones((6, 9)) * np.arange(6)[:, None], axis=1), axis=1)
    lasting, left = _persistence(up)
    assert lasting > 0.98  # yet no more than 0.98 is taken off
    assert left == pytest.approx(by_loops(up)[1])


def test_provinces_share_a_part() -> None:
    """Analysis of variance by loops over years and provinces; one of a single region says nothing."""
    rng = np.random.default_rng(5)
    group = np.array([0] * 5 + [1] * 4 + [2])
    growth = rng.normal(0, 1, (10, 8)) + 2 * rng.normal(size=(3, 8))[group]
    growth[2, 4] = NAN
    persistence, province, own, freedom = _parts(growth, group)
    _, left = by_loops(growth)
    centred = left - np.nanmean(left, axis=0)
    within, free, between, squares, groups, mine = 0.0, 0, 0.0, 0.0, 0, []
    for name, t in product(range(3), range(7)):
        part = centred[group == name, t]
        part = part[np.isfinite(part)]
        if len(part) < 2:
            continue
        within += ((part - part.mean()) ** 2).sum()
        free += len(part) - 1
        between += part.mean() ** 2
        squares += 1 / len(part)
        groups += 1
        mine += [*((part - part.mean()) * np.sqrt(len(part) / (len(part) - 1)))]
    variance = within / free
    assert persistence == pytest.approx(by_loops(growth)[0])
    assert province == pytest.approx(np.sqrt(between / groups - variance * squares / groups)) and province > 1
    assert own == pytest.approx(np.sqrt(variance)) and freedom == _freedom(np.array(mine))
    alone = _parts(growth, np.zeros(10, int))
    seen = centred[np.isfinite(centred)]
    assert alone[1:] == (0.0, pytest.approx(seen.std()), _freedom(seen))
    apart = np.array([*range(7), 7, 7, 7])  # seven pairs of years and more: 14 degrees are too few
    assert _parts(growth, apart)[1] == 0.0
    enough = np.array([*range(6), 6, 6, 6, 6])  # 20 of them and one is missing nowhere
    assert _parts(growth, enough)[2] != pytest.approx(seen.std())
    same = _parts(rng.normal(0, 1, (10, 8)), group)
    assert 0 <= same[1] < 0.8


@pytest.mark.parametrize("tails", [3, 3.5, 4, 5, 6, 8, 10, 15, 30])
def test_tails_of_a_known_law_are_found(tails: float) -> None:
    """Quantiles of Student's t, of any size: the nearest of those that are told apart."""
    grid = [3, 3.5, 4, 5, 6, 8, 10, 15, 30]
    values = stats.t.ppf((np.arange(3000) + 0.5) / 3000, tails)
    found = _freedom(values)
    assert found in grid and abs(grid.index(found) - grid.index(tails)) <= 1
    assert _freedom(250 * values) == found


def test_tails_are_those_of_greatest_likelihood() -> None:
    """At the scale of seven that fits each best, from 0.6 to 1.2 of a robust one."""
    rng = np.random.default_rng(9)
    found = set()
    for draw in range(10):
        values = rng.standard_t([2.5, 4, 7, 12, 40][draw % 5], 40)
        robust = ROBUST * np.median(np.abs(values))
        likely = {
            nu: max(
                stats.t.logpdf(values / (robust * part), nu).sum() - 40 * np.log(robust * part)
                for part in (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)
            )
            for nu in (3, 3.5, 4, 5, 6, 8, 10, 15, 30)
        }
        own = _freedom(values)
        assert likely[own] == max(likely.values())
        found.add(own)
    assert len(found) >= 4


@pytest.mark.parametrize("start", [0, 7])
def test_a_mixture_stays_where_it_is_likeliest(start: int) -> None:
    """One more step by the textbook, with a prior of one year of each kind and of 10 years of 15 %."""
    rng = np.random.default_rng(start)
    years = np.concatenate([rng.normal(0.2, 1, 14), [6.0, -7.0], [NAN]])
    calm, crisis, chance = _mixture(years)
    seen = years[:-1]
    likely = np.array(
        [(1 - chance) * stats.norm.pdf(seen, 0, calm), chance * stats.norm.pdf(seen, 0, crisis)]
    )
    bad = likely[1] / likely.sum(axis=0)
    assert calm**2 == pytest.approx(((1 - bad) @ seen**2 + calm**2) / ((1 - bad).sum() + 1), rel=1e-4)
    assert crisis**2 == pytest.approx((bad @ seen**2 + 9 * calm**2) / (bad.sum() + 1), rel=1e-4)
    assert chance == pytest.approx((bad.sum() + 0.15 * 10) / (16 + 10), rel=1e-4)


def test_a_nation_that_never_moves_has_a_crisis_all_the_same() -> None:
    """Nothing but its prior: half as much again at least; of four years nothing is said."""
    calm, crisis, chance = _mixture(np.zeros(6))
    assert crisis >= 1.5 * calm and 0 < chance < 0.15
    assert np.isnan(_mixture(np.array([1.0, 2, 3, 4, NAN]))).all()
    assert np.isfinite(_mixture(np.array([1.0, 2, 3, 4, 5]))).all()


def test_estimates_of_shocks_and_their_errors() -> None:
    """Errors by drawing regions anew, then years, from the same numbers."""
    rng = np.random.default_rng(5)
    group = np.array([0] * 5 + [1] * 5)
    growth = 6 + rng.normal(0, 1, 8) + rng.normal(0, 1, (10, 8)) + 2 * rng.normal(size=(2, 8))[group]
    growth[3, 2] = NAN
    found = shocks(growth, group, np.random.default_rng(1), repeats=4)
    assert found is not None
    again = np.random.default_rng(1)
    picks = [again.integers(0, 10, 10) for _ in range(4)]
    parts = np.array([_parts(growth[pick], group[pick]) for pick in picks])
    persistence, province, own, freedom = _parts(growth, group)
    cases = 10 * 7 - 2
    for figure, value, error in zip(
        (found.persistence, found.provincial, found.own, found.freedom),
        (persistence, province, own, freedom),
        np.std(parts, axis=0),
        strict=True,
    ):
        assert (figure.value, figure.error) == (pytest.approx(value), pytest.approx(error))
        assert figure.cases == cases
    years = np.diff(np.nanmean(growth, axis=0))
    assert found.years == pytest.approx(years)
    drawn = np.array([_mixture(years[again.integers(0, 7, 7)]) for _ in range(4)])
    for figure, value, error in zip(
        (found.national, found.crisis, found.chance), _mixture(years), np.std(drawn, axis=0), strict=True
    ):
        assert (figure.value, figure.error) == (pytest.approx(value), pytest.approx(error))
        assert figure.cases == 7
    assert found.regions == pytest.approx(by_loops(growth)[1], nan_ok=True)
    up = np.cumsum(np.cumsum(np.ones((6, 9)) * np.arange(6)[:, None], axis=1), axis=1)
    most = shocks(up, np.zeros(6, int), np.random.default_rng(1), repeats=2)
    assert most is not None and most.persistence.value == 0.98


def test_kindred_figures_of_which_one_is_surer() -> None:
    """1 and 4 with errors of 1/2 and 1: weights of 4 and 1, Q = 7.2, and a variance between of 6.2 / 1.6."""
    found = pooled([Figure(1.0, 0.5, 3), Figure(4.0, 1.0, 7)])
    between = 6.2 / 1.6
    weights = 1 / (between + 0.25), 1 / (between + 1)
    mean = (weights[0] + 4 * weights[1]) / sum(weights)
    for each, value, error, cases in zip(found, (1.0, 4.0), (0.5, 1.0), (3, 7), strict=True):
        kept = between / (between + error**2)
        assert each.value == pytest.approx(mean + kept * (value - mean)) and each.cases == cases
        assert each.error == pytest.approx(np.sqrt(kept * error**2 + (1 - kept) ** 2 / sum(weights)))


def test_five_regions_of_six_years_are_enough() -> None:
    growth = np.random.default_rng(1).normal(size=(5, 6))
    group, rng = np.zeros(5, int), np.random.default_rng(1)
    assert shocks(growth, group, rng, repeats=2) is not None
    growth[4, 2] = NAN
    assert shocks(growth, group, rng, repeats=2) is None
    assert shocks(growth[:, :5], group, rng, repeats=2) is None


# ---- the whole of what is estimated


def test_lines_of_equal_steps_are_taken_for_interpolation() -> None:
    path = np.array(
        [
            [1, 2, 3, 4, 4, 4, 4, 5.0],
            [0, 1, 2, 3, 4, 7, 7, 7.0],
            [9, 7, 5, 3, 8, 8, 8, 8.0],
            [1, 2, 3, 9, 5, 2, 8, 1.0],
            [5, 5, 5, 0, 1, 9, 11, 13.0],
        ]
    )
    assert [np.flatnonzero(row).tolist() for row in estimate.filled(path)] == [
        [1, 2],
        [1, 2, 3],
        [1, 2],
        [],
        [],
    ]
    two = np.array([[0, 1, 2, 3, 9, 8, 7, 6.0]])
    assert np.flatnonzero(estimate.filled(two)[0]).tolist() == [1, 2, 5, 6]


def test_years_and_lines_that_are_left_out() -> None:
    """Targets of a line, and growth of investment in one; years that are skipped, and later ones."""
    line = np.tile(np.arange(8.0), (2, 1))
    odd = np.tile([1.0, 5, 2, 9, 3, 7, 1, 4], (2, 1))
    target, plans = np.array([line[0], odd[0]]), np.stack([line, np.array([odd[0], line[0]])])
    shares = np.ones((3, 2, 8))
    whole = panel(line, target, plans=plans, shares=shares)
    found, dropped = estimate._clean(whole, (2001,), 2006)
    assert dropped == 12
    out = [False, True, False, False, False, False, False, True]
    assert np.isnan(found.growth[0]).tolist() == out  # growth may be a line
    assert np.isnan(found.target[0]).tolist() == [False] + [True] * 7
    assert np.isnan(found.target[1]).tolist() == out
    assert np.isnan(found.plans[0, 0]).tolist() == out == np.isnan(found.plans[1, 0]).tolist()
    assert np.isnan(found.plans[1, 1]).tolist() == [False] + [True] * 7
    assert (found.shares == 1).all() and np.isfinite(whole.target).all()
    assert np.isfinite(estimate._clean(whole, (), None)[0].growth).all()


def test_a_calibration_is_of_every_series_that_has_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "shocks", partial(shocks, repeats=2))
    base = made_up(12, 9)
    rng = np.random.default_rng(4)
    sectors = np.stack([base.growth + rng.normal(0, size, (12, 9)) for size in (0.5, 1.0, 2.0)])
    sectors[1, 4:] = NAN  # of four regions nothing is told
    whole = replace(base, sector_growth=sectors)
    found = estimate.calibrate(whole, seed=5)
    assert list(found.series) == ["gdp", "primary", "tertiary"] == list(found.centre) == list(found.drift)
    assert list(found.lasting) == ["primary", "tertiary"] and found.dropped == 0
    order = np.random.default_rng(5)
    for name, path in (("gdp", base.growth), ("primary", sectors[0])):
        own = shocks(path, base.group, order, repeats=2)
        assert own is not None and found.series[name].own == own.own
    assert found.centre["primary"] == estimate._centre(sectors[0])
    assert found.drift["tertiary"] == estimate._drift(sectors[2])
    assert [key[:2] for key in found.correlations] == [("primary", "tertiary")] * 2
    assert set(found.figures) == {"plan_bias", "plan_bias_recent"} and len(found.leads) == 12
    with pytest.raises(ScenarioError, match="12 regions, 44 region-years of growth") as none:
        estimate.calibrate(whole, until=2003)
    assert none.value.problems[0].path == "panel"


def test_growth_that_investment_brings_is_a_figure_of_the_panel() -> None:
    """Thirty pairs of a share and the growth of the year after; three differences tell the bias of plans."""
    rng = np.random.default_rng(4)
    share = rng.uniform(0.2, 0.6, (6, 6))
    growth = np.zeros((6, 6))
    growth[:, 1:] = 30 * share[:, :-1] + rng.normal(size=(6, 1))
    growth[:, 0] = 9.0
    plans = np.full((2, 6, 6), NAN)
    plans[:, 0, :3] = [[5.0, 6, 7], [4.0, 5, 6]]
    found = estimate._figures(panel(growth, investment=share, plans=plans), rng)
    assert found["investment_response"].value == pytest.approx(0.3, abs=1e-6)
    assert found["investment_bias"].value == -1 and "plan_bias" not in found
    ratios = 100 * share[:, 1:].sum(axis=1) / growth[:, 1:].sum(axis=1)  # of the last five years
    assert found["icor"].value == pytest.approx(float(np.median(ratios)))
    plans[:, 0, 2] = NAN
    assert "investment_bias" not in estimate._figures(panel(growth, plans=plans), rng)


def test_tails_are_of_shocks_as_large_as_one_region_has() -> None:
    """What a mean takes away of each is given back: pairs count twice as much, threes half as much again."""
    rng = np.random.default_rng(6)
    group = np.array([0, 0, 1, 1, 1, 1, 1, 1, 1, 1])
    growth = rng.normal(0, 1, (10, 12))
    growth[2:] *= 0.3
    _, left = by_loops(growth)
    centred = left - left.mean(axis=0)
    parts = [centred[group == name] for name in (0, 1)]
    mine = [(each - each.mean(axis=0)) * np.sqrt(len(each) / (len(each) - 1)) for each in parts]
    assert _parts(growth, group)[3] == _freedom(np.concatenate([each.ravel() for each in mine]))


# ---- other indicators and the record


def test_another_indicators_lead_by_loops() -> None:
    """Late years count most: half of it after three; the spread is the half-width of eighty percent."""
    rng = np.random.default_rng(3)
    growth = rng.normal(5, 1, (8, 7))
    other = growth + 2 + 0.3 * np.arange(7) + rng.normal(0, 1, (8, 7))
    other[2, 3] = growth[5, 6] = NAN
    found = experience._beside(growth, other)
    lead = other - growth
    mean = np.array([np.mean([v for v in column if np.isfinite(v)]) for column in lead.T])
    off = lead - mean
    rows = [
        (0.5 ** ((5 - t) / MEMORY), off[r, t], off[r, t + 1])
        for r, t in product(range(8), range(6))
        if np.isfinite(off[r, t]) and np.isfinite(off[r, t + 1])
    ]
    lasting = min(max(sum(w * x * y for w, x, y in rows) / sum(w * x * x for w, x, _ in rows), 0.0), 1.0)
    left = sorted((abs(y - lasting * x), w) for w, x, y in rows)
    held, whole = 0.0, sum(w for _, w in left)
    for size, w in left:  # noqa: B007 (the last one is meant)
        held += w
        if held >= 0.8 * whole:
            break
    old = 0.5 ** ((6 - np.arange(7)) / MEMORY)
    middle = (old * mean).sum() / old.sum()
    news_ = np.sqrt((old * (mean - middle) ** 2).sum() / old.sum())
    assert found is not None and found.cases == len(rows) == 8 * 6 - 3
    assert (found.mean, found.lasting) == (pytest.approx(middle), pytest.approx(lasting))
    assert found.spread == pytest.approx(np.hypot(size / 1.1432, news_))
    # a lead that turns every year lasts not at all, and one that grows no more than it was
    small = np.random.default_rng(1).normal(size=(8, 1))
    turned = experience._beside(np.zeros((8, 7)), small * np.array([1, -1, 1, -1, 1, -1, 1.0]))
    assert turned is not None and turned.lasting == 0.0
    grew = experience._beside(np.zeros((8, 7)), small * 2.0 ** np.arange(7))
    assert grew is not None and grew.lasting == 1.0
    # the last years may be unknown
    more = np.full((8, 2), NAN)
    again = experience._beside(np.hstack([growth, more]), np.hstack([other, more]))
    assert again == found


@dataclass(frozen=True)
class Noted(Outlooks):
    """Outlooks of which is noted what they were asked."""

    def learnt(self, known: Panel) -> Any:
        return known.years, None


def test_what_is_taught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every year from the eleventh on, and the next two where something is known of them; backtests of the
    editions that say anything of the years scored."""
    base = made_up(12, 12)
    plans = np.stack([np.full((12, 12), NAN), base.growth + 3])
    whole = replace(base, plans=plans, sector_growth=np.stack([base.growth + k for k in range(3)]))
    release, january = np.full(14, 6.0), np.full(14, 6.5)
    calls: list[Any] = []
    monkeypatch.setattr(experience, "backtest", lambda *own, **more: calls.append((own, more)) or ())
    october = np.full(14, NAN)
    october[2] = 5.0
    nation = Nation(release, np.full(14, NAN), {"january": january, "october": october})
    known = Noted(nation, "january", {})
    found = experience.teach(whole, known, [2008, 2009], draws=64, seed=3, jobs=1, template="t")
    assert [each[-1] for each in found.years] == [2010, 2011, 2012, 2013]
    assert list(found.judged) == ["january", "none"]
    assert calls[0][0] == (whole, [2008, 2009]) and calls[1][1]["outlooks"].edition == "none"
    assert {key: calls[0][1][key] for key in ("draws", "seed", "jobs", "template")} == {
        "draws": 64,
        "seed": 3,
        "jobs": 1,
        "template": "t",
    }
    assert calls[0][1]["outlooks"].edition == "january" and calls[0][1]["outlooks"].nation is nation
    judged = found.judged["none"]
    assert (judged.panel, judged.years, judged.draws, judged.seed) == (whole, (), 64, 3)
    assert {name: (each.mean, each.spread) for name, each in found.beside.items()} == {
        "industry_above_scale_growth": (pytest.approx(1), pytest.approx(0, abs=1e-9)),
        "fai_growth": (pytest.approx(3), pytest.approx(0, abs=1e-9)),
    }
    assert found.mapping == experience.mapping(learn.means(whole.extended(2013).growth), release)

    def years(release_: Any, **editions: Any) -> list[int]:
        own = Noted(Nation(np.array(release_, float), np.full(14, NAN), editions), "none", {})
        return [each[-1] for each in experience.teach(whole, own, [], draws=64, seed=3).years]

    none = [NAN] * 14
    assert years(none) == [2010, 2011, 2012]
    assert years([*none[:12], 6.0, NAN]) == [2010, 2011, 2012, 2013]
    assert years(none, january=np.array([*none[:13], 6.0]), october=np.array(none)) == [
        2010,
        2011,
        2012,
        2013,
    ]
    assert years(none, january=np.array(none)) == [2010, 2011, 2012]


# ---- news


def test_what_the_method_takes_for_granted_is_what_was_scored() -> None:
    """The record that is shipped and told was made with these: who changes one makes the record anew."""
    plans = Kind((0.5, 1.0, 1.5), (0.3, 0.6), (3.0,), 1.0, 2.0, (1.0,))
    grown = Kind((0.5, 1.0, 1.5), (0.3, 0.6), (3.0,), 4.0, 1.0, (1.0,))
    edition = Kind((0.1, 0.3, 0.6, 1.0), (0.2, 0.4, 0.8), (1.5, 3.0), 0.1, 20.0, (0.5, 0.8))
    assert (
        *(0.15, 5.0, 0.85, plans, grown, edition),
        *(3.0, 0.7, 1.5, 0.8, 1.1432, 2.0, 2.0, 2.0),
    ) == learn.SETTINGS
    assert (learn.KNOWN, FEWEST, news.KEPT) == ((0, 1, 2, 4, 8), 30, 48)


def sequences(path: list[float], drift: float, calm: float, rough: float, start: float, spread: float) -> Any:
    """Every sequence of calm years and crises: its weight, and mean and variance of the level after it."""
    found = []
    for kinds in product((calm**2, calm**2 + rough**2), repeat=len(path)):
        weight, mean, variance = 1.0, start, spread
        for seen, noise in zip(path, kinds, strict=True):
            variance += drift**2
            weight *= (1 - CHANCE if noise == calm**2 else CHANCE) * stats.norm.pdf(
                seen, mean, np.sqrt(variance + noise)
            )
            gain = variance / (variance + noise)
            mean, variance = mean + gain * (seen - mean), variance * (1 - gain)
        found.append((weight, mean, variance + drift**2))
    return sorted(found, reverse=True)


def test_a_filter_keeps_the_likeliest_of_all_sequences() -> None:
    """Of 32 sequences of five years all, of 64 of six the 48 likeliest."""
    path = [5.0, 6.5, 2.0, 4.0, 5.5, 4.5]
    for years, kept in ((5, 32), (6, 48)):
        weight, mean, variance, *_ = news._filter(np.array(path[:years]), 0.7, 0.4, 2.5, 5.5, 1.3, 1.0)
        expected = sequences(path[:years], 0.7, 0.4, 2.5, 5.5, 1.3)[:kept]
        whole = sum(w for w, _, _ in expected)
        assert len(weight) == kept and weight == pytest.approx([w / whole for w, _, _ in expected])
        assert mean == pytest.approx([m for _, m, _ in expected])
        assert variance == pytest.approx([v for _, _, v in expected])


def test_what_a_filter_was_off_by() -> None:
    """The second year by two sequences of the first: their weighted error, and a calm year's variance."""
    path = [5.0, 6.5]
    _, _, _, logged, errors, calms = news._filter(np.array(path), 0.7, 0.4, 2.5, 5.5, 1.3, 1.0)
    first = sequences(path[:1], 0.7, 0.4, 2.5, 5.5, 1.3)
    whole = sum(w for w, _, _ in first)
    density = sum(
        w
        / whole
        * (
            (1 - CHANCE) * stats.norm.pdf(6.5, m, np.sqrt(v + 0.16))
            + CHANCE * stats.norm.pdf(6.5, m, np.sqrt(v + 0.16 + 6.25))
        )
        for w, m, v in first
    )
    off = sum(w / whole * (6.5 - m) for w, m, _ in first)
    calm = sum(w / whole * (v + 0.16 + (6.5 - m - off) ** 2) for w, m, v in first)
    assert (logged[1], errors[1], calms[1]) == (
        pytest.approx(np.log(density)),
        pytest.approx(off),
        pytest.approx(calm),
    )


def test_a_reading_weighs_every_combination_by_what_it_foretold() -> None:
    """Late years count more, and what a combination foretold of a year says nothing of that year itself."""
    kind = Kind((0.3, 1.2), (0.4, 0.9), (2.0, 4.0), 1.5, 1.0, (0.6, 1.0))
    path = np.array([5.0, 6.5, NAN, 1.0, 4.5])
    found = news.read(path, kind, 5.2)
    cases = list(product(kind.drifts, kind.noises, kind.crises, kind.lasting))
    own = [news._filter(path, *three, 5.2, 1.5, lasting) for *three, lasting in cases]
    before = np.zeros(16)
    density, off, calm = [], [], []
    for t in range(6):
        share = np.exp(before) / np.exp(before).sum()
        if t == 5:
            break
        density.append((share * np.exp([f[3][t] for f in own])).sum())
        errors, calms = np.array([f[4][t] for f in own]), np.array([f[5][t] for f in own])
        off.append((share * errors).sum())
        calm.append((share * (calms + (errors - off[-1]) ** 2)).sum())
        before = FORGETTING * before + np.nan_to_num([f[3][t] for f in own])
    assert found.density == pytest.approx(density, nan_ok=True) and np.isnan(found.density[2])
    assert found.off == pytest.approx(off, nan_ok=True) and found.calm == pytest.approx(calm, nan_ok=True)
    at = 0
    for part, f, (_, noise, crisis, _) in zip(share, own, cases, strict=True):
        these = slice(at, at + len(f[0]))
        assert found.weight[these] == pytest.approx(part * f[0]) and found.mean[these] == pytest.approx(f[1])
        assert (
            found.variance[these] == pytest.approx(f[2] + noise**2) and (found.crisis[these] == crisis).all()
        )
        at += len(f[0])
    assert at == len(found.weight) and found.weight.sum() == pytest.approx(1)
    later = found.after(2)
    assert np.isnan(later.density[:2]).all() and later.density[2:] == pytest.approx(
        found.density, nan_ok=True
    )
    assert len(later.off) == len(later.calm) == 7 and later.mean is found.mean


def reading(
    mean: list[float], variance: list[float], weight: list[float], crisis: list[float], **more: Any
) -> Reading:
    nothing = np.full(3, NAN)
    usual = {"density": nothing, "off": nothing, "calm": nothing}
    parts = (np.array(each, float) for each in (weight, mean, variance, crisis))
    return Reading(*parts, **{name: np.array(more.get(name, own)) for name, own in usual.items()})


def test_a_pool_by_hand() -> None:
    """Nothing was foretold: prior weights of 3/4 and 1/4. 3/4 (4 / 2 + 6 / 2) + 1/4 x 9; variances within and
    between, and of crises in a crisis."""
    one = reading([4, 6], [1, 2], [3, 3], [2, 0])
    two = reading([7], [0.5], [0.1], [1])
    found, weights = news.pool([(one, 0.0, 6.0), (two, 2.0, 2.0)])
    assert weights == pytest.approx([0.75, 0.25])
    middle = 0.375 * 4 + 0.375 * 6 + 0.25 * 9
    calm = (
        0.375 * (1 + (4 - middle) ** 2) + 0.375 * (2 + (6 - middle) ** 2) + 0.25 * (0.5 + (9 - middle) ** 2)
    )
    assert found.middle == pytest.approx(middle) and found.calm == pytest.approx(np.sqrt(calm))
    assert found.crisis == pytest.approx(np.sqrt(calm + 0.375 * 4 + 0.25))


def test_how_sure_a_pool_was_by_hand() -> None:
    """Off by 3/4 1 + 1/4 (-1) one year, and far beyond twice what was said in the last; one year unseen."""
    one = reading([1], [1], [1], [1], off=[1.0, NAN, 10.0], calm=[2.0, NAN, 1.0])
    two = reading([1], [1], [1], [1], off=[-1.0, NAN, 10.0], calm=[1.0, NAN, 1.0])
    first = 0.5**2 / (0.75 * (2 + 0.5**2) + 0.25 * (1 + 1.5**2))
    old = FORGETTING**2
    expected = (PRIOR_YEARS + old * first + 4.0) / (PRIOR_YEARS + old + 1)
    assert news._sureness(np.array([0.75, 0.25]), [one, two]) == pytest.approx(expected)


def test_a_region_alone_goes_on_from_its_first_year() -> None:
    path = np.array([NAN, 5.0, 7.0, 6.0])
    assert news.level(path) == news.pool([(news.read(path, news.GROWN, 5.0), 0.0, 1.0)])[0]
    assert news.level(np.full(3, NAN)).middle == 0.0


# ---- what all regions teach


def test_a_nation_up_to_a_year() -> None:
    nation = Nation(np.arange(4.0), np.arange(4.0) + 10, {"january": np.arange(4.0) + 20})
    found = nation.until(1)
    assert found.release.tolist() == [0, 1] and found.aim.tolist() == [10, 11]
    assert found.editions["january"].tolist() == [20, 21]
    none = learn.unknown(3)
    assert (
        np.isnan(none.release).tolist() == [True] * 3 == np.isnan(none.aim).tolist() and none.editions == {}
    )


def huber(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, float]:
    """Twelve rounds of weighted ridge regression, and the weighted quantile of what is left."""
    pull = weight.copy()
    for _ in range(12):
        a = sum(w * np.outer(row, row) for w, row in zip(pull, x, strict=True)) + RIDGE * np.eye(x.shape[1])
        b = sum(w * row * value for w, row, value in zip(pull, x, y, strict=True))
        found = np.linalg.solve(a, b)
        left = np.abs(y - x @ found)
        edge = 2 * 1.4826 * np.median(left)
        pull = weight * np.array([1.0 if each <= edge else edge / each for each in left])
    recent = weight ** (MEMORY / SPREAD_MEMORY)
    held = 0.0
    for at in np.argsort(left):
        held += recent[at]
        if held >= 0.8 * recent.sum():
            break
    return found, left[at] / 1.1432


def test_coefficients_by_plain_loops() -> None:
    """Every earlier year, for regions of which so many years before are known; late years count more."""
    known = made_up(14, 9)
    past = Past(
        learn.means(known.growth),
        learn.means(known.target),
        learn.means(known.growth - known.target),
        np.full(9, NAN),
    )
    fitted, typical = learn._fit(known, past)
    expected_typical = np.full(9, NAN)
    for years, aimed in product((0, 1, 2, 4, 8), (False, True)):
        xs, ys, weights, parts = [], [], [], []
        for t in range(max(years, 1), 8):
            rows = [
                r
                for r in range(14)
                if np.isfinite(known.growth[r, t - years : t + 1]).all()
                and (not aimed or np.isfinite(known.target[r, t]))
            ]
            if len(rows) < 3:
                continue
            cut = Past(*(each[t - years : t + 1] for each in (past.growth, past.aim, past.gap, past.spread)))
            x = facts(known.growth[rows, t - years : t + 1], known.target[rows, t - years : t + 1], cut)
            if not aimed:
                x[:, :2] = 0
            y = known.growth[rows, t]
            xs += [*(x - x.mean(axis=0))]
            ys += [*(y - y.mean())]
            weights += [0.5 ** ((7 - t) / MEMORY)] * len(rows)
            parts.append((t, len(rows)))
        if len(ys) < FEWEST:
            assert (years, aimed) not in fitted.slopes
            continue
        slopes, spread = huber(np.array(xs), np.array(ys), np.array(weights))
        assert fitted.slopes[years, aimed] == pytest.approx(slopes, abs=1e-9)
        assert fitted.spread[years, aimed] == pytest.approx(spread)
        at = 0
        for t, count in parts:
            left = np.abs(np.array(ys[at : at + count]) - np.array(xs[at : at + count]) @ slopes)
            size = np.sqrt(np.mean(np.minimum(left, 3 * spread) ** 2))
            expected_typical[t] = max(size, 0.2 * spread)
            at += count
    assert typical == pytest.approx(expected_typical, nan_ok=True)
    assert (8, True) not in fitted.slopes and (4, True) in fitted.slopes


def test_of_few_regions_nothing_is_made() -> None:
    """Two regions: what all have, with a spread that is an assumption."""
    known = panel(made_up().growth[:2], made_up().target[:2])
    past = Past(*(np.zeros(9) for _ in range(4)))
    fitted, typical = learn._fit(known, past)
    assert set(fitted.slopes) == {(0, False), (0, True)} and np.isnan(typical).all()
    assert all((each == 0).all() and each.shape == (4,) for each in fitted.slopes.values())
    assert set(fitted.spread.values()) == {UNKNOWN}
    ten = panel(np.random.default_rng(2).normal(size=(10, 5)))  # three years of ten regions are just enough
    assert (1, False) in learn._fit(ten, replace(past, growth=np.zeros(5), spread=np.zeros(5)))[0].slopes
    less = panel(ten.growth[:9])
    assert (1, False) not in learn._fit(less, past)[0].slopes


def test_what_all_have_is_of_the_regions_of_which_nothing_is_known() -> None:
    """Sixteen regions of two years are enough for that, and not for those of which a year before is known."""
    growth = np.random.default_rng(2).normal(size=(16, 4))
    growth[:4, 0] = NAN
    past = Past(*(np.zeros(4) for _ in range(4)))
    fitted, _ = learn._fit(panel(growth), past)
    assert set(fitted.slopes) == {(0, False), (0, True)}
    assert fitted.spread[0, False] < UNKNOWN == fitted.spread[0, True]


def test_a_line_that_fits_all_alike_is_left_with_a_fifth_of_its_spread() -> None:
    """One year of three in which nothing is left."""
    growth = np.tile(np.arange(12.0)[:, None], (1, 5))
    growth[:, 3] += np.random.default_rng(1).normal(0, 3, 12)
    known = panel(growth)
    past = Past(learn.means(growth), np.full(5, NAN), np.full(5, NAN), np.full(5, NAN))
    fitted, typical = learn._fit(known, past)
    assert typical[2] == pytest.approx(0.2 * fitted.spread[1, False]) and typical[3] > typical[2]


def test_what_is_expected_of_all_regions() -> None:
    """Past growth, plans, and an outlook with the regions' lead, each from its first year on, in one pool."""
    growth = np.array([5.0, 6.0, 5.5, 7.0, NAN])
    aim, gap = np.array([NAN, 6.0, 6.0, 6.5, 7.0]), np.array([NAN, 0.0, -0.5, 0.5, NAN])
    lead = np.array([NAN, 1.0, 1.0, 1.5, 1.25])
    outlook = np.array([NAN, NAN, 4.0, 5.0, 5.5])
    nation = Nation(growth - 1, np.full(5, 6.0), {})

    def ahead(**more: Any) -> Any:
        given = {"growth": growth, "aim": aim, "gap": gap, "lead": lead, "nation": nation, "outlook": outlook}
        return learn._ahead(**{**given, **more})

    found = ahead()
    parts = [
        (news.read(growth[:-1], news.GROWN, 5.0), 0.0, 1.0),
        (news.read(gap[1:-1], news.PLANS).after(1), 7.0, 2.0),
        (news.read((growth - outlook - lead)[2:-1], news.EDITION).after(2), 5.5 + 1.25, 20.0),
    ]
    expected, weights = news.pool(parts)
    assert found[0] == expected and found[1] == dict(
        zip(("past", "targets", "outlook"), weights, strict=True)
    )
    assert list(ahead(outlook=None)[1]) == ["past", "targets"]
    late = np.where(np.arange(5) == 4, NAN, aim)  # no target of the year itself
    assert list(ahead(aim=late)[1]) == ["past", "outlook"]
    none = np.full(5, NAN)
    own = ahead(aim=none, outlook=None)
    only = news.pool([parts[0], (news.read((growth - 6.0)[:-1], news.PLANS), 6.0, 2.0)])
    assert own[0] == only[0] and list(own[1]) == ["past", "targets"]
    assert learn._ahead(none, none, none, none, Nation(none, none, {}), None) is None


def test_everything_is_learnt_of_the_last_year() -> None:
    """What no panel holds yet is the nation's growth and the regions' lead."""
    base = made_up(12, 9)
    growth, target = base.growth.copy(), base.target.copy()
    growth[:, 7:] = NAN
    known = replace(base, growth=growth, target=target)
    release = np.array([5.0, 5.5, 6.0, 5.0, 5.5, 6.0, 6.5, 4.0, NAN])
    january = np.array([NAN, 5.0, 5.5, 6.0, 5.5, 6.0, 6.0, 5.0, 5.5])
    nation = Nation(release, np.full(9, NAN), {"january": january, "october": np.append(january[:-1], NAN)})
    found = learn.learn(known, nation)
    mean, lead = learn.means(growth), learn._lead(learn.means(growth), release)
    assert found.years == known.years and found.chance == CHANCE
    assert found.past.growth[:7] == pytest.approx(mean[:7])
    assert found.past.growth[7] == pytest.approx(4.0 + lead[7]) and np.isnan(found.past.growth[8])
    assert found.past.gap[:7] == pytest.approx(learn.means(growth - target)[:7])
    assert np.isnan(found.past.gap[7:]).all() and found.past.aim == pytest.approx(learn.means(target))
    assert set(found.ahead) == {"none", "january"} == set(found.weights)
    assert list(found.weights["january"]) == ["past", "targets", "outlook"]
    assert list(found.weights["none"]) == ["past", "targets"]
    assert found.release is release and np.isfinite(found.past.spread[2:7]).all()
    gap = np.where(np.isfinite(mean), learn.means(growth - target), NAN)
    expected = learn._ahead(mean, found.past.aim, gap, lead, nation, january)
    assert expected is not None and found.ahead["january"] == expected[0]
    nothing = learn.learn(panel(np.full((3, 4), NAN)), learn.unknown(4))
    assert nothing.ahead == {} and set(nothing.fitted.slopes) == {(0, False), (0, True)}


def test_targets_nobody_has_collected_fall_short_by_no_more_than_a_crisis() -> None:
    """Two years that are to come: the second moves from what was made of the first."""
    aim, growth = np.array([8.0, 7.0, 6.0, NAN, NAN]), np.array([8.0, 6.5, 5.0, 1.0, NAN])
    nation = np.array([8.0, 7.5, 6.5, 6.0, 5.0])
    x = np.array([[0.0, -0.5], [-0.5, -1.0]])
    slopes = np.linalg.solve(x.T @ x + np.eye(2), x.T @ np.array([-1.0, -1.0]))
    first = 6 + slopes @ [-1.0, -0.5]
    found = learn._aims(aim, growth, nation)
    assert found[3] == pytest.approx(first)
    assert found[4] == pytest.approx(first + slopes @ [max(1.0 - first, -2.0), -1.0])
    assert np.isnan(aim[3])  # what was given is not changed
    whole = np.array([8.0, 7.0, 6.0, NAN, 5.0])
    assert np.isnan(learn._aims(whole, growth, nation)[3])  # the year's own is known
