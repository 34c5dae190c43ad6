"""The short side of the market: output is what can be made or what is asked, whichever is less."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .quantity import BoolArray, FloatArray

CHUNK = 512
"""Draws solved at a time: their systems stay in the cache."""


def clear(limit: FloatArray, links: FloatArray, demand: FloatArray, supply_led: BoolArray) -> FloatArray:
    """Greatest fixed point of ``x = min(limit, links · x + demand)``.

    Policy iteration on the set of branches that demand binds: starting from every branch at its limit, a
    branch that is asked for less than its limit leaves the limit and never returns, because output only
    falls from one step to the next (the map is monotone; ``links`` has spectral radius below one). Exact
    after at most ``B`` linear solves, in practice two or three. Every draw's digits are its own.

    Parameters
    ----------
    limit
        Greatest output ``(B, D)``; may be infinite for a branch that demand always binds.
    links
        Regional coefficients plus the consumption loop ``(B, B, D)``.
    demand
        Final demand that does not depend on output ``(B, D)``.
    supply_led
        ``(B,)`` true where output is the limit whatever is asked.

    Returns
    -------
    Output ``(B, D)``.
    """
    draws = max(array.shape[-1] for array in (limit, links, demand))
    output = np.array(np.broadcast_to(np.where(np.isfinite(limit), limit, 0.0), (len(limit), draws)))
    free = np.flatnonzero(~supply_led)
    if not len(free):
        return output
    for low in range(0, draws, CHUNK):
        part = slice(low, min(low + CHUNK, draws))
        most, bought, asked = (each if each.shape[-1] == 1 else each[..., part] for each in (limit, links, demand))
        output[free, part] = _settle(output[:, part], most[free], bought[free], asked[free], free)
    return output


def _settle(
    output: FloatArray, limit: FloatArray, links: FloatArray, demand: FloatArray, free: npt.NDArray[np.intp]
) -> FloatArray:
    """Output of the branches ``free`` to follow demand ``(F, D)``, from the top down; ``links`` are their rows."""
    draws = output.shape[1]
    limit = np.broadcast_to(limit, (len(free), draws))
    found: FloatArray = output[free]
    # what is asked whatever the free branches make
    apart = np.array(np.broadcast_to(demand, found.shape))
    for j in np.setdiff1d(np.arange(len(output)), free):
        apart += links[:, j] * output[j]
    own = np.ascontiguousarray(links[:, free])
    bound = ~np.isfinite(limit)
    todo = np.flatnonzero(bound.any(axis=0))
    while True:
        if len(todo):
            here = own if own.shape[2] == 1 else own[:, :, todo]
            found[:, todo] = _solve(here, np.where(bound[:, todo], apart[:, todo], limit[:, todo]), bound[:, todo])
        asked = apart.copy()
        for j in range(len(free)):
            asked += own[:, j] * found[j]
        left = ~bound & (asked < limit * (1 - 1e-13) - 1e-13)
        todo = np.flatnonzero(left.any(axis=0))
        if not len(todo):
            return found
        bound = bound | left


def _solve(links: FloatArray, right: FloatArray, bound: BoolArray) -> FloatArray:
    """Solve x - M x = f in the rows bound by demand and x = limit in the others, all draws at once.

    Gauss's elimination without exchange of rows: I - M is an M-matrix (M >= 0, spectral radius below one), and so
    is what is left of it with rows of the unit matrix, so every pivot is positive (Berman & Plemmons 1994, ch. 6).
    """
    count, draws = right.shape
    system = links * np.where(bound, -1.0, 0.0)[:, None]
    space = np.empty(max(count - 1, 1) ** 2 * draws)
    for k in range(count):
        system[k, k] += 1.0
    for k in range(count - 1):
        rest = count - k - 1
        factor = system[k + 1:, k] / system[k, k]
        step = space[: rest * rest * draws].reshape(rest, rest, draws)
        np.multiply(factor[:, None], system[k, k + 1:], out=step)
        system[k + 1:, k + 1:] -= step
        factor *= right[k]
        right[k + 1:] -= factor
    for k in reversed(range(count)):
        right[k] /= system[k, k]
        right[:k] -= system[:k, k] * right[k]
    return right
