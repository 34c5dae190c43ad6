"""What one target hangs on, as tables: indices, tornado, boxes (敏感性分析)."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ...engine.uncertainty.discovery import Discovery
from ...engine.uncertainty.prim import Box, Restriction
from ...models.quantity import Bilingual
from ...models.words import in_each, msg, tr
from ..text.causes import cause_text, input_text, input_unit, input_value, told_value
from ..text.format import unit_text
from ..text.wording import both, in_points, listed, tier_name
from .certainty import certainty_sentence, certainty_table, levels_table, slips_sentence, slips_table
from .lines import Line, summary_of
from .mixes_uncertain import mixes_uncertain_table, rivals_sentence
from .table import Column, Table, declare, where

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ...engine.uncertainty.sensitivity import Sensitivity
    from ...engine.uncertainty.sobol_indices import Index
    from ...engine.uncertainty.tornado import Bar

_FUTURES = {"missed": msg("missed"), "reached": msg("reached")}
TOLD = 0.0005
"""Indices of causes below it are counted, not listed."""
_APART = 2.0  # standard errors from which an index is told from nothing
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
    lines = [Line("causes", msg("Causes"), both(partial(_causes, answer, found)))]
    if found.bars:
        lines.append(Line("inputs", msg("Inputs"), both(partial(_bars, answer, found))))
    missed, reached = msg("Missed"), msg("Reached", context="table_sensitivity")
    if found.missed.boxes:
        lines.append(Line("missed", missed, both(partial(box_sentence, answer, found.missed, 0, False))))
    if found.reached.boxes:
        lines.append(Line("reached", reached, both(partial(box_sentence, answer, found.reached, 0, True))))
    if not found.missed.boxes:
        lines.append(Line("missed", missed, both(partial(_no_box, answer, found))))
    target, mixes = found.target, msg("Mixes", context="table_sensitivity")
    price = both(partial(certainty_sentence, answer, found.prices, target, found.tier))
    slips = both(partial(slips_sentence, answer, found.delay_impacts, found.whole, target))
    further = (
        Line("price", msg("Certainty"), price),
        Line("rivals", mixes, both(partial(rivals_sentence, answer, found.mixes_on_draws))),
        Line("delay_impact", msg("Delays"), slips),
    )
    return summary_of([*lines, *(line for line in further if line.text.en)])


def _causes(answer: Answer, found: Sensitivity, lang: str) -> str:
    every = found.pick_freeze.causes[found.target]
    strong = [index for index in every if index.total >= _LEAST]
    parts = [f"{cause_text(answer, index.group).of(lang)} {100 * index.total:.0f}%" for index in strong]
    title = answer.sheet.targets[found.target].title
    if not parts:
        return tr(lang, "{title} is not uncertain", title=title)
    rest = 1 - sum(index.first for index in every)
    error = sum(index.first_error**2 for index in every) ** 0.5
    return tr(
        lang,
        "total effects on the variance of {title}: {causes}; {interactions}",
        title=title,
        causes=listed(parts, lang, 6),
        interactions=tr(lang, "interactions {part:.0f}% ± {error:.0f}", part=100 * rest, error=100 * error)
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
    own = found.pick_freeze
    every = [
        _Effect(target, kind, index)
        for target in found.targets
        for kind, indices in (("cause", own.causes[target]), ("input", own.inputs[target]))
        for index in indices
    ]
    rows = [row for row in every if row.of.total >= max(TOLD, _APART * row.of.total_error)]
    silent = sum(row.kind_id == "cause" for row in every) - sum(row.kind_id == "cause" for row in rows)

    def name(row: _Effect) -> Bilingual:
        return (cause_text if row.kind_id == "cause" else input_text)(answer, row.of.group)

    def first(row: _Effect) -> float:
        return min(max(row.of.first, 0.0), row.of.total)

    total = msg("Total", context="table_sensitivity")
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("target_title", msg("Target"), value=lambda row: answer.sheet.targets[row.target].title),
        Column("kind_id", msg("Kind id"), shown=False),
        Column("kind", msg("Kind"), word=False, value=lambda row: _KINDS[row.kind_id]),
        Column("group", msg("Cause or input id"), shown=False, value=lambda row: row.of.group),
        Column("title", msg("Cause or input"), value=name),
        Column("first", msg("First order"), digits=3, value=first),
        Column("first_error", msg("its s.e."), digits=3, value=lambda row: row.of.first_error),
        Column("total", total, digits=3, value=lambda row: row.of.total),
        Column("total_error", msg("s.e. of total"), digits=3, value=lambda row: row.of.total_error),
    )
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
    causes = where(lambda row: row.kind_id == "cause")
    return declare(
        "sobol", msg("Sobol' indices"), columns, rows, ("target", "kind_id", "group"), note, causes
    )


_KINDS = {"cause": msg("cause"), "input": msg("input")}


class _Effect(NamedTuple):
    """An index of a target."""

    target: str
    kind_id: str
    of: Index


def tornado_table(answer: Answer, found: Sensitivity) -> Table:
    """One row per input: its ends, the outcome at each, and the probability in its lowest and highest
    fifth."""
    target = answer.sheet.targets[found.target]
    ranks = {bar.input: rank for rank, bar in enumerate(found.bars, start=1)}

    def chance(name: str, title: Bilingual, error: Bilingual) -> tuple[Column, Column]:
        of = attrgetter(name)
        return (
            Column(name, title, digits=3, fraction="chance", value=lambda bar: of(bar).value),
            Column(
                f"{name}_error",
                error,
                digits=3,
                shown=False,
                fraction="points",
                value=lambda bar: of(bar).error,
            ),
        )

    def swing(bar: Bar) -> float:
        return bar.chance_high.value - bar.chance_low.value

    def effect(bar: Bar) -> float:
        return (bar.at_high - bar.at_low) / 2

    differ = msg("Difference", context="table_sensitivity")
    half = msg("Effect of half the span")
    own = partial(Column, digits=2, unit_from="unit")
    columns = (
        Column("rank", msg("Rank"), digits=0, value=lambda bar: ranks[bar.input]),
        Column("number", msg("Input"), value=lambda bar: input_text(answer, bar.input)),
        Column("path", msg("Path"), shown=False, value=lambda bar: bar.input),
        own("low", msg("5 % quantile"), value=lambda bar: input_value(bar.input, bar.low)),
        own("high", msg("95 % quantile"), value=lambda bar: input_value(bar.input, bar.high)),
        Column("unit", msg("Unit"), value=lambda bar: unit_text(input_unit(answer, bar.input))),
        Column("at_low", msg("Outcome at 5 %"), target.unit, digits_from="fine"),
        Column("at_high", msg("Outcome at 95 %"), target.unit, digits_from="fine"),
        Column("effect", half, in_points(target.unit), 3, signed=True, shown=False, value=effect),
        *chance("chance_low", msg("Probability, lowest fifth"), msg("its s.e.")),
        *chance("chance_high", msg("Probability, highest fifth"), msg("s.e. in the highest")),
        Column("swing", differ, digits=3, signed=True, shown=False, fraction="points", value=swing),
        Column("fine", msg("Digits"), digits=0, shown=False, value=lambda bar: target.digits + 1),
    )
    goal = in_each(lambda lang: _what(answer, found, lang))
    note = msg(
        "Outcome: {title}, all else central, projects on central durations. Probabilities are those of"
        " {goal} in the futures in which the input lies in its lowest or highest fifth, all else as drawn.",
        title=target.title,
        goal=goal,
    )
    title = msg("Tornado: {goal}", goal=goal)
    return declare("tornado", title, columns, found.bars, ("path",), note)


class _Futures(NamedTuple):
    """A box, the ``at``-th of the futures that miss or reach."""

    kind_id: str
    misses: Discovery
    at: int
    box: Box


def boxes_table(answer: Answer, found: Sensitivity) -> Table:
    """Boxes of futures that miss the tier, and of those that reach it, in words and figures."""

    def told(row: _Futures) -> Bilingual:
        return both(partial(box_sentence, answer, row.misses, row.at, row.kind_id == "reached"))

    def weakest(row: _Futures) -> float:
        return max(each.p for each in row.box.restrictions)

    def share(name: str, title: Bilingual) -> Column:
        return Column(name, title, digits=3, fraction="share", value=attrgetter(f"box.{name}"))

    all_digits = msg("p of the weakest condition, all digits")
    columns = (
        Column("kind_id", msg("Kind id"), shown=False),
        Column("kind", msg("Futures"), value=lambda row: _FUTURES[row.kind_id]),
        Column("box", msg("Box"), digits=0, value=lambda row: row.at + 1),
        Column("where", msg("Where"), value=lambda row: both(partial(conditions, answer, row.box))),
        share("density", msg("Density")),
        share("density_error", msg("s.e.")),
        share("base", msg("In all futures")),
        share("coverage", msg("Coverage")),
        share("support", msg("Support")),
        Column("p", msg("p, all digits"), digits=4, shown=False, value=lambda row: row.box.p),
        Column("p_text", msg("p"), value=lambda row: told_p(row.box.p)),
        Column("weakest", all_digits, digits=4, shown=False, value=weakest),
        Column("weakest_text", msg("p of the weakest condition"), value=lambda row: told_p(weakest(row))),
        Column("text", msg("In words"), shown=False, value=told),
    )
    rows = [
        _Futures(kind, misses, at, box)
        for kind, misses in (("missed", found.missed), ("reached", found.reached))
        for at, box in enumerate(misses.boxes)
    ]
    note = msg(
        "Shaped on one half of the draws, judged on the other (PRIM; Friedman & Fisher 1999, Bryant & Lempert"
        " 2010). Density: part of the box's futures that miss (or reach); coverage: part of all misses (or"
        " hits) that the box holds; p: chance that a box unrelated to the outcome holds as many. A second box"
        " looks only outside the first."
    )
    title = msg("In which futures: {goal}", goal=in_each(lambda lang: _what(answer, found, lang)))
    return declare("boxes", title, columns, rows, ("kind_id", "box"), note)
