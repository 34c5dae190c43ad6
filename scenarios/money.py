"""Which money a file counts in, and amounts of the file below it put into that (金额单位)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import ValidationError

from ..models.money import MONEY, Money, known_currency, scale_of
from ..models.words import msg
from .document import Node, below
from .report import Report, shown
from .units import fixed, token_at, token_here

_USUAL = ("CNY", "USD", "EUR", "GBP", "JPY", "INR")
_INSIDE = re.compile(r"\.(?:value|low|high|distribution\.(?:sd|values(?:\[\d+\])?))$")
_WEIGHTS = "national."
"""Where amounts are weights within a table: in the money of the nation, whatever the region counts in."""


def money_of_file(root: Node, before: Money, report: Report) -> Money:
    """The money that a file states; what it leaves out is that of the file it extends.

    A scale in words (million, 亿) becomes its number; what is no currency or no scale is told.
    """
    node = root.map.get("money")
    if node is None or not isinstance(node.value, dict):
        return before
    currency, scale = node.map.get("currency"), node.map.get("scale")
    code, size = before.currency, before.scale
    if currency is not None:
        code = currency.text.strip().upper()
        currency.value = currency.text = code
        if not re.fullmatch("[A-Z]{3}", code) or not known_currency(code):
            report.add(
                currency.at,
                "money.currency",
                shown(currency.text),
                msg("the code of a currency, such as {codes}", codes=", ".join(_USUAL)),
            )
            code = currency.value = currency.text = before.currency
    if scale is not None:
        found = scale_of(scale.text)
        if found is None:
            report.add(
                scale.at,
                "money.scale",
                shown(scale.text),
                msg("a power of ten from 1 to 1e12, or its word: thousand, million, billion, 万, 亿"),
            )
        size = before.scale if found is None else found
        scale.value, scale.text, scale.plain = int(size), f"{size:.0f}", True
    return Money(currency=code, scale=size)


def money_in(root: Node) -> Money:
    """The money of a whole tree; the usual one where it states none that can be."""
    node = root.map.get("money")
    if node is None:
        return Money()
    try:
        return Money(**{name: child.value for name, child in node.map.items() if name in Money.model_fields})
    except ValidationError:
        return Money()


def recount(base: Node, was: Money, now: Money, report: Report, *around: Node) -> None:
    """Put the amounts of a file that is extended into the money of the file that extends it.

    Of another currency no amount can be taken over: what the extended file only compares with
    (``plausible.gdp_most``) is left out; any other amount is told, as it must be stated anew.
    """
    if was == now:
        return
    foreign: list[tuple[str, Node]] = []
    for path, node, per in list(_amounts(base, (base, *around), "")):
        factor = now.scale / was.scale if per else was.scale / now.scale
        if was.currency != now.currency:
            foreign.append((path, node))
        elif isinstance(node.value, (int, float)):
            node.value = float(f"{node.value * factor:.12g}")
            node.text, node.plain = f"{node.value:.12g}", True
    plausible = base.map.get("plausible")
    if foreign and plausible is not None:
        plausible.map.pop("gdp_most", None)
    left = [(path, node) for path, node in foreign if path != "plausible.gdp_most"]
    for path, node in left[:3]:
        report.add(
            node.place,
            path,
            msg("an amount in {was}", was=was.label),
            msg("one in {now}, the money of the file that extends it", now=now.label),
        )


def _amounts(node: Node, roots: tuple[Node, ...], path: str) -> Iterator[tuple[str, Node, bool]]:
    """Every number of a tree that is an amount of money or one per amount of money (True), with the path of
    its quantity."""
    if isinstance(node.value, (dict, list)):
        for step, child in node.children():
            yield from _amounts(child, roots, below(path, step))
    elif node.number and not path.startswith(_WEIGHTS):
        quantity = _INSIDE.sub("", path)
        unit = token_at(quantity)
        if unit and not fixed(unit):
            unit = token_here(quantity, *roots)
        below_it = unit.endswith((f"/{MONEY}", f" per {MONEY}"))
        if unit.startswith(MONEY) != below_it:
            yield quantity, node, below_it
