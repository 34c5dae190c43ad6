"""Checks that catch a toy: a real region whose names, order, money, prices and dates do what they should and
no more."""

import laws
import numpy as np
import pytest
from dabiao.scenarios.load import load_example
from dabiao.scenarios.schema import Scenario
from hypothesis import given, settings
from regions import region, sketches


@pytest.fixture(scope="module")
def stated():
    """The shipped example as plain data."""
    return load_example("panzhihua-2024").scenario.model_dump()


@pytest.fixture(scope="module")
def plain(stated):
    return region(Scenario.model_validate(stated))


@pytest.fixture(scope="module")
def path(plain):
    return plain.run()


def changed(data, *keys, to):
    """The data with one entry replaced."""
    if not keys:
        return to
    return {**data, keys[0]: changed(data[keys[0]], *keys[1:], to=to)}


def rows(built, path):
    """Every judged row of the sheet in every year."""
    years = range(1, built.economy.years + 1)
    return {
        key: [float(built.sheet.value(row, path, year)[0]) for year in years]
        for key, row in built.sheet.targets.items()
        if row.judged
    }


def moved(before, after, within=1e-9):
    """Which of the named paths differ."""
    return {
        key for key in before if laws.differing(key, np.asarray(after[key]), np.asarray(before[key]), within)
    }


# --- 3: names and order
# ------------------------------------------------------------------------------------------


def test_order_of_sectors_permutes_the_results(stated, plain, path):
    order = sorted(stated["sectors"], key=lambda key: key[::-1])
    assert order != list(stated["sectors"])
    other = region(
        Scenario.model_validate({**stated, "sectors": {key: stated["sectors"][key] for key in order}})
    )
    after = other.run()
    for key in order:
        assert laws.differing(key, after.sector_va(key), path.sector_va(key), 1e-10) == []
    assert moved(rows(plain, path), rows(other, after)) == set()


def test_two_sectors_that_swap_names_swap_results(stated, path):
    """All that is said of one is said of the other: sector, shares, projects."""
    one, two = "chemicals", "equipment"
    names = {one: two, two: one}

    def pick_freeze(part):
        if isinstance(part, dict):
            return {names.get(key, key): pick_freeze(value) for key, value in part.items()}
        if isinstance(part, (list, tuple)):
            return [pick_freeze(each) for each in part]
        return names.get(part, part) if isinstance(part, str) else part

    # the national table has a class of the same name: it stays what it is
    data = {
        **stated,
        **{key: pick_freeze(stated[key]) for key in ("investment", "mixes", "projects", "targets")},
    }
    data["sectors"] = {names.get(key, key): each for key, each in stated["sectors"].items()}
    after = region(Scenario.model_validate(data)).run()
    assert laws.differing("one", after.sector_va(one), path.sector_va(two), 1e-10) == []
    assert laws.differing("two", after.sector_va(two), path.sector_va(one), 1e-10) == []
    assert laws.differing("gdp", after.gdp, path.gdp, 1e-10) == []


# --- 4: random regions of three sectors
# --------------------------------------------------------------------------


@settings(max_examples=20)
@given(sketches(count=(3, 3)))
def test_random_regions_balance_and_add_up(data):
    built = region(data)
    assert laws.unbalanced(built.economy.accounts, built.pipeline.normal[:, 0]) == []
    path = built.run()
    shares = np.stack([np.diff(path.sector_va(key), axis=0) for key in path.economy.sector_ids])
    assert shares.sum(axis=0) == pytest.approx(np.diff(path.gdp, axis=0), abs=1e-9)


def test_the_example_balances(plain):
    accounts = plain.economy.accounts
    assert laws.unbalanced(accounts, plain.pipeline.normal[:, 0]) == []
    assert (accounts.va_ratio * accounts.output).sum() == pytest.approx(
        plain.scenario.accounts.gdp.value, rel=5e-4
    )


# --- 5: no investment, another price, a slipped project
# ----------------------------------------------------------


def test_no_investment(stated, plain, path):
    """No yuan, no project: investment falls to nothing, no sector makes more than before, harvests stay."""
    built = region(Scenario.model_validate({**stated, "projects": {}, "pool": None}))
    nothing = built.run(built.plan.scaled(0.0))
    before, after = rows(plain, path), rows(built, nothing)
    assert [round(value, 9) for value in after["fai_growth"]][:1] == [-100.0]
    assert after["key_project_investment"] == [0.0] * built.economy.years
    assert after["gdp_growth"][0] < before["gdp_growth"][0] - 3
    untouched = {
        key
        for key, row in plain.sheet.targets.items()
        if row.judged and row.indicator in ("crop_output", "crop_area")
    }
    assert untouched
    assert moved(before, after) == set(before) - untouched
    # against the same region with its money but without projects: all lose, those who build lose most
    full = built.run()
    for year in range(1, built.economy.years + 1):
        assert laws.lower("output", full.output[:, year], nothing.output[:, year]) == []
    lost = 1 - nothing.output[:, 1, 0] / full.output[:, 1, 0]
    branches = [branch.id for branch in built.economy.branches]
    assert branches[int(lost.argmax())] == "construction"


def test_doubled_price_of_v2o5(stated, plain, path):
    """Output values of those who count it move, by tons times price; nothing real moves."""
    [name] = stated["chains"]
    assert "v2o5" in stated["chains"][name]["materials"]
    data = changed(stated, "chains", name, "materials", "v2o5", "price_growth", to=100)
    other = region(Scenario.model_validate(data))
    after = other.run()
    assert np.array_equal(after.output, path.output)
    counted = {
        key
        for key, row in plain.sheet.targets.items()
        if row.judged and row.indicator == "output_value" and "v2o5" in row.asked.covers
    }
    assert counted
    assert moved(rows(plain, path), rows(other, after)) == counted
    for key in counted:
        row = plain.sheet.targets[key]
        if row.asked.base is None:
            old, new = (each.economy.prices.material["v2o5"][0] for each in (plain, other))
            price = plain.economy.prices.material_base["v2o5"][0]
            expected = path.physical["made:v2o5"][1, 0] * price * (new - old) * 1e-4
            found = other.sheet.value(row, after, 1)[0] - plain.sheet.value(row, path, 1)[0]
            assert found == pytest.approx(expected)


def test_a_slipped_project(stated, plain, path):
    """One project a year later: its own dates, its sector's capacity; other sectors only through what they
    sell to it."""
    pipeline_run = plain.pipeline.run(plain.plan)
    horizon = 12 * plain.economy.years
    commissioned = pipeline_run.result.dates["commissioned"]
    candidates = [
        j
        for j, project in enumerate(pipeline_run.projects)
        if project.output > 0 and 0 < commissioned[j] < horizon - 24
    ]
    assert candidates
    late = candidates[0]
    project = pipeline_run.projects[late]
    slip = stated["projects"][project.id]["slip"]["value"] + 12
    other = region(Scenario.model_validate(changed(stated, "projects", project.id, "slip", to=slip)))
    slipped = other.pipeline.run(other.plan)
    ids = pipeline_run.result.ids
    for stage in ("started", "commissioned", "full_load"):
        dates = zip(ids, pipeline_run.result.dates[stage], slipped.result.dates[stage], strict=True)
        assert {key for key, was, now in dates if was != now} <= {project.id}
    assert slipped.result.dates["commissioned"][late] == pytest.approx(commissioned[late] + 12)
    after = other.run()
    own = plain.economy.rows(project.sector)
    assert (after.limit[own] < path.limit[own]).any()
    others = np.setdiff1d(np.arange(len(path.limit)), np.arange(own.start, own.stop))
    assert np.array_equal(after.limit[others], path.limit[others])
    # what no project touches does not move at all
    for name in path.physical:
        if name.startswith(("crop:", "area:")):
            assert np.array_equal(after.physical[name], path.physical[name])
    assert moved(rows(plain, path), rows(other, after)) >= {"gdp_growth", "industry_above_scale_growth"}
