"""The words of tables once the whole scenario is known: sectors and funds by their names, stages by their
dates (表内用语)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ...models.quantity import Bilingual
from ...models.words import msg
from ...models.years import Year, last_month
from ..document import Node
from ..report import Report, meant, one_of, shown
from .cells import Cells
from .grid import Grid
from .headings import Head
from .values import plain
from .years import year_of


@cache
def branches() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Classes and groups of a national table, by words that are used for them; the first that fits counts."""
    file = Path(__file__).with_name("branches.csv")
    rows = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    return tuple((key, re.compile("|".join(words.split()))) for key, words in rows)


FUNDS: tuple[tuple[str, str], ...] = (
    ("own", r"自筹|自有|资本金|企业|own"),
    ("loan", r"贷款|银行|融资|loan"),
    ("bond", r"债|bond"),
    ("budget", r"财政|预算|补助|国债资金|budget"),
)
_ENDS = re.compile(r"(产业|行业|部门|业|类|领域)$")
WORKING = ("started", "registered")


@dataclass
class Names:
    """Finds the key that a name means among parts with titles."""

    parts: Mapping[str, Node]
    classes: Callable[[str], Iterable[str]] = lambda key: ()
    """Keys of parts to which a name belongs by its usual meaning, where no title says it."""
    known: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> str:
        """The key for a name; empty where none, or more than one, is meant."""
        if name in self.parts:
            return name
        if name not in self.known:
            self.known[name] = self._find(plain(name).replace(" ", ""))
        return self.known[name]

    def _find(self, name: str) -> str:
        titles = {key: _titles(node) | {plain(key)} for key, node in self.parts.items()}
        short = _ENDS.sub("", name) or name
        for fits in (
            lambda said: said == name,
            lambda said: (_ENDS.sub("", said) or said) == short,
            lambda said: len(short) > 1 and (short in said or (_ENDS.sub("", said) or name + "!") in name),
        ):
            keys = [key for key, said in titles.items() if any(map(fits, said))]
            if len(keys) == 1:
                return keys[0]
            if keys:
                break
        keys = list(dict.fromkeys(self.classes(name)))
        return keys[0] if len(keys) == 1 else ""


def _titles(node: Node) -> set[str]:
    title = node.map.get("title")
    if title is None:
        return set()
    said = [part.text for part in title.map.values()] if title.map else [title.text]
    return {re.sub(r"\s", "", plain(text)) for text in said if text}


def settle(root: Node, report: Report) -> None:
    """Turn the words of tables into keys, and tell what followed from what."""
    sectors = Names(_map(root, "sectors"), lambda name: _by_class(root, name))
    notes = Cells(Head(Grid("", [])), "", report)
    projects = [(key, node) for key, node in _map(root, "projects").items() if _loose(node)]
    if projects:
        funds = Names(_map(root, "funds"), lambda name: _by_words(root, name))
        end = _base(root)
        strange: dict[str, list[Node]] = {}
        for _, node in projects:
            _sector(node, sectors, notes, strange)
            _funds(node, funds, notes)
            _stage(node, end, notes)
            if "start" not in node.map and "finish" not in node.map:
                notes.note(
                    node.place, msg("neither start nor finish is stated: it begins as its stage allows")
                )
        _strange(strange, sectors, report)
    for mix in _map(root, "mixes").values():
        _renamed(mix.map.get("shares"), sectors, notes)
        by_year = mix.map.get("by_year")
        for shares in by_year.map.values() if by_year else ():
            _renamed(shares, sectors, notes)
    known = root.map.get("actuals")
    _renamed(known.map.get("placed") if known else None, sectors, notes)
    national = root.map.get("national")
    classes = Names(national.map["classes"].map if national and "classes" in national.map else {})
    table = national.map.get("coefficients") if national else None
    _renamed(table, classes, notes)
    for row in table.map.values() if table else ():
        _renamed(row, classes, notes)
    notes.tell()


def _map(root: Node, name: str) -> dict[str, Node]:
    """The parts of a collection."""
    node = root.map.get(name)
    return (
        {} if node is None else {key: part for key, part in node.map.items() if isinstance(part.value, dict)}
    )


def _loose(node: Node) -> bool:
    return any(child.loose for child in node.map.values())


def _base(root: Node) -> str:
    """The last month of the base year; empty where it is not known."""
    years = root.map.get("years")
    base, begins = (years.map.get("base"), years.map.get("begins")) if years else (None, None)
    found = year_of(str(base.value)) if base else None
    month = begins.value if begins and type(begins.value) is int and 1 <= begins.value <= 12 else 1
    return last_month(Year(found.year, month)) if found else ""


def _strange(found: dict[str, list[Node]], sectors: Names, report: Report) -> None:
    """Tell words that mean no sector, each once."""
    for name, nodes in found.items():
        cell = shown(name)
        report.add(
            nodes[0].place,
            "projects.*.sector" if len(nodes) > 1 else "projects.sector",
            msg("{name} in {count} projects", name=cell, count=len(nodes)) if len(nodes) > 1 else cell,
            msg("{what}: {names}", what=msg("a sector"), names=one_of(sectors.parts)),
            meant(name, sectors.parts)
            or msg("or say what it means, beside `file`: {form}", form=f"words: {{{name}: ...}}"),
        )
        for node in nodes:  # told: nothing else is to stumble over it
            node.value = node.text = next(iter(sectors.parts))


def _sector(node: Node, sectors: Names, notes: Cells, strange: dict[str, list[Node]]) -> None:
    """The sector's key for its name."""
    said = node.map.get("sector")
    if said is None or not said.loose or said.text in sectors.parts or not said.text:
        return
    if key := sectors.find(said.text):
        notes.note(said.place, _read_as(said.text, key))
        said.value = said.text = key
    elif sectors.parts:
        strange.setdefault(said.text, []).append(said)


@cache
def _read_as(name: str, key: str) -> Bilingual:
    return msg("{name} is read as the sector {key}", name=name, key=key)


@cache
def _no_fund(name: str, known: tuple[str, ...]) -> Bilingual:
    if not known:
        return msg("the scenario has no `funds`: sources of money are not used")
    return msg("{name} is no source of money here: not used; one of {names}", name=name, names=one_of(known))


def _by_class(root: Node, name: str) -> Iterable[str]:
    """Sectors that hold the class of the national table which a word means."""
    wanted = next((key for key, words in branches() if words.search(name)), "")
    national = root.map.get("national")
    groups = national.map["groups"].map if national and "groups" in national.map else {}
    inside = {
        group: {part.text for part in node.value} if isinstance(node.value, list) else set()
        for group, node in groups.items()
    }
    wide = inside.get(wanted, {wanted})
    for key, sector in _map(root, "sectors").items():
        said = sector.map.get("national")
        names = set(said.map) if said is not None and said.map else {said.text} if said is not None else set()
        held = set().union(*(inside.get(each, {each}) for each in names))
        if wanted and (wanted in names or wanted in held or (held and held <= wide)):
            yield key


def _by_words(root: Node, name: str) -> Iterable[str]:
    """Sources of money whose titles are of the same usual kind."""
    wanted = next((words for _, words in FUNDS if re.search(words, name)), None)
    for key, node in _map(root, "funds").items():
        if wanted and any(re.search(wanted, said) for said in _titles(node) | {key}):
            yield key


def _funds(node: Node, funds: Names, notes: Cells) -> None:
    """Sources of money by key; names that are none are told and left out."""
    said = node.map.get("funds")
    if said is None or not said.loose:
        return
    made: dict[str, Node] = {}
    for name, share in said.map.items():
        key = funds.find(name)
        if not key or key in made:
            notes.note(share.place, _no_fund(name, tuple(funds.parts)))
            del node.map["funds"]
            return
        made[key] = share
    said.value = made


def _stage(node: Node, end: str, notes: Cells) -> None:
    """The stage at the end of the base year: as said, unless the dates say that it came later."""
    said, start, finish = (node.map.get(name) for name in ("stage", "start", "finish"))
    if not end or any(each is not None and not each.loose for each in (said, start, finish)):
        return
    begun, over = start is not None and start.text <= end, finish is not None and finish.text <= end
    stage = said.text if said else ""
    done = node.map.get("done")
    if not said:
        worked = done is not None and isinstance(done.value, float) and done.value > 0 and start is None
        stage = "commissioned" if over else "started" if begun or worked else "planned"
        place = (start or finish or node).place
        told: Bilingual = msg("no stage is stated: read as `{stage}`", stage=stage)
    elif stage == "commissioned" and finish is not None and not over:
        stage = "started" if begun else "approved"
        place, told = said.place, _later(stage, end)
    elif stage in WORKING and start is not None and not begun:
        stage = "approved"
        place, told = said.place, _later(stage, end)
    else:
        return
    notes.note(place, told)
    node.map["stage"] = Node(stage, place, key=place, text=stage, loose=True)


def _later(stage: str, end: str) -> Bilingual:
    return msg(
        "the list is of a later day: by its dates it had reached `{stage}` at the end of {end}",
        stage=stage,
        end=end,
    )


def _renamed(node: Node | None, names: Names, notes: Cells) -> None:
    """A map of a table whose rows are named by titles, by keys."""
    if node is None or not isinstance(node.value, dict) or not names.parts:
        return
    made: dict[str, Node] = {}
    for name, child in node.value.items():
        key = names.find(name) if child.loose and name not in names.parts else name
        inherited = node.value.get(key)
        if not key or (key != name and inherited is not None and inherited.loose):
            key = name
        if key != name:
            notes.note(child.key or child.place, msg("{name} is read as {key}", name=name, key=key))
        if key not in made or child.loose:
            made[key] = child
    node.value = made
