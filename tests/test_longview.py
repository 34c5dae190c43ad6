"""The long view of a scenario: three questions that agree with one another, warnings, and what it turns
on."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao import load
from dabiao.cli.main import simulate
from dabiao.engine.longview import Credible, LongViewAsked, LongViewQuestion
from dabiao.engine.run import look_ahead
from dabiao.models import solow
from dabiao.results.tables.longview import long_sentences, long_tables

pytestmark = pytest.mark.usefixtures("english")

EXAMPLE = "example:deyang-2022"


@pytest.fixture(scope="module")
def loaded():
    return load(EXAMPLE)


@pytest.fixture(scope="module")
def long(loaded):
    return look_ahead(loaded, LongViewAsked(growth=(6.0,), investment=(45.0,), savings=((50.0, 8.0),)))


def test_the_base_year_is_what_the_scenario_says(loaded, long):
    s = loaded.scenario
    assert float(long.base[0]) == pytest.approx(
        s.long_view.capital_formation.value / 100 * s.accounts.fai.value / s.accounts.gdp.value
    )
    spent = s.accounts.household_consumption.value + s.accounts.government_consumption.value
    assert float(long.savings[0]) == pytest.approx(1 - spent / s.accounts.gdp.value)
    assert 0.3 < float(long.given.labour_share[0]) < 0.7


def test_the_questions_answer_one_another(long):
    """What growth needs, invested, gives that growth; savings less what leaves are what is invested."""
    for case in long.cases:
        again = solow.growth_from_investment(long.given, long.ratio, case.path.investment)
        assert again.growth == pytest.approx(case.path.growth, rel=1e-9)
        if case.balance is not None:
            assert case.path.investment + case.balance == pytest.approx(
                np.full_like(case.balance, (case.path.investment + case.balance)[0, 0])
            )
            assert case.owed is not None and len(case.owed) == len(case.balance) + 1
    asked = [case for case in long.cases if case.ask is LongViewQuestion.INVESTMENT]
    assert float(asked[0].path.growth[3, 0]) == pytest.approx(0.06) and long.wanted == 6.0
    tiers = [
        row
        for row in ("ensure", "stretch", "at_most")
        if getattr(load(EXAMPLE).scenario.targets["gdp_growth"], row)
    ]
    assert len(asked) == 1 + len(tiers), "the growth asked for, then every tier of the sheet"
    last = long.cases[-1]
    assert last.path.investment[:, 0] == pytest.approx(0.42) and last.ask is LongViewQuestion.SAVINGS


def test_a_longer_view_needs_more(loaded):
    """Capital piles up, so that the share of investment rises while growth is kept above its balanced
    path."""
    short, far = (look_ahead(loaded, LongViewAsked(growth=(8.0,), years=years)) for years in (5, 30))
    five, thirty = (
        next(c for c in x.cases if c.ask is LongViewQuestion.INVESTMENT).path.investment[:, 0]
        for x in (short, far)
    )
    assert thirty[:5] == pytest.approx(five) and thirty[-1] > five[-1] > five[0]


def test_what_nobody_ever_did_is_not_credible(loaded):
    s = loaded.scenario.long_view
    far = look_ahead(
        loaded,
        LongViewAsked(
            growth=(0.5, 6.0, 14.0, -9.0),
            investment=(
                s.highest.value + 0.1,
                s.highest.value - 0.1,
                s.usual.value + 0.1,
                s.usual.value - 0.1,
            ),
        ),
    )
    grades = {(c.ask, c.name.en): c.credible for c in far.cases}
    shares = [grades[LongViewQuestion.GROWTH, f"{x:g} % of GDP invested"] for x in (149.4, 149.2, 76.8, 76.6)]
    assert shares == [Credible.NEVER, Credible.RARE, Credible.RARE, Credible.USUAL]
    assert grades[LongViewQuestion.INVESTMENT, "growth of 14 % a year"] is Credible.NEVER
    assert grades[LongViewQuestion.INVESTMENT, "growth of -9 % a year"] is Credible.FREE
    for lang, warning in (("zh", "警示"), ("en", "WARNING")):
        told = long_sentences(far, lang)
        name = next(case.name for case in far.cases if case.name.en == "growth of 14 % a year")
        at = next(i for i, (_, text) in enumerate(told) if text.startswith(name.of(lang)))
        assert told[at + 1][0] == warning and "149.3" in told[at + 1][1]


def test_turns_are_what_setting_the_number_gives(loaded, long):
    """Both ends of a range, all in one run, equal a run of its own with the number set."""
    assert {turn.quantity.path for turn in long.turns} >= {
        "long_view.productivity",
        "long_view.capital_output",
    }
    for turn in long.turns:
        for end, value in enumerate((turn.quantity.low, turn.quantity.high)):
            if value is None:
                continue
            alone = look_ahead(
                load(EXAMPLE, sets=(f"{turn.quantity.path}={value}",)), LongViewAsked(growth=(6.0,))
            )
            path = next(c for c in alone.cases if c.ask is LongViewQuestion.GROWTH).path
            assert turn.growth[end] == pytest.approx(float(path.level[-1, 0]) ** (1 / len(path.growth)) - 1)
            needed = next(c for c in alone.cases if c.ask is LongViewQuestion.INVESTMENT).path
            assert turn.needed[end] == pytest.approx(float(needed.investment.max()))


def test_tables(long):
    made = long_tables(long)
    assert set(made) == {"long_view", "long_accounts", "long_years", "long_sources", "long_turns"}
    for row in made["long_sources"].records():
        parts = sum(row[key] for key in ("capital", "work", "human", "productivity"))
        whole = [r["growth"] for r in made["long_years"].records() if r["case"] == row["case"]]
        assert parts == pytest.approx(row["growth"]) == pytest.approx(float(np.mean(whole)))
    widths = [abs(r["growth_high"] - r["growth_low"]) for r in made["long_turns"].records()]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command(lang):
    done = CliRunner().invoke(
        simulate,
        ["longview", EXAMPLE, "--lang", lang, "--growth", "15", "--years", "5", "--savings", "40", "-5"],
    )
    assert done.exit_code == 0, done.output
    assert ("警示" in done.stdout) == (lang == "zh") and ("净流入占GDP 5.0%" in done.stdout) == (lang == "zh")
    made = json.loads(CliRunner().invoke(simulate, ["longview", EXAMPLE, "--json", "--lang", lang]).stdout)
    assert made["schema"] == "dabiao.longview/1" and "long_years" in made["tables"]


def test_a_scenario_without_a_long_view_says_what_to_do():
    done = CliRunner().invoke(simulate, ["longview", EXAMPLE, "--set", "long_view=null"])
    assert done.exit_code == 2 and "Traceback" not in done.output and "long_view" in done.output


def test_numbers_that_cannot_stand_together():
    """Savings of nothing with half of GDP leaving would take away more capital than there is."""
    words = ["longview", EXAMPLE, "--savings", "0", "500", "--lang", "en"]
    done = CliRunner().invoke(simulate, words)
    assert done.exit_code == 2 and "more capital is taken away" in done.output
