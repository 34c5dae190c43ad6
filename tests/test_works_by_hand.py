"""Works of a list by hand: what they are in each draw, when they go, what they spend in each year and bring;
against one project after the other and plain sums of years."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dabiao.engine.projects.named import (
    Named,
    courses,
    named_projects,
    online,
    planned_spending,
    spending,
    unhindered_spending,
)
from dabiao.models.project import Durations, course, ramp_average
from dabiao.models.quantity import Draws
from dabiao.scenarios.schema import Scenario
from regions import Drawn, four, laid

INF = np.inf
MONTHS = {"approval": 5, "registration": 2, "construction": 18, "ramp_up": 12}
EDGE = 1e-6
"""A finish is the last moment of its month."""


def work(**over: Any) -> dict[str, Any]:
    """One project of the plants, approved, from March of the first year on."""
    data = {
        "title": "works",
        "sector": "plants",
        "invest": 18,
        "stage": "approved",
        "start": "2021-03",
        "months": MONTHS,
        "slip": 3,
    }
    return laid(data, over)


LIST: dict[str, dict[str, Any]] = {
    "asks": work(stage="planned", start="2021-04", funds={"bank": 40}, cancel=25, adds={"output": 5}),
    "ready": work(finish="2023-02", invest=30, slip=-2, funds={"bank": 10, "bond": 20}, key=False),
    "begun": work(stage="started", start="2020-03", finish="2021-06", invest=12, months={"registration": 12}),
    "half": work(stage="registered", start=None, done=40, slip=0, adds={"output": 2}),
    "late": work(
        stage="started", start="2018-07", finish="2020-09", done=75, slip=4, months={"registration": 33}
    ),
    "open": work(stage="commissioned", start="2019-01", finish="2020-06", adds={"output": 4}),
    "stops": work(start="2021-01", cancelled="2021-10", slip=0),
    "never": work(start="2021-06", cancelled="2021-06"),
    "mine": work(sector="mines", start="2022-05", adds={"process": "leaching", "capacity": 0.3}, invest=7),
}
FUNDS = {"bank": {"title": "bank", "amount": 20}, "bond": {"title": "bond"}}


def listing(works: dict[str, dict[str, Any]] = LIST, **changes: Any) -> Scenario:
    """Four sectors at rest with these works."""
    return Scenario.model_validate(laid(four(projects=works, funds=FUNDS), changes))


def doubtful(scenario: Scenario, draws: int = 3) -> Drawn:
    """Every number of its projects other in each draw, the first draw being the central one."""
    rng = np.random.default_rng(4)
    found = {}
    for stated in scenario.projects.values():
        numbers = [getattr(stated.months, name) for name in MONTHS]
        for each in (
            *numbers,
            stated.slip,
            stated.invest,
            stated.done,
            stated.cancel,
            *stated.funds.values(),
        ):
            if each is not None:
                found[id(each)] = each.value + np.append(0.0, rng.uniform(-1.5, 9.0, draws - 1))
    return Drawn(found)


def test_numbers_of_a_list_as_planned() -> None:
    """Months from January of the first year on; what is stated in % as parts."""
    scenario = listing()
    named = named_projects(scenario, Draws())
    at = named.places
    assert list(at) == list(LIST) and at["half"] == 3

    def row(name: str) -> list[float]:
        return [float(each) for each in np.round(getattr(named, name)[:, 0], 5)]

    assert row("invest") == [18, 30, 12, 18, 18, 18, 18, 18, 7]
    assert row("begins") == pytest.approx([3, 2, -10, -7.2, -30, -24, 0, 5, 16])
    assert row("ends") == pytest.approx([21, 26, 6, 10.8, -3, -6, 18, 23, 34])
    assert named.ends[1, 0] < 26 and named.promised is named.ends
    # begun: 10 of the months to its end and the usual delay of 2.9 or so are over
    usual = named.usual[:, 0]
    assert row("worked") == pytest.approx([0, 0, 10 / (16 + usual[2]), 0.4, 0.75, 1, 0, 0, 0], abs=1e-5)
    assert row("remaining") == pytest.approx(
        [18, 30, 12 * (1 - row("worked")[2]), 10.8, 4.5, 0, 18, 18, 7], abs=1e-4
    )
    assert row("slip") == [3, -2, 3, 0, 4, 3, 0, 3, 3]
    assert row("output") == [5, 0, 0, 2, 0, 4, 0, 0, 0.3]
    assert row("cancel") == [0.25, 0, 0, 0, 0, 0, 0, 0, 0]
    assert row("stop") == [INF, INF, INF, INF, INF, INF, 9, 5, INF]
    assert {fund: each[:2, 0].tolist() for fund, each in named.share.items()} == {
        "bank": [0.4, 0.1],
        "bond": [0, 0.2],
    }
    assert row("approval") == [5] * 9 and row("ramp_up") == [12] * 9 and row("construction") == [18] * 9
    assert row("registration") == [2, 2, 12, 2, 33, 2, 2, 2, 2]
    assert named.makes[:, 0].tolist() == [1, 0, 0, 1, 0, 1, 0, 0, 1]
    assert named.key.tolist() == [True, False] + [True] * 7
    assert named.ahead.tolist() == [True, True, False, False, False, False, True, True, True]
    assert named.under_way.tolist() == [False, False, True, True, True, False, False, False, False]
    assert named.has("commissioned").sum() == 1 and not named.has().any()
    assert named.lasts[:, 0] == pytest.approx(
        np.array([18, 24, 16, 18, 27, 18, 18, 18, 18]) + np.where(np.arange(9) == 5, 0, usual)
    )
    assert named.lasts[5, 0] == pytest.approx(18 - EDGE)


def test_the_usual_delay_and_what_was_decided() -> None:
    scenario = listing(listing={"slip": 2.5}, projects={"asks": {"decided": "2021-01"}})
    named = named_projects(scenario, Draws())
    assert named.usual.shape == (9, 1) and (named.usual == 2.5).all()
    assert named.decided.tolist() == [-3, 0, 0, 0, 0, 0, 0, 0, 0]
    assert named.begins[0, 0] == 0 and named.lasts[0, 0] == 20.5


def test_numbers_of_a_list_in_doubt() -> None:
    """No month and no money is below 0, a delay may be; how far works are moves the start of those without a
    date, and no share is beyond 1."""
    scenario = listing()
    half, asks, late = (scenario.projects[key] for key in ("half", "asks", "late"))
    assert half.done and late.done and asks.cancel
    drawn = Drawn(
        {
            id(half.done): np.array([40.0, 120.0, -10.0]),
            id(late.done): np.array([75.0, 80.0, 90.0]),
            id(half.slip): np.array([0.0, -4.0, 1.0]),
            id(half.months.construction): np.array([18.0, 20.0, -1.0]),
            id(asks.invest): np.array([18.0, -2.0, 20.0]),
            id(asks.cancel): np.array([25.0, 50.0, -5.0]),
            id(asks.funds["bank"]): np.array([40.0, 60.0, 30.0]),
        }
    )
    named = named_projects(scenario, drawn)
    assert named.worked[3].tolist() == [0.4, 1.0, 0.0] and named.worked[4].tolist() == [0.75, 0.8, 0.9]
    assert named.begins[3] == pytest.approx([-7.2, -18, 0]) and named.ends[3] == pytest.approx([10.8, 0, 18])
    assert named.begins[4] == pytest.approx([-30] * 3) and named.ends[4] == pytest.approx([-3] * 3)
    assert named.worked[5].tolist() == [1, 1, 1] and (named.begins[0] == 3).all()
    assert named.slip[3].tolist() == [0, -4, 1] and named.construction[3].tolist() == [18, 20, 0]
    assert named.invest[0].tolist() == [18, 0, 20] and named.cancel[0].tolist() == [0.25, 0.5, -0.05]
    assert named.share["bank"][0].tolist() == [0.4, 0.6, 0.3]
    assert named.remaining[3] == pytest.approx([10.8, 0, 18])
    # a finished one is wholly done, whatever is stated
    done = named_projects(listing({"open": laid(LIST["open"], {"done": 60})}), Draws())
    assert done.worked.tolist() == [[1.0]]
    # where none states how far it is, all is as planned
    plain = named_projects(listing({"asks": LIST["asks"]}), drawn)
    assert plain.begins.tolist() == [[3.0]] and plain.worked.tolist() == [[0.0]]


@pytest.mark.parametrize("moved", [0.0, -4.0, 2.5])
def test_courses_are_those_of_one_project_after_the_other(moved: float) -> None:
    scenario = listing()
    values = doubtful(scenario)
    named = named_projects(scenario, values)
    shifts = np.where(named.ahead, moved, 0.0)
    found = courses(named, shifts)
    both = courses(named, np.repeat(shifts[:, None], 3, axis=1))
    for draw in range(3):
        drawn = [np.broadcast_to(each, (9, 3))[:, draw] for each in _durations(named)]
        for j, plan in enumerate(named.plans):
            if plan.start is None:  # its start follows from how far it is in the draw
                continue
            path = course(plan.moved(shifts[j]), Durations(*drawn, np.zeros(9, bool)), j)
            for name in ("arrival", "approval", "start", "building", "registered", "part"):
                own = np.broadcast_to(getattr(found, name), (9, 3))[j, draw]
                if name == "part" and path.building == 0 and plan.stage != "approved":
                    assert own == 1.0
                else:
                    assert own == pytest.approx(getattr(path, name)), (plan.id, name, draw)
    for name in ("arrival", "start", "building", "registered"):
        assert np.array_equal(*np.broadcast_arrays(getattr(found, name), getattr(both, name)))


def _durations(named: Named) -> tuple[np.ndarray, ...]:
    return named.approval, named.registration, named.construction, named.ramp_up, named.slip


def test_courses_by_hand() -> None:
    """As planned: 5 months of approval before month 3 begin at 0, so that works begin at 5."""
    named = named_projects(listing(), Draws())
    found = courses(named, np.zeros(9))
    assert found.arrival[:, 0].tolist() == [0] * 9
    assert found.approval[:, 0].tolist() == [5] + [0] * 8
    assert found.start[:, 0] == pytest.approx([5, 2, 0, 0, 0, -6, 0, 5, 16])
    # late: due three months ago, with its delay of 4 there is one left; stopped: nine of 18 months
    assert found.building[:, 0] == pytest.approx([21, 22, 9, 10.8, 1, 0, 9, 0, 21], abs=1e-5)
    assert found.registered[:, 0] == pytest.approx([7, 4, 2, -INF, 3, -INF, 2, 7, 18])
    assert found.part[:, 0].tolist() == [1, 1, 1, 1, 1, 1, 0.5, 0, 1]


def test_what_the_plan_wants_of_each_year() -> None:
    """As the plan is written: no delay, no approval that comes late, nobody stops. Works ahead spend a
    month's part each month, and what lies before their registration in its month."""
    scenario = listing(listing={"slip": 0})
    named = named_projects(scenario, Draws())
    found = planned_spending(named, np.zeros(9), 4)
    years = found.years[..., 0]
    assert years[0] == pytest.approx([18 * 9 / 18, 18 * 9 / 18, 0, 0])  # months 3 to 21
    assert years[1] == pytest.approx([30 * 10 / 24, 30 * 12 / 24, 30 * 2 / 24, 0], abs=1e-4)
    # ten of its 16 months are over, and were not counted yet: it is registered in month 2
    assert years[2] == pytest.approx([12, 0, 0, 0]) and years[3] == pytest.approx([10.8, 0, 0, 0])
    # three quarters of what should be done, registered at month 3: all of it counts then
    assert years[4] == pytest.approx([18, 0, 0, 0]) and years[5].tolist() == [0] * 4
    assert years[6] == pytest.approx([12, 6, 0, 0]) and years[7] == pytest.approx([7, 11, 0, 0])
    assert years[8] == pytest.approx([0, 7 * 8 / 18, 7 * 10 / 18, 0])
    assert found.overdue[:, 0].tolist() == [0] * 9
    moved = planned_spending(named, np.array([2.0, -5, 0, 0, 0, 0, 0, 0, 8.5]), 4).years[..., 0]
    assert moved[0] == pytest.approx([18 * 7 / 18, 18 * 11 / 18, 0, 0])
    assert moved[1] == pytest.approx([15, 15, 0, 0], abs=1e-4) and moved[8, 1] == 0
    assert moved[8, 2] == pytest.approx(7 * 11.5 / 18)


def test_what_is_overdue_is_what_the_plan_wanted_and_nobody_counted() -> None:
    """Planned from 20 months before to 4 months after with 60 % in place: 5/6 were wanted. With 90 % in place
    nothing is overdue, and the rest goes at the plan's pace."""
    works = {
        key: work(stage="registered", start="2019-05", finish="2021-04", done=done, slip=6, invest=12)
        for key, done in (("behind", 60), ("ahead", 90))
    }
    works["past"] = work(stage="registered", start="2019-01", finish="2020-06", done=70, invest=10)
    named = named_projects(listing(works), Draws())
    found = planned_spending(named, np.zeros(3), 2)
    assert found.overdue[:, 0] == pytest.approx([12 * (5 / 6 - 0.6), 0, 3], abs=1e-5)
    assert found.years[:, 0, 0] == pytest.approx([2, 1.2, 0], abs=1e-5) and not found.years[:, 1].any()


def test_registration_in_a_later_year_brings_all_so_far() -> None:
    """Works from month 2 on, registered after 15 months: at 17 all that was placed since month 2 counts."""
    named = named_projects(listing({"one": work(months={"registration": 15, "construction": 30})}), Draws())
    years = planned_spending(named, np.zeros(1), 4).years[0, :, 0]
    assert years == pytest.approx([0, 18 * 22 / 30, 18 * 8 / 30, 0])
    path = courses(named, np.zeros(1))  # three months longer
    assert unhindered_spending(named, path, 4)[0, :, 0] == pytest.approx([0, 18 * 22 / 33, 18 * 11 / 33, 0])


# ---- spending as it goes


def placed_until(month: float, pieces: list[tuple[float, float, float]]) -> float:
    """Money in place at a month: pieces of so much money from a month on for so many months."""
    return sum(
        money * min(max((month - begin) / max(length, 1e-9), 0.0), 1.0) for begin, length, money in pieces
    )


@pytest.mark.parametrize("seed", range(4))
def test_spending_is_that_of_each_tranche(seed: int) -> None:
    rng, years = np.random.default_rng(seed), 4
    shape = (6, 3)
    remaining, before = rng.uniform(0, 9, shape), rng.uniform(0, 5, shape)
    remaining[1] = 0.0
    building = rng.choice([0.0, 4.0, 12.0, 26.0, 50.0], shape)
    registered = rng.choice([-INF, -1.0, 0.0, 5.0, 12.0, 30.0, INF], shape)
    count = max(1, min(years, int(np.ceil(building.max() / 12))))
    paid = (
        np.cumsum(rng.choice([0.5, 3.0, 7.0], (count, *shape)), axis=0)
        + 12.0 * np.arange(count)[:, None, None]
    )
    paid[:, 5] = INF
    found = spending(remaining, before, building, paid, registered, years)
    assert found.shape == (6, years, 3)
    for j in range(6):
        for d in range(3):
            works = building[j, d]
            pieces = []
            for k in range(count):
                length = min(12.0, works - 12 * k)
                if k == 0 or length > 0:
                    part = length / works if works else 1.0
                    pieces.append((paid[k, j, d], max(length, 0.0), remaining[j, d] * part))
            waiting = before[j, d] if registered[j, d] >= 0 else 0.0
            ends = [
                placed_until(12.0 * y, pieces) + waiting if 12.0 * y > registered[j, d] else 0.0
                for y in range(years + 1)
            ]
            assert found[j, :, d] == pytest.approx(np.diff(ends), abs=1e-6), (j, d)


def test_spending_without_hindrance_by_hand() -> None:
    """The list as it goes: delays make works longer, what was in place counts with a registration to come."""
    named = named_projects(listing(listing={"slip": 0}), Draws())
    found = unhindered_spending(named, courses(named, np.zeros(9)), 4)[..., 0]
    assert found[0] == pytest.approx([18 * 7 / 21, 18 * 12 / 21, 18 * 2 / 21, 0])
    assert found[2] == pytest.approx([12, 0, 0, 0])  # 7.5 before and 4.5 to come
    assert found[3] == pytest.approx([10.8, 0, 0, 0]) and found[5].tolist() == [0] * 4
    assert found[4] == pytest.approx([18, 0, 0, 0])
    assert found[6] == pytest.approx([9, 0, 0, 0]) and found[7].tolist() == [0] * 4
    assert found[8] == pytest.approx([0, 7 * 8 / 21, 7 * 12 / 21, 7 * 1 / 21])


def test_what_is_on_line_is_the_average_of_the_line() -> None:
    dates = np.array([[-30.0, 0.0, 7.0], [12.0, 29.5, INF], [-6.0, 3.0, 24.0], [50.0, 47.9, 2e6]])
    ramp = np.array([[12.0, 0.0, 24.0], [6.0, 18.0, 3.0], [0.0, 30.0, 12.0], [1.0, 0.0, 5.0]])
    found = online(dates, ramp, 4)
    assert found.shape == (4, 5, 3)
    for year in range(5):
        assert found[:, year] == pytest.approx(ramp_average(dates, ramp, year), abs=1e-12), year
    assert online(dates[:1], ramp[:1, :1], 2)[0, :, 1] == pytest.approx([0, 0.5, 1])
