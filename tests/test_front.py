"""Page one: one chance everywhere, prices that buy what they say, advice that the draws support."""

from __future__ import annotations

from functools import cache

import pytest
from dabiao.engine.decide.decisions import APART
from dabiao.engine.decide.price import FACTORS
from dabiao.engine.run import Answer, run
from dabiao.models.quantity import Bilingual
from dabiao.results.front import ADVICE, ANSWER, front_page
from dabiao.results.report import tables as tables_of
from dabiao.results.tables.chances import percent
from dabiao.results.tables.lines import Line, summary_of
from dabiao.results.tables.table import Table, sentences
from dabiao.scenarios.load import load_example

SHIPPED = ("panzhihua-2024", "panzhihua-2024/stretch.yaml", "deyang-2022")


@cache
def answered(name: str) -> tuple[Answer, dict[str, Table]]:
    answer = run(load_example(name), draws=2048)
    return answer, tables_of(answer)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_plans_chance_is_one_number(name: str) -> None:
    answer, tables = answered(name)
    assert answer.ensemble is not None
    plan, own = answer.decisions[0], next(one for one in answer.price if one.factor == 1)
    told = {(row["target"], row["tier_id"]): row["probability"] for row in tables["probabilities"].records()}
    for aim, chance in plan.chances.items():
        assert chance.value == pytest.approx(told[aim], abs=1e-12)
        assert own.chances[aim].value == pytest.approx(told[aim], abs=1e-12)
        assert percent(told[aim]) in sentences(tables, "en")[ANSWER][1]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_chance_that_is_paid_for_is_had_and_little_more(name: str) -> None:
    answer, _ = answered(name)
    aim = next(iter(answer.decisions[0].chances))
    paid = [one for one in answer.decisions if one.kind == "more"]
    assert paid, "no amount was looked for though the plan misses the tier"
    for one in paid:
        assert one.asked is not None
        value = one.chances[aim].value
        if one.enough:
            assert one.asked - 0.005 <= value <= one.asked + 0.03
            assert all(
                (point.money < one.money) == (point.chances[aim].value < value)
                for point in answer.price
                if abs(point.chances[aim].value - value) > 0.01
            )
        else:
            assert max(point.chances[aim].value for point in answer.price) < one.asked
            assert value == max(point.chances[aim].value for point in answer.price)


@pytest.mark.parametrize("name", SHIPPED)
def test_what_a_decision_breaks_is_what_its_plan_uses(name: str) -> None:
    answer, _ = answered(name)
    for one in answer.decisions:
        if one.kind == "mix":
            assert not one.broken
        assert {bound.id for bound in one.beyond} <= {bound.id for bound in one.broken}
        if one.kind == "end":
            assert not one.beyond
    assert {one.factor for one in answer.price} <= set(FACTORS)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_one_has_its_parts_and_no_place_in_a_file(name: str, lang: str) -> None:
    answer, tables = answered(name)
    page = front_page(tables, lang, answer.scenario.title, {"date": "2024-01-15", "issuer": "局"})
    assert page is not None
    assert len(page.stamp) == 2 and page.answer and page.tables and page.advice
    said = " ".join([*page.answer, *(text for _, text in (*page.notes, *page.advice))])
    assert ".yaml" not in said and ".csv" not in said
    assert page.answer[0] not in {text for _, text in page.advice}


@pytest.mark.first(1)
@pytest.mark.parametrize("name", SHIPPED)
def test_advice_names_its_table_and_a_gain_that_the_draws_show(name: str) -> None:
    answer, tables = answered(name)
    advice = [text for key, (_, text) in sentences(tables, "en").items() if key.startswith(ADVICE)]
    titles = {table.title.en for table in tables.values()}
    assert all(any(f'table "{title}"' in text for title in titles) for text in advice)
    mix = next((one for one in answer.decisions if one.kind == "mix"), None)
    if mix is not None:
        found = mix.chances[next(iter(mix.chances))]
        apart = abs(found.difference) > APART * found.difference_error and not mix.same
        assert any("gains" in text for text in advice) == apart


def test_what_an_option_states_is_one_short_line_that_any_form_can_hold() -> None:
    tables = {"summary": summary_of([Line(ANSWER, Bilingual.same("Answer"), Bilingual.same("yes"))])}
    stated = {"issuer": " Bureau\n of\x07\u202e statistics ", "date": "x" * 1_000, "data_until": "\x07"}
    page = front_page(tables, "en", Bilingual.same("A"), stated)
    assert page is not None
    assert page.stamp == (("Issued by", "Bureau of statistics"), ("Date", "x" * 80))
