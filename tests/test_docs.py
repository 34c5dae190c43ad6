"""Every command of the documentation runs, in its order, in an empty folder."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from dabiao.cli.main import simulate

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "```sh" in page.read_text(encoding="utf-8"))
PAIRS = sorted(page for page in DOCS.rglob("*.md") if page.with_suffix(".zh.md").exists())
BLOCK = re.compile(r"(?:<!-- (file|exit|output)(?:: (\S+))? -->\n)?```(\w+)\n(.*?)```", re.DOTALL)
BRIEF = ("tutorial-years.zh.md",)
"""The page in Chinese that runs each time."""
LONG = {
    *("exchange.md", "optimize.md", "outlook.md", "projects.md", "province.md", "report.md", "sweep.md"),
    *("tutorial.md", "uncertainty.md", "workbook.md"),
}
"""Pages that take long and whose commands other tests ask for: they run with the long checks."""


def test_there_are_pages_to_run() -> None:
    assert {page.name for page in PAGES} >= {
        "tutorial.md",
        "tutorial.zh.md",
        "example.md",
        "compare.md",
        "exchange.md",
        "projects.md",
        "sectors.md",
    }


def ran(page: Path) -> Any:
    """Pages in Chinese have the commands of the English ones: all but one run with the long checks."""
    twin = page.name.endswith(".zh.md") and page.name not in BRIEF
    return pytest.param(page, id=page.name, marks=[pytest.mark.slow] if twin or page.name in LONG else [])


@pytest.mark.parametrize("page", [ran(page) for page in PAGES])
def test_the_snippets_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And print what the page shows of them, on a terminal of its width."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("DABIAO_LANG", "zh" if page.name.endswith(".zh.md") else "en")
    ran, printed = 0, ""
    for kind, argument, language, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "file":
            Path(argument).write_text(text, encoding="utf-8")
        if kind == "output":
            for part in text.split("…\n"):
                assert "".join(part.split()) in "".join(printed.split()), part
        if language != "sh":
            continue
        printed = ""
        for line in text.strip().splitlines():
            program, *words = shlex.split(line)
            assert program == "simulate", line
            words = [
                str(found)
                for word in words
                for found in (sorted(tmp_path.glob(word)) if "*" in word else [word])
            ]
            done = CliRunner().invoke(simulate, words)
            wanted = int(argument) if kind == "exit" else 0
            assert done.exit_code == wanted, f"{line}\n{done.output}"
            printed += done.output
            ran += 1
    assert ran


def test_what_a_planner_reads_is_there_in_both_languages() -> None:
    english = {page.relative_to(DOCS).as_posix() for page in PAIRS}
    assert english >= {"index.md", "example.md", "tutorial.md", "commands.md", "scenario.md", "evidence.md"}
    assert english >= {
        f"howto/{page.name}" for page in (DOCS / "howto").glob("*.md") if page.suffixes == [".md"]
    }


@pytest.mark.parametrize("page", PAIRS, ids=lambda page: page.name)
def test_both_languages_give_the_same_commands_files_and_pictures(page: Path) -> None:
    texts = [each.read_text(encoding="utf-8") for each in (page, page.with_suffix(".zh.md"))]
    commands = [re.findall(r"^simulate .*$", text, re.MULTILINE) for text in texts]
    assert [
        line.replace("--lang en", "--lang zh").removesuffix(" --lang zh") for line in commands[0]
    ] == commands[1]
    marks = [re.findall(r"<!-- (?:file|exit): \S+ -->", text) for text in texts]
    assert marks[0] == marks[1]
    pictures = [re.findall(r"pictures/([\w.]+)\.svg", text) for text in texts]
    assert [name.replace(".en", ".zh") for name in pictures[0]] == pictures[1]
    assert texts[0].count("\n## ") == texts[1].count("\n## ")


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.name)
def test_every_picture_is_there(page: Path) -> None:
    for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / name).is_file(), name


def test_every_page_is_in_the_navigation() -> None:
    """And every link between pages leads somewhere."""
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    listed = set(re.findall(r"[\w./-]+\.md", str(site["nav"])))
    assert listed - {"equations.md"} == {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    for page in DOCS.rglob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+\.md)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).is_file(), f"{page.name}: {link}"


def test_the_architecture_names_places_that_are_there() -> None:
    """Ten recipes; every file and name they send a newcomer to exists, unless it is called planned."""
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    recipes = page.split("\n## Ten recipes\n")[1].split("\n### ")[1:]
    assert len(recipes) == 10
    now = [page.split("\n## Ten recipes\n")[0], *(recipe for recipe in recipes if "(planned" not in recipe)]
    for part in now:
        places = [name for name in re.findall(r"`([\w./-]+)`", part) if "/" in name and "NAME" not in name]
        assert [name for name in places if not (ROOT / name).exists()] == []
        code = "".join(
            (ROOT / name).read_text(encoding="utf-8") for name in places if (ROOT / name).is_file()
        )
        for name in re.findall(r"`([A-Z]{4,}|[A-Z][a-z]+[A-Z]\w+)`", part):
            assert re.search(rf"\b{name}\b", code), f"{name} in none of {places}"


def test_the_page_of_equations_is_read_off_the_code() -> None:
    """What a docstring says of its equation and source stands on the page; parameters do not."""
    spec = importlib.util.spec_from_file_location("equations", DOCS / "equations.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = module.page()
    assert (
        "Miller & Blair (2009)" in page
        and "Shorrocks 2013" in page
        and "\\phi_g" in page
        and "C_{it} = C_{i0}" in page
    )
    assert (
        "Parameters\n---" not in page
        and page.count("```math\n") == page.count("```") / 2 > 5
        and ">>>" not in page
    )


def test_equations_are_set_without_scripts() -> None:
    """Every equation of the pages and of the program can be set."""
    pytest.importorskip("latex2mathml")
    spec = importlib.util.spec_from_file_location("equations", DOCS / "equations.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for text in (module.page(), (DOCS / "model.md").read_text(encoding="utf-8")):
        told = text.count("```math\n")
        made = module.on_page_markdown(text)
        assert made.count("<math ") == told > 10
        assert "```math" not in made and "<script" not in made


@pytest.mark.slow
@pytest.mark.sample
def test_the_site_builds(tmp_path: Path) -> None:
    """Strictly: a warning is an error."""
    pytest.importorskip("material")
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path), strict=True))
    assert (tmp_path / "tutorial.zh" / "index.html").exists() or (tmp_path / "tutorial.zh.html").exists()


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", ROOT / "README.zh.md", *sorted(DOCS.rglob("*.md"))],
    ids=lambda page: page.name,
)
def test_every_command_named_is_there(page: Path) -> None:
    """`simulate WORD` is a command, or WORD a scenario or option."""
    from dabiao.cli.options import looks_like_scenario

    named = re.findall(r"`simulate ([^\s`]+)", page.read_text(encoding="utf-8"))
    wrong = [
        word
        for word in named
        if word not in simulate.commands and not word.startswith("-") and not looks_like_scenario(word)
    ]
    assert wrong == []
