"""A small sample of every campaign, run whole by hand (CONTRIBUTING.md), and what they found, by kind."""

from __future__ import annotations

import re
import sqlite3
import sys
from pathlib import Path

import campaign
import clocks
import faults
import files
import kills
import pytest
import variations
from city import CITY
from command import call
from dabiao.models.errors import DabiaoError, ScenarioError
from dabiao.scenarios.load import load
from dabiao.scenarios.report import Place, Report
from kinds import CANDIDATES, MONEY, kinds
from writing import PANEL

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="bounds and signals of Unix")
SEED, EACH = 2026, 3
ROOT = Path(__file__).resolve().parents[1]
QUICK = [
    "sweep",
    "panel",
    "candidates",
    "figures",
    "work report",
    "manifest",
    "ledger",
    "workbook of projects",
]


def held(tally: campaign.Tally, least: int) -> None:
    """Nothing failed, and something was tried."""
    assert tally.failures == [], tally.failures[0]["why"]
    assert sum(found.total() for found in tally.counts.values()) >= least


@pytest.mark.slow
@pytest.mark.sample
def test_mutated_files_are_read_or_told() -> None:
    tally = files.campaign(campaign.Tally("files", SEED), EACH, guided=False)
    held(tally, EACH * len(kinds()))
    assert 0 < sum(found["read"] for found in tally.counts.values()) < EACH * len(kinds())


@pytest.mark.slow
@pytest.mark.sample
def test_variations_agree_on_both_solvers() -> None:
    held(variations.campaign(campaign.Tally("variations", SEED), 3, ["deyang-2022"]), 3)


@pytest.mark.slow
@pytest.mark.sample
def test_killed_commands_leave_everything_whole() -> None:
    held(kills.campaign(campaign.Tally("kills", SEED), 1, ["convert to a workbook", "export"]), 2)


@pytest.mark.slow
@pytest.mark.sample
def test_a_full_or_read_only_disk_is_told() -> None:
    held(faults.campaign(campaign.Tally("faults", SEED), 2, ["run", "export", "targets", "sweep"]), 8)


@pytest.mark.slow
@pytest.mark.sample
def test_clocks_may_jump_and_two_versions_stand_side_by_side() -> None:
    held(clocks.campaign(campaign.Tally("clocks", SEED), 1), 6)


# What was found, by kind
# ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUICK)
def test_a_few_files_of_a_kind(name: str) -> None:
    held(files.campaign(campaign.Tally("files", SEED), 4, [name], guided=False), 4)


def test_more_mistakes_than_anybody_reads_are_told_by_every_reader(tmp_path: Path) -> None:
    """A list of hundreds of wrong rows ended in an internal error where no scenario was read."""
    (tmp_path / "list.csv").write_text(CANDIDATES + "mill,west,x,y\n" * 300, encoding="utf-8")
    (tmp_path / "money.csv").write_text(MONEY, encoding="utf-8")
    done = call(
        "optimize", "select", "--candidates", tmp_path / "list.csv", "--budgets", tmp_path / "money.csv"
    )
    assert done.exit_code == 2 and re.search(r"list\.csv:\d+:\d+", done.output), done.output[-500:]
    report = Report()
    with pytest.raises(ScenarioError, match="mistakes more"):
        for at in range(10_000):
            report.add(Place("a.csv", at + 1, 1), "a", "b", "c")


@pytest.mark.parametrize(
    "spoilt", ["noise", "cut", "letters", "later form", "other table", "no column", "result", "failure"]
)
def test_a_damaged_ledger_is_told_and_left_as_it_is(tmp_path: Path, spoilt: str) -> None:
    """It ended in an internal error, and left a sign of life behind."""
    kind = kinds()["ledger"]
    file = tmp_path / kind.name
    data = kind.starts[0]
    file.write_bytes(
        {
            "noise": b"\7" * 9000,
            "cut": data[:9000],
            "letters": data.replace(b"WITHOUT ROWID", b"WITHOUT RO\xb5\xe1D"),
            "later form": data[:18] + b"\3" + data[19:],
        }.get(spoilt, data)
    )
    if spoilt in ("other table", "no column", "result", "failure"):
        with sqlite3.connect(file) as base:
            base.execute(
                {
                    "other table": "ALTER TABLE tasks RENAME COLUMN state TO states",
                    "no column": "ALTER TABLE plan RENAME COLUMN spec TO other",
                    "result": "UPDATE tasks SET result = x'0102' WHERE state = 'done'",
                    "failure": "UPDATE tasks SET state = 'failed', owner = 'x', result = 'x'",
                }[spoilt]
            )
        base.close()
    if spoilt == "failure":  # whoever failed is dead: its tasks are open again
        kind.read(file)
        return
    with pytest.raises(
        DabiaoError, match=r"ledger\.sqlite( is damaged, or no ledger|: the result of task \w+ is damaged)"
    ):
        kind.read(file)
    assert not (tmp_path / "alive").exists() or not list((tmp_path / "alive").iterdir())


DIGITS = "9" * 5000
"""More digits than Python makes a number of."""


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("many.csv", f"scenario,seed\na.yaml,{DIGITS}\n", ("sweep", "many.csv")),
        ("b.yaml", "extends: a.yaml\n", ("validate", "b.yaml", "--set", f"projects[{DIGITS}]=1")),
        ("b.yaml", "extends: a.yaml\n", ("validate", "b.yaml", "--set", f"mixes[{'0' * 5000}].industry=1")),
        ("p.csv", f"region,year,growth\na,2020,5\na,{DIGITS},5\n", ("backtest", "p.csv")),
        ("p.csv", PANEL, ("backtest", "p.csv", "--years", f"2010-{DIGITS}")),
        ("p.csv", PANEL, ("backtest", "p.csv", "--years", "0-99999999999")),
        (
            "b.yaml",
            f"extends: a.yaml\nhistory: {{years: {{{DIGITS[:40]}: {{growth: 5}}}}}}\n",
            ("convert", "b.yaml", "b.xlsx"),
        ),
    ],
)
def test_numbers_of_more_digits_than_there_are_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, words: tuple[str, ...]
) -> None:
    """A seed of 5,000 digits ended in an internal error; years to the 99,999,999,999th took all memory."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(CITY, encoding="utf-8")
    Path(name).write_text(text, encoding="utf-8")
    done = call(*words, "--lang", "en")
    assert done.exit_code == 2 and ("expected" in done.output or "not exist" in done.output), done.output
    assert "nternal" not in done.output


@pytest.mark.parametrize("name", ["x}", "{", "{}", "{0}", "{index}", "a{b}c"])
def test_braces_in_a_name_are_braces(tmp_path: Path, name: str) -> None:
    """Paths of messages were filled in like formats: a heading with `}` ended in an internal error."""
    (tmp_path / "a.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(
        f'extends: a.yaml\nmixes: {{"{name}": {{title: t, assumption: y, shares: {{nothing: 100}}}}}}\n',
        encoding="utf-8",
    )
    done = call("validate", tmp_path / "b.yaml", "--lang", "en")
    assert done.exit_code == 2 and f'mixes.{name}.shares.nothing: got "nothing"' in done.output, done.output


@pytest.mark.parametrize("unseen", ["\ufeff", "\u200b", "\xad", "\u200b \u200d"])
def test_what_cannot_be_seen_is_no_name(tmp_path: Path, unseen: str) -> None:
    """An id of a list of candidates, a title of a batch: both ended in an internal error."""
    (tmp_path / "list.csv").write_text(CANDIDATES + f"{unseen},west,3,2,,,,,,4\n", encoding="utf-8")
    (tmp_path / "money.csv").write_text(MONEY, encoding="utf-8")
    words = ("optimize", "select", "--candidates", tmp_path / "list.csv", "--budgets", tmp_path / "money.csv")
    done = call(*words, "--lang", "en")
    assert done.exit_code == 2 and "list.csv:4:1  id: got nothing, expected an id" in done.output, done.output
    (tmp_path / "a.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(
        f'title: "{unseen}"\nscenarios: [a.yaml]\nsettings: {{low: {{investment.growth: 4}}}}\n',
        encoding="utf-8",
    )
    done = call("sweep", tmp_path / "s.yaml", "--lang", "en")
    assert done.exit_code == 2 and "title: got" in done.output, done.output


@pytest.mark.parametrize("head", ["2021年1-6月,指标", "数值,指标,时间"])
def test_figures_of_a_row_that_ends_before_its_name_are_passed_over(tmp_path: Path, head: str) -> None:
    """A bulletin whose names stand at the right, and a remark below it: an internal error before."""
    right = {
        "2021年1-6月,指标": "9.1,地区生产总值增速（%）",
        "数值,指标,时间": "9.1,地区生产总值增速（%）,2021-06",
    }
    (tmp_path / "f.csv").write_text(f"{head}\n8\n{right[head]}\n", encoding="utf-8")
    loaded = load("example:panzhihua-2021", actuals=tmp_path / "f.csv")
    assert loaded.scenario.actuals is not None
    assert [list(row) for row in loaded.scenario.actuals.figures.values()] == [["2021-06"]]


def test_a_panel_of_headings_alone_is_told(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("region,year,growth\na remark,,\n", encoding="utf-8")
    done = call("backtest", tmp_path / "p.csv", "--lang", "en")
    assert done.exit_code == 2 and "p.csv:1:1  year: got no row of a region and a year" in done.output, (
        done.output
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("history: {years: {202²: {growth: 5}}}", "history.years.202²"),
        ("actuals: {outlook: {202²: 5}}", "actuals.outlook"),
        ("investment: {growth: 6, path: {2024²: 4}}", "investment.path.2024²"),
    ],
)
def test_digits_that_are_no_number_are_no_year(tmp_path: Path, text: str, place: str) -> None:
    """`str.isdigit` takes signs that `int` does not: three readers ended in an internal error."""
    (tmp_path / "a.yaml").write_text(
        CITY.replace("investment: {growth: 6}\n", "") + text + "\n", encoding="utf-8"
    )
    done = call("validate", tmp_path / "a.yaml", "--lang", "en")
    assert done.exit_code == 2 and re.search(rf"a\.yaml:\d+:\d+  {re.escape(place)}", done.output), (
        done.output
    )
    floors = ("models", "scenarios", "solvers", "engine", "results", "cli")
    files = [file for floor in floors for file in (ROOT / floor).rglob("*.py")]
    assert len(files) > 300
    assert [file.name for file in files if ".isdigit(" in file.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    ("line", "place"),
    [("seeds: [1.0e+300]", r"many\.yaml:2:9  "), ("title: {zh: '', en: ' '}", r"many\.yaml:2:1  title")],
)
def test_odd_values_of_a_sweep_are_told(tmp_path: Path, line: str, place: str) -> None:
    (tmp_path / "a.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "many.yaml").write_text(f"scenarios: [a.yaml]\n{line}\n", encoding="utf-8")
    done = call("sweep", tmp_path / "many.yaml", "--out", tmp_path, "--lang", "en")
    assert done.exit_code == 2 and re.search(place, done.output), done.output


@pytest.mark.parametrize("words", [("backtest", "p.csv"), ("calibrate", "p.csv", "--quarterly")])
def test_a_missing_column_is_told_where_headings_stand(
    tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text("title\n\nyear,region\n2020,a\n", encoding="utf-8")
    assert re.search(r"p\.csv:3:1  \w+: got no such column", call(*words, "--lang", "en").output)


def test_every_promise_names_a_test_that_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/\w+\.py)(?:::(\w+))?`", text)
    assert len(named) > 15
    for file, test in named:
        assert (
            f"def {test}(" in (ROOT / file).read_text(encoding="utf-8") if test else (ROOT / file).is_file()
        ), test
    for page in ("README.md", "README.zh.md", "CONTRIBUTING.md"):
        assert "(SECURITY.md)" in (ROOT / page).read_text(encoding="utf-8"), page


@pytest.mark.parametrize("name", ["calm", "crisis"])
def test_an_outlook_without_error_is_none(name: str) -> None:
    """An error of 0 passed the schema; the solver was handed what is no number."""
    path = f"experience.ahead.2024.january.{name}"
    done = call("validate", "example:panzhihua-2024", "--set", f"{path}=0", "--lang", "en")
    assert done.exit_code == 2 and f"{path}: got 0, expected" in done.output, done.output
    assert call("validate", "example:panzhihua-2024", "--set", f"{path}=0.01").exit_code == 0
