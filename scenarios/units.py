"""Units of numbers: a multiple of the one asked for is converted and told, another is refused (单位换算)."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..models.chain import Units
from ..models.errors import Said
from ..models.indicators import INDICATORS
from ..models.limits import LIMITS
from ..models.money import MONEY, money_in_use, taken_apart, unit_in_use
from ..models.quantity import Bilingual, Quantity
from ..models.satellite import TOTALS
from ..models.words import msg
from .document import Node
from .report import Report, shown
from .tables.values import MONTHS, Amount, amount
from .target_words import BASES, ENGLISH_SCALES, SCALES, plain

YEAR = frozenset(("年", "a", "yr", "year", "annum"))
NUMBERS = ("value", "low", "high")
TIERS = ("ensure", "stretch", "at_most", "base", "expected")
_ALIKE = (("标准煤", "标煤"), ("tce", "吨标煤"), ("tco2", "吨二氧化碳"), ("co2", "二氧化碳"))


_NAMES: Mapping[str, tuple[str, float]] = {
    "1": ("%", 100.0),
    "项": ("个", 1.0),
    "kg": BASES["公斤"],
    "千克": BASES["公斤"],
    "kt": ("吨", 1e3),
    "t": ("吨", 1.0),
    **{name: ("months", float(factor)) for name, factor in MONTHS.items()},
    **BASES,
}


@cache
def _part(said: str, currency: str) -> tuple[str, float]:
    """What one side of a unit is reckoned in, and how much of it one is; without a name, how many.

    ``currency`` is the one whose sign and names need no code.
    """
    name, factor = said.strip(), 1.0
    money = taken_apart(name, currency)
    if money and money[0]:
        return ("元" if money[0] == "CNY" else money[0]), money[1]
    for old, new in _ALIKE:
        name = name.replace(old, new)
    while name:
        for known in (name, name.replace(" ", "")):
            if known in _NAMES:
                base, each = _NAMES[known]
                return base, factor * each
        word = next((word for word in (*ENGLISH_SCALES, *SCALES) if name.startswith(word)), "")
        if not word:
            break
        factor *= (SCALES | ENGLISH_SCALES)[word]
        name = name[len(word) :].strip()
    return name, factor


@cache
def _taken(unit: str, currency: str) -> tuple[tuple[str, str], float, bool]:
    """A unit as what is over what, how much of that one is, and whether it is a year's."""
    above, *below = re.sub(r"^每年", "", plain(unit)).split("/")
    yearly = bool(below) and below[-1].strip() in YEAR
    base, factor = _part(above, currency)
    lower, divisor = (
        _part("/".join(below[: len(below) - yearly]), currency) if len(below) > yearly else ("", 1.0)
    )
    return (base, lower), factor / divisor, yearly


def times(said: str, asked: str) -> float | None:
    """What a number in one unit is multiplied by to be in another; None where the two measure different
    things.

    >>> times("万元", "亿元"), times("年", "months"), times("‰", "%/yr"), times("万元/公斤", "元/吨")
    (0.0001, 12.0, 0.1, 10000000.0)
    >>> times("万元", "%"), times("亿元/年", "亿元"), times("万吨标准煤", "万吨标煤")
    (None, None, 1.0)
    """
    if " per " in asked:
        above, _, below = asked.partition(" per ")
        found = times(said, f"{above}/{below}") if "/" in said or said == "1" else None
        return found if found is not None or "%" in above else times(said, above)
    if plain(said) == plain(asked):
        return 1.0
    currency = money_in_use().currency
    (base, lower), factor, yearly = _taken(said, currency)
    (wanted, under), of, by_year = _taken(asked, currency)
    if yearly and not by_year and wanted != "%":
        return None
    if under and under == wanted and not lower and base == "%":  # 40 % of a yuan for each yuan
        return float(f"{factor / 100 / of:.12g}")
    counted = not base and not lower and not under and wanted not in ("%", "points", "months")
    if (base, lower) != (wanted, under) and not counted:
        return None
    return float(f"{factor / of:.12g}")


def asked_here(path: str, *roots: Node) -> str:
    """The unit of a number that another key decides: the kind of a limit, the indicator of a row; empty where
    nothing says it. The first of the trees that says something counts."""
    return unit_in_use(token_here(path, *roots))


def token_here(path: str, *roots: Node) -> str:
    """The same as code writes it, whatever money is in use."""
    steps = path.split(".")
    part, key, field = (*steps, "", "", "")[:3]
    if part == "limits":
        kind = LIMITS.get(_said(roots, part, key, "on"))
        if kind is None:
            return ""
        named = _said(roots, part, key, "indicator") if kind.names == "indicator" else ""
        own = _of_indicator(named, roots) if named else kind.unit
        return f"{MONEY} per {own}" if field == "price" and own else own
    if part == "indicators":
        own = _said(roots, part, key, "unit")
        return f"{own}/{MONEY}" if own and field == "coefficients" else own
    if part == "chains":
        return _of_chain(key, steps[-1], roots)
    if part == "projects":
        sector = _said(roots, part, key, "sector")
        return _of_chain(_said(roots, "sectors", sector, "chain"), steps[-1], roots)
    if part == "relations":
        own = _of_indicator(key, roots)
        driver = _of_indicator(steps[3], roots) or "%" if field == "drivers" and steps[3:] else ""
        return f"{own} per {driver}" if driver else own
    if part == "history":
        key = steps[-1]
    if part == "actuals":
        key = field
    name = _said(roots, "targets", key, "indicator") or key
    return _of_indicator(name, roots) or _said(roots, "targets", key, "unit")


def _of_chain(chain: str, field: str, roots: tuple[Node, ...]) -> str:
    """The unit of a chain's number by the field in which it stands."""
    if field == "worth":
        return ""
    what = "price" if field.endswith("price") else "amount"
    unit = _said(roots, "chains", chain, "units", what) or str(Units.model_fields[what].default)
    return unit + (f"/{'yr' if unit.isascii() else '年'}" if field in ("capacity", "most") else "")


def _of_indicator(name: str, roots: tuple[Node, ...]) -> str:
    if name in INDICATORS:
        return INDICATORS[name].unit
    if any(name in root.map["indicators"].map for root in roots if "indicators" in root.map):
        return _of_own(name, roots)
    if any(name in root.map["relations"].map for root in roots if "relations" in root.map):
        return _said(roots, "relations", name, "unit") or "%"
    return ""


def _of_own(name: str, roots: tuple[Node, ...]) -> str:
    """Unit of an indicator of the scenario's own."""
    if _said(roots, "indicators", name, "kind") == "growth":
        return "%"
    of, over = (_said(roots, "indicators", name, key) for key in ("of", "over"))
    stated = _said(roots, "indicators", name, "unit")
    above, below = (MONEY if key in TOTALS else _said(roots, "indicators", key, "unit") for key in (of, over))
    if not of or (stated and over):
        return stated
    return f"{above}/{below}" if over else above


def _said(roots: tuple[Node, ...], *steps: str) -> str:
    """The word at a path of the first tree that has one."""
    for root in roots:
        node: Node | None = root
        for step in steps:
            node = node.map.get(step) if node else None
        if node is not None and isinstance(node.value, str):
            return node.text
    return ""


@cache
def fixed(unit: str) -> bool:
    """Whether a field's unit is its own; else it follows from another key."""
    return bool(unit) and not re.search(r"by kind|indicator|per unit|of the chain", unit)


def settled(node: Node, unit: str, report: Report) -> None:
    """Put a number that states another unit into the one asked for, and tell it; what is no multiple is left
    to be refused."""
    if isinstance(node.value, dict):
        _settle_map(node, unit, report)
    elif isinstance(node.value, str) and (read := _amount(node.text)):
        factor = times(read.unit, unit)
        if factor is not None:
            said = node.text
            _put(node, float(read.number) * factor)
            if factor != 1 or read.about:
                _told(node, said, unit, report)


def _amount(text: str) -> Amount | None:
    """A number with its unit, exact or about so much; a least or a most is neither."""
    read = amount(text)
    return read if read and read.unit and not re.search("以上|[余多超逾]", text) else None


def foreign(text: str) -> Said:
    """What is wrong with a number whose unit is not one asked for; nothing where a text is no such number."""
    read = _amount(text)
    return msg("{unit} is no unit of it", unit=shown(read.unit)) if read else ""


def _settle_map(node: Node, unit: str, report: Report) -> None:
    for name in NUMBERS:
        if name in node.map:
            settled(node.map[name], unit, report)
    said = node.map.get("unit")
    if said is None or not isinstance(said.value, str) or said.text == unit:
        return
    factor, numbers = times(said.text, unit), _numbers(node)
    if factor is None or not numbers or any(each.place.file != said.place.file for each in numbers):
        return
    if factor != 1:
        central = node.map.get("value", numbers[0])
        before = central.text if said.text == "1" else f"{central.text} {said.text}"
        for each in numbers:
            _put(each, float(each.value) * factor)  # type: ignore[arg-type]
        _told(central, before, unit, report)
    said.value = said.text = unit


def _numbers(node: Node) -> list[Node]:
    """The numbers of a map that are in its unit."""
    law = node.map.get("distribution")
    more = [law.map["sd"]] if law and "sd" in law.map else []
    values = law.map["values"].value if law and "values" in law.map else None
    more += values if isinstance(values, list) else []
    return [
        each for each in (*(node.map[name] for name in NUMBERS if name in node.map), *more) if each.number
    ]


def _put(node: Node, value: float) -> None:
    exact = float(f"{value:.12g}")
    node.value = int(exact) if exact.is_integer() and abs(exact) < 1e15 else exact
    node.text, node.plain = f"{exact:.12g}", True


def _told(node: Node, said: str, unit: str, report: Report) -> None:
    report.told(node.place, read_as(said, float(node.text), unit))


def read_as(said: str, value: float, unit: str) -> Bilingual:
    """How a number in another unit was read."""
    return msg("{said} is read as {value:.10g} {unit}", said=shown(said), value=value, unit=unit)


def convert(root: Node, base: Node | None, report: Report) -> None:
    """Put every number of one file that states a unit into the unit asked for."""
    roots = (root,) if base is None else (root, base)
    rows = root.map.get("targets")
    for key, row in rows.map.items() if rows else ():
        _row(row, asked_here(f"targets.{key}.ensure", *roots), f"targets.{key}", report)
    for path, node in list(_stating(root, "", 0)):
        unit = unit_at(path)
        if unit and not fixed(unit):
            if path.split(".")[0] == "targets" and isinstance(node.value, str):
                continue  # in a planner's words: understood as such
            unit = asked_here(path, *roots)
        if unit:
            settled(node, unit, report)


def _row(row: Node, asked: str, path: str, report: Report) -> None:
    """The numbers of a target's row that states a unit beside an indicator that has its own."""
    said = row.map.get("unit")
    if said is None or not isinstance(said.value, str) or not asked or said.text == asked:
        return
    bare = [row.map[tier] for tier in TIERS if tier in row.map]
    bare = [each.map.get("value", each) for each in bare if "unit" not in each.map]
    words = row.map.get("said")
    factor = times(said.text, asked)
    if factor is None or not (bare or words):
        report.add(
            said.place,
            f"{path}.unit",
            shown(said.text),
            f'"{asked}"',
            msg("{unit} is no unit of it", unit=shown(said.text)),
        )
    else:
        for each in bare:
            if each.number and factor != 1:
                before = f"{each.text} {said.text}"
                _put(each, float(each.value) * factor)  # type: ignore[arg-type]
                _told(each, before, asked, report)
        if words is not None and re.fullmatch(r"[-+]?[\d.,]+", words.text.strip()):
            words.value = words.text = f"{words.text.strip()}{said.text}"
    said.value = said.text = asked


_BEGINS = re.compile(r"(约|大约|近|预计|about )?[-+¥]?[\d０-９.．]|cny|rmb", re.IGNORECASE)


def _stating(node: Node, path: str, depth: int) -> Iterator[tuple[str, Node]]:
    """Everything that may state a unit of its own: maps with one, texts that begin with a number."""
    if isinstance(node.value, dict):
        if "unit" in node.value or "value" in node.value:
            yield path, node
        for name, child in node.value.items():
            if isinstance(child.value, (dict, list)) or (
                isinstance(child.value, str) and not child.loose and _BEGINS.match(child.value)
            ):
                yield from _stating(child, f"{path}.{name}".removeprefix("."), depth + 1)
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield from _stating(child, f"{path}.{index}", depth + 1)
    elif isinstance(node.value, str):
        yield path, node


def unit_at(path: str) -> str:
    """The unit of the quantity at a path of the schema; empty where there is none."""
    return unit_in_use(token_at(path))


@cache
def token_at(path: str) -> str:
    """The same as code writes it, whatever money is in use."""
    from ..models.sectors import INSTANCES, SECTORS
    from .schema import Months, Pool, Project, Scenario

    kind: Any = Scenario
    steps, unit = path.split("."), ""
    if steps[0] == "defaults":
        named: dict[str, Any] = {"project": Project, "months": Months, "pool": Pool} | {
            name: SECTORS[INSTANCES.get(name, name)].Parameters for name in (*SECTORS, *INSTANCES)
        }
        kind, steps = named.get((*steps, "")[1]), steps[2:]
    for step in steps:
        kind, unit = _below(kind, step, unit)
        if kind is None:
            return ""
    return unit if kind is Quantity else ""


def _below(kind: Any, step: str, unit: str) -> tuple[Any, str]:
    """What stands at a step of a part of the schema, and the unit that holds there."""
    if isinstance(kind, list):  # one of several models
        found = [(each, info) for each in kind if (info := each.model_fields.get(step))]
        kind = found[0][0] if found else None
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not Quantity:
        info = kind.model_fields.get(step)
        return (None, "") if info is None else (_bare(info.annotation), _unit(info))
    if get_origin(kind) in (dict, tuple):
        args = get_args(kind)
        return _bare(args[1] if get_origin(kind) is dict else args[0]), unit
    return None, ""


def _unit(info: FieldInfo) -> str:
    extra = info.json_schema_extra
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""


def _bare(kind: Any) -> Any:
    """A kind without what may be left out; the models of a union as a list."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        rest = [arg for arg in get_args(kind) if arg is not type(None)]
        return _bare(rest[0]) if len(rest) == 1 else rest
    return kind
