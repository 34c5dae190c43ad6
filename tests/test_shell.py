"""Every command that is printed can be pasted into a shell as it stands, whatever files are called."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from city import CITY
from command import call
from dabiao.cli.new import _next_steps
from dabiao.cli.run import next_steps
from dabiao.cli.which import _lines, _of_comparison
from dabiao.models import shell
from dabiao.models.shell import UNNAMED, quoted, shell_word
from hypothesis import example, given
from hypothesis import strategies as st

posix = pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
ODD = [
    "a b.yaml",
    "a'b.yaml",
    'a"b.yaml',
    "$(touch evil).yaml",
    "`touch evil`.yaml",
    "$HOME.yaml",
    "-x.yaml",
    "--help.yaml",
    "a;b&c|d>e<f.yaml",
    "a\\\\b.yaml",
    "*?[a].yaml",
    "~a.yaml",
    "#a.yaml",
    "!a.yaml",
    "a\u3000某市（1）.yaml",
    "{a,b}.yaml",
]
UNSAID = ["a\nb.yaml", "a\tb.yaml", "a\x1b[31m.yaml", "a\u200b.yaml", "a\u202eb.yaml", "a\udcff.yaml"]
"""Names of which a terminal shows something else."""


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
@example("")
def test_a_word_is_the_name_again_or_says_none(name: str) -> None:
    (word,) = shlex.split(quoted(name))
    assert word == name or quoted(name) == UNNAMED
    if name.isprintable() and name.isascii():
        assert word == name


@posix
def test_a_shell_reads_what_was_meant(tmp_path: Path) -> None:
    said = " ".join(map(shell_word, ODD))
    done = subprocess.run(
        ["sh", "-c", f"printf '%s\\n' {said}"], cwd=tmp_path, capture_output=True, check=True
    )
    told = [f"./{name}" if name.startswith("-") else name for name in ODD]
    assert done.stdout.decode().split("\n")[:-1] == told and list(tmp_path.iterdir()) == []


PRINTED: dict[str, Callable[[str], str]] = {
    "next steps of a run": lambda name: next_steps(name, "en", Path(name), short=True),
    "next steps of a new city": lambda name: _next_steps(Path(name), "en"),
    "several runs": lambda name: _lines("simulate report ", [Path(name)]),
    "a comparison": lambda name: _of_comparison(Path("c"), [name, name]).of("en").split("first:")[1],
}


@pytest.mark.parametrize("kind", PRINTED)
@pytest.mark.parametrize("name", [*ODD, *UNSAID])
def test_every_printed_command_can_be_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = re.findall(r"simulate .*", PRINTED[kind](name))
    assert lines
    for line in lines:
        words = shlex.split(line)
        assert name not in line or name in ODD
        named = f"./{name}" if name.startswith("-") else name
        allowed = {named, UNNAMED} if name in UNSAID else {named}
        asked = [word for word in words if ".yaml" in word or word == UNNAMED]
        assert asked == [] or any(word in allowed or Path(word).parent.name == name for word in asked), line


@posix
@pytest.mark.parametrize("name", ["a b.xlsx", "$(touch evil).xlsx", "it's.xlsx", "./-x.xlsx"])
def test_what_is_told_after_a_file_was_written_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("template", name, "--lang", "en")
    assert done.exit_code == 0, done.output
    words = shlex.split(done.output.partition("NEXT  ")[2])
    assert Path(words[1]).is_file() and not words[1].startswith("-")


def test_a_mistake_of_the_program_is_asked_for_again_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dabiao.scenarios.load.load", lambda *_, **__: 1 / 0)
    file = tmp_path / "a $(b).yaml"
    file.write_text(CITY, encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["simulate", "validate", str(file)])
    done = call("validate", file, "--lang", "en")
    line = next(line for line in done.output.splitlines() if "--debug" in line)
    assert done.exit_code == 70 and shlex.split(line)[1:] == ["--debug", "validate", str(file)]


def test_no_command_is_put_together_of_bare_names() -> None:
    """What stands in a printed command is a word of a shell, a language, or made of such."""
    root = Path(shell.__file__).resolve().parents[1]
    inside = re.compile(r"f\"[^\"\n]*simulate [^\"\n]*\"")
    fine = re.compile(
        r"(?:quoted|shell_word)\(.*\)|' '.join\(map\(shell_word, .*\)\)|lang|question.lang|change|words"
        r"|scenario|other|baseline|stretch|head|then"
    )
    found = {
        (file.name, place)
        for floor in ("models", "scenarios", "solvers", "engine", "results", "cli")
        for file in (root / floor).rglob("*.py")
        for said in inside.findall(file.read_text(encoding="utf-8"))
        if "excel" not in file.parts
        for place in re.findall(r"\{([^{}]+)\}", said.partition("simulate ")[2].partition("`")[0])
        if not fine.fullmatch(place)
    }
    assert found == set()
