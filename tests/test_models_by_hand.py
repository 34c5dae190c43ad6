"""Equations of the models on figures that can be worked out on paper: households and prices, indicators,
what is asked of years, own accounts, material flow, choices of projects, months of works, distributions,
money."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.models import indicators, satellite, span
from dabiao.models.chain import Units
from dabiao.models.distributions import (
    DISTRIBUTIONS,
    FAR,
    CalmOrCrisis,
    Discrete,
    Empirical,
    Lognormal,
    Normal,
    Pert,
    Student,
    Triangular,
    Uniform,
)
from dabiao.models.economy import Economy, Households, PriceGrowth
from dabiao.models.errors import ScenarioError
from dabiao.models.flow import Flow, build, joined
from dabiao.models.indicators import INDICATORS, Asked
from dabiao.models.links import ByBranch, ByClass, Links, few_beside, linked, purchases
from dabiao.models.money import Money, counting, in_money, money_of, said_in, scale_of, taken_apart
from dabiao.models.pool import Generics, generic_projects, pool_kernel
from dabiao.models.project import (
    Durations,
    PoolPlan,
    ProjectPlan,
    central_durations,
    count_registered,
    course,
    draw_durations,
    draw_pert,
    online,
    placed,
    ramp_average,
    yearly,
)
from dabiao.models.quantity import Bilingual, Draws, Quantity, Traced, by_draw, same_draws, share_of
from dabiao.models.sector import Commissioned
from dabiao.models.selection import Broken, Candidate, Programme, Quota, broken
from dabiao.models.shell import quoted, shell_word
from dabiao.models.shocks import Shocks, drifting, persistent, reverting
from dabiao.models.span import IN_YEAR, MEASURES, Over, Series
from dabiao.models.target import Relation, Sheet, Target, leading, rounded
from dabiao.models.uncertainty import Tables, Tabulated, at_scores, law, shock_law, tabulated
from dabiao.models.uncertainty import span as reach
from dabiao.models.worth import size, worth
from dabiao.models.years import Year, first_month, last_month, month_at, place_in
from figures import INF, NONE, chain_of_ore, col, fact, near

# ---- the economy


def prices(**more: Any) -> PriceGrowth:
    usual: dict[str, Any] = {
        "gdp": np.array([1.02]),
        "consumer": np.array([1.03]),
        "investment": np.array([1.25]),
        "sectors": col(1.1, 0.9, 1.0),
        "material": {"ore": np.array([1.2])},
        "material_base": {"ore": np.array([50.0])},
        "worth": {"ore": 0.5},
    }
    return PriceGrowth(**{**usual, **more})


class Noted:
    """A sector that notes what commissions."""

    def __init__(self, id: str, *branches: str) -> None:
        self.id, self.got = id, list[Commissioned]()
        self.branches = tuple(SimpleNamespace(id=b, sector=id, supply_led=b == "a") for b in branches)

    def advance(self, state: Any, got: Commissioned) -> Any:
        self.got.append(got)
        return state + 1

    def start(self, outside: Any) -> Any:
        return outside.tolist()


def economy(**more: Any) -> Economy:
    """Two sectors of one and two branches: output 100, 50 and 80."""
    accounts: Any = SimpleNamespace(
        output=col(100, 50, 80),
        labour=col(0.4, 0.5, 0.25),
        va_ratio=col(0.5, 0.6, 0.25),
        household=col(20, 10, 4),
        government=col(5, 0, 8),
        outside=col(7, 6, 5),
        local=np.full((3, 3, 1), 0.1),
        investment=SimpleNamespace(asked=lambda invested: col(0.5, 0.25, 0.0) * invested.sum(axis=0)),
    )
    usual: dict[str, Any] = {
        "base_year": 2020,
        "years": 3,
        "sectors": (Noted("a", "a"), Noted("b", "b1", "b2")),
        "accounts": accounts,
        "households": Households(*(np.array([x]) for x in (0.8, 1.05, 10.0, 1.1, 0.9))),
        "government_growth": np.array([1.2]),
        "prices": prices(),
        "above_scale": col(1.0, 0.5, 0.0),
        "indicators": {},
        "groups": {"both": ("a", "b")},
        "demand_growth": col(1.01, 1.0, 0.98),
    }
    return Economy(**{**usual, **more})


def test_households_earn_and_spend() -> None:
    """φ Σ λ x + T: 0.9 (40 + 25 + 20) + 10 in the base year."""
    own = economy()
    assert own.base_income.tolist() == [86.5] and own.earned[:, 0].tolist() == near([0.36, 0.45, 0.225])
    made = col(110, 40, 80)
    income = 0.9 * (44 + 20 + 20) + 10 * 1.1**2
    assert own.income(made, 2).tolist() == near([income])
    moved = [1.01**2, 1.0, 0.98**2]
    richer = 1.05**2 * (0.2 + 0.8 * income / 86.5)
    spent = [base * own_growth * richer for base, own_growth in zip((20, 10, 4), moved, strict=True)]
    assert own.consumption(made, 2)[:, 0].tolist() == near(spent)
    # what does not depend on output, and what is bought of each yuan made, are the same together
    loop, links = own.loop(2), own.links(2)
    assert own.loop(2) is loop and links[..., 0] == near(
        0.1 + loop.spent[:, 0][:, None] * np.array([0.36, 0.45, 0.225])
    )
    for branch, base in enumerate((20, 10, 4)):
        assert float(loop.spent[branch, 0]) == near(base * moved[branch] * 1.05**2 * 0.8 / 86.5)
    invested, outside = col(30, 50), col(1, 2, 3)
    fixed = 1.05**2 * (0.2 + 0.8 * 12.1 / 86.5)
    asked = [
        moved[b] * (base * fixed + government * 1.2**2 + buys * 80) + out
        for b, (base, government, buys, out) in enumerate(
            zip((20, 10, 4), (5, 0, 8), (0.5, 0.25, 0.0), (1, 2, 3), strict=True)
        )
    ]
    assert own.demand(2, outside, invested)[:, 0].tolist() == near(asked)
    whole = own.demand(2, outside, invested) + np.einsum("ijd,jd->id", links - 0.1, made)
    rest = np.array([asked[b] - moved[b] * base * fixed for b, base in enumerate((20, 10, 4))])
    assert (whole[:, 0] - own.consumption(made, 2)[:, 0]).tolist() == near(rest.tolist())


def test_shocks_strike_households_sales_and_prices() -> None:
    shocks = Shocks(
        np.array([[0.1], [-0.2], [0.5]]), {"b": np.array([[0.03], [0.04], [0.05]])}, {"ore": col(1, 2, 4, 8)}
    )
    own = economy(shocks=shocks, later=col(0.0, 0.01))
    assert own.surprised(2)[:, 0].tolist() == near(
        [20 * 1.01**2 * 1.05**2 * (0.88 - 1), 10 * 1.05**2 * -0.12, 4 * 0.98**2 * 1.05**2 * -0.12]
    )
    assert own.surprised(0)[:, 0].tolist() == [0.0] * 3
    assert (own.consumption(col(100, 50, 80), 2) - economy().consumption(col(100, 50, 80), 2))[0] == near(
        own.surprised(2)[0]
    )
    difference = own.demand(2, col(0, 0, 0), col(0, 0)) - economy().demand(2, col(0, 0, 0), col(0, 0))
    assert difference == near(own.surprised(2))
    assert [own.struck("b", t).tolist() for t in (1, 2, 3)] == [[0.03], near([0.05]), near([0.06])]
    assert own.struck("a", 3).tolist() == [0.01] and own.struck("a", 1).tolist() == [0.0]
    assert own.price("ore", 2).tolist() == near([50 * 1.44 * 4]) and own.worth("ore", 2).tolist() == near(
        [144.0]
    )
    assert own.price("ore", 0).tolist() == [50.0]
    assert shocks.wanted(1).tolist() == near([1.1]) and shocks.wanted(0).tolist() == [1.0]
    assert Shocks(np.array([[-3.0], [0.5]])).wanted(2).tolist() == [0.0] and Shocks().wanted(2).tolist() == [
        1.0
    ]
    assert Shocks().sold("x", 1).tolist() == [0.0] and Shocks().price("x", 1).tolist() == [1.0]


def test_a_price_returns_to_its_level() -> None:
    """Half of the distance a year in logarithms, to four times: twice, and 4^0.75 times after two years."""
    own = economy(prices=prices(material_level={"ore": np.array([4.0])}, reversion={"ore": np.array([0.5])}))
    assert [float(own.price("ore", t)[0]) for t in range(3)] == near([50, 50 * 1.2 * 2, 50 * 1.44 * 4**0.75])


def test_the_deflator_is_the_product_of_its_years() -> None:
    own = prices(gdp_in={0: np.array([9.0]), 1: np.array([1.5]), 3: np.array([2.0, 4.0])})
    found = [own.deflator(t).tolist() for t in range(5)]
    assert found[0] == [1.0] and found[1] == [1.5] and found[2] == near([1.5 * 1.02])
    assert found[3] == near([3.06, 6.12]) and found[4] == near([3.06 * 1.02, 6.12 * 1.02])


def test_where_branches_stand() -> None:
    own = economy()
    assert [own.rows(key) for key in ("a", "b")] == [slice(0, 1), slice(1, 3)]
    with pytest.raises(KeyError, match="x"):
        own.rows("x")
    assert own.covered(("b1",)).tolist() == [0, 1, 0] and own.covered(("both",)).tolist() == [1, 1, 1]
    assert own.covered(("a", "b2")).tolist() == [1, 0, 1] and own.covered(()).tolist() == [0, 0, 0]
    assert own.supply_led.tolist() == [True, False, False] and own.sector_ids == ("a", "b")
    assert own.start() == ([[7.0]], [[6.0], [5.0]])


def test_works_commission_year_by_year() -> None:
    """Money of the second year first, at prices of the base year; then the base year's own."""
    own = economy()
    pool = np.array([[[10.0], [25.0], [90.0]], [[5.0], [12.5], [0.0]]])
    history = np.array([[[4.0], [3.0]], [[2.0], [1.0]]])
    real: Any = SimpleNamespace(
        pool=pool,
        history=history,
        past=None,
        named={"b": {"": np.array([[1.0], [2.0], [3.0]])}},
        unlisted={"a": {"x": np.array([[7.0], [8.0], [9.0]])}},
        usual={"a": {"x": np.array([6.0])}},
    )
    assert own.advance((0, 10), real, 2) == (1, 11)
    (a,), (b,) = (sector.got for sector in own.sectors)  # type: ignore[attr-defined]
    assert a.pool[:, 0].tolist() == near([25 / 1.5625, 8.0, 4.0, 3.0]) and a.normal.tolist() == [[4.0], [3.0]]
    assert b.pool[:, 0].tolist() == near([8.0, 4.0, 2.0, 1.0])
    assert (a.named, b.named) == ({}, {"": np.array([2.0])}) and a.unlisted == {"x": np.array([8.0])}
    assert a.usual == {"x": np.array([6.0])} and b.usual == {} == b.unlisted and a.shock.tolist() == [0.0]
    real.past = history / 2
    own.advance((0, 10), real, 1)
    assert own.sectors[0].got[1].pool[:, 0].tolist() == near([8.0, 2.0, 1.5])  # type: ignore[attr-defined]
    assert own.sectors[0].got[1].normal.tolist() == [[4.0], [3.0]]  # type: ignore[attr-defined]


def test_listed_works_and_what_is_usual() -> None:
    """Of a usual 8 no more than 6 can be: of 4 unlisted three quarters count."""
    got = Commissioned(
        NONE, NONE, {"": np.array([2.0])}, usual={"": np.array([8.0])}, unlisted={"": np.array([4.0])}
    )
    listed, usual = got.listed(np.array([6.0]))
    assert (listed.tolist(), usual.tolist()) == ([5.0], [6.0])
    listed, usual = got.listed(np.array([9.0, -1.0]))
    assert (listed.tolist(), usual.tolist()) == ([6.0, 2.0], [8.0, 0.0])
    assert [each.tolist() for each in got.listed(np.array([6.0]), "x")] == [[0.0], [0.0]]


# ---- paths of shocks


def test_shocks_that_linger_wander_and_return() -> None:
    fresh = col(1.0, 2.0, -1.0)
    assert persistent(fresh, np.array([0.5]))[:, 0].tolist() == [1.0, 2.5, 0.25]
    assert drifting(fresh)[:, 0].tolist() == [0.0, 1.0, 3.0, 2.0]
    assert reverting(fresh, np.array([0.5]))[:, 0].tolist() == near(
        [1.0, math.e, math.exp(2.5), math.exp(0.25)]
    )
    assert drifting(np.zeros((0, 2))).shape == (1, 2)


# ---- indicators and what is asked of years


def path(**more: Any) -> Any:
    """Output of three branches in three years, one draw."""
    output = np.array([[100, 110, 121], [50, 40, 60], [80, 80, 20]], dtype=float)[..., None]
    own = economy()
    usual = {
        "economy": own,
        "output": output,
        "value_added": own.accounts.va_ratio[:, None] * output,
        "physical": {
            "made:ore": col(2, 3, 5),
            "crop:rice": col(7, 8, 9),
            "crop:corn": col(1, 2, 4),
            "area:rice": col(3, 4, 6),
        },
        "realisation": SimpleNamespace(
            key_investment=col(11, 12), placed=lambda year: col(30, 50) * (1 + year)
        ),
        "income": col(86.5, 90, 99),
        "consumption": col(34, 40, 44),
    }
    usual["gdp"] = usual["value_added"].sum(axis=0)
    return SimpleNamespace(**{**usual, **more})


def test_indicators_by_hand() -> None:
    """Value added 50, 30 and 20; 55, 24 and 20; 60.5, 36 and 5."""
    own = path()

    def value(key: str, year: int, *covers: str, base: float | None = None) -> float:
        asked = Asked(covers, None if base is None else np.array([base]))
        return float(INDICATORS[key].value(own, year, asked)[0])

    assert value("gdp_growth", 1) == near(-1.0) and value("gdp_growth", 2) == near(100 * 2.5 / 99)
    assert value("industry_above_scale_growth", 1) == near(100 * (67 / 65 - 1))
    assert value("sector_growth", 2, "b") == near(100 * (41 / 44 - 1))
    assert value("sector_growth", 2, "b1", "a") == near(100 * (96.5 / 79 - 1))
    assert value("fai_growth", 2) == near(50.0) and value("fai_level", 2) == 240.0
    assert [value("key_project_investment", t) for t in range(3)] == [0.0, 11.0, 12.0]
    assert value("crop_output", 2, "rice", "corn") == 13.0 and value("crop_area", 1, "rice") == 4.0
    assert value("household_income_growth", 2) == near(10.0)
    assert value("household_consumption_growth", 2) == near(10.0)
    # 5 of ore at 50 * 1.44, worth a half; 60 of b1 at 0.81 and 121 of a at 1.21
    assert value("output_value", 2, "ore") == near(180.0)
    assert value("output_value", 2, "ore", "b1") == near(180 + 60 * 0.81)
    assert value("output_value", 2, "a", base=200.0) == near(200 * 1.21 * 1.21)
    assert value("output_value", 2, "none") == 0.0
    assert float(indicators.gdp_level(own, 2, Asked())[0]) == near(101.5 * 1.02**2)
    assert indicators.growth(np.array([3.0, 3.0]), np.array([2.0, 0.0])).tolist() == [50.0, 0.0]
    level = INDICATORS["gdp_growth"].level
    assert level is not None and float(level(own, 1, Asked())[0]) == 99.0


def series(
    rate: bool = True, level: bool = True, sign: float = 1.0, known: frozenset[int] = frozenset()
) -> Series:
    """Levels 100, 110, 121 and 108.9: growth of 10, 10 and -10 %."""
    levels, rates = [100.0, 110.0, 121.0, 108.9], [0.0, 10.0, 10.0, -10.0]
    return Series(
        lambda t: np.array([rates[t]]),
        (lambda t: np.array([levels[t]])) if level else None,
        rate,
        sign,
        known,
    )


@pytest.mark.parametrize("level", [True, False])
def test_measures_of_some_years(level: bool) -> None:
    own, plain = series(level=level), series(rate=False, level=level)
    average, total, every = (MEASURES[key].value for key in ("average", "sum", "every"))
    assert own.grown(1, 2).tolist() == near([1.21]) and own.grown(2, 3).tolist() == near([0.99])
    assert average(own, 1, 2).tolist() == near([10.0]) and average(own, 3, 3).tolist() == [-10.0]
    assert average(own, 1, 3).tolist() == near([100 * (1.089 ** (1 / 3) - 1)])
    assert total(own, 1, 3).tolist() == near([8.9]) and total(own, 2, 2).tolist() == [10.0]
    assert average(plain, 1, 3).tolist() == near([10 / 3]) and total(plain, 1, 3).tolist() == [10.0]
    assert every(own, 1, 3).tolist() == [-10.0] and every(replace(own, sign=-1.0), 1, 3).tolist() == [10.0]
    assert IN_YEAR.value(own, 1, 3).tolist() == [-10.0]
    ruined = Series(lambda t: np.array([-150.0]), None, True)
    assert average(ruined, 1, 3).tolist() == [-100.0]


def test_years_that_are_known_go_before_the_level() -> None:
    told = Series(
        lambda t: np.array([5.0]), lambda t: np.array([100.0 * (1 + t)]), True, known=frozenset({2})
    )
    assert told.grown(1, 1).tolist() == [2.0] and told.grown(3, 3).tolist() == near([4 / 3])
    assert told.grown(1, 2).tolist() == near([1.1025]) == told.grown(2, 3).tolist()
    assert Series(told.value, lambda t: np.array([0.0]), True).grown(1, 1).tolist() == [1.0]


def test_what_is_asked_over_years() -> None:
    own = series()
    over = {key: Over(1, 3, measure) for key, measure in MEASURES.items()}
    assert over["average"].value(own, 2).tolist() == near([10.0]) and over["sum"].value(
        own, 9
    ).tolist() == near([8.9])
    assert over["average"].value(own, 0).tolist() == [0.0] and Over(2, 3).value(own, 1).tolist() == [10.0]
    assert Over(2, 3, MEASURES["sum"]).value(own, 3).tolist() == near([-1.0])
    assert list(over["sum"].years()) == [1, 2, 3] and over["sum"].parts() == (over["sum"],)
    assert over["every"].parts() == (Over(1, 1), Over(2, 2), Over(3, 3))
    assert over["sum"].asked(own) is over["sum"] and over["every"].asked(own) == Over(3, 3)
    assert over["every"].asked(series(sign=-1.0)) == Over(1, 1)
    # (f(8) - f(5)) times the level before
    assert over["sum"].gap(own, 8.0, 5.0) == near(3.0)
    assert over["average"].gap(own, 8.0, 5.0) == near(100 * (1.08**3 - 1.05**3))
    assert (
        over["every"].gap(own, 8.0, 5.0) == near(0.03 * 121)
        and over["sum"].gap(series(level=False), 8.0, 5.0) is None
    )
    assert Over(2, 3, MEASURES["average"]).gap(own, 8.0, 5.0) == near(110 * (1.08**2 - 1.05**2))
    said = {key: str(each.title(Bilingual(en="G"), 2021, 2023)) for key, each in MEASURES.items()}
    assert said == {
        "average": "G, average 2021-2023",
        "sum": "G, total 2021-2023",
        "every": "G, every year 2021-2023",
    }
    assert (
        str(IN_YEAR.title(Bilingual(en="G"), 2021, 2023)) == "G, 2023" and span.IN_YEAR.factor(5.0, 9) == 1.05
    )


def goal(**more: Any) -> Target:
    usual = {
        "id": "t",
        "title": Bilingual(en="t"),
        "indicator": "gdp_growth",
        "basis": "modelled",
        "unit": "%",
        "digits": 1,
        "ensure": 6.0,
        "stretch": None,
        "at_most": None,
        "asked": Asked(),
    }
    return Target(**{**usual, **more})


@pytest.mark.parametrize("ceiling", [False, True])
@pytest.mark.parametrize("threshold", [6.0, -6.0, 0.0])
def test_a_tier_is_met_where_the_printed_figure_says_so(ceiling: bool, threshold: float) -> None:
    """The quick way for many values is the slow one, one by one; halves go away from zero."""
    one = goal(ensure=None, at_most=threshold) if ceiling else goal(ensure=threshold)
    values = threshold + np.array(
        [-0.11, -0.0501, -0.05, -0.0499, -0.01, 0.0, 0.01, 0.0499, 0.05, 0.0501, 0.11]
    )
    met = [one.met(float(value), threshold) for value in values]
    assert one.reached(values, threshold).tolist() == met
    assert met[5] and met[0] is ceiling and met[-1] is not ceiling
    off = 0.05 if ceiling else -0.05
    assert one.edge(threshold) == near(threshold + off)
    late = replace(one, margin=0.25)
    assert late.edge(threshold) == near(threshold + off - 0.25)
    assert late.met(threshold - 0.25, threshold) and late.met(
        threshold + (-0.29 if not ceiling else -0.21), threshold
    )
    assert not late.met(threshold + (-0.31 if not ceiling else -0.19), threshold)


def test_rounding_as_statistics_do() -> None:
    # what no figure is printed of stays as it is
    found = [rounded(value, 1) for value in (6.45, 6.449999999999999, 6.4499, -0.05, 1e300, INF)]
    assert found == [6.5, 6.5, 6.4, -0.1, 1e300, INF] and math.isnan(rounded(math.nan, 1))
    assert rounded(1234.5, 0) == 1235.0 and rounded(-2.675, 2) == -2.68


# ---- accounts of one's own


def account(driver: str, *coefficients: float, factor: float = 1.1) -> satellite.Account:
    return satellite.Account(driver, col(*coefficients), np.array([factor]))


def test_drivers_of_an_account() -> None:
    """Per yuan of output: at base and at current prices, value added and labour; per yuan of investment."""
    own = economy()

    def per_unit(driver: str, *coefficients: float) -> list[float]:
        return account(driver, *coefficients).per_unit(own, 2)[:, 0].tolist()

    for driver, each in {
        "output": (1, 1, 1),
        "value_added": (0.5, 0.6, 0.25),
        "labour_income": (0.4, 0.5, 0.25),
        "nominal_output": (1.21, 0.81, 1.0),
        "nominal_value_added": (0.5 * 1.02**2, 0.6 * 1.02**2, 0.25 * 1.02**2),
    }.items():
        assert per_unit(driver, 2, 0, 3) == near([2 * 1.21 * each[0], 0, 3 * 1.21 * each[2]])
    assert per_unit("investment", 2, 3) == near([2 * 1.21 / 1.5625, 3 * 1.21 / 1.5625])
    assert per_unit("nominal_investment", 2, 3) == near([2.42, 3.63])
    assert account("investment", 1, 1).money and not account("output", 1, 1, 1).money
    assert account("output", 2, 0, 3).level(path(), 2).tolist() == near([1.21 * (242 + 60)])
    assert account("nominal_investment", 2, 3).level(path(), 1).tolist() == near([1.1 * (2 * 60 + 3 * 100)])
    assert account("output", 1.0).level(path(), 0).tolist() == [230.0]


def own_indicator(kind: str) -> satellite.OwnIndicator:
    over = account("value_added", 1, 1, 1, factor=1.0) if "ratio" in kind else None
    return satellite.OwnIndicator(
        "i", Bilingual(en="i"), "u", 1, account("output", 2, 0, 3), over, "growth" in kind, 4.0
    )


KINDS = ("level", "ratio", "growth", "growth of a ratio")


def test_an_indicator_of_ones_own_by_hand() -> None:
    """Levels 440, 506 (460 * 1.1) and 365.42; value added 100, 99 and 101.5."""
    level, ratio, growth, both = (own_indicator(kind) for kind in KINDS)
    assert level.value(path(), 1).tolist() == near([4 * 506]) and level.level(path(), 2).tolist() == near(
        [4 * 365.42]
    )
    assert ratio.value(path(), 1).tolist() == near([4 * 506 / 99])
    assert growth.value(path(), 1).tolist() == near([15.0]) and growth.level(path(), 1).tolist() == near(
        [4 * 506]
    )
    assert both.value(path(), 2).tolist() == near([100 * (365.42 / 101.5 / (506 / 99) - 1)])
    assert [[year, power] for _, year, power in both.parts(2)] == [[2, 1.0], [2, -1.0], [1, -1.0], [1, 1.0]]
    empty = replace(ratio, over=account("value_added", 0, 0, 0))
    assert empty.value(path(), 1).tolist() == [0.0]
    shown = replace(growth, level_unit="money").indicator
    assert (
        shown.growth and shown.level is not None and replace(growth, level_unit="t").indicator.level is None
    )
    assert replace(level, level_unit="money").indicator.level is None and (shown.unit, shown.digits) == (
        "u",
        1,
    )
    here = path(economy=economy(indicators={"i": growth}))
    assert shown.value(here, 1, Asked()).tolist() == near([15.0])
    assert shown.level(here, 1, Asked()).tolist() == near([4 * 506])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_limit_on_an_own_indicator_is_the_indicator(kind: str, sign: float) -> None:
    """Off the path as on it where there is one level below: row - end = give (± y - most)."""
    own, most = own_indicator(kind), sign * 7.0
    for year in (1, 2):
        row = satellite.at_most(own, most, sign, year, path(), None)
        here = sum(float(slope @ path().output[:, t, 0]) for t, slope in row.output.items())
        value = float(own.value(path(), year)[0])
        assert here - row.high == near(row.give * (sign * value - most))
        assert row.levers.size == 0 and row.give > 0 and 0 not in row.output
        if kind == "growth of a ratio" or (kind == "growth" and year == 2):
            continue
        other = path().output.copy()
        other[:, year] *= np.array([[1.1], [2.0], [0.5]])
        made = path(output=other)
        there = sum(float(slope @ other[:, t, 0]) for t, slope in row.output.items())
        give = {"level": 0.25, "growth": row.give}.get(kind) or float(own.over.level(made, year)[0]) / 4.0  # type: ignore[union-attr]
        assert there - row.high == near(give * (sign * float(own.value(made, year)[0]) - most))


def test_a_limit_on_investment_is_a_row_of_levers() -> None:
    """Money put in place is 5 + 2 l and 7 - l in the second year; 1 and 4 of it count, 1.21 times."""
    own = satellite.OwnIndicator(
        "i", Bilingual(en="i"), "u", 1, account("nominal_investment", 1, 4), scale=2.0
    )
    placed = np.array([[0.0, 5.0], [0.0, 7.0]]), np.array([[[9.0], [2.0]], [[9.0], [-1.0]]])
    row = satellite.at_most(own, 60.0, 1.0, 2, path(), placed)
    assert row.output == {} and row.levers.tolist() == near([1.21 * (2 - 4)])
    assert row.high == near(30 - 1.21 * (5 + 28)) and row.give == 0.5
    still = satellite.at_most(own, 60.0, 1.0, 2, path(), None)
    assert still.high == near(30 - 1.21 * (90 + 600)) and still.levers.size == 0


def test_what_begins_from_nothing_has_a_slope() -> None:
    """3 a unit of a branch that makes nothing so far, times 4."""
    output = np.zeros((3, 3, 2))
    output[2, 2] = [0.0, 1.0]
    one = replace(own_indicator("level"), account=account("output", 0, 0, 3, factor=1.0))
    assert one.slope(path(output=output), 2, lambda levels: levels[1:] - levels[0]).tolist() == [12.0]
    assert replace(one, over=one.account).slope(path(output=output), 1, lambda x: x[1:] - x[0]).tolist() == [
        0.0
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_slopes_of_an_own_indicator_are_its_derivatives(kind: str) -> None:
    """Output of a year that depends on two things a hair apart."""
    own, hair = own_indicator(kind), 1e-6

    def at(one: float, two: float) -> Any:
        output = path().output.copy()
        output[:, 2, 0] += np.array([3.0, 0.0, -1.0]) * one + np.array([0.0, 5.0, 2.0]) * two
        output[:, 1, 0] += np.array([1.0, 2.0, 0.0]) * two
        own_va = economy().accounts.va_ratio[:, None] * output
        return output, own_va

    stirred = [at(0, 0), at(1, 0), at(0, 1)]
    both = path(
        output=np.concatenate([o for o, _ in stirred], axis=2),
        value_added=np.concatenate([v for _, v in stirred], axis=2),
    )
    found = own.slope(both, 2, lambda levels: levels[1:] - levels[0])
    base = float(own.value(path(), 2)[0])
    for slope, ends in zip(found, ((hair, 0), (0, hair)), strict=True):
        there = float(own.value(path(output=at(*ends)[0]), 2)[0])
        assert slope == near((there - base) / hair, rel=1e-4)


# ---- material flow


def flow(**more: Any) -> Flow:
    """Two mines of ore, of which the second keeps more, and a smelter that uses 2 of ore a unit of metal and
    makes half a unit of slag beside it."""
    usual: dict[str, Any] = {
        "materials": ("ore", "metal", "slag"),
        "processes": ("old", "new", "smelter"),
        "makes": (0, 0, 1),
        "uses": np.array([[[0.0], [0.0], [2.0]], [[0.0]] * 3, [[0.0]] * 3]),
        "uses_growth": np.array([[[1.0], [1.0], [0.5]], [[1.0]] * 3, [[1.0]] * 3]),
        "joint": np.array([[[0.0]] * 3, [[0.0]] * 3, [[0.0], [0.0], [0.5]]]),
        "joint_growth": np.array([[[1.0]] * 3, [[1.0]] * 3, [[1.0], [1.0], [3.0]]]),
        "share": np.array([[[0.0], [0.0], [0.75]], [[0.0]] * 3, [[0.0]] * 3]),
        "base": col(30, 50, 30),
        "price": col(10, 100, 4),
        "most": col(0, 0, 0),
        "endless": (False, False, False),
        "part": col(0.25, 0.75, 1.0),
        "by_cost": (False, False, False),
        "worth": 0.5,
        "va_ratio": col(0.4, 0.6, 0.3),
    }
    return Flow(**{**usual, **more})


def test_a_chain_after_some_years() -> None:
    own = flow()
    assert own.used(0)[0, 2].tolist() == [2.0] and own.used(2)[0, 2].tolist() == [0.5]
    assert own.made(1)[:, 2, 0].tolist() == [0.0, 1.0, 1.5] and own.made(0)[:, 0, 0].tolist() == [
        1.0,
        0.0,
        0.0,
    ]
    assert own.value(0)[:, 0].tolist() == [5.0, 5.0, 51.0] and own.value(1)[2, 0] == 53.0
    assert own.counted == {0: (0, 1), 1: (2,)} and own.several == [0] and own.ranked[0] == [1, 0]
    assert own.takes == ((), (), (0,)) and own.users == ((2,), (), ()) and own.makers == ((0, 1), (2,), (2,))
    assert own.downstream == (1, 0) and own.purchasable == []
    # 60 of 80 used; a quarter and three quarters of it are asked of the mines
    assert own.market[:, 0].tolist() == [15.0, 5.0, 30.0]
    assert own.sold(own.base, 0)[:, 0].tolist() == [20.0, 30.0, 15.0]
    assert own.bought(own.base, 0)[:, 0].tolist() == [0.0, 0.0, 0.0]
    doubt = flow(uses=np.array([[[0.0, 0.0], [0.0, 0.0], [2.0, 0.0]], [[0.0] * 2] * 3, [[0.0] * 2] * 3]))
    assert doubt.used(1)[0, 2].tolist() == [1.0, 0.0]
    # where it uses none it needs none, though there is none
    assert doubt.run(col(0, 0, 9), col(99, 99, 99), 0)[2].tolist() == [0.0, 9.0]


def test_who_keeps_most_is_asked_first() -> None:
    """Of 12 times a half the first keeps 0.45, of 5 the second a half; a year later the first has no slag."""
    joint = np.zeros((3, 3, 1))
    joint[2, 0], joint[2, 2] = 0.5, 0.5
    growth = np.ones((3, 3, 1))
    growth[2, 0] = 0.0
    own = flow(joint=joint, joint_growth=growth, va_ratio=col(0.45, 0.5, 0.3))
    assert own.ranked[0] == [0, 1] and flow(va_ratio=col(0.45, 0.5, 0.3)).ranked[0] == [1, 0]
    doubt = flow(va_ratio=np.array([[0.1, 0.8], [0.4, 0.4], [0.3, 0.3]]))
    assert doubt.ranked[0] == [0, 1]


def test_what_is_wanted_of_a_chain() -> None:
    own, limit, market = flow(), col(20, 50, 25), col(6, 7, 99)
    # the smelter wants 25, which asks 50 of ore: 12.5 and 37.5 besides the market
    assert own.wanted(limit, market, 0)[:, 0].tolist() == [18.5, 44.5, 25.0]
    assert own.wanted(col(10, 50, 25), market, 0)[:, 0].tolist() == [10.0, 44.5, 25.0]
    assert own.wanted(limit, col(6, 7, 10), 1)[:, 0].tolist() == [8.5, 14.5, 10.0]
    cost = flow(by_cost=(True, False, False))
    # 8.5 that the old mine cannot make are asked of the new one, which has room for 5.5
    assert cost.wanted(col(10, 50, 25), market, 0)[:, 0].tolist() == [10.0, 50.0, 25.0]
    lots = flow(
        by_cost=(True, False, False), makes=(0, 0, 0), uses=np.zeros((3, 3, 1)), part=col(0.5, 0.25, 0.25)
    )
    # two makers lack 5 each: the one that keeps most has room for 4, the next for 3, and 3 stay unmet
    lots = replace(lots, va_ratio=col(0.4, 0.6, 0.3))
    assert lots.wanted(col(20, 24, 5), col(20, 20, 10), 0)[:, 0].tolist() == [20.0, 24.0, 5.0]
    assert lots.wanted(col(23, 24, 5), col(20, 20, 15), 0)[:, 0].tolist() == [23.0, 24.0, 5.0]
    assert lots.wanted(col(23, 24, 5), col(20, 20, 10), 0)[:, 0].tolist() == [21.0, 24.0, 5.0]
    assert cost.wanted(col(10, 99, 25), market, 0)[:, 0].tolist() == [10.0, 53.0, 25.0]
    assert cost.wanted(col(99, 30, 25), market, 0)[:, 0].tolist() == [33.0, 30.0, 25.0]
    half = {"old": {"ore": 0.5}}
    # half of 13 + 50 is asked of the old one; the other is asked as before, and nothing is passed on
    assert cost.wanted(col(99, 30, 25), market, 0, half)[:, 0].tolist() == [31.5, 30.0, 25.0]
    assert own.whole(0, np.array([50.0]), market).tolist() == [63.0]


def test_what_a_chain_makes() -> None:
    """Three quarters of the ore may go to the smelter."""
    own, wide = flow(), col(999, 999, 999)
    assert own.run(col(20, 20, 99), wide, 0)[:, 0].tolist() == [20.0, 20.0, 15.0]
    assert own.run(col(20, 20, 99), wide, 1)[:, 0].tolist() == [20.0, 20.0, 30.0]
    assert own.run(col(20, 20, 99), wide, 0, {"smelter": {"ore": 0.5}})[:, 0].tolist() == [20.0, 20.0, 10.0]
    assert own.run(col(20, 20, 9), wide, 0)[:, 0].tolist() == [20.0, 20.0, 9.0]
    more = flow(most=col(8, 0, 0))
    assert more.run(col(20, 20, 99), wide, 0)[:, 0].tolist() == [20.0, 20.0, 18.0] and more.purchasable == [0]
    free = flow(endless=(True, False, False))
    assert free.run(col(20, 20, 99), wide, 0)[2, 0] == 99.0
    made = col(20, 20, 30)
    assert free.bought(made, 0)[:, 0].tolist() == [20.0, 0.0, 0.0] and free.sold(made, 0)[0, 0] == 0.0
    assert own.sold(made, 0)[0, 0] == -20.0
    two = own.run(np.array([[20.0, 40.0], [20.0, 0.0], [99.0, 99.0]]), wide, 0)
    assert two[2].tolist() == [15.0, 15.0]


def test_a_routing_hands_activities_over() -> None:
    own = flow()
    assert own.shares(np.array([20.0, 30.0, 10.0]), 0) == {"smelter": {"ore": 0.4}}
    assert own.shares(np.array([1.0, 1.0, 10.0]), 0) == {"smelter": {"ore": 1.0}}
    assert own.shares(np.zeros(3), 0) == {"smelter": {"ore": 0.0}}
    assert flow(most=col(50, 0, 0)).shares(np.array([20.0, 30.0, 10.0]), 0) == {"smelter": {"ore": 0.2}}
    assert flow(endless=(True, False, False)).shares(np.array([1.0, 1.0, 1.0]), 0)["smelter"]["ore"] == 1.0
    asked = own.asked_for(np.array([20.0, 30.0, 10.0]), np.array([6.0, 24.0, 0.0]), 0, [0])
    assert asked == {"old": {"ore": 0.4}, "new": {"ore": 0.6}}
    assert own.asked_for(np.zeros(3), np.zeros(3), 0, [0]) == {"old": {"ore": 0.0}, "new": {"ore": 0.0}}
    assert own.routed(None) is own.share is own.routed({})
    changed = own.routed({"old": {"metal": 0.3}, "smelter": {"ore": 0.1}})
    assert changed[1, 0, 0] == 0.3 and changed[0, 2, 0] == 0.1 and own.share[0, 2, 0] == 0.75
    assert joined({"a": {"x": 1.0, "y": 2.0}}, {"a": {"y": 3.0}, "b": {"z": 4.0}}) == {
        "a": {"x": 1.0, "y": 3.0},
        "b": {"z": 4.0},
    }


def test_a_chain_as_it_is_stated() -> None:
    own = build(chain_of_ore(), "chains.c", Draws())
    assert own.processes == ("old", "new", "smelter", "kiln") and own.makes == (0, 0, 1, 3)
    assert own.uses[0, :, 0].tolist() == [0, 0, 2, 2] and own.joint[2, 2, 0] == 0.5
    assert own.uses_growth[0, 2, 0] == 0.5 and own.joint_growth[2, 2, 0] == near(1.2)
    assert own.uses_growth[0, 3, 0] == 1.0 and own.base[:, 0].tolist() == [30, 50, 30, 5]
    # what the smelter leaves of the ore is the kiln's
    assert own.share[0, :, 0].tolist() == near([0, 0, 0.8, 0.2])
    assert own.part[:, 0].tolist() == [0.375, 0.625, 1.0, 1.0] and own.worth == 0.5
    # metal and slag are worth 102 a unit; ore takes 20 of it, other things 30 %
    assert own.va_ratio[:, 0].tolist() == near([0.6, 0.75, 1 - 20 / 102 - 0.3, 0.4])
    assert (own.endless, own.by_cost, own.most[:, 0].tolist()) == ((False,) * 4, (False,) * 4, [0.0] * 4)
    told_parts = build(chain_of_ore(processes={"old": {"part": fact(10)}}), "c", Draws())
    assert told_parts.part[:, 0].tolist() == near([0.1, 0.625, 1.0, 1.0])
    any_of_it = build(chain_of_ore(materials={"ore": {"bought": {}, "sharing": "cost"}}), "c", Draws())
    assert any_of_it.endless[0] and any_of_it.by_cost[0] and any_of_it.most[0, 0] == 0.0
    some = build(chain_of_ore(materials={"ore": {"bought": {"most": fact(7)}}}), "c", Draws())
    assert not some.endless[0] and some.most[:, 0].tolist() == [7, 0, 0, 0]
    # of 94 used 80 are made: the makers are asked for what they made of it
    more = {"smelter": {"base": fact(42), "routing": None}}
    short = build(chain_of_ore(materials={"ore": {"bought": {}}}, processes=more), "c", Draws())
    assert short.part[:2, 0].tolist() == near([30 / 94, 50 / 94]) and short.share[0, 2:, 0].tolist() == [
        0.5,
        0.5,
    ]
    idle = {name: {"base": fact(0)} for name in ("old", "new", "smelter", "kiln")}
    assert build(chain_of_ore(processes=idle), "c", Draws()).part[:, 0].tolist() == [0.5, 0.5, 1.0, 1.0]


def wrong(**more: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(ScenarioError) as caught:
        build(chain_of_ore(**more), "chains.c", Draws())
    return [
        (each.path.removeprefix("chains.c."), str(each.found), str(each.expected))
        for each in caught.value.problems
    ]


def test_chains_that_cannot_be() -> None:
    assert wrong(processes={"smelter": {"base": fact(36)}}) == [
        ("materials.ore", "82 used in the base year", "at most the 80 that is made")
    ]
    assert wrong(
        processes={"smelter": {"base": fact(36)}}, materials={"ore": {"bought": {"most": fact(1)}}}
    ) == [("materials.ore", "82 used in the base year", "at most the 81 that is made or can be bought")]
    assert wrong(processes={"smelter": {"routing": {"ore": fact(70)}}}) == [
        ("processes.smelter.routing.ore", "56 to take", "at least the 60 that its base output uses")
    ]
    ((place, found, expected),) = wrong(processes={"new": {"uses": {"metal": fact(0.1)}}})
    assert (place, expected) == ("processes", "processes that do not feed one another in a circle")
    assert set(found.removeprefix("a circle: ").split(", ")) == {"smelter", "new", "kiln"}
    assert wrong(materials={"lime": {"price": fact(0)}}) == [
        ("processes.kiln", "products without any value", "a product with a price above 0")
    ]
    assert wrong(processes={"smelter": {"other_purchases": fact(85)}}) == [
        (
            "processes.smelter.other_purchases",
            "materials of 19.6 % and other purchases of 85.0 % of what is made",
            "less than 100 together",
        )
    ]
    units = {"worth": None, "amount": "kt", "price": "USD/bbl"}
    assert [each[0] for each in wrong(units=units)] == ["units"]
    # exactly all that is made may be used, and exactly the share be taken
    edge = build(
        chain_of_ore(
            processes={"smelter": {"base": fact(35)}, "kiln": {"base": fact(5)}, "old": {"base": fact(30)}},
            materials={"ore": {"bought": {"most": fact(20)}}},
        ),
        "c",
        Draws(),
    )
    assert edge.base[2, 0] == 35.0
    full = build(chain_of_ore(processes={"smelter": {"routing": {"ore": fact(75)}}}), "c", Draws())
    assert full.share[0, 2, 0] == 0.75


def test_a_draw_that_cannot_be_is_taken_to_the_edge() -> None:
    class Loose(Draws):
        strict = False

    kept = build(chain_of_ore(processes={"smelter": {"other_purchases": fact(85)}}), "c", Loose())
    assert kept.va_ratio[2, 0] == 0.001
    assert (
        build(chain_of_ore(processes={"new": {"other_purchases": fact(0)}}), "c", Loose()).va_ratio[1, 0]
        == 0.999
    )
    shares = {
        "smelter": {"base": fact(36), "routing": {"ore": fact(88)}},
        "kiln": {"routing": {"ore": fact(15)}},
    }
    low = chain_of_ore(processes=shares, materials={"ore": {"bought": {"most": fact(1)}}})
    assert build(low, "c", Loose()).most[:, 0].tolist() == [2.0, 0.0, 0.0, 0.0]
    assert build(chain_of_ore(processes={"old": {"part": fact(50)}}), "c", Loose()).part[0, 0] == 0.5


# ---- purchases


def test_purchases_by_branch_and_by_class_are_the_same() -> None:
    """Three branches sell two classes to two buyers."""
    sold = np.array([[[0.5], [0.0]], [[0.25], [0.0]], [[0.0], [0.75]]])
    taken = np.array([[[0.2], [0.4]], [[0.8], [0.0]]])
    whole = [[0.1, 0.2], [0.05, 0.1], [0.6, 0.0]]
    by_class, kept = ByClass(sold, taken), col(1.0, 0.5, 2.0)
    by_branch = ByBranch(by_class.whole)
    assert by_branch.whole[..., 0] == near(np.array(whole))
    for own in (by_class, by_branch):
        assert own.asked(col(10, 100))[:, 0].tolist() == near([21.0, 10.5, 6.0])
        assert own.kept(kept).whole[..., 0] == near(np.array(whole) * [[1.0], [0.5], [2.0]])
        assert own.asked(np.array([[10.0, 0.0], [100.0, 1.0]]))[0].tolist() == near([21.0, 0.2])
    assert isinstance(purchases(sold, taken), ByBranch)
    many = np.concatenate([sold, sold], axis=0)
    assert isinstance(purchases(many, taken), ByClass) and few_beside(4, 8) and not few_beside(5, 9)
    direct = np.full((3, 3, 1), 0.5)
    square = ByBranch(np.full((3, 3, 1), 0.25))
    assert linked(square, direct).direct is None and linked(square, direct).whole[0, 0, 0] == 0.75
    loose = Links(ByClass(sold, np.full((2, 3, 1), 0.4)), direct)
    assert linked(loose.goods, direct).direct is direct and loose.whole[0, 0, 0] == near(0.7)
    assert Links(square, None).whole is square.whole


# ---- a choice of projects


def candidate(name: str, region: str = "north", **more: Any) -> Candidate:
    usual = {"value": 16.0, "money": {"own": 4.0}, "build": 2, "earliest": 0, "latest": 9}
    return Candidate(name, Bilingual(en=name), region, **{**usual, **more})


def test_worth_and_spending_of_a_choice() -> None:
    """Half of its value a quarter is lost until a project is complete."""
    own = Programme(
        (candidate("a"), candidate("b", build=4, money={"own": 8.0, "gift": 2.0})),
        ("Q1", "Q2", "Q3"),
        {"own": np.ones(3)},
        discount=15.0,
    )
    assert (
        own.worth(own.candidates[0], 1) == 2.0 and own.total({"a": 1, "b": 0}) == 3.0 and own.total({}) == 0
    )
    spent = {source: row.tolist() for source, row in own.spending({"a": 2, "b": 1}).items()}
    assert spent == {"own": [0.0, 2.0, 4.0, 6.0], "gift": [0.0, 0.5, 0.5, 1.0]}
    assert own.spending({})["own"].tolist() == [0.0] * 4
    assert Programme((candidate("a", build=4),), ("Q1",)).worth(candidate("a", build=4), 0) == near(16 / 1.08)


def rules(chosen: dict[str, int], **more: Any) -> list[tuple[str, str, float]]:
    a, b, c = candidate("a"), candidate("b", "south", after=("a",)), candidate("c", earliest=1, latest=1)
    usual = {"candidates": (a, b, c), "quarters": ("Q1", "Q2", "Q3", "Q4")}
    return [(each.rule, each.what, each.by) for each in broken(Programme(**{**usual, **more}), chosen)]


def test_rules_that_a_choice_breaks() -> None:
    assert rules({}) == [] == rules({"a": 0, "b": 2, "c": 1})
    assert rules({"x": 0}) == [("unknown", "x", 1.0)]
    assert rules({"c": 3}) == [("window", "c", 2.0)] and rules({"c": 0}) == [("window", "c", 1.0)]
    assert rules({"a": 5}) == [("window", "a", 2.0)]
    assert rules({"b": 2}) == [("after", "b after a", 1.0)]
    assert rules({"a": 2, "b": 1}) == [("after", "b after a", 3.0)] and rules({"a": 0, "b": 1})[0][2] == 1.0
    group = tuple(candidate(name, one_of=("g",), must=name == "a") for name in "abc")
    assert rules({"a": 0, "b": 0, "c": 0}, candidates=group) == [("one_of", "g", 2.0)]
    assert rules({"b": 0}, candidates=group) == [("must", "a", 1.0)]
    three = {"a": 0, "b": 2, "c": 1}
    quotas = {"north": Quota(3, 1, 7.0), "south": Quota(1, 1, 4.0)}
    assert rules(three, quotas=quotas) == [
        ("region_least", "north", 1.0),
        ("region_most", "north", 1.0),
        ("region_money", "north", 1.0),
    ]
    assert rules({}, quotas={"east": Quota(2)}) == [("region_least", "east", 2.0)]
    assert rules(three, starts=5, completions=4) == [("starts", "", 2.0), ("completions", "", 1.0)]
    assert rules({"a": 2, "c": 1}, completions=2) == [] and rules({"a": 3}, completions=1) == [
        ("completions", "", 1.0)
    ]
    # 2 a quarter: of a in the first two, of c in the second and third
    money = {"own": np.array([2.0, 3.0, 1.5, 0.0])}
    assert rules({"a": 0, "c": 1}, budgets=money) == [("budget", "own Q2", 1.0), ("budget", "own Q3", 0.5)]
    saved = {"own": np.array([5.0, 0.0, 2.5, 0.0])}
    over = [("budget", "own Q2", 1.0), ("budget", "own Q3", 0.5), ("budget", "own Q4", 0.5)]
    assert rules({"a": 0, "c": 1}, budgets=saved, carry=True) == over
    assert rules({"a": 0}, budgets={"own": np.array([2.0 - 1e-9, 2.0, 0.0, 0.0])}) == []
    # a millionth of large money is rounding, and of small money no more than of one
    for have, by, told in (
        (1e4, 5e-3, []),
        (1e4, 5e-2, ["own Q1"]),
        (0.01, 5e-7, []),
        (0.01, 5e-6, ["own Q1"]),
    ):
        large = (candidate("a", money={"own": 2 * (have + by)}),)
        found = rules({"a": 0}, candidates=large, budgets={"own": np.array([have, have + by, 0.0, 0.0])})
        assert [what for _, what, _ in found] == told


# ---- months of works


def works(**more: Any) -> ProjectPlan:
    return ProjectPlan("p", "s", 100.0, **more)


def test_what_no_project_can_be() -> None:
    for wrong in (
        {"approval": -1.0},
        {"registration": -1.0},
        {"construction": -1.0},
        {"ramp_up": -1.0},
        {"done": 1.1},
        {"done": -0.1},
        {"cancel": 1.1},
        {"cancel": -0.1},
        {"spread": {"else": (0.0, 1.0)}},
    ):
        with pytest.raises(ValueError, match=r"^p: "):
            works(**wrong)
    with pytest.raises(ValueError, match="negative"):
        ProjectPlan("p", "s", -1.0)
    for fine in (
        {"approval": 0.0, "construction": 0.0, "done": 1.0, "cancel": 1.0},
        {"done": 0.0, "cancel": 0.0},
    ):
        works(**fine)
    assert ProjectPlan("p", "s", 0.0).invest == 0.0


def test_when_works_begin_and_end() -> None:
    """As stated, by the time they take, or by the share that is done."""
    for more, begins, ends in (
        ({"start": 5.0}, 5.0, 17.0),
        ({"start": 5.0, "finish": 30.0}, 5.0, 30.0),
        ({"finish": 30.0}, 18.0, 30.0),
        ({"finish": 30.0, "usual": 3.0}, 18.0, 30.0),
        ({"stage": "commissioned", "finish": -6.0, "usual": 3.0}, -21.0, -6.0),
        ({"stage": "started", "done": 0.25}, -3.0, 9.0),
        ({"stage": "registered"}, 0.0, 12.0),
        ({"stage": "commissioned", "ramp_up": 4.0}, -28.0, -16.0),
        ({"stage": "planned", "approval": 7.0}, 7.0, 19.0),
        ({"stage": "approved", "approval": 7.0}, 0.0, 12.0),
    ):
        one = works(**more)
        assert (one.begins, one.ends) == (begins, ends), more
        assert works(**more, decided=2.0).listed == begins - 2.0
    stages = {s: works(stage=s) for s in ("planned", "approved", "started", "registered", "commissioned")}
    assert [s for s, one in stages.items() if one.ahead] == ["planned", "approved"]
    assert [s for s, one in stages.items() if one.under_way] == ["started", "registered"]


def test_what_is_done_of_works() -> None:
    for more, done in (
        ({"stage": "commissioned", "done": 0.5}, 1.0),
        ({"stage": "started", "done": 0.4}, 0.4),
        ({"stage": "started", "start": -6.0}, 0.5),
        ({"stage": "started", "start": -6.0, "usual": 3.0}, 0.4),
        ({"stage": "started", "start": -6.0, "finish": -1.0}, 1.0),
        ({"stage": "started", "start": 2.0}, 0.0),
        ({"stage": "planned", "start": -6.0}, 0.0),
        ({"stage": "started", "start": -6.0, "finish": -6.0}, 0.0),
    ):
        assert works(**more).worked == done, more
    assert works(stage="started", done=0.4).remaining == 60.0
    moved = works(start=5.0, finish=30.0, decided=1.0).begun_at(8.0)
    assert (moved.start, moved.finish, moved.decided, moved.ends) == (8.0, 33.0, 4.0, 33.0)
    assert works(finish=30.0).begun_at(20.0).finish is None and works(start=5.0).begun_at(8.0).ends == 20.0
    assert works().moved(-3.0).shift == -3.0


def told(one: ProjectPlan, **more: float) -> dict[str, float]:
    """The course of a project whose stages take what is stated."""
    usual = {
        name: getattr(one, name) for name in ("approval", "registration", "construction", "ramp_up", "slip")
    }
    stages = {name: np.array([value]) for name, value in {**usual, **more}.items()}
    found = course(one, Durations(cancelled=np.zeros(1, bool), **stages), 0)
    keys = ("arrival", "approval", "start", "building", "registered", "ramp_up", "part")
    return {key: getattr(found, key) for key in keys}


def test_the_course_of_works_that_never_queue() -> None:
    ahead = works(start=10.0, finish=30.0, approval=4.0, registration=2.0, construction=16.0, ramp_up=5.0)
    plain = {
        "arrival": 6.0,
        "approval": 4.0,
        "start": 10.0,
        "building": 20.0,
        "registered": 12.0,
        "ramp_up": 5.0,
    }
    assert told(ahead) == {**plain, "part": 1.0}
    # half as long again, and three months more
    assert (
        told(ahead, construction=24.0, slip=3.0)["building"] == 33.0
        and told(ahead, slip=-99.0)["building"] == 0.0
    )
    assert told(replace(ahead, shift=-8.0)) == {
        **plain,
        "arrival": 0.0,
        "start": 4.0,
        "registered": 6.0,
        "part": 1.0,
    }
    assert told(replace(ahead, shift=-99.0))["start"] == 4.0
    assert told(replace(ahead, stage="approved", shift=-99.0)) == {
        **plain,
        "arrival": 0.0,
        "approval": 0.0,
        "start": 0.0,
        "registered": 2.0,
        "part": 1.0,
    }
    begun = works(stage="started", start=-5.0, finish=15.0, registration=2.0, construction=20.0)
    assert told(begun, slip=1.0, construction=30.0) == {
        "arrival": 0.0,
        "approval": 0.0,
        "start": 0.0,
        "building": 15 * 1.5 + 1.0,
        "registered": -3.0,
        "ramp_up": 0.0,
        "part": 1.0,
    }
    assert told(replace(begun, stage="registered"))["registered"] == -INF
    assert told(replace(begun, finish=-2.0), slip=5.0)["building"] == 3.0  # it should have ended
    assert told(replace(begun, finish=-2.0))["building"] == 0.0
    over = told(works(stage="commissioned", finish=-6.0, ramp_up=5.0))
    assert (over["start"], over["building"], over["registered"], over["ramp_up"]) == (-6.0, 0.0, -INF, 5.0)
    assert told(works(stage="commissioned", start=3.0))["start"] == 0.0
    assert told(works(start=1.0, finish=3.0, construction=0.0), construction=9.0)["building"] == 2.0


def test_works_that_are_stopped() -> None:
    """Of ten months from the sixth on four are done by the tenth, none by the sixth, all by the sixteenth."""
    one = works(start=6.0, construction=10.0)
    for stop, building, part in (
        (10.0, 4.0, 0.4),
        (6.0, 0.0, 0.0),
        (2.0, 0.0, 0.0),
        (16.0, 10.0, 1.0),
        (99.0, 10.0, 1.0),
    ):
        found = told(replace(one, stop=stop))
        assert (found["building"], found["part"]) == (building, part)
    assert (
        told(replace(one, stop=16.0 - 0.9e-9))["part"] == 1.0
        and told(replace(one, stop=16.0 - 1e-8))["part"] < 1.0
    )
    assert told(replace(one, construction=0.0, stop=3.0))["part"] == 0.0
    assert told(replace(one, stage="approved", stop=10.0))["part"] == 0.4
    begun = replace(one, stage="started", start=-5.0)
    assert (told(replace(begun, stop=1.0))["building"], told(replace(begun, stop=1.0))["part"]) == (1.0, 0.2)


def test_durations_are_central_or_drawn() -> None:
    one = works(approval=3.0, ramp_up=4.0, slip=1.0, spread={"construction": (10.0, 20.0)}, cancel=1.0)
    two = replace(one, stage="started", spread={})
    central = central_durations([one, two])
    online_by = online(np.array([3.0, INF]), np.array([0.0, 0.0]), 2)
    assert online_by.tolist() == [near([0.0, 0.75, 1.0]), [0.0, 0.0, 0.0]]
    bare = ProjectPlan("p", "s", 1.0)
    assert (bare.approval, bare.registration, bare.ramp_up, bare.slip, bare.output) == (0.0,) * 5
    assert PoolPlan(1, 1, 1, np.zeros((1, 1))).approval == 0.0 == PoolPlan(1, 1, 1, np.zeros((1, 1))).slip
    assert central.construction.tolist() == [12.0, 12.0] and central.approval.tolist() == [3.0, 3.0]
    assert not central.cancelled.any() and central.slip.tolist() == [1.0, 1.0]
    drawn = draw_durations([one, two], np.random.default_rng(1))
    assert drawn.cancelled.tolist() == [True, False] and drawn.ramp_up.tolist() == [4.0, 4.0]
    assert 10 < drawn.construction[0] < 20 and drawn.construction[0] != 12.0 and drawn.construction[1] == 12.0


def test_drawn_months_have_the_mean_of_a_pert() -> None:
    """(low + 4 mode + high) / 6, and a variance of (mean - low)(high - mean) / 7."""
    drawn = draw_pert(12.0, (10.0, 20.0), np.random.default_rng(7), 20_000)
    assert drawn.min() >= 10 and drawn.max() <= 20 and drawn.shape == (20_000,)
    assert drawn.mean() == near(13.0, abs=0.05) and drawn.var() == near(3.0, rel=0.05)
    for mode, mean in ((5.0, 70 / 6), (25.0, 110 / 6)):  # at the ends
        assert draw_pert(mode, (10.0, 20.0), np.random.default_rng(7), 20_000).mean() == near(mean, abs=0.05)
    rng = np.random.default_rng(7)
    assert draw_pert(5.0, None, rng, 2).tolist() == [5.0, 5.0] == draw_pert(5.0, (5.0, 5.0), rng, 2).tolist()
    assert draw_pert(5.0, (6.0, 4.0), rng, 1).tolist() == [5.0]


def test_a_table_has_the_quantiles_of_its_law() -> None:
    """In the tails exact, between to a thousandth; several laws at once, each in its row."""
    u = np.array([1e-7, 1e-4, 0.01, 0.03, 0.2, 0.5, 0.77, 0.999, 1 - 1e-7])
    plain = [Normal(3.0, 2.0), Pert(2.0, 3.0, 7.0), Student(3.0, 5.0), Normal(0.0, 1.0)]
    tables = [tabulated(each) for each in plain]
    for each, table in zip(plain, tables, strict=True):
        assert isinstance(table, Tabulated) and table.ppf(u) == near(each.ppf(u), rel=1e-3, abs=1e-3)
        ends = np.array([1e-7, 1e-4, 1 - 1e-7])
        assert table.ppf(ends) == near(each.ppf(ends), rel=1e-9)
        assert table.ppf(u.reshape(3, 3)).shape == (3, 3)
    assert tabulated(Uniform(1.0, 2.0)) == Uniform(1.0, 2.0)
    together = Tables(tables)  # type: ignore[arg-type]
    rows = np.stack([u, u[::-1]])
    found = together.ppf(rows, np.array([1, 0, 0, 1]))
    for at, (table, row) in enumerate(zip(tables, (1, 0, 0, 1), strict=True)):
        assert found[at] == near(table.ppf(rows[row]))
    scores = np.array([-2.0, 0.0, 1.5])
    assert at_scores(tables[0], scores).tolist() == near([-1.0, 3.0, 6.0])
    assert at_scores(Uniform(0.0, 1.0), scores) == near(normal(scores))


def test_money_and_output_by_month() -> None:
    assert placed(
        np.array([2.0, 3.0]), np.array([6.0, 3.0]), np.array([8.0, 5.0]), np.arange(8.0)
    ).tolist() == [
        [0, 0, 0, 2, 4, 6, 8, 8],
        [0, 0, 0, 0, 5, 5, 5, 5],
    ]
    assert yearly(np.arange(24.0)[None]).tolist() == [[66.0, 210.0]]
    # from the sixth month of the first year in a line to full load after six months
    average = [float(ramp_average(6.0, 6.0, year)) for year in range(4)]
    assert average == near([0.0, 0.25, 1.0, 1.0])
    assert [float(ramp_average(3.0, 0.0, year)) for year in (0, 1, 2)] == near([0.0, 0.75, 1.0])
    assert float(ramp_average(-6.0, 24.0, 1)) == near((18**2 - 6**2) / 48 / 12)
    assert float(ramp_average(INF, 6.0, 3)) == 0.0 and float(ramp_average(-INF, 6.0, 0)) == 1.0
    cumulated = np.array([[0.0, 2.0, 5.0, 9.0], [0.0, 2.0, 5.0, 9.0], [0.0, 2.0, 5.0, 9.0]])
    found = count_registered(cumulated, np.array([1.0, -1.0, 0.0]), np.array([10.0, 10.0, 10.0]))
    edge = count_registered(cumulated[:1], np.array([1.0 - 2e-9]), np.array([10.0]))
    assert edge.tolist() == [[12.0, 3.0, 4.0]]  # before the second month
    hair = count_registered(cumulated[:1], np.array([-0.5e-9]), np.array([10.0]))
    assert hair.tolist() == [[12.0, 3.0, 4.0]]
    # registered in the second month; long since; on the first day
    assert found.tolist() == [[0.0, 15.0, 4.0], [2.0, 3.0, 4.0], [12.0, 3.0, 4.0]]


def test_projects_that_nobody_names() -> None:
    """Ten, of which one named is under way: two named start in each of two years; six start and four are
    complete in the first."""
    named = [
        works(stage="started", start=-3.0),
        *(works(start=at, construction=18.0) for at in (0.0, 11.9, 12.0, 23.9)),
        works(start=1.0, key=False),
        works(stage="commissioned"),
    ]
    pool = PoolPlan(10.0, 6.0, 4.0, np.zeros((1, 2)), construction=24.0)
    found = generic_projects(pool, named, 2)
    # 7 are not named: 4 start evenly over the first year, 3 are under way, all complete but the named one
    assert found.under_way.tolist() == [True] * 3 + [False] * 8
    assert found.start.tolist() == [0, 0, 0, 1.5, 4.5, 7.5, 10.5, 13.5, 16.5, 19.5, 22.5]
    assert found.building.tolist() == [2.0, 6.0, 10.0, *[24.0] * 8]
    fewer = generic_projects(replace(pool, completions=2.0), named, 1)
    # one is complete in the first year, the others one after the other in the second
    assert fewer.building.tolist() == [6.0, 15.0, 21.0, *[24.0] * 4]
    quick = generic_projects(replace(pool, construction=6.0), named, 1)
    # two of those that start are complete by the end of the year
    assert quick.building.tolist() == [6.0, 15.0, 21.0, *[6.0] * 4]
    small = generic_projects(PoolPlan(3.0, 9.0, 9.0, np.zeros((1, 1))), named, 1)
    assert not len(small.start)


def test_when_money_of_the_pool_is_spent() -> None:
    """One under way with six months left, one that starts in the seventh month and takes twelve."""
    own = Generics(np.array([0.0, 6.0]), np.array([6.0, 12.0]), np.array([True, False]))
    plan = pool_kernel(own, own.start, own.building, 2)
    assert plan[0] == near(np.array([1 / 12] * 12 + [0.0] * 12))
    assert plan[1] == near(np.array([0.0] * 12 + [1 / 6] * 6 + [0.0] * 6))
    late = pool_kernel(own, np.array([0.0, 12.0]), np.array([12.0, 12.0]), 2)
    assert late[0] == near(np.array([1 / 24] * 12 + [1 / 12] * 6 + [0.0] * 6))
    assert late[1] == near(np.array([0.0] * 18 + [1 / 6] * 6))
    none = pool_kernel(Generics(*(np.zeros(0) for _ in range(3))), np.zeros(0), np.zeros(0), 2)  # type: ignore[arg-type]
    assert none.tolist() == [[1 / 12] * 12 + [0.0] * 12, [0.0] * 12 + [1 / 12] * 12]
    idle = pool_kernel(
        Generics(np.zeros(1), np.array([6.0]), np.ones(1, bool)), np.zeros(1), np.array([6.0]), 2
    )
    assert idle[1].tolist() == [0.0] * 12 + [1 / 12] * 12
    never = pool_kernel(own, np.array([0.0, INF]), own.building, 2)
    assert never[0].sum() == near(0.5)


# ---- distributions

U = np.array([0.001, 0.1, 0.25, 0.5, 0.8, 0.999])


def normal(x: np.ndarray) -> np.ndarray:
    """Chance that a standard normal lies below."""
    return np.array([0.5 * math.erfc(-each / math.sqrt(2)) for each in x])


def test_so_much_lies_below_a_quantile() -> None:
    from scipy.special import betainc, stdtr

    assert Uniform(2.0, 5.0).ppf(U) == near(2 + 3 * U)
    for mode in (2.0, 3.0, 7.0):
        x = Triangular(2.0, mode, 7.0).ppf(U)
        rising, falling = (x - 2) ** 2 / 5 / max(mode - 2, 1e-9), 1 - (7 - x) ** 2 / 5 / max(7 - mode, 1e-9)
        assert np.where(x < mode, rising, falling) == near(U) and (x >= 2).all() and (x <= 7).all()
    assert betainc(1.8, 4.2, (Pert(2.0, 3.0, 7.0).ppf(U) - 2) / 5) == near(U)
    assert normal((Normal(3.0, 2.0).ppf(U) - 3) / 2) == near(U)
    cut, (low, high) = Normal(3.0, 2.0, 2.0, 6.0).ppf(U), normal(np.array([-0.5, 1.5]))
    assert (normal((cut - 3) / 2) - low) / (high - low) == near(U)
    # a lognormal of median 4 and standard deviation 2: (exp σ² - 1) exp σ² = 1/4
    wide = Lognormal(4.0, 2.0)
    assert math.expm1(wide.log_sd**2) * math.exp(wide.log_sd**2) == near(0.25)
    assert normal(np.log(wide.ppf(U) / 4) / wide.log_sd) == near(U)
    ends = Lognormal(4.0, 2.0, 3.0, 9.0).ppf(np.array([1e-9, 1 - 1e-9]))
    assert ends == near(np.array([3.0, 9.0]), rel=1e-6)
    assert stdtr(5, Student(3.0, 5.0).ppf(U) / 3 / math.sqrt(0.6)) == near(U)
    few = Discrete((5.0, 1.0, 3.0), (1.0, 2.0, 1.0)).ppf(np.array([0.2, 0.5, 0.51, 0.75, 0.76, 1.0]))
    assert few.tolist() == [1.0, 1.0, 3.0, 3.0, 5.0, 5.0]
    seen = Empirical((4.0, 1.0, 2.0)).ppf(np.array([0.1, 1 / 6, 1 / 3, 0.5, 0.9]))
    assert seen.tolist() == near([1, 1, 1.5, 2, 4])
    mixed = CalmOrCrisis(1.0, 4.0, 0.25).ppf(U)
    assert 0.75 * normal(mixed) + 0.25 * normal(mixed / 4) == near(U)
    assert CalmOrCrisis(0.0, 0.0, 0.25).ppf(U) == near(np.zeros(6), abs=1e-9)


def test_laws_share_what_differs_in_place_and_width_alone() -> None:
    for one in (
        Pert(2.0, 3.0, 7.0),
        Normal(3.0, 2.0),
        Normal(3.0, 2.0, 2.0),
        Normal(3.0, 2.0, high=4.0),
        Student(3.0, 5.0),
        CalmOrCrisis(2.0, 5.0, 0.1),
        CalmOrCrisis(0.0, 5.0, 0.1),
        Uniform(2.0, 5.0),
    ):
        base, place, width = one.standard()
        assert place + width * base.ppf(U) == near(one.ppf(U), abs=1e-9)
    assert Normal(3.0, 2.0).standard() == (Normal(0.0, 1.0), 3.0, 2.0)
    assert Normal(3.0, 2.0, high=4.0).standard()[0] == Normal(3.0, 2.0, high=4.0)
    assert Pert(2.0, 3.0, 7.0).standard() == (Pert(0.0, 0.2, 1.0), 2.0, 5.0)
    assert CalmOrCrisis(2.0, 5.0, 0.1).standard() == (CalmOrCrisis(1.0, 2.5, 0.1), 0.0, 2.0)
    assert CalmOrCrisis(0.5, 2.0, 0.1).standard() == (CalmOrCrisis(1.0, 4.0, 0.1), 0.0, 0.5)


def number(**more: Any) -> Quantity:
    return Quantity.model_validate({"value": 4.0, "assumption": "test", **more})


def test_the_law_that_a_number_states() -> None:
    def stated(kind: str, more: dict[str, Any] | None = None, **bounds: float) -> Any:
        return law(number(distribution={"kind": kind, **(more or {})}, **bounds))

    ends = {"low": 1.0, "high": 9.0}
    assert (
        law(number()) is None and law(number(low=4.0)) is None and law(number(**ends)) == Pert(1.0, 4.0, 9.0)
    )
    assert law(number(high=9.0)) == Pert(4.0, 4.0, 9.0)
    assert stated("uniform", **ends) == Uniform(1.0, 9.0) and stated("uniform") is None
    assert stated("triangular", low=1.0) == Triangular(1.0, 4.0, 4.0)
    assert stated("normal", {"sd": 2.0}) == Normal(4.0, 2.0) and stated("normal", {"sd": 0.0}) is None
    assert stated("normal", {"sd": 2.0}, **ends) == Normal(4.0, 2.0, 1.0, 9.0)
    assert stated("lognormal", {"sd": 2.0}, low=1.0) == Lognormal(4.0, 2.0, 1.0)
    assert stated("discrete", {"values": (1.0, 2.0)}) == Discrete((1.0, 2.0), (1.0, 1.0))
    off = {"values": (1.0, -2.0), "weights": (3.0, 1.0), "deviations": True}
    assert stated("discrete", off) == Discrete((5.0, 2.0), (3.0, 1.0))
    assert stated("empirical", {"values": (1.0,)}) == Empirical((1.0,)) and stated("empirical") == Empirical(
        (4.0,)
    )
    assert reach(number()) == (4.0, 4.0) and reach(number(**ends)) == (1.0, 9.0)
    assert reach(number(distribution={"kind": "normal", "sd": 2.0}, low=1.0)) == (1.0, 4 + 2 * FAR)
    wide = Lognormal(4.0, 2.0)
    assert wide.ends() == near((4 * math.exp(-FAR * wide.log_sd), 4 * math.exp(FAR * wide.log_sd)))
    assert Discrete((5.0, 1.0, 3.0), (1.0, 1.0, 1.0)).ends() == (1.0, 5.0)
    assert (
        Lognormal.refused(0.1) is None and Lognormal.refused(0.0) is not None and Normal.refused(-1.0) is None
    )
    assert next(iter(DISTRIBUTIONS)) == "pert" and len(DISTRIBUTIONS) == 7


def test_the_law_of_a_shock() -> None:
    assert shock_law(2.0) == Normal(0.0, 2.0) and shock_law(2.0, 5.0) == Student(2.0, 5.0)
    assert shock_law(0.0) is None and shock_law(0.0, 5.0) is None
    assert shock_law(2.0, 5.0, 6.0, 0.1) == CalmOrCrisis(2.0, 6.0, 0.1)
    assert shock_law(2.0, None, 6.0, 0.0) == Normal(0.0, 2.0) and shock_law(0.0, None, 6.0, 0.1) is not None


# ---- arrays of draws


def test_arrays_of_draws() -> None:
    assert share_of(np.array([1.0, 2.0]), np.array([4.0])).tolist() == [0.25, 0.5]
    assert share_of(np.array([1.0]), np.array([0.0, -2.0, 2.0]), 9.0).tolist() == [9.0, 9.0, 0.5]
    table = by_draw((2, 2), {(0, 1): np.array([1.0, 2.0]), (1, 0): np.array([3.0])}, 7.0)
    assert table.tolist() == [[[7, 7], [1, 2]], [[3, 3], [7, 7]]]
    assert by_draw((1, 1), {}).tolist() == [[[0.0]]]
    one, two = same_draws(np.ones((2, 1)), np.ones((3, 4)))
    assert one.shape == (2, 4) and two.shape == (3, 4)

    class Two(Draws):
        def __call__(self, quantity: Quantity) -> Any:
            return np.array([quantity.value, -quantity.value])

    assert Two().rows([number(), None]).tolist() == [[4.0, -4.0], [0.0, 0.0]] and Two().rows([]).shape == (
        0,
        1,
    )
    assert Draws().rows([number(), None]).tolist() == [[4.0], [0.0]] and Draws().rows([]).shape == (0, 1)
    assert Draws().once("x", lambda values: values(number()).tolist()) == [4.0]


# ---- money, units, years


@pytest.mark.parametrize(
    ("unit", "currency", "found"),
    [
        ("万元", "CNY", ("CNY", 1e4)),
        ("亿元人民币", "CNY", ("CNY", 1e8)),
        ("RMB bn", "CNY", ("CNY", 1e9)),
        ("million USD", "CNY", ("USD", 1e6)),
        ("kt", "CNY", None),
        ("亿元", "USD", ("CNY", 1e8)),
        ("million", "CNY", ("", 1e6)),
        ("US$ million", "USD", ("USD", 1e6)),
        ("$ thousands", "USD", ("USD", 1e3)),
        ("dollars", "USD", ("USD", 1.0)),
        ("EUR", "CNY", ("EUR", 1.0)),
        ("crore INR", "CNY", ("INR", 1e7)),
        ("(GBP m)", "GBP", ("GBP", 1e6)),
        ("£ (100 million)", "GBP", ("GBP", 1e8)),
        ("XQX m", "CNY", None),
        ("t", "CNY", None),
        ("USD per head", "USD", None),
    ],
)
def test_units_of_money_taken_apart(unit: str, currency: str, found: object) -> None:
    assert taken_apart(unit, currency) == found


def test_scales_in_words_and_figures() -> None:
    words = {
        "thousand": 1e3,
        "Million": 1e6,
        "mn": 1e6,
        "mln": 1e6,
        "billion": 1e9,
        "bln": 1e9,
        "b": 1e9,
        "trillion": 1e12,
        "lakh": 1e5,
        "crore": 1e7,
        "10,000": 1e4,
        "100 million": 1e8,
        "hundred million": 1e8,
        "units": 1.0,
        "millions": 1e6,
        "thousands": 1e3,
        "billions": 1e9,
        "万": 1e4,
        "十万": 1e5,
        "百万": 1e6,
        "千万": 1e7,
        "亿": 1e8,
        "万亿": 1e12,
        "bn": 1e9,
        "tn": 1e12,
        "k": 1e3,
        "1": 1.0,
        "1e12": 1e12,
    }
    assert {word: scale_of(word) for word in words} == words
    for word in ("0.1", "1e13", "250", "x", "", "-10", "0"):
        assert scale_of(word) is None


def test_money_of_a_scenario() -> None:
    dollars, odd = Money(currency="USD", scale=1e6), Money(currency="USD", scale=2.5e6)
    assert (dollars.power, dollars.named, odd.named, Money().power) == (6, True, False, 8)
    assert (dollars.label, dollars.base, Money().label, Money().base) == ("USD m", "USD", "亿元", "元")
    assert (
        Money().smaller.label,
        dollars.smaller.scale,
        Money(currency="USD", scale=10.0).smaller.scale,
    ) == (
        "万元",
        1e3,
        1.0,
    )
    assert [Money(currency="USD", scale=10.0**p).unit("en") for p in range(13)] == [
        *("USD", "USD 10", "USD 100", "USD k", "USD 10k", "USD 100k", "USD m", "USD 10m", "USD 100m"),
        *("USD bn", "USD 10bn", "USD 100bn", "USD tn"),
    ]
    assert [Money(scale=10.0**p).unit("zh") for p in range(13)] == [
        *("元", "十元", "百元", "千元", "万元", "十万元", "百万元", "千万元", "亿元"),
        *("十亿元", "百亿元", "千亿元", "万亿元"),
    ]
    for money in (
        *(Money(scale=10.0**p) for p in range(13)),
        *(Money(currency="EUR", scale=10.0**p) for p in range(13)),
    ):
        assert money_of(money.label) == money
    for no in ("%", "元/t", "USD x", "XQX m", "人", "USD 10tn"):
        assert money_of(no) is None
    assert (
        dollars.times("USD bn") == 1e3 and dollars.times("million") == 1.0 and dollars.times("亿元") is None
    )
    assert dollars.units("en") == "USD m" and Money(scale=1e7).units("en") == "CNY 10m = CNY 0.01bn"
    assert (
        said_in("CNY 100m per USD/t", "zh") == "亿元 per 美元/t" and said_in("ABC m, %", "zh") == "ABC m, %"
    )


def test_amounts_in_running_text() -> None:
    assert (
        Money(scale=1e6).prose(99.0, "zh") == (4, "{}万元") and Money(scale=1e6).prose(-100.0, "zh")[0] == 8
    )
    assert Money(scale=1e8).prose(0.001, "zh")[0] == 8 and Money(scale=1e12).prose(1.0, "en")[0] == 12
    assert Money(scale=1e7).prose(1.0, "en") == (9, "CNY {}bn") and Money(scale=1.0).prose(1.0, "en")[0] == 0
    said = {
        (1e8, 41.57, 1): ("41.6亿元", "CNY 4.16bn"),
        (1e8, -0.5, 0): ("-0亿元", "-CNY 0.1bn"),
        (1e8, 0.5, 1): ("0.5亿元", "CNY 0.05bn"),
        (1e6, 250.0, 2): ("2.5000亿元", "CNY 250.00m"),
        (1e4, 123456.0, 0): ("12.3456亿元", "CNY 1234.56m"),
        (1e10, 2.0, 1): ("200亿元", "CNY 0.020tn"),
    }
    for (scale, value, digits), (zh, en) in said.items():
        with counting(Money(scale=scale)):
            assert (in_money(value, digits).of("zh"), in_money(value, digits).of("en")) == (zh, en), scale


@pytest.mark.parametrize(
    ("unit", "base", "factor"),
    [
        ("吨", "t", 1.0),
        ("千吨", "t", 1e3),
        ("亿吨", "t", 1e8),
        ("Mt", "t", 1e6),
        ("斤", "t", 5e-4),
        ("thousand tonnes", "t", 1e3),
        ("10,000 t", "t", 1e4),
        ("mill US$", "us$", 1e6),
        ("mln m3", "m3", 1e6),
        ("亿千瓦时", "kWh", 1e8),
        ("TWh", "kWh", 1e9),
        ("kbbl", "m3", 158.987294928),
        ("gallons", "m3", 0.003785411784),
        ("boxes", "boxe", 1.0),
        ("bus", "bus", 1.0),
        ("万", "万", 1.0),
        ("", "", 1.0),
    ],
)
def test_units_taken_apart(unit: str, base: str, factor: float) -> None:
    assert size(unit) == (base, near(factor))


def test_what_an_amount_times_a_price_is_worth() -> None:
    assert worth("万吨", "元/吨") == 1e-4 and worth("t", "thousand EUR/kt", 1e6) == 1e-6
    assert worth("kg", "USD per t", 1.0) == 1e-3 and worth("m3", "USD/l", 1e3) == 1.0
    for amount, price in (
        ("t", "USD"),
        ("t", "/t"),
        ("t", "USD/"),
        ("t", "USD/m3"),
        ("", "USD/ "),
        ("t", ""),
    ):
        assert worth(amount, price) is None
    assert Units(amount="kt", price="USD/t").factor(1e6) == 1e-3 and Units().derived() == 1e-4
    own = Units.model_validate({"worth": {"value": 7.0, "assumption": "x"}})
    assert own.factor() == 7.0 and own.derived() == 1e-4


def test_years_that_begin_in_another_month() -> None:
    july = Year(2013, 7)
    assert (str(july), f"{july}", f"{july:05d}", str(Year(2000, 4)), str(Year(2013))) == (
        "2012-13",
        "2012-13",
        "02013",
        "1999-00",
        "2013",
    )
    assert (july + 2, str(july + 2), str(2 + july), str(july - 1), july - Year(2010, 7)) == (
        2015,
        "2014-15",
        "2014-15",
        "2011-12",
        3,
    )
    assert type(july - Year(2010, 7)) is int and isinstance(july - 1, Year)
    for base, month in ((2020, 1), (Year(2020, 7), 7), (Year(2020, 4), 4), (Year(2020, 12), 12)):
        for ahead in range(-14, 30):
            year, at = ahead // 12 + 1, ahead % 12 + 1
            text = month_at(base + year, at)
            assert place_in(text, base) == (year, at)
            number_of = 12 * int(text[:4]) + int(text[5:]) - 1
            began = 12 * 2021 if month == 1 else 12 * 2020 + month - 1
            assert number_of == began + ahead == first_month(base + 1) + ahead
    assert last_month(2024) == "2024-12" and last_month(Year(2024, 7)) == "2024-06"


def test_a_text_says_something() -> None:
    with pytest.raises(ValueError, match="zh, en or both"):
        Bilingual()
    assert (
        Bilingual.model_validate("x") == Bilingual(zh="x", en="x") != Bilingual(en="x")
        and Bilingual(zh="甲").of("en") == "甲"
    )
    told_in = Bilingual.told({"zh": "甲", "fr": "a"})
    assert (told_in.of("fr"), told_in.of("en"), told_in.every()) == (
        "a",
        "甲",
        {"zh": "甲", "en": "", "fr": "a"},
    )
    assert hash(Bilingual.same("x")) == hash(Bilingual(zh="x", en="x")) and Bilingual.same("x") != "x"
    with pytest.raises(ValueError, match="expected low <= value <= high, found 5, 4, 9"):
        number(low=5.0, high=9.0)
    with pytest.raises(ValueError, match="found 4, 4, 3"):
        number(high=3.0)
    with pytest.raises(ValueError, match="Value error, a number"):
        Quantity.model_validate(True)
    assert number(low=4.0, high=4.0).low == 4.0 and not number().sourced
    assert (
        Quantity.model_validate({"value": 1, "source": "s"}).sourced
        and Quantity.model_validate(3).value == 3.0
    )


def test_broken_rules_are_values() -> None:
    assert Broken("a", "b", 1.0) == Broken("a", "b", 1.0)
    checks: list[Callable[[], object]] = [lambda: Quota(), lambda: Quota(0.0, INF, INF)]
    assert checks[0]() == checks[1]()


def test_dollars_of_other_countries() -> None:
    assert taken_apart("SG$ million", "SGD") == ("SGD", 1e6) and taken_apart("EU$ million", "EUR") is None
    assert taken_apart("$ million", "SGD") == ("SGD", 1e6) and taken_apart("$ million", "EUR") != ("EUR", 1e6)


def test_a_number_takes_over_what_was_read_beside_it() -> None:
    read = Traced(4.0, "a.b.value", "yearbook", None, "f.yaml:3:5")
    for stated in (read, {"value": read}):
        own = Quantity.model_validate(stated)
        assert (own.value, own.path, own.origin, own.source, own.assumption) == (
            4.0,
            "a.b",
            "f.yaml:3:5",
            "yearbook",
            None,
        )
    own = Quantity.model_validate({"value": read, "assumption": "guess"})
    assert own.source is None and str(own.assumption) == "guess" and own.path == "a.b"
    other = Quantity.model_validate({"value": read, "source": "mine"})
    assert other.source == "mine" and other.assumption is None
    guessed = Quantity.model_validate(Traced(1.0, assumption=Bilingual(en="so")))
    assert str(guessed.assumption) == "so" and (guessed.path, guessed.origin) == ("", "")


def test_months_of_one_row_and_of_many() -> None:
    months = np.arange(24.0)
    assert yearly(months).tolist() == [66.0, 210.0]
    assert yearly(np.stack([months, 1 - months])).tolist() == [[66, 210], [-54, -198]]
    assert yearly(np.stack([[months, months + 1]])).tolist() == [[[66, 210], [78, 222]]]


def test_tables_are_the_law_where_it_bends() -> None:
    """At each node of both tails, at coarse nodes between, and anywhere in the outermost cells."""
    rows = (
        Tabulated(Normal(0.0, 1.0)),
        Tabulated(Pert(0.0, 0.2, 1.0), 2.0, 5.0),
        Tabulated(Lognormal(4.0, 2.0)),
    )
    lower = np.concatenate([[1e-9, 0.3, 0.9999], np.arange(1.0, 256.0)]) / 8192
    places = np.concatenate([lower, 1 - lower[::-1], np.arange(1, 512) / 512])
    for one in rows:
        assert one.ppf(places) == near(one.shift + one.scale * one.base.ppf(places), rel=1e-9, abs=1e-12)
        between = one.ppf((np.arange(8, 120) + 0.5) / 128)
        exact = one.shift + one.scale * one.base.ppf((np.arange(8, 120) + 0.5) / 128)
        assert between == near(exact, rel=2e-3, abs=2e-3)
    # half way between two nodes stands the mean of both
    ends = rows[2].ppf(np.array([100.0, 100.5, 101.0]) / 8192)
    assert ends[1] == near((ends[0] + ends[2]) / 2, rel=1e-12)
    # beyond the tails nodes stand on straight lines between those of each 512th
    for place in (16.5, 20.25, 491.75, 495.5):
        low, high = rows[2].ppf(np.array([math.floor(place), math.ceil(place)]) / 512)
        assert rows[2].ppf(np.array([place / 512]))[0] == near(low + place % 1 * (high - low), rel=1e-12)
    table = rows[0].ppf(np.array([[0.2, 0.5], [0.001, 0.9]]))
    assert table.shape == (2, 2) and table[0, 1] == near(0.0, abs=1e-12)


def test_many_rows_are_looked_up_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    laws = [
        Tabulated(Normal(0.0, 1.0), 3.0, 2.0),
        Tabulated(Pert(0.0, 0.2, 1.0)),
        Tabulated(Uniform(0.0, 1.0)),
    ]
    u = np.random.default_rng(3).random((5, 4))
    u[1, 2], u[4, 0] = 1e-5, 1 - 1e-6
    rows = np.array([4, 1, 0])
    whole = Tables(laws).ppf(u, rows)
    for one, row, found in zip(laws, rows, whole, strict=True):
        assert np.array_equal(found, one.ppf(u[row]))
    for words in (1, 4, 8, 11):
        monkeypatch.setattr("dabiao.models.uncertainty.WORDS", words)
        assert np.array_equal(Tables(laws).ppf(u, rows), whole)
    assert Tables([]).ppf(u, np.zeros(0, np.intp)).shape == (0, 4)


def test_laws_at_scores_far_out() -> None:
    far = np.array([-40.0, 0.0, 40.0])
    assert at_scores(Normal(3.0, 2.0), far).tolist() == near([3 - 16.444164, 3.0, 3 + 16.419065], abs=1e-3)
    assert at_scores(tabulated(Normal(3.0, 2.0)), far).tolist() == [-77.0, 3.0, 83.0]
    assert np.isfinite(at_scores(Lognormal(4.0, 2.0), far)).all()
    assert at_scores(Uniform(2.0, 5.0), np.array([-1.0, 1.0])) == near(2 + 3 * normal(np.array([-1.0, 1.0])))
    assert tabulated(Uniform(2.0, 5.0)) == Uniform(2.0, 5.0)
    assert tabulated(Pert(2.0, 3.0, 7.0)) == Tabulated(Pert(0.0, 0.2, 1.0), 2.0, 5.0)


def test_shocks_of_no_size() -> None:
    assert shock_law(1.0, None, 2.0, 0.0) == Normal(0.0, 1.0) and shock_law(-1.0) is None
    assert shock_law(1.0, 4.0, None, 0.5) == Student(1.0, 4.0) and shock_law(0.0, None, None, 0.5) is None


# ---- the sheet


def sheet(*targets: Target, **more: Any) -> Sheet:
    relations = {
        "jobs": Relation(np.array([3.0]), {"gdp_growth": np.array([0.5]), "wages": np.array([2.0])}),
        "wages": Relation(np.array([1.0]), {"consumer_prices": np.array([10.0])}),
        "alone": Relation(np.array([7.0]), {}),
    }
    return Sheet({each.id: each for each in targets}, relations, **more)


def test_rows_of_a_sheet_by_hand() -> None:
    """GDP grows by -1 and 250/99 %: half of it and 3, and twice the wages of 1 + 10 * 3."""
    jobs = goal(id="jobs", indicator="jobs", basis="linked")
    own = sheet(goal(), jobs, offsets={"t": 0.25, "jobs": -2.0}, at=2, known={"jobs": {1: 40.0}})
    first, second = -1.0, 250 / 99
    assert [own.value(goal(), path(), t).tolist() for t in (1, 2)] == [near([first]), near([second + 0.25])]
    assert own.value(jobs, path(), 1).tolist() == [40.0]
    assert own.value(jobs, path(), 2).tolist() == near([3 + second / 2 + 62 - 2])
    assert own.linked("jobs", path(), 1).tolist() == near([3 - 0.5 + 62])
    assert own.linked("alone", path(), 1).tolist() == [7.0]
    assert [own.offset(goal(), t) for t in (1, 2, 3)] == [0.0, 0.25, 0.0]
    assert own.offset(goal(id="other"), 2) == 0.0
    stated = goal(basis="stated", expected=5.5)
    assert own.value(stated, path(), 2).tolist() == [5.5] and not stated.judged and jobs.judged
    assert np.isnan(own.value(replace(stated, expected=None), path(), 2)).all()
    plain = sheet(goal())
    assert plain.value(goal(), path(), 1).tolist() == near([first]) and plain.offset(goal(), 0) == 0.0
    told = own.knowing({"t": {2: 9.0}})
    assert told.value(goal(), path(), 2).tolist() == [9.25] and told.value(jobs, path(), 1)[0] != 40.0
    # of both years on average; what is known of the second goes before what the path gives
    both = goal(over=Over(1, 2, MEASURES["average"]))
    grown = math.sqrt(0.99 * (1 + second / 100))
    assert own.value(both, path(), 2).tolist() == near([100 * (grown - 1) + 0.25])
    assert told.value(both, path(), 2).tolist() == near([100 * (math.sqrt(0.99 * 1.09) - 1) + 0.25])
    total = goal(id="jobs", indicator="jobs", basis="linked", unit="人", over=Over(1, 2, MEASURES["sum"]))
    assert own.value(total, path(), 2).tolist() == near([40 + 3 + second / 2 + 62 - 2])
    rate = replace(total, unit="%")
    whole = 1.4 * (1 + (65 + second / 2) / 100)
    assert own.value(rate, path(), 2).tolist() == near([100 * (whole - 1) - 2])


def test_rows_that_speak_of_the_same_years() -> None:
    later = goal(id="later", over=Over(1, 2))
    own = sheet(goal(), later, offsets={"t": 1.0}, at=2, known={"t": {1: 4.0}})
    assert list(own.speaking_of().targets) == ["t"]
    some = own.speaking_of(Over(1, 2))
    assert list(some.targets) == ["later"] and list(own.speaking_of(Over(1, 3)).targets) == []
    assert (some.offsets, some.at, some.known, some.relations) == (
        own.offsets,
        own.at,
        own.known,
        own.relations,
    )
    assert leading([goal(), later]) == [goal(), later]
    assert leading([goal(), replace(later, main=True)]) == [replace(later, main=True)]


def test_gaps_in_money() -> None:
    """Of growth times the level of the year before; a level in money is its own; others have none."""
    own = sheet(goal())
    assert own.gap_yi(goal(), path(), 2, 1.0) == near((250 / 99 - 1) / 100 * 99)
    assert own.gap_yi(goal(), path(), 1, 1.0) == near(-0.02 * 100)
    assert own.gap_yi(goal(indicator="fai_level"), path(), 2, 100.0) == near(140.0)
    crops = goal(indicator="crop_output", asked=Asked(("rice",)))
    assert own.gap_yi(crops, path(), 2, 1.0) is None
    assert own.gap_yi(goal(indicator="jobs", basis="linked"), path(), 2, 1.0) is None
    both = goal(over=Over(1, 2, MEASURES["sum"]))
    # 101.5 of 100 before the years, where 5 % are asked
    assert own.gap_yi(both, path(), 2, 5.0) == near(1.5 - 5.0)
    stock = goal(indicator="fai_level", over=Over(1, 2, MEASURES["sum"]))
    assert own.gap_yi(stock, path(), 2, 100.0) == near(160 + 240 - 100)


def test_drivers_of_linked_rows() -> None:
    """Prices of 1.03 and of 1.02; GDP of 99 and 101.5."""
    assert indicators.driver(path(), 2, "consumer_prices").tolist() == near([3.0])
    assert indicators.driver(path(), 2, "nominal_gdp_growth").tolist() == near(
        [100 * (101.5 / 99 * 1.02 - 1)]
    )
    assert indicators.driver(path(), 1, "consumption_growth").tolist() == near([100 * 6 / 34])
    assert indicators.driver(path(), 1, "gdp_growth").tolist() == near([-1.0])


@pytest.mark.parametrize("ceiling", [False, True])
@pytest.mark.parametrize("margin", [0.0, 0.05, 0.25, -0.25])
def test_halves_about_nothing_are_reached_as_they_are_met(ceiling: bool, margin: float) -> None:
    """Half is rounded away from zero, of what is compared: the value with its margin."""
    for threshold in (-0.6, -0.1, 0.0, 0.1, 0.6, 1.2):
        tiers = {"ensure": None, "at_most": threshold} if ceiling else {"ensure": threshold}
        one = goal(margin=margin, **tiers)
        values = one.edge(threshold) + np.array([-0.04, -1e-6, 0.0, 1e-6, 0.04])
        met = [one.met(float(value), threshold) for value in values]
        assert one.reached(values, threshold).tolist() == met
        assert met[0] is ceiling and met[-1] is not ceiling
    assert goal(ensure=0.6).met(0.55, 0.6) and not goal(ensure=-0.5).met(-0.55, -0.5)


def test_words_of_commands() -> None:
    """Letters of any script and what is safe stand as they are; the rest is quoted."""
    for plain in ("某-市.yaml", "a_b,c:d@e%f+g=h/i", "①"):
        assert quoted(plain) == plain
    for other in ("某$市", "某 市", "=a", "", "a;b", "é*"):
        assert quoted(other) == f"'{other}'"
    assert quoted("it's") == "'it'\"'\"'s'"
    assert quoted("a\tb") == quoted("a\u200bb") == "FILE" and shell_word("-x") == "./-x"


def test_scales_before_a_unit() -> None:
    scales = {
        "thousand": 1e3,
        "trillion": 1e12,
        "million": 1e6,
        "billion": 1e9,
        "mill": 1e6,
        "mln": 1e6,
        "10,000": 1e4,
        "1,000": 1e3,
        "10000": 1e4,
        "1000": 1e3,
        "100m": 1e8,
        "100": 1e2,
        "mn": 1e6,
        "bn": 1e9,
        "十": 10.0,
        "百": 1e2,
        "千": 1e3,
        "万": 1e4,
        "亿": 1e8,
        "百万": 1e6,
        "Thousand": 1e3,
    }
    assert {word: size(f"{word} pallets") for word in scales} == {
        word: ("pallet", near(scale)) for word, scale in scales.items()
    }
    units = {"kg": 1e-3, "公斤": 1e-3, "千克": 1e-3, "吨": 1.0, "tonnes": 1.0, "千吨": 1e3, "Mt": 1e6}
    assert {name: size(name) for name in units} == {name: ("t", each) for name, each in units.items()}
    volumes = {
        "bbl": 0.158987294928,
        "barrels": 0.158987294928,
        "MMbbl": 158987.294928,
        "litres": 1e-3,
        "升": 1e-3,
    }
    assert {name: size(name) for name in volumes} == {name: ("m3", each) for name, each in volumes.items()}
    energy = {"kWh": 1.0, "度": 1.0, "MWh": 1e3, "GWh": 1e6, "TWh": 1e9}
    assert {name: size(name) for name in energy} == {name: ("kWh", each) for name, each in energy.items()}


def test_what_money_may_be_counted_in() -> None:
    assert (Money().currency, Money().scale) == ("CNY", 1e8)
    assert Money(scale=1.0).scale == 1.0 and Money(scale=1e12).power == 12
    for wrong in (
        {"scale": 0.9},
        {"scale": 1.1e12},
        {"currency": "yuan"},
        {"currency": "EURO"},
        {"currency": "EU"},
    ):
        with pytest.raises(ValueError, match="validation error"):
            Money(**wrong)
    # a name is a power of ten but for rounding
    assert Money(scale=1e6 * (1 + 1e-14)).named and not Money(scale=1e6 * (1 + 1e-10)).named
