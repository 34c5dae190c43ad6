"""Where the level of growth comes from: reference, what the plan adds, shift of the markets, own trends
(增速水平的来历)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..models.quantity import Text
from .format import number, unit_text
from .table import Column, Table
from .table_chances import CASES, TENTH
from .wording import both, points

if TYPE_CHECKING:
    from ..engine.run import Answer, Level

TITLE = Text(zh="增速水平的来历", en="Where the level of growth comes from")
CAUSES = {
    "spending": Text(zh="投资带动的本地需求", en="what is invested here and bought here"),
    "capacity": Text(
        zh="投资形成的产能多于（少于）常年", en="capacity from investment beyond (or short of) the usual"
    ),
    "projects": Text(
        zh="项目投产、结转多于（少于）常年", en="projects and carry-over beyond (or short of) the usual"
    ),
    "demand": Text(zh="方案另列的行业需求变化", en="demand that is stated by sector"),
    "skew": Text(
        zh="产能封顶等使中位数偏离中心情形", en="skewness: capacity clips what is above the central case"
    ),
}
EDITIONS = {
    "january": Text(zh="当年1月的全国展望", en="the nation's outlook of January"),
    "october": Text(zh="上年10月的全国展望", en="the nation's outlook of October"),
    "none": Text(zh="往年走势（无全国展望）", en="past years alone (no outlook of the nation)"),
    "own": Text(zh="方案自带的全国展望", en="the scenario's own outlook of the nation"),
    "alone": Text(
        zh="方案自带的全国展望，直接作为本地区的（与全国的关系未知，历史和目标未用，未经检验）",
        en=(
            "the scenario's own outlook of the nation, taken as the region's (how the region stands to the"
            " nation is not known: history and target are not used; nobody scored it)"
        ),
    ),
    "past": Text(
        zh="只按本地区以往走势（无全国展望，未经检验）",
        en="the region's own past alone (no outlook of the nation; nobody scored it)",
    ),
}
JUDGED = Text(
    zh="没有参照预测（没有全国展望，历年增速不足四年）：增速水平取自方案自填的市场趋势，属判断，未经历史检验。",
    en=(
        "no reference forecast (no outlook of the nation, and fewer than four years of past growth): the"
        " level is that of the scenario's own trends, a judgement that nobody scored."
    ),
)


UNANCHORED = Text(
    zh="按方案的设定不用参照预测：增速水平取自方案自填的市场趋势，属判断，未经历史检验。",
    en=(
        "no reference forecast, as the scenario asks: the level is that of its own trends, a judgement that"
        " nobody scored."
    ),
)


def basis(level: Level, lang: str) -> str:
    """What the reference rests on."""
    found, reference = level.forecast.basis, level.forecast.reference
    outlook = EDITIONS[found.outlook].of(lang)
    if found.figure is not None:
        outlook += f"{number(found.figure, 1)}%" if lang == "zh" else f", {number(found.figure, 1)} %"
    elif np.isfinite(reference.nation):
        mean = number(reference.nation, 1)
        outlook += (
            f"下各地区平均预期{mean}%"
            if lang == "zh"
            else f", by which regions are expected at {mean} % on average"
        )
    if found.outlook in ("alone", "past"):
        return outlook
    if lang == "zh":
        return f"{outlook}，本地区{reference.known}年历史" + (
            f"，目标{number(found.target, 1)}%" if found.target is not None else "，无目标"
        )
    years = "1 year" if reference.known == 1 else f"{reference.known} years"
    return f"{outlook}; {years} of its own history; " + (
        f"a target of {number(found.target, 1)} %" if found.target is not None else "no target"
    )


def level_sentence(answer: Answer, lang: str) -> str:
    """The four numbers in a sentence; without a reference, that the level is judgement."""
    level = answer.level
    if level is None:
        return (JUDGED if answer.scenario.anchor.to == "reference" else UNANCHORED).of(lang)
    reference, adds = level.forecast.reference, sum(level.adds.values())
    then = now = held = ""
    if (first := answer.scenario.years.first) != (target := answer.scenario.years.target):
        then, now = (f"{first}年", f"{target}年") if lang == "zh" else (f" for {first}", f" in {target}")
        held = _held(answer, lang)
    parts = [
        f"{CAUSES[key].of(lang)} {points(value, lang)}"
        for key, value in sorted(level.adds.items(), key=lambda one: -abs(one[1]))
        if abs(value) >= 0.005
    ]
    shift = points(level.forecast.anchor.shift, lang)
    if lang == "zh":
        return (
            f"{then}参照预测{number(reference.median, 1)}%，"
            f"即此类地区在这样的年份增速的中位数（{basis(level, lang)}）；"
            f"{now}按常态{number(level.usual, 2)}%，方案带来 {points(adds, lang)}"
            + (f"（{'，'.join(parts)}）" if len(parts) > 1 else "")
            + f"，合{number(level.plan, 2)}%。"
            f"只按方案自填的市场趋势为{number(level.own, 2)}%，"
            f"参照预测为此把各市场趋势统一调整 {shift}。{held}"
        )
    return (
        f"reference forecast{then} {number(reference.median, 1)} %, the median of regions like this in a"
        f" year like this ({basis(level, lang)}). Business as usual{now} comes to {number(level.usual, 2)} %,"
        f" the plan adds {points(adds, lang)}"
        + (f" ({', '.join(parts)})" if len(parts) > 1 else "")
        + f" and makes it {number(level.plan, 2)} %. By the scenario's own trends alone it would be"
        f" {number(level.own, 2)} %; for the reference every market's trend is shifted by {shift}.{held}"
    )


def _held(answer: Answer, lang: str) -> str:
    """That the reference holds the first year, where the target year is a later one."""
    first, target = answer.scenario.years.first, answer.scenario.years.target
    if first == target:
        return ""
    if lang == "zh":
        return f"参照预测只约束{first}年；{target}年由同样的市场趋势推得。"
    return f" The reference holds {first}; {target} follows from the same market trends."


def _beside(level: Level) -> list[tuple[str, Text, float, str]]:
    """References of other indicators, beside which the plan's figures can be held."""
    found = []
    for key, (median, spread) in level.forecast.beside.items():
        title = BESIDE.get(key, Text(zh=key, en=key))
        found.append(
            (f"beside_{key}", Text(zh=f"参照预测：{title.zh}", en=f"Reference: {title.en}"), median, "%")
        )
        found.append(
            (
                f"beside_{key}_sd",
                Text(
                    zh=f"　其标准差（含GDP的）：{title.zh}",
                    en=f"  its standard deviation, that of GDP included: {title.en}",
                ),
                spread,
                "points",
            )
        )
    return found


BESIDE = {
    "industry_above_scale_growth": Text(zh="规上工业增速", en="growth of above-scale industry"),
    "fai_growth": Text(zh="投资增速", en="growth of investment"),
}


def record_sentence(answer: Answer, lang: str) -> str:
    """How chances like that of the first main target came true, and what of the doubt is the nation's;
    nothing without a record."""
    rows = _record(answer)
    if not rows or answer.level is None:
        return ""
    reference = answer.level.forecast.reference
    calm = reference.calm**2 * (1 - reference.chance) + reference.crisis**2 * reference.chance
    share = 100 * calm / (calm + reference.own**2)
    chance = _chance(answer)
    at = (
        min(rows, key=lambda row: abs(row[1] - chance))
        if chance is not None
        else max(rows, key=lambda row: row[3])
    )
    first, last = at[0] - 5, at[0] + 5
    count, true = at[3], at[2]
    if lang == "zh":
        return (
            "历史检验中，"
            f"概率给在{first}—{last}%的{count}个地区年里，{number(true, 0)}%达标（平均给{number(at[1], 0)}%）。"  # noqa: E501
            f"增速不确定性（方差）中全国形势占{number(share, 0)}%：展望越准，这部分越小。"
        )
    return (
        f"of {count} region-years that were given {first}-{last} %, {number(true, 0)} % came true"
        f" ({number(at[1], 0)} % was given on average). {number(share, 0)} % of the doubt about growth"
        " (variance) is the nation's: a better outlook takes from that part."
    )


def _chance(answer: Answer) -> float | None:
    """Chance of the first tier of the first judged target of GDP growth, %."""
    if answer.ensemble is None:
        return None
    for key, target in answer.sheet.targets.items():
        if target.indicator == "gdp_growth" and key in answer.ensemble.targets:
            tier = next(iter(target.tiers), None)
            return None if tier is None else 100 * answer.ensemble.probability(key, tier).value
    return None


def _record(answer: Answer) -> list[tuple[int, float, float, int]]:
    """(middle of a tenth, chance given, part that came true, how many) for the edition that the reference
    rests on, %."""
    experience = answer.scenario.experience
    if experience is None or answer.level is None or not experience.reliability:
        return []
    name = answer.level.forecast.basis.outlook
    found = experience.reliability.get(name) or next(iter(experience.reliability.values()))
    return [
        (int(middle), row.given.value, row.came_true.value, round(row.count.value))
        for middle, row in found.items()
        if row.count.value > 0
    ]


def record_table(answer: Answer) -> Table | None:
    """How chances of this kind came true, by tenths; None without a record."""
    rows = _record(answer)
    if not rows:
        return None
    note = Text(
        zh="滚动回测：每个地区年只用此前已知的资料，经同样的参照预测和模型得出概率。概率可信时两列接近。",
        en=(
            "Rolling origin: each region-year from what was known before, by the same reference forecast and"
            " engine. Where chances can be trusted the two are near."
        ),
    )
    return Table(
        "reliability",
        Text(zh="这类概率的历史检验", en="How chances of this kind came true"),
        (*TENTH, CASES),
        tuple(rows),
        ("middle",),
        note,
    )


def level_table(answer: Answer) -> Table | None:
    """The four numbers, and how the plan's growth is made up; None without a reference."""
    level = answer.level
    if level is None:
        return None
    reference, anchor = level.forecast.reference, level.forecast.anchor
    rows = [
        (
            "reference",
            both(
                lambda lang: (
                    (
                        "参照预测：此类地区在这样的年份的中位数（"
                        if lang == "zh"
                        else "Reference: median of regions like this in a year like this ("
                    )
                    + basis(level, lang)
                    + ("）" if lang == "zh" else ")")
                )
            ),
            reference.median,
            "%",
        ),
        ("nation", Text(zh="其中各地区平均预期", en="of it, regions' expected mean"), reference.nation, "%"),
        (
            "own",
            Text(zh="本地区自身的标准差", en="standard deviation of what is the region's own"),
            reference.own,
            "points",
        ),
        (
            "calm",
            Text(zh="全国形势的标准差（平常年）", en="standard deviation of the nation's news, calm year"),
            reference.calm,
            "points",
        ),
        ("usual", Text(zh="按常态", en="business as usual"), level.usual, "%"),
        *(
            (
                f"adds_{key}",
                both(
                    lambda lang, key=key: (  # type: ignore[misc]
                        ("方案带来：" if lang == "zh" else "the plan adds: ") + CAUSES[key].of(lang)
                    )
                ),
                value,
                "points",
            )
            for key, value in level.adds.items()
        ),
        ("plan", Text(zh="现方案", en="the plan"), level.plan, "%"),
        ("shift", Text(zh="各市场趋势统一调整", en="shift of every market's trend"), anchor.shift, "points"),
        (
            "trends",
            Text(zh="只按方案自填的趋势", en="the plan by the scenario's own trends alone"),
            level.own,
            "%",
        ),
        *_beside(level),
    ]
    columns = (
        Column("id", "代码", "Id", shown=False),
        Column("what", "项目", "What"),
        Column("value", "数值", "Value", digits=2),
        Column("unit", "单位", "Unit"),
    )
    made = tuple(
        (key, what, None if value != value else float(value), unit_text(unit))
        for key, what, value, unit in rows
    )
    note = Text(
        zh="按常态即参照预测（相差不过求解精度）；按常态加方案带来的等于现方案的预计（中位数）。",
        en=(
            "Business as usual is the reference, but for the precision of the solution; it and what the plan"
            " adds come to what is expected of the plan (median)."
        ),
    )
    if _held(answer, "en"):
        note = both(lambda lang: _held(answer, lang).strip())
    return Table("level", TITLE, columns, made, ("id",), note)
