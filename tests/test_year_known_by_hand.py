"""The year under way step by step: what is held of it, what the nation's figures mean, what the rest must
bring, and why a row moved; on regions and draws of round figures."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.tracking import freeze, track
from dabiao.engine.tracking.nation import Nation, nation_of
from dabiao.engine.tracking.news import CAUSES, _slopes, group_of, news
from dabiao.engine.tracking.readings import Reading
from dabiao.engine.tracking.years_left import YearsLeft
from dabiao.engine.uncertainty.ensemble import Estimate
from dabiao.models.errors import ScenarioError
from dabiao.models.indicators import Asked
from dabiao.models.quantity import Quantity
from dabiao.models.span import MEASURES, Over
from dabiao.scenarios.schema import Scenario
from planning import target
from regions import four, laid, moving

SHOCK = {"national": {"sd": 0.6, "mean": 0.1, "persistence": 40}}
"""Beside an outlook without experience, whose error in a calm year is 1.2: two points of growth a point."""


def region(base: dict[str, Any] | None = None, /, **changes: Any) -> Scenario:
    return Scenario.model_validate(laid(base or four(), changes))


# ---- the nation


def test_what_was_expected_of_the_nation() -> None:
    """5 % and what the shock is on average, 2 x 0.1; with what later years differ by."""
    plain = nation_of(region(outlook={"growth": 5}, uncertainty={"shocks": SHOCK}))
    assert plain is not None and plain.middle == pytest.approx((5.2,) * 4)
    assert (plain.lead, plain.factor, plain.lasts) == (0.0, pytest.approx(2.0), pytest.approx(0.4))
    change = {"2022": -1, "2024": 0.5}
    moved = nation_of(region(outlook={"growth": 5, "change": change}, uncertainty={"shocks": SHOCK}))
    assert moved is not None and moved.middle == pytest.approx((5.2, 4.2, 4.2, 5.7))
    said = {"growth": 5, "nation": 3, "change": change}
    other = nation_of(region(outlook=said, uncertainty={"shocks": SHOCK}))
    assert other is not None and other.middle == pytest.approx((3.2, 2.2, 2.2, 3.7)) and other.lead == 0.0
    still = nation_of(
        region(outlook={"growth": 5, "error": 1.2}, uncertainty={"shocks": {"national": {"sd": 1}}})
    )
    assert still is not None and still.middle == (5.0,) * 4 and still.lasts == 0.0
    assert still.factor == pytest.approx(np.hypot(1.2, 0.9))


EXPERIENCE: dict[str, Any] = {
    "nation": {"2020": {"growth": 4, "release": 2.5}},
    "chance": 15,
    "slopes": {key: {"gap": 0, "target": 0, "mean": 0, "last": 0} for key in ("0-none", "0-target")},
    "spread": {"0-none": 1, "0-target": 1},
    "ahead": {"2021": {"january": {"middle": 6, "calm": 0.9, "crisis": 3}}},
}


def test_regions_lead_over_the_nation_is_that_of_the_base_year() -> None:
    found = nation_of(region(experience=EXPERIENCE, uncertainty={"shocks": SHOCK}))
    assert found is not None and found.lead == pytest.approx(1.5) and found.factor == pytest.approx(1.5)
    assert found.middle == pytest.approx((6.15,) * 4)
    gap = laid(EXPERIENCE, {"nation": {"2020": {"release": None}}})
    bare = nation_of(region(experience=gap, uncertainty={"shocks": SHOCK}))
    assert bare is not None and bare.lead == 0.0


def test_of_a_nation_nobody_expects_anything_of_nothing_is_known() -> None:
    shocks = {"shocks": SHOCK}
    assert nation_of(region(outlook={"growth": 5}, uncertainty=shocks, anchor={"to": "none"})) is None
    assert nation_of(region(outlook={"growth": 5})) is None
    assert nation_of(region(uncertainty=shocks)) is None
    none = {"shocks": {"national": {"sd": 0}}}
    assert nation_of(region(outlook={"growth": 5}, uncertainty=none)) is None
    past = {"years": {str(year): {"growth": 5} for year in range(2015, 2021)}}
    assert nation_of(region(history=past, uncertainty=shocks)) is None


def test_growth_of_the_nation_in_draws_and_back() -> None:
    """Shocks of 1 and 0.5, of which 40 % of the first is left: 4.2 + 2 x 0.9."""
    nation = Nation((5.2, 4.2), 1.5, 2.0, 0.4)
    inputs = {
        "uncertainty.shocks.national.2021": np.array([1.0, -2.0]),
        "uncertainty.shocks.national.2022": np.array([0.5, 0.0]),
    }
    assert nation.grown(inputs, 2021, 1) == pytest.approx([7.2, 1.2])
    assert nation.grown(inputs, 2021, 2) == pytest.approx([6.0, 2.6])
    assert nation.shock(7.2 - 1.5, 1) == pytest.approx(1.0) and nation.shock(0.7, 2) == pytest.approx(-1.0)


def test_what_is_foretold_now_goes_before_what_january_said() -> None:
    """The year brought 7 where 5.2 were expected, 1.8 more, of which 0.72 and 0.288 are left in 2022 and
    2023."""
    outlook = {"growth": 5, "change": {"2021": 0, "2022": 1, "2023": 2, "2024": 3}}
    actuals = {"nation": {"2021-12": 7}, "outlook": {"2022": 6, "2023": {"value": 6.5, "low": 6, "high": 7}}}
    found = freeze.foretold(region(outlook=outlook, uncertainty={"shocks": SHOCK}, actuals=actuals))
    change = {year: each.value for year, each in found.outlook.change.items()}
    assert change == {"2021": 0, "2022": pytest.approx(1 - 0.72), "2023": pytest.approx(1.5 - 0.288)}
    assert found.outlook.change["2023"].low is None and found.outlook.change["2023"].high is None
    counted = region(outlook={**outlook, "nation": 4}, uncertainty={"shocks": SHOCK}, actuals=actuals)
    assert freeze.foretold(counted).outlook.change["2022"].value == pytest.approx(6 - 4 - 0.4 * (7 - 4.2))
    # nothing is over yet: the forecast is held against January's as it stands
    early = region(outlook=outlook, uncertainty={"shocks": SHOCK}, actuals={"outlook": {"2022": 6}})
    assert {year: each.value for year, each in freeze.foretold(early).outlook.change.items()} == {"2022": 1}
    half = {"nation": {"2021-06": 9}, "outlook": {"2022": 6}}
    begun = region(outlook=outlook, uncertainty={"shocks": SHOCK}, actuals=half)
    assert freeze.foretold(begun).outlook.change["2022"].value == 1
    # the years that are over keep what was said of them
    later = {"nation": {"2022-12": 7}, "outlook": {"2023": 6}}
    two = freeze.foretold(region(outlook=outlook, uncertainty={"shocks": SHOCK}, actuals=later))
    assert two.outlook.change["2022"].value == 1 and "2024" not in two.outlook.change
    assert two.outlook.change["2023"].value == pytest.approx(6 - 5 - 0.4 * (7 - 6.2))
    for none in (
        region(outlook=outlook, actuals=actuals),
        region(outlook=outlook),
        region(actuals={"nation": {}}),
    ):
        assert freeze.foretold(none) is none


def test_what_the_nation_brought_is_the_measure_where_nobody_said_what_was_expected() -> None:
    actuals = {"nation": {"2021-12": 7}, "outlook": {"2022": 6}}
    found = freeze.foretold(region(experience=EXPERIENCE, uncertainty={"shocks": SHOCK}, actuals=actuals))
    assert found.outlook.change["2022"].value == pytest.approx(6 - 7 - 0.4 * (7 + 1.5 - 6.15))


def test_an_outlook_that_says_what_is_expected_anyway_changes_nothing() -> None:
    """The nation is expected to grow by 5.2, 6.2 and 7.2; 2021 brought 8, so by 0.4 and 0.16 of 2.8 more: who
    foretells just that, in growth of the nation, has said nothing new, whatever a shock is worth in it."""
    outlook = {"growth": 5, "change": {"2021": 0, "2022": 1, "2023": 2}}
    for factor in (1.0, 2.0, 3.0):
        shock = {"shocks": {"national": {**SHOCK["national"], "sd": SHOCK["national"]["sd"] * 2 / factor}}}
        begun = nation_of(region(outlook=outlook, uncertainty=shock))
        assert begun is not None
        extra = 8 - begun.middle[0]
        anyway = {"2022": 6 + 0.4 * extra, "2023": 7 + 0.16 * extra}
        said = {"nation": {"2021-12": 8}, "outlook": anyway}
        found = freeze.foretold(region(outlook=outlook, uncertainty=shock, actuals=said))
        change = {year: each.value for year, each in found.outlook.change.items()}
        assert change == {"2021": 0, "2022": pytest.approx(1), "2023": pytest.approx(2)}


# ---- what is held


def loaded(scenario: Scenario) -> Any:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class One:
        scenario: Scenario

    return One(scenario)


def test_january_knows_nothing() -> None:
    scenario = region(actuals={"nation": {"2021-06": 7}}, to_date={"tails": 8, "quarters": {}})
    before = freeze.as_of_january(scenario)
    assert before.actuals is None and before.to_date is None and scenario.actuals is not None


def test_facts_stand_in_place_of_the_plan() -> None:
    """A level of investment goes before what the plan says of growth, and growth before its path."""
    scenario = region(
        targets={
            "gdp_growth": {},
            "level": {"indicator": "gdp_level"},
            "money": {"indicator": "fai_level"},
            "fai_growth": {},
        },
        investment={
            "path": {"2021": 150, "2022": {"value": 160, "low": 150}},
            "growth_in": {"2021": 9, "2023": 3},
        },
        prices={"gdp": 1, "gdp_in": {"2021": 9, "2022": 8}},
        actuals={
            "figures": {
                "gdp_growth": {"2021-12": 5},
                "level": {"2021-12": 450},
                "money": {"2021-12": 170},
                "fai_growth": {"2022-12": 4},
            }
        },
    )
    found = freeze._with_facts(scenario)
    assert {year: each.value for year, each in found.investment.path.items()} == {"2021": 170}
    assert {year: each.value for year, each in found.investment.growth_in.items()} == {"2022": 4, "2023": 3}
    prices = found.prices.gdp_in
    assert prices["2021"].value == pytest.approx(100 * (450 / 420 / 1.05 - 1)) and prices["2022"].value == 8
    assert prices["2021"].path == "prices.gdp_in.2021"
    assert prices["2021"].assumption is not None and "nominal GDP" in prices["2021"].assumption.of("en")


def test_money_spent_is_as_stated_or_at_the_plans_pace() -> None:
    """A quarter of 168 in each sector; five months of it."""
    scenario = region(actuals={"nation": {"2021-05": 5}, "placed": {"mines": 33, "shops": 0}})
    money, stated = freeze.spent(scenario, (1, 5))
    assert money == pytest.approx([17.5, 17.5, 33, 0]) and stated == {"mines", "shops"}
    plain, none = freeze.spent(region(investment={"later": 10}), (2, 12))
    assert plain == pytest.approx([46.2] * 4) and none == frozenset()


def test_floors_hold_what_is_spent() -> None:
    """Nothing where nothing is spent; of the target year no year is said, of another it is."""
    scenario = region(actuals={"nation": {"2021-05": 5}, "placed": {"mines": 33, "shops": 0}})
    found = freeze._floors(scenario, (1, 5))
    assert list(found) == ["spent-farms", "spent-plants", "spent-mines"]
    mines, farms = found["spent-mines"], found["spent-farms"]
    assert mines.min is not None and farms.min is not None
    assert (mines.min.value, mines.sectors, mines.year, mines.on) == (33.0, ("mines",), None, "floor")
    assert mines.min.path == "limits.spent-mines.min"
    assert mines.min.assumption is not None and "put in place by 2021-05" in mines.min.assumption.of("en")
    assert farms.min.assumption is not None and "even pace" in farms.min.assumption.of("en")
    assert mines.title.of("en") == "spent by 2021-05: process_chain"
    longer = region(years={"target": 2023}, actuals={"nation": {"2022-05": 5}})
    assert {each.year for each in freeze._floors(longer, (2, 5)).values()} == {2022}


def test_more_put_in_place_than_planned_for_the_year_is_refused() -> None:
    """42 a sector: as much is allowed, more is told of every sector at once."""
    freeze._floors(region(actuals={"nation": {"2021-05": 5}, "placed": {"mines": 42}}), (1, 5))
    over = region(actuals={"nation": {"2021-05": 5}, "placed": {"mines": 42.1, "shops": 99, "farms": 1}})
    with pytest.raises(ScenarioError) as found:
        freeze._floors(over, (1, 5))
    assert [each.path for each in found.value.problems] == ["actuals.placed.mines", "actuals.placed.shops"]
    assert "42.1" in str(found.value) and "up to 42.0" in str(found.value) and "2021" in str(found.value)


def test_a_scenario_is_frozen_up_to_now() -> None:
    """Floors hold in a year of the plan that is not over; projects cannot start before now."""
    advance = {"advance": {"title": "advance", "on": "advance", "max": 6}}
    nothing = loaded(region(moving(), limits=advance))
    assert freeze.frozen(nothing) is nothing
    base = loaded(region(moving(), limits=advance, actuals={"nation": {"2020-12": 5}}))
    assert freeze.frozen(base) is base

    def held(actuals: dict[str, Any], **more: Any) -> Scenario:
        return freeze.frozen(loaded(region(moving(), limits=advance, actuals=actuals, **more))).scenario

    may = held({"nation": {"2021-05": 5}, "projects": {"rising": {"started": "2020-07"}}})
    assert set(may.limits) == {"advance", *(f"spent-{key}" for key in may.sectors)}
    assert may.projects["rising"].start == "2020-07"
    distant = may.projects["distant"].earlier  # October is the tenth month: four months after May's end
    assert distant is not None and distant.value == 4.0
    whole = held({"nation": {"2021-12": 5}})
    assert set(whole.limits) == {"advance"} and whole.projects["distant"].earlier.value == 0  # type: ignore[union-attr]
    second = held(
        {"nation": {"2022-02": 5}}, years={"target": 2022}, projects={"distant": {"start": "2022-05"}}
    )
    assert len(second.limits) == 5 and second.projects["distant"].earlier.value == 2  # type: ignore[union-attr]
    beyond = held({"nation": {"2022-02": 5}})
    assert set(beyond.limits) == {"advance"}


def test_what_is_known_of_works_makes_them_sure() -> None:
    doubt = {"value": 18, "low": 12, "high": 30}
    wide = dict.fromkeys(("approval", "registration", "construction", "ramp_up"), doubt)
    changes = {"coming": {"months": wide, "slip": {"value": 3, "low": 0}, "cancel": 20, "finish": "2022-09"}}
    coming = region(moving(), projects=changes).projects["coming"]

    def made(**known: Any) -> Any:
        from dabiao.scenarios.schema_actuals import ProjectActual

        return freeze._known(coming, ProjectActual(**known))

    due = made(expected="2022-12")
    assert [getattr(due.months, key).low for key in wide] == [None, None, None, 12]
    assert due.cancel is not None and due.slip.value == 3 and due.slip.low == 0
    done = made(commissioned="2022-05", expected="2023-01")
    assert done.finish == "2022-05" and done.cancel is None and (done.slip.value, done.slip.low) == (0, None)
    begun = made(started="2021-06")
    assert begun.cancel is None and begun.months.construction.low == 12
    assert made(started="2021-06", commissioned="2022-05").finish == "2022-05"
    open_ended = region(moving()).projects["coming"]
    from dabiao.scenarios.schema_actuals import ProjectActual

    assert freeze._known(open_ended, ProjectActual(started="2021-06")).finish is None


# ---- the rest of the year


def reading(**more: Any) -> Reading:
    usual = {"row": "gdp_growth", "time": "2021-09", "year": 1, "month": 9, "value": 4.0, "use": "used"}
    return Reading(**{**usual, **more})


def now(values: list[float], shares: dict[str, Any] | None = None, level: Any = None) -> Any:
    actuals = {"figures": {}, "shares": shares or {}}
    scenario = region(actuals=actuals)
    path = SimpleNamespace(gdp=np.array([[420.0], [440.0]]))
    draws = SimpleNamespace(outcomes={"gdp_growth": np.array(values)}, year=1)
    economy = SimpleNamespace(own={}, indicators={})
    return SimpleNamespace(
        ensemble=draws, scenario=scenario, plan=SimpleNamespace(path=path), economy=economy
    )


@pytest.fixture
def of_gdp(monkeypatch: pytest.MonkeyPatch) -> None:
    """GDP itself is the level that grows."""

    def level(path: Any, year: int, asked: Any) -> np.ndarray:
        assert asked == Asked(("farms",), 7.0)
        return np.asarray(path.gdp[year])

    known = SimpleNamespace(level=level)
    monkeypatch.setattr(track, "indicator_of", lambda name, economy: known)


@pytest.mark.usefixtures("of_gdp")
def test_the_rest_of_a_year_makes_up_for_what_has_come() -> None:
    """Three quarters at 4 %: 6 asks 5.95 by rounding, 11.8 of the last, a quarter of 420 a year before."""
    asked = replace(target("gdp_growth", 6.0), asked=Asked(("farms",), 7.0))
    found = track._rest(now([4.0, 5.0, 6.0]), asked, reading(), 6.0)
    assert found is not None and found.growth == pytest.approx((5.95 - 3) / 0.25)
    assert found.amount == pytest.approx(420 * 0.25 * (1 + found.growth / 100))
    assert found.monthly == pytest.approx(found.amount / 3)
    assert found.usual == pytest.approx(np.quantile(4 * np.array([1.0, 2.0, 3.0]), (0.1, 0.5, 0.9)))
    part = now([5.0], {"gdp_growth": {"2020-09": 60}})
    other = track._rest(part, asked, reading(), 6.0)
    assert other is not None and other.growth == pytest.approx((5.95 - 2.4) / 0.4)
    assert other.amount == pytest.approx(420 * 0.4 * (1 + other.growth / 100))
    assert track.share_to_date(part, asked, reading()) == (0.6, True)
    assert track.share_to_date(part, asked, reading(month=5)) == (5 / 12, False)
    later = now([5.0], {"gdp_growth": {"2021-09": 30}})
    assert track.share_to_date(later, asked, reading(year=2, time="2022-09")) == (0.3, True)


def test_the_rest_of_a_level_is_what_lacks_of_it() -> None:
    """500 by December, of which 380 are there in September: 40 a month, by rounding a little less."""
    asked = target("gdp_growth", 500.0)
    found = track._rest(now([470.0, 500.0, 530.0]), asked, reading(growth=False, value=380.0), 500.0)
    assert found is not None and found.growth is None
    assert found.amount == pytest.approx(119.95) and found.monthly == pytest.approx(119.95 / 3)
    assert found.usual == pytest.approx(np.quantile([30.0, 40.0, 50.0], (0.1, 0.5, 0.9)))


def test_growth_without_a_level_has_no_amount(monkeypatch: pytest.MonkeyPatch) -> None:
    for known in (None, SimpleNamespace(level=None)):
        monkeypatch.setattr(track, "indicator_of", lambda name, economy, known=known: known)
        found = track._rest(now([5.0]), target("gdp_growth", 6.0), reading(), 6.0)
        assert found is not None and found.amount is None and found.monthly is None and found.growth


def test_the_one_year_that_a_row_speaks_of() -> None:
    row, draws = target("gdp_growth", 6.0), SimpleNamespace(year=3)
    assert track._of(row, draws) == 3  # type: ignore[arg-type]
    assert track._of(replace(row, over=Over(2, 2)), draws) == 2  # type: ignore[arg-type]
    assert track._of(replace(row, over=Over(1, 2, MEASURES["sum"])), draws) == 0  # type: ignore[arg-type]


class Drawn:
    """Three draws of two years, whose chances are told apart."""

    def __init__(self, row: Any, values: list[float], chance: float) -> None:
        self.targets, self.year, self.row = {row.id: row}, 1, row
        self.outcomes = {row.id: np.array(values)}
        self.value = chance

    def quantile(self, key: str, level: float) -> Estimate:
        return Estimate(float(np.quantile(self.outcomes[key], level)), 0.0)

    def probability(self, key: str, tier: str) -> Estimate:
        return Estimate(self.value, 0.01)

    def by_year(self, key: str) -> np.ndarray:
        return self.outcomes[key][None]


@pytest.mark.usefixtures("of_gdp")
def test_rows_tell_january_and_now(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []

    def left(found: Any, row: Any, threshold: float, known: Any, done: int) -> Any:
        asked.append((row.id, threshold, known, done))
        return "left"

    monkeypatch.setattr(track, "years_left", left)
    row = replace(target("gdp_growth", 6.0), asked=Asked(("farms",), 7.0))
    study = now([4.0, 5.0, 6.0])
    study.scenario = region(actuals={"figures": {"gdp_growth": {"2021-09": 4}}})
    study.ensemble = Drawn(row, [4.0, 5.0, 6.0], 0.3)
    chances = {("best", "gdp_growth", "ensure"): Estimate(0.7, 0.02)}
    study.jury = SimpleNamespace(targets={"gdp_growth": row}, chance=lambda *own: chances[own])
    study.posterior = SimpleNamespace(readings=(reading(use="superseded", value=9.0), reading()))
    best = SimpleNamespace(plan="best")
    january = Drawn(row, [3.0, 4.0, 8.0], 0.2)
    (made,) = track._rows(january, study, best, 1, 9)  # type: ignore[arg-type]
    assert (made.tier, made.threshold, made.reading) == ("ensure", 6.0, reading())
    assert made.january == pytest.approx((3.2, 4.0, 7.2)) and made.now == pytest.approx((4.2, 5.0, 5.8))
    assert made.chance_january == Estimate(0.2, 0.01) and made.chance == Estimate(0.3, 0.01)
    assert made.rest is not None and made.rest.growth == pytest.approx(11.8)
    assert made.best == 0.7 and made.left == "left" and asked == [("gdp_growth", 6.0, {}, 0)]
    # a year that is over, or another one, has no rest; without another plan there is no best
    assert track._rows(january, study, best, 1, 12)[0].rest is None  # type: ignore[arg-type]
    assert track._rows(january, study, best, 2, 9)[0].rest is None  # type: ignore[arg-type]
    assert track._rows(january, study, None, 1, 9)[0].best is None  # type: ignore[arg-type]
    study.jury.targets = {}
    assert track._rows(january, study, best, 1, 9)[0].best is None  # type: ignore[arg-type]
    study.posterior = None
    found = track._rows(january, study, best, 1, 9)[0]  # type: ignore[arg-type]
    assert found.reading is None and found.rest is None
    # a row that asks nothing has a range and no chance
    shown = target("gdp_growth")
    study.ensemble, january = Drawn(shown, [4.0, 5.0, 6.0], 0.3), Drawn(shown, [3.0, 4.0, 8.0], 0.2)
    (bare,) = track._rows(january, study, best, 1, 9)  # type: ignore[arg-type]
    assert (bare.tier, bare.threshold, bare.chance, bare.best, bare.left) == ("", None, None, None, None)


def test_money_of_years_that_are_not_over() -> None:
    """Of the year under way what is spent; nothing yet of the next."""
    scenario = region(actuals={"nation": {"2021-06": 5}, "placed": {"mines": 33}})
    plan = SimpleNamespace(money=lambda year: np.array([10.0, 20.0, 30.0, 40.0]) * year)
    best = SimpleNamespace(plan=SimpleNamespace(money=lambda year: np.array([1.0, 2.0, 3.0, 4.0]) * year))
    study: Any = SimpleNamespace(scenario=scenario, year=2, plan=SimpleNamespace(plan=plan))
    found = track._sectors(study, best, (1, 6))  # type: ignore[arg-type]
    told = [(each.sector, each.year, each.planned, each.spent, each.stated, each.best) for each in found]
    assert told == [
        ("farms", 1, 10, 21, False, 1),
        ("plants", 1, 20, 21, False, 2),
        ("mines", 1, 30, 33, True, 3),
        ("shops", 1, 40, 21, False, 4),
        ("farms", 2, 20, 0, False, 2),
        ("plants", 2, 40, 0, False, 4),
        ("mines", 2, 60, 0, False, 6),
        ("shops", 2, 80, 0, False, 8),
    ]
    study.scenario = region(actuals={"nation": {"2021-12": 5}})
    over = track._sectors(study, None, (1, 12))
    assert {each.year for each in over} == {2} and over[0].best is None


def test_years_left_are_counted() -> None:
    assert YearsLeft(3, 5, 0.0, (), None, None, None).years == 3


def test_nothing_known_is_told() -> None:
    from dabiao.scenarios.load import load

    with pytest.raises(ScenarioError, match="--actuals FILE") as found:
        track.track(load("example:templates/three-sectors.yaml"))
    assert found.value.problems[0].path == "actuals"


# ---- why a row moved


class Futures:
    """Draws of one row and of the inputs."""

    def __init__(self, row: Any, drawn: dict[str, Any]) -> None:
        self.outcomes = {"row": np.array(row, float)}
        self.drawn = {key: np.array(each, float) for key, each in drawn.items()}

    def quantile(self, row: str, level: float) -> Estimate:
        return Estimate(float(np.quantile(self.outcomes[row], level)), 0.0)


NATIONAL, LINKS = "uncertainty.shocks.national.2021", "accounts.transfers"


def test_causes_add_up_to_what_a_row_moved_by() -> None:
    """Two inputs that are at right angles: a slope of 2 and of -8, less a third by the prior of one draw in
    four for each of two inputs; they moved by 0.5 and 0.25 on average."""
    x, z = np.array([4.0, 4.0, 2.0, 2.0]), np.array([0.5, 0.25, 0.5, 0.25])
    y = -1 + 2 * (x - 3) - 8 * (z - 0.375)
    january = Futures(y - 2, {NATIONAL: x, LINKS: z})
    begun = Futures(
        y, {NATIONAL: x, LINKS: z, "uncertainty.shocks.national.2022": [9, 0, 0, 0], "prices.gdp": [1] * 4}
    )
    now_ = Futures(
        y + 1,
        {
            NATIONAL: np.add(x, 0.5),
            LINKS: np.add(z, 0.25),
            "prices.gdp": [7] * 4,
            "uncertainty.shocks.national.2022": [99] * 4,
        },
    )
    found = news(january, {"progress": begun}, now_, "row", 2021)  # type: ignore[arg-type]
    assert (found.row, found.january, found.now) == ("row", -3.0, 0.0)
    assert set(found.moved) == set(CAUSES) and sum(found.moved.values()) == pytest.approx(3.0)
    kept = 4 / (4 + 2)
    expected = {"progress": 2.0, "nation": 2 * kept * 0.5, "numbers": -8 * kept * 0.25}
    for cause, moved in found.moved.items():
        if cause != "rest":
            assert moved == pytest.approx(expected.get(cause, 0.0)), cause
    same = news(january, {"progress": begun}, begun, "row", 2021)  # type: ignore[arg-type]
    assert same.moved == {**dict.fromkeys(CAUSES, 0.0), "progress": 2.0}


def test_steps_are_told_one_after_the_other() -> None:
    """Projects, then prices, then the outlook: each moves the median that the one before left."""
    january, one, two, three = (Futures([level] * 4, {}) for level in (3.0, 3.5, 3.25, 4.5))
    steps: Any = {"progress": one, "prices": two, "outlook": three}
    found = news(january, steps, Futures([6.0] * 4, {}), "row", 2021)  # type: ignore[arg-type]
    told = {cause: moved for cause, moved in found.moved.items() if moved}
    assert told == {"progress": 0.5, "prices": -0.25, "outlook": 1.25, "rest": 1.5}


def test_slopes_of_inputs_of_any_size() -> None:
    """One input in units of ten: a tenth of the slope; with one input a prior as heavy as one draw."""
    x = np.array([[10.0, -10.0, 30.0, -30.0]]) + 7
    y = 0.3 * x[0] + 4
    assert _slopes(x, y) == pytest.approx([0.3 * 4 / 5])


def test_every_cause_has_its_news() -> None:
    groups = {
        "nation": ("national", "province", "drift"),
        "own": ("own", "sectors.goods"),
        "projects": ("timing", "projects", "money", "luck"),
        "prices": ("prices", "chain_prices"),
        "numbers": ("markets", "nationality", "ownership", "prices.gdp", "links"),
    }
    for group, causes in groups.items():
        assert {group_of(cause) for cause in causes} == {group}


def test_steps_of_news_know_one_thing_more_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress without levels of GDP and outlook; prices with the levels; the outlook with all."""
    row = target("gdp_growth", 6.0)
    asked: list[Any] = []

    def uninformed(loaded: Any, solver: str, draws: int) -> Any:
        asked.append((loaded.scenario.actuals, solver, draws))
        return f"step {len(asked)}"

    calls: list[Any] = []
    monkeypatch.setattr(track, "uninformed", uninformed)
    monkeypatch.setattr(track, "news", lambda *own: calls.append(own) or own)
    rows = {"gdp_growth": {}, "level": {"indicator": "gdp_level"}}
    figures = {"gdp_growth": {"2021-12": 5}, "level": {"2021-12": 450}}
    begun = SimpleNamespace(draws=512)
    last = SimpleNamespace(targets={"a": row, "b": target("gdp_growth")})
    study: Any = SimpleNamespace(ensemble=last, uninformed=begun, solver="glpk")
    first: Any = SimpleNamespace(ensemble=SimpleNamespace(draws=7))

    def told(actuals: dict[str, Any]) -> Any:
        asked.clear()
        calls.clear()
        study.scenario = region(targets=rows, actuals=actuals, years={"target": 2022})
        return track._news(first, study, loaded(study.scenario))

    told({"figures": figures, "outlook": {"2023": 4}})
    ((january, steps, end, key, year),) = calls
    assert (january, end, key, year) == (first.ensemble, last, "gdp_growth", 2022)
    assert steps == {"progress": "step 1", "prices": "step 2", "outlook": begun}
    assert [list(actuals.figures) for actuals, *_ in asked] == [["gdp_growth"], ["gdp_growth", "level"]]
    assert all(not actuals.outlook and rest == ["glpk", 512] for actuals, *rest in asked)
    told({"figures": figures})
    assert list(calls[0][1]) == ["progress", "prices", "outlook"]
    told({"figures": {"gdp_growth": {"2021-12": 5}}})
    assert calls[0][1] == {"progress": begun} and asked == []
    study.uninformed = None
    told({"figures": {"gdp_growth": {"2021-12": 5}}})
    assert calls[0][1] == {"progress": first.ensemble}


def test_a_number_that_is_known_is_in_no_doubt() -> None:
    wide = Quantity(value=3.0, low=1.0, high=9.0, source="book")
    sure = freeze._sure(wide)
    assert (sure.value, sure.low, sure.high, sure.distribution, sure.source) == (3, None, None, None, "book")
    assert freeze._sure(wide, 0.0).value == 0.0
