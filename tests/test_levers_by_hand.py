"""What may be decided, as a programme or as levers: candidates and their money, paths of money by year,
limits as stated, and what a process is worth; on made-up facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.decide import chain, options, select
from dabiao.engine.decide.chain import Aim, ChainUse, handed_over, worths
from dabiao.engine.decide.select import SelectionQuestion
from dabiao.models.errors import ScenarioError
from dabiao.models.limits import LIMITS
from dabiao.models.plan import Plan
from dabiao.models.quantity import Bilingual
from dabiao.models.sectors.process_chain import ProcessChain
from dabiao.solvers.chain import ChainYear
from dabiao.solvers.decision_variables import Start
from laws import paper_chain
from toys import plan

# ---- candidates


def amount(value: float) -> Any:
    """A number that draws give as it stands."""
    return SimpleNamespace(stated=value)


def values(quantity: Any) -> np.ndarray:
    return np.array([quantity.stated])


def project(key: str, **changes: Any) -> Any:
    """Of 8 left to pay, half of it own; listed for month 7, built in 10 months and 2 late."""
    facts: dict[str, Any] = {
        "id": key,
        "sector": "mills",
        "ahead": True,
        "begins": 7.0,
        "earliest": None,
        "listed": 7.0,
        "construction": 10.0,
        "slip": 2.0,
        "remaining": 8.0,
        "output": 6.0,
        "funds": {"own": 0.5, "loan": 0.25},
    }
    return SimpleNamespace(**{**facts, **changes})


def line(*projects: Any, **funds: float | None) -> Any:
    """A pipeline of two years, in each of which a project spends 12 and 4."""
    scenario = SimpleNamespace(
        years=SimpleNamespace(base=2020, last=2022),
        funds={
            key: SimpleNamespace(amount=None if one is None else amount(one)) for key, one in funds.items()
        },
        projects={
            each.id: SimpleNamespace(title=Bilingual(en=each.id), adds=SimpleNamespace(process=None))
            for each in projects
        },
    )
    made = np.array([20.0, 10.0, 30.0])
    economy = SimpleNamespace(
        sectors=[SimpleNamespace(id="farms"), SimpleNamespace(id="mills", branches=("b",))],
        rows=lambda sector: {"farms": slice(0, 1), "mills": slice(1, 3)}[sector],
        accounts=SimpleNamespace(output=made[:, None], va_ratio=np.array([[0.9], [0.5], [0.3]])),
    )
    due = [np.array([12.0, 4.0]) for _ in projects]
    return SimpleNamespace(
        scenario=scenario,
        projects=projects,
        years=2,
        values=values,
        economy=economy,
        planned=lambda plan: (due, None),
    )


def test_quarters_of_the_horizon() -> None:
    assert select._quarters(line()) == (
        *(f"2021Q{q}" for q in range(1, 5)),
        *(f"2022Q{q}" for q in range(1, 5)),
    )


def test_money_of_the_funds_less_what_is_not_up_for_choice() -> None:
    """20 a year of the own is 5 a quarter; the project under way takes half of 3 in the first year and of 1
    in the second; a loan of 4 has nothing left, and free money is not counted."""
    one = line(project("a"), project("b"), own=20.0, loan=2.0, gift=None)
    names, money = select._own(one, plan(1, 1), 6, {"a"})
    assert names == ("2021Q1", "2021Q2", "2021Q3", "2021Q4", "2022Q1", "2022Q2") and set(money) == {
        "own",
        "loan",
    }
    assert money["own"].tolist() == [3.5] * 4 + [4.5] * 2 and money["loan"].tolist() == [0.0] * 4 + [0.25] * 2
    _, whole = select._own(one, plan(1, 1), 6, {"a", "b"})
    assert whole["own"].tolist() == [5.0] * 6


def test_money_that_is_stated_is_of_the_horizon_and_of_known_sources() -> None:
    one = line(own=20.0, loan=None)
    stated = tuple(f"2021Q{q}" for q in range(1, 5)) + tuple(
        f"202{y}Q{q}" for y in (2, 3) for q in range(1, 5)
    )
    names, money = select._within(one, stated, {"own": np.arange(12.0), "loan": np.ones(12)})
    assert names == stated[:8] and money["own"].tolist() == list(range(8))
    assert select._within(one, stated[:2], {"any": np.ones(2)})[0] == stated[:2]  # the only money there is
    with pytest.raises(ScenarioError) as told:
        select._within(one, stated[1:], {"own": np.ones(11), "lone": np.ones(11)})
    assert [str(each.path) for each in told.value.problems] == ["budgets", "budgets"]
    assert [str(each.found) for each in told.value.problems] == ["2021Q2", "lone"]


def test_a_candidate_by_hand() -> None:
    """Month 7 is the third quarter (from 0), 12 months are four; a quarter of the money is anybody's."""
    one = line(project("a"), own=20.0)
    ask = SelectionQuestion()
    found = select._candidate(one, one.projects[0], ask, ("own", "loan"), 8)
    assert (found.id, found.region, found.build, found.earliest, found.latest) == ("a", "mills", 4, 3, 7)
    assert found.money == {"own": 4.0, "loan": 2.0, "": 2.0} and found.value == pytest.approx(
        6 * (5 + 9) / 40
    )

    def of(ask: SelectionQuestion = ask, sources: tuple[str, ...] = ("own", "loan"), **changes: Any) -> Any:
        return select._candidate(one, project("a", **changes), ask, sources, 8)

    assert of(earliest=2.0).earliest == 1 and of(earliest=9.0).earliest == 3 and of(listed=6.0).earliest == 2
    assert of(listed=-5.0).earliest == 0 and of(begins=9.0, earliest=2.0).earliest == 0
    assert of(begins=9.0, earliest=3.0, listed=9.0).earliest == 1
    assert of(construction=9.0, slip=0.0).build == 3 and of(construction=9.0, slip=-3.0).build == 3
    assert of(construction=9.5, slip=0.0).build == 4 and of(construction=0.0, slip=0.0).build == 1
    assert of(ask=SelectionQuestion(investment=True)).value == 8.0
    assert of(funds={"own": 1.0, "loan": 0.0}).money == {"own": 8.0}
    budgets = (("2021Q1",), {"own": np.ones(1)})
    alone = SelectionQuestion(budgets=budgets)
    assert of(ask=alone, sources=("any",)).money == {"any": 8.0}
    assert of(ask=alone).money == {"own": 4.0, "loan": 2.0, "": 2.0}
    assert of(sources=("any",)).money == {"own": 4.0, "loan": 2.0, "": 2.0}


def test_value_added_of_a_year_at_full_load() -> None:
    """Of mills 5 and 9 of 40; of a chain's process its own part of what it makes, or of the sector's last
    branch where no process is named."""
    one = line(project("a"))
    assert select.yearly_value(one, project("a", output=10.0)) == pytest.approx(10 * 14 / 40)
    assert select.yearly_value(one, project("a", output=0.0)) == 0.0
    one.scenario.projects["a"].adds = None
    assert select.yearly_value(one, project("a")) == 0.0
    flow = SimpleNamespace(processes=("ore", "metal"), value=lambda year: np.array([[2.0], [7.0 + year]]))
    chained = object.__new__(ProcessChain)
    branches = [SimpleNamespace(va_ratio=np.array([ratio])) for ratio in (0.5, 0.2, 0.4)]
    for name, found in (("id", "mills"), ("branches", branches), ("flow", flow)):
        chained.__dict__[name] = found
    one.economy.sectors = [chained]
    one.scenario.projects["a"].adds = SimpleNamespace(process="metal")
    assert select.yearly_value(one, project("a", output=10.0)) == pytest.approx(10 * 7 * 0.2)
    one.scenario.projects["a"].adds = SimpleNamespace(process=None)
    assert select.yearly_value(one, project("a", output=10.0)) == pytest.approx(10 * 0.4)


def test_a_choice_written_back() -> None:
    """Quarters 0, 3 and 6 begin in January 2021, October 2021 and July 2022; what is not chosen after the
    end."""
    tree = {"projects": {"cost_high": 130, **{key: {"invest": at} for at, key in enumerate("abcd")}}}
    loaded: Any = SimpleNamespace(
        scenario=SimpleNamespace(years=SimpleNamespace(base=2020, last=2022)), tree=tree
    )
    some: Any = [SimpleNamespace(id=key) for key in "abcd"]
    starts = {"a": 0, "b": 3, "c": 6}
    own = select.written(loaded, "base.yaml", some, starts, listed=False)
    months = {"a": "2021-01", "b": "2021-10", "c": "2022-07", "d": "2023-01"}
    assert own == {
        "dabiao": 1,
        "extends": "base.yaml",
        "projects": {key: {"decided": own} for key, own in months.items()},
    }
    margins = dict.fromkeys(select.MARGINS, 1)
    tree["projects"].update(margins)  # type: ignore[arg-type]
    listed = select.written(loaded, "base.yaml", some, starts, listed=True)["projects"]
    assert listed == margins | {key: {"invest": at, "decided": months[key]} for at, key in enumerate("abc")}
    assert select.written(loaded, "base.yaml", some, {}, listed=True)["projects"] == {}
    assert select.written(loaded, "base.yaml", some[:1], {}, listed=False)["projects"] == {
        "a": {"decided": "2023-01"}
    }


def test_a_programme_is_of_what_has_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those named, or all that are ahead; with the money of the funds, or with what is stated."""
    asked: list[Any] = []
    one = line(project("a"), project("b", ahead=False), project("c"), own=20.0)
    one.scenario.plan = "plan"
    loaded: Any = SimpleNamespace(scenario=one.scenario)
    own = ("1", "2"), {"own": np.ones(2)}
    stated = ("1", "2", "3"), {"any": np.ones(3)}

    def made(scenario: Any, economy: Any, values: Any) -> Any:
        asked.append((scenario, economy))
        return one

    monkeypatch.setattr(select, "economy", lambda scenario, values: ("economy", scenario is one.scenario))
    monkeypatch.setattr(select, "Pipeline", made)
    monkeypatch.setattr(
        select, "stated_plans", lambda scenario, values: {"plan": "the plan", "other": "none"}
    )
    monkeypatch.setattr(select, "_own", lambda *some: asked.append(some) or own)
    monkeypatch.setattr(select, "_within", lambda line, names, money: (names[:2], money))
    monkeypatch.setattr(select, "_candidate", lambda line, project, *rest: (project.id, *rest[1:]))
    found = select.programme(loaded, SelectionQuestion(carry=True, starts=3, completions=2, discount=0.1))
    assert asked == [(one.scenario, ("economy", True)), (one, "the plan", 8, {"a", "c"})]
    assert found.candidates == (("a", ("own",), 2), ("c", ("own",), 2))  # type: ignore[comparison-overlap]
    assert (found.quarters, found.budgets) == own
    assert (found.carry, found.starts, found.completions, found.discount) == (True, 3, 2, 0.1)
    asked.clear()
    some = select.programme(loaded, SelectionQuestion(among=frozenset({"b", "c"}), budgets=stated))
    assert some.candidates == (("c", ("any",), 2),) and some.quarters == ("1", "2")  # type: ignore[comparison-overlap]
    assert len(asked) == 1 and (some.carry, some.starts, some.completions, some.discount) == (
        False,
        0,
        0,
        0.08,
    )
    assert not SelectionQuestion().investment


# ---- levers


def test_money_of_other_years_follows_that_of_the_target_year() -> None:
    """Where the mix is one all years go with the total; else each sector with its own, and what has nothing
    to go with stands by itself. Years that are over stay."""
    alike = Plan("a", Bilingual(en="a"), np.array([[10.0, 20.0, 40.0], [5.0, 10.0, 20.0]]))
    ratio, rest = options._paths(alike, 2, 0)
    assert ratio.tolist() == [[0.5, 1, 2], [0.5, 1, 2]] and not rest.any()
    apart = Plan("b", Bilingual(en="b"), np.array([[10.0, 20.0, 40.0], [7.0, 0.0, 3.0]]))
    ratio, rest = options._paths(apart, 2, 0)
    assert ratio[0].tolist() == [0.5, 1, 2] and rest.tolist() == [[0, 0, 0], [7, 0, 3]]
    ratio, rest = options._paths(alike, 2, 1)
    assert ratio.tolist() == [[0, 1, 2], [0, 1, 2]] and rest.tolist() == [[10, 0, 0], [5, 0, 0]]
    assert options._ratio(np.array([3.0, 3.0]), np.array([4.0, 1e-13]), 9.0).tolist() == [0.75, 9.0]


def test_unnamed_key_projects_around_a_plan() -> None:
    """In the first year they get 6 of 12 that is left and follow the levers; in the second all, in the third
    nothing."""
    free = np.array([[4.0, 2.0, 1.0], [8.0, 4.0, 0.0]])
    money = np.array([[2.0, 2.0, 0.0], [4.0, 4.0, 0.0]])
    asked: list[Any] = []
    line_: Any = SimpleNamespace(
        split=lambda own, works: asked.append((own.shape, works)) or (free[..., None], money[..., None])
    )
    works = SimpleNamespace(key_planned=np.array([[1.0], [2.0], [3.0]]))
    run: Any = SimpleNamespace(works=works, kernel=np.repeat(np.eye(3), 12, axis=1) / 12)
    found = options._key_pool(line_, plan(1, 1), run, np.array([1.0, 1, 1]), np.array([2.0, 2, 2]))
    assert asked == [((2, 3, 1), works)]
    assert found.total.tolist() == [7, 0, 0] and found.moving.tolist() == [1, 0, 0]
    assert found.share.tolist() == [0.5, 1, 0] and found.split == pytest.approx(free / [12, 6, 1])
    assert found.named.tolist() == [1, 1, 1] and found.spent.tolist() == [2, 2, 2]
    assert found.late == pytest.approx(np.eye(3))


def limit(kind: str, **changes: Any) -> Any:
    facts: dict[str, Any] = {
        "kind": LIMITS[kind],
        "stated": amount(40.0),
        "relax_to": None,
        "price": None,
        "sectors": (),
        "fund": None,
        "indicator": None,
        "over": None,
        "year": None,
        "together": False,
    }
    return SimpleNamespace(**{**facts, **changes})


def scenario(movable: Any = None, ahead: int = 2) -> Any:
    funds = {"farms": {"loan": amount(25.0)}, "mills": {"gift": amount(10.0)}}
    return SimpleNamespace(
        sectors={key: SimpleNamespace(funds=own) for key, own in funds.items()},
        years=SimpleNamespace(base=2020, target=2022, ahead=ahead),
        investment=SimpleNamespace(movable=movable),
        limits={},
    )


def test_limits_as_stated() -> None:
    """A fund counts a quarter of farms; years of the plan have 300, 50 and 12 in all."""
    draws: Any = values

    def bound(kind: str, **changes: Any) -> Any:
        return options._bound(scenario(), "x", limit(kind, **changes), plan(30, 20), draws)

    loan = bound("source", fund="loan", relax_to=amount(55.0), price=amount(3.0))
    assert (loan.id, loan.most, loan.slack, loan.price) == ("x", 40, 15, 3) and loan.weights.tolist() == [
        0.25,
        0,
    ]
    firm = bound("source", fund="loan")
    assert (firm.slack, firm.price, firm.years, firm.together) == (0, 0, (), False)
    assert bound("sector", sectors=("mills",)).weights.tolist() == [0, 1]
    assert bound("floor", sectors=("mills",)).weights.tolist() == [0, -1]
    money = bound("investment", relax_to=amount(70.0))
    assert (money.slack, money.price) == (30, 1) and bound(
        "investment", stated=amount(60.0), relax_to=amount(70.0)
    ).slack == 20
    years = bound(
        "investment", stated=amount(400.0), relax_to=amount(410.0), over=(2021, 2023), together=True
    )
    assert years.years == (1, 2, 3) and years.together and years.slack == 410 - 362
    each = bound("investment", stated=amount(400.0), relax_to=amount(410.0), over=(2021, 2023))
    assert each.slack == 110 and not each.together
    assert bound("indicator", indicator="coal").about == "coal"
    one: Any = scenario()
    one.limits = {"a": limit("cut"), "b": limit("mix")}
    assert [(found.id, found.kind) for found in options.bounds(one, plan(30, 20), draws)] == [
        ("a", "cut"),
        ("b", "mix"),
    ]


def test_years_of_a_limit() -> None:
    """Its own; of an indicator the target's; where money moves between years each up to the target's, but for
    all money and what is no money."""
    plain, moving = scenario(), scenario("movable", 3)

    def years(one: Any, kind: str, **changes: Any) -> tuple[int, ...]:
        return options.limit_years(one, limit(kind, **changes))

    assert years(plain, "cut") == () and years(plain, "cut", year=2021) == (1,)
    assert years(plain, "cut", over=(2022, 2023)) == (2, 3) and years(plain, "indicator") == (2,)
    assert years(plain, "indicator", year=2023) == (3,) and years(plain, "indicator_floor") == (2,)
    assert (
        years(moving, "cut") == (1, 2, 3)
        and years(moving, "investment") == ()
        and years(moving, "advance") == ()
    )


# ---- a chain


def flow(**changes: Any) -> Any:
    """Mining makes ore and half as much slag; a smelter makes slag of two of ore. Ore is 10, slag 100."""
    made, used = np.array([[1.0, 0], [0.5, 1]]), np.array([[0, 2.0], [0, 0]])
    facts: dict[str, Any] = {
        "materials": ("ore", "slag"),
        "processes": ("mining", "smelter"),
        "price": np.array([[10.0], [100.0]]),
        "made": lambda year: made[..., None] * (1 + year / 10),
        "used": lambda year: used[..., None],
        "base": np.array([[4.0], [1.0]]),
        "bought": lambda base, year: np.array([[4.0], [0.0]]),
        "worth": 0.5,
        "va_ratio": np.array([[0.6], [0.3]]),
    }
    return SimpleNamespace(**{**facts, **changes})


def test_what_a_unit_of_a_process_is_worth() -> None:
    """At base prices and at 12 and 90; half of the ore used was bought in the base year."""
    sector: Any = SimpleNamespace(flow=flow(made=lambda year: flow().made(0)))
    price = {"ore": 12.0, "slag": 90.0}
    begun: Any = SimpleNamespace(
        year=2, economy=SimpleNamespace(price=lambda name, year: np.array([price[name] + year - 2]))
    )
    assert worths(begun, sector, Aim.OUTPUT, False).tolist() == [30, 50]
    assert worths(begun, sector, Aim.OUTPUT, True).tolist() == [28.5, 45]
    assert worths(begun, sector, Aim.VALUE_ADDED, False).tolist() == [18, 15]
    assert worths(begun, sector, Aim.VALUE_ADDED, True).tolist() == [16.5, 8]
    assert worths(begun, sector, Aim.SALES, False).tolist() == [30, 45]
    assert worths(begun, sector, Aim.SALES, True).tolist() == [28.5, 39]
    assert chain._own(flow()).tolist() == [0.5, 1]
    grown: Any = SimpleNamespace(flow=flow())  # a fifth more is made of a unit in the second year
    assert worths(begun, grown, Aim.OUTPUT, False).tolist() == [36, 60]
    assert worths(begun, grown, Aim.SALES, False) == pytest.approx([36, 55])


def test_a_chains_year_as_the_question_puts_it() -> None:
    stocks = {"limit": np.array([[3.0], [4.0]]), "market": np.array([[-1.0], [2.0]])}
    sector: Any = SimpleNamespace(flow=flow())
    state: Any = SimpleNamespace(stocks=stocks, year=2)
    plain = chain._changed(sector, state, False, {})
    assert (plain.limit.tolist(), plain.market.tolist(), plain.year) == ([3, 4], [0, 2], 2)
    other = chain._changed(sector, state, True, {"smelter": 9.0})
    assert (
        other.limit.tolist() == [3, 9]
        and np.isinf(other.market).all()
        and stocks["limit"].tolist() == [[3], [4]]
    )


@pytest.mark.parametrize("market", [(10.0, 20.0, 12.0), (np.inf, 20.0, 12.0), (-5.0, 20.0, np.inf)])
@pytest.mark.parametrize(
    "activity", [(108.0, 39.2, 12.0), (80.0, 30.4, 11.4), (100.0, 30.0, 10.0), (0.0, 0.0, 0.0)]
)
def test_shares_that_make_a_chain_run_as_it_is_told(
    market: tuple[float, ...], activity: tuple[float, ...]
) -> None:
    """Whatever can be made is made just so, though less than is asked for."""
    year = ChainYear(paper_chain(), 0, np.array([120.0, 40.0, 12.0]), np.array(market))
    _, run = handed_over(year, np.array(activity))
    assert run == pytest.approx(np.array(activity), abs=1e-9)


def test_what_makers_shared_by_cost_are_asked_for_is_led() -> None:
    asked: list[Any] = []

    def asked_for(wanted: np.ndarray, market: np.ndarray, year: int, led: Any) -> Any:
        asked.append((wanted.tolist(), market.tolist(), year, led))
        return {"mining": {"ore": 0.7}}

    def wanted(limit: np.ndarray, market: np.ndarray, year: int, routing: Any) -> np.ndarray:
        return limit + market + year

    one: Any = flow(several=[0, 1], by_cost=(False, True), asked_for=asked_for, wanted=wanted)
    year = ChainYear(one, 2, np.array([3.0, 4.0]), np.array([10.0, 20.0]))
    own = {"smelter": {"ore": 0.4}, "mining": {"ore": 0.1}}
    assert chain._led(year, own) == {"mining": {"ore": 0.1}, "smelter": {"ore": 0.4}}
    assert asked == [([15, 26], [10, 20], 2, [1])] and chain._led(year, None) == {"mining": {"ore": 0.7}}
    free: Any = flow(several=[0, 1], by_cost=(False, False))
    assert chain._led(ChainYear(free, 2, year.limit, year.market), own) is own


def test_how_far_two_models_differ() -> None:
    nothing: Any = None

    def use(now: list[float], checked: list[float]) -> ChainUse:
        best: Any = SimpleNamespace(activity="promised")
        return ChainUse(
            nothing, nothing, Aim.OUTPUT, best, np.array(now), np.array(checked), nothing, {}, {}, None
        )

    assert use([4.0, 2.0], [4.4, 1.0]).difference == 0.5 and use([], []).difference == 0.0
    assert use([0.0], [1e-9]).difference == pytest.approx(1.0) and use([1.0], [1.0]).promised == "promised"


def chained(name: str) -> ProcessChain:
    one = object.__new__(ProcessChain)
    one.__dict__.update(id=name, flow=flow())
    return one


def begun(**more: Any) -> Any:
    """Two chains and a sector that is none; states say how often they were moved on."""
    steps: list[int] = []

    def advance(states: Any, realisation: Any, year: int) -> Any:
        assert realisation == "realised"
        steps.append(year)
        return [replaced + 1 for replaced in states]

    economy = SimpleNamespace(
        sectors=[chained("one"), SimpleNamespace(), chained("two")],
        start=lambda: [0, 10, 20],
        advance=advance,
    )
    run = SimpleNamespace(pipeline_run=SimpleNamespace(realisation="realised"))
    return SimpleNamespace(economy=economy, year=2, plan=run, steps=steps)


def test_every_chain_in_the_target_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        chain, "_changed", lambda sector, state, opened, stated: (state, opened, dict(stated))
    )
    monkeypatch.setattr(chain, "_use", lambda study, sector, *rest: (sector.id, *rest))
    one = begun()
    found: Any = list(chain.chain_uses(one, Aim.SALES, current=True, opened=True, capacity={"mining": 3.0}))
    assert one.steps == [1, 2]
    assert found[0] == ("one", (2, True, {"mining": 3.0}), 2, Aim.SALES, True, 60.0)
    assert found[1] == ("two", (22, True, {"mining": 3.0}), 22, Aim.SALES, True, 60.0)
    with pytest.raises(ScenarioError) as told:
        list(chain.chain_uses(begun(), Aim.SALES, capacity={"mining": 1.0, "mill": 1.0, "x": 2.0}))
    (problem,) = told.value.problems
    assert (problem.path, problem.found) == ("--capacity", "mill") and "mining, smelter" in str(
        problem.expected
    )
    none = begun()
    none.economy.sectors = [SimpleNamespace()] * 3
    assert list(chain.chain_uses(none, Aim.SALES)) == []
    with pytest.raises(ScenarioError) as told:
        list(chain.chain_uses(none, Aim.SALES, capacity={"x": 2.0}))
    assert "the scenario has none" in str(told.value.problems[0].expected)


def test_a_chain_at_its_best_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan's routing is checked at the worth of output; the economy is simulated with what is handed over
    only where capacities and markets are the plan's."""
    asked: list[Any] = []
    simulated: list[Any] = []

    def best_use(year: Any, worth: Any, **more: Any) -> Any:
        asked.append((year, worth.tolist(), more))
        return SimpleNamespace(activity=np.array(answers[len(asked) % 2 - 1]))

    own = plan(30, 20)
    path = SimpleNamespace(
        physical={
            f"activity:{name}": np.array([[0.0], [0.0], [at]])
            for name, at in (("mining", 3.0), ("smelter", 1.0))
        }
    )
    study: Any = SimpleNamespace(
        year=2,
        solver="none",
        economy=SimpleNamespace(price=lambda name, year: np.array([1.0])),
        plan=SimpleNamespace(plan=own, path=path),
        assessor=SimpleNamespace(simulate=lambda plan: simulated.append(plan) or "after"),
    )
    sector = chained("one")
    sector.flow.several, sector.flow.by_cost = [], ()  # type: ignore[misc]
    state: Any = SimpleNamespace(
        year=2, stocks={"limit": np.array([[3.0], [4.0]]), "market": np.array([[1.0], [2.0]])}
    )
    monkeypatch.setattr(chain, "best_use", best_use)
    monkeypatch.setattr(
        chain, "handed_over", lambda year, activity: ({"smelter": {"ore": 0.5}}, activity + 1)
    )
    answers = [[3.0, 1.0], [2.0, 2.0]]

    def use(opened: bool = False, capacity: Mapping[str, float] = {}) -> ChainUse:
        asked.clear()
        year = chain._changed(sector, state, opened, capacity)
        return chain._use(study, sector, year, state, Aim.VALUE_ADDED, False, 7.0)

    found = use()
    checked, best = asked
    assert checked[1] == worths(study, sector, Aim.OUTPUT, False).tolist() and checked[2] == {
        "held": True,
        "solver": "none",
        "time_limit": 7.0,
    }
    assert best[1] == worths(study, sector, Aim.VALUE_ADDED, False).tolist() and best[2]["near"].tolist() == [
        3,
        1,
    ]
    assert best[2]["time_limit"] == 7.0 and "held" not in best[2]
    assert (
        found.now.tolist() == [3, 1]
        and found.checked.tolist() == [3, 1]
        and found.promised.tolist() == [2, 2]
    )
    assert found.simulated.tolist() == [3, 3] and found.after == "after" and set(found.worth) == set(Aim)
    assert simulated[0].id == "chain" and simulated[0].routing == {"one": {"smelter": {"ore": 0.5}}}
    assert use(opened=True).after is None and use(capacity={"smelter": 9.0}).after is None
    assert use(capacity={"smelter": 4.0}).after == "after"
    answers[1] = [np.inf, 1.0]
    assert use().simulated.tolist() == [4, 2]  # the plan's own, where nothing bounds the best


def start(
    project: str, shift: float, planned: Sequence[float], spent: Sequence[float], new: Sequence[float]
) -> Any:
    """A start of a project of mills."""
    arrays = (np.array(each, dtype=float) for each in (planned, spent, new))
    return Start(project, shift, 1, "mills", "ore", True, True, *arrays)


def test_levers_are_what_is_left_when_free_projects_are_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three projects one may start at two times: what it plans, spends and brings is its lever; what has a
    plan alone stays, as does what queues add to the free one."""
    projects = [
        SimpleNamespace(id="free", sector="mills", output=5.0, key=True),
        SimpleNamespace(id="fixed", sector="mills", output=0.0, key=True),
        SimpleNamespace(id="farm", sector="farms", output=2.0, key=False),
    ]
    done = np.array([[6.0, 5.0, 0.0], [1.0, 2.0, 3.0], [4.0, 0.0, 0.0]])
    named = {"mills": {"ore": np.array([[0.0, 0.0], [3.0, 4.0], [5.0, 6.0]])}}
    run: Any = SimpleNamespace(
        planned=np.array([[10.0, 11, 12], [20, 21, 22]]),
        realisation=SimpleNamespace(named=named),
        result=SimpleNamespace(investment=np.repeat(done / 12, 12, axis=1)),
        projects=projects,
        due=np.array([[7.0, 4.0, 0.0], [1.0, 1.0, 1.0], [9.0, 9.0, 9.0]]),
    )
    free = [
        start("free", 0.0, (7, 4, 0), (5, 5, 1), (1, 2, 2)),
        start("free", -3.0, (9, 2, 0), (8, 3, 0), (2, 2, 2)),
    ]
    alone = [start("fixed", 0.0, (1, 1, 1), (1, 1, 1), (0, 0, 0))]
    years = SimpleNamespace(ahead=2)
    scenario_ = SimpleNamespace(years=years, investment=SimpleNamespace(movable=None))
    pipeline: Any = SimpleNamespace(
        years=3,
        sectors=("farms", "mills"),
        scenario=scenario_,
        values=values,
        realised=np.array([[1.0, 9.0], [2.0, 9.0]]),
        key_realised=np.array([3.0, 9.0]),
        inferred=SimpleNamespace(carried=np.array([[5.0, 9.0], [6.0, 9.0]])),
    )
    monkeypatch.setattr(options, "_choices", lambda line, run: {"free": free, "fixed": alone})
    monkeypatch.setattr(
        options, "_key_pool", lambda line, plan, run, planned, spent: (planned.tolist(), spent.tolist())
    )
    monkeypatch.setattr(options, "finished", lambda scenario: over)
    monkeypatch.setattr(options, "_paths", lambda plan, year, done: (f"ratio {year} {done}", "rest"))
    over = 0
    found: Any = options.variables(pipeline, plan(30, 20), run)
    assert [each.shift for each in found.choices] == [0.0, -3.0] and found.money.tolist() == [30, 20]
    assert found.fixed_planned.tolist() == [[10, 11, 12], [13, 17, 22]]
    # delivered 6, 5, 0 and 1, 2, 3 less the unhindered 5, 5, 1
    assert found.fixed_spent == pytest.approx(np.array([[4, 0, 0], [2, 2, 2]]))
    assert found.fixed_tied == pytest.approx(np.array([[4, 0, 0], [1, 0, -1]]))
    assert found.fixed_named["mills"]["ore"].tolist() == [[-1, -1], [1, 2], [3, 4]]
    assert named["mills"]["ore"].tolist() == [[0, 0], [3, 4], [5, 6]] and run.planned[1].tolist() == [
        20,
        21,
        22,
    ]
    assert found.key == (pytest.approx([1, 1, 1]), pytest.approx([2, 2, 2]))
    assert found.carried.tolist() == [[5, 0, 0], [6, 0, 0]] and found.realised.tolist() == [1, 2]
    assert (found.key_realised, found.year, found.moves, found.movable) == (3.0, 2, (), 0.0)
    assert (found.ratio, found.rest, found.delivered) == ("ratio 2 0", "rest", run.realisation)
    years.ahead, scenario_.investment.movable, over = 3, amount(20.0), 1
    monkeypatch.setattr(options, "one", lambda quantity, values: quantity.stated)
    moving: Any = options.variables(pipeline, plan(30, 20), run)
    assert moving.moves == ((0, 1), (1, 1)) and moving.movable == 0.2 and moving.ratio == "ratio 3 1"
    over = 9
    assert options.variables(pipeline, plan(30, 20), run).moves == ()


def test_starts_that_are_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every three months from the stated start to the earliest, until approval makes an earlier one
    useless."""

    def one(name: str, **changes: Any) -> Any:
        facts: dict[str, Any] = {"ahead": True, "begins": 9.0, "earliest": 2.0, "stop": None, "output": 4.0}
        return SimpleNamespace(id=name, sector="mills", **{**facts, "key": False, **changes})

    projects = [
        one("two"), one("stopped", stop=5.0), one("begun", ahead=False), one("firm", earliest=None),
        one("late", earliest=12.0), one("three", earliest=0.0, output=0.0, key=True),
        one("held", earliest=0.0),
    ]  # fmt: skip
    asked: list[Any] = []

    def courses(named: Any, wide: np.ndarray) -> Any:
        asked.append(wide[0].tolist())
        begin = 9 + np.array(wide)
        begin[6] = [9, 6, 6, 5]  # approval comes in month 6
        return SimpleNamespace(start=begin, building=10.0)

    count = len(projects)
    table = np.arange(float(count * 2 * 4)).reshape(count, 2, 4)
    monkeypatch.setattr(options, "courses", courses)
    monkeypatch.setattr(options, "planned_spending", lambda named, wide, years: SimpleNamespace(years=table))
    monkeypatch.setattr(options, "unhindered_spending", lambda named, path, years: 10 * table)
    monkeypatch.setattr(
        options,
        "online",
        lambda ends, ramp, years: np.cumsum(np.ones((count, 3, 4)), axis=1) * ends[:, None, :],
    )
    scenario_ = SimpleNamespace(projects={each.id: SimpleNamespace(adds=None) for each in projects})
    scenario_.projects["two"].adds = SimpleNamespace(process="ore")
    pipeline: Any = SimpleNamespace(
        named=SimpleNamespace(ramp_up=np.zeros((count, 1))),
        years=2,
        sectors=("farms", "mills"),
        scenario=scenario_,
    )
    found = options._choices(pipeline, SimpleNamespace(projects=projects))  # type: ignore[arg-type]
    assert asked == [[0, -3, -6, -9]]
    assert {key: [each.shift for each in own] for key, own in found.items()} == {
        "two": [0, -3, -6],
        "stopped": [0],
        "begun": [0],
        "firm": [0],
        "late": [0],
        "three": [0, -3, -6, -9],
        "held": [0, -3],
    }
    last, three = found["two"][2], found["three"][0]
    assert (last.project, last.sector, last.sector_id, last.process) == ("two", 1, "mills", "ore")
    assert (last.key, last.tied, three.tied, three.key, three.process) == (False, True, False, True, "")
    assert (
        last.planned.tolist() == table[0, :, 2].tolist()
        and last.spent.tolist() == (10 * table[0, :, 2]).tolist()
    )
    assert last.new.tolist() == [4 * 13.0] * 2  # ends in month 3 + 10
    assert three.new.tolist() == [0, 0]
    none = [one("firm", earliest=None), one("near", earliest=6.1)]
    assert options._choices(pipeline, SimpleNamespace(projects=none)) == {}  # type: ignore[arg-type]
    assert options._choices(pipeline, SimpleNamespace(projects=[])) == {}  # type: ignore[arg-type]


def test_what_is_not_said_of_a_chain_is_the_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Base prices, markets as they are, no other capacity, a minute for each."""
    monkeypatch.setattr(chain, "_changed", lambda sector, state, opened, stated: (opened, stated))
    monkeypatch.setattr(chain, "_use", lambda study, sector, changed, state, aim, *rest: (changed, *rest))
    assert list(chain.chain_uses(begun(), Aim.SALES)) == [((False, {}), False, 60.0)] * 2  # type: ignore[comparison-overlap]
