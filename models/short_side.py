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
    market = _Market(output, np.broadcast_to(limit, output.shape)[free], links, demand, free)
    found, pressed = np.empty((len(free), draws)), []
    wide = CHUNK if links.shape[2] > 1 else 4 * CHUNK
    for low in range(0, draws, wide):
        part = np.s_[low:low + wide]
        own = found[:, part] = market.unlimited(market.asked_apart(part), part)
        # orders that feed each other without end have no such output; then nobody leaves the limit unasked
        pressed.append(low + np.flatnonzero(~((own >= 0) & (own <= market.limit[:, part])).all(axis=0)))
    todo = np.concatenate(pressed)
    for low in range(0, len(todo), CHUNK):
        some = todo[low:low + CHUNK]
        found[:, some] = market.limited(found[:, some], some)
    output[free] = found
    return output


class _Market:
    """Branches ``free`` to follow demand, of which there are F; ``part`` selects draws."""

    def __init__(
        self, output: FloatArray, limit: FloatArray, links: FloatArray, demand: FloatArray, free: npt.NDArray[np.intp]
    ) -> None:
        self.output, self.limit, self.links, self.demand, self.free = output, limit, links, demand, free
        self.led = np.setdiff1d(np.arange(len(output)), free)

    def asked_apart(self, part: slice | npt.NDArray[np.intp]) -> FloatArray:
        """What is asked of each whatever the free branches make ``(F, d)``."""
        demand, made, links = _of(self.demand, part)[self.free], self.output[:, part], _of(self.links, part)
        asked = np.array(np.broadcast_to(demand, (len(self.free), made.shape[1])))
        step = np.empty_like(asked)
        for j in self.led:
            asked += np.multiply(links[self.free, j], made[j], out=step)
        return asked

    def unlimited(self, asked: FloatArray, part: slice) -> FloatArray:
        """Output where no branch has a limit ``(F, d)``."""
        return _solve(-_of(self.links, part)[np.ix_(self.free, self.free)], asked)

    def limited(self, found: FloatArray, part: npt.NDArray[np.intp]) -> FloatArray:
        """Output ``(F, d)`` where some are asked for more than their limit, from the output ``found`` without limits."""
        found, own, limit = found.copy(), _of(self.links, part)[np.ix_(self.free, self.free)], self.limit[:, part]
        endless = np.any(~(found >= 0), axis=0)
        bound = np.where(endless, np.isinf(limit), found <= limit)
        todo, apart = np.arange(len(part)), self.asked_apart(part)
        while len(todo):
            here, most, asked = own if own.shape[2] == 1 else own[:, :, todo], limit[:, todo], apart[:, todo]
            settled = _solve(here * np.where(bound, -1.0, 0.0)[:, None], np.where(bound, asked, most))
            found[:, todo] = settled
            for j, made in enumerate(settled):
                asked += here[:, j] * made
            left = ~bound & (asked < most * (1 - 1e-13) - 1e-13)
            still = np.flatnonzero(left.any(axis=0))
            todo, bound = todo[still], (bound | left)[:, still]
        return found


def _of(array: FloatArray, part: slice | npt.NDArray[np.intp]) -> FloatArray:
    """Some draws of an array; one draw serves all."""
    return array if array.shape[-1] == 1 else array[..., part]


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
