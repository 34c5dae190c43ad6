"""A region of two sectors run year by year, against a plain loop over what each year's parts say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.models.economy import Economy, Households, PriceGrowth
from dabiao.models.links import ByBranch, Links
from dabiao.models.realisation import Realisation, put_in_place
from dabiao.models.sector import Commissioned, State, Supply
from figures import INF, NONE, col, near

LIMITS = {"a": 90.0, "b1": 48.0, "b2": INF}


class Sector:
    """Its limits grow by a tenth of themselves a year, its sales outside by one of each branch."""

    def __init__(self, id: str, *branches: str) -> None:
        self.id, self.routings = id, list[Any]()
        self.branches = tuple(SimpleNamespace(id=b, sector=id, supply_led=b == "a") for b in branches)

    def start(self, outside: np.ndarray) -> State:
        return State(0, NONE, outside)

    def advance(self, state: State, got: Commissioned) -> State:
        return State(state.year + 1, NONE, state.outside + 1)

    def supply(self, state: State, routing: Any = None) -> Supply:
        self.routings.append(routing)
        limit = col(*(LIMITS[b.id] * (1 + 0.1 * state.year) for b in self.branches))
        return Supply(limit, state.outside)

    def physical(self, state: State, output: np.ndarray) -> dict[str, np.ndarray]:
        return {f"made:{self.id}": output.sum(axis=0) * (1 + state.year), f"year:{self.id}": np.ones(1)}


def region() -> Economy:
    accounts: Any = SimpleNamespace(
        output=col(100, 50, 80),
        labour=col(0.4, 0.5, 0.25),
        va_ratio=col(0.5, 0.6, 0.25),
        household=col(20, 10, 4),
        government=col(5, 0, 8),
        outside=col(7, 6, 5),
        local=np.full((3, 3, 1), 0.1),
        links=Links(ByBranch(np.full((3, 3, 1), 0.1)), None),
        investment=SimpleNamespace(asked=lambda invested: col(0.5, 0.25, 0.0) * invested.sum(axis=0)),
    )
    growth = PriceGrowth(np.array([1.02]), np.array([1.03]), np.array([1.25]), col(1.1, 0.9, 1.0), {}, {})
    return Economy(
        2020,
        3,
        (Sector("a", "a"), Sector("b", "b1", "b2")),  # type: ignore[arg-type]
        accounts,
        Households(*(np.array([x]) for x in (0.8, 1.05, 10.0, 1.1, 0.9))),
        np.array([1.2]),
        growth,
        col(1.0, 0.5, 0.0),
        {},
        {},
    )


INVESTED = np.array([[[10.0], [25.0], [90.0]], [[5.0], [12.5], [40.0]]])
WORKS = Realisation(
    INVESTED, INVESTED / 2, np.ones((2, 2, 1)), np.array([[[4.0], [3.0]], [[2.0], [1.0]]]), {}, NONE
)


def plainly(own: Economy, year: int, most: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Output, limit and what is asked in a year."""
    limit = np.minimum([LIMITS[b.id] * (1 + 0.1 * year) for b in own.branches], most)
    asked_apart = own.demand(year, col(7 + year, 6 + year, 5 + year), INVESTED[:, year - 1] / 1.25**year)[
        :, 0
    ]
    links, made = own.links(year)[..., 0], np.minimum(limit, 1e6)
    for _ in range(2000):
        made = np.minimum(limit, links @ made + asked_apart)
        made[0] = limit[0]  # it leads
    return made, limit, links @ made + asked_apart


@pytest.mark.parametrize(
    "quotas", [None, np.array([[999.0, 60.0, 999.0], [20.0, 999.0, 999.0], [999.0] * 3])]
)
def test_every_year_of_a_region(quotas: np.ndarray | None) -> None:
    own, routing = region(), {"b": {"p": {"ore": 0.5}}}
    path = own.simulate(WORKS, routing, quotas)
    assert path.output.shape == (3, 4, 1) and path.output[:, 0, 0].tolist() == [100, 50, 80]
    assert path.limit[:, 0, 0].tolist() == path.asked[:, 0, 0].tolist() == [100, 50, 80]
    for year in (1, 2, 3):
        made, limit, asked = plainly(own, year, np.full(3, INF) if quotas is None else quotas[:, year - 1])
        assert path.output[:, year, 0] == near(made) and path.limit[:, year, 0] == near(limit)
        assert path.asked[:, year, 0] == near(asked)
    assert [sector.routings for sector in own.sectors] == [[None] * 3, [routing["b"]] * 3]  # type: ignore[attr-defined]
    output = path.output[..., 0]
    assert path.physical["made:b"][:, 0].tolist() == near(output[1:].sum(axis=0) * [1, 2, 3, 4])
    assert path.physical["made:a"][:, 0].tolist() == near(output[0] * [1, 2, 3, 4])
    assert list(path.physical) == ["made:a", "year:a", "made:b", "year:b"]
    added = output * [[0.5], [0.6], [0.25]]
    assert path.value_added[..., 0] == near(added) and path.gdp[:, 0].tolist() == near(added.sum(axis=0))
    assert path.sector_va("b")[:, 0].tolist() == near(added[1:].sum(axis=0))
    income = 0.9 * output.T @ [0.4, 0.5, 0.25] + 10 * 1.1 ** np.arange(4)
    assert path.income[:, 0].tolist() == near(income.tolist())
    spent = 34 * 1.05 ** np.arange(4) * (0.2 + 0.8 * income / income[0])
    assert path.consumption[:, 0].tolist() == near(spent.tolist())


def test_a_run_may_end_before_the_last_year() -> None:
    own = region()
    whole, first = own.simulate(WORKS), own.simulate(WORKS, until=1)
    assert first.output.shape == (3, 2, 1) and np.array_equal(first.output, whole.output[:, :2])
    assert own.simulate(WORKS, until=0).output[:, :, 0].tolist() == [[100], [50], [80]]
    assert whole.binds("a", 1) == "supply" and own.market is own.market


def test_what_is_put_in_place() -> None:
    """Nothing stands before the first year but what was usual; named works go before, unnamed key ones come
    when they get to it: 0.5 (100 - 30 + 10)."""
    assert WORKS.placed(0)[:, 0].tolist() == [4, 2] and WORKS.placed(1)[:, 0].tolist() == [10, 5]
    assert WORKS.placed(3)[:, 0].tolist() == [90, 40]
    found = put_in_place(
        np.array([[0.5], [2.0]]),
        np.array([[[100.0], [60.0]], [[10.0], [20.0]]]),
        np.array([[[30.0], [0.0]], [[4.0], [5.0]]]),
        np.array([[[10.0], [6.0]], [[1.0], [0.0]]]),
    )
    assert found[..., 0].tolist() == [[40.0, 33.0], [14.0, 30.0]]
