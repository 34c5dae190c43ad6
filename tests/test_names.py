"""A reader sees names: no key of a scenario in a report, and no two headings of a table alike."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.results.forms.json_document import tables_of
from dabiao.results.tables.table import Table, shown
from dabiao.results.text.format import heading, printed
from dabiao.results.text.names import name_of, name_of_all, section_of
from dabiao.scenarios.load import examples, load_example

VALLEY = str(Path(__file__).with_name("scenarios_for_tests") / "answered.yaml")
ASKED = (
    ("run", VALLEY, "--draws", "64"),
    ("explain", VALLEY),
    ("optimize", "required", VALLEY),
    ("optimize", "frontier", VALLEY, "--points", "3"),
)
KEY = re.compile(r"[a-z]\w*_\w+|\b[a-z]+\.[a-z_*]+\b|`|\bslip\b|\bcut or floor\b|simulate ")
"""What a scenario's file may hold and no report."""
PLACES = frozenset({"origin"})
TYPED = ("quick_typed",)
"""Tables of what is typed for an exact run: paths are what they are for."""
"""Columns that say where something is written."""


@pytest.fixture(scope="module", params=ASKED, ids=lambda asked: " ".join(asked[:2]).split(" /")[0])
def made(request: pytest.FixtureRequest) -> dict[str, Table]:
    """The tables of an answer."""
    done = CliRunner().invoke(simulate, [*request.param, "--json"])
    assert done.exit_code in (0, 3), done.output
    return tables_of(json.loads(done.stdout))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_two_headings_of_a_table_are_alike(made: dict[str, Table], lang: str) -> None:
    for name, table in made.items():
        heads = Counter(heading(column, lang) for column in shown(table))
        assert max(heads.values(), default=0) <= 1, (name, heads.most_common(2))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_key_reaches_a_reader(made: dict[str, Table], lang: str) -> None:
    for name, table in made.items():
        columns = [column for column in shown(table) if column.name not in PLACES]
        said = [table.title.of(lang), *(heading(column, lang) for column in columns)]
        said += [table.note.of(lang)] if table.note else []
        said += [cell for row in printed(table, lang, columns) for cell in row]
        assert [text for text in said if KEY.search(text.replace("s.e.", ""))] == [] or name in TYPED, name


@pytest.mark.parametrize("example", examples())
def test_every_number_has_a_name_of_its_own(example: str) -> None:
    """Within its part of the scenario no two numbers share a name, in either language, and none is a path."""
    loaded = load_example(example)
    for lang in ("zh", "en"):
        names = Counter(
            (section_of(path).of(lang), name_of(loaded.scenario, path).of(lang))
            for path in loaded.quantities()
        )
        assert [name for name, count in names.items() if count > 1] == []
        assert [name for _, name in names if re.search(r"\w_\w|[a-z]\.[a-z]", name)] == []


def test_a_number_of_all_sectors_is_named_once() -> None:
    scenario = load_example("panzhihua-2024").scenario
    found = name_of_all(scenario, "sectors.*.price_growth", "sectors.equipment.price_growth")
    assert found.en == "All sectors: price growth"
    assert found.zh == "各部门·出厂价格涨幅"
    found = name_of_all(
        scenario,
        "chains.panzhihua.materials.*.price_reversion",
        "chains.panzhihua.materials.ore.price_reversion",
    )
    assert found.en == "All materials: price reversion"
    assert found.zh == "各物料·均值回归速度"
