"""Starts taken one by one from budgets and quotas: what is left after each, to the edge; and who is told when
one solver answers in place of another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dabiao.models.quantity import Bilingual
from dabiao.models.selection import HAIR, Candidate, Programme, Quota
from dabiao.models.words import msg
from dabiao.solvers.pyomo_imports import modelling
from dabiao.solvers.select_first import _Taker, first_choice
from dabiao.solvers.select_rows import columns
from dabiao.solvers.stumbles import hearing, stumbled


def candidate(name: str, region: str, money: dict[str, float], build: int) -> Candidate:
    return Candidate(name, Bilingual(zh=name), region, 8.0, money, build, 0, 9)


ROAD = candidate("road", "north", {"own": 4.0, "loan": 2.0}, 2)
MILL = candidate("mill", "south", {"own": 9.0, "gift": 1.0}, 3)


def taker(*own: Candidate, **changes: object) -> _Taker:
    """Three quarters; the road spends 2 and 1 in each of two, the mill 3 in each of three."""
    money = {"own": np.array([5.0, 6.0, 0.5]), "loan": np.array([1.0, 1.0, 2.0])}
    made = Programme(own or (ROAD, MILL), ("Q1", "Q2", "Q3"), money)
    return _Taker(columns(replace(made, **changes)))


def left(one: _Taker) -> list[list[float]]:
    """Budgets without the half hair that they may be passed by."""
    return np.round(one.budget, 4).tolist()


def test_money_is_taken_from_the_quarters_of_building() -> None:
    """Columns: the road in quarters 0 to 2, then the mill."""
    one = taker()
    assert left(one) == [[5, 6, 0.5], [1, 1, 2]]
    assert one.take(1) is False  # 2 of half a unit in the last quarter
    assert one.take(0) is True and one.starts == {"road": 0}
    assert left(one) == [[3, 4, 0.5], [0, 0, 2]]
    assert one.take(0) is False and left(one) == [[3, 4, 0.5], [0, 0, 2]]  # once is enough
    assert one.take(3) is False and one.starts == {"road": 0}
    rich = taker(budgets={"own": np.array([3.0, 3.0, 3.0])})
    assert rich.take(4) is True and rich.starts == {"mill": 1}
    assert left(rich) == [[3, 0, 0]]  # the third quarter of building is beyond the horizon
    own = {"own": np.array([3.0, 3.0, 3.0])}
    last = taker(budgets=own)
    assert last.take(5) is True and left(last) == [[3, 3, 0]] and own["own"].tolist() == [3, 3, 3]


def test_money_carried_over_is_spent_up_to_each_quarter() -> None:
    """5, 11 and 11.5 in all. The road from the second quarter takes 2 and then 4."""
    one = taker(carry=True)
    assert left(one) == [[5, 11, 11.5], [1, 2, 4]]
    assert one.take(1) is True and left(one) == [[5, 9, 7.5], [1, 1, 2]]
    assert one.take(3) is False and one.take(4) is True
    assert left(one) == [[5, 6, 1.5], [1, 1, 2]]
    early = taker(carry=True)
    assert early.take(0) is True and left(early) == [[3, 7, 7.5], [0, 0, 2]]


@pytest.mark.parametrize("carry", [False, True])
@pytest.mark.parametrize(("size", "hair"), [(2.0, 2.0), (200.0, 200.0), (0.5, 1.0)])
def test_a_budget_may_be_passed_by_half_a_hair(size: float, hair: float, carry: bool) -> None:
    """Of its size, and of one where it is less."""
    for over, fits in ((0.49, True), (0.51, False)):
        dear = candidate("dear", "north", {"own": size + over * HAIR * hair}, 1)
        one = taker(dear, budgets={"own": np.array([size, 0.0, 0.0])}, carry=carry)
        assert one.take(0) is fits


def test_quotas_and_groups_are_used_up() -> None:
    quotas = {"north": Quota(0, 2, 13.0), "south": Quota(0, 1)}
    rich = {"own": np.full(3, 99.0), "loan": np.full(3, 99.0)}
    more = replace(ROAD, id="more"), replace(ROAD, id="third"), replace(MILL, id="other")
    one = taker(ROAD, MILL, *more, quotas=quotas, budgets=rich)
    assert one.left == {"north": [2, 13.0], "south": [1, np.inf]}
    assert one.take(0) and one.left == {"north": [1, 7.0], "south": [1, np.inf]}
    assert one.take(3) and one.left["south"] == [0, np.inf] and not one.take(12)
    assert one.take(6) and one.left["north"] == [0, 1.0] and not one.take(9)
    assert one.starts == {"road": 0, "mill": 0, "more": 0}
    dear = taker(ROAD, *more, quotas={"north": Quota(0, 9, 11.9)}, budgets=rich)
    assert dear.take(0) and not dear.take(3)
    groups = {"one_of": ("site", "view")}
    site = taker(replace(ROAD, **groups), replace(MILL, one_of=("view",)), more[0], budgets=rich)
    assert site.take(2) and site.groups == {"site", "view"} and not site.take(3) and site.take(6)


def test_what_waits_is_taken_when_the_other_is_done() -> None:
    rich = {"own": np.full(3, 99.0)}
    one = taker(ROAD, replace(MILL, after=("road",)), budgets=rich)
    assert not one.take(5)  # nothing is there to wait for
    assert one.take(0) and not one.take(4) and one.take(5) and one.starts == {"road": 0, "mill": 2}
    late = taker(ROAD, replace(MILL, after=("road",)), budgets=rich)
    assert late.take(1) and not late.take(5)


def test_what_must_start_and_what_it_waits_for_come_first() -> None:
    """By order the park goes first and takes the money that the mill, which must start, needs: not so."""
    park = candidate("park", "north", {"own": 9.0}, 1)
    must = replace(MILL, must=True, build=1, after=("road",))
    own = Programme(
        (park, must, replace(ROAD, must=True)), ("Q1", "Q2", "Q3"), {"own": np.array([2, 2, 9.0])}
    )
    table = columns(own)
    order = np.array([9.0, 9, 9, 1, 1, 1, 3, 2, 1])
    assert first_choice(table, order) == {"road": 0, "mill": 2}
    free = columns(replace(own, candidates=(park, replace(must, must=False), replace(ROAD, must=False))))
    assert first_choice(free, order) == {"park": 2, "road": 0}
    # the mill waits for the road, which stands later in the order: a second round takes it
    poor = columns(replace(own, candidates=(replace(must, must=False), ROAD)))
    assert first_choice(poor, np.array([9.0, 9, 9, 1, 0, 0])) == {"road": 0, "mill": 2}


# ---- one solver in place of another


def test_the_nearest_listener_is_told_and_then_the_one_before() -> None:
    outer, inner = list[str](), list[str]()
    with hearing(lambda said: outer.append(said.of("en"))):
        with hearing(lambda said: inner.append(said.of("en"))):
            stumbled("highs", "glpk", msg("one"))
        stumbled("highs", "glpk", msg("two"))
        with pytest.raises(KeyError), hearing(lambda said: inner.append(said.of("en"))):
            raise KeyError
        stumbled("glpk", "highs", msg("three"))
    assert inner == ["glpk answered in place of highs: one"]
    assert outer == ["glpk answered in place of highs: two", "highs answered in place of glpk: three"]


def test_where_nobody_listens_there_is_a_warning() -> None:
    with pytest.warns(UserWarning, match="glpk .*highs.*four") as told:
        stumbled("highs", "glpk", msg("four"))
    assert [each.filename for each in told] == [__file__]


def test_pyomo_does_not_wait_for_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyomo.common import dependencies

    waiting = dependencies.DeferredImportCallbackFinder._callbacks
    monkeypatch.setitem(waiting, "scipy", [1])
    monkeypatch.setitem(waiting, "another", [2])
    import pyomo.core

    assert modelling() is pyomo.core and "scipy" not in waiting and waiting["another"] == [2]
    assert modelling() is pyomo.core  # nothing is left to withdraw
    monkeypatch.delattr(dependencies, "DeferredImportCallbackFinder")
    assert modelling() is pyomo.core  # nor is there in other versions
