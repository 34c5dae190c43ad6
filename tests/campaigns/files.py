"""Mutated files of every kind that the product reads: each is read or is told as a mistake, nothing else.

    python tests/campaigns/files.py --seed 1 --number 2000 [--only scenario] [--seconds 600]

Mutations start from right files and from mutated ones that reached lines which no other had reached (of the
first thousand of a kind every tenth is read under a tracer, later every hundredth: less is new). What ends
otherwise than in an answer or a mistake of the product, takes more than five seconds or more than a GB, or
is told without the name of a file, is a failure and is kept.
"""

from __future__ import annotations

import random
import re
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import dabiao
from campaign import Tally, asked, ended
from dabiao.models.errors import DabiaoError, ScenarioError
from kinds import Kind, kinds

LONGEST, MOST = 5.0, 1_000_000_000
TRACED, FIRST, LATER = 10, 1000, 100
LARGEST_CORPUS = 60
_LONGEST_TEXT = 1_000_000


class Late(BaseException):
    """It takes too long."""


@contextmanager
def bounded() -> Iterator[None]:
    """Neither five seconds nor a GB more than now."""

    import resource

    def late(*_: object) -> None:
        raise Late

    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGALRM, late)
    resource.setrlimit(resource.RLIMIT_AS, (now + MOST, hard))
    signal.setitimer(signal.ITIMER_REAL, 4 * LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class Reached:
    """Pairs of lines that followed one another in the product's own files."""

    def __init__(self) -> None:
        self.arcs: set[tuple[str, int, int]] = set()
        self._home = str(Path(dabiao.__file__).parent) + "/"  # as it is imported, by a link or installed

    def more(self, kind: Kind, path: Path) -> bool:
        """Read a file under a tracer; whether it reached what none before had reached."""
        before, found, home = len(self.arcs), self.arcs, self._home

        def calls(frame: FrameType, event: str, arg: object) -> object:
            name = frame.f_code.co_filename
            if not name.startswith(home):
                return None
            last = 0

            def lines(frame: FrameType, event: str, arg: object) -> object:
                nonlocal last
                if event == "line":
                    found.add((name, last, frame.f_lineno))
                    last = frame.f_lineno
                return lines

            return lines

        sys.settrace(calls)
        try:
            with bounded():
                kind.read(path)
        except (Exception, Late):
            pass
        finally:
            sys.settrace(None)
        return len(found) > before


def outcome(kind: Kind, path: Path) -> str:
    """What reading ends in; anything but an answer or a mistake that names the file is raised."""
    began = time.process_time()
    with bounded():
        try:
            kind.read(path)
            found = "read"
        except DabiaoError as error:
            found = _told(error, kind)
    if time.process_time() - began > LONGEST:
        raise TimeoutError(f"{time.process_time() - began:.1f} s")
    return found


def _told(error: DabiaoError, kind: Kind) -> str:
    for lang in ("zh", "en"):
        text = error.of(lang)
        assert text and len(text) < _LONGEST_TEXT, "a mistake of no text, or of too much"
    if not isinstance(error, ScenarioError):
        assert Path(kind.name).name in text or Path(kind.name).parent.name in text, f"names no file: {text}"
        return "told"
    assert error.problems
    for problem in error.problems:
        assert problem.file or re.match(r"[^ ]+\.(csv|xlsx|yaml|txt)\b", problem.path), (
            f"names no file: {problem}"
        )
    return "told, line" if all(problem.line for problem in error.problems) else "told, file"


def spoilt(kind: Kind, corpus: list[bytes], rng: random.Random) -> bytes:
    """A file of the corpus after an accident, sometimes two."""
    data = rng.choice(corpus)
    for _ in range(rng.choice((1, 1, 1, 2))):
        data = rng.choice(kind.accidents)(data, rng)
    return data[:4_900_000]


def one(tally: Tally, name: str, number: int, seconds: float, guided: bool = True) -> None:
    """Mutated files of one kind."""
    kind, reached, begun = kinds()[name], Reached(), time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        path = kind.laid(Path(place))
        path.parent.mkdir(parents=True, exist_ok=True)
        for start in kind.starts:
            path.write_bytes(start)
            kind.read(path)  # what is right is read
            if guided:
                reached.more(kind, path)
        corpus = list(kind.starts)
        for at in range(number):
            if time.monotonic() - begun > seconds:
                break
            rng = random.Random(f"{tally.seed} {name} {at}")
            data = spoilt(kind, corpus, rng)
            path.write_bytes(data)
            try:
                tally.add(name, outcome(kind, path))
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                tally.fail(name, at, error, data)
                continue
            if (
                guided
                and at % (TRACED if at < FIRST else LATER) == 0
                and reached.more(kind, path)
                and len(data) < 400_000
            ):
                corpus.append(data)
                if len(corpus) > LARGEST_CORPUS:
                    corpus.pop(len(kind.starts) + rng.randrange(len(corpus) - len(kind.starts)))
        tally.notes.append(f"{name}: {len(reached.arcs):,} steps reached, {len(corpus)} files to start from")
        print(f"{name}: {tally.counts[name].total():,} tried, {dict(tally.counts[name])}", flush=True)
        shutil.rmtree(Path(place) / "run", ignore_errors=True)


def campaign(tally: Tally, number: int, only: list[str] | None = None, guided: bool = True) -> Tally:
    """Mutated files of every kind."""
    warnings.simplefilter("ignore")
    names = only or list(kinds())
    for name in names:
        one(tally, name, number, tally.seconds / len(names), guided)
    return tally


if __name__ == "__main__":
    said = asked(__doc__, 1000)
    ended(campaign(Tally("files", said.seed, said.seconds, said.keep), said.number, said.only))
