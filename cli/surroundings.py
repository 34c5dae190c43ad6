"""What a command needs before it begins: memory that the system grants, and a working folder that is there
(运行环境)."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, TracebackType

from ..models.errors import DabiaoError
from ..models.words import msg, tr
from .language import spoken

LEAST = 512
"""MB of addresses (`ulimit -v`) below which no command begins. Measured on Linux, x86-64, Python 3.11: a
run of three sectors without draws takes 480, one of a shipped city with 64 draws 600, `validate` 260.
Below that, libraries abort the process, or hang, where they find no memory: nothing can be told later."""
_NEAR = 64
"""MB below the limit from which on a failure of a library is one of memory."""
_WORDS = re.compile(
    r"cannot allocate|failed to map segment|out of memory|bad_?alloc|start new thread", re.IGNORECASE
)
"""How libraries and the loader of the system tell that there is no memory."""


class Unfit(DabiaoError):
    """What surrounds the command lets nothing begin or go on."""


def fit() -> None:
    """Look whether the process may have the memory that any command takes, and whether its folder is there.

    Raises
    ------
    Unfit
        Where the limit of its addresses is lower, or the working folder was removed.
    """
    most = _limit()
    if most is not None and most < LEAST:
        raise _short(most)
    if _homeless():
        raise _gone()


def unfit(error: Exception) -> Unfit | None:
    """What is told in place of a failure that came of the surroundings; None where it did not."""
    if isinstance(error, Unfit):
        return error
    if _homeless() and any(isinstance(each, (DabiaoError, OSError)) for each in _chain(error)):
        return _gone()
    return _of_memory(error) or _of_a_package(error)


def _homeless() -> bool:
    """Whether the working folder is no more."""
    try:
        os.getcwd()
    except OSError:
        return True
    return False


def _gone() -> Unfit:
    return Unfit(
        msg(
            "the working folder is not there any more: it was removed or moved; go to one that is there"
            " (`cd`) and give the command again"
        )
    )


def _of_memory(error: Exception) -> Unfit | None:
    """What is told of a failure that came of too little memory; None of any other."""
    own = next((each for each in _chain(error) if _is(each)), None)
    most = _limit()
    told = isinstance(error, (DabiaoError, OSError)) or most is None or _taken() < most - _NEAR
    if own is None and told:
        return None
    if most is not None:
        return _short(most)
    return Unfit(
        tr(
            spoken(),
            "too little memory ({reason}): fewer `--draws`, or a larger machine",
            reason=own or "",
        )
    )


def _of_a_package(error: Exception) -> Unfit | None:
    """What is told where another package does not load; None of any other failure."""
    entries = [entry.tb_frame for entry in _steps(error.__traceback__)]
    after = next((at for at in reversed(range(len(entries))) if _name(entries[at]) in _OWN), len(entries)) + 1
    loading = next((each for each in entries[after:] if each.f_code.co_name == "<module>"), None)
    if loading is None or isinstance(error, DabiaoError):
        return None
    return Unfit(
        msg(
            "{file} does not load ({reason}): it is not what the program takes it for, or damaged, or reads a"
            " variable of the environment or a file of settings that says so; install it anew, or mend those",
            file=loading.f_code.co_filename,
            reason=str(error) or type(error).__name__,
        )
    )


_OWN = (__name__.partition(".")[0],)


def _name(frame: FrameType) -> str:
    """The package that a line is of."""
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _steps(step: TracebackType | None) -> Iterator[TracebackType]:
    while step is not None:
        yield step
        step = step.tb_next


def _short(most: int) -> Unfit:
    """Told in one language at once: there is no memory for more."""
    return Unfit(
        tr(
            spoken(),
            "too little memory: this process may have {most} MB of addresses (`ulimit -v`); the smallest run"
            " takes {least} MB, more draws take more: raise the limit (`ulimit -v unlimited`), or ask for"
            " fewer `--draws`",
            most=most,
            least=LEAST,
        )
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is(error: BaseException) -> bool:
    known = isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM
    return known or bool(
        _WORDS.search(str(error)) and isinstance(error, (ImportError, OSError, RuntimeError))
    )


def _limit() -> int | None:
    """MB of addresses that the process may have; None where there is no limit."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft // 1_000_000


def _taken() -> int:
    """MB of addresses that the process had at most; 0 where the system does not tell."""
    try:
        found = re.search(r"VmPeak:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(found[1]) * 1024 // 1_000_000 if found else 0
