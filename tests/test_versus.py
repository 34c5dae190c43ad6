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
from dabiao.models.quantity import Bilingual
from dabiao.models.words import LANGUAGES
from dabiao.results.compare.page_one import short_names
from dabiao.results.compare.versus import joined, origins, title_of, versus
from dabiao.results.front import front_page
from dabiao.results.reports import added, write_report
from dabiao.results.tables.chances import percent
from dabiao.results.tables.table import Table
from dabiao.results.text.format import number
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
    assert "versus_targets" in made and "versus_attribution" not in made
    assert not any(line.startswith("why_") for line in made["summary"].column("line"))
    assert "versus_answer_2" in made["summary"].column("line")


# --- page one of two runs
# ---------------------------------------------------------------------------------------------------------


def whole(two: tuple[Path, Path]) -> dict[str, Table]:
    """All tables of a report on both runs."""
    one, other = (read_run(home) for home in two)
    return joined(added(one.tables), versus((two[0], one), (two[1], other)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_one_tells_of_both(two: tuple[Path, Path], lang: str) -> None:
    """Both answers, named; both tables in both runs' numbers; why they differ; no file and no line."""
    made, runs = whole(two), [read_run(home) for home in two]
    page = front_page(made, lang, title_of(runs[0]), {})
    assert page is not None and len(page.answer) == 3
    for run, said in zip(runs, page.answer, strict=False):
        first = run.tables["verdict"].records()[0]
        assert percent(first["probability"]) in said and number(first["expected"], int(first["fine"])) in said
    assert page.answer[0].split(":")[0].split("：")[0] != page.answer[1].split(":")[0].split("：")[0]
    texts = [
        page.title,
        *page.answer,
        *(page.needs or ()),
        *(text for _, text in (*page.notes, *page.advice)),
    ]
    assert [text for text in texts if re.search(r"\.ya?ml|:\d+\)", text)] == []
    assert [table.name for table in page.tables] == ["versus_front", "versus_decisions"]
    assert {"front_answer", "versus_answer_1", "versus_title", "needs"} <= page.lines


def test_facts_are_those_of_the_runs_and_differ_as_printed(two: tuple[Path, Path]) -> None:
    made, runs = whole(two), [read_run(home).tables for home in two]
    facts = {row["item"]: row for row in made["versus_front"].records()}
    for at, run in enumerate(runs, start=1):
        own = {(row["target"], row["tier_id"]): row for row in run["probabilities"].records()}
        for (target, tier), row in own.items():
            if f"median_{target}" in facts:
                for fact, cell in (("median", "q50"), ("low", "q10"), ("high", "q90")):
                    value = facts[f"{fact}_{target}"]
                    assert value[f"value_{at}"] == pytest.approx(
                        row[cell], abs=0.5 * 10.0 ** -value["digits"]
                    )
                chance = facts[f"chance_{target}_{tier}"][f"value_{at}"]
                assert chance == pytest.approx(100 * row["probability"], abs=0.5)
    for name in ("planned", "reached", "gdp_last"):
        assert name in facts
    for row in facts.values():
        assert row["difference"] == pytest.approx(row["value_2"] - row["value_1"], abs=1e-9)


def test_decisions_of_both_stand_in_one_table(two: tuple[Path, Path]) -> None:
    made, runs = whole(two), [read_run(home).tables["decisions"] for home in two]
    rows = made["versus_decisions"].records()
    assert made["versus_decisions"].columns[0].name == "case"
    assert len({row["case"].en for row in rows}) == 2
    expected = [row for run in runs for row in run.records()]
    assert [{key: row[key] for key in one} for row, one in zip(rows, expected, strict=True)] == expected


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (("Town 2024, baseline", "Town 2024, upper tier"), ["baseline", "upper tier"]),
        (("某市2024年基准方案", "某市2024年力争方案"), ["基准方案", "力争方案"]),
        (("town 2024", "town 2024, more"), ["town 2024", "town 2024, more"]),
        (("Town 2023", "Town 2024"), ["2023", "2024"]),
        (("Here", "There"), ["Here", "There"]),
    ],
)
def test_names_are_what_tells_titles_apart(titles: tuple[str, str], names: list[str]) -> None:
    found = short_names([Bilingual.same(title) for title in titles])
    assert [name.en for name in found] == names
    twice = short_names([Bilingual.same(titles[0])] * 2)
    assert twice[0].en != twice[1].en


# --- what stood there stays whole
# ---------------------------------------------------------------------------------


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.mark.parametrize("at", [1, 5, 20])
@pytest.mark.usefixtures("english")
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
            raise OSError(errno.ENOSPC, "no space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteError, match=r"no space left.*what stood there still stands"):
        write_report(two[0], place, ("zh", "en"), ("csv", "markdown"))
    done = CliRunner().invoke(simulate, ["report", str(two[0]), "--out", str(place), "--format", "csv"])
    assert done.exit_code != 0 and "no space left" in done.output and "Traceback" not in done.output
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
            raise PermissionError(errno.EACCES, "permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", stuck)
    monkeypatch.setattr("dabiao.results.place._exchanged", lambda *_: False)  # a system that cannot
    with pytest.raises(WriteError, match="permission denied"):
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
