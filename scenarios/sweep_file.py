"""The file of a sweep: which scenarios, with which values, seeds, outlooks and draws (批量文件).

A YAML states lists whose product are the tasks; a CSV states one task a row.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..models.errors import ScenarioError
from ..models.harmless import visible
from ..models.quantity import Bilingual
from ..models.words import msg
from .document import Node, compose
from .files import EXAMPLE, Address, Reader, example
from .outlooks import OUTLOOK, as_map, flat, no_outlook
from .report import Place, Report, meant, one_of, shown
from .tables.csv_grid import listed
from .tables.grid import Cell
from .tables.values import whole

KEYS = ("title", "scenarios", "settings", "outlooks", "seeds", "draws")
SEED = "uncertainty.seed"
LARGEST_SEED, MOST_DRAWS = 2**63 - 1, 2**22
TRIED = 8
"""Scenarios on which a set of values is tried before anything runs."""
NOWHERE = Place("")
_PATH = re.compile(r"[^.\[\]\s]+(\[\d+\])*(\.[^.\[\]\s]+(\[\d+\])*)+")
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Choice:
    """A named set of values that are laid over a scenario; ``sets`` as ``--set`` takes them."""

    name: str = ""
    sets: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True)
class Named:
    """A scenario of a sweep: what it is called in results, what is loaded, where it is named."""

    label: str
    path: str
    place: Place


@dataclass(frozen=True)
class Row:
    """One task of a sweep; those that differ in the seed alone have one ``group``."""

    group: int
    scenario: Named
    setting: Choice
    outlook: Choice
    seed: int | None
    draws: int | None


@dataclass(frozen=True)
class Sweep:
    """What a file of a sweep asks for.

    Attributes
    ----------
    rows
        Makes the tasks one after the other, as often as it is called.
    changes
        Sets of values to be tried on scenarios before anything runs.
    """

    title: Bilingual
    scenarios: tuple[Named, ...]
    rows: Callable[[], Iterator[Row]] = field(repr=False)
    changes: tuple[Choice, ...]


def read_sweep(path: str | Path) -> Sweep:
    """Read the file of a sweep.

    Raises
    ------
    ScenarioError
        With every mistake at once, each with its line.
    """
    report, file = Report(), Path(path)
    made: Sweep | None = None
    if file.suffix.lower() == ".csv":
        made = _Table(file, report).sweep()
    elif file.suffix.lower() in (".yaml", ".yml"):
        made = _Product(file, report).sweep()
    else:
        report.add(Place(str(path)), "file", shown(file.name), msg("a file .yaml or .csv of a sweep"))
    report.stop()
    assert made is not None, "a file that cannot be read must leave a mistake behind"
    return made


def tried(sweep: Sweep, load: Callable[[str, tuple[str, ...]], object]) -> None:
    """Try every set of values on a few scenarios, by what loads one.

    Raises
    ------
    ScenarioError
        Where a set of values fits none of them: a mistake of the sweep's file, told by its line. A scenario
        that is wrong itself is none.
    """
    step = max(1, len(sweep.scenarios) // TRIED)
    known = [each.path for each in sweep.scenarios[::step][:TRIED]]
    report, sound = Report(), [path for path in known if _problems(load, path, ()) is None]
    for change in sweep.changes:
        found = None
        for path in sound:
            found = _problems(load, path, change.sets)
            if found is None:
                break
        for problem in found.problems if found is not None else ():
            report.add(change.place, problem.path, problem.found, problem.expected, problem.hint)
    report.stop()


def _problems(
    load: Callable[[str, tuple[str, ...]], object], path: str, sets: tuple[str, ...]
) -> ScenarioError | None:
    try:
        load(path, sets)
    except ScenarioError as error:
        return error
    return None


class _Scenarios:
    """The scenarios that words name: a file, a folder, a pattern, a shipped example; beside the sweep's
    file."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder, self.report = folder, report
        self.found: dict[str, Named] = {}

    def named(self, word: str, place: Place, path: str) -> tuple[Named, ...]:
        """All that a word names; a mistake where it names none."""
        if word.startswith(EXAMPLE):
            known = word in self.found or example(word.removeprefix(EXAMPLE), place, path, self.report)
            return (self._one(word, word, place),) if known else ()
        if not _GLOB.search(word):
            full = self.folder / word
            if not os.path.exists(full):
                self.report.add(
                    place, path, msg("{file}, which does not exist", file=shown(word)), msg("a scenario file")
                )
                return ()
            return (self._one(word, str(full.resolve()), place),)
        try:
            files = sorted(each for each in self.folder.glob(word) if os.path.isfile(each))
        except (ValueError, NotImplementedError, OSError):
            files = []
        if not files:
            self.report.add(
                place, path, msg("no file that fits {pattern}", pattern=shown(word)), msg("scenario files")
            )
        return tuple(
            self._one(each.relative_to(self.folder).as_posix(), str(each.resolve()), place) for each in files
        )

    def _one(self, label: str, path: str, place: Place) -> Named:
        return self.found.setdefault(label, Named(label, path, place))


def _outlook(name: str, node: Node, path: str, report: Report) -> Choice | None:
    """An outlook as a sweep states it; None after a mistake."""
    held = as_map(node)
    if held is None:
        no_outlook(node, path, report)
        return None
    return Choice(name, tuple(flat(held, OUTLOOK, path, report)), node.at)


def _paths(choice: Choice) -> list[str]:
    return [said.partition("=")[0] for said in choice.sets]


def _pairs(settings: Sequence[Choice], outlooks: Sequence[Choice]) -> Iterator[tuple[Choice, Choice]]:
    """Every setting with one outlook of every set of paths: what clashes once is told once."""
    alike = {tuple(_paths(each)): each for each in reversed(outlooks)}
    return ((setting, outlook) for setting in settings for outlook in reversed(alike.values()))


def _clashes(report: Report, setting: Choice, outlook: Choice, seeded: bool, what: str) -> None:
    """A value that is stated by two of setting, outlook and seed, or twice by one, would count once only."""
    stated = [*_paths(setting), *_paths(outlook), *([SEED] if seeded else [])]
    for path in dict.fromkeys(each for each in stated if stated.count(each) > 1):
        found = msg("{path} stated twice, by setting, outlook or seeds", path=path)
        report.add(setting.place if path in _paths(setting) else outlook.place, what, found, msg("once"))


def _seed(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_SEED


def _draws(value: object) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and 0 <= int(str(value)) <= MOST_DRAWS and int(str(value)) % 16 == 0


_SEEDS = msg("a whole number from 0")
_DRAWN = msg("a multiple of 16 up to {most}, or 0 for none", most=f"{MOST_DRAWS:,}")


class _Product:
    """A YAML whose lists are multiplied."""

    def __init__(self, file: Path, report: Report) -> None:
        self.file, self.report = file, report
        self.scenarios = _Scenarios(file.parent, report)

    def sweep(self) -> Sweep | None:
        """All of it, or None after a mistake."""
        folder = self.file.parent.as_posix()
        address = Address(self.file.parent, self.file.name, "" if folder == "." else folder.rstrip("/") + "/")
        text = Reader(self.report).text(address, Place(str(self.file)), "file")
        root = None if text is None else compose(text, address.shown, self.report, paths=True)
        if root is None:
            return None
        self._unknown(root)
        scenarios = self._scenarios(root)
        settings = self._choices(root, "settings", self._values)
        outlooks = self._choices(root, "outlooks", self._outlooks)
        seeds = self._numbers(root, "seeds", _seed, _SEEDS)
        draws = self._numbers(root, "draws", _draws, _DRAWN)
        for setting, outlook in _pairs(settings, outlooks):
            _clashes(self.report, setting, outlook, seeds != (None,), f"settings.{setting.name}")

        def rows() -> Iterator[Row]:
            group = 0
            for scenario in scenarios:
                for setting in settings:
                    for outlook in outlooks:
                        for drawn in draws:
                            for seed in seeds:
                                yield Row(group, scenario, setting, outlook, seed, drawn)
                            group += 1

        changes = tuple(each for each in (*settings, *outlooks) if each.sets)
        return Sweep(self._title(root), scenarios, rows, changes)

    def _unknown(self, root: Node) -> None:
        for key, node in root.map.items():
            if key not in KEYS:
                self.report.add(
                    node.key or node.place, key, msg("an unknown key"), one_of(KEYS), meant(key, KEYS)
                )

    def _title(self, root: Node) -> Bilingual:
        said = root.map.get("title")
        if said is None:
            return Bilingual.same(self.file.stem)
        texts = {
            key: node.text
            for key, node in said.map.items()
            if key in ("zh", "en") and visible(node.text).strip()
        }
        if not said.map and visible(said.text).strip():
            texts = {"zh": said.text, "en": said.text}
        if not texts:
            self.report.add(said.at, "title", said.sort, msg("a text, or texts by `zh` and `en`"))
            return Bilingual.same(self.file.stem)
        some = next(iter(texts.values()))
        return Bilingual(zh=texts.get("zh", some), en=texts.get("en", some))

    def _scenarios(self, root: Node) -> tuple[Named, ...]:
        node = root.map.get("scenarios")
        if node is None:
            self.report.add(
                root.place, "scenarios", msg("nothing"), msg("paths, patterns or examples of scenarios")
            )
            return ()
        listed = self._list(node)
        if not listed:
            self.report.add(
                node.at, "scenarios", msg("an empty list"), msg("paths, patterns or examples of scenarios")
            )
        for at, each in enumerate(listed):
            if isinstance(each.value, str) and each.text:
                self.scenarios.named(each.text, each.place, f"scenarios[{at}]")
            else:
                self.report.add(
                    each.at, f"scenarios[{at}]", each.sort, msg("a path, a pattern or example:NAME")
                )
        return tuple(self.scenarios.found.values())

    @staticmethod
    def _list(node: Node) -> list[Node]:
        return node.value if isinstance(node.value, list) else [node]

    def _choices(
        self, root: Node, key: str, read: Callable[[str, Node, str], Choice | None]
    ) -> tuple[Choice, ...]:
        node = root.map.get(key)
        if node is None:
            return (Choice(),)
        if not node.map:
            found = node.sort if node.value != {} else msg("an empty map")
            self.report.add(node.at, key, found, msg("a map of names"))
            return (Choice(),)
        made = [read(name, each, f"{key}.{name}") for name, each in node.map.items()]
        return tuple(each for each in made if each is not None)

    def _values(self, name: str, node: Node, path: str) -> Choice | None:
        """A setting: values by path."""
        if node.value is None:
            return Choice(name, (), node.at)
        if not isinstance(node.value, dict):
            self.report.add(node.at, path, node.sort, msg("a map `path: value`"))
            return None
        return Choice(name, tuple(flat(node, "", path, self.report)), node.at)

    def _outlooks(self, name: str, node: Node, path: str) -> Choice | None:
        """An outlook: growth of the nation, an edition, or values of `outlook`."""
        if node.value is None:
            return Choice(name, (), node.at)
        return _outlook(name, node, path, self.report)

    def _numbers(
        self, root: Node, key: str, right: Callable[[object], bool], expected: Bilingual
    ) -> tuple[int | None, ...]:
        node = root.map.get(key)
        if node is None:
            return (None,)
        made: dict[int, None] = {}
        for at, each in enumerate(self._list(node)):
            if not right(each.value):
                self.report.add(each.at, f"{key}[{at}]", each.sort, expected)
            elif (number := int(str(each.value))) in made:
                self.report.add(
                    each.at, f"{key}[{at}]", msg("{what} again", what=each.text), msg("each once")
                )
            else:
                made[number] = None
        if not made and not self.report.problems:
            self.report.add(node.at, key, msg("an empty list"), expected)
        return tuple(made) or (None,)


HEADS: Mapping[str, tuple[str, ...]] = {
    "scenario": ("scenario", "方案", "情景"),
    "setting": ("setting", "设定", "设置"),
    "outlook": ("outlook", "展望"),
    "seed": ("seed", "种子"),
    "draws": ("draws", "抽样"),
}
"""Columns of a CSV, by their headings; every other heading is the path of a value."""


class _Table:
    """A CSV, a task a row."""

    def __init__(self, file: Path, report: Report) -> None:
        self.file, self.report = file, report
        self.scenarios = _Scenarios(file.parent, report)
        self.groups: dict[tuple[str, ...], int] = {}
        self.lines: dict[tuple[object, ...], int] = {}
        self.sets: dict[str, tuple[tuple[str, ...], int]] = {}

    def sweep(self) -> Sweep | None:
        """All of it, or None after a mistake."""
        grid = listed(self.file, self.report)
        if grid is None:
            return None
        if not grid.rows:
            self.report.add(
                Place(str(self.file), 1, 1), "file", msg("an empty file"), msg("a row of headings")
            )
            return None
        columns, paths = self._heads(grid.rows[0])
        width = 1 + max((at for at, cell in enumerate(grid.rows[0]) if cell.text), default=-1)
        made = [row for cells in grid.rows[1:] for row in self._rows(cells, width, columns, paths)]
        if not made and not self.report.problems:
            self.report.add(grid.start, "file", msg("headings and no row"), msg("a task a row"))
        alike: dict[tuple[str, ...], Choice] = {}
        for each in (choice for row in made for choice in (row.setting, row.outlook) if choice.sets):
            alike.setdefault(tuple(said.partition("=")[0] for said in each.sets), each)
        title = Bilingual.same(self.file.stem)
        return Sweep(title, tuple(self.scenarios.found.values()), lambda: iter(made), tuple(alike.values()))

    def _heads(self, cells: Sequence[Cell]) -> tuple[dict[str, int], dict[int, str]]:
        """Where the known columns stand, and the paths of the others."""
        columns: dict[str, int] = {}
        paths: dict[int, str] = {}
        for at, cell in enumerate(cells):
            name = next((key for key, words in HEADS.items() if cell.text.lower() in words), "")
            if cell.text in paths.values() or name in columns:
                self.report.add(
                    cell.place, "file", msg("the column {name} twice", name=shown(cell.text)), msg("once")
                )
            elif name:
                columns[name] = at
            elif _PATH.fullmatch(cell.text):
                paths[at] = cell.text
            elif cell.text or at < len(cells) - 1:
                expected = msg("{names}, or the path of a value as investment.growth", names=one_of(HEADS))
                self.report.add(
                    cell.place,
                    "file",
                    msg("the column {name}", name=shown(cell.text)),
                    expected,
                    meant(cell.text, HEADS),
                )
        if "scenario" not in columns:
            self.report.add(cells[0].place, "file", msg("no column `scenario`"), msg("a column `scenario`"))
        return columns, paths

    def _rows(
        self, cells: Sequence[Cell], width: int, columns: Mapping[str, int], paths: Mapping[int, str]
    ) -> Iterator[Row]:
        """The tasks of a row below ``width`` headings: one of each scenario that it names."""

        def cell(name: str) -> Cell:
            at = columns.get(name, len(cells))
            return cells[at] if at < len(cells) else Cell("", cells[0].place)

        first = cells[0].place
        for extra in cells[width:]:
            if extra.text:
                self.report.add(extra.place, "file", shown(extra.text), msg("a heading above it"))
        setting = self._setting(cell("setting").text, cells, paths)
        outlook = self._outlook(cell("outlook"))
        seed = self._number(cell("seed"), "seed", _seed, _SEEDS)
        _clashes(self.report, setting, outlook, seed is not None, "setting")
        draws = self._number(cell("draws"), "draws", _draws, _DRAWN)
        word = cell("scenario")
        if not word.text:
            if "scenario" in columns:
                self.report.add(word.place, "scenario", msg("nothing"), msg("a path or example:NAME"))
            return
        for scenario in self.scenarios.named(word.text, word.place, "scenario"):
            key = (scenario.label, setting.name, outlook.name, str(draws))
            line = self.lines.setdefault((*key, seed), first.line)
            if line != first.line:
                self.report.add(
                    first, "file", msg("the same as line {line}", line=line), msg("every task once")
                )
                continue
            group = self.groups.setdefault(key, len(self.groups))
            yield Row(group, scenario, setting, outlook, seed, draws)

    def _setting(self, name: str, cells: Sequence[Cell], paths: Mapping[int, str]) -> Choice:
        sets = tuple(
            f"{path}={cells[at].text}" for at, path in paths.items() if at < len(cells) and cells[at].text
        )
        name, place = name or ", ".join(sets), cells[0].place
        known, line = self.sets.setdefault(name, (sets, place.line))
        if known != sets:
            self.report.add(
                place,
                "setting",
                msg("other values of {name} than in line {line}", name=shown(name), line=line),
                msg("one name for one set of values"),
            )
        return Choice(name, sets, place)

    def _outlook(self, cell: Cell) -> Choice:
        if not cell.text:
            return Choice()
        try:
            value: float | str = float(cell.text.rstrip("%％"))
        except ValueError:
            value = cell.text
        node = Node(value, cell.place, text=cell.text.rstrip("%％"))
        return _outlook(cell.text, node, "outlook", self.report) or Choice()

    def _number(
        self, cell: Cell, name: str, right: Callable[[object], bool], expected: Bilingual
    ) -> int | None:
        if not cell.text:
            return None
        value = whole(cell.text)
        if not right(value):
            self.report.add(cell.place, name, shown(cell.text), expected)
            return None
        return value
