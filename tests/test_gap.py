"""The gap sheet adds up, by sector and by cause; the value at risk of a project is what a scenario with that
slip says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from dabiao.engine.diagnose.delay_impact import QUARTER, falls
from dabiao.engine.diagnose.gap import divided
from dabiao.engine.run import Answer
from dabiao.engine.run import run as answer_scenario
from dabiao.engine.study import Study, in_futures, study
from dabiao.engine.uncertainty.futures import Futures
from dabiao.results.report import tables
from dabiao.results.tables.multipliers import coefficient_table
from dabiao.results.text.format import number, printed
from dabiao.scenarios.load import load, load_example
from hypothesis import given
from hypothesis import strategies as st

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"


@cache
def answered(name: str = "", *sets: str, draws: int = 0) -> Answer:
    return answer_scenario(load_example(name, sets) if name else load(VALLEY, sets), draws=draws)


@cache
def planned(*sets: str) -> Study:
    """The plan alone, simulated: slips are no part of business as usual, so the level stays."""
    return study(load_example("panzhihua-2024", sets))


amounts = st.floats(0.5, 500)
rates = st.floats(-8, 15)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(amounts, rates), min_size=1), rates, st.data())
def test_the_division_by_sector_adds_up(
    sectors: dict[str, tuple[float, float]], asked: float, data: st.DataObject
) -> None:
    """Whatever rows speak for which sectors: parts are the gap, spoken-for sectors are asked their row, the
    rest equal points."""
    before = {key: value for key, (value, _) in sectors.items()}
    after = {key: value * (1 + rate / 100) for key, (value, rate) in sectors.items()}
    spoken = data.draw(st.lists(st.sampled_from(sorted(before)), unique=True))
    rate = data.draw(rates)
    parts = divided(before, after, asked, [(tuple(spoken), rate, "row")] if spoken else [])
    whole = sum(before.values())
    assert sum(part.money for part in parts) == pytest.approx(
        sum(after.values()) - whole * (1 + asked / 100), abs=1e-9 * whole
    )
    free = [part for part in parts if part.sector not in spoken]
    if free:
        if spoken:
            own = [part for part in parts if part.sector in spoken]
            assert sum(p.before * p.asked for p in own) / sum(p.before for p in own) == pytest.approx(
                rate, abs=1e-9
            )
        more = [part.asked - part.expected for part in free]
        assert max(more) - min(more) <= 1e-7
    assert sum(part.before * part.asked for part in parts) / whole == pytest.approx(asked, abs=1e-7)


@pytest.mark.parametrize("name", ["", "panzhihua-2024", "deyang-2022"])
def test_the_sheet_adds_up_to_the_printed_digit(name: str) -> None:
    """In every language and column, and in the numbers that Excel and CSV hold; the total is the gap of the
    target sheet."""
    answer = answered(name, draws=512 if name == "panzhihua-2024" else 0)
    made = tables(answer)
    table = made["gap_sheet"]
    columns = [table.columns[table.at(column)] for column in ("gap_yi", "gap")]
    cells = printed(table, "zh", columns)
    for block in dict.fromkeys(table.column("block")):
        rows = [
            (row, told) for row, told in zip(table.records(), cells, strict=True) if row["block"] == block
        ]
        for at, name_ in enumerate(("gap_yi", "gap")):
            parts = [told[at] for row, told in rows if row["level"] == "part"]
            (total,) = (told[at] for row, told in rows if row["level"] == "total")
            assert sum(round(100 * float(part)) for part in parts) == round(100 * float(total)), (
                block,
                name_,
            )
            assert all(float(number(row[name_], 2)) == row[name_] for row, _ in rows)
    outcomes = {
        outcome.tier: outcome for outcome in answer.assessment.outcomes if outcome.target.id == "gdp_growth"
    }
    totals = {row["tier_id"]: row for row in table.records() if row["level"] == "total"}
    for tier, outcome in outcomes.items():
        assert totals[tier]["gap"] == pytest.approx(outcome.gap, abs=0.00501)
        assert totals[tier]["gap_yi"] == pytest.approx(outcome.gap_yi, abs=0.00501)


@pytest.mark.slow
def test_late_projects_cost_what_a_scenario_without_slips_gains() -> None:
    """Independently: a slip set to zero in the file, one after the other; the usual delay stays that of so
    many others."""
    answer = answered("panzhihua-2024", draws=512)
    gap = answer.gaps[0]
    assert gap.late and gap.together + sum(one.money for one in gap.late) + gap.other == pytest.approx(
        gap.money
    )
    for late in gap.late[:3]:
        timely = planned(f"projects.{late.project}.slip=0")
        gained = float(timely.plan.path.gdp[answer.year, 0] - answer.plan.path.gdp[answer.year, 0])
        assert late.money == pytest.approx(-gained, abs=1e-9)
        assert gained > 0


@pytest.mark.parametrize("at", [0, 3])
def test_value_at_risk_is_what_the_slipped_scenario_says(at: int) -> None:
    """The same number from a file in which that project's slip is three months longer."""
    answer = answered("panzhihua-2024", draws=512)
    slip = answer.delay_impacts[at]
    stated = answer.scenario.projects[slip.project].slip
    later = planned(f"projects.{slip.project}.slip={stated.value + QUARTER}")
    target = answer.sheet.targets[answer.ranked_by or ""]
    change = (
        later.sheet.value(target, later.plan.path, later.year)[0]
        - answer.sheet.value(target, answer.plan.path, answer.year)[0]
    )
    change += answer.sheet.offsets[target.id]  # the other one was not drawn
    assert slip.effect == pytest.approx(change, abs=1e-12)
    assert slip.effect < 0


def test_the_largest_loss_stands_first_and_done_projects_are_left_out() -> None:
    answer = answered("panzhihua-2024", draws=512)
    effects = [one.effect for one in answer.delay_impacts]
    assert effects == sorted(effects)
    done = {p.id for p in answer.plan.pipeline_run.projects if p.stage == "commissioned"}
    assert done and not done & {one.project for one in answer.delay_impacts}
    assert len(answer.delay_impacts) + len(done) == len(answer.scenario.projects)


def test_probability_falls_by_the_futures_between() -> None:
    answer = answered("panzhihua-2024", draws=512)
    target = answer.sheet.targets[answer.ranked_by or ""]
    assert answer.ensemble is not None
    outcomes = answer.ensemble.outcomes[target.id]
    half = 0.5 * 10.0**-target.digits
    for effect in (-0.3, 0.0, 0.4):
        change = falls(answer.ensemble, target, effect)
        for tier, value in target.tiers.items():
            counted = np.mean(outcomes + effect >= value - half) - np.mean(outcomes >= value - half)
            assert change[tier] == pytest.approx(counted, abs=2 / 512)
    assert falls(None, target, -0.3) == {}


@pytest.mark.slow
def test_probability_falls_as_when_every_future_is_simulated_anew() -> None:
    """The largest project, three months later in every one of 512 futures: the same change within its
    sampling error."""
    answer = answered("panzhihua-2024", draws=512)
    slip, target = answer.delay_impacts[0], answer.sheet.targets[answer.ranked_by or ""]
    stated = answer.scenario.projects[slip.project].slip
    low, high = (stated.value if x is None else x for x in (stated.low, stated.high))
    said = {"value": stated.value, "low": low, "high": high}
    begun = planned(*(f"projects.{slip.project}.slip.{key}={value + QUARTER}" for key, value in said.items()))
    later = in_futures(
        Futures(begun.scenario, begun.loaded.quantities()), begun.sheet, begun.plan, begun.year, 512
    )
    assert answer.ensemble
    moved = later.outcomes[target.id] - answer.ensemble.outcomes[target.id]
    assert moved.mean() == pytest.approx(slip.effect, abs=0.25 * abs(slip.effect))
    for tier in target.tiers:
        simulated = (
            later.probability(target.id, tier).value - answer.ensemble.probability(target.id, tier).value
        )
        assert slip.chances[tier] == pytest.approx(simulated, abs=0.008)


def test_coefficients_are_the_accounts() -> None:
    """Weighted by output, the coefficients give back the local intermediate inputs of every sector."""
    economy = answered().economy
    table = coefficient_table(economy)
    accounts = economy.accounts
    for buyer in economy.sectors:
        at = economy.rows(buyer.id)
        bought = float((accounts.local[:, at, 0] * accounts.output[at, 0]).sum())
        assert sum(table.column(f"to_{buyer.id}")) * float(accounts.output[at, 0].sum()) == pytest.approx(
            bought, rel=1e-12
        )
