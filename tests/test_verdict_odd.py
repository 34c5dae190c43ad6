"""What strangers tripped over in verdicts: another confidence, ceilings, contradictory limits, no limit on
money."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from dabiao.cli.main import simulate
from dabiao.engine.decide.explain import explain
from dabiao.engine.decide.explain import goals_of as tier_goals
from dabiao.engine.decide.reach import Goal
from dabiao.engine.decide.required import Reach, required
from dabiao.engine.decide.robust import certainty
from dabiao.engine.run import run
from dabiao.engine.study import study
from dabiao.models.target import LESS, Rung
from dabiao.results.tables.explain import no_limit
from dabiao.results.tables.required import why_not
from dabiao.results.tables.verdict import by_rounding, rung_text, takes
from shown import readme

pytestmark = pytest.mark.usefixtures("english")

APART = """limits:
  least: {title: {zh: 工业下限, en: Industry floor}, on: floor, sectors: [industry], min: 300, assumption: test}
  most: {title: {zh: 工业上限, en: Industry cap}, on: sector, sectors: [industry], max: 250, assumption: test}
"""  # noqa: E501


def asked(folder: Path, *words: str, sets: tuple[str, ...] = (), more: str = "") -> Result:
    """A command on that scenario, in English."""
    readme(folder, more=more)
    file = folder / ("more.yaml" if more else "city.yaml")
    named = [part for each in sets for part in ("--set", each)]
    return CliRunner().invoke(
        simulate,
        [*words, str(file), *named, "--lang", "en", "--out", str(folder / "out")],
        catch_exceptions=False,
    )


def test_a_chance_does_not_hang_on_the_confidence_asked_for(tmp_path: Path) -> None:
    """The price of certainty: the same plan, the same tier, the same futures, the same chance."""
    found = {}
    for level in (20, 50, 80):
        begun = study(readme(tmp_path, f"uncertainty.confidence={level}"), draws=512)
        goal = next(goal for goal in tier_goals(begun.assessor, "ensure") if goal.target.id == "gdp_growth")
        assert (goal.target.margin == 0) == (level == 50)
        found[level] = certainty(
            begun.assessor,
            begun.scenario,
            begun.loaded.quantities(),
            [goal],
            levels=(0.5,),
            draws=64,
            fresh=512,
        )
    chances = [one.plan.fresh.value for one in found.values() if one.plan.fresh]
    assert chances == pytest.approx([chances[0]] * 3)
    assert [one.levels[0].money for one in found.values()] == pytest.approx(
        [found[50].levels[0].money] * 3, rel=5e-3
    )
    just = [one.central for one in found.values()]
    assert just[0].money < just[1].money < just[2].money
    for level, one in zip(found, just, strict=True):
        assert one.fresh is not None and one.fresh.value == pytest.approx(level / 100, abs=0.06)


def test_what_likely_means_is_never_less_than_the_plan(tmp_path: Path) -> None:
    begun = study(readme(tmp_path), draws=512)
    goal = next(goal for goal in tier_goals(begun.assessor, "ensure") if goal.target.id == "gdp_growth")
    one = certainty(
        begun.assessor, begun.scenario, begun.loaded.quantities(), [goal], levels=(), draws=32, fresh=512
    )
    assert one.plan.fresh and one.likeliest.fresh and one.likeliest.fresh.value >= one.plan.fresh.value
    assert one.likeliest.money <= one.plan.money * (1 + 1e-6)


@pytest.mark.parametrize("level", [20, 80])
def test_distances_are_told_at_the_confidence_asked_for(tmp_path: Path, level: int) -> None:
    """A bound beyond its tier is never called short of it, and rounding is no reason at another confidence
    than one half."""
    answer = run(readme(tmp_path, f"uncertainty.confidence={level}"), draws=512)
    judged = [outcome for outcome in answer.assessment.outcomes if outcome.target.main]
    assert {outcome.rung for outcome in judged} & (
        {Rung.PLAN} if level == 20 else {Rung.OUT, Rung.RELAXED, Rung.MIX}
    )
    for outcome in judged:
        told = takes(answer, outcome).of("en")
        assert "rounding" not in told and not by_rounding(outcome.target, outcome.expected, outcome.threshold)
        if outcome.rung is Rung.OUT:
            end = float(
                re.search(r"(-?[\d.]+)%? \(with the chance asked for\) with every limit relaxed", told)[1]
            )  # type: ignore[index]
            assert end < outcome.threshold
        if outcome.rung is Rung.PLAN:
            assert "with the chance asked for" in told


def test_of_a_ceiling_the_most_money_is_told_and_nothing_where_it_is_kept(tmp_path: Path) -> None:
    begun = study(
        readme(
            tmp_path,
            "targets.gdp_growth.ensure=null",
            "targets.gdp_growth.stretch=null",
            "targets.gdp_growth.at_most=4.2",
        ),
        draws=512,
    )
    target = begun.sheet.targets["gdp_growth"]
    plan = float(begun.plan.plan.investment[:, 0].sum())
    tight = required(begun.assessor, [Goal(target, 4.2, "at_most")])
    assert tight.reach is Reach.WITHIN and tight.run is not None
    assert 0.8 * plan < tight.money < plan
    assert begun.assessor.settled(target, tight.run) <= 4.25
    # a little more of the same mix breaks it: the most, not the least
    more = replace(tight.run.plan, id="more", investment=tight.run.plan.investment * 1.01)
    assert begun.assessor.settled(target, begun.assessor.simulate(more)) > begun.assessor.settled(
        target, tight.run
    )
    loose = replace(target, at_most=9.0)
    kept = required(begun.assessor, [Goal(loose, 9.0, "at_most")])
    assert kept.run is begun.plan and kept.money == pytest.approx(plan)


def test_certainty_of_a_ceiling_has_no_price(tmp_path: Path) -> None:
    result = asked(
        tmp_path,
        "optimize",
        "robust",
        sets=(
            "targets.gdp_growth.ensure=null",
            "targets.gdp_growth.stretch=null",
            "targets.gdp_growth.at_most=4.2",
        ),
    )
    named = CliRunner().invoke(
        simulate,
        [
            "optimize",
            "robust",
            str(tmp_path / "city.yaml"),
            "--target",
            "gdp_growth",
            "--set",
            "targets.gdp_growth.ensure=null",
            "--set",
            "targets.gdp_growth.stretch=null",
            "--set",
            "targets.gdp_growth.at_most=4.2",
            "--out",
            str(tmp_path / "out"),
        ],
    )
    assert "GDP growth" not in result.output  # another main target is asked about in its place
    assert named.exit_code != 0 and "a ceiling takes no investment" in named.output


@pytest.mark.parametrize("command", ["run", "explain"])
def test_limits_that_contradict_each_other_are_named(tmp_path: Path, command: str) -> None:
    words = ("run", "--draws", "256") if command == "run" else ("explain",)
    result = asked(tmp_path, *words, more=APART)
    said = " ".join(result.output.split())
    assert "the limits contradict each other" in said.lower() and "Industry floor" in said
    assert "nothing that the plan decides" not in said


def test_contradictory_limits_do_not_stop_other_answers(tmp_path: Path) -> None:
    begun = study(readme(tmp_path, more=APART), draws=256)
    found = explain(begun.assessor, tier_goals(begun.assessor, "ensure"), "ensure")
    assert [one.goals for one in found.conflicts][-1] == () and found.conflicts[-1].proved
    assert required(begun.assessor, [Goal(begun.sheet.targets["gdp_growth"], 5.0, "ensure")]).run is None


def test_that_nobody_limits_the_money_is_said(tmp_path: Path) -> None:
    free = run(readme(tmp_path, "limits=null"), draws=0)
    hint = next(hint for hint in free.hints if hint.kind == "unbounded")
    assert hint.amount == pytest.approx(float(free.plan.plan.investment[:, 0].sum()))
    assert not any(hint.kind == "unbounded" for hint in run(readme(tmp_path), draws=0).hints)


def test_all_together_says_the_chance_of_all_at_once(tmp_path: Path) -> None:
    """Medians may all lie beyond their tiers though no more than a third of the futures holds them all."""
    begun = study(
        readme(
            tmp_path,
            "targets.gdp_growth.ensure=4.5",
            "targets.gdp_growth.stretch=null",
            "targets.fai_growth.ensure=4.9",
        ),
        draws=512,
    )
    goals = [
        goal
        for goal in tier_goals(begun.assessor, "ensure")
        if goal.target.id in ("gdp_growth", "fai_growth")
    ]
    found = explain(begun.assessor, goals, "ensure")
    assert found.rung is Rung.PLAN and found.together is not None and begun.assessor.jury is not None
    values = begun.assessor.jury.outcomes(begun.plan.plan)
    every = [goal.target.reached(values[goal.target.id], goal.threshold) for goal in goals]
    assert found.together == pytest.approx((every[0] & every[1]).mean())
    assert found.together < min(each.mean() for each in every)
    assert explain(begun.assessor, goals[:1], "ensure").together is None


def test_what_a_probability_costs_is_confirmed_by_fresh_futures(tmp_path: Path) -> None:
    """On few draws a mix fits them by chance; asked anew, none is told that fresh futures put two standard
    errors below its level."""
    begun = study(readme(tmp_path), draws=512)
    goal = next(goal for goal in tier_goals(begun.assessor, "ensure") if goal.target.id == "gdp_growth")
    data = begun.scenario, begun.loaded.quantities(), [goal]
    levels = (0.5, 0.6, 0.7, 0.8)
    first, again = (
        certainty(begun.assessor, *data, levels=levels, draws=64, fresh=2048, confirm=yes)
        for yes in (False, True)
    )
    assert any(one.fresh and one.fresh.value < (one.asked or 0) - 2 * one.fresh.error for one in first.levels)
    for before, after in zip(first.levels, again.levels, strict=True):
        assert after.fresh is not None and after.fresh.value >= (after.asked or 0) - 2 * after.fresh.error
        assert after.money >= before.money - 1e-6 and (after.bound <= after.money + 1e-6)


CEILING = ("targets.fai_growth.ensure=null", "targets.fai_growth.at_most=3", "targets.fai_growth.main=true")


def test_run_and_explain_tell_one_amount_for_one_ceiling(tmp_path: Path) -> None:
    """The least cut that keeps it, just as large, told as less investment and not as another mix; the most
    money in any mix is no less."""
    loaded = readme(tmp_path, *CEILING)
    answer = run(loaded, draws=512)
    outcome = next(one for one in answer.assessment.outcomes if one.target.id == "fai_growth")
    begun = study(loaded, draws=512)
    target = begun.sheet.targets["fai_growth"]
    found = explain(begun.assessor, [Goal(target, 3.0, "at_most")], "ensure")
    assert outcome.rung is found.rung is Rung.MIX and outcome.best and found.run
    money = [float(each.plan.investment[:, 0].sum()) for each in (outcome.best, found.run, begun.plan)]
    assert money[0] == pytest.approx(money[1], abs=1e-6) and money[0] < money[2]
    assert begun.assessor.settled(target, found.run) == pytest.approx(3.0, abs=2e-3)
    assert rung_text(answer, outcome) == LESS
    assert no_limit(answer, outcome.best).en == "nothing: less investment is enough"
    assert no_limit(answer, begun.assessor.simulate(begun.plan.plan)).en == "nothing: another mix is enough"
    most = required(begun.assessor, [Goal(target, 3.0, "at_most")])
    assert money[0] - 0.1 <= most.money < money[2]


@pytest.mark.parametrize("ask", ["fix", "explain"])
def test_a_tier_is_aimed_at_and_rounding_only_noted(tmp_path: Path, ask: str) -> None:
    begun = study(readme(tmp_path), draws=512)
    goal = next(goal for goal in tier_goals(begun.assessor, "ensure") if goal.target.id == "gdp_growth")
    fix = (
        begun.assessor.fix([goal], relax=True)[0]
        if ask == "fix"
        else explain(begun.assessor, [goal]).fixes[0][1]
    )
    assert fix is not None and fix.value == pytest.approx(goal.threshold, abs=2e-3)


def test_targets_that_conflict_are_named_whatever_is_invested(tmp_path: Path) -> None:
    """Each alone has an answer; together none, and the pair is named, not undecided."""
    begun = study(
        readme(
            tmp_path,
            "targets.gdp_growth.ensure=6",
            "targets.gdp_growth.stretch=null",
            "targets.fai_growth.ensure=null",
            "targets.fai_growth.at_most=1",
        ),
        draws=256,
    )
    goals = [
        Goal(begun.sheet.targets[key], value, tier)
        for key, value, tier in (("gdp_growth", 6.0, "ensure"), ("fai_growth", 1.0, "at_most"))
    ]
    assert all(required(begun.assessor, [goal]).run for goal in goals)
    found = required(begun.assessor, goals)
    assert found.reach is Reach.OUT and found.clash is not None and found.clash.proved
    assert set(found.clash.goals) == {"gdp_growth", "fai_growth"}
    assert "conflicts with" in why_not(begun, found, "en") and "互相冲突" in why_not(begun, found, "zh")


def test_a_plan_beyond_its_limit_is_told_as_written(tmp_path: Path) -> None:
    """Its chance is that of the plan as written, the verdict that of plans within the limits, and both stand
    there with their names."""
    result = asked(
        tmp_path, "run", "--draws", "512", sets=("limits.money.max=580", "targets.gdp_growth.ensure=4.5")
    )
    said = " ".join(result.output.split())
    assert "chances are those of the plan as written" in said and "likeliest plan within the limits" in said
    answer = run(readme(tmp_path, "limits.money.max=580", "targets.gdp_growth.ensure=4.5"), draws=512)
    first = answer.assessment.outcomes[0]
    assert first.rung is Rung.RELAXED and first.probability is not None and first.probability >= 0.5
    assert first.allowed is not None and first.allowed < 0.5 <= (first.relaxed or 0)
    assert (
        first.relaxed is not None and first.relaxed >= first.probability - 1e-12
    )  # the plan as written is one of those


@pytest.mark.parametrize(
    "command", [("optimize", "required"), ("optimize", "robust", "--draws", "32", "--fresh", "256")]
)
def test_contradictory_limits_are_named_where_investment_is_let_go(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    floors = "limits:\n  assumption: x\n  most: {title: Floor, on: floor, sectors: [industry], min: 400}\n"
    result = asked(tmp_path, *command, more=floors)
    assert "The limits contradict each other: no plan keeps all of" in " ".join(result.output.split())
