"""A run put together: what each part of an answer is made of, another plan told beside the one studied, a
study after another one, and both accounts of growth, on small regions and on paper."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace as Made
from typing import Any

import numpy as np
import pytest
from dabiao.engine import again, build, glance, two_accounts
from dabiao.engine import run as runs
from dabiao.engine import study as studies
from dabiao.engine.diagnose.delay_impact import delay_impacts
from dabiao.engine.diagnose.gap import gaps
from dabiao.engine.diagnose.hints import hints
from dabiao.engine.diagnose.moves import moves, project_moves
from dabiao.engine.diagnose.one_at_a_time import one_at_a_time
from dabiao.engine.glance import Beside, Glance
from dabiao.engine.uncertainty.ensemble import LEVELS
from dabiao.models.errors import Problem, ScenarioError
from dabiao.models.plan import Plan
from dabiao.models.quantity import Bilingual, Draws
from dabiao.models.solow import Fundamentals
from dabiao.models.target import Target
from dabiao.models.words import msg
from dabiao.scenarios.load import Loaded, load
from futures import loaded
from regions import Region, moving, region

EXACT = {"rel": 1e-9, "abs": 1e-9}
TROUBLE = Problem("accounts.gdp", msg("expected a number"), msg("expected a number"))
VIEW = {
    "years": 4,
    "capital_output": 3,
    "capital_formation": 75,
    "labour_share": 50,
    "depreciation": 5,
    "productivity": 2,
    "human": 1,
    "participation": -1,
    "working_age": -0.5,
    "population": 0.25,
    "usual": 40,
    "highest": 60,
}


# ---- a whole run of a small region


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """Four sectors, three projects that are open, growth in doubt by one shock that leans upwards."""
    doubt = {"draws_min": 256, "draws_max": 256, "error": 0.5, "shocks": {"own": {"sd": 1.0, "mean": 0.3}}}
    targets = {"gdp_growth": {"ensure": 4, "stretch": 9, "main": True}, "fai_growth": {"ensure": 5}}
    limits = {"money": {"title": "money", "on": "investment", "max": 180, "relax_to": 200, "price": 1}}
    mixes = {"rich": {"title": "rich", "shares": {"farms": 10, "plants": 50, "mines": 30, "shops": 10}}}
    data = moving(uncertainty=doubt, targets=targets, limits=limits, mixes=mixes, long_view=VIEW)
    return loaded(tmp_path_factory.mktemp("small"), data)


@pytest.fixture(scope="module")
def begun(small: Loaded) -> studies.Study:
    return studies.study(small, draws=256)


STEPS: list[str] = []


@pytest.fixture(scope="module")
def answer(small: Loaded) -> runs.Answer:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "tell", STEPS.append)
        return runs.run(small, draws=256)


def test_a_run_tells_what_it_is_at(answer: runs.Answer) -> None:
    assert STEPS == ["verdicts", "verdicts", "drivers", "price", "decisions"]


@pytest.fixture(scope="module")
def plain(small: Loaded) -> runs.Answer:
    return runs.run(small, draws=0)


def test_a_study_without_futures_is_of_the_central_case(small: Loaded) -> None:
    found = studies.study(small)
    assert (found.ensemble, found.jury, found.posterior, found.uninformed) == (None,) * 4
    assert (found.stated, found.futures, found.seed, found.year) == (None, None, None, 1)
    assert found.sheet.offsets == {}
    assert list(found.mixes) == ["plan", "rich"] and found.plan is found.mixes["plan"]
    own = region(small.scenario)
    for key, run in found.mixes.items():
        path = own.run(run.plan)
        assert run.path.gdp == pytest.approx(path.gdp, **EXACT), key
    assert found.bounds is found.assessor.bounds and [each.id for each in found.bounds] == ["money"]
    assert found.contradictory == ()
    assert studies.study(small, seed=4).seed == 4


def test_a_study_holds_the_sheet_to_the_median_of_its_futures(begun: studies.Study) -> None:
    found = begun.ensemble
    assert found is not None and begun.jury is not None
    assert found.draws == 256 == begun.jury.draws
    for key, target in begun.sheet.targets.items():
        outcomes = np.sort(found.outcomes[key])
        assert (
            outcomes[127] - 1e-9 <= begun.sheet.value(target, begun.plan.path, 1)[0] <= outcomes[128] + 1e-9
        )
        for year in range(1, 5):
            plain = float(build.sheet(begun.scenario, Draws()).value(target, begun.plan.path, year)[0])
            assert found.central[key][year - 1] == pytest.approx(plain, **EXACT)
    assert begun.sheet.offsets["gdp_growth"] == pytest.approx(0.3, abs=0.1)


def test_a_run_is_made_of_what_its_parts_find(
    small: Loaded, begun: studies.Study, answer: runs.Answer
) -> None:
    scenario = begun.scenario
    assert (
        list(answer.mixes) == ["plan", "rich", "optimised", "horizon"] and answer.plan is answer.mixes["plan"]
    )
    assert list(answer.uses) == list(answer.mixes)
    for key, run in answer.mixes.items():
        [use] = answer.uses[key]
        assert use.used == pytest.approx(run.plan.total(1)) and use.bound.id == "money"
    assert (answer.year, answer.seed, answer.ranked_by) == (1, None, "gdp_growth")
    assert answer.solver == begun.solver and answer.loaded is small
    assert [each.id for each in answer.bounds] == ["money"] and answer.contradictory == ()
    assert answer.scenario is small.scenario and "4 mixes" in repr(answer)

    target = begun.sheet.targets["gdp_growth"]
    ranks = one_at_a_time(scenario, begun.loaded.quantities(), begun.sheet, target, begun.plan, 1)
    assert answer.one_at_a_time.effects == pytest.approx(ranks.effects, **EXACT)
    assert answer.one_at_a_time.idle == ranks.idle
    late = delay_impacts(scenario, begun.economy, begun.plan, begun.sheet, target, 1, begun.ensemble)
    assert [one.project for one in answer.delay_impacts] == [one.project for one in late] and len(late) == 3
    assert answer.gaps == gaps(scenario, begun.economy, begun.sheet, begun.plan, 1) and len(answer.gaps) == 2
    for mine, other in (
        (answer.moves, moves(begun.pipeline, begun.plan)),
        (answer.changes, project_moves(begun.pipeline, begun.plan)),
    ):
        assert [one.id for one in mine] == [one.id for one in other] and mine
    known = hints(scenario, begun.loaded.quantities(), begun.sheet, begun.plan, ranks.idle)
    assert answer.hints == known
    assert answer.long is not None and answer.long.given.years == 4
    assert {"accounts.gdp", "long_view.productivity"} <= answer.read
    assert answer.ensemble is not None and answer.ensemble.draws == 256
    drivers = answer.uncertainty_drivers
    assert drivers is not None
    assert answer.mixes_on_draws is not None and answer.quick is not None
    assert answer.price and answer.decisions and answer.break_evens
    assert {one.tier for one in answer.break_evens if hasattr(one, "tier")} <= {"ensure", "stretch"}


def test_the_best_plan_for_the_last_year_stands_beside(answer: runs.Answer, plain: runs.Answer) -> None:
    """It is at least as good there as any other mix."""
    for found in (answer, plain):
        target = found.sheet.targets["gdp_growth"]
        assert found.horizon_optimum is not None
        assert list(found.mixes)[-1] == "horizon"
        for run in found.mixes.values():
            assert found.horizon_optimum >= float(found.sheet.value(target, run.path, 4)[0]) - 1e-4


def test_a_run_without_futures_has_none_of_what_needs_them(plain: runs.Answer) -> None:
    assert (plain.ensemble, plain.uncertainty_drivers, plain.mixes_on_draws, plain.quick) == (None,) * 4
    assert (plain.price, plain.decisions, plain.break_evens) == ((), (), ())
    assert all(not one.chances for one in plain.delay_impacts) and plain.moves and plain.changes


def test_what_is_known_first_leaves_the_rest_empty(
    small: Loaded, begun: studies.Study, answer: runs.Answer
) -> None:
    first = runs.first_answer(begun, small)
    assert list(first.mixes) == ["plan", "rich", "optimised"] and first.loaded is small
    assert (first.moves, first.horizon_optimum, first.ranked_by, first.long) == ((), None, None, None)
    assert first.one_at_a_time.effects == {} and first.one_at_a_time.idle == frozenset()
    assert first.ensemble is begun.ensemble and first.assessment.outcomes
    key = {(one.target.id, one.tier): one.rung for one in first.assessment.outcomes}
    assert key == {(one.target.id, one.tier): one.rung for one in answer.assessment.outcomes}


def test_limits_that_a_year_under_way_brings_are_added(small: Loaded, begun: studies.Study) -> None:
    """Those of the scenario as it was stated go before."""
    known = small.scenario.model_copy(update={"actuals": Made()})
    spent = {"money": "other", "spent-farms": small.scenario.limits["money"]}
    under_way = replace(
        begun, loaded=replace(small, scenario=small.scenario.model_copy(update={"limits": spent}))
    )
    found = runs.first_answer(under_way, replace(small, scenario=known))
    assert set(found.scenario.limits) == {"money", "spent-farms"}
    assert found.scenario.limits["money"] is small.scenario.limits["money"]


def test_notes_are_the_hints_of_the_plan(small: Loaded, answer: runs.Answer, plain: runs.Answer) -> None:
    assert runs.notes(small) == plain.hints
    assert {one.kind for one in plain.hints} == {one.kind for one in answer.hints}
    free = small.scenario.model_copy(update={"targets": {}})
    assert {one.kind for one in runs.notes(replace(small, scenario=free))} <= {
        one.kind for one in plain.hints
    }
    odd = small.scenario.long_view
    assert odd is not None
    wrong = odd.model_copy(update={"productivity": odd.productivity.model_copy(update={"value": -120.0})})
    [told] = [
        one
        for one in runs.notes(replace(small, scenario=small.scenario.model_copy(update={"long_view": wrong})))
        if one.kind == "no_long_view"
    ]
    assert told.path == "accounts"


def test_the_sheet_is_examined_and_the_long_view_taken_alone(small: Loaded) -> None:
    assert {line.target for line in runs.examine(small).lines} >= {"gdp_growth", "fai_growth"}
    found = runs.look_ahead(small)
    assert found is not None and found.given.years == 4
    from dabiao.engine.longview import LongViewAsked

    longer = runs.look_ahead(small, LongViewAsked(years=6))
    assert longer is not None and longer.given.years == 6
    none = small.scenario.model_copy(update={"long_view": None})
    assert runs.look_ahead(replace(small, scenario=none)) is None
    runs.check(small)


@pytest.mark.parametrize("ask", ["run", "check", "examine", "look_ahead", "study"])
def test_what_cannot_stand_together_is_told_with_its_place(
    ask: str, small: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(scenario: Any, values: Any) -> Any:
        raise ScenarioError([TROUBLE])

    monkeypatch.setattr(build, "economy", broken)
    unseen = small.scenario.model_copy()  # of which nothing is remembered
    here = replace(small, scenario=unseen, origins={**small.origins, "accounts.gdp": "valley.yaml:7:3"})
    question = studies.study if ask == "study" else getattr(runs, ask)
    with pytest.raises(ScenarioError) as caught:
        question(here)
    [problem] = caught.value.problems
    assert "valley.yaml" in str(caught.value) and problem.path == "accounts.gdp"
    assert caught.value.__suppress_context__


def test_every_mix_is_put_through_the_pipeline_by_a_check(
    small: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    class Works:
        def __init__(self, *given: Any) -> None:
            pass

        def run(self, plan: Plan) -> None:
            seen.append(plan.id)

    monkeypatch.setattr(runs, "Pipeline", Works)
    runs.check(small)
    assert seen == ["plan", "rich"]


# ---- parts of an answer on paper


def test_the_level_of_growth_and_what_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan grows by 5: works add 0.7, money -0.2; by own trends 3; the median lies 0.25 above."""
    asked = []
    own = Made(gdp=np.array([[50.0], [60.0], [61.8]]))

    def simulate(realisation: Any, routing: Any, quotas: Any, until: int) -> Any:
        asked.append((realisation, routing, quotas, until))
        return own

    monkeypatch.setattr(
        runs,
        "build",
        Made(economy=lambda stated, values: Made(simulate=simulate, stated=asked.append(stated))),
    )
    monkeypatch.setattr(runs, "forecast", lambda stated: "outlook" if stated == "stated" else None)
    monkeypatch.setattr(runs, "unanchored", lambda stated: f"un{stated}")
    monkeypatch.setattr(
        runs,
        "plan_adds",
        lambda scenario, economy, works, year: (
            {"works": 0.7, "money": -0.2}
            if (scenario, economy, works, year) == ("scenario", "economy", "works", 2)
            else {}
        ),
    )
    targets = {
        "row": Made(indicator="gdp_growth", over=None),
        "years": Made(indicator="gdp_growth", over=(1, 3)),
        "other": Made(indicator="fai_growth", over=None),
    }

    def study(**offsets: float) -> Any:
        plan = Made(
            path=Made(gdp=np.array([[90.0], [100.0], [105.0]])),
            pipeline_run=Made(realisation="works"),
            plan=Made(routing={}, quotas="quotas"),
        )
        return Made(
            plan=plan,
            year=2,
            scenario="scenario",
            economy="economy",
            sheet=Made(offsets=offsets, targets=targets),
        )

    found = runs._level("stated", study(row=0.25, years=9.0, other=7.0))  # type: ignore[arg-type]
    assert asked == ["unstated", ("works", None, "quotas", 2)]
    assert found is not None and found.forecast == "outlook"
    assert found.adds == {"works": 0.7, "money": -0.2, "skew": 0.25}
    assert (found.usual, found.plan, found.own) == pytest.approx((4.5, 5.25, 3.0))
    still = runs._level("stated", study(other=7.0))  # type: ignore[arg-type]
    assert (
        still is not None and still.adds == {"works": 0.7, "money": -0.2} and still.plan == pytest.approx(5)
    )
    assert runs._level("else", study()) is None  # type: ignore[arg-type]


def test_break_evens_are_of_tiers_that_are_not_sure_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    chances = {("t", "ensure"): 0.8, ("t", "stretch"): 0.79, ("u", "ensure"): 0.1}
    rows = {key: Made(tiers=[tier for own, tier in chances if own == key], id=key) for key in "tu"}
    found: Any = Made(targets=rows, probability=lambda key, tier: Made(value=chances[key, tier]))
    monkeypatch.setattr(runs, "main_targets", lambda found: ["t", "u"])
    monkeypatch.setattr(runs, "strongest", lambda found, key, year: f"{key} in {year}")
    monkeypatch.setattr(
        runs, "break_evens", lambda found, target, tier, numbers, sure: [(target.id, tier, numbers, sure)]
    )
    begun: Any = Made(jury=Made(confidence=0.8), scenario=Made(years=Made(target=2025)))
    assert runs._break_evens(begun, found, Made()) == (  # type: ignore[arg-type]
        ("t", "stretch", "t in 2025", 0.8),
        ("u", "ensure", "u in 2025", 0.8),
    )
    assert runs._break_evens(begun, None, Made()) == ()  # type: ignore[arg-type]
    assert runs._break_evens(begun, found, None) == ()
    assert runs._break_evens(Made(jury=None), found, Made()) == ()  # type: ignore[arg-type]


def test_mixes_within_their_limits_compete_on_the_futures_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "main_targets", lambda found: ["t"])
    monkeypatch.setattr(runs, "mixes_on_draws", lambda *given, **known: (given, known))
    found: Any = Made(targets={"t": "row", "u": "other"}, outcomes={"t": np.arange(9.0), "u": np.arange(9.0)})
    samples: Any = (Made(draws=4), Made(draws=2))
    mixes: Any = {key: Made(plan=f"plan {key}") for key in ("own", "edge", "over")}
    uses: Any = {
        "own": (),
        "edge": (Made(over=0.0), Made(over=-3.0)),
        "over": (Made(over=-1.0), Made(over=0.1)),
    }
    given, known = runs._rivals(Made(plan="own"), found, samples, mixes, uses, 3)  # type: ignore[arg-type, misc]
    plans = {"own": "plan own", "edge": "plan edge", "over": "plan over"}
    assert given == (samples, plans, "own", 3, {"t": "row"}, frozenset({"own", "edge"}))
    assert {key: values.tolist() for key, values in known["known"].items()} == {"t": [0, 1, 2, 3, 4, 5]}
    assert runs._rivals(Made(plan="own"), None, samples, mixes, uses, 3) is None  # type: ignore[arg-type]


# ---- another plan at a glance

LEVEL = {"t": 1.0, "u": -2.0}


def row(key: str, **tiers: float) -> Target:
    given = {"ensure": None, "stretch": None, **tiers}
    return Target(key, Bilingual.same(key), key, "modelled", "%", 1, at_most=None, asked=None, **given)  # type: ignore[arg-type]


ROWS = {"t": row("t", ensure=3.0, stretch=5.0), "u": row("u", ensure=1.0)}
CHANCES = {("t", "ensure"): 0.55, ("t", "stretch"): 0.05, ("u", "ensure"): 0.9}
JOINT = {"ensure": 0.4, "stretch": 0.97}


def beside(
    monkeypatch: pytest.MonkeyPatch, draws: tuple[int, ...] = (4, 2, 5), written: float = 50.0, **more: Any
) -> Any:
    """A study on paper: in the k-th future of a sample targets are k, and money of the plan moves them."""
    monkeypatch.setattr(glance, "ENOUGH", 6)
    asked: list[float] = []

    class Futures:
        def __init__(self, draws: int) -> None:
            self.draws = draws

        def planned_in_all(self, factor: float) -> Futures:
            asked.append(factor)
            return self

    def values(sample: Futures, targets: Any, plan: Plan) -> Any:
        money = plan.total(1) / 50.0
        return {
            key: np.stack([(year + LEVEL[key] * money) + np.arange(sample.draws) for year in (1, 2)])
            for key in targets
        } | {"single year: t": np.zeros((2, sample.draws))}

    monkeypatch.setattr(glance, "values_by_year", values)
    ensemble = Made(
        targets=ROWS,
        quantile=lambda key, level, year: Made(value=100 * year + 10 * level + LEVEL[key]),
        probability=lambda key, tier: Made(value=CHANCES[key, tier]),
        joint=lambda tier: Made(value=JOINT[tier]),
        thresholds=lambda tier: {key: each.tiers[tier] for key, each in ROWS.items() if tier in each.tiers},
    )
    plan = Plan("plan", Bilingual.same("plan"), np.array([[written / 2, 30.0], [written / 2, 30.0]]))
    pipeline = Made(planned_in_all=lambda factor: Made(run=lambda some: Made(realisation=(factor, some))))
    study = {
        "ensemble": ensemble,
        "jury": Made(samples=[Futures(each) for each in draws]),
        "plan": Made(plan=plan),
        "pipeline": pipeline,
        "economy": Made(simulate=lambda works: ("path", works)),
        "sheet": Made(
            targets={"t": Made(judged=True), "said": Made(judged=False)},
            value=lambda target, path, year: np.array([float(year), 7.0]),
        ),
        "assessor": Made(uses=lambda run: ("use",)),
        "year": 2,
    }
    return Beside(Made(**{**study, **more})), asked  # type: ignore[arg-type]


def plan(first: float) -> Plan:
    return Plan("new", Bilingual.same("new"), np.array([[first, 9.0], [0.0, 9.0]]))


def test_a_plan_beside_the_one_studied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 4, 2 and 5 futures the first two samples do; a fifth more money moves t by 0.2, u by -0.4."""
    found, asked = beside(monkeypatch)
    assert found.draws == 6 and asked == [1.0, 1.0]
    seen = found.at(plan(60.0))
    assert asked[2:] == [1.2, 1.2]
    assert seen.run.path == ("path", (1.2, seen.run.plan)) and seen.run.plan.id == "new"
    assert (seen.values, seen.uses, seen.year) == ({"t": 2.0}, ("use",), 2)
    assert set(seen.quantiles) == {"t", "u"}
    for key, by in (("t", 0.2), ("u", -0.4)):
        for year in (1, 2):
            assert seen.quantiles[key][year - 1] == pytest.approx(
                [100 * year + 10 * level + LEVEL[key] + by for level in LEVELS]
            )
    assert seen.at("t", LEVELS[1]) == pytest.approx(200 + 10 * LEVELS[1] + 1.2)
    assert seen.fan("u", 1) == pytest.approx(
        {f"q{100 * level:02.0f}": 100 + 10 * level - 2.4 for level in LEVELS}
    )


def test_chances_are_those_of_the_studied_plan_and_what_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Futures 0 1 2 3 0 1. In the second year t is 3 to 6 under the plan, u 0 to 3; with twice the money
    t is 4 to 7, u -2 to 1."""
    found, _ = beside(monkeypatch)
    base = [0, 1, 2, 3, 0, 1]
    told = found.at(plan(100.0)).chances

    def share(event: Any) -> float:
        return sum(bool(event(each)) for each in base) / 6

    expected = {
        ("t", "ensure"): 0.55 + share(lambda k: k + 4 >= 3) - share(lambda k: k + 3 >= 3),
        ("t", "stretch"): 0.05 + share(lambda k: k + 4 >= 5) - share(lambda k: k + 3 >= 5),
        ("u", "ensure"): 0.9 + share(lambda k: k - 2 >= 1) - share(lambda k: k >= 1),
        ("sheet", "ensure"): 0.4 + share(lambda k: k + 4 >= 3 and k - 2 >= 1) - share(lambda k: k >= 1),
        ("sheet", "stretch"): 0.97 + share(lambda k: k + 4 >= 5) - share(lambda k: k + 3 >= 5),
    }
    clipped = {key: min(max(value, 0.0), 1.0) for key, value in expected.items()}
    assert told == pytest.approx(clipped)
    assert (
        expected["sheet", "stretch"] > 1 and clipped["sheet", "ensure"] == 0.0 > expected["sheet", "ensure"]
    )
    same = found.at(plan(50.0)).chances
    assert same == pytest.approx({**CHANCES, **{("sheet", tier): each for tier, each in JOINT.items()}})


@pytest.mark.parametrize("lacks", [{"ensemble": None}, {"jury": None}, {"jury": Made(samples=())}])
def test_without_futures_there_are_values_alone(lacks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = beside(monkeypatch, **lacks)
    seen = found.at(plan(60.0))
    assert (seen.values, seen.quantiles, seen.chances) == ({"t": 2.0}, {}, {})
    if "jury" in lacks:
        assert found.draws == 0


def test_a_plan_of_nothing_is_the_same_money_as_any(monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = beside(monkeypatch, written=0.0)
    found.at(plan(60.0))
    assert set(asked) == {1.0}
    assert isinstance(found.at(plan(0.0)), Glance)


# ---- a study after another one


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("written") / "plan.yaml"
    path.write_text(json.dumps({"assumption": "invented", **moving()}), encoding="utf-8")
    return lambda *sets: load(path, sets).scenario


MIX = ("mixes.plan.shares.farms=10", "mixes.plan.shares.shops=40")
FASTER = "investment.growth=9"
UNSURE = ("investment.growth.value=6", "investment.growth.low=5")


@pytest.mark.parametrize(
    ("sets", "read", "money"),
    [
        ((), (), True),
        ((FASTER,), (), True),
        ((FASTER, "investment.later=1"), ("investment.growth", "investment.later"), True),
        (MIX, (), True),
        (MIX, ("mixes.plan.shares.farms",), False),
        (("prices.gdp=2",), (), False),
        ((FASTER, "targets.gdp_growth.ensure=3"), (), False),
        (("investment.growth_in.2022=3",), (), False),
        (("investment.before=5",), ("investment.before",), False),
        (("investment.before=5",), (), True),
        (UNSURE, ("investment.growth",), False),
        (UNSURE, (), True),
        (("mixes.new.title=n", "mixes.new.shares.farms=100"), (), True),
        (("mixes.new.title=n", "mixes.new.shares.farms=100"), ("mixes.new.shares.farms",), False),
    ],
)
def test_whether_two_scenarios_differ_in_planned_money_alone(
    sets: Any, read: Any, money: bool, written: Any
) -> None:
    """Numbers that projects ask for may differ only where they are money of the years, alike in doubt; none
    that the region asks for may."""
    one, other = written(), written(*sets)
    for asks, found in (("by_projects", money), ("by_region", money and not read)):
        asked: Any = Made(**{"by_region": frozenset(), "by_projects": frozenset(), asks: frozenset(read)})
        assert again.differs_in_money(one, other, asked) is found
        assert again.differs_in_money(other, one, asked) is found


def test_a_scenario_with_the_plan_of_another(written: Any) -> None:
    one, other = written("prices.gdp=3"), written(FASTER, *MIX)
    found = again.planned(one, other)
    assert found.investment == other.investment and found.mixes == other.mixes
    assert found.prices == one.prices and found.projects == one.projects


def test_the_first_study_that_differs_in_money_alone_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "differs_in_money", lambda one, two, futures: one == "alike")
    stated: Any = Made(actuals=None)
    found = [
        Made(stated=one, futures=held)
        for one, held in (("alike", None), (None, 1), ("other", 1), ("alike", 2), ("alike", 3))
    ]
    assert studies._before(stated, found) is found[3]  # type: ignore[arg-type]
    assert studies._before(stated, found[:3]) is None  # type: ignore[arg-type]
    assert studies._before(Made(actuals=1), found) is None  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def under_way(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Growth of 5.5 % to June, with an error of 0.5; or of the whole first year of two."""
    doubt = {"draws_min": 256, "draws_max": 256, "error": 0.5, "shocks": {"own": {"sd": 1.0, "mean": 0.3}}}
    half = {"figures": {"gdp_growth": {"2021-06": 5.5}}, "errors": {"gdp_growth": {"2021-06": 0.5}}}
    whole = {"figures": {"gdp_growth": {"2021": 5.5}}}
    rich = {"rich": {"title": "rich", "shares": {"farms": 10, "plants": 50, "mines": 30, "shops": 10}}}
    folder = tmp_path_factory.mktemp("under-way")
    given = {"uncertainty": doubt, "mixes": rich}
    return (
        loaded(folder, moving(**given, actuals=half), "half.yaml"),
        loaded(folder, moving(**given, actuals=whole, years={"target": 2022}), "whole.yaml"),
    )


def test_a_year_under_way_is_held_to_its_figures(under_way: Any) -> None:
    """Of a normal prior the closed form: m + v / (v + 0.25) (5.5 - m)."""
    begun = studies.study(under_way[0], draws=256)
    assert begun.posterior is not None and begun.ensemble is not None and begun.uninformed is not None
    assert [(one.row, one.year, one.says) for one in begun.posterior.used] == [("gdp_growth", 1, 5.5)]
    before, after = (each.paths["gdp_growth"][0] for each in (begun.uninformed, begun.ensemble))
    m, v = before.mean(), before.var()
    assert after.mean() == pytest.approx(m + v / (v + 0.25) * (5.5 - m), abs=0.15)
    assert after.std() == pytest.approx(np.sqrt(v * 0.25 / (v + 0.25)), rel=0.2)
    assert {each.id for each in begun.bounds} == {f"spent-{key}" for key in begun.economy.sector_ids}
    assert begun.sheet.offsets["gdp_growth"] != 0 and begun.sheet.known == {}
    target = begun.sheet.targets["gdp_growth"]
    for run in begun.mixes.values():
        path = begun.economy.simulate(run.pipeline_run.realisation)
        assert run.path.gdp == pytest.approx(path.gdp, **EXACT)
    plain = [begun.sheet.in_year(target, begun.plan.path, year)[0] for year in range(1, 5)]
    assert begun.ensemble.central["gdp_growth"] == pytest.approx(plain, **EXACT)
    assert plain[0] == pytest.approx(np.median(after), abs=0.1), "shocks of the central case are their means"
    assert begun.jury is not None and begun.jury.draws == 256
    known = studies.uninformed(under_way[0], "highs", 256)
    for key, path in begun.uninformed.paths.items():
        assert np.array_equal(known.paths[key], path)
    assert (known.year, begun.solver) == (1, studies.chosen("auto"))


def test_a_year_that_is_over_is_as_it_was_in_every_future(under_way: Any) -> None:
    begun = studies.study(under_way[1], draws=256)
    assert begun.ensemble is not None and begun.sheet.known == {"gdp_growth": {1: 5.5}}
    assert begun.ensemble.paths["gdp_growth"][0] == pytest.approx(5.5)
    assert begun.ensemble.paths["gdp_growth"][1].std() > 0.3
    assert begun.ensemble.central["gdp_growth"][0] == pytest.approx(5.5)


def test_what_is_known_bears_on_the_scenario_and_not_on_its_anchor(under_way: Any, small: Loaded) -> None:
    known = studies.as_known(under_way[0]).scenario
    assert known.actuals == under_way[0].scenario.actuals and known.to_date == under_way[0].scenario.to_date
    assert set(known.limits) == {f"spent-{key}" for key in known.sectors}
    assert studies.as_known(small).scenario.limits == small.scenario.limits


def test_futures_are_held_where_another_study_may_follow(
    small: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And let go of apart from that, once they are drawn."""
    seen: list[str] = []
    for name in ("hold", "apart"):
        real = getattr(studies.Futures, name)
        monkeypatch.setattr(
            studies.Futures, name, lambda self, name=name, real=real: (seen.append(name), real(self))[1]
        )
    studies.study(small, draws=64, after=())
    assert seen == ["hold", "apart"]
    studies.study(small, draws=64)
    assert seen == ["hold", "apart", "apart"]


def test_a_study_after_another_is_what_it_would_be_anew(small: Loaded) -> None:
    first = studies.study(small, draws=256, after=())
    assert first.stated is small.scenario and first.futures is not None
    stated = small.scenario
    growth = stated.investment.growth.model_copy(update={"value": 8.0})
    investment = stated.investment.model_copy(update={"growth": growth})
    second = replace(small, scenario=stated.model_copy(update={"investment": investment}))
    after, anew = studies.study(second, draws=256, after=(first,)), studies.study(second, draws=256)
    assert after.ensemble is not None and anew.ensemble is not None
    for key, outcomes in anew.ensemble.outcomes.items():
        assert np.array_equal(after.ensemble.outcomes[key], outcomes)
    assert after.sheet.offsets == anew.sheet.offsets != first.sheet.offsets
    assert after.plan.plan.total(1) != first.plan.plan.total(1)
    assert (anew.stated, anew.futures) == (None, None) and after.stated is second.scenario


# ---- both accounts

GIVEN = Fundamentals.steady(
    3, labour_share=0.6, depreciation=0.05, productivity=0.02, human=0.01, population=-0.005
)


def test_compound_growth_and_its_parts() -> None:
    """10 % and -5 % are 1.045 in two years; parts are scaled so that they add up to it."""
    growth = np.array([[0.10, 9.0], [-0.05, 9.0]])
    mean = 1.045**0.5 - 1
    assert two_accounts._mean(growth) == pytest.approx(mean)
    parts = two_accounts._parts({"a": np.array([[0.04], [0.01]]), "b": np.array([[0.06], [-0.06]])}, growth)
    assert parts == pytest.approx({"a": 0.025 * mean / 0.025, "b": 0.0})
    none = np.array([[0.1], [-0.1]])
    assert two_accounts._parts({"a": none + 0.3, "b": -none}, none) == pytest.approx({"a": 0.3, "b": 0.0})


def test_one_plan_in_both_accounts_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """GDP 100, 110, 99, 108.9; money put in place 30 + 20, 40 + 20, 50 + 0 at prices that rise by a tenth."""
    gdp = np.array([[100.0], [110.0], [99.0], [108.9]])
    placed = {1: [[30.0], [20.0]], 2: [[40.0], [20.0]], 3: [[50.0], [0.0]]}
    path: Any = Made(
        gdp=gdp,
        economy=Made(prices=Made(investment=np.array([1.1]))),
        realisation=Made(placed=lambda year: np.array(placed[year])),
    )
    growth = [0.1, -0.1, 0.1]
    monkeypatch.setattr(two_accounts, "demand_sources", lambda path: {"x": np.array([[0.2], [-0.1], [0.0]])})
    found = two_accounts._both(path, np.array([0.8]), GIVEN, np.array([2.5]))
    share = [0.8 * sum(x[0] for x in placed[t]) / 1.1**t / gdp[t, 0] for t in (1, 2, 3)]
    mean = (1.1 * 0.9 * 1.1) ** (1 / 3) - 1
    assert found.annual == pytest.approx(mean)
    assert found.invested == pytest.approx(sum(share) / 3)
    assert found.demand == pytest.approx({"x": (0.1 / 3) * mean / (sum(growth) / 3)})
    # capital over output 2.5, labour share 0.6, by the equation of the long view
    ratio, level = 2.5, 1.0
    for each in share:
        kept = 0.95 + each / ratio
        grown = 1.02 * (1.01 * 0.995) ** 0.6 * kept**0.4
        ratio, level = ratio * kept / grown, level * grown
    assert found.long == pytest.approx(level ** (1 / 3) - 1)
    assert sum(found.sources.values()) == pytest.approx(found.long)
    assert set(found.sources) == {"capital", "work", "human", "productivity"}
    assert found.sources["productivity"] == pytest.approx(0.02, abs=2e-3)
    # with the growth of productivity that is implied the same equation gives the annual model's growth
    ratio, level = 2.5, 1.0
    for each in share:
        kept = 0.95 + each / ratio
        grown = (1 + found.implied) * (1.01 * 0.995) ** 0.6 * kept**0.4
        ratio, level = ratio * kept / grown, level * grown
    assert level ** (1 / 3) - 1 == pytest.approx(mean, abs=1e-10)


def own(**changes: Any) -> Region:
    return region(moving(long_view=VIEW, **changes))


@pytest.mark.parametrize(("years", "last", "kept"), [(3, 2024, 3), (6, 2022, 6), (40, 2024, 15)])
def test_both_accounts_go_as_far_as_the_long_view(years: int, last: int, kept: int) -> None:
    """At most fifteen years, whatever the scenario's last year; twice is twice the money of every year."""
    built = own(years={"last": last})
    view = built.scenario.long_view
    assert view is not None
    given = Fundamentals.steady(
        years, labour_share=0.6, depreciation=0.07, productivity=0.02, population=0.01
    )
    found = two_accounts.two_accounts(built.scenario, view, given, np.array([3.0]))
    assert (found.first, found.last) == (2021, 2020 + kept)
    far = own(years={"last": 2020 + kept})
    for one, factor in ((found.plan, 1.0), (found.twice, 2.0)):
        path = far.run(far.plan.scaled(factor))
        assert one.annual == pytest.approx((path.gdp[-1, 0] / path.gdp[0, 0]) ** (1 / kept) - 1, **EXACT)
        prices = path.economy.prices.investment[0]
        shares = [
            0.75 * path.realisation.placed(t).sum() / prices**t / path.gdp[t, 0] for t in range(1, kept + 1)
        ]
        assert one.invested == pytest.approx(sum(shares) / kept, **EXACT)
    assert (found.capital_share, found.depreciation) == pytest.approx((0.4, 0.07))
    assert found.productivity == pytest.approx(0.02) and found.within == 1.0
    assert found.gap == pytest.approx(100 * (found.plan.annual - found.plan.long))


@pytest.mark.parametrize(
    ("annual", "long", "within", "apart"),
    [(0.05, 0.03, 1.9, True), (0.05, 0.03, 2.1, False), (0.03, 0.05, 1.9, True), (0.03, 0.05, 2.1, False)],
)
def test_accounts_are_apart_beyond_what_is_stated(
    annual: float, long: float, within: float, apart: bool
) -> None:
    both: Any = Made(annual=annual, long=long)
    found = two_accounts.TwoAccounts(2021, 2024, both, both, 0.4, 0.05, 0.02, within)
    assert found.gap == pytest.approx(100 * (annual - long)) and found.apart is apart


def test_how_far_apart_they_may_be_is_stated() -> None:
    stated = region(moving(long_view={**VIEW, "agree_within": 2.5}))
    view = stated.scenario.long_view
    assert view is not None
    assert two_accounts.two_accounts(stated.scenario, view, GIVEN, np.array([3.0])).within == 2.5
