"""The short side of the market: output is what can be made or what is asked, whichever is less."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .quantity import BoolArray, FloatArray

CHUNK = 1024
"""Draws solved at a time, each with a system of its own, at most."""

CACHE = 2**18
"""Numbers in the systems solved at a time: these stay in the cache, however many branches there are."""

FEWEST = 64
"""Draws solved at a time at least: fewer cost more in calls than the cache saves."""

KEPT = 2**24
"""Numbers of eliminated systems that a market keeps for the next plan in the same futures."""

ALIKE = 8192
"""Draws solved at a time where one system serves all; threads work side by side where each step is long."""

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Loop:
    """Households: what they buy of each branch per yuan of income, and their income per yuan of its output,
    ``(B, D)``.

    Two loops are the same only where they are one object: by this a market knows the year that it has met.
    """

    spent: FloatArray
    earned: FloatArray

    @property
    def draws(self) -> int:
        """How many draws tell it apart."""
        return int(max(self.spent.shape[-1], self.earned.shape[-1]))


def clear(
    limit: FloatArray, links: FloatArray, demand: FloatArray, supply_led: BoolArray, loop: Loop | None = None
) -> FloatArray:
    """Greatest fixed point of ``x = min(limit, links · x + demand)``; see :meth:`Market.clear`."""
    return Market(links, supply_led).clear(limit, demand, loop)


class Market:
    """Branches and what they buy of each other, the same in all years."""

    def __init__(self, links: FloatArray, supply_led: BoolArray) -> None:
        """Set the branches that follow demand apart from those that lead.

        Parameters
        ----------
        links
            Regional coefficients ``(B, B, D)``.
        supply_led
            ``(B,)`` true where output is the limit whatever is asked.
        """
        self.free, self.led = np.flatnonzero(~supply_led), np.flatnonzero(supply_led)
        rows = links[self.free]
        self.own, self.others = rows[:, self.free], rows[:, self.led].transpose(1, 0, 2)
        self._met: set[tuple[Loop, int]] = set()
        self._kept: dict[tuple[Loop, int], FloatArray] = {}

    def eliminated(self, year: _Year, loop: Loop, part: slice) -> FloatArray:
        """The system of a year where no branch has a limit, eliminated ``(F, F, d)``.

        It is the same whatever is planned, so that from the second plan on it is kept, as far as there is
        room.
        """
        key = loop, int(part.start)
        if key in self._kept:
            return self._kept[key]
        system = _eliminate(-year.links(part))
        room = KEPT - sum(each.size for each in self._kept.values())
        if key in self._met and system.size <= room:
            self._kept[key] = system
        self._met.add(key)
        return system

    def clear(self, limit: FloatArray, demand: FloatArray, loop: Loop | None = None) -> FloatArray:
        """Greatest fixed point of ``x = min(limit, links · x + demand)``, ``(B, D)``.

        Policy iteration on the set of branches that demand binds. First no branch has a limit: output is then
        nowhere less than in the end, so a branch that is asked for no more than its limit even then is bound
        by demand. The others start at their limit; one that is asked for less leaves it and never returns,
        because output only falls from one step to the next (the map is monotone; the branches that demand
        binds have links of spectral radius below one). Exact after at most ``B`` linear solves; where demand
        binds everywhere, after one. Every draw's digits are its own.

        Parameters
        ----------
        limit
            Greatest output ``(B, D)``; may be infinite for a branch that demand always binds.
        demand
            Final demand that does not depend on output ``(B, D)``.
        loop
            What households buy of the income made, on top of the links.
        """
        loop = loop or Loop(np.zeros((len(limit), 1)), np.zeros((len(limit), 1)))
        draws = max(array.shape[-1] for array in (limit, self.own, demand, loop.spent, loop.earned))
        output = np.array(np.broadcast_to(np.where(np.isfinite(limit), limit, 0.0), (len(limit), draws)))
        if not len(self.free):
            return output
        year = _Year(self, output, limit, demand, loop)
        found, pressed = np.empty((len(self.free), draws)), []
        narrow = min(CHUNK, max(CACHE // len(self.free) ** 2, FEWEST))
        wide = narrow if max(self.own.shape[2], loop.draws) > 1 else ALIKE
        for low in range(0, draws, wide):
            part = np.s_[low : low + wide]
            with np.errstate(
                divide="ignore", invalid="ignore"
            ):  # orders that just feed each other: no number, or none that is finite
                system = self.eliminated(year, loop, part)
                own = found[:, part] = _substitute(system, year.asked_apart(part))
            # orders that feed each other without end have no such output; then nobody leaves the limit
            # unasked
            pressed.append(low + np.flatnonzero(~((own >= 0) & (own <= year.limit[:, part])).all(axis=0)))
        todo = np.concatenate(pressed)
        for low in range(0, len(todo), narrow):
            some = todo[low : low + narrow]
            found[:, some] = year.limited(found[:, some], some)
        output[self.free] = found
        return output


class _Year:
    """The branches that follow demand, of which there are F, in one year; ``part`` selects draws."""

    def __init__(
        self, market: Market, output: FloatArray, limit: FloatArray, demand: FloatArray, loop: Loop
    ) -> None:
        free, led = market.free, market.led
        self.own, self.others, self.made = market.own, market.others, output[led]
        self.limit, self.demand = np.broadcast_to(limit, output.shape)[free], demand[free]
        self.spent, self.earned, self.earned_apart = loop.spent[free], loop.earned[free], loop.earned[led]

    def asked_apart(self, part: slice | Places) -> FloatArray:
        """What is asked of each whatever the free branches make ``(F, d)``."""
        made = self.made[:, part]
        asked = np.array(np.broadcast_to(_of(self.demand, part), (len(self.limit), made.shape[1])))
        step, income = np.empty_like(asked), np.zeros(made.shape[1])
        for sold, earned, own in zip(_of(self.others, part), _of(self.earned_apart, part), made, strict=True):
            asked += np.multiply(sold, own, out=step)
            income += earned * own
        asked += np.multiply(_of(self.spent, part), income, out=step)
        return asked

    def links(self, part: slice | Places) -> FloatArray:
        """What each asks of the others per yuan it makes, income included ``(F, F, d)``."""
        return _of(self.own, part) + _of(self.spent, part)[:, None] * _of(self.earned, part)[None]

    def limited(self, found: FloatArray, part: Places) -> FloatArray:
        """Output ``(F, d)`` where some are asked for more than their limit, from the output ``found`` without
        limits."""
        found, own, limit = found.copy(), self.links(part), self.limit[:, part]
        endless = np.any(~(found >= 0), axis=0)
        bound = np.where(endless, np.isinf(limit), found <= limit)
        todo, apart = np.arange(len(part)), self.asked_apart(part)
        while len(todo):
            here, most, asked = own if own.shape[2] == 1 else own[:, :, todo], limit[:, todo], apart[:, todo]
            system = _eliminate(here * np.where(bound, -1.0, 0.0)[:, None])
            settled = _substitute(system, np.where(bound, asked, most))
            found[:, todo] = settled
            for j, made in enumerate(settled):
                asked += here[:, j] * made
            left = ~bound & (asked < most * (1 - 1e-13) - 1e-13)
            still = np.flatnonzero(left.any(axis=0))
            todo, bound = todo[still], (bound | left)[:, still]
        return found


def _of(array: FloatArray, part: slice | Places) -> FloatArray:
    """Some draws of an array; one draw serves all."""
    return array if array.shape[-1] == 1 else array[..., part]


def _eliminate(system: FloatArray) -> FloatArray:
    """Gauss's elimination of I + S in place, all draws at once: the upper triangle, and below it the factors.

    Rows bound by demand are x - M x = f, rows of zeros x = limit. Without exchange of rows: I - M is an
    M-matrix (M >= 0, spectral radius below one), and so is what is left of it with rows of the unit matrix,
    so every pivot is positive (Berman & Plemmons 1994, ch. 6).
    """
    count, draws = len(system), system.shape[2]
    space = np.empty(max(count - 1, 1) ** 2 * draws)
    for k in range(count):
        system[k, k] += 1.0
    for k in range(count - 1):
        rest = count - k - 1
        factor = system[k + 1 :, k]
        factor /= system[k, k]
        step = space[: rest * rest * draws].reshape(rest, rest, draws)
        np.multiply(factor[:, None], system[k, k + 1 :], out=step)
        system[k + 1 :, k + 1 :] -= step
    return system


def _substitute(system: FloatArray, right: FloatArray) -> FloatArray:
    """Solve an eliminated system for the right side, in its place; one system ``(B, B, 1)`` serves all draws
    of ``right`` ``(B, D)``."""
    count = len(right)
    for k in range(count - 1):
        right[k + 1 :] -= system[k + 1 :, k] * right[k]
    for k in reversed(range(count)):
        right[k] /= system[k, k]
        right[:k] -= system[:k, k] * right[k]
    return right
