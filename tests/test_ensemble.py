"""Probabilities against closed forms, loops and counts; draws that can be cut anywhere."""

from itertools import pairwise

import numpy as np
import pytest
from dabiao.engine.run import run
from dabiao.engine.uncertainty import ensemble as uncertainty
from dabiao.engine.uncertainty import sobol_sequence
from dabiao.engine.uncertainty.ensemble import ensemble
from dabiao.engine.uncertainty.futures import HELD, Futures
from dabiao.engine.uncertainty.sample_points import LOW, PARTS, Points
from dabiao.engine.uncertainty.sobol_sequence import directions
from dabiao.models.target import rounded
from dabiao.scenarios.load import load_example
from futures import futures, linear, loaded
from hypothesis import given, settings
from hypothesis import strategies as st
from regions import four, laid, moving
from scipy import stats
from scipy.stats import qmc


def closed_form(one, rho=0.5):
    """Mean and standard deviation of growth by the Leontief inverse, from the accounts alone, %."""
    book, _ = futures(one)
    sample = book.sample(0, PARTS)
    accounts = sample.economy.accounts
    local = accounts.local[..., 0]
    weight = accounts.va_ratio[:, 0] @ np.linalg.inv(np.eye(len(local)) - local)
    gdp = accounts.va_ratio[:, 0] @ accounts.output[:, 0]
    outside, household = accounts.outside[:, 0], accounts.household[:, 0]
    sales = 100 * weight * outside / gdp
    home = 100 * float(weight @ household) / gdp
    common = sales.sum() + home
    mean = float(sales.sum() * 0.02) + common * 0.003
    variance = (
        (common * 0.01) ** 2
        + (sales[0] * 0.02) ** 2
        + (sales[1] * 0.03) ** 2
        + 2 * rho * sales[0] * sales[1] * 0.02 * 0.03
    )
    return mean, np.sqrt(variance)


def chances(one, draws=None, seed=None, **how):
    """The ensemble of a scenario's plan; ``seed`` scrambles anew."""
    book, plan = futures(one)
    if seed is not None:
        book.points = Points(len(book.inputs.rows), seed, one.scenario.uncertainty.method)
    return ensemble(book, book.sample(0, PARTS).sheet, plan, 1, {}, draws=draws, **how)


@pytest.mark.parametrize("method", ["sobol", "latin"])
@pytest.mark.parametrize("rho", [0.5, -0.6])
def test_a_linear_normal_economy_has_its_closed_form(tmp_path, method, rho):
    one = loaded(tmp_path, linear(rho, uncertainty={"method": method}))
    mean, sd = closed_form(one, rho)
    found = chances(one)
    for tier, threshold in (("ensure", 1.5), ("stretch", 2.5)):
        chance = found.probability("gdp_growth", tier)
        assert abs(chance.value - stats.norm.sf(threshold - 0.05, mean, sd)) < 4 * chance.error + 1e-4
        assert chance.error < 0.01
    for level in (0.05, 0.25, 0.5, 0.75, 0.95):
        quantile = found.quantile("gdp_growth", level)
        assert abs(quantile.value - stats.norm.ppf(level, mean, sd)) < 4 * quantile.error + 2e-3 * sd
    average = found.mean("gdp_growth")
    assert abs(average.value - mean) < 4 * average.error + 1e-4 * sd


def test_stated_errors_cover_the_truth_over_200_seeds(tmp_path):
    """Errors come from 16 scramblings: within t(15) bounds, 95 % of them."""
    one = loaded(tmp_path, linear(uncertainty={"draws_min": 256, "draws_max": 256}))
    mean, sd = closed_form(one)
    truth = stats.norm.sf(1.45, mean, sd)
    book, plan = futures(one)
    sheet = book.sample(0, PARTS).sheet
    inside = []
    for seed in range(200):
        book.points = Points(len(book.inputs.rows), seed)
        chance = ensemble(book, sheet, plan, 1, {}, draws=256, workers=1).probability("gdp_growth", "ensure")
        inside.append(abs(chance.value - truth) <= stats.t.ppf(0.975, 15) * chance.error)
    # 190 of 200 expected, sd 3.1
    assert 178 <= sum(inside) <= 199


def test_array_equals_loop(tmp_path):
    """Each draw by itself, its pipeline included, gives what it gives among others."""
    data = laid(moving(), {"uncertainty": {"shocks": {"own": {"sd": 2, "tails": 4, "persistence": 40}}}})
    data["accounts"]["household_consumption"] = {"value": 100, "low": 80, "high": 110}
    data["sectors"]["plants"]["market"]["trend"] = {"value": 5, "distribution": {"kind": "normal", "sd": 2}}
    data["projects"]["coming"]["months"] = {
        **data["projects"]["coming"]["months"],
        "construction": {"value": 18, "low": 12, "high": 30},
    }
    data["projects"]["distant"]["cancel"] = 40
    data["chains"]["ridge"]["materials"]["oxide"] |= {"price_sd": 20, "price_reversion": 30}
    book, plan = futures(loaded(tmp_path, data))
    count = 3 * PARTS
    points = book.points.block(0, count)
    many = book.at(points).path(plan)
    for draw in range(count):
        one = book.at(points[:, [draw]], draw).path(plan)
        np.testing.assert_allclose(one.output[..., 0], many.output[..., draw], rtol=1e-9)
        np.testing.assert_allclose(
            one.economy.price("oxide", 2)[0], many.economy.price("oxide", 2)[draw], rtol=1e-12
        )


def test_base_year_reproduces_itself_in_every_draw():
    one = load_example("panzhihua-2024")
    book, plan = futures(one, until=1)
    sample = book.sample(0, 64)
    accounts = sample.economy.accounts

    def wide(array):
        return np.broadcast_to(array, (*array.shape[:-1], 64))

    asked = np.einsum("ijd,jd->id", wide(accounts.local), wide(accounts.output))
    invested = sample.drawn_pipeline.normal[:, 0]
    asked = (
        asked
        + accounts.household
        + accounts.government
        + np.einsum("bsd,sd->bd", wide(accounts.buys), wide(invested))
        + accounts.outside
    )
    np.testing.assert_allclose(asked, np.broadcast_to(accounts.output, asked.shape), rtol=1e-9)
    path = sample.path(plan)
    assert path.gdp[0] == pytest.approx(np.full(64, one.scenario.accounts.gdp.value), rel=1e-3)


@pytest.mark.parametrize("method", ["sobol", "latin"])
def test_any_block_and_any_number_of_workers_give_the_same_bytes(tmp_path, method):
    data = laid(
        moving(),
        {
            "uncertainty": {
                "method": method,
                "shocks": {"own": {"sd": 2}, "sectors": {"second": {"sd": 2, "tails": 3}}},
            }
        },
    )
    one = loaded(tmp_path, data)
    first = chances(one, draws=1024, workers=1, block=1024).paths
    for workers, block in ((2, 1024), (2, 256), (1, 512)):
        other = chances(one, draws=1024, workers=workers, block=block).paths
        assert all((first[key] == other[key]).all() for key in first)
    longer = chances(one, draws=2048).paths
    assert all((first[key] == longer[key][:, :1024]).all() for key in first), (
        "more draws go on where fewer ended"
    )


def test_inputs_of_the_first_draws_alone_are_held(tmp_path):
    """Whatever the blocks, one of which lies on both sides of the last that is held."""
    one = loaded(tmp_path, linear())
    book, _ = futures(one)
    first = book.sample(0, HELD).inputs
    found = chances(one, draws=2 * HELD, block=3 * HELD // 4).drawn
    assert set(found) == set(first)
    assert all(own.tobytes() == first[name].tobytes() for name, own in found.items())


def test_directions_are_those_of_scipy():
    theirs = qmc.Sobol(200, scramble=False, bits=30).random(64) * 2**30
    own = directions(200)
    for n in range(64):
        gray = n ^ n >> 1
        point = np.bitwise_xor.reduce(
            [own[:, bit] for bit in range(7) if gray >> bit & 1] or [np.zeros(200, dtype=np.uint32)]
        )
        assert (point == theirs[n]).all()
    with pytest.raises(ValueError, match="at most 21201"):
        directions(30_000)


def test_direction_numbers_are_found_by_another_way_too(monkeypatch):
    stored = sobol_sequence._known()
    monkeypatch.setattr(sobol_sequence, "find_spec", lambda name: None)
    asked = sobol_sequence._known.__wrapped__()
    assert all(
        (one == other).all() and one.shape == other.shape for one, other in zip(stored, asked, strict=True)
    )


@pytest.mark.parametrize("seed", [1, 20240101])
def test_every_scrambling_is_a_net_and_any_block_can_be_made_by_itself(seed):
    own = Points(9, seed).block(0, PARTS * 4 * LOW)
    for first, count in ((0, PARTS), (PARTS * 100, PARTS * 300), (PARTS * LOW, PARTS * LOW)):
        assert (Points(9, seed).block(first, count) == own[:, first : first + count]).all()
    cube = own.reshape(9, 4 * LOW, PARTS)
    assert cube.min() > 0 and cube.max() < 1
    for part in range(PARTS):
        net = cube[:, :, part]
        slices = np.sort(np.floor(net * 4 * LOW).astype(int), axis=1)
        assert (slices == np.arange(4 * LOW)).all(), "one point in each slice of every dimension"
        boxes = np.floor(net[0] * 16).astype(int) * 32 + np.floor(net[1] * 32).astype(int)
        assert (np.bincount(boxes, minlength=512) == 1).all(), "one in each box of the first two"
    assert not (cube[:, :, 0] == cube[:, :, 1]).any(), "scramblings differ"
    with pytest.raises(ValueError, match="multiples of 16"):
        Points(2, 1).block(3, 16)


def test_points_of_scramblings_are_uniform_and_apart():
    """The k-th point of 16 x 250 scramblings is uniform, and two dimensions of it are not tied."""
    first = np.concatenate(
        [Points(2, seed).block(0, 16 * 8).reshape(2, 8, PARTS)[:, 5] for seed in range(250)], axis=1
    )
    assert all(stats.kstest(row, "uniform").pvalue > 1e-3 for row in first)
    assert abs(np.corrcoef(first)[0, 1]) < 0.06


@pytest.mark.parametrize("method", ["sobol", "latin"])
def test_no_point_comes_twice(method):
    """Not in another scrambling, nor where a scrambling goes on beyond its first table."""
    found = Points(1, 5, method).block(0, 3 * LOW * PARTS)[0]
    assert len(np.unique(found)) == len(found)


def test_latin_hypercubes_fill_every_slice():
    cube = Points(3, 7, "latin").block(0, PARTS * LOW).reshape(3, LOW, PARTS)
    ranks = np.sort(np.floor(cube * LOW).astype(int), axis=1)
    assert (ranks == np.arange(LOW)[None, :, None]).all(), "one point in each slice"


def test_drawing_stops_at_the_asked_precision_or_says_that_it_did_not(tmp_path):
    loose = chances(loaded(tmp_path, linear(uncertainty={"error": 0.2, "draws_min": 256})))
    assert (loose.draws, loose.met) == (256, True)
    tight = chances(
        loaded(tmp_path, linear(uncertainty={"error": 0.0001, "draws_min": 256, "draws_max": 1024}))
    )
    assert (tight.draws, tight.met) == (1024, False)
    middle = chances(
        loaded(tmp_path, linear(uncertainty={"error": 0.006, "draws_min": 256, "draws_max": 65536}))
    )
    assert middle.met and 256 < middle.draws < 65536 and middle.worst() <= 0.006
    exact = chances(loaded(tmp_path, linear(uncertainty={"error": 0.0001})), draws=512)
    assert exact.draws == 512


def test_without_doubt_every_future_is_the_central_case(tmp_path):
    answer = run(loaded(tmp_path, four(targets={"gdp_growth": {"ensure": 0, "stretch": 1}})))
    found = answer.ensemble
    assert found is not None and found.inputs == 0
    assert [o.probability for o in answer.assessment.outcomes] == [1.0, 0.0]
    assert {found.quantile("gdp_growth", level).value for level in (0.05, 0.95)} == {
        float(found.central["gdp_growth"][0])
    }


def test_joint_and_alone_are_counts(tmp_path):
    targets = {
        "gdp_growth": {"ensure": 1.5, "main": True},
        "care": {"indicator": "sector_growth", "covers": ["care"], "ensure": 2, "main": True},
        "shop": {"indicator": "sector_growth", "covers": ["shop"], "ensure": 2},
    }
    found = chances(loaded(tmp_path, linear(targets={"gdp_growth": None} | targets)), draws=1024)
    met = {
        key: np.array([target.met(v, target.ensure) for v in found.outcomes[key]])
        for key, target in found.targets.items()
    }
    every = np.logical_and.reduce(list(met.values()))
    assert found.joint("ensure").value == pytest.approx(every.mean())
    assert found.joint("ensure", main=True).value == pytest.approx((met["gdp_growth"] & met["care"]).mean())
    alone = ~met["care"] & met["gdp_growth"] & met["shop"]
    assert found.alone_missed("care", "ensure").value == pytest.approx(alone.mean())
    # missed by itself, by others, or reached: joint + alone = all others reached
    others = (met["gdp_growth"] & met["shop"]).mean()
    assert found.joint("ensure").value + found.alone_missed("care", "ensure").value == pytest.approx(others)


def test_a_ceiling_belongs_to_both_tiers_and_a_target_without_stretch_asks_its_ensure(tmp_path):
    targets = {
        "gdp_growth": {"ensure": 1.5, "stretch": 2.5},
        "care": {"indicator": "sector_growth", "covers": ["care"], "ensure": 2},
        "shop": {"indicator": "sector_growth", "covers": ["shop"], "at_most": 3},
    }
    found = chances(loaded(tmp_path, linear(targets=targets)), draws=1024)
    gdp, care, shop = (np.round(found.outcomes[key], found.targets[key].digits) for key in targets)
    for tier, asked in (("ensure", 1.5), ("stretch", 2.5)):
        others = (gdp >= asked) & (care >= 2)
        assert found.joint(tier).value == pytest.approx((others & (shop <= 3)).mean())
        assert found.alone_missed("shop", tier).value == pytest.approx((others & (shop > 3)).mean())
        assert 0 < found.joint(tier).value < others.mean()


def test_a_better_outlook_is_never_less_likely(tmp_path):
    found = [
        chances(loaded(tmp_path, linear(uncertainty={"shocks": {"own": {"mean": mean}}})), draws=1024)
        .probability("gdp_growth", "ensure")
        .value
        for mean in (-2, -1, 0, 1, 2)
    ]
    assert all(low < high for low, high in pairwise(found))


@given(st.floats(-20, 20), st.sampled_from([0, 1, 2]), st.booleans(), st.integers(-3, 3))
@settings(max_examples=400)
def test_reached_is_met_for_arrays(value, digits, ceiling, steps):
    from dabiao.models.indicators import Asked
    from dabiao.models.quantity import Bilingual
    from dabiao.models.target import Target

    threshold = rounded(value, digits)
    target = Target(
        "x",
        Bilingual(zh="x", en="x"),
        "x",
        "modelled",
        "%",
        digits,
        None if ceiling else threshold,
        None,
        threshold if ceiling else None,
        Asked(),
    )
    half = 0.5 * 10.0**-digits
    near = np.array(
        [
            value,
            threshold,
            threshold - half,
            threshold + half,
            threshold + steps * half,
            threshold - half - 1e-7,
            threshold + half + 1e-7,
        ]
    )
    assert target.reached(near, threshold).tolist() == [target.met(v, threshold) for v in near]


def test_a_shock_of_a_group_strikes_its_sectors_alike(tmp_path):
    data = laid(four(), {"uncertainty": {"shocks": {"sectors": {"second": {"sd": 2}, "shops": {"sd": 1}}}}})
    book, _ = futures(loaded(tmp_path, data), until=1)
    shocks = book.sample(0, 64).shocks
    assert set(shocks.sales) == {"plants", "mines", "shops"}
    assert (shocks.sales["plants"] == shocks.sales["mines"]).all()
    assert not (shocks.sales["plants"] == shocks.sales["shops"]).any()


@pytest.mark.parametrize("back", [0, 30, 100])
def test_prices_are_random_and_return(tmp_path, back):
    data, stays = four(), 1 - back / 100
    data["chains"]["ridge"]["materials"]["oxide"] |= {
        "price_sd": 20,
        "price_reversion": back,
        "price_growth": 0,
    }
    book, _ = futures(loaded(tmp_path, data))
    economy = book.sample(0, 4096).economy
    logs = [np.log(economy.price("oxide", year) / 20000) for year in range(5)]
    assert (logs[0] == 0).all()
    assert logs[1].std() == pytest.approx(0.2, rel=0.03)
    assert logs[4].std() == pytest.approx(0.2 * np.sqrt(sum(stays ** (2 * k) for k in range(4))), rel=0.03)
    assert np.corrcoef(logs[1], logs[2])[0, 1] == pytest.approx(stays / np.sqrt(1 + stays**2), abs=0.03)


def test_correlations_of_a_scenario_are_found_in_its_draws(tmp_path):
    data = laid(
        linear(0.7),
        {
            "years": {"last": 2023},
            "uncertainty": {
                "correlations": {
                    "trends": {
                        "between": ["sectors.care.market.trend", "sectors.shop.market.trend"],
                        "rho": -0.5,
                    }
                }
            },
        },
    )
    for key in ("care", "shop"):
        data["sectors"][key]["market"] = {"trend": {"value": 2, "low": 0, "high": 5}, "finds_buyers": 0}
    book, _ = futures(loaded(tmp_path, data))
    drawn = book.sample(0, 4096).inputs
    for one, two, rho in (
        ("uncertainty.shocks.sectors.care.2021", "uncertainty.shocks.sectors.shop.2021", 0.7),
        ("uncertainty.shocks.sectors.care.2023", "uncertainty.shocks.sectors.shop.2023", 0.7),
        ("uncertainty.shocks.sectors.care.2021", "uncertainty.shocks.sectors.shop.2023", 0.0),
        ("sectors.care.market.trend", "sectors.shop.market.trend", -0.5),
        ("uncertainty.shocks.own.2021", "uncertainty.shocks.sectors.care.2021", 0.0),
    ):
        ranks = [stats.norm.ppf((stats.rankdata(drawn[name]) - 0.5) / 4096) for name in (one, two)]
        assert np.corrcoef(*ranks)[0, 1] == pytest.approx(rho, abs=0.03)


def test_ranges_that_must_balance_are_told_and_not_drawn():
    book, _ = futures(load_example("panzhihua-2024"))
    drawn = {each.name for each in book.inputs.rows}
    assert not drawn & set(book.inputs.kept)
    assert not any(name.startswith(("limits.", "mixes.", "history.")) for name in drawn)
    assert "uncertainty.shocks.national.2024" in drawn and "uncertainty.shocks.national.2028" in drawn
    assert any(name.startswith("projects.") for name in drawn)
    assert len(book.inputs.rows) == len(drawn)


def test_a_run_tells_its_chances():
    answer = run(load_example("panzhihua-2024"), draws=512)
    found = answer.ensemble
    assert found.draws == 512
    for outcome in answer.assessment.outcomes:
        chance = found.probability(outcome.target.id, outcome.tier)
        assert (outcome.probability, outcome.error) == (chance.value, chance.error)
        assert outcome.error >= 0.5 / 512
    for sheet in answer.assessment.sheets:
        assert sheet.probability == found.joint(sheet.tier).value
    assert run(load_example("panzhihua-2024"), draws=0).ensemble is None
    assert uncertainty.BLOCK % PARTS == 0


def test_futures_of_one_year_are_those_of_the_whole_horizon(tmp_path):
    data = laid(moving(), {"uncertainty": {"shocks": {"own": {"sd": 2}}}})
    one = loaded(tmp_path, data)
    whole, plan = futures(one)
    year = Futures(one.scenario, one.quantities(), until=1)
    shared = {each.name for each in year.inputs.rows}
    points = whole.points.block(0, 256)
    rows = [at for at, each in enumerate(whole.inputs.rows) if each.name in shared]
    np.testing.assert_allclose(
        whole.at(points).outcomes(plan, 1)["gdp_growth"],
        year.at(points[rows]).outcomes(plan, 1)["gdp_growth"],
        rtol=1e-9,
    )
