"""Scenarios in doubt for tests: plain data laid down as a file, loaded, and its futures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dabiao.engine.doubt.futures import Futures
from dabiao.engine.works import stated_plans
from dabiao.models.plan import Plan
from dabiao.models.quantity import Values
from dabiao.scenarios.load import Loaded, load


def loaded(folder: Path, data: dict[str, Any], name: str = "plan.yaml") -> Loaded:
    """The scenario of plain data; JSON is YAML."""
    path = folder / name
    path.write_text(json.dumps({"assumption": "invented", **data}, ensure_ascii=False), encoding="utf-8")
    return load(path)


def futures(one: Loaded, until: int | None = None) -> tuple[Futures, Plan]:
    """Futures of a scenario, and its plan."""
    return Futures(one.scenario, one.quantities(), until), stated_plans(one.scenario, Values())[one.scenario.plan]
