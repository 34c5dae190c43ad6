"""Width of the terminal, its kind and the locale decide where lines break, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
