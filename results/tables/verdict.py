"""The verdict and the sheet of targets as tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from ...engine.decide.assess import Outcome, SheetOutcome
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.span import IN_YEAR
from ...models.target import FREE, INSIDE, LESS, Rung, Target, rounded
from ...models.words import in_each, msg, tr
from ..text.format import number, unit_text
from ..text.wording import (
    BASES,
    SCALE_NOTE,
    SHEET,
    TIERS,
    amount,
    both,
    capital,
    in_points,
    inside,
    likelihood,
    listed,
    mains,
    money_away,
    moved,
    only_less,
    relaxed,
    titles,
    together,
)
from .chances import fine, percent, rough
from .limits import contradiction
from .mixes import over
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.decide.uses import Use
    from ...engine.run import Answer

SHEET_ID = "sheet"
_EXACT = 0.01
"""Part of a printed digit by which a plan may miss a tier without a word on rounding."""
_MOST_DIGITS = 6
_ROUNDED = msg("Values are rounded to the digits of the target before they are compared.")


def _expected_title(answer: Answer) -> Bilingual:
    """What the value expected is: the median of the futures, or the central case where none were drawn."""
    if answer.ensemble is None:
        return msg("Central case (no futures drawn)")
    return msg("Median projection", context="table_verdict")


LINKED = msg("Linked rows (*) come from fitted relations with large residuals: only indicative.")
_digits = partial(Column, digits=0, shown=False)
_chance = partial(Column, digits=2, optional=True, fraction="chance")
_aside = partial(Column, optional=True, word=False)
_error = partial(_aside, digits=3, fraction="points")


def telling_digits(target: Target, *values: float | None) -> int:
    """Digits in which values are printed so that whoever rounds what is printed reaches the same verdict.

    One more than the target has, and more where a value lies within a hair of what rounds up to a tier. A
    linked relation has no more digits to tell than its target.
    """
    first = target.digits + (target.basis != "linked")
    for digits in range(first, _MOST_DIGITS):
        if all(
            target.met(rounded(value, digits), tier) == target.met(value, tier)
            for value in values
            if value is not None and math.isfinite(value)
            for tier in target.tiers.values()
        ):
            return digits
    return _MOST_DIGITS


def by_rounding(target: Target, value: float, threshold: float) -> bool:
    """Whether a value reaches a tier only thanks to rounding; at another confidence than one half nothing is
    said of that."""
    return (
        target.margin == 0
        and target.met(value, threshold)
        and target.sign * (value - threshold) < -_EXACT * 10.0**-target.digits
    )


def hair(outcome: Outcome, lang: str) -> str:
    """How far a value that rounding takes to its tier is off before rounding, in digits enough to be
    something."""
    off = abs(outcome.gap)
    digits = max(
        telling_digits(outcome.target, outcome.expected), math.ceil(-math.log10(off)) if off > 0 else 0
    )
    return amount(off, in_points(outcome.target.unit), lang, digits)


def rung_text(answer: Answer, judged: Outcome | SheetOutcome) -> Bilingual:
    """A rung as it is told: money that the limits already allow is no relaxation, and less money in the same
    shares no other mix."""
    if judged.rung is Rung.OUT and not answer.scenario.limits:
        return FREE
    if judged.rung is Rung.MIX and judged.best and only_less(answer, judged.best):
        return LESS
    return (
        INSIDE
        if judged.rung is Rung.RELAXED and judged.fix and inside(answer, judged.fix)
        else judged.rung.value
    )


def verdict(answer: Answer) -> Table:
    """Main targets tier by tier, then the whole sheet: which rung, and what it takes."""
    shown = {target.id for target in mains(answer)}
    rows: list[Outcome | SheetOutcome] = [
        *(each for each in answer.assessment.outcomes if each.target.id in shown),
        *(each for each in answer.assessment.sheets if together(answer, each.tier)),
    ]
    title = msg("Verdict", context="table_verdict")
    columns = (
        Column("target", msg("Target id"), shown=False, value=_own(lambda row: row.target.id, SHEET_ID)),
        Column("title", msg("Target"), value=_own(lambda row: row.target.title, SHEET)),
        Column("tier_id", msg("Tier id"), shown=False, value=lambda row: row.tier),
        Column("tier", msg("Tier", context="table_verdict"), value=lambda row: TIERS[row.tier]),
        rough("threshold", msg("Target value"), value=_own(lambda row: row.threshold)),
        fine("expected", _expected_title(answer), value=_own(lambda row: row.expected), compared=True),
        Column("unit", msg("Unit"), value=_own(lambda row: unit_text(row.target.unit))),
        Column("rung_id", msg("Rung id"), shown=False, value=lambda row: row.rung.name.lower()),
        Column("rung", title, value=lambda row: rung_text(answer, row)),
        Column("takes", msg("What it takes"), value=lambda row: takes(answer, row)),
        _chance("probability", msg("Probability")),
        _error("error", msg("Standard error")),
        _aside(
            "words",
            msg("In words", context="table_verdict"),
            value=lambda row: None if row.probability is None else likelihood(row.probability),
        ),
        _chance("allowed", msg("Highest chance within the limits"), word=False),
        _chance(
            "relaxed",
            msg("Highest chance with limits relaxed"),
            value=_own(lambda row: row.relaxed),
            word=False,
        ),
        _digits("digits", msg("Digits"), value=_own(lambda row: row.target.digits)),
        _digits(
            "fine",
            msg("Digits of the projection"),
            value=_own(lambda row: telling_digits(row.target, row.expected)),
        ),
    )
    return declare("verdict", title, columns, rows, ("target", "tier_id"), _flag(answer))


def _own(value: Callable[[Outcome], Any], together: Any = None) -> Callable[[Outcome | SheetOutcome], Any]:
    """The cell of one target's tier; ``together`` that of all targets."""
    return lambda row: value(row) if isinstance(row, Outcome) else together


def breaks(answer: Answer) -> list[Use]:
    """Limits that the plan as written breaks."""
    return [use for use in answer.assessment.uses if use.over > 0]


def _flag(answer: Answer) -> Bilingual:
    """Whether the plan itself breaks a limit, beside how values are compared."""
    basis = _basis(answer)
    if spans := _spans(answer):
        basis = msg("{note} {more}", context="two sentences", note=basis, more=spans)
    if not breaks(answer):
        return basis
    said = both(partial(broken_sentence, answer))
    if contradiction(answer):
        return said
    return msg("{note} {more}", context="two sentences", note=said, more=basis)


def broken_sentence(answer: Answer, lang: str) -> str:
    """That the plan itself breaks a limit; empty where it breaks none."""
    broken = breaks(answer)
    if not broken:
        return ""
    told = listed(over(answer, broken, lang), lang, len(broken))
    if none := contradiction(answer):
        return tr(
            lang,
            "The plan breaks a limit: {told}; change the plan or the limit first. {none}.",
            told=told,
            none=none,
        )
    return tr(
        lang,
        "The plan breaks a limit: {told}; change the plan or the limit first; projections and chances are"
        " those of the plan as written, beyond its limits; verdicts are of the nearest plan within them,"
        " so that the best may lie below the projection.",
        told=told,
    )


def _basis(answer: Answer) -> Bilingual:
    """What a rung says, and how values are compared."""
    if answer.ensemble is None:
        return _ROUNDED
    stated = answer.scenario.uncertainty.confidence
    asked = number(stated.value if stated else 50, 0)
    return msg(
        "Verdicts are of chances: a tier counts as reached where the plan, any allowed"
        " plan, or any plan with limits relaxed has a chance of at least {asked} %. The"
        " median projection is the median of all futures. {scale_note} {rounded}",
        asked=asked,
        scale_note=SCALE_NOTE,
        rounded=_ROUNDED,
    )


def _spans(answer: Answer) -> Bilingual | None:
    """How averages over so many years were foretold, where the longest row asks for one and a record is
    known: that of the nearest length."""
    experience = answer.scenario.experience
    asked = [target.over for target in mains(answer) if target.over and target.over.measure is not IN_YEAR]
    spans = [len(over.years()) for over in asked]
    if experience is None or not experience.spans or max(spans, default=1) < 2 or answer.ensemble is None:
        return None
    years = min(experience.spans, key=lambda each: (abs(int(each) - max(spans)), each))
    record = experience.spans[years]
    return msg(
        "Averages over {years} years, foretold in the same way on {regions} regions ({count} cases): the"
        " 80 % range held {tenths} of 10 times, {least} of 10 from the worst first year.",
        years=years,
        regions=number(record.regions.value, 0),
        count=number(record.count.value, 0),
        tenths=number(record.inside.value / 10, 1),
        least=number(record.least.value / 10, 1),
    )


def takes(answer: Answer, outcome: Outcome | SheetOutcome) -> Bilingual:
    """What reaching a tier takes, in a planner's words; for one out of reach, how far away it is."""
    if isinstance(outcome, SheetOutcome):
        return takes_together(answer, outcome)

    def say(lang: str) -> str:
        if outcome.rung is Rung.PLAN:
            return _spare(outcome, lang)
        if outcome.rung is Rung.MIX and outcome.best:
            less = money_away(answer, outcome.best)
            change = amount(less, MONEY, lang, plus=True)
            how = (
                moved(answer, outcome.best, lang)
                if not only_less(answer, outcome.best)
                else tr(lang, "{change} of investment", change=change)
            )
            value = outcome.attainable if outcome.reached is None else outcome.reached
            return _reached(outcome, how, value, lang) + _close(outcome, lang)
        if outcome.rung is Rung.RELAXED and outcome.fix:
            told = _reached(outcome, relaxed(answer, outcome.fix, lang), outcome.fix.value, lang)
            best = at_best(answer, outcome, lang) if breaks(answer) else ""
            return told + (tr(lang, "; ") + best if best else "") + _close(outcome, lang)
        if outcome.bound is None and answer.contradictory:
            return tr(
                lang, "the limits contradict each other as they stand: there is no allowed plan to judge"
            )
        if outcome.bound is None:
            return tr(lang, "nothing that the plan decides moves it")
        if outcome.rung is Rung.UNDECIDED:
            bound, best = (_value(outcome, x, lang) for x in (outcome.bound, outcome.attainable))
            return tr(lang, "upper bound {bound}, best simulated {best}", bound=bound, best=best)
        return _short(answer, outcome, outcome.bound, lang)

    return both(say)


def _may_give(answer: Answer) -> bool:
    """Whether any limit can be relaxed."""
    return any(use.bound.slack > 0 for use in answer.assessment.uses)


def at_best(answer: Answer, outcome: Outcome, lang: str) -> str:
    """The highest chance of any plan within the limits, and with limits relaxed; nothing where none was
    asked."""
    if outcome.allowed is None:
        return ""
    found = tr(lang, "a chance of {allowed} at best within the limits", allowed=percent(outcome.allowed))
    if outcome.relaxed is None or not _may_give(answer):
        return found
    return found + (tr(lang, ", {relaxed} with every limit relaxed", relaxed=percent(outcome.relaxed)))


def _close(outcome: Outcome, lang: str) -> str:
    """That the plan itself may have the chance asked for: it lies within two standard errors of it."""
    if not outcome.close:
        return ""
    return tr(lang, "; the plan itself is within sampling error of the chance asked for")


def _value(outcome: Outcome, value: float, lang: str) -> str:
    """A value of the target with as many digits as its verdict needs, at the confidence asked for."""
    return amount(
        value + outcome.target.margin, outcome.target.unit, lang, telling_digits(outcome.target, value)
    ) + _asked(outcome, lang)


def _asked(outcome: Outcome, lang: str) -> str:
    """That a value is not the median but the one had with the confidence asked for; nothing at one half."""
    if outcome.target.margin == 0:
        return ""
    return tr(lang, " (with the chance asked for)")


def _spare(outcome: Outcome, lang: str) -> str:
    """By how much the plan is beyond a tier, or that rounding takes it there."""
    target = outcome.target
    spare = outcome.expected + target.margin - outcome.threshold
    gap = amount(abs(spare), in_points(target.unit), lang, telling_digits(target, outcome.expected)) + _asked(
        outcome, lang
    )
    if by_rounding(target, outcome.expected, outcome.threshold):
        off = hair(outcome, lang)
        return tr(lang, "reached after rounding, {off} off before it", off=off)
    if target.sign * spare < 0:  # the plan breaks a limit: another plan was judged in its place
        return tr(lang, "reached by the nearest plan within the limits")
    return tr(lang, "{gap} to spare", gap=gap)


def _reached(outcome: Outcome, how: str, value: float, lang: str) -> str:
    """What another plan does and the value that it reaches."""
    target = outcome.target
    printed = _value(outcome, value, lang)
    told = tr(lang, "{how}: {printed}", how=how, printed=printed)
    if by_rounding(target, value, outcome.threshold):
        even = amount(value, target.unit, lang, target.digits)
        told += tr(lang, " ({even} after rounding)", even=even)
    return told


def _short(answer: Answer, outcome: Outcome, bound: float, lang: str) -> str:
    """The bound with everything relaxed, what it lacks of the tier, and the highest chance."""
    target = outcome.target
    shown = max(telling_digits(target, bound), target.digits + 1)
    bound += target.margin
    short = amount(abs(rounded(bound, shown) - outcome.threshold), in_points(target.unit), lang, shown)
    end = (
        tr(lang, "at least", context="table_verdict")
        if target.sign < 0
        else tr(lang, "at most", context="table_verdict")
    )
    if target.margin == 0:
        end = tr(lang, "median {end}", end=end)
    found = amount(bound, target.unit, lang, shown) + _asked(outcome, lang)
    best = at_best(answer, outcome, lang)
    told = (
        tr(lang, "{end} {found} with every limit relaxed, {short} short", end=end, found=found, short=short)
        if _may_give(answer)
        else tr(
            lang, "{end} {found} with the plan's investment, {short} short", end=end, found=found, short=short
        )
    )
    return (best + tr(lang, "; ") if best else "") + told


def takes_together(answer: Answer, sheet: SheetOutcome, most: int = 99) -> Bilingual:
    """What reaching all tiers together takes, or which targets stay short: ``most`` of them by name."""

    def say(lang: str) -> str:
        if sheet.rung is Rung.PLAN:
            return tr(lang, "the plan reaches them all")
        if sheet.rung is Rung.MIX:
            if sheet.best is None:
                return tr(lang, "one allowed plan reaches them all")
            how = moved(answer, sheet.best, lang)
            return tr(lang, "one allowed plan reaches them all ({how})", how=how)
        if sheet.fix:
            return relaxed(answer, sheet.fix, lang)
        missed = list(dict.fromkeys(sheet.missed))  # one row may have both tiers alike
        if not missed and sheet.allowed is not None:
            return tr(
                lang,
                "each can be reached, all together with a chance of {allowed} at best",
                allowed=percent(sheet.allowed),
            )
        short = titles([answer.sheet.targets[key].title for key in missed], lang, most)
        best = (
            ""
            if sheet.allowed is None
            else (tr(lang, "; a chance of {allowed} at best", allowed=percent(sheet.allowed)))
        )
        return tr(lang, "short of {short}{best}", short=short, best=best)

    return both(say)


def targets(answer: Answer) -> Table:
    """Every row of the sheet: expected, thresholds, gap, attainable, rungs; stated rows are copied."""
    sheet, history, base = answer.sheet, answer.scenario.history.outcomes, answer.scenario.years.base
    own = {
        key: [each for each in answer.assessment.outcomes if each.target.id == key] for key in sheet.targets
    }
    expected = {key: _expected(answer, target) for key, target in sheet.targets.items()}

    def told(say: Callable[[Outcome], Any], *tiers: str) -> Callable[[Target], Any]:
        """What is said of the first of a target's tiers (or of those asked) of which something is."""

        def cell(target: Target) -> Any:
            cells = (say(each) for each in own[target.id] if each.tier in (tiers or TIERS))
            return next((cell for cell in cells if cell is not None), None)

        return cell

    def last(target: Target) -> float | None:  # what a stated row may have and is not foretold
        stated = history.get(target.id)
        return stated.value if stated else None if target.judged else target.expected

    def less(target: Target, other: float | None) -> float | None:
        value = expected[target.id]
        return None if value is None or other is None else value - other

    def gap(target: Target) -> float | None:
        away = less(target, next(iter(target.tiers.values()), None))
        return None if away is None else target.sign * away

    rung = partial(rung_text, answer)
    bound, best = told(lambda row: row.bound), told(lambda row: row.attainable)
    columns = (
        Column("target", msg("Target id"), shown=False, value=lambda row: row.id),
        Column("title", msg("Target")),
        Column("basis", msg("Basis"), word=False, value=lambda row: BASES[row.basis]),
        Column("unit", msg("Unit"), value=lambda row: unit_text(row.unit)),
        rough("last", msg("Outcome of {base}", base=base), value=last, optional=True),
        fine("expected", _expected_title(answer), value=lambda row: expected[row.id], compared=True),
        fine(
            "central",
            msg("Central case"),
            value=lambda row: less(row, sheet.offsets.get(row.id, 0.0)),
            shown=False,
        ),
        *(_quantile(answer, level) for level in (0.1, 0.9)),
        rough("ensure", msg("Minimum")),
        rough("stretch", msg("Stretch"), optional=True),
        rough("at_most", msg("At most", context="table_verdict"), optional=True),
        fine("gap", msg("Margin (+) / gap (-)"), value=gap, signed=True, word=False),
        _aside(
            "gap_yi",
            msg("Margin or gap in money"),
            MONEY,
            1,
            value=told(lambda row: None if row.gap_yi is None else row.target.sign * row.gap_yi),
            signed=True,
        ),
        fine("attainable", msg("Attainable"), value=best, word=False, compared=True),
        fine("promise", msg("Promise of the solver"), value=told(lambda row: row.optimum), shown=False),
        _aside("bound", msg("Most when relaxed"), digits=2, digits_from="finest", value=bound),
        Column("rung_ensure", msg("Minimum: verdict"), value=told(rung, "ensure")),
        Column(
            "rung_stretch", msg("Stretch: verdict"), word=False, value=told(rung, "stretch"), optional=True
        ),
        _aside("rung_at_most", msg("Ceiling: verdict"), value=told(rung, "at_most")),
        _aside("rounding", msg("After rounding"), value=lambda row: _rounding(own[row.id])),
        *(
            column
            for tier, word in TIERS.items()
            for column in (
                _chance(
                    f"probability_{tier}",
                    msg("{tier}: chance", tier=capital(word)),
                    value=told(lambda row: row.probability, tier),
                    word=tier != "at_most",
                    compared=tier == "ensure",
                ),
                _error(
                    f"error_{tier}",
                    msg("{tier}: standard error", tier=capital(word)),
                    value=told(lambda row: row.error, tier),
                ),
            )
        ),
        _digits("digits", msg("Digits"), value=_printed),
        _digits(
            "fine",
            msg("Digits of the projection"),
            value=lambda row: _printed(row, expected[row.id], best(row)),
        ),
        _digits("finest", msg("Digits of the bound"), value=lambda row: _printed(row, bound(row))),
    )
    linked = any(target.basis == "linked" for target in sheet.targets.values())
    said = msg(
        "Margin or gap: the median projection less the minimum target (or the only tier),"
        " for a ceiling the ceiling less the projection: plus is always room. Attainable"
        " is the best simulated value of an allowed plan; stated rows are shown, not"
        " judged."
    )
    parts = (said, _ROUNDED, *([LINKED] if linked else []))
    note = in_each(lambda lang: tr(lang, " ").join(part.of(lang) for part in parts) + foreign(answer, lang))
    return declare("targets", msg("Targets"), columns, sheet.targets.values(), ("target",), note)


def _quantile(answer: Answer, level: float) -> Column:
    """A quantile of a target's value over the futures; nothing where it was not drawn."""
    found, percent = answer.ensemble, f"{100 * level:.0f}"

    def value(target: Target) -> float | None:
        known = found is not None and target.id in found.targets
        return found.quantile(target.id, level).value if known and found else None

    title = msg("{percent}th percentile", percent=percent)
    return fine(f"q{percent}", title, value=value, word=False, terminal=False, optional=True, compared=True)


def _expected(answer: Answer, target: Target) -> float | None:
    value = float(answer.sheet.value(target, answer.plan.path, answer.year)[0])
    return value if target.judged and not math.isnan(value) else None


def foreign(answer: Answer, lang: str) -> str:
    """Why a level whose relation is another region's is not judged, and what would allow it."""
    known = answer.scenario.targets
    rows = [
        t
        for t in answer.sheet.targets.values()
        if t.basis == "stated" and t.id in known and known[t.id].basis is None
    ]
    if not rows:
        return ""
    names = titles([t.title for t in rows], lang, 99)
    return tr(
        lang,
        " {names}: shown only, the relation of the priors is a level of another city's"
        " size; last year's figure and GDP growth, or a relation of the region's own,"
        " would allow a judgement.",
        names=names,
    )


def _rounding(outcomes: Iterable[Outcome]) -> Bilingual | None:
    """Tiers that the plan reaches only thanks to rounding."""
    tiers = [
        TIERS[each.tier]
        for each in outcomes
        if each.rung is Rung.PLAN and by_rounding(each.target, each.expected, each.threshold)
    ]
    return both(lambda lang: titles(tiers, lang)) if tiers else None


def _printed(target: Target, *values: float | None) -> int:
    """Digits of thresholds, or of values; copied whole numbers stay whole."""
    if target.judged:
        return telling_digits(target, *values) if values else target.digits
    stated = [*target.tiers.values(), *([] if target.expected is None else [target.expected])]
    whole = all(float(value).is_integer() for value in stated) and target.unit != "%"
    return 0 if whole else target.digits
