"""The schema page in docs is the schema; the pages in two languages say the same."""

import re
from pathlib import Path

import pytest
from dabiao.models.indicators import INDICATORS
from dabiao.models.money import unit_in_use
from dabiao.results.compare.inputs import inputs, inputs_of
from dabiao.scenarios import reference as schema_page
from dabiao.scenarios.load import load, load_example, resolved_yaml
from dabiao.scenarios.province.schema import Regions
from dabiao.scenarios.reference import reference

PAGE = Path(__file__).parents[1] / "docs" / "scenario.md"


@pytest.mark.parametrize(("name", "lang"), [("scenario.md", "en"), ("scenario.zh.md", "zh")])
def test_the_page_in_docs_is_what_the_schema_says(name, lang):
    assert PAGE.with_name(name).read_text(encoding="utf-8") == reference(lang), "run `python docs/make.py`"


@pytest.mark.parametrize(("name", "lang"), [("province.md", "en"), ("province.zh.md", "zh")])
def test_the_page_of_a_province_has_every_key(name, lang):
    page = (PAGE.parent / "howto" / name).read_text(encoding="utf-8")
    assert "\n".join(schema_page.parts_of(Regions, lang, 3)).rstrip() in page, "run `python docs/make.py`"


def test_both_languages_list_the_same_keys_and_names():
    pages = [re.findall(r"^\| `([^`]+)`", reference(lang), re.MULTILINE) for lang in ("en", "zh")]
    assert pages[0] == pages[1]
    assert len(pages[0]) > 300


def test_every_key_is_explained_in_chinese_and_nothing_else_is(monkeypatch):
    """A key without Chinese raises; what is said and never asked for is left over."""
    asked = set()

    class Told(dict):
        def __getitem__(self, key):
            inner = super().__getitem__(key)
            if isinstance(inner, dict):
                inner = Told(inner)
                inner.part = key
            else:
                asked.add((self.part, key))
            return inner

    said = schema_page._chinese()
    monkeypatch.setattr(schema_page, "_chinese", lambda: Told(said))
    reference("zh")
    list(schema_page.parts_of(Regions, "zh"))
    assert asked == {(part, key) for part, keys in said.items() for key in keys}


def test_every_part_of_the_schema_is_on_the_page_with_its_units():
    page = reference()
    for text in (
        "## Scenario",
        "## IndustryParameters",
        "## Limit",
        "`output_per_yuan`",
        "元/元",
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
        assert unit_in_use(one.unit) in line
        assert line.endswith("|  |") is not bool(one.covers)
    for key in ("urban_income_growth", "retail_growth", "manufacturing", "tertiary"):
        assert f"| `{key}` |" in page
    kinds = page.partition("## Kinds of limits")[2]
    for kind, unit in (
        ("investment", "亿元"),
        ("absorption", "%"),
        ("mix", "points"),
        ("cut", "%"),
        ("advance", "months"),
    ):
        line = next(line for line in kinds.splitlines() if line.startswith(f"| `{kind}` |"))
        assert line.endswith(f"| {unit} |")


def test_the_chinese_pages_have_the_commands_and_the_scenario_of_the_english_ones(tmp_path):
    root = PAGE.parents[1]
    pages = [(root / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")]
    assert "(README.zh.md)" in pages[0]
    assert "(README.md)" in pages[1]
    for kind in ("sh", "powershell"):
        shown = [re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL) for page in pages]
        assert shown[0] == shown[1] != []
    assert [page.count("\n## ") for page in pages] == [pages[0].count("\n## ")] * 2
    told = []
    for name in ("region.md", "region.zh.md"):
        page = (root / "docs" / "howto" / name).read_text(encoding="utf-8")
        file = tmp_path / "city.yaml"
        file.write_text(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[-1], encoding="utf-8")
        told.append(inputs_of(resolved_yaml(load(file)), {}))
    assert inputs(told).rows == ()
    assert told[0].values["sectors.industry.va"] == 400
