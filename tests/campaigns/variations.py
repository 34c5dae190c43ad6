"""Variations of scenarios on both solvers: statuses and objectives agree, promises are what is simulated.

    python tests/campaigns/variations.py --seed 1 --number 400 [--only deyang-2022] [--seconds 600]

Some numbers of a scenario are other ones: a little, ten times, a hundred times, nothing. A variation that
the scenario's rules refuse counts as refused. Failures are kept as the settings that make them again.
"""

from __future__ import annotations

import random
import time

import numpy as np
from campaign import Tally, asked, ended
from dabiao.engine.decide.reach import NEAR
from dabiao.engine.study import Study, study
from dabiao.models.errors import DabiaoError, ScenarioError, SolverError
from dabiao.scenarios.files import examples
from dabiao.scenarios.load import Loaded, load, numbers
from dabiao.solvers.ask import ends
from dabiao.solvers.solution import Status

SOLVERS = ("highs", "glpk")
CLOSE = 1e-6
"""Part by which two objectives may differ."""
LONGEST = 120.0


def movable(loaded: Loaded) -> list[tuple[str, float]]:
    """Numbers of a scenario with their paths."""
    found = {
        each.path: float(each.value)
        for each in numbers(loaded.scenario)
        if each.path and isinstance(each.value, (int, float))
    }
    return [(path, value) for path, value in sorted(found.items()) if path in loaded.origins]


def varied(known: list[tuple[str, float]], rng: random.Random) -> tuple[str, ...]:
    """Settings that make some numbers others."""
    made = []
    for path, value in rng.sample(known, min(len(known), rng.choice((1, 1, 2, 4, 10)))):
        factor = rng.choice([rng.lognormvariate(0, 0.2)] * 6 + [0.0, 0.01, 0.1, 10.0, 100.0, -1.0])
        made.append(f"{path}={value * factor:.6g}")
    return tuple(made)


def apart(loaded: Loaded) -> list[str]:
    """What differs between the solvers, or between a promise and its simulation."""
    one, two = (study(loaded, solver=solver, draws=0) for solver in SOLVERS)
    return [*_ends(one, two), *_verdicts(one, two)]


def _ends(one: Study, two: Study) -> list[str]:
    """The ends of every goal: a linear programme each."""
    wrong = []
    for target in one.assessor.targets:
        if target.id not in one.assessor.problem.goals:
            continue
        for relax in (False, True):
            first, second = (
                ends(each.assessor.problem, target.id, target.sign, relax=relax, solver=solver)
                for each, solver in zip((one, two), SOLVERS, strict=True)
            )
            what = f"{target.id}, relaxed {relax}"
            if Status.FAILED in (first.status, second.status):
                wrong.append(f"{what}: a solver failed ({first.status.value}, {second.status.value})")
            elif first.status is not second.status:
                wrong.append(f"{what}: {first.status.value} and {second.status.value}")
            elif first.found and not np.isclose(first.objective, second.objective, rtol=CLOSE, atol=CLOSE):
                wrong.append(f"{what}: {first.objective!r} and {second.objective!r}")
            elif max(first.broken, second.broken) > CLOSE:
                wrong.append(f"{what}: a row is broken by {first.broken} and {second.broken}")
    return wrong


def _verdicts(one: Study, two: Study) -> list[str]:
    """Verdicts of both, and what each promises beside what its plan gives."""
    wrong = []
    found = [each.assessor.assess([]) for each in (one, two)]
    for first, second in zip(found[0].outcomes, found[1].outcomes, strict=True):
        near = 10.0**-first.target.digits
        if first.rung is not second.rung and abs(first.optimum - second.optimum) > NEAR * near:
            wrong.append(f"{first.target.id} {first.tier}: {first.rung} and {second.rung}")
    for each, said, solver in zip((one, two), found, SOLVERS, strict=True):
        if said.optimised is None:
            continue
        for target in each.assessor.targets:
            if target.id not in said.promised:
                continue
            value, promised = each.assessor.value(target, said.optimised), said.promised[target.id]
            if not np.isclose(value, promised, rtol=1e-6, atol=NEAR * 10.0**-target.digits * 1.001):
                wrong.append(f"{solver} promises {target.id} {promised!r}, simulated {value!r}")
    return wrong


def one(tally: Tally, name: str, number: int, seconds: float) -> None:
    """Variations of one scenario."""
    known, begun = movable(load(f"example:{name}")), time.monotonic()
    for at in range(number):
        if time.monotonic() - begun > seconds:
            break
        sets = varied(known, random.Random(f"{tally.seed} {name} {at}"))
        began = time.process_time()
        try:
            loaded = load(f"example:{name}", sets)
            wrong = apart(loaded)
        except ScenarioError:
            tally.add(name, "refused")
        except SolverError as error:
            tally.add(name, "no solver answers")
            tally.notes.append(f"{name} {sets}: {error}")
        except DabiaoError:
            tally.add(name, "refused")
        except Exception as error:
            tally.fail(name, at, error, "\n".join(sets).encode())
        else:
            if time.process_time() - began > LONGEST:
                wrong.append(f"{time.process_time() - began:.0f} s")
            if wrong:
                tally.fail(name, at, "\n".join([*wrong, *sets]), "\n".join(sets).encode())
            else:
                tally.add(name, "agree")


def campaign(tally: Tally, number: int, only: list[str] | None = None) -> Tally:
    """Variations of every shipped scenario."""
    names = only or sorted(examples())
    for name in names:
        one(tally, name, number, tally.seconds / len(names))
    return tally


if __name__ == "__main__":
    said = asked(__doc__, 100)
    ended(campaign(Tally("variations", said.seed, said.seconds, said.keep), said.number, said.only))
