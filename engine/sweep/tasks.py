"""One task of a sweep: its name, the hash of all that decides its result, and the work itself (任务)."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...models.errors import DabiaoError, Said
from ...models.words import msg
from ...scenarios.files import EXAMPLE
from ...scenarios.sweep_file import SEED, Row, Sweep

if TYPE_CHECKING:
    from ...scenarios.load import Loaded, Opened
    from ..run import Answer

ANSWER, READ = f"{__name__}:answer", f"{__name__}:read"
"""The work of a task, and that of reading a scenario before: a module and a function of one text."""
SHEET = "sheet"
"""All targets together, among targets."""
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True)
class Task:
    """A task as it is handed to whoever does it: ``call`` names the function (``module:function``), ``spec``
    is the text that it is given."""

    id: str
    call: str
    spec: str


@dataclass(frozen=True)
class Planned:
    """A task with what it is called in results; those of one ``group`` differ in the seed alone."""

    task: Task
    group: int
    scenario: str
    setting: str
    outlook: str
    seed: int | None
    draws: int | None


@dataclass(frozen=True)
class Facts:
    """What is known of a scenario before it is run.

    Attributes
    ----------
    whole
        Hash of the scenario, resolved; of the mistake where it cannot be read.
    files
        Hash of every file that it was read from.
    foretold
        Whether its level is that of a reference forecast, so that outlooks move it.
    """

    whole: str
    files: str
    foretold: bool = True


def hashed(*parts: object) -> str:
    """The name of a task: 32 hex digits of the hash of all that decides its result."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()[:32]


def reading(path: str) -> Task:
    """The task of reading a scenario."""
    return Task(path, READ, json.dumps({"path": path, "root": _root(path)}))


def planned(
    sweep: Sweep, facts: Mapping[str, Facts], solver: str, program: str, version: str
) -> Iterator[Planned]:
    """The tasks of a sweep one after the other; ``facts`` by the path of the scenario, ``program`` is the
    hash of the code."""
    roots = {each.path: _root(each.path) for each in sweep.scenarios}
    for row in sweep.rows():
        known = facts[row.scenario.path]
        sets = _sets(row)
        spec = {
            "path": row.scenario.path,
            "root": roots[row.scenario.path],
            "sets": sets,
            "draws": row.draws,
            "solver": solver,
            "files": known.files,
        }
        name = hashed(known.whole, sets, row.draws, solver, program, version)
        task = Task(name, ANSWER, json.dumps(spec, ensure_ascii=False))
        yield Planned(
            task, row.group, row.scenario.label, row.setting.name, row.outlook.name, row.seed, row.draws
        )


def _sets(row: Row) -> list[str]:
    seed = [] if row.seed is None else [f"{SEED}={row.seed}"]
    return [*row.outlook.sets, *row.setting.sets, *seed]


def _root(path: str) -> str:
    """The project of a scenario: the same for a worker that runs in another folder."""
    from ...scenarios.files import project

    if path.startswith(EXAMPLE):
        return ""
    file = Path(path)
    return str(project(file if os.path.isdir(file) else file.parent))


KEPT = 4
"""Scenarios whose files a worker keeps as it read them: tasks stand in a sweep scenario by scenario."""
_kept: dict[tuple[str, str], Opened] = {}


def _loaded(asked: Mapping[str, Any]) -> Loaded:
    from contextlib import nullcontext

    from ...scenarios.files import fenced

    root = asked["root"]
    with fenced(Path(root)) if root else nullcontext():
        return _opened(asked["path"], root).loaded(tuple(asked.get("sets", ())))


def _opened(path: str, root: str) -> Opened:
    """The files of a scenario: those that were read before, where they hold the same still."""
    from ...scenarios.load import open_files

    held = _kept.pop((path, root), None)
    if held is None or not held.current():
        held = open_files(path)
    _kept[path, root] = held  # the last one used is the last to go
    for oldest in list(_kept)[:-KEPT]:
        _kept.pop(oldest, None)
    return held


def _files(loaded: Loaded) -> str:
    return hashed(*loaded.files)


def read(spec: str) -> bytes:
    """What is known of a scenario before it is run, as JSON; of a wrong one the hash of its mistakes."""
    from ...scenarios.load import resolved_yaml

    asked = json.loads(spec)
    try:
        loaded = _loaded(asked)
    except DabiaoError as error:
        return json.dumps(asdict(Facts(hashed(asked["path"], error), ""))).encode()
    facts = Facts(hashed(resolved_yaml(loaded)), _files(loaded), loaded.scenario.experience is not None)
    return json.dumps(asdict(facts)).encode()


def answer(spec: str) -> bytes:
    """A scenario run with its draws: a record for every tier of every target, then for all together, as
    JSON.

    Raises
    ------
    DabiaoError
        Where the scenario is wrong, cannot be solved, or was changed since the task was named.
    """
    from ...solvers.stumbles import hearing
    from ..run import first_answer
    from ..study import study

    asked = json.loads(spec)
    loaded = _loaded(asked)
    if asked["files"] and asked["files"] != _files(loaded):
        raise DabiaoError(
            msg("{file} was changed while the sweep was going on; start it again", file=asked["path"])
        )
    told: list[Said] = []
    with loaded.speaking(), hearing(told.append):
        found = first_answer(study(loaded, solver=asked["solver"], draws=asked["draws"]), loaded)
        who = {"solver": str(found.solver), "stand_in": _once(told)}
        records = [each | who for each in _records(found)]
        return json.dumps(records, ensure_ascii=False, allow_nan=False).encode()


def _once(told: Iterable[Said]) -> str:
    """What was told of solvers that answered in place of others, each once, in English as in a log."""
    return "; ".join(dict.fromkeys(said if isinstance(said, str) else said.of("en") for said in told))


def _records(found: Answer) -> Iterator[dict[str, Any]]:
    from ...models.money import unit_in_use
    from ...models.target import leading

    chances, year = found.ensemble, found.scenario.years.base + found.year
    told = {target.id for target in leading(each.target for each in found.assessment.outcomes)}
    for each in found.assessment.outcomes:
        target = each.target
        drawn = chances is not None and target.id in chances.targets
        yield {
            "target": target.id,
            "title_zh": target.title.of("zh"),
            "title_en": target.title.of("en"),
            "main": target.id in told,
            "year": year,
            "tier": each.tier,
            "unit": unit_in_use(target.unit),
            "digits": target.digits,
            "threshold": _known(each.threshold),
            "median": _known(each.expected),
            "low": _known(chances.quantile(target.id, LOW).value) if drawn and chances else None,
            "high": _known(chances.quantile(target.id, HIGH).value) if drawn and chances else None,
            "chance": _known(each.probability),
            "error": _known(each.error),
            "rung": each.rung.name.lower(),
        }
    for sheet in found.assessment.sheets:
        yield {
            "target": SHEET,
            "title_zh": "",
            "title_en": "",
            "main": False,
            "year": year,
            "tier": sheet.tier,
            "unit": "",
            "digits": None,
            "threshold": None,
            "median": None,
            "low": None,
            "high": None,
            "chance": _known(sheet.probability),
            "error": _known(sheet.error),
            "rung": sheet.rung.name.lower(),
        }


def _known(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
