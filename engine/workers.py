"""Processes of this machine that work for one question (并行进程): whoever asked hears an interrupt, they do
not, and when the asking ends they end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

from ..solvers.program import interrupts_wait


@contextmanager
def one_thread() -> Iterator[None]:
    """Let linear algebra run in the thread that asks for it, whatever the environment says.

    Sums in several threads are added up in another order, so that digits would depend on the number of cores.
    """
    with _limits():
        yield


def _limits() -> Any:
    import numpy  # noqa: F401  (only libraries that are loaded can be told)
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1, "blas")


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Processes started in these lines are never told of an interrupt: who started them ends them."""
    # the standard library starts a helper of its own with the first process, and lets interrupts in again
    resource_tracker.ensure_running()
    with interrupts_wait():
        yield


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """Some processes; where the lines end by an exception or an interrupt, the processes end at once."""
    pool = ProcessPoolExecutor(count, initializer=_begin)
    try:
        yield pool
    except BaseException:
        at_work = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        with interrupts_wait():
            for process in at_work:
                process.kill()
            for process in at_work:
                process.join()
        raise
    pool.shutdown()


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limits()
