"""Checks that the answer passed: accounts, additions, recoveries, promises against simulation (核对)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...engine.diagnose.plausibility import BELIEVABLE, greatest_change
from ...models.indicators import INDICATORS, Asked
from ...models.money import MONEY
from ...models.project import yearly
from ...models.quantity import Bilingual
from ...models.words import msg
from ...scenarios.rules_economy import CLOSE
from ..text.format import unit_text
from ..text.wording import in_points, relax_unit
from .chain import recovery
from .mixes import horizon_optimum, level
from .sectors import contributions
from .table import Column, Table, declare, where

if TYPE_CHECKING:
    from ...engine.run import Answer

EXACT = 1e-9
PROMISE = 0.01
"""Part of a level by which a simulation may miss the solver's promise."""
PROMISE_POINTS = 0.1
"""The same for a rate, in points."""
_HAIR = 1e-6


@dataclass(frozen=True)
class _Check:
    """A check; without a tolerance it only informs."""

    check: str
    title: Bilingual
    value: float | None
    unit: str = ""
    tolerance: float | None = None
    remark: Bilingual | None = None

    @property
    def ok(self) -> bool | None:
        """Whether it holds."""
        if self.tolerance is None or self.value is None:
            return None
        return bool(abs(self.value) <= self.tolerance * (1 + _HAIR))


def checks(answer: Answer) -> Table:
    """Each check with its value, its tolerance and whether it holds."""
    columns = (
        Column("check", msg("Check id", context="table_checks"), shown=False),
        Column("title", msg("Check")),
        Column("value", msg("Value"), digits_from="as_computed", value=lambda row: _short(row.value)),
        Column("unit", msg("Unit"), value=lambda row: unit_text(row.unit)),
        Column(
            "tolerance", msg("Tolerance"), digits_from="as_computed", value=lambda row: _short(row.tolerance)
        ),
        Column("ok", msg("Holds")),
        Column("remark", msg("Remark")),
        Column("as_computed", msg("Digits"), shown=False, value=lambda _: None),
    )
    note, failed = msg("Rows without a tolerance only inform."), where(lambda row: row.ok is False)
    return declare("checks", msg("Checks"), columns, _all(answer), ("check",), note, failed)


def _short(value: float | None) -> float | None:
    """Three significant digits: of an error, its size is what counts."""
    return None if value is None else float(f"{value:.3g}")


def _all(answer: Answer) -> Iterator[_Check]:
    yield from _accounts(answer)
    yield from _base_mix(answer)
    yield from _path(answer)
    yield from _believable(answer)
    yield from _added(answer)
    yield from _money(answer)
    yield from _income(answer)
    yield from _adjusted(answer)
    yield from _recoveries(answer)
    yield from _limits(answer)
    yield from _promises(answer)


def _accounts(answer: Answer) -> Iterator[_Check]:
    """x = A^r x + c + g + B F + e in the base year, and value added that adds up to GDP."""
    a, invested = answer.economy.accounts, answer.plan.pipeline_run.realisation.placed(0)[:, :1]
    x = a.output[:, :1]
    sold = np.einsum("ijd,jd->id", a.local[..., :1], x) + a.household[:, :1] + a.government[:, :1]
    sold = sold + np.einsum("bsd,sd->bd", a.buys[..., :1], invested) + a.outside[:, :1]
    off = float(np.max(np.abs(sold - x) / np.maximum(x, 1e-12)))
    yield _Check("accounts", msg("Base-year accounts balance"), off, tolerance=EXACT)
    gdp, stated = float(answer.plan.path.gdp[0, 0]), answer.scenario.accounts.gdp.value
    yield _Check("gdp", msg("Value added against GDP"), gdp - stated, MONEY, CLOSE * stated + EXACT)


def _base_mix(answer: Answer) -> Iterator[_Check]:
    """Without a mix of the base year, the plan's stands in for it."""
    if not answer.scenario.investment.base_shares:
        yield _Check(
            "base_shares",
            msg("Base-year mix of investment"),
            None,
            remark=msg(
                "base-year mix not stated: the plan's is taken, so changing the plan rewrites the base year"
            ),
        )


def _path(answer: Answer) -> Iterator[_Check]:
    """Every year's output is the less of capacity and demand."""
    path, led = answer.plan.path, answer.economy.supply_led
    made = path.output[:, 1:, 0]
    asked = np.where(led[:, None], np.inf, path.asked[:, 1:, 0])
    short = np.minimum(path.limit[:, 1:, 0], asked)
    off = float(np.max(np.abs(made - short) / np.maximum(made, 1e-12)))
    yield _Check("short_side", msg("Output is the less of capacity and demand"), off, tolerance=EXACT)


def _believable(answer: Answer) -> Iterator[_Check]:
    """No year's growth of GDP is beyond what may be believed."""
    _, growth = greatest_change(answer.plan.path)
    yield _Check("believable", msg("Greatest change of GDP in a year"), growth, "%", BELIEVABLE)


def _added(answer: Answer) -> Iterator[_Check]:
    pulls, parts = contributions(answer)
    path, year = answer.plan.path, answer.year
    growth = 100 * (float(path.gdp[year, 0]) / float(path.gdp[year - 1, 0]) - 1)
    told = sum(part for part in pulls if part is not None)
    yield _Check("pull", msg("Contributions to growth less GDP growth"), told - growth, "points", 0.005)
    if all(part is not None for part in parts):
        off = round(sum(part for part in parts if part is not None) - 100, 6)
        yield _Check("contribution", msg("Shares of growth less 100"), off, "%", EXACT)


def _money(answer: Answer) -> Iterator[_Check]:
    """Every yuan planned is put in place, cancelled or left over at the end of the horizon, once; the paths
    of both books agree."""
    pipeline_run, ids = answer.plan.pipeline_run, answer.economy.sector_ids
    if not pipeline_run.projects:
        return
    spent = np.zeros_like(pipeline_run.planned)
    for project, path in zip(pipeline_run.projects, yearly(pipeline_run.result.investment), strict=True):
        spent[ids.index(project.sector)] += path
    carried = pipeline_run.realisation.invested[..., 0] - spent - pipeline_run.unnamed[1]
    off = float(np.abs(carried[:, 1:]).max(initial=0.0) + np.maximum(-carried[:, 0], 0.0).max(initial=0.0))
    yield _Check("money", msg("Planned investment: all of it once"), off, MONEY, 1e-6)


def _income(answer: Answer) -> Iterator[_Check]:
    """Income of the accounts beside the linked rows: nominal growth of both."""
    path, year, sheet = answer.plan.path, answer.year, answer.sheet
    real = float(INDICATORS["household_income_growth"].value(path, year, Asked())[0])
    nominal = 100 * ((1 + real / 100) * float(answer.economy.prices.consumer[0]) - 1)
    for key in ("urban_income_growth", "rural_income_growth"):
        target = next(
            (each for each in sheet.speaking_of().targets.values() if each.indicator == key and each.judged),
            None,
        )
        if target is not None:
            linked = float(sheet.value(target, path, year)[0])
            yield _Check(
                f"income:{target.id}",
                msg("{title}: linked less income of the accounts", title=target.title),
                linked - nominal,
                "points",
                remark=msg(
                    "income of the accounts grows by {nominal:.1f} % in current prices, the linked row says"
                    " {linked:.1f} %",
                    nominal=nominal,
                    linked=linked,
                ),
            )


def _adjusted(answer: Answer) -> Iterator[_Check]:
    """Priors that the region's own figures did not bear out."""
    titles = {branch.id: branch.title for branch in answer.economy.branches}
    for each in answer.economy.accounts.adjusted:
        yield _Check(
            f"adjusted:{each.branch}",
            msg("{title}: prior of local purchases lowered by factor", title=titles[each.branch]),
            each.purchases,
            remark=msg(
                "local demand would exceed output; purchases of investment by factor {investment:.2f}",
                investment=each.investment,
            ),
        )


def _recoveries(answer: Answer) -> Iterator[_Check]:
    for row in recovery(answer).records():
        yield _Check(
            f"recovery:{row['sector']}:{row['element']}",
            msg("Recovery of {element}: model less reported", element=row["element"]),
            row["difference"],
            "points",
            row["tolerance"],
        )


def _limits(answer: Answer) -> Iterator[_Check]:
    for use in answer.assessment.uses:
        title, unit = answer.scenario.limits[use.bound.id].title, relax_unit(answer, use.bound.id)
        yield _Check(
            f"limit:{use.bound.id}", msg("Plan over limit: {title}", title=title), use.over, unit, 0.0
        )


def _promises(answer: Answer) -> Iterator[_Check]:
    """How far simulations lie from what the solver promised."""
    run = answer.mixes.get("optimised")
    for key, optimum in answer.assessment.promised.items() if run else ():
        target = answer.sheet.targets[key]
        simulated = float(answer.sheet.value(target, run.path, answer.year)[0]) if run else optimum
        near = PROMISE_POINTS if target.unit == "%" else PROMISE * max(abs(optimum), 1.0)
        title = msg("Optimised mix, simulated less promised: {title}", title=target.title)
        yield _Check(f"promise:{key}", title, simulated - optimum, in_points(target.unit), near)
    hoped = horizon_optimum(answer)
    if hoped is not None:
        last, base = answer.economy.years, answer.economy.base_year
        off = level(answer.mixes["horizon"], last) - hoped
        title = msg(
            "Optimised for {year}, simulated less promised: GDP ({base} prices)", year=base + last, base=base
        )
        yield _Check("promise:horizon", title, off, MONEY, PROMISE * hoped)
