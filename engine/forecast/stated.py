"""What a panel teaches, as a scenario states it under ``experience`` (经验系数的写法)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...models.forecast import FACTS, Ahead, Learnt


def experience(learnt: Sequence[Learnt], digits: int | None = None) -> dict[str, Any]:
    """Coefficients of the last of them and of each before it, and what was expected of all regions in its
    year; rounded where ``digits`` are given."""
    last = learnt[-1]

    def number(value: float) -> float:
        return float(value) if digits is None else round(float(value), digits)

    def row(at: int) -> dict[str, float]:
        past = last.past
        found = {
            "release": last.release[at],
            "growth": past.growth[at],
            "aim": past.aim[at],
            "gap": past.gap[at],
            "spread": past.spread[at],
        }
        return {name: number(value) for name, value in found.items() if np.isfinite(value)}

    def said(ahead: Mapping[str, Ahead]) -> dict[str, dict[str, float]]:
        return {
            name: {part: number(getattr(each, part)) for part in ("middle", "calm", "crisis")}
            for name, each in ahead.items()
        }

    def fitted(of: Learnt) -> dict[str, Any]:
        names = {key: f"{key[0]}-{'target' if key[1] else 'none'}" for key in of.fitted.slopes}
        return {
            "slopes": {
                names[key]: dict(zip(FACTS, map(number, slopes), strict=True))
                for key, slopes in of.fitted.slopes.items()
            },
            "spread": {names[key]: number(value) for key, value in of.fitted.spread.items()},
        }

    nation = {str(year): row(at) for at, year in enumerate(last.years)}
    return {
        "chance": number(100 * last.chance),
        "nation": {year: found for year, found in nation.items() if found},
        "ahead": {str(each.years[-1]): said(each.ahead) for each in learnt},
        **fitted(last),
        **(
            {"earlier": {str(each.years[-1]): fitted(each) for each in learnt[:-1]}}
            if len(learnt) > 1
            else {}
        ),
    }
