"""What the tables of one run say line by line: every check and every choice stands there once."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dabiao
import pytest
from command import call
from dabiao.engine.decide.explain import Relief
from dabiao.engine.longview import _answered
from dabiao.models.quantity import Bilingual
from dabiao.results.charts.fan import _keys
from dabiao.results.charts.words import Words
from dabiao.results.forms.excel.live import _literal, _numbers
from dabiao.results.tables.backtest import _told
from dabiao.results.tables.decisions import _title
from dabiao.results.tables.explain import _helps
from dabiao.results.tables.hints import says
from dabiao.results.tables.level import _beside
from dabiao.results.tables.select import _region, _value
from dabiao.results.tables.track import _draws

TITLE = Bilingual(zh="生产总值", en="GDP")
CASE = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"


@pytest.fixture(scope="module")
def answer() -> dabiao.Answer:
    return dabiao.run(str(CASE), draws=64)


def test_every_check_is_there_and_holds(answer: dabiao.Answer) -> None:
    rows = answer.tables["checks"].table.records()
    assert [row["check"] for row in rows] == [
        *("accounts", "gdp", "short_side", "believable", "pull", "contribution", "money"),
        *("recovery:mines:Fe", "limit:money", "limit:bonds", "limit:mix"),
        *(f"promise:{key}" for key in ("gdp_growth", "urban_income", "shop_growth", "oxide_value")),
        *("promise:fai_growth", "promise:horizon"),
    ]
    assert [row["ok"] for row in rows] == [True] * len(rows)


def test_what_can_be_decided_and_what_changes(answer: dabiao.Answer) -> None:
    """The plan itself changes nothing; all else says what."""
    rows = answer.tables["decisions"].table.records()
    assert [row["decision"] for row in rows] == [
        *("plan-0", "mix-1", "limit-2", "fix-3", "fix-4", "more-5", "more-6")
    ]
    assert rows[0]["change"].en == "—" and rows[0]["title"].en == "the plan"
    assert rows[2]["title"].en == "all money that the limits allow, same mix"
    assert rows[2]["change"].en == "more investment, +CNY 0.52bn"


def test_levels_are_those_of_all_accounts(answer: dabiao.Answer) -> None:
    sectors = ("farms", "mines", "factories", "shops")
    rows = answer.tables["levels"].table.records()
    assert [(row["account"], row["item"]) for row in rows] == [
        ("gdp", ""),
        *(("value_added", key) for key in sectors),
        ("investment", ""),
        *(("investment", key) for key in sectors),
        ("consumption", ""),
        ("income", ""),
    ]
    for account, whole in (("value_added", rows[0]), ("investment", rows[5])):
        for year in ("y2020", "y2022"):
            parts = sum(row[year] for row in rows if row["account"] == account and row["item"])
            assert parts == pytest.approx(whole[year])


def test_all_money_that_is_put_in_place_is_of_a_project_or_of_other_works(answer: dabiao.Answer) -> None:
    """Named and unnamed works of a sector add up to its investment over the years, as the levels state it."""
    rows = answer.tables["money"].table.records()
    invested = {
        row["item"]: sum(row[f"y{year}"] for year in range(2021, 2025))
        for row in answer.tables["levels"].table.records()
        if row["account"] == "investment"
    }
    sectors = [key for key in invested if key]
    assert [row["id"] for row in rows if row["level"] == "other"] == sectors
    for key in sectors:
        (sector,) = (row for row in rows if row["level"] == "sector" and row["id"] == key)
        assert sector["spent"] == pytest.approx(invested[key])
    (total,) = (row for row in rows if row["level"] == "total")
    assert total["spent"] == pytest.approx(invested[""])


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-2.0, -0.1, "better, and so over the whole 90 % interval"),
        (0.1, 2.0, "the engine is worse, over the whole 90 % interval"),
        (-0.1, 0.1, "the 90 % interval of the difference contains zero: too few years to be sure"),
    ],
)
def test_a_difference_of_scores_is_clear_of_zero_or_not(low: float, high: float, said: str) -> None:
    assert _told(low, high).en == said


def test_what_is_inherited_is_told_from_what_is_the_files_own(answer: dabiao.Answer) -> None:
    rows = answer.tables["inherited"].table.records()
    assert {(row["origin"], row["whose"].en) for row in rows} == {
        ("answered.yaml", "own file"),
        ("valley.yaml", "inherited, country not stated"),
    }


def test_what_may_happen_is_tried_once_each(answer: dabiao.Answer) -> None:
    assert answer.tables["levers"].table.column("move") == (
        *("no_carry_over", "more_money", "once", "every_year"),
        *("deleted", "cancelled", "handed_on", "sooner", "sooner_instead", "later"),
    )


def test_every_effect_of_the_quick_look_has_its_largest_error(answer: dabiao.Answer) -> None:
    names = [column.name for column in answer.tables["quick_look"].table.columns]
    effects = [name.removeprefix("effect_") for name in names if name.startswith("effect_")]
    assert effects == ["gdp_growth", "fai_growth", "gdp", "limit_money", "limit_bonds"]
    assert [name.removeprefix("error_") for name in names if name.startswith("error_")] == effects


def test_what_is_expected_is_called_by_what_it_is(answer: dabiao.Answer) -> None:
    def heading(of: dabiao.Answer) -> str:
        table = of.tables["verdict"].table
        return table.columns[table.at("expected")].title.en

    assert heading(answer) == "Median projection"
    assert heading(dabiao.run(str(CASE), draws=0)) == "Central case (no futures drawn)"


def test_a_tier_that_turns_on_a_delay_is_told_with_what_it_would_be() -> None:
    row = SimpleNamespace(title=TITLE, indicator=None)
    scenario: Any = SimpleNamespace(targets={"gdp": row})
    scenario.years, scenario.projects = SimpleNamespace(base=2020, last=2024), {}
    scenario.sectors = {}
    hint: Any = SimpleNamespace(kind="delay", about="gdp", process="ensure", amount=6.25, path="")
    assert says(hint, scenario).en == (
        "GDP: whether its minimum tier is reached turns on a delay assumed alike for many projects;"
        " on time it would be 6.25"
    )


def test_a_start_after_the_last_year_is_told() -> None:
    scenario: Any = SimpleNamespace(
        years=SimpleNamespace(base=2020, last=2024), projects={"p": SimpleNamespace(title=TITLE)}, sectors={}
    )
    hint: Any = SimpleNamespace(kind="beyond", about="p", path="projects.p.start", amount=None)
    assert says(hint, scenario).en == "GDP starts after the last year, 2024: it counts in none"


def test_how_far_a_limit_helps() -> None:
    """Not at all alone, not needed, more than it may give, enough."""
    setting: Any = SimpleNamespace(scenario=dabiao.load(str(CASE)).scenario)
    said = [
        _helps(setting, Relief((), "money", amount, 2.0, 1.0, None)).en
        for amount in (float("inf"), 0.0, 3.0, 1.0)
    ]
    assert said == ["does not help alone", "not needed", "more than it may give", "enough"]


@pytest.mark.parametrize("value", ["", 'say "x"', "x" * 201])
def test_a_text_that_no_formula_can_hold_is_no_formula(value: str) -> None:
    with pytest.raises(KeyError):
        _literal(value)
    with pytest.raises(KeyError):
        _numbers([1.0, True])
    with pytest.raises(KeyError):
        _numbers([1.0, "x"])
    assert _numbers([1, None, 2.5]) == [1.0, 2.5]
    assert _literal("fine") == '"fine"' and _literal("x" * 200) == f'"{"x" * 200}"'


def test_a_choice_is_called_by_its_kind() -> None:
    setting: Any = SimpleNamespace(
        scenario=SimpleNamespace(limits={}, sectors={"shops": 1}), decisions=[SimpleNamespace(broken=())]
    )
    said = {
        kind: _title(setting, SimpleNamespace(kind=kind, same=False, reaches=None)).en  # type: ignore[arg-type]
        for kind in ("plan", "mix", "free", "limit", "end")
    }
    assert said == {
        "plan": "the plan",
        "mix": "likeliest mix for the same money",
        "free": "likeliest mix that costs nothing later",
        "limit": "all money that the limits allow, same mix",
        "end": "likeliest, all limits relaxed to their ends",
    }
    mix: Any = SimpleNamespace(kind="mix", same=True)
    assert _title(setting, mix).en == "likeliest mix for the same money (not distinguishable from the plan)"
    setting.decisions = [SimpleNamespace(broken=("money",))]
    assert _title(setting, mix).en == "likeliest plan under the limits stated"  # none caps a sector's share
    setting.scenario = dabiao.load(str(CASE)).scenario
    assert _title(setting, mix).en == "likeliest plan within the limits"


def test_the_key_of_a_fan_names_what_is_drawn_alone() -> None:
    words = Words("en")

    def keys(known: bool = False, **past: float | None) -> list[str]:
        rows = [{"growth": None, "asked": None, "reference": None, **past}] if past else []
        return [key.name for key in _keys(rows, known, words)][3:]

    assert keys() == []
    assert keys(known=True) == keys(growth=5.0) == ["outcome"]
    assert keys(asked=6.0) == ["target of the year"]
    assert keys(reference=4.0) == ["reference forecast, 80 %"]


def test_lists_of_projects_and_of_candidates_have_their_own_headings() -> None:
    names: Any = {"mines": "x"}
    assert (_region(names).title.en, _region({}).title.en) == ("Sector", "Region")
    assert _value(names).title.en == "Value a year" and _value(names).unit
    assert _value({}).title.en == "Value a year, as the list counts it" and not _value({}).unit


def test_output_that_is_no_more_than_value_added_is_told() -> None:
    """80 of value added: an output of 80 leaves nothing for what is bought."""
    for output, found in ((79, "1.013"), (80, "1.000")):
        with pytest.raises(dabiao.ScenarioError) as caught:
            dabiao.validate(dabiao.load(str(CASE), [f"sectors.shops.output={output}"]))
        (problem,) = caught.value.problems
        assert problem.path == "sectors.shops.output"
        assert str(problem.found) == f"value added over output of {found}"
    with pytest.raises(dabiao.ScenarioError) as caught:  # a run says where it is stated too
        dabiao.run(str(CASE.with_name("valley.yaml")))
    assert all(each.file.endswith("valley.yaml") and each.line for each in caught.value.problems)
    dabiao.validate(dabiao.load(str(CASE), ["sectors.shops.output=170"]))


def test_questions_of_which_none_has_an_answer() -> None:
    def none(ask: Any, name: Any) -> Any:
        raise ValueError(f"{name} has none")

    def some(ask: Any, name: Any) -> Any:
        return ask, name

    asked: Any = [("a", "x", none), ("b", "y", some)]
    cases, left = _answered(asked)
    assert cases == (("b", "y"),) and [(one.name, one.why) for one in left] == [("x", "x has none")]
    with pytest.raises(ValueError, match="x has none"):
        _answered(asked[:1])


def test_what_it_takes_says_what_nobody_stated_and_how_steep_it_is() -> None:
    plain = dabiao.required(str(CASE), "gdp_growth=4.6").tables["summary"].table.column("line")
    curve = dabiao.required(str(CASE), "gdp_growth", curve=(4.5, 4.6)).tables["summary"].table
    assert "assumed" in plain and "unstated" not in plain and "curve" not in plain
    free = dabiao.load(str(CASE), ["limits.mix=null"])
    assert "unstated" in dabiao.required(free, "gdp_growth=4.6").tables["summary"].table.column("line")
    assert "curve" in curve.column("line")


def test_a_choice_of_projects_comes_with_advice() -> None:
    assert dabiao.select(str(CASE)).tables["summary"].table.column("line") == ("choice", "advice")


def test_a_panel_without_targets_is_judged_on_growth_alone(tmp_path: Path) -> None:
    rows = [f"r{at},{year},{5 + (at * year) % 7 / 2}" for at in range(6) for year in range(2000, 2016)]
    panel = tmp_path / "panel.csv"
    panel.write_text("region,year,growth\n" + "\n".join(rows), encoding="utf-8")
    judged = " ".join(
        call("backtest", panel, "--draws", 100, "--years", "2014-2015", "--lang", "en").output.split()
    )
    assert "no targets in the panel: growth is scored, not chances; 100 draws each" in judged
    learnt = " ".join(call("calibrate", panel, "--lang", "en").output.split())
    assert "none in the panel: the bias of plans is not estimated." in learnt


def test_figures_beside_a_level_come_with_their_spread() -> None:
    level: Any = SimpleNamespace(forecast=SimpleNamespace(beside={"ours": (6.5, 1.25)}))
    assert [(one.id, one.value) for one in _beside(level)] == [("beside_ours", 6.5), ("beside_ours_sd", 1.25)]


def test_futures_that_were_moved_are_told_as_moved() -> None:
    assert _draws(80.4, 256, True).en.startswith("moved to where the figures are, 80 effective of 256;")
    assert _draws(80.4, 256, False).en.startswith("January's, weighted: 80 effective of 256;")
