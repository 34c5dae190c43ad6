"""Wrong distributions, shocks and correlations: told with their place."""

import re

import pytest
from dabiao.models.errors import ScenarioError
from dabiao.models.quantity import Values
from dabiao.models.uncertainty import Empirical, law
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
        ("prices: {gdp: {value: 1, distribution: {kind: discrete}}}", "3:47", "discrete without values"),
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
        ("doubt: {draws_min: 3000}", "3:20", "2048 or 4096"),
        ("doubt: {draws_min: 4096, draws_max: 2048}", "3:37", "at least `draws_min`"),
        ("doubt: {error: 0}", "3:16", "above 0"),
        ("doubt: {method: halton}", "3:17", "sobol"),
        ("doubt: {shocks: {sectors: {secnodary: {sd: 1}}}}", "3:28", "did you mean secondary?"),
        (
            "doubt: {shocks: {own: {sd: 1, tails: 3, crisis: {sd: 3, chance: 10}}}}",
            "3:38",
            "`tails` beside `crisis`",
        ),
        (
            "doubt: {correlations: {a: {between: [accounts.gdp, doubt.shocks.own], rho: 0.5}}}",
            "3:38",
            "the path of a number in doubt",
        ),
        (
            "doubt: {correlations: {a: {between: [doubt.shocks.own, doubt.shocks.owm], rho: 0.5}}}",
            "3:56",
            "did you mean doubt.shocks.own?",
        ),
        ("doubt: {correlations: {a: {between: [doubt.shocks.own], rho: 0.5}}}", "3:28", "two at least"),
        (
            "doubt: {correlations: {a: {between: [doubt.shocks.own, doubt.shocks.province], rho: 1.5}}}",
            "3:85",
            "from -1 to 1",
        ),
        (
            (
                "doubt:\n  correlations:\n    a: {between: [doubt.shocks.own, doubt.shocks.province], rho:"
                " 0.9}\n    b: {between: [doubt.shocks.own, doubt.shocks.national], rho: 0.9}\n    c:"
                " {between: [doubt.shocks.national, doubt.shocks.province], rho: -0.9}"
            ),
            "4:3",
            "not positive definite (smallest eigenvalue -0.8)",
        ),
        (
            (
                "doubt:\n  correlations:\n    a: {between: [doubt.shocks.own, doubt.shocks.province], rho:"
                " 0.1}\n    b: {between: [doubt.shocks.province, doubt.shocks.own], rho: 0.2}"
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
    assert Values()(stated) == 1.0
    whole = tmp_path / "whole.yaml"
    whole.write_text(resolved_yaml(one), encoding="utf-8")
    again = load(whole)
    assert again.scenario.prices.gdp.distribution == stated.distribution
    assert plain(again.scenario.doubt) == plain(one.scenario.doubt), (
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
