"""What it does to bring projects forward, to put them off, to cancel them, and whose money that takes
(项目提前与推后)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...engine.diagnose.plausibility import output_of
from ...models.money import MONEY
from ...models.words import tr
from ..text.format import number
from ..text.wording import amount, listed, points

if TYPE_CHECKING:
    from ...engine.run import Answer

_NAMED = 3


def yields(answer: Answer) -> list[tuple[str, float, float]]:
    """Projects that have not started and bring less than other money of their sector, the worst first.

    Each with its output a year at full load per yuan of investment, and that of the sector's ordinary
    investment; both at base-year prices. Only sectors that state what a yuan adds
    (``capacity.output_per_yuan``) can be compared.
    """
    found = []
    for project in answer.plan.pipeline_run.projects:
        if not project.ahead:
            continue
        stated = answer.scenario.projects[project.id]
        capacity = getattr(answer.scenario.sectors[project.sector], "capacity", None)
        usual, output = getattr(capacity, "output_per_yuan", None), output_of(answer.scenario, stated)
        if usual is None or output is None or stated.invest.value <= 0:
            continue
        own = output / stated.invest.value
        if own < usual.value:
            found.append((project.id, own, usual.value))
    return sorted(found, key=lambda one: one[1] / one[2])


def sooner_sentence(answer: Answer, lang: str) -> str:
    """What timing and cancelling do, with the plan's own figures and the works that are displaced; empty
    without unfinished projects."""
    moved = {
        move.id: move
        for move in answer.changes
        if not move.project or len({one.project for one in answer.changes}) == 1
    }
    if not moved:
        return ""
    base, at = answer.economy.base_year, answer.year - 1
    now, last = base + answer.year, base + answer.economy.years
    instead = moved["sooner_instead"]
    taken = (
        sorted(
            (
                (float(amount_), answer.scenario.sectors[key].title.of(lang))
                for key, amount_ in zip(answer.economy.sector_ids, instead.displaced[:, at], strict=True)
            ),
            reverse=True,
        )
        if instead.displaced is not None
        else []
    )
    works = [f"{title} {amount(money, MONEY, lang)}" for money, title in taken if money > 0.05]
    poor = yields(answer)
    names = [
        f"{answer.scenario.projects[key].title.of(lang)}"
        f" {number(own, 2)}{tr(lang, ' against ')}{number(usual, 2)}{'元' if lang == 'zh' else ''}"
        for key, own, usual in poor[:_NAMED]
    ]
    figures = {key: points(float(move.gdp[at]), lang) for key, move in moved.items()}
    totals = {key: amount(float(move.total[-1]), MONEY, lang, 1) for key, move in moved.items()}
    instead_of = ""
    if works:
        instead_of = tr(
            lang, ", with money taken from other works: {works}", works=listed(works, lang, _NAMED)
        )
    told = tr(
        lang,
        "all unfinished named projects a quarter sooner with the money added: {sooner} of GDP growth in"
        " {year}, {sooner_output} of GDP up to {last}; within the same total {sooner_instead}{instead_of}."
        " A quarter later: {later}, {later_output} up to {last}; all cancelled and the money saved:"
        " {cancelled}, {cancelled_output}.",
        year=now,
        last=last,
        instead_of=instead_of,
        sooner=figures["sooner"],
        sooner_output=totals["sooner"],
        sooner_instead=figures["sooner_instead"],
        later=figures["later"],
        later_output=totals["later"],
        cancelled=figures["cancelled"],
        cancelled_output=totals["cancelled"],
    )
    if not poor:
        return told
    values: dict[str, Any] = {"told": told, "count": len(poor), "projects": listed(names, lang, _NAMED)}
    if len(poor) == 1:
        return tr(
            lang,
            "{told} One project not yet started brings less output a year per unit of money than other works"
            " of the sector ({projects}): within the same total, bringing these forward is the likeliest to"
            " cost growth.",
            **values,
        )
    return tr(
        lang,
        "{told} {count} projects not yet started bring less output a year per unit of money than other works"
        " of the sector ({projects}): within the same total, bringing these forward is the likeliest to cost"
        " growth.",
        **values,
    )
