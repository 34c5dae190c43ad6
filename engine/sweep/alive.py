"""Which of several processes are alive: each holds a locked file, and the system lets it go with the process,
however that ends (进程存活)."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: a file that is open cannot be deleted, which tells as much
    fcntl = None  # type: ignore[assignment]


class Sign:
    """The sign that a process lives, held until it ends or :meth:`drop`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = uuid.uuid4().hex
        self._file = folder / self.name
        fresh = folder / f".{self.name}" if fcntl else self._file
        self._open = os.open(fresh, os.O_CREAT | os.O_RDWR, 0o644)
        if fcntl:
            fcntl.flock(self._open, fcntl.LOCK_EX)
            fresh.rename(self._file)  # nobody sees it before it is locked

    def drop(self) -> None:
        """Be dead."""
        with suppress(OSError):
            os.close(self._open)
            self._file.unlink(missing_ok=True)


def lives(folder: Path, name: str) -> bool:
    """Whether the process of a sign is alive; the file of a dead one is taken away."""
    file = folder / name
    if not fcntl:
        try:
            file.unlink(missing_ok=True)
        except PermissionError:
            return True
        return False
    try:
        held = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)  # others may ask at the same moment
    except OSError:
        return True
    finally:
        os.close(held)
    file.unlink(missing_ok=True)
    return False


def bury(folder: Path) -> None:
    """Take the files of all dead ones away, as far as the system lets one."""
    with suppress(FileNotFoundError):
        for file in folder.iterdir():
            if not file.name.startswith("."):  # about to live
                with suppress(OSError):
                    lives(folder, file.name)
