"""A province of regions: one member is that member, sums add up in every draw, shared shocks widen the whole,
what does not add up is told, divisions reach in simulation, wrong files, a stranger's table, the command."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.province.draws import LEVELS, drawn, mixed, reordered
from dabiao.engine.province.run import run_province, target_of
from dabiao.engine.province.together import growth_of, variance_parts
from dabiao.engine.study import study
from dabiao.engine.uncertainty.sample_points import PARTS, Points
from dabiao.models.errors import ScenarioError
from dabiao.results.tables.province import province_tables
from dabiao.results.text.format import printed
from dabiao.scenarios.files import EXAMPLE, shipped
from dabiao.scenarios.other_kinds import states
from dabiao.scenarios.province.load import REST, load_province
from dabiao.scenarios.province.schema import HEAD as REGIONS
from dabiao.solvers.members import Hand, cheapest, elsewhere, fairest
from hypothesis import given, settings
from hypothesis import strategies as st

SHIPPED = sorted(
    EXAMPLE + path.relative_to(shipped()).as_posix()
    for path in shipped().glob("*/*.yaml")
    if states(EXAMPLE + path.relative_to(shipped()).as_posix(), REGIONS)
)
FEW = 1024
STRANGER = """\
Lakeland province: prefectures 2022,,,,,,,,
Prefecture,GRP (million yuan),Primary industry (million yuan),Secondary industry (million yuan),\
Real growth (%),Growth target (%),Population (thousand),Fixed asset investment (million yuan),Mayor
Aldermoor,412000,21000,170000,4.1,6.5,4800,231000,Li
Birch Bay,98000,15000,33000,3.2,6,1900,60000,Wu
Coldwater,151000,24000,60000,3.9,6.5,2700,88000,Ma
Dunmere,67000,14000,20000,2.8,5.5,1600,41000,Hu
Eastholm,203000,26000,92000,4.6,7,3300,120000,Xu
Fernside,88000,16000,29000,3.0,6,1800,52000,He
Greywell,120000,20000,48000,3.6,,2200,70000,Lu
Highfold,54000,12000,15000,2.5,5.5,1300,33000,Gu
Ironbridge,176000,15000,95000,5.0,7,2400,110000,Ye
Juniper,73000,13000,24000,3.1,6,1500,43000,Su
Kingsmouth,231000,25000,99000,4.3,6.5,3600,135000,Xu
Lowick,61000,13000,18000,2.7,5.5,1450,36000,Fu
Total,1734000,214000,703000,3.9,6.5,28550,1019000,
"""
HEAD = """\
dabiao: 1
sources:
  s: {en: yearbook of a made-up province}
regions:
  source: s
  title: {zh: 湖区2023, en: Lakeland 2023}
  year: 2022
"""


def write(folder, rest, name="lakeland.yaml", table=STRANGER):
    """A file of regions beside a stranger's table."""
    (folder / "prefectures.csv").write_text(table, encoding="utf-8")
    path = folder / name
    path.write_text(HEAD + rest, encoding="utf-8")
    return path


BODY = """\
  parent: {gdp: 17500}
  targets:
    growth: {ensure: 5, stretch: 5.4}
    gap: {at_most: 3}
  table: {rows: prefectures.csv}
  limits: {Aldermoor: {most: 20, cut: 5}, Lowick: {most: 0}, Birch-Bay: {most: 15}}
"""


def lakeland(folder, *sets):
    return load_province(write(folder, BODY), sets)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return run_province(lakeland(tmp_path_factory.mktemp("lakeland")), draws=FEW)


@cache
def shipped_answer(name):
    return run_province(load_province(name), draws=FEW)


@pytest.fixture(params=SHIPPED)
def example(request):
    return shipped_answer(request.param)


@pytest.fixture(scope="module", params=["stranger", *SHIPPED])
def every(request, found):
    return found if request.param == "stranger" else shipped_answer(request.param)


def test_something_is_shipped():
    assert "example:sichuan-2021/province.yaml" in SHIPPED


def test_a_province_of_one_is_that_member_alone(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(
        HEAD.replace("2022", "2020")
        + "  parent: {gdp: 1040.82}\n  members: {city: {scenario: 'example:panzhihua-2021'}}\n",
        encoding="utf-8",
    )
    alone = load_province(path)
    answer = run_province(alone, draws=FEW)
    own = study(alone.members[0].loaded, draws=FEW).ensemble
    np.testing.assert_array_equal(answer.together.growth, growth_of(answer.together.levels[0]))
    np.testing.assert_allclose(answer.together.growth, own.outcomes["gdp_growth"], rtol=0, atol=1e-9)
    target = target_of("growth", "gdp_growth", alone.members[0].tiers, 1)
    assert (
        answer.chance(target, "ensure", answer.together.own[0]).value
        == own.probability("gdp_growth", "ensure").value
    )


def test_a_city_in_a_province_is_the_city_alone(example):
    for at, member in enumerate(example.members):
        if not member.loaded.file.startswith(EXAMPLE):
            continue
        own = study(member.loaded, draws=4096).ensemble.outcomes["gdp_growth"]
        inside = example.together.own[at]
        error = own.std() / np.sqrt(FEW)
        assert abs(np.median(own) - np.median(inside)) < 4 * 1.25 * error
        assert inside.std() == pytest.approx(own.std(), rel=0.1)
        break
    else:
        pytest.fail("no member by path")


def test_levels_add_up_in_every_draw(every):
    answer = every
    together, parent = answer.together, answer.province.regions.parent.gdp.value
    np.testing.assert_allclose(together.levels.sum(axis=0), together.whole, rtol=1e-12)
    np.testing.assert_allclose(together.whole[0], parent, rtol=1e-9)
    np.testing.assert_allclose(together.points.sum(axis=0), together.growth, atol=1e-9)
    made = province_tables(answer)
    for table, columns in (
        ("province_members", ("base", "mean", "brings")),
        ("province_accounts", ("held",)),
    ):
        own = made[table]
        for column in columns:
            cells = [
                Decimal(row[0].replace(",", "").replace("−", "-"))
                for row in printed(own, "en", [own.columns[own.at(column)]])
            ]
            assert sum(cells[:-1]) == cells[-1], (column, cells)
    assert sum(answer.parts) == pytest.approx(1)
    assert sum(made["province_members"].column("doubt")[:-1]) == pytest.approx(1)


def test_a_growth_of_the_whole_is_no_mean_of_growths(found):
    weights = found.together.levels[:, 0, 0] / found.together.whole[0, 0]
    np.testing.assert_allclose(found.together.growth, weights @ found.together.own, atol=1e-9)
    assert not np.allclose(found.together.growth, found.together.own.mean(axis=0), atol=1e-3)


def twins(folder):
    two = "".join(STRANGER.splitlines(keepends=True)[:3]) + STRANGER.splitlines(keepends=True)[2].replace(
        "Aldermoor", "Other"
    )
    path = write(folder, "  parent: {gdp: 8240}\n  table: {rows: prefectures.csv}\n", table=two)
    return load_province(path)


def test_two_alike_members_in_closed_form(tmp_path):
    """Var of the sum's growth = v (1 + r) / 2, with r the part of one member's variance that nation and
    province explain when it is alone."""
    count = 8192
    pair = twins(tmp_path)
    answer = run_province(pair, draws=count)
    alone, _ = drawn(pair.members[:1], 1, count, "highs")
    growth = growth_of(alone[0].levels())
    inputs = {
        key: np.concatenate([sample.inputs[key] for sample in alone[0].samples])
        for key in (f"uncertainty.shocks.{level}.2023" for level in LEVELS)
    }
    ranks = [((row.argsort().argsort() + 0.5) / count)[None, :] for row in inputs.values()]
    stated = sum(variance_parts(growth, ranks)[:-1])
    first, second = answer.together.own
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(stated, abs=0.03)
    v = growth.var()
    assert answer.together.growth.var() == pytest.approx(v * (1 + stated) / 2, rel=0.04)
    assert answer.apart.var() == pytest.approx(v / 2, rel=0.08)
    assert answer.together.growth.std() > 1.15 * answer.apart.std()
    assert sum(answer.parts[:2]) == pytest.approx(2 * stated / (1 + stated), abs=0.04)


def test_points_of_two_scramblings_hang_together_until_they_are_reordered():
    """Leading bits of one sequence's points are the same ones, turned over or not: the reason for an own
    order."""
    first, second = (Points(2, seed).block(0, 2048) for seed in (1, 2))
    raw = [np.corrcoef(first[0, p::PARTS], second[0, p::PARTS])[0, 1] for p in range(PARTS)]
    own = [
        np.corrcoef(reordered(first, 5)[0, p::PARTS], reordered(second, 6)[0, p::PARTS])[0, 1]
        for p in range(PARTS)
    ]
    assert np.mean(np.abs(raw)) > 0.5 > 0.2 > np.mean(np.abs(own))
    for part in range(PARTS):
        np.testing.assert_array_equal(
            np.sort(first[:, part::PARTS]), np.sort(reordered(first, 5)[:, part::PARTS])
        )


def test_the_order_of_members_decides_nothing(found):
    backwards = replace(found.province, members=tuple(reversed(found.province.members)))
    again = run_province(backwards, draws=FEW)
    np.testing.assert_array_equal(again.together.own[::-1], found.together.own)
    np.testing.assert_allclose(again.together.growth, found.together.growth, rtol=1e-12, atol=1e-12)
    assert mixed(1, "a") != mixed(1, "b") and mixed(1, "a") != mixed(2, "a")


def test_a_member_less_leaves_the_others_as_they_are(found):
    fewer = replace(found.province, members=found.province.members[1:])
    np.testing.assert_array_equal(run_province(fewer, draws=FEW).together.own, found.together.own[1:])


@settings(max_examples=40, deadline=None)
@given(first=st.floats(-5, 20), more=st.floats(0, 5))
def test_a_harder_tier_is_never_likelier(found, first, more):
    easy, hard = (target_of("growth", "gdp_growth", {"ensure": value}, 1) for value in (first, first + more))
    values = found.together.growth
    assert found.chance(hard, "ensure", values).value <= found.chance(easy, "ensure", values).value


def test_what_does_not_add_up_is_told_and_held(tmp_path, found):
    scaled, told = found.province, lakeland(tmp_path, "regions.reconcile=tell")
    assert scaled.stated == pytest.approx(17340) and scaled.factor == pytest.approx(17500 / 17340)
    assert told.factor == 1.0
    one, two = found, run_province(told, draws=FEW)
    assert one.together.whole[0, 0] == pytest.approx(17500) and two.together.whole[0, 0] == pytest.approx(
        17340
    )
    np.testing.assert_allclose(one.together.growth, two.together.growth, atol=1e-9)  # a scale moves no growth
    rows = {row["member"]: row for row in province_tables(one)["province_accounts"].records()}
    assert rows["Aldermoor"]["stated"] == 4120 and rows["Aldermoor"]["held"] == pytest.approx(
        4158.016, abs=1e-2
    )
    assert rows["total"]["change"] == pytest.approx(0.9227, abs=1e-3)
    for answer, word in ((one, "multiplied by 1.0092"), (two, "nothing was changed")):
        text = {row["line"]: row["text"].of("en") for row in province_tables(answer)["summary"].records()}
        assert word in text["accounts"]
        assert list(text)[-2:] == ["division", "assumed"] and text["division"] and text["assumed"]


def test_the_rest_is_a_member_of_its_own(tmp_path):
    body = BODY.replace("{gdp: 17500}", "{gdp: 19000, primary: 2500, secondary: 7600, growth: 4}")
    province = load_province(write(tmp_path, body + "  reconcile: rest\n"))
    rest = next(member for member in province.members if member.id == REST)
    assert rest.gdp == pytest.approx(1660) and not rest.tiers
    before = 19000 / 1.04 - sum(m.gdp / (1 + m.growth / 100) for m in province.members if m is not rest)
    assert rest.growth == pytest.approx(100 * (1660 / before - 1), abs=0.005)
    assert run_province(province, draws=FEW).together.whole[0, 0] == pytest.approx(19000)
    with pytest.raises(ScenarioError, match=r"lakeland\.yaml:8:\d+.*left over"):
        load_province(write(tmp_path, body.replace("19000", "17400") + "  reconcile: rest\n"))


def test_divisions_reach_in_simulation_and_the_cheapest_is_cheapest(every):
    answer = every
    made = {(one.tier, one.kind): one for one in answer.divisions}
    tiers = {tier for tier, _ in made if tier}
    assert tiers, "a tier must be missed, or there is nothing to test"
    for tier in tiers:
        cheap, fair = made[tier, "cheapest"], made[tier, "fairest"]
        assert cheap.reached and fair.reached
        assert cheap.money <= fair.money * (1 + 1e-9)
        parts = {
            one.kind: max(value / answer.money[key] for key, value in one.more.items())
            for one in (cheap, fair)
        }
        assert parts["fairest"] <= parts["cheapest"] + 1e-9
        for one in (cheap, fair):
            assert one.promised == pytest.approx(one.simulated, abs=0.03)
            for member in answer.members:
                assert 0 <= one.more[member.id] <= member.most / 100 * answer.money[member.id] * (1 + 1e-6)
    moved = made["", "elsewhere"]
    assert sum(moved.more.values()) == pytest.approx(0, abs=1e-3)
    assert moved.simulated >= np.median(answer.together.growth) - 5e-3


def test_a_tier_beyond_all_limits_is_told(tmp_path):
    answer = run_province(lakeland(tmp_path, "regions.targets.growth.stretch=15"), draws=FEW)
    last = next(one for one in answer.divisions if one.tier == "stretch")
    assert last.kind == "most" and not last.reached
    assert last.more["Lowick"] == 0 and last.more["Aldermoor"] == pytest.approx(
        0.2 * answer.money["Aldermoor"]
    )


hands = st.lists(
    st.tuples(st.floats(10, 1000), st.floats(1e-4, 1e-3), st.floats(0.01, 0.3)), min_size=1, max_size=8
).map(lambda rows: [Hand(f"m{n}", t, s, u * t, u * t) for n, (t, s, u) in enumerate(rows)])


@settings(max_examples=25, deadline=None)
@given(own=hands, part=st.floats(0, 1.2))
def test_glpk_and_highs_agree(own, part):
    need = part * sum(hand.slope * hand.most for hand in own)
    for divide in (cheapest, fairest):
        one, two = (divide(own, need, solver) for solver in ("highs", "glpk"))
        assert (one is None) == (two is None) == (part > 1 + 1e-9) or abs(part - 1) < 1e-6
        if one is None or two is None:
            continue
        assert sum(one.values()) == pytest.approx(sum(two.values()), abs=1e-4)
        assert sum(hand.slope * one[hand.id] for hand in own) >= need - 1e-6
    if (cheap := cheapest(own, need, "highs")) and (fair := fairest(own, need, "highs")):
        assert sum(cheap.values()) <= sum(fair.values()) + 1e-6
        # the cheapest on paper: the strongest hands first
        left, paid = need, 0.0
        for hand in sorted(own, key=lambda hand: -hand.slope):
            used = min(hand.most, left / hand.slope)
            paid, left = paid + used, left - used * hand.slope
        assert sum(cheap.values()) == pytest.approx(paid, abs=1e-4)
    gain = [
        sum(hand.slope * moved[hand.id] for hand in own)
        for solver in ("highs", "glpk")
        if (moved := elsewhere(own, solver)) is not None
    ]
    assert len(gain) == 2 and gain[0] == pytest.approx(gain[1], abs=1e-6) and gain[0] >= -1e-9


def test_a_whole_province_by_both_solvers(found):
    other = run_province(found.province, draws=FEW, solver="glpk")
    for one, two in zip(found.divisions, other.divisions, strict=True):
        assert (one.kind, one.tier) == (two.kind, two.tier)
        assert one.money == pytest.approx(two.money, rel=1e-4)


def test_a_strangers_table(found):
    province = found.province
    assert len(province.members) == 12
    first = province.members[0]
    assert (first.id, first.gdp, first.population, first.most, first.assumed) == (
        "Aldermoor",
        4120,
        480,
        20,
        False,
    )
    assert first.loaded.scenario.accounts.fai.value == 2310
    greywell = next(member for member in province.members if member.id == "Greywell")
    birch = province.members[1]
    assert (birch.id, birch.title.en, birch.most) == ("Birch-Bay", "Birch Bay", 15)
    assert not greywell.tiers and greywell.most == 10 and greywell.assumed
    notes = " ".join(note.en for note in province.notes)
    assert '"Mayor" is not used' in notes and "a row of totals: left out" in notes
    heads = [4120 / 480, 540 / 130, 1760 / 240]
    assert np.median(found.together.gap(0)) == pytest.approx(max(heads) / min(670 / 160, *heads), rel=1e-3)
    assert "gap" in province_tables(found)["summary"].column("line")


WRONG = """\
  parent: {gdp: 17500}
  targets:
    growth: {ensure: 7, stretch: 5}
  table: {rows: prefectures.csv, take: [Aldermoor, Birchbay]}
  limits: {Aldermor: {most: 20}}
  members:
    far: {scenario: far.yaml}
    Aldermoor: {populaton: 3}
"""


def test_wrong_files(tmp_path):
    def told(rest, table=STRANGER):
        with pytest.raises(ScenarioError) as caught:
            load_province(write(tmp_path, rest, table=table))
        return str(caught.value)

    assert re.search(r"lakeland\.yaml:15:\d+ .*populaton.*did you mean population", told(WRONG))
    text = told(WRONG.replace("    Aldermoor: {populaton: 3}\n", ""))
    for line, words in (
        (10, "at least the 7 of `ensure`"),
        (11, "did you mean Birch Bay"),
        (14, "far.yaml, which does not exist"),
    ):
        assert re.search(rf"lakeland\.yaml:{line}:\d+ .*{words}", text), text
    text = told(BODY.replace("Aldermoor:", "Aldermor:"))
    assert re.search(r"lakeland\.yaml:13:\d+ .*Aldermor.*did you mean Aldermoor", text), text
    text = told(BODY, STRANGER.replace("Primary industry (million yuan)", "Primry (million yuan)"))
    assert re.search(r"prefectures\.csv:\d+:1 .*primary: got no such column", text), text
    broken = STRANGER.replace("98000", "many").replace("151000", "").replace("Dunmere", "Coldwater")
    text = told(BODY, broken.replace("203000,26000", "20300,26000"))
    for line, words in (
        (4, '"many"'),
        (5, "gdp: got nothing"),
        (6, "a second row of this name"),
        (7, "sectors that add up to GDP"),
    ):
        assert re.search(rf"prefectures\.csv:{line}:\d+ .*{words}", text), text
    with pytest.raises(ScenarioError, match=r"baseline\.yaml.*a file without regions"):
        load_province("example:deyang-2022")
    assert "no members" in told("  parent: {gdp: 3}\n")
    years = "  parent: {gdp: 3}\n  members: {a: {scenario: 'example:deyang-2022'}}\n"
    assert re.search(r"base year 2021.*expected 2022", told(years))
    dated = "  parent: {gdp: 3}\n  members: {a: {scenario: 'example:panzhihua-2021/half-year'}}\n"
    assert "figures to date" in told(dated)


@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_the_command(tmp_path, lang):
    path = write(tmp_path, BODY)
    words = ["province", str(path), "--draws", "512", "--out", str(tmp_path / "runs"), "--lang", lang]
    done = CliRunner().invoke(simulate, words)
    assert done.exit_code == 0 and "Aldermoor" in done.stdout, done.output
    made = json.loads(CliRunner().invoke(simulate, [*words, "--json", "-q"]).stdout)
    assert set(made["tables"]) >= {
        "summary",
        "province_targets",
        "province_members",
        "province_accounts",
        "province_doubt",
        "province_plans",
        "province_division",
    }
    # the same words, the same run: the folder of the first is the second's
    assert len(list((tmp_path / "runs").glob("lakeland/province-*/manifest.json"))) == 1
    wrong = CliRunner().invoke(simulate, ["province", str(tmp_path / "none.yaml"), "--lang", lang])
    assert wrong.exit_code == 2 and "none.yaml" in wrong.output


PANEL = """\
Prefecture,Year,GRP (million yuan),Primary industry (million yuan),\
Secondary industry (million yuan),Growth (%),Target (%)
Aldermoor,2020,,,,2.4,6
Aldermoor,2021,,,,8.3,7
Aldermoor,2022,412000,21000,170000,4.1,6.5
Aldermoor,2023,,,,,5.5
Lowick,2021,,,,7.9,
Lowick,2022,61000,13000,18000,2.7,5.5
"""


def test_a_panel_gives_history_and_the_target_of_the_next_year(tmp_path):
    body = "  parent: {gdp: 4730}\n  table: {rows: prefectures.csv}\n"
    first, last = load_province(write(tmp_path, body, table=PANEL)).members
    assert first.gdp == 4120 and first.tiers == {"ensure": 5.5} and not last.tiers
    years = first.loaded.scenario.history.years
    assert {year: own.growth.value for year, own in years.items() if own.growth} == {
        "2020": 2.4,
        "2021": 8.3,
        "2022": 4.1,
    }
    assert years["2021"].target.value == 7 and years["2023"].target.value == 5.5
    assert set(last.loaded.scenario.history.years) == {"2021", "2022", "2023"}
    with pytest.raises(ScenarioError, match=r"prefectures\.csv:6:1 .*no row of 2022"):
        load_province(write(tmp_path, body, table=PANEL.replace("Lowick,2022", "Lowick,2019")))


@pytest.mark.parametrize("name", SHIPPED)
def test_shared_shocks_have_equal_ranks_in_all_members(name):
    province = load_province(name)
    several = [
        member for member in province.members if member.id == REST or member.loaded.file.startswith(EXAMPLE)
    ]
    found, shared = drawn([*province.members[:2], *several], 7, FEW, "highs")
    assert len(shared.names) >= 4
    for key in shared.names:
        ranks = [
            each.samples[0].inputs[key].argsort().argsort() for each in found if key in each.samples[0].inputs
        ]
        assert len(ranks) > 1 and all((own == ranks[0]).all() for own in ranks), key
    own = [each.samples[0].inputs["uncertainty.shocks.own.2021"] for each in found]
    assert abs(np.corrcoef(own[0], own[1])[0, 1]) < 4 / np.sqrt(FEW)


def test_a_file_of_regions_that_is_run_as_a_scenario_says_what_reads_it() -> None:
    for name in SHIPPED:
        found = CliRunner().invoke(simulate, ["run", name, "--lang", "en"])
        assert found.exit_code == 2 and "which `simulate province` reads" in found.output + (
            found.stderr or ""
        )
