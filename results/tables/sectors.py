"""Where growth comes from: sectors, their pull and contribution, and what holds them (拉动、贡献率)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.diagnose.audit.pins import GROUPS
from ...models.economy import Economy
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.sectors.process_chain import ProcessChain
from ...models.words import msg
from ..text.rounding import largest_remainder
from ..text.wording import BINDS
from .chain import chain_binds, chain_utilisation, states_in
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ...models.sector import Sector, State

TOTAL = msg("Total (GDP)")


def divisions(economy: Economy) -> dict[str, tuple[str, ...]]:
    """The widest groups that share all sectors out among them; none where no groups do."""
    widest: dict[str, tuple[str, ...]] = {}
    for name, members in economy.groups.items():
        inside = any(set(members) < set(other) for other in economy.groups.values())
        if members and not inside and all(set(members) != set(known) for known in widest.values()):
            widest[name] = members
    named = [sector for members in widest.values() for sector in members]
    whole = len(widest) > 1 and sorted(named) == sorted(economy.sector_ids)
    return widest if whole else {}


OUTSIDE = msg(
    "A share of growth below 0 or above 100 %: the sector moves against GDP, or others do, or GDP hardly"
    " moves; the shares still add up to 100 and the contributions in points say how much it is."
)
"""How a share of growth outside 0 to 100 % is read."""


def contributions(answer: Answer) -> tuple[list[float | None], list[float | None]]:
    """Pull in points and contribution in % of every sector, adding up as printed.

    Pull is Δva_i / GDP_{t-1}, contribution Δva_i / ΔGDP: 贡献率 × 增速 = 拉动. None where GDP stands still.
    """
    path, year = answer.plan.path, answer.year
    added = [
        float(np.diff(path.sector_va(key)[year - 1 : year + 1, 0])[0]) for key in answer.economy.sector_ids
    ]
    before, after = (float(path.gdp[t, 0]) for t in (year - 1, year))
    return split_growth(added, before, after)


def split_growth(
    added: Sequence[float], before: float, after: float | None = None
) -> tuple[list[float | None], list[float | None]]:
    """Pull and contribution of parts that added ``added`` to a whole of ``before``, adding up as printed."""
    after = before + sum(added) if after is None else after
    pulls: list[float | None] = [None] * len(added)
    if before > 0:
        pulls = list(
            largest_remainder([100 * part / before for part in added], 2, 100 * (after / before - 1))
        )
    if abs(after - before) <= 1e-9 * before:
        return pulls, [None] * len(added)
    return pulls, list(largest_remainder([100 * part / (after - before) for part in added], 1, 100.0))


@dataclass(frozen=True)
class _Part:
    """A sector, a group of sectors or all of them; what holds it and how full it is, of a sector alone."""

    level: str
    group: str | None
    sector: str
    title: Bilingual
    members: Sequence[str]
    growth_before: float | None = None
    binds: Bilingual | None = None
    utilisation: float | None = None


def sectors(answer: Answer) -> Table:
    """Value added, growth, pull and contribution of every sector, with subtotals and GDP."""
    year, base, now = answer.year, answer.economy.base_year, answer.economy.base_year + answer.year
    path, accounts, ids = answer.plan.path, answer.economy.accounts, answer.economy.sector_ids
    pulls, shares = contributions(answer)

    def made(t: int) -> Callable[[_Part], float]:
        return lambda part: sum(float(path.sector_va(key)[t, 0]) for key in part.members)

    def summed(of: Sequence[float | None], digits: int) -> Callable[[_Part], float | None]:
        own = dict(zip(ids, of, strict=True))
        return lambda part: _added([own[key] for key in part.members], digits)

    def growth(part: _Part) -> float | None:
        return 100 * (va(part) / va_before(part) - 1) if va_before(part) > 0 else None

    def local(part: _Part) -> float | None:
        rows = [answer.economy.rows(key) for key in part.members]
        output, outside = (
            sum(float(each[row, 0].sum()) for row in rows) for each in (accounts.output, accounts.outside)
        )
        return 100 * (1 - outside / output) if output > 0 else None

    def money(
        name: str, title: Bilingual, value: Callable[[_Part], float], digits: int = 1, **flags: Any
    ) -> Column:
        return Column(name, title, MONEY, digits, adds=True, value=value, **flags)

    va_before, va = made(year - 1), made(year)
    machine: dict[str, Any] = {"word": False, "terminal": False}
    columns = (
        Column("level", msg("Level"), shown=False),
        Column("group", msg("Group id"), shown=False),
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector")),
        money("va_before", msg("Value added {before}", before=now - 1), va_before),
        Column("growth_before", msg("Growth {base}", base=base), "%", 1, optional=True, **machine),
        Column("growth", msg("Growth {now}", now=now), "%", 2, compared=True, value=growth),
        money("va", msg("Value added {now} ({base} prices)", now=now, base=base), va, terminal=False),
        money(
            "added", msg("Increment"), lambda part: va(part) - va_before(part), 2, signed=True, terminal=False
        ),
        Column("pull", msg("Contribution to growth"), "points", 2, compared=True, value=summed(pulls, 2)),
        Column("contribution", msg("Share of growth"), "%", 1, optional=True, value=summed(shares, 1)),
        Column("binds", msg("Binding constraint")),
        Column("utilisation", msg("Capacity used"), "%", 1, optional=True),
        Column("local", msg("Sold locally {base}", base=base), "%", 1, value=local, **machine),
    )
    note = msg(
        "Value added and increments add up, contributions to GDP growth, shares of growth"
        " to 100, in the digits shown (largest remainder). Binding constraint: capacity,"
        " demand, supply (makes all it can), market or feed (process chains)."
    )
    if any(share is not None and not 0 <= share <= 100 for share in shares):
        note = msg("{note} {more}", context="two sentences", note=note, more=OUTSIDE)
    return declare("sectors", msg("Sources of growth"), columns, _parts(answer), ("level", "sector"), note)


def _parts(answer: Answer) -> Iterable[_Part]:
    """Sectors with the subtotal behind each group of them, and the total."""
    groups, ids = divisions(answer.economy), answer.economy.sector_ids
    within = {member: name for name, members in groups.items() for member in members}
    own = {
        sector.id: _sector(answer, sector, state, within.get(sector.id))
        for sector, state in zip(answer.economy.sectors, states_in(answer, answer.year), strict=True)
    }
    for name, members in groups.items():
        yield from (own[key] for key in members)
        if len(members) > 1:
            title = msg("{title}, subtotal", title=GROUPS.get(name, Bilingual.same(name)))
            yield _Part("group", name, name, title, members)
    if not groups:
        yield from own.values()
    yield _Part("total", None, "total", TOTAL, ids)


def _sector(answer: Answer, sector: Sector, state: State, group: str | None) -> _Part:
    stated = answer.scenario.sectors[sector.id]
    held = answer.plan.path.binds(sector.id, answer.year)
    if isinstance(sector, ProcessChain):
        held = chain_binds(answer, sector, state)
    last = stated.growth_before.value if stated.growth_before else None
    full = _utilisation(answer, sector, state)
    return _Part("sector", group, sector.id, stated.title, (sector.id,), last, BINDS[held], full)


def _utilisation(answer: Answer, sector: Sector, state: State) -> float | None:
    """Output over nominal capacity, %; None where capacity is not counted."""
    if isinstance(sector, ProcessChain):
        return chain_utilisation(answer, sector, state)
    capacity = getattr(sector.parameters, "capacity", None)
    if capacity is None:
        return None
    rows, path = answer.economy.rows(sector.id), answer.plan.path
    most = float(path.limit[rows, answer.year, 0].sum())
    made = float(path.output[rows, answer.year, 0].sum())
    return capacity.utilisation.max.value * made / most if most > 0 else None


def _added(parts: Sequence[float | None], digits: int) -> float | None:
    """Sum of printed parts, free of the dust of binary fractions."""
    known = [part for part in parts if part is not None]
    return round(sum(known), digits) if len(known) == len(parts) else None
