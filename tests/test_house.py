"""The rules of the house: where things stand, which way they look, what they must say of themselves."""

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

import pytest
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("models", "scenarios", "solvers", "engine", "results", "cli")  # lowest first
SECTOR_MODELS = ROOT / "models" / "sectors"
HEAVY = {"pandas", "pyomo", "simpy", "xlsxwriter", "highspy", "matplotlib", "scipy", "docx", "openpyxl"}


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
    return model_names() | {name.split(".")[1] for name, _, _ in fields()}


def test_there_are_scenarios_to_take_names_from() -> None:
    assert region_names(), "no shipped scenario: the next tests would check nothing"
    assert all(sector_names())


@pytest.mark.parametrize("path", product(), ids=place)
def test_no_region_in_code(path: Path) -> None:
    """A region lives in a scenario: neither code, comment nor docstring says its name."""
    code = path.read_text(encoding="utf-8").lower()
    assert [name for name in region_names() if name in code] == []


@pytest.mark.parametrize("path", product(), ids=place)
def test_no_sector_in_code(path: Path) -> None:
    """No string in the code is a key or a title of a shipped sector, the four sector models excepted."""
    if path.is_relative_to(SECTOR_MODELS):
        return
    keys, titles = sector_names()
    keys -= vocabulary()
    titles = {title for title in titles if len(title) > 3 and title.lower() not in vocabulary()}
    known = docstrings(path)
    strings = [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known
    ]
    said = [
        f"{place(path, node)} {node.value!r}"
        for node in strings
        if node.value in keys or any(title in node.value for title in titles)
    ]
    assert said == []


# --- floors
# ---------------------------------------------------------------------------------------------------


def floor_of(path: Path) -> int:
    """0 for the lowest floor; the package's own file stands above all."""
    first = path.relative_to(ROOT).parts[0]
    return FLOORS.index(first) if first in FLOORS else len(FLOORS)


def relative_target(path: Path, node: ast.ImportFrom) -> Path:
    """The folder or module that a relative import points to."""
    base = path.parent
    for _ in range(node.level - 1):
        base = base.parent
    return base.joinpath(*(node.module or "").split(".")) if node.module else base


@pytest.mark.parametrize("path", product()[1:], ids=place)
def test_imports_point_down(path: Path) -> None:
    """A file imports its own floor or lower ones, relatively, and never a floor by its bare name."""
    wrong = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            wrong += [
                place(path, node) for name in node.names if name.name.split(".")[0] in {"dabiao", *FLOORS}
            ]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            if (node.module or "").split(".")[0] in {"dabiao", *FLOORS}:
                wrong.append(place(path, node))
        elif isinstance(node, ast.ImportFrom):
            target = relative_target(path, node)
            if (
                target == ROOT
            ):  # `from .. import __version__` is fine, `from .. import engine` goes by its floor
                targets = [ROOT / name.name for name in node.names if name.name in FLOORS]
            else:
                targets = [target]
            wrong += [place(path, node) for goal in targets if floor_of(goal) > floor_of(path)]
    assert wrong == []


@pytest.mark.parametrize("path", sorted(SECTOR_MODELS.glob("[a-z]*.py")), ids=place)
def test_sectors_never_import_each_other(path: Path) -> None:
    goals = {
        relative_target(path, node).name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level == 1
    }
    assert goals & (model_names() - {path.stem}) == set()


@pytest.mark.parametrize("path", product(), ids=place)
def test_heavy_imports_wait(path: Path) -> None:
    """`--help` is instant because nothing heavy is imported before a command needs it."""
    heavy = []
    for node in tree(path).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        heavy += [place(path, node) for name in names if name.split(".")[0] in HEAVY]
    assert heavy == []


# --- files, functions, names
# ----------------------------------------------------------------------------------


def test_the_root_has_one_python_file() -> None:
    assert [path.name for path in ROOT.glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("path", product(), ids=place)
def test_no_file_is_named_for_nothing(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "helper", "manager", "common", "misc"}


def public(path: Path) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """Classes and functions of a file, and methods of its classes, that others may use."""
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in tree(path).body:
        if isinstance(node, kinds) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    part
                    for part in node.body
                    if isinstance(part, kinds[1:]) and not part.name.startswith("_")
                )


@pytest.mark.parametrize("path", product(), ids=place)
def test_everything_public_says_what_it_is(path: Path) -> None:
    silent = [f"{place(path, node)} {node.name}" for node in public(path) if not ast.get_docstring(node)]
    code = [node for node in tree(path).body if not isinstance(node, ast.Expr)]
    if code and not ast.get_docstring(tree(path)):
        silent.append(f"{place(path)} (module)")
    assert silent == []


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
    from dabiao.models.quantity import Quantity, Text
    from dabiao.scenarios.schema import Scenario

    found: list[tuple[str, FieldInfo, bool]] = []
    seen: set[type[BaseModel]] = {Quantity, Text}
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


@pytest.mark.parametrize("name", [name for name, _, numbers in fields() if numbers])
def test_every_number_has_unit_and_meaning(name: str) -> None:
    field = next(field for other, field, _ in fields() if other == name)
    extra = field.json_schema_extra
    assert isinstance(extra, dict), f"{name} holds numbers: declare it with `measured`"
    assert extra.get("unit"), f"{name} has no unit"
    assert field.description, f"{name} does not say what it is"
    assert field.description.rstrip()[-1] in ".…)", f"{name}: a description is a sentence"


def test_the_walk_over_fields_finds_all_sector_models() -> None:
    classes = {name.split(".")[0] for name, _, _ in fields()}
    assert {"Scenario", "Market", "Capacity", "Process", "Months"} <= classes
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


@pytest.mark.parametrize("path", product(), ids=place)
def test_code_speaks_of_the_product_alone(path: Path) -> None:
    """No path of a machine in the code."""
    assert re.findall(r"/(?:home|work|tmp|Users|root)/\w+", path.read_text(encoding="utf-8")) == []
