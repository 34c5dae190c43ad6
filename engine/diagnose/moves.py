"""What growth turns on: the same economy with one thing moved (年度增长取决于什么)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...models.indicators import INDICATORS, Asked
from ...models.money import in_money
from ...models.plan import Plan
from ...models.quantity import Bilingual, FloatArray
from ...models.realisation import Realisation
from ...models.trajectory import Trajectory
from ...models.words import msg
from ..decide.assess import Run
from ..projects.queue import QUARTER
from ..projects.run import Pipeline
from ..projects.variants import Change, Variant, each_varied, one_by_one


@dataclass(frozen=True)
class Move:
    """A change of one thing and what it does.

    Attributes
    ----------
    gdp, industry
        Points of GDP and above-scale industrial growth by year ``(T,)``.
    total
        GDP of all years up to each ``(T,)``, in money at base prices.
    project
        The project that alone is changed; none for all, or for a change of another kind.
    displaced
        Money that other works of each sector lose by it ``(S, T)``, in money; below zero where they gain.
    """

    id: str
    title: Bilingual
    gdp: FloatArray
    industry: FloatArray
    total: FloatArray
    project: str = ""
    displaced: FloatArray | None = None


CHANGES: dict[Change, Bilingual] = {
    "deleted": msg("deleted from the list (a change of information)"),
    "cancelled": msg("cancelled, money saved"),
    "handed_on": msg("cancelled, money to other works of the sector"),
    "sooner": msg("a quarter sooner, money added"),
    "sooner_instead": msg("a quarter sooner, same total"),
    "later": msg("a quarter later than planned"),
}
"""What may happen to a named project that is not finished."""


def moves(pipeline: Pipeline, plan: Run) -> tuple[Move, ...]:
    """Each move against the plan, all else equal; those of projects are :func:`project_moves`."""
    year = pipeline.scenario.years.ahead
    amount = _round(0.01 * plan.plan.total(year))
    said = in_money(amount, 0 if amount == round(amount) else 1)
    tried: list[tuple[str, Bilingual, Trajectory]] = [
        (
            "no_carry_over",
            msg("without carry-over from past years"),
            pipeline.economy.simulate(_without_past(pipeline, plan)),
        ),
    ]
    scale = 1 + amount / plan.plan.total(year)
    tried.append(
        (
            "more_money",
            msg("{amount} more a year, same mix", amount=said),
            _run(pipeline, plan.plan.scaled(scale)),
        )
    )
    this, every = slice(year - 1, year), slice(None)
    target = pipeline.scenario.years.target
    for key, title, years in (
        (
            "once",
            (
                msg("{amount} moved once from services to industry", amount=said)
                if year == 1
                else msg(
                    "{amount} moved in {target} from services to industry",
                    amount=said,
                    target=target,
                )
            ),
            this,
        ),
        (
            "every_year",
            msg("{amount} moved every year from services to industry", amount=said),
            every,
        ),
    ):
        moved = _moved(pipeline, plan, amount, years)
        if moved:
            tried.append((key, title, _run(pipeline, moved)))
    return tuple(_against(key, title, plan.path, 0, path, 0) for key, title, path in tried)


def project_moves(pipeline: Pipeline, plan: Run) -> tuple[Move, ...]:
    """What each unfinished named project (of many the largest), and all of them together, do where they are
    deleted, cancelled, hastened or delayed."""
    open_ = [p for p in plan.pipeline_run.projects if p.stage != "commissioned" and p.stop is None]
    if not open_:
        return ()
    alone = [frozenset((p.id,)) for p in one_by_one(open_)]
    sets = [frozenset(p.id for p in open_), *alone] if len(open_) > 1 else alone
    variants = [Variant(change, some, QUARTER) for some in sets for change in CHANGES]
    found = []
    for variant, path, draw in each_varied(pipeline.scenario, pipeline.economy, plan.plan, variants):
        project = next(iter(variant.projects)) if len(variant.projects) == 1 else ""
        move = _against(variant.change, CHANGES[variant.change], path, 0, path, draw)
        found.append(replace(move, project=project, displaced=_unnamed(path, 0) - _unnamed(path, draw)))
    return tuple(found)


def _unnamed(path: Trajectory, draw: int) -> FloatArray:
    """Money of works without output of their own by name, by sector and year ``(S, T)``."""
    pool = path.realisation.pool
    return np.asarray(pool[..., draw if pool.shape[-1] > 1 else 0])


def _against(key: str, title: Bilingual, before: Trajectory, one: int, after: Trajectory, other: int) -> Move:
    """What a draw of a path brings beside that of another."""

    def change(name: str) -> FloatArray:
        return _growth(after, name, other) - _growth(before, name, one)

    def made(path: Trajectory, draw: int) -> FloatArray:
        return path.gdp[1:, draw if path.gdp.shape[1] > 1 else 0]

    return Move(
        key,
        title,
        change("gdp_growth"),
        change("industry_above_scale_growth"),
        np.cumsum(made(after, other) - made(before, one)),
    )


def _growth(path: Trajectory, name: str, draw: int = 0) -> FloatArray:
    value = INDICATORS[name].value
    found = [value(path, year, Asked()) for year in range(1, path.output.shape[1])]
    return np.array([float(each[draw if len(each) > 1 else 0]) for each in found])


def _round(amount: float) -> float:
    """One significant digit."""
    return float(f"{amount:.1g}")


def _run(pipeline: Pipeline, plan: Plan) -> Trajectory:
    return pipeline.economy.simulate(pipeline.run(plan).realisation)


def _without_past(pipeline: Pipeline, plan: Run) -> Realisation:
    """Nothing of earlier years' investment or of works under way commissions."""
    realisation, pipeline_run = plan.pipeline_run.realisation, plan.pipeline_run
    named = {
        sector: {key: path.copy() for key, path in own.items()} for sector, own in realisation.named.items()
    }
    for j, project in enumerate(pipeline_run.projects):
        adds = pipeline.scenario.projects[project.id].adds
        if adds and not project.ahead and project.output > 0:
            new = project.output * np.diff(pipeline_run.result.share_online[j])[:, None]
            named[project.sector][adds.process or ""] -= new
    return replace(realisation, past=np.zeros_like(realisation.history), named=named, unlisted={})


def _moved(pipeline: Pipeline, plan: Run, amount: float, years: slice) -> Plan | None:
    """Money moved from services to above-scale industry, in proportion to what each has."""
    sectors = pipeline.economy.sectors
    serve = np.array([s.parameters.model == "services" for s in sectors])
    make = np.array(
        [s.parameters.above_scale is not None and s.parameters.above_scale.value > 0 for s in sectors]
    )
    investment = plan.plan.investment.copy()
    room = investment - plan.pipeline_run.planned
    if not serve.any() or not make.any() or room[serve, years].sum(axis=0).min() < amount:
        return None
    for t in range(pipeline.years)[years]:
        investment[serve, t] -= amount * room[serve, t] / room[serve, t].sum()
        investment[make, t] += amount * investment[make, t] / investment[make, t].sum()
    return replace(plan.plan, id="moved", investment=investment)
