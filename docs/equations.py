"""Hooks of the documentation: equations are set when the site is built, and one page has all of the program.

Equations stand in fenced blocks named `math`, which GitHub sets too. Here they become MathML, which browsers
show by themselves: no script, nothing from another host. The page of all equations reads the files without
importing them, so that it is never older than the code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = "equations.md"
FLOORS = ("models", "engine", "solvers", "results")
_TELLS = re.compile(r"\.\. math::|\bSources?:|\((?:[^()]*\s)?(?:19|20)\d\d[^()]*\)|[A-Z]\w+ (?:19|20)\d\d\b")
_HEAD = """# Every equation, every source

Read off the program when this page is built: each function that codes an equation states it, with its source. The
[equations](model.md) tell the story; here is where each stands.
"""  # noqa: E501


def on_files(files: Any, config: Any) -> Any:
    """Add the page to the site."""
    from mkdocs.structure.files import File

    files.append(File.generated(config, PAGE, content=page()))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Set the equations of a page."""
    return re.sub(r"(?ms)^```math\n(.*?)\n```$", lambda hit: mathml(hit[1]), markdown)


def mathml(equation: str) -> str:
    """An equation in TeX as MathML, on a line of its own."""
    from latex2mathml.converter import convert

    made = convert(" ".join(equation.split()), display="block")
    return f'<div class="math" style="overflow-x: auto">{made}</div>'


def page() -> str:
    """The page as Markdown."""
    parts = [_HEAD]
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            told = [(name, text) for name, text in docstrings(path) if _TELLS.search(text)]
            if told:
                parts.append(f"## {path.relative_to(ROOT).as_posix()}\n")
                parts += [(f"### {name}\n\n" if name else "") + markdown(text) + "\n" for name, text in told]
    return "\n".join(parts)


def docstrings(path: Path) -> Iterator[tuple[str, str]]:
    """Docstrings of a file with the name of what they describe; the file's own has none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield "", ast.get_docstring(tree) or ""
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            yield node.name, ast.get_docstring(node) or ""


def markdown(text: str) -> str:
    """A docstring as Markdown: what it says, its equations set apart; lists of parameters are left to the
    code."""
    text = re.split(r"\n\w+\n-{3,}\n", text)[0] + "".join(
        f"\n\n{line}" for line in re.findall(r"\n(Sources?:.*(?:\n\S.*)*)", _rest(text))
    )
    text = text.replace("``", "`")
    text = re.sub(
        r"(?ms)^\.\. math::[ ]*(.*?)(?=\n\s*\n|\Z)", lambda hit: "```math\n" + _plain(hit[1]) + "\n```", text
    )
    text = re.sub(r":(?:data|class|func|meth|mod|attr):`~?\.?([^`]+)`", r"`\1`", text)
    text = re.sub(r"(?ms)^>>> .*?(?=\n\s*\n|\Z)", "", text)
    return text.strip()


def _rest(text: str) -> str:
    """What stands after the first section of a docstring."""
    parts = re.split(r"\n\w+\n-{3,}\n", text, maxsplit=1)
    return parts[1] if len(parts) > 1 else ""


def _plain(equation: str) -> str:
    return "\n".join(line.strip() for line in equation.strip().splitlines())
