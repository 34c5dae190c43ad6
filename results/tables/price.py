"""What a chance costs with the plan's own mix (同结构增投的把握)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.words import msg
from ..text.wording import TIERS, both, the_years
from .decisions import limit_titles
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ...models.limits import Bound


def price_table(answer: Answer) -> Table | None:
    """The chance of each main tier by the amount of investment, the mix as planned."""
    if not answer.price:
        return None
    plan = next(one.money for one in answer.price if one.factor == 1)
    columns = (
        Column("factor", msg("Times the plan"), digits=2),
        Column("money", msg("Investment of {year}", year=the_years(answer.scenario)), MONEY, 1),
        Column("more", msg("Against the plan"), MONEY, 1, signed=True, value=lambda one: one.money - plan),
        *(column for aim in answer.price[0].chances for column in _chances(answer, aim)),
        Column(
            "breaks",
            msg("Limits broken"),
            word=False,
            value=lambda one: _names(answer, one.broken),
            optional=True,
        ),
        Column(
            "beyond",
            msg("Of them beyond what may be relaxed"),
            word=False,
            value=lambda one: _names(answer, one.beyond),
            optional=True,
        ),
    )
    note = msg(
        "Chances on the same futures as the plan's, all its money multiplied by one"
        " factor; what it would take within the other limits and with the best mix is the"
        " subject of the robust analysis."
    )
    return declare(
        "price", msg("What a chance costs, the mix as planned"), columns, answer.price, ("factor",), note
    )


def _chances(answer: Answer, aim: tuple[str, str]) -> Iterator[Column]:
    """The chance of one tier, and its standard error."""
    key, tier = aim
    yield Column(
        f"chance_{key}_{tier}",
        msg("{name}, {tiers}: chance", name=answer.sheet.targets[key].title, tiers=TIERS[tier]),
        digits=3,
        fraction="chance",
        value=lambda one: one.chances[aim].value,
    )
    yield Column(
        f"error_{key}_{tier}",
        msg("s.e."),
        digits=4,
        shown=False,
        fraction="points",
        value=lambda one: one.chances[aim].error,
    )


def _names(answer: Answer, bounds: tuple[Bound, ...]) -> Bilingual | None:
    return both(lambda lang: limit_titles(answer, bounds, lang)) if bounds else None
