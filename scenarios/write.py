"""The resolved scenario as one file that stands alone: no `extends`, no defaults, no tables elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from .document import Node, below, meaning
from .schema import Scenario
from .shape import MARGINS, Shape

FLOW = 110


class _Part(NamedTuple):
    """A piece of the tree and the provenance that all its numbers share and that is not written yet."""

    tree: Any
    given: tuple[Any, Any] | None


def settle(root: Node, shape: Shape) -> dict[str, Any]:
    """The scenario as plain data; a source is written once for as many numbers as share it."""
    tree: dict[str, Any] = {}
    for name in Scenario.model_fields:
        node = root.map.get(name)
        if node is not None:
            part = _settle(node, name, shape)
            tree[name] = _say(part) if part.given else part.tree
    return tree


def _settle(node: Node, path: str, shape: Shape) -> _Part:
    if path in shape.quantities:
        given = shape.quantities[path]
        if not isinstance(node.value, dict):
            return _Part(node.value, given)
        keys = ("value", "unit", "low", "high")
        stated = {key: _word(node.map[key]) for key in keys if key in node.map and not node.map[key].removed}
        if "distribution" in node.map:
            stated["distribution"] = _data(node.map["distribution"])
        return _Part(stated["value"] if len(stated) == 1 else stated, given)
    if isinstance(node.value, dict):
        parts = {
            name: _settle(child, below(path, "." + name), shape)
            for name, child in node.value.items()
            if name not in MARGINS
        }
        common = _commonest(part.given for part in parts.values())
        whole = all(
            part.given == common or (part.given is None and not _numbers(part.tree))
            for part in parts.values()
        )
        tree = {
            name: part.tree if part.given in (None, common) else _say(part) for name, part in parts.items()
        }
        return _Part(tree, common) if whole or common is None else _Part(_say(_Part(tree, common)), None)
    if isinstance(node.value, list):
        items = [_settle(child, f"{path}[{index}]", shape) for index, child in enumerate(node.value)]
        common = _commonest(item.given for item in items)
        if all(item.given == common for item in items):
            return _Part([item.tree for item in items], common)
        return _Part([_say(item) if item.given else item.tree for item in items], None)
    return _Part(shape.words.get(path, node.value), None)


def _data(node: Node) -> Any:
    """A part that holds no quantities, as plain data."""
    if isinstance(node.value, dict):
        return {name: _data(child) for name, child in node.value.items() if name not in MARGINS}
    return [_data(child) for child in node.value] if isinstance(node.value, list) else _word(node)


def _numbers(tree: Any) -> bool:
    """Whether a settled piece holds numbers with a provenance of their own inside."""
    if isinstance(tree, dict):
        return "source" in tree or "assumption" in tree or any(map(_numbers, tree.values()))
    return isinstance(tree, list) and any(map(_numbers, tree))


def _commonest(given: Iterable[tuple[Any, Any] | None]) -> tuple[Any, Any] | None:
    found = [each for each in given if each is not None]
    if all(each is found[0] for each in found):  # mostly the one that is stated above them
        return found[0] if found else None
    return Counter(map(_key, found)).most_common(1)[0][0].given


class _Key:
    """A provenance as a key; an assumption in two languages is a map, which cannot be one."""

    def __init__(self, given: tuple[Any, Any]) -> None:
        self.given, self.text = given, repr(given)

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.text == other.text


_key = _Key


def _word(node: Node) -> Any:
    return node.text if isinstance(node.value, str) else node.value


def _say(part: _Part) -> Any:
    """The piece with its provenance written at it."""
    assert part.given is not None
    source, why = part.given
    said = {name: value for name, value in (("source", source), ("assumption", why)) if value is not None}
    if not isinstance(part.tree, dict):
        return (
            [_say(_Part(item, part.given)) for item in part.tree]
            if isinstance(part.tree, list)
            else {"value": part.tree, **said}
        )
    return {**part.tree, **said} if "value" in part.tree else {**said, **part.tree}


def text(tree: Mapping[str, Any], origins: Mapping[str, str] | None = None) -> str:
    """A tree as YAML; with ``origins``, the file and line of every value stand behind it."""
    return "\n".join(_lines(tree, "", 0, origins)) + "\n"


def _lines(
    tree: Mapping[str, Any], path: str, depth: int, origins: Mapping[str, str] | None
) -> Iterator[str]:
    for name, value in tree.items():
        at = below(path, "." + name)
        head = "  " * depth + _plain(name) + ":"
        block = isinstance(value, dict) and value and not ("value" in value or set(value) <= {"zh", "en"})
        flow = "" if block else _flow(value)
        if block or (len(head) + len(flow) > FLOW and isinstance(value, dict) and value):
            yield head
            yield from _lines(value, at, depth + 1, origins)
            continue
        origin = (
            origins.get(at)
            or origins.get(at + ".value")
            or origins.get(at + "[0]")
            or origins.get(at + ".zh")
            or origins.get(at + ".en")
            if origins
            else None
        )
        yield f"{head} {flow}" + (f"  # {origin}" if origin else "")


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_plain(name)}: {_flow(part)}" for name, part in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        digits = repr(float(value))
        return digits.replace("e", ".0e") if "e" in digits and "." not in digits else digits
    return str(value) if isinstance(value, int) else _plain(str(value))


@lru_cache(maxsize=1 << 14)
def _plain(word: str) -> str:
    """A word without quotes where every reader of YAML takes it for that word."""
    tame = word.translate(_JOINTS).isalnum() and not word[0].isdecimal() and word[0] not in "-/"
    if tame and isinstance(meaning(word), str) and word.lower() not in AMBIGUOUS:
        return word
    if word.isprintable() and '"' not in word and "\\" not in word:
        return f'"{word}"'
    return '"' + "".join(map(_escaped, word)) + '"'


_JOINTS = str.maketrans("_-/", "aaa")
AMBIGUOUS = frozenset({"yes", "no", "on", "off", "y", "n", "null", "true", "false", "nan", "inf"})


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
