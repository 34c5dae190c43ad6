"""From the files of a scenario to the scenario: read, merged, checked, every number with its source."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from ..models.errors import Said
from ..models.money import counting
from ..models.quantity import Bilingual, Quantity
from ..models.words import calling, msg
from . import write
from .document import Node, below, compose, node_of
from .files import EXAMPLE, PRIORS, USUAL, Address, Reader, content, examples, priors, shipped, start
from .findings import Draft
from .json_schema import json_schema
from .merge import LONGEST_CHAIN, called, fill, gather, grounded, inherit, merge, sweep
from .money import money_in
from .old_keys import renew_intensities, renewed_sets
from .overrides import OPTION, entered, override
from .own_table import settle_table
from .rates import Question, ask
from .report import Place, Report, refused
from .rules import broken_rules
from .schema import Scenario
from .shape import BAD, MARGINS, Shape, measure
from .tables.actuals import settle_actuals
from .tables.settle import settle

__all__ = ["Loaded", "examples", "json_schema", "load", "load_example", "resolved_yaml", "show"]


MAP = "(map)"
"""How a scenario that is given as a map is told in messages."""
WRITTEN = "(structure).yaml"
"""What a scenario that stands in no file is called."""


@dataclass(frozen=True)
class Loaded:
    """A scenario with the memory of where each of its values was written."""

    scenario: Scenario = field(repr=False)
    name: str
    tree: Mapping[str, Any] = field(repr=False)
    origins: Mapping[str, str] = field(repr=False)
    files: tuple[tuple[str, str], ...] = field(repr=False)
    notes: tuple[Bilingual, ...] = field(default=(), repr=False)
    questions: tuple[Question, ...] = field(default=(), repr=False)
    file: str = ""
    countries: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The file itself, and the country of the figures of every file that was read, as origins show them."""

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Within it amounts are in the money of the scenario and messages in its words."""
        with counting(self.scenario.money), calling(self.scenario.words):
            yield

    def quantities(self) -> dict[str, Quantity]:
        """All numbers of the scenario by dotted path."""
        return dict(self._by_path)

    @cached_property
    def _by_path(self) -> dict[str, Quantity]:
        return {quantity.path: quantity for quantity in numbers(self.scenario)}


def load(
    path: str | Path | Mapping[str, Any],
    sets: Sequence[str] = (),
    text: str | bytes | None = None,
    actuals: str | Path | None = None,
) -> Loaded:
    """Read a scenario and everything that it extends.

    Parameters
    ----------
    path
        A file, a folder with a ``baseline.yaml``, ``example:NAME`` for a shipped scenario, or a map as a file
        would hold it, whose files are looked for in the current folder.
    sets
        Overrides ``dotted.path=value``, laid over the files.
    text
        What the file holds, where it is not written yet.
    actuals
        A table of figures of the year under way, laid over the scenario's own.

    Returns
    -------
    Loaded
        The scenario, resolved, with the origin of every value.

    Raises
    ------
    ScenarioError
        With every mistake at once, each with file, line, column and what to do.
    """
    return assemble(path, sets, Report(), text, actuals)


def assemble(
    path: str | Path | Mapping[str, Any],
    sets: Sequence[str],
    report: Report,
    text: str | bytes | None = None,
    actuals: str | Path | None = None,
) -> Loaded:
    """Read, merge, check: the whole way from a path to a scenario."""
    return _assembled(*opened(path, report, text, actuals), sets, report)


@dataclass(frozen=True)
class Opened:
    """The files of a scenario, read and merged once for many sets of values."""

    root: Node = field(repr=False)
    address: Address
    reader: Reader = field(repr=False)

    def loaded(self, sets: Sequence[str] = ()) -> Loaded:
        """The scenario with a set of values: what :func:`load` makes of the same files.

        Raises
        ------
        ScenarioError
            As :func:`load`.
        """
        return _assembled(self.root.copy(), self.address, self.reader, sets, self.reader.report.again())

    def current(self) -> bool:
        """Whether every file holds what it held when it was read."""
        return all(self._same(name, known) for name, known in self.reader.read.items())

    def _same(self, name: str, known: str) -> bool:
        below = name.removeprefix(EXAMPLE)
        try:
            data = content((self.address.top if below == name else shipped()) / below)
        except (OSError, ValueError):
            return False
        return hashlib.sha256(data).hexdigest() == known


def open_files(path: str | Path) -> Opened:
    """Read and merge the files of a scenario, to lay many sets of values over them.

    Raises
    ------
    ScenarioError
        Where a file cannot be read.
    """
    report = Report()
    root, address, reader = opened(path, report)
    return Opened(root, address, Reader(report, read=reader.read, countries=reader.countries))


def files_below(loaded: Loaded) -> Reader | None:
    """The files of a scenario as they stand, read once for all the texts that extend it (:func:`load_text`).

    None where they are no longer those that it was read from, or so many that each text must count them.
    """
    reader = Reader(Report())
    address = start(loaded.file, reader.report)
    if address is None or gather(address, reader, Place(loaded.file)) is None:
        return None
    same = reader.read.items() <= dict(loaded.files).items()
    return reader if same and len(reader.layers) < LONGEST_CHAIN - 1 else None


def load_text(text: str, near: str | Path, below: Reader | None = None) -> Loaded:
    """Read a scenario that stands in no file, as if it were written beside the file ``near``.

    Parameters
    ----------
    below
        The files that it extends, where they are read already; they stay as they are.

    Raises
    ------
    ScenarioError
        As :func:`load`.
    """
    reader = Reader(Report()) if below is None else below.again()
    report = reader.report
    address = start(near, report)
    if address is not None:
        beside = replace(address, below=(Path(address.below).parent / WRITTEN).as_posix())
        root = compose(text, beside.shown, report)
        root = root and grounded(root, beside, reader, ())
        if root is not None:
            with counting(money_in(root)):
                settle(root, report)
                settle_actuals(root, report)
            return _assembled(root, beside, reader, (), report)
    report.stop()
    raise AssertionError("a text that cannot be read must leave a mistake behind")


def kind_of(root: Node) -> Said:
    """What a file is that is no scenario, by its keys; nothing where it may be one."""
    keys = root.map
    if {"sectors", "targets", "limits", "mixes", "projects"} & set(keys):
        return ""
    if "regions" in keys:
        return msg("a file of regions, which `simulate province` reads")
    if "network" in keys:
        return msg("a file of processes, which `simulate optimize chain` reads")
    if "scenarios" in keys:
        return msg("a file of many scenarios, which `simulate sweep` reads")
    if {"years", "accounts"} & set(keys):
        return ""
    if "chains" in keys:
        return msg("a file of process chains, which scenarios extend")
    if {"national", "defaults", "experience", "indicators", "relations", "uncertainty"} & set(keys):
        return msg("a file of priors, which scenarios extend")
    return ""


def _assembled(root: Node, address: Address, reader: Reader, sets: Sequence[str], report: Report) -> Loaded:
    """A merged tree as a scenario: filled, checked, with the memory of its files."""
    if not report.problems and (other := kind_of(root)):
        report.add(Place(address.shown), "file", other, msg("a scenario"))
        report.stop()
    advice: Said = "" if "national" in root.map and "defaults" in root.map else priors()
    with counting(money_in(root)):
        empty = resolve(root, renewed_sets(sets, Place(OPTION), report), report)
    with counting(money_in(root)):
        shape, scenario = check(root, report, empty, advice)
    report.stop()
    return Loaded(
        scenario,
        identity(address),
        MappingProxyType(write.settle(root, shape)),
        MappingProxyType(dict(origins(root))),
        tuple(sorted(reader.read.items())),
        tuple(report.notes),
        tuple(report.questions),
        address.shown,
        MappingProxyType(reader.countries),
    )


def opened(
    path: str | Path | Mapping[str, Any],
    report: Report,
    text: str | bytes | None = None,
    actuals: str | Path | None = None,
) -> tuple[Node, Address, Reader]:
    """The tree of a file merged over those that it extends, its address, and what was read on the way; a
    table of figures of the year under way is laid over it.

    Raises
    ------
    ScenarioError
        Where a file cannot be read.
    """
    if isinstance(path, Mapping):
        reader = Reader(report)
        address: Address | None = (given := Address(Path.cwd(), MAP, ""))
        root = grounded(node_of(path, Place(MAP), "", report), given, reader, ())
        reader.read[MAP] = hashlib.sha256(repr(path).encode()).hexdigest()
    else:
        address = start(path, report)
        held = text.encode() if isinstance(text, str) else text
        reader = Reader(report, {} if held is None or address is None else {address.path: held})
        root = gather(address, reader, Place(str(path))) if address else None
    if root is None or address is None:
        report.stop()
        raise AssertionError("a file that cannot be read must leave a mistake behind")
    if actuals is not None:
        root = merge(root, _figures(Path(actuals), reader))
    with counting(money_in(root)):
        settle(root, report)
        settle_actuals(root, report)
    return root, address, reader


def _figures(table: Path, reader: Reader) -> Node:
    """A table of figures of the year under way as a tree to lay over a scenario."""
    from .candidates import grid_of
    from .tables.actuals import figures

    place, path = Place(table.as_posix()), "actuals.figures"
    grid = grid_of(table, reader.report)
    rows = {} if grid is None else figures(grid, path, reader.report)
    said = {"zh": f"见{table.name}", "en": f"as listed in {table.name}"}
    rows["assumption"] = Node(
        {lang: Node(text, place, text=text) for lang, text in said.items()}, place, place
    )
    if grid is not None:
        reader.read[table.name] = hashlib.sha256(table.read_bytes()).hexdigest()
    return Node({"actuals": Node({"figures": Node(rows, place, place)}, place, place)}, place)


class _Deaf(Report):
    """Takes mistakes without an end to them: of what is read to be compared they are not told."""

    def add(self, place: Place, path: str, found: Said, expected: Said, hint: Said = "") -> None:
        """Remember that there was one."""
        if not self.problems:
            super().add(place, path, found, expected, hint)


def as_read(path: str | Path) -> tuple[dict[str, Any], frozenset[str]]:
    """What a file resolves to whether or not it is a whole scenario: its tree, and the paths of numbers."""
    report = _Deaf()
    root, _, _ = opened(path, report)
    with counting(money_in(root)):
        shape, _ = check(root, report, resolve(root, (), report))
    return write.settle(root, shape), frozenset(shape.quantities)


def load_example(name: str, sets: Sequence[str] = ()) -> Loaded:
    """Read a scenario that comes with the product."""
    return load(EXAMPLE + name, sets)


def resolved_yaml(loaded: Loaded) -> str:
    """The scenario as one file that stands alone and loads to the same scenario."""
    return write.text(loaded.tree)


def show(loaded: Loaded, origins: bool = False) -> str:
    """The resolved scenario as YAML; with ``origins``, each value followed by the file and line that set
    it."""
    return write.text(loaded.tree, loaded.origins if origins else None)


def resolve(root: Node, sets: Sequence[str], report: Report) -> list[str]:
    """Lay overrides and defaults in, take out what only helped to write the files; paths left empty come
    back."""
    inherit(root)
    override(root, sets, None)
    fill(root, report)
    override(root, sets, report)
    called(root)
    root.map.pop("defaults", None)
    empty = sweep(root, report)
    empty += settle_table(root, report)
    renew_intensities(root, report)
    complete_years(root)
    with_errors(root, report)
    borrow(root)
    return empty


TO_DATE = "china-2023/to-date.yaml"
"""The shipped errors of figures to date, of scenarios that state none."""


def with_errors(root: Node, report: Report) -> None:
    """Where figures of the year under way are known and their errors are not stated, take the shipped ones,
    and tell it."""
    known = root.map.get("actuals")
    if known is None or not known.map or "to_date" in root.map:
        return
    text = (shipped() / TO_DATE).read_text(encoding="utf-8")
    tree = compose(text, EXAMPLE + TO_DATE, report)
    if tree is None:
        return
    root.map["to_date"] = block = tree.map["to_date"]
    inherit(block)
    report.told(
        known.at,
        msg(
            "the errors of figures to date are those of {file}: its head says of what", file=EXAMPLE + TO_DATE
        ),
    )


RATES = ("%", "points", "‰", "个百分点")
"""Units of relations that know no size."""


def borrow(root: Node) -> None:
    """Say of relations that give a level whether their constant is that of the shared priors.

    A file that holds the whole scenario says so itself; that goes where another file states the constant.
    """
    for relation in _relations(root):
        constant, said = relation.map["constant"], relation.map.get("borrowed")
        constant = constant.map.get("value", constant)
        if said is not None and said.place.file != constant.place.file:
            del relation.map["borrowed"]
        unit, file = relation.map.get("unit"), constant.place.file
        if file.startswith(EXAMPLE) and file.endswith(f"/{PRIORS}") and unit and unit.text not in RATES:
            relation.map["borrowed"] = Node(True, constant.place, constant.key, "true")


def _relations(root: Node) -> list[Node]:
    """Linked relations that state a constant."""
    held = root.map["relations"].map.values() if "relations" in root.map else ()
    return [each for each in held if "constant" in each.map]


def complete_years(root: Node) -> None:
    """The target year follows the base year, the last year is the target year, unless the file says
    otherwise."""
    years = root.map.get("years")
    if years is None:
        return
    for name, before, step in (("target", "base", 1), ("last", "target", 0)):
        known = years.map.get(before)
        if name not in years.map and known and type(known.value) is int:
            year = known.value + step
            years.map[name] = Node(year, known.place, known.key, str(year))


def check(root: Node, report: Report, empty: Sequence[str] = (), advice: Said = "") -> tuple[Shape, Scenario]:
    """Hold the tree against the schema part by part, then all that is right against the rules."""
    shape = Shape(
        report,
        frozenset(root.map["sources"].map) if "sources" in root.map else frozenset(),
        advice,
        list(empty),
        root=root,
    )
    fields = Scenario.model_fields
    shape.part(root, Scenario, "", frozenset(fields))
    parts: dict[str, Any] = {}
    for name, info in fields.items():
        node = root.map.get(name)
        if node is None:
            continue
        kind = get_args(info.annotation)[1] if get_origin(info.annotation) is dict else None
        if kind is None or not node.map:
            data = shape.value(node, info.annotation, name, measure(info), tuple(info.metadata))
            parts |= built(info.annotation, {name: data}, name, node, shape)
        else:
            entries = {
                key: shape.value(child, kind, f"{name}.{key}", measure(info))
                for key, child in node.map.items()
                if not shape.margin(child, key, f"{name}.{key}")
            }
            parts[name] = built(kind, entries, name, node, shape)
    shape.unsourced()
    ask(shape.rates, report)
    collections: dict[str, Any] = {
        name: {} for name, info in fields.items() if get_origin(info.annotation) is dict
    }
    draft = Draft(
        Scenario.model_construct(**(collections | parts)),
        tuple(shape.broken),
        {name: names(node) for name, node in root.map.items()},
        shape.words,
    )
    for finding in broken_rules(draft):
        report.add(nearest(root, finding.path), finding.path, finding.found, finding.expected, finding.hint)
    return shape, Scenario.model_construct(**parts) if report.problems else Scenario.model_validate(parts)


def names(node: Node) -> dict[str, Node]:
    """Ids in a collection as written."""
    return {name: part for name, part in node.map.items() if name not in MARGINS}


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """What builds a part of the schema, made once."""
    return TypeAdapter(kind)


def built(kind: Any, data: dict[str, Any], path: str, node: Node, shape: Shape) -> dict[str, Any]:
    """The parts of a collection that can be built; what the schema still refuses is told and left out."""
    made = {}
    for name, entry in data.items():
        if entry is BAD:
            continue
        try:
            made[name] = adapter(kind).validate_python(entry)
        except ValidationError as error:
            at = path if name == path else f"{path}.{name}"
            for line in error.errors(include_url=False, include_input=False):
                steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in line["loc"])
                shape.wrong(node.place, at + steps, msg("a value that does not fit"), refused(line))
    return made


def nearest(root: Node, path: str) -> Place:
    """The place of a path in the files, or of the last map on the way to it that exists."""
    node = root
    for step in re.findall(r"[^.\[\]]+|\[\d+\]", path):
        found = entered(node, step)
        if found is None:
            break
        node = found
    if "value" in node.map:
        node = node.map["value"]
    return node.at


def origins(node: Node, path: str = "") -> Iterator[tuple[str, str]]:
    """File, line and column of every value by dotted path."""
    for step, child in node.children():
        if isinstance(child.value, (dict, list)):
            yield from origins(child, below(path, step))
        else:
            yield below(path, step), str(child.place)


def numbers(part: Any) -> Iterator[Quantity]:
    """Every quantity in a part of a scenario."""
    if isinstance(part, Quantity):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from numbers(getattr(part, name))
    elif isinstance(part, dict):
        for each in part.values():
            yield from numbers(each)
    elif isinstance(part, tuple):
        for each in part:
            yield from numbers(each)


def identity(address: Address) -> str:
    """The scenario's name for folders of results: its own folder and its file."""
    stem = Path(address.below).stem
    folder = address.path.parent.name
    usual = stem == Path(USUAL).stem or address.prefix == EXAMPLE
    name = f"{folder}-{stem}" if usual and folder else stem
    return re.sub(r"[^\w-]+", "-", name).strip("-_")[:80] or "scenario"
