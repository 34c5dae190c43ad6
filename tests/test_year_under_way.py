"""The year under way: figures to date are read, the year is conditioned on them, the rest follows."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.forecast import to_date
from dabiao.engine.study import Study, study
from dabiao.engine.tracking.condition import FEWEST, effective, log_likelihood, taken
from dabiao.engine.tracking.readings import Reading, readings
from dabiao.engine.tracking.roll import roll
from dabiao.engine.tracking.track import Tracked, track
from dabiao.models.errors import ScenarioError
from dabiao.results.tables.track import track_tables
from dabiao.scenarios.load import Loaded, load
from dabiao.scenarios.tables.periods import SINGLE, period
from lighter import lighter

HALF = "example:panzhihua-2021/half-year"
JANUARY = "example:panzhihua-2021"
GDP, INDUSTRY = "gdp_growth", "industry_above_scale_growth"


def known(extends: str = JANUARY, **actuals: Any) -> Loaded:
    """A shipped scenario with something known of its years."""
    return load({"extends": extends, "actuals": {"assumption": "invented", **actuals}})


@cache
def january() -> Study:
    """The shipped scenario with nothing known, in 16,384 futures."""
    return study(load(JANUARY), draws=16384)


def given(loaded: Loaded, draws: int | None = 4096) -> Study:
    """The scenario studied with what is known."""
    return study(loaded, draws=draws)


def outcomes(begun: Study, row: str = GDP, year: int = 1) -> np.ndarray:
    """Values of a row in a year in all futures."""
    assert begun.ensemble is not None
    return begun.ensemble.paths[row][year - 1]


def only(loaded: Loaded, row: str = GDP) -> Reading:
    """The one figure of a row that counts."""
    (found,) = [each for each in readings(loaded.scenario) if each.row == row and each.counts]
    return found


# ------------------------------------------------------------------------------ conditioning
CALM = {
    "extends": JANUARY,
    "assumption": "invented",
    "anchor": {"to": "none"},
    "uncertainty": {
        "shocks": {
            "national": {"sd": 1.0, "crisis": None},
            "own": {"sd": 1.5, "tails": None},
        }
    },
}
"""Normal shocks and no crises: the year is all but normal."""


@pytest.mark.parametrize(("figure", "error"), [(11.0, 1.0), (3.0, 0.5), (8.0, 2.0)])
def test_a_normal_year_is_updated_as_the_closed_form_says(figure: float, error: float) -> None:
    plain = study(load(CALM), draws=16384)
    prior = outcomes(plain)
    m, v = float(prior.mean()), float(prior.var())
    said = {"figures": {GDP: {"2021-06": figure}}, "errors": {GDP: {"2021-06": error}}}
    begun = given(load({**CALM, "actuals": {"assumption": "invented", **said}}))
    mean = m + v / (v + error**2) * (figure - m)
    sd = float(np.sqrt(v * error**2 / (v + error**2)))
    assert outcomes(begun).mean() == pytest.approx(mean, abs=0.08 * np.sqrt(v))
    assert outcomes(begun).std() == pytest.approx(sd, rel=0.08)


def test_the_update_agrees_with_a_brute_force_selection_of_januarys_draws() -> None:
    loaded = load(HALF)
    begun, before = given(loaded), january()
    assert begun.posterior is not None and begun.ensemble is not None and before.ensemble is not None
    used = begun.posterior.used
    seen = np.stack([outcomes(before, each.row) for each in used])
    sd = np.array([each.sd or 0.0 for each in used])
    sd[1] *= seen[1].std() / seen[0].std()
    shared = np.sqrt([each.common for each in used])
    alike = np.outer(shared, shared)
    np.fill_diagonal(alike, 1.0)
    off = np.array([each.says for each in used])[:, None] - seen
    assert loaded.scenario.to_date is not None
    logs = log_likelihood(off, alike * np.outer(sd, sd), loaded.scenario.to_date.tails.value)
    kept = np.random.default_rng(7).random(logs.size) < np.exp(logs - logs.max())
    assert kept.sum() > 400
    for row in (GDP, INDUSTRY, "fai_growth"):
        for year in (1, 2):
            chosen, ours = outcomes(before, row, year)[kept], outcomes(begun, row, year)
            error = chosen.std() / np.sqrt(kept.sum())
            assert ours.mean() == pytest.approx(chosen.mean(), abs=4 * error), (row, year)
            assert ours.std() == pytest.approx(chosen.std(), rel=0.15), (row, year)
    for threshold in (8.5, 9.5, 10.5):
        share = (outcomes(before)[kept] >= threshold).mean()
        assert (outcomes(begun) >= threshold).mean() == pytest.approx(share, abs=0.06)


def test_a_year_that_is_known_returns_itself_and_the_rest_is_as_in_the_draws_near_it() -> None:
    begun, before = given(known(figures={GDP: {"2021": 8.3}})), january()
    assert np.abs(outcomes(begun) - 8.3).max() < 0.03
    assert begun.ensemble is not None
    assert begun.ensemble.probability(GDP, "ensure").value == 1.0
    near = np.abs(outcomes(before) - 8.3) < 0.15
    for row, year in ((INDUSTRY, 1), (GDP, 2), (GDP, 3)):
        chosen = outcomes(before, row, year)[near]
        error = chosen.std() / np.sqrt(near.sum())
        assert outcomes(begun, row, year).mean() == pytest.approx(chosen.mean(), abs=4 * error)
        assert outcomes(begun, row, year).std() == pytest.approx(chosen.std(), rel=0.15)


def test_finished_years_are_held_together() -> None:
    loaded = load(
        {
            "extends": JANUARY,
            "years": {"last": 2025},
            "actuals": {"assumption": "invented", "figures": {GDP: {"2021": 8.3, "2022": 3.5, "2023": 6.5}}},
        }
    )
    begun = given(loaded)
    for year, growth in ((1, 8.3), (2, 3.5), (3, 6.5)):
        assert np.abs(outcomes(begun, GDP, year) - growth).max() < 0.03
    assert outcomes(begun, GDP, 4).std() > 0.5
    assert begun.posterior is not None and begun.posterior.effective > FEWEST


def test_nothing_known_is_januarys_answer_to_the_byte(tmp_path: Path) -> None:
    texts = []
    for name, more in (("plain", ""), ("empty", "actuals: {}\n")):
        file = tmp_path / name / "city.yaml"
        file.parent.mkdir()
        file.write_text(f"extends: {JANUARY}\n{more}", encoding="utf-8")
        found = CliRunner().invoke(
            simulate, ["run", str(file), "--json", "-q", "--lang", "en", "--out", str(tmp_path / "runs")]
        )
        assert found.exit_code == 0, found.output
        texts.append(json.loads(found.stdout)["tables"])
    assert list(texts[0]) == list(texts[1])
    told_of_files = {"inherited", "sources", "numbers", "hints", "checks", "plausibility", "key_assumptions"}
    assert {"verdict", "targets", "probabilities", "fan", "mixes", "decisions"} <= set(
        texts[0]
    ) - told_of_files
    for name in set(texts[0]) - told_of_files:
        assert json.dumps(texts[0][name]) == json.dumps(texts[1][name]), name


def test_more_quarters_never_widen_the_range_on_average() -> None:
    widths = []
    for time in ("2021-03", "2021-06", "2021-09"):
        own = []
        for figure in (6.0, 7.7, 9.5):
            low, high = np.quantile(outcomes(given(known(figures={GDP: {time: figure}}), 2048)), [0.1, 0.9])
            own.append(high - low)
        widths.append(np.mean(own))
    first = np.diff(np.quantile(outcomes(january()), [0.1, 0.9]))[0]
    assert first > widths[0] > widths[1] > widths[2]


def test_a_figure_beyond_what_draws_reach_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "city.yaml"
    file.write_text(
        f"extends: {JANUARY}\nactuals:\n  assumption: x\n  figures:\n    gdp_growth:\n      2021-09: 60\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as found:
        study(load(file), draws=1024)
    (problem,) = found.value.problems
    assert problem.path == "actuals.figures.gdp_growth.2021-09" and problem.line == 6
    assert f"at least {FEWEST} effective draws" in str(problem.expected)


def test_a_figure_far_from_what_was_expected_is_asked_about() -> None:
    lines = track_tables(track(known(figures={GDP: {"2021-09": 16.5}}), draws=1024))["summary"].column("line")
    assert "odd_gdp_growth_2021-09" in lines
    assert not any(line.startswith("odd") for line in track_tables(tracked())["summary"].column("line"))


def test_resampling_keeps_the_scramblings_and_the_weights() -> None:
    weights = np.random.default_rng(3).random(1600)
    places = taken(weights)
    assert (places % 16 == np.arange(1600) % 16).all()
    value = np.random.default_rng(4).normal(size=1600)
    assert value[places].mean() == pytest.approx((weights * value).sum() / weights.sum(), abs=0.05)
    assert effective(np.ones(100)) == pytest.approx(100)
    assert effective(np.eye(1, 100)[0]) == pytest.approx(1)


# -------------------------------------------------------------------------- what figures say
def test_base_effect_and_errors_are_those_of_the_file() -> None:
    found = only(load(HALF))
    block = load(HALF).scenario.to_date
    assert block is not None
    entry = block.quarters["2"]["before"]
    assert entry.before is not None
    assert found.says == pytest.approx(11.1 - entry.before.value * (0.8 - 3.9))
    assert found.sd == entry.sd.value and found.known == "before"


def test_between_quarters_the_error_falls_and_a_stated_one_goes_before() -> None:
    sds = [only(known(figures={GDP: {f"2021-{month:02d}": 8.0}})).sd for month in range(1, 12)]
    assert all(a is not None and b is not None and a > b > 0 for a, b in pairwise(sds))
    own = only(known(figures={GDP: {"2021-06": 8}}, errors={GDP: {"2021-06": 0.3}}))
    assert own.sd == 0.3 and own.known == "own"


def test_earlier_figures_of_the_year_are_contained_in_later_ones_and_not_counted_twice() -> None:
    both = known(figures={GDP: {"2021-03": 4.0, "2021-06": 9.0, "2021-09": 8.0}})
    used = {each.time: each.use for each in readings(both.scenario)}
    assert used == {"2021-03": "superseded", "2021-06": "superseded", "2021-09": "used"}
    alone = given(known(figures={GDP: {"2021-09": 8.0}}), 1024)
    assert (outcomes(given(both, 1024)) == outcomes(alone)).all()


def test_the_base_effect_reaches_as_far_back_as_is_known() -> None:
    block = load(HALF).scenario.to_date
    assert block is not None
    past = {"2020-06": 0.8, "2019-06": 7.0, "2018-06": 7.9}  # the years brought 3.9, 6.2 and 7.5
    one, three = (
        only(known(figures={GDP: {"2021-06": 11.1, **dict(list(past.items())[:years])}})) for years in (1, 3)
    )
    assert (one.known, three.known) == ("before", "three")
    entry = block.quarters["2"]["three"]
    assert entry.before is not None
    effect = (0.8 - 3.9) + 2 / 3 * (7.0 - 6.2) + 1 / 3 * (7.9 - 7.5)
    assert three.says == pytest.approx(11.1 - entry.before.value * effect)
    assert three.sd is not None and one.sd is not None and three.sd < one.sd
    two = only(known(figures={GDP: {"2021-06": 11.1, "2020-06": 0.8, "2019-06": 7.0}}))
    assert two.says == one.says


LEVELS = {"level": {"indicator": "gdp_level", "ensure": 1100}}


@pytest.mark.parametrize(
    ("more", "share"),
    [
        ({}, None),
        ({"figures": {"level": {"2021-06": 519.0, "2020-06": 480.0}}}, 480 / 1040.82),
        ({"shares": {"level": {"2020-06": 46.0}}}, 0.46),
        ({"errors": {"level": {"2021-06": 40.0}}}, 0.5),
    ],
)
def test_a_level_to_date_counts_only_where_its_part_of_a_year_is_known(
    more: dict[str, Any], share: float | None
) -> None:
    said = {"assumption": "invented", "figures": {"level": {"2021-06": 519.0}}} | more
    loaded = load({"extends": JANUARY, "targets": {"assumption": "invented", **LEVELS}, "actuals": said})
    (found,) = [each for each in readings(loaded.scenario) if each.time == "2021-06"]
    assert found.counts == (share is not None) and found.growth is False
    if share is not None:
        assert found.says == pytest.approx(519 / share) and found.share == pytest.approx(share)


def test_a_level_of_unknown_part_of_a_year_moves_nothing_and_is_told() -> None:
    figures = {GDP: {"2021-06": 11.1}}
    targets = {"assumption": "invented", **LEVELS}

    def asked(figures: dict[str, Any]) -> Any:
        said = {"assumption": "invented", "figures": figures}
        return track(load({"extends": JANUARY, "targets": targets, "actuals": said}), draws=512)

    less, more = asked(figures), asked({**figures, "level": {"2021-06": 519.0}})
    assert [row.now for row in more.rows] == [row.now for row in less.rows]
    told = {row["line"]: row["text"] for row in track_tables(more)["summary"].records()}
    assert "2020-06" in told["unshared_level_2021-06"].of("en")


def test_the_order_of_figures_says_nothing() -> None:
    figures = {GDP: {"2021-06": 9.0}, INDUSTRY: {"2021-06": 10.0}, "fai_growth": {"2021-06": 7.0}}
    first = given(known(figures=figures), 1024)
    last = given(known(figures=dict(reversed(figures.items()))), 1024)
    for row in figures:
        assert outcomes(first, row).mean() == pytest.approx(outcomes(last, row).mean(), abs=0.05)
        assert outcomes(first, row).std() == pytest.approx(outcomes(last, row).std(), rel=0.1)


def test_a_more_precise_figure_narrows_and_draws_nearer() -> None:
    m = float(outcomes(january()).mean())
    off, widths = [], []
    for error in (2.0, 1.0, 0.5, 0.2):
        found = outcomes(
            given(known(figures={GDP: {"2021-06": m + 1}}, errors={GDP: {"2021-06": error}}), 2048)
        )
        off.append(abs(found.mean() - m - 1))
        widths.append(found.std())
    assert all(a > b for a, b in pairwise(off)) and all(a > b for a, b in pairwise(widths))


def test_two_rows_with_a_common_error_are_updated_as_the_closed_form_says() -> None:
    rows = (GDP, INDUSTRY)
    prior = np.stack([outcomes(study(load(CALM), draws=16384), row) for row in rows])
    m, v = prior.mean(axis=1), np.cov(prior)
    figures, sd = m + np.array([1.5, 2.5]), np.array([1.0, 1.2])
    said = {
        part: {row: {"2021-06": float(value)} for row, value in zip(rows, values, strict=True)}
        for part, values in (("figures", figures), ("errors", sd))
    }
    loaded = load({**CALM, "actuals": {"assumption": "invented", **said}})
    common = [each.common for each in readings(loaded.scenario)]
    assert common[0] == common[1] > 0.1
    noise = np.outer(sd, sd) * np.where(np.eye(2) > 0, 1.0, common[0])
    gain = v @ np.linalg.inv(v + noise)
    begun = given(loaded)
    after = v - gain @ v
    for at, row in enumerate(rows):
        mean = (m + gain @ (figures - m))[at]
        assert outcomes(begun, row).mean() == pytest.approx(mean, abs=0.08 * np.sqrt(v[at, at])), row
        assert outcomes(begun, row).std() == pytest.approx(np.sqrt(after[at, at]), rel=0.1), row


@pytest.mark.parametrize("figure", [-6.0, -1.0, 16.0])
def test_far_figures_give_an_answer_that_other_draws_give_too(figure: float) -> None:
    loaded = known(figures={GDP: {"2021-09": figure}})
    means = [outcomes(study(loaded, draws=2048, seed=seed)).mean() for seed in (1, 2)]
    assert means[0] == pytest.approx(means[1], abs=0.3)
    m = float(outcomes(january()).mean())
    assert min(m, figure) - 0.5 < means[0] < max(m, figure) + 0.5


def test_the_nations_own_figures_move_the_region() -> None:
    calm, strong = (given(known(nation={"2021-06": figure}), 2048) for figure in (6.0, 12.0))
    assert outcomes(strong).mean() > outcomes(calm).mean() + 0.5
    assert outcomes(strong).std() < outcomes(january()).std()


# ---------------------------------------------------------------------------- reading tables
LAYOUTS = {
    "wide": "指标,一季度,上半年\n地区生产总值增速,9.9,11.1\n规上工业增加值增速,10.8,11.6\n",
    "long": "指标,时期,累计增速(%)\n地区生产总值,2021年1-3月,9.9\n地区生产总值,1-6月,11.1\n"
    "规上工业增加值,上半年,11.6%\n"
    "规上工业增加值,Q1,10.8\n",
    "by time": "时期,地区生产总值增速,规模以上工业增加值增速\n1-3月,9.9,10.8\n2021H1,11.1,11.6\n",
    "english": "indicator,2021-03,first half\nGDP growth,9.9,11.1\nabove-scale industry growth,10.8,11.6\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_tables_as_planners_lay_them_out(tmp_path: Path, layout: str) -> None:
    file = tmp_path / "快报.csv"
    file.write_text(LAYOUTS[layout], encoding="utf-8")
    loaded = load(JANUARY, actuals=file)
    assert loaded.scenario.actuals is not None
    figures = {
        (row, time): figure.value
        for row, held in loaded.scenario.actuals.figures.items()
        for time, figure in held.items()
    }
    assert figures == {
        (GDP, "2021-03"): 9.9,
        (GDP, "2021-06"): 11.1,
        (INDUSTRY, "2021-03"): 10.8,
        (INDUSTRY, "2021-06"): 11.6,
    }
    assert any("is read as gdp_growth" in note.of("en") for note in loaded.notes)


def test_a_bulletin_gives_growth_and_the_accounts_of_a_whole_year(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "公报"
    for row in (
        ["2021年主要经济指标", None, None, None],
        ["指标", "单位", "全年", "增长(%)"],
        ["地区生产总值", "亿元", 1134.0, 8.3],
        ["第一产业", "亿元", 103.56, 7.0],
        ["第二产业", "亿元", 621.48, 7.2],
        ["第三产业", "亿元", 408.91, 10.3],
        ["固定资产投资", "万元", 8260000, 10.0],
    ):
        sheet.append(row)
    file = tmp_path / "公报.xlsx"
    book.save(file)
    actuals = load(JANUARY, actuals=file).scenario.actuals
    assert actuals is not None
    assert {key: figure.value for key, figure in actuals.accounts.items()} == {
        "gdp": 1134.0,
        "primary": 103.56,
        "secondary": 621.48,
        "tertiary": 408.91,
        "fai": 826.0,
    }
    assert (
        actuals.figures[GDP]["2021-12"].value == 8.3 and actuals.figures["fai_growth"]["2021-12"].value == 10
    )


BULLETINS = {
    "泸州市2021年上半年主要经济指标,,\n指标,总量（亿元）,同比增长（%）\n": "2021-06",
    "2021年攀枝花市国民经济和社会发展统计公报,,\n指标名称,绝对数（亿元）,比上年增长（%）\n": "2021-12",
    '"Main figures, January-September 2021",,\nindicator,level (100 million yuan),growth (%)\n': "2021-09",
}


@pytest.mark.parametrize("head", BULLETINS)
def test_a_bulletins_title_says_the_time_and_its_heading_the_unit(tmp_path: Path, head: str) -> None:
    """A level under a heading with its unit is never read as growth, whatever the row is called."""
    file = tmp_path / "t.csv"
    level = 1160.2 if BULLETINS[head].endswith("-12") else 519.9
    file.write_text(head + f"地区生产总值,{level},9.3\n规上工业增加值,,10.1\n", encoding="utf-8")
    actuals = load(JANUARY, actuals=file).scenario.actuals
    assert actuals is not None
    found = {(row, time): each.value for row, held in actuals.figures.items() for time, each in held.items()}
    assert found == {(GDP, BULLETINS[head]): 9.3, (INDUSTRY, BULLETINS[head]): 10.1}


def test_figures_of_a_year_find_the_rows_of_a_plan_that_has_taken_the_years_rows_away(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("指标,上半年\n地区生产总值增速,9.3\n", encoding="utf-8")
    targets = {GDP: None, "mean": {"indicator": GDP, "measure": "average", "ensure": 7}}
    (tmp_path / "plan.yaml").write_text(
        json.dumps({"extends": JANUARY, "assumption": "invented", "targets": targets}), encoding="utf-8"
    )
    actuals = load(tmp_path / "plan.yaml", actuals=file).scenario.actuals
    assert actuals is not None and list(actuals.figures) == ["mean"]


def test_all_mistakes_of_a_table_are_told_with_their_cells(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(
        "指标,三季度,上半年,1-6月\n地区生产总值增速,9.9,x,11\n规上工业增加值增速,1,11.6,12\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as found:
        load(JANUARY, actuals=file)
    places = {(problem.line, problem.column) for problem in found.value.problems}
    assert (1, 4) in places and len(places) >= 3, found.value.problems


def test_wrong_rows_times_and_projects_are_told_at_once_with_the_nearest_name(tmp_path: Path) -> None:
    file = tmp_path / "city.yaml"
    file.write_text(
        f"extends: {JANUARY}\nactuals:\n  assumption: x\n  figures:\n    gdp_grwth: {{2021-06: 8}}\n"
        "    gdp_growth: {三季度: 8}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as found:
        load(file)
    said = [(problem.line, str(problem.hint)) for problem in found.value.problems]
    assert (5, "did you mean gdp_growth?") in said and any(line == 6 for line, _ in said)
    with pytest.raises(ScenarioError) as found:
        known(
            projects={"yinjang": {"expected": "2025-12"}, "yinjiang": {"started": "2021-02"}},
            placed={"metal": 5},
            figures={GDP: {"2017-06": 3}},
        )
    paths = {problem.path for problem in found.value.problems}
    assert {"actuals.projects.yinjang", "actuals.projects.yinjiang.started", "actuals.placed.metal"} <= paths
    assert "actuals.figures.gdp_growth.2017-06" in paths


@pytest.mark.parametrize("said", ["三季度", "6月", "Q3", "下半年", "May 2024", "Sept"])
def test_what_is_no_figure_to_date_is_seen(said: str) -> None:
    assert period(said) is SINGLE


BULLETIN = (
    ["德阳市2022年上半年主要经济指标"],
    ["指标名称", "计量单位", "1-6月", None, "1-3月", None],
    [None, None, "绝对量", "同比增长(%)", "绝对量", "同比增长(%)"],
    ["地区生产总值", "亿元", 1305.2, 4.9, 612.3, 6.3],
    ["规模以上工业增加值", "亿元", "—", 5.8, "—", 9.1],
    ["  装备制造业增加值", None, None, 7.2, None, 8.8],
    ["社会消费品零售总额", "亿元", 455.6, 3.2, 233.9, 7.6],
    ["注：绝对数按现价计算。"],
)


@pytest.mark.parametrize("merged", [True, False])
def test_a_bulletin_with_two_rows_of_headings(tmp_path: Path, merged: bool) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in BULLETIN:
        sheet.append(row)
    for span in ("A1:F1", "C2:D2", "E2:F2", "A2:A3", "B2:B3") if merged else ():
        sheet.merge_cells(span)
    file = tmp_path / "快报.xlsx"
    book.save(file)
    actuals = load("example:deyang-2022", actuals=file).scenario.actuals
    assert actuals is not None
    found = {row: {time: each.value for time, each in held.items()} for row, held in actuals.figures.items()}
    assert found == {
        GDP: {"2022-06": 4.9, "2022-03": 6.3},
        INDUSTRY: {"2022-06": 5.8, "2022-03": 9.1},
        "equipment_growth": {"2022-06": 7.2, "2022-03": 8.8},
    }


@pytest.mark.parametrize(
    ("said", "year", "month"),
    [
        ("Jan-Sep 2024", 2024, 9),
        ("January to June 2024", 2024, 6),
        ("Q1-Q3 2024", 2024, 9),
        ("first nine months of 2024", 2024, 9),
        ("year to date September 2024", 2024, 9),
        ("前9个月", None, 9),
        ("同比增长(%) 1-3月", None, 3),
    ],
)
def test_times_as_others_write_them(said: str, year: int | None, month: int) -> None:
    assert period(said)[:2] == (year, month)  # type: ignore[index]


# ------------------------------------------------------------------------- track: the answer
@cache
def tracked() -> Tracked:
    """The shipped half-year."""
    return track(load(HALF))


def test_the_rest_of_the_year_and_the_figure_to_date_make_the_tier() -> None:
    row = next(row for row in tracked().rows if row.target.id == GDP)
    assert row.rest is not None and row.rest.growth is not None
    share = 0.486
    year = share * 11.1 + (1 - share) * row.rest.growth
    assert year == pytest.approx(row.target.edge(7.5), abs=1e-9)
    back = [share * 11.1 + (1 - share) * each for each in row.rest.usual]
    assert back == pytest.approx(list(row.now), abs=0.02)


def test_what_changed_adds_up() -> None:
    for each in tracked().news:
        assert sum(each.moved.values()) == pytest.approx(each.now - each.january, abs=1e-12)
        assert abs(each.moved["rest"]) < 0.3 * abs(each.now - each.january)


def test_the_half_year_moves_the_answer_and_narrows_it() -> None:
    for row in tracked().rows:
        if row.reading is not None:
            assert row.now[2] - row.now[0] < 0.6 * (row.january[2] - row.january[0])


def test_what_is_spent_is_spent_and_what_has_begun_stays() -> None:
    loaded = known(
        figures={GDP: {"2021-06": 7.0}},
        placed={"services": 300},
        projects={"yinjiang": {"expected": "2026-03"}},
    )
    found = track(loaded, draws=1024)
    assert next(each for each in found.sectors if each.sector == "services").spent == 300
    for each in found.sectors:
        assert each.best is None or each.best >= each.spent - 1e-6
    assert found.now.scenario.projects["yinjiang"].finish == "2026-03"
    assert any(each.id.startswith("spent-") for each in found.now.bounds)


def test_the_best_use_of_money_is_one_plan_and_its_losses_are_told() -> None:
    """Chances beside a plan are that plan's; a row says its own years and no others."""
    figures = {"growth_average": {"2021": 8.3, "2022-06": 4.0}}
    said = {
        "extends": "example:panzhihua-plan14",
        "assumption": "invented",
        "investment": {"movable": 30},
        "targets": {
            "late": {"indicator": GDP, "year": 2023, "ensure": 7, "main": True},
            "early": {"indicator": GDP, "year": 2022, "ensure": 5, "main": True},
        },
        "actuals": {"assumption": "invented", "figures": figures},
    }
    found = track(load(said), draws=512)
    made = track_tables(found)
    assert found.best is not None
    text = {row["line"]: row["text"] for row in made["summary"].records()}["replan"].of("en")
    moved = 0
    for row in found.rows:
        if row.best is None or row.chance is None or not row.target.main:
            continue
        reached = found.now.jury.outcomes(found.best.plan)[row.target.id]  # type: ignore[union-attr]
        share = float(np.mean(row.target.reached(reached, row.threshold or 0.0)))
        assert row.best == pytest.approx(share, abs=0.03)
        if abs(row.best - row.chance.value) > 0.01:
            moved += 1
            assert row.target.title.of("en") in text
    assert moved
    years = {(row["target"], row["year"]) for row in made["fan"].records()}
    assert {year for key, year in years if key == "late"} == {2023}
    assert all(row["unit"] != "money" for row in made["track"].records())


def test_a_project_on_line_in_may_is_certain_and_one_given_up_brings_nothing() -> None:
    base = {
        "extends": JANUARY,
        "projects": {
            "works": {
                "assumption": "invented",
                "title": "works",
                "sector": "chemicals",
                "invest": 20,
                "done": 60,
                "stage": "registered",
                "start": "2019-10",
                "finish": "2021-06",
                "slip": {"value": 4, "low": 0, "high": 12},
                "adds": {"output": 30},
            }
        },
    }
    medians = {}
    for name, said in (
        ("none", {}),
        ("early", {"commissioned": "2021-02"}),
        ("gone", {"cancelled": "2021-03"}),
    ):
        actuals = {"assumption": "invented", "until": "2021-06", "projects": {"works": said}}
        medians[name] = float(np.median(outcomes(given(load({**base, "actuals": actuals}), 1024))))
    assert medians["early"] > medians["none"] > medians["gone"]


def test_no_command_forgets_what_is_known() -> None:
    from dabiao.engine.run import run

    answer = run(load(HALF), draws=1024)
    verdict = next(each for each in answer.assessment.outcomes if each.target.id == GDP)
    assert verdict.probability is not None and verdict.probability > 0.9
    assert answer.mixes_on_draws is not None
    for chances in answer.mixes_on_draws.chances.values():
        assert chances[GDP, "ensure"].value > 0.9


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_track_prints_one_screen_and_its_run_makes_a_report(tmp_path: Path, lang: str) -> None:
    found = CliRunner().invoke(simulate, ["track", HALF, "--lang", lang, "--out", str(tmp_path / "runs")])
    assert found.exit_code == 0, found.output
    assert "11.1" in found.stdout and found.stdout.count("\n") < 50
    (run,) = (tmp_path / "runs").glob("*/track-*")
    made = CliRunner().invoke(
        simulate, ["report", str(run), "--lang", lang, "--out", str(tmp_path / "report")]
    )
    assert made.exit_code == 0, made.output
    page = (tmp_path / "report" / lang / "report.md").read_text(encoding="utf-8")
    assert "half-year.yaml" in page


def test_track_without_figures_says_what_to_give() -> None:
    found = CliRunner().invoke(simulate, ["track", JANUARY, "--lang", "en"])
    assert found.exit_code == 2 and "--actuals" in found.output


def test_no_chance_is_printed_of_a_row_without_a_tier() -> None:
    table = track_tables(tracked())["track"]
    for row in table.records():
        assert (row["chance"] is None) == (row["tier"] is None)


# ------------------------------------------------------------------- a plan of several years
MID = "example:panzhihua-plan14/mid-term"


@cache
def mid_term() -> Tracked:
    """The shipped plan with three years known."""
    return track(load(MID), draws=2048)


def test_what_the_years_left_must_bring_is_right_by_hand() -> None:
    row = next(row for row in mid_term().rows if row.target.id == "growth_average")
    left = row.left
    assert left is not None and left.growth is not None and (left.first, left.last) == (4, 5)
    assert 1.083 * 1.035 * 1.065 * (1 + left.growth / 100) ** 2 == pytest.approx(1.075**5, rel=1e-6)
    assert left.so_far == pytest.approx(100 * ((1.083 * 1.035 * 1.065) ** (1 / 3) - 1), abs=0.03)
    assert left.usual is not None
    ends = [100 * ((1.083 * 1.035 * 1.065 * (1 + each / 100) ** 2) ** 0.2 - 1) for each in left.usual]
    assert ends == pytest.approx(list(row.now), abs=0.03)
    level = next(row for row in mid_term().rows if row.target.id == "gdp_2025").left
    assert level is not None and level.growth is not None
    assert 1303.8 * (1 + level.growth / 100) ** 2 == pytest.approx(1600, rel=1e-6)


@pytest.mark.parametrize("row", ["growth_average", "growth_2021"])
def test_figures_of_finished_years_hold_on_a_row_of_any_years(row: str) -> None:
    figures = {row: {"2021": 8.3, "2022": 3.5, "2023": 6.5}}
    begun = given(known("example:panzhihua-plan14", figures=figures), 1024)
    assert np.abs(outcomes(begun, "growth_2021", 5) - 8.3).max() < 0.03
    average = 100 * ((1.083 * 1.035 * 1.065) ** (1 / 3) - 1)
    assert np.abs(outcomes(begun, "growth_average", 3) - average).max() < 0.03


def test_one_figure_on_two_rows_of_an_indicator_is_told() -> None:
    with pytest.raises(ScenarioError) as found:
        known(
            "example:panzhihua-plan14",
            figures={"growth_average": {"2021": 8.3}, "growth_2021": {"2021": 8.3}},
        )
    assert [each.path for each in found.value.problems] == ["actuals.figures.growth_2021.2021-12"]


@pytest.mark.parametrize("movable", [None, 10])
def test_money_of_years_that_are_over_is_held(movable: int | None) -> None:
    scenario: dict[str, Any] = {"extends": MID}
    if movable is None:
        scenario["investment"] = {"movable": None}
    found = track(load(scenario), draws=512)
    assert found.best is not None
    plan, best = found.now.plan.plan.investment, found.best.plan.investment
    assert best[:, :3] == pytest.approx(plan[:, :3])
    assert np.abs(best[:, 3:] - plan[:, 3:]).max() > 1
    # investment of 2022 and 2023 was above the plan: less is left of what the five years may cost
    money = found.now.scenario.limits["money"].max
    assert money is not None and plan.sum() > money.value
    assert best.sum() == pytest.approx(money.value, rel=1e-6)


def test_money_spent_in_a_year_of_the_plan_is_held() -> None:
    said = {"figures": {"growth_average": {"2021": 8.3, "2022-06": 4.0}}, "placed": {"services": 340}}
    found = track(known("example:panzhihua-plan14", **said), draws=512)
    row = list(found.loaded.scenario.sectors).index("services")
    spent = {(each.sector, each.year): each.spent for each in found.sectors}
    assert spent["services", 2] == 340 and spent["services", 3] == 0
    if found.best is not None:
        assert found.best.plan.investment[row, 1] >= 340 - 1e-6
        assert found.best.plan.investment[:, 0] == pytest.approx(found.now.plan.plan.investment[:, 0])


# -------------------------------------------------------------------------------------- roll
SHIPPED = (
    "panzhihua-2021",
    "panzhihua-2024",
    "panzhihua-plan14",
    "deyang-2022",
    "scotland-2023",
    "ghana-2024",
)


@pytest.mark.parametrize("name", lighter(SHIPPED))
def test_every_shipped_scenario_rolls_twice_and_runs(tmp_path: Path, name: str) -> None:
    old = f"example:{name}"
    for _ in range(2):
        year = int(load(old).scenario.years.first)
        table, file = tmp_path / f"{year}.csv", tmp_path / f"{year + 1}.yaml"
        table.write_text(f"indicator,{year}\nGDP growth,-9.5\n", encoding="utf-8")
        words = ["roll", old, "--actuals", str(table), "--out", str(file), "-q"]
        found = CliRunner().invoke(simulate, words)
        assert found.exit_code == 0, found.output
        new, before = load(file).scenario, load(old).scenario
        assert int(new.years.base) == year and new.actuals is None
        va = sum(sector.va.value for sector in new.sectors.values())
        assert va == pytest.approx(new.accounts.gdp.value, rel=2e-3)
        past = new.history.years[str(year)].growth
        assert past is not None and past.value == -9.5
        ended = f"{year}-12"
        for key, project in new.projects.items():
            was = before.projects[key]
            assert project.stage == "commissioned" or not project.finish or project.finish > ended, key
            if project.stage in ("registered", "commissioned") and project.done and was.done:
                assert project.done.value >= was.done.value - 0.1, key
        old = str(file)
    assert np.isfinite(
        next(iter(outcomes(study(load(old), draws=64), row) for row in load(old).scenario.targets))
    ).all()


def test_a_plan_rolled_on_asks_what_is_left_of_it(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("年份,地区生产总值增速\n2021,8.3\n", encoding="utf-8")
    file = tmp_path / "2022.yaml"
    words = [
        "roll",
        "example:panzhihua-plan14",
        "--actuals",
        str(tmp_path / "t.csv"),
        "--out",
        str(file),
        "-q",
    ]
    found = CliRunner().invoke(simulate, words)
    assert found.exit_code == 0, found.output
    new = load(file).scenario
    assert (int(new.years.base), int(new.years.target)) == (2021, 2025)
    row = new.targets["growth_average"]
    assert row.over == (2022, 2025) and row.ensure is not None
    assert 1.083 * (1 + row.ensure.value / 100) ** 4 == pytest.approx(1.075**5, rel=2e-4)
    assert "growth_2021" not in new.targets
    assert new.history.years["2021"].sheet["growth_2021"].ensure is not None
    money, before = new.limits["money"], load("example:panzhihua-plan14").scenario.limits["money"]
    assert money.over[0] == 2022 and money.max is not None and before.max is not None
    assert money.max.value < before.max.value - 700


def test_the_years_gdp_is_the_level_on_its_row(tmp_path: Path) -> None:
    """A sheet with a row of GDP reads the level there: it is the account of the year all the same."""
    table = "指标,单位,全年,增长(%)\n地区生产总值,亿元,1134,8.3\n"
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    loaded = load("example:panzhihua-plan14", actuals=tmp_path / "t.csv")
    made = roll(loaded, stated=False)
    assert made.tree["accounts"]["gdp"]["value"] == 1134
    assert sum(own["va"]["value"] for own in made.tree["sectors"].values()) == pytest.approx(1134, abs=0.01)
    assert not any("GDP of 2021 is not known" in str(said) for said in made.told)


def test_what_is_known_of_later_years_is_told_when_it_is_left_out() -> None:
    made = roll(load(MID))
    (said,) = [each.en for each in made.told if "left out: roll on" in each.en]
    assert all(year in said for year in ("2022", "2023", "2024", "2025")) and "2021" not in said
    assert made.tree["outlook"] == {"nation": None, "change": None}  # of a January that is past


def test_totals_of_a_plans_year_are_those_of_the_table(tmp_path: Path) -> None:
    """GDP stated as the figure of a row, investment by an account: the accounts have them, and what spans ask
    still is less by them."""
    table = "指标,2021年\n地区生产总值(亿元),1134\n地区生产总值增速(%),8.3\n固定资产投资(亿元),826\n"
    (tmp_path / "2021.csv").write_text(table, encoding="utf-8")
    targets = {
        "assumption": "invented",
        "invested": {"indicator": "fai_level", "measure": "sum", "ensure": 4500},
        "services": {"indicator": "sector_growth", "covers": ["services"], "measure": "average", "ensure": 7},
        "metals": {"indicator": "sector_growth", "covers": ["metals"], "measure": "average", "ensure": 7},
    }
    loaded = load({"extends": "example:panzhihua-plan14", "targets": targets}, actuals=tmp_path / "2021.csv")
    tree = roll(loaded).tree
    assert tree["accounts"]["gdp"]["value"] == 1134 and tree["accounts"]["fai"]["value"] == 826
    assert tree["targets"]["invested"]["ensure"]["value"] == pytest.approx(4500 - 826)
    told = [each.of("en") for each in roll(loaded).told]
    assert not any("GDP of 2021 is not known" in each for each in told)
    asked = [each for each in told if "4500" in each]
    assert asked and asked[0].startswith("Investment put in place") and "826" in asked[0]
    actuals = loaded.scenario.actuals
    assert actuals is not None
    grown = next(held["2021-12"] for held in actuals.figures.values() if held["2021-12"].value == 8.3)
    figures = {**actuals.figures, "services": {"2021-12": grown}}
    with_figure = actuals.model_copy(update={"figures": figures})
    more = roll(replace(loaded, scenario=loaded.scenario.model_copy(update={"actuals": with_figure}))).tree
    asked = [more["targets"][key]["ensure"]["value"] for key in ("services", "metals")]
    assert asked[0] == pytest.approx(100 * ((1.07**5 / 1.083) ** 0.25 - 1), abs=0.01)
    assert asked[1] == tree["targets"]["metals"]["ensure"]["value"]


def rolled_file(tmp_path: Path, table: str) -> Loaded:
    """A shipped scenario rolled on with a table, as written and read again."""
    (tmp_path / "2021.csv").write_text(table, encoding="utf-8")
    file = tmp_path / "city-2022.yaml"
    words = ["roll", JANUARY, "--actuals", str(tmp_path / "2021.csv"), "--out", str(file), "--lang", "en"]
    found = CliRunner().invoke(simulate, words)
    assert found.exit_code == 0, found.output
    return load(file)


YEAR = "指标,单位,全年,增长(%)\n地区生产总值,亿元,1134,8.3\n第二产业,亿元,621.48,\n规上工业增加值,,,10\n"


def test_a_rolled_scenario_has_the_years_accounts_and_keeps_its_past(tmp_path: Path) -> None:
    new = rolled_file(tmp_path, YEAR).scenario
    assert (int(new.years.base), int(new.years.target)) == (2021, 2022)
    assert new.accounts.gdp.value == 1134 and new.actuals is None
    assert sum(sector.va.value for sector in new.sectors.values()) == pytest.approx(1134, abs=0.01)
    industry = ("metals", "chemicals", "energy", "other_industry", "construction")
    assert sum(new.sectors[key].va.value for key in industry) == pytest.approx(621.48, abs=0.05)
    past = new.history.years["2021"]
    assert past.growth is not None and past.growth.value == 8.3
    assert past.target is not None and past.target.value == 7.5
    row = past.sheet[INDUSTRY]
    assert row.ensure is not None and row.outcome is not None
    assert (row.ensure.value, row.outcome.value) == (8, 10)
    assert new.projects["yinjiang"].done is not None and 20 < new.projects["yinjiang"].done.value < 50


def test_a_rolled_scenario_runs_and_can_be_rolled_again(tmp_path: Path) -> None:
    new = rolled_file(tmp_path, YEAR)
    assert np.isfinite(outcomes(study(new, draws=256))).all()
    more = tmp_path / "2022.csv"
    more.write_text("指标,全年\n地区生产总值增速,3.5\n", encoding="utf-8")
    file = tmp_path / "city-2023.yaml"
    found = CliRunner().invoke(
        simulate, ["roll", str(tmp_path / "city-2022.yaml"), "--actuals", str(more), "--out", str(file), "-q"]
    )
    assert found.exit_code == 0, found.output
    last = load(file).scenario
    assert int(last.years.base) == 2022 and {"2021", "2022"} <= set(last.history.years)


def test_rolling_without_the_years_growth_is_refused() -> None:
    with pytest.raises(ScenarioError) as found:
        roll(load(HALF))
    assert "2021" in str(found.value.problems[0].found)


# ------------------------------------------------------------------ errors of growth to date
def synthetic(tmp_path: Path, regions: int = 60, years: int = 24) -> Path:
    """Quarterly output whose quarters grow by a common and an own random walk."""
    rng = np.random.default_rng(11)
    lines = ["region,year,q1,q2,q3,q4"]
    common = rng.normal(0, 0.4, 4 * years)
    for region in range(regions):
        path = 100 * np.exp(np.cumsum(0.6 + common + rng.normal(0, 0.8, 4 * years)) / 100)
        for year in range(years):
            cells = ",".join(f"{value:.6f}" for value in path[4 * year : 4 * year + 4])
            lines.append(f"r{region},{2000 + year},{cells}")
    file = tmp_path / "quarters.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_errors_fall_by_quarter_and_what_is_known_besides_helps(tmp_path: Path) -> None:
    found = to_date.errors(to_date.read_quarterly(synthetic(tmp_path))).errors
    plain = [found[quarter, "plain"].sd for quarter in to_date.QUARTERS]
    assert plain[0] > plain[1] > plain[2] > 0
    for quarter in to_date.QUARTERS:
        assert found[quarter, "before"].sd <= found[quarter, "plain"].sd * 1.001
        assert found[quarter, "three"].sd < found[quarter, "before"].sd
    assert 0 < found[1, "plain"].common < 1


def test_a_backtest_beats_januarys_forecast_and_covers(tmp_path: Path) -> None:
    scored = {
        (each.quarter, each.way): each
        for each in to_date.backtest(to_date.read_quarterly(synthetic(tmp_path)))
    }
    rmse = [scored[quarter, "given"].rmse for quarter in to_date.QUARTERS]
    assert scored[0, "january"].rmse > rmse[0] > rmse[1] > rmse[2]
    for quarter in to_date.QUARTERS:
        assert 0.65 < scored[quarter, "given"].inside < 0.95
        assert scored[quarter, "given"].rmse < scored[quarter, "to_date"].rmse * 1.02


def test_what_is_chosen_and_estimated_knows_nothing_of_later_years(tmp_path: Path) -> None:
    panel = to_date.read_quarterly(synthetic(tmp_path, 20, 14))
    until = panel.years[-4]
    growth = panel.growth.copy()
    growth[:, -3:] += np.random.default_rng(5).normal(0, 30, growth[:, -3:].shape)
    other = replace(panel, growth=growth)
    assert to_date.errors(panel, until) == to_date.errors(other, until)
    assert to_date.errors(panel) != to_date.errors(other)


def test_the_tails_chosen_are_those_of_the_errors() -> None:
    rng = np.random.default_rng(9)
    panel = to_date.Quarterly(tuple("abcdefghijklmnopqrst"), tuple(range(2000, 2020)), np.zeros((20, 20, 4)))
    for tails, draw in ((4.0, rng.standard_t(3, (20, 20, 3))), (30.0, rng.normal(size=(20, 20, 3)))):
        growth = np.concatenate([draw, np.zeros((20, 20, 1))], axis=2)
        assert to_date.errors(replace(panel, growth=growth)).tails == tails


def test_the_base_effect_of_three_years_is_how_much_more_of_the_year_before_had_come(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    levels = 100 * np.exp(np.cumsum(rng.normal(0.002, 0.004, (3, 32)), axis=1)).reshape(3, 8, 4)
    rows = [
        f"r{r},{2000 + y},{','.join(str(each) for each in levels[r, y])}" for r in range(3) for y in range(8)
    ]
    file = tmp_path / "q.csv"
    file.write_text("region,year,q1,q2,q3,q4\n" + "\n".join(rows), encoding="utf-8")
    panel = to_date.read_quarterly(file)
    share = 100 * np.log(np.cumsum(levels, axis=2) / levels.sum(axis=2, keepdims=True))
    weights = to_date.EARLIER["three"]
    for quarter in (1, 2, 3):
        own = share[..., quarter - 1]
        for year in range(4, 7):  # growth of year 4 is foretold with shares of years 3 and 0 to 2
            effect = sum(w * panel.off[:, year - k, quarter - 1] for k, w in enumerate(weights, 1))
            assert effect == pytest.approx(own[:, year] - own[:, year - 3 : year].mean(axis=1), abs=0.06)


def test_the_command_writes_a_file_that_a_scenario_takes(tmp_path: Path) -> None:
    words = ["calibrate", str(synthetic(tmp_path, 12, 9)), "--quarterly", "--out", str(tmp_path / "runs")]
    found = CliRunner().invoke(simulate, [*words, "--lang", "en"])
    assert found.exit_code == 0, found.output
    (file,) = (tmp_path / "runs").glob("to-date/*/to-date.yaml")
    text = file.read_text(encoding="utf-8")
    assert "12 regions" in text.split("\n")[1]
    own = tmp_path / "city.yaml"
    block = text[text.index("to_date:") :]
    own.write_text(f"extends: {HALF}\n{block}", encoding="utf-8")
    assert only(load(own)).sd != only(load(HALF)).sd


def test_the_shipped_errors_are_those_of_the_states(shared: Path) -> None:
    panel = to_date.read_quarterly(shared / "data" / "us_states_quarterly.csv")
    assert len(panel.regions) == 51 and panel.totals == ("US",)
    block = load(HALF).scenario.to_date
    assert block is not None
    law = to_date.errors(panel)
    assert block.tails.value == law.tails
    for (quarter, kind), each in law.errors.items():
        entry = block.quarters[str(quarter)][kind]
        assert entry.sd.value == pytest.approx(each.sd, abs=6e-4)
        assert entry.common.value == pytest.approx(100 * each.common, abs=0.51)
        assert (entry.before is None) == np.isnan(each.before)
        assert entry.before is None or entry.before.value == pytest.approx(each.before, abs=6e-4)


def test_the_backtest_on_the_states_is_as_documented(shared: Path) -> None:
    panel = to_date.read_quarterly(shared / "data" / "us_states_quarterly.csv")
    scored = {(each.quarter, each.way): each for each in to_date.backtest(panel)}
    told = {
        (0, "january"): (2.90, 76, 8),
        (1, "to_date"): (2.36, 76, 11),
        (1, "corrected"): (1.77, 79, 9),
        (1, "given"): (1.91, 71, 10),
        (2, "to_date"): (0.94, 87, 5),
        (2, "corrected"): (0.78, 86, 5),
        (2, "given"): (0.81, 84, 3),
        (3, "to_date"): (0.47, 93, 2),
        (3, "corrected"): (0.40, 88, 4),
        (3, "given"): (0.42, 86, 4),
    }
    for key, (rmse, inside, error) in told.items():
        assert scored[key].rmse == pytest.approx(rmse, abs=0.006), key
        assert 100 * scored[key].inside == pytest.approx(inside, abs=0.6), key
        assert 100 * scored[key].error == pytest.approx(error, abs=0.6), key


# --------------------------------------------------------------------- what tables and files get wrong
NAMES_OF_TABLES = {
    "a unit in the name is the level's, growth stands beside it": (
        "指标,1-6月绝对值,1-6月增速（%）\n地区生产总值（亿元）,561.96,11.1\n固定资产投资（亿元）,,-6\n",
        {GDP: 11.1, "fai_growth": -6.0},
        {},
    ),
    "the nation's growth is not the region's": (
        "指标,上半年\n全国GDP增速,12.7\n地区生产总值增速,11.1\n全国固定资产投资增速,12.6\n",
        {GDP: 11.1},
        {"2021-06": 12.7},
    ),
}


@pytest.mark.parametrize("case", NAMES_OF_TABLES)
def test_names_of_rows_are_read_for_what_they_are(tmp_path: Path, case: str) -> None:
    text, rows, nation = NAMES_OF_TABLES[case]
    file = tmp_path / "快报.csv"
    file.write_text(text, encoding="utf-8")
    actuals = load(JANUARY, actuals=file).scenario.actuals
    assert actuals is not None
    assert {row: held["2021-06"].value for row, held in actuals.figures.items()} == rows
    assert {time: figure.value for time, figure in actuals.nation.items()} == nation


def test_of_a_country_that_is_the_region_the_nations_growth_is_its_own(tmp_path: Path) -> None:
    file = tmp_path / "h1.csv"
    file.write_text("指标,上半年\n全国GDP增速,4.7\n", encoding="utf-8")
    actuals = load("example:ghana-2024", actuals=file).scenario.actuals
    assert actuals is not None and not actuals.nation
    assert actuals.figures[GDP]["2024-06"].value == 4.7


@pytest.mark.parametrize("said", ["很好", "=11+0.1", "5-6", "nan"])
def test_a_first_row_without_a_number_is_no_row_of_headings(tmp_path: Path, said: str) -> None:
    file = tmp_path / "快报.csv"
    file.write_text(f"指标,上半年\n地区生产总值增速,{said}\n规上工业增加值增速,11.6\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as found:
        load(JANUARY, actuals=file)
    (problem,) = found.value.problems
    assert problem.line == 2 and said in str(problem.found)


def test_a_heading_that_says_no_time_there_is_is_told(tmp_path: Path) -> None:
    file = tmp_path / "快报.csv"
    file.write_text("指标,2021-13,1-13月,2021-06\n地区生产总值增速,4,5,9\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as found:
        load(JANUARY, actuals=file)
    assert {(each.line, each.column) for each in found.value.problems} == {(1, 4), (1, 12)}


PLAN = "example:panzhihua-plan14"
HALF_KNOWN = {"growth_average": {"2021-06": 8.3}}
CONTRADICTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "a level that falls": (
        {"figures": {"gdp_2025": {"2021-03": 700, "2021-06": 650}}},
        "figures.gdp_2025.2021-06",
    ),
    "a year below its half": (
        {"figures": {"gdp_2025": {"2021-06": 700, "2021": 650}}},
        "figures.gdp_2025.2021-12",
    ),
    "parts of a year that fall": (
        {"figures": HALF_KNOWN, "shares": {"growth_average": {"2020-03": 60, "2020-06": 48}}},
        "shares.growth_average.2020-06",
    ),
    "a level that growth cannot bring": (
        {"figures": {"growth_average": {"2021": 8.3}, "gdp_2025": {"2021": 1800}}},
        "figures.gdp_2025.2021-12",
    ),
    "known beyond the horizon": ({"figures": HALF_KNOWN, "until": "2031-06"}, "until"),
    "known before the first year": ({"figures": HALF_KNOWN, "until": "2020-06"}, "until"),
    "on line in time to come": (
        {"figures": HALF_KNOWN, "projects": {"yinjiang": {"commissioned": "2024-03"}}},
        "projects.yinjiang.commissioned",
    ),
    "expected in the past": (
        {"figures": HALF_KNOWN, "projects": {"yinjiang": {"expected": "2021-03"}}},
        "projects.yinjiang.expected",
    ),
    "growth that no year has": (
        {"figures": {"growth_average": {"2021": -120}}},
        "figures.growth_average.2021-12",
    ),
    "an account that growth cannot bring": (
        {"figures": {"growth_average": {"2021": 8.3}}, "accounts": {"gdp": 5000}},
        "accounts.gdp",
    ),
    "less done than before": (
        {"figures": HALF_KNOWN, "projects": {"yinjiang": {"done": 5}}},
        "projects.yinjiang.done",
    ),
    "given up and expected": (
        {"figures": HALF_KNOWN, "projects": {"yinjiang": {"cancelled": "2021-03", "expected": "2023-01"}}},
        "projects.yinjiang.cancelled",
    ),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_what_is_known_contradicts_neither_itself_nor_the_calendar(case: str) -> None:
    said, path = CONTRADICTIONS[case]
    with pytest.raises(ScenarioError) as found:
        known(PLAN, **said)
    assert f"actuals.{path}" in {each.path for each in found.value.problems}


def test_prices_that_are_stated_for_the_year_let_level_and_growth_stand() -> None:
    figures = {"growth_average": {"2021": 8.3}, "gdp_2025": {"2021": 1800}}
    load(
        {
            "extends": PLAN,
            "assumption": "invented",
            "prices": {"gdp_in": {"2021": 60}},
            "actuals": {"assumption": "invented", "figures": figures},
        }
    )


def test_money_put_in_place_lies_within_the_plan_of_the_year() -> None:
    with pytest.raises(ScenarioError) as found:
        given(known(figures={GDP: {"2021-06": 8.3}}, placed={"metals": 9000, "energy": 20}), 256)
    assert [each.path for each in found.value.problems] == ["actuals.placed.metals"]


def test_a_plan_that_is_over_is_not_rolled_into_a_year_without_targets() -> None:
    only_first = {"gdp_2025": None, "growth_average": None, "industry_2021": None}
    loaded = load(
        {
            "extends": PLAN,
            "targets": only_first,
            "actuals": {"assumption": "invented", "figures": {"growth_2021": {"2021": 8.3}}},
        }
    )
    with pytest.raises(ScenarioError) as found:
        roll(loaded)
    (problem,) = found.value.problems
    assert problem.path == "targets" and "2022" in problem.expected.of("en")


def test_workbooks_dates_are_times_and_formulas_without_results_are_told(tmp_path: Path) -> None:
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["指标", datetime(2021, 6, 1)])
    sheet.append(["地区生产总值增速", 11.1])
    file = tmp_path / "快报.xlsx"
    book.save(file)
    actuals = load(JANUARY, actuals=file).scenario.actuals
    assert actuals is not None and actuals.figures[GDP]["2021-06"].value == 11.1
    sheet["B2"] = "=11+0.1"
    book.save(file)
    with pytest.raises(ScenarioError) as found:
        load(JANUARY, actuals=file)
    (problem,) = found.value.problems
    assert "Excel" in problem.hint.of("en")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("parts", "right"),
    [
        ({"primary": 103.56, "secondary": 621.48, "tertiary": 408.91}, True),
        ({"primary": 103.56, "secondary": 621.48, "tertiary": 700.0}, False),
        ({"primary": 103.56, "secondary": 621.48}, True),
        ({"primary": 103.56, "secondary": 1100.0}, False),
    ],
)
def test_parts_of_the_year_that_is_over_add_up_to_its_gdp(parts: dict[str, float], right: bool) -> None:
    loaded = known(figures={GDP: {"2021": 8.3}}, accounts={"gdp": 1134.0, **parts})
    if right:
        roll(loaded)
        return
    with pytest.raises(ScenarioError) as found:
        roll(loaded)
    assert found.value.problems[0].path == "actuals.accounts.primary"


def test_a_roll_tells_what_it_leaves_out_and_what_looks_wrong() -> None:
    rolled = roll(known(PLAN, figures={"growth_average": {"2021": 28.3, "2022": 3.5}}))
    said = " ".join(each.of("en") for each in rolled.told)
    assert "what was known of 2022 is left out" in said and "28.3" in said
    assert rolled.tree["outlook"]["nation"] is None
