"""From Python: the first ten minutes in a notebook, and everything public is short where it prints itself."""

from __future__ import annotations

import ast
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import dabiao
import numpy as np
import pandas as pd
import pytest
import yaml
from city import CITY
from dabiao.models.quantity import Bilingual
from dabiao.results.api.answer import Tables, TableView, html_table
from dabiao.results.tables.table import Column, Table
from dabiao.scenarios.load import resolved_yaml

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "tests" / "scenarios_for_tests" / "answered.yaml"
LONGEST = 500
"""Letters that anything public prints itself with."""


@pytest.fixture(scope="module")
def answer() -> dabiao.Answer:
    return dabiao.run(str(CASE), draws=64)


def test_the_public_names_are_listed_and_there() -> None:
    assert dir(dabiao) == sorted(dir(dabiao)) == sorted(dabiao.__all__)
    assert {
        "load",
        "run",
        "compare",
        "required",
        "frontier",
        "robust",
        "select",
        "explain",
        "validate",
    } <= set(dabiao.__all__)
    for name in dabiao.__all__:
        assert getattr(dabiao, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'rnu'"):
        dabiao.rnu  # noqa: B018


def test_importing_it_imports_nothing_heavy() -> None:
    words = (
        "import sys, dabiao; print([m for m in ('numpy', 'pandas', 'pyomo', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_everything_public_prints_itself_shortly(answer: dabiao.Answer) -> None:
    assert answer.scenario is not None
    things = [
        answer,
        answer.tables,
        answer.tables["targets"],
        answer.scenario,
        answer.scenario.scenario,
        answer.found,
        answer.plot(),
        *answer.tables.values(),
    ]
    assert all(len(repr(thing)) <= LONGEST for thing in things)
    assert "targets" in repr(answer.tables) and "'run'" in repr(answer)


def test_a_scenario_is_read_from_a_path_an_example_a_map_and_what_was_loaded(tmp_path: Path) -> None:
    loaded = dabiao.load(CASE)
    assert dabiao.load(loaded) is loaded
    shipped = [dabiao.load(f"example:deyang-2022{end}") for end in ("", "/baseline", "/baseline.yaml")]
    assert len({resolved_yaml(one) for one in shipped}) == 1
    again = dabiao.load(yaml.safe_load(resolved_yaml(loaded)))
    assert resolved_yaml(again) == resolved_yaml(loaded)
    changed = dabiao.load(CASE, {"investment.growth": 7.5})
    assert changed.scenario.investment.growth.value == 7.5 != loaded.scenario.investment.growth.value


def test_a_map_may_hold_numbers_of_numpy_and_extend_an_example() -> None:
    stated = {
        "extends": "example:deyang-2022/baseline.yaml",
        "title": {"en": "Variant", "zh": "变体"},
        "investment": {"growth": {"value": np.float64(9.5), "assumption": "a trial"}},
    }
    loaded = dabiao.load(stated)
    assert loaded.scenario.investment.growth.value == 9.5 and loaded.scenario.title.of("en") == "Variant"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"acounts": {}}, "did you mean accounts"),
        ({"years": {"base": "x", "target": []}}, "years.base"),
        ({"investment": {"growth": float("inf")}}, "got inf"),
        ({"investment": {"growth": 1e300}}, "got 1e+300"),
        ({"title": object()}, "title: got object"),
    ],
)
def test_a_wrong_map_is_told_with_the_path_of_each_mistake(change: dict[str, Any], said: str) -> None:
    whole = {**yaml.safe_load(resolved_yaml(dabiao.load(CASE))), **change}
    with pytest.raises(dabiao.DabiaoError, match=re.escape(said)) as caught:
        dabiao.load(whole)
    assert isinstance(caught.value, dabiao.ScenarioError)
    assert str(caught.value).count("(map)") == len(caught.value.problems) >= 1
    assert caught.value.of("zh") != str(caught.value)


def test_all_mistakes_of_a_file_come_in_one_error_with_their_places(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("extends: example:deyang-2022\nacounts: {}\nyears: {base: x}\n", encoding="utf-8")
    with pytest.raises(dabiao.DabiaoError) as caught:
        dabiao.run(str(file))
    assert isinstance(caught.value, dabiao.ScenarioError) and len(caught.value.problems) == 2
    assert {problem.line for problem in caught.value.problems} == {2, 3}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_frame_has_typed_columns_units_and_one_language(answer: dabiao.Answer, lang: str) -> None:
    for name, table in answer.tables.items():
        frame = table.to_frame(lang=lang)
        assert list(frame.columns) == [column.name for column in table.table.columns]
        assert len(frame) == len(table) and frame.attrs["name"] == name
        assert set(frame.attrs["units"]) == {column.name for column in table.table.columns if column.numeric}
        for column in table.table.columns:
            dtype = str(frame[column.name].dtype)
            if column.digits is not None and name != "summary":
                assert dtype in ("Float64", "Int64"), (name, column.name, dtype)
                cells = [cell for cell in table.table.column(column.name) if isinstance(cell, float)]
                assert [float(cell) for cell in frame[column.name].dropna()][: len(cells)] or not cells
    targets = answer.tables["targets"].to_frame(lang=lang)
    assert targets.attrs["units"]["probability_ensure"] == "1"
    assert targets.attrs["units"]["expected"] == "{unit}" and "%" in set(targets["unit"])
    assert targets["probability_ensure"].dropna().between(0, 1).all()
    assert isinstance(targets.set_index("target")["expected"], pd.Series)
    assert targets.attrs["headings"]["title"] == {"zh": "目标", "en": "Target"}[lang]


def test_a_frame_says_money_in_the_unit_of_the_run(answer: dabiao.Answer) -> None:
    assert answer.tables["levels"].units("en")[f"y{answer.found.economy.base_year}"] == "CNY 100m"
    assert answer.tables["levels"].units("zh")[f"y{answer.found.economy.base_year}"] == "亿元"


def test_an_unknown_table_names_the_nearest(answer: dabiao.Answer) -> None:
    with pytest.raises(KeyError, match="did you mean 'targets'"):
        answer.tables["target"]


def test_pages_are_escaped() -> None:
    bad = "<script>alert(1)</script>&\"'"
    table = Table("t", Bilingual.same(bad), (Column("a", Bilingual.same(bad)),), ((bad,),) * 60)
    for page in (html_table(table, "en"), TableView(table)._repr_html_()):
        assert "<script" not in page and page.count("&lt;script&gt;") == 42
        assert "20 more rows" in html_table(table, "en")
    view = dabiao.Answer("run", Bilingual.same(bad), Tables({"t": table}), ("t",))
    assert "<script" not in view._repr_html_()


def test_a_page_tells_the_answer_in_the_language_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = dabiao.run("example:deyang-2022", draws=0)
    han = re.compile("[\u3400-\u9fff]")
    monkeypatch.setenv("DABIAO_LANG", "en")
    assert not han.search(answer._repr_html_()) and "<table>" in answer._repr_html_()
    assert not han.search(str(answer))
    monkeypatch.setenv("DABIAO_LANG", "zh")
    assert han.search(answer._repr_html_()) and str(answer) == answer.text("zh") != answer.text("en")


def test_pictures_are_those_of_the_report(answer: dabiao.Answer, tmp_path: Path) -> None:
    assert "fan" in answer.pictures()
    for name in answer.pictures():
        shown = answer.plot(name, lang="en")
        assert shown.name == name and shown._repr_svg_().startswith("<svg ") and shown.title
    assert answer.tables["fan"].plot().name == "fan"
    assert answer.plot("fan").save(tmp_path / "fan.svg").read_text(encoding="utf-8").startswith("<svg ")
    with pytest.raises(dabiao.DabiaoError, match=r"pictures: .*fan"):
        answer.plot("nothing")
    with pytest.raises(dabiao.DabiaoError, match="no picture indicators"):
        answer.tables["indicators"].plot()


def test_every_question_of_the_command_line_is_there() -> None:
    base = dabiao.load(CASE)
    asked = {
        "required": dabiao.required(base, "gdp_growth", "ensure"),
        "explain": dabiao.explain(base),
        "frontier": dabiao.frontier(base, ["gdp_growth", "fai_growth"], points=3, alternatives=0),
        "robust": dabiao.robust(base, draws=16, fresh=16, levels=[0.3]),
        "sensitivity": dabiao.sensitivity(base, draws=256),
        "audit": dabiao.audit(base),
        "compare": dabiao.compare(base, dabiao.load(CASE, {"investment.growth": 12})),
    }
    for question, answer in asked.items():
        assert answer.question == question and len(answer.tables) >= 1, question
        assert set(answer.shown) & set(answer.tables), question
        assert len(repr(answer)) <= LONGEST and "<" in answer._repr_html_()


def test_a_question_and_its_command_answer_alike(tmp_path: Path) -> None:
    from command import call

    done = call("optimize", "required", CASE, "--target", "gdp_growth", "--json", "-q", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)["tables"]["required"]["rows"]
    own = dabiao.required(CASE, "gdp_growth").tables["required"].table
    assert [row[0] for row in rows] == [row[0] for row in own.rows]
    numbers = [[cell for cell in row if isinstance(cell, float)] for row in rows]
    assert numbers == [[cell for cell in row if isinstance(cell, float)] for row in own.rows]


def test_validate_notes_what_is_left_unsaid() -> None:
    found = dabiao.validate("example:deyang-2022")
    assert found.notes and all(note.of("zh") and note.of("en") for note in found.notes)


def test_an_answer_is_saved_in_every_form(answer: dabiao.Answer, tmp_path: Path) -> None:
    files = {file.name for file in answer.save(tmp_path / "out", lang="en")}
    assert {"report.html", "tables.xlsx", "tables.json", "targets.csv"} <= files


def test_what_was_understood_is_logged_and_nothing_is_printed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    stated = {"extends": "example:deyang-2022/baseline.yaml", "title": "x", "doubt": {"error": 0.01}}
    with caplog.at_level(logging.WARNING, "dabiao"):
        dabiao.load(stated)
    assert [record.name for record in caplog.records] == ["dabiao"] and "uncertainty" in caplog.text
    assert capsys.readouterr() == ("", "")


def test_library_code_prints_nothing() -> None:
    for floor in ("models", "scenarios", "solvers", "engine", "results"):
        for file in (ROOT / floor).rglob("*.py"):
            code = re.sub(r'"""[\s\S]*?"""', "", file.read_text(encoding="utf-8"))
            assert not re.search(r"^\s*print\(", code, re.MULTILINE), file


SCRIPT = """\
import dabiao
import pandas as pd

loaded: dabiao.Loaded = dabiao.load("example:deyang-2022", {"investment.growth": 7})
answer: dabiao.Answer = dabiao.run(loaded, draws=64)
frame: pd.DataFrame = answer.tables["targets"].to_frame(lang="en")
least: dabiao.Answer = dabiao.required({"extends": "example:deyang-2022"}, "gdp_growth", "ensure")
picture: dabiao.Picture = answer.plot("fan", lang="en")
notes: list[str] = [note.of("en") for note in dabiao.validate(loaded).notes]
try:
    dabiao.run("nowhere.yaml")
except dabiao.DabiaoError as error:
    print(error.of("zh"))
"""


@pytest.mark.slow
def test_a_script_of_a_user_is_typed(tmp_path: Path) -> None:
    """And a wrong one is found out."""
    pytest.importorskip("mypy")
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "dabiao").symlink_to(ROOT, target_is_directory=True)
    wrong = SCRIPT + "number: int = answer.plot()\ndabiao.run(loaded, drws=3)\n"
    for text, faults in ((SCRIPT, 0), (wrong, 2)):
        file = tmp_path / "script.py"
        file.write_text(text, encoding="utf-8")
        words = ["-m", "mypy", "--strict", "--config-file", str(ROOT / "pyproject.toml"), str(file)]
        done = subprocess.run(
            [sys.executable, *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
            env={**os.environ, "MYPYPATH": str(tmp_path / "path")},
        )
        own = [line for line in done.stdout.splitlines() if line.startswith("script.py") and "error" in line]
        assert len(own) == faults, done.stdout


NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def test_there_is_a_notebook_in_each_language() -> None:
    assert {file.name for file in NOTEBOOKS} == {"first_steps.ipynb", "first_steps.zh.ipynb"}
    cells = [json.loads(file.read_text(encoding="utf-8"))["cells"] for file in NOTEBOOKS]
    kinds = [[cell["cell_type"] for cell in each] for each in cells]
    assert kinds[0] == kinds[1]


def test_questions_that_a_scenario_or_panel_cannot_answer_are_refused(tmp_path: Path) -> None:
    """Each says what is missing, in the language asked for."""
    plain = str(ROOT / "tests" / "scenarios_for_tests" / "answered.yaml")  # on no priors
    with pytest.raises(dabiao.DabiaoError, match=r"what `load` returned; got list$"):
        dabiao.run([plain])  # type: ignore[arg-type]
    with pytest.raises(dabiao.DabiaoError, match="states no `long_view`"):
        dabiao.longview(plain)
    (tmp_path / "city.yaml").write_text(CITY, encoding="utf-8")
    begun = 'dabiao: 1\nextends: city.yaml\nprojects:\n  works: {stage: started, start: "2023-03"}\n'
    (tmp_path / "begun.yaml").write_text(begun, encoding="utf-8")
    with pytest.raises(dabiao.ScenarioError, match=r"no project that has still to start.*candidates"):
        dabiao.select(str(tmp_path / "begun.yaml"))
    panel = tmp_path / "panel.csv"
    years = "".join(f"A,{year},{5 + year % 3}\nB,{year},6\n" for year in range(2010, 2017))
    panel.write_text(f"region,year,growth\n{years}", encoding="utf-8")
    with pytest.raises(dabiao.DabiaoError, match="No year is left to judge"):
        dabiao.backtest(str(panel), years=[2015], skip=[2015])


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=file.name, marks=[pytest.mark.slow] if ".zh." in file.name else [])
        for file in NOTEBOOKS
    ],
)
def test_the_notebook_runs(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its code is run in this process: a kernel would bring twenty packages and show the same."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DABIAO_LANG", "en")  # the notebook sets it: it comes back afterwards
    whole = json.loads(file.read_text(encoding="utf-8"))
    assert whole["nbformat"] == 4
    names: dict[str, Any] = {}
    for cell in whole["cells"]:
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == [] and cell["execution_count"] is None, "outputs are left out"
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, file.name, "exec"), names)
        shown = None if last is None else eval(compile(ast.Expression(last.value), file.name, "eval"), names)
        for form in ("_repr_html_", "_repr_svg_"):
            if hasattr(shown, form):
                assert getattr(shown, form)()
        assert shown is None or len(repr(shown)) < 20_000
