"""The long view against published tables, its own inverse, closed forms and plain loops."""

from __future__ import annotations

import csv
import json
import math

import numpy as np
import pytest
from dabiao.models import public_capital, solow
from hypothesis import given
from hypothesis import strategies as st


def one(value):
    return np.array([float(value)])


def flat(value, years):
    return np.full((years, 1), float(value))


@pytest.fixture(scope="module")
def vectors(shared):
    return json.loads((shared / "reference_cases" / "ltgm_vectors.json").read_text())


def fundamentals(vectors, productivity, years=1):
    p = vectors["params"]
    return solow.Fundamentals.steady(
        years,
        labour_share=p["beta"],
        depreciation=p["delta"],
        productivity=productivity,
        human=p["gh"],
        participation=p["gr"],
        working_age=p["gw"],
        population=p["gN"],
    )


def test_every_vector_of_the_long_term_growth_model(vectors):
    assert len(vectors["table"]) == 24
    for row in vectors["table"]:
        given = fundamentals(vectors, row["gA"])
        found = solow.investment_from_growth(given, one(row["ky"]), flat(row["target_gY"], 1))
        assert found.investment[0, 0] == pytest.approx(row["required_I_over_Y"], rel=1e-9)
        assert found.ratio[1, 0] == pytest.approx(row["next_ky"], rel=1e-9)
        back = solow.growth_from_investment(given, one(row["ky"]), found.investment)
        assert back.growth[0, 0] == pytest.approx(row["target_gY"], rel=1e-9)


def test_investment_of_five_years(vectors):
    for target, path in vectors["five_year_paths_ky0_3_gA_1p5pct"].items():
        found = solow.investment_from_growth(fundamentals(vectors, 0.015, 5), one(3), flat(target, 5))
        assert found.investment[:, 0] == pytest.approx(path, rel=1e-9)


def test_public_capital(vectors):
    p, case = vectors["pc"]["params"], vectors["pc"]
    names = {
        "capital_share": "alpha",
        "public_share": "phi",
        "public_ratio": "kgy",
        "private_ratio": "kpy",
        "public_depreciation": "dg",
        "private_depreciation": "dp",
        "efficiency": "eff",
        "productivity": "gA",
        "human": "gh",
        "population": "gN",
        "working_age": "gw",
        "participation": "gl",
    }
    two = public_capital.TwoCapitals(**{name: one(p[key]) for name, key in names.items()})
    grown = public_capital.grow(two, one(p["ig"]), one(p["ip"]))
    wanted = case["forward_year1"]
    assert [
        float(v[0]) for v in (grown.per_worker, grown.per_head, grown.total, grown.public, grown.private)
    ] == pytest.approx(
        [wanted[k] for k in ("g_per_worker", "g_pc", "gY", "kg_growth", "kp_growth")], rel=1e-9
    )
    back = public_capital.required_public(two, grown.per_head, one(p["ip"]))
    assert back[0] == pytest.approx(case["inverse_at_that_growth"], rel=1e-9)
    more = public_capital.required_public(two, one(0.02), one(p["ip"]))
    assert more[0] == pytest.approx(case["required_public_inv_for_gpc_2pct"], rel=1e-9)
    step = 1e-6
    difference = (
        public_capital.required_public(two, one(0.02 + step), one(p["ip"]))
        - public_capital.required_public(two, one(0.02 - step), one(p["ip"]))
    ) / (2 * step)
    assert public_capital.slope(two, one(0.02), one(p["ip"])) == pytest.approx(difference, rel=1e-6)


def test_every_cell_of_the_ghana_paths(shared):
    folder = shared / "reference_cases"
    with (folder / "ltgm_ghana_inputs.csv").open() as file:
        first = {key: float(value) for key, value in next(csv.DictReader(file)).items() if key != "country"}
    with (folder / "ltgm_ghana_paths.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 56
    years = 27
    given = solow.Fundamentals.steady(
        years,
        labour_share=1 - first["alpha"],
        depreciation=first["delta"],
        productivity=first["g_tfp"],
        participation=first["g_lfp"],
        population=first["g_pop"],
    )
    for scenario, share in (("baseline", first["s"]), ("high_investment", 0.30)):
        published = [row for row in rows if row["scenario"] == scenario]
        path = solow.growth_from_savings(given, one(first["ky0"]), flat(share, years), flat(0, years))
        poor = solow.poverty(first["povshare"], path)
        ours = {
            "gdp_pc": first["y0"] * path.level_per_head[:, 0],
            "g_pc": [0, *path.per_head[:, 0]],
            "g_Y": [0, *path.growth[:, 0]],
            "ky": path.ratio[:, 0],
            "s": [share] * (years + 1),
            "poverty": poor[:, 0],
            "g_tfp": [given.productivity[0, 0]] * (years + 1),
            "g_L": [given.work[0, 0] - 1] * (years + 1),
        }
        for column, values in ours.items():
            assert list(values) == pytest.approx([float(row[column]) for row in published], rel=1e-9), column


def transition(share, depreciation, start, years):
    """k, y, c, i, dep, dk of the textbook's y = sqrt(k), by the recursion of the product."""
    given = solow.Fundamentals.steady(years, labour_share=0.5, depreciation=depreciation)
    path = solow.growth_from_investment(given, one(start**0.5), flat(share, years))
    output = start**0.5 * path.level[:, 0]
    capital = path.ratio[:, 0] * output
    return {
        "k": capital,
        "y": output,
        "c": (1 - share) * output,
        "i": share * output,
        "dep": depreciation * capital,
        "dk": share * output - depreciation * capital,
    }


@pytest.mark.parametrize(
    ("case", "key", "share", "depreciation", "within"),
    # the second table computes depreciation from its rounded capital (0.1 x 4.395 = 0.440): a unit of its
    # last digit
    [("case_A", "published", 0.25, 0.05, 0.5e-5), ("case_B", "published_from_memory", 0.3, 0.1, 1e-3)],
)
def test_the_solow_tables_to_their_printed_digits(shared, case, key, share, depreciation, within):
    table = json.loads((shared / "reference_cases" / "solow_transition_tables.json").read_text())[case]
    found = transition(share, depreciation, table[key][0][1], 100)
    for row in table[key]:
        stated = dict(zip(table["columns"], row, strict=True))
        for name in table["columns"][1:]:
            assert found[name][stated["year"] - 1] == pytest.approx(stated[name], abs=within + 1e-12), (
                name,
                row,
            )
    for row in table["recomputed"]:
        for name in ("k", "y", "c", "i", "dep", "dk"):
            assert found[name][row["year"] - 1] == pytest.approx(row[name], rel=1e-9)


def test_the_steady_state(shared):
    """k* = (s/δ)^(1/(1-α)), reached by the path itself and by the balanced ratio."""
    known = json.loads((shared / "reference_cases" / "solow_transition_tables.json").read_text())["case_C"]
    for share, depreciation, steady in ((0.3, 0.1, known["A"]), (0.25, 0.05, known["B"])):
        assert transition(share, depreciation, 4.0, 3000)["k"][-1] == pytest.approx(steady, rel=1e-9)
        ratio = solow.balanced(
            solow.Fundamentals.steady(1, labour_share=0.5, depreciation=depreciation), one(share), one(0)
        )
        assert ratio[0] ** 2 == pytest.approx(steady)


def test_the_icor_table(shared):
    case = json.loads((shared / "reference_cases" / "icor_india_tenth_plan.json").read_text())
    target = one(case["target_growth"])
    assert float(solow.needed(one(case["checks"]["implied_icor"]), target)[0]) == pytest.approx(
        case["published_required_investment_rate"]
    )
    assert float(solow.needed(one(case["icor_about"]), target)[0]) == pytest.approx(
        case["checks"]["rate_with_3_6"]
    )
    assert float(solow.icor(one(case["published_required_investment_rate"]), target)[0]) == pytest.approx(
        case["checks"]["implied_icor"]
    )
    assert case["published_domestic_savings"] + case["published_external_savings"] == pytest.approx(
        case["published_required_investment_rate"]
    )


rates = st.floats(-0.05, 0.08)


@given(
    st.floats(0.2, 0.8),
    st.floats(0.0, 0.2),
    st.tuples(*[rates] * 5),
    st.floats(0.5, 8.0),
    st.lists(st.floats(0.0, 1.2), min_size=1, max_size=8),
)
def test_laws(beta, delta, grow, ratio, shares):
    """The inverse gives the investment back; a loop over the production function gives the path; parts add
    up."""
    years = len(shares)
    given_ = solow.Fundamentals.steady(
        years,
        labour_share=beta,
        depreciation=delta,
        **dict(
            zip(("productivity", "human", "participation", "working_age", "population"), grow, strict=True)
        ),
    )
    path = solow.growth_from_investment(given_, one(ratio), np.array(shares)[:, None])
    back = solow.investment_from_growth(given_, one(ratio), path.growth)
    assert back.investment[:, 0] == pytest.approx(shares, rel=1e-7, abs=1e-9)

    a, h, people = 1.0, 1.0, 1.0
    capital = ratio ** (1 / beta)  # K / (K^(1-β) 1) = ratio
    for t, share in enumerate(shares):
        output = a * capital ** (1 - beta) * (h * people) ** beta
        assert capital / output == pytest.approx(path.ratio[t, 0], rel=1e-8)
        capital = (1 - delta) * capital + share * output
        a, h = a * (1 + grow[0]), h * (1 + grow[1])
        people *= (1 + grow[2]) * (1 + grow[3]) * (1 + grow[4])
        later = a * capital ** (1 - beta) * (h * people) ** beta
        assert later / output - 1 == pytest.approx(path.growth[t, 0], rel=1e-8, abs=1e-12)
        assert (later / output) / (1 + grow[4]) - 1 == pytest.approx(path.per_head[t, 0], rel=1e-8, abs=1e-12)
    parts = solow.account(given_, path)
    assert parts.capital + parts.work + parts.human + parts.productivity == pytest.approx(
        path.growth, abs=1e-12
    )


def test_draws_at_once_equal_each_alone():
    rng = np.random.default_rng(3)
    draws, years = 5, 4
    many = solow.Fundamentals(
        rng.uniform(0.3, 0.7, draws),
        rng.uniform(0.03, 0.1, draws),
        *[rng.uniform(-0.01, 0.03, (years, draws)) for _ in range(5)],
    )
    ratio, shares = rng.uniform(2, 4, draws), rng.uniform(0.2, 0.6, (years, draws))
    path = solow.growth_from_investment(many, ratio, shares)
    for d in range(draws):
        alone = solow.Fundamentals(
            *[
                getattr(many, name)[..., d : d + 1]
                for name in (
                    "labour_share",
                    "depreciation",
                    "productivity",
                    "human",
                    "participation",
                    "working_age",
                    "population",
                )
            ]
        )
        single = solow.growth_from_investment(alone, ratio[d : d + 1], shares[:, d : d + 1])
        assert single.growth[:, 0] == pytest.approx(path.growth[:, d], rel=1e-14)
        assert single.ratio[:, 0] == pytest.approx(path.ratio[:, d], rel=1e-14)


def test_savings_and_money_from_outside():
    """A deficit of three points adds three points of investment and is owed afterwards."""
    given_ = solow.Fundamentals.steady(3, labour_share=0.5, depreciation=0.05, productivity=0.02)
    path = solow.growth_from_savings(given_, one(3), flat(0.35, 3), flat(-0.03, 3))
    assert path.investment == pytest.approx(flat(0.38, 3))
    owed = solow.liabilities(path, one(0.2), flat(-0.03, 3))
    output, debt = 1.0, 0.2
    for t in range(3):
        debt += 0.03 * output
        output *= 1 + path.growth[t, 0]
        assert owed[t + 1, 0] == pytest.approx(debt / output)


def test_a_ramp_and_what_is_refused():
    assert solow.ramp(0.1, 0.2, 4, 6)[:, 0] == pytest.approx([0.125, 0.15, 0.175, 0.2, 0.2, 0.2])
    assert math.isinf(solow.icor(one(0.4), one(0))[0])
    for share in (0.0, 1.0):
        with pytest.raises(ValueError, match="labour share"):
            solow.Fundamentals.steady(1, labour_share=share, depreciation=0.05)
    with pytest.raises(ValueError, match="depreciation"):
        solow.Fundamentals.steady(1, labour_share=0.5, depreciation=1.0)
    with pytest.raises(ValueError, match="population"):
        solow.Fundamentals.steady(1, labour_share=0.5, depreciation=0.1, population=-1)
    with pytest.raises(ValueError, match="above 0"):
        solow.growth_from_investment(
            solow.Fundamentals.steady(1, labour_share=0.5, depreciation=0.1), one(0), flat(0.3, 1)
        )
    with pytest.raises(ValueError, match="year 1: more capital"):
        solow.growth_from_investment(
            solow.Fundamentals.steady(1, labour_share=0.5, depreciation=0.1), one(2), flat(-1.9, 1)
        )
