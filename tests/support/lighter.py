"""Shipped scenarios as parameters of long checks: the largest one where slow tests are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

LARGEST = "panzhihua-2024"
"""Three quarters of the time of a check that runs on all of them are spent on it."""


def lighter(names: Iterable[str]) -> list[Any]:
    """The names as parameters, the largest scenario marked as slow."""
    slow = pytest.mark.slow
    return [pytest.param(name, marks=slow) if LARGEST in name else name for name in names]
