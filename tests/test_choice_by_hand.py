"""Projects and quarters: the rows say what the rules say, and a search in parts ends where trying everything
ends."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from dabiao.models.quantity import Bilingual
from dabiao.models.selection import Candidate, Programme, Quota, broken
from dabiao.solvers import select
from dabiao.solvers.arrays import Arrays
from dabiao.solvers.select import best_choice, shortfalls
from dabiao.solvers.select_first import first_choice
from dabiao.solvers.select_rows import blocks, columns, elastic, rows
from dabiao.solvers.solution import Mixed, Status
from projects import projects


def candidate(
    name: str, region: str, value: float, money: dict[str, float], build: int, window: tuple[int, int]
) -> Candidate:
    return Candidate(name, Bilingual(zh=name), region, value, money, build, *window)


def three() -> Programme:
    """A road in the north, a mill in the south after it, a park in the north; discounted by half a quarter,
    so that a start in quarter q that builds for b is worth value / 2^(q + b)."""
    road = candidate("road", "north", 16.0, {"own": 4.0, "loan": 2.0}, 2, (0, 2))
    mill = replace(candidate("mill", "south", 8.0, {"own": 3.0}, 1, (1, 3)), after=("road",))
    park = candidate("park", "north", 64.0, {"own": 2.0, "gift": 5.0}, 4, (0, 9))
    money = {"own": np.array([3.0, 3.0, 2.0, 2.0]), "loan": np.array([1.0, 1.0, 1.0, 1.0])}
    return Programme((road, mill, park), ("Q1", "Q2", "Q3", "Q4"), money, discount=15.0)


def every_choice(programme: Programme) -> Iterator[dict[str, int]]:
    """All maps from projects to a quarter within their windows, or none."""
    last = len(programme.quarters) - 1
    options = [[None, *range(each.earliest, min(each.latest, last) + 1)] for each in programme.candidates]
    for combination in itertools.product(*options):
        pairs = zip(programme.candidates, combination, strict=True)
        yield {each.id: quarter for each, quarter in pairs if quarter is not None}


def best_by_trying(programme: Programme) -> float:
    return max((programme.total(c) for c in every_choice(programme) if not broken(programme, c)), default=-1)


RULES = {
    "plain": {},
    "carried": {"carry": True},
    "few in the north": {"quotas": {"north": Quota(0, 1), "south": Quota(1, 1)}},
    "little in the north": {"quotas": {"north": Quota(money=7.0)}},
    "some must start": {"starts": 2},
    "some must end": {"completions": 2},
    "no money": {"budgets": {}},
    "poor": {"budgets": {"own": np.array([1.0, 1.5, 0.5, 5.0])}},
    "poor and carried": {"budgets": {"own": np.array([2.0, 1.5, 1.0, 4.0])}, "carry": True},
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("tied", [False, True])
def test_a_point_keeps_the_rows_exactly_where_its_choice_breaks_no_rule(rule: str, tied: bool) -> None:
    """Of all 80 choices; with ``tied`` the road must start, and of mill and park there is one at most."""
    programme = replace(three(), **RULES[rule])
    if tied:
        road, mill, park = programme.candidates
        group = {"one_of": ("site", "view")}
        programme = replace(
            programme, candidates=(replace(road, must=True), replace(mill, **group), replace(park, **group))
        )
    own = columns(programme)
    table = rows(own)
    kept = 0
    for choice in every_choice(programme):
        point = own.point(choice)
        assert own.read(point) == choice
        fine = not broken(programme, choice)
        assert (table.violation(point) <= 1e-6) == fine, choice
        assert float(table.cost @ point) == pytest.approx(programme.total(choice))
        kept += fine
    assert kept < 80
    assert table.violation(0.5 * own.point({"park": 0})) >= 0.5
    assert table.violation(2 * own.point({"park": 3})) >= 0.5
    assert table.violation(-own.point({"park": 3})) >= 1.0


def test_columns_by_hand() -> None:
    own = columns(three())
    assert own.project.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 2]
    assert own.quarter.tolist() == [0, 1, 2, 1, 2, 3, 0, 1, 2, 3]
    assert own.worth.tolist() == pytest.approx([4, 2, 1, 2, 1, 0.5, 4, 2, 1, 0.5])
    assert own.money.tolist() == [[4, 2], [3, 0], [2, 0]]
    assert own.place == {"road": 0, "mill": 1, "park": 2}
    # the road uses 4 of 10 and 2 of 4, the mill 3 of 10, the park 2 of 10
    used = np.repeat([0.9, 0.3, 0.2], [3, 3, 4])
    assert own.density() == pytest.approx(own.worth / used)
    assert own.most_each().tolist() == [4.0, 2.0, 4.0]


def test_what_is_free_is_dense_and_what_is_worth_less_than_nothing_is_left() -> None:
    loss = candidate("loss", "north", -16.0, {"gift": 1.0}, 2, (0, 1))
    shut = candidate("shut", "north", 16.0, {"gift": 1.0}, 2, (3, 2))
    own = columns(Programme((loss, replace(loss, id="duty", must=True), shut), ("Q1", "Q2"), discount=15.0))
    assert own.worth.tolist() == [-4.0, -2.0, -4.0, -2.0]
    assert own.most_each().tolist() == [0.0, -2.0, 0.0]
    assert own.density() == pytest.approx(own.worth / 1e-12)
    free = replace(three(), budgets={"own": np.zeros(4)})
    assert columns(free).density()[0] == pytest.approx(4.0 / (4.0 / 1e-9))


def test_rules_that_say_nothing_have_no_rows() -> None:
    """One row a project, four for each budget, and one for each start of the mill."""
    own = columns(three())
    assert [len(block.low) for block in blocks(own)] == [3, 4, 4, 3]
    assert [len(b.low) for b in blocks(columns(replace(three(), starts=1, completions=1)))] == [
        3,
        4,
        4,
        3,
        1,
        1,
    ]
    north = replace(three(), quotas={"north": Quota(1, 2, 9.0), "south": Quota()})
    assert [len(b.low) for b in blocks(columns(north))] == [3, 4, 4, 3, 1, 1, 1]


@pytest.mark.parametrize("solver", ["highs", "glpk"])
def test_what_would_have_to_give_by_hand(solver: str) -> None:
    """The road must start and spends 2 a quarter of its own money, where one quarter has 1: half of it is
    the least to give up, less than the whole of that quarter's money once more."""
    road = replace(three().candidates[0], must=True, latest=0)
    short = Programme((road,), ("Q1", "Q2", "Q3"), {"own": np.array([2.0, 1.0, 9.0])})
    assert [(b.rule, b.what, round(b.by, 6)) for b in shortfalls(short, solver=solver)] == [
        ("must", "road", 0.5)
    ]
    # half a road of nine is less than half a unit of a budget of 8.5
    many = tuple(replace(road, id=f"r{i}", build=1, money={"own": 1.0}, must=False) for i in range(9))
    nine = Programme(many, ("Q1", "Q2"), {"own": np.array([8.5, 0.0])}, starts=9)
    assert [(b.rule, round(b.by, 6)) for b in shortfalls(nine, solver=solver)] == [("starts", 0.5)]
    more = replace(short, budgets={}, starts=3, quotas={"south": Quota(2)})
    found = {(b.rule, b.what): round(b.by, 6) for b in shortfalls(more, solver=solver)}
    assert found == {("starts", ""): 2.0, ("region_least", "south"): 2.0}
    few = replace(short, budgets={}, quotas={"north": Quota(0, 0)})
    (only,) = shortfalls(few, solver=solver)
    assert (only.rule, only.what, round(only.by, 6)) in (("region_most", "north", 1.0), ("must", "road", 1.0))
    dear = replace(short, budgets={}, quotas={"north": Quota(money=4.0)})
    found = {(b.rule, b.what): round(b.by, 6) for b in shortfalls(dear, solver=solver)}
    assert found == {("must", "road"): 0.333333}  # 2 of 6, and not 2 of 4
    assert shortfalls(three(), solver=solver) == []


def test_which_rules_may_give() -> None:
    """Each side that is bounded, but never that a project that need not start is short of its start."""
    problem, rules = elastic(columns(replace(three(), quotas={"north": Quota(1, 2, 9.0)})))
    own = [("budget", f"own Q{q}") for q in range(1, 5)] + [("budget", f"loan Q{q}") for q in range(1, 5)]
    assert rules == [*own, ("region_least", "north"), ("region_most", "north"), ("region_money", "north")]
    assert problem.cost.tolist() == pytest.approx(
        [0.0] * 10 + [-1 / 3, -1 / 3, -1 / 2, -1 / 2, -1, -1, -1, -1, -1, -1 / 2, -1 / 9]
    )
    assert not problem.integer.any() and problem.high[:10].tolist() == [1.0] * 10
    assert np.isinf(problem.high[10:]).all() and not problem.low.any()


def test_the_first_choice_by_hand() -> None:
    """The park first, at once: half a unit a quarter; then the road at once, and no quarter has 3 left for
    the mill. The latest first: beside the park the last quarter has 1.5, and the road needs 2."""
    own = columns(three())
    by_worth = own.worth + np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1])
    assert first_choice(own, by_worth) == {"park": 0, "road": 0}
    assert first_choice(own, own.quarter.astype(float)) == {"park": 3, "road": 1}


def choice(**changes: object) -> dict[str, int]:
    """The first choice by value, with all the money there could be."""
    programme = replace(three(), budgets={"own": np.full(4, 99.0)}, **changes)
    own = columns(programme)
    return first_choice(own, own.worth)


def test_the_first_choice_keeps_every_rule_to_the_edge() -> None:
    """A quota of money just reached is kept; a project more is not."""
    assert choice() == {"road": 0, "park": 0, "mill": 2}
    assert choice(quotas={"north": Quota(money=13.0)}) == {"road": 0, "park": 0, "mill": 2}
    assert choice(quotas={"north": Quota(money=12.9)}) == {"road": 0, "mill": 2}
    assert choice(quotas={"north": Quota(most=2)}) == {"road": 0, "park": 0, "mill": 2}
    assert choice(quotas={"north": Quota(most=1)}) == {"road": 0, "mill": 2}
    assert choice(quotas={"north": Quota(most=0)}) == {}
    assert choice(quotas={"south": Quota(most=0)}) == {"road": 0, "park": 0}
    road, mill, park = three().candidates
    one = {"one_of": ("site",)}
    assert choice(candidates=(replace(road, **one), mill, replace(park, **one))) == {"road": 0, "mill": 2}
    must = (replace(road, **one), mill, replace(park, must=True, **one))
    assert choice(candidates=must) == {"park": 0}
    worthless = (road, mill, replace(park, value=0.0))
    assert choice(candidates=worthless) == {"road": 0, "mill": 2}
    assert choice(candidates=(road, mill, replace(park, value=-1.0, must=True))) == {
        "road": 0,
        "mill": 2,
        "park": 3,
    }
    # built for three quarters the road is ready for the last start of the mill; for four it never is
    assert choice(candidates=(replace(road, build=3), mill)) == {"road": 0, "mill": 3}
    assert choice(candidates=(replace(road, build=4), mill)) == {"road": 0}


@pytest.mark.parametrize(
    ("own", "carry", "found"),
    [
        ([2.0, 2.0, 3.0, 0.0], False, {"road": 0, "mill": 2}),
        ([2.0, 2.0, 2.9, 3.0], False, {"road": 0, "mill": 3}),
        ([1.9, 2.0, 2.0, 3.0], False, {"road": 1, "mill": 3}),
        ([7.0, 0.0, 0.0, 0.0], True, {"road": 0, "mill": 2}),
        ([2.0, 1.9, 2.0, 1.0], True, {"road": 1}),
        ([1.0, 1.0, 2.0, 3.0], True, {"road": 1, "mill": 3}),
        ([1.0, 1.0, 2.0, 2.9], True, {"road": 1}),
    ],
)
def test_the_first_choice_spends_what_there_is(own: list[float], carry: bool, found: dict[str, int]) -> None:
    """The road spends 2 in each of two quarters, the mill 3 in one; the earliest that money lets."""
    road, mill, _ = three().candidates
    table = columns(Programme((road, mill), three().quarters, {"own": np.array(own)}, carry, discount=15.0))
    assert first_choice(table, table.worth) == found


@pytest.mark.parametrize("rule", RULES)
def test_the_best_choice_is_the_best_of_all(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All starts at once, and by a search in parts."""
    programme = replace(three(), **RULES[rule])
    best = best_by_trying(programme)
    for small in (1500, 0):
        monkeypatch.setattr(select, "SMALL", small)
        found = best_choice(programme)
        if best < 0:
            assert (found.status, found.found, found.starts) == (Status.INFEASIBLE, False, {})
            continue
        assert found.status is Status.OPTIMAL and found.found and found.gap <= 1e-9
        assert found.value == pytest.approx(best) == pytest.approx(programme.total(found.starts))
        assert found.bound >= found.value and not broken(programme, found.starts)
        assert 0 <= found.seconds < 30


@pytest.mark.parametrize("seed", range(2))
def test_a_search_in_parts_ends_where_the_whole_ends(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight candidates; with two projects opened in a round the search goes many rounds."""
    programme = projects(8, seed=seed, quarters=4, room=0.5)
    whole = best_choice(programme, solver="highs")
    monkeypatch.setattr(select, "SMALL", 0)
    for opened in (2, 150):
        monkeypatch.setattr(select, "ROUND", opened)
        found = best_choice(programme, solver="highs", time_limit=2.5)
        assert whole.status is Status.OPTIMAL and not broken(programme, found.starts)
        assert found.value <= whole.value + 1e-6 and found.bound >= whole.value - 1e-6
        if found.status is Status.OPTIMAL:
            assert found.value == pytest.approx(whole.value)
    assert found.status is Status.OPTIMAL


class Asked:
    """What a search asks its solver, which answers nothing, or what it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: Mixed) -> None:
        self.asked: list[dict[str, object]] = []
        self.answers = list(answers)
        monkeypatch.setattr(select, "choose", self)

    def __call__(self, solver: str, problem: object, wrong: object = None, **limits: object) -> Mixed:
        self.asked.append({"problem": problem, **limits})
        return self.answers.pop(0) if self.answers else Mixed(Status.TIME_LIMIT, None, np.inf)


def search(gap: float = 0.0, limit: float = 10.0) -> select._Search:
    return select._Search(three(), select.chosen("highs"), limit, gap)


def test_a_part_of_the_search_has_its_time_and_begins_at_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch)
    one = search(gap=0.25)
    table = rows(one.columns)
    one.among(table, table.low, table.high, 3.0)
    assert asked.asked[-1]["start"] is None and asked.asked[-1]["time_limit"] == 3.0
    assert asked.asked[-1]["gap"] == 0.25 and asked.asked[-1]["relax"] is False
    one.offer({"road": 0})
    one.among(table, table.low, table.high, 99.0)
    assert asked.asked[-1]["start"].tolist() == [1.0] + [0.0] * 9  # type: ignore[attr-defined]
    assert 8.0 < asked.asked[-1]["time_limit"] <= 10.0 - select.MARGIN  # type: ignore[operator]
    one.ask(table, relax=True, within=-1.0)
    assert (asked.asked[-1]["time_limit"], asked.asked[-1]["gap"]) == (0.05, 0.0)
    one.ask(table, relax=True, within=2.0)
    assert asked.asked[-1]["time_limit"] == 2.0


def test_a_part_of_the_search_holds_what_is_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """First all that is not liked stays out; then what is not opened stays as it is, for a fifth of the time
    that is left, and two seconds at least; a round that opens everything is the last."""
    asked = Asked(monkeypatch)
    one = search(limit=30.0)
    table = rows(one.columns)
    low, high = np.linspace(0, 0.5, 10), np.linspace(0.5, 1, 10)
    one.among(table, low, high, 3.0)
    part: Arrays = asked.asked[-1]["problem"]  # type: ignore[assignment]
    assert part.low is low and part.high is high and part.matrix is table.matrix
    monkeypatch.setattr(select, "SMALL", 5)
    one.offer({"road": 0})
    one.bound = 99.0
    opened = [np.array([at == 2 for at in range(10)]), np.ones(10, dtype=bool)]
    liked = np.array([at in (0, 3) for at in range(10)])
    monkeypatch.setattr(one, "liked", lambda relaxed: liked)
    monkeypatch.setattr(one, "around", lambda relaxed, rng: opened.pop(0))
    asked.asked.clear()
    relaxed = Mixed(Status.OPTIMAL, np.zeros(10), 99.0)
    assert one.search(table, relaxed).status is Status.TIME_LIMIT
    first, second, last = asked.asked
    spans = [(each["problem"].low.tolist(), each["problem"].high.tolist()) for each in asked.asked]  # type: ignore[attr-defined]
    here = [1.0, *[0.0] * 9]
    assert spans[0] == ([0.0] * 10, [1.0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    assert spans[1] == (here, [1.0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    assert last["problem"] is table and spans[2] == ([0.0] * 10, [1.0] * 10)
    assert 8.0 < first["time_limit"] <= 0.4 * 29.6 and 4.0 < second["time_limit"] <= 29.6 / 5  # type: ignore[operator]
    assert 20.0 < last["time_limit"] <= 29.6  # type: ignore[operator]
    assert all(each["start"].tolist() == here for each in asked.asked)  # type: ignore[attr-defined]
    opened[:] = [np.zeros(10, dtype=bool)] * 3
    monkeypatch.setattr(
        select,
        "choose",
        lambda *_, **limits: asked.asked.append(limits) or Mixed(Status.TIME_LIMIT, None, np.inf),
    )
    asked.asked.clear()
    times = iter([3.0, 3.0, 3.0, 3.0, 3.0, 0.4, 0.4])
    monkeypatch.setattr(select._Search, "left", property(lambda self: next(times)))
    assert one.search(table, relaxed).status is Status.TIME_LIMIT
    assert [round(each["time_limit"], 6) for each in asked.asked] == [1.2, 2.0]  # type: ignore[call-overload]


def test_what_is_offered_is_taken_only_where_it_is_better_and_allowed() -> None:
    one = search()
    assert one.point() is None and not one.close()
    one.offer(None)
    one.offer({"mill": 1})  # without the road
    assert one.starts is None and one.ended(Status.INFEASIBLE).found is False
    one.offer({"road": 0})
    one.offer({"park": 1})
    assert (one.starts, one.value) == ({"road": 0}, 4.0)
    one.offer({"road": 0, "park": 0})
    assert (one.starts, one.value) == ({"road": 0, "park": 0}, 8.0)
    assert one.wrong(one.columns.point({"road": 0})) == ""
    assert "mill" in one.wrong(one.columns.point({"mill": 1}))
    one.bound = 8.0 * (1 + 2e-9)
    assert not one.close()
    one.bound = 8.0
    assert one.close()
    one.gap, one.bound = 0.25, 10.0
    assert one.close()
    one.bound = 10.1
    assert not one.close()
    answer = one.ended(Status.TIME_LIMIT)
    assert (answer.value, answer.bound, answer.found, answer.starts) == (8.0, 10.1, True, one.starts)
    assert answer.gap == pytest.approx(2.1 / 8)
    one.bound = 7.0
    assert one.ended(Status.OPTIMAL).bound == 8.0


def test_the_gap_of_an_answer() -> None:
    def gap(value: float, bound: float, found: bool = True) -> float:
        return select.ProjectChoice(Status.TIME_LIMIT, {}, value, bound, 1.0, found).gap

    assert gap(8.0, 10.0) == 0.25 and gap(10.0, 8.0) == 0.0 and gap(-8.0, -6.0) == 0.25
    assert gap(8.0, np.inf) == np.inf and gap(8.0, 10.0, found=False) == np.inf
    assert gap(0.0, 1.0) == pytest.approx(1e12)


def test_liked_are_the_best_and_what_relaxation_and_choice_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three projects 0.8 * 3 = 2 starts, rounded down; what is inside comes before the best reduced."""
    one = search()
    reduced = np.array([0, 9.0, 0, 0, 0, 0, 0, 0, 8.0, 7.0])
    bare = Mixed(Status.OPTIMAL, None, 9.0, reduced)
    assert np.flatnonzero(one.liked(bare)).tolist() == [1, 8]
    point = np.zeros(10)
    point[[3, 5, 7]] = 1e-8, 1e-10, 0.4
    assert np.flatnonzero(one.liked(Mixed(Status.OPTIMAL, point, 9.0, reduced))).tolist() == [3, 7]
    one.offer({"road": 0})
    assert np.flatnonzero(one.liked(Mixed(Status.OPTIMAL, point, 9.0, reduced))).tolist() == [0, 3, 7]
    assert np.flatnonzero(one.liked(bare)).tolist() == [0, 1]
    assert np.flatnonzero(one.liked(Mixed(Status.OPTIMAL, None, 9.0))).tolist() == [0, 6]


def test_projects_are_opened_whole_and_first_where_the_two_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    one, rng = search(), np.random.default_rng(1)
    one.offer({"road": 0})
    point = one.columns.point({"road": 0, "park": 2})
    point[1] = 1e-7
    relaxed = Mixed(Status.OPTIMAL, point, 9.0)
    monkeypatch.setattr(select, "ROUND", 1)
    assert all(one.around(relaxed, rng)[6:].all() for _ in range(20))  # the park, the one that differs
    assert not any(
        one.around(relaxed, rng)[:6].any() for _ in range(20)
    )  # that one is all that a round opens
    monkeypatch.setattr(select, "ROUND", 3)
    assert one.around(Mixed(Status.OPTIMAL, None, 9.0), rng).all()
    monkeypatch.setattr(select, "ROUND", 0)
    assert not one.around(relaxed, rng).any()


@pytest.mark.parametrize(
    ("answer", "status", "bound"),
    [
        (Mixed(Status.TIME_LIMIT, None, np.inf), Status.TIME_LIMIT, 10.0),
        (Mixed(Status.TIME_LIMIT, None, 9.0), Status.TIME_LIMIT, 9.0),
        (Mixed(Status.TIME_LIMIT, None, 99.0), Status.TIME_LIMIT, 10.0),
        (Mixed(Status.OPTIMAL, None, np.inf), Status.OPTIMAL, 10.0),
        (Mixed(Status.TIME_LIMIT, None, 8.0), Status.OPTIMAL, 8.0),
        (Mixed(Status.INFEASIBLE, None, np.inf), Status.TIME_LIMIT, 10.0),
    ],
)
def test_what_the_end_of_a_search_proves(
    answer: Mixed, status: Status, bound: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The choice is worth 8 of at most 10."""
    Asked(monkeypatch, answer)
    one = search()
    one.offer({"road": 0, "park": 0})
    one.bound = 10.0
    found = one.exactly(rows(one.columns))
    assert (found.status, found.bound, found.value) == (status, bound, 8.0)


def test_a_better_point_of_the_end_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    one = search()
    point = one.columns.point({"road": 0, "park": 0})
    Asked(monkeypatch, Mixed(Status.OPTIMAL, point, 8.0), Mixed(Status.TIME_LIMIT, point, 8.0))
    assert one.exactly(rows(one.columns)).value == 8.0
    two = search()
    two.among(rows(two.columns), np.zeros(10), np.ones(10), 1.0)
    assert two.starts == {"road": 0, "park": 0}


@pytest.mark.parametrize(
    ("relaxed", "status"),
    [
        (Mixed(Status.INFEASIBLE, None, np.inf), Status.INFEASIBLE),
        (Mixed(Status.TIME_LIMIT, np.zeros(10), np.inf), Status.TIME_LIMIT),
        (Mixed(Status.OPTIMAL, None, np.inf), Status.TIME_LIMIT),
    ],
)
def test_without_a_relaxation_there_is_the_first_choice(
    relaxed: Mixed, status: Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The greatest values of all three, 4 + 2 + 4, are the bound."""
    asked = Asked(monkeypatch, relaxed)
    found = search().run()
    assert (found.status, found.bound, len(asked.asked)) == (status, 10.0, 1)
    assert asked.asked[0]["relax"] is True


def test_no_time_is_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch)
    found = search(limit=0.0).run()
    assert (found.status, found.bound, asked.asked) == (Status.TIME_LIMIT, 10.0, [])
    assert found.value == three().total(found.starts) > 0
