"""A result that no region ever had is not told as one that may be relied on."""

from __future__ import annotations

import pytest
from dabiao.engine.diagnose.plausibility import plausibility_warnings
from dabiao.engine.run import run
from dabiao.results.report import tables
from dabiao.results.text.plain import plain_sentence
from dabiao.scenarios.load import load

WRONG = """
dabiao: 1
extends: example:deyang-2022
title: {zh: 错, en: Wrong}
projects:
  huge:
    assumption: a
    title: {zh: 巨大项目, en: Huge works}
    sector: SECTOR
    invest: 20
    done: 0
    stage: registered
    start: 2021-06
    months: {construction: 12, ramp_up: 1, assumption: a}
    adds: {output: OUTPUT}
"""


@pytest.mark.parametrize(("output", "believed"), [("10", True), ("1.0e+9", False)])
def test_output_of_works_in_a_wrong_unit(output: str, believed: bool, tmp_path) -> None:
    sector = next(iter(s for s in load("example:deyang-2022").scenario.sectors if s != "agriculture"))
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG.replace("OUTPUT", output).replace("SECTOR", sector), encoding="utf-8")
    answer = run(load(str(file)), draws=0)
    held = {row["check"]: row["ok"] for row in tables(answer)["checks"].records()}
    assert held["believable"] is believed
    assert plain_sentence(answer, "en").startswith("NOT TO BE BELIEVED") is not believed


@pytest.mark.parametrize(("times", "told"), [(1.05, False), (10_000.0, True)])
def test_the_largest_province_is_no_mistake_and_a_wrong_unit_is(times: float, told: bool) -> None:
    loaded = load("example:deyang-2022")
    most = loaded.scenario.plausible.gdp_most.value
    scenario, accounts = loaded.scenario, loaded.scenario.accounts
    gdp = accounts.gdp.model_copy(update={"value": times * most})
    scenario = scenario.model_copy(update={"accounts": accounts.model_copy(update={"gdp": gdp})})
    rules = {one.rule for one in plausibility_warnings(scenario, {})}
    assert ("gdp" in rules) is told
