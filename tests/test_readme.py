"""The README shows what the program does: its example is real output, its scenario runs."""

import re
from pathlib import Path

import pytest
from dabiao import load, run
from dabiao.results.report import tables
from dabiao.results.terminal import render
from shown import readme

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def panzhihua():
    answer = run(load("example:panzhihua-2024"))
    return answer, tables(answer)


@pytest.mark.parametrize(("page", "lang"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_the_example_is_real_output(panzhihua, page, lang):
    text = (ROOT / page).read_text(encoding="utf-8")
    shown = re.search(r"<!-- example output -->\n```text\n(.*?)\n```", text, re.DOTALL).group(1)
    assert shown.splitlines() == render(*panzhihua, lang, 100).rstrip().splitlines(), (
        "paste the output of the example again"
    )


def test_the_scenario_of_the_readme_runs(tmp_path):
    answer = run(readme(tmp_path))
    assert {o.target.id for o in answer.assessment.outcomes} >= {
        "gdp_growth",
        "industry_above_scale_growth",
        "fai_growth",
    }
    assert all(check["ok"] is not False for check in tables(answer)["checks"].records())
