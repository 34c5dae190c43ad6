"""Multipliers: the published case of two sectors, and what they mean in the model itself."""

import json

import numpy as np
import pytest
from dabiao.models.multipliers import inverse, multipliers
from dabiao.results.tables.multipliers import multiplier_table
from regions import four, region


def test_two_sectors_of_miller_and_blair(shared):
    case = json.loads((shared / "reference_cases" / "io_miller_blair_2sector.json").read_text())
    a = (np.array(case["Z"]) / np.array(case["x"]))[..., None]
    found = inverse(a)[..., 0]
    assert found == pytest.approx(np.array(case["published"]["L"]), abs=5e-8)
    labour = np.array(case["published"]["labour_coeff"])[:, None]
    got = multipliers(a, 1 - a.sum(axis=0), labour)
    assert got.output[:, 0] == pytest.approx(case["recomputed"]["output_multipliers"])
    assert got.value_added[:, 0] == pytest.approx(
        [1, 1]
    )  # no leakage: a yuan of demand is a yuan of value added
    demand = np.array([600, 1500])
    assert got.income[:, 0] @ demand == pytest.approx(sum(case["recomputed"]["labour"]))
    assert found @ demand == pytest.approx(case["recomputed"]["x_new"])


def test_one_yuan_more_demand_brings_what_the_table_says():
    economy = region(four()).economy
    rows = {row["sector"]: row for row in multiplier_table(economy).records()}
    accounts, at = economy.accounts, economy.rows("shops")
    more = np.zeros(len(accounts.output))
    more[at] = 1.0
    for local, name in ((accounts.local, "value_added"), (economy.links(0), "value_added_total")):
        output = np.linalg.solve(np.eye(len(more)) - local[..., 0], more)
        assert rows["shops"][name] == pytest.approx(float(accounts.va_ratio[:, 0] @ output))
    for row in rows.values():
        assert row["value_added"] <= row["value_added_total"]
        assert row["value_added"] < 1  # what is bought outside leaks
