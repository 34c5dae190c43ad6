"""The gap sheet as a table: by sector and by cause, in money and points, adding up to the printed digit
(缺口分解)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ...engine.diagnose.gap import Gap, Late, SectorGap
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..text.format import number
from ..text.rounding import largest_remainder
from ..text.wording import TIERS, amount, listed, points
from .shortened import shortened, unfinished
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer

_DIGITS = 2
_DIVIDED = {"sector": msg("by sector"), "cause": msg("by cause")}
_TOGETHER = msg("Late projects together, beyond each alone")
_OTHER = msg("All else: demand, markets and capacity")
_TOTAL = msg("Gap in all")


@dataclass(frozen=True)
class _Part:
    """A sector's or a cause's part of a gap, or the whole of it."""

    of: Gap
    by: str
    item: str
    title: Bilingual
    gap_yi: float
    source: SectorGap | Late | Gap | None = None
    gap: float = 0.0
    level: str = "part"


def gap_sheet(answer: Answer) -> Table | None:
    """Every tier of GDP growth: parts by sector, then by cause, each adding up to the gap as printed.

    Money and points are rounded here by the largest remainder: every form of the report shows the same
    digits.
    """
    rows = [row for gap in answer.gaps for parts in _divided(answer, gap) for row in _printed(gap, parts)]
    if not rows:
        return None

    def known(name: str, title: Bilingual, unit: str, digits: int, word: bool = True) -> Column:
        return Column(name, title, unit, digits, word=word, value=lambda row: getattr(row.source, name, None))

    columns = (
        Column("tier_id", msg("Tier id"), shown=False, value=lambda row: row.of.tier),
        Column("tier", msg("Tier", context="table_gap"), word=False, value=lambda row: TIERS[row.of.tier]),
        Column("block", msg("Block"), shown=False, value=_block),
        *([_YEARS] if any(gap.target.over for gap in answer.gaps) else []),
        Column("division", msg("Divided"), word=False, value=lambda row: _DIVIDED[row.by]),
        Column("level", msg("Level"), shown=False),
        Column("item", msg("Item id", context="table_gap"), shown=False),
        Column("title", msg("Item", context="table_gap")),
        known("before", msg("Value added, year before"), MONEY, 1, word=False),
        known("asked", msg("Growth asked"), "%", 2),
        known("expected", msg("Projected growth"), "%", 2),
        Column("set_by", msg("Asked by"), value=lambda row: _by(answer, getattr(row.source, "set_by", ""))),
        known("months", msg("Late by"), "months", 1),
        Column("gap_yi", msg("Margin (+) or gap (-)"), MONEY, _DIGITS, signed=True),
        Column("gap", msg("Margin (+) or gap (-)"), "points", _DIGITS, signed=True),
    )
    note = msg(
        "Each tier is divided twice, and each division adds up to the gap in the digits"
        " shown (largest remainder). By sector: a sector that another growth row speaks"
        " for is asked that growth, all others the same number of points more or less"
        " than projected, so that GDP comes to the tier; money at base-year prices. By"
        " cause: the delay that the scenario expects is taken from one named project at a"
        " time and simulated again; what they do together is taking all away at once less"
        " the sum of each."
    )
    note = shortened(note, unfinished(answer.scenario.projects))
    return declare(
        "gap_sheet",
        msg("Gap sheet"),
        columns,
        rows,
        ("block", "item"),
        note,
        brief=_first_missed,
    )


_YEARS = Column(
    "years",
    msg("Row", context="table_gap"),
    value=lambda row: row.of.target.title if row.of.target.over else None,
)
"""Which row a gap is of, where some speak of other years than the sheet's."""


def _block(row: _Part) -> str:
    """A division of a gap: of which row where it speaks of other years, of which tier, by what."""
    names = [row.of.tier, row.by]
    return ":".join([row.of.target.id, *names] if row.of.target.over else names)


def _first_missed(rows: Sequence[_Part]) -> Iterable[int]:
    """Both divisions of the first tier that is missed, else of the first; parts that print as nothing are
    left out."""
    totals = [row for row in rows if row.level == "total"]
    of = next((row.of for row in totals if row.gap < 0), rows[0].of)
    told = (row.of is of and (row.level == "total" or abs(row.gap_yi) >= 0.005) for row in rows)
    return [at for at, yes in enumerate(told) if yes]


def _divided(answer: Answer, gap: Gap) -> tuple[list[_Part], list[_Part]]:
    """A gap by sector and by cause."""
    sectors, projects = answer.scenario.sectors, answer.scenario.projects
    parts = [_Part(gap, "sector", one.sector, sectors[one.sector].title, one.money, one) for one in gap.parts]
    causes = [
        _Part(gap, "cause", one.project, projects[one.project].title, one.money, one)
        for one in gap.late
        if abs(one.money) >= 0.005
    ]
    if causes:
        rest = sum(one.money for one in gap.late if abs(one.money) < 0.005)
        causes.append(_Part(gap, "cause", "together", _TOGETHER, gap.together + rest))
    left = gap.money - sum(cause.gap_yi for cause in causes)
    return parts, [*causes, _Part(gap, "cause", "other", _OTHER, left)]


def _printed(gap: Gap, parts: Sequence[_Part]) -> Iterable[_Part]:
    """The parts of a gap in the digits shown, then the gap."""
    money = largest_remainder([part.gap_yi for part in parts], _DIGITS, gap.money)
    share = largest_remainder([100 * part.gap_yi / gap.before for part in parts], _DIGITS, gap.points)
    for part, yi, point in zip(parts, money, share, strict=True):
        yield replace(part, gap_yi=yi, gap=point)
    yi, point = float(number(gap.money, _DIGITS)), float(number(gap.points, _DIGITS))
    yield _Part(gap, parts[0].by, "total", _TOTAL, yi, gap, point, "total")


def _by(answer: Answer, source: str) -> Bilingual | None:
    """What asks a sector's growth: the title of the row, or the investment row."""
    if not source:
        return None
    target = answer.sheet.targets.get(source.removesuffix(":rest").removesuffix(":ceiling"))
    if target is not None:
        return target.title
    return msg("Fixed-asset investment") if source.startswith("investment:") else Bilingual.same(source)


def gap_sentence(answer: Answer, lang: str) -> str:
    """The first tier that is missed: how much, where most, and what late projects cost."""
    gap = next((one for one in answer.gaps if one.points < 0), None)
    if gap is None:
        return ""
    worst = [part for part in sorted(gap.parts, key=lambda part: part.money) if part.money < 0][:3]
    named = listed(
        [
            f"{answer.scenario.sectors[part.sector].title.of(lang)}"
            f" {amount(part.money, MONEY, lang, plus=True)}"
            for part in worst
        ],
        lang,
    )
    told = tr(
        lang,
        "{title} lacks {money} ({points}) of its {tier} tier; most of it in {sectors}",
        title=gap.target.title,
        money=amount(-gap.money, MONEY, lang),
        points=points(-gap.points, lang).lstrip("+"),
        tier=TIERS[gap.tier],
        sectors=named,
    )
    if not gap.late:
        return told
    late = gap.together + sum(one.money for one in gap.late)
    values: dict[str, Any] = {"told": told, "money": amount(abs(late), MONEY, lang)}
    if late < 0:
        return tr(lang, "{told}; the expected delay of named projects costs {money} of it", **values)
    return tr(lang, "{told}; the expected delay of named projects spares {money} of it", **values)
