"""Growth rows against the rows that they are made of: GDP, industry, sectors, tiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ....models.consistency import Consistency, level, mean_growth, rest_growth, together
from ....models.money import in_money
from ....models.quantity import Bilingual, Quantity
from ....models.words import in_a_list, in_each, msg
from .line import TIERS, AuditLine, compare, half, lacking, nearest_tier, say
from .pins import HOW, Aggregate, Known, SectorBlock, told

_SHARE = 100.0


def growth_lines(known: Known) -> Iterator[AuditLine]:
    """Every growth row that has parts on the sheet, at each tier."""
    for one in known.aggregates:
        for tier in one.target.tiers:
            blocks, unknown = known.blocks(one, tier)
            if one.target.indicator != "gdp_growth":
                yield from _lead(known, one, tier)
            if not _spoken(known, one, tier, blocks) or not _stated(known, one, tier, blocks):
                continue
            if unknown:
                about = msg("{title} against its parts", title=one.target.title)
                yield lacking("parts", one.target, tier, about, [f"history.growth.{key}" for key in unknown])
                continue
            yield _parts(known, one, tier, blocks)
            yield from _rest(known, one, tier, blocks)
        yield from _step(known, one)
        if one.target is known.row("gdp_growth"):
            yield from _base_year(known, one)


def _spoken(known: Known, one: Aggregate, tier: str, blocks: Sequence[SectorBlock]) -> bool:
    """Whether the sheet says anything of the parts: a ceiling of a part holds a row to reach, it presses on
    no ceiling of the whole."""
    if any(block.set_by_sheet and not (tier == "at_most" and block.pin.how == "ceiling") for block in blocks):
        return True
    held = (row for row in known.aggregates if row.target.at_most is not None and row.total < one.total)
    return tier != "at_most" and any(row.weights.keys() <= one.weights.keys() for row in held)


def _stated(known: Known, one: Aggregate, tier: str, blocks: Sequence[SectorBlock]) -> bool:
    """Whether the sheet says anything of the parts at a tier: tiers are compared only where the parts state
    them.

    A part that states no stretch tier goes on at its ensure tier, which says nothing of what a stretch of the
    whole would ask of it.
    """
    if tier != "stretch" or "ensure" not in one.target.tiers:
        return True
    before = {
        each.pin.source: each.pin.growth for each in known.blocks(one, "ensure")[0] if each.set_by_sheet
    }
    return any(
        each.set_by_sheet and abs(each.pin.growth - before.get(each.pin.source, each.pin.growth)) > 1e-9
        for each in blocks
    )


def _used(blocks: Sequence[SectorBlock]) -> tuple[Quantity, ...]:
    return tuple(
        {quantity.path or id(quantity): quantity for block in blocks for quantity in block.pin.used}.values()
    )


def _listed(blocks: Sequence[SectorBlock]) -> Bilingual:
    return in_a_list([told(each) for each in blocks])


def _sum(blocks: Sequence[SectorBlock], lang: str) -> str:
    """The weighted sum as arithmetic."""
    return _terms(
        [(each.pin.title, f"{say(each.weight, 1)} × {say(each.pin.growth, 2)}") for each in blocks], lang
    )


def _terms(terms: Sequence[tuple[Bilingual, str]], lang: str) -> str:
    """A sum of named products as arithmetic."""
    return " + ".join(f"{name.of(lang)} {product}" for name, product in terms)


def _parts(known: Known, one: Aggregate, tier: str, blocks: Sequence[SectorBlock]) -> AuditLine:
    """The row against the mean of its parts."""
    target, total = one.target, one.total
    implied = mean_growth((each.weight, each.pin.growth) for each in blocks)
    sd = together(*(each.weight / total * each.pin.sd for each in blocks))
    by_sheet = sum(each.weight for each in blocks if each.set_by_sheet)
    formula = f"÷ {say(total, 1)} = {say(implied, 2)}"
    return compare(
        "parts",
        target,
        tier,
        implied,
        sd=sd,
        slack=half(target.digits) * (1 + by_sheet / total),
        about=target.title,
        by=_listed(blocks),
        used=_used(blocks),
        floor=known.ranged(target),
        basis=in_each(lambda lang: f"({_sum(blocks, lang)}) {formula}"),
    )


def _rest(known: Known, one: Aggregate, tier: str, blocks: Sequence[SectorBlock]) -> Iterator[AuditLine]:
    """What the row leaves for the largest part that the sheet says nothing of, against what that part
    does."""
    free = [each for each in blocks if not each.set_by_sheet]
    if not free:
        return
    target, ceiling = one.target, tier == "at_most"
    rest = max(free, key=lambda each: each.weight)
    others = [each for each in blocks if each is not rest]
    asked = rest_growth(target.tiers[tier], [(each.weight, each.pin.growth) for each in others], rest.weight)
    sd = together(rest.pin.sd, *(each.weight / rest.weight * each.pin.sd for each in others))
    by_sheet = sum(each.weight for each in others if each.set_by_sheet)
    slack = half(target.digits) * (one.total + by_sheet) / rest.weight
    how, usual, most = HOW[rest.pin.how], rest.pin.growth, rest.pin.most
    found = level(asked, usual, sd, slack, floor=known.ranged(target), ceiling=ceiling)
    if ceiling and asked >= usual:
        return  # the ceiling holds nothing back
    # one mismatch is one finding: it stands with the row itself, here is what it means for the rest
    name, goal = rest.pin.title, say(target.tiers[tier], target.digits)
    implied = mean_growth((each.weight, each.pin.growth) for each in blocks)
    near = nearest_tier(target, implied)
    rate: str | Bilingual = f"{say(asked, 1)} %"
    if most:
        rate = msg("{rate} ({most})", rate=rate, most=most)
    if ceiling:
        leaves = msg("lets {name} grow at most {rate}", name=name, rate=rate)
    elif asked < usual:
        leaves = msg("needs {name} to grow only {rate}", name=name, rate=rate)
    else:
        leaves = msg("needs {name} to grow {rate}", name=name, rate=rate)
    fits = msg(".")
    if near is not None and len(target.tiers) > 1:
        best = say(target.tiers[near], target.digits)
        fits = msg(", and the {tiers} tier, {best} %, fits best", tiers=TIERS[near], best=best)
    yield AuditLine(
        "rest",
        target.id,
        tier,
        name,
        found,
        asked,
        usual,
        "%",
        1,
        sd,
        near,
        basis=in_each(
            lambda lang: (
                f"({say(one.total, 1)} × {goal} - ({_sum(others, lang)})) ÷ {say(rest.weight, 1)} ="
                f" {say(asked, 2)}"
            )
        ),
        says=msg(
            "{title} {goal} % ({tier}) with {others} {leaves}; {name} at {usual} % ({how}) implies {implied}"
            " %{fits}",
            title=target.title,
            goal=goal,
            tier=TIERS[tier],
            others=_listed(others),
            leaves=leaves,
            name=name,
            usual=say(usual, 1),
            how=how,
            implied=say(implied, target.digits),
            fits=fits,
        ),
        used=_used(blocks),
    )


def _lead(known: Known, one: Aggregate, tier: str) -> Iterator[AuditLine]:
    """A growth row against GDP's by last year's distance between the two, and what it pulls."""
    gdp = known.row("gdp_growth")
    goal, bound = known.reading(gdp, tier) if gdp else (None, False)
    if gdp is None or goal is None:
        return
    about = msg("{title} against GDP", title=one.target.title)
    own, whole = known.outcome(one.target), known.outcome(gdp)
    if own is None or whole is None:
        if tier == "at_most":
            return
        rows = [(own, one.target), (whole, gdp)]
        yield lacking(
            "lead",
            one.target,
            tier,
            about,
            [f"history.outcomes.{row.id}" for found, row in rows if found is None],
        )
        return
    swing, share = known.swing(one.weights), one.total / sum(known.va.values())
    implied, pull = goal + own.value - whole.value, share * one.target.tiers[tier]
    left = rest_growth(goal, [(share, one.target.tiers[tier])], 1 - share) if share < 1 else goal
    lead = f"{say(goal, 1)} + ({say(own.value, 1)} - {say(whole.value, 1)}) = {say(implied, 2)}"
    weights = (
        f"{say(one.total, 1)} ÷ {say(sum(known.va.values()), 1)} × {say(one.target.tiers[tier], 1)} ="
        f" {say(pull, 2)}"
    )
    yield compare(
        "lead",
        one.target,
        tier,
        implied,
        sd=swing.value if swing else None,
        slack=2 * half(one.target.digits),
        about=about,
        used=(own, whole, *((swing,) if swing else ())),
        floor=bound or known.ranged(one.target),
        by=msg("last year's distance"),
        basis=msg(
            "{lead}; contributes {pull} points, {share} % of it: all else must grow {rest} %",
            lead=lead,
            pull=weights,
            share=say(_SHARE * pull / goal, 0) if goal else "—",
            rest=say(left, 2),
        ),
    )


def _step(known: Known, one: Aggregate) -> Iterator[AuditLine]:
    """From ensure to stretch: does the row step up as much as its parts on the sheet do?"""
    tiers = one.target.tiers
    if not {"ensure", "stretch"} <= tiers.keys():
        return
    low, high = (known.blocks(one, tier)[0] for tier in ("ensure", "stretch"))
    if not any(each.set_by_sheet for each in low) or not _stated(known, one, "stretch", high):
        return
    by_source = {each.pin.source: each for each in high}
    moves = [(each, by_source[each.pin.source]) for each in low if each.pin.source in by_source]
    implied = sum(a.weight * (b.pin.growth - a.pin.growth) for a, b in moves) / one.total
    asked = tiers["stretch"] - tiers["ensure"]
    free = [each for each in low if not each.set_by_sheet]
    rest = max(free, key=lambda each: each.weight) if free else None
    sd = rest.weight / one.total * rest.pin.sd if rest else 0.0
    slack = 2 * half(one.target.digits)
    found = level(asked, implied, sd, slack)
    shown = [(a, b) for a, b in moves if abs(b.pin.growth - a.pin.growth) > 1e-9]
    steps = [(a.pin.title, f"{say(a.weight, 1)} × {say(b.pin.growth - a.pin.growth, 2)}") for a, b in shown]
    formula = f"÷ {say(one.total, 1)} = {say(implied, 2)}"
    faster = (asked - implied) * one.total / rest.weight if rest else 0.0
    values: dict[str, Any] = {
        "title": one.target.title,
        "asked": say(asked, 1),
        "implied": say(implied, 2),
        "rest": rest.pin.title if rest else "",
        "faster": say(faster, 1),
    }
    says = (
        msg(
            "{title}: the stretch target is {asked} points above the minimum, the stretch"
            " targets of its parts bring {implied}, the rest takes {rest} {faster} points"
            " faster",
            **values,
        )
        if rest and faster > 0.05
        else msg(
            "{title}: the stretch target is {asked} points above the minimum, the stretch"
            " targets of its parts bring {implied}",
            **values,
        )
    )
    yield AuditLine(
        "step",
        one.target.id,
        "stretch",
        msg("{title}, step between tiers", title=one.target.title),
        found,
        asked,
        implied,
        "points",
        2,
        sd,
        None,
        in_each(lambda lang: f"({_terms(steps, lang) or '0'}) {formula}"),
        says,
        _used([rest] if rest else []),
    )


def _base_year(known: Known, one: Aggregate) -> Iterator[AuditLine]:
    """Last year's growth by the same arithmetic: what it left for the parts of which no outcome is stated.

    Weights are of the year before the base year: w / (1 + g).
    """
    whole = known.outcome(one.target)
    parts: list[tuple[Bilingual, float, float, Quantity]] = []
    covered: set[str] = set()
    for row in known.aggregates:
        outcome = known.outcome(row.target)
        if row is one or outcome is None or covered & row.weights.keys():
            continue
        parts.append((row.target.title, row.total, outcome.value, outcome))
        covered |= row.weights.keys()
    for key, quantity in known.scenario.history.growth.items():
        members = dict.fromkeys(
            known.economy.groups.get(key, (key,))
        )  # in their order, so that sums are the same in every run
        if members and not covered & members.keys():
            title = known.title(tuple(members), key)
            parts.append((title, sum(known.va[m] for m in members), quantity.value, quantity))
            covered |= members.keys()
    left = one.total - sum(weight for _, weight, _, _ in parts)
    if (
        whole is None
        or not parts
        or left <= 0.001 * one.total
        or min(whole.value, *(rate for _, _, rate, _ in parts)) <= -100
    ):
        return
    before = [(weight / (1 + growth / 100), growth) for _, weight, growth, _ in parts]
    all_before = one.total / (1 + whole.value / 100)
    rest = rest_growth(whole.value, before, all_before - sum(weight for weight, _ in before))
    terms = [
        (name, f"{say(weight, 1)} × {say(growth, 1)}")
        for (name, *_), (weight, growth) in zip(parts, before, strict=True)
    ]
    yield AuditLine(
        "base_year",
        one.target.id,
        "",
        msg("Base year: parts without a stated rate"),
        Consistency.TOLD,
        None,
        rest,
        "%",
        1,
        None,
        None,
        msg(
            "({whole} × {growth} - ({parts})) ÷ the rest = {rest}",
            whole=say(all_before, 1),
            growth=say(whole.value, 1),
            parts=in_each(lambda lang: _terms(terms, lang)),
            rest=say(rest, 2),
        ),
        msg(
            "by the same arithmetic last year's outcomes left {rest} % for the rest ({money})",
            rest=say(rest, 1),
            money=in_money(left),
        ),
        (whole, *(quantity for *_, quantity in parts)),
    )
