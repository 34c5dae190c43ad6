"""What becomes of a plan's money and of works, and what a list says of works that are not on it: worked out
on paper. Changed lists are held against scenarios that state the change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.projects import listed, variants
from dabiao.engine.projects.ledger import Ledger, Works, added
from dabiao.engine.projects.listed import Inferred, ListedPast
from dabiao.engine.projects.named import named_projects
from dabiao.engine.projects.variants import Variant, each_varied, one_by_one, varied
from dabiao.models.listing import coming, missing, new_load
from dabiao.models.project import ProjectPlan
from dabiao.models.quantity import Draws
from dabiao.scenarios.schema import Scenario
from regions import Drawn, four, laid, moving, region

MONTHS = {"approval": 0, "registration": 0, "construction": 12, "ramp_up": 6}


def work(**over: Any) -> dict[str, Any]:
    data = {
        "title": "works",
        "sector": "plants",
        "invest": 12,
        "stage": "approved",
        "months": MONTHS,
        "slip": 0,
    }
    return laid(data, over)


def place(works: dict[str, dict[str, Any]], **changes: Any) -> Scenario:
    """Four sectors with 42 of investment each in the base year, nothing growing."""
    return Scenario.model_validate(laid(four(projects=works), changes))


AHEAD = {
    "one": work(start="2021-01", adds={"output": 5}),
    "two": work(start="2021-07", sector="shops", key=False),
    "three": work(start="2022-01", adds={"output": 2}, invest=6),
    "four": work(start="2021-04", sector="mines", adds={"process": "leaching", "capacity": 0.3}),
}
POOL = {"projects": 9, "investment": 40, "starts": 2, "completions": 1, "months": MONTHS, "slip": 0}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger(place(AHEAD, pool=POOL, sectors={"plants": {"realisation": 80}}), Draws())


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def test_projects_are_added_up_by_sector_and_by_whether_they_count(ledger: Ledger) -> None:
    assert ledger.sectors == ("farms", "plants", "mines", "shops") and ledger.rows == [1, 3, 1, 2]
    paths = np.array([[[1.0]] * 4, [[2.0]] * 4, [[4.0]] * 4, [[8.0]] * 4])
    assert ledger.by_sector(paths)[:, 0, 0].tolist() == [0, 5, 8, 2]
    assert ledger.by_sector(paths, np.array([True, True, False, False]))[:, 0, 0].tolist() == [0, 1, 0, 2]
    assert ledger.of_key(paths)[:, 0].tolist() == [13] * 4
    assert {each: list(rows) for each, rows in ledger.adding.items()} == {
        ("plants", ""): [0, 2],
        ("mines", "leaching"): [3],
    }
    assert added([np.full((2, 3), 1.5), np.full((2, 1), 2.0)], 2).tolist() == [[3.5] * 3] * 2
    assert added([], 3).tolist() == [[0]] * 3
    assert ledger.planned_in_all(1.5).totals == pytest.approx(np.full((4, 1), 252))
    assert ledger.totals == pytest.approx(np.full((4, 1), 168)) and ledger.key_realised.tolist() == [1]
    assert ledger.normal[:, 0] == pytest.approx(np.full((4, 1), 42))


def test_works_are_booked(ledger: Ledger) -> None:
    """`two` makes nothing of its own and is no key project."""
    planned, spent = np.zeros((4, 4, 1)), np.zeros((4, 4, 1))
    planned[:, 0, 0], spent[:, 1, 0] = [1, 2, 4, 8], [3, 5, 7, 11]
    online = np.zeros((4, 5, 1))
    online[0, :, 0], online[2, :, 0] = [0.1, 0.4, 1, 1, 1], [0, 0, 0, 0.5, 1]
    online[3, :, 0] = [0, 0.5, 0.75, 1, 1]
    found = ledger.works(planned, spent, online)
    assert found.planned[:, 0, 0].tolist() == [0, 5, 8, 2] and found.key_planned[0, 0] == 13
    assert found.spent[:, 1, 0].tolist() == [0, 10, 11, 5] and found.making[:, 1, 0].tolist() == [
        0,
        10,
        11,
        0,
    ]
    assert found.key_spent[:, 0].tolist() == [0, 21, 0, 0]
    assert found.brought["plants"][""] == pytest.approx(column(1.5, 3, 1, 1))
    assert found.brought["mines"]["leaching"] == pytest.approx(column(0.15, 0.075, 0.075, 0))
    assert set(found.brought) == {"plants", "mines"}
    # where all make, all that is spent is theirs
    three = Ledger(place({key: AHEAD[key] for key in ("one", "three", "four")}), Draws())
    assert three.works(planned[:3], spent[:3], online[:3]).making[:, 1, 0].tolist() == [0, 8, 7, 0]


def booked(**over: Any) -> Works:
    nothing = np.zeros((4, 4, 1))
    made: dict[str, Any] = {
        "planned": nothing,
        "key_planned": np.zeros((4, 1)),
        "spent": nothing,
        "making": nothing,
        "key_spent": np.zeros((4, 1)),
        "brought": {},
    }
    return Works(**(made | over))


def test_what_named_projects_leave_and_what_of_it_is_of_key_projects(ledger: Ledger) -> None:
    """Of 84 money, half the first year's plan, the key projects' 40 are 20. Named ones plan 8 of it in the
    first year: 12 of the 75 that are left; 30 in the second: nothing; in the third 5 are left, less than the
    20; in the fourth nothing."""
    money, planned = np.zeros((4, 4, 1)), np.zeros((4, 4, 1))
    money[:2, :, 0] = [[60.0] * 4, [24.0] * 4]
    planned[1, :, 0] = [9, 20, 30, 24]
    planned[0, 2:, 0] = [55, 60]
    left, key = ledger.split(money, booked(planned=planned, key_planned=column(8, 30, 0, 0)))
    assert left[0, :, 0].tolist() == [60, 60, 5, 0] and left[1, :, 0].tolist() == [15, 4, 0, 0]
    assert key[0, :, 0] == pytest.approx([60 * 12 / 75, 0, 5, 0])
    assert key[1, :, 0] == pytest.approx([15 * 12 / 75, 0, 0, 0]) and not key[2:].any()
    none = Ledger(place(AHEAD), Draws())
    left, key = none.split(money, booked(planned=planned))
    assert left[0, 0, 0] == 60 and key.shape == left.shape and not key.any()
    assert none.key_realised.tolist() == [1]
    # 84 of a first year of 168 and 126 of the same: the pool is that of the first year
    grown = Ledger(place(AHEAD, pool=POOL, investment={"growth": 0, "later": 50}), Draws())
    _, key = grown.split(money * np.array([1.0, 1.5, 1, 1])[:, None], booked())
    assert key.sum(axis=0)[:, 0] == pytest.approx([20, 30, 20, 20])


def test_what_is_put_in_place(ledger: Ledger) -> None:
    """Of the plants' money 80 % is put in place; queues move key projects' money; what is carried in comes in
    the first year; key projects put in place no more than all works do."""
    own = Ledger(
        place(AHEAD, pool=laid(POOL, {"realisation": 50}), sectors={"plants": {"realisation": 80}}),
        Draws(),
        inferred=Inferred({"plants": {"": column(0.5, 0.25, 0, 0)}}, column(0, 3, 0, 0)),
    )
    own.past = ListedPast(column(0, 0.25, 1, 0), {"plants": {"": np.array([8.0])}})
    left, key, placed = np.zeros((4, 4, 1)), np.zeros((4, 4, 1)), np.zeros((4, 4, 1))
    left[0], left[1] = 10.0, 20.0
    key[1, :, 0], placed[1, :, 0] = [5, 5, 5, 20], [2, 8, 5, 90]
    spent, making = np.zeros((4, 4, 1)), np.zeros((4, 4, 1))
    spent[1, :, 0], making[1, :, 0] = [7, 0, 1, 0], [4, 0, 1, 0]
    works = booked(spent=spent, making=making, key_spent=column(6, 0, 0, 0), brought={"plants": {}})
    found = own.realisation(left, key, placed, works)
    assert found.invested[0, :, 0].tolist() == [10] * 4
    assert found.invested[1, :, 0] == pytest.approx([0.8 * 17 + 7 + 3, 0.8 * 23, 16 + 1, 0.8 * 90])
    assert found.pool[1, :, 0] == pytest.approx([0.8 * 17 + 6, 0.8 * 23, 16, 0.8 * 90])
    assert found.history[:, 0, 0] == pytest.approx([42, 31.5, 0, 42]) and found.normal is own.normal
    # half of what is placed
    assert found.key_investment[:, 0] == pytest.approx([6 + 1, 4, 2.5, 45])
    assert found.named == {"plants": {}} and found.usual is own.past.usual and found.past is None
    assert found.unlisted["plants"][""] == pytest.approx(column(4, 2, 0, 0))
    whole = ledger.realisation(left, key, placed + 100.0, works)
    others = whole.invested[:, 3, 0] - 0.0
    assert whole.key_investment[3, 0] == pytest.approx(others.sum())  # less than the 490 placed


# ---- the list

BEGUN = {
    "open": work(stage="commissioned", start="2019-01", finish="2020-06", invest=18, adds={"output": 4}),
    "half": work(stage="registered", start="2020-07", done=40, invest=20, months={"registration": 9},
                 adds={"output": 8}),
    "new": work(stage="started", start="2020-04", months={"registration": 10}, adds={"output": 3}),
    "mid": work(stage="started", start="2019-05", finish="2021-06", months={"registration": 12}, done=50,
                adds={"output": 1}),
    "shop": work(stage="registered", start="2020-01", done=90, sector="farms", adds={"output": 9}),
    "ahead": work(start="2021-03", adds={"output": 6}),
    "plain": work(stage="registered", start="2020-10", done=25, sector="shops"),
}  # fmt: skip


def test_money_of_the_base_year() -> None:
    """`open` spends a third of its 18 from January to June; of `half` 8 are in place since July; `new` is
    registered in the year to come; `mid` in it, so that all of the 6 since 2019 counts; of `shop` 10.8."""
    named = named_projects(place(BEGUN), Draws())
    found = listed.base_year_money(named)[:, 0]
    assert found == pytest.approx([6, 8, 0, 6, 10.8, 0, 3], abs=1e-5)
    # registered before the base year: only what was placed in it counts, 12 of 20 months
    early = named_projects(place({"mid": laid(BEGUN["mid"], {"months": {"registration": 4}})}), Draws())
    assert listed.base_year_money(early)[0, 0] == pytest.approx(6 * 12 / 20)


def test_what_works_of_a_kind_bring_in_a_usual_year() -> None:
    """Four plants and one ahead are a stream, each by itself; of one farm counts what its money brings: 0.1 a
    yuan. 20 of the plants' 42 and 10.8 of the farms' are tied."""
    scenario = place(BEGUN)
    named = named_projects(scenario, Draws())
    base = np.full((4, 1), 42.0)
    assert listed.groups(scenario, named) == {("plants", ""): [0, 1, 2, 3, 5], ("farms", ""): [4]}
    assert listed.usual_output(scenario, named, Draws())[:, 0] == pytest.approx([4, 8, 3, 1, 1.2, 6, 0])
    found = listed.past(scenario, named, base, Draws())
    assert found.tied[:, 0] == pytest.approx([10.8 / 42, 20 / 42, 0, 0], abs=1e-6)
    assert found.usual["plants"][""] == pytest.approx([4 * 6 / 18 + 8 * 8 / 20 + 1 * 6 / 12], abs=1e-5)
    assert found.usual["farms"][""] == pytest.approx([1.2 * 10.8 / 12])
    # more than was invested at all: no more than the sector's money could bring
    small = listed.past(scenario, named, base / 4, Draws())
    assert small.tied[:, 0] == pytest.approx([1, 1, 0, 0])
    assert small.usual["farms"][""] == pytest.approx([1.2 * 10.8 / 12 * 10.5 / 10.8])
    # two works are few, three are a stream; a process of a chain is always taken as stated
    two = {key: BEGUN[key] for key in ("open", "half")}
    pair = place(two)
    assert listed.usual_output(pair, named_projects(pair, Draws()), Draws())[:, 0] == pytest.approx(
        [5.4, 6.0]
    )
    three = place({key: BEGUN[key] for key in ("open", "half", "new")})
    assert listed.usual_output(three, named_projects(three, Draws()), Draws())[:, 0].tolist() == [4, 8, 3]
    chain = place({"one": AHEAD["four"]})
    assert listed.usual_output(chain, named_projects(chain, Draws()), Draws())[:, 0].tolist() == [0.3]
    drawn = Drawn({id(pair.projects["open"].invest): np.array([18.0, 20.0])})
    assert listed.usual_output(pair, named_projects(pair, drawn), drawn).tolist() == [
        pytest.approx([5.4, 6.0]),
        pytest.approx([6.0, 6.0]),
    ]


def test_amounts_of_works_by_kind() -> None:
    scenario = place(BEGUN)
    named = named_projects(scenario, Draws())
    amounts = [np.array([float(2**j)]) for j in range(7)]
    found = listed.summed(scenario, named, amounts)
    assert found["plants"][""].tolist() == [1 + 2 + 4 + 8 + 32] and found["farms"][""].tolist() == [16]
    part = {"plants": {"": column(0.5, 0.0)}, "mines": {"x": column(1.0, 1.0)}}
    assert listed.unlisted(found, part)["plants"][""].tolist() == [[23.5], [0.0]]
    assert set(listed.unlisted(found, part)) == {"plants"}


def test_what_a_list_leaves_out() -> None:
    """Each project by itself: what its stream would bring of what has begun, less what it will bring."""
    works = BEGUN | {
        "late": laid(BEGUN["open"], {"finish": "2020-12", "invest": 24, "months": {"ramp_up": 24}})
    }
    scenario = place(works, listing={"slip": 4, "finishing": 150})
    named = named_projects(scenario, Draws())
    found = listed.inferred(scenario, named, Draws(), 3)
    money = listed.base_year_money(named)
    # months at which those that have begun end: as finished, at the pace so far, or by plan and usual delay
    ends = {"open": -6.0, "half": 6 * 0.6 / 0.4, "new": 3 + 4.0, "mid": 20.0, "late": 0.0}
    lasts = {"open": 18.0, "half": 12 + 4.0, "new": 12 + 4.0, "mid": 26 + 4.0, "late": 24.0}
    output = {"open": 4, "half": 8, "new": 3, "mid": 1, "late": 4}
    rows = [named.places[key] for key in ends]
    usual = np.array(
        [[output[key] * money[j, 0] / named.invest[j, 0]] for key, j in zip(ends, rows, strict=True)]
    )
    begins, ramp = named.begins[rows], named.ramp_up[rows]
    stream = coming(begins, column(*lasts.values()), ramp, 3)
    bring = column(*output.values())[:, None] * new_load(column(*ends.values()), ramp, 3)
    expected = missing(usual, stream, bring, 1.5)
    assert found.missing["plants"][""] == pytest.approx(expected, abs=1e-5) and expected.max() > 0.05
    # one farm whose money brings 1.2 at its pace of 12 * 0.1 / 0.9 months
    own = coming(column(-12.0), column(12.0 + 4), column(6.0), 3)
    brings = 1.2 * new_load(column(12 / 9), column(6.0), 3)[0]
    lacking = np.maximum(1.5 * 1.2 * 0.9 * own[0] - brings, 0) / (1.2 * 0.9)
    assert found.missing["farms"][""] == pytest.approx(lacking) and set(found.missing) == {"plants", "farms"}
    assert listed.central_list(scenario).missing["farms"][""][:3] == pytest.approx(lacking)
    whole = place(works, listing={"whole": True})
    nothing = listed.inferred(whole, named_projects(whole, Draws()), Draws(), 3)
    assert nothing.missing == {} and nothing.carried.tolist() == [[0]] * 4
    empty = place({})
    assert listed.inferred(empty, named_projects(empty, Draws()), Draws(), 3).carried.shape == (4, 1)
    done = place({"open": laid(BEGUN["open"], {"finish": "2019-12"})}, listing={"finishing": 0})
    assert listed.inferred(done, named_projects(done, Draws()), Draws(), 3).missing == {}


LATE = {
    "next": work(start="2021-01"),
    "moved": work(start="2021-01", decided="2022-03", sector="farms"),
    "stops": work(start="2021-01", cancelled="2021-02", sector="mines", invest=3),
    "behind": work(stage="registered", start="2020-01", finish="2021-12", done=20, invest=24, sector="shops"),
}


def test_money_that_comes_late_out_of_the_base_year() -> None:
    """With three months of usual delay 12 months of works take 15: a fifth of 12 comes late, of whatever is
    listed for the year, also where it was decided otherwise. `behind` brings in more than is planned."""
    scenario = place(LATE, listing={"slip": 3})
    named = named_projects(scenario, Draws())
    found = listed.inferred(scenario, named, Draws(), 2).carried
    assert found[:, 0] == pytest.approx([2.4, 2.4, 0.6, 0])
    assert listed.central_list(scenario).carried[:, 0] == pytest.approx([2.4, 2.4, 0.6, 0])
    # later by another three in a draw: 18 months
    late = Drawn({id(scenario.projects["next"].slip): np.array([0.0, 3.0, -3.0])})
    drawn = listed.inferred(scenario, named_projects(scenario, late), late, 2).carried
    assert drawn[1] == pytest.approx([2.4, 4, 0]) and drawn[0] == pytest.approx([2.4] * 3)
    mean = listed.expected_list(scenario, late)
    assert mean.carried[:, 0] == pytest.approx([2.4, 6.4 / 3, 0.6, 0]) and mean.carried.shape == (4, 1)


def test_what_draws_leave_out_on_average() -> None:
    scenario = place(BEGUN, listing={"slip": 4, "finishing": 150})
    slip = scenario.projects["new"].slip
    late = Drawn({id(slip): np.array([0.0, 6.0, 9.0])})
    each = [
        listed.inferred(scenario, named_projects(scenario, late.one(d)), late.one(d), 4).missing["plants"][""]
        for d in range(3)
    ]
    found = listed.expected_list(scenario, late).missing["plants"][""]
    assert found == pytest.approx(np.mean(each, axis=0)) and found.shape == (4, 1)
    assert not np.allclose(each[0], each[1])


# ---- changed lists


def town(**changes: Any) -> dict[str, Any]:
    """No unnamed projects, a list that is whole, and works under way that are ahead of their plan."""
    data = moving(
        pool=None,
        listing={"whole": True, "slip": 0},
        projects={
            "rising": {"done": 60},
            "distant": {"slip": 2, "cancel": 100},
            "coming": {"start": "2021-06"},
        },
    )
    return laid(data, changes)


def stated(**changes: Any) -> Scenario:
    return Scenario.model_validate(town(**changes))


def due(of: str, scenario: Scenario, shift: float = 0.0) -> tuple[int, np.ndarray]:
    """Where a project's money stands, and how much it plans in each year."""
    whole = region(scenario)
    plan = replace(whole.plan, shifts={of: shift})
    row = list(scenario.sectors).index(scenario.projects[of].sector)
    return row, whole.pipeline.planned(plan)[0][whole.pipeline.named.places[of]]


CASES: dict[str, tuple[Variant, dict[str, Any]]] = {
    "later": (
        Variant("later", frozenset({"rising", "coming"}), 5.0),
        {"rising": {"slip": 7}, "coming": {"slip": 8}},
    ),
    "on time": (
        Variant("on_time", frozenset({"rising", "distant", "ramping"})),
        {"rising": {"slip": 0}, "distant": {"slip": 0}},
    ),
    "cancelled": (
        Variant("cancelled", frozenset({"coming", "rising"})),
        {"coming": {"cancelled": "2021-01"}, "rising": {"cancelled": "2021-01"}},
    ),
    "deleted": (Variant("deleted", frozenset({"distant"})), {"distant": None}),
    "sooner under way": (
        Variant("sooner_instead", frozenset({"rising"}), 3.0),
        {"rising": {"finish": "2021-06"}},
    ),
}


@pytest.fixture(scope="module")
def together() -> Any:
    base = region(stated())
    every = [variant for variant, _ in CASES.values()]
    return base, varied(base.scenario, base.economy, base.plan, every)


@pytest.mark.parametrize("name", CASES)
def test_a_changed_list_is_a_scenario_that_states_the_change(name: str, together: Any) -> None:
    base, path = together
    at = list(CASES).index(name) + 1
    other = region(stated(projects=CASES[name][1]))
    expected = base.economy.simulate(other.pipeline.run(other.plan).realisation, other.plan.routing)
    assert path.gdp[..., at] == pytest.approx(expected.gdp[..., 0], rel=1e-8), name
    assert path.output[..., at] == pytest.approx(expected.output[..., 0], rel=1e-8)
    own = base.run()
    assert path.gdp[..., 0] == pytest.approx(own.gdp[..., 0], rel=1e-9)
    assert not np.allclose(path.gdp[..., at], own.gdp[..., 0], rtol=1e-7)


def test_sooner_takes_money_of_its_own_or_that_of_others() -> None:
    """Three months sooner for works ahead; with what they need more in a year added, or within the sector's.
    Handed on, all that was planned goes to other works."""
    scenario = stated()
    base = region(scenario)
    asked = [
        Variant("sooner", frozenset({"distant"})),
        Variant("sooner_instead", frozenset({"distant"})),
        Variant("handed_on", frozenset({"coming", "rising"})),
    ]
    path = varied(scenario, base.economy, base.plan, asked)
    row, before = due("distant", scenario)
    _, after = due("distant", scenario, -3.0)
    money = base.plan.investment.copy()
    money[row] += np.maximum(after - before, 0.0)
    assert money.sum() > base.plan.investment.sum()
    moved = replace(base.plan, shifts={"distant": -3.0})
    expected = [base.run(replace(moved, investment=money)), base.run(moved)]
    other = region(stated(projects={key: {"cancelled": "2021-01"} for key in ("coming", "rising")}))
    more = other.plan.investment.copy()
    for key in ("coming", "rising"):
        row, planned = due(key, scenario)
        more[row] += planned
    given = other.pipeline.run(replace(other.plan, investment=more)).realisation
    expected.append(base.economy.simulate(given, other.plan.routing))
    for at, each in enumerate(expected, start=1):
        assert path.gdp[..., at] == pytest.approx(each.gdp[..., 0], rel=1e-8), asked[at - 1].change
    short = varied(scenario, base.economy, base.plan, asked, 2)
    assert short.gdp.shape[0] == 3 and short.gdp == pytest.approx(path.gdp[:3])
    plan = replace(base.plan, shifts={"coming": 6.0})
    assert varied(scenario, base.economy, plan, []).gdp[..., 0] == pytest.approx(base.run(plan).gdp[..., 0])


def test_works_about_to_finish_finish_no_sooner_than_now() -> None:
    """Due at month 9: 20 months sooner is now; works that are overdue stay where they are."""
    scenario = stated(projects={"rising": {"finish": "2020-11"}})
    named = named_projects(scenario, Draws())
    sooner = Variant("sooner", frozenset({"rising"}), 20.0)
    assert variants._moved(named, [sooner]).ends[1] == pytest.approx([-1, -1], abs=1e-5)
    named = named_projects(stated(), Draws())
    found = variants._moved(named, [Variant("later", frozenset({"ramping"}), 2.0), sooner])
    assert found.ends[1] == pytest.approx([9, 9, 0], abs=1e-5) and found.slip[0].tolist() == [0] * 3


def test_a_long_list_is_varied_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    assert variants.CELLS == 2**20  # 8 MB an array of them
    scenario = stated()
    base = region(scenario)
    asked = [Variant("later", frozenset({key})) for key in ("rising", "coming", "distant")]
    asked += [Variant("cancelled", frozenset({key})) for key in ("rising", "coming")]
    whole = list(each_varied(scenario, base.economy, base.plan, asked, 3))
    assert [draw for _, _, draw in whole] == [1, 2, 3, 4, 5] and len({id(path) for _, path, _ in whole}) == 1
    assert whole[0][1].gdp.shape[0] == 4
    for cells, places in ((13, [1, 2, 1, 2, 1]), (3, [1] * 5), (16, [1, 2, 3, 1, 2])):
        monkeypatch.setattr(variants, "CELLS", cells)
        some = list(each_varied(scenario, base.economy, base.plan, asked, 3))
        assert [draw for _, _, draw in some] == places and [each for each, _, _ in some] == asked
        for (_, path, draw), (_, other, at) in zip(some, whole, strict=True):
            assert path.gdp[..., draw] == pytest.approx(other.gdp[..., at])


def test_of_a_long_list_the_largest_are_moved_by_themselves() -> None:
    """Up to 400 all; of 401 a hundred, in the order of the list, equal ones by their names."""
    rng = np.random.default_rng(1)
    sizes = rng.permutation(401)
    sizes[sizes == 302] = 301
    plans = [ProjectPlan(f"p{at:03}", "a", float(size)) for at, size in enumerate(sizes)]
    assert one_by_one(plans[:400]) == tuple(plans[:400])
    found = one_by_one(plans)
    equal = [each.id for each in plans if each.invest == 301]
    assert len(found) == 100 and [each.id for each in found] == sorted(each.id for each in found)
    assert {each.invest for each in found} == {301.0, *map(float, range(303, 401))}
    assert set(equal) <= {each.id for each in found}
    assert one_by_one([]) == ()
