"""The number of threads that the environment asks for moves no digit: linear algebra has one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from dabiao.cli.main import THREADS

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"


def asked_for(threads: str) -> dict[str, str]:
    return {**os.environ, **dict.fromkeys(THREADS, threads)}


@pytest.mark.parametrize("threads", ["1", "2", "8", "many"])
def test_a_command_keeps_linear_algebra_in_one_thread(threads: str) -> None:
    said = "import os, dabiao.cli.main as m; m._one_thread(); print(*(os.environ[n] for n in m.THREADS))"
    done = subprocess.run(
        [sys.executable, "-c", said], env=asked_for(threads), capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) == {"1"}


ASKED = """
import sys, dabiao, dabiao.engine.run
from threadpoolctl import threadpool_info
def seen(*given, **named):
    print(sorted({each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}))
    sys.exit()
dabiao.engine.run.run = seen
import numpy
print(max(each["num_threads"] for each in threadpool_info()))
dabiao.run(sys.argv[1])
"""


def test_a_question_from_python_does_too() -> None:
    """Numpy was imported before, with two threads; it has them back afterwards, as they are the caller's."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED, str(VALLEY)],
        env=asked_for("2"),
        capture_output=True,
        text=True,
        check=True,
    )
    before, inside = done.stdout.splitlines()
    assert inside == "[1]"
    if (os.cpu_count() or 1) > 1:
        assert before == "2"


@pytest.mark.slow
def test_tables_are_the_same_with_one_two_or_eight_threads(tmp_path: Path) -> None:
    made = []
    for threads in ("1", "2", "8"):
        words = ["run", str(VALLEY), "--draws", "64", "--quiet", "--json", "--out", str(tmp_path / threads)]
        done = subprocess.run(
            [sys.executable, "-m", "dabiao.cli.main", *words],
            env=asked_for(threads),
            capture_output=True,
            check=True,
        )
        made.append(json.loads(done.stdout)["tables"])
    assert made[0] == made[1] == made[2]
