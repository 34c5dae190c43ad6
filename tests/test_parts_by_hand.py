"""Small pieces of the engine on figures that can be worked out: gaps by sector, proper scores, months, what
is known of a project, plans at a glance."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.decide.decisions import _strength
from dabiao.engine.decide.uses import Use
from dabiao.engine.diagnose.gap import divided
from dabiao.engine.forecast.backtest import scores
from dabiao.engine.glance import ENOUGH, Beside, Glance
from dabiao.engine.tracking import freeze
from dabiao.engine.tracking.roll import _scaled
from dabiao.engine.uncertainty.ensemble import LEVELS, Ensemble
from dabiao.models.target import Target
from dabiao.scenarios.schema import Scenario
from dabiao.scenarios.schema_actuals import ProjectActual
from planning import target
from regions import laid, moving

# ---- gaps


def test_rows_speak_for_sectors_and_the_rest_is_asked_in_equal_points() -> None:
    """100 at 6 %, of which farms (40, expected 5 %) are asked 2: the 60 others lack 5.2 of what is asked, in
    equal points beyond 10 and 5 %."""
    before, after = (
        {"farms": 40.0, "mines": 20.0, "shops": 40.0},
        {"farms": 42.0, "mines": 22.0, "shops": 42.0},
    )
    found = divided(before, after, 6.0, [(("farms",), 2.0, "row")])
    assert [part.set_by for part in found] == ["row", "", ""]
    assert [part.expected for part in found] == pytest.approx([5, 10, 5])
    # asked of the whole 6.0, of farms 0.8: 5.2 of mines and shops, of which 4 are expected
    assert [part.asked for part in found] == pytest.approx([2, 12, 7])
    assert [part.money for part in found] == pytest.approx([1.2, -0.4, -0.8])
    assert sum(part.money for part in found) == pytest.approx(106 - 106)
    assert [part.before for part in found] == [40, 20, 40]


def test_a_row_of_several_sectors_asks_them_in_equal_points() -> None:
    before, after = {"a": 30.0, "b": 10.0, "c": 60.0}, {"a": 31.5, "b": 11.0, "c": 60.0}
    found = divided(before, after, 5.0, [(("a", "b"), 7.25, "both")])
    # expected 5 and 10 %, together 2.5 of 40: a point more each
    assert [part.asked for part in found] == pytest.approx([6, 11, 2.1 / 0.6])
    assert sum(part.money for part in found) == pytest.approx(102.5 - 105)
    every = divided(before, after, 5.0, [(("a", "b", "c"), 2.5, "all")])
    assert [part.asked for part in every] == pytest.approx([7.5, 12.5, 2.5])
    assert [part.set_by for part in every] == ["all"] * 3
    none = divided({"a": 0.0, "b": 10.0}, {"a": 0.0, "b": 11.0}, 5.0, [(("a",), 3.0, "row")])
    assert [part.asked for part in none] == pytest.approx([0, 5])


# ---- uses of limits


def test_what_is_left_of_a_limit() -> None:
    def use(used: float, most: float) -> Use:
        return Use(SimpleNamespace(most=most), used, 0.0)  # type: ignore[arg-type]

    assert use(60.0, 100.0).slack == 40.0 and not use(60.0, 100.0).full
    assert use(110.0, 100.0).slack == 0.0 and use(110.0, 100.0).full
    assert use(100 - 0.9e-4, 100.0).full and not use(100 - 2e-4, 100.0).full
    assert use(-1e-6, 0.0).full and not use(-2e-6, 0.0).full


def test_a_correlation_without_its_sign() -> None:
    values, outcome = np.array([1.0, 2.0, 4.0, 9.0]), np.array([3.0, 1.0, 0.0, -7.0])
    assert _strength(values, outcome) == pytest.approx(-np.corrcoef(values, outcome)[0, 1])
    assert _strength(values, np.zeros(4)) == 0.0 == _strength(np.full(4, 5.0), outcome)


# ---- scores


def test_a_brier_score_and_its_parts() -> None:
    """Two at 0.2, one of which came; two at 0.9, both of which did."""
    found = scores.brier(np.array([0.2, 0.2, 0.9, 0.9]), np.array([False, True, True, True]))
    assert found.score == pytest.approx((0.04 + 0.64 + 0.01 + 0.01) / 4)
    assert found.reliability == pytest.approx(0.5 * 0.09 + 0.5 * 0.01)
    assert found.resolution == pytest.approx(0.5 * 0.25**2 + 0.5 * 0.25**2)
    assert found.uncertainty == pytest.approx(0.75 * 0.25) and found.within == pytest.approx(0, abs=1e-12)
    # 0.91 and 1 are in one bin, whose mean is 0.955
    one = scores.brier(np.array([0.91, 1.0]), np.array([True, False]))
    assert one.score == pytest.approx((0.0081 + 1) / 2) and one.reliability == pytest.approx(0.455**2)
    assert one.within == pytest.approx(one.score - 0.455**2 - 0.25)


def test_scores_of_draws_by_hand() -> None:
    """Draws of 0 and 2 against 1 and 3: 1 - 1/2 and 2 - 1/2."""
    draws, seen = np.array([[2.0, 0.0], [2.0, 0.0]]), np.array([1.0, 3.0])
    assert scores.crps(draws, seen) == pytest.approx([0.5, 1.5])
    assert scores.crps(np.array([[0.0, 1.0, 5.0]]), np.array([2.0])) == pytest.approx(
        [(2 + 1 + 3) / 3 - 0.5 * 2 * (1 + 5 + 4) / 9]
    )
    assert scores.place(np.array([[0.0, 1.0, 1.0, 3.0]]), np.array([1.0])) == pytest.approx([0.5])
    assert scores.place(np.array([[0.0, 1.0, 1.0, 3.0]]), np.array([2.0])) == pytest.approx([0.75])
    inside = scores.coverage(np.array([0.09, 0.1, 0.5, 0.9, 0.91]), 0.8)
    assert inside.tolist() == [0, 1, 1, 1, 0]
    loss = scores.log_loss(np.array([0.25, 0.25, 0.0, 1.0]), np.array([True, False, True, True]))
    assert loss == pytest.approx([np.log(4), -np.log(0.75), np.log(1000), 0])


def test_an_interval_of_whole_years() -> None:
    """Two years of 0 and 10, of one and three regions: a mean of 0, 7.5 or 10."""
    blocks, values = np.array([1, 2, 2, 2]), np.array([0.0, 10.0, 10.0, 10.0])
    seen: list[float] = []

    def mean(at: np.ndarray) -> float:
        seen.append(float(values[at].mean()))
        return seen[-1]

    low, high = scores.block_interval(blocks, mean, np.random.default_rng(1), 0.9, 100)
    assert set(seen) == {0.0, 7.5, 10.0} and len(seen) == 100 and (low, high) == (0.0, 10.0)
    low, high = scores.block_interval(blocks, mean, np.random.default_rng(1), 0.1, 100)
    assert (low, high) == (7.5, 7.5)


# ---- months and projects


def test_months_are_counted_over_the_turn_of_a_year() -> None:
    assert freeze._months("2021-11", "2022-02") == 3 and freeze._months("2022-02", "2021-11") == -3
    assert freeze._months("2021-03", "2021-03") == 0
    assert [freeze._later("2021-11", by) for by in (0, 1, 2, 14, -10, -11)] == [
        "2021-11",
        "2021-12",
        "2022-01",
        "2023-01",
        "2021-01",
        "2020-12",
    ]


def region(**over: object) -> Scenario:
    return Scenario.model_validate(laid(moving(), over))


def test_what_is_known_of_a_project_goes_before_its_plan() -> None:
    coming = region(projects={"coming": {"finish": "2022-09", "months": {"construction": 18}}}).projects[
        "coming"
    ]
    assert freeze._known(coming, None) is coming
    begun = freeze._known(coming, ProjectActual(started="2021-06"))
    assert (begun.start, begun.finish, begun.slip.value) == ("2021-06", "2022-12", 3)  # three months later
    due = freeze._known(coming, ProjectActual(started="2021-06", expected="2023-01"))
    assert (due.start, due.finish, due.slip.value) == ("2021-06", "2023-01", 3)
    assert due.months.construction.low is None and due.months.construction.value == 18
    there = freeze._known(coming, ProjectActual(commissioned="2022-05"))
    assert (there.start, there.finish, there.slip.value, there.cancelled) == ("2021-03", "2022-05", 0, None)
    gone = freeze._known(coming, ProjectActual(cancelled="2021-08"))
    assert gone.cancelled == "2021-08" and gone.finish == "2022-09"


def test_a_project_starts_no_earlier_than_now() -> None:
    """Planned for March 2021, it may be moved by 6 months; from the end of January on by one."""
    one = region(
        limits={"advance": {"title": "advance", "on": "advance", "max": 6, "relax_to": 9, "price": 1}}
    )
    coming, rising = one.projects["coming"], one.projects["rising"]
    rooms = []
    for now in (-20, 0, 1, 2, 3):
        held = freeze.held(coming, one, now)
        assert held.earlier is not None
        rooms.append(held.earlier.value)
    assert rooms == [9, 2, 1, 0, 0]
    assert freeze.held(rising, one, 1) is rising  # its works have begun
    bare = region()
    assert freeze.held(bare.projects["coming"], bare, 1) is bare.projects["coming"]
    firm = region(limits={"advance": {"title": "advance", "on": "advance", "max": 6}})
    assert freeze.held(coming, firm, -20).earlier.value == 6  # type: ignore[union-attr]


def test_parts_in_proportion() -> None:
    assert _scaled({"a": 1.0, "b": 3.0}, 8.0) == {"a": 2.0, "b": 6.0}
    assert _scaled({"a": 0.0}, 8.0) == {} == _scaled({}, 8.0)


# ---- an ensemble and a plan at a glance


def made(paths: dict[str, Any], **tiers: tuple[float | None, float | None, float | None]) -> Ensemble:
    """Targets by (ensure, stretch, at_most); the main one is the first."""
    targets: dict[str, Target] = {}
    for key, (ensure, stretch, most) in tiers.items():
        one = target("gdp_growth", ensure, most)
        targets[key] = Target(
            key,
            one.title,
            one.indicator,
            "modelled",
            "%",
            1,
            ensure,
            stretch,
            most,
            one.asked,
            main=not targets,
        )
    rows = {key: np.array(path, float) for key, path in paths.items()}
    return Ensemble(targets, rows, {}, 2, 0.01, True, 3, (), 7)


def spread_out(*values: float) -> list[float]:
    """32 draws: two of each of 16 scramblings."""
    return [values[at % len(values)] for at in range(32)]


def test_an_ensemble_by_hand() -> None:
    """Two years of 32 draws; the second half of the futures reaches 6, and 3 in 4 stay below a ceiling."""
    high = [4.0] * 16 + [7.0] * 16
    found = made(
        {"grown": [spread_out(1.0), high], "dirt": [spread_out(0.0), spread_out(1, 1, 1, 9)]},
        grown=(6.0, 6.5, None),
        dirt=(None, None, 5.0),
    )
    assert found.draws == 32 and found.replicate.tolist() == [*range(16), *range(16)]
    assert found.outcomes["grown"].tolist() == high
    assert found.reached("grown", "ensure").tolist() == [False] * 16 + [True] * 16
    assert found.probability("grown", "ensure").value == 0.5
    assert found.shares(found.reached("grown", "stretch")).tolist() == [0.5] * 16
    assert found.medians("grown").tolist() == [5.5] * 16
    assert found.thresholds("ensure") == {"grown": 6.0, "dirt": 5.0}
    assert found.thresholds("stretch") == {"grown": 6.5, "dirt": 5.0}
    assert found.thresholds("stretch", main=True) == {"grown": 6.5}
    assert found.joint("ensure").value == 0.375 and found.joint("ensure", main=True).value == 0.5
    assert found.all_reached("ensure", without="grown").mean() == 0.75
    assert found.alone_missed("grown", "ensure").value == 0.375
    assert found.alone_missed("dirt", "ensure").value == 0.125
    assert found.quantile("grown", 0.5).value == 5.5 and found.quantile("grown", 0.5, 1).value == 1.0
    assert found.quantile("grown", 0.95).value == 7.0 and found.quantile("grown", 0.05).value == 4.0
    assert found.mean("grown").value == 5.5 and found.mean("dirt").value == 3.0
    assert found.by_year("grown")[0].tolist() == spread_out(1.0)
    assert made({}).draws == 0


def test_chances_of_another_plan_are_told_by_the_difference_in_the_same_futures() -> None:
    """In all futures 0.5; in those kept 3 of 4 reach it under the plan, and all of them under another."""
    found = made({"grown": [spread_out(1.0), [4.0] * 16 + [7.0] * 16]}, grown=(6.0, None, None))
    beside = object.__new__(Beside)
    beside.study = SimpleNamespace(ensemble=found, year=2)  # type: ignore[assignment]
    beside._own = {"grown": np.array([[1.0] * 4, [6, 6, 6, 5.0]])}

    def told(*values: float) -> dict[tuple[str, str], float]:
        return beside._chances({"grown": np.array([[1.0] * 4, values])})

    assert told(6, 6, 6, 5) == {("grown", "ensure"): 0.5, ("sheet", "ensure"): 0.5, ("sheet", "stretch"): 0.5}
    assert told(6, 6, 6, 6)["grown", "ensure"] == 0.75 and told(6, 5, 6, 5)["sheet", "ensure"] == 0.25
    assert told(0, 0, 0, 0)["grown", "ensure"] == 0.0  # and never below nothing
    beside._own = {"grown": np.array([[1.0] * 4, [0.0] * 4])}
    assert told(6, 6, 6, 6)["grown", "ensure"] == 1.0


def test_few_samples_are_enough_for_a_glance() -> None:
    beside = object.__new__(Beside)
    samples = [SimpleNamespace(draws=ENOUGH // 2) for _ in range(4)]
    beside.study = SimpleNamespace(jury=SimpleNamespace(samples=samples))  # type: ignore[assignment]
    assert beside._samples == samples[:2] and beside.draws == ENOUGH
    none = object.__new__(Beside)
    none.study = SimpleNamespace(jury=None)  # type: ignore[assignment]
    assert none._samples == [] and none.draws == 0


def test_a_glance_has_its_quantiles_by_name() -> None:
    table = np.arange(2.0 * len(LEVELS)).reshape(2, len(LEVELS))
    seen = Glance(None, {}, {"grown": table}, {}, (), 2)  # type: ignore[arg-type]
    assert seen.at("grown", 0.05) == len(LEVELS) and seen.at("grown", 0.95) == 2 * len(LEVELS) - 1
    fan = seen.fan("grown", 1)
    assert list(fan)[:3] == ["q05", "q10", "q20"] and fan["q95"] == len(LEVELS) - 1


def test_money_of_the_first_year_in_parts_of_the_plans() -> None:
    beside = object.__new__(Beside)

    def plan(first: float) -> Any:
        return SimpleNamespace(total=lambda year: {1: first, 2: 99.0}[year])

    beside.study = SimpleNamespace(plan=SimpleNamespace(plan=plan(8.0)))  # type: ignore[assignment]
    assert beside._factor(plan(10.0)) == 1.25
    beside.study = SimpleNamespace(plan=SimpleNamespace(plan=plan(0.0)))  # type: ignore[assignment]
    assert beside._factor(plan(10.0)) == 1.0
