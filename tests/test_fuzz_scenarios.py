"""Whatever stands in a file, it loads or it is a mistake with a file and a line: never a traceback, never a
hang."""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.load import load, resolved_yaml

VALLEY = Path(__file__).parent / "scenarios_for_tests" / "valley.yaml"
TEXT = VALLEY.read_text(encoding="utf-8")
TREE = yaml.load(TEXT, getattr(yaml, "CBaseLoader", yaml.BaseLoader))
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
LONGEST = 2.0

GARBAGE = [
    "[",
    "]",
    "{",
    "}",
    ":",
    ": ",
    "- ",
    "? ",
    "&a ",
    "*a",
    "!!python/object:os.system ",
    "!x ",
    "|",
    ">",
    "|2-\n",
    "%",
    "%YAML 1.1\n",
    "---\n",
    "...\n",
    "@",
    "`",
    "'",
    '"',
    "#",
    " #",
    "\t",
    "\n",
    "\r",
    "\0",
    "\x7f",
    "\x85",
    "\u2028",
    "\ufeff",
    "\ud800",
    "😀",
    "鲊",
    "：",
    "，",
    "０",
    "<<: ",
    "null",
    "~",
    ".inf",
    ".nan",
    "1e999",
    "-1e999",
    "9" * 50,
    "9" * 5000,
    "0x1F",
    "012",
    "12:30",
    "1_000",
    "true",
    "no",
    "=",
    "source: ",
    "assumption: ",
    "note: ",
    "file: ",
    "extends: ",
    "value: ",
    "low: ",
    "high: ",
    "unit: ",
    "defaults: ",
    "zh: ",
    "model: ",
    "starts_from: ",
    "2021-13",
    "2021-09",
    "-",
    "--",
    "e",
    "[[[[[[[[",
    "{{{{{{{{",
    "a" * 200,
    "\\",
]
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    3,
    100,
    2021,
    10**14,
    10**30,
    -(10**18),
    0.5,
    -0.0,
    1e-300,
    1e300,
    float("inf"),
    float("nan"),
    "",
    " ",
    "x",
    "no",
    "012",
    "plan",
    "shops",
    "ridge",
    "ore",
    "a.b",
    "a[0]",
    "../x",
    "example:china-2023/priors.yaml",
    "valley.yaml",
    "x" * 3000,
    "鲊",
    [],
    {},
    [[]],
    [1, 2],
    {"value": 1},
    {"value": None},
    {"value": {"value": 1}},
    {"value": 1, "low": 5},
    {"file": "valley.yaml"},
    {"file": "x.csv"},
    {"file": {}},
    {"zh": 1},
    {"source": "yearbook"},
    {"assumption": {}},
    {"model": "industry"},
    [None],
    [{}],
]


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


def garbled(rng: random.Random, most: int = 4) -> bytes:
    """The text of a scenario after one to four accidents, mostly followed by accidents to its bytes."""
    text = TEXT
    for _ in range(rng.randint(1, most)):
        at, to = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        to = min(to, at + rng.choice([1, 1, 3, 20, 300]))
        accident = rng.randrange(8)
        if accident == 0:
            text = text[:at] + text[to:]
        elif accident == 1:
            text = text[:at] + text[at:to] * rng.choice([2, 3, 50]) + text[to:]
        elif accident in (2, 3):
            text = text[:at] + rng.choice(GARBAGE) + text[at:]
        elif accident == 4:
            text = text[:at] + rng.choice(GARBAGE) + text[to:]
        elif accident == 5:
            lines = text.split("\n")
            i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
            lines[i], lines[j] = lines[j], lines[i]
            text = "\n".join(lines)
        elif accident == 6:
            lines = text.split("\n")
            i = rng.randrange(len(lines))
            lines[i] = " " * rng.randrange(12) + lines[i].lstrip()
            text = "\n".join(lines)
        else:
            text = (
                text[:at]
                + chr(
                    rng.choice(
                        [rng.randrange(32, 127), rng.randrange(0xD000), rng.randrange(0xE000, 0x110000)]
                    )
                )
                + text[at + 1 :]
            )
    data = text.encode("utf-8", "surrogatepass")
    if most == 1:
        return data
    if rng.random() < 0.15:
        data = data[: rng.randrange(len(data) + 1)]
    if rng.random() < 0.15:
        at = rng.randrange(len(data) + 1)
        data = (
            data[:at]
            + bytes(rng.randrange(256) for _ in range(rng.randint(1, 4)))
            + data[at + rng.randrange(3) :]
        )
    if rng.random() < 0.05:
        data = text.encode(
            rng.choice(["utf-16", "utf-16-le", "gb18030", "utf-8-sig", "big5", "utf-32"]), "replace"
        )
    return data


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key) of a tree."""
    found = []
    stack = [tree]
    while stack:
        holder = stack.pop()
        for key, value in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
            found.append((holder, key))
            if isinstance(value, (dict, list)):
                stack.append(value)
    return found


def rewritten(rng: random.Random) -> bytes:
    """A tree of right YAML whose content is wrong in one to five places."""
    tree = copy.deepcopy(TREE)
    for _ in range(rng.randint(1, 5)):
        spots = places(tree)
        holder, key = rng.choice(spots)
        other_holder, other_key = rng.choice(spots)
        act = rng.randrange(7)
        if act == 0:
            del holder[key]
        elif act in (1, 2):
            holder[key] = rng.choice(VALUES)
        elif act == 3:
            holder[key], other_holder[other_key] = other_holder[other_key], holder[key]
        elif act == 4 and isinstance(holder, dict):
            holder[
                rng.choice(
                    [
                        f"{key}x",
                        str(key)[:-1],
                        "value",
                        "source",
                        "file",
                        "extends",
                        "defaults",
                        "model",
                        "a b",
                        "",
                        str(other_key),
                    ]
                )
            ] = holder.pop(key)
        elif act == 5 and isinstance(holder, list):
            holder.extend(rng.choice(VALUES) for _ in range(rng.randint(1, 30)))
        else:
            value: Any = rng.choice(VALUES)
            for _ in range(rng.choice([1, 2, 20, 60])):
                value = rng.choice([[value], {"value": value}, {"a": value}])
            holder[key] = value
        if not tree:
            break
    try:
        text = yaml.dump(tree, Dumper=DUMPER, allow_unicode=True, sort_keys=False).replace("'", "")
    except (yaml.YAMLError, RecursionError, ValueError):
        return b""
    return text.encode("utf-8", "surrogatepass")


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


@pytest.mark.parametrize("make", [garbled, rewritten])
def test_wrong_files_are_mistakes_and_nothing_else(make, tmp_path):
    right = run(make, range(100), tmp_path)
    assert right < 90, "the fuzzer must break most files, else it tests nothing"


@pytest.mark.slow
@pytest.mark.parametrize("make", [garbled, rewritten])
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
        path.write_bytes(garbled(random.Random(seed), most=1))
        try:
            first = load(path)
        except ScenarioError:
            continue
        again = tmp_path / "again.yaml"
        again.write_text(resolved_yaml(first), encoding="utf-8")
        assert load(again).scenario.model_dump() == first.scenario.model_dump(), seed
        tried += 1
    assert tried > 20
