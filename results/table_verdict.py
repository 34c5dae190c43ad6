"""The verdict, the sheet of targets and the cheapest fixes as tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..models.quantity import Text
from ..models.target import Rung, Target
from .format import unit_text
from .table import Column, Table, hide_empty
from .wording import (
    BASES,
    SHEET,
    TIERS,
    amount,
    both,
    limit_unit,
    mains,
    moved,
    relaxed,
    shares_moved,
    shifted,
    titles,
)  # fmt: skip

if TYPE_CHECKING:
    from ..engine.assess import Fix, Outcome, SheetOutcome
    from ..engine.run import Answer

SHEET_ID = "sheet"
_ROUNDED = Text(
    zh="与目标比较前，先按目标的位数四舍五入。",
    en="Values are rounded to the digits of the target before they are compared.",
)


def verdict(answer: Answer) -> Table:
    """Main targets tier by tier, then the whole sheet: which rung, and what it takes."""
    shown = {target.id for target in mains(answer)}
    rows = [_judged(answer, each) for each in answer.assessment.outcomes if each.target.id in shown]
    rows += [_together(answer, each) for each in answer.assessment.sheets]
    columns = (
        Column("target", "目标代码", "Target id", shown=False),
        Column("title", "目标", "Target"),
        Column("tier_id", "档次代码", "Tier id", shown=False),
        Column("tier", "档次", "Tier"),
        Column("threshold", "目标值", "Target value", digits=1, digits_from="digits"),
        Column("expected", "预计", "Expected", digits=2, digits_from="fine"),
        Column("unit", "单位", "Unit"),
        Column("rung_id", "结论代码", "Rung id", shown=False),
        Column("rung", "结论", "Verdict"),
        Column("takes", "余量、缺口与办法", "What it takes"),
        Column("probability", "概率", "Probability", digits=2),
        Column("error", "标准误", "Standard error", digits=3),
        Column("digits", "位数", "Digits", digits=0, shown=False),
        Column("fine", "预计位数", "Digits of expected", digits=0, shown=False),
    )
    table = Table("verdict", Text(zh="结论", en="Verdict"), columns, tuple(rows), ("target", "tier_id"), _flag(answer))
    return hide_empty(table, "probability", "error")


def _flag(answer: Answer) -> Text:
    """Whether the plan itself breaks a limit, beside how values are compared."""
    broken = [use for use in answer.assessment.uses if use.over > 0]
    if not broken:
        return _ROUNDED

    def say(lang: str) -> str:
        over = [
            f"{answer.scenario.limits[use.bound.id].title.of(lang)} "
            f"{amount(use.over, limit_unit(answer, use.bound.id), lang, plus=True)}" for use in broken
        ]  # fmt: skip
        if lang == "zh":
            return f"现方案突破限制：{'、'.join(over)}；“现方案可达”按最接近的合规方案评判。{_ROUNDED.zh}"
        return f"The plan breaks a limit: {', '.join(over)}; the nearest plan within the limits is judged. {_ROUNDED.en}"

    return both(say)


def _judged(answer: Answer, outcome: Outcome) -> tuple[Any, ...]:
    target = outcome.target
    return (
        target.id, target.title, outcome.tier, TIERS[outcome.tier], outcome.threshold, outcome.expected,
        unit_text(target.unit), outcome.rung.name.lower(), outcome.rung.value, takes(answer, outcome),
        outcome.probability, outcome.error, target.digits, target.digits + 1,
    )  # fmt: skip


def _together(answer: Answer, sheet: SheetOutcome) -> tuple[Any, ...]:
    return (
        SHEET_ID, SHEET, sheet.tier, TIERS[sheet.tier], None, None, None, sheet.rung.name.lower(), sheet.rung.value,
        takes_together(answer, sheet), None, None, None, None,
    )  # fmt: skip


def takes(answer: Answer, outcome: Outcome) -> Text:
    """What reaching a tier takes, in a planner's words; for one out of reach, how far away it is."""
    target = outcome.target

    def value(x: float, lang: str) -> str:
        return amount(x, target.unit, lang, target.digits + 1)

    def say(lang: str) -> str:
        zh = lang == "zh"
        gap = abs(outcome.gap)
        if outcome.rung is Rung.PLAN:
            if target.sign * outcome.gap < 0:
                return "四舍五入后达到" if zh else "reached after rounding"
            room = amount(gap, _gap_unit(target), lang, target.digits + 1)
            return f"余 {room}" if zh else f"{room} to spare"
        if outcome.rung is Rung.MIX and outcome.best:
            how = moved(answer, outcome.best, lang)
            reached = amount(outcome.attainable, target.unit, lang, target.digits)
            return f"{how}，可到 {reached}" if zh else f"{how}: {reached}"
        if outcome.rung is Rung.RELAXED and outcome.fix:
            how = relaxed(answer, outcome.fix, lang)
            reached = amount(outcome.fix.value, target.unit, lang, target.digits)
            return f"{how}，可到 {reached}" if zh else f"{how}: {reached}"
        if outcome.bound is None:
            return "方案中没有能影响它的手段" if zh else "nothing that the plan decides moves it"
        bound = value(outcome.bound, lang)
        if outcome.rung is Rung.UNDECIDED:
            best = value(outcome.attainable, lang)
            return f"上界 {bound}，模拟最好 {best}" if zh else f"upper bound {bound}, best simulated {best}"
        short = amount(abs(outcome.bound - outcome.threshold), _gap_unit(target), lang, target.digits + 1)
        end = ("最低" if zh else "at least") if target.sign < 0 else "最高" if zh else "at most"
        return f"限制全放宽后{end} {bound}，仍差 {short}" if zh else f"{end} {bound} with every limit relaxed, {short} off"

    return both(say)


def _gap_unit(target: Target) -> str:
    return "points" if target.unit == "%" else target.unit


def takes_together(answer: Answer, sheet: SheetOutcome) -> Text:
    """What reaching all tiers together takes, or which targets stay short."""

    def say(lang: str) -> str:
        zh = lang == "zh"
        if sheet.rung is Rung.PLAN:
            return "现方案全部达到" if zh else "the plan reaches them all"
        if sheet.rung is Rung.MIX:
            return "有一个方案能一起达到" if zh else "one allowed plan reaches them all"
        if sheet.fix:
            return relaxed(answer, sheet.fix, lang)
        short = titles([answer.sheet.targets[key].title for key in sheet.missed], lang)
        return f"差在 {short}" if zh else f"short of {short}"

    return both(say)


def targets(answer: Answer) -> Table:
    """Every row of the sheet: expected, thresholds, gap, attainable, rungs; stated rows are copied."""
    found = {(outcome.target.id, outcome.tier): outcome for outcome in answer.assessment.outcomes}
    columns = (
        Column("target", "目标代码", "Target id", shown=False),
        Column("title", "目标", "Target"),
        Column("basis", "依据", "Basis"),
        Column("unit", "单位", "Unit"),
        Column("expected", "预计", "Expected", digits=2, digits_from="fine"),
        Column("ensure", "确保", "Ensure", digits=1, digits_from="digits"),
        Column("stretch", "力争", "Stretch", digits=1, digits_from="digits"),
        Column("at_most", "控制在", "At most", digits=1, digits_from="digits"),
        Column("gap", "缺口", "Gap", digits=2, digits_from="fine", signed=True),
        Column("gap_yi", "缺口金额", "Gap in money", "亿元", 1, signed=True),
        Column("attainable", "最多可达", "Attainable", digits=2, digits_from="fine"),
        Column("promise", "优化承诺", "Promise of the solver", digits=2, digits_from="fine", shown=False),
        Column("bound", "放宽后上界", "Bound when relaxed", digits=2, digits_from="fine"),
        Column("rung_ensure", "确保档结论", "Ensure: verdict"),
        Column("rung_stretch", "力争档结论", "Stretch: verdict"),
        Column("rung_at_most", "上限结论", "Ceiling: verdict"),
        *(
            Column(f"{name}_{tier}", f"{TIERS[tier].zh}{zh}", f"{TIERS[tier].en.capitalize()}: {en}", digits=digits)
            for tier in TIERS for name, zh, en, digits in (("probability", "概率", "probability", 2), ("error", "标准误", "standard error", 3))
        ),
        Column("digits", "位数", "Digits", digits=0, shown=False),
        Column("fine", "预计位数", "Digits of expected", digits=0, shown=False),
    )  # fmt: skip
    rows = tuple(_target(answer, target, found) for target in answer.sheet.targets.values())
    note = Text(
        zh="缺口为预计减确保档（只有一档的减该档）；最多可达为允许方案中模拟出的最好值；照录的只列示，不评判。"
        + _ROUNDED.zh,
        en="The gap is expected less the ensure tier (or the only tier); attainable is the best simulated value of an "
        "allowed plan; stated rows are shown, not judged. " + _ROUNDED.en,
    )
    table = Table("targets", Text(zh="目标", en="Targets"), columns, rows, ("target",), note)
    return hide_empty(
        table, "stretch", "at_most", "gap_yi", "bound", "rung_stretch", "rung_at_most",
        *(f"{name}_{tier}" for tier in TIERS for name in ("probability", "error")),
    )  # fmt: skip


def _target(answer: Answer, target: Target, found: dict[tuple[str, str], Outcome]) -> tuple[Any, ...]:
    own = {tier: found.get((target.id, tier)) for tier in TIERS}
    first = next((outcome for outcome in own.values() if outcome), None)
    value = float(answer.sheet.value(target, answer.plan.path, answer.year)[0])
    expected = None if math.isnan(value) else value
    threshold = next(iter(target.tiers.values()), None)
    # a stated row has a figure of last year at most: no gap can be told
    gap = expected - threshold if target.judged and expected is not None and threshold is not None else None
    chances = [part for outcome in own.values() for part in ((outcome.probability, outcome.error) if outcome else (None, None))]
    return (
        target.id, target.title, BASES[target.basis], unit_text(target.unit), expected, target.ensure,
        target.stretch, target.at_most, gap, first.gap_yi if first else None, first.attainable if first else None,
        first.promise if first else None, _bound(own), *(outcome.rung.value if outcome else None for outcome in own.values()),
        *chances, *_digits(target),
    )  # fmt: skip


def _digits(target: Target) -> tuple[int, int]:
    """Digits of thresholds and of the expected value; copied whole numbers stay whole."""
    if target.judged:
        return target.digits, target.digits + 1
    stated = [*target.tiers.values(), *([] if target.expected is None else [target.expected])]
    digits = 0 if all(float(value).is_integer() for value in stated) and target.unit != "%" else target.digits
    return digits, digits


def _bound(own: dict[str, Outcome | None]) -> float | None:
    return next((outcome.bound for outcome in own.values() if outcome and outcome.bound is not None), None)


def fixes(answer: Answer) -> Table:
    """The cheapest relaxation that reaches each tier which needs one, limit by limit."""
    rows: list[tuple[Any, ...]] = []
    for outcome in answer.assessment.outcomes:
        if outcome.fix:
            rows += _fix(answer, outcome.fix, outcome.target, outcome.tier)
    for sheet in answer.assessment.sheets:
        if sheet.fix:
            rows += _fix(answer, sheet.fix, None, sheet.tier)
    columns = (
        Column("target", "目标代码", "Target id", shown=False),
        Column("title", "目标", "Target"),
        Column("tier_id", "档次代码", "Tier id", shown=False),
        Column("tier", "档次", "Tier"),
        Column("limit", "限制代码", "Limit id", shown=False),
        Column("limit_title", "放宽的限制", "Limit relaxed"),
        Column("amount", "放宽", "By", digits=2, signed=True),
        Column("unit", "单位", "Unit"),
        Column("price", "单价", "Price per unit", "亿元", 2),
        Column("cost", "代价", "Cost", "亿元", 2),
        Column("whole_cost", "合计代价", "Cost in all", "亿元", 2),
        Column("value", "模拟可到", "Simulated value", digits=2, digits_from="fine"),
        Column("shifts", "调整的项目", "Projects moved"),
        Column("mix", "结构变动", "Change of the mix"),
        Column("fine", "位数", "Digits", digits=0, shown=False),
    )
    note = Text(
        zh="放宽多少以达到目标、代价最小为准；“模拟可到”是按放宽后的方案重新模拟的结果。",
        en="Limits are relaxed just enough, at least cost; the value is that of the relaxed plan, simulated again.",
    )
    table = Table(
        "fixes", Text(zh="最省的办法", en="Cheapest fixes"), columns, tuple(rows), ("target", "tier_id", "limit"), note
    )
    return hide_empty(table, "shifts", "value")


def _fix(answer: Answer, fix: Fix, target: Target | None, tier: str) -> list[tuple[Any, ...]]:
    limits = answer.scenario.limits
    price = {use.bound.id: use.bound.price for use in answer.assessment.uses}
    shifts = both(lambda lang: shifted(answer, fix.run, lang)) if any(fix.run.plan.shifts.values()) else None
    moves = both(lambda lang: shares_moved(answer, fix.run, lang) or ("不变" if lang == "zh" else "unchanged"))
    head = (target.id, target.title) if target else (SHEET_ID, SHEET)
    value = None if math.isnan(fix.value) else fix.value
    tail = (fix.cost, value, shifts, moves, target.digits + 1 if target else None)
    rows = [
        (*head, tier, TIERS[tier], key, limits[key].title, more, unit_text(limit_unit(answer, key)), price[key],
         price[key] * more, *tail)
        for key, more in fix.relaxed.items()
    ]  # fmt: skip
    none = Text(zh="不需放宽", en="nothing relaxed")
    return rows or [(*head, tier, TIERS[tier], "", none, None, None, None, None, *tail)]
