"""Indicators and targets, each worked out by hand on a tiny trajectory."""

from dataclasses import replace

import numpy as np
import pytest
from dabiao.models.indicators import INDICATORS, Asked, driver, growth
from dabiao.models.quantity import Bilingual
from dabiao.models.target import Relation, Sheet, Target, rounded
from hypothesis import given
from hypothesis import strategies as st
from regions import region, scenario, sector


@pytest.fixture(scope="module")
def tiny():
    """Plants: value added 30 of 100; shops: 54 of 100; farms: 12 of 20. Outputs and works of two years by
    hand."""
    sectors = {
        "plants": sector("industry", 30, national={"goods": 100}, price_growth=-10),
        "shops": sector("services", 54),
        "farms": sector("agriculture", 12),
    }
    data = scenario(
        sectors,
        prices={"gdp": 2, "consumer": 1.5, "investment": 3},
        demand={"autonomous_consumption": 1},
        years={"last": 2022},
        accounts={"fai": 30},
        mixes={"plan": {"shares": {"plants": 50, "shops": 40, "farms": 10}}},
    )
    path = region(data).run()
    output = np.array([[100.0, 110, 99], [100, 105, 105], [20, 21, 21]])[..., None]
    realisation = replace(
        path.realisation,
        invested=np.array([[16.0, 18], [12, 12], [3.5, 3]])[..., None],
        key_investment=np.array([[9.0], [7.5]]),
    )
    physical = {
        "made:steel": np.array([[50.0], [55], [60]]),
        "made:slag": np.array([[2.0], [1], [1]]),
        "crop:grain": np.array([[24.0], [25], [26.5]]),
        "crop:fruit": np.array([[3.0], [4], [5]]),
        "area:grain": np.array([[60.0], [61], [62]]),
        "area:fruit": np.array([[8.0], [8], [9]]),
    }
    prices = replace(
        path.economy.prices,
        material={"steel": np.array([1.1]), "slag": np.ones(1)},
        material_base={"steel": np.array([4000.0]), "slag": np.array([900.0])},
        worth={"steel": 1e-4, "slag": 1e-4},
    )
    return replace(
        path,
        economy=replace(path.economy, prices=prices),
        output=output,
        realisation=realisation,
        physical=physical,
    )


def value(path, name, year, covers=(), base=None):
    [found] = INDICATORS[name].value(path, year, Asked(covers, None if base is None else np.array([base])))
    return found


GDP = (30 + 54 + 12, 33 + 56.7 + 12.6, 29.7 + 56.7 + 12.6)


@pytest.mark.parametrize(
    "name, year, covers, expected",
    [
        ("gdp_growth", 1, (), 100 * (GDP[1] / GDP[0] - 1)),
        ("gdp_growth", 2, (), 100 * (GDP[2] / GDP[1] - 1)),
        ("gdp_level", 0, (), GDP[0]),
        ("gdp_level", 2, (), GDP[2] * 1.02**2),
        ("industry_above_scale_growth", 1, (), 10.0),  # plants alone are industry, 90 % of them above scale
        ("industry_above_scale_growth", 2, (), -10.0),
        ("sector_growth", 1, ("shops",), 5.0),
        ("sector_growth", 1, ("plants", "farms"), 100 * (45.6 / 42 - 1)),
        ("sector_growth", 1, ("making",), 10.0),  # a group: those made of its classes alone
        ("fai_growth", 1, (), 100 * (31.5 / 30 - 1)),
        ("fai_growth", 2, (), 100 * (33 / 31.5 - 1)),
        ("fai_level", 2, (), 33.0),
        ("key_project_investment", 1, (), 9.0),
        ("key_project_investment", 2, (), 7.5),
        ("output_value", 1, ("steel",), 55 * 4000 * 1.1e-4),
        ("output_value", 2, ("steel", "slag"), (60 * 4000 * 1.21 + 900) * 1e-4),
        ("output_value", 1, ("plants",), 110 * 0.9),  # its own price falls by a tenth
        ("output_value", 2, ("shops",), 105 * 1.02**2),  # no price of its own: the deflator
        ("output_value", 1, ("steel", "plants"), 55 * 4000 * 1.1e-4 + 99),
        ("crop_output", 2, ("grain", "fruit"), 31.5),
        ("crop_area", 1, ("grain",), 61.0),
    ],
)
def test_by_hand(tiny, name, year, covers, expected):
    assert value(tiny, name, year, covers) == pytest.approx(expected, rel=1e-12)


def test_output_value_wider_than_the_goods_follows_them(tiny):
    """766.3 of which the listed goods tell the movement: base x (p q) / (p0 q0)."""
    assert value(tiny, "output_value", 1, ("steel",), 766.3) == pytest.approx(766.3 * 55 * 1.1 / 50)


def test_consumption_growth_by_hand(tiny):
    """Income H = wages + transfers; consumption 0.2 fixed, 0.8 with income, 1 % a year by itself."""
    transfers = 0.08 * 96
    wages = (
        0.4 * np.array([30, 33, 29.7]) + 0.5 * np.array([54, 56.7, 56.7]) + 0.9 * np.array([12, 12.6, 12.6])
    )
    income = wages + transfers
    local = 1.01 ** np.arange(3) * (0.2 + 0.8 * income / income[0])
    for year in (1, 2):
        assert value(tiny, "household_consumption_growth", year) == pytest.approx(
            100 * (local[year] / local[year - 1] - 1)
        )


def test_income_growth_by_hand(tiny):
    """Wages of the three sectors and transfers that stand still; a point of it is worth a hundredth of last
    year's income."""
    income = (
        0.4 * np.array([30, 33, 29.7])
        + 0.5 * np.array([54, 56.7, 56.7])
        + 0.9 * np.array([12, 12.6, 12.6])
        + 0.08 * 96
    )
    assert tiny.income[:, 0] == pytest.approx(income)
    for year in (1, 2):
        g = 100 * (income[year] / income[year - 1] - 1)
        assert value(tiny, "household_income_growth", year) == pytest.approx(g)
        row = target(indicator="household_income_growth")
        assert Sheet({}, {}).gap_yi(row, tiny, year, 5.0) == pytest.approx((g - 5) / 100 * income[year - 1])


def test_every_indicator_is_worked_out_here(tiny):
    assert set(INDICATORS) == {
        "gdp_growth",
        "gdp_level",
        "industry_above_scale_growth",
        "sector_growth",
        "fai_growth",
        "fai_level",
        "key_project_investment",
        "output_value",
        "crop_output",
        "crop_area",
        "household_consumption_growth",
        "household_income_growth",
    }
    for name, indicator in INDICATORS.items():
        assert indicator.value.__doc__, name
        assert indicator.growth == (indicator.unit == "%"), name


def test_growth_from_nothing_is_no_growth():
    assert growth(np.array([5.0, 0.0]), np.array([0.0, 5.0])) == pytest.approx([0.0, -100.0])


# --- linked relations
# -------------------------------------------------------------------------------------------


def test_drivers_by_hand(tiny):
    assert driver(tiny, 1, "consumer_prices")[0] == pytest.approx(1.5)
    assert driver(tiny, 1, "nominal_gdp_growth")[0] == pytest.approx(100 * (GDP[1] / GDP[0] * 1.02 - 1))
    assert driver(tiny, 2, "consumption_growth")[0] == value(tiny, "household_consumption_growth", 2)
    assert driver(tiny, 2, "fai_growth")[0] == value(tiny, "fai_growth", 2)


def relation(constant, **drivers):
    return Relation(np.array([constant]), {key: np.array([each]) for key, each in drivers.items()})


def test_relations_and_relations_of_relations(tiny):
    """urban = 1.3 + 0.45 g + CPI; rural = 2 + urban; gap = rural - urban = 2."""
    relations = {
        "urban": relation(1.3, gdp_growth=0.45, consumer_prices=1),
        "rural": relation(2.0, urban=1),
        "gap": relation(0.0, rural=1, urban=-1),
    }
    rows = {key: target(indicator=key, basis="linked") for key in relations}
    sheet = Sheet(rows, relations)
    urban = 1.3 + 0.45 * 100 * (GDP[1] / GDP[0] - 1) + 1.5
    found = {key: sheet.value(row, tiny, 1)[0] for key, row in rows.items()}
    assert found == pytest.approx({"urban": urban, "rural": urban + 2, "gap": 2})


# --- targets
# ----------------------------------------------------------------------------------------------------


def target(**changes):
    plain = {
        "id": "t",
        "title": Bilingual(en="t"),
        "indicator": "gdp_growth",
        "basis": "modelled",
        "unit": "%",
        "digits": 1,
        "ensure": 6.5,
        "stretch": 7.0,
        "at_most": None,
        "asked": Asked(),
    }
    return Target(**(plain | changes))


@pytest.mark.parametrize(
    "given_value, digits, expected",
    [
        (6.45, 1, 6.5),
        (6.449999999999999, 1, 6.5),
        (6.4499, 1, 6.4),
        (-0.05, 1, -0.1),
        (2.5, 0, 3),
        (3.5, 0, 4),
        (1.005, 2, 1.01),
        (0.0, 1, 0.0),
        (550.04999, 1, 550.0),
    ],
)
def test_rounding_is_half_away_from_zero(given_value, digits, expected):
    assert rounded(given_value, digits) == expected


@given(st.integers(-(10**6), 10**6), st.integers(0, 3))
def test_rounding_of_halves_and_of_printed_numbers(steps, digits):
    """A printed number stays; a half goes away from zero."""
    printed = float(f"{steps / 10**digits:.{digits}f}")
    assert rounded(printed, digits) == printed
    half = (abs(steps) + 0.5) / 10**digits
    assert rounded(half, digits) == pytest.approx((abs(steps) + 1) / 10**digits, abs=1e-12)
    assert rounded(-half, digits) == -rounded(half, digits)


def test_a_tier_is_met_in_the_digits_of_the_sheet():
    row = target()
    assert row.tiers == {"ensure": 6.5, "stretch": 7.0}
    assert row.met(6.45, 6.5)
    assert not row.met(6.4499, 6.5)
    assert row.met(6.95, 7.0)
    assert not target(digits=2).met(6.45, 6.5)


def test_a_ceiling_is_met_from_below():
    row = target(ensure=None, stretch=None, at_most=3.5)
    assert row.tiers == {"at_most": 3.5}
    assert row.sign == -1
    assert row.met(3.5, 3.5)
    assert row.met(3.549, 3.5)
    assert not row.met(3.55, 3.5)
    assert row.met(-1.0, 3.5)


def test_a_stated_target_is_shown_and_not_judged(tiny):
    row = target(basis="stated", expected=28.0)
    assert not row.judged
    assert Sheet({}, {}).value(row, tiny, 1)[0] == 28.0
    assert np.isnan(Sheet({}, {}).value(target(basis="stated"), tiny, 1)[0])


def test_gaps_in_money(tiny):
    """A point of growth is worth a hundredth of the level of the year before."""
    sheet = Sheet({}, {})
    g = 100 * (GDP[1] / GDP[0] - 1)
    assert sheet.gap_yi(target(), tiny, 1, 7.0) == pytest.approx((g - 7) / 100 * GDP[0])
    g = 100 * (GDP[2] / GDP[1] - 1)
    assert sheet.gap_yi(target(), tiny, 2, 7.0) == pytest.approx((g - 7) / 100 * GDP[1])
    industry = target(indicator="industry_above_scale_growth")
    assert sheet.gap_yi(industry, tiny, 1, 8.0) == pytest.approx((10 - 8) / 100 * 0.9 * 30)
    shops = target(indicator="sector_growth", asked=Asked(("shops",)))
    assert sheet.gap_yi(shops, tiny, 1, 6.0) == pytest.approx(-0.01 * 54)
    assert sheet.gap_yi(target(indicator="fai_growth"), tiny, 1, 6.0) == pytest.approx(31.5 - 31.8)
    keys = target(indicator="key_project_investment", unit="亿元")
    assert sheet.gap_yi(keys, tiny, 1, 10.0) == pytest.approx(-1.0)
    grain = target(indicator="crop_output", unit="万吨", asked=Asked(("grain",)))
    assert sheet.gap_yi(grain, tiny, 1, 20.0) is None
    linked = Sheet({}, {"urban": relation(1.3, gdp_growth=0.45)})
    assert linked.gap_yi(target(indicator="urban", basis="linked"), tiny, 1, 5.0) is None
