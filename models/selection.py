"""Which candidate projects start in which quarter: what there is to choose from, and what a choice must
respect (项目优选).

Quarters count from 0, the first of the horizon. Money is in the scenario's unit of money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .quantity import Bilingual, FloatArray

HAIR = 1e-6
"""Part of a budget by which rounding may exceed it."""


@dataclass(frozen=True)
class Candidate:
    """A project that may start.

    Attributes
    ----------
    value
        What it brings a year once complete, in any one unit for all candidates.
    money
        Investment by source, money, spent evenly over the ``build`` quarters from the start.
    earliest, latest
        First and last quarter in which it may start.
    after
        Projects that must be complete before it starts.
    one_of
        Groups of which at most one project starts.
    must
        Whether it has to start.
    where
        File and line that state it, for messages.
    """

    id: str
    title: Bilingual
    region: str
    value: float
    money: Mapping[str, float]
    build: int
    earliest: int
    latest: int
    after: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    must: bool = False
    where: str = ""

    @property
    def invest(self) -> float:
        """Investment from all sources, in units of money."""
        return sum(self.money.values())


@dataclass(frozen=True)
class Quota:
    """Starts in a region over the horizon: at least, at most, and their investment at most; infinite for no
    limit."""

    least: float = 0.0
    most: float = np.inf
    money: float = np.inf


@dataclass(frozen=True)
class Programme:
    """Candidates and what limits them.

    Attributes
    ----------
    quarters
        Names of the quarters.
    budgets
        Money by source and quarter ``(Q,)``; a source without a budget is free.
    carry
        Whether money left over in a quarter may be spent later.
    starts, completions
        Least numbers of projects that start, and that are complete by the end of the horizon.
    discount
        Part of its value that a project loses for each year until it is complete.
    """

    candidates: tuple[Candidate, ...]
    quarters: tuple[str, ...]
    budgets: Mapping[str, FloatArray] = field(default_factory=dict)
    carry: bool = False
    quotas: Mapping[str, Quota] = field(default_factory=dict)
    starts: int = 0
    completions: int = 0
    discount: float = 0.08

    def worth(self, candidate: Candidate, quarter: int) -> float:
        """Value of a start: yearly value, discounted to the quarter in which it is complete.

        .. math:: v_{iq} = v_i (1 + d)^{-(q + b_i)/4}
        """
        return float(candidate.value / (1 + self.discount) ** ((quarter + candidate.build) / 4))

    def total(self, starts: Mapping[str, int]) -> float:
        """Value of a whole choice, by project and quarter of start."""
        return sum(self.worth(each, starts[each.id]) for each in self.candidates if each.id in starts)

    def spending(self, starts: Mapping[str, int]) -> dict[str, FloatArray]:
        """Money spent by source and quarter ``(Q,)``, and in all quarters after the horizon together ``[Q]``;
        ``(Q + 1,)``."""
        count = len(self.quarters)
        spent: dict[str, FloatArray] = {source: np.zeros(count + 1) for source in self.budgets}
        for each in self.candidates:
            if each.id in starts:
                first = starts[each.id]
                for source, money in each.money.items():
                    row = spent.setdefault(source, np.zeros(count + 1))
                    inside = max(min(first + each.build, count) - first, 0)
                    row[first : first + inside] += money / each.build
                    row[count] += money / each.build * (each.build - inside)
        return spent


@dataclass(frozen=True)
class Broken:
    """A rule that a choice breaks: which, about what, by how much."""

    rule: str
    what: str
    by: float


def broken(programme: Programme, starts: Mapping[str, int]) -> list[Broken]:  # noqa: C901  (one branch a rule)
    """Every rule that a choice of starts breaks, worked out from the candidates themselves, not from a
    solver's matrix."""
    known = {each.id: each for each in programme.candidates}
    count = len(programme.quarters)
    found = [Broken("unknown", name, 1.0) for name in starts if name not in known]
    chosen = {name: quarter for name, quarter in starts.items() if name in known}
    for name, quarter in chosen.items():
        each = known[name]
        if not each.earliest <= quarter <= min(each.latest, count - 1):
            found.append(
                Broken(
                    "window", name, float(max(each.earliest - quarter, quarter - min(each.latest, count - 1)))
                )
            )
        for first in each.after:
            ready = chosen[first] + known[first].build if first in chosen else None
            if ready is None or ready > quarter:
                found.append(
                    Broken("after", f"{name} after {first}", 1.0 if ready is None else float(ready - quarter))
                )
    found += [Broken("must", each.id, 1.0) for each in known.values() if each.must and each.id not in chosen]
    groups: dict[str, int] = {}
    regions: dict[str, list[Candidate]] = {}
    for name in chosen:
        for group in known[name].one_of:
            groups[group] = groups.get(group, 0) + 1
        regions.setdefault(known[name].region, []).append(known[name])
    found += [Broken("one_of", group, float(number - 1)) for group, number in groups.items() if number > 1]
    found += _over_budget(programme, chosen)
    for region, quota in programme.quotas.items():
        own = regions.get(region, [])
        money = sum(each.invest for each in own)
        if len(own) < quota.least:
            found.append(Broken("region_least", region, quota.least - len(own)))
        if len(own) > quota.most:
            found.append(Broken("region_most", region, len(own) - quota.most))
        if money > quota.money + HAIR * max(1.0, quota.money):
            found.append(Broken("region_money", region, money - quota.money))
    complete = sum(quarter + known[name].build <= count for name, quarter in chosen.items())
    if len(chosen) < programme.starts:
        found.append(Broken("starts", "", float(programme.starts - len(chosen))))
    if complete < programme.completions:
        found.append(Broken("completions", "", float(programme.completions - complete)))
    return found


def _over_budget(programme: Programme, chosen: Mapping[str, int]) -> list[Broken]:
    spent = programme.spending(chosen)
    found = []
    for source, budget in programme.budgets.items():
        used, have = spent[source][:-1], budget
        if programme.carry:
            used, have = np.cumsum(used), np.cumsum(have)
        for q, over in enumerate(used - have):
            if over > HAIR * max(1.0, float(have[q])):
                found.append(Broken("budget", f"{source} {programme.quarters[q]}", float(over)))
    return found
