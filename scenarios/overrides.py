"""Values set on the command line: ``--set dotted.path=value``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..models.words import msg
from .document import Node, compose
from .merge import merge
from .report import Place, Report, shown
from .tables.values import whole
from .target_sheet import understand
from .units import convert

OPTION = "--set"
PATH = re.compile(r"[^.\[\]]+(\[\d+\])*(\.[^.\[\]]+(\[\d+\])*)*")
WHY = (None, "set on the command line")


def override(root: Node, sets: Sequence[str], report: Report | None) -> None:
    """Lay each override over the tree; without a report, what cannot be laid yet is passed over.

    Overrides are laid before the defaults, so that they can change those, and again after them,
    so that they can reach into them; laying twice changes nothing.
    """
    for said in sets:
        path, equals, text = said.partition("=")
        steps = re.findall(r"[^.\[\]]+|\[\d+\]", path)
        quiet = report or Report()
        place = Place(OPTION)
        if not equals or not PATH.fullmatch(path):
            quiet.add(place, OPTION, shown(said), "dotted.path=value", msg("for example accounts.gdp=1310"))
        elif steps[0] in ("extends", "file"):
            quiet.add(
                place,
                path,
                msg("an override of what is read"),
                msg("a value of the scenario"),
                msg("change the file"),
            )
        else:
            value = word(text, path, quiet)
            if value is not None:
                lay(root, steps, value, path, quiet)


def word(text: str, path: str, report: Report) -> Node | None:
    """The single value that an override states."""
    inner = Report()
    root = (
        compose(f"v: {text}", OPTION, inner)
        if "\n" not in text and "\r" not in text and len(text) < 1000
        else None
    )
    node = root.map.get("v") if root and len(root.map) == 1 else None
    if inner.problems or node is None or isinstance(node.value, (dict, list)):
        report.add(
            Place(OPTION),
            path,
            shown(text),
            msg("one number or word"),
            msg("put text with special signs into quotes"),
        )
        return None
    return Node(node.value, Place(OPTION), Place(OPTION), node.text, node.plain, WHY)


def entered(node: Node, step: str) -> Node | None:
    """What one step of a path leads to: an item of a list (``[0]``) or an entry of a map; None where nothing
    is."""
    at = whole(step[1:-1]) if step.startswith("[") else None
    if at is None or not isinstance(node.value, list):
        return node.map.get(step)
    return node.value[at] if at < len(node.value) else None


def lay(root: Node, steps: list[str], value: Node, path: str, report: Report) -> None:
    """Put one value in its place: into a list by index, into maps by name."""
    last = max((index for index, step in enumerate(steps) if step.startswith("[")), default=-1)
    node = root
    for step in steps[: last + 1]:
        found = entered(node, step)
        if found is not None and step is steps[last] and isinstance(node.value, list):
            found = refined(found, steps[last + 1 :], value)
            node.value[int(step[1:-1])] = found
        if found is None:
            report.add(
                Place(OPTION),
                path,
                msg("{step}, which does not exist", step=step),
                msg("an item of a list that is there"),
                msg("items count from 0"),
            )
            return
        node = found
    if last < 0:
        over = nested(steps, value)
        convert(over, root, report)
        understand(over, root, report)
        root.value = merge(root, over).value


def refined(node: Node, steps: list[str], value: Node) -> Node:
    """``node`` with a value laid in, as if another file had extended it."""
    over = nested(steps, value)
    merged = merge(node, over) if steps or value.value is not None else value
    if steps:
        merged.place, merged.key = node.place, node.key
    return merged


def nested(steps: list[str], value: Node) -> Node:
    """A value at the end of a path of maps."""
    for step in reversed(steps):
        value = Node({step: value}, Place(OPTION), Place(OPTION))
    return value
