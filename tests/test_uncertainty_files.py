"""Wrong distributions, shocks and correlations: told with their place."""

import re

import pytest
from dabiao.models.distributions import Empirical
from dabiao.models.errors import ScenarioError
from dabiao.models.quantity import Draws
from dabiao.models.uncertainty import law
from dabiao.scenarios.load import load, resolved_yaml

HEAD = "extends: example:deyang-2022\nassumption: invented\n"


def complaints(folder, body):
    path = folder / "plan.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return [re.sub(r"^\S*plan\.yaml", "plan.yaml", line) for line in str(caught.value).splitlines()]


@pytest.mark.parametrize(
    ("body", "where", "what"),
    [
        ("prices: {gdp: {value: 1, distribution: {kind: normal}}}", "3:47", "normal without `sd`"),
        ("prices: {gdp: {value: 1, distribution: {kind: norml, sd: 1}}}", "3:47", "did you mean normal?"),
        (
            "prices: {gdp: {value: 1, distribution: {kind: normal, sd: 30}}}",
            "3:59",
            "values as far as -141.8",
        ),
        ("prices: {gdp: {value: 1, distribution: {kind: normal, sd: -3}}}", "3:59", "at least 0"),
        ("prices: {gdp: {value: -1, distribution: {kind: lognormal, sd: 1}}}", "3:48", "a median above 0"),
        ("prices: {gdp: {value: 1, distribution: {kind: uniform}}}", "3:47", "`low` and `high`"),
        ("prices: {gdp: {value: 1, distribution: {kind: discrete}}}", "3:47", "discrete without `values`"),
        (
            "prices: {gdp: {value: 1, distribution: {kind: discrete, values: [1, 2], weights: [1]}}}",
            "3:73",
            "1 weights for 2 values",
        ),
        (
            "prices: {gdp: {value: 1, distribution: {kind: empirical, values: [1, 400]}}}",
            "3:58",
            "at most 100",
        ),
        (
            "prices: {gdp: {value: 1, low: 0, high: 2, distribution: {kind: pert, sd: 2}}}",
            "3:74",
            "only of a normal",
        ),
        (
            "prices: {gdp: {value: 1, distribution: {kind: empirical, file: seen.csv, column: gpd}}}",
            "3:82",
            "did you mean gdp?",
        ),
        ("uncertainty: {draws_min: 3000}", "3:26", "2048 or 4096"),
        ("uncertainty: {draws_min: 4096, draws_max: 2048}", "3:43", "at least `draws_min`"),
        ("uncertainty: {error: 0}", "3:22", "above 0"),
        ("uncertainty: {method: halton}", "3:23", "sobol"),
        ("uncertainty: {shocks: {sectors: {secnodary: {sd: 1}}}}", "3:34", "did you mean secondary?"),
        (
            "uncertainty: {shocks: {own: {sd: 1, tails: 3, crisis: {sd: 3, chance: 10}}}}",
            "3:44",
            "`tails` beside `crisis`",
        ),
        (
            "uncertainty: {correlations: {a: {between: [accounts.gdp, uncertainty.shocks.own], rho: 0.5}}}",
            "3:44",
            "the path of an uncertain number",
        ),
        (
            "uncertainty: {correlations: {a: {between: [uncertainty.shocks.own, uncertainty.shocks.owm],"
            " rho: 0.5}}}",
            "3:68",
            "did you mean uncertainty.shocks.own?",
        ),
        (
            "uncertainty: {correlations: {a: {between: [uncertainty.shocks.own], rho: 0.5}}}",
            "3:34",
            "two at least",
        ),
        (
            "uncertainty: {correlations: {a: {between: [uncertainty.shocks.own, uncertainty.shocks.province],"
            " rho: 1.5}}}",
            "3:103",
            "from -0.99 to 0.99",
        ),
        (
            (
                "uncertainty:\n  correlations:\n"
                "    a: {between: [uncertainty.shocks.own, uncertainty.shocks.province], rho: 0.9}\n"
                "    b: {between: [uncertainty.shocks.own, uncertainty.shocks.national], rho: 0.9}\n"
                "    c: {between: [uncertainty.shocks.national, uncertainty.shocks.province], rho: -0.9}"
            ),
            "4:3",
            "not positive definite (smallest eigenvalue -0.8)",
        ),
        (
            (
                "uncertainty:\n  correlations:\n"
                "    a: {between: [uncertainty.shocks.own, uncertainty.shocks.province], rho: 0.1}\n"
                "    b: {between: [uncertainty.shocks.province, uncertainty.shocks.own], rho: 0.2}"
            ),
            "6:5",
            "a pair stated before",
        ),
    ],
)
def test_told_with_its_place(tmp_path, body, where, what):
    (tmp_path / "seen.csv").write_text("year,gdp\n2020,1\n", encoding="utf-8")
    told = complaints(tmp_path, body)
    assert any(line.startswith(f"plan.yaml:{where}  ") and what in line for line in told), "\n".join(told)


def test_the_old_name_of_a_key_is_read_and_told(tmp_path):
    body = (
        "{key}:\n  seed: 7\n  shocks: {{own: {{sd: 1.25}}}}\n  correlations:\n"
        "    a: {{between: [{key}.shocks.own, {key}.shocks.national], rho: 0.25}}\n"
    )
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(HEAD + body.format(key="doubt"), encoding="utf-8")
    new.write_text(HEAD + body.format(key="uncertainty"), encoding="utf-8")
    was, now = load(old, ["doubt.error=0.01"]), load(new, ["uncertainty.error=0.01"])
    assert plain(was.scenario.uncertainty) == plain(now.scenario.uncertainty)
    assert was.tree == now.tree
    assert not now.notes
    (file, said) = (str(note) for note in was.notes)
    assert "old.yaml:3" in file and "`uncertainty`" in file
    assert said.startswith("--set") and "`uncertainty.error`" in said


def test_both_names_of_a_key_are_a_mistake(tmp_path):
    told = complaints(tmp_path, "uncertainty: {seed: 7}\ndoubt: {seed: 8}\n")
    assert any("plan.yaml:4" in line and "doubt" in line for line in told), "\n".join(told)


def plain(part):
    """A part as data, without the places of its numbers."""
    return re.sub(r"'(path|origin)': '[^']*'", "", str(part.model_dump()))


def test_a_column_of_a_file_is_a_distribution(tmp_path):
    (tmp_path / "seen.csv").write_text(
        "year,gdp,other\n2019,1.5,7\n2020,-0.5,8\n2021,,9\n2022,3,9\n", encoding="utf-8"
    )
    path = tmp_path / "plan.yaml"
    path.write_text(
        HEAD + "prices: {gdp: {value: 1, distribution: {kind: empirical, file: seen.csv, column: gdp}}}\n",
        encoding="utf-8",
    )
    one = load(path)
    stated = one.scenario.prices.gdp
    assert law(stated) == Empirical((1.5, -0.5, 3.0))
    assert Draws()(stated) == 1.0
    whole = tmp_path / "whole.yaml"
    whole.write_text(resolved_yaml(one), encoding="utf-8")
    again = load(whole)
    assert again.scenario.prices.gdp.distribution == stated.distribution
    assert plain(again.scenario.uncertainty) == plain(one.scenario.uncertainty), (
        "what is written down resolves to the same shocks"
    )
    # a wrong number in the file is told there
    (tmp_path / "seen.csv").write_text("year,gdp\n2019,1.5\n2020,oops\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"seen\.csv:3:6  .*oops"):
        load(path)


def test_a_distribution_replaces_the_inherited_one_as_a_whole(tmp_path):
    (tmp_path / "base.yaml").write_text(
        HEAD + "prices: {gdp: {value: 1, distribution: {kind: discrete, values: [1, 2]}}}\n", encoding="utf-8"
    )
    path = tmp_path / "plan.yaml"
    path.write_text(
        "extends: base.yaml\nprices: {gdp: {distribution: {kind: normal, sd: 1}, assumption: invented}}\n",
        encoding="utf-8",
    )
    stated = load(path).scenario.prices.gdp
    assert (stated.value, stated.distribution.kind, stated.distribution.values) == (1, "normal", ())
