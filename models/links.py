"""What branches buy of each other: class of goods by class, and from one process straight to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .quantity import FloatArray, same_draws


@dataclass(frozen=True, eq=False)
class Links:
    """Regional coefficients, in the parts that they are made of.

    .. math:: A^r_{bj} = \\sum_k s_{bk} u_{kj} + d_{bj}

    Attributes
    ----------
    sold
        ``s`` ``(B, K, D)``: what each branch sells here of a yuan spent on a class; few sell each class.
    used
        ``u`` ``(K, B, D)``: what a yuan of each branch's output takes of a class.
    direct
        ``d`` ``(B, B, D)``: what processes of a chain take of each other.
    """

    sold: FloatArray
    used: FloatArray
    direct: FloatArray

    @cached_property
    def whole(self) -> FloatArray:
        """All in one: local product used per yuan of output ``(B, B, D)``."""
        return by_supplier(self.sold, self.used) + self.direct

    def by_class(self, output: FloatArray) -> FloatArray:
        """What is asked of every branch class by class for an output of all ``(B, D)``."""
        spent = np.einsum("kjd,jd->kd", *same_draws(self.used, output))
        return by_supplier(self.sold, spent[:, None])[:, 0]

    def asked(self, output: FloatArray) -> FloatArray:
        """What is asked of every branch for an output of all ``(B, D)``."""
        straight = np.einsum("ijd,jd->id", *same_draws(self.direct, output))
        return np.asarray(self.by_class(output) + straight)

    def kept(self, share: FloatArray) -> Links:
        """Where each branch sells here but a share ``(B, D)`` of what it would by class."""
        return Links(self.sold * share[:, None], self.used, self.direct)


def by_supplier(sold: FloatArray, asked: FloatArray) -> FloatArray:
    """Purchases of classes ``(K, N, D)`` as purchases from branches ``(B, N, D)``; few branches sell each
    class."""
    found = np.zeros((len(sold), asked.shape[1], max(sold.shape[2], asked.shape[2])))
    for b, k in zip(*np.nonzero(sold.any(axis=2)), strict=True):
        found[b] += sold[b, k] * asked[k]
    return found
