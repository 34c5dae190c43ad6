"""Ghana as users of the Long Term Growth Model know it: the model's own path, and no other country's
figure."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.longview import LongViewAsked, LongViewQuestion
from dabiao.engine.run import look_ahead
from dabiao.engine.study import study
from dabiao.results.tables.inherited import BLOCKS
from dabiao.scenarios.load import load

NAME = "example:ghana-2024"
ELSEWHERE = re.compile(r"\bchin(a|ese)|\bCNY\b|\byuan\b|中国|亿元|[^节]省[^略]|provinc", re.IGNORECASE)

# World Bank, Long Term Growth Model, demonstration workbook of Ghana: growth of GDP, capital over output at
# the end of the year; the share invested is that of 2023, or 30 % of GDP.
BASELINE = {
    2024: (0.027982848274247241, 2.7761366463098716),
    2033: (0.02945807904951514, 2.6595592437388889),
    2050: (0.031375100683563861, 2.5221451728708217),
}
HIGH = {
    2024: (0.049656347958798586, 2.8336898599028504),
    2050: (0.038681270651511168, 3.5257919748832607),
}
PER_HEAD_2050 = {"baseline": 3146.3397067497299 / 2320, "high": 4423.2110906427006 / 2320}


@pytest.fixture(scope="module")
def paths():
    found = look_ahead(load(NAME), LongViewAsked(investment=(30.0,), years=27))
    assert found is not None
    asked = [case.path for case in found.cases if case.ask is LongViewQuestion.GROWTH]
    assert found.first == 2024 and len(asked) == 2
    return dict(zip(("baseline", "high"), asked, strict=True))


@pytest.mark.parametrize(("name", "published"), [("baseline", BASELINE), ("high", HIGH)])
def test_the_shipped_scenario_gives_the_models_path(paths, name, published) -> None:
    path = paths[name]
    for year, (growth, ratio) in published.items():
        assert path.growth[year - 2024, 0] == pytest.approx(growth, rel=1e-9)
        assert path.ratio[year - 2023, 0] == pytest.approx(ratio, rel=1e-9)
    assert path.level_per_head[-1, 0] == pytest.approx(PER_HEAD_2050[name], rel=1e-9)


def test_every_cell_of_the_models_paths(paths, shared) -> None:
    """All 28 years of both paths, where the table is at hand."""
    with (shared / "reference_cases" / "ltgm_ghana_paths.csv").open() as file:
        rows = list(csv.DictReader(file))
    for name, scenario in (("baseline", "baseline"), ("high", "high_investment")):
        published = [row for row in rows if row["scenario"] == scenario]
        path = paths[name]
        ours = {
            "g_Y": [0, *path.growth[:, 0]],
            "g_pc": [0, *path.per_head[:, 0]],
            "ky": path.ratio[:, 0],
            "gdp_pc": 2320 * path.level_per_head[:, 0],
        }
        for column, values in ours.items():
            assert list(values) == pytest.approx([float(row[column]) for row in published], rel=1e-9), column


def test_the_table_is_the_countrys_and_adds_up() -> None:
    """Gross output of each sector is what its column buys and earns, and what its row sells."""
    loaded = load(NAME)
    file = Path(__file__).parents[1] / "scenarios" / "ghana-2024" / "sam2015.csv"
    rows = {
        row.pop("sells"): {k: float(v or 0) for k, v in row.items()} for row in csv.DictReader(file.open())
    }
    names = ("agriculture", "industry", "services")
    for name in names:
        column = sum(each[name] for key, each in rows.items() if key != "output")
        assert column == pytest.approx(rows["output"][name], abs=0.5)
        assert sum(rows[name].values()) == pytest.approx(rows["output"][name], abs=0.5)
    economy = study(loaded, draws=0).economy
    ours = economy.accounts.va_ratio[:, 0]
    theirs = [(rows["labour"][n] + rows["capital"][n]) / rows["output"][n] for n in names]
    assert list(ours) == pytest.approx(theirs, rel=1e-9)


def test_the_level_is_the_outlook_of_the_country_itself() -> None:
    """An outlook of the region has its own error and nothing beside it; one of the nation has more doubt."""
    from dabiao.engine.forecast.anchored import forecast

    own = forecast(load(NAME).scenario)
    assert own is not None and own.basis.outlook == "region"
    reference = own.reference
    assert (reference.median, reference.calm, reference.crisis, reference.own) == (2.7, 2.4, 2.4, 0.0)
    other = forecast(load(NAME, ("outlook.of=nation",)).scenario)
    assert other is not None and other.reference.own > 0 and other.reference.calm > 2.4


@pytest.mark.first(1)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_figure_of_another_country_in_its_outputs(lang, tmp_path) -> None:
    """Run, reports in every form that is text, and the long view; nothing is called another country's, and
    the run verifies."""
    runner = CliRunner()
    done = runner.invoke(simulate, ["run", NAME, "--lang", lang, "--draws", "256", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    (made,) = (path.parent for path in tmp_path.rglob("manifest.json"))
    verified = runner.invoke(simulate, ["verify", str(made), "--lang", lang])
    assert verified.exit_code == 0, verified.output
    said = done.output + runner.invoke(simulate, ["longview", NAME, "--lang", lang]).output
    for path in made.rglob("*"):
        if path.suffix in (".md", ".csv"):
            said += path.read_text(encoding="utf-8")
    assert ("GHS" if lang == "en" else "加纳塞地") in said
    settings = BLOCKS["method"].of(lang)  # the one row that says where settings of the method were chosen
    lines = [line for line in said.splitlines() if settings not in line]
    assert [line for line in lines if ELSEWHERE.search(line)] == []
    listed = runner.invoke(simulate, ["examples", "--lang", lang])
    assert "ghana-2024" in listed.output


def test_amounts_are_in_its_money() -> None:
    scenario = load(NAME).scenario
    assert (scenario.money.currency, scenario.money.scale, scenario.country) == ("GHS", 1e9, "Ghana")
    share = scenario.accounts.fai.value / scenario.accounts.gdp.value
    assert share == pytest.approx(0.17942030727863312, rel=1e-12), "the model's share of investment"
    assert sum(s.va.value for s in scenario.sectors.values()) == pytest.approx(841.63)
