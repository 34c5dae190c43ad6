"""Deliveries of all draws against the reference pipeline run draw by draw on the same numbers."""

from dataclasses import fields, replace

import laws
import numpy as np
import pytest
from dabiao.engine.plans import stated_plans
from dabiao.engine.projects.drawn import DrawnPipeline
from dabiao.engine.projects.run import Pipeline
from dabiao.models.pool import PoolDurations
from dabiao.models.project import Durations
from dabiao.models.quantity import Draws
from dabiao.scenarios.load import load_example
from hypothesis import given, settings
from hypothesis import strategies as st
from regions import MONTHS, four, laid, projects, region

POOL = {
    "projects": {"value": 40, "low": 30, "high": 50},
    "investment": {"value": 60, "low": 40, "high": 80},
    "starts": {"value": 12, "low": 6, "high": 20},
    "completions": 8,
    "slip": {"value": 1, "low": -1, "high": 6},
    "months": {
        **MONTHS,
        "approval": {"value": 4, "low": 1, "high": 9},
        "construction": {"value": 18, "low": 8, "high": 36},
    },
}


class Drawn(Draws):
    """Every number with bounds drawn evenly between them; the others central."""

    def __init__(self, draws, seed):
        self.draws, self.rng, self.known = draws, np.random.default_rng(seed), {}

    def __call__(self, quantity):
        if quantity.low is None and quantity.high is None:
            return super().__call__(quantity)
        low = quantity.value if quantity.low is None else quantity.low
        high = quantity.value if quantity.high is None else quantity.high
        return self.known.setdefault(quantity.path, self.rng.uniform(low, high, self.draws))


class One(Draws):
    """One draw of them."""

    def __init__(self, values, draw):
        self.values, self.draw = values, draw

    def __call__(self, quantity):
        found = self.values(quantity)
        return found[[min(self.draw, len(found) - 1)]]


def reference(built, scenario, economy, values, plan, draw):
    """The pipeline in SimPy on the numbers and the chance of one draw."""
    one = One(values, draw)
    stated = list(scenario.projects.values())
    months = {
        name: np.array([one(getattr(p.months, name))[0] for p in stated])
        for name in ("approval", "registration", "construction", "ramp_up")
    }
    durations = Durations(
        **months,
        slip=np.array([one(p.slip)[0] for p in stated]),
        cancelled=built.run(plan).timing.cancelled[:, draw],
    )
    own = PoolDurations(*(np.empty(0),) * 3)
    if scenario.pool is not None:
        crowd = built.crowd(draw, draw + 1)
        here = np.broadcast_to(crowd.plan.present, crowd.building.shape)[:, 0]
        running = np.zeros(crowd.plan.blocks[0])  # those under way ask nobody, and have begun
        wide = [
            np.concatenate([running, np.broadcast_to(each, (len(here) - len(running), 1))[:, 0]])[here]
            for each in (crowd.approval, crowd.slip)
        ]
        wide.insert(1, np.broadcast_to(crowd.slowness, crowd.building.shape)[here, 0])
        own = PoolDurations(*wide)
    pipeline = Pipeline(scenario, economy, one, drawn=(durations, own))
    scale = (pipeline.totals / Pipeline(scenario, economy, Draws()).totals)[:, 0]
    return pipeline.run(replace(plan, investment=plan.investment * scale))


def differing(scenario, economy, values, plan, draws, look, seed=5):
    built = DrawnPipeline(scenario, values, draws, seed)
    found = built.run(plan)
    wrong = []
    for draw in look:
        expected = reference(built, scenario, economy, values, plan, draw)
        for field in fields(expected.realisation):
            a, b = getattr(found.realisation, field.name), getattr(expected.realisation, field.name)
            if b is None:
                continue
            pairs = (
                [(field.name, a, b)]
                if not isinstance(b, dict)
                else [(f"{s}/{p}", a[s][p], each) for s, path in b.items() for p, each in path.items()]
            )
            wrong += [
                (draw, name, np.abs(x[..., draw if x.shape[-1] > 1 else 0] - y[..., 0]).max())
                for name, x, y in pairs
                if not np.allclose(x[..., draw if x.shape[-1] > 1 else 0], y[..., 0], rtol=1e-9, atol=1e-9)
            ]
        for name in ("commissioned", "started"):
            date = getattr(found.timing, name)[:, draw]
            date = np.where(date < 12 * built.years - 1e-6, date, np.inf)
            there = expected.result.dates[name]
            there = np.where(there < 12 * built.years - 1e-6, there, np.inf)
            if not np.allclose(date, there, atol=1e-9):
                wrong.append((draw, name, date, there))
    return wrong


def doubtful(**changes):
    """Four sectors, projects of all stages in doubt, an unnamed pool, and too few desks, builders and
    money."""
    spread = {
        "months": {
            "approval": {"value": 5, "low": 2, "high": 12},
            "registration": {"value": 2, "low": 0, "high": 6},
            "construction": {"value": 14, "low": 8, "high": 30},
            "ramp_up": {"value": 9, "low": 4, "high": 18},
        },
        "slip": {"value": 2, "low": -3, "high": 12},
        "invest": {"value": 8, "low": 5, "high": 12},
    }
    named = {key: laid(each, spread) for key, each in projects().items()}
    for i in range(3):
        named[f"more{i}"] = laid(
            named["coming"],
            {
                "stage": "planned",
                "start": f"202{1 + i}-0{i + 2}",
                "funds": {"bank": 60},
                "cancel": 30,
                "adds": {"output": {"value": 2, "low": 1, "high": 4}},
            },
        )
    named["going"] = laid(
        named["coming"],
        {
            "stage": "started",
            "start": None,
            "finish": None,
            "done": {"value": 30, "low": 10, "high": 60},
            "funds": {"bank": 100},
        },
    )
    data = four(
        projects=named,
        pool=POOL,
        accounts={"fai": {"value": 168, "low": 140, "high": 200}},
        investment={
            "growth": {"value": 5, "low": 0, "high": 9},
            "later": {"value": 3, "low": 0, "high": 5},
            "before": {"value": 4, "low": 0, "high": 8},
        },
        funds={"bank": {"title": "b", "amount": {"value": 8, "low": 3, "high": 20}}},
        pipeline={
            "approvals": {"value": 5, "low": 2, "high": 9},
            "builders": {"value": 36, "low": 25, "high": 60},
        },
    )
    return laid(data, changes)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32), st.floats(-6, 6))
def test_every_draw_is_what_the_reference_makes_of_it(seed, shift):
    built = region(doubtful())
    plan = replace(built.plan, shifts={"more1": shift, "coming": -shift})
    assert differing(built.scenario, built.economy, Drawn(8, seed), plan, 8, range(8)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"pool": None},
        {"pipeline": None},
        {"funds": {"bank": {"amount": None}}},
        {"projects": None},
        {"pool": None, "projects": None},
    ],
)
def test_what_is_not_there_is_not_missed(changes):
    built = region(
        laid(doubtful(), changes)
        if changes.get("projects", 1) is not None
        else {**laid(doubtful(), changes), "projects": {}}
    )
    assert differing(built.scenario, built.economy, Drawn(4, 1), built.plan, 4, range(4)) == []


def test_central_numbers_give_the_central_case():
    """Without doubt, chance or spread, all draws are the run that everybody sees."""
    data = four(
        projects=projects(),
        pool={
            **POOL,
            **{k: POOL[k]["value"] for k in ("projects", "investment", "starts", "slip")},
            "months": MONTHS,
        },
    )
    built = region(data)
    found = DrawnPipeline(built.scenario, Draws(), 3).run(built.plan).realisation
    expected = built.pipeline.run(built.plan).realisation
    assert laws.differing("invested", found.invested, np.repeat(expected.invested, 3, axis=2), 1e-9) == []
    assert found.key_investment == pytest.approx(np.repeat(expected.key_investment, 3, axis=1))


@pytest.mark.slow
@pytest.mark.sample
@pytest.mark.parametrize("name", ["panzhihua-2024", "deyang-2022"])
def test_examples_agree_with_the_reference(name):
    from dabiao.engine.build import economy

    scenario = load_example(name).scenario
    plan = stated_plans(scenario, Draws())[scenario.plan]
    values = Drawn(600, 2)
    assert (
        differing(scenario, economy(scenario, Draws()), values, plan, 600, (0, 1, 299, 511, 512, 599)) == []
    )


def test_blocks_and_workers_change_no_byte():
    built = region(doubtful())
    values = Drawn(700, 3)
    runs = [
        DrawnPipeline(built.scenario, values, 700, 4, workers=w, block=b).run(built.plan)
        for w, b in ((1, 512), (2, 100), (1, 7), (2, 256))
    ]
    for other in runs[1:]:
        for field in fields(other.timing):
            assert (
                getattr(other.timing, field.name).tobytes() == getattr(runs[0].timing, field.name).tobytes()
            )
        assert other.realisation.invested.tobytes() == runs[0].realisation.invested.tobytes()


def test_a_sample_may_be_cut_anywhere():
    built = region(doubtful())
    values = Drawn(700, 3)

    class Part(Draws):
        def __call__(self, quantity):
            found = values(quantity)
            return found if len(found) == 1 else found[300:650]

    whole = DrawnPipeline(built.scenario, values, 700, 4).run(built.plan)
    part = DrawnPipeline(built.scenario, Part(), 350, 4, first=300).run(built.plan)
    assert (
        part.realisation.invested.tobytes()
        == np.ascontiguousarray(whole.realisation.invested[..., 300:650]).tobytes()
    )


def test_cancelled_as_often_as_stated():
    """Three projects with 30 % each, 4000 draws: within 4 standard errors of the binomial; and none of their
    output comes."""
    built = region(doubtful())
    found = DrawnPipeline(built.scenario, Draws(), 4000, 9).run(built.plan)
    at = [j for j, p in enumerate(built.pipeline.projects) if p.id.startswith("more")]
    often = found.timing.cancelled[at].mean()
    assert often == pytest.approx(0.3, abs=4 * np.sqrt(0.3 * 0.7 / 12000))
    gone = found.timing.cancelled
    assert np.isinf(found.timing.commissioned[gone]).all()
    assert not found.timing.spent.swapaxes(1, 2)[gone].any()
    assert not np.delete(gone, at, axis=0).any()


def test_unnamed_projects_differ_as_their_bounds_say():
    """Individual durations have mean 1 (slip 0) and the variance of a PERT, (μ-low)(high-μ)/7."""
    built = region(doubtful())
    drawn_pipeline = DrawnPipeline(built.scenario, Draws(), 3000, 9)
    crowd = drawn_pipeline.crowd(0, 3000)
    mean, variance = (8 + 4 * 18 + 36) / 6, (((8 + 4 * 18 + 36) / 6 - 8) * (36 - (8 + 4 * 18 + 36) / 6)) / 7
    stretch = (crowd.building / crowd.plan.building).ravel()
    assert stretch.mean() == pytest.approx(1, abs=4 * np.sqrt(variance / len(stretch)) / mean)
    assert stretch.std() * mean == pytest.approx(np.sqrt(variance), rel=0.01)
    assert crowd.slip.mean() == pytest.approx(1, abs=0.02)


def test_more_money_in_a_draw_is_more_money_for_the_mix():
    built = region(four(accounts={"fai": {"value": 168, "low": 100, "high": 300}}))
    values = Drawn(50, 3)
    realisation = DrawnPipeline(built.scenario, values, 50).run(built.plan).realisation
    assert realisation.invested[:, 0] == pytest.approx(
        built.plan.investment[:, [0]] * values(built.scenario.accounts.fai) / 168
    )


def test_numbers_beyond_what_a_project_can_be_break_nothing():
    """A sample may reach below nothing (a normal distribution does): projects then take no time, no desks is
    one desk."""
    built = region(doubtful())

    class Wild(Draws):
        def __call__(self, quantity):
            if quantity.low is None and quantity.high is None:
                return super().__call__(quantity)
            return (
                quantity.value * np.linspace(-1, 3, 60)
                if "fai" not in quantity.path
                else super().__call__(quantity)
            )

    found = DrawnPipeline(built.scenario, Wild(), 60, 1).run(built.plan)
    assert np.isfinite(found.realisation.invested).all()
    assert (found.realisation.invested >= 0).all()
    assert not np.isnan(found.timing.commissioned).any()
