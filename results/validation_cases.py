"""Published cases, computed by the product's own code (验证案例).

Each figure is carried over with its source; each case calls what a run calls, never a second version of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..models import public_capital, solow
from ..models.consistency import mean_growth
from ..models.multipliers import inverse, multipliers
from ..models.quantity import Bilingual, FloatArray
from ..models.words import msg
from .tables.sectors import split_growth


@dataclass(frozen=True)
class Compared:
    """One published number beside ours; ``within`` is what its printed digits or sampling error allow.

    ``sampled`` marks numbers out of random draws, which differ a little between versions of the generator.
    """

    case: Bilingual
    what: Bilingual
    source: str
    published: float
    ours: float
    within: float
    digits: int
    sampled: bool = False

    @property
    def holds(self) -> bool:
        """Whether ours agrees with what was published."""
        return abs(self.ours - self.published) <= self.within


def _two_sectors() -> Iterator[Compared]:
    """Miller & Blair (2009), tables 2.3, 2.4: Leontief inverse and what a new demand asks for."""
    case, source = (
        msg("Input-output, two sectors"),
        "Miller & Blair (2009), Input-Output Analysis, tables 2.3-2.4",
    )
    local = np.array([[0.15, 0.25], [0.20, 0.05]])[..., None]
    solved = inverse(local)[..., 0]
    published = ((1.25412541, 0.33003300), (0.2640264, 1.12211221))
    for i, row in enumerate(published):
        for j, value in enumerate(row):
            yield Compared(
                case,
                msg("Leontief inverse L{i}{j}", i=i + 1, j=j + 1),
                source,
                value,
                float(solved[i, j]),
                5e-7,
                6,
            )
    labour = np.array([[0.30], [0.25]])
    found = multipliers(local, 1 - local.sum(axis=0), labour)
    output = solved @ np.array([600.0, 1500.0])
    for j, value in enumerate((1247.5, 1841.6)):
        what = msg("output x{j} for final demand (600, 1500)", j=j + 1)
        yield Compared(case, what, source, value, float(output[j]), 0.05, 1)
    what = msg("labour income for it")
    yield Compared(
        case, what, source, 374.25 + 460.4, float(found.income[:, 0] @ np.array([600.0, 1500.0])), 0.1, 2
    )


def _national_contributions() -> Iterator[Compared]:
    """National communiqué of 2023: growth of GDP out of that of three sectors, whose pulls add up to it."""
    case = msg("Pull of three sectors, China 2023")
    source = "National Bureau of Statistics, communiqué on 2023"
    parts = ((89755.0, 4.1), (482589.0, 4.7), (688238.0, 5.8))
    before = [value / (1 + growth / 100) for value, growth in parts]
    added = [value - old for (value, _), old in zip(parts, before, strict=True)]
    growth = mean_growth(zip(before, (rate for _, rate in parts), strict=True))
    # sectors' rates are printed to 0.1: each may be 0.05 off, and GDP's own print another 0.05
    yield Compared(
        case,
        msg("GDP growth out of three sectors, %"),
        source,
        5.2,
        growth,
        0.1,
        2,
    )
    pulls, shares = split_growth(added, sum(before))
    yield Compared(
        case,
        msg("sum of pulls, points"),
        source,
        5.2,
        sum(p for p in pulls if p is not None),
        0.1,
        2,
    )
    yield Compared(
        case,
        msg("sum of contributions, %"),
        "definition",
        100.0,
        sum(s for s in shares if s is not None),
        1e-9,
        1,
    )


def _mexss() -> Iterator[Compared]:
    """Mexican steel: five plants, three markets, imports and exports, from the network file that ships with
    the product."""
    from ..scenarios.network_file import load_network
    from ..solvers.network import best_flows
    from ..solvers.solve import SOLVERS

    case, source = (
        msg("Steel process network (MEXSS)"),
        "Kendrick, Meeraus & Alatorre (1984); GAMS Model Library, MEXSS",
    )
    network = load_network("example:steel-mexico/network.yaml").network
    for name, solver in SOLVERS.items():
        if solver.available():
            what = msg("least total cost, mill US$, {name}", name=name)
            yield Compared(case, what, source, 538.8112, -best_flows(network, name).margin, 5e-5, 4)


def _ishigami() -> Iterator[Compared]:
    """Ishigami's function: first-order and total Sobol' indices in closed form."""
    from ..engine.uncertainty.sobol_indices import sobol

    def function(uniforms: FloatArray) -> FloatArray:
        x = np.pi * (2 * uniforms - 1)
        return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))

    case, source = (
        msg("Sobol' indices of Ishigami's function"),
        "Ishigami & Homma (1990), closed form",
    )
    found = sobol(function, {f"x{i + 1}": [i] for i in range(3)}, 3, draws=2048, replicates=8, seed=1)
    known = ((0.313905, 0.557589), (0.442411, 0.442411), (0.0, 0.243684))
    for index, (first, total) in zip(found, known, strict=True):
        yield Compared(
            case,
            msg("{group}, first order", group=index.group),
            source,
            first,
            index.first,
            4 * index.first_error + 2e-3,
            4,
            True,
        )
        yield Compared(
            case,
            msg("{group}, total", group=index.group),
            source,
            total,
            index.total,
            4 * index.total_error + 2e-3,
            4,
            True,
        )


def _erlang() -> Iterator[Compared]:
    """Approval desks as an M/M/c queue: λ = 4, μ = 3, c = 2 waits C(2, 4/3) / (cμ - λ) = 4/15 months."""
    from ..engine.projects.pipeline import run_pipeline
    from ..models.project import ProjectPlan, Resources

    rate, service, batches, years = 4.0, 3.0, 30, 20
    rng, means = np.random.default_rng(5), []
    for _ in range(batches):
        arrivals = np.cumsum(rng.exponential(1 / rate, int(rate * 12 * years * 0.9)))
        approvals = rng.exponential(1 / service, len(arrivals))
        projects = [
            ProjectPlan(f"p{i}", "one", 1, start=a + s, approval=s, construction=1)
            for i, (a, s) in enumerate(zip(arrivals.tolist(), approvals.tolist(), strict=True))
        ]
        waits = run_pipeline(projects, None, Resources(approvals=2), years, ("one",)).waits["approval"]
        means.append(float(waits[(arrivals > 20) & (arrivals < 12 * years - 20)].mean()))
    error = float(np.std(means, ddof=1)) / batches**0.5
    yield Compared(
        msg("Queue at approval desks (Erlang C)"),
        msg("mean wait, months"),
        "Erlang's formula for M/M/2, λ = 4, μ = 3",
        4 / 15,
        float(np.mean(means)),
        4 * error,
        3,
        True,
    )


def _solow() -> Iterator[Compared]:
    """Textbook path of capital per worker: y = sqrt(k), s = 0.25, δ = 0.05, from k = 16; and two steady
    states."""
    case = msg("Solow model, transition table")
    source = "worked table, wizedu.com 283851: y = k^0.5, s = 0.25, d = 0.05"
    given = solow.Fundamentals.steady(7, labour_share=0.5, depreciation=0.05)
    path = solow.growth_from_investment(given, np.array([4.0]), np.full((7, 1), 0.25))
    output = 4 * path.level[:, 0]
    capital = path.ratio[:, 0] * output
    for year, k, y, more in (
        (2, 16.2, 4.02492, 0.19623),
        (5, 16.77752, 4.09604, 0.18513),
        (8, 17.32209, 4.16198, 0.17439),
    ):
        ours = (capital[year - 1], output[year - 1], 0.25 * output[year - 1] - 0.05 * capital[year - 1])
        for name, value, found in zip(("k", "y", "Δk"), (k, y, more), ours, strict=True):
            yield Compared(
                case,
                msg("{name}, year {year}", name=name, year=year),
                source,
                value,
                float(found),
                5e-6,
                5,
            )
    steady = "Mankiw, Macroeconomics: k* = (s/d)^(1/(1-a))"
    for share, depreciation, value in ((0.3, 0.1, 9.0), (0.25, 0.05, 25.0)):
        given = solow.Fundamentals.steady(1, labour_share=0.5, depreciation=depreciation)
        ratio = float(solow.balanced(given, np.array([share]), np.zeros(1))[0])
        yield Compared(
            case,
            msg("steady state k*, s = {share}", share=share),
            steady,
            value,
            ratio**2,
            1e-9,
            1,
        )


def _ltgm() -> Iterator[Compared]:
    """Long Term Growth Model: investment that growth needs and back, β = 0.5, δ = 0.05, g_ω = -0.4 %, g_h =
    0.6 %."""
    case, source = (
        msg("Long Term Growth Model"),
        "Loayza & Pennings (2022), exact form and its inverse",
    )
    rows = (
        (2.5, 0.01, 0.065, 0.3992088798498289, 2.6048909669951446),
        (3.0, 0.015, 0.07, 0.4773570505464537, 3.1096794864920128),
        (4.0, 0.02, 0.07, 0.5930878090468026, 4.105689541165236),
    )
    for start, tfp, target, published, later in rows:
        given = solow.Fundamentals.steady(
            1, labour_share=0.5, depreciation=0.05, productivity=tfp, human=0.006, working_age=-0.004
        )
        path = solow.investment_from_growth(given, np.array([start]), np.full((1, 1), target))
        what = f"K/Y = {start}, gA = {tfp:.1%}, g = {target:.1%}"
        yield Compared(
            case,
            msg("investment needed, {what}", what=what),
            source,
            published,
            float(path.investment[0, 0]),
            1e-9,
            6,
        )
        yield Compared(
            case,
            msg("next K/Y, {what}", what=what),
            source,
            later,
            float(path.ratio[1, 0]),
            1e-9,
            6,
        )
    given = solow.Fundamentals.steady(
        5, labour_share=0.5, depreciation=0.05, productivity=0.015, human=0.006, working_age=-0.004
    )
    path = solow.investment_from_growth(given, np.array([3.0]), np.full((5, 1), 0.065))
    yield Compared(
        case,
        msg("investment needed in the fifth year of 6.5 %"),
        source,
        0.5057078889568823,
        float(path.investment[4, 0]),
        1e-9,
        6,
    )
    stated = (0.4, 0.08, 0.8, 2.0, 0.03, 0.05, 0.65, 0.01, 0.005, 0.02, 0.001, 0.0)
    two = public_capital.TwoCapitals(*[np.array([value]) for value in stated])
    needed = public_capital.required_public(two, np.array([0.02]), np.array([0.14]))
    yield Compared(
        case,
        msg("public investment needed for 2 % per head"),
        "Devadas & Pennings (2018), inverse",
        0.2329686329356077,
        float(needed[0]),
        1e-9,
        6,
    )


def _ghana() -> Iterator[Compared]:
    """Demonstration workbooks of ltgm-stata: Ghana 2023-2050, savings as in the past, and 30 %."""
    case, source = (
        msg("LTGM, Ghana 2023-2050"),
        "ltgm-stata demonstration workbook (MIT licence)",
    )
    given = solow.Fundamentals.steady(
        27,
        labour_share=1 - 0.50416716933250427,
        depreciation=0.042006291449069977,
        productivity=0.0075190356001257896,
        population=0.018329555168747902,
    )
    published = (
        (
            0.17942030727863312,
            3146.3397067497299,
            0.031375100683563861,
            2.5221451728708217,
            0.20981079462687857,
        ),
        (0.30, 4423.2110906427006, 0.038681270651511168, 3.5257919748832607, 0.10215330750534134),
    )
    for share, income, growth, ratio, poor in published:
        path = solow.growth_from_savings(
            given, np.array([2.791668176651001]), np.full((27, 1), share), np.zeros((27, 1))
        )
        ours = (
            2320 * path.level_per_head[-1, 0],
            path.growth[-1, 0],
            path.ratio[-1, 0],
            solow.poverty(0.38999998569488525, path)[-1, 0],
        )
        names = (
            msg("GDP per head"),
            msg("growth of GDP"),
            msg("K/Y"),
            msg("poverty"),
        )
        for name, value, found in zip(names, (income, growth, ratio, poor), ours, strict=True):
            what = msg("{name} in 2050, investment {share:.0%}", name=name, share=share)
            yield Compared(case, what, source, value, float(found), 1e-9 * value, 6)


def _icor() -> Iterator[Compared]:
    """India's Tenth Plan: 8 % growth at an ICOR "about 3.6" needs 28.4 % of output, 26.8 of it saved at
    home."""
    case, source = (
        msg("ICOR, India's Tenth Plan"),
        "India Year Book on the Tenth Plan (2002-07)",
    )
    growth = np.array([8.0])
    need = float(solow.needed(np.array([3.55]), growth)[0])
    yield Compared(
        case,
        msg("investment needed at ICOR 3.55, %"),
        source,
        28.4,
        need,
        1e-9,
        1,
    )
    ratio = float(solow.icor(np.array([28.4]), growth)[0])
    yield Compared(
        case,
        msg("ICOR implied by 28.4 %"),
        source,
        3.6,
        ratio,
        0.05 + 1e-9,
        2,
    )
    yield Compared(
        case,
        msg("savings at home and from outside, %"),
        source,
        26.8 + 1.6,
        need,
        1e-9,
        1,
    )


CASES: tuple[Callable[[], Iterator[Compared]], ...] = (
    _two_sectors,
    _national_contributions,
    _solow,
    _ltgm,
    _ghana,
    _icor,
    _mexss,
    _ishigami,
    _erlang,
)
"""Every case; adding one is one function and one entry here."""
