"""A program beside this one: run, waited for, and ended with all that it started, whatever ends the wait."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from ..models.quantity import Bilingual
from ..models.words import msg


@dataclass(frozen=True)
class Ran:
    """How a program ended.

    Attributes
    ----------
    code
        Its exit code, negative for the signal that killed it; None where it was stopped because time was up.
    said
        All that it printed.
    """

    code: int | None
    said: str

    def told(self) -> Bilingual:
        """The end in words, with the last line that was printed."""
        last = (self.said.strip().splitlines() or [""])[-1].strip()
        if self.code is None:
            return msg("it did not end in time and was stopped")
        if self.code < 0:
            return msg("it was killed by signal {number}; is there memory enough?", number=-self.code)
        if last:
            return msg("it ended with code {code} and said: {last}", code=self.code, last=last)
        return msg("it ended with code {code} and said nothing", code=self.code)


@contextmanager
def interrupts_wait() -> Iterator[None]:
    """Let an interrupt wait until the end of a few lines; a program started in them is never told of it.

    What is begun in such lines is known to who must end it, and what is being ended is ended.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def run(words: Sequence[str], seconds: float, env: Mapping[str, str] | None = None) -> Ran:
    """Run a program for so many seconds at most; afterwards neither it nor anything that it started is left.

    Raises
    ------
    OSError
        Where it cannot be run at all.
    """
    process: subprocess.Popen[str] | None = None
    try:
        with interrupts_wait():
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=env,
                start_new_session=True,  # a group of its own, which is ended as a whole
            )
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            return Ran(None, "")
        return Ran(process.returncode, said)
    finally:
        if process is not None:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    with interrupts_wait():
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
