"""The files of a scenario: found, kept inside their folder, read whatever their encoding."""

from __future__ import annotations

import errno
import hashlib
import os
import posixpath
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..models.errors import Said, reason_of
from ..models.money import Money
from ..models.words import msg
from .lines import Lines
from .report import Place, Report, joined, meant, one_of

if TYPE_CHECKING:
    from .document import Node

LARGEST = 5_000_000
TABLES = (".csv", ".tsv", ".txt", ".xlsx")
"""How the names of files with tables end."""
MARKS = (b"\xff\xfe", b"\xfe\xff")
EXAMPLE = "example:"
USUAL = "baseline.yaml"
PRIORS = "priors.yaml"
RESOLVED = "scenario.resolved.yaml"
"""What a run keeps of its scenario: it stands alone."""
ROOT_MARKERS = ("dabiao.toml", ".dabiao")
"""Files or folders that say: here a project begins (项目根目录的标记)."""


@cache
def own_yaml(file: Path) -> Any:
    """The plain values of a YAML file that comes with the product; read once, and not to be changed."""
    import yaml

    return yaml.load(file.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class Unread(OSError):
    """A file that is not read: a pipe, a device, a folder, or one that is too large."""

    def __init__(self, found: Said, expected: Said, regular: bool = True) -> None:
        super().__init__(str(found))
        self.found, self.expected, self.regular = found, expected, regular


def content(path: str | Path, most: int = LARGEST) -> bytes:
    """What a regular file of at most ``most`` bytes holds: the one door through which files are read.

    It neither waits (for a pipe) nor reads without an end (of a device, or of a file that grows).

    Raises
    ------
    Unread
        It is no regular file, or larger.
    OSError, ValueError
        It cannot be opened, or no file can have such a name.
    """
    with open(path, "rb", opener=_at_once) as file:
        about = os.fstat(file.fileno())
        most_said = msg("at most {most:,}", most=most)
        if not stat.S_ISREG(about.st_mode):
            raise Unread(msg("no regular file"), msg("the name of a file"), regular=False)
        if about.st_size > most:
            raise Unread(msg("a file of {size:,} bytes", size=about.st_size), most_said)
        data: bytes | None = file.read(most + 1)
    if data is None:  # nothing to read yet, and nobody waits for it
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    if len(data) > most:
        raise Unread(msg("a file that grows while it is read"), most_said)
    return data


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for whoever writes to a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def unread(error: Exception) -> Said:
    """Why a file could not be read, in a few words."""
    if isinstance(error, Unread):
        return joined(error.found, error.expected)
    return reason_of(error)


@dataclass(frozen=True)
class Address:
    """A file by the folder of the first file, its path from there, and the folder that it must stay in.

    Attributes
    ----------
    top, below
        Folder of the file named on the command line, and the way from there, perhaps upwards.
    prefix
        How the user wrote that folder.
    root
        The project: no path leads out of it; ``top`` where nothing else is said.
    """

    top: Path
    below: str
    prefix: str
    root: Path | None = None

    @property
    def inside(self) -> Path:
        """The folder that no path may lead out of."""
        return self.root or self.top

    @property
    def shown(self) -> str:
        """The file as the user knows it."""
        whole = self.prefix + self.below
        return posixpath.normpath(whole) if self.below.startswith("..") else whole

    @property
    def name(self) -> str:
        """The file's name in the list of what was read: the same wherever the folder stands."""
        return self.below if self.prefix != EXAMPLE else EXAMPLE + self.below

    @property
    def path(self) -> Path:
        """Where the file stands on the disk."""
        return self.top / self.below


@dataclass
class Reader:
    """Reads files and remembers what was read."""

    report: Report
    unwritten: Mapping[Path, bytes] = field(default_factory=dict)
    """What files will hold that are not there yet."""
    read: dict[str, str] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    """Country of the figures of each file, by the file as places show it; empty where nobody says."""
    own: dict[str, Node] = field(default_factory=dict)
    money: dict[str, Money] = field(default_factory=dict)
    """The money that each scenario file counts in."""
    layers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What each scenario file says itself, and the files that it stands on, the lowest first, itself last."""

    def again(self) -> Reader:
        """The same files as they were read: what is made of them from here on changes nothing of these."""
        return replace(
            self,
            report=self.report.again(),
            read=dict(self.read),
            countries=dict(self.countries),
            own={name: tree.copy() for name, tree in self.own.items()},
            money=dict(self.money),
            layers=dict(self.layers),
        )

    def text(self, address: Address, asked: Place, path: str) -> str | None:
        """The text of a file, or None after a mistake has been noted.

        ``asked`` and ``path`` say who asked for it.
        """
        data = self.data(address, asked, path)
        return None if data is None else self._decoded(data, address)

    def data(self, address: Address, asked: Place, path: str) -> bytes | None:
        """What a file holds, or None after a mistake has been noted."""
        data = self.unwritten.get(address.path) or self._bytes(address, asked, path)
        if data is not None:
            self.read[address.name] = hashlib.sha256(data).hexdigest()
        return data

    def _bytes(self, address: Address, asked: Place, path: str) -> bytes | None:
        try:
            if not os.path.exists(address.path) and not address.path.is_symlink():
                self.report.add(
                    asked,
                    path,
                    msg("{file}, which does not exist", file=address.shown),
                    msg("the name of a file"),
                    neighbours(address.path),
                )
                return None
            return content(address.path)
        except Unread as error:
            self.report.add(
                Place(address.shown) if error.regular else asked,
                path,
                error.found if error.regular else msg("{file}, which is no file", file=address.shown),
                error.expected,
                msg("is it a scenario at all?") if error.regular else "",
            )
            return None
        except (OSError, ValueError) as error:
            self.report.add(
                asked,
                path,
                msg("{file!r}, which cannot be read ({reason})", file=address.shown, reason=unread(error)),
                msg("a readable file"),
            )
            return None

    def _decoded(self, data: bytes, address: Address) -> str | None:
        """UTF-8 with or without mark, UTF-16 with mark; any other encoding is named and refused."""
        try:
            return data.decode("utf-16" if data[:2] in MARKS else "utf-8-sig")
        except UnicodeDecodeError as error:
            self.report.add(*no_utf8(data, address.shown, error))
        return None


def no_utf8(data: bytes, file: str, error: UnicodeDecodeError) -> tuple[Place, str, Said, Said, Said]:
    """The mistake that bytes are not UTF-8: where, what they are likely to be, how to save the file anew."""
    before = data[: error.start].decode("utf-8-sig", "replace")
    place = Place(file, *Lines(before).at(len(before)))
    kind, name = guessed(data)
    table = file.lower().endswith((".csv", ".tsv", ".txt"))
    hint = (
        msg("in Excel: save as CSV UTF-8 (comma separated)")
        if table
        else msg(
            "save it as UTF-8 in the editor, or: iconv -f {name} -t UTF-8 old.yaml > new.yaml", name=name
        )
    )
    return place, "file", kind, msg("text in UTF-8"), hint


def guessed(data: bytes) -> tuple[Said, str]:
    """What encoding bytes that are no UTF-8 are likely to be in: as told to a user, as iconv calls it."""
    if data[:2] in MARKS:  # whole, it would have been read
        return msg("UTF-16 that breaks off"), "UTF-16"
    if data[:400].count(0) > len(data[:400]) // 5:
        last = data[1:400:2].count(0) < data[:400:2].count(
            0
        )  # zeros stand where the larger part of a unit does
        return msg("UTF-16 without a byte order mark"), "UTF-16BE" if last else "UTF-16LE"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return msg("bytes that are no text in UTF-8"), "GB18030"
    return msg("text in GBK (GB18030)"), "GB18030"


def neighbours(path: Path) -> Said:
    """The files that stand near a missing one, as a hint."""
    folder = path.parent
    while not os.path.isdir(folder) and folder != folder.parent:
        folder = folder.parent
    try:
        entries = list(folder.iterdir())
    except OSError:
        return ""
    near = sorted(
        entry.name
        for entry in entries
        if entry.suffix.lower() in {".yaml", ".yml", *TABLES} or os.path.isdir(entry)
    )
    near = [name for name in near if not name.startswith((".", "_"))]
    return meant(path.name, near) or (
        msg("{folder} has {names}", folder=folder, names=one_of(near, 6)) if near else ""
    )


def shipped() -> Path:
    """The folder of the examples that come with the product."""
    return Path(str(resources.files(__package__)))


def examples() -> tuple[str, ...]:
    """Names of the shipped scenarios: folders that have a baseline."""
    return tuple(sorted(path.parent.name for path in shipped().glob(f"*/{USUAL}")))


def priors() -> Said:
    """What to add to a scenario that lacks what a region does not publish."""
    files = sorted(EXAMPLE + file.relative_to(shipped()).as_posix() for file in shipped().glob(f"*/{PRIORS}"))
    return (
        msg(
            "add `extends:` with the priors of its country, which bring what a region does not publish:"
            " {files}",
            files=one_of(files),
        )
        if files
        else ""
    )


def start(path: str | Path, report: Report) -> Address | None:
    """The address of the file named on the command line."""
    if str(path).startswith(EXAMPLE):
        return example(str(path).removeprefix(EXAMPLE), Place(str(path)), "file", report)
    try:
        file = Path(path)
        if os.path.isdir(file):
            file = file / USUAL
            if not os.path.exists(file):
                report.add(
                    Place(str(path)),
                    "file",
                    msg("a folder without {usual}", usual=USUAL),
                    msg("a scenario file"),
                    _of_a_run(file.parent) or neighbours(file),
                )
                return None
        top = file.parent.resolve()
    except ValueError:
        report.add(
            Place(repr(path)), "file", msg("a name that no file can have"), msg("the name of a scenario file")
        )
        return None
    except (OSError, RuntimeError) as error:
        why = error if isinstance(error, OSError) else OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        report.add(
            Place(str(path)),
            "file",
            msg("{file!r}, which cannot be read ({reason})", file=str(path), reason=reason_of(why)),
            msg("a readable file"),
        )
        return None
    folder = file.parent.as_posix()
    return Address(top, file.name, "" if folder == "." else folder.rstrip("/") + "/", project(top))


_FENCE: ContextVar[Path | None] = ContextVar("fence", default=None)


@contextmanager
def fenced(folder: Path) -> Iterator[None]:
    """Within it no path of a scenario in this folder leads out of the folder: it is the project."""
    token = _FENCE.set(folder.resolve())
    try:
        yield
    finally:
        _FENCE.reset(token)


def project(folder: Path) -> Path:
    """The project that a folder belongs to: the fence around it, where there is one (:func:`fenced`); the
    nearest folder at or above it with a marker (:data:`ROOT_MARKERS`); else the folder of the command where
    it lies above; else the folder itself."""
    fence = _FENCE.get()
    if fence is not None:
        return fence if folder.is_relative_to(fence) else folder
    for above in (folder, *folder.parents):
        if any(os.path.exists(above / marker) for marker in ROOT_MARKERS):
            return above
    command = Path.cwd().resolve()
    usable = folder.is_relative_to(command) and command != Path(command.anchor)
    return command if usable else folder


def _of_a_run(folder: Path) -> Said:
    """The scenario that a run kept, as a hint to whoever names the folder of the run instead."""
    if not os.path.isfile(folder / RESOLVED):
        return ""
    return msg("it is the folder of a run; its scenario is {file}", file=(folder / RESOLVED).as_posix())


def _is_shipped(below: str) -> bool:
    """Whether a file of this name is shipped; no name is too long or too strange to be asked for."""
    return "\\" not in below and os.path.isfile(shipped() / below)


def example(name: str, asked: Place, path: str, report: Report) -> Address | None:
    """The address of a shipped file, with or without `.yaml`; a folder's name stands for its baseline, or
    for the one file it has."""
    files = sorted(file.relative_to(shipped()).as_posix() for file in shipped().glob("*/*.yaml"))
    below = name.strip("/")
    if below and not below.endswith((".yaml", ".yml", *TABLES)):
        alone = [file for file in files if file.startswith(f"{below}/")]
        below = f"{below}.yaml" if "/" in below else alone[0] if len(alone) == 1 else f"{below}/{USUAL}"
    parts = below.split("/")
    if below and ".." not in parts and _is_shipped(below):
        return Address(shipped(), below, EXAMPLE)
    near = meant(name, examples()) or meant(name, files)
    report.add(
        asked,
        path,
        msg("{example}{name}, which is not shipped", example=EXAMPLE, name=name[:80]),
        msg("{example} followed by {names}", example=EXAMPLE, names=one_of(examples() or files)),
        near,
    )
    return None


def beside(owner: Address, name: str, asked: Place, path: str, report: Report) -> Address | None:
    """The address that a file gives for another one; it must stay inside the project (:func:`project`)."""
    if name.startswith(EXAMPLE):
        return example(name.removeprefix(EXAMPLE), asked, path, report)
    inside = msg(
        "a path inside the project: the folder of the scenario, or the one with {marker}",
        marker=ROOT_MARKERS[0],
    )
    if not name or "\0" in name or "\\" in name or re.match(r"[/~]|[A-Za-z]:|[a-z]+://", name):
        report.add(
            asked,
            path,
            f'"{name[:80]}"',
            msg("{inside}, written with /", inside=inside),
            joined(
                (msg("absolute paths are refused") if name else ""),
                msg("shipped files begin with {example}", example=EXAMPLE),
            ),
        )
        return None
    try:
        target = (owner.path.parent / name).resolve()
        target.relative_to(owner.inside.resolve())
        below = Path(os.path.relpath(target, owner.top.resolve()))
    except ValueError:
        report.add(
            asked,
            path,
            msg('"{name}", which leads out of the project', name=name[:80]),
            inside,
            msg(
                "copy the file into the folder, or put an empty file {marker} into the folder above both",
                marker=ROOT_MARKERS[0],
            ),
        )
        return None
    except (OSError, RuntimeError):
        report.add(asked, path, msg('"{name}", which cannot be followed', name=name[:80]), inside)
        return None
    return Address(owner.top, below.as_posix(), owner.prefix, owner.root)
