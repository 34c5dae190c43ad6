"""The first scenario of a region: a dozen figures, the rest from the national table, every guess said to be
one (新建方案)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ..models.errors import Problem, ScenarioError
from ..models.quantity import Bilingual
from ..models.words import msg
from .begin_past import EXPERIENCE, not_past, past_part, shipped_years
from .countries import same
from .files import EXAMPLE, PRIORS, USUAL
from .rates import column, slip, told
from .tables.panels import missing

OTHER = "stretch.yaml"
USUAL_PLAN = 5.0
"""Planned growth of investment, %, that brings the priors' usual 3: plans of services are realised at 97 %,
others at 98.5 to 100."""
MOST = 1e7
"""What no value added reaches, 亿元: more than seven times the nation's GDP of 2023 (1,260,582)."""
LARGEST = 150_000.0
"""More than any province's GDP, 亿元 (the largest in 2023: 135,673)."""
RECENT = range(2013, 2034)
"""Years within ten or so of the priors' (input-output table 2020, growth and prices 2023)."""
BUILDERS = 17.8
"""Construction over construction and industry in the nation's value added of 2023, %: 85,691 of 484,794 亿元
(statistical communiqué)."""

NATIONAL_MIX = {"agriculture": 2.0, "industry": 31.0, "construction": 1.0, "services": 66.0}
"""National investment in 2023 by sector, %: primary 2.0, secondary 32.2, tertiary 65.8 (statistical
communiqué)."""


@dataclass(frozen=True)
class Facts:
    """What a planner knows of a region by heart; None stands for unknown.

    Money in 亿元, growth in %.

    Attributes
    ----------
    region, year
        Name, and the year whose accounts are known (the target year is the next).
    gdp, primary
        GDP and value added of the primary sector; the tertiary sector is what the others leave.
    industry, construction, secondary
        Value added of industry and construction, or of both together: where one is not known it is what the
        others leave, or the nation's share (:data:`BUILDERS`).
    english
        Name in English; where there is none the name stands as it is in both languages.
    past
        Growth and target (either may be None) of earlier years.
    outlook
        The nation's growth in the target year, as somebody foretells it.
    country
        Where it lies. Outside China the priors are an assumption, and every verdict says so.
    fai, growth
        Investment of the base year; real growth of GDP in it.
    plan
        Planned growth of investment.
    ensure, stretch
        Target of GDP growth; the lower and the upper tier.
    industry_target, fai_target
        Targets of above-scale industry and of investment, where there are any.
    """

    region: str
    year: int
    gdp: float
    primary: float
    industry: float | None
    construction: float | None
    ensure: float
    stretch: float | None = None
    fai: float | None = None
    growth: float | None = None
    plan: float | None = None
    industry_target: float | None = None
    fai_target: float | None = None
    secondary: float | None = None
    english: str = ""
    past: Mapping[int, tuple[float | None, float | None]] = field(default_factory=dict)
    outlook: float | None = None
    country: str = "China"

    @property
    def chinese(self) -> bool:
        """Whether the region is one of China, to which the shipped experience of Chinese cities speaks."""
        return same(self.country, "China")

    @property
    def works(self) -> tuple[float, float]:
        """Value added of industry and of construction, as given or as the secondary sector leaves them."""
        industry, construction, whole = self.industry, self.construction, self.secondary
        if industry is not None and construction is not None:
            return industry, construction
        if whole is not None:
            part = (
                construction
                if construction is not None
                else whole * BUILDERS / 100
                if industry is None
                else whole - industry
            )
            part = round(part, 2)
            return (industry if industry is not None else round(whole - part, 6)), part
        if industry is not None:
            return industry, round(industry * BUILDERS / (100 - BUILDERS), 2)
        raise ValueError("neither industry nor the secondary sector is known")

    @property
    def guessed(self) -> bool:
        """Whether construction is the nation's share and not the region's own figure."""
        return self.construction is None and (self.industry is None or self.secondary is None)

    @property
    def experienced(self) -> bool:
        """Whether shipped experience speaks of the target year."""
        return self.chinese and self.year + 1 in shipped_years()

    @property
    def tertiary(self) -> float:
        """Value added of services: what the other sectors leave of GDP."""
        return round(self.gdp - self.primary - sum(self.works), 6)

    def title(self, zh: str, en: str) -> str:
        """The title of a scenario as YAML: the region, the target year, what the plan is."""
        apart = " " if self.region[-1:].isascii() else ""
        return (
            f"{{zh: {_word(f'{self.region}{apart}{self.year + 1}年{zh}')}, en:"
            f" {_word(f'{self.english or self.region} {self.year + 1}{en}')}}}"
        )


def begin(facts: Facts) -> dict[str, str]:
    """Two scenarios by file name: the baseline, and one with more investment and another mix to compare it
    with.

    Raises
    ------
    ScenarioError
        Where the figures cannot stand together.
    """
    _check(facts)
    return {USUAL: _baseline(facts), OTHER: _stretch(facts)}


def doubts(facts: Facts) -> list[Bilingual]:
    """What is allowed and looks like a slip: 万元 taken for 亿元, a decimal for percent, a far year."""
    found: list[Bilingual] = []
    if LARGEST < facts.gdp < MOST:
        found.append(
            msg(
                "--gdp {gdp}: CNY {billions:,.0f}bn is more than any province's; is it in CNY 10k? then"
                " --gdp {less}",
                gdp=_number(facts.gdp),
                billions=facts.gdp / 10,
                less=_number(facts.gdp / 1e4),
            )
        )
    rates = {
        "target": facts.ensure,
        "stretch": facts.stretch,
        "growth": facts.growth,
        "plan": facts.plan,
        "industry-target": facts.industry_target,
        "fai-target": facts.fai_target,
    }
    for name, rate in rates.items():
        if rate is not None and (odd := slip(rate)):
            found.append(msg("{what} {said}", what=f"--{name}", said=told(rate, odd)))
    for at in range(2):
        years = {year: row[at] for year, row in facts.past.items() if row[at] is not None}
        values = [value or 0.0 for value in years.values()]
        if several := column(values):
            year, value = list(years)[several[0]], values[several[0]]
            found.append(msg("{what} {said}", what=f"--past {year}", said=told(value, several[1])))
    if gone := missing(facts.past):
        found.append(msg("--past lacks {years}", years=", ".join(map(str, gone))))
    if facts.year not in RECENT:
        found.append(
            msg(
                "--year {year}: the national priors are of 2020 (input-output table) and 2023, far from that"
                " year: replace them",
                year=facts.year,
            )
        )
    return found


def _check(facts: Facts) -> None:
    problems = []
    given = {
        "primary": facts.primary,
        "industry": facts.industry,
        "construction": facts.construction,
        "secondary": facts.secondary,
    }
    if facts.industry is None and facts.secondary is None:
        raise ScenarioError(
            [
                Problem(
                    "--industry",
                    msg("nothing"),
                    msg("value added of industry, or --secondary"),
                    msg("a bulletin states one of them at least"),
                )
            ]
        )
    parts = {name: value for name, value in given.items() if value is not None}
    parts = {"gdp": facts.gdp, **parts}
    problems += [
        Problem(
            f"--{name}",
            f"{value:g}",
            msg("more than 0, 亿元"),
            msg("a sector that is not there: give a small figure such as 0.1"),
        )
        for name, value in parts.items()
        if not value > 0 or math.isinf(value)
    ]
    problems += [
        Problem(
            f"--{name}",
            _number(value),
            msg("less than {most:,.0f} 亿元", most=MOST),
            msg("is it in 万元? then --{name} {value}", name=name, value=_number(value / 1e4)),
        )
        for name, value in {**parts, "fai": facts.fai or 0.0}.items()
        if MOST <= value < math.inf
    ]
    if not problems:
        problems += _secondary(facts)
    if not problems and facts.tertiary <= 0:
        problems.append(
            Problem(
                "--gdp",
                msg(
                    "{gdp:g}, of which {primary:g} in primary, industry and construction",
                    gdp=facts.gdp,
                    primary=facts.primary + sum(facts.works),
                ),
                msg("less in these than GDP"),
                msg("services are what they leave; --industry is industry without construction"),
            )
        )
    problems += not_past(facts.past, facts.year)
    base = facts.past.get(facts.year)
    if base and base[0] is not None and facts.growth is not None and base[0] != facts.growth:
        problems.append(
            Problem(
                "--growth",
                msg(
                    "{growth:g} beside {base:g} of --past {year}",
                    growth=facts.growth,
                    base=base[0],
                    year=facts.year,
                ),
                msg("one growth of the base year"),
            )
        )
    if facts.stretch is not None and facts.stretch < facts.ensure:
        problems.append(
            Problem(
                "--stretch",
                f"{facts.stretch:g}",
                msg("at least the {ensure:g} of --target", ensure=facts.ensure),
            )
        )
    if problems:
        raise ScenarioError(problems)


def _secondary(facts: Facts) -> list[Problem]:
    """That industry and construction make up the secondary sector, as well as statistics print it."""
    if facts.secondary is None:
        return []
    industry, construction = facts.works
    if (
        min(industry, construction) <= 0
        or abs(industry + construction - facts.secondary) > 0.01 * facts.secondary
    ):
        return [
            Problem(
                "--secondary",
                msg(
                    "{secondary:g} beside {industry:g} of industry and {construction:g} of construction",
                    secondary=facts.secondary,
                    industry=industry,
                    construction=construction,
                ),
                msg("industry and construction together"),
                msg("leave out --construction or --industry: what is left is computed"),
            )
        ]
    return []


def _word(text: str) -> str:
    """A text as YAML reads it back, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)


def _number(value: float) -> str:
    return f"{value:.10g}"


def _above(value: float) -> str:
    """A limit rounded up to one digit: the plan that it was made from stays inside."""
    return _number(math.ceil(value * 10 - 1e-9) / 10)


def _guess(value: float, low: float, high: float, zh: str, en: str) -> str:
    return (
        f"{{value: {_number(value)}, low: {_number(low)}, high: {_number(high)}, assumption: {{zh:"
        f" {_word(zh)}, en: {_word(en)}}}}}"
    )


def _planned(facts: Facts) -> float:
    """Planned growth of investment: stated, else its target, else what usually brings business as usual."""
    return next(value for value in (facts.plan, facts.fai_target, USUAL_PLAN) if value is not None)


def _fai(facts: Facts) -> float:
    """Investment of the base year: stated, else 56 % of GDP."""
    return facts.fai if facts.fai is not None else round(0.56 * facts.gdp, 1)


def _baseline(facts: Facts) -> str:
    return _head(facts) + _region(facts) + _plan(facts)


def _head(facts: Facts) -> str:
    priors, year = f"{PurePosixPath(EXPERIENCE).parent}/{PRIORS}", facts.year
    named = (
        ""
        if facts.english or facts.region.isascii()
        else ("                # 英文名未给，沿用原名 no English name was given: the name stands as it is")
    )
    return f"""\
# {_comment(facts.region)}：由 simulate new 生成，可直接运行 · written by `simulate new`, runs as it is.
#
# 您给出的数标为来源 entered；其余都是假定或全国先验值（{priors}：2020年投入产出表与默认参数），请逐个替换。
# What you gave has the source `entered`; all else is an assumption or a national prior ({priors}: input-output table 2020,
# defaults): replace them one by one. A bare number takes the nearest `source:` or `assumption:` above it.
# `simulate schema --markdown` 列出全部键 lists every key; `simulate validate FILE` 检查 checks.

dabiao: 1
extends: {EXAMPLE}{EXPERIENCE if facts.chinese else priors}
title: {facts.title("方案", "")}{named}
country: {_word(facts.country)}
years: {{base: {year}, target: {year + 1}, last: {year + 5}}}

sources:
  entered:
    zh: 使用者录入（请改写为公报、年鉴或工作报告的名称和日期）
    en: entered by the user (replace by bulletin, yearbook or work report, with its date)
"""


def _region(facts: Facts) -> str:
    gdp, fai = facts.gdp, _fai(facts)
    stated_fai = (
        _number(fai)
        if facts.fai is not None
        else _guess(
            fai,
            round(0.4 * gdp, 1),
            round(0.75 * gdp, 1),
            "未填，按GDP的56%；请改为统计口径的总量",
            "not given: 56 % of GDP; replace by the statistics' level",
        )
    )
    return f"""\

accounts:                                   # 亿元
  source: entered
  gdp: {_number(gdp)}
  fai: {stated_fai}
  household_consumption: {_guess(round(0.36 * gdp, 1), round(0.30 * gdp, 1), round(0.42 * gdp, 1), "按GDP的36%（全国2023年约39%，中小城市略低）；宜以住户调查推算", "36 % of GDP (nation about 39 in 2023, smaller cities less); better from the household survey")}
  government_consumption: {_guess(round(0.13 * gdp, 1), round(0.10 * gdp, 1), round(0.17 * gdp, 1), "按GDP的13%；宜以一般公共预算支出的三分之二推算", "13 % of GDP; better two thirds of budget spending")}
  transfers: {_guess(round(0.10 * gdp, 1), round(0.06 * gdp, 1), round(0.14 * gdp, 1), "按GDP的10%：养老金、外出务工汇款", "10 % of GDP: pensions and remittances")}

{past_part(facts)}sectors:                                    # 增加值合计须等于GDP value added must add up to GDP
  source: entered
  agriculture: {{model: agriculture, title: {{zh: 农业, en: Agriculture}}, national: primary, va: {_number(facts.primary)}}}
  industry:                                 # 可拆成几个行业 may be split into several, each with its own classes of the national table
    model: industry
    title: {{zh: 工业, en: Industry}}
    national: industry
    va: {_va(facts, 0)}
  construction: {{model: industry, title: {{zh: 建筑业, en: Construction}}, national: construction, va: {_va(facts, 1)}, above_scale: null}}
  services:
    model: services
    title: {{zh: 服务业, en: Services}}
    national: tertiary
    va: {_number(facts.tertiary)}
    # 市外市场增速 growth of markets outside; where nothing is stated, the nation's in 2023 (industry 4.6, services 5.8 %):
    # market: {{trend: {{value: 6, assumption: why}}}}
"""


def _va(facts: Facts, at: int) -> str:
    """Value added of industry (0) or construction (1): given, what the secondary sector leaves, or by the
    nation's share."""
    value = facts.works[at]
    if not facts.guessed or (at == 0 and facts.industry is not None):
        return _number(value)
    zh = f"未填，按全国2023年建筑业占工业与建筑业之和的{BUILDERS:g}%；请改为公报数"
    en = (
        f"not given: construction is {BUILDERS:g} % of industry and construction, as in the nation in 2023;"
        " replace by the bulletin's figure"
    )
    return f"{{value: {_number(value)}, assumption: {{zh: {_word(zh)}, en: {_word(en)}}}}}"


def _plan(facts: Facts) -> str:
    year, plan = facts.year, _planned(facts)
    money = _fai(facts) * (1 + plan / 100)
    plan_why = (
        ("计划投资增速，由使用者录入", "planned growth, entered by the user")
        if facts.plan is not None
        else (
            "未填计划增速，按投资目标；没有则按5%，扣除通常的完成差额后即常年的3%",
            (
                "no plan given: the investment target; else 5 %, which brings the usual 3 % after what plans"
                " usually fall short"
            ),
        )
    )
    return f"""\

investment:
  growth: {{value: {_number(plan)}, assumption: {{zh: {_word(plan_why[0])}, en: {_word(plan_why[1])}}}}}
  # 目标年之后的投资增速，未填按先验3% growth after the target year; where not stated the priors' 3 %:
  # later: {{value: 3, assumption: why}}
  base_shares:                              # 基年投资结构 mix of the base year, from which the plan departs
    assumption: {{zh: 同计划结构，按2023年全国投资构成, en: "as the plan, the nation's mix in 2023"}}
{_shares(4)}

# 重点项目写在这里 named projects go here:
# projects:
#   battery-works:
#     assumption: company announcement
#     title: {{zh: 电池厂, en: Battery works}}
#     sector: industry
#     invest: 20
#     stage: approved                       # planned, approved, started, registered, commissioned
#     start: "{year + 1}-03"
#     months: {{construction: 14}}
#     slip: 2                               # 预计推迟投产月数，未填按先验2个月 months late to expect; not stated: the priors' 2
#     adds: {{output: 30}}                    # 满产年产值 gross output a year at full load

mixes:
  assumption:
    zh: 未填投资结构，按2023年全国投资构成（一产2.0%、二产32.2%、三产65.8%，统计公报），二产内建筑业取1个百分点
    en: "mix not given: the nation's in 2023 (primary 2.0, secondary 32.2, tertiary 65.8 %, statistical communiqué), 1 point of it construction"
  plan:
    title: {{zh: 计划结构, en: Plan}}
    shares:
{_shares(6)}
  industry_first:
    title: {{zh: 工业优先, en: Industry first}}
    starts_from: plan
    add: {{industry: 5, services: -5}}

limits:                                     # 没有 relax_to 的约束不可放宽 without relax_to a limit cannot be relaxed
  assumption: {{zh: 假定，请按实际修改, en: "assumed, change as it is"}}
  money: {{title: {{zh: 投资总量, en: Investment of the year}}, on: investment, max: {_above(money)}, relax_to: {_above(money * 1.05)}, price: 1}}
  mix: {{title: {{zh: 结构调整幅度, en: Shift of the mix}}, on: mix, max: 5, relax_to: 10, price: 1}}
  absorption: {{title: {{zh: 单个行业投资增速, en: Growth of one sector's investment}}, on: absorption, max: 30, relax_to: 50, price: 0.5}}
  cut: {{title: {{zh: 单个行业投资压减上限, en: Cut of one sector}}, on: cut, max: 20, relax_to: 40, price: 0.5}}

targets:
  source: entered
{_targets(facts)}"""


def _shares(indent: int) -> str:
    return "\n".join(f"{' ' * indent}{key}: {_number(value)}" for key, value in NATIONAL_MIX.items())


def _targets(facts: Facts) -> str:
    stretch = f", stretch: {_number(facts.stretch)}" if facts.stretch is not None else ""
    lines = [f"  gdp_growth: {{ensure: {_number(facts.ensure)}{stretch}, main: true}}"]
    if facts.industry_target is not None:
        lines.append(
            f"  industry_above_scale_growth: {{ensure: {_number(facts.industry_target)}, main: true}}"
        )
    if facts.fai_target is not None:
        lines.append(f"  fai_growth: {{ensure: {_number(facts.fai_target)}}}")
    return "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    """A name inside a comment: one line."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _stretch(facts: Facts) -> str:
    plan, base = _planned(facts), _fai(facts)
    return f"""\
# 只写与 baseline.yaml 不同之处 · only what differs from baseline.yaml. 比较 compare:
#   simulate compare baseline.yaml stretch.yaml
extends: {USUAL}
title: {facts.title("加力方案", ", more and other investment")}

investment:
  growth: {{value: {_number(plan + 3)}, assumption: {{zh: 多安排3个百分点，假设, en: "three points more, what if"}}}}

limits:
  money: {{max: {{value: {_above(base * (1 + (plan + 3) / 100))}, assumption: {{zh: 随总量放宽, en: goes with the total}}}}, relax_to: {{value: {_above(base * (1 + (plan + 3) / 100) * 1.05)}, assumption: {{zh: 随总量放宽, en: goes with the total}}}}}}

mixes:
  plan:
    shares:
      assumption: {{zh: 由服务业转投工业3个百分点，假设, en: "three points from services to industry, what if"}}
      industry: {_number(NATIONAL_MIX["industry"] + 3)}
      services: {_number(NATIONAL_MIX["services"] - 3)}
"""
