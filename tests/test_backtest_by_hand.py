"""Panels, references, scores and judgements of a backtest, on a few region-years worked out on paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.forecast import to_date
from dabiao.engine.forecast.backtest import alone, averages, regions, roll, sampled
from dabiao.engine.forecast.backtest.averages import Span, mean_growth
from dabiao.engine.forecast.backtest.judge import Judged
from dabiao.engine.forecast.backtest.outlook import editions, read_outlooks
from dabiao.engine.forecast.backtest.panel import Panel, _once, _without_totals, read_panel
from dabiao.engine.forecast.backtest.references import LEVELS, PAIRS, _around, references
from dabiao.engine.forecast.backtest.roll import FORECASTS, NONE, Outlooks, RolledYear
from dabiao.engine.forecast.backtest.scores import block_interval, brier, coverage, crps, log_loss, place
from dabiao.engine.forecast.backtest.worth import NODES, worth
from dabiao.engine.forecast.drift import Carried, Lasting, Missed
from dabiao.engine.forecast.learn import Nation, unknown
from dabiao.engine.uncertainty.sample_points import PARTS
from dabiao.models.errors import ScenarioError
from dabiao.models.forecast import Ahead, Reference
from scipy import stats

NAN = np.nan


def file(folder: Path, text: str, name: str = "panel.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def panel(growth: Any, target: Any = None, **more: Any) -> Panel:
    own = np.array(growth, float)
    none = np.full(own.shape, NAN)
    three = np.full((3, *own.shape), NAN)
    usual: dict[str, Any] = {
        "regions": tuple(f"r{at}" for at in range(len(own))),
        "groups": ("",),
        "group": np.zeros(len(own), int),
        "years": tuple(range(2000, 2000 + own.shape[1])),
        "growth": own,
        "target": none if target is None else np.array(target, float),
        "shares": three,
        "sector_growth": three,
        "investment": none,
        "capital_ratio": none,
        "plans": np.stack([none, none]),
    }
    return Panel(**{**usual, **more})


# ---- panels

TABLE = """Regions of a made-up country
region,group,year,growth,target,gdp,primary,secondary,tertiary,investment,secondary_growth,planned_investment
east,north,2001,5,6,120,10,50,40,30,7,9
east,north,2003,-2,,200,20,60,120,,1,
,,,,,,,,,,,
west,south,2001,4,4.5,,5,,,9,,8
made up by hand,,,,,,,,,,,
west,south,2002,3,5,0,5,15,30,9,,8
"""


def test_a_panel_is_laid_out_by_region_and_year(tmp_path: Path) -> None:
    """Shares are of the sum of sectors, investment of the level where there is one."""
    found = read_panel(file(tmp_path, TABLE))
    assert found.regions == ("north/east", "south/west") and found.groups == ("north", "south")
    assert found.group.tolist() == [0, 1] and found.years == (2001, 2002, 2003)
    assert found.growth == pytest.approx(np.array([[5, NAN, -2], [4, 3, NAN]]), nan_ok=True)
    assert found.target == pytest.approx(np.array([[6, NAN, NAN], [4.5, 5, NAN]]), nan_ok=True)
    assert found.shares[:, 0] == pytest.approx(
        np.array([[0.1, NAN, 0.1], [0.5, NAN, 0.3], [0.4, NAN, 0.6]]), nan_ok=True
    )
    assert found.shares[:, 1] == pytest.approx(
        np.array([[NAN, 0.1, NAN], [NAN, 0.3, NAN], [NAN, 0.6, NAN]]), nan_ok=True
    )
    assert found.investment == pytest.approx(np.array([[0.25, NAN, NAN], [NAN] * 3]), nan_ok=True)
    assert found.sector_growth[1] == pytest.approx(np.array([[7, NAN, 1], [NAN] * 3]), nan_ok=True)
    assert np.isnan(found.sector_growth[[0, 2]]).all() and np.isnan(found.capital_ratio).all()
    assert found.plans[0] == pytest.approx(np.array([[9, NAN, NAN], [8, 8, NAN]]), nan_ok=True)
    assert np.isnan(found.plans[1]).all() and not found.aimless and found.totals == ()
    notes = [each.of("en") for each in found.notes]
    assert any(
        "made up by hand is no region-year: left out" in each and "panel.csv:7" in each for each in notes
    )
    assert any(
        "1 regions lack growth in years between others, such as north/east in 2002" in each for each in notes
    )
    assert found.at(2003) == 2


def test_investment_is_over_what_sectors_add_where_no_level_stands(tmp_path: Path) -> None:
    text = (
        "region,year,growth,primary,secondary,tertiary,investment\na,2001,5,10,50,40,30\na,2002,5,0,0,0,30\n"
    )
    found = read_panel(file(tmp_path, text))
    assert found.investment == pytest.approx(np.array([[0.3, NAN]]), nan_ok=True) and found.aimless
    assert found.groups == ("",) and found.regions == ("a",)


def test_own_series_in_place_of_three_sectors(tmp_path: Path) -> None:
    """Those of the file alone, in the order that is asked for."""
    text = "region,year,growth,mines_growth,farms,primary\na,2001,5,1,3,9\na,2002,5,2,3,9\n"
    found = read_panel(file(tmp_path, text), groups=("farms", "mills", "mines"))
    assert found.sectors == ("farms", "mines") and found.shares.shape == (2, 1, 2)
    assert found.sector_growth[1].tolist() == [[1, 2]] and np.isnan(found.sector_growth[0]).all()
    assert read_panel(file(tmp_path, text)).sectors == ("primary", "secondary", "tertiary")
    assert read_panel(file(tmp_path, text), groups=("primary", "tertiary")).sectors == ("primary", "tertiary")


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        ("region,year,growth\na,x,5\nb,2001,5\n", {}, ["`x`", "a year"]),
        (
            "region,year,growth\na,2001,5\na,2001,6\n",
            {},
            ["two rows for a in 2001", "one row per region and year"],
        ),
        ("region,year,growth\na,1900,5\na,2199-00,6\n", {}, ["years from 1900 to 2200", "at most 300 years"]),
        ("region,year\na,2001\n", {}, ["growth", "no such column", "--columns growth=HEADING"]),
        ("region,year,growth\na,2001,5\n", {"grwth": "growth"}, ["--columns grwth", "growth"]),
        (
            "region,year,growth\na,2001,5\n",
            {"target": "goal_"},
            ["heading `goal_`, which panel.csv does not have"],
        ),
        ("region,year,growth,target\na,2001,many,few\n", {}, ["many", "few"]),
    ],
)
def test_what_is_wrong_with_a_panel_is_told(
    tmp_path: Path, text: str, columns: dict[str, str], said: list[str]
) -> None:
    with pytest.raises(ScenarioError) as found:
        read_panel(file(tmp_path, text), columns)
    assert all(each in str(found.value) for each in said), str(found.value)


def test_fiscal_years_are_those_in_which_they_end(tmp_path: Path) -> None:
    found = read_panel(file(tmp_path, "region,year,growth\na,2001,5\na,2001-02,6\na,2002-03,6\n"))
    assert found.years == (2001, 2002, 2003)
    notes = [each.of("en") for each in found.notes]
    assert notes == ["fiscal years are called by the year in which they end: 2001-02 is 2002"]


def test_three_hundred_years_are_not_too_many() -> None:
    table: Any = SimpleNamespace(rows=[], top={"year": SimpleNamespace(place=None)})
    report = SimpleNamespace(add=lambda *own: pytest.fail(str(own)), stop=lambda: None)
    _once([], tuple(range(300)), {"year": "year"}, table, report)  # type: ignore[arg-type]


def test_headings_of_ones_own(tmp_path: Path) -> None:
    text = "province,when,g\na,2001,5\na,2002,6\n"
    found = read_panel(file(tmp_path, text), {"year": "when", "growth": "g"})
    assert found.growth.tolist() == [[5, 6]] and found.regions == ("a",) and found.groups == ("",)


def test_a_panel_as_it_stood() -> None:
    """Of the year itself its targets and planned growth."""
    own = np.arange(8.0).reshape(2, 4)
    whole = panel(own, own + 10, plans=np.stack([own + 20, own + 30]), investment=own + 40)
    found = whole.until(2002)
    assert found.years == (2000, 2001, 2002) and found.target.tolist() == (own + 10)[:, :3].tolist()
    assert found.growth == pytest.approx(np.array([[0, 1, NAN], [4, 5, NAN]]), nan_ok=True)
    assert found.plans[0].tolist() == (own + 20)[:, :3].tolist()
    assert found.plans[1] == pytest.approx(np.array([[30, 31, NAN], [34, 35, NAN]]), nan_ok=True)
    assert found.investment == pytest.approx(np.array([[40, 41, NAN], [44, 45, NAN]]), nan_ok=True)
    more = whole.extended(2005)
    assert more.years[-1] == 2005 and more.growth.shape == (2, 6) and more.plans.shape == (2, 2, 6)
    assert np.isnan(more.growth[:, 4:]).all() and more.growth[:, :4].tolist() == own.tolist()
    assert whole.extended(2001).years == whole.years
    bad = whole.without_targets([2001, 2003])
    assert np.isnan(bad.target[0]).tolist() == [False, True, False, True] and (bad.growth == own).all()


def test_a_total_beside_its_parts_is_left_out() -> None:
    """Of 10, 20, 30: 60 is their sum and 51 nearly; 50 is not. In most of the years that are known."""

    def totals(*levels: list[float]) -> tuple[str, ...]:
        own = np.array(levels, float)
        found = _without_totals(panel(np.zeros(own.shape), group=np.arange(len(own))), {"level": own})
        assert len(found.regions) == len(own) - len(found.totals) == len(found.growth) == len(found.group)
        return found.totals

    parts = [[10.0] * 3, [20.0] * 3, [30.0] * 3]
    assert totals(*parts, [60.0] * 3) == ("r3",) == totals([10.0] * 3, [20.0] * 3, [30.0] * 3, [51.0] * 3)
    assert totals(*parts, [50.9] * 3) == ()
    assert totals(*parts, [60.0, 60.0, 40.0]) == ("r3",) and totals(*parts, [60.0, 40.0, 40.0]) == ()
    assert totals(*parts, [60.0, NAN, NAN]) == ("r3",)
    assert totals(*parts[:2], [30.0] * 3) == ()  # three regions may be what they are
    holes = [[10.0, NAN, NAN], [20.0] * 3, [30.0] * 3, [60.0, 50.0, 50.0]]
    assert totals(*holes) == ("r3",)  # of years in which one is missing nothing is said
    own = panel(np.zeros((4, 2)))
    assert _without_totals(own, {}) is own


# ---- references that need no model


def test_rates_of_targets_reached() -> None:
    """Of five past years; the first two were missed by one region. The year's own growth is not read."""
    growth = np.array([[5, 5, 5, 6, 6, 99], [3, NAN, 7, 6, 4, 99.0]])
    target = np.array([[6, 6, 5, 6, 5, 5.5], [4, 4, 7.5, 6, 4.5, NAN]])
    found = references(panel(growth, target))
    assert list(found) == ["hit_3", "hit_all", "target", "last", "ar1"]
    assert found["hit_3"].probability.tolist() == [4 / 6] * 2 and found["hit_3"].quantiles is None
    assert found["hit_all"].probability.tolist() == [4 / 9] * 2 and found["hit_all"].centre is None
    assert found["target"].centre == pytest.approx([5.5, NAN], nan_ok=True)
    assert found["last"].centre is not None and found["last"].centre.tolist() == [6, 4]
    assert (
        found["last"].quantiles is not None and (found["last"].quantiles == [[6.0], [4.0]]).all()
    )  # too few
    assert found["last"].probability.tolist() == [1, 0]
    assert found["ar1"].centre == pytest.approx([5.4, 5.0])  # the mean of what is known
    none = references(panel(growth))
    assert none["hit_3"].probability.tolist() == [0.5, 0.5]


def test_references_of_enough_years() -> None:
    """Changes and gaps of 24 region-years; a slope of deviations from each region's own mean."""
    rng = np.random.default_rng(3)
    growth = rng.normal(5, 2, (6, 6)) + np.arange(6)[:, None]
    growth[2, 1] = NAN
    target = growth + rng.normal(0.5, 1, growth.shape)
    found = references(panel(growth, target))
    past, gap = growth[:, :5], (growth - target)[:, :5]
    gap = gap[np.isfinite(gap)]
    assert found["target"].quantiles == pytest.approx(target[:, 5:] + np.quantile(gap, LEVELS)[None])
    change = np.diff(past, axis=1)
    change = change[np.isfinite(change)]
    assert found["last"].quantiles == pytest.approx(past[:, 4:] + np.quantile(change, LEVELS)[None])
    mean = np.nanmean(past, axis=1)
    pairs = [
        (past[r, t] - mean[r], past[r, t + 1] - mean[r])
        for r in range(6)
        for t in range(4)
        if np.isfinite(past[r, t] + past[r, t + 1])
    ]
    assert len(pairs) >= PAIRS
    slope = sum(x * y for x, y in pairs) / sum(x * x for x, _ in pairs)
    centre = mean + slope * (past[:, 4] - mean)
    errors = np.array([y - slope * x for x, y in pairs])
    assert found["ar1"].centre == pytest.approx(centre)
    assert found["ar1"].quantiles == pytest.approx(centre[:, None] + np.quantile(errors, LEVELS)[None])
    rising = references(
        panel(np.cumsum(np.cumsum(np.ones((12, 4)), axis=1), axis=1) * np.arange(12)[:, None])
    )
    assert rising["ar1"].centre is not None
    swing = references(panel(np.tile([1.0, -1, 1, -1, 1, -1, 1, -1, 1, 0], (4, 1)) * 5))
    assert swing["ar1"].centre == pytest.approx([5 / 9 - 0.99 * (5 - 5 / 9)] * 4, abs=0.2)


def test_a_target_counts_as_reached_by_rounding() -> None:
    """Twenty errors from -10 to 9; 4.95 is 5."""
    errors = np.arange(-10.0, 10.0)
    found = _around(np.array([4.95, 4.94]), errors[:19], np.array([5.0, 5.0]), centre=np.zeros(2))
    assert found.probability.tolist() == [1, 0] and found.quantiles.shape == (2, 200)  # type: ignore[union-attr]
    wide = _around(np.array([5.0]), errors, np.array([5.0]), centre=np.zeros(1))
    assert wide.quantiles == pytest.approx(5 + np.quantile(errors, (np.arange(200) + 0.5) / 200)[None])


# ---- scores


def test_scores_by_hand() -> None:
    """Three draws of 1, 2 and 6 against 3: 2, 1 and 3 off, half of ten ninths of spread."""
    assert crps(np.array([[6.0, 1.0, 2.0]]), np.array([3.0])) == pytest.approx([2 - 20 / 18])
    assert place(np.array([[1.0, 2, 2, 5]]), np.array([2.0])) == pytest.approx([0.5])
    assert coverage(np.array([0.1, 0.9, 0.09, 0.91]), 0.8).tolist() == [1, 1, 0, 0]
    assert log_loss(np.array([0.8, 0.8, 0.0]), np.array([True, False, True])) == pytest.approx(
        [-np.log(0.8), -np.log(0.2), -np.log(0.001)]
    )
    assert log_loss(np.array([1.0]), np.array([True])).tolist() == [0.0]


def test_parts_of_a_brier_score() -> None:
    """Chances of 0.25 and 0.75 in two bins: 1 of 3 and 1 of 1 came true; a chance of one is in the last."""
    found = brier(np.array([0.2, 0.3, 0.25, 1.0]), np.array([True, False, False, True]), bins=2)
    assert found.score == pytest.approx((0.64 + 0.09 + 0.0625) / 4)
    assert found.reliability == pytest.approx(0.75 * (0.25 - 1 / 3) ** 2)
    assert found.resolution == pytest.approx(0.75 * (1 / 3 - 0.5) ** 2 + 0.25 * 0.25)
    assert found.uncertainty == 0.25
    assert found.within == pytest.approx(found.score - found.reliability + found.resolution - 0.25)


def test_whole_years_are_drawn() -> None:
    """Two years of one and three regions, of 0 and 1: the mean is 0, 1, or 3/4 half of the time."""
    values = np.array([0.0, 1, 1, 1])
    rng = np.random.default_rng(1)
    low, high = block_interval(np.array([5, 7, 7, 7]), lambda at: float(values[at].mean()), rng, level=0.4)
    assert (low, high) == (0.75, 0.75) or (low, high) == pytest.approx((0.75, 0.75))
    rng = np.random.default_rng(1)
    assert block_interval(np.array([5, 7, 7, 7]), lambda at: float(values[at].mean()), rng) == (0.0, 1.0)


def year(
    number: int, probability: list[float], growth: list[float], target: list[float], **more: Any
) -> RolledYear:
    """A year in which the references are all alike."""
    count, kinds = len(growth), len(FORECASTS)
    rows = np.tile(np.array(probability, float), (kinds, 1))
    usual: dict[str, Any] = {
        "region": np.arange(count),
        "target": np.array(target, float),
        "growth": np.array(growth, float),
        "probability": rows,
        "centre": np.zeros((kinds, count)),
        "crps": np.ones((kinds, count)),
        "places": np.tile(np.linspace(0.04, 0.94, count), (kinds, 1)),
        "band": np.zeros((2, count)),
        "plan": 0.5,
        "own": 1.0,
        "known": np.array(growth, float)[:, None] + np.zeros((1, 32)),
        "nation": (5.0, 5.0, 1.0),
    }
    return RolledYear(number, **{**usual, **more})


def judged(*years: RolledYear, **more: Any) -> Judged:
    return Judged(panel(np.zeros((4, 3)), **more), years, 64, 7)


def test_a_judgement_by_hand() -> None:
    """Two years of three and two regions."""
    one = year(2001, [0.9, 0.2, 0.55], [5, 4, 3], [5, 5, 2.5])
    two = year(2003, [1.0, 0.0], [4, 2], [5, 1])
    found = judged(one, two)
    assert found.year.tolist() == [2001] * 3 + [2003] * 2 and found.region.tolist() == [0, 1, 2, 0, 1]
    assert found.reached.tolist() == [True, False, True, False, True] and not found.aimless
    assert found.growth.tolist() == [5, 4, 3, 4, 2] and found.target.tolist() == [5, 5, 2.5, 5, 1]
    off = np.array([0.01, 0.04, 0.45**2, 1, 1])
    assert found.scores["brier"][0] == pytest.approx(off)
    assert found.scores["log"][0] == pytest.approx(-np.log([0.9, 0.8, 0.55, 1e-3, 1e-3]))
    assert found.scores["error"][3].tolist() == [5, 4, 3, 4, 2] and (found.scores["crps"] == 1).all()
    assert found.scores["inside_80"][0].tolist() == [0, 1, 0, 0, 0]
    assert found.scores["inside_90"][0].tolist() == [0, 1, 1, 0, 1] and "inside_50" in found.scores
    estimate = found.estimate("brier", "engine")
    assert estimate.value == pytest.approx(off.mean()) and estimate.low < estimate.value < estimate.high
    low, high = block_interval(found.year, lambda at: float(off[at].mean()), np.random.default_rng(7))
    assert (estimate.low, estimate.high) == (pytest.approx(low), pytest.approx(high))
    nothing = found.estimate("brier", "engine", minus="last")
    assert (nothing.value, nothing.low, nothing.high) == (0, 0, 0)
    assert found.parts("engine") == brier(found.probability[0], found.reached, 10)
    assert found.pit() == pytest.approx(np.array([2, 0, 0, 0, 1, 0, 0, 0, 0, 2]) / 5)


def test_chances_by_tenth() -> None:
    """0.25 and 0.2 are of one tenth, 1.0 of the last; each with its interval over years."""
    found = judged(
        year(2001, [0.25, 0.2, 1.0], [5, 4, 3], [5, 5, 2.5]), year(2003, [0.29, 0.95], [4, 2], [4, 9])
    ).reliability()
    assert [(each.middle, each.count) for each in found] == [
        (pytest.approx(0.25), 3),
        (pytest.approx(0.95), 2),
    ]
    assert [each.given for each in found] == [pytest.approx(0.74 / 3), pytest.approx(0.975)]
    assert [each.true.value for each in found] == [pytest.approx(2 / 3), 0.5]
    assert (found[0].true.low, found[0].true.high) == (0.5, 1.0)  # one year alone each, or both
    assert (found[1].true.low, found[1].true.high) == (0.0, 1.0)


def test_without_targets_growth_alone_is_scored() -> None:
    found = judged(year(2001, [NAN, NAN], [5, 4], [NAN, NAN]))
    assert found.aimless and np.isnan(found.scores["brier"]).all() and np.isnan(found.scores["log"]).all()
    assert found.scores["error"][0].tolist() == [5, 4]
    estimate = found.estimate("brier", "engine")
    assert np.isnan([estimate.value, estimate.low, estimate.high]).all()
    places = np.full((len(FORECASTS), 2), NAN)
    assert np.isnan(judged(year(2001, [1, 1], [5, 4], [5, 4], places=places)).scores["inside_50"]).all()


def test_groups_are_provinces_or_regions() -> None:
    years = year(2001, [0.5] * 3, [5, 4, 3], [5, 5, 5], region=np.array([0, 2, 3]))
    regions_ = judged(years).groups()
    assert [(name, at.tolist()) for name, at in regions_] == [("r0", [0]), ("r2", [1]), ("r3", [2])]
    found = judged(years, groups=("a", "b", "c"), group=np.array([0, 1, 2, 0])).groups()
    assert [(name, at.tolist()) for name, at in found] == [("a", [0, 2]), ("c", [1])]


def test_what_an_outlook_is_worth() -> None:
    """An exact one scores as the draws that know the nation; of one with an error of 2 the mean over fifteen
    mistakes, each with doubt of its own."""
    known = np.array([[4.97, 5.0, 6.0, 7.0], [1.0, 1.0, 1.9, 2.0]])
    one = year(2001, [0, 0], [5.0, 1.0], [5.0, 2.0], known=known)
    (found,) = worth([one], 3, errors=(0.0,))
    assert found.error == 0 and found.brier == pytest.approx(((1.0 - 1) ** 2 + (0.25 - 0) ** 2) / 2)
    assert found.mistake == pytest.approx((0.5 + 0.45) / 2)
    assert found.crps == pytest.approx(crps(known, one.growth).mean())
    (wide,) = worth([one], 3, errors=(2.0,))
    rng = np.random.default_rng([3, 0])
    drawn = known + 2 * rng.standard_normal(known.shape)
    total = np.zeros(3)
    for node in range(NODES):
        moved = drawn + 2 * stats.norm.ppf((node + 0.5) / 15)
        chance = (moved >= np.array([[4.95], [1.95]])).mean(axis=1)
        total += [
            ((chance - [1, 0]) ** 2).sum(),
            np.abs(np.median(moved, axis=1) - one.growth).sum(),
            crps(moved, one.growth).sum(),
        ]
    assert [wide.brier, wide.mistake, wide.crps] == pytest.approx(total / 15 / 2)
    (aimless,) = worth([one, replace(one, target=np.array([NAN, 5.0]))], 3, errors=(0.0,))
    assert np.isnan(aimless.brier) and aimless.mistake == pytest.approx(found.mistake)
    assert [each.error for each in worth([one], 3)] == [0.0, 0.25, 0.5, 1.0, 1.5, 2.0]
    many = replace(one, known=np.hstack([np.full((2, 512), 9.0), np.full((2, 512), -99.0)]))
    assert worth([many], 3, errors=(0.0,))[0].mistake == pytest.approx((4 + 8) / 2)  # on the first 512


# ---- averages of several years


def test_regions_of_which_a_span_can_be_scored() -> None:
    growth = np.ones((3, 7))
    growth[0, 4], growth[1, :3] = NAN, NAN
    own = panel(growth)
    assert averages._scored(own, 2003, 2).tolist() == [False, False, True]
    assert averages._scored(own, 2003, 1).tolist() == [True, False, True]
    assert averages._scored(own, 2005, 2).tolist() == [True, True, True]
    for first, over in ((2006, 2), (2002, 1), (1999, 1), (2007, 1)):
        assert not averages._scored(own, first, over).any()
    assert mean_growth(np.array([[10.0, 21.0]])) == pytest.approx([100 * (np.sqrt(1.1 * 1.21) - 1)])
    assert averages.actual(own, np.array([2]), 2003, 3) == pytest.approx([1.0])


def test_what_references_missed_in_years_that_have_come() -> None:
    """Held for five years at most, up to the last of which anything is known."""
    growth = np.arange(18.0).reshape(2, 9)
    growth[0, 5] = NAN
    origin: Any = SimpleNamespace(
        first=2003, rows=np.array([0, 1]), references=[Reference(m, 1, 1, 0, 1) for m in (2.0, 10.0)]
    )
    found = averages._missed(panel(growth), origin)
    assert found.error == pytest.approx(np.array([[1, 2, NAN, 4, 5], [2, 3, 4, 5, 6]]), nan_ok=True)
    growth[:, 6] = NAN
    assert averages._missed(panel(growth), origin).error.shape == (2, 3)
    late: Any = SimpleNamespace(first=2007, rows=np.array([1]), references=origin.references[1:])
    assert averages._missed(panel(growth), late).error.tolist() == [[6, 7]]


def test_only_what_had_come_teaches(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(averages, "lasting", lambda past: seen.extend(past) or "doubt")
    missed = {first: Missed([], np.ones((2, 4))) for first in (2001, 2003, 2005)}
    assert averages._learnt(missed, 2004) == "doubt"
    assert [each.error.shape for each in seen] == [(2, 3), (2, 1)]


def test_the_centres_of_plain_forecasts() -> None:
    """The target of the first year; the mean of the five years before of which anything is known."""
    growth = np.array([[9.0, 1, 2, 3, 4, 5, 9], [9.0, NAN, NAN, 3, NAN, 6, 9], [NAN] * 7])
    own = panel(growth, growth + 1)
    rows = np.array([1, 0, 2])
    assert averages._centre(own, rows, 2006, "past") == pytest.approx([4.5, 3, NAN], nan_ok=True)
    assert averages._centre(own, rows, 2006, "target") == pytest.approx([10, 10, NAN], nan_ok=True)
    assert averages._centre(own, rows[:2], 2002, "past") == pytest.approx([9, 5])


DOUBT = Lasting(Carried(0.9, 0.0), Carried(0.5, 1.0))


def span(first: int, middle: list[float], growth: list[float], target: list[float], **more: Any) -> Span:
    count = len(growth)
    nothing = np.full((3, count), NAN)
    usual: dict[str, Any] = {
        "crps": nothing.copy(),
        "places": nothing.copy(),
        "probability": nothing.copy(),
        "doubt": DOUBT,
        "centre": np.vstack([middle, nothing[1:]]),
    }
    return Span(
        first, 2, np.arange(count), np.array(growth, float), np.array(target, float), **{**usual, **more}
    )


def test_references_of_averages_have_the_errors_of_spans_that_were_over() -> None:
    """Three spans of ten regions were over when 2007 began: 2003-2004, 2004-2005 and 2005-2006."""
    rng = np.random.default_rng(2)
    growth = rng.normal(5, 1, (10, 9))
    own = panel(growth, growth + 1)
    own.target[3, 7] = NAN
    found = averages._beside(own, [span(2007, [5.0] * 10, [5.0] * 10, [5.0] * 10)], 0)
    past = averages._centre(own, np.arange(10), 2007, "past")
    assert found.centre[1] == pytest.approx(past) and found.centre[2] == pytest.approx(
        own.target[:, 7], nan_ok=True
    )
    errors = [
        mean_growth(growth[r, at : at + 2]) - growth[r, max(at - 5, 0) : at].mean()
        for at in (3, 4, 5)
        for r in range(10)
    ]
    drawn = past[:, None] + np.quantile(errors, LEVELS)[None]
    assert found.crps[1] == pytest.approx(crps(drawn, np.full(10, 5.0)))
    assert found.places[1] == pytest.approx(place(drawn, np.full(10, 5.0)))
    assert found.probability[1] == pytest.approx((drawn >= 4.95).mean(axis=1))
    assert (
        np.isnan(found.crps[2, 3]) and np.isfinite(found.crps[2, :3]).all() and np.isnan(found.places[2, 3])
    )
    early = averages._beside(own, [span(2006, [5.0] * 10, [5.0] * 10, [NAN] * 10)], 0)
    assert np.isfinite(early.crps[1]).all() and np.isnan(early.probability[1]).all()
    few = averages._beside(own, [span(2005, [5.0] * 10, [5.0] * 10, [5.0] * 10)], 0)
    assert np.isnan(few.crps[1]).all() and np.isfinite(few.centre[1]).all()


def test_scores_of_averages() -> None:
    """On the region-spans of which every forecast is known; a place between 0.1 and 0.9 is inside."""
    places = np.array([[0.1, 0.95, 0.5], [0.5, 0.5, 0.5], [NAN] * 3])
    chance = np.array([[0.8, 0.3, 0.5], [NAN] * 3, [NAN] * 3])
    centre = np.array([[5.0, 6.0, 7.0], [4.0, 4.0, NAN], [NAN] * 3])
    score = np.array([[0.5, 1.5, 9.0], [1.0, 1.0, 1.0], [NAN] * 3])
    one = span(
        2003,
        [0] * 3,
        [5.5, 4.0, 1.0],
        [5.55, 5.0, 1.0],
        centre=centre,
        places=places,
        probability=chance,
        crps=score,
    )
    found = averages.scored([one], seed=3)
    assert [(each.forecast, each.count) for each in found] == [("engine", 2), ("past", 2)]
    engine, past = found
    assert (engine.error, engine.crps, engine.inside) == (pytest.approx(1.25), 1.0, 0.5)
    assert engine.brier == pytest.approx((0.2**2 + 0.3**2) / 2)  # 5.5 is 5.55 by rounding
    assert (engine.given, engine.reached) == (pytest.approx(0.55), 0.5)
    assert (engine.error_low, engine.error_high) == (1.25, 1.25)  # one origin
    assert past.error == pytest.approx(0.75) and np.isnan([past.brier, past.given, past.reached]).all()
    aimless = averages.scored([replace(one, target=np.full(3, NAN))])
    assert [each.count for each in aimless] == [2, 2]
    part = averages.scored([replace(one, target=np.array([5.0, NAN, 5.0]))])
    assert [each.count for each in part] == [1, 1]


class Here:
    """Work that is done in this process."""

    map = staticmethod(map)

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many processes were asked for each time."""
    asked: list[int] = []
    for module in (averages, roll):
        monkeypatch.setattr(module, "workers", lambda jobs: asked.append(jobs) or Here())
    return asked


@pytest.fixture(scope="module")
def small() -> Panel:
    """Four regions of seven years; of the last no target is known of one, of one no growth."""
    rng = np.random.default_rng(8)
    growth = 6 + rng.normal(0, 1, (4, 7))
    target = growth + rng.normal(0.3, 0.5, (4, 7))
    growth[1, 6] = target[2, 5] = NAN
    return panel(growth, target)


def test_averages_are_those_of_the_regions_scenarios(small: Panel, here: list[int]) -> None:
    """The engine by the same futures, taken one by one; references beside it."""
    told: list[tuple[int, int]] = []
    asked = {"draws": 32, "seed": 3, "jobs": 4, "progress": lambda *at: told.append(at)}
    found = averages.averages(small, [2009, 2004, 2005], 2, **asked)  # type: ignore[arg-type]
    assert [(each.first, each.over) for each in found] == [(2004, 2), (2005, 2)]
    assert here == [2] and told == [(1, 2), (2, 2)]
    second = found[1]
    assert second.region.tolist() == [0, 2, 3]
    came = mean_growth(small.growth[[0, 2, 3], 5:7])
    assert second.growth == pytest.approx(came)
    assert second.target == pytest.approx(small.target[[0, 2, 3], 5], nan_ok=True)
    known = small.until(2005)
    learnt, ahead = Outlooks.none(small).learnt(known)
    references_ = learnt.references(known.growth[[0, 2, 3]], known.target[[0, 2, 3]], ahead)
    missed = averages._missed(small, averages._origin(small, 2003, 1, Outlooks.none(small)))
    four_ = averages._missed(small, averages._origin(small, 2004, 1, Outlooks.none(small)))
    doubt = averages._learnt({2003: missed, 2004: four_}, 2005)
    assert second.doubt == doubt and found[0].doubt == averages._learnt({2003: missed}, 2004)
    said = [
        regions.stated(known, r, each.median, float(known.target[r, -1]))
        for r, each in zip((0, 2, 3), references_, strict=True)
    ]
    futures = sampled.region_years(said, references_, 2005, 3, 32, over=2, doubt=doubt)
    drawn = np.stack([each.mean_growth() for each in futures])
    assert second.centre[0] == pytest.approx(np.median(drawn, axis=1))
    assert second.crps[0] == pytest.approx(crps(drawn, came)) and second.places[0] == pytest.approx(
        place(drawn, came)
    )
    chance = (drawn >= second.target[:, None] - 0.05).mean(axis=1)
    assert second.probability[0] == pytest.approx([chance[0], NAN, chance[2]], nan_ok=True)
    assert second.centre[1] == pytest.approx(small.growth[[0, 2, 3], :5].mean(axis=1))
    assert second.centre[2] == pytest.approx(second.target, nan_ok=True)
    # growth of both years by the path itself, whatever the anchor
    path = futures[0].sample.path(_plan(futures[0].scenario), 2).gdp
    assert drawn[0] == pytest.approx(100 * (np.sqrt(path[2] / path[0]) - 1))


def _plan(made: Any) -> Any:
    from dabiao.engine.plans import stated_plans
    from dabiao.models.quantity import Draws

    return stated_plans(made, Draws())[made.plan]


def test_a_year_is_foretold_as_its_scenarios_are(small: Panel) -> None:
    """Regions with a target; the engine, the engine that is told the nation's mean, and references."""
    found = roll.foretell(small, 2005, draws=32, seed=3, outlooks=Outlooks.none(small))
    rows = [0, 1, 3]
    assert found.region.tolist() == rows and found.year == 2005
    assert found.target == pytest.approx(small.target[rows, 5]) and found.growth == pytest.approx(
        small.growth[rows, 5]
    )
    known = small.until(2005)
    learnt, ahead = Outlooks.none(small).learnt(known)
    references_ = learnt.references(known.growth[rows], known.target[rows], ahead)
    said = [
        regions.stated(known, r, each.median, float(known.target[r, -1]))
        for r, each in zip(rows, references_, strict=True)
    ]
    futures = sampled.region_years(said, references_, 2005, 3, 32)
    made = [each.foretold() for each in futures]
    mean = float(small.growth[rows, 5].mean())
    told = [each.told(mean - ahead.middle) for each in futures]
    assert found.known == pytest.approx(np.stack([each.growth for each in told]))
    for at, own in enumerate((made, told)):
        grown = np.stack([each.growth for each in own])
        assert found.centre[at] == pytest.approx(np.median(grown, axis=1))
        assert found.probability[at] == pytest.approx([each.probability for each in own])
        assert found.crps[at] == pytest.approx(crps(grown, found.growth))
        assert found.places[at] == pytest.approx(place(grown, found.growth))
    assert found.probability[0, 0] == pytest.approx(
        (made[0].growth >= np.round(found.target[0] + 1e-9, 1) - 0.05).mean(), abs=1 / 32
    )
    grown = np.stack([each.growth for each in made])
    assert found.band == pytest.approx(np.quantile(grown, [0.1, 0.9], axis=1))
    others = references(known)
    for at, name in enumerate(FORECASTS[2:], 2):
        assert found.probability[at] == pytest.approx(others[name].probability[rows])
    assert np.isnan(found.centre[2]).all() and found.centre[4] == pytest.approx(found.target)
    assert found.own == pytest.approx(np.mean([each.own for each in references_]))
    assert found.nation == (pytest.approx(ahead.middle), pytest.approx(mean), pytest.approx(ahead.calm))
    assert found.plan == pytest.approx(learnt.weights[NONE]["targets"]) and 0 < found.plan < 1
    # a point more of the nation's news is a point more of growth, whatever the draw
    more = futures[0].told(mean - ahead.middle + 1).growth - told[0].growth
    assert more == pytest.approx(np.ones(32), abs=0.2)


def test_processes_are_asked_for_where_there_are_several_years(
    monkeypatch: pytest.MonkeyPatch, here: list[int]
) -> None:
    monkeypatch.setattr(roll, "foretell", lambda own, number, **more: number)
    told: list[tuple[int, int]] = []
    own = panel(np.ones((3, 7)))
    assert roll.backtest(own, [2004, 2003], jobs=3, progress=lambda *at: told.append(at)) == (2004, 2003)
    assert here == [3] and told == [(1, 2), (2, 2)]
    assert roll.backtest(own, [2004], jobs=3) == (2004,) and roll.backtest(own, [2004, 2003], jobs=1)
    assert here == [3] and roll.backtest(own, [2004, 2003], jobs=2) == (2004, 2003) and here == [3, 2]


def test_averages_that_cannot_be_told_are_refused() -> None:
    with pytest.raises(ScenarioError, match="no 3 years in a row") as found:
        averages.averages(panel(np.ones((3, 5))), [2003, 2004], 3)
    assert found.value.problems[0].path == "panel"


# ---- outlooks


def test_a_file_of_outlooks(tmp_path: Path) -> None:
    """October stands in where there is no January yet; years that the panel does not hold are passed over."""
    text = "year,release,aim,january,october\n2000,5,6,,4\n2001,,,7,4.5\n2002,6,7.5,8,\n2009,1,1,1,1\n"
    own = panel(np.ones((2, 4)))
    found = read_outlooks(file(tmp_path, text), own)
    assert found.edition == "january" and found.told == {}
    assert found.nation.release == pytest.approx([5, NAN, 6, NAN], nan_ok=True)
    assert found.nation.aim == pytest.approx([6, NAN, 7.5, NAN], nan_ok=True)
    assert found.nation.editions["october"] == pytest.approx([4, 4.5, NAN, NAN], nan_ok=True)
    assert found.nation.editions["january"] == pytest.approx([4, 7, 8, NAN], nan_ok=True)
    assert list(editions(found)) == ["january", "october", NONE]
    assert read_outlooks(file(tmp_path, text), own, "october").edition == "october"
    assert read_outlooks(file(tmp_path, text), own, NONE).edition == NONE
    with pytest.raises(ScenarioError, match="one of"):
        read_outlooks(file(tmp_path, text), own, "march")
    early = read_outlooks(file(tmp_path, "year,october\n2000,4\n"), own)
    assert early.edition == "october" and list(editions(early)) == ["october", NONE]
    release = read_outlooks(file(tmp_path, "year,release\n2000,4\n"), own)
    assert release.edition == NONE and release.nation.editions == {}


def test_the_regions_mean_outright(tmp_path: Path) -> None:
    text = "year,growth,error\n2000,5,1.5\n2001,6,\n2002,7,0\n"
    own = panel(np.ones((2, 4)))
    found = read_outlooks(file(tmp_path, text), own)
    assert found.told == {2000: Ahead(5, 1.5, 1.5), 2002: Ahead(7, 0, 0)} and found.edition == NONE
    assert read_outlooks(file(tmp_path, text), own, NONE).told == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("release,january\n5,6\n", ["no such column", "a CSV with a column year"]),
        ("year,growth\n2000,5\n", ["no outlook for any year of the panel"]),
        ("year,january\n1990,5\n", ["no outlook for any year of the panel"]),
        ("year,january,october\nx,5,6\n", ["`x`", "a year"]),
        ("year,january,october\n2000,many,6\n", ["many"]),
        ("year,january,release\n2000,131,-61\n", ["131", "-61", "growth in %, from -60 to 100"]),
        (
            "year,growth,error\n2000,5,30.5\n2001,5,-1\n",
            ["30.5", "-1", "a standard error from 0 to 30 points"],
        ),
    ],
)
def test_what_is_wrong_with_outlooks_is_told(tmp_path: Path, text: str, said: list[str]) -> None:
    with pytest.raises(ScenarioError) as found:
        read_outlooks(file(tmp_path, text), panel(np.ones((2, 4))))
    assert all(each in str(found.value) for each in said), str(found.value)


def test_outlooks_at_the_edge_of_what_can_be(tmp_path: Path) -> None:
    text = "year,january,growth,error\n2000,84,5,30\n2001,-60,5,0\n,,,\n"
    found = read_outlooks(file(tmp_path, text), panel(np.ones((2, 4))))
    assert found.nation.editions["january"][:2].tolist() == [84, -60] and found.told[2000].calm == 30


# ---- what is known when a year begins


def test_what_is_told_outright_goes_before_an_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = {"january": Ahead(5, 1, 3), NONE: Ahead(4, 2, 3)}
    nations: list[Any] = []

    def learn(known: Any, nation: Any) -> Any:
        nations.append(nation)
        return SimpleNamespace(ahead=ahead)

    monkeypatch.setattr(roll, "learn", learn)
    known = panel(np.ones((2, 3)))
    told = {2002: Ahead(9, 1, 1), 2001: Ahead(8, 1, 1)}
    nation = Nation(np.arange(5.0), np.arange(5.0), {})
    assert Outlooks(nation, "january", told).learnt(known)[1] == Ahead(9, 1, 1)
    assert Outlooks(nation, "january", {}).learnt(known)[1] == Ahead(5, 1, 3)
    assert Outlooks(nation, "october", {}).learnt(known)[1] == Ahead(4, 2, 3)
    assert len(nations[0].release) == 3
    none = Outlooks.none(known)
    assert none.edition == NONE and none.told == {} and len(none.nation.release) == 3


def test_years_without_a_past_are_refused() -> None:
    with pytest.raises(ScenarioError, match="no year among 2001-2002"):
        roll.backtest(panel(np.ones((3, 6))), [2002, 2001])
    with pytest.raises(ScenarioError, match="no year among 0-0"):
        roll.backtest(panel(np.ones((3, 6))), [])


def test_years_are_foretold_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those asked for that can be scored."""
    seen: list[Any] = []

    def foretell(own: Any, number: int, **more: Any) -> Any:
        seen.append((number, more))
        return number

    monkeypatch.setattr(roll, "foretell", foretell)
    told: list[tuple[int, int]] = []
    own = panel(np.ones((3, 7)), np.vstack([[NAN] * 7, [5.0] * 5 + [NAN] * 2, [5.0] * 5 + [NAN] * 2]))
    found = roll.backtest(
        own, [2004, 2003, 2001, 2005, 2011], draws=64, seed=9, jobs=1, progress=lambda *at: told.append(at)
    )
    assert found == (2004, 2003) and told == [(1, 2), (2, 2)]
    more = seen[0][1]
    assert (more["draws"], more["seed"], more["outlooks"].edition) == (64, 9, NONE)
    assert roll._scored(own, 4).tolist() == [False, True, True] and not roll._scored(own, 5).any()
    assert roll._scored(panel(np.ones((3, 7))), 5).all()


def test_a_region_year_that_is_not_there_is_told() -> None:
    own = panel(np.ones((2, 6)), [[5.0] * 5 + [NAN]] * 2, regions=("north/east", "south/west"))
    with pytest.raises(ScenarioError, match="did you mean south/west") as found:
        roll.written(own, "wst", 2004)
    assert "2003 to 2005" in str(found.value)
    with pytest.raises(ScenarioError) as found:
        roll.written(own, "west", 2002)
    assert "mean" not in str(found.value)
    with pytest.raises(ScenarioError, match="west 2005 without a target"):
        roll.written(own, "west", 2005)
    with pytest.raises(ScenarioError, match="2002 to 2002"):
        roll.written(panel(np.ones((1, 3))), "r9", 2002)


def test_a_region_year_as_a_scenario() -> None:
    """Its years, the past as known, and its seed; what is expected stands under the edition believed."""
    rng = np.random.default_rng(1)
    growth = rng.normal(6, 1, (3, 6))
    growth[1, 2] = NAN
    own = panel(growth, growth + 1, regions=("a/x", "a/y", "b/z"))
    found = roll.written(own, "y", 2004, 5, Outlooks(unknown(6), "january", {2004: Ahead(9.0, 1.0, 2.0)}))
    assert found["years"] == {"base": 2003, "target": 2004, "last": 2004}
    assert found["title"]["en"] == "y 2004" and found["uncertainty"]["seed"] == 5
    history = found["history"]["years"]
    assert set(history) == {"2000", "2001", "2003", "2004"}  # of 2002 nothing is known
    assert history["2004"] == {"target": growth[1, 4] + 1}
    assert history["2001"] == {"growth": growth[1, 1], "target": growth[1, 1] + 1}
    assert found["outlook"] == {"edition": NONE}
    assert found["experience"]["ahead"]["2004"][NONE]["middle"] == 9.0
    assert found["targets"]["gdp_growth"]["ensure"]["value"] == pytest.approx(growth[1, 4] + 1)


def test_forecasts_of_references_row_by_row() -> None:
    """Those without quantiles give a chance alone; a target that is not known has no place."""
    quantiles = np.arange(200.0)[None] + np.array([[0.0], [NAN], [10.0]])
    ref: Any = SimpleNamespace(
        probability=np.array([0.1, 0.2, 0.3]), centre=np.array([1.0, 2.0, 3.0]), quantiles=quantiles
    )
    rows, actual = np.array([2, 1]), np.array([20.0, 5.0])
    probability, centre, score, places = roll._by_reference(ref, rows, np.zeros(2), actual)
    assert probability.tolist() == [0.3, 0.2] and centre.tolist() == [3, 2]
    assert places == pytest.approx([(10 + 0.5) / 200, NAN], nan_ok=True)
    assert score[0] == pytest.approx(crps(quantiles[[2]], actual[:1])[0]) and np.isnan(score[1])
    ref.quantiles, ref.centre = None, None
    found = roll._by_reference(ref, rows, np.zeros(2), actual)
    assert found[0].tolist() == [0.3, 0.2] and all(np.isnan(each).all() for each in found[1:])
    drawn: Any = [SimpleNamespace(growth=np.array([1.0, 2, 6]), probability=0.4)]
    chance, middle, score, places = roll._by_draws(drawn, np.array([3.0]))
    assert (chance[0], middle[0], places[0]) == (0.4, 2.0, pytest.approx(2 / 3))
    assert score == pytest.approx([2 - 20 / 18])


# ---- region-years as scenarios


def test_the_last_year_of_which_all_is_known() -> None:
    path = np.array([[1.0, 2, 3, NAN], [4, 5, NAN, 7]])
    assert regions._latest(path).tolist() == [2, 5]  # type: ignore[union-attr]
    assert regions._latest(path[:, 2:]) is None and regions._latest(np.zeros((0, 3))) is None


def test_a_region_is_stated_by_what_was_known() -> None:
    """Shares of the last full year, investment within limits, trends about a centre by leads that last."""
    growth = np.array([[5.0, 6.0, NAN]])
    sector_growth = np.array([[[7.0, 9.0, NAN]], [[5.0, 4.0, NAN]], [[5.0, 6.0, NAN]]])
    shares = np.array([[[0.2, 0.1, NAN]], [[0.3, 0.5, NAN]], [[0.5, 0.4, NAN]]])
    own = panel(growth, shares=shares, sector_growth=sector_growth, investment=np.array([[0.5, 0.9, NAN]]))
    built = regions.structure()
    gdp = built.scenario.accounts.gdp.value
    found = regions.stated(own, 0, 7.0, 6.5)
    assert found["accounts.fai"] == pytest.approx(0.9 * gdp) and found[regions.TARGET] == 6.5
    assert [
        found[f"sectors.{key}.va"] / gdp for key in ("agriculture", "industry", "services")
    ] == pytest.approx([0.1, 0.5, 0.4], rel=2e-3)
    trends = {path: value for path, value in found.items() if path.endswith("trend")}
    lead = {"agriculture": 0.8 * 3, "industry": 0.7 * -2, "services": 0.0}
    assert (
        trends == {path: pytest.approx(7 + lead[path.split(".")[1]]) for path in trends} and len(trends) == 3
    )
    for share, expected in ((0.05, 0.2), (3.0, 1.2)):
        edge = replace(own, investment=np.array([[NAN, share, NAN]]))
        assert regions.stated(edge, 0, 7.0, 6.5)["accounts.fai"] == pytest.approx(expected * gdp)
    none = panel(growth)
    bare = regions.stated(none, 0, 300.0, NAN)
    usual = built.scenario.accounts.fai.value
    assert bare["accounts.fai"] == pytest.approx(usual) and bare[regions.TARGET] == 0.0
    assert {value for path, value in bare.items() if path.endswith("trend")} == {200.0}
    assert {
        value for path, value in regions.stated(none, 0, -95.0, 0.0).items() if path.endswith("trend")
    } == {-90.0}
    far = replace(own, sector_growth=sector_growth + np.array([[[90.0]], [[-90.0]], [[0.0]]]))
    told = regions.stated(far, 0, 7.0, 6.5)
    assert sorted(value for path, value in told.items() if path.endswith("trend")) == pytest.approx(
        [-3, 7, 17]
    )


def test_shares_that_are_nothing_are_a_little() -> None:
    built = regions.structure()
    found = built.value_added(np.array([0.0, 0.25, 0.75]))
    whole = sum(sector.va.value for sector in built.scenario.sectors.values())
    assert sum(found.values()) == pytest.approx(whole)
    assert found["agriculture"] == pytest.approx(whole * 0.001 / 1.001)
    assert built.value_added(None) == {key: each.va.value for key, each in built.scenario.sectors.items()}
    assert built.members == (("agriculture",), ("industry",), ("services",))
    assert built.lasting.tolist() == [0.8, 0.7, 0.6]


def test_doubt_of_later_years_is_carried_on() -> None:
    made = regions.carried_on(regions.structure().scenario, 3, Lasting(Carried(0.9, 0.3), Carried(0.4, 1.2)))
    base = made.years.base
    assert (made.years.target, made.years.last) == (base + 3, base + 3)
    shocks = made.uncertainty.shocks
    for name, persistence, drift in (("national", 90, 0.3), ("province", 40, 0.0), ("own", 40, 1.2)):
        shock = getattr(shocks, name)
        if shock is None:
            continue
        assert shock.persistence.value == pytest.approx(persistence) and shock.drift.value == drift
        assert shock.persistence.path == f"uncertainty.shocks.{name}.persistence"
        assert shock.drift.path == f"uncertainty.shocks.{name}.drift" and shock.drift.low is None
    for key, shock in shocks.sectors.items():
        assert shock.persistence.value == pytest.approx(40) and shock.drift.value == 0.0
        assert shock.drift.path == f"uncertainty.shocks.sectors.{key}.drift"
    assert shocks.national is not None


def test_draws_are_whole_scramblings() -> None:
    assert [sampled.whole(each) for each in (1, PARTS - 1, PARTS, PARTS + 1, 2 * PARTS)] == [
        *[PARTS] * 3,
        *[2 * PARTS] * 2,
    ]


def test_how_a_file_is_named_beside_it() -> None:
    assert (
        regions.beside("/far/away/own.yaml") == "own.yaml"
        and regions.beside(regions.TEMPLATE) == regions.TEMPLATE
    )


# ---- one region alone


def test_the_nations_outlook_of_a_year() -> None:
    nation = Nation(np.zeros(3), np.zeros(3), {"january": np.array([5.0, NAN, 6.0])})
    found = alone._outlook(Outlooks(nation, "january", {}), 2)
    assert found.growth is not None and found.growth.value == 6.0
    for outlooks, at in ((None, 2), (Outlooks(nation, "january", {}), 1), (Outlooks(nation, NONE, {}), 2)):
        assert alone._outlook(outlooks, at).growth is None


def test_a_region_year_remembers_its_own_past() -> None:
    """Not the template's target."""
    known = panel([[5.0, NAN, 6.0]], [[NAN, 7.0, 8.0]])
    stated = alone._remembering(known, 2002, 9, None, outlook_ := alone.Outlook(), regions.structure())
    rows = stated.history.years
    assert list(rows) == ["2000", "2001", "2002"] and stated.outlook is outlook_
    assert rows["2000"].growth is not None and rows["2000"].growth.value == 5 and rows["2000"].target is None
    assert rows["2001"].growth is None and rows["2001"].target is not None and rows["2001"].target.value == 7
    assert "gdp_growth" not in stated.targets and (stated.years.base, stated.uncertainty.seed) == (2001, 9)


def test_years_of_a_region_alone() -> None:
    """From four years on; of a year to come there is no place, without a target no chance."""
    rng = np.random.default_rng(4)
    growth = np.append(rng.normal(6, 1, 6), NAN)[None]
    target = np.array([[NAN] * 5 + [6.0, 5.0]])
    found = alone.history(panel(growth, target), [1990, 2003, 2004, 2005, 2006], draws=64)
    assert [each.year for each in found] == [2004, 2005, 2006]
    assert np.isnan(found[0].probability) and 0 <= found[1].probability <= 1 and found[1].target == 6
    assert np.isnan(found[2].place) and 0 <= found[0].place <= 1 and found[0].growth == growth[0, 4]
    low, middle, high = found[1].quantiles
    assert low < middle < high
    with pytest.raises(ScenarioError, match="no year among 2001-2003 with 4 years of growth"):
        alone.history(panel(growth, target), [2003, 2001])


# ---- a quarterly panel, read


def test_a_quarterly_panel_is_read(tmp_path: Path) -> None:
    """In any order of rows and columns; a heading of one's own."""
    text = "year,state,q1,q2,q3,last\n2001,b,10,10,10,10\n2003,b,12.1,12.1,12.1,12.1\n2002,b,11,11,11,11\n"
    found = to_date.read_quarterly(file(tmp_path, text), {"q4": "last"})
    assert found.regions == ("b",) and found.years == (2002, 2003)
    assert found.growth == pytest.approx(np.full((1, 2, 4), 10.0))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("year,state,q1,q2\n2001,b,1,1\n", ["q3", "q4", "--columns q4=HEADING"]),
        ("year,state,q1,q2,q3,q4\nx,b,1,1,1,1\n", ["`x`", "a year"]),
        ("year,state,q1,q2,q3,q4\n2001,b,1,one,1,1\n", ["one"]),
        ("a remark\nyear,state,q1,q2,q3,q4\n", ["panel.csv:2", "no row of a region and a year"]),
    ],
)
def test_what_is_wrong_with_a_quarterly_panel_is_told(tmp_path: Path, text: str, said: list[str]) -> None:
    with pytest.raises(ScenarioError) as found:
        to_date.read_quarterly(file(tmp_path, text))
    assert all(each in str(found.value) for each in said), str(found.value)


def test_years_left_out_in_turn_with_a_slope() -> None:
    """Twice the year before, the other way: with the slope of the other years nothing is left but noise."""
    off = np.array([[1.0, -2, 4, -8, 16, -32], [2.0, -4, 8, -16, 32, -64]]) + 0.001
    growth = np.zeros((2, 6, 4))
    growth[..., 0] = off
    own = to_date.Quarterly(("a", "b"), tuple(range(2000, 2006)), growth)
    cases = to_date._Cases.of(own, 1, "before", np.ones(6, bool))
    plain = to_date._Cases.of(own, 1, "plain", np.ones(6, bool))
    assert cases.left_out(8.0) > plain.left_out(8.0) + 5


def test_january_of_a_panel_with_holes() -> None:
    """A region of which a year is not known takes no part."""
    rng = np.random.default_rng(5)
    growth = np.zeros((6, 8, 4))
    growth[..., 3] = rng.normal(5, 2, (6, 8))
    whole = to_date.Quarterly(tuple("abcdef"), tuple(range(2000, 2008)), growth)
    holed = growth.copy()
    holed[5, 7] = NAN
    found = to_date._january(to_date.Quarterly(whole.regions, whole.years, holed), 7)[0]
    assert found == pytest.approx(to_date._january(whole, 7)[0])
    gone = growth.copy()
    gone[:, 6, 3] = np.where(np.arange(6) == 5, NAN, gone[:, 6, 3])
    part = to_date._january(to_date.Quarterly(whole.regions, whole.years, gone), 6)[0]
    assert part == pytest.approx(to_date._january(whole, 6)[0])
