"""Files that mean harm or were spoilt: every command tells them at once, none is obeyed, none hangs it."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
import xlsxwriter
from city import CITY
from command import GIVEN, call
from commands import every
from dabiao.models.errors import DabiaoError, ScenarioError, reason_of
from dabiao.models.harmless import STEERING, codes, escaped, half_width, harmless, visible
from dabiao.results.text.format import clean
from dabiao.results.write import WriteError, put, seal
from dabiao.scenarios import files
from dabiao.scenarios.files import LARGEST, Unread, content
from dabiao.scenarios.lines import Lines
from dabiao.scenarios.load import load
from dabiao.scenarios.report import Place, Report
from dabiao.scenarios.tables import packed
from dabiao.scenarios.tables.workbook import workbook, written
from dabiao.scenarios.tables.years import year_of
from dabiao.scenarios.target_proposal import read_lines
from hypothesis import given
from hypothesis import strategies as st

resource = pytest.importorskip("resource", reason="bounds of a process")

HEAD = ["项目名称", "总投资（亿元）", "建设工期（月）", "开工时间", "年产值（亿元）", "所属行业"]
ROW: list[Any] = ["电池厂", 20, 14, "2024-03", 30, "工业"]
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


@pytest.fixture
def bounded() -> Iterator[None]:
    """Neither hangs a test nor takes the memory of the machine: what does, fails."""

    def late(*_: object) -> None:
        raise TimeoutError("it hangs")

    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGALRM, late)
    resource.setrlimit(resource.RLIMIT_AS, (now + 1_500_000_000, hard))
    signal.alarm(30)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


# One door for all files: commands times kinds of what is no file to read
# ------------------------------------------------------------------------------------


def _sparse(file: Path) -> None:
    with file.open("wb") as made:
        made.truncate(3_000_000_000)


def _socket(file: Path) -> None:
    """A socket; its name may not be long, so it is bound from within its folder."""
    here = Path.cwd()
    os.chdir(file.resolve().parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(file.name)
    finally:
        os.chdir(here)


SPOILT: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "socket": _socket,
    "device": lambda file: file.symlink_to("/dev/zero"),
    "folder": lambda file: file.mkdir(),
    "loop": lambda file: file.symlink_to(file.name),
    "huge": _sparse,
    "empty": lambda file: file.write_bytes(b""),
    "noise": lambda file: file.write_bytes(bytes(range(256)) * 40),
    "zeros": lambda file: file.write_bytes(b"\0" * 10_000),
    "half a workbook": lambda file: file.write_bytes(b"PK\x03\x04" + b"\7" * 500),
    "open quote": lambda file: file.write_bytes(b'region,year,growth\na,2020,"5\n'),
    "deep": lambda file: file.write_bytes(b"[" * 100_000),
}
DOORS: dict[str, tuple[str, ...]] = {
    "run": ("run", "x.yaml"),
    "run a workbook": ("run", "x.xlsx"),
    "validate": ("validate", "x.yaml"),
    "show": ("show", "x.yaml"),
    "convert": ("convert", "x.yaml", "y.xlsx"),
    "explain": ("explain", "x.yaml"),
    "longview": ("longview", "x.yaml"),
    "chain": ("optimize", "chain", "x.yaml"),
    "required": ("optimize", "required", "x.yaml"),
    "frontier": ("optimize", "frontier", "x.yaml"),
    "robust": ("optimize", "robust", "x.yaml"),
    "robust beside": ("optimize", "robust", "ok.yaml", "--draws", "16", "--against", "x.yaml"),
    "select": ("optimize", "select", "x.yaml"),
    "quotas": ("optimize", "select", "ok.yaml", "--quotas", "x.csv"),
    "province": ("province", "x.yaml"),
    "sensitivity": ("sensitivity", "x.yaml"),
    "sweep": ("sweep", "x.yaml"),
    "sweep by rows": ("sweep", "x.csv"),
    "audit": ("audit", "x.yaml"),
    "track": ("track", "x.yaml"),
    "figures to date": ("track", "ok.yaml", "--actuals", "x.csv"),
    "figures to date in a workbook": ("track", "ok.yaml", "--actuals", "x.xlsx"),
    "roll": ("roll", "x.yaml"),
    "roll with figures": ("roll", "ok.yaml", "--actuals", "x.csv"),
    "template": ("backtest", "example:panzhihua-2024/history.csv", "--template", "x.yaml"),
    "outlook of a calibration": ("calibrate", "example:panzhihua-2024/history.csv", "--outlook", "x.csv"),
    "priors of a calibration": ("calibrate", "example:panzhihua-2024/history.csv", "--extends", "x.yaml"),
    "quarters": ("calibrate", "x.csv", "--quarterly"),
    "history": ("new", "R", *GIVEN, "--history", "x.csv"),
    "history in a workbook": ("new", "R", *GIVEN, "--history", "x.xlsx"),
    "priors": (
        "new",
        "R",
        "--year",
        "2023",
        "--gdp",
        "9",
        "--target",
        "6",
        "--country",
        "XYZ",
        "--priors",
        "x.yaml",
    ),
    "a variant of": ("targets", "ok.txt", "--extends", "x.yaml"),
    "report beside": ("report", "run", "run"),
    "compare": ("compare", "x.yaml", "x.yaml"),
    "compare runs": ("compare", "run", "run"),
    "targets": ("targets", "x.txt"),
    "targets of Word": ("targets", "x.docx"),
    "candidates": ("optimize", "select", "--candidates", "x.csv", "--budgets", "ok.csv"),
    "budgets": ("optimize", "select", "--candidates", "ok.csv", "--budgets", "x.csv"),
    "backtest": ("backtest", "x.csv"),
    "outlook": ("backtest", "example:panzhihua-2024/history.csv", "--outlook", "x.csv"),
    "calibrate": ("calibrate", "x.csv"),
    "report": ("report", "run"),
    "export": ("export", "run"),
    "verify": ("verify", "run"),
}


READ = {
    "file",
    "files",
    "scenario",
    "panel",
    "run",
    "against",
    "report",
    "others",
    "candidates",
    "budgets",
} | {*("quotas", "actuals", "template", "extends", "outlook", "history", "priors")}
"""Parameters that name what is read."""
NOT_READ = {("template", "file"), ("new", "outlook"), ("serve", "scenario"), ("backtest", "scenario")}
"""The same names where nothing is read of them: what is written, a number, and the folder of the workbench,
whose door has tests of its own."""


def test_every_parameter_that_names_a_file_has_a_door() -> None:
    """A new command, or a new option that takes a file, is asked for its door."""
    asked = {}
    for way, command in every():
        for each in command.params:
            if each.name in READ and (way[-1], each.name) not in NOT_READ:
                asked[(*way, each.opts[0] if each.opts[0].startswith("-") else "")] = command
    walked = set()
    for words in DOORS.values():
        way = words[:2] if words[0] == "optimize" else words[:1]
        at = next(n for n, word in enumerate(words) if word.startswith("x.") or (word == "run" and n))
        walked.add((*way, words[at - 1] if words[at - 1].startswith("--") else ""))
    assert set(asked) <= walked, set(asked) - walked


def test_a_parameter_of_another_name_names_no_file() -> None:
    names = {each.name for _, command in every() for each in command.params}
    paths = {
        each.name for _, command in every() for each in command.params if isinstance(each.type, click.Path)
    }
    assert names >= READ and paths <= READ | {"out", "to"}


@pytest.mark.parametrize("kind", SPOILT)
@pytest.mark.parametrize("door", DOORS)
def test_every_command_tells_every_spoilt_file_at_once(
    tmp_path: Path, door: str, kind: str, bounded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = DOORS[door]
    Path("ok.csv").write_text("quarter,money\n2024Q1,100\n", encoding="utf-8")
    Path("ok.yaml").write_text(CITY, encoding="utf-8")
    Path("ok.txt").write_text("2024年预期目标：地区生产总值增长6%以上。", encoding="utf-8")
    Path("run").mkdir()
    names = {"x.yaml", "x.xlsx", "x.txt", "x.docx", "x.csv"} & set(words)
    for name in names or {"run/tables.json", "run/manifest.json"}:
        SPOILT[kind](Path(name))
    begun = time.perf_counter()
    done = call(*words)
    assert done.exit_code == 2, done.output[-500:]
    assert "Internal" not in done.output and len(done.output) < 20_000
    assert any(name in done.output for name in names or {"run"}) or door == "budgets", done.output
    assert time.perf_counter() - begun < 20


START, END_OF = CITY.index("projects:"), CITY.index("mixes:")
NAMED: dict[str, tuple[str, str]] = {
    "extends": ("x.yaml", "extends: x.yaml\ninvestment: {growth: 7}\n"),
    "projects": ("x.csv", CITY[:START] + "projects: {file: x.csv}\n" + CITY[END_OF:]),
    "projects in a workbook": ("x.xlsx", CITY[:START] + "projects: {file: x.xlsx}\n" + CITY[END_OF:]),
    "targets": ("x.csv", CITY[: CITY.index("targets:")] + "targets: {file: x.csv}\n"),
    "history": ("x.csv", CITY + "history: {file: x.csv}\n"),
    "table of flows": ("x.csv", CITY + "national: {table: {file: x.csv}}\n"),
    "figures to date": ("x.csv", CITY + "actuals: {file: x.csv}\n"),
    "indicators": ("x.yaml", CITY + "indicators: {use: x.yaml}\n"),
}


@pytest.mark.parametrize("kind", SPOILT)
@pytest.mark.parametrize("key", NAMED)
def test_what_a_scenario_names_is_read_through_the_same_door(
    tmp_path: Path, key: str, kind: str, bounded: None
) -> None:
    name, text = NAMED[key]
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    SPOILT[kind](tmp_path / name)
    done = call("validate", tmp_path / "a.yaml", "--lang", "en")
    assert done.exit_code == 2 and "Internal" not in done.output and len(done.output) < 20_000
    assert name in done.output or "/dev/zero" in done.output or "leads out" in done.output, done.output


LONG_NAME = "n" * 5000


def renamed(text: str) -> str:
    """The same with a name that no file system takes, where a spoilt file is named."""
    return re.sub(r"\bx\.(?=yaml|xlsx|txt|docx|csv)", f"{LONG_NAME}.", text)


@pytest.mark.parametrize("door", DOORS)
def test_every_command_tells_a_name_that_is_too_long(
    tmp_path: Path, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ok.csv").write_text("quarter,money\n2024Q1,100\n", encoding="utf-8")
    Path("ok.yaml").write_text(CITY, encoding="utf-8")
    Path("ok.txt").write_text("2024年预期目标：地区生产总值增长6%以上。", encoding="utf-8")
    command, *words = (renamed(word) for word in DOORS[door])
    done = call(command, *(LONG_NAME if word == "run" else word for word in words))
    assert done.exit_code == 2, done.output[-500:]
    assert "Internal" not in done.output and "Traceback" not in done.output


@pytest.mark.parametrize("key", NAMED)
def test_a_name_in_a_scenario_that_is_too_long_is_told(tmp_path: Path, key: str) -> None:
    (tmp_path / "a.yaml").write_text(renamed(NAMED[key][1]), encoding="utf-8")
    done = call("validate", tmp_path / "a.yaml", "--lang", "en")
    assert done.exit_code == 2 and "Internal" not in done.output and "a.yaml" in done.output, done.output


@pytest.mark.parametrize("key", ["scenarios", "members", "panel"])
def test_a_name_in_a_list_that_is_too_long_is_told(tmp_path: Path, key: str) -> None:
    text = {
        "scenarios": f"scenarios: [{LONG_NAME}.yaml]\n",
        "members": f"members: {{a: {{file: {LONG_NAME}.yaml}}}}\n",
        "panel": f"members: {{panel: {{file: {LONG_NAME}.csv, year: 2020}}}}\n",
    }[key]
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    command = "sweep" if key == "scenarios" else "province"
    done = call(command, tmp_path / "a.yaml", "--out", tmp_path / "o", "--lang", "en")
    assert done.exit_code == 2 and "Internal" not in done.output and "a.yaml" in done.output, done.output


def test_no_question_about_a_file_ends_in_an_error_of_the_system() -> None:
    """`Path.exists` and its like raise for a name that is too long; `os.path` says that there is no such
    file."""
    root = Path(files.__file__).resolve().parents[1]
    asking = re.compile(r"\.(exists|is_file|is_dir)\(\)")
    found = {
        file.relative_to(root).as_posix()
        for floor in ("scenarios", "results", "cli")
        for file in (root / floor).rglob("*.py")
        if asking.search(file.read_text(encoding="utf-8"))
    }
    assert found == {"results/charts/backtest.py"}  # what was just written


@pytest.mark.parametrize("kind", [kind for kind in SPOILT if kind != "empty"])
def test_a_ledger_that_is_none_is_told(tmp_path: Path, kind: str, bounded: None) -> None:
    (tmp_path / "a.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "s.yaml").write_text("scenarios: [a.yaml]\ndraws: 16\n", encoding="utf-8")
    (tmp_path / "sweep-s").mkdir()
    SPOILT[kind](tmp_path / "sweep-s" / "ledger.sqlite")
    done = call("sweep", tmp_path / "s.yaml", "--out", tmp_path, "--jobs", "0", "--lang", "en")
    assert done.exit_code == 2 and "ledger.sqlite" in done.output and "Internal" not in done.output


OPENERS = (
    r"\bopen\(|\.open\(|read_text\(|read_bytes\(|np\.load\(|ZipFile\(|sqlite3\.connect\("
    r"|\.read_(?:csv|excel|json|parquet)\("
)
OWN: dict[str, str] = {
    "cli/start.py": "the null device",
    "cli/surroundings.py": "what the system says of this process",
    "solvers/highs.py": "the null device",
    "solvers/highs_worker.py": "what the program put into a folder of its own",
    "solvers/highs_apart.py": "what its own process put there",
    "solvers/glpk.py": "the solver, a program that is run, and its own log",
    "solvers/glpk_arrays.py": "what the solver put into a folder of its own",
    "engine/uncertainty/sobol_sequence.py": "a file of SciPy",
    "engine/sweep/alive.py": "signs of life that sweeps write",
    "engine/sweep/ledger.py": "a data base, which is read in pages",
    "scenarios/reference_lists.py": "shipped",
    "scenarios/load.py": "shipped",
    "scenarios/tables/settle.py": "shipped",
    "scenarios/tables/packed.py": "bytes that came through the door",
    "scenarios/files.py": "the door itself, and what comes with the product",
    "cli/main.py": "the null device",
    "results/place.py": "opened to be held, never read",
    "results/workbench/app.py": "shipped",
    "results/beside.py": "bytes that came through the door",
    "results/write.py": "what was just written, and the program itself",
    "results/sweep.py": "written, not read",
    "results/forms/word/document.py": "bytes in memory",
    "results/charts/backtest.py": "what was just written",
}
"""Files of the program that open something else than what a user names, and what."""


def test_there_is_one_door() -> None:
    root = Path(files.__file__).resolve().parents[1]
    found = {
        file.relative_to(root).as_posix()
        for floor in ("models", "scenarios", "solvers", "engine", "results", "cli")
        for file in (root / floor).rglob("*.py")
        if re.search(OPENERS, file.read_text(encoding="utf-8"))
    }
    assert found == set(OWN)


def test_what_stands_beside_a_scenario_is_not_waited_for(tmp_path: Path, bounded: None) -> None:
    from dabiao.cli.run import beside

    (tmp_path / "a.yaml").write_text(CITY, encoding="utf-8")
    os.mkfifo(tmp_path / "b.yaml")
    (tmp_path / "c.yaml").symlink_to("/dev/zero")
    (tmp_path / "d.yaml").write_text("extends: a.yaml\n", encoding="utf-8")
    assert beside(str(tmp_path / "a.yaml")) == str(tmp_path / "d.yaml")


def test_a_file_is_read_up_to_its_bound_and_no_further(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * 100)
    assert content(file, 100) == b"x" * 100
    with pytest.raises(Unread, match="100 bytes"):
        content(file, 99)
    with pytest.raises(Unread, match="no regular file"):
        content("/dev/zero")
    assert LARGEST < 10_000_000


class Odd(io.BytesIO):
    """A regular file whose system gives other things than it says."""

    def __init__(self, path: Path, gives: bytes | None) -> None:
        super().__init__()
        self.file, self.gives = path.open("rb"), gives

    def fileno(self) -> int:
        return self.file.fileno()

    def close(self) -> None:
        self.file.close()
        super().close()

    def read(self, _: int | None = -1, /) -> bytes:
        return self.gives  # type: ignore[return-value]


def opens_oddly(monkeypatch: pytest.MonkeyPatch, name: str, gives: bytes | None) -> None:
    """Every file of this name is odd, the others are as they are."""

    def opened(path: str | Path, *how: Any, **more: Any) -> Any:
        return Odd(Path(path), gives) if Path(path).name == name else open(path, *how, **more)

    monkeypatch.setattr(files, "open", opened, raising=False)


@pytest.mark.parametrize("more", [0, 1, 1000])
def test_a_file_that_grows_while_it_is_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * 10)
    opens_oddly(monkeypatch, "a", b"x" * (100 + more))
    if not more:
        assert len(content(file, 100)) == 100
        return
    with pytest.raises(Unread, match="grows while it is read"):
        content(file, 100)


def test_a_file_that_gives_nothing_yet_is_told_like_any_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(CITY, encoding="utf-8")
    opens_oddly(monkeypatch, "a.yaml", None)
    with pytest.raises(OSError) as caught:
        content(file)
    assert files.unread(caught.value) == reason_of(BlockingIOError(errno.EAGAIN, ""))
    done = call("run", file, "--lang", "en")
    assert done.exit_code == 2 and "cannot be read (it does not give" in done.output, done.output
    (tmp_path / "b.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "sweep.yaml").write_text("scenarios: [a.yaml, b.yaml]\ndraws: 0\n", encoding="utf-8")
    swept = call("sweep", tmp_path / "sweep.yaml", "--jobs", "0", "--out", tmp_path / "out", "--lang", "en")
    assert swept.exit_code == 1, swept.output
    told = (tmp_path / "out" / "sweep-sweep" / "failures.csv").read_text(encoding="utf-8-sig")
    assert "a.yaml" in told and "does not give" in told and "b.yaml" not in told


# Lines as editors count them
# ------------------------------------------------------------------------------------


@given(st.text(alphabet="ab\r\n\u2028\x85\x0b\x0c"), st.integers(0, 60))
def test_a_line_ends_where_an_editor_ends_it(text: str, index: int) -> None:
    index = min(index, len(text))
    lines = Lines(text)
    marked = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    if text[index - 1 : index + 1] != "\r\n":
        assert lines.at(index) == (marked.count("\n") + 1, len(marked) - marked.rfind("\n"))
    assert [lines.line(n) for n in range(1, len(lines.every()) + 1)] == lines.every()


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\u2029"])
def test_a_line_of_yaml_is_one_of_the_editor(tmp_path: Path, odd: str) -> None:
    file = tmp_path / "a.yaml"
    text = CITY.replace("assumption: invented", f'assumption: "in{odd}vented"').replace(
        "gdp: 1000", "gdp: oops"
    )
    file.write_bytes(text.replace("\n", "\r\n").encode())
    line = next(n for n, said in enumerate(text.split("\n"), 1) if "oops" in said)
    with pytest.raises(ScenarioError, match=rf"a.yaml:{line}:\d+  accounts.gdp"):
        load(file)


def test_a_file_that_breaks_off_names_its_last_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("dabiao: 1\nyears: {base: 2020\n\n\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"a.yaml:2:19"):
        load(file)


QUOTED = 'region,year,growth,target\n"a\nb\r\nc",2020,5,6\na,2021,oops,6\n'


@pytest.mark.parametrize("ending", ["\n", "\r"])
def test_cells_of_several_lines_do_not_shift_those_below(tmp_path: Path, ending: str) -> None:
    file = tmp_path / "panel.csv"
    file.write_bytes(QUOTED.replace("\r\n", "\n").replace("\n", ending).encode())
    assert "panel.csv:5:8" in call("backtest", file, "--lang", "en").output
    told = QUOTED.replace("region", "title").replace("year", "note").replace("target", "year")
    file.write_text(told.replace(",6", ",2020"), encoding="utf-8")
    done = call("backtest", "example:panzhihua-2024/history.csv", "--outlook", file, "--lang", "en")
    assert re.search(r"panel.csv:5:\d", done.output), done.output


MANY = '"a\n\u2028\x85b\r\nc"'
"""A cell of three lines as editors count them."""
SHIFTED: dict[str, tuple[tuple[str, ...], str]] = {
    "backtest": (("backtest", "x.csv"), f"region,year,growth,target\n{MANY},2020,5,6\na,2021,oops,6\n"),
    "calibrate": (("calibrate", "x.csv"), f"region,year,growth,target\n{MANY},2020,5,6\na,2021,oops,6\n"),
    "history": (
        ("new", "R", *GIVEN, "--history", "x.csv"),
        f"year,growth,note\n2020,5,{MANY}\n2021,oops,b\n",
    ),
    "budgets": (
        ("optimize", "select", "ok.yaml", "--budgets", "x.csv"),
        f"quarter,money\n{MANY},1\n2024Q2,oops\n",
    ),
    "quotas": (
        ("optimize", "select", "ok.yaml", "--quotas", "x.csv"),
        f"region,most\n{MANY},1\nb,oops\n",
    ),
    "projects": (
        ("validate", "p.yaml"),
        f"项目名称,总投资（亿元）,开工时间,所属行业\n{MANY},20,2024-03,工业\n乙,oops,2024-03,工业\n",
    ),
    "figures to date": (
        ("track", "ok.yaml", "--actuals", "x.csv"),
        f"指标,时间,数值,备注\n地区生产总值增速,2024-06,5,{MANY}\n地区生产总值增速,2024-09,oops,\n",
    ),
    "sweep": (("sweep", "x.csv"), f"scenario,setting,seed\nok.yaml,{MANY},1\nok.yaml,b,oops\n"),
}


@pytest.mark.parametrize("table", SHIFTED)
def test_every_table_counts_lines_alike(tmp_path: Path, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words, text = SHIFTED[table]
    Path("x.csv").write_bytes(text.encode())
    Path("ok.yaml").write_text(CITY, encoding="utf-8")
    Path("p.yaml").write_text(CITY[:START] + "projects: {file: x.csv}\n" + CITY[END_OF:], encoding="utf-8")
    told = call(*words, "--lang", "en").output
    assert re.search(r'x\.csv:5:\d+ .*"oops"', told), told


def test_lines_are_counted_in_one_place() -> None:
    """Whoever reads what a user wrote takes its lines from one index."""
    root = Path(files.__file__).resolve().parent
    counting = re.compile(r"splitlines\(|line_num|\.count\(.\\n.\)|split\(.\\n.\)")
    found = {
        file.relative_to(root).as_posix()
        for file in root.rglob("*.py")
        if counting.search(file.read_text(encoding="utf-8"))
    }
    assert found == {"tables/settle.py", "tables/csv_grid.py"}  # a shipped file; how many lines are too many


def test_a_first_line_for_excel_says_what_parts_the_cells(tmp_path: Path) -> None:
    file = tmp_path / "panel.csv"
    file.write_text("sep=;\nregion;year;growth\na;2020;oops, really\n", encoding="utf-8")
    assert 'panel.csv:3:8  growth: got "oops, really"' in call("backtest", file, "--lang", "en").output


# Nothing steers the terminal
# ------------------------------------------------------------------------------------

EVIL = "a\x1b]0;own\x07\x9b31m\u202eevil\u2066b\u200f\rX\u2028c\x7f"


@given(st.text())
def test_a_harmless_text_steers_nothing_and_stays_as_it_is(text: str) -> None:
    shown = harmless(text)
    assert not re.search(f"[{STEERING}\u2028\u2029]", shown) and "\r" not in shown[1:].replace("\r\n", "")
    assert harmless(shown) == shown and (not text.isprintable() or shown == text)
    assert codes(shown) == "" and codes(visible(text)) == "" and not re.search(f"[{STEERING}]", visible(text))
    said = json.dumps(text, ensure_ascii=False)
    assert json.loads(escaped(said)) == text and not re.search(f"[{STEERING}]", escaped(said))


SEEN = {
    "Arabic signs of numbers": range(0x600, 0x606),
    "end of ayah": [0x6DD],
    "Syriac abbreviation": [0x70F],
    "Arabic pounds and piastres": [0x890, 0x891, 0x8E2],
    "Kaithi numbers": [0x110BD, 0x110CD],
    "joiners of hieroglyphs": range(0x13430, 0x13440),
}
"""Characters of format (Cf) that have a picture of their own."""


def test_every_character_that_cannot_be_seen_is_spelled_out_and_named() -> None:
    seen = {code for every in SEEN.values() for code in every}
    formats = [n for n in range(sys.maxunicode) if unicodedata.category(chr(n)) in {"Cf", "Cc"}]
    assert len(formats) > 200
    for code in (*formats, *range(0xE0000, 0xE0080), 0x3164, 0xFE0F):
        if code in seen or chr(code) in "\t\n\r":
            continue
        shown = harmless(f"甲{chr(code)}乙")
        assert shown.isprintable() and shown[1] == "\\" and int(shown[3:-1], 16) == code
        assert visible(f"甲{chr(code)}乙") == "甲乙" and codes(f"甲{chr(code)}乙") == f"U+{code:04X}"


def test_what_the_system_says_is_said_in_every_language(tmp_path: Path) -> None:
    """`strerror` is English; one place words it anew, and every message takes it from there."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DabiaoError) as caught:
        put(tmp_path / "file" / "x.json", b"")
    assert re.search("[a-z ]{9}", caught.value.of("zh").replace(str(tmp_path), "")) is None
    house = Path(files.__file__).parents[1]
    told = {
        file.relative_to(house).as_posix()
        for part in ("cli", "results", "engine", "solvers", "scenarios", "models")
        for file in (house / part).rglob("*.py")
        if re.search(r"\.strerror\b(?!\()|\"strerror\"", file.read_text(encoding="utf-8"))
    }
    assert told == {"models/errors.py"}


@pytest.mark.parametrize("char", ["\u200b", "\u202e", "\x07", "\ufdd0", "\ufffe", "\uffff", "\u3000"])
def test_a_text_of_which_nothing_is_seen_is_a_mistake(tmp_path: Path, char: str) -> None:
    """It would be a title without a word in every table, and no word at all in a file of results."""
    said = f'title: {{zh: "\\u{ord(char):04x}", en: "\\u{ord(char):04x} "}}'
    (tmp_path / "a.yaml").write_text(CITY.replace("title: {zh: 电池厂, en: Battery works}", said), "utf-8")
    with pytest.raises(ScenarioError, match=r"works.title: .*, expected a text in zh, en or both") as caught:
        load(tmp_path / "a.yaml")
    assert str(caught.value).count("expected") == 1


MARKS = [chr(n) for n in range(0x20000) if unicodedata.category(chr(n)) == "No"]
"""Digits that are none of a number: in rings, raised, of fractions."""


def test_no_mark_of_a_footnote_becomes_a_digit() -> None:
    """Unicode's ordinary form of `20①` is 201."""
    from dabiao.scenarios.tables.values import amount

    assert len(MARKS) > 200
    for mark in MARKS:
        for text in (f"20{mark}", f"{mark}20", f"20 {mark}", f"20{mark}{mark}", f"20.5{mark}", f"2{mark}0"):
            found = amount(text)
            assert found is None or (text.startswith(f"{found.number}") and found.unit), (text, found)
        assert year_of(f"2019{mark}") is None and year_of(f"{mark}2019") is None
        with pytest.raises(ValueError):
            float(half_width(f"6{mark}"))


WHOLE = (
    "👩🏽\u200d🌾 ❤\ufe0f 1\ufe0f\u20e3 می\u200cخواهم "
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
)


def test_pictures_and_letters_that_need_such_characters_stay_whole() -> None:
    assert harmless(WHOLE) == visible(WHOLE) == clean(WHOLE) == WHOLE and codes(WHOLE) == ""
    assert clean("电池\u200b厂\ufeff") == "电池\u200b厂\ufeff"  # documents say what was written
    for odd in ("👩\u200d", "甲\u200d乙", "👩\u200d\u200d🌾", "甲\ufe0f", "\U0001f3f4\U000e0041\U000e0042"):
        assert codes(odd) != "" and odd not in harmless(odd)


HIDDEN = "\u200b"
ALIKE: dict[str, tuple[str, str, str]] = {
    "key": ("fai: 500", f"fai{HIDDEN}: 500", "did you mean fai?"),
    "name of a sector": ("sector: industry", f'sector: "industry{HIDDEN}"', "did you mean industry?"),
    "number": ("gdp: 1000", f'gdp: "1000{HIDDEN}"', "accounts.gdp: got"),
    "soft hyphen": ("ensure: 5", "ens\xadure: 5", "did you mean ensure?"),
    "tag": ("covers: [industry]", 'covers: ["indu\U000e0041stry"]', "did you mean industry?"),
}


@pytest.mark.parametrize("kind", ALIKE)
def test_a_name_that_only_looks_the_same_is_told_as_such(tmp_path: Path, kind: str) -> None:
    old, new, told = ALIKE[kind]
    file = tmp_path / "a.yaml"
    assert old in CITY
    file.write_text(CITY.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(file)
    for lang in ("en", "zh"):
        lines = [line for line in caught.value.of(lang).splitlines() if "U+" in line]
        assert lines and all(codes(line) == "" for line in lines)
    assert any(told in str(one) and "cannot be seen" in str(one) for one in caught.value.problems)


def test_a_file_and_a_heading_that_only_look_the_same_are_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CITY, encoding="utf-8")
    told = call("validate", tmp_path / f"a{HIDDEN}.yaml", "--lang", "en").output
    assert "did you mean a.yaml?" in told and "U+200B" in told
    (tmp_path / "p.csv").write_text(
        f"项目名称{HIDDEN},总投资（亿元）,所属行业\n甲,2,工业\n", encoding="utf-8"
    )
    (tmp_path / "b.yaml").write_text(CITY[:START] + "projects: {file: p.csv}\n" + CITY[END_OF:], "utf-8")
    assert "U+200B" in call("validate", tmp_path / "b.yaml", "--lang", "en").output


def test_titles_that_look_the_same_are_told_apart_in_tables_of_the_terminal() -> None:
    from dabiao.results.forms.terminal.layout import cell_width, pad

    assert cell_width(f"甲{HIDDEN}") == 2 + len("\\u200b") == cell_width(harmless(f"甲{HIDDEN}"))
    assert len({cell_width(harmless(pad(text, 12))) for text in ("甲", f"甲{HIDDEN}", "abc")}) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("show", "evil.yaml"),
        ("longview", "evil.yaml", "--json"),
        ("validate", "wrong.yaml"),
        ("validate", f"no\x1b[31m{EVIL[:9]}.yaml"),
        (f"--{EVIL[:12]}",),
        ("targets", "report.txt"),
        ("targets", "report.txt", "--lang", "zh"),
        ("verify", "run", "--json"),
        ("verify", "run"),
        ("backtest", "panel.csv"),
        ("optimize", "select", "--candidates", "panel.csv", "--budgets", "panel.csv"),
    ],
)
def test_no_text_reaches_a_terminal_that_steers_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    quoted = json.dumps(EVIL)
    (tmp_path / "evil.yaml").write_text(
        CITY.replace("title: {zh: 某市, en: A city}", f"title: {{zh: {quoted}, en: {quoted}}}"),
        encoding="utf-8",
    )
    (tmp_path / "wrong.yaml").write_text(CITY.replace("gdp: 1000", f"gdp: {quoted}"), encoding="utf-8")
    (tmp_path / "report.txt").write_text(
        f"# 目标\n2024年预期目标：地区生产总值增长6%{EVIL}以上，{EVIL}增长7%。\n", encoding="utf-8"
    )
    (tmp_path / "panel.csv").write_text(f"region,year,growth\na,2020,\u202e{EVIL[14:20]}\n", encoding="utf-8")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text('{"outputs": {}}', encoding="utf-8")
    (tmp_path / "run" / f"{EVIL[:16]}.csv").touch()
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "dabiao.cli.main", *words],
        cwd=tmp_path,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"},
    )
    for stream in (done.stdout.decode(), done.stderr.decode()):
        assert not re.search(f"[{STEERING}\r\u2028\u2029]", stream), stream
    assert done.stdout or done.stderr


def test_nothing_that_python_prints_steers_the_terminal(tmp_path: Path, english: None) -> None:
    """Who works from Python has a terminal, too: answers, tables, pictures and errors are printed there."""
    import dabiao

    quoted = json.dumps(EVIL)
    evil = CITY
    for name in ("A city", "Industry", "Battery works", "Total investment", "Industrial output"):
        evil = evil.replace(f"en: {name}", f"en: {quoted}")
    (tmp_path / "evil.yaml").write_text(evil, encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(CITY.replace("gdp: 1000", f"gdp: {quoted}"), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        dabiao.load(tmp_path / "wrong.yaml")
    shown = [str(caught.value), repr(caught.value), *map(str, caught.value.problems)]
    scenario = dabiao.load(tmp_path / "evil.yaml")
    shown.append(repr(scenario))
    for answer in (dabiao.run(scenario, draws=0), dabiao.required(scenario)):
        shown += [repr(answer), answer.text("en"), answer.text("zh"), repr(answer.tables)]
        page = answer._repr_html_()
        assert "own31mevil" in page and not re.search("[\x07\x1b\x7f\x9b\u202a-\u202e\u2066-\u2069]", page)
        shown += [repr(answer.tables[name]) for name in answer.tables]
        shown += [repr(answer.plot(name, "en")) for name in answer.pictures()]
    for text in shown:
        assert text and not re.search(f"[{STEERING}\u2028\u2029]", text), text


def test_bytes_go_past_the_stream_in_one_place() -> None:
    """What is printed as bytes is cleaned by whoever prints it: there is one such place."""
    root = Path(files.__file__).resolve().parents[1]
    past = re.compile(r"(?:stdout|stderr)\.buffer|echo\([^\n]*encode\(|os\.write\(|print\(")
    found = {
        file.name for file in (root / "cli").glob("*.py") if past.search(file.read_text(encoding="utf-8"))
    }
    assert found - {"streams.py"} == set()


# Workbooks
# ------------------------------------------------------------------------------------


def book(*rows: list[Any]) -> dict[str, bytes]:
    """The parts of a workbook with a list of projects."""
    made = io.BytesIO()
    written_to = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = written_to.add_worksheet("项目")
    for at, row in enumerate([HEAD, *(rows or (ROW,))]):
        sheet.write_row(at, 0, row)
    written_to.close()
    with zipfile.ZipFile(made) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def closed(parts: dict[str, bytes], *more: tuple[str, bytes]) -> bytes:
    """A workbook of parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, part in [*parts.items(), *more]:
            out.writestr(name, part)
    return made.getvalue()


def within(name: str, old: bytes, new: bytes) -> bytes:
    """A workbook with a passage of a part changed."""
    parts = book()
    assert old in parts[name]
    return closed(parts | {name: parts[name].replace(old, new, 1)})


def read(data: bytes) -> tuple[list[Any], str, str]:
    """The grids of a workbook, what is wrong and what is told."""
    report = Report()
    found = workbook(data, "p.xlsx", "projects", [], Place("a.yaml", 1, 1), report)
    told = "\n".join(note.of("en") for note in report.notes)
    return found, "\n".join(str(problem) for problem in report.problems), told


END, STRING_END = b"</sheetData>", b"</sst>"
AREAS = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(3, 30_000))
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "merged by the million": (
        lambda: within(SHEET, END, END + b"<mergeCells>" + AREAS + b"</mergeCells>"),
        "merged cells",
    ),
    "merged over each other": (
        lambda: within(
            SHEET,
            END,
            b'<row r="9000"><c r="AA9000"><v>1</v></c></row>'
            + END
            + b"<mergeCells>"
            + b'<mergeCell ref="A1:XFD1048576"/>' * 200
            + b"</mergeCells>",
        ),
        "lie over each other",
    ),
    "a long string": (
        lambda: within(STRINGS, STRING_END, b"<si><t>" + b"A" * 60_000_000 + b"</t></si></sst>"),
        "a text of more than",
    ),
    "a string of many parts": (
        lambda: within(STRINGS, STRING_END, b"<si>" + b"<r><t>ab</t></r>" * 900_000 + b"</si></sst>"),
        "a text of more than 32,767 characters",
    ),
    "many strings": (
        lambda: within(STRINGS, STRING_END, b"<si><t>a</t></si>" * 900_000 + b"</sst>"),
        "elements",
    ),
    "deep": (lambda: within(STRINGS, STRING_END, b"<a>" * 9_000_000 + STRING_END), "levels"),
    "a tag without end": (
        lambda: within(SHEET, END, b'<x y="' + b"a" * 30_000_000 + b'"/>' + END),
        "does not end",
    ),
    "many styles": (
        lambda: within("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 2_000_000 + b"</cellXfs>"),
        "elements",
    ),
    "many parts": (
        lambda: closed(book(), *((f"xl/media/{n}", b"") for n in range(2_000))),
        "expected at most 80,000,000 bytes in 2,000 parts",
    ),
    "parts twice": (lambda: closed(book(), (SHEET, book()[SHEET])), "stand twice"),
    "many sheets": (
        lambda: within(
            "xl/workbook.xml", b"</sheets>", b'<sheet name="a" sheetId="9" r:id="rId1"/>' * 300 + b"</sheets>"
        ),
        "more than 200 sheets",
    ),
    "entities in UTF-16": (
        lambda: closed(
            book()
            | {
                SHEET: ("<!DOCTYPE x [<!ENTITY a 'b'>]>" + book()[SHEET].decode().partition("?>")[2]).encode(
                    "utf-16"
                )
            }
        ),
        "a document type",
    ),
    "a string that is not there": (lambda: within(SHEET, b"<v>8</v>", b"<v>-1</v>"), "F2"),
    "a place that is none": (lambda: within(SHEET, b'r="B2"', b'r="ZZZZ99"'), "ZZZZ99"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_workbook_beyond_all_bounds_is_told_within_seconds(name: str, bounded: None) -> None:
    make, told = HOSTILE[name]
    data = make()
    assert len(data) < LARGEST
    begun = time.perf_counter()
    found, wrong, _ = read(data)
    assert found == [] and wrong.startswith("p.xlsx  projects: got ") and told in wrong
    assert time.perf_counter() - begun < 15


def test_elements_are_counted_over_all_parts_that_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of two parts alone has as many as may be; together they have too many."""
    parts = book()
    styles = parts["xl/styles.xml"].replace(b"</cellXfs>", b"<xf/>" * 700 + b"</cellXfs>")
    strings = parts[STRINGS].replace(STRING_END, b"<si/>" * 700 + STRING_END)
    monkeypatch.setattr(packed, "MOST_ELEMENTS", 1_000)
    for more in ({"xl/styles.xml": styles}, {STRINGS: strings}):
        assert read(closed(parts | more))[1] == ""
    assert "more than 1,000 elements" in read(closed(parts | {"xl/styles.xml": styles, STRINGS: strings}))[1]


def test_parts_that_are_not_read_cost_nothing(bounded: None) -> None:
    """Names, drawings, caches of pivots, rules of format: whatever they hold."""
    parts = book()
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"</workbook>", b"<definedNames>" + b"<definedName/>" * 100_000 + b"</definedNames></workbook>"
    )
    data = closed(parts, ("xl/pivotCache/a.xml", b"<" * 9_000_000), ("../../evil", b"x"), ("/etc/evil", b"x"))
    found, wrong, _ = read(data)
    assert wrong == "" and [cell.text for cell in found[0].rows[1]] == [str(part) for part in ROW]


def test_links_and_hidden_sheets_are_told() -> None:
    parts = book()
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"</sheets>",
        b'<sheet name="alt" sheetId="7" state="veryHidden" r:id="rId1"/>'
        b'<sheet name="lists" sheetId="8" state="hidden" r:id="rId1"/></sheets>',
    )
    parts[SHEET] = parts[SHEET].replace(b"<v>20</v>", b"<f>[1]Sheet1!A1+cmd|'/C calc'!A0</f><v>20</v>")
    found, wrong, told = read(closed(parts, ("xl/externalLinks/externalLink1.xml", b"<x/>")))
    assert wrong == "" and len(found) == 1 and found[0].rows[1][1].text == "20"
    assert 'hidden sheets are not read: "alt"' in told and "lists" not in told
    assert "refer to 1 other files: none is opened" in told


@pytest.mark.parametrize("cell", ["A2", "B2", "F2"])
def test_a_formula_without_a_value_is_told_in_every_column(tmp_path: Path, cell: str) -> None:
    parts = book()
    parts[SHEET] = re.sub(
        rf'<c r="{cell}"[^>]*>.*?</c>'.encode(), f'<c r="{cell}"><f>1+1</f></c>'.encode(), parts[SHEET]
    )
    (tmp_path / "p.xlsx").write_bytes(closed(parts))
    start, end = CITY.index("projects:"), CITY.index("mixes:")
    file = tmp_path / "a.yaml"
    file.write_text(CITY[:start] + "projects: {file: p.xlsx}\n" + CITY[end:], encoding="utf-8")
    with pytest.raises(ScenarioError, match=rf"p.xlsx!项目!{cell}  .*a formula without a stored result"):
        load(file)


@pytest.mark.parametrize("number", ["14", "27", "31", "57", "58"])
def test_formats_of_dates_are_known_by_their_number(number: str) -> None:
    """Chinese Excel names its own formats of dates by number alone: 57 is 2024年3月."""
    parts = book(["电池厂", 20, 14, 45366, 30, "工业"])
    styles = parts["xl/styles.xml"]
    styles = styles.replace(b"</cellXfs>", f'<xf numFmtId="{number}"/></cellXfs>'.encode())
    sheet = parts[SHEET].replace(b'<c r="D2">', b'<c r="D2" s="1">')
    found, wrong, _ = read(closed(parts | {SHEET: sheet, "xl/styles.xml": styles}))
    assert wrong == "" and found[0].rows[1][3].text == "2024-03-15"


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (("n", "45366", "yyyy-mm-dd"), "2024-03-15"),
        (("n", "45366", '[$-804]yyyy"年"m"月"'), "2024-03-15"),
        (("n", "43904", "yyyy-mm-dd", True), "2024-03-15"),
        (("n", "1", "yyyy-mm-dd"), "1900-01-01"),
        (("n", "61", "yyyy-mm-dd"), "1900-03-01"),
        (("n", "0.5", "h:mm"), "12:00:00"),
        (("n", "1.5", "[h]:mm"), "1 day, 12:00:00"),
        (("n", "1e300", "yyyy-mm-dd"), "1e+300"),
        (("n", "0.075", "0.0%"), "7.5%"),
        (("n", "12", '[Red]0.0"亿元"'), "12亿元"),
        (("n", "123456", '0!.0,"万元"'), "12.3456万元"),
        (("n", "123456", '0"."0000"万元"'), "12.3456万元"),
        (("n", "123456", '#,##0.0,"千元"'), "123.456千元"),
        (("n", "1234567", "0.00,,"), "1.234567"),
        (("n", "12", "0!万!元"), "12万元"),
        (("n", "12", "0万元_中"), "12万元"),
        (("n", "1234", "#,##0.00"), "1234"),
        (("n", "0.1", "General"), "0.1"),
        (("n", "nan", ""), "nan"),
        (("b", "1", ""), "true"),
        (("d", "2024-03-15T00:00:00", ""), "2024-03-15"),
        (("str", " a\x07b ", ""), "a b"),
    ],
)
def test_what_a_cell_stores_is_read_as_excel_shows_it(stored: tuple[Any, ...], text: str) -> None:
    assert written(*stored) == text


def test_strings_are_put_together_without_their_readings() -> None:
    parts = book()
    parts[STRINGS] = parts[STRINGS].replace(
        "<t>电池厂</t>".encode(),
        "<r><t>电池</t></r><r><t>厂_x000D_</t></r><rPh><t>dianchi</t></rPh>".encode(),
    )
    assert read(closed(parts))[0][0].rows[1][0].text == "电池厂"
    assert packed.position("$AB$20") == (20, 28)


def word(body: bytes, head: bytes = b"") -> bytes:
    """A text of Word."""
    name = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    whole = head + b'<w:document xmlns:w="' + name + b'"><w:body>' + body + b"</w:body></w:document>"
    return closed({"word/document.xml": whole})


def test_paragraphs_of_word_are_read_as_they_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    body = (
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>甲</w:t><w:tab/></w:r>"
        "<w:ins><w:r><w:t>乙</w:t></w:r></w:ins><w:del><w:r><w:delText>丙</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>丁</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>"
        "<w:p><w:r><w:t>戊\x9b</w:t></w:r></w:p>"
    )
    file.write_bytes(word(body.encode()))
    assert [line.text for line in read_lines(file)] == ["甲\t乙", "", "戊"]


@pytest.mark.parametrize(
    ("body", "head", "told"),
    [
        (b"<w:p/>" * 3_000_000, b"", "more than 50,000 paragraphs"),
        (b"<w:p>" + b"<w:r><w:t>aa</w:t></w:r>" * 100_000 + b"</w:p>", b"", "a text of more than"),
        (b"<w:x>" * 3_000_000, b"", "levels"),
        (b"<w:x/>" * 3_000_000, b"", "elements"),
        (b"<w:p/>", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>", "a document type"),
        (b"<w:p>", b"", "it is no Word document"),
    ],
)
def test_a_text_of_word_beyond_all_bounds_is_told_within_seconds(
    tmp_path: Path, body: bytes, head: bytes, told: str, bounded: None
) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(word(body, head))
    begun = time.perf_counter()
    with pytest.raises(DabiaoError, match=told):
        read_lines(file)
    assert time.perf_counter() - begun < 15


# What was written before
# ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the city."""
    home = tmp_path_factory.mktemp("hostile")
    (home / "a.yaml").write_text(CITY, encoding="utf-8")
    done = call("run", home / "a.yaml", "--draws", "0", "--out", home / "runs", "--lang", "en")
    assert done.exit_code == 0, done.output
    return next((home / "runs").glob("*/*"))


@contextmanager
def manifest(run: Path, sealed: bool, said: dict[str, Any]) -> Iterator[None]:
    """The manifest with some of what it says changed, and sealed again if wanted."""
    file = run / "manifest.json"
    whole = file.read_bytes()
    changed = json.loads(whole) | said
    file.write_text(json.dumps(changed | ({"seal": seal(changed)} if sealed else {})), encoding="utf-8")
    try:
        yield
    finally:
        file.write_bytes(whole)


@pytest.mark.parametrize(
    "name", ["seed", "inputs", "command", "version", "written", "scenario", "code", "run"]
)
def test_a_changed_manifest_is_not_verified(run: Path, name: str) -> None:
    assert call("verify", run).exit_code == 0
    with manifest(run, False, {name: 7}):
        done = call("verify", run, "--lang", "en")
    assert done.exit_code == 1 and "manifest.json was changed" in done.output


@pytest.mark.parametrize("gone", ["seal", "seed", "inputs", "command", "version", "code"])
def test_a_manifest_that_lost_a_line_is_not_verified(run: Path, gone: str) -> None:
    file = run / "manifest.json"
    whole = file.read_bytes()
    left = {name: said for name, said in json.loads(whole).items() if name != gone}
    try:
        file.write_text(json.dumps(left), encoding="utf-8")
        assert call("verify", run).exit_code == 1
        if gone in {"seed", "version", "code"}:  # sealed again: what decides the run is still asked for
            file.write_text(json.dumps(left | {"seal": seal({**left, "seal": ""})}), encoding="utf-8")
            done = call("verify", run, "--lang", "en")
            assert done.exit_code == 1 and f"does not say: {gone}" in done.output, done.output
    finally:
        file.write_bytes(whole)


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (("seal", "code"), "NOT VERIFIED"),
        (("seal", "code", "draws"), "FILES UNCHANGED; WHAT DECIDED THE RUN CANNOT BE CHECKED"),
    ],
)
def test_a_manifest_that_plays_an_earlier_version_is_not_verified(
    run: Path, gone: tuple[str, ...], told: str
) -> None:
    file = run / "manifest.json"
    whole = file.read_bytes()
    left = {name: said for name, said in json.loads(whole).items() if name not in gone}
    try:
        file.write_text(json.dumps(left | {"version": "0.1.0"}), encoding="utf-8")
        done = call("verify", run, "--lang", "en")
        assert done.exit_code == 1 and done.stdout.splitlines()[-1] == told, done.output
        assert not json.loads(call("verify", run, "--json").stdout)["ok"]
        file.write_bytes(whole.replace(b'"draws":', b'"draws": 65, "draws":'))
        done = call("verify", run, "--lang", "en")
        assert done.exit_code == 2 and "said twice: draws" in done.output, done.output
    finally:
        file.write_bytes(whole)


@pytest.mark.parametrize(
    ("name", "shown"), [("more", "more"), ("csv/more.csv", "csv/more.csv"), ("in/", "in/")]
)
def test_what_was_added_to_a_run_is_noticed_by_itself(run: Path, name: str, shown: str) -> None:
    place = run / name
    place.mkdir() if name.endswith("/") else place.write_text("")
    try:
        done = call("verify", run, "--lang", "en")
        assert done.exit_code == 1 and f"not in the manifest: {shown}\n" in done.output, done.output
        assert done.stdout.endswith("\nNOT VERIFIED\n")
    finally:
        place.rmdir() if name.endswith("/") else place.unlink()
    assert call("verify", run).exit_code == 0


def test_a_folder_of_a_run_that_is_a_link_is_damage_to_run_and_verify(run: Path, tmp_path: Path) -> None:
    away = tmp_path / "csv"
    shutil.move(run / "csv", away)
    (run / "csv").symlink_to(away)
    done = call("verify", run, "--lang", "en")
    assert done.exit_code == 1 and "not in the manifest: csv\n" in done.output, done.output
    done = call("run", run.parents[2] / "a.yaml", "--draws", "0", "--out", run.parents[1], "--lang", "en")
    assert done.exit_code == 0 and "made anew" in done.output and list(away.iterdir())
    kept = run.with_name(f"{run.name}-damaged")
    assert (kept / "csv").is_symlink() and call("verify", run).exit_code == 0
    shutil.rmtree(kept)


def state(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, and where links lead."""
    return {
        file.relative_to(folder).as_posix(): str(file.readlink()).encode()
        if file.is_symlink()
        else file.read_bytes()
        for file in folder.rglob("*")
        if file.is_symlink() or file.is_file()
    }


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "RUN"),
        ("verify", "RUN", "--json"),
        ("report", "RUN", "--out", "OUT", "--format", "markdown"),
        ("export", "RUN", "--out", "OUT"),
        ("compare", "RUN", "RUN", "--out", "OUT", "-q"),
        ("show", "RUN/scenario.resolved.yaml"),
    ],
)
def test_a_run_is_read_through_a_link_that_the_user_gives_and_stays_as_it_is(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("link").symlink_to(run)
    before = state(run.parent)
    said = []
    for out, at in (("out-1", str(run)), ("out-2", "link")):
        done = call(*(word.replace("RUN", at).replace("OUT", out) for word in words), "--lang", "en")
        assert done.exit_code == 0, done.output
        said.append(done.stdout.replace(str(run), "link").replace(out, "OUT"))
    assert said[0] == said[1] or words[0] == "compare"  # which names the run in its own name
    assert state(run.parent) == before and Path("link").is_symlink()


def test_nothing_is_written_through_a_link_out_of_the_place(run: Path, tmp_path: Path) -> None:
    scenario, away = run.parents[2] / "a.yaml", tmp_path / "away"
    again = ("run", scenario, "--draws", "0", "--lang", "en", "--out")
    (tmp_path / "out").mkdir()
    away.mkdir()
    (tmp_path / "out" / run.parent.name).symlink_to(away)
    done = call(*again, tmp_path / "out")
    assert done.exit_code == 2 and "a link that leads out of" in done.output and not list(away.iterdir())
    (tmp_path / "given").symlink_to(away)  # where results go is for the user to say
    assert call(*again, tmp_path / "given").exit_code == 0 and list(away.iterdir())


def test_a_run_that_is_a_link_is_replaced_and_what_it_leads_to_stays(run: Path, tmp_path: Path) -> None:
    away, base = tmp_path / "away", tmp_path / "out"
    shutil.copytree(run, away)
    (away / "report.md").write_text("damaged")
    (base / run.parent.name).mkdir(parents=True)
    (base / run.parent.name / run.name).symlink_to(away)
    before = state(away)
    done = call("run", run.parents[2] / "a.yaml", "--draws", "0", "--lang", "en", "--out", base)
    assert done.exit_code == 0 and "made anew" in done.output
    place = base / run.parent.name / run.name
    assert not place.is_symlink() and call("verify", place).exit_code == 0 and state(away) == before


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("dangling", [False, True])
def test_a_file_that_is_a_link_is_not_written_through(tmp_path: Path, over: bool, dangling: bool) -> None:
    aim, link = tmp_path / "aim", tmp_path / "link"
    link.symlink_to(aim)
    if not dangling:
        aim.write_bytes(b"mine")
    if over:
        put(link, b"new", over=True)
        assert not link.is_symlink() and link.read_bytes() == b"new"
    else:
        with pytest.raises(DabiaoError, match="is there already"):
            put(link, b"new")
    assert not aim.exists() if dangling else aim.read_bytes() == b"mine"


@pytest.mark.parametrize("linked", ["sweep-s", "sweep-s/ledger.sqlite"])
def test_a_sweep_writes_through_no_link_out_of_the_place(tmp_path: Path, linked: str) -> None:
    (tmp_path / "a.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "s.yaml").write_text("scenarios: [a.yaml]\ndraws: 0\n", encoding="utf-8")
    away, place = tmp_path / "away", tmp_path / "out" / linked
    away.mkdir()
    place.parent.mkdir(parents=True)
    place.symlink_to(away if linked == "sweep-s" else away / "ledger")
    done = call("sweep", tmp_path / "s.yaml", "--out", tmp_path / "out", "--jobs", "0", "--lang", "en")
    assert done.exit_code == 2 and "a link that leads out of" in done.output and not list(away.iterdir())


def test_what_is_no_run_is_told_before_anything_is_computed(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / run.parent.name / run.name
    own.mkdir(parents=True)
    (own / "notes.txt").write_text("mine")
    monkeypatch.setattr("dabiao.engine.run.run", lambda *_, **__: pytest.fail("computed"))
    done = call("run", run.parents[2] / "a.yaml", "--draws", "0", "--out", tmp_path, "--lang", "en")
    assert done.exit_code == 2 and "no run of dabiao" in done.output, done.output
    assert (own / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("text", ["{", None])
def test_a_run_without_its_origins_is_not_made_again(run: Path, text: str | None) -> None:
    file = run / "origins.json"
    whole = file.read_bytes()
    file.unlink() if text is None else file.write_text(text)
    try:
        done = call("verify", run, "--rerun", "--lang", "en")
        assert done.exit_code == 1 and "origins.json is not as it was written" in done.output
        assert "different" not in done.output
    finally:
        file.write_bytes(whole)


@pytest.mark.parametrize("name", ["seed", "version", "code", "solver", "lang", "draws", "run"])
def test_a_manifest_that_was_changed_and_sealed_again_does_not_make_the_run(run: Path, name: str) -> None:
    with manifest(run, True, {name: "7"}):
        done = call("verify", run, "--lang", "en")
    assert done.exit_code == 1 and "make the run" in done.output, done.output


@pytest.mark.parametrize("name", ["report.md", "manifest.json", "csv"])
def test_a_damaged_older_run_is_told_and_made_anew(run: Path, name: str) -> None:
    again = ("run", run.parents[2] / "a.yaml", "--draws", "0", "--out", run.parents[1], "--lang", "en")
    assert "SAME RUN, KEPT" in call(*again).output
    place = run / name if name != "csv" else next((run / "csv").iterdir())
    whole = place.read_bytes()
    place.write_bytes(whole[: len(whole) // 2])
    done = call(*again)
    assert done.exit_code == 0 and "not as it was written" in done.output and place.name in done.output
    assert "SAME RUN" not in done.output and "made anew" in done.output
    assert name == "manifest.json" or place.read_bytes() == whole
    kept = run.with_name(f"{run.name}-damaged")
    assert kept.is_dir() and call("verify", run).exit_code == 0 and call("verify", kept).exit_code != 0
    shutil.rmtree(kept)


@pytest.mark.parametrize("when", [0, 10_000_000_000])
def test_leftovers_of_killed_processes_go_after_an_hour(
    run: Path, when: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that a clock which went wrong has dated in the far future."""
    monkeypatch.setattr("dabiao.results.place._YOUNG", 3_600.0)  # the run may take its time
    home = run.parent
    late, young, aside = (
        home / name
        for name in (".x-0123abcd.partial", ".y-0123abcd.partial", f".{run.name}-report-0123abcd.old")
    )
    foreign = home / ".z.partial"
    for folder in (late, young, aside, foreign):
        (folder / "in").mkdir(parents=True, exist_ok=True)
    for folder in (late, aside, foreign):
        os.utime(folder, (when, when))
    call("run", run.parents[2] / "a.yaml", "--draws", "0", "--out", run.parents[1])
    assert not late.exists() and young.exists() and foreign.exists()
    assert (home / f"{run.name}-report").is_dir() and not aside.exists()


@contextmanager
def full_disk(most: int) -> Iterator[None]:
    """No file may grow beyond some bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("most", [0, 500])
@pytest.mark.parametrize(
    "words",
    [
        ("template", "OUT/t.xlsx"),
        ("convert", "a.yaml", "OUT/c.xlsx"),
        ("convert", "a.yaml", "OUT/c.yaml"),
        ("schema", "--out", "OUT/s.json"),
        ("targets", "report.txt", "--out", "OUT/t.yaml"),
        ("run", "a.yaml", "--draws", "0", "--out", "OUT"),
        ("report", "RUN", "--out", "OUT/r", "--format", "markdown"),
        ("export", "RUN", "--out", "OUT/e"),
    ],
)
def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], most: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(CITY, encoding="utf-8")
    Path("report.txt").write_text("2024年预期目标：地区生产总值增长6%以上，" * 30, encoding="utf-8")
    Path("OUT").mkdir()
    with full_disk(most):
        done = call(*(str(run) if word == "RUN" else word for word in words))
    assert done.exit_code == 2 and "Internal" not in done.output, done.output[-400:]
    assert [file for file in Path("OUT").rglob("*") if file.is_file()] == []


def test_a_single_file_is_written_over_only_where_that_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "new" / "a.yaml"
    put(file, b"1")
    with pytest.raises(Exception, match="is there already"):
        put(file, b"2")
    assert file.read_bytes() == b"1"
    put(file, b"2", over=True)
    assert file.read_bytes() == b"2" and [each.name for each in file.parent.iterdir()] == ["a.yaml"]


def test_results_in_which_somebody_worked_are_kept(tmp_path: Path) -> None:
    import openpyxl
    from dabiao.models.quantity import Bilingual
    from dabiao.results.beside import results_beside

    assert call("convert", "example:panzhihua-2024", tmp_path / "R.xlsx").exit_code == 0

    def again() -> str:
        return results_beside(tmp_path / "R.xlsx", {}, "en", Bilingual.same("x"), {}).name

    assert again() == "R-results.xlsx"
    with (tmp_path / "R-results.xlsx").open("rb") as earlier:
        assert again() == "R-results.xlsx"
        assert os.fstat(earlier.fileno()).st_nlink == 0, "replaced at once, not written over"
    made = openpyxl.load_workbook(tmp_path / "R-results.xlsx")
    made.worksheets[0]["Z99"] = "mine"
    made.save(tmp_path / "R-results.xlsx")
    assert again() == "R~2-results.xlsx" == again()
    assert openpyxl.load_workbook(tmp_path / "R-results.xlsx").worksheets[0]["Z99"].value == "mine"
    (tmp_path / "R~2-results.xlsx").write_bytes(b"other")
    with pytest.raises(Exception, match="no workbook of results"):
        again()


def test_where_too_many_results_are_kept_it_is_told_by_their_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dabiao.models.quantity import Bilingual
    from dabiao.results import beside

    assert call("convert", "example:panzhihua-2024", tmp_path / "R.xlsx").exit_code == 0
    monkeypatch.setattr(beside, "MOST_KEPT", 1)
    with pytest.raises(WriteError) as told:
        beside.results_beside(tmp_path / "R.xlsx", {}, "en", Bilingual.same("x"), {})
    assert str(told.value).startswith(f"{tmp_path / 'R-results.xlsx'} and many like it are kept")


def test_what_is_made_of_a_run_stands_beside_it_whatever_the_run_is_called_by(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(shutil.copytree(run, tmp_path / "runs" / run.name))
    monkeypatch.chdir(home)
    (tmp_path / "latest").symlink_to(home)
    for words, made in (
        (("export", "."), home.with_name(f"{run.name}-long")),
        (("export", "tables.json", "--format", "iamc"), home.with_name(f"{run.name}-iamc")),
        (("report", ".", "--format", "markdown"), home.with_name(f"{run.name}-report")),
        (("report", tmp_path / "latest", "--format", "markdown"), tmp_path / f"{run.name}-report"),
    ):
        done = call(*words, "--lang", "en")
        assert done.exit_code == 0 and made.is_dir(), done.output
    assert state(home) == state(run)
