"""How far work has come, told to whoever listens (进度).

A long question tells where it is; nobody need listen, and nothing is handed through: who asks says so once
(:func:`listening`), and whatever works below tells it (:func:`tell`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

Listener: TypeAlias = Callable[[str, int, int, float | None], None]
"""Takes the name of a step, how much of it is done, of how much, and the standard error that is left of the
worst main chance, where one is known.

Whatever it raises ends the work: so does who no longer wants the answer.
"""

_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Within it the listener is told of every step of this thread."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def tell(step: str, done: int = 0, of: int = 0, error: float | None = None) -> None:
    """Say that a step has begun, or how much of it is done.

    >>> with listening(lambda *told: print(*told)):
    ...     tell("draws", 2048, 4096, 0.01)
    draws 2048 4096 0.01
    >>> tell("nobody listens")
    """
    listener = _LISTENER.get()
    if listener is not None:
        listener(step, done, of, error)
