"""Any country: nothing of another in silence, own priors, own groups, scores without targets."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import dabiao.scenarios
import numpy as np
import pytest
import yaml
from click.testing import CliRunner, Result
from command import GIVEN, call
from dabiao.cli.main import simulate
from dabiao.engine.diagnose.hints import uncapped
from dabiao.engine.forecast.backtest.judge import Judged
from dabiao.engine.forecast.backtest.panel import Panel, read_panel
from dabiao.engine.forecast.backtest.roll import FORECASTS, backtest
from dabiao.engine.run import run
from dabiao.models.errors import ScenarioError
from dabiao.results.report import tables
from dabiao.results.tables.inherited import BLOCKS
from dabiao.results.tables.table import sentences
from dabiao.scenarios.countries import code_of, named, same
from dabiao.scenarios.files import examples
from dabiao.scenarios.ground import ground_of
from dabiao.scenarios.inherited import block_of, borrowed, country_unsaid, inherited
from dabiao.scenarios.load import load
from dabiao.scenarios.tables.years import year_of
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("english")

CHINA = re.compile(r"\bchina|chinese|\bnbs\b|中国|全国统计|panzhihua|攀枝花|prefecture", re.IGNORECASE)

OWN = """\
dabiao: 1
extends: example:templates/any-country.yaml
country: Utopia
money: {currency: EUR, scale: million}
sources: {mine: {en: A table of three classes, date: "2026"}}
national:
  source: mine
  classes:
    goods: {title: Goods, va_ratio: 40, output: 8000, labour_share: 50, household_share: 20,
      government_share: 0, regional_purchase: 30}
    building: {title: Building, va_ratio: 50, output: 1500, labour_share: 60, household_share: 0,
      government_share: 0, regional_purchase: 90}
    services: {title: Services, va_ratio: 62, output: 25000, labour_share: 55, household_share: 80,
      government_share: 100, regional_purchase: 75}
  groups: {production: [goods, building]}
  coefficients:
    goods: {goods: 0.35, building: 0.25, services: 0.06}
    building: {goods: 0.01, building: 0.01, services: 0.01}
    services: {goods: 0.24, building: 0.24, services: 0.31}
prices: {assumption: about 2 % a year, gdp: 2, consumer: 2, investment: 2}
defaults:
  industry: {investment_buys: {assumption: judgement, building: 35, services: 5}}
  services: {investment_buys: {assumption: judgement, building: 45, services: 5}}
"""


def states(folder: Path, sectors: bool = False, years: int = 16) -> Path:
    """A panel of states in fiscal years, without targets; with growth of the own groups where asked."""
    rng = np.random.default_rng(4)
    nation = 2 + rng.normal(0, 1.2, years)
    more = ",production_growth,services_growth,production,services" if sectors else ""
    lines = [f"State,FY,Real GDP growth (%){more}"]
    for r in range(14):
        lead = rng.normal(0, 0.5)
        for t in range(years):
            growth = nation[t] + lead + rng.normal(0, 1.5)
            parts = f",{growth + rng.normal():.2f},{growth + rng.normal():.2f},30,70" if sectors else ""
            lines.append(f"S{r:02},{2004 + t}-{(2005 + t) % 100:02},{growth:.2f}{parts}")
    path = folder / "states.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which commands are called, with priors of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path


def done(*words: object) -> Result:
    result = CliRunner().invoke(simulate, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result


def load_text_of(name: str) -> dict[str, Any]:
    """A shipped file as it is written."""
    shipped = Path(dabiao.scenarios.__file__).parent / name.removeprefix("example:")
    found: dict[str, Any] = yaml.safe_load(shipped.read_text(encoding="utf-8"))
    return found


# ------------------------------------------------------------------------------------------------- countries


COUNTRIES = (
    ("China", "中国", True),
    ("CHN", "cn", True),
    ("USA", "United States", True),
    ("Utopia", "utopia ", True),
    ("China", "USA", False),
    ("Utopia", "Erewhon", False),
)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    COUNTRIES,
)
def test_a_country_is_one_whatever_it_is_called(one: str, other: str, alike: bool) -> None:
    assert same(one, other) is alike
    assert code_of(named(one).en) == code_of(one) == code_of(named(one).zh)


@pytest.mark.parametrize("name", examples())
def test_every_figure_of_a_shipped_scenario_is_listed_once_and_none_is_borrowed(name: str) -> None:
    loaded = load(f"example:{name}")
    rows = inherited(loaded)
    assert sum(row.figures for row in rows) == len(loaded.quantities())
    assert borrowed(loaded) == ()
    assert all(row.country for row in rows if not row.file.startswith("example:templates/"))
    assert {row.block for row in rows} >= {"trends", "table", "shocks"}


def test_a_region_stands_on_a_table_of_flows(home: Path) -> None:
    """Priors may hold the published table itself; classes, groups and weights are made of it."""
    (home / "io.csv").write_text(
        "sells,goods,services,homes,state\ngoods,20,10,30,40\nservices,30,20,50,100\nimports,10,20,,\n"
        "pay,20,80,,\nprofit,20,70,,\noutput,100,200,,\n"
    )
    flows = {"flows": {"file": "io.csv", "assumption": "made up"}, "kind": "domestic", "imports": "imports"}
    flows |= {
        "value_added": ["pay", "profit"],
        "labour": ["pay"],
        "household": ["homes"],
        "government": ["state"],
    }
    own = yaml.safe_load(OWN)
    own["national"] = {"table": flows, "groups": {"all": ["goods", "services"]}}
    own["defaults"] = {
        model: {"market": {"trend": {"value": 2, "assumption": "guess"}}, "investment_buys": {"goods": 5}}
        | {"assumption": "guess"}
        for model in ("industry", "services")
    }
    (home / "flows.yaml").write_text(yaml.safe_dump(own))
    ground = ground_of("flows.yaml")
    assert ground.parts(()) == ("goods", "services") and ground.groups == {"all": ("goods", "services")}
    assert ground.weight("goods") / ground.weight("all") == pytest.approx(40 / 190)
    done("new", "Erewhon", "--priors", "flows.yaml", "--year", 2021, "--gdp", 190, "--target", 2)
    assert load("Erewhon").scenario.sectors["goods"].va.value == pytest.approx(40)


def test_a_region_of_fiscal_years_begins_with_them(home: Path) -> None:
    (home / "trends.yaml").write_text(
        "extends: own.yaml\ndefaults:\n  industry: {market: {trend: {value: 2, assumption: a}}}\n"
        "  services: {market: {trend: {value: 2, assumption: a}}}\n"
    )
    asked = [
        "new",
        "Erewhon",
        "--priors",
        "trends.yaml",
        "--gdp",
        190,
        "--target",
        2,
        "--past",
        "2019-20=1/2",
    ]
    told = CliRunner().invoke(simulate, [str(word) for word in (*asked, "--year", "2020-21")])
    assert told.exit_code == 2 and "--begins" in told.output and not (home / "Erewhon").exists()
    done(*asked, "--year", "2020-21", "--begins", 4)
    made = load("Erewhon").scenario
    assert str(made.years.target) == "2021-22" and "2021-22" in made.title.of("en")
    assert made.history.years["2020"].growth.value == 1 and made.history.years["2022"].target.value == 2


def test_the_neutral_template_knows_every_model() -> None:
    given = load_text_of("example:templates/any-country.yaml")
    for model in ("industry", "services", "agriculture", "process_chain"):
        assert {"assumption", "realisation"} <= set(given["defaults"][model])
    assert given["defaults"]["process_chain"] == given["defaults"]["industry"]


def test_blocks_are_told_apart() -> None:
    paths = {
        "sectors.a.market.trend": "trends",
        "sectors.a.trend": "trends",
        "sectors.a.capacity.utilisation.base": "sectors",
        "sectors.a.va": "region",
        "national.coefficients.a.b": "table",
        "uncertainty.shocks.own.sd": "shocks",
        "experience.chance": "experience",
        "limits.money.max": "limits",
        "relations.r.constant": "relations",
    }
    assert {path: block_of(path) for path in paths} == paths


def test_a_region_elsewhere_on_these_priors_says_so_first(home: Path) -> None:
    """The country of the scenario differs from that of the priors: verdict, report and every other question
    begin with it; with the country of the priors nothing is said."""
    done(
        "new",
        "Avalon",
        "--country",
        "Utopia",
        "--currency",
        "EUR",
        "--priors",
        "example:china-2023/priors.yaml",
        "--year",
        2023,
        "--gdp",
        100,
        "--target",
        3,
        "-q",
    )
    loaded = load(home / "Avalon")
    assert {row.block for row in borrowed(loaded)} == {"trends", "table", "shocks"}
    told = sentences(tables(run(loaded, draws=256)), "en")
    assert next(iter(told)) == "borrowed"
    assert "Utopia" in told["borrowed"][1] and "China" in told["borrowed"][1]
    asked = done("optimize", "required", "Avalon", "--lang", "en", "-q", "--tier", "ensure").stdout
    assert asked.startswith("Another country's figures")
    same_country = load(home / "Avalon", ["country=CHN"])
    assert borrowed(same_country) == ()


def test_a_country_that_nobody_states_is_told(home: Path) -> None:
    call("new", "City", *GIVEN, "--out", home / "city", "-q")
    text = (home / "city" / "baseline.yaml").read_text(encoding="utf-8")
    assert not country_unsaid(load(home / "city"))
    (home / "city" / "baseline.yaml").write_text(re.sub(r"\ncountry: .*", "", text), encoding="utf-8")
    loaded = load(home / "city")
    assert country_unsaid(loaded) and loaded.scenario.country == "China"
    shown = " ".join(done("show", "city", "--inherited", "--lang", "en").output.split())
    assert "does not state its country" in shown


# --------------------------------------------------------------------------------------------- new regions


def test_another_country_without_priors_is_refused(home: Path) -> None:
    refused = call("new", "Oregon", "--country", "USA", *GIVEN, "--out", home / "o")
    assert refused.exit_code == 2 and "--priors" in refused.output and not (home / "o").exists()


def test_without_a_country_it_is_said_whose_figures_are_used(home: Path) -> None:
    assert "--country" in call("new", "Oregon", *GIVEN, "--out", home / "o").output
    assert "--country" not in call("new", "某市", *GIVEN, "--out", home / "p").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--va", "good=1"), "did you mean goods?"),
        (("--va", "goods:factory=1"), "agriculture, industry, services"),
        (("--gdp", 5, "--va", "goods=1", "--va", "services=1"), "2 in all"),
        (("--gdp", 5, "--primary", 1), "--primary"),
        ((), "--gdp/--va"),
    ],
)
def test_what_does_not_fit_the_priors_is_told(home: Path, words: tuple[object, ...], said: str) -> None:
    source = home / "trends.yaml"
    source.write_text("extends: own.yaml\n", encoding="utf-8")
    refused = call("new", "O", "--priors", "trends.yaml", "--year", 2020, "--target", 2, *words)
    assert refused.exit_code == 2 and said in refused.output.replace("\n", " "), refused.output


def test_priors_without_a_table_are_told(home: Path) -> None:
    (home / "bare.yaml").write_text(
        "country: Nowhere\nprices: {assumption: x, gdp: 2, consumer: 2}\n", encoding="utf-8"
    )
    refused = call("new", "O", "--priors", "bare.yaml", "--year", 2020, "--gdp", 100, "--target", 2)
    assert refused.exit_code == 2 and "no input-output table" in refused.output, refused.output
    assert not (home / "O").exists()


# ------------------------------------------------------------------------------- the whole way of a stranger


def test_panel_to_priors_to_scenario_with_nothing_of_china(home: Path) -> None:
    """A panel of states in fiscal years without targets: backtest, priors, experience, a new region, a run
    and its report; no word of another country stands in any of them."""
    panel = states(home)
    scored = done(
        "backtest",
        panel,
        "--template",
        "own.yaml",
        "--years",
        "2018-2020",
        "--draws",
        128,
        "--lang",
        "en",
        "--jobs",
        1,
    )
    made = done(
        "calibrate", panel, "--extends", "own.yaml", "--years", "2019-2020", "--draws", 128, "--lang", "en"
    )
    folder = next((home / "runs" / "calibrate").iterdir())
    begun = done(
        "new",
        "Avalon",
        "--priors",
        folder / "experience.yaml",
        "--year",
        2020,
        "--va",
        "production=60",
        "--va",
        "services=140",
        "--past",
        "2019=1.9,2020=1.2",
        "--target",
        2,
    )
    answered = done("Avalon", "--lang", "en", "--draws", 256, "--report")
    loaded = load("Avalon")
    assert loaded.scenario.country == "Utopia" and borrowed(loaded) == ()
    assert loaded.scenario.experience is not None and "2021" in loaded.scenario.experience.ahead
    assert loaded.quantities()["sectors.services.market.trend"].origin.startswith("runs/calibrate/")
    files = [
        file
        for file in (home / "runs").rglob("*")
        if file.suffix in {".md", ".html", ".csv", ".yaml", ".json"}
    ]
    assert len(files) > 40
    told = {str(file): file.read_text(encoding="utf-8") for file in files}
    told |= {str(n): one.output for n, one in enumerate((scored, made, begun, answered))}
    found = {name: hits for name, text in told.items() if (hits := _of_china(text))}
    assert found == {}


def _of_china(text: str) -> list[str]:
    """Words of China with what stands before them, but for the row that says where the settings of the
    forecast's method were chosen."""
    settings = [BLOCKS["method"].of(lang) for lang in ("en", "zh")]
    said = html.unescape(text)
    hits = (said[max(0, hit.start() - 200) : hit.end()] for hit in CHINA.finditer(said))
    return [hit for hit in hits if not any(row in hit for row in settings)]


def test_the_files_that_a_calibration_writes_have_the_own_groups(home: Path) -> None:
    """Shocks and correlations by the groups of the own table, trends by the models they stand for; a scenario
    on them is without mistakes."""
    done("calibrate", states(home, sectors=True), "--extends", "own.yaml", "--no-experience", "-q")
    priors = next((home / "runs" / "calibrate").iterdir()) / "priors.yaml"
    tree = yaml.safe_load(priors.read_text(encoding="utf-8"))
    assert tree["extends"] == "../../../own.yaml"
    assert set(tree["uncertainty"]["shocks"]["sectors"]) - {"assumption"} == {"production", "services"}
    assert "services-production" in tree["uncertainty"]["correlations"] or (
        "production-services" in tree["uncertainty"]["correlations"]
    )
    done("new", "A", "--priors", priors, "--year", 2020, "--gdp", 100, "--target", 2, "-q")
    done("validate", "A")


def panel_of(home: Path, sectors: bool = False) -> Panel:
    return read_panel(states(home, sectors), groups=ground_of(home / "own.yaml").names)


def test_growth_is_scored_where_nothing_is_aimed_at(home: Path) -> None:
    """Error, CRPS and coverage of a panel without targets are those of the same panel with targets: what is
    aimed at moves no forecast of growth but through the plans of others."""
    panel = panel_of(home)
    years = backtest(panel, [2019, 2020], draws=128, jobs=1, template=str(home / "own.yaml"))
    judged = Judged(panel, years, 128, 1)
    assert judged.aimless and np.isfinite(judged.estimate("crps", "engine").value)
    assert np.isnan(judged.estimate("brier", "engine").value) and np.isnan(judged.probability).all()
    assert np.isnan(judged.places[FORECASTS.index("target")]).all()
    assert all(np.isfinite(each.crps) and np.isnan(each.brier) for each in judged.outlooks)


def test_regions_take_the_template_and_not_chinas(home: Path) -> None:
    """Another table gives other forecasts, and series of own groups move the sectors made of them."""
    from dabiao.engine.forecast.backtest.regions import TEMPLATE, stated, structure

    panel = panel_of(home, sectors=True)
    built = structure(str(home / "own.yaml"), panel.sectors)
    assert built.members == (("production",), ("services",)) and panel.sectors == ("production", "services")
    said = stated(panel, 0, 2.0, np.nan, built)
    assert said["sectors.production.va"] == pytest.approx(30) and said[
        "sectors.services.va"
    ] == pytest.approx(70)
    assert (
        built.loaded.scenario.country == "Utopia" and structure(TEMPLATE).loaded.scenario.country == "China"
    )


def test_a_region_year_of_an_own_template_is_a_scenario(home: Path) -> None:
    shown = done("backtest", states(home), "--template", "own.yaml", "--scenario", "S03", 2019).stdout
    tree = yaml.safe_load(shown[shown.index("dabiao:") :])
    assert tree["extends"] == "own.yaml"
    (home / "one.yaml").write_text(yaml.safe_dump(tree), encoding="utf-8")
    loaded = load(home / "one.yaml")
    assert loaded.scenario.country == "Utopia" and loaded.scenario.years.target == 2019
    assert borrowed(loaded) == ()


# ------------------------------------------------------------------------------------------- tables of others


@given(st.integers(1951, 2149))
def test_fiscal_years_are_called_by_their_end(year: int) -> None:
    written = (f"{year - 1}-{year % 100:02}", f"{year - 1}/{year}", f"FY{year}", f"fy {year}")
    assert {year_of(text) for text in written} == {(year, True)}
    assert year_of(str(year)) == (year, False)
    assert year_of(f"{year}-{(year + 3) % 100:02}") is None


@pytest.mark.parametrize(
    "heads",
    [
        "State,FY,Growth",
        "region,year,growth",
        "Estado,Año,Crecimiento (%)",
        "Land,Jahr,Wachstum",
        "County,year,gdp growth",
    ],
)
def test_headings_are_recognised(tmp_path: Path, heads: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text(f"{heads}\na,2001,1.5\na,2002,2.5\n", encoding="utf-8")
    read = read_panel(path)
    assert read.regions == ("a",) and read.growth.tolist() == [[1.5, 2.5]]


# ------------------------------------------------------------------------------------ files and their places


def test_later_files_win_and_a_shared_base_lies_below(tmp_path: Path) -> None:
    """Of two files that extend a third, what either changes is not undone by what the other inherits."""
    (tmp_path / "one.yaml").write_text(
        "extends: example:china-2023/priors.yaml\nprices: {assumption: x, gdp: 7, consumer: 8}\n",
        encoding="utf-8",
    )
    (tmp_path / "two.yaml").write_text(
        "extends: example:china-2023/priors.yaml\nprices: {assumption: y, consumer: 9}\n", encoding="utf-8"
    )
    text = "extends: [example:deyang-2022, one.yaml, two.yaml]\n"
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    loaded = load(tmp_path / "s.yaml")
    prices = loaded.scenario.prices
    assert (prices.gdp.value, prices.consumer.value, prices.investment.value) == (7, 9, 2)
    assert "one.yaml" in loaded.origins["prices.gdp"] and "two.yaml" in loaded.origins["prices.consumer"]
    (tmp_path / "s.yaml").write_text(
        text.replace("one.yaml, two.yaml", "two.yaml, one.yaml"), encoding="utf-8"
    )
    assert load(tmp_path / "s.yaml").scenario.prices.consumer.value == 8


@pytest.mark.parametrize("marker", ["dabiao.toml", ".dabiao", None])
def test_paths_lead_upwards_inside_a_project_and_never_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marker: str | None
) -> None:
    """The project is the nearest folder with a marker, else the folder of the command."""
    project = tmp_path / "project"
    (project / "city").mkdir(parents=True)
    for folder in (project, tmp_path):
        (folder / "base.yaml").write_text("extends: example:deyang-2022\n", encoding="utf-8")
    scenario = project / "city" / "s.yaml"
    scenario.write_text("extends: ../base.yaml\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="leads out of the project"):
        load(scenario)
    if marker is None:
        monkeypatch.chdir(project)
        loaded = load("city/s.yaml")
        assert "base.yaml" in dict(loaded.files) or "../base.yaml" in dict(loaded.files)
    else:
        (project / marker).write_text("", encoding="utf-8")
        load(scenario)
    scenario.write_text("extends: ../../base.yaml\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="leads out of the project"):
        load(scenario)


# --------------------------------------------------------------------------------------------------- limits


def test_limits_that_nobody_stated_are_told_before_an_optimum(home: Path) -> None:
    """Without a limit on how far a sector may rise, the answer opens with it; nothing is called within limits
    that do not exist, and with such a limit nothing is said."""
    call("new", "某市", *GIVEN, "--out", home / "city", "-q")
    full = load(home / "city")
    assert not uncapped(full.scenario)
    (home / "city" / "free.yaml").write_text("extends: baseline.yaml\nlimits: null\n", encoding="utf-8")
    free = load(home / "city" / "free.yaml")
    assert uncapped(free.scenario)
    made = tables(run(free, draws=256))
    told = sentences(made, "en")
    assert next(iter(told)) == "unstated" and "only these hold" in told["unstated"][1]
    cells = json.dumps([str(row["rung"]) for row in made["verdict"].records()])
    assert "within the limits" not in cells
    assert "unstated" not in sentences(tables(run(full, draws=0)), "en")
    asked = done("optimize", "required", home / "city" / "free.yaml", "--lang", "en", "-q").stdout
    assert asked.index("only these hold") < asked.index("Required")


def test_a_word_that_yaml_takes_for_true_is_told(home: Path) -> None:
    """A map read by a YAML 1.1 reader has the key True where the file says `on`."""
    with pytest.raises(ScenarioError, match='takes the word on for true: write "on" in quotes'):
        load({"extends": "own.yaml", "limits": {"money": {"title": "Money", True: "investment", "max": 3}}})
