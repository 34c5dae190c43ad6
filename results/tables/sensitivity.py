"""What one target hangs on, as tables: indices, tornado, boxes (敏感性分析)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ...engine.uncertainty.discovery import Discovery
from ...engine.uncertainty.prim import Box, Restriction
from ...models.quantity import Bilingual
from ...models.words import in_each, msg, tr
from ..text.causes import cause_text, input_text, input_unit, input_value, told_value
from ..text.format import unit_text
from ..text.wording import both, listed, tier_name
from .certainty import certainty_sentence, certainty_table, levels_table, slips_sentence, slips_table
from .mixes_uncertain import mixes_uncertain_table, rivals_sentence
from .table import Column, Table

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ...engine.uncertainty.sensitivity import Sensitivity
    from ...engine.uncertainty.sobol_indices import Index

MISSED, REACHED = msg("missed"), msg("reached")
TOLD = 0.0005
_APART = 2.0  # standard errors from which an index is told from nothing
"""Indices of causes below it are counted, not listed."""
_LEAST = 0.02  # share of variance below which a cause is not named in a sentence


def sensitivity_tables(answer: Answer, found: Sensitivity) -> dict[str, Table]:
    """Every table of the answer; those that have nothing to say are left out."""
    made = [
        _summary(answer, found),
        sobol_table(answer, found),
        tornado_table(answer, found),
        boxes_table(answer, found),
        certainty_table(answer, found.prices),
        levels_table(answer, found.prices),
        mixes_uncertain_table(answer, found.mixes_on_draws),
        slips_table(answer, found.delay_impacts, found.target, found.tier),
    ]
    return {table.name: table for table in made if table is not None and table.rows}


def _what(answer: Answer, found: Sensitivity, lang: str) -> str:
    """The tier that is asked about."""
    target = answer.sheet.targets[found.target]
    value = told_threshold(answer, found.target, found.tier)
    tier = tier_name(found.tier, lang)
    return tr(lang, "{title} {tier} {value}", title=target.title, tier=tier, value=value)


def told_threshold(answer: Answer, key: str, tier: str) -> str:
    """A tier's threshold with its unit, as the sheet prints it."""
    target = answer.sheet.targets[key]
    text = f"{target.tiers[tier]:.{target.digits}f}"
    return f"{text}%" if target.unit == "%" else text


def _summary(answer: Answer, found: Sensitivity) -> Table:
    """The strongest causes, the strongest inputs, the boxes, each in a sentence."""
    told = [("causes", msg("Causes"), both(lambda lang: _causes(answer, found, lang)))]
    if found.bars:
        told.append(("inputs", msg("Inputs"), both(lambda lang: _bars(answer, found, lang))))
    for which, misses in (("missed", found.missed), ("reached", found.reached)):
        label = msg("Missed") if which == "missed" else msg("Reached", context="table_sensitivity")
        if misses.boxes:
            told.append((which, label, both(partial(box_sentence, answer, misses, 0, which == "reached"))))
    if not found.missed.boxes:
        told.append(("missed", msg("Missed"), both(lambda lang: _no_box(answer, found, lang))))
    further = (
        (
            "price",
            msg("Certainty"),
            partial(certainty_sentence, answer, found.prices, found.target, found.tier),
        ),
        (
            "rivals",
            msg("Mixes", context="table_sensitivity"),
            partial(rivals_sentence, answer, found.mixes_on_draws),
        ),
        (
            "delay_impact",
            msg("Slips"),
            partial(slips_sentence, answer, found.delay_impacts, found.whole, found.target),
        ),
    )
    told += [(line, label, both(say)) for line, label, say in further if say("en")]
    columns = (
        Column("line", msg("Line id"), shown=False),
        Column("label", msg("Line")),
        Column("text", msg("Text")),
    )
    return Table("summary", msg("Summary"), columns, tuple(told), ("line",))


def _causes(answer: Answer, found: Sensitivity, lang: str) -> str:
    every = found.pick_freeze.causes[found.target]
    strong = [index for index in every if index.total >= _LEAST]
    parts = [f"{cause_text(answer, index.group).of(lang)} {100 * index.total:.0f}%" for index in strong]
    title = answer.sheet.targets[found.target].title
    if not parts:
        return tr(lang, "{title} is not in doubt", title=title)
    rest = 1 - sum(index.first for index in every)
    error = sum(index.first_error**2 for index in every) ** 0.5
    return tr(
        lang,
        "total effects on the variance of {title}: {causes}; {interactions}",
        title=title,
        causes=listed(parts, lang, 6),
        interactions=tr(
            lang,
            "interactions {part:.0f}% ± {error:.0f}",
            part=100 * rest,
            error=100 * error,
        )
        if rest > 2 * error
        else tr(lang, "interactions within the error"),
    )


def _bars(answer: Answer, found: Sensitivity, lang: str) -> str:
    """What the strongest inputs do between their ends."""
    target = answer.sheet.targets[found.target]
    parts = []
    for bar in found.bars[:4]:
        name = input_text(answer, bar.input).of(lang)
        parts.append(f"{name} {bar.at_low:.{target.digits + 1}f}→{bar.at_high:.{target.digits + 1}f}")
    return tr(
        lang,
        "{title} with one input from its 5 % to its 95 % quantile, all else central: {inputs}",
        title=target.title,
        inputs=tr(lang, "; ").join(parts),
    )


def box_sentence(answer: Answer, misses: Discovery, at: int, reached: bool, lang: str) -> str:
    """A box in plain words, with what it holds and how surely."""
    box = misses.boxes[at]
    values: dict[str, Any] = {
        "title": answer.sheet.targets[misses.target].title,
        "tier": tier_name(misses.tier, lang),
        "value": told_threshold(answer, misses.target, misses.tier),
        "where": conditions(answer, box, lang),
        "part": f"{100 * box.density:.0f}%",
        "held": f"{100 * box.coverage:.0f}%",
        "base": f"{100 * box.base:.0f}%",
        "chance": tr(lang, "p < 0.001") if box.p < 0.001 else tr(lang, "p = {p}", p=told_p(box.p)),
        "head": tr(lang, "elsewhere, ") if at > 0 else "",
    }
    if reached:
        return tr(
            lang,
            "{head}{title} {tier} {value} is reached in {part} of the futures where {where} ({base} of all"
            " futures); these hold {held} of all futures that reach it ({chance})",
            **values,
        )
    return tr(
        lang,
        "{head}{title} {tier} {value} is missed in {part} of the futures where {where} ({base} of all"
        " futures); these hold {held} of all misses ({chance})",
        **values,
    )


def told_p(p: float) -> str:
    """A probability of chance as printed: none is ever zero.

    >>> told_p(0.00004), told_p(0.0123)
    ('<0.001', '0.012')
    """
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def conditions(answer: Answer, box: Box, lang: str) -> str:
    """The restrictions of a box, joined."""
    parts = [_condition(answer, each, lang) for each in box.restrictions]
    return tr(lang, " and ", context="between conditions").join(parts)


def _condition(answer: Answer, one: Restriction, lang: str) -> str:
    name = input_text(answer, one.input).of(lang)
    low, high = (told_value(answer, one.input, limit, lang) for limit in (one.low, one.high))
    if one.low == -float("inf"):
        return tr(lang, "{name} is below {high}", name=name, high=high)
    if one.high == float("inf"):
        return tr(lang, "{name} is above {low}", name=name, low=low)
    return tr(lang, "{name} is between {low} and {high}", name=name, low=low, high=high)


def _no_box(answer: Answer, found: Sensitivity, lang: str) -> str:
    what = _what(answer, found, lang)
    if found.missed.share in (0.0, 1.0):
        whole = found.missed.share == 1.0
        return tr(
            lang,
            "{what} is {whole} in all {draws:,} futures: there is nothing to tell apart",
            what=what,
            draws=found.missed.draws,
            whole=(
                tr(lang, "missed", context="table_sensitivity")
                if whole
                else tr(lang, "reached", context="table_sensitivity")
            ),
        )
    return tr(
        lang,
        "{what}: no kind of future stands out in which this happens more often (tried on draws not used to"
        " find it)",
        what=what,
    )


# --- tables
# ------------------------------------------------------------------------------------------------------------


def sobol_table(answer: Answer, found: Sensitivity) -> Table:
    """First-order and total indices by target: causes, then the strongest single inputs."""
    rows: list[tuple[Any, ...]] = []
    silent = 0
    for key in found.targets:
        title = answer.sheet.targets[key].title
        for kind, every in (
            ("cause", found.pick_freeze.causes[key]),
            ("input", found.pick_freeze.inputs[key]),
        ):
            told = [index for index in every if index.total >= max(TOLD, _APART * index.total_error)]
            silent += len(every) - len(told) if kind == "cause" else 0
            rows += [_index(answer, key, title, kind, index) for index in told]
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("target_title", msg("Target")),
        Column("kind_id", msg("Kind id"), shown=False),
        Column("kind", msg("Kind")),
        Column("group", msg("Cause or input id"), shown=False),
        Column("title", msg("Cause or input")),
        Column("first", msg("First order"), digits=3),
        Column("first_error", msg("its s.e."), digits=3),
        Column("total", msg("Total", context="table_sensitivity"), digits=3),
        Column("total_error", msg("s.e. of total"), digits=3),
    )
    own = found.pick_freeze
    note = msg(
        "First order: part of the variance that goes when the cause is known; total: part that stays when all"
        " others are known. {draws:,} pairs of draws, {runs:,} simulations, errors over 16 independent"
        " scramblings. What moves together is counted in the order shocks, prices, other numbers: the earlier"
        " takes what they share (Mara & Tarantola 2012). A first order lies between nothing and the total; an"
        " estimate beyond, within its error, is set to the bound.",
        draws=own.draws,
        runs=own.runs,
    )
    if silent:
        note = msg(
            "{note} {lines} further lines of causes have a total below {least} or not to be told from"
            " nothing.",
            note=note,
            lines=silent,
            least=TOLD,
        )
    return Table(
        "sobol",
        msg("Sobol' indices"),
        columns,
        tuple(rows),
        ("target", "kind_id", "group"),
        note,
    )


_KINDS = {"cause": msg("cause"), "input": msg("input")}


def _index(answer: Answer, key: str, title: Bilingual, kind: str, index: Index) -> tuple[Any, ...]:
    name = cause_text(answer, index.group) if kind == "cause" else input_text(answer, index.group)
    return (
        key,
        title,
        kind,
        _KINDS[kind],
        index.group,
        name,
        min(max(index.first, 0.0), index.total),
        index.first_error,
        index.total,
        index.total_error,
    )


def tornado_table(answer: Answer, found: Sensitivity) -> Table:
    """One row per input: its ends, the outcome at each, and the probability in its lowest and highest
    fifth."""
    target = answer.sheet.targets[found.target]
    rows = []
    for rank, bar in enumerate(found.bars, start=1):
        rows.append(
            (
                rank,
                input_text(answer, bar.input),
                bar.input,
                input_value(bar.input, bar.low),
                input_value(bar.input, bar.high),
                unit_text(input_unit(answer, bar.input)),
                bar.at_low,
                bar.at_high,
                (bar.at_high - bar.at_low) / 2,
                bar.chance_low.value,
                bar.chance_low.error,
                bar.chance_high.value,
                bar.chance_high.error,
                bar.chance_high.value - bar.chance_low.value,
                target.digits + 1,
            )
        )
    unit = "points" if target.unit == "%" else target.unit
    columns = (
        Column("rank", msg("Rank"), digits=0),
        Column("number", msg("Input")),
        Column("path", msg("Path"), shown=False),
        Column("low", msg("5 % quantile"), digits=2),
        Column("high", msg("95 % quantile"), digits=2),
        Column("unit", msg("Unit")),
        Column("at_low", msg("Outcome at 5 %"), target.unit, digits_from="fine"),
        Column("at_high", msg("Outcome at 95 %"), target.unit, digits_from="fine"),
        Column("effect", msg("Effect of half the span"), unit, 3, signed=True, shown=False),
        Column("chance_low", msg("Probability, lowest fifth"), digits=3),
        Column("chance_low_error", msg("its s.e."), digits=3, shown=False),
        Column("chance_high", msg("Probability, highest fifth"), digits=3),
        Column("chance_high_error", msg("s.e. in the highest"), digits=3, shown=False),
        Column("swing", msg("Difference", context="table_sensitivity"), digits=3, signed=True, shown=False),
        Column("fine", msg("Digits"), digits=0, shown=False),
    )
    goal = in_each(lambda lang: _what(answer, found, lang))
    note = msg(
        "Outcome: {title}, all else central, projects on central durations. Probabilities are those of"
        " {goal} in the futures in which the input lies in its lowest or highest fifth, all else as drawn.",
        title=target.title,
        goal=goal,
    )
    title = msg("Tornado: {goal}", goal=goal)
    return Table("tornado", title, columns, tuple(rows), ("path",), note)


def boxes_table(answer: Answer, found: Sensitivity) -> Table:
    """Boxes of futures that miss the tier, and of those that reach it, in words and figures."""
    rows = []
    for kind, name, misses in (("missed", MISSED, found.missed), ("reached", REACHED, found.reached)):
        for at, box in enumerate(misses.boxes):
            told = both(partial(box_sentence, answer, misses, at, kind == "reached"))
            where = both(partial(conditions, answer, box))
            weakest = max(each.p for each in box.restrictions)
            rows.append(
                (
                    kind,
                    name,
                    at + 1,
                    where,
                    box.density,
                    box.density_error,
                    box.base,
                    box.coverage,
                    box.support,
                    box.p,
                    told_p(box.p),
                    weakest,
                    told_p(weakest),
                    told,
                )
            )
    columns = (
        Column("kind_id", msg("Kind id"), shown=False),
        Column("kind", msg("Futures")),
        Column("box", msg("Box"), digits=0),
        Column("where", msg("Where")),
        Column("density", msg("Density"), digits=3),
        Column("density_error", msg("s.e."), digits=3),
        Column("base", msg("In all futures"), digits=3),
        Column("coverage", msg("Coverage"), digits=3),
        Column("support", msg("Support"), digits=3),
        Column("p", msg("p, all digits"), digits=4, shown=False),
        Column("p_text", msg("p")),
        Column(
            "weakest",
            msg("p of the weakest condition, all digits"),
            digits=4,
            shown=False,
        ),
        Column("weakest_text", msg("p of the weakest condition")),
        Column("text", msg("In words"), shown=False),
    )
    note = msg(
        "Shaped on one half of the draws, judged on the other (PRIM; Friedman & Fisher 1999, Bryant & Lempert"
        " 2010). Density: part of the box's futures that miss (or reach); coverage: part of all misses (or"
        " hits) that the box holds; p: chance that a box unrelated to the outcome holds as many. A second box"
        " looks only outside the first."
    )
    title = msg("In which futures: {goal}", goal=in_each(lambda lang: _what(answer, found, lang)))
    return Table("boxes", title, columns, tuple(rows), ("kind_id", "box"), note)
