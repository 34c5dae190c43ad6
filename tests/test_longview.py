"""The long view of a scenario: three questions that agree with one another, warnings, and what it turns
on."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao import load
from dabiao.cli.main import simulate
from dabiao.engine.longview import Credible, LongViewAsked, LongViewQuestion, long_view
from dabiao.engine.run import look_ahead
from dabiao.models import solow
from dabiao.models.errors import ScenarioError
from dabiao.models.quantity import Draws
from dabiao.results.tables.longview import long_sentences, long_tables
from regions import four, laid, region

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


@pytest.mark.slow
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
    told = " ".join(done.output.split())
    assert done.exit_code == 0 and told.count("more capital is taken away than there is") == 2
    assert "savings of 0 %, 500.0 % of GDP net sent outside: left out" in told
    assert "investment from growth" in told and "growth from investment" in told


# ---- a small region, by hand: GDP 420, investment 168, consumption 147 + 50.4

VIEW = {
    "years": 4,
    "capital_output": {"value": 3, "low": 2, "high": 4},
    "capital_formation": 75,
    "labour_share": 50,
    "depreciation": {"value": 5, "low": 4},
    "productivity": {"value": 2, "high": 3},
    "human": 1,
    "participation": -1,
    "working_age": -0.5,
    "population": 0.25,
    "usual": {"value": 40, "low": 30, "high": 50},
    "highest": 60,
}


def small(asked=None, **over):
    data = laid(four(long_view=VIEW, targets={"gdp_growth": {"ensure": 5, "stretch": 6, "main": True}}), over)
    built = region(data)
    return long_view(built.scenario, built.economy, built.sheet, Draws(), asked)


def test_no_long_view_where_none_is_stated():
    assert small(long_view=None) is None


def test_what_it_starts_from_by_hand():
    found = small()
    assert (found.first, found.usual, found.highest) == (2021, 40, 60)
    assert float(found.ratio[0]) == 3
    assert float(found.base[0]) == pytest.approx(0.75 * 168 / 420)
    assert float(found.savings[0]) == pytest.approx(1 - (147 + 50.4) / 420)
    assert found.given.years == 4 and small(LongViewAsked(years=7)).given.years == 7
    assert found.given.labour_share == pytest.approx([0.5])
    assert found.given.depreciation == pytest.approx([0.05])
    rates = ("productivity", "human", "participation", "working_age", "population")
    for name, rate in zip(rates, (2, 1, -1, -0.5, 0.25), strict=True):
        assert getattr(found.given, name) == pytest.approx(np.full((4, 1), rate / 100))


def test_labour_income_is_that_of_the_accounts_where_no_share_is_stated():
    built = region(four(long_view={**VIEW, "labour_share": None}))
    own = built.economy.accounts
    paid = float((own.labour * own.output).sum()) / 420
    found = long_view(built.scenario, built.economy, built.sheet, Draws())
    assert found.given.labour_share == pytest.approx([paid])
    assert 0.3 < paid < 0.9


def test_every_question_is_there_once_and_in_its_own_words():
    """Savings of 53 % with 30 % invested: 23 % leaves, and fades out over the four years."""
    asked = LongViewAsked(growth=(7.5,), investment=(45,), savings=((50, 8), (50, -8), (50, 0)))
    cases = {case.name.en: case for case in small(asked).cases}
    assert list(cases) == [
        "the base year's 30.0 % of GDP invested",
        "45 % of GDP invested",
        "growth of 7.5 % a year",
        "minimum tier, 5 %, in every year",
        "stretch tier, 6 %, in every year",
        "savings of 53.0 %, 23.0 % of GDP net sent outside, fading out",
        "savings of 53.0 %, all of them and nothing else invested here",
        "savings of 50 %, 8.0 % of GDP net sent outside",
        "savings of 50 %, 8.0 % of GDP net from outside",
        "savings of 50 %, 0.0 % of GDP net sent outside",
    ]
    fading, whole, out, back, _ = list(cases.values())[5:]
    assert fading.balance[:, 0] == pytest.approx([0.23 * part for part in (0.75, 0.5, 0.25, 0)])
    assert fading.path.investment[:, 0] == pytest.approx(
        [0.53 - 0.23 * part for part in (0.75, 0.5, 0.25, 0)]
    )
    assert whole.path.investment[:, 0] == pytest.approx([0.53] * 4) and not whole.balance.any()
    assert out.path.investment[:, 0] == pytest.approx([0.42] * 4)
    assert back.path.investment[:, 0] == pytest.approx([0.58] * 4)
    assert (out.owed[0, 0], out.owed[1, 0]) == pytest.approx((0, -0.08 / (1 + out.path.growth[0, 0])))
    assert float(back.owed[-1, 0]) > 0 > float(out.owed[-1, 0])
    assert cases["45 % of GDP invested"].path.investment[:, 0] == pytest.approx([0.45] * 4)
    assert cases["growth of 7.5 % a year"].path.growth[:, 0] == pytest.approx([0.075] * 4)


def test_only_tiers_of_growth_that_is_judged_year_by_year_are_asked_to_last():
    rows = {
        "gdp_growth": {"ensure": 5, "stretch": None, "main": True},
        "plants": {"indicator": "sector_growth", "covers": ["plants"], "title": "plants", "ensure": 9},
        "cap": {"indicator": "gdp_growth", "title": "cap", "at_most": 8},
        "long": {
            "indicator": "gdp_growth",
            "title": "long",
            "ensure": 4,
            "over": [2021, 2024],
            "measure": "average",
        },
    }
    names = [each.name.en for each in small(targets=rows).cases if each.ask is LongViewQuestion.INVESTMENT]
    assert names == ["minimum tier, 5 %, in every year", "ceiling tier, 8 %, in every year"]


def test_what_is_turned_is_what_is_in_doubt_and_matters():
    """The record of others is in doubt and moves nothing; an end that is not stated stays at the value."""
    found = small()
    assert found.wanted == 5
    given, share = found.given, np.full((4, 1), 0.3)
    plain = float(solow.growth_from_investment(given, found.ratio, share).level[-1, 0]) ** 0.25 - 1
    turns = {turn.quantity.value: turn for turn in found.turns}
    assert len(found.turns) == 3 and set(turns) == {3, 5, 2}
    ratio, wear, productivity = turns[3], turns[5], turns[2]
    for end, value in enumerate((2.0, 4.0)):
        path = solow.growth_from_investment(given, np.array([value]), share)
        assert ratio.growth[end] == pytest.approx(float(path.level[-1, 0]) ** 0.25 - 1)
        need = solow.investment_from_growth(given, np.array([value]), np.full((4, 1), 0.05))
        assert ratio.needed[end] == pytest.approx(float(need.investment.max()))
    assert wear.growth[1] == pytest.approx(plain) and wear.growth[0] > plain
    assert productivity.growth[0] == pytest.approx(plain) and productivity.growth[1] > plain
    need = solow.investment_from_growth(given, found.ratio, np.full((4, 1), 0.05)).investment.max()
    assert wear.needed[1] == pytest.approx(float(need)) == pytest.approx(productivity.needed[0])
    assert wear.needed[0] < wear.needed[1] and productivity.needed[1] < productivity.needed[0]


def test_what_only_growth_or_only_the_need_depends_on_is_a_turn_too():
    """Investment of today moves growth and not what growth needs."""
    doubt = {
        "fai": {"value": 168, "low": 150, "high": 180},
        "household_consumption": {"value": 147, "low": 140},
    }
    found = small(accounts=doubt)
    [fai] = [turn for turn in found.turns if turn.quantity.value == 168]
    assert fai.needed[0] == fai.needed[1] and fai.growth[0] < fai.growth[1]
    assert not [turn for turn in found.turns if turn.quantity.value == 147]
    untargeted = small(targets={"gdp_growth": None, "fai_growth": {"ensure": 3}})
    assert untargeted.wanted is None and untargeted.turns
    assert all(turn.needed is None for turn in untargeted.turns)


@pytest.mark.parametrize(
    ("share", "grade"),
    [(-1, "FREE"), (0, "FREE"), (0.1, "USUAL"), (40, "USUAL"), (40.1, "RARE"), (60, "RARE"), (60.1, "NEVER")],
)
def test_grades_by_the_share_of_any_year(share, grade):
    asked = LongViewAsked(investment=(share,))
    [case] = [each for each in small(asked).cases if each.name.en == f"{share:g} % of GDP invested"]
    assert case.credible is Credible[grade]


def test_a_question_whose_numbers_cannot_stand_together_is_left_out_alone():
    usual, found = small(), small(LongViewAsked(savings=((0, 500), (40, 0))))
    [left] = found.left_out
    assert "year 1: more capital is taken away than there is" in str(left.why)
    assert str(left.name) == "savings of 0 %, 500.0 % of GDP net sent outside"
    names = [str(case.name) for case in usual.cases]
    assert [str(case.name) for case in found.cases] == [
        *names,
        "savings of 40 %, 0.0 % of GDP net sent outside",
    ]
    assert usual.left_out == ()


def test_numbers_that_stand_together_in_no_question_are_an_error_of_the_long_view():
    with pytest.raises(ScenarioError, match="growth of productivity must be above -1") as told:
        small(long_view=VIEW | {"productivity": -100})
    assert [problem.path for problem in told.value.problems] == ["accounts"]
