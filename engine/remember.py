"""What was found of a scenario is remembered as long as it is the same object: blocks of draws, reports and
checks ask again (备忘)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from ..scenarios.schema import Scenario

Found = TypeVar("Found")


class _Same:
    """A scenario that is compared by what it is, not by all that it says."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.scenario is self.scenario

    def __hash__(self) -> int:
        return id(self.scenario)


def remembered(kept: int) -> Callable[[Callable[[Scenario], Found]], Callable[[Scenario], Found]]:
    """Make a function of a scenario remember what it found of the last ``kept`` of them."""

    def decorate(find: Callable[[Scenario], Found]) -> Callable[[Scenario], Found]:
        known = lru_cache(maxsize=kept)(lambda same: find(same.scenario))

        @wraps(find)
        def found(scenario: Scenario) -> Found:
            return known(_Same(scenario))

        return found

    return decorate
