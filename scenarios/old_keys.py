"""Keys that have a new name: read for one version more, and told (旧键名)."""

from __future__ import annotations

from collections.abc import Sequence

from .document import Node
from .report import Place, Report

RENAMED = {"doubt": "uncertainty"}
"""Keys of a scenario by their name up to version 0.1."""


def renewed(path: str) -> str:
    """A dotted path with the key's name of today.

    >>> renewed("doubt.shocks.national"), renewed("accounts.gdp")
    ('uncertainty.shocks.national', 'accounts.gdp')
    """
    first, dot, rest = path.partition(".")
    return f"{RENAMED.get(first, first)}{dot}{rest}"


def renew(root: Node, report: Report) -> None:
    """Read the old keys of one file as what they are called now; where both stand, the old one is left to be
    refused."""
    if not isinstance(root.value, dict):
        return
    for old, new in RENAMED.items():
        if old in root.map and new not in root.map:
            report.note(root.map[old].at, old, new)
            root.value = {new if key == old else key: node for key, node in root.map.items()}
    known = root.map.get("uncertainty")
    if known is None or "correlations" not in known.map:
        return
    for correlation in known.map["correlations"].map.values():
        between = correlation.map.get("between")
        for item in between.value if between is not None and isinstance(between.value, list) else ():
            if isinstance(item.value, str):
                item.value, item.text = renewed(item.value), renewed(item.text)


def renewed_sets(sets: Sequence[str], place: Place, report: Report) -> list[str]:
    """Overrides with the keys' names of today."""
    made = []
    for said in sets:
        path, equals, text = said.partition("=")
        if (new := renewed(path)) != path:
            report.note(place, path, new)
        made.append(f"{new}{equals}{text}")
    return made


INTENSITIES = {
    "energy": ("万吨标煤", {"zh": "能源消费", "en": "Energy use"}),
    "carbon": ("万吨二氧化碳", {"zh": "碳排放", "en": "Carbon emissions"}),
}
"""Keys of sectors, and kinds of limits, up to version 0.2: now indicators of one's own."""


def renew_intensities(root: Node, report: Report) -> None:
    """Energy and carbon per output of sectors as coefficients of an indicator, and limits on them alike."""
    sectors, limits = (root.map[part].map if part in root.map else {} for part in ("sectors", "limits"))
    for name, (unit, title) in INTENSITIES.items():
        stated = {key: node.map.pop(name) for key, node in sectors.items() if name in node.map}
        for key, node in limits.items():
            kind = node.map.get("on")
            if kind is not None and kind.value == name:
                report.note(kind.at, f"limits.{key}.on: {name}", f"on: indicator, indicator: {name}")
                node.map["indicator"] = Node(name, kind.place, kind.key, name)
                kind.value = kind.text = "indicator"
        if not stated:
            continue
        first = next(iter(stated.values()))
        report.note(first.at, f"sectors.*.{name}", f"indicators.{name}.coefficients")
        words = {lang: Node(text, first.place, first.key, text) for lang, text in title.items()}
        own = root.map.setdefault("indicators", Node({}, first.place, first.key)).map.setdefault(
            name, Node({}, first.place, first.key)
        )
        own.map.setdefault("title", Node(words, first.place, first.key))
        own.map.setdefault("unit", Node(unit, first.place, first.key, unit))
        laid = own.map.setdefault("coefficients", Node({}, first.place, first.key)).map
        laid.update({key: node for key, node in stated.items() if key not in laid})
