"""What the scenarios of several runs state otherwise: every input that differs, run by run (输入不同)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from pydantic import BaseModel

from ...models.quantity import Bilingual, Quantity
from ...models.words import msg
from ...scenarios.files import RESOLVED as _FILE
from ..tables.numbers import written_in
from ..tables.table import Column, Table, declare
from ..text.wording import key_in_words, titled
from .values import numeric, value_columns

if TYPE_CHECKING:
    from ...scenarios.document import Node

ABSENT = "-"
BOUNDS = ("low", "high")
# What a scenario says without stating an input: names, and where its numbers come from.
_SILENT = ("title", "source", "assumption", "sources", "dabiao", "unit")
_CHINESE = re.compile(r"[(（]([^()（）]*[\u4e00-\u9fff][^()（）]*)[)）]")

_STEP = re.compile(r"[^.\[\]]+|\[\d+\]")


@dataclass(frozen=True)
class StatedInputs:
    """What one run was told: values, places and names by dotted path.

    ``whole`` is False where only the numbers are known.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, Bilingual] = field(default_factory=dict)
    whole: bool = True


def inputs_of(
    resolved: str | None, tables: Mapping[str, Table], origins: Mapping[str, str] | None = None
) -> StatedInputs:
    """What a run was told, from its resolved scenario, or from its table of numbers where that is lost.

    ``origins`` says where each value was written, where the files are at hand; for the numbers of an
    earlier run its own table says so, and for its other words the line of the resolved scenario stands.
    """
    stated = tables["numbers"].records() if "numbers" in tables else []
    places = {path: written_in(place) for path, place in (origins or {}).items()}
    places |= {str(row["path"]): str(row["origin"]) for row in stated if row.get("origin")}
    root = _tree(resolved) if resolved else None
    if root is None:
        values = {str(row["path"]): row["value"] for row in stated}
        for row in stated:
            values |= {f"{row['path']}.{key}": row[key] for key in BOUNDS if row.get(key) is not None}
        return StatedInputs(values, places, whole=False)
    values = {}
    for path, node in _leaves(root, ""):
        values[path] = _value(node)
        above = path.rpartition(".")[0]
        first = places.get(path) or places.get(f"{path}.value") or places.get(f"{path}[0]")
        bound = places.get(above) if path.endswith(BOUNDS) else None
        places[path] = first or bound or f"{_FILE}:{node.place.line}"
    return StatedInputs(values, places, dict(_titles(root, "")))


@dataclass(frozen=True)
class _Input:
    """An input that differs: its value in each run, and where each states it."""

    path: str
    name: Bilingual
    part: str
    values: Sequence[Any]
    origins: Sequence[str | None]


def inputs(told: Sequence[StatedInputs]) -> Table:
    """Every input that differs between the runs, by path, with the place where each run states it.

    A value that a run lacks is ``-``; ``part`` names the widest entry that such a run lacks altogether.
    """
    known = [one.values for one in told]
    paths = _merged([list(values) for values in known])
    if not all(one.whole for one in told):  # only numbers can be held against numbers
        paths = [path for path in paths if any(numeric(values.get(path)) for values in known)]
    stems = [{stem for path in values for stem in _stems(path)} for values in known]
    names = {path: title for one in reversed(told) for path, title in one.titles.items()}
    rows = []
    for path in paths:
        cells = [values.get(path, ABSENT) for values in known]
        if all(cell == cells[0] and type(cell) is type(cells[0]) for cell in cells):
            continue
        lacking = [
            next((stem for stem in _stems(path) if stem not in have), path)
            for have, values in zip(stems, known, strict=True)
            if path not in values
        ]
        part = min(lacking, key=len, default="")
        places = [one.origins.get(path) if path in one.values else None for one in told]
        rows.append(_Input(path, name_of(path, names), part, cells, places))
    bounds = tuple(f".{key}" for key in BOUNDS)
    columns = (
        Column("path", msg("Path"), word=False),
        Column("name", msg("Name")),
        Column("part", msg("Entry lacking"), shown=False),
        Column("bound", msg("Bound of a range"), shown=False, value=lambda row: row.path.endswith(bounds)),
        *value_columns(len(told), "as_stated"),
        *map(_origin, range(1, len(told) + 1)),
        Column("as_stated", msg("Digits"), shown=False, value=lambda row: None),
    )
    return declare("inputs", msg("Inputs changed"), columns, rows, ("path",), _note(rows))


def _origin(at: int) -> Column:
    """Where a run states an input; the document says it of the second alone."""
    return Column(
        f"origin_{at}", msg("Written in {at}", at=at), word=at != 1, value=lambda row: row.origins[at - 1]
    )


def _note(rows: Sequence[Any]) -> Bilingual:
    if not rows:
        return msg("All inputs are the same.")
    return msg(
        "{rows} differences; '{absent}' stands for nothing stated. Titles, sources and reasons are not"
        " compared.",
        rows=len(rows),
        absent=ABSENT,
    )


def _tree(text: str) -> Node | None:
    from ...scenarios.document import compose
    from ...scenarios.report import Report

    report = Report()
    root = compose(text, _FILE, report)
    return None if report.problems else root


def _leaves(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """Every value of a scenario by path; a list of words is one value."""
    if node.map:
        if "value" in node.map:
            yield path, node.map["value"]
            yield from ((f"{path}.{key}", node.map[key]) for key in BOUNDS if key in node.map)
        elif not set(node.map) <= {"zh", "en"}:
            for key, child in node.map.items():
                if key not in _SILENT:
                    yield from _leaves(child, f"{path}.{key}" if path else key)
    elif isinstance(node.value, list) and any(child.map or child.number for child in node.value):
        for at, child in enumerate(node.value):
            yield from _leaves(child, f"{path}[{at}]")
    else:
        yield path, node


def _value(node: Node) -> Any:
    if isinstance(node.value, list):
        return ", ".join(child.text for child in node.value)
    if isinstance(node.value, dict):
        return "{}"
    return float(node.value) if node.number else node.value if isinstance(node.value, bool) else node.text  # type: ignore[arg-type]


def _titles(node: Node, path: str) -> Iterator[tuple[str, Bilingual]]:
    """Names of entries by path."""
    title = node.map.get("title")
    if title is not None and path:
        words = {key: title.map[key].text for key in ("zh", "en") if key in title.map}
        if words or title.text:
            yield path, Bilingual(**words) if words else Bilingual.same(title.text)
    for key, child in node.map.items():
        yield from _titles(child, f"{path}.{key}" if path else key)


def _stems(path: str) -> list[str]:
    """A path and what it lies in, the widest first."""
    return [path[: found.start()] for found in re.finditer(r"[.\[]", path)] + [path]


def _merged(lists: Sequence[Sequence[str]]) -> list[str]:
    """All paths: in the first run's order, what only others have behind the neighbour it has there."""
    order: dict[str, None] = dict.fromkeys(lists[0])
    for paths in lists[1:]:
        merged, last = list(order), ""
        missing: dict[str, list[str]] = {}
        for path in paths:
            if path in order:
                last = path
            else:
                missing.setdefault(last, []).append(path)
        order = dict.fromkeys(missing.get("", []))
        for path in merged:
            order |= dict.fromkeys([path, *missing.get(path, [])])
    return list(order)


def name_of(path: str, titles: Mapping[str, Bilingual]) -> Bilingual:
    """An input's name in words: the nearest title on its path, then what the schema calls it."""
    from ...scenarios.schema import Scenario

    kinds: list[Any] = [Scenario]
    told: list[Bilingual] = []
    words: list[Bilingual] = []
    stem = ""
    for step in _STEP.findall(path):
        stem = f"{stem}{step}" if step.startswith("[") or not stem else f"{stem}.{step}"
        kinds, chinese, named = _inside(kinds, step)
        if stem in titles:
            told, words = [titles[stem]], []
        elif named:
            words.append(key_in_words(step, chinese))
        elif not step.startswith("["):
            groups = ("sectors", "national.classes")[:: -1 if path.startswith("national.") else 1]
            other = next((titles[f"{group}.{step}"] for group in groups if f"{group}.{step}" in titles), None)
            words.append(other or key_in_words(step, ""))
    return titled(told[0] if told else None, words, path)


def _inside(kinds: Sequence[Any], step: str) -> tuple[list[Any], str, bool]:
    """Kinds one step further, what the schema calls the step in Chinese, and whether it is a key of the
    schema."""
    found: list[Any] = []
    chinese, named = "", False
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            info = kind.model_fields.get(step)
            if info is None:
                continue
            named = True
            inner = list(_kinds(info.annotation))
            said = [
                info.description or "",
                *(part.__doc__ or "" for part in inner if isinstance(part, type) and part is not Quantity),
            ]
            chinese = chinese or next((hit.group(1) for hit in map(_CHINESE.search, said) if hit), "")
            found += inner
        elif get_origin(kind) in (dict, tuple):
            for arg in get_args(kind)[-1:] if get_origin(kind) is dict else get_args(kind)[:1]:
                found += _kinds(arg)
    return found, chinese, named


def _kinds(annotation: Any) -> Iterator[Any]:
    """The kinds that a field may be of, unions and notes taken apart."""
    import types
    from typing import Annotated

    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for each in get_args(annotation):
            yield from _kinds(each)
    elif annotation is not type(None):
        yield annotation
