"""Whatever stands in a file, it loads or it is a mistake with a file and a line: never a traceback, never a
hang."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.load import load, resolved_yaml
from spoil import GARBAGE, VALUES, garbled, rewritten

VALLEY = Path(__file__).parent / "scenarios_for_tests" / "valley.yaml"
TEXT = VALLEY.read_text(encoding="utf-8")
TREE = yaml.load(TEXT, getattr(yaml, "CBaseLoader", yaml.BaseLoader))
LONGEST = 2.0

LONGEST = 2.0


def is_loaded_or_refused(path: Path, sets: tuple[str, ...] = ()) -> bool:
    """Load; whether it was right. Anything but a scenario or its mistakes fails the test."""
    began = time.process_time()
    try:
        load(path, sets)
        right = True
    except ScenarioError as error:
        assert error.problems
        assert any(problem.file for problem in error.problems)
        assert len(str(error)) < 1_000_000
        right = False
    assert time.process_time() - began < LONGEST, "loading hangs"
    return right


def garbled_valley(rng: random.Random) -> bytes:
    return garbled(TEXT, rng)


def rewritten_valley(rng: random.Random) -> bytes:
    return rewritten(TREE, rng)


def run(make: Callable[[random.Random], bytes], seeds: range, folder: Path) -> int:
    (folder / "valley.yaml").write_text(TEXT, encoding="utf-8")
    right = 0
    for seed in seeds:
        path = folder / "fuzz.yaml"
        path.write_bytes(make(random.Random(seed)))
        try:
            right += is_loaded_or_refused(path)
        except Exception as error:
            raise AssertionError(f"seed {seed} of {make.__name__}: {error!r}") from error
    return right


@pytest.mark.parametrize("make", [garbled_valley, rewritten_valley])
def test_wrong_files_are_mistakes_and_nothing_else(make, tmp_path):
    right = run(make, range(100), tmp_path)
    assert right < 90, "the fuzzer must break most files, else it tests nothing"


@pytest.mark.slow
@pytest.mark.parametrize("make", [garbled_valley, rewritten_valley])
def test_thousands_of_wrong_files(make, tmp_path):
    run(make, range(1000, 4000), tmp_path)


@pytest.mark.parametrize("seed", range(3))
def test_wrong_overrides_are_mistakes_and_nothing_else(seed):
    rng = random.Random(seed)
    paths = list(load(VALLEY).origins)
    for _ in range(15):
        path = rng.choice(paths)
        path = rng.choice(
            [
                path,
                path[: rng.randrange(len(path) + 1)],
                path + rng.choice([".x", "[0]", "[9]", "[x]", ".", "..", "=", "[99999999999999999999]"]),
            ]
        )
        value = rng.choice([str(rng.choice(VALUES)), rng.choice(GARBAGE)])
        is_loaded_or_refused(VALLEY, (f"{path}={value}", rng.choice(paths) + "=null"))


def numbered(count: int, pattern: str) -> str:
    return "".join(pattern.format(i, i + 1) for i in range(count))


HEAVY = {
    "open brackets": lambda: "[" * 4_900_000,
    "dashes": lambda: "- " * 2_400_000,
    "question marks": lambda: "? " * 2_400_000,
    "quotes": lambda: "'" * 4_900_000,
    "one word": lambda: "title: " + "x" * 4_900_000,
    "digits": lambda: "title: 1" + "0" * 4_900_000,
    "keys": lambda: numbered(300_000, "k{0}: {0}\n"),
    "same keys": lambda: "a: 1\n" * 800_000,
    "spaces": lambda: "title:" + " " * 4_900_000 + "a",
    "comments": lambda: "#\n" * 2_400_000,
    "anchors": lambda: numbered(29_000, "k{0}: &a{0} 1\n"),
    "unknown sectors": lambda: TEXT.replace(
        "shares: {farms: 10, mines: 30, factories: 30, shops: 30}}\n  ind",
        "shares: {" + numbered(28_000, "s{0}: 1, ") + "}}\n  ind",
    ),
    "sectors": lambda: TEXT.replace(
        "  shops:\n    model",
        numbered(7_000, "  s{0}: {{model: industry, title: a, va: 1}}\n") + "  shops:\n    model",
    ),
    "circle of mixes": lambda: TEXT.replace(
        "\nlimits:",
        "\n" + numbered(7_000, "  m{0}: {{title: a, starts_from: m{1}, add: {{}}}}\n") + "limits:",
    ),
    "chain of relations": lambda: TEXT.replace(
        "\ntargets:",
        numbered(5_000, "\n  r{0}: {{title: a, constant: 1, drivers: {{r{1}: 1}}}}") + "\ntargets:",
    ),
    "classes": lambda: TEXT.replace("  groups:\n", numbered(28_000, "    c{0}: 1\n") + "  groups:\n"),
    "groups": lambda: TEXT.replace(
        "  coefficients:\n", numbered(9_000, "    g{0}: [soil, x]\n") + "  coefficients:\n"
    ),
    "numbers without source": (
        lambda: TEXT.replace("assumption: invented for tests", "").replace(
            "\nlimits:", "\n  m: {title: a, shares: {" + numbered(28_000, "s{0}: 1, ") + "}}\nlimits:"
        )
    ),
    "wide defaults": lambda: TEXT.replace(
        "defaults:\n", "defaults:\n  agriculture: {" + numbered(28_000, "s{0}: 1, ") + "}\n"
    ),
    "many wide defaults": (
        lambda: TEXT.replace(
            "defaults:\n", "defaults:\n  agriculture: {" + numbered(13_000, "s{0}: 1, ") + "}\n"
        ).replace(
            "  shops:\n    model", numbered(7_000, "  s{0}: {{model: agriculture}}\n") + "  shops:\n    model"
        )
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HEAVY)
def test_heavy_files_do_not_hang(name, tmp_path):
    path = tmp_path / "heavy.yaml"
    path.write_text(HEAVY[name](), encoding="utf-8")
    is_loaded_or_refused(path)


@pytest.mark.slow
def test_what_loads_also_stands_alone(tmp_path):
    """A garbled file that still loads is written out and read again to the same scenario."""
    tried = 0
    for seed in range(600):
        path = tmp_path / "fuzz.yaml"
        path.write_bytes(garbled(TEXT, random.Random(seed), most=1))
        try:
            first = load(path)
        except ScenarioError:
            continue
        again = tmp_path / "again.yaml"
        again.write_text(resolved_yaml(first), encoding="utf-8")
        assert load(again).scenario.model_dump() == first.scenario.model_dump(), seed
        tried += 1
    assert tried > 20
