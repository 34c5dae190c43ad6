"""Rates in percent that look like decimals: 0.09 where 9 % is meant (小数当百分数)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models.errors import origin_of
from ..models.words import tr

if TYPE_CHECKING:
    from .load import Loaded

SMALLEST = 0.3
"""Planned growth of investment below this, %, is told: 0.09 is mostly 9 %."""


def decimals(loaded: Loaded, lang: str) -> list[str]:
    """A line for planned growth of investment that is read as a fraction of a percent."""
    found = []
    for path in ("investment.growth", "investment.later"):
        quantity = loaded.quantities().get(path)
        if quantity is None or not 0 < abs(quantity.value) < SMALLEST:
            continue
        value, meant = f"{quantity.value:g}", f"{100 * quantity.value:g}"
        place = origin_of(path, loaded.origins)
        found.append(
            tr(
                lang,
                "WARNING  {place}  {path}: {value} is read as {value} %; if {meant} % is meant, write"
                " {meant}",
                place=place,
                path=path,
                value=value,
                meant=meant,
            )
        )
    return found
