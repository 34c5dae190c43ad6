"""Where growth comes from: sectors, their pull and contribution, and what holds them (拉动、贡献率)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.diagnose.audit.pins import GROUPS
from ...models.economy import Economy
from ...models.quantity import Bilingual
from ...models.sectors.vanadium_titanium import VanadiumTitanium
from ...models.words import msg
from ..text.rounding import largest_remainder
from ..text.wording import BINDS
from .chain import chain_binds, chain_utilisation, states_in
from .table import Column, Table, hide_empty

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


def sectors(answer: Answer) -> Table:
    """Value added, growth, pull and contribution of every sector, with subtotals and GDP."""
    year, base = answer.year, answer.economy.base_year
    now, before = base + year, base + year - 1
    columns = (
        Column("level", msg("Level"), shown=False),
        Column("group", msg("Group id"), shown=False),
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector")),
        Column("va_before", msg("Value added {before}", before=before), "亿元", 1, adds=True),
        Column("growth_before", msg("Growth {base}", base=base), "%", 1),
        Column("growth", msg("Growth {now}", now=now), "%", 2),
        Column("va", msg("Value added {now} ({base} prices)", now=now, base=base), "亿元", 1, adds=True),
        Column("added", msg("Increment"), "亿元", 2, signed=True, adds=True),
        Column("pull", msg("Pull"), "points", 2),
        Column("contribution", msg("Contribution"), "%", 1),
        Column("binds", msg("Held by")),
        Column("utilisation", msg("Capacity used"), "%", 1),
        Column("local", msg("Sold locally {base}", base=base), "%", 1),
    )
    note = msg(
        "Value added and increments add up, pulls to GDP growth, contributions to 100, in the digits shown"
        " (largest remainder). Held by: capacity, demand, supply (makes all it can), market or feed (process"
        " chains)."
    )
    table = Table(
        "sectors",
        msg("Sources of growth"),
        columns,
        _rows(answer),
        ("level", "sector"),
        note,
    )
    return hide_empty(table, "growth_before", "utilisation")


def _rows(answer: Answer) -> tuple[tuple[Any, ...], ...]:
    pulls, parts = contributions(answer)
    shares = dict(zip(answer.economy.sector_ids, zip(pulls, parts, strict=True), strict=True))
    states = states_in(answer, answer.year)
    groups = divisions(answer.economy)
    within = {member: name for name, members in groups.items() for member in members}
    own = {
        sector.id: _sector(answer, sector, state, shares[sector.id], within.get(sector.id))
        for sector, state in zip(answer.economy.sectors, states, strict=True)
    }
    rows: list[tuple[Any, ...]] = []
    for name, members in groups.items():
        rows += [own[key] for key in members]
        if len(members) > 1:
            title = GROUPS.get(name, Bilingual.same(name))
            title = msg("{title}, subtotal", title=title)
            rows.append(_sum(answer, "group", name, title, members, shares))
    if not groups:
        rows += own.values()
    rows.append(_sum(answer, "total", "total", TOTAL, answer.economy.sector_ids, shares))
    return tuple(rows)


def _sector(
    answer: Answer, sector: Sector, state: State, share: tuple[float | None, float | None], group: str | None
) -> tuple[Any, ...]:
    stated, year = answer.scenario.sectors[sector.id], answer.year
    rows = answer.economy.rows(sector.id)
    accounts = answer.economy.accounts
    va = answer.plan.path.sector_va(sector.id)[:, 0]
    sold = float(accounts.outside[rows, 0].sum()) / float(accounts.output[rows, 0].sum())
    binds = answer.plan.path.binds(sector.id, year)
    if isinstance(sector, VanadiumTitanium):
        binds = chain_binds(answer, sector, state)
    return (
        "sector",
        group,
        sector.id,
        stated.title,
        float(va[year - 1]),
        stated.growth_before.value if stated.growth_before else None,
        _growth(va, year),
        float(va[year]),
        float(va[year] - va[year - 1]),
        *share,
        BINDS[binds],
        _utilisation(answer, sector, state),
        100 * (1 - sold),
    )


def _growth(va: Any, year: int) -> float | None:
    return float(100 * (va[year] / va[year - 1] - 1)) if va[year - 1] > 0 else None


def _utilisation(answer: Answer, sector: Sector, state: State) -> float | None:
    """Output over nominal capacity, %; None where capacity is not counted."""
    if isinstance(sector, VanadiumTitanium):
        return chain_utilisation(answer, sector, state)
    capacity = getattr(sector.parameters, "capacity", None)
    if capacity is None:
        return None
    rows, path = answer.economy.rows(sector.id), answer.plan.path
    most = float(path.limit[rows, answer.year, 0].sum())
    made = float(path.output[rows, answer.year, 0].sum())
    return capacity.utilisation.max.value * made / most if most > 0 else None


def _sum(
    answer: Answer,
    level: str,
    key: str,
    title: Bilingual,
    members: Sequence[str],
    shares: Mapping[str, tuple[float | None, float | None]],
) -> tuple[Any, ...]:
    path, year, accounts = answer.plan.path, answer.year, answer.economy.accounts
    va = sum((path.sector_va(member)[:, 0] for member in members), np.zeros(path.output.shape[1]))
    rows = [answer.economy.rows(member) for member in members]
    output = sum(float(accounts.output[row, 0].sum()) for row in rows)
    outside = sum(float(accounts.outside[row, 0].sum()) for row in rows)
    return (
        level,
        key if level == "group" else None,
        key,
        title,
        float(va[year - 1]),
        None,
        _growth(va, year),
        float(va[year]),
        float(va[year] - va[year - 1]),
        _added([shares[member][0] for member in members], 2),
        _added([shares[member][1] for member in members], 1),
        None,
        None,
        100 * (1 - outside / output) if output > 0 else None,
    )


def _added(parts: Sequence[float | None], digits: int) -> float | None:
    """Sum of printed parts, free of the dust of binary fractions."""
    known = [part for part in parts if part is not None]
    return round(sum(known), digits) if len(known) == len(parts) else None
