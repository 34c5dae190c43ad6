"""What of a difference between runs may be chance: standard errors of differences, and which runs were told
the same (抽样误差)."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...models.quantity import Bilingual
from ...models.words import msg
from ..tables.table import Column, Table

APART = 2.0
"""Standard errors beyond which a difference is told as one."""
FEW = 256
"""Draws below which the spread over replicates says little."""
NOTE = msg(
    "~ no difference beyond sampling error: within two standard errors, or between runs that differ in"
    " their draws alone"
)
MARK = Bilingual.same("~")

_Run = Mapping[str, Table]


@dataclass(frozen=True)
class Sampled:
    """A value made of draws: its standard error, its value in each replicate, how many draws.

    ``chance`` says that it is a part of the futures, in %.
    """

    value: float
    error: float
    replicates: tuple[float, ...] = ()
    draws: int = 0
    chance: bool = False

    def variance(self) -> float:
        """Of few draws a chance has at least the variance of so many tosses (Agresti & Coull 1998)."""
        if not self.chance or not 0 < self.draws < FEW:
            return self.error**2
        count = self.draws + 4
        share = (self.value / 100 * self.draws + 2) / count
        return max(self.error**2, 1e4 * share * (1 - share) / count)


def difference_error(one: Sampled | None, other: Sampled | None) -> float | None:
    """Standard error of the difference of two values.

    Replicates are independent of one another and the runs draw each of them alike where they can: the spread
    of the differences by replicate holds for common draws and for others. Without them, or with few draws,
    the runs count as independent.
    """
    if one is None or other is None:
        return None
    count = len(one.replicates)
    if min(one.draws, other.draws) >= FEW and count == len(other.replicates) > 1:
        away = [two - first for first, two in zip(one.replicates, other.replicates, strict=True)]
        middle = math.fsum(away) / count
        return math.sqrt(math.fsum((each - middle) ** 2 for each in away) / (count - 1) / count)
    return math.sqrt(one.variance() + other.variance())


def within(less: float | None, error: float | None, alike: bool) -> bool | None:
    """Whether a difference lies within sampling error; ``alike``: the runs differ in their draws alone.

    None where there is no difference, or none that draws could make.
    """
    if not less or (error is None and not alike):
        return None
    return alike or abs(less) <= APART * (error or 0.0)


def chances_of(run: _Run) -> dict[tuple[str, str], Sampled]:
    """Chance of every tier in %, by target and tier; all targets together are ``main`` and ``sheet``."""
    return {
        (str(row["target"]), str(row["tier_id"])): _sampled(row, "probability", "error", "replicates", 100.0)
        for row in _rows(run)
    }


def medians_of(run: _Run) -> dict[str, Sampled]:
    """Median of every target."""
    return {
        str(row["target"]): _sampled(row, "q50", "q50_error", "q50_replicates")
        for row in _rows(run)
        if row.get("q50") is not None
    }


def _rows(run: _Run) -> list[dict[str, Any]]:
    return run["probabilities"].records() if "probabilities" in run else []


def _sampled(row: Mapping[str, Any], value: str, error: str, replicates: str, times: float = 1.0) -> Sampled:
    stated = str(row.get(replicates) or "").split()
    return Sampled(
        times * row[value],
        times * (row.get(error) or 0.0),
        tuple(times * float(each) for each in stated),
        int(row.get("draws") or 0),
        value == "probability",
    )


def draws_of(run: _Run) -> int | None:
    """How many draws stand behind the chances of a run; None where that was not kept."""
    return next((int(row["draws"]) for row in _rows(run) if row.get("draws")), None)


def worst_error(run: _Run) -> float | None:
    """The largest standard error of a chance of a main target, in points."""
    main = {row["target"] for row in run["verdict"].records()} if "verdict" in run else set()
    errors = [one.error for (target, _), one in chances_of(run).items() if target in main]
    return max(errors, default=None)


def computed_alike(one: _Run, other: _Run) -> bool:
    """Whether two runs have the same central case, so that the same program computed both from the same
    inputs."""
    first, second = (_central(run) for run in (one, other))
    return (
        bool(first)
        and first.keys() == second.keys()
        and all(math.isclose(first[key], second[key], rel_tol=1e-9, abs_tol=1e-9) for key in first)
    )


def _central(run: _Run) -> dict[str, float]:
    found = {str(row["target"]): row.get("central") for row in _rows(run)}
    return {key: float(value) for key, value in found.items() if isinstance(value, (int, float))}


def marked(table: Table, runs: Sequence[_Run], alike: Collection[int]) -> Table:
    """The targets side by side, each difference of the medians with its error and whether that is more than
    chance."""
    medians = [medians_of(run) for run in runs]
    added: list[tuple[Column, tuple[Any, ...]]] = []
    for at in range(2, len(runs) + 1):
        name = f"expected_{at}_less_1"
        if all(column.name != name for column in table.columns):
            continue
        keys = [str(key) for key in table.column("target")]
        errors = [difference_error(medians[0].get(key), medians[at - 1].get(key)) for key in keys]
        told = [
            within(less, error, at in alike) for less, error in zip(table.column(name), errors, strict=True)
        ]
        added += zip(error_columns(at, 3), (tuple(errors), tuple(told)), strict=True)
    if not added:
        return table
    cells = zip(*(values for _, values in added), strict=True)
    rows = tuple((*row, *more) for row, more in zip(table.rows, cells, strict=True))
    return replace(table, columns=(*table.columns, *(column for column, _ in added)), rows=rows)


def error_columns(at: int, digits: int, digits_from: str = "") -> Iterator[Column]:
    """The error of a run's difference from the first, and whether the difference lies within it."""
    title = msg("s.e. {at}-1", at=at)
    yield Column(
        f"error_{at}_less_1", title, digits=digits, digits_from=digits_from, optional=True, word=False
    )
    title = msg("Within sampling error {at}-1", at=at)
    yield Column(f"within_{at}", title, optional=True, word=False)
