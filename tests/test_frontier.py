"""Trade-offs: closed form, brute force and a test of efficiency; near-optimal plans against a grid of all
mixes.

The closed form stands on the region of test_required: a yuan in a farm sector beyond 40 adds 0.03 points to
its
growth, all sectors share 127.2, and a share may move by six points.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.decide.frontier import trade_off
from dabiao.models.errors import DabiaoError
from dabiao.scenarios.load import load_example
from dabiao.solvers.alternatives import alternatives, apart, spread
from dabiao.solvers.frontier import Criterion, frontier, of_limit, payoff, room, undominated
from dabiao.solvers.model import Question
from dabiao.solvers.solve import solve
from hypothesis import given
from hypothesis import strategies as st
from planning import Case
from regions import laid, moving, scenario, sector

HERE = Path(__file__).parent
TOTAL, LEAST, MOST = 127.2, 127.2 * (1 / 3 - 0.06), 127.2 * (1 / 3 + 0.06)
BOTH = pytest.mark.parametrize("solver", ["highs", "glpk"])


def farms(covers):
    return {"indicator": "sector_growth", "covers": [covers], "ensure": 0.1, "main": True}


def stated(**changes):
    sectors = {
        "east": sector("agriculture", 60),
        "west": sector("agriculture", 60),
        "shops": sector("services", 180),
    }
    limits = {
        "mix": {"title": "mix", "on": "mix", "max": 6},
        "cuts": {"title": "cuts", "on": "cut", "max": 100},
        "money": {"title": "money", "on": "investment", "max": TOTAL, "relax_to": 140, "price": 1},
    }
    targets = {"gdp_growth": None, "east": farms("east"), "west": farms("west")}
    return laid(scenario(sectors, investment={"growth": 6}, limits=limits, targets=targets), changes)


def growth(money):
    return 0.03 * (money - 40)


@BOTH
def test_two_farms_trade_money_one_for_one(solver):
    case = Case(stated(), solver)
    found = trade_off(case.assessor, ["east", "west"], points=5, near=1)
    values = np.array([point.values for point in found.points])
    assert len(values) == 5 and found.outside == 0
    assert values.sum(axis=1) == pytest.approx(np.full(5, growth(TOTAL - LEAST) - 0.03 * 40), abs=1e-6)
    ends = growth(MOST), growth(TOTAL - LEAST - MOST)
    assert values[0] == pytest.approx(ends, abs=1e-6) and values[-1] == pytest.approx(ends[::-1], abs=1e-6)
    assert np.diff(values[:, 0]) == pytest.approx(
        np.full(4, -(ends[0] - ends[1]) / 4), abs=1e-6
    )  # evenly spread
    for point in found.points:
        assert point.promised == pytest.approx(point.values, abs=1e-6)


@BOTH
def test_growth_against_money_is_the_slope_of_the_best_share(solver):
    case = Case(stated(), solver)
    found = trade_off(case.assessor, ["east", "limit:money"], points=4)
    values = np.array([point.values for point in found.points])
    assert values[:, 0] == pytest.approx(growth(values[:, 1] * (1 / 3 + 0.06)), abs=1e-5)
    assert values[0, 1] == pytest.approx(TOTAL) and (np.diff(values[:, 1]) < 0).all()
    wider = trade_off(case.assessor, ["east", "limit:money"], points=4, relax=True)
    assert wider.points[0].values == pytest.approx((growth(140 * (1 / 3 + 0.06)), 140), rel=1e-5)


def test_what_can_be_best_at_once_is_one_point():
    case = Case(stated(targets={"both": {"indicator": "gdp_growth", "ensure": 1, "main": True}}))
    found = trade_off(case.assessor, ["both", "limit:mix"], points=5)
    twice = trade_off(case.assessor, ["east", "west"], points=2)
    assert len(twice.points) == 2 and len(found.points) >= 2
    alone = Case(stated(limits={"mix": {"max": 0}}))
    assert len(trade_off(alone.assessor, ["east", "west"], points=5).points) == 1


@given(
    st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=25),
    st.tuples(*[st.sampled_from([-1.0, 1.0])] * 3),
)
def test_what_is_kept_is_what_nothing_beats(rows, signs):
    values = np.array(rows, dtype=float)
    kept = undominated(values, np.array(signs), np.full(3, 1e-9))
    good = values * np.array(signs)
    for i, own in enumerate(good):
        beaten = any((other >= own).all() and (other > own).any() for other in good)
        assert (i in kept) is not beaten


LIMITS = {
    "mix": {"title": "mix", "on": "mix", "max": 6},
    "haste": {"title": "haste", "on": "absorption", "max": 40},
    "advance": {"title": "advance", "on": "advance", "max": 6},
}
TARGETS = {
    "gdp_growth": {"ensure": 5, "main": True},
    "industry_above_scale_growth": {"ensure": 5, "main": True},
}


def test_no_random_plan_beats_a_point_of_the_frontier():
    case = Case(moving(limits=LIMITS, projects={"coming": {"start": "2021-09"}}, targets=TARGETS))
    found = trade_off(case.assessor, ["gdp_growth", "industry_above_scale_growth"], points=12)
    points = np.array([point.values for point in found.points])
    assert len(points) > 3
    rng, sectors, draws = np.random.default_rng(5), len(case.variables.money), 6000
    # mixes between those of the frontier, and around them: the strongest rivals
    mixes = np.array([point.run.plan.investment[:, 0] for point in found.points]).T
    weights = rng.dirichlet(np.full(mixes.shape[1], 0.3), draws).T
    money = mixes @ weights + rng.uniform(-1, 1, (sectors, draws)) * rng.choice([0, 0.3, 3], draws)
    money *= case.variables.money.sum() / money.sum(axis=0)
    vectors = np.zeros((len(case.variables.plan), draws))
    vectors[:sectors] = money
    for project in dict.fromkeys(c.project for c in case.variables.choices):
        own = [sectors + i for i, c in enumerate(case.variables.choices) if c.project == project]
        vectors[rng.choice(own, draws), np.arange(draws)] = 1.0
    planned = case.variables.fixed_planned[..., None] + np.einsum(
        "cst,cd->std",
        np.array([np.eye(sectors)[c.sector][:, None] * c.planned for c in case.variables.choices]),
        vectors[sectors:],
    )
    base = case.variables.delivered.normal[:, 0]
    fine = (100 * np.abs(money - case.variables.money[:, None]) / case.variables.money.sum() <= 6 + 1e-9).all(
        axis=0
    )
    fine &= (money[:, None] * case.variables.ratio[..., None] >= planned - 1e-9).all(axis=(0, 1)) & (
        money <= base * 1.4 + 1e-9
    ).all(axis=0)
    assert fine.sum() > 300
    path = case.economy.simulate(case.variables.realisation(vectors[:, fine]))
    mixes_on_draws = np.stack(
        [np.broadcast_to(case.sheet.value(case.sheet.targets[key], path, 1), fine.sum()) for key in TARGETS],
        axis=1,
    )
    hair = 1e-4 * np.ptp(points, axis=0)
    for point in points:
        assert not (
            (mixes_on_draws >= point - hair / 10).all(axis=1)
            & (mixes_on_draws > point + 2 * hair).any(axis=1)
        ).any()
    for one, other in itertools.permutations(points, 2):
        assert not ((one >= other).all() and (one > other + hair).any())
        assert np.abs(one - other).max() > 1e-6


@pytest.mark.parametrize(
    "names",
    [
        ("gdp_growth", "industry_above_scale_growth"),
        ("gdp_growth", "industry_above_scale_growth", "limit:bond"),
        ("fai_growth", "limit:mix"),
    ],
)
def test_no_promise_can_be_bettered_in_one_without_loss_in_another(names):
    """Benson's test: the sum of all gains over a point, none allowed to be a loss, is nothing."""
    case = Case(load_example("panzhihua-2024"))
    problem = case.assessor.problem
    criteria = [
        (
            of_limit(problem, name[6:])
            if name.startswith("limit:")
            else Criterion(name, problem.goals[name], case.sheet.targets[name].sign)
        )
        for name in names
    ]
    bounds = room(problem, criteria, relax=False)
    table = payoff(problem, criteria, bounds, "highs")
    ranges = np.maximum(np.ptp(table, axis=0), 1e-6)
    points = frontier(problem, criteria, case.economy, points=4, relax=False, solver="highs")
    assert points
    for point in points:
        held = dict(bounds)
        for one, value, width in zip(criteria, point.values, ranges, strict=True):
            low, high = one.span(value - one.sign * 1e-9 * width)
            old = held.get(one.variable, (-np.inf, np.inf))
            held[one.variable] = (max(low, old[0]), min(high, old[1]))
        gain = {one.variable: one.sign / width for one, width in zip(criteria, ranges, strict=True)}
        best = solve(problem.compiled, Question(gain, bounds=held)).objective
        here = sum(
            one.sign * (value - one.offset) / width
            for one, value, width in zip(criteria, point.values, ranges, strict=True)
        )
        assert best <= here + 2e-3, "a point that another beats"
    values = np.array([point.values for point in points])
    assert undominated(values, np.array([one.sign for one in criteria]), 1e-4 * ranges) == list(
        range(len(values))
    )


# --- near-optimal plans
# ------------------------------------------------------------------------------------------------


@BOTH
def test_alternatives_are_the_farthest_of_all_mixes_on_a_grid(solver):
    """Three sectors: every mix within the limits and near the best, a tenth of a point apart, is tried."""
    case = Case(stated(), solver)
    problem = case.assessor.problem
    least = growth(MOST) * 0.7
    bounds = problem.relaxed(False) | {problem.goals["east"]: (least, np.inf)}
    first = np.array([MOST, (TOTAL - MOST) / 2, (TOTAL - MOST) / 2])
    found = alternatives(problem, bounds, first, case.economy, count=3, solver=solver)
    step = TOTAL / 1000
    grid = np.array(
        [
            (east, west, TOTAL - east - west)
            for east in np.arange(40 + least / 0.03, MOST + 1e-9, step)
            for west in np.arange(LEAST, MOST + 1e-9, step)
            if LEAST - 1e-9 <= TOTAL - east - west <= MOST + 1e-9
        ]
    )
    known = [first]
    for one in found:
        mix = one.optimum.plan.investment[:, 0]
        best = max(apart(other, known) for other in grid)
        assert one.proved
        assert one.distance == pytest.approx(apart(mix, known), abs=1e-2)
        assert best - 1e-6 <= one.distance <= best + 2 * step
        assert growth(mix[0]) >= least - 1e-6 and (mix >= LEAST - 1e-3).all() and (mix <= MOST + 1e-3).all()
        known.append(mix)
    assert len(found) == 3
    ranges = spread(problem, bounds, solver)
    assert ranges == pytest.approx(np.stack([grid.min(axis=0), grid.max(axis=0)], axis=1), abs=2 * step)


def test_near_optimal_plans_are_near_in_simulation():
    case = Case(load_example("panzhihua-2024"))
    found = trade_off(case.assessor, ["gdp_growth", "industry_above_scale_growth"], points=3, near=2, count=3)
    assert len(found.nearby) == 3 and all(one.proved for one in found.nearby)
    for one in found.nearby:
        assert one.values[0] >= found.best.values[0] * 0.98 - 1e-4
        assert case.assessor.within(one.run)
    mixes = [found.best.run.plan.investment[:, 0], *(one.run.plan.investment[:, 0] for one in found.nearby)]
    for at, one in enumerate(found.nearby, start=1):
        assert one.distance == pytest.approx(apart(mixes[at], mixes[:at]), rel=1e-3)
    assert [one.distance for one in found.nearby] == sorted(
        (one.distance for one in found.nearby), reverse=True
    )


# --- which indicators, and the command
# ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names, said",
    [
        (["east"], "two or three"),
        (["east", "east"], "two or three"),
        (["east", "wst"], "did you mean west"),
        (["east", "limit:mony"], "limit:money"),
    ],
)
def test_wrong_indicators_are_told(names, said):
    with pytest.raises(DabiaoError, match=said):
        trade_off(Case(stated()).assessor, names)


VALLEY = str(HERE / "scenarios_for_tests" / "answered.yaml")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command(lang, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["optimize", "frontier", VALLEY, "--points", "3", "--lang", lang]
    done = CliRunner().invoke(simulate, words, prog_name="simulate")
    assert done.exit_code == 0, done.output
    folder = next(Path("runs").glob("*/frontier-*"))
    whole = json.loads((folder / "tables.json").read_text(encoding="utf-8"))
    assert whole["tables"]["frontier"]["rows"] and (folder / "csv" / "frontier_mix.csv").is_file()
    assert CliRunner().invoke(simulate, [*words, "--of", "nothing"], prog_name="simulate").exit_code == 2
