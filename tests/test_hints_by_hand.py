"""Hints on a region on paper: what is left unsaid, what is inferred, which numbers move nothing, and where
each project's money stays."""

from __future__ import annotations

from types import SimpleNamespace as Made
from typing import Any

import numpy as np
import pytest
from dabiao.engine.diagnose import hints as module
from dabiao.engine.diagnose.hints import Hint, hints, money_by_project, uncapped, unfloored, unsaid
from dabiao.engine.diagnose.one_at_a_time import differs, every_own, step, width
from dabiao.models.limits import LIMITS
from dabiao.models.quantity import Quantity

PRIORS = "example:somewhere/priors.yaml:7"


def number(value: float, **more: Any) -> Quantity:
    return Quantity(value=value, **more)


def mix(*sectors: str, starts_from: str | None = None) -> Any:
    return Made(shares=dict.fromkeys(sectors, number(1)), starts_from=starts_from)


def limit(kind: str, *sectors: str) -> Any:
    return Made(kind=LIMITS[kind], sectors=sectors)


def said(**more: Any) -> Any:
    plain = {
        "stage": "approved",
        "slip": number(0),
        "start": "2021-01",
        "finish": None,
        "decided": None,
    }
    return Made(**{**plain, **more})


def scenario(**changes: Any) -> Any:
    """Three sectors, four years, the target in the second; everything is said."""
    plain = {
        "sectors": dict.fromkeys("abc"),
        "plan": "plan",
        "mixes": {"plan": mix("a", "b", "c")},
        "history": Made(years={}),
        "projects": {},
        "limits": {"floor": limit("cut"), "money": limit("investment")},
        "years": Made(ahead=2, horizon=4),
        "national": Made(classes={"soil": 0}, groups={"making": ()}),
    }
    return Made(**{**plain, **changes})


# ---- what nobody stated


def gaps(**changes: Any) -> list[Hint]:
    return list(module._gaps(scenario(**changes)))


def test_sectors_that_a_mix_leaves_out() -> None:
    assert gaps() == []
    mixes = {
        "plan": mix("b", "c"),
        "other": mix("c", "a"),
        "from": mix("a", starts_from="plan"),
        "whole": mix("a", "b", "c"),
    }
    assert gaps(mixes=mixes) == [
        Hint("left_out", "mixes.plan.shares", "a"),
        Hint("mix_leaves_out", "mixes.other.shares", "b", process="other"),
    ]


def test_years_that_are_missing() -> None:
    assert gaps(history=Made(years={"2015": 1, "2019": 1, "2017": 1})) == [
        Hint("hole", "history.years", "2016, 2018")
    ]
    assert gaps(history=Made(years={"2015": 1, "2016": 1})) == []


def usual(value: float) -> Quantity:
    return number(value, origin=PRIORS)


def test_the_usual_delay_is_told_once_with_how_many_projects_it_is_assumed_of() -> None:
    projects = {
        "done": said(stage="commissioned", slip=usual(4)),
        "own": said(slip=number(5)),
        "none": said(slip=usual(0)),
        "first": said(slip=usual(4)),
        "second": said(slip=usual(6)),
    }
    assert gaps(projects=projects) == [Hint("usual_slip", "projects.first", "first", 4.0, "2")]
    del projects["first"], projects["second"]
    assert gaps(projects=projects) == []


@pytest.mark.parametrize(
    ("origin", "found"),
    [(PRIORS, True), ("example:x/plan.yaml:3", False), ("/home/priors.yaml:3", False), ("", False)],
)
def test_a_delay_of_the_priors_is_nobodys(origin: str, found: bool) -> None:
    assert unsaid(number(3, origin=origin)) is found


@pytest.mark.parametrize(
    ("limits", "floor", "cap"),
    [
        ((), True, True),
        ((limit("cut"),), False, True),
        ((limit("absorption"),), True, False),
        ((limit("mix"),), True, False),
        ((limit("floor", "a", "b"),), True, True),
        ((limit("floor", "a", "b"), limit("floor", "c", "b")), False, True),
        ((limit("sector", "a", "b", "c"),), True, False),
        ((limit("sector", "a"), limit("sector", "b")), True, True),
    ],
)
def test_whether_limits_say_how_little_and_how_much_every_sector_may_have(
    limits: Any, floor: bool, cap: bool
) -> None:
    found = scenario(limits=dict(enumerate(limits)))
    assert (unfloored(found), uncapped(found)) == (floor, cap)


# ---- projects


def project(key: str, **more: Any) -> Any:
    plain = {"sector": "a", "ahead": True, "begins": 5.0, "stop": None, "output": 2.0, "stage": "approved"}
    return Made(id=key, **{**plain, **more})


def run(*projects: Any, ends: Any = (), **more: Any) -> Any:
    """A plan whose total in the target year is 77."""
    months = 48
    plain = {
        "projects": projects,
        "result": Made(
            dates={"commissioned": np.array(ends, dtype=float)},
            investment=np.zeros((len(projects), months)),
            cancelled=np.zeros(len(projects), dtype=bool),
        ),
        "realisation": Made(unlisted={}, invested=np.zeros((3, 4, 1))),
        "unnamed": (np.zeros((3, 4)), np.zeros((3, 4))),
        "due": np.zeros((len(projects), 4)),
        "overdue": np.zeros(len(projects)),
    }
    plan = Made(total=lambda year: {1: 50.0, 2: 77.0}[year], routing={}, quotas=None)
    economy = Made(indicators=more.pop("indicators", {}), sector_ids=("a", "b", "c"))
    return Made(plan=plan, path=Made(economy=economy), pipeline_run=Made(**{**plain, **more}))


def silent(plan: Any, **changes: Any) -> list[Hint]:
    return list(module._silent(scenario(**changes), plan))


def test_limits_that_nobody_stated() -> None:
    assert silent(run()) == []
    assert [one.kind for one in silent(run(), mixes={"plan": mix("a", "b")})] == ["left_out"]
    assert silent(run(), limits={"floor": limit("cut")}) == [Hint("unbounded", "limits", amount=77.0)]
    assert silent(run(), limits={"money": limit("investment")}) == [
        Hint("unlimited", "limits", amount=100 * module.FLOOR)
    ]


@pytest.mark.parametrize(
    ("stated", "given", "end", "kinds"),
    [
        ({}, {}, 40, []),
        ({"start": None}, {}, 40, ["no_start"]),
        ({"start": None, "finish": "2023-01"}, {}, 40, []),
        ({"start": None, "decided": "2022-01"}, {}, 40, []),
        ({"start": None}, {"ahead": False}, 40, []),
        ({}, {"begins": 47.9}, 47.9, []),
        ({}, {"begins": 48.0}, np.inf, ["beyond"]),
        ({}, {"begins": 48.0, "output": 0.0}, np.inf, ["beyond"]),
        ({"start": None}, {"begins": 48.0}, np.inf, ["no_start", "beyond"]),
        ({"decided": "2026-01"}, {"begins": 48.0}, np.inf, []),
        ({}, {}, 48.0, ["late"]),
        ({}, {}, np.nan, ["late"]),
        ({}, {"ahead": False, "begins": 50.0}, np.inf, ["late"]),
        ({}, {"output": 0.0}, np.inf, []),
        ({}, {"stop": 3.0}, np.inf, []),
    ],
)
def test_projects_beyond_the_horizon_of_48_months(stated: Any, given: Any, end: float, kinds: Any) -> None:
    plan = run(project("other"), project("p", **given), ends=(10.0, end))
    found = silent(plan, projects={"other": said(), "p": said(**stated)})
    assert [one.kind for one in found] == kinds
    assert {(one.path, one.about) for one in found} <= {("projects.p", "p"), ("projects.p.start", "p")}
    assert all(one.path.endswith(".start") == (one.kind == "beyond") for one in found)


def test_what_is_inferred_of_works_on_no_list() -> None:
    """Of 9 and 4 in the first year 2 and 1 are of the plan, and named projects spend 3 in twelve months."""
    unlisted = {
        "a": {"": np.array([[0.5], [9.0]]), "mill": np.array([[0.0], [3.0]])},
        "b": {"kiln": np.array([[2.0]])},
    }
    invested = np.zeros((3, 4, 1))
    invested[:, 0, 0], invested[:, 1, 0] = (9, 4, 0), (50, 50, 50)
    placed = np.zeros((3, 4))
    placed[:, 0], placed[:, 1] = (2, 1, 0), (30, 30, 30)
    plan = run(
        project("p"),
        project("q", sector="b"),
        unnamed=(placed * 9, placed),
        realisation=Made(unlisted=unlisted, invested=invested),
    )
    plan.pipeline_run.result.investment[0, :14] = 0.25
    plan.pipeline_run.result.investment[1, 11:13] = 2.0
    assert list(module._inferred(plan)) == [
        Hint("unlisted", "listing", "a", 0.5, ""),
        Hint("unlisted", "listing", "b", 2.0, "kiln"),
        Hint("carried", "listing", amount=pytest.approx((9 - 2 - 3) + (4 - 1 - 2))),
    ]
    invested[:, 0, 0] = (5, 3, 1e-9)
    assert [one.kind for one in module._inferred(plan)] == ["unlisted", "unlisted"]
    assert invested[2, 0, 0] == 1e-9, "what was put in place stays as it was"


def test_coefficients_of_ones_own() -> None:
    def own(fitted: float | None, *uncounted: str) -> Any:
        return Made(fitted=fitted, uncounted=uncounted)

    known = {"x": own(1.2, "a", "b"), "y": own(None), "z": own(1 + 5e-10), "w": own(0.8)}
    assert list(module._own(run(indicators=known))) == [
        Hint("fitted", "indicators.x.base", "x", 1.2),
        Hint("uncounted", "indicators.x.coefficients", "x", process="a, b"),
        Hint("fitted", "indicators.w.base", "w", 0.8),
    ]


# ---- delays that are the same for many


def target(key: str, judged: bool = True, **tiers: float) -> Any:
    return Made(id=key, judged=judged, tiers=tiers, met=lambda value, threshold: value >= threshold)


def delayed(
    slips: dict[str, Any], monkeypatch: pytest.MonkeyPatch, values: Any = (5.0, 6.0), **stages: str
) -> Any:
    asked = []

    def varied(scenario: Any, economy: Any, plan: Any, variants: Any, until: int) -> str:
        asked.extend([(each.change, each.projects) for each in variants])
        assert until == 2
        return "path"

    rows = {
        "t": target("t", ensure=5.0, stretch=5.5, more=6.0, most=6.5),
        "said": target("said", False, ensure=5.5),
    }

    def value(row: Any, path: str, year: int) -> Any:
        assert (row.id, path, year) == ("t", "path", 2)
        return np.array(values)

    monkeypatch.setattr(module, "varied", varied)
    plan = run(*(project(key, stage=stages.get(key, "approved")) for key in slips), ends=[9.0] * len(slips))
    stated = scenario(projects={key: said(slip=slip) for key, slip in slips.items()})
    found = list(module._delayed(stated, Made(targets=rows, value=value), plan))  # type: ignore[arg-type]
    return asked, found


def test_tiers_that_turn_on_a_delay_assumed_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """5 with the delay, 6 without: what asks 5.5 or 6 turns on it."""
    alike = {key: number(4, low=1, high=9) for key in "pqr"}
    others = {"s": number(4, low=1), "u": number(4), "v": number(0), "w": number(0), "x": number(0)}
    asked, found = delayed({**alike, **others}, monkeypatch)
    assert asked == [("on_time", frozenset("pqr"))]
    assert found == [
        Hint("delay", "targets.t.stretch", "t", 6.0, "stretch"),
        Hint("delay", "targets.t.more", "t", 6.0, "more"),
    ]
    assert delayed(alike, monkeypatch, values=(6.0, 5.0))[1] == [
        Hint("delay", "targets.t.stretch", "t", 5.0, "stretch"),
        Hint("delay", "targets.t.more", "t", 5.0, "more"),
    ]
    assert delayed(alike, monkeypatch, values=(6.2,))[1] == []
    both = {**alike, **{key: number(2) for key in "klm"}}
    assert delayed(both, monkeypatch)[0] == [("on_time", frozenset("pqrklm"))]


def test_two_projects_alike_or_finished_ones_are_no_figure_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert delayed({key: number(4) for key in "pq"}, monkeypatch) == ([], [])
    three = {key: number(4) for key in "pqr"}
    assert delayed(three, monkeypatch, r="commissioned") == ([], [])


# ---- numbers that move nothing


def quantity(path: str, value: float = 10.0) -> Quantity:
    return number(value, path=path)


WORKS = (
    "projects.p.invest", "projects.p.slip", "pool.limit", "pipeline.key", "pool.row", "pool.first",
    "pool.own",
    "pool.still", "pool.nothing", "accounts.still", "accounts.told", "sectors.a.funds.b",
    "national.classes.soil",
    "indicators.i.coefficients.soil", "indicators.i.coefficients.making", "indicators.i.coefficients.a",
)  # fmt: skip
"""What the paper pipeline asks for."""
REGION = ("accounts.still", "accounts.told", "prices.still", "prices.moves", "accounts.unasked")
QUANTITIES = {
    path: quantity(path, 0.0 if path == "pool.nothing" else 10.0)
    for path in (*WORKS, *REGION, "long_view.years")
}


class Works:
    """Money put in place follows one number, key projects another, and so on."""

    asked: list[int]

    def __init__(self, scenario: Any, values: Any, draws: int, alike: bool) -> None:
        assert alike
        self.values = {path: values(QUANTITIES[path]) for path in WORKS}
        Works.asked.append(draws)

    def run(self, plan: Any) -> Any:
        one = self.values
        return Made(
            realisation=Made(
                invested=one["projects.p.invest"][None, :],
                key_investment=one["pipeline.key"][None, :],
                made=one,
            )
        )


def idle(known: set[str], monkeypatch: pytest.MonkeyPatch, projects: int = 1) -> set[str]:
    def asked(scenario: Any, values: Any) -> None:
        for path in REGION[:-1]:
            values(QUANTITIES[path])

    def simulate(realisation: Any, routing: Any, quotas: Any) -> Any:
        assert (routing, quotas) == (None, "quotas")
        one = realisation.made
        return Made(
            output=np.zeros((2, 3, 1)),
            limit=np.stack([np.full_like(one["pool.limit"], np.inf), one["pool.limit"]]),
            economy=economy,
            made=one,
        )

    own = Made(value=lambda path, year: path.made["pool.own"] if year == 1 else np.zeros(1))
    economy = Made(simulate=simulate, years=2, indicators={"own": own})
    rows = {"t": target("t"), "said": target("said", judged=False)}

    def value(row: Any, path: Any, year: int) -> Any:
        assert row.id == "t" and year in (1, 2)
        return path.made["pool.row" if year == 2 else "pool.first"]

    Works.asked = []
    monkeypatch.setattr(module, "DrawnPipeline", Works)
    monkeypatch.setattr(
        module,
        "build",
        Made(economy=asked, sheet=lambda scenario, values: values(QUANTITIES["accounts.unasked"])),
    )
    plan = run()
    plan.plan.quotas, plan.path.economy = "quotas", economy
    stated = scenario(projects=dict.fromkeys(range(projects)))
    found = list(module._idle(stated, QUANTITIES, Made(targets=rows, value=value), plan, frozenset(known)))  # type: ignore[arg-type]
    assert {one.kind for one in found} <= {"idle"}
    assert all(one.amount == QUANTITIES[one.path].value for one in found)
    return {one.path for one in found}


def test_numbers_that_move_neither_money_nor_limits_nor_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that the region reads too only where they move nothing there; sources of money, classes of the
    nation and numbers at zero are not told."""
    still = {"projects.p.slip", "pool.still", "indicators.i.coefficients.a"}
    assert idle(set(), monkeypatch) == still
    assert Works.asked == [1, 1 + len(WORKS) - 1]
    assert idle(
        {"accounts.still", "prices.still", "accounts.unasked", "long_view.years", "pool.row"}, monkeypatch
    ) == {
        *still,
        "accounts.still",
        "prices.still",
        "accounts.unasked",
    }
    assert idle({"pool.nothing"}, monkeypatch) == still


def test_of_a_long_list_the_numbers_of_projects_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MANY", 2)
    assert "projects.p.slip" in idle(set(), monkeypatch, projects=2)
    assert idle(set(), monkeypatch, projects=3) == {"pool.still", "indicators.i.coefficients.a"}


def test_all_hints_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("_silent", "_inferred", "_own", "_delayed", "_idle")
    for name in names:
        monkeypatch.setattr(module, name, lambda *given, name=name: [name])
    assert hints(Made(), {}, Made(), Made(), frozenset()) == names  # type: ignore[arg-type]


# ---- money of projects


def test_what_becomes_of_each_projects_money() -> None:
    """Overdue 2 and planned 1 + 2 + 3 + 4 less 7 spent: 5 are left over, or cancelled."""
    plan = run(project("p"), project("q", stop=3.0), project("r"), project("s"))
    pipeline = plan.pipeline_run
    pipeline.due = np.tile([1.0, 2.0, 3.0, 4.0], (4, 1))
    pipeline.overdue = np.array([2.0, 2.0, 2.0, 0.0])
    pipeline.result.investment[:3, 5:12] = 1.0
    pipeline.result.investment[3, :22] = 0.5
    pipeline.result.cancelled[2] = True
    found = {key: row.tolist() for key, row in money_by_project(plan)}
    assert found == {
        "p": [2, 10, 7, 0, 5],
        "q": [2, 10, 7, 5, 0],
        "r": [2, 10, 7, 5, 0],
        "s": [0, 10, 11, 0, -1],
    }


# ---- how far a number is moved


@pytest.mark.parametrize(
    ("given", "half", "by"),
    [
        ({"value": 5, "low": 2, "high": 10}, 4, 4),
        ({"value": 5, "low": 1}, 2, 2),
        ({"value": 5, "high": 9}, 2, 2),
        ({"value": 5, "low": 1, "high": 5}, 2, -2),
        ({"value": 0, "low": 0, "high": 3}, 1.5, 1.5),
        ({"value": -30}, 3, 3),
        ({"value": 0}, 0, 0),
    ],
)
def test_a_number_is_moved_towards_the_open_side_of_its_range(given: Any, half: float, by: float) -> None:
    stated = Quantity(**given)
    assert width(stated) == pytest.approx(half)
    assert step(stated, 1.0) == pytest.approx(by)
    assert step(stated) == pytest.approx(0.02 * by)


def test_draws_that_differ_from_the_first() -> None:
    """By more than a millionth of a millionth, of themselves where they are larger than one."""
    plain = np.zeros((2, 4))
    plain[1] = [1.0, 1.0 + 5e-13, 1.0 + 2e-12, 1.0]
    assert differs(4, plain).tolist() == [False, False, True, False]
    large = np.array([[1e6, 1e6 + 1e-8, 1e6 - 1e-5, 1e6]])
    assert differs(4, large).tolist() == [False, False, True, False]
    assert differs(4, plain, np.array([[5.0, 5, 5, 6]])).tolist() == [False, False, True, True]
    deep = np.zeros((2, 3, 4))
    deep[1, 2, 1] = -1
    assert differs(4, deep, np.ones((7, 1))).tolist() == [False, True, False, False]
    assert differs(4).tolist() == [False] * 4
    assert differs(2, np.array([[3.0, 3.0], [1.0, 2.0]])).tolist() == [False, True]


def test_every_indicator_of_ones_own_in_every_year() -> None:
    own = {key: Made(value=lambda path, year, key=key: (key, year)) for key in "xy"}
    path: Any = Made(output=np.zeros((2, 3, 1)), economy=Made(indicators=own))
    assert every_own(path) == [("x", 1), ("x", 2), ("y", 1), ("y", 2)]
