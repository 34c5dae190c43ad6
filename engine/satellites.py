"""Indicators of a scenario's own, from what it states to coefficients of every branch (自定义指标)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..models.errors import Problem, ScenarioError
from ..models.quantity import Draws, FloatArray, Quantity, same_draws, share_of
from ..models.satellite import DRIVERS, TOTALS, Account, OwnIndicator
from ..models.sector import Branch
from ..models.words import msg
from ..scenarios.own_indicators import level_unit, ratio_scale, unit_of
from ..scenarios.schema import IndicatorSpec, National, Scenario


@dataclass(frozen=True)
class Row:
    """A row that coefficients are for: a branch, or a sector where money drives; by what names it is called,
    and of which classes it is made, shares ``(D,)``."""

    sector: str
    names: tuple[str, ...]
    classes: Mapping[str, FloatArray]


@dataclass(frozen=True)
class Counted:
    """An account with what its coefficients were multiplied by, and the sectors they do not speak of."""

    account: Account
    fitted: float | None = None
    uncounted: tuple[str, ...] = ()


def own_indicators(
    scenario: Scenario,
    branches: Sequence[Branch],
    classes: Mapping[str, Mapping[str, FloatArray]],
    driven: Mapping[str, FloatArray],
    values: Draws,
) -> dict[str, OwnIndicator]:
    """All indicators of a scenario's own.

    Parameters
    ----------
    classes
        What every sector is made of, shares by class.
    driven
        Every driver in the base year by row ``(rows, D)``, in units of money.

    Raises
    ------
    ScenarioError
        Where a level of the base year is stated and the coefficients give none.
    """
    rows = {
        False: [Row(branch.sector, (branch.id, branch.sector), branch.national) for branch in branches],
        True: [Row(key, (key,), made) for key, made in classes.items()],
    }
    counted: dict[str, Counted] = {
        key: Counted(Account(driver, np.ones((1, 1)), np.ones((1, 1)))) for key, driver in TOTALS.items()
    }
    for key, stated in scenario.indicators.items():
        if not stated.of:
            own = rows[DRIVERS[stated.driver].money]
            counted[key] = _account(key, stated, own, scenario.national, driven[stated.driver], values)
    found = {}
    for key, stated in scenario.indicators.items():
        made = counted[stated.of or key]
        found[key] = OwnIndicator(
            key,
            stated.title,
            unit_of(scenario, key),
            stated.digits,
            made.account,
            counted[stated.over].account if stated.over else None,
            stated.kind == "growth",
            ratio_scale(scenario, stated) or 1.0,
            level_unit(scenario, stated),
            None if stated.of else made.fitted,
            () if stated.of else made.uncounted,
        )
    return found


def _account(
    key: str,
    stated: IndicatorSpec,
    rows: Sequence[Row],
    national: National,
    driven: FloatArray,
    values: Draws,
) -> Counted:
    """Coefficients of every row, fitted to the base year where its level is stated."""
    coefficients, factors, missing = [], [], []
    for row in rows:
        coefficient, growth, lacks = _of_row(stated, row, national, values)
        coefficients.append(coefficient)
        factors.append(1 + growth / 100)
        missing += [row.sector] if lacks else []
    weights = np.stack(np.broadcast_arrays(*coefficients))
    fitted = None
    if stated.base is not None:
        base, given = values(stated.base), np.einsum("rd,rd->d", *same_draws(weights, driven))
        if values.strict and np.any(given <= 0):
            raise ScenarioError(
                [
                    Problem(
                        f"indicators.{key}.base",
                        msg("a level of the base year beside coefficients that give none"),
                        msg("coefficients of sectors that there are"),
                    )
                ]
            )
        times = share_of(np.broadcast_to(base, np.broadcast_shapes(base.shape, given.shape)), given)
        weights, fitted = weights * times, float(times[0])
    account = Account(stated.driver, weights, np.stack(np.broadcast_arrays(*factors)))
    return Counted(account, fitted, tuple(dict.fromkeys(missing)))


def _of_row(
    stated: IndicatorSpec, row: Row, national: National, values: Draws
) -> tuple[FloatArray, FloatArray, bool]:
    """Coefficient of a row, its growth in %, and whether something of the row has none.

    Its own, or the mean of its classes by their part of the driver; growth is the mean by what each counts.
    """
    own = next((name for name in row.names if name in stated.coefficients), None)
    if own is not None:
        return values(stated.coefficients[own]), _growth(stated, own, values), False
    whole = counted = growing = np.zeros(1)
    lacks = False
    for name, share in row.classes.items():
        weight = share * _per_output(national, name, stated.driver, values)
        key = nearest(name, stated.coefficients, national)
        whole = whole + weight
        if key is None:
            lacks = lacks or bool(np.any(weight > 0))
            continue
        part = weight * values(stated.coefficients[key])
        counted, growing = counted + part, growing + part * _growth(stated, key, values)
    flat = np.where(counted == 0, 1.0, counted)
    return share_of(counted, whole), np.where(counted == 0, 0.0, growing / flat), lacks


def _growth(stated: IndicatorSpec, key: str, values: Draws) -> FloatArray:
    own = stated.growth_of.get(key) or stated.growth
    return values(own) if own else np.zeros(1)


def nearest(name: str, known: Mapping[str, Quantity], national: National) -> str | None:
    """The key that speaks of a class: itself, or the smallest group that it is in."""
    if name in known:
        return name
    groups = [group for group, members in national.groups.items() if name in members and group in known]
    return min(groups, key=lambda group: len(national.groups[group]), default=None)


def _per_output(national: National, name: str, driver: str, values: Draws) -> FloatArray:
    """The driver per yuan of output of a class: compositions are shares of output; investment follows
    output, an assumption."""
    own = national.classes[name]
    found = np.ones(1)
    if driver in ("value_added", "nominal_value_added", "labour_income"):
        found = values(own.va_ratio) / 100
    return found * values(own.labour_share) / 100 if driver == "labour_income" else found
