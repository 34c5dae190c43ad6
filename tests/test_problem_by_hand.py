"""How the planning problem is put together, on made-up economies of two or three branches whose paths are
written out: what is asked of which part, in which order, around which point."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.models.span import MEASURES, Over
from dabiao.models.trajectory import Trajectory
from dabiao.solvers import problem
from dabiao.solvers.decision_variables import Affine, Start, moved
from dabiao.solvers.model import Compiled, Rows
from dabiao.solvers.problem import EXTRA, UNSPENT, PlanningProblem
from planning import target

INF = float("inf")


def start(project: str, shift: float) -> Start:
    return Start(project, shift, 0, "a", "", False, False, *[np.zeros(2)] * 3)


def bound(key: str, slack: float, *years: int, all_money: bool = False) -> Any:
    return SimpleNamespace(
        id=key,
        slack=slack,
        about="it" if years else None,
        years=years,
        all_money=all_money,
        leave=lambda least, ground: least - np.array([0.0, slack]),
    )


class Parts:
    """All that is done for a problem, noted in its order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[tuple[str, tuple[Any, ...]]] = []
        self.ground: Any = SimpleNamespace(planned=np.array([60.0, 40.0]), sectors=("a", "b"))
        found = SimpleNamespace(
            goals={"g": "goal:g"},
            fixed={"f": 1.0},
            leaders={"g": "g"},
            every={"e": (1.0, ())},
            eased=True,
        )
        monkeypatch.setattr(problem.Ground, "of", self.note("ground", lambda *_: self.ground))
        monkeypatch.setattr(problem, "years", self.note("years", lambda *_: ["first", "second", "third"]))
        monkeypatch.setattr(
            problem, "_year", self.note("year", lambda rows, economy, limits, names, t: (f"output:x:{t}",))
        )
        monkeypatch.setattr(problem, "_goals", self.note("goals", lambda *_: found))
        monkeypatch.setattr(problem, "_Around", lambda *some: ("around", *some))
        monkeypatch.setattr(problem, "moved", lambda point: ("moved", *point))
        for name in ("money", "limits", "extra", "distance", "shortfalls"):
            monkeypatch.setattr(problem, f"_{name}", self.note(name, lambda *_: None))

    def note(self, name: str, answer: Any) -> Any:
        def called(*some: Any) -> Any:
            self.done.append((name, some))
            return answer(*some)

        return called

    def of(self, name: str) -> Any:
        (found,) = [some for each, some in self.done if each == name]
        return found


ECONOMY: Any = SimpleNamespace(
    sector_ids=("a", "b"),
    accounts=SimpleNamespace(va_ratio=np.array([[0.5, 9.0], [0.25, 9.0]])),
)


def levers() -> Any:
    """Money of two sectors, two starts of a project, and money moved in one year."""
    return SimpleNamespace(
        money=np.array([60.0, 40.0]),
        base=np.array([50.0, 30.0]),
        plan=np.array([60.0, 40.0, 1.0, 0.0, 0.0]),
        choices=(start("mill", 0.0), start("mill", -3.0)),
        names=("start:mill:0", "start:mill:-3", "move:0:1"),
        moves=((0, 0),),
        ratio="ratio",
        rest="rest",
        year=2,
        investment=lambda money: ("path", *money),
        # a unit of the first lever puts 2 in place, one of the last -1
        realisation=lambda draws: SimpleNamespace(
            invested=np.array([[[7.0, 9.0, 7.0, 7.0, 7.0, 6.0]]]), draws=draws
        ),
    )


def test_a_problem_is_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    parts, own = Parts(monkeypatch), levers()
    point = np.array([70.0, 30.0, 0.0, 1.0, 5.0])
    bounds = [bound("jobs", 3.0, 1, 3), bound("cap", 4.0)]
    goals = [target("gdp_growth", 6.0)]
    sheet, plan, quotas = object(), object(), object()
    made = problem.build(ECONOMY, own, bounds, sheet, goals, plan, 2, point, quotas)  # type: ignore[arg-type]
    economy, planned, before, limits, year, starts, path, placed, paths = parts.of("ground")
    assert economy is ECONOMY and planned is own.money and before is own.base and limits is bounds
    assert (year, starts, path is plan) == (2, {"start:mill:0": 0.0, "start:mill:-3": -3.0}, True)
    constant, slope = placed
    assert constant.tolist() == [[7 - 2 * 70 + 5]] and slope.tolist() == [[[2.0, 0.0, 0.0, 0.0, -1.0]]]
    assert (paths.planned, paths.ratio, paths.rest, paths.moves) == (
        ("path", 60.0, 40.0),
        "ratio",
        "rest",
        ((0, 0),),
    )
    # half of the plan's money stays, of the second sector less where a limit says so
    rows = parts.of("money")[0]
    assert dict(zip(rows.names, rows.bounds, strict=True)) == {
        "money:a": (30.0, INF),
        "money:b": (20.0 - 3.0 - 4.0, INF),
        "start:mill:0": (0.0, 1.0),
        "start:mill:-3": (0.0, 1.0),
        "move:0:1": (-INF, INF),
        "relax:jobs": (0.0, 3.0),
        "relax:cap": (0.0, 4.0),
        UNSPENT: (0.0, 100.0),
        EXTRA: (0.0, 0.0),
    }
    assert rows.binary == [False, False, True, True, *[False] * 5]
    money, levered = ["money:a", "money:b"], ["start:mill:0", "start:mill:-3", "move:0:1"]
    assert parts.of("money")[1:] == (own, parts.ground, money, levered)
    # the year that is asked for is the second, but a limit speaks of the third
    economy, variables, last, around = parts.of("years")
    assert (economy is ECONOMY, variables is own, last, around is point) == (True, True, 3, True)
    assert [(some[2], some[3], some[4]) for name, some in parts.done if name == "year"] == [
        (each, [*money, *levered], t) for t, each in enumerate(("first", "second", "third"), start=1)
    ]
    output = [("output:x:1",), ("output:x:2",), ("output:x:3",)]
    assert parts.of("limits")[1:] == (bounds, parts.ground, money, levered, output)
    assert parts.of("extra")[1:] == (bounds, parts.ground)
    assert parts.of("goals")[1:] == (
        ("around", ECONOMY, own, sheet, plan, 2, point, quotas),
        goals,
        [*money, *levered],
        output,
    )
    assert parts.of("distance")[1:] == (parts.ground, money)
    assert parts.of("shortfalls")[1:] == (goals, {"g": "goal:g"})
    assert all(some[0] is rows for name, some in parts.done if name not in ("ground", "years"))
    assert made.compiled.names == tuple(rows.names) and made.variables is own
    assert (made.bounds, made.ground, made.output, made.year) == (
        tuple(bounds),
        parts.ground,
        tuple(output),
        2,
    )
    assert (made.goals, made.fixed, made.leaders) == ({"g": "goal:g"}, {"f": 1.0}, {"g": "g"})
    assert (made.every, made.ceilings, made.unspent) == ({"e": (1.0, ())}, True, (0.0, 0.0))
    assert made.va.tolist() == [0.5, 0.25]


def test_without_limits_a_problem_is_of_the_plan_and_its_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read of what is put in place; only a limit on all money lets more of it be spent."""
    parts, own = Parts(monkeypatch), levers()
    own.realisation = None
    problem.build(ECONOMY, own, [bound("money", 8.0, all_money=True)], None, [], None, 2)  # type: ignore[arg-type]
    assert parts.of("ground")[7] is None and parts.of("years")[2:] == (2, own.plan)
    rows = parts.of("money")[0]
    assert rows.bounds[rows.at[EXTRA]] == (0.0, INF)
    around = parts.of("goals")[1]
    assert around[-2] is own.plan and around[-1] is None
    assert own.plan[0] == 60.0


def test_named_projects_tie_money_that_is_moved_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """5 and 2 of fixed projects of a; a mill there that needs 4 then 1, or 0 then 5; 3 of b's own that may be
    moved away from its second year. What years are fixed by brings is not asked of levers."""
    between: list[tuple[Any, ...]] = []
    monkeypatch.setattr(problem, "_between_years", lambda *some: between.append(some))
    mill = [
        replace(start("mill", at), planned=np.array(own)) for at, own in ((0.0, [4.0, 1]), (12.0, [0.0, 5]))
    ]
    port = replace(start("port", 0.0), sector=1, planned=np.array([0.0, 0.25]))
    own: Any = SimpleNamespace(
        money=np.array([60.0, 40.0]),
        ratio=np.array([[0.5, 1.0], [0.25, 1.0]]),
        rest=np.array([[1.0, 0.0], [0.0, 3.0]]),
        moves=((0, 0), (1, 1)),
        choices=(*mill, port),
        fixed_planned=np.array([[5.0, 2.0], [0.0, 3.0]]),
    )
    rows = Rows()
    money, levered = ["money:a", "money:b"], ["now", "then", "port", "move:a", "move:b"]
    for name in (*money, *levered):
        rows.variable(name)
    ground: Any = SimpleNamespace(total=100.0, sectors=("a", "b"))
    problem._money(rows, own, ground, money, levered)
    assert between == [(rows, own, ground, money, levered)]
    assert {name: (low, high) for name, (low, high) in rows.spans.items()} == {
        "named projects:a:1": (4.0, INF),
        "named projects:a:2": (2.0, INF),
        "named projects:b:2": (0.0, INF),
        "starts once:mill": (1.0, 1.0),
        "starts once:port": (1.0, 1.0),
    }
    assert [
        {rows.names[at]: value for at, value in zip(places, values, strict=True)}
        for _, places, values, _, _ in rows.rows
    ] == [
        {"money:a": 0.5, "now": -4.0, "move:a": 1.0},
        {"money:a": 1.0, "now": -1.0, "then": -5.0},
        {"money:b": 1.0, "port": -0.25, "move:b": 1.0},
        {"now": 1.0, "then": 1.0},
        {"port": 1.0},
    ]


# ---- what goals are read off


class Around:
    """Goals around a point of two levers where two branches make 5 and 8 in the last year."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *slopes: float) -> None:
        self.read: list[tuple[Any, ...]] = []
        self.nearby: list[tuple[Any, ...]] = []
        self.simulated: list[tuple[Any, ...]] = []
        economy = SimpleNamespace(
            simulate=lambda works, quotas=None: self.simulated.append((works, quotas)) or "moving"
        )
        variables = SimpleNamespace(realisation=lambda draws: ("works", draws.tolist()))
        sheet = SimpleNamespace(
            value=lambda target, path, year: np.array([10.0 * year, 99.0]),
            offset=lambda target, year: 0.25 * year,
        )
        self.point = np.array([2.0, 3.0])
        self.plan: Any = SimpleNamespace(output=np.array([[[1.0], [3.0], [5.0]], [[2.0], [4.0], [8.0]]]))

        def around(sheet_: Any, target_: Any, path: Any, year: int, point: np.ndarray) -> Affine:
            assert sheet_ is sheet
            self.read.append((path, year, point.tolist(), target_.over))
            if path == ("by output", year):
                return Affine(np.float64(0.0), np.array(slopes))
            return Affine(
                np.float64(0.0), np.array([6.0, 7.0]) if path == "moving" else np.array([1.0, -1.0])
            )

        def nearby(*some: Any) -> Any:
            self.nearby.append(some)
            return ("by lever", some[4]), ("by output", some[4])

        monkeypatch.setattr(problem, "_around", around)
        monkeypatch.setattr(problem, "_nearby", nearby)
        self.own = problem._Around(economy, variables, sheet, self.plan, 2, self.point, "quotas")  # type: ignore[arg-type]
        self.economy, self.variables = economy, variables


GROWTH = target("gdp_growth", 6.0)


def test_what_more_output_helps_is_pushed_up_by_levers_and_output(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Around(monkeypatch, 4.0, 0.0)
    assert one.simulated == [(("works", moved(one.point).tolist()), "quotas")]
    (goal,) = one.own.goals(GROWTH)
    assert one.read == [(("by lever", 2), 2, [2, 3], None), (("by output", 2), 2, [5, 8], None)]
    assert (goal.value, goal.last, goal.rewarded) == (20.0, 2, True)
    assert (goal.levers.tolist(), goal.output.tolist()) == ([1, -1], [4, 0])
    # paths of a year are made once
    one.own.goals(GROWTH)
    assert len(one.nearby) == 1
    economy, variables, plan, moving, year, point = one.nearby[0]
    assert economy is one.economy and variables is one.variables and plan is one.plan
    assert (moving, year, point is one.point) == ("moving", 2, True)
    one.own.near(1)
    assert [some[4] for some in one.nearby] == [2, 1]


@pytest.mark.parametrize(
    ("slopes", "rewarded"),
    [
        ((4.0, -3.9e-9), True),
        ((4.0, 4.0 * -1e-9), True),
        ((4.0, -4.1e-9), False),
        ((-4.0, 3.0), False),
        ((-4.0, -3.9e-9), False),
        ((0.0, 0.0), True),
        ((-1e-300, 0.0), False),
    ],
)
def test_a_row_that_less_output_helps_is_of_the_levers_alone(
    slopes: tuple[float, ...], rewarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A billionth of the largest slope is rounding."""
    one = Around(monkeypatch, *slopes)
    (goal,) = one.own.goals(GROWTH)
    assert goal.rewarded is rewarded and goal.value == 20.0
    assert goal.levers.tolist() == ([1, -1] if rewarded else [6, 7])
    assert goal.output.tolist() == (list(slopes) if rewarded else [0, 0])
    assert one.read[2:] == ([] if rewarded else [("moving", 2, [2, 3], None)])


def test_a_ceiling_is_of_the_levers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Around(monkeypatch, 4.0, 4.0)
    (goal,) = one.own.goals(target("gdp_growth", None, 5.0))
    assert one.read == [("moving", 2, [2, 3], None)] and one.nearby == []
    assert (goal.levers.tolist(), goal.output.tolist(), goal.rewarded) == ([6, 7], [0, 0], False)


def test_what_every_year_is_to_reach_is_read_year_by_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the sheet adds in its own year (half) comes on top of other years as well."""
    one = Around(monkeypatch, 4.0, 1.0)
    first, second = one.own.goals(replace(GROWTH, over=Over(1, 2, MEASURES["every"])))
    assert (first.last, second.last) == (1, 2) and (first.value, second.value) == (10.5, 20.0)
    assert one.read == [
        (("by lever", 1), 1, [2, 3], Over(1, 1)),
        (("by output", 1), 1, [3, 4], Over(1, 1)),
        (("by lever", 2), 2, [2, 3], Over(2, 2)),
        (("by output", 2), 2, [5, 8], Over(2, 2)),
    ]


def test_indicators_of_ones_own_over_years_are_read_off_their_values() -> None:
    """Only in a single year are they ratios of levels of that year."""
    point, asked = np.array([2.0, 3.0]), list[Any]()
    sheet: Any = SimpleNamespace(value=lambda *_: np.array([10.0, 11.0, 8.0]))
    own = SimpleNamespace(slope=lambda *some: asked.append(some) or np.array([5.0, 6.0]))
    path: Any = SimpleNamespace(economy=SimpleNamespace(indicators={"gdp_growth": own}))
    for over, slope in ((None, [5, 6]), (Over(2, 2), [5, 6]), (Over(1, 2), [1, -2])):
        found = problem._around(sheet, replace(GROWTH, over=over), path, 2, point)
        assert found.slope.tolist() == slope and found.constant == 10 - 2 * slope[0] - 3 * slope[1]
    assert len(asked) == 2


# ---- paths with one thing moved


def output(draws: int, years: int = 4) -> np.ndarray:
    """Branch b makes 100 b + 10 t in year t, a unit more in each draw."""
    branch, year, draw = np.meshgrid(np.arange(2), np.arange(years), np.arange(draws), indexing="ij")
    return 100.0 * branch + 10.0 * year + draw


def test_paths_with_one_lever_and_with_one_output_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the second of three years: by lever the years before it move and the others are the plan's; by
    output the year alone moves, one branch a draw."""
    physical: list[Any] = []
    monkeypatch.setattr(problem, "_physical", lambda *some: physical.append(some) or {"made": len(physical)})
    economy: Any = SimpleNamespace(branches=("x", "y"))
    variables: Any = SimpleNamespace(realisation=lambda draws: draws.tolist())
    plan: Any = SimpleNamespace(output=output(2), realisation="the plan's", market="the market")
    moving: Any = SimpleNamespace(output=output(4) + 1000)
    point = np.array([2.0, 3.0, 4.0])
    levers, stirred = problem._nearby(economy, variables, plan, moving, 2, point)
    assert isinstance(levers, Trajectory) and levers.economy is economy is stirred.economy
    assert levers.output[:, :2].tolist() == (output(4) + 1000)[:, :2].tolist()
    assert levers.output[:, 2:].tolist() == np.repeat(output(1), 4, axis=2)[:, 2:].tolist()
    expected = np.repeat(output(1), 3, axis=2)
    expected[0, 2, 1] += 1
    expected[1, 2, 2] += 1
    assert stirred.output.tolist() == expected.tolist()
    assert (levers.realisation, stirred.realisation) == (moved(point).tolist(), "the plan's")
    assert levers.market == stirred.market == "the market"
    assert [some[:2] + some[3:] for some in physical] == [(economy, plan, 2)] * 2
    assert physical[0][2] is levers.output and physical[1][2] is stirred.output
    assert (levers.physical, stirred.physical) == ({"made": 1}, {"made": 2})
    assert plan.output.tolist() == output(2).tolist()  # the plan itself is left alone


def test_quantities_of_a_year_follow_its_output() -> None:
    """The second sector makes one and a half tons a unit of its branch; other years are the plan's."""
    advanced: list[Any] = []

    def advance(states: Any, realisation: Any, year: int) -> Any:
        advanced.append((realisation, year))
        return tuple(state + year for state in states)

    def tons(state: float, made: np.ndarray) -> dict[str, np.ndarray]:
        return {"tons": state + 1.5 * made[0]}

    economy: Any = SimpleNamespace(
        start=lambda: (10.0, 20.0),
        advance=advance,
        sectors=(
            SimpleNamespace(id="a", physical=lambda state, made: {}),
            SimpleNamespace(id="b", physical=tons),
        ),
        rows={"a": slice(0, 1), "b": slice(1, 2)}.get,
    )
    own = {"tons": np.array([[1.0, 9], [2, 9], [3, 9], [4, 9]]), "other": np.array([[5.0], [6], [7], [8]])}
    plan: Any = SimpleNamespace(realisation="the plan's", physical=own)
    found = problem._physical(economy, plan, output(3), 2)
    assert advanced == [("the plan's", 1), ("the plan's", 2)]
    tonnes = [23 + 1.5 * (120 + draw) for draw in range(3)]
    assert found["tons"].tolist() == [[1] * 3, [2] * 3, tonnes, [4] * 3]
    assert found["other"].tolist() == [[5] * 3, [6] * 3, [7] * 3, [8] * 3]
    assert own["tons"][2, 0] == 3.0


def test_a_problem_has_its_defaults() -> None:
    rows = Rows()
    bare = PlanningProblem(Compiled(rows), *[None] * 9)  # type: ignore[arg-type]
    assert (bare.every, bare.ceilings, bare.unspent) == ({}, False, (0.0, 0.0))
