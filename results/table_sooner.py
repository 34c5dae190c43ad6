"""Why a project brought forward may lower growth, and one put off may raise it: money that it takes from other works (项目提前与推后)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.plausible import output_of
from .format import number
from .wording import listed, points

if TYPE_CHECKING:
    from ..engine.run import Answer

_NAMED = 3


def yields(answer: Answer) -> list[tuple[str, float, float]]:
    """Projects that have not started and bring less than other money of their sector, the worst first.

    Each with its output a year at full load per yuan of investment, and that of the sector's ordinary investment; both
    at base-year prices. Only sectors that state what a yuan adds (``capacity.output_per_yuan``) can be compared.
    """
    found = []
    for project in answer.plan.delivery.projects:
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
    """How timing works where the year's money is fixed, with the plan's own figures; empty without named projects ahead."""
    moved = {move.id: move for move in answer.moves}
    if "earlier" not in moved:
        return ""
    base, at = answer.economy.base_year, answer.year - 1
    now, last = base + answer.year, base + answer.economy.years
    figures = [points(float(moved["earlier"].gdp[t]), lang) for t in (at, -1)]
    poor = yields(answer)
    names = [
        f"{answer.scenario.projects[key].title.of(lang)} {number(own, 2)}{'元比' if lang == 'zh' else ' against '}{number(usual, 2)}{'元' if lang == 'zh' else ''}"
        for key, own, usual in poor[:_NAMED]
    ]
    if lang == "zh":
        told = (
            "全年投资总量和各部门份额已定，项目改早开工，用款就要从本部门其他工程中让出：投产早带来的产出为加，让出的工程少形成的产能为减，"
            "减的多于加的，增速反而下降；改晚则相反。意外延期不同：没有别的工程补上，当年投资和产出都减少。审批、施工或某项资金已排满时，"
            "一个项目提前还会使排在后面的顺延。"
        )
        if now < last:
            told += f"提前投产也只是把增量由后面的年份移到前面：具名项目全部提前一季，{now}年增速 {figures[0]}，{last}年 {figures[1]}。"
        if poor:
            told += f"未开工项目中有 {len(poor)} 个达产后每元投资的年产值低于本部门其他投资（{listed(names, lang, _NAMED)}），提前这些项目最可能得不偿失。"
        return told
    told = (
        "the year's money and every sector's share of it are fixed: a project started earlier takes its money from other works of its sector. What it brings sooner "
        "is gained, the capacity that those works would have brought is lost, and growth falls where more is lost than gained; put off, the other way round. A delay "
        "against the plan is different: no other works take its place, and the year loses investment and output. Where desks, builders or a fund are taken up, "
        "a project brought forward also makes those behind it wait."
    )
    if now < last:
        told += f" Earlier commissioning moves growth from later years into earlier ones: all named projects a quarter earlier, {figures[0]} in {now} and {figures[1]} in {last}."
    if poor:
        what = "one project not yet started brings" if len(poor) == 1 else f"{len(poor)} projects not yet started bring"
        told += f" {what.capitalize()} less output a year per yuan than other money of the sector ({listed(names, lang, _NAMED)}): bringing these forward is the likeliest to cost growth."
    return told
