"""Every command of the documentation runs, in its order, in an empty folder."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from dabiao.cli.main import simulate

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "```sh" in page.read_text(encoding="utf-8"))
BLOCK = re.compile(r"(?:<!-- (file|exit): (\S+) -->\n)?```(\w+)\n(.*?)```", re.DOTALL)


def test_there_are_pages_to_run() -> None:
    assert {page.name for page in PAGES} >= {
        "tutorial.md",
        "tutorial.zh.md",
        "compare.md",
        "exchange.md",
        "projects.md",
        "sectors.md",
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_snippets_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = 0
    for kind, argument, language, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "file":
            Path(argument).write_text(text, encoding="utf-8")
        if language != "sh":
            continue
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
            ran += 1
    assert ran


def test_both_tutorials_give_the_same_commands() -> None:
    pages = [(DOCS / name).read_text(encoding="utf-8") for name in ("tutorial.md", "tutorial.zh.md")]
    commands = [re.findall(r"^simulate .*$", page, re.MULTILINE) for page in pages]
    assert [line.removesuffix(" --lang en") for line in commands[0]] == commands[1]


def test_every_page_is_in_the_navigation() -> None:
    """And every link between pages leads somewhere."""
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    listed = set(re.findall(r"[\w./-]+\.md", str(site["nav"])))
    assert listed - {"equations.md"} == {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    for page in DOCS.rglob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+\.md)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).is_file(), f"{page.name}: {link}"


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
        and page.count("```tex\n") == page.count("```") / 2 > 5
        and ">>>" not in page
    )


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
