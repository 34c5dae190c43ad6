"""The shipped regions: their numbers add up, agree with what was reported, and say where they come from."""

from __future__ import annotations

import numpy as np
import pytest
from dabiao.engine.build import economy
from dabiao.engine.plans import stated_plans
from dabiao.engine.projects.run import Pipeline
from dabiao.models.flow import build
from dabiao.models.quantity import Draws
from dabiao.models.sectors.process_chain import ProcessChain
from dabiao.scenarios.load import load
from dabiao.scenarios.schema import Scenario

BASELINE, STRETCH, SHORT = (
    f"example:{name}"
    for name in ("panzhihua-2024/baseline.yaml", "panzhihua-2024/stretch.yaml", "deyang-2022/baseline.yaml")
)
PRIMARY, SECONDARY, TERTIARY, INDUSTRY = 115.27, 717.30, 471.23, 624.5
SERVICES = ("trade", "transport", "hotel_catering", "finance", "real_estate", "other_services")
INDUSTRIAL = ("vti", "chemicals", "equipment", "electronics", "energy", "other_industry")
PIGMENT = ("tio2_sulfate", "tio2_chloride")
MINING_AND_SMELTING, GREEN_CHEMICALS = 766.3, 361.7

NAMED_IN_THE_REPORT = {
    "劲丰": ("nitriding", 0.6),
    "龙佰6万吨海绵钛绿色智能制造": ("kroll", 6.0),
    "6万立方米": ("electrolyte_making", 6.0),
    "2000立方米": ("electrolyte_making", 0.2),
    "钛锭6万吨": ("melting", 6.0),
    "海绵钛扩能": ("kroll", None),
    "红格南矿": ("mining", None),
    "当升蜀道": None,
    "川发龙蟒": None,
    "安宁股份": None,
    "铸造园": None,
    "氢能产业园": None,
    "银江水电站": None,
    "储能电站": None,
    "60万千瓦光伏": None,
    "风电": None,
    "抽水蓄能": None,
    "宜攀": None,
    "盐源": None,
    "机场": None,
    "铁路物流港": None,
    "保税物流中心": None,
    "高标准农田3.2万亩": None,
    "航道": None,
}


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load(BASELINE).scenario


def va(scenario: Scenario, names: tuple[str, ...]) -> float:
    return sum(scenario.sectors[name].va.value for name in names)


def test_sectors_add_up_to_the_published_totals(baseline: Scenario) -> None:
    """Primary, secondary, tertiary and industry as published."""
    assert va(baseline, ("agriculture",)) == pytest.approx(PRIMARY)
    assert va(baseline, SERVICES) == pytest.approx(TERTIARY, abs=0.005)
    assert va(baseline, INDUSTRIAL) == pytest.approx(INDUSTRY, abs=0.005)
    assert va(baseline, (*INDUSTRIAL, "construction")) == pytest.approx(SECONDARY, abs=0.005)
    assert va(baseline, tuple(baseline.sectors)) == pytest.approx(baseline.accounts.gdp.value, abs=0.005)
    assert 100 * va(baseline, INDUSTRIAL) / baseline.accounts.gdp.value == pytest.approx(47.9, abs=0.05)


def test_above_scale_industry_keeps_its_weights(baseline: Scenario) -> None:
    """95 % of industry is above scale, chemicals with their pigment 12 % of it."""
    whole = sum(
        s.va.value * s.above_scale.value / 100 for s in baseline.sectors.values() if s.above_scale is not None
    )
    assert whole == pytest.approx(593, abs=2)
    pigment = sum(
        process.base.value
        * baseline.chains["panzhihua"].materials[process.makes].price.value
        / 1e4
        * process.va_ratio.value
        / 100
        for process in baseline.chains["panzhihua"].processes.values()
        if process.makes in PIGMENT
    )
    assert (baseline.sectors["chemicals"].va.value + pigment) / 593 == pytest.approx(0.12, abs=0.002)


def test_pigment_moves_between_sectors_and_the_total_stays(baseline: Scenario) -> None:
    """Output of the chain's sector is mining and smelting plus pigment; green chemicals stand without it."""
    flow = build(baseline.chains["panzhihua"], "chains.panzhihua", Draws())
    at = [flow.materials.index(name) for name in PIGMENT]
    made = np.einsum("mpd,pd->md", flow.made(0), flow.base)
    pigment = float((made[at] * flow.price[at]).sum()) / 1e4
    chain, chemicals = baseline.sectors["vti"].output, baseline.sectors["chemicals"].output
    assert chain is not None and chemicals is not None
    assert chain.value == pytest.approx(MINING_AND_SMELTING + pigment, abs=0.1)
    assert chain.value + chemicals.value == pytest.approx(MINING_AND_SMELTING + GREEN_CHEMICALS, abs=0.1)


def test_the_chain_reproduces_the_reported_recoveries(baseline: Scenario) -> None:
    """Fe 75, V 50, Ti 35 % come out of grades, yields and flows, within the tolerance stated."""
    region = economy(baseline, Draws())
    sector = next(s for s in region.sectors if isinstance(s, ProcessChain))
    rows = region.rows(sector.id)
    state = sector.start(region.accounts.outside[rows])
    found = sector.physical(state, region.accounts.output[rows])
    reported = {element: r.reported.value for element, r in baseline.chains["panzhihua"].recovery.items()}
    assert reported == {"Fe": 75, "V": 50, "Ti": 35}
    for element, value in reported.items():
        assert float(found[f"recovery:{element}"][0]) == pytest.approx(value, abs=1.0)


def test_elements_do_not_appear_from_nowhere(baseline: Scenario) -> None:
    """No process makes more of an element than the materials it uses bring in."""
    chain = baseline.chains["panzhihua"]

    def held(material: str, element: str) -> float | None:
        content = chain.materials[material].content.get(element)
        return None if content is None else content.value

    checked = 0
    for process in chain.processes.values():
        for element in ("Fe", "V", "Ti"):
            brought = [held(m, element) for m in process.uses]
            made = {m: held(m, element) for m in (process.makes, *process.joint)}
            amounts = {process.makes: 1.0, **{m: q.value for m, q in process.joint.items()}}
            given = {m: part for m, part in made.items() if part is not None}
            if not given or not brought or any(part is None for part in brought):
                continue
            whole = sum(
                q.value * (part or 0.0) for q, part in zip(process.uses.values(), brought, strict=True)
            )
            assert sum(amounts[m] * part for m, part in given.items()) <= whole * 1.001
            checked += 1
    assert checked >= 8


def test_other_products_are_left_a_plausible_share(baseline: Scenario) -> None:
    """What the chain does not list has an output, and value added between smelting's and mining's ratio."""
    other = next(b for b in economy(baseline, Draws()).branches if b.id == "vti/other")
    assert 100 < float(other.output[0]) < 300
    assert 0.25 < float(other.va_ratio[0]) < 0.56


def test_every_project_of_the_report_is_there(baseline: Scenario) -> None:
    """Named projects carry the capacity that the report states."""
    for words, adds in NAMED_IN_THE_REPORT.items():
        found = [p for p in baseline.projects.values() if words in p.title.zh]
        assert found, words
        if adds is not None:
            process, capacity = adds
            added = [p.adds for p in found if p.adds is not None and p.adds.process == process]
            assert added, words
            if capacity is not None:
                assert [a.capacity.value for a in added if a.capacity] == [capacity]


def test_the_target_sheet_is_whole(baseline: Scenario) -> None:
    """Tiers as the report states them, to the digit."""
    tiers = {
        "gdp_growth": (6.5, 7.0),
        "industry_above_scale_growth": (7.5, 8.0),
        "fai_growth": (6.0, 6.5),
        "retail_growth": (9.0, 10.0),
        "urban_income_growth": (5.5, 6.0),
        "rural_income_growth": (7.0, 7.5),
        "budget_revenue_growth": (6.0, 8.0),
        "urban_jobs": (1.8, None),
        "vt_output_value": (550, None),
        "key_project_investment": (290, None),
        "grain_output": (26, None),
        "grain_area": (68, None),
        "high_tech_revenue": (750, None),
        "trade_volume": (58, None),
        "introduced_investment": (380, None),
        "new_above_scale_firms": (40, None),
        "air_quality": (97, None),
    }
    for key, (ensure, stretch) in tiers.items():
        target = baseline.targets[key]
        assert target.ensure is not None and target.ensure.value == ensure
        assert (target.stretch.value if target.stretch else None) == stretch
        assert target.ensure.source == "report-2024"
    assert baseline.targets["consumer_prices"].at_most is not None
    wide = baseline.targets["vt_chain_output_value"]
    assert wide.base is not None and wide.base.value == MINING_AND_SMELTING
    assert wide.ensure is None and wide.stretch is None
    assert not set(PIGMENT) & set(wide.covers)
    assert set(PIGMENT) < set(baseline.targets["vt_output_value"].covers)


@pytest.mark.parametrize("name", [BASELINE, STRETCH, SHORT])
def test_every_number_says_where_it_comes_from(name: str) -> None:
    """Each number has a source that is listed, or an assumption that gives a reason."""
    loaded = load(name)
    for path, quantity in loaded.quantities().items():
        if quantity.source is not None:
            assert quantity.source in loaded.scenario.sources, path
        else:
            assert quantity.assumption is not None, path
            assert len(quantity.assumption.of("zh")) >= 2, path


@pytest.mark.parametrize("name", [BASELINE, STRETCH, SHORT])
def test_every_mix_can_carry_its_projects(name: str) -> None:
    """Named projects fit into what each mix gives their sector, at both ends of what is invested."""
    scenario = load(name).scenario
    values = Draws()
    region = economy(scenario, values)
    pipeline = Pipeline(scenario, region, values)
    low = scenario.accounts.fai.low or scenario.accounts.fai.value
    for plan in stated_plans(scenario, values).values():
        planned = pipeline.by_sector(pipeline.planned(plan)[0])
        assert (planned <= plan.investment * low / scenario.accounts.fai.value + 1e-9).all(), plan.id
        delivered = pipeline.run(plan).realisation
        assert delivered.invested.shape[1] == scenario.years.last - scenario.years.base


def test_the_plan_stays_within_its_own_limits(baseline: Scenario) -> None:
    """The plan's money, its bonds and every sector's growth are inside the limits stated."""
    plan, limits = stated_plans(baseline, Draws())["plan"], baseline.limits
    first = dict(zip(baseline.sectors, plan.investment[:, 0], strict=True))
    assert sum(first.values()) <= limits["money"].max.value
    bonds = sum(
        first[key] * s.funds["bond"].value / 100 for key, s in baseline.sectors.items() if "bond" in s.funds
    )
    assert bonds <= limits["bond"].max.value
    for key, share in baseline.investment.base_shares.items():
        growth = 100 * (first[key] / (baseline.accounts.fai.value * share.value / 100) - 1)
        assert growth <= limits["absorption"].max.value, key


def test_the_upper_tier_differs_in_few_places(baseline: Scenario) -> None:
    """The second scenario invests more and commissions earlier; base year and targets are the same."""
    stretch = load(STRETCH).scenario
    assert stretch.investment.growth.value > baseline.investment.growth.value
    assert stretch.projects["vn-jinfeng"].finish < baseline.projects["vn-jinfeng"].finish  # type: ignore[operator]
    assert stretch.projects["electrolyte-60k"].finish < baseline.projects["electrolyte-60k"].finish  # type: ignore[operator]
    assert stretch.targets == baseline.targets
    assert {k: s.va.value for k, s in stretch.sectors.items()} == {
        k: s.va.value for k, s in baseline.sectors.items()
    }


def test_a_short_scenario_is_enough() -> None:
    """Another region runs from its accounts, sectors, two projects and two mixes."""
    scenario = load(SHORT).scenario
    assert "panzhihua" not in scenario.chains
    assert sum(s.va.value for s in scenario.sectors.values()) == pytest.approx(2656.56, abs=0.005)
    region = economy(scenario, Draws())
    path = region.simulate(
        Pipeline(scenario, region, Draws()).run(stated_plans(scenario, Draws())["plan"]).realisation
    )
    assert path.gdp[0, 0] == pytest.approx(2656.56, abs=0.005)
