"""Calibration: known parameters are recovered, small samples shrunk, interpolation found, priors usable."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.forecast.backtest.panel import read_panel
from dabiao.engine.forecast.calibrate.estimate import calibrate, filled
from dabiao.engine.forecast.calibrate.shocks import Figure, correlation, pooled, shocks
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.load import load


def law(
    regions: int = 90,
    years: int = 40,
    persistence: float = 0.6,
    provincial: float = 1.0,
    own: float = 1.5,
    freedom: float = 5.0,
    seed: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Growth with known shocks; provinces of six regions."""
    rng = np.random.default_rng(seed)
    group = np.arange(regions) // 6
    unit = np.sqrt((freedom - 2) / freedom)
    mean, lead = np.full(regions, 8.0), np.zeros(regions)
    national = 8 + np.cumsum(rng.normal(0, 0.7, years + 20))
    found = np.zeros((regions, years + 20))
    for t in range(years + 20):
        lead = (
            persistence * lead
            + rng.normal(0, provincial, regions // 6)[group]
            + own * unit * rng.standard_t(freedom, regions)
        )
        found[:, t] = national[t] + lead + (mean - 8)
    return found[:, 20:], group


@pytest.mark.parametrize(
    ("persistence", "provincial", "own"), [(0.6, 1.0, 1.5), (0.2, 0.0, 2.0), (0.8, 2.0, 1.0)]
)
def test_known_shocks_are_recovered(persistence: float, provincial: float, own: float) -> None:
    growth, group = law(persistence=persistence, provincial=provincial, own=own)
    found = shocks(growth, group, np.random.default_rng(1), repeats=20)
    assert found is not None
    assert found.persistence.value == pytest.approx(persistence, abs=0.05)
    assert found.provincial.value == pytest.approx(provincial, abs=0.25)
    assert found.own.value == pytest.approx(own, rel=0.1)
    assert found.national.value == pytest.approx(0.7, abs=0.3)
    assert 0 < found.persistence.error < 0.1


def test_short_panels_are_corrected() -> None:
    """Least squares within regions falls short by (1 + ρ)/(T - 1) (Nickell 1981): eight years, many
    regions."""
    growth, group = law(regions=600, years=8, persistence=0.6, provincial=0.0)
    found = shocks(growth, group, np.random.default_rng(1), repeats=2)
    assert found is not None and found.persistence.value == pytest.approx(0.6, abs=0.1)


def test_fat_tails_are_told_from_normal_ones() -> None:
    freedom = []
    for true in (3.5, 100.0):
        growth, group = law(freedom=true, provincial=0.0)
        found = shocks(growth, group, np.random.default_rng(1), repeats=2)
        assert found is not None
        freedom.append(found.freedom.value)
    assert freedom[0] <= 5 and freedom[1] >= 10


def test_correlations_are_shrunk() -> None:
    rng = np.random.default_rng(2)
    one = rng.normal(size=4000)
    both = 0.6 * one + 0.8 * rng.normal(size=4000)
    assert correlation(one, both).value == pytest.approx(0.6, abs=0.04)
    few = correlation(one[:6], one[:6])
    assert few.value == pytest.approx(6 / 11)
    assert np.isnan(correlation(one[:3], one[:3]).value)


def test_kindred_estimates_are_pooled_by_their_precision() -> None:
    sure, unsure = Figure(0.7, 0.02, 100), Figure(0.1, 0.5, 9)
    found = pooled([sure, Figure(0.5, 0.02, 100), unsure])
    assert abs(found[0].value - 0.7) < 0.02
    assert 0.4 < found[2].value < 0.62 and found[2].error < unsure.error
    # where nothing tells them apart they become one
    same = pooled([Figure(0.5, 0.1, 9), Figure(0.52, 0.1, 9), Figure(0.49, 0.1, 9)])
    assert np.ptp([f.value for f in same]) < 1e-9


def test_interpolated_cells_are_found_and_repeated_targets_kept() -> None:
    path = np.array([[8, 8.3, 8.6, 8.9, 9.2, 7], [8, 8, 8, 8, 8, 8], [8, 9, 7, 8.5, 6, 7]], dtype=float)
    assert filled(path)[0].any() and not filled(path)[1:].any()
    assert not filled(path)[0, [0, 5]].any()  # ends may be true


def panel(folder: Path, years: int = 20) -> Path:
    growth, group = law(regions=30, years=years)
    rng = np.random.default_rng(3)
    path = folder / "panel.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(
            [
                "region",
                "group",
                "year",
                "growth",
                "target",
                "primary_growth",
                "secondary_growth",
                "tertiary_growth",
                "gdp",
                "investment",
            ]
        )
        for r in range(30):
            for t in range(years):
                g = growth[r, t]
                out.writerow(
                    [
                        f"r{r:02}",
                        f"g{group[r]}",
                        2000 + t,
                        f"{g:.3f}",
                        f"{g + 0.5 + rng.normal(0, 0.1):.2f}",
                        f"{4 + rng.normal():.3f}",
                        f"{g + rng.normal():.3f}",
                        f"{g + rng.normal():.3f}",
                        100,
                        60,
                    ]
                )
    return path


def test_the_bias_of_plans_and_leads(tmp_path: Path) -> None:
    read = read_panel(panel(tmp_path))
    found = calibrate(read)
    assert found.figures["plan_bias"].value == pytest.approx(-0.5, abs=0.05)
    assert found.correlations["secondary", "tertiary", "national"].value > 0.5
    raw = np.nanmean((read.growth - read.growth.mean(axis=0))[:, -5:], axis=1)
    shrunk = np.array([lead.value for lead in found.leads.values()])
    assert 0 < np.abs(shrunk).max() < np.abs(raw).max()
    assert np.corrcoef(shrunk, raw)[0, 1] == pytest.approx(1)


@pytest.mark.slow
def test_years_left_out_change_nothing_else(tmp_path: Path) -> None:
    read = read_panel(panel(tmp_path))
    rows = read.growth.copy()
    rows[:, -3:] = 99.0
    from dataclasses import replace

    one, two = (calibrate(p, until=2016).series["gdp"] for p in (read, replace(read, growth=rows)))
    assert one.persistence == two.persistence and one.own == two.own


SHAPE = {
    "dabiao": 1,
    "extends": "priors.yaml",
    "title": "x",
    "years": {"base": 2019, "target": 2020, "last": 2020},
    "accounts": {
        "assumption": "x",
        "gdp": 100,
        "fai": 50,
        "household_consumption": 36,
        "government_consumption": 14,
        "transfers": 9,
    },
    "investment": {"growth": {"value": 5, "assumption": "x"}},
    "sectors": {
        "farms": {
            "model": "agriculture",
            "title": "x",
            "national": "agriculture",
            "va": {"value": 10, "assumption": "x"},
        },
        "all": {
            "model": "industry",
            "title": "x",
            "national": "secondary",
            "va": {"value": 45, "assumption": "x"},
        },
        "shops": {
            "model": "services",
            "title": "x",
            "national": "tertiary",
            "va": {"value": 45, "assumption": "x"},
        },
    },
    "mixes": {"plan": {"title": "x", "shares": {"assumption": "x", "farms": 3, "all": 37, "shops": 60}}},
    "targets": {"gdp_growth": {"ensure": {"value": 6, "assumption": "x"}, "main": True}},
}


def calibrated(folder: Path, source: Path) -> Path:
    """A scenario beside the priors that the command wrote."""
    result = CliRunner().invoke(
        simulate,
        ["calibrate", str(source), "--out", str(folder / "runs"), "--lang", "en", "--date", "2026-11"],
    )
    assert result.exit_code == 0, result.output
    assert "Standard error" in result.stdout
    made = next((folder / "runs" / "calibrate").iterdir())
    (made / "mine.yaml").write_text(yaml.safe_dump(SHAPE, allow_unicode=True), encoding="utf-8")
    return made


@pytest.mark.slow
def test_a_scenario_takes_the_priors_over(tmp_path: Path) -> None:
    """Trends, shocks and correlations are those estimated; the scenario validates and runs in many
    futures."""
    source = panel(tmp_path)
    made = calibrated(tmp_path, source)
    found, loaded = calibrate(read_panel(source)), load(made / "mine.yaml").scenario
    market = loaded.sectors["all"].market
    assert market.trend.value == pytest.approx(found.centre["secondary"].value, abs=0.006)
    assert market.trend.low < market.trend.value < market.trend.high
    stated, gdp = loaded.uncertainty.shocks, found.series["gdp"]
    assert stated.national.sd.value == pytest.approx(gdp.national.value, abs=0.006)
    assert stated.national.crisis.chance.value == pytest.approx(100 * gdp.chance.value, abs=0.6)
    assert stated.province.sd.value == pytest.approx(gdp.provincial.value, abs=0.006)
    assert stated.sectors["secondary"].persistence.value == pytest.approx(
        100 * found.lasting["secondary"].value, abs=0.6
    )
    assert stated.own.sd.value > 0 and stated.own.tails.value == gdp.freedom.value
    rho = loaded.uncertainty.correlations["secondary-tertiary"].rho.value
    assert rho == pytest.approx(found.correlations["secondary", "tertiary", "own"].value, abs=0.006)
    text = (made / "priors.yaml").read_text(encoding="utf-8")
    for said in ("s.e.", "30 regions, 2000-2019", "Nickell 1981", "2026-11"):  # errors, sample, method, date
        assert said in text
    for command in (["validate"], ["run", "--draws", "512", "--json", "--out", str(tmp_path / "out")]):
        ran = CliRunner().invoke(simulate, [command[0], str(made / "mine.yaml"), *command[1:]])
        assert ran.exit_code == 0, ran.output
    assert '"probabilities"' in ran.output


@pytest.mark.slow
def test_sectors_and_the_rest_shake_gdp_as_much_as_it_was(tmp_path: Path) -> None:
    """Σ w² σ² of the sectors plus what is left is the own variance estimated, whatever the sectors' size."""
    source = panel(tmp_path)
    loaded, own = (
        load(calibrated(tmp_path, source) / "mine.yaml").scenario,
        calibrate(read_panel(source)).series["gdp"].own.value,
    )
    sds = np.array([shock.sd.value for shock in loaded.uncertainty.shocks.sectors.values()])
    whole = float((np.array([0.1, 0.45, 0.45]) ** 2 @ sds**2) + loaded.uncertainty.shocks.own.sd.value**2)
    assert np.sqrt(whole) == pytest.approx(own, rel=0.02)


def test_a_panel_of_growth_alone_gives_priors_too(tmp_path: Path) -> None:
    """No sectors, no provinces: the region's own shock is whole, sectors have none; odd names break
    nothing."""
    growth, _ = law(regions=12, years=15)
    source = tmp_path / 'a "b": #c\'s.csv'
    rows = [f"r{r},{2000 + t},{growth[r, t]:.3f}" for r in range(12) for t in range(15)]
    source.write_text("region,year,growth\n" + "\n".join(rows), encoding="utf-8")
    loaded = load(calibrated(tmp_path, source) / "mine.yaml").scenario
    stated, gdp = loaded.uncertainty.shocks, calibrate(read_panel(source)).series["gdp"]
    assert stated.own.sd.value == pytest.approx(gdp.own.value, abs=0.006)
    assert stated.province.sd.value == 0 and all(shock.sd.value == 0 for shock in stated.sectors.values())


def test_too_little_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text(
        "region,year,growth\n" + "\n".join(f"a,{y},5" for y in range(2000, 2010)), encoding="utf-8"
    )
    with pytest.raises(ScenarioError, match="5 regions"):
        calibrate(read_panel(path))
