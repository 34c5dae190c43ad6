"""What a file of priors, or a scenario, offers a new region: classes, groups, models; and the structure that
is built of it (先验文件与地区结构)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..models.errors import Problem, ScenarioError
from ..models.money import Money, counting
from ..models.words import msg
from .load import opened
from .merge import inherit
from .money import money_in
from .own_table import settle_table
from .report import Report, one_of

MODELS = ("agriculture", "industry", "services")
"""Models of sectors that can be chosen by a sector's name."""
_NAMED: Mapping[str, re.Pattern[str]] = {
    "agriculture": re.compile(r"agri|farm|primary|crop|fish|forest|农|一产"),
    "industry": re.compile(
        r"indust|manufact|goods|product|mining|minerals|secondary|construct|build|utilit|energy|electric|steel|chem"
        r"|food|oil|metal|equip|machin|textil|paper|refin|vehicle|electronic|cement|\bmills?\b|\bworks\b"
        r"|工业|制造|建筑|二产"
    ),
}
WORLD: Mapping[str, tuple[float, float, float]] = {
    "fai": (0.26, 0.15, 0.40),
    "household_consumption": (0.56, 0.40, 0.72),
    "government_consumption": (0.17, 0.10, 0.25),
    "transfers": (0.10, 0.02, 0.22),
}
"""Parts of GDP where nothing is known of a region, with their range: about the world's averages of 2022
(World Bank, World Development Indicators: gross fixed capital formation 26, households 56, government 17 % of
GDP); transfers are a guess."""
USUAL_GROWTH = 3.0
"""Nominal growth of investment before and after where nothing is stated: alike, so that it adds nothing."""


def _why(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


@dataclass(frozen=True)
class Ground:
    """What a file says that a region can be built on.

    Attributes
    ----------
    file
        As it was named.
    country
        Of its figures; empty where it does not say.
    weights
        Value added of each class of its table, from output and ratio: its shares, where none are known.
    groups
        Names for several classes.
    models
        Models of sectors that its defaults fill.
    sectors
        Model of each sector that it states, by its class or group.
    whole
        Whether it is a scenario by itself: accounts, sectors, mixes.
    stated
        What else it holds at the top.
    money
        What its amounts are in; None where it does not say.
    """

    file: str
    country: str
    weights: Mapping[str, float]
    groups: Mapping[str, tuple[str, ...]]
    models: tuple[str, ...]
    sectors: Mapping[str, str]
    whole: bool
    stated: frozenset[str]
    money: Money | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Groups and classes: all that a sector can be made of."""
        return (*self.groups, *(name for name in self.weights if name not in self.groups))

    def classes(self, name: str) -> tuple[str, ...]:
        """Classes of a group, or the class itself."""
        return self.groups.get(name, (name,))

    def weight(self, name: str) -> float:
        """Value added of a class or group."""
        return sum(self.weights.get(each, 0.0) for each in self.classes(name))

    def covers(self, names: Sequence[str]) -> bool:
        """Whether every class belongs to exactly one of these names."""
        found = [each for name in names for each in self.classes(name)]
        return sorted(found) == sorted(self.weights)

    def parts(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """Sectors of a region: the names wanted where they cover the table, else every class."""
        return tuple(wanted) if wanted and self.covers(wanted) else tuple(self.weights)

    def model(self, name: str) -> str:
        """Model of a sector: stated, else by its name among those that the file's defaults fill."""
        if name in self.sectors:
            return self.sectors[name]
        chosen = next((model for model, words in _NAMED.items() if words.search(name.casefold())), "services")
        return chosen if chosen in self.models or not self.models else self.models[-1]


def ground_of(path: str | Path) -> Ground:
    """Read what a file offers.

    Raises
    ------
    ScenarioError
        Where it cannot be read, or has no table.
    """
    report = Report()
    root = opened(path, report)[0]
    report.stop()
    inherit(root)
    with counting(money_in(root)):
        settle_table(root, report)
    report.stop()
    national = root.map.get("national")
    classes = national.map["classes"].map if national and "classes" in national.map else {}
    weights = {
        name: _value(node.map.get("output"), 1.0) * _value(node.map.get("va_ratio"), 100.0)
        for name, node in classes.items()
        if node.map
    }
    if not weights:
        raise ScenarioError(
            [
                Problem(
                    "national.classes",
                    msg("{file}, which has no input-output table", file=str(path)),
                    msg("a file of priors or a scenario: classes, groups and coefficients under `national`"),
                )
            ]
        )
    groups = national.map["groups"].map if national and "groups" in national.map else {}
    country, defaults, sectors = root.map.get("country"), root.map.get("defaults"), root.map.get("sectors")
    return Ground(
        str(path),
        country.text.strip() if country else "",
        weights,
        {
            name: tuple(each.text for each in node.value)
            for name, node in groups.items()
            if isinstance(node.value, list)
        },
        tuple(model for model in MODELS if defaults and model in defaults.map),
        {
            node.map["national"].text: node.map["model"].text
            for node in (sectors.map.values() if sectors else ())
            if "model" in node.map and "national" in node.map and not node.map["national"].map
        },
        all(name in root.map for name in ("accounts", "sectors", "mixes")),
        frozenset(root.map),
        money_in(root) if "money" in root.map else None,
    )


def _value(node: Any, otherwise: float) -> float:
    """The number of a quantity."""
    if node is not None and "value" in node.map:
        node = node.map["value"]
    return float(node.value) if node is not None and node.number else otherwise


def chosen(ground: Ground, name: str) -> str:
    """A name of a class or group.

    Raises
    ------
    ScenarioError
        Where the file's table has no such name.
    """
    from .report import meant

    if name in ground.names:
        return name
    raise ScenarioError(
        [
            Problem(
                "--va",
                f"`{name}`",
                msg("a class or group of {file}: {names}", file=ground.file, names=one_of(ground.names, 20)),
                meant(name, ground.names),
            )
        ]
    )


def structure(
    ground: Ground, va: Mapping[str, float], extends: str, models: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A region on a file of priors, as nested maps: accounts in the world's proportions, investment as value
    added.

    Parameters
    ----------
    va
        Value added of each sector by its class or group.
    extends
        The file, as the scenario names it.
    models
        Model of a sector, where it is not that of :meth:`Ground.model`.
    """
    gdp = sum(va.values())
    guess = _why(
        "未填，约按世界平均占GDP的比重（世界银行WDI）",
        "not given: about the world's average part of GDP (World Bank, WDI)",
    )
    shares = _rounded({name: 100 * value / gdp for name, value in va.items()})
    tree: dict[str, Any] = {
        "dabiao": 1,
        "extends": extends,
        "accounts": {
            "gdp": gdp,
            **{
                name: {
                    "value": round(part * gdp, 6),
                    "low": round(low * gdp, 6),
                    "high": round(high * gdp, 6),
                    "assumption": guess,
                }
                for name, (part, low, high) in WORLD.items()
            },
        },
        "sectors": {
            name: {
                "model": (models or {}).get(name) or ground.model(name),
                "title": name.replace("_", " "),
                "national": name,
                "va": value,
            }
            for name, value in va.items()
        },
        "investment": {
            "assumption": _why("未填：前后同速", "not given: before and after alike"),
            "growth": USUAL_GROWTH,
            **({} if "investment" in ground.stated else {"before": USUAL_GROWTH, "later": USUAL_GROWTH}),
        },
        "mixes": {
            "plan": {
                "title": _why("计划结构", "Plan"),
                "shares": {
                    "assumption": _why("未填：按增加值的比重", "not given: in proportion to value added"),
                    **shares,
                },
            }
        },
    }
    return tree | _shocks(ground)


def _shocks(ground: Ground) -> dict[str, Any]:
    """Shocks where the file states none: without any, chances would leave out what no plan foresees."""
    if "uncertainty" in ground.stated:
        return {}
    why = _why(
        "先验文件未给冲击：有参照预测时大小由其决定，否则为猜测",
        "the priors state no shocks: their size is set by the reference forecast where there is one, else"
        " it is a guess",
    )
    return {
        "uncertainty": {
            "shocks": {
                "assumption": why,
                "national": {"sd": 1, "crisis": {"sd": 3, "chance": 15}},
                "own": {"sd": 1, "tails": 5},
            }
        }
    }


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    """Shares in tenths that add to 100."""
    found = {name: round(value, 1) for name, value in shares.items()}
    largest = max(found, key=found.__getitem__)
    found[largest] = round(found[largest] + 100 - sum(found.values()), 1)
    return found


def for_backtest(ground: Ground, sectors: Sequence[str], extends: str) -> dict[str, Any]:
    """The region of which a panel is known, built of a file: the file's own where it is a whole scenario.

    ``sectors`` are those of the panel. Shocks that the file does not state are of any size: a backtest scales
    them (:func:`_shocks`).
    """
    tree: dict[str, Any] = {"dabiao": 1, "extends": extends}
    if not ground.whole:
        parts = ground.parts(sectors)
        total = sum(ground.weight(name) for name in parts)
        tree = structure(ground, {name: 100 * ground.weight(name) / total for name in parts}, extends)
        weights = _why("按投入产出表的增加值比重", "as value added in the file's table")
        tree["accounts"]["assumption"] = weights
        for sector in tree["sectors"].values():
            sector["assumption"] = weights
            sector["realisation"] = {
                "value": 100,
                "low": 100,
                "high": 100,
                "assumption": _why("面板没有计划", "no plan is known of it"),
            }
            trend = {"value": 0, "assumption": _why("由参照预测决定", "set by the reference forecast")}
            sector |= {"trend": trend} if sector["model"] == "agriculture" else {"market": {"trend": trend}}
    else:
        tree |= {name: None for name in ("projects", "pool", "listing") if name in ground.stated}
    tree.setdefault("title", _why("回测结构", "A region for backtests"))
    tree["years"] = {"base": 2000, "target": 2001, "last": 2001}
    aim = {"value": 0, "assumption": _why("由面板填入", "from the panel")}
    tree["targets"] = {"gdp_growth": {"ensure": aim, "main": True}}
    return tree | _shocks(ground)
