"""How far growth to date lies off the year's: its error by quarter, estimated and scored on a quarterly panel
(累计增速的误差).

Growth to date after q quarters is an observation of the year's growth,

.. math:: y_q = g + \\beta_q (y'_q - g') + \\gamma_q (y_q - y_{q-1}) + e_q

with the year before primed: what the year before did late in the year is its base effect, and growth that
quickens within the year goes on. The error ``e`` has Student's t with :data:`TAILS` degrees of freedom:
crises are its tails. Coefficients are those of greatest likelihood (Lange, Little & Taylor 1989, JASA 84,
881); a part of the error's variance is common to all regions of a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...models.errors import Problem, ScenarioError
from ...models.quantity import Bilingual, FloatArray
from ...models.words import msg
from ...scenarios.report import Report, one_of
from ...scenarios.tables.panels import heading, panel_table
from ...scenarios.tables.years import year_of
from .backtest.panel import WHOLE

QUARTERS = (1, 2, 3)
TAILS = 8.0
"""Degrees of freedom: with fatter tails (4, say) a figure that lies far off what January expected is taken
for an error, and years such as 2020 are told worse."""
KINDS: Mapping[int, tuple[str, ...]] = {
    1: ("plain", "before"),
    2: ("plain", "before"),
    3: ("plain", "before", "path", "both"),
}
"""What is known besides growth to date, by quarter: nothing; the same of the year before; growth to date a
quarter earlier; both. After two quarters the way within the year is not used: its slope is -0.7 in calm
years and 0 with the crises."""

CRISIS = 0.15
"""Chance of a crisis year in the forecast of January of a backtest, as in the shipped experience."""

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
    before, path
        Coefficients β and γ; NaN where they are not used.
    sd
        Standard deviation of what is left, points; ``common`` the part of its variance that all regions
        share.
    raw
        Root mean square of growth to date less the year's in the same cases.
    """

    quarter: int
    kind: str
    before: float
    path: float
    sd: float
    common: float
    raw: float
    cases: int


@dataclass(frozen=True)
class Scored:
    """How the year was foretold after a quarter (0: in January) by one way: root mean square error, mean
    error, part of years in the 80 % interval and its mean width."""

    quarter: int
    way: str
    rmse: float
    mae: float
    inside: float
    width: float
    cases: int


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
                    f"{path.name}: {name}",
                    msg("no such column"),
                    msg("a heading {names}", names=one_of(COLUMNS[name])),
                    msg("name yours with --columns {name}=HEADING", name=name),
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
    totals = [r for r in range(len(regions)) if whole[r] >= WHOLE * (whole.sum() - whole[r]) / 2]
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


def errors(panel: Quarterly, until: int | None = None) -> dict[tuple[int, str], ErrorToDate]:
    """The errors of growth to date by quarter and by what is known besides, from years up to ``until``."""
    years = np.array(panel.years) <= (until if until is not None else panel.years[-1])
    found = {}
    for quarter in QUARTERS:
        for kind in KINDS[quarter]:
            found[quarter, kind] = _fitted(panel, quarter, kind, years)
    return found


def _facts(panel: Quarterly, quarter: int, kind: str) -> FloatArray:
    """What the error's equation takes ``(F, R, Y)``; NaN in years that lack it."""
    off, rows = panel.off[..., quarter - 1], []
    if kind in ("before", "both"):
        rows.append(np.concatenate([np.full((len(off), 1), np.nan), off[:, :-1]], axis=1))
    if kind in ("path", "both"):
        rows.append(panel.growth[..., quarter - 1] - panel.growth[..., quarter - 2])
    return np.stack(rows) if rows else np.zeros((0, *off.shape))


def _fitted(panel: Quarterly, quarter: int, kind: str, years: np.ndarray) -> ErrorToDate:
    off, facts = panel.off[..., quarter - 1], _facts(panel, quarter, kind)
    there = np.isfinite(off) & np.isfinite(facts).all(axis=0) & years
    y, x = off[there], facts[:, there].T
    slopes, scale = np.zeros(x.shape[1]), float(np.sqrt(np.mean(y**2)))
    for _ in range(60):
        left = y - x @ slopes
        weight = (TAILS + 1) / (TAILS + (left / scale) ** 2)
        if x.shape[1]:
            slopes = np.linalg.solve((x * weight[:, None]).T @ x, (x * weight[:, None]).T @ y)
        scale = float(np.sqrt(np.mean(weight * (y - x @ slopes) ** 2)))
    left = np.full(off.shape, np.nan)
    left[there] = y - x @ slopes
    named = iter(slopes)
    before = float(next(named)) if kind in ("before", "both") else np.nan
    path = float(next(named)) if kind in ("path", "both") else np.nan
    sd = scale * float(np.sqrt(TAILS / (TAILS - 2)))
    return ErrorToDate(
        quarter, kind, before, path, sd, _common(left), float(np.sqrt(np.mean(y**2))), int(there.sum())
    )


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
        found = errors(panel, panel.years[t] - 1)
        sure = np.array([posterior(m, spread, m, np.inf) for m in middle]).T
        told.setdefault((0, "january"), []).append(np.stack([actual, middle, sure[0], sure[2]]))
        for quarter in QUARTERS:
            plain, full = found[quarter, "plain"], found[quarter, KINDS[quarter][-1]]
            to_date = panel.growth[:, t, quarter - 1]
            facts = _facts(panel, quarter, full.kind)[:, :, t]
            slopes = np.array([each for each in (full.before, full.path) if np.isfinite(each)])
            read = to_date - slopes @ facts
            _note(told, quarter, "to_date", actual, to_date, plain.sd)
            _note(told, quarter, "corrected", actual, read, full.sd)
            given = np.array([posterior(m, spread, y, full.sd) for m, y in zip(middle, read, strict=True)])
            low, mean, high = given.T
            told.setdefault((quarter, "given"), []).append(np.stack([actual, mean, low, high]))
    return tuple(
        _scored(quarter, way, np.concatenate(parts, axis=1)) for (quarter, way), parts in told.items()
    )


_T80 = 1.3968 / np.sqrt(8.0 / 6.0)
"""Ninth decile of Student's t with 8 degrees of freedom, in standard deviations."""


def _note(
    told: dict[tuple[int, str], list[FloatArray]],
    quarter: int,
    way: str,
    actual: FloatArray,
    middle: FloatArray,
    sd: float,
) -> None:
    rows = np.stack([actual, middle, middle - _T80 * sd, middle + _T80 * sd])
    told.setdefault((quarter, way), []).append(rows)


def _scored(quarter: int, way: str, rows: FloatArray) -> Scored:
    actual, middle, low, high = rows[:, np.isfinite(rows).all(axis=0)]
    off = middle - actual
    return Scored(
        quarter,
        way,
        float(np.sqrt(np.mean(off**2))),
        float(np.mean(np.abs(off))),
        float(np.mean((actual >= low) & (actual <= high))),
        float(np.mean(high - low)),
        len(off),
    )


def _january(panel: Quarterly, t: int) -> tuple[FloatArray, tuple[float, float]]:
    """Median of the year at position ``t`` from the years before, and its standard deviation in a calm year
    and in a crisis: least squares of growth on the region's past mean, its last growth and all regions' last
    growth."""
    grown = panel.growth[..., 3]

    def facts(at: int) -> FloatArray:
        past = grown[:, :at]
        everywhere = np.full(len(past), past[:, -1].mean())
        return np.stack([np.ones(len(past)), past.mean(axis=1), past[:, -1], everywhere])

    pairs = [(facts(at), grown[:, at]) for at in range(2, t)]
    x = np.concatenate([each.T for each, _ in pairs])
    y = np.concatenate([each for _, each in pairs])
    there = np.isfinite(y) & np.isfinite(x).all(axis=1)
    # a ridge of one region-year on the slopes: few years know little of what all regions share
    slopes = np.linalg.solve(x[there].T @ x[there] + np.diag([0.0, 1, 1, 1]), x[there].T @ y[there])
    return np.asarray(facts(t).T @ slopes), _two(y[there] - x[there] @ slopes)


def _two(left: FloatArray) -> tuple[float, float]:
    """Standard deviations of a mixture of calm years and crises (:data:`CRISIS`) about zero, by greatest
    likelihood (Dempster, Laird & Rubin 1977, JRSS B 39, 1)."""
    calm, crisis = 0.7 * float(left.std()), 2.0 * float(left.std())
    for _ in range(100):
        shares = [
            part / sd * np.exp(-0.5 * (left / sd) ** 2) for part, sd in ((1 - CRISIS, calm), (CRISIS, crisis))
        ]
        wild = shares[1] / (shares[0] + shares[1])
        calm = float(np.sqrt(np.sum((1 - wild) * left**2) / np.sum(1 - wild)))
        crisis = float(np.sqrt(np.sum(wild * left**2) / np.sum(wild)))
    return calm, crisis


GRID = np.linspace(-1.0, 1.0, 1601)


def posterior(
    middle: float,
    spread: tuple[float, float],
    read: float,
    error: float,
    levels: Sequence[float] = (0.1, 0.5, 0.9),
) -> tuple[float, ...]:
    """Quantiles of a year given what is read off growth to date.

    .. math:: p(g \\mid y) \\propto [(1 - c) \\phi_{calm}(g - m) + c \\, \\phi_{crisis}(g - m)] \\; t_8((y -
    g) / e)

    ``spread`` is that of January in a calm year and in a crisis; an infinite ``error`` says nothing.
    """
    if not np.isfinite([middle, read]).all():
        return tuple(np.nan for _ in levels)
    reach = abs(middle - read) + 6 * spread[1]
    g = middle + reach * GRID
    weight = sum(
        part / sd * np.exp(-0.5 * ((g - middle) / sd) ** 2)
        for part, sd in zip((1 - CRISIS, CRISIS), spread, strict=True)
    )
    if np.isfinite(error):
        scale = error * np.sqrt((TAILS - 2) / TAILS)
        weight = weight * (1 + ((read - g) / scale) ** 2 / TAILS) ** (-(TAILS + 1) / 2)
    below = np.cumsum(weight) / np.sum(weight)
    return tuple(float(np.interp(level, below, g)) for level in levels)
