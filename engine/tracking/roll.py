"""A scenario carried on to the next year: the year that is over becomes the base year (滚动到下一年)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...models.errors import Problem, ScenarioError
from ...models.money import MONEY, unit_in_use
from ...models.project import yearly
from ...models.quantity import Bilingual, FloatArray, Quantity
from ...models.words import msg
from ...models.years import month_at
from ...scenarios.load import Loaded
from ...scenarios.schema import Project, Scenario
from ...scenarios.schema_actuals import ProjectActual
from ..forecast.reference import GDP
from ..study import Study, study
from . import roll_years
from .now import WHOLE, now_of
from .readings import LEVEL, known_values

FAI = "fai_growth"
LEVELS = {"gdp": LEVEL, "fai": "fai_level"}
"""Rows of the sheet that state an account of the year."""
ROUNDED = 0.005
"""Part of GDP by which parts of it may miss it, as published figures are rounded: an assumption."""
ODD = 10.0
"""Points off the plan's growth beyond which what the year brought is asked about."""
STAGES = {"commissioned": msg("on line"), "registered": msg("under way")}
"""Stages that a project can have come to in the year."""
ACCOUNTS = ("household_consumption", "government_consumption", "transfers", "disposable_income")


@dataclass(frozen=True)
class Rolled:
    """What a scenario that lies over the old one says, as plain data; and what was taken from where."""

    tree: dict[str, Any]
    told: tuple[Bilingual, ...]


def roll(loaded: Loaded, *, stated: bool = True) -> Rolled:
    """The next year's scenario: accounts as known or carried on, stages of projects, what was asked and
    what came.

    Parameters
    ----------
    stated
        Whether the old file itself states `actuals`, which then are taken out of the new one.

    What is not known is carried on by the plan's own growth of the year and the stated prices, scaled so
    that it adds up to what is known; each such number says so.

    Raises
    ------
    ScenarioError
        Where the whole year's GDP growth is not known, or the target year is not the year that is over.
    """
    scenario, now = loaded.scenario, now_of(loaded.scenario)
    known = _whole_year(scenario)
    if now is None or GDP not in {_indicator(scenario, row) for row in known}:
        raise ScenarioError(
            [
                Problem(
                    "actuals",
                    msg("no growth of GDP of the whole of {year}", year=scenario.years.first),
                    msg(
                        "figures of the year that is over, such as `figures: {example}`",
                        example=_example(scenario),
                    ),
                    msg("a table will do: --actuals FILE"),
                )
            ]
        )
    begun = study(loaded, draws=0)  # the central case: no year is too far off to be carried on
    try:
        return _Roll(loaded, begun, known).done(stated)
    except ScenarioError as error:
        raise error.placed(loaded.origins) from error


def _example(scenario: Scenario) -> str:
    return f"{{gdp_growth: {{{scenario.years.first}: 6.5}}}}"


def _indicator(scenario: Scenario, row: str) -> str:
    return scenario.targets[row].indicator or row


def _whole_year(scenario: Scenario) -> dict[str, Quantity]:
    """Figures of the whole first year by row."""
    actuals, time = scenario.actuals, month_at(scenario.years.first, WHOLE)
    return (
        {} if actuals is None else {row: held[time] for row, held in actuals.figures.items() if time in held}
    )


class _Roll:
    """One scenario on its way to the next year."""

    def __init__(self, loaded: Loaded, begun: Study, known: Mapping[str, Quantity]) -> None:
        self.loaded, self.begun, self.known = loaded, begun, known
        # as written: the study's own has limits and markets that hold for the year alone
        self.scenario = loaded.scenario
        assert self.scenario.actuals is not None
        self.actuals = self.scenario.actuals
        self.year, self.path = self.scenario.years.first, begun.plan.path
        self.end = month_at(self.year, WHOLE)
        self.titles = {key: target.title for key, target in begun.sheet.targets.items()}
        self.told: list[Bilingual] = []
        self.taken: dict[str, list[Bilingual]] = {}
        self.growth = next(q.value for row, q in known.items() if _indicator(self.scenario, row) == GDP)

    def done(self, stated: bool) -> Rolled:
        """The tree that lies over the old scenario."""
        years = self.scenario.years
        self._rows_left()
        last = max(int(years.last), int(self.year) + 1)
        tree: dict[str, Any] = {
            "years": {
                "base": int(self.year),
                "target": max(int(years.target), int(self.year) + 1),
                "last": last,
            },
            "targets": roll_years.targets(self.scenario, self.titles, self._brought, self.told),
            "accounts": self._accounts(),
            "sectors": self._sectors(),
            "investment": self._investment(),
            "mixes": roll_years.mixes(self.scenario),
            "projects": self._projects(),
            "limits": self._limits(),
            "history": self._history(),
            "outlook": {
                key: None
                for key in ("growth", "error", "nation", "change")
                if getattr(self.scenario.outlook, key)
            },
        }
        if stated:
            tree["actuals"] = None
            self._left_out()
        self._ask_about_growth()
        rows = [
            key
            for key, row in self.scenario.targets.items()
            if not row.of_years and (row.ensure or row.stretch or row.at_most)
        ]
        if rows and int(years.target) == int(self.year):
            self.told.append(
                msg(
                    "targets of {year} stand in for those of the year to come: put the new ones ({rows})",
                    year=self.year,
                    rows=", ".join(rows),
                )
            )
            self.told.append(
                msg(
                    "investment is planned to grow by {growth} % as before: put the new plan's",
                    growth=self.scenario.investment.growth.value,
                )
            )
        return Rolled(
            {key: part for key, part in tree.items() if part != {}}, tuple(dict.fromkeys(self.told))
        )

    def _left_out(self) -> None:
        """Tell what is known of later years: it was said against the old base year."""
        held = [*self.actuals.figures.values(), self.actuals.nation]
        later = sorted(
            {time[:4] for each in held for time in each if time > self.end} | {*self.actuals.outlook}
        )
        if later:
            self.told.append(
                msg(
                    "what was known of {years} is left out: roll on with a table of each, or state it again",
                    years=", ".join(later),
                )
            )

    def _ask_about_growth(self) -> None:
        """Growth far off the plan's may be a slip."""
        planned = 100 * (float(self.path.gdp[1, 0] / self.path.gdp[0, 0]) - 1)
        if abs(self.growth - planned) > ODD:
            self.told.append(
                msg(
                    "GDP grew by {growth} %, where the plan gives {planned:.1f}: is the figure right?",
                    growth=self.growth,
                    planned=planned,
                )
            )

    def _rows_left(self) -> None:
        """Rows of the sheet speak of years to come.

        Raises
        ------
        ScenarioError
            Where every row speaks of years up to the one that is over.
        """
        rows = self.scenario.targets.values()
        if all(row.of_years and row.span(self.scenario.years)[1] <= self.year for row in rows):
            raise ScenarioError(
                [
                    Problem(
                        "targets",
                        msg("every row speaks of years up to {year}", year=int(self.year)),
                        msg("a row of the year to come, {year}", year=int(self.year) + 1),
                        msg(
                            "the plan is over: put `years: {example}` and the new targets into the file, then"
                            " roll it",
                            example=f"{{target: {int(self.year) + 1}}}",
                        ),
                    )
                ]
            )

    def _why(self, said: str, chinese: str) -> dict[str, str]:
        return {"zh": chinese, "en": said}

    def _given(self, quantity: Quantity) -> dict[str, Any]:
        """A figure with where it comes from."""
        made: dict[str, Any] = {"value": quantity.value}
        if quantity.source:
            return made | {"source": quantity.source}
        why = quantity.assumption
        return made | {"assumption": {"zh": why.of("zh"), "en": why.of("en")} if why else "-"}

    def _carried(self, quantity: Quantity, factor: float) -> dict[str, Any]:
        """A number of the base year times its growth, its range with it."""
        made = {
            name: round(value * factor, 3)
            for name in ("value", "low", "high")
            if (value := getattr(quantity, name)) is not None
        }
        year, before = int(self.year), int(self.year) - 1
        return made | {
            "assumption": self._why(
                f"{quantity.value:g} of {before} carried on by the plan's growth of {year} and stated"
                f" prices, to add up to"
                " what is known",
                f"{before}年{quantity.value:g}按方案{year}年增速和价格推算，与已知总量配平",
            )
        }

    @property
    def _price(self) -> float:
        prices = self.scenario.prices
        return 1 + prices.gdp_in.get(str(int(self.year)), prices.gdp).value / 100

    def _stated(self, account: str) -> Quantity | None:
        """An account of the year as stated, by itself or as the level of a row."""
        if account in self.actuals.accounts:
            return self.actuals.accounts[account]
        return next(
            (
                level
                for row, level in self.known.items()
                if _indicator(self.scenario, row) == LEVELS[account] and not self.scenario.targets[row].covers
            ),
            None,
        )

    def _gdp(self) -> dict[str, Any]:
        if (stated := self._stated("gdp")) is not None:
            return self._given(stated)
        before = self.scenario.accounts.gdp.value
        self.told.append(
            msg("GDP of {year} is not known: growth and the stated deflator are taken", year=self.year)
        )
        return {
            "value": round(before * (1 + self.growth / 100) * self._price, 2),
            "assumption": self._why(
                f"{before:g} × (1 + {self.growth:g} %) × stated deflator",
                f"{before:g}×(1＋{self.growth:g}%)×平减指数",
            ),
        }

    @property
    def _fai_known(self) -> bool:
        """Whether investment of the year is known, as a level or by its growth."""
        grown = any(_indicator(self.scenario, row) == FAI for row in self.known)
        return grown or self._stated("fai") is not None

    def _fai_growth(self) -> float:
        stated = self._stated("fai")
        if stated is not None:
            return 100 * (stated.value / self.scenario.accounts.fai.value - 1)
        row = next((row for row in self.known if _indicator(self.scenario, row) == FAI), None)
        if row is not None:
            return self.known[row].value
        self.told.append(msg("investment of {year} is not known: the plan's is taken", year=self.year))
        return float(
            100 * (self.path.realisation.placed(1).sum() / self.path.realisation.placed(0).sum() - 1)
        )

    def _accounts(self) -> dict[str, Any]:
        stated, path = self.scenario.accounts, self.path
        real = {
            "household_consumption": path.consumption,
            "disposable_income": path.income,
            "transfers": np.array([1.0, 1 + self.scenario.demand.transfers.value / 100]),
            "government_consumption": np.array([1.0, 1 + self.scenario.demand.government.value / 100]),
        }
        # all money moves with what GDP came to against what the plan gave
        off = (1 + self.growth / 100) / float(path.gdp[1, 0] / path.gdp[0, 0])
        made = {"gdp": self._gdp()}
        fai = self._stated("fai")
        made["fai"] = self._given(fai) if fai else self._carried(stated.fai, 1 + self._fai_growth() / 100)
        for name in ACCOUNTS:
            own = getattr(stated, name)
            if name in self.actuals.accounts:
                made[name] = self._given(self.actuals.accounts[name])
            elif own is not None:
                grown = float(np.ravel(real[name][1])[0] / np.ravel(real[name][0])[0])
                made[name] = self._carried(own, grown * off * (1 + self.scenario.prices.consumer.value / 100))
        self.gdp = float(made["gdp"]["value"])
        return made

    def _sectors(self) -> dict[str, Any]:
        """Value added of every sector: as known, by groups as known, the rest so that it adds up to GDP."""
        economy, sectors, stated = self.begun.economy, self.scenario.sectors, self.actuals.accounts
        grown = {
            key: float(self._level(economy.covered((key,)), 1) / self._level(economy.covered((key,)), 0))
            for key in sectors
        }
        plain = {key: sector.va.value * grown[key] * self._price for key, sector in sectors.items()}
        value = {key: stated[key].value for key in sectors if key in stated}
        for group, classes in self.scenario.national.groups.items():
            inside = [key for key, each in sectors.items() if set(self._classes(each)) <= set(classes)]
            if group in stated and inside:
                left = stated[group].value - sum(value.get(key, 0.0) for key in inside)
                value |= _scaled({key: plain[key] for key in inside if key not in value}, left)
        self._adds_up(value, whole=len(value) == len(sectors))
        value |= _scaled(
            {key: plain[key] for key in sectors if key not in value}, self.gdp - sum(value.values())
        )
        made: dict[str, Any] = {}
        for key, sector in sectors.items():
            factor = value[key] / sector.va.value
            own: dict[str, Any] = {
                "va": self._given(stated[key]) if key in stated else self._exact(sector.va, value[key])
            }
            for name in ("output",):
                if (quantity := getattr(sector, name, None)) is not None:
                    own[name] = self._carried(quantity, factor)
            if (before := getattr(sector, "growth_before", None)) is not None:
                own["growth_before"] = self._exact(before, round(100 * (grown[key] - 1), 2))
            made[key] = own
        self._balance(made)
        return made

    def _adds_up(self, value: Mapping[str, float], *, whole: bool) -> None:
        """What is known of sectors and groups fits into GDP: all of it where it is of ``whole`` GDP.

        Raises
        ------
        ScenarioError
            Where it does not: no sector is bent to take the rest.
        """
        parts = sum(value.values())
        fits = abs(parts - self.gdp) <= ROUNDED * self.gdp if whole else parts < self.gdp
        if fits and min(value.values(), default=1.0) > 0:
            return
        stated = [key for key in self.actuals.accounts if key not in ("gdp", "fai", *ACCOUNTS)]
        if not stated:
            return
        said = f"{self.gdp:.2f} {unit_in_use(MONEY)}"
        raise ScenarioError(
            [
                Problem(
                    f"actuals.accounts.{stated[0]}",
                    msg(
                        "parts that come to {parts} ({names})",
                        parts=f"{parts:.2f}",
                        names=", ".join(stated),
                    ),
                    msg("GDP of {year}, {gdp}", year=int(self.year), gdp=said)
                    if whole
                    else msg(
                        "less than GDP of {year}, {gdp}: other parts are in it", year=int(self.year), gdp=said
                    ),
                    msg("check the figures; GDP itself is `actuals.accounts.gdp`"),
                )
            ]
        )

    def _balance(self, made: dict[str, Any]) -> None:
        """Sectors add up to GDP in the printed digits: the largest that is not stated takes the rest."""
        free = [key for key in made if key not in self.actuals.accounts]
        if free:
            off = self.gdp - sum(each["va"]["value"] for each in made.values())
            largest = max(free, key=lambda key: made[key]["va"]["value"])
            made[largest]["va"]["value"] = round(made[largest]["va"]["value"] + off, 2)

    def _classes(self, sector: Any) -> set[str]:
        groups = self.scenario.national.groups
        return {name for key in sector.national for name in groups.get(key, (key,))}

    def _level(self, weights: FloatArray, year: int) -> float:
        return float((weights @ self.path.value_added[:, year])[0])

    def _exact(self, quantity: Quantity, value: float) -> dict[str, Any]:
        made = self._carried(quantity, 1.0)
        return {"value": round(value, 2), "assumption": made["assumption"]}

    def _investment(self) -> dict[str, Any]:
        growth = self._fai_growth()
        shares = self.begun.plan.plan.money(1)
        why = self._why(f"the plan's mix of {int(self.year)}", f"{int(self.year)}年计划结构")
        parts = {
            key: round(100 * float(share / shares.sum()), 2)
            for key, share in zip(self.scenario.sectors, shares, strict=True)
        }
        first = next(iter(parts))
        parts[first] = round(100 - sum(value for key, value in parts.items() if key != first), 2)
        made: dict[str, Any] = {
            "before": {
                "value": round(growth, 2),
                "assumption": self._why("as known, or the plan's", "已知数，或方案推算"),
            }
        }
        if self.scenario.investment.base_shares:
            made["base_shares"] = {"assumption": why, **parts}
        return made | roll_years.investment(self.scenario)

    def _projects(self) -> dict[str, Any]:
        """Stages and dates at the end of the year: as known, otherwise as the pipeline has them in the
        central case."""
        run = self.begun.plan.pipeline_run
        money = yearly(run.result.investment)[:, 0]
        made: dict[str, Any] = {}
        for at, plan in enumerate(run.projects):
            stated = self.scenario.projects[plan.id]
            made[plan.id] = self._project(
                stated,
                float(run.result.dates["started"][at]),
                float(run.result.dates["commissioned"][at]),
                plan.worked + (float(money[at]) / plan.invest if plan.invest else 0.0),
                plan.id,
            )
        for stage, titles in self.taken.items():
            self.told.append(
                msg(
                    "taken to be {stage} by the end of {year}, as planned; correct what is not: {projects}",
                    stage=STAGES[stage],
                    year=self.year,
                    projects=Bilingual(
                        zh="、".join(title.of("zh") for title in titles),
                        en=", ".join(title.of("en") for title in titles),
                    ),
                )
            )
        return {key: own for key, own in made.items() if own != {}}

    def _project(
        self, stated: Project, started: float, online: float, done: float, key: str
    ) -> dict[str, Any] | None:
        known = self.actuals.projects.get(key)
        if (known and known.cancelled) or (stated.cancelled and stated.cancelled <= self.end):
            self.told.append(msg("{project} was given up and is left out", project=key))
            return None
        if stated.stage == "commissioned":
            return {}
        if online < WHOLE:
            own = self._finished(stated, started, online)
        elif started < WHOLE:
            own = self._under_way(stated, started, online, 100 * min(done, 0.99), known)
        else:
            own = self._ahead(stated, started)
        if known is None and own.get("stage", stated.stage) != stated.stage:
            self.taken.setdefault(str(own["stage"]), []).append(stated.title)
        if own:
            own["assumption"] = self._why(
                f"state at the end of {int(self.year)}: as known, otherwise as planned",
                f"{int(self.year)}年末状态：按实绩，缺者按计划",
            )
        return own

    def _finished(self, stated: Project, started: float, online: float) -> dict[str, Any]:
        """A project that came on line in the year."""
        own: dict[str, Any] = {"stage": "commissioned", "finish": self._month(online), "done": 100, "slip": 0}
        if stated.start is None or stated.start > self.end:
            own |= self._when("start", stated.start, started)
        return own

    def _under_way(
        self, stated: Project, started: float, online: float, done: float, known: ProjectActual | None
    ) -> dict[str, Any]:
        """A project whose works go on beyond the year."""
        part = known.done.value if known and known.done else round(done, 1)
        own: dict[str, Any] = {"stage": "registered", "done": part}
        if stated.stage in ("planned", "approved"):
            own["start"] = self._month(started)
        if stated.finish is not None and stated.finish <= self.end:
            own |= self._when("finish", stated.finish, online)
        elif known and (known.expected or known.started) and math.isfinite(online) and stated.finish:
            own["finish"] = self._month(online - stated.slip.value)
        if stated.cancel:
            own["cancel"] = None
        return own

    def _ahead(self, stated: Project, started: float) -> dict[str, Any]:
        """A project whose works did not begin in the year."""
        own: dict[str, Any] = {}
        if math.isfinite(started) and (stated.start is None or stated.start <= self.end):
            own["start"] = self._month(started)
        if stated.finish is not None and stated.finish <= self.end:
            own["finish"] = None
        return own

    def _when(self, name: str, stated: str | None, at: float) -> dict[str, Any]:
        """A date where it is known; taken away where it is stated and no longer holds."""
        if math.isfinite(at):
            return {name: self._month(at)}
        return {name: None} if stated else {}

    def _month(self, at: float) -> str:
        """The calendar month of months after the base year."""
        return month_at(self.year, math.floor(at) + 1)

    def _limits(self) -> dict[str, Any]:
        growth = self._fai_growth()
        placed = self.scenario.accounts.fai.value * (1 + growth / 100)
        return roll_years.limits(self.scenario, 1 + growth / 100, placed, self.told, self._carried)

    def _brought(self, row: str) -> float:
        """What the year brought of a row's indicator: as known, otherwise as the plan has it."""
        name, known = _indicator(self.scenario, row), known_values(self.scenario).get(row, {})
        if 1 in known:
            return known[1]
        if name == "fai_level" and not self.scenario.targets[row].covers and self._fai_known:
            return self.scenario.accounts.fai.value * (1 + self._fai_growth() / 100)
        if name == LEVEL and "gdp" in self.actuals.accounts:
            return self.actuals.accounts["gdp"].value
        target = replace(self.begun.sheet.targets[row], over=None)
        self.told.append(
            msg("{row} of {year} is not known: the plan's is taken", row=target.title, year=self.year)
        )
        return float(self.begun.sheet.value(target, self.path, 1)[0])

    def _history(self) -> dict[str, Any]:
        """What was asked of the year, and what came of it."""
        year = str(int(self.year))
        old = self.scenario.history.years.get(year)
        row = next(row for row in self.known if _indicator(self.scenario, row) == GDP)
        asked = roll_years.of_year(self.scenario)
        sheet = {key: own for key, target in asked.items() if (own := self._row(key, target))}
        years: dict[str, Any] = {"growth": self._given(self.known[row]), "sheet": sheet}
        aims = [target.ensure for key, target in asked.items() if _indicator(self.scenario, key) == GDP]
        aim = next((each for each in aims if each is not None), None)
        if (old is None or old.target is None) and aim is not None:
            years["target"] = self._given(aim)
        outcomes = {
            key: self._given(quantity)
            for key, quantity in self.known.items()
            if not self.scenario.targets[key].of_years
        }
        gone = {key: None for key in self.scenario.history.outcomes if key not in outcomes}
        made: dict[str, Any] = {"years": {year: years}, "outcomes": {**gone, **outcomes}}
        if self.scenario.history.growth:
            made["growth"] = dict.fromkeys(self.scenario.history.growth)
        return made

    def _row(self, key: str, target: Any) -> dict[str, Any]:
        own = {
            tier: self._given(quantity)
            for tier in ("ensure", "stretch", "at_most")
            if (quantity := getattr(target, tier)) is not None
        }
        if key in self.known:
            own["outcome"] = self._given(self.known[key])
        return own


def _scaled(parts: Mapping[str, float], whole: float) -> dict[str, float]:
    """Parts in proportion so that they add up to a whole."""
    total = sum(parts.values())
    return {key: value * whole / total for key, value in parts.items()} if total else {}
