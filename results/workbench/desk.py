"""The folder that is served: scenarios are opened from it and written into it (案卷)."""

from __future__ import annotations

import json
import os
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from ...models.errors import DabiaoError
from ...models.quantity import Bilingual
from ...models.words import msg
from ...scenarios.files import EXAMPLE, content, examples
from ...scenarios.load import Loaded, load
from ..write import put
from .bench import Bench
from .changes import Changes, changed, document

KEPT = 8
"""Benches that are kept: the plan, what was pinned, a step or two back."""
MOST_FILES = 400
LARGEST = 20_000_000
"""Bytes of a file that may be brought in."""
_NAME = re.compile(r"[^\W_][\w .()\-]{0,79}")
SUFFIXES = (".yaml", ".yml", ".xlsx")


@dataclass
class Desk:
    """One folder, and what was opened from it. Nothing outside of it is read by name or written.

    Attributes
    ----------
    root
        The folder; files are told by their path from there.
    """

    root: Path
    solver: str = "auto"
    _benches: OrderedDict[str, Bench] = field(default_factory=OrderedDict, repr=False)
    _bases: OrderedDict[str, tuple[object, Loaded]] = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def files(self) -> list[str]:
        """Scenarios of the folder, then the shipped ones."""
        return [*self._own(), *(f"{EXAMPLE}{name}" for name in examples())]

    def _own(self) -> Iterator[str]:
        count = 0
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(one for one in folders if not one.startswith((".", "_")) and one != "runs")
            for name in sorted(names):
                file = Path(folder) / name
                if file.suffix.lower() in SUFFIXES and _scenario(file):
                    count += 1
                    if count > MOST_FILES:
                        return
                    yield file.relative_to(self.root).as_posix()

    def place(self, name: str) -> Path:
        """Where a file of the folder stands.

        Raises
        ------
        DabiaoError
            The name leads out of the folder, or no file of ours can have it.
        """
        parts = name.split("/")
        if not all(_NAME.fullmatch(part) for part in parts) or not name.lower().endswith(SUFFIXES):
            raise DabiaoError(
                msg(
                    '"{name}" cannot be a file here: letters, digits, spaces, - and _, ending in .yaml or'
                    " .xlsx",
                    name=name[:80],
                )
            )
        file = self.root.joinpath(*parts)
        if not file.resolve().is_relative_to(self.root.resolve()):
            raise DabiaoError(msg('"{name}" leads out of the folder that is served', name=name[:80]))
        return file

    def address(self, name: str) -> str:
        """How a scenario is named to whoever reads it.

        Raises
        ------
        DabiaoError
            As :meth:`place`.
        """
        return name if name.startswith(EXAMPLE) else str(self.place(name))

    def base(self, name: str) -> Loaded:
        """A scenario as it is written; read again where its file changed.

        Raises
        ------
        DabiaoError
            With every mistake at once.
        """
        address = self.address(name)
        with self._lock:
            if name in self._bases and self._bases[name][0] == self._stamp(self._bases[name][1]):
                self._bases.move_to_end(name)
                return self._bases[name][1]
        loaded = load(address)
        with self._lock:
            self._bases[name] = self._stamp(loaded), loaded
            while len(self._bases) > KEPT:
                self._bases.popitem(last=False)
        return loaded

    def _stamp(self, loaded: Loaded) -> object:
        """What tells whether the files of a scenario are what they were when it was read."""
        folder = Path(loaded.file).parent
        return tuple(
            (name, _touched(folder / name)) for name, _ in loaded.files if not name.startswith(EXAMPLE)
        )

    def scenario(self, name: str, changes: Changes) -> Loaded:
        """A scenario with changes."""
        return changed(self.base(name), changes)

    def bench(self, name: str, changes: Changes) -> Bench:
        """The bench of a scenario with changes, studied once.

        Raises
        ------
        DabiaoError
            Where it is wrong, or cannot be solved.
        """
        base = self.base(name)
        key = json.dumps([name, repr(self._stamp(base)), dict(sorted(changes.items()))], default=str)
        with self._lock:
            if key in self._benches:
                self._benches.move_to_end(key)
                return self._benches[key]
        made = Bench.of(changed(base, changes), self.solver)
        with self._lock:
            self._benches[key] = made
            while len(self._benches) > KEPT:
                self._benches.popitem(last=False)
        return made

    def text(self, name: str, changes: Changes, title: Bilingual | None = None) -> str:
        """What differs from a file, as a file that extends it."""
        return document(self.base(name), changes, title)

    def save(
        self, name: str, changes: Changes, new: str, title: Bilingual | None = None, over: bool = False
    ) -> str:
        """Write what differs as a file beside the one that it extends, and give its name back.

        Raises
        ------
        DabiaoError
            A file of that name is there and ``over`` was not said; it cannot be written; or it is the file
            that is extended.
        """
        folder = "" if name.startswith(EXAMPLE) else name.rpartition("/")[0]
        where = f"{folder}/{new}" if folder else new
        file = self.place(where)
        if where == name:
            raise DabiaoError(msg("{file} is the scenario that is changed: give another name", file=new))
        put(file, self.text(name, changes, title).encode(), over=over)
        return where

    def bring(self, name: str, data: bytes) -> str:
        """Put a file into the folder; one that is there stays as it is.

        Raises
        ------
        DabiaoError
            It is too large, has no name that a file may have, or is there already.
        """
        if len(data) > LARGEST:
            raise DabiaoError(
                msg("a file of {size:,} bytes; expected at most {most:,}", size=len(data), most=LARGEST)
            )
        put(self.place(name), data)
        return name

    def written(self, files: Mapping[str, str], folder: str) -> None:
        """Put a few new files into a new folder of the folder.

        Raises
        ------
        DabiaoError
            One is there already.
        """
        places = {self.place(f"{folder}/{name}"): text for name, text in files.items()}
        for file in places:
            if os.path.lexists(file):
                raise DabiaoError(
                    msg("{file} is there already and nothing was changed; give another name", file=file.name)
                )
        for file, text in places.items():
            put(file, text.encode())


def _touched(file: Path) -> tuple[int, int]:
    """When a file was written, and how large it is; zeros where it is not there."""
    try:
        about = file.stat()
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_size


def _scenario(file: Path) -> bool:
    """Whether a file looks like a scenario: a workbook, or YAML that says so at its beginning."""
    if file.name.startswith((".", "~")) or file.is_symlink():
        return False
    if file.suffix.lower() == ".xlsx":
        return not file.stem.endswith("-results")
    try:
        text = content(file, LARGEST)[:20_000]
    except OSError:
        return False
    return re.search(rb"^(dabiao|extends):", text, re.MULTILINE) is not None
