"""What a sweep leaves behind: one data set in parts, one summary, the failures (批量结果).

Everything is made from the ledger in the order of the sweep's file: by whatever way and in whatever order
the tasks were done, the bytes are the same.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from .. import __version__
from ..engine.sweep.ledger import Entry, Ledger
from ..engine.sweep.run import Progress, run
from ..engine.sweep.tasks import Facts, planned, reading
from ..engine.sweep.ways import Notice, Way, each
from ..models.errors import DabiaoError, reason_of
from ..models.quantity import Bilingual
from ..models.words import msg
from ..scenarios.sweep_file import Sweep
from .forms.csv_files import csv_text, safe_text
from .place import beside, concerned, room, tidy
from .tables.sweep import Group, sweep_table
from .tables.table import Table
from .write import WriteError, code_hash, put

RESULTS, SUMMARY, FAILURES = "results", "summary", "failures.csv"
PART = 1000
"""Tasks of one file of the data set."""
LARGEST = 5000
"""Rows of the largest summary that is made into a workbook; the CSV has them all."""
_CHECK = 1.0
HEADS: Mapping[str, str] = {
    "task": "string",
    "scenario": "string",
    "setting": "string",
    "outlook": "string",
    "seed": "int64",
    "draws": "int64",
}
"""Columns that say which task it was, and their types."""
VALUES: Mapping[str, str] = {
    "target": "string",
    "title_zh": "string",
    "title_en": "string",
    "main": "bool_",
    "year": "int64",
    "tier": "string",
    "unit": "string",
    "digits": "int64",
    "threshold": "float64",
    "median": "float64",
    "low": "float64",
    "high": "float64",
    "chance": "float64",
    "error": "float64",
    "rung": "string",
    "solver": "string",
    "stand_in": "string",
}
"""Columns of a tier of a target, and their types."""


def parquet_there() -> bool:
    """Whether Parquet can be written."""
    import importlib.util

    return importlib.util.find_spec("pyarrow") is not None


class DataSet:
    """The data set of a sweep: a file for every stretch of tasks, written whole when all of them are done.

    Parameters
    ----------
    parquet
        Parquet, or CSV where PyArrow is not there.
    """

    def __init__(self, ledger: Ledger, total: int, parquet: bool) -> None:
        self.ledger, self.total, self.parquet = ledger, total, parquet
        self.folder = ledger.folder / RESULTS
        self._next, self._checked = 0, 0.0

    @property
    def parts(self) -> int:
        """How many files it has."""
        return -(-self.total // PART)

    def advance(self) -> None:
        """Write the next files where all of their tasks came to an end; now and then."""
        now = time.monotonic()
        if now - self._checked < _CHECK:
            return
        self._checked = now
        while self._next < self.parts and self.ledger.settled(*self._stretch(self._next)):
            self._write(self._next)
            self._next += 1

    def complete(self) -> None:
        """Write every file that is missing or different, and take away those of another plan."""
        for part in range(self._next, self.parts):
            self._write(part)
        self._next = self.parts
        names = {self._file(part).name for part in range(self.parts)}
        for file in self.folder.glob("part-*"):
            if file.name not in names:
                file.unlink(missing_ok=True)

    def _stretch(self, part: int) -> tuple[int, int]:
        return part * PART, (part + 1) * PART

    def _file(self, part: int) -> Path:
        return self.folder / f"part-{part:06d}.{'parquet' if self.parquet else 'csv'}"

    def _write(self, part: int) -> None:
        rows = [row for entry in self.ledger.entries(*self._stretch(part)) for row in _rows(entry)]
        data = _parquet(rows) if self.parquet else _csv(rows)
        file = self._file(part)
        if not _holds(file, data):
            _made(self.folder)
            put(file, data, over=True)


def _made(folder: Path) -> None:
    try:
        room(folder)
    except OSError as error:
        raise WriteError(msg("cannot write {out}: {reason}", out=folder, reason=reason_of(error))) from error


def _holds(file: Path, data: bytes) -> bool:
    try:
        return file.stat().st_size == len(data) and file.read_bytes() == data
    except OSError:
        return False


def _rows(entry: Entry) -> Iterator[list[Any]]:
    """The records of a task that is done, each with what names it."""
    if entry.state != "done":
        return
    head = _head(entry)
    for record in json.loads(entry.result):
        yield head + [record.get(name) for name in VALUES]


def _parquet(rows: list[list[Any]]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet as pq

    kinds = {**HEADS, **VALUES}
    columns = zip(*rows, strict=True) if rows else ((),) * len(kinds)
    arrays = [
        pa.array(list(column), getattr(pa, kind)())
        for column, kind in zip(columns, kinds.values(), strict=True)
    ]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays, names=list(kinds)), sink)
    return bytes(sink.getvalue())


def _head(entry: Entry) -> list[Any]:
    """What names a task, as :data:`HEADS`."""
    return [entry.id, entry.scenario, entry.setting, entry.outlook, entry.seed, entry.draws]


def _csv(rows: Iterable[list[Any]]) -> bytes:
    return _text([[*HEADS, *VALUES], *rows]).encode("utf-8-sig")


def _text(rows: Iterable[list[Any]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([_cell(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _cell(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return safe_text(cell) if isinstance(cell, str) else repr(cell)


def groups(ledger: Ledger) -> Iterator[Group]:
    """The tasks of a sweep that differ in the seed alone, one group after the other."""
    for _, entries in groupby(ledger.entries(by_group=True), key=lambda entry: entry.group):
        own = list(entries)
        first = own[0]
        yield Group(
            first.scenario,
            first.setting,
            first.outlook,
            first.draws,
            [json.loads(entry.result) for entry in own if entry.state == "done"],
            sum(1 for entry in own if entry.state == "failed"),
        )


@dataclass(frozen=True)
class Summed:
    """The summary of a sweep: its files, and the table where it is not too large (its first rows there)."""

    files: tuple[Path, ...]
    table: Table
    whole: bool


def summarise(ledger: Ledger, lang: str, title: Bilingual, meta: Mapping[str, Any]) -> Summed:
    """Write the summary as CSV, and as a workbook where it is not too large.

    Raises
    ------
    WriteError
        It cannot be written.
    """
    first: list[Table] = []

    def texts() -> Iterator[str]:
        rest = groups(ledger)
        while part := list(islice(rest, PART)):
            table = sweep_table(part)
            if not first:
                first.append(table)
                yield csv_text(table, lang)
            else:
                yield csv_text(table, lang).partition("\r\n")[2]

    file = ledger.folder / f"{SUMMARY}.csv"
    rows = _streamed(file, texts())
    table = first[0] if first else sweep_table(())
    files, whole = [file], rows <= len(table.rows)
    if not whole and rows <= LARGEST:
        table, whole = sweep_table(groups(ledger)), True
    book = ledger.folder / f"{SUMMARY}.xlsx"
    if whole:
        from .forms.excel.workbook import workbook_of

        put(book, workbook_of({table.name: table}, lang, title, meta), over=True)
        files.append(book)
    else:
        book.unlink(missing_ok=True)
    return Summed(tuple(files), table, whole)


def _streamed(file: Path, texts: Iterable[str]) -> int:
    """Write texts one after the other, whole or not at all; how many lines stand below the head."""
    lines = -1
    try:
        with beside(file) as fresh:
            with fresh.open("w", encoding="utf-8-sig", newline="") as held:
                for text in texts:
                    held.write(text)
                    lines += text.count("\r\n")
            fresh.replace(file)
    except OSError as error:
        raise WriteError(msg("cannot write {out}: {reason}", out=file, reason=reason_of(error))) from error
    return max(lines, 0)


def failures(ledger: Ledger) -> Iterator[Entry]:
    """Tasks that failed, in the order of the sweep."""
    return (entry for entry in ledger.entries() if entry.state == "failed")


def write_failures(ledger: Ledger, lang: str) -> Path | None:
    """Write the failures, each with its message; None and no file where there are none."""
    file = ledger.folder / FAILURES

    def texts() -> Iterator[str]:
        yield _text([[*HEADS, "message"]])
        for entry in failures(ledger):
            yield _text([[*_head(entry), _said(entry, lang)]])

    if _streamed(file, texts()) == 0:
        file.unlink(missing_ok=True)
        return None
    return file


def _said(entry: Entry, lang: str) -> str:
    return entry.message.get(lang) or next(iter(entry.message.values()), "")


@dataclass(frozen=True)
class Swept:
    """A sweep that came to its end."""

    progress: Progress
    summed: Summed
    data: Path
    failures: Path | None


def facts_of(
    sweep: Sweep, way: Way, told: Callable[[int, int], None] = lambda done, of: None
) -> dict[str, Facts]:
    """Read every scenario of a sweep once, by the same workers that run it."""
    tasks = [reading(scenario.path) for scenario in sweep.scenarios]
    found: dict[str, Facts] = {}
    for end in each(way, tasks):
        if end.failed is not None:
            raise DabiaoError(Bilingual.told(end.failed))
        found[end.id] = Facts(**json.loads(end.result))
        told(len(found), len(tasks))
    return found


def carry_out(
    ledger: Ledger,
    way: Way,
    total: int,
    *,
    lang: str,
    title: Bilingual,
    parquet: bool,
    told: Callable[[Progress], None] = lambda progress: None,
    notice: Notice = lambda said: None,
) -> Swept:
    """Do what is open in a ledger that has its plan, and write everything that comes of it.

    Raises
    ------
    WriteError
        Something cannot be written: what is done stays done, and starting again goes on from there.
    """
    data = DataSet(ledger, total, parquet)

    def both(progress: Progress) -> None:
        told(progress)
        data.advance()

    with writing(ledger.folder):
        tidy(ledger.folder)
        ended = run(ledger, way, total, both, notice)
        data.complete()
        meta = {"scenario": title.of(lang), "run": ledger.run, "version": __version__}
        summed = summarise(ledger, lang, title, meta)
        failed = write_failures(ledger, lang)
    return Swept(ended, summed, data.folder, failed)


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What systems say of a disk that is full, of a quota, of a file that may not grow."""


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Tell of a folder that takes no more that what is done is kept there.

    Raises
    ------
    WriteError
        Something cannot be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or isinstance(error, BrokenPipeError):  # no disk: a cluster, a reader gone
            raise
        raise WriteError(_refusal(folder, error)) from error
    except WriteError as error:
        why = error.__cause__
        if isinstance(why, OSError):
            raise WriteError(_refusal(folder, why)) from error
        raise


def _refusal(folder: Path, error: OSError) -> Bilingual:
    place = concerned(error, folder)
    if error.errno in _FULL:
        return msg(
            "cannot write to {folder}: {reason}; what is done is kept: free some space and give the same"
            " command again",
            folder=place,
            reason=reason_of(error),
        )
    return msg(
        "cannot write to {folder}: {reason}; what is done is kept: the same command goes on once this is"
        " mended",
        folder=place,
        reason=reason_of(error),
    )


def lay(sweep: Sweep, ledger: Ledger, facts: Mapping[str, Facts], solver: str) -> int:
    """Take the tasks of a sweep into a ledger; how many they are."""
    program = code_hash()
    return ledger.lay(lambda: planned(sweep, facts, solver, program, __version__))
