"""Backtests: proper scores, nothing from the future, and region-years that are real scenarios."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from dabiao.cli.backtest import shipped_or_own
from dabiao.cli.main import simulate
from dabiao.engine.forecast import news as news_module
from dabiao.engine.forecast.anchored import anchored, forecast
from dabiao.engine.forecast.backtest import regions
from dabiao.engine.forecast.backtest.alone import history
from dabiao.engine.forecast.backtest.judge import Judged
from dabiao.engine.forecast.backtest.outlook import read_outlooks
from dabiao.engine.forecast.backtest.panel import Panel, read_panel
from dabiao.engine.forecast.backtest.references import references
from dabiao.engine.forecast.backtest.roll import FORECASTS, Outlooks, RolledYear, backtest, foretell
from dabiao.engine.forecast.backtest.roll import written as region_year
from dabiao.engine.forecast.backtest.sampled import region_years
from dabiao.engine.forecast.backtest.scores import block_interval, brier, coverage, crps, log_loss, place
from dabiao.engine.forecast.backtest.worth import worth
from dabiao.engine.forecast.learn import Nation, learn, unknown
from dabiao.engine.forecast.news import GROWN, PLANS, Kind, pool, read
from dabiao.engine.plans import stated_plans
from dabiao.engine.uncertainty.futures import Futures, Sample
from dabiao.models.errors import ScenarioError
from dabiao.models.forecast import Ahead, Learnt, Reference
from dabiao.models.quantity import Draws, Quantity
from dabiao.results.tables.backtest import backtest_tables, headline
from dabiao.scenarios.files import shipped
from dabiao.scenarios.load import load
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

HEAD = ("region", "group", "year", "growth", "target", "primary", "secondary", "tertiary", "gdp")


def rows(
    count: int = 24, years: int = 14, seed: int = 1, national: float = 0.8, own: float = 1.2
) -> list[dict[str, object]]:
    """A panel with a known law: growth = target + own bias + national shock + own shock."""
    rng = np.random.default_rng(seed)
    news_, bias = rng.normal(-0.3, national, years), rng.normal(0, 0.8, count)
    found: list[dict[str, object]] = []
    for r in range(count):
        for t in range(years):
            target = 8 + 0.5 * (r % 3) - 0.1 * t
            growth = round(target + bias[r] + news_[t] + rng.normal(0, own), 1)
            share = 0.05 + 0.01 * (r % 10)
            found.append(
                dict(
                    zip(
                        HEAD,
                        (
                            f"r{r:02}",
                            f"g{r % 4}",
                            2000 + t,
                            growth,
                            round(target, 1),
                            100 * share,
                            50,
                            50 - 100 * share,
                            100,
                        ),
                        strict=True,
                    )
                )
            )
    return found


def written(folder: Path, found: list[dict[str, object]], name: str = "panel.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    return path


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    return read_panel(written(tmp_path_factory.mktemp("panel"), rows()))


# ------------------------------------------------------------------------------------------------- scores


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=80))
def test_the_parts_of_the_brier_score_add_up(cases: list[tuple[float, bool]]) -> None:
    p, hit = np.array([c[0] for c in cases]), np.array([c[1] for c in cases])
    part = brier(p, hit)
    assert part.score == pytest.approx(np.mean((p - hit) ** 2))
    assert part.reliability - part.resolution + part.uncertainty + part.within == pytest.approx(
        part.score, abs=1e-12
    )
    assert min(part.reliability, part.resolution, part.uncertainty) >= 0


def test_nothing_is_left_within_bins_where_forecasts_agree() -> None:
    """Murphy's three parts are exact when all forecasts of a bin are equal; a textbook case by hand."""
    p = np.array([0.15] * 4 + [0.85] * 4)
    hit = np.array([True, False, False, False, True, True, True, False])
    part = brier(p, hit)
    assert part.within == pytest.approx(0, abs=1e-12)
    assert (part.reliability, part.resolution, part.uncertainty) == pytest.approx((0.01, 0.0625, 0.25))


def test_crps_of_draws_is_that_of_the_normal_they_come_from() -> None:
    rng = np.random.default_rng(3)
    seen = np.array([-2.0, 0.3, 1.9])
    draws = 0.5 + 2 * rng.standard_normal((3, 60_000))
    z = (seen - 0.5) / 2
    exact = 2 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
    assert crps(draws, seen) == pytest.approx(exact, abs=0.02)
    # two draws by hand: E|X-y| = 1, E|X-X'|/2 = 0.5
    assert crps(np.array([[-1.0, 1.0]]), np.array([0.0]))[0] == pytest.approx(0.5)


@pytest.mark.parametrize("score", ["brier", "log"])
def test_scores_are_best_when_the_truth_is_told(score: str) -> None:
    rng = np.random.default_rng(4)
    truth = rng.uniform(0.05, 0.95, 20_000)
    hit = rng.random(20_000) < truth

    def of(p: np.ndarray) -> float:
        return brier(p, hit).score if score == "brier" else float(log_loss(p, hit).mean())

    assert of(truth) < min(of(np.clip(truth + 0.1, 0, 1)), of(np.clip(truth - 0.1, 0, 1)), of(truth**2))


def test_intervals_and_places_are_right_when_the_law_is() -> None:
    rng = np.random.default_rng(5)
    middle = rng.normal(0, 3, 3000)
    seen = middle + rng.standard_normal(3000)
    places = place(middle[:, None] + rng.standard_normal((3000, 500)), seen)
    for level in (0.5, 0.8, 0.9):
        assert coverage(places, level).mean() == pytest.approx(level, abs=0.03)
    assert np.histogram(places, 10, (0, 1))[0] / 3000 == pytest.approx(np.full(10, 0.1), abs=0.025)
    too_sure = place(middle[:, None] + 0.5 * rng.standard_normal((3000, 500)), seen)
    assert coverage(too_sure, 0.8).mean() < 0.6


def test_the_interval_counts_years_not_regions() -> None:
    """Forty regions struck by one shock a year are no forty cases."""
    rng = np.random.default_rng(6)
    year = np.repeat(np.arange(12), 40)
    path = rng.normal(0, 1, 12)[year]
    low, high = block_interval(year, lambda at: float(path[at].mean()), rng)
    assert high - low > 0.5
    low, high = block_interval(np.arange(480), lambda at: float(path[at].mean()), rng)
    assert high - low < 0.3


# ------------------------------------------------------------------------------------------------- reading


def test_a_total_beside_its_parts_is_left_out(tmp_path: Path) -> None:
    found = rows(6)
    found += [row | {"region": "all", "group": "g9", "gdp": 600} for row in found if row["region"] == "r00"]
    read = read_panel(written(tmp_path, found))
    assert read.totals == ("g9/all",)
    assert len(read.regions) == 6


def test_a_break_of_levels_changes_nothing(tmp_path: Path) -> None:
    """Value added of a new census enters as shares of its own year alone."""
    found = rows(10)
    broken = [
        row
        | (
            {k: float(row[k]) * 1.4 for k in ("primary", "secondary", "tertiary", "gdp")}
            if int(row["year"]) >= 2009
            else {}
        )
        for row in found
    ]  # type: ignore[arg-type]
    one, other = (
        read_panel(written(tmp_path, some, name)) for some, name in ((found, "a.csv"), (broken, "b.csv"))
    )
    first, second = (foretell(p, 2011, draws=200, seed=1, outlooks=Outlooks.none(p)) for p in (one, other))
    assert first.probability == pytest.approx(second.probability, abs=1e-12)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: [{k: v for k, v in r.items() if k != "growth"} for r in f], ("growth", "--columns")),
        (lambda f: [f[0] | {"growth": "fast"}, *f[1:]], ("fast", "number")),
        (lambda f: [*f, f[0]], ("two rows", "r00")),
        (lambda f: [f[0] | {"year": "soon"}, *f[1:]], ("soon", "year")),
    ],
)
def test_a_wrong_panel_is_told(tmp_path: Path, change, words) -> None:
    path = written(tmp_path, change(rows(4)))
    with pytest.raises(ScenarioError) as caught:
        read_panel(path)
    assert all(word in str(caught.value) for word in words)
    result = CliRunner().invoke(simulate, ["backtest", str(path), "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_targets_that_are_not_trusted_are_used_nowhere(panel: Panel) -> None:
    odd = panel.target.copy()
    odd[:, panel.at(2008)] += 40
    one, two = (
        foretell(p.without_targets([2008]), 2010, draws=200, seed=1, outlooks=Outlooks.none(p))
        for p in (panel, replace(panel, target=odd))
    )
    assert np.array_equal(one.probability, two.probability)


@pytest.mark.filterwarnings("error")
def test_a_panel_full_of_holes_is_scored_where_it_can_be(tmp_path: Path) -> None:
    """Regions without a past, years without growth, one region alone: no traceback, no warning."""
    for seed in range(4):
        rng = np.random.default_rng(seed)
        found = [
            row | {name: "" for name in ("growth", "target") if rng.random() < 0.5}
            for row in rows(4, 9, seed)
            if rng.random() < 0.7
        ]
        found += [
            row | {"region": "new", "growth": "" if int(row["year"]) < 2007 else 7} for row in rows(1, 9)
        ]
        path = written(tmp_path, found)
        result = CliRunner().invoke(
            simulate, ["backtest", str(path), "--draws", "128", "--jobs", "1", "--out", str(tmp_path)]
        )
        assert result.exit_code in (0, 2), result.output


def test_headings_can_be_named(tmp_path: Path) -> None:
    found = [{("Wachstum" if k == "growth" else k): v for k, v in row.items()} for row in rows(4)]
    path = written(tmp_path, found)
    assert np.isfinite(read_panel(path, {"growth": "Wachstum"}).growth).all()
    with pytest.raises(ScenarioError, match="did you mean Wachstum"):
        read_panel(path, {"growth": "Wachstumm"})


# ------------------------------------------------------------------------------------------ nothing leaks


@pytest.mark.parametrize("year", [2006, 2009])
def test_the_future_never_changes_a_forecast(panel: Panel, year: int) -> None:
    """What happens in a year and later is changed beyond recognition: its forecasts stay as they were."""
    at = panel.at(year)
    rng = np.random.default_rng(9)
    changed = {name: getattr(panel, name).copy() for name in ("growth", "target", "shares", "investment")}
    changed["growth"][:, at:] += rng.normal(20, 10, changed["growth"][:, at:].shape)
    changed["target"][:, at + 1 :] += 50
    changed["shares"][..., at:] = 1 / 3
    changed["investment"][:, at:] = 7
    other = replace(panel, **changed)
    one, two = (foretell(p, year, draws=300, seed=1, outlooks=Outlooks.none(p)) for p in (panel, other))
    told = FORECASTS.index("known")  # is told the year's mean on purpose
    keep = [k for k in range(len(FORECASTS)) if k != told]
    assert np.array_equal(one.probability[keep], two.probability[keep])
    assert np.array_equal(one.centre[keep], two.centre[keep], equal_nan=True)
    # and the year before does change them
    before = panel.growth.copy()
    before[:, at - 1] += 3
    assert not np.array_equal(
        foretell(
            replace(panel, growth=before), year, draws=300, seed=1, outlooks=Outlooks.none(panel)
        ).probability,
        one.probability,
    )


# --------------------------------------------------------------------------------------- through the engine


def said(
    shares: tuple[float, ...] = (0.1, 0.5, 0.4),
    centre: float = 6.0,
    investment: float = 0.6,
    target: float = 6.0,
) -> dict[str, float]:
    """What a region-year states: a panel of two years with these shares, whose sectors led and lagged."""
    nothing = np.full((1, 2), np.nan)
    only = Panel(
        ("r",),
        ("g",),
        np.zeros(1, dtype=int),
        (2010, 2011),
        np.array([[5.0, np.nan]]),
        nothing,
        np.stack([np.array([[share, np.nan]]) for share in shares]),
        np.stack([np.array([[5.0 + lead, np.nan]]) for lead in (-3.0, 1.0, 0.0)]),
        np.array([[investment, np.nan]]),
        nothing,
        np.stack([nothing] * 2),
    )
    return regions.stated(only, 0, centre, target)


def law(median: float = 6.0, own: float = 1.5, calm: float = 1.0, crisis: float = 3.0) -> Reference:
    return Reference(median, calm, crisis, 0.15, own, median, 8)


@pytest.mark.parametrize("shares", [(0.1, 0.5, 0.4), (0.3, 0.25, 0.45), (0.02, 0.7, 0.28)])
def test_a_region_year_is_a_scenario_like_any_other(tmp_path: Path, shares: tuple[float, ...]) -> None:
    """Written as a file and loaded, it says the same numbers, and has the same futures once both are set to
    the same reference."""
    stated, other = said(shares, 7.3, 0.8, 7.0), said((0.2, 0.4, 0.4), -1.5)
    reference = law(7.3)
    path = tmp_path / "region.yaml"
    past = np.array([5.0, 7.0, np.nan])
    learnt = learn(replace(panel_of(past), target=np.array([[np.nan, 6.5, 7.0]])), unknown(3))
    learnt = replace(learnt, ahead={"none": Ahead(7.0, 1.0, 3.0)})
    tree = regions.document(
        stated, 2015, 5, {2014: {"growth": 7.0}, 2015: {"target": 7.0}}, learnt, "none"
    ) | {"title": "one region of a panel"}
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    found = load(path)
    made, quantities = regions.scenario(stated, 2015, 5)

    def facts(numbers: dict[str, Quantity]) -> dict[str, tuple[object, ...]]:
        return {
            key: (q.value, q.low, q.high, q.distribution)
            for key, q in numbers.items()
            if not key.startswith(("experience", "history"))
        }

    assert facts(found.quantities()) == facts(dict(quantities))
    assert (found.scenario.years, found.scenario.uncertainty.seed) == (made.years, made.uncertainty.seed)
    alone, _ = region_years([stated, other], [reference, law(-1.5)], 2015, 5, 96)
    plan = stated_plans(alone.scenario, Draws())[alone.scenario.plan]
    from dabiao.engine.forecast.anchor import anchor

    single = anchor(found.scenario, reference).scenario
    held = replace(found, scenario=single)
    futures = Futures(held.scenario, held.quantities())
    assert futures.sample(0, 96).outcomes(plan, 1)["gdp_growth"] == pytest.approx(
        alone.foretold().growth, abs=1e-6
    )


def panel_of(growth: np.ndarray) -> Panel:
    """A panel of one region."""
    nothing = np.full((1, len(growth)), np.nan)
    years = tuple(range(2016 - len(growth), 2016))
    return Panel(
        ("r",),
        ("g",),
        np.zeros(1, dtype=int),
        years,
        growth[None],
        nothing,
        np.stack([nothing] * 3),
        np.stack([nothing] * 3),
        nothing,
        nothing,
        np.stack([nothing] * 2),
    )


def test_any_region_year_can_be_taken_out_and_run(tmp_path: Path) -> None:
    """The printed scenario is what the backtest simulated: `simulate run` gives it the same probability."""
    path = written(tmp_path, rows())
    read = read_panel(path)
    for name, year in (("r03", 2010), ("r11", 2008)):
        result = CliRunner().invoke(simulate, ["backtest", str(path), "--scenario", name, str(year)])
        assert result.exit_code == 0, result.output
        (tmp_path / "taken.yaml").write_text(result.stdout, encoding="utf-8")
        foretold = foretell(read, year, draws=2000, seed=20240101, outlooks=Outlooks.none(read))
        at = [read.regions[r].rsplit("/")[-1] for r in foretold.region].index(name)

        def shown(*more: str) -> float:
            ran = CliRunner().invoke(
                simulate, ["run", str(tmp_path / "taken.yaml"), "--json", "--out", str(tmp_path), *more]
            )
            assert ran.exit_code == 0, ran.output
            table = json.loads(ran.stdout)["tables"]["probabilities"]
            names = [column["name"] for column in table["columns"]]
            row = next(
                r
                for r in (dict(zip(names, row, strict=True)) for row in table["rows"])
                if r["target"] == "gdp_growth"
            )
            return float(row["probability"])

        assert shown("--draws", "2000") == pytest.approx(
            foretold.probability[0, at], abs=1e-12
        )  # draw by draw the same
        assert shown() == pytest.approx(
            foretold.probability[0, at], abs=0.02
        )  # as many draws as the run needs
    wrong = CliRunner().invoke(simulate, ["backtest", str(path), "--scenario", "r93", "2010", "--lang", "en"])
    assert wrong.exit_code == 2 and "did you mean" in wrong.output


@pytest.mark.parametrize("edition", ["january", "none"])
def test_every_door_gives_the_same_chance(tmp_path: Path, edition: str) -> None:
    """Backtest, its printed scenario, the forecast of that scenario, and the same history told to the
    reference: one number."""
    path, outlook = (
        written(tmp_path, rows()),
        written(
            tmp_path,
            [
                {"year": 2000 + t, "release": 7 + 0.1 * t, "january": 6.8 + 0.1 * t, "october": 6.5 + 0.1 * t}
                for t in range(14)
            ],
            "nation.csv",
        ),
    )
    read_ = read_panel(path)
    outlooks = read_outlooks(outlook, read_, edition)
    tree = region_year(read_, "r05", 2011, outlooks=outlooks)
    (tmp_path / "one.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    found = forecast(load(tmp_path / "one.yaml").scenario)
    assert found is not None
    foretold = foretell(read_, 2011, draws=512, seed=20240101, outlooks=outlooks)
    at = [read_.regions[r].rsplit("/")[-1] for r in foretold.region].index("r05")
    learnt, ahead = outlooks.learnt(read_.until(2011))
    r = int(foretold.region[at])
    (reference,) = learnt.references(read_.until(2011).growth[[r]], read_.until(2011).target[[r]], ahead)
    assert found.reference.median == pytest.approx(reference.median, abs=1e-9)
    assert (found.reference.own, found.reference.calm) == pytest.approx(
        (reference.own, reference.calm), abs=1e-9
    )
    assert found.basis.outlook == edition
    held = anchored(load(tmp_path / "one.yaml"))
    growth = (
        Futures(held.scenario, held.quantities())
        .sample(0, 512)
        .outcomes(stated_plans(held.scenario, Draws())["plan"], 1)["gdp_growth"]
    )
    assert np.median(growth) == pytest.approx(foretold.centre[0, at], abs=1e-6)
    target = float(read_.target[r, read_.at(2011)])
    assert np.mean(growth >= target - 0.05) == pytest.approx(foretold.probability[0, at], abs=1e-9)
    assert foretold.centre[0, at] == pytest.approx(reference.median, abs=0.1)  # an ordinary plan adds nothing


@pytest.mark.parametrize(
    ("shares", "own"), [((0.1, 0.5, 0.4), 1.5), ((0.3, 0.3, 0.4), 3.0), ((0.05, 0.6, 0.35), 1.0)]
)
def test_futures_have_the_centre_and_the_spread_that_the_past_had(
    shares: tuple[float, ...], own: float
) -> None:
    """Numbers in doubt, sectors, the region and the nation together: median and standard deviation of GDP
    growth."""
    (one,) = region_years([said(shares)], [law(own=own, calm=0.8)], 2012, 3, 8192)
    found = one.foretold().growth
    assert np.median(found) == pytest.approx(6.0, abs=0.15)
    whole = np.sqrt(own**2 + 0.85 * 0.8**2 + 0.15 * 3.0**2)
    assert found.std() == pytest.approx(whole, rel=0.12)  # capacity takes a little off the best draws


def test_regions_are_solved_together_as_one_by_one() -> None:
    stated = [said((0.1 + 0.05 * k, 0.5, 0.4 - 0.05 * k), investment=0.4 + 0.2 * k) for k in range(3)]
    laws = [law(4.0 + 2 * k, 1 + 0.5 * k) for k in range(3)]
    together = region_years(stated, laws, 2012, 3, 96)
    for k in range(3):
        (alone,) = region_years([stated[k]], [laws[k]], 2012, 3, 96)
        assert together[k].foretold().growth == pytest.approx(
            alone.foretold().growth, abs=5e-3
        )  # solved to a thousandth of a point


def test_known_news_of_the_nation_moves_growth_by_as_much() -> None:
    (futures,) = region_years([said()], [law(own=1.2, calm=0.8)], 2012, 3, 2048)
    low, none = futures.told(-2.0).growth, futures.told(0.0).growth
    assert np.median(low) - np.median(none) == pytest.approx(-2.0, abs=0.1)
    assert none.std() == pytest.approx(1.2, rel=0.12)  # what is left is the region's own
    plan = stated_plans(futures.scenario, Draws())[futures.scenario.plan]
    surprise = {"uncertainty.shocks.national.2012": np.full(2048, -2.0 / futures.response)}
    afresh = Sample(futures.futures, {**futures.sample.inputs, **surprise}, 0, 2048)  # nothing shared
    assert np.array_equal(afresh.outcomes(plan, 1)["gdp_growth"], low)


# --------------------------------------------------------------------------------------------- the nation


def plans_say(gaps: np.ndarray) -> Ahead:
    """The plan's reading alone."""
    return pool([(read(gaps, PLANS), 0.0, 1.0)])[0]


def test_one_crisis_hardly_moves_the_nations_level() -> None:
    calm = np.full(12, -0.8)
    quiet, struck = plans_say(calm), plans_say(np.append(calm, -6.0))
    assert quiet.middle == pytest.approx(-0.8, abs=0.1)
    assert struck.middle > -2.0
    assert plans_say(np.append(calm, np.full(5, -4.0))).middle < -3.0
    assert quiet.crisis > 2.5


@pytest.mark.parametrize("lasting", [1.0, 0.5])
def test_a_filter_of_one_drift_and_no_crises_is_kalmans(
    monkeypatch: pytest.MonkeyPatch, lasting: float
) -> None:
    """Against the textbook recursion of a local level: mean, variance, density and error of every year."""
    monkeypatch.setattr(news_module, "CHANCE", 0.0)
    path = np.random.default_rng(2).normal(0, 1, 15)
    found = read(path, Kind((0.7,), (0.4,), (3.0,), 2.0, 1.0, (lasting,)), 0.5)
    mean, variance, density, off = 0.5, 2.0, [], []
    for seen in path:
        mean, variance = lasting * mean, lasting**2 * variance + 0.49
        whole = variance + 0.16
        off.append(seen - mean)
        density.append(np.exp(-0.5 * (seen - mean) ** 2 / whole) / np.sqrt(2 * np.pi * whole))
        mean, variance = mean + variance / whole * (seen - mean), variance * 0.16 / whole
    top = int(np.argmax(found.weight))
    assert (found.mean[top], found.variance[top]) == pytest.approx(
        (lasting * mean, lasting**2 * variance + 0.49 + 0.16)
    )
    assert found.density == pytest.approx(density)
    assert found.off == pytest.approx(off)


def test_the_reading_that_foretold_better_gets_the_weight() -> None:
    """Where gaps to targets stay put and growth jumps about, plans are believed; and the other way round."""
    rng = np.random.default_rng(7)
    jumps, still = rng.normal(0, 3, 20), np.zeros(20)

    def of(gaps: np.ndarray, growth: np.ndarray) -> float:
        return float(pool([(read(gaps, PLANS), 0.0, 1.0), (read(growth, GROWN), 0.0, 1.0)])[1][0])

    assert of(still, jumps) > 0.85
    assert of(jumps, still) < 0.25


def test_those_who_were_surer_than_right_are_given_more_room() -> None:
    """A pool that was off by far more than it gave widens, one that was hardly ever off narrows; drawn
    towards what it gave."""
    sure = Kind((0.05,), (0.3,), (0.5,), 0.1, 1.0)
    signs = np.random.default_rng(3).choice([-1.0, 1.0], 20)
    wild, tame = (pool([(read(size * signs, sure), 0.0, 1.0)])[0].calm for size in (1.2, 0.02))
    assert wild > 1.4 * 0.3
    assert tame < 0.9 * 0.3


def test_an_outlook_that_was_right_is_believed(panel: Panel) -> None:
    """An edition that knew the regions' mean all along gives it, with a small error; one that knew nothing
    hardly counts."""
    means = np.nanmean(panel.growth, axis=0)
    known = panel.until(2013)
    right = learn(known, Nation(means, np.full(14, np.nan), {"january": means}))
    assert right.ahead["january"].middle == pytest.approx(means[13], abs=0.3)
    assert right.ahead["january"].calm < right.ahead["none"].calm
    rng = np.random.default_rng(1)
    wrong = learn(known, Nation(means, np.full(14, np.nan), {"january": means + rng.normal(0, 6, 14)}))
    assert wrong.weights["january"]["outlook"] < right.weights["january"]["outlook"]


def test_what_is_learnt_finds_a_regions_own_bias(panel: Panel) -> None:
    known = panel.until(2013)
    learnt = learn(known, unknown(14))
    references_ = learnt.references(known.growth, known.target, learnt.ahead["none"])
    bias = np.nanmean((panel.growth - panel.target)[:, :13], axis=1)
    lead = np.array([each.median for each in references_]) - known.target[:, -1]
    assert np.corrcoef(lead, bias)[0, 1] > 0.9
    own = np.array([each.own for each in references_])
    assert np.sqrt(np.mean(own**2)) == pytest.approx(1.2, abs=0.3)


def test_a_volatile_region_is_given_a_wider_spread(panel: Panel) -> None:
    """One region whose growth is thrown about keeps its centre and gets more room; the others hardly less."""
    rng = np.random.default_rng(11)
    growth = panel.growth.copy()
    growth[5] += rng.choice([-4.0, 4.0], growth.shape[1])

    def own(of: Panel) -> np.ndarray:
        known = of.until(2013)
        learnt = learn(known, unknown(14))
        return np.array(
            [each.own for each in learnt.references(known.growth, known.target, learnt.ahead["none"])]
        )

    before, after = own(panel), own(replace(panel, growth=growth))
    assert after[5] > 1.25 * before[5]
    others = np.arange(24) != 5
    assert np.abs(after[others] / before[others] - 1).max() < 0.35


def test_less_history_says_less(panel: Panel) -> None:
    """Cut to fewer years, a region's reference rests on coefficients for as many, and its spread does not
    narrow."""
    known = panel.until(2013)
    learnt: Learnt = learn(known, unknown(14))
    spread = [learnt.fitted.spread[learnt.fitted.used(years, True)] for years in (0, 1, 4, 12)]
    assert spread[0] >= spread[-1] - 1e-9
    none = learnt.references(np.full((1, 14), np.nan), known.target[:1], learnt.ahead["none"])[0]
    assert none.known == 0
    assert none.own > learnt.references(known.growth[:1], known.target[:1], learnt.ahead["none"])[0].own * 0.9


def test_references_know_only_the_past(panel: Panel) -> None:
    known = panel.until(2010)
    gap = known.growth[:, :-1] - known.target[:, :-1]
    found = references(known)
    assert found["hit_3"].probability[0] == pytest.approx((gap[:, -3:] >= -1e-9).mean())
    assert found["hit_all"].probability[0] == pytest.approx((gap >= -1e-9).mean())
    assert found["last"].centre == pytest.approx(known.growth[:, -2])


def test_forecasts_of_a_known_law_are_calibrated(panel: Panel) -> None:
    judged = Judged(panel, backtest(panel, range(2006, 2014), draws=500, jobs=1), 500, 1)
    assert 0.7 < judged.estimate("inside_80", "engine").value <= 0.97
    assert judged.estimate("brier", "engine").value < judged.estimate("brier", "hit_all").value
    assert judged.estimate("error", "engine").value < judged.estimate("error", "last").value
    assert judged.estimate("brier", "known").value <= judged.estimate("brier", "engine").value + 0.01


def test_an_outlook_of_the_nation_is_used(panel: Panel) -> None:
    none = Outlooks.none(panel)
    without = foretell(panel, 2010, draws=400, seed=1, outlooks=none)
    low = foretell(panel, 2010, draws=400, seed=1, outlooks=replace(none, told={2010: Ahead(2.0, 0.3, 0.3)}))
    assert low.centre[0].mean() == pytest.approx(2.0, abs=0.3)
    assert low.probability[0].mean() < without.probability[0].mean()


@pytest.mark.parametrize("error", [0.0, 0.5, 2.0])
def test_what_an_outlook_is_worth_where_the_law_is_known(error: float) -> None:
    """Growth normal about a known mean: CRPS √((s² + e²)/π) and error √(2/π (s² + e²)) of an outlook with
    error e."""
    rng = np.random.default_rng(5)
    spread, count = 1.3, 6000
    truth = rng.normal(7, 2, count)
    actual = truth + spread * rng.standard_normal(count)
    nothing = np.full((len(FORECASTS), count), np.nan)
    year = RolledYear(
        2010,
        np.arange(count),
        np.full(count, 6.0),
        actual,
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        0.5,
        spread,
        truth[:, None] + spread * rng.standard_normal((count, 400)),
        (7.0, 7.0, 1.0),
    )
    found = worth([year], 1, (error,))[0]
    assert found.crps == pytest.approx(np.sqrt((spread**2 + error**2) / np.pi), rel=0.04)
    assert found.mistake == pytest.approx(np.sqrt(2 / np.pi * (spread**2 + error**2)), rel=0.04)


def test_an_exact_outlook_scores_as_the_engine_that_is_told(panel: Panel) -> None:
    judged = Judged(panel, backtest(panel, range(2009, 2013), draws=512, jobs=1), 512, 1)
    exact = judged.outlooks[0]
    assert exact.error == 0
    assert exact.brier == pytest.approx(judged.estimate("brier", "known").value, abs=1e-9)
    assert exact.mistake == pytest.approx(judged.estimate("error", "known").value, abs=1e-9)
    assert exact.crps == pytest.approx(judged.estimate("crps", "known").value, abs=1e-9)
    tables = backtest_tables(judged)
    assert [row["year"] for row in tables["nation"].records()] == [2009, 2010, 2011, 2012]
    for row in tables["nation"].records():
        there = judged.year == row["year"]
        assert row["happened"] == pytest.approx(judged.growth[there].mean())
    first, second = tables["outlooks"].records()[:2]
    assert first["brier"] == pytest.approx(judged.estimate("brier", "engine").value)
    assert second["brier"] < first["brier"]


def test_processes_change_no_digit(panel: Panel) -> None:
    one, two = (backtest(panel, [2008, 2009], draws=200, jobs=jobs) for jobs in (1, 2))
    assert all(np.array_equal(a.probability, b.probability) for a, b in zip(one, two, strict=True))


def test_the_command_writes_tables_and_pictures(tmp_path: Path) -> None:
    path = written(tmp_path, rows(8))
    result = CliRunner().invoke(
        simulate,
        [
            "backtest",
            str(path),
            "--years",
            "2008-2010",
            "--skip",
            "2009",
            "--draws",
            "200",
            "--jobs",
            "1",
            "--json",
            "--out",
            str(tmp_path / "runs"),
        ],
    )
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert {"scores", "differences", "by_year", "by_province", "reliability", "pit"} <= set(
        document["tables"]
    )
    assert [row[0] for row in document["tables"]["by_year"]["rows"]] == [2008, 2010]
    assert {row[2] for row in document["tables"]["differences"]["rows"] if row[0] == "brier"} == set(
        FORECASTS[2:]
    )  # all five
    names = [column["name"] for column in document["tables"]["reliability"]["columns"]]
    for row in document["tables"]["reliability"]["rows"]:
        cells = dict(zip(names, row, strict=True))
        assert cells["low"] <= cells["came_true"] + 1e-9 and cells["came_true"] <= cells["high"] + 1e-9
    folder = next((tmp_path / "runs" / "backtest").iterdir())
    for name in ("reliability.svg", "pit.svg", "years.svg", "differences.svg"):
        assert (folder / name).read_text(encoding="utf-8").startswith("<svg")
        assert f"]({name})" in (folder / "report.md").read_text(encoding="utf-8")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.count("<figure>") == 4 and page.rstrip().endswith("</html>")


# ------------------------------------------------------------------------------------------ published data


PUBLISHED = {
    "city_panel.csv": [
        y for y in range(2010, 2023) if y != 2020
    ],  # part of the targets of 2020 is interpolated
    "province_panel.csv": list(range(2005, 2018)),
}


@pytest.fixture(scope="module")
def published(shared: Path) -> dict[tuple[str, str], Judged]:
    found = {}
    for name, years in PUBLISHED.items():
        read_ = read_panel(shared / "data" / name).without_targets([2020])
        for edition in ("january", "none"):
            outlooks = read_outlooks(shared / "data" / "national_outlook.csv", read_, edition)
            found[name, edition] = Judged(read_, backtest(read_, years, outlooks=outlooks), 2000, 20240101)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "edition", "most", "error"),
    [
        ("city_panel.csv", "january", 0.178, 1.39),
        ("city_panel.csv", "none", 0.215, 1.63),
        ("province_panel.csv", "january", 0.134, 1.06),
        ("province_panel.csv", "none", 0.14, 1.22),
    ],
)
def test_scores_on_the_published_panels(
    published: dict[tuple[str, str], Judged], name: str, edition: str, most: float, error: float
) -> None:
    """Brier, error and coverage as they were measured, with room for other draws alone."""
    judged = published[name, edition]
    assert judged.estimate("brier", "engine").value <= most
    assert judged.estimate("error", "engine").value <= error
    assert 0.77 <= judged.estimate("inside_80", "engine").value <= 0.9
    assert judged.estimate("brier", "engine", "hit_3").value < 0


NAMED = {
    ("city_panel.csv", "january"): ("cities, January's outlook", "城市，1月展望"),
    ("city_panel.csv", "none"): ("cities, no outlook", "城市，无展望"),
    ("province_panel.csv", "january"): ("provinces, January's outlook", "省份，1月展望"),
    ("province_panel.csv", "none"): ("provinces, no outlook", "省份，无展望"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("page", "lang"), [("evidence.md", 0), ("evidence.zh.md", 1)])
def test_the_evidence_shows_the_scores_of_today(
    published: dict[tuple[str, str], Judged], page: str, lang: int
) -> None:
    text = (Path(regions.__file__).resolve().parents[3] / "docs" / page).read_text(encoding="utf-8")
    shown = text.split("<!-- backtest -->\n")[1].split("\n<!-- /backtest -->")[0].splitlines()[2:]
    assert shown == [line(judged, NAMED[name][lang]) for name, judged in published.items()]


def line(judged: Judged, name: str) -> str:
    """A row of the evidence."""
    row = headline(judged).records()[0]
    return (
        f"| {name} | {row['years']} | {row['count']} | {row['brier']:.3f} | {row['brier_best']:.3f} |"
        f" {row['brier_known']:.3f} | {row['error']:.2f} | {row['error_best']:.2f} | {row['error_known']:.2f}"
        f" | {row['inside']:.0f} % |"
    )


# ------------------------------------------------------------------------------------------ looking back


def test_a_single_region_is_foretold_from_its_own_past(panel: Panel) -> None:
    only = replace(
        panel,
        regions=panel.regions[:1],
        group=panel.group[:1],
        growth=panel.growth[:1],
        target=panel.target[:1],
        shares=panel.shares[:, :1],
        sector_growth=panel.sector_growth[:, :1],
        investment=panel.investment[:1],
        capital_ratio=panel.capital_ratio[:1],
        plans=panel.plans[:, :1],
    )
    one = history(only, [2008], draws=400)[0]
    later = only.growth.copy()
    later[:, only.at(2008) :] += 30
    other = history(replace(only, growth=later), [2008], draws=400)[0]
    assert np.array_equal(one.quantiles, other.quantiles)
    assert one.probability == other.probability
    assert abs(one.quantiles[1] - np.median(only.growth[0, : only.at(2008)])) < 4
    with pytest.raises(ScenarioError, match="4 years"):
        history(only, [2001], draws=400)


def test_the_shipped_history_is_looked_back_upon(tmp_path: Path) -> None:
    shipped = sorted(Path(regions.__file__).resolve().parents[3].glob("scenarios/*/history.csv"))
    assert shipped
    for path in shipped:
        with path.open(encoding="utf-8") as file:
            assert all(row["source"].strip() for row in csv.DictReader(file))  # every figure has one
        result = CliRunner().invoke(
            simulate,
            [
                "backtest",
                f"example:{path.parent.name}/{path.name}",
                "--years",
                "2019-2023",
                "--skip",
                "2020",
                "--json",
                "--out",
                str(tmp_path),
            ],
        )
        assert result.exit_code == 0, result.output
        table = json.loads(result.stdout)["tables"]["history"]
        assert [row[0] for row in table["rows"]] == [2019, 2021, 2022, 2023]
        assert all(row[2] < row[3] < row[4] for row in table["rows"])


ENGLISH = "region,year,growth,target,gdp,primary,secondary,tertiary\n" + "".join(
    f"{name},{year},{5 + at + 0.5 * (year % 3)},{6 + at},{100 + at},{10 + at},{40 + at},50\n"
    for at, name in enumerate(("甲市", "乙市"))
    for year in range(2012, 2020)
)
CHINESE = dict(
    zip(
        ENGLISH.splitlines()[0].split(","),
        (
            "地区",
            "年份",
            "GDP增速（%）",
            "增速目标（%）",
            "地区生产总值（亿元）",
            "第一产业增加值（万元）",
            "第二产业增加值（亿元）",
            "第三产业增加值（亿元）",
        ),
        strict=True,
    )
)


def planners(how):
    """The same panel as planners have it: a title, Chinese headings, 万元 in one column."""
    rows = [line.split(",") for line in ENGLISH.splitlines()[1:]]
    rows = [[*row[:1], f"{row[1]}年", *row[2:5], f"{10_000 * float(row[5]):g}", *row[6:]] for row in rows]
    rows = [[*CHINESE.values()], *rows]
    if how == "xlsx":
        from io import BytesIO

        from openpyxl import Workbook

        book, data = Workbook(), BytesIO()
        for row in [["各市历年增速"], *rows]:
            book.active.append(row)
        book.save(data)
        return data.getvalue()
    sign = {"gbk": ",", "semicolons": ";", "tabs": "\t"}[how]
    title = "" if how == "semicolons" else "各市历年增速\n"
    return (title + "".join(sign.join(row) + "\n" for row in rows)).encode("gbk" if how == "gbk" else "utf-8")


@pytest.mark.parametrize("how", ["gbk", "semicolons", "tabs", "xlsx"])
def test_a_panel_as_planners_have_it_is_the_same_panel(tmp_path, how):
    (tmp_path / "own.csv").write_text(ENGLISH, encoding="utf-8")
    file = tmp_path / ("panel.xlsx" if how == "xlsx" else "panel.csv")
    file.write_bytes(planners(how))
    own, read = read_panel(tmp_path / "own.csv"), read_panel(file)
    assert (own.regions, own.years) == (read.regions, read.years)
    for name in ("growth", "target", "shares"):
        np.testing.assert_allclose(getattr(own, name), getattr(read, name), rtol=1e-12)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("甲市\t2013年\t5.0\t", "甲市\t2013年\tmany\t", r"panel.csv:4:\d+ .*many.*a number or nothing"),
        ("甲市\t2013年\t", "甲市\tsoon\t", r"panel.csv:4:4 .*soon.*a year"),
        ("甲市\t2013年\t5.0\t", "甲市\t2013年\t105.0\t", r"panel.csv:4:\d+ .*105.*growth in percent"),
        ("增速目标（%）", "增速目标（万吨）", r"panel.csv:2:\d+ .*万吨"),
    ],
)
def test_a_panel_that_is_wrong_is_told_by_its_cell(tmp_path, old, new, said):
    text = planners("tabs").decode()
    assert old in text
    (tmp_path / "panel.csv").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError, match=said):
        read_panel(tmp_path / "panel.csv")


def test_an_outlook_may_be_a_workbook(tmp_path):
    from dabiao.engine.forecast.backtest.outlook import read_outlooks
    from openpyxl import Workbook

    (tmp_path / "own.csv").write_text(ENGLISH, encoding="utf-8")
    panel = read_panel(tmp_path / "own.csv")
    said = [["年份", "初值（%）", "1月"], *([str(year), 6.0 + year % 3, 6.5] for year in panel.years)]
    (tmp_path / "n.csv").write_text(
        "year,release,january\n" + "".join(f"{y},{r},{j}\n" for y, r, j in said[1:]), encoding="utf-8"
    )
    book = Workbook()
    for row in [["全国展望"], *said]:
        book.active.append(row)
    book.save(tmp_path / "n.xlsx")
    one, two = (read_outlooks(tmp_path / name, panel) for name in ("n.csv", "n.xlsx"))
    assert one.edition == two.edition
    np.testing.assert_array_equal(one.nation.release, two.nation.release)
    np.testing.assert_array_equal(one.nation.editions["january"], two.nation.editions["january"])


def test_an_example_is_a_file_that_comes_with_the_product_and_no_other() -> None:
    inside = next(file for file in sorted(shipped().rglob("*.csv")))
    name = inside.relative_to(shipped()).as_posix()
    assert shipped_or_own(Path(f"example:{name}")) == inside.resolve()
    for out in ("example:../cli/main.py", f"example:x/../../{inside.name}"):
        assert shipped_or_own(Path(out)) == Path(out), "no file that a scenario may not read is reached so"
