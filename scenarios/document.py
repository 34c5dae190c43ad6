"""A YAML file as a tree that knows the line of everything in it.

Only the safe parser's events are read. What a plain word means is decided here: ``no``, ``012`` and ``12:30``
are words and never turn into something else in silence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

import yaml

from ..models.errors import Said
from ..models.harmless import half_width
from ..models.words import msg
from .indicator_names import key_of
from .lines import Lines
from .report import Place, Report, joined, shown

Scalar: TypeAlias = "str | int | float | bool | None"
Provenance: TypeAlias = "tuple[str | None, Any]"

DEEPEST = 30
MOST_NODES = 250_000
MOST_COPIED = 30_000
LARGEST_NUMBER = 1e15
LONGEST_KEY = 80
NAMED = re.compile(r"^(?:targets|history\.outcomes|relations\.[^.]+\.drivers)$")
"""Maps whose keys are indicators: there a name of several words may stand for one."""

WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
REAL = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
NO_NUMBER = re.compile(r"[-+]?\.?(inf|nan)", re.IGNORECASE)
UNPRINTABLE = yaml.reader.Reader.NON_PRINTABLE
WIDE = "：，｛｝［］＃“”‘’"
WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A map, a list or a single value, with its place and the text it was written as."""

    value: dict[str, Node] | list[Node] | Scalar
    place: Place
    key: Place | None = None
    text: str = ""
    plain: bool = True
    given: Provenance | None = None
    removed: bool = False
    loose: bool = False
    """Whether it stands in the cell of a table, where words are those of planners: titles, usual names."""

    @property
    def map(self) -> dict[str, Node]:
        """The entries of a map, nothing for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def number(self) -> bool:
        """Whether it is a number."""
        return isinstance(self.value, (int, float)) and not isinstance(self.value, bool)

    @property
    def at(self) -> Place:
        """Where a reader looks for it: the value, or the key of a map or list."""
        return self.key or self.place if isinstance(self.value, (dict, list)) else self.place

    @property
    def sort(self) -> Said:
        """What it is, in a word."""
        if isinstance(self.value, dict):
            return msg("a map")
        if isinstance(self.value, list):
            return msg("a list")
        if self.loose and not self.text:
            return msg("nothing")
        return "null" if self.value is None else shown(self.text)

    def copy(self) -> Node:
        """The same tree again, nothing shared."""
        value = self.value
        if isinstance(value, dict):
            value = {name: node.copy() for name, node in value.items()}
        elif isinstance(value, list):
            value = [node.copy() for node in value]
        return Node(value, self.place, self.key, self.text, self.plain, self.given, self.removed, self.loose)

    def children(self) -> Iterator[tuple[str, Node]]:
        """The parts of a map or list, each with what its path adds."""
        if isinstance(self.value, dict):
            for name, node in self.value.items():
                yield "." + name, node
        elif isinstance(self.value, list):
            for index, node in enumerate(self.value):
                yield f"[{index}]", node


def below(path: str, step: str) -> str:
    """The path of a part."""
    return (path + step).removeprefix(".")


def meaning(text: str) -> Scalar:
    """What a plain (unquoted) word stands for; a number that is too large to be one stays a word."""
    if text in WORDS:
        return WORDS[text]
    if len(text) <= 40 and REAL.fullmatch(text):
        if WHOLE.fullmatch(text):
            return int(text)
        value = float(text)
        return value if math.isfinite(value) else text
    return text


@dataclass
class Composer:
    """Builds the tree from the parser's events, with every bound in one place."""

    file: str
    report: Report
    lines: Lines
    paths: bool = False
    """Whether keys may be paths, as ``investment.growth``."""
    nodes: int = 0
    copied: int = 0
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)

    def place(self, mark: Any) -> Place:
        """Where a mark of the parser stands."""
        return Place(self.file, *self.lines.at(mark.index))

    def compose(self) -> Node | None:
        """The root of the only document, or None after a mistake that ends the reading."""
        try:
            events = iter(yaml.parse(self.lines.text, Loader=_LOADER))
            root: Node | None = None
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent):
                    if root is not None:
                        self.report.add(
                            self.place(event.start_mark),
                            "file",
                            msg("a second document (---)"),
                            msg("one document in a file"),
                        )
                        return None
                    root = self.node(next(events), events, 0, "")
            return root
        except _TooMuch:
            return None
        except yaml.reader.ReaderError as error:
            self.unreadable(error)
        except yaml.MarkedYAMLError as error:
            self.malformed(error)
        return None

    def node(self, event: Any, events: Iterator[Any], depth: int, path: str) -> Node:
        """The tree that begins with ``event``."""
        place = self.place(event.start_mark)
        self.count(1, place, path)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, place, path)
        if depth > DEEPEST:
            self.end(
                place,
                path,
                msg("more than {most} levels", most=DEEPEST),
                msg("fewer"),
                msg("a scenario needs seven"),
            )
        if event.tag is not None:
            self.report.add(
                place,
                path,
                msg("the tag {tag}", tag=shown(event.tag.replace("tag:yaml.org,2002:", "!!"))),
                msg("a value without tag"),
                msg("remove the word that begins with !"),
            )
        before, anchor = self.nodes, event.anchor
        if anchor:
            self.anchors.pop(anchor, None)
        if isinstance(event, yaml.ScalarEvent):
            node = self.scalar(event, place, path)
        elif isinstance(event, yaml.MappingStartEvent):
            node = Node(self.mapping(events, depth, path), place)
        else:
            parts: list[Node] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                parts.append(self.node(event, events, depth + 1, f"{path}[{len(parts)}]"))
            node = Node(parts, place)
        if anchor:
            self.anchors[anchor] = (node, self.nodes - before + 1)
        return node

    def mapping(self, events: Iterator[Any], depth: int, path: str) -> dict[str, Node]:
        """The entries of a map, each key once, in whatever width its signs are (Ａ厂 is A厂)."""
        entries: dict[str, Node] = {}
        known: dict[str, str] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            place = self.place(event.start_mark)
            name = self.key(event, place, path)
            if name is None:
                if not isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
                    self.node(event, events, depth + 1, path)
                self.node(next(events), events, depth + 1, path)
                continue
            node = self.node(next(events), events, depth + 1, below(path, "." + name))
            node.key = place
            before = known.setdefault(half_width(name), name)
            if before in entries:
                first = entries[before].key
                self.report.add(
                    place,
                    below(path, "." + name),
                    (
                        msg("the key a second time")
                        if before == name
                        else msg(
                            "the key {name} a second time, with signs of another width", name=shown(before)
                        )
                    ),
                    msg("each key once"),
                    msg("it stands first in line {line}: keep one", line=first.line if first else "?"),
                )
            else:
                entries[name] = node
        return entries

    def key(self, event: Any, place: Place, path: str) -> str | None:
        """The name of an entry, or None after it was refused."""
        if not isinstance(event, yaml.ScalarEvent) or event.tag is not None or event.anchor:
            self.report.add(place, path, msg("a key that is no plain word"), msg("a word before the colon"))
            return None
        name = str(event.value)
        if name == "<<" and event.implicit[0]:
            self.report.add(
                place,
                path,
                msg('the merge key "<<"'),
                msg("the entries themselves"),
                msg("write them out, or put the shared part into a file and use `extends:`"),
            )
            return None
        spoilt = re.search(r"[=\s：]" if self.paths else r"[.\[\]=\s：]", name) and not (
            NAMED.search(path) and key_of(name)
        )
        if not name.strip() or len(name) > LONGEST_KEY or spoilt:
            self.report.add(
                place,
                path,
                msg("the key {name}", name=shown(name)),
                msg("a key of 1 to {most} characters without spaces, dots, = and brackets", most=LONGEST_KEY),
                (
                    msg("the colon is full-width: write : and a space")
                    if "：" in name
                    else (
                        msg("a space may be missing after a colon")
                        if ":" in name
                        else (
                            msg("inside {braces} put a text with commas into quotes", braces="{ }")
                            if " " in name
                            else msg("use - or _ instead")
                        )
                    )
                ),
            )
            return None
        return name

    def scalar(self, event: Any, place: Place, path: str) -> Node:
        """A single value; numbers that cannot be reckoned with are refused."""
        text = str(event.value)
        if not event.implicit[0]:
            return Node(text, place, text=text, plain=False)
        value = meaning(text)
        if isinstance(value, str) and NO_NUMBER.fullmatch(text) and "." in text:
            self.report.add(
                place,
                path,
                shown(text),
                msg("a finite number or a word"),
                msg("leave the key out where nothing is known"),
            )
        if isinstance(value, (int, float)) and abs(value) > LARGEST_NUMBER:
            self.report.add(
                place,
                path,
                shown(text),
                msg("a number up to {most:.0e}", most=LARGEST_NUMBER),
                msg("mind the unit"),
            )
            value = 0
        return Node(value, place, text=text)

    def alias(self, event: Any, place: Place, path: str) -> Node:
        """What an alias stands for, copied: the copies count like anything else."""
        kept = self.anchors.get(event.anchor)
        if kept is None:
            self.end(
                place,
                path,
                msg("*{anchor}, which stands for nothing above it", anchor=event.anchor),
                msg("an anchor &{anchor} above", anchor=event.anchor),
                msg('put quotes around it if it is text: "*{anchor}"', anchor=event.anchor),
            )
        self.copied += kept[1]
        self.count(kept[1], place, path)
        node = kept[0].copy()
        node.place = place
        return node

    def count(self, more: int, place: Place, path: str) -> None:
        """Count values, so that a small file cannot stand for a huge tree."""
        self.nodes += more
        most = MOST_COPIED if self.copied > MOST_COPIED else MOST_NODES
        if self.nodes > most:
            self.end(
                place,
                path,
                msg("more than {most:,} values", most=most),
                msg("fewer"),
                msg("put large tables into a CSV file: {example}", example="{file: table.csv}"),
            )

    def end(self, place: Place, path: str, found: Said, expected: Said, hint: Said = "") -> NoReturn:
        """Note a mistake after which reading on makes no sense."""
        self.report.add(place, path, found, expected, hint)
        raise _TooMuch

    def unreadable(self, error: yaml.reader.ReaderError) -> None:
        """Name the character that no text file holds."""
        found = UNPRINTABLE.search(self.lines.text)
        place = Place(self.file, *self.lines.at(found.start() if found else 0))
        what = msg("the control character U+{code:04X}", code=ord(found[0])) if found else str(error.reason)
        self.report.add(place, "file", what, msg("printable text"), msg("delete it; is this a text file?"))

    def malformed(self, error: yaml.MarkedYAMLError) -> None:
        """Say a syntax error of YAML in the words of someone who writes scenarios."""
        mark = error.problem_mark or error.context_mark
        place = self.place(mark) if mark else Place(self.file)
        if mark and self.lines.end() < self.lines.at(mark.index):  # cut short: the last line is to blame
            place = Place(self.file, *self.lines.end())
        here = self.lines.line(place.line)
        begun = self.place(error.context_mark) if error.context_mark else None
        start = self.lines.line(begun.line) if begun else ""
        problem = str(error.problem or "")
        if "\t" in here[: len(here) - len(here.lstrip())] or "tab" in problem or r"\t" in problem:
            self.report.add(
                place,
                "file",
                msg("a tab at the beginning of a line"),
                msg("spaces"),
                msg("indent with spaces, two for each level; editors can convert tabs"),
            )
            return
        wide = next((char for char in WIDE if char in here or char in start), "")
        since = (
            msg("what is unfinished begins in line {line}", line=begun.line)
            if begun and begun.line < place.line
            else ""
        )
        said, why = SYNTAX.get(problem, (problem or msg("a break in the structure"), ""))
        why = why or msg("mind indentation, colons, quotes and brackets")
        self.report.add(
            place,
            "file",
            said,
            "YAML",
            joined(
                (
                    msg("the line has a full-width {sign}: write the half-width one", sign=wide)
                    if wide
                    else why
                ),
                since,
            ),
        )


SYNTAX: dict[str, tuple[Said, Said]] = {
    str(said): (said, why)
    for said, why in (
        (
            msg("mapping values are not allowed in this context"),
            msg(
                "a second colon in the line, or an entry indented deeper than its neighbours; put text with a"
                " colon into quotes"
            ),
        ),
        (msg("could not find expected ':'"), msg("a key needs a colon and a space behind it")),
        (
            msg("found character that cannot start any token"),
            msg("put text that begins with @, %, ` or a sign into quotes"),
        ),
        (msg("found unexpected end of stream"), msg("a quotation mark is not closed")),
        (msg("did not find expected key"), msg("all entries of one map begin in the same column")),
        (msg("did not find expected '-' indicator"), msg("a list and a map are mixed in one place")),
        (msg("did not find expected ',' or ']'"), ""),
        (msg("did not find expected ',' or '{brace}'", brace="}"), ""),
        (msg("found undefined alias"), ""),
    )
}
"""What the parser says, in every language, and what to do."""


class _TooMuch(Exception):
    """Reading ends here; the mistake has been noted."""


def compose(text: str, file: str, report: Report, paths: bool = False) -> Node | None:
    """The tree of a file's text, or None after a mistake that ends the reading.

    Parameters
    ----------
    text, file
        What the file says and how it is named in messages.
    report
        Takes the mistakes.
    paths
        Whether keys may be paths.
    """
    root = Composer(file, report, Lines(text), paths).compose()
    if root is None:
        if not report.problems:
            report.add(
                Place(file, 1, 1),
                "file",
                msg("an empty file"),
                msg("a scenario"),
                msg("begin with `dabiao: 1`, or let `simulate new` write a first scenario"),
            )
        return None
    if not isinstance(root.value, dict):
        nothing = root.value is None
        wide = msg("the colon is full-width (：): write : and a space") if "：" in root.text else ""
        report.add(
            root.place,
            "file",
            (msg("an empty file") if nothing else root.sort),
            msg("a map of keys and values"),
            (wide or msg("begin with `dabiao: 1`")),
        )
        return None
    return root


def node_of(data: Any, place: Place, path: str, report: Report) -> Node:
    """The tree of plain values, as Python has them; the place of all of it is the same."""
    if hasattr(data, "item") and not isinstance(data, (str, Mapping)):  # a number of numpy
        data = data.item()
    if isinstance(data, Mapping):
        parts = {
            str(key): node_of(value, place, below(path, f".{key}"), report) for key, value in data.items()
        }
        return Node(parts, place, place)
    if isinstance(data, (list, tuple)):
        return Node(
            [node_of(one, place, f"{path}[{at}]", report) for at, one in enumerate(data)], place, place
        )
    if data is None or isinstance(data, (bool, int, float)):
        if not isinstance(data, bool) and data is not None and not abs(data) <= LARGEST_NUMBER:
            most = msg("a number up to {most:.0e}", most=LARGEST_NUMBER)
            report.add(place, path, repr(data), most, msg("mind the unit"))
            data = 0
        text = "null" if data is None else str(data).lower() if isinstance(data, bool) else repr(data)
        return Node(meaning(text), place, place, text)
    if not isinstance(data, str):
        report.add(place, path, type(data).__name__, msg("a map, a list, a text, a number, yes or no"))
    return Node(str(data), place, place, str(data), plain=False)
