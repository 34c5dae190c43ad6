"""What is told of values: of Python's own, of the wrong kind, of names that lead nowhere, of networks, of
tables that a new region is begun from; and what is told of what was read for something else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.document import Node
from dabiao.scenarios.ground import chosen, ground_of
from dabiao.scenarios.load import kind_of, load
from dabiao.scenarios.network_file import load_network
from dabiao.scenarios.report import Place, Report, meant, one_of
from dabiao.scenarios.spreadsheet import only
from dabiao.scenarios.tables import csv_grid
from dabiao.scenarios.tables.grid import Grid
from dabiao.scenarios.target_words import LONGEST, told, worded
from wrong import TEXT, assert_told, complaints

PLAIN: dict[str, tuple[dict[str, Any], str]] = {
    "a number beyond any": (
        {"accounts": {"transfers": 1e16}},
        "accounts.transfers: got 1e+16, expected a number up to 1e+15; mind the unit",
    ),
    "no number": (
        {"accounts": {"transfers": float("nan")}},
        "accounts.transfers: got nan, expected a number up to",
    ),
    "a number of numpy": (
        {"accounts": {"transfers": np.float64(-2e15)}},
        "accounts.transfers: got -2000000000000000.0, expected a number up to 1e+15",
    ),
    "a thing": (
        {"title": object()},
        "title: got object, expected a map, a list, a text, a number, yes or no",
    ),
    "a set": (
        {"accounts": {"transfers": {3}}},
        "accounts.transfers: got set, expected a map, a list, a text, a",
    ),
}


@pytest.mark.parametrize("case", PLAIN)
def test_a_value_of_python_that_none_can_be_is_told_by_its_path(case: str) -> None:
    given, said = PLAIN[case]
    with pytest.raises(ScenarioError) as caught:
        load(yaml.safe_load(TEXT) | given)
    found = "\n".join(map(str, caught.value.problems))
    assert said in found, found


KINDS: dict[str, tuple[list[tuple[str, str]], str]] = {
    "a list of parts": (
        [("mixes:\n  plan", "later: 3\n§mixes: [plan]\nother:\n  plan")],
        "mixes: got a list, expected a map (name: value)",
    ),
    "no part": (
        [("targets:\n  source: yearbook\n", "§targets: {}\nother:\n  source: yearbook\n")],
        "targets: got an empty map, expected at least one entry",
    ),
    "a word for a sector": (
        [("  shops:\n    model: services\n", "  §shops: [services]\n  other:\n    model: services\n")],
        "sectors.shops: got a list, expected a map with `model`",
    ),
    "a sector without a model": (
        [("  shops:\n    model: services\n", "  §shops:\n")],
        "sectors.shops.model: got nothing, expected `model: ` industry, services",
    ),
    "a list for a title": (
        [("    title: 商业\n", "    §title: [商业]\n")],
        "sectors.shops.title: got a list, expected a text, or {zh: ..., en: ...}",
    ),
    "no title": ([("    title: 商业\n", '    title: §" "\n')], "sectors.shops.title: got "),
    "a list for a word": (
        [("    sector: mines", "    §sector: [mines]")],
        "projects.new-mine.sector: got a list, expected a word",
    ),
    "a list for a number": (
        [("{seed: 7}", "{§seed: [7]}")],
        "uncertainty.seed: got a list, expected a whole number",
    ),
    "a number above a bound": (
        [("{seed: 7}", "{seed: 7, error: §0}")],
        "uncertainty.error: got 0, expected a number above 0",
    ),
    "a number of a large unit": (
        [("{seed: 7}", "{seed: 7, draws_min: §5000000}")],
        "uncertainty.draws_min: got 5000000, expected a whole number from 256 to 4194304",
    ),
}


@pytest.mark.parametrize("case", KINDS)
def test_a_value_of_the_wrong_kind_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(*KINDS[case], tmp_path)


def test_a_key_of_which_nothing_is_said_is_asked_for_by_its_name_alone(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(TEXT.replace("    title: 新矿\n", ""), encoding="utf-8")
    (line,) = complaints(path)
    assert line.endswith("projects.new-mine.title: got nothing, expected the key `title`")


NAMES: dict[str, tuple[str, str]] = {
    "nothing": ('""', "extends: got "),
    "from the root": ("/etc/passwd", 'extends: got "/etc/passwd", expected a path inside the project'),
    "a drive": ("'C:/a.yaml'", 'extends: got "C:/a.yaml", expected a path inside the project'),
    "an address": ("'https://a.cn/b.yaml'", "absolute paths are refused"),
    "other slashes": (r"'a\b.yaml'", "written with /"),
    "out of the project": ("../../a.yaml", "which leads out of the project"),
    "round in a circle": ("loop.yaml", "wrong.yaml:1:10  extends: got "),
}


@pytest.mark.parametrize("case", NAMES)
def test_a_file_that_may_not_be_named_is_told(case: str, tmp_path: Path) -> None:
    name, said = NAMES[case]
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    path = tmp_path / "wrong.yaml"
    path.write_text(f"extends: {name}\n{TEXT}", encoding="utf-8")
    found = "\n".join(complaints(path))
    assert said in found, found


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.yaml").write_text(TEXT, encoding="utf-8")
    path = tmp_path / "wrong.yaml"
    path.write_text(f"extends: other.yaml\n{TEXT}", encoding="utf-8")
    real = os.open

    def closed(name: Any, *more: Any, **words: Any) -> int:
        if str(name).endswith("other.yaml"):
            raise PermissionError(13, "Permission denied")
        return real(name, *more, **words)

    monkeypatch.setattr(os, "open", closed)
    found = complaints(path)
    assert any(
        "'other.yaml', which cannot be read (" in line and "a readable file" in line for line in found
    ), found


def network(**changes: Any) -> dict[str, Any]:
    """A network of one process at one of two places."""
    usual: dict[str, Any] = {
        "title": "n",
        "assumption": "invented",
        "units": {"amount": "kt", "price": "USD/t"},
        "materials": {"ore": {"title": "Ore"}, "iron": {"title": "Iron"}},
        "processes": {"smelting": {"title": "Smelting", "makes": "iron", "uses": {"ore": 2}}},
        "places": {"east": {"title": "East", "capacity": {"smelting": 5}}, "west": {"title": "West"}},
    }
    return {"network": {**usual, **changes}, "sources": {}}


PROCESS = {"title": "Smelting", "makes": "iron", "uses": {"ore": 2}}
PLACE = {"title": "East", "capacity": {"smelting": 5}}
NETWORKS: dict[str, tuple[dict[str, Any], str]] = {
    "makes what is not there": (
        {"processes": {"smelting": {**PROCESS, "makes": "irno"}}},
        'network.processes.smelting.makes: got "irno", expected a material of the network: iron or ore;'
        " did you",
    ),
    "uses what is not there": (
        {"processes": {"smelting": {**PROCESS, "uses": {"oer": 2}}}},
        'network.processes.smelting.uses.oer: got "oer", expected a material of the network',
    ),
    "makes what is not there beside": (
        {"processes": {"smelting": {**PROCESS, "joint": {"slag": 2}}}},
        'network.processes.smelting.joint.slag: got "slag", expected a material of the network',
    ),
    "runs nowhere": (
        {"places": {"east": {"title": "East"}}},
        "network.processes.smelting: got no place with a capacity of smelting, expected a place where it"
        " can run;"
        " state `capacity: {smelting: ...}` at a place",
    ),
    "a capacity of nothing": (
        {"places": {"east": {**PLACE, "capacity": {"smelting": 5, "smelter": 5}}}},
        'network.places.east.capacity.smelter: got "smelter", expected the unit of a process: smelting',
    ),
    "needs what is not there": (
        {"places": {"east": {**PLACE, "needs": {"steel": 5}}}},
        'network.places.east.needs.steel: got "steel", expected a material of the network',
    ),
    "carries what is not there": (
        {"transport": {"steel": {"fixed": 1, "per_distance": 1, "distance": {"east": {"west": 5}}}}},
        'network.transport.steel: got "steel", expected a material of the network',
    ),
    "carries from nowhere": (
        {"transport": {"iron": {"fixed": 1, "per_distance": 1, "distance": {"north": {"west": 5}}}}},
        'network.transport.iron.distance.north: got "north", expected a place: east or west',
    ),
    "carries to nowhere": (
        {"transport": {"iron": {"fixed": 1, "per_distance": 1, "distance": {"east": {"south": 5}}}}},
        'network.transport.iron.distance.east.south: got "south", expected a place: east or west',
    ),
}


@pytest.mark.parametrize("case", NETWORKS)
def test_a_network_that_cannot_be_is_told_by_its_path(case: str, tmp_path: Path) -> None:
    changes, said = NETWORKS[case]
    path = tmp_path / "n.yaml"
    path.write_text(yaml.safe_dump(network(**changes), allow_unicode=True), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_network(path)
    found = "\n".join(map(str, caught.value.problems))
    assert said in found, found


def root_of(*keys: str) -> Any:
    """A tree with some keys at its top."""
    from dabiao.scenarios.document import compose

    return compose("".join(f"{key}: {{a: 1}}\n" for key in keys), "a.yaml", Report())


KIND_OF: dict[str, tuple[Sequence[str], str]] = {
    "regions": (("regions",), "a file of regions, which `simulate province` reads"),
    "network": (("network", "sources"), "a file of processes, which `simulate optimize chain` reads"),
    "sweep": (("scenarios", "seeds"), "a file of many scenarios, which `simulate sweep` reads"),
    "chains": (("chains",), "a file of process chains, which scenarios extend"),
    "priors": (("national", "defaults"), "a file of priors, which scenarios extend"),
    "a scenario with a chain": (("chains", "years"), ""),
    "nothing known": (("sources",), ""),
}


@pytest.mark.parametrize("case", KIND_OF)
def test_a_file_of_another_kind_is_called_by_it(case: str) -> None:
    keys, said = KIND_OF[case]
    found = kind_of(root_of(*keys))
    assert getattr(found, "en", found) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sichuan-2021", "a file of regions, which `simulate province` reads"),
        ("steel-mexico", "a file of processes, which `simulate optimize chain` reads"),
        ("china-2023/priors", "a file of priors, which scenarios extend"),
        ("panzhihua-2024/chain", "a file of process chains, which scenarios extend"),
    ],
)
def test_a_file_of_another_kind_is_told_as_that_alone(name: str, said: str) -> None:
    """Not as a scenario that lacks everything; the one file of a shipped folder goes by the folder's name."""
    with pytest.raises(ScenarioError) as caught:
        load(f"example:{name}")
    (problem,) = caught.value.problems
    assert problem.file.startswith(f"example:{name}") and problem.file.endswith(".yaml")
    assert (problem.path, str(problem.found), str(problem.expected)) == ("file", said, "a scenario")


def test_a_key_of_another_kind_in_a_scenario_is_a_key_too_many(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(f"{TEXT}regions: {{a: 1}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"regions: got an unknown key.*read by `simulate province`"):
        load(tmp_path / "own.yaml")


def test_a_region_is_begun_from_a_table_alone(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(TEXT, encoding="utf-8")
    assert chosen(ground_of(tmp_path / "own.yaml"), "goods") == "goods"
    with pytest.raises(ScenarioError) as caught:
        chosen(ground_of(tmp_path / "own.yaml"), "godos")
    assert "--va: got `godos`, expected a class or group of" in str(caught.value)
    assert "did you mean goods?" in str(caught.value)
    (tmp_path / "none.yaml").write_text("dabiao: 1\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        ground_of(tmp_path / "none.yaml")
    assert "none.yaml, which has no input-output table, expected a file of priors or a scenario" in str(
        caught.value
    )
    (tmp_path / "odd.yaml").write_text("dabiao: 1\ndabiao: 2\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="the key a second time"):
        ground_of(tmp_path / "odd.yaml")
    table = "national: {table: {flows: {file: none.csv}}}\n"
    (tmp_path / "odd.yaml").write_text(table, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"none.csv, which does not exist"):
        ground_of(tmp_path / "odd.yaml")
    (tmp_path / "none.csv").write_text("sells,a,b\nc,1,2\nd,1,2\n", encoding="utf-8")
    kind = "national: {table: {flows: {file: none.csv, assumption: x}, kind: domestic, value_added: [d]}}\n"
    (tmp_path / "odd.yaml").write_text(kind, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"no row that is a column too"):
        ground_of(tmp_path / "odd.yaml")


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("b\u200b厂", ["a厂", "b厂"], "did you mean b厂?"),
        ("增加值", ["va", "gdp"], "did you mean va?"),
        ("gpd", ["va", "gdp"], "did you mean gdp?"),
        ("\u200b\u200b\u200bb", ["a", "b"], "did you mean b?"),
        ("weather", ["va", "gdp"], ""),
    ],
)
def test_the_name_that_was_meant_is_asked_about(name: str, known: list[str], said: str) -> None:
    assert str(getattr(meant(name, known), "en", meant(name, known))) == said


def test_what_stands_nowhere_and_long_lists_are_called_so() -> None:
    place = Place("a.csv", 1, 1)
    assert [
        getattr(Node(value, place, text=text, loose=loose).sort, "en", "")
        for value, text, loose in (("", "", True), ({}, "", False), ([], "", False))
    ] == ["nothing", "a map", "a list"]
    assert Node(None, place).sort == "null" and Node("", place).sort == '""'
    said = one_of(range(20), 3), one_of([]), one_of("a"), one_of("ab")
    assert [getattr(each, "en", each) for each in said] == [
        "0, 1, 2 ... (20 in all)",
        "nothing (none is defined)",
        "a",
        "a or b",
    ]


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"got a name that no file can have, expected the name of a scenario"
    ):
        load("a\0b/c.yaml")


def test_links_that_lead_round_are_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    for name in (tmp_path / "loop", tmp_path / "loop" / "c.yaml"):
        with pytest.raises(ScenarioError, match=r"cannot be read \(.*symbolic links\), expected a readable"):
            load(name)


def test_one_sheet_of_several_must_be_named() -> None:
    report = Report()
    sheets = [Grid(f"a.xlsx!{name}", [], name) for name in ("p", "q")]
    assert only(sheets, Place("a.xlsx", 1, 1), "projects", report) is None
    assert only(sheets, Place("a.xlsx", 1, 1), "file", report) is None
    assert only([], Place("a.xlsx", 1, 1), "mixes", report) is None
    assert list(map(str, report.problems)) == [
        "a.xlsx  projects: got several sheets: p or q, expected `sheet:` with the name of one",
        "a.xlsx  file: got several sheets: p or q, expected `sheet:` with the name of one; of a table"
        " given on the"
        " command line: leave the other sheets out of the file",
        "a.xlsx:1:1  mixes: got no table, expected a first row of column names, then rows of numbers",
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,b\n1,2\n", []),
        (b"a;b\n1;2\n", ["read as cells parted by semicolons"]),
        ("甲,乙\n1,2\n".encode("gbk"), ["read as text in GBK"]),
    ],
)
def test_how_a_table_of_text_was_read_is_told(data: bytes, said: list[str]) -> None:
    report = Report()
    grid = csv_grid.csv_grid(data, "a.csv", "file", report)
    assert grid is not None and [note.en for _, note in grid.notes] == said and not report.problems


ODD_TABLES: dict[str, tuple[bytes, str]] = {
    "a control character": (
        b"a,b\n1,\x072\n",
        "a.csv:2:3  file: got the control character U+0007, expected printable",
    ),
    "a quotation mark that stays open": (
        b'a,b\n"1,2\n',
        "a.csv:2:1  file: got a line that is no CSV (a quotation mark is not closed), expected cells"
        " between commas",
    ),
    "UTF-16 that breaks off": (
        "a,b".encode("utf-16")[:-1],
        "got UTF-16 that breaks off, expected text in UTF-8; in",
    ),
    "two encodings in one": (
        "甲乙丙,1\n".encode() + "丁戊己,2\n".encode("gbk"),
        "expected text in UTF-8; in Excel: save as CSV UTF-8 (comma separated)",
    ),
}


@pytest.mark.parametrize("case", ODD_TABLES)
def test_a_table_of_text_that_is_none_is_told(case: str) -> None:
    data, said = ODD_TABLES[case]
    report = Report()
    assert csv_grid.csv_grid(data, "a.csv", "file", report) is None
    found = "\n".join(map(str, report.problems))
    assert said in found, found


def test_tiers_are_told_in_words() -> None:
    said = told({"ensure": 6.5, "stretch": 7.0}, "%").en, told({"at_most": 3.0}, "%").en
    assert said == ("ensure 6.5 %, stretch 7 %", "at most 3 %")
    for text in ("", "7%" + " " * LONGEST):
        assert "a text that no number stands in" in str(worded(text, "%").unclear)


NOTES: dict[str, tuple[list[tuple[str, str]], str]] = {
    "an old key": (
        [("uncertainty: {seed: 7}", "doubt: {seed: 7}")],
        "`doubt` is called `uncertainty` now; the old name is read for one version more",
    ),
    "energy of a sector": (
        [("    title: 商业\n", "    title: 商业\n    energy: 0.3\n")],
        "`sectors.*.energy` is called `indicators.energy.coefficients` now",
    ),
    "a limit on energy": (
        [
            ("    title: 商业\n", "    title: 商业\n    energy: 0.3\n"),
            ("on: mix, max: 8", "on: energy, max: 90"),
        ],
        "`limits.mix.on: energy` is called `on: indicator, indicator: energy` now",
    ),
    "years in words": (
        [("{ensure: 6.5, stretch: 7, main: true}", "{said: 2021年增长6.5%, main: true}")],
        'gdp_growth: "2021年增长6.5%" is understood as of 2021',
    ),
    "a tier in another unit": (
        [("covers: [grain], ensure: 26", "covers: [grain], ensure: 260000吨")],
        'grain: "260000吨" is understood as: ensure 26 万吨',
    ),
    "errors of figures to date": (
        [
            (
                "uncertainty: {seed: 7}",
                "uncertainty: {seed: 7}\nactuals: {assumption: x, figures: {gdp_growth: {2021-06: 6}}}",
            )
        ],
        "the errors of figures to date are those of example:china-2023/to-date.yaml: its head says of what",
    ),
}


@pytest.mark.parametrize("case", NOTES)
def test_what_was_read_for_something_else_is_told(case: str, tmp_path: Path) -> None:
    edits, said = NOTES[case]
    text = TEXT
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = tmp_path / "city.yaml"
    path.write_text(text, encoding="utf-8")
    notes = [note.en for note in load(path).notes]
    assert any(said in note for note in notes), notes
