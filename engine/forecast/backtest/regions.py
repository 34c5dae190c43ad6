"""Region-years as scenarios of the product: as an object for many, as a file for one; both say the same."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np

from ....models.forecast import Learnt
from ....models.quantity import Draws, FloatArray, Quantity
from ....scenarios.files import EXAMPLE
from ....scenarios.ground import for_backtest, ground_of
from ....scenarios.load import load, load_text
from ....scenarios.schema import Scenario, Shock
from ...plans import stated_plans
from ...uncertainty.futures import Futures
from ...uncertainty.sample_points import PARTS
from ..drift import Carried, Lasting
from ..stated import experience
from ..trends import trend_paths
from .panel import SECTORS, Panel

TEMPLATE = "example:templates/three-sectors.yaml"
NATIONAL = "uncertainty.shocks.national"
TARGET = "targets.gdp_growth.ensure"

PERSISTENCE: Mapping[str, float] = {"primary": 0.8, "secondary": 0.7, "tertiary": 0.6}
"""How much of a sector's lead over GDP lasts into the next year, where the shipped template is used; another
says so itself by the persistence of its sectors' shocks."""


class Structure:
    """The scenario of a region of which only a panel is known, and which of its sectors each series of the
    panel stands for."""

    def __init__(self, file: str, sectors: tuple[str, ...]) -> None:
        """Read the file.

        Parameters
        ----------
        file
            A scenario or a file of priors.
        sectors
            Series of the panel: groups or classes of the file's table.
        """
        self.file, self.series = file, sectors
        self.tree = {} if file == TEMPLATE else for_backtest(ground_of(file), sectors, beside(file))
        self.loaded = load(file) if file == TEMPLATE else load_text(written(self.tree), file)
        self.known: Mapping[str, Quantity] = self.loaded.quantities()

    @property
    def scenario(self) -> Scenario:
        """The scenario itself."""
        return self.loaded.scenario

    @cached_property
    def members(self) -> tuple[tuple[str, ...], ...]:
        """Sectors that each series stands for: those made of its classes, each of one series."""
        national, left, found = self.scenario.national, dict(self.scenario.sectors), []
        for name in self.series:
            classes = set(national.groups.get(name, (name,)))
            inside = {name, *classes} | {g for g, some in national.groups.items() if set(some) <= classes}
            mine = tuple(key for key, sector in left.items() if set(sector.national) <= inside)
            found.append(mine)
            left = {key: sector for key, sector in left.items() if key not in mine}
        return tuple(found)

    @cached_property
    def lasting(self) -> FloatArray:
        """Part of each series' lead over GDP that is left a year later ``(S,)``."""
        if self.file == TEMPLATE:
            return np.array([PERSISTENCE[name] for name in self.series])
        stated = self.scenario.uncertainty.shocks.sectors
        return np.array(
            [
                shock.persistence.value / 100 if (shock := stated.get(name)) and shock.persistence else 0.0
                for name in self.series
            ]
        )

    @cached_property
    def alike(self) -> Futures:
        """Futures of the template, from which every region-year differs in values alone; which numbers each
        part reads is known."""
        found = Futures(self.scenario, self.known, until=1)
        plan = stated_plans(self.scenario, Draws())[self.scenario.plan]
        found.sample(0, PARTS).outcomes(plan, 1)
        return found

    def value_added(self, shares: FloatArray | None) -> dict[str, float]:
        """Value added of each sector of a region whose series have these shares ``(S,)``; the template's
        where they are not known."""
        sectors = self.scenario.sectors
        found = {key: sector.va.value for key, sector in sectors.items()}
        bases = np.array([sum(found[key] for key in some) for some in self.members])
        if shares is None or not len(bases) or not bases.sum():
            return found
        own = np.where(bases > 0, np.maximum(shares, 1e-3), 0.0)
        for some, base, share in zip(self.members, bases, own / own.sum(), strict=True):
            for key in some:
                found[key] = found[key] / base * float(share) * float(bases.sum())
        return found

    def leads(self, lead: FloatArray) -> dict[str, float]:
        """What of each sector's lead over GDP lasts, points, for leads of the series ``(S,)``."""
        lasting = np.clip(self.lasting * lead, -10, 10)
        return {key: float(part) for some, part in zip(self.members, lasting, strict=True) for key in some}


@lru_cache(maxsize=4)
def structure(file: str = TEMPLATE, sectors: tuple[str, ...] = SECTORS) -> Structure:
    """The structure of a file, read once."""
    return Structure(file, sectors)


def written(tree: Mapping[str, Any]) -> str:
    """A scenario as text."""
    import yaml

    return str(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False))


def beside(file: str) -> str:
    """How a scenario beside a file names it."""
    return file if file.startswith(EXAMPLE) else Path(file).name


def stated(
    panel: Panel, r: int, centre: float, target: float, built: Structure | None = None
) -> dict[str, float]:
    """What the scenario of a region says of the last year of ``panel``, by path: accounts and sectors of the
    year before.

    Trends are those of its sectors' past leads about a centre, %; that they are as high as they should be is
    the anchor's part. Without a target (NaN) the scenario states 0, and nothing is judged by it.
    """
    built = built or structure(TEMPLATE, panel.sectors)
    none = np.zeros(len(panel.sectors))
    shares = _latest(panel.shares[:, r])
    lead = _latest(panel.sector_growth[:, r] - panel.growth[r])
    leads = built.leads(none if lead is None else lead)
    invested = _latest(panel.investment[[r]])
    accounts = built.scenario.accounts
    gdp = accounts.gdp.value
    usual = accounts.fai.value / gdp
    part = usual if invested is None else float(np.clip(invested[0], 0.2, 1.2))
    sure = (accounts.household_consumption, accounts.government_consumption, accounts.transfers)
    return {
        accounts.fai.path: gdp * part,
        **{each.path: each.value for each in sure},
        **{f"sectors.{key}.va": va for key, va in built.value_added(shares).items()},
        **{
            path: float(np.clip(centre + leads.get(path.split(".")[1], 0.0), -90, 200))
            for path in trend_paths(built.scenario)
        },
        TARGET: target if np.isfinite(target) else 0.0,
    }


def _latest(path: FloatArray) -> FloatArray | None:
    """The last year in which all rows are known, ``(k, Y)`` -> ``(k,)``; None where there is none."""
    there = np.flatnonzero(np.isfinite(path).all(axis=0))
    return path[:, there[-1]] if len(there) and len(path) else None


def scenario(
    said: Mapping[str, float], year: int, seed: int, built: Structure | None = None
) -> tuple[Scenario, Mapping[str, Quantity]]:
    """The scenario that says ``said`` (path -> value) of a region in a year, and all its numbers by path.

    It equals the one that :func:`document` writes and the loader reads, but for what that says of the
    reference forecast.
    """
    built = built or structure()
    made = built.scenario
    changed = {
        path: built.known[path].model_copy(update={"value": value, "low": value, "high": value})
        for path, value in said.items()
    }
    for path, quantity in changed.items():
        made = cast(Scenario, _with(made, path.split("."), quantity))
    years = made.years.model_copy(update={"base": year - 1, "target": year, "last": year})
    uncertainty = made.uncertainty.model_copy(update={"seed": seed})
    return made.model_copy(update={"years": years, "uncertainty": uncertainty}), {**built.known, **changed}


def carried_on(made: Scenario, over: int, doubt: Lasting) -> Scenario:
    """A region-year whose horizon is so many years, with doubt of the years after the first."""
    shocks = made.uncertainty.shocks

    def number(shock: Shock, path: str, value: float) -> Quantity:
        return shock.sd.model_copy(update={"value": value, "low": None, "high": None, "path": path})

    def lasting(shock: Shock | None, name: str, carried: Carried, drifts: bool = False) -> Shock | None:
        if shock is None:
            return None
        path = f"uncertainty.shocks.{name}"
        left = number(shock, f"{path}.persistence", 100 * carried.persistence)
        wander = number(shock, f"{path}.drift", carried.drift if drifts else 0.0)
        return shock.model_copy(update={"persistence": left, "drift": wander})

    changed = {
        "national": lasting(shocks.national, "national", doubt.nation, drifts=True),
        "province": lasting(shocks.province, "province", doubt.own),
        "own": lasting(shocks.own, "own", doubt.own, drifts=True),
        "sectors": {key: lasting(one, f"sectors.{key}", doubt.own) for key, one in shocks.sectors.items()},
    }
    uncertainty = made.uncertainty.model_copy(update={"shocks": shocks.model_copy(update=changed)})
    last = made.years.base + over
    years = made.years.model_copy(update={"target": last, "last": last})
    return made.model_copy(update={"years": years, "uncertainty": uncertainty})


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
    built: Structure | None = None,
) -> dict[str, Any]:
    """The same region-year as a scenario file: what `simulate run` would be given, with its history and what
    the panel teaches."""
    why = {"assumption": {"zh": "由上年已知数据得出", "en": "from what was known the year before"}}
    built = built or structure()
    tree: dict[str, Any] = deepcopy(built.tree) or {"dabiao": 1}
    tree |= {"extends": built.file, "years": {"base": year - 1, "target": year, "last": year}}
    tree["targets"] = {"gdp_growth": {"main": True}}
    tree.setdefault("uncertainty", {})["seed"] = seed
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
