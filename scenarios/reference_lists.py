"""What a scenario can name: classes and groups of the shipped table, indicators, relations, kinds of
limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..models.indicators import DRIVERS, INDICATORS
from ..models.limits import LIMITS
from ..models.money import unit_in_use
from .document import Node, compose
from .files import EXAMPLE, PRIORS, shipped
from .report import Report

_COVERS = {
    "en": {
        "": "",
        "sectors": "sectors of the scenario or groups of the national table",
        "goods": "materials of a chain, sectors or groups",
        "crops": "crops of a sector with `model: agriculture`",
    },
    "zh": {
        "": "",
        "sectors": "方案的部门，或全国表的组",
        "goods": "工艺链的物料、部门或组",
        "crops": "`model: agriculture` 部门的作物",
    },
}
# Heading, sentence and columns of each list, by language; headings in Chinese have an anchor of their own.
_LISTS = {
    "en": {
        "classes": (
            "Classes and groups of the national table",
            "What `national` of a sector may name, as shipped in `{}` (全国投入产出表的类和组).",
            ("class", "中文", "English"),
        ),
        "groups": ("", "", ("group", "classes")),
        "indicators": (
            "Indicators",
            (
                "What a target may be set on (`indicator`, or the target's own key): each is an equation of"
                " the model (建模指标). Where the last column is filled, the target must say `covers`."
            ),
            ("indicator", "中文", "English", "unit", "`covers` lists"),
        ),
        "own": (
            "Shipped indicators of one's own",
            (
                "Coefficients by class of the national table (自定义指标), to be taken up by"
                " `indicators: {{use: FILE}}` and scaled to a region by `base`."
            ),
            ("indicator", "中文", "English", "unit", "file"),
        ),
        "relations": (
            "Linked relations",
            (
                "Indicators that follow others (挂钩指标), as shipped in `{}`; a scenario may restate them"
                " or add its own. Drivers: {}, any indicator without `covers`, or another relation."
            ),
            ("relation", "中文", "English", "unit", "formula"),
        ),
        "limits": (
            "Kinds of limits",
            (
                "What a limit may be `on` (限制类型). `max`, `relax_to` are counted in the unit shown,"
                " `price` in"
                " the scenario's money per unit."
            ),
            ("kind", "what it limits", "unit"),
        ),
    },
    "zh": {
        "classes": (
            "全国表的类和组 {#classes}",
            "部门的 `national` 可写的名称，随附于 `{}`。",
            ("类", "中文", "English"),
        ),
        "groups": ("", "", ("组", "包括的类")),
        "indicators": (
            "指标 {#indicators}",
            (
                "目标可设在哪些指标上（写 `indicator`，或直接用作目标的键名），各是模型的一个方程。"
                "末列有内容的，目标必须写 `covers`。"
            ),
            ("指标", "中文", "English", "单位", "`covers` 填什么"),
        ),
        "own": (
            "随附的自定义指标 {#own}",
            "按全国表的类给出系数，用 `indicators: {{use: 文件}}` 引用，用 `base` 调整到本地水平。",
            ("指标", "中文", "English", "单位", "文件"),
        ),
        "relations": (
            "推算指标 {#relations}",
            (
                "随其他指标推算的指标，随附于 `{}`；方案可以改写或另加。"
                "驱动因素：{}、任何不写 `covers` 的指标，或另一个推算指标。"
            ),
            ("推算指标", "中文", "English", "单位", "公式"),
        ),
        "limits": (
            "限制类型 {#limits}",
            "限制的 `on` 可写什么。`max`、`relax_to` 按所列单位计，`price` 按每单位计。",
            ("类型", "限制什么", "单位"),
        ),
    },
}


def lists(lang: str = "en") -> str:
    """Markdown with every name that a scenario may use beside the keys of the schema."""
    root, name = _national_priors()
    return "\n".join(
        [
            *_national(root, name, lang),
            *_indicators(lang),
            *_own(lang),
            *_relations(root, name, lang),
            *_limits(lang),
        ]
    )


def _national_priors() -> tuple[Node, str]:
    """The shipped priors that name classes and groups themselves, and how a scenario calls them."""
    for file in sorted(shipped().glob(f"*/{PRIORS}")):
        name = f"{EXAMPLE}{file.parent.name}/{file.name}"
        root = compose(file.read_text(encoding="utf-8"), name, Report())
        if root is not None and "national" in root.map and "groups" in root.map["national"].map:
            return root, name
    raise AssertionError("no shipped priors name groups of a national table")


def _list(which: str, lang: str, rows: Iterable[Sequence[str]], *told: str) -> list[str]:
    """One list with its heading and sentence."""
    heading, sentence, columns = _LISTS[lang][which]
    head = [f"## {heading}", "", sentence.format(*told), ""] if heading else []
    return [*head, *_table(columns, rows)]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines] + [""]


def _title(node: Node) -> tuple[str, str]:
    """Title in Chinese and English."""
    title = node.map["title"]
    zh, en = (title.map[key].text if key in title.map else title.text for key in ("zh", "en"))
    return zh, en


def _national(root: Node, name: str, lang: str) -> list[str]:
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
    return [*_list("classes", lang, classes, name), *_list("groups", lang, groups)]


def _items(node: Node) -> list[Node]:
    return node.value if isinstance(node.value, list) else []


def _indicators(lang: str) -> list[str]:
    rows = [
        (f"`{key}`", one.title.of("zh"), one.title.of("en"), unit_in_use(one.unit), _COVERS[lang][one.covers])
        for key, one in INDICATORS.items()
    ]
    return _list("indicators", lang, rows)


def blocks() -> dict[str, Node]:
    """Shipped files of indicators, by the name that a scenario gives them."""
    found: dict[str, Node] = {}
    for file in sorted(shipped().glob("*/*.yaml")):
        name = f"{EXAMPLE}{file.parent.name}/{file.name}"
        text = file.read_text(encoding="utf-8")
        if "\nindicators:" in text and (root := compose(text, name, Report())):
            found |= {name: root} if "dabiao" not in root.map else {}
    return found


def _own(lang: str) -> list[str]:
    rows = []
    for name, root in blocks().items():
        for key, node in root.map["indicators"].map.items():
            unit = node.map["unit"].text if "unit" in node.map else "%"
            rows.append((f"`{key}`", *_title(node), unit, f"`{name}`"))
    return _list("own", lang, rows)


def _relations(root: Node, name: str, lang: str) -> list[str]:
    rows = []
    for key, node in root.map["relations"].map.items():
        drivers = [f"{_number(node_)} × `{driver}`" for driver, node_ in node.map["drivers"].map.items()]
        unit = node.map["unit"].text if "unit" in node.map else "%"
        rows.append((f"`{key}`", *_title(node), unit, " + ".join([_number(node.map["constant"]), *drivers])))
    known = ("、" if lang == "zh" else ", ").join(f"`{driver}`" for driver in DRIVERS)
    return _list("relations", lang, rows, name, known)


def _number(node: Node) -> str:
    return node.map["value"].text if "value" in node.map else node.text


def _limits(lang: str) -> list[str]:
    """Kinds of limits, as their classes say it."""
    rows = [
        (f"`{kind}`", limit.title.of("zh") if lang == "zh" else limit.counts, unit_in_use(limit.unit))
        for kind, limit in LIMITS.items()
    ]
    return _list("limits", lang, rows)
