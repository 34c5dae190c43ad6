"""What earlier versions wrote works today, or says what to do: scenarios, run folders, old names of keys."""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import Result
from command import call
from dabiao.scenarios.load import load

EARLIER = Path(__file__).with_name("earlier")
VERSIONS = sorted(file.name.removesuffix(".tar.xz") for file in EARLIER.glob("*.tar.xz"))
READS = {
    "report": ("report", "RUN"),
    "report of two": ("report", "RUN", "RUN"),
    "compare": ("compare", "RUN", "RUN"),
    "compare with a scenario": ("compare", "hamlet.yaml", "RUN"),
    "export": ("export", "RUN"),
    "export iamc": ("export", "RUN", "--format", "iamc"),
    "verify again": ("verify", "RUN", "--rerun"),
}
ASKS = {
    "run": ("run", "RUN"),
    "show": ("show", "RUN"),
    "explain": ("explain", "RUN"),
    "track": ("track", "RUN"),
    "roll": ("roll", "RUN"),
    "convert": ("convert", "RUN", "new.xlsx"),
    "required": ("optimize", "required", "RUN", "--target", "gdp_growth"),
}


class Home(NamedTuple):
    """What a version left."""

    version: str
    folder: Path
    run: Path

    def call(self, *words: str) -> Result:
        """A command on it."""
        return call(*(str(self.run) if word == "RUN" else word for word in words), "--lang", "en")


@pytest.fixture(params=VERSIONS)
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    with tarfile.open(EARLIER / f"{request.param}.tar.xz") as packed:
        packed.extractall(tmp_path, filter="data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DABIAO_LANG", "en")
    (run,) = Path("runs/hamlet").iterdir()
    return Home(request.param, tmp_path, run)


def test_there_is_what_the_first_versions_wrote(home: Home) -> None:
    assert {"0.1.0", "0.2.0"} <= set(VERSIONS)
    manifest = json.loads((home.run / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["version"] == home.version
    assert json.loads((home.run / "tables.json").read_text(encoding="utf-8"))["schema"] == "dabiao.run/1"


@pytest.mark.parametrize("file", ["hamlet.yaml", "RUN/scenario.resolved.yaml"])
def test_its_scenario_runs_and_old_names_are_told_with_the_new_ones(home: Home, file: str) -> None:
    place = file.replace("RUN", home.run.as_posix())
    done = home.call("run", place, "--draws", "0")
    assert done.exit_code == 0, done.output
    told = re.search(r":\d+:\d+: `doubt` is called `uncertainty` now", done.output)
    assert (told is not None) == (home.version == "0.1.0")
    assert load(place).scenario.uncertainty.seed == 7


@pytest.mark.parametrize("words", READS.values(), ids=READS)
def test_what_reads_an_old_run_names_the_command_that_makes_it_again(
    home: Home, words: tuple[str, ...]
) -> None:
    before = {file: file.read_bytes() for file in home.run.rglob("*") if file.is_file()}
    done = (
        home.call(*words)
        if words[0] != "report"
        else call(*(str(home.run) if w == "RUN" else w for w in words))
    )
    assert done.exit_code == 2 and "earlier version" in done.output, done.output
    command = re.search(r"^ +simulate (run \S+)$", done.output, re.M)
    assert command is not None, done.output
    assert {file: file.read_bytes() for file in before} == before
    again = call(*command[1].split(), "--draws", "0", "--out", home.folder / "again")
    assert again.exit_code == 0, again.output
    (made,) = (home.folder / "again").glob("*/*/tables.json")
    assert call("export", made.parent).exit_code == 0


@pytest.mark.parametrize("words", ASKS.values(), ids=ASKS)
def test_a_run_given_for_a_scenario_names_the_scenario_that_it_kept(
    home: Home, words: tuple[str, ...]
) -> None:
    done = home.call(*words)
    kept = f"{home.run.as_posix()}/scenario.resolved.yaml"
    assert done.exit_code == 2 and f"its scenario is {kept}" in done.output, done.output
    assert load(kept).scenario.title.en == "Valley baseline"


def test_an_old_run_is_verified_as_far_as_its_manifest_goes(home: Home) -> None:
    done = home.call("verify", "RUN", "--json")
    said = json.loads(done.stdout)
    here = {file.name for file in home.run.iterdir()} - {"manifest.json"}
    assert set(said["same"]) == here and said["changed"] == said["extra"] == []
    assert any("has no seal" in told for told in said["told"]) == (home.version != "0.1.0")
    assert said["program"] is False and all(re.search("csv|xlsx|html|md", name) for name in said["missing"])
    file = home.run / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    whole = {name: stated for name, stated in manifest["outputs"].items() if name in here}
    file.write_text(json.dumps(manifest | {"outputs": whole}), encoding="utf-8")
    done = home.call("verify", "RUN")
    words = {"0.1.0": "FILES UNCHANGED; WHAT DECIDED THE RUN CANNOT BE CHECKED"}
    assert done.exit_code == 1 and done.stdout.splitlines()[-1] == words.get(home.version, "NOT VERIFIED")
    (home.run / "tables.json").write_bytes(b"{}")
    assert "tables.json" in home.call("verify", "RUN").output


def test_an_old_run_without_its_scenario_says_to_run_it_again(home: Home) -> None:
    (home.run / "scenario.resolved.yaml").unlink()
    done = home.call("export", "RUN")
    assert done.exit_code == 2 and "run its scenario again" in done.output
