"""What the doubt in a run comes from: shares against a closed form, and the laws they keep."""

from __future__ import annotations

import numpy as np
import pytest
from dabiao.engine.run import run
from dabiao.engine.uncertainty.causes import RULES, SECTOR, by_cause, cause_of, until
from dabiao.engine.uncertainty.decomposition import REST
from dabiao.engine.uncertainty.drivers import uncertainty_drivers
from dabiao.engine.uncertainty.ensemble import ensemble
from dabiao.engine.uncertainty.futures import HELD, Futures
from dabiao.engine.uncertainty.sample_points import PARTS
from dabiao.results.report import tables
from dabiao.results.tables.table import sentences
from dabiao.results.text.causes import CAUSES, cause_text
from dabiao.scenarios.load import examples, load_example
from futures import futures, linear, loaded

NAMES = [name for name in examples() if not name.startswith("steel")]


def parts(one, rho):
    """Standard deviations of what each shock does to growth, and that growth's variance, from the accounts
    alone."""
    book, _ = futures(one)
    accounts = book.sample(0, PARTS).economy.accounts
    local = accounts.local[..., 0]
    weight = accounts.va_ratio[:, 0] @ np.linalg.inv(np.eye(len(local)) - local)
    gdp = accounts.va_ratio[:, 0] @ accounts.output[:, 0]
    sales = weight * accounts.outside[:, 0] / gdp
    common = float(sales.sum() + weight @ accounts.household[:, 0] / gdp)
    own, care, shop = common * 1.0, float(sales[0]) * 2.0, float(sales[1]) * 3.0
    both = rho * care * shop
    return {"own": own**2, "sectors.care": care**2 + both, "sectors.shop": shop**2 + both}


@pytest.mark.parametrize("rho", [0.5, -0.6])
def test_shares_of_a_linear_economy_have_their_closed_form(tmp_path, rho):
    """Correlated shocks: each share is its own variance and its covariance with the others."""
    one = loaded(tmp_path, linear(rho))
    answer = run(one)
    wanted = parts(one, rho)
    found = {share.group: share for share in answer.uncertainty_drivers.shares["gdp_growth"]}
    for cause, variance in wanted.items():
        assert abs(found[cause].value - variance / sum(wanted.values())) < 4 * found[cause].error + 0.003, (
            cause
        )
    assert abs(found[REST].value) < 0.002, "a linear economy leaves nothing"
    assert answer.uncertainty_drivers.deviation["gdp_growth"] == pytest.approx(
        np.sqrt(sum(wanted.values())), rel=0.02
    )


def test_an_idle_input_explains_nothing_and_shares_add_up(tmp_path):
    data = linear()
    data["demand"]["transfers"] = {"value": 2, "low": 0, "high": 4}  # consumption does not follow income here
    answer = run(loaded(tmp_path, data))
    found = {share.group: share for share in answer.uncertainty_drivers.shares["gdp_growth"]}
    assert sum(share.value for share in found.values()) == pytest.approx(1, abs=1e-9)
    assert abs(found["demand"].value) < 4 * found["demand"].error + 1e-3
    assert all(
        sum(s.value for s in shares) == pytest.approx(1, abs=1e-9)
        for shares in answer.uncertainty_drivers.shares.values()
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_input_of_a_shipped_scenario_has_a_cause_in_words(name):
    one = load_example(name)
    names = [each.name for each in Futures(one.scenario, one.quantities()).inputs.rows]
    groups = by_cause(names)
    assert names and "other" not in groups, groups.get("other")
    assert sorted(each for some in groups.values() for each in some) == sorted(names)
    for cause in groups:
        text = cause_text(type("Setting", (), {"scenario": one.scenario}), cause)
        assert text.of("zh") != text.of("en"), cause


def test_rules_and_words_are_the_same_list():
    assert {cause for cause, _ in RULES} | {
        "national",
        "province",
        "own",
        "drift",
        "luck",
        "other",
        "",
    } == set(CAUSES)
    assert cause_of("uncertainty.shocks.sectors.own.2024") == f"{SECTOR}own", (
        "a sector may bear the name of a part"
    )
    assert cause_of("nobody.knows") == "other"


def test_surprises_of_later_years_are_left_out():
    names = [
        "uncertainty.shocks.own.2024",
        "uncertainty.shocks.own.2025",
        "demand.transfers",
        "chains.a.materials.b.2026",
    ]
    assert until(names, 2024) == ["uncertainty.shocks.own.2024", "demand.transfers"]
    assert until(names, 2026) == names


def test_the_same_shares_for_any_block_and_workers(tmp_path):
    one = loaded(tmp_path, linear())
    book, plan = futures(one)
    sheet = book.sample(0, PARTS).sheet
    made = [
        uncertainty_drivers(
            ensemble(book, sheet, plan, 1, {}, draws=8192, workers=workers, block=block), 2021
        )
        for workers, block in ((1, 1024), (2, 512), (2, 8192))
    ]
    assert made[0] == made[1] == made[2]
    assert made[0].draws == HELD


def test_held_inputs_are_those_of_the_sample(tmp_path):
    one = loaded(tmp_path, linear())
    book, plan = futures(one)
    found = ensemble(book, book.sample(0, PARTS).sheet, plan, 1, {}, draws=8192, block=512)
    again = book.sample(0, HELD).inputs
    assert found.drawn.keys() == again.keys()
    assert all((found.drawn[name] == again[name]).all() for name in again)
    few = ensemble(book, book.sample(0, PARTS).sheet, plan, 1, {}, draws=256, block=128)
    assert {len(values) for values in few.drawn.values()} == {256}


@pytest.mark.slow
def test_a_run_tells_what_its_doubt_hangs_on(tmp_path):
    answer = run(load_example("panzhihua-2024"))
    made = tables(answer)
    table = made["uncertainty_drivers"]
    first = next(iter(answer.uncertainty_drivers.shares))
    assert sum(table.column(f"share_{first}")) == pytest.approx(100)
    assert table.rows[-1][0] == "rest"
    shares = list(table.column(f"share_{first}"))[:-1]
    assert shares == sorted(shares, reverse=True)
    for lang, word in (("zh", "方差"), ("en", "variance")):
        label, told = sentences(made, lang)["uncertainty_drivers"]
        assert label and word in told and table.rows[0][1].of(lang) in told
    few = run(load_example("panzhihua-2024"), draws=256)
    assert few.uncertainty_drivers is None and "uncertainty_drivers" not in tables(few), (
        "as many draws as inputs tell nothing"
    )
    assert run(load_example("panzhihua-2024"), draws=0).uncertainty_drivers is None
