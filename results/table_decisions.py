"""What can be decided, and what would have to be true, as tables (选择与前提)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models.quantity import Text
from .causes import input_error, input_text, input_unit, input_value, supported, told_value
from .format import number, unit_of, unit_text
from .table import Column, Table, hide_empty
from .table_chances import percent
from .wording import (
    TIERS,
    both,
    confidence,
    give_or_take,
    likelihood,
    listed,
    moved,
    of_year,
    relaxed,
    spaced,
)

if TYPE_CHECKING:
    from ..engine.decisions import BreakEven, Decision
    from ..engine.run import Answer


def decisions_table(answer: Answer) -> Table | None:
    """Each row a decision: what changes, its money, the chance of each main tier, the last year, who must
    agree."""
    if not answer.decisions:
        return None
    tiers = list(answer.decisions[0].chances)
    columns: list[Column] = [
        Column("decision", "代码", "Id", shown=False),
        Column("title", "选择", "Decision"),
        Column("change", "改变什么", "What changes"),
        Column(
            "money",
            f"{of_year(answer.scenario.years, 'zh', '全年')}投资",
            f"Investment of {of_year(answer.scenario.years, 'en', 'the year')}",
            "亿元",
            1,
        ),
        Column("money_error", "标准误", "s.e.", "亿元", 1),
        Column("more", "比计划", "Against the plan", "亿元", 1, signed=True),
    ]
    for key, tier in tiers:
        name = answer.sheet.targets[key].title
        columns.append(
            Column(
                f"chance_{key}_{tier}",
                f"{name.zh}{TIERS[tier].zh}档概率",
                f"Chance: {name.of('en')}, {TIERS[tier].of('en')}",
                "%",
                0,
            )
        )
        columns.append(Column(f"error_{key}_{tier}", "标准误", "s.e.", "points", 1, shown=False))
    last = answer.scenario.years.last
    columns += [
        Column("wins", "优于现方案的抽样占比", "Better than the plan in", "%", 0),
        Column("turns", "取决于", "Turns on"),
        Column("later", f"对{last}年GDP", f"GDP of {last}", "亿元", 1, signed=True),
        Column("who", "须谁同意", "Who must agree"),
    ]
    rows = tuple(_row(answer, one, at) for at, one in enumerate(answer.decisions))
    note = Text(
        zh=(
            "概率用同一组抽样；“与现方案不可区分”指各主要目标的概率差都在两倍标准误以内。金额即投资额，"
            "各项限制按自身单位列示，不折成一个代价。"
        ),
        en=(
            'Chances on the same futures; "not distinguishable" means that no main chance differs from the'
            " plan's by more than two standard errors. Money is investment; limits stand in their own units"
            " and are not added into one price."
        ),
    )
    return hide_empty(
        Table(
            "decisions",
            Text(zh="可作的选择", en="What can be decided"),
            tuple(columns),
            rows,
            ("decision",),
            note,
        ),
        "money_error",
        "who",
        "turns",
    )


def _row(answer: Answer, one: Decision, at: int) -> tuple[Any, ...]:
    plan = answer.decisions[0].money
    cells = [cell for chance in one.chances.values() for cell in (100 * chance.value, 100 * chance.error)]
    owners = [
        limit.owner or limit.title
        for key in (one.fix.relaxed if one.fix else ())
        if (limit := answer.scenario.limits.get(key))
    ]
    who = both(lambda lang: listed([owner.of(lang) for owner in owners], lang, 3)) if owners else None
    return (
        f"{one.kind}-{at}",
        _title(answer, one),
        _change(answer, one),
        one.money,
        one.fix.error if one.fix else None,
        one.money - plan,
        *cells,
        None if one.kind == "plan" else 100 * one.wins,
        _turns(answer, one),
        one.later,
        who,
    )


def _title(answer: Answer, one: Decision) -> Text:
    if one.kind == "plan":
        return Text(zh="按现方案", en="the plan")
    if one.kind == "mix":
        zh, en = ("（与现方案不可区分）", " (not distinguishable from the plan)") if one.same else ("", "")
        return Text(zh=f"约束内概率最高的方案{zh}", en=f"the likeliest plan within the limits{en}")
    assert one.reaches is not None
    key, tier = one.reaches
    target = answer.sheet.targets[key]
    value = number(target.tiers[tier], target.digits)
    same_zh, same_en = ("，结构不变", ", the mix as planned") if one.kind == "more" else ("", "")
    return both(
        lambda lang: (
            f"达到{target.title.zh}{TIERS[tier].zh}{value}{unit_of(target.unit, lang)}{same_zh}"
            if lang == "zh"
            else (
                f"to reach {target.title.of('en')} {TIERS[tier].of('en')}"
                f" {value}{spaced(unit_of(target.unit, lang))}{same_en}"
            )
        )
    )


def _turns(answer: Answer, one: Decision) -> Text | None:
    if one.turns is None:
        return None
    name, found = one.turns
    what = input_text(answer, name)

    def say(lang: str) -> str:
        value = told_value(answer, name, found.value or 0.0, lang, found.error)
        return (
            f"{what.zh}（{value}处优劣互换）"
            if lang == "zh"
            else f"{what.of('en')} (changes places at {value})"
        )

    return both(say)


def _change(answer: Answer, one: Decision) -> Text:
    if one.kind == "plan":
        return Text(zh="—", en="—")
    return both(
        lambda lang: relaxed(answer, one.fix, lang, error=False) if one.fix else moved(answer, one.run, lang)
    )


def break_evens_table(answer: Answer) -> Table | None:
    """What would have to be true for each main tier to have the chance asked for, and how likely that is."""
    if not answer.break_evens:
        return None
    rows = tuple(_break_even(answer, one) for one in answer.break_evens)
    columns = (
        Column("target", "目标代码", "Target id", shown=False),
        Column("title", "目标", "Target"),
        Column("tier_id", "档次代码", "Tier id", shown=False),
        Column("tier", "档次", "Tier"),
        Column("driver", "代码", "Path", shown=False),
        Column("what", "关键因素", "Driver"),
        Column("unit", "单位", "Unit"),
        Column("now", "现中位", "Median now", digits=2),
        Column("needed", "须为", "Would have to be", digits_from="fine"),
        Column("error", "标准误", "s.e.", digits_from="fine"),
        Column("likelihood", "出现的可能", "How likely", "%", 0),
        Column("likelihood_error", "可能性的标准误", "s.e. of that", "points", 1),
        Column("fine", "位数", "Digits", digits=0, shown=False),
        Column("words", "可能性", "In words"),
    )
    note = Text(
        zh=(
            "其他因素照常不确定时，"
            "该因素为此值则这一档的概率达到所要求的把握；“出现的可能”是抽样中至少同样有利的比例。"
            "数值按误差取位；两倍标准误大于该因素自身标准差、或一半抽样中没有这样的值时不列。"
        ),
        en=(
            "With everything else in doubt as before, a driver of this value gives the tier the chance asked"
            " for; how likely: the part of the futures in which it is at least as favourable. Digits are"
            " those that the error supports; nothing is shown where two standard errors exceed the driver's"
            " own standard deviation, or where half of the draws have no such value."
        ),
    )
    return Table(
        "break_evens",
        Text(zh="须有何前提", en="What would have to be true"),
        columns,
        rows,
        ("target", "tier_id", "driver"),
        note,
    )


def _break_even(answer: Answer, one: BreakEven) -> tuple[Any, ...]:
    target, found = answer.sheet.targets[one.target], one.needed
    head = (
        one.target,
        target.title,
        one.tier,
        TIERS[one.tier],
        one.driver,
        input_text(answer, one.driver),
        unit_text(input_unit(answer, one.driver)),
        input_value(one.driver, one.now),
    )
    if found.value is None:
        return (
            *head,
            None,
            None,
            None,
            None,
            None,
            Text(zh="抽样范围内没有", en="no value drawn") if found.known else UNSETTLED,
        )
    value, error, digits = supported(
        input_value(one.driver, found.value), input_error(one.driver, found.value, found.error)
    )
    return (
        *head,
        value,
        error,
        100 * found.beyond,
        100 * found.beyond_error,
        digits,
        likelihood(found.beyond),
    )


UNSETTLED = Text(zh="抽样不足以确定", en="not settled by these draws")


def break_even_sentence(answer: Answer, lang: str) -> str:
    """For the first main tier that is not reached: its drivers, what they would have to be, and how likely
    that is."""
    if not answer.break_evens:
        return ""
    first = answer.break_evens[0]
    some = [one for one in answer.break_evens if (one.target, one.tier) == (first.target, first.tier)]
    target = answer.sheet.targets[first.target]
    value = number(target.tiers[first.tier], target.digits) + spaced(unit_of(target.unit, lang))
    told = [_told(answer, one, lang) for one in some if one.needed.value is not None]
    none, open_ = (
        [
            input_text(answer, one.driver).of(lang)
            for one in some
            if one.needed.value is None and one.needed.known is known
        ]
        for known in (True, False)
    )
    if not told:
        parts = []
        if none:
            parts.append(
                f"单个因素（{listed(none, lang, 3)}）都不足以使其达到所要求的把握"
                if lang == "zh"
                else f"no single driver ({listed(none, lang, 3)}) would give it the chance asked for"
            )
        if open_:
            parts.append(
                f"{listed(open_, lang, 3)}须到何值，{UNSETTLED.zh}"
                if lang == "zh"
                else f"what {listed(open_, lang, 3)} would have to be is {UNSETTLED.of('en')}"
            )
        return (
            f"{target.title.of(lang)}{value}：{'；'.join(parts)}"
            if lang == "zh"
            else f"{target.title.of(lang)} {value}: {'; '.join(parts)}"
        )
    joined = ("；或" if lang == "zh" else "; or ").join(told)
    return (
        f"要使{target.title.zh}{value}达到所要求的把握（{confidence(answer)}），须有其一：{joined}"
        if lang == "zh"
        else (
            f"for {target.title.of('en')} {value} to have the chance asked for ({confidence(answer)}), one of"
            f" these: {joined}"
        )
    )


def _told(answer: Answer, one: BreakEven, lang: str) -> str:
    name, found = input_text(answer, one.driver).of(lang), one.needed
    now, plain = (told_value(answer, one.driver, value, lang) for value in (one.now, found.value or 0.0))
    chance = percent(found.beyond)
    if chance[0] not in "<>":
        chance = f"{chance[:-1]}{give_or_take(100 * found.beyond_error, 0)}%"
    if now == plain:
        return (
            f"{name}与现中位{now}几乎相同（可能性{chance}）"
            if lang == "zh"
            else f"{name} hardly other than {now}, its median ({chance} likely)"
        )
    needed = told_value(answer, one.driver, found.value or 0.0, lang, found.error)
    if lang == "zh":
        return f"{name}由{now}到{needed}（可能性{chance}）"
    return f"{name} {needed} instead of {now} ({chance} likely)"
