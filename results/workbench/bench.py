"""A scenario on the bench: studied once, then told as fast as a hand moves (台面)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from ..tables.limits import limits
from ..tables.projects import projects
from ..tables.table import Table
from .levers import Lever, levers, planned

if TYPE_CHECKING:
    from ...engine.glance import Beside, Glance
    from ...engine.run import Answer
    from ...engine.study import Study
    from ...scenarios.load import Loaded


@dataclass
class Bench:
    """A scenario with its verdicts and the futures on which its levers are told.

    Attributes
    ----------
    loaded
        The scenario with what was changed of it.
    answer
        What is known first of it (:func:`.engine.run.first_answer`): the rest of a run is for a worker.
    """

    loaded: Loaded
    study: Study
    answer: Answer
    _hand: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def of(cls, loaded: Loaded, solver: str = "auto", after: Sequence[Bench] = ()) -> Bench:
        """Study a scenario; what its plan has in common with one studied before is not found again.

        Raises
        ------
        DabiaoError
            Where it cannot be put together, or no solver is found.
        """
        from ...engine.run import first_answer
        from ...engine.study import study

        with loaded.speaking():
            begun = study(loaded, solver=solver, draws=None, after=[bench.study for bench in after])
            answer = first_answer(begun, loaded)
            return cls(answer.loaded, begun, answer)

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """What can be dragged."""
        return levers(self.loaded.scenario)

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Tables of a run that are known first, as the run has them."""
        from ..tables.chances import fan, probabilities
        from ..tables.past import past
        from ..tables.verdict import targets, verdict

        answer = self.answer
        made = [verdict(answer), targets(answer), probabilities(answer), fan(answer), past(answer)]
        made.append(limits(answer))
        if answer.plan.pipeline_run.projects:
            made.append(projects(answer))
        return {table.name: table for table in made if table is not None}

    @cached_property
    def _beside(self) -> Beside:
        from ...engine.glance import Beside

        return Beside(self.study)

    def glance(self, moved: Mapping[str, float]) -> Glance:
        """The plan with some levers moved, by their paths."""
        with self._hand:
            return self._beside.at(planned(self.study.scenario, moved))

    def as_seen(self, seen: Glance) -> Mapping[str, Table]:
        """The tables of targets and chances at a glance; verdicts wait until the levers are let go."""
        return {
            **self.tables,
            **{name: _told(self.tables[name], seen) for name in _TOLD if name in self.tables},
        }


def _told(table: Table, seen: Glance) -> Table:
    """A table with the cells of a glance in place of its own."""
    return replace(
        table,
        rows=tuple(
            tuple(cells.get(column.name, own) for column, own in zip(table.columns, row, strict=True))
            for row, cells in zip(
                table.rows, (_TOLD[table.name](record, seen) for record in table.records()), strict=True
            )
        ),
    )


def _of_target(row: Mapping[str, Any], seen: Glance) -> dict[str, Any]:
    key = row["target"]
    if key not in seen.values:
        return {}
    cells: dict[str, Any] = {"expected": seen.values[key]}
    for tier in ("ensure", "stretch", "at_most"):
        if (key, tier) in seen.chances:
            cells[f"probability_{tier}"] = seen.chances[key, tier]
    if key in seen.quantiles:
        cells |= {f"q{level}": seen.at(key, level / 100) for level in (10, 90)}
    return cells


def _of_verdict(row: Mapping[str, Any], seen: Glance) -> dict[str, Any]:
    key, tier = row["target"], row["tier_id"]
    cells: dict[str, Any] = {"expected": seen.values[key]} if key in seen.values else {}
    if (key, tier) in seen.chances:
        cells["probability"] = seen.chances[key, tier]
    return cells


def _of_fan(row: Mapping[str, Any], seen: Glance) -> dict[str, Any]:
    key, year = row["target"], int(row["year"]) - int(seen.run.path.economy.base_year)
    return seen.fan(key, year) if key in seen.quantiles else {}


_TOLD = {"targets": _of_target, "verdict": _of_verdict, "fan": _of_fan}
