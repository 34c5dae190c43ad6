"""The seven laws of commissioning, over random regions, on one path and on draws, on both engines of the
pipeline.

A steady stream of projects changes nothing; listing changes nothing; cancelling, hastening and delaying have
their signs;
money is conserved; what is realised falls short of the plan and goes beyond it; more per yuan never means
less.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import laws
import numpy as np
import pytest
from dabiao.engine.decide.options import variables
from dabiao.engine.diagnose.moves import CHANGES
from dabiao.engine.projects.drawn import DrawnPipeline
from dabiao.engine.projects.variants import Variant, varied
from dabiao.models.project import yearly
from dabiao.models.quantity import Draws
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from regions import MONTHS, Region, between, four, laid, moving, region, sketches
from streams import stream

NEAR = 1e-6
"""Dates end a hair before the month does."""

LENGTHS = {
    "length": st.integers(2, 50),
    "slip": st.integers(0, 14),
    "ramp_up": st.integers(0, 30),
    "phase": st.integers(0, 11),
    "registration": st.integers(0, 4),
}


def works_of(built: Region, engine: str) -> Any:
    """What the plan delivers, by events or by arrays."""
    if engine == "events":
        return built.pipeline.run(built.plan).realisation
    return DrawnPipeline(built.scenario, Draws(), 3, alike=True).run(built.plan).realisation


def path_of(built: Region, engine: str) -> Any:
    return built.economy.simulate(works_of(built, engine))


def flowing(
    draw: Any, data: dict[str, Any], part: float = 0.8, at_kappa: bool = False, **fixed: Any
) -> dict[str, Any]:
    """A stream in one of the sectors, no larger than a part of its investment; a chain's adds capacity to a
    process."""
    key = draw(st.sampled_from(sorted(data["sectors"])))
    stated = data["sectors"][key]
    money = data["accounts"]["fai"] * data["mixes"]["plan"]["shares"][key] / 100
    shape = {name: fixed[name] if name in fixed else draw(strategy) for name, strategy in LENGTHS.items()}
    invest = money * draw(between(0.05, part))
    kappa = (stated.get("capacity") or {}).get("output_per_yuan", stated.get("output_per_yuan", 0.0))
    most = stated["va"] / 40  # no larger a part of output than any that a year can bring
    adds: dict[str, Any] = {"output": kappa * invest if at_kappa else draw(between(0.01, 1.0)) * most}
    if stated["model"] == "process_chain" and not at_kappa:
        scale = stated["va"] * 0.6 / 1.80
        process, base = draw(st.sampled_from([("mining", 100.0), ("smelting", 10.0), ("leaching", 0.08)]))
        adds = {"process": process, "capacity": draw(between(0.001, 0.05)) * base * scale}
    return {"projects": stream(key, invest, adds, **shape)}, key


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["events", "arrays"]))
def test_conveyor(data, engine):
    """1. A steady stream, whatever its length, slip, ramp-up, phase and yield: nothing moves, investment
    least of all."""
    still = data.draw(sketches(still=True))
    for stated in still[
        "sectors"
    ].values():  # scrapping as the pool alone commissions would not be that of pool and stream
        stated.get("capacity", {}).pop("scrapping", None)
    flow, _ = flowing(data.draw, still)
    built = region(laid(still, flow))
    realisation = works_of(built, engine)
    assert laws.differing("invested", realisation.invested, realisation.normal[:, :1], NEAR) == []
    path = built.economy.simulate(realisation)
    assert laws.differing("output", path.output, path.output[:, :1], NEAR) == []
    limit = np.nan_to_num(path.limit[:, 1:], posinf=0.0)
    assert laws.differing("limit", limit, limit[:, :1], NEAR) == []


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(["events", "arrays"]), st.booleans())
def test_listing(data, engine, whole):
    """2. A part of a sector's pool carved out as such a stream at the sector's own yield: nothing changes,
    markets moving or not."""
    sketch = data.draw(sketches())
    sketch = laid(
        sketch,
        {
            "investment": {"growth": 0, "later": 0, "before": 0},
            "prices": {"investment": 0},
            "listing": {"whole": whole},
        },
    )
    flow, key = flowing(data.draw, sketch, at_kappa=True)
    assume(sketch["sectors"][key]["model"] != "process_chain")
    assume(sketch["sectors"][key]["model"] == "agriculture" or sketch["sectors"][key].get("capacity"))
    before, after = (path_of(region(each), engine) for each in (sketch, laid(sketch, flow)))
    assert laws.differing("output", after.output, before.output, 1e-5) == []


def test_a_list_without_what_finishes_is_filled_up():
    """What is about to finish is left off a list: the rest of the stream must not be bad news; a whole list
    says that it is."""
    flow = stream("plants", 8.0, {"output": 6.0}, length=20, ramp_up=6, phase=3)
    kept = {
        key: each
        for key, each in flow.items()
        if each["stage"] != "commissioned" and each["start"] > "2019-06"
    }
    assert len(kept) < len(flow)
    shares = {"farms": 10, "plants": 50, "mines": 20, "shops": 20}
    data = four(projects=kept, mixes={"plan": {"shares": shares}})
    partly, wholly = (region(laid(data, {"listing": {"whole": whole}})) for whole in (False, True))
    growth = [each.run().gdp[1] / each.run().gdp[0] - 1 for each in (partly, wholly)]
    assert growth[0] == pytest.approx(0.0, abs=2e-4)
    assert growth[1] < -1e-3
    assert partly.pipeline.inferred.missing["plants"][""][0] > 0.3
    assert wholly.pipeline.inferred.missing == {}


def test_fewer_completions_than_last_year_are_less_new_output():
    """Half of the usual finishes, as reported: less is inferred, and growth is lower."""
    flow = stream("plants", 8.0, {"output": 6.0}, length=20, ramp_up=6, phase=3)
    kept = {
        key: each
        for key, each in flow.items()
        if each["stage"] != "commissioned" and each["start"] > "2019-06"
    }
    usual, half = (
        region(four(projects=kept, listing={"finishing": part})).run().gdp[1, 0] for part in (100, 50)
    )
    assert half < usual


def busy(draw: Any) -> dict[str, Any]:
    """A drawn region with two to five projects at all stages, done or not as stated, and perhaps unnamed
    ones."""
    data = draw(sketches(lasting=True))
    keys, found = list(data["sectors"]), {}
    for i in range(draw(st.integers(2, 5))):
        key = draw(st.sampled_from(keys))
        share = data["mixes"]["plan"]["shares"][key] / 100
        stage = draw(st.sampled_from(["planned", "approved", "started", "registered"]))
        begun = stage in ("started", "registered")
        adds: dict[str, Any] | None = {"output": draw(between(0, 1)) * data["sectors"][key]["va"] / 40}
        if data["sectors"][key]["model"] == "process_chain":
            adds = {"process": draw(st.sampled_from(["mining", "smelting"])), "capacity": draw(between(0, 5))}
        found[f"p{i}"] = {
            "title": f"p{i}",
            "sector": key,
            "stage": stage,
            "adds": draw(st.sampled_from([adds, None])),
            "start": (
                f"2020-{draw(st.integers(1, 11)):02d}" if begun else f"2021-{draw(st.integers(4, 12)):02d}"
            ),
            "done": draw(st.none() | between(1, 90)) if begun else None,
            "invest": 0.1 * data["accounts"]["fai"] * share * draw(between(0.1, 1)),
            "months": {
                **MONTHS,
                "construction": draw(st.integers(14, 40)),
                "approval": draw(st.integers(0, 3)),
            },
            "slip": draw(st.integers(0, 9)),
            "key": draw(st.booleans()),
        }
    data = laid(
        data,
        {
            "projects": found,
            "investment": {"growth": 2, "later": 2},
            "listing": {"whole": draw(st.booleans())},
        },
    )
    data["projects"] = {key: {k: v for k, v in each.items() if v is not None} for key, each in found.items()}
    if draw(st.booleans()):
        data["pool"] = {
            "projects": 30,
            "investment": 0.3 * data["accounts"]["fai"],
            "starts": 9,
            "completions": 6,
            "months": MONTHS,
            "slip": draw(st.integers(0, 6)),
        }
    return data


def changed(built: Region, change: str, months: float = 3.0) -> tuple[Any, Any]:
    """Output of the plan and with each project, and all, changed ``(B, T+1, V)``, and the investment of
    each."""
    ids = list(built.scenario.projects)
    variants = [Variant(change, frozenset(some), months) for some in (*((key,) for key in ids), ids)]
    path = varied(built.scenario, built.economy, built.plan, variants)
    return path, variants


def sells(path: Any) -> bool:
    """Whether nothing that is sold outside has fallen to nothing: below it no shortfall can grow."""
    return bool((path.output > 1e-9).all())


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_cancelling_saves_money_and_raises_no_output(data):
    """3. Nothing more is done, the money is saved: no sector's output rises in any year; investment falls by
    what is saved."""
    built = region(busy(data.draw))
    path, _ = changed(built, "cancelled")
    wrong = laws.lower("output", path.output[..., :1], path.output[..., 1:])
    assert wrong == []
    assert (
        laws.lower("invested", path.realisation.invested[..., :1], path.realisation.invested[..., 1:]) == []
    )


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_cancelled_by_its_key_is_cancelled(data):
    """The key of the scenario says what the variant says, through events."""
    stated = busy(data.draw)
    built = region(stated)
    path, _ = changed(built, "cancelled")
    key = data.draw(st.sampled_from(list(stated["projects"])))
    alone = region(laid(stated, {"projects": {key: {"cancelled": "2021-01"}}}))
    at = list(stated["projects"]).index(key) + 1
    assume(not stated.get("pool"))
    assert laws.differing("output", alone.run().output[..., 0], path.output[..., at], 1e-9) == []


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_sooner_with_money_added_lowers_no_output_cumulated(data):
    """4. Begun (or finished) a quarter sooner, money added: no sector's output cumulated up to any year
    falls."""
    built = region(busy(data.draw))
    path, _ = changed(built, "sooner")
    assume(sells(path))
    so_far = path.output.cumsum(axis=1)
    wrong = laws.lower("output so far", so_far[..., 1:], so_far[..., :1], 1e-9)
    assert wrong == []


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_later_raises_no_output_cumulated(data):
    """Half of the law above: what comes a quarter later than expected raises no sector's output cumulated up
    to any year.

    Where capacity clips a year's demand, or a yuan earned later is spent more freely (consumption that grows
    by itself, prices that fall),
    a quarter later can be worth more: such regions are left out.
    """
    built = region(
        laid(
            busy(data.draw),
            {
                "demand": {"autonomous_consumption": 0, "government": 0, "transfers": 0},
                "prices": {"investment": 0},
            },
        )
    )
    path, _ = changed(built, "later")
    led = built.economy.supply_led
    assume(sells(path))
    assume((path.output[~led, 1:] < path.limit[~led, 1:] * (1 - 1e-9)).all())
    so_far = path.output.cumsum(axis=1)
    wrong = laws.lower("output so far", so_far[..., :1], so_far[..., 1:], 1e-9)
    assert wrong == []


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_sooner_within_the_total_displaces_other_works(data):
    """4. The same total: investment stays, and what the project takes in a year the other works of its sector
    lose."""
    stated = busy(data.draw)
    stated["projects"] = {
        key: {**each, "slip": 0, "months": {**each["months"], "approval": 0}}
        for key, each in stated["projects"].items()
    }
    built = region(stated)
    path, _ = changed(built, "sooner_instead")
    ahead = [
        i
        for i, key in enumerate(stated["projects"], start=1)
        if stated["projects"][key]["stage"] in ("planned", "approved")
    ]
    assume(ahead)
    for i in ahead:
        assert (
            laws.differing(
                "invested", path.realisation.invested[..., i], path.realisation.invested[..., 0], 1e-9
            )
            == []
        )


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_money_is_conserved_by_project(data):
    """5. Overdue and planned = put in place + left over at the end of the horizon, and nothing is left of
    what has ended."""
    stated = busy(data.draw)
    built = region(stated)
    pipeline_run = built.pipeline.run(built.plan)
    spent = yearly(pipeline_run.result.investment)
    counted = spent.sum(axis=1)
    whole = np.array([p.remaining for p in pipeline_run.projects])
    waiting = np.array(
        [
            (
                p.invest * p.worked
                if p.stage == "started"
                and p.begins + built.scenario.projects[p.id].months.registration.value >= 0
                else 0.0
            )
            for p in pipeline_run.projects
        ]
    )
    ended = pipeline_run.result.dates["commissioned"] <= 12 * built.economy.years
    assert counted[ended] == pytest.approx((whole + waiting)[ended], abs=1e-9)
    assert (counted <= whole + waiting + 1e-9).all()
    planned_end = np.array([p.ends for p in pipeline_run.projects])
    inside = planned_end <= 12 * built.economy.years
    assert (pipeline_run.due.sum(axis=1) + pipeline_run.overdue)[inside] == pytest.approx(
        (whole + waiting)[inside], abs=1e-9
    )
    # all that is put in place: named works, others as planned, what comes late from the base year
    realisation, (left, others) = pipeline_run.realisation, pipeline_run.unnamed
    named = built.pipeline.by_sector(spent)
    carried = np.zeros_like(named)
    carried[:, 0] = built.pipeline.inferred.carried[:, 0]
    assert realisation.invested[..., 0] == pytest.approx(named + others + carried)
    assert left == pytest.approx(built.plan.investment - pipeline_run.planned)
    assert others.sum() <= left.sum() + 1e-9


@pytest.mark.parametrize("slip", [0, 2, 7, 13])
def test_unnamed_projects_that_slip_lower_no_years_investment(slip):
    """5. The base year slipped too: a plan like last year's gives last year's investment, in every year."""
    data = four(
        pool={
            "projects": 30,
            "investment": 60,
            "starts": 10,
            "completions": 8,
            "months": MONTHS,
            "slip": slip,
        }
    )
    for engine in ("events", "arrays"):
        realisation = works_of(region(data), engine)
        assert laws.differing("invested", realisation.invested, realisation.normal[:, :1], 1e-9) == []


def test_what_queues_hold_up_comes_later_and_is_not_lost():
    """Too few builders: less in year 1, more after, as much in all as far as the horizon reaches."""
    data = four(
        pool={
            "projects": 30,
            "investment": 60,
            "starts": 10,
            "completions": 8,
            "months": {**MONTHS, "construction": 6},
            "slip": 0,
        },
        pipeline={"approvals": 100, "builders": 22},
    )
    for engine in ("events", "arrays"):
        built = region(data)
        held, free = (
            works_of(region(each), engine).invested.sum(axis=0)[:, 0]
            for each in (data, laid(data, {"pipeline": {"builders": 100}}))
        )
        assert held[0] < free[0] - 1e-3
        assert (held[1:] > free[1:] + 1e-6).any()
        assert held.cumsum()[-1] <= free.cumsum()[-1] + 1e-9
        assert built.plan.investment.sum() == pytest.approx(free.sum())


def test_realised_is_two_sided():
    """6. What is put in place of the plan is drawn around it: some futures go beyond, some fall short; key
    projects too."""
    from dabiao.engine.uncertainty.futures import Futures
    from dabiao.scenarios.load import numbers

    ratio = {"value": 100, "low": 85, "high": 115}
    data = four(
        pool={
            "projects": 30,
            "investment": 60,
            "starts": 10,
            "completions": 8,
            "months": MONTHS,
            "slip": 1,
            "realisation": ratio,
        }
    )
    data = laid(data, {"sectors": {key: {"realisation": ratio} for key in data["sectors"]}})
    for prefix, part in _paths(data):
        part["path"] = prefix
    scenario = region(data).scenario
    quantities = {q.path: q for q in numbers(scenario) if q.path}
    sample = Futures(scenario, quantities).sample(0, 256)
    realisation = sample.drawn_pipeline.run(region(data).plan).realisation
    growth = realisation.invested[:, 0].sum(axis=0) / realisation.normal[:, 0].sum(axis=0)
    assert (growth > 1.01).any() and (growth < 0.99).any()
    key = realisation.key_investment[0]
    assert (key > 60.5).any() and (key < 59.5).any()


def _paths(data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for key, each in data["sectors"].items():
        each["realisation"] = dict(each["realisation"])
        found.append((f"sectors.{key}.realisation", each["realisation"]))
    data["pool"]["realisation"] = dict(data["pool"]["realisation"])
    return [*found, ("pool.realisation", data["pool"]["realisation"])]


@settings(max_examples=40, deadline=None)
@given(st.data(), between(0, 0.5), between(0, 100))
def test_more_per_yuan_lowers_no_output(data, more, buyers):
    """7. Real investment that does not fall below the base year's: a higher κ or a higher rate at which
    output finds buyers
    lowers no sector's output in any year."""
    sketch = data.draw(sketches())
    sketch = laid(
        sketch,
        {
            "investment": {
                "growth": data.draw(between(0, 8)),
                "later": data.draw(between(0, 8)),
                "before": data.draw(between(0, 8)),
            },
            "prices": {"investment": 0},
        },
    )
    key = data.draw(st.sampled_from([k for k, each in sketch["sectors"].items()]))
    stated = sketch["sectors"][key]
    over: dict[str, Any] = {}
    if stated["model"] == "agriculture":
        over = {"output_per_yuan": stated["output_per_yuan"] + more}
    elif stated.get("capacity"):
        over = {
            "capacity": {
                **stated["capacity"],
                "output_per_yuan": stated["capacity"]["output_per_yuan"] + more,
            }
        }
    if stated["model"] != "agriculture":
        over["market"] = {"finds_buyers": max(buyers, stated["market"]["finds_buyers"])}
    before, after = (region(each).run() for each in (sketch, laid(sketch, {"sectors": {key: over}})))
    wrong = laws.lower("output", after.output, before.output)
    assert wrong == []


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_the_optimisers_coefficients_are_the_pipelines(data):
    """At the plan, and with every project that may start sooner started sooner, levers give what the pipeline
    delivers."""
    stated = busy(data.draw)
    stated["projects"] = {key: {**each, "earlier": 6} for key, each in stated["projects"].items()}
    built = region(laid(stated, {"pipeline": None} if "pipeline" in stated else {}))
    pipeline_run = built.pipeline.run(built.plan)
    found = variables(built.pipeline, built.plan, pipeline_run)
    at_plan = found.realisation(found.plan[:, None])
    for name in ("invested", "pool", "key_investment", "history"):
        assert (
            laws.differing(name, getattr(at_plan, name), getattr(pipeline_run.realisation, name), 1e-9) == []
        )
    assert at_plan.usual.keys() == pipeline_run.realisation.usual.keys()
    moved, shifts = found.plan.copy(), {}
    start = len(found.money)
    for i, choice in enumerate(found.choices):
        moved[start + i] = 0.0
        shifts[choice.project] = choice.shift  # the last of each is the earliest
    for i, choice in enumerate(found.choices):
        moved[start + i] = float(shifts[choice.project] == choice.shift)
    other = built.pipeline.run(replace(built.plan, shifts=shifts)).realisation
    levered = found.realisation(moved[:, None])
    assert (
        laws.differing("invested in all", levered.invested.sum(axis=0), other.invested.sum(axis=0), 1e-9)
        == []
    )
    for sector, own in other.named.items():
        for process, path in own.items():
            assert laws.differing(f"{sector}/{process}", levered.named[sector][process], path, 1e-9) == []


def test_every_change_has_its_row():
    """The table of drivers: all unfinished projects together, and each alone, in six ways."""
    from dabiao.engine.decide.assess import Run
    from dabiao.engine.diagnose.moves import project_moves

    built = region(moving())
    pipeline_run = built.pipeline.run(built.plan)
    found = project_moves(
        built.pipeline, Run(built.plan, pipeline_run, built.economy.simulate(pipeline_run.realisation))
    )
    open_ = [key for key, each in built.scenario.projects.items() if each.stage != "commissioned"]
    assert {(one.project, one.id) for one in found} == {
        (key, change) for key in ("", *open_) for change in CHANGES
    }
