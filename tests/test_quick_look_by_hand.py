"""The quick look on a region on paper: three sectors, two years, and outcomes that are a formula of money and
delays, so that every effect and every error is a line of arithmetic or a plain loop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace as Made
from typing import Any

import numpy as np
import pytest
from dabiao.engine.diagnose import quick_look as module
from dabiao.engine.diagnose.quick_look import GDP, Gauge, Lever, Room, Typed, largest, quick_look
from dabiao.models.indicators import Asked
from dabiao.models.limits import LIMITS, Bound, Ground
from dabiao.models.plan import Plan
from dabiao.models.quantity import Bilingual, Quantity
from dabiao.models.target import Target

KEYS = ("a", "b", "c")
MONEY = np.array([[4.0, 2.4], [46.0, 57.6], [50.0, 60.0]])
"""Of 100 and of 120: 4, 46, 50 % in the first year, 2, 48, 50 % in the second, which is the target's."""
WHOLE = 220.0
"""Money by which plans are compared: that of both years."""
WORTH = np.array([-0.5, 0.08, -0.01])
BEND = -0.00005
LATE = {"big": (0.30, 0.02), "mid": (0.05, 0.0)}
"""What a project costs by quarter, and by quarter squared."""
NOISE = 0.01 * (np.arange(600) % 60) - 0.295


def growth(money: Any, late: dict[str, float]) -> float:
    """Growth of the second year but for chance: money, squares of it, and what comes late (quarters)."""
    whole = sum(money)
    lost = sum(LATE[key][0] * by + LATE[key][1] * by * by for key, by in late.items() if key in LATE)
    bent = BEND * whole * whole - 0.0003 * money[1] ** 2
    return 5 + sum(w * m for w, m in zip(WORTH, money, strict=True)) + bent - lost


def target(**more: Any) -> Target:
    given = {"ensure": 6.6, "stretch": 7.0, "main": True, **more}
    name = given.pop("id", "growth")
    return Target(name, Bilingual.same(name), name, "modelled", "%", 1, at_most=None, asked=Asked(), **given)


@dataclass(frozen=True, eq=False)
class Paper:
    """Futures: so many, each as far off as chance says, and what comes later in all of them, quarters."""

    draws: int
    late: tuple[tuple[str, float], ...] = ()

    def sample(self, first: int, draws: int) -> Paper:
        assert first == 0
        return Paper(draws)

    def path(self, plan: Plan, last: int) -> Any:
        values = growth(plan.money(2), dict(self.late)) + NOISE[: self.draws]
        return Made(gdp={2: 100 + values}, value=values, last=last)

    @property
    def sheet(self) -> Any:
        def value(asked: Target, path: Any, year: int) -> Any:
            assert year == 2
            return path.value if asked.id == "growth" else 3 * path.value

        return Made(value=value)


class Bent(Bound):
    """Uses the square of the first year's money of a sector."""

    kind, unit = "bent", "%"

    def used(self, plan: Plan, path: Any, ground: Ground) -> float:
        return float(plan.investment[1, 0] ** 2)

    def rows(self, ground: Ground) -> Any:
        return iter(())


def bounds() -> tuple[Bound, ...]:
    none = np.zeros(0)
    return (
        LIMITS["investment"]("money", 125.0, 10.0, 1.0),
        LIMITS["sector"]("b_most", 63.0, 0.0, 1.0, np.array([0.0, 1.0, 0.0])),
        LIMITS["sector"]("nobody", 7.0, 0.0, 1.0, np.zeros(3)),
        Bent("bent", 1000.0, 0.0, 1.0),
        LIMITS["cut"]("cut", 30.0, 0.0, 1.0, none),
        LIMITS["absorption"]("absorption", 60.0, 0.0, 1.0, none),
        LIMITS["mix"]("shift", 8.0, 0.0, 1.0, none),
    )


GROUND = Ground(KEYS, MONEY[:, 1], np.array([5.0, 40.0, 0.0]), 120.0, Made(), {}, 2)


def project(key: str, invest: float, **more: Any) -> Any:
    slip = more.pop("slip", Quantity(value=2, low=1, path=f"projects.{key}.slip"))
    return Made(invest=Quantity(value=invest), slip=slip, **{"cancelled": None, **more})


def stated(**more: Any) -> Any:
    usual = {
        "projects": {
            "small": project("small", 5),
            "mid": project("mid", 12),
            "done": project("done", 40),
            "big": project("big", 30, slip=Quantity(value=4, path="projects.big.slip")),
            "dropped": project("dropped", 50, cancelled="2021-01"),
        },
        "pool": None,
        "investment": Made(
            growth=Quantity(value=7),
            growth_in={},
            path={},
            base_shares={"a": Quantity(value=1)},
        ),
        "years": Made(first=2021),
        "mixes": {
            "plan": Made(
                starts_from=None,
                shares={"a": Quantity(value=4), "b": Quantity(value=46), "c": Quantity(value=50)},
                by_year={"2022": {"b": Quantity(value=48 + 5e-10), "c": Quantity(value=50)}},
            )
        },
        "plan": "plan",
        "accounts": Made(fai=Quantity(value=80)),
    }
    return Made(**{**usual, **more})


def region(planned: Any = None, draws: int = 200, **more: Any) -> Any:
    """A study on paper."""
    plan = Plan("plan", Bilingual.same("plan"), MONEY.copy())
    targets = (target(), target(id="aside", main=False))
    path = Made(gdp=np.array([[90.0], [100.0], [107.0]]))
    needs = np.zeros((3, 2)) if planned is None else planned
    pipeline_run = Made(
        planned=needs,
        projects=[
            Made(id=key, stage="commissioned" if key == "done" else "started")
            for key in ("small", "mid", "done", "big", "dropped")
        ],
    )
    held = more.pop("bounds", bounds())

    def outcomes(some: Plan) -> dict[str, Any]:
        return {"growth": growth(some.money(2), {}) + NOISE[:draws]}

    assessor = Made(
        targets=targets,
        bounds=held,
        money=lambda some: some.total(1) + some.total(2),
        problem=Made(ground=GROUND),
        value=lambda asked, run: {"growth": 6.5, "aside": 1.5}[asked.id],
        uses=lambda run: [Made(bound=bound, used=float(at)) for at, bound in enumerate(held)],
    )
    jury = Made(draws=draws, samples=[Made(futures=Paper(600))], outcomes=outcomes)
    study = {
        "ensemble": Made(outcomes={"growth": growth(MONEY[:, 1], {}) + NOISE[:draws]}),
        "jury": jury,
        "year": 2,
        "plan": Made(plan=plan, path=path, pipeline_run=pipeline_run),
        "economy": Made(sector_ids=KEYS),
        "assessor": assessor,
        "values": None,
    }
    return Made(**{**study, **more})


@pytest.fixture(autouse=True)
def on_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Delays are written onto the futures."""

    def slipped(sample: Paper, projects: list[str], months: float) -> Paper:
        return replace(sample, late=tuple((key, months / 3) for key in projects))

    monkeypatch.setattr(module, "slipped", slipped)
    monkeypatch.setattr(module, "base_investment", lambda stated, values: np.array([[8.0], [32.0], [40.0]]))


def mixed(at: int, points: float, money: Any = MONEY) -> list[float]:
    """Money of the second year where a sector has so many points more: taken from the others by their shares
    2, 48, 50."""
    shares, whole = (2.0, 48.0, 50.0), sum(money[:, 1])
    rest = sum(share for each, share in enumerate(shares) if each != at)
    return [
        money[each, 1] + whole / 100 * (points if each == at else -points * shares[each] / rest)
        for each in range(3)
    ]


def off(money: Any, late: dict[str, float] | None = None) -> float:
    return growth(money, late or {}) - growth(MONEY[:, 1], {})


def fitted(moves: dict[float, float]) -> float:
    """Slope through the origin."""
    return sum(x * y for x, y in moves.items()) / sum(x * x for x in moves)


def furthest(*values: float) -> float:
    return sorted(values, key=abs)[-1]


# ---- one lever


def test_an_effect_is_the_slope_through_the_origin_and_its_error_the_largest() -> None:
    """(2 x 10 + 1 x 2) / (4 + 1) = 4.4; off by 1.2, 2.4 and, at the test, 9 - 13.2."""
    seen = {2.0: {"y": 10.0}, -1.0: {"y": -2.0}, 3.0: {"y": 9.0}}
    effects, errors, tested = module._measured(seen.get, (2.0, -1.0), (3.0, -4.0))
    assert (effects, errors, tested) == ({"y": 4.4}, {"y": -4.2}, (3.0,))
    assert module._measured(seen.get, (5.0,), (3.0,)) is None
    one = module._measured({-3.0: {"y": 1.0}}.get, (3.0, -3.0), (6.0, -6.0))
    assert one == ({"y": -0.333333333}, {"y": 1e-9}, ()) or one == ({"y": -0.333333333}, {"y": 0.0}, ())


def test_the_largest_error_keeps_its_sign() -> None:
    assert largest([]) == {}
    assert largest([{"x": 1.0, "y": -3.0}, {"x": -2.0, "y": 2.5}]) == {"x": -2.0, "y": -3.0}
    assert largest([{"x": 0.12345678949}]) == {"x": 0.123456789}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"value": 5}, [("p", 15.0, 2.0)]),
        ({"value": 5, "low": 4}, [("p.value", 15.0, 2.0), ("p.low", 14.0, 2.0)]),
        ({"value": 5, "high": 8}, [("p.value", 15.0, 2.0), ("p.high", 18.0, 2.0)]),
    ],
)
def test_a_number_is_entered_with_its_range(given: Any, found: Any) -> None:
    typed = module.typed_number("p", Quantity(**given), lambda v: (v + 10, 2.0))
    assert typed == tuple(Typed(*each) for each in found)


def test_a_number_with_a_distribution_is_not_entered() -> None:
    shaped = Quantity(value=5, low=4, high=6).model_copy(update={"distribution": Made()})
    assert module.typed_number("p", shaped, lambda v: (v, 1.0)) == ()


# ---- moved plans


def test_moved_plans() -> None:
    gauge = Gauge(region(), region().jury)
    assert (gauge.total, gauge.year) == (WHOLE, 2)
    assert gauge.mix == pytest.approx([2, 48, 50])
    assert [each.id for each in gauge.targets] == ["growth"]
    assert gauge.richer(22.0).investment == pytest.approx(MONEY * 1.1)
    plan = gauge.shifted(0, 2.0)
    assert plan is not None and plan.id == "moved"
    assert plan.money(2) == pytest.approx(mixed(0, 2.0))
    assert plan.money(1) == pytest.approx([4 + 2, 46 - 2 * 48 / 98, 50 - 2 * 50 / 98])
    again = gauge.shifted(2, -1.0, gauge.richer(22.0))
    assert again is not None and again.money(2) == pytest.approx(mixed(2, -1.0, MONEY * 1.1))
    assert gauge.shifted(0, -2.0) is not None, "all of it may go"
    assert gauge.shifted(0, -2.001) is None


def test_a_sector_that_has_everything_has_nobody_to_take_from() -> None:
    begun = region()
    begun.plan.plan = replace(begun.plan.plan, investment=np.array([[0.0, 0], [0, 0], [7, 8]]))
    assert Gauge(begun, begun.jury).shifted(2, -1.0) is None
    assert Gauge(begun, begun.jury).shifted(0, 1.0) is not None


def test_money_is_allowed_down_to_what_named_projects_need() -> None:
    needs = np.array([[0.0, 0], [0, 57.6], [50, 0]])
    gauge = Gauge(region(needs), region(needs).jury)
    assert gauge.allowed(gauge.plan)
    for at in ((1, 1), (2, 0)):
        less = MONEY.copy()
        less[at] -= 1e-6
        assert not gauge.allowed(replace(gauge.plan, investment=less))
    less = MONEY.copy()
    less[0, 1] = 0.0
    assert gauge.allowed(replace(gauge.plan, investment=less))
    less[0, 1] = -5e-10
    assert not gauge.allowed(replace(gauge.plan, investment=less))
    assert gauge.change(replace(gauge.plan, investment=less)) is None and gauge.change(None) is None


def test_a_sectors_money_in_the_money_by_which_plans_are_compared() -> None:
    """b has 46 % of the first year and 48 % of the target year: 36.8 of 100 are as 38.8 % of 220."""
    gauge = Gauge(region(), region().jury)
    assert gauge.money_of(1, 1, 36.8) == pytest.approx((0.368 + 0.02) * 220)
    assert gauge.money_of(1, 2, 36.0) == pytest.approx(0.3 * 220)
    assert gauge.money_of(0, 1, 1.0) == pytest.approx((0.01 - 0.02) * 220)
    assert gauge.money_of(1, 1, np.inf) == np.inf


def test_what_moves_is_as_in_the_plan_and_as_far_ahead_as_limits_ask() -> None:
    held = (replace(bounds()[0], years=(1, 4)), *bounds()[1:])
    asked = []

    class Far(Paper):
        def sample(self, first: int, draws: int) -> Far:
            return Far(draws)

        def path(self, plan: Plan, last: int) -> Any:
            asked.append((self.draws, last))
            return super().path(replace(plan, investment=plan.investment[:, :2]), last)

    begun = region(bounds=tuple(each for each in held if each.id != "money"), draws=520)
    begun.jury.samples[0].futures = Far(600)
    gauge = Gauge(begun, begun.jury)
    assert asked == [(512, 2), (128, 2)]
    assert (gauge.sample.draws, gauge.few.draws) == (512, 128)
    assert gauge.plan_values() == {
        "growth": 6.5,
        GDP: 107.0,
        **{module.limit_id(each): float(at) for at, each in enumerate(begun.assessor.bounds)},
    }
    later = replace(LIMITS["cut"]("cut", 30.0, 0.0, 1.0), years=(1, 4))
    object.__setattr__(later, "years", (1, 4))
    begun.assessor.bounds = (Bent("bent", 2000.0, 0.0, 1.0, years=(1, 4)),)
    asked.clear()
    Gauge(begun, begun.jury)
    assert asked == [(512, 4), (128, 4)]


# ---- all of it


@pytest.fixture(scope="module")
def looked() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            module,
            "slipped",
            lambda sample, some, months: replace(sample, late=tuple((key, months / 3) for key in some)),
        )
        patch.setattr(module, "base_investment", lambda stated, values: np.array([[8.0], [32.0], [40.0]]))
        return quick_look(region(), stated())


def test_levers_are_all_money_every_share_and_the_largest_open_projects(looked: Any) -> None:
    assert [(each.kind, each.of) for each in looked.levers] == [
        ("money", ""),
        *(("share", key) for key in KEYS),
        *((kind, key) for key in ("big", "mid") for kind in ("later", "sooner")),
    ]
    assert [each.stated for each in looked.levers] == pytest.approx([WHOLE, 2, 48, 50, 0, 0, 0, 0])
    assert (looked.futures, looked.few, looked.judged) == (200, 128, 200)
    assert [each.id for each in looked.targets] == ["growth"]


def test_the_effect_of_money(looked: Any) -> None:
    money = looked.levers[0]
    change = {part: off(MONEY[:, 1] * (1 + part)) for part in (0.01, -0.01, 0.05, -0.05)}
    slope = fitted({part * WHOLE: change[part] for part in (0.01, -0.01)})
    assert money.effects["growth"] == pytest.approx(slope, abs=1e-9)
    assert money.effects[GDP] == pytest.approx(slope, abs=1e-9)
    worst = furthest(*(change[part] - slope * part * WHOLE for part in change))
    assert money.errors["growth"] == pytest.approx(worst, abs=2e-8) and worst < -1e-3
    assert money.tested == pytest.approx((11, -11))
    assert money.effects["limit_money"] == pytest.approx(120 / 220)
    assert (money.room, money.least) == (Room(0.0, "", np.inf, "", np.inf, ""), 0.0)


@pytest.mark.parametrize(("at", "least"), [(0, -1.6), (1, -3.0), (2, -3.0)])
def test_the_effect_of_a_share(looked: Any, at: int, least: float) -> None:
    """Of 2 % no more than 1.6 are taken away."""
    share = looked.levers[1 + at]
    change = {by: off(mixed(at, by)) for by in (1.0, -1.0, 3.0, least)}
    slope = fitted({by: change[by] for by in (1.0, -1.0)})
    assert share.effects["growth"] == pytest.approx(slope, abs=1e-9)
    worst = furthest(*(moved - by * slope for by, moved in change.items()))
    assert share.errors["growth"] == pytest.approx(worst, abs=1e-8)
    assert share.tested == pytest.approx((3.0, least))
    own = {"money": 0.0, "b_most": mixed(at, 1.0)[1] - 57.6}
    for key, by in own.items():
        assert share.effects[f"limit_{key}"] == pytest.approx(by, abs=1e-9)


@pytest.mark.parametrize("key", ["big", "mid"])
def test_the_effect_of_a_quarter(looked: Any, key: str) -> None:
    for kind, sign in (("later", 1.0), ("sooner", -1.0)):
        lever = next(each for each in looked.levers if (each.kind, each.of) == (kind, key))
        one, two = off(MONEY[:, 1], {key: sign}), off(MONEY[:, 1], {key: 2 * sign})
        assert lever.effects["growth"] == pytest.approx(one, abs=2e-9)
        assert lever.errors["growth"] == pytest.approx(two - 2 * one, abs=3e-9)
        assert lever.tested == (2.0,)


def test_the_error_of_all_at_once(looked: Any) -> None:
    """5 % more money, 3 points more in a, whose share does most, and the largest project a quarter later; and
    the other way round, where a has too little to give."""
    by = {(each.kind, each.of): each.effects["growth"] for each in looked.levers}
    assert max(abs(by["share", key]) for key in KEYS) == pytest.approx(-by["share", "a"])
    whole = off(mixed(0, 3.0, MONEY * 1.05), {"big": 1.0})
    linear = 0.05 * WHOLE * by["money", ""] + 3 * by["share", "a"] + by["later", "big"]
    assert looked.together["growth"] == pytest.approx(whole - linear, abs=1e-8)


def test_the_error_of_all_at_once_is_of_both_directions() -> None:
    """Without a: b gives and takes."""
    begun = region(np.array([[4.0, 2.4], [0, 0], [0, 0]]))
    found = quick_look(begun, stated())
    by = {(each.kind, each.of): each for each in found.levers}
    assert by["share", "a"].tested == (3.0,), "a cannot give"
    assert by["share", "b"].tested == (-3.0,), "nor may b take of it"
    assert by["money", ""].tested == pytest.approx((11.0,))
    assert found.together["growth"] == pytest.approx(
        off(mixed(0, 3.0, MONEY * 1.05), {"big": 1.0})
        - 11 * by["money", ""].effects["growth"]
        - 3 * by["share", "a"].effects["growth"]
        - by["later", "big"].effects["growth"],
        abs=1e-8,
    )
    assert by["share", "a"].least == pytest.approx(0.02 * 220)
    two = quick_look(region(), stated(projects={}))
    linear = sum(by * lever.effects["growth"] for by, lever in ((11.0, two.levers[0]), (3.0, two.levers[1])))
    assert two.together["growth"] == pytest.approx(off(mixed(0, 3.0, MONEY * 1.05)) - linear, abs=1e-8)


def test_a_sector_that_has_too_little_to_give_is_measured_by_a_tenth_of_a_point() -> None:
    """c has 50 in the first year, of which 49.2 are needed: it can give a tenth of a point, no whole one;
    nor can the plan be cut by a twentieth."""
    found = quick_look(region(np.array([[0.0, 0], [0, 0], [49.2, 0]])), stated())
    by = {(each.kind, each.of): each for each in found.levers}
    third = by["share", "c"]
    assert third.tested == (1.0, 3.0)
    slope = fitted({each: off(mixed(2, each)) for each in (0.1, -0.1)})
    assert third.effects["growth"] == pytest.approx(slope, abs=1e-9)
    worst = furthest(*(off(mixed(2, each)) - each * slope for each in (0.1, -0.1, 1.0, 3.0)))
    assert third.errors["growth"] == pytest.approx(worst, abs=1e-8)
    assert by["money", ""].tested == pytest.approx((11.0,))
    assert by["share", "a"].tested == (-1.6,)
    # a does most, and cannot have three points more: c, that can, stands for shares where all moves at once
    linear = [(11, "money", ""), (3, "share", "c"), (1, "later", "big")]
    near = sum(times * by[kind, key].effects["growth"] for times, kind, key in linear)
    together = off(mixed(2, 3.0, MONEY * 1.05), {"big": 1.0}) - near
    assert found.together["growth"] == pytest.approx(together, abs=1e-7)


@pytest.mark.parametrize(
    ("needs", "step"),
    [
        ([[4, 2.4], [45.95, 0], [0, 0]], 0.1),  # nothing to give, and b has a tenth of a point to spare
        ([[3.9, 2.28], [46, 57.6], [50, 60]], -0.1),  # a tenth to give, and nobody has any to spare
    ],
)
def test_a_tenth_of_a_point_to_one_side(needs: Any, step: float) -> None:
    found = quick_look(region(np.array(needs, dtype=float)), stated())
    lever = next(each for each in found.levers if (each.kind, each.of) == ("share", "a"))
    assert lever.effects["growth"] == pytest.approx(off(mixed(0, step)) / step, abs=2e-9)
    assert lever.tested == ()


def test_both_signs_are_tried_together() -> None:
    """Where a has 20 %, all may be taken the other way too, and the larger error stands."""
    begun = region()
    money = np.array([[20.0, 24.0], [30.0, 36.0], [50.0, 60.0]])
    begun.plan.plan = replace(begun.plan.plan, investment=money)
    gauge = Gauge(begun, begun.jury)
    by = {"money": 0.0, "share": 0.0, "later": -0.3, "sooner": 0.25}
    plain = [
        Lever(kind, of, 0.0, dict.fromkeys(gauge.before[gauge.few], by[kind]), {}, ())
        for kind, of in (("money", ""), ("share", "a"), ("later", "mid"), ("later", "big"), ("sooner", "big"))
    ]
    found = gauge.together(plain, plain[1], plain[3])

    def moved(sign: float) -> float:
        rest = [each * (1 + 0.05 * sign) for each in (24.0, 36.0, 60.0)]
        whole = sum(rest)
        points = [3 * sign, -3 * sign * 30 / 80, -3 * sign * 50 / 80]
        after = [each + whole * by / 100 for each, by in zip(rest, points, strict=True)]
        return growth(after, {"big": sign}) - growth([24.0, 36.0, 60.0], {})

    assert found["growth"] == pytest.approx(furthest(moved(1.0) + 0.3, moved(-1.0) - 0.25), abs=1e-9)
    alone = gauge.together(plain, None, None)
    more, less = (
        growth([m * f for m in (24.0, 36.0, 60.0)], {}) - growth([24.0, 36.0, 60.0], {}) for f in (1.05, 0.95)
    )
    assert alone["growth"] == pytest.approx(furthest(more, less), abs=1e-9)


def test_limits_that_answer_linearly_and_those_that_do_not(looked: Any) -> None:
    """Neither those of one sector at a time, nor one that nothing moves."""
    assert [each.id for each in looked.limits] == ["money", "b_most"]
    assert [each.id for each in looked.bent] == ["bent"]
    assert looked.plan["limit_bent"] == 3.0 and looked.plan["growth"] == 6.5


def lever(**more: Any) -> Lever:
    given = {"effects": {"limit_l": 0.0}, "errors": {"limit_l": 0.0}, **more}
    return Lever("money", "", 1.0, tested=(), **given)


@pytest.mark.parametrize(
    ("most", "error", "linear"),
    [
        (100, 0.5, True),
        (100, 0.5001, False),
        (100, -0.5001, False),
        (0.1, 0.005, True),
        (0.1, 0.0051, False),
        (-100, 0.5, True),
    ],
)
def test_a_limit_is_linear_where_errors_are_small_beside_it(most: float, error: float, linear: bool) -> None:
    bound = Bent("l", most, 0.0, 1.0)
    calm = lever()
    assert module._linear(bound, [calm, lever(errors={"limit_l": error})], {}) is linear
    assert module._linear(bound, [calm], {"limit_l": error}) is linear


@pytest.mark.parametrize(
    ("most", "change", "moved"),
    [(10, 2e-8, True), (10, -2e-8, True), (10, 1e-8, False), (0.01, 1.5e-9, True), (0.01, 1e-9, False)],
)
def test_a_limit_is_moved_by_more_than_rounding(most: float, change: float, moved: bool) -> None:
    bound = Bent("l", most, 0.0, 1.0)
    assert module._moved(bound, [lever(), lever(effects={"limit_l": change})]) is moved
    assert module._moved(bound, [lever(errors={"limit_l": change}), lever()]) is moved


class Spanning(Bent):
    """Says what each sector may have, in each of its years."""

    def spans(self, ground: Ground, give: float) -> Any:
        assert give == 0.0
        return np.array([0.0, 10.0 * ground.year, 0.0]), np.array([np.inf, np.inf, 30.0 * ground.year])


def test_room_is_the_tightest_of_all_limits_and_years(looked: Any) -> None:
    """Cut leaves 70 % of what is planned for the target year, absorption 1.6 squared of what was before."""
    rooms = [each.room for each in looked.levers[1:4]]
    assert [each.low for each in rooms] == pytest.approx([0.7 * x * 220 for x in (0.02, 0.48, 0.50)])
    assert {each.low_by for each in rooms} == {"cut"}
    assert rooms[1].high == pytest.approx(40 * 1.6**2 / 120 * 220) and rooms[1].high_by == "absorption"
    assert (rooms[2].high, rooms[2].high_by) == (np.inf, ""), "there was no investment before"
    assert {(each.shift, each.shift_by) for each in rooms} == {(8.0, "shift")}
    by_year = (
        Spanning("both", 1.0, 0.0, 1.0, years=(1, 2)),
        LIMITS["mix"]("wide", 9.0, 0.0, 1.0),
        LIMITS["mix"]("narrow", 4.0, 0.0, 1.0),
        LIMITS["mix"]("as_narrow", 4.0, 0.0, 1.0),
        Spanning("same", 1.0, 0.0, 1.0, years=(1, 2)),
        LIMITS["cut"]("loose", 90.0, 0.0, 1.0),
    )
    begun = region(bounds=by_year)
    gauge = Gauge(begun, begun.jury)
    assert module._room(gauge, 1) == Room(pytest.approx((20 / 120) * 220), "both", np.inf, "", 4.0, "narrow")
    none = region(bounds=(Bent("bent", 1000.0, 0.0, 1.0, years=(1,)),))
    assert module._room(Gauge(none, none.jury), 1) == Room(), "two points more than in that year are no room"
    third = module._room(gauge, 2)
    assert (third.low, third.low_by) == (pytest.approx(0.1 * 0.5 * 220), "loose")
    assert (third.high, third.high_by) == (pytest.approx(30 / 100 * 220), "both")


def test_which_limits_speak_of_one_sector_at_a_time() -> None:
    found = {each.id: module._by_sector(each, GROUND) for each in bounds()}
    assert found == {
        "money": False,
        "b_most": False,
        "nobody": False,
        "bent": False,
        "cut": True,
        "absorption": True,
        "shift": found["shift"],
    }
    assert module._by_sector(Spanning("both", 1.0, 0.0, 1.0), GROUND)


def test_what_named_projects_need_is_told_with_the_share() -> None:
    """10 of 100 in the first year, 24 of 120 in the second; b has two points less in the first."""
    needs = np.array([[0.0, 0], [10, 24], [0, 6]])
    found = quick_look(region(needs), stated())
    assert [each.least for each in found.levers[1:4]] == pytest.approx([0, 0.2 * 220, 0.05 * 220])


# ---- what is typed for the exact run


def test_what_is_entered_for_money_and_shares(looked: Any) -> None:
    """7 % more than the year before is 220: entered m, growth is 107 m / 220 - 100."""
    assert looked.levers[0].typed == (Typed("investment.growth", -100.0, 107 / 220),)
    a, b = looked.levers[1].typed, looked.levers[2].typed
    assert a == (
        Typed("mixes.plan.shares.a", pytest.approx(2.0), 1.0),
        Typed("mixes.plan.by_year.2022.a", pytest.approx(-2.0), 1.0),
    )
    assert b == (
        Typed("mixes.plan.shares.b", pytest.approx(-2.0), 1.0),
        Typed("mixes.plan.by_year.2022.b", 0.0, 1.0),
    )
    typed = {(each.kind, each.of): each.typed for each in looked.levers}
    assert typed["later", "big"] == (Typed("projects.big.slip", 4.0, 3.0),)
    assert typed["later", "mid"] == (
        Typed("projects.mid.slip.value", 2.0, 3.0),
        Typed("projects.mid.slip.low", 1.0, 3.0),
    )
    assert typed["sooner", "big"] == typed["sooner", "mid"] == ()


def test_a_mix_that_starts_from_another_is_entered_as_an_addition() -> None:
    mix = Made(starts_from="old", add={"b": Quantity(value=3)})
    known = stated(mixes={"plan": mix}, investment=Made(**{**vars(stated().investment), "base_shares": {}}))
    gauge = Gauge(region(), region().jury)
    assert list(module._typed_share(gauge, known, "b")) == [
        Typed("mixes.plan.add.b", pytest.approx(3 - 48), 1.0),
        Typed("investment.base_shares.b", pytest.approx(100 * 32 / 80), 0.0),
    ]
    assert next(module._typed_share(gauge, known, "c")) == Typed("mixes.plan.add.c", pytest.approx(-50), 1.0)


def money(**more: Any) -> Any:
    return Made(
        investment=Made(**{"growth": Quantity(value=7), "growth_in": {}, "path": {}, **more}),
        years=Made(first=2021),
    )


SHAPED = Quantity(value=5, low=4, high=6).model_copy(update={"distribution": Made()})


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"growth_in": {"2021": Quantity(value=-4)}}, [("investment.growth_in.2021", -100.0, 96 / 50)]),
        ({"growth_in": {"2022": Quantity(value=-4)}}, [("investment.growth", -100.0, 107 / 50)]),
        (
            {"path": {"2022": Quantity(value=80)}},
            [("investment.path.2022", 0.0, 1.6), ("investment.growth", -100.0, 107 / 50)],
        ),
        ({"path": {"2021": Quantity(value=75)}}, [("investment.path.2021", 0.0, 1.5)]),
        ({"path": {"2021": Quantity(value=75), "2022": SHAPED}}, []),
        ({"growth": SHAPED}, []),
    ],
)
def test_money_is_entered_where_it_is_stated(given: Any, found: Any) -> None:
    assert module._typed_money(money(**given), 50.0) == tuple(Typed(*each) for each in found)


def test_key_projects_that_are_not_named_grow_along() -> None:
    gauge = Gauge(region(), region().jury)
    plain = stated(pool=Made(investment=Quantity(value=33)))
    typed = module._money(gauge, plain).typed
    assert typed == (Typed("investment.growth", -100.0, 107 / 220), Typed("pool.investment", 0.0, 33 / 220))
    assert module._money(gauge, stated(pool=Made(investment=SHAPED))).typed == ()
    unsaid = Made(**{**vars(stated().investment), "growth": SHAPED})
    assert module._money(gauge, stated(pool=plain.pool, investment=unsaid)).typed == ()


# ---- projects


def test_projects_that_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """The largest that do anything, of twice as many tried."""
    gauge = Gauge(region(), region().jury)

    def told(**invest: float) -> list[str]:
        known = stated(projects={key: project(key, each) for key, each in invest.items()})
        return [each.of for each in module._delays(gauge, known) if each.kind == "later"]

    assert told(mid=1, x=2, big=3) == ["big", "mid"]
    monkeypatch.setattr(module, "PROJECTS", 1)
    assert told(mid=1, x=2, big=3) == ["big"]
    assert told(mid=1, x=2) == ["mid"]
    assert told(mid=1, x=2, y=3) == []


def test_a_project_is_told_of_where_only_two_quarters_do_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    gauge = Gauge(region(), region().jury)
    monkeypatch.setitem(LATE, "x", (-0.1, 0.1))  # nothing at one quarter, 0.2 at two
    known = stated(projects={"x": project("x", 1)})
    found = list(module._delays(gauge, known))
    assert [each.kind for each in found] == ["later", "sooner"]
    assert found[0].effects["growth"] == pytest.approx(0, abs=1e-12)
    assert found[0].errors["growth"] == pytest.approx(-0.2)


# ---- medians and chances


def test_medians_and_chances_beside_exact_runs(looked: Any) -> None:
    """Of money, and of a, whose share does most."""
    by = {(each.kind, each.of): each.effects["growth"] for each in looked.levers}
    own = growth(MONEY[:, 1], {})
    moves = [
        *((off(MONEY[:, 1] * (1 + part)), part * WHOLE * by["money", ""]) for part in (0.05, -0.05)),
        *((off(mixed(0, points)), points * by["share", "a"]) for points in (3.0, -1.6)),
    ]
    assert looked.medians["growth"] == pytest.approx(
        furthest(*(there - near for there, near in moves)), abs=1e-8
    )
    tier = target().tiers
    for name, value in tier.items():
        asked = value - 0.05 - 1e-9  # half a digit

        def share(shift: float, asked: float = asked) -> float:
            return sum(own + each + shift >= asked for each in NOISE[:200]) / 200

        worst = furthest(*(share(there) - share(near) for there, near in moves))
        assert abs(looked.chances["growth", name]) == pytest.approx(abs(worst), abs=0.0051)


def gauged(values: Any, plain: Any) -> Any:
    """Exact runs of which outcomes are known by the money of b."""
    found = {"growth": np.asarray(plain)}
    own = target(ensure=2.0, stretch=None)
    return Made(
        plan="own",
        richer=lambda moved: moved,
        shifted=lambda at, moved: (at, moved),
        targets=[own],
        jury=Made(outcomes=lambda plan: {"growth": np.asarray(values(plan))}),
        begun=Made(ensemble=Made(outcomes=found), economy=Made(sector_ids=KEYS)),
    )


def test_medians_and_chances_by_hand() -> None:
    """Of 0, 1, 2, 3, 4 the median is 2, and three of five reach 2; with 2 more all move by 1.5."""
    plain = [0.0, 1.0, 2.0, 3.0, 4.0]
    seen = {"own": 0.0, 2.0: 1.5, (1, -1.0): -2.0, (1, 3.0): 0.25}
    gauge = gauged(lambda plan: [each + seen[plan] for each in plain], plain)
    effect = {"growth": 0.5}
    levers = [
        Lever("money", "", 10.0, effect, {}, (2.0,)),
        Lever("share", "b", 10.0, effect, {}, (-1.0, 3.0)),
    ]
    medians, chances = module._whole(gauge, levers)
    # 1.5 - 1.0; -2 + 0.5; 0.25 - 1.5
    assert medians == {"growth": pytest.approx(-1.5)}
    # reached: exact 4, 1, 3 of 5; by the linear answer 4, 2, 4
    assert chances == {("growth", "ensure"): pytest.approx(-0.2)}
    medians, chances = module._whole(gauge, levers[:1])
    assert (medians, chances) == ({"growth": pytest.approx(0.5)}, {("growth", "ensure"): 0.0})


def test_chances_at_shifts_cover_a_quarter_more_than_all_tests() -> None:
    """Money 4 x 0.5, the share furthest off 3 x 0.2, later and sooner 2 x 0.1 and 1 x 0.3: 1.25 x 3.1."""
    gauge = gauged(None, [0.0, 1.0, 2.0, 3.0, 4.0])
    asked = gauge.targets[0]
    levers = [
        Lever("money", "", 1.0, {"growth": 0.5}, {}, (4.0, -2.0)),
        Lever("share", "a", 1.0, {"growth": -0.2}, {}, (-3.0, 1.0)),
        Lever("share", "b", 1.0, {"growth": 0.5}, {}, (1.0,)),
        Lever("later", "p", 1.0, {"growth": -0.1}, {}, (2.0,)),
        Lever("sooner", "p", 1.0, {"growth": 0.3}, {}, (1.0,)),
    ]
    found = module._curve(gauge, asked, levers)
    assert len(found.shifts) == 41
    assert (found.shifts[0], found.shifts[-1]) == pytest.approx((-3.875, 3.875))
    assert found.shifts[20] == pytest.approx(0)
    assert set(found.chances) == {"ensure"}
    for shift, chance in zip(found.shifts, found.chances["ensure"], strict=True):
        assert chance == sum(each + shift >= 1.95 for each in range(5)) / 5
    still = module._curve(gauge, asked, [Lever("money", "", 1.0, {"growth": 0.0}, {}, (4.0,))])
    assert still.shifts[-1] == pytest.approx(1.0)
    assert module._curve(gauge, replace(asked, digits=2), []).shifts[-1] == pytest.approx(0.1)


def test_where_there_is_no_quick_look() -> None:
    assert quick_look(region(ensemble=None), stated()) is None
    assert quick_look(region(jury=None), stated()) is None
    none = region()
    none.assessor.targets = ()
    assert quick_look(none, stated()) is None
    for money in (np.zeros((3, 2)), MONEY * [1, 0]):
        poor = region()
        poor.plan.plan = replace(poor.plan.plan, investment=money)
        assert quick_look(poor, stated()) is None
