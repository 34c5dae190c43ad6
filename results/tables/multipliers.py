"""What one yuan of demand for each sector brings the region (乘数)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...models.money import CURRENCY
from ...models.multipliers import multipliers
from ...models.quantity import Bilingual, FloatArray
from ...models.words import msg
from .table import Column, Table, declare, none

if TYPE_CHECKING:
    from ...models.economy import Economy
    from ...models.sector import Sector


def coefficient_table(economy: Economy) -> Table:
    """Local inputs between sectors per yuan of the buyer's output: coefficients of branches weighted by
    output (直接消耗系数)."""
    local, output = economy.accounts.local[..., 0], economy.accounts.output[:, 0]

    def bought(buyer: Sector) -> Column:
        at = economy.rows(buyer.id)

        def cell(seller: Sector) -> float:
            own = local[economy.rows(seller.id), at]
            return float((own * output[at]).sum() / output[at].sum())

        return Column(f"to_{buyer.id}", buyer.parameters.title, digits=4, value=cell)

    columns = (
        Column("sector", msg("Sector id"), shown=False, value=lambda seller: seller.id),
        Column("title", msg("Seller"), value=lambda seller: seller.parameters.title),
        *map(bought, economy.sectors),
    )
    note = msg("Local product used directly per unit of output; columns are the buyers.")
    title = msg("Direct input coefficients, local")
    return declare("coefficients", title, columns, economy.sectors, ("sector",), note, brief=none)


def multiplier_table(economy: Economy) -> Table:
    """Output, value added and income per yuan of final demand, without and with what households spend
    again."""
    accounts = economy.accounts
    local, kept, labour = accounts.local[..., :1], accounts.va_ratio[:, :1], accounts.labour[:, :1]
    simple = multipliers(local, kept, labour)
    whole = multipliers(economy.links(0)[..., :1], kept, labour)

    def per_yuan(name: str, title: Bilingual, path: FloatArray) -> Column:
        def cell(sector: Sector) -> float:
            at = economy.rows(sector.id)
            weights = accounts.output[at, 0] / accounts.output[at, 0].sum()
            return float(np.dot(weights, path[at, 0]))

        return Column(name, title, f"{CURRENCY}/{CURRENCY}", 3, value=cell)

    def scaled(sector: Sector) -> float:
        at = economy.rows(sector.id)
        factors = np.broadcast_to(accounts.scaled, accounts.output.shape)[at, 0]
        return 100 * float(np.dot(accounts.output[at, 0], factors) / accounts.output[at, 0].sum())

    columns = (
        Column("sector", msg("Sector id"), shown=False, value=lambda sector: sector.id),
        Column("title", msg("Sector"), value=lambda sector: sector.parameters.title),
        per_yuan("output", msg("Output"), simple.output),
        per_yuan("value_added", msg("Value added"), simple.value_added),
        per_yuan("income", msg("Labour income"), simple.income),
        per_yuan("output_total", msg("Output, households' spending included"), whole.output),
        per_yuan("value_added_total", msg("Value added, households' spending included"), whole.value_added),
        per_yuan("income_total", msg("Labour income, households' spending included"), whole.income),
        Column("scaled", msg("Inputs against those of its classes"), "%", 1, value=scaled),
    )
    note = msg(
        "Local output, value added and labour income per unit of final demand for local product, direct"
        " effect included; holds where capacity does not bind, without later effects of investment or sales"
        " outside. The last column: inputs are scaled where a sector keeps more or less value added than its"
        " classes of the table."
    )
    return declare("multipliers", msg("Multipliers"), columns, economy.sectors, ("sector",), note)
