"""What is bought of branches: class of goods by class, and from one process straight to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .quantity import FloatArray, same_draws

FEW_CLASSES = 1.6
"""Branches to a class of goods from which on purchases are kept class by class, not branch by branch."""


@dataclass(frozen=True, eq=False)
class Purchases:
    """What N buyers buy of every branch, by class of goods.

    Attributes
    ----------
    sold
        What each branch sells here of a yuan spent on a class ``(B, K, D)``; few sell each class.
    taken
        What each buyer spends on a class ``(K, N, D)``, per yuan of its own.
    table
        The same by branch and buyer ``(B, N, D)``, where classes are not few beside the branches; else None.
    """

    sold: FloatArray
    taken: FloatArray
    table: FloatArray | None

    @cached_property
    def whole(self) -> FloatArray:
        """By branch and buyer ``(B, N, D)``."""
        return by_supplier(self.sold, self.taken) if self.table is None else self.table

    def asked(self, buyers: FloatArray) -> FloatArray:
        """What is asked of every branch ``(B, D)`` for yuan of all buyers ``(N, D)``."""
        if self.table is not None:
            return np.asarray(np.einsum("bnd,nd->bd", *same_draws(self.table, buyers)))
        spent = np.einsum("knd,nd->kd", *same_draws(self.taken, buyers))
        return by_supplier(self.sold, spent[:, None])[:, 0]

    def kept(self, share: FloatArray) -> Purchases:
        """Where each branch sells here but a share ``(B, D)`` of it."""
        part = share[:, None]
        return Purchases(self.sold * part, self.taken, None if self.table is None else self.table * part)


def purchases(sold: FloatArray, taken: FloatArray) -> Purchases:
    """What is bought of branches, kept class by class where these are few."""
    few = few_beside(int(sold.any(axis=(0, 2)).sum()), len(sold))
    return Purchases(sold, taken, None if few else by_supplier(sold, taken))


def few_beside(goods: int, branches: int) -> bool:
    """Whether goods, income besides, are so few that to reckon by them costs less."""
    return FEW_CLASSES * (goods + 1) <= branches


@dataclass(frozen=True, eq=False)
class Links:
    """Regional coefficients, in the parts that they are made of.

    .. math:: A^r_{bj} = \\sum_k s_{bk} u_{kj} + d_{bj}

    Attributes
    ----------
    goods
        ``s`` and ``u``: by class.
    direct
        ``d`` ``(B, B, D)``: what processes of a chain take of each other.
    """

    goods: Purchases
    direct: FloatArray

    @cached_property
    def whole(self) -> FloatArray:
        """All in one: local product used per yuan of output ``(B, B, D)``."""
        return self.goods.whole + self.direct


def by_supplier(sold: FloatArray, asked: FloatArray) -> FloatArray:
    """Purchases of classes ``(K, N, D)`` as purchases from branches ``(B, N, D)``."""
    found = np.zeros((len(sold), asked.shape[1], max(sold.shape[2], asked.shape[2])))
    for b, k in zip(*np.nonzero(sold.any(axis=2)), strict=True):
        found[b] += sold[b, k] * asked[k]
    return found
