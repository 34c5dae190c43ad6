"""Region-years as scenarios of the product: as an object for many, as a file for one; both say the same."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

import numpy as np

from ....models.forecast import Learnt
from ....models.quantity import FloatArray, Quantity
from ....scenarios.load import Loaded, load_example
from ....scenarios.schema import Scenario
from ..stated import experience
from ..trends import trend_paths
from .panel import Panel

TEMPLATE = "templates/three-sectors.yaml"
NATIONAL = "uncertainty.shocks.national"
TARGET = "targets.gdp_growth.ensure"

PERSISTENCE = (0.8, 0.7, 0.6)
"""How much of a sector's lead over GDP lasts into the next year (primary, secondary, tertiary)."""

USUAL_SHARES, USUAL_INVESTMENT = (0.10, 0.45, 0.45), 0.6


@lru_cache(maxsize=1)
def loaded() -> Loaded:
    """The scenario of a region of which only a panel is known, as it was read."""
    return load_example(TEMPLATE)


@lru_cache(maxsize=1)
def known() -> Mapping[str, Quantity]:
    """All its numbers by path."""
    return loaded().quantities()


def template() -> Scenario:
    """The scenario itself."""
    return loaded().scenario


def stated(panel: Panel, r: int, centre: float, target: float) -> dict[str, float]:
    """What the scenario of a region says of the last year of ``panel``, by path: accounts and sectors of the
    year before.

    Trends are those of its sectors' past leads about a centre, %; that they are as high as they should be is
    the anchor's part.
    """
    shares = np.maximum(_latest(panel.shares[:, r], np.array(USUAL_SHARES)), 1e-3)
    lead = _latest(panel.sector_growth[:, r] - panel.growth[r], np.zeros(3))
    lasting = np.clip(np.array(PERSISTENCE) * lead, -10, 10)
    invested = float(np.clip(_latest(panel.investment[[r]], np.array([USUAL_INVESTMENT]))[0], 0.2, 1.2))
    accounts = template().accounts
    gdp = accounts.gdp.value
    sure = (accounts.household_consumption, accounts.government_consumption, accounts.transfers)
    return {
        accounts.fai.path: gdp * invested,
        **{each.path: each.value for each in sure},
        **{
            sector.va.path: gdp * float(share)
            for sector, share in zip(template().sectors.values(), shares / shares.sum(), strict=True)
        },
        **{
            path: float(np.clip(centre + part, -90, 200))
            for path, part in zip(trend_paths(template()), lasting, strict=True)
        },
        TARGET: target,
    }


def _latest(path: FloatArray, otherwise: FloatArray) -> FloatArray:
    """The last year in which all rows are known, ``(k, Y)`` -> ``(k,)``."""
    there = np.flatnonzero(np.isfinite(path).all(axis=0))
    return path[:, there[-1]] if len(there) else otherwise


def scenario(said: Mapping[str, float], year: int, seed: int) -> tuple[Scenario, Mapping[str, Quantity]]:
    """The scenario that says ``said`` (path -> value) of a region in a year, and all its numbers by path.

    It equals the one that :func:`document` writes and the loader reads, but for what that says of the
    reference forecast.
    """
    made = template()
    changed = {
        path: known()[path].model_copy(update={"value": value, "low": value, "high": value})
        for path, value in said.items()
    }
    for path, quantity in changed.items():
        made = cast(Scenario, _with(made, path.split("."), quantity))
    years = made.years.model_copy(update={"base": year - 1, "target": year, "last": year})
    uncertainty = made.uncertainty.model_copy(update={"seed": seed})
    return made.model_copy(update={"years": years, "uncertainty": uncertainty}), {**known(), **changed}


def _with(part: Any, steps: list[str], quantity: Quantity) -> Any:
    """A part of a scenario with one number changed."""
    step, *deeper = steps
    child = part[step] if isinstance(part, Mapping) else getattr(part, step)
    new = _with(child, deeper, quantity) if deeper else quantity
    return {**part, step: new} if isinstance(part, Mapping) else part.model_copy(update={step: new})


def document(
    said: Mapping[str, float],
    year: int,
    seed: int,
    history: Mapping[int, Mapping[str, float]],
    learnt: Learnt,
    edition: str,
) -> dict[str, Any]:
    """The same region-year as a scenario file: what `simulate run` would be given, with its history and what
    the panel teaches."""
    why = {"assumption": {"zh": "由上年已知数据得出", "en": "from what was known the year before"}}
    tree: dict[str, Any] = {
        "dabiao": 1,
        "extends": f"example:{TEMPLATE}",
        "years": {"base": year - 1, "target": year, "last": year},
        "uncertainty": {"seed": seed},
        "targets": {"gdp_growth": {"main": True}},
    }
    for path, value in said.items():
        *above, last = path.split(".")
        at = tree
        for key in above:
            at = at.setdefault(key, {})
        at[last] = {"value": float(value), "low": float(value), "high": float(value), **why}
    tree["history"] = {**why, "years": {str(each): dict(row) for each, row in history.items()}}
    tree["outlook"] = {"edition": edition}
    tree["experience"] = {**why, **experience([learnt])}
    return tree
