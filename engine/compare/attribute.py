"""Why two runs differ: every indicator's difference shared out to groups of changed keys (差异归因).

The share of a group is its Shapley value: the mean, over all orders in which the groups can be changed one
after another, of what changing it moves. Shares add up to the difference exactly and depend on no order
(Shapley 1953; Shorrocks 2013, *J. Econ. Inequality* 11, 99-126).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np

from ...models.errors import ScenarioError
from ...models.quantity import Bilingual, FloatArray
from ...models.words import in_each, msg, tr
from ...scenarios.schema import Scenario
from .between import Between, Item, items_of
from .blend import UNREAD, comparable, title_of

MOST = 8
"""Groups that are told apart; more are joined, those that move least first."""

ALL = "all"
"""The one group of scenarios that cannot be mixed: other years, or other sectors."""

Value = Callable[[frozenset[str]], FloatArray]


@dataclass(frozen=True)
class Group:
    """Changed keys that act together: its members, its paths and its effect on each item ``(I,)``."""

    id: str
    title: Bilingual
    members: tuple[str, ...]
    paths: tuple[str, ...]
    effects: FloatArray
    joined: str = ""
    """Why several groups are one: ``few`` (too many to tell apart) or ``need`` (one cannot stand without the
    other)."""


@dataclass(frozen=True)
class Attribution:
    """The difference between two runs, item by item and group by group."""

    items: tuple[Item, ...]
    first: FloatArray
    second: FloatArray
    groups: tuple[Group, ...]
    base_year: int
    runs: int


def shapley(value: Value, groups: Sequence[str]) -> dict[str, FloatArray]:
    """Shapley value of each group.

    .. math:: \\phi_g = \\sum_{S \\not\\ni g} \\frac{|S|!\\,(n-1-|S|)!}{n!} [v(S \\cup g) - v(S)]

    Source: Shapley (1953), *A value for n-person games*; Shorrocks (2013), eq. 13.

    >>> shapley(lambda s: np.array([len(s) ** 2.0]), ["a", "b"])["a"]
    array([2.])
    """
    count = len(groups)
    sets = [frozenset(g for at, g in enumerate(groups) if mask >> at & 1) for mask in range(1 << count)]
    values = [value(each) for each in sets]
    weights = [factorial(size) * factorial(count - 1 - size) / factorial(count) for size in range(count)]
    found = {}
    for at, group in enumerate(groups):
        found[group] = sum(
            (
                weights[mask.bit_count()] * (values[mask | 1 << at] - values[mask])
                for mask in range(1 << count)
                if not mask >> at & 1
            ),
            np.zeros_like(values[0]),
        )
    return found


def attribute(
    one: Scenario, two: Scenario, seeds: tuple[int | None, int | None] = (None, None)
) -> Attribution:
    """Share the difference of the plans' simulations out to the groups of keys in which two scenarios differ.

    Central case of the plan: pipeline and economy, no optimiser. Keys that this simulation does not read are
    one group with no effect. Scenarios of other years or sectors cannot be mixed: one group holds all. Where
    a mixture cannot stand (say a project whose money only the other mix has), the two groups that need each
    other are joined; of more than :data:`MOST` groups those that move least are joined, first of a kind.

    Raises
    ------
    ScenarioError
        Where one of the two scenarios themselves cannot be simulated.
    """
    if comparable(one, two):
        return _whole(one, two, seeds)
    between = Between(one, two, seeds)
    first, second = between(frozenset()), between(frozenset(between.groups) - {UNREAD})
    live = [group for group in between.groups if group != UNREAD]
    packs = _few({group: (group,) for group in live}, between)
    packs, needed = _standing(packs, between)
    effects = shapley(lambda taken: between(_open(taken, packs)), list(packs)) if packs else {}
    groups = [
        _group(between, key, members, effects[key], "need" if key in needed else "few")
        for key, members in packs.items()
    ]
    groups.sort(
        key=lambda group: (*-np.abs(group.effects[:1]), -float(np.abs(group.effects).max()), group.id)
    )
    if UNREAD in between.groups:
        groups.append(_group(between, UNREAD, (UNREAD,), np.zeros_like(first), ""))
    return Attribution(between.items, first, second, tuple(groups), one.years.base, between.runs)


def _open(taken: frozenset[str], packs: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(member for key in taken for member in packs[key])


def _few(packs: dict[str, tuple[str, ...]], between: Between) -> dict[str, tuple[str, ...]]:
    """At most :data:`MOST` groups: projects that move least become one, then sectors, then whatever is
    left."""
    if len(packs) <= MOST:
        return packs
    whole = frozenset(packs)
    size: dict[str, float] = {}
    between.prepare(
        [each for group in packs for each in (frozenset[str](), frozenset({group}), whole - {group}, whole)]
    )
    for group in packs:
        moved = 0.0
        for before, after in ((frozenset[str](), frozenset({group})), (whole - {group}, whole)):
            try:
                moved += float(np.abs(between(after) - between(before)).sum())
            except ScenarioError:
                moved = np.inf  # it will be joined with what it needs
                break
        size[group] = moved
    for kind in ("projects.", "sectors.", ""):
        small = sorted(
            (g for g in packs if g.startswith(kind) and len(packs[g]) == 1), key=lambda g: (size[g], g)
        )
        surplus = len(packs) - MOST + 1
        if len(packs) > MOST and len(small) > 1:
            joined = small[: max(surplus, 2)]
            packs = {g: members for g, members in packs.items() if g not in joined} | {
                f"{kind}*": tuple(joined)
            }
    if len(packs) > MOST:  # two bundles and little else: the bundles become one
        bundles = [g for g in packs if len(packs[g]) > 1]
        packs = {g: m for g, m in packs.items() if g not in bundles} | {
            "*": tuple(x for g in bundles for x in packs[g])
        }
    return packs


def _standing(
    packs: dict[str, tuple[str, ...]], between: Between
) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """Join groups that cannot stand without each other until every mixture stands."""
    needed: set[str] = set()
    while len(packs) > 1:
        keys, fallen = list(packs), []
        between.prepare(
            [
                _open(frozenset(key for at, key in enumerate(keys) if mask >> at & 1), packs)
                for mask in range(1, (1 << len(keys)) - 1)
            ]
        )
        for mask in range(1, (1 << len(keys)) - 1):
            taken = frozenset(key for at, key in enumerate(keys) if mask >> at & 1)
            try:
                between(_open(taken, packs))
            except ScenarioError:
                fallen.append(taken)
        if not fallen:
            break
        pairs = [(a, b) for at, a in enumerate(keys) for b in keys[at + 1 :]]
        split = {pair: sum((pair[0] in taken) != (pair[1] in taken) for taken in fallen) for pair in pairs}
        one, two = max(pairs, key=lambda pair: (split[pair], *sorted(pair)))
        name = "+".join(sorted((one, two)))
        needed = (needed - {one, two}) | {name}
        packs = {k: m for k, m in packs.items() if k not in (one, two)} | {name: (*packs[one], *packs[two])}
    return packs, needed


def _group(between: Between, key: str, members: tuple[str, ...], effects: FloatArray, joined: str) -> Group:
    ends = (between.blend.one, between.blend.two)
    titles = [title_of(member, *ends) for member in members]
    paths = tuple(path for member in members for path in between.blend.groups.get(member, [member]))
    if len(members) == 1:
        return Group(key, titles[0], members, paths, effects)
    if joined == "few":
        kinds = {
            "projects.*": msg("Other projects"),
            "sectors.*": msg("Other sectors' parameters"),
        }
        kind = kinds.get(key, msg("Other changes"))
        title = msg("{kind} ({count} groups)", kind=kind, count=len(members))
    else:
        title = in_each(
            lambda lang: tr(lang, " with ", context="between changes that need each other").join(
                title.of(lang) for title in titles
            )
        )
    return Group(key, title, members, paths, effects, joined)


def _whole(one: Scenario, two: Scenario, seeds: tuple[int | None, int | None]) -> Attribution:
    """Two scenarios that cannot be mixed: the whole difference, of what both have, is one group's."""
    items = tuple(item for item in items_of(one, two) if item.kind != "sector")
    span = min(s.years.horizon for s in (one, two))
    items = tuple(item for item in items if 1 <= item.year <= span)
    ends = []
    for scenario, seed in zip((one, two), seeds, strict=True):
        alone = Between(scenario, scenario, (seed, seed))
        alone.items = items
        ends.append(alone(frozenset()))
    title = msg("All changes (other years or sectors: cannot be taken apart)")
    return Attribution(
        items, ends[0], ends[1], (Group(ALL, title, (ALL,), (), ends[1] - ends[0]),), one.years.base, 2
    )
