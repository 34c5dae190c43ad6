"""Money that a limit already allows is no relaxation: conflicts, sentences and tables say so."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from dabiao.engine.decide.explain import explain, goals_of
from dabiao.models.quantity import Bilingual
from dabiao.models.target import INSIDE, Rung, Target
from dabiao.results.tables.explain import explain_tables
from dabiao.results.tables.verdict import hair, rung_text
from dabiao.results.text.wording import inside, relaxed
from planning import Case
from regions import limited


def farms(threshold, covers="east"):
    return {"indicator": "sector_growth", "covers": [covers], "ensure": threshold}


def setting(case):
    """What the words read of an answer."""
    a = case.assessor
    return SimpleNamespace(
        scenario=case.region.scenario,
        plan=a.plan,
        sheet=a.sheet,
        year=a.year,
        economy=a.economy,
        bounds=a.bounds,
    )


def told(most, growth):
    """The explanation of an investment target where the plan spends 127.2 (6 % on 120) and the limit is
    ``most``."""
    targets = {"fai_growth": {"ensure": growth}, "east": farms(0.1)}
    case = Case(limited(targets, limits={"money": {"max": most, "relax_to": 160}}))
    found = explain(case.assessor, goals_of(case.assessor, "ensure"))
    tables = explain_tables(setting(case), found)
    return case, found, tables, {row["line"]: row["text"] for row in tables["summary"].records()}


def test_more_money_below_the_maximum_conflicts_with_nothing_and_is_no_relaxation():
    case, found, tables, said = told(140, 8)  # 129.6 would do, and the limit is 140
    assert found.rung is Rung.RELAXED and found.conflicts == ()
    for lang, never in (
        ("zh", ("不能并存", "放宽限制才", "须放宽")),
        ("en", ("cannot stand", "only if limits are relaxed", "must be relaxed")),
    ):
        whole = " ".join(text.of(lang) for line, text in said.items() if line != "other")
        assert not any(word in whole for word in never), whole
    assert (
        "限额140.0亿元以内" in said["do"].zh
        and "限额以内" in said["verdict"].zh
        and "限额以内" in said["why"].zh
    )
    fix = next(fix for goals, fix in found.fixes if len(goals) == 1)
    assert inside(setting(case), fix)
    row = next(row for row in tables["explain_fixes"].records() if row["limit"] == "money")
    assert row["inside"] == row["amount"] == pytest.approx(120 * 1.08 - 127.2, rel=1e-3)


def test_what_lies_beyond_the_maximum_is_told_apart():
    case, found, tables, said = told(130, 10)  # 132 is needed: 2.8 more within 130, the rest beyond it
    assert [one.limits for one in found.conflicts] == [("money",)] and "不能并存" in said["why"].zh
    fix = next(fix for goals, fix in found.fixes if len(goals) == 1)
    assert not inside(setting(case), fix)
    assert "其中2.8亿元在限额130.0亿元以内，须放宽限额2.0亿元" in relaxed(setting(case), fix, "zh")
    row = next(row for row in tables["explain_fixes"].records() if row["limit"] == "money")
    assert row["inside"] == pytest.approx(2.8) and row["amount"] == pytest.approx(120 * 1.1 - 127.2, rel=1e-3)


def test_what_no_limit_at_its_end_helps_is_not_blamed_on_one_limit():
    targets = {"shops": farms(40, "shops")}
    case = Case(limited(targets, limits={"money": {"max": 128, "relax_to": 130}}))
    found = explain(case.assessor, goals_of(case.assessor, "ensure"))
    said = {row["line"]: row["text"] for row in explain_tables(setting(case), found)["summary"].records()}
    assert found.fixes[0][1] is None and found.conflicts[0].facts
    assert "不能并存" not in said["why"].zh and "cannot stand" not in said["why"].en


@pytest.mark.parametrize(
    ("value", "digits"), [(6.499, "0.001"), (6.49996, "0.00004"), (6.4999999, "0.0000001"), (6.46, "0.04")]
)
def test_what_rounding_brings_is_off_by_something(value, digits):
    target = Target(
        id="g",
        title=Bilingual(zh="增速", en="g"),
        indicator="g",
        basis="modelled",
        unit="%",
        digits=1,
        asked=None,
        main=True,
        ensure=6.5,
        stretch=None,
        at_most=None,
    )
    outcome = SimpleNamespace(target=target, expected=value, gap=value - 6.5)
    assert hair(outcome, "zh") == f"{digits}个百分点"


def test_a_tier_within_the_limit_has_its_own_words():
    for most, inside_limit in ((140, True), (128, False)):
        case = Case(limited({"fai_growth": {"ensure": 8}}, limits={"money": {"max": most, "relax_to": 160}}))
        outcome = next(one for one in case.assessor.assess([]).outcomes if one.target.id == "fai_growth")
        assert outcome.rung is Rung.RELAXED
        assert (rung_text(setting(case), outcome) == INSIDE) is inside_limit
