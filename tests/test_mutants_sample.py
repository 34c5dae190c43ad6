"""A sample of the campaigns that are run by hand (``tests/campaigns``)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.sample
@pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants are forks")
def test_of_ten_small_mistakes_seven_are_noticed(tmp_path: Path) -> None:
    """Two in each of five files, drawn with one seed, put to the tests of these files. Some may be none:
    a change of code draws others."""
    out = tmp_path / "mutants.jsonl"
    code = (
        "models/solow.py",
        "models/public_capital.py",
        "models/short_side.py",
        "engine/diagnose/audit",
        "solvers/ask.py",
    )
    tests = [
        str(HERE / f"test_{name}.py") for name in ("public_capital", "short_side", "audit_by_hand", "ask")
    ]
    words = ["run", *code, "--files", *tests, "--seed", "22", "--number", "2", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, str(HERE / "campaigns" / "mutants.py"), *words],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode in (0, 5), done.stdout + done.stderr
    found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(found) == 10
    assert sum(each["word"] == "killed" for each in found) >= 7, [
        each["text"] for each in found if each["word"] != "killed"
    ]
