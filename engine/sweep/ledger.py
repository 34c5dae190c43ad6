"""The ledger of a sweep: which task is open, claimed, done or failed, and what came of it (台账).

An SQLite file in WAL mode. A result and the word that it is there are one transaction: whatever ends the
process, a task has its whole result or none, and who claimed it and died gives it back.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Any

from ...models.errors import DabiaoError, Said
from ...models.words import msg
from .alive import Sign, bury, lives
from .tasks import Planned, Task, hashed

FILE, SIGNS = "ledger.sqlite", "alive"
_WAIT = 60.0
"""Seconds to wait for another process that writes."""
_ROWS = 5000
_TABLES = """
CREATE TABLE IF NOT EXISTS tasks (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, owner TEXT, result BLOB
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS claims ON tasks (owner) WHERE state = 'claimed';
CREATE TABLE IF NOT EXISTS plan (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL, grp INTEGER NOT NULL, scenario TEXT NOT NULL,
    setting TEXT NOT NULL, outlook TEXT NOT NULL, seed INTEGER, draws INTEGER, call TEXT NOT NULL,
    spec TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS ids ON plan (id);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runners (owner TEXT PRIMARY KEY, plan TEXT) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Finished:
    """A task that came to an end: its result, or the message of its failure by language."""

    id: str
    result: bytes = b""
    failed: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Entry:
    """A line of the ledger, in the order of the sweep."""

    position: int
    id: str
    group: int
    scenario: str
    setting: str
    outlook: str
    seed: int | None
    draws: int | None
    state: str
    result: bytes

    @property
    def message(self) -> Mapping[str, str]:
        """Why it failed, by language."""
        return dict(json.loads(self.result)) if self.state == "failed" else {}


_ENTRY = tuple(field.name for field in fields(Entry))


class Ledger:
    """The ledger in a folder, opened by one process of possibly several; a context that closes it.

    Raises
    ------
    OSError
        Where it cannot be written: whatever was written before stands.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._signs, self._at = folder, folder / SIGNS, -1
        self.sign = Sign(self._signs)
        try:
            if os.path.lexists(folder / FILE) and not os.path.isfile(folder / FILE):
                raise _no_ledger(folder, msg("no regular file"))
            with _told(self.folder):
                self._base = _opened(folder / FILE)
        except BaseException:
            self.sign.drop()
            raise

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(
            OSError, sqlite3.Error, DabiaoError
        ):  # whoever comes next sees that this process is dead
            self.give_back()
        self._base.close()
        self.sign.drop()
        bury(self._signs)

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing."""
        with _told(self.folder):
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
                self._commit()
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise

    def _commit(self) -> None:
        self._base.execute("COMMIT")

    def lay(self, tasks: Callable[[], Iterator[Planned]]) -> int:
        """Take a plan: its tasks, open where they are not known yet, and how many they are.

        Tasks that are done stay done, also those of an older plan, and those that had failed are open again.

        Raises
        ------
        DabiaoError
            Another process works on another plan in this folder.
        """
        name, run = _names(tasks())
        with self._change() as base:
            others = [
                owner
                for owner, plan in base.execute("SELECT owner, plan FROM runners").fetchall()
                if plan != name and lives(self._signs, owner)
            ]
            if others:
                raise DabiaoError(
                    msg(
                        "{folder}: another sweep is at work there with other tasks; wait for it, or give"
                        " another folder with --out",
                        folder=self.folder,
                    )
                )
            if self._fact("plan") != name:
                base.execute("DELETE FROM plan")
                rows = enumerate(tasks())
                while part := list(islice(rows, _ROWS)):
                    base.executemany("INSERT INTO plan VALUES (?,?,?,?,?,?,?,?,?,?)", map(_row, part))
                    base.executemany(
                        "INSERT OR IGNORE INTO tasks VALUES (?, 'open', NULL, NULL)",
                        ((planned.task.id,) for _, planned in part),
                    )
                base.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", (("plan", name), ("run", run)))
            self._reopen(base)
            for (owner,) in base.execute(
                "SELECT DISTINCT owner FROM tasks WHERE state = 'failed' AND id IN (SELECT id FROM plan)"
            ).fetchall():
                if not lives(self._signs, owner):
                    base.execute(
                        "UPDATE tasks SET state = 'open', owner = NULL, result = NULL"
                        " WHERE state = 'failed' AND owner = ?",
                        (owner,),
                    )
            base.execute("INSERT OR REPLACE INTO runners VALUES (?, ?)", (self.sign.name, name))
            return int(base.execute("SELECT count(*) FROM plan").fetchone()[0])

    @property
    def run(self) -> str:
        """The name of what comes of the plan: the hash of its tasks and what they are called."""
        return (self._fact("run") or "")[:12]

    def _fact(self, name: str) -> str | None:
        found = self._base.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def _reopen(self, base: sqlite3.Connection) -> int:
        """Open again what dead processes had claimed."""
        opened = 0
        owners = base.execute("SELECT DISTINCT owner FROM tasks WHERE state = 'claimed'").fetchall()
        for (owner,) in owners:
            if owner != self.sign.name and not lives(self._signs, owner):
                opened += base.execute(
                    "UPDATE tasks SET state = 'open', owner = NULL WHERE state = 'claimed' AND owner = ?",
                    (owner,),
                ).rowcount
                base.execute("DELETE FROM runners WHERE owner = ?", (owner,))
        return opened

    def reopen(self) -> int:
        """Open again what processes had claimed that are dead now; how many tasks that are."""
        with self._change() as base:
            return self._reopen(base)

    def claim(self, most: int) -> list[Task]:
        """Take the next open tasks of the plan: nobody else gets them while this process lives."""
        with self._change() as base:
            for start in (self._at, -1) if self._at >= 0 else (-1,):
                found = base.execute(
                    "SELECT p.position, p.id, p.call, p.spec FROM plan p JOIN tasks t ON t.id = p.id"
                    " WHERE p.position > ? AND t.state = 'open' ORDER BY p.position LIMIT ?",
                    (start, most),
                ).fetchall()
                if found:
                    break
            if not found:
                return []
            tasks = {row[1]: Task(*row[1:]) for row in found}  # two places in a plan may be one task
            base.executemany(
                "UPDATE tasks SET state = 'claimed', owner = ? WHERE id = ?",
                ((self.sign.name, key) for key in tasks),
            )
        self._at = found[-1][0]
        return list(tasks.values())

    def finish(self, ends: Sequence[Finished]) -> int:
        """Write down what came of tasks that this process had claimed; how many were its own still."""
        taken = 0
        with self._change() as base:
            for end in ends:
                state = "done" if end.failed is None else "failed"
                said = end.result if end.failed is None else json.dumps(end.failed, sort_keys=True).encode()
                taken += base.execute(
                    "UPDATE tasks SET state = ?, result = ? WHERE id = ? AND state = 'claimed' AND owner = ?",
                    (state, zlib.compress(said), end.id, self.sign.name),
                ).rowcount
        return taken

    def give_back(self) -> None:
        """Open again what this process had claimed and did not do."""
        with self._change() as base:
            base.execute(
                "UPDATE tasks SET state = 'open', owner = NULL WHERE state = 'claimed' AND owner = ?",
                (self.sign.name,),
            )
            base.execute("DELETE FROM runners WHERE owner = ?", (self.sign.name,))

    def counts(self) -> dict[str, int]:
        """How many tasks of the plan are in each state."""
        with _told(self.folder):
            found = self._base.execute(
                "SELECT t.state, count(*) FROM tasks t WHERE t.id IN (SELECT id FROM plan) GROUP BY t.state"
            ).fetchall()
        return {"open": 0, "claimed": 0, "done": 0, "failed": 0} | dict(found)

    def entries(self, begin: int = 0, end: int | None = None, by_group: bool = False) -> Iterator[Entry]:
        """Lines of the plan from ``begin`` up to ``end``, in its order, or group by group."""
        with _told(self.folder):
            rows = self._base.execute(
                "SELECT p.position, p.id, p.grp, p.scenario, p.setting, p.outlook, p.seed, p.draws,"
                " t.state, t.result FROM plan p JOIN tasks t ON t.id = p.id"
                " WHERE p.position >= ? AND p.position < ? ORDER BY "
                + ("p.grp, p.position" if by_group else "p.position"),
                (begin, 2**62 if end is None else end),
            )
            for row in rows:
                said: dict[str, Any] = dict(zip(_ENTRY, row, strict=True))
                yield Entry(**said | {"result": self._whole(row[1], row[-1])})

    def _whole(self, task: str, held: bytes | None) -> bytes:
        """A result as it was written; one that is damaged is thrown away, and its task open again."""
        try:
            return b"" if held is None else zlib.decompress(held)
        except zlib.error as error:
            with self._change() as base:
                base.execute(
                    "UPDATE tasks SET state = 'open', owner = NULL, result = NULL WHERE id = ?", (task,)
                )
            raise DabiaoError(
                msg(
                    "{file}: the result of task {task} is damaged; the same command does it anew",
                    file=self.folder / FILE,
                    task=task,
                )
            ) from error

    def settled(self, begin: int, end: int) -> bool:
        """Whether all tasks of a stretch of the plan are done or failed."""
        with _told(self.folder):
            found = self._base.execute(
                "SELECT 1 FROM plan p JOIN tasks t ON t.id = p.id WHERE p.position >= ? AND p.position < ?"
                " AND t.state IN ('open', 'claimed') LIMIT 1",
                (begin, end),
            ).fetchone()
        return found is None


def _opened(file: Path) -> sqlite3.Connection:
    base = sqlite3.connect(file, timeout=_WAIT, isolation_level=None)
    try:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=NORMAL")
        base.executescript(_TABLES)
    except BaseException:
        base.close()
        raise
    return base


def _row(numbered: tuple[int, Planned]) -> tuple[Any, ...]:
    at, each = numbered
    return (
        at,
        each.task.id,
        each.group,
        each.scenario,
        each.setting,
        each.outlook,
        each.seed,
        each.draws,
        each.task.call,
        each.task.spec,
    )


def _names(tasks: Iterable[Planned]) -> tuple[str, str]:
    """The name of a plan, the hash of all its lines, and that of what comes of it, wherever files stand."""
    plan = run = ""
    for at, each in enumerate(tasks):
        row = _row((at, each))
        plan, run = hashed(plan, *row), hashed(run, *row[:-2])
    return plan, run


_DISK = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
_HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_TRIED = bytes(65536)
"""What is written to learn why SQLite cannot write."""


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What SQLite says of a full or broken disk, as the system says it; of a ledger that is none too."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DISK:
            why = _refused(folder)
            if why is None and code == sqlite3.SQLITE_READONLY:  # the file calls itself one of a later form
                raise _no_ledger(folder, str(error)) from error
            number = errno.ENOSPC if code == sqlite3.SQLITE_FULL else errno.EIO
            raise (why or OSError(number, str(error), str(folder / FILE))) from error
        if code in _HELD:
            said = msg(
                "{file}: another process has held it for {seconds:.0f} seconds; wait, and give the same"
                " command again",
                file=folder / FILE,
                seconds=_WAIT,
            )
            raise DabiaoError(said) from error
        raise _no_ledger(folder, str(error)) from error
    except UnicodeDecodeError as error:  # a message, or a text of the file, of bytes that are no letters
        raise _no_ledger(folder, msg("it holds bytes that are no text")) from error


def _no_ledger(folder: Path, reason: Said) -> DabiaoError:
    """What is told of a file that is no ledger."""
    return DabiaoError(
        msg(
            "{file} is damaged, or no ledger of this version ({reason}); give it another name and the"
            " same command again: its tasks are done anew",
            file=folder / FILE,
            reason=reason,
        )
    )


def _refused(folder: Path) -> OSError | None:
    """Why the disk refuses, of which SQLite says little: what the system says of the ledger and its journal,
    or of a file beside them; None where it takes all of them."""
    for own in sorted(folder.glob(f"{FILE}*")):
        try:
            os.close(os.open(own, os.O_RDWR))
        except OSError as why:
            return why
    tried = folder / f".{uuid.uuid4().hex}.tried"
    try:
        with tried.open("wb") as file:
            file.seek(
                max((each.stat().st_size for each in folder.glob(f"{FILE}*")), default=0)
            )  # as large as the ledger
            file.write(_TRIED)
    except OSError as why:
        return why
    finally:
        with suppress(OSError):
            tried.unlink(missing_ok=True)
    return None
