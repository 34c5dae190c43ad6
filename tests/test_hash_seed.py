"""The order of sets, which differs from process to process, moves no digit of any table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SMALL = str(Path(__file__).with_name("scenarios_for_tests") / "answered.yaml")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["audit", "example:panzhihua-2024"], id="audit"),
        pytest.param(["run", SMALL, "--draws", "64"], id="run"),
        pytest.param(
            ["run", "example:panzhihua-2024", "--draws", "64"], id="run-all", marks=pytest.mark.slow
        ),
    ],
)
def test_tables_do_not_depend_on_the_order_of_sets(words: list[str], tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        out = ["--quiet", "--out", str(tmp_path / seed)] if words[0] == "run" else []
        done = subprocess.run(
            [sys.executable, "-m", "dabiao.cli.main", *words, *out, "--json"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        made.append(json.loads(done.stdout)["tables"])
    assert made[0] == made[1]
