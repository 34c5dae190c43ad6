"""What the workbench keeps between two answers changes no digit of them, is bounded and is never stale."""

from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dabiao.engine.again import MONEY, differs_in_money, planned
from dabiao.engine.forecast.anchored import anchored_scenario
from dabiao.engine.plans import stated_plans
from dabiao.engine.projects.run import Pipeline
from dabiao.engine.study import Study, study
from dabiao.models.errors import ScenarioError
from dabiao.models.quantity import Draws
from dabiao.results.workbench.changes import changed
from dabiao.results.workbench.desk import KEPT, Desk
from dabiao.results.workbench.levers import levers
from dabiao.scenarios.files import examples, shipped
from dabiao.scenarios.load import Loaded, files_below, load, resolved_yaml
from lighter import lighter

pytest.importorskip("starlette", reason="starlette is not installed: pip install 'dabiao[serve]'")

Changes = Mapping[str, Any]
SMALL = "small.yaml"
QUICK = ("deyang-2022/baseline", "panzhihua-2024/baseline")
SCENARIOS = [
    file.relative_to(shipped()).with_suffix("").as_posix()
    for file in sorted(shipped().glob("*/*.yaml"))
    if file.parent.name in examples() and file.stem in ("baseline", "stretch", "half-year")
]
EVERY = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow, id=name) for name in SCENARIOS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a scenario that is answered in a second."""
    here = Path(__file__).parent / "scenarios_for_tests" / "answered.yaml"
    (tmp_path / SMALL).write_text(resolved_yaml(load(here)), encoding="utf-8")
    return tmp_path


@cache
def shipped_one(name: str) -> Loaded:
    return load(f"example:{name}")


def told(service: Any, file: str, changes: Changes, tab: str = "a") -> str:
    """All that a page is told of a plan, and of it with a lever moved."""
    asked = {"file": file, "changes": dict(changes), "lang": "en", "tab": tab, "seq": 0}
    plan = service.plan(asked)
    drag = next(each for each in plan["levers"] if each["kind"] in ("growth", "money"))
    moved = {drag["path"]: drag["value"] * 1.01}
    return json.dumps([plan, service.glance({**asked, "moved": moved})], default=str, sort_keys=True)


def serving(root: Path) -> Any:
    """What answers a page of a folder."""
    from dabiao.results.workbench.app import Service

    return Service(Desk(root))


def afresh(root: Path, file: str, changes: Changes) -> str:
    """The same of a server that was asked nothing before."""
    return told(serving(root), file, changes)


def money(loaded: Loaded) -> list[dict[str, float]]:
    """More money, another mix, both."""
    own = levers(loaded.scenario)
    first = next(each for each in own if each.kind in ("growth", "money"))
    mix = [each for each in own if each.kind == "share"]
    two = sorted((each for each in mix if each.group == mix[0].group), key=lambda each: -each.value)[:2]
    shifted = {
        each.path: round(each.value - each.less + by, 6) for each, by in zip(two, (-1, 1), strict=True)
    }
    more = {first.path: round(first.value * 1.013 + 0.5, 6)}
    return [more, shifted, more | shifted]


def others(loaded: Loaded) -> dict[str, Any]:
    """Changes of what a plan has in common with others, by what they touch."""
    scenario, known = loaded.scenario, loaded.quantities()
    target = next(path for path in known if path.startswith("targets.") and path.endswith(".ensure"))
    found: dict[str, Any] = {
        "target": {target: known[target].value + 0.3},
        "region": {"demand.income_elasticity": round(known["demand.income_elasticity"].value * 0.97, 6)},
        "base year": {"accounts.fai": round(known["accounts.fai"].value * 1.01, 6)},
        "doubt": {
            f"investment.growth.{end}": known["investment.growth"].value + by
            for end, by in (("low", -2.7), ("high", 2.9))
        },
        "seed": {"uncertainty.seed": scenario.uncertainty.seed + 1},
    }
    if known["investment.growth"].low is not None:
        found["certain"] = {"investment.growth.low": None, "investment.growth.high": None}
    for key, project in scenario.projects.items():
        if project.stage != "commissioned":
            found["dates"] = {f"projects.{key}.slip": project.slip.value + 4}
            break
    return found


@pytest.mark.slow
def test_a_desk_that_answered_other_plans_tells_what_a_new_one_does(folder: Path) -> None:
    """Every change, each after all others, in both orders."""
    base = load(folder / SMALL)
    steps = [{}, *money(base), *others(base).values(), *[a | money(base)[1] for a in others(base).values()]]
    found = {json.dumps(each): afresh(folder, SMALL, each) for each in steps}
    assert len(set(found.values())) >= len(found) - 1  # what is changed is seen (a seed may hide in rounding)
    for order in (steps, steps[::-1]):
        service = serving(folder)
        for each in order:
            assert told(service, SMALL, each) == found[json.dumps(each)], each


@pytest.mark.first(1)
@pytest.mark.parametrize("name", lighter(EVERY))
def test_plans_of_a_shipped_scenario_are_those_of_a_new_desk(name: str, tmp_path: Path) -> None:
    service, file = serving(tmp_path), f"example:{name}"
    told(service, file, {})
    for each in money(shipped_one(name))[1:]:
        assert told(service, file, each) == afresh(tmp_path, file, each), each


def test_a_file_that_changes_on_disk_is_read_again(folder: Path) -> None:
    """The scenario itself, and one that it extends, before and after changes were laid over them."""
    (folder / "top.yaml").write_text(f"dabiao: 1\nextends: {SMALL}\n", encoding="utf-8")
    service = serving(folder)
    for change in ({}, money(load(folder / SMALL))[0]):
        told(service, SMALL, change), told(service, "top.yaml", change)
    base = load(folder / SMALL)
    edit = {"accounts.fai": round(base.quantities()["accounts.fai"].value * 1.05, 6)}
    text = resolved_yaml(changed(base, edit))
    (folder / SMALL).write_text(text + "# longer\n", encoding="utf-8")
    for file in (SMALL, "top.yaml"):
        for change in ({}, money(base)[0], money(base)[1]):
            assert told(service, file, change) == afresh(folder, file, change), (file, change)


def test_two_tabs_at_once_get_their_own_answers(folder: Path) -> None:
    base = load(folder / SMALL)
    ways = [money(base), [*others(base).values()][:3]]
    service = serving(folder)
    with ThreadPoolExecutor(2) as pool:
        seen = list(
            pool.map(lambda way: [told(service, SMALL, each, tab=str(way[0])) for each in (*way, *way)], ways)
        )
    for way, answers in zip(ways, seen, strict=True):
        assert answers == [afresh(folder, SMALL, each) for each in way] * 2


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_anchor_does_not_ask_what_is_planned(name: str) -> None:
    """Anchored and then planned otherwise, or planned otherwise and then anchored: the same."""
    base = shipped_one(name)
    if base.scenario.actuals is not None:
        pytest.skip("of a year under way nothing is taken over")
    with base.speaking():
        for each in money(base):
            other = changed(base, each).scenario
            assert anchored_scenario(other) == planned(anchored_scenario(base.scenario), other)


def begun(loaded: Loaded, after: list[Study]) -> Study:
    with loaded.speaking():
        return study(loaded, draws=1024, after=after)


@pytest.mark.first(1)
@pytest.mark.parametrize("name", lighter(EVERY))
def test_futures_taken_over_are_those_drawn_anew(name: str) -> None:
    """Every target in every year and future, every input that was drawn, every plan judged on them."""
    base = shipped_one(name)
    first = begun(base, [])
    for each in money(base):
        other = changed(base, each)
        after, anew = begun(other, [first]), begun(other, [])
        shared = after.futures is not None and after.futures.by_region is first.futures.by_region
        assert shared == (base.scenario.actuals is None)
        assert after.scenario == anew.scenario
        assert after.ensemble and anew.ensemble and after.jury and anew.jury
        for mine, own in (
            (after.ensemble.paths, anew.ensemble.paths),
            (after.ensemble.drawn, anew.ensemble.drawn),
        ):
            assert mine.keys() == own.keys()
            assert all(np.array_equal(mine[key], own[key]) for key in own)
        scaled = replace(after.plan.plan, investment=after.plan.plan.investment * 1.02)
        mine, own = after.jury.outcomes(scaled), anew.jury.outcomes(scaled)
        assert all(np.array_equal(mine[key], own[key]) for key in own)


def test_only_money_is_taken_for_money() -> None:
    base = shipped_one("panzhihua-2024")
    first = begun(base, [])
    assert first.futures is not None

    def like(changes: Changes) -> bool:
        assert first.futures is not None
        return differs_in_money(base.scenario, changed(base, changes).scenario, first.futures)

    assert [like(each) for each in money(base)] == [True, True, True]
    assert like({"investment.growth.low": 3.5}) and like({"investment.later": 4.0})
    assert {name: like(each) for name, each in others(base).items() if name != "doubt"} == {
        name: False for name in others(base) if name != "doubt"
    }
    assert not like({"investment.before": 5.0})  # what the base year commissions
    assert not like({"investment.base_shares": None})  # the plan's mix is the base year's then
    assert not like({"investment.path.2024": 800.0})  # another number is drawn
    assert MONEY.match("investment.path.2024") and not MONEY.match("investment.before")


def test_a_mix_that_stands_for_the_base_year_is_none_of_the_plans_alone() -> None:
    base = changed(shipped_one("deyang-2022"), {"investment.base_shares": None})
    first = begun(base, [])
    shares = money(base)[1]
    assert first.futures is not None
    other = changed(shipped_one("deyang-2022"), {"investment.base_shares": None} | shares)
    assert not differs_in_money(base.scenario, other.scenario, first.futures)
    later = changed(shipped_one("deyang-2022"), {"investment.base_shares": None} | money(base)[0])
    assert differs_in_money(base.scenario, later.scenario, first.futures)


@pytest.mark.parametrize("name", lighter(EVERY))
def test_texts_over_files_read_once_are_read_as_ever(name: str) -> None:
    """Scenario, tree, origins, files and notes; also after a text that was wrong."""
    base = shipped_one(name)
    below = files_below(base)
    assert below is not None
    with pytest.raises(ScenarioError):
        changed(base, {"accounts.fai": "much", "nothing.here": 1}, below=below)
    for each in (*money(base), *others(base).values()):
        mine, own = changed(base, each, below=below), changed(base, each)
        assert mine.scenario == own.scenario
        for part in ("name", "tree", "origins", "files", "notes", "questions", "file", "countries"):
            assert getattr(mine, part) == getattr(own, part), part
        assert resolved_yaml(mine) == resolved_yaml(own)


def test_what_is_wrong_is_told_alike_over_files_read_once(folder: Path) -> None:
    base = load(folder / SMALL)
    wrong = {"accounts.fai": "much", "nothing.here": 1, "investment.growth": 1e9}
    said = []
    for below in (None, files_below(base)):
        with pytest.raises(ScenarioError) as error:
            changed(base, wrong, below=below)
        said.append(str(error.value))
    assert said[0] == said[1]


def test_files_that_changed_meanwhile_are_not_kept(folder: Path) -> None:
    base = load(folder / SMALL)
    assert files_below(base) is not None
    (folder / SMALL).write_text((folder / SMALL).read_text("utf-8") + "\n", encoding="utf-8")
    assert files_below(base) is None


def test_what_is_kept_is_bounded(folder: Path) -> None:
    """Of many plans in a row only the last stay, whatever they took over from each other."""
    service, base = serving(folder), load(folder / SMALL)
    path, value = next(iter(money(base)[0].items()))
    seen: list[tuple[weakref.ref[Any], ...]] = []
    for at in range(KEPT + 4):
        bench = service.desk.bench(SMALL, {path: value + 0.1 * at})
        assert bench.study.jury is not None
        seen.append(tuple(map(weakref.ref, (bench, bench.study.futures, bench.study.jury.samples[0]))))
        del bench
    gc.collect()
    alive = [all(each() is not None for each in some) for some in seen]
    assert alive == [False] * 4 + [True] * KEPT
    assert not any(each() is not None for some in seen[:4] for each in some)


@pytest.mark.parametrize("name", EVERY)
def test_a_pipeline_that_ran_other_plans_runs_this_one_alike(name: str) -> None:
    """Dates booked once serve every plan's money."""
    scenario = shipped_one(name).scenario
    found = begun(shipped_one(name), [])
    plan = stated_plans(found.scenario, Draws())[scenario.plan]
    more = plan.scaled(1.03)
    anew, used = (Pipeline(found.scenario, found.economy, Draws()) for _ in range(2))
    used.run(plan)
    mine, own = used.run(more), anew.run(more)
    for part in ("invested", "pool", "history", "key_investment"):
        assert np.array_equal(getattr(mine.realisation, part), getattr(own.realisation, part)), part
    assert np.array_equal(mine.result.pool_investment, own.result.pool_investment)
    assert mine.result.by_fund.keys() == own.result.by_fund.keys()
    assert all(np.array_equal(mine.result.by_fund[key], each) for key, each in own.result.by_fund.items())
    assert np.array_equal(mine.kernel, own.kernel) and np.array_equal(mine.planned, own.planned)
