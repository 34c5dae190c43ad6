"""Work that goes on while the page is used: one process a task, ended when something newer is asked
(后台任务)."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import IO, Any

STAGES = ("waiting", "answering", "tables", "pictures", "writing")
"""What a worker may be at, in order."""
MOST = 16
"""Finished jobs whose results are kept."""


@dataclass
class Job:
    """One task of one page.

    Attributes
    ----------
    owner
        The tab that asked, and for what: a newer job of the same owner ends this one.
    """

    id: str
    owner: str
    begun: float
    stage: str = "waiting"
    done: dict[str, Any] | None = None
    problems: list[dict[str, str]] | None = None
    cancelled: bool = False
    seconds: float = 0.0
    folder: Path | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more happens."""
        return self.done is not None or self.problems is not None or self.cancelled

    def told(self) -> dict[str, Any]:
        """The job as a page is told of it."""
        seconds = self.seconds if self.over else time.monotonic() - self.begun
        state = (
            "cancelled"
            if self.cancelled
            else "done"
            if self.done is not None
            else "failed"
            if self.problems is not None
            else "working"
        )
        return {
            "job": self.id,
            "state": state,
            "stage": self.stage,
            "step": STAGES.index(self.stage) if self.stage in STAGES else 0,
            "steps": len(STAGES),
            "seconds": round(seconds, 1),
            "done": self.done,
            "problems": self.problems,
        }


class _Worker:
    """A process that does one task at a time."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.wait()

    def pipes(self) -> tuple[IO[str], IO[str]]:
        assert self.process.stdin is not None and self.process.stdout is not None
        return self.process.stdin, self.process.stdout


@dataclass
class Jobs:
    """All jobs of a server; a few processes stand ready, so that a task begins at once."""

    home: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="dabiao-serve-")))
    _jobs: dict[str, Job] = field(default_factory=dict, repr=False)
    _working: dict[str, _Worker] = field(default_factory=dict, repr=False)
    _idle: list[_Worker] = field(default_factory=list, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)
    _closed: bool = False

    def ready(self) -> None:
        """Start a process ahead of the first task."""
        with self._lock:
            if not self._idle and not self._closed:
                self._idle.append(_Worker())

    def begin(self, owner: str, task: Mapping[str, Any]) -> Job:
        """Begin a task; an older one of the same owner is ended."""
        job = Job(secrets.token_urlsafe(12), owner, time.monotonic())
        if task["task"] == "report":
            job.folder = self.home / job.id
            job.folder.mkdir(mode=0o700)
            task = {**task, "folder": str(job.folder)}
        with self._lock:
            older = [each.id for each in self._jobs.values() if each.owner == owner and not each.over]
        for each in older:
            self.cancel(each)
        with self._lock:
            worker = next((self._idle.pop() for _ in list(self._idle)), None)
            if worker is None or not worker.alive:
                worker = _Worker()
            self._jobs[job.id], self._working[job.id] = job, worker
            self._forget()
        Thread(target=self._follow, args=(job, worker, dict(task)), daemon=True).start()
        return job

    def _forget(self) -> None:
        over = [each for each in self._jobs.values() if each.over]
        for each in over[: max(len(over) - MOST, 0)]:
            del self._jobs[each.id]

    def _follow(self, job: Job, worker: _Worker, task: Mapping[str, Any]) -> None:
        """Hand the task over and listen until it is done, failed or ended."""
        writer, reader = worker.pipes()
        try:
            writer.write(json.dumps(task) + "\n")
            writer.flush()
            for line in reader:
                said = json.loads(line)
                if "stage" in said:
                    job.stage = said["stage"]
                elif "done" in said or "problems" in said:
                    job.seconds = time.monotonic() - job.begun
                    job.done, job.problems = said.get("done"), said.get("problems")
                    break
        except (OSError, ValueError):
            pass
        with self._lock:
            self._working.pop(job.id, None)
            if not job.over:
                job.seconds = time.monotonic() - job.begun
                job.problems = [{"path": "", "text": "the worker ended before it was done"}]
            if job.cancelled or not worker.alive or self._idle or self._closed:
                worker.end()
            else:
                self._idle.append(worker)

    def of(self, job: str) -> Job | None:
        """A job by its id."""
        return self._jobs.get(job)

    def cancel(self, job: str) -> None:
        """End a job; nothing where it is over."""
        with self._lock:
            found, worker = self._jobs.get(job), self._working.get(job)
            if found is None or found.over:
                return
            found.cancelled = True
        if worker is not None:
            worker.end()
        self.ready()

    def close(self) -> None:
        """End every process and take away what was written for downloads."""
        import shutil

        with self._lock:
            self._closed = True
            every = [*self._idle, *self._working.values()]
            self._idle.clear()
        for worker in every:
            worker.end()
        shutil.rmtree(self.home, ignore_errors=True)
