"""Messages that help: which folder or file was meant, which unit, in the language asked for."""

from __future__ import annotations

import ast
import json
import os
import pickle
import re
from pathlib import Path
from typing import Literal

import pytest
from command import GIVEN, call
from dabiao.cli.run import beside
from dabiao.cli.which import runs_of
from dabiao.models.errors import DabiaoError, Problem, ScenarioError
from dabiao.models.quantity import Bilingual
from dabiao.models.words import msg, tr
from dabiao.scenarios.report import refused
from pydantic import BaseModel, ConfigDict, Field, ValidationError

ROOT = Path(__file__).resolve().parents[1]


def latin(text: str) -> list[str]:
    """Two English words one after the other, outside code and names of files."""
    plain = re.sub(r'`[^`]*`|"[^"]*"|\S*[/._-]\S*|--\S+', " ", text)
    return re.findall(r"[A-Za-z]{2,} [A-Za-z]{2,}", plain)


# --- what to compare with
# ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("extends: plan.yaml\n", True),
        ('extends: "plan.yaml"  # the plan\n', True),
        ("extends: './plan.yaml'\n", True),
        ("extends: other.yaml\n", False),
        ("extends: example:plan.yaml\n", False),
        ("title: plan.yaml\n", False),
        ("mixes:\n  extends: plan.yaml\n", False),
    ],
)
def test_only_what_extends_this_very_file_is_offered(tmp_path: Path, stated: str, meant: bool) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("dabiao: 1\n", encoding="utf-8")
    (tmp_path / "stretch.yaml").write_text(stated, encoding="utf-8")
    assert beside(str(plan)) == (str(tmp_path / "stretch.yaml") if meant else "")


def test_a_variant_of_any_name_is_found(tmp_path: Path) -> None:
    for name, text in (
        ("w.yaml", "dabiao: 1\n"),
        ("stretch.yaml", "extends: baseline.yaml\n"),
        ("w-more.yaml", "extends: w.yaml\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert beside(str(tmp_path / "w.yaml")) == str(tmp_path / "w-more.yaml")


# --- which folder `report` takes
# --------------------------------------------------------------------------------


def stored(folder: Path, name: str, age: int, **manifest: object) -> Path:
    """A folder as `simulate run` leaves it, as far as it is looked at."""
    made = folder / name
    made.mkdir(parents=True)
    for file in ("tables.json", "scenario.resolved.yaml"):
        (made / file).write_text("{}", encoding="utf-8")
        os.utime(made / file, (1e9 - age, 1e9 - age))
    (made / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return made


def test_a_scenario_instead_of_a_run_names_its_newest_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.yaml").write_text("dabiao: 1\n", encoding="utf-8")
    first = call("report", "plan.yaml", "plan.yaml")
    assert first.exit_code == 2 and "simulate plan.yaml" in first.output and "运行目录" in first.output
    for age, name in enumerate(("ccc", "aaa", "ddd", "bbb", "ddd-report")):
        stored(tmp_path / "runs" / "plan", name, age)
    assert [run.name for run in runs_of("plan.yaml")] == ["ccc", "aaa", "ddd", "bbb"]
    done = call("report", "plan.yaml", "--lang", "en")
    named = re.findall(r"simulate report (\S+)", done.output)
    assert done.exit_code == 2 and named == ["runs/plan/ccc", "runs/plan/aaa", "runs/plan/ddd"]
    assert "takes the folder of a run" in done.output and not re.search("[\u4e00-\u9fff]", done.output)
    second = call("report", "runs/plan/aaa", "plan.yaml")
    assert "simulate report runs/plan/aaa runs/plan/ccc" in second.output


def test_the_folder_of_runs_and_a_comparison_name_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        Path(name).write_text("dabiao: 1\n", encoding="utf-8")
    stored(tmp_path / "runs" / "a", "1a", 0)
    both = stored(
        tmp_path / "runs" / "compare",
        "9c",
        0,
        scenario="compare",
        command=["compare", "a.yaml", "b.yaml", "-q"],
    )
    done = call("report", "runs/a", "--lang", "zh")
    assert (
        done.exit_code == 2
        and "simulate report runs/a/1a" in done.output
        and latin(done.output) == ["simulate report"]
    )
    compared = call("report", both.relative_to(tmp_path))
    assert (
        compared.exit_code == 2
        and "simulate report runs/a/1a RUN2" in compared.output
        and "simulate b.yaml" in compared.output
    )
    stored(tmp_path / "runs" / "b", "1b", 0)
    assert "simulate report runs/a/1a runs/b/1b" in call("report", both.relative_to(tmp_path)).output


# --- units and signs of `new`
# -----------------------------------------------------------------------------------


def test_figures_in_another_unit_are_asked_about(tmp_path: Path) -> None:
    done = call("new", "某市", *GIVEN, "--gdp", "47411000", "--out", tmp_path / "city")
    assert done.exit_code == 2 and "是否把万元写成亿元？" in done.output and "--gdp 4741.1" in done.output
    assert not (tmp_path / "city").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--target", "0.07"), "--target 0.07 is read as 0.07 %; if 7 % is meant, write 7"),
        (("--year", "2003"), "--year 2003"),
        (("--gdp", "300000"), "--gdp 30"),
        (("--plan", "0.09"), "--plan 0.09 is read as 0.09 %"),
    ],
)
@pytest.mark.usefixtures("english")
def test_figures_that_look_like_a_slip_are_told_and_taken(
    tmp_path: Path, change: tuple[str, ...], said: str
) -> None:
    done = call("new", "某市", *GIVEN, *change, "--out", tmp_path / "city")
    assert done.exit_code == 0 and said in done.output, done.output


def test_ordinary_figures_are_told_nothing(tmp_path: Path) -> None:
    done = call("new", "City", *GIVEN, "--plan", "0", "--growth", "-0.4", "--out", tmp_path / "city")
    assert done.exit_code == 0 and "NOTE" not in done.output


def test_answers_that_end_too_soon_are_not_lost(tmp_path: Path) -> None:
    done = call("new", "某 市", "--gdp", "1000.5", "--out", tmp_path / "city", input="2023\n100\n")
    assert (
        done.exit_code == 2 and "simulate new '某 市' --year 2023 --gdp 1000.5 --primary 100" in done.output
    )


# --- one language where one was asked for
# -----------------------------------------------------------------------


def wrong(tmp_path: Path, *words: str) -> str:
    file = tmp_path / "plan.yaml"
    file.write_text("dabiao: 1\nacounts: {}\n", encoding="utf-8")
    return call("validate", file, *words).output


def test_errors_speak_the_language_asked_for(tmp_path: Path) -> None:
    zh, en, unsaid = wrong(tmp_path, "--lang", "zh"), wrong(tmp_path, "--lang=en"), wrong(tmp_path)
    assert "应为" in zh and "expected" not in zh
    assert "expected" in en and "应为" not in en
    assert unsaid == zh


def test_a_folder_that_is_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    chinese, english = (
        call("new", "某市", *GIVEN, "--out", tmp_path / "city", "--lang", lang).output
        for lang in ("zh", "en")
    )
    assert "已存在，未作任何改动" in chinese and latin(chinese) == [] and "nothing was changed" in english


# --- tables that Excel saved
# ------------------------------------------------------------------------------------

PANEL = "region,year,growth,target\n" + "".join(f"甲市,{2019 + at},{6 + at},6\n" for at in range(3))


def test_a_panel_in_another_encoding_is_read_and_told_or_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "panel.csv"
    file.write_bytes(PANEL.encode("gbk"))
    assert f"{file}" in (said := call("backtest", file, "--out", tmp_path).output) and "GBK" in said
    file.write_bytes(PANEL.encode() + "乙市,2022,9,6\n".encode("gbk"))
    done = call("backtest", file, "--lang", "zh", "--out", tmp_path)
    assert done.exit_code == 2 and done.output.startswith(f"{file}:5:1"), done.output
    assert (
        "另存为“CSV UTF-8（逗号分隔）”" in done.output
        and "iconv" not in done.output
        and latin(done.output) == []
    )
    file.write_bytes(PANEL.encode("utf-16"))
    assert "2019-2021" in call("backtest", file, "--out", tmp_path, "--lang", "en").output


def test_a_short_panel_says_how_many_years_are_there_and_needed(tmp_path: Path) -> None:
    file = tmp_path / "panel.csv"
    file.write_text(PANEL, encoding="utf-8")
    for words in ((), ("--years", "2020-2021")):
        done = call("backtest", file, *words, "--out", tmp_path, "--lang", "en")
        assert (
            done.exit_code == 2 and "3 years of growth (2019-2021), expected at least 5 years" in done.output
        )
        assert "3 年增速（2019—2021）" in call("backtest", file, *words, "--out", tmp_path).output
        assert "0-0" not in done.output


def test_a_table_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    valley = (Path(__file__).parent / "scenarios_for_tests" / "valley.yaml").read_text(encoding="utf-8")
    (tmp_path / "t.csv").write_bytes("年,增\n1,2\n".encode("gbk") + b"\xff\xff")
    (tmp_path / "valley.yaml").write_text(
        valley.replace(
            "  transfers: 10\n",
            "  transfers: {value: 10, distribution: {kind: empirical, file: t.csv, column: 增}}\n",
        ),
        encoding="utf-8",
    )
    done = call("validate", tmp_path / "valley.yaml", "--lang", "zh")
    assert done.exit_code == 2 and "t.csv:1:1" in done.output, done.output
    assert len(done.output.strip().splitlines()) == 1 and "Excel" in done.output, done.output


# --- words of planners for keys
# ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ensure: 6", "确保: 6", "ensure"),
        ("stretch: 7", "力争: 7", "stretch"),
        ("stage: approved", "stage: 已纳统", "registered"),
        ("sector: industry", "sector: 工业", "industry"),
        ("national: industry\n", "national: 房地产\n", "real_estate"),
    ],
)
def test_chinese_words_for_keys_are_understood(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / "city"
    assert call("new", "City", *GIVEN, "--stretch", "7", "--out", folder, "-q").exit_code == 0
    file = folder / "baseline.yaml"
    text = file.read_text(encoding="utf-8").replace("# projects:\n", "projects:\n")
    for line in re.findall(r"^#   .*\n", text[text.index("projects:\n") :], re.MULTILINE)[:9]:
        text = text.replace(line, line[2:])
    text = re.sub("^  (battery)", r"  \1", text, flags=re.MULTILINE)
    assert old in text
    file.write_text(text, encoding="utf-8")
    assert call("validate", file).exit_code == 0, call("validate", file).output
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = call("validate", file, "--lang", "zh")
    assert done.exit_code == 2 and f"是不是 {said}？" in done.output, done.output
    assert latin(done.output) == [], done.output


def test_planned_growth_as_a_decimal_is_told_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    assert call("new", "City", *GIVEN, "--plan", "9", "--out", folder, "-q").exit_code == 0
    file = folder / "baseline.yaml"
    assert "理解" not in call("validate", file).output
    file.write_text(
        file.read_text(encoding="utf-8").replace("growth: {value: 9,", "growth: {value: 0.09,"),
        encoding="utf-8",
    )
    done = call("validate", file)
    assert done.exit_code == 0 and re.search(
        r"baseline\.yaml:\d+:\d+  investment\.growth：0\.09 按 0\.09% 理解；若指 9%，请写 9", done.output
    ), done.output


# --- complaints are messages of the catalogue
# -----------------------------------------------------------

COMPLAINTS = ("Problem", "Finding", "Misfit", "add", "wrong", "refers", "adds_up", "end", "joined")
ERRORS = ("DabiaoError", "SolverError", "WriteError", "MissingWord", "UsageError", "BadParameter")


def bare(node: ast.expr) -> list[str]:
    """English of more than one word that stands in an argument and is no message of the catalogue."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "msg":
        return []
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) and latin(node.value) else []
    if isinstance(node, ast.JoinedStr):
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
        return [text] if latin(text) else []
    if isinstance(node, (ast.BinOp, ast.BoolOp, ast.IfExp)):
        return [
            text for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr) for text in bare(part)
        ]
    return []


def calls(file: Path) -> list[ast.Call]:
    found = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return [node for node in found if isinstance(node, ast.Call)]


def named(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


FLOORS = ("models", "scenarios", "solvers", "engine", "results", "cli")
FILES = sorted(
    file
    for floor in FLOORS
    for file in (ROOT / floor).rglob("*.py")
    if file.name != "doctor.py" and any(named(call) in (*COMPLAINTS, *ERRORS) for call in calls(file))
)


def messages(file: Path) -> set[str]:
    """Every message of a file."""
    return set(in_context(file))


def in_context(file: Path) -> dict[str, str]:
    """Every message of a file with its context."""
    return {
        call.args[0].value: next(
            (
                each.value.value
                for each in call.keywords
                if each.arg == "context" and isinstance(each.value, ast.Constant)
            ),
            "",
        )
        for call in calls(file)
        if named(call) == "msg" and isinstance(call.args[0], ast.Constant)
    }


def test_there_are_messages_to_look_at() -> None:
    assert sum(len(messages(file)) for file in FILES) > 400


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_complaint_is_finished_english(file: Path) -> None:
    told = [call for call in calls(file) if named(call) in (*COMPLAINTS, *ERRORS)]
    parts = [part for call in told for part in (*call.args, *(each.value for each in call.keywords))]
    assert [text for part in parts for text in bare(part)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_english_is_left_in_the_chinese(file: Path) -> None:
    said = {text: tr("zh", text, context=context) for text, context in in_context(file).items()}
    assert {
        text: own for text, own in said.items() if latin(re.sub(r"\{[^{}]*\}|（[^（）]*）", " ", own))
    } == {}


def test_an_error_is_worded_when_it_is_shown() -> None:
    problem = Problem(
        "years.target", "2021", msg("{year} or later, after the base year", year=2024), "x", "a.yaml", 3, 5
    )
    error = ScenarioError([problem])
    assert (
        str(error)
        == error.of("en")
        == ("a.yaml:3:5  years.target: got 2021, expected 2024 or later, after the base year; x")
    )
    assert error.of("zh") == "a.yaml:3:5  years.target：实为 2021，应为 2024 年或以后，在基年之后；x"
    assert error.of("xx") == error.of("en")


@pytest.mark.parametrize(
    "error", [DabiaoError(msg("glpk is not installed")), ScenarioError([Problem("a", msg("nothing"), "b")])]
)
def test_an_error_keeps_its_words_between_processes(error: DabiaoError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.of("zh"), str(again)) == (type(error), error.of("zh"), str(error))
    assert again.of("zh") != str(again)


class Held(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    above: float = Field(gt=0)
    least: float = Field(ge=0)
    below: float = Field(lt=1)
    most: float = Field(le=1)
    finite: float
    whole: int
    word: str
    month: str = Field(pattern=r"^\d\d$")
    kind: Literal["a", "b"]
    needed: str
    name: Bilingual


def test_what_pydantic_refuses_is_worded_by_its_type() -> None:
    """English is pydantic's own; the Chinese says the same."""
    given = {"above": 0, "least": -1, "below": 1, "most": 2, "finite": float("inf"), "whole": [], "word": 1}
    with pytest.raises(ValidationError) as caught:
        Held.model_validate(
            {**given, "month": "x", "kind": "c", "name": {}, "more": 1} | {"finite": float("nan")}
        )
    errors = caught.value.errors(include_url=False, include_input=False)
    assert len(errors) == 12
    for error in errors:
        said = refused(error)
        assert str(said) == error["msg"].removeprefix("Value error, ")
        assert not isinstance(said, str) and not latin(said.of("zh")), said
    assert refused({"type": "new_in_pydantic", "msg": "Input is odd"}) == "Input is odd"


def test_wrong_words_on_the_command_line_are_told_in_the_language_asked_for(tmp_path: Path) -> None:
    zh, en = "抽样次数须为16的倍数", "expected a multiple of 16"
    for words, there, absent in (
        (("--lang", "zh"), (zh,), (en,)),
        (("--lang", "en"), (en,), (zh,)),
        ((), (zh,), (en,)),
    ):
        done = call("run", "x.yaml", "--draws", "5", *words)
        assert done.exit_code == 2
        assert all(text in done.output for text in there) and not any(text in done.output for text in absent)
