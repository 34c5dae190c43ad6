"""What a scenario can name: classes and groups of the shipped table, indicators, relations, kinds of
limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..models.indicators import DRIVERS, INDICATORS
from ..models.limits import LIMITS
from .document import Node, compose
from .files import EXAMPLE, PRIORS, shipped
from .report import Report

_COVERS = {
    "": "",
    "sectors": "sectors of the scenario or groups of the national table",
    "goods": "materials of a chain, sectors or groups",
    "crops": "crops of a sector with `model: agriculture`",
}


def lists() -> str:
    """Markdown with every name that a scenario may use beside the keys of the schema."""
    file = sorted(shipped().glob(f"*/{PRIORS}"))[-1]
    name = f"{EXAMPLE}{file.parent.name}/{file.name}"
    root = compose(file.read_text(encoding="utf-8"), name, Report())
    assert root is not None, "the shipped priors can be read"
    return "\n".join([*_national(root, name), *_indicators(), *_relations(root, name), *_limits()])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines] + [""]


def _title(node: Node) -> tuple[str, str]:
    """Title in Chinese and English."""
    title = node.map["title"]
    zh, en = (title.map[key].text if key in title.map else title.text for key in ("zh", "en"))
    return zh, en


def _national(root: Node, name: str) -> list[str]:
    national = root.map["national"]
    classes = [
        (f"`{key}`", *_title(node))
        for key, node in national.map["classes"].map.items()
        if "title" in node.map
    ]
    groups = [
        (f"`{key}`", ", ".join(f"`{child.text}`" for child in _items(node)))
        for key, node in national.map["groups"].map.items()
    ]
    return [
        "## Classes and groups of the national table",
        "",
        f"What `national` of a sector may name, as shipped in `{name}` (全国投入产出表的类和组).",
        "",
        *_table(("class", "中文", "English"), classes),
        *_table(("group", "classes"), groups),
    ]


def _items(node: Node) -> list[Node]:
    return node.value if isinstance(node.value, list) else []


def _indicators() -> list[str]:
    rows = [
        (f"`{key}`", one.title.of("zh"), one.title.of("en"), one.unit, _COVERS[one.covers])
        for key, one in INDICATORS.items()
    ]
    return [
        "## Indicators",
        "",
        (
            "What a target may be set on (`indicator`, or the target's own key): each is an equation of the"
            " model (建模指标). Where the last column is filled, the target must say `covers`."
        ),
        "",
        *_table(("indicator", "中文", "English", "unit", "`covers` lists"), rows),
    ]


def _relations(root: Node, name: str) -> list[str]:
    rows = []
    for key, node in root.map["relations"].map.items():
        drivers = [f"{_number(node_)} × `{driver}`" for driver, node_ in node.map["drivers"].map.items()]
        unit = node.map["unit"].text if "unit" in node.map else "%"
        rows.append((f"`{key}`", *_title(node), unit, " + ".join([_number(node.map["constant"]), *drivers])))
    known = ", ".join(f"`{driver}`" for driver in DRIVERS)
    return [
        "## Linked relations",
        "",
        (
            f"Indicators that follow others (挂钩指标), as shipped in `{name}`; a scenario may restate them"
            f" or add its own. Drivers: {known}, any indicator without `covers`, or another relation."
        ),
        "",
        *_table(("relation", "中文", "English", "unit", "formula"), rows),
    ]


def _number(node: Node) -> str:
    return node.map["value"].text if "value" in node.map else node.text


def _limits() -> list[str]:
    """Kinds of limits."""
    rows = [(f"`{kind}`", limit.counts, limit.unit) for kind, limit in LIMITS.items()]
    return [
        "## Kinds of limits",
        "",
        (
            "What a limit may be `on` (限制类型). `max`, `relax_to` are counted in the unit shown, `price` in"
            " 亿元 per unit."
        ),
        "",
        *_table(("kind", "what it limits", "unit"), rows),
    ]
