"""What one yuan of demand for each sector brings the region (乘数)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...models.multipliers import multipliers
from ...models.words import msg
from .table import Column, Table

if TYPE_CHECKING:
    from ...models.economy import Economy


def coefficient_table(economy: Economy) -> Table:
    """Local inputs between sectors per yuan of the buyer's output: coefficients of branches weighted by
    output (直接消耗系数)."""
    accounts, sectors = economy.accounts, economy.sectors
    local, output = accounts.local[..., 0], accounts.output[:, 0]
    rows = []
    for seller in sectors:
        own = economy.rows(seller.id)
        cells = []
        for buyer in sectors:
            at = economy.rows(buyer.id)
            cells.append(float((local[own, at] * output[at]).sum() / output[at].sum()))
        rows.append((seller.id, seller.parameters.title, *cells))
    columns = (
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Seller")),
        *(Column(f"to_{buyer.id}", buyer.parameters.title, digits=4) for buyer in sectors),
    )
    note = msg("Yuan of local product used directly per yuan of output; columns are the buyers.")
    return Table(
        "coefficients",
        msg("Direct input coefficients, local"),
        columns,
        tuple(rows),
        ("sector",),
        note,
    )


def multiplier_table(economy: Economy) -> Table:
    """Output, value added and income per yuan of final demand, without and with what households spend
    again."""
    accounts = economy.accounts
    local, kept, labour = accounts.local[..., :1], accounts.va_ratio[:, :1], accounts.labour[:, :1]
    simple = multipliers(local, kept, labour)
    whole = multipliers(economy.links(0)[..., :1], kept, labour)
    rows: list[tuple[Any, ...]] = []
    for sector in economy.sectors:
        at = economy.rows(sector.id)
        weights = accounts.output[at, 0] / accounts.output[at, 0].sum()
        values = [
            float(np.dot(weights, each[at, 0]))
            for each in (
                simple.output,
                simple.value_added,
                simple.income,
                whole.output,
                whole.value_added,
                whole.income,
            )
        ]
        rows.append((sector.id, sector.parameters.title, *values))
    columns = (
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector")),
        Column("output", msg("Output"), "元/元", 3),
        Column("value_added", msg("Value added"), "元/元", 3),
        Column("income", msg("Labour income"), "元/元", 3),
        Column("output_total", msg("Output, households' spending included"), "元/元", 3),
        Column(
            "value_added_total",
            msg("Value added, households' spending included"),
            "元/元",
            3,
        ),
        Column(
            "income_total",
            msg("Labour income, households' spending included"),
            "元/元",
            3,
        ),
    )
    note = msg(
        "Local output, value added and labour income per yuan of final demand for local product, direct"
        " effect included; holds where capacity does not bind, without later effects of investment or sales"
        " outside."
    )
    return Table("multipliers", msg("Multipliers"), columns, tuple(rows), ("sector",), note)
