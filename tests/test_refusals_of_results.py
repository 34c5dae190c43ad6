"""What the workbench, the questions in Python, reports and verify refuse: in which words."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from city import CITY
from command import call
from dabiao.engine.sweep import ledger
from dabiao.models.errors import DabiaoError
from dabiao.models.quantity import Bilingual
from dabiao.results.api import questions
from dabiao.results.compare.runs import compare
from dabiao.results.reports import write_report
from dabiao.results.tables.table import Column, Table, declare
from dabiao.results.verify import verify
from dabiao.results.workbench import app, begin, changes, jobs
from dabiao.results.workbench.desk import LONGEST_NAME, Desk
from dabiao.results.write import WriteError, put, read_run, replace_folder

FIGURES = {"region": "x", "year": 2023, "gdp": 1000, "primary": 100, "industry": 400, "construction": 80}
PLAN = {"file": "a.yaml", "changes": {}}
NO_NUMBER = 'got "x", expected a number'

WORKBENCH: dict[str, tuple[Callable[[], object], str]] = {
    "a region without a name": (
        lambda: begin.begun(FIGURES | {"region": " "}),
        "got nothing, expected the name",
    ),
    "no figure": (lambda: begin.begun(FIGURES | {"gdp": ""}), "gdp: got nothing, expected a number"),
    "neither industry nor the secondary sector": (
        lambda: begin.begun(FIGURES | {"industry": None, "ensure": 5}),
        "industry: got nothing, expected a number",
    ),
    "a figure that is a word": (lambda: begin.begun(FIGURES | {"gdp": "x"}), f"gdp: {NO_NUMBER}"),
    "a figure without end": (
        lambda: begin.begun(FIGURES | {"gdp": "1e16"}),
        'gdp: got "1e16", expected a number',
    ),
    "a figure that is none": (
        lambda: begin.begun(FIGURES | {"gdp": "nan"}),
        'gdp: got "nan", expected a number',
    ),
    "a past of no years": (
        lambda: begin.begun(FIGURES | {"past": {"20": [5, 6]}}),
        "expected growth and target by year",
    ),
    "a past of one figure": (
        lambda: begin.begun(FIGURES | {"past": {"2020": [5]}}),
        "expected growth and target by",
    ),
    "a past of no pairs": (
        lambda: begin.begun(FIGURES | {"past": {"2020": 5}}),
        "expected growth and target by year",
    ),
    "a past that is a list": (
        lambda: begin.begun(FIGURES | {"past": [5]}),
        "expected growth and target by year",
    ),
    "a past that is a word": (
        lambda: begin.begun(FIGURES | {"past": {"2020": ["x", 5]}}),
        f"past.2020: {NO_NUMBER}",
    ),
    "no file": (lambda: app._scenario(3), "got 3, expected a file and what is changed of it"),
    "a file that is none": (lambda: app._scenario({"file": 3}), "file: got 3, expected a text"),
    "changes that are none": (lambda: app._scenario({"changes": [3]}), "changes: got [3], expected a map"),
    "too many changes": (
        lambda: changes.checked({f"a{at}": 1.0 for at in range(changes.MOST_CHANGES + 1)}),
        f"got {changes.MOST_CHANGES + 1} changes, expected at most {changes.MOST_CHANGES}",
    ),
    "no task": (lambda: app._task({"task": "x", "plans": [PLAN]}), "task: got 'x', expected one of"),
    "no plans": (lambda: app._task({"task": "report", "plans": []}), "plans: got [], expected 1 to"),
    "plans that are none": (
        lambda: app._task({"task": "report", "plans": "x"}),
        "plans: got 'x', expected 1 to",
    ),
    "one plan compared": (lambda: app._task({"task": "compare", "plans": [PLAN]}), "expected 2 to"),
    "too many plans": (
        lambda: app._task({"task": "compare", "plans": [PLAN] * (app.MOST_PLANS + 1)}),
        f"expected 2 to {app.MOST_PLANS} plans",
    ),
    "a report of no form": (
        lambda: app._task({"task": "report", "plans": [PLAN]}),
        "forms: got [], expected some of",
    ),
    "a form that is none": (
        lambda: app._task({"task": "report", "plans": [PLAN], "forms": ["x"]}),
        "forms: got ['x'], expected some of",
    ),
    "forms that are none": (
        lambda: app._task({"task": "report", "plans": [PLAN], "forms": {"word": 1}}),
        "expected some of",
    ),
}


@pytest.mark.parametrize("case", WORKBENCH)
def test_the_workbench_says_what_it_is_asked_for(case: str) -> None:
    asked, said = WORKBENCH[case]
    with pytest.raises(DabiaoError) as caught:
        asked()
    assert said in caught.value.of("en"), caught.value.of("en")
    assert not {"got", "expected"} & set(caught.value.of("zh").split())


def test_what_the_workbench_takes() -> None:
    assert app._task({"task": "compare", "plans": [PLAN, PLAN]}) == ("compare", [("a.yaml", {})] * 2, [])
    assert app._task({"task": "report", "plans": [PLAN], "forms": ["word", "word"]})[2] == ["word"]
    whole = FIGURES | {"ensure": 5, "past": {"2020": [2.5, ""]}, "gdp": "1，000"}
    folder, files = begin.begun(whole | {"english": "My city!"})
    assert folder == "my-city-2024" and sorted(files) == ["baseline.yaml", "stretch.yaml"]
    assert begin.begun(whole | {"industry": "", "secondary": 480})[0] == "x-2024"


@pytest.mark.parametrize("body", [b"[1]", b"3", b"{", b"[" * 100_000, b'{"a": "\\ud800"}'])
def test_a_question_that_is_none(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        app._question(body)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x.txt", '"x.txt" cannot be a file here'),
        ("a:b.yaml", '"a:b.yaml" cannot be a file here'),
        ("../a.yaml", '"../a.yaml" cannot be a file here'),
        (f"{'a' * LONGEST_NAME}.yaml", "cannot be a file here"),
        ("out/a.yaml", '"out/a.yaml" leads out of the folder that is served'),
    ],
)
def test_where_no_file_of_a_desk_can_be(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "out").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(DabiaoError) as caught:
        Desk(tmp_path / "root").place(name)
    assert said in caught.value.of("en")


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("b/c.yaml", 'name: got "b/c.yaml", expected a name without a folder'),
        ("a.yaml", "a.yaml is the scenario that is changed: give another name"),
        ("b.yaml", "b.yaml is there already"),
        ("c.xlsx", 'name: got "c.xlsx", expected a name that ends in .yaml'),
    ],
)
def test_what_a_desk_does_not_save(tmp_path: Path, new: str, said: str) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(CITY, encoding="utf-8")
    with pytest.raises(DabiaoError) as caught:
        Desk(tmp_path).save("a.yaml", {"investment.growth": 7}, new)
    assert said in caught.value.of("en")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.yaml", "b.yaml"]
    assert {(tmp_path / name).read_text("utf-8") for name in ("a.yaml", "b.yaml")} == {CITY}


def test_a_task_too_many_waits_with_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as may wait, of others; one's own older one makes room."""
    held = jobs.Jobs()
    monkeypatch.setattr(held, "_follow", lambda *_: None)
    task = {"task": "compare", "lang": "en"}
    for at in range(jobs.MOST_WAITING):
        held.begin(f"owner {at}", task)
    with pytest.raises(DabiaoError, match=f"^{jobs.MOST_WAITING} tasks wait already: ask again in a while$"):
        held.begin("another", task)
    assert held.begin("owner 0", task).owner == "owner 0"


# ---- questions in Python


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("asked") / "a.yaml"
    file.write_text(CITY, encoding="utf-8")
    return file


def test_questions_in_python(city: Path) -> None:
    loaded = questions.load(city)
    cases: dict[str, Callable[[], object]] = {
        "the scenario is loaded already": lambda: questions.load(loaded, {"investment.growth": 7}),
        "a curve needs exactly one target": lambda: questions.required(city, curve=[5.0]),
        "at least two scenarios": lambda: questions.compare(city),
    }
    for said, asked in cases.items():
        with pytest.raises(DabiaoError) as caught:
            asked()
        assert said in caught.value.of("en")
    assert questions.load(loaded) is loaded


def table(unit: str) -> dict[str, Table]:
    return {
        "t": declare(
            "t",
            Bilingual(zh="表", en="T"),
            [Column("a", Bilingual(zh="甲", en="A"), unit, value=lambda row: row)],
            [1.0],
        )
    }


def test_runs_that_cannot_be_set_side_by_side() -> None:
    one = table("%")
    for names, runs in ((["a"], [one]), (["a", "b"], [one])):
        with pytest.raises(DabiaoError, match=r"compare needs at least two runs$"):
            compare(names, runs)
    with pytest.raises(DabiaoError) as caught:
        compare(["a", "b"], [one, table("points")], compared=["t"])
    assert "cannot compare 'a' of 't': one run has it in '%', another in 'points'" in caught.value.of("en")
    assert set(compare(["a", "b"], [one, one], compared=["t"])) >= {"t"}


# ---- reports and verify


@pytest.fixture(scope="module")
def run(city: Path) -> Path:
    done = call("run", city, "--draws", "0", "--out", city.parent / "runs", "--lang", "en", "--quiet")
    assert done.exit_code in (0, 1), done.output
    return next(file.parent for file in (city.parent / "runs").rglob("manifest.json"))


@pytest.fixture
def copy(run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run, tmp_path / run.name))


def changed(folder: Path, name: str, change: Callable[[Any], Any]) -> None:
    file = folder / name
    file.write_text(json.dumps(change(json.loads(file.read_text("utf-8")))), encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "manifest.json: damaged, nothing can be verified"),
        ("[1]", "manifest.json: no list of outputs with their hashes"),
        ('{"outputs": [1]}', "manifest.json: no list of outputs with their hashes"),
        ('{"outputs": {"a": 1}}', "manifest.json: no list of outputs with their hashes"),
        (None, "no run to verify (no manifest.json"),
    ],
)
def test_what_cannot_be_verified(copy: Path, text: str | None, said: str) -> None:
    (copy / "manifest.json").unlink()
    if text is not None:
        (copy / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(DabiaoError) as caught:
        verify(copy)
    assert said in caught.value.of("en")


def test_without_its_scenario_a_run_is_not_made_again(copy: Path) -> None:
    (copy / "scenario.resolved.yaml").unlink()
    assert verify(copy).missing == ("scenario.resolved.yaml",)
    with pytest.raises(DabiaoError, match="so the run cannot be made again; run the scenario itself"):
        verify(copy, rerun=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda whole: [whole], "not a document of a run"),
        (lambda whole: whole | {"schema": "other/1"}, "expected a document of schema"),
        (lambda whole: whole | {"tables": 3}, "the document of the run is damaged"),
    ],
)
def test_what_is_no_run(copy: Path, change: Callable[[Any], Any], said: str) -> None:
    changed(copy, "tables.json", change)
    with pytest.raises(DabiaoError) as caught:
        read_run(copy)
    assert said in caught.value.of("en") and "tables.json" in caught.value.of("en")


def test_a_report_of_tables_that_were_changed(copy: Path, tmp_path: Path) -> None:
    changed(copy, "tables.json", lambda whole: whole | {"more": 1})
    with pytest.raises(DabiaoError, match=r"tables\.json: not as it was written; see `simulate verify`"):
        write_report(copy, tmp_path / "out", ("en",), ("markdown",))
    assert not (tmp_path / "out").exists()
    (copy / "manifest.json").unlink()  # of one without a manifest nothing is known: it is taken as it is
    assert write_report(copy, tmp_path / "out", ("en",), ("markdown",)).files


def test_reports_of_two_runs_that_do_not_go_together(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dabiao.results import reports

    real, years = reports._target_year, iter((2024, 2025))
    monkeypatch.setattr(reports, "_target_year", lambda stored: next(years))
    with pytest.raises(DabiaoError, match="the two runs are of different years"):
        write_report(copy, tmp_path / "out", ("en",), ("markdown",), against=copy)
    monkeypatch.setattr(reports, "_target_year", real)
    without = replace(
        read_run(copy),
        tables={name: each for name, each in read_run(copy).tables.items() if name != "verdict"},
    )
    monkeypatch.setattr(reports, "read_run", lambda _: without)
    with pytest.raises(DabiaoError, match="must both answer a target sheet"):
        write_report(copy, tmp_path / "out", ("en",), ("markdown",), against=copy)
    assert not (tmp_path / "out").exists()


def test_files_are_not_written_over_nor_out_of_their_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WriteError, match=r"a\.txt is there already"):
        put(tmp_path / "a.txt", b"x")
    put(tmp_path / "a.txt", b"new", over=True)
    assert (tmp_path / "a.txt").read_bytes() == b"new"
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "b.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WriteError, match="is there already and was not written by this command"):
        replace_folder(tmp_path / "mine", [], {}, "dabiao.report/1")
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["b.txt"]


# ---- ledgers


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_BUSY, "another process has held it for"),
        (sqlite3.SQLITE_LOCKED, "another process has held it for"),
        (sqlite3.SQLITE_BUSY | 1 << 8, "another process has held it for"),
        (sqlite3.SQLITE_CORRUPT, "is damaged, or no ledger"),
        (0, "is damaged, or no ledger"),
    ],
)
def test_what_a_ledger_says_of_sqlite(tmp_path: Path, code: int, said: str) -> None:
    error = sqlite3.OperationalError("of SQLite")
    error.sqlite_errorcode = code
    with pytest.raises(DabiaoError) as caught, ledger._told(tmp_path):
        raise error
    assert said in caught.value.of("en") and "ledger.sqlite" in caught.value.of("en")
    with (
        pytest.raises(sqlite3.ProgrammingError),
        ledger._told(tmp_path),
    ):  # a mistake of ours is none of the disk's
        raise sqlite3.ProgrammingError
