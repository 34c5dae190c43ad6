"""What the doubt about each main target comes from (不确定性构成)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...engine.uncertainty.decomposition import REST
from ...models.quantity import Bilingual
from ...models.words import in_each, msg, tr
from ..text.causes import cause_text
from ..text.format import number
from ..text.wording import listed
from .table import Column, Table

if TYPE_CHECKING:
    from ...engine.run import Answer

TOLD = 2 / 3
"""Causes are named until they hold this part of the doubt."""
MOST = 4


def uncertainty_drivers_table(answer: Answer) -> Table | None:
    """Share of each main target's variance by cause, the strongest first, the rest last."""
    found = answer.uncertainty_drivers
    if found is None:
        return None
    targets = [answer.sheet.targets[key] for key in found.shares]
    by_target = {key: {share.group: share for share in shares} for key, shares in found.shares.items()}
    first = next(iter(found.shares.values()))
    rows = []
    for cause in (share.group for share in first):
        cells: list[Any] = [cause or "rest", cause_text(answer, cause)]
        for target in targets:
            share = by_target[target.id][cause]
            cells += [100 * share.value, 100 * share.error]
        rows.append(tuple(cells))
    columns = [
        Column("cause", msg("Cause id"), shown=False),
        Column("title", msg("Cause of doubt")),
    ]
    for target in targets:
        title = target.title
        columns += [
            Column(f"share_{target.id}", msg("{title}, share of variance", title=title), "%", 1),
            Column(f"error_{target.id}", msg("{title}, s.e.", title=title), "points", 1),
        ]
    return Table(
        "uncertainty_drivers",
        msg("Sources of uncertainty"),
        tuple(columns),
        tuple(rows),
        ("cause",),
        _note(answer),
    )


def _note(answer: Answer) -> Bilingual:
    found = answer.uncertainty_drivers
    assert found is not None
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
