"""The short side of the market: output is what can be made or what is asked, whichever is less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from .links import ByBranch, Links, few_beside
from .quantity import BoolArray, FloatArray, same_draws

CHUNK = 1024
"""Draws solved at a time, each with a system of its own, at most."""

CACHE = 2**18
"""Numbers in the systems solved at a time: these stay in the cache, however many branches there are."""

FEWEST = 64
"""Draws solved at a time at least: fewer cost more in calls than the cache saves."""

KEPT = 2**24
"""Numbers of eliminated systems that a market keeps for the next plan in the same futures."""

WEAVE = 24
"""Branches in a table of links from which on those at their limits are found round by round."""

ROUNDS, SETTLED = 100, 2e-16
"""Rounds at most, and by what part of itself output may still differ from one to the next. Where links are so
strong that these are not enough, systems are eliminated."""

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
    limit: FloatArray,
    links: Links | FloatArray,
    demand: FloatArray,
    supply_led: BoolArray,
    loop: Loop | None = None,
) -> FloatArray:
    """Greatest fixed point of ``x = min(limit, links · x + demand)``; see :meth:`Market.clear`."""
    return Market(links, supply_led).clear(limit, demand, loop)


class Market:
    """Branches and what they buy of each other, the same in all years."""

    def __init__(self, links: Links | FloatArray, supply_led: BoolArray) -> None:
        """Set the branches that follow demand apart from those that lead.

        Parameters
        ----------
        links
            Regional coefficients, in their parts or in one table ``(B, B, D)``.
        supply_led
            ``(B,)`` true where output is the limit whatever is asked.
        """
        self.free, self.led = np.flatnonzero(~supply_led), np.flatnonzero(supply_led)
        goods = _goods(links, self.free) if isinstance(links, Links) else None
        table = links.whole if goods is None and isinstance(links, Links) else links
        self.form: _Form = goods or _Table(np.asarray(table)[self.free])
        self._met: set[tuple[Loop, int]] = set()
        self._kept: dict[tuple[Loop, int], FloatArray] = {}

    def eliminated(self, year: _Year, loop: Loop, part: slice) -> FloatArray:
        """The system of a year where no branch has a limit, eliminated.

        It is the same whatever is planned, so that from the second plan on it is kept, as far as there is
        room.
        """
        key = loop, int(part.start)
        if key in self._kept:
            return self._kept[key]
        system = year.system(part).eliminated()
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
        draws = max(limit.shape[-1], self.form.draws, demand.shape[-1], loop.draws)
        output = np.array(np.broadcast_to(np.where(np.isfinite(limit), limit, 0.0), (len(limit), draws)))
        if not len(self.free):
            return output
        year = _Year(self, output, limit, demand, loop)
        found, pressed = np.empty((len(self.free), draws)), []
        narrow = min(CHUNK, max(CACHE // self.form.size, FEWEST))
        wide = narrow if max(self.form.draws, loop.draws) > 1 else ALIKE
        for low in range(0, draws, wide):
            part = np.s_[low : low + wide]
            with np.errstate(
                divide="ignore", invalid="ignore"
            ):  # orders that just feed each other: no number, or none that is finite
                system = self.eliminated(year, loop, part)
                own = found[:, part] = year.system(part).output(system, year.asked_apart(part))
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
        self.form, self.led, self.made = market.form, led, output[led]
        self.limit, self.demand = np.broadcast_to(limit, output.shape)[free], demand[free]
        self.spent, self.earned, self.earned_apart = loop.spent[free], loop.earned[free], loop.earned[led]
        self.free = free

    def asked_apart(self, part: slice | Places) -> FloatArray:
        """What is asked of each whatever the free branches make ``(F, d)``."""
        made = self.made[:, part]
        asked = np.array(np.broadcast_to(_of(self.demand, part), (len(self.limit), made.shape[1])))
        self.form.ask(asked, self.led, made, part)
        income = np.zeros(made.shape[1])
        for earned, own in zip(_of(self.earned_apart, part), made, strict=True):
            income += earned * own
        asked += _of(self.spent, part) * income
        return asked

    def system(self, part: slice | Places) -> _System:
        """What each asks of the others per yuan it makes, income included."""
        return self.form.system(self.free, part, _of(self.spent, part), _of(self.earned, part))

    def limited(self, found: FloatArray, part: Places) -> FloatArray:
        """Output ``(F, d)`` where some are asked for more than their limit, from the output ``found`` without
        limits."""
        found, own, limit = found.copy(), self.system(part), self.limit[:, part]
        endless = np.any(~(found >= 0), axis=0)
        bound = np.where(endless, np.isinf(limit), found <= limit)
        apart = self.asked_apart(part)
        begun = np.where(endless & np.isfinite(limit), limit, np.minimum(found, limit))
        todo = own.settle(begun, limit, apart)
        found, bound = np.where(np.isin(np.arange(len(part)), todo), found, begun), bound[:, todo]
        while len(todo):
            here, most, asked = own.some(todo), limit[:, todo], apart[:, todo]
            settled = here.output(here.eliminated(bound), np.where(bound, asked, most), bound)
            found[:, todo] = settled
            here.ask(asked, settled)
            left = ~bound & (asked < most * (1 - 1e-13) - 1e-13)
            still = np.flatnonzero(left.any(axis=0))
            todo, bound = todo[still], (bound | left)[:, still]
        return found


class _System(Protocol):
    """Links of the branches that follow demand, in some draws of a year; ``bound`` ``(F, d)`` says which of
    them demand binds, the others stand at their limit. Left out: all."""

    def eliminated(self, bound: BoolArray | None = None) -> FloatArray: ...

    def output(self, system: FloatArray, right: FloatArray, bound: BoolArray | None = None) -> FloatArray:
        """Output from what is asked apart of those that are bound, and the limit of the others: ``right``,
        which is lost."""
        ...

    def ask(self, asked: FloatArray, output: FloatArray) -> None:
        """Add what they ask of each other."""
        ...

    def settle(self, output: FloatArray, limit: FloatArray, apart: FloatArray) -> Places:
        """Bring output from above to where it ends, in its place; returns the draws that have not got
        there."""
        ...

    def some(self, draws: Places) -> _System: ...


class _Form(Protocol):
    """Links of all years: ``size`` is the numbers of a draw's system, ``draws`` how many have their own."""

    size: int
    draws: int

    def ask(self, asked: FloatArray, branches: Places, output: FloatArray, part: slice | Places) -> None:
        """Add what some branches ask of those that follow demand."""
        ...

    def system(
        self, free: Places, part: slice | Places, spent: FloatArray, earned: FloatArray
    ) -> _System: ...


class _Table:
    """Links in one table: rows of the branches that follow demand ``(F, B, D)``."""

    def __init__(self, rows: FloatArray) -> None:
        self.rows, self.size, self.draws = rows, len(rows) ** 2, rows.shape[2]

    def ask(self, asked: FloatArray, branches: Places, output: FloatArray, part: slice | Places) -> None:
        step = np.empty_like(asked)
        for at, made in zip(branches, output, strict=True):
            asked += np.multiply(_of(self.rows[:, at], part), made, out=step)

    def system(self, free: Places, part: slice | Places, spent: FloatArray, earned: FloatArray) -> _System:
        return _TableSystem(lambda: _of(self.rows, part)[:, free] + spent[:, None] * earned[None])


class _TableSystem:
    """Solved branch by branch."""

    def __init__(self, made: Callable[[], FloatArray]) -> None:
        self._made = made

    @cached_property
    def whole(self) -> FloatArray:
        return self._made()

    def eliminated(self, bound: BoolArray | None = None) -> FloatArray:
        whole = self.whole
        return _eliminate(-whole if bound is None else whole * np.where(bound, -1.0, 0.0)[:, None])

    def output(self, system: FloatArray, right: FloatArray, bound: BoolArray | None = None) -> FloatArray:
        return _substitute(system, right)

    def ask(self, asked: FloatArray, output: FloatArray) -> None:
        for j, made in enumerate(output):
            asked += self.whole[:, j] * made

    def settle(self, output: FloatArray, limit: FloatArray, apart: FloatArray) -> Places:
        """All make what is asked of them or their limit, again and again, which costs B² a round where
        elimination costs B³: from above output falls to the greatest fixed point, in few rounds where links
        are weak."""
        draws = output.shape[1]
        if len(output) < WEAVE:
            return np.arange(draws)
        todo = np.flatnonzero((np.isfinite(output) & (output >= 0)).all(axis=0))
        endless = np.setdiff1d(np.arange(draws), todo)
        links, made = _first(_draws_first(self.whole), todo), output.T[todo]
        for _ in range(ROUNDS):
            asked = apart.T[todo] + _times(links, made[:, :, None])[:, :, 0]
            before, made = made, np.minimum(limit.T[todo], asked)
            settled = (np.abs(made - before) <= SETTLED * made).all(axis=1)
            if settled.any():
                output[:, todo[settled]] = made[settled].T
                left = np.flatnonzero(~settled)
                todo, made, links = todo[left], made[left], _first(links, left)
            if not len(todo):
                break
        return np.union1d(endless, todo)

    def some(self, draws: Places) -> _TableSystem:
        return _TableSystem(lambda: _of(self.whole, draws))


def _goods(links: Links, free: Places) -> _Goods | None:
    """Links by goods where these are few beside the branches: classes, and what single processes sell to each
    other."""
    if isinstance(links.goods, ByBranch) or links.direct is None:
        return None
    makers = free[links.direct[free].any(axis=(1, 2))]
    own = np.zeros((len(links.direct), len(makers), 1))
    own[makers, np.arange(len(makers))] = 1.0
    sold = np.concatenate(same_draws(links.goods.sold, own), axis=1)[free]
    used = np.concatenate(same_draws(links.goods.taken, links.direct[makers]))
    there = np.flatnonzero(sold.any(axis=(0, 2)))
    return _Goods(sold[:, there], used[there]) if few_beside(len(there), len(free)) else None


class _Goods:
    """Links by goods: what a branch sells of what is spent on a good ``(F, R, D)``, what its output takes
    ``(R, B, D)``. Draws come first here: each is a small product of its own."""

    def __init__(self, sold: FloatArray, used: FloatArray) -> None:
        self.sold, self.used = _draws_first(sold), _draws_first(used)
        self.size, self.draws = sold[..., 0].size, max(sold.shape[2], used.shape[2])

    def ask(self, asked: FloatArray, branches: Places, output: FloatArray, part: slice | Places) -> None:
        if len(branches):
            used = np.ascontiguousarray(_first(self.used, part)[:, :, branches])
            asked += _times(_first(self.sold, part), _times(used, output.T[:, :, None]))[:, :, 0].T

    def system(self, free: Places, part: slice | Places, spent: FloatArray, earned: FloatArray) -> _System:
        used = _first(self.used, part)
        used = used if len(free) == used.shape[2] else np.ascontiguousarray(used[:, :, free])
        households = _draws_first(spent[:, None]), _draws_first(earned[None])
        return _GoodsSystem(_first(self.sold, part), used, *households)


@dataclass(frozen=True)
class _GoodsSystem:
    """Solved good by good, income the last.

    .. math:: x = \\min(L, f + S z), \\quad z = U x, \\qquad (I - U_J S_J)\\,z = U_J f_J + U_K L_K

    where demand binds the branches J and K stand at their limits. As many unknowns as goods, however many
    branches there are. :math:`U_J S_J` has no number below zero and the spectral radius of
    :math:`S_J U_J`, below one.

    Attributes
    ----------
    sold, used, spent, earned
        ``(d, F, R)``, ``(d, R, F)``; of households ``(d, F, 1)``, ``(d, 1, F)``.
    """

    sold: FloatArray
    used: FloatArray
    spent: FloatArray
    earned: FloatArray

    def eliminated(self, bound: BoolArray | None = None) -> FloatArray:
        asked = np.concatenate(_same_first(self.sold, self.spent), axis=2)
        if bound is not None:
            asked = np.where(bound.T[:, :, None], asked, 0.0)
        taken = np.concatenate(_same_first(self.used, self.earned), axis=1)
        return _eliminate(np.ascontiguousarray(np.moveaxis(-_times(taken, asked), 0, 2)))

    def output(self, system: FloatArray, right: FloatArray, bound: BoolArray | None = None) -> FloatArray:
        asked = self._asked(_substitute(system, self._spent(right)))
        return right + (asked if bound is None else np.where(bound, asked, 0.0))

    def ask(self, asked: FloatArray, output: FloatArray) -> None:
        asked += self._asked(self._spent(output))

    def _spent(self, output: FloatArray) -> FloatArray:
        """What the branches spend on each good, and their income ``(R + 1, d)``."""
        made = np.ascontiguousarray(output.T)[:, :, None]
        both = _times(self.used, made)[:, :, 0], _times(self.earned, made)[:, :, 0]
        return np.ascontiguousarray(np.concatenate(both, axis=1).T)

    def _asked(self, goods: FloatArray) -> FloatArray:
        """What is asked of each branch for so much spent on every good ``(F, d)``."""
        spent = np.ascontiguousarray(goods.T)[:, :, None]
        return (_times(self.sold, spent[:, :-1])[:, :, 0] + (self.spent * spent[:, -1:])[:, :, 0]).T

    def settle(self, output: FloatArray, limit: FloatArray, apart: FloatArray) -> Places:
        """Elimination costs less than a sweep."""
        return np.arange(output.shape[1])

    def some(self, draws: Places) -> _GoodsSystem:
        return _GoodsSystem(
            *(_first(each, draws) for each in (self.sold, self.used, self.spent, self.earned))
        )


def _draws_first(array: FloatArray) -> FloatArray:
    return np.ascontiguousarray(np.moveaxis(array, -1, 0))


def _first(array: FloatArray, part: slice | Places) -> FloatArray:
    """Some draws of an array whose first axis they are; one draw serves all."""
    return array if len(array) == 1 else array[part]


def _same_first(*arrays: FloatArray) -> list[FloatArray]:
    draws = max(len(each) for each in arrays)
    return [np.broadcast_to(each, (draws, *each.shape[1:])) for each in arrays]


def _times(left: FloatArray, right: FloatArray) -> FloatArray:
    """Product of each draw by itself, laid out alike whatever the others are: its digits are its own."""
    return np.asarray(np.matmul(left, np.ascontiguousarray(right)))


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
