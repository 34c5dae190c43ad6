"""Money has a currency and a scale, years a month, things own words; growth knows nothing of them."""

from __future__ import annotations

import json
import re
from copy import copy
from pathlib import Path

import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.run import run
from dabiao.models.errors import ScenarioError
from dabiao.models.money import Money, counting, money_of, said_in, taken_apart
from dabiao.models.words import LANGUAGES, calling, tr
from dabiao.models.years import Year, last_month, month_at, place_in
from dabiao.results.report import tables
from dabiao.results.tables.glossary import glossary
from dabiao.results.tables.method import method
from dabiao.results.text.wording import amount, key_in_words, one_more
from dabiao.scenarios.load import load
from dabiao.scenarios.tables.years import year_of
from hypothesis import given
from hypothesis import strategies as st

DRAWS = 256
SHIPPED = ("panzhihua-2024", "panzhihua-2024/stretch.yaml", "deyang-2022")
CHINESE = re.compile(r"CNY|亿元|万元|人民币|\byuan\b|(?<!美)元")


@pytest.fixture
def city(tmp_path, monkeypatch):
    """A new city, and how another file extends it."""
    monkeypatch.chdir(tmp_path)
    asked = "new city --year 2023 --gdp 1000 --primary 100 --industry 400 --construction 80 --fai 560"
    asked += " --growth 5.8 --target 5.0 --stretch 5.5 --plan 7"
    CliRunner().invoke(simulate, asked.split(), catch_exceptions=False)
    base = tmp_path / "city" / "baseline.yaml"

    def written(text, name="own.yaml", whole=False):
        file = base.parent / name
        said = base.read_text().replace("dabiao: 1", f"dabiao: 1\n{text}", 1)
        file.write_text(said if whole else f"extends: baseline.yaml\n{text}\n")
        return file

    return written


@given(
    st.sampled_from(["CNY", "USD", "EUR", "JPY", "GHS", "INR"]),
    st.sampled_from([10.0**power for power in range(13)]),
    st.floats(-1e6, 1e6),
)
def test_a_label_says_its_money_and_an_amount_its_size(currency, scale, value):
    money = Money(currency=currency, scale=scale)
    assert money_of(money.label) == money and money.times(money.label) == 1
    assert all(said_in(f"{money.label}/t", lang) == f"{money.unit(lang)}/t" for lang in LANGUAGES)
    with counting(money):
        for lang in LANGUAGES:
            said = amount(value, "money", lang)
            number = float(re.search(r"\d+(?:\.\d+)?", said)[0])
            assert (
                said.startswith("-") == (value < 0 and number > 0)
                and one_more("money", lang)
                and "money" not in said
            )
            power, _ = money.prose(value, lang)
            assert number * 10.0**power == pytest.approx(abs(value) * scale, abs=0.051 * scale + 10.0**power)


def test_units_of_money():
    assert taken_apart("US$ million", "USD") == ("USD", 1e6)
    assert taken_apart("百万美元", "USD") == ("USD", 1e6)
    assert taken_apart("crore", "INR") == ("", 1e7)
    assert Money(currency="USD", scale=1e9).times("CNY bn") is None
    assert Money(currency="USD", scale=1e9).times("million") == 1e-3
    assert Money().times("USD bn") is None and Money().times("万美元") is None


@pytest.mark.parametrize("said, number", [("million", 1e6), ("亿", 1e8), ("1000000000", 1e9), ("crore", 1e7)])
def test_a_scale_in_words(city, said, number):
    assert load(city(f"money: {{scale: {said}}}")).scenario.money == Money(scale=number)


def test_what_is_no_money_is_told(city):
    with pytest.raises(ScenarioError) as told:
        load(city("money: {currency: dolar, scale: 25}"))
    assert [line.split("  ")[1].split(":")[0] for line in str(told.value).splitlines()] == [
        "money.currency",
        "money.scale",
    ]
    with pytest.raises(ScenarioError, match=r"accounts.gdp: got an amount in 亿元, expected one in USD bn"):
        load(city("money: {currency: USD, scale: billion}"))
    with pytest.raises(ScenarioError, match="no unit of it"):
        load(city("money: {currency: USD}\naccounts: {gdp: 7亿元}", whole=False))


@pytest.mark.first(1)
@pytest.mark.parametrize("name", SHIPPED)
def test_amounts_in_millions_give_the_same_answer(name, tmp_path):
    (tmp_path / "own.yaml").write_text(f"extends: example:{name}\nmoney: {{scale: million}}\n")
    plain, scaled = load(f"example:{name}"), load(tmp_path / "own.yaml")
    assert scaled.scenario.accounts.gdp.value == pytest.approx(100 * plain.scenario.accounts.gdp.value)
    first, second = (tables(run(one, draws=DRAWS)) for one in (plain, scaled))
    for table, column in (
        ("targets", "expected"),
        ("targets", "probability_ensure"),
        ("mixes", "gdp_growth"),
    ):
        one, other = (each[table].column(column) for each in (first, second))
        units = first[table].column("unit") if table == "targets" else [None] * len(one)
        for a, b, unit in zip(one, other, units, strict=True):
            money = unit is not None and unit.zh == "亿元" and column == "expected"
            if a is None or b is None:
                assert a is b
            else:  # a draw that only just reaches a tier may fall on the other side by rounding
                near = (
                    {"abs": 1.5 / DRAWS}
                    if column.startswith("prob")
                    else {"rel": 1e-6 if table == "targets" else 1e-3}
                )
                assert b == pytest.approx(a * (100 if money else 1), **near)
    assert [row["verdict"] for row in first["verdict"].records() if "verdict" in row] == [
        row["verdict"] for row in second["verdict"].records() if "verdict" in row
    ]


@pytest.mark.slow
def test_no_output_of_a_scenario_in_dollars_speaks_of_yuan(city, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = city("money: {currency: USD, scale: billion}", whole=True)
    for lang in ("en", "zh"):
        done = CliRunner().invoke(
            simulate, ["run", str(file), "--lang", lang, "--draws", "256", "--report"], catch_exceptions=False
        )
        said = re.sub(r"\n\s*", "", done.stdout)
        assert done.exit_code == 0 and not CHINESE.search(said), CHINESE.findall(said)
        assert ("USD bn" if lang == "en" else "美元") in done.stdout
    for report in Path("runs").rglob("report.md"):
        text = "\n".join(
            line for line in report.read_text().splitlines() if "example:" not in line and "|" not in line
        )
        assert not CHINESE.search(text), CHINESE.findall(text)
    document = next(Path("runs").rglob("tables.json"))
    assert json.loads(document.read_text())["money"] == {"currency": "USD", "scale": 1e9}


def test_runs_in_different_money_are_not_compared(city, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one, other = city("title: A"), city("money: {scale: million}", "other.yaml")
    done = CliRunner().invoke(simulate, ["compare", str(one), str(other), "--lang", "en"])
    assert done.exit_code == 2 and "CNY 100m" in done.stderr and "CNY m" in done.stderr


def test_a_region_calls_things_by_its_own_words(city):
    file = city(
        "terms: {ensure: {en: floor, zh: 底线}, province: state, above_scale: large-firm manufacturing}"
    )
    terms = load(file).scenario.words
    with calling(terms):
        assert tr("en", "Above-scale industry growth") == "Large-firm manufacturing growth"
        assert tr("zh", "minimum").startswith("底线") and "stretch" in tr("en", "stretch target")
        assert tr("en", "{tier} target", context="a tier in a sentence", tier="x") == "x target"
    assert tr("en", "Above-scale industry growth") == "Above-scale industry growth"


def test_words_made_before_a_region_was_in_hand_are_its_own(city):
    file = city("terms: {ensure: floor, province: state, above_scale: large-firm manufacturing}")
    with calling(load(file).scenario.words):
        words = " ".join(f"{row}" for table in (glossary(), method()) for row in table.records())
        assert key_in_words("ensure", "").of("en") == "floor target"
        assert "state, own" in words and "provincial" not in words
        assert not re.search(r"CNY|above-scale|规上|2000万", words, re.IGNORECASE)
    with counting(Money(currency="USD", scale=1e6)):
        assert not CHINESE.search(str(list(glossary().records())))
    assert "CNY 20m" in str(list(glossary().records()))


def test_a_unit_lost_beside_gdp_is_refused(city):
    """In single yuan the optimiser's tolerances hide what they bring: another verdict came out."""
    file = city("accounts: {gdp: 1e12}")
    with pytest.raises(ScenarioError, match=r"gdp: got 1e\+12 units of 亿元, expected at most 1e\+09"):
        load(file)


def test_a_fiscal_year_counts_and_is_copied_like_any_number():
    """It ends in 2024 and begins in April: a width asks for the number, a copy begins in the same month."""
    year = Year(2024, 4)
    assert (f"{year}", f"{year:6d}", year - 4, year - Year(2020, 4)) == ("2023-24", "  2024", 2020, 4)
    assert [each.begins for each in (copy(year), year + 1, 1 + year, year - 1)] == [4, 4, 4, 4]
    assert month_at(year, 1) == "2023-04" and place_in("2023-04", year - 1) == (1, 1)
    assert last_month(year) == "2024-03" == month_at(year, 12)


@given(st.integers(1951, 2150), st.integers(2, 12), st.integers(-20, 20))
def test_a_fiscal_year_is_called_by_two_years(number, begins, more):
    year = Year(number, begins)
    assert year_of(str(year)).year == number and year + more == number + more
    assert isinstance(year + more, Year) and type(year - Year(number - 3, begins)) is int
    assert f"{year}" == str(year) and json.dumps(year) == str(number)


def test_a_fiscal_base_year_ends_in_its_own_month(city):
    """Stages are those reached when the base year ended, in March here: in the file and in a list of
    works."""
    years = "years: {base: 2023-24, target: 2024-25, last: 2028-29, begins: 4}"
    works = "projects: {plant: {assumption: a, title: Plant, sector: industry, invest: 2, stage: started,"
    works += " start: START, months: {construction: 14}, adds: {output: 1}}}"
    load(city(f"{years}\n{works.replace('START', '2024-03')}"))
    with pytest.raises(
        ScenarioError, match="got 2024-04, expected 2024-03 or earlier for the stage `started`"
    ):
        load(city(f"{years}\n{works.replace('START', '2024-04')}", "late.yaml"))


def test_fiscal_years(city):
    past = "history: {years: {'2021-22': {growth: 3}, '2022-23': {growth: 4}}}"
    with pytest.raises(ScenarioError, match="no month in which they begin"):
        load(city(past))
    loaded = load(city(f"years: {{base: 2023-24, target: 2024-25, last: 2028-29, begins: 7}}\n{past}"))
    assert str(loaded.scenario.years.target) == "2024-25" and "2022" in loaded.scenario.history.years
    made = tables(run(loaded, draws=256))
    assert "2024-25" in json.dumps(list(made["summary"].records()), default=str)
