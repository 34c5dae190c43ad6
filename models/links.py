"""What is bought of branches: class of goods by class, and from one process straight to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from .quantity import FloatArray, same_draws

FEW_CLASSES = 1.6
"""Branches to a class of goods from which on purchases are kept class by class, not branch by branch."""


@dataclass(frozen=True, eq=False)
class ByBranch:
    """What N buyers buy of every branch, per yuan of their own: ``whole`` ``(B, N, D)``."""

    whole: FloatArray

    def asked(self, buyers: FloatArray) -> FloatArray:
        """What is asked of every branch ``(B, D)`` for yuan of all buyers ``(N, D)``."""
        return np.asarray(np.einsum("bnd,nd->bd", *same_draws(self.whole, buyers)))

    def kept(self, share: FloatArray) -> ByBranch:
        """Where each branch sells here but a share ``(B, D)`` of it."""
        return ByBranch(self.whole * share[:, None])


@dataclass(frozen=True, eq=False)
class ByClass:
    """The same by class of goods, where these are few.

    Attributes
    ----------
    sold
        What each branch sells here of a yuan spent on a class ``(B, K, D)``; few sell each class.
    taken
        What each buyer spends on a class ``(K, N, D)``.
    """

    sold: FloatArray
    taken: FloatArray

    @cached_property
    def whole(self) -> FloatArray:
        """By branch and buyer ``(B, N, D)``."""
        return by_supplier(self.sold, self.taken)

    def asked(self, buyers: FloatArray) -> FloatArray:
        """What is asked of every branch ``(B, D)`` for yuan of all buyers ``(N, D)``."""
        spent = np.einsum("knd,nd->kd", *same_draws(self.taken, buyers))
        return by_supplier(self.sold, spent[:, None])[:, 0]

    def kept(self, share: FloatArray) -> ByClass:
        """Where each branch sells here but a share ``(B, D)`` of it."""
        return ByClass(self.sold * share[:, None], self.taken)


Purchases: TypeAlias = ByBranch | ByClass


def purchases(sold: FloatArray, taken: FloatArray) -> Purchases:
    """What is bought of branches, held by class where classes are few beside them."""
    few = few_beside(int(sold.any(axis=(0, 2)).sum()), len(sold))
    return ByClass(sold, taken) if few else ByBranch(by_supplier(sold, taken))


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
        ``s`` and ``u``; all links where they are held by branch.
    direct
        ``d`` ``(B, B, D)``: what processes of a chain take of each other; None where ``goods`` has it.
    """

    goods: Purchases
    direct: FloatArray | None

    @cached_property
    def whole(self) -> FloatArray:
        """All in one: local product used per yuan of output ``(B, B, D)``."""
        return self.goods.whole if self.direct is None else self.goods.whole + self.direct


def linked(goods: Purchases, direct: FloatArray) -> Links:
    """Links of both kinds, in one table where purchases are in one."""
    if isinstance(goods, ByBranch):
        return Links(ByBranch(goods.whole + direct), None)
    return Links(goods, direct)


def by_supplier(sold: FloatArray, asked: FloatArray) -> FloatArray:
    """Purchases of classes ``(K, N, D)`` as purchases from branches ``(B, N, D)``."""
    found = np.zeros((len(sold), asked.shape[1], max(sold.shape[2], asked.shape[2])))
    for b, k in zip(*np.nonzero(sold.any(axis=2)), strict=True):
        found[b] += sold[b, k] * asked[k]
    return found
