"""Limits: every kind of the registry keeps the same laws, in the simulation and before two solvers."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from dabiao.engine.decide.explain import explain, goals_of
from dabiao.engine.run import run
from dabiao.engine.study import study
from dabiao.models.errors import ScenarioError
from dabiao.models.limits import LIMITS, Bound
from dabiao.models.money import unit_in_use
from dabiao.models.plan import Plan
from dabiao.models.quantity import Bilingual
from dabiao.models.target import Rung
from dabiao.results.forms.terminal.answer import render
from dabiao.results.forms.terminal.layout import render_table
from dabiao.results.report import tables
from dabiao.results.tables.explain import explain_tables
from dabiao.scenarios.reference import reference
from dabiao.scenarios.schema import Limit
from dabiao.solvers.ask import most, prices
from hypothesis import given, settings
from hypothesis import strategies as st
from planning import Case, target
from regions import between, laid, moving, sketches
from shown import readme

KINDS = sorted(LIMITS)


def under(data, **stated):
    """A region with a fund, coefficients of output in every sector, and one limit of each kind named, at a
    number."""
    sectors = list(data["sectors"])
    parts = {key: {"funds": {"loan": 20.0 + 7 * at}} for at, key in enumerate(sectors)}
    coal = {key: 0.3 + 0.2 * at for at, key in enumerate(sectors)}
    limits = {}
    for kind, number in stated.items():
        own = sectors[0] if LIMITS[kind].sign < 0 else sectors[-1]
        names = {
            "": {},
            "fund": {"fund": "loan"},
            "sectors": {"sectors": [own]},
            "indicator": {"indicator": "herd" if LIMITS[kind].sign < 0 else "coal"},
        }[LIMITS[kind].names]
        limits[kind] = {
            "title": kind,
            "on": kind,
            "min" if LIMITS[kind].sign < 0 else "max": number,
            **names,
        }
    herd = {sectors[0]: 1.0}  # what growth does without: a least of it costs some
    used = {
        name: {"title": name, "unit": "t", "coefficients": each}
        for name, each in (("coal", coal), ("herd", herd))
    }
    over = {"funds": {"loan": {"title": "loan"}}, "indicators": used, "sectors": parts, "limits": limits}
    return laid(data, over)


def region():
    """A region with a project that brings more this year if it starts earlier."""
    quick = {"approval": 1, "registration": 0, "construction": 3, "ramp_up": 2}
    return moving(projects={"coming": {"start": "2021-09", "months": quick, "slip": 0}})


@cache
def planned(kind):
    """What the plan of the region uses of a kind, as its limit would state it."""
    case = Case(under(region(), **{kind: 50}))
    (use,) = case.assessor.uses(case.plan)
    return LIMITS[kind].sign * use.used


def number(kind, factor):
    """A number near what the plan uses; where it uses nothing, a part of ten points, percent or months."""
    return max(0.0, planned(kind)) * factor if planned(kind) > 1e-9 else 10 * factor


# --- the registry
# ------------------------------------------------------------------------------------------------------


def test_every_kind_has_a_name_in_both_languages_a_unit_and_a_place_in_schema_and_docs():
    page, said = reference(), Limit.model_fields["on"].description
    for kind, limit in LIMITS.items():
        assert limit.kind == kind and limit.title.zh and limit.title.en and limit.title.zh != limit.title.en
        assert f"| `{kind}` | {limit.counts} | {unit_in_use(limit.unit)} |" in page
        assert f"{kind}: {limit.counts}" in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_scenario_may_name_every_kind(kind):
    stated = Limit(title="x", on=kind, max=1)
    assert stated.kind is LIMITS[kind]


def test_an_unknown_kind_cannot_pass(tmp_path):
    with pytest.raises(ScenarioError, match=r"limits\.co2\.on"):
        readme(tmp_path, more="limits: {co2: {title: co2, on: carbno, max: 3}}\n")
    stated = Limit(title="x", on="cut", max=1)
    with pytest.raises(KeyError):
        _ = stated.model_copy(update={"on": "carbno"}).kind

    class Half(Bound):
        kind = "half"

        def used(self, plan, path, ground):
            return 0.0

    with pytest.raises(TypeError, match="rows"):
        Half("half", 1.0, 0.0, 0.0)


# --- laws
# ------------------------------------------------------------------------------------------------------------


def relaxation(bound, ground, vector, output, extra):
    """The least relaxation that an optimiser's rows of a limit need at a point."""
    money, starts = np.split(vector, [len(ground.sectors)])
    point = {"money": money, "starts": starts}
    least = 0.0
    for row in bound.rows(ground):
        held = row.extra * max(extra, 0.0) + row.unspent * max(-extra, 0.0)
        held += sum(float(slope @ point[key]) for key in point if (slope := getattr(row, key)).size)
        held += sum(float(slope @ output[:, year]) for year, slope in row.output.items())
        least = max(
            least, (row.high - held) / row.relax if row.high < np.inf else (row.low - held) / row.relax
        )
    return least


@given(
    sketch=sketches() | st.builds(region),
    kind=st.sampled_from(KINDS),
    factor=between(0.2, 1.4),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_optimiser_and_simulation_agree_on_the_use_of_every_kind(sketch, kind, factor, data):
    """What a plan uses beyond a limit is the relaxation that the rows of the optimiser need, whatever the
    plan."""
    free = Case(under(sketch, **{kind: 50}))
    (use,) = free.assessor.uses(free.plan)
    used = LIMITS[kind].sign * use.used
    case = Case(under(sketch, **{kind: used * factor if used > 1e-9 else 10 * factor}))
    (bound,), ground = case.bounds, case.assessor.problem.ground
    rng = np.random.default_rng(data.draw(st.integers(0, 2**31)))
    vector = case.variables.plan.copy()
    sectors = len(ground.sectors)
    vector[:sectors] *= rng.uniform(0.7, 1.3, sectors)
    shifts = {}
    for project in dict.fromkeys(c.project for c in case.variables.choices):
        own = [i for i, c in enumerate(case.variables.choices) if c.project == project]
        vector[[sectors + i for i in own]] = 0.0
        chosen = rng.choice(own)
        vector[sectors + chosen] = 1.0
        shifts[project] = case.variables.choices[chosen].shift
    money = vector[:sectors]
    path = case.economy.simulate(case.variables.realisation(vector[:, None]))
    plan = Plan("any", Bilingual(en="any"), case.variables.investment(money), shifts)
    needed = relaxation(bound, ground, vector, path.output[..., 0], money.sum() - ground.total)
    # a point of the mix is of what is invested; money above the plan's total is a relaxation
    scale = ground.total / money.sum() if bound.of_shares else 1.0
    allowed = ground.total if bound.all_money else bound.most
    over = max(0.0, bound.used(plan, path, ground) - allowed)
    assert needed * scale == pytest.approx(over, rel=1e-9, abs=1e-9 * max(1.0, abs(allowed)))


@cache
def best(kind, factor, solver):
    """The most growth under one limit, as promised and simulated; nothing where no plan keeps it.

    How little a sector may have is stated: an assumption gives way to other limits.
    """
    case = Case(under(region(), **{"cut": 60, kind: number(kind, factor)}), solver)
    problem = case.assessor.problem
    goal = "gdp_growth"
    optimum = most(problem, goal, 1.0, case.economy, relax=False, solver=solver)
    if optimum.plan is None:
        return -np.inf, None
    found = case.assessor.simulate(optimum.plan)
    assert case.assessor.within(found), (kind, [use for use in case.assessor.uses(found) if use.over])
    value = case.assessor.value(case.sheet.targets[goal], found)
    assert value == pytest.approx(optimum.goals[goal], rel=1e-5)
    return optimum.goals[goal], found


@pytest.mark.parametrize("kind", KINDS)
def test_two_solvers_agree_and_their_plans_keep_the_limit(kind):
    values = [best(kind, 0.97, solver)[0] for solver in ("highs", "glpk")]
    assert values[0] == pytest.approx(values[1], rel=1e-6) and np.isfinite(values[0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_tighter_limit_never_raises_the_optimum(kind):
    found = [best(kind, factor, "highs")[0] for factor in (0.2, 0.6, 0.97, 1.1, 2.0)]
    looser = found[:: int(LIMITS[kind].sign)]
    assert all(after >= before - 1e-7 for before, after in pairwise(looser))
    assert looser[-1] > looser[0] + 1e-6


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not LIMITS[kind].of_starts])
@pytest.mark.parametrize("beside", [{}, {"investment": 0.95}])
def test_what_one_more_unit_is_worth_lies_between_what_more_and_less_bring(kind, beside):
    """The price of a limit by its rows, beside the optimum with a little more and a little less of it."""
    beside = {key: number(key, factor) for key, factor in beside.items() if key != kind}

    def solved(factor, step=0.0):
        stated = number(kind, factor) + LIMITS[kind].sign * step
        case = Case(under(region(), **{"cut": 60, **beside, kind: stated}))
        problem = case.problem(target("gdp_growth"), 1)
        return problem, most(problem, "gdp_growth", 1.0, case.economy, relax=False, solver="highs")

    # as tight as a plan can keep it
    tries = (1.0,) if kind == "indicator_floor" else (0.6, 0.97, 1.2)
    factor = next(factor for factor in tries if solved(factor)[1].plan is not None)
    problem, optimum = solved(factor)
    bound = next(b for b in problem.bounds if b.kind == kind)
    known = prices(problem, "gdp_growth", 1.0, optimum, relax=False, solver="highs")
    worth, step = bound.worth(known, problem.ground), 1e-3
    more, less = ((solved(factor, by)[1].objective - optimum.objective) / by for by in (step, -step))
    assert abs(worth) > 1e-4
    assert more - 1e-4 * max(1.0, abs(more)) <= worth <= less + 1e-4 * max(1.0, abs(less))


# --- a quota on carbon
# ---------------------------------------------------------------------------------------------------


def quota(folder, most, end=None):
    """The README's scenario with emissions per yuan of output and a quota."""
    grams = {"agriculture": 0.4, "industry": 2.1, "construction": 0.3, "services": 0.5}
    stated = ", ".join(f"{key}: {each}" for key, each in grams.items())
    further = f", relax_to: {end}, price: 0.05" if end else ""
    return readme(
        folder,
        more=(
            "assumption: for this test\n"
            "indicators: {carbon: {title: {zh: 碳排放, en: carbon emissions}, unit: 万吨二氧化碳,"
            f" coefficients: {{{stated}}}}}}}\n"
            "limits: {carbon: {title: {zh: 碳配额, en: Carbon quota}, on: indicator, indicator: carbon,"
            f" max: {most}{further}}}}}\n"
        ),
    )


def test_a_quota_on_carbon_is_counted_judged_priced_and_told(tmp_path):
    free = run(quota(tmp_path, 1e5), draws=0)
    output, stated = free.plan.path.output[:, 1, 0], free.scenario.indicators["carbon"].coefficients
    used = sum(float(output[free.economy.rows(key)].sum()) * own.value for key, own in stated.items())
    assert free.assessment.uses[-1].used == pytest.approx(used, rel=1e-12)
    assert not [hint for hint in free.hints if hint.kind == "idle" and "carbon" in hint.path]

    answer = run(quota(tmp_path, 0.999 * used, 1.02 * used), draws=0)
    use = answer.assessment.uses[-1]
    assert (use.bound.about, use.over) == ("carbon", pytest.approx(0.001 * used, rel=1e-6))
    growth, *_ = answer.assessment.outcomes
    assert growth.rung is Rung.RELAXED and growth.fix.relaxed["carbon"] > 0
    assert growth.fix.cost >= 0.05 * growth.fix.relaxed["carbon"]
    made = tables(answer)
    row = next(row for row in made["limits"].records() if row["limit"] == "carbon")
    assert row["effect_gdp_growth"] > 0 and row["binding"] and row["over"] == pytest.approx(use.over)
    for lang, words in (
        ("en", ("Carbon quota +", "carbon emissions", "10kt CO2", "broken: Carbon quota")),
        ("zh", ("碳配额 +", "碳排放", "万吨二氧化碳", "突破：碳配额")),
    ):
        page = render(answer, made, lang, 200) + render_table(made["limits"], lang, 200)
        assert all(word in page for word in words)

    begun = study(quota(tmp_path, 0.999 * used), draws=0)
    found = explain(begun.assessor, goals_of(begun.assessor, "ensure"))
    told = explain_tables(begun, found)
    assert "carbon" in [row["limit"] for row in told["explain_reliefs"].records()]


# --- a kind that nobody knows yet
# ----------------------------------------------------------------------------------------------


def test_a_kind_is_found_everywhere_once_it_is_in_the_registry(tmp_path):
    """One class, and schema, documents, optimiser, verdicts and tables have it."""
    readme(tmp_path)
    path = tmp_path / "more.yaml"
    path.write_text(f"extends: city.yaml\nassumption: for this test\n{WATER}", encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", NEW_KIND, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "| `water` | water that industry draws | 亿立方米 |" in done.stdout
    for lang in ("en", "zh"):
        (row,) = [line for line in done.stdout.splitlines() if line.startswith(f"{lang}: ")]
        assert {"en": "water use", "zh": "用水"}[lang] in row


WATER = "limits: {water: {title: {zh: 用水, en: Water}, on: water, max: 5000, relax_to: 6000, price: 2}}\n"
NEW_KIND = """
import sys
import numpy as np
from dabiao.models import limits
from dabiao.models.quantity import Bilingual

class Water(limits.Bound):
    kind, unit, counts = "water", "亿立方米", "water that industry draws"
    title = Bilingual(zh="用水", en="water use")
    def used(self, plan, path, ground):
        return float(path.output[:, ground.year, 0].sum()) / 10
    def rows(self, ground):
        each = np.full(len(ground.economy.branches), 0.1)
        yield limits.Row(1.0, output={ground.year: each}, high=self.most)

limits.LIMITS["water"] = Water
from dabiao.engine.run import run
from dabiao.results.report import tables
from dabiao.scenarios.load import load
from dabiao.scenarios.reference import reference

print(next(line for line in reference().splitlines() if line.startswith("| `water`")))
used = run(load(sys.argv[1]), draws=0).assessment.uses[-1].used
answer = run(load(sys.argv[1], [f"limits.water.max={0.999 * used}"]), draws=0)
row = next(row for row in tables(answer)["limits"].records() if row["limit"] == "water")
assert abs(row["used"] - answer.plan.path.output[:, 1, 0].sum() / 10) < 1e-9
assert row["over"] > 0 and row["effect_gdp_growth"] > 0
for lang in ("en", "zh"):
    print(f"{lang}: {row['kind'].of(lang)} {row['unit'].of(lang)}")
"""
