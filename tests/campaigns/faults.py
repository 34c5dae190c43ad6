"""A full disk, or one that may only be read, at every write of every command that writes.

    python tests/campaigns/faults.py --seed 1 --number 40 [--only run] [--seconds 600]

The n-th opening, writing, making of a folder, renaming or transaction fails, for n = 1, 2, ... until no fault
is met (or a sample of ``--number`` places a command); once, or from then on; a write that fails has written
half. A fault ends in a message with code 2 that says what the system said; what stood before still stands,
nothing is half written, and the command works once there is room. What only makes the next time faster may
be missed in silence: that counts as "went on", and its results must be whole.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import random
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from campaign import Tally, asked, ended
from click.testing import Result
from command import call
from writing import COMMANDS, Home

ERRORS = {"full": errno.ENOSPC, "read-only": errno.EROFS}
SQLITE = {"full": sqlite3.SQLITE_FULL, "read-only": sqlite3.SQLITE_READONLY}


@dataclass
class Fault:
    """What fails at the n-th place where something is written; counts the places."""

    at: float
    kind: str = "full"
    lasting: bool = False
    met: int = 0
    where: str = ""

    @property
    def hit(self) -> bool:
        """Whether it came about."""
        return bool(self.where)

    def due(self, what: str) -> bool:
        """Count one place; whether it is the one that fails."""
        self.met += 1
        if self.met == self.at or (self.lasting and self.met > self.at):
            self.where = self.where or what
            return True
        return False

    def check(self, what: str, *files: object) -> None:
        """Fail here if it is the place."""
        if self.due(f"{what} {' '.join(map(str, files))}"):
            code = ERRORS[self.kind]
            raise OSError(code, os.strerror(code), str(files[0]) if files else None)


class _Raw(io.FileIO):
    """A file on a disk that fills up: a write that fails has written half."""

    fault: Fault

    def write(self, data: Any, /) -> int:
        held = bytes(data)
        if self.fault.due(f"write {self.name}"):
            with suppress(OSError):
                super().write(held[: len(held) // 2])
            code = ERRORS[self.fault.kind]
            raise OSError(code, os.strerror(code))
        return super().write(held)


def _opening(fault: Fault) -> Callable[..., Any]:
    real = io.open

    def opened(
        file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, errors: Any = None,
        newline: Any = None, closefd: bool = True, opener: Any = None,
    ) -> Any:  # fmt: skip
        if not set(mode) & set("wax+") or not isinstance(file, (str, os.PathLike)):
            return real(file, mode, buffering, encoding, errors, newline, closefd, opener)
        fault.check("open", file)
        raw = _Raw(file, mode.replace("b", "").replace("t", ""), opener=opener)
        raw.fault = fault
        held: Any = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return held if "b" in mode else io.TextIOWrapper(held, encoding or "utf-8", errors, newline)

    return opened


def _base(fault: Fault) -> type[sqlite3.Connection]:
    def check(what: str) -> None:
        if not what.lstrip().upper().startswith(("SELECT", "ROLLBACK")) and fault.due(f"sqlite {what[:30]}"):
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = SQLITE[fault.kind]
            raise error

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *more: Any) -> Any:
            check(sql)
            return super().execute(sql, *more)

        def executemany(self, sql: str, *more: Any) -> Any:
            check(sql)
            return super().executemany(sql, *more)

        def executescript(self, sql: str) -> Any:
            check(sql)
            return super().executescript(sql)

    return Connection


@contextmanager
def failing(fault: Fault) -> Iterator[Fault]:
    """Within it writing fails as the fault says."""
    opened, connect, real_open = _opening(fault), sqlite3.connect, os.open

    def guarded(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def called(*words: Any, **more: Any) -> Any:
            fault.check(name, *words[:2])
            return real(*words, **more)

        return called

    def low(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & (os.O_CREAT | os.O_TRUNC) and path != os.devnull:
            fault.check("os.open", path)
        return real_open(path, flags, *more, **named)

    named = {name: guarded(name) for name in ("replace", "rename", "link", "mkdir")}
    with (
        mock.patch.object(builtins, "open", opened),
        mock.patch.object(io, "open", opened),
        mock.patch.multiple(os, open=low, **named),
        mock.patch.object(sqlite3, "connect", lambda *a, **k: connect(*a, factory=_base(fault), **k)),
    ):
        yield fault


def run(home: Home, command: str, fault: Fault) -> Result:
    """A command in this process with a fault."""
    before = Path.cwd()
    os.chdir(home.folder)
    try:
        with failing(fault):
            return call(*home.words(command), "--lang", "en")
    finally:
        os.chdir(before)


def judged(home: Home, command: str, fault: Fault) -> tuple[str, list[str]]:
    """One fault: the outcome, and what is wrong."""
    before = home.state()
    done = run(home, command, fault)
    wrong = home.broken(before)
    if not fault.hit:
        return "no fault met", wrong
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        wrong.append("".join(traceback.format_exception(done.exception))[-1500:])
    said = os.strerror(ERRORS[fault.kind]).lower()
    known = (said, "no space left", "can only be read", "disk")
    if done.exit_code == 0:
        outcome = "went on"
    elif done.exit_code == 2 and any(word in done.output.lower() for word in known):
        outcome = "told"
    else:
        outcome = "other"
        wrong.append(f"code {done.exit_code}, said: {done.output[-600:]}")
    if not fault.lasting and (left := [found.name for found in home.left()]):
        wrong.append(f"left behind: {left}")
    home.aged()
    again = run(home, command, Fault(float("inf")))
    if again.exit_code not in (0, 1) and "already" not in again.output:
        wrong.append(f"the second time: {again.exit_code} {again.output[-400:]}")
    return outcome, wrong + home.broken(before)


def one(tally: Tally, command: str, number: int, seconds: float, place: Path) -> None:
    """Faults at every write of a command, or at a sample of them."""
    begun = time.monotonic()
    count = Fault(float("inf"))
    done = run(Home.laid(place / "count"), command, count)
    assert done.exit_code in (0, 1), (command, done.output[-900:])
    rng = random.Random(f"{tally.seed} {command}")
    places = list(range(1, count.met + 1))
    rng.shuffle(places)
    tried = 0
    for at in places[:number]:
        if time.monotonic() - begun > seconds:
            break
        fault = Fault(at, rng.choice(list(ERRORS)), rng.random() < 0.5)
        outcome, wrong = judged(Home.laid(place / str(at)), command, fault)
        tried += 1
        if wrong:
            told = f"{fault.kind}{', lasting' if fault.lasting else ''} at {fault.where}"
            tally.fail(command, at, "\n".join([told, *wrong]))
        else:
            tally.add(command, outcome)
    tally.notes.append(f"{command}: {count.met} places, {tried} tried")


def campaign(tally: Tally, number: int, only: list[str] | None = None) -> Tally:
    """Faults in every command."""
    sys.dont_write_bytecode = True
    names = only or list(COMMANDS)
    for name in names:
        with tempfile.TemporaryDirectory() as place:
            one(tally, name, number, tally.seconds / len(names), Path(place))
    return tally


if __name__ == "__main__":
    said = asked(__doc__, 20)
    ended(campaign(Tally("faults", said.seed, said.seconds, said.keep), said.number, said.only))
