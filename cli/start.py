"""The program begins (程序入口): from here on an interrupt is one line and an exit code, never a traceback.

Nothing of the program is imported before signals are heard.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, suppress

TYPE_CHECKING = False  # nor is `typing` imported for it
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
_PATIENCE = 2
"""Further signals that are not heeded while the first is being obeyed; one more ends the program at once."""

_heard: list[int] = []
_ending = False
"""Whether the interrupt is on its way through the program."""


class Interrupted(BaseException):
    """The user, or who watches over the program, wants it to end.

    Libraries make something else of Python's own ``KeyboardInterrupt``; this they let pass.
    """


def main() -> None:
    """Entry of the program `simulate`; it ends with the command's code, or 128 + the signal's number."""
    _listen(_hear)
    _streams()
    try:
        with heeded():
            code = _run()
        _listen(signal.SIG_IGN)  # all is done: what comes now comes too late
    except Interrupted:
        code = 128 + _heard[0]
        _tell()
    sys.exit(code)


def _streams() -> None:
    """A stream that whoever started the program has closed leads nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def _run() -> Any:
    try:
        from .main import main as command

        command()
    except SystemExit as end:
        return end.code
    return 0


@contextmanager
def heeded() -> Iterator[None]:
    """Whatever some lines end with: where the program was interrupted in them, that is how they end."""
    try:
        yield
    except Exception:
        if _heard:
            raise _ends() from None
        raise
    if _heard:
        raise _ends()


def _ends() -> Interrupted:
    global _ending
    _ending = True
    return Interrupted()


def _listen(handler: Any) -> None:
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        # one that was to be ignored (`nohup`, a job in the background) stays so
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            signal.signal(number, handler)
    sys.unraisablehook = _unraisable


def _hear(number: int, frame: object) -> None:
    _heard.append(number)
    if not _ending:
        raise _ends()
    if len(_heard) > _PATIENCE + 1:
        os._exit(128 + number)


def _unraisable(said: Any) -> None:
    """An interrupt that came where Python can raise nothing comes again a moment later."""
    global _ending
    if issubclass(said.exc_type, Interrupted):
        import threading

        _ending = False
        again = threading.Timer(0.02, _again, _heard[-1:])
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(said)


def _again(number: int) -> None:
    if not _ending:
        os.kill(os.getpid(), number)


def _tell() -> None:
    said = "Interrupted."
    with suppress(Exception):
        from ..models.words import tr
        from .language import language

        said = tr(language(sys.argv[1:], os.environ), "Interrupted.")
    with suppress(Exception):
        sys.stderr.write(f"{said}\n")
        sys.stderr.flush()
