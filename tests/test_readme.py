"""The README and its pages show what the program does: outputs, pictures and scenario are today's."""

import importlib.util
from pathlib import Path

import pytest
from dabiao.engine.run import run
from dabiao.results.report import tables
from shown import readme

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make", ROOT / "docs" / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def example(maker):
    return dict(maker.example())


@pytest.mark.parametrize("name", ["docs/example.md", "docs/example.zh.md"])
def test_the_example_is_real_output(example, name):
    path = ROOT / name
    assert path.read_text(encoding="utf-8").splitlines() == example[path].splitlines(), (
        "run `python docs/make.py`"
    )


def test_the_pictures_are_those_of_the_report(example):
    pictures = {path: text for path, text in example.items() if path.suffix == ".svg"}
    assert {path for path, text in pictures.items() if path.read_text(encoding="utf-8") != text} == set(), (
        "run `python docs/make.py`"
    )
    assert set((ROOT / "docs" / "pictures").glob("*.??.svg")) == set(pictures)


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_is_short_and_shows_a_picture_first(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) < 120
    first = text.split("```", 1)[0]
    assert "](docs/pictures/" in first


def test_the_scenario_of_the_readme_runs(tmp_path):
    answer = run(readme(tmp_path))
    assert {o.target.id for o in answer.assessment.outcomes} >= {
        "gdp_growth",
        "industry_above_scale_growth",
        "fai_growth",
    }
    assert all(check["ok"] is not False for check in tables(answer)["checks"].records())
