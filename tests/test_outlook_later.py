"""The nation's outlook beyond the target year: its sign, its size, and that the target year is left alone; on
two regions."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from dabiao.engine.run import run
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.load import Loaded, examples, load_example


def growth(loaded: Loaded) -> np.ndarray:
    """GDP growth of every year in the central case, %."""
    gdp = run(loaded, draws=0).plan.path.gdp[:, 0]
    return np.asarray(100 * (gdp[1:] / gdp[:-1] - 1))


def later(name: str) -> int:
    """The year after the target year."""
    return load_example(name).scenario.years.target + 1


@cache
def changed(name: str, change: float) -> np.ndarray:
    """Growth where the nation's of the first later year is so many points higher."""
    return growth(load_example(name, (f"outlook.change.{later(name)}={change}",)))


def lasting() -> list[str]:
    """Shipped scenarios with a year beyond the target year."""
    return [
        name
        for name in examples()
        if load_example(name).scenario.years.last > load_example(name).scenario.years.target
    ]


@pytest.mark.first(1)
@pytest.mark.parametrize("name", lasting())
def test_a_weaker_nation_later_slows_later_years_alone(name: str) -> None:
    """A point less of the nation takes about a point of market growth: every later year, and nothing of the
    target year."""
    before, weaker, stronger = (changed(name, change) for change in (0, -1, 1))
    assert weaker[0] == pytest.approx(before[0], abs=1e-9)
    assert (weaker[1:] < before[1:]).all() and (stronger[1:] >= before[1:] - 1e-9).all()
    assert 0.3 < before[1] - weaker[1] < 1.5


@pytest.mark.first(1)
@pytest.mark.parametrize("name", [n for n in lasting() if not load_example(n).scenario.outlook.change])
def test_a_change_stated_anew_replaces_the_one_before(name: str) -> None:
    """Down by a point and back: the second later year grows as if nothing had been stated, but for what the
    first left behind."""
    first, last = later(name), load_example(name).scenario.years.last
    if last == first:
        pytest.skip("one later year")
    before = changed(name, 0)
    back = growth(load_example(name, (f"outlook.change.{first}=-1", f"outlook.change.{first + 1}=0")))
    kept = changed(name, -1)
    assert abs(back[2] - before[2]) < 0.5 * abs(kept[2] - before[2])


@pytest.mark.parametrize("change", [-2.7, -0.04, 0.3, pytest.param(2.9, marks=pytest.mark.slow)])
def test_it_has_the_sign_of_the_change(change: float) -> None:
    name = lasting()[0]
    moved = changed(name, change) - changed(name, 0)
    assert moved[1] * change > 0


@pytest.mark.parametrize("year", ["2019", "soon", "2024"])
def test_a_year_outside_of_the_horizon_is_told(year: str) -> None:
    with pytest.raises(ScenarioError, match=r"outlook\.change"):
        load_example("panzhihua-2024", (f"outlook.change.{year}=1",))
