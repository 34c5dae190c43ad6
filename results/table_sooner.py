"""What it does to bring projects forward, to put them off, to cancel them, and whose money that takes
(项目提前与推后)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.plausible import output_of
from .format import number
from .wording import amount, listed, points

if TYPE_CHECKING:
    from ..engine.run import Answer

_NAMED = 3


def yields(answer: Answer) -> list[tuple[str, float, float]]:
    """Projects that have not started and bring less than other money of their sector, the worst first.

    Each with its output a year at full load per yuan of investment, and that of the sector's ordinary
    investment; both
    at base-year prices. Only sectors that state what a yuan adds (``capacity.output_per_yuan``) can be
    compared.
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
    works = [f"{title} {amount(money, '亿元', lang)}" for money, title in taken if money > 0.05]
    poor = yields(answer)
    names = [
        f"{answer.scenario.projects[key].title.of(lang)}"
        f" {number(own, 2)}{'元比' if lang == 'zh' else ' against '}{number(usual, 2)}{'元' if lang == 'zh' else ''}"  # noqa: E501
        for key, own, usual in poor[:_NAMED]
    ]
    figures = {key: points(float(move.gdp[at]), lang) for key, move in moved.items()}
    totals = {key: amount(float(move.total[-1]), "亿元", lang, 1) for key, move in moved.items()}
    if lang == "zh":
        told = (
            f"未完工具名项目全部提前一季并另加资金，{now}年GDP增速 {figures['sooner']}，至{last}年累计产出"
            f" {totals['sooner']}；"
            f"投资总额不变时 {figures['sooner_instead']}"
            + (f"，当年让出资金的其他工程：{listed(works, lang, _NAMED)}" if works else "")
            + f"。推后一季 {figures['later']}，至{last}年累计 {totals['later']}；全部取消、余款不用"
            f" {figures['cancelled']}，累计 {totals['cancelled']}。"
        )
        if poor:
            told += (
                f"未开工项目中有 {len(poor)}"
                f" 个达产后每元投资的年产值低于本部门其他投资（{listed(names, lang, _NAMED)}），"
                "总额不变时提前这些项目最可能得不偿失。"
            )
        return told
    told = (
        f"all unfinished named projects a quarter sooner with the money added: {figures['sooner']} of GDP"
        f" growth in {now}, {totals['sooner']} of GDP up to {last}; within the same total"
        f" {figures['sooner_instead']}"
        + (f", with money taken from other works: {listed(works, lang, _NAMED)}" if works else "")
        + f". A quarter later: {figures['later']}, {totals['later']} up to {last}; all cancelled and the"
        f" money saved: {figures['cancelled']}, {totals['cancelled']}."
    )
    if poor:
        what = (
            "one project not yet started brings"
            if len(poor) == 1
            else f"{len(poor)} projects not yet started bring"
        )
        told += (
            f" {what.capitalize()} less output a year per yuan than other money of the sector"
            f" ({listed(names, lang, _NAMED)}): within the same total, bringing these forward is the"
            " likeliest to cost growth."
        )
    return told
