"""Work that goes on while the page is used: one process a task, ended when something newer is asked
(后台任务)."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import BoundedSemaphore, Lock, Thread
from typing import IO, Any

from ...models.errors import DabiaoError, reason_of
from ...models.quantity import Bilingual
from ...models.words import msg

MOST = 16
"""Finished jobs whose results are kept."""
AT_ONCE = max(2, (os.cpu_count() or 2) // 2)
"""Tasks that are worked on at the same time; further ones wait."""
MOST_WAITING = 64
"""Tasks that are worked on or wait for a turn; a further one is refused."""
_HOME = "dabiao-serve-"
_LEFT = 3_600.0
"""Seconds after which what a server that was killed wrote for downloads is taken away."""


@dataclass
class Job:
    """One task of one page.

    Attributes
    ----------
    owner
        The tab that asked, and for what: a newer job of the same owner ends this one.
    stage, step, steps
        What is being done, and the how manyth of how many things that is.
    draws, most
        Futures simulated so far, of those that will be.
    error
        Standard error of the least certain main chance so far, share; None before there is one.
    """

    id: str
    owner: str
    lang: str
    begun: float
    stage: str = "waiting"
    step: int = 0
    steps: int = 1
    draws: int = 0
    most: int = 0
    error: float | None = None
    done: dict[str, Any] | None = None
    problems: list[dict[str, str]] | None = None
    cancelled: bool = False
    seconds: float = 0.0
    folder: Path | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more happens."""
        return self.done is not None or self.problems is not None or self.cancelled

    @property
    def state(self) -> str:
        """``working``, or how it ended: ``done``, ``failed``, ``cancelled``."""
        if self.cancelled:
            return "cancelled"
        if self.done is not None:
            return "done"
        return "working" if self.problems is None else "failed"

    def told(self) -> dict[str, Any]:
        """The job as a page is told of it."""
        return {
            "job": self.id,
            "state": self.state,
            "stage": self.stage,
            "step": self.step,
            "steps": self.steps,
            "draws": self.draws,
            "most": self.most,
            "error": self.error,
            "seconds": round(self.seconds if self.over else time.monotonic() - self.begun, 1),
            "done": self.done,
            "problems": self.problems,
        }

    def heard(self, said: Mapping[str, Any]) -> None:
        """Take in a line of the worker."""
        for name in ("stage", "step", "steps", "draws", "most", "error"):
            if name in said:
                setattr(self, name, said[name])
        if "done" in said or "problems" in said:
            self._end()
            self.done, self.problems = said.get("done"), said.get("problems")

    def failed(self, said: Bilingual) -> None:
        """End it with what went wrong."""
        self._end()
        self.problems = [{"path": "", "text": said.of(self.lang)}]

    def _end(self) -> None:
        self.seconds = time.monotonic() - self.begun


class _Worker:
    """A process that does one task at a time: in a group of its own, so that what interrupts the server is
    not told to it, and with no module of the current folder among its own."""

    def __init__(self) -> None:
        ours = [str(Path(__file__).resolve().parents[3]), *filter(None, sys.path)]
        flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", f"{__package__}.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(ours))},
            start_new_session=True,
            creationflags=flags,
        )

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.wait()

    def closed(self) -> None:
        """Let go of the pipes of a process that has ended."""
        for pipe in self.pipes():
            with suppress(OSError):
                pipe.close()

    def pipes(self) -> tuple[IO[str], IO[str]]:
        assert self.process.stdin is not None and self.process.stdout is not None
        return self.process.stdin, self.process.stdout


def _home() -> Path:
    """A folder for what is written for downloads; those that killed servers left an hour ago are
    taken away."""
    for left in Path(tempfile.gettempdir()).glob(f"{_HOME}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT and not _runs(left.name):
                shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_HOME}{os.getpid()}-"))


def _runs(name: str) -> bool:
    """Whether the server that a folder of downloads belongs to may still run."""
    owner = name.removeprefix(_HOME).partition("-")[0]
    if not owner.isdecimal() or sys.platform == "win32":
        return False
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@dataclass
class Jobs:
    """All jobs of a server; a process stands ready, so that a task begins at once."""

    _jobs: dict[str, Job] = field(default_factory=dict, repr=False)
    _working: dict[str, _Worker] = field(default_factory=dict, repr=False)
    _idle: list[_Worker] = field(default_factory=list, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)
    _turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE), repr=False)
    _closed: bool = False

    @cached_property
    def home(self) -> Path:
        """A folder for what is written for downloads, made for the first report."""
        return _home()

    def ready(self) -> None:
        """Start a process ahead of the next task."""
        with self._lock:
            if not self._idle and not self._closed:
                with suppress(OSError):  # then it is told with the task
                    self._idle.append(_Worker())

    def begin(self, owner: str, task: Mapping[str, Any]) -> Job:
        """Begin a task; an older one of the same owner is ended.

        Raises
        ------
        DabiaoError
            Too many wait already, or there is no room for what it would write.
        """
        job = Job(secrets.token_urlsafe(12), owner, str(task["lang"]), time.monotonic())
        with self._lock:
            older = [each.id for each in self._jobs.values() if each.owner == owner and not each.over]
            going = sum(not each.over for each in self._jobs.values()) - len(older)
            if going >= MOST_WAITING:
                raise DabiaoError(msg("{count} tasks wait already: ask again in a while", count=going))
            if task["task"] == "report":
                job.folder = self._room(job.id)
                task = {**task, "folder": str(job.folder)}
            self._jobs[job.id] = job
            self._forget()
        for each in older:
            self.cancel(each)
        Thread(target=self._follow, args=(job, dict(task)), daemon=True).start()
        return job

    def _room(self, name: str) -> Path:
        """A folder for what a job writes; also where somebody has cleared the one of all of them away."""
        try:
            self.home.mkdir(mode=0o700, exist_ok=True)
            room = self.home / name
            room.mkdir(mode=0o700)
        except OSError as error:
            raise DabiaoError(
                msg("no folder can be made for the report: {reason}", reason=reason_of(error))
            ) from None
        return room

    def _forget(self) -> None:
        """Drop what finished jobs found and wrote, all but the last ones."""
        over = [each for each in self._jobs.values() if each.over]
        for each in over[: max(len(over) - MOST, 0)]:
            del self._jobs[each.id]
            _cleared(each)

    def _follow(self, job: Job, task: Mapping[str, Any]) -> None:
        """Wait for a turn, then see to a task until it is done, failed or ended."""
        while not self._turns.acquire(timeout=0.1):
            if job.over or self._closed:
                return
        try:
            worker = self._taken(job)
            if worker is not None:
                self._listen(job, worker, task)
                self._left(job, worker)
        except OSError as error:
            job.failed(msg("no process can be started for it: {reason}", reason=reason_of(error)))
        finally:
            self._turns.release()
        if job.state != "done":
            _cleared(job)

    def _taken(self, job: Job) -> _Worker | None:
        """A process for a job; None where the job was ended while it waited."""
        with self._lock:
            if job.over or self._closed:
                return None
            worker = self._idle.pop() if self._idle else None
            if worker is None or not worker.alive:
                worker = _Worker()
            self._working[job.id] = worker
            return worker

    def _listen(self, job: Job, worker: _Worker, task: Mapping[str, Any]) -> None:
        """Hand the task over and hear how it goes."""
        writer, reader = worker.pipes()
        with suppress(OSError, ValueError):  # it ended meanwhile
            writer.write(json.dumps(task) + "\n")
            writer.flush()
            for line in reader:
                job.heard(json.loads(line))
                if job.over:
                    return

    def _left(self, job: Job, worker: _Worker) -> None:
        """Keep a process for the next task, or end it; tell what its own end means for the job."""
        with self._lock:
            self._working.pop(job.id, None)
            keep = not (job.cancelled or not job.over or self._idle or self._closed) and worker.alive
            if keep:
                self._idle.append(worker)
        if not keep:
            worker.end()
            worker.closed()
        if not job.over:
            job.failed(
                msg(
                    "the process that worked on it ended before it was done (code {code}): too little memory,"
                    " or ended by someone; ask again",
                    code=worker.process.returncode,
                )
            )
            self.ready()

    def of(self, job: str) -> Job | None:
        """A job by its id."""
        return self._jobs.get(job)

    def cancel(self, job: str) -> None:
        """End a job; nothing where it is over."""
        with self._lock:
            found, worker = self._jobs.get(job), self._working.get(job)
            if found is None or found.over:
                return
            found.seconds, found.cancelled = time.monotonic() - found.begun, True
            if worker is not None:
                worker.end()
        self.ready()

    def close(self) -> None:
        """End every process and take away what was written for downloads."""
        with self._lock:
            self._closed = True
            every = [*self._idle, *self._working.values()]
            self._idle.clear()
        for worker in every:
            worker.end()
        if "home" in self.__dict__:
            shutil.rmtree(self.home, ignore_errors=True)


def _cleared(job: Job) -> None:
    """Take away what a job wrote."""
    if job.folder is not None:
        shutil.rmtree(job.folder, ignore_errors=True)
