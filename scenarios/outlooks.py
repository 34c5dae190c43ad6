"""An outlook as one number, one edition, or a map of values: as a file of many scenarios states it (展望)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from ..models.errors import Said
from ..models.words import msg
from .document import Node
from .report import Report, meant, one_of

EDITIONS = ("january", "october", "none")
OUTLOOK = "outlook"


def as_map(node: Node) -> Node | None:
    """An outlook as the map that a scenario states: a number is its growth, a word its edition; None where it
    is neither."""
    if isinstance(node.value, dict):
        return node
    key = "growth" if node.number else "edition" if node.text in EDITIONS else ""
    return Node({key: node}, node.place, node.key) if key else None


def no_outlook(node: Node, path: str, report: Report) -> None:
    """Tell that something is no outlook."""
    expected: Said = msg(
        "growth of the nation in percent, {editions}, or a map of values", editions=one_of(EDITIONS)
    )
    report.add(node.at, path, node.sort, expected, meant(node.text, EDITIONS))


def flat(node: Node, prefix: str, path: str, report: Report, skip: Collection[str] = ()) -> Iterator[str]:
    """Every value below a map, as ``path=value``, without keys in ``skip``."""
    for key, each in node.map.items():
        whole = f"{prefix}.{key}" if prefix else key
        if key in skip:
            continue
        if isinstance(each.value, dict) and each.value:
            yield from flat(each, whole, path, report, skip)
        elif isinstance(each.value, (list, dict)) or each.value is None:
            report.add(each.at, f"{path}: {whole}", each.sort, msg("one number or word"))
        else:
            said = each.text if each.plain else json.dumps(each.text, ensure_ascii=False)
            yield f"{whole}={said}"
