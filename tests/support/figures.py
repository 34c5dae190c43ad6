"""Small builders for tests of figures worked out on paper."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dabiao.models.chain import Chain
from regions import laid

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


def chain_of_ore(**more: Any) -> Chain:
    """Ore of two mines (30 and 50), of which a smelter uses 60 for 30 of metal and a kiln 10 for 5 of lime;
    slag comes beside metal, 0.5 a unit."""
    process = {"title": "p", "national": {"goods": fact(100)}}
    data: dict[str, Any] = {
        "title": "c",
        "units": {"worth": fact(0.5)},
        "materials": {
            "ore": {"title": "o", "price": fact(10)},
            "metal": {"title": "m", "price": fact(100)},
            "slag": {"title": "s", "price": fact(4)},
            "lime": {"title": "l", "price": fact(50)},
        },
        "processes": {
            "smelter": {
                **process,
                "makes": "metal",
                "base": fact(30),
                "uses": {"ore": fact(2)},
                "joint": {"slag": fact(0.5)},
                "improvement": {"ore": fact(-50), "slag": fact(20)},
                "routing": {"ore": fact(80)},
                "other_purchases": fact(30),
            },
            "kiln": {
                **process,
                "makes": "lime",
                "base": fact(5),
                "uses": {"ore": fact(2)},
                "va_ratio": fact(40),
            },
            "old": {**process, "makes": "ore", "base": fact(30), "va_ratio": fact(60)},
            "new": {**process, "makes": "ore", "base": fact(50), "other_purchases": fact(25)},
        },
    }
    return Chain.model_validate(laid(data, more))
