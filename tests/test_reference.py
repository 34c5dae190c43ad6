"""The schema page in docs is the schema; the pages in two languages say the same."""

import re
from pathlib import Path

from dabiao.models.indicators import INDICATORS
from dabiao.results.compare_inputs import inputs, inputs_of
from dabiao.scenarios.load import load, load_example, resolved_yaml
from dabiao.scenarios.reference import reference

PAGE = Path(__file__).parents[1] / "docs" / "scenario.md"


def test_the_page_in_docs_is_what_the_schema_says():
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "run `simulate schema --markdown --out docs/scenario.md`"
    )


def test_every_part_of_the_schema_is_on_the_page_with_its_units():
    page = reference()
    for text in (
        "## Scenario",
        "## IndustryParameters",
        "## Limit",
        "`output_per_yuan`",
        "亿元/亿元",
        "`relax_to`",
    ):
        assert text in page


def test_every_name_that_a_scenario_can_use_is_on_the_page():
    page = reference()
    scenario = load_example("panzhihua-2024").scenario
    for key, one in scenario.national.classes.items():
        assert f"| `{key}` | {one.title.zh} | {one.title.en} |" in page
    for key, one in INDICATORS.items():
        line = next(line for line in page.splitlines() if line.startswith(f"| `{key}` | {one.title.zh}"))
        assert one.unit in line
        assert line.endswith("|  |") is not bool(one.covers)
    for key in ("urban_income_growth", "retail_growth", "manufacturing", "tertiary"):
        assert f"| `{key}` |" in page
    kinds = page.partition("## Kinds of limits")[2]
    for kind, unit in (
        ("investment", "亿元"),
        ("absorption", "%"),
        ("mix", "points"),
        ("energy", "万吨标煤"),
        ("advance", "months"),
    ):
        line = next(line for line in kinds.splitlines() if line.startswith(f"| `{kind}` |"))
        assert line.endswith(f"| {unit} |")


def test_the_chinese_page_has_the_commands_and_the_scenario_of_the_english_one(tmp_path):
    pages = [(PAGE.parents[1] / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")]
    assert "(README.zh.md)" in pages[0]
    assert "(README.md)" in pages[1]
    for kind in ("sh", "powershell"):
        shown = [re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL) for page in pages]
        assert shown[0] == shown[1] != []
    assert [page.count("\n## ") for page in pages] == [pages[0].count("\n## ")] * 2
    told = []
    for page in pages:
        file = tmp_path / "city.yaml"
        file.write_text(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[-1], encoding="utf-8")
        told.append(inputs_of(resolved_yaml(load(file)), {}))
    assert inputs(told).rows == ()
    assert told[0].values["sectors.industry.va"] == 400
