"""Run folders are whole or absent; runs stand side by side."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.run import run as answer_scenario
from dabiao.models.errors import DabiaoError
from dabiao.models.quantity import Bilingual
from dabiao.results.compare.inputs import StatedInputs, inputs, inputs_of
from dabiao.results.compare.runs import compare
from dabiao.results.compare.terminal import SCREEN, render_comparison
from dabiao.results.compare.why import clip
from dabiao.results.forms.export import writers
from dabiao.results.forms.terminal.layout import cell_width
from dabiao.results.report import tables as tables_of_answer
from dabiao.results.tables.table import Column, Table
from dabiao.results.write import WriteError, code_hash, read_run, renew, run_id, versions, write_run
from dabiao.scenarios.load import load, resolved_yaml

META: dict[str, Any] = {"run": "abc", "scenario": "plan"}
TITLE = Bilingual(zh="方案", en="Plan")


def targets(*rows: tuple[Any, ...], unit: str = "%") -> dict[str, Table]:
    columns = (
        Column("target", Bilingual(zh="目标", en="Target")),
        Column("name", Bilingual(zh="名称", en="Name")),
        Column("ensure", Bilingual(zh="确保", en="Ensure"), unit, 1),
        Column("expected", Bilingual(zh="预计", en="Expected"), unit, 2, compared=True),
        Column("rung", Bilingual(zh="结论", en="Rung")),
    )
    return {"targets": Table("targets", Bilingual(zh="目标", en="Targets"), columns, rows, key=("target",))}


ONE = targets(
    ("gdp", Bilingual(zh="增速", en="growth"), 6.5, 6.6, "plan"), ("jobs", "jobs", 1.8, None, "stated")
)
TWO = targets(
    ("gdp", Bilingual(zh="增速", en="growth"), 6.5, 6.85, "mix"), ("grain", "grain", 26.0, 26.1, "plan")
)


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def written(base: Path, run: str = "abc", **more: Any) -> Path:
    return write_run(base, "plan", run, writers(ONE, "zh", TITLE, META), **more).folder


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    folder = written(
        tmp_path, files={"scenario.resolved.yaml": "a: 1\n", "deep/x.bin": b"\0"}, manifest={"seed": 7}
    )
    assert folder == tmp_path / "plan" / "abc"
    stored = read_run(folder)
    assert (stored.scenario, stored.run, stored.tables) == ("plan", "abc", ONE)
    assert read_run(folder / "tables.json").tables == ONE
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 7
    assert manifest["versions"]["numpy"]
    outputs = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in content(folder).items()
        if name != "manifest.json"
    }
    assert {name.replace("/", os.sep): digest for name, digest in manifest["outputs"].items()} == outputs
    assert {"tables.json", "tables.xlsx", "report.md", "report.html"} <= set(outputs)


def test_the_same_run_is_not_written_again(tmp_path: Path) -> None:
    before = content(written(tmp_path))

    def never(folder: Path) -> None:
        raise AssertionError("written again")

    again = write_run(tmp_path, "plan", "abc", [never])
    assert not again.new
    assert content(again.folder) == before


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "no space left on device"), KeyboardInterrupt(), ValueError("bug")]
)
def test_nothing_is_left_of_a_run_that_fails(tmp_path: Path, error: BaseException) -> None:
    before = content(written(tmp_path))

    def fail(folder: Path) -> None:
        (folder / "half.csv").write_text("half")
        raise error

    with pytest.raises(WriteError if isinstance(error, OSError) else type(error)) as caught:
        write_run(tmp_path, "plan", "def", [fail])
    assert os.listdir(tmp_path / "plan") == ["abc"]
    assert content(tmp_path / "plan" / "abc") == before
    if isinstance(error, OSError):
        assert "no space left" in str(caught.value)
        assert "--out" in str(caught.value)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("a file, not a folder")
    with pytest.raises(WriteError, match="cannot write"):
        written(tmp_path)
    assert (tmp_path / "plan").read_text() == "a file, not a folder"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere"
)
def test_a_forbidden_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(WriteError, match="cannot write"):
            written(tmp_path)
    finally:
        tmp_path.chmod(0o700)


def test_what_is_no_run_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "plan" / "abc"
    own.mkdir(parents=True)
    (own / "notes.txt").write_text("mine")
    with pytest.raises(WriteError, match="no run of dabiao"):
        written(tmp_path)
    assert content(own) == {"notes.txt": b"mine"}


def test_another_process_may_be_faster(tmp_path: Path) -> None:
    def race(folder: Path) -> None:
        write_run(tmp_path, "plan", "abc", files={"winner.txt": "first"})

    slow = write_run(tmp_path, "plan", "abc", [race], files={"loser.txt": "second"})
    assert not slow.new
    assert (slow.folder / "winner.txt").exists()
    assert not (slow.folder / "loser.txt").exists()
    assert os.listdir(tmp_path / "plan") == ["abc"]


@pytest.mark.parametrize("name", ["../../up", "/etc", "a\\b", "..", "NUL", "名" * 300])
def test_hostile_names_stay_below_the_base(tmp_path: Path, name: str) -> None:
    base = tmp_path / "runs"
    folder = write_run(base, name, name, files={"a.txt": "a"}).folder
    assert folder.resolve().parent.parent == base.resolve()
    with pytest.raises(WriteError, match="outside"):
        write_run(base, name, "other", files={"../../../evil.txt": "a"})
    assert sorted(os.listdir(tmp_path)) == ["runs"]


def test_the_run_id_tells_runs_apart() -> None:
    assert run_id("a", 1) == run_id("a", 1)
    assert len({run_id("a", 1), run_id("a", 2), run_id("a1"), run_id("a", "1", ""), run_id("", "a1")}) == 5
    assert len(run_id("x")) == 12
    assert int(run_id("x"), 16) >= 0
    assert code_hash() == code_hash()
    assert "python" in versions()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"schema": "dabiao.run/2"}', '{"schema": "dabiao.run/9"}', "nope", "[" * 100_000],
)
def test_a_damaged_run_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "tables.json").write_text(text, encoding="utf-8")
    with pytest.raises(DabiaoError, match=r"tables\.json"):
        read_run(tmp_path)
    with pytest.raises(DabiaoError, match="no run to read"):
        read_run(tmp_path / "absent")


# --- side by side -------------------------------------------------------------------------------------------


def test_runs_with_different_rows_stand_side_by_side() -> None:
    tables = compare(["base", "other"], [ONE, TWO])
    assert [row[:2] + row[3:4] for row in tables["runs"].rows] == [(1, "base", True), (2, "other", False)]
    table = tables["targets"]
    rows = {row["target"]: row for row in table.records()}
    assert list(rows) == ["gdp", "jobs", "grain"]
    assert rows["gdp"]["ensure"] == 6.5
    assert (rows["gdp"]["expected_1"], rows["gdp"]["expected_2"]) == (6.6, 6.85)
    assert rows["gdp"]["expected_2_less_1"] == pytest.approx(0.25)
    assert (rows["gdp"]["rung_1"], rows["gdp"]["rung_2"]) == ("plan", "mix")
    assert (rows["grain"]["expected_1"], rows["grain"]["expected_2"], rows["grain"]["expected_2_less_1"]) == (
        None,
        26.1,
        None,
    )
    assert (rows["jobs"]["in_runs"], rows["grain"]["in_runs"], rows["gdp"]["in_runs"]) == ("1", "2", "1 2")
    difference = table.columns[table.at("expected_2_less_1")]
    assert difference.unit == "points"
    assert difference.digits == 2


def test_a_run_beside_itself_differs_nowhere() -> None:
    table = ONE["targets"]
    every = {"targets": replace(table, columns=tuple(replace(c, compared=False) for c in table.columns))}
    tables = compare(["a", "a"], [every, every])
    assert tables["targets"] == every["targets"]
    assert tables["runs"].column("run") == ("a", "a #2")
    chosen = compare(["a", "b"], [ONE, ONE])["targets"]
    assert chosen.column("expected_2_less_1") == (0.0, None)


def test_any_number_of_runs_and_a_table_that_one_lacks() -> None:
    tables = compare(["a", "b", "c"], [ONE, {}, TWO])
    names = [column.name for column in tables["targets"].columns]
    assert [name for name in names if name.startswith("expected")] == [
        "expected_1",
        "expected_2",
        "expected_3",
        "expected_2_less_1",
        "expected_3_less_1",
    ]
    assert set(tables["targets"].column("expected_2")) == {None}


def test_units_must_agree_and_two_runs_are_needed() -> None:
    with pytest.raises(DabiaoError, match="亿元"):
        compare(["a", "b"], [ONE, targets(("gdp", "x", 1.0, 2.0, "r"), unit="亿元")])
    with pytest.raises(DabiaoError, match="two runs"):
        compare(["a"], [ONE])


def test_digits_of_rows_survive_or_are_settled() -> None:
    def run(value: float, digits: int) -> dict[str, Table]:
        columns = (
            Column("k", Bilingual(zh="k", en="k")),
            Column("x", Bilingual(zh="x", en="x"), digits_from="d"),
            Column("d", Bilingual(zh="d", en="d"), digits=0, shown=False),
        )
        return {"targets": Table("targets", Bilingual(zh="t"), columns, (("a", value, digits),), key=("k",))}

    kept = compare(["a", "b"], [run(1.0, 1), run(2.0, 1)])["targets"]
    assert kept.digits(kept.columns[kept.at("x_2_less_1")], kept.rows[0]) == 1
    settled = compare(["a", "b"], [run(1.0, 1), run(2.0, 3)])["targets"]
    assert settled.columns[settled.at("x_1")].digits == 2


# --- what was told, and one screen
# ----------------------------------------------------------------------------

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"
SETS = (
    "investment.growth=8",
    "projects.new-mine.finish=2021-06",
    "mixes.industry-led.add.factories=4",
    "mixes.industry-led.add.shops=-4",
    "title=Valley stretch",
)
LESS = """extends: answered.yaml
title: {zh: 少一个项目, en: One project less}
projects: {new-plant: null}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three scenarios of the valley: as it is, with more investment, without one project."""
    for file in VALLEY.parent.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    stretch = (
        "extends: answered.yaml\ntitle: {zh: 力争, en: Stretch}\ninvestment: {growth: 8}\nprojects:"
        " {new-mine: {finish: 2021-06}}\n"
    )
    (tmp_path / "stretch.yaml").write_text(stretch, encoding="utf-8")
    (tmp_path / "less.yaml").write_text(LESS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def simulated(*words: str) -> str:
    done = CliRunner().invoke(simulate, list(words), prog_name="simulate")
    assert done.exit_code == 0, done.output
    return done.stdout


def document_of(*words: str) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(simulated(*words, "--json"))
    return whole


def rows_of(whole: dict[str, Any], name: str) -> list[dict[str, Any]]:
    table = whole["tables"][name]
    names = [column["name"] for column in table["columns"]]
    return [dict(zip(names, row, strict=True)) for row in table["rows"]]


@cache
def told(*sets: str) -> StatedInputs:
    loaded = load(VALLEY, sets)
    return inputs_of(resolved_yaml(loaded), {}, loaded.origins)


def changed(*several: StatedInputs) -> dict[str, dict[str, Any]]:
    return {row["path"]: row for row in inputs(several).records()}


def test_inputs_that_differ_are_listed_and_no_others() -> None:
    assert changed(told(), told()) == {}
    rows = changed(told(), told(*SETS))
    assert set(rows) == {
        "investment.growth",
        "projects.new-mine.finish",
        "mixes.industry-led.add.factories",
        "mixes.industry-led.add.shops",
    }
    growth = rows["investment.growth"]
    assert (growth["value_1"], growth["value_2"], growth["value_2_less_1"]) == (6.0, 8.0, 2.0)
    assert growth["origin_1"].startswith("valley.yaml:")
    finish = rows["projects.new-mine.finish"]
    assert (finish["value_1"], finish["value_2"], finish["value_2_less_1"]) == ("2021-09", "2021-06", None)
    assert finish["name"].of("zh").startswith("新矿")
    assert "工厂" in rows["mixes.industry-led.add.factories"]["name"].of("zh")


def test_ranges_sources_and_order_are_told_apart() -> None:
    fewer = "accounts:\n  fai: {value: 80, low: 75, high: 90, source: other}\n  gdp: 200\n"
    more = "accounts:\n  gdp: 200\n  fai: {value: 80, low: 70, high: 90, assumption: guess}\n"
    rows = changed(inputs_of(more, {}), inputs_of(fewer, {}))
    assert list(rows) == ["accounts.fai.low"]
    assert rows["accounts.fai.low"]["bound"]


def test_an_entry_that_one_run_lacks_is_shown_by_a_dash(folder: Path) -> None:
    whole = document_of("compare", "answered.yaml", "less.yaml")
    rows = rows_of(whole, "inputs")
    assert {row["part"] for row in rows} == {"projects.new-plant"}
    assert {row["value_2"] for row in rows} == {"-"}
    assert next(row for row in rows if row["path"] == "projects.new-plant.invest")["value_1"] == 5.0
    lines = simulated("compare", "answered.yaml", "less.yaml", "--quiet").splitlines()
    assert sum("new-plant" in line for line in lines) == 1
    assert next(line for line in lines if "new-plant" in line).split()[-1] == "-"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_runs_fit_on_one_screen(folder: Path, lang: str) -> None:
    lines = simulated("compare", "answered.yaml", "stretch.yaml", "--lang", lang).splitlines()
    assert len(lines) <= SCREEN
    assert [line for line in lines if cell_width(line) > 80] == []
    text = "\n".join(lines)
    assert text.encode("gbk").decode("gbk") == text
    for word in (
        "investment.growth",
        "2021-06",
        *(("输入不同", "结果", "目标") if lang == "zh" else ("INPUTS", "RESULTS", "TARGETS")),
    ):
        assert word in text


def test_differences_are_those_of_the_numbers_as_computed(folder: Path) -> None:
    whole = document_of("compare", "answered.yaml", "stretch.yaml")
    growth = []
    for name in ("answered.yaml", "stretch.yaml"):
        sectors = tables_of_answer(answer_scenario(load(name)))["sectors"].records()
        growth.append(next(row["growth"] for row in sectors if row["level"] == "total"))
    row = next(row for row in rows_of(whole, "headlines") if row["item"] == "gdp_growth")
    assert row["value_2_less_1"] == growth[1] - growth[0] != 0
    fai = next(row for row in rows_of(whole, "headlines") if row["item"] == "planned")
    assert fai["value_2"] / fai["value_1"] == pytest.approx(1.08 / 1.06)
    assert (folder / "runs" / "compare" / whole["run"] / "csv" / "inputs.csv").exists()


def test_a_scenario_beside_itself_changes_nothing(folder: Path) -> None:
    whole = document_of("compare", "answered.yaml", "answered.yaml")
    assert rows_of(whole, "inputs") == []
    assert {row["value_2_less_1"] for row in rows_of(whole, "headlines")} == {0}
    assert "无：" in simulated("compare", "answered.yaml", "answered.yaml")


@pytest.mark.slow
def test_three_runs_one_of_them_read_from_its_folder(folder: Path) -> None:
    run = document_of("run", "stretch.yaml")["run"]
    stored = f"runs/stretch/{run}"
    whole = document_of("compare", "answered.yaml", "less.yaml", stored)
    again = document_of("compare", "answered.yaml", "less.yaml", "stretch.yaml")
    values = [
        {row["path"]: [row[f"value_{at}"] for at in (1, 2, 3)] for row in rows_of(each, "inputs")}
        for each in (whole, again)
    ]
    assert values[0] == values[1]
    assert values[0]["investment.growth"] == [6.0, 6.0, 8.0]
    assert [row["title"]["en"] for row in rows_of(whole, "runs")] == [
        "Valley reported",
        "One project less",
        "Stretch",
    ]
    lines = simulated("compare", "answered.yaml", "less.yaml", stored).splitlines()
    assert all(cell_width(line) <= 80 for line in lines)
    (folder / stored / "scenario.resolved.yaml").unlink()  # then its table of numbers has to do
    lost = {row["path"]: row for row in rows_of(document_of("compare", "answered.yaml", stored), "inputs")}
    assert (lost["investment.growth"]["value_1"], lost["investment.growth"]["value_2"]) == (6.0, 8.0)
    assert "projects.new-mine.finish" not in lost


@pytest.mark.parametrize("width", [60, 80, 120])
def test_many_runs_and_many_inputs_stay_within_the_width(width: int) -> None:
    def several(at: int) -> StatedInputs:
        return StatedInputs(
            {f"chains.ridge.processes.a-rather-long-name-{k}.uses.concentrate": k + at / 3 for k in range(30)}
        )

    names = [f"panzhihua-2024-{at}" for at in range(9)]
    for count in (2, 3, 9):
        made = compare(names[:count], [ONE] * count, told=[several(at) for at in range(count)])
        lines = render_comparison(made, "zh", width).splitlines()
        assert [line for line in lines if cell_width(line) > width] == []
        assert any("30 处" in line for line in lines)
    assert clip("名称很长", 6) == "名称.."


def test_headings_never_name_a_run(folder: Path) -> None:
    def broken(lines: Sequence[str]) -> list[str]:
        return [
            line for line in lines if ("answered" in line or "stretch" in line) and ".yaml:" not in line
        ]  # lines of files are named

    lines = simulated("compare", "answered.yaml", "stretch.yaml").splitlines()
    assert len(broken(lines)) == 2  # the list of runs alone


def test_a_file_is_renewed_in_place_of_its_own_kind_alone(tmp_path: Path) -> None:
    old, new = (
        b"# the schema, made by the program: first",
        b"# the schema, made by the program: first, and more",
    )
    file = tmp_path / "schema.md"
    for there in (None, old, new, b""):
        if there is not None:
            file.write_bytes(there)
        renew(file, new)
        assert file.read_bytes() == new
    file.write_bytes(b"mine")
    (tmp_path / "link").symlink_to(os.devnull)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    before = {each: each.lstat() for each in tmp_path.iterdir()}
    for each in before:
        with pytest.raises(WriteError, match="there already"):
            renew(each, new)
    assert {each: each.lstat().st_ino for each in tmp_path.iterdir()} == {
        each: stat.st_ino for each, stat in before.items()
    }
