"""What the rules look at and what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from ..models.errors import Said
from ..models.quantity import Quantity
from ..models.words import msg
from .document import Node
from .indicator_names import suggested
from .rates import column
from .report import joined, one_of, shown
from .schema import Scenario

_Model = TypeVar("_Model", bound=BaseModel)


class Finding(NamedTuple):
    """A rule that does not hold: where, what was found, what should be, what to do."""

    path: str
    found: Said
    expected: Said
    hint: Said = ""


@dataclass(frozen=True)
class Draft:
    """A scenario as far as its parts are right by themselves.

    Attributes
    ----------
    scenario
        The parts; what is missing or wrong has been left out, so that each rule asks :meth:`sound` first.
    broken
        Paths at which a mistake has been found already.
    keys
        All ids of each collection as written, those of broken entries included.
    words
        Words as written by path, those of broken entries included.
    """

    scenario: Scenario
    broken: tuple[str, ...]
    keys: Mapping[str, Collection[str]]
    words: Mapping[str, str] = field(default_factory=dict)

    def sound(self, *paths: str) -> bool:
        """Whether no mistake stands at, below or above the paths."""
        return not any(
            mistake == path
            or mistake.startswith((path + ".", path + "["))
            or path.startswith((mistake + ".", mistake + "["))
            for mistake in self.broken
            for path in paths
        )

    def ids(self, collection: str) -> Collection[str]:
        """Ids of a collection as written."""
        return self.keys.get(collection, ())


def adds_up(
    shares: Mapping[str, Quantity] | Iterable[Quantity],
    path: str,
    total: float,
    within: float,
    what: Said,
    hint: Said = "",
) -> Iterator[Finding]:
    """The shares must add to a total."""
    values = list(shares.values() if isinstance(shares, Mapping) else shares)
    whole = sum(quantity.value for quantity in values)
    if abs(whole - total) > within + 1e-9:
        off = whole - total
        parts = abs(100 * whole - total) <= 100 * within and column(list(map(_value, values)), growth=False)
        change = (
            msg("percent: 40, not 0.4")
            if parts
            else msg("take {off:.6g} away", off=off)
            if off > 0
            else msg("{off:.6g} are missing", off=-off)
        )
        yield Finding(
            path,
            msg("{what} that add to {whole:.6g}", what=what, whole=whole),
            msg("a sum of {total:g}", total=total),
            joined(change, hint),
        )


def _value(quantity: Quantity) -> float:
    return quantity.value


def refers(
    names: Iterable[str], known: Collection[str], path: str, what: Said, hint: Said = ""
) -> Iterator[Finding]:
    """Each name must be a known one; ``path`` may end in ``.{}`` or ``[{index}]``, which stand for the name
    and its number. It is no format: what a user wrote stands in it, braces and all."""
    for index, name in enumerate(names):
        if name not in known:
            yield Finding(
                f"{path[:-2]}{name}" if path.endswith(".{}") else path.replace("[{index}]", f"[{index}]"),
                shown(name),
                msg("{what}: {names}", what=what, names=one_of(known)),
                suggested(name, known) or titled(name, known) or hint,
            )


def titled(name: str, known: Collection[str]) -> Said:
    """The question "did you mean ...?" for the key whose title says what was written, where ``known`` holds
    parts with titles."""
    if not isinstance(known, Mapping) or len(name) < 2:
        return ""
    by_title = {said.lower(): key for key, part in known.items() for said in _titles(part) if said}
    inside = [said for said in by_title if name.lower() in said or said in name.lower()]
    near = sorted(inside, key=len) or get_close_matches(name.lower(), list(by_title), n=1, cutoff=0.5)
    return msg("did you mean {name}?", name=by_title[near[0]]) if near else ""


def _titles(part: Any) -> tuple[str, ...]:
    """Both titles of a part of the schema, or of a node as written."""
    if isinstance(part, Node):
        title = part.map.get("title")
        return () if title is None else tuple(child.text for child in title.map.values()) or (title.text,)
    title = getattr(part, "title", None)
    return () if title is None else (title.zh, title.en)


def each(part: Any, kind: type[_Model], path: str = "") -> Iterator[tuple[str, _Model]]:
    """Every part of a kind inside another, with its path."""
    if isinstance(part, kind):
        yield path, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            if name in part.__dict__:
                yield from each(part.__dict__[name], kind, f"{path}.{name}".removeprefix("."))
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from each(value, kind, f"{path}.{name}".removeprefix("."))


def circles(following: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """Ways from a name back to itself, as many as there are knots."""
    done: set[str] = set()
    for start in following:
        way: dict[str, None] = {}
        steps = [iter((start,))]
        while steps:
            name = next(steps[-1], None)
            if name is None:
                steps.pop()
                if way:
                    done.add(way.popitem()[0])
            elif name in way:
                names = list(way)
                yield [*names[names.index(name) :], name]
            elif name not in done and name in following:
                way[name] = None
                steps.append(iter(following[name]))
