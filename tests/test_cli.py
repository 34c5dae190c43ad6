"""The command line: which words mean what, what goes where, and how each run ends."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import make_dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from dabiao import __version__
from dabiao.cli.main import simulate
from dabiao.models.errors import DabiaoError, Problem, ScenarioError, SolverError
from dabiao.models.money import Money
from dabiao.models.quantity import Bilingual
from dabiao.results.tables.table import Column, Table

Simulate = Callable[..., Result]


def tables(value: float) -> dict[str, Table]:
    columns = (
        Column("target", Bilingual(zh="目标", en="Target")),
        Column("expected", Bilingual(zh="预计", en="Expected"), "%", 2),
        Column("rung", Bilingual(zh="结论", en="Rung")),
    )
    rows = (("gdp", value, Bilingual(zh="现方案可达", en="reached by the plan")),)
    return {
        name: Table(name, Bilingual(zh="目标", en="Targets"), columns, rows, key=("target",))
        for name in ("verdict", "targets")
    }


class Made:
    """A loader and an engine that answer at once, and remember what they were asked."""

    def __init__(self) -> None:
        self.loaded: list[tuple[str, tuple[str, ...]]] = []
        self.ran: list[dict[str, Any]] = []
        self.failing: BaseException | None = None

    def load(self, path: Any, sets: Any = (), **more: Any) -> Any:
        name = Path(str(path)).stem
        if name == "wrong":
            problems = [Problem("a.b", "1", "2", file="wrong.yaml", line=3, column=4), Problem("c", "x", "y")]
            raise ScenarioError(problems)
        self.loaded.append((str(path), tuple(sets)))
        title = Bilingual(zh=f"方案 {name}", en=f"Plan {name}")
        scenario = SimpleNamespace(
            title=title,
            uncertainty=SimpleNamespace(seed=11),
            money=Money(),
            words=(),
            years=SimpleNamespace(first=2024),
            investment=SimpleNamespace(path={}, growth_in={}),
        )
        said = {
            "notes": (),
            "questions": (),
            "name": name,
            "scenario": scenario,
            "files": (("a.yaml", "00ff"),),
            "sets": tuple(sets),
            "origins": {},
            "quantities": dict,
            "speaking": nullcontext,
            "countries": {},
            "file": "",
        }
        return make_dataclass("Loaded", said)(**said)

    def load_example(self, name: str, sets: Any = (), **more: Any) -> Any:
        return self.load(f"example:{name}", sets)

    def run(
        self, loaded: Any, solver: str = "auto", seed: int | None = None, draws: int | None = None
    ) -> Any:
        if self.failing is not None:
            raise self.failing
        self.ran.append(
            {
                "name": loaded.name,
                "solver": solver,
                "seed": seed,
                **({} if draws is None else {"draws": draws}),
            }
        )
        return SimpleNamespace(solver="highs" if solver == "auto" else solver, value=6.5 + len(self.ran) / 4)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """Stand-ins for the floors below, so that only the command line is under test."""
    import dabiao.scenarios.other_kinds  # noqa: F401  stands on the real loader, in whatever order tests run

    made = Made()

    def module(name: str, **names: Any) -> None:
        stand_in = ModuleType(name)
        for key, value in names.items():
            setattr(stand_in, key, value)
        monkeypatch.setitem(sys.modules, name, stand_in)

    module(
        "dabiao.scenarios.load",
        load=made.load,
        load_example=made.load_example,
        resolved_yaml=lambda loaded: f"{loaded.name} {loaded.sets}\n",
        show=lambda loaded, origins: f"{loaded.name} {origins}\n",
        json_schema=lambda: {"title": "方案"},
        numbers=lambda part: (),
    )
    module("dabiao.engine.run", run=made.run)
    module("dabiao.results.report", tables=lambda answer: tables(answer.value))
    module(
        "dabiao.results.compare.attribution",
        explained=lambda scenarios, seeds, origins: {},
        outdated=lambda table, runs: [],
    )
    module(
        "dabiao.results.forms.terminal.answer",
        render=lambda answer, tables, lang, width, run: f"结论 VERDICT {lang} {answer.value}",
    )
    return made


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulate]:
    """Runs `simulate` in an empty directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("DABIAO_LANG", "DABIAO_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, **more: Any) -> Result:
        return CliRunner().invoke(simulate, list(words), prog_name="simulate", **more)

    yield run


def test_help_and_version(call: Simulate) -> None:
    done = call("--help")
    assert done.exit_code == 0
    assert all(name in done.stdout for name in simulate.commands)
    assert call("--version").stdout.strip().endswith(__version__)
    for name in simulate.commands:
        assert call(name, "--help").exit_code == 0


def paths(command: click.Command, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Words that name every command and the commands of groups."""
    for name, each in getattr(command, "commands", {}).items():
        yield (*before, name)
        yield from paths(each, (*before, name))


@pytest.mark.parametrize("words", list(paths(simulate)), ids=" ".join)
def test_help_has_each_example_on_a_line_of_its_own(call: Simulate, words: tuple[str, ...]) -> None:
    text = call(*words, "--help").stdout
    assert all(letter.isprintable() for letter in text if letter != "\n")
    rest = [re.sub(r"^  (\w+: +)?simulate ", "", line) for line in text.splitlines()[1:]]
    assert not [line for line in rest if " simulate " in line or line.startswith("simulate ")]


@pytest.mark.parametrize(
    "words",
    [
        ["plan.yaml"],
        ["run", "plan.yaml"],
        ["--lang", "zh", "plan.yaml"],
        ["plan.yaml", "--seed", "11"],
        ["some/plan"],
        ["example:plan"],
        ["--example", "plan"],
        ["--debug", "plan.yml"],
    ],
)
def test_a_scenario_without_a_command_is_run(call: Simulate, made: Made, words: list[str]) -> None:
    done = call(*words)
    assert (done.exit_code, done.stdout) == (0, "结论 VERDICT zh 6.75\n"), done.output
    assert len(made.ran) == 1


def test_a_folder_or_file_that_exists_is_a_scenario(call: Simulate, made: Made, tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    assert call("city").exit_code == 0
    assert made.loaded == [("city", ())]


@pytest.mark.parametrize(("word", "meant"), [("valdate", "validate"), ("compar", "compare"), ("rnu", "run")])
def test_a_mistyped_command_is_guessed(call: Simulate, made: Made, word: str, meant: str) -> None:
    done = call("--lang", "en", word, "plan.yaml")
    assert done.exit_code == 2
    assert f"Did you mean: simulate {meant}" in done.stderr
    assert done.stdout == ""
    assert made.ran == []
    assert "validate" in call("qqqqq").stderr


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["run", "a.yaml", "--example", "b"],
        ["a.yaml", "--seed", "-1"],
        ["a.yaml", "--seed", "x"],
        ["a.yaml", "--solver", "gurobi"],
        ["--hlep"],
        ["a.yaml", "--nonsense"],
        ["compare", "a.yaml"],
        ["validate"],
    ],
)
def test_wrong_usage_ends_with_2(call: Simulate, made: Made, words: list[str]) -> None:
    done = call(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert made.ran == []


def test_what_was_asked_reaches_the_engine(call: Simulate, made: Made) -> None:
    call("plan.yaml", "--solver", "glpk", "--seed", "5", "--draws", "256", "--set", "a.b=1", "--set", "c=2")
    assert made.ran == [{"name": "plan", "solver": "glpk", "seed": 5, "draws": 256}]
    assert made.loaded == [("plan.yaml", ("a.b=1", "c=2"))]


def test_the_run_folder_is_whole_and_named_by_what_decides(
    call: Simulate, made: Made, tmp_path: Path
) -> None:
    def folder(*words: str) -> str:
        done = call("plan.yaml", *words)
        assert done.exit_code == 0, done.output
        line = done.stderr.splitlines()[0]
        return next(word for word in line.split() if "plan" in word)

    first = folder()
    assert folder() == first
    made.ran.clear()
    others = [
        folder("--seed", "0"),
        folder("--seed", "12"),
        folder("--solver", "glpk"),
        folder("--draws", "0"),
        folder("--set", "a=1"),
        folder("--lang", "en"),
    ]
    assert len({first, *others}) == 7
    place = tmp_path / first
    assert place.parent == tmp_path / "runs" / "plan"
    names = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert names == {
        "csv/targets.csv",
        "csv/verdict.csv",
        "manifest.json",
        "origins.json",
        "report.html",
        "report.md",
        "scenario.resolved.yaml",
        "tables.json",
        "tables.xlsx",
    }
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["inputs"], manifest["seed"], manifest["solver"]) == ({"a.yaml": "00ff"}, None, "highs")
    assert (manifest["run"], manifest["lang"]) == (place.name, "zh")


def test_json_is_one_document_on_stdout(call: Simulate, made: Made) -> None:
    done = call("plan.yaml", "--json", "--out", "other")
    whole = json.loads(done.stdout_bytes.decode("utf-8"))
    assert (whole["schema"], whole["scenario"]) == ("dabiao.run/2", "plan")
    assert whole["verdict"][0]["expected"] == 6.75
    assert Path("other/plan", whole["run"], "tables.json").read_bytes() == done.stdout_bytes
    assert not Path("runs").exists()


def test_quiet_says_nothing_but_the_result(call: Simulate, made: Made) -> None:
    done = call("plan.yaml", "-q")
    assert (done.stdout, done.stderr) == ("结论 VERDICT zh 6.75\n", "")


def test_language_by_option_or_environment(call: Simulate, made: Made) -> None:
    assert " en " in call("plan.yaml", env={"DABIAO_LANG": "en"}).stdout
    assert " zh " in call("plan.yaml", "--lang", "zh", env={"DABIAO_LANG": "en"}).stdout


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (DabiaoError("no such limit"), 2, "no such limit"),
        (SolverError("pip install highspy"), 3, "pip install highspy"),
        (KeyboardInterrupt(), 130, "Interrupted"),
        (ZeroDivisionError("float division"), 70, "--debug"),
        (MemoryError("2 GiB"), 2, "too little memory (2 GiB)"),
    ],
)
def test_every_end_has_its_code_and_no_traceback(
    call: Simulate, made: Made, error: BaseException, code: int, said: str
) -> None:
    made.failing = error
    done = call("plan.yaml", "--lang", "en")
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not Path("runs").exists()


def test_debug_gives_the_traceback(call: Simulate, made: Made) -> None:
    made.failing = ZeroDivisionError("float division")
    assert isinstance(call("--debug", "plan.yaml").exception, ZeroDivisionError)
    assert isinstance(call("plan.yaml", env={"DABIAO_DEBUG": "1"}).exception, ZeroDivisionError)


def test_all_mistakes_of_a_scenario_are_told(call: Simulate, made: Made) -> None:
    done = call("wrong.yaml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "wrong.yaml:3:4  a.b：实为 1，应为 2\nc：实为 x，应为 y\n"
    english = call("wrong.yaml", "--lang", "en").stderr
    assert english == "wrong.yaml:3:4  a.b: got 1, expected 2\nc: got x, expected y\n"


def test_the_answer_is_shown_even_where_it_cannot_be_written(
    call: Simulate, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full when all is computed."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("dabiao.results.write.room", full)
    done = call("plan.yaml", "--out", "new")
    assert done.exit_code == 2
    assert done.stdout == "结论 VERDICT zh 6.75\n"
    assert "不能写入" in done.stderr
    assert "cannot write" in call("plan.yaml", "--out", "new", "--lang", "en").stderr


def test_nothing_is_computed_where_a_file_has_the_place_of_the_answer(
    call: Simulate, made: Made, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file")
    done = call("plan.yaml", "--out", "taken")
    assert done.exit_code == 2 and done.stdout == "" and "不能写入" in done.stderr


def test_compare_takes_scenarios_and_earlier_runs(call: Simulate, made: Made) -> None:
    run = json.loads(call("old.yaml", "--json").stdout_bytes)["run"]
    done = call("compare", "base.yaml", "stretch.yaml", f"runs/old/{run}", "--json", "--out", "out")
    assert done.exit_code == 0, done.output
    whole = json.loads(done.stdout_bytes)
    assert whole["schema"] == "dabiao.compare/2"
    assert [row[1] for row in whole["tables"]["runs"]["rows"]] == ["base", "stretch", "old"]
    names = [column["name"] for column in whole["tables"]["targets"]["columns"]]
    row = dict(zip(names, whole["tables"]["targets"]["rows"][0], strict=True))
    assert (row["expected_1"], row["expected_2"], row["expected_3"]) == (7.0, 7.25, 6.75)
    assert (row["expected_2_less_1"], row["expected_3_less_1"]) == (0.25, -0.25)
    assert Path("out/compare", whole["run"], "report.html").exists()
    assert len(made.ran) == 3


def test_compare_checks_all_before_it_runs_any(call: Simulate, made: Made) -> None:
    assert call("compare", "base.yaml", "wrong.yaml").exit_code == 2
    assert made.ran == []
    assert call("compare", "base.yaml", "absent/tables.json").exit_code == 2


def test_compare_on_a_terminal_fits(call: Simulate, made: Made) -> None:
    from dabiao.results.forms.terminal.layout import cell_width

    done = call("compare", "a.yaml", "b.yaml", "--lang", "en", env={"COLUMNS": "80"})
    assert done.exit_code == 0
    assert "change 2-1" in done.stdout
    assert all(cell_width(line) <= 80 for line in done.stdout.splitlines())


def test_show_and_schema(call: Simulate, made: Made) -> None:
    assert call("show", "plan.yaml").stdout == "plan False\n"
    assert call("show", "plan.yaml", "--origins", "--set", "a=1").stdout == "plan True\n"
    assert json.loads(call("schema").stdout_bytes) == {"title": "方案"}
    assert call("schema", "--out", "s.json").exit_code == 0
    assert json.loads(Path("s.json").read_text(encoding="utf-8")) == {"title": "方案"}
    assert call("schema", "--out", "no/such/folder/s.json").exit_code == 2


def test_a_missing_file_is_told_by_the_real_loader(call: Simulate) -> None:
    for words in (
        ["validate", "absent.yaml"],
        ["absent.yaml"],
        ["show", "absent.yaml"],
        ["compare", "a.yaml", "b.yaml"],
    ):
        done = call(*words, "--lang", "en")
        assert (done.exit_code, done.stdout) == (2, ""), done.output
        assert "does not exist" in done.stderr


def test_every_shipped_example_validates(call: Simulate) -> None:
    from dabiao.scenarios.files import examples

    if not examples():
        pytest.skip("no example is shipped")
    done = call("validate", f"example:{examples()[0]}")
    assert done.exit_code == 0, done.output
    assert "方案无误" in done.stdout
    assert "有出处" in done.stdout


# --- whole processes
# ------------------------------------------------------------------------------------------


def process(words: list[str], **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "dabiao.cli.main", *words]
    return subprocess.run(command, capture_output=True, env={**os.environ, **environment}, check=False)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, dabiao.cli.main as m\n"
        "try: m.simulate(['--help'])\n"
        "except SystemExit: pass\n"
        "print(*{n.split('.')[0] for n in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    loaded = set(done.stderr.decode().split())
    assert "click" in loaded
    assert not loaded & {"numpy", "pydantic", "pandas", "pyomo", "simpy", "yaml", "xlsxwriter", "highspy"}


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8", "latin-1"])
def test_any_encoding_of_the_terminal_will_do(encoding: str) -> None:
    done = process(["--help"], PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert b"simulate" in done.stdout
    if encoding in ("gbk", "utf-8"):
        assert "达标" in done.stdout.decode(encoding)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end differently there")
def test_a_reader_that_stops_early_is_no_error() -> None:
    command = f'"{sys.executable}" -m dabiao.cli.main schema | head -c 20'
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("words", [("run",), ("sensitivity",), ("optimize", "robust")])
def test_draws_that_do_not_fill_all_scramblings_are_told_with_the_next_number_that_does(words) -> None:
    done = CliRunner().invoke(simulate, ["--lang", "en", *words, "example:panzhihua-2024", "--draws", "600"])
    assert done.exit_code == 2 and "multiple of 16, such as 608; got 600" in " ".join(done.output.split())
