"""Defaults that nobody wrote are told; a plan beyond its own limit is told first."""

from __future__ import annotations

from dabiao import load
from dabiao.engine.run import run
from dabiao.results.forms.terminal.answer import render
from dabiao.results.report import tables
from dabiao.scenarios.begin import Facts, begin

FACTS = Facts(region="某市", year=2023, gdp=1000, primary=100, industry=350, construction=60, ensure=6)


def written(tmp_path, extra=""):
    for name, text in begin(FACTS).items():
        (tmp_path / name).write_text(text + (extra if name == "baseline.yaml" else ""), encoding="utf-8")
    return tmp_path / "baseline.yaml"


def test_a_new_scenario_writes_the_defaults_of_the_priors(tmp_path):
    path = written(tmp_path)
    text, scenario = path.read_text(encoding="utf-8"), load(path).scenario
    assert f"# later: {{value: {scenario.investment.later.value:g}," in text and "#     slip: 2 " in text


def test_slips_by_default_are_told_apart_from_those_stated(tmp_path):
    one = (
        "{assumption: x, title: 厂, sector: industry, invest: 5, stage: started, start: '2023-01', finish:"
        " '2024-05', adds: {output: 3}"
    )
    path = written(tmp_path, f"\nprojects:\n  a: {one}}}\n  b: {one}, slip: 4}}\n")
    answer = run(load(path))
    said = {row["line"]: row["text"] for row in tables(answer)["summary"].records()}["projects"]
    assert (
        "其中1个未填报延期月数，按默认推迟2个月" in said.zh
        and "1 of them by the default of 2 months" in said.en
    )


def test_a_plan_beyond_its_own_limit_is_told_first(tmp_path):
    answer = run(load(written(tmp_path), ["accounts.fai=5000"]))
    made = tables(answer)
    first = made["summary"].records()[0]
    assert (
        first["line"] == "broken"
        and first["text"].zh.startswith("现方案突破限制")
        and "先改方案或限制" in first["text"].zh
    )
    screen = render(answer, made, "zh", 100)
    assert screen.index("突破限制") < screen.index("中位预测")
