"""A province of regions as tables: sum and members, what did not add up, where the doubt comes from, who must
do what (全省推演)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from ...engine.province.run import Division, ProvinceAnswer, target_of
from ...models.money import CURRENCY, MONEY, money_in_use
from ...models.quantity import Bilingual, FloatArray
from ...models.target import Target
from ...models.words import msg, tr
from ...scenarios.province.load import Member
from ...scenarios.province.schema import CUT, DISTANCE, EXTRA
from ..text.format import chance_text, number
from ..text.wording import TIERS, amount, both, likelihood, listed, tier_name
from .lines import Line, summary_of
from .table import Column, Table, declare

PERSONS = 1e4
"""In a unit of population."""
LOW, HIGH = 0.1, 0.9
"""Quantiles between which four futures of five lie."""
KINDS: dict[str, Bilingual] = {
    "cheapest": msg("Least money"),
    "fairest": msg("Least largest part"),
    "most": msg("All that the limits allow"),
    "elsewhere": msg("The same money elsewhere"),
    "pool_best": msg("The parent's money where it brings most"),
    "pool_even": msg("The parent's money in equal parts of the plans"),
}
POOLED: dict[str, Bilingual] = {
    "pool_best": msg("where it brings most"),
    "pool_even": msg("in equal parts of the plans"),
}
"""The same within a sentence about that money."""
NAMED = 4
"""Members that a sentence names at most."""
SOURCES: tuple[Bilingual, ...] = (
    msg("Shocks of the nation"),
    msg("Shocks of the province"),
    msg("The members' own"),
)
SHOWN = (
    "province_targets",
    "province_members",
    "province_proposed",
    "province_accounts",
    "province_doubt",
    "province_trade",
    "province_plans",
)
"""Tables for the terminal."""
WHOLE = msg("All members")


def province_tables(found: ProvinceAnswer) -> dict[str, Table]:
    """Every table of a province by name."""
    made = (
        _summary(found),
        _targets(found),
        _members(found),
        _proposed(found),
        _accounts(found),
        _doubt(found),
        _trade(found),
        _plans(found),
        _division(found),
    )
    return {table.name: table for table in made if table.rows}


@dataclass(frozen=True)
class _Tier:
    """One tier of the sum's growth, or of the gap."""

    target: Target
    tier: str
    values: FloatArray


def _tiers(found: ProvinceAnswer) -> Iterator[_Tier]:
    for tier in found.growth.tiers:
        yield _Tier(found.growth, tier, found.together.growth)
    gap = found.together.gap()
    if found.gap is not None and gap is not None:
        yield _Tier(found.gap, "at_most", gap)


def _targets(found: ProvinceAnswer) -> Table:
    def reached(row: _Tier) -> bool:
        return bool(
            row.target.reached(row.values, row.target.tiers[row.tier]).mean() >= found.province.confidence
        )

    columns = (
        Column("target", msg("Target id"), shown=False, value=lambda row: row.target.id),
        Column("title", msg("Target"), value=lambda row: row.target.title),
        Column("tier_id", msg("Tier id"), shown=False, value=lambda row: row.tier),
        Column("tier", msg("Tier"), value=lambda row: TIERS[row.tier]),
        Column(
            "threshold",
            msg("Asked"),
            digits=2,
            digits_from="digits",
            value=lambda row: row.target.tiers[row.tier],
        ),
        Column("digits", msg("Digits"), shown=False, value=lambda row: row.target.digits),
        Column("median", msg("Median"), digits=2, value=lambda row: float(np.median(row.values))),
        Column("low", msg("80 % from"), digits=2, value=lambda row: float(np.quantile(row.values, LOW))),
        Column("high", msg("80 % to"), digits=2, value=lambda row: float(np.quantile(row.values, HIGH))),
        Column(
            "chance",
            msg("Chance"),
            "%",
            0,
            fraction="chance",
            value=lambda row: found.chance(row.target, row.tier, row.values).value,
        ),
        Column(
            "error",
            msg("Standard error"),
            "points",
            1,
            fraction="points",
            value=lambda row: found.chance(row.target, row.tier, row.values).error,
            shown=False,
        ),
        Column("reached", msg("Reached"), value=reached),
    )
    note = both(partial(_targets_note, found))
    return declare(
        "province_targets", msg("Targets of the whole"), columns, _tiers(found), ("target", "tier_id"), note
    )


def _targets_note(found: ProvinceAnswer, lang: str) -> str:
    said = tr(
        lang,
        "A tier counts as reached from a chance of {confidence} %; values are held against it as they are"
        " printed with one decimal: 4.95 is 5.0.",
        confidence=number(100 * found.province.confidence, 0),
    )
    if found.gap is None:
        return said
    unknown = [m.title.of(lang) for m in found.members if m.population is None]
    said += tr(lang, " ") + tr(lang, "GDP per head: residents as in the base year.")
    if unknown:
        said += tr(lang, " ")
        said += tr(lang, "Without {names}, whose residents are not known.", names=listed(unknown, lang))
    return said


@dataclass(frozen=True)
class _Row:
    """A member, or all of them together (None)."""

    member: Member | None
    at: int

    @property
    def level(self) -> str:
        """Whether it is a part or the total."""
        return "total" if self.member is None else "part"

    @property
    def id(self) -> str:
        """The member's id."""
        return "total" if self.member is None else self.member.id

    @property
    def title(self) -> Bilingual:
        """What it is called."""
        return WHOLE if self.member is None else self.member.title


def _rows(found: ProvinceAnswer) -> list[_Row]:
    return [*(_Row(member, at) for at, member in enumerate(found.members)), _Row(None, -1)]


def _level(found: ProvinceAnswer, row: _Row, year: int) -> FloatArray:
    together = found.together
    return np.asarray(together.whole[year] if row.member is None else together.levels[row.at, year])


def _grown(found: ProvinceAnswer, row: _Row) -> FloatArray:
    return found.together.growth if row.member is None else found.together.own[row.at]


def _chance(found: ProvinceAnswer, tier: str, row: _Row) -> float | None:
    tiers = found.growth.tiers if row.member is None else row.member.tiers
    if tier not in tiers:
        return None
    target = target_of("growth", "gdp_growth", tiers, 1)
    return found.chance(target, tier, _grown(found, row)).value


def _asked(found: ProvinceAnswer, tier: str, row: _Row) -> float | None:
    tiers = found.growth.tiers if row.member is None else row.member.tiers
    return tiers.get(tier)


def _doubt_part(found: ProvinceAnswer, row: _Row) -> float:
    """Part of the variance of the sum's growth that comes with a member."""
    if row.member is None:
        return 1.0
    whole = found.together.growth
    return float(np.cov(found.together.points[row.at], whole)[0, 1] / np.cov(whole))


def _place(at: int, row: _Row) -> float | None:
    """Latitude or longitude of a member."""
    return None if row.member is None or row.member.place is None else row.member.place[at]


def _tier_columns(found: ProvinceAnswer, tier: str) -> Iterator[Column]:
    """A tier of each member's own, and its chance."""
    yield Column(
        tier, both(partial(tier_name, tier)), "%", 1, optional=True, value=partial(_asked, found, tier)
    )
    head = both(lambda lang: tr(lang, "Chance, {tier}", tier=tier_name(tier, lang)))
    value = partial(_chance, found, tier)
    yield Column(f"chance_{tier}", head, "%", 0, fraction="chance", optional=True, value=value)


def _members(found: ProvinceAnswer) -> Table:
    base, year, together = found.year - 1, found.year, found.together

    def brings(row: _Row) -> float:
        points = together.growth if row.member is None else together.points[row.at]
        return float(points.mean())

    def head(row: _Row) -> float | None:
        people = np.nan if row.member is None or row.member.population is None else row.member.population
        value = float(_level(found, row, -1).mean() / people) * money_in_use().scale / PERSONS
        return None if np.isnan(value) else value

    columns = (
        Column("level", msg("Level", context="table_province"), shown=False),
        Column("member", msg("Member id"), shown=False, value=lambda row: row.id),
        Column("title", msg("Member")),
        Column(
            "base",
            msg("GDP {year}", year=base),
            MONEY,
            1,
            adds=True,
            value=lambda row: float(_level(found, row, 0)[0]),
        ),
        Column(
            "mean",
            msg("GDP {year} at {base} prices, mean", year=year, base=base),
            MONEY,
            1,
            adds=True,
            value=lambda row: float(_level(found, row, -1).mean()),
        ),
        Column(
            "growth", msg("Growth, median"), "%", 2, value=lambda row: float(np.median(_grown(found, row)))
        ),
        Column(
            "low",
            msg("80 % from"),
            "%",
            1,
            value=lambda row: float(np.quantile(_grown(found, row), LOW)),
            terminal=False,
        ),
        Column(
            "high",
            msg("80 % to"),
            "%",
            1,
            value=lambda row: float(np.quantile(_grown(found, row), HIGH)),
            terminal=False,
        ),
        Column("brings", msg("Brings to the whole, mean"), "points", 2, adds=True, value=brings),
        Column(
            "doubt",
            msg("Part of the whole's variance"),
            "%",
            0,
            adds=True,
            fraction="share",
            terminal=False,
            value=partial(_doubt_part, found),
        ),
        *_tier_columns(found, "ensure"),
        *_tier_columns(found, "stretch"),
        Column(
            "head",
            msg("GDP per head {year} at {base} prices, mean", year=year, base=base),
            CURRENCY,
            0,
            optional=True,
            terminal=False,
            value=head,
        ),
        *(
            Column(name, title, digits=2, shown=False, value=partial(_place, at))
            for at, (name, title) in enumerate(
                (("latitude", msg("Latitude")), ("longitude", msg("Longitude")))
            )
        ),
    )
    note = msg(
        "Means add up, medians do not; digits of what adds up are rounded so that they do. Without a chance:"
        " no target is stated."
    )
    return declare("province_members", msg("Members"), columns, _rows(found), ("member",), note)


def _proposed_columns(found: ProvinceAnswer, tier: str) -> Iterator[Column]:
    """A tier of each member's own, and the one that adds up."""

    def made(row: _Row) -> float | None:
        if row.member is None:
            return found.growth.tiers[tier]
        return float(found.proposed[tier].targets[row.at]) if tier in found.proposed else None

    own = both(lambda lang: tr(lang, "{tier}, as stated", tier=tier_name(tier, lang)))
    head = both(lambda lang: tr(lang, "{tier}, adding up", tier=tier_name(tier, lang)))
    yield Column(tier, own, "%", 1, optional=True, value=partial(_asked, found, tier))
    yield Column(f"{tier}_made", head, "%", 1, optional=True, value=made)


def _proposed(found: ProvinceAnswer) -> Table:
    """Targets of the members that add up to the parent's, as likely for each."""

    columns = [
        Column("level", msg("Level", context="table_province"), shown=False),
        Column("member", msg("Member id"), shown=False, value=lambda row: row.id),
        Column("title", msg("Member")),
        Column(
            "weight",
            msg("Part of GDP {year}", year=found.year - 1),
            "%",
            1,
            fraction="share",
            value=lambda row: float(_level(found, row, 0)[0] / found.together.whole[0, 0]),
        ),
    ]
    for tier in found.growth.tiers:
        columns += _proposed_columns(found, tier)
    rows = _rows(found) if found.proposed and len(found.members) > 1 else []
    note = both(partial(_proposed_note, found))
    return declare(
        "province_proposed",
        msg("Targets of the members that add up to the whole's"),
        columns,
        rows,
        ("member",),
        note,
    )


def _proposed_note(found: ProvinceAnswer, lang: str) -> str:
    chances = [
        tr(lang, "{tier} {chance} %", tier=tier_name(tier, lang), chance=chance_text(100 * made.chance))
        for tier, made in found.proposed.items()
    ]
    return tr(
        lang,
        "Weighted by GDP they are the whole's; each member reaches its own with the same chance: {chances}."
        " That is with the targets now in the file: a target counts as evidence of growth, so that lower ones"
        " lower the forecast; give them as targets and run again.",
        chances=tr(lang, ", ", context="between the things of a list").join(chances),
    )


def _accounts(found: ProvinceAnswer) -> Table:
    """The base year as members state it and as it is held to the parent."""
    province = found.province

    def stated(row: _Row) -> float | None:
        if row.member is None:
            return province.stated
        return None if row.member.rest else row.member.gdp

    def held(row: _Row) -> float:
        return float(_level(found, row, 0)[0])

    def change(row: _Row) -> float | None:
        before = stated(row)
        if before is None or (row.member is None and any(member.rest for member in found.members)):
            return None
        return 100 * (held(row) / before - 1)

    columns = (
        Column("level", msg("Level", context="table_province"), shown=False),
        Column("member", msg("Member id"), shown=False, value=lambda row: row.id),
        Column("title", msg("Member")),
        Column("stated", msg("As stated"), MONEY, 2, value=stated),
        Column("held", msg("Held to the parent"), MONEY, 2, adds=True, value=held),
        Column("change", msg("Change", context="table_province"), "%", 2, signed=True, value=change),
    )
    note = both(partial(_accounts_note, found))
    return declare(
        "province_accounts", msg("Do the members add up?"), columns, _rows(found), ("member",), note
    )


def _accounts_note(found: ProvinceAnswer, lang: str) -> str:
    return tr(
        lang,
        "The parent's own GDP of {year}: {whole}.",
        year=found.year - 1,
        whole=amount(found.province.regions.parent.gdp.value, MONEY, lang, 2),
    )


def _doubt(found: ProvinceAnswer) -> Table:
    columns = (
        Column("source", msg("Source id", context="table_province"), shown=False, value=lambda row: row[0]),
        Column("title", msg("Where doubt comes from"), value=lambda row: row[1]),
        Column(
            "part", msg("Part of the variance of growth"), "%", 0, fraction="share", value=lambda row: row[2]
        ),
    )
    names = ("national", "province", "own")
    note = both(partial(_doubt_note, found))
    rows = list(zip(names, SOURCES, found.parts, strict=True))
    return declare(
        "province_doubt", msg("Where the doubt about the whole comes from"), columns, rows, ("source",), note
    )


def _doubt_note(found: ProvinceAnswer, lang: str) -> str:
    return tr(
        lang,
        "Standard deviation of growth {shared} points; {apart} where members had nothing in common.",
        shared=number(float(found.together.growth.std()), 2),
        apart=number(float(found.apart.std()), 2),
    )


def _plans(found: ProvinceAnswer) -> Table:
    def largest(one: Division) -> float:
        return max(100 * value / found.money[key] for key, value in one.more.items())

    columns = (
        Column("kind_id", msg("Kind id"), shown=False, value=lambda one: one.kind),
        Column("tier_id", msg("Tier id"), shown=False, value=lambda one: one.tier),
        Column("tier", msg("For"), value=lambda one: TIERS[one.tier] if one.tier else None),
        Column("kind", msg("How", context="table_province"), value=lambda one: KINDS[one.kind]),
        Column(
            "money",
            msg("More money"),
            MONEY,
            1,
            value=lambda one: 0.0 if one.kind == "elsewhere" else one.money,
        ),
        Column(
            "moved",
            msg("Moved"),
            MONEY,
            1,
            value=lambda one: one.money if one.kind == "elsewhere" else None,
            optional=True,
        ),
        Column("largest", msg("Largest part of own investment"), "%", 1, value=largest),
        Column("error", msg("± (standard error)"), MONEY, 0, optional=True),
        Column("promised", msg("Median growth promised"), "%", 2, terminal=False),
        Column("simulated", msg("Median growth, simulated"), "%", 2),
        Column(
            "chance",
            msg("Chance"),
            "%",
            0,
            fraction="chance",
            value=lambda one: None if one.chance is None else one.chance.value,
        ),
        Column("reached", msg("Reached"), value=lambda one: one.reached if one.tier else None),
        Column("gap", msg("Gap", context="table_province"), digits=2, optional=True),
    )
    note = msg(
        "Promised: by each member's slope. ±: from the number of futures alone, not from what the model does"
        " not know. Money stays within the limits of each member; other limits of its scenario are not asked."
    )
    return declare(
        "province_plans",
        msg("Who must do what: in all"),
        columns,
        found.divisions,
        ("tier_id", "kind_id"),
        note,
    )


def _trade(found: ProvinceAnswer) -> Table:
    """What each member buys of the others and sells them, and what plans change through it."""
    linked, flows = found.linked, found.province.flows
    rows = [] if flows is None else _rows(found)
    bought = np.zeros((0, 0)) if flows is None else found.province.factor * flows
    carried = linked.carried

    def all_or_one(values: FloatArray, row: _Row) -> float:
        return float(values.sum() if row.member is None else values[row.at])

    def passes(row: _Row) -> float | None:
        if carried is None or row.member is None:
            return None
        return 100 * float(carried[:, row.at].sum() - carried[row.at, row.at])

    def points(row: _Row) -> float:
        return 100 * all_or_one(linked.brought, row) / float(_level(found, row, 0)[0])

    columns = (
        Column("level", msg("Level", context="table_province"), shown=False),
        Column("member", msg("Member id"), shown=False, value=lambda row: row.id),
        Column("title", msg("Member")),
        Column(
            "sold",
            msg("Sells the others", context="table_province"),
            MONEY,
            1,
            adds=True,
            value=lambda row: all_or_one(bought.sum(axis=1), row),
        ),
        Column(
            "bought",
            msg("Buys of the others", context="table_province"),
            MONEY,
            1,
            adds=True,
            value=lambda row: all_or_one(bought.sum(axis=0), row),
        ),
        Column("passes", msg("Of 100 more of its GDP the others earn"), "", 1, value=passes),
        Column(
            "brought",
            msg("What the others' plans bring it, growth", context="table_province"),
            "points",
            2,
            signed=True,
            value=points,
        ),
    )
    note = both(partial(_trade_note, found))
    return declare("province_trade", msg("Sales among members"), columns, rows, ("member",), note)


def _trade_note(found: ProvinceAnswer, lang: str) -> str:
    trade = found.province.regions.trade
    if trade is None:
        return ""
    content = number(trade.content.value, 0)
    if trade.within is None:
        return tr(lang, "From a table of trade; {content} % of what is sold is value added.", content=content)
    elasticity = DISTANCE if trade.distance is None else trade.distance.value
    return tr(
        lang,
        "Not measured but put together by size and distance: members buy {within} % of their GDP of one"
        " another, the less the farther (elasticity {elasticity}); {content} % of what is sold is value"
        " added.",
        within=number(trade.within.value, 0),
        elasticity=number(elasticity, 1),
        content=content,
    )


@dataclass(frozen=True)
class _Share:
    """What one member does in a division, or all of them together."""

    one: Division
    row: _Row
    plan: float
    more: float

    @property
    def block(self) -> str:
        """Its division."""
        return f"{self.one.tier} {self.one.kind}".strip()

    @property
    def level(self) -> str:
        """Whether it is a part or the total."""
        return self.row.level


def _shares(found: ProvinceAnswer) -> Iterator[_Share]:
    pooled: set[str] = set()  # the same for every tier
    for one in found.divisions:
        if one.kind in POOLED and str(one.more) in pooled:
            continue
        pooled |= {str(one.more)} if one.kind in POOLED else set()
        for row in _rows(found):
            if row.member is None:
                yield _Share(one, row, sum(found.money.values()), sum(one.more.values()))
            else:
                yield _Share(one, row, found.money[row.id], one.more[row.id])


def _after(found: ProvinceAnswer, share: _Share) -> float:
    """Median growth of a member, or of all, in a division."""
    return share.one.simulated if share.row.member is None else share.one.after[share.row.id]


def _division(found: ProvinceAnswer) -> Table:
    def most(share: _Share) -> float | None:
        return None if share.row.member is None else share.row.member.most

    columns = (
        Column("block", msg("Block"), shown=False),
        Column("level", msg("Level", context="table_province"), shown=False),
        Column("member", msg("Member id"), shown=False, value=lambda share: share.row.id),
        Column("tier", msg("For"), value=lambda share: TIERS[share.one.tier] if share.one.tier else None),
        Column("kind", msg("How", context="table_province"), value=lambda share: KINDS[share.one.kind]),
        Column("title", msg("Member"), value=lambda share: share.row.title),
        Column("plan", msg("Planned investment"), MONEY, 1, adds=True),
        Column("more", msg("More money"), MONEY, 1, adds=True, signed=True),
        Column(
            "part", msg("Of the plan"), "%", 1, signed=True, value=lambda share: 100 * share.more / share.plan
        ),
        Column("most", msg("At most"), "%", 1, value=most),
        Column("growth", msg("Growth, median"), "%", 2, value=lambda share: _after(found, share)),
        Column(
            "planned",
            msg("Growth as planned, median"),
            "%",
            2,
            value=lambda share: float(np.median(_grown(found, share.row))),
        ),
    )
    return declare("province_division", msg("Who must do what"), columns, _shares(found), ("block", "member"))


def _summary(found: ProvinceAnswer) -> Table:
    lines = [
        Line("growth", msg("The whole"), both(partial(_growth_told, found))),
        Line("accounts", msg("Accounts"), both(partial(_accounts_told, found))),
        Line("members", msg("Members"), both(partial(_members_told, found))),
        Line("doubt", msg("Doubt"), both(partial(_doubt_told, found))),
    ]
    if found.proposed and len(found.members) > 1:
        lines.insert(3, Line("proposed", msg("Targets that add up"), both(partial(_proposed_told, found))))
    if found.together.gap() is not None:
        lines.append(Line("gap", msg("Gap", context="table_province"), both(partial(_gap_told, found))))
    if found.linked.carried is not None:
        lines.append(Line("sales", msg("Among members"), both(partial(_trade_told, found))))
    lines.append(Line("division", msg("Who must do what"), both(partial(_division_told, found))))
    lines.append(Line("assumed", msg("Assumed"), both(partial(_assumed_told, found))))
    return summary_of(lines)


def _trades(found: ProvinceAnswer, member: Member) -> bool:
    """Whether a member buys or sells within the whole."""
    at, flows = found.members.index(member), found.province.flows
    return flows is not None and bool(flows[at].any() or flows[:, at].any())


def _growth_told(found: ProvinceAnswer, lang: str) -> str:
    values = found.together.growth
    said = tr(
        lang,
        "growth of {year} {median} % (median), 80 %: {low} to {high} %",
        year=found.year,
        median=number(float(np.median(values)), 2),
        low=number(float(np.quantile(values, LOW)), 1),
        high=number(float(np.quantile(values, HIGH)), 1),
    )
    tiers = [
        tr(
            lang,
            "{tier} {threshold} %: {likely} ({chance} %)",
            tier=tier_name(tier, lang),
            threshold=number(threshold, 1),
            likely=likelihood(chance).of(lang),
            chance=chance_text(100 * chance),
        )
        for tier, threshold in found.growth.tiers.items()
        for chance in [found.chance(found.growth, tier, values).value]
    ]
    told = tr(lang, "; ").join([said, *tiers])
    if found.province.confidence != 0.5:
        told += tr(
            lang,
            "; a tier counts as reached from a chance of {confidence} %",
            confidence=number(100 * found.province.confidence, 0),
        )
    return told


def _accounts_told(found: ProvinceAnswer, lang: str) -> str:
    province = found.province
    whole, stated = province.regions.parent.gdp.value, province.stated
    count = sum(not member.rest for member in found.members)
    said = tr(
        lang,
        "members state {stated} together ({count} of them), the parent {whole} ({part} %)",
        count=count,
        stated=amount(stated, MONEY, lang, 2),
        whole=amount(whole, MONEY, lang, 2),
        part=number(100 * stated / whole, 2),
    )
    if any(member.rest for member in found.members):
        left = amount(whole - stated, MONEY, lang, 2)
        return said + tr(
            lang, "; what is left, {left}, is a member of its own: with it they add up", left=left
        )
    if province.factor != 1:
        return said + tr(
            lang,
            "; every member's level is multiplied by {factor}: then they add up",
            factor=number(province.factor, 4),
        )
    if abs(whole - stated) > 0.005:
        return said + tr(lang, "; nothing was changed: growth is that of the members together")
    return said


def _members_told(found: ProvinceAnswer, lang: str) -> str:
    judged = [
        (_chance(found, tier, row) or 0.0, row)
        for row in _rows(found)[:-1]
        if row.member is not None and (tier := next(iter(row.member.tiers), None))
    ]
    if not judged:
        return tr(lang, "no member states a target of growth")
    met = sum(chance >= found.province.confidence for chance, _ in judged)
    worst = min(judged, key=lambda each: each[0])
    return tr(
        lang,
        "{met} of {all} members with a target reach their lower tier; the least likely is {worst}"
        " ({chance} %)",
        met=met,
        all=len(judged),
        worst=worst[1].title.of(lang),
        chance=chance_text(100 * worst[0]),
    )


def _proposed_told(found: ProvinceAnswer, lang: str) -> str:
    """Whether the members' own lower tiers add up to the whole's, and those that do."""
    weights = found.together.levels[:, 0, 0] / found.together.whole[0, 0]
    tier, made = next(iter(found.proposed.items()))
    stated = [member.tiers.get(tier) for member in found.members]
    own = [
        float(np.median(found.together.own[at])) if value is None else value
        for at, value in enumerate(stated)
    ]
    told = ""
    if any(value is not None for value in stated):
        told = tr(
            lang,
            "the members' own, weighted by GDP, come to {own} % beside the {whole} % of the whole (members"
            " without one at their median); ",
            own=number(float(weights @ np.array(own)), 2),
            whole=number(found.growth.tiers[tier], 1),
        )
    least, most = int(np.argmin(made.targets)), int(np.argmax(made.targets))
    return told + tr(
        lang,
        "as likely for each ({chance} %) they go from {low} % ({least}) to {high} % ({most})",
        chance=chance_text(100 * made.chance),
        low=number(float(made.targets[least]), 1),
        least=found.members[least].title.of(lang),
        high=number(float(made.targets[most]), 1),
        most=found.members[most].title.of(lang),
    )


def _doubt_told(found: ProvinceAnswer, lang: str) -> str:
    nation, province, own = (number(100 * part, 0) for part in found.parts)
    return tr(
        lang,
        "of the variance of growth {nation} % comes with the nation, {province} % with the province, {own} %"
        " is the members' own; the standard deviation of growth is {shared} points, {apart} where members had"
        " nothing in common",
        nation=nation,
        province=province,
        own=own,
        shared=number(float(found.together.growth.std()), 2),
        apart=number(float(found.apart.std()), 2),
    )


def _gap_told(found: ProvinceAnswer, lang: str) -> str:
    before, after = found.together.gap(0), found.together.gap()
    assert before is not None and after is not None
    said = tr(
        lang,
        "GDP per head of the richest member is {before} times that of the poorest, {after} in {year}"
        " (median)",
        before=number(float(np.median(before)), 2),
        after=number(float(np.median(after)), 2),
        year=found.year,
    )
    if found.gap is not None and np.median(after) > found.gap.tiers["at_most"]:
        said += tr(lang, "; the gap is judged, nothing here aims at it")
    unknown = [m.title.of(lang) for m in found.members if m.population is None]
    if unknown:
        said += tr(lang, "; residents are not known: {names}", names=listed(unknown, lang))
    return said


def _trade_told(found: ProvinceAnswer, lang: str) -> str:
    flows, linked = found.province.flows, found.linked
    assert flows is not None and linked.carried is not None
    sizes = np.array([member.gdp for member in found.members])
    others = linked.carried.sum(axis=0) - np.diag(linked.carried)
    strongest = int(np.argmax(others))
    return tr(
        lang,
        "members buy of one another {part} % of their GDP; of 100 more of GDP in {name} the others earn"
        " {earned}; what plans add to business as usual brings the whole {points} points through trade",
        part=number(100 * float(flows.sum() / sizes.sum()), 1),
        name=found.members[strongest].title.of(lang),
        earned=number(100 * float(others[strongest]), 1),
        points=number(100 * float(linked.brought.sum() / found.together.whole[0, 0]), 2),
    )


def _division_told(found: ProvinceAnswer, lang: str) -> str:
    if not found.growth.tiers:
        return tr(lang, "no target of the whole is stated")
    own = [one for one in found.divisions if one.kind not in POOLED]
    told = [_one_told(found, one, lang) for one in own]
    if all(one.tier == "" for one in own):
        told = [tr(lang, "every tier is reached as planned"), *told]
    if pooled := _pool_told(found, lang):
        told.append(pooled)
    return tr(lang, "; ").join(told)


def _one_told(found: ProvinceAnswer, one: Division, lang: str) -> str:
    money, simulated = amount(one.money, MONEY, lang), number(one.simulated, 2)
    if one.kind == "elsewhere":
        return tr(
            lang,
            "with {money} moved between members and none added, {simulated} %",
            money=money,
            simulated=simulated,
        )
    if found.province.confidence != 0.5 and one.chance is not None:
        simulated = tr(
            lang,
            "{simulated} % (median), chance {chance}",
            simulated=simulated,
            chance=chance_text(100 * one.chance.value),
        )
    tier = tier_name(one.tier, lang)
    if one.kind == "most":
        return tr(
            lang,
            "{tier} is out of reach: with all that the limits allow ({money}) {simulated} %",
            tier=tier,
            money=money,
            simulated=simulated,
        )
    if one.kind == "cheapest":
        said = tr(
            lang,
            "{tier} at least money: {money} more (± {error}; {names}), simulated {simulated} %",
            tier=tier,
            money=money,
            error=amount(one.error or 0.0, MONEY, lang),
            names=_names(found, [key for key, value in one.more.items() if value > 0], lang),
            simulated=simulated,
        )
        if one.near:
            said += tr(
                lang,
                ", where money goes matters little: it brings nearly as much in {names}",
                names=_names(found, one.near, lang),
            )
    else:
        said = tr(
            lang,
            "most evenly: {money} more, none above {part} % of its own, {simulated} %",
            money=money,
            part=number(max(100 * value / found.money[key] for key, value in one.more.items()), 1),
            simulated=simulated,
        )
    if found.gap is not None and one.gap is not None:
        said += tr(lang, ", the gap then {gap}", gap=number(one.gap, 2))
    return said


def _names(found: ProvinceAnswer, ids: Collection[str], lang: str) -> str:
    """Members by what they are called; of more than a few the number alone."""
    if len(ids) > NAMED:
        return tr(lang, "members: {count}", count=len(ids))
    return listed([member.title.of(lang) for member in found.members if member.id in ids], lang)


def _pool_told(found: ProvinceAnswer, lang: str) -> str:
    """What the parent's money does, shared in each way; empty where it has none to share."""
    told = []
    for kind in ("pool_best", "pool_even"):
        ways = [one for one in found.divisions if one.kind == kind]
        chances = [
            tr(
                lang,
                "{tier} {chance} %",
                tier=tier_name(one.tier, lang),
                chance=chance_text(100 * one.chance.value),
            )
            for one in ways
            if one.chance is not None
        ]
        if not ways:
            continue
        said = tr(
            lang,
            "{how}: {simulated} % ({chances})",
            how=POOLED[kind].of(lang),
            simulated=number(ways[0].simulated, 2),
            chances=tr(lang, ", ", context="between the things of a list").join(chances),
        )
        told.append(said)
    pool = found.province.regions.pool
    if pool is None or not told:
        return ""
    said = tr(
        lang,
        "{money} of the parent {ways}",
        money=amount(pool.value, MONEY, lang),
        ways=tr(lang, "; ").join(told),
    )
    left = pool.value - next(one.money for one in found.divisions if one.kind == "pool_best")
    if left > 0.005 * pool.value:
        said += tr(
            lang, "; {left} of it is left: members are at their limits", left=amount(left, MONEY, lang)
        )
    return said


def _assumed_told(found: ProvinceAnswer, lang: str) -> str:
    loose = sum(member.assumed for member in found.members)
    guessed = [member for member in found.members if member.guessed]
    said = [tr(lang, "members share the shocks of nation and province, all else is drawn for each by itself")]
    if found.linked.carried is None:
        said.append(tr(lang, "trade among members is not modelled"))
    elif alone := [m.title.of(lang) for m in found.members if not _trades(found, m)]:
        said.append(tr(lang, "no trade is known of {names}", names=listed(alone, lang)))
    if loose:
        said.append(
            tr(
                lang,
                "not all limits are stated for members: {count}; they may invest {most} % more than planned"
                " and give up {cut} %",
                count=loose,
                most=number(EXTRA, 0),
                cut=number(CUT, 0),
            )
        )
    if found.members and (unmeasured := [member for member in found.members if member.unmeasured]):
        said.append(
            tr(
                lang,
                "no investment of the base year is stated for members: {count}; theirs is that part of GDP"
                " which the priors of the country have, and all amounts of money go with it",
                count=len(unmeasured),
            )
        )
    if guessed:
        said.append(
            tr(
                lang,
                "no plan of investment is stated for members: {count}; theirs is put together from the priors"
                " of the country",
                count=len(guessed),
            )
        )
    if any(member.tiers for member in found.members):
        said.append(
            tr(
                lang,
                "a member's own target counts as evidence of its growth, as in the record: one that is only"
                " tried out should be left out of its row",
            )
        )
    return tr(lang, "; ").join(said)
