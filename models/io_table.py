"""An input-output table as published: where its columns do not add up, and what can be done about it
(投入产出表的平衡).

``K`` classes. Rows sell, columns buy. Source: Miller & Blair (2009), *Input-Output Analysis*, ch. 2, 4 and 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .quantity import FloatArray

ROUNDS = 10_000
CLOSE = 1e-10


@dataclass(frozen=True)
class FlowTable:
    """A table in money, or per unit of output.

    Attributes
    ----------
    flows
        What each column buys of each row ``(K, K)``: of domestic product alone where imports are apart.
    value_added, imports, taxes
        Of each column ``(K,)``: imports and taxes on products that are in no row of ``flows``.
    output
        Of each column ``(K,)``.
    sold
        What each row sells to all columns together ``(K,)``, where final demand is known; else None.
    """

    flows: FloatArray
    value_added: FloatArray
    imports: FloatArray
    taxes: FloatArray
    output: FloatArray
    sold: FloatArray | None = None

    @property
    def room(self) -> FloatArray:
        """What value added, imports and taxes leave of each column's output for what it buys ``(K,)``."""
        return self.output - self.value_added - self.imports - self.taxes

    @property
    def gaps(self) -> FloatArray:
        """What each column lacks (above 0) or has too much of, over its output ``(K,)``.

        .. math:: g_j = 1 - \\left(\\sum_i z_{ij} + v_j + m_j + t_j\\right) / x_j
        """
        return np.asarray((self.room - self.flows.sum(axis=0)) / self.output)

    @property
    def row_gaps(self) -> FloatArray:
        """What each row's sales to columns lack of what final demand leaves of its output, over output
        ``(K,)``."""
        if self.sold is None:
            return np.zeros(len(self.output))
        return np.asarray((self.sold - self.flows.sum(axis=1)) / self.output)


def at_basic_prices(flows: FloatArray, margins: Mapping[int, Mapping[int, float]]) -> FloatArray:
    """Flows at purchasers' prices put at basic prices: margins are sold by the classes that earn them.

    .. math:: z^b_{ij} = z_{ij} (1 - \\sum_h \\mu_{ih}) + \\sum_k \\mu_{ki} z_{kj}

    Columns keep their sums. ``margins`` holds, of each class, the share μ of its purchasers' price that each
    other class earns. Source: United Nations (2018), *Handbook on Supply and Use Tables*, ch. 7.
    """
    found = flows.copy()
    for row, shares in margins.items():
        for earner, share in shares.items():
            found[row] -= share * flows[row]
            found[earner] += share * flows[row]
    return found


def residual(table: FlowTable) -> FlowTable:
    """What columns lack is counted as bought outside; a column with too much loses imports.

    Imports may come out below zero: such a table cannot be balanced in this way.
    """
    return replace(table, imports=table.imports + table.gaps * table.output)


def ras(table: FlowTable) -> FlowTable | None:
    """Flows scaled by rows and columns until both add up; None where they cannot.

    .. math:: z'_{ij} = r_i z_{ij} s_j, \\qquad \\sum_i z'_{ij} = x_j - v_j - m_j - t_j, \\qquad
              \\sum_j z'_{ij} = x_i - f_i

    Where final demand is not known, columns alone. Source: Stone (1961); Bacharach (1970); Miller & Blair
    (2009), ch. 7.4.
    """
    flows, room = table.flows, table.room
    if np.any(room < 0) or np.any((room > 0) & (flows.sum(axis=0) <= 0)):
        return None
    if table.sold is None:
        return replace(table, flows=flows * _factors(room, flows.sum(axis=0)))
    # what rows sell and columns buy is the same money: rows give way to the columns' total
    sold = table.sold
    if np.any(sold < 0) or np.any((sold > 0) & (flows.sum(axis=1) <= 0)) or sold.sum() <= 0:
        return None
    sold = sold * room.sum() / sold.sum()
    for _ in range(ROUNDS):
        flows = flows * _factors(sold, flows.sum(axis=1))[:, None]
        flows = flows * _factors(room, flows.sum(axis=0))
        if np.all(np.abs(flows.sum(axis=1) - sold) <= CLOSE * np.maximum(table.output, 1.0)):
            return replace(table, flows=flows)
    return None


def _factors(wanted: FloatArray, there: FloatArray) -> FloatArray:
    return np.divide(wanted, there, out=np.ones_like(wanted), where=there > 0)


def local_share(output: FloatArray, imports: FloatArray, exports: FloatArray) -> FloatArray:
    """Part of what is used here that is made here ``(K,)``: the supply proportion.

    .. math:: p_i = (x_i - e_i) / (x_i - e_i + m_i)

    Source: Miller & Blair (2009), eq. 8.3.
    """
    home = output - exports
    return np.divide(home, home + imports, out=np.zeros_like(home), where=home + imports > 0)
