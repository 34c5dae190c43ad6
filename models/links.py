"""What is bought of branches: class of goods by class, and from one process straight to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .quantity import FloatArray, same_draws


@dataclass(frozen=True, eq=False)
class Purchases:
    """What N buyers buy of every branch, by class of goods.

    Attributes
    ----------
    sold
        What each branch sells here of a yuan spent on a class ``(B, K, D)``; few sell each class.
    taken
        What each buyer spends on a class ``(K, N, D)``, per yuan of its own.
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

    def kept(self, share: FloatArray) -> Purchases:
        """Where each branch sells here but a share ``(B, D)`` of it."""
        return Purchases(self.sold * share[:, None], self.taken)


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

    def asked(self, output: FloatArray) -> FloatArray:
        """What is asked of every branch for an output of all ``(B, D)``."""
        straight = np.einsum("ijd,jd->id", *same_draws(self.direct, output))
        return np.asarray(self.goods.asked(output) + straight)


def by_supplier(sold: FloatArray, asked: FloatArray) -> FloatArray:
    """Purchases of classes ``(K, N, D)`` as purchases from branches ``(B, N, D)``."""
    found = np.zeros((len(sold), asked.shape[1], max(sold.shape[2], asked.shape[2])))
    for b, k in zip(*np.nonzero(sold.any(axis=2)), strict=True):
        found[b] += sold[b, k] * asked[k]
    return found
