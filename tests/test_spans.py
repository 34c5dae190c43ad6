"""Targets of any year and of several years: laws, examples by hand, errors, words, the optimiser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.cli.run import more_money
from dabiao.engine.build import sheet as sheet_of
from dabiao.engine.decide.frontier import shown_digits, trade_off
from dabiao.engine.run import run
from dabiao.engine.study import study
from dabiao.models.errors import ScenarioError
from dabiao.models.quantity import Draws
from dabiao.models.span import IN_YEAR, MEASURES, Over, Series
from dabiao.results.report import tables
from dabiao.scenarios.load import Loaded, load
from dabiao.scenarios.target_words import spoken
from dabiao.solvers.ask import most
from dabiao.solvers.conflict import facts_of
from hypothesis import given
from hypothesis import strategies as st

PLAN = "example:panzhihua-plan14"
SHIPPED = ("example:panzhihua-2024", "example:deyang-2022", PLAN)
RATES = st.lists(st.floats(-20, 30), min_size=1, max_size=8)


def growing(rates: list[float], sign: float = 1.0, level: bool = True) -> Series:
    """A level of 100 that grows by some rates."""
    levels = 100 * np.cumprod([1.0, *(1 + rate / 100 for rate in rates)])
    return Series(
        lambda year: np.array([rates[year - 1]]),
        (lambda year: np.array([levels[year]])) if level else None,
        True,
        sign,
    )


def value(rates: list[float], measure: str, sign: float = 1.0, level: bool = True) -> float:
    """A measure over all of some rates."""
    [found] = Over(1, len(rates), MEASURES[measure]).value(growing(rates, sign, level), len(rates))
    return float(found)


@given(st.floats(-20, 30))
def test_one_year_is_that_year(rate: float) -> None:
    for measure in MEASURES:
        assert value([rate], measure) == pytest.approx(rate, abs=1e-12)


@given(st.floats(-20, 30), st.integers(1, 8))
def test_the_average_of_a_constant_path_is_the_constant(rate: float, years: int) -> None:
    assert value([rate] * years, "average") == pytest.approx(rate, abs=1e-9)
    assert value([rate] * years, "every") == pytest.approx(rate, abs=1e-12)


@given(RATES)
def test_an_average_lies_between_the_worst_and_the_best_year(rates: list[float]) -> None:
    mean = value(rates, "average")
    assert value(rates, "every") <= mean + 1e-9
    assert mean <= value(rates, "every", sign=-1.0) + 1e-9
    assert value(rates, "every") == min(rates) and value(rates, "every", -1.0) == max(rates)


@given(RATES)
def test_what_years_bring_together_is_the_average_compounded(rates: list[float]) -> None:
    assert value(rates, "sum") == pytest.approx(
        100 * ((1 + value(rates, "average") / 100) ** len(rates) - 1), abs=1e-7
    )
    # a rate with a level and the same rate without one say the same
    assert value(rates, "average", level=False) == pytest.approx(value(rates, "average"), abs=1e-9)


def test_levels_are_added_and_averaged() -> None:
    series = Series(lambda year: np.array([10.0 * year, 5.0]))
    assert Over(2, 4, MEASURES["sum"]).value(series, 4) == pytest.approx([90, 15])
    assert Over(2, 4, MEASURES["average"]).value(series, 4) == pytest.approx([30, 5])
    assert Over(3, 3, IN_YEAR).value(series, 9) == pytest.approx([30, 5])


def test_by_hand() -> None:
    """7.5 % a year takes 1,040.82 to 1,494.23 in five years; 8.3, 3.5 and 6.5 average 6.0815 %."""
    assert 1040.82 * MEASURES["average"].factor(7.5, 5) == pytest.approx(1494.232, abs=0.001)
    assert value([8.3, 3.5, 6.5], "average") == pytest.approx(6.0815, abs=5e-5)
    over, series = Over(1, 3, MEASURES["average"]), growing([8.3, 3.5, 6.5])
    gap = over.gap(series, value([8.3, 3.5, 6.5], "average"), 7.5)
    assert gap == pytest.approx(100 * (1.083 * 1.035 * 1.065 - 1.075**3))


def scenario(
    tmp_path: Path, targets: str, base: str = "example:deyang-2022", years: str = "2021, 2024"
) -> Loaded:
    """A shipped scenario with other targets of a sheet of several years."""
    first, last = years.split(", ")
    gone = "" if base == PLAN else "  gdp_growth: null\n"
    path = tmp_path / "plan.yaml"
    path.write_text(
        f"dabiao: 1\nextends: {base}\nassumption: for this test\n"
        f"years: {{base: {first}, target: {last}, last: {last}}}\ntargets:\n{gone}{targets}",
        encoding="utf-8",
    )
    return load(path)


SPANS = """
  mean: {indicator: gdp_growth, measure: average, ensure: 5, main: true}
  floor: {indicator: gdp_growth, measure: every, ensure: 4}
  first: {indicator: gdp_growth, year: 2022, ensure: 4}
  second: {indicator: gdp_growth, year: 2023, ensure: 4}
  third: {indicator: gdp_growth, ensure: 4}
  all: {indicator: gdp_growth, over: [2022, 2024], measure: sum, ensure: 15}
  money: {indicator: fai_level, over: [2022, 2024], measure: sum, ensure: 5000}
  calm: {indicator: fai_growth, measure: every, at_most: 12}
  level: {indicator: gdp_level, year: 2023, ensure: 2900}
  one: {indicator: gdp_growth, over: [2023, 2023], measure: average, ensure: 4}
"""


def test_spans_of_a_simulated_plan(tmp_path: Path) -> None:
    loaded = scenario(tmp_path, SPANS)
    begun = study(loaded, draws=0)
    path, sheet, year = begun.plan.path, begun.sheet, begun.year
    got = {
        key: float(sheet.value(target, path, year)[0])
        for key, target in sheet.targets.items()
        if target.judged
    }
    gdp, fai = path.gdp[:, 0], [float(path.realisation.placed(t).sum()) for t in range(4)]
    growth = 100 * (gdp[1:] / gdp[:-1] - 1)
    assert got["first"] == pytest.approx(growth[0]) and got["third"] == pytest.approx(growth[2])
    assert got["one"] == got["second"] == pytest.approx(growth[1])
    assert got["mean"] == pytest.approx(100 * ((gdp[3] / gdp[0]) ** (1 / 3) - 1))
    assert got["all"] == pytest.approx(100 * (gdp[3] / gdp[0] - 1))
    assert got["floor"] == pytest.approx(growth.min())
    assert got["money"] == pytest.approx(sum(fai[1:]))
    assert got["level"] == pytest.approx(gdp[2] * 1.02**2)


def test_the_chance_of_every_year_is_at_most_that_of_the_least(tmp_path: Path) -> None:
    answer = run(scenario(tmp_path, SPANS), draws=512)
    chance = {
        key: answer.ensemble.probability(key, "ensure").value for key in ("floor", "first", "second", "third")
    }
    assert 0 < chance["floor"] <= min(chance["first"], chance["second"], chance["third"])
    outcomes = answer.ensemble.outcomes
    assert np.allclose(
        outcomes["floor"], np.minimum.reduce([outcomes[k] for k in ("first", "second", "third")])
    )
    # gaps in money exist for each row of GDP growth, and each division adds up
    over = {gap.target.id: gap for gap in answer.gaps}
    assert {"mean", "floor", "all", "third"} <= set(over)
    for gap in answer.gaps:
        assert sum(part.money for part in gap.parts) == pytest.approx(gap.money, abs=1e-6)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("solver", ["highs", "glpk"])
def test_what_is_promised_is_simulated(name: str, solver: str, tmp_path: Path) -> None:
    """On every shipped scenario with targets of several years: the optimum of each, simulated."""
    base = load(name).scenario.years.base
    last = base + (5 if name == PLAN else 3)
    rows = SPANS.replace("2022", str(base + 1)).replace("2023", str(base + 2)).replace("2024", str(last))
    loaded = scenario(tmp_path, rows, name, f"{base}, {last}")
    begun = study(loaded, draws=0, solver=solver)
    assessor = begun.assessor
    found = {}
    for key in ("mean", "floor", "all", "money", "level"):
        target = begun.sheet.targets[key]
        if key not in assessor.problem.goals:
            continue
        optimum, plan = assessor.until_kept(
            lambda problem, one=target: most(
                problem, one.id, one.sign, assessor.economy, relax=False, solver=solver
            ),
            [target],
        )
        if plan is None:
            continue
        size = max(1.0, abs(optimum.goals[key]))
        assert assessor.value(target, plan) == pytest.approx(optimum.goals[key], abs=5e-3 * size), key
        found[key] = optimum.goals[key]
    assert found or assessor.contradictory
    _AGREED.setdefault(name, found)
    for key, promised in found.items():
        assert promised == pytest.approx(_AGREED[name].get(key, promised), rel=1e-5, abs=1e-4)


_AGREED: dict[str, dict[str, float]] = {}
"""What the first solver found, by scenario."""


def test_money_moves_between_years_and_floors_bind_in_one() -> None:
    begun = study(load(PLAN), draws=0)
    assessor, plan = begun.assessor, begun.plan.plan
    target = begun.sheet.targets["growth_average"]
    _, best = assessor.until_kept(
        lambda problem: most(problem, target.id, 1.0, assessor.economy, relax=False, solver="highs"), [target]
    )
    moved = best.plan.investment.sum(axis=0) - plan.investment.sum(axis=0)
    whole = plan.investment.sum(axis=0)
    assert np.abs(moved).max() > 1 and abs(moved.sum()) < 1e-4  # what one year gains another gives
    assert (np.abs(moved) <= 0.1 * whole + 1e-6).all()  # no more than may be moved
    assert assessor.within(best)
    gain = assessor.value(target, best) - assessor.value(target, begun.plan)
    held = study(load(PLAN, ("investment.movable=0",)), draws=0).assessor
    less = held.until_kept(
        lambda problem: most(problem, target.id, 1.0, held.economy, relax=False, solver="highs"), [target]
    )[1]
    assert 0 < held.value(target, less) - assessor.value(target, begun.plan) <= gain + 1e-6


@pytest.mark.parametrize(("asked", "digits"), [(5.0, 1), (5.5, 1), (5.25, 2), (5.35, 2)])
def test_a_tier_is_asked_and_shown_as_it_was_written(asked: float, digits: int) -> None:
    loaded = load(
        {"extends": PLAN, "assumption": "invented", "targets": {"growth_average": {"ensure": asked}}}
    )
    target = study(loaded, draws=0).sheet.targets["growth_average"]
    assert target.digits == digits and target.rounded(asked) == asked
    assert target.met(asked, asked) and not target.met(asked - 10.0**-digits, asked)


def row_of_growth(made: Any, year: int) -> float:
    """GDP growth of the plan in a year, from the table of indicators."""
    (row,) = [each for each in made["indicators"].records() if each["indicator"] == "gdp_growth"]
    return float(row[f"y{2021 + year}"])


def test_years_of_a_row_stand_by_themselves_and_tables_say_of_which_years_they_are() -> None:
    """What the years bring one by one comes to the average; shares of money that moves are of all its
    years."""
    said = {
        "extends": PLAN,
        "assumption": "invented",
        "targets": {"retail_growth": {"measure": "average", "ensure": 6}},
        "indicators": {"use": ["example:china-2023/energy.yaml"]},
        "limits": {"coal": {"title": "coal", "on": "indicator", "indicator": "energy", "max": 9000}},
    }
    answer = run(load(said), draws=64)
    made = tables(answer)
    (row,) = [each for each in made["indicators"].records() if each["indicator"] == "retail_growth"]
    together = np.prod([1 + row[f"y{year}"] / 100 for year in range(2021, 2026)])
    path = answer.plan.path
    average = float(answer.sheet.value(answer.sheet.targets["retail_growth"], path, 5)[0])
    offset = answer.sheet.offset(answer.sheet.targets["retail_growth"], 5)
    assert together == pytest.approx((1 + (average - offset) / 100) ** 5, rel=1e-6)
    assert "2021" not in row["title"].of("en")
    assert "2021-2025" in made["mix_shares"].title.of("en")
    units = {each["id"]: each["unit"] for each in made["quick_answers"].records()}
    assert all(units.values())
    names = [each["title"].of("en") for each in made["binding"].records()]
    assert len(set(names)) == len(names)
    changes = {move.title.of("en") + move.project: move for move in answer.changes}
    for each in made["changes"].records():
        project = "" if each["project"] == "all" else each["project"]
        growth = changes[each["what"].of("en") + project].gdp
        more = np.prod([1 + (row_of_growth(made, t) + growth[t]) / 100 for t in range(5)])
        less = np.prod([1 + row_of_growth(made, t) / 100 for t in range(5)])
        gdp = answer.scenario.accounts.gdp.value
        assert each["made"] == pytest.approx(gdp * (more - less), abs=0.02)


def test_no_point_of_a_frontier_is_beaten_as_it_is_shown() -> None:
    """With money that moves between years the best average leaves the worst year open: of plans that show the
    same average only the best worst year is told."""
    more = {"floor": {"indicator": "gdp_growth", "measure": "every", "ensure": 5}}
    assessor = study(
        load({"extends": PLAN, "assumption": "invented", "targets": more, "investment": {"movable": 1}}),
        draws=0,
    ).assessor
    found = trade_off(assessor, ["growth_average", "floor"], points=4, count=0)
    shown = [
        tuple(
            round(v, shown_digits(assessor.sheet, c))
            for v, c in zip(point.values, found.criteria, strict=True)
        )
        for point in found.points
    ]
    assert shown and not any(
        one != other and all(a <= b for a, b in zip(one, other, strict=True))
        for one in shown
        for other in shown
    )


def test_another_number_is_offered_by_the_key_that_decides_it(tmp_path: Path) -> None:
    """Where the year's investment is stated as a level or a growth of its own, `investment.growth` moves
    nothing."""
    assert more_money(load(PLAN).scenario) == "investment.growth=8"
    for stated in ({"path": {"2021": 800}}, {"growth_in": {"2021": 6}}):
        said = {"extends": PLAN, "assumption": "invented", "investment": stated}
        offered = more_money(load(said).scenario)
        key, _, value = offered.partition("=")
        file = tmp_path / "plan.yaml"
        file.write_text(yaml.safe_dump(said), encoding="utf-8")
        plans = [study(load(file, sets), draws=0).plan.plan.total(1) for sets in ((), (offered,))]
        assert key.endswith("2021") and value and plans[1] > plans[0]


def test_what_is_added_to_a_plan_of_years_is_no_fact_of_the_economy() -> None:
    """A conflict blames capacity, demand, markets and money tied down, each by its name; never the row that
    says what more money than planned is."""
    facts = facts_of(study(load(PLAN), draws=0).assessor.problem)
    assert [row for row in facts if not row.partition(":")[2]] == []


def test_a_path_and_a_mix_by_year(tmp_path: Path) -> None:
    shares = (
        "{agriculture: 4, equipment: 20, materials: 12, consumer_goods: 9, energy: 6, construction: 1,"
        " services: 48}"
    )
    more = (
        "  mean: {indicator: gdp_growth, measure: average, ensure: 5}\n"
        "investment: {path: {2023: 1700}, growth_in: {2024: 10}}\n"
        f"mixes: {{plan: {{by_year: {{2023: {shares}}}}}}}\n"
    )
    plan = study(scenario(tmp_path, more), draws=0).plan.plan
    assert plan.investment.sum(axis=0) == pytest.approx([1500 * 1.08, 1700, 1870])
    assert plan.shares(1)[1] == pytest.approx(13)
    assert [plan.shares(t)[1] for t in (2, 3)] == pytest.approx([20, 20])


@pytest.mark.parametrize(
    "rows, words",
    [
        ("  a: {indicator: gdp_growth, year: 2026, ensure: 5}", "`years.target: 2026`"),
        ("  a: {indicator: gdp_growth, over: [2020, 2023], measure: sum, ensure: 5}", "base year 2021"),
        ("  a: {indicator: gdp_growth, over: [2024, 2022], measure: sum, ensure: 5}", "exchanged"),
        ("  a: {indicator: gdp_growth, over: [2022, 2023, 2024], measure: sum, ensure: 5}", "two years"),
        ("  a: {indicator: gdp_growth, over: [2022, 2023], ensure: 5}", "without `measure`"),
        ("  a: {indicator: gdp_growth, year: 2023, measure: sum, ensure: 5}", "`year` beside `measure`"),
        ("  a: {indicator: gdp_growth, measure: mean, ensure: 5}", "average"),
        (
            "  a: {indicator: gdp_growth, measure: sum, ensure: 5}\n"
            "investment: {path: {2023: 9}, growth_in: {2023: 1}}",
            "2023 twice",
        ),
        (
            "  a: {indicator: gdp_growth, measure: sum, ensure: 5}\ninvestment: {path: {2033: 9}}",
            "2022 to 2024",
        ),
        (
            "  a: {indicator: gdp_growth, measure: sum, ensure: 5}\n"
            "limits: {mix: {over: [2022, 2023], together: true}}",
            "on: investment",
        ),
        (
            "  a: {indicator: gdp_growth, measure: sum, ensure: 5}\nlimits: {mix: {year: 2030}}",
            "2022 to 2024",
        ),
    ],
)
def test_what_is_wrong_with_years_is_told(rows: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as told:
        scenario(tmp_path, rows + "\n")
    assert words in str(told.value), str(told.value)


@pytest.mark.parametrize(
    "said, years",
    [
        ("年均增长7.5%以上", ("", 0, 0, "average")),
        ("到2025年达到1600亿元", ("", 2025, 2025, "")),
        ("2021—2025年累计完成5000亿元", ("", 2021, 2025, "sum")),
        ("“十五五”期间年均增长5%", ("", 2026, 2030, "average")),
        ("每年不低于6%", ("", 0, 0, "every")),
        ("at least 6 % in every year", ("", 0, 0, "every")),
        ("7% on average 2026-2030", ("", 2026, 2030, "average")),
        ("7.5%以上", ("", 0, 0, "")),
    ],
)
def test_years_in_words(said: str, years: tuple[Any, ...]) -> None:
    assert tuple(spoken(said))[1:] == years[1:]


def test_a_sheet_in_words(tmp_path: Path) -> None:
    loaded = scenario(
        tmp_path,
        "  a: {indicator: gdp_growth, said: 年均增长6%以上}\n"
        "  b: {indicator: gdp_level, said: 到2023年达到2900亿元}\n"
        "  c: {indicator: gdp_growth, said: 每年不低于4%}\n",
    )
    targets = sheet_of(loaded.scenario, Draws()).targets
    assert targets["a"].over == Over(1, 3, MEASURES["average"]) and targets["a"].ensure == 6
    assert targets["b"].over == Over(2, 2, IN_YEAR) and targets["b"].ensure == 2900
    assert targets["c"].over == Over(1, 3, MEASURES["every"]) and targets["c"].ensure == 4


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--draws", "256", "--report"),
        ("explain",),
        ("optimize", "required", "--target", "growth_average"),
        ("audit",),
        ("validate",),
    ],
    ids=" ".join,
)
def test_every_question_to_a_five_year_plan(words: tuple[str, ...], tmp_path: Path) -> None:
    command = list(words[:2] if words[0] == "optimize" else words[:1])
    rest = list(words[len(command) :])
    made = CliRunner().invoke(
        simulate,
        [
            *command,
            PLAN,
            *rest,
            "--lang",
            "en",
            *([] if words[0] in ("validate",) else ["--out", str(tmp_path)]),
        ]
        if words[0] not in ("validate", "audit")
        else [*command, PLAN, "--lang", "en"],
        catch_exceptions=False,
    )
    assert made.exit_code == 0, made.output
    if words[0] != "validate" and words[0] != "audit":
        assert "2021-2025" in made.output
