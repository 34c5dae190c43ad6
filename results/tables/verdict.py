"""The verdict and the sheet of targets as tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ...models.quantity import Bilingual
from ...models.target import INSIDE, LESS, Rung, Target, rounded
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
    inside,
    likelihood,
    listed,
    mains,
    moved,
    only_less,
    relax_unit,
    relaxed,
    titles,
    together,
)
from .chances import percent
from .limits import contradiction
from .table import Column, Table, hide_empty

if TYPE_CHECKING:
    from ...engine.decide.assess import Outcome, SheetOutcome
    from ...engine.decide.uses import Use
    from ...engine.run import Answer

SHEET_ID = "sheet"
_EXACT = 0.01
"""Part of a printed digit by which a plan may miss a tier without a word on rounding."""
_MOST_DIGITS = 6
_ROUNDED = msg("Values are rounded to the digits of the target before they are compared.")
LINKED = msg("Linked rows (*) come from fitted relations with large residuals: only indicative.")


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
    return amount(off, _gap_unit(outcome.target), lang, digits)


def rung_text(answer: Answer, judged: Outcome | SheetOutcome) -> Bilingual:
    """A rung as it is told: money that the limits already allow is no relaxation, and less money in the same
    shares no other mix."""
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
    rows = [_judged(answer, each) for each in answer.assessment.outcomes if each.target.id in shown]
    rows += [_together(answer, each) for each in answer.assessment.sheets if together(answer, each.tier)]
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target")),
        Column("tier_id", msg("Tier id"), shown=False),
        Column("tier", msg("Tier", context="table_verdict")),
        Column("threshold", msg("Target value"), digits=1, digits_from="digits"),
        Column("expected", msg("Expected", context="table_verdict"), digits=2, digits_from="fine"),
        Column("unit", msg("Unit")),
        Column("rung_id", msg("Rung id"), shown=False),
        Column("rung", msg("Verdict", context="table_verdict")),
        Column("takes", msg("What it takes")),
        Column("probability", msg("Probability"), digits=2),
        Column("error", msg("Standard error"), digits=3),
        Column("words", msg("In words", context="table_verdict")),
        Column("allowed", msg("Highest chance within the limits"), digits=2),
        Column("relaxed", msg("Highest chance with limits relaxed"), digits=2),
        Column("digits", msg("Digits"), digits=0, shown=False),
        Column("fine", msg("Digits of expected"), digits=0, shown=False),
    )
    table = Table(
        "verdict",
        msg("Verdict", context="table_verdict"),
        columns,
        tuple(rows),
        ("target", "tier_id"),
        _flag(answer),
    )
    return hide_empty(table, "probability", "error", "words", "allowed", "relaxed")


def breaks(answer: Answer) -> list[Use]:
    """Limits that the plan as written breaks."""
    return [use for use in answer.assessment.uses if use.over > 0]


def _flag(answer: Answer) -> Bilingual:
    """Whether the plan itself breaks a limit, beside how values are compared."""
    broken = breaks(answer)
    basis = _basis(answer)
    if not broken:
        return basis

    def say(lang: str) -> str:
        over = [
            f"{answer.scenario.limits[use.bound.id].title.of(lang)} "
            f"{amount(use.over, relax_unit(answer, use.bound.id), lang, plus=True)}"
            for use in broken
        ]
        told = listed(over, lang, len(over))
        if none := contradiction(answer):
            return tr(
                lang,
                "The plan breaks a limit: {told}; change the plan or the limit first. {none}.",
                told=told,
                none=none,
            )
        return tr(
            lang,
            "The plan breaks a limit: {told}; change the plan or the limit first; expected values and chances"
            " are those of the plan as written, beyond its limits; verdicts are of the nearest plan within"
            " them, so that the best may lie below what is expected. {basis}",
            told=told,
            basis=basis,
        )

    return both(say)


def _basis(answer: Answer) -> Bilingual:
    """What a rung says, and how values are compared."""
    if answer.ensemble is None:
        return _ROUNDED
    stated = answer.scenario.uncertainty.confidence
    asked = number(stated.value if stated else 50, 0)
    return msg(
        "Verdicts are of chances: a tier counts as reached where the plan, any allowed plan, or any plan with"
        " limits relaxed has a chance of at least {asked} %. Expected is the median of all futures."
        " {scale_note} {rounded}",
        asked=asked,
        scale_note=SCALE_NOTE,
        rounded=_ROUNDED,
    )


def _judged(answer: Answer, outcome: Outcome) -> tuple[Any, ...]:
    target = outcome.target
    return (
        target.id,
        target.title,
        outcome.tier,
        TIERS[outcome.tier],
        outcome.threshold,
        outcome.expected,
        unit_text(target.unit),
        outcome.rung.name.lower(),
        rung_text(answer, outcome),
        takes(answer, outcome),
        outcome.probability,
        outcome.error,
        _words(outcome),
        outcome.allowed,
        outcome.relaxed,
        target.digits,
        telling_digits(target, outcome.expected),
    )


def _words(judged: Outcome | SheetOutcome) -> Bilingual | None:
    return None if judged.probability is None else likelihood(judged.probability)


def _together(answer: Answer, sheet: SheetOutcome) -> tuple[Any, ...]:
    return (
        SHEET_ID,
        SHEET,
        sheet.tier,
        TIERS[sheet.tier],
        None,
        None,
        None,
        sheet.rung.name.lower(),
        rung_text(answer, sheet),
        takes_together(answer, sheet),
        sheet.probability,
        sheet.error,
        _words(sheet),
        sheet.allowed,
        None,
        None,
        None,
    )


def takes(answer: Answer, outcome: Outcome) -> Bilingual:
    """What reaching a tier takes, in a planner's words; for one out of reach, how far away it is."""

    def say(lang: str) -> str:
        if outcome.rung is Rung.PLAN:
            return _spare(outcome, lang)
        if outcome.rung is Rung.MIX and outcome.best:
            less = float(outcome.best.plan.total(answer.year) - answer.plan.plan.total(answer.year))
            change = amount(less, "亿元", lang, plus=True)
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
    gap = amount(abs(spare), _gap_unit(target), lang, telling_digits(target, outcome.expected)) + _asked(
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
    short = amount(abs(rounded(bound, shown) - outcome.threshold), _gap_unit(target), lang, shown)
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
        tr(
            lang,
            "{end} {found} with every limit relaxed, {short} short",
            end=end,
            found=found,
            short=short,
        )
        if _may_give(answer)
        else tr(
            lang,
            "{end} {found} with the plan's investment, {short} short",
            end=end,
            found=found,
            short=short,
        )
    )
    return (best + tr(lang, "; ") if best else "") + told


def _gap_unit(target: Target) -> str:
    return "points" if target.unit == "%" else target.unit


def takes_together(answer: Answer, sheet: SheetOutcome, most: int = 99) -> Bilingual:
    """What reaching all tiers together takes, or which targets stay short: ``most`` of them by name."""

    def say(lang: str) -> str:
        if sheet.rung is Rung.PLAN:
            return tr(lang, "the plan reaches them all")
        if sheet.rung is Rung.MIX:
            if sheet.best is None:
                return tr(
                    lang,
                    "one allowed plan reaches them all",
                )
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
    found = {(outcome.target.id, outcome.tier): outcome for outcome in answer.assessment.outcomes}
    base = answer.scenario.years.base
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target")),
        Column("basis", msg("Basis")),
        Column("unit", msg("Unit")),
        Column("last", msg("Outcome of {base}", base=base), digits=1, digits_from="digits"),
        Column("expected", msg("Expected", context="table_verdict"), digits=2, digits_from="fine"),
        Column("central", msg("Central case"), digits=2, digits_from="fine", shown=False),
        Column("ensure", msg("Ensure"), digits=1, digits_from="digits"),
        Column("stretch", msg("Stretch"), digits=1, digits_from="digits"),
        Column("at_most", msg("At most", context="table_verdict"), digits=1, digits_from="digits"),
        Column("gap", msg("Margin (+) / gap (-)"), digits=2, digits_from="fine", signed=True),
        Column("gap_yi", msg("Margin or gap in money"), "亿元", 1, signed=True),
        Column("attainable", msg("Attainable"), digits=2, digits_from="fine"),
        Column("promise", msg("Promise of the solver"), digits=2, digits_from="fine", shown=False),
        Column("bound", msg("Most when relaxed"), digits=2, digits_from="finest"),
        Column("rung_ensure", msg("Ensure: verdict")),
        Column("rung_stretch", msg("Stretch: verdict")),
        Column("rung_at_most", msg("Ceiling: verdict")),
        Column("rounding", msg("After rounding")),
        *(
            Column(
                f"{name}_{tier}",
                title,
                digits=digits,
            )
            for tier, word in TIERS.items()
            for name, title, digits in (
                ("probability", msg("{tier}: chance", tier=capital(word)), 2),
                ("error", msg("{tier}: standard error", tier=capital(word)), 3),
            )
        ),
        Column("digits", msg("Digits"), digits=0, shown=False),
        Column("fine", msg("Digits of expected"), digits=0, shown=False),
        Column("finest", msg("Digits of the bound"), digits=0, shown=False),
    )
    rows = tuple(_target(answer, target, found) for target in answer.sheet.targets.values())
    linked = any(target.basis == "linked" for target in answer.sheet.targets.values())
    said = msg(
        "Margin or gap: expected less the ensure tier (or the only tier), for a ceiling the ceiling less"
        " expected: plus is always room. Attainable is the best simulated value of an allowed plan; stated"
        " rows are shown, not judged.",
    )
    parts = (said, _ROUNDED, *([LINKED] if linked else []))
    note = in_each(lambda lang: tr(lang, " ").join(part.of(lang) for part in parts) + foreign(answer, lang))
    table = Table("targets", msg("Targets"), columns, rows, ("target",), note)
    return hide_empty(
        table,
        "last",
        "stretch",
        "at_most",
        "gap_yi",
        "bound",
        "rung_stretch",
        "rung_at_most",
        "rounding",
        *(f"{name}_{tier}" for tier in TIERS for name in ("probability", "error")),
    )


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
    names, keys = (
        titles([t.title for t in rows], lang, 99),
        ", ".join(f"relations.{t.indicator}" for t in rows),
    )
    return tr(
        lang,
        " {names}: shown only, the relation of the priors is a level of another city's size; state last"
        " year's figure and GDP growth under history.outcomes, or a relation of your own under {keys}.",
        names=names,
        keys=keys,
    )


def _target(answer: Answer, target: Target, found: dict[tuple[str, str], Outcome]) -> tuple[Any, ...]:
    own = {tier: found.get((target.id, tier)) for tier in TIERS}
    stated = answer.scenario.history.outcomes.get(target.id)
    # a stated row has a figure of last year at most, which is not foretold
    last = stated.value if stated else None if target.judged else target.expected
    first = next((outcome for outcome in own.values() if outcome), None)
    value = float(answer.sheet.value(target, answer.plan.path, answer.year)[0])
    expected = value if target.judged and not math.isnan(value) else None
    threshold = next(iter(target.tiers.values()), None)
    gap = target.sign * (expected - threshold) if expected is not None and threshold is not None else None
    money = target.sign * first.gap_yi if first and first.gap_yi is not None else None
    chances = [
        part
        for outcome in own.values()
        for part in ((outcome.probability, outcome.error) if outcome else (None, None))
    ]
    return (
        target.id,
        target.title,
        BASES[target.basis],
        unit_text(target.unit),
        last,
        expected,
        None if expected is None else expected - answer.sheet.offsets.get(target.id, 0.0),
        target.ensure,
        target.stretch,
        target.at_most,
        gap,
        money,
        first.attainable if first else None,
        first.optimum if first else None,
        _bound(own),
        *(rung_text(answer, outcome) if outcome else None for outcome in own.values()),
        _rounding(own),
        *chances,
        *_digits(target, expected, first.attainable if first else None, _bound(own)),
    )


def _rounding(own: dict[str, Outcome | None]) -> Bilingual | None:
    """Tiers that the plan reaches only thanks to rounding."""
    tiers = [
        TIERS[tier]
        for tier, outcome in own.items()
        if outcome
        and outcome.rung is Rung.PLAN
        and by_rounding(outcome.target, outcome.expected, outcome.threshold)
    ]
    return both(lambda lang: titles(tiers, lang)) if tiers else None


def _digits(target: Target, *values: float | None) -> tuple[int, int, int]:
    """Digits of thresholds, of the expected value and of the bound; copied whole numbers stay whole."""
    if target.judged:
        return target.digits, telling_digits(target, *values[:-1]), telling_digits(target, *values[-1:])
    stated = [
        *target.tiers.values(),
        *([] if target.expected is None else [target.expected]),
    ]  # tiers and last year's figure
    digits = 0 if all(float(value).is_integer() for value in stated) and target.unit != "%" else target.digits
    return digits, digits, digits


def _bound(own: dict[str, Outcome | None]) -> float | None:
    return next((outcome.bound for outcome in own.values() if outcome and outcome.bound is not None), None)
