"""The first hour: a new region runs at once, the doctor sees what is wrong, the shell completes."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from command import GIVEN, call
from dabiao.cli.main import simulate
from dabiao.cli.run import next_steps
from dabiao.engine.run import check
from dabiao.scenarios.begin import Facts, begin
from dabiao.scenarios.load import load
from dabiao.solvers.solution import Solver
from hypothesis import given, settings
from hypothesis import strategies as st


def test_it_validates_runs_and_compares_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    assert call("new", "某市", *GIVEN, "--out", folder).exit_code == 0
    for name in ("baseline.yaml", "stretch.yaml"):
        assert call("validate", folder / name).exit_code == 0
    done = call(
        "compare",
        folder / "baseline.yaml",
        folder / "stretch.yaml",
        "--json",
        "--out",
        tmp_path / "runs",
        "-q",
    )
    tables = json.loads(done.stdout)["tables"]
    names = [column["name"] for column in tables["attribution"]["columns"]]
    groups = {dict(zip(names, row, strict=True))["group"] for row in tables["attribution"]["rows"]}
    assert groups >= {"investment", "mix", "difference"}
    rows = [dict(zip(names, row, strict=True)) for row in tables["attribution"]["rows"]]
    mix = [row["effect"] for row in rows if row["group"] == "mix" and row["item"] == "gdp_growth"]
    assert mix[0] < -0.01 and mix[1] > 0.01, (
        "a mix that turns to industry costs growth at first and pays from the second year"
    )
    assert call("validate", folder).exit_code == 0, "a folder stands for its baseline"


def test_the_file_names_the_priors_that_it_extends(tmp_path: Path) -> None:
    text = begin(Facts("某市", 2023, 1000, 100, 400, 80, 5.5))["baseline.yaml"]
    head = text[: text.index("dabiao: 1")]
    assert "china-2023/priors.yaml" in head and "scotland" not in head


def test_it_says_what_is_given_and_what_is_guessed(tmp_path: Path) -> None:
    call("new", "某市", *GIVEN, "--out", tmp_path / "city")
    loaded = load(tmp_path / "city")
    stated = loaded.quantities()
    assert all(
        stated[path].source == "entered"
        for path in ("accounts.gdp", "sectors.industry.va", "targets.gdp_growth.ensure")
    )
    assert all(
        stated[path].assumption
        for path in ("accounts.fai", "accounts.household_consumption", "mixes.plan.shares.industry")
    )
    assert loaded.scenario.sectors["services"].va.value == 420


@pytest.mark.usefixtures("english")
def test_it_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "mine.txt").write_text("mine", encoding="utf-8")
    done = call("new", "某市", *GIVEN, "--out", tmp_path / "city")
    assert done.exit_code == 2 and "nothing was changed" in done.output
    assert [file.name for file in tmp_path.rglob("*")] == ["city", "mine.txt"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--industry", "900"), "services"),
        (("--gdp", "-1"), "--gdp"),
        (("--stretch", "5"), "--stretch"),
        (("--gdp", "nan"), "--gdp"),
        (("--year", "20"), "--year"),
        (("--secondary", "700"), "--secondary"),
        (("--gdp", "many"), "no number"),
    ],
)
@pytest.mark.usefixtures("english")
def test_figures_that_cannot_stand_together_are_told(
    tmp_path: Path, change: tuple[str, ...], said: str
) -> None:
    done = call("new", "某市", *GIVEN, *change, "--out", tmp_path / "city")
    assert done.exit_code == 2 and said in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "change", [("--industry", "900"), ("--gdp", "-1"), ("--stretch", "5"), ("--secondary", "700")]
)
def test_the_first_line_of_a_complaint_is_chinese(tmp_path: Path, change: tuple[str, ...]) -> None:
    done = call("new", "某市", *GIVEN, *change, "--out", tmp_path / "city")
    first = done.output.splitlines()[0]
    assert "应为" in first and not re.search(r"[a-z]{2,} [a-z]{2,}", first), first


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    done = call("new", "某市", "--gdp", "1000", "--out", tmp_path / "city")
    assert done.exit_code == 2 and "--target" in done.output and "--gdp," not in done.output.split("例")[0]


def test_it_asks_for_what_is_not_given(tmp_path: Path) -> None:
    words = (  # words that are no numbers are asked again
        "2023\nabc\n1000\n100\n400\n80\n6\n6.5\n\n\n7\n\nx\n8\n"
    )
    done = call("new", "某市", "--out", tmp_path / "city", input=words)
    assert done.exit_code == 0, done.output
    stated = load(tmp_path / "city").quantities()
    assert (
        stated["targets.gdp_growth.stretch"].value,
        stated["investment.growth"].value,
        stated["targets.fai_growth.ensure"].value,
    ) == (6.5, 7, 8)


def test_three_sectors_are_enough(tmp_path: Path) -> None:
    """Answers come from a pipe, figures as bulletins print them; construction is the nation's share and says
    so."""
    words = "2023年\n1,000亿元\n100\n\n480\n\n6.0%\n"  # the input ends where the rest may be left out
    done = call("new", "某市", "--out", tmp_path / "city", input=words)
    assert done.exit_code == 0, done.output
    loaded = load(tmp_path / "city")
    stated = loaded.quantities()
    industry, construction = (stated[f"sectors.{key}.va"] for key in ("industry", "construction"))
    assert construction.value == pytest.approx(480 * 85691 / (399103 + 85691), rel=0.01)
    assert industry.value + construction.value == pytest.approx(480) and stated[
        "sectors.services.va"
    ].value == pytest.approx(420)
    assert (
        industry.assumption and construction.assumption and stated["sectors.services.va"].source == "entered"
    )


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (("--industry", 400, "--secondary", 480), (400, 80)),
        (("--construction", 80, "--secondary", 480), (400, 80)),
        (
            ("--industry", 400, "--construction", 80, "--secondary", 481),
            (400, 80),
        ),  # as statistics print them
    ],
)
def test_two_of_the_secondary_sectors_figures_give_the_third(
    tmp_path: Path, given: tuple[object, ...], found: tuple[float, ...]
) -> None:
    done = call(
        "new",
        "某市",
        "--year",
        2023,
        "--gdp",
        1000,
        "--primary",
        100,
        "--target",
        6,
        *given,
        "--out",
        tmp_path / "city",
    )
    assert done.exit_code == 0, done.output
    stated = load(tmp_path / "city").quantities()
    assert tuple(stated[f"sectors.{key}.va"].value for key in ("industry", "construction")) == found
    assert stated["sectors.industry.va"].source == stated["sectors.construction.va"].source == "entered"


@pytest.mark.parametrize(
    ("given", "title", "said"),
    [
        (("--english-name", "Any City"), "Any City 2024", False),
        ((), "某市 2024", True),
    ],
)
def test_the_english_name_is_given_or_the_name_stands(
    tmp_path: Path, given: tuple[str, ...], title: str, said: bool
) -> None:
    """No transliteration is made up: without an English name the name stays as it is, and the user is
    told."""
    done = call("new", "某市", *GIVEN, *given, "--out", tmp_path / "city")
    assert load(tmp_path / "city").scenario.title.en == title
    assert ("--english-name" in done.output) == said
    assert (
        "no English name was given" in (tmp_path / "city" / "baseline.yaml").read_text(encoding="utf-8")
    ) == said


def test_the_run_names_the_other_scenario_beside_it(tmp_path: Path) -> None:
    call("new", "某市", *GIVEN, "--out", tmp_path / "city")
    steps = next_steps(str(tmp_path / "city" / "baseline.yaml"), "zh")
    assert (
        f"simulate compare {tmp_path / 'city' / 'baseline.yaml'} {tmp_path / 'city' / 'stretch.yaml'}"
        in steps
    )
    assert "另一方案.yaml" in next_steps("example:any", "zh") and "另一方案.yaml" in next_steps(
        str(tmp_path / "city" / "stretch.yaml"), "zh"
    )


@pytest.mark.slow
@settings(max_examples=15)
@given(
    st.text(min_size=1, max_size=20),
    st.floats(50, 30000),
    st.tuples(*[st.floats(0.02, 0.3)] * 3),
    st.floats(1, 12),
)
def test_any_believable_region_can_begin(
    tmp_path_factory: pytest.TempPathFactory, name: str, gdp: float, parts: tuple[float, ...], target: float
) -> None:
    """Whatever the name and the structure, the files read back and the region can be put together."""
    shown = "".join(char if char.isprintable() else " " for char in name).strip() or "x"
    folder = tmp_path_factory.mktemp("begin")
    for file, text in begin(Facts(shown, 2023, gdp, *(gdp * part for part in parts), target)).items():
        (folder / file).write_text(text, encoding="utf-8")
    for file in ("baseline.yaml", "stretch.yaml"):
        loaded = load(folder / file)
        assert loaded.scenario.title.zh.startswith(shown)
        check(loaded)


def test_the_doctor_finds_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call("doctor", "--out", tmp_path, "--json")
    whole = json.loads(done.stdout)
    checks = {each["name"]: each for each in whole["checks"]}
    assert done.exit_code == 0 and whole["ok"] and checks["solver highs"]["ok"] and checks["folder"]["ok"]
    from dabiao.solvers import solve as solving

    none = {
        name: Solver(lambda: False, solver.answer, solver.how) for name, solver in solving.SOLVERS.items()
    }
    monkeypatch.setattr(solving, "SOLVERS", none)
    monkeypatch.setattr(sys, "version_info", (3, 9, 0))
    done = call("doctor", "--out", tmp_path, "--lang", "en")
    assert done.exit_code == 3 and "pip install highspy" in done.output and "3.11 or later" in done.output


def test_the_doctor_names_extras_that_are_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import importlib.metadata as metadata

    lines = [
        "click>=8",
        'no-such-package>=1; extra == "report"',
        "other-absent; extra == 'test'",
        'numpy; extra == "report"',
    ]
    monkeypatch.setattr(metadata, "requires", lambda name: lines)
    done = call("doctor", "--out", tmp_path, "--lang", "en")
    assert done.exit_code == 0 and "dabiao[report]" in done.output and "no-such-package" in done.output
    assert "other-absent" not in done.output and "numpy, " not in done.output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes(shell: str) -> None:
    done = call("completion", shell)
    assert done.exit_code == 0 and "_SIMULATE_COMPLETE" in done.stdout
    asked = {
        "bash": {"COMP_WORDS": "simulate ex", "COMP_CWORD": "1"},
        "zsh": {"COMP_WORDS": "simulate ex", "COMP_CWORD": "1"},
        "fish": {"COMP_WORDS": "simulate ex", "COMP_CWORD": "ex"},
    }[shell]
    done = CliRunner().invoke(
        simulate, [], prog_name="simulate", env={"_SIMULATE_COMPLETE": f"{shell}_complete", **asked}
    )
    assert "export" in done.stdout


def test_what_is_understood_of_past_years_in_a_table_is_told(tmp_path: Path) -> None:
    file = tmp_path / "past.csv"
    file.write_bytes("年份,增速（%）,目标（%）\n2021,8.1,7\n2022,3.0,6\n2031,4,5\n".encode("gbk"))
    done = call("new", "A", *GIVEN, "--history", file, "--out", tmp_path / "a", "--lang", "en")
    assert done.exit_code == 0 and "read as text in GBK" in done.stderr, done.output
    assert "2031 after the base year: left out" in done.stderr
    assert "2031" not in (tmp_path / "a" / "baseline.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("part", [" =60", "=60", ":industry=60", "goods", "goods:factory=60"])
def test_a_sector_without_a_name_is_told(tmp_path: Path, part: str) -> None:
    words = ("new", "A", "--priors", "example:china-2023/priors.yaml", "--year", 2023, "--target", 5)
    done = call(*words, "--va", part, "--out", tmp_path / "a", "--lang", "en")
    assert done.exit_code == 2 and f"--va {part}: expected NAME=VALUE" in done.output, done.output


@pytest.mark.skipif(sys.platform == "win32", reason="who may read is said otherwise there")
@pytest.mark.parametrize("hidden", [0o022, 0o027, 0o002])
def test_who_may_read_a_new_region_is_for_the_system_to_say(tmp_path: Path, hidden: int) -> None:
    before = os.umask(hidden)
    try:
        assert call("new", "A", *GIVEN, "--out", tmp_path / "a").exit_code == 0
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o777 & ~hidden
    assert (tmp_path / "a" / "baseline.yaml").stat().st_mode & 0o777 == 0o666 & ~hidden
