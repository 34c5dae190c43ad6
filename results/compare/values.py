"""Values of several runs side by side: a column for each run, then its difference from the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...models.quantity import Bilingual
from ...models.words import msg
from ..tables.table import Column
from ..text.format import plain


def numeric(cell: Any) -> bool:
    """Whether a cell is a number."""
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def difference(cell: Any, base: Any) -> float | None:
    """How far a number lies above the first run's; empty where either is missing."""
    one, two = plain(cell), plain(base)
    return one - two if numeric(one) and numeric(two) else None  # type: ignore[operator]


def value_columns(
    count: int, digits_from: str, alike: Callable[[Any], bool] = lambda row: True
) -> list[Column]:
    """Columns of rows with ``values``, one a run; no difference where a row's values are not ``alike``."""

    def value(at: int) -> Column:
        return Column(
            f"value_{at}",
            Bilingual.same(f"{at}"),
            digits_from=digits_from,
            value=lambda row: row.values[at - 1],
        )

    def less(at: int) -> Column:
        return Column(
            f"value_{at}_less_1",
            msg("diff {at}-1", at=at),
            digits_from=digits_from,
            signed=True,
            value=lambda row: difference(row.values[at - 1], row.values[0]) if alike(row) else None,
        )

    return [*map(value, range(1, count + 1)), *map(less, range(2, count + 1))]
