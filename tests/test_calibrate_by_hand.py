"""What a panel teaches, on panels that were made so that the answer is known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.forecast.calibrate import estimate, experience
from dabiao.engine.forecast.calibrate.estimate import RECENT
from dabiao.engine.forecast.calibrate.shocks import correlation
from dabiao.engine.tracking import roll_years

NAN = np.nan


def test_years_are_those_that_half_of_the_regions_have() -> None:
    path = np.array([[1.0, 2.0, NAN, 5.0], [3.0, NAN, NAN, NAN], [5.0, 6.0, NAN, NAN]])
    at, means = estimate._yearly(path)
    assert at.tolist() == [0, 1] and means.tolist() == [3, 4]
    two = np.array([[1.0, 2.0], [3.0, NAN]])
    assert estimate._yearly(two)[1].tolist() == [2, 2]


def test_the_error_of_a_mean_counts_years() -> None:
    found = estimate._of_years(np.array([1.0, 3.0]))
    assert (found.value, found.error, found.cases) == (2.0, pytest.approx(1.0), 2)
    one = estimate._of_years(np.array([4.0]))
    assert one.value == 4.0 and np.isnan(one.error) and one.cases == 1
    none = estimate._of_years(np.zeros(0))
    assert np.isnan(none.value) and np.isnan(none.error) and none.cases == 0


def test_the_centre_is_the_median_of_the_last_years() -> None:
    """One crisis does not move it."""
    last = np.arange(float(RECENT))
    last[-1] = -50.0
    found = estimate._centre(np.concatenate([[90.0, 80.0], last])[None])
    assert found.value == np.median(last) and found.cases == RECENT
    assert found.error == pytest.approx(1.2533 * last.std(ddof=1) / np.sqrt(RECENT))


def test_the_drift_is_the_median_slope_of_all_pairs() -> None:
    """0, 1, 2, 3, 10: six pairs of ten rise by 1 a year; 6 beyond the line in one of five years."""
    found = estimate._drift(np.array([[0.0, 1.0, 2.0, 3.0, 10.0]]))
    assert found.value == 1.0 and found.error == pytest.approx(np.sqrt(28.8 / 3 / 10)) and found.cases == 5
    early = estimate._drift(np.concatenate([[99.0, -99.0], 0.5 * np.arange(10)])[None])
    assert (early.value, early.cases) == (pytest.approx(0.5), 10) and early.error == pytest.approx(
        0, abs=1e-9
    )
    gap = estimate._drift(np.array([[0.0, 2.0, NAN, 6.0, 8.0]]))
    assert gap.value == 2.0 and gap.cases == 4
    assert np.isnan(estimate._drift(np.array([[0.0, 1.0, 2.0]])).value)


def test_growth_per_point_of_investment_whatever_the_region_and_the_year() -> None:
    """0.3 points a point of the share of the year before, besides what a region and a year bring anyway."""
    rng = np.random.default_rng(1)
    share = rng.uniform(0.2, 0.6, (6, 9))
    growth = np.zeros((6, 9))
    growth[:, 1:] = 30 * share[:, :-1] + rng.normal(size=(6, 1)) + rng.normal(size=(1, 8))
    found = estimate._response(share, growth, rng)
    assert found.value == pytest.approx(0.3) and found.error == pytest.approx(0, abs=1e-9)
    assert found.cases == 48
    growth[2, 4] = share[3, 2] = NAN
    holes = estimate._response(share, growth, rng)
    assert holes.value == pytest.approx(0.3, abs=0.01) and holes.cases == 46
    few = estimate._response(share[:3], growth[:3], rng)
    assert np.isnan(few.value) and np.isnan(few.error) and few.cases == 23
    noise = np.where(np.isfinite(growth), growth + rng.normal(0, 3, growth.shape), NAN)
    assert estimate._response(share, noise, rng).error > 0.02


def test_leads_are_drawn_towards_their_mean_as_far_as_they_are_unsure() -> None:
    """Leads of -4 to 4, each off by 1 one year and by -1 the next but for one: the mean's variance is 0.8 of
    1, the spread 40, so that (5 - 3) 0.8 / 40 is taken off."""
    middle, off = np.array([-4.0, -2.0, 0.0, 2.0, 4.0]), np.array([1.0, 1.0, -1.0, -1.0, 0.0])
    growth = 7 + middle[:, None] + off[:, None] * np.array([1.0, -1.0])
    panel: Any = SimpleNamespace(growth=growth, regions=tuple("abcde"))
    found = estimate._leads(panel)
    assert list(found) == list("abcde")
    assert [each.value for each in found.values()] == pytest.approx(0.96 * middle)
    assert found["a"].error == pytest.approx(np.sqrt(0.8 * 0.96)) and found["a"].cases == 2
    same = SimpleNamespace(growth=growth - middle[:, None], regions=panel.regions)
    assert all(each.value == pytest.approx(0) for each in estimate._leads(same).values())  # type: ignore[arg-type]
    few = SimpleNamespace(growth=growth[:3], regions=tuple("abc"))
    assert estimate._leads(few) == {}  # type: ignore[arg-type]
    once = SimpleNamespace(growth=np.vstack([growth, [20.0, NAN]]), regions=tuple("abcdef"))
    assert list(estimate._leads(once)) == list("abcde")  # type: ignore[arg-type]


def test_figures_of_a_panel_by_hand() -> None:
    """Growth of 6 where 7 and 8 were aimed at; 1 and 3 points less invested than planned; shares of 30 to
    54 %, of which the third takes 7 for a point of growth."""
    none = np.full((5, 2), NAN)
    panel: Any = SimpleNamespace(
        growth=np.full((5, 2), 6.0),
        target=np.tile([7.0, 8.0], (5, 1)),
        plans=np.stack([np.full((5, 2), 10.0), np.tile([9.0, 7.0], (5, 1))]),
        capital_ratio=np.tile([2.0, 4.0], (5, 1)),
        investment=np.repeat([[0.30], [0.36], [0.42], [0.48], [0.54]], 2, axis=1),
    )
    rng = np.random.default_rng(1)
    found = estimate._figures(panel, rng)
    told = {key: (each.value, each.error, each.cases) for key, each in found.items()}
    assert told.pop("plan_bias") == told.pop("plan_bias_recent") == (-1.5, pytest.approx(0.5), 2)
    assert told.pop("investment_bias") == (-2.0, pytest.approx(1.0), 2)
    assert told.pop("capital_ratio") == (3.0, pytest.approx(1.0), 2)
    assert told.pop("icor") == (pytest.approx(7.0), pytest.approx(1.2533 * np.sqrt(2.5 / 5)), 5)
    assert list(told) == ["investment_response"]
    bare = SimpleNamespace(
        growth=panel.growth, target=none, plans=np.stack([none, none]), capital_ratio=none, investment=none
    )
    assert estimate._figures(bare, rng) == {}  # type: ignore[arg-type]
    slow = SimpleNamespace(**{**vars(panel), "growth": np.full((5, 2), 2.5)})  # 5 points in all say nothing
    assert "icor" not in estimate._figures(slow, rng)  # type: ignore[arg-type]


def test_correlations_are_of_every_pair_of_sectors() -> None:
    rng = np.random.default_rng(2)
    series: Any = {
        name: SimpleNamespace(years=rng.normal(size=20), regions=rng.normal(size=(4, 20)))
        for name in ("gdp", "primary", "secondary", "tertiary")
    }
    found = estimate._correlations(series)
    pairs = [("primary", "secondary"), ("primary", "tertiary"), ("secondary", "tertiary")]
    assert list(found) == [(*pair, part) for part in ("national", "own") for pair in pairs]
    for a, b in pairs:
        assert found[a, b, "national"] == correlation(series[a].years, series[b].years)
        assert found[a, b, "own"] == correlation(series[a].regions.ravel(), series[b].regions.ravel())


def test_what_regions_were_off_by_given_the_nation() -> None:
    """The difference goes up and down by 2: eight steps tell, seven do not."""
    growth, release = 5 + np.tile([0.0, 2.0], 5)[:9], np.full(9, 5.0)
    assert experience.mapping(growth, release) == pytest.approx(2.0)
    assert experience.mapping(growth[:8], release[:8]) is None
    release[4] = NAN
    assert experience.mapping(growth, release) is None


def test_a_lead_that_halves_every_year() -> None:
    """Whatever all regions have in common, which is 3 points."""
    start = np.linspace(-4, 4, 40)
    growth = np.full((40, 10), 5.0)
    lead = 3 + start[:, None] * 0.5 ** np.arange(10)
    found = experience._beside(growth, growth + lead)
    assert found is not None and found.cases == 360
    assert (found.mean, found.lasting) == (pytest.approx(3), pytest.approx(0.5))
    assert found.spread == pytest.approx(0, abs=1e-9)
    back = experience._beside(growth, growth + 3 + start[:, None] * (-0.5) ** np.arange(10))
    assert back is not None and back.lasting == 0.0 and back.spread > 0
    more = experience._beside(growth, growth + start[:, None] * 1.5 ** np.arange(10))
    assert more is not None and more.lasting == 1.0
    # 3 and -3 points in turn, in common: as unsure as that, the latest years weighing most
    common = np.tile([3.0, -3.0], 5)
    swung = experience._beside(growth, growth + lead - 3 + common)
    assert swung is not None and swung.spread == pytest.approx(3, rel=0.05) and -1 < swung.mean < 0
    assert experience._beside(growth[:1], growth[:1] + lead[:1]) is None


# ---- limits carried on


def limit(**given: Any) -> Any:
    usual = {"max": SimpleNamespace(value=100.0), "min": None, "relax_to": None, "together": False}
    kind = SimpleNamespace(all_money=True, unit=roll_years.MONEY)
    return SimpleNamespace(**{**usual, "over": None, "year": None, "kind": kind, **given})


def carried(quantity: Any, factor: float) -> float:
    return float(quantity.value * factor)


def test_limits_by_hand() -> None:
    """2021 is over, in which investment grew by a tenth and 30 were spent."""
    points = SimpleNamespace(all_money=False, unit="points")
    scenario: Any = SimpleNamespace(
        years=SimpleNamespace(first=2021),
        limits={
            "plain": limit(relax_to=SimpleNamespace(value=120.0)),
            "mix": limit(kind=points),
            "gone": limit(year=2021),
            "kept": limit(year=2022),
            "over": limit(over=(2020, 2021)),
            "span": limit(over=(2021, 2024)),
            "purse": limit(over=(2021, 2024), together=True),
            "energy": limit(over=(2021, 2024), together=True, kind=points),
            "last": limit(over=(2021, 2022), together=True),
            "later": limit(over=(2022, 2024)),
        },
    )
    told: list[Any] = []
    assert roll_years.limits(scenario, 1.1, 30.0, told, carried) == {
        "plain": {"max": pytest.approx(110.0), "relax_to": pytest.approx(132.0)},
        "gone": None,
        "over": None,
        "span": {"over": [2022, 2024]},
        "purse": {"over": [2022, 2024], "max": 70.0},
        "energy": {"over": [2022, 2024]},
        "last": {"over": None, "year": 2022, "together": None, "max": 70.0},
    }
    words = [each.of("en") for each in told]
    assert len(words) == 3 and words[0].endswith("gone, over") and words[1].endswith("plain")
    assert words[2].endswith("span, purse, energy, last")


def test_what_a_span_still_asks() -> None:
    """30 % over three years after 10: 1.3 / 1.1 in all; 5 % a year: 1.05^3 / 1.1 in two; 12 a year on
    average after 6: 30 in two."""
    assert roll_years._left(30, 10, 3, "sum", True) == pytest.approx(100 * (1.3 / 1.1 - 1))
    assert roll_years._left(5, 10, 3, "average", True) == pytest.approx(100 * ((1.05**3 / 1.1) ** 0.5 - 1))
    assert roll_years._left(12, 6, 3, "average", False) == 15.0
    assert roll_years._left(36, 6, 3, "sum", False) == 30
