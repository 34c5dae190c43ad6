"""Base-year accounts: input-output links of a region and where its output goes (投入产出).

Equations after Miller & Blair (2009), *Input-Output Analysis*, ch. 2, 3 and 8. ``B`` branches, ``K`` classes
of the national table, ``S`` sectors, ``D`` draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .errors import Problem, ScenarioError
from .links import Links, Purchases, by_supplier, linked, purchases
from .money import in_money
from .quantity import FloatArray, same_draws, share_of
from .sector import Branch
from .words import msg


@dataclass(frozen=True)
class NationalTable:
    """The national table: coefficients ``(K, K, D)`` (row sells to column), facts of each class ``(K,
    D)``.

    ``outside`` is what a class buys outside and pays in taxes on products besides its coefficients, over its
    output: 0 where imports are inside them.
    """

    classes: tuple[str, ...]
    coefficients: FloatArray
    va_ratio: FloatArray
    regional_purchase: FloatArray
    labour_share: FloatArray
    household_share: FloatArray
    government_share: FloatArray
    outside: FloatArray = field(default_factory=lambda: np.zeros((1, 1)))


@dataclass(frozen=True)
class Totals:
    """Control totals of the base year, in units of money; investment by sector ``(S, D)``."""

    household: FloatArray
    government: FloatArray
    investment: FloatArray


@dataclass(frozen=True)
class Adjusted:
    """A prior that the region's own figures did not bear out, and by what factor it was lowered."""

    branch: str
    purchases: float
    investment: float


@dataclass(frozen=True)
class Accounts:
    """Balanced base year.

    .. math:: x_0 = A^r x_0 + c_0 + g_0 + B\\,F_0 + e_0

    Attributes
    ----------
    output, va_ratio, labour
        Gross output (money), value added and labour income per unit of it, ``(B, D)``. The labour share of a
        branch is that of its classes, weighted by their value added.
    links
        Regional coefficients ``A^r``: local product used per yuan of output.
    household, government, outside
        Local purchases by households and government, and sales outside the region, ``(B, D)``, in money.
    investment
        ``B``: local product bought per yuan invested by each sector.
    scaled
        Inputs of each branch over those of its classes ``(B, D)``: what columns were scaled by so that inputs
        and value added are output.
    """

    output: FloatArray
    va_ratio: FloatArray
    labour: FloatArray
    links: Links
    household: FloatArray
    government: FloatArray
    outside: FloatArray
    investment: Purchases
    adjusted: tuple[Adjusted, ...]
    scaled: FloatArray = field(default_factory=lambda: np.ones((1, 1)))

    @property
    def local(self) -> FloatArray:
        """Regional coefficients in one table ``(B, B, D)``: large where many branches have many draws."""
        return self.links.whole

    @property
    def buys(self) -> FloatArray:
        """Local product bought per yuan invested by each sector in one table ``(B, S, D)``."""
        return self.investment.whole


def balance(
    branches: Sequence[Branch],
    sectors: Sequence[str],
    national: NationalTable,
    totals: Totals,
    buys: Mapping[str, Mapping[str, FloatArray]],
    purchase: Mapping[str, FloatArray],
    labour: Mapping[str, FloatArray],
    strict: bool = True,
) -> Accounts:
    """Build the accounts so that every branch's sales add up to its output.

    Parameters
    ----------
    buys
        Sector -> class -> share of a yuan invested that is bought from local producers.
    purchase, labour
        Sector -> own regional purchase coefficient (of all that it sells) or labour share where stated; else
        that of the classes.
    strict
        Whether coefficients that cannot stand together are an error; otherwise a draw of them is taken to the
        edge of what is possible.

    Purchases are made class by class, each class at its own rate whoever sells it (:func:`_coefficients`;
    households and government alike). Sales outside are the residual. Where local purchases would exceed a
    branch's output, the regional purchase coefficients (if priors of the classes) and the local purchases of
    investment are lowered in proportion until sales outside are zero; what was lowered is in ``adjusted``.
    Source: Miller & Blair (2009), ch. 2, 3 and 8.

    Raises
    ------
    ScenarioError
        Where a coefficient stated for the sector itself makes local demand exceed output.
    """
    output = _stack([branch.output for branch in branches])
    va_ratio = _stack([branch.va_ratio for branch in branches])
    weights = np.stack(
        same_draws(*[_stack([b.national.get(c, np.zeros(1)) for c in national.classes]) for b in branches])
    )  # B K D
    direct = _inside_chains(branches)
    between = np.einsum("ijd,jd->id", *same_draws(direct, output))
    # what a chain uses itself is not offered to others
    made = np.maximum(output - between, 0.0)[:, None, :] * weights
    whole = made.sum(axis=0)
    supplier = share_of(made, whole)  # B K D: who sells class k
    sold = supplier * _rates(branches, national, purchase)  # B K D: of a yuan spent on class k
    links, scaled = _coefficients(branches, national, weights, va_ratio, sold, direct, strict)
    labour_share = _stack(
        [labour.get(branch.sector, _labour_share(weights[b], national)) for b, branch in enumerate(branches)]
    )
    household = by_supplier(sold, national.household_share[:, None])[:, 0] * totals.household
    government = by_supplier(sold, national.government_share[:, None])[:, 0] * totals.government
    bought = _bought(branches, sectors, national.classes, buys, supplier)
    used = links.goods.asked(output)
    wished = used + household + government
    invested = bought.asked(totals.investment)
    (kept, kept_invested), adjusted = _fit(branches, output - between, wished, invested, purchase, strict)
    household, government = kept * household, kept * government
    outside = output - (kept * used + between + household + government + kept_invested * invested)
    outside = np.where(np.abs(outside) < 1e-12 * output, 0.0, outside)
    return Accounts(
        output,
        va_ratio,
        va_ratio * labour_share,
        linked(links.goods.kept(kept), direct),
        household,
        government,
        outside,
        bought.kept(kept_invested),
        adjusted,
        scaled,
    )


def _stack(rows: Sequence[FloatArray]) -> FloatArray:
    return np.stack(np.broadcast_arrays(*rows))


def _rates(
    branches: Sequence[Branch], national: NationalTable, purchase: Mapping[str, FloatArray]
) -> FloatArray:
    """Part of each class that is bought here, by seller ``(B, K, D)``: the class's, or the seller's own."""
    return _stack(
        [
            (
                np.broadcast_to(
                    purchase[branch.sector], (len(national.classes), len(purchase[branch.sector]))
                )
                if branch.sector in purchase
                else national.regional_purchase
            )
            for branch in branches
        ]
    )


def _labour_share(weights: FloatArray, national: NationalTable) -> FloatArray:
    """Labour income over value added ``(D,)`` of a branch made of classes in output shares ``(K, D)``.

    .. math:: \\lambda = \\sum_k w_k v_k \\lambda_k / \\sum_k w_k v_k
    """
    added = weights * national.va_ratio
    return share_of((added * national.labour_share).sum(axis=0), added.sum(axis=0))


def _inside_chains(branches: Sequence[Branch]) -> FloatArray:
    """Physical coefficients between the processes of chains, ``(B, B, D)``."""
    at = {branch.id: b for b, branch in enumerate(branches)}
    draws = max([1, *(len(amount) for branch in branches for amount in branch.inputs.values())])
    direct = np.zeros((len(branches), len(branches), draws))
    for j, branch in enumerate(branches):
        for maker, amount in branch.inputs.items():
            direct[at[maker], j] += amount
    return direct


def _coefficients(
    branches: Sequence[Branch],
    national: NationalTable,
    weights: FloatArray,
    va_ratio: FloatArray,
    sold: FloatArray,
    direct: FloatArray,
    strict: bool,
) -> tuple[Links, FloatArray]:
    """Regional coefficients, and what columns were scaled by ``(B, D)``.

    .. math:: A^r_{bj} = \\sum_k s_{bk} r_{bk} a_{kj}

    besides those inside chains, with ``s`` a branch's part of the local offer of a class and ``r`` the part
    of it that is bought here, together ``sold`` ``(B, K, D)``; ``a`` is what a yuan of output takes of the
    class. Columns of these technical coefficients, and what they leave out (imports, taxes on products), are
    scaled so that all inputs, local and imported, add up to one minus value added.
    What a process takes from its chain it does not buy a second time: classes of its suppliers (for the first
    process, its own) are left out of its column; so are those of materials that it buys outside.
    """
    column = np.einsum("klD,blD->kbD", *same_draws(national.coefficients, weights))
    makes = {each.id: {c for c, share in each.national.items() if np.any(share)} for each in branches}
    for j, branch in enumerate(branches):
        if branch.id == branch.sector or not branch.supply_led:
            continue
        twice = branch.feedstock.union(*(makes[each] for each in branch.inputs)) or makes[branch.id]
        rows = [k for k, c in enumerate(national.classes) if c in twice]
        if len(rows) < len(national.classes):
            column[rows, j] = 0.0
    rest = 1.0 - va_ratio - direct.sum(axis=0) - _stack([branch.imported for branch in branches])
    problems = [
        Problem(
            f"sectors.{branch.sector}",
            msg(
                "{id}: value added and chain inputs of {share:.3f} per unit of output",
                id=branch.id,
                share=1 - float(rest[j].min()),
            ),
            msg("at most 1"),
            msg("lower va_ratio or the amounts used, or check prices"),
        )
        for j, branch in enumerate(branches)
        if np.any(rest[j] < -1e-9)
    ]
    if problems and strict:
        raise ScenarioError(problems)
    outside = np.einsum(
        "lD,blD->bD", *same_draws(national.outside * np.ones((len(national.classes), 1)), weights)
    )
    scaled = share_of(np.maximum(rest, 0.0), column.sum(axis=0) + outside)
    return Links(purchases(sold, column * scaled[None, :, :]), direct), scaled


def _bought(
    branches: Sequence[Branch],
    sectors: Sequence[str],
    classes: Sequence[str],
    buys: Mapping[str, Mapping[str, FloatArray]],
    supplier: FloatArray,
) -> Purchases:
    """Local product bought per yuan invested by each sector."""
    draws = max([1, *(len(q) for row in buys.values() for q in row.values())])
    content = np.zeros((len(classes), len(sectors), draws))
    for s, sector in enumerate(sectors):
        for name, part in buys[sector].items():
            content[classes.index(name), s] = part
    return purchases(supplier, content)


def _fit(
    branches: Sequence[Branch],
    free: FloatArray,
    wished: FloatArray,
    invested: FloatArray,
    purchase: Mapping[str, FloatArray],
    strict: bool,
) -> tuple[tuple[FloatArray, FloatArray], tuple[Adjusted, ...]]:
    """Factors on purchases and on investment's purchases that keep sales outside from being negative."""
    free, wished, invested = same_draws(free, wished, invested)
    on_purchase, on_investment = np.ones_like(free), np.ones_like(free)
    problems, adjusted = [], []
    for b, branch in enumerate(branches):
        over = wished[b] + invested[b] > free[b]
        if not over.any():
            continue
        if branch.sector in purchase:
            left = free[b] - wished[b]
            if not strict:  # a draw that asks too much of the sector buys less of it
                on_purchase[b] = np.where(left < 0, free[b] / np.maximum(wished[b], 1e-12), 1.0)
                left = np.maximum(left, 0.0)
            if np.any(left < -1e-9 * free[b]):
                problems.append(
                    Problem(
                        f"sectors.{branch.sector}.regional_purchase",
                        msg("local demand of {wished}", wished=in_money(float(wished[b].max()))),
                        msg("at most its output {free}", free=in_money(float(free[b].min()))),
                        msg(
                            "lower regional_purchase, accounts.household_consumption or"
                            " accounts.government_consumption, or check va_ratio"
                        ),
                    )
                )
            on_investment[b] = np.where(over, np.maximum(left, 0) / np.maximum(invested[b], 1e-12), 1.0)
        else:
            factor = np.where(over, free[b] / (wished[b] + invested[b]), 1.0)
            on_purchase[b], on_investment[b] = factor, factor
        adjusted.append(Adjusted(branch.id, float(on_purchase[b].mean()), float(on_investment[b].mean())))
    if problems:
        raise ScenarioError(problems)
    return (on_purchase, on_investment), tuple(adjusted)
