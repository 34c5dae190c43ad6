"""Scores of a backtest: whole, by year, by province, against each reference, with intervals over years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ....models.quantity import BoolArray, FloatArray
from .panel import Panel
from .roll import FORECASTS, RolledYear
from .scores import Brier, block_interval, brier, coverage, log_loss
from .worth import OutlookWorth, worth

LEVELS = (0.5, 0.8, 0.9)
BINS = 10


@dataclass(frozen=True)
class ScoreEstimate:
    """A score with the interval in which it lies when years are drawn anew (90 %)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Bin:
    """A tenth of probability: its middle, the mean probability given, the share that came true, how many."""

    middle: float
    given: float
    true: ScoreEstimate
    count: int


@dataclass(frozen=True)
class Judged:
    """A whole backtest, region-years in one row; forecasts by their place in ``FORECASTS``."""

    panel: Panel
    years: tuple[RolledYear, ...]
    draws: int
    seed: int

    def _all(self, name: str) -> FloatArray:
        return np.concatenate([getattr(year, name) for year in self.years], axis=-1)

    @cached_property
    def year(self) -> np.ndarray:
        """Year of every region-year ``(N,)``."""
        return np.concatenate([np.full(len(y.region), y.year) for y in self.years])

    @cached_property
    def region(self) -> np.ndarray:
        """Region of every region-year ``(N,)``."""
        return np.concatenate([y.region for y in self.years])

    @cached_property
    def growth(self) -> FloatArray:
        """What happened ``(N,)``, %."""
        return self._all("growth")

    @cached_property
    def target(self) -> FloatArray:
        """What was aimed at ``(N,)``, %."""
        return self._all("target")

    @cached_property
    def reached(self) -> BoolArray:
        """Whether the target was reached ``(N,)``."""
        return self.growth >= self.target - 1e-9

    @property
    def aimless(self) -> bool:
        """Whether nothing was aimed at: then only growth is scored, and no chance of a target."""
        return not np.isfinite(self.target).any()

    @cached_property
    def probability(self) -> FloatArray:
        """Probability given to reaching the target ``(forecasts, N)``."""
        return self._all("probability")

    @cached_property
    def places(self) -> FloatArray:
        """Share of the forecast's draws below what happened ``(forecasts, N)``."""
        return self._all("places")

    @cached_property
    def scores(self) -> Mapping[str, FloatArray]:
        """Every score of every region-year: name -> ``(forecasts, N)``; all but coverage better when
        lower."""
        if self.aimless:
            nothing = np.full(self.probability.shape, np.nan)
            return self._of_growth() | {"brier": nothing, "log": nothing}
        return {
            "brier": (self.probability - self.reached) ** 2,
            "log": log_loss(self.probability, np.broadcast_to(self.reached, self.probability.shape)),
        } | self._of_growth()

    def _of_growth(self) -> dict[str, FloatArray]:
        """Scores that need no target."""
        found = {
            "error": np.abs(self._all("centre") - self.growth),
            "crps": self._all("crps"),
        }
        inside = {f"inside_{round(100 * level)}": coverage(self.places, level) for level in LEVELS}
        return found | {
            name: np.where(np.isfinite(self.places), value, np.nan) for name, value in inside.items()
        }

    def estimate(self, score: str, forecast: str, minus: str | None = None) -> ScoreEstimate:
        """Mean of a score, or its difference to another forecast, with its interval."""
        path = self.scores[score][FORECASTS.index(forecast)]
        if minus:
            path = path - self.scores[score][FORECASTS.index(minus)]
        if not np.isfinite(path).all():
            return ScoreEstimate(np.nan, np.nan, np.nan)
        rng = np.random.default_rng(self.seed)
        low, high = block_interval(self.year, lambda at: float(path[at].mean()), rng)
        return ScoreEstimate(float(path.mean()), low, high)

    @cached_property
    def outlooks(self) -> tuple[OutlookWorth, ...]:
        """Scores by the error of an outlook of the nation that scenarios might have stated."""
        return worth(self.years, self.seed)

    def parts(self, forecast: str) -> Brier:
        """Brier score of a forecast with its parts."""
        return brier(self.probability[FORECASTS.index(forecast)], self.reached, BINS)

    def reliability(self) -> list[Bin]:
        """By tenth of probability what was given and what came true, with its interval over years."""
        given = self.probability[0]
        at = np.minimum((given * BINS).astype(int), BINS - 1)
        names, year = np.unique(self.year, return_inverse=True)
        count, hit = np.zeros((2, len(names), BINS))
        np.add.at(count, (year, at), 1.0)
        np.add.at(hit, (year, at), self.reached.astype(float))
        rng = np.random.default_rng(self.seed)
        pick = rng.integers(0, len(names), (400, len(names)))
        again = count[pick].sum(axis=1)
        rate = np.where(again > 0, hit[pick].sum(axis=1) / np.maximum(again, 1), np.nan)
        found = []
        for k in np.flatnonzero(count.sum(axis=0)):
            low, high = np.nanquantile(rate[:, k], [0.05, 0.95])
            mine = at == k
            true = ScoreEstimate(float(self.reached[mine].mean()), float(low), float(high))
            found.append(Bin((k + 0.5) / BINS, float(given[mine].mean()), true, int(mine.sum())))
        return found

    def pit(self) -> FloatArray:
        """Share of region-years by tenth of the forecast distribution ``(BINS,)``; 0.1 each where it is
        right."""
        at = np.minimum((self.places[0] * BINS).astype(int), BINS - 1)
        return np.bincount(at, minlength=BINS) / len(at)

    def groups(self) -> Sequence[tuple[str, np.ndarray]]:
        """Provinces and the positions of their region-years; a panel without provinces has its regions."""
        names = self.panel.groups if len(self.panel.groups) > 1 else self.panel.regions
        of = self.panel.group[self.region] if len(self.panel.groups) > 1 else self.region
        return [(name, np.flatnonzero(of == k)) for k, name in enumerate(names) if (of == k).any()]
