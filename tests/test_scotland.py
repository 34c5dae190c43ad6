"""The shipped region outside China: made of its own panel, balanced, sourced, and of no other country."""

from __future__ import annotations

import csv
import html
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.build import economy
from dabiao.engine.forecast.calibrate.experience import MAPPED, mapping
from dabiao.engine.forecast.reference import MAPPING, reference_of
from dabiao.engine.run import run
from dabiao.models.quantity import Draws
from dabiao.results.report import tables
from dabiao.results.tables.inherited import BLOCKS, rows_of
from dabiao.scenarios.files import examples, shipped
from dabiao.scenarios.inherited import borrowed
from dabiao.scenarios.load import load

NAME = "example:scotland-2023"
HOME = shipped() / "scotland-2023"
FOREIGN = re.compile(
    r"china|chinese|中国|攀枝花|CNY|\byuan\b|亿元|万元|人民币|above-scale|规上|规模以上|\bNBS\b|provinc|省级|全省",
    re.IGNORECASE,
)
KEYS = re.compile(r"""\bprovince["']?: |shocks\.province|terms\.province""")
"""Keys of the schema, which are the same in every country."""


def rows(name: str) -> list[dict[str, str]]:
    with (HOME / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def growth(*sets: str) -> np.ndarray:
    """Growth by year of the plan at the scenario's own level, %."""
    gdp = run(load(NAME, ["anchor.to=none", *sets]), draws=0).plan.path.gdp[:, 0]
    return 100 * (gdp[1:] / gdp[:-1] - 1)


# ------------------------------------------------------------------------------------------------ its figures


def test_it_is_listed_and_nothing_that_decides_is_borrowed() -> None:
    assert "scotland-2023" in examples()
    assert "scotland-2023" in CliRunner().invoke(simulate, ["examples"]).output
    loaded = load(NAME)
    assert borrowed(loaded) == () and loaded.scenario.country == "United Kingdom"


def test_the_table_adds_up_by_rows_and_columns() -> None:
    """Published tables balance; seven classes of it do to the rounding of their figures."""
    table = {
        row["sells"]: {k: float(v or 0) for k, v in row.items() if k != "sells"} for row in rows("io2019.csv")
    }
    classes = [name for name in table if name in table["output"] and name in table]
    assert len(classes) == 7
    for name in classes:
        column = sum(row[name] for key, row in table.items() if key != "output")
        assert column == pytest.approx(table["output"][name], abs=1)
        assert sum(table[name].values()) == pytest.approx(table["output"][name], abs=1)


def test_every_source_has_its_date_and_address_and_is_used() -> None:
    loaded = load(NAME)
    used = {quantity.source for quantity in loaded.quantities().values() if quantity.source}
    sources = loaded.scenario.sources
    own = {key for key in sources if loaded.origins[f"sources.{key}.en"].startswith(NAME)}
    assert used and used <= own
    for key in own:
        assert sources[key].date and re.match("https?://", sources[key].url or ""), key
    assert all(quantity.source or quantity.assumption for quantity in loaded.quantities().values())


def test_value_added_is_gdp_in_the_tables_proportion() -> None:
    """GDP of 2023, GBP 198.6 billion, times what value added is of GDP in the table; sectors as in it."""
    table = {row["sells"]: row for row in rows("io2019.csv")}
    made = ("compensation", "operating_surplus", "taxes_on_production")
    scenario = load(NAME).scenario
    added = {key: sum(float(table[row][key]) for row in made) for key in scenario.sectors}
    taxes = sum(float(v) for k, v in table["taxes_on_products"].items() if k != "sells")
    whole = sum(added.values())
    scale = 198_600 / (whole + taxes)
    assert scenario.accounts.gdp.value == pytest.approx(scale * whole, abs=2)
    for key, sector in scenario.sectors.items():
        assert sector.va.value == pytest.approx(scale * added[key], abs=2)


def test_households_buy_here_what_the_table_says() -> None:
    """Local purchases of households over all that they spend are those of the table's column."""
    table = {row["sells"]: row for row in rows("io2019.csv")}
    loaded = load(NAME)
    here = sum(float(table[key]["households"]) for key in loaded.scenario.sectors)
    whole = here + sum(float(table[row]["households"]) for row in ("imports", "taxes_on_products"))
    local = economy(loaded.scenario, Draws()).accounts.household.sum()
    assert local / loaded.scenario.accounts.household_consumption.value == pytest.approx(
        here / whole, rel=1e-6
    )


def test_a_stated_part_goes_before_the_tables_and_is_told() -> None:
    loaded = load(NAME, ["national.household_outside=60"])
    local = economy(loaded.scenario, Draws()).accounts.household.sum()
    assert local == pytest.approx(0.4 * loaded.scenario.accounts.household_consumption.value, rel=1e-6)
    assert any("household_outside" in note.of("en") and "43.2 %" in note.of("en") for note in loaded.notes)


def test_the_last_decade_is_what_the_minimum_says() -> None:
    """The strategy's yardstick: growth of 2012 to 2021 by the panel, 0.7 % a year to one digit."""
    past = [
        float(row["growth"])
        for row in rows("regions.csv")
        if row["region"] == "Scotland" and "2012" <= row["year"] <= "2021"
    ]
    mean = 100 * (np.prod(1 + np.array(past) / 100) ** (1 / len(past)) - 1)
    assert len(past) == 10 and round(mean, 1) == load(NAME).scenario.targets["gdp_growth"].ensure.value
    stated = load(NAME).scenario.history.years
    panel = {row["year"]: float(row["growth"]) for row in rows("regions.csv") if row["region"] == "Scotland"}
    assert all(stated[year].growth.value == panel[year] for year in stated if year in panel)


@pytest.mark.slow
def test_priors_and_experience_are_what_calibrate_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command at the head of the baseline, called on the files of the folder, writes the shipped ones."""
    monkeypatch.chdir(tmp_path)
    for name in ("table.yaml", "io2019.csv", "regions.csv", "nation.csv"):
        (tmp_path / name).write_bytes((HOME / name).read_bytes())
    head = (HOME / "baseline.yaml").read_text(encoding="utf-8")
    (said,) = re.findall(r"#\s+simulate (calibrate .*)", head)
    done = CliRunner().invoke(simulate, said.split())
    assert done.exit_code == 0, done.output
    (made,) = (tmp_path / "runs" / "calibrate").iterdir()
    for name in ("priors.yaml", "experience.yaml"):
        fresh, there = (
            yaml.safe_load((folder / name).read_text(encoding="utf-8")) for folder in (made, HOME)
        )
        fresh["extends"] = there["extends"]
        assert {**fresh, "country": "United Kingdom"} == {**there, "country": "United Kingdom"}


# ------------------------------------------------------------------------------------------------- its levers


def test_main_levers_have_their_signs() -> None:
    """More investment raises growth; dearer investment goods and a weaker market outside lower it; projects a
    year later lower GDP of the last year, when they would have been at work: before, their money goes to
    others."""
    usual = growth()
    assert growth("investment.growth=7.8")[0] > usual[0] + 0.2
    assert growth("prices.investment=6")[0] < usual[0] - 0.1
    for sector in ("manufacturing", "business", "energy", "distribution"):
        trend = load(NAME).scenario.sectors[sector].market.trend.value
        assert (growth(f"sectors.{sector}.market.trend={trend - 2}") < usual).all()
    # at the level of the reference forecast a weaker nation is what weakens a year
    held, weaker = (
        run(load(NAME, sets), draws=0).plan.path.gdp[1, 0] for sets in ((), ("outlook.growth=0.2",))
    )
    assert weaker < held
    later = growth("projects.nigg.slip=15", "projects.ardersier.slip=15")
    assert np.prod(1 + later / 100) < np.prod(1 + usual / 100)


# ---------------------------------------------------------------------------------------- of no other country


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_no_output_speaks_of_another_country(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Terminal, report in every form, tables and exports; and the run verifies in its own money. One row says
    of settings of the method, which are no figures, where they were chosen."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    def said(*words: str) -> str:
        done = runner.invoke(simulate, [*words, "--lang", lang])
        assert done.exit_code == 0, done.output
        return done.output

    told = {"run": said(NAME, "--draws", "256", "--report")}
    (folder,) = (
        each
        for each in (tmp_path / "runs" / "scotland-2023-baseline").iterdir()
        if (each / "tables.json").exists()
    )
    told["report"] = said("report", str(folder))
    told["export"] = said("export", str(folder), "--format", "long", "--out", "long")
    told["verify"] = said("verify", str(folder), "--rerun")
    told["required"] = said("optimize", "required", NAME)
    for file in sorted(each for each in tmp_path.rglob("*") if each.is_file()):
        if file.suffix in {".xlsx", ".docx"}:
            with zipfile.ZipFile(file) as packed:
                parts = {n: packed.read(n).decode() for n in packed.namelist() if n.endswith(".xml")}
            told |= {f"{file}!{n}": re.sub("<[^>]+>", " ", text) for n, text in parts.items()}
        elif file.suffix != ".png":
            told[str(file)] = file.read_text(encoding="utf-8")
    assert {Path(name.split("!")[0]).suffix for name in told} >= {".html", ".md", ".csv", ".xlsx", ".docx"}
    found = {
        name: hits for name, text in told.items() if (hits := _foreign(" ".join(html.unescape(text).split())))
    }
    assert found == {}


def _foreign(text: str) -> list[str]:
    """Words of another country with what stands around them, but for keys and the row of the settings."""
    hits = (text[max(0, hit.start() - 160) : hit.end() + 60] for hit in FOREIGN.finditer(text))
    settings = {BLOCKS["method"].of(lang) for lang in ("en", "zh")}
    return [each for each in hits if not KEYS.search(each) and not any(row in each for row in settings)]


def test_what_the_program_assumes_is_listed() -> None:
    """The settings of the method are listed apart; the error of the nation's outlook is this panel's own, and
    without it the one found elsewhere is listed and warned of."""
    loaded = load(NAME)
    answer = run(loaded, draws=0)
    listed = {
        row["block_id"]: row for row in tables(answer)["inherited"].records() if row["origin"] == "dabiao"
    }
    assert set(listed) == {"method"} and listed["method"]["figures"] >= 10
    found = reference_of(loaded.scenario)
    assert found is not None and found[1].assumed == 0 and loaded.scenario.experience is not None
    assert found[0].calm == pytest.approx(np.hypot(1.2, loaded.scenario.experience.mapping.value))
    bare = loaded.scenario.model_copy(
        update={"experience": loaded.scenario.experience.model_copy(update={"mapping": None})}
    )
    without = reference_of(bare)
    assert without is not None and without[1].assumed == 1
    assert without[0].calm == pytest.approx(np.hypot(1.2, MAPPING))
    assert {row.block for row in rows_of(loaded, without[1]) if row.file == "dabiao"} == {
        "method",
        "experience",
    }


def test_the_error_of_a_mapping_by_hand() -> None:
    """Regions grow a point more than the nation, then two, then one ...: off by a point each year."""
    release = np.full(MAPPED + 1, 2.0)
    lead = np.resize([1.0, 2.0], MAPPED + 1)
    assert mapping(release + lead, release) == pytest.approx(1.0)
    assert mapping(release[1:] + lead[1:], release[1:]) is None
