"""The optimised plan beats random plans in simulation: what a toy optimiser would not do."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from dabiao.models.plan import Plan
from dabiao.models.quantity import Bilingual
from dabiao.scenarios.load import load_example
from planning import Case, target
from regions import laid, moving

DRAWS = 200
LIMITS = {
    "mix": {"title": "mix", "on": "mix", "max": 6},
    "haste": {"title": "haste", "on": "absorption", "max": 25},
    "advance": {"title": "advance", "on": "advance", "max": 6},
}


def busy():
    return moving(limits=LIMITS, projects={"coming": {"start": "2021-09"}})


def many():
    """Four regions in one: more sectors than a corner of the mix can be guessed in."""
    data = busy()
    for i, key in enumerate(("plants", "shops")):
        data["sectors"][f"more_{key}"] = laid(
            data["sectors"][key], {"va": 40 + 30 * i, "market": {"trend": 1 + i}}
        )
        data["accounts"]["gdp"] += 40 + 30 * i
    data["mixes"]["plan"]["shares"] = dict(zip(data["sectors"], (15, 20, 20, 20, 10, 15), strict=True))
    return data


@cache
def case(name):
    return Case({"busy": busy, "many": many}[name]() if name in ("busy", "many") else load_example(name))


def allowed(case: Case, vectors: np.ndarray) -> np.ndarray:
    """Which lever vectors keep every limit; written anew here, from the meaning of the limits."""
    money = vectors[: len(case.variables.money)]
    total = case.variables.money.sum()
    fine = np.isclose(money.sum(axis=0), total) & (money >= 0).all(axis=0)
    planned = case.variables.fixed_planned[..., None] + sum(
        (
            np.where(np.arange(len(money)) == c.sector, 1.0, 0.0)[:, None, None] * c.planned[:, None] * start
            for c, start in zip(case.variables.choices, vectors[len(money) :], strict=True)
        ),
        np.zeros(1),
    )
    fine &= (money[:, None] * case.variables.ratio[..., None] >= planned - 1e-9).all(axis=(0, 1))
    base = case.variables.delivered.normal[:, 0]
    for bound in case.bounds:
        if bound.kind == "mix":
            fine &= np.abs(100 * (money - case.variables.money[:, None]) / total).max(axis=0) <= bound.most
        elif bound.kind == "absorption":
            fine &= (money <= base * (1 + bound.most / 100) + 1e-9).all(axis=0)
        elif bound.kind == "source":
            fine &= bound.weights @ money <= bound.most + 1e-9
    return fine


@cache
def random_plans(case: Case) -> np.ndarray:
    """Random allowed lever vectors: walks of random steps between pairs of sectors, and random starts."""
    rng = np.random.default_rng(0)
    sectors, found = len(case.variables.money), []
    limits = {b.kind: b.most for b in case.bounds}
    while len(found) < DRAWS:
        vector = case.variables.plan.copy()
        for project in dict.fromkeys(c.project for c in case.variables.choices):
            own = [
                i
                for i, c in enumerate(case.variables.choices)
                if c.project == project and -c.shift <= limits.get("advance", 0) + 1e-9
            ]
            vector[
                sectors + np.array([i for i, c in enumerate(case.variables.choices) if c.project == project])
            ] = 0
            vector[sectors + rng.choice(own)] = 1
        if not allowed(case, vector[:, None])[0]:
            continue
        for _ in range(int(rng.integers(1, 30))):
            step = np.zeros_like(vector)
            giver, taker = rng.choice(sectors, 2, replace=False)
            step[taker] = rng.uniform(0, 5) * case.variables.money.sum() / 100
            step[giver] = -step[taker]
            if allowed(case, (vector + step)[:, None])[0]:
                vector = vector + step
        found.append(vector)
    return np.stack(found, axis=1)


@pytest.mark.parametrize("name", ["busy", "many", "deyang-2022", "panzhihua-2024"])
@pytest.mark.parametrize(
    "indicator, year", [("gdp_growth", 1), ("gdp_level", -1), ("industry_above_scale_growth", 1)]
)
def test_the_optimised_plan_beats_random_ones(name, indicator, year):
    region = case(name)
    if not (allowed(region, region.variables.plan[:, None])).all():
        pytest.skip("the plan itself breaks a limit: no random walk starts from it")
    year = region.economy.years if year < 0 else year
    goal = target(indicator)
    optimum = region.most(goal, year)
    best = float(region.sheet.value(goal, region.assessor.simulate(optimum.plan, whole=True).path, year)[0])
    vectors = random_plans(region)
    path = region.economy.simulate(region.variables.realisation(vectors))
    values = np.broadcast_to(region.sheet.value(goal, path, year), DRAWS)
    spread = values.max() - values.min()
    assert spread > 1e-3  # the plans do differ
    assert best >= values.max() - 1e-5 * abs(best)
    assert best > np.quantile(values, 0.5) + 0.1 * spread
    # the fast way is the pipeline's
    for j in (0, DRAWS // 2, int(values.argmax())):
        money, starts = np.split(vectors[:, j], [len(region.variables.money)])
        shifts = {
            c.project: c.shift
            for c, start in zip(region.variables.choices, starts, strict=True)
            if start and c.shift
        }
        plan = Plan("random", Bilingual(en="random"), money[:, None] * region.variables.ratio, shifts)
        again = float(region.sheet.value(goal, region.assessor.simulate(plan, whole=True).path, year)[0])
        assert again == pytest.approx(values[j], rel=1e-5)
        assert best >= again - 1e-5 * abs(best)
