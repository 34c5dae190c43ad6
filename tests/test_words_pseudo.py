"""A language in which every message stands in brackets: what is outside them escaped the catalogue."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from dabiao.results.text.wording import key_in_words
from dabiao.scenarios.schema import Scenario
from pydantic import BaseModel

pytest.importorskip("babel")

ROOT = Path(__file__).resolve().parents[1]
LANG = "eo"
PLACE = re.compile(r"(\{[^{}]*\})")


def tool(where: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    """The program with the catalogues of a folder."""
    return subprocess.run(
        [sys.executable, "-m", "dabiao.cli.main", *asked],
        capture_output=True,
        text=True,
        check=False,
        cwd=where,
        env={**os.environ, "DABIAO_LOCALE": str(where / "locale"), "PYTHONUTF8": "1", "COLUMNS": "160"},
    )


def catalogue(folder: Path, lang: str, said: dict[tuple[str, str], str]) -> None:
    """Write a catalogue and compile it."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    made = Catalog(locale=lang, fuzzy=False)
    for (context, english), text in said.items():
        made.add(english, text, context=context or None)
    place = folder / "locale" / lang / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "dabiao.mo").open("wb") as file:
        write_mo(file, made)


def messages() -> dict[tuple[str, str], str]:
    """Every message of the code."""
    import importlib.util

    found = importlib.util.spec_from_file_location("words_tool", ROOT / ".ci" / "words.py")
    assert found is not None and found.loader is not None
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    return dict.fromkeys(made.messages(), "")


def bracketed(english: str) -> str:
    """A message in brackets; what is not a word stays, so that lists and lines are as they are."""
    return f"⟦{english}⟧" if re.search(r"[A-Za-z]", PLACE.sub("", english)) else english


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the README's scenario and the language of brackets."""
    folder = tmp_path_factory.mktemp("pseudo")
    catalogue(folder, LANG, {key: bracketed(key[1]) for key in messages()})
    found = re.search(
        r"<!-- ci:scenario -->\n```yaml\n(.*?)```",
        (ROOT / "docs" / "howto" / "region.md").read_text("utf-8"),
        re.DOTALL,
    )
    assert found
    (folder / "city.yaml").write_text(found[1], "utf-8")
    return folder


def outside(text: str) -> str:
    """What stands outside the outermost brackets."""
    kept, depth = [], 0
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        if not depth and letter != "⟧":
            kept.append(letter)
    assert depth == 0
    return "".join(kept)


def texts(part: Any) -> Iterator[str]:
    """Names and sentences of a scenario: what its author wrote."""
    if isinstance(part, dict):
        for key, value in part.items():
            if isinstance(value, str) and key in ("en", "zh", "title", "assumption", "kind", "note"):
                yield value
            else:
                yield from texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from texts(each)


UNITS = "CNY|bn|kt|kg|mu|points?|months?|yr|persons|degrees of freedom"
RUN = "city|highs|[0-9a-f]{12}"
"""What names a run: its scenario's file, the solver, its own hash."""
PLACES = r"[\w:/.-]+\.(?:yaml|csv)(?::\d+)?"
PATHS = r"\b[a-z_]+(?:\.[\w-]+)+"


@cache
def keys_in_words() -> frozenset[str]:
    """Every key of the schema as reports call it."""
    waiting: list[Any] = [Scenario]
    found: set[str] = set()
    seen: set[Any] = set()
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in seen:
            seen.add(kind)
            found |= {key_in_words(key, "").en for key in kind.model_fields}
            waiting += [field.annotation for field in kind.model_fields.values()]
        waiting += get_args(kind)
    return frozenset(found)


def escaped(text: str, home: Path) -> list[str]:
    """Words outside brackets that are neither the scenario's own nor a unit, a place or a key."""
    scenario = yaml.safe_load((home / "scenario.resolved.yaml").read_text("utf-8"))
    own = sorted({" ".join(said.split()) for said in texts(scenario)}, key=len, reverse=True)
    left = " ".join(outside(text).split())
    for said in own:
        left = left.replace(said, " ")
    keys = "|".join(sorted(map(re.escape, keys_in_words()), key=len, reverse=True))
    left = re.sub(rf":(?:\s*(?:{keys}|\d+)\b)+", " ", left)  # keys in words behind what they belong to
    left = re.sub(f"{PLACES}|{PATHS}|China|dabiao", " ", left)  # countries are called as CLDR does
    left = re.sub(rf"(?:\b|(?<=\d))(?:{UNITS}|{RUN})\b", " ", left)
    return re.findall(r"[^\W\d_]{2,}", left)


@pytest.fixture(scope="module")
def home(where: Path) -> Path:
    """The folder of a run in the language of brackets, with what the terminal showed."""
    done = tool(where, "run", "city.yaml", "--lang", LANG, "--out", "runs", "--draws", "512")
    assert done.returncode == 0, done.stderr
    found = next((where / "runs").rglob("report.html")).parent
    (found / "terminal.txt").write_text(done.stdout, "utf-8")
    return found


def test_no_word_escapes_on_the_terminal(home: Path) -> None:
    said = (home / "terminal.txt").read_text("utf-8")
    assert said.count("⟦") > 100
    assert escaped(said, home) == []


LABEL = re.compile(r'<text x="([\d.-]+)" y="([\d.-]+)"[^>]*>([^<]*)</text>')


def uncut(picture: str) -> str:
    """A picture without the labels that it cut short: they stand whole in the tables."""
    found = [(float(x), float(y), text) for x, y, text in LABEL.findall(picture)]
    cut = [(x, y) for x, y, text in found if "…" in text]

    def kept(label: re.Match[str]) -> str:
        x, y = float(label[1]), float(label[2])
        return "" if any(x == at and 0 <= below - y < 13 for at, below in cut) else label[0]

    return LABEL.sub(kept, picture)


def test_no_word_escapes_in_the_report(home: Path) -> None:
    """Headings, sentences, tables and pictures of the page."""
    page = (home / "report.html").read_text("utf-8")
    page = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r"(<svg\b[^>]*>)(.*?)</svg>", lambda hit: hit[1] + uncut(hit[2]), page, flags=re.DOTALL)
    page = re.sub(r'<[^>]*?\baria-label="([^"]*)"[^>]*>', r" \1 ", page)
    said = html.unescape(re.sub(r"<[^>]*>", " ", page))
    assert said.count("⟦") > 1000
    assert escaped(said, home) == []


@pytest.mark.first(1)
@pytest.mark.parametrize("asked", [["explain"], ["audit", "--all"], ["optimize", "required"]])
def test_no_word_escapes_in_further_answers(where: Path, home: Path, asked: list[str]) -> None:
    done = tool(
        where, *asked, "city.yaml", "--lang", LANG, *(["--out", "runs"] if asked[0] != "audit" else [])
    )
    assert done.returncode == 0, done.stderr
    assert escaped(done.stdout, home) == []


FRENCH = {
    "Targets": "Objectifs",
    "Target": "Objectif",
    "Minimum": "Assurer",
    "Stretch": "Ambition",
    "Unit": "Unité",
    "Verdict": "Verdict",
    "Sector": "Secteur",
    "Sectors": "Secteurs",
    "Investment": "Investissement",
    "Growth": "Croissance",
    "Limits": "Limites",
    "Checks": "Contrôles",
    "Summary": "Résumé",
    "Line": "Ligne",
    "Text": "Texte",
    "Year": "Année",
    "Kind": "Nature",
    "yes": "oui",
    "no": "non",
    "plan: {plan}": "programme : {plan}",
}


@pytest.mark.slow
def test_a_language_is_one_file(tmp_path: Path, where: Path) -> None:
    """`.ci/words.py --add fr` and twenty messages: a run in French, English where nothing is said."""
    floors = ("models", "scenarios", "solvers", "engine", "results", "cli", "locale", ".ci")
    for floor in floors:
        shutil.copytree(ROOT / floor, tmp_path / floor, ignore=shutil.ignore_patterns("__pycache__"))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    script = [sys.executable, str(tmp_path / ".ci" / "words.py")]
    assert subprocess.run([*script, "--add", "fr"], check=False, capture_output=True).returncode == 0
    po = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "dabiao.po"
    text, begun = po.read_text("utf-8"), 0
    for english, french in FRENCH.items():
        text, made = re.subn(
            rf'^(msgid "{re.escape(english)}")\nmsgstr ""$',
            rf'\1\nmsgstr "{french}"',
            text,
            flags=re.MULTILINE,
        )
        begun += made
    po.write_text(text, "utf-8")
    assert begun >= 20
    assert subprocess.run(script, check=False, capture_output=True).returncode == 0
    assert subprocess.run([*script, "--check"], check=False, capture_output=True).returncode == 0
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {path for path in after if after[path] != before.get(path)} == {po, po.with_suffix(".mo")}
    shutil.copy(where / "city.yaml", tmp_path)
    done = tool(tmp_path, "run", "city.yaml", "--lang", "fr", "--out", "runs", "--draws", "0")
    assert done.returncode == 0, done.stderr
    assert "programme : Plan" in done.stdout and "Assurer" in done.stdout
    assert "SOURCES OF GROWTH" in done.stdout  # nobody has said it in French yet
