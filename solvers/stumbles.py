"""One solver that answered in place of another is told, to whoever listens or as a warning (换用求解器)."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeAlias

from ..models.words import msg

if TYPE_CHECKING:
    from ..models.errors import Said

Hearing: TypeAlias = "Callable[[Said], None]"

_HEARING: ContextVar[Hearing | None] = ContextVar("hearing", default=None)


@contextmanager
def hearing(listener: Hearing) -> Iterator[None]:
    """Within it the listener is told."""
    token = _HEARING.set(listener)
    try:
        yield
    finally:
        _HEARING.reset(token)


def stumbled(name: str, other: str, why: Said) -> None:
    """Say that ``other`` answered a question in place of ``name``."""
    said = msg("{other} answered in place of {name}: {why}", other=other, name=name, why=why)
    listener = _HEARING.get()
    if listener is None:
        warnings.warn(str(said), stacklevel=2)
    else:
        listener(said)
