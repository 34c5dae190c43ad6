"""Growth to date as an observation of the year's: its error by quarter, estimated and scored on a quarterly
panel (累计增速的误差).

Growth to date after q quarters is an observation of the year's growth,

.. math:: y_q = g + \\beta_q b_q + e_q

where b is the base effect: with d the difference of growth to date from the year's, of the year before
:math:`b = d_{-1}`, or of three years

.. math:: b = d_{-1} + \\tfrac23 d_{-2} + \\tfrac13 d_{-3}

which is, in logarithms, how much more of the year before had come by then than of the three years before.
The error ``e`` has Student's t: crises are its tails. Coefficients are those of greatest likelihood (Lange,
Little & Taylor 1989, JASA 84, 881). A part of the error's variance is common to all regions of a year; of it
n years are known, however many the regions: it is taken n / (n - 2) times, as a new year's is by Student's t.

The degrees of freedom are chosen by leaving out one year at a time (Stone 1974, JRSS B 36, 111; whole years,
since regions of a year share their news), in a backtest from the years before the one foretold alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...models.errors import Problem, ScenarioError
from ...models.quantity import Bilingual, FloatArray
from ...models.words import msg
from ...scenarios.report import Report, one_of
from ...scenarios.tables.panels import heading, panel_table
from ...scenarios.tables.years import year_of
from .backtest.panel import WHOLE

QUARTERS = (1, 2, 3)
TAILS = (4.0, 8.0, 30.0)
"""Degrees of freedom of the errors' tails, of which one is chosen."""
USUAL_TAILS = 8.0
"""Those taken where the years are too few to choose."""
EARLIER: dict[str, tuple[float, ...]] = {"plain": (), "before": (1.0,), "three": (1.0, 2 / 3, 1 / 3)}
"""What is known besides growth to date, by kind: nothing, the year before, three years before. Weights of
their differences in the base effect, the latest first."""
FEWEST = 2
"""Years of which more must be known for an error to be told."""
FOLDS = 4
"""Years left out in turn that a choice of tails needs; with fewer the usual ones are taken."""

CRISIS = (0.02, 0.5)
"""Least and most chance of a crisis year in the forecast of January of a backtest."""

LEARNT = 5
"""Years of growth before the first that is foretold in a backtest."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "region": ("region", "state", "province", "city", "地区", "省份", "城市"),
    "year": ("year", "年份", "年度", "年"),
    "q1": ("q1", "real_q1", "一季度", "第一季度"),
    "q2": ("q2", "real_q2", "二季度", "第二季度"),
    "q3": ("q3", "real_q3", "三季度", "第三季度"),
    "q4": ("q4", "real_q4", "四季度", "第四季度"),
}
"""What a quarterly panel holds, and the headings under which each is recognised: real output by quarter."""


@dataclass(frozen=True)
class Quarterly:
    """Growth to date by region, year and quarter ``(R, Y, 4)``, %: the fourth is the year's; NaN where it is
    not known."""

    regions: tuple[str, ...]
    years: tuple[int, ...]
    growth: FloatArray
    totals: tuple[str, ...] = ()
    notes: tuple[Bilingual, ...] = ()

    @property
    def off(self) -> FloatArray:
        """Growth to date less the year's ``(R, Y, 4)``, points."""
        return self.growth - self.growth[..., 3:]


@dataclass(frozen=True)
class ErrorToDate:
    """The error of growth to date after a quarter, with what is known besides.

    Attributes
    ----------
    before
        Coefficient β of the base effect; NaN where it is not used.
    sd
        Standard deviation of what is left, points; ``common`` the part of its variance that all regions
        share.
    raw
        Root mean square of growth to date less the year's in the same cases.
    """

    quarter: int
    kind: str
    before: float
    sd: float
    common: float
    raw: float
    cases: int


@dataclass(frozen=True)
class Scored:
    """How the year was foretold after a quarter (0: in January) by one way: root mean square error, mean
    error, part of years in the 80 % interval and its mean width; ``error`` is that part's standard error with
    years as the sample: regions of a year share their news."""

    quarter: int
    way: str
    rmse: float
    mae: float
    inside: float
    width: float
    cases: int
    error: float


WAYS = ("january", "to_date", "corrected", "given")
"""Forecast of January; growth to date as the year's; the same less what the error's equation foretells;
January's given growth to date, which is how the product does it."""


def read_quarterly(path: Path, columns: Mapping[str, str] | None = None) -> Quarterly:
    """Read a table of regions and years with real output by quarter: CSV or workbook.

    A region that is the sum of all others is left out.

    Raises
    ------
    ScenarioError
        Where the file cannot be read, lacks a column, or holds text where a number belongs.
    """
    report = Report()
    table = panel_table(path, COLUMNS, report)
    report.stop()
    assert table is not None
    said = columns or {}
    found = {name: said.get(name) or heading(table.heads, aliases) for name, aliases in COLUMNS.items()}
    gone = [name for name, head in found.items() if head is None or head not in table.heads]
    if gone:
        raise ScenarioError(
            [
                Problem(
                    name,
                    msg("no such column"),
                    msg("a heading {names}", names=one_of(COLUMNS[name])),
                    msg("name yours with --columns {name}=HEADING", name=name),
                    *table.place(path),
                )
                for name in gone
            ]
        )
    heads = {name: head for name, head in found.items() if head}
    levels: dict[tuple[str, int], FloatArray] = {}
    numbers = np.stack([table.column(heads[f"q{q}"], "", report) for q in (1, 2, 3, 4)], axis=1)
    for row, own in zip(table.rows, numbers, strict=True):
        year = year_of(row[heads["year"]].text)
        if year is None:
            report.add(row[heads["year"]].place, "year", f"`{row[heads['year']].text}`", msg("a year"))
        else:
            levels[row[heads["region"]].text, year.year] = own
    if not table.rows:
        report.add(table.place(path), "year", msg("no row of a region and a year"), msg("a row each"))
    report.stop()
    return _grown(levels, tuple(report.notes), path)


def _grown(
    levels: Mapping[tuple[str, int], FloatArray], notes: tuple[Bilingual, ...], path: Path
) -> Quarterly:
    regions = sorted({region for region, _ in levels})
    years = range(min(y for _, y in levels), max(y for _, y in levels) + 1)
    empty = np.full(4, np.nan)
    cells = np.array([[levels.get((region, year), empty) for year in years] for region in regions])
    whole = np.nansum(cells.sum(axis=2), axis=1)
    totals = [
        r
        for r in range(len(regions))
        if len(regions) > 2 and WHOLE < whole[r] / (whole.sum() - whole[r]) < 1 / WHOLE
    ]
    kept = [r for r in range(len(regions)) if r not in totals]
    to_date = np.cumsum(cells[kept], axis=2)
    if len(years) < 3 or not kept:
        raise ScenarioError(
            [
                Problem(
                    path.name,
                    msg("{count} years", count=len(years)),
                    msg("at least 3 years of several regions"),
                )
            ]
        )
    growth = 100 * (to_date[:, 1:] / to_date[:, :-1] - 1)
    return Quarterly(
        tuple(regions[r] for r in kept),
        tuple(years)[1:],
        growth,
        tuple(regions[r] for r in totals),
        notes,
    )


@dataclass(frozen=True)
class Law:
    """The errors of growth to date by quarter and by what is known besides, and their degrees of freedom."""

    tails: float
    errors: Mapping[tuple[int, str], ErrorToDate]

    def best(self, quarter: int) -> ErrorToDate:
        """The error with most known of what the panel has."""
        return next(
            self.errors[quarter, kind] for kind in reversed(EARLIER) if (quarter, kind) in self.errors
        )


def errors(panel: Quarterly, until: int | None = None) -> Law:
    """The errors of growth to date by quarter and by what is known besides, from years up to ``until``."""
    years = np.array(panel.years) <= (until if until is not None else panel.years[-1])
    told = {
        (quarter, kind): own
        for quarter in QUARTERS
        for kind in EARLIER
        if len(np.unique((own := _Cases.of(panel, quarter, kind, years)).year)) > FEWEST
    }
    most = [own for (_, kind), own in told.items() if kind == "three"]
    scores = {tails: sum(own.left_out(tails) for own in most) for tails in TAILS}
    tails = (
        max(TAILS, key=lambda each: scores[each]) if np.isfinite(scores[TAILS[0]]) and most else USUAL_TAILS
    )
    return Law(tails, {case: own.fitted(*case, tails) for case, own in told.items()})


def _effect(panel: Quarterly, quarter: int, kind: str) -> FloatArray:
    """The base effect ``(F, R, Y)``, of which there is one or none; NaN in years that lack it."""
    off = panel.off[..., quarter - 1]
    lagged = [weight * _lagged(off, by) for by, weight in enumerate(EARLIER[kind], 1)]
    return np.sum(lagged, axis=0)[None] if lagged else np.zeros((0, *off.shape))


def _lagged(values: FloatArray, by: int) -> FloatArray:
    """Values of ``by`` years before."""
    made = np.full(values.shape, np.nan)
    made[:, by:] = values[:, :-by]
    return made


@dataclass(frozen=True)
class _Cases:
    """Region-years of one quarter of which all is known: differences, base effects ``(F, n)``, years."""

    y: FloatArray
    x: FloatArray
    year: npt.NDArray[np.intp]
    off: FloatArray
    there: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, panel: Quarterly, quarter: int, kind: str, years: npt.NDArray[np.bool_]) -> _Cases:
        """The cases of the years that are asked for."""
        off, effect = panel.off[..., quarter - 1], _effect(panel, quarter, kind)
        there = np.isfinite(off) & np.isfinite(effect).all(axis=0) & years
        year = np.broadcast_to(np.arange(off.shape[1]), off.shape)[there]
        return cls(off[there], effect[:, there], year, off, there)

    def left_out(self, tails: float) -> float:
        """Mean logarithm of the density of years left out of the fit; minus infinity where too few."""
        years = np.unique(self.year)
        if len(years) < FOLDS:
            return -np.inf
        told = []
        for year in years:
            out = self.year == year
            slopes, scale = likeliest(self.y[~out], self.x[:, ~out], tails)
            left = (self.y[out] - self.x[:, out].T @ slopes) / scale
            told.append(float(np.mean(_log_density(left, tails) - np.log(scale))))
        return float(np.mean(told))

    def fitted(self, quarter: int, kind: str, tails: float) -> ErrorToDate:
        """The coefficient, and what is left."""
        slopes, scale = likeliest(self.y, self.x, tails)
        left = np.full(self.off.shape, np.nan)
        left[self.there] = self.y - self.x.T @ slopes
        common, years = _common(left), len(np.unique(self.year))
        shared = common * years / (years - 2)
        sd = scale * float(np.sqrt(tails / (tails - 2) * (1 - common + shared)))
        before = float(slopes[0]) if len(slopes) else np.nan
        raw = float(np.sqrt(np.mean(self.y**2)))
        return ErrorToDate(
            quarter, kind, before, sd, shared / (1 - common + shared), raw, int(self.there.sum())
        )


def _log_density(z: FloatArray, tails: float) -> FloatArray:
    """Logarithm of Student's density."""
    from scipy.special import gammaln

    top = gammaln((tails + 1) / 2) - gammaln(tails / 2) - 0.5 * np.log(tails * np.pi)
    return np.asarray(top - 0.5 * (tails + 1) * np.log1p(z**2 / tails))


def likeliest(y: FloatArray, x: FloatArray, tails: float) -> tuple[FloatArray, float]:
    """Slopes and scale of greatest likelihood with Student's errors, by weighted least squares."""
    slopes: FloatArray = np.zeros(len(x))
    scale = float(np.sqrt(np.mean(y**2)))
    for _ in range(60):
        before = scale
        left = y - x.T @ slopes
        weight = (tails + 1) / (tails + (left / scale) ** 2)
        if len(x):
            slopes = np.asarray(np.linalg.lstsq((x * weight) @ x.T, (x * weight) @ y, rcond=None)[0], float)
        scale = float(np.sqrt(np.mean(weight * (y - x.T @ slopes) ** 2)))
        if abs(scale - before) < 1e-7 * scale:
            break
    return slopes, scale


def _common(left: FloatArray) -> float:
    """Part of the variance that regions of a year share: analysis of variance, one way by years."""
    columns = [own[np.isfinite(own)] for own in left.T]
    columns = [own for own in columns if len(own) > 1]
    if not columns:
        return 0.0
    within = sum(float(((own - own.mean()) ** 2).sum()) for own in columns) / max(
        sum(len(own) - 1 for own in columns), 1
    )
    means = float(np.mean([own.mean() ** 2 for own in columns]))
    size = float(np.mean([len(own) for own in columns]))
    common = max(means - within / size, 0.0)
    return common / (common + within) if common + within > 0 else 0.0


def backtest(panel: Quarterly) -> tuple[Scored, ...]:
    """Foretell every region-year from what was known then: in January, and after one, two and three quarters.

    Errors and January's forecast are learnt from earlier years alone. January's stands here for a forecast
    from a region's own past: its mean growth and last growth against all regions', and all regions' mean.
    """
    asked = range(LEARNT, len(panel.years))
    told: dict[tuple[int, str], list[FloatArray]] = {}
    for t in asked:
        actual = panel.growth[:, t, 3]
        middle, spread = _january(panel, t)
        law = errors(panel, panel.years[t] - 1)
        sure = np.array([posterior(m, spread, m, np.inf, law.tails) for m in middle]).T
        told.setdefault((0, "january"), []).append(np.stack([actual, middle, sure[0], sure[2]]))
        for quarter in QUARTERS:
            plain, full = law.errors[quarter, "plain"], law.best(quarter)
            to_date = panel.growth[:, t, quarter - 1]
            effect = _effect(panel, quarter, full.kind)[:, :, t]
            read = to_date - (full.before * effect[0] if len(effect) else 0.0)
            _note(told, quarter, "to_date", actual, to_date, plain.sd, law.tails)
            _note(told, quarter, "corrected", actual, read, full.sd, law.tails)
            given = [posterior(m, spread, y, full.sd, law.tails) for m, y in zip(middle, read, strict=True)]
            low, mean, high = np.array(given).T
            told.setdefault((quarter, "given"), []).append(np.stack([actual, mean, low, high]))
    return tuple(_scored(quarter, way, parts) for (quarter, way), parts in told.items())


def _note(
    told: dict[tuple[int, str], list[FloatArray]],
    quarter: int,
    way: str,
    actual: FloatArray,
    middle: FloatArray,
    sd: float,
    tails: float,
) -> None:
    from scipy.special import stdtrit

    half = float(stdtrit(tails, 0.9)) * sd * np.sqrt((tails - 2) / tails)
    told.setdefault((quarter, way), []).append(np.stack([actual, middle, middle - half, middle + half]))


def _scored(quarter: int, way: str, parts: Sequence[FloatArray]) -> Scored:
    known = [rows[:, np.isfinite(rows).all(axis=0)] for rows in parts]
    actual, middle, low, high = np.concatenate(known, axis=1)
    off = middle - actual
    held = np.array([np.mean((own[0] >= own[2]) & (own[0] <= own[3])) for own in known if own.size])
    return Scored(
        quarter,
        way,
        float(np.sqrt(np.mean(off**2))),
        float(np.mean(np.abs(off))),
        float(np.mean((actual >= low) & (actual <= high))),
        float(np.mean(high - low)),
        len(off),
        float(held.std(ddof=1) / np.sqrt(len(held))) if len(held) > 1 else np.nan,
    )


class Spread(NamedTuple):
    """January's doubt: standard deviations in a calm year and in a crisis, and a crisis's chance."""

    calm: float
    crisis: float
    chance: float


def _january(panel: Quarterly, t: int) -> tuple[FloatArray, Spread]:
    """Median of the year at position ``t`` from the years before, and its standard deviation in a calm year
    and in a crisis: least squares of growth on the region's past mean, its last growth and all regions' last
    growth. Means are of what is known: a year that one region does not tell leaves out that region's next
    year alone."""
    grown = panel.growth[..., 3]

    def facts(at: int) -> FloatArray:
        past = grown[:, :at]
        everywhere = np.full(len(past), _mean(past[:, -1:], 0)[0])
        return np.stack([np.ones(len(past)), _mean(past, 1), past[:, -1], everywhere])

    pairs = [(facts(at), grown[:, at]) for at in range(2, t)]
    x = np.concatenate([each.T for each, _ in pairs])
    y = np.concatenate([each for _, each in pairs])
    there = np.isfinite(y) & np.isfinite(x).all(axis=1)
    # a ridge of one region-year on the slopes: few years know little of what all regions share
    slopes = np.linalg.solve(x[there].T @ x[there] + np.diag([0.0, 1, 1, 1]), x[there].T @ y[there])
    return np.asarray(facts(t).T @ slopes), _two(y[there] - x[there] @ slopes)


def _mean(values: FloatArray, axis: int) -> FloatArray:
    """Mean of what is known; not a number where nothing is."""
    known = np.isfinite(values).sum(axis=axis)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(values, axis=axis) / known)


def _two(left: FloatArray) -> Spread:
    """A mixture of calm years and crises about zero, by greatest likelihood (Dempster, Laird & Rubin 1977,
    JRSS B 39, 1)."""
    calm, crisis, chance = 0.7 * float(left.std()), 2.0 * float(left.std()), 0.15
    for _ in range(100):
        shares = [
            part / sd * np.exp(-0.5 * (left / sd) ** 2) for part, sd in ((1 - chance, calm), (chance, crisis))
        ]
        wild = shares[1] / (shares[0] + shares[1])
        calm = float(np.sqrt(np.sum((1 - wild) * left**2) / np.sum(1 - wild)))
        crisis = float(np.sqrt(np.sum(wild * left**2) / np.sum(wild)))
        chance = float(np.clip(wild.mean(), *CRISIS))
    return Spread(calm, crisis, chance)


GRID = np.linspace(-1.0, 1.0, 1601)


def posterior(
    middle: float,
    spread: Spread,
    read: float,
    error: float,
    tails: float = USUAL_TAILS,
    levels: Sequence[float] = (0.1, 0.5, 0.9),
) -> tuple[float, ...]:
    """Quantiles of a year given what is read off growth to date.

    .. math:: p(g \\mid y) \\propto [(1 - c) \\phi_{calm}(g - m) + c \\, \\phi_{crisis}(g - m)] \\; t((y -
    g) / e)

    An infinite ``error`` says nothing.
    """
    if not np.isfinite([middle, read]).all():
        return tuple(np.nan for _ in levels)
    reach = abs(middle - read) + 6 * spread.crisis
    g = middle + reach * GRID
    weight = sum(
        part / sd * np.exp(-0.5 * ((g - middle) / sd) ** 2)
        for part, sd in ((1 - spread.chance, spread.calm), (spread.chance, spread.crisis))
    )
    if np.isfinite(error):
        scale = error * np.sqrt((tails - 2) / tails)
        weight = weight * (1 + ((read - g) / scale) ** 2 / tails) ** (-(tails + 1) / 2)
    below = np.cumsum(weight) / np.sum(weight)
    return tuple(float(np.interp(level, below, g)) for level in levels)
