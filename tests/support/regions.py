"""Small regions for tests: a scenario as plain data, and the region that it makes.

Numbers are invented. :func:`scenario` gives data that may be changed before :func:`region` builds it; the
strategies below draw such data at random.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from dabiao.engine.build import economy, sheet
from dabiao.engine.plans import stated_plans
from dabiao.engine.projects.run import Pipeline
from dabiao.models.economy import Economy
from dabiao.models.plan import Plan
from dabiao.models.quantity import Draws
from dabiao.models.sector import Sector
from dabiao.models.target import Sheet
from dabiao.models.trajectory import Trajectory
from dabiao.scenarios.load import numbers
from dabiao.scenarios.schema import Scenario
from hypothesis import strategies as st

MODELS = ("agriculture", "industry", "services", "process_chain")
CLASSES = ("soil", "goods", "building", "care")


def laid(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """``over`` laid on ``base``, map by map; None removes a key."""
    merged = dict(base)
    for key, value in over.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = laid(merged[key], value)
        else:
            merged[key] = value
    return merged


def national() -> dict[str, Any]:
    """A national table of four classes."""
    rows = {
        "soil": (0.12, 0.10, 0.01, 0.02),
        "goods": (0.15, 0.40, 0.50, 0.15),
        "building": (0.01, 0.01, 0.02, 0.03),
        "care": (0.10, 0.18, 0.22, 0.25),
    }
    facts = {  # va_ratio, output, labour, household, government, purchase
        "soil": (60, 100, 90, 15, 2, 50),
        "goods": (30, 600, 40, 40, 0, 20),
        "building": (25, 250, 65, 0, 0, 80),
        "care": (54, 500, 50, 45, 98, 75),
    }
    names = ("va_ratio", "output", "labour_share", "household_share", "government_share", "regional_purchase")
    return {
        "tolerance": 2.5,  # columns of two digits
        "classes": {key: {"title": key, **dict(zip(names, row, strict=True))} for key, row in facts.items()},
        "groups": {"second": ["goods", "building"], "making": ["goods"]},
        "coefficients": {row: dict(zip(CLASSES, cells, strict=True)) for row, cells in rows.items()},
    }


def sector(model: str, va: float, **changes: Any) -> dict[str, Any]:
    """A sector that stands still: no trend, no drift, scrapping as normal commissioning."""
    shared = {"model": model, "title": model, "va": va}
    building = {
        "utilisation": {"base": 75, "max": 90},
        "output_per_yuan": 0.3,
        "gestation": [10, 50, 40],
    }
    own: dict[str, dict[str, Any]] = {
        "industry": {
            "national": {"goods": 100},
            "market": {"trend": 0, "finds_buyers": 60},
            "capacity": building,
            "above_scale": 90,
            "investment_buys": {"building": 30, "goods": 5, "care": 2},
        },
        "services": {
            "national": {"care": 100},
            "market": {"trend": 0, "finds_buyers": 40},
            "visitors": {"spending": va / 20, "growth": 0},
            "investment_buys": {"building": 40, "care": 2},
        },
        "agriculture": {
            "national": {"soil": 100},
            "trend": 0,
            "output_per_yuan": 0.1,
            "gestation": [30, 70],
            "investment_buys": {"building": 30, "soil": 5},
            # grain worth 万亩 × 公斤/亩 × 元/公斤 / 10,000 = va / 10 亿元
            "crops": {
                "grain": {
                    "title": "grain",
                    "area": va,
                    "area_growth": 0,
                    "crop_yield": 400,
                    "yield_growth": 0,
                    "price": 2.5,
                }
            },
        },
        "process_chain": {
            "national": {"goods": 100},
            "va_ratio": 38,
            "chain": "ridge",
            "market": {"trend": 0, "finds_buyers": 60},
            "capacity": building,
            "above_scale": 95,
            "investment_buys": {"building": 25, "goods": 4},
        },
    }
    if "national" in changes:
        own[model].pop("national")  # a composition is another one, not one more
    return laid({**shared, **own[model]}, changes)


def chain(scale: float = 1.0, **changes: Any) -> dict[str, Any]:
    """Ore, concentrate (with tailings), metal (with slag), oxide; 5.09 亿元 of output and 1.80 of VA at scale
    1."""
    data = {
        "title": "ridge",
        "materials": {
            "ore": {"title": "ore", "price": 100, "content": {"Fe": 30}},
            "concentrate": {"title": "concentrate", "price": 500, "content": {"Fe": 55}},
            "tailings": {"title": "tailings", "price": 10},
            "metal": {"title": "metal", "price": 2000},
            "slag": {"title": "slag", "price": 900},
            "oxide": {"title": "oxide", "price": 20000, "price_growth": 0},
        },
        "processes": {
            "mining": {
                "title": "mining",
                "makes": "ore",
                "base": 100 * scale,
                "va_ratio": 50,
                "national": {"soil": 100},
            },
            "dressing": {
                "title": "dressing",
                "makes": "concentrate",
                "base": 36 * scale,
                "uses": {"ore": 2.5},
                "routing": {"ore": 95},
                "joint": {"tailings": 1.2},
                "va_ratio": 40,
                "national": {"goods": 100},
            },
            "smelting": {
                "title": "smelting",
                "makes": "metal",
                "base": 10 * scale,
                "uses": {"concentrate": 1.6},
                "routing": {"concentrate": 60},
                "joint": {"slag": 0.1},
                "va_ratio": 25,
                "national": {"goods": 100},
            },
            "leaching": {
                "title": "leaching",
                "makes": "oxide",
                "base": 0.08 * scale,
                "uses": {"slag": 10},
                "va_ratio": 30,
                "national": {"goods": 70, "care": 30},
            },
        },
        "recovery": {"Fe": {"reported": 66, "ore": "ore", "made": ["concentrate"]}},
    }
    return laid(data, changes)


def scenario(sectors: dict[str, dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """A scenario of these sectors in which nothing grows and no project is named."""
    gdp = sum(each["va"] for each in sectors.values())
    shares = dict.fromkeys(sectors, 100 / len(sectors))
    chained = [each for each in sectors.values() if each["model"] == "process_chain"]
    data = {
        "dabiao": 1,
        "title": "valley",
        "years": {"base": 2020, "target": 2021, "last": 2024},
        "national": national(),
        "accounts": {
            "gdp": gdp,
            "fai": 0.4 * gdp,
            "household_consumption": 0.35 * gdp,
            "government_consumption": 0.12 * gdp,
            "transfers": 0.08 * gdp,
        },
        "demand": {"income_elasticity": 0.8, "autonomous_consumption": 0, "government": 0, "transfers": 0},
        "prices": {"gdp": 0, "consumer": 0, "investment": 0},
        "sectors": sectors,
        # the chain makes 60 % of its sector's value added
        "chains": {each["chain"]: chain(each["va"] * 0.6 / 1.80) for each in chained},
        "investment": {"growth": 0, "later": 0, "before": 0},
        "mixes": {"plan": {"title": "plan", "shares": shares}},
        "targets": {"gdp_growth": {"ensure": 0, "main": True}},
    }
    return laid(data, changes)


def four(**changes: Any) -> dict[str, Any]:
    """One sector of each model, standing still."""
    sectors = {
        "farms": sector("agriculture", 60),
        "plants": sector("industry", 120),
        "mines": sector("process_chain", 90),
        "shops": sector("services", 150),
    }
    return laid(scenario(sectors), changes)


def moving(**changes: Any) -> dict[str, Any]:
    """One sector of each model, every driver moving, projects named and not."""
    gestation = {"trend": 3, "gestation": [10, 60, 30]}
    lively = {
        "farms": {
            **gestation,
            "crops": {"grain": {"area_growth": 1, "yield_growth": 2}},
            "farmland": {"built": 4, "yield_gain": 8, "crops": ["grain"], "area": 40},
        },
        "plants": {"market": {"trend": 5}, "capacity": {"drift": 1}, "price_growth": -2},
        "mines": {"market": {"trend": 4}, "capacity": {"scrapping": 3}},
        "shops": {
            "market": {"trend": 6},
            "visitors": {"growth": 9},
            "capacity": {
                "utilisation": {"base": 85, "max": 88},
                "output_per_yuan": 0.2,
                "gestation": [50, 50],
            },
        },
    }
    data = four(
        sectors=lively,
        demand={"autonomous_consumption": 1, "government": 2, "transfers": 3},
        prices={"gdp": 1, "consumer": 2, "investment": 1.5},
        investment={"growth": 6, "later": 3, "before": 4},
        chains={
            "ridge": {
                "processes": {"dressing": {"improvement": {"ore": -1, "tailings": 1}}},
                "materials": {"oxide": {"price_growth": -5, "market": {"trend": 8, "finds_buyers": 90}}},
            }
        },
        projects=projects(),
        pool={"projects": 40, "investment": 40, "starts": 10, "completions": 8, "months": MONTHS, "slip": 1},
    )
    return laid(data, changes)


MONTHS = {"approval": 6, "registration": 0, "construction": 18, "ramp_up": 12}


def projects() -> dict[str, Any]:
    """Four projects: one ramping, one under way, two ahead."""
    shared = {"months": MONTHS, "slip": 0}
    return {
        "ramping": {
            **shared,
            "title": "ramping",
            "sector": "plants",
            "invest": 6,
            "stage": "commissioned",
            "start": "2019-01",
            "finish": "2020-06",
            "adds": {"output": 4},
        },
        "rising": {
            **shared,
            "title": "rising",
            "sector": "mines",
            "invest": 8,
            "stage": "started",
            "start": "2020-05",
            "finish": "2021-09",
            "adds": {"process": "leaching", "capacity": 0.3},
            "slip": 2,
        },
        "coming": {
            **shared,
            "title": "coming",
            "sector": "plants",
            "invest": 9,
            "stage": "approved",
            "start": "2021-03",
            "adds": {"output": 7},
            "slip": 3,
        },
        "distant": {
            **shared,
            "title": "distant",
            "sector": "farms",
            "invest": 5,
            "stage": "planned",
            "start": "2021-10",
            "adds": {"output": 2},
        },
    }


@dataclass(frozen=True, repr=False)
class Region:
    """A region ready to run."""

    scenario: Scenario
    economy: Economy
    pipeline: Pipeline
    sheet: Sheet
    plan: Plan

    def run(self, plan: Plan | None = None) -> Trajectory:
        """Simulate a plan (the region's own unless given)."""
        plan = plan or self.plan
        return self.economy.simulate(self.pipeline.run(plan).realisation, plan.routing)

    def sector(self, key: str) -> Sector:
        """A sector of the economy."""
        return next(each for each in self.economy.sectors if each.id == key)


def region(data: dict[str, Any] | Scenario, values: Draws | None = None) -> Region:
    """Build the region of a scenario."""
    stated = data if isinstance(data, Scenario) else Scenario.model_validate(data)
    values = values or Draws()
    built = economy(stated, values)
    return Region(
        stated,
        built,
        Pipeline(stated, built, values),
        sheet(stated, values),
        stated_plans(stated, values)["plan"],
    )


class Drawn(Draws):
    """Central values, except for the quantities that have draws of their own."""

    def __init__(self, draws: dict[int, np.ndarray]) -> None:
        self.draws = draws

    def __call__(self, quantity: Any) -> np.ndarray:
        return self.draws.get(id(quantity), np.array([quantity.value]))

    def one(self, draw: int) -> Drawn:
        """A single draw."""
        return Drawn({key: array[[draw]] for key, array in self.draws.items()})


def spread(part: Any, factors: np.ndarray) -> dict[int, np.ndarray]:
    """Every number in a part of a scenario times factors."""
    return {id(quantity): quantity.value * factors for quantity in numbers(part)}


# --- random regions
# ---------------------------------------------------------------------------------------------


def between(low: float, high: float) -> st.SearchStrategy[float]:
    """A number that is no special case of floating point."""
    return st.floats(low, high, allow_subnormal=False).map(lambda x: round(x, 6))


@st.composite
def gestations(draw: st.DrawFn) -> list[float]:
    """Shares that add to 100."""
    first, second = draw(between(0, 60)), draw(between(0, 40))
    return [first, second, 100 - first - second]


@st.composite
def buildings(draw: st.DrawFn) -> dict[str, Any]:
    """Capacity at any utilisation."""
    base = draw(between(50, 95))
    return {
        "utilisation": {"base": base, "max": min(base + draw(between(0, 20)), 100)},
        "output_per_yuan": draw(between(0, 0.6)),
        "gestation": draw(gestations()),
    }


@st.composite
def sketches(
    draw: st.DrawFn, still: bool = False, lasting: bool = False, count: tuple[int, int] = (3, 6)
) -> dict[str, Any]:
    """A region of three to six sectors.

    ``still``: nothing grows, and scrapping is left out or as commissioning. ``lasting``: no market shrinks,
    and what
    is built lasts.
    """
    rate = st.just(0.0) if still else between(0 if lasting else -4, 8)
    ids = [f"s{i}" for i in range(draw(st.integers(*count)))]
    chained = draw(st.integers(-1, len(ids) - 1))
    sectors: dict[str, dict[str, Any]] = {}
    for i, key in enumerate(ids):
        model = "process_chain" if i == chained else draw(st.sampled_from(MODELS[:3]))
        changes: dict[str, Any] = {"labour_share": draw(st.none() | between(20, 80))}
        if model == "agriculture":
            changes |= {
                "trend": draw(rate),
                "output_per_yuan": draw(between(0, 0.3)),
                "gestation": draw(gestations()),
            }
        else:
            changes |= {"market": {"trend": draw(rate), "finds_buyers": draw(between(0, 100))}}
            if model != "services" or draw(st.booleans()):
                changes["capacity"] = draw(buildings())
        if model == "industry":
            mix = draw(between(0, 100))
            changes |= {
                "va_ratio": draw(st.none() | between(15, 60)),
                "national": {"goods": mix, "building": 100 - mix},
            }
        if model == "services":
            changes |= {
                "visitors": {"growth": draw(rate)},
                "regional_purchase": draw(st.none() | between(0, 2)),
            }
        sectors[key] = sector(model, draw(between(20, 300)), **changes)
    weights = [draw(between(1, 10)) for _ in ids]
    gdp = sum(each["va"] for each in sectors.values())
    data = scenario(
        sectors,
        accounts={
            "fai": gdp * draw(between(0.1, 0.8)),
            "household_consumption": gdp * draw(between(0.1, 0.6)),
            "government_consumption": gdp * draw(between(0.02, 0.3)),
            "transfers": gdp * draw(between(0, 0.2)),
        },
        demand={
            "income_elasticity": draw(between(0, 1.2)),
            "autonomous_consumption": draw(rate),
            "government": draw(rate),
            "transfers": draw(rate),
        },
        prices={"gdp": draw(rate), "consumer": draw(rate), "investment": draw(rate)},
        investment={name: draw(rate) for name in ("growth", "later", "before")},
        mixes={
            "plan": {"shares": {key: 100 * w / sum(weights) for key, w in zip(ids, weights, strict=True)}}
        },
    )
    for key, capacity, most, invested in _built(data):
        # no base year commissions more than its whole capacity
        highest = 0.9 * most / max(invested, 1e-9)
        data["sectors"][key]["capacity"] = {
            **capacity,
            "output_per_yuan": min(capacity["output_per_yuan"], highest),
        }
    if lasting or draw(st.booleans()):
        rate = None if still else 0.0 if lasting else draw(between(0, 10))
        for key, capacity, most, invested in _built(data):
            usual = 100 * capacity["output_per_yuan"] * invested / most
            data["sectors"][key]["capacity"] = {**capacity, "scrapping": usual if rate is None else rate}
    return data


def _built(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], float, float]]:
    """Sectors that build capacity: key, capacity as stated, most that can be made, base-year investment;
    亿元."""
    for key, each in data["sectors"].items():
        if capacity := each.get("capacity"):
            ratio = each.get("va_ratio") or sum(
                part / 100 * data["national"]["classes"][c]["va_ratio"]
                for c, part in each["national"].items()
            )
            use = capacity["utilisation"]
            invested = data["accounts"]["fai"] * data["mixes"]["plan"]["shares"][key] / 100
            yield key, capacity, 100 * each["va"] / ratio * use["max"] / use["base"], invested


def limited(targets: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Two farms and shops under a limit on the mix and one on money; ``targets`` in place of the usual
    sheet."""
    sectors = {
        "east": sector("agriculture", 60),
        "west": sector("agriculture", 60),
        "shops": sector("services", 180),
    }
    limits = {
        "mix": {"title": "mix", "on": "mix", "max": 6, "relax_to": 12, "price": 2},
        "money": {"title": "money", "on": "investment", "max": 127.2, "relax_to": 130, "price": 1},
    }
    return laid(
        scenario(sectors, investment={"growth": 6}, limits=limits, targets={"gdp_growth": None, **targets}),
        changes,
    )
