"""What the file of a sweep may not say: a case for each check, told by its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.load import load
from dabiao.scenarios.sweep_file import read_sweep, tried

CITY = "example:deyang-2022"
ONE = f"scenarios: {CITY}\n"


def said(folder: Path, text: str, name: str = "many.yaml") -> str:
    """With what the file of a sweep is refused."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_sweep(path)
    assert caught.value.exit_code == 2
    return "\n".join(map(str, caught.value.problems)).replace(f"{folder}/", "")


YAML: dict[str, tuple[str, str]] = {
    "a key that is none": (
        f"{ONE}seed: 1\n",
        "many.yaml:2:1  seed: got an unknown key, expected title, scenarios, settings, outlooks, seeds"
        " or draws;"
        " did you mean seeds?",
    ),
    "a title of other languages": (
        f"{ONE}title: {{fr: Villes}}\n",
        "many.yaml:2:1  title: got a map, expected a text, or texts by `zh` and `en`",
    ),
    "a title that is a list": (f"{ONE}title: [a]\n", "title: got a list, expected a text, or texts by `zh`"),
    "no scenarios": (
        "seeds: [1]\n",
        "many.yaml:1:1  scenarios: got nothing, expected paths, patterns or examples of scenarios",
    ),
    "a number for a scenario": (
        "scenarios: [1]\n",
        'many.yaml:1:13  scenarios[0]: got "1", expected a path, a pattern or example:NAME',
    ),
    "a file that is not there": (
        "scenarios: [city.yaml]\n",
        'many.yaml:1:13  scenarios[0]: got "city.yaml", which does not exist, expected a scenario file',
    ),
    "a pattern of nothing": (
        'scenarios: ["*.yml"]\n',
        'many.yaml:1:13  scenarios[0]: got no file that fits "*.yml", expected scenario files',
    ),
    "settings without names": (
        f"{ONE}settings: [investment.growth]\n",
        "many.yaml:2:1  settings: got a list, expected a map of names",
    ),
    "a setting without values": (
        f"{ONE}settings: {{a: 3}}\n",
        'many.yaml:2:15  settings.a: got "3", expected a map `path: value`',
    ),
    "a value that is a list": (
        f"{ONE}settings: {{a: {{investment.growth: [1, 2]}}}}\n",
        "settings.a: investment.growth: got a list, expected one number or word",
    ),
    "a value that is nothing": (
        f"{ONE}settings:\n  a:\n    investment.growth:\n",
        "settings.a: investment.growth: got null, expected one number or word",
    ),
    "a seed twice": (f"{ONE}seeds: [1, 2, 1]\n", "many.yaml:2:15  seeds[2]: got 1 again, expected each once"),
    "a seed that is none": (f"{ONE}seeds: [-1]\n", "seeds[0]: got "),
    "no seed": (
        f"{ONE}seeds: []\n",
        "many.yaml:2:1  seeds: got an empty list, expected a whole number from 0",
    ),
    "draws of another number": (
        f"{ONE}draws: [24]\n",
        'many.yaml:2:9  draws[0]: got "24", expected a multiple of 16 up to 4,194,304, or 0 for none',
    ),
    "a value of two": (
        f"{ONE}settings: {{a: {{uncertainty.seed: 3}}}}\nseeds: [1]\n",
        "settings.a: got uncertainty.seed stated twice, by setting, outlook or seeds, expected once",
    ),
}


@pytest.mark.parametrize("case", YAML)
def test_a_mistake_of_a_sweep_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    text, told = YAML[case]
    assert told in said(tmp_path, text), said(tmp_path, text)


TABLE: dict[str, tuple[str, str]] = {
    "no row": ("scenario\n", "cities.csv:1:1  file: got headings and no row, expected a task a row"),
    "no heading of scenarios": (
        f"setting,seed\n{CITY},1\n",
        "cities.csv:1:1  file: got no column `scenario`, expected a column `scenario`",
    ),
    "a heading twice": (
        f"scenario,seed,seed\n{CITY},1,2\n",
        'cities.csv:1:15  file: got the column "seed" twice, expected once',
    ),
    "a path twice": (
        f"scenario,investment.growth,investment.growth\n{CITY},1,2\n",
        'cities.csv:1:28  file: got the column "investment.growth" twice, expected once',
    ),
    "a heading that is none": (
        f"scenario,sed\n{CITY},1\n",
        'cities.csv:1:10  file: got the column "sed", expected scenario, setting, outlook, seed or'
        " draws, or the"
        " path of a value as investment.growth; did you mean seed?",
    ),
    "a cell beyond the headings": (
        f"scenario\n{CITY},more\n",
        'cities.csv:2:21  file: got "more", expected a heading above it',
    ),
    "no scenario": (
        f"scenario,seed\n{CITY},1\n,2\n",
        "cities.csv:3:1  scenario: got nothing, expected a path or example:NAME",
    ),
    "a task twice": (
        f"scenario,seed\n{CITY},1\n{CITY},1\n",
        "cities.csv:3:1  file: got the same as line 2, expected every task once",
    ),
    "a name of two settings": (
        f"scenario,setting,investment.growth\n{CITY},a,1\n{CITY},a,2\n",
        'cities.csv:3:1  setting: got other values of "a" than in line 2, expected one name for one set'
        " of values",
    ),
    "a seed that is none": (
        f"scenario,seed\n{CITY},x\n",
        'cities.csv:2:21  seed: got "x", expected a whole number from 0',
    ),
    "an outlook that is none": (f"scenario,outlook\n{CITY},januray\n", "did you mean january?"),
}


@pytest.mark.parametrize("case", TABLE)
def test_a_mistake_of_a_table_of_tasks_is_told_at_its_cell(case: str, tmp_path: Path) -> None:
    text, told = TABLE[case]
    found = said(tmp_path, text, "cities.csv")
    assert told in found, found


def test_a_sweep_of_another_kind_of_file_is_told(tmp_path: Path) -> None:
    assert 'file: got "many.txt", expected a file .yaml or .csv of a sweep' in said(tmp_path, ONE, "many.txt")


def test_a_setting_that_fits_no_scenario_is_told_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "many.yaml"
    path.write_text(
        f"{ONE}settings:\n  a: {{accounts.gpd: 3}}\n  b: {{investment.growth: 5}}\n", encoding="utf-8"
    )
    with pytest.raises(ScenarioError) as caught:
        tried(read_sweep(path), load)
    (problem,) = caught.value.problems
    assert (problem.line, problem.path) == (3, "accounts.gpd") and "did you mean gdp?" in str(problem)
