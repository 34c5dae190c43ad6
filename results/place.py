"""How anything takes its place on the disk: written beside it under a hidden name, then at once (落盘)."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_HIDDEN = re.compile(r"\.(?P<name>.+)-[0-9a-f]{8}\.(?P<kind>partial|old)")
_YOUNG = 10.0
"""Seconds within which a hidden name is left alone: its owner may be about to take hold of it."""
_LEFT = 3_600.0
"""The same where the disk cannot say whether anybody holds it."""


def hidden(place: Path, kind: str = "partial") -> Path:
    """A name beside a file or folder under which it is written before it takes its place."""
    return place.with_name(f".{place.name}-{uuid.uuid4().hex[:8]}.{kind}")


def named(folder: Path) -> Path:
    """A folder by a path that ends in a name, beside which others can stand: ``.`` and ``..`` are none."""
    return folder if folder.name not in ("", "..") else folder.resolve()


def room(folder: Path) -> None:
    """Make a folder, with those that it stands in, where it is not there yet.

    Raises
    ------
    OSError
        It cannot be made; where a file stands in its way, as the system says it of one further up.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error


def refused(folder: Path) -> OSError | None:
    """Why nothing new can be put into a folder that is there, as far as the system tells without a try; None
    where it seems it can."""
    real = os.access in os.supports_effective_ids
    if not os.path.isdir(folder):
        number = errno.ENOTDIR
    elif os.access(folder, os.W_OK | os.X_OK, effective_ids=real):
        return None
    else:
        number = errno.EROFS if _read_only(folder) else errno.EACCES
    return OSError(number, os.strerror(number), str(folder))


def _read_only(folder: Path) -> bool:
    """Whether a folder stands on a disk that can only be read."""
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except (OSError, AttributeError):
        return False


@contextmanager
def beside(place: Path, folder: bool = False) -> Iterator[Path]:
    """A new file or folder under a hidden name, held as long as the block lasts; what stands under that name
    when it ends goes, however it ends.

    Raises
    ------
    OSError
        It cannot be made.
    """
    fresh = hidden(place)
    if folder:
        fresh.mkdir()
    else:
        fresh.touch(exist_ok=False)
    try:
        with held(fresh):
            yield fresh
    finally:
        _gone(fresh)


def concerned(error: OSError, folder: Path) -> Path:
    """The file or folder that a refusal of the system is about, by the name that it has or was to get; its
    folder where that name is of no use to anybody, ``folder`` where the system names nothing below it."""
    for name in (error.filename2, error.filename):
        if isinstance(name, str) and Path(name).is_relative_to(folder):
            place = Path(name)
            found = _HIDDEN.fullmatch(place.name)
            if found:
                return place.with_name(found["name"])
            return place.parent if place.name.startswith(".") else place
    return folder


@contextmanager
def held(entry: Path) -> Iterator[None]:
    """Hold a file or folder: :func:`tidy` of another process leaves it alone, whatever its name, until this
    process lets it go or ends. Where the disk knows no such holds nothing is held."""
    handle = _opened(entry) if fcntl else None
    try:
        if handle is not None:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _opened(entry: Path) -> int | None:
    with suppress(OSError):
        return os.open(entry, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    return None


def _owned(entry: Path, age: float) -> bool:
    """Whether somebody may still be writing under a hidden name."""
    if abs(age) < _YOUNG:
        return True
    handle = _opened(entry) if fcntl else None
    if handle is None:
        return age < _LEFT
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return age < _LEFT
    finally:
        os.close(handle)
    return False


def tidy(folder: Path) -> None:
    """Take away what stands in a folder under hidden names that nobody owns, as a killed process leaves it;
    what it had put aside and did not replace takes its old place again."""
    with suppress(OSError):
        for entry in list(folder.iterdir()):
            found = _HIDDEN.fullmatch(entry.name)
            if found is None or _owned(entry, time.time() - entry.lstat().st_mtime):
                continue
            place = entry.with_name(found["name"])
            if found["kind"] == "old" and not os.path.lexists(place):
                entry.rename(place)
            else:
                _gone(entry)


def _gone(entry: Path) -> None:
    if os.path.isdir(entry) and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        with suppress(OSError):
            entry.unlink(missing_ok=True)


def swap(fresh: Path, place: Path) -> None:
    """Let what is fresh and what stands in its place change names: at every moment one of them stands there.

    Where the system cannot do it at once, what stood there is put aside for that moment, and :func:`tidy`
    puts it back if the process does not come to do it.

    Raises
    ------
    OSError
        It cannot be done; what stood there still stands.
    """
    if _exchanged(fresh, place):
        return
    aside = hidden(place, "old")
    with held(place):
        place.rename(aside)
        try:
            fresh.rename(place)
        except BaseException:
            aside.rename(place)
            raise
        aside.rename(fresh)


_CALLS = {"linux": ("renameat2", (-100,), 2), "darwin": ("renamex_np", (), 2)}
"""By platform: the call that exchanges two names, what stands before each name, and its flag."""


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system exchanged two names."""
    if sys.platform not in _CALLS:
        return False
    import ctypes

    name, before, flag = _CALLS[sys.platform]
    try:
        call = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return False
    return bool(call(*before, os.fsencode(one), *before, os.fsencode(other), flag) == 0)
