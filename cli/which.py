"""What was given where the folder of a run belongs, and which folder was meant (运行目录)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..models.errors import DabiaoError
from ..models.shell import shell_word
from ..models.words import msg
from .options import EXAMPLE

if TYPE_CHECKING:
    from ..models.quantity import Bilingual

RUNS = Path("runs")
_MOST = 3
_PARTS = ("tables.json", "scenario.resolved.yaml")


def run_folder(given: Path, before: Path | None = None) -> None:
    """Nothing where ``given`` may be a run; otherwise which folder to give instead.

    ``before`` is the run that stands first on the command line, where ``given`` is the second.

    Raises
    ------
    DabiaoError
        A scenario, a comparison, or the folder that holds a scenario's runs was given.
    """
    words = f"simulate report {shell_word(before)} " if before else "simulate report "
    if str(given).startswith(EXAMPLE) or given.suffix.lower() in (".yaml", ".yml"):
        raise DabiaoError(
            msg(
                "{given} is a scenario; `report` takes the folder of a run. {instead}",
                given=given,
                instead=_instead(str(given), words),
            )
        )
    inside = [] if os.path.isfile(given / "tables.json") or not os.path.isdir(given) else newest(given)
    if inside:
        raise DabiaoError(
            msg(
                "{given} holds several runs; give one of them (newest first):{runs}",
                given=given,
                runs=_lines(words, inside),
            )
        )
    of_a_run = any(os.path.isfile(given / name) for name in ("tables.json", "manifest.json"))
    if os.path.isdir(given) and not of_a_run and list(given.glob("*.y*ml")):
        raise DabiaoError(
            msg(
                "{given} is the folder of a scenario; `report` takes the folder of a run. {instead}",
                given=given,
                instead=_instead(str(given), words),
            )
        )
    manifest = _manifest(given if os.path.isdir(given) else given.parent)
    if manifest.get("scenario") == "compare":
        files = [str(word) for word in manifest.get("command", [])[1:] if not str(word).startswith("-")]
        raise DabiaoError(_of_comparison(given, files))


def newest(folder: Path) -> list[Path]:
    """Runs inside a folder, newest first: what `simulate run` wrote, and nothing made from it."""
    try:
        there = [
            one
            for one in folder.iterdir()
            if "-" not in one.name and all(os.path.isfile(one / name) for name in _PARTS)
        ]
        return sorted(there, key=lambda one: (one / _PARTS[0]).stat().st_mtime, reverse=True)
    except OSError:
        return []


def runs_of(scenario: str) -> list[Path]:
    """Runs of a scenario below `runs`, newest first; none where the scenario cannot be read."""
    from ..scenarios.files import start
    from ..scenarios.load import identity
    from ..scenarios.report import Report

    address = start(scenario, Report())
    return newest(RUNS / identity(address)) if address else []


def _instead(scenario: str, words: str) -> Bilingual:
    """The newest runs of a scenario, or the command that makes one."""
    found = runs_of(scenario)
    if found:
        return msg("Its runs (newest first):{runs}", runs=_lines(words, found))
    return msg(
        "Run it first; the folder is shown at the end:{command}",
        command=f"\n    simulate {shell_word(scenario)}",
    )


def _lines(words: str, found: list[Path]) -> str:
    return "".join(f"\n    {words}{shell_word(one)}" for one in found[:_MOST])


def _of_comparison(given: Path, files: list[str]) -> Bilingual:
    """The two runs behind a comparison, or the commands that make them."""
    runs = [
        [Path(file)] if os.path.isfile(Path(file) / "tables.json") else runs_of(file) for file in files[:2]
    ]
    steps = [
        f"\n    simulate {shell_word(file)}" for file, found in zip(files, runs, strict=False) if not found
    ]
    names = [str(found[0]) if found else f"RUN{at}" for at, found in enumerate(runs, 1)] or ["RUN1", "RUN2"]
    steps.append(f"\n    simulate report {' '.join(map(shell_word, names))}")
    return msg(
        "{given} is a comparison; a report of two takes their two run folders, the baseline first:{steps}",
        given=given,
        steps="".join(steps),
    )


def _manifest(folder: Path) -> dict[str, Any]:
    from ..results.write import read_json

    try:
        found = read_json(folder / "manifest.json")
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
