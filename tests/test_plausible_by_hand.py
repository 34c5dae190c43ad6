"""Numbers out of the ordinary, each against its range on paper: what is compared, where the edge is, which
slip of units is suspected."""

from __future__ import annotations

import math
from types import SimpleNamespace as Made
from typing import Any

import numpy as np
import pytest
from dabiao.engine.diagnose import plausibility as module
from dabiao.engine.diagnose.plausibility import beyond, greatest_change, plausibility_warnings
from dabiao.models.quantity import Quantity


def number(value: float, **more: Any) -> Quantity:
    return Quantity(value=value, **more)


USUAL = {
    "output_least": 0.1,
    "output_most": 4,
    "project_most": 30,
    "target_least": 1,
    "target_usual": 8,
    "target_highest": 20,
    "investment_most": 60,
    "gdp_most": 14000,
    "fai_least": 15,
    "fai_most": 150,
    "consumption_least": 20,
    "consumption_most": 70,
    "level_most": 5,
}


def usual(**changes: Any) -> Any:
    known = {key: number(value, source="record") for key, value in USUAL.items()}
    return Made(**{**known, **changes})


def scenario(**changes: Any) -> Any:
    """An ordinary region: GDP 1000, investment 400."""
    plain = {
        "plausible": usual(),
        "accounts": Made(gdp=number(1000), fai=number(400), household_consumption=number(350)),
        "investment": Made(growth=number(7)),
        "limits": {},
        "pool": None,
        "projects": {},
        "chains": {},
        "money_scale": 1e8,
        "targets": {},
        "indicators": {},
        "relations": {},
        "history": Made(outcomes={}, swing={}),
        "years": Made(ahead=2),
    }
    return Made(**{**plain, **changes})


@pytest.fixture(autouse=True)
def money(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan's money: 400, 500, 640."""
    monkeypatch.setattr(module, "totals", lambda scenario, draws: np.array([[400.0], [500.0], [640.0]]))
    monkeypatch.setattr(module, "limit_years", lambda scenario, limit: limit.years)


def told(**changes: Any) -> list[tuple[str, str, float]]:
    expected = changes.pop("expected", {})
    found = plausibility_warnings(scenario(**changes), expected)
    return [(one.rule, one.path, pytest.approx(one.ratio)) for one in found]


# ---- one number


@pytest.mark.parametrize(
    ("value", "against", "least", "most", "scale", "ratio", "slip"),
    [
        (0.4, 4.0, 0.1, 4.0, 1.0, None, ""),  # at either edge nothing is told
        (16.0, 4.0, 0.1, 4.0, 1.0, None, ""),
        (16.1, 4.0, 0.1, 4.0, 1.0, 4.025, ""),
        (0.39, 4.0, 0.1, 4.0, 1.0, 0.0975, ""),
        (4.0e3, 4.0, 0.1, 4.0, 1.0, 1e3, "wan"),  # a ten thousandth is 0.1, the least
        (3.9e3, 4.0, 0.1, 4.0, 1.0, 975.0, ""),
        (1.6e5, 4.0, 0.1, 4.0, 1.0, 4e4, "wan"),
        (1.7e5, 4.0, 0.1, 4.0, 1.0, 4.25e4, ""),
        (2.8, 4.0, 10.0, 70.0, 100.0, None, ""),
        (30.0, 4.0, 10.0, 70.0, 100.0, 750.0, ""),
        (1250.0, 400.0, None, 30.0, 100.0, 312.5, "wan"),  # more than ten times the most
        (1200.0, 400.0, None, 30.0, 100.0, 300.0, ""),  # no more than ten times
        (8.0, None, None, 8.0, 1.0, None, ""),
        (8.5, None, None, 8.0, 1.0, 8.5, ""),
        (80000.0, None, 1.0, 8.0, 1.0, 80000.0, ""),  # against the record alone no wan
        (0.06, None, 1.0, 20.0, 1.0, 0.06, "percent"),
        (0.01, None, 1.0, 20.0, 1.0, 0.01, "percent"),
        (0.2, None, 1.0, 20.0, 1.0, 0.2, "percent"),
        (0.21, None, 1.0, 20.0, 1.0, 0.21, ""),
        (0.009, None, 1.0, 20.0, 1.0, 0.009, ""),
        (-0.06, None, -10.0, 20.0, 1.0, None, ""),
        (-0.06, None, 1.0, 20.0, 1.0, -0.06, ""),
        (0.0, None, 1.0, 20.0, 1.0, 0.0, ""),
        (0.0, None, -3.0, None, 1.0, None, ""),
        (9.0, 0.0, 1.0, 2.0, 1.0, None, ""),  # nothing to hold it against
        (9.0, -1.0, 1.0, 2.0, 1.0, None, ""),
        (0.0, 5.0, 0.1, 4.0, 1.0, 0.0, ""),
    ],
)
def test_a_ratio_leaves_its_range(value, against, least, most, scale, ratio, slip) -> None:
    ends = tuple(None if end is None else number(end) for end in (least, most))
    found = beyond("output", "p", "it", value, against, ends, scale)
    if ratio is None:
        assert found is None
        return
    assert found is not None
    assert (found.rule, found.path, found.about) == ("output", "p", "it")
    assert (found.value, found.against) == (value, against)
    assert found.ratio == pytest.approx(ratio)
    assert found.least == (-math.inf if least is None else least)
    assert found.most == (math.inf if most is None else most)
    assert found.basis is (ends[0] if least is not None and ratio < least else ends[1])
    assert found.slip == slip


# ---- accounts


def test_an_ordinary_region_is_told_nothing() -> None:
    assert told() == []
    assert plausibility_warnings(scenario(plausible=None, accounts=None), {}) == ()


@pytest.mark.parametrize(
    ("gdp", "slip"), [(42000, None), (42001, "wan"), (4.2e8, ""), (1.4e8, "wan"), (1.41e8, "")]
)
def test_gdp_against_three_times_the_largest_province(gdp: float, slip: str | None) -> None:
    accounts = Made(gdp=number(gdp), fai=number(0.4 * gdp), household_consumption=number(0.35 * gdp))
    found = plausibility_warnings(scenario(accounts=accounts), {})
    if slip is None:
        assert found == ()
        return
    [one] = found
    assert (one.rule, one.path, one.about, one.value, one.against, one.ratio) == (
        "gdp",
        "accounts.gdp",
        "",
        gdp,
        None,
        gdp,
    )
    assert (one.least, one.most, one.basis.value, one.slip) == (-math.inf, 14000, 14000, slip)
    assert plausibility_warnings(scenario(accounts=accounts, plausible=usual(gdp_most=None)), {}) == ()


@pytest.mark.parametrize(
    ("fai", "household", "found"),
    [
        (150, 200, []),
        (1500, 700, []),
        (149, 350, [("fai", "accounts.fai", 14.9)]),
        (1501, 350, [("fai", "accounts.fai", 150.1)]),
        (400, 199, [("household", "accounts.household_consumption", 19.9)]),
        (400, 701, [("household", "accounts.household_consumption", 70.1)]),
    ],
)
def test_levels_of_the_base_year(fai: float, household: float, found: Any) -> None:
    accounts = Made(gdp=number(1000), fai=number(fai), household_consumption=number(household))
    assert told(accounts=accounts) == found


# ---- investment


def limit(most: float, years: Any = (), together: bool = False, all_money: bool = True) -> Any:
    return Made(kind=Made(all_money=all_money), stated=number(most), years=years, together=together)


@pytest.mark.parametrize(
    ("given", "ratio"),
    [
        (limit(2500), None),  # five times 500, the plan's money of the target year
        (limit(2501), 5.002),
        (limit(100), None),
        (limit(99), 0.198),
        (limit(1999, (1,)), None),
        (limit(2001, (1,)), 5.0025),
        (limit(3201, (1, 3)), 3201 / 640),
        (limit(3201, (1, 3), together=True), None),
        (limit(5201, (1, 3), together=True), 5201 / 1040),
        (limit(9999, all_money=False), None),
    ],
)
def test_limits_on_all_money_against_the_plans(given: Any, ratio: float | None) -> None:
    found = told(limits={"m": given})
    assert found == ([] if ratio is None else [("limit", "limits.m.max", ratio)])


def test_the_range_of_a_limit_has_the_source_of_its_number() -> None:
    five = number(5, assumption={"en": "why"}, source="record")
    [low] = plausibility_warnings(scenario(limits={"m": limit(50)}, plausible=usual(level_most=five)), {})
    assert (low.about, low.basis.value, low.basis.source) == ("m", 0.2, "record")
    assert str(low.basis.assumption) == "why"
    [high] = plausibility_warnings(scenario(targets={"t": target(ensure=60)}), {"t": 10.0})
    assert (high.basis.value, high.least) == (5, 0.2)


def test_growth_of_investment_and_key_projects() -> None:
    assert told(investment=Made(growth=number(60))) == []
    assert told(investment=Made(growth=number(61))) == [("planned", "investment.growth", 61)]
    assert told(pool=Made(investment=number(120))) == []
    assert told(pool=Made(investment=number(121))) == [("pool", "pool.investment", 30.25)]


# ---- projects

CHAIN = Made(
    processes={"smelting": Made(makes="metal")},
    materials={"metal": Made(price=number(2000)), "ore": Made(price=number(3))},
    units=Made(factor=lambda scale: 1e4 / scale),
)
OTHER = Made(
    processes={"mining": Made(makes="ore")}, materials=CHAIN.materials, units=Made(factor=lambda _: None)
)


def adds(output: float | None = None, capacity: float | None = None, process: str | None = None) -> Any:
    return Made(
        output=None if output is None else number(output),
        capacity=None if capacity is None else number(capacity),
        process=process,
    )


@pytest.mark.parametrize(
    ("what", "output"),
    [
        (None, None),
        (adds(output=7), 7),
        (adds(output=0), None),
        (adds(capacity=50, process="smelting"), 50 * 2000 * 1e4 / 1e8),
        (adds(capacity=0, process="smelting"), None),
        (adds(capacity=50), None),
        (adds(process="smelting"), None),
        (adds(capacity=50, process="mining"), None),
        (adds(capacity=50, process="nothing"), None),
    ],
)
def test_output_of_a_project(what: Any, output: float | None) -> None:
    region = scenario(chains={"other": OTHER, "own": CHAIN})
    found = module.output_of(region, Made(adds=what))
    assert found == (None if output is None else pytest.approx(output))


@pytest.mark.parametrize(
    ("invest", "what", "found"),
    [
        (120, adds(output=480), []),
        (121, adds(output=100), [("project", "projects.p.invest", 30.25)]),
        (120, adds(output=481), [("output", "projects.p.adds.output", 481 / 120)]),
        (120, adds(output=11), [("output", "projects.p.adds.output", 11 / 120)]),
        (10, adds(capacity=300, process="smelting"), [("output", "projects.p.adds.capacity", 6)]),
        (120, adds(output=0), []),
        (120, None, []),
    ],
)
def test_projects_against_the_regions_money_and_their_own(invest: float, what: Any, found: Any) -> None:
    project = Made(invest=number(invest), adds=what)
    assert told(projects={"p": project}, chains={"own": CHAIN}) == found


# ---- growth of last year


@pytest.mark.parametrize(("expected", "off"), [(7.0, None), (3.0, None), (7.01, 2.01), (2.99, -2.01)])
def test_growth_expected_against_last_years(expected: float, off: float | None) -> None:
    """5 last year, and growth swings by 2."""
    history = Made(outcomes={"gdp_growth": number(5)}, swing={"gdp": number(2)})
    targets = {
        "other": target(indicator="fai_growth"),
        "unjudged": target(indicator="gdp_growth"),
        "row": target(indicator="gdp_growth"),
    }
    values = {"other": 99.0, "row": expected}
    found = plausibility_warnings(scenario(history=history, targets=targets), values)
    if off is None:
        assert found == ()
        return
    [one] = found
    assert (one.rule, one.path, one.about) == ("history", "history.outcomes.gdp_growth", "row")
    assert (one.value, one.against, one.ratio) == (5, expected, pytest.approx(off))
    assert (one.least, one.most, one.basis.value) == (-2, 2, 2)
    assert module.without_own_trends((one,)) == ()
    for lacking in ({"outcomes": {}}, {"swing": {}}):
        less = Made(**{**vars(history), **lacking})
        assert plausibility_warnings(scenario(history=less, targets=targets), values) == ()
    assert plausibility_warnings(scenario(history=history, targets=targets), {"other": 99.0}) == ()
    own = {"gdp_growth": target(), "row": targets["row"]}
    assert (
        plausibility_warnings(scenario(history=history, targets=own), {"gdp_growth": 6.0, "row": 50.0}) == ()
    )


def test_only_last_years_growth_is_left_out_where_the_level_is_a_forecasts() -> None:
    plain, past = Made(rule="gdp"), Made(rule="history")
    assert module.without_own_trends((plain, past)) == (plain,)


# ---- targets


def target(
    ensure: float | None = None, stretch: float | None = None, indicator: str | None = None, measure: str = ""
) -> Any:
    return Made(
        indicator=indicator,
        measure=measure,
        ensure=None if ensure is None else number(ensure),
        stretch=None if stretch is None else number(stretch),
    )


@pytest.mark.parametrize(
    ("key", "stated", "found"),
    [
        ("gdp_growth", target(8, 1), []),
        ("gdp_growth", target(8.1), [("rare_target", "ensure", 8.1)]),
        ("gdp_growth", target(5, 20), [("rare_target", "stretch", 20)]),
        ("gdp_growth", target(20.1), [("target", "ensure", 20.1)]),
        ("gdp_growth", target(0.06), [("target", "ensure", 0.06)]),
        ("g", target(21, indicator="gdp_growth"), [("target", "ensure", 21)]),
        ("g", target(21, indicator="gdp_growth", measure="sum"), []),
        ("g", target(21, indicator="gdp_growth", measure="mean"), [("target", "ensure", 21)]),
        ("fai_growth", target(60), []),
        ("fai_growth", target(60, 61), [("planned", "stretch", 61)]),
        ("i", target(-90, indicator="fai_growth"), []),
        ("gdp_level", target(5000), []),  # five times the 1000 that are expected
        ("gdp_level", target(5001), [("level", "ensure", 5.001)]),
        ("gdp_level", target(199), [("level", "ensure", 0.199)]),
        ("gdp_level", target(5001, measure="sum"), [("level", "ensure", 5.001)]),
        ("l", target(5001, indicator="gdp_level"), []),  # nothing is expected of it
        ("sector_growth", target(5001), []),  # of growth a ratio says nothing
    ],
)
def test_targets_against_the_record_and_the_plan(key: str, stated: Any, found: Any) -> None:
    expected = {"gdp_level": 1000.0, "sector_growth": 5.0}
    assert told(targets={key: stated}, expected=expected) == [
        (rule, f"targets.{key}.{tier}", ratio) for rule, tier, ratio in found
    ]


def test_a_target_in_parts_of_one_is_suspected() -> None:
    [one] = plausibility_warnings(scenario(targets={"gdp_growth": target(0.06)}), {})
    assert (one.slip, one.about, one.least, one.most) == ("percent", "gdp_growth", 1, 20)


# ---- the year that changes most


@pytest.mark.parametrize(
    ("gdp", "found"),
    [([100, 110, 99, 101], (1, 10.0)), ([100, 105, 84, 100.8], (2, -20.0)), ([50, 51, 102, 51], (2, 100.0))],
)
def test_the_year_in_which_gdp_changes_most(gdp: list[float], found: tuple[int, float]) -> None:
    path: Any = Made(gdp=np.array([[each, 1.0] for each in gdp]))
    assert greatest_change(path) == (found[0], pytest.approx(found[1]))


@pytest.mark.parametrize("anchored", [None, "outlook"])
def test_a_checked_scenario_is_looked_at_with_its_plan(
    monkeypatch: pytest.MonkeyPatch, anchored: Any
) -> None:
    """The plan of the anchored scenario gives judged targets their values in the target year."""
    rows = {"gdp_growth": Made(judged=True), "said": Made(judged=False)}
    history = Made(outcomes={"gdp_growth": number(5)}, swing={"gdp": number(2)})
    region = scenario(history=history, targets={"gdp_growth": target(30), "said": target(30)}, plan="own")

    class Works:
        def __init__(self, scenario: Any, economy: Any, values: Any) -> None:
            assert (scenario, economy.name) == (region, "economy")

        def run(self, plan: str) -> Any:
            return Made(realisation=("works of", plan))

    def value(row: Any, path: Any, year: int) -> Any:
        assert (path, year) == (("path", ("works of", "the plan")), 2)
        return np.array([9.0 if row is rows["gdp_growth"] else np.nan, 1.0])

    economy = Made(name="economy", simulate=lambda works: ("path", works))
    for name, found in {
        "anchored_scenario": lambda stated: region,
        "forecast": lambda stated: anchored,
        "build": Made(
            economy=lambda one, values: economy, sheet=lambda one, values: Made(targets=rows, value=value)
        ),
        "Pipeline": Works,
        "stated_plans": lambda one, values: {"own": "the plan", "other": "another"},
    }.items():
        monkeypatch.setattr(module, name, found)
    found = module.look(Made(scenario="as stated"))  # type: ignore[arg-type]
    assert [(one.rule, one.against) for one in found] == [
        ("target", None),
        *([] if anchored else [("history", 9.0)]),
    ]
