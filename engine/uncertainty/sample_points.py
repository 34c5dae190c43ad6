"""Points of the unit cube: scrambled Sobol' sequences and Latin hypercubes, several independent ones side by
side."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ...models.quantity import FloatArray
from ..seeds import number_of
from .sobol_sequence import BITS, Words, directions, scrambled

PARTS = 16
"""Independent scramblings, from whose spread every standard error is measured."""

LOW = 128
"""Points of a scrambling made by one table; a hypercube's size too."""


class Points:
    """Point g of a sample belongs to scrambling ``g mod 16`` and is its point ``g // 16``.

    Any block of draws can be made by itself and again, whatever was made before, so that draws need not be
    kept; the first ``16 · 2^k`` points are whole nets of every scrambling.

    Latin hypercubes are those of ``scipy.stats.qmc`` (McKay, Beckman & Conover 1979).
    """

    def __init__(
        self,
        dimensions: int,
        seed: int,
        method: str = "sobol",
        first: int | None = None,
        later: int = 0,
        named: tuple[str, ...] = (),
    ) -> None:
        """Points of so many dimensions; those after the ``first`` are randomised apart, so that they leave
        these as they are, and so are ``later`` ones of them from the rest.

        The last dimensions, those ``named``, are no part of a net: each has random numbers that hang on
        nothing but its name, evenly spread by themselves (one in each of :data:`LOW` equal intervals), so
        that none moves where others are added or left out.
        """
        self.dimensions, self.seed, self.method, self.named = dimensions, seed, method, named
        net = dimensions - len(named)
        own = net if first is None else first
        cuts = (0, own, own + later, net)
        self.groups: tuple[tuple[slice, tuple[int, ...]], ...] = tuple(
            (slice(low, high), key)
            for low, high, key in zip(cuts, cuts[1:], ((), (2,), (1,)), strict=False)
            if high > low
        ) or ((slice(0, 0), ()),)
        """Dimensions that are randomised together, and what tells their random numbers from others'."""

    def block(self, first: int, count: int) -> FloatArray:
        """Uniforms ``(dimensions, count)`` of the draws ``first`` to ``first + count``, strictly inside (0,
        1).

        ``first`` and ``count`` are multiples of :data:`PARTS`.
        """
        if first % PARTS or count % PARTS:
            raise ValueError(f"blocks begin and end at multiples of {PARTS}")
        found = np.empty((self.dimensions, count))
        table = self._hypercubes if self.method == "latin" else self._sobol
        low, high, size, net = first, first + count, LOW * PARTS, self.dimensions - len(self.named)
        for start in range(low - low % size, high, size):
            begin, end = max(start, low), min(start + size, high)
            chunk, part, there = (
                start // size,
                slice(begin - start, end - start),
                slice(begin - low, end - low),
            )
            table(chunk, part, found[:net, there])
            self._by_name(chunk, part, found[net:, there])
        return found

    def _by_name(self, chunk: int, part: slice, out: FloatArray) -> None:
        """Part of the ``chunk``-th points of every scrambling of the dimensions that have names."""
        places = np.tile(np.arange(LOW, dtype=float), (PARTS, 1))
        for at, name in enumerate(self.named):
            rng = np.random.default_rng([self.seed, chunk, number_of(name)])
            rows = (rng.permuted(places, axis=1) + rng.random((PARTS, LOW))) / LOW
            out[at] = np.clip(rows.T.reshape(-1)[part], 1e-12, 1 - 1e-12)

    def _hypercubes(self, chunk: int, part: slice, out: FloatArray) -> None:
        """Part of the ``chunk``-th hypercube of every scrambling, their points side by side."""
        from scipy.stats import qmc

        def cube(dimensions: int, *key: int) -> FloatArray:
            rng = np.random.default_rng([self.seed, *key])
            made: FloatArray = qmc.LatinHypercube(dimensions, rng=rng).random(LOW).T
            return made

        cubes = [
            np.concatenate([cube(rows.stop - rows.start, one, chunk, *key) for rows, key in self.groups])
            for one in range(PARTS)
        ]
        out[:] = np.clip(np.stack(cubes, axis=-1).reshape(len(out), LOW * PARTS)[:, part], 1e-12, 1 - 1e-12)

    def _sobol(self, chunk: int, part: slice, out: FloatArray) -> None:
        """Part of the points ``chunk · LOW`` onwards of every scrambling, side by side."""
        base, low, mixed = self._nets
        at = chunk * LOW
        gray = at ^ at >> 1
        for bit in range(at.bit_length()):
            if gray >> bit & 1:
                base = base ^ mixed[bit]
        words = (low ^ base[:, None]).reshape(len(out), LOW * PARTS)
        np.multiply(words[:, part], 2.0**-BITS, out=out)
        out += 2.0 ** -(BITS + 1)

    @cached_property
    def _nets(self) -> tuple[Words, Words, Words]:
        """Every scrambling, side by side on the last axis, as integers.

        The shift ``(dimensions, 16)``, the first :data:`LOW` points without it ``(dimensions, LOW, 16)`` and
        the direction numbers ``(BITS, dimensions, 16)``; point n is the exclusive or of those at the bits of
        n's Gray code.
        """
        plain = directions(self.groups[-1][0].stop)
        nets = [self._net(plain, part) for part in range(PARTS)]
        mixed = np.ascontiguousarray(np.stack([own for own, _ in nets], axis=-1).transpose(1, 0, 2))
        low = np.zeros((len(plain), LOW, PARTS), dtype=np.uint32)
        for n in range(1, LOW):
            low[:, n] = low[:, n - 1] ^ mixed[(n & -n).bit_length() - 1]
        return np.stack([shift for _, shift in nets], axis=-1), low, mixed

    def _net(self, plain: Words, part: int) -> tuple[Words, Words]:
        """One scrambling: direction numbers and shift."""
        made = [
            scrambled(plain[rows], np.random.default_rng([self.seed, part, *key]))
            for rows, key in self.groups
        ]
        own, shift = zip(*made, strict=True)
        return np.concatenate(own), np.concatenate(shift)
