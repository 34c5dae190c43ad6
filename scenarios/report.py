"""What is wrong with a scenario, gathered so that a planner mends a file in one go."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any, NamedTuple

from ..models.errors import Problem, Said, ScenarioError, where
from ..models.harmless import visible
from ..models.quantity import Bilingual
from ..models.words import msg
from .chinese_keys import KEYS

MOST_PROBLEMS = 200
MOST_NAMES = 400


class Place(NamedTuple):
    """Where something stands in a file, or in a sheet of a workbook (``a.xlsx!Sheet1``), counted from 1;
    line 0 stands for the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return where(*self)


class Hopeless(ScenarioError):
    """More mistakes than anybody reads: what is no scenario at all need not be read to its end. It tells them
    as any others."""


class Report:
    """The mistakes found so far; every reader adds to it and goes on."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.lost: set[str] = set()  # paths whose values stand in a table that could not be read: told once
        self.notes: list[Bilingual] = []
        self.left: list[Bilingual] = []  # those of the notes that tell what of a file was left out
        self.questions: list[tuple[str, str, Bilingual]] = []  # place, path, what is asked

    def again(self) -> Report:
        """The same findings, to go on from."""
        other = Report()
        other.problems, other.lost = list(self.problems), set(self.lost)
        other.notes, other.left, other.questions = list(self.notes), list(self.left), list(self.questions)
        return other

    def add(self, place: Place, path: str, found: Said, expected: Said, hint: Said = "") -> None:
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
            raise Hopeless(self.sorted(), self.left)

    def note(self, place: Place, old: str, new: str) -> None:
        """Note a key that is read under its old name."""
        self.notes.append(
            msg(
                "{place}: `{old}` is called `{new}` now; the old name is read for one version more",
                place=str(place),
                old=old,
                new=new,
            )
        )

    def told(self, place: Place, said: Bilingual) -> None:
        """Note how something that is said in a planner's words was read."""
        self.notes.append(msg("{place}: {said}", place=str(place), said=said))

    def left_out(self, place: Place, said: Bilingual) -> None:
        """Note what of a file was left out: told also where the rest is refused, since it may be missing
        there."""
        self.told(place, said)
        self.left.append(self.notes[-1])

    def ask(self, place: Place, path: str, said: Bilingual) -> None:
        """Ask about a number that is allowed and mostly means another one."""
        self.questions.append((str(place), path, said))

    def sorted(self) -> tuple[Problem, ...]:
        """The mistakes by file and line, each once: one cell may stand for many paths, as a default does."""
        unique = {
            (p.file, p.line, p.column, "" if p.line else p.path, p.found, p.expected): p
            for p in reversed(self.problems)
        }
        ordered = sorted(unique.values(), key=lambda p: (p.file, p.line, p.column, p.path, str(p.found)))
        if len(ordered) > MOST_PROBLEMS:
            rest = len(ordered) - MOST_PROBLEMS
            ordered = ordered[:MOST_PROBLEMS]
            more, first = msg("{count} mistakes more", count=rest), msg("correct the ones above first")
            ordered.append(Problem("...", more, msg("none"), first, ordered[-1].file))
        return tuple(ordered)

    def stop(self) -> None:
        """End here if anything was wrong.

        Raises
        ------
        ScenarioError
            With all mistakes found so far.
        """
        if self.problems:
            raise ScenarioError(self.sorted(), self.left)


REFUSED: Mapping[str, Callable[[Mapping[str, Any]], Said]] = {
    "value_error": lambda of: of["error"].args[0],
    "missing": lambda of: msg("Field required"),
    "extra_forbidden": lambda of: msg("Extra inputs are not permitted"),
    "greater_than": lambda of: msg("Input should be greater than {gt:g}", gt=of["gt"]),
    "greater_than_equal": lambda of: msg("Input should be greater than or equal to {ge:g}", ge=of["ge"]),
    "less_than": lambda of: msg("Input should be less than {lt:g}", lt=of["lt"]),
    "less_than_equal": lambda of: msg("Input should be less than or equal to {le:g}", le=of["le"]),
    "finite_number": lambda of: msg("Input should be a finite number"),
    "float_type": lambda of: msg("Input should be a valid number"),
    "int_type": lambda of: msg("Input should be a valid integer"),
    "string_type": lambda of: msg("Input should be a valid string"),
    "string_pattern_mismatch": lambda of: msg(
        "String should match pattern '{pattern}'", pattern=of["pattern"]
    ),
    "literal_error": lambda of: msg("Input should be {expected}", expected=of["expected"]),
}
"""Words for what pydantic refuses, by the type and the context of its error."""


def refused(error: Mapping[str, Any]) -> Said:
    """What pydantic refuses; in its own words where its type is none that a scenario can meet."""
    said = REFUSED.get(error["type"])
    return said(error.get("ctx", {})) if said else str(error["msg"])


def meant(name: str, known: Iterable[str]) -> Said:
    """The question "did you mean ...?" for a known name that looks the same, or the nearest, or nothing."""
    names = sorted(set(known))
    if same := next((each for each in names if each != name and visible(each) == visible(str(name))), ""):
        return msg("did you mean {name}?", name=same)
    if len(names) > MOST_NAMES:
        return ""
    lowered = {candidate.lower(): candidate for candidate in names}
    if said := next((key for key in KEYS.get(str(name).strip(), ()) if key in names), ""):
        return msg("did you mean {name}?", name=said)
    near = difflib.get_close_matches(str(name)[:80].lower(), list(lowered), n=1, cutoff=0.6)
    return msg("did you mean {name}?", name=lowered[near[0]]) if near else ""


def one_of(names: Iterable[object], most: int = 12) -> Said:
    """The allowed names as a phrase: ``a, b or c``; long lists are cut."""
    listed = [str(name) for name in names]
    if not listed:
        return msg("nothing (none is defined)")
    if len(listed) > most:
        return msg("{names} ... ({count} in all)", names=", ".join(listed[:most]), count=len(listed))
    if len(listed) == 1:
        return listed[0]
    return msg("{names} or {last}", names=", ".join(listed[:-1]), last=listed[-1])


def shown(value: Any) -> str:
    """A value as a short phrase for a message."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:.10g}"
    text = " ".join(str(value).split())
    return f'"{text[:57]}..."' if len(text) > 60 else f'"{text}"'


def joined(*hints: Said) -> Said:
    """Several hints as one."""
    told = [hint for hint in hints if hint]
    return reduce(lambda first, then: msg("{first}; {then}", first=first, then=then), told) if told else ""
