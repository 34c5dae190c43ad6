"""Width of the terminal, its kind and the locale decide where lines break, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate

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


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_results_are_the_same_bytes_wherever_they_are_made(
    name: str, usual: tuple[bytes, dict[str, bytes]], tmp_path: Path
) -> None:
    printed, files = done(SURROUNDINGS[name], tmp_path / "o", "run", str(VALLEY), "--draws", "0", "--json")
    assert files == usual[1] and len(files) > 3
    assert b'"tables"' in printed and printed.partition(b'"tables"')[2] == usual[0].partition(b'"tables"')[2]


def by_shell(folder: Path, words: str) -> subprocess.CompletedProcess[str]:
    """The program called by a shell, which decides where its streams lead."""
    return subprocess.run(
        ["bash", "-c", f"{sys.executable} -m dabiao.cli.main --lang en {words}"],
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
    assert ran.returncode == 2 and "No space left" in ran.stderr and "Traceback" not in ran.stderr


def test_too_little_memory_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(*_: object, **__: object) -> None:
        raise MemoryError("Unable to allocate 2.44 MiB")

    monkeypatch.setattr("dabiao.scenarios.load.load", greedy)
    ran = CliRunner().invoke(simulate, ["--lang", "en", "validate", "example:panzhihua-2024"])
    assert ran.exit_code == 2 and "too little memory (Unable to allocate 2.44 MiB)" in ran.stderr


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
