"""What growth turns on: the same economy with one thing moved (年度增长取决于什么)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..models.indicators import INDICATORS, Asked
from ..models.plan import Plan
from ..models.project import ProjectPlan
from ..models.quantity import FloatArray, Text
from ..models.trajectory import Trajectory
from ..models.works import Works
from .assess import Run
from .tickets import QUARTER
from .works import Pipeline


@dataclass(frozen=True)
class Move:
    """A change of one thing and what it does: points of GDP and above-scale industrial growth by year ``(T,)``."""

    id: str
    title: Text
    gdp: FloatArray
    industry: FloatArray


def moves(pipeline: Pipeline, plan: Run) -> tuple[Move, ...]:
    """Each move against the plan, all else equal."""
    amount = _round(0.01 * float(plan.plan.investment[:, 0].sum()))
    projects = plan.delivery.projects
    tried: list[tuple[str, Text, Trajectory]] = [
        ("no_carry_over", Text(zh="没有上年结转（在建投产与爬坡）", en="without carry-over from past years"),
         pipeline.economy.simulate(_without_past(pipeline, plan))),
    ]
    if any(p.stage != "commissioned" and p.output > 0 for p in projects):
        for key, zh, en, months in (
            ("earlier", "具名项目全部提前一季投产", "all named projects one quarter earlier", -QUARTER),
            ("later", "具名项目全部推后一季投产", "all named projects one quarter later", QUARTER),
        ):
            tried.append((key, Text(zh=zh, en=en), _run(pipeline, plan.plan, _slipped(projects, months))))
    scale = 1 + amount / float(plan.plan.investment[:, 0].sum())
    tried.append((
        "more_money", Text(zh=f"投资总量每年多 {amount:g} 亿元", en=f"{amount:g} 亿元 more a year, same mix"),
        _run(pipeline, plan.plan.scaled(scale), projects),
    ))
    for key, zh, en, years in (
        ("once", f"{amount:g} 亿元当年由服务业转投工业", f"{amount:g} 亿元 moved once from services to industry", 1),
        ("every_year", f"{amount:g} 亿元每年由服务业转投工业", f"{amount:g} 亿元 moved every year from services to industry",
         pipeline.years),
    ):
        moved = _moved(pipeline, plan, amount, years)
        if moved:
            tried.append((key, Text(zh=zh, en=en), _run(pipeline, moved, projects)))
    return tuple(
        Move(key, title, _growth(path, "gdp_growth") - _growth(plan.path, "gdp_growth"),
             _growth(path, "industry_above_scale_growth") - _growth(plan.path, "industry_above_scale_growth"))
        for key, title, path in tried
    )


def _growth(path: Trajectory, name: str) -> FloatArray:
    value = INDICATORS[name].value
    return np.array([float(value(path, year, Asked())[0]) for year in range(1, path.output.shape[1])])


def _round(amount: float) -> float:
    """One significant digit."""
    return float(f"{amount:.1g}")


def _run(pipeline: Pipeline, plan: Plan, projects: Sequence[ProjectPlan]) -> Trajectory:
    return pipeline.economy.simulate(pipeline.run(plan, projects=projects).works)


def _slipped(projects: Sequence[ProjectPlan], months: float) -> list[ProjectPlan]:
    """Projects that are not yet commissioned, commissioned ``months`` later."""
    return [p if p.stage == "commissioned" else replace(p, slip=p.slip + months) for p in projects]


def _without_past(pipeline: Pipeline, plan: Run) -> Works:
    """Nothing of earlier years' investment or of works under way commissions."""
    works, delivery = plan.delivery.works, plan.delivery
    named = {sector: {key: path.copy() for key, path in own.items()} for sector, own in works.named.items()}
    for j, project in enumerate(delivery.projects):
        adds = pipeline.scenario.projects[project.id].adds
        if adds and not project.ahead and project.output > 0:
            new = project.output * np.diff(delivery.result.share_online[j])[:, None]
            named[project.sector][adds.process or ""] -= new
    return replace(works, history=np.zeros_like(works.history), named=named)


def _moved(pipeline: Pipeline, plan: Run, amount: float, years: int) -> Plan | None:
    """Money moved from services to above-scale industry, in proportion to what each has."""
    sectors = pipeline.economy.sectors
    serve = np.array([s.parameters.model == "services" for s in sectors])
    make = np.array([s.parameters.above_scale is not None and s.parameters.above_scale.value > 0 for s in sectors])
    investment = plan.plan.investment.copy()
    room = investment - plan.delivery.planned
    if not serve.any() or not make.any() or room[serve, :years].sum(axis=0).min() < amount:
        return None
    for t in range(years):
        investment[serve, t] -= amount * room[serve, t] / room[serve, t].sum()
        investment[make, t] += amount * investment[make, t] / investment[make, t].sum()
    return replace(plan.plan, id="moved", investment=investment)
