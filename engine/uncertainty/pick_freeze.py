"""First-order and total Sobol' indices of a scenario: causes and inputs swapped between independent
futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...models.plan import Plan
from ...models.quantity import FloatArray
from ...scenarios.schema import Scenario
from .causes import LUCK, by_cause, until
from .ensemble import BLOCK, WORKERS, in_threads, joined
from .futures import Futures, Sample
from .inputs import Inputs
from .sample_points import PARTS, Points
from .sobol_indices import Index, indices

APART = 2**40
"""Distance in the pipeline's own chances between the two futures that are mixed."""

SINGLES = 8
"""Inputs that are told by themselves, the strongest."""


@dataclass(frozen=True)
class PickFreeze:
    """Indices by target: of every cause, and of the strongest single inputs; by how many draws and
    simulations."""

    causes: Mapping[str, tuple[Index, ...]]
    inputs: Mapping[str, tuple[Index, ...]]
    draws: int
    runs: int


def pick_freeze(
    futures: Futures,
    plan: Plan,
    year: int,
    targets: Sequence[str],
    singles: Sequence[str],
    draws: int,
    workers: int = WORKERS,
    block: int = BLOCK,
) -> PickFreeze:
    """Indices by pick-freeze, with independent scramblings of one net in twice as many dimensions for their
    errors.

    Inputs that are correlated are functions of independent ones, in the order of the inputs (shocks before
    prices before numbers): an earlier input counts all that later ones share with it, a later one what is its
    own. Chances of the pipeline itself (cancellations, differences of unnamed projects) are a cause of their
    own.

    Source: Mara & Tarantola (2012), Reliab. Eng. Syst. Saf. 107, 115 (indices of correlated inputs).

    Parameters
    ----------
    year
        The target year (1, 2, ...); later surprises are left out.
    singles
        Inputs that are told by themselves besides.
    draws
        Futures of each of the two sides, a multiple of :data:`.sample_points.PARTS`.
    """
    inputs = in_order(futures.inputs)
    known = until((each.name for each in inputs.rows), futures.scenario.years.base + year)
    place = {each.name: at for at, each in enumerate(inputs.rows)}
    groups = {cause: [place[name] for name in names] for cause, names in by_cause(known).items()}
    alone = {name: [place[name]] for name in singles}
    lucky = has_luck(futures.scenario)
    points = Points(
        2 * len(inputs.rows), futures.scenario.uncertainty.seed, futures.scenario.uncertainty.method
    )
    bounds = [(low, min(block, draws - low)) for low in range(0, draws, block)]

    def one(bound: tuple[int, int]) -> dict[str, FloatArray]:
        return _mixed(
            futures, inputs, points.block(*bound), bound[0], plan, year, targets, {**groups, **alone}, lucky
        )

    found = joined(in_threads(one, bounds, workers))
    names = (*groups, *((LUCK,) if lucky else ()))

    def told(target: str, some: Sequence[str]) -> tuple[Index, ...]:
        def parts(what: str) -> FloatArray:
            return found[f"{target} {what}"].reshape(-1, PARTS).T

        every = indices(parts("A"), parts("B"), {name: parts(f"A {name}") for name in some})
        return tuple(sorted(every, key=lambda index: -index.total))

    count = draws * (2 + len(names) + len(alone))
    return PickFreeze(
        {t: told(t, names) for t in targets}, {t: told(t, tuple(alone)) for t in targets}, draws, count
    )


def _mixed(  # noqa: PLR0913  (each is a fact of its own)
    futures: Futures,
    inputs: Inputs,
    points: FloatArray,
    first: int,
    plan: Plan,
    year: int,
    targets: Sequence[str],
    groups: Mapping[str, Sequence[int]],
    lucky: bool,
) -> dict[str, FloatArray]:
    """Outcomes of A, of B, and of A with each group from B, by target, ``(D,)`` each."""
    half = len(inputs.rows)
    a, b = points[:half], points[half:]
    one = Sample(futures, inputs.values(a), first, points.shape[1])
    two = Sample(futures, inputs.values(b), first + APART, points.shape[1])
    found: dict[str, FloatArray] = {}

    def note(what: str, sample: Sample) -> None:
        values = sample.outcomes(plan, year)
        found.update({f"{target} {what}": values[target] for target in targets})

    note("A", one)
    note("B", two)
    for name, rows in groups.items():
        mixed = a.copy()
        mixed[list(rows)] = b[list(rows)]
        note(f"A {name}", one.changed(_moved(inputs, mixed, rows, one.inputs)))
    if lucky:
        note(f"A {LUCK}", one.changed({}, two.first))
    return found


def _moved(
    inputs: Inputs, points: FloatArray, rows: Sequence[int], before: Mapping[str, FloatArray]
) -> dict[str, FloatArray]:
    """Values of the inputs that move with some rows: themselves, and what is correlated with them."""
    touched = set(rows)
    near = [group for group in inputs.groups if touched & set(group[0])]
    every = sorted(touched.union(*(group[0] for group in near)))
    at = {row: place for place, row in enumerate(every)}
    some = Inputs(
        tuple(inputs.rows[row] for row in every),
        (),
        tuple((tuple(at[row] for row in own), table) for own, table in near),
    )
    values = some.values(points[every])
    return {name: own for name, own in values.items() if not np.array_equal(own, before[name])}


def in_order(inputs: Inputs) -> Inputs:
    """The same distribution with what is correlated taken in the order of the inputs."""
    groups = []
    for rows, table in inputs.groups:
        order = np.argsort(rows)
        groups.append((tuple(int(rows[at]) for at in order), table[np.ix_(order, order)]))
    return replace(inputs, groups=tuple(groups))


def has_luck(scenario: Scenario) -> bool:
    """Whether the pipeline draws chances of its own: projects that may be given up, or unnamed ones that
    differ."""
    return scenario.pool is not None or any(project.cancel for project in scenario.projects.values())


def strongest(names: Sequence[str], every: Sequence[str], count: int = SINGLES) -> list[str]:
    """The first names that are not the whole of a cause: that is told anyway."""
    whole = {some[0] for some in by_cause(every).values() if len(some) == 1}
    return [name for name in names if name not in whole][:count]
