"""Scenarios in doubt for tests: plain data laid down as a file, loaded, and its futures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dabiao.engine.plans import stated_plans
from dabiao.engine.uncertainty.futures import Futures
from dabiao.models.plan import Plan
from dabiao.models.quantity import Draws
from dabiao.scenarios.load import Loaded, load
from regions import laid, scenario, sector


def loaded(folder: Path, data: dict[str, Any], name: str = "plan.yaml") -> Loaded:
    """The scenario of plain data; JSON is YAML."""
    path = folder / name
    path.write_text(json.dumps({"assumption": "invented", **data}, ensure_ascii=False), encoding="utf-8")
    return load(path)


def futures(one: Loaded, until: int | None = None) -> tuple[Futures, Plan]:
    """Futures of a scenario, and its plan."""
    return (
        Futures(one.scenario, one.quantities(), until),
        stated_plans(one.scenario, Draws())[one.scenario.plan],
    )


def linear(rho: float = 0.5, **changes: Any) -> dict[str, Any]:
    """Two service sectors without capacity, no household loop, normal shocks: growth of GDP is linear in
    them."""
    plain: dict[str, Any] = {"visitors": None, "market": {"trend": 2, "finds_buyers": 0}}
    sectors = {
        "care": sector("services", 80, **plain),
        "shop": sector("services", 120, national={"goods": 60, "care": 40}, **plain),
    }
    return laid(
        scenario(sectors),
        laid(
            {
                "years": {"last": 2021},
                "demand": {"income_elasticity": 0},
                "targets": {"gdp_growth": {"ensure": 1.5, "stretch": 2.5}},
                "uncertainty": {
                    "error": 0.5,
                    "draws_min": 4096,
                    "draws_max": 4096,
                    "shocks": {
                        "own": {"sd": 1.0, "mean": 0.3},
                        "sectors": {"care": {"sd": 2}, "shop": {"sd": 3}},
                    },
                    "correlations": {
                        "both": {
                            "between": ["uncertainty.shocks.sectors.care", "uncertainty.shocks.sectors.shop"],
                            "rho": rho,
                        }
                    },
                },
            },
            changes,
        ),
    )
