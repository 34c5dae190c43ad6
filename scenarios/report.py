"""What is wrong with a scenario, gathered so that a planner mends a file in one go."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..models.errors import Problem, ScenarioError
from .chinese_keys import KEYS

MOST_PROBLEMS = 200
MOST_NAMES = 400


class Place(NamedTuple):
    """Where something stands in a file, counted from 1; line 0 stands for the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Hopeless(Exception):
    """More mistakes than anybody reads: what is no scenario at all need not be read to its end."""


class Report:
    """The mistakes found so far; every reader adds to it and goes on."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.lost: set[str] = set()  # paths whose values stand in a table that could not be read: told once

    def add(self, place: Place, path: str, found: str, expected: str, hint: str = "") -> None:
        """Note a mistake at ``place``.

        Raises
        ------
        Hopeless
            Where there are so many that reading on makes no sense.
        """
        self.problems.append(
            Problem(path or "file", found, expected, hint, place.file, place.line, place.column)
        )
        if len(self.problems) > 2 * MOST_PROBLEMS:
            raise Hopeless

    def sorted(self) -> tuple[Problem, ...]:
        """The mistakes by file and line, each once."""
        unique = {(p.file, p.line, p.column, p.found, p.expected): p for p in reversed(self.problems)}
        ordered = sorted(unique.values(), key=lambda p: (p.file, p.line, p.column, p.path, p.found))
        if len(ordered) > MOST_PROBLEMS:
            rest = len(ordered) - MOST_PROBLEMS
            ordered = ordered[:MOST_PROBLEMS]
            ordered.append(
                Problem("...", f"{rest} mistakes more", "none", "mend the ones above first", ordered[-1].file)
            )
        return tuple(ordered)

    def stop(self) -> None:
        """End here if anything was wrong.

        Raises
        ------
        ScenarioError
            With all mistakes found so far.
        """
        if self.problems:
            raise ScenarioError(self.sorted())


def meant(name: str, known: Iterable[str]) -> str:
    """The question "did you mean ...?" for the nearest of the known names, or nothing."""
    names = sorted(set(known))
    if len(names) > MOST_NAMES:
        return ""
    lowered = {candidate.lower(): candidate for candidate in names}
    if said := next((key for key in KEYS.get(str(name).strip(), ()) if key in names), ""):
        return f"did you mean {said}?"
    near = difflib.get_close_matches(str(name)[:80].lower(), list(lowered), n=1, cutoff=0.6)
    return f"did you mean {lowered[near[0]]}?" if near else ""


def one_of(names: Iterable[str], most: int = 12) -> str:
    """The allowed names as a phrase: ``a, b or c``; long lists are cut."""
    listed = [str(name) for name in names]
    if not listed:
        return "nothing (none is defined)"
    if len(listed) > most:
        return ", ".join(listed[:most]) + f" ... ({len(listed)} in all)"
    return listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + " or " + listed[-1]


def shown(value: Any) -> str:
    """A value as a short phrase for a message."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:.10g}"
    text = " ".join(str(value).split())
    return f'"{text[:57]}..."' if len(text) > 60 else f'"{text}"'


def joined(*hints: str) -> str:
    """Several hints as one."""
    return "; ".join(hint for hint in hints if hint)
