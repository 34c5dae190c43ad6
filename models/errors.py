"""Errors a user can meet, each with its exit code, worded in the language asked for when they are shown.

A wrong file is an error; an unreachable target is a result.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from .harmless import codes, harmless
from .words import N_, msg, tr

if TYPE_CHECKING:
    from .quantity import Bilingual

Said: TypeAlias = "Bilingual | str"
"""Words of a message: a text in every language, or what is the same in all (a name, a number, code)."""


class DabiaoError(Exception):
    """Base of every error that is told to the user without a traceback; as a string it is English."""

    exit_code: int = 2

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said

    def of(self, lang: str) -> str:
        """The error in a language; what cannot be seen is spelled out in it."""
        return harmless(self.said if isinstance(self.said, str) else self.said.of(lang))

    def __str__(self) -> str:
        return self.of("en")


_SYSTEM = {
    errno.ENOENT: N_("no such file or folder"),
    errno.EACCES: N_("permission denied"),
    errno.EPERM: N_("permission denied"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("part of the path is no folder"),
    errno.EEXIST: N_("it is there already"),
    errno.ENOTEMPTY: N_("it is there already"),
    errno.ENOSPC: N_("no space left on the disk"),
    errno.EDQUOT: N_("no space left in the quota"),
    errno.EFBIG: N_("the file may not grow that large"),
    errno.EAGAIN: N_("it does not give what it holds at once"),
    errno.EIO: N_("the disk does not answer as it should"),
    errno.EROFS: N_("the disk can only be read"),
    errno.ENAMETOOLONG: N_("the name is too long"),
}
"""What systems say in English, whatever their language."""


def reason_of(error: Exception) -> Said:
    """What the system says of a failure, in every language where it is a usual one."""
    known = _SYSTEM.get(getattr(error, "errno", None) or 0)
    return msg(known) if known else getattr(error, "strerror", None) or str(error)


SHEET = re.compile(r"\.xlsx!", re.IGNORECASE)
"""Between the name of a workbook and the name of its sheet."""

_PLACED = re.compile(r"(.*):(\d+):(\d+)|(.*\.xlsx!.*)!([A-Z]{1,3})(\d+)", re.DOTALL | re.IGNORECASE)


def letters(column: int) -> str:
    """The name of a column of a sheet.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def where(file: str, line: int = 0, column: int = 0) -> str:
    """A place as it is told: ``file:line:col``, or the cell of a sheet.

    >>> where("a.yaml", 3, 7), where("a.xlsx!Sheet1", 3, 7), where("a.yaml")
    ('a.yaml:3:7', 'a.xlsx!Sheet1!G3', 'a.yaml')
    """
    if not line:
        return file
    return f"{file}!{letters(column)}{line}" if SHEET.search(file) else f"{file}:{line}:{column}"


def placed(text: str) -> tuple[str, int, int] | None:
    """File, line and column of a place as it is told; None where it is none.

    >>> placed("a.yaml:3:7"), placed("a.xlsx!Sheet1!G3"), placed("--set")
    (('a.yaml', 3, 7), ('a.xlsx!Sheet1', 3, 7), None)
    """
    found = _PLACED.fullmatch(text)
    if found is None:
        return None
    if found[1] is not None:
        return found[1], int(found[2]), int(found[3])
    column = 0
    for letter in found[5].upper():
        column = 26 * column + ord(letter) - ord("A") + 1
    return found[4], int(found[6]), column


@dataclass(frozen=True)
class Problem:
    """One mistake in a file: where it stands, what was found, what was expected, what to do.

    ``line`` and ``column`` count from 1; 0 means the place is not known.
    """

    path: str
    found: Said
    expected: Said
    hint: Said = ""
    file: str = ""
    line: int = 0
    column: int = 0

    def of(self, lang: str) -> str:
        """The mistake in a language: its place, what is there, what should be, what to do, and what cannot
        be seen there; that is spelled out."""
        place = where(self.file, self.line, self.column)
        head = f"{place}  {self.path}" if place else self.path
        said = tr(
            lang,
            "{head}: got {found}, expected {expected}",
            head=head,
            found=self.found,
            expected=self.expected,
        )
        hint = self.hint if isinstance(self.hint, str) else self.hint.of(lang)
        hidden = codes(said) or codes(hint)
        last = tr(lang, "characters that cannot be seen stand there: {codes}", codes=hidden) if hidden else ""
        for then in filter(None, (hint, last)):
            said = tr(lang, "{first}; {then}", first=said, then=then)
        return harmless(said)

    def __str__(self) -> str:
        return self.of("en")


class ScenarioError(DabiaoError):
    """The scenario is wrong: all its mistakes at once, and what of its files was left out."""

    def __init__(self, problems: Sequence[Problem], left: Sequence[Bilingual] = ()) -> None:
        super().__init__("")
        self.args = (problems, left)
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.left: tuple[Bilingual, ...] = tuple(left)

    def of(self, lang: str) -> str:
        """Every mistake in a language, one a line; before them what was left out."""
        left = (said.of(lang) for said in self.left)
        return "\n".join((*left, *(problem.of(lang) for problem in self.problems)))

    @classmethod
    def single(cls, path: str, found: Said, expected: Said, hint: Said = "") -> ScenarioError:
        """The error of a single mistake."""
        return cls([Problem(path, found, expected, hint)])

    def placed(self, origins: Mapping[str, str]) -> ScenarioError:
        """The same mistakes with the file and line of the nearest value known, from ``path ->
        file:line:col``."""
        known = Origins(origins)
        return ScenarioError([_placed(problem, known) for problem in self.problems], self.left)


class Origins:
    """Where values were written, by ``path -> file:line:col``: for many questions to one file.

    >>> Origins({"title": "a.yaml:1:1", "accounts.gdp.value": "a.yaml:4:8"}).of("accounts.gdp")
    'a.yaml:4:8'
    """

    def __init__(self, origins: Mapping[str, str]) -> None:
        """Note of every path the first value at it or below it."""
        self._first: dict[str, str] = {}
        for key, place in origins.items():
            path = key
            while path and path not in self._first:  # what stands above a known path is known
                self._first[path] = place
                path = path.rpartition(".")[0]

    def of(self, path: str) -> str:
        """Where a value, or the nearest one above it that is known, was written; empty where nothing is
        known."""
        while path:
            found = self._first.get(path)
            if found and placed(found):
                return found
            path = path.rpartition(".")[0]
        return ""


def _placed(problem: Problem, origins: Origins) -> Problem:
    found = None if problem.line else placed(origins.of(problem.path))
    if found is None:
        return problem
    return replace(problem, file=found[0], line=found[1], column=found[2])


class SolverError(DabiaoError):
    """A solver is missing, crashed, or returned a point that does not hold."""

    exit_code = 3
