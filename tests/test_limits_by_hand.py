"""Limits of two sectors worked out on paper: what a plan uses of each kind, its rows for an optimiser, what
it leaves of the money that sectors keep, what a unit of it is worth."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.models import limits
from dabiao.models.limits import LIMITS, TOTAL_MONEY, Bound, Ground, Paths, Row, naming
from dabiao.models.plan import Plan
from dabiao.models.quantity import Bilingual

INF = float("inf")
NONE: Any = None
PLANNED = np.array([[30.0, 40.0, 50.0], [50.0, 60.0, 66.0]])
"""Two sectors, three years; the target year is the second: 40 and 60."""
PATHS = Paths(
    PLANNED, np.array([[0.75, 1.0, 1.25], [0.5, 1.0, 1.1]]), np.array([[0.0] * 3, [20.0, 0.0, 0.0]])
)


def ground(**more: Any) -> Ground:
    usual = Ground(
        ("a", "b"),
        np.array([40.0, 60.0]),
        np.array([32.0, 0.0]),
        90.0,
        NONE,
        {"s:0": 0.0, "s:-6": -6.0, "s:-9": -9.0},
        2,
    )
    return replace(usual, **more)


def plan(*money: float, shifts: dict[str, float] | None = None) -> Plan:
    """The same money in each of three years, by sector."""
    return Plan("p", Bilingual(en="p"), np.repeat(np.array(money)[:, None], 3, axis=1), shifts or {})


def made(kind: str, most: float, slack: float = 5.0, price: float = 1.0, **more: Any) -> Bound:
    return LIMITS[kind]("k", most, slack, price, **more)


def told(row: Row) -> dict[str, Any]:
    """A row by what is in it."""
    parts = {"money": row.money.tolist(), "starts": row.starts.tolist(), "extra": row.extra}
    parts |= {"unspent": row.unspent, "low": row.low, "high": row.high, "relax": row.relax, "part": row.part}
    return {key: each for key, each in parts.items() if each not in ([], 0.0, "", INF, -INF)}


# ---- grounds and rows


def test_the_ground_has_what_may_be_spent_without_a_relaxation() -> None:
    economy: Any = SimpleNamespace(sector_ids=("a", "b"))
    planned, before = np.array([40.0, 60.0]), np.array([32.0, 0.0])
    assert Ground.of(economy, planned, before, []).total == 100.0
    caps = [made("investment", 120.0), made("investment", 95.0), made("investment", 50.0, years=(1,))]
    found = Ground.of(economy, planned, before, [*caps, made("source", 9.0)], 2, {"s": 1.0})
    assert (found.total, found.sectors, found.year, found.starts) == (95.0, ("a", "b"), 2, {"s": 1.0})
    assert Ground.of(economy, planned, before, []).year == 1
    assert found.one(1).tolist() == [0.0, 1.0]


def test_the_ground_of_another_year() -> None:
    here = ground()
    other = here.at(1)
    assert (other.year, other.total, other.planned.tolist()) == (1, 90.0, [40.0, 60.0])
    paths = ground(paths=PATHS)
    assert paths.at(2).total == 90.0 and paths.at(2).planned.tolist() == [40.0, 60.0]
    assert (paths.at(3).total, paths.at(3).planned.tolist(), paths.at(3).year) == (116.0, [50.0, 66.0], 3)


def test_a_row_of_another_year_in_money_of_the_target_year() -> None:
    """m_1 = (0.75, 0.5) m + (0, 20) + moved; beyond 80 of that year's total is m_1 - 80."""
    first = ground(paths=replace(PATHS, moves=((1, 0), (0, 1)))).at(1)
    row = Row(2.0, money=np.array([3.0, 1.0]), extra=0.5, unspent=-0.5, low=10.0, high=200.0, part="x")
    found = first.levers(row)
    # weights 3.5 and 1.5: 1.5 * 20 - 0.5 * 80 is constant
    assert found.money.tolist() == [3.5 * 0.75, 1.5 * 0.5] and (found.extra, found.unspent) == (0.0, 0.0)
    assert (found.low, found.high) == (20.0, 210.0) and found.starts.tolist() == [0, 0, 0, 1.5, 0]
    assert (found.give, found.part) == (2.0, "x")
    bare = ground(paths=PATHS).at(1).levers(Row(1.0, starts=np.array([4.0]), extra=1.0, high=7.0))
    assert bare.money.tolist() == [0.75, 0.5] and bare.starts.tolist() == [4.0]
    assert bare.high == 7.0 - (20 - 80)


def test_rows_add_up_and_have_a_price() -> None:
    one = Row(2.0, money=np.array([1.0, 2.0]), starts=np.array([1.0]), high=10.0, allowed=8.0)
    both = one.added(Row(3.0, money=np.array([3.0, 5.0]), starts=np.array([2.0]), high=9.0, allowed=8.0))
    assert (both.money.tolist(), both.starts.tolist(), both.high, both.give) == ([4, 7], [3], 11.0, 2.0)
    bare = Row(1.0, money=np.array([1.0, 2.0]), high=10.0, allowed=8.0)
    assert (
        bare.added(one).starts.tolist() == [1.0] and one.added(replace(one, starts=np.zeros(1))).high == 12.0
    )
    assert (one.relax, one.worth(3.0)) == (-2.0, 6.0)
    percent = replace(one, percent=True)
    assert (percent.relax, percent.worth(3.0)) == (-0.02, 0.06)


# ---- what is stated


def test_a_limit_as_it_is_stated() -> None:
    weights = np.array([1.0, 0.5])
    for kind, sign, slack in (("source", 1.0, 4.0), ("floor", -1.0, 4.0), ("cut", 1.0, 4.0)):
        one = LIMITS[kind].of("k", 10.0, 14.0, None, weights, 100.0, "about", (1, 2), True)
        assert (one.id, one.most, one.slack, one.price) == ("k", sign * 10.0, slack, 0.0)
        assert one.weights.tolist() == [sign, 0.5 * sign] and one.end(ground()) == one.most + 4.0
        assert (one.about, one.years, one.together) == ("about", (1, 2), True)
    assert LIMITS["source"].of("k", 10.0, 6.0, 2.5, weights, 100.0).slack == 4.0
    assert LIMITS["source"].of("k", 10.0, 6.0, 0.0, weights, 100.0).price == 0.0
    # of all money what lies above the plan's total is a relaxation
    for most, end, slack in (
        (110.0, 130.0, 30.0),
        (90.0, 130.0, 40.0),
        (90.0, 80.0, 0.0),
        (110.0, 100.0, 0.0),
    ):
        total = LIMITS["investment"].of("k", most, end, None, weights, 100.0)
        assert (total.slack, total.price, total.most) == (slack, 1.0, most)


def test_what_kinds_say_of_themselves() -> None:
    every = ("a", "b")
    capped = {kind: tuple(limit.capped(("a",), every)) for kind, limit in LIMITS.items()}
    floored = {kind: tuple(limit.floored(("a",), every)) for kind, limit in LIMITS.items()}
    assert {kind: found for kind, found in capped.items() if found} == {
        "sector": ("a",),
        "absorption": every,
        "mix": every,
    }
    assert {kind: found for kind, found in floored.items() if found} == {"floor": ("a",), "cut": every}
    assert naming("fund") == "`on: source`" and naming("indicator", ", ") == (
        "`on: indicator`, `on: indicator_floor`"
    )
    assert LIMITS["cut"].told() == "part of its planned money that a sector may lose, %"
    assert LIMITS["advance"].told() == "months that a project may be brought forward"
    assert LIMITS["mix"].told() == "points that a share may move from the plan"
    yes = {
        name: {kind for kind, limit in LIMITS.items() if getattr(limit, name)}
        for name in ("all_money", "of_shares", "of_starts", "adds", "by_year")
    }
    assert (
        yes["all_money"] == {"investment"} and yes["of_shares"] == {"mix"} and yes["of_starts"] == {"advance"}
    )
    assert yes["adds"] == {"investment", "source", "sector", "floor"}
    assert set(LIMITS) - yes["by_year"] == {"indicator", "indicator_floor", "advance"}
    assert made("investment", 1.0).sets_total and not made("investment", 1.0, years=(1,)).sets_total
    assert not made("source", 1.0).sets_total


# ---- each kind


def test_what_a_plan_uses_of_each_kind() -> None:
    """50 and 30, where 40 and 60 are planned and 32 and 0 were before, two years on."""
    here, own = ground(), plan(50.0, 30.0, shifts={"x": -4.0, "y": 3.0, "z": -7.0})
    weights = np.array([0.5, 2.0])

    def used(kind: str, **more: Any) -> float:
        return made(kind, 0.0, **more).used(own, NONE, here)

    assert used("investment") == 80.0
    assert used("source", weights=weights) == 85.0 == used("sector", weights=weights)
    assert used("floor", weights=-weights) == -85.0
    assert used("absorption") == pytest.approx(25.0)  # 32 * 1.25² = 50
    assert used("cut") == 50.0 and used("advance") == 7.0
    assert used("mix") == pytest.approx(22.5)  # 62.5 and 37.5 % in place of 40 and 60
    assert made("advance", 0.0).used(plan(1.0, 1.0), NONE, here) == 0.0
    assert made("absorption", 0.0).used(plan(8.0, 99.0), NONE, here) == 0.0  # it fell by half; b is new
    assert made("absorption", 0.0).used(plan(40.0, 0.0), NONE, ground(year=1)) == pytest.approx(25.0)
    assert made("cut", 0.0).used(plan(50.0, 80.0), NONE, here) == pytest.approx(-25.0)
    idle = ground(planned=np.array([0.0, 60.0]))
    assert made("cut", 0.0).used(plan(50.0, 80.0), NONE, idle) == 0.0  # a has nothing to lose


def test_what_is_used_over_some_years() -> None:
    own = Plan("p", Bilingual(en="p"), np.array([[10.0, 20.0, 30.0], [5.0, 50.0, 5.0]]))
    here = ground(paths=PATHS)
    for years, together, used in (
        ((1, 3), False, 35.0),
        ((1, 3), True, 50.0),
        ((), False, 70.0),
        ((1, 2, 3), False, 70.0),
    ):
        one = made("investment", 0.0, years=years, together=together)
        assert one.measured(own, NONE, here) == used
    assert [each.year for each in made("cut", 0.0, years=(3, 1)).grounds(here)] == [3, 1]
    assert made("cut", 0.0).grounds(here) == (here,)


def test_rows_of_each_kind() -> None:
    here, weights = ground(), np.array([0.5, 2.0])

    def rows(kind: str, most: float, **more: Any) -> list[dict[str, Any]]:
        return [told(row) for row in made(kind, most, **more).rows(here)]

    assert rows("investment", 95.0) == [{"extra": 1.0, "relax": -1.0}]
    assert next(iter(made("investment", 95.0).rows(here))).high == 0.0
    assert rows("investment", 95.0, years=(1,)) == [{"money": [1.0, 1.0], "high": 95.0, "relax": -1.0}]
    for kind, sign in (("source", 1.0), ("sector", 1.0), ("floor", -1.0)):
        assert rows(kind, sign * 70.0, weights=sign * weights) == [
            {"money": [sign * 0.5, sign * 2.0], "high": sign * 70.0, "relax": -1.0}
        ]
    # 32 * 1.25² = 50; a point more in each of two years is 2 * 32 * 1.25 / 100
    assert rows("absorption", 25.0) == [{"money": [1.0, 0.0], "high": 50.0, "relax": -0.8, "part": "a"}]
    assert rows("cut", 25.0) == [
        {"money": [1.0, 0.0], "low": 30.0, "relax": 0.4, "part": "a"},
        {"money": [0.0, 1.0], "low": 45.0, "relax": 0.6, "part": "b"},
    ]
    # shares of 40 and 60 % of 90, five points more or less
    found = rows("mix", 5.0)
    assert [row["part"] for row in found] == ["a:more", "a:less", "b:more", "b:less"]
    for row, one, end, side in zip(
        found, ([1, 0], [1, 0], [0, 1], [0, 1]), (0.45, 0.35, 0.65, 0.55), ("high", "low") * 2, strict=True
    ):
        assert row["money"] == one and row[side] == pytest.approx(90 * end)
        assert (row["extra"], row["unspent"]) == (pytest.approx(-end), pytest.approx(end))
        assert row["relax"] == pytest.approx(-0.9 if side == "high" else 0.9) and len(row) == 6
    # six months are allowed: nine are three more
    assert rows("advance", 6.0) == [{"starts": [0.0, 0.0, 9.0], "high": 6.0, "relax": -1.0, "part": "s:-9"}]
    assert [row["part"] for row in rows("advance", 5.0)] == ["s:-6", "s:-9"]
    idle = ground(planned=np.array([0.0, 60.0]))
    assert [row.part for row in made("cut", 25.0).rows(idle)] == ["b"]


def test_rows_by_name_over_years() -> None:
    here, weights = ground(paths=PATHS), np.array([1.0, 2.0])

    def named(kind: str, most: float = 70.0, **more: Any) -> dict[str, dict[str, Any]]:
        return {name: told(row) for name, row in made(kind, most, **more).named_rows(here).items()}

    plain = {"money": [1.0, 2.0], "high": 70.0, "relax": -1.0}
    assert named("source", weights=weights) == {"limit:k": plain}
    assert list(named("cut", 25.0)) == ["limit:k:a", "limit:k:b"]
    assert list(named("cut", 25.0, years=(1, 3))) == [
        f"limit:k:{part}:{year}" for year in (1, 3) for part in ("a", "b")
    ]
    assert list(named("source", weights=weights, years=(3,))) == ["limit:k"]
    # 0.75 a + 2 * 0.5 b + 2 * 20 <= 70 in the first year
    first = named("source", weights=weights, years=(1,))["limit:k"]
    assert first == {"money": [0.75, 1.0], "high": 30.0, "relax": -1.0}
    both = named("source", weights=weights, years=(1, 3), together=True)
    assert both == {"limit:k": {"money": [2.0, 3.2], "high": 30.0, "relax": -1.0}}
    apart = named("source", weights=weights, years=(1, 3))
    assert list(apart) == ["limit:k:1", "limit:k:3"] and apart["limit:k:3"]["money"] == [1.25, 2.2]
    # without paths nothing is said of other years' money
    bare = made("source", 70.0, weights=weights, years=(1,)).named_rows(ground())
    assert told(bare["limit:k"]) == plain
    early = made("advance", 6.0, years=(1,)).named_rows(here)
    assert told(early["limit:k:s:-9"])["starts"] == [0.0, 0.0, 9.0]


def test_what_a_unit_of_a_limit_is_worth() -> None:
    here = ground()
    prices = {"limit:k": 3.0, TOTAL_MONEY: 2.0, "limit:k:a": 5.0, "limit:k:b": -4.0, "limit:other": 9.0}
    assert made("source", 70.0, weights=np.ones(2)).worth(prices, here) == 3.0
    assert made("source", 70.0, weights=np.ones(2)).worth({}, here) == 0.0
    assert made("investment", 95.0).worth(prices, here) == 3.0
    assert made("investment", 95.0).worth({TOTAL_MONEY: 2.0}, here) == 2.0
    assert made("investment", 95.0).worth({}, here) == 0.0
    assert made("investment", 95.0, years=(1,)).worth(prices, ground(paths=PATHS)) == 3.0
    assert made("cut", 25.0).worth(prices, here) == pytest.approx(-0.4 * 5.0 + 0.6 * 4.0)
    assert made("advance", 6.0).worth(prices, here) is None


def test_what_sectors_may_have_whatever_the_others_have() -> None:
    here = ground()
    for kind in ("investment", "source", "mix", "advance"):
        least, most = made(kind, 5.0).spans(here, 3.0)
        assert least.tolist() == [0.0, 0.0] and most.tolist() == [INF, INF]
    least, most = made("absorption", 15.0).spans(here, 10.0)
    assert least.tolist() == [0.0, 0.0] and most.tolist() == [50.0, INF]
    least, most = made("cut", 15.0).spans(here, 10.0)
    assert least.tolist() == [30.0, 45.0] and most.tolist() == [INF, INF]


def test_what_is_left_of_the_money_that_sectors_keep() -> None:
    here, least = ground(), np.array([20.0, 30.0])

    def left(kind: str, most: float, **more: Any) -> list[float]:
        return made(kind, most, **more).leave(least, here).tolist()

    assert left("investment", 60.0) == [20.0, 30.0] and left("investment", 25.0) == [10.0, 15.0]
    assert left("investment", 50.0) == [20.0, 30.0] and left("investment", 25.0, years=(1,)) == [20.0, 30.0]
    own = np.array([0.5, 0.0])
    assert left("source", 20.0, weights=own) == [20.0, 30.0] and left("source", 5.0, weights=own) == [
        10.0,
        30.0,
    ]
    assert left("source", -5.0, weights=own) == [0.0, 30.0]
    assert left("source", 5.0, weights=np.zeros(2)) == [20.0, 30.0]
    assert left("floor", -5.0, weights=-own) == [0.0, 30.0]
    assert left("absorption", -50.0) == [8.0, 30.0]  # 32 halved twice
    assert left("cut", 10.0) == [0.0, 0.0] and left("mix", 1.0) == [20.0, 30.0]


def test_how_much_may_be_used_at_the_end_of_a_relaxation() -> None:
    assert made("source", 70.0).end(ground()) == 75.0
    assert made("investment", 95.0).end(ground()) == 95.0  # 90 and 5
    here = ground(paths=PATHS)
    for years, together, most, end in (
        ((1, 3), True, 300.0, 201.0),  # 80 + 116
        ((1, 3), True, 150.0, 155.0),
        ((1, 3), False, 300.0, 121.0),
        ((1, 3), False, 100.0, 105.0),
    ):
        assert made("investment", most, years=years, together=together).end(here) == end


def test_a_limit_on_an_own_indicator_is_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """20 levers: money of both sectors, then starts."""
    asked: list[Any] = []
    levers = np.array([1.0, 2.0, 3.0])

    def at_most(*args: Any) -> Any:
        asked.append(args)
        return SimpleNamespace(levers=levers, give=4.0, output={1: np.array([5.0])}, high=6.0)

    monkeypatch.setattr(limits, "at_most", at_most)
    own = SimpleNamespace(value=lambda path, year: np.array([year, year + 3.0]))
    economy: Any = SimpleNamespace(indicators={"jobs": own})
    path: Any = SimpleNamespace(economy=economy)
    here = ground(economy=economy, path=path, placed="placed")
    for kind, sign in (("indicator", 1.0), ("indicator_floor", -1.0)):
        one = made(kind, sign * 9.0, about="jobs")
        (row,) = one.rows(here)
        assert asked.pop() == (own, sign * 9.0, sign, 2, path, "placed")
        assert (row.money.tolist(), row.starts.tolist(), row.give, row.high) == ([1.0, 2.0], [3.0], 4.0, 6.0)
        assert row.output[1].tolist() == [5.0] and one.used(plan(1.0, 1.0), path, here) == sign * 3.5
    levers[:] = 0.0
    (row,) = made("indicator", 9.0, about="jobs").rows(here)
    assert row.money.size == row.starts.size == 0


def test_small_sectors_are_held_by_shares_too() -> None:
    """A half of 0.5 is cut off, where 60 stay; of 0.5 before the first year 0.98 is 40 % more a year."""
    small = ground(planned=np.array([0.5, 60.0]), before=np.array([0.5, 0.0]))
    assert made("cut", 9.0).used(plan(0.25, 60.0), NONE, small) == pytest.approx(50.0)
    assert made("absorption", 9.0).used(plan(0.98, 60.0), NONE, small) == pytest.approx(40.0)
