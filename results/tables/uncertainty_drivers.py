"""What the doubt about each main target comes from (不确定性构成)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...engine.uncertainty.decomposition import REST
from ...models.quantity import Bilingual
from ...models.words import in_each, msg, tr
from ..text.causes import cause_text
from ..text.format import number
from ..text.wording import listed
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ...engine.uncertainty.drivers import UncertaintyDrivers
    from ...models.target import Target

TOLD = 2 / 3
"""Causes are named until they hold this part of the doubt."""
MOST = 4


def uncertainty_drivers_table(answer: Answer) -> Table | None:
    """Share of each main target's variance by cause, the strongest first, the rest last."""
    found = answer.uncertainty_drivers
    if found is None:
        return None

    def figures(target: Target) -> tuple[Column, Column]:
        title, by_cause = target.title, {share.group: share for share in found.shares[target.id]}
        part, error = msg("{title}, share of variance", title=title), msg("{title}, s.e.", title=title)
        return (
            Column(f"share_{target.id}", part, "%", 1, value=lambda cause: 100 * by_cause[cause].value),
            Column(f"error_{target.id}", error, "points", 1, value=lambda cause: 100 * by_cause[cause].error),
        )

    columns = (
        Column("cause", msg("Cause id"), shown=False, value=lambda cause: cause or "rest"),
        Column("title", msg("Source of uncertainty"), value=lambda cause: cause_text(answer, cause)),
        *(column for key in found.shares for column in figures(answer.sheet.targets[key])),
    )
    causes = [share.group for share in next(iter(found.shares.values()))]
    note = _note(answer, found)
    return declare("uncertainty_drivers", msg("Sources of uncertainty"), columns, causes, ("cause",), note)


def _note(answer: Answer, found: UncertaintyDrivers) -> Bilingual:
    spreads = [(answer.sheet.targets[key], value) for key, value in found.deviation.items()]

    def deviations(lang: str) -> str:
        return tr(lang, ", ").join(
            f"{target.title.of(lang)} {number(value, target.digits + 1)}" for target, value in spreads
        )

    return msg(
        "Variance that each cause explains by itself, by regression on {draws:,} draws and measured on"
        " draws that the fit has not seen; causes that move together each count their covariance, so that"
        " all lines add up to 100 %; a negative figure below its error is zero. Rest: interactions,"
        " curvature, and chances of the projects' own. Standard deviation: {deviations}.",
        draws=found.draws,
        deviations=in_each(deviations),
    )


def uncertainty_drivers_sentence(tables: Mapping[str, Table], answer: Answer, lang: str) -> str:
    """The causes that hold two thirds of the doubt in the first main target, in a line."""
    if "uncertainty_drivers" not in tables or answer.uncertainty_drivers is None:
        return ""
    key = next(iter(answer.uncertainty_drivers.shares))
    whole = 0.0
    parts: list[str] = []
    for share in answer.uncertainty_drivers.shares[key]:
        if share.group == REST or len(parts) == MOST or whole >= TOLD or share.value <= share.error:
            break
        whole += share.value
        title = cause_text(answer, share.group).of(lang)
        parts.append(f"{title} {100 * share.value:.0f}%")
    if not parts:
        return ""
    title = answer.sheet.targets[key].title.of(lang)
    told = listed(parts, lang, MOST)
    return tr(
        lang,
        "{whole:.0f}% of the variance of {title} comes from: {told}",
        whole=100 * whole,
        title=title,
        told=told,
    )
