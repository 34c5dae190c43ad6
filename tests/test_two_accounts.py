"""The annual model and the long view side by side: parts that add up, a bridge that bridges, a warning
where asked."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.run import look_ahead, run
from dabiao.engine.study import study
from dabiao.engine.two_accounts import APART, FURTHEST
from dabiao.models import solow
from dabiao.models.demand_sources import BUYERS, demand_sources
from dabiao.results.report import tables
from dabiao.results.tables.longview import long_sentences
from dabiao.scenarios.files import examples
from dabiao.scenarios.load import load
from hypothesis import given
from hypothesis import strategies as st

NAMES = sorted(name for name in examples() if load(f"example:{name}").scenario.long_view)


def ahead(name: str, *sets: str):
    found = look_ahead(load(f"example:{name}", sets))
    assert found is not None
    return found


@pytest.mark.parametrize("name", NAMES)
def test_growth_by_who_buys_adds_up_in_every_year(name: str) -> None:
    path = study(load(f"example:{name}"), draws=0).plan.path
    parts = demand_sources(path)
    assert tuple(parts) and set(parts) == set(BUYERS)
    growth = path.gdp[1:] / path.gdp[:-1] - 1
    assert sum(parts.values()) == pytest.approx(growth, abs=1e-12)


def test_what_is_sold_outside_in_the_base_year_is_that_of_the_accounts() -> None:
    """The residual is what the accounts call sales outside: with nothing but markets growing, nothing else
    grows by itself."""
    still = ("demand.government=0", "investment.growth=0", "investment.later=0", "anchor.to=none")
    found = ahead("ghana-2024", *still)
    assert found.accounts.plan.demand["government"] == pytest.approx(0, abs=1e-12)
    assert found.accounts.plan.demand["building"] == pytest.approx(0, abs=1e-12)
    assert found.accounts.plan.demand["outside"] > 0 < found.accounts.plan.demand["households"]


@pytest.mark.parametrize("name", NAMES)
def test_both_accounts_are_made_of_their_parts_and_the_bridge_bridges(name: str) -> None:
    """With the growth of productivity that is told, the long view gives the annual model's growth."""
    found = ahead(name)
    accounts = found.accounts
    for one in (accounts.plan, accounts.twice):
        assert sum(one.demand.values()) == pytest.approx(one.annual, abs=1e-12)
        assert sum(one.sources.values()) == pytest.approx(one.long, abs=1e-12)
    assert np.sign(accounts.plan.implied - accounts.productivity) == np.sign(accounts.gap)
    bridged = ahead(name, f"long_view.productivity={100 * accounts.plan.implied!r}")
    assert bridged.accounts.plan.long == pytest.approx(accounts.plan.annual, abs=1e-10)
    assert bridged.accounts.plan.annual == pytest.approx(accounts.plan.annual, abs=1e-12)
    assert not bridged.accounts.apart


@pytest.mark.parametrize("name", NAMES)
def test_twice_the_investment_moves_capital_in_one_and_demand_in_the_other(name: str) -> None:
    plan, twice = ahead(name).accounts.plan, ahead(name).accounts.twice
    assert twice.annual > plan.annual and twice.long > plan.long
    assert twice.demand["building"] > plan.demand["building"]
    assert twice.sources["capital"] > plan.sources["capital"]
    for key in ("work", "human", "productivity"):  # scaled to compound growth: all but untouched
        assert twice.sources[key] == pytest.approx(plan.sources[key], abs=1e-3)


def test_the_annual_model_is_that_of_the_run_and_goes_on_as_long_as_the_long_view() -> None:
    """The years that the scenario itself simulates are the same years."""
    run_path = study(load("example:ghana-2024"), draws=0).plan.path.gdp[:, 0]
    found = ahead("ghana-2024").accounts
    years = len(run_path) - 1
    assert (found.first, found.last) == (2024, 2033) and years == 10
    assert found.plan.annual == pytest.approx((run_path[-1] / run_path[0]) ** (1 / years) - 1, rel=1e-12)
    short = ahead("ghana-2024", "years.last=2024").accounts
    assert short.plan == found.plan
    far = ahead("ghana-2024", "long_view.years=40").accounts
    assert far.last == 2023 + FURTHEST


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_warning_where_they_are_further_apart_than_is_stated(lang: str) -> None:
    gap = abs(ahead("deyang-2022").accounts.gap)
    assert gap > APART, "as shipped Deyang is warned of"
    sizes = {None: True, gap - 0.01: True, gap + 0.01: False}
    for size, warned in sizes.items():
        sets = () if size is None else (f"long_view.agree_within={size}",)
        found = ahead("deyang-2022", *sets)
        assert found.accounts.apart is warned
        told = [label for label, text in long_sentences(found, lang) if f"{gap:.2f}" in text]
        assert len(told) == warned


def test_a_run_its_report_and_the_command_say_it() -> None:
    made = tables(run(load("example:deyang-2022"), draws=0))
    rows = {row["line"]: row for row in made["long_accounts"].records()}
    for column in ("plan", "twice"):
        parts = sum(row[column] for key, row in rows.items() if key.startswith("annual_"))
        assert parts == pytest.approx(rows["annual"][column])
    assert rows["gap"]["plan"] == pytest.approx(rows["annual"]["plan"] - rows["long"]["plan"])
    said = {row["line"]: row["text"].of("en") for row in made["summary"].records()}
    for number in (rows["annual"]["plan"], rows["long"]["plan"], rows["implied"]["plan"]):
        assert f"{number:.2f} %" in said["accounts"]
    assert f"{rows['gap']['plan']:.2f}" in said["apart"]
    quiet = tables(run(load("example:ghana-2024"), draws=0))["summary"].records()
    assert {"accounts"} == {row["line"] for row in quiet} & {"accounts", "apart"}
    done = CliRunner().invoke(simulate, ["longview", "example:deyang-2022", "--lang", "en"])
    assert done.exit_code == 0 and "side by side" in done.output and "WARNING" in done.output


def test_without_a_long_view_nothing_is_compared() -> None:
    made = tables(run(load("example:ghana-2024", ("long_view=null",)), draws=0))
    assert "long_accounts" not in made
    assert not {row["line"] for row in made["summary"].records()} & {"accounts", "apart"}


rates = st.floats(-0.04, 0.08)


@given(
    st.floats(0.3, 0.7),
    st.floats(0.02, 0.12),
    st.tuples(rates, rates, rates),
    st.floats(1.0, 5.0),
    st.lists(st.floats(0.05, 0.6), min_size=1, max_size=15),
)
def test_productivity_for_a_growth_gives_that_growth(beta, delta, grow, ratio, shares) -> None:
    """Whatever productivity was assumed before."""
    years, start, invested = len(shares), np.array([ratio]), np.array(shares)[:, None]
    fundamentals = solow.Fundamentals.steady(
        years,
        labour_share=beta,
        depreciation=delta,
        productivity=0.01,
        human=grow[0],
        population=grow[1],
    )
    found = solow.productivity_for(fundamentals, start, invested, grow[2])
    same = replace(fundamentals, productivity=np.full((years, 1), found))
    level = solow.growth_from_investment(same, start, invested).level[-1, 0]
    assert level ** (1 / years) - 1 == pytest.approx(grow[2], abs=1e-10)
    assert same.until(1).years == 1


def test_no_word_of_provinces_in_a_country() -> None:
    told = " ".join(text for _, text in long_sentences(ahead("ghana-2024"), "en"))
    assert not re.search(r"provinc|China", told)
