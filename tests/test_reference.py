"""The schema page in docs is the schema."""

from pathlib import Path

from dabiao.scenarios.reference import reference

PAGE = Path(__file__).parents[1] / "docs" / "scenario.md"


def test_the_page_in_docs_is_what_the_schema_says():
    assert PAGE.read_text(encoding="utf-8") == reference(), "run `simulate schema --markdown --out docs/scenario.md`"


def test_every_part_of_the_schema_is_on_the_page_with_its_units():
    page = reference()
    for text in ("## Scenario", "## IndustryParameters", "## Limit", "`output_per_yuan`", "亿元/亿元", "`relax_to`"):
        assert text in page
