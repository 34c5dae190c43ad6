"""The short side of the market: output is what can be made or what is asked, whichever is less."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .quantity import BoolArray, FloatArray

CHUNK = 512
"""Draws solved at a time: their systems stay in the cache."""


def clear(limit: FloatArray, links: FloatArray, demand: FloatArray, supply_led: BoolArray) -> FloatArray:
    """Greatest fixed point of ``x = min(limit, links · x + demand)``.

    Policy iteration on the set of branches that demand binds. First no branch has a limit: output is then
    nowhere less than in the end, so a branch that is asked for no more than its limit even then is bound by
    demand. The others start at their limit; one that is asked for less leaves it and never returns, because
    output only falls from one step to the next (the map is monotone; the branches that demand binds have
    links of spectral radius below one). Exact after at most ``B`` linear solves; where demand binds everywhere, after one. Every draw's
    digits are its own.

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
    limit = np.broadcast_to(limit, (len(free), output.shape[1]))
    # what is asked whatever the free branches make
    apart = np.array(np.broadcast_to(demand, limit.shape))
    for j in np.setdiff1d(np.arange(len(output)), free):
        apart += links[:, j] * output[j]
    own = np.ascontiguousarray(links[:, free])
    found = _solve(-own, apart.copy())
    # orders that feed each other without end have no such output; then nobody leaves the limit unasked
    endless = np.any(~(found >= 0), axis=0)
    todo = np.flatnonzero(endless | (found > limit).any(axis=0))
    if not len(todo):
        return found
    bound = np.where(endless[todo], np.isinf(limit[:, todo]), found[:, todo] <= limit[:, todo])
    while len(todo):
        here, most, asked = own if own.shape[2] == 1 else own[:, :, todo], limit[:, todo], apart[:, todo]
        settled = _solve(here * np.where(bound, -1.0, 0.0)[:, None], np.where(bound, asked, most))
        found[:, todo] = settled
        for j in range(len(free)):
            asked += here[:, j] * settled[j]
        left = ~bound & (asked < most * (1 - 1e-13) - 1e-13)
        still = np.flatnonzero(left.any(axis=0))
        todo, bound = todo[still], (bound | left)[:, still]
    return found


def _solve(system: FloatArray, right: FloatArray) -> FloatArray:
    """Solve x + S x = r in place, all draws at once: x - M x = f in rows bound by demand, x = limit in rows of zeros.

    Gauss's elimination without exchange of rows: I - M is an M-matrix (M >= 0, spectral radius below one), and so
    is what is left of it with rows of the unit matrix, so every pivot is positive (Berman & Plemmons 1994, ch. 6).
    One system ``(B, B, 1)`` serves all draws of ``right`` ``(B, D)``.
    """
    count, draws = len(right), system.shape[2]
    space = np.empty(max(count - 1, 1) ** 2 * draws)
    for k in range(count):
        system[k, k] += 1.0
    for k in range(count - 1):
        rest = count - k - 1
        factor = system[k + 1:, k] / system[k, k]
        step = space[: rest * rest * draws].reshape(rest, rest, draws)
        np.multiply(factor[:, None], system[k, k + 1:], out=step)
        system[k + 1:, k + 1:] -= step
        right[k + 1:] -= factor * right[k]
    for k in reversed(range(count)):
        right[k] /= system[k, k]
        right[:k] -= system[:k, k] * right[k]
    return right
