"""Sobol' sequences as direction numbers, and their random scrambling (准随机数).

The sequence is that of ``scipy.stats.qmc.Sobol``, from the direction numbers that scipy carries; they are
read without importing all of ``scipy.stats``, which takes longer than a run's draws. Tests hold both against
each other.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

BITS = 30
"""Binary digits of a point."""

Words = npt.NDArray[np.uint32]


@lru_cache(maxsize=8)
def directions(dimensions: int) -> Words:
    """Direction numbers ``(dimensions, BITS)``; point n is the exclusive or of those at the bits of n's Gray
    code.

    A primitive polynomial over GF(2) of degree m with coefficients a gives each from the m before it,
    ``v_j = 2 a_1 v_{j-1} ^ ... ^ 2^m v_{j-m} ^ v_{j-m}`` (Joe & Kuo 2008, SIAM J. Sci. Comput. 30, 2635).

    Raises
    ------
    ValueError
        Where there are more dimensions than direction numbers.
    """
    polynomials, first = _known()
    if dimensions > len(polynomials):
        raise ValueError(f"{dimensions} uncertain inputs, at most {len(polynomials)}")
    found = np.zeros((dimensions, BITS), dtype=np.int64)
    found[:1] = 1
    degrees = np.array([int(p).bit_length() - 1 for p in polynomials[:dimensions]])
    for degree in range(1, int(degrees.max(initial=0)) + 1):
        rows = np.flatnonzero(degrees == degree)
        rows = rows[rows > 0]
        given = min(degree, BITS)
        found[rows, :given] = first[rows, :given]
        for j in range(degree, BITS):
            fresh = found[rows, j - degree].copy()
            for k in range(degree):
                there = polynomials[rows] >> (degree - 1 - k) & 1
                fresh ^= there * (found[rows, j - k - 1] << (k + 1))
            found[rows, j] = fresh
    return (found << np.arange(BITS - 1, -1, -1)).astype(np.uint32)


@lru_cache(maxsize=1)
def _known() -> tuple[Any, Any]:
    """Polynomials and first direction numbers as scipy carries them."""
    spec = find_spec("scipy.stats")
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        file = Path(place) / "_sobol_direction_numbers.npz"
        if file.is_file():
            with np.load(file, allow_pickle=False) as stored:
                return stored["poly"].astype(np.int64), stored["vinit"].astype(np.int64)
    from scipy.stats import _sobol  # another layout of scipy: ask the module itself

    poly, vinit = _sobol.get_poly_vinit("poly", np.int64), _sobol.get_poly_vinit("vinit", np.int64)
    return np.asarray(poly), np.asarray(vinit)


def scrambled(plain: Words, rng: np.random.Generator) -> tuple[Words, Words]:
    """Direction numbers under a random linear matrix scramble, and a random digital shift ``(dimensions,)``.

    Each binary digit becomes the sum modulo 2 of itself and a random choice of those before it, so that a net
    stays a net and every point is uniform (Matoušek 1998, J. Complexity 14, 527; Owen 1998).
    """
    dimensions = len(plain)
    random = rng.integers(0, 2**BITS, size=(dimensions, BITS), dtype=np.uint32)
    found = np.zeros_like(plain)
    for digit in range(BITS):
        place = np.uint32(BITS - 1 - digit)
        before = np.uint32(2**BITS - 2 ** (BITS - digit))  # the digits in front of it
        mask = random[:, digit] & before | np.uint32(1) << place
        found |= _parity(plain & mask[:, None]) << place
    return found, rng.integers(0, 2**BITS, size=dimensions, dtype=np.uint32)


def _parity(words: Words) -> Words:
    """Whether an odd number of bits is set: 1 or 0."""
    for half in (16, 8, 4, 2, 1):
        words = words ^ words >> np.uint32(half)
    return words & np.uint32(1)
