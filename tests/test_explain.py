"""Why targets cannot be met: conflicts against brute force, relaxations against a closed form, prices against
re-solves.

The region is that of the ladder's tests (see test_required): ``v`` points of growth of a farm sector take an
investment of ``40 + v / 0.03`` there; the plan gives each of three sectors a third of 127.2.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.decide.explain import explain, goals_of
from dabiao.engine.decide.reach import spans
from dabiao.models.target import Rung
from dabiao.solvers.conflict import PLAN_TOTAL, conflict, irreducible, proved, question
from dabiao.solvers.model import Compiled, Question, Rows
from dabiao.solvers.ranging import worth
from dabiao.solvers.solution import Status
from dabiao.solvers.solve import solve
from hypothesis import given, settings
from hypothesis import strategies as st
from planning import Case
from regions import limited

HERE = Path(__file__).parent
INF = float("inf")
BOTH = pytest.mark.parametrize("solver", ["highs", "glpk"])


def farms(threshold, covers="east", **tiers):
    return {"indicator": "sector_growth", "covers": [covers], "ensure": threshold, **tiers}


# --- irreducible sets
# --------------------------------------------------------------------------------------------------


@given(
    st.lists(st.frozensets(st.integers(0, 7), min_size=1, max_size=4), max_size=5), st.permutations(range(8))
)
def test_the_filter_ends_at_a_set_of_which_every_member_is_needed(bad, order):
    """A family of sets that cannot hold: what is found contains one, and nothing that it loses leaves one."""
    names = [str(i) for i in order]

    def holds(kept):
        return not any({str(i) for i in one} <= kept for one in bad)

    if holds(frozenset(names)):
        return
    found = irreducible(names, holds)
    assert proved(found, holds)
    assert {int(name) for name in found} in [set(one) for one in bad]


@pytest.mark.parametrize(
    "members, holds", [("ab", lambda kept: True), ("abc", lambda kept: not {"a", "b"} <= kept)]
)
def test_what_is_no_irreducible_conflict_is_not_called_one(members, holds):
    assert not proved(tuple(members), holds)


CASES = {
    "two targets for one purse": ({"east": farms(0.3), "west": farms(0.3, "west")}, {}),
    "one target too high": ({"east": farms(0.6), "west": farms(0.1, "west")}, {}),
    "two limits": ({"east": farms(0.4)}, {"haste": {"title": "haste", "on": "absorption", "max": 20}}),
    "no limit on money": ({"east": farms(0.3), "west": farms(0.3, "west")}, {"money": None}),
    "three targets": (
        {"east": farms(0.2), "west": farms(0.2, "west"), "fai_growth": {"ensure": 7}},
        {"cut": {"title": "cut", "on": "cut", "max": 10}},
    ),
}


@BOTH
@pytest.mark.parametrize("name", CASES)
def test_a_conflict_is_one_of_the_smallest_found_by_trying_every_subset(name, solver):
    targets, limits = CASES[name]
    case = Case(limited(targets, limits=limits), solver)
    wanted = spans(case.assessor, goals_of(case.assessor, "ensure"))
    problem = case.assessor.problem
    found = conflict(problem, wanted, solver)
    ids = [b.id for b in problem.bounds] + ([] if "money" in {b.id for b in problem.bounds} else [PLAN_TOTAL])
    members = [("goal", key) for key in wanted] + [("limit", key) for key in ids]
    infeasible = []
    for count in range(len(members) + 1):
        for subset in itertools.combinations(members, count):
            own = {key: wanted[key] for kind, key in subset if kind == "goal"}
            asked = question(problem, own, [key for kind, key in subset if kind == "limit"])
            if solve(problem.compiled, asked, solver).status is Status.INFEASIBLE:
                infeasible.append(frozenset(subset))
    smallest = [one for one in infeasible if not any(other < one for other in infeasible)]
    assert smallest, "nothing to explain: the case says nothing"
    assert (
        frozenset([*(("goal", g) for g in found.goals), *(("limit", key) for key in found.limits)])
        in smallest
    )
    assert found.proved


@BOTH
def test_no_conflict_where_all_fits(solver):
    case = Case(limited({"east": farms(0.2)}), solver)
    assert (
        conflict(case.assessor.problem, spans(case.assessor, goals_of(case.assessor, "ensure")), solver)
        is None
    )


def test_facts_of_a_conflict_are_needed_each():
    """A target beyond every market: no limit is to blame, and without any one of the facts it would fit."""
    data = limited(
        {"shops": farms(40, "shops")}, limits={"mix": {"max": 90}, "money": {"max": 5000, "relax_to": 5000}}
    )
    case = Case(data)
    found = conflict(case.assessor.problem, spans(case.assessor, goals_of(case.assessor, "ensure")), "highs")
    assert found.proved and found.facts
    problem, wanted = case.assessor.problem, spans(case.assessor, goals_of(case.assessor, "ensure"))
    others = [
        f
        for f in problem.compiled.row_names
        if f.startswith(("capacity:", "demand:", "market:", "feed:")) and f not in found.facts
    ]
    for dropped, status in [
        (others, Status.INFEASIBLE),
        *(([*others, fact], Status.OPTIMAL) for fact in found.facts),
    ]:
        assert (
            solve(problem.compiled, question(problem, wanted, found.limits, dropped), "highs").status
            is status
        )


# --- relaxations
# -------------------------------------------------------------------------------------------------------


@BOTH
def test_each_limit_alone_gives_as_much_as_the_closed_form_says(solver):
    case = Case(limited({"east": farms(0.4)}), solver)
    found = explain(case.assessor, goals_of(case.assessor, "ensure"))
    money = 40 + 0.40005 / 0.03  # 0.4 itself and a hair, not the 0.35 that is printed 0.4
    alone = {relief.limit: relief for relief in found.reliefs}
    assert alone["mix"].amount == pytest.approx(100 * (money / 127.2 - 1 / 3) - 6, rel=1e-3)
    assert alone["money"].amount == pytest.approx(money / (1 / 3 + 0.06) - 127.2, rel=1e-3)
    assert alone["mix"].cost == pytest.approx(2 * alone["mix"].amount) and alone[
        "money"
    ].cost == pytest.approx(alone["money"].amount)
    for relief in alone.values():
        assert relief.run is not None and found.goals[0].met(
            case.assessor.value(found.goals[0].target, relief.run)
        )
    fix = found.fixes[0][1]
    assert fix.cost <= min(relief.cost for relief in alone.values()) + 1e-6
    assert found.rung is Rung.RELAXED and found.conflicts[0].limits == ("mix", "money")


def test_a_sheet_that_nothing_can_meet_is_lowered_as_little_as_possible():
    case = Case(limited({"east": farms(2.0), "west": farms(0.1, "west")}))
    found = explain(case.assessor, goals_of(case.assessor, "ensure"))
    assert found.rung is Rung.OUT
    lower = {goal.target.id: goal.threshold for goal in found.lowered[0]}
    # at most 45.33 % of 130: 0.03 × (58.93 - 40) = 0.568, printed 0.6
    assert lower == {"east": 0.6, "west": 0.1}
    fix = found.lowered[1]
    assert all(goal.met(case.assessor.value(goal.target, fix.run)) for goal in found.lowered[0])
    assert case.assessor.within(fix.run, fix.relaxed)


def test_what_no_lever_moves_is_a_conflict_by_itself():
    data = limited(
        {"east": farms(0.1), "prices": {"indicator": "still", "basis": "linked", "at_most": 1}},
        relations={"still": {"title": "still", "constant": 2, "drivers": {"consumer_prices": 1}}},
    )
    case = Case(data)
    found = explain(case.assessor, goals_of(case.assessor, "ensure"))
    assert found.rung is Rung.OUT and found.conflicts[0].goals == ("prices",)
    assert found.conflicts[0].limits == found.conflicts[0].facts == ()


# --- prices and their range
# --------------------------------------------------------------------------------------------


def polygon(seed):
    """A random linear programme that is feasible and bounded, and the value of its optimum over one
    right-hand side."""
    rng = np.random.default_rng(seed)
    rows = Rows()
    for i in range(4):
        rows.variable(f"x{i}", 0, 10)
    for r in range(6):
        rows.row(
            f"r{r}", {f"x{i}": float(rng.integers(0, 7)) for i in range(4)}, high=float(rng.integers(5, 40))
        )
    built, cost = Compiled(rows), {f"x{i}": float(rng.integers(1, 9)) for i in range(4)}
    return built, cost


def probe_of(built, cost, row, solver):
    at = built.row_at[row]
    high = float(built.row_high[at])

    def probe(by):
        found = solve(built, Question(cost, rows={row: (-INF, high + by)}), solver)
        return (found.objective, found.duals[row]) if found.found else None

    return probe, high


@BOTH
@pytest.mark.parametrize("seed", range(8))
def test_a_price_holds_exactly_over_its_range(seed, solver):
    built, cost = polygon(seed)
    for row in built.row_names:
        probe, high = probe_of(built, cost, row, solver)
        found = worth(probe, 60.0, high)
        here = probe(0.0)[0]
        for slope, reach, sign, end in ((found.more, found.up, 1, 60.0), (found.less, found.down, -1, high)):
            assert slope >= -1e-9
            inside = min(reach, end)
            for part in (0.25, 0.5, 1.0):
                assert probe(sign * inside * part)[0] == pytest.approx(
                    here + sign * slope * inside * part, abs=1e-5
                )
            if reach < end * (1 - 1e-6):  # just beyond, another price begins
                step = min(0.05 * end, end - reach)
                assert probe(sign * (reach + step))[0] < here + sign * slope * (reach + step) - 1e-9
        assert found.more <= found.less + 1e-9  # concave


@pytest.mark.parametrize("seed", range(8))
def test_the_range_covers_the_one_of_the_basis(seed):
    """What HiGHS says of its own basis (ranging) lies inside: the value has one slope there at least."""
    import highspy
    from dabiao.solvers.highs import _engine

    built, cost = polygon(seed)
    engine = _engine(built)
    engine.changeColsCost(4, np.arange(4, dtype=np.int32), np.array(list(cost.values())))
    engine.changeObjectiveSense(highspy.ObjSense.kMaximize)
    engine.run()
    _status, ranging = engine.getRanging()
    dual = np.array(engine.getSolution().row_dual)
    for at, row in enumerate(built.row_names):
        if abs(dual[at]) < 1e-9:
            continue
        probe, high = probe_of(built, cost, row, "highs")
        found = worth(probe, 1000.0, high)
        up, down = ranging.row_bound_up.value_[at] - high, high - ranging.row_bound_dn.value_[at]
        if up > 1e-6 and found.more == pytest.approx(dual[at], abs=1e-7):
            assert found.up >= min(up, 1000.0) * (1 - 1e-6)
        if down > 1e-6 and found.less == pytest.approx(dual[at], abs=1e-7):
            assert found.down >= min(down, high) * (1 - 1e-6)


@given(st.lists(st.tuples(st.floats(0.1, 10), st.floats(0.1, 5)), min_size=1, max_size=6), st.floats(0, 1))
@settings(max_examples=60)
def test_the_first_piece_of_a_concave_function_is_found_exactly(pieces, where):
    """Lines with falling slopes: the value is their envelope, whose first piece right of a point is known."""
    slopes = sorted((slope for slope, _ in pieces), reverse=True)
    lengths = [length for _, length in pieces]
    start = where * lengths[0] * 0.9

    def probe(by):
        x, value, left = start + by, 0.0, 0.0
        for slope, length in zip(slopes, lengths, strict=True):
            step = min(x, left + length) - left if slope != slopes[-1] or length != lengths[-1] else x - left
            if x <= left + length or (slope, length) == (slopes[-1], lengths[-1]):
                return value + slope * (x - left), slope
            value, left = value + slope * step, left + length
        return value, slopes[-1]

    found = worth(probe, 100.0, start) if start > 1e-3 else worth(probe, 100.0, 1e-3)
    assert found.more == pytest.approx(slopes[0], rel=1e-5)
    if len(slopes) > 1 and slopes[0] - slopes[1] > 1e-3:
        assert found.up == pytest.approx(lengths[0] - start, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("end", [0.3, 1.0, 7.77])
def test_a_price_holds_no_further_than_anything_is_feasible(end):
    """Two a unit up to where nothing is feasible; a limit that can neither give nor tighten has no price."""
    found = worth(lambda by: (2 * by, 2.0) if by <= end else None, 10.0, 5.0)
    assert (found.more, found.less) == (2, 2)
    assert found.up == pytest.approx(end, abs=2e-5)
    assert np.isinf(found.down)
    stuck = worth(lambda by: (0.0, 2.0) if by == 0 else None, 10.0, 5.0)
    assert np.isnan(stuck.more) and np.isnan(stuck.less) and (stuck.up, stuck.down) == (0, 0)
    nowhere = worth(lambda by: None, 10.0, 5.0)
    assert np.isnan(nowhere.more) and nowhere.up == 0


@BOTH
def test_what_one_more_unit_of_a_limit_is_worth_is_what_a_wider_limit_brings(solver):
    targets = {"east": farms(0.1, main=True), "west": farms(0.1, "west")}
    found = explain((case := Case(limited(targets), solver)).assessor, goals_of(case.assessor, "ensure"))
    assert found.rung in (Rung.PLAN, Rung.MIX)
    price = {one.row: one.worth for one in found.prices if one.target.id == "east"}
    # one point more of the mix is 1.272 亿元 more in the east: 0.03816 points
    assert price["limit:mix"].more == pytest.approx(0.03816, rel=1e-5)
    wider = Case(limited(targets, limits={"mix": {"max": 7}}), solver)
    best = [
        one.best
        for one in explain(wider.assessor, goals_of(wider.assessor, "ensure")).prices
        if one.target.id == "east"
    ]
    here = next(one.best for one in found.prices if one.target.id == "east")
    assert best[0] - here == pytest.approx(price["limit:mix"].more, rel=1e-5)
    # and money: 39.33 % of it goes to the east
    assert price["limit:money"].more == pytest.approx(0.03 * (1 / 3 + 0.06), rel=1e-5)


# --- the command
# -------------------------------------------------------------------------------------------------------


VALLEY = str(HERE / "scenarios_for_tests" / "answered.yaml")


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(simulate, ["explain", *words], prog_name="simulate")


@pytest.mark.parametrize("lang, said", [("en", ("Verdict", "Have")), ("zh", ("结论", "现有"))])
def test_the_command_explains_and_writes(call, lang, said):
    done = call(VALLEY, "--lang", lang)
    assert done.exit_code == 0, done.output
    assert all(word in done.stdout for word in said)
    folder = next(Path("runs").glob("*/explain-*"))
    assert (folder / "csv" / "explain_targets.csv").is_file() and (folder / "tables.xlsx").is_file()


def test_an_impossible_sheet_is_explained_in_both_languages(call):
    words = (VALLEY, "--set", "targets.fai_growth.ensure=60", "--set", "targets.fai_growth.stretch=61")
    whole = json.loads(call(*words, "--json", "-q").stdout_bytes)
    tables = whole["tables"]
    assert {"summary", "explain_targets", "explain_conflicts", "explain_reliefs", "explain_fixes"} <= set(
        tables
    )
    names = [column["name"] for column in tables["explain_conflicts"]["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in tables["explain_conflicts"]["rows"]]
    assert any(row["member"] == "fai_growth" for row in rows) and all(row["proved"] is True for row in rows)
    for lang, said in (("en", "conflicts with"), ("zh", "不能并存")):
        told = call(*words, "--lang", lang).stdout  # lines break where the terminal is full
        assert "".join(said.split()) in "".join(told.split())


def test_a_wrong_target_ends_with_2(call):
    done = call(VALLEY, "--target", "fai_grwth")
    assert (done.exit_code, done.stdout) == (2, "") and "fai_growth" in done.stderr
