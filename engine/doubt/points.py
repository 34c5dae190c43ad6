"""Points of the unit cube: scrambled Sobol' sequences and Latin hypercubes, several independent ones side by side."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ...models.quantity import FloatArray
from .nets import BITS, Words, directions, scrambled

PARTS = 16
"""Independent scramblings, from whose spread every standard error is measured."""

LOW = 128
"""Points of a scrambling made by one table; a hypercube's size too."""


class Points:
    """Point g of a sample belongs to scrambling ``g mod 16`` and is its point ``g // 16``.

    Any block of draws can be made by itself and again, whatever was made before, so that draws need not be kept;
    the first ``16 · 2^k`` points are whole nets of every scrambling.

    Latin hypercubes are those of ``scipy.stats.qmc`` (McKay, Beckman & Conover 1979).
    """

    def __init__(self, dimensions: int, seed: int, method: str = "sobol") -> None:
        self.dimensions, self.seed, self.method = dimensions, seed, method

    def block(self, first: int, count: int) -> FloatArray:
        """Uniforms ``(dimensions, count)`` of the draws ``first`` to ``first + count``, strictly inside (0, 1).

        ``first`` and ``count`` are multiples of :data:`PARTS`.
        """
        if first % PARTS or count % PARTS:
            raise ValueError(f"blocks begin and end at multiples of {PARTS}")
        found = np.empty((self.dimensions, count // PARTS, PARTS))
        low, high = first // PARTS, (first + count) // PARTS
        for start in range(low - low % LOW, high, LOW):
            end = min(start + LOW, high)
            begin = max(start, low)
            for part in range(PARTS):
                cube = self._table(part, start // LOW)
                found[:, begin - low:end - low, part] = cube[:, begin - start:end - start]
        return found.reshape(self.dimensions, count)

    def _table(self, part: int, chunk: int) -> FloatArray:
        """Points ``chunk · LOW`` onwards of one scrambling ``(dimensions, LOW)``."""
        if self.method == "latin":
            from scipy.stats import qmc

            rng = np.random.default_rng([self.seed, part, chunk])
            return np.asarray(np.clip(qmc.LatinHypercube(self.dimensions, rng=rng).random(LOW).T, 1e-12, 1 - 1e-12))
        base, low, mixed = self._nets[part]
        at, gray, found = chunk * LOW, chunk * LOW ^ (chunk * LOW >> 1), base
        for bit in range(at.bit_length()):
            if gray >> bit & 1:
                found = found ^ mixed[:, bit]
        return np.asarray(((low ^ found[:, None]) + 0.5) * 2.0**-BITS)

    @cached_property
    def _nets(self) -> list[tuple[Words, Words, Words]]:
        """Shift, first :data:`LOW` points (without the shift) and direction numbers of every scrambling, as integers.

        Point n is the exclusive or of the direction numbers at the bits of n's Gray code.
        """
        plain = directions(self.dimensions)
        nets = []
        for part in range(PARTS):
            mixed, shift = scrambled(plain, np.random.default_rng([self.seed, part]))
            low = np.zeros((self.dimensions, LOW), dtype=np.uint32)
            for n in range(1, LOW):
                low[:, n] = low[:, n - 1] ^ mixed[:, (n & -n).bit_length() - 1]
            nets.append((shift, low, mixed))
        return nets

