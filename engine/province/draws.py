"""Futures of many regions at once: news of the nation and the province strikes all, what is a region's own
strikes it alone (共同冲击)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...models.plan import Plan
from ...models.quantity import FloatArray
from ...scenarios.province.load import Member
from ...scenarios.rules_uncertainty import SHOCKS
from ..forecast.anchored import plan_adds
from ..seeds import number_of
from ..study import Study, study
from ..uncertainty.ensemble import BLOCK
from ..uncertainty.futures import Futures, Sample
from ..uncertainty.inputs import DRIFT
from ..uncertainty.sample_points import PARTS, Points

LEVELS = ("national", "province")
"""Whose shocks are shared, the widest first."""
OWN = f"{SHOCKS}.own."
"""Shocks of a region's own."""
_SHARED = re.compile(rf"{re.escape(SHOCKS)}\.({'|'.join(LEVELS)})(\.{DRIFT})?\.(\d+)")


@dataclass(frozen=True)
class Drawn:
    """A member put together, with its futures: all members' at the same number are one future of the parent.

    Attributes
    ----------
    money
        Investment of its plan by which plans are compared.
    """

    member: Member
    begun: Study
    samples: tuple[Sample, ...]
    money: float

    @property
    def plan(self) -> Plan:
        """Its plan as written."""
        return self.begun.plan.plan

    @property
    def adds(self) -> float:
        """Part of last year's GDP that its plan adds to business as usual, in the central case."""
        begun = self.begun
        works = begun.plan.pipeline_run.realisation
        return sum(plan_adds(begun.scenario, begun.economy, works, begun.year).values()) / 100

    def levels(self, more: float = 0.0) -> FloatArray:
        """GDP at base-year prices ``(T + 1, D)`` where so much of the plan's money is added, share."""
        plan = self.plan if more == 0 else self.plan.scaled(1 + more)
        year = self.begun.year
        paths = [sample.path(plan, year).gdp[: year + 1] for sample in self.samples]
        return np.concatenate(
            [
                np.broadcast_to(path, (year + 1, sample.draws))
                for path, sample in zip(paths, self.samples, strict=True)
            ],
            axis=1,
        )


@dataclass(frozen=True)
class Shared:
    """What strikes several members: its names in order, and its uniforms ``(names, D)``."""

    names: tuple[str, ...]
    uniforms: FloatArray

    def of(self, level: str, year: int) -> FloatArray:
        """Uniforms of one level's shocks up to a year ``(n, D)``."""
        places = [
            at for at, name in enumerate(self.names) if _level(name) == level and _order(name)[0] <= year
        ]
        return self.uniforms[places]


def drawn(members: Sequence[Member], seed: int, draws: int, solver: str) -> tuple[list[Drawn], Shared]:
    """All members in the same ``draws`` futures.

    The shocks of nation and province are one set of scrambled Sobol' points for all members that state them:
    each takes its own quantile of the same uniform, so that a member whose shocks are wider is moved further.
    Everything else is drawn by a member's own points, whose seed is the province's with a hash of the
    member's id: neither their order nor the other members decide a member's draws. Points of two scramblings
    of one sequence are not independent (their leading bits are those of the same point, turned over or not),
    so each member's points are put into an order of its own inside every scrambling.

    What only one member states is shared with nobody: a province of one member is that member alone. A
    member that stands for n regions of equal size has shocks of its own that are those of their mean: their
    normal scores over :math:`\\sqrt n`.
    """
    begun = [study(member.loaded, solver=solver, draws=0) for member in members]
    alone = len(begun) == 1
    futures = [
        _futures(each, None if alone else mixed(seed, member.id))
        for each, member in zip(begun, members, strict=True)
    ]
    stated = Counter(row.name for each in futures for row in each.inputs.rows if _level(row.name))
    names = tuple(sorted((name for name, count in stated.items() if alone or count > 1), key=_order))
    shared = Shared(names, Points(len(names), seed).block(0, draws) if names else np.empty((0, draws)))
    found = []
    for member, each, future in zip(members, begun, futures, strict=True):
        uniforms = future.points.block(0, draws)
        if alone:
            shared = Shared(names, uniforms[[future.inputs.place[name] for name in names]])
        else:
            uniforms = reordered(uniforms, mixed(seed, member.id))
            place = future.inputs.place
            for at, name in enumerate(names):
                if name in place:
                    uniforms[place[name]] = shared.uniforms[at]
        if member.regions > 1:
            own = [at for name, at in future.inputs.place.items() if name.startswith(OWN)]
            uniforms[own] = _mean_of(uniforms[own], member.regions)
        samples = tuple(future.at(uniforms[:, low : low + BLOCK], low) for low in range(0, draws, BLOCK))
        found.append(Drawn(member, each, samples, each.assessor.money(each.plan.plan)))
    return found, shared


def _mean_of(uniforms: FloatArray, count: float) -> FloatArray:
    """Uniforms of the mean of so many independent shocks of one law: normal scores over the root."""
    from ...models.special import ndtr, ndtri

    return np.asarray(ndtr(ndtri(uniforms) / np.sqrt(count)))


def mixed(seed: int, name: str) -> int:
    """A member's own seed: the same on every machine, whatever the other members are."""
    return number_of(f"{seed}/{name}")


def reordered(uniforms: FloatArray, seed: int) -> FloatArray:
    """Points in another order inside each scrambling."""
    rng, found = np.random.default_rng(seed), uniforms.copy()
    for part in range(PARTS):
        own = uniforms[:, part::PARTS]
        found[:, part::PARTS] = own[:, rng.permutation(own.shape[1])]
    return found


def _futures(begun: Study, seed: int | None) -> Futures:
    scenario = begun.scenario
    if seed is not None:
        own = scenario.uncertainty.model_copy(update={"seed": seed})
        scenario = scenario.model_copy(update={"uncertainty": own})
    return Futures(scenario, begun.loaded.quantities())


def _level(name: str) -> str:
    """Whose shock an input is, where it is one that is shared."""
    found = _SHARED.fullmatch(name)
    return found[1] if found else ""


def _order(name: str) -> tuple[int, bool, int]:
    """Earlier years first, changes for good last, the nation before the province."""
    found = _SHARED.fullmatch(name)
    assert found is not None
    return int(found[3]), found[2] is not None, LEVELS.index(found[1])
