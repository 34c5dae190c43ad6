"""Which inputs the doubt about an outcome comes from, read off the draws that were made anyway (不确定性来源)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...models.quantity import FloatArray
from .parts import Parts, Places, spread

MOST_TERMS = 8
"""Terms of one input's own curve at most; fewer where there are many inputs for the draws."""

ROWS_PER_TERM = 12
"""Draws that each fitted coefficient needs at least."""

REST = ""
"""Name of what no single group explains: interactions, and curves that the terms do not follow."""


@dataclass(frozen=True)
class Share:
    """Part of an outcome's variance that a group of inputs explains by itself, 0 to 1, and its standard error."""

    group: str
    value: float
    error: float


def first_order(
    inputs: Mapping[str, FloatArray], outcome: FloatArray, parts: Parts,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Share, ...]:
    """Share of the outcome's variance by group of inputs, largest first, and last what is left (:data:`REST`).

    An additive curve is fitted to every input, y = Σ_j f_j(x_j), and a group's share is the covariance of its
    curves with the outcome,

    .. math:: S_G = \\frac{\\mathrm{Cov}\\left(\\sum_{j \\in G} f_j(x_j),\\; y\\right)}{\\mathrm{Var}(y)}

    For independent inputs this is the first-order Sobol' index; with correlated ones it is the sum of the
    structural and the correlative part, and the shares still add up. The covariance is taken on draws that the
    fit has not seen (each part in turn), so that a hundred idle inputs explain nothing on average rather than
    a hundredth each. Interactions inside a group are not counted.

    Source: Li, Rabitz et al. (2010), J. Phys. Chem. A 114, 6022; Sobol' (1993).

    Parameters
    ----------
    inputs, outcome
        Sampled values ``(D,)`` each.
    parts
        Positions of the draws of each independent part (scrambling), at least two: the fit on all others is
        judged on it, and the spread over parts gives the standard error.
    groups
        Inputs by name of the group; every input by itself where left out. An input in no group explains
        nothing and its doubt stays in the rest.
    """
    named = groups if groups is not None else {key: (key,) for key in inputs}
    keys = [key for members in named.values() for key in members if np.ptp(inputs[key]) > 0]
    y = outcome - outcome.mean()
    variance = float(y @ y) / len(y)
    if variance <= 1e-24 * max(1.0, float(np.abs(outcome).max())) ** 2 or not keys:
        return tuple(Share(name, 0.0, 0.0) for name in (*named, REST))
    terms = int(np.clip(len(y) // (ROWS_PER_TERM * len(keys)), 1, MOST_TERMS))
    columns, owner = _terms([inputs[key] for key in keys], terms)
    place = {key: at for at, key in enumerate(keys)}
    member = np.zeros((len(keys), len(named)))
    for at, members in enumerate(named.values()):
        member[[place[key] for key in members if key in place], at] = 1.0
    own = np.array([float(y[part].var()) or variance for part in parts])
    found = _held_out(columns, y, parts) @ member[owner] / own[:, None]
    found = np.column_stack([found, 1 - found.sum(axis=1)])
    values = found.mean(axis=0)
    shares = [
        Share(name, float(value), spread(own)) for name, value, own in zip((*named, REST), values, found.T, strict=True)
    ]
    return (*sorted(shares[:-1], key=lambda share: -share.value), shares[-1])


def _terms(inputs: Sequence[FloatArray], terms: int) -> tuple[FloatArray, Places]:
    """Columns ``(D, K)`` of all curves, each of mean 0 and variance 1, and the input that each belongs to.

    The first term is the value itself (fat tails act in proportion), the others are Legendre polynomials of the
    rank, which no tail can bend.
    """
    columns, owner = [], []
    for at, values in enumerate(inputs):
        columns.append(values)
        owner.append(at)
        if terms > 1:
            rank = np.empty(len(values))
            rank[np.argsort(values, kind="stable")] = np.arange(len(values))
            if len(np.unique(values)) < len(values):
                rank = np.searchsorted(np.sort(values), values).astype(float)
            s = 2 * (rank + 0.5) / len(values) - 1
            lower, own = np.ones_like(s), s
            for order in range(2, terms + 1):
                lower, own = own, ((2 * order - 1) * s * own - (order - 1) * lower) / order
                columns.append(own)
                owner.append(at)
    table = np.stack(columns, axis=1)
    table = table - table.mean(axis=0)
    spread = table.std(axis=0)
    kept = spread > 1e-12
    return table[:, kept] / spread[kept], np.array(owner)[kept]


def _held_out(columns: FloatArray, y: FloatArray, parts: Parts) -> FloatArray:
    """Covariance of each fitted column with the outcome, on each part, fitted on all other parts ``(R, K)``."""
    own = [columns[part] for part in parts]
    squares = [part.T @ part for part in own]
    products = [part.T @ y[at] for part, at in zip(own, parts, strict=True)]
    whole, all_products = sum(squares, np.zeros_like(squares[0])), sum(products, np.zeros_like(products[0]))
    small = 1e-9 * np.eye(len(whole)) * len(y)  # columns of one input nearly repeat each other
    found = []
    for at, square, product in zip(parts, squares, products, strict=True):
        fit = np.linalg.solve(whole - square + small, all_products - product)
        centred = product - columns[at].sum(axis=0) * y[at].mean()
        found.append(fit * centred / len(at))
    return np.array(found)
