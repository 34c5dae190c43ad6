"""The difference between two runs is shared out exactly, without order, to the keys that changed."""

from __future__ import annotations

import json
from itertools import pairwise, permutations
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.compare import attribute as module
from dabiao.engine.compare.attribute import attribute, shapley
from dabiao.engine.compare.blend import UNREAD
from dabiao.engine.run import run
from dabiao.models.errors import ScenarioError
from dabiao.results.compare.attribution import attribution, lines_of, outdated
from dabiao.results.text.format import printed
from dabiao.scenarios.load import load
from hypothesis import given
from hypothesis import strategies as st

VALLEY = Path(__file__).parent / "scenarios_for_tests" / "answered.yaml"


def valley(*sets: str):
    return load(VALLEY, sets)


BASE = valley()
OTHER = valley(
    "investment.growth=9",
    "prices.gdp=1.5",
    "sectors.factories.market.trend=5",
    "limits.money.max=99",
    "projects.new-plant.slip=8",
)


def test_shapley_is_the_mean_over_all_orders() -> None:
    """The definition itself, on a game without any structure."""
    names = ["a", "b", "c", "d"]
    rng = np.random.default_rng(1)
    worth = {
        frozenset(g for at, g in enumerate(names) if mask >> at & 1): rng.normal(size=3) for mask in range(16)
    }
    shares = shapley(lambda taken: worth[taken], names)
    for name in names:
        steps = []
        for order in permutations(names):
            before = frozenset(order[: order.index(name)])
            steps.append(worth[before | {name}] - worth[before])
        assert shares[name] == pytest.approx(np.mean(steps, axis=0), abs=1e-12)


@given(st.lists(st.floats(-1e3, 1e3), min_size=4, max_size=4))
def test_two_groups_in_closed_form(worth) -> None:
    none, one, two, both = worth
    game = {frozenset(): none, frozenset("a"): one, frozenset("b"): two, frozenset("ab"): both}
    found = shapley(lambda taken: np.array([game[taken]]), ["a", "b"])
    assert found["a"][0] == pytest.approx(((one - none) + (both - two)) / 2, abs=1e-9)


@pytest.fixture(scope="module")
def both_ways():
    return attribute(BASE.scenario, OTHER.scenario), attribute(OTHER.scenario, BASE.scenario)


def test_it_adds_up_to_what_the_runs_report(both_ways) -> None:
    """To 1e-12, and the ends are the runs' own simulated values."""
    found = both_ways[0]
    total = sum(group.effects for group in found.groups)
    assert total == pytest.approx(found.second - found.first, abs=1e-11)
    for loaded, values in ((BASE, found.first), (OTHER, found.second)):
        answer = run(loaded, draws=0)
        for item, value in zip(found.items, values, strict=True):
            if item.kind == "target":
                own = float(answer.sheet.value(answer.sheet.targets[item.id], answer.plan.path, item.year)[0])
                assert value == pytest.approx(own, abs=1e-11)


def test_the_order_of_files_reverses_the_signs(both_ways) -> None:
    one, two = ({group.id: group.effects for group in each.groups} for each in both_ways)
    assert set(one) == set(two)
    for key, effects in one.items():
        assert effects == pytest.approx(-two[key], abs=1e-11)


def test_a_key_that_nothing_reads_gets_nothing(both_ways) -> None:
    """A threshold and a limit do not move the plan; prices do not move real GDP; each alone moves what it
    moves together."""
    found = both_ways[0]
    groups = {group.id: group for group in found.groups}
    assert not groups[UNREAD].effects.any() and set(groups[UNREAD].paths) == {"limits.money.max"}
    at = next(at for at, item in enumerate(found.items) if item.id == "gdp_growth")
    assert groups["prices"].effects[at] == pytest.approx(0, abs=1e-12)
    level = next(at for at, item in enumerate(found.items) if item.id == "gdp_level")
    assert groups["prices"].effects[level] > 0.5


def test_one_changed_key_has_the_whole_difference() -> None:
    found = attribute(BASE.scenario, valley("investment.growth=9").scenario)
    assert [group.id for group in found.groups] == ["investment"]
    assert found.groups[0].effects == pytest.approx(found.second - found.first, abs=1e-12)
    assert np.abs(found.groups[0].effects).max() > 0.1


def test_equal_scenarios_have_no_groups() -> None:
    found = attribute(BASE.scenario, valley().scenario)
    assert found.groups == () and found.first == pytest.approx(found.second, abs=0)


def test_many_groups_are_joined_and_still_add_up(monkeypatch, both_ways) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    found = attribute(BASE.scenario, OTHER.scenario)
    live = [group for group in found.groups if group.id != UNREAD]
    assert len(live) == 2 and any(len(group.members) > 1 and group.joined == "few" for group in live)
    assert sum(group.effects for group in found.groups) == pytest.approx(
        found.second - found.first, abs=1e-11
    )


def test_what_cannot_stand_alone_is_one_group(monkeypatch) -> None:
    """Where every mixture with one change and without the other is refused, the two are one group."""
    whole = module.Between.__call__

    def refuses(self, taken):
        if ("prices" in taken) != ("investment" in taken):
            raise ScenarioError([])
        return whole(self, taken)

    monkeypatch.setattr(module.Between, "__call__", refuses)
    found = attribute(BASE.scenario, OTHER.scenario)
    joined = next(group for group in found.groups if group.joined == "need")
    assert set(joined.members) == {"investment", "prices"}
    assert sum(group.effects for group in found.groups) == pytest.approx(
        found.second - found.first, abs=1e-11
    )


def test_other_years_are_not_taken_apart() -> None:
    found = attribute(BASE.scenario, load("example:deyang-2022").scenario)
    assert [group.id for group in found.groups] == [module.ALL]


def test_the_table_adds_up_as_printed(both_ways) -> None:
    table = attribution({2: both_ways[0]}, [BASE.origins, OTHER.origins])
    at = [column.name for column in table.columns if column.shown].index("effect")
    blocks: dict[str, list[tuple[str, str]]] = {}
    for row, cells in zip(table.records(), printed(table, "en"), strict=True):
        blocks.setdefault(row["block"], []).append((row["level"], cells[at]))
    for block in blocks:
        steps = [row for row in table.records() if row["block"] == block]
        assert all(one["to"] == two["from"] for one, two in pairwise(steps[:-1])), (
            "a waterfall goes down step by step"
        )
        assert (steps[0]["from"], steps[-2]["to"]) == (
            steps[-1]["from"],
            pytest.approx(steps[-1]["to"], abs=1e-9),
        )
        assert all(row["to"] - row["from"] == pytest.approx(row["effect"], abs=1e-9) for row in steps)
    for rows in blocks.values():
        parts = sum(round(float(text) * 100) for level, text in rows if level == "part")
        assert [parts] == [round(float(text) * 100) for level, text in rows if level == "total"]


def test_the_lines_are_those_of_the_changed_keys() -> None:
    origins = {
        "investment.growth": "b.yaml:7",
        "projects.x.invest": "b.yaml:20",
        "projects.x.stage": "b.yaml:19",
    }
    assert lines_of(["investment.growth", "projects.x"], origins, {}) == "b.yaml:7,19"
    assert lines_of(["gone"], {}, {"gone": "a.yaml:3"}) == "a.yaml:3"


@pytest.mark.slow
def test_compare_tells_it_for_files_and_for_earlier_runs(tmp_path: Path) -> None:
    """The same attribution from the files and from the folders that they were run into."""
    for name, growth in (("one", 6.0), ("two", 8.5)):
        text = load(VALLEY, [f"investment.growth={growth}"])
        from dabiao.scenarios.load import resolved_yaml

        (tmp_path / f"{name}.yaml").write_text(resolved_yaml(text), encoding="utf-8")
    made = []
    for name in ("one", "two"):
        done = CliRunner().invoke(
            simulate, [str(tmp_path / f"{name}.yaml"), "--out", str(tmp_path / "runs"), "--json", "-q"]
        )
        made.append(json.loads(done.stdout))
    folders = [str(next((tmp_path / "runs").glob(f"*/{each['run']}"))) for each in made]
    tables = []
    for words in ([str(tmp_path / "one.yaml"), str(tmp_path / "two.yaml")], folders):
        done = CliRunner().invoke(
            simulate, ["compare", *words, "--json", "--out", str(tmp_path / "out"), "-q"]
        )
        assert done.exit_code == 0, done.output
        tables.append(json.loads(done.stdout)["tables"])
    one, two = (each["attribution"]["rows"] for each in tables)
    assert (
        [row["effect"] for row in one] == pytest.approx([row["effect"] for row in two])
        if isinstance(one[0], dict)
        else one
    )
    text = (tmp_path / "two.yaml").read_text(encoding="utf-8").splitlines()
    line = next(
        at for at, row in enumerate(text, start=1) if row.strip().startswith("growth:") and "8.5" in row
    )
    assert f"two.yaml:{line}" in json.dumps(tables[0]["attribution"]) and f":{line}" in json.dumps(
        tables[1]["attribution"]
    )
    assert yaml.safe_load(json.dumps(tables[0]["summary"]))  # a sentence in both languages


OTHER_STRUCTURE = """
extends: answered.yaml
title: big
assumption: x
projects:
  new-mine: null
  huge:
    title: huge
    sector: factories
    invest: 50
    stage: approved
    start: "2021-01"
    months: {approval: 0, registration: 0, construction: 12, ramp_up: 6}
    adds: {output: 30}
mixes:
  plan: {shares: {farms: 5, mines: 15, factories: 70, shops: 10}}
investment: {growth: 9}
prices: {gdp: 2}
demand: {government: 6}
pool: {investment: 15}
sectors:
  factories: {market: {trend: 3}, above_scale: 80}
  farms: {crops: {grain: null, rice: {title: rice, area: 50, area_growth: 0, crop_yield: 382, yield_growth: 0.5, price: 2.8}}, farmland: null}
  shops: {visitors: null}
targets: {grain: {covers: [rice]}}
"""  # noqa: E501


def test_changes_of_structure_are_attributed_too(tmp_path: Path) -> None:
    """A crop, a project and visitors come and go; the big project cannot stand without the mix that pays for
    it."""
    for file in VALLEY.parent.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "big.yaml").write_text(OTHER_STRUCTURE, encoding="utf-8")
    other = load(tmp_path / "big.yaml").scenario
    one, two = attribute(BASE.scenario, other), attribute(other, BASE.scenario)
    assert sum(group.effects for group in one.groups) == pytest.approx(one.second - one.first, abs=1e-10)
    mine, theirs = ({group.id: group.effects for group in each.groups} for each in (one, two))
    assert set(mine) == set(theirs)
    for key, effects in mine.items():
        assert effects == pytest.approx(-theirs[key], abs=1e-10)
    needed = next(group for group in one.groups if "projects.huge" in group.members)
    assert "mix" in needed.members and needed.joined == "need"
    crops = next(group for group in one.groups if "sectors.farms" in group.members)
    assert "indicators" in crops.members, "the target covers a crop that only one of the scenarios grows"


def test_draws_of_durations_are_a_change_too() -> None:
    found = attribute(BASE.scenario, BASE.scenario, (None, 7))
    assert [group.id for group in found.groups] == ["seed"]
    assert (
        found.groups[0].effects == pytest.approx(found.second - found.first, abs=1e-12)
        and found.groups[0].effects.any()
    )


def test_a_stored_run_of_another_program_is_told(both_ways) -> None:
    from dabiao.results.report import tables as made

    table = attribution({2: both_ways[0]}, [BASE.origins, OTHER.origins])
    mine, other = made(run(BASE)), made(run(OTHER))
    assert outdated(table, [mine, other]) == []
    assert outdated(table, [mine, mine]) == [2]


def test_what_is_remembered_is_what_would_be_computed() -> None:
    """Every mixture, from a memory filled by all others and afresh."""
    shared = module.Between(BASE.scenario, OTHER.scenario, (None, 7))
    groups = [group for group in shared.groups if group != UNREAD]
    sets = [frozenset(g for at, g in enumerate(groups) if mask >> at & 1) for mask in range(1 << len(groups))]
    together = [shared(each) for each in sets]
    for each, value in list(zip(sets, together, strict=True))[::3]:
        assert module.Between(BASE.scenario, OTHER.scenario, (None, 7))(each) == pytest.approx(
            value, abs=1e-12
        )
