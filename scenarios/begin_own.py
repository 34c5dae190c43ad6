"""The first scenario of a region of any country, on a file of priors of its own (任一国家的新建方案)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..models.errors import Problem, ScenarioError
from ..models.money import Money
from ..models.words import msg
from ..models.years import Year
from .begin_past import not_past
from .files import USUAL
from .ground import USUAL_GROWTH, WORLD, Ground, chosen, structure

OTHER = "stretch.yaml"
CLOSE = 0.005
"""Part of GDP by which value added may miss it."""


@dataclass(frozen=True)
class OwnFacts:
    """What a planner knows of a region; None stands for unknown. Money in one unit, growth in %.

    Attributes
    ----------
    region, english, country, year
        Names, the country, and the year whose accounts are known.
    gdp
        GDP; where it is not given the sum of ``va``.
    va, models
        Value added by class or group of the priors' table, and the model of a sector where it is stated.
    accounts
        Other totals of the base year, by key of ``accounts``.
    ensure, stretch, plan, outlook
        Target of GDP growth, its upper tier, planned growth of investment, the nation's growth as forecast.
    past
        Growth and target (either may be None) by year.
    begins
        Month in which a year begins.
    """

    region: str
    country: str
    year: int
    ensure: float
    english: str = ""
    gdp: float | None = None
    va: Mapping[str, float] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, float] = field(default_factory=dict)
    stretch: float | None = None
    plan: float | None = None
    outlook: float | None = None
    past: Mapping[int, tuple[float | None, float | None]] = field(default_factory=dict)
    begins: int = 1

    def called(self, after: int = 0) -> str:
        """The base year, or one so many years after it, as the region calls it."""
        return str(Year(self.year + after, self.begins))


def begin_own(facts: OwnFacts, ground: Ground, extends: str, money: Money) -> dict[str, str]:
    """Two scenarios by file name: the baseline, and one with more investment to compare it with.

    Parameters
    ----------
    extends
        The file of priors, as the new folder names it.
    money
        What the amounts are in.

    Raises
    ------
    ScenarioError
        Where the figures cannot stand together.
    """
    if late := not_past(facts.past, facts.year):
        raise ScenarioError(late)
    va = _value_added(facts, ground)
    tree = structure(ground, va, extends, facts.models)
    tree["money"] = {"currency": money.currency, "scale": int(money.scale)}
    _entered(tree, facts)
    return {USUAL: _head(facts, ground) + _dumped(tree) + _TAIL, OTHER: _dumped(_more(facts))}


def models_of(facts: OwnFacts, ground: Ground) -> dict[str, str]:
    """The model of each sector: stated, or guessed by its name."""
    return {name: facts.models.get(name) or ground.model(name) for name in _value_added(facts, ground)}


def _value_added(facts: OwnFacts, ground: Ground) -> dict[str, float]:
    """Value added of each sector: as given, else as the priors' table divides it."""
    if not facts.va and facts.gdp is None:
        raise ScenarioError([Problem("--gdp", msg("nothing"), msg("GDP, or value added by --va"))])
    if not facts.va:
        parts = ground.parts(())
        whole = sum(ground.weight(name) for name in parts)
        return {name: round((facts.gdp or 0.0) * ground.weight(name) / whole, 4) for name in parts}
    found = {chosen(ground, name): value for name, value in facts.va.items()}
    total = sum(found.values())
    if facts.gdp is not None and abs(total - facts.gdp) > CLOSE * facts.gdp:
        raise ScenarioError(
            [
                Problem(
                    "--va",
                    msg("{total:g} in all", total=total),
                    msg("as much as GDP, {gdp:g}", gdp=facts.gdp),
                    msg("every sector of the region; or leave out --gdp"),
                )
            ]
        )
    return found


def _entered(tree: dict[str, Any], facts: OwnFacts) -> None:
    """Lay what was entered over the structure, each with its source."""
    english = facts.english or facts.region
    accounts = tree["accounts"]
    accounts["gdp"] = round(sum(sector["va"] for sector in tree["sectors"].values()), 6)
    tree["accounts"] = {"source": "entered", **accounts, **facts.accounts}
    about: dict[str, Any] = {"source": "entered"}
    if not facts.va:
        about = {
            "assumption": {
                "zh": "未填，按先验文件投入产出表的增加值比重",
                "en": "not given: as value added in the table of the priors",
            }
        }
    tree["sectors"] = {**about, **tree["sectors"]}
    if facts.plan is not None:
        tree["investment"]["growth"] = {"value": facts.plan, "source": "entered"}
    tiers = {"ensure": facts.ensure} | ({} if facts.stretch is None else {"stretch": facts.stretch})
    tree |= {
        "title": {"zh": f"{facts.region} {facts.called(1)}年方案", "en": f"{english} {facts.called(1)}"},
        "country": facts.country,
        "years": _years(facts),
        "sources": {
            "entered": {
                "zh": "使用者录入（请改写为出处和日期）",
                "en": "entered by the user (replace by the source, with its date)",
            }
        },
        "targets": {"source": "entered", "gdp_growth": {**tiers, "main": True}},
        "history": _history(facts),
    }
    if facts.outlook is not None:
        tree["outlook"] = {"source": "entered", "growth": facts.outlook}


def _years(facts: OwnFacts) -> dict[str, Any]:
    """The base year, the year after it and four more; fiscal ones by their names."""
    named = {"base": 0, "target": 1, "last": 5}
    if facts.begins == 1:
        return {key: facts.year + after for key, after in named.items()}
    return {key: facts.called(after) for key, after in named.items()} | {"begins": facts.begins}


def _history(facts: OwnFacts) -> dict[str, Any]:
    """Growth and targets by year, as far as they were given."""
    years: dict[str, dict[str, float]] = {}
    for year, row in sorted(facts.past.items()):
        named = dict(zip(("growth", "target"), row, strict=True))
        years[facts.called(year - facts.year)] = {
            name: value for name, value in named.items() if value is not None
        }
    years.setdefault(facts.called(1), {})["target"] = facts.ensure
    return {"source": "entered", "years": years}


def _more(facts: OwnFacts) -> dict[str, Any]:
    """What differs in a scenario with more investment."""
    planned = facts.plan if facts.plan is not None else USUAL_GROWTH
    english = facts.english or facts.region
    return {
        "extends": USUAL,
        "title": {
            "zh": f"{facts.region} {facts.called(1)}年加力方案",
            "en": f"{english} {facts.called(1)}, more investment",
        },
        "investment": {
            "growth": {
                "value": planned + 3,
                "assumption": {"zh": "多安排3个百分点，假设", "en": "three points more, what if"},
            }
        },
    }


def _dumped(tree: Mapping[str, Any]) -> str:
    import yaml

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    first = (
        "dabiao",
        "extends",
        "title",
        "country",
        "money",
        "years",
        "sources",
        "accounts",
        "history",
        "outlook",
    )
    ordered = {name: tree[name] for name in (*first, *tree) if name in tree}
    return str(yaml.dump(ordered, Dumper=Plain, allow_unicode=True, sort_keys=False, width=110))


def _head(facts: OwnFacts, ground: Ground) -> str:
    named = " ".join(facts.region.split())
    world = ", ".join(f"{name} {100 * part:.0f} %" for name, (part, _, _) in WORLD.items())
    return f"""\
# {named}: written by `simulate new`, runs as it is. 由 simulate new 生成，可直接运行。
#
# What you gave has the source `entered`. Totals that were not given are about the world's average part of
# GDP: {world};
# investment by sector is in proportion to value added;
# all else stands in the priors that this file extends ({ground.country or "their country is not stated"}).
# 您给出的数标为来源 entered；未给的总量约按世界平均，投资结构按增加值；其余取自所继承的先验文件。
# `simulate show FILE --inherited` lists what comes from where 列出继承清单。

"""


_TAIL = """
# No limit is stated: an optimum may put all money that others can spare into one sector; every run says so.
# 未写约束：最优方案可能把资金集中到一个部门，每次运行都会注明。
# limits:
#   assumption: why
#   money: {title: Investment of the year, on: investment, max: 100, relax_to: 105}
#   absorption: {title: Growth of one sector's investment, on: absorption, max: 20, relax_to: 30}
#   cut: {title: Cut of one sector, on: cut, max: 20, relax_to: 40}
"""
