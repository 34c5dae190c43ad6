"""The folder that is served: scenarios are opened from it and written into it (案卷)."""

from __future__ import annotations

import json
import os
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock

from ...engine.progress import listening
from ...models.errors import DabiaoError, ScenarioError
from ...models.quantity import Bilingual
from ...models.words import msg
from ...scenarios.files import EXAMPLE, LARGEST, MARKS, USUAL, Reader, content, examples, fenced, shipped
from ...scenarios.load import Loaded, files_below, load
from ..text.format import clean
from ..write import hash_of, put
from .bench import Bench
from .changes import Changes, changed, document

KEPT = 8
"""Benches that are kept: the plan, what was pinned, a step or two back."""
MOST_FILES, MOST_FOLDERS, DEEPEST = 2000, 2000, 6
"""Files that are listed, folders that are looked through for them, and how deep."""
LONGEST_NAME = 200
MOST_TITLES = 200
"""Files whose titles are read."""
_NAME = re.compile(r"[^\W_][\w .()\-]{0,79}")
SUFFIXES = (".yaml", ".yml", ".xlsx")
Wanted = Callable[[], bool]
"""Whether an answer is still waited for."""


class Superseded(Exception):
    """The work was ended: nobody waits for its answer any more."""


@dataclass
class Opened:
    """A scenario as it is written, what tells whether its files are still the same, and the files themselves,
    read for what extends it when first asked for."""

    loaded: Loaded
    stamp: object

    @cached_property
    def below(self) -> Reader | None:
        """The files of the scenario; None where they changed meanwhile."""
        return files_below(self.loaded)


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
    _bases: OrderedDict[str, Opened] = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)
    _studying: Lock = field(default_factory=Lock, repr=False)
    _writing: Lock = field(default_factory=Lock, repr=False)

    def files(self) -> list[str]:
        """Scenarios of the folder, then the shipped ones."""
        return [*self._own(), *(f"{EXAMPLE}{name}" for name in examples())]

    def _own(self) -> Iterator[str]:
        count = 0
        for at, (folder, folders, names) in enumerate(os.walk(self.root)):
            folders[:] = sorted(one for one in folders if not one.startswith((".", "_")) and one != "runs")
            if at >= MOST_FOLDERS:
                return
            if len(Path(folder).relative_to(self.root).parts) >= DEEPEST:
                folders.clear()
            for name in sorted(names):
                file = Path(folder) / name
                if file.suffix.lower() in SUFFIXES and _scenario(file):
                    count += 1
                    if count > MOST_FILES:
                        return
                    yield file.relative_to(self.root).as_posix()

    def titles(self, names: Sequence[str], lang: str) -> dict[str, str]:
        """What the first :data:`MOST_TITLES` files call themselves, where they say so at their beginning."""
        found = {}
        for name in names[:MOST_TITLES]:
            shipped_one = name.startswith(EXAMPLE)
            file = shipped() / name.removeprefix(EXAMPLE) / USUAL if shipped_one else self.root / name
            if title := _title(_head(file), lang):
                found[name] = title
        return found

    def place(self, name: str) -> Path:
        """Where a file of the folder stands.

        Raises
        ------
        DabiaoError
            The name leads out of the folder, or no file of ours can have it.
        """
        parts = name.split("/")
        if (
            len(name) > LONGEST_NAME
            or not all(_NAME.fullmatch(part) for part in parts)
            or not name.lower().endswith(SUFFIXES)
        ):
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
        return self._opened(name).loaded

    def _opened(self, name: str) -> Opened:
        address = self.address(name)
        with self._lock:
            known = self._bases.get(name)
            if known and known.stamp == self._stamp(known.loaded):
                self._bases.move_to_end(name)
                return known
        with fenced(self.root):
            loaded = load(address)
        made = Opened(loaded, self._stamp(loaded))
        if not _as_read(loaded):  # it was written while it was read
            return made
        with self._lock:
            self._bases[name] = made
            while len(self._bases) > KEPT:
                self._bases.popitem(last=False)
        return made

    def _stamp(self, loaded: Loaded) -> object:
        """What tells whether the files of a scenario are what they were when it was read."""
        folder = Path(loaded.file).parent
        return tuple(
            (name, _touched(folder / name)) for name, _ in loaded.files if not name.startswith(EXAMPLE)
        )

    def scenario(self, name: str, changes: Changes) -> Loaded:
        """A scenario with changes."""
        opened = self._opened(name)
        with fenced(self.root):
            return changed(opened.loaded, changes, below=opened.below if changes else None)

    def bench(self, name: str, changes: Changes, wanted: Wanted = lambda: True) -> Bench:
        """The bench of a scenario with changes, studied once; one scenario is studied at a time.

        Raises
        ------
        DabiaoError
            Where it is wrong, or cannot be solved.
        Superseded
            Nobody wants it any more.
        """
        key = json.dumps([name, repr(self._stamp(self.base(name))), dict(sorted(changes.items()))])
        if (known := self._known(key)) is not None:
            return known

        def going_on(*_: object) -> None:
            if not wanted():
                raise Superseded

        with self._studying:
            if (known := self._known(key)) is not None:  # another tab asked for the same
                return known
            going_on()
            with listening(going_on):
                made = Bench.of(self.scenario(name, changes), self.solver, self._newest())
        with self._lock:
            self._benches[key] = made
            while len(self._benches) > KEPT:
                self._benches.popitem(last=False)
        return made

    def _newest(self) -> list[Bench]:
        """The benches that are kept, the newest first."""
        with self._lock:
            return list(reversed(self._benches.values()))

    def _known(self, key: str) -> Bench | None:
        """A bench that is kept."""
        with self._lock:
            if key in self._benches:
                self._benches.move_to_end(key)
                return self._benches[key]
        return None

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
            A file of that name is there and ``over`` was not said; it cannot be written; what it would say
            cannot stand; or it is the file that is extended, or one below that.
        """
        if "/" in new:
            raise ScenarioError.single("name", f'"{new[:80]}"', msg("a name without a folder"))
        folder = "" if name.startswith(EXAMPLE) else name.rpartition("/")[0]
        where = f"{folder}/{new}" if folder else new
        file = self.place(where)
        if where == name or _one(file, name, self.root):
            raise DabiaoError(msg("{file} is the scenario that is changed: give another name", file=new))
        if file.suffix.lower() == ".xlsx":
            raise ScenarioError.single("name", f'"{new[:80]}"', msg("a name that ends in .yaml"))
        self._put(file, self.text(name, changes, title).encode(), over)
        return where

    def bring(self, name: str, data: bytes, over: bool = False) -> str:
        """Put a scenario into the folder, read as every scenario is; one that is there stays as it is, where
        ``over`` was not said.

        Raises
        ------
        DabiaoError
            It is too large, has no name that a file may have, or is there already.
        ScenarioError
            With every mistake in it at once: then it is not written.
        """
        file = self.place(name)
        if len(data) > LARGEST:
            raise DabiaoError(
                msg("a file of {size:,} bytes; expected at most {most:,}", size=len(data), most=LARGEST)
            )
        self._put(file, data, over)
        return name

    def _put(self, file: Path, data: bytes, over: bool) -> None:
        """Write a scenario that can be read; whole, or not at all."""
        with fenced(self.root):
            load(file, text=data)
        with self._writing:
            put(file, data, over=over)

    def written(self, files: Mapping[str, str], folder: str) -> None:
        """Put a few new files into a new folder of the folder.

        Raises
        ------
        DabiaoError
            One is there already.
        """
        places = {self.place(f"{folder}/{name}"): text for name, text in files.items()}
        with self._writing:
            for file in places:
                if os.path.lexists(file):
                    raise DabiaoError(
                        msg(
                            "{file} is there already and nothing was changed; give another name",
                            file=file.name,
                        )
                    )
            for file, text in places.items():
                put(file, text.encode())


def _as_read(loaded: Loaded) -> bool:
    """Whether the files of a scenario still hold what was read."""
    folder = Path(loaded.file).parent
    try:
        return all(
            hash_of(folder / name) == told for name, told in loaded.files if not name.startswith(EXAMPLE)
        )
    except (OSError, ValueError):
        return False


def _one(file: Path, name: str, root: Path) -> bool:
    """Whether a file is that of a scenario under another name: in other letters, or by a link."""
    try:
        return not name.startswith(EXAMPLE) and file.samefile(root / name)
    except OSError:
        return False


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
    return re.search(r"^(dabiao|extends):", _head(file), re.MULTILINE) is not None


def _head(file: Path) -> str:
    """The beginning of a text; empty where it cannot be read."""
    if file.suffix.lower() == ".xlsx":
        return ""
    try:
        data = content(file)[:20_000]
    except (OSError, ValueError):
        return ""
    return data.decode("utf-16" if data[:2] in MARKS else "utf-8-sig", "replace")


def _title(text: str, lang: str) -> str:
    """The title of a scenario from its beginning, as a text: what looks like a number or a date is none here.

    >>> _title('dabiao: 1\\ntitle: {zh: 方案, en: "A plan"}\\nyears: {base: 2023}\\n', "en")
    'A plan'
    """
    import yaml

    stated = re.search(r"^title:.*(?:\n[ \t]+.*)*", text, re.MULTILINE)
    try:
        said = yaml.load(stated[0], yaml.BaseLoader)["title"] if stated else ""
    except (yaml.YAMLError, RecursionError):
        return ""
    said = said.get(lang) or next(iter(said.values()), "") if isinstance(said, dict) else said
    return clean(said)[:LONGEST_NAME] if isinstance(said, str) else ""
