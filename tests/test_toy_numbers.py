"""A number that is said to count, counts: move it and some table changes (or the run says that it is not
used)."""

import random
from pathlib import Path

import pytest
from dabiao import load
from dabiao.engine.run import run
from dabiao.models.errors import ScenarioError
from dabiao.results.report import tables

REGION = Path(__file__).parent / "scenarios_for_tests" / "answered.yaml"
ABOUT_NUMBERS = {"inherited", "numbers", "key_assumptions", "sources", "checks", "summary", "hints"}
# the desks of this region are never full, so how long a file lies on one does not matter
SLACK = {
    "pool.months.approval",
    # from November 2018 on: whether one or three months later, it was registered when the base year began
    "projects.old-plant.months.registration",
}


def content(answer):
    """What the tables say to nine digits, but for the tables that only repeat the numbers."""
    return {
        name: [[f"{cell:.9g}" if isinstance(cell, float) else cell for cell in row] for row in table.rows]
        for name, table in tables(answer).items()
        if name not in ABOUT_NUMBERS
    }


@pytest.fixture(scope="module")
def plain():
    loaded = load(REGION)
    answer = run(loaded)
    use = {row["path"]: row["use"].en for row in tables(answer)["numbers"].records()}
    return loaded, content(answer), use


def moved(path, value, factors):
    """The region with one number moved, by each factor that still makes a scenario that can be."""
    for factor in factors:
        try:
            loaded = load(REGION, sets=[f"{path}={value * factor if value else factor - 0.9:.12g}"])
            yield content(run(loaded))
        except ScenarioError:
            continue


def check(paths, plain):
    """Numbers that are said to be used, but change nothing, by whatever factor."""
    loaded, before, use = plain
    known = loaded.quantities()
    silent = []
    for path in paths:
        if use[path] == "not used" or path in SLACK:
            continue
        afters = moved(path, known[path].value, (1.07, 0.93, 0.997, 1.6, 0.5, 0.1))
        first = next(afters, None)  # none: it cannot be moved alone, the accounts would not add up
        if first == before and all(after == before for after in afters):
            silent.append(path)
    return silent


@pytest.mark.slow
def test_a_sample_of_numbers_moves_some_table_or_is_said_to_be_unused(plain):
    paths = random.Random(7).sample(sorted(plain[2]), 14)
    assert check(paths, plain) == []


@pytest.mark.slow
def test_every_number_moves_some_table_or_is_said_to_be_unused(plain):
    silent = check(sorted(plain[2]), plain)
    assert not silent, "\n".join(silent)


@pytest.mark.slow
def test_what_is_said_to_be_unused_moves_nothing(plain):
    """The other way round, so that "not used" is no excuse."""
    _, before, use = plain
    known = plain[0].quantities()
    for path in [path for path, kind in use.items() if kind == "not used"][:10]:
        assert all(after == before for after in moved(path, known[path].value, (1.01, 0.99))), path
