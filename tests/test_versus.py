"""Baseline against stretch in one report: the second run's numbers beside the first's, and what the
difference comes from."""

from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.results.compare.versus import joined, origins, versus
from dabiao.results.reports import added, write_report
from dabiao.results.write import WriteError, read_run

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Folders of a baseline and of a run with more investment."""
    homes = []
    for name, words in (("baseline", []), ("stretch", ["--set", "investment.growth=12"])):
        out = tmp_path_factory.mktemp(name)
        done = CliRunner().invoke(simulate, [str(VALLEY), *words, "--out", str(out), "-q"])
        assert done.exit_code == 0, done.output
        homes.append(next(manifest.parent for manifest in out.rglob("manifest.json")))
    return homes[0], homes[1]


def test_the_second_run_stands_beside_the_first(two: tuple[Path, Path]) -> None:
    one, other = (read_run(home) for home in two)
    made = versus((two[0], one), (two[1], other))
    assert {"versus_runs", "versus_headlines", "versus_targets", "versus_attribution", "summary"} <= set(made)
    stated = [
        {row["target"]: row["expected"] for row in run.tables["targets"].records()} for run in (one, other)
    ]
    for row in made["versus_targets"].records():
        assert (row["expected_1"], row["expected_2"]) == (stated[0][row["target"]], stated[1][row["target"]])
    attribution = [row for row in made["versus_attribution"].records() if row["item"] == "gdp_growth"]
    total = next(row for row in attribution if row["level"] == "total")
    year = [row for row in attribution if row["block"] == total["block"]]
    central = [
        next(row["central"] for row in run.tables["targets"].records() if row["target"] == "gdp_growth")
        for run in (one, other)
    ]
    assert total["to"] - total["from"] == pytest.approx(central[1] - central[0], abs=1e-9)
    assert sum(row["effect"] for row in year if row["level"] == "part") == pytest.approx(
        total["effect"], abs=1e-12
    )
    whole = joined(added(one.tables), made)
    lines = whole["summary"].column("line")
    assert "verdict" in lines and any(str(line).startswith("why_") for line in lines)
    assert len(whole["summary"].rows) == len(one.tables["summary"].rows) + len(made["summary"].rows)


def test_the_command_makes_it_a_chapter(two: tuple[Path, Path], tmp_path: Path) -> None:
    done = CliRunner().invoke(
        simulate,
        [
            "report",
            *map(str, two),
            "--format",
            "html",
            "--format",
            "markdown",
            "--lang",
            "zh",
            "--out",
            str(tmp_path / "r"),
        ],
    )
    assert done.exit_code == 0, done.output
    page = (tmp_path / "r" / "zh" / "report.html").read_text(encoding="utf-8")
    assert "基准与力争对照" in page and re.search("<figcaption>[^<]*由[^<]*变为[^<]*主要来自", page)
    assert "基准与力争对照" in (tmp_path / "r" / "zh" / "report.md").read_text(encoding="utf-8")


def test_a_changed_input_is_named_in_the_file_of_the_user(tmp_path: Path) -> None:
    """Stored runs name line and file as the user wrote them, in the list of inputs and in the reasons;
    folders stay out."""
    for name in ("valley.yaml", "answered.yaml"):
        shutil.copy(VALLEY.with_name(name), tmp_path / name)
    homes, places = [], []
    for name, growth, above in (("baseline", 9, 0), ("stretch", 12, 2)):
        words = (
            f"{'# a line' + chr(10) if above else ''}"
            * above
            + f"extends: answered.yaml\ntitle: {name}\ninvestment:\n  growth: {{value: {growth}, assumption:"
            " invented}\n"
        )
        (tmp_path / f"{name}.yaml").write_text(words, encoding="utf-8")
        places.append(
            f"{name}.yaml:{next(at for at, line in enumerate(words.splitlines(), start=1) if 'growth' in line)}"  # noqa: E501
        )
        out = tmp_path / f"runs-{name}"
        done = CliRunner().invoke(simulate, [str(tmp_path / f"{name}.yaml"), "--out", str(out), "-q"])
        assert done.exit_code == 0, done.output
        homes.append(next(manifest.parent for manifest in out.rglob("manifest.json")))
        assert str(tmp_path) not in (homes[-1] / "origins.json").read_text(encoding="utf-8")
    made = versus((homes[0], read_run(homes[0])), (homes[1], read_run(homes[1])))
    row = next(row for row in made["versus_inputs"].records() if row["path"] == "investment.growth")
    assert [row["origin_1"], row["origin_2"]] == places
    assert not any(
        "resolved" in str(row[f"origin_{at}"]) for row in made["versus_inputs"].records() for at in (1, 2)
    )
    assert any(places[1] in row["lines"] for row in made["versus_attribution"].records() if row["lines"])
    (homes[0] / "origins.json").write_text("[", encoding="utf-8")
    assert origins(homes[0]) == {}


def test_without_the_resolved_scenario_only_the_reason_is_missing(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    lost = tmp_path / "lost"
    shutil.copytree(two[1], lost)
    (lost / "scenario.resolved.yaml").unlink()
    made = versus((two[0], read_run(two[0])), (lost, read_run(lost)))
    assert "versus_targets" in made and "versus_attribution" not in made and "summary" not in made


# --- what stood there stays whole
# ---------------------------------------------------------------------------------


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.mark.parametrize("at", [1, 5, 20])
def test_a_full_disk_leaves_the_old_report_whole_and_says_so(
    two: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """The disk fills up at the first, fifth, twentieth file; nothing half written is left beside it."""
    place = tmp_path / "r"
    write_report(two[0], place, ("zh",), ("csv", "markdown"))
    before = content(place)
    real, count = Path.write_bytes, 0

    def full(self: Path, data: Any) -> int:
        nonlocal count
        count += 1
        if count >= at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteError, match=r"No space left.*what stood there still stands"):
        write_report(two[0], place, ("zh", "en"), ("csv", "markdown"))
    done = CliRunner().invoke(simulate, ["report", str(two[0]), "--out", str(place), "--format", "csv"])
    assert done.exit_code != 0 and "No space left" in done.output and "Traceback" not in done.output
    monkeypatch.undo()
    assert content(place) == before
    assert [file.name for file in tmp_path.iterdir()] == ["r"]


def test_a_failed_rename_puts_the_old_report_back(
    two: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "r"
    write_report(two[0], place, ("zh",), ("csv",))
    before = content(place)
    real = Path.rename

    def stuck(self: Path, target: Any) -> Path:
        if self.name.endswith(".partial"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", stuck)
    with pytest.raises(WriteError, match="Permission denied"):
        write_report(two[0], place, ("en",), ("csv",))
    monkeypatch.undo()
    assert content(place) == before
    assert [file.name for file in tmp_path.iterdir()] == ["r"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere"
)
def test_a_read_only_folder_is_told(two: tuple[Path, Path], tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(WriteError, match="cannot write"):
            write_report(two[0], tmp_path / "r", ("zh",), ("csv",))
    finally:
        tmp_path.chmod(0o700)


def test_a_file_in_the_way_is_told(two: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "r").write_text("mine")
    with pytest.raises(WriteError, match="was not written by this command"):
        write_report(two[0], tmp_path / "r", ("zh",), ("csv",))
    assert (tmp_path / "r").read_text() == "mine"
