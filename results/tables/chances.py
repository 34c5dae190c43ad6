"""How likely each target is, and the fan of each over the years (概率与扇形区间)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...engine.uncertainty.ensemble import LEVELS
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..text.format import chance_text, number, unit_text
from ..text.wording import SHEET, TIERS, listed, mains, together
from .percent import hundredfold
from .table import Column, Table

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ...engine.uncertainty.ensemble import Ensemble, Estimate

MAIN = msg("Main targets together")

TENTH = (
    Column("middle", msg("Bin middle"), "%", digits=0),
    Column("given", msg("Mean probability"), "%", digits=1),
    Column("came_true", msg("Came true"), "%", digits=1),
)
CASES = Column("count", msg("Cases"), digits=0)
"""Columns of how chances came true, by tenths of the chance given."""


def probabilities(answer: Answer) -> Table | None:
    """Each tier of each target: its chance, that it alone is missed, and where values fall; then all tiers
    together."""
    found = answer.ensemble
    if found is None:
        return None
    rows = [_tier(answer, found, key, tier) for key in found.targets for tier in found.targets[key].tiers]
    for tier in ("ensure", "stretch"):
        if together(answer, tier):
            if together(answer, tier, main=True) and len(found.thresholds(tier, main=True)) < len(
                found.thresholds(tier)
            ):
                rows.append(_whole("main", MAIN, tier, found.joint(tier, main=True)))
            rows.append(_whole("sheet", SHEET, tier, found.joint(tier)))
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target")),
        Column("tier_id", msg("Tier id"), shown=False),
        Column("tier", msg("Tier", context="table_chances")),
        Column("threshold", msg("Target value"), digits=1, digits_from="digits"),
        Column("unit", msg("Unit")),
        Column("probability", msg("Probability"), digits=3),
        Column("error", msg("Standard error"), digits=4),
        Column("alone", msg("Only this one missed"), digits=3),
        Column("alone_error", msg("its s.e."), digits=4, shown=False),
        Column("central", msg("Central case"), digits=2, digits_from="fine"),
        Column("mean", msg("Mean"), digits=2, digits_from="fine"),
        *_quantile_columns(),
        Column("digits", msg("Digits"), digits=0, shown=False),
        Column("fine", msg("Fine digits"), digits=0, shown=False),
    )
    return Table(
        "probabilities",
        msg("Probability of each target"),
        columns,
        tuple(rows),
        ("target", "tier_id"),
        _note(found),
    )


def _quantile_columns() -> list[Column]:
    columns = []
    for level in LEVELS:
        name, percent = f"q{100 * level:02.0f}", f"{100 * level:.0f}"
        head = msg("Median") if level == 0.5 else msg("{percent}th percentile", percent=percent)
        columns.append(Column(name, head, digits=2, digits_from="fine"))
        columns.append(Column(f"{name}_error", msg("{head} s.e.", head=head), digits=4, shown=False))
    return columns


def _tier(answer: Answer, found: Ensemble, key: str, tier: str) -> tuple[Any, ...]:
    target = found.targets[key]
    chance = found.probability(key, tier)
    sheet = tier if tier in ("ensure", "stretch") else "ensure"
    alone = found.alone_missed(key, sheet)
    central = float(found.central[key][answer.year - 1])
    quantiles = [part for level in LEVELS for part in _pair(found.quantile(key, level))]
    return (
        key,
        target.title,
        tier,
        TIERS[tier],
        target.tiers[tier],
        unit_text(target.unit),
        chance.value,
        chance.error,
        alone.value,
        alone.error,
        central,
        found.mean(key).value,
        *quantiles,
        target.digits,
        target.digits + 1,
    )


def _pair(estimate: Estimate) -> tuple[float, float]:
    return estimate.value, estimate.error


def _whole(key: str, title: Bilingual, tier: str, chance: Estimate) -> tuple[Any, ...]:
    empty = [None] * (2 * len(LEVELS))
    return (
        key,
        title,
        tier,
        TIERS[tier],
        None,
        None,
        chance.value,
        chance.error,
        None,
        None,
        None,
        None,
        *empty,
        None,
        None,
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
    found = answer.ensemble
    if found is None:
        return None
    base = answer.scenario.years.base
    rows = []
    for target in mains(answer):
        if target.id not in found.paths:
            continue
        for year in range(1, found.paths[target.id].shape[0] + 1):
            quantiles = [found.quantile(target.id, level, year).value for level in LEVELS]
            rows.append(
                (
                    target.id,
                    target.title,
                    base + year,
                    float(found.central[target.id][year - 1]),
                    *quantiles,
                    target.digits + 1,
                )
            )
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target")),
        Column("year", msg("Year"), digits=0),
        Column("central", msg("Central case"), digits=2, digits_from="fine"),
        *(column for column in _quantile_columns() if column.shown),
        Column("fine", msg("Fine digits"), digits=0, shown=False),
    )
    note = msg("Quantiles of each year by itself, not one path.")
    return Table("fan", msg("Fan over the years"), columns, tuple(rows), ("target", "year"), note)


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
