"""Mixes under doubt, side by side on the same draws (不确定下的结构比选)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models.quantity import Text
from .format import number
from .table import Column, Table
from .table_chances import percent
from .wording import TIERS, amount, points, tier_name

if TYPE_CHECKING:
    from ..engine.doubt.contest import Standing
    from ..engine.doubt.rivals import Rivals
    from ..engine.run import Answer


def rivals_table(answer: Answer, found: Rivals | None) -> Table | None:
    """One row per mix: its mean and difference to the plan, chances of the tiers, how often it is best, and
    regret."""
    if found is None:
        return None
    target = answer.sheet.targets[found.target]
    unit = "points" if target.unit == "%" else target.unit
    tiers = list(next(iter(found.chances.values())))
    base, last = answer.economy.base_year, answer.economy.base_year + answer.economy.years
    columns = [
        Column("mix", "方案代码", "Mix id", shown=False),
        Column("title", "投资结构", "Mix"),
        Column(
            "mean",
            f"{target.title.of('zh')}均值",
            f"{target.title.of('en')}, mean",
            target.unit,
            target.digits + 1,
        ),
        Column("difference", "与现方案之差", "Difference to the plan", unit, target.digits + 2, signed=True),
        Column("difference_error", "其标准误", "its s.e.", unit, 4, shown=False),
    ]
    for key, tier in tiers:
        zh, en = answer.sheet.targets[key].title.of("zh"), answer.sheet.targets[key].title.of("en")
        columns += [
            Column(f"{key}_{tier}", f"{zh}{TIERS[tier].zh}概率", f"{en} {TIERS[tier].en}, chance", digits=3),
            Column(
                f"{key}_{tier}_error",
                f"{zh}{TIERS[tier].zh}标准误",
                f"{en} {TIERS[tier].en}, s.e.",
                digits=4,
                shown=False,
            ),
            Column(
                f"{key}_{tier}_difference",
                f"{zh}{TIERS[tier].zh}概率差",
                f"{en} {TIERS[tier].en}, difference",
                digits=3,
                signed=True,
                shown=False,
            ),
            Column(
                f"{key}_{tier}_difference_error",
                f"{zh}{TIERS[tier].zh}概率差标准误",
                f"{en} {TIERS[tier].en}, s.e. of difference",
                digits=4,
                shown=False,
            ),
        ]
    columns += [
        Column("best", "最优概率", "Best, chance", digits=3),
        Column("best_error", "最优概率标准误", "s.e. of being best", digits=4, shown=False),
        Column("regret", "平均后悔", "Mean regret", unit, target.digits + 1, shown=False),
        Column("most_regret", "最大后悔", "Largest regret", unit, target.digits + 1),
    ]
    if found.later:
        columns += [
            Column(
                "last_difference",
                f"{last}年GDP差（{base}年价）",
                f"GDP {last} difference ({base} prices)",
                "亿元",
                1,
                signed=True,
            ),
            Column("last_difference_error", f"{last}年差标准误", f"s.e. for {last}", "亿元", 2, shown=False),
            Column("last_best", f"{last}年最优概率", f"Best in {last}, chance", digits=3),
            Column("last_most_regret", f"{last}年最大后悔", f"Largest regret in {last}", "亿元", 1),
        ]
    rows = tuple(_mix(answer, found, mix, standing, tiers) for mix, standing in found.standings.items())
    zh, en = target.title.of("zh"), target.title.of("en")
    note = Text(
        zh=(
            f"全部结构用同一组{found.draws:,}次抽样（公共随机数），差的误差远小于各自概率的误差。"
            f"最优：在该情景中{zh}最高（并列平分）；"
            "后悔：与该情景中最优结构之差；突破限制的结构不参与最优。"
        ),
        en=(
            f"All mixes on the same {found.draws:,} draws (common random numbers), so that differences are"
            f" known far better than the probabilities. Best: the highest {en} of that future (ties share"
            " it); regret: difference to the best mix of each future. A mix that breaks a limit does not"
            " compete."
        ),
    )
    return Table(
        "mixes_doubt",
        Text(zh="不确定下的结构比选", en="Mixes under doubt"),
        tuple(columns),
        rows,
        ("mix",),
        note,
    )


def _mix(
    answer: Answer, found: Rivals, mix: str, standing: Standing, tiers: list[tuple[str, str]]
) -> tuple[Any, ...]:
    own = mix == answer.scenario.plan
    cells: list[Any] = [mix, answer.mixes[mix].plan.title, standing.mean]
    cells += [None, None] if own else [standing.difference, standing.difference_error]
    for key in tiers:
        chance = found.chances[mix][key]
        cells += [
            chance.value,
            chance.error,
            *((None, None) if own else (chance.difference, chance.difference_error)),
        ]
    cells += [standing.best, standing.best_error, standing.regret, standing.most_regret]
    if found.later:
        later = found.later[mix]
        cells += [
            *((None, None) if own else (later.difference, later.difference_error)),
            later.best,
            later.most_regret,
        ]
    return tuple(cells)


def rivals_sentence(answer: Answer, found: Rivals | None, lang: str) -> str:
    """The mix with the highest chance of the first target's first tier, against the plan; and what the plan
    may cost."""
    if found is None:
        return ""
    target, plan = answer.sheet.targets[found.target], answer.scenario.plan
    if not target.tiers:
        return ""
    tier = next(iter(target.tiers))
    able = [mix for mix, standing in found.standings.items() if standing.best is not None]
    if plan not in able or len(able) < 2:
        return ""
    top = max(able, key=lambda mix: found.chances[mix][target.id, tier].value)
    chance, before = found.chances[top][target.id, tier], found.chances[plan][target.id, tier]
    unit = "points" if target.unit == "%" else target.unit
    regret = amount(found.standings[plan].most_regret or 0.0, unit, lang, target.digits + 1)
    best = percent(found.standings[top].best or 0.0)
    title, name, tier_text = (
        target.title.of(lang),
        answer.mixes[top].plan.title.of(lang),
        tier_name(tier, lang),
    )
    if top == plan or abs(chance.difference) <= 2 * chance.difference_error:
        if lang == "zh":
            return (
                "同一组抽样下，"
                f"所列结构没有一个使{title}{tier_text}的概率明显高于现方案（{percent(before.value)}）；现方案最大后悔"
                f" {regret}。"
            )
        return (
            f"On the same draws none of the listed mixes makes {title} {tier_text} clearly likelier than the"
            f" plan ({percent(before.value)}); the plan's largest regret is {regret}."
        )
    gain = points(100 * chance.difference, lang, 1)
    error = number(100 * chance.difference_error, 1)
    if lang == "zh":
        return (
            f"同一组抽样下，{title}{tier_text}概率最高的是“{name}”：{percent(chance.value)}，"
            f"比现方案（{percent(before.value)}）{gain}（标准误 {error}），在 {best}"
            f" 的情景中最优；现方案最大后悔 {regret}。"
        )
    return (
        f'On the same draws {title} {tier_text} is likeliest with "{name}": {percent(chance.value)}, {gain}'
        f" against the plan ({percent(before.value)}; "
        f"s.e. {error}), best in {best} of the futures; the plan's largest regret is {regret}."
    )
