"""Every comparison of the audit on a sheet small enough for pencil and paper: value, doubt, judgement,
arithmetic as told, and the numbers it names.

Value added of the base year: farms 60, plants 120, mines 90, shops 150; GDP 420, investment 168, transfers
33.6.
"""

from __future__ import annotations

import math

import pytest
from dabiao.engine.diagnose.audit import Audit, audit
from dabiao.models.consistency import Consistency
from regions import four, laid, region

PAST = {
    "outcomes": {"gdp_growth": 5, "plants_growth": 7, "key_project_investment": 42},
    "growth": {"farms": 4, "second": 6, "shops": 5},
    "swing": {"gdp": 1, "second": 3},
}
"""Plants and mines are of the second group."""


def pert(low: float, mode: float, high: float) -> float:
    """Standard deviation of a PERT distribution."""
    mean = (low + 4 * mode + high) / 6
    return math.sqrt((mean - low) * (high - mean) / 7)


def ranged(low: float, mode: float, high: float) -> dict:
    return {"value": mode, "low": low, "high": high}


def row(key: str, **tiers) -> dict:
    return {f"{key}_growth": {"title": key, "indicator": "sector_growth", "covers": [key], **tiers}}


def told(targets: dict, **over) -> Audit:
    built = region(laid(four(targets=targets, history=PAST), over))
    return audit(built.scenario, built.economy, built.sheet)


def line(found: Audit, check: str, target: str = "gdp_growth", tier: str = "ensure"):
    [only] = [each for each in found.lines if (each.check, each.target, each.tier) == (check, target, tier)]
    return only


def holds(found, asked, implied, sd, level, basis, used, *, nearest="ensure", bound=False) -> None:
    assert (found.asked, found.implied) == (pytest.approx(asked), pytest.approx(implied))
    assert found.sd == (None if sd is None else pytest.approx(sd))
    assert found.level is Consistency[level]
    assert found.basis.en == basis
    assert sorted(quantity.value for quantity in found.used) == sorted(used)
    assert (found.nearest, found.bound) == (nearest, bound)


# ---- growth


@pytest.fixture(scope="module")
def steps() -> Audit:
    return told(
        {
            "gdp_growth": {"ensure": 6, "stretch": 6.9, "main": True},
            **row("plants", ensure=8, stretch=9),
            "fai_growth": {"ensure": 10, "stretch": 12},
            "key_project_investment": {"ensure": 60},
        },
        prices={"investment": ranged(1, 2, 4), "gdp": 1.5},
        investment={"growth": ranged(7, 9, 10)},
    )


def test_a_whole_is_the_mean_of_its_parts(steps):
    made = 60 * 4 + 120 * 8 + 90 * 6 + 150 * 5
    holds(
        line(steps, "parts"),
        6,
        made / 420,
        math.hypot(60, 90 * 3, 150) / 420,  # of what the sheet says there is no doubt
        "CONSISTENT",
        "(agriculture 60.0 × 4.00 + plants 120.0 × 8.00 + process_chain 90.0 × 6.00 + services 150.0 × 5.00)"
        " ÷ 420.0 = 5.93",
        [4, 1, 6, 3, 5],
    )
    high = line(steps, "parts", tier="stretch")
    assert high.implied == pytest.approx((made + 120) / 420)
    assert (high.level, high.nearest) == (Consistency.TIGHT, "ensure")
    assert high.says.en.endswith("implies 6.2 %: the minimum tier, 6.0 %, is the one that fits best")


def test_what_a_whole_leaves_for_its_largest_part(steps):
    found = line(steps, "rest")
    holds(
        found,
        (420 * 6 - 60 * 4 - 120 * 8 - 90 * 6) / 150,
        5,
        math.hypot(150, 60, 90 * 3) / 150,
        "CONSISTENT",
        "(420.0 × 6.0 - (agriculture 60.0 × 4.00 + plants 120.0 × 8.00 + process_chain 90.0 × 6.00)) ÷ 150.0"
        " = 5.20",
        [4, 1, 6, 3, 5],
    )
    assert (found.unit, found.digits, found.about.en) == ("%", 1, "services")
    assert found.says.en == (
        "GDP growth 6.0 % (minimum) with agriculture 4.0 (last year), plants 8.0 (target), process_chain 6.0"
        " (last year) needs services to grow 5.2 %; services at 5.0 % (last year) implies 5.9 %, and the"
        " minimum tier, 6.0 %, fits best"
    )
    assert line(steps, "rest", tier="stretch").asked == pytest.approx(
        (420 * 6.9 - 60 * 4 - 120 * 9 - 90 * 6) / 150
    )


def test_a_whole_that_asks_less_than_its_largest_part_does_says_only():
    """4.5 leaves 1.0 for shops that grew by 5; nothing is said of other tiers where there is one alone."""
    found = line(told({"gdp_growth": {"ensure": 4.5, "main": True}, **row("plants", ensure=8)}), "rest")
    assert found.asked == pytest.approx((420 * 4.5 - 60 * 4 - 120 * 8 - 90 * 6) / 150)
    assert "needs services to grow only 1.0 %" in found.says.en
    assert found.says.en.endswith("implies 5.9 %.") and found.level is Consistency.LOOSE


def test_the_step_between_tiers(steps):
    """Plants bring 120 x 1 / 420; 0.9 is asked: shops must go (0.9 - 0.286) x 420 / 150 faster."""
    found = line(steps, "step", tier="stretch")
    holds(
        found,
        0.9,
        120 / 420,
        150 / 420,
        "TIGHT",
        "(plants 120.0 × 1.00) ÷ 420.0 = 0.29",
        [5, 1],
        nearest=None,
    )
    assert (found.unit, found.digits) == ("points", 2)
    assert found.says.en == (
        "GDP growth: the stretch target is 0.9 points above the minimum, the stretch targets of its parts"
        " bring 0.29, the rest takes services 1.7 points faster"
    )


def test_a_step_that_the_parts_bring_by_themselves_takes_nothing_of_the_rest():
    found = told(
        {"gdp_growth": {"ensure": 6, "stretch": 6.2, "main": True}, **row("plants", ensure=8, stretch=9)}
    )
    step = line(found, "step", tier="stretch")
    assert step.level is Consistency.CONSISTENT and "takes" not in step.says.en


def test_parts_without_a_stretch_tier_are_not_compared_with_a_stretch_of_the_whole():
    found = told({"gdp_growth": {"ensure": 6, "stretch": 9, "main": True}, **row("plants", ensure=8)})
    assert {(each.check, each.tier) for each in found.lines if each.target == "gdp_growth"} == {
        ("parts", "ensure"),
        ("rest", "ensure"),
        ("base_year", ""),
    }


def test_a_row_keeps_last_years_distance_from_gdp(steps):
    """7 against 5 last year, so 8 against 6; 120 / 420 x 8 of GDP's 6 points, 5.2 % for all else."""
    found = line(steps, "lead", "plants_growth")
    holds(
        found,
        8,
        6 + 7 - 5,
        3,
        "CONSISTENT",
        "6.0 + (7.0 - 5.0) = 8.00; contributes 120.0 ÷ 420.0 × 8.0 = 2.29 points, 38 % of"
        " it: all else must grow 5.20 %",
        [7, 5, 3],
    )
    assert line(steps, "lead", "plants_growth", "stretch").implied == pytest.approx(6.9 + 7 - 5)


def test_a_lead_without_last_years_outcome_says_what_is_missing():
    targets = {
        "gdp_growth": {"ensure": 6, "main": True},
        **row("plants", ensure=8),
        **row("shops", at_most=9),
    }
    found = told(targets, history={"outcomes": {"gdp_growth": None}})
    assert line(found, "lead", "plants_growth").missing == ("history.outcomes.gdp_growth",)
    both = told(targets, history={"outcomes": None})
    missing = line(both, "lead", "plants_growth")
    assert missing.missing == ("history.outcomes.plants_growth", "history.outcomes.gdp_growth")
    assert missing.says.en == (
        "plants against GDP: not compared, history.outcomes.plants_growth, history.outcomes.gdp_growth not"
        " stated"
    )
    assert (missing.asked, missing.implied, missing.sd) == (8, None, None)
    assert not [each for each in both.lines if (each.check, each.target) == ("lead", "shops_growth")]


def test_last_years_arithmetic(steps):
    """Values before: 420 / 1.05 in all, of which plants 120 / 1.07, farms 60 / 1.04, shops 150 / 1.05;
    mines are left: the group that holds them holds plants too."""
    before = [(120 / 1.07, 7), (60 / 1.04, 4), (150 / 1.05, 5)]
    left = (400 * 5 - sum(w * g for w, g in before)) / (400 - sum(w for w, _ in before))
    found = line(steps, "base_year", tier="")
    assert found.implied == pytest.approx(left)
    assert (found.asked, found.sd, found.level, found.unit, found.digits) == (
        None,
        None,
        Consistency.TOLD,
        "%",
        1,
    )
    assert found.basis.en == (
        "(400.0 × 5.0 - (plants 112.1 × 7.0 + agriculture 57.7 × 4.0 + services 142.9 × 5.0)) ÷ the rest ="
        " 3.09"
    )
    assert found.says.en == (
        "by the same arithmetic last year's outcomes left 3.1 % for the rest (CNY 9.00bn)"
    )
    assert sorted(each.value for each in found.used) == [4, 5, 5, 7]


@pytest.mark.parametrize(
    "past",
    [
        {"outcomes": {"gdp_growth": None}},  # nothing to divide
        {"growth": {"mines": 3}},  # nothing is left
        {"growth": {"shops": -100}},  # what is no more has no year before
        {"growth": None, "outcomes": {"plants_growth": None}},  # nothing to take away
    ],
)
def test_no_arithmetic_of_last_year_where_there_is_none(past):
    found = told({"gdp_growth": {"ensure": 6, "main": True}, **row("plants", ensure=8)}, history=past)
    assert not [each for each in found.lines if each.check == "base_year"]


# ---- investment


def test_growth_at_last_years_icor(steps):
    """168 / (420 x 0.05 / 1.05) = 8.4; 1.10 / 1.02 as much brings 1.0784 x 4.762; 6 % needs 26 % more."""
    holds(
        line(steps, "icor"),
        6,
        1.10 / 1.02 * 100 * 0.05 / 1.05,
        1,
        "CONSISTENT",
        "ICOR = 168.0 ÷ 20.0 = 8.40; 168.0 × 1.0784 ÷ 8.40 ÷ 420.0 = 5.14 %; the row needs investment at"
        " +28.5 %",
        [5, 168, 2, 1],
    )
    assert line(steps, "icor").says.en == (
        "GDP growth against investment: minimum 6.0 %; investment at +10.0 % with last year's ICOR, 8.4,"
        " implies 5.1 %"
    )
    assert line(steps, "icor", tier="stretch").implied == pytest.approx(1.12 / 1.02 * 100 * 0.05 / 1.05)


def test_less_investment_is_told_with_its_sign():
    found = told({"gdp_growth": {"ensure": 3, "main": True}, "fai_growth": {"ensure": -10}})
    assert "investment at -10.0 %" in line(found, "icor").says.en
    assert line(found, "icor").basis.en.endswith("the row needs investment at -37.0 %")


def test_an_icor_of_a_year_without_growth_is_none():
    found = told(
        {"gdp_growth": {"ensure": 3, "main": True}, "fai_growth": {"ensure": 4}},
        history={"outcomes": {"gdp_growth": 0}},
    )
    assert line(found, "icor").level is Consistency.MISSING


def test_a_row_of_investment_against_the_plan(steps):
    found = line(steps, "plan", "fai_growth")
    holds(
        found,
        10,
        9,
        pert(7, 9, 10),
        "TIGHT",  # beyond two deviations too: the plan may change
        "planned growth of investment = 9.00 %; the plan would have to spend CNY 0.17bn more",
        [9],
        bound=True,
    )
    assert "CNY 0.50bn more" in line(steps, "plan", "fai_growth", "stretch").basis.en
    easy = line(told({"fai_growth": {"ensure": 8}}, investment={"growth": 9}), "plan", "fai_growth")
    assert easy.level is Consistency.CONSISTENT
    assert easy.basis.en == "planned growth of investment = 9.00 %"


def test_a_plan_that_states_its_years_is_read_from_them():
    """7 % in the first year and 4 % in the second, which is the sheet's."""
    growth = {"growth_in": {"2021": 7, "2022": 4}}
    found = told({"fai_growth": {"ensure": 5}}, investment=growth)
    assert line(found, "plan", "fai_growth").implied == pytest.approx(7)
    second = told({"fai_growth": {"ensure": 5}}, investment=growth, years={"target": 2022})
    assert line(second, "plan", "fai_growth").implied == pytest.approx(4)
    assert line(second, "plan", "fai_growth").sd == 0


def test_key_projects_against_all_investment(steps):
    holds(
        line(steps, "key_bound", "key_project_investment"),
        60,
        168 * 1.1,
        0,
        "CONSISTENT",
        "168.0 × 1.1000 = 184.8",
        [168],
        bound=True,
    )
    holds(
        line(steps, "key_share", "key_project_investment"),
        60,
        42 / 168 * 168 * 1.1,
        None,
        "TOLD",
        "42.0 ÷ 168.0 × 184.8 = 46.2",
        [42, 168],
    )


def test_key_projects_without_last_years_amount():
    found = told(
        {"key_project_investment": {"ensure": 60}}, history={"outcomes": {"key_project_investment": None}}
    )
    missing = line(found, "key_share", "key_project_investment")
    assert missing.missing == ("history.outcomes.key_project_investment",)


@pytest.mark.parametrize(
    ("asked", "level"), [(1.1, "CONSISTENT"), (5, "TIGHT"), (11.9, "TIGHT"), (13, "CONTRADICTORY")]
)
def test_a_limit_on_money_that_may_be_relaxed(asked, level):
    """170 is 1.2 % more than 168; relaxed to 188, 11.9 %."""
    limits = {"money": {"title": "money", "on": "investment", "max": 170, "relax_to": 188}}
    holds(
        line(told({"fai_growth": {"ensure": asked}}, limits=limits), "money", "fai_growth"),
        asked,
        100 * (170 / 168 - 1),
        0,
        level,
        "170.0 ÷ 168.0 - 1 = 1.19 %; 188.0 ÷ 168.0 - 1 = 11.90 %",
        [170, 168, 188],
        bound=True,
    )


def test_a_limit_on_money_that_holds():
    limits = {"money": {"title": "money", "on": "investment", "max": 170}}
    found = line(told({"fai_growth": {"ensure": 5}}, limits=limits), "money", "fai_growth")
    assert (found.level, found.basis.en) == (Consistency.CONTRADICTORY, "170.0 ÷ 168.0 - 1 = 1.19 %")
    assert not [
        each for each in told({"fai_growth": {"at_most": 5}}, limits=limits).lines if each.check == "money"
    ]


# ---- quantities and values


def test_harvest_against_area_and_yield():
    """The sheet's own area, 61, at 400 kg; a row of ceilings alone holds the scenario's own, 60."""
    land = {"indicator": "crop_area", "covers": ["grain"]}
    harvest = {"harvest": {"indicator": "crop_output", "covers": ["grain"], "ensure": 30, "stretch": 26}}
    found = told({**harvest, "land": {**land, "ensure": 61}})
    holds(
        line(found, "harvest", "harvest"),
        30,
        61 * 400 / 1000,
        0,
        "CONTRADICTORY",
        "61.0 × 400.0 ÷ 1000 = 24.40; the row needs a yield of 491.8",
        [400, 0],
        nearest="stretch",
        bound=True,
    )
    assert "0.610 million mu at 400.0 kg implies 24.4" in line(found, "harvest", "harvest").says.en
    for most, sown in ((50, 50), (70, 60)):
        held = told({**harvest, "land": {**land, "at_most": most}})
        assert line(held, "harvest", "harvest").implied == pytest.approx(sown * 400 / 1000)
    alone = told(harvest)
    assert line(alone, "harvest", "harvest").implied == pytest.approx(60 * 400 / 1000)


@pytest.mark.parametrize(
    ("area", "asked", "level"),
    [(60.4, 24.2, "CONSISTENT"), (60.6, 24.3, "CONSISTENT"), (60.5, 24.3, "CONTRADICTORY")],
)
def test_harvest_allows_for_the_rounding_of_both_rows(area, asked, level):
    """Both are printed to 0.1: beyond area x 0.4 there are 0.05 of one and 0.05 x 0.4 of the other."""
    found = told(
        {
            "harvest": {"indicator": "crop_output", "covers": ["grain"], "ensure": asked},
            "land": {"indicator": "crop_area", "covers": ["grain"], "ensure": area},
        }
    )
    assert line(found, "harvest", "harvest").level is Consistency[level]


def test_output_value_against_growth_and_prices():
    """Plants make 120 / 0.3; last year's 6 of their group, prices at -2."""
    over = {"sectors": {"plants": {"price_growth": ranged(-3, -2, 0)}}}
    value = {"value": {"indicator": "output_value", "covers": ["plants"], "ensure": 350}}
    holds(
        line(told(value, **over), "output", "value"),
        350,
        400 * 0.98 * 1.06,
        400 * math.hypot(pert(-3, -2, 0) / 100, 0.98 * 3 / 100),
        "LOOSE",
        "400.0 × 0.9800 × 1.0600 = 415.5; the row needs real growth of -10.7 %",
        [-2, 6, 3],
    )
    assert line(told(value, **over), "output", "value").says.en.endswith(
        "a base of 400.0, prices at -2.0 % and real growth of 6.0 % (second, last year), implies 415.5"
    )


def test_output_value_over_a_stated_base():
    """A base of 500 in doubt by pert(480, 500, 530); a rate of the sheet may differ within the sector."""
    value = {"indicator": "output_value", "covers": ["plants"], "ensure": 550, "base": ranged(480, 500, 530)}
    found = line(told({"value": value, **row("plants", ensure=8)}), "output", "value")
    assert found.implied == pytest.approx(500 * 1.08)
    assert found.sd == pytest.approx(math.hypot(500 * 0.03, 1.08 * pert(480, 500, 530)))
    assert sorted(each.value for each in found.used) == [0, 500]


def test_output_value_of_sectors_of_whose_growth_nothing_is_known():
    value = {"value": {"indicator": "output_value", "covers": ["plants"], "ensure": 350}}
    bare = {"history": None, "sectors": {"plants": {"market": {"trend": 5}}}}
    assert line(told(value, **bare), "output", "value").implied == pytest.approx(400 * 1.05)


def test_nominal_gdp_against_growth_and_deflator():
    targets = {"gdp_growth": {"ensure": 6, "main": True}, "gdp_level": {"ensure": 450}}
    made = 420 * 1.06 * 1.015
    holds(
        line(told(targets, prices={"gdp": ranged(1, 1.5, 2)}), "level", "gdp_level"),
        450,
        made,
        made * pert(1, 1.5, 2) / 101.5,
        "LOOSE",
        "420.0 × 1.0600 × 1.0150 = 451.9",
        [420, 1.5],
    )
    lacks = line(told({"gdp_growth": None, "gdp_level": {"ensure": 450}}), "level", "gdp_level")
    assert lacks.missing == ("targets.gdp_growth",)


def test_what_a_stated_row_asks_over_last_year():
    firms = {"title": "firms", "basis": "stated", "ensure": 5.5, "expected": 5}
    found = line(told({"firms": firms}), "over_last_year", "firms")
    holds(found, 5.5, 5, None, "TOLD", "5.5 ÷ 5.0 - 1 = 10.0 %", [5])


# ---- several years


@pytest.fixture(scope="module")
def later() -> Audit:
    """The sheet speaks of the second year."""
    months = {"approval": 6, "registration": 0, "construction": 18, "ramp_up": 12}
    return told(
        {
            "gdp_growth": {"ensure": 6, "main": True},
            "harvest": {"indicator": "crop_output", "covers": ["grain"], "ensure": 30},
            "value": {"indicator": "output_value", "covers": ["plants", "oxide"], "ensure": 500},
            "fai_growth": {"ensure": 4},
            "key_project_investment": {"ensure": 60},
            "gdp_level": {"ensure": 450},
        },
        years={"target": 2022},
        history={"outcomes": {"plants_growth": None}},
        investment={"growth": 5, "later": ranged(2, 3, 5)},
        prices={"gdp": ranged(1, 1.5, 2), "gdp_in": {"2021": 3}},
        limits={"money": {"title": "money", "on": "investment", "max": 170}},
        pool={
            "projects": 40,
            "investment": ranged(38, 40, 43),
            "starts": 10,
            "completions": 8,
            "months": months,
            "slip": 1,
        },
        sectors={
            "plants": {"price_growth": 1},
            "farms": {
                "trend": 3,
                "crops": {"grain": {"area_growth": 1, "yield_growth": ranged(1, 2, 4)}},
                "farmland": {"built": 4, "yield_gain": ranged(5, 8, 10), "crops": ["grain"], "area": 40},
            },
        },
        chains={"ridge": {"materials": {"oxide": {"price_growth": ranged(-6, -5, -2)}}}},
    )


def test_investment_of_the_second_year_starts_from_that_of_the_first(later):
    """168 x 1.05 = 176.4 is what the year before the sheet's invests."""
    assert line(later, "icor").basis.en.startswith("ICOR = 168.0 ÷ 20.0 = 8.40; 168.0 × 1.0400 ÷ 8.40")
    plan = line(later, "plan", "fai_growth")
    assert (plan.implied, plan.sd) == (3, pytest.approx(pert(2, 3, 5)))
    assert plan.basis.en.endswith("CNY 0.18bn more")
    assert line(later, "money", "fai_growth").basis.en == "170.0 ÷ 176.4 - 1 = -3.63 %"
    assert line(later, "key_bound", "key_project_investment").basis.en == "176.4 × 1.0400 = 183.5"
    assert line(later, "key_share", "key_project_investment").implied == pytest.approx(
        42 / 168 * 176.4 * 1.04
    )


def test_the_plan_of_key_projects_follows_all_investment(later):
    found = line(later, "key_plan", "key_project_investment")
    holds(
        found,
        60,
        40 * 1.03,
        pert(38, 40, 43) * 1.03,
        "CONTRADICTORY",
        "planned investment of key projects = 40.0 × 1.0300 = 41.2",
        [40],
        bound=True,
    )


def test_harvest_of_the_second_year(later):
    """Area 60 x 1.01^2; yield 400 x 1.02^2 and a tenth of the land, twice, 8 % more; doubts of two years."""
    area = 60 * 1.01**2
    crop_yield = 400 * 1.02**2 * (1 + 2 * 0.1 * 0.08)
    harvest = area * crop_yield / 1000
    found = line(later, "harvest", "harvest")
    assert found.implied == pytest.approx(harvest, rel=1e-3)
    assert found.sd == pytest.approx(
        2 * harvest * (pert(1, 2, 4) / 100 + pert(5, 8, 10) / 100 * 4 / 40), rel=1e-3
    )
    assert sorted(each.value for each in found.used) == [2, 4, 8, 40, 400]


def test_output_value_of_the_second_year(later):
    """Plants 400 at prices of 1.01^2; oxide at 0.95^2; both at last year's 6 % of their group."""
    built = region(four())
    oxide = float(built.economy.worth("oxide", 0)[0]) * 0.08 * 90 * 0.6 / 1.80
    made = 400 * 1.01**2 + oxide * 0.95**2
    found = line(later, "output", "value")
    assert found.implied == pytest.approx(made * 1.06**2)
    swings = math.hypot(2 * 3 / 100 * 400 * 1.01**2, 2 * 3 / 100 * oxide * 0.95**2)
    assert found.sd == pytest.approx(math.hypot(swings, 2 * pert(-6, -5, -2) / 100 * oxide))
    assert "real growth of 6.0 % a year for 2 years" in found.says.en
    assert sorted(each.value for each in found.used) == [-5, 1, 3, 6]


def test_nominal_gdp_of_the_second_year(later):
    """Prices of the first year are stated, those of the second are in doubt; growth is rounded in both."""
    made = 420 * 1.06**2 * 1.015 * 1.03
    holds(
        line(later, "level", "gdp_level"),
        450,
        made,
        made * pert(1, 1.5, 2) / 101.5,
        "LOOSE",
        "420.0 × 1.1236 × 1.0455 = 493.4",
        [420, 1.5, 3],
    )


# ---- linked rows

OWN = {
    "prices": {"consumer": ranged(1, 2, 3), "gdp": ranged(1, 1.5, 2)},
    "demand": {
        "autonomous_consumption": ranged(0, 1, 2),
        "transfers": ranged(2, 3, 5),
        "income_elasticity": ranged(0.7, 0.8, 0.9),
    },
    "relations": {
        "retail": {
            "title": "retail",
            "constant": ranged(0, 1, 2),
            "drivers": {"consumption_growth": 1.2, "consumer_prices": 1},
        },
        "revenue": {
            "title": "revenue",
            "constant": 0,
            "drivers": {"nominal_gdp_growth": ranged(0.6, 0.8, 1)},
        },
        "urban_income_growth": {
            "title": "urban",
            "constant": ranged(1, 2, 3),
            "drivers": {"gdp_growth": 0.5},
        },
        "jobs": {"title": "jobs", "constant": 10, "drivers": {"gdp_growth": -0.5, "revenue": 0.25}},
    },
}
SHEET = {
    "gdp_growth": {"ensure": 6, "main": True},
    "retail": {"ensure": 9},
    "revenue": {"ensure": 7},
    "urban_income_growth": {"ensure": 6.5},
    "jobs": {"ensure": 9},
}


@pytest.fixture(scope="module")
def linked() -> Audit:
    return told(SHEET, **OWN)


def test_a_relation_to_nominal_gdp(linked):
    nominal = 100 * (1.06 * 1.015 - 1)
    holds(
        line(linked, "relation", "revenue"),
        7,
        0.8 * nominal,
        math.hypot(0.8 * pert(1, 1.5, 2), nominal * pert(0.6, 0.8, 1)),
        "TIGHT",
        "0.8 × nominal GDP growth 7.59 = 6.07; elasticity asked 0.92, by the relation 0.80",
        [0, 0.8, 1.5],
    )


def test_a_relation_to_rows_of_the_sheet(linked):
    """10 - 0.5 x 6 + 0.25 x 7; nothing of it is in doubt, so nothing can be judged."""
    holds(
        line(linked, "relation", "jobs"),
        9,
        8.75,
        None,
        "TOLD",
        "10 - 0.5 × GDP growth 6.00 + 0.25 × revenue 7.00 = 8.75",
        [10, -0.5, 0.25],
    )


def test_a_relation_to_consumption_is_that_of_the_model(linked):
    """Labour income grows with GDP, transfers at 3 %; c = 1.01 (1 + 0.8 h) - 1."""
    built = region(four())
    labour = float((built.economy.earned * built.economy.accounts.output).sum())
    share = 33.6 / (labour + 33.6)
    income = (1 - share) * 6 + share * 3
    spent = 100 * (1.01 * (1 + 0.8 * income / 100) - 1)
    doubt = math.hypot(pert(0, 1, 2), 0.8 * share * pert(2, 3, 5), pert(0.7, 0.8, 0.9) * income)
    found = line(linked, "relation", "retail")
    assert found.implied == pytest.approx(1 + 1.2 * spent + 2)
    assert found.sd == pytest.approx(math.hypot(pert(0, 1, 2), 1.2 * doubt, pert(1, 2, 3)))
    assert sorted(each.value for each in found.used) == [0.8, 1, 1, 1, 1.2, 2, 3]
    assert found.basis.en == (
        f"1 + 1.2 × real growth of household consumption {spent:.2f} + growth of consumer prices 2.00 ="
        f" {3 + 1.2 * spent:.2f}"
    )


def test_a_row_that_follows_consumption_against_the_highest_income(linked):
    real = 100 * (1.065 / 1.02 - 1)
    spent = 100 * (1.01 * (1 + 0.8 * real / 100) - 1)
    doubt = math.hypot(pert(0, 1, 2), 0.8 * pert(1, 2, 3), pert(0.7, 0.8, 0.9) * real)
    holds(
        line(linked, "incomes", "retail"),
        9,
        1 + 1.2 * spent + 2,
        math.hypot(pert(0, 1, 2), 1.2 * doubt, pert(1, 2, 3)),
        "CONSISTENT",
        "(1 + 1.0 %) (1 + 0.8 × 4.41 %) - 1 = 4.56 %; 1 + 1.2 × real growth of household consumption 4.56 +"
        " growth of consumer prices 2.00 = 8.48",
        [1, 1.2, 1, 0.8, 2, 1, 2],
        bound=True,
    )


def test_the_highest_income_is_the_highest_of_either_row():
    rural = {"title": "rural", "constant": 3, "drivers": {"gdp_growth": 0.5}}
    relations = {**OWN["relations"], "rural_income_growth": rural}
    found = told({**SHEET, "rural_income_growth": {"ensure": 8}}, **{**OWN, "relations": relations})
    assert (
        "income per head at the sheet's highest, 8.0 %, at most" in line(found, "incomes", "retail").says.en
    )
    capped = told({**SHEET, "rural_income_growth": {"at_most": 5}}, **{**OWN, "relations": relations})
    assert "highest, 6.5 %" in line(capped, "incomes", "retail").says.en


def test_incomes_grow_with_nominal_gdp_where_their_share_stays(linked):
    nominal = 100 * (1.06 * 1.015 - 1)
    holds(
        line(linked, "income_share", "urban_income_growth"),
        6.5,
        nominal,
        math.hypot(pert(1, 1.5, 2), 1),
        "LOOSE",
        "(1 + 6.0 %) (1 + 1.5 %) - 1 = 7.59 %; the row is 4.41 % in real terms; growth of population is not"
        " part of a scenario",
        [1.5, 2, 1],
    )


def test_a_relation_without_its_driver_says_which_row_is_missing():
    found = told({"revenue": {"ensure": 7}, "gdp_growth": None, "fai_growth": {"ensure": 1}}, **OWN)
    assert line(found, "relation", "revenue").missing == ("targets.gdp_growth",)


@pytest.mark.parametrize(
    ("most", "level"), [(2.5, "CONSISTENT"), (2.2, "CONSISTENT"), (2.1, "TIGHT"), (2.0, "CONTRADICTORY")]
)
def test_a_ceiling_on_consumer_prices(most, level):
    """2.2 is assumed, with a doubt of pert(2, 2.2, 3) = 0.17."""
    cpi = {"consumer_prices": {"title": "cpi", "basis": "stated", "at_most": most}}
    found = line(told(cpi, prices={"consumer": ranged(2, 2.2, 3)}), "prices", "consumer_prices", "at_most")
    assert (found.implied, found.level) == (2.2, Consistency[level])
    assert found.sd == pytest.approx(pert(2, 2.2, 3))
    assert found.basis.en == "assumed rise of consumer prices = 2.20 %"
