"""From a plan through the pipeline to works: money is neither lost nor made, and what was begun goes on."""

from dataclasses import replace

import laws
import numpy as np
import pytest
from dabiao.engine.build import base_investment
from dabiao.engine.plans import LAGS, month, stated_plans
from dabiao.engine.projects.unnamed import spread_of, spreads
from dabiao.models.errors import ScenarioError
from dabiao.models.quantity import Distribution, Draws, Quantity
from dabiao.scenarios.schema import Months, Pool
from hypothesis import given
from hypothesis import strategies as st
from regions import MONTHS, between, four, laid, moving, projects, region
from scipy import stats

SECTORS = ("farms", "plants", "mines", "shops")


def works_of(data):
    built = region(data)
    return built, built.pipeline.run(built.plan)


def with_projects(**changes):
    """Four sectors with 42 亿元 each a year, and the projects of the moving region."""
    return laid(four(projects=projects()), changes)


def one_project(**changes):
    plain = {
        "title": "p",
        "sector": "plants",
        "invest": 24,
        "stage": "approved",
        "start": "2021-01",
        "months": {**MONTHS, "construction": 24},
        "slip": 0,
        "adds": {"output": 10},
    }
    return four(projects={"p": laid(plain, changes)})


def test_months_count_from_the_year_after_the_base_year():
    assert [month(text, 2020) for text in ("2021-01", "2021-03", "2020-12", "2019-06", "2022-01")] == [
        0,
        2,
        -1,
        -19,
        12,
    ]


def test_a_plan_for_september_ends_with_september():
    built = region(with_projects())
    plans = {plan.id: plan for plan in built.pipeline.projects}
    assert plans["rising"].finish == pytest.approx(9, abs=1e-5) and plans["rising"].finish < 9
    assert plans["coming"].start == 2
    assert plans["rising"].slip == 2


def test_totals_and_shares_of_a_plan():
    """FAI 168 grows by 6 % and then 3 % a year; shares 40, 30, 20, 10; another mix moves five points."""
    shares = dict(zip(SECTORS, (40, 30, 20, 10), strict=True))
    data = four(
        investment={"growth": 6, "later": 3},
        mixes={
            "plan": {"shares": shares},
            "other": {"title": "o", "starts_from": "plan", "add": {"plants": 5, "farms": -5}},
        },
    )
    built = region(data)
    assert built.pipeline.totals[:, 0] == pytest.approx(168 * 1.06 * 1.03 ** np.arange(4))
    plans = stated_plans(built.scenario, Draws())
    assert list(plans) == ["plan", "other"]
    assert plans["plan"].investment == pytest.approx(
        np.outer((0.4, 0.3, 0.2, 0.1), built.pipeline.totals[:, 0])
    )
    assert plans["other"].shares(1) == pytest.approx([35, 35, 20, 10])


def test_base_year_is_the_first_of_the_usual_years():
    """Investment of the base year and, before it, lower by the growth up to it."""
    built, pipeline_run = works_of(
        four(
            investment={"before": 4},
            mixes={"plan": {"shares": dict(zip(SECTORS, (40, 30, 20, 10), strict=True))}},
        )
    )
    normal = pipeline_run.realisation.normal
    assert normal.shape == (4, LAGS, 1)
    assert normal[:, 0] == pytest.approx(base_investment(built.scenario, Draws()))
    assert normal[:, 0, 0] == pytest.approx(168 * np.array([0.4, 0.3, 0.2, 0.1]))
    assert normal[:, 2] == pytest.approx(normal[:, 0] / 1.04**2)
    stated = region(four(investment={"base_shares": dict(zip(SECTORS, (10, 20, 30, 40), strict=True))}))
    assert stated.pipeline.normal[:, 0, 0] == pytest.approx(168 * np.array([0.1, 0.2, 0.3, 0.4]))


@given(
    st.lists(between(0, 10), min_size=3, max_size=3),
    st.lists(st.integers(1, 12), min_size=3, max_size=3),
    st.booleans(),
)
def test_undelayed_plans_are_carried_out_to_the_last_yuan(invests, starts, pool):
    """Named + pool + rest = plan, by sector and year, when nothing is late."""
    named = {
        f"p{i}": {
            "title": "p",
            "sector": SECTORS[i],
            "invest": invest,
            "stage": "approved",
            "start": f"2021-{start:02d}",
            "months": {**MONTHS, "registration": 0},
            "slip": 0,
            "key": i != 1,
            "adds": {"output": 2} if i != 2 else None,
        }
        for i, (invest, start) in enumerate(zip(invests, starts, strict=True))
    }
    data = four(projects=named, investment={"growth": 5, "later": 2})
    if pool:
        data["pool"] = {
            "projects": 30,
            "investment": 60,
            "starts": 10,
            "completions": 8,
            "months": MONTHS,
            "slip": 0,
        }
    built, pipeline_run = works_of(data)
    realisation = pipeline_run.realisation
    assert laws.differing("invested", realisation.invested[..., 0], built.plan.investment, 1e-9) == []
    assert realisation.invested[..., 0].sum(axis=0) == pytest.approx(built.pipeline.totals[:, 0])
    # the pool is all that has no output of its own by name
    tied = pipeline_run.planned.copy()
    tied[2] = 0.0  # the mine's project adds nothing by itself
    assert realisation.pool[..., 0] == pytest.approx(realisation.invested[..., 0] - tied, abs=1e-9)
    if pool:
        # key projects, named and not, come to the stated total in year 1, and keep their share
        assert realisation.key_investment[:, 0] == pytest.approx(
            60 * built.pipeline.totals[:, 0] / built.pipeline.totals[0]
        )


def test_late_money_counts_in_the_year_in_which_it_is_put_in_place():
    """A slip of six months on two years: 12 a year become 9.6, 9.6 and 4.8, as much in all.

    On a list that is whole, year 1 is short of it; else as much comes late into it as usually comes late out
    of it.
    """
    on_time, late, whole = (
        works_of({**one_project(slip=slip), "listing": {"whole": whole}})[1].realisation.invested[1, :, 0]
        for slip, whole in ((0, False), (6, False), (6, True))
    )
    assert on_time == pytest.approx([42, 42, 42, 42])
    assert whole == pytest.approx([42 - 2.4, 42 - 2.4, 42 + 4.8, 42])
    assert late == pytest.approx([42, 42 - 2.4, 42 + 4.8, 42])


def test_works_behind_their_plan_bring_what_is_overdue():
    """Begun a year ago, two years to build, 30 % done instead of half: 20 % of 24 are overdue and come on top
    of the plan."""
    data = one_project(stage="registered", start="2020-01", done=30)
    built, pipeline_run = works_of({**data, "listing": {"whole": True}})
    assert pipeline_run.overdue == pytest.approx([0.2 * 24])
    assert pipeline_run.due[0] == pytest.approx([12, 0, 0, 0])
    assert pipeline_run.realisation.invested[1, :, 0] == pytest.approx([42 + 4.8, 42, 42, 42])
    assert built.pipeline.past.tied[1, 0] == pytest.approx(0.3 * 24 / 42)


def test_registration_counts_late_in_the_same_year():
    """Money before registration is counted on registration: within the year nothing moves."""
    data = one_project(months={"registration": 4})
    assert works_of(data)[1].realisation.invested[1, :, 0] == pytest.approx([42, 42, 42, 42])


def test_new_output_follows_the_ramp():
    """10 at full load, commissioned at month 24, ramp of 12 months: 5 more in year 3, 5 more in year 4."""
    named = works_of(one_project())[1].realisation.named
    assert named["plants"][""][:, 0] == pytest.approx([0, 0, 5, 5])


def test_shift_moves_money_and_output():
    built = region(one_project(start="2022-01"))
    sooner = built.pipeline.run(replace(built.plan, shifts={"p": -6.0}))
    assert sooner.planned[1] == pytest.approx([6, 12, 6, 0])
    # month 30 is mid-year 3: a quarter of a year's output in it at half load
    assert sooner.realisation.named["plants"][""][:2, 0] == pytest.approx([0, 0])
    assert sooner.realisation.named["plants"][""][2, 0] == pytest.approx(10 * 6 * 0.25 / 12)


def test_named_projects_above_their_sector_are_an_error():
    with pytest.raises(ScenarioError) as caught:
        works_of(one_project(invest=100))
    problems = caught.value.problems
    assert [problem.path for problem in problems] == ["mixes.plan", "mixes.plan"]
    assert "CNY 5.00bn" in problems[0].expected.en
    assert "CNY 4.20bn for plants in 2021" in problems[0].found.en
    # another mix that gives the sector more can carry it
    built = region(one_project(invest=100))
    more = np.array(built.plan.investment)
    more[1] += 20
    assert built.pipeline.run(replace(built.plan, investment=more)).planned[1, 0] == pytest.approx(50)


def test_what_is_already_under_way_has_left_the_pool_of_the_past():
    """8 亿元 from May 2020, 17 months and the usual delay of 2: eight parts of 19 lie in 2020, as much of
    every past year is tied.

    6 from January 2019 to June 2020, 18 months: a third of it in 2020. What works like these bring in a year
    follows their money.
    """
    _built, pipeline_run = works_of(with_projects())
    history, normal = pipeline_run.realisation.history[..., 0], pipeline_run.realisation.normal[..., 0]
    mines, plants = SECTORS.index("mines"), SECTORS.index("plants")
    assert history[mines] == pytest.approx(normal[mines] - 8 * 8 / 19)
    assert history[plants] == pytest.approx(normal[plants] - 2.0)
    usual = pipeline_run.realisation.usual
    assert usual["mines"]["leaching"][0] == pytest.approx(0.3 * 8 / 19)
    assert usual["plants"][""][0] == pytest.approx(0.3 * 2)  # one work is no stream: as much as a yuan brings
    others = [SECTORS.index("farms"), SECTORS.index("shops")]
    assert np.array_equal(history[others], normal[others])


def test_a_project_without_output_of_its_own_stays_in_the_pool():
    data = with_projects(projects={"ramping": {"adds": None}})
    history, normal = (
        getattr(works_of(data)[1].realisation, name)[1, :, 0] for name in ("history", "normal")
    )
    assert np.array_equal(history, normal)


def test_what_came_on_line_in_the_base_year_goes_on_rising():
    """Commissioned in June 2020, a year of ramp: output of year 1 beyond the base year's, without a yuan
    spent."""
    built, pipeline_run = works_of(with_projects())
    new = pipeline_run.realisation.named["plants"][""][:, 0]
    # on line: (6²/24)/12 = 12.5 % in 2020, (108/24 + 6)/12 = 87.5 % in 2021, all of it in 2022
    ramping = 4 * np.array([0.75, 0.125, 0, 0])
    without = works_of(with_projects(projects={"ramping": None}))[1].realisation.named["plants"][""][:, 0]
    assert new - without == pytest.approx(ramping)
    cut = {**pipeline_run.realisation.named, "plants": {"": np.zeros((4, 1))}}
    whole, held = (
        built.economy.simulate(pipeline_run.realisation),
        built.economy.simulate(replace(pipeline_run.realisation, named=cut)),
    )
    assert whole.sector_va("plants")[1, 0] > held.sector_va("plants")[1, 0] + 0.5 * 0.3 * ramping[0] * 0.6
    # long since at full load: nothing more to come
    old = with_projects(projects={"ramping": {"start": "2015-01", "finish": "2017-06"}})
    assert works_of(old)[1].realisation.named["plants"][""][:, 0] == pytest.approx(without)


def test_capacity_goes_to_its_process():
    _built, pipeline_run = works_of(with_projects())
    assert set(pipeline_run.realisation.named["mines"]) == {"leaching"}
    assert pipeline_run.realisation.named["mines"]["leaching"].sum() == pytest.approx(0.3)


def test_key_investment_counts_key_projects_alone():
    data = one_project(key=False)
    assert not works_of(data)[1].realisation.key_investment.any()
    assert works_of(one_project())[1].realisation.key_investment[:, 0] == pytest.approx([12, 12, 0, 0])


def test_base_year_slips_as_the_first_year_does():
    """With slow key projects and nothing growing, investment of year 1 is the base year's: what slips out
    slips in."""
    data = four(
        pool={"projects": 30, "investment": 60, "starts": 10, "completions": 8, "months": MONTHS, "slip": 4}
    )
    _built, pipeline_run = works_of(data)
    assert pipeline_run.realisation.invested[:, 0] == pytest.approx(pipeline_run.realisation.normal[:, 0])


def test_a_seed_draws_the_same_durations_for_every_plan():
    from dabiao.engine.projects.run import Pipeline

    data = laid(moving(), {"projects": {"coming": {"slip": {"value": 3, "low": 0, "high": 12}}}})
    built = region(data)
    drawn = Pipeline(built.scenario, built.economy, Draws(), 7)
    again = Pipeline(built.scenario, built.economy, Draws(), 7)
    other = Pipeline(built.scenario, built.economy, Draws(), 8)
    dates = [each.run(built.plan).result.dates["commissioned"] for each in (drawn, again, other)]
    assert np.array_equal(dates[0], dates[1])
    assert not np.array_equal(dates[0], dates[2])
    assert np.array_equal(dates[0], drawn.run(built.plan.scaled(1.2)).result.dates["commissioned"])


def test_a_seed_cancels_what_the_scenario_says():
    """A project that is sure to be given up never starts, in a run with a seed; the central case builds
    it."""
    from dabiao.engine.projects.run import Pipeline

    built = region(one_project(cancel=100))
    assert built.pipeline.run(built.plan).realisation.named["plants"][""].sum() == pytest.approx(10)
    drawn = Pipeline(built.scenario, built.economy, Draws(), 3).run(built.plan)
    assert drawn.result.cancelled.all()
    assert drawn.realisation.named["plants"][""].sum() == 0
    assert drawn.realisation.invested[1, :, 0] == pytest.approx([30, 30, 42, 42])


def test_unnamed_projects_differ_as_their_months_are_distributed():
    """Equally likely values of the law that is stated; months are never negative, and the mean multiple is
    one."""
    stated = Quantity(value=12, low=6, high=30)
    assert np.quantile(spread_of(stated), [0.1, 0.5, 0.9]) == pytest.approx(
        6 + 24 * stats.beta.ppf([0.1, 0.5, 0.9], 2, 4), rel=1e-3
    )
    normal = stated.model_copy(
        update={"distribution": Distribution(kind="normal", sd=3), "low": None, "high": None}
    )
    assert (spread_of(normal).mean(), spread_of(normal).std()) == pytest.approx((12, 3), rel=2e-3)
    few = stated.model_copy(
        update={"distribution": Distribution(kind="discrete", values=(6, 12), weights=(1, 3))}
    )
    assert np.mean(spread_of(few) == 6) == pytest.approx(0.25, abs=1e-3)
    wild = stated.model_copy(
        update={"distribution": Distribution(kind="normal", sd=20), "low": None, "high": None}
    )
    pool = Pool.model_construct(
        months=Months.model_construct(approval=stated, construction=wild), slip=normal
    )
    approval, construction, slip = spreads(pool)
    assert construction.min() == 0.0
    assert (approval.mean(), construction.mean(), slip.mean()) == pytest.approx((1, 1, 0), abs=1e-9)
