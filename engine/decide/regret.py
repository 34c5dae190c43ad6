"""One mix for several named scenarios: the one whose greatest regret is least, beside each scenario's own
best (后悔)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ...models.errors import DabiaoError, ScenarioError
from ...models.plan import Plan
from ...models.quantity import Bilingual
from ...models.target import Target, leading
from ...models.words import msg
from ...solvers.ask import Optimum, most
from ...solvers.problem import PlanningProblem
from ...solvers.regret import RegretCase, least_regret
from ..study import Study
from .assess import Run


@dataclass(frozen=True)
class CandidateMix:
    """A mix, simulated in every scenario: values, and regrets against that scenario's own best; NaN where it
    breaks a limit.

    ``own`` is the number of the scenario whose best it is, None for others.
    """

    title: Bilingual
    values: tuple[float, ...]
    regrets: tuple[float, ...]
    runs: tuple[Run | None, ...]
    own: int | None = None

    @property
    def most(self) -> float:
        """Greatest regret; NaN where the mix breaks a limit somewhere."""
        return float(np.max(self.regrets))


@dataclass(frozen=True)
class Regrets:
    """Mixes over scenarios: the least regretted one first, ``promised`` by the solver; None where no mix
    keeps all limits."""

    target: Target
    titles: tuple[Bilingual, ...]
    least: CandidateMix | None
    promised: float
    others: tuple[CandidateMix, ...]


def regrets(studies: Sequence[Study], target_id: str | None = None) -> Regrets:
    """The mix with the least greatest regret over scenarios of one region, everything simulated.

    Scenarios must have the same sectors and judge the same target; a mix is shares of each scenario's own
    total.

    Raises
    ------
    DabiaoError
        For scenarios that cannot be compared, or a target that one of them does not judge.
    """
    if len(studies) < 2:
        raise DabiaoError(msg("regret needs two scenarios or more: give others with --against"))
    first = studies[0]
    for other in studies[1:]:
        if other.economy.sector_ids != first.economy.sector_ids:
            raise DabiaoError(
                msg(
                    "{name}: its sectors are not those of {other}",
                    name=other.loaded.name,
                    other=first.loaded.name,
                )
            )
    target = _target(studies, target_id)
    cases, bests = [], []
    for study in studies:
        assessor = study.assessor
        own = study.sheet.targets[target.id]
        optimum, _ = assessor.until_kept(partial(_most, study, own), [own])
        if optimum.plan is None:
            raise DabiaoError(msg("{name}: no plan keeps its limits", name=study.loaded.name))
        bests.append(optimum.plan)
        problem = assessor.around(optimum) if assessor.first_order(own) else assessor.problem
        if target.id not in problem.goals:
            problem = assessor.problem
        cases.append(RegretCase(problem, study.economy, target.id, target.sign, optimum.goals[target.id]))
    tops = [
        _value(study, target, study.assessor.simulate(plan))
        for study, plan in zip(studies, bests, strict=True)
    ]
    found = least_regret(cases, first.solver)
    least = None
    if found.plans:
        runs = tuple(
            study.assessor.simulate(replace(plan, id="regret"))
            for study, plan in zip(studies, found.plans, strict=True)
        )
        least = _candidate(studies, target, msg("least regret"), runs, tops)
    others = [
        _candidate(studies, target, study.plan.plan.title, _everywhere(studies, study.plan.plan), tops)
        for study in studies[:1]
    ]
    for k, plan in enumerate(bests):
        title = studies[k].scenario.title
        name = msg('best of "{title}"', title=title)
        everywhere = list(_everywhere(studies, plan))
        everywhere[k] = studies[k].assessor.simulate(plan)
        others.append(_candidate(studies, target, name, everywhere, tops, k))
    return Regrets(
        target, tuple(study.scenario.title for study in studies), least, found.regret, tuple(others)
    )


def _most(study: Study, target: Target, problem: PlanningProblem) -> Optimum:
    """The best of a target within the limits of a scenario."""
    return most(problem, target.id, target.sign, study.economy, relax=False, solver=study.solver)


def _target(studies: Sequence[Study], name: str | None) -> Target:
    """The target to compare by: the one named, or the first main one that all scenarios have a goal for."""
    known = [t for t in studies[0].assessor.targets if all(t.id in s.assessor.problem.goals for s in studies)]
    if name is None and known:
        return leading(known)[0]
    found = next((t for t in known if t.id == name), None)
    if found is None:
        raise DabiaoError(
            msg(
                "not every scenario judges `{name}`; known: {names}",
                name=name,
                names=", ".join(t.id for t in known),
            )
        )
    return found


def _value(study: Study, target: Target, run: Run) -> float:
    return study.assessor.value(study.sheet.targets[target.id], run)


def _everywhere(studies: Sequence[Study], plan: Plan) -> tuple[Run | None, ...]:
    """A mix and its starts in every scenario; None where the pipeline or a limit does not allow it."""
    found: list[Run | None] = []
    for study in studies:
        variables = study.assessor.variables
        total = study.assessor.problem.ground.total
        allowed = {(c.project, c.shift) for c in variables.choices}
        shifts = {key: shift for key, shift in plan.shifts.items() if (key, shift) in allowed}
        investment = variables.investment(plan.shares(study.year) / 100 * total)
        try:
            run = study.assessor.simulate(Plan(f"{plan.id}", plan.title, investment, shifts))
        except ScenarioError:
            found.append(None)
            continue
        found.append(run if study.assessor.within(run) else None)
    return tuple(found)


def _candidate(
    studies: Sequence[Study],
    target: Target,
    title: Bilingual,
    runs: Sequence[Run | None],
    tops: Sequence[float],
    own: int | None = None,
) -> CandidateMix:
    values = tuple(
        float("nan") if run is None else _value(study, target, run)
        for study, run in zip(studies, runs, strict=True)
    )
    lost = tuple(target.sign * (top - value) for top, value in zip(tops, values, strict=True))
    return CandidateMix(title, values, lost, tuple(runs), own)
