"""Errors a user can meet, each with its exit code.

A wrong file is an error; an unreachable target is a result.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


class DabiaoError(Exception):
    """Base of every error that is told to the user without a traceback."""

    exit_code: int = 2


@dataclass(frozen=True)
class Problem:
    """One mistake in a file: where it stands, what was found, what was expected, what to do.

    ``line`` and ``column`` count from 1; 0 means the place is not known.
    """

    path: str
    found: str
    expected: str
    hint: str = ""
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        head = f"{place}  {self.path}" if place else self.path
        text = f"{head}: got {self.found}, expected {self.expected}"
        return f"{text}; {self.hint}" if self.hint else text


class SaidError(DabiaoError):
    """An error that is told in both languages, each by itself."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh}\n{en}")


class ScenarioError(DabiaoError):
    """The scenario is wrong: all its mistakes at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def of(cls, path: str, found: str, expected: str, hint: str = "") -> ScenarioError:
        """The error of a single mistake."""
        return cls([Problem(path, found, expected, hint)])

    def placed(self, origins: Mapping[str, str]) -> ScenarioError:
        """The same mistakes with the file and line of the nearest value known, from ``path ->
        file:line:col``."""
        return ScenarioError([_placed(problem, origins) for problem in self.problems])


def origin_of(path: str, origins: Mapping[str, str]) -> str:
    """Where a value, or the nearest one above it that is known, was written: ``file:line:col``; empty where
    nothing is known.

    >>> origin_of("accounts.gdp", {"title": "a.yaml:1:1", "accounts.gdp.value": "a.yaml:4:8"})
    'a.yaml:4:8'
    """
    while path:
        found = next(
            (where for key, where in origins.items() if key == path or key.startswith(path + ".")), None
        )
        if found and re.fullmatch(r".*:\d+:\d+", found, re.DOTALL):
            return found
        path = path.rpartition(".")[0]
    return ""


def _placed(problem: Problem, origins: Mapping[str, str]) -> Problem:
    if problem.line or not (found := origin_of(problem.path, origins)):
        return problem
    file, line, column = found.rsplit(":", 2)
    return replace(problem, file=file, line=int(line), column=int(column))


class SolverError(DabiaoError):
    """A solver is missing, crashed, or returned a point that does not hold."""

    exit_code = 3
