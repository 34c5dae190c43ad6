"""The schema as a page to read: every key with unit, range and meaning."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..models.quantity import Quantity, Text
from .reference_lists import lists
from .schema import Scenario

HEAD = """# Scenario reference

Generated from the schema (`simulate schema --markdown`). A *quantity* is a bare number, or a mapping
`{value, low, high, unit, source | assumption}`; a bare number takes the nearest `source:` or `assumption:` above it.
A *text* is a string or `{zh, en}`. Keys marked * are required; the shipped priors
(`extends: example:china-2023/priors.yaml`) fill many of them. What a scenario can name stands at the end: [classes and groups](#classes-and-groups-of-the-national-table),
[indicators](#indicators), [linked relations](#linked-relations), [kinds of limits](#kinds-of-limits).
"""  # noqa: E501


def reference() -> str:
    """Markdown with one table per part of a scenario, in the order in which they are first used, then all
    names."""
    pages = [HEAD]
    waiting: list[type[BaseModel]] = [Scenario]
    seen: set[type[BaseModel]] = set()
    while waiting:
        part = waiting.pop(0)
        if part in seen:
            continue
        seen.add(part)
        pages.append(_page(part))
        for field in part.model_fields.values():
            waiting += [inner for inner in _parts(field.annotation) if inner not in seen]
    return "\n".join([*pages, lists()])


def _page(part: type[BaseModel]) -> str:
    doc = " ".join((part.__doc__ or "").strip().split("\n\n")[0].split())
    rows = [
        f"## {part.__name__}",
        "",
        doc,
        "",
        "| key | kind | unit | range | meaning |",
        "|---|---|---|---|---|",
    ]
    for name, field in part.model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        if extra.get("hidden"):
            continue
        mark = " *" if field.is_required() else ""
        meaning = (field.description or "").replace("|", "/")
        unit = str(extra.get("unit") or "")
        rows.append(
            f"| `{name}`{mark} | {_kind(field.annotation)} | {unit} | {_range(field, extra)} | {meaning} |"
        )
    return "\n".join([*rows, ""])


def _range(field: FieldInfo, extra: dict[str, Any]) -> str:
    low, high = extra.get("at_least"), extra.get("at_most")
    if low is None and high is None:
        return ""
    return f"{'' if low is None else f'{low:g}'} … {'' if high is None else f'{high:g}'}".strip()


def _kind(kind: Any) -> str:
    """A type in words."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _kind(inner[0])
    if origin in (Union, types.UnionType):
        words = [_kind(each) for each in inner if each is not type(None)]
        return " or ".join(dict.fromkeys(words))
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in inner)
    if origin is dict:
        return f"map of {_kind(inner[1])}"
    if origin is tuple:
        return f"list of {_kind(inner[0])}"
    known = {
        Quantity: "quantity",
        Text: "text",
        str: "name",
        int: "whole number",
        bool: "true or false",
        float: "number",
    }
    if kind in known:
        return known[kind]
    return f"[{kind.__name__}](#{kind.__name__.lower()})"


def _parts(kind: Any) -> Iterator[type[BaseModel]]:
    """Parts of the schema inside a type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind not in (Text,):
            yield kind
        return
    for inner in get_args(kind):
        yield from _parts(inner)
