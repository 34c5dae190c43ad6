"""Choice of projects: equal to trying everything where that can be done, within its bound and its time where
it cannot."""

from __future__ import annotations

import itertools
import json
import time
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.decide.assess import Run
from dabiao.engine.decide.select import SelectionQuestion, programme, yearly_value
from dabiao.engine.decide.select import written as as_scenario
from dabiao.engine.study import study
from dabiao.models.errors import ScenarioError, SolverError
from dabiao.models.quantity import Bilingual
from dabiao.models.selection import Candidate, Programme, Quota, broken
from dabiao.scenarios import candidates as reading
from dabiao.scenarios.book.flat import leaves
from dabiao.scenarios.load import examples, load, resolved_yaml
from dabiao.scenarios.report import Report
from dabiao.scenarios.write import text
from dabiao.solvers.arrays import Arrays
from dabiao.solvers.select import best_choice, shortfalls
from dabiao.solvers.select_rows import columns, rows
from dabiao.solvers.solution import Mixed, Status
from dabiao.solvers.solve import SOLVERS
from hypothesis import given, settings
from hypothesis import strategies as st
from lighter import lighter
from projects import projects, written

pytestmark = pytest.mark.usefixtures("english")

BOTH = ("highs", "glpk")


def tiny(seed: int) -> Programme:
    """Five candidates, four quarters, rules that differ from seed to seed."""
    base = projects(5, seed=seed, quarters=4, before=0.4, groups=0.5, room=0.6)
    must = tuple(replace(each, must=i == 0 and seed % 5 == 0) for i, each in enumerate(base.candidates))
    quotas = {f"region{k}": Quota(0, 1, 6.0 if seed % 2 else np.inf) for k in range(8)}
    return replace(
        base, candidates=must, carry=seed % 2 == 0, quotas=quotas, starts=seed % 3, completions=seed % 2
    )


def every_choice(programme: Programme):
    """All maps from projects to a quarter or none."""
    options = [[None, *range(len(programme.quarters))] for _ in programme.candidates]
    for combination in itertools.product(*options):
        yield {
            each.id: quarter
            for each, quarter in zip(programme.candidates, combination, strict=True)
            if quarter is not None
        }


@pytest.mark.parametrize("solver", BOTH)
@pytest.mark.parametrize("seed", range(14))
def test_trying_everything_finds_no_better(seed, solver):
    own = tiny(seed)
    worths = [own.total(starts) for starts in every_choice(own) if not broken(own, starts)]
    found = best_choice(own, solver=solver)
    if not worths:
        assert found.status is Status.INFEASIBLE and not found.found
        return
    assert found.status is Status.OPTIMAL and broken(own, found.starts) == []
    assert found.value == pytest.approx(max(worths)) == pytest.approx(own.total(found.starts))
    assert found.bound >= found.value - 1e-9 and found.gap < 1e-6


def test_some_of_the_tiny_ones_can_be_done_and_some_cannot():
    ends = [best_choice(tiny(seed)).found for seed in range(14)]
    assert 3 <= sum(ends) <= 12


@settings(max_examples=60)
@given(st.integers(0, 40), st.lists(st.integers(-1, 3), min_size=5, max_size=5))
def test_rows_and_rules_agree(seed, quarters):
    """A choice satisfies the matrix exactly where it breaks no rule, which is worked out without the
    matrix."""
    own = tiny(seed)
    starts = {each.id: q for each, q in zip(own.candidates, quarters, strict=True) if q >= 0}
    allowed = all(
        each.earliest <= starts[each.id] <= each.latest for each in own.candidates if each.id in starts
    )
    found = columns(own)
    if not allowed:
        assert any(rule.rule == "window" for rule in broken(own, starts))
        return
    assert found.read(found.point(starts)) == starts
    assert float(found.worth @ found.point(starts)) == pytest.approx(own.total(starts))
    assert (rows(found).violation(found.point(starts)) < 1e-6) == (broken(own, starts) == [])


def one(name="a", **changes):
    return Candidate(
        **{
            "id": name,
            "title": Bilingual(zh=name),
            "region": "r",
            "value": 1.0,
            "money": {"own": 4.0},
            "build": 2,
            "earliest": 0,
            "latest": 3,
            **changes,
        }
    )


BASE = Programme(
    (one(), one("b", after=("a",)), one("c", one_of=("g",)), one("d", one_of=("g",), money={"own": 1.0})),
    ("1", "2", "3", "4"),
    {"own": np.full(4, 4.0)},
)


@pytest.mark.parametrize(
    ("changes", "starts", "rule", "by"),
    [
        ({}, {"a": 0, "b": 2}, None, 0),
        ({}, {"b": 2}, "after", 1),
        ({}, {"a": 0, "b": 1}, "after", 1),
        ({}, {"c": 0, "d": 2}, "one_of", 1),
        ({}, {"a": 4}, "window", 1),
        ({"budgets": {"own": np.array([0.0, 1.5, 2.0, 0.0])}}, {"a": 1}, "budget", 0.5),
        ({"budgets": {"own": np.array([2.0, 1.0, 1.0, 1.0])}, "carry": True}, {"a": 1}, None, 0),
        ({"budgets": {"own": np.array([2.0, 1.0, 0.5, 0.5])}, "carry": True}, {"a": 1}, "budget", 0.5),
        ({"quotas": {"r": Quota(2)}}, {"a": 0}, "region_least", 1),
        ({"quotas": {"r": Quota(0, 0)}}, {"a": 0}, "region_most", 1),
        ({"quotas": {"r": Quota(0, 9, 3.0)}}, {"a": 0}, "region_money", 1),
        ({"starts": 3}, {"a": 0}, "starts", 2),
        ({"completions": 1}, {"a": 3}, "completions", 1),
        ({"completions": 1}, {"a": 2}, None, 0),
        ({}, {"z": 0}, "unknown", 1),
    ],
)
def test_each_rule(changes, starts, rule, by):
    found = broken(replace(BASE, **changes), starts)
    assert {each.rule for each in found} == ({rule} if rule else set())
    if rule:
        assert next(each.by for each in found if each.rule == rule) == pytest.approx(by)


def test_value_spending_and_discount():
    """4 over two quarters from the second: 2 and 2; complete after three quarters, discounted by 8 % a
    year."""
    assert BASE.worth(one(), 1) == pytest.approx(1 / 1.08**0.75)
    assert BASE.spending({"a": 1})["own"] == pytest.approx([0, 2, 2, 0, 0])
    assert BASE.spending({"a": 3})["own"] == pytest.approx([0, 0, 0, 2, 2]), "half of it after the horizon"


@pytest.mark.parametrize("solver", BOTH)
def test_why_there_is_no_schedule(solver):
    """Three must start, money for one: the answer names money, and as much as is missing."""
    three = tuple(one(name, must=True, earliest=0, latest=0, build=1) for name in "abc")
    own = Programme(three, ("1",), {"own": np.array([5.0])})
    assert best_choice(own, solver=solver).status is Status.INFEASIBLE
    (short,) = shortfalls(own, solver=solver)
    assert (short.rule, short.what) == ("budget", "own 1") and short.by == pytest.approx(7)
    many = replace(BASE, starts=4)
    (short,) = shortfalls(many, solver=solver)  # c and d exclude one another
    assert (short.rule, short.by) == ("starts", pytest.approx(1))


def test_a_choice_that_breaks_a_rule_is_refused(monkeypatch):
    """A solver that returns everything at once is not believed."""

    def lying(problem, *, relax, **_):
        point = np.ones(len(problem.cost))
        return Mixed(Status.OPTIMAL, point, 1e9, np.zeros(len(point)) if relax else None)

    monkeypatch.setattr(Arrays, "violation", lambda *_, **__: 0.0)  # nor where its rows were written wrongly
    monkeypatch.setitem(SOLVERS, "highs", replace(SOLVERS["highs"], choose=lying))
    with pytest.raises(SolverError, match="breaks a rule"):
        best_choice(projects(40, seed=1), solver="highs")


@pytest.mark.parametrize("limit", [1.0, 3.0])
def test_the_time_limit_is_kept_and_gives_the_best_so_far(limit):
    own = projects(1500, seed=2)
    begun = time.perf_counter()
    found = best_choice(own, time_limit=limit)
    assert time.perf_counter() - begun < limit + 1.5
    assert found.status is Status.TIME_LIMIT
    assert not found.found or broken(own, found.starts) == []


def test_hundreds_of_projects_come_close_to_the_bound():
    own = projects(400, seed=3)
    found = best_choice(own, time_limit=10, gap=0.03)
    assert found.found and found.gap < 0.03 and broken(own, found.starts) == []
    assert found.bound >= found.value


@pytest.mark.slow
@pytest.mark.sample
@pytest.mark.parametrize("seed", [0, 1])
def test_three_thousand_projects_in_twenty_seconds(seed):
    own = projects(3000, seed=seed)
    begun = time.perf_counter()
    found = best_choice(own, time_limit=20, gap=0.002)
    assert time.perf_counter() - begun < 21.5
    assert found.gap < 0.012 and broken(own, found.starts) == []


def test_files_give_the_same_programme(tmp_path):
    own, report = projects(60, seed=4), Report()
    listed, money, regions = written(own, tmp_path)
    quarters, budgets = reading.budgets(money, report)
    read = reading.candidates(listed, quarters, tuple(budgets), report)
    quotas = reading.quotas(regions, sorted({each.region for each in read} | set(own.quotas)), report)
    report.stop()
    assert quarters == own.quarters and quotas == own.quotas
    assert {name: values.tolist() for name, values in budgets.items()} == {
        name: values.tolist() for name, values in own.budgets.items()
    }
    assert [replace(each, where="", title=Bilingual(zh="t"), money=dict(each.money)) for each in read] == [
        replace(each, title=Bilingual(zh="t"), money={k: v for k, v in each.money.items() if v > 0})
        for each in own.candidates
    ]


GOOD = "id,region,value,quarters,earliest,latest,after,one_of,must,own\nroad,east,1.5,3,2024Q1,2024Q4,,,1,6\nmill,west,2,2,,,road,g,,4\n"  # noqa: E501


@pytest.mark.parametrize(
    ("old", "new", "place", "word"),
    [
        ("mill,west,2,", "mill,west,two,", "3:11", "a number of at least 0"),
        ("mill,west,2,", "mill,west,-2,", "3:11", "a number of at least 0"),
        ("mill,west,2,", "mill,west,1e13,", "3:11", "a number up to 1e+12"),
        ("mill,west,2,", "mill,west,1e999,", "3:11", "a number up to 1e+12"),
        (",road,g,", ",rode,g,", "3:17", "did you mean road?"),
        ("2024Q1,2024Q4", "2024Q1,2027Q4", "2:24", "a quarter from 2024Q1 to 2024Q4"),
        ("2024Q1,2024Q4", "2024Q3,2024Q2", "2:24", "not before the earliest"),
        ("mill,west", "road,west", "3:1", "a second time"),
        (",1.5,3,", ",1.5,2.5,", "2:15", "a whole number of quarters"),
        ("region,value", "region,valeu", "1:1", "did you mean valeu?"),
        (",own\n", ",owm\n", "1:60", "did you mean own?"),
        (",,1,6", ",,maybe,6", "2:33", "1 or nothing"),
        ("2024Q4,,,1", "2024Q4,mill,,1", "2:31", "a circle"),
        ("mill,west,2,2,,,road,g,,4\n", "mill,west,2,2,,,road,g,,4,5\n", "3:27", "at most 10"),
    ],
)
def test_wrong_files_say_where(tmp_path, old, new, place, word):
    (tmp_path / "p.csv").write_text(GOOD.replace(old, new), encoding="utf-8")
    (tmp_path / "m.csv").write_text(
        "quarter,own\n" + "".join(f"2024Q{q},5\n" for q in (1, 2, 3, 4)), encoding="utf-8"
    )
    done = CliRunner().invoke(
        simulate,
        ["optimize", "select", "--candidates", str(tmp_path / "p.csv"), "--budgets", str(tmp_path / "m.csv")],
    )
    assert (
        done.exit_code == 2
        and f"p.csv:{place}" in done.output
        and word in done.output
        and "Traceback" not in done.output
    ), done.output


@pytest.mark.parametrize(
    ("money", "quota", "word"),
    [
        ("quarter,own\n2024Q1,5\n2024Q3,5\n", None, "m.csv:3:1"),
        ("quarter,own\n2024Q1,5\nsoon,5\n", None, "a quarter such as 2024Q1"),
        ("month,own\n2024Q1,5\n", None, "a column `quarter`"),
        ("quarter\n2024Q1\n", None, "no source of money"),
        ("quarter,own\n2024Q1,5\n", "region,least,most\nnorth,1,2\n", "q.csv:2:1"),
        ("quarter,own\n2024Q1,5\n", "region,least,most\neast,3,2\n", "least <= most"),
        ("quarter,own\n2024Q1,5\n", "region,lest\neast,3\n", "did you mean least?"),
    ],
)
def test_wrong_money_and_quotas(tmp_path, money, quota, word):
    (tmp_path / "p.csv").write_text(GOOD.replace("2024Q1,2024Q4", ","), encoding="utf-8")
    (tmp_path / "m.csv").write_text(money, encoding="utf-8")
    words = [
        "optimize",
        "select",
        "--candidates",
        str(tmp_path / "p.csv"),
        "--budgets",
        str(tmp_path / "m.csv"),
    ]
    if quota:
        (tmp_path / "q.csv").write_text(quota, encoding="utf-8")
        words += ["--quotas", str(tmp_path / "q.csv")]
    done = CliRunner().invoke(simulate, words)
    assert done.exit_code == 2 and word in done.output, done.output


def test_other_encodings_and_missing_files(tmp_path):
    (tmp_path / "p.csv").write_bytes(GOOD.replace("east", "东区").replace("2024Q4", "").encode("gbk"))
    (tmp_path / "m.csv").write_text("quarter,own\n2024Q1,5\n", encoding="utf-8")
    done = CliRunner().invoke(
        simulate,
        [
            "optimize",
            "select",
            "--candidates",
            str(tmp_path / "p.csv"),
            "--budgets",
            str(tmp_path / "m.csv"),
            "--out",
            str(tmp_path),
        ],
    )
    assert done.exit_code == 0 and "read as text in GBK" in done.output
    done = CliRunner().invoke(
        simulate,
        [
            "optimize",
            "select",
            "--candidates",
            str(tmp_path / "none.csv"),
            "--budgets",
            str(tmp_path / "m.csv"),
        ],
    )
    assert done.exit_code == 2 and "does not exist" in done.output
    done = CliRunner().invoke(simulate, ["optimize", "select", "--candidates", str(tmp_path / "p.csv")])
    assert done.exit_code == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command(tmp_path, lang):
    listed, money, regions = written(projects(50, seed=6), tmp_path)
    words = [
        "optimize",
        "select",
        "--candidates",
        str(listed),
        "--budgets",
        str(money),
        "--quotas",
        str(regions),
        "--starts",
        "10",
        "--completions",
        "2",
        "--lang",
        lang,
        "--out",
        str(tmp_path / "runs"),
    ]
    done = CliRunner().invoke(simulate, [*words, "--json"])
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert made["schema"] == "dabiao.run/2" and len(made["tables"]["select_starts"]["rows"]) >= 10
    done = CliRunner().invoke(simulate, [*words, "--starts", "50"])
    assert done.exit_code == 0 and ("至少须放宽" in done.stdout) == (lang == "zh"), (
        "an impossible sheet is a result, not a mistake"
    )


def test_out_of_time_is_exit_code_5_and_says_so(tmp_path):
    listed, money, regions = written(projects(800, seed=7), tmp_path)
    words = [
        "optimize",
        "select",
        "--candidates",
        str(listed),
        "--budgets",
        str(money),
        "--quotas",
        str(regions),
        "--time-limit",
        "3",
        "--gap",
        "0",
        "--out",
        str(tmp_path / "runs"),
        "--lang",
        "en",
    ]
    done = CliRunner().invoke(simulate, words)
    assert done.exit_code == 5 and "time ran out" in " ".join(done.stdout.split()), done.output


@pytest.fixture(scope="module")
def begun():
    return study(load("example:panzhihua-2024"))


def test_projects_of_a_scenario(begun):
    """Those that have not started, valued by the output they add; money of those under way is taken off."""
    own = programme(begun.loaded, SelectionQuestion())
    ahead = {project.id for project in begun.pipeline.projects if project.ahead}
    assert {each.id for each in own.candidates} == ahead and len(own.quarters) == 8
    for source, money in own.budgets.items():
        assert np.all(money <= begun.scenario.funds[source].amount.value / 4 + 1e-9)
    found = best_choice(own)
    assert found.status is Status.OPTIMAL and found.starts
    chosen = study(as_written(begun, own, found.starts))
    run = chosen.plan
    begins = dict(zip(run.pipeline_run.result.ids, run.pipeline_run.result.dates["started"], strict=True))
    horizon = 12 * begun.economy.years
    assert {key for key in ahead if begins[key] < horizon} <= set(found.starts)
    assert all(np.isinf(begins[key]) for key in ahead - set(found.starts))
    for project in run.pipeline_run.projects:
        if project.id in found.starts:
            assert project.begins == pytest.approx(3 * found.starts[project.id])


def as_written(begun, own, starts):
    """The choice as a scenario, read back."""
    said = text(
        as_scenario(begun.loaded, "example:" + EXAMPLES[begun.loaded.name], own.candidates, starts, False)
    )
    return load("chosen.yaml", text=said)


def _open(name: str) -> bool:
    stages = {project.stage for project in load(f"example:{name}").scenario.projects.values()}
    return bool(stages & {"planned", "approved"})


EXAMPLES = {f"{name}-baseline": name for name in examples() if _open(name)}
"""Shipped scenarios with projects that have still to start."""


@pytest.fixture(scope="module", params=sorted(EXAMPLES.values()))
def shipped(request):
    return study(load(f"example:{request.param}"))


@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_a_start_decided_on_is_the_plan_with_that_shift(shipped, data):
    """`decided` moves dates and nothing else: the same path as the plan as listed with its starts shifted,
    whatever the quarters; one left out is shifted beyond the horizon."""
    own = programme(shipped.loaded, SelectionQuestion())
    starts = {
        each.id: quarter
        for each in own.candidates
        if (quarter := data.draw(st.one_of(st.none(), st.integers(0, 7)))) is not None
    }
    months = {
        each.id: 3 * starts[each.id] if each.id in starts else 12 * shipped.economy.years
        for each in own.candidates
    }
    shifts = {p.id: months[p.id] - p.begins for p in shipped.pipeline.projects if p.id in months}
    plan = replace(shipped.plan.plan, shifts=shifts)
    try:
        pipeline_run = shipped.pipeline.run(plan)
    except ScenarioError:  # more than the sector's money: then the scenario is refused as well
        with pytest.raises(ScenarioError):
            study(as_written(shipped, own, starts))
        return
    run = Run(plan, pipeline_run, shipped.economy.simulate(pipeline_run.realisation))
    chosen = study(as_written(shipped, own, starts))
    for target in shipped.assessor.targets:
        there = next(each for each in chosen.assessor.targets if each.id == target.id)
        assert chosen.assessor.value(there, chosen.plan) == pytest.approx(
            shipped.assessor.value(target, run), abs=1e-9
        )


def column(made, table, name, of="target"):
    """A column of a table of the JSON by its key, as far as it is printed."""
    found = made["tables"][table]
    at = {each["name"]: n for n, each in enumerate(found["columns"])}
    return {
        row[at[of]]: f"{row[at[name]]:.9g}" if isinstance(row[at[name]], float) else row[at[name]]
        for row in found["rows"]
    }


def promised(made):
    """Targets of a choice."""
    return column(made, "select_targets", "after")


def kept(made):
    """The same of a run."""
    return column(made, "targets", "expected")


@pytest.mark.parametrize("name", lighter(sorted(EXAMPLES.values())))
def test_a_choice_goes_back_as_a_scenario_and_a_workbook_that_keep_its_promise(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    found = {}
    for to in ("chosen.yaml", "chosen.xlsx"):
        words = ["optimize", "select", f"example:{name}", "--to", to, "--json", "--lang", "en"]
        done = CliRunner().invoke(simulate, words)
        assert done.exit_code == 0, done.output
        found[to] = promised(json.loads(done.stdout))
    assert found["chosen.yaml"] == found["chosen.xlsx"]
    assert resolved_yaml(load("chosen.yaml")) == resolved_yaml(load("chosen.xlsx"))
    done = CliRunner().invoke(simulate, ["run", "chosen.xlsx", "--json", "--lang", "en"])
    assert done.exit_code == 0, done.output
    ran = kept(json.loads(done.stdout))
    assert {key: ran[key] for key in found["chosen.yaml"]} == found["chosen.yaml"]
    done = CliRunner().invoke(simulate, ["optimize", "select", f"example:{name}", "--to", "chosen.yaml"])
    assert done.exit_code != 0 and "there already" in done.output


def planners_list(folder):
    """A list as planners have it, in 万元 under a title."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (
        ["2022年储备项目清单"],
        ["单位：万元"],
        ["序号", "项目名称", "所属行业", "项目进度", "总投资", "建设工期（月）", "开工时间", "达产后年产值"],
        [1, "燃机部件厂", "装备制造", "前期", 60000, 18, "2022年3月", 80000],
        [2, "锂电隔膜", "材料化工", "前期", 50000, 12, "2022年6月", 70000],
        [3, "物流园", "服务业", "前期", 80000, 24, "2022Q3", 20000],
    ):
        sheet.append(row)
    book.save(folder / "list.xlsx")


def test_a_list_of_candidates_goes_into_a_workbook(tmp_path, monkeypatch):
    """The chosen ones stand on the sheet of projects with their dates, and nothing that was there is gone."""
    monkeypatch.chdir(tmp_path)
    planners_list(tmp_path)
    (tmp_path / "money.csv").write_text(
        "quarter,own\n2022Q1,1\n2022Q2,1\n2022Q3,1\n2022Q4,1\n", encoding="utf-8"
    )
    run = CliRunner().invoke
    assert run(simulate, ["convert", "example:deyang-2022", "R.xlsx"]).exit_code == 0
    first = (tmp_path / "R.xlsx").read_bytes()
    words = ["optimize", "select", "R.xlsx", "--candidates", "list.xlsx", "--budgets", "money.csv"]
    done = run(simulate, [*words, "--to", "R-selected.xlsx", "--lang", "en", "--json"])
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    starts = column(made, "select_starts", "start", "project")
    assert 0 < len(starts) < 3, "money is for some of them"
    loaded = load("R-selected.xlsx")
    own = load("R.xlsx")
    assert (tmp_path / "R.xlsx").read_bytes() == first
    assert set(loaded.scenario.projects) == set(own.scenario.projects) | set(starts)
    every, before = (leaves(each.tree, each.quantities()) for each in (loaded, own))
    assert {path: every.get(path) for path in before} == before
    for key, quarter in starts.items():
        month = loaded.scenario.projects[key].decided
        assert month == f"{quarter[:4]}-{3 * int(quarter[5]) - 2:02d}"
        assert (
            "项目!" in loaded.origins[f"projects.{key}.decided"]
            or "Projects!" in loaded.origins[f"projects.{key}.decided"]
        )
    done = run(simulate, ["run", "R-selected.xlsx", "--json", "--lang", "en"])
    ran = kept(json.loads(done.stdout))
    assert {key: ran[key] for key in promised(made)} == promised(made)


def test_candidates_that_bring_nothing_are_told_and_shown(tmp_path, monkeypatch):
    """A list without a column of output: nothing is chosen, the reason stands in the answer and the page is
    drawn."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text(
        "项目名称,所属行业,总投资（亿元）\n甲,建筑业,3\n乙,服务业,5\n", encoding="utf-8"
    )
    words = ["optimize", "select", "--example", "deyang-2022", "--candidates", "list.csv", "--lang", "en"]
    done = CliRunner().invoke(simulate, words)
    assert done.exit_code == 0, done.output
    assert "none of which states a yearly output" in " ".join(done.stdout.split())
    assert "left out" in next(tmp_path.glob("runs/*/select-*/report.html")).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "x.txt"], ".xlsx, .yaml, .yml"),
        (["--to", "elsewhere/x.yaml"], "expected a file beside"),
        (["--to", "x.yaml", "--set", "investment.growth=7"], "--set"),
        (["--budgets", "late.csv"], "2022Q1 as the first quarter"),
        (["--budgets", "two.csv"], "a key of `funds`"),
        (["--candidates", "none.csv"], "does not exist"),
        (["--candidates", "../outside.csv"], "--candidates  projects.file: got"),
    ],
)
def test_what_cannot_go_back_is_told_before_any_work(tmp_path, monkeypatch, words, said):
    (tmp_path / "outside.csv").write_text("项目名称,所属行业,总投资（亿元）\n甲,服务业,3\n", encoding="utf-8")
    (tmp_path := tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "region.yaml").write_text("dabiao: 1\nextends: example:deyang-2022\n", encoding="utf-8")
    (tmp_path / "late.csv").write_text("quarter,own\n2023Q1,3\n", encoding="utf-8")
    (tmp_path / "two.csv").write_text("quarter,own,aid\n2022Q1,3,3\n", encoding="utf-8")
    done = CliRunner().invoke(simulate, ["optimize", "select", "region.yaml", *words])
    assert done.exit_code == 2 and said in done.output, done.output


@pytest.mark.parametrize(
    ("stage", "month", "why"),
    [("started", "2022-05", "no start to decide on"), ("approved", "2021-05", "a month of 2022 or later")],
)
def test_a_start_decided_on_lies_ahead(stage, month, why):
    where = {"started": "2021-03", "approved": "2022-03"}[stage]
    sets = [
        f"projects.longmang-lithium.{key}={value}"
        for key, value in (("stage", stage), ("start", where), ("decided", month))
    ]
    with pytest.raises(ScenarioError, match=why):
        load("example:deyang-2022", sets)


def test_value_of_a_project_is_its_value_added(begun):
    flow = next(each for each in begun.economy.sectors if hasattr(each, "flow")).flow
    for project in begun.pipeline.projects:
        adds = begun.scenario.projects[project.id].adds
        value = yearly_value(begun.pipeline, project)
        if adds is None:
            assert value == 0
        elif adds.process:
            k = flow.processes.index(adds.process)
            ratio = (
                begun.scenario.chains[begun.scenario.sectors[project.sector].chain]
                .processes[adds.process]
                .va_ratio.value
                / 100
            )
            assert value == pytest.approx(adds.capacity.value * float(flow.value(0)[k, 0]) * ratio)
        else:
            assert 0 < value < adds.output.value


def test_the_command_on_a_scenario(tmp_path):
    done = CliRunner().invoke(
        simulate,
        [
            "optimize",
            "select",
            "example:panzhihua-2024",
            "--out",
            str(tmp_path),
            "--lang",
            "en",
            "--value",
            "investment",
        ],
    )
    assert done.exit_code == 0 and "GDP growth" in done.stdout, done.output
    done = CliRunner().invoke(
        simulate, ["optimize", "select", "example:panzhihua-2024", "--budgets", "x.csv"]
    )
    assert done.exit_code == 2
