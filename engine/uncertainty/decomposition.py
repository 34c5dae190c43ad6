"""Which inputs the doubt about an outcome comes from, read off the draws that were made anyway
(不确定性来源)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...models.quantity import FloatArray
from .replicates import Parts, Places, spread

MOST_TERMS = 8
"""Terms of one input's own curve at most; fewer where there are many inputs for the draws."""

ROWS_PER_TERM = 12
"""Draws that each further coefficient needs at least."""

FOLDS = 4
"""Parts are left out in so many turns."""

REST = ""
"""Name of what no single group explains: interactions, and curves that the terms do not follow."""


@dataclass(frozen=True)
class Share:
    """Part of an outcome's variance that a group of inputs explains by itself, 0 to 1, and its standard
    error."""

    group: str
    value: float
    error: float


def first_orders(
    inputs: Mapping[str, FloatArray],
    outcomes: Mapping[str, FloatArray],
    parts: Parts,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, tuple[Share, ...]]:
    """Share of each outcome's variance by group of inputs, largest first, and last what is left
    (:data:`REST`).

    An additive curve is fitted to every input, y = Σ_j f_j(x_j), and a group's share is the covariance of its
    curves with the outcome,

    .. math:: S_G = \\frac{\\mathrm{Cov}\\left(\\sum_{j \\in G} f_j(x_j),\\; y\\right)}{\\mathrm{Var}(y)}

    For independent inputs this is the first-order Sobol' index; with correlated ones it is the sum of the
    structural and the correlative part, and the shares still add up. The covariance is taken on draws that
    the fit has not seen (each fold in turn), so that a hundred idle inputs explain nothing on average rather
    than a hundredth each. Interactions inside a group are not counted.

    Source: Li, Rabitz et al. (2010), J. Phys. Chem. A 114, 6022; Sobol' (1993).

    Parameters
    ----------
    inputs, outcomes
        Sampled values ``(D,)`` each.
    parts
        Positions of the draws of each independent part (scrambling), at least two: the fit on others is
        judged on it, and the spread over parts gives the standard error.
    groups
        Inputs by name of the group; every input by itself where left out. An input in no group explains
        nothing and its doubt stays in the rest.
    """
    named = groups if groups is not None else {key: (key,) for key in inputs}
    keys = [key for members in named.values() for key in members if np.ptp(inputs[key]) > 0]
    told = {name: outcome - outcome.mean() for name, outcome in outcomes.items() if keys and _varies(outcome)}
    found = {
        name: tuple(Share(group, 0.0, 0.0) for group in (*named, REST))
        for name in outcomes
        if name not in told
    }
    if told:
        order = np.concatenate(list(parts))
        terms = int(np.clip(len(order) // (ROWS_PER_TERM * len(keys)), 1, MOST_TERMS))
        columns, owner = _terms([inputs[key] for key in keys], terms, order)
        place = {key: at for at, key in enumerate(keys)}
        member = np.zeros((len(keys), len(named)))
        for at, members in enumerate(named.values()):
            member[[place[key] for key in members if key in place], at] = 1.0
        blocks = list(pairwise(np.cumsum([0, *map(len, parts)])))
        y = np.stack([values[order] for values in told.values()], axis=1)
        held = _held_out(columns, y, blocks)
        for at, name in enumerate(told):
            variance = np.array([float(y[low:high, at].var()) for low, high in blocks])
            own = held[..., at] @ member[owner] / np.where(variance > 0, variance, y[:, at].var())[:, None]
            found[name] = _shares(tuple(named), own)
    return {name: found[name] for name in outcomes}


def _varies(outcome: FloatArray) -> bool:
    return float(outcome.var()) > 1e-24 * max(1.0, float(np.abs(outcome).max())) ** 2


def _shares(names: tuple[str, ...], found: FloatArray) -> tuple[Share, ...]:
    """Shares from those of every part ``(R, G)``, largest first, and the rest."""
    whole = np.column_stack([found, 1 - found.sum(axis=1)])
    shares = [
        Share(name, float(own.mean()), spread(own)) for name, own in zip((*names, REST), whole.T, strict=True)
    ]
    return (*sorted(shares[:-1], key=lambda share: -share.value), shares[-1])


def _terms(inputs: Sequence[FloatArray], terms: int, order: Places) -> tuple[FloatArray, Places]:
    """Columns ``(D, K)`` of all curves, each of mean 0 and variance 1, and the input that each belongs to.

    The first term is the value itself (fat tails act in proportion), the others are Legendre polynomials of
    the rank, which no tail can bend. Draws stand in ``order``.
    """
    rows, owner = [], []
    for at, values in enumerate(inputs):
        rows.append(values)
        owner.append(at)
        if terms > 1:
            rank = np.empty(len(values))
            rank[np.argsort(values, kind="stable")] = np.arange(len(values))
            if len(np.unique(values)) < len(values):
                rank = np.searchsorted(np.sort(values), values).astype(float)
            s = 2 * (rank + 0.5) / len(values) - 1
            lower, own = np.ones_like(s), s
            for degree in range(2, terms + 1):
                lower, own = own, ((2 * degree - 1) * s * own - (degree - 1) * lower) / degree
                rows.append(own)
                owner.append(at)
    table = np.stack(rows)[:, order]
    table -= table.mean(axis=1, keepdims=True)
    size = table.std(axis=1)
    kept = size > 1e-12
    return (table[kept] / size[kept, None]).T, np.array(owner)[kept]


def _held_out(columns: FloatArray, y: FloatArray, blocks: Sequence[tuple[int, int]]) -> FloatArray:
    """Covariance of each fitted column with each outcome, on each part ``(R, K, M)``, fitted on the other
    folds."""
    folds = np.array_split(np.arange(len(blocks)), min(FOLDS, len(blocks)))
    squares, products = [], []
    for fold in folds:
        own = slice(blocks[fold[0]][0], blocks[fold[-1]][1])
        squares.append(columns[own].T @ columns[own])
        products.append(columns[own].T @ y[own])
    whole, all_products = sum(squares, np.zeros_like(squares[0])), sum(products, np.zeros_like(products[0]))
    small = 1e-9 * np.eye(len(whole)) * len(y)  # columns of one input nearly repeat each other
    found = []
    for fold, square, product in zip(folds, squares, products, strict=True):
        fit = np.linalg.solve(whole - square + small, all_products - product)
        for low, high in (blocks[at] for at in fold):
            own_y = y[low:high] - y[low:high].mean(axis=0)
            found.append(fit * (columns[low:high].T @ own_y) / (high - low))
    return np.array(found)
