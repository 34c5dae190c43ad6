"""A resolved scenario as a list of values by path, and as rows of the sheets of a workbook (方案拆成行)."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..document import below, meaning
from ..shape import MARGINS
from ..tables.values import whole
from .layout import choices, sheets

Provenance = tuple[Any, Any] | None
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Leaf:
    """A value of a scenario: a number with its bounds and where it comes from, a word, or an empty map."""

    value: Any
    unit: str = ""
    low: Any = None
    high: Any = None
    given: Provenance = None
    drawn: Mapping[str, Any] = field(default_factory=dict)
    """Values of its distribution by path."""


def leaves(tree: Mapping[str, Any], quantities: Collection[str]) -> dict[str, Leaf]:
    """Every value of a resolved tree by its path, in its order.

    Parameters
    ----------
    quantities
        Paths of numbers that have a source or an assumption.
    """
    return dict(_leaves(dict(tree), "", None, quantities))


def _leaves(part: Any, path: str, above: Provenance, known: Collection[str]) -> Iterator[tuple[str, Leaf]]:
    if path in known:
        said = part if isinstance(part, dict) else {"value": part}
        drawn = {
            at: leaf.value
            for at, leaf in _leaves(said.get("distribution", NOTHING), path + ".distribution", None, ())
        }
        yield (
            path,
            Leaf(
                said["value"],
                said.get("unit", ""),
                said.get("low"),
                said.get("high"),
                _stated(said) or above,
                drawn if "distribution" in said else {},
            ),
        )
    elif isinstance(part, dict) and part:
        above = _stated(part) or above
        for name, child in part.items():
            if name not in MARGINS or (name == "source" and not isinstance(child, str)):
                yield from _leaves(child, below(path, "." + name), above, known)
    elif isinstance(part, list) and part:
        for at, child in enumerate(part):
            yield from _leaves(child, f"{path}[{at}]", above, known)
    else:
        yield path, Leaf(part)


def _stated(part: Mapping[str, Any]) -> Provenance:
    """What a map says of where its numbers come from."""
    given = part.get("source"), part.get("assumption")
    return None if given == (None, None) else given


Row = dict[str, Any]
Rows = dict[str, list[Row]]
COLUMNS: Mapping[str, Sequence[str]] = {
    "sectors": ("model", "va", "market.trend"),
    "projects": (
        *(
            "sector",
            "invest",
            "done",
            "stage",
            "start",
            "decided",
            "finish",
            "months.construction",
            "months.ramp_up",
        ),
        *("months.approval", "months.registration", "slip", "adds.output", "key"),
    ),
    "targets": ("ensure", "stretch", "at_most", "unit", "main", "basis", "year", "measure"),
    "limits": ("on", "max", "min", "relax_to", "price", "year", "together", "owner", "fund"),
}
"""Columns that are one value of an entry, by sheet."""
LAID = (
    *COLUMNS,
    "mixes",
    "sources",
    "history",
    "title",
    "years",
    "accounts",
    "investment",
    "prices",
    "outlook",
    "actuals",
)
"""Parts of a scenario that have sheets."""
ESSENTIAL = (
    "model",
    "va",
    "sector",
    "indicator",
    "invest",
    "on",
    "ensure",
    "stretch",
    "at_most",
    "growth",
    "target",
)
"""Columns that are filled whatever is inherited."""
WORDS = {"model": "models", "stage": "stages", "on": "limits", "basis": "bases", "measure": "measures"}
BY_YEAR = {"path": "investment.path", "growth_in": "investment.growth_in", "prices": "prices.gdp_in"}
"""Columns of the plan by year, and where their values stand."""
NAMED = {"figures": True, "shares": True, "errors": True, "nation": False, "outlook": False}
"""Parts of what is known that have times, and whether they name a row."""
PLACED = ("placed", "accounts")
"""Parts of what is known that name a sector or an account, without a time."""


@dataclass
class Sheets:
    """Lays values on the sheets that planners fill in, as far as these can say them.

    ``known`` are the values that stand anyway, by inheritance: they are left out.
    """

    found: Mapping[str, Leaf]
    known: Mapping[str, Leaf]
    lang: str
    rows: Rows = field(default_factory=dict)
    laid: set[str] = field(default_factory=set)

    def fill(self) -> Rows:
        """All sheets but the last."""
        self._basics()
        self._history()
        for group in COLUMNS:
            self.rows[group] = [self._entry(group, name) for name in self._names(group)]
        self._mixes()
        self._years()
        self._actuals()
        self.rows["sources"] = [
            {"id": name, **{key: self._text(f"sources.{name}.{key}") for key in ("zh", "en", "date", "url")}}
            for name in self._names("sources")
        ]
        return self.rows

    def _names(self, group: str) -> list[str]:
        """Entries of a collection."""
        head = group + "."
        steps = (path[len(head) :] for path in self.found if path.startswith(head))
        return list(dict.fromkeys(re.split(r"[.\[]", step)[0] for step in steps))

    def _value(self, path: str, column: str = "") -> Any:
        """A value for its cell; nothing where there is none, or where it stands anyway."""
        leaf = self.found.get(path)
        if leaf is None or isinstance(leaf.value, (dict, list)):
            return None
        if column not in ESSENTIAL and self.known.get(path) == leaf:
            return None
        self.laid.add(path)
        return leaf.value

    def _text(self, path: str) -> Any:
        """A text that a cell can hold as it is."""
        said = self._value(path)
        return said if isinstance(said, str) and tidy(said) else None

    def _why(self, path: str) -> Row:
        """Where the row's numbers come from, by that of one of them, where two cells can say it."""
        leaf = self.found.get(path)
        if leaf is None or leaf.given is None:
            return {}
        source, why = leaf.given
        return (
            {"source": source, "assumption": why}
            if why is None or (isinstance(why, str) and tidy(why))
            else {}
        )

    def _titled(self, path: str) -> Row:
        """A title in one language or two, whatever is inherited."""
        said = {key: self.found.get(f"{path}.title{key}") for key in ("", ".zh", ".en")}
        one, zh, en = (leaf.value if leaf and tidy(str(leaf.value)) else None for leaf in said.values())
        return {"title": zh, "english": en} if zh and en else {"title": one or zh or en}

    def _word(self, column: str, value: Any) -> Any:
        """A word of a drop-down in the language."""
        words = choices(WORDS[column]).get(str(value)) if column in WORDS else None
        return value if words is None else words.of(self.lang)

    def _basics(self) -> None:
        found = []
        for part in sheets()["basics"].rows:
            if "." not in part.key and part.key != "title":
                continue
            value = self._value(part.key)
            if value is not None and (not isinstance(value, str) or tidy(value)):
                found.append({"key": part.key, "value": value, **self._why(part.key)})
        self.rows["basics"] = found

    def _history(self) -> None:
        self.rows["history"] = [
            {
                "year": whole(name) or name,
                **{key: self._value(f"history.years.{name}.{key}", key) for key in ("growth", "target")},
                **(self._why(f"history.years.{name}.growth") or self._why(f"history.years.{name}.target")),
            }
            for name in self._names("history.years")
        ]

    def _entry(self, group: str, name: str) -> Row:
        """An entry as a row."""
        path = f"{group}.{name}"
        row: Row = {"indicator" if group == "targets" else "id": name}
        if group == "targets":
            said = self._value(f"{path}.indicator", "indicator") or name
            words = choices("indicators").get(said)
            row |= {"indicator": words.of(self.lang) if words else said, "id": None if said == name else name}
        else:
            row |= self._titled(path)
        for column in COLUMNS[group]:
            value = self._value(f"{path}.{column}", column)
            row[column] = self._word(column, value)
        first = next((c for c in COLUMNS[group] if getattr(self.found.get(f"{path}.{c}"), "given", None)), "")
        row |= self._why(f"{path}.{first}")
        if group == "projects":
            row.pop("source", None)
        if group == "sectors":
            row["national"] = self._class(path)
        listed = {"targets": "covers", "limits": "sectors"}.get(group)
        if listed:
            names = [leaf.value for at, leaf in self.found.items() if at.startswith(f"{path}.{listed}[")]
            row[listed] = ", ".join(map(str, names)) or None
            years = [leaf.value for at, leaf in self.found.items() if at.startswith(f"{path}.over[")]
            row["over"] = f"{years[0]}-{years[-1]}" if years else None
        return row

    def _class(self, path: str) -> str | None:
        """The one class of the national table that a sector is."""
        held = [at for at in self.found if at.startswith(f"{path}.national.")]
        if len(held) != 1 or self.found[held[0]].value != 100:
            return None
        key = held[0].rpartition(".")[2]
        words = choices("classes").get(key)
        return words.of(self.lang) if words else key

    def _mixes(self) -> None:
        """Shares of the mixes, where they keep the order of the rows."""
        names = self._names("mixes")
        shares = {
            name: [at.rpartition(".")[2] for at in self.found if at.startswith(f"mixes.{name}.shares.")]
            for name in names
        }
        order = max(shares.values(), key=len, default=[])
        kept = [name for name in names if shares[name] == order]
        if "plan" not in kept or kept != names[: len(kept)]:
            return
        columns = {name: f"mixes.{name}.shares" for name in kept}
        for name in kept:
            for year in self._names(f"mixes.{name}.by_year"):
                own = f"mixes.{name}.by_year.{year}"
                if [at.rpartition(".")[2] for at in self.found if at.startswith(own + ".")] == order:
                    columns[f"{name} {year}"] = own
        for path in columns.values():
            self.laid.update(f"{path}.{key}" for key in order)
        self.rows["mixes"] = [
            {"sector": key, **{name: self.found[f"{path}.{key}"].value for name, path in columns.items()}}
            for key in order
        ]

    def _years(self) -> None:
        """Investment and prices of single years."""
        years = sorted({year for path in BY_YEAR.values() for year in self._names(path)})
        self.rows["years"] = [
            {
                "year": whole(year) or year,
                **{key: self._value(f"{path}.{year}") for key, path in BY_YEAR.items()},
                **next((why for path in BY_YEAR.values() if (why := self._why(f"{path}.{year}"))), {}),
            }
            for year in years
        ]

    def _actuals(self) -> None:
        """What is known of the years, a figure a row."""
        found: list[Row] = []

        def put(part: str, name: str | None, time: str | None, path: str) -> None:
            value = self._value(path)
            if value is not None:
                word = choices("actuals")[part].of(self.lang)
                found.append({"part": word, "name": name, "time": time, "value": value, **self._why(path)})

        for part, named in NAMED.items():
            for name in self._names(f"actuals.{part}"):
                if not named:
                    put(part, None, name, f"actuals.{part}.{name}")
                    continue
                for time in self._names(f"actuals.{part}.{name}"):
                    put(part, name, time, f"actuals.{part}.{name}.{time}")
        for part in PLACED:
            for name in self._names(f"actuals.{part}"):
                put(part, name, None, f"actuals.{part}.{name}")
        self.rows["actuals"] = found


def tidy(text: str) -> bool:
    """Whether a cell gives a text back as it is."""
    return bool(text) and text == " ".join(text.split()) and text.isprintable() and text[0] not in '"{['


def rest(found: Mapping[str, Leaf], read: Mapping[str, Leaf], laid: Collection[str]) -> list[Row]:
    """Rows for what the other sheets do not say: values, provenance, bounds, and what is to go."""
    rows: list[Row] = []
    lists = {_list(path) for path in (*found, *read) if "[" in path}
    torn = {
        name
        for name in lists
        if [(at, leaf) for at, leaf in found.items() if _list(at) == name]
        != [(at, leaf) for at, leaf in read.items() if _list(at) == name]
    }
    for path, leaf in found.items():
        there = read.get(path)
        if there == leaf and _list(path) not in torn:
            continue
        rows += _said(path, leaf, there, path in laid and _list(path) not in torn)
    heads = {path[: cut.start()] for path in found for cut in re.finditer(r"[.\[]|$", path)}
    gone = []
    for path in read:
        steps = [path[: cut.start()] for cut in re.finditer(r"[.\[]|$", path)]
        top = next((step for step in steps if step not in heads), "")
        over = any(step in found and not isinstance(found[step].value, (dict, list)) for step in steps)
        if top and not over and _list(path) not in torn:
            gone.append(top)
    return rows + [{"path": path, "value": "null"} for path in dict.fromkeys(gone)]


def _list(path: str) -> str:
    """The outermost list in which a value stands."""
    return path.partition("[")[0] if "[" in path else ""


def _said(path: str, leaf: Leaf, there: Leaf | None, laid: bool) -> Iterator[Row]:
    """A value as rows of the last sheet; one that stands on its own sheet is not said again."""
    same = laid and there is not None and there.value == leaf.value
    bare = same and there is not None and (there.low, there.high, there.drawn) == (None, None, {})
    row: Row = {"path": path, "unit": leaf.unit, "low": leaf.low, "high": leaf.high}
    if not bare:
        row["value"] = quoted(leaf.value)
    if leaf.given is not None:
        source, why = leaf.given
        both = isinstance(why, dict) and {"zh", "en"} <= set(why)
        row["source"] = source
        row["assumption"] = quoted(why["zh"]) if both else quoted(why, whole=True)
        row["english"] = quoted(why["en"]) if both else None
    yield row
    for at, value in leaf.drawn.items():
        yield {"path": at, "value": quoted(value)}


def quoted(value: Any, whole: bool = False) -> Any:
    """A value as a cell says it: a text that would be read as something else stands in quotes; with ``whole``
    a map as it is written in one line."""
    if whole and isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, str) and not (tidy(value) and isinstance(meaning(value), str)):
        return json.dumps(value, ensure_ascii=not value.isprintable())
    return value
