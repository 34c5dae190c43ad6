"""Conditioning on figures from end to end in a world that is linear in three normal scores, where the
posterior is known: which draws stand, whether they are moved, what is told and what is refused."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.tracking import condition
from dabiao.engine.tracking.condition import FAR, MAPPED, Conditioning, effective, taken
from dabiao.engine.tracking.readings import Reading
from dabiao.engine.uncertainty.ensemble import SINGLE, WORKERS, Ensemble
from dabiao.engine.uncertainty.futures import HELD
from dabiao.engine.uncertainty.sample_points import PARTS, Points
from dabiao.models.errors import ScenarioError
from dabiao.models.span import MEASURES, Over
from dabiao.scenarios.schema import Scenario
from planning import target
from regions import four, laid
from scipy.special import ndtri

DRAWS = 1024
NATIONAL = "uncertainty.shocks.national.2021"
ROWS = {
    "gdp_growth": {"ensure": 5},
    "fai_growth": {},
    "five": {"indicator": "gdp_growth", "over": [2021, 2022], "measure": "average"},
}
TARGETS = {
    "gdp_growth": target("gdp_growth", 5.0),
    "fai_growth": target("fai_growth"),
    "five": replace(target("gdp_growth"), over=Over(1, 2, MEASURES["average"])),
}


def scenario(**changes: Any) -> Scenario:
    return Scenario.model_validate(laid({**four(targets=ROWS), "to_date": TO_DATE}, changes))


TO_DATE = {"tails": 6, "quarters": {"1": {"plain": {"sd": 1, "common": 40}}}}


def world(z: np.ndarray) -> dict[str, np.ndarray]:
    """GDP of two years, investment, and a row over both years."""
    gdp = np.stack([5 + z[0], 4 + 0.5 * z[0] + z[2]])
    money = np.stack([8 + 3 * z[0] + z[1], 7 + z[1]])
    return {"gdp_growth": gdp, "fai_growth": money, "five": gdp.mean(axis=0) + 0 * gdp, f"{SINGLE}five": gdp}


class Sample:
    """Some draws of which others may be picked."""

    def __init__(self, name: str, draws: int, places: Any = None) -> None:
        self.name, self.draws, self.places = name, draws, places
        self.sheet: Any = SimpleNamespace(knowing=lambda known: ("knows", known))

    def picked(self, places: Any) -> Sample:
        return Sample(self.name, self.draws, places)


class Case:
    """January's futures of a scenario, and what is known."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, *readings: Reading, draws: int = DRAWS, **changes: Any
    ) -> None:
        self.futures: Any = SimpleNamespace(
            scenario=scenario(**changes), listing="listed", points=Points(3, 7)
        )
        z = ndtri(self.futures.points.block(0, draws))
        self.z = z
        rows = world(z)
        single = {"five": rows.pop(f"{SINGLE}five")}
        inputs = {NATIONAL: z[0], "b": z[1], "c": z[2]}
        self.january = Ensemble(TARGETS, rows, {}, 1, 0.01, True, 3, (), 7, inputs, single)
        self.readings, self.samples = readings, [Sample("one", 512), Sample("two", 512), Sample("three", 512)]
        self.asked: list[Any] = []

        def simulated(futures: Any, targets: Any, plan: Any, *rest: Any) -> Any:
            first, count, workers, block, kept = rest
            assert (first, count, workers, block) == (0, min(draws, HELD), WORKERS, None)
            assert futures.listing == "listed" and targets is self.january.targets and plan == "plan"
            kept += [Sample("moved", 256), Sample("moved", 768)]
            self.asked.append(futures.points)
            at = ndtri(futures.points.block(first, count))
            return world(at), {NATIONAL: at[0], "b": at[1], "c": at[2]}

        monkeypatch.setattr(condition, "simulated", simulated)

    def made(self) -> Any:
        return condition.condition(self.futures, "plan", self.january, self.samples, self.readings)  # type: ignore[arg-type]


def figure(row: str, says: float, **more: Any) -> Reading:
    usual: dict[str, Any] = {
        "time": "2021-09",
        "year": 1,
        "month": 9,
        "value": says,
        "use": "used",
        "known": "own",
    }
    return Reading(row=row, **{**usual, "says": says, **more})


def test_nothing_that_counts_leaves_january_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(monkeypatch, figure("gdp_growth", 6, sd=1.0, use="superseded"), figure("", 6, sd=1.0))
    made, kept, posterior = case.made()
    assert made is case.january and kept == case.samples and case.asked == []
    assert posterior == condition.Posterior(case.readings, float(DRAWS), DRAWS, False, {})
    assert posterior.used == (case.readings[1],)  # of a nation of which nothing was expected


def test_a_figure_near_what_was_expected_weighs_the_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights exp(-(5.5 - h)^2 / 2); nobody is moved. The third sample lies beyond the draws that count."""
    shown = figure("gdp_growth", 1.0, sd=1.0, use="superseded")
    case = Case(monkeypatch, shown, figure("gdp_growth", 5.5, sd=1.0))
    made, kept, posterior = case.made()
    weights = np.exp(-0.5 * (0.5 - case.z[0]) ** 2)
    places = taken(weights)
    assert posterior.effective == pytest.approx(effective(weights)) and case.asked == []
    assert (posterior.draws, posterior.moved, posterior.readings) == (DRAWS, False, case.readings)
    assert posterior.expected == {1: (pytest.approx(case.z[0].mean() + 5), pytest.approx(case.z[0].std()))}
    for key, path in case.january.paths.items():
        assert made.paths[key] == pytest.approx(path[:, places])
    assert made.single["five"] == pytest.approx(case.january.single["five"][:, places])
    assert made.drawn["b"] == pytest.approx(case.z[1][places])
    assert [each.name for each in kept] == ["one", "two"]
    assert kept[1].places.tolist() == taken(weights[512:]).tolist()
    assert kept[0].places.tolist() == taken(weights[:512]).tolist()
    assert kept[0].sheet == ("knows", {})


def test_a_figure_far_off_moves_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four off with an error of a half: 3.2 off on average, with a variance of a fifth. Investment is told by
    three times as much."""
    case = Case(monkeypatch, figure("gdp_growth", 9.0, sd=0.5))
    made, kept, posterior = case.made()
    assert posterior.moved and posterior.effective > 0.95 * DRAWS and len(case.asked) == 1
    path = made.paths["gdp_growth"][0]
    assert path.mean() == pytest.approx(8.2, abs=0.03) and path.var() == pytest.approx(0.2, rel=0.05)
    assert made.paths["fai_growth"][0].mean() == pytest.approx(8 + 9.6, abs=0.1)
    assert made.drawn[NATIONAL].mean() == pytest.approx(3.2, abs=0.03)
    assert made.single["five"][0] == pytest.approx(path)
    assert [(each.name, each.draws) for each in kept] == [("moved", 256), ("moved", 768)]
    assert kept[1].places.max() < 768 and kept[0].places.max() < 256
    assert isinstance(case.futures.points, Points)  # January's own stay where they are


def test_a_finished_year_is_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """7 in every draw, and 7 in the average with the next year's."""
    known = {"figures": {"gdp_growth": {"2021-12": 7}}}
    whole = figure("gdp_growth", 7.0, sd=0.0, use="whole", month=12, known="")
    case = Case(monkeypatch, whole, actuals=known)
    made, kept, posterior = case.made()
    assert posterior.moved and (made.paths["gdp_growth"][0] == 7).all()
    assert made.drawn[NATIONAL] == pytest.approx(np.full(DRAWS, 2.0), abs=0.01)
    assert made.paths["gdp_growth"][1].mean() == pytest.approx(5.0, abs=0.02)
    both = 100 * (np.sqrt(1.07 * (1 + made.paths["gdp_growth"][1] / 100)) - 1)
    assert made.paths["five"][1] == pytest.approx(both) and (made.paths["five"][0] == 7).all()
    assert kept[0].sheet == ("knows", {"gdp_growth": {1: 7.0}, "five": {1: 7.0}})


def test_a_figure_that_no_draw_comes_near_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst of two is named; eight standard deviations off no draw is believed."""
    far = figure("gdp_growth", 5 + FAR + 0.5, sd=0.5, time="2021-09")
    near = figure("fai_growth", 9.0, sd=3.0)
    with pytest.raises(ScenarioError) as found:
        Case(monkeypatch, near, far).made()
    (problem,) = found.value.problems
    assert problem.path == "actuals.figures.gdp_growth.2021-09"
    assert "13.5 of the year, where 5.0 ± 1.0 was expected: 0 of 1024 draws are left" in str(found.value)
    assert "at least 100 effective draws" in str(found.value)
    with pytest.raises(ScenarioError) as found:
        Case(monkeypatch, figure("fai_growth", 8 - 31.0, sd=3.0), figure("gdp_growth", 8.0, sd=9.0)).made()
    assert found.value.problems[0].path == "actuals.figures.fai_growth.2021-09"
    just = figure("gdp_growth", 5 + FAR - 0.5, sd=2.5)
    assert Case(monkeypatch, just).made()[2].effective >= 100


OUTLOOK = {"outlook": {"growth": 4}, "uncertainty": {"shocks": {"national": {"sd": 1.2}}}}
"""A point of shock is a point of the nation's growth."""


def test_the_nations_figure_is_held_against_its_own_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """6.5 of the nation where 4 was expected: a score of 2.5, but for the 0.3 by which regions may differ."""
    case = Case(monkeypatch, figure("", 6.5, sd=0.0, use="whole", month=12, known=""), **OUTLOOK)
    made, _, posterior = case.made()
    assert posterior.expected == {0: (pytest.approx(4, abs=0.01), pytest.approx(1, abs=0.01))}
    assert made.drawn[NATIONAL].mean() == pytest.approx(2.5 / (1 + MAPPED**2), abs=0.02)
    assert made.drawn[NATIONAL].std() == pytest.approx(MAPPED / np.sqrt(1 + MAPPED**2), rel=0.05)
    with pytest.raises(ScenarioError) as found:
        Case(monkeypatch, figure("", 16.5, sd=1.0), **OUTLOOK).made()
    assert found.value.problems[0].path == "actuals.nation.2021-09"


def test_what_is_held_comes_first_and_of_it_the_nation() -> None:
    asked = [
        figure("fai_growth", 9.0, sd=1.0),
        figure("gdp_growth", 6.0, sd=0.0, use="whole"),
        figure("five", 3.0, sd=1.0, use="superseded"),
        figure("", 5.0, sd=0.0, use="whole", year=1),
    ]
    slopes = {"0-none": dict.fromkeys(("gap", "target", "mean", "last"), 0)}
    nation = {"2020": {"growth": 4, "release": 2.5}}
    lead = {"nation": nation, "chance": 15, "slopes": slopes, "spread": {"0-none": 1}}
    futures: Any = SimpleNamespace(scenario=scenario(**OUTLOOK, experience=lead))
    january: Any = SimpleNamespace(draws=100)
    found = Conditioning(futures, "plan", january, asked)  # type: ignore[arg-type]
    assert [each.row for each in found.used] == ["", "gdp_growth", "fai_growth"]
    assert (found.exact, found.draws) == (2, 100) and found.around.tolist() == [MAPPED, 0.0]
    assert found.says.tolist() == [6.5, 6.0, 9.0]
    january.draws = 10 * HELD
    assert Conditioning(futures, "plan", january, asked).draws == HELD  # type: ignore[arg-type]
    paths = {"gdp_growth": np.array([[1.0] * 120, [2.0] * 120]), "fai_growth": np.array([[3.0] * 120])}
    january.draws = 100
    rows = Conditioning(futures, "plan", january, asked).of(paths, {NATIONAL: np.full(120, 0.5)})  # type: ignore[arg-type]
    assert rows.shape == (3, 100)
    assert rows[1:, 0].tolist() == [1.0, 3.0] and rows[0] == pytest.approx(np.full(100, 4 + 1.5 + 0.5))
    later = Conditioning(futures, "plan", january, [figure("gdp_growth", 6.0, year=2, sd=1.0)])  # type: ignore[arg-type]
    assert later.of(paths, {})[0, 0] == 2.0


def test_a_finished_year_of_another_row_is_as_unsure_as_the_record_leaves_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Investment is thrice GDP's news and one of its own: a record of a spread of 2 leaves 2^2 - 1^2; without
    one as much as the model gives it; never less than half of that."""
    case = Case(monkeypatch)
    beside = figure("fai_growth", 9.0, use="beside", sd=None)

    def error(stated: Scenario, january: Any = case.january, read: Reading = beside) -> float:
        found = condition._with_error(read, stated, january)
        assert replace(found, sd=read.sd) == read and found.sd is not None
        return found.sd

    own = float(case.z[1].std())
    assert error(scenario()) == pytest.approx(own, rel=0.01)
    for spread, expected in ((2.0, np.sqrt(3.0)), (1.01, 0.5), (0.0, 0.5)):
        said = {"chance": 15, "beside": {"fai_growth": {"mean": 0, "lasting": 0, "spread": spread}}}
        assert error(scenario(experience=said)) == pytest.approx(expected, rel=0.02), spread
    no_gdp = replace(case.january, targets={"fai_growth": TARGETS["fai_growth"]})
    assert error(scenario(), no_gdp) == pytest.approx(case.january.paths["fai_growth"][0].std())
    second = replace(beside, year=2)  # which moves with nothing of GDP's
    assert error(scenario(), read=second) == pytest.approx(own, rel=0.01)
    fixed = replace(case.january, paths={**case.january.paths, "fai_growth": np.zeros((2, DRAWS))})
    assert error(scenario(), fixed) == pytest.approx(1e-6)
    used = figure("fai_growth", 9.0, sd=1.5)
    assert condition._with_error(used, scenario(), case.january) is used


def test_a_figure_of_another_row_counts_with_that_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Investment of 12, four above: what it says of GDP has an error of 1; the row itself is what it was."""
    known = {"figures": {"fai_growth": {"2021-12": 12}}}
    read = figure("fai_growth", 12.0, use="beside", month=12, known="")
    case = Case(monkeypatch, read, actuals=known)
    made, _, posterior = case.made()
    (found,) = posterior.used
    assert found.sd == pytest.approx(1.0, rel=0.02)
    assert (made.paths["fai_growth"][0] == 12).all()
    assert made.drawn[NATIONAL].mean() == pytest.approx(4 * 3 / (9 + 1 + 1), abs=0.05)


# ---- slopes, weights and moves


def test_an_input_that_says_nothing_has_no_slope() -> None:
    """Two inputs that tell and one that is beside: none where Student's t of the slope is below four."""
    rng = np.random.default_rng(2)
    z = rng.normal(size=(2, 200))
    noise = rng.normal(size=200)
    for size, there in ((0.1, True), (10.0, False)):
        found = condition.slopes(z, (0.2 * z[0] + size * noise)[None])
        assert bool(found[0].any()) is there and found[1, 0] == 0
    both = condition.slopes(z, np.stack([z[0], 5 * z[1] + 0.01 * noise]))
    assert both == pytest.approx(np.array([[1, 0], [0, 5]]), abs=0.01)


def test_draws_are_taken_however_small_their_weights() -> None:
    """Of 1, 1, 3 and 5 tenths those at an eighth, three, five and seven."""
    own = np.repeat([1e-30, 1e-30, 3e-30, 5e-30], PARTS)
    assert taken(own).reshape(4, PARTS)[:, 2].tolist() == [
        PARTS + 2,
        2 * PARTS + 2,
        3 * PARTS + 2,
        3 * PARTS + 2,
    ]
    assert effective(np.zeros(8)) == 0.0
