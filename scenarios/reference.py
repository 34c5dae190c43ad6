"""The schema as a page to read, in English and Chinese: every key with unit, range and meaning."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from inspect import get_annotations
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..models.money import unit_in_use
from ..models.quantity import Bilingual, Quantity
from .files import own_yaml
from .reference_lists import lists
from .schema import Scenario

_HEAD = {
    "en": """# Scenario reference

Generated from the schema (`simulate schema --markdown`). A *quantity* is a bare number, or a mapping
`{value, low, high, unit, source | assumption}`; a bare number takes the nearest `source:` or `assumption:` above it.
A number may carry its unit (`fai: 5600000万元`): a multiple of the field's is converted and told, another is refused.
亿元 (CNY 100m) is the unit of money where the scenario's `money` states no other.
A *text* is a string or `{zh, en}`. Keys marked * are required; the shipped priors
(`extends: example:china-2023/priors.yaml`) fill many of them. What a scenario can name stands at the end:
[classes and groups](#classes-and-groups-of-the-national-table),
[indicators](#indicators), [linked relations](#linked-relations), [kinds of limits](#kinds-of-limits).
""",  # noqa: E501
    "zh": """# 方案参考

由格式生成（`simulate schema --markdown --lang zh`）。“数”可以只写数，也可以写成
`{value, low, high, unit, source | assumption}`；只写数时取上方最近的 `source:` 或 `assumption:`。
数可带单位（`fai: 5600000万元`）：是该项单位的倍数就换算并说明，否则指出。
方案的 `money` 另有规定时，“亿元”即指其规定的金额单位。
“文字”写一个字符串，或 `{zh, en}`。标 * 的键必需，其中许多已由随附的先验参数
（`extends: example:china-2023/priors.yaml`）填好。方案里可用的名称列在最后：
[全国表的类和组](#classes)、[指标](#indicators)、[推算指标](#relations)、[限制类型](#limits)。
""",
}
_COLUMNS = {
    "en": "| key | kind | unit | range | meaning |",
    "zh": "| 键 | 写法 | 单位 | 范围 | 含义 |",
}
_WORDS: dict[str, dict[Any, str]] = {
    "en": {
        Quantity: "quantity",
        Bilingual: "text",
        str: "name",
        int: "whole number",
        bool: "true or false",
        float: "number",
        Union: " or ",
        Literal: ", ",
        dict: "map of {}",
        tuple: "list of {}",
    },
    "zh": {
        Quantity: "数",
        Bilingual: "文字",
        str: "名称",
        int: "整数",
        bool: "true 或 false",
        float: "数值",
        Union: " 或 ",
        Literal: "、",
        dict: "按键名：{}",
        tuple: "列表：{}",
    },
}
_UNITS = {
    "%/yr": "%/年",
    "1": "无量纲",
    "amount of the chain": "工艺链的数量单位",
    "amount of the chain a year": "工艺链的数量单位/年",
    "by kind": "按类型",
    "degrees of freedom": "自由度",
    "desks": "个",
    "months": "月",
    "of the indicator": "同指标",
    "of the indicator per unit": "指标单位／驱动单位",
    "points": "个百分点",
    "price of the chain": "工艺链的价格单位",
    "projects": "个",
    "亿元 per unit": "亿元／单位",
}


def _chinese() -> dict[str, dict[str, str]]:
    """What each part and key means in Chinese, by name of the part."""
    told: dict[str, dict[str, str]] = own_yaml(Path(__file__).with_name("reference.zh.yaml"))
    return told


def title(part: type[BaseModel]) -> str:
    """The name of a part on the page."""
    return part.__name__.removesuffix("Spec")


def chinese(part: type[BaseModel], name: str = "_") -> str:
    """What a part of the schema, or one of its keys, means in Chinese; said where the key is defined.

    Raises
    ------
    KeyError
        Where neither the key itself nor `reference.zh.yaml` says it.
    """
    own = next((kind for kind in part.__mro__ if name in get_annotations(kind)), part)
    extra = part.model_fields[name].json_schema_extra if name in part.model_fields else None
    if isinstance(extra, dict) and "zh" in extra:
        return str(extra["zh"])
    return _chinese()[title(own)][name]


def reference(lang: str = "en") -> str:
    """Markdown with one table per part of a scenario, in the order in which they are first used, then all
    names."""
    return "\n".join([_HEAD[lang], *parts_of(Scenario, lang), lists(lang)])


def parts_of(root: type[BaseModel], lang: str, level: int = 2) -> Iterator[str]:
    """A table for each part of a file, in the order in which they are first used; headings of a level."""
    waiting: list[type[BaseModel]] = [root]
    seen: set[type[BaseModel]] = set()
    while waiting:
        part = waiting.pop(0)
        if part in seen:
            continue
        seen.add(part)
        yield _page(part, lang, level)
        for field in part.model_fields.values():
            waiting += [inner for inner in _parts(field.annotation) if inner not in seen]


def _says(part: type[BaseModel], lang: str) -> str:
    """The sentence that opens a part."""
    return chinese(part) if lang == "zh" else " ".join((part.__doc__ or "").partition("\n\n")[0].split())


def _means(part: type[BaseModel], name: str, field: FieldInfo, lang: str) -> str:
    """What a key says; one that only holds another part says what that part says."""
    if field.description:
        return chinese(part, name) if lang == "zh" else field.description.replace("|", "/")
    inner = list(_parts(field.annotation))
    return _says(inner[0], lang) if len(inner) == 1 else ""


def _page(part: type[BaseModel], lang: str, level: int) -> str:
    rows = [
        f"{'#' * level} {title(part)}",
        "",
        _says(part, lang),
        "",
        _COLUMNS[lang],
        "|---|---|---|---|---|",
    ]
    for name, field in part.model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        if extra.get("hidden"):
            continue
        mark = " *" if field.is_required() else ""
        unit = unit_in_use(str(extra.get("unit") or ""))
        cells = (
            f"`{name}`{mark}",
            _kind(field.annotation, _WORDS[lang]),
            _UNITS.get(unit, unit) if lang == "zh" else unit,
            _range(field, extra),
            _means(part, name, field, lang),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join([*rows, ""])


def _range(field: FieldInfo, extra: dict[str, Any]) -> str:
    low, high = extra.get("at_least"), extra.get("at_most")
    if low is None and high is None:
        return ""
    return f"{'' if low is None else f'{low:g}'} … {'' if high is None else f'{high:g}'}".strip()


def _kind(kind: Any, words: Mapping[Any, str]) -> str:
    """A type in words."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _kind(inner[0], words)
    if origin in (Union, types.UnionType):
        each = [_kind(one, words) for one in inner if one is not type(None)]
        return words[Union].join(dict.fromkeys(each))
    if origin is Literal:
        return words[Literal].join(f"`{one}`" for one in inner)
    if origin is dict:
        return words[dict].format(_kind(inner[1], words))
    if origin is tuple:
        return words[tuple].format(_kind(inner[0], words))
    return words[kind] if kind in words else f"[{title(kind)}](#{title(kind).lower()})"


def _parts(kind: Any) -> Iterator[type[BaseModel]]:
    """Parts of the schema inside a type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind not in (Bilingual,):
            yield kind
        return
    for inner in get_args(kind):
        yield from _parts(inner)
