"""Doubt of the years after the first: closed forms, the first year as it was, what is learnt from errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dabiao.engine.forecast.anchor import anchor, solve
from dabiao.engine.forecast.anchored import forecast
from dabiao.engine.forecast.drift import AHEAD, LONGEST, PRIOR, Carried, Lasting, Missed, lasting
from dabiao.engine.plans import stated_plans
from dabiao.engine.run import run
from dabiao.engine.uncertainty.futures import Futures
from dabiao.engine.uncertainty.sample_points import PARTS, Points
from dabiao.models.forecast import Reference
from dabiao.models.quantity import Draws, FloatArray
from dabiao.models.shocks import drifting, persistent
from dabiao.results.tables.verdict import verdict
from dabiao.scenarios.load import load_example
from futures import futures, linear, loaded
from hypothesis import given
from hypothesis import strategies as st

SHIPPED = ("panzhihua-2024", "deyang-2022", "panzhihua-2021", "panzhihua-plan14")
WITHOUT = tuple(f"uncertainty.shocks.{part}.drift=0" for part in ("national", "own"))


def variance_of_mean(rho: float, sd: float, drift: float, years: int) -> float:
    """Closed form of the variance of the mean of some years."""
    carried = [k if rho == 1 else (1 - rho**k) / (1 - rho) for k in range(1, years + 1)]
    walk = drift**2 * (years - 1) * (2 * years - 1) / (6 * years)
    return float(sd**2 / years**2 * np.sum(np.square(carried)) + walk)


@given(
    st.sampled_from([0.0, 1.0]) | st.floats(-0.95, 0.99), st.floats(0, 3), st.floats(0, 3), st.integers(1, 15)
)
def test_the_variance_of_a_mean_is_its_closed_form(rho: float, sd: float, drift: float, years: int) -> None:
    """Every innovation alone: variances of independent ones add up, so that no draw is needed."""
    fresh = persistent(sd * np.eye(years), np.full(years, rho)).mean(axis=0)
    for_good = drifting(drift * np.eye(years)[1:]).mean(axis=0)
    found = float(np.sum(fresh**2) + np.sum(for_good**2))
    assert found == pytest.approx(variance_of_mean(rho, sd, drift, years), rel=1e-9, abs=1e-12)


def test_a_drift_by_hand() -> None:
    assert drifting(np.array([[1.0], [-3.0]]))[:, 0].tolist() == [0.0, 1.0, -2.0]
    assert drifting(np.zeros((0, 2))).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize(("rho", "drift"), [(0.0, 0.0), (0.0, 1.0), (60.0, 0.0), (60.0, 1.5)])
def test_shocks_of_a_run_have_that_variance(tmp_path: Path, rho: float, drift: float) -> None:
    own = {"sd": 1.2, "persistence": rho, "drift": drift}
    data = linear(0.0, uncertainty={"shocks": {"own": own}})
    data["years"] |= {"target": data["years"]["base"] + 5, "last": data["years"]["base"] + 5}
    book, _ = futures(loaded(tmp_path, data))
    demand = book.sample(0, 4096).shocks.demand
    assert demand is not None and demand.shape == (5, 4096)
    assert demand.mean(axis=0).var() * 1e4 == pytest.approx(
        variance_of_mean(rho / 100, 1.2, drift, 5), rel=0.03
    )
    assert demand[0].std() * 100 == pytest.approx(1.2, rel=0.02)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_first_year_is_as_it_was_and_later_ones_are_wider(name: str) -> None:
    """Draw by draw: no number of the first year hangs on how later years drift."""
    paths = []
    for changes in ((), WITHOUT):
        one = load_example(name, changes)
        book = Futures(one.scenario, one.quantities(), until=min(one.scenario.years.horizon, 5))
        plan = stated_plans(one.scenario, Draws())[one.scenario.plan]
        paths.append(book.sample(0, 32 * PARTS).path(plan).gdp)
    drifts, still = paths
    assert np.array_equal(drifts[1], still[1])
    for year in range(2, len(drifts)):
        assert (drifts[year] / drifts[year - 1]).std() > (still[year] / still[year - 1]).std()


def test_points_of_later_changes_leave_all_others_as_they_are() -> None:
    for method in ("sobol", "latin"):
        plain = Points(5, 9, method, first=3).block(0, 8 * PARTS)
        beside = Points(7, 9, method, first=3, later=2).block(0, 8 * PARTS)
        assert np.array_equal(plain[:3], beside[:3])
        assert beside.shape == (7, 8 * PARTS) and len(np.unique(beside)) == beside.size


def test_a_drift_is_in_points_of_gdp_growth() -> None:
    """Whatever the shocks are scaled by, and however strongly the region answers to them."""
    scenario = load_example("panzhihua-plan14").scenario
    found = forecast(scenario)
    assert found is not None
    reference = found.anchor.reference
    response = float(solve(scenario, [reference]).response[0])
    for weight, factor in ((1.0, 1 / response), (0.0, 1.0)):
        made = anchor(scenario, reference, weight).scenario.uncertainty.shocks
        for part in ("national", "own"):
            stated = getattr(scenario.uncertainty.shocks, part).drift.value
            assert stated > 0 and getattr(made, part).drift.value == pytest.approx(factor * stated)


def missed(rho: float, drift: float, origins: int, regions: int = 1, seed: int = 5) -> list[Missed]:
    """Errors of forecasts whose shocks of standard deviation 1 last and drift so, common to all regions or
    each region's own."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(origins):
        fresh = persistent(rng.normal(size=(AHEAD, regions)), np.array([rho]))
        error: FloatArray = (fresh + drifting(drift * rng.normal(size=(AHEAD - 1, regions)))).T
        found.append(Missed([Reference(7.0, 1.0, 1.0, 0.15, 1.0)] * regions, error))
    return found


@pytest.mark.parametrize(("rho", "drift"), [(0.0, 0.0), (0.0, 1.0), (0.5, 0.0), (0.5, 1.2), (0.9, 0.5)])
def test_what_lasts_and_what_drifts_is_found_again(rho: float, drift: float) -> None:
    nation = lasting(missed(rho, drift, 3000)).nation
    own = lasting(missed(rho, drift, 100, regions=60)).own
    for found in (nation, own):
        # three cases of the prior among 100 or 3000
        assert found.persistence == pytest.approx(rho, abs=0.06)
        assert found.drift == pytest.approx(drift, abs=0.2 if drift else 0.35)


def test_edges_of_what_is_learnt() -> None:
    assert lasting([]) == PRIOR
    [one] = missed(0.5, 1.0, 1)
    assert (
        lasting([Missed(one.references, one.error[:, :1])]) == PRIOR
    )  # one year ahead tells nothing of later ones
    assert lasting(missed(1.0, 0.0, 2000)).nation.persistence == LONGEST
    opposite = lasting(
        [Missed(each.references, each.error * [1, -1, 1, -1, 1]) for each in missed(0.9, 0, 50)]
    )
    assert opposite.nation.persistence == 0.0
    own = Lasting(Carried(0.2, 3.0), Carried(0.1, 2.0))
    assert lasting([], own) == own


def test_the_verdict_says_how_averages_were_foretold() -> None:
    plan = load_example("panzhihua-plan14")
    record = plan.scenario.experience.spans["5"]
    said = verdict(run(plan, draws=1024)).note.of("en")
    assert f"held {record.inside.value / 10:.1f} of 10 times" in said
    assert "of 10 times" not in verdict(run(load_example("deyang-2022"), draws=1024)).note.of("en")
