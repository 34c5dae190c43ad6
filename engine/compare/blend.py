"""Scenarios between two scenarios: what differs, in which groups, and any of them put together (混合方案)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from pydantic import BaseModel

from ...models.errors import Problem, ScenarioError
from ...models.quantity import Bilingual, Quantity
from ...models.words import msg
from ...scenarios.findings import Draft
from ...scenarios.rules import broken_rules
from ...scenarios.schema import Scenario

UNREAD = "unread"
"""Keys that the simulation of the plan does not read: thresholds, limits, other mixes, ranges for draws."""

_SILENT = frozenset({"title", "sources", "dabiao"})
_KNOWN = ("value", "low", "high", "distribution")
_GROUPS = {
    "investment": msg("Investment total"),
    "mix": msg("Investment mix"),
    "pipeline": msg("Other projects, desks and funds"),
    "accounts": msg("Base-year accounts"),
    "demand": msg("Household and government demand"),
    "markets": msg("Markets outside"),
    "prices": msg("Prices"),
    "chains": msg("Process chain"),
    "national": msg("National table"),
    "indicators": msg("Definitions of indicators"),
    "years": msg("Years"),
    "seed": msg("Draw of durations"),
    UNREAD: msg("Changes that the simulation does not read"),
}
# The first pattern that fits names the group of a path.
_RULES: tuple[tuple[str, str], ...] = (
    (r"years\.", "years"),
    (
        r"accounts\.|investment\.(base_shares|before)|sectors\.[^.]+\.(va|output|va_ratio)(\.|\[|$)",
        "accounts",
    ),
    (r"investment\.", "investment"),
    (r"pool(\.|\[|$)|pipeline(\.|\[|$)|funds\.", "pipeline"),
    (r"demand\.", "demand"),
    (r"prices\.|.*\.price_growth(\.|\[|$)", "prices"),
    (r"(sectors|chains)\..*\.(market|visitors)(\.|\[|$)", "markets"),
    (r"chains\.", "chains"),
    (r"national\.", "national"),
    (r"relations\.|targets\.[^.]+\.(indicator|basis|covers|base)(\.|\[|$)", "indicators"),
    (r"targets\.|limits\.|uncertainty(\.|\[|$)|sectors\.[^.]+\.(growth_before|funds)(\.|\[|$)", UNREAD),
)


def differences(one: Any, two: Any, path: str = "") -> Iterator[str]:  # noqa: C901, PLR0912  (one branch a rule)
    """Paths at which two parts of a scenario differ; names, sources and reasons are not compared."""
    if isinstance(one, Quantity) and isinstance(two, Quantity):
        if any(getattr(one, name, None) != getattr(two, name, None) for name in _KNOWN):
            yield path
    elif isinstance(one, Bilingual) and isinstance(two, Bilingual):
        return
    elif isinstance(one, BaseModel) and type(one) is type(two):
        for name in type(one).model_fields:
            if name not in _SILENT:
                yield from differences(
                    getattr(one, name), getattr(two, name), f"{path}.{name}".removeprefix(".")
                )
    elif isinstance(one, dict) and isinstance(two, dict):
        for name in merged(one, two):
            at = f"{path}.{name}".removeprefix(".")
            if name in one and name in two:
                yield from differences(one[name], two[name], at)
            else:
                yield at
    elif isinstance(one, tuple) and isinstance(two, tuple) and len(one) == len(two):
        if any(list(differences(a, b, path)) for a, b in zip(one, two, strict=True)):
            yield path
    elif one != two:
        yield path


def merged(one: Collection[str], two: Collection[str]) -> list[str]:
    """The keys of both maps in an order that does not depend on which comes first."""
    places = [{name: at for at, name in enumerate(each)} for each in (one, two)]
    far = len(places[0]) + len(places[1])
    return sorted({*one, *two}, key=lambda name: (min(each.get(name, far) for each in places), name))


def group_of(path: str, plan: Collection[str]) -> str:
    """Group of a changed path; ``plan`` are the mixes that make the plan."""
    steps = path.split(".")
    if steps[0] == "mixes":
        return "mix" if len(steps) < 2 or steps[1] in plan else UNREAD
    found = next((group for pattern, group in _RULES if re.match(pattern, path)), None)
    return found or ".".join(steps[:2])


def plan_mixes(*scenarios: Scenario) -> frozenset[str]:
    """The plan's mix and those that it starts from, in any of the scenarios."""
    found: set[str] = set()
    for scenario in scenarios:
        key: str | None = scenario.plan
        while key is not None and key not in found and key in scenario.mixes:
            found.add(key)
            key = scenario.mixes[key].starts_from
    return frozenset(found)


def title_of(group: str, *scenarios: Scenario) -> Bilingual:
    """Name of a group; that of a project or sector is the scenario's."""
    if group in _GROUPS:
        return _GROUPS[group]
    collection, _, key = group.partition(".")
    for scenario in scenarios:
        entry = getattr(scenario, collection, None)
        entry = entry.get(key) if isinstance(entry, dict) else None
        title = getattr(entry, "title", None)
        if isinstance(title, Bilingual):
            return title if collection != "sectors" else msg("{title}: parameters", title=title)
    return Bilingual.same(group)


def comparable(one: Scenario, two: Scenario) -> str:
    """Why the simulation of two scenarios cannot be mixed; empty where it can."""
    if (one.years.base, one.years.target) != (two.years.base, two.years.target):
        return "years"
    if set(one.sectors) != set(two.sectors) or any(
        type(one.sectors[key]) is not type(two.sectors[key]) for key in one.sectors
    ):
        return "sectors"
    return ""


class Blend:
    """Any mixture of two scenarios, group by group.

    Raises
    ------
    ScenarioError
        From a call, where the mixture breaks a rule that both scenarios keep.
    """

    def __init__(self, one: Scenario, two: Scenario) -> None:
        self.one, self.two = one, two
        self.plan = plan_mixes(one, two)
        self.groups: dict[str, list[str]] = {}
        for path in differences(one, two):
            self.groups.setdefault(group_of(path, self.plan), []).append(path)
        self.free = frozenset(
            group for group, paths in self.groups.items() if all(_free(group, path) for path in paths)
        )
        """Groups of plain numbers that no rule ties to another group: the rules need not be asked again for
        them."""
        self._above = {
            path[:at]
            for paths in self.groups.values()
            for path in paths
            for at, letter in enumerate(path)
            if letter == "."
        }
        """Paths of what holds a difference somewhere below it."""
        self._standing: dict[frozenset[str], list[Problem]] = {}

    def __call__(self, taken: Collection[str]) -> Scenario:
        """The first scenario with the groups in ``taken`` as the second has them."""
        chosen = {path: group in taken for group, paths in self.groups.items() for path in paths}
        made: Scenario = self._mix(self.one, self.two, "", chosen)
        bound = frozenset(taken) - self.free
        if bound not in self._standing:
            self._standing[bound] = self._broken(made)
        if self._standing[bound]:
            raise ScenarioError(self._standing[bound])
        return made

    def _mix(self, one: Any, two: Any, path: str, chosen: dict[str, bool]) -> Any:
        if path in chosen:
            return two if chosen[path] else one
        if one is two or (path and path not in self._above):
            return one
        if isinstance(one, BaseModel):
            places = {name: f"{path}.{name}".removeprefix(".") for name in type(one).model_fields}
            parts = {
                name: self._mix(getattr(one, name), getattr(two, name), at, chosen)
                for name, at in places.items()
                if at in chosen or at in self._above
            }
            return one.model_copy(update=parts)
        if isinstance(one, dict):
            found = {}
            for name in merged(one, two):
                at = f"{path}.{name}".removeprefix(".")
                if at in chosen:
                    side = two if chosen[at] else one
                    if name in side:
                        found[name] = side[name]
                else:
                    found[name] = self._mix(one[name], two[name], at, chosen)
            return found
        return one

    def _broken(self, made: Scenario) -> list[Problem]:
        """Rules that the plan's simulation rests on and that do not hold; thresholds, limits, other mixes are
        not asked."""
        names = (
            "sources",
            "sectors",
            "chains",
            "funds",
            "projects",
            "mixes",
            "limits",
            "indicators",
            "relations",
            "targets",
        )
        found = broken_rules(Draft(made, (), {name: getattr(made, name) for name in names}))
        return [
            Problem(each.path, each.found, each.expected, each.hint)
            for each in found
            if group_of(each.path, self.plan) != UNREAD
        ]


_PROJECT = frozenset({"invest", "done", "start", "finish", "months", "slip", "earlier", "stage", "key"})


def _free(group: str, path: str) -> bool:
    """Whether a changed path is a number of its own: growth, prices, dates and money of a project."""
    steps = path.split(".")
    if group.startswith("projects."):
        return len(steps) > 2 and steps[2] in _PROJECT
    return (
        (group == "investment" and len(steps) == 2)
        or (group in ("demand", "prices") and len(steps) == 2)
        or path.endswith(".trend")
    )
