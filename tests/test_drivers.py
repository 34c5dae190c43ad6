"""What a verdict hangs on: shares of variance, Sobol' indices and boxes, on cases whose answer is known."""

from __future__ import annotations

import json

import numpy as np
import pytest
from dabiao.engine.uncertainty.decomposition import REST, first_orders
from dabiao.engine.uncertainty.prim import boxes
from dabiao.engine.uncertainty.sobol_indices import indices, sobol
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

PARTS, EACH = 8, 512


def first_order(inputs, outcome, parts, groups=None):
    return first_orders(inputs, {"": outcome}, parts, groups)[""]


def sampled(dimensions, seed=0, each=EACH):
    """Independent scramblings of uniforms ``(d, D)`` and the draws of each."""
    rng = np.random.default_rng(seed)
    blocks = [qmc.Sobol(dimensions, rng=child).random(each).T for child in rng.spawn(PARTS)]
    return np.concatenate(blocks, axis=1), np.split(np.arange(PARTS * each), PARTS)


def named(uniforms):
    return {f"x{at + 1}": row for at, row in enumerate(uniforms)}


def ishigami(u):
    x = np.pi * (2 * u - 1)
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def near(found, wanted, error, floor=2e-3):
    assert abs(found - wanted) <= 4 * error + floor, f"{found} ± {error}, not {wanted}"


# --- indices
# --------------------------------------------------------------------------------------------------


def test_ishigami_by_pick_freeze(shared):
    known = json.loads((shared / "reference_cases" / "uncertainty_cases.json").read_text())["ishigami"]
    found = sobol(ishigami, {f"x{i + 1}": [i] for i in range(3)}, 3, draws=2048, replicates=8, seed=1)
    for index, first, total in zip(found, known["S1"], known["ST"], strict=True):
        assert index.first_error < 0.02 and index.total_error < 0.02
        near(index.first, first, index.first_error)
        near(index.total, total, index.total_error)


def test_ishigami_from_given_draws(shared):
    known = json.loads((shared / "reference_cases" / "uncertainty_cases.json").read_text())["ishigami"]
    uniforms, parts = sampled(3, 2)
    found = {s.group: s for s in first_order(named(uniforms), ishigami(uniforms), parts)}
    for at, first in enumerate(known["S1"]):
        assert found[f"x{at + 1}"].error < 0.02
        near(found[f"x{at + 1}"].value, first, found[f"x{at + 1}"].error, 5e-3)
    # what is left is the interaction of x1 and x3, which total and first order of x1 differ by
    near(found[REST].value, known["ST"][0] - known["S1"][0], found[REST].error, 5e-3)


def test_groups_of_ishigami_hold_their_interaction():
    found = {
        s.group: s
        for s in sobol(ishigami, {"1 and 3": [0, 2], "2": [1]}, 3, draws=2048, replicates=8, seed=3)
    }
    near(
        found["1 and 3"].first + found["2"].first, 1.0, found["1 and 3"].first_error + found["2"].first_error
    )
    near(
        found["1 and 3"].first,
        found["1 and 3"].total,
        found["1 and 3"].total_error + found["1 and 3"].first_error,
    )


@given(st.lists(st.floats(0.1, 3), min_size=2, max_size=6), st.integers(0, 100))
def test_additive_functions_are_split_among_their_inputs(weights, seed):
    """y = Σ w x: each share is w²/Σ w², first equals total, and all add up to one."""
    weights = np.array(weights)
    wanted = weights**2 / (weights**2).sum()
    rows = {f"x{at + 1}": [at] for at in range(len(weights))}
    by_swap = {
        s.group: s
        for s in sobol(lambda u: weights @ u, rows, len(weights), draws=256, replicates=6, seed=seed)
    }
    uniforms, parts = sampled(len(weights), seed, 128)
    by_fit = {s.group: s for s in first_order(named(uniforms), weights @ uniforms, parts)}
    for group, share in zip(rows, wanted, strict=True):
        near(by_swap[group].first, share, by_swap[group].first_error, 0.01)
        near(by_swap[group].total, share, by_swap[group].total_error, 0.01)
        near(by_fit[group].value, share, by_fit[group].error, 0.01)
    assert sum(s.value for s in by_fit.values()) == pytest.approx(1, abs=1e-9)
    assert abs(by_fit[REST].value) < 1e-6
    assert sum(s.total for s in by_swap.values()) == pytest.approx(1, abs=0.05)


@given(st.integers(0, 1000))
def test_total_is_never_below_first_order(seed):
    """Any function with interactions: total >= first order within the error of both."""
    rng = np.random.default_rng(seed)
    alone, pairs = rng.normal(size=4), rng.normal(size=(4, 4))

    def function(u):
        x = 2 * u - 1
        return alone @ x + np.einsum("ij,in,jn->n", pairs, x, x)

    for index in sobol(function, {str(i): [i] for i in range(4)}, 4, draws=256, replicates=6, seed=seed):
        assert index.total >= index.first - 4 * np.hypot(index.first_error, index.total_error) - 0.01


def test_correlated_inputs_share_what_they_hold_together():
    """y = x1 + x2 with correlation r: each explains half, and nothing is left."""
    rng = np.random.default_rng(5)
    one = rng.normal(size=4096)
    two = 0.8 * one + 0.6 * rng.normal(size=4096)
    found = {s.group: s for s in first_order({"x1": one, "x2": two}, one + two, np.split(np.arange(4096), 8))}
    near(found["x1"].value, 0.5, found["x1"].error, 0.01)
    assert abs(found[REST].value) < 1e-6


def test_a_hundred_idle_inputs_explain_nothing():
    """Without held-out draws a hundred noise columns would explain a hundred rows' worth of variance."""
    uniforms, parts = sampled(120, 6, 128)
    noise = np.random.default_rng(7).normal(size=uniforms.shape[1])
    outcome = uniforms[0] * 3 + noise
    keys = list(named(uniforms))
    found = {
        s.group: s for s in first_order(named(uniforms), outcome, parts, {"one": keys[:1], "idle": keys[1:]})
    }
    near(found["one"].value, 0.75 / 1.75, found["one"].error, 0.02)
    near(found["idle"].value, 0.0, found["idle"].error, 0.02)
    near(found[REST].value, 1 / 1.75, found[REST].error, 0.02)


def test_errors_of_shares_cover():
    """The stated standard error holds the truth in about 95 % of repetitions (two errors)."""
    held = 0
    for seed in range(100):
        uniforms, parts = sampled(3, seed, 64)
        noise = np.random.default_rng(seed + 500).normal(size=uniforms.shape[1]) / np.sqrt(12)
        found = {
            s.group: s for s in first_order(named(uniforms), uniforms[0] + 2 * uniforms[1] + noise, parts)
        }
        held += abs(found["x2"].value - 4 / 6) <= 2.365 * found["x2"].error  # t with 7 degrees of freedom
    assert 88 <= held <= 100


def test_nothing_in_doubt_explains_nothing():
    uniforms, parts = sampled(2, 1, 64)
    assert all(s.value == 0 for s in first_order(named(uniforms), np.full(uniforms.shape[1], 6.5), parts))
    flat = np.ones((3, 16))
    assert all(s.total == 0 for s in indices(flat, flat, {"a": flat}))


def test_saltelli_and_jansen_agree_with_salib():
    """The same outcomes through SALib's estimators."""
    salib = pytest.importorskip("SALib.analyze.sobol")
    rng = np.random.default_rng(8)
    a, b = rng.random((3, 4096)), rng.random((3, 4096))
    mixed, order = {}, [ishigami(a)]
    for i in range(3):
        pick_freeze = a.copy()
        pick_freeze[i] = b[i]
        mixed[str(i)] = ishigami(pick_freeze)
        order.append(mixed[str(i)])
    order.append(ishigami(b))
    theirs = salib.analyze(
        {"num_vars": 3, "names": list("012"), "bounds": [[0, 1]] * 3},
        np.stack(order, axis=1).ravel(),
        calc_second_order=False,
        num_resamples=2,
        print_to_console=False,
    )
    ours = indices(order[0][None], order[-1][None], {k: v[None] for k, v in mixed.items()})
    assert [o.first for o in ours] == pytest.approx(list(theirs["S1"]), abs=0.03)
    assert [o.total for o in ours] == pytest.approx(list(theirs["ST"]), abs=0.01)


# --- boxes
# ----------------------------------------------------------------------------------------------------


def halves(parts):
    return np.concatenate(parts[::2]), np.concatenate(parts[1::2])


def discover(uniforms, seed=0, clear=1.0):
    """Misses where x1 < 0.4 and x3 > 0.5, told right with the probability ``clear``."""
    where = (uniforms[0] < 0.4) & (uniforms[2] > 0.5)
    wrong = np.random.default_rng(seed).random(uniforms.shape[1]) > clear
    return where ^ wrong


def test_a_known_box_is_found():
    uniforms, parts = sampled(8, 11)
    (box,) = boxes(named(uniforms), discover(uniforms), *halves(parts))
    spans = {r.input: (r.low, r.high) for r in box.restrictions}
    assert spans.keys() == {"x1", "x3"}
    assert spans["x1"][0] == -np.inf and spans["x1"][1] == pytest.approx(0.4, abs=0.03)
    assert spans["x3"][1] == np.inf and spans["x3"][0] == pytest.approx(0.5, abs=0.03)
    assert box.coverage > 0.9 and box.density > 0.95
    assert box.base == pytest.approx(0.2, abs=0.01)
    assert box.support * box.density == pytest.approx(box.coverage * box.base)


def test_a_known_box_is_found_through_noise():
    uniforms, parts = sampled(8, 12)
    (box,) = boxes(named(uniforms), discover(uniforms, clear=0.85), *halves(parts))
    assert {r.input for r in box.restrictions} == {"x1", "x3"}
    assert box.density == pytest.approx(0.85, abs=0.06)
    assert box.coverage == pytest.approx(0.2 * 0.85 / (0.2 * 0.85 + 0.8 * 0.15), abs=0.08)


def test_two_boxes_are_found_one_after_the_other():
    uniforms, parts = sampled(6, 13)
    missed = (uniforms[0] < 0.2) | ((uniforms[1] > 0.6) & (uniforms[2] < 0.3))
    found = boxes(named(uniforms), missed, *halves(parts), most=3)
    assert [{r.input for r in box.restrictions} for box in found[:2]] == [{"x1"}, {"x2", "x3"}]
    assert sum(box.coverage for box in found) <= 1 + 1e-9


def test_few_inputs_are_restricted():
    uniforms, parts = sampled(8, 14)
    missed = uniforms[:6].sum(axis=0) < 2.6
    for most in (1, 2, 3):
        (box,) = boxes(named(uniforms), missed, *halves(parts), dimensions=most)
        assert 1 <= len(box.restrictions) <= most
        assert box.density > box.base


def test_monotone_transforms_change_nothing():
    uniforms, parts = sampled(5, 15)
    missed = discover(uniforms, clear=0.9)
    before = boxes(named(uniforms), missed, *halves(parts), most=2)
    bent = {
        "x1": np.exp(5 * uniforms[0]),
        "x2": uniforms[1] ** 3,
        "x3": np.log(uniforms[2] + 1e-9),
        "x4": -1 / (uniforms[3] + 1),
        "x5": uniforms[4] * 1e6,
    }
    after = boxes(bent, missed, *halves(parts), most=2)
    assert [(b.coverage, b.density, [(r.input, r.p) for r in b.restrictions]) for b in before] == [
        (b.coverage, b.density, [(r.input, r.p) for r in b.restrictions]) for b in after
    ]
    assert (
        after[0].restrictions[0].high != before[0].restrictions[0].high
        or after[0].restrictions[0].low != before[0].restrictions[0].low
    )


def test_noise_yields_no_box():
    """Sixty worlds in which nothing depends on anything: at most one box in a hundred by chance."""
    found = 0
    for seed in range(60):
        uniforms, parts = sampled(10, seed, 128)
        missed = np.random.default_rng(seed + 900).random(uniforms.shape[1]) < 0.4
        found += len(boxes(named(uniforms), missed, *halves(parts)))
    assert found <= 2


def test_idle_inputs_are_not_restricted():
    """The real cause is named; noise beside it is not, in nearly all worlds."""
    idle = 0
    for seed in range(30):
        uniforms, parts = sampled(10, seed, 128)
        missed = uniforms[0] + 0.3 * np.random.default_rng(seed).normal(size=uniforms.shape[1]) < 0.4
        (box,) = boxes(named(uniforms), missed, *halves(parts))
        idle += len({r.input for r in box.restrictions} - {"x1"})
        assert "x1" in {r.input for r in box.restrictions}
    assert idle <= 1


def test_discrete_inputs_peel_by_value():
    uniforms, parts = sampled(3, 16)
    kinds = {**named(uniforms), "x1": np.floor(uniforms[0] * 4)}
    (box,) = boxes(kinds, kinds["x1"] == 3, *halves(parts))
    assert [(r.input, r.low) for r in box.restrictions] == [("x1", 3.0)]
    assert box.coverage == box.density == 1


def test_no_misses_and_nothing_but_misses_have_no_box():
    uniforms, parts = sampled(2, 17, 64)
    for missed in (np.zeros(512, dtype=bool), np.ones(512, dtype=bool)):
        assert boxes(named(uniforms), missed, *halves(parts)) == ()
