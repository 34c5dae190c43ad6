"""How likely each target is, and the fan of each over the years (概率与扇形区间)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ...engine.tracking.now import finished
from ...engine.uncertainty.ensemble import LEVELS, Ensemble, Estimate
from ...models.quantity import Bilingual, BoolArray, FloatArray
from ...models.target import Target
from ...models.words import msg, tr
from ...scenarios.schema import Scenario
from ..text.format import chance_text, number, unit_text
from ..text.wording import SHEET, TIERS, listed, mains, together
from .percent import hundredfold
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer

MAIN = msg("Main targets together")

TENTH = (
    Column("middle", msg("Bin middle"), "%", digits=0),
    Column("given", msg("Mean probability"), "%", digits=1),
    Column("came_true", msg("Came true"), "%", digits=1),
)
CASES = Column("count", msg("Cases"), digits=0)
"""Columns of how chances came true, by tenths of the chance given."""
rough = partial(Column, digits=1, digits_from="digits")
"""A column of thresholds, with the digits of each target."""
fine = partial(Column, digits=2, digits_from="fine")
"""A column of values of targets, with the digits that each needs."""
chance_column = partial(Column, digits=3, fraction="chance")
"""A column of chances."""
points_column = partial(Column, digits=4, fraction="points")
"""A column of their errors or differences."""


@dataclass(frozen=True)
class _Row:
    """A target in a year, or several together (``of`` is None), and the chance of a tier of theirs."""

    target: str
    title: Bilingual
    year: int
    of: Target | None = None
    tier_id: str = ""
    chance: Estimate | None = None
    alone: Estimate | None = None


def probabilities(answer: Answer) -> Table | None:
    """Each tier of each target: its chance, that it alone is missed, and where values fall; then all tiers
    together."""
    found = answer.ensemble
    if found is None:
        return None
    rows = [
        _Row(
            key,
            target.title,
            answer.year,
            target,
            tier,
            found.probability(key, tier),
            found.alone_missed(key, "stretch" if tier == "stretch" else "ensure"),
        )
        for key, target in found.targets.items()
        for tier in target.tiers
    ]
    for tier in ("ensure", "stretch"):
        all_of_it, main = found.thresholds(tier), found.thresholds(tier, main=True)
        if together(answer, tier) and together(answer, tier, main=True) and len(main) < len(all_of_it):
            chance = found.joint(tier, main=True)
            rows.append(_Row("main", MAIN, answer.year, tier_id=tier, chance=chance))
        if together(answer, tier):
            rows.append(_Row("sheet", SHEET, answer.year, tier_id=tier, chance=found.joint(tier)))
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target")),
        Column("tier_id", msg("Tier id"), shown=False),
        Column("tier", msg("Tier", context="table_chances"), value=lambda row: TIERS[row.tier_id]),
        rough("threshold", msg("Target value"), value=lambda row: row.of and row.of.tiers[row.tier_id]),
        Column("unit", msg("Unit"), value=lambda row: row.of and unit_text(row.of.unit)),
        chance_column("probability", msg("Probability"), value=lambda row: row.chance.value),
        points_column("error", msg("Standard error"), value=lambda row: row.chance.error),
        chance_column(
            "alone", msg("Only this one missed"), value=lambda row: row.alone and row.alone.value, word=False
        ),
        points_column(
            "alone_error", msg("its s.e."), value=lambda row: row.alone and row.alone.error, shown=False
        ),
        _central(found),
        fine("mean", msg("Mean"), value=lambda row: row.of and found.mean(row.target).value),
        *(column for level in TOLD for column in _quantile(found, level, level in (0.05, 0.5, 0.95))),
        Column("digits", msg("Digits"), digits=0, shown=False, value=lambda row: row.of and row.of.digits),
        _FINE,
    )
    columns += (
        Column("draws", msg("Draws"), digits=0, shown=False, value=lambda row: found.draws),
        Column(
            "replicates",
            msg("Chance in each replicate"),
            shown=False,
            value=lambda row: _joined(found.shares(_happens(found, row))),
        ),
        Column(
            "q50_replicates",
            msg("Median in each replicate"),
            shown=False,
            value=lambda row: row.of and _joined(found.medians(row.target)),
        ),
    )
    title = msg("Probability of each target")
    return declare("probabilities", title, columns, rows, ("target", "tier_id"), _note(found))


def _happens(found: Ensemble, row: _Row) -> BoolArray:
    """Futures in which the tier of a row is reached."""
    if row.of is None:
        return found.all_reached(row.tier_id, main=row.target == "main")
    return found.reached(row.target, row.tier_id)


def _joined(values: FloatArray) -> str:
    """Numbers in a cell, for machines: runs side by side tell by them what is more than chance."""
    return " ".join(f"{value:.7g}" for value in values)


TOLD = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Quantiles of the target year that are told; of the fan all are."""
_FINE = Column(
    "fine", msg("Fine digits"), digits=0, shown=False, value=lambda row: row.of and row.of.digits + 1
)


def _central(found: Ensemble) -> Column:
    values = found.central
    return fine(
        "central", msg("Central case"), value=lambda row: row.of and float(values[row.target][row.year - 1])
    )


def _quantile(found: Ensemble, level: float, word: bool = True) -> tuple[Column, Column]:
    """A quantile and its error."""
    name, percent = f"q{100 * level:02.0f}", f"{100 * level:.0f}"
    head = msg("Median") if level == 0.5 else msg("{percent}th percentile", percent=percent)

    def told(row: _Row) -> Estimate | None:
        return None if row.of is None else found.quantile(row.target, level, row.year)

    error = msg("{head} s.e.", head=head)
    return (
        fine(name, head, value=lambda row: (q := told(row)) and q.value, word=word),
        Column(
            f"{name}_error",
            error,
            digits=4,
            unit_from="unit",
            shown=False,
            value=lambda row: (q := told(row)) and q.error,
        ),
    )


def _note(found: Ensemble) -> Bilingual:
    """How many draws, how precise, and what was not drawn."""
    asked = number(100 * found.asked, 2)
    error = (
        msg("at most {error} points for the main targets", error=asked)
        if found.met
        else msg(
            "still up to {error} points for the main targets ({asked} was asked, the limit of draws came"
            " first)",
            error=number(100 * found.worst(), 2),
            asked=asked,
        )
    )
    said = msg(
        "{draws:,} draws of {inputs} uncertain inputs; errors measured over 16 independent scramblings:"
        " {error}. Only this one missed: all other targets of the tier are reached and this one is not.",
        draws=found.draws,
        inputs=found.inputs,
        error=error,
    )
    if not found.kept:
        return said
    return msg(
        "{said} {count} further ranges are shown and not drawn (they must balance, or the plan sets them).",
        said=said,
        count=len(found.kept),
    )


def fan(answer: Answer) -> Table | None:
    """Quantiles of every main target in every year, beside the central case."""
    if answer.ensemble is None:
        return None
    return fan_of(answer.ensemble, mains(answer), answer.scenario)


def fan_of(found: Ensemble, targets: Iterable[Target], scenario: Scenario) -> Table:
    """Quantiles of some targets in every year; years that are over and known are marked."""
    base, done = scenario.years.base, finished(scenario)
    rows = [
        _Row(target.id, target.title, year, target)
        for target in targets
        if target.id in found.paths
        for year in _years_of(target, len(found.paths[target.id]))
    ]
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target")),
        Column("year", msg("Year"), digits=0, value=lambda row: base + row.year),
        Column("unit", msg("Unit"), shown=False, value=lambda row: row.of and unit_text(row.of.unit)),
        _central(found),
        *(_quantile(found, level)[0] for level in LEVELS),
        Column("over", msg("Known"), shown=False, value=lambda row: row.year <= done),
        Column(
            "asked",
            msg("Year asked for"),
            shown=False,
            value=lambda row: row.year == (row.of.over.last if row.of.over else scenario.years.target - base),
        ),
        _FINE,
    )
    note = msg("Quantiles of each year by itself, not one path.")
    if any(row.of and row.of.over and row.of.over.first < row.of.over.last for row in rows):
        note = msg("{note} A row of several years: what they come to up to the year.", note=note)
    return declare("fan", msg("Projection ranges by year"), columns, rows, ("target", "year"), note)


def _years_of(target: Target, count: int) -> range:
    """Years of which a row says something: all, or of one that speaks of some years these."""
    over = target.over
    return range(1, count + 1) if over is None else range(over.first, min(over.last, count) + 1)


def chance_sentence(answer: Answer, tables: Mapping[str, Table], lang: str) -> str:
    """The chances that all tiers of a kind are reached together, in a line."""
    found = answer.ensemble
    if found is None or "probabilities" not in tables:
        return ""
    together: dict[str, tuple[str, list[str]]] = {}
    for row in tables["probabilities"].records():
        if row["target"] in ("main", "sheet"):
            chance = f"{row['tier'].of(lang)}{tr(lang, ' ')}{percent(row['probability'])}"
            together.setdefault(row["target"], (row["title"].of(lang), []))[1].append(chance)
    each = [f"{title}{tr(lang, ': ')}{listed(chances, lang)}" for title, chances in together.values()]
    error = f"{100 * found.worst():.1f}"
    tail = tr(
        lang,
        " ({draws:,} draws, s.e. up to {error} points; shocks included; verdicts are of these chances)",
        draws=found.draws,
        error=error,
    )
    return tr(lang, "; ").join(each) + tail


def percent(chance: float) -> str:
    """A chance in whole percent; what no draw showed is not printed as impossible, nor the contrary as
    certain.

    >>> percent(0.254), percent(0.0), percent(1.0)
    ('25%', '<1%', '>99%')
    """
    return f"{chance_text(hundredfold(chance))}%"
