"""Averages over several years scored on a made-up panel: what lasts is found, and intervals hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.forecast.backtest.averages import averages, mean_growth, scored
from dabiao.engine.forecast.backtest.panel import read_panel
from dabiao.models.shocks import persistent
from dabiao.results.tables.backtest_averages import averages_tables


def made_up(path: Path, lasting: float, regions: int = 24, years: int = 22, seed: int = 7) -> Path:
    """Regions that grow by 6 % a year and a shock of which a part lasts."""
    rng = np.random.default_rng(seed)
    own = persistent(rng.normal(0, 1.2, (years, regions)), np.array([lasting]))
    common = persistent(rng.normal(0, 0.6, (years, 1)), np.array([lasting]))
    lines = ["region,year,growth,target"]
    for t in range(years):
        for r in range(regions):
            growth = 6 + own[t, r] + common[t, 0]
            lines.append(f"r{r},{2000 + t},{growth:.3f},{6.0 + 0.1 * (r % 5):.1f}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_means_by_hand() -> None:
    assert mean_growth(np.array([[10.0, 10.0], [21.0, 0.0]])) == pytest.approx([10.0, 10.0])


def test_every_length_of_a_span_has_its_line(tmp_path: Path) -> None:
    panel = read_panel(made_up(tmp_path / "p.csv", 0.4, regions=4, years=12))
    found = {over: averages(panel, [2009 - over], over, draws=16, jobs=1) for over in (1, 2)}
    table = averages_tables(found, 1)["summary"]
    assert table.column("line") == ("over_1", "over_2")
    one, two = (text.en for text in table.column("text"))
    assert one.startswith("4 region-spans, first years 2008-2008: the engine's average is off by ")
    assert two.startswith("4 region-spans, first years 2007-2007: ") and "80 % interval held " in two


@pytest.mark.slow
def test_averages_of_a_made_up_panel(tmp_path: Path) -> None:
    panel = read_panel(made_up(tmp_path / "p.csv", 0.4))
    spans = averages(panel, range(2012, 2020), 3, draws=256, jobs=2)
    engine, past, target = scored(spans)
    assert (engine.forecast, past.forecast, target.forecast) == ("engine", "past", "target")
    assert engine.count == past.count == target.count == 8 * 24
    # noise of a mean of three years about what is known is about 1.5 points: nobody can be much better
    assert 0.5 < engine.error < 1.6 and engine.error < 1.15 * min(past.error, target.error)
    assert engine.inside >= 0.65  # too wide here: crises are expected, of which this panel has none
    assert abs(engine.given - engine.reached) < 0.2
    # no span's forecast reads its own years: growth changed afterwards changes nothing that was said
    later = panel.growth.copy()
    later[:, panel.at(2018) :] += 5
    from dataclasses import replace

    again = averages(replace(panel, growth=later), [2015], 3, draws=256, jobs=1)
    same = next(one for one in averages(panel, [2015], 3, draws=256, jobs=1) if one.first == 2015)
    assert np.array_equal(again[0].centre, same.centre) and again[0].doubt == same.doubt


@pytest.mark.slow
def test_intervals_hold_eight_in_ten_where_the_law_is_known(tmp_path: Path) -> None:
    """A panel whose regions' growth lasts and drifts as stated, with little that all share: what is common is
    one case a year, and 80 % of a few cases can be anything."""
    rng = np.random.default_rng(3)
    regions, years = 60, 26
    own = persistent(rng.normal(0, 1.5, (years, regions)), np.array([0.4]))
    own += np.cumsum(rng.normal(0, 0.6, (years, regions)), axis=0)
    lines = ["region,year,growth"]
    lines += [f"r{r},{2000 + t},{7 + own[t, r]:.3f}" for t in range(years) for r in range(regions)]
    (tmp_path / "p.csv").write_text("\n".join(lines), encoding="utf-8")
    spans = averages(read_panel(tmp_path / "p.csv"), range(2012, 2022), 5, draws=256, jobs=2)
    [engine, *_] = scored(spans)
    assert engine.count == 600 and 0.72 <= engine.inside <= 0.88
    assert all(0.3 < one.doubt.own.drift < 1.1 for one in spans)


def test_the_command_prints_them(tmp_path: Path) -> None:
    file = made_up(tmp_path / "p.csv", 0.4, regions=8, years=16)
    words = ["backtest", str(file), "--over", "3", "--over", "5", "--draws", "128", "--years", "2009-2011"]
    made = CliRunner().invoke(simulate, [*words, "--lang", "en", "--out", str(tmp_path / "runs")])
    assert made.exit_code == 0, made.output
    assert "Averages over several years" in made.output and "The engine" in made.output
    assert list((tmp_path / "runs").rglob("averages.csv"))
    [by_year] = (tmp_path / "runs").rglob("averages_by_first_year.csv")
    assert {"lasting", "drift", "own_lasting", "own_drift"} <= set(
        by_year.read_text("utf-8").splitlines()[0].split(",")
    )
    short = CliRunner().invoke(simulate, ["backtest", str(file), "--over", "9", "--years", "2014-2015"])
    assert short.exit_code == 2
