"""A process of its own for what takes longer than a hand can wait: runs, comparisons, reports (后台计算).

It reads one task a line from its input and writes progress, then the result, a line each, as JSON; whoever
started it stops it by ending it. Usage: ``python -m dabiao.results.workbench.worker``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ...models.errors import DabiaoError, ScenarioError
from ...models.words import LANGUAGES

Tell = Callable[[str], None]
Task = Callable[[Mapping[str, Any], Tell], dict[str, Any]]


def run(asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """A whole run as chapters of a page; its tables are those of ``simulate run``."""
    from ...engine.run import run as answer_scenario
    from ..report import tables
    from .fragments import Fragments

    loaded, lang = _loaded(asked, 0), asked["lang"]
    with loaded.speaking():
        tell("answering")
        answer = answer_scenario(loaded, solver=asked.get("solver", "auto"))
        tell("tables")
        made = tables(answer)
        tell("pictures")
        return Fragments(made, lang, loaded.scenario.title).whole(answer)


def compare(asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Two to four plans side by side: tables, and what makes the difference to the first."""
    from ..api.questions import compare as beside
    from .fragments import Fragments

    plans = [_loaded(asked, at) for at in range(len(asked["plans"]))]
    tell("answering")
    found = beside(plans[0], *plans[1:], solver=asked.get("solver", "auto"))
    tell("pictures")
    made = {name: found.tables[name].table for name in found.tables}
    with plans[0].speaking():
        return Fragments(made, asked["lang"], found.title).whole(None)


def report(asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """A report in the forms asked for, written into a folder of the one who asks."""
    from ...engine.run import run as answer_scenario
    from ...models.words import tr
    from ..forms.export import EXPORTERS
    from ..report import tables

    loaded, folder, lang = _loaded(asked, 0), Path(asked["folder"]), asked["lang"]
    with loaded.speaking():
        tell("answering")
        answer = answer_scenario(loaded, solver=asked.get("solver", "auto"))
        tell("tables")
        made = tables(answer)
        tell("writing")
        meta = {
            **{k: v for k, v in asked.get("stamp", {}).items() if v},
            "note": tr(lang, "set in the workbench"),
        }
        files = [
            file.name
            for form in asked["forms"]
            for file in EXPORTERS[form].export(made, folder, lang, loaded.scenario.title, meta)
        ]
    return {"files": files}


TASKS: Mapping[str, Task] = {"run": run, "compare": compare, "report": report}


def _loaded(asked: Mapping[str, Any], at: int) -> Any:
    """One of the plans of a task: a file, and what is changed of it."""
    from ...scenarios.load import load
    from .changes import changed

    plan = asked["plans"][at]
    return changed(load(plan["file"]), plan["changes"])


def problems(error: Exception, lang: str) -> list[dict[str, str]]:
    """What went wrong, by the path of the scenario that it speaks of."""
    if isinstance(error, ScenarioError):
        return [{"path": each.path, "text": each.of(lang)} for each in error.problems]
    if isinstance(error, DabiaoError):
        return [{"path": "", "text": error.of(lang)}]
    return [{"path": "", "text": f"{type(error).__name__}: {error}"}]


def main() -> None:
    """Do one task after the other until the input ends."""

    def say(**what: Any) -> None:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()

    say(ready=True)
    for line in sys.stdin:
        asked = json.loads(line)
        lang = asked["lang"] if asked.get("lang") in LANGUAGES else LANGUAGES[0]
        try:
            done = TASKS[asked["task"]]({**asked, "lang": lang}, lambda stage: say(stage=stage))
        except Exception as error:  # whatever it is, the page is told
            say(problems=problems(error, lang))
        else:
            say(done=done)


if __name__ == "__main__":
    main()
