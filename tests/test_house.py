"""The rules of the house that ruff and import-linter cannot say: names, texts, fields, what is shipped.

Docstrings (D), heavy imports (TID253) and bare ones (TID251) are held by ruff, the floors by import-linter.
"""

from __future__ import annotations

import ast
import re
import tomllib
import types
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("models", "scenarios", "solvers", "engine", "results", "cli")  # lowest first
SECTOR_MODELS = ROOT / "models" / "sectors"


@cache
def product() -> tuple[Path, ...]:
    """Every Python file that is shipped."""
    return (ROOT / "__init__.py", *sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where something stands, as an editor wants it."""
    line = getattr(node, "lineno", None)
    return str(path.relative_to(ROOT)) + (f":{line}" if line else "")


def docstrings(path: Path) -> set[int]:
    """Identities of the string nodes that are docstrings."""
    return {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }


# --- no region, no sector
# -------------------------------------------------------------------------------------


@cache
def shipped() -> tuple[tuple[Path, dict[str, Any]], ...]:
    """Every shipped scenario as plain data, with the folder it stands in."""
    found = []
    for path in sorted((ROOT / "scenarios").rglob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(data, dict) and "title" in data:
            found.append((path, data))
    return tuple(found)


def texts(title: Any) -> set[str]:
    """The Chinese and English of a title."""
    values = title.values() if isinstance(title, dict) else [title]
    return {str(value) for value in values if value}


def region_names() -> set[str]:
    """Regions that shipped scenarios speak of: the first word of folder and title, in both languages."""
    names: set[str] = set()
    for path, data in shipped():
        folder = re.split(r"[-_\d]", path.relative_to(ROOT / "scenarios").parts[0])[0]
        names.add(folder.lower())
        for text in texts(data["title"]):
            if latin := re.match(r"[A-Za-z]{4,}", text):
                names.add(latin[0].lower())
            elif chinese := re.match(r"([一-鿿]{2,5}?)[市省州县区]|([一-鿿]{2,3})", text):
                names.add(chinese[1] or chinese[2])
    return names - {"china", "templates", "template", "examples", "a", "the"}


def sector_names() -> tuple[set[str], set[str]]:
    """Keys of the sectors of shipped scenarios, and their titles."""
    keys: set[str] = set()
    titles: set[str] = set()
    for _, data in shipped():
        for key, sector in (data.get("sectors") or {}).items():
            if isinstance(sector, dict):
                keys.add(str(key))
                titles |= texts(sector.get("title"))
    return keys, titles


def model_names() -> set[str]:
    """The four sector models have names of their own, which scenarios say in `model:`."""
    return {path.stem for path in SECTOR_MODELS.glob("*.py")} - {"__init__"}


def vocabulary() -> set[str]:
    """Words of the schema itself: a project has months of construction whatever a sector is called."""
    from dabiao.models.quantity import Quantity

    return model_names() | {name.split(".")[1] for name, _, _ in fields()} | set(Quantity.model_fields)


def test_there_are_scenarios_to_take_names_from() -> None:
    assert region_names(), "no shipped scenario: the next tests would check nothing"
    assert all(sector_names())


def test_no_region_in_code() -> None:
    """A region lives in a scenario: neither code, comment nor docstring says its name."""
    names = region_names()
    said = [
        f"{place(path)} {name}"
        for path in product()
        if path.name != "validation_cases.py"  # published cases are called by their regions
        for code in [path.read_text(encoding="utf-8").lower()]
        for name in names
        if name in code
    ]
    assert said == []


def test_no_sector_in_code() -> None:
    """No string in the code is a key or a title of a shipped sector, the four sector models excepted."""
    keys, titles = sector_names()
    keys -= vocabulary()
    titles = {title for title in titles if len(title) > 3 and title.lower() not in vocabulary()}
    said = [
        f"{place(path, node)} {node.value!r}"
        for path in product()
        if not path.is_relative_to(SECTOR_MODELS) and path.name not in ("old_keys.py", "indicator_names.py")
        for known in [docstrings(path)]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known
        if node.value in keys or any(title in node.value for title in titles)
    ]
    assert said == []


def test_code_speaks_of_the_product_alone() -> None:
    """No path of a machine in the code."""
    private = re.compile(r"/(?:home|work|tmp|Users|root)/\w+")
    assert [place(path) for path in product() if private.search(path.read_text(encoding="utf-8"))] == []


# --- files
# ----------------------------------------------------------------------------------------------------


def test_floors_import_each_other_relatively() -> None:
    absolute = re.compile(r"^\s*(?:from|import) dabiao\b", re.MULTILINE)
    assert [place(path) for path in product()[1:] if absolute.search(path.read_text(encoding="utf-8"))] == []


def test_the_root_has_one_python_file() -> None:
    assert [path.name for path in ROOT.glob("*.py")] == ["__init__.py"]


def test_no_file_is_named_for_nothing() -> None:
    nothing = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert [place(path) for path in product() if path.stem in nothing] == []


# --- the scenario's fields
# ------------------------------------------------------------------------------------


def mentioned(annotation: Any) -> Iterator[Any]:
    """Every class inside a type: of unions, maps, tuples and annotated types."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from mentioned(inner)


@cache
def fields() -> tuple[tuple[str, FieldInfo, bool], ...]:
    """Every field a scenario may hold: its path by class, the field, and whether it holds numbers."""
    from dabiao.models.quantity import Bilingual, Quantity
    from dabiao.scenarios.schema import Scenario

    found: list[tuple[str, FieldInfo, bool]] = []
    seen: set[type[BaseModel]] = {Quantity, Bilingual}
    waiting: list[type[BaseModel]] = [Scenario]
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        for name, field in part.model_fields.items():
            inside = list(mentioned(field.annotation))
            found.append((f"{part.__name__}.{name}", field, Quantity in inside))
            waiting += [kind for kind in inside if issubclass(kind, BaseModel)]
    return tuple(found)


def test_every_number_has_unit_and_meaning() -> None:
    """A field that holds numbers is declared with `measured`, `maybe` or `each`, and told in a sentence."""
    bare = [
        name
        for name, field, numbers in fields()
        if numbers
        and not (
            isinstance(field.json_schema_extra, dict)
            and field.json_schema_extra.get("unit")
            and (field.description or "").rstrip()[-1:] in (".", "…", ")")
        )
    ]
    assert bare == []


def test_the_walk_over_fields_finds_all_sector_models() -> None:
    classes = {name.split(".")[0] for name, _, _ in fields()}
    assert {"Scenario", "MarketParameters", "Capacity", "Process", "Months"} <= classes
    assert len(fields()) > 100


# --- what is shipped
# ------------------------------------------------------------------------------------------


@cache
def project() -> dict[str, Any]:
    """The packaging file."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_is_listed() -> None:
    """A subpackage missing from the list works in an editable install and fails in the wheel."""
    folders = {path.parent.relative_to(ROOT) for path in product()}
    names = {".".join(["dabiao", *folder.parts]) for folder in folders}
    assert set(project()["tool"]["setuptools"]["packages"]) == names


def test_every_folder_of_code_is_a_package() -> None:
    assert [place(path) for path in product() if not (path.parent / "__init__.py").exists()] == []


def test_one_version_everywhere() -> None:
    version = re.search(r'__version__ = "(.+?)"', (ROOT / "__init__.py").read_text(encoding="utf-8"))
    assert version
    assert f"version: {version[1]}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {version[1]}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_readme_marks_its_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("run", "test"):
        block = re.search(
            rf"<!-- ci:{name} -->\s*```\w*\n(.+?)\n```\s*<!-- /ci:{name} -->", readme, re.DOTALL
        )
        assert block, f"no command between the marks ci:{name}"
        assert block[1].startswith("python3 -m venv .venv && .venv/bin/pip install ")
