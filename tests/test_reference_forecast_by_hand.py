"""The reference of a scenario: what it rests on and what it comes to, from stated experience of round
figures; and what earlier errors teach of later years."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dabiao.engine.forecast import reference as told
from dabiao.engine.forecast.drift import AHEAD, LONGEST, PRIOR_ORIGINS, Carried, Lasting, Missed, lasting
from dabiao.engine.forecast.news import level
from dabiao.engine.forecast.reference import Basis, beside_of, learnt_of, reference_of
from dabiao.engine.forecast.stated import experience
from dabiao.models.forecast import BOLD, Ahead, Fitted, Learnt, Past, Reference
from dabiao.scenarios.schema import Scenario
from regions import four, laid

FACTS = ("gap", "target", "mean", "last")
ZERO = dict.fromkeys(FACTS, 0)
EXPERIENCE: dict[str, Any] = {
    "chance": 20,
    "mapping": 0.6,
    "nation": {
        "2018": {"release": 6.5, "growth": 7, "aim": 7.5, "gap": -0.5, "spread": 1},
        "2019": {"release": 6, "growth": 6.6, "aim": 7.0, "gap": -0.4, "spread": 1.2},
        "2020": {"release": 2.2, "growth": 4},
    },
    "ahead": {
        "2021": {
            "october": {"middle": 7, "calm": 1.0, "crisis": 3},
            "none": {"middle": 5, "calm": 2.0, "crisis": 4},
        }
    },
    "slopes": {
        "0-none": ZERO,
        "0-target": {**ZERO, "target": 0.5},
        "2-target": {**ZERO, "last": 0.25, "target": 0.4},
    },
    "spread": {"0-none": 2, "0-target": 1.5, "2-target": 1.1},
    "beside": {
        "fai_growth": {"mean": 2, "lasting": 0.5, "spread": 3},
        "industry_above_scale_growth": {"mean": -1, "lasting": 0.25, "spread": 0},
    },
}


def region(**changes: Any) -> Scenario:
    return Scenario.model_validate(laid(four(), changes))


def known(**changes: Any) -> Scenario:
    return region(**laid({"experience": EXPERIENCE}, changes))


# ---- what a scenario states of itself


def test_growth_and_targets_by_year() -> None:
    """From the first year stated to the year to come, of which no growth is read."""
    years = {"2018": {"growth": 7, "target": 8}, "2021": {"growth": 99, "target": 6}, "2022": {"growth": 1}}
    growth, target = told._own(region(history={"years": years}))
    assert growth == pytest.approx([7, np.nan, np.nan, np.nan], nan_ok=True)
    assert target == pytest.approx([8, np.nan, np.nan, 6], nan_ok=True)
    last = {"years": {"2019": {"growth": 5}}, "outcomes": {"gdp_growth": 3}}
    growth, target = told._own(region(history=last))
    assert growth == pytest.approx([5, 3, np.nan], nan_ok=True)
    assert target == pytest.approx([np.nan, np.nan, 0], nan_ok=True)  # the sheet's own row stands in
    both = {"years": {"2020": {"growth": 5}}, "outcomes": {"gdp_growth": 3}}
    assert told._own(region(history=both))[0] == pytest.approx([5, np.nan], nan_ok=True)
    assert told._own(region())[0] == pytest.approx([np.nan, np.nan], nan_ok=True)


def test_the_row_of_the_year_alone_stands_in_for_a_target() -> None:
    """Not one over several years, nor one of another indicator, nor what a stretch asks."""

    def target(**rows: Any) -> float:
        return float(told._own(region(targets={"gdp_growth": None, **rows}))[1][-1])

    many = {"indicator": "gdp_growth", "over": [2021, 2023], "measure": "average", "ensure": 7}
    assert target(many=many, one={"indicator": "gdp_growth", "year": 2021, "ensure": 6}) == 6
    assert np.isnan(target(many=many))
    assert np.isnan(target(fai_growth={"ensure": 5}))
    assert np.isnan(target(one={"indicator": "gdp_growth", "stretch": 9}))


# ---- what is expected of all regions


def test_the_newest_edition_that_is_shipped_or_the_one_that_is_asked_for() -> None:
    """October where there is no January; an outlook of one's own goes before, with a lead of 1.8."""
    reference, basis = reference_of(known()) or pytest.fail()
    assert (reference.nation, reference.calm, reference.crisis, reference.chance) == (7, 1.0, 3, 0.2)
    assert basis == Basis("october", None, 0, 0.0, 0)
    assert reference.median == 7 - 0.5 * BOLD and reference.own > 0  # 7 below what all aimed at
    none, basis = reference_of(known(outlook={"edition": "none"})) or pytest.fail()
    assert (none.nation, basis.outlook) == (5, "none")
    own, basis = reference_of(known(outlook={"growth": 5})) or pytest.fail()
    assert own.nation == pytest.approx(6.8) and (own.calm, own.crisis) == (1.0, 3)
    assert basis == Basis("own", 5, 0, 0.0, 0)
    sure, basis = reference_of(known(outlook={"growth": 5, "error": 0.8})) or pytest.fail()
    assert sure.calm == sure.crisis == pytest.approx(1.0) and basis.assumed == 0
    bare = {"mapping": None, "ahead": None, "nation": {"2020": {"release": None}}}
    other, basis = reference_of(known(outlook={"growth": 5, "error": 1.2}, experience=bare)) or pytest.fail()
    assert other.nation == 5 and other.calm == pytest.approx(1.5) and basis.assumed == 1
    plain, basis = reference_of(known(outlook={"growth": 5}, experience=bare)) or pytest.fail()
    assert (plain.calm, plain.crisis, basis.assumed) == (told.ALONE_CALM, told.ALONE_CRISIS, 2)
    no_year, _ = (
        reference_of(known(outlook={"growth": 5}, experience={"nation": {"2020": None}})) or pytest.fail()
    )
    assert no_year.nation == 5
    assert reference_of(known(experience={"ahead": None})) is None


def test_a_region_leads_by_what_its_own_years_say() -> None:
    """Growth in 2019 and 2020 known: the entry of two years. Its last lead is 5 - 4, of which a quarter is;
    its target is 1 above what all aim at, of which 0.4 counts."""
    years = {"2019": {"growth": 6.6}, "2020": {"growth": 5}, "2021": {"target": 8}}
    reference, basis = reference_of(known(history={"years": years})) or pytest.fail()
    assert (reference.known, basis.years, basis.target) == (2, 2, 8.0)
    assert reference.median == pytest.approx(7 + 0.25 * 1 + 0.4 * (8 - 7.0))
    one, basis = (
        reference_of(known(history={"years": {"2020": {"growth": 5}, "2021": {"target": 8}}}))
        or pytest.fail()
    )
    assert one.known == 1 and one.median == pytest.approx(7 + 0.5 * 1)
    aimless, basis = reference_of(known(targets={"gdp_growth": {"ensure": None}})) or pytest.fail()
    assert basis.target is None and aimless.own == pytest.approx(2)


# ---- without experience


def test_without_experience_an_outlook_stands_alone() -> None:
    reference, basis = reference_of(region(outlook={"growth": 4.5})) or pytest.fail()
    assert reference == Reference(4.5, 1.2, 3.4, 0.15, 2.5, 4.5)
    assert basis == Basis("alone", 4.5, 0, None, assumed=3)
    reference, basis = reference_of(region(outlook={"growth": 4.5, "error": 1.2})) or pytest.fail()
    assert (reference.calm, reference.crisis) == (
        pytest.approx(1.5),
        pytest.approx(1.5),
    ) and basis.assumed == 2
    own = {"growth": 4.5, "of": "region"}
    reference, basis = reference_of(region(outlook=own)) or pytest.fail()
    assert reference == Reference(4.5, 1.2, 3.4, 0.15, 0.0, 4.5) and basis == Basis("region", 4.5, 0, None)
    reference, _ = reference_of(known(outlook={**own, "error": 0.7})) or pytest.fail()
    assert (reference.calm, reference.crisis, reference.own) == (0.7, 0.7, 0.0)


def test_four_years_of_ones_own_make_a_reference() -> None:
    """Wider the fewer they are: the root of 8 / 6 of four years."""
    path = {"2016": 5.0, "2018": 6.0, "2019": 4.0, "2020": 7.0}
    years = {year: {"growth": growth} for year, growth in path.items()}
    reference, basis = reference_of(region(history={"years": years})) or pytest.fail()
    ahead = level(np.array([5.0, np.nan, 6.0, 4.0, 7.0]))
    assert (reference.median, reference.calm, reference.crisis) == (ahead.middle, ahead.calm, ahead.crisis)
    assert reference.own == pytest.approx(2.5 * np.sqrt(8 / 6)) and reference.known == 4
    assert np.isnan(reference.nation) and reference.chance == 0.15
    assert basis == Basis("past", None, 4, None, assumed=1)
    del years["2016"]
    assert reference_of(region(history={"years": years})) is None


# ---- other indicators


def test_other_indicators_follow_with_a_lead_of_their_own() -> None:
    """Investment led by 6 last year, 2 as a rule, half of the rest of which stays."""
    reference = Reference(5.0, 1.0, 3.0, 0.2, 1.5)
    past = {"years": {"2020": {"growth": 4}}, "outcomes": {"fai_growth": 10}}
    found = beside_of(known(history=past), reference)
    nation = 0.8 * 1 + 0.2 * 9
    assert found["fai_growth"] == (pytest.approx(5 + 2 + 0.5 * 4), pytest.approx(np.sqrt(nation + 2.25 + 9)))
    assert found["industry_above_scale_growth"] == (4.0, pytest.approx(np.sqrt(nation + 2.25)))
    unknown = beside_of(known(history={"outcomes": {"fai_growth": 10}}), reference)
    assert unknown["fai_growth"][0] == 7.0
    assert beside_of(region(), reference) == {}


# ---- experience, read and written


def test_what_is_shipped_of_a_year() -> None:
    """Growth and targets of years beyond the last are as last known; the year's own growth is not read."""
    scenario = known()
    assert scenario.experience is not None
    found = learnt_of(scenario.experience, 2022, 5)
    assert found.years == (2018, 2019, 2020, 2021, 2022)
    assert found.past.growth == pytest.approx([7, 6.6, 4, 4, np.nan], nan_ok=True)
    assert found.past.aim == pytest.approx([7.5, 7, 7, 7, 7])
    assert found.past.gap == pytest.approx([-0.5, -0.4, np.nan, np.nan, np.nan], nan_ok=True)
    assert found.release == pytest.approx([6.5, 6, 2.2, np.nan, np.nan], nan_ok=True)
    assert found.past.spread == pytest.approx([1, 1.2, np.nan, np.nan, np.nan], nan_ok=True)
    assert set(found.fitted.slopes) == {(0, False), (0, True), (2, True)} == set(found.fitted.spread)
    assert found.fitted.slopes[2, True].tolist() == [0, 0.4, 0, 0.25] and found.fitted.spread[2, True] == 1.1
    assert found.ahead == {} and found.chance == 0.2
    assert learnt_of(scenario.experience, 2021, 1).ahead["october"] == Ahead(7, 1.0, 3)
    own = {"2021": {"slopes": {"0-none": {**ZERO, "gap": 1}}, "spread": {"0-none": 9}}}
    earlier = known(experience={"earlier": own}).experience
    assert earlier is not None and learnt_of(earlier, 2021, 2).fitted.spread == {(0, False): 9}
    assert learnt_of(earlier, 2022, 2).fitted.spread[2, True] == 1.1


def test_targets_beyond_the_last_known_are_as_it_was() -> None:
    scenario = known(experience={"nation": {"2020": {"aim": 6.5}}})
    assert scenario.experience is not None
    assert learnt_of(scenario.experience, 2022, 5).past.aim == pytest.approx([7.5, 7, 6.5, 6.5, 6.5])


def learnt(year: int, **more: Any) -> Learnt:
    years = (year - 2, year - 1, year)
    path = np.array([1.0, 2.0, np.nan])
    past = Past(path, path + 0.12345, path - 3, path / 10)
    fitted = Fitted(
        {(0, False): np.array([1.0, 2, 3, 4.44444]), (2, True): np.array([5.0, 6, 7, 8])},
        {(0, False): 1.23456, (2, True): 2.0},
    )
    return Learnt(years, past, path + 5, fitted, {"none": Ahead(6.66666, 1.0, 3.0)}, 0.15, **more)


def test_experience_as_a_scenario_states_it() -> None:
    """Read back it is the same; of the year to come nothing is known, and is not written."""
    found = experience([learnt(2020), learnt(2021)], digits=2)
    assert found["chance"] == 15.0 and list(found["nation"]) == ["2019", "2020"]
    assert found["nation"]["2020"] == {"release": 7.0, "growth": 2.0, "aim": 2.12, "gap": -1.0, "spread": 0.2}
    assert found["ahead"] == {
        year: {"none": {"middle": 6.67, "calm": 1.0, "crisis": 3.0}} for year in ("2020", "2021")
    }
    own = {
        "slopes": {
            "0-none": {"gap": 1.0, "target": 2.0, "mean": 3.0, "last": 4.44},
            "2-target": {"gap": 5.0, "target": 6.0, "mean": 7.0, "last": 8.0},
        },
        "spread": {"0-none": 1.23, "2-target": 2.0},
    }
    assert {key: found[key] for key in own} == own and found["earlier"] == {"2020": own}
    single = experience([learnt(2021)])
    assert "earlier" not in single and single["spread"]["0-none"] == 1.23456
    stated = Scenario.model_validate(four(experience=single)).experience
    assert stated is not None
    back = learnt_of(stated, 2021, 3)
    before = learnt(2021)
    assert back.fitted.slopes.keys() == before.fitted.slopes.keys() and back.ahead == before.ahead
    assert back.past.gap == pytest.approx(before.past.gap, nan_ok=True) and back.chance == before.chance


# ---- what errors of the past teach of later years


def by_loops(errors: list[np.ndarray], given: list[float], prior: Carried) -> tuple[float, float]:
    count = len(errors)
    first = sum(np.nanmean(e[:, 0] ** 2) for e in errors)
    second = sum(np.nanmean(e[:, 0] * e[:, 1]) for e in errors)
    rho = (count * second / first + PRIOR_ORIGINS * prior.persistence) / (count + PRIOR_ORIGINS)
    rho = min(max(rho, 0.0), LONGEST)
    years = PRIOR_ORIGINS * sum(range(1, AHEAD))
    grown = years * prior.drift**2
    for e, variance in zip(errors, given, strict=True):
        for h in range(1, e.shape[1]):
            grown += np.nanmean(e[:, h] ** 2) - variance * sum(rho ** (2 * j) for j in range(h + 1))
            years += h
    return rho, float(np.sqrt(max(grown, 0.0) / years))


def test_what_lasts_and_what_drifts_by_plain_loops() -> None:
    """Of all regions together, and of each beside them; an origin of which one year has come says nothing."""
    rng = np.random.default_rng(2)
    references = [Reference(5.0, 1.0, 3.0, 0.2, own) for own in (1.0, 2.0, 1.5)]
    past = [Missed(references, np.cumsum(rng.normal(0, 2, (3, years)), axis=1)) for years in (5, 3, 2)]
    past[0].error[1, 3] = np.nan
    prior = Lasting(Carried(0.9, 0.2), Carried(0.4, 1.0))
    found = lasting([*past, Missed(references, np.full((3, 1), 50.0))], prior)
    nation = 0.8 * 1 + 0.2 * 9
    means = [np.nanmean(each.error, axis=0) for each in past]
    rho, drift = by_loops([each[None] for each in means], [nation] * 3, prior.nation)
    assert (found.nation.persistence, found.nation.drift) == (pytest.approx(rho), pytest.approx(drift))
    own = (1 + 4 + 2.25) / 3
    beside = [each.error - mean for each, mean in zip(past, means, strict=True)]
    rho, drift = by_loops(beside, [own] * 3, prior.own)
    assert (found.own.persistence, found.own.drift) == (pytest.approx(rho), pytest.approx(drift))
    assert drift > 0.3 and 0 < rho < 0.95


def test_errors_of_nothing_keep_the_prior() -> None:
    """Exact forecasts: persistence as before, and no drift beside shocks that never came."""
    references = [Reference(5.0, 1.0, 3.0, 0.2, 1.0)] * 2
    prior = Lasting(Carried(0.9, 0.5), Carried(0.4, 3.0))
    found = lasting([Missed(references, np.zeros((2, 3)))], prior)
    assert found.nation == Carried(0.9, pytest.approx(0.0)) or found.nation.persistence == pytest.approx(0.9)
    assert found.own.persistence == pytest.approx(0.4)
    rho, drift = 0.4, found.own.drift
    left = sum(1 + rho**2 + (rho**4 if h == 2 else 0) for h in (1, 2))
    assert drift == pytest.approx(np.sqrt((30 * 9 - left) / (30 + 3)))
    swung = lasting([Missed(references, np.array([[4.0, -4.0], [4.0, -4.0]]))] * 9, prior)
    assert swung.nation.persistence == 0.0
    kept = lasting([Missed(references, np.array([[4.0, 8.0], [4.0, 8.0]]))] * 9, prior)
    assert kept.nation.persistence == LONGEST
    assert lasting([], prior) is prior
    assert lasting([]) == Lasting(Carried(0.95, 0.0), Carried(0.5, 1.1))  # as found on cities by 2007
    assert (AHEAD, PRIOR_ORIGINS, LONGEST) == (5, 3.0, 0.95)
