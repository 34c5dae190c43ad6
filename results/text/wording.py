"""What a table says in words: names of limits and sectors, amounts, what a plan changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...engine.plans import counted, counted_money
from ...models.money import MONEY, money_of, unit_in_use
from ...models.quantity import Bilingual, FloatArray
from ...models.target import Target, leading
from ...models.words import in_each, in_terms, msg, tr
from ...scenarios.own_indicators import unit_of as indicator_unit
from .format import number, unit_of
from .locales import locale
from .rounding import largest_remainder

if TYPE_CHECKING:
    from ...engine.decide.assess import Fix, Run
    from ...scenarios.schema import Scenario, Years
    from ..tables.setting import Setting

THE_YEAR = msg("the year")
TIERS: dict[str, Bilingual] = {
    "ensure": msg("minimum"),
    "stretch": msg("stretch"),
    "at_most": msg("at most", context="wording"),
}
BASES: dict[str, Bilingual] = {
    "modelled": msg("modelled"),
    "linked": msg("linked*"),
    "stated": msg("stated only"),
}
BINDS: dict[str, Bilingual] = {
    "capacity": msg("capacity", context="what holds output"),
    "demand": msg("demand", context="what holds output"),
    "supply": msg("supply", context="what holds output"),
    "market": msg("market", context="what holds output"),
    "feed": msg("feed", context="what holds output"),
}
REACHED = {True: msg("yes", context="wording"), False: msg("no", context="wording")}
SHEET = msg("All targets together")
LEAST, _FINEST = 0.05, 0.0005
"""Amounts below which one digit, or three, show nothing."""
_KEYS = {
    "at_most": "ceiling",
    "fai": "fixed-asset investment",
    "finds_buyers": "share of new output sold",
    "gdp": "GDP",
    "gdp_most": "largest GDP",
    "ensure": "minimum target",
    "invest": "total investment",
    "joint": "by-product per unit",
    "last": "last year",
    "market": "outside market",
    "output_per_yuan": "output per unit of money",
    "max": "upper bound",
    "realisation": "investment put in place",
    "relax_to": "relaxed bound",
    "rho": "correlation",
    "sd": "standard deviation",
    "slip": "delay",
    "spread": "standard deviation left",
    "stretch": "stretch target",
    "tails": "degrees of freedom of the tails",
    "uses": "input per unit",
    "va": "value added",
    "va_ratio": "value added over output",
    "fai_least": "fixed-asset investment over GDP, least",
    "fai_most": "fixed-asset investment over GDP, most",
}
"""Keys of a scenario whose English is no word by itself."""
_NAMED = 4  # things that a sentence lists before it says how many there are


def tier_name(tier: str, lang: str) -> str:
    """A tier as a sentence names it.

    >>> tier_name("ensure", "zh"), tier_name("at_most", "zh"), tier_name("at_most", "en")
    ('确保档', '上限', 'ceiling')
    """
    if tier == "at_most":
        return tr(lang, "ceiling")
    return tr(lang, "{tier} target", context="a tier in a sentence", tier=TIERS[tier])


def in_points(unit: str) -> str:
    """The unit of a difference between two values of ``unit``.

    >>> in_points("%"), in_points("亿元")
    ('points', '亿元')
    """
    return "points" if unit in ("%", "%/yr") else unit


def both(say: Callable[[str], str]) -> Bilingual:
    """A sentence in every language."""
    return in_each(lambda lang: locale(lang).set(say(lang)))


def capital(text: Bilingual) -> Bilingual:
    """A text that begins with a capital."""
    return in_each(lambda lang: text.of(lang)[:1].upper() + text.of(lang)[1:])


def key_in_words(key: str, chinese: str) -> Bilingual:
    """A key of a scenario in words; Chinese says nothing where the schema has no Chinese for it."""
    return in_terms(Bilingual.told({"zh": chinese, "en": _KEYS.get(key) or key.replace("_", " ")}))


def titled(title: Bilingual | None, words: Sequence[Bilingual], path: str) -> Bilingual:
    """A number of a scenario by the nearest title on its path and the keys behind it."""

    def say(lang: str) -> str:
        keys = [word for each in words if (word := each.every().get(lang, each.en))]
        behind = tr(
            lang,
            " ",
            context="between the keys of a path",
        ).join(keys)
        if title is None or not behind:
            return behind or (title.of(lang) if title else path)
        return tr(lang, "{title}: {keys}", context="a number by its title and keys", title=title, keys=behind)

    return in_each(say)


def signed(value: float, digits: int) -> str:
    """A number with its sign; what is printed as zero has none."""
    text = number(value, digits)
    return f"+{text}" if value > 0 and text.strip("0.") else text


def amount(
    value: float, unit: str, lang: str, digits: int = 1, plus: bool = False, error: float | None = None
) -> str:
    """A number with its unit; Chinese sets no space before a Chinese unit, English counts 亿元 in billions,
    with one digit more; its standard error after ±.

    >>> amount(41.57, "亿元", "zh", error=0.42), amount(41.57, "亿元", "en", error=0.42)
    ('41.6 ± 0.4亿元', 'CNY 4.16 ± 0.04bn')
    >>> amount(41.57, "亿元", "zh"), amount(41.57, "亿元", "en"), amount(0.2, "points", "zh", plus=True)
    ('41.6亿元', 'CNY 4.16bn', '+0.2个百分点')
    """
    shown, money = unit_in_use(unit), money_of(unit_in_use(unit))
    if money:
        power, around = money.prose(value, lang)
        scale, digits = 10.0 ** (power - money.power), max(digits + power - money.power, 0)
        text = number(abs(value) / scale, digits)
        sign = "" if not text.strip("0.") else "-" if value < 0 else "+" if plus else ""
        return sign + around.format(text + give_or_take(None if error is None else error / scale, digits))
    text = signed(value, digits) if plus else number(value, digits)
    return text + give_or_take(error, digits) + spaced(unit_of(shown, lang))


def give_or_take(error: float | None, digits: int) -> str:
    """A standard error behind its value, never less than one of the last digit; nothing where there is
    none."""
    return "" if error is None else f" ± {number(max(error, 10.0**-digits), digits)}"


def spaced(unit: str) -> str:
    """A unit as it follows its number: percent and Chinese units at once, Latin ones after a space.

    >>> spaced("亿元"), spaced("%"), spaced("months"), spaced("")
    ('亿元', '%', ' months', '')
    """
    return unit if not unit or unit == "%" or unit[0] >= "\u2e80" else f" {unit}"


def one_more(unit: str, lang: str) -> str:
    """One unit of something, as a sentence says it."""
    money = money_of(unit_in_use(unit))
    if money:
        power, around = money.prose(1.0, lang)
        return around.format(1) if power == money.power else money.unit(lang)
    shown = unit_of(unit, lang)
    return locale(lang).one.get(shown) or f"1{spaced(shown)}"


def points(value: float, lang: str, digits: int = 2) -> str:
    """A difference in percentage points."""
    return amount(value, "points", lang, digits, plus=True)


def listed(parts: Iterable[str], lang: str, most: int = _NAMED) -> str:
    """Parts one after another; of many, the first and their number."""
    every = list(parts)
    shown = every[:most]
    told = tr(
        lang,
        ", ",
        context="between the things of a list",
    ).join(shown)
    if len(every) <= most:
        return told
    return tr(lang, "{told} and {more} more", told=told, more=len(every) - most, all=len(every))


def mains(answer: Setting) -> tuple[Target, ...]:
    """Targets that the verdict speaks of: the main ones, or all that are judged where none is called main."""
    return tuple(
        leading(target for target in answer.sheet.targets.values() if target.judged and target.tiers)
    )


def percent_closed(text: Bilingual, numbers: bool = True) -> Bilingual:
    """A sentence of the engine as Chinese is set: percent signs close up, and ``numbers`` too unless it is
    arithmetic."""

    def say(lang: str) -> str:
        own = locale(lang)
        said = text.of(lang).replace(" %", own.percent)
        return own.set(said) if numbers else said

    return in_each(say)


def together(answer: Setting, tier: str, main: bool = False) -> bool:
    """Whether a tier of all targets (``main``: the main ones) together says more than its rows.

    Two targets at least must have the tier; a ceiling counts as ensured.
    """
    names = {"ensure", "at_most"} if tier == "ensure" else {tier}
    judged = (
        target for target in answer.sheet.targets.values() if target.judged and (target.main or not main)
    )
    return sum(1 for target in judged if names & target.tiers.keys()) > 1


def confidence(answer: Setting) -> str:
    """The chance from which a goal counts as reached, as a sentence says it."""
    stated = answer.scenario.uncertainty.confidence
    return f"{number(stated.value if stated else 50.0, None)}%"


def limit_unit(answer: Setting, key: str) -> str:
    """Unit in which a limit is counted."""
    limit = answer.scenario.limits[key]
    return indicator_unit(answer.scenario, limit.indicator) if limit.indicator else limit.kind.unit


def relax_unit(answer: Setting, key: str) -> str:
    """Unit in which the relaxation of a limit is counted: what is added to a percentage is points."""
    unit = limit_unit(answer, key)
    return "个百分点" if unit in ("%", "points") else unit


def room(answer: Setting, key: str) -> float:
    """Investment that a limit on its total already allows beyond the plan, 亿元, in its own years; 0 for any
    other limit."""
    bound = next((bound for bound in answer.bounds if bound.id == key), None)
    if bound is None or not bound.all_money:
        return 0.0
    totals = [answer.plan.plan.total(year) for year in bound.years or (answer.year,)]
    return max(0.0, bound.most - (sum(totals) if bound.together else max(totals)))


def told_relaxed(answer: Setting, amounts: Mapping[str, float] | None) -> dict[str, float]:
    """What is added to or relaxed of limits, the most first, without the solver's dust: amounts that print as
    nothing and are less than a thousandth of their limit."""
    limits = answer.scenario.limits

    def least(key: str) -> float:
        return min(LEAST, max(abs(limits[key].stated.value) / 1000, _FINEST))

    found = {key: more for key, more in (amounts or {}).items() if more >= least(key)}
    return dict(sorted(found.items(), key=lambda each: -each[1]))


def told_amount(answer: Setting, key: str, more: float, lang: str, error: float | None = None) -> str:
    """What is added to a limit, with as many digits as show it."""
    digits = next((digits for digits in (1, 2) if more >= 0.5 * 10**-digits), 3)
    return amount(more, relax_unit(answer, key), lang, digits, plus=True, error=error)


def told_weight(weight: float | None) -> float | None:
    """A weight as a cell; none where it prints as nothing."""
    return None if weight is None or abs(weight) < 0.005 else weight


def inside(answer: Setting, fix: Fix) -> bool:
    """Whether a fix needs more investment only, and no more than the limits already allow."""
    return bool(fix.relaxed) and all(more <= room(answer, key) + 1e-6 for key, more in fix.relaxed.items())


def _given(answer: Setting, key: str, more: float, lang: str, error: float | None) -> str:
    """One limit's part of a fix: what lies below the limit's maximum is more investment and no relaxation."""
    limit, free = answer.scenario.limits[key], room(answer, key)
    unit = relax_unit(answer, key)
    told = told_amount(answer, key, more, lang, error if limit.kind.all_money else None)
    if free <= 0:
        return f"{limit.title.of(lang)} {told}"
    most = amount(limit.stated.value, unit, lang)
    if more < free + LEAST:
        return tr(lang, "more investment, {told} (still within the limit of {most})", told=told, most=most)
    first, beyond = amount(free, unit, lang), amount(more - free, unit, lang)
    return tr(
        lang,
        "more investment, {told} ({first} of it within the limit of {most}, which must be relaxed by"
        " {beyond})",
        told=told,
        first=first,
        most=most,
        beyond=beyond,
    )


def relaxed(answer: Setting, fix: Fix, lang: str, error: bool = True) -> str:
    """What a fix relaxes or adds within the limits, each in its own unit, money with its ``error``, and what
    else its plan does otherwise."""
    parts = [
        _given(answer, key, more, lang, fix.error if error else None)
        for key, more in told_relaxed(answer, fix.relaxed).items()
    ]
    if not parts:
        return moved(answer, fix.run, lang)
    return listed(parts, lang) + also(answer, fix.run, lang)


def also(answer: Setting, run: Run, lang: str) -> str:
    """The largest moves of the mix and of starts that a plan makes besides, as the rest of a sentence."""
    told = ""
    if mix := shares_moved(answer, run, lang, 3):
        told += tr(lang, ", with the mix changed (mainly {mix})", mix=mix)
    if starts := shifted(answer, run, lang):
        told += tr(lang, ", with starts moved ({starts})", starts=starts)
    if run.plan.routing:
        told += tr(lang, ", with other routing of materials")
    return told


def shifted(answer: Setting, run: Run, lang: str) -> str:
    """Projects that a plan starts at another time than stated."""
    parts = []
    for key, months in run.plan.shifts.items():
        if months:
            word = (
                tr(lang, "earlier", context="wording") if months < 0 else tr(lang, "later", context="wording")
            )
            long = amount(abs(months), "months", lang, 0)
            title = answer.scenario.projects[key].title.of(lang)
            parts.append(tr(lang, "{title} {long} {word}", title=title, long=long, word=word))
    return listed(parts, lang, 2)


def printed_shares(answer: Setting, run: Run) -> list[float]:
    """Share of each sector in the money by which plans are compared, %, adding up to 100 as printed."""
    return largest_remainder(_shares(answer, run).tolist(), 1, 100.0)


def _shares(answer: Setting, run: Run) -> FloatArray:
    """Share of each sector in the money of the target year, or of all years where money may move between
    them, % ``(S,)``."""
    money = counted_money(answer.scenario, run.plan, answer.year)
    return np.asarray(100 * money / money.sum())


def share_moves(answer: Setting, run: Run) -> list[float]:
    """Points by which printed shares of a plan differ from the plan's; nothing where the shares are the
    same."""
    exact = _shares(answer, run) - _shares(answer, answer.plan)
    told = zip(printed_shares(answer, run), printed_shares(answer, answer.plan), exact.tolist(), strict=True)
    return [round(new - old, 1) if abs(away) >= 0.05 else 0.0 for new, old, away in told]


def shares_moved(answer: Setting, run: Run, lang: str, most: int = _NAMED) -> str:
    """The largest differences of a plan's shares from the plan's."""
    away = share_moves(answer, run)
    order = sorted(range(len(away)), key=lambda at: -abs(away[at]))
    titles = [sector.title.of(lang) for sector in answer.scenario.sectors.values()]
    parts = [f"{titles[at]} {points(away[at], lang, 1)}" for at in order if away[at]]
    return listed(parts, lang, most)


def the_year(years: Years, usual: Bilingual = THE_YEAR) -> Bilingual:
    """``usual`` where "the year" can be no other than the first; else the target year by its number."""
    return usual if years.target == years.first else msg("{year}", context="year", year=years.target)


def the_years(scenario: Scenario, usual: Bilingual = THE_YEAR) -> Bilingual:
    """:func:`the_year`; all years up to it where money may move between them."""
    years = scenario.years
    if scenario.investment.movable is None or years.target == years.first:
        return the_year(years, usual)
    return Bilingual.same(f"{years.first}-{years.target}")


def in_first(years: Years, lang: str, usual: str) -> str:
    """``usual`` where the target year is the first; else when that is, for what belongs to the first year."""
    if years.target == years.first:
        return usual
    return tr(lang, "in {first}", first=years.first)


def money_away(answer: Setting, run: Run) -> float:
    """By how much a plan invests more (or less) than the plan, 亿元: in the target year, or in all years up
    to it where money may move between them."""
    scenario, year = answer.scenario, answer.year
    return counted(scenario, run.plan, year) - counted(scenario, answer.plan.plan, year)


def _money_moved(answer: Setting, run: Run, lang: str) -> str:
    """By how much a plan invests more or less than the plan."""
    away = money_away(answer, run)
    if abs(away) < 0.05:
        return ""
    size, change = amount(abs(away), MONEY, lang), amount(away, MONEY, lang, plus=True)
    if away > 0:
        return tr(lang, "more investment, {change}", change=change, size=size)
    return tr(lang, "less investment, {change}", change=change, size=size)


def only_less(answer: Setting, run: Run) -> bool:
    """Whether a plan does nothing but spend less in the same shares."""
    moves = any(share_moves(answer, run)) or any(run.plan.shifts.values()) or run.plan.routing
    return not moves and money_away(answer, run) < -0.05


def moved(answer: Setting, run: Run, lang: str) -> str:
    """All that a plan does otherwise than the plan as written: money, starts, routing."""
    parts = [_money_moved(answer, run, lang), shares_moved(answer, run, lang), shifted(answer, run, lang)]
    if run.plan.routing:
        parts.append(tr(lang, "other routing of materials"))
    told = [part for part in parts if part]
    return tr(lang, "; ").join(told) if told else tr(lang, "as the plan")


def titles(texts: Sequence[Bilingual], lang: str, most: int = _NAMED) -> str:
    """Names one after another."""
    return listed([text.of(lang) for text in texts], lang, most)


SCALE: tuple[tuple[float, Bilingual], ...] = (
    (0.95, msg("extremely likely")),
    (0.90, msg("very likely")),
    (0.66, msg("likely")),
    (0.33, msg("about as likely as not")),
    (0.10, msg("unlikely")),
    (0.05, msg("very unlikely")),
    (-1.0, msg("extremely unlikely")),
)
"""Words for a chance, from the least chance that each stands for. Source: IPCC guidance note on uncertainty
(Mastrandrea et al. 2010)."""

SCALE_NOTE = msg(
    "Words for chances: extremely likely ≥ 95 %, very likely ≥ 90, likely ≥ 66, about as likely as not 33-66,"
    " unlikely ≤ 33, very unlikely ≤ 10, extremely unlikely ≤ 5 (IPCC 2010)."
)


def likelihood(chance: float) -> Bilingual:
    """A chance (share) in words, by one fixed scale."""
    if chance <= 0.05:
        return SCALE[-1][1]
    if chance <= 0.10:
        return SCALE[-2][1]
    if chance < 0.33:
        return SCALE[-3][1]
    return next(word for least, word in SCALE if chance >= least)
