"""Published cases, computed by the product's own code (验证案例).

Each figure is carried over with its source; each case calls what a run calls, never a second version of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..models.consistency import mean_growth
from ..models.multipliers import inverse, multipliers
from ..models.quantity import FloatArray, Text
from .table_sectors import split_growth


@dataclass(frozen=True)
class Compared:
    """One published number beside ours; ``within`` is what its printed digits or sampling error allow.

    ``sampled`` marks numbers out of random draws, which differ a little between versions of the generator.
    """

    case: Text
    what: Text
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
    case, source = Text(zh="两部门投入产出", en="Input-output, two sectors"), "Miller & Blair (2009), Input-Output Analysis, tables 2.3-2.4"
    local = np.array([[0.15, 0.25], [0.20, 0.05]])[..., None]
    solved = inverse(local)[..., 0]
    published = ((1.25412541, 0.33003300), (0.2640264, 1.12211221))
    for i, row in enumerate(published):
        for j, value in enumerate(row):
            yield Compared(case, Text(zh=f"里昂惕夫逆 L{i + 1}{j + 1}", en=f"Leontief inverse L{i + 1}{j + 1}"), source, value, float(solved[i, j]), 5e-7, 6)
    labour = np.array([[0.30], [0.25]])
    found = multipliers(local, 1 - local.sum(axis=0), labour)
    output = solved @ np.array([600.0, 1500.0])
    for j, value in enumerate((1247.5, 1841.6)):
        what = Text(zh=f"最终需求（600，1500）所需产出 x{j + 1}", en=f"output x{j + 1} for final demand (600, 1500)")
        yield Compared(case, what, source, value, float(output[j]), 0.05, 1)
    what = Text(zh="所需劳动报酬合计", en="labour income for it")
    yield Compared(case, what, source, 374.25 + 460.4, float(found.income[:, 0] @ np.array([600.0, 1500.0])), 0.1, 2)


def _national_contributions() -> Iterator[Compared]:
    """National communiqué of 2023: growth of GDP out of that of three sectors, whose pulls add up to it."""
    case = Text(zh="2023年全国三次产业拉动", en="Pull of three sectors, China 2023")
    source = "National Bureau of Statistics, communiqué on 2023"
    parts = ((89755.0, 4.1), (482589.0, 4.7), (688238.0, 5.8))
    before = [value / (1 + growth / 100) for value, growth in parts]
    added = [value - old for (value, _), old in zip(parts, before, strict=True)]
    growth = mean_growth(zip(before, (rate for _, rate in parts), strict=True))
    # sectors' rates are printed to 0.1: each may be 0.05 off, and GDP's own print another 0.05
    yield Compared(case, Text(zh="由三次产业推得的GDP增速 %", en="GDP growth out of three sectors, %"), source, 5.2, growth, 0.1, 2)
    pulls, shares = split_growth(added, sum(before))
    yield Compared(case, Text(zh="三次产业拉动之和，百分点", en="sum of pulls, points"), source, 5.2, sum(p for p in pulls if p is not None), 0.1, 2)
    yield Compared(case, Text(zh="贡献率之和 %", en="sum of contributions, %"), "definition", 100.0, sum(s for s in shares if s is not None), 1e-9, 1)


def _ishigami() -> Iterator[Compared]:
    """Ishigami's function: first-order and total Sobol' indices in closed form."""
    from ..engine.doubt.sobol import sobol

    def function(uniforms: FloatArray) -> FloatArray:
        x = np.pi * (2 * uniforms - 1)
        return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))

    case, source = Text(zh="Ishigami 敏感性指数", en="Sobol' indices of Ishigami's function"), "Ishigami & Homma (1990), closed form"
    found = sobol(function, {f"x{i + 1}": [i] for i in range(3)}, 3, draws=2048, replicates=8, seed=1)
    known = ((0.313905, 0.557589), (0.442411, 0.442411), (0.0, 0.243684))
    for index, (first, total) in zip(found, known, strict=True):
        yield Compared(case, Text(zh=f"{index.group} 一阶", en=f"{index.group}, first order"), source, first, index.first, 4 * index.first_error + 2e-3, 4, True)
        yield Compared(case, Text(zh=f"{index.group} 总效应", en=f"{index.group}, total"), source, total, index.total, 4 * index.total_error + 2e-3, 4, True)


def _erlang() -> Iterator[Compared]:
    """Approval desks as an M/M/c queue: λ = 4, μ = 3, c = 2 waits C(2, 4/3) / (cμ - λ) = 4/15 months."""
    from ..engine.pipeline import run_pipeline
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
        Text(zh="审批排队（Erlang C）", en="Queue at approval desks (Erlang C)"), Text(zh="平均等待（月）", en="mean wait, months"),
        "Erlang's formula for M/M/2, λ = 4, μ = 3", 4 / 15, float(np.mean(means)), 4 * error, 3, True,
    )  # fmt: skip


CASES: tuple[Callable[[], Iterator[Compared]], ...] = (_two_sectors, _national_contributions, _ishigami, _erlang)
"""Every case; adding one is one function and one entry here."""
