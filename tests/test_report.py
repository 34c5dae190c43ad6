"""The tables of a run: complete, adding up as printed, the same on every run, whatever things are called."""

from __future__ import annotations

import html
import json
import math
from dataclasses import replace
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from dabiao.engine.run import Answer
from dabiao.engine.run import run as answer_scenario
from dabiao.models.quantity import Bilingual
from dabiao.models.target import INSIDE, LESS, TOLD, Rung
from dabiao.results.forms.export import EXPORTERS, RUN
from dabiao.results.forms.html_style import SCRIPT
from dabiao.results.forms.json_document import document, json_text
from dabiao.results.forms.terminal.answer import render
from dabiao.results.outline import ORDER
from dabiao.results.report import tables
from dabiao.results.tables.limits import priced
from dabiao.results.tables.mixes import mix_sentence
from dabiao.results.tables.numbers import written_in
from dabiao.results.tables.projects import begin_month, end_month, month_text
from dabiao.results.tables.table import Table
from dabiao.results.tables.verdict import by_rounding, takes_together, telling_digits
from dabiao.results.text.format import number, printed
from dabiao.results.text.rounding import largest_remainder
from dabiao.scenarios.load import examples, load, load_example
from hypothesis import given
from hypothesis import strategies as st

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"
HOSTILE = ("=1+1", "<script>alert(1)</script>", "很" * 120, "🏭 emoji | *x* `y`", "@SUM(A1)\t#")


@cache
def valley(*sets: str) -> Answer:
    """The test region, answered."""
    return answer_scenario(load(VALLEY, sets))


@cache
def valley_tables(*sets: str) -> dict[str, Table]:
    """Its tables."""
    return tables(valley(*sets))


def records(name: str, *sets: str) -> list[dict[str, Any]]:
    return valley_tables(*sets)[name].records()


# --- largest remainder
# ----------------------------------------------------------------------------------------


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.integers(0, 4))
def test_printed_parts_add_up_to_the_printed_total(values: list[float], digits: int) -> None:
    parts = largest_remainder(values, digits)
    unit = Decimal(1).scaleb(-digits)
    total = Decimal(repr(math.fsum(values))).quantize(unit, ROUND_HALF_UP, Context(60))
    assert sum(Decimal(number(part, digits)) for part in parts) == total
    for value, part in zip(values, parts, strict=True):
        assert abs(Decimal(repr(part)) - Decimal(repr(value))) <= unit
        assert (
            number(part, digits) == number(part, digits + 6)[: -6 if digits else -7]
        )  # no dust behind the digits


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=20), st.integers(0, 3))
def test_parts_that_need_no_rounding_stay(whole: list[int], digits: int) -> None:
    values = [part / 10**digits for part in whole]
    assert largest_remainder(values, digits) == values


def test_who_lost_most_is_rounded_up() -> None:
    assert largest_remainder([0.4, 0.3, 0.3], 0, 1) == [1.0, 0.0, 0.0]
    assert largest_remainder([50.05, 49.95], 1, 100) == [50.1, 49.9]
    with pytest.raises(ValueError, match="cannot be printed"):
        largest_remainder([1.0, 1.0], 1, 5.0)
    with pytest.raises(ValueError, match="finite"):
        largest_remainder([math.nan], 1)


# --- tables
# ---------------------------------------------------------------------------------------------------


def test_every_table_has_a_key_that_names_each_row_once() -> None:
    for name, table in valley_tables().items():
        assert table.name == name
        assert name in ORDER
        assert table.key, name
        keys = list(zip(*(map(str, table.column(column)) for column in table.key), strict=True))
        assert len(keys) == len(set(keys)), name


def test_every_heading_stands_in_both_languages() -> None:
    for table in valley_tables().values():
        assert table.title.zh
        assert table.title.en.isascii(), table.title.en
        for column in table.columns:
            if not column.name.startswith(("share_", "effect_", "gdp_growth_", "urban_income")):
                assert column.title.zh, f"{table.name}.{column.name}"
                assert column.title.en, f"{table.name}.{column.name}"


def test_what_a_planner_asks_is_answered() -> None:
    found = set(valley_tables())
    assert {
        "verdict",
        "targets",
        "fixes",
        "sectors",
        "mixes",
        "mix_shares",
        "mix_years",
        "levers",
        "limits",
        "binding",
        "investment",
        "funds",
        "projects",
        "pool",
        "months",
        "chain",
        "materials",
        "recovery",
        "indicators",
        "checks",
        "sources",
        "numbers",
    } <= found


def test_contributions_and_pulls_add_up_to_the_digit() -> None:
    for sets in ((), ("investment.growth=-20",), ("sectors.shops.market.trend=-6",)):
        rows = records("sectors", *sets)
        total = next(row for row in rows if row["level"] == "total")
        parts = [row for row in rows if row["level"] == "sector"]

        def added(name: str, digits: int, rows: list[dict[str, Any]] = parts) -> Decimal:
            return sum((Decimal(number(row[name], digits)) for row in rows), Decimal(0))

        assert added("contribution", 1) == Decimal("100.0")
        assert added("pull", 2) == Decimal(number(total["growth"], 2))
        assert number(total["pull"], 2) == number(total["growth"], 2)
        answer = valley(*sets)
        assert sum(row["added"] for row in parts) == pytest.approx(
            float(answer.plan.path.gdp[1, 0] - answer.plan.path.gdp[0, 0])
        )


def test_groups_share_the_sectors_out() -> None:
    rows = records("sectors")
    groups = [row for row in rows if row["level"] == "group"]
    assert [row["sector"] for row in groups] == ["making"]  # one with a single sector says nothing new
    inside = [row for row in rows if row["sector"] in ("farms", "mines", "factories")]
    assert groups[0]["pull"] == pytest.approx(sum(row["pull"] for row in inside))
    assert groups[0]["va"] == pytest.approx(sum(row["va"] for row in inside))


def test_every_outcome_appears_and_verdict_counts_equal_rows() -> None:
    answer = valley()
    targets = {row["target"]: row for row in records("targets")}
    assert set(targets) == set(answer.scenario.targets)
    for outcome in answer.assessment.outcomes:
        free = {INSIDE} if outcome.rung is Rung.RELAXED else {LESS} if outcome.rung is Rung.MIX else set()
        assert targets[outcome.target.id][f"rung_{outcome.tier}"] in {outcome.rung.value} | free
        assert targets[outcome.target.id]["expected"] == pytest.approx(outcome.expected)
    verdict = valley_tables()["verdict"]
    rows = [row for row in verdict.records() if row["target"] != "sheet"]
    mains = {key for key, target in answer.scenario.targets.items() if target.main}
    assert {row["target"] for row in rows} == mains
    assert {row["rung"] for row in rows} <= {text for _, text in TOLD}
    sheets = [row for row in verdict.records() if row["target"] == "sheet"]
    assert [row["rung"] for row in sheets] == [sheet.rung.value for sheet in answer.assessment.sheets]


def test_outcomes_of_last_year_stand_beside_what_is_expected() -> None:
    answer = answer_scenario(load_example("panzhihua-2024"), draws=0)
    table = tables(answer)["targets"]
    stated = {key: quantity.value for key, quantity in answer.scenario.history.outcomes.items()}
    found = {row["target"]: row["last"] for row in table.records() if row["target"] in stated}
    assert found == stated and table.columns[table.at("last")].title.zh == "2023年实绩"


def test_stated_rows_are_shown_and_not_judged() -> None:
    air = next(row for row in records("targets") if row["target"] == "air")
    assert air["basis"].en == "stated only"
    assert (air["last"], air["expected"], air["at_most"], air["gap"]) == (
        28,
        None,
        30,
        None,
    ), "last year's figure is not foretold"
    assert all(air[f"rung_{tier}"] is None for tier in ("ensure", "stretch", "at_most"))


@pytest.mark.parametrize(
    ("sets", "rung", "said"),
    [
        (("targets.gdp_growth.ensure=-5", "targets.gdp_growth.stretch=-4"), Rung.PLAN, "to spare"),
        (
            ("targets.gdp_growth.ensure=60", "targets.gdp_growth.stretch=70"),
            Rung.OUT,
            "with every limit relaxed",
        ),
    ],
)
def test_a_trivial_and_an_impossible_sheet(sets: tuple[str, ...], rung: Rung, said: str) -> None:
    rows = [row for row in records("verdict", *sets) if row["target"] == "gdp_growth"]
    assert {row["rung"].en for row in rows} == {rung.value.en}
    assert all(said in row["takes"].en for row in rows)


def test_a_fix_costs_what_its_limits_cost() -> None:
    sets = ("targets.fai_growth.ensure=9", "targets.fai_growth.stretch=10")
    rows = [row for row in records("fixes", *sets) if row["target"] == "fai_growth"]
    assert [(row["tier_id"], row["limit"]) for row in rows] == [("ensure", "money"), ("stretch", "money")]
    for row in rows:
        assert row["cost"] == row["whole_cost"] == pytest.approx(row["amount"] * row["price"])
    assert rows[1]["cost"] > rows[0]["cost"] > 0
    assert Decimal(number(rows[0]["value"], 1)) >= 9
    takes = next(row["takes"] for row in records("verdict", *sets) if row["target"] == "fai_growth")
    assert "追加投资" in takes.zh and "须放宽限额" in takes.zh
    assert "代价" not in takes.zh  # weights rank relaxations and are no amount of money


def test_mixes_say_what_they_move_and_what_they_give() -> None:
    answer = valley()
    rows = {row["mix"]: row for row in records("mixes")}
    assert list(rows) == list(answer.mixes)
    assert rows["plan"]["gdp_growth_diff"] is None
    assert "工厂 +5.0个百分点" in rows["industry-led"]["moved"].zh
    assert rows["industry-led"]["gdp_growth_diff"] == pytest.approx(
        rows["industry-led"]["gdp_growth"] - rows["plan"]["gdp_growth"]
    )
    assert rows["optimised"]["promise"] == pytest.approx(rows["optimised"]["simulated"], abs=0.05)
    note = valley_tables()["mixes"].note
    assert note is not None
    spread = [float(row["gdp_growth"]) for row in rows.values()]
    assert f"相差{number(max(spread) - min(spread), 2)}个百分点" in note.zh
    assert "timing" in note.en
    for column in valley_tables()["mix_shares"].columns[2:]:
        shares = valley_tables()["mix_shares"].column(column.name)
        assert sum(Decimal(number(share, 1)) for share in shares) == 100


def test_years_agree_between_tables() -> None:
    years = [row for row in records("mix_years") if row["mix"] == "plan"]
    gdp = next(row for row in records("indicators") if row["indicator"] == "gdp_growth")
    assert [row["gdp_growth"] for row in years] == [gdp[f"y{row['year']}"] for row in years]
    total = next(row for row in records("sectors") if row["level"] == "total")
    assert total["growth"] == pytest.approx(years[0]["gdp_growth"])
    assert len(
        [column for column in valley_tables()["levers"].columns if column.name.startswith("gdp_")]
    ) == len(years)


def test_investment_adds_up() -> None:
    rows = records("investment")
    total, parts = rows[-1], rows[:-1]
    for name in ("before", "planned", "realised", "named", "named_planned"):
        assert total[name] == pytest.approx(sum(row[name] for row in parts))
    assert sum(row["share"] for row in parts) == pytest.approx(100)
    fai = next(row for row in records("indicators") if row["indicator"] == "fai_growth")
    assert total["growth"] == pytest.approx(fai["y2021"])
    named = sum(row["invested"] for row in records("projects"))
    assert total["named"] == pytest.approx(named)
    year = [row for row in records("months") if row["month"].startswith("2021")]
    assert sum(row["named"] for row in year) == pytest.approx(named)
    assert year[-1]["in_year"] == pytest.approx(sum(row["named"] + row["rest"] for row in year))


def test_projects_tell_plan_course_and_delay() -> None:
    rows = {row["project"]: row for row in records("projects")}
    mine = rows["new-mine"]
    assert (mine["planned_start"], mine["planned_end"]) == ("2020-05", "2021-09")
    assert mine["delay"] == pytest.approx(2)  # the slip that the scenario expects
    assert mine["commissioned"].zh == "2021-11"
    assert rows["old-plant"]["delay"] is None
    assert sum(row["commissioned"] for row in records("months")) <= len(rows)


@pytest.mark.parametrize(
    ("at", "begins", "ends"),
    [
        (0.0, "2024-01", "2023-12"),
        (2.0, "2024-03", "2024-02"),
        (-2.5, "2023-10", "2023-10"),
        (11.5, "2024-12", "2024-12"),
    ],
)
def test_months_of_starts_and_ends(at: float, begins: str, ends: str) -> None:
    assert (month_text(begin_month(at), 2023), month_text(end_month(at), 2023)) == (begins, ends)


def test_the_chain_shows_what_is_made_and_what_holds_it() -> None:
    rows = {row["process"]: row for row in records("chain")}
    assert list(rows) == ["mining", "dressing", "leaching"]
    assert rows["mining"]["base"] == 1000
    for row in rows.values():
        assert row["growth"] == pytest.approx(100 * (row["made"] / row["base"] - 1))
        assert row["utilisation"] == pytest.approx(100 * row["made"] / row["capacity"])
        assert row["utilisation"] <= 90 + 1e-9
    assert rows["mining"]["binds"].en in ("capacity", "market", "feed")
    fe = records("recovery")[0]
    assert fe["difference"] == pytest.approx(fe["reproduced"] - fe["reported"])
    assert fe["ok"] == (abs(fe["difference"]) <= fe["tolerance"])


def test_limits_show_use_and_worth() -> None:
    answer = valley()
    rows = {row["limit"]: row for row in records("limits")}
    assert list(rows) == list(answer.scenario.limits)
    assert rows["money"]["used"] == pytest.approx(80 * 1.06)
    assert rows["money"]["slack"] == pytest.approx(90 - 80 * 1.06)
    assert (rows["bonds"]["relax_to"], rows["bonds"]["price"]) == (None, None)
    assert rows["money"]["effect_gdp_growth"] >= 0


def test_rows_of_the_solver_become_words() -> None:
    answer = valley()
    for row, zh, unit in (
        ("total money", "全年投资总量", "money"),
        ("limit:bonds", "专项债", "money"),
        ("limit:mix:shops:more", "结构调整：商业（上限）", "points"),
        ("capacity:factories:1", "工厂", "money"),
        ("market:dressing:1", "精矿", "万吨"),
        ("feed:ore:1", "矿石", "万吨"),
        ("named projects:mines:2", "矿业（2022年）：具名项目占用", "money"),
    ):
        named = priced(answer, row)
        assert (named.title.zh, named.unit) == (zh, unit)
    total = float(answer.plan.plan.investment[:, 0].sum())
    assert (
        priced(answer, "limit:mix:shops:more").scale
        == pytest.approx(total / 100)
        == -priced(answer, "limit:mix:shops:less").scale
    )


def test_a_limits_rows_add_up_to_what_one_more_unit_of_it_is_worth() -> None:
    """Each row tells a percentage point of its sector; together they are the limit's own worth, whatever it
    is on."""
    told: dict[str, float] = {}
    for row in records("binding"):
        head, _, rest = row["row"].partition(":")
        if head == "limit":
            key = rest.partition(":")[0]
            told[key] = told.get(key, 0.0) + row["effect_gdp_growth"]
    assert told, "no limit binds: nothing was checked"
    for row in records("limits"):
        if row["limit"] in told:
            assert row["effect_gdp_growth"] == pytest.approx(told[row["limit"]])


def test_every_number_is_listed_with_its_source() -> None:
    rows = {row["path"]: row for row in records("numbers")}
    stated = valley().loaded.quantities()
    assert list(rows) == list(stated)
    fai = rows["accounts.fai"]
    assert (fai["value"], fai["low"], fai["high"], fai["unit"].zh) == (80, 70, 90, "亿元")
    assert (fai["basis"].en, fai["text"].zh, fai["source"]) == ("assumption", "推算", None)
    assert rows["accounts.gdp"]["text"].zh == "统计年鉴"
    assert rows["accounts.gdp"]["origin"].startswith("valley.yaml:")
    assert rows["limits.money.max"]["unit"].zh == "亿元"
    assert rows["targets.gdp_growth.ensure"]["unit"].zh == "%"
    assert sum(row["numbers"] for row in records("sources")) == sum(
        row["source"] is not None for row in rows.values()
    )
    assert written_in("C:\\plans\\a.yaml:3:4") == "a.yaml:3"


def test_checks_hold_and_can_fail() -> None:
    rows = {row["check"]: row for row in records("checks")}
    for name in ("accounts", "gdp", "short_side", "pull", "contribution", "limit:money"):
        assert rows[name]["ok"] is True, name
    broken = {row["check"]: row for row in records("checks", "investment.growth=40")}
    assert broken["limit:money"]["ok"] is False
    assert broken["limit:money"]["value"] == pytest.approx(80 * 1.4 - 90)
    recovery = {row["check"]: row for row in records("checks", "chains.ridge.recovery.Fe.reported=20")}
    assert recovery["recovery:mines:Fe"]["ok"] is False


def test_a_plan_that_breaks_a_limit_is_flagged() -> None:
    note = valley_tables("investment.growth=40")["verdict"].note
    assert note is not None
    assert "突破约束：总投资 +22.0亿元" in note.zh


# --- the same bytes, hostile names
# -----------------------------------------------------------------------------


def exported(answer: Answer, folder: Path, lang: str) -> dict[str, bytes]:
    made = tables(answer)
    folder.mkdir()
    for form in RUN:
        EXPORTERS[form].export(made, folder, lang, answer.scenario.title, {"run": "0", "scenario": "s"})
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_same_scenario_gives_the_same_bytes(tmp_path: Path) -> None:
    one = exported(answer_scenario(load(VALLEY)), tmp_path / "one", "zh")
    two = exported(answer_scenario(load(VALLEY)), tmp_path / "two", "zh")
    assert one == two
    assert json.loads(one["tables.json"])["verdict"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_pass_through(name: str, lang: str, tmp_path: Path) -> None:
    answer = valley()
    title = Bilingual(zh=name, en=name)
    scenario = answer.scenario.model_copy(
        update={
            "title": title,
            "sectors": {
                key: each.model_copy(update={"title": title}) for key, each in answer.scenario.sectors.items()
            },
            "projects": {
                key: each.model_copy(update={"title": title})
                for key, each in answer.scenario.projects.items()
            },
            "limits": {
                key: each.model_copy(update={"title": title}) for key, each in answer.scenario.limits.items()
            },
        }
    )
    renamed = SimpleNamespace(
        **{**vars(answer), "scenario": scenario}, bounds=answer.bounds, contradictory=answer.contradictory
    )
    files = exported(renamed, tmp_path / "out", lang)  # type: ignore[arg-type]
    page = files["report.html"].decode()
    assert page.count("<script>") == page.count("</script>") == 1  # the page's own
    assert f"<script>{SCRIPT}</script>" in page
    assert json.loads(files["tables.json"])["tables"]["sectors"]["rows"][0][3] == {"zh": name, "en": name}
    for file, data in files.items():
        if file.endswith(".csv"):
            assert b"\n=1+1" not in data
            assert b",=1+1" not in data
    assert render(renamed, tables(renamed), lang, 80)  # type: ignore[arg-type]


def test_the_document_is_plain_json() -> None:
    text = json_text(document(valley_tables(), valley().scenario.title, {}))
    assert json.loads(text)["tables"]["targets"]["rows"]
    for table in valley_tables().values():
        for lang in ("zh", "en"):
            assert all(isinstance(cell, str) for row in printed(table, lang) for cell in row)


@pytest.mark.parametrize("name", examples()[:1])
def test_a_shipped_scenario_is_reported_whole(name: str) -> None:
    answer = answer_scenario(load_example(name))
    made = tables(answer)
    assert all(
        row["ok"] is not False for row in made["checks"].records() if not row["check"].startswith("recovery")
    )
    assert sum(1 for row in made["sectors"].records() if row["level"] == "total") == 1


# --- what a planner must not trip over
# -------------------------------------------------------------------------

BOUGHT = ("targets.fai_growth.ensure=9", "targets.fai_growth.stretch=10")


def test_a_summary_opens_page_and_document(tmp_path: Path) -> None:
    answer = valley(*BOUGHT)
    files = exported(answer, tmp_path / "out", "zh")
    page, text = files["report.html"].decode(), files["report.md"].decode()
    lines = records("summary", *BOUGHT)
    assert [row["line"] for row in lines[:2]] == ["front_answer", "front_count"]
    assert "cheapest" in {row["line"] for row in lines}
    assert page.index(html.escape(lines[0]["text"].zh)) < page.index("<table")
    assert text.index("**按现方案") < text.index("## ") < text.index("需突破现有约束")
    assert 'class="rung relaxed">需突破现有约束<' in page


def test_a_fix_tells_its_whole_plan() -> None:
    rows = [
        row
        for row in records("fix_plans", *BOUGHT)
        if (row["target"], row["tier_id"]) == ("fai_growth", "ensure")
    ]
    mix = [row for row in rows if row["kind_id"] == "sector"]
    assert [row["item_id"] for row in mix] == list(valley(*BOUGHT).scenario.sectors)
    for name in ("plan_share", "fix_share"):
        assert sum(Decimal(number(row[name], 1)) for row in mix) == 100
    for row in mix:
        assert row["change"] == pytest.approx(row["fix_share"] - row["plan_share"])
    fix = next(o.fix for o in valley(*BOUGHT).assessment.outcomes if o.fix and o.target.id == "fai_growth")
    assert sum(row["fix_money"] for row in mix) == pytest.approx(float(fix.run.plan.investment[:, 0].sum()))
    moved = {row["item_id"]: row["earlier"] for row in rows if row["kind_id"] == "project"}
    assert moved == {key: -months for key, months in fix.run.plan.shifts.items() if months}


def test_printed_figures_lead_to_the_printed_verdict() -> None:
    known = valley().sheet.targets["gdp_growth"]
    at = replace(known, digits=1, ensure=5.5, stretch=None)
    assert telling_digits(at, 5.3) == 2
    assert telling_digits(at, 5.4468) == 3  # 5.45 would count as 5.5
    assert telling_digits(at, 5.44996) == 5
    assert telling_digits(replace(at, basis="linked"), 5.3) == 1
    assert by_rounding(at, 5.46, 5.5)
    assert not by_rounding(at, 5.44, 5.5)
    assert not by_rounding(at, 5.5, 5.5)


def test_room_is_plus_and_a_gap_is_minus_also_for_ceilings() -> None:
    for at_most, room in ((30.0, 1), (-30.0, -1)):
        sets = (
            "targets.fai_growth.ensure=null",
            "targets.fai_growth.stretch=null",
            f"targets.fai_growth.at_most={at_most}",
        )
        row = next(row for row in records("targets", *sets) if row["target"] == "fai_growth")
        assert math.copysign(1, row["gap"]) == room
        assert row["gap"] == pytest.approx(at_most - row["expected"])


def test_a_tier_reached_by_rounding_says_so() -> None:
    value = next(row["expected"] for row in records("targets") if row["target"] == "gdp_growth")
    above = math.floor(value * 10 + 0.5) / 10
    if above <= value:  # the tenth below is met outright; ask for digits at which rounding up decides
        pytest.skip("the test region's growth does not round up")
    sets = (f"targets.gdp_growth.ensure={above}", f"targets.gdp_growth.stretch={above + 9}")
    row = next(row for row in records("targets", *sets) if row["target"] == "gdp_growth")
    assert row["rounding"].zh == "确保"
    assert "按四舍五入达到" in records("verdict", *sets)[0]["takes"].zh


def test_targets_that_stay_short_are_named_once() -> None:
    sets = ("targets.gdp_growth.ensure=60", "targets.gdp_growth.stretch=60")
    for row in records("verdict", *sets):
        if row["target"] == "sheet" and row["rung_id"] == "out":
            names = row["takes"].zh.removeprefix("差在").split("、")
            assert len(names) == len(set(names))
    outcome = SimpleNamespace(
        tier="ensure",
        rung=Rung.OUT,
        fix=None,
        missed=("gdp_growth", "gdp_growth", "fai_growth"),
        allowed=None,
    )
    assert takes_together(valley(), outcome).zh.count("、") == 1  # type: ignore[arg-type]
    assert "等2项" in takes_together(valley(), outcome, 1).zh  # type: ignore[arg-type]


def test_sectors_add_up_as_printed() -> None:
    for name, columns in (
        ("sectors", ("va_before", "va", "added")),
        ("investment", ("before", "planned", "realised", "share")),
    ):
        table = valley_tables()[name]
        told = [column.name for column in table.columns if column.shown]
        cells = printed(table, "en")
        for column in columns:
            at = told.index(column)
            by_level = [
                (row["level"], row.get("group"), Decimal(cell[at]))
                for row, cell in zip(table.records(), cells, strict=True)
            ]
            whole = next(value for level, _, value in by_level if level == "total")
            assert sum(value for level, _, value in by_level if level == "sector") == whole
            for group in {group for level, group, _ in by_level if level == "group"}:
                parts = sum(value for level, own, value in by_level if level == "sector" and own == group)
                assert parts == next(
                    value for level, own, value in by_level if level == "group" and own == group
                )


def test_mixes_are_compared_at_base_year_prices() -> None:
    answer = valley()
    last = answer.economy.years
    for row in records("mixes"):
        assert row["gdp_last"] == pytest.approx(float(answer.mixes[row["mix"]].path.gdp[last, 0]))
    note = valley_tables()["mixes"].note
    assert note is not None
    assert "现价" not in note.zh


def test_no_mix_that_breaks_a_limit_is_called_the_best() -> None:
    answer = valley()
    mixes = dict(answer.mixes)
    top = max(mixes, key=lambda key: float(mixes[key].path.gdp[-1, 0]))
    uses = {
        key: tuple(replace(use, over=1.0) for use in found) if key == top else found
        for key, found in answer.uses.items()
    }
    text = mix_sentence(replace(answer, uses=uses), "zh")
    name = mixes[top].plan.title.zh
    assert top == "plan" or f"最高的是“{name}”" not in text
    assert top == "plan" or (f"“{name}”" in text and "突破限制" in text)


def test_commissionings_are_counted_alike() -> None:
    months = [row for row in records("months") if row["month"].startswith("2021")]
    rows = records("projects")
    assert sum(row["in_year"] for row in rows) == sum(row["commissioned"] for row in months)
    pool = next(row for row in records("pool") if row["what_id"] == "completions" and row["year"] == 2021)
    assert (
        pool["named"]
        == sum(row["key_commissioned"] for row in months)
        == sum(row["in_year"] and row["key"] for row in rows)
    )


def test_a_base_mix_not_stated_is_told() -> None:
    told = {row["check"]: row for row in records("checks")}
    assert ("base_shares" in told) is not bool(valley().scenario.investment.base_shares)
    assert told["gdp"]["tolerance"] == pytest.approx(0.0005 * valley().scenario.accounts.gdp.value, rel=0.01)
