"""The road through the failure of a solver: another method, another solver, then a clear message; every
command goes it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from city import CITY
from command import call
from commands import every
from dabiao.engine.run import run
from dabiao.models.errors import SolverError
from dabiao.scenarios.files import shipped
from dabiao.scenarios.load import load
from dabiao.solvers import solve as road
from dabiao.solvers.arrays import Arrays, Block
from dabiao.solvers.model import Compiled, Question, Rows
from dabiao.solvers.solution import Answer, Method, Mixed, Solver, Status
from dabiao.solvers.solve import SOLVERS, choose, chosen, solve, subset
from dabiao.solvers.stumbles import hearing


def problem() -> tuple[Compiled, Question]:
    """At most 1.75 in two rows."""
    rows = Rows()
    rows.variable("x")
    rows.variable("b", 0, 1, binary=True)
    rows.row("a", {"x": 2.0, "b": 1.0}, high=2.5)
    return Compiled(rows), Question({"x": 1.0, "b": 1.0})


def _raises(error: Exception) -> Callable[[Answer], Answer]:
    def fail(_: Answer) -> Answer:
        raise error

    return fail


FAULTS: dict[str, Callable[[Answer], Answer]] = {
    "it crashes": _raises(RuntimeError("boom")),
    "it cannot be imported": _raises(ImportError("no such library")),
    "it has no memory": _raises(MemoryError()),
    "it gives up": lambda _: (Status.FAILED, None, {}),
    "it calls a bounded problem unbounded": lambda _: (Status.UNBOUNDED, None, {}),
    "it forgets the point": lambda found: (found[0], None, {}),
    "its point is no number": lambda found: (found[0], np.full(2, np.nan), {}),
    "its point breaks a row by 3e-5": lambda _: (Status.OPTIMAL, np.array([0.7501, 1.0]), {}),
    "its starts are neither taken nor left": lambda _: (Status.OPTIMAL, np.array([1.0, 0.5]), {}),
}


def broken(known: Solver, fault: Callable[[Answer], Answer], methods: int) -> Solver:
    """A solver whose first methods have a fault."""

    def spoilt(method: Method) -> Method:
        return lambda *asked: fault(method(*asked))

    every_one = [known.answer, *known.again]
    made = [spoilt(method) if at < methods else method for at, method in enumerate(every_one)]
    return replace(known, answer=made[0], again=tuple(made[1:]))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("solver", ["highs", "glpk"])
def test_where_one_method_fails_another_answers(
    solver: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SOLVERS, solver, broken(SOLVERS[solver], FAULTS[fault], 1))
    told: list[object] = []
    with hearing(told.append):
        assert solve(*problem(), solver).objective == pytest.approx(1.75)
    assert told == []


@pytest.mark.parametrize("fault", FAULTS)
def test_where_all_methods_fail_another_solver_answers_or_is_named(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SOLVERS, "highs", broken(SOLVERS["highs"], FAULTS[fault], 99))
    told: list[Any] = []
    with hearing(told.append):
        found = solve(*problem(), "auto")
    assert found.objective == pytest.approx(1.75) and found.broken < 1e-9
    assert len(told) == 1 and str(told[0]).startswith("glpk answered in place of highs: highs ")
    with pytest.raises(SolverError, match=r"^highs .*; try --solver glpk$"):
        solve(*problem(), "highs")
    monkeypatch.setitem(SOLVERS, "glpk", broken(SOLVERS["glpk"], FAULTS[fault], 99))
    for name in ("auto", chosen("auto")):
        with pytest.raises(SolverError, match=r"^highs .*; glpk .*") as caught:
            solve(*problem(), name)
        assert caught.value.exit_code == 3 and "try --solver" not in str(caught.value)


def test_nobody_listens_and_it_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SOLVERS, "highs", broken(SOLVERS["highs"], FAULTS["it gives up"], 99))
    with pytest.warns(UserWarning, match="glpk answered in place of highs"):
        solve(*problem())


def test_time_that_runs_out_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    late = broken(SOLVERS["highs"], lambda _: (Status.TIME_LIMIT, None, {}), 1)
    monkeypatch.setitem(SOLVERS, "highs", late)
    assert solve(*problem()).status is Status.TIME_LIMIT


def knapsack() -> Arrays:
    """Two of three things of weight 1 in a sack of 2."""
    places = np.arange(3)
    sack = Block(np.zeros(3, dtype=np.int64), places, np.ones(3), np.array([-np.inf]), np.array([2.0]))
    return Arrays.of(np.array([3.0, 2.0, 1.0]), np.zeros(3), np.ones(3), np.ones(3, dtype=bool), [sack])


def _boom(*_: object, **__: object) -> Mixed:
    raise RuntimeError("boom")


CHOICES: dict[str, Callable[..., Mixed]] = {
    "it crashes": _boom,
    "its point is no number": lambda *_, **__: Mixed(Status.OPTIMAL, np.full(3, np.nan), 9.0),
    "its point breaks a row": lambda *_, **__: Mixed(Status.OPTIMAL, np.ones(3), 6.0),
    "its choice breaks a rule": lambda *_, **__: Mixed(Status.OPTIMAL, np.array([0, 0, 1.0]), 6.0),
}


@pytest.mark.parametrize("fault", CHOICES)
def test_choices_of_projects_go_the_same_road(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(point: Any) -> str:
        return "the third before the first" if point[2] > point[0] else ""

    monkeypatch.setitem(SOLVERS, "highs", replace(SOLVERS["highs"], choose=CHOICES[fault]))
    told: list[object] = []
    with hearing(told.append):
        found = choose("auto", knapsack(), wrong, time_limit=5.0)
    assert found.point is not None and found.point.tolist() == [1, 1, 0] and len(told) == 1
    with pytest.raises(SolverError, match="try --solver glpk"):
        choose("highs", knapsack(), wrong, time_limit=5.0)
    monkeypatch.setitem(SOLVERS, "glpk", replace(SOLVERS["glpk"], choose=None))
    with pytest.raises(SolverError, match="highs"):
        choose("auto", knapsack(), wrong, time_limit=5.0)


def test_a_subset_is_a_help_and_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SOLVERS, "highs", replace(SOLVERS["highs"], subset=_boom))
    assert subset(*problem(), "highs") == frozenset()


def test_everybody_asks_by_the_road() -> None:
    """No other file than that of the road names what a solver answers with."""
    own = Path(road.__file__)
    for file in own.parent.parent.glob("*/**/*.py"):
        if file.parent.name != "tests" and file != own and "tests" not in file.parts:
            text = file.read_text(encoding="utf-8")
            assert not any(f"].{each}" in text for each in ("answer", "choose", "subset", "again")), file


@pytest.mark.parametrize("solver", ["highs", "glpk", "auto"])
def test_a_price_of_nothing_has_an_answer(solver: str) -> None:
    """Relaxing a limit may cost nothing: HiGHS called that badly scaled, GLPK did not."""
    loaded = load("example:deyang-2022", ("limits.money.price=0",))
    assert run(loaded, solver=solver, draws=0).assessment.optimised


# Every command
# ------------------------------------------------------------------------------------

SWEEP = "scenarios: [a.yaml]\ndraws: 16\n"
WORDS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("run",): ("a.yaml", "--draws", "0"),
    ("compare",): ("a.yaml", "b.yaml"),
    ("optimize", "required"): ("a.yaml",),
    ("optimize", "frontier"): ("a.yaml", "--points", "3", "--alternatives", "0"),
    ("optimize", "robust"): ("a.yaml", "--draws", "16", "--fresh", "16"),
    ("optimize", "chain"): ("chain/network.yaml",),
    ("optimize", "select"): ("a.yaml",),
    ("province",): ("province/province.yaml", "--draws", "16"),
    ("explain",): ("a.yaml",),
    ("sensitivity",): ("a.yaml", "--draws", "256"),
    ("sweep",): ("sweep.yaml", "--jobs", "1"),
    ("track",): ("year/half-year.yaml", "--draws", "512"),
    ("serve",): (),
}
"""Every command that asks a solver; the workbench answers with what `run` does."""


def test_every_command_that_asks_a_solver_is_known() -> None:
    asking = {way for way, command in every() if any(each.name == "solver" for each in command.params)}
    assert asking == set(WORDS)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scenario of every kind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\ninvestment: {growth: 7}\n", encoding="utf-8")
    (tmp_path / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
    for name, to in (
        ("steel-mexico", "chain"),
        ("sichuan-2021", "province"),
        ("panzhihua-2021", "year"),
    ):
        shutil.copytree(shipped() / name, tmp_path / to)
    return tmp_path


def _mute(known: Solver) -> Solver:
    gives_up = broken(known, FAULTS["it gives up"], 99)
    return replace(gives_up, choose=_boom, subset=_boom)


@pytest.mark.first(2)
@pytest.mark.parametrize("way", [way for way in WORDS if way != ("serve",)], ids=" ".join)
def test_every_command_goes_the_road(
    way: tuple[str, ...], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (*way, *WORDS[way], "--lang", "en")
    monkeypatch.setitem(SOLVERS, "highs", _mute(SOLVERS["highs"]))
    done = call(*words)
    assert done.exit_code == 0, done.output[-800:]
    if way != ("sweep",):  # its tasks run in processes of their own
        assert 1 <= done.stderr.count("glpk answered in place of highs") <= 2, done.stderr[-800:]
    monkeypatch.setitem(SOLVERS, "glpk", _mute(SOLVERS["glpk"]))
    shutil.rmtree(home / "runs", ignore_errors=True)
    done = call(*words)
    if way != ("sweep",):
        assert done.exit_code == 3 and "glpk" in done.stderr and "highs" in done.stderr, done.output[-800:]
    assert "Internal" not in done.output and "Traceback" not in done.output
