"""What growth turns on, in a small region of which every answer is found again by simulating the changed
scenario, and on paper: moves, gaps by sector and by late project, a quarter's delay, one number at a time."""

from __future__ import annotations

from types import SimpleNamespace as Made
from typing import Any

import numpy as np
import pytest
from dabiao.engine.diagnose import delay_impact, moves
from dabiao.engine.diagnose.delay_impact import delay_impacts, falls
from dabiao.engine.diagnose.gap import divided, gaps
from dabiao.engine.diagnose.one_at_a_time import one_at_a_time, step, width
from dabiao.models.quantity import Draws, Quantity
from dabiao.models.target import Target
from dabiao.scenarios.schema import Scenario
from planning import Case
from regions import Region, laid, moving, region

EXACT = {"rel": 1e-9, "abs": 1e-9}
TARGETS = {
    "gdp_growth": {"ensure": 5, "stretch": 9, "main": True},
    "plants_growth": {"title": "plants", "indicator": "sector_growth", "covers": ["plants"], "ensure": 7},
}


def data(**changes: Any) -> dict[str, Any]:
    """Four sectors, the target in the second year, a project under way and two ahead; the list is whole."""
    plain = moving(targets=TARGETS, years={"target": 2022}, listing={"whole": True, "slip": 2})
    return laid(plain, changes)


@pytest.fixture(scope="module")
def case() -> Case:
    return Case(data())


def growth(path: Any, key: str = "", draw: int = 0) -> np.ndarray:
    level = path.sector_va(key) if key else path.gdp
    return 100 * (level[1:, draw] / level[:-1, draw] - 1)


# ---- moves


def changed(region: Region, factor: Any) -> Any:
    """The plan's money times a factor by sector and year."""
    from dataclasses import replace

    return region.run(replace(region.plan, investment=region.plan.investment * factor))


def test_moves_are_what_the_changed_plan_brings(case: Case) -> None:
    found = {move.id: move for move in moves.moves(case.pipeline, case.plan)}
    assert list(found) == ["no_carry_over", "more_money", "once", "every_year"]
    money = case.plan.plan.investment
    year = 2
    amount = float(f"{0.01 * money[:, year - 1].sum():.1g}")
    assert amount == 2.0  # a hundredth of 182, in one digit
    named = case.plan.pipeline_run.planned

    def against(move: Any, path: Any) -> None:
        assert move.gdp == pytest.approx(growth(path) - growth(case.plan.path), **EXACT)
        lead = path.gdp[1:, 0] - case.plan.path.gdp[1:, 0]
        assert move.total == pytest.approx([sum(lead[: t + 1]) for t in range(len(lead))], **EXACT)
        assert (move.project, move.displaced) == ("", None)

    against(found["more_money"], changed(case.region, 1 + amount / money[:, year - 1].sum()))
    farms, plants, mines, shops = range(4)
    for key, years in (("once", [1]), ("every_year", range(4))):
        new = money.copy()
        for t in years:
            new[shops, t] -= amount
            for each in (plants, mines):
                new[each, t] += amount * money[each, t] / (money[plants, t] + money[mines, t])
        against(found[key], changed(case.region, new / money))
        assert new[farms] == pytest.approx(money[farms])
    assert not named[shops].any()
    assert "2bn" in found["more_money"].title.en or "2 " in found["more_money"].title.en
    assert "2022" in found["once"].title.en and "2022" not in found["every_year"].title.en
    industry = found["more_money"].industry
    assert industry.shape == found["more_money"].gdp.shape and not np.allclose(
        industry, found["more_money"].gdp
    )


def test_without_carry_over_nothing_begun_earlier_comes_on_line(case: Case) -> None:
    """What works under way and unlisted ones would bring is taken away; what is ahead stays."""
    run = case.plan.pipeline_run
    made = moves._without_past(case.pipeline, case.plan)
    assert made.past is not None and made.past.shape == run.realisation.history.shape and not made.past.any()
    assert made.unlisted == {}
    for sector, own in run.realisation.named.items():
        for process, path in own.items():
            ahead = sum(
                project.output * np.diff(run.result.share_online[j])
                for j, project in enumerate(run.projects)
                if project.ahead
                and project.sector == sector
                and (case.region.scenario.projects[project.id].adds.process or "") == process
            )
            assert made.named[sector][process][:, 0] == pytest.approx(
                np.broadcast_to(ahead, path.shape[0]), abs=1e-12
            )
    assert run.realisation.named["plants"][""].any(), "the plan's own works stay as they were"
    [move] = [one for one in moves.moves(case.pipeline, case.plan) if one.id == "no_carry_over"]
    path = case.economy.simulate(made)
    assert move.gdp == pytest.approx(growth(path) - growth(case.plan.path), **EXACT)


def pipeline(models: str, above: Any) -> Any:
    sectors = [
        Made(parameters=Made(model=model, above_scale=None if each is None else Made(value=each)))
        for model, each in zip(models.split(), above, strict=True)
    ]
    return Made(economy=Made(sectors=sectors), years=2)


def planned(money: Any, needs: Any) -> Any:
    from dabiao.models.plan import Plan
    from dabiao.models.quantity import Bilingual

    return Made(
        plan=Plan("plan", Bilingual.same("plan"), np.array(money, dtype=float)),
        pipeline_run=Made(planned=np.array(needs, dtype=float)),
    )


MONEY = [[10, 20], [30, 30], [6, 8], [4, 2], [50, 50]]
NEEDS = [[0, 5], [10, 25], [6, 8], [0, 0], [0, 0]]
KINDS = "services services industry process_chain industry", (None, None, 90, 95, 0)


def test_money_is_moved_by_what_services_can_spare_and_industry_has() -> None:
    """Of the second year 15 and 5 can be spared, and 8 and 2 are had; what is not above scale gets none."""
    moved = moves._moved(pipeline(*KINDS), planned(MONEY, NEEDS), 4.0, slice(1, 2))
    assert moved is not None and moved.id == "moved"
    assert moved.investment[:, 0].tolist() == [10, 30, 6, 4, 50]
    assert moved.investment[:, 1] == pytest.approx([17, 29, 11.2, 2.8, 50])
    both = moves._moved(pipeline(*KINDS), planned(MONEY, NEEDS), 4.0, slice(None))
    assert both is not None
    assert both.investment[:, 0] == pytest.approx([10 - 4 / 3, 30 - 8 / 3, 6 + 2.4, 4 + 1.6, 50])


@pytest.mark.parametrize(
    ("kinds", "amount", "years", "moved"),
    [
        (KINDS, 20.0, slice(1, 2), True),
        (KINDS, 20.1, slice(1, 2), False),
        (KINDS, 30.0, slice(0, 1), True),
        (KINDS, 25.0, slice(None), False),
        (("industry services industry process_chain industry", KINDS[1]), 5.0, slice(1, 2), True),
        (("industry industry industry process_chain industry", KINDS[1]), 1.0, slice(1, 2), False),
        ((KINDS[0], (None,) * 5), 1.0, slice(1, 2), False),
        ((KINDS[0], (None, None, 0, 0, 0)), 1.0, slice(1, 2), False),
        ((KINDS[0], (None, None, 0, 0, 1)), 1.0, slice(1, 2), True),
    ],
)
def test_where_money_can_be_moved(kinds: Any, amount: float, years: slice, moved: bool) -> None:
    found = moves._moved(pipeline(*kinds), planned(MONEY, NEEDS), amount, years)
    assert (found is not None) is moved


@pytest.mark.parametrize(("amount", "round_"), [(1.82, 2.0), (0.0149, 0.01), (94.0, 90.0), (960.0, 1000.0)])
def test_amounts_have_one_digit(amount: float, round_: float) -> None:
    assert moves._round(amount) == pytest.approx(round_)


def test_what_happens_to_projects_is_simulated_again(case: Case) -> None:
    """A quarter later is a delay that is three months longer in the file; deleted is not in the file."""
    found = moves.project_moves(case.pipeline, case.plan)
    open_ = ["rising", "coming", "distant"]
    assert [(one.project, one.id) for one in found] == [
        (key, change) for key in ["", *open_] for change in moves.CHANGES
    ]
    by = {(one.project, one.id): one for one in found}
    slips = {"rising": 2, "coming": 3, "distant": 0}
    for key in open_:
        later = region(data(projects={key: {"slip": slips[key] + 3}}))
        gone = region(data(projects={key: None}))
        for change, other in (("later", later), ("deleted", gone)):
            path = other.run()
            move = by[key, change]
            assert move.gdp == pytest.approx(growth(path) - growth(case.plan.path), **EXACT), (key, change)
            assert move.total == pytest.approx(np.cumsum((path.gdp - case.plan.path.gdp)[1:, 0]), **EXACT)
            pool = case.plan.path.realisation.pool[..., 0] - path.realisation.pool[..., 0]
            assert move.displaced == pytest.approx(pool, **EXACT)
    everything = region(data(projects={key: {"slip": slips[key] + 3} for key in open_})).run()
    assert by["", "later"].gdp == pytest.approx(growth(everything) - growth(case.plan.path), **EXACT)


def test_one_open_project_is_not_told_twice() -> None:
    one = Case(data(projects={"coming": None, "distant": None}))
    found = moves.project_moves(one.pipeline, one.plan)
    assert [(each.project, each.id) for each in found] == [("rising", change) for change in moves.CHANGES]
    none = Case(data(projects={"coming": None, "distant": None, "rising": None}))
    assert moves.project_moves(none.pipeline, none.plan) == ()
    stopped = Case(data(projects={"coming": None, "distant": None, "rising": {"cancelled": "2021-02"}}))
    assert moves.project_moves(stopped.pipeline, stopped.plan) == ()


# ---- gaps


def test_gaps_of_both_tiers_by_hand(case: Case) -> None:
    """Over what the central case gives: plants are asked 7 %, all else the same points more."""
    found = gaps(case.region.scenario, case.economy, case.sheet, case.plan, 2)
    assert [(one.tier, one.asked) for one in found] == [("ensure", 5.0), ("stretch", 9.0)]
    path = case.plan.path
    for one in found:
        before = {key: path.sector_va(key)[1, 0] for key in case.economy.sector_ids}
        after = {key: path.sector_va(key)[2, 0] for key in case.economy.sector_ids}
        whole = sum(before.values())
        assert one.before == pytest.approx(whole)
        assert one.money == pytest.approx(sum(after.values()) - whole * (1 + one.asked / 100))
        assert one.expected == pytest.approx(growth(path)[1])
        assert one.points == pytest.approx(one.expected - one.asked)
        parts = {part.sector: part for part in one.parts}
        assert parts["plants"].set_by == "plants_growth" and parts["plants"].asked == pytest.approx(7)
        own = {key: 100 * (after[key] / before[key] - 1) for key in before}
        assert {key: part.expected for key, part in parts.items()} == pytest.approx(own)
        left = (
            one.asked * whole
            - 7 * before["plants"]
            - sum(before[k] * own[k] for k in before if k != "plants")
        )
        more = left / (whole - before["plants"])
        for key in ("farms", "mines", "shops"):
            assert (parts[key].set_by, parts[key].before) == ("", pytest.approx(before[key]))
            assert parts[key].asked == pytest.approx(own[key] + more)
            assert parts[key].money == pytest.approx(-before[key] * more / 100)


def test_late_projects_cost_what_they_bring_on_time(case: Case) -> None:
    first = gaps(case.region.scenario, case.economy, case.sheet, case.plan, 2)[0]
    lost = {}
    for key in ("rising", "coming"):
        timely = region(data(projects={key: {"slip": 0}})).run()
        lost[key] = float(case.plan.path.gdp[2, 0] - timely.gdp[2, 0])
    both = region(data(projects={key: {"slip": 0} for key in lost})).run()
    assert [(one.project, one.sector, one.months) for one in first.late] == [
        (key, {"rising": "mines", "coming": "plants"}[key], {"rising": 2, "coming": 3}[key])
        for key in sorted(lost, key=lambda key: lost[key])
    ]
    assert {one.project: one.money for one in first.late} == pytest.approx(lost, **EXACT)
    joint = float(case.plan.path.gdp[2, 0] - both.gdp[2, 0])
    assert first.together == pytest.approx(joint - sum(lost.values()), **EXACT)
    assert first.other == pytest.approx(first.money - joint, **EXACT)
    little = Case(data(projects={"rising": {"slip": 0.5}, "coming": {"slip": 0}}))
    found = gaps(little.region.scenario, little.economy, little.sheet, little.plan, 2)[0]
    assert [(one.project, one.months) for one in found.late] == [("rising", 0.5)]
    none = Case(data(projects={key: {"slip": 0} for key in lost}))
    calm = gaps(none.region.scenario, none.economy, none.sheet, none.plan, 2)[0]
    assert (calm.late, calm.together, calm.other) == ((), 0.0, calm.money)


def test_what_draws_and_confidence_take_off_is_taken_off_every_sector(case: Case) -> None:
    """0.4 points off the central case: each sector grows by so much less, the gap is 0.4 % of GDP more."""
    from dabiao.models.target import Sheet

    plain = gaps(case.region.scenario, case.economy, case.sheet, case.plan, 2)[0]
    sheet = Sheet(case.sheet.targets, case.sheet.relations, {"gdp_growth": -0.4}, 2)
    less = gaps(case.region.scenario, case.economy, sheet, case.plan, 2)[0]
    assert less.expected == pytest.approx(plain.expected - 0.4)
    assert less.money == pytest.approx(plain.money - 0.004 * plain.before)
    assert less.late == plain.late and less.other == pytest.approx(plain.other - 0.004 * plain.before)


@pytest.mark.parametrize(("measure", "start"), [("average", 2), ("average", 3), ("sum", 2), ("every", 2)])
def test_a_gap_of_several_years_is_of_growth_over_all_of_them(measure: str, start: int) -> None:
    """5 % a year on average over three years is 15.76 %; 5 % in all is 5 %; of every year the worst counts.

    0.4 points off the measure is taken off every sector's growth over all of the years.
    """
    from dabiao.models.target import Sheet

    row = {
        "indicator": "gdp_growth",
        "measure": measure,
        "over": [2020 + start, 2024],
        "ensure": 5,
        "title": "m",
    }
    case = Case(
        data(targets={"gdp_growth": None, "plants_growth": None, "mean": row}, years={"target": 2024})
    )
    gdp = case.plan.path.gdp[:, 0]
    yearly = [100 * (gdp[t] / gdp[t - 1] - 1) for t in (2, 3, 4)]
    last = 2 + min(range(3), key=lambda at: yearly[at]) if measure == "every" else 4
    first = last if measure == "every" else start
    years = last - first + 1
    asked = 100 * (1.05**years - 1) if measure == "average" else 5.0
    [one] = gaps(case.region.scenario, case.economy, case.sheet, case.plan, 4)
    expected = 100 * (gdp[last] / gdp[first - 1] - 1)
    assert (one.asked, one.before) == (pytest.approx(asked), pytest.approx(gdp[first - 1]))
    assert one.expected == pytest.approx(expected)
    assert one.money == pytest.approx(gdp[last] - gdp[first - 1] * (1 + asked / 100))
    sheet = Sheet(case.sheet.targets, case.sheet.relations, {"mean": -0.4}, 4)
    [less] = gaps(case.region.scenario, case.economy, sheet, case.plan, 4)
    own = 100 * ((1 + expected / 100) ** (1 / years) - 1)
    by = 100 * ((1 + (own - 0.4) / 100) ** years - (1 + own / 100) ** years) if measure == "average" else -0.4
    assert less.expected == pytest.approx(expected + by)


def test_no_gap_without_a_row_to_reach() -> None:
    held = Case(data(targets={"gdp_growth": {"ensure": None, "stretch": None, "at_most": 8}}))
    assert gaps(held.region.scenario, held.economy, held.sheet, held.plan, 2) == ()
    none = Case(data(targets={"gdp_growth": None}))
    assert gaps(none.region.scenario, none.economy, none.sheet, none.plan, 2) == ()


def test_rows_that_speak_for_all_leave_the_rest_to_all() -> None:
    """a and b are asked 5 and 1 %, the whole 4: 2 x 60 + 2 x 40 less... in equal points."""
    before, after = {"a": 60.0, "b": 40.0}, {"a": 61.2, "b": 42.0}
    parts = divided(before, after, 4.0, [(("a",), 5.0, "one"), (("b",), 1.0, "two")])
    # 60 x 5 + 40 x 1 = 340; 400 are asked: 0.6 points more of each
    assert [(part.sector, part.asked, part.set_by) for part in parts] == [
        ("a", pytest.approx(5.6), "one"),
        ("b", pytest.approx(1.6), "two"),
    ]
    assert [part.expected for part in parts] == pytest.approx([2, 5])
    assert [part.money for part in parts] == pytest.approx([60 * (2 - 5.6) / 100, 40 * (5 - 1.6) / 100])


def test_a_sector_of_nothing_is_asked_nothing_of_its_own() -> None:
    before, after = {"a": 0.0, "b": 50.0}, {"a": 1.0, "b": 52.0}
    parts = divided(before, after, 6.0, [(("a",), 9.0, "row")])
    assert [(part.expected, part.asked, part.money) for part in parts] == [
        (0.0, 0.0, 0.0),
        (pytest.approx(4), pytest.approx(6), pytest.approx(-1)),
    ]
    nothing = divided({"a": 0.0}, {"a": 0.0}, 6.0, [])
    assert [(part.asked, part.expected) for part in nothing] == [(0.0, 0.0)]


# ---- a quarter later


def test_a_quarter_later_is_what_the_delayed_scenario_says(case: Case) -> None:
    target = case.sheet.targets["gdp_growth"]
    found = delay_impacts(case.region.scenario, case.economy, case.plan, case.sheet, target, 2, None)
    slips = {"rising": 5, "coming": 6, "distant": 3}
    effects = {}
    for one in found:
        path = region(data(projects={one.project: {"slip": slips[one.project]}})).run()
        effects[one.project] = float(growth(path)[1] - growth(case.plan.path)[1])
        assert one.effect == pytest.approx(effects[one.project], **EXACT)
        assert one.money == pytest.approx(float(path.gdp[2, 0] - case.plan.path.gdp[2, 0]), **EXACT)
        assert one.chances == {}
    assert [one.project for one in found] == sorted(slips, key=lambda key: (effects[key], key))
    assert len(set(effects.values())) == 3


def test_of_a_ceiling_the_largest_gain_stands_first(monkeypatch: pytest.MonkeyPatch, case: Case) -> None:
    """Losses -3, 1, 1 in two paths: the largest loss first, of a ceiling the largest gain."""
    paths = [
        Made(gdp={2: np.array([9.0, 8.0, 9.5])}, own=np.array([5.0, 2.0, 6.0])),
        Made(gdp={2: np.array([9.0, 9.25])}, own=np.array([5.0, 6.0])),
    ]

    def each(scenario: Any, economy: Any, plan: Any, variants: Any, until: int) -> Any:
        assert [variant.change for variant in variants] == ["later"] * 3 and {v.months for v in variants} == {
            3.0
        }
        yield variants[0], paths[0], 1
        yield variants[1], paths[0], 2
        yield variants[2], paths[1], 1

    monkeypatch.setattr(delay_impact, "each_varied", each)
    projects = [
        Made(id=key, stage=stage)
        for key, stage in (("r", "started"), ("q", "planned"), ("done", "commissioned"), ("p", "approved"))
    ]
    plan: Any = Made(plan="plan", pipeline_run=Made(projects=projects))
    sheet: Any = Made(value=lambda target, path, year: path.own)
    scenario: Any = Made()
    for sign, order in ((1.0, ["r", "p", "q"]), (-1.0, ["p", "q", "r"])):
        target: Any = Made(sign=sign, id="t")
        found = delay_impacts(scenario, scenario, plan, sheet, target, 2, None)
        assert [one.project for one in found] == order
        by = {one.project: (one.effect, one.money) for one in found}
        assert by == {"r": (-3.0, -1.0), "q": (1.0, 0.5), "p": (1.0, 0.25)}


def test_chances_fall_by_the_futures_between() -> None:
    """Of ten futures 1 to 10 five reach 5.5; half of a digit short is enough: 5.5 - 0.05."""
    target = Target("t", None, "t", "modelled", "%", 1, 5.5, 9.0, None, None)  # type: ignore[arg-type]
    found: Any = Made(outcomes={"t": np.arange(1.0, 11.0)})
    assert falls(found, target, -1.2) == {"ensure": pytest.approx(-0.1), "stretch": pytest.approx(-0.2)}
    assert falls(found, target, 2.5) == {"ensure": pytest.approx(0.3), "stretch": pytest.approx(0.2)}
    assert falls(found, target, 0.0) == {"ensure": 0.0, "stretch": 0.0}
    assert falls(Made(outcomes={"other": 1}), target, -1.0) == {} == falls(None, target, -1.0)


# ---- one number at a time


class Otherwise(Draws):
    """The central case with one number moved."""

    strict = False

    def __init__(self, path: str, by: float) -> None:
        self.path, self.by = path, by

    def __call__(self, quantity: Quantity) -> np.ndarray:
        return np.array([quantity.value + (self.by if quantity.path == self.path else 0.0)])


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from futures import loaded

    own = {"coal": {"title": "coal", "unit": "t", "coefficients": {"farms": 0.5, "plants": 0.02}}}
    return loaded(tmp_path_factory.mktemp("numbers"), data(indicators=own))


def test_one_number_at_a_time_is_the_region_with_that_number(numbered: Any) -> None:
    """To first order, for half its range; numbers of the plan, its projects and a chain's base flows are left
    out, and those that move nothing are named."""
    from dabiao.engine import build

    scenario: Scenario = numbered.scenario
    quantities = numbered.quantities()
    case = Case(scenario)
    target = case.sheet.targets["plants_growth"]
    found = one_at_a_time(scenario, quantities, case.sheet, target, case.plan, 2)
    left = (
        "accounts.fai",
        "investment.",
        "mixes.",
        "projects.",
        "pool.",
        "targets.",
        "limits.",
        "funds.",
        "pipeline.",
        "long_view.",
    )
    expected = {
        path
        for path, quantity in quantities.items()
        if width(quantity) > 0
        and not path.startswith(left)
        and not any(f".{name}" in path for name in ("base", "uses", "capacity") if path.startswith("chains."))
    }
    assert set(found.effects) == expected

    def value(path: str, by: float) -> float:
        values = Otherwise(path, by)
        run = build.economy(scenario, values).simulate(case.plan.pipeline_run.realisation)
        return float(build.sheet(scenario, values).value(target, run, 2)[0])

    central = value("", 0.0)
    tried = [path for path in sorted(found.effects) if abs(found.effects[path]) > 1e-3][::5]
    tried += ["sectors.plants.market.trend", "prices.consumer"]
    for path in tried:
        by = step(quantities[path])
        change = (value(path, by) - central) / by * width(quantities[path])
        assert found.effects[path] == pytest.approx(change, rel=1e-6, abs=1e-9), path
    assert len(tried) > 5 and found.effects["sectors.plants.market.trend"] > 0
    assert found.idle and found.idle < set(found.effects)
    assert all(found.effects[path] == pytest.approx(0, abs=1e-9) for path in found.idle)
    assert "sectors.shops.market.trend" not in found.idle
    assert "indicators.coal.coefficients.farms" not in found.idle, "it moves an indicator of one's own"
