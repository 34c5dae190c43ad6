"""Small builders for tests of figures worked out on paper."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

INF = float("inf")
NONE: Any = None
"""Stands for what an equation does not look at."""


def near(value: Any, **more: Any) -> Any:
    return pytest.approx(value, **more)


def col(*values: float) -> np.ndarray:
    """One draw of some rows."""
    return np.array(values, dtype=float)[:, None]


def fact(value: float) -> dict[str, Any]:
    """A number as a file states it."""
    return {"value": value, "assumption": "test"}
