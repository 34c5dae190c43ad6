"""Futures, their inputs and what is read off them, on laws and samples that are stated: every number can be
counted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import NormalDist
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest
from dabiao.engine.projects.listed import central_list
from dabiao.engine.uncertainty import (
    delays,
    discovery,
    drivers,
    ensemble,
    mixes,
    pick_freeze,
    price,
    sensitivity,
    tornado,
)
from dabiao.engine.uncertainty import (
    futures as draws,
)
from dabiao.engine.uncertainty.causes import LUCK, by_cause, cause_of, until
from dabiao.engine.uncertainty.chances import with_chances
from dabiao.engine.uncertainty.decomposition import REST
from dabiao.engine.uncertainty.ensemble import Ensemble, Estimate
from dabiao.engine.uncertainty.futures import Futures, Sample, read_by
from dabiao.engine.uncertainty.inputs import Drawn, Input, Inputs, inputs_of, shocks_on
from dabiao.engine.uncertainty.pick_freeze import in_order, strongest
from dabiao.engine.uncertainty.sample_points import Points
from dabiao.models.distributions import Law, Normal
from dabiao.models.errors import DabiaoError
from dabiao.models.shocks import NONE
from dabiao.models.special import ndtr
from dabiao.models.target import Target
from dabiao.models.uncertainty import tabulated
from futures import linear, loaded
from toys import YEAR, Draws, path_of, plan, row

VALUES = {"growth": (0.1, 0.2), "dirt": (0.0, 0.5)}
OFF = np.repeat([-3.0, -1.0, 0.0, 2.0], 16)


@dataclass(frozen=True)
class Line(Law):
    """low + width u."""

    low: float
    width: float

    def ppf(self, u: np.ndarray) -> np.ndarray:
        return self.low + self.width * np.asarray(u)


# ---- inputs


def inputs() -> Inputs:
    """Four rows, of which the second and fourth are correlated normals."""
    rows = (
        Input("a", Line(1.0, 2.0)),
        Input("b", tabulated(Normal(3.0, 2.0))),
        Input("c", tabulated(Normal(-1.0, 0.5))),
        Input("d", tabulated(Normal(0.0, 1.0))),
    )
    table = np.array([[1.0, 0.6], [0.6, 1.0]])
    return Inputs(rows, ("kept",), (((3, 1), table),))


def test_values_of_inputs_from_uniforms() -> None:
    """Of two correlated normals the first named is its own score, the second 0.6 of it and 0.8 of its own."""
    one = inputs()
    u = np.array([[0.25, 0.5], [0.9, 0.3], [0.7, 0.2], [0.1, 0.6]])
    found = one.values(u)
    assert list(found) == ["a", "b", "c", "d"] and one.place == {"a": 0, "b": 1, "c": 2, "d": 3}
    score = np.vectorize(NormalDist().inv_cdf)(u)
    assert found["a"] == pytest.approx([1.5, 2.0]) and found["c"] == pytest.approx(
        -1 + 0.5 * score[2], abs=1e-4
    )
    assert found["d"] == pytest.approx(score[3], abs=1e-4)
    assert found["b"] == pytest.approx(3 + 2 * (0.6 * score[3] + 0.8 * score[1]), abs=1e-4)
    some = one.some(["c", "a"], u)
    assert list(some) == ["c", "a"] and (some["c"] == found["c"]).all() and (some["a"] == found["a"]).all()
    assert {key: own.tolist() for key, own in one.some(["b"], u).items()} == {"b": found["b"].tolist()}
    assert one.tables[0].tolist() == [2]


def test_rows_that_move_the_region_wander_or_count() -> None:
    names = (
        "x",
        "uncertainty.shocks.own.drift.2022",
        "indicators.coal.a",
        "a.drift.2022",
        "uncertainty.shocks.own.2022",
    )
    one = Inputs(tuple(Input(name, Line(0, 1)) for name in names), (), ())
    assert (one.moving, one.wandering) == (3, 1)


def test_what_is_correlated_is_taken_in_the_order_of_the_inputs() -> None:
    found = in_order(inputs())
    ((rows, table),) = found.groups
    assert rows == (1, 3) and table.tolist() == [[1, 0.6], [0.6, 1]] and found.rows == inputs().rows
    three = np.array([[1, 0.1, 0.2], [0.1, 1, 0.3], [0.2, 0.3, 1]])
    ((rows, table),) = in_order(replace(inputs(), groups=(((2, 3, 0), three),))).groups
    assert rows == (0, 2, 3) and table.tolist() == [[1, 0.2, 0.3], [0.2, 1, 0.1], [0.3, 0.1, 1]]


def test_what_moves_with_an_input() -> None:
    """With d moves b, which is correlated with it; with a nothing else."""
    one = in_order(inputs())
    rng = np.random.default_rng(1)
    a, b = rng.random((2, 4, 8))
    before = one.values(a)

    def moved(*rows: int) -> dict[str, np.ndarray]:
        mixed = a.copy()
        mixed[list(rows)] = b[list(rows)]
        found = pick_freeze._moved(one, mixed, rows, before)
        every = one.values(mixed)
        assert all((found[name] == every[name]).all() for name in found)
        assert all((before[name] == every[name]).all() for name in every if name not in found)
        return found

    assert set(moved(0)) == {"a"} and set(moved(1)) == {"b", "d"} and set(moved(3, 2)) == {"c", "d"}


def quantity(path: str, value: float = 4.0) -> Any:
    return SimpleNamespace(path=path, value=value, values=None)


def test_parts_of_a_model_are_made_once_for_what_they_read(tmp_path: Path) -> None:
    """A part that reads no number in doubt is made once for all draws; of a scenario alike it is known
    which."""
    made: list[str] = []
    shared: Any = {}

    def part(name: str, *reads: Any) -> Any:
        def make(values: Any) -> Any:
            made.append(name)
            return [float(values(each)[0]) for each in reads]

        return make

    scenario = loaded(tmp_path, linear()).scenario
    sure, odd = scenario.accounts.gdp, scenario.accounts.fai
    one = Drawn({odd.path: np.array([1.0, 2.0])}, shared)
    assert one.once("calm", part("calm", sure)) == [sure.value] and one.once("calm", part("calm", sure)) == [
        sure.value
    ]
    assert made == ["calm"] and shared["calm"][1] == {sure.path}
    assert one.once("moved", part("moved", odd, sure)) == [1.0, sure.value]
    assert made == ["calm", "moved", "moved"]  # in the centre, to see what it reads, and in the draws
    one.once("moved", part("moved", odd))
    two = Drawn({odd.path: np.array([3.0])}, shared)
    assert two.once("calm", part("calm", sure)) == [sure.value] and len(made) == 3
    assert two.once("moved", part("moved", odd)) == [3.0] and len(made) == 4
    alike = Drawn({odd.path: np.array([5.0])}, {}, shared)
    assert alike.once("moved", part("moved", odd)) == [5.0] and len(made) == 5 and alike.parts == {}
    alike.once("calm", part("calm", sure))
    assert len(made) == 6 and list(alike.parts) == ["calm"]
    assert one(odd).tolist() == [1, 2] and one(sure).tolist() == [sure.value]
    found = one.rows([sure, None, odd])
    assert found.shape == (3, 2) and found[0].tolist() == [sure.value] * 2 and found[2].tolist() == [1, 2]
    assert one.rows([sure]).shape == (1, 1)


def test_which_shocks_strike_a_sector() -> None:
    """Its own, that of a group which holds all its classes or groups, but not one whose name is a
    sector's."""
    groups = {"wide": ["x", "y"], "all": ["x", "y", "z"], "one": ["x"], "mills": ["z"]}
    sectors = {
        "farms": SimpleNamespace(national={"x": 1.0, "y": 1.0}),
        "mills": SimpleNamespace(national={"x": 1.0}),
        "shops": SimpleNamespace(national={"one": 1.0, "y": 1.0}),
        "mines": SimpleNamespace(national={"z": 1.0}),
    }
    shocks = dict.fromkeys(["wide", "mills", "all", "one", "x", "farms"])
    scenario: Any = SimpleNamespace(
        national=SimpleNamespace(groups=groups),
        sectors=sectors,
        uncertainty=SimpleNamespace(shocks=SimpleNamespace(sectors=shocks)),
    )
    assert shocks_on(scenario, "farms") == ("wide", "all", "farms")
    assert shocks_on(scenario, "mills") == ("wide", "mills", "all", "one", "x")
    assert shocks_on(scenario, "shops") == ("wide", "all") and shocks_on(scenario, "mines") == ("all",)


def test_causes_of_inputs() -> None:
    """Each by its path."""
    told = {
        "uncertainty.shocks.province.2024": "province",
        "uncertainty.shocks.province.drift.2025": "drift",
        "uncertainty.shocks.own.drift.2025": "own",
        "uncertainty.shocks.sectors.mills.drift.2025": "sectors.mills",
        "chains.a.materials.b.2024": "chain_prices",
        "chains.a.materials.b.price": "chain_prices",
        "chains.a.materials.b.market.trend": "markets",
        "sectors.a.visitors.growth": "markets",
        "prices.gdp": "prices",
        "sectors.a.price_growth": "prices",
        "projects.a.slip": "timing",
        "pool.months.approval": "timing",
        "pipeline.x": "timing",
        "pool.invest": "projects",
        "funds.x": "money",
        "accounts.fai": "money",
        "accounts.transfers": "demand",
        "sectors.a.demand": "demand",
        "sectors.a.trend": "land",
        "sectors.a.capacity.x": "capacity",
        "chains.a.recovery.b": "capacity",
        "indicators.x": "indicators",
        "relations.x": "relations",
        "sectors.a.va": "links",
        "odd": "other",
    }
    assert {name: cause_of(name) for name in told} == told
    assert by_cause(["odd", "prices.gdp", "even"]) == {"other": ["odd", "even"], "prices": ["prices.gdp"]}
    names = ["a.2023", "b", "c.2025", "d.20245", "e.2024.x"]
    assert until(names, 2024) == ["a.2023", "b", "d.20245", "e.2024.x"] and until(names, 2025) == names


# ---- samples


def test_values_as_they_count() -> None:
    futures: Any = SimpleNamespace(parts={}, alike={})
    one = Sample(futures, {}, 0, 4)
    assert one.seen(np.array([5.0])).tolist() == [5] * 4 and one.seen(np.arange(4.0)).tolist() == [0, 1, 2, 3]
    one.__dict__["economy"] = "economy"
    picked = one.picked(np.array([3, 3, 0]))
    assert picked.seen(np.arange(4.0)).tolist() == [3, 3, 0] and picked.__dict__["economy"] == "economy"
    assert picked.draws == 4 and picked.first == 0 and "sheet" not in picked.__dict__


def test_what_a_changed_sample_shares() -> None:
    """Numbers that projects alone read leave the region; others leave the pipeline; new luck leaves
    neither."""
    futures: Any = SimpleNamespace(
        parts={}, alike={}, by_projects=frozenset({"p", "both"}), by_region=frozenset({"r", "both"})
    )
    one = Sample(futures, {"p": np.zeros(1), "r": np.zeros(1)}, 16, 4)
    one.__dict__.update(economy="economy", sheet="sheet", drawn_pipeline="pipeline", shocks="shocks")

    def shared(first: int | None = None, *names: str) -> dict[str, Any]:
        other = one.changed({name: np.ones(1) for name in names}, first)
        assert all(other.inputs[name].tolist() == [1] for name in names) and other.draws == 4
        assert other.first == (16 if first is None else first)
        return {
            key: other.__dict__.get(key)
            for key in ("economy", "sheet", "drawn_pipeline")
            if key in other.__dict__
        }

    assert shared(None, "p") == {"economy": "economy", "sheet": "sheet"}
    assert shared(None, "r") == {"drawn_pipeline": "pipeline"} and shared(None, "both") == {}
    assert shared(99) == {"economy": "economy", "sheet": "sheet"}
    assert shared(16) == {"economy": "economy", "sheet": "sheet", "drawn_pipeline": "pipeline"}
    assert shared(None, "p", "r") == {}


def test_held_draws_are_taken_over_once() -> None:
    """Those of the first 4,096, each block once; the points are shared."""
    futures = Futures.__new__(Futures)
    futures._held, futures._before = None, {}
    made: list[Any] = []
    futures.at = lambda uniforms, first: made.append((uniforms, first)) or f"made {first}"  # type: ignore
    points: Any = SimpleNamespace(block=lambda first, count: (first, count))
    futures.points = points
    assert futures.sample(0, 2048) == "made 0" and futures._held is None  # type: ignore[comparison-overlap]
    futures.hold()
    for first, count in ((0, 2048), (2048, 2048), (4096, 16), (4080, 32)):
        futures.sample(first, count)
    assert set(futures._held) == {(0, 2048), (2048, 2048)}  # type: ignore[arg-type]
    other = Futures.__new__(Futures)
    futures.__dict__["listing"] = "listing"
    other.following(futures)
    assert other.points is points and other.listing == "listing" and other._held == {}  # type: ignore
    assert set(other._before) == {(0, 2048), (2048, 2048)}
    followed: Any = SimpleNamespace(planning=lambda own: ("planned", own is other))
    other._before = {(0, 2048): followed}
    other.at = lambda uniforms, first: f"new {first}"  # type: ignore
    assert other.sample(0, 2048) == ("planned", True) and other.sample(0, 2048) == "new 0"  # type: ignore
    other._before = {(0, 16): followed}
    other.apart()
    assert other._before == {}


def test_what_a_run_reads() -> None:
    chain = SimpleNamespace(materials={"ore": None})
    scenario: Any = SimpleNamespace(chains={"ridge": chain})
    assert read_by(scenario, frozenset({"x"})) == {
        "x",
        "chains.ridge.materials.ore.price_sd",
        "chains.ridge.materials.ore.price_reversion",
    }


# ---- an ensemble


class Book:
    """Futures that make samples of stated offsets; how many projects there are; how sure one is to be."""

    def __init__(self, projects: int = 0, error: float = 0.0, least: int = 64, most: int = 256) -> None:
        uncertainty = SimpleNamespace(draws_min=least, draws_max=most, error=error, seed=5)
        self.scenario: Any = SimpleNamespace(projects=dict.fromkeys(range(projects)), uncertainty=uncertainty)
        self.inputs: Any = SimpleNamespace(rows=("a", "b"), kept=("k",))
        self.years = 2
        self.bounds: list[tuple[int, int]] = []

    def sample(self, first: int, count: int) -> Any:
        self.bounds.append((first, count))
        return SimpleNamespace(first=first, draws=count, inputs={"x": np.arange(float(first), first + count)})


def bounds(
    count: int, workers: int, block: int | None, projects: int = 0, keep: Any = None
) -> list[tuple[int, int]]:
    book: Any = Book(projects)
    ensemble.simulated(book, {}, plan(1, 1), 0, count, workers, block, keep)
    return sorted(book.bounds)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target's value in a year is the number of the draw, and 1,000 more in the second."""

    def values(sample: Any, targets: Any, plan: Any) -> dict[str, np.ndarray]:
        own = np.arange(float(sample.first), sample.first + sample.draws)
        return {"growth": np.stack([own, own + 1000])}

    monkeypatch.setattr(ensemble, "values_by_year", values)


def test_draws_are_simulated_in_blocks(counted: None) -> None:
    """2,048 at a time, twice as many where there are plenty, fewer where many projects fill the cache, and a
    part for each thread."""
    chunk = ensemble.CHUNK
    assert {count for _, count in bounds(8192, 1, None)} == {4096}
    assert {count for _, count in bounds(8192 - 2048, 1, None)} == {2048}
    assert {count for _, count in bounds(8192, 1, None, keep=[])} == {2048}
    assert bounds(1000, 1, 512) == [(0, 512), (512, 488)]
    assert {count for _, count in bounds(4096, 2, None)} == {2048}
    half = max(2048 // 2 // chunk * chunk, chunk)
    assert {count for _, count in bounds(2048, 2, None)} == {half}
    assert {count for _, count in bounds(2048, 2, None, keep=[])} == {2048}
    many = 2**20 // 1000 // chunk * chunk
    assert max(count for _, count in bounds(8192, 1, None, projects=1000)) == max(min(many, 4096), chunk)
    assert max(count for _, count in bounds(8192, 1, None, projects=10**6)) == chunk


def test_inputs_and_samples_of_the_first_draws_are_held(counted: None) -> None:
    book, kept = Book(), list[Any]()
    futures: Any = book
    values, drawn = ensemble.simulated(futures, {}, plan(1, 1), 0, 6144, 1, 1536, kept)
    assert values["growth"][1].tolist() == list(range(1000, 7144)) and drawn["x"].tolist() == list(
        range(4096)
    )
    assert [sample.first for sample in kept] == [0]  # a second would end beyond 2,048
    none: list[Any] = []
    _, drawn = ensemble.simulated(futures, {}, plan(1, 1), 4096, 1024, 1, 1024, none)
    assert drawn == {} and none == []


def test_an_ensemble_doubles_until_it_is_sure(counted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(ensemble, "tell", lambda *some: told.append(some))
    target = row("growth", 1100.0)
    sheet: Any = SimpleNamespace(targets={"growth": target, "told": replace(row("told", 1), basis="stated")})
    # of 64, 128 and 256 draws none, 28 and 156 reach it
    book: Any = Book(error=0.0, least=64, most=256)
    found = ensemble.ensemble(book, sheet, plan(1, 1), 2, {"growth": np.zeros(2)}, workers=1)
    assert found.draws == 64 and found.met and list(found.targets) == ["growth"]  # no draw, no doubt
    target = row("growth", 1032.0)
    sheet.targets["growth"] = target
    told.clear()
    found = ensemble.ensemble(book, sheet, plan(1, 1), 2, {"growth": np.zeros(2)}, workers=1)
    assert found.draws == 64 and told[-1] == ("draws", 64, 64, 0.0) and told[0] == ("draws", 0, 64)
    target = row("growth", 1040.0)  # eight of sixteen parts have one more
    sheet.targets["growth"] = target
    told.clear()
    found = ensemble.ensemble(book, sheet, plan(1, 1), 2, {"growth": np.zeros(2)}, workers=1)
    assert (
        found.draws == 256
        and not found.met
        and [each[1:3] for each in told] == [*((0, 64), (64, 128), (128, 256), (256, 256))]
    )
    assert found.outcomes["growth"].tolist() == list(range(1000, 1256)) and found.drawn["x"].tolist() == list(
        range(256)
    )
    assert (found.seed, found.inputs, found.kept, found.asked, found.year) == (5, 2, ("k",), 0.0, 2)
    for more, block in (({"block": 32}, 32), ({"apart": 16}, 16), ({"block": 32, "apart": 16}, 32)):
        book.bounds.clear()
        kept: list[Any] = []
        ensemble.ensemble(book, sheet, plan(1, 1), 2, {}, draws=64, workers=1, keep=kept, **more)
        assert {count for _, count in book.bounds} == {block} and len(kept) == 64 // block
    exact = ensemble.ensemble(book, sheet, plan(1, 1), 2, {}, draws=96, workers=1)
    assert exact.draws == 96 and not exact.met
    sure: Any = Book(error=0.05, least=64, most=256)
    assert ensemble.ensemble(sure, sheet, plan(1, 1), 2, {}, workers=1).draws == 64
    with pytest.raises(ValueError, match="multiple of 16, found 40"):
        ensemble.ensemble(book, sheet, plan(1, 1), 2, {}, draws=40)
    monkeypatch.setattr(ensemble, "values_by_year", lambda *some: {})
    none = ensemble.ensemble(book, SimpleNamespace(targets={}), plan(1, 1), 2, {}, workers=1)  # type: ignore
    assert none.draws == 0 and none.met


def test_the_worst_error_is_that_of_the_main_targets() -> None:
    parts = [np.array([0, 1]), np.array([2, 3])]
    one, two = row("growth", 1, 3, main=True), row("dirt", at_most=2)
    outcomes = {"growth": np.array([1.0, 1, 1, 4]), "dirt": np.array([0.0, 0, 9, 9])}
    assert ensemble._worst({"growth": one, "dirt": two}, outcomes, parts) == pytest.approx(0.25)
    plain = replace(one, main=False)
    assert ensemble._worst({"growth": plain, "dirt": two}, outcomes, parts) == pytest.approx(0.5)
    assert ensemble._worst({}, outcomes, parts) == 0.0
    bare = row("bare")
    assert ensemble._worst({"bare": bare, "growth": plain}, outcomes, parts) == pytest.approx(0.25)


def test_values_of_targets_by_year_and_of_single_years() -> None:
    over: Any = "over"
    targets = {"growth": row("growth", 1), "span": row("span", 1, over=over)}

    def value(target: Target, path: Any, year: int) -> np.ndarray:
        return np.array([10.0 * year + (100 if target.over else 0) + (target.id == "span")])

    sample: Any = SimpleNamespace(
        path=lambda own: None,
        sheet=SimpleNamespace(targets=targets, value=value),
        futures=SimpleNamespace(years=3),
        seen=lambda own: np.repeat(own, 2),
    )
    found = ensemble.values_by_year(sample, targets, plan(1, 1))
    own, single = ensemble.parted(found)
    assert own["growth"].tolist() == [[10, 10], [20, 20], [30, 30]] and own["span"][:, 0].tolist() == [
        111,
        121,
        131,
    ]
    assert list(single) == ["span"] and single["span"][:, 1].tolist() == [11, 21, 31]
    assert ensemble.joined([{"a": np.ones((2, 1))}, {"a": np.zeros((2, 2))}])["a"].tolist() == [[1, 0, 0]] * 2


def test_work_is_done_in_order_by_some_or_by_one() -> None:
    import threading

    names: set[str] = set()

    def work(job: int) -> int:
        names.add(threading.current_thread().name)
        return 10 * job

    here = threading.current_thread().name
    assert ensemble.in_threads(work, [3, 1, 2], 1) == [30, 10, 20] and names == {here}
    assert ensemble.in_threads(work, [3], 2) == [30] and names == {here}
    assert ensemble.in_threads(work, [3, 1, 2], 2) == [30, 10, 20] and names != {here}


def made(growth: Any, **more: Any) -> Ensemble:
    """A main target of 7, 9 and a ceiling of 12, in the second of two years."""
    targets = {"growth": row("growth", 7, 9, main=True), "dirt": row("dirt", at_most=12)}
    rows = {"growth": np.stack([0 * growth, growth]), "dirt": np.stack([0 * growth, 13 - 0 * growth])}
    return Ensemble(targets, rows, {}, 2, 0.01, True, 3, (), 7, **more)


def test_verdicts_get_their_chances() -> None:
    @dataclass(frozen=True)
    class Told:
        tier: str
        target: Any = None
        probability: float | None = None
        error: float | None = None

    @dataclass(frozen=True)
    class All:
        outcomes: Any
        sheets: Any

    found = made(7 + OFF)
    every: Any = All(
        (Told("ensure", found.targets["growth"]), Told("at_most", found.targets["dirt"])), (Told("ensure"),)
    )
    told = with_chances(every, found)
    assert [(each.probability, each.error) for each in told.outcomes] == [(0.5, 0.5 / 64), (0.0, 0.5 / 64)]
    assert told.sheets[0].probability == 0.0 and told.sheets[0].error == 0.5 / 64


# ---- what is read off


def test_boxes_are_shaped_on_even_scramblings_and_judged_on_odd_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(discovery, "boxes", lambda *some, **more: asked.append((*some, more)) or ("box",))
    columns = {"rain": np.arange(48.0)}
    found = discovery.discover(made(7 + OFF), "growth", "ensure", columns)
    inputs, wanted, shape, judge, more = asked[0]
    assert inputs is columns and wanted.tolist() == [True] * 32 + [False] * 16 and more == {"most": 2}
    assert shape.tolist() == list(range(0, 48, 2)) and judge.tolist() == list(range(1, 48, 2))
    assert (found.share, found.draws, found.boxes, found.target, found.tier) == (
        32 / 48,
        48,
        ("box",),
        "growth",
        "ensure",
    )
    other = discovery.discover(made(7 + OFF), "growth", "ensure", columns, reached=True)
    assert other.share == 16 / 48
    none = discovery.discover(made(7 + OFF), "growth", "ensure", {})
    assert (none.boxes, none.share, none.draws) == ((), 0.0, 0) and len(asked) == 2


class Line2:
    """Futures of three named projects: one commissioned, one late, one that the horizon ends before."""

    def __init__(self, **more: Any) -> None:
        self.years = 2
        self.more = more

    def sample(self, first: int, count: int) -> Any:
        named = SimpleNamespace(
            has=lambda what: np.array([True, False, False, False]) if what == "commissioned" else None,
            ends=self.more.get("ends", np.array([[3.0], [12.0], [23.0], [24.0]])),
            remaining=np.array([[9.0], [6.0], [2.0], [5.0]]),
        )
        late = np.tile(np.arange(float(first), first + count), (4, 1)) % 8
        timing = SimpleNamespace(commissioned=np.array([[99.0], [13.0], [23.0], [99.0]]) + late)
        return SimpleNamespace(
            drawn_pipeline=SimpleNamespace(
                named=named, years=2, run=lambda plan: SimpleNamespace(timing=timing)
            )
        )


def test_delays_by_hand() -> None:
    """Of 6 of money 1 to 8 months late, of 2 as many as the horizon of 24 months leaves; nothing else
    counts."""
    book: Any = Line2()
    found = discovery.delays(book, plan(1, 1), 20, workers=1, block=8)
    late = np.arange(20) % 8
    expected = (6 * (1 + late) + 2 * np.minimum(late, 1)) / 8
    assert found is not None and found == pytest.approx(expected)
    none: Any = Line2(ends=np.array([[3.0], [24.0], [30.0], [24.0]]))
    assert discovery.delays(none, plan(1, 1), 20) is None
    held = made(7 + OFF, drawn={"rain": np.arange(16.0), "dust": np.ones(16)})
    columns = discovery.columns_of(book, held, plan(1, 1), ["rain"])
    assert list(columns) == ["rain", "delay"] and columns["delay"] == pytest.approx(expected[:16])
    assert list(discovery.columns_of(none, held, plan(1, 1), ["rain"])) == ["rain"]
    assert discovery.columns_of(book, made(7 + OFF), plan(1, 1), []) == {}


def test_what_a_delay_takes_by_hand() -> None:
    """A point is lost in every other future; the tier of 7 is reached from 6.5 on, smoothed over half the
    deviation by the fifth root of 64."""
    target = row("growth", 7)
    before = 7 + OFF
    after = before - np.tile([1.0, 0.0], 32)
    found = delays.slip_of("mill", before, after, target, "ensure")
    width = 0.5 * before.std() * 64**-0.2
    change = ndtr((after - 6.5) / width) - ndtr((before - 6.5) / width)
    assert (
        found.project == "mill"
        and found.effect.value == -0.5
        and found.chance.value == pytest.approx(change.mean())
    )
    by_part = np.array([change[k::16].mean() for k in range(16)])
    assert found.chance.error == pytest.approx(by_part.std(ddof=1) / 4)
    assert found.effect.error == pytest.approx(np.tile([-1.0, 0.0], 8).std(ddof=1) / 4)
    ceiling = delays.slip_of("mill", before, after, row("dirt", at_most=7), "at_most")
    turned = ndtr(-(after - 7.5) / width) - ndtr(-(before - 7.5) / width)
    assert ceiling.chance.value == pytest.approx(turned.mean()) and ceiling.chance.value > 0
    still = delays.slip_of("mill", np.full(64, 6.5), np.full(64, 6.4), target, "ensure")
    assert (still.chance.value, still.effect.value) == (-1.0, pytest.approx(-0.1))
    assert delays.slip_of("mill", np.full(64, 6.4), np.full(64, 6.5), target, "ensure").chance.value == 1.0


def test_rounding_is_no_doubt() -> None:
    """About a million the last ten-millionth says nothing; about one it does."""
    for threshold, lost in ((1e6, -1.0), (1.0, -0.5)):
        edge = threshold - 0.5
        before = edge + np.tile([1e-7, -1e-7], 32)
        found = delays.slip_of("mill", before, before - 2e-5 * threshold**0.5, row("a", threshold), "ensure")
        assert found.chance.value == pytest.approx(lost, abs=1e-6)


class Slipping:
    """A sample in which projects lose growth by the months that they come late."""

    def __init__(self, **losses: float) -> None:
        self.losses, self.late, self.draws = losses, dict[str, float](), 64
        slip = {key: SimpleNamespace(path=f"projects.{key}.slip") for key in losses}
        projects = {key: SimpleNamespace(slip=slip[key], stage="started") for key in losses}
        projects["done"] = SimpleNamespace(slip=None, stage="commissioned")
        self.futures = SimpleNamespace(scenario=SimpleNamespace(projects=projects))

    def values(self, quantity: Any) -> np.ndarray:
        return np.array([2.0])

    def changed(self, inputs: Mapping[str, np.ndarray]) -> Slipping:
        other = Slipping(**self.losses)
        other.late = {name.split(".")[1]: float(own[0]) - 2 for name, own in inputs.items()}
        return other

    def outcomes(self, own: Any, year: int) -> dict[str, np.ndarray]:
        lost = sum(self.losses[key] * months for key, months in self.late.items())
        return {"growth": path_of(own, VALUES).values["growth"] + OFF - lost}


def test_every_open_project_is_late_by_itself_and_all_at_once() -> None:
    sample: Any = Slipping(mill=0.1, farm=0.2, road=0.1)
    assert price.open_projects(sample) == ("mill", "farm", "road")
    found, whole = delays.delay_impacts(sample, plan(30, 20), YEAR, row("growth", 7), "ensure", workers=1)
    assert [(each.project, round(each.effect.value, 9)) for each in found] == [
        ("farm", -0.6),
        ("mill", -0.3),
        ("road", -0.3),
    ]
    assert whole is not None and (whole.project, whole.effect.value) == ("", pytest.approx(-1.2))
    less: Any = Slipping(mill=0.1, farm=0.2)
    turned, _ = delays.delay_impacts(less, plan(30, 20), YEAR, row("growth", at_most=7), "at_most", workers=1)
    assert [each.project for each in turned] == ["mill", "farm"]
    one: Any = Slipping(mill=0.1)
    found, whole = delays.delay_impacts(one, plan(30, 20), YEAR, row("growth", 7), "ensure", workers=1)
    assert [each.project for each in found] == ["mill"] and whole is None
    assert price.slipped(sample, ["mill"], 0.0) is sample
    assert price.slipped(sample, ["mill"], -3.0).late == {"mill": -3.0}  # type: ignore[attr-defined]


def test_the_price_of_certainty_of_both_levers() -> None:
    """The plan's 50 and 1, 2, 3, 4, 6, 8, 12 more; 40 times less than 50 is nearest to 1 of round amounts."""
    sample: Any = Slipping(mill=0.1)
    targets = {"growth": row("growth", 7, 9)}
    found = price.prices([sample, sample], plan(30, 20), YEAR, targets, workers=1)
    assert [(each.lever, each.target, each.tier) for each in found] == [
        (lever, "growth", tier) for lever in ("money", "earlier") for tier in ("ensure", "stretch")
    ]
    money, _, earlier, stretch = found
    assert [step.amount for step in money.curve.steps] == [0, 1, 2, 3, 4, 6, 8, 12]
    assert [step.amount for step in earlier.curve.steps] == [0, 1, 2, 3, 6, 9, 12]
    # 0.14 a unit of money: 12 bring 1.68, of half a point that a quarter lacks
    assert [step.probability for step in money.curve.steps] == [0.5] * 4 + [0.75] * 4
    assert [step.probability for step in earlier.curve.steps] == [0.5] * 4 + [0.75] * 3
    assert [step.probability for step in stretch.curve.steps][-1] == 0.25
    (reached,) = [level.amount for level in money.curve.levels if level.probability == 0.5]
    assert reached == 0.0
    none: Any = Slipping()
    poor = replace(plan(30, 20), investment=np.zeros((2, 3)))
    assert price.prices([none], poor, YEAR, targets, workers=1) == ()
    assert [price.nice(value) for value in (1.0, 1.4, 1.5, 3.1, 3.2, 7.0, 7.2, 0.03, 450.0)] == [
        *(1, 1, 2, 2, 5, 5, 10, 0.02, 500)
    ]


@pytest.mark.parametrize(
    ("target", "threshold", "value", "short"),
    [(row("a", 7), 7.0, 6.5, 0.0), (row("a", 7), 7.0, 6.4, 0.1), (row("a", 7), 7.0, 8.0, -1.5),
     (row("a", at_most=7), 7.0, 8.0, 0.5), (row("a", at_most=7), 7.0, 7.5, 1e-12),
     (row("a", at_most=7), 7.0, 7.0, -0.5)],
)  # fmt: skip
def test_what_is_short_of_a_tier(target: Target, threshold: float, value: float, short: float) -> None:
    found = float(price.short_of(target, np.array([value]), threshold)[0])
    assert found == pytest.approx(short, abs=1e-13)


def test_mixes_on_the_same_futures_by_hand() -> None:
    """More in mills wins half a point everywhere; GDP of the last year is compared where it is asked for."""

    class Mixed(Draws):
        futures: Any = None
        runs: ClassVar[list[Any]] = []

        @property
        def sheet(self) -> Any:
            every = {"growth": row("growth", 7, 9), "dirt": row("dirt", at_most=12)}
            return SimpleNamespace(
                targets=every, value=lambda target, path, year: path.values[target.id] + self.off[target.id]
            )

        def path(self, own: Any, until: int | None) -> Any:
            self.runs.append((own.id, until))
            found = path_of(own, VALUES)
            return SimpleNamespace(values=found.values, gdp=found.gdp + 0 * OFF)

    sample: Any = Mixed(VALUES, {"growth": OFF[::-1] + 0.25, "dirt": 0 * OFF})
    plans = {"plan": plan(30, 20, "plan"), "mills": plan(25, 25, "mills"), "more": plan(60, 20, "more")}
    targets = {"growth": row("growth", 7, 9), "dirt": row("dirt", at_most=12)}
    found = mixes.mixes_on_draws(
        [sample, sample], plans, "plan", YEAR, targets, frozenset({"plan", "mills"}), workers=1, horizon=True
    )
    assert found is not None and found.target == "growth" and found.draws == 128
    assert {key: round(each.difference, 9) for key, each in found.standings.items()} == {
        "plan": 0,
        "mills": 0.5,
        "more": 3,
    }
    assert found.standings["mills"].best == 1.0 and found.standings["more"].best is None
    assert (
        found.chances["mills"]["dirt", "at_most"].value == 0.0
        and found.chances["plan"]["dirt", "at_most"].value == 1
    )
    assert found.chances["mills"]["dirt", "at_most"].difference == -1.0
    assert found.chances["mills"]["growth", "ensure"].value == 0.75
    assert found.chances["more"]["growth", "ensure"].difference == pytest.approx(0.5)
    assert found.later["plan"].best == 0.5 and {until for _, until in sample.runs} == {None}
    sample.runs.clear()
    known = {key: np.concatenate([value] * 2) for key, value in sample.outcomes(plans["plan"], YEAR).items()}
    again = mixes.mixes_on_draws(
        [sample, sample], plans, "plan", YEAR, targets, frozenset(plans), workers=1, known=known
    )
    assert again is not None and again.later == {} and again.chances == found.chances
    assert {own for own, _ in sample.runs} == {"mills", "more"} and {until for _, until in sample.runs} == {
        YEAR
    }
    ceiling = mixes.mixes_on_draws(
        [sample], plans, "plan", YEAR, {"dirt": targets["dirt"]}, frozenset(plans), workers=1
    )
    assert (
        ceiling is not None and ceiling.standings["plan"].best == 0.5 and ceiling.standings["mills"].best == 0
    )
    for samples, some, aims in (
        ([], plans, targets),
        ([sample], {"plan": plans["plan"]}, targets),
        ([sample], plans, {}),
    ):
        assert mixes.mixes_on_draws(samples, some, "plan", YEAR, aims, frozenset(plans)) is None


def test_drivers_are_told_with_draws_enough() -> None:
    """Four draws for each input that moves; a surprise too late is none."""
    mixed = np.random.default_rng(6).permutation(64)  # each pair of sixteen and of four values once
    rain, dust = mixed % 16.0, mixed // 16.0
    drawn = {"prices.gdp": rain, "funds.x": dust, "own.2023": rain, "still.x": np.ones(64)}
    found = made(7 + rain + 2 * dust, drawn=drawn)
    told = drivers.uncertainty_drivers(found, 2022)
    assert told is not None and told.draws == 64 and list(told.shares) == ["growth"]
    shares = {each.group: each.value for each in told.shares["growth"]}
    whole = rain.var() + 4 * dust.var()
    assert shares["prices"] == pytest.approx(rain.var() / whole, abs=0.07)
    assert shares["money"] == pytest.approx(4 * dust.var() / whole, abs=0.07) and set(shares) == {
        "prices",
        "money",
        "other",
        REST,
    }
    assert told.deviation == {"growth": pytest.approx(math.sqrt(whole))}
    few = made((7 + rain)[:16], drawn={f"x{k}": rain[:16] + k * dust[:16] for k in range(4)})
    assert drivers.uncertainty_drivers(few, 2022) is not None
    none = made((7 + rain)[:16], drawn={f"x{k}": rain[:16] for k in range(5)})
    assert drivers.uncertainty_drivers(none, 2022) is None
    assert drivers.uncertainty_drivers(made(7 + rain), 2022) is None
    assert drivers.uncertainty_drivers(made(7 + rain, drawn={"a": np.ones(64)}), 2022) is None
    many = {f"t{k}": row(f"t{k}", 1) for k in range(6)} | {"bare": row("bare")}
    assert drivers.main_targets(replace(found, targets=many)) == ["t0", "t1", "t2", "t3"]
    assert drivers.main_targets(replace(found, targets={"bare": row("bare", main=True)})) == []


# ---- indices of a scenario


def test_luck_and_the_strongest_names() -> None:
    def scenario(pool: Any = None, *cancels: Any) -> Any:
        projects = {k: SimpleNamespace(cancel=cancel) for k, cancel in enumerate(cancels)}
        return SimpleNamespace(pool=pool, projects=projects)

    assert pick_freeze.has_luck(scenario("pool")) and pick_freeze.has_luck(scenario(None, None, "c"))
    assert not pick_freeze.has_luck(scenario(None, None)) and not pick_freeze.has_luck(scenario())
    names = ["prices.gdp", "funds.x", "prices.consumer", "odd"]
    assert strongest(["funds.x", "prices.consumer", "odd", "prices.gdp"], names) == [
        "prices.consumer",
        "prices.gdp",
    ]
    assert strongest(["prices.consumer", "prices.gdp"], names, 1) == ["prices.consumer"]
    many = [f"prices.{k}" for k in range(12)]
    assert strongest(many, many) == many[:8]


def test_indices_by_swapping_causes(monkeypatch: pytest.MonkeyPatch) -> None:
    """y = 3 a + b + luck: shares of 9, 1 and 1 twelfths of their sum; blocks change nothing."""
    rows = (
        Input("prices.a", Line(-1.5, 3.0)),
        Input("funds.b", Line(-0.5, 1.0)),
        Input("late.2024", Line(0, 1)),
    )
    seen: list[Any] = []

    class Swapped:
        def __init__(self, futures: Any, values: Any, first: int, draws: int) -> None:
            self.inputs, self.first, self.draws = values, first, draws
            seen.append((first, draws))

        def outcomes(self, own: Any, year: int) -> dict[str, np.ndarray]:
            luck = np.random.default_rng(self.first).random(self.draws) - 0.5
            y = self.inputs["prices.a"] + self.inputs["funds.b"] + luck
            return {"growth": y, "dirt": -2 * y, "other": 0 * y}

        def changed(self, inputs: Any, first: int | None = None) -> Swapped:
            return Swapped(
                None, {**self.inputs, **inputs}, self.first if first is None else first, self.draws
            )

    monkeypatch.setattr(pick_freeze, "Sample", Swapped)
    scenario = SimpleNamespace(
        years=SimpleNamespace(base=2021),
        uncertainty=SimpleNamespace(seed=3, method="sobol"),
        pool="pool",
        projects={},
    )
    book: Any = SimpleNamespace(inputs=Inputs(rows, (), ()), scenario=scenario)

    def told(**more: Any) -> pick_freeze.PickFreeze:
        seen.clear()
        return pick_freeze.pick_freeze(
            book, plan(1, 1), YEAR, ["growth", "dirt"], ["prices.a"], 512, workers=1, **more
        )

    found = told(block=512)
    by = {index.group: index for index in found.causes["growth"]}
    assert next(iter(by)) == "prices" and set(by) == {"prices", "money", LUCK}
    for cause, share in (("prices", 9 / 11), ("money", 1 / 11), (LUCK, 1 / 11)):
        assert by[cause].first == pytest.approx(share, abs=0.06) and by[cause].total == pytest.approx(
            share, abs=0.06
        )
    (alone,) = found.inputs["dirt"]
    assert alone.group == "prices.a" and alone.total == pytest.approx(by["prices"].total)
    assert (found.draws, found.runs) == (512, 512 * 6) and len(seen) == 2 + 3 + 1
    assert seen[0] == (0, 512) and seen[1] == (2**40, 512) and seen[-1] == (2**40, 512)
    told(block=200 // 16 * 16)
    assert {first for first, _ in seen if first < 2**40} == {0, 192, 384} and seen[-1][1] == 128
    scenario.pool = None
    calm = told(block=512)
    assert {index.group for index in calm.causes["growth"]} == {"prices", "money"} and calm.runs == 512 * 5


# ---- tornado


def test_bars_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """y = a - 2 b where projects read b; bars stand about the median, the longest first."""
    asked: list[Any] = []

    def outcome(
        futures: Any, stated: Mapping[str, np.ndarray], target: str, mix: str, year: int
    ) -> np.ndarray:
        asked.append({name: own.tolist() for name, own in stated.items()})
        a, b, c = (
            stated.get(name, np.array([centre])) for name, centre in (("a", 1.0), ("b", 0.0), ("c", 0.0))
        )
        return 5 + (a - 1) + 0.5 * c - 2 * b

    monkeypatch.setattr(tornado, "_outcome", outcome)
    rows = tuple(Input(name, Line(low, 10.0)) for name, low in (("a", 0.0), ("b", 1.0), ("c", -4.0)))
    quantities = {"a": SimpleNamespace(path="a", value=1.0)}
    book: Any = SimpleNamespace(
        inputs=Inputs(rows, (), ()), by_projects=frozenset({"b"}), quantities=quantities
    )
    drawn = {name: np.arange(64.0) for name in "abc"}
    found = tornado.tornado(book, made(7 + OFF, drawn=drawn), "growth", "ensure", ["a", "b", "c"], "plan")
    assert [bar.input for bar in found] == ["b", "a", "c"]
    ends = {bar.input: (bar.low, bar.high, bar.at_low, bar.at_high) for bar in found}
    assert ends["a"] == pytest.approx((0.5, 9.5, 5 - 0.5 + 1.5, 5 + 8.5 + 1.5))  # the median of 6.5 less 5
    assert ends["b"] == pytest.approx((1.5, 10.5, 5 - 3 + 1.5, 5 - 21 + 1.5))
    assert ends["c"] == pytest.approx((-3.5, 5.5, 5 - 1.75 + 1.5, 5 + 2.75 + 1.5))
    (both,) = (each for each in asked if set(each) == {"a", "c"})
    assert both == {"a": pytest.approx([0.5, 9.5, 1, 1]), "c": pytest.approx([0, 0, -3.5, 5.5])}
    assert found[0].chance_low == Estimate(0.0, 0.5 / 12) and found[0].chance_high == Estimate(1.0, 0.5 / 12)


def test_fifths_by_hand() -> None:
    """Two of ten at each end; where values are alike the first draws are the lowest; one of four."""
    values = np.array([5.0, 1, 9, 2, 8, 3, 7, 4, 6, 5])
    reached = np.isin(np.arange(10), [1, 2, 4])
    low, high = tornado.fifths(values, reached)
    assert (low.value, high.value) == (0.5, 1.0)
    low, high = tornado.fifths(np.zeros(10), np.arange(10) < 2)
    assert (low.value, high.value) == (1.0, 0.0)
    low, high = tornado.fifths(np.arange(4.0), np.arange(4) == 3)
    assert (low.value, high.value) == (0.0, 1.0)


# ---- sensitivity


def test_targets_that_are_asked_for() -> None:
    found = made(7 + OFF)
    assert sensitivity.asked(found, None, None) == ("growth", "ensure")
    assert sensitivity.asked(found, "dirt", None) == ("dirt", "at_most")
    assert sensitivity.asked(found, "growth", "stretch") == ("growth", "stretch")
    with pytest.raises(DabiaoError, match="no judged target `drit`; known: growth, dirt"):
        sensitivity.asked(found, "drit", None)
    with pytest.raises(DabiaoError, match="target dirt has no tier `ensure`; known: at_most"):
        sensitivity.asked(found, "dirt", "ensure")
    with pytest.raises(DabiaoError, match="has no judged target"):
        sensitivity.asked(replace(found, targets={"bare": row("bare")}), None, None)


def test_inputs_worth_a_bar() -> None:
    """All that no project reads, then the strongest of those that projects read."""
    rain = np.tile(np.arange(16.0), 4)
    rng = np.random.default_rng(4)
    drawn = {
        "a": rain,
        "b": rng.random(64),
        "p": rain + rng.random(64),
        "still": np.ones(64),
        "q": rng.random(64),
    }
    found = made(7 + rain, drawn=drawn)
    book: Any = SimpleNamespace(by_projects=frozenset({"p", "q", "still"}))
    assert sensitivity.candidates(book, found, "growth", list(drawn)) == ["a", "b", "p", "q"]
    few = replace(found, drawn={name: own[:12] for name, own in drawn.items()})
    told = sensitivity.single(few, "growth", list(drawn))
    squared = {name: np.corrcoef(drawn[name][:12], rain[:12])[0, 1] ** 2 for name in "abpq"}
    assert [each.group for each in told] == sorted(squared, key=lambda name: -squared[name])
    assert [each.value for each in told] == pytest.approx(sorted(squared.values(), reverse=True))
    assert {each.error for each in told} == {12**-0.5}
    enough = replace(found, drawn={name: own[:16] for name, own in drawn.items()})
    assert sensitivity.single(enough, "growth", list(drawn))[-1].group == REST
    flat = replace(made(np.full(64, 7.0)), drawn={name: own[:12] for name, own in drawn.items()})
    assert sensitivity.single(flat, "growth", list(drawn)) == ()
    many = {f"p{k}": rain * (k + 1) + rng.random(64) for k in range(15)}
    book.by_projects = frozenset(many)
    assert len(sensitivity.candidates(book, replace(found, drawn=many), "growth", list(many))) == 12


def test_mixes_within_every_limit() -> None:
    uses = {
        "a": [SimpleNamespace(over=0.0)],
        "b": [SimpleNamespace(over=0.0), SimpleNamespace(over=1.0)],
        "c": [],
    }
    answer: Any = SimpleNamespace(uses=uses)
    assert sensitivity.within(answer) == {"a", "c"}


def test_a_sensitivity_needs_draws() -> None:
    answer: Any = SimpleNamespace(ensemble=None)
    with pytest.raises(DabiaoError, match="no draws"):
        sensitivity.sensitivity(answer)


# ---- points


def test_points_are_randomised_in_groups() -> None:
    """Those of the first rows are what they are without the others; blocks are parts of one sequence."""
    plain = Points(2, 7).block(0, 64)
    more = Points(5, 7, "sobol", first=2, later=1)
    assert [(group.start, group.stop, key) for group, key in more.groups] == [
        (0, 2, ()),
        (2, 3, (2,)),
        (3, 5, (1,)),
    ]
    whole = more.block(0, 4096)
    assert (whole[:2, :64] == plain).all() and (more.block(2032, 64) == whole[:, 2032:2096]).all()
    assert 0 < whole.min() < whole.max() < 1
    for part in (0, 5):  # one point of every 128 in each slice
        own = np.sort(np.floor(whole[:, part:2048:16] * 128), axis=1)
        assert (own == np.arange(128)).all()
    assert Points(0, 7).groups == ((slice(0, 0), ()),) and Points(0, 7).block(0, 16).shape == (0, 16)
    for first, count in ((8, 16), (16, 8)):
        with pytest.raises(ValueError, match="multiples of 16"):
            Points(2, 7).block(first, count)


# ---- what is in doubt, and shocks


def shock(sd: float = 0.0, **more: Any) -> Any:
    """A shock as stated, in points."""
    facts: dict[str, Any] = {
        "sd": sd,
        "mean": None,
        "persistence": None,
        "drift": None,
        "tails": None,
        "crisis": None,
    }
    return SimpleNamespace(**{**facts, "sd": stated(sd), **{key: stated(own) for key, own in more.items()}})


def stated(value: Any, path: str = "") -> Any:
    return value if isinstance(value, SimpleNamespace) else SimpleNamespace(value=value, path=path)


def valley(**changes: Any) -> Any:
    """Two sectors under the nation's shock, their own, one of a group, and one that strikes nothing; prices
    of ore."""
    shocks = SimpleNamespace(
        national=shock(2.0, mean=1.0, persistence=50.0, drift=0.5),
        province=None,
        own=shock(0.0, mean=3.0),
        sectors={"farms": shock(1.0), "wide": shock(4.0, drift=0.25), "idle": shock(5.0, drift=1.0)},
    )
    ore = SimpleNamespace(price_sd=stated(20.0), price_reversion=stated(30.0))
    materials = {
        "ore": ore,
        "coal": SimpleNamespace(price_sd=stated(0.0), price_reversion=None),
        "slag": SimpleNamespace(price_sd=None),
    }
    facts: dict[str, Any] = {
        "years": SimpleNamespace(base=2020),
        "sectors": {
            "farms": SimpleNamespace(national={"x": 1}),
            "mills": SimpleNamespace(national={"z": 1}, chain="ridge"),
        },
        "national": SimpleNamespace(groups={"wide": ["x", "y"], "idle": ["q"]}),
        "uncertainty": SimpleNamespace(shocks=shocks, correlations={}),
        "chains": {"ridge": SimpleNamespace(materials=materials)},
    }
    return SimpleNamespace(**{**facts, **changes})


def number(path: str, low: float | None = None, high: float | None = None) -> Any:
    from dabiao.models.quantity import Quantity

    return Quantity(value=5.0, low=low, high=high)


SHOCK = "uncertainty.shocks"


def test_everything_in_doubt_in_its_order() -> None:
    """Surprises of the first year, numbers, those of later years, then changes for good, and last what
    counts."""
    doubt = number("x", 4.0, 7.0)
    quantities = dict.fromkeys(
        (
            "indicators.coal.a",
            "accounts.fai",
            "sectors.mills.output",
            "sectors.farms.output",
            "limits.x.max",
            "odd",
        ),
        doubt,
    )
    quantities["sure"] = number("x")
    read = frozenset(set(quantities) - {"odd"})
    one = inputs_of(valley(), quantities, read, 3)
    national, farms, wide, ore = (
        f"{SHOCK}.national",
        f"{SHOCK}.sectors.farms",
        f"{SHOCK}.sectors.wide",
        "chains.ridge.materials.ore",
    )
    every = (national, farms, wide, ore)
    assert [each.name for each in one.rows] == [
        *(f"{path}.2021" for path in every),
        *("accounts.fai", "sectors.farms.output"),
        *(f"{path}.{year}" for year in (2022, 2023) for path in every),
        *(f"{path}.drift.{year}" for year in (2022, 2023) for path in (national, wide)),
        "indicators.coal.a",
    ]
    assert one.kept == ("sectors.mills.output", "limits.x.max") and one.groups == ()
    assert (one.moving, one.wandering) == (4 + 2 + 8, 4)
    u = np.full((len(one.rows), 1), 0.8413447460685429)  # one standard deviation
    found = one.values(u)
    assert {path: float(found[f"{path}.2021"][0]) for path in every} == pytest.approx(
        {national: 2.0, farms: 1.0, wide: 4.0, ore: 20.0}, rel=1e-4
    )
    assert float(found[f"{national}.drift.2022"][0]) == pytest.approx(0.5, rel=1e-4)
    assert float(found[f"{wide}.drift.2023"][0]) == pytest.approx(0.25, rel=1e-4)
    alone = inputs_of(valley(), quantities, frozenset(), 1)
    assert [each.name for each in alone.rows] == [f"{path}.2021" for path in every]


def test_what_is_correlated_within_a_year_and_what_once() -> None:
    """The nation with ore in each year; the two accounts once; a third that is not drawn is left out."""
    national, ore = f"{SHOCK}.national", "chains.ridge.materials.ore"
    both = SimpleNamespace(between=[national, ore], rho=stated(0.5))
    once = SimpleNamespace(between=["accounts.fai", "accounts.gdp", "gone"], rho=stated(-0.25))
    uncertainty = SimpleNamespace(shocks=valley().uncertainty.shocks, correlations={"a": both, "b": once})
    doubt = number("x", 4.0, 7.0)
    quantities = {"accounts.fai": doubt, "accounts.gdp": doubt}
    one = inputs_of(valley(uncertainty=uncertainty), quantities, frozenset(quantities), 2)
    named = [{one.rows[at].name for at in rows} for rows, _ in one.groups]
    assert named == [
        {"accounts.fai", "accounts.gdp"},
        {f"{national}.2021", f"{ore}.2021"},
        {f"{national}.2022", f"{ore}.2022"},
    ]
    assert [table.tolist() for _, table in one.groups] == [
        [[1, -0.25], [-0.25, 1]],
        *[[[1, 0.5], [0.5, 1]]] * 2,
    ]


def struck(names: Mapping[str, Sequence[float]], years: int = 3, scenario: Any = None) -> Sample:
    """Two draws of a valley with some surprises."""
    one = scenario or valley()
    futures: Any = SimpleNamespace(
        scenario=one,
        years=years,
        parts={},
        alike={},
        shocked={key: shocks_on(one, key) for key in one.sectors},
    )
    drawn = {
        name: np.array([value, 0.0])
        for path, values in names.items()
        for name, value in zip([f"{path}.{2021 + at}" for at in range(len(values))], values, strict=True)
    }
    sample = Sample(futures, drawn, 0, 2)

    def everything(quantity):
        return np.array([quantity.value])

    sample.values = everything
    return sample


def test_shocks_add_up_by_hand() -> None:
    """The nation's 2 linger by half about a mean of 1, the region's mean is 3; farms have 1 of their own, and
    the group's wander."""
    names = {f"{SHOCK}.national": (2.0, 0.0, 4.0), f"{SHOCK}.sectors.farms": (1.0, -1.0, 0.0)}
    sample = struck(names)
    # changes for good are of the second and third year
    sample.inputs = {
        **sample.inputs,
        f"{SHOCK}.national.drift.2022": np.array([1.0, 0]),
        f"{SHOCK}.national.drift.2023": np.array([2.0, 0]),
    }
    found = sample.struck()
    national = np.array([1 + 2.0, 1 + 1.0 + 1, 1 + 4.5 + 3])
    assert found.demand is not None and 100 * found.demand[:, 0] == pytest.approx(national + 3)
    assert 100 * found.demand[:, 1] == pytest.approx([4, 4, 4])
    assert 100 * found.sales["farms"][:, 0] == pytest.approx(national + 3 + [1, -1, 0])
    assert 100 * found.sales["mills"][:, 0] == pytest.approx(national + 3) and found.prices == {}
    assert sample.shocks.sales.keys() == {"farms", "mills"}


def test_prices_wander_back_and_shocks_that_are_none() -> None:
    sample = struck({"chains.ridge.materials.ore": (20.0, 10.0)}, 2)
    sample.futures.scenario.uncertainty.shocks = SimpleNamespace(
        national=None, province=None, own=None, sectors={}
    )
    sample.futures.shocked = {"farms": (), "mills": ()}
    found = sample.struck()
    assert found.demand is None and found.sales == {} and set(found.prices) == {"ore"}
    assert found.prices["ore"][:, 0] == pytest.approx([1, math.exp(0.2), math.exp(0.7 * 0.2 + 0.1)])
    assert found.prices["ore"][:, 1].tolist() == [1, 1, 1]
    twice = sample.struck(own=np.array([1.0, 0.0, 2.0]))
    assert twice.prices["ore"].shape == (3, 6) and (twice.prices["ore"][:, :2] == found.prices["ore"]).all()
    sample.futures.scenario.chains["ridge"].materials["ore"].price_reversion = None
    assert sample.struck().prices["ore"][:, 0] == pytest.approx([1, math.exp(0.2), math.exp(0.3)])
    short = struck({"chains.ridge.materials.ore": (20.0,)}, 2)  # not of all years
    assert short.struck().prices == {} and short._surprises("chains.ridge.materials.ore") is None
    sample.futures.scenario.chains = {}
    assert sample.struck().prices == {} and sample.struck() == NONE


def test_factors_on_the_nations_part_and_on_all_others() -> None:
    """With the nation's part left out the region's 3 and the farms' own are left; and the other way round."""
    names = {f"{SHOCK}.national": (2.0,), f"{SHOCK}.sectors.farms": (1.0,), f"{SHOCK}.sectors.wide": (8.0,)}
    sample = struck(names, 1)
    found = sample.struck(nation=np.array([1.0, 0.0]), own=np.array([0.0, 2.0]))
    assert found.demand is not None and 100 * found.demand[0] == pytest.approx([3, 1, 6, 6])
    # draws stand copy by copy: of the first, of the second
    assert 100 * found.sales["farms"][0] == pytest.approx([3, 1, 6 + 2 + 16, 6])
    assert 100 * found.sales["mills"][0] == pytest.approx([3, 1, 6, 6])
    calm = valley()
    calm.uncertainty.shocks.national = calm.uncertainty.shocks.own = None
    alone = struck({f"{SHOCK}.sectors.farms": (1.0,), f"{SHOCK}.sectors.wide": (8.0,)}, 1, calm).struck()
    assert (
        alone.demand is None
        and list(alone.sales) == ["farms"]
        and 100 * alone.sales["farms"][0] == pytest.approx([9, 0])
    )


def test_outcomes_of_a_sample_are_of_the_judged_rows() -> None:
    """A plan is simulated with its routing and quotas, up to the year that is asked or the last."""
    asked: list[Any] = []
    quotas, led = np.ones((1, 1)), {"mills": {"ore": {"mill": 1.0}}}
    own: Any = replace(plan(30, 20), quotas=quotas)
    sample = struck({}, 3)
    sample.places = np.array([1, 1])
    targets = {"growth": row("growth", 7), "told": replace(row("told", 1), basis="stated")}

    def values(target, path, year):
        return np.array([path + year, path + 2.0 * year])

    sample.__dict__.update(
        sheet=SimpleNamespace(targets=targets, value=values),
        economy=SimpleNamespace(simulate=lambda *some: asked.append(some) or 10.0),
        drawn_pipeline=SimpleNamespace(run=lambda plan: SimpleNamespace(realisation=plan)),
    )
    found = sample.outcomes(own, 2)
    assert {key: each.tolist() for key, each in found.items()} == {"growth": [14, 14]}
    sample.path(replace(own, routing=led, quotas=None))
    assert asked == [(own, None, quotas, 2), (asked[1][0], led, None, 3)]


def test_the_same_draws_of_other_money() -> None:
    """Inputs of investment are drawn anew for futures that differ in planned money; the region stays."""
    asked: list[Any] = []
    sample = struck({}, 3)
    sample.inputs = {"investment.growth": np.zeros(2), "other": np.ones(2)}
    pipeline = SimpleNamespace(
        planning=lambda scenario, values: ("planned", scenario, values),
        planned_in_all=lambda factor: ("times", factor),
    )
    sample.__dict__.update(economy="economy", drawn_pipeline=pipeline)

    def some(names, points):
        return asked.append((list(names), points)) or {name: np.full(2, 9.0) for name in names}

    other: Any = SimpleNamespace(
        scenario="scenario", parts={}, alike={}, inputs=SimpleNamespace(some=some),
        points=SimpleNamespace(block=lambda first, draws: (first, draws)),
    )  # fmt: skip
    found = sample.planning(other)
    assert asked == [(["investment.growth"], (0, 2))] and found.inputs["investment.growth"].tolist() == [9, 9]
    assert (
        found.inputs["other"].tolist() == [1, 1]
        and found.futures is other
        and found.__dict__["economy"] == "economy"
    )
    assert (
        found.__dict__["drawn_pipeline"][:2] == ("planned", "scenario")
        and found.__dict__["drawn_pipeline"][2] is found.values
    )
    sample.inputs = {"other": np.ones(2)}
    asked.clear()
    assert sample.planning(other).inputs.keys() == {"other"} and asked == []
    times = sample.planned_in_all(1.5)
    assert times.__dict__["drawn_pipeline"] == ("times", 1.5) and times.futures is sample.futures
    assert (times.first, times.draws, times.inputs) == (0, 2, sample.inputs) and times.__dict__[
        "economy"
    ] == "economy"


def test_futures_of_a_scenario(tmp_path: Path) -> None:
    """Points are as many as the inputs, whose groups are randomised apart; a number that nothing reads is
    sure."""
    one = loaded(tmp_path, linear())
    book = Futures(one.scenario, one.quantities())
    assert book.years == 1 and Futures(one.scenario, one.quantities(), 1).years == 1
    rows = book.inputs
    assert (book.points.dimensions, book.points.seed) == (len(rows.rows), one.scenario.uncertainty.seed)
    assert {each.name for each in rows.rows} == {
        f"{SHOCK}.own.2021", f"{SHOCK}.sectors.care.2021", f"{SHOCK}.sectors.shop.2021"
    }  # fmt: skip
    sample = book.sample(16, 32)
    assert (sample.first, sample.draws) == (16, 32)
    expected = rows.values(book.points.block(16, 32))
    assert all((sample.inputs[name] == own).all() for name, own in expected.items())
    assert book.at(np.full((3, 5), 0.5)).draws == 5 and book.shocked == {"care": ("care",), "shop": ("shop",)}
    assert "demand.government" in book.by_region and "demand.government" not in book.by_projects
    like = Futures(one.scenario, one.quantities(), alike=book)
    assert (
        like.by_region is book.by_region and like.by_projects is book.by_projects and like.alike is book.parts
    )
    centre = central_list(one.scenario)
    assert type(book.listing) is type(centre) and sample.drawn_pipeline.draws == 32


def test_a_sensitivity_asks_each_of_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bars that move nothing are left out, the twenty longest kept; their inputs are what boxes restrict."""
    asked: dict[str, Any] = {}

    def say(name: str, answer: Any) -> Any:
        def told(*some: Any, **more: Any) -> Any:
            asked.setdefault(name, []).append((some, more))
            return answer(*some) if callable(answer) else answer

        monkeypatch.setattr(sensitivity, name, told)

    found = made(7 + OFF, drawn={"a": OFF, "own.2023": OFF})
    bars = [SimpleNamespace(input="still", at_low=-9.0, at_high=-9.0 + 9e-6)]
    bars += [SimpleNamespace(input=f"x{k}", at_low=-9.0, at_high=9.0 - k) for k in range(9)]
    bars += [SimpleNamespace(input=f"y{k}", at_low=1.0, at_high=1.0 + 3e-6) for k in range(14)]
    sampled: list[Any] = []
    book = SimpleNamespace(sample=lambda low, count: sampled.append((low, count)) or f"s{low}")
    anchored = SimpleNamespace(scenario="scenario", quantities=lambda: "quantities")
    for name, answer in (
        *(("anchored", anchored), ("Futures", book), ("tornado", tuple(bars)), ("candidates", ["names"])),
        *(
            ("columns_of", "columns"),
            ("delay_impacts", (("late",), "whole")),
            ("strongest", lambda names, every: names[:1]),
        ),
        *(("pick_freeze", "frozen"), ("discover", "box"), ("prices", "prices"), ("mixes_on_draws", "mixes")),
    ):
        say(name, answer)
    own = plan(30, 20)
    uses = {"plan": [], "bold": [SimpleNamespace(over=1.0)]}

    def answer(years: int) -> Any:
        return SimpleNamespace(
            ensemble=found, loaded="loaded",
            scenario=SimpleNamespace(years=SimpleNamespace(base=2020), plan="plan"),
            year=2, plan=SimpleNamespace(plan=own), mixes={"plan": SimpleNamespace(plan=own)}, uses=uses,
            economy=SimpleNamespace(years=years),
        )  # fmt: skip

    told = sensitivity.sensitivity(answer(3), "dirt", draws=5008)
    kept = [f"x{k}" for k in range(9)] + [f"y{k}" for k in range(11)]
    assert [bar.input for bar in told.bars] == kept
    assert (told.targets, told.target, told.tier) == (("dirt", "growth"), "dirt", "at_most")
    assert asked["anchored"] == [(("loaded",), {})] and asked["Futures"] == [(("scenario", "quantities"), {})]
    assert asked["candidates"] == [((book, found, "dirt", ["a"]), {})]
    assert asked["tornado"] == [((book, found, "dirt", "at_most", ["names"], "plan"), {})]
    assert asked["columns_of"] == [((book, found, own, kept), {})]
    assert sorted(sampled) == [(0, 2048), (2048, 2048), (4096, 912)]
    samples, aims = (
        ["s0", "s2048", "s4096"],
        {"dirt": found.targets["dirt"], "growth": found.targets["growth"]},
    )
    assert asked["delay_impacts"] == [(("s0", own, 2, aims["dirt"], "at_most"), {})]
    assert asked["strongest"] == [((kept, ["a"]), {})]
    assert asked["pick_freeze"] == [((book, own, 2, ("dirt", "growth"), ["x0"], 5008), {})]
    box = found, "dirt", "at_most", "columns"
    assert asked["discover"] == [(box, {}), (box, {"reached": True})]
    assert asked["prices"] == [((samples, own, 2, aims), {})]
    assert asked["mixes_on_draws"] == [
        ((samples, {"plan": own}, "plan", 2, aims, frozenset({"plan"})), {"horizon": True})
    ]
    assert (told.delay_impacts, told.whole, told.mixes_on_draws, told.prices) == (
        ("late",),
        "whole",
        "mixes",
        "prices",
    )
    sensitivity.sensitivity(answer(2))
    assert asked["mixes_on_draws"][1][1] == {"horizon": False} and asked["pick_freeze"][1][0][3] == (
        "growth",
    )
    assert asked["pick_freeze"][1][0][5] == 2048


def test_the_outcome_with_some_inputs_at_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Surprises of years are none but where they are stated; the projects know the first of many draws."""
    seen: list[Any] = []

    class Sampled:
        def __init__(self, futures: Any, values: Any, first: int, draws: int) -> None:
            seen.append(({name: own.tolist() for name, own in values.items()}, first, draws))

            def simulate(realisation, until):
                return (realisation, until)

            self.economy, self.values = SimpleNamespace(simulate=simulate), "values"

            def value(target, path, year):
                return np.array([7.0]) if target == "growth" and path == ("real", 2) else None

            self.sheet = SimpleNamespace(targets={"growth": "growth"}, value=value)

    monkeypatch.setattr(tornado, "Sample", Sampled)
    line = SimpleNamespace(run=lambda own: SimpleNamespace(realisation="real" if own == "bold plan" else ""))
    monkeypatch.setattr(tornado, "Pipeline", lambda scenario, economy, values: line)
    monkeypatch.setattr(tornado, "stated_plans", lambda scenario, values: {"bold": "bold plan"})
    rows = tuple(Input(name, Line(0, 1)) for name in ("own.2022", "prices.gdp", "own.2023"))
    book: Any = SimpleNamespace(inputs=Inputs(rows, (), ()), scenario="scenario")
    found = tornado._outcome(
        book, {"prices.gdp": np.array([1.0, 2, 3]), "own.2023": np.array([5.0, 5, 5])}, "growth", "bold", 2
    )
    assert found.tolist() == [7, 7, 7]
    assert seen == [({"own.2022": [0, 0, 0], "own.2023": [5, 5, 5], "prices.gdp": [1, 2, 3]}, 0, 3)]
    assert tornado.alone(book, {"prices.gdp": 4.0}, "growth", "bold", 2) == 7.0
    assert seen[-1] == ({"own.2022": [0], "own.2023": [0], "prices.gdp": [4]}, 0, 1)
    assert tornado.alone(book, {}, "growth", "bold", 2) == 7.0 and seen[-1][2] == 1


def test_what_the_list_leaves_out_is_expected_where_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where delays are in doubt from the first 256 futures; of a list that is whole or empty the centre's."""
    asked: list[Any] = []
    monkeypatch.setattr(draws, "central_list", lambda scenario: ("central", scenario))
    monkeypatch.setattr(draws, "expected_list", lambda scenario, values: ("expected", scenario, values.drawn))

    def listing(projects: Any, whole: bool) -> Any:
        book = Futures.__new__(Futures)
        book.scenario = SimpleNamespace(projects=projects, listing=SimpleNamespace(whole=whole))  # type: ignore
        book.points = SimpleNamespace(block=lambda first, count: asked.append((first, count)) or "u")  # type: ignore
        book.inputs = SimpleNamespace(values=lambda uniforms: {"x": uniforms})  # type: ignore
        found: Any = book.listing
        return found[0], found[1] is book.scenario, *found[2:]

    assert listing({"a": 1}, False) == ("expected", True, {"x": "u"}) and asked == [(0, 256)]
    assert listing({"a": 1}, True) == ("central", True) == listing({}, False) and len(asked) == 1


def test_a_sample_is_made_of_its_scenario_and_values(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Economy:
        of: Any
        shocks: Any = None

    monkeypatch.setattr(draws.build, "economy", lambda scenario, values: Economy((scenario, values)))
    monkeypatch.setattr(draws.build, "sheet", lambda scenario, values: (scenario, values))
    line: list[Any] = []
    monkeypatch.setattr(draws, "DrawnPipeline", lambda *some, **more: line.append((some, more)) or "pipeline")
    scenario: Any = SimpleNamespace(uncertainty=SimpleNamespace(seed=9))
    futures: Any = SimpleNamespace(scenario=scenario, parts={}, alike={}, listing="listing")
    sample = Sample(futures, {"x": np.zeros(2)}, 16, 2)
    sample.__dict__["shocks"] = "shocks"
    made: Any = sample.economy
    assert made == Economy((scenario, sample.values), "shocks") and sample.sheet == (scenario, sample.values)
    pipeline: Any = sample.drawn_pipeline
    assert pipeline == "pipeline" and line == [((scenario, sample.values, 2, 9, 16), {"inferred": "listing"})]
    futures.by_projects = futures.by_region = frozenset()
    sample.__dict__["drawn_pipeline"] = "pipeline"
    monkeypatch.setattr(Sample, "shocks", "other shocks")
    name = "uncertainty.shocks.own.2022"
    other: Any = sample.changed({name: np.ones(2)})  # a surprise strikes a region that is what it was
    assert other.economy == Economy(made.of, "other shocks") and other.sheet is sample.sheet
