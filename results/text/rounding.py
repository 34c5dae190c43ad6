"""Parts that add up as printed: the largest remainder (最大余额法)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

_WIDE = Context(prec=400)  # no number of a table loses a digit in it


def largest_remainder(values: Sequence[float], digits: int, total: float | None = None) -> list[float]:
    """Round parts so that what is printed of them adds up to what is printed of their total.

    Every part is rounded down to ``digits``; the units that are then missing go to the parts that lost most,
    the first among equals. Each part ends less than one unit of its last digit from its value, at most one
    where all are rounded up (Hare quota; Balinski & Young 1982, *Fair Representation*, ch. 2).

    Parameters
    ----------
    values
        The parts, finite.
    digits
        Printed digits after the point.
    total
        Their sum as known elsewhere; by default the sum of ``values``. It is rounded half away from zero, as
        it is printed.

    Raises
    ------
    ValueError
        A part that is not finite, or a total that the parts do not add up to.

    >>> largest_remainder([33.333, 33.333, 33.333], 1, 100)
    [33.4, 33.3, 33.3]
    >>> largest_remainder([1.005, -0.005, 2.0], 2)
    [1.01, -0.01, 2.0]
    """
    known = math.fsum(values) if total is None else float(total)
    if not all(map(math.isfinite, [*values, known])):
        raise ValueError("only finite parts add up")
    unit = Decimal(1).scaleb(-digits)
    exact = [Decimal(repr(float(value))) for value in values]
    parts = [value.quantize(unit, ROUND_FLOOR, _WIDE) for value in exact]
    whole = Decimal(repr(known)).quantize(unit, ROUND_HALF_UP, _WIDE)
    missing = int((whole - sum(parts, Decimal(0))) / unit)
    if not 0 <= missing <= len(parts):
        raise ValueError(f"parts that add up to {math.fsum(values):g} cannot be printed to add up to {whole}")
    by_loss = sorted(range(len(parts)), key=lambda at: exact[at] - parts[at], reverse=True)
    for at in by_loss[:missing]:
        parts[at] += unit
    return [float(part) for part in parts]
