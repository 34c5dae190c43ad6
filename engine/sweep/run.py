"""A sweep going on: claim, do, write down, until nothing is open (批量运行)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ...models.words import msg
from .ledger import Ledger
from .ways import Notice, Way

AHEAD = 1.0
"""Seconds of work that are claimed at a time: little is claimed twice after a crash, and others on the same
folder find something to do."""
MOST = 1000
_POLL = 0.2
_LOOK = 5.0
"""Seconds between two looks at what others did."""


@dataclass(frozen=True)
class Progress:
    """How far a sweep is: tasks in all, done, failed; those that this process did, and its seconds."""

    total: int
    done: int
    failed: int
    own: int
    seconds: float
    pace: float
    """Tasks a second, of all processes at work, since this one began."""

    @property
    def left(self) -> float | None:
        """Seconds that are left at this pace; None where nothing was done yet."""
        return (self.total - self.done - self.failed) / self.pace if self.pace > 0 else None


class _Pace:
    """Counts what is done, by oneself and by others."""

    def __init__(self, ledger: Ledger, total: int) -> None:
        self.ledger, self.total, self.own, self.ended = ledger, total, 0, 0
        self.begun = self.looked = time.perf_counter()
        self.look()
        self.first = self.done + self.failed

    def look(self) -> None:
        counts = self.ledger.counts()
        self.done, self.failed, self.looked = counts["done"], counts["failed"], time.perf_counter()
        # of tasks that two lines of the plan name, the plan counts two and the ledger one
        self.total = sum(counts.values())

    def add(self, done: int, failed: int) -> Progress:
        self.own += done
        self.ended += done + failed
        self.done += done
        self.failed += failed
        now = time.perf_counter()
        if now - self.looked > _LOOK:
            self.look()
        return self.told(now)

    def told(self, now: float) -> Progress:
        seconds = now - self.begun
        pace = (self.done + self.failed - self.first) / seconds if seconds > 0 else 0.0
        return Progress(self.total, self.done, self.failed, self.own, seconds, pace)


def _silent(_: Progress) -> None:
    return None


def run(
    ledger: Ledger,
    way: Way,
    total: int,
    told: Callable[[Progress], None] = _silent,
    notice: Notice = lambda _: None,
) -> Progress:
    """Do every open task of the plan of a ledger; returns when all are done or failed, by whomever.

    Parameters
    ----------
    told
        Called whenever something was written down, and now and then while nothing is.
    notice
        Called with what a user should know.
    """
    pace, inside, waited = _Pace(ledger, total), 0, False
    least = 2 * way.workers
    room = least
    while True:
        claimed = ledger.claim(room - inside) if room > inside else []
        for task in claimed:
            way.put(task)
        inside += len(claimed)
        if not inside:
            if ledger.reopen():
                continue
            counts = ledger.counts()
            if not counts["open"] and not counts["claimed"]:
                pace.look()
                return pace.told(time.perf_counter())
            if not waited and not counts["open"]:
                notice(
                    msg("the last {count} tasks are in the hands of another process", count=counts["claimed"])
                )
                waited = True
            time.sleep(_POLL)
            continue
        ends = way.take(1.0)
        inside -= len(ends)
        failed = sum(1 for end in ends if end.failed is not None)
        if ends:
            ledger.finish(ends)
        now = pace.add(len(ends) - failed, failed)
        told(now)
        speed = pace.ended / now.seconds if now.seconds > 0 else 0.0
        room = min(MOST, max(least, int(AHEAD * speed)))
