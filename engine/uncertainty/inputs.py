"""What is in doubt: every number with a distribution, and the shocks of every year, one row each
(不确定因素)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import cast

import numpy as np
import numpy.typing as npt

from ...models.copula import correlated, matrix
from ...models.distributions import Law, Normal
from ...models.quantity import Draws, FloatArray, Made, Quantity
from ...models.uncertainty import STANDARD, Tables, Tabulated, at_scores, law, shock_law, tabulated
from ...scenarios.rules_uncertainty import SHOCKS, pairs, yearly
from ...scenarios.schema import Scenario, Shock
from ..diagnose.one_at_a_time import Recorded
from .sample_points import Points

KEPT = re.compile(
    r"chains\..*\.(processes\.[^.]+\.(base$|uses\.|routing\.|joint\.|va_ratio|part$|other_purchases)"
    r"|materials\.[^.]+\.(price$|content|bought\.national)|recovery)|chains\.[^.]+\.units\."
    r"|sectors\.[^.]+\.(va$|national\.|funds\.)|.*gestation\[|mixes\.|investment\.base_shares|projects\.[^.]+\.funds"
    r"|limits\.|history\.|uncertainty\.|targets\..*\.(ensure|stretch|at_most|expected)|.*\.growth_before"
)
"""Ranges that are shown and not drawn: base-year flows that must balance, compositions that must add up, what
the planner sets, and parameters of the draws themselves."""

PARTS = ("national", "province", "own")
DRIFT = "drift"
"""What follows the path of a shock in the name of its changes for good."""
COUNTED, LISTED = "indicators.", "projects."
"""How paths of the numbers of indicators of one's own begin, and those of projects by name."""


@dataclass(frozen=True)
class Input:
    """One row of the draws: a number of the scenario (its path), or a surprise of one year
    (``path.2024``)."""

    name: str
    law: Law


@dataclass(frozen=True)
class Inputs:
    """All that is in doubt, the most telling first: surprises of the first year, numbers, later surprises,
    changes for good, numbers of single projects.

    Attributes
    ----------
    rows
        The inputs in the order of the dimensions of the points.
    kept
        Paths of ranges that are shown and not drawn.
    groups
        Rows that move together, each with its correlation matrix.
    """

    rows: tuple[Input, ...]
    kept: tuple[str, ...]
    groups: tuple[tuple[tuple[int, ...], FloatArray], ...]

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Row of each input."""
        return {each.name: at for at, each in enumerate(self.rows)}

    def values(self, uniforms: FloatArray) -> dict[str, FloatArray]:
        """Values of all inputs by name, from uniforms ``(rows, D)``."""
        moved: dict[int, FloatArray] = {}
        for rows, table in self.groups:
            scores = correlated(STANDARD.ppf(uniforms[list(rows)]), table)
            moved |= {at: at_scores(self.rows[at].law, own) for at, own in zip(rows, scores, strict=True)}
        alone, tables = self.tables
        moved |= zip(alone.tolist(), tables.ppf(uniforms, alone), strict=True)
        return {
            each.name: moved[at] if at in moved else each.law.ppf(uniforms[at])
            for at, each in enumerate(self.rows)
        }

    def some(self, names: Collection[str], uniforms: FloatArray) -> dict[str, FloatArray]:
        """Values of some inputs, from the uniforms of all."""
        rows = [self.place[name] for name in names]
        if any(not set(rows).isdisjoint(joined) for joined, _ in self.groups):
            every = self.values(uniforms)
            return {name: every[name] for name in names}
        return replace(self, rows=tuple(self.rows[at] for at in rows), groups=()).values(uniforms[rows])

    @property
    def moving(self) -> int:
        """How many rows may move the region in its first year and after; changes for good, which leave that
        year as it is, indicators of one's own, which count the region, and what is in doubt of a single
        project come after them."""
        return sum(_order(each) == 0 for each in self.rows)

    @property
    def wandering(self) -> int:
        """How many rows are changes for good."""
        return sum(_order(each) == 1 for each in self.rows)

    @property
    def listed(self) -> tuple[str, ...]:
        """The rows of single projects, which are the last: a project that is changed, added or left out
        moves no chance but its own."""
        return tuple(each.name for each in self.rows if _order(each) == LAST)

    def points(self, seed: int, method: str) -> Points:
        """Points of the unit cube for all rows."""
        return Points(len(self.rows), seed, method, self.moving, self.wandering, self.listed)

    def first_points(self, seed: int, method: str, count: int) -> FloatArray:
        """The first of them ``(rows, count)``, made once for all inputs that are alike."""
        return _block(len(self.rows), seed, method, self.moving, self.wandering, self.listed, count)

    @cached_property
    def tables(self) -> tuple[npt.NDArray[np.intp], Tables]:
        """Rows that move by themselves and are looked up, and where."""
        joined = {at for rows, _ in self.groups for at in rows}
        rows = [
            at for at, each in enumerate(self.rows) if isinstance(each.law, Tabulated) and at not in joined
        ]
        return np.array(rows, np.intp), Tables(
            [law for at in rows if isinstance(law := self.rows[at].law, Tabulated)]
        )


@lru_cache(maxsize=8)
def _block(
    dimensions: int,
    seed: int,
    method: str,
    moving: int,
    wandering: int,
    listed: tuple[str, ...],
    count: int,
) -> FloatArray:
    return Points(dimensions, seed, method, moving, wandering, listed).block(0, count)


LAST = 3


def _order(row: Input) -> int:
    """0 for what moves the region from its first year on, 1 for changes for good, 2 for what is counted, 3
    for what is a single project's."""
    if row.name.startswith(LISTED):
        return LAST
    return (
        2 if row.name.startswith(COUNTED) else int(f".{DRIFT}." in row.name and row.name.startswith(SHOCKS))
    )


Parts = dict[str, tuple[object, frozenset[str]]]
"""Parts of a scenario's model in the central case, and the numbers that each reads."""


CENTRAL = Draws()
"""Values of numbers that are not in doubt."""


class Drawn(Draws):
    """Values of a scenario in which the numbers in doubt are draws ``(D,)``; all others are central."""

    strict = False

    def __init__(
        self, drawn: Mapping[str, FloatArray], parts: Parts | None = None, alike: Parts | None = None
    ) -> None:
        """Take the draws.

        Parameters
        ----------
        alike
            Parts of a scenario that differs in values alone: which numbers each reads is known from them.
        """
        self.drawn, self.parts, self.alike = drawn, {} if parts is None else parts, alike or {}
        self.made: dict[str, object] = {}

    def __call__(self, quantity: Quantity) -> FloatArray:
        """Draws of a number in doubt, else its value."""
        found = self.drawn.get(quantity.path)
        return super().__call__(quantity) if found is None else found

    def rows(self, quantities: Iterable[Quantity | None]) -> FloatArray:
        """Values of many quantities: an array of its own for each that is in doubt alone."""
        stated = list(quantities)
        found = CENTRAL.rows(stated)
        drawn = [(at, self.drawn.get(each.path)) for at, each in enumerate(stated) if each is not None]
        known = [(at, each) for at, each in drawn if each is not None]
        if known:
            found = np.repeat(found, max(len(each) for _, each in known), axis=1)
            for at, each in known:
                found[at] = each
        return found

    def once(self, name: str, make: Callable[[Draws], Made]) -> Made:
        """A part of the model, made once; one that reads no number in doubt is made once for all draws."""
        if name in self.made:
            return cast(Made, self.made[name])
        if name not in self.parts and name in self.alike and not self.alike[name][1].isdisjoint(self.drawn):
            self.made[name] = found = make(self)
            return found
        if name not in self.parts:
            read = Recorded()
            self.parts[name] = make(read), frozenset(read.read)
        central, reads = self.parts[name]
        self.made[name] = central if reads.isdisjoint(self.drawn) else make(self)
        return cast(Made, self.made[name])


def inputs_of(
    scenario: Scenario, quantities: Mapping[str, Quantity], read: frozenset[str], until: int
) -> Inputs:
    """Everything in doubt that a run reads.

    Parameters
    ----------
    quantities
        All numbers of the scenario by path.
    read
        Paths of the numbers that the central run asked for; a range that nothing asks for is not drawn.
    until
        Years whose surprises are drawn.
    """
    doubtful = {
        path: found for path, quantity in quantities.items() if path in read and (found := law(quantity))
    }
    chained = tuple(
        f"sectors.{key}." for key, stated in scenario.sectors.items() if getattr(stated, "chain", None)
    )
    kept = tuple(
        p
        for p in doubtful
        if KEPT.match(p) or (p.startswith(chained) and re.search(r"\.(output|va_ratio)$", p))
    )
    surprises = _surprises(scenario)
    first = scenario.years.base + 1
    years = range(first, first + until)
    rows = [Input(f"{path}.{first}", found) for path, found in surprises.items()]
    rows += [Input(path, tabulated(found)) for path, found in doubtful.items() if path not in kept]
    rows += [Input(f"{path}.{year}", found) for year in years[1:] for path, found in surprises.items()]
    rows += [
        Input(f"{path}.{year}", found) for year in years[1:] for path, found in _drifts(scenario).items()
    ]
    # what moves no first year, what is counted, and what is one project's come last: others are as without
    rows.sort(key=_order)
    return Inputs(
        tuple(rows), kept, _groups(scenario, {each.name: at for at, each in enumerate(rows)}, years)
    )


def _striking(scenario: Scenario) -> dict[str, Shock]:
    """Every stated shock that strikes something, by its path."""
    stated = scenario.uncertainty.shocks
    found = {f"{SHOCKS}.{part}": shock for part in PARTS if (shock := getattr(stated, part))}
    struck = {key for sector in scenario.sectors for key in shocks_on(scenario, sector)}
    return found | {f"{SHOCKS}.sectors.{key}": one for key, one in stated.sectors.items() if key in struck}


def _drifts(scenario: Scenario) -> dict[str, Law]:
    """Distribution of each yearly change for good, points."""
    return {
        f"{path}.{DRIFT}": tabulated(Normal(0.0, shock.drift.value))
        for path, shock in _striking(scenario).items()
        if shock.drift and shock.drift.value > 0
    }


def _surprises(scenario: Scenario) -> dict[str, Law]:
    """Distribution of each yearly surprise: shocks in points, prices in logarithms × 100."""
    found: dict[str, Law] = {
        path: tabulated(own) for path, shock in _striking(scenario).items() if (own := _shock(shock))
    }
    for key, chain in scenario.chains.items():
        for name, material in chain.materials.items():
            if material.price_sd and material.price_sd.value > 0:
                found[f"chains.{key}.materials.{name}"] = tabulated(Normal(0.0, material.price_sd.value))
    return found


def _shock(shock: Shock) -> Law | None:
    return shock_law(
        shock.sd.value,
        shock.tails.value if shock.tails else None,
        shock.crisis.sd.value if shock.crisis else None,
        shock.crisis.chance.value / 100 if shock.crisis else 0.0,
    )


def shocks_on(scenario: Scenario, sector: str) -> tuple[str, ...]:
    """Keys of the shocks that strike a sector: its own entry, and that of every group that holds all its
    classes."""
    national = scenario.national
    found = []
    for key in scenario.uncertainty.shocks.sectors:
        classes = national.groups.get(key)
        inside = (
            {key, *classes, *(g for g, c in national.groups.items() if set(c) <= set(classes))}
            if classes
            else {key}
        )
        if key == sector or (
            key not in scenario.sectors and set(scenario.sectors[sector].national) <= inside
        ):
            found.append(key)
    return tuple(found)


def _groups(
    scenario: Scenario, place: Mapping[str, int], years: range
) -> tuple[tuple[tuple[int, ...], FloatArray], ...]:
    """Correlated rows; what is drawn every year is correlated within each year."""
    over_time = set(yearly(scenario))
    once = [pair for pair in pairs(scenario) if pair[0] not in over_time]
    each_year = [pair for pair in pairs(scenario) if pair[0] in over_time]
    wanted = [once, *([(f"{a}.{y}", f"{b}.{y}", rho) for a, b, rho in each_year] for y in years)]
    found = []
    for some in wanted:
        known = [(a, b, rho) for a, b, rho in some if a in place and b in place]
        if known:
            names, table = matrix(known)
            found.append((tuple(place[name] for name in names), np.asarray(table)))
    return tuple(found)
