"""Numbers out of the ordinary: told with their range and place, in both languages, and nothing changes by
it."""

from __future__ import annotations

import csv
import math
import os
import re
from pathlib import Path

import pytest
from city import CITY
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.diagnose.plausibility import PlausibilityWarning, beyond, look, plausibility_warnings
from dabiao.engine.run import run
from dabiao.models.errors import ScenarioError
from dabiao.models.quantity import Quantity
from dabiao.results.report import tables
from dabiao.results.tables.plausibility import warnings
from dabiao.scenarios.load import Loaded, examples, load, load_example
from hypothesis import given
from hypothesis import strategies as st

SHARED = Path(os.environ.get("DABIAO_SHARED", "") or "absent") / "data"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    path = tmp_path / "city.yaml"
    path.write_text(CITY, encoding="utf-8")
    return path


def looked(city: Path, *sets: str) -> tuple[Loaded, tuple[PlausibilityWarning, ...]]:
    """What is told; figures that cannot stand together are told without a simulation, as the commands do."""
    loaded = load(city, sets)
    try:
        return loaded, look(loaded)
    except ScenarioError:
        return loaded, plausibility_warnings(loaded.scenario, {})


def found(city: Path, *sets: str) -> list[tuple[str, str, str]]:
    return [(one.rule, one.path, one.slip) for one in looked(city, *sets)[1]]


KNOWN = {("panzhihua-2024", "history")}
"""The city's trends foretell less growth than last year's by more than growth usually swings: told, and true
of these trends."""


@pytest.mark.parametrize("name", examples())
def test_nothing_shipped_is_out_of_the_ordinary(name: str) -> None:
    odd = [one for one in look(load_example(name)) if (name, one.rule) not in KNOWN]
    assert odd == []


def test_an_ordinary_city_is_told_nothing(city: Path) -> None:
    assert found(city) == []


@pytest.mark.parametrize(
    ("inside", "outside", "told"),
    [
        (
            "projects.works.adds.output=240",
            "projects.works.adds.output=241",
            ("output", "projects.works.adds.output", ""),
        ),
        (
            "projects.works.adds.output=1.8",
            "projects.works.adds.output=1.7",
            ("output", "projects.works.adds.output", ""),
        ),
        ("projects.works.invest=500", "projects.works.invest=501", ("project", "projects.works.invest", "")),
        (
            "targets.gdp_growth.stretch=15",
            "targets.gdp_growth.stretch=15.1",
            ("rare_target", "targets.gdp_growth.stretch", ""),
        ),
        (
            "targets.gdp_growth.stretch=35",
            "targets.gdp_growth.stretch=35.5",
            ("target", "targets.gdp_growth.stretch", ""),
        ),
        (
            "targets.gdp_growth.ensure=1",
            "targets.gdp_growth.ensure=0.06",
            ("target", "targets.gdp_growth.ensure", "percent"),
        ),
        ("investment.growth=59.5", "investment.growth=60", ("planned", "investment.growth", "")),
        ("accounts.fai=1507", "accounts.fai=1508", ("fai", "accounts.fai", "")),
        (
            "accounts.household_consumption=155",
            "accounts.household_consumption=149",
            ("household", "accounts.household_consumption", ""),
        ),
        ("limits.money.max=1589", "limits.money.max=5300000", ("limit", "limits.money.max", "wan")),
        (
            "targets.output.ensure=1500",
            "targets.output.ensure=9000000",
            ("level", "targets.output.ensure", "wan"),
        ),
    ],
)
def test_each_range_is_kept_and_passed(
    city: Path, inside: str, outside: str, told: tuple[str, str, str]
) -> None:
    """A number at its bound is inside; one beyond it is told, at its own path, with the slip that explains
    it."""
    assert told not in found(city, inside)
    assert told in found(city, outside)


@given(st.floats(1e-3, 1e9), st.floats(1e-3, 1e6), st.floats(1e-3, 1e2), st.floats(1.1, 1e3))
def test_a_number_is_told_where_its_ratio_leaves_the_range(
    value: float, against: float, least: float, width: float
) -> None:
    most = least * width
    one = beyond("output", "p", "p", value, against, (Quantity(value=least), Quantity(value=most)))
    ratio = value / against
    assert (one is None) == (least <= ratio <= most)
    if one is not None:
        assert one.ratio == ratio and one.basis.value == (least if ratio < least else most)
        assert (one.slip == "wan") == (ratio > most and least <= ratio / 1e4 <= most)


@pytest.mark.parametrize(("off", "told"), [(-1.7, True), (-1.5, False), (1.5, False), (1.7, True)])
def test_growth_far_from_last_years_is_told(city: Path, off: float, told: bool) -> None:
    """More than growth swings from year to year, 1.6 points in provinces: the markets outside are the first
    to check."""
    expected = tables(run(load(city), draws=0))["targets"].records()[0]["expected"]
    city.write_text(CITY + f"history: {{outcomes: {{gdp_growth: {expected - off}}}}}\n", encoding="utf-8")
    loaded, odd = looked(city)
    assert [one.rule for one in odd] == (["history"] if told else [])
    if told:
        (zh,) = warnings(odd, loaded.scenario, loaded.origins, "zh")
        (en,) = warnings(odd, loaded.scenario, loaded.origins, "en")
        assert (
            f"1.7个百分点，超过增速年际变动的标准差1.6个百分点；本地若常年{'快' if off < 0 else '慢'}于全国"
            in zh
        )
        assert f"1.7 points {'below' if off < 0 else 'above'} last year's" in en and "market.trend" in en


def test_nothing_to_hold_it_against_is_nothing_to_tell() -> None:
    assert beyond("output", "p", "p", 5.0, 0.0, (Quantity(value=1), Quantity(value=2))) is None
    one = beyond("planned", "p", "", 70.0, None, (None, Quantity(value=60)))
    assert isinstance(one, PlausibilityWarning) and math.isinf(one.least) and one.against is None


def test_a_scenario_without_ranges_is_told_nothing(city: Path) -> None:
    assert (
        found(city, "plausible=null", "projects.works.adds.output=100000", "targets.gdp_growth.stretch=40")
        == []
    )


def test_the_line_names_number_ratio_range_basis_and_place(city: Path) -> None:
    city.write_text(CITY.replace("adds: {output: 80}", "adds: {output: 800}"), encoding="utf-8")
    loaded = load(city)
    at = 1 + next(k for k, line in enumerate(CITY.splitlines()) if "adds: {output" in line)
    (zh,) = warnings(look(loaded), loaded.scenario, loaded.origins, "zh")
    (en,) = warnings(look(loaded), loaded.scenario, loaded.origins, "en")
    for line in (zh, en):
        assert re.search(rf"city\.yaml:{at}:\d+", line)
        assert "13.3" in line and "0.03" in line and "4" in line
    assert "电池厂满产年产值800.0亿元，是总投资60.0亿元的13.3倍，通常为0.03倍至4倍；请核对。假定：" in zh
    assert (
        "Battery works: output of CNY 80.00bn a year" in en
        and "CNY 6.00bn" in en
        and not re.search("[\u3400-\u9fff]", en.replace("城", ""))
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_rule_speaks_one_language(city: Path, lang: str) -> None:
    sets = [
        "projects.works.adds.output=800",
        "projects.works.invest=501",
        "targets.gdp_growth.stretch=16",
        "targets.gdp_growth.ensure=0.5",
        "investment.growth=90",
        "accounts.fai=1600",
        "limits.money.max=5300000",
        "targets.output.ensure=9000000",
        "pool.investment=999",
        "accounts.household_consumption=100",
        "accounts.gdp=1000000",
    ]
    seen = set()
    pool = "pool: {projects: 10, investment: 100, starts: 5, completions: 3, months: {registration: 2}}\n"
    city.write_text(CITY + pool, encoding="utf-8")
    for one in sets:
        if one == "accounts.gdp=1000000":  # a thousand times larger throughout
            city.write_text(
                re.sub(
                    r"(gdp: |va: |fai: |consumption: |transfers: )(\d+)",
                    r"\g<1>\g<2>000",
                    city.read_text(encoding="utf-8"),
                ),
                encoding="utf-8",
            )
        loaded, odd = looked(city, one)
        for each, line in zip(odd, warnings(odd, loaded.scenario, loaded.origins, lang), strict=True):
            seen.add(each.rule)
            stripped = re.sub(r"--set|\S+\.yaml\S*|\b[a-z_]+(\.[a-z_]+)+\b", "", line)
            if lang == "en":
                assert not re.search("[\u3400-\u9fff]", stripped), line
            else:
                assert not re.search(r"[A-Za-z]{3,} [A-Za-z]{2,}", stripped), line
    assert seen >= {
        "output",
        "project",
        "rare_target",
        "target",
        "planned",
        "limit",
        "level",
        "household",
        "pool",
        "gdp",
        "fai",
    }, seen


def test_validate_warns_and_passes(city: Path) -> None:
    done = CliRunner().invoke(simulate, ["validate", str(city), "--set", "projects.works.adds.output=800"])
    assert done.exit_code == 0 and done.output.startswith("方案无误") and "提示" in done.output
    done = CliRunner().invoke(simulate, ["validate", str(city), "--lang", "en"])
    assert done.exit_code == 0 and done.output.startswith("OK") and "WARNING" not in done.output


@pytest.mark.parametrize("command", ["validate", "run"])
def test_a_wrong_unit_is_told_before_what_it_breaks(city: Path, tmp_path: Path, command: str) -> None:
    """Money in 万元 cannot be put together: the complaint is of sums, the reason of units."""
    words = [command, str(city), "--lang", "en", "--set", "projects.works.invest=600000"]
    done = CliRunner().invoke(
        simulate, words if command == "validate" else [*words, "--out", str(tmp_path / "runs")]
    )
    assert done.exit_code == 2
    lines = done.output.splitlines()
    assert "is it in CNY 10k instead of CNY 100m" in lines[0] and "mixes.plan" in lines[-1]


def test_a_run_tells_it_and_computes_the_same(city: Path) -> None:
    """The table and the sentence come in; every other number stays as it is without the ranges."""
    sets = ["targets.gdp_growth.stretch=16"]
    with_, without = (tables(run(load(city, [*sets, *more]), draws=0)) for more in ([], ["plausible=null"]))
    assert [row["path"] for row in with_["plausibility"].records()] == ["targets.gdp_growth.stretch"]
    assert "plausibility" not in without
    said = {row["line"]: row["text"].zh for row in with_["summary"].records()}
    assert "1个参数取值异常" in said["odd"] and "odd" not in {
        row["line"] for row in without["summary"].records()
    }
    for name in set(without) - {"summary", "numbers", "sources", "inherited"}:
        assert with_[name].rows == without[name].rows, name


@pytest.mark.skipif(not SHARED.is_dir(), reason="the panels are not laid beside the checkout (DABIAO_SHARED)")
def test_the_records_are_those_of_the_panels() -> None:
    """Targets of cities, investment of provinces: counted again."""
    usual = load_example(examples()[0]).scenario.plausible
    assert usual is not None
    with (SHARED / "city_panel.csv").open(encoding="utf-8") as file:
        targets = [
            (float(row["target_pct"]), int(row["year"])) for row in csv.DictReader(file) if row["target_pct"]
        ]
    assert (min(targets)[0], max(targets)[0]) == (usual.target_least.value, usual.target_highest.value)
    late = [value for value, year in targets if year >= 2013]
    assert sum(value > usual.target_usual.value for value in late) <= 0.01 * len(late)
    with (SHARED / "province_panel.csv").open(encoding="utf-8") as file:
        rows = {(row["province"], int(row["year"])): row for row in csv.DictReader(file)}
    money = {
        key: float(row["fai_total_yi"]) for key, row in rows.items() if row["fai_total_yi"] and key[1] <= 2017
    }
    shares = [100 * value / float(rows[key]["gdp_yi"]) for key, value in money.items() if rows[key]["gdp_yi"]]
    assert min(shares) == pytest.approx(usual.fai_least.value, abs=0.05) and max(shares) == pytest.approx(
        usual.fai_most.value, abs=0.05
    )
    growth = [
        100 * (value / money[place, year - 1] - 1)
        for (place, year), value in money.items()
        if (place, year - 1) in money
    ]
    assert max(growth) == pytest.approx(usual.investment_most.value, abs=0.05)
