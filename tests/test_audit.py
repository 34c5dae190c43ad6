"""The audit of the sheet: identities, known contradictions, and no dependence on the order of sectors."""

import json

import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.diagnose.audit import audit
from dabiao.engine.run import examine
from dabiao.models.consistency import Consistency, level, mean_growth, rest_growth
from dabiao.scenarios.load import load_example
from dabiao.scenarios.schema import Scenario
from hypothesis import given
from hypothesis import strategies as st
from regions import four, laid, region

rates = st.floats(-20, 30)
weights = st.floats(0.5, 1000)


@given(st.lists(st.tuples(weights, rates), min_size=1, max_size=8), weights, rates)
def test_what_is_left_for_the_rest_reproduces_the_whole(others, rest, whole):
    needed = rest_growth(whole, others, rest)
    assert mean_growth([*others, (rest, needed)]) == pytest.approx(whole, abs=1e-9)


@given(st.lists(weights, min_size=1, max_size=8), rates)
def test_parts_that_grow_alike_make_the_whole_grow_alike(parts, rate):
    assert mean_growth([(weight, rate) for weight in parts]) == pytest.approx(rate, abs=1e-10)


@pytest.mark.parametrize(
    "asked, implied, sd, more, found",
    [
        (6.5, 6.52, 0.0, {}, Consistency.CONSISTENT),  # within rounding
        (6.5, 7.0, 0.3, {}, Consistency.LOOSE),
        (7.5, 7.0, 0.3, {}, Consistency.TIGHT),
        (8.0, 7.0, 0.3, {}, Consistency.CONTRADICTORY),
        (6.0, 7.0, 0.3, {"floor": True}, Consistency.CONSISTENT),
        (4.0, 7.0, 0.3, {}, Consistency.LOOSE),  # both can be met
        (6.0, 7.0, 0.3, {"ceiling": True}, Consistency.CONTRADICTORY),
        (8.0, 7.0, 0.3, {"ceiling": True}, Consistency.CONSISTENT),
        (6.5, 7.0, 0.8, {"nearer": True}, Consistency.LOOSE),
        (6.5, 7.0, None, {}, Consistency.TOLD),
    ],
)
def test_levels(asked, implied, sd, more, found):
    assert level(asked, implied, sd, 0.05, **more) is found


def sheet(**targets):
    """Farms 60, plants 120, mines 90, shops 150; every sector has a row of its own."""
    rows = {
        f"{key}_growth": {"title": key, "indicator": "sector_growth", "covers": [key], "ensure": rate}
        for key, rate in targets.items()
        if key != "gdp"
    }
    return four(targets={"gdp_growth": {"ensure": targets["gdp"], "main": True}, **rows})


def lines(data, check=None):
    built = region(data)
    found = audit(Scenario.model_validate(data), built.economy, built.sheet).lines
    return [line for line in found if check in (None, line.check)]


def test_sectors_that_all_grow_alike_imply_that_growth_exactly():
    [line] = lines(sheet(gdp=5, farms=5, plants=5, mines=5, shops=5), "parts")
    assert line.implied == pytest.approx(5, abs=1e-12)
    assert line.level is Consistency.CONSISTENT


def test_gdp_that_its_sectors_cannot_make_is_a_contradiction():
    [line] = lines(sheet(gdp=9, farms=4, plants=6, mines=5, shops=7), "parts")
    assert line.implied == pytest.approx((60 * 4 + 120 * 6 + 90 * 5 + 150 * 7) / 420, abs=1e-9)
    assert line.level is Consistency.CONTRADICTORY


def test_what_gdp_leaves_to_a_sector_without_a_row():
    data = laid(
        sheet(gdp=6, farms=4, plants=8, mines=5), {"history": {"growth": {"shops": 5}, "swing": {"gdp": 0.5}}}
    )
    [line] = lines(data, "rest")
    assert line.asked == pytest.approx((420 * 6 - 60 * 4 - 120 * 8 - 90 * 5) / 150, abs=1e-9)
    assert (line.implied, line.level) == (
        5,
        Consistency.TIGHT,
    )  # 5.8 asked of shops, 5 last year, 0.5 of doubt


def test_order_of_sectors_does_not_matter():
    data = laid(
        sheet(gdp=6, farms=4, plants=8, mines=5), {"history": {"growth": {"shops": 5}, "swing": {"gdp": 1}}}
    )
    turned = {**data, "sectors": dict(reversed(data["sectors"].items()))}

    def facts(each):
        return sorted(
            (line.check, line.target, line.tier, line.level.name, round(line.implied or 0, 9))
            for line in lines(each)
        )

    assert facts(data) == facts(turned)


def test_last_years_icor_by_hand():
    data = laid(
        four(),
        {
            "targets": {"gdp_growth": {"ensure": 6, "main": True}, "fai_growth": {"ensure": 10}},
            "history": {"outcomes": {"gdp_growth": 5}, "swing": {"gdp": 1}},
        },
    )
    [line] = lines(data, "icor")
    assert line.implied == pytest.approx(110 * 0.05 / 1.05)  # invested 1.1 times as much at one ratio
    assert lines(laid(data, {"history": {"outcomes": None}}), "icor")[0].missing == (
        "history.outcomes.gdp_growth",
    )


def test_more_key_projects_than_investment_is_a_contradiction():
    data = laid(four(), {"targets": {"key_project_investment": {"ensure": 200}}})  # all investment: 0.4 x 420
    [line] = lines(data, "key_bound")
    assert line.implied == pytest.approx(168)
    assert line.level is Consistency.CONTRADICTORY


def test_harvest_is_area_times_yield():
    rows = {
        "harvest": {"indicator": "crop_output", "covers": ["grain"], "ensure": 30},
        "land": {"indicator": "crop_area", "covers": ["grain"], "ensure": 60},
    }
    [line] = lines(laid(four(), {"targets": rows}), "harvest")
    assert line.implied == pytest.approx(60 * 400 / 1000)
    assert line.level is Consistency.CONTRADICTORY


def test_the_example_says_which_tier_its_sectors_fit():
    """115.3 x 4.2 + 624.5 x 7.5 + 92.8 x 6 + 471.2 x 7.3, over 1303.8: 7.0; services left with 5.8."""
    found = examine(load_example("panzhihua-2024"))
    by_key = {(line.check, line.target, line.tier): line for line in found.lines}
    parts, rest = by_key["parts", "gdp_growth", "ensure"], by_key["rest", "gdp_growth", "ensure"]
    by_hand = (115.27 * 4.2 + 624.5 * 7.5 + 92.8 * 6 + 471.23 * 7.3) / 1303.8
    assert parts.implied == pytest.approx(by_hand, abs=0.01)
    assert (parts.nearest, parts.level) == ("stretch", Consistency.LOOSE)
    assert rest.asked == pytest.approx(
        (1303.8 * 6.5 - 115.27 * 4.2 - 624.5 * 7.5 - 92.8 * 6) / 471.23, abs=0.02
    )
    assert by_key["harvest", "grain_output", "ensure"].implied == pytest.approx(
        68 * 379.9 * 1.003 * (1 + 0.08 * 3.2 / 46) / 1000
    )


def test_command_in_both_languages_and_as_json():
    for lang, word in (("zh", "目标体检"), ("en", "AUDIT")):
        told = CliRunner().invoke(simulate, ["audit", "--example", "panzhihua-2024", "--lang", lang, "--all"])
        assert told.exit_code == 0
        assert word in told.output
    made = json.loads(CliRunner().invoke(simulate, ["audit", "example:deyang-2022", "--json"]).output)
    assert made["schema"] == "dabiao.audit/1"
    assert made["tables"]["audit"]["rows"]


def test_odd_but_allowed_numbers_break_nothing():
    data = laid(
        sheet(gdp=0, farms=0, plants=8),
        {
            "targets": {
                "firms": {"title": "firms", "basis": "stated", "ensure": 5, "expected": 0},
                "value": {"indicator": "output_value", "covers": ["plants"], "ensure": 5, "base": 0},
                "gdp_level": {"ensure": 100},
            },
            "history": {"outcomes": {"gdp_growth": -100}, "growth": {"shops": -100}},
        },
    )
    found = lines(data)
    assert {line.level for line in found if line.check in ("icor", "output")} == {Consistency.MISSING}
    assert all(line.says.zh and line.says.en for line in found)


def test_history_of_what_is_not_there_is_an_error_with_the_nearest_name(tmp_path):
    file = tmp_path / "city.yaml"
    file.write_text(
        "extends: example:panzhihua-2024/baseline.yaml\nhistory:\n  source: report-2024\n  outcomes:"
        " {gdp_grwth: 6.5}\n",
        encoding="utf-8",
    )
    told = CliRunner().invoke(simulate, ["audit", str(file)])
    assert told.exit_code == 2
    assert "history.outcomes.gdp_grwth" in told.output and "gdp_growth" in told.output


def test_one_mismatch_is_one_finding():
    found = examine(load_example("deyang-2022"))
    assert [line.check for line in found.findings] == ["parts"]
    [rest] = [line for line in found.lines if line.check == "rest"]
    assert "fits best" not in rest.says.en  # one tier alone cannot fit better than another
