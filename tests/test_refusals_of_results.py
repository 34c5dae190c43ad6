"""Folders of runs, sweeps and comparisons: what is damaged, changed, elsewhere or of another kind is told."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace as Made
from typing import Any

import numpy as np
import pytest
import sweeps
from city import CITY
from command import call
from dabiao.engine.compare.attribute import Attribution, Group
from dabiao.engine.sweep import ledger as ledgers
from dabiao.engine.sweep import run as runner
from dabiao.engine.sweep import tasks, ways
from dabiao.engine.sweep.ledger import Ledger
from dabiao.engine.sweep.ways import Cluster, Loop
from dabiao.models.errors import DabiaoError
from dabiao.models.quantity import Bilingual
from dabiao.results import beside, write
from dabiao.results import sweep as results
from dabiao.results.compare import attribution, headlines, inputs, page_one
from dabiao.results.compare.runs import compare
from dabiao.results.forms.interchange import write_files
from dabiao.results.forms.json_document import EARLIER
from dabiao.results.write import (
    MANIFEST,
    WriteError,
    put,
    read_run,
    refuse_other,
    replace_folder,
    seal,
    write_run,
)
from refused import Refused, assert_refused, standing

NAME = "scenario.resolved.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of a city, without draws."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "city.yaml").write_text(CITY, encoding="utf-8")
    done = call("run", folder / "city.yaml", "--draws", 0, "--out", folder / "runs", "-q")
    assert done.exit_code == 0, done.output
    (run,) = folder.glob("runs/*/*")
    return run


@pytest.fixture
def run(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, in the folder in which commands are given."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(made, tmp_path / "run")).relative_to(tmp_path)


def changed(run: Path, change: Callable[[dict[str, Any]], object], sealed: bool = True) -> None:
    """Change what the manifest of a run says, and seal it anew."""
    manifest = json.loads((run / MANIFEST).read_text("utf-8"))
    change(manifest)
    if sealed and "seal" in manifest:
        manifest["seal"] = seal(manifest)
    (run / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")


# ---------------------------------------------------------------- verify


def told_by_verify(run: Path, code: int = 1) -> str:
    before = standing(Path())
    done = call("verify", run, "--lang", "en")
    assert done.exit_code == code, done.output
    assert standing(Path()) == before
    return done.stdout


def test_a_run_as_it_was_written_is_verified(run: Path) -> None:
    said = told_by_verify(run, 0)
    assert said.endswith("VERIFIED\n") and not {"changed", "missing"} & set(said.split())


@pytest.mark.parametrize("name", ["seed", "version", "command", "inputs", "written", "run"])
def test_a_manifest_that_says_something_else_breaks_its_seal(name: str, run: Path) -> None:
    changed(run, lambda manifest: manifest.update({name: 7}), sealed=False)
    assert "manifest.json was changed after the run was written" in told_by_verify(run)


@pytest.mark.parametrize("draws, version", [(True, "0.1.0"), (False, "0.2.0"), (True, "0.2.0")])
def test_a_seal_that_was_taken_away_is_told(draws: bool, version: str, run: Path) -> None:
    def bare(manifest: dict[str, Any]) -> None:
        del manifest["seal"]
        manifest["version"] = version
        if not draws:
            del manifest["draws"]

    changed(run, bare)
    told = "manifest.json has no seal, though manifests that say what it says have one"
    assert told in told_by_verify(run)


def test_a_manifest_of_a_version_without_seals_is_not_blamed(run: Path) -> None:
    def earlier(manifest: dict[str, Any]) -> None:
        del manifest["seal"], manifest["draws"]
        manifest["version"] = "0.1.0"

    changed(run, earlier)
    done = call("verify", run, "--lang", "en")
    assert "no seal" not in done.output and "make the run" not in done.output
    assert "the run is of a version whose manifest does not show whether it was changed" in done.stderr
    assert done.stdout.endswith("FILES UNCHANGED; WHAT DECIDED THE RUN CANNOT BE CHECKED\n")
    assert done.exit_code == 1


def test_a_sealed_manifest_that_does_not_say_what_decides_is_told(run: Path) -> None:
    changed(run, lambda manifest: [manifest.pop(name) for name in ("seed", "draws")])
    assert "manifest.json does not say: seed, draws" in told_by_verify(run)


def test_a_sealed_manifest_whose_parts_make_another_run_is_told(run: Path) -> None:
    changed(run, lambda manifest: manifest.update(seed=7))
    name = json.loads((run / MANIFEST).read_text("utf-8"))["run"]
    said = told_by_verify(run)
    assert "scenario, seed, version, solver, language and draws make the run " in said
    assert f", not {name}\n" in said and "was changed after" not in said


MANIFESTS = {
    "none": (None, "run: no run to verify (no manifest.json: no such file or folder); give a folder that"),
    "damaged": ("{", "manifest.json: damaged, nothing can be verified: Expecting"),
    "said twice": ('{"outputs": {}, "outputs": {}}', "nothing can be verified: said twice: outputs"),
    "deep": ("[" * 100_000, "manifest.json: damaged, nothing can be verified: "),
    "a list": ("[]", "manifest.json: no list of outputs with their hashes, nothing can be verified"),
    "no outputs": ("{}", "manifest.json: no list of outputs with their hashes"),
    "no hashes": ('{"outputs": {"a": "b", "c": 1}}', "manifest.json: no list of outputs with their hashes"),
}


@pytest.mark.parametrize("kind", MANIFESTS)
def test_a_manifest_that_cannot_be_read(kind: str, run: Path) -> None:
    text, told = MANIFESTS[kind]
    (run / MANIFEST).unlink()
    if text is not None:
        (run / MANIFEST).write_text(text, "utf-8")
    assert_refused(Refused(("verify", str(run)), (told,)), Path())


def test_a_run_whose_scenario_is_gone_cannot_be_made_again(run: Path) -> None:
    (run / NAME).unlink()
    told = f"run: no {NAME}, so the run cannot be made again; run the scenario itself"
    assert_refused(Refused(("verify", str(run), "--rerun"), (told,)), Path())
    assert "1 file missing: scenario.resolved.yaml" in told_by_verify(run)


# ---------------------------------------------------------------- runs that are read

DOCUMENTS = {
    "none": (
        None,
        "run/tables.json: no run to read (no such file or folder); give a folder that `simulate run` wrote",
    ),
    "damaged": ("{", "tables.json: not a document of a run: Expecting"),
    "deep": ("[" * 100_000, "tables.json: not a document of a run: "),
    "said twice": (
        '{"tables": {}, "tables": {}}',
        "tables.json: not a document of a run: said twice: tables",
    ),
    "a list": ("[]", "tables.json: not a document of a run"),
    "another kind": ('{"schema": "dabiao.sheet/9"}', "tables.json: expected a document of schema dabiao."),
    "no tables": (
        '{"schema": "SCHEMA", "tables": {"verdict": 3}}',
        "tables.json: the document of the run is",
    ),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("words", ["report {}", "export {}", "compare {} {}"])
def test_a_document_that_is_none_of_a_run(kind: str, words: str, run: Path) -> None:
    text, told = DOCUMENTS[kind]
    file = run / "tables.json"
    schema = json.loads(file.read_text("utf-8"))["schema"]
    file.unlink()
    if text is None and words.startswith("compare"):  # a folder without results is one of scenarios
        told = "got a folder without baseline.yaml, expected a scenario file; it is the folder of a run"
    if text is not None:
        file.write_text(text.replace("SCHEMA", schema), "utf-8")
        (run / MANIFEST).unlink()  # a manifest would tell that the file was changed
    assert_refused(Refused(tuple(words.format(run, run).split()), (told,)), Path())


SPOILT: dict[str, tuple[str, Any, str]] = {
    "a list in a cell": ("targets/rows/0/1", [], "damaged: title: []"),
    "a number for a text": ("targets/rows/0/1", 5, "damaged: title: 5"),
    "a text for a number": ("levels/rows/0/6", "x", "damaged: y"),
    "a yes for a number": ("levels/rows/0/6", True, "damaged: y"),
    "a number in a text": ("targets/rows/0/1", {"zh": 1, "en": "x"}, "damaged: {'zh': 1, 'en': 'x'}"),
    "a unit that is a number": ("levels/columns/6/unit", 0.5, "damaged: unit: 0.5"),
    "digits of a text": ("levels/columns/6/digits", "two", "damaged: digits: 'two'"),
    "a flag that is a number": ("targets/columns/0/shown", 3, "damaged: shown: 3"),
    "a word nobody knows": ("targets/columns/0/colour", "x", "damaged: 'colour'"),
    "a key that is no list": ("targets/key", "target", "damaged: 'target'"),
    "a place that is none": ("targets/brief", ["x"], "damaged: ['x']"),
    "a title that is a number": ("targets/title", 3, "damaged: 3"),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_part_of_a_document_that_is_not_what_it_should_be_is_told(kind: str, run: Path) -> None:
    """Where no manifest says that it was changed: whoever read it later ended in an internal error."""
    where, value, told = SPOILT[kind]
    file = run / "tables.json"
    whole = json.loads(file.read_text("utf-8"))
    inside, last = whole["tables"], where.split("/")[-1]
    for step in where.split("/")[:-1]:
        inside = inside[int(step) if isinstance(inside, list) else step]
    inside[int(last) if isinstance(inside, list) else last] = value
    file.write_text(json.dumps(whole), "utf-8")
    (run / MANIFEST).unlink()
    told = f"run/tables.json: the document of the run is {told}"
    assert_refused(Refused(("export", str(run)), (told,)), Path())


def test_tables_that_were_changed_are_taken_by_no_command(run: Path) -> None:
    file = run / "tables.json"
    file.write_bytes(file.read_bytes().replace(b"0.5", b"0.6"))
    told = "tables.json: not as it was written; see `simulate verify`, or run the scenario again"
    for words in (("export", str(run)), ("compare", str(run), str(run)), ("report", str(file))):
        assert_refused(Refused(words, (told,)), Path())


def test_a_run_of_an_earlier_version_says_how_it_is_made_again(run: Path) -> None:
    whole = json.loads((run / "tables.json").read_text("utf-8"))
    whole["schema"] = EARLIER
    (run / "tables.json").write_text(json.dumps(whole), "utf-8")
    with pytest.raises(DabiaoError) as told:
        read_run(run)
    assert "was written by an earlier version, whose tables are not read any more" in told.value.of("en")
    assert f"simulate run {run.as_posix()}/{NAME}" in told.value.of("en")
    (run / NAME).unlink()
    with pytest.raises(DabiaoError, match="earlier version: run its scenario again"):
        read_run(run)


def test_tables_that_were_changed_are_not_reported(run: Path, made: Path) -> None:
    file = run / "tables.json"
    file.write_bytes(file.read_bytes() + b"\n")
    told = "tables.json: not as it was written; see `simulate verify`, or run the scenario again"
    assert_refused(Refused(("report", str(run)), (told,)), Path())
    assert_refused(Refused(("report", str(made), str(run), "--out", "r"), (told,)), Path())


def test_two_runs_that_a_report_cannot_set_side_by_side(run: Path) -> None:
    """One of another question; one of another year."""
    whole = json.loads((run / "tables.json").read_text("utf-8"))
    for kind in ("other", "later"):
        other = Path(shutil.copytree(run, kind))
        (other / MANIFEST).unlink()
        text = json.loads(json.dumps(whole))
        if kind == "other":
            del text["tables"]["verdict"]
            told = "two runs side by side must both answer a target sheet (`simulate run`)"
        else:
            fan = {**text["tables"]["verdict"], "key": ["year"]}
            fan.pop("brief", None)
            year = {**text["tables"]["verdict"]["columns"][0], "name": "year", "digits": 0}
            for folder, first in ((run, 2024), (other, 2025)):
                said = {**fan, "columns": [year], "rows": [[first], [first + 1]]}
                tables = {**whole["tables"], "fan": said}
                (folder / "tables.json").write_text(json.dumps(whole | {"tables": tables}), "utf-8")
            (run / MANIFEST).unlink()
            told = "the two runs are of different years: set them side by side with `simulate compare`"
            text = None
        if text is not None:
            (other / "tables.json").write_text(json.dumps(text), "utf-8")
            assert_refused(Refused(("report", str(other), str(run), "--out", "r"), (told,)), Path())
        assert_refused(Refused(("report", str(run), str(other), "--out", "r"), (told,)), Path())


# ---------------------------------------------------------------- what is written


def page(folder: Path) -> None:
    (folder / "page.txt").write_text("said", "utf-8")


def broken(folder: Path) -> None:
    page(folder)
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_where_results_should_go_is_told_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "city.yaml").write_text(CITY, "utf-8")
    (tmp_path / "taken").write_text("mine", "utf-8")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dabiao.engine.run.run", None)
    for out in ("taken", "taken/deep", "nowhere"):
        done = call("run", "city.yaml", "--draws", 0, "--out", out, "--lang", "en")
        assert done.exit_code == 2 and f"cannot write the results to {out}/city/" in done.stderr, done.output
    assert (tmp_path / "taken").read_text("utf-8") == "mine"


def test_a_run_that_cannot_be_written_leaves_nothing_half_written(tmp_path: Path) -> None:
    with pytest.raises(WriteError) as told:
        write_run(tmp_path / "runs", "city", "abc", [broken])
    said = told.value.of("en")
    assert f"cannot write the results to {tmp_path / 'runs' / 'city' / 'abc'}: no space left" in said
    assert "nothing was left half written; free some space or give another folder with --out" in said
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_what_is_no_run_is_not_written_over(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = json.loads((run / MANIFEST).read_text("utf-8"))["run"]
    Path("city.yaml").write_text(CITY, "utf-8")
    stranger = Path("runs") / "city" / name
    stranger.mkdir(parents=True)
    (stranger / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(WriteError, match=r"is there but is no run of dabiao \(no manifest.json\)"):
        write_run(Path("runs"), "city", name, [page])
    monkeypatch.setattr("dabiao.engine.run.run", None)  # told before anything is computed
    before = standing(Path())
    done = call("run", "city.yaml", "--draws", "0", "--lang", "zh")
    assert done.exit_code == 2 and stranger.as_posix() in done.stderr and not done.stdout
    assert standing(Path()) == before


@pytest.mark.parametrize("disk, said", [(False, "permission denied"), (True, "the disk can only be read")])
def test_a_folder_that_takes_nothing_is_told_before_anything_is_computed(
    disk: bool, said: str, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dabiao.engine.run.run", None)
    monkeypatch.setattr(os, "access", lambda path, *_, **__: not Path(path).is_dir())
    monkeypatch.setattr("dabiao.results.place._read_only", lambda _: disk)
    Path("city.yaml").write_text(CITY, "utf-8")
    before = standing(Path())
    for words in ((), ("--out", "elsewhere/deep")):
        done = call("run", "city.yaml", "--draws", "0", "--lang", "en", *words)
        assert done.exit_code == 2 and said in done.stderr and not done.stdout
    assert standing(Path()) == before


def test_a_run_that_stands_whole_needs_no_place(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = write_run(Path("whole"), "city", "abc", [page])
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    refuse_other(Path("whole"), "city", "abc")
    (written.folder / MANIFEST).unlink()
    with pytest.raises(WriteError):
        refuse_other(Path("whole"), "city", "abc")


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
@pytest.mark.parametrize("circle", [False, True])
def test_nothing_is_written_through_a_link_that_leads_away(circle: bool, tmp_path: Path) -> None:
    away, base = tmp_path / "away", tmp_path / "runs"
    away.mkdir()
    base.mkdir()
    (base / "city").symlink_to(base / "city" if circle else away)
    with pytest.raises(WriteError) as told:
        write_run(base, "city", "abc", [page])
    assert f"{base / 'city'} is a link that leads out of {base}: nothing is written" in told.value.of("en")
    assert not list(away.iterdir())


def test_a_file_outside_the_folder_of_the_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"'\.\./\.\./x\.txt' is outside the folder of the run"):
        write_run(tmp_path / "runs", "city", "abc", [page], files={"../../x.txt": "x"})
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_a_folder_of_another_kind_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    folder.mkdir()
    for manifest in (None, "[]", "{", '{"schema": "other/1"}'):
        if manifest is not None:
            (folder / MANIFEST).write_text(manifest, "utf-8")
        before = standing(tmp_path)
        with pytest.raises(WriteError) as told:
            replace_folder(folder, [page], {}, "mine/1")
        said = (
            f"{folder} is there already and was not written by this command; give another folder with --out"
        )
        assert said == told.value.of("en")
        assert standing(tmp_path) == before


def test_a_folder_that_cannot_be_replaced_stands(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    replace_folder(folder, [page], {}, "mine/1")
    before = standing(tmp_path)
    with pytest.raises(WriteError) as told:
        replace_folder(folder, [broken], {}, "mine/1")
    said = told.value.of("en")
    assert f"cannot write to {folder}: no space left" in said and "what stood there still stands" in said
    assert standing(tmp_path) == before


def test_a_file_that_is_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where another process wrote it while this one was at work."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"first")
    with pytest.raises(WriteError, match=r"a\.yaml is there already and nothing was changed; give another"):
        put(file, b"second")
    with monkeypatch.context() as patch:  # a disk that knows no links

        def unknown(*_: object) -> None:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))

        patch.setattr(os, "link", unknown)
        with pytest.raises(WriteError, match="is there already and nothing was changed"):
            put(file, b"second")
    with monkeypatch.context() as patch:
        patch.setattr(os.path, "lexists", lambda _: False)
        with pytest.raises(WriteError, match="is there already and nothing was changed"):
            put(file, b"second")
    assert standing(tmp_path) == {"a.yaml": b"first"}
    put(file, b"second", over=True)
    assert file.read_bytes() == b"second"


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for over in (True, False):
        with pytest.raises(WriteError, match=r"cannot write .*a\.yaml: part of the path is no folder"):
            put(tmp_path / "file" / "a.yaml", b"x", over=over)
    assert standing(tmp_path) == {"file": b"x"}


def test_files_of_an_export_that_cannot_be_written_are_told_and_none_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below a file; and where the disk is full at the second of two."""
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(WriteError, match=r"cannot write to .*file: part of the path is no folder; give"):
        write_files({"a.csv": b"1"}, tmp_path / "file")
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    written, real = [], Path.write_bytes

    def once(self: Path, data: bytes) -> int:
        written.append(self)
        if len(written) > 1:
            raise full
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", once)
    with pytest.raises(WriteError, match=r"cannot write to .*new: no space left on the disk; give"):
        write_files({"a.csv": b"1", "b.csv": b"2"}, tmp_path / "new")
    assert standing(tmp_path) == {"file": b"x", "new": b""}  # an empty folder


def test_results_beside_a_workbook_that_cannot_be_written_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    (tmp_path / "city.csv").write_text("a,b\n1,2\n", "utf-8")
    monkeypatch.setattr(beside, "workbook_of", lambda *_: b"PK")
    monkeypatch.setattr(os, "replace", held)
    title = Bilingual(zh="城", en="City")
    with pytest.raises(WriteError, match=r"cannot write .*city-results.xlsx: .*; close it where it is open"):
        beside.results_beside(tmp_path / "city.csv", {}, "en", title, {})
    assert list(standing(tmp_path)) == ["city.csv"]


def test_a_key_that_is_said_twice_is_told() -> None:
    assert write._once([("a", 1), ("b", 2)]) == {"a": 1, "b": 2}
    with pytest.raises(write.Doubled, match="said twice: a, c"):
        write._once([("c", 1), ("a", 1), ("b", 2), ("a", 1), ("c", 3)])


# ---------------------------------------------------------------- runs side by side


def test_runs_that_cannot_be_compared(run: Path) -> None:
    stored = read_run(run)
    for names, runs in ((["a"], [stored.tables]), ([], []), (["a", "b"], [stored.tables])):
        with pytest.raises(DabiaoError, match="compare needs at least two runs"):
            compare(names, runs)
    sectors = stored.tables["sectors"]
    other = tuple(replace(each, unit="GBP m") if each.name == "growth" else each for each in sectors.columns)
    unlike = {**stored.tables, "sectors": replace(sectors, columns=other)}
    told = r"cannot compare 'growth' of 'sectors': one run has it in '.*', another in 'GBP m'"
    with pytest.raises(DabiaoError, match=told):
        compare(["a", "b"], [stored.tables, unlike])


def test_what_one_run_lacks_is_said_of_its_rows(run: Path) -> None:
    tables = read_run(run).tables
    same = compare(["a", "b"], [tables, tables])["sectors"]
    assert "in_runs" not in [each.name for each in same.columns]
    sectors = tables["sectors"]
    less = {**tables, "sectors": replace(sectors, rows=sectors.rows[:-1], brief=None)}
    there = compare(["a", "b"], [tables, less])["sectors"]
    assert set(there.column("in_runs")) == {"1 2", "1"}


def test_a_note_says_which_changes_were_joined_and_why() -> None:
    def note(*joined: str) -> str:
        groups = tuple(
            Group(str(at), Bilingual.same("g"), (), (), np.zeros(0), each) for at, each in enumerate(joined)
        )
        nothing = np.zeros(0)
        return attribution._note([Attribution((), nothing, nothing, groups, 2023, 2)]).of("en")

    need, few = "cannot stand without each other are one group", "that move least are joined as 'other'"
    for joined in ((), ("",), ("need",), ("few",), ("need", "few", "")):
        said = note(*joined)
        assert (need in said, few in said) == ("need" in joined, "few" in joined)


def test_that_nothing_was_changed_is_said() -> None:
    assert inputs._note([]).of("en") == "All inputs are the same."
    assert inputs._note([Made()]).of("en").startswith("1 differences; ")


def test_headlines_say_what_every_run_has(run: Path) -> None:
    tables = read_run(run).tables
    table = headlines.headlines([tables, tables])
    assert table is not None
    said = {row["item"]: row for row in table.records()}
    assert {"gdp_growth", "industry_growth", "fai_growth", "planned", "realised"} <= set(said)
    money = next(row for row in tables["investment"].records() if row["level"] == "total")
    for item, name in (("fai_growth", "growth"), ("planned", "planned"), ("realised", "realised")):
        assert said[item]["value_1"] == pytest.approx(money[name], abs=0.06), item
    rungs = {name: row["value_1"] for name, row in said.items() if name.startswith("rung_")}
    told = [
        row["rung_id"] for row in tables["verdict"].records() if row["rung_id"] and row["target"] != "sheet"
    ]
    assert rungs == {f"rung_{each}": told.count(each) for each in told}, "and none that no target stands on"
    drawn = {**tables, "probabilities": probable("industry_above_scale_growth")}
    other = headlines.headlines([drawn, drawn])
    assert other is not None and "industry_growth" not in other.column("item")


def probable(target: str) -> Any:
    """What draws tell of a target: a median, its range, the chance of a tier."""
    cells = {
        "target": target, "title": "T", "unit": "%", "fine": 2, "tier_id": "ensure", "tier": "tier",
        "threshold": 5.0, "q10": 4.0, "q50": 6.0, "q90": 8.0, "probability": 0.7, "error": 0.01,
        "main": True, "median": 6.0, "q50_error": 0.02,
    }  # fmt: skip
    return Made(records=lambda: [dict(cells)], columns=[], rows=[tuple(cells.values())])


def test_the_front_has_the_median_and_its_range(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_one, "medians_of", lambda run: {})
    monkeypatch.setattr(page_one, "chances_of", lambda run: {})
    monkeypatch.setattr(page_one, "_asked", lambda rows, tier: "tier")
    drawn: dict[str, Any] = {"probabilities": probable("gdp_growth")}
    facts = {each.item: each for each in page_one._target([drawn, {}], "gdp_growth")}
    for item, title, value in (
        ("median_gdp_growth", "T: median", 6.0),
        ("low_gdp_growth", "T: 80 % range from", 4.0),
        ("high_gdp_growth", "T: 80 % range to", 8.0),
    ):
        assert facts[item].title.of("en") == title and facts[item].values == [value, None]


# ---------------------------------------------------------------- sweeps

FOLDER = Path("runs") / "sweep-x"


@pytest.mark.parametrize(
    "error, told",
    [
        (
            OSError(errno.ENOSPC, "x"),
            "no space left on the disk; what is done is kept: free some space and give",
        ),
        (OSError(errno.EFBIG, "x"), "what is done is kept: free some space and give the same command again"),
        (OSError(errno.EACCES, "x"), "what is done is kept: the same command goes on once this is mended"),
        (BrokenPipeError(errno.EPIPE, "x"), None),
        (OSError("a cluster is gone"), None),
        (WriteError("of its own"), None),
        (ZeroDivisionError("a bug"), None),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_folder_that_takes_no_more_says_that_what_is_done_is_kept(
    error: Exception, told: str | None, wrapped: bool
) -> None:
    def fail() -> None:
        if wrapped:
            raise WriteError("cannot write") from error
        raise error

    if wrapped and not isinstance(error, OSError):
        told = None
    elif wrapped and told is None:
        return
    with pytest.raises(Exception) as ended, results.writing(FOLDER):
        fail()
    if told is None:
        assert ended.value is error or ended.value.__cause__ is error
    else:
        assert isinstance(ended.value, WriteError)
        said = ended.value.of("en")
        assert said.startswith(f"cannot write to {FOLDER}: ") and told in said


@pytest.mark.parametrize(
    "names, told",
    [
        (("summary.csv",), "summary.csv"),
        ((".summary.csv-0123abcd.partial",), "summary.csv"),
        ((".summary.csv-0123abcd.partial", "summary.xlsx"), "summary.xlsx"),
        (("alive/ab",), "alive/ab"),
        (("alive/.ab",), "alive"),
        ((".ab.tried",), ""),
        (("../elsewhere",), ""),
    ],
)
def test_the_file_of_a_sweep_that_takes_no_more_is_named(names: tuple[str, ...], told: str) -> None:
    paths = [os.path.normpath(FOLDER / name) for name in names]
    for number in (errno.EACCES, errno.ENOSPC):
        with pytest.raises(WriteError) as ended, results.writing(FOLDER):
            raise OSError(number, "x", paths[0], None, *paths[1:])
        assert ended.value.of("en").startswith(f"cannot write to {FOLDER / told}: ")


def test_files_of_a_sweep_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(WriteError, match=r"cannot write .*results: part of the path is no folder"):
        results._made(tmp_path / "file" / "results")
    with pytest.raises(WriteError, match=r"cannot write .*summary\.csv: part of the path is no folder"):
        results._streamed(tmp_path / "file" / "summary.csv", ["a\r\n"])
    assert results._streamed(tmp_path / "s.csv", ["head\r\n", "a\r\nb\r\n"]) == 2


def test_a_reader_that_fails_ends_the_sweep_with_its_message() -> None:
    sweep: Any = Made(scenarios=[Made(path="a.yaml"), Made(path="b.yaml")])
    seen: list[tuple[int, int]] = []

    def way(failed: dict[str, str] | None) -> Any:
        def take(seconds: float) -> list[Any]:
            return [handed.pop(0)] if handed else []

        handed: list[Any] = []
        facts = json.dumps({"whole": "w", "files": "f"}).encode()

        def put(task: Any) -> None:
            handed.append(ways.Finished(task.id, facts, failed if task.id == "b.yaml" else None))

        return Made(put=put, take=take, workers=1)

    found = results.facts_of(sweep, way(None), lambda done, of: seen.append((done, of)))
    assert set(found) == {"a.yaml", "b.yaml"} and seen == [(1, 2), (2, 2)]
    with pytest.raises(DabiaoError, match="b is gone"):
        results.facts_of(sweep, way({"zh": "没了", "en": "b is gone"}))


def test_a_sweep_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[Any] = []
    with Ledger(tmp_path) as ledger, Loop() as way:
        total = ledger.lay(lambda: sweeps.dummies(6))
        results.carry_out(
            ledger, way, total, lang="en", title=Bilingual.same("t"), parquet=False, told=told.append
        )
    assert told[-1].done == told[-1].total == 6


def test_tasks_in_other_hands_are_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notices: list[str] = []
    with Ledger(tmp_path) as other, Ledger(tmp_path) as ledger:
        total = other.lay(lambda: sweeps.dummies(2))
        ledger.lay(lambda: sweeps.dummies(2))
        held = other.claim(2)
        waits = iter([lambda: None, lambda: other.finish([ways.Finished(each.id, b"[]") for each in held])])
        monkeypatch.setattr(runner.time, "sleep", lambda _: next(waits)())
        ended = runner.run(ledger, Loop(), total, notice=lambda said: notices.append(said.of("en")))
    assert notices == ["the last 2 tasks are in the hands of another process"]
    assert (ended.done, ended.own) == (2, 0)


def test_a_task_whose_scenario_was_changed_meanwhile_is_not_done(tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_text(CITY, "utf-8")
    asked = {"path": str(tmp_path / "city.yaml"), "root": str(tmp_path), "solver": "auto", "draws": 0}
    with pytest.raises(DabiaoError, match=r"city\.yaml was changed while the sweep was going on; start it"):
        tasks.answer(json.dumps({**asked, "files": "other"}))


def sqlite(code: int) -> sqlite3.DatabaseError:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    "error, told",
    [
        (sqlite(sqlite3.SQLITE_BUSY), "another process has held it for 60 seconds; wait, and give the same"),
        (sqlite(sqlite3.SQLITE_LOCKED), "another process has held it for 60 seconds"),
        (
            sqlite(sqlite3.SQLITE_CORRUPT),
            "is damaged, or no ledger of this version (x); give it another name",
        ),
    ],
)
def test_what_a_ledger_refuses_is_told(error: Exception, told: str, tmp_path: Path) -> None:
    with pytest.raises(DabiaoError) as ended, ledgers._told(tmp_path):
        raise error
    assert str(tmp_path / ledgers.FILE) in ended.value.of("en") and told in ended.value.of("en")


def test_a_disk_that_a_ledger_cannot_use_is_the_systems_refusal(tmp_path: Path) -> None:
    for code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        with pytest.raises(OSError), ledgers._told(tmp_path):
            raise sqlite(code)
    with pytest.raises(DabiaoError, match="no ledger of this version"), ledgers._told(tmp_path):
        raise sqlite(sqlite3.SQLITE_READONLY)  # and the system takes whatever is written there
    with pytest.raises(sqlite3.ProgrammingError), ledgers._told(tmp_path):
        raise sqlite3.ProgrammingError("a bug")


@pytest.mark.parametrize("name", [ledgers.FILE, f"{ledgers.FILE}-wal"])
def test_a_ledger_that_belongs_to_somebody_else_is_no_broken_disk(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in (ledgers.FILE, f"{ledgers.FILE}-wal"):
        (tmp_path / each).touch()
    opened = os.open

    def forbidden(path: Path, *words: int) -> int:
        if Path(path).name == name:
            raise PermissionError(errno.EACCES, "x", str(path))
        return opened(path, *words)

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(PermissionError) as ended, ledgers._told(tmp_path):
        raise sqlite(sqlite3.SQLITE_READONLY)
    assert ended.value.filename == str(tmp_path / name)


def test_a_ledger_that_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / ledgers.FILE).mkdir()
    with pytest.raises(DabiaoError, match=r"no ledger of this version \(no regular file\)"):
        Ledger(tmp_path)
    assert not list((tmp_path / ledgers.SIGNS).glob("*")), "and no sign of life is left behind"


def test_another_plan_in_the_folder_is_refused(tmp_path: Path) -> None:
    with Ledger(tmp_path) as first, Ledger(tmp_path) as second:
        first.lay(lambda: sweeps.dummies(2))
        with pytest.raises(DabiaoError, match="another sweep is at work there with other tasks; wait for it"):
            second.lay(lambda: sweeps.dummies(3))


def test_a_damaged_result_is_open_again(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.lay(lambda: sweeps.dummies(1))
        (task,) = ledger.claim(1)
        ledger.finish([ways.Finished(task.id, b"[]")])
        with pytest.raises(DabiaoError, match=f"the result of task {task.id} is damaged; the same command"):
            ledger._whole(task.id, b"none")
        assert ledger.counts() == {"open": 1, "claimed": 0, "done": 0, "failed": 0}


def test_workers_that_end_before_they_begin_are_told() -> None:
    pool = ways.Pool(1)
    for _ in range(ways.STILLBORN - 1):
        pool._count_stillborn(9)
    told = f"{ways.STILLBORN} workers one after the other ended before they began, the last one with code 9"
    with pytest.raises(DabiaoError, match=told):
        pool._count_stillborn(9)


class Future:
    """A task that is under way."""

    def done(self) -> bool:
        return False


class Dask:
    """A cluster as far as it is asked: what it answers is said."""

    TimeoutError = TimeoutError

    def __init__(self, code: Callable[[], Any], lost: Exception | None = None, gone: bool = False) -> None:
        self.code, self.lost, self.gone, self.asked = code, lost, gone, 0

    def Client(self, address: str, **given: Any) -> Any:
        if self.gone:
            raise OSError("nobody answers")
        return Made(
            wait_for_workers=lambda *_, **__: None,
            nthreads=lambda: {"w1": 1, "w2": 1},
            run=lambda *_: {"w1": self.code(), "w2": ways.called(ways.CODE)()},
            close=lambda: None,
            cancel=lambda _: None,
            submit=lambda *_, **__: Future(),
            as_current=lambda: nullcontext(),
        )

    def wait(self, *_: Any, **__: Any) -> None:
        if self.lost is not None:
            raise self.lost


def own() -> Any:
    return ways.called(ways.CODE)()


def no_module() -> Any:
    raise ModuleNotFoundError("dabiao")


@pytest.mark.parametrize(
    "dask, told",
    [
        (None, 'a cluster needs dask.distributed: pip install "dabiao[cluster]"'),
        (Dask(own, gone=True), "no cluster at tcp://there: nobody answers"),
        (
            Dask(no_module),
            "the workers at tcp://there cannot run the program: ModuleNotFoundError: dabiao; install",
        ),
        (Dask(lambda: "older"), "another version of the program is on w1; install the same one"),
    ],
)
def test_a_cluster_that_is_of_no_use(dask: Any, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", dask)
    with pytest.raises(DabiaoError) as ended, Cluster("tcp://there", 2):
        pass
    assert told in ended.value.of("en")


@pytest.mark.parametrize("lost", [RuntimeError("scheduler"), OSError("link"), TimeoutError(), None])
def test_a_cluster_that_is_lost_is_told_and_one_that_is_slow_is_not(
    lost: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", Dask(own, lost))
    with Cluster("tcp://there", 2) as cluster:
        assert cluster.workers == 2 and cluster.take(0.1) == []
        cluster.put(tasks.reading("example:deyang-2022"))
        if lost is None or isinstance(lost, TimeoutError):
            assert cluster.take(0.1) == []
        else:
            told = rf"the cluster at tcp://there was lost \({type(lost).__name__}\); what is done is kept"
            with pytest.raises(DabiaoError, match=told):
                cluster.take(0.1)
