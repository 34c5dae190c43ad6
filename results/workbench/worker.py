"""A process of its own for what takes longer than a hand can wait: runs, comparisons, reports (后台计算).

It reads one task a line from its input and writes progress, then the result, a line each, as JSON; whoever
started it stops it by ending it, and where whoever started it is gone it ends by itself.
Usage: ``python -m dabiao.results.workbench.worker``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from ...models.errors import DabiaoError, ScenarioError
from ...models.words import LANGUAGES

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ...scenarios.load import Loaded

ANSWERING = ("draws", "verdicts", "drivers", "price", "decisions")
"""Steps of a run, as the engine tells them."""


@dataclass
class Way:
    """The steps of a task in order, and which of them is being done.

    A step that is told again, or that is not among those to come, leaves it where it is.
    """

    steps: Sequence[str]
    say: Callable[[Mapping[str, Any]], None]
    at: int = 0

    def __call__(self, step: str, done: int = 0, of: int = 0, error: float | None = None) -> None:
        """Say that a step has begun, or how much of it is done."""
        if step in self.steps[self.at :]:
            self.at = self.steps.index(step, self.at)
            progress: dict[str, Any] = {"stage": step, "step": self.at + 1, "steps": len(self.steps)}
            if of:
                progress |= {"draws": done, "most": of}
            self.say(progress | ({} if error is None else {"error": round(error, 6)}))


Task = Callable[[Mapping[str, Any], Way], dict[str, Any]]


def run(asked: Mapping[str, Any], way: Way) -> dict[str, Any]:
    """A whole run as chapters of a page; its tables are those of ``simulate run``."""
    from ..report import tables
    from .fragments import Fragments

    loaded, lang = _loaded(asked, 0), asked["lang"]
    with loaded.speaking():
        answer = _answered(loaded, asked)
        way("tables")
        made = tables(answer)
        way("pictures")
        return Fragments(made, lang, loaded.scenario.title).whole(answer)


def compare(asked: Mapping[str, Any], way: Way) -> dict[str, Any]:
    """Two to four plans side by side: tables, and what makes the difference to the first."""
    from ..api.questions import compare as beside
    from .fragments import Fragments

    plans = [_loaded(asked, at) for at in range(len(asked["plans"]))]
    found = beside(plans[0], *plans[1:], solver=asked.get("solver", "auto"))
    way("pictures")
    made = {name: found.tables[name].table for name in found.tables}
    with plans[0].speaking():
        return Fragments(made, asked["lang"], found.title).whole(None)


def report(asked: Mapping[str, Any], way: Way) -> dict[str, Any]:
    """A report in the forms asked for, written into a folder of the one who asks."""
    from ...models.words import tr
    from ..forms.export import EXPORTERS
    from ..report import tables

    loaded, folder, lang = _loaded(asked, 0), Path(asked["folder"]), asked["lang"]
    with loaded.speaking():
        answer = _answered(loaded, asked)
        way("tables")
        made = tables(answer)
        way("writing")
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


def track(asked: Mapping[str, Any], way: Way) -> dict[str, Any]:
    """The year under way as chapters of a page, as ``simulate track`` tells it."""
    from ..api.questions import track as ask
    from .fragments import Fragments

    loaded = _loaded(asked, 0)
    found = ask(loaded, solver=asked.get("solver", "auto"))
    way("pictures")
    made = {name: found.tables[name].table for name in found.tables}
    with loaded.speaking():
        return Fragments(made, asked["lang"], found.title).whole(None)


TASKS: Mapping[str, Task] = {"run": run, "compare": compare, "report": report, "track": track}
LAST: Mapping[str, Sequence[str]] = {
    "run": ("tables", "pictures"),
    "compare": ("pictures",),
    "report": ("tables", "writing"),
    "track": ("pictures",),
}
"""What follows upon the answers."""


def way_of(asked: Mapping[str, Any], say: Callable[[Mapping[str, Any]], None]) -> Way:
    """The steps of a task, in order."""
    answers = len(asked["plans"]) if asked["task"] == "compare" else 1
    return Way(("reading", *ANSWERING * answers, *LAST[asked["task"]]), say)


def _answered(loaded: Loaded, asked: Mapping[str, Any]) -> Answer:
    """The whole story of a scenario."""
    from ...engine.run import run as answer

    return answer(loaded, solver=asked.get("solver", "auto"))


def _loaded(asked: Mapping[str, Any], at: int) -> Loaded:
    """One of the plans of a task: a file, what is changed of it, its title where it has one of its own."""
    from ...models.quantity import Bilingual
    from ...scenarios.load import load
    from .changes import changed

    plan = asked["plans"][at]
    title = Bilingual.same(plan["title"]) if plan.get("title") else None
    return changed(load(plan["file"]), plan["changes"], title)


def problems(error: Exception, lang: str) -> list[dict[str, str]]:
    """What went wrong, by the path of the scenario that it speaks of."""
    if isinstance(error, ScenarioError):
        return [{"path": each.path, "text": each.of(lang)} for each in error.problems]
    if isinstance(error, DabiaoError):
        return [{"path": "", "text": error.of(lang)}]
    return [{"path": "", "text": f"{type(error).__name__}: {error}"}]


def main() -> None:
    """Do one task after the other until the input ends."""
    from ...engine.progress import listening
    from ...scenarios.files import fenced

    told = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a solver prints is no line of ours

    def say(what: Mapping[str, Any]) -> None:
        told.write(json.dumps(what) + "\n")
        told.flush()

    for asked in _asked():
        lang = asked["lang"] if asked.get("lang") in LANGUAGES else LANGUAGES[0]
        try:
            way = way_of(asked, say)
            way("reading")
            with fenced(Path(asked["root"])), listening(way):
                done = TASKS[asked["task"]]({**asked, "lang": lang}, way)
        except Exception as error:  # whatever it is, the page is told
            say({"problems": problems(error, lang)})
        else:
            say({"done": done})


def _asked() -> Iterator[dict[str, Any]]:
    """Tasks as they come in; with the end of the input the process ends, in the middle of a task too."""
    tasks: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def read() -> None:
        for line in sys.stdin:
            tasks.put(json.loads(line))
        os._exit(0)

    Thread(target=read, daemon=True).start()
    while True:
        yield tasks.get()


if __name__ == "__main__":
    main()
