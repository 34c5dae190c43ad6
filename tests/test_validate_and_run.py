"""`validate` and `run` agree: what one refuses the other refuses, for the same reason."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from city import CITY
from command import call
from dabiao.engine.diagnose.plausibility import look
from dabiao.engine.run import check, notes, run
from dabiao.models import solow
from dabiao.models.errors import DabiaoError, ScenarioError
from dabiao.models.words import msg
from dabiao.scenarios.load import Loaded, examples, load

FACTORS = (0, 0.01, 0.1, 0.5, 0.8, 1.2, 2, 5, 30, 1000, -1)
OWN = ("accounts.", "sectors.", "investment.", "limits.", "targets.", "projects.", "mixes.", "relations.")
SAMPLE, WHOLE = 8, 60
"""Changed scenarios of each scenario in the quick run, and in the slow one."""


@cache
def values(name: str) -> dict[str, float]:
    """Every number of a scenario."""
    return {path: quantity.value for path, quantity in load(name).quantities().items()}


def changed(name: str, seed: int) -> tuple[str, ...]:
    """A few numbers of a scenario changed, mostly its own."""
    rng, stated = random.Random(seed), values(name)
    own = [path for path in stated if path.startswith(OWN)]
    paths = [
        rng.choice(own if rng.random() < 0.75 else list(stated)) for _ in range(rng.choice([1, 1, 2, 3]))
    ]
    return tuple(
        f"{path}={stated[path] * rng.choice(FACTORS) + rng.choice([0, 0, 0, 1]):.6g}" for path in paths
    )


def said(ask: Callable[..., object], *given: object, **more: object) -> str:
    """What is wrong; empty where nothing is."""
    try:
        ask(*given, **more)
    except DabiaoError as error:
        return str(error)
    return ""


def validated(loaded: Loaded) -> None:
    """What the command does."""
    check(loaded)
    notes(loaded)
    look(loaded)


def agree(name: str, seeds: range) -> int:
    """How many of the changed scenarios run."""
    ran = 0
    for seed in seeds:
        sets = changed(name, seed)
        try:
            loaded = load(name, sets)
        except ScenarioError:
            continue
        refused = said(validated, loaded)
        assert said(run, loaded, draws=16) == refused, sets
        ran += not refused
    return ran


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The file of a city."""
    file = tmp_path_factory.mktemp("agree") / "a.yaml"
    file.write_text(CITY, encoding="utf-8")
    return str(file)


@pytest.mark.slow
def test_a_city_with_other_numbers(city: str) -> None:
    assert agree(city, range(4 * SAMPLE)) > SAMPLE / 2


@pytest.mark.first(2)
@pytest.mark.parametrize("name", examples())
def test_a_shipped_scenario_with_other_numbers(name: str) -> None:
    agree(f"example:{name}", range(SAMPLE // 4))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["city", *examples()])
def test_many_scenarios_with_other_numbers(name: str, city: str) -> None:
    ran = agree(city if name == "city" else f"example:{name}", range(1000, 1000 + WHOLE))
    print(name, ran, "of", WHOLE, "run")
    assert ran > WHOLE / 10


EATEN = "accounts.household_consumption=900", "accounts.government_consumption=700"
"""A region that consumes far more than it makes has no savings to speak of in the long view."""


def test_a_question_of_the_long_view_that_has_no_answer_takes_no_other_along(city: str) -> None:
    loaded, usual = load(city, EATEN), run(load(city), draws=0)
    assert said(validated, loaded) == ""
    answer = run(loaded, draws=0)
    told = [hint for hint in answer.hints if hint.kind.startswith("no_long")]
    assert answer.long is not None and usual.long is not None
    left = answer.long.left_out
    assert [hint.kind for hint in told] == ["no_long_case"] * len(left) and 0 < len(left) <= 2
    assert all("capital" in str(each.why) and "savings of" in str(each.name) for each in left)
    names = [str(case.name) for case in usual.long.cases]
    assert len(answer.long.cases) == len(names) - len(left)
    unsaved = [name for name in names if not name.startswith("savings")]
    assert [str(case.name) for case in answer.long.cases][: len(unsaved)] == unsaved
    assert [hint for hint in notes(loaded) if hint.kind.startswith("no_long")] == told
    assert all(not hint.kind.startswith("no_long") for hint in usual.hints)
    shown = call("longview", city, *(word for each in EATEN for word in ("--set", each)), "--lang", "en")
    told = " ".join(shown.output.split())
    assert shown.exit_code == 0 and "left out, its numbers cannot stand together (year" in told
    assert "Left out: savings of" in told


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    """No question of the long view has an answer."""

    def fails(*_: object) -> None:
        raise ValueError(msg("year 1: more capital is taken away than there is"))

    for name in ("growth_from_investment", "investment_from_growth", "growth_from_savings"):
        monkeypatch.setattr(solow, name, fails)


def test_a_long_view_that_cannot_be_ends_no_run(city: str, never: None) -> None:
    answer = run(load(city), draws=0)
    told = [hint for hint in answer.hints if hint.kind == "no_long_view"]
    assert answer.long is None and len(told) == 1 and "capital" in str(told[0].why)


def test_its_place_is_the_users_file(tmp_path: Path) -> None:
    """Not the shipped priors that the long view is inherited from."""
    file = tmp_path / "a.yaml"
    text = CITY.replace(
        "household_consumption: 350, government_consumption: 130",
        "household_consumption: 900, government_consumption: 700",
    )
    assert text != CITY
    file.write_text(text, encoding="utf-8")
    done = call("validate", file, "--lang", "en")
    left = r"a.yaml:6:\d+  accounts: a question of the long view is left out"
    assert done.exit_code == 0 and re.search(left, done.output), done.output
    done = call("run", file, "--draws", "0", "--out", tmp_path / "runs", "--lang", "en")
    assert done.exit_code == 0 and "a question of the long view is left out" in " ".join(done.output.split())


def test_its_place_is_the_users_file_where_there_is_none(tmp_path: Path, never: None) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(CITY, encoding="utf-8")
    done = call("validate", file, "--lang", "en")
    assert done.exit_code == 0 and re.search(r"a.yaml:6:\d+  accounts: no long view", done.output), (
        done.output
    )
    done = call("longview", file, "--lang", "en")
    assert done.exit_code == 2 and re.search(r"a.yaml:6:\d+  accounts: got year", done.output), done.output
