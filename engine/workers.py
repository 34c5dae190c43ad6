"""Processes of this machine that work for one question (并行进程): whoever asked hears an interrupt, they do
not, and when the asking ends they end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker

from ..solvers.program import interrupts_wait


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
    pool = ProcessPoolExecutor(count, initializer=_deaf)
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


def _deaf() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
