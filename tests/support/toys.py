"""Plans of two sectors and three years whose values are weights times the second year's money, futures that
differ by stated amounts, and an assessor of these: what is asked of solvers is answered by whoever tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from dabiao.engine.decide.assess import Assessor, Run
from dabiao.engine.decide.jury import Jury
from dabiao.models.indicators import Asked
from dabiao.models.limits import Ground
from dabiao.models.plan import Plan
from dabiao.models.quantity import Bilingual, FloatArray
from dabiao.models.target import Target
from dabiao.solvers.ask import Optimum
from dabiao.solvers.solution import Status

YEAR = 2
SECTORS = ("farms", "mills")


def row(
    key: str,
    ensure: float | None = None,
    stretch: float | None = None,
    at_most: float | None = None,
    **changes: Any,
) -> Target:
    """A judged target of whole points."""
    more: dict[str, Any] = {"unit": "%", "digits": 0, **changes}
    unit, digits = more.pop("unit"), more.pop("digits")
    return Target(
        key, Bilingual(en=key), key, "modelled", unit, digits, ensure, stretch, at_most, Asked(), **more
    )


def plan(farms: float, mills: float, id: str = "plan", **shifts: float) -> Plan:
    """Money of the second year; 100 and 200 in the first, 7 and 5 in the last."""
    return Plan(id, Bilingual(en=id), np.array([[100, farms, 7.0], [200, mills, 5.0]]), shifts)


def path_of(plan: Plan, weights: Mapping[str, Sequence[float]]) -> Any:
    """What a plan comes to: values in the second year; GDP of each year is all money of it."""
    values = {key: float(np.dot(own, plan.money(YEAR))) for key, own in weights.items()}
    return SimpleNamespace(plan=plan, values=values, gdp=plan.investment.sum(axis=0)[:, None])


def promise(
    plan: Plan | None,
    goals: Mapping[str, float] | None = None,
    relaxed: Mapping[str, float] | None = None,
    **more: Any,
) -> Optimum:
    """What a solver says."""
    status = Status.OPTIMAL if plan is not None else Status.INFEASIBLE
    solution: Any = SimpleNamespace(found=True, values={}, duals={}) if plan is not None else None
    return Optimum(status, 0.0, goals or {}, relaxed or {}, plan, solution, **more)


class Draws:
    """Futures of one sample: a plan's values and so much more or less in each."""

    def __init__(
        self, weights: Mapping[str, Sequence[float]], off: Mapping[str, FloatArray], inputs: Any = None
    ):
        self.weights, self.off, self.inputs = weights, off, inputs or {}
        self.draws = len(next(iter(off.values())))
        self.asked: list[tuple[str, int]] = []

    def outcomes(self, plan: Plan, year: int) -> dict[str, FloatArray]:
        """Value of each target ``(D,)``."""
        self.asked.append((plan.id, year))
        values = path_of(plan, self.weights).values
        return {key: values[key] + own for key, own in self.off.items()}

    def seen(self, values: FloatArray) -> FloatArray:
        """Every draw counts once."""
        return values


def jury(
    targets: Sequence[Target],
    weights: Mapping[str, Sequence[float]],
    off: Mapping[str, FloatArray],
    confidence: float = 0.5,
    **more: Any,
) -> Jury:
    """Futures in one sample."""
    samples: Any = [Draws(weights, off, more.pop("inputs", None))]
    return Jury(samples, {each.id: each for each in targets}, YEAR, confidence, **more)


class Court(Assessor):
    """An assessor whose economy is a sum."""

    def __init__(
        self,
        own: Plan,
        targets: Sequence[Target],
        weights: Mapping[str, Sequence[float]],
        bounds: Sequence[Any] = (),
        jury: Jury | None = None,
        goals: Sequence[str] | None = None,
        first: Sequence[str] = (),
    ) -> None:
        self.weights, self.year, self.until, self.solver, self.jury = weights, YEAR, YEAR, "none", jury
        self.bounds, self.targets = tuple(bounds), list(targets)
        self.simulated: list[Plan] = []
        self.wholes: list[bool] = []
        self.first = set(first)
        known = [each.id for each in targets] if goals is None else goals
        everything: Any = SimpleNamespace(
            sector_ids=SECTORS, base_year=2020, years=3, indicators={}, simulate=self._path
        )
        self.economy = everything
        investment = SimpleNamespace(movable=None)
        line: Any = SimpleNamespace(
            run=lambda plan: SimpleNamespace(realisation=plan),
            scenario=SimpleNamespace(investment=investment),
        )
        self.pipeline = line
        sheet: Any = SimpleNamespace(
            targets={each.id: each for each in targets},
            value=lambda target, path, year: np.array([path.values[target.id] if year == YEAR else np.nan]),
            gap_yi=lambda target, path, year, least: 10 * (path.values[target.id] - least),
        )
        self.sheet = sheet
        ground = Ground(
            SECTORS, own.money(YEAR), np.array([10.0, 10.0]), own.total(YEAR), everything, {}, YEAR
        )
        problem: Any = SimpleNamespace(
            goals={key: f"goal:{key}" for key in known},
            leaders={key: key for key in known},
            bounds=self.bounds,
            ground=ground,
            fixed={},
            levers=[f"money:{key}" for key in SECTORS],
            spent=(np.ones(2), 0.0),
            relaxed=lambda relax: {},
        )
        self.problem = problem
        variables: Any = SimpleNamespace(moves=(), money=own.money(YEAR), choices=())
        self.variables = problem.variables = variables
        self.tried: list[Run] = []
        self._runs: dict[str, Run] = {}
        self._promised: dict[str, Optimum] = {}
        self._ends: dict[str, Any] = {}
        self.plan = self.run(own)

    def _path(self, realisation: Plan, routing: Any, quotas: Any, until: int | None) -> Any:
        self.simulated.append(realisation)
        return path_of(realisation, self.weights)

    def run(self, plan: Plan) -> Run:
        """A plan simulated."""
        nothing: Any = None
        return Run(plan, nothing, path_of(plan, self.weights))

    def first_order(self, target: Target) -> bool:
        """Only what is said to be."""
        return target.id in self.first
