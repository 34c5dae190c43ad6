"""Whether a stated distribution is complete and can only give values that its number may take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..models.distributions import DISTRIBUTIONS
from ..models.errors import Said
from ..models.quantity import Distribution, Quantity
from ..models.uncertainty import span
from ..models.words import msg
from .report import one_of, shown

_NEEDED = {
    "sd": msg("the standard deviation, in the number's unit"),
    "values": msg("`values: [..., ...]`, or `file` and `column` of a table"),
}
"""Keys without which a distribution that takes them cannot be drawn, and what is expected there."""
ROUND = 1e-9


class Misfit(NamedTuple):
    """What is wrong with a distribution: at which of its keys, what was found, what should be, what to do."""

    key: str
    found: Said
    expected: Said
    hint: Said = ""


def misfit(data: Mapping[str, Any], at_least: float | None, at_most: float | None) -> Misfit | None:
    """The first thing that is wrong; None where all is well.

    Parameters
    ----------
    data
        Value, bounds and distribution of a number, each right by itself.
    at_least, at_most
        Range of the number by the schema; a normal and a lognormal are held to it at one draw in a million.
    """
    stated = Distribution(**data["distribution"])
    value = float(data["value"])
    law = DISTRIBUTIONS[stated.kind]
    if law.between and "low" not in data and "high" not in data:
        return Misfit(
            "kind", msg("{kind} without bounds", kind=stated.kind), msg("`low` and `high` beside `value`")
        )
    for key, known in (("sd", stated.sd is not None), ("values", stated.values), ("weights", stated.weights)):
        if known and key not in law.takes:
            kinds = one_of(kind for kind, other in DISTRIBUTIONS.items() if key in other.takes)
            return Misfit(
                key,
                msg("`{key}` of a {kind}", key=key, kind=stated.kind),
                msg("only of a {kinds}", kinds=kinds),
            )
        if key in law.takes and not known and key in _NEEDED:
            return Misfit("kind", msg("{kind} without `{key}`", kind=stated.kind, key=key), _NEEDED[key])
    if refused := law.refused(value):
        return Misfit("kind", *refused)
    if stated.weights and (
        len(stated.weights) != len(stated.values) or min(stated.weights) < 0 or not sum(stated.weights)
    ):
        return Misfit(
            "weights",
            msg(
                "{weights} weights for {values} values, the least {least:g}",
                weights=len(stated.weights),
                values=len(stated.values),
                least=min(stated.weights),
            ),
            msg("one for each value, none negative, not all 0"),
        )
    return _beyond(data, stated, at_least, at_most)


def _beyond(
    data: Mapping[str, Any], stated: Distribution, at_least: float | None, at_most: float | None
) -> Misfit | None:
    """Values outside the range of the number."""
    low, high = span(
        Quantity(value=float(data["value"]), low=data.get("low"), high=data.get("high"), distribution=stated)
    )
    for bad, end, word in (
        (at_least is not None and low < at_least - ROUND, low, msg("at least {least}", least=at_least)),
        (at_most is not None and high > at_most + ROUND, high, msg("at most {most}", most=at_most)),
    ):
        if bad:
            key = "values" if stated.values else "sd"
            hint = "" if stated.values else msg("state `low` and `high`: the distribution is cut there")
            return Misfit(key, msg("values as far as {end}", end=shown(end)), word, hint)
    return None
