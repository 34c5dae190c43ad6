"""Ways to have tasks done: in this process, by processes of this machine, by a cluster; the work is the same,
and so is every byte of it (执行方式)."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from ...models.errors import DabiaoError
from ...models.quantity import Bilingual
from ...models.words import LANGUAGES, msg
from ...solvers.program import interrupts_wait
from ..workers import deaf_to_interrupts, one_thread
from .ledger import Finished
from .tasks import Task

Notice = Callable[[Bilingual], None]
DEATHS = 2
"""A task that ends its worker so many times is given up: the first time is nobody's fault."""
STILLBORN = 20
"""After so many workers that ended before they began no more are tried."""
_AHEAD = 2
"""Tasks that a worker has at hand, so that it need not wait for the next."""
_SLICE = 0.2


class Way(Protocol):
    """Does tasks: they are put in and come out finished, in any order. A context that ends its workers."""

    workers: int

    def __enter__(self) -> Way:
        """Begin."""

    def __exit__(self, *given: object) -> None:
        """End all workers; what they had at hand is not done."""

    def put(self, task: Task) -> None:
        """Take a task."""

    def take(self, seconds: float) -> list[Finished]:
        """What came to an end, waiting for it at most so long."""


@cache
def called(name: str) -> Callable[..., Any]:
    """The function that a task names as ``module:function``."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def done(task: Task) -> Finished:
    """Do a task; whatever goes wrong in it is its failure."""
    try:
        with one_thread():
            return Finished(task.id, called(task.call)(task.spec))
    except DabiaoError as error:
        return Finished(task.id, failed={lang: error.of(lang) for lang in LANGUAGES})
    except Exception as error:
        return Finished(task.id, failed=dict.fromkeys(LANGUAGES, f"{type(error).__name__}: {error}"))


def _died(task: Task, code: object) -> Finished:
    said = msg(
        "its worker ended {count} times, the last time with code {code}; is there memory enough?",
        count=DEATHS,
        code=str(code),
    )
    return Finished(task.id, failed={lang: said.of(lang) for lang in LANGUAGES})


def _again(task: Task, code: object) -> Bilingual:
    return msg("a worker ended with code {code}; its task {task} is done again", code=str(code), task=task.id)


class Loop:
    """In this process, one task after the other."""

    workers = 1

    def __init__(self) -> None:
        self._tasks: deque[Task] = deque()

    def __enter__(self) -> Loop:
        return self

    def __exit__(self, *given: object) -> None:
        self._tasks.clear()

    def put(self, task: Task) -> None:
        """Take a task."""
        self._tasks.append(task)

    def take(self, seconds: float) -> list[Finished]:
        """As many as a moment allows, one at least."""
        until = time.perf_counter() + _SLICE
        ends: list[Finished] = []
        while self._tasks and (not ends or time.perf_counter() < until):
            ends.append(done(self._tasks.popleft()))
        return ends


def _serve(tasks: Connection) -> None:
    """A worker: does what it is sent until nobody is there any more."""
    with suppress(EOFError, OSError, KeyboardInterrupt):
        tasks.send(None)  # it has begun: from here on its end may be a task's fault
        while True:
            tasks.send(done(tasks.recv()))


class _Worker:
    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other,), daemon=True)
        with deaf_to_interrupts():
            self.process.start()
        other.close()  # the end of one process is seen by the other
        self.hand: deque[Task] = deque()
        self.begun = False

    def end(self) -> object:
        """End it; the code that it ended with."""
        with interrupts_wait():
            self.pipe.close()
            self.process.kill()
            self.process.join()
        return self.process.exitcode


class Pool:
    """Fresh processes on this machine; one that dies costs its task a second try."""

    def __init__(self, workers: int, notice: Notice = lambda _: None) -> None:
        self.workers, self._notice = workers, notice
        self._tasks: deque[Task] = deque()
        self._deaths: dict[str, int] = {}
        self._stillborn = 0
        self._pool: list[_Worker] = []

    def __enter__(self) -> Pool:
        try:
            for _ in range(self.workers):
                self._pool.append(_Worker())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *given: object) -> None:
        for worker in self._pool:
            worker.end()
        self._pool.clear()

    def put(self, task: Task) -> None:
        """Take a task."""
        self._tasks.append(task)

    def _hand_out(self) -> list[Finished]:
        """Give every worker what it may have at hand; what comes of those that are found dead."""
        ends: list[Finished] = []
        for depth in range(1, _AHEAD + 1):
            for at, worker in enumerate(self._pool):
                if self._tasks and len(worker.hand) < depth:
                    task = self._tasks.popleft()
                    worker.hand.append(task)
                    try:
                        worker.pipe.send(task)
                    except OSError:
                        ends += self._bury(at)
        return ends

    def take(self, seconds: float) -> list[Finished]:
        """What came to an end."""
        ends = self._hand_out()
        pipes: list[Any] = [worker.pipe for worker in self._pool]
        ready = set(wait(pipes, 0 if ends else seconds))
        for at, worker in enumerate(list(self._pool)):
            if worker.pipe in ready:
                try:
                    ends += self._told(worker)
                except (EOFError, OSError):
                    ends += self._bury(at)
        return ends

    def _told(self, worker: _Worker) -> list[Finished]:
        """What a worker says: first that it has begun, then the ends of its tasks."""
        end = worker.pipe.recv()
        if end is None:
            worker.begun, self._stillborn = True, 0
            return []
        worker.hand.popleft()
        return [end]

    def _bury(self, at: int) -> list[Finished]:
        """Put a fresh worker in the place of a dead one; the task that it was at has a second try."""
        worker, ends = self._pool[at], list[Finished]()
        with suppress(EOFError, OSError):
            while worker.pipe.poll():  # what it had told before
                ends += self._told(worker)
        code = worker.end()
        if not worker.begun:
            self._count_stillborn(code)
        self._pool[at] = _Worker()
        first = worker.hand.popleft() if worker.begun and worker.hand else None
        self._tasks.extendleft(reversed(worker.hand))
        return ends if first is None else ends + self._again(first, code)

    def _again(self, task: Task, code: object) -> list[Finished]:
        self._deaths[task.id] = self._deaths.get(task.id, 0) + 1
        if self._deaths[task.id] >= DEATHS:
            return [_died(task, code)]
        self._notice(_again(task, code))
        self._tasks.appendleft(task)
        return []

    def _count_stillborn(self, code: object) -> None:
        """A worker that ended before it began is no task's fault; many of them are a machine's."""
        self._stillborn += 1
        if self._stillborn >= STILLBORN:
            raise DabiaoError(
                msg(
                    "{count} workers one after the other ended before they began, the last one with code"
                    " {code}; is there memory enough? --jobs 0 works without them",
                    count=STILLBORN,
                    code=str(code),
                )
            )


LOCAL = "local"
_LOG = "DASK_LOGGING__DISTRIBUTED"
"""What its own log tells, here and in its workers: what matters is a notice or an error of this program,
and the end of an interrupted one is a single line."""
CODE = "dabiao.results.write:code_hash"
"""What says which program a worker has."""


class Cluster:
    """Workers of dask.distributed: those of a scheduler at an address, or fresh ones of this machine."""

    def __init__(self, address: str, workers: int, notice: Notice = lambda _: None) -> None:
        os.environ.setdefault(_LOG, "critical")
        try:
            import distributed
        except ImportError as error:
            raise DabiaoError(
                msg("a cluster needs dask.distributed: pip install {extra}", extra='"dabiao[cluster]"')
            ) from error
        self._dask, self._address, self.workers, self._notice = distributed, address, workers, notice
        self._futures: dict[Any, Task] = {}
        self._deaths: dict[str, int] = {}
        self._count = 0

    def __enter__(self) -> Cluster:
        dask = self._dask
        self._machine = None
        try:
            if self._address == LOCAL:
                self._machine = dask.LocalCluster(
                    n_workers=self.workers, threads_per_worker=1, processes=True, dashboard_address=None
                )
            self._client = dask.Client(self._machine or self._address, timeout=20, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise DabiaoError(
                msg("no cluster at {address}: {reason}", address=self._address, reason=str(error))
            ) from error
        self._check()
        return self

    def _check(self) -> None:
        """Refuse a cluster without workers, or whose workers have another program."""
        self._client.wait_for_workers(1, timeout=60)
        self.workers = max(1, sum(self._client.nthreads().values()))
        try:
            told = self._client.run(_asked, CODE)
        except Exception as error:
            raise DabiaoError(
                msg(
                    "the workers at {address} cannot run the program: {reason}; install the same version"
                    " there",
                    address=self._address,
                    reason=f"{type(error).__name__}: {error}",
                )
            ) from error
        own = called(CODE)()
        if others := sorted(str(name) for name, code in told.items() if code != own):
            raise DabiaoError(
                msg(
                    "another version of the program is on {workers}; install the same one",
                    workers=", ".join(others),
                )
            )

    def __exit__(self, *given: object) -> None:
        with suppress(Exception):
            self._client.cancel(list(self._futures))
        for each in (self._client, self._machine):
            with suppress(Exception):
                if each is not None:
                    each.close()

    def put(self, task: Task) -> None:
        """Take a task."""
        self._count += 1
        future = self._client.submit(done, task, key=f"dabiao-{task.id}-{self._count}", pure=False)
        self._futures[future] = task

    def take(self, seconds: float) -> list[Finished]:
        """What came to an end."""
        if not self._futures:
            return []
        try:
            with self._client.as_current():
                self._dask.wait(list(self._futures), timeout=seconds, return_when="FIRST_COMPLETED")
        except (TimeoutError, self._dask.TimeoutError):
            pass
        except Exception as error:  # its scheduler is gone, and with it all that was handed out
            raise DabiaoError(
                msg(
                    "the cluster at {address} was lost ({reason}); what is done is kept: the same command"
                    " goes on",
                    address=self._address,
                    reason=type(error).__name__,
                )
            ) from error
        ends: list[Finished] = []
        for future in [each for each in self._futures if each.done()]:
            task = self._futures.pop(future)
            if future.status == "finished":
                ends.append(future.result())
            else:
                ends += self._lost(task, future)
        return ends

    def _lost(self, task: Task, future: Any) -> list[Finished]:
        """A task whose workers died has a second try."""
        why = type(future.exception()).__name__ if future.status == "error" else future.status
        self._deaths[task.id] = self._deaths.get(task.id, 0) + 1
        if self._deaths[task.id] >= DEATHS:
            return [_died(task, why)]
        self._notice(_again(task, why))
        self.put(task)
        return []


def _asked(name: str) -> str:
    """What a worker says of itself."""
    return str(called(name)())


def each(way: Way, tasks: Sequence[Task]) -> Iterator[Finished]:
    """The ends of some tasks, as they come."""
    waiting, inside = deque(tasks), 0
    while waiting or inside:
        while waiting and inside < _AHEAD * way.workers:
            way.put(waiting.popleft())
            inside += 1
        for end in way.take(1.0):
            inside -= 1
            yield end
