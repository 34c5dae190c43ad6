"""The audit of ceilings, ranges and rows in step with another: what binds is told, what does not bind never
matters."""

import pytest
from dabiao.engine.diagnose.audit import Audit, audit
from dabiao.engine.run import examine
from dabiao.models.consistency import Consistency, level
from dabiao.scenarios.load import load_example
from dabiao.scenarios.schema import Scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from regions import four, laid, region

GRAVE = {Consistency.CONTRADICTORY: 2, Consistency.TIGHT: 1}
"""How grave a judgement is that a row asks too much; the others are not."""
PAST = {
    "outcomes": {"gdp_growth": 5},
    "growth": {"farms": 4, "plants": 6, "mines": 5, "shops": 5},
    "swing": {"gdp": 1},
}
"""Farms 60, plants 120, mines 90, shops 150: last year's rates give 5.1."""


def cap(key: str, most: float) -> dict:
    """A ceiling on the growth of a sector."""
    return {f"{key}_cap": {"title": key, "indicator": "sector_growth", "covers": [key], "at_most": most}}


def least(key: str, rate: float) -> dict:
    """A floor on the growth of a sector."""
    return {f"{key}_growth": {"title": key, "indicator": "sector_growth", "covers": [key], "ensure": rate}}


def judged(targets: dict, **over) -> Audit:
    data = laid({**four(), "targets": targets}, {"history": PAST, **over})
    built = region(data)
    return audit(Scenario.model_validate(data), built.economy, built.sheet)


def of(found: Audit, check: str, target: str, tier: str):
    [line] = [line for line in found.lines if (line.check, line.target, line.tier) == (check, target, tier)]
    return line


FLOORS = {**least("farms", 4), **least("plants", 6), **least("mines", 5), **least("shops", 7)}
BY_HAND = (60 * 4 + 120 * 6 + 90 * 5 + 150 * 7) / 420  # 5.86


@pytest.mark.parametrize(
    "most, found",
    [(5, Consistency.CONTRADICTORY), (5.9, Consistency.CONSISTENT), (9, Consistency.CONSISTENT)],
)
def test_a_ceiling_that_its_parts_at_their_least_exceed_is_a_contradiction(most, found):
    line = of(
        judged({"gdp_growth": {"at_most": most, "main": True}, **FLOORS}), "parts", "gdp_growth", "at_most"
    )
    assert line.implied == pytest.approx(BY_HAND)
    assert line.level is found


def test_the_contradiction_names_both_rows():
    [line] = judged(
        {
            "gdp_growth": {"at_most": 3, "main": True},
            "shops_growth": {**least("shops", 9)["shops_growth"], "title": "Trade"},
        }
    ).findings
    assert line.level is Consistency.CONTRADICTORY
    assert "ceiling 3.0" in line.says.en and "Trade 9.0 (target)" in line.says.en


def test_a_ceiling_on_a_part_counts_where_the_part_would_go_faster():
    """Plants would grow by 6; held at 3, GDP of 5 is not quite there."""
    targets = {"gdp_growth": {"ensure": 5, "main": True}}
    held = of(judged({**targets, **cap("plants", 3)}), "parts", "gdp_growth", "ensure")
    assert held.implied == pytest.approx((60 * 4 + 120 * 3 + 90 * 5 + 150 * 5) / 420)
    assert held.level is Consistency.TIGHT
    assert "plants 3.0 (ceiling)" in held.says.en
    free = of(judged({**targets, **cap("plants", 60)}), "parts", "gdp_growth", "ensure")
    assert free.level is Consistency.CONSISTENT


def test_what_a_part_must_do_beyond_its_ceiling_is_a_contradiction_that_names_it():
    """GDP of 6 asks 7.6 of shops: within what growth swings, but the sheet forbids more than 5.2."""
    rows = {**least("farms", 4), **least("plants", 6), **least("mines", 5)}
    asks = {"gdp_growth": {"ensure": 6, "main": True}, **rows}
    swings = {"history": {**PAST, "swing": {"gdp": 3}}}
    assert of(judged(asks, **swings), "parts", "gdp_growth", "ensure").level is Consistency.CONSISTENT
    line = of(judged({**asks, **cap("shops", 5.2)}, **swings), "parts", "gdp_growth", "ensure")
    assert line.level is Consistency.CONTRADICTORY
    assert '"shops" at most 5.2' in line.says.en


@given(st.floats(-5, 15), st.floats(0, 5), st.floats(-5, 15), st.one_of(st.none(), st.floats(0, 5)))
def test_a_higher_ceiling_is_never_judged_worse(most, more, implied, sd):
    before, after = (level(each, implied, sd, 0.05, ceiling=True) for each in (most, most + more))
    assert GRAVE.get(after, 0) <= GRAVE.get(before, 0)


@settings(max_examples=30, deadline=None)
@given(
    st.floats(-3, 12),
    st.floats(0, 8),
    st.floats(2, 9),
    st.sampled_from(["plants", "shops", "group", "fai", "gdp"]),
)
def test_raising_one_ceiling_makes_no_floor_and_not_itself_worse(most, more, asked, row):
    """Other ceilings aside: what was held down may then press on them."""

    def grave(at: float) -> dict:
        caps = {
            "group": {"group_cap": {**cap("plants", at)["plants_cap"], "covers": ["plants", "mines"]}},
            "fai": {"fai_growth": {"at_most": at}},
            "gdp": {"gdp_cap": {"indicator": "gdp_growth", "title": "cap", "at_most": asked + 3 + at}},
        }.get(row) or cap(row, at)
        found = judged(
            {"gdp_growth": {"ensure": asked, "stretch": asked + 1, "main": True}, **least("mines", 5), **caps}
        )
        return {line.target: GRAVE.get(line.level, 0) for line in found.findings}

    before, after = grave(most), grave(most + more)
    assert all(after.get(key, 0) <= before.get(key, 0) for key in {*before, *after})


def test_investment_held_below_what_growth_needs_is_tight_with_the_numbers():
    """At last year's ICOR investment at +1 % brings 1.01 × 5 / 1.05; 6.5 % needs +36.5 %."""
    targets = {"gdp_growth": {"ensure": 6.5, "main": True}, "fai_growth": {"at_most": 1}}
    line = of(judged(targets), "icor", "gdp_growth", "ensure")
    assert line.implied == pytest.approx(101 * 0.05 / 1.05)
    assert line.level is Consistency.TIGHT
    assert "at most +1.0 %" in line.says.en and "at +36.5 %" in line.basis.en
    assert (
        of(judged(targets, history={**PAST, "swing": {"gdp": 0.5}}), "icor", "gdp_growth", "ensure").level
        is Consistency.CONTRADICTORY
    )
    easy = judged({"gdp_growth": {"ensure": 2, "main": True}, "fai_growth": {"at_most": 1}})
    assert of(easy, "icor", "gdp_growth", "ensure").level is Consistency.CONSISTENT


def test_investment_that_would_bring_more_than_gdp_may_grow():
    found = judged({"gdp_growth": {"at_most": 3, "main": True}, "fai_growth": {"ensure": 10}})
    assert of(found, "icor", "gdp_growth", "at_most").level is Consistency.CONTRADICTORY


def test_a_plan_beyond_the_ceiling_on_investment_is_told():
    over = judged({"fai_growth": {"at_most": 1}}, investment={"growth": 7})
    [line] = over.findings
    assert (line.check, line.level) == ("plan", Consistency.TIGHT)  # it may spend less: 6 % of 168
    assert "CNY 1.01bn less" in line.basis.en
    assert not judged({"fai_growth": {"at_most": 7}}, investment={"growth": 7}).findings


@pytest.mark.parametrize("ceiling_first", [False, True])
def test_a_range_is_right_between_its_ends_and_told_once_beyond(ceiling_first):
    def found(most: float) -> list[tuple[str, Consistency]]:
        rows = {
            "gdp_growth": {"ensure": 4, "main": True},
            "a_cap": {"indicator": "gdp_growth", "title": "cap", "at_most": most},
        }
        ordered = dict(reversed(rows.items())) if ceiling_first else rows
        return [(line.target, line.level) for line in judged({**ordered, **FLOORS}).findings]

    assert found(8) == []  # 5.9 lies between 4 and 8
    assert found(5) == [("a_cap", Consistency.CONTRADICTORY)]


STEP = {
    "relations": {
        "step": {
            "title": "in step",
            "unit": "points",
            "constant": 0,
            "drivers": {"income": 1, "gdp_growth": -1},
        },
        "income": {
            "title": "income",
            "constant": {"value": 2, "low": 0, "high": 4},
            "drivers": {"gdp_growth": 0.5},
        },
    }
}


@pytest.mark.parametrize(
    "gdp, income, found",
    [
        ({"ensure": 6}, {"ensure": 6.5}, Consistency.CONSISTENT),
        ({"ensure": 6}, {"ensure": 5}, Consistency.CONTRADICTORY),
        ({"ensure": 6}, {"at_most": 5.2}, Consistency.CONTRADICTORY),  # even at its most 0.8 short
        ({"ensure": 4}, {"at_most": 6}, Consistency.CONSISTENT),
        ({"at_most": 4}, {"at_most": 6}, None),  # two ceilings say nothing of the distance
    ],
)
def test_a_row_in_step_with_another_takes_the_tiers_of_both(gdp, income, found):
    told = judged({"gdp_growth": {**gdp, "main": True}, "income": income, "step": {"ensure": 0}}, **STEP)
    lines = [line for line in told.lines if line.check == "relation" and line.target == "step"]
    assert [line.level for line in lines] == ([found] if found else [])


def test_a_row_that_follows_gdp_is_bounded_by_its_ceiling():
    """Income = 2 + 0.5 GDP: at most 4 with GDP at most 4; asking 9 is too much, asking 1 is nothing; no
    number is missing."""

    def line(asked: dict):
        return of(
            judged({"gdp_growth": {"at_most": 4, "main": True}, "income": asked}, **STEP),
            "relation",
            "income",
            "ensure",
        )

    assert line({"ensure": 9}).implied == pytest.approx(4)
    assert line({"ensure": 9}).level is Consistency.CONTRADICTORY
    assert line({"ensure": 1}).level is Consistency.CONSISTENT
    both = judged({"gdp_growth": {"at_most": 4, "main": True}, "income": {"at_most": 1}}, **STEP)
    assert not [line for line in both.lines if line.target == "income"]


def test_keeping_within_one_bound_hides_no_other():
    """The plan has the money, the limit forbids it."""
    limits = {"money": {"title": "money", "on": "investment", "max": 170}}
    found = judged({"fai_growth": {"ensure": 8}}, investment={"growth": 9}, limits=limits)
    assert [line.check for line in found.findings] == ["money"]


def test_one_judgement_a_row():
    found = examine(load_example("panzhihua-2024")).findings
    assert len({line.target for line in found}) == len(found) > 3
