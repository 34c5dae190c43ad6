"""Laws of the model, each as a function that returns what breaks it: shared by law tests and mutation
tests."""

from __future__ import annotations

import numpy as np
from dabiao.models.accounts import Accounts, NationalTable, Totals, balance
from dabiao.models.chain import Chain
from dabiao.models.flow import Flow, build
from dabiao.models.quantity import Bilingual, Draws, FloatArray
from dabiao.models.sector import Branch
from dabiao.models.short_side import clear
from regions import Region, chain

TIGHT = 1e-12


def differing(name: str, found: FloatArray, expected: FloatArray, within: float = TIGHT) -> list[str]:
    """Where two arrays differ by more than ``within`` of their size."""
    found, expected = np.broadcast_arrays(found, expected)
    with np.errstate(invalid="ignore"):
        same = (found == expected) | (np.abs(found - expected) <= within * np.maximum(np.abs(expected), 1.0))
    return [
        f"{name}{list(at)}: {found[tuple(at)]!r} is not {expected[tuple(at)]!r}" for at in np.argwhere(~same)
    ]


def lower(name: str, after: FloatArray, before: FloatArray, within: float = 1e-10) -> list[str]:
    """Where something fell that must not."""
    after, before = np.broadcast_arrays(after, before)
    fell = after < before - within * np.maximum(np.abs(before), 1.0)
    return [
        f"{name}{list(at)} fell from {before[tuple(at)]!r} to {after[tuple(at)]!r}"
        for at in np.argwhere(fell)
    ]


# --- accounts
# ---------------------------------------------------------------------------------------------------


def unbalanced(accounts: Accounts, investment: FloatArray) -> list[str]:
    """x0 = A^r x0 + c + g + B F + e in every branch, and no negative entry."""
    asked = (
        np.einsum("ijd,jd->id", accounts.local, accounts.output)
        + accounts.household
        + accounts.government
        + np.einsum("bsd,sd->bd", accounts.buys, investment)
        + accounts.outside
    )
    names = ("local", "household", "government", "outside", "buys")
    return differing("output", asked, accounts.output) + [
        f"{name} has {getattr(accounts, name).min()}"
        for name in names
        if getattr(accounts, name).min() < -1e-15
    ]


def textbook() -> list[str]:
    """Two sectors of Miller & Blair (2009), tables 2.3 and 2.4: coefficients, Leontief inverse, new
    output."""
    flows = np.array([[0.15, 0.25], [0.20, 0.05]])
    inverse = np.array([[1.25412541, 0.330033], [0.2640264, 1.12211221]])
    new = np.array([600.0, 1500.0])
    one, none = np.ones((2, 1)), np.zeros((2, 1))
    classes = ("first", "second")
    made = np.array([1000.0, 2000.0])
    branches = [
        Branch(key, key, Bilingual(en=key), made[[i]], 1 - flows[:, i].sum(keepdims=True), {key: np.ones(1)})
        for i, key in enumerate(classes)
    ]
    table = NationalTable(classes, flows[..., None], 1 - flows.sum(axis=0)[:, None], one, none, none, none)
    accounts = balance(
        branches, classes, table, Totals(np.zeros(1), np.zeros(1), none), {"first": {}, "second": {}}, {}, {}
    )
    wrong = differing("coefficients", accounts.local[..., 0], flows)
    wrong += differing("final demand", accounts.outside[:, 0], np.array([350.0, 1700.0]))
    free, every = np.full((2, 1), np.inf), np.zeros(2, dtype=bool)
    unit = [clear(free, accounts.local, np.eye(2)[:, [j]], every)[:, 0] for j in range(2)]
    wrong += differing("inverse", np.stack(unit, axis=1), inverse, 1e-6)
    output = clear(free, accounts.local, new[:, None], every)[:, 0]
    return wrong + differing("output", output, np.array([1247.5, 1841.6]), 5e-5)


def leaking(region: Region) -> list[str]:
    """Inputs bought from local producers never exceed one minus value added; with everything bought here,
    they are it."""
    accounts = region.economy.accounts
    inputs = accounts.local.sum(axis=0)
    return lower("room for inputs", 1 - accounts.va_ratio - inputs, np.zeros(1), TIGHT)


# --- a year like the base year
# ------------------------------------------------------------------------------------


def stirring(region: Region) -> list[str]:
    """With no driver moving, every year is the base year: output, capacity, sales outside, materials."""
    path, economy = region.run(), region.economy
    wrong = differing("output", path.output, path.output[:, :1])
    wrong += differing("asked", path.asked[:, 1:], path.output[:, :1])
    realisation = region.pipeline.run(region.plan).realisation
    before = states = economy.start()
    for year in range(1, economy.years + 1):
        states = economy.advance(states, realisation, year)
        for old, new, one in zip(before, states, economy.sectors, strict=True):
            wrong += differing(f"{one.id} limit in year {year}", new.limit, old.limit)
            wrong += differing(f"{one.id} outside in year {year}", new.outside, old.outside)
    for key, values in path.physical.items():
        wrong += differing(key, values, values[:1], 1e-11)
    return wrong


# --- chain
# ------------------------------------------------------------------------------------------------------


def paper_chain() -> Flow:
    """Mining, dressing and smelting alone, at scale 1: 100 of ore, 36 of concentrate, 10 of metal."""
    data = chain(
        processes={"leaching": None, "smelting": {"joint": None}, "dressing": {"joint": None}},
        materials={"oxide": None, "slag": None, "tailings": None},
        recovery={"Fe": None},
    )
    return build(Chain.model_validate(data), "chains.paper", Draws())


def miscounted() -> list[str]:
    """Five years of the three-process chain, computed on paper.

    Markets: 10 of ore, 20 of concentrate, 12 of metal. Shares: 95 % of ore, 60 % of concentrate.
    """
    flow = paper_chain()
    market = np.array([[10.0], [20.0], [12.0]])
    cases = {
        # smelting wants 12, dressing 20 + 1.6 x 12 = 39.2, mining 10 + 2.5 x 39.2 = 108
        "market": ((120, 40, 12), None, (108, 39.2, 12)),
        # ore for dressing 0.95 x 80 = 76, that is 30.4; concentrate for smelting 0.6 x 30.4 = 18.24, that is
        # 11.4
        "mine": ((80, 40, 12), None, (80, 30.4, 11.4)),
        # smelting 5, dressing 20 + 8 = 28, mining 10 + 70 = 80
        "smelter": ((120, 40, 5), None, (80, 28, 5)),
        # dressing 18: mining 10 + 45; smelting 0.6 x 18 / 1.6 = 6.75
        "mill": ((120, 18, 12), None, (55, 18, 6.75)),
        # 30 % of 39.2 is 11.76 of concentrate, that is 7.35 of metal
        "routing": ((120, 40, 12), {"smelting": {"concentrate": 0.3}}, (108, 39.2, 7.35)),
    }
    wrong = []
    for name, (limit, routing, expected) in cases.items():
        found = flow.run(np.array(limit, dtype=float)[:, None], market, 0, routing)[:, 0]
        wrong += differing(name, found, np.array(expected))
    return wrong


def overdrawn(
    flow: Flow, activity: FloatArray, limit: FloatArray, year: int, share: FloatArray | None = None
) -> list[str]:
    """No material is used that is not made, no process takes more than its share or makes more than it
    can."""
    made = np.einsum("mpd,pd->md", flow.made(year), activity)
    taken = flow.used(year) * activity[None]
    most = (flow.share if share is None else share) * made[:, None, :] * (flow.uses > 0)
    wrong = lower("material left", flow.sold(activity, year), np.zeros(1), 1e-9 * max(1.0, float(made.max())))
    wrong += lower("share left", most, taken)
    wrong += lower("capacity left", limit, activity)
    return wrong + lower("activity", activity, np.zeros(1))
