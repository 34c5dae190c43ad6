"""Investment mixes side by side, year by year, and what growth turns on (投资结构)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models.indicators import INDICATORS, Asked
from ..models.quantity import Text
from ..models.target import Target
from .table import Column, Table, hide_empty
from .wording import (
    REACHED,
    TIERS,
    amount,
    both,
    mains,
    moved,
    of_year,
    points,
    printed_shares,
    relax_unit,
    signed,
)

if TYPE_CHECKING:
    from ..engine.assess import Run
    from ..engine.moves import Move
    from ..engine.run import Answer

GDP, INDUSTRY, LEVEL = "gdp_growth", "industry_above_scale_growth", "gdp_level"


def level(run: Run, year: int) -> float:
    """GDP of a year (1, 2, ...) of a run at base-year prices, 亿元: what mixes are compared by."""
    return float(run.path.gdp[year, 0])


def horizon_promise(answer: Answer) -> float | None:
    """The solver's promise of GDP in the last year at base-year prices; it promises at current ones."""
    if answer.horizon_promise is None:
        return None
    last = answer.economy.years
    return answer.horizon_promise * level(answer.plan, last) / indicator(answer.plan, LEVEL, last)


def indicator(run: Run, name: str, year: int) -> float:
    """An indicator without coverage in a year (1, 2, ...) of a run."""
    return float(INDICATORS[name].value(run.path, year, Asked())[0])


def has_industry(answer: Answer) -> bool:
    """Whether any sector is above-scale industry."""
    return bool((answer.economy.above_scale > 0).any())


def _industry(answer: Answer, run: Run, year: int) -> float | None:
    return indicator(run, INDUSTRY, year) if has_industry(answer) else None


def _average(run: Run, years: int) -> float:
    gdp = run.path.gdp[:, 0]
    return float(100 * ((gdp[years] / gdp[0]) ** (1 / years) - 1))


def mixes(answer: Answer) -> Table:
    """One row per mix: what moves, whether it is allowed, and what it gives in the target year and in the
    last."""
    base, last = answer.economy.base_year, answer.economy.base_year + answer.economy.years
    now = base + answer.year
    tiers = [(target, tier) for target in mains(answer) for tier in target.tiers]
    columns = (
        Column("mix", "方案代码", "Mix id", shown=False),
        Column("title", "投资结构", "Mix"),
        Column("moved", "与现方案相比", "Against the plan"),
        Column("allowed", "在限制内", "Within limits"),
        Column("breaks", "突破", "Breaks"),
        Column("gdp_growth", f"{now}年 GDP增速", f"GDP growth {now}", "%", 2),
        Column("industry_growth", f"{now}年 规上工业增速", f"Above-scale industry {now}", "%", 2),
        Column("gdp_growth_diff", "GDP增速差", "GDP growth diff.", "points", 2, signed=True),
        *(
            Column(
                f"{target.id}_{tier}",
                f"{target.title.of('zh')} {TIERS[tier].zh}档",
                f"{target.title.of('en')}: {TIERS[tier].en}",
            )
            for target, tier in tiers
        ),
        *(
            Column(
                f"{target.id}_gap",
                f"{target.title.of('zh')}余量(+)/缺口(-)",
                f"{target.title.of('en')}: margin (+) or gap (-)",
                target.unit,
                target.digits + 1,
                signed=True,
                shown=False,
            )
            for target in mains(answer)
        ),
        Column("average", f"{base + 1}—{last} 年均增速", f"Average growth {base + 1}-{last}", "%", 2),
        Column("gdp_last", f"{last}年 GDP（{base}年价）", f"GDP {last} ({base} prices)", "亿元", 1),
        Column(
            "gdp_last_diff",
            f"{last}年 GDP差（{base}年价）",
            f"GDP {last} diff. ({base} prices)",
            "亿元",
            1,
            signed=True,
        ),
        Column("promise", "优化承诺", "Promised", "", 2, shown=False),
        Column("simulated", "模拟", "Simulated", "", 2, shown=False),
        Column("promise_text", "承诺与模拟", "Promised / simulated"),
    )
    rows = tuple(_mix(answer, key, run, tiers) for key, run in answer.mixes.items())
    table = Table(
        "mixes", Text(zh="投资结构", en="Investment mixes"), columns, rows, ("mix",), pays_later(answer)
    )
    return hide_empty(table, "industry_growth", "breaks", "promise_text")


def _mix(answer: Answer, key: str, run: Run, tiers: list[tuple[Target, str]]) -> tuple[Any, ...]:
    year, last = answer.year, answer.economy.years
    values = {target.id: float(answer.sheet.value(target, run.path, year)[0]) for target, _ in tiers}
    broken = [use for use in answer.uses[key] if use.over > 0]
    limits = answer.scenario.limits
    breaks = (
        both(
            lambda lang: "; ".join(
                f"{limits[use.bound.id].title.of(lang)}"
                f" {amount(use.over, relax_unit(answer, use.bound.id), lang, plus=True)}"
                for use in broken
            )
        )
        if broken
        else None
    )
    own = run is answer.plan
    promise, simulated, text = _promise(answer, key, run)
    thresholds = {target.id: next(iter(target.tiers.values())) for target, _ in tiers}
    signs = {target.id: target.sign for target, _ in tiers}
    end = level(run, last)
    return (
        key,
        run.plan.title,
        None if own else both(lambda lang: moved(answer, run, lang)),
        not broken,
        breaks,
        indicator(run, GDP, year),
        _industry(answer, run, year),
        None if own else indicator(run, GDP, year) - indicator(answer.plan, GDP, year),
        *(REACHED[target.met(values[target.id], target.tiers[tier])] for target, tier in tiers),
        *(signs[name] * (values[name] - threshold) for name, threshold in thresholds.items()),
        _average(run, last),
        end,
        None if own else end - level(answer.plan, last),
        promise,
        simulated,
        text,
    )


WHY = Text(
    zh=(
        "：两者不同，以模拟为准；优化按比例推算，而排队、取整、上限类目标，以及压到零的外销和产能，"
        "不随投资成比例变动"
    ),
    en=(
        ": they differ, and the simulation counts; the solver reckons in proportion, which queues, rounding,"
        " ceilings, and sales or capacity that a plan drives to zero do not follow"
    ),
)
"""Why a promise is not what the simulation gives."""


def _promise(answer: Answer, key: str, run: Run) -> tuple[float | None, float | None, Text | None]:
    """What the solver promised of its own mixes, and what the simulation gave."""
    hoped = horizon_promise(answer)
    if key == "horizon" and hoped is not None:
        promise, simulated, unit = hoped, level(run, answer.economy.years), "亿元"
    elif key == "optimised":
        known = [target for target in mains(answer) if target.id in answer.assessment.promised]
        if not known:
            return None, None, None
        promise, unit = answer.assessment.promised[known[0].id], known[0].unit
        simulated = float(answer.sheet.value(known[0], run.path, answer.year)[0])
    else:
        return None, None, None
    digits, base = 1 if unit == "亿元" else 2, answer.economy.base_year

    def say(lang: str) -> str:
        said, given = amount(promise, unit, lang, digits), amount(simulated, unit, lang, digits)
        told = f"{said} / {given}"
        if key == "horizon":
            told += f"（{base}年价）" if lang == "zh" else f" ({base} prices)"
        return told if said == given else told + WHY.of(lang)

    return promise, simulated, both(say)


def pays_later(answer: Answer) -> Text | None:
    """Year one turns on timing and what is carried over, the mix pays later: said with this run's numbers."""
    if len(answer.mixes) < 2:
        return None
    return both(
        lambda lang: mix_sentence(answer, lang) + (" " if lang == "en" else "") + turn_sentence(answer, lang)
    )


def mix_sentence(answer: Answer, lang: str) -> str:
    """How far apart the mixes lie in the target year and in the last year."""
    year, last, base = answer.year, answer.economy.years, answer.economy.base_year
    now = [indicator(run, GDP, year) for run in answer.mixes.values()]
    averages = [_average(run, last) for run in answer.mixes.values()]
    levels = [level(run, last) for run in answer.mixes.values()]
    spread, apart = (
        points(max(now) - min(now), lang).lstrip("+"),
        amount(max(levels) - min(levels), "亿元", lang),
    )
    yearly = points(max(averages) - min(averages), lang).lstrip("+")
    if lang == "zh":
        told = (
            f"{of_year(answer.scenario.years, lang, f'当年（{base + year}）')}各方案GDP增速相差 {spread}；"
            f"到{base + last}年GDP相差 {apart}（{base}年价），年均增速相差 {yearly}。"
        )
    else:
        told = (
            f"In {base + year} the mixes' GDP growth differs by {spread}; by {base + last} GDP differs by"
            f" {apart} ({base} prices), average growth by {yearly}."
        )
    if last <= year:
        return told
    return (
        " ".join([told, *_highest(answer, lang)]) if lang == "en" else told + "".join(_highest(answer, lang))
    )


def _highest(answer: Answer, lang: str) -> list[str]:
    """The mix within the limits that ends highest, and one outside them that ends higher still."""
    base, year, last = answer.economy.base_year, answer.year, answer.economy.years
    when, plan = base + last, level(answer.plan, last)

    def end(key: str) -> float:
        return level(answer.mixes[key], last)

    inside = [key for key in answer.mixes if all(use.over <= 0 for use in answer.uses[key])]
    outside = [key for key in answer.mixes if key not in inside]
    best = max(inside, key=end, default=None)
    told = []
    if best is not None and answer.mixes[best] is not answer.plan:
        run = answer.mixes[best]
        name, more = run.plan.title.of(lang), amount(end(best) - plan, "亿元", lang, plus=True)
        share = signed(100 * (end(best) / plan - 1), 2)
        first = points(indicator(run, GDP, year) - indicator(answer.plan, GDP, year), lang)
        told.append(
            f"限制内到{when}年GDP最高的是“{name}”：比现方案 {more}（{share}%，{base}年价），{of_year(answer.scenario.years, lang, '当年')}增速 {first}。"  # noqa: E501
            if lang == "zh"
            else (
                f'Highest in {when} within the limits is "{name}": {more} ({share} %, {base} prices) against'
                f" the plan, with {first} of growth in {base + year}."
            )
        )
    higher = [key for key in outside if best is None or end(key) > end(best)]
    if higher:
        top = max(higher, key=end)
        name, more = answer.mixes[top].plan.title.of(lang), amount(end(top) - plan, "亿元", lang, plus=True)
        told.append(
            f"“{name}”（{more}）突破限制，不在可选之列。"
            if lang == "zh"
            else f'"{name}" ({more}) breaks a limit and is not among the choices.'
        )
    return told


def turn_sentence(answer: Answer, lang: str) -> str:
    """What the growth of the target year turns on: carry-over, timing, and money moved."""
    year = answer.year
    parts = []
    for move in answer.moves:
        if move.id in ("no_carry_over", "once"):
            told = f"{move_title(move, lang)} {points(float(move.gdp[year - 1]), lang)}"
            if move.id == "once" and len(move.gdp) > year:
                then = points(float(move.gdp[year]), lang)
                told += f"，次年 {then}" if lang == "zh" else f", a year later {then}"
            parts.append(told)
    if not parts:
        return ""
    if lang == "zh":
        return (
            f"{of_year(answer.scenario.years, lang, '当年')}增速取决于时点和结转：" + "；".join(parts) + "。"
        )
    return (
        f"Growth of {of_year(answer.scenario.years, lang, 'the year')} turns on timing and carry-over: "
        + "; ".join(parts)
        + "."
    )


def move_title(move: Move, lang: str) -> str:
    """Title of a move; amounts in the reader's money."""
    text = move.title.of(lang)
    if lang == "zh":
        return text
    head, unit, tail = text.partition(" 亿元")
    words = head.split(" ")
    if not unit:
        return text
    digits = len(words[-1].partition(".")[2])
    return " ".join([*words[:-1], amount(float(words[-1]), "亿元", "en", digits)]) + tail


def mix_shares(answer: Answer) -> Table:
    """Share of each sector in the target year's planned investment, mix by mix."""
    keys = list(answer.mixes)
    shares = [printed_shares(answer, run) for run in answer.mixes.values()]
    titles = [run.plan.title for run in answer.mixes.values()]
    columns = (
        Column("sector", "部门代码", "Sector id", shown=False),
        Column("title", "部门", "Sector"),
        *(
            Column(f"share_{key}", title.of("zh"), title.of("en"), "%", 1)
            for key, title in zip(keys, titles, strict=True)
        ),
    )
    rows = tuple(
        (key, sector.title, *(share[at] for share in shares))
        for at, (key, sector) in enumerate(answer.scenario.sectors.items())
    )
    year = answer.economy.base_year + answer.year
    return Table(
        "mix_shares",
        Text(zh=f"投资结构占比（{year}年计划）", en=f"Shares of planned money {year}"),
        columns,
        rows,
        ("sector",),
        Text(zh="按所列位数相加为100。", en="Each adds up to 100 in the digits shown."),
    )


def mix_years(answer: Answer) -> Table:
    """Every mix year by year."""
    base = answer.economy.base_year
    rows = tuple(
        (
            key,
            run.plan.title,
            base + t,
            indicator(run, GDP, t),
            _industry(answer, run, t),
            indicator(run, LEVEL, t),
            float(run.path.gdp[t, 0]),
        )
        for key, run in answer.mixes.items()
        for t in range(1, answer.economy.years + 1)
    )
    columns = (
        Column("mix", "方案代码", "Mix id", shown=False),
        Column("title", "投资结构", "Mix"),
        Column("year", "年份", "Year", digits=0),
        Column("gdp_growth", "GDP增速", "GDP growth", "%", 2),
        Column("industry_growth", "规上工业增速", "Above-scale industry", "%", 2),
        Column("gdp_nominal", "GDP（现价）", "GDP (nominal)", "亿元", 1, shown=False),
        Column("gdp_real", f"GDP（{base}年价）", f"GDP ({base} prices)", "亿元", 1),
    )
    table = Table(
        "mix_years", Text(zh="投资结构逐年", en="Mixes year by year"), columns, rows, ("mix", "year")
    )
    return hide_empty(table, "industry_growth")


ALL = Text(zh="未完工具名项目全部", en="all unfinished named projects ")


def levers(answer: Answer) -> Table:
    """What drives growth: one thing moved at a time, points against the plan, year by year."""
    base = answer.economy.base_year
    years = range(1, answer.economy.years + 1)
    shown = has_industry(answer)
    columns = (
        Column("move", "变动代码", "Change id", shown=False),
        Column("title", "单项变化", "One thing changed"),
        *(
            Column(f"gdp_{base + t}", f"GDP {base + t}", f"GDP {base + t}", "points", 2, signed=True)
            for t in years
        ),
        *(
            Column(
                f"industry_{base + t}",
                f"工业 {base + t}",
                f"Industry {base + t}",
                "points",
                2,
                signed=True,
                shown=shown,
            )
            for t in years
        ),
    )
    rows = tuple(
        (
            move.id,
            both(lambda lang, move=move: move_title(move, lang)),  # type: ignore[misc]
            *map(float, move.gdp),
            *map(float, move.industry),
        )
        for move in answer.moves
    )
    together = [move for move in answer.changes if not move.project]
    rows += tuple(
        (
            move.id,
            both(lambda lang, move=move: ALL.of(lang) + move.title.of(lang)),  # type: ignore[misc]
            *map(float, move.gdp),
            *map(float, move.industry),
        )
        for move in together
    )
    note = Text(
        zh=(
            "与现方案相比，GDP增速和规上工业增速的变化。工业指规上工业。删除只是信息变化，"
            "取消才是项目不做；逐个项目见“项目取消、提前与推后的影响”表。"
        ),
        en=(
            "Change of GDP growth and of above-scale industrial growth against the plan. Deleting changes"
            ' what is known, cancelling what is done; each project stands in the table "Projects cancelled,'
            ' hastened or delayed".'
        ),
    )
    return Table("levers", Text(zh="增长取决于什么", en="What drives growth"), columns, rows, ("move",), note)
