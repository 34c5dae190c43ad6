"""The futures of a scenario given what is known of its years: importance sampling, moved to where the figures
are (条件推断).

A draw is a point z of independent standard normal scores, and h(z) what the rows that have figures come to.
With figures y, each with an error,

.. math:: p(z \\mid y) \\propto \\phi(z)\\, p(y \\mid h(z))

1. Draws of January are weighted by p(y | h). Where enough of them count, that is all.
2. Otherwise they are moved: with h written as c + G a in the few directions a = Q'z that the figures turn on
   (least squares on the draws), a is mapped onto its linear-normal posterior, :math:`a' = \\mu + L a`, the
   economy is simulated at the moved points, and weights make up for what is not linear:

   .. math:: w \\propto \\frac{\\phi(a')\\, p(y \\mid h(z'))}{\\phi(a) / |L|}

3. A figure of a finished year has no error: along its direction every draw is moved until it gives the
   figure (Newton's method, each draw by itself) and weighted by
   :math:`\\phi(a) / |\\partial h / \\partial a|` there.

Sources: Geweke (1989), Econometrica 57, 1317; Evensen (2009), Data Assimilation, ch. 4 (the linear-normal
move); effective draws: Kong, Liu & Wong (1994), JASA 89, 278.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from ...models.errors import Problem, ScenarioError
from ...models.plan import Plan
from ...models.quantity import FloatArray
from ...models.shocks import Shocks
from ...models.span import Series
from ...models.words import msg
from ...scenarios.schema import Scenario
from ..forecast.reference import GDP
from ..uncertainty.ensemble import WORKERS, Ensemble, parted, simulated
from ..uncertainty.futures import HELD, Futures, Sample
from ..uncertainty.sample_points import PARTS
from .nation import nation_of
from .readings import NATION, Reading, indicator_at, known_values

Places = npt.NDArray[np.intp]
Known = Mapping[str, Mapping[int, float]]
"""What rows came to in finished years."""

FEWEST = 100
"""Effective draws below which no chance is told."""

FAR = 8.0
"""Standard deviations off what January expected beyond which a figure of one row is refused."""

ENOUGH = 0.5
"""Part of January's draws that must count for them not to be moved."""

TELLING = 4.0
"""Student's t of an input's slope below which it is taken to say nothing about a figure."""

ROUNDS, NEAR, ASIDE = 12, 0.002, 0.05
"""Newton steps at most, how near to a finished year's figure a draw must come, and how far aside its slopes
there are measured, standard deviations."""


@dataclass(frozen=True)
class Posterior:
    """What is known, brought to bear on the draws.

    Attributes
    ----------
    readings
        All figures, and what they are used for.
    effective, draws
        How many equally weighted draws the weighted ones are worth, and how many there were.
    moved
        Whether the draws had to be moved.
    expected
        Mean and standard deviation that January expected of each figure that counts, by its place in
        ``readings``, on the scale of what it says of the year.
    """

    readings: tuple[Reading, ...]
    effective: float
    draws: int
    moved: bool
    expected: Mapping[int, tuple[float, float]]

    @property
    def used(self) -> tuple[Reading, ...]:
        """The figures that count."""
        return tuple(each for each in self.readings if each.counts)


class MovedPoints:
    """Points of the unit cube moved along a few directions of their normal scores: ``z + Q s``."""

    def __init__(self, futures: Futures, directions: FloatArray, shifts: FloatArray) -> None:
        self.points, self.directions, self.shifts = futures.points, directions, shifts

    def block(self, first: int, count: int) -> FloatArray:
        """The moved points of the draws ``first`` to ``first + count``, strictly inside (0, 1)."""
        from scipy.special import ndtr, ndtri

        scores = ndtri(self.points.block(first, count))
        scores += self.directions @ self.shifts[:, first : first + count]
        return np.asarray(np.clip(ndtr(scores), 1e-12, 1 - 1e-12))


@dataclass(frozen=True)
class _Seen:
    """Draws simulated: rows by year ``(T, D)``, those of spans in single years, inputs, what the figures'
    rows come to ``(n, D)``, samples."""

    paths: Mapping[str, FloatArray]
    single: Mapping[str, FloatArray]
    inputs: Mapping[str, FloatArray]
    figures: FloatArray
    kept: list[Sample]


class Conditioning:
    """The figures that count, and the futures to be conditioned on them."""

    def __init__(self, futures: Futures, plan: Plan, january: Ensemble, readings: Sequence[Reading]) -> None:
        self.futures, self.plan, self.january = futures, plan, january
        self.nation = nation_of(futures.scenario)
        used = [each for each in readings if each.counts and (each.row or self.nation)]
        # held ones first, the nation's before the regions' that follow it
        self.used = sorted(used, key=lambda each: (not each.held, each.row != NATION))
        self.exact = sum(each.held for each in self.used)
        self.around = np.array([0.0 if each.exact else MAPPED for each in self.used[: self.exact]])
        self.draws = min(HELD, january.draws)
        self.says = np.array([self._says(each) for each in self.used])

    def _says(self, reading: Reading) -> float:
        assert reading.says is not None
        return reading.says + (self.nation.lead if reading.row == NATION and self.nation else 0.0)

    def of(self, paths: Mapping[str, FloatArray], inputs: Mapping[str, FloatArray]) -> FloatArray:
        """What the rows of the figures come to ``(n, D)``."""
        rows = []
        for each in self.used:
            if each.row == NATION:
                assert self.nation is not None
                first = int(self.futures.scenario.years.first)
                rows.append(self.nation.grown(inputs, first, each.year))
            else:
                rows.append(paths[each.row][each.year - 1, : self.draws])
        return np.stack([row[: self.draws] for row in rows])

    def simulate(self, directions: FloatArray, shifts: FloatArray) -> _Seen:
        """All draws at moved points."""
        moved = copy.copy(self.futures)
        # what the list leaves out is a fact, whatever the year brings
        moved.__dict__["listing"] = self.futures.listing
        moved.__dict__["points"] = MovedPoints(self.futures, directions, shifts)
        kept: list[Sample] = []
        rows, inputs = simulated(moved, self.january.targets, self.plan, 0, self.draws, WORKERS, None, kept)
        paths, single = parted(rows)
        return _Seen(paths, single, inputs, self.of(paths | single, inputs), kept)

    def errors(self, seen: FloatArray) -> tuple[FloatArray, float]:
        """Covariance of the errors of the figures that are not exact, and degrees of freedom of their tails.

        The error of another row than GDP is wider by as much as the row moves more than GDP; errors of one
        year have in common what all regions share.
        """
        some = self.used[self.exact :]
        gdp = next((seen[at] for at, each in enumerate(self.used) if self._is_gdp(each)), None)
        if gdp is None:
            gdp = next(
                (
                    path[0]
                    for key, path in self.january.paths.items()
                    if key in self.january.targets and self.january.targets[key].indicator == GDP
                ),
                None,
            )
        sd = np.array([each.sd or 0.0 for each in some])
        for at, each in enumerate(some):
            own = seen[self.exact + at]
            if each.row == NATION:
                sd[at] *= np.sqrt(each.common)
            elif (
                each.use == "used"
                and each.growth
                and each.known != "own"
                and gdp is not None
                and not self._is_gdp(each)
            ):
                sd[at] *= max(1.0, float(own.std() / max(float(gdp.std()), 1e-9)))
        shared = np.array([1.0 if each.row == NATION else np.sqrt(each.common) for each in some])
        years = np.array([each.year for each in some])
        alike = np.where(years[:, None] == years[None, :], shared[:, None] * shared[None, :], 0.0)
        np.fill_diagonal(alike, 1.0)
        # the nation's outlook is met by regions on average, with an error of the mapping
        covariance = alike * sd[:, None] * sd[None, :]
        for at, each in enumerate(some):
            if each.row == NATION:
                covariance[at, at] += MAPPED**2
        block = self.futures.scenario.to_date
        own = any(each.known == "own" for each in some) or all(each.use == "beside" for each in some)
        return covariance, np.inf if own or block is None else block.tails.value

    def _is_gdp(self, reading: Reading) -> bool:
        target = self.january.targets.get(reading.row)
        return target is not None and target.indicator == GDP


MAPPED = 0.3
"""Standard error, points, with which regions' mean growth follows the nation's once that is known, less
what the year's lead explains: an assumption of a third of :data:`..forecast.reference.MAPPING`, of which
most is of the crises."""


def mean_shocks(samples: Sequence[Sample]) -> Shocks:
    """What shocks were and will be on average, given what is known: the central case then stands where the
    figures are."""

    def mean(paths: Sequence[FloatArray]) -> FloatArray:
        every = [
            np.stack([sample.seen(row) for row in path]) for sample, path in zip(samples, paths, strict=True)
        ]
        return np.asarray(np.concatenate(every, axis=1).mean(axis=1, keepdims=True))

    drawn = [sample.shocks for sample in samples]
    common = [each.demand for each in drawn if each.demand is not None]
    return Shocks(
        mean(common) if common else None,
        {key: mean([each.sales[key] for each in drawn]) for key in drawn[0].sales},
        {key: mean([each.prices[key] for each in drawn]) for key in drawn[0].prices},
    )


def log_likelihood(off: FloatArray, covariance: FloatArray, tails: float) -> FloatArray:
    """Logarithm of the density of errors ``(n, D)``, but for a constant: normal, or Student's t with the same
    covariance."""
    if not len(off):
        return np.zeros(off.shape[1])
    far = np.einsum("id,id->d", off, np.linalg.solve(covariance, off))
    if not np.isfinite(tails):
        return np.asarray(-0.5 * far)
    return np.asarray(-0.5 * (tails + len(off)) * np.log1p(far / (tails - 2)))


def slopes(scores: FloatArray, seen: FloatArray) -> FloatArray:
    """Slopes of each figure's row on the scores of the inputs ``(k, n)``; inputs that say nothing have
    none."""
    draws = scores.shape[1]
    z = scores - scores.mean(axis=1, keepdims=True)
    h = seen - seen.mean(axis=1, keepdims=True)
    own = z @ h.T / np.maximum((z**2).sum(axis=1), 1e-300)[:, None]
    r = own * np.sqrt((z**2).mean(axis=1))[:, None] / np.maximum(h.std(axis=1), 1e-300)[None, :]
    t = np.abs(r) * np.sqrt(draws / np.maximum(1 - r**2, 1e-12))
    telling = (t > TELLING).any(axis=1)
    made = np.zeros_like(own)
    if telling.any():
        made[telling] = np.linalg.lstsq(z[telling].T, h.T, rcond=None)[0]
    return np.asarray(made)


def effective(weights: FloatArray) -> float:
    """How many equally weighted draws weighted ones are worth: (Σw)² / Σw²."""
    return float(weights.sum() ** 2 / np.maximum((weights**2).sum(), 1e-300))


def taken(weights: FloatArray) -> Places:
    """Draws that stand for weighted ones, each scrambling by itself: systematic resampling (Kitagawa 1996,
    JCGS 5, 1)."""
    found = np.empty(len(weights), np.intp)
    for part in range(PARTS):
        own = weights[part::PARTS]
        edges = np.cumsum(own) / own.sum() if own.sum() > 0 else np.linspace(0, 1, len(own) + 1)[1:]
        at = np.searchsorted(edges, (np.arange(len(own)) + 0.5) / len(own))
        found[part::PARTS] = part + PARTS * np.minimum(at, len(own) - 1)
    return found


def condition(
    futures: Futures, plan: Plan, january: Ensemble, samples: Sequence[Sample], readings: Sequence[Reading]
) -> tuple[Ensemble, list[Sample], Posterior]:
    """The plan's futures given what is known, samples for other plans, and how it was done.

    Raises
    ------
    ScenarioError
        Where fewer than :data:`FEWEST` effective draws are left: no chance is told of what was never drawn.
    """
    readings = [_with_error(each, futures.scenario, january) for each in readings]
    asked = Conditioning(futures, plan, january, readings)
    if not asked.used:
        return (
            january,
            list(samples),
            Posterior(tuple(readings), float(january.draws), january.draws, False, {}),
        )
    first, single = (
        {key: path[:, : asked.draws] for key, path in rows.items()}
        for rows in (january.paths, january.single)
    )
    inputs = {name: own[: asked.draws] for name, own in january.drawn.items()}
    seen = asked.of(first | single, inputs)
    expected = {
        readings.index(each): (float(own.mean()), float(own.std()))
        for each, own in zip(asked.used, seen, strict=True)
    }
    covariance, tails = asked.errors(seen)
    weights = _weights(
        log_likelihood(asked.says[asked.exact :, None] - seen[asked.exact :], covariance, tails)
    )
    moved = bool(asked.exact) or effective(weights) < ENOUGH * asked.draws
    kept = list(samples)
    if moved:
        found, weights = _moved(asked, seen, covariance, tails)
        first, single, inputs, kept = dict(found.paths), dict(found.single), dict(found.inputs), found.kept
    count = effective(weights)
    if any(abs((readings[at].says or 0.0) - middle) > FAR * sd for at, (middle, sd) in expected.items()):
        count = 0.0  # no shock that is drawn reaches there: what weights make of it says nothing
    if count < FEWEST:
        raise ScenarioError([_too_far(asked, expected, readings, count)])
    places = taken(weights)
    known = known_values(futures.scenario)
    first |= _known(january, {key: (first | single)[key] for key in known if key in first}, known)
    made = replace(
        january,
        paths={key: path[:, places] for key, path in first.items()},
        single={key: path[:, places] for key, path in single.items()},
        drawn={name: own[places] for name, own in inputs.items()},
    )
    picked, start = [], 0
    for sample in kept:
        if start + sample.draws <= asked.draws:
            picked.append(sample.picked(taken(weights[start : start + sample.draws])))
            picked[-1].__dict__["sheet"] = sample.sheet.knowing(known)
        start += sample.draws
    return made, picked, Posterior(tuple(readings), count, asked.draws, moved, expected)


def _with_error(reading: Reading, scenario: Scenario, january: Ensemble) -> Reading:
    """A figure of a finished year of another row than GDP with its error as an observation of all else: what
    the row's lead over GDP growth moved by in the record, beyond what the model gives it; where there is no
    record, as much as the model gives it (an assumption).

    .. math:: \\sigma^2 = \\max(s_{record}^2 - s_{model}^2, \\; s_{model}^2 / 4)
    """
    if reading.use != "beside":
        return reading
    row = january.by_year(reading.row)[reading.year - 1]
    gdp = next((key for key, each in january.targets.items() if each.indicator == GDP), None)
    free = row.std()
    if gdp is not None:
        grown = january.by_year(gdp)[reading.year - 1]
        slope = np.cov(row, grown)[0, 1] / max(float(grown.var()), 1e-12)
        free = (row - slope * grown).std()
    record = (
        scenario.experience.beside.get(indicator_at(scenario, reading.row)) if scenario.experience else None
    )
    spread = record.spread.value if record else np.sqrt(2) * free
    return replace(reading, sd=float(np.sqrt(max(spread**2 - free**2, free**2 / 4, 1e-12))))


def _known(january: Ensemble, single: Mapping[str, FloatArray], known: Known) -> dict[str, FloatArray]:
    """Rows by year ``(T, D)``, with what finished years brought in its place."""
    made = {}
    for key, path in single.items():
        target, own = january.targets[key], path.copy()
        for year, value in known.get(key, {}).items():
            own[year - 1] = value
        if target.over is None:
            made[key] = own
            continue
        series = Series(partial(_in, own), None, target.unit == "%", target.sign)
        made[key] = np.stack([target.over.value(series, year) for year in range(1, len(own) + 1)])
    return made


def _in(path: FloatArray, year: int) -> FloatArray:
    return np.asarray(path[year - 1])


def _too_far(
    asked: Conditioning,
    expected: Mapping[int, tuple[float, float]],
    readings: Sequence[Reading],
    count: float,
) -> Problem:
    worst = max(
        expected,
        key=lambda at: abs((readings[at].says or 0.0) - expected[at][0]) / max(expected[at][1], 1e-9),
    )
    each, (middle, sd) = readings[worst], expected[worst]
    return Problem(
        f"actuals.figures.{each.row}.{each.time}" if each.row else f"actuals.nation.{each.time}",
        msg(
            "a figure that says {says:.1f} of the year, where {middle:.1f} ± {sd:.1f} was expected:"
            " {count:.0f} of"
            " {draws} draws are left",
            says=each.says or 0.0,
            middle=middle,
            sd=sd,
            count=count,
            draws=asked.draws,
        ),
        msg("at least {count} effective draws, so that chances can be told", count=FEWEST),
        msg("check the figure and its unit; if it is right, widen the shocks"),
    )


def _weights(logs: FloatArray) -> FloatArray:
    """Weights from logarithms, the greatest 1."""
    finite = np.where(np.isfinite(logs), logs, -np.inf)
    top = finite.max()
    return np.asarray(np.exp(finite - top)) if np.isfinite(top) else np.zeros(len(logs))


def _moved(
    asked: Conditioning, seen: FloatArray, covariance: FloatArray, tails: float
) -> tuple[_Seen, FloatArray]:
    """Draws moved to where the figures are, and their weights; moved again by the weighted ones where few
    count (population Monte Carlo: Cappé, Guillin, Marin & Robert 2004, JCGS 13, 907)."""
    from scipy.special import ndtri

    scores = ndtri(asked.futures.points.block(0, asked.draws))
    directions, r = np.linalg.qr(slopes(scores, seen))
    turn, own, exact = r.T, directions.T @ scores, asked.exact  # seen ≈ c + turn a
    off = asked.says - seen.mean(axis=1)
    wanted, goal = own.copy(), asked.says[:exact, None] + asked.around[:, None] * own[:exact]
    if exact:
        wanted[:exact] = np.linalg.solve(turn[:exact, :exact], off[:exact])[:, None]
    middle, root = _linear(turn, own, seen, off - turn[:, :exact] @ wanted[:exact, 0], covariance, exact)
    best: tuple[_Seen, FloatArray] | None = None
    for _ in range(ADAPTED):
        wanted[exact:] = middle[:, None] + root @ own[exact:]
        found, room = _held(asked, directions, wanted, own, goal, turn[:exact, :exact])
        logs = room + log_likelihood(asked.says[exact:, None] - found.figures[exact:], covariance, tails)
        logs += 0.5 * (own[exact:] ** 2).sum(axis=0) - 0.5 * (wanted**2).sum(axis=0)
        near = (np.abs(goal - found.figures[:exact]) <= 10 * NEAR).all(axis=0)
        weights = _weights(np.where(near, logs, -np.inf))
        if best is None or effective(weights) > effective(best[1]):
            best = found, weights
        if exact == len(own) or effective(weights) >= ADEQUATE * asked.draws or not weights.sum():
            break
        part = weights / weights.sum()
        middle = wanted[exact:] @ part
        spread = wanted[exact:] - middle[:, None]
        root = np.linalg.cholesky(WIDER * (spread * part) @ spread.T + 1e-4 * np.eye(len(spread)))
    assert best is not None
    return best


ADAPTED, ADEQUATE, WIDER = 4, 0.25, 1.2
"""Moves at most, the part of the draws that must count for no other to be made, and by how much the next is
wider than the weighted draws."""


def _linear(
    turn: FloatArray,
    own: FloatArray,
    seen: FloatArray,
    off: FloatArray,
    covariance: FloatArray,
    exact: int,
) -> tuple[FloatArray, FloatArray]:
    """Mean and root of the covariance of the linear-normal posterior of the free directions."""
    free = turn[exact:, exact:]
    if not len(free):
        return np.zeros(0), np.zeros((0, 0))
    rest = seen - seen.mean(axis=1, keepdims=True) - turn @ own
    noise = covariance + np.atleast_2d(np.cov(rest[exact:]))
    gain = free.T @ np.linalg.inv(free @ free.T + noise)
    left = np.eye(len(free)) - gain @ free
    root = np.linalg.cholesky((left + left.T) / 2 + 1e-9 * np.eye(len(free)))
    return np.asarray(gain @ off[exact:]), np.asarray(root, dtype=float)


def _held(
    asked: Conditioning,
    directions: FloatArray,
    wanted: FloatArray,
    own: FloatArray,
    goal: FloatArray,
    slope: FloatArray,
) -> tuple[_Seen, FloatArray]:
    """The moved draws, each moved on (``wanted`` with it) until it gives the figures of finished years, and
    the logarithm of how many points of the exact directions a point of the figures is there.

    Quasi-Newton, each draw with slopes of its own (Broyden 1965, Mathematics of Computation 19, 577): in a
    crisis a score is worth several times what it is in calm years.
    """
    exact = asked.exact
    found = asked.simulate(directions, wanted - own)
    if not exact:
        return found, np.zeros(own.shape[1])
    slopes_of = np.repeat(slope[None], own.shape[1], axis=0)
    for _ in range(ROUNDS):
        short = goal - found.figures[:exact]
        if (np.abs(short) <= NEAR).all(axis=0).mean() > 0.999:
            break
        step = np.clip(np.linalg.solve(slopes_of, short.T[:, :, None])[:, :, 0], -2, 2)
        wanted[:exact] += step.T
        before, found = found.figures[:exact], asked.simulate(directions, wanted - own)
        missed = (found.figures[:exact] - before).T - np.einsum("dij,dj->di", slopes_of, step)
        size = np.maximum((step**2).sum(axis=1), 1e-12)
        slopes_of = _regular(slopes_of + missed[:, :, None] * step[:, None, :] / size[:, None, None], slope)
    ahead = np.empty((own.shape[1], exact, exact))
    for at in range(exact):
        aside = wanted - own
        aside[at] += ASIDE
        ahead[:, :, at] = (
            asked.simulate(directions, aside).figures[:exact] - found.figures[:exact]
        ).T / ASIDE
    return found, np.asarray(
        -np.log(np.maximum(np.abs(np.linalg.det(ahead)), 1e-3 * abs(np.linalg.det(slope))))
    )


def _regular(slopes_of: FloatArray, slope: FloatArray) -> FloatArray:
    """Slopes that can be solved with: those of all draws where a draw's own have all but vanished."""
    flat = np.abs(np.linalg.det(slopes_of)) < 0.05 * abs(np.linalg.det(slope))
    return np.where(flat[:, None, None], slope[None], slopes_of)
