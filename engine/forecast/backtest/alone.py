"""One region by itself: each year of its history foretold from the year before, beside its plan and what
happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....models.errors import Problem, ScenarioError
from ....models.quantity import FloatArray, Quantity
from ....models.words import msg
from ....scenarios.schema import Scenario
from ....scenarios.schema_forecast import Experience, History, Outlook, PastYear
from ..reference import NEEDED, reference_of
from .panel import Panel
from .regions import TARGET, TEMPLATE, Structure, scenario, stated, structure
from .roll import Outlooks
from .sampled import region_years


@dataclass(frozen=True)
class PastForecast:
    """A year foretold: quantiles of growth (10, 50, 90 %), probability of its target (NaN without one),
    outcome."""

    year: int
    target: float
    quantiles: FloatArray
    probability: float
    place: float
    growth: float


def history(
    panel: Panel,
    years: Sequence[int],
    *,
    draws: int = 2000,
    seed: int = 20240101,
    experience: Experience | None = None,
    outlooks: Outlooks | None = None,
    template: str = TEMPLATE,
) -> tuple[PastForecast, ...]:
    """Foretell years of a panel's only region as a run would, each from the years before it and, where given,
    the nation's outlook of the time and shipped experience.

    A year whose growth is unknown is foretold and not scored.

    Raises
    ------
    ScenarioError
        Where no year asked for has four years of growth before it.
    """
    found, built = [], structure(template, panel.sectors)
    for year in years:
        if year not in panel.years or np.isfinite(panel.growth[0, : panel.at(year)]).sum() < NEEDED:
            continue
        known = panel.until(year)
        target, growth = float(known.target[0, -1]), float(panel.growth[0, panel.at(year)])
        made = reference_of(
            _remembering(known, year, seed, experience, _outlook(outlooks, panel.at(year)), built)
        )
        assert made is not None  # four years are known
        reference, _ = made
        (futures,) = region_years(
            [stated(known, 0, reference.median, target, built)],
            [reference],
            year,
            seed,
            draws,
            built,
        )
        told = futures.foretold()
        found.append(
            PastForecast(
                year,
                target,
                np.quantile(told.growth, [0.1, 0.5, 0.9]),
                told.probability if np.isfinite(target) else np.nan,
                float((told.growth < growth).mean()) if np.isfinite(growth) else np.nan,
                growth,
            )
        )
    if not found:
        raise ScenarioError(
            [
                Problem(
                    "panel",
                    msg(
                        "no year among {first}-{last} with {needed} years of growth before it",
                        first=min(years, default=0),
                        last=max(years, default=0),
                        needed=NEEDED,
                    ),
                    msg("years of one region's growth"),
                    msg("check --years and the columns"),
                )
            ]
        )
    return tuple(found)


def _outlook(outlooks: Outlooks | None, at: int) -> Outlook:
    """The nation's outlook of a year, as a scenario would state it."""
    path = outlooks.nation.editions.get(outlooks.edition) if outlooks else None
    if path is None or not np.isfinite(path[at]):
        return Outlook()
    return Outlook(growth=Quantity(value=float(path[at]), assumption="outlook"))


def _remembering(
    known: Panel, year: int, seed: int, experience: Experience | None, outlook: Outlook, built: Structure
) -> Scenario:
    """The region-year with its own history and target, and the outlook, as a scenario would state them."""
    plain, _ = scenario({}, year, seed, built)

    def number(value: float) -> Quantity | None:
        return Quantity(value=value, assumption="panel") if np.isfinite(value) else None

    rows = {
        str(each): PastYear(
            growth=number(float(known.growth[0, at])), target=number(float(known.target[0, at]))
        )
        for at, each in enumerate(known.years)
    }
    _, key, _ = TARGET.split(".")
    sheet = {
        name: row for name, row in plain.targets.items() if name != key
    }  # the template's target is nobody's
    return plain.model_copy(
        update={
            "history": History(years=rows),
            "experience": experience,
            "outlook": outlook,
            "targets": sheet,
        }
    )
