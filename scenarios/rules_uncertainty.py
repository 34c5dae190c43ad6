"""Rules of doubt: draws, shocks and correlations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from ..models.quantity import Quantity
from ..models.uncertainty import law
from ..models.words import msg
from .findings import Draft, Finding
from .findings import each as each_part
from .report import meant, one_of, shown

if TYPE_CHECKING:
    from .schema import Scenario

SHOCKS = "uncertainty.shocks"
LEAST_EIGENVALUE = 1e-9


def draws_are_powers(draft: Draft) -> Iterator[Finding]:
    """Sobol' points come in powers of 2, and the limit is not below the beginning."""
    if not draft.sound("uncertainty"):
        return
    uncertainty = draft.scenario.uncertainty
    for name in ("draws_min", "draws_max"):
        value = getattr(uncertainty, name)
        if value & (value - 1):
            yield Finding(
                f"uncertainty.{name}",
                str(value),
                msg("a power of 2"),
                one_of((1 << (value.bit_length() - 1), 1 << value.bit_length())),
            )
    if uncertainty.draws_max < uncertainty.draws_min:
        yield Finding(
            "uncertainty.draws_max",
            str(uncertainty.draws_max),
            msg("at least `draws_min`, {draws_min}", draws_min=uncertainty.draws_min),
        )


def shocks_refer(draft: Draft) -> Iterator[Finding]:
    """Shocks strike sectors that exist, and have tails of one kind."""
    if not draft.sound("uncertainty", "national"):
        return
    shocks = draft.scenario.uncertainty.shocks
    known = dict.fromkeys((*draft.ids("sectors"), *draft.scenario.national.groups))
    for name in shocks.sectors:
        if name not in known:
            yield Finding(
                f"{SHOCKS}.sectors.{name}",
                shown(name),
                msg("a sector or a group: {names}", names=one_of(known)),
                meant(name, known),
            )
    every = {part: getattr(shocks, part) for part in ("national", "province", "own")}
    every |= {f"sectors.{key}": shock for key, shock in shocks.sectors.items()}
    for part, shock in every.items():
        if shock and shock.tails and shock.crisis:
            yield Finding(
                f"{SHOCKS}.{part}.tails",
                msg("`tails` beside `crisis`"),
                msg("one of them"),
                msg("crises already make fat tails"),
            )


def yearly(scenario: Scenario) -> list[str]:
    """What is drawn anew every year, by the path that a correlation names."""
    shocks = scenario.uncertainty.shocks
    names = [f"{SHOCKS}.{part}" for part in ("national", "province", "own") if getattr(shocks, part)]
    names += [f"{SHOCKS}.sectors.{key}" for key in shocks.sectors]
    names += [
        f"chains.{c}.materials.{m}"
        for c, chain in scenario.chains.items()
        for m, stated in chain.materials.items()
        if stated.price_sd
    ]
    return names


def correlations_fit(draft: Draft) -> Iterator[Finding]:
    """Correlations join two numbers in doubt, and together are a correlation matrix (positive definite)."""
    stated = draft.scenario.uncertainty.correlations if draft.sound("uncertainty") else {}
    if not stated or draft.broken:
        return
    over_time = dict.fromkeys(yearly(draft.scenario))
    every = dict(each_part(draft.scenario, Quantity))
    once = {path: None for path, quantity in every.items() if law(quantity)}
    found: dict[frozenset[str], str] = {}
    wrong = False
    for name, correlation in stated.items():
        path, pair = f"uncertainty.correlations.{name}", correlation.between
        for index, one in enumerate(pair):
            if one not in over_time and one not in once:
                wrong = True
                yield Finding(
                    f"{path}.between[{index}]",
                    shown(one),
                    msg(
                        "the path of an uncertain number (with `low` and `high`, or a distribution), of a"
                        " shock, or of a material with `price_sd`"
                    ),
                    "" if one in every else meant(one, (*over_time, *once)),
                )
        again = [key for two in combinations(pair, 2) if (key := found.get(frozenset(two)))]
        if len(pair) < 2 or len(set(pair)) < len(pair):
            wrong = True
            yield Finding(
                f"{path}.between",
                msg("one name twice") if len(pair) > 1 else shown(", ".join(pair)),
                msg("different names, two at least"),
            )
        elif len({one in over_time for one in pair}) > 1:
            wrong = True
            yield Finding(
                f"{path}.between",
                msg("a shock of every year and a number drawn once"),
                msg("names of the same kind"),
            )
        elif again:
            wrong = True
            yield Finding(
                path,
                msg("a pair stated before"),
                msg("each pair once"),
                f"uncertainty.correlations.{again[0]}",
            )
        found |= {frozenset(two): name for two in combinations(pair, 2)}
    if not wrong:
        yield from _definite(draft.scenario)


def pairs(scenario: Scenario) -> list[tuple[str, str, float]]:
    """Every pair of correlated names with its correlation."""
    return [
        (a, b, c.rho.value)
        for c in scenario.uncertainty.correlations.values()
        for a, b in combinations(c.between, 2)
    ]


def _definite(scenario: Scenario) -> Iterator[Finding]:
    """The matrix of all stated correlations has no eigenvalue at or below 0."""
    import numpy as np

    from ..models.copula import matrix

    names, table = matrix(pairs(scenario))
    least, vector = (part[..., 0] for part in np.linalg.eigh(table))
    if least <= LEAST_EIGENVALUE:
        heavy = [names[at] for at in np.argsort(-np.abs(vector))[:4] if abs(vector[at]) > 0.1]
        yield Finding(
            "uncertainty.correlations",
            msg("a matrix that is not positive definite (smallest eigenvalue {least:.3g})", least=least),
            msg("correlations that can hold together"),
            msg("bring those between {names} nearer to 0", names=one_of(sorted(heavy))),
        )
