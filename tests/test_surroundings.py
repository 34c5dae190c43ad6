"""Width of the terminal, its kind and the locale decide where lines break, and nothing else."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from city import CITY
from click.testing import CliRunner
from commands import every
from dabiao.cli import streams, surroundings
from dabiao.cli.main import simulate
from dabiao.models.errors import DabiaoError
from dabiao.scenarios.inherited import inherited
from dabiao.scenarios.load import load

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"
SURROUNDINGS = {
    "narrow": {"COLUMNS": "40"},
    "wide": {"COLUMNS": "200"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8"},
    "GBK": {"LANG": "zh_CN.GBK", "LC_ALL": "zh_CN.GBK", "PYTHONIOENCODING": "utf-8"},
    "no colour": {"NO_COLOR": "1"},
    "forced colour": {"FORCE_COLOR": "1"},
    "dumb": {"TERM": "dumb"},
    "hash": {"PYTHONHASHSEED": "7"},
}
USUAL = {"PYTHONIOENCODING": "utf-8"}


def done(more: dict[str, str], folder: Path, *words: str) -> tuple[bytes, dict[str, bytes]]:
    """What is printed, and the files that are written but for the manifest, which says when."""
    ran = subprocess.run(
        [sys.executable, "-m", "dabiao.cli.main", *words, "--lang", "zh", "--out", str(folder)],
        env={**os.environ, **USUAL, **more},
        capture_output=True,
        check=True,
    )
    files = {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "manifest.json"
    }
    return ran.stdout, files


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict[str, bytes]]:
    return done({}, tmp_path_factory.mktemp("usual"), "run", str(VALLEY), "--draws", "0", "--json")


@pytest.mark.first(3)
@pytest.mark.parametrize("name", SURROUNDINGS)
def test_results_are_the_same_bytes_wherever_they_are_made(
    name: str, usual: tuple[bytes, dict[str, bytes]], tmp_path: Path
) -> None:
    printed, files = done(SURROUNDINGS[name], tmp_path / "o", "run", str(VALLEY), "--draws", "0", "--json")
    assert files == usual[1] and len(files) > 3
    assert b'"tables"' in printed and printed.partition(b'"tables"')[2] == usual[0].partition(b'"tables"')[2]


def by_shell(folder: Path, words: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """The program called by a shell, which decides where its streams lead."""
    return subprocess.run(
        ["bash", "-c", f"{before}{sys.executable} -m dabiao.cli.main --lang en {words}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("words", ["doctor", "--version", "validate example:panzhihua-2024"])
def test_a_closed_stream_is_no_bug(tmp_path: Path, words: str, closed: str) -> None:
    ran = by_shell(tmp_path, f"{words} {closed}")
    assert ran.returncode in (0, 1) and "Internal" not in ran.stderr and "Traceback" not in ran.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("words", ["--help", "--version", "run --help", "schema"])
def test_a_full_output_is_told(tmp_path: Path, words: str) -> None:
    ran = by_shell(tmp_path, f"{words} >/dev/full")
    assert ran.returncode == 2 and "no space left on the disk" in ran.stderr and "Traceback" not in ran.stderr


def test_too_little_memory_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(*_: object, **__: object) -> None:
        raise MemoryError("Unable to allocate 2.44 MiB")

    monkeypatch.setattr("dabiao.scenarios.load.load", greedy)
    ran = CliRunner().invoke(simulate, ["--lang", "en", "validate", "example:panzhihua-2024"])
    assert ran.exit_code == 2 and "too little memory (Unable to allocate 2.44 MiB)" in ran.stderr


def limited(monkeypatch: pytest.MonkeyPatch, most: int | None, taken: int) -> None:
    monkeypatch.setattr(surroundings, "_limit", lambda: most)
    monkeypatch.setattr(surroundings, "_taken", lambda: taken)


def chained(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "most", "taken", "memory_"),
    [
        (ImportError("libblas.so: failed to map segment from shared object"), None, 0, True),
        (OSError(12, "Cannot allocate memory"), 700, 600, True),
        (RuntimeError("can't start new thread"), None, 0, True),
        (chained(ImportError("cannot import numpy"), MemoryError()), None, 0, True),
        (chained(DabiaoError("it is no Word document"), MemoryError()), 700, 100, True),
        (ValueError("field 'target' is required for AnnAssign"), 700, 680, True),
        (ValueError("field 'target' is required for AnnAssign"), 700, 300, False),
        (ImportError("No module named 'docx'"), None, 0, False),
        (DabiaoError("a mistake in a file"), 700, 690, False),
        (OSError(2, "No such file"), 700, 690, False),
    ],
)
def test_what_came_of_too_little_memory_is_told_as_that(
    monkeypatch: pytest.MonkeyPatch, error: Exception, most: int | None, taken: int, memory_: bool
) -> None:
    """An import that fails for want of memory is no bug; a bug in a process that had enough stays one."""
    limited(monkeypatch, most, taken)
    monkeypatch.setattr("dabiao.scenarios.load.load", raising(error))
    ran = CliRunner().invoke(simulate, ["--lang", "en", "validate", "example:panzhihua-2024"])
    assert ("too little memory" in ran.stderr) == memory_, ran.stderr
    assert ran.exit_code == (2 if memory_ or isinstance(error, (DabiaoError, OSError)) else 70)
    if memory_ and most:
        assert f"{most} MB" in ran.stderr and f"{surroundings.LEAST} MB" in ran.stderr


def raising(error: Exception) -> Callable[..., None]:
    def fails(*_: object, **__: object) -> None:
        raise error

    return fails


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bound addresses otherwise, or not at all")
@pytest.mark.parametrize("kilobytes", [100_000, 300_000])
@pytest.mark.parametrize("words", ["run example:panzhihua-2024 --draws 0", "validate x.yaml", "doctor"])
def test_a_command_that_may_have_too_little_memory_does_not_begin(
    tmp_path: Path, words: str, kilobytes: int
) -> None:
    ran = by_shell(tmp_path, words, f"ulimit -v {kilobytes}; ")
    assert ran.returncode == 2 and ran.stdout == "", ran.stdout
    assert ran.stderr.startswith("too little memory: this process may have") and ran.stderr.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed there")
@pytest.mark.parametrize("way", [way for way, _ in every()], ids=" ".join)
def test_no_command_begins_in_a_folder_that_is_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: tuple[str, ...]
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    home.rmdir()
    ran = CliRunner().invoke(simulate, ["--lang", "en", *way, "x.yaml"])
    assert ran.exit_code == 2 and ran.stderr.startswith("the working folder is not there any more"), (
        ran.stderr
    )
    assert ran.stderr.count("\n") == 1 and ran.stdout == ""


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed there")
@pytest.mark.parametrize(
    "words",
    [
        "run example:panzhihua-2024 --draws 0 -q",
        "convert example:panzhihua-2024 a.xlsx",
        "schema --out s.json",
        "backtest x.csv",
        "validate x.yaml",
        "targets x.txt",
        "sweep x.yaml",
        "verify x",
    ],
)
def test_a_folder_that_goes_while_a_command_runs_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    begun = surroundings.fit

    def goes() -> None:
        begun()
        home.rmdir()

    monkeypatch.setattr("dabiao.cli.main.fit", goes)
    ran = CliRunner().invoke(simulate, ["--lang", "en", *words.split()])
    assert ran.exit_code == 2 and "the working folder is not there any more" in ran.stderr, ran.stderr
    assert "Internal" not in ran.stderr and "space" not in ran.stderr and "full" not in ran.stderr


@pytest.mark.parametrize(
    "body", ["x = 1", "raise SystemExit(3)", "raise ImportError('no')", "class Highs: ..."]
)
def test_a_package_that_is_no_highs_is_left_alone(tmp_path: Path, body: str) -> None:
    (tmp_path / "highspy").mkdir()
    (tmp_path / "highspy" / "__init__.py").write_text(body, encoding="utf-8")
    code = "from dabiao.solvers import highs; print(highs.available(), highs.broken() is None)"
    where = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": where},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.split() == ["False", "False"], ran.stderr


@pytest.mark.parametrize(
    "more", [{"MPLBACKEND": "nonsense"}, {"SOURCE_DATE_EPOCH": "yesterday"}], ids=["backend", "epoch"]
)
def test_no_setting_of_a_library_ends_the_program(tmp_path: Path, more: dict[str, str]) -> None:
    code = (
        "import dabiao.cli.main as main; main.simulate = lambda **_: None; main.main();"
        " import matplotlib, scipy.sparse, numpy.f2py"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **more}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def _loading(folder: Path, body: str) -> Exception:
    """What ends one of the program's own lines that imports a package of such a text."""
    file = folder / "anothers.py"
    file.write_text(body, encoding="utf-8")
    into = {"__name__": "anothers"}
    own = {"__name__": "dabiao.cli.some", "into": into, "code": compile(body, str(file), "exec")}
    try:
        exec("exec(code, into)", own)
    except Exception as error:
        return error
    raise AssertionError("it loads")


@pytest.mark.parametrize("body", ["int('abc')", "def f():\n    raise RuntimeError('odd')\nf()"])
def test_a_package_that_does_not_load_is_told_by_its_file(tmp_path: Path, body: str) -> None:
    told = surroundings.unfit(_loading(tmp_path, body))
    assert told is not None and str(told).startswith(str(tmp_path / "anothers.py")), told


def test_what_fails_in_a_package_that_was_loaded_is_a_bug(tmp_path: Path) -> None:
    from dabiao.models import shell

    try:
        shell.quoted(None)  # type: ignore[arg-type]
    except Exception as error:
        assert surroundings.unfit(error) is None


def test_a_stream_that_was_closed_stays_as_it_is() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    stream.close()
    assert streams._harmless(stream) is stream


def test_the_path_to_a_scenario_orders_no_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zone.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    (tmp_path / "inner" / "zone.yaml").write_text(CITY, encoding="utf-8")
    rows = [
        [replace(row, file="") for row in inherited(load(file))]
        for file in ("zone.yaml", "../zone.yaml", tmp_path / "zone.yaml", "./zone.yaml")
    ]
    assert len(rows[0]) > 10 and any(row.own for row in rows[0]) and all(each == rows[0] for each in rows)
