"""The command line speaks one language at a time: that of --lang, of DABIAO_LANG, of the locale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from command import GIVEN, call
from dabiao.cli.language import language
from dabiao.cli.main import simulate
from dabiao.models.words import LANGUAGES, VARIABLES, preferred

HAN = re.compile("[\u3400-\u9fff]")
SILENT = dict.fromkeys((*VARIABLES, "DABIAO_LANG"), "")


def commands(group: click.Command = simulate, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Words that name every command, groups and the program itself among them."""
    yield before
    for name, each in getattr(group, "commands", {}).items():
        yield from commands(each, (*before, name))


def found(words: tuple[str, ...]) -> click.Command:
    command: click.Command = simulate
    for word in words:
        command = command.commands[word]  # type: ignore[attr-defined]
    return command


def sentences(text: str) -> list[str]:
    """English of three words and more, outside code, options, names of files, examples and values to choose
    from."""
    text = re.sub(r"simulate [a-z ]+", " ", text)
    kept = [line for line in text.splitlines() if not re.match(r"\s*(bash|zsh|fish):|\s+simulate ", line)]
    plain = re.sub(
        r"\[[^\]]*\]|`[^`]*`|“[^”]*”|\"[^\"]*\"|'[^']*'|--?[a-z][\w-]*|\S*[/.=_:|-]\S*|<[^>]*>",
        " ",
        "\n".join(kept),
    )
    return re.findall(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}", plain)


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_help_is_in_one_language(words: tuple[str, ...]) -> None:
    english = CliRunner().invoke(simulate, [*words, "--lang", "en", "--help"])
    chinese = CliRunner().invoke(simulate, [*words, "--lang", "zh", "--help"])
    assert english.exit_code == chinese.exit_code == 0
    assert not HAN.search(english.output), english.output
    assert "Options:" in english.output and "选项:" in chinese.output
    assert sentences(chinese.output) == []
    shown = [param for param in found(words).params if isinstance(param, click.Option) and param.help]
    assert len(HAN.findall(chinese.output)) > 5 * len(shown)


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_takes_a_language(words: tuple[str, ...]) -> None:
    """And says what is wrong with an unknown one."""
    assert any("--lang" in param.opts for param in found(words).params)
    done = CliRunner().invoke(simulate, [*words, "--lang", "xx"], env={**SILENT, "LANG": "en_GB.UTF-8"})
    assert done.exit_code == 2 and "'xx' is not one of 'zh', 'en'" in done.output, done.output
    assert not HAN.search(done.output)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, LANGUAGES[0]),
        ({"LANG": "C.UTF-8"}, LANGUAGES[0]),
        ({"LANG": "POSIX"}, LANGUAGES[0]),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.GB18030"}, "zh"),
        ({"LANG": "zh-Hans"}, "zh"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "en_US", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LC_ALL": "en_US"}, "en"),
        ({"LANGUAGE": "zh_CN:en"}, "zh"),
        ({"LANG": "zh_CN", "DABIAO_LANG": "en"}, "en"),
        ({"LANG": "zh_CN", "DABIAO_LANG": "xx"}, "zh"),
    ],
)
def test_the_language_of_an_environment(environ: dict[str, str], said: str) -> None:
    assert preferred(environ) == said == language([], environ)
    assert language(["run", "--lang", "en"], environ) == language(["--lang=en", "run"], environ) == "en"
    assert language(["report", "--lang", "both"], environ) == said


@pytest.mark.parametrize("place", ["before", "behind", "variable", "locale"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mistake_is_told_in_the_language_asked_for(place: str, lang: str) -> None:
    words = {
        "before": ["--lang", lang, "validate", "no.yaml"],
        "behind": ["validate", "no.yaml", "--lang", lang],
    }
    environ = {"variable": {"DABIAO_LANG": lang}, "locale": {"LC_ALL": f"{lang}_XX.UTF-8"}}
    done = CliRunner().invoke(
        simulate, words.get(place, ["validate", "no.yaml"]), env={**SILENT, **environ.get(place, {})}
    )
    assert done.exit_code == 2
    assert bool(HAN.search(done.output)) == (lang == "zh"), done.output
    assert ("does not exist" in done.output) == (lang == "en")


WRONG = (
    ("frobnicate",),
    ("run",),
    ("run", "a.yaml", "--nonsense"),
    ("run", "a.yaml", "--seed", "x"),
    ("run", "a.yaml", "--seed", "-1"),
    ("run", "a.yaml", "--draws", "5"),
    ("run", "a.yaml", "b.yaml"),
    ("run", "--set"),
    ("run", "a.yaml", "--solver", "gurobi"),
    ("completion",),
    ("optimize", "frobnicate"),
    ("new", "X", "--gdp", "many"),
    ("compare", "a.yaml"),
    ("report", "a.yaml"),
    ("verify", "nowhere"),
    ("export", "nowhere"),
    ("targets", "nowhere.txt"),
    ("backtest", "nowhere.csv"),
    ("template", "a.txt"),
)


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_wrong_words_are_told_in_one_language(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for lang in LANGUAGES:
        done = CliRunner().invoke(simulate, list(words), env={**SILENT, "DABIAO_LANG": lang})
        assert done.exit_code == 2
        if lang == "zh":
            assert HAN.search(done.output) and sentences(done.output) == [], done.output
        else:
            assert not HAN.search(done.output), done.output


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_new_region_is_asked_for_and_told_in_one_language(lang: str, tmp_path: Path) -> None:
    answers = "2023\n1000\n100\n\n480\n80\n6\n" + "\n" * 8
    asked = call("new", "Oak", "--lang", lang, "--out", tmp_path / "asked", input=answers)
    given = call("new", "Oak", *GIVEN, "--country", "China", "--lang", lang, "--out", tmp_path / "given")
    short = call("new", "Oak", "--lang", lang, "--out", tmp_path / "short", input="2023\n")
    for done, code in ((asked, 0), (given, 0), (short, 2)):
        assert done.exit_code == code, done.output
        said = "\n".join(line for line in done.output.splitlines() if str(tmp_path) not in line)
        if lang == "en":
            assert not HAN.search(said), said
        else:
            assert HAN.search(said) and sentences(said) == [], said


@pytest.mark.parametrize(
    "words", [("doctor",), ("examples",), ("validate", "example:deyang-2022")], ids=" ".join
)
def test_what_is_said_of_the_program_and_of_examples_is_in_english_where_asked(
    words: tuple[str, ...],
) -> None:
    done = call(*words, "--lang", "en")
    said = re.sub(r"\S*[/\\]\S*", " ", done.output)
    assert not HAN.search(said), said
    assert HAN.search(call(*words, "--lang", "zh").output)


def test_the_language_of_one_call_is_not_that_of_the_next() -> None:
    texts = [call("--lang", lang, "--help").output for lang in ("en", "zh", "en")]
    assert texts[0] == texts[2] != texts[1]
