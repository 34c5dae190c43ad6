"""What a run says about chances: tables, sentences and the warning, against the draws themselves."""

import numpy as np
import pytest
from dabiao.engine.run import run
from dabiao.results.compare.headlines import headlines
from dabiao.results.forms.terminal.answer import render
from dabiao.results.report import tables
from dabiao.results.tables.chances import TOLD, percent
from futures import loaded
from regions import laid, scenario, sector


def city(**uncertainty):
    """Two sectors without capacity; GDP grows by about 2 % in the central case."""
    plain = {"visitors": None, "market": {"trend": 4, "finds_buyers": 0}}
    sectors = {
        "care": sector("services", 80, **plain),
        "shop": sector("services", 120, national={"goods": 60, "care": 40}, **plain),
    }
    return laid(
        scenario(sectors),
        {
            "years": {"last": 2023},
            "demand": {"income_elasticity": 0},
            "targets": {
                "gdp_growth": {"ensure": 1.5, "stretch": 3.5},
                "care": {"indicator": "sector_growth", "covers": ["care"], "ensure": 1},
            },
            "uncertainty": {
                "draws_min": 512,
                "draws_max": 512,
                "shocks": {"own": {"sd": 1.5}},
                **uncertainty,
            },
        },
    )


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    return run(loaded(tmp_path_factory.mktemp("plan"), city()))


def test_the_table_tells_what_the_draws_hold(answer):
    made, found = tables(answer), answer.ensemble
    rows = {(row["target"], row["tier_id"]): row for row in made["probabilities"].records()}
    for (key, tier), row in rows.items():
        if key in found.targets:
            values = found.outcomes[key]
            target = found.targets[key]
            reached = np.array([target.met(value, target.tiers[tier]) for value in values])
            assert row["probability"] == pytest.approx(reached.mean())
            shares = [reached[part].mean() for part in found.parts]
            assert row["error"] == pytest.approx(max(np.std(shares, ddof=1) / 4, 0.5 / 512))
            for level in TOLD:
                assert row[f"q{100 * level:02.0f}"] == pytest.approx(np.quantile(values, level))
            assert row["mean"] == pytest.approx(values.mean())
            assert row["central"] == pytest.approx(
                float(answer.sheet.value(target, answer.plan.path, 1)[0]) - answer.sheet.offsets[key]
            )
    assert rows["sheet", "ensure"]["probability"] == found.joint("ensure").value
    assert rows["sheet", "ensure"]["probability"] <= min(
        rows[key, "ensure"]["probability"] for key in ("gdp_growth", "care")
    )
    verdict = {(row["target"], row["tier_id"]): row for row in made["verdict"].records()}
    assert verdict["gdp_growth", "ensure"]["probability"] == rows["gdp_growth", "ensure"]["probability"]
    assert verdict["sheet", "ensure"]["probability"] == found.joint("ensure").value
    assert ("sheet", "stretch") not in verdict and (
        "sheet",
        "stretch",
    ) not in rows, "one target alone has the tier"
    assert "512" in made["probabilities"].note.of("en")


def test_the_fan_is_of_every_year(answer):
    fan, found = tables(answer)["fan"].records(), answer.ensemble
    assert [row["year"] for row in fan if row["target"] == "gdp_growth"] == [2021, 2022, 2023]
    for row in fan:
        values = found.paths[row["target"]][row["year"] - 2021]
        assert row["q25"] == pytest.approx(np.quantile(values, 0.25))
        assert row["q05"] <= row["q25"] <= row["q50"] <= row["q75"] <= row["q95"]


@pytest.mark.parametrize(("mean", "bad"), [(0.0, False), (-4.0, True)])
def test_a_plan_that_needs_luck_is_told_so(tmp_path, mean, bad):
    """The central case knows no shocks: where a bad year is expected the verdict, and what is expected, are
    those of the futures."""
    answer = run(loaded(tmp_path, city(shocks={"own": {"sd": 1.5, "mean": mean}})))
    made = tables(answer)
    row = next(
        row
        for row in made["probabilities"].records()
        if (row["target"], row["tier_id"]) == ("gdp_growth", "ensure")
    )
    outcome = answer.assessment.outcomes[0]
    assert (row["probability"] < 0.5) == bad == (outcome.rung.name != "PLAN")
    assert (outcome.expected < outcome.threshold) == bad
    assert "in fewer than half of the futures" not in render(answer, made, "en", 200)


def test_without_draws_nothing_is_said(tmp_path):
    answer = run(loaded(tmp_path, city()), draws=0)
    made = tables(answer)
    assert answer.ensemble is None and "probabilities" not in made and "fan" not in made
    said = " ".join(render(answer, made, "en", 100).split())
    assert "a chance of" not in said and "no futures were drawn" in said
    assert all(row["probability"] is None for row in made["verdict"].records())


def test_runs_are_compared_by_their_chances(answer, tmp_path):
    better = run(loaded(tmp_path, city(shocks={"own": {"sd": 1.5, "mean": 1.0}})))
    found = {row["item"]: row for row in headlines([tables(answer), tables(better)]).records()}
    row = found["chance_gdp_growth_ensure"]
    assert (
        row["value_2_less_1"] == pytest.approx(row["value_2"] - row["value_1"]) and row["value_2_less_1"] > 5
    )


def test_percent_claims_neither_never_nor_always():
    assert [percent(chance) for chance in (0.0, 0.004, 0.006, 0.5, 0.994, 0.996, 1.0)] == [
        "<1%",
        "<1%",
        "1%",
        "50%",
        "99%",
        ">99%",
        ">99%",
    ]
