"""The order of sets, which differs from process to process, moves no digit of any table."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("command", [["audit"], ["--draws", "0", "--quiet"]], ids=["audit", "run"])
def test_tables_do_not_depend_on_the_order_of_sets(command: list[str], tmp_path) -> None:
    made = []
    for seed in ("1", "2"):
        words = (
            [*command[:1], "example:panzhihua-2024"]
            if command == ["audit"]
            else ["run", "--example", "panzhihua-2024", *command, "--out", str(tmp_path / seed)]
        )
        done = subprocess.run(
            [sys.executable, "-m", "dabiao.cli.main", *words, "--json"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        made.append(json.loads(done.stdout)["tables"])
    assert made[0] == made[1]
