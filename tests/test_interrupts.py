"""Interrupted at any moment: one line, 128 + the signal's number, nothing half written, nobody left."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from dabiao.cli import start
from dabiao.cli.start import Interrupted, heeded
from dabiao.engine.workers import workers
from dabiao.models.errors import SolverError
from dabiao.solvers import glpk, program
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and groups of processes are others there")

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"

AT_A_CALL = """
import os, signal, sys
at, number = int(sys.argv.pop(1)), int(sys.argv.pop(1))
from dabiao.cli import start
own, calls = start._run, 0
def watch(frame, event, of):
    global calls
    if event == "call":
        calls += 1
        if calls == at:
            sys.setprofile(None)
            signal.raise_signal(number)
def watched():
    sys.setprofile(watch)
    return own()
start._run = watched
start.main()
"""
"""The program, with a signal at its n-th call of a function: a moment that does not hang on the machine."""

COMMANDS = {
    "help": ["--help"],
    "validate": ["validate", "plan.yaml"],
    "show": ["show", "plan.yaml"],
    "run": ["run", "plan.yaml", "--draws", "16", "-q"],
    "glpk": ["run", "plan.yaml", "--draws", "0", "-q", "--solver", "glpk"],
    "compare": ["compare", "plan.yaml", "plan.yaml", "-q"],
    "explain": ["explain", "plan.yaml"],
    "required": ["optimize", "required", "plan.yaml", "gdp_growth"],
    "audit": ["audit", "plan.yaml"],
    "schema": ["schema"],
    "examples": ["examples"],
    "new": ["new", "city", "--year", "2023", "--gdp", "1000", "--primary", "100", "--industry", "400"],
    "template": ["template"],
    "doctor": ["doctor"],
}
CALLS = [1, 30, 1000, 20_000, 200_000, 900_000]


def placed(folder: Path) -> Path:
    folder.mkdir()
    for name, file in (("plan.yaml", VALLEY), ("valley.yaml", VALLEY.with_name("valley.yaml"))):
        (folder / name).write_bytes(file.read_bytes())
    return folder


def left_of(folder: Path) -> list[str]:
    """Files that a command left half done."""
    return [str(file) for file in folder.rglob("*") if "partial" in file.name or file.name.startswith(".")]


@pytest.mark.parametrize("at", CALLS)
@pytest.mark.parametrize("name", [pytest.param(each, marks=()) for each in ("validate", "run", "glpk")])
def test_an_interrupt_at_any_call_is_one_line_and_130(name: str, at: int, tmp_path: Path) -> None:
    interrupted(name, at, signal.SIGINT, tmp_path)


@pytest.mark.slow
@pytest.mark.sample
@pytest.mark.parametrize("name", [each for each in COMMANDS if each not in {"validate", "run", "glpk"}])
def test_every_command_ends_so(name: str, tmp_path: Path) -> None:
    for at, number in zip((10, 3000, 150_000), (signal.SIGINT, signal.SIGTERM, signal.SIGHUP), strict=True):
        interrupted(name, at, number, tmp_path / str(at))


def interrupted(name: str, at: int, number: int, folder: Path) -> None:
    home, temporary = placed(folder / "home" if folder.exists() else folder), folder / "temporary"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", AT_A_CALL, str(at), str(number), *COMMANDS[name]],
        cwd=home,
        env={**os.environ, "DABIAO_LANG": "en", "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        timeout=100,
        start_new_session=True,
    )
    if done.returncode != 128 + number:  # it was done before
        assert done.returncode in (0, 1, 2) and at > 10, done.stderr
    else:
        assert done.stderr.endswith("Interrupted.\n")
        said = done.stderr.removesuffix("Interrupted.\n").splitlines()
        assert [line for line in said if re.search("Traceback|Error|ignored|Interrupted", line)] == []
    assert left_of(home) == [] and [each for each in temporary.iterdir() if each.name != "temporary"] == []


def test_an_interrupt_that_a_library_swallows_or_renames_ends_the_program(monkeypatch) -> None:
    monkeypatch.setattr("dabiao.cli.start._heard", [signal.SIGINT])
    monkeypatch.setattr("dabiao.cli.start._ending", True)
    with pytest.raises(Interrupted), heeded():
        raise SolverError("the library says that its program failed")
    with pytest.raises(Interrupted), heeded():
        pass


def test_an_interrupt_where_nothing_can_be_raised_is_not_lost() -> None:
    said = """
import signal
from dabiao.cli import start
class Closing:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
def command():
    Closing()
    for _ in range(1000):
        pass
    return 0
start._run = command
start.main()
"""
    for way in ("1000", "10**12"):  # the program ends of itself, or it does not
        done = subprocess.run(
            [sys.executable, "-c", said.replace("1000", way)], capture_output=True, text=True, timeout=60
        )
        assert (done.returncode, done.stderr.count("\n")) == (130, 1), done.stderr


def alive(pid: int) -> bool:
    """Whether a process runs; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        if Path("/proc/self").exists():
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pids: Iterable[int]) -> bool:
    """Whether none runs any more, a moment after they were killed."""
    until = time.monotonic() + 5
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.01)
    return not any(map(alive, pids))


HANGING = """#!/bin/sh
case "$*" in *--version*) echo "GLPSOL--GLPK LP/MIP Solver 5.0"; exit 0;; esac
sleep 1000 &
echo $$ $! > {pids}.new; mv {pids}.new {pids}
wait
"""


@pytest.mark.parametrize("way", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_solver_that_hangs_goes_with_the_program_that_asked_it(way: str, tmp_path: Path) -> None:
    pids, solver = tmp_path / "pids", tmp_path / "glpsol"
    solver.write_text(HANGING.format(pids=pids))
    solver.chmod(0o755)
    words = ["run", str(VALLEY), "--draws", "0", "--solver", "glpk", "--quiet", "--out", str(tmp_path / "o")]
    asking = subprocess.Popen(
        [sys.executable, "-m", "dabiao.cli.main", *words],
        env={**os.environ, glpk.PLACE: str(solver), "DABIAO_LANG": "en"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )
    until = time.monotonic() + 60
    while not pids.exists() and time.monotonic() < until and asking.poll() is None:
        time.sleep(0.05)
    asking.send_signal(getattr(signal, way))
    _, said = asking.communicate(timeout=30)
    assert asking.returncode == 128 + getattr(signal, way) and said.endswith("Interrupted.\n")
    assert gone([int(pid) for pid in pids.read_text().split()])
    assert not (tmp_path / "o").exists()


@given(st.sampled_from([(0, "ended with code"), (7, "code 7"), (-9, "signal 9"), (None, "in time")]))
def test_an_end_is_told(end: tuple[int | None, str]) -> None:
    assert end[1] in program.Ran(end[0], "").told().en
    if end[0] == 7:
        assert "last words" in program.Ran(7, "first\nlast words\n").told().en


def test_time_that_is_up_ends_all_that_was_started(tmp_path: Path) -> None:
    ran = program.run(["sh", "-c", f"sleep 1000 & echo $! > {tmp_path}/pid; wait"], 0.5)
    assert ran.code is None
    assert gone([int((tmp_path / "pid").read_text())])


@pytest.mark.parametrize("way", ["exception", "end"])
def test_no_worker_outlives_those_it_works_for(way: str) -> None:
    try:
        with workers(2) as pool:
            pids = set(pool.map(_pid, range(4)))
            assert all(alive(pid) for pid in pids)
            if way == "exception":
                pool.submit(time.sleep, 1000)
                begun = time.monotonic()
                raise Interrupted
    except Interrupted:
        assert time.monotonic() - begun < 20
    assert gone(pids)


def _pid(_: int) -> int:
    return os.getpid()


def test_workers_hear_no_interrupt() -> None:
    with workers(1) as pool:
        pid = pool.submit(os.getpid).result()
        os.kill(pid, signal.SIGINT)
        assert pool.submit(os.getpid).result() == pid


def test_little_is_imported_before_signals_are_heard(tmp_path: Path) -> None:
    """Until then Python itself answers an interrupt, with a traceback: the window is as small as can be."""
    said = (
        "import sys; before = set(sys.modules); import dabiao.cli.start;"
        " print(*sorted(set(sys.modules) - before))"
    )
    import dabiao

    # without site packages, which import much themselves: the product by its name, however it is installed
    (tmp_path / "dabiao").symlink_to(Path(str(dabiao.__file__)).resolve().parent)
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-S", "-c", said], env=env, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert {"dabiao", "dabiao.cli", "dabiao.cli.start", "signal"} <= loaded, done.stderr
    assert not {"typing", "re", "click", "numpy", "pathlib", "asyncio"} & loaded and len(loaded) < 25, loaded


def test_an_interrupt_is_no_traceback_where_nobody_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    start._tell()
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w", buffering=1) as broken:
        monkeypatch.setattr(sys, "stderr", broken)
        start._tell()
        os.dup2(os.open(os.devnull, os.O_WRONLY), theirs)
