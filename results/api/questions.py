"""Questions from Python, those of the command line: each takes a scenario and gives an :class:`.Answer`.

A scenario is a path, ``example:NAME``, a map of plain values, or what :func:`load` gave back. What should be
known besides (units that were understood, odd headings) goes to the logger ``dabiao``.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from ...engine.workers import one_thread
from ...models.errors import DabiaoError
from ...models.quantity import Bilingual
from ...models.words import in_each, msg, preferred, tr
from ...scenarios.indicator_names import key_of
from ...scenarios.load import Loaded
from ...scenarios.load import load as read
from .answer import Answer, Tables

if TYPE_CHECKING:
    from ...engine.diagnose.hints import Hint
    from ...engine.study import Study

Scenario: TypeAlias = "str | Path | Mapping[str, Any] | Loaded"
"""A path, ``example:NAME``, a map of plain values, or a scenario that was loaded."""
Names: TypeAlias = "str | Sequence[str]"

_LOG = logging.getLogger("dabiao")
_QUESTION = {
    "run": msg("Can the targets be reached?"),
    "required": msg("What it takes"),
    "frontier": msg("What is given up for what"),
    "robust": msg("What certainty costs"),
    "explain": msg("Why, and what would do"),
    "select": msg("Which projects start when"),
    "chain": msg("The best use of the process chain"),
    "sensitivity": msg("What a target hangs on"),
    "audit": msg("Do the targets fit one another?"),
    "longview": msg("The long view"),
    "track": msg("The year under way"),
    "validate": msg("Is the scenario right?"),
}


def load(scenario: Scenario, sets: Mapping[str, Any] | Sequence[str] = ()) -> Loaded:
    """Read a scenario and everything that it extends.

    Parameters
    ----------
    scenario
        A file (YAML or workbook), a folder with a ``baseline.yaml``, ``example:NAME``, or a map as the file
        would hold it, whose files are looked for in the current folder.
    sets
        Changed numbers, ``{"investment.growth": 7}`` or ``["investment.growth=7"]``.

    Raises
    ------
    DabiaoError
        With every mistake at once in :attr:`~.errors.ScenarioError.problems`, each with its place.
    """
    changes = [f"{key}={value}" for key, value in sets.items()] if isinstance(sets, Mapping) else list(sets)
    if isinstance(scenario, Loaded):
        if changes:
            raise DabiaoError(msg("the scenario is loaded already: give the changes when it is loaded"))
        return scenario
    if not isinstance(scenario, (str, Path, Mapping)):
        raise DabiaoError(
            msg(
                "a scenario is a path, `example:NAME`, a map or what `load` returned; got {kind}",
                kind=type(scenario).__name__,
            )
        )
    loaded = read(scenario, changes)
    _log(loaded.notes)
    return loaded


Asked = TypeVar("Asked", bound=Callable[..., Answer])


def _in_its_money(question: Asked) -> Asked:
    """A question whose amounts are in the money of its scenario, and its messages in the region's words."""

    @wraps(question)
    def asked(scenario: Scenario, *rest: Any, **more: Any) -> Answer:
        loaded = load(scenario)
        with loaded.speaking(), one_thread():
            return question(loaded, *rest, **more)

    return asked  # type: ignore[return-value]


def _log(notes: Sequence[Bilingual]) -> None:
    for note in notes:
        _LOG.warning(note.of(preferred()))


def rows_of(loaded: Loaded, names: Sequence[str]) -> tuple[str, ...]:
    """Rows of the target sheet by their keys, their titles or the names of their indicators, each with what
    follows its `=`; a name that is none of these is left to be told."""
    rows = loaded.scenario.targets
    titles = {text: key for key, row in rows.items() if row.title for text in (row.title.zh, row.title.en)}
    named = {row.indicator or key: key for key, row in reversed(rows.items())}
    found = []
    for said in names:
        name, equals, value = said.partition("=")
        key = name if name in rows else titles.get(name) or named.get(key_of(name)) or name
        found.append(f"{key}{equals}{value}")
    return tuple(found)


def _rows(loaded: Loaded, names: Names) -> tuple[str, ...]:
    return rows_of(loaded, [names] if isinstance(names, str) else list(names))


def _of_january(loaded: Loaded, question: str) -> None:
    """Refuse a question that draws futures of its own, which know nothing of figures to date."""
    known = loaded.scenario.actuals
    if known is not None and (known.figures or known.nation):
        raise DabiaoError(
            msg(
                "{question} draws futures of its own and cannot take figures to date into account: ask it of"
                " the scenario without `actuals`, or use `simulate track`, `run` or `optimize required`",
                question=question,
            )
        )


def _begun(scenario: Scenario, solver: str, seed: int | None) -> tuple[Loaded, Study]:
    from ...engine.study import study

    loaded = load(scenario)
    return loaded, study(loaded, solver=solver, seed=seed, draws=None)


def _answer(
    question: str,
    loaded: Loaded,
    made: Mapping[str, Any],
    shown: Sequence[str],
    asked: Mapping[str, Any],
    found: Any = None,
    notes: Sequence[Bilingual] = (),
) -> Answer:
    words, title = _QUESTION[question], loaded.scenario.title
    whole = in_each(lambda lang: f"{title.of(lang)}{tr(lang, ': ')}{words.of(lang)}")
    return Answer(question, whole, Tables(made), tuple(shown), loaded, dict(asked), found, tuple(notes))


@_in_its_money
def run(
    scenario: Scenario, *, solver: str = "auto", seed: int | None = None, draws: int | None = None
) -> Answer:
    """Run a scenario: can its targets be reached, and what would it take?

    Parameters
    ----------
    solver
        ``auto``, ``highs`` or ``glpk``.
    seed
        None runs every project on its central durations; a seed draws them.
    draws
        Futures behind the probabilities, a multiple of 16; None for as many as the asked precision needs, 0
        for none.

    Raises
    ------
    DabiaoError
        The scenario is wrong (all mistakes at once), or no solver is found.
    """
    from ...engine.run import run as ask
    from ..report import tables

    loaded = load(scenario)
    found = ask(loaded, solver=solver, seed=seed, draws=draws)
    asked = {"solver": found.solver, "seed": seed, "draws": draws}
    return _answer("run", loaded, tables(found), ("verdict", "targets"), asked, found)


@_in_its_money
def required(
    scenario: Scenario,
    targets: Names = (),
    tiers: Names = (),
    *,
    curve: Sequence[float] = (),
    solver: str = "auto",
    seed: int | None = None,
) -> Answer:
    """The least investment of the year that reaches targets: how much, in which mix, when; or what stops it.

    Parameters
    ----------
    targets
        Rows of the sheet, or a value of one (``gdp_growth=6.2``); otherwise the main ones.
    tiers
        ``ensure``, ``stretch``; otherwise both.
    curve
        Values of the one target named.
    """
    from ...engine.decide import required as ask
    from ..tables.required import required_tables

    loaded, begun = _begun(scenario, solver, seed)
    names, wanted = _rows(loaded, targets), (tiers,) if isinstance(tiers, str) else tuple(tiers)
    if curve and len(names) != 1:
        raise DabiaoError(msg("a curve needs exactly one target"))
    questions = ask.goals_of(begun.assessor, names, wanted or ("ensure", "stretch"))
    found = [ask.required(begun.assessor, goals) for goals in questions]
    points = ask.curve(begun.assessor, questions[0][0].target, list(curve)) if curve and questions else []
    made = required_tables(begun, found, points)
    shown = (
        ("required_curve",) if points else ("required", "required_goals", "required_mix", "required_timing")
    )
    asked = {"targets": names, "tiers": wanted, "curve": tuple(curve), "solver": begun.solver, "seed": seed}
    return _answer("required", loaded, made, shown, asked, found)


@_in_its_money
def frontier(
    scenario: Scenario,
    of: Names = (),
    *,
    points: int = 9,
    relax: bool = False,
    near: float = 2.0,
    alternatives: int = 3,
    solver: str = "auto",
    seed: int | None = None,
) -> Answer:
    """Plans of which none is better in all of two or three indicators, with the mix at each point.

    Parameters
    ----------
    of
        Targets, or ``limit:ID`` for the use of a limit; two or three.
    points
        Values per indicator.
    relax
        Whether limits may be relaxed to their end.
    near, alternatives
        Percent below the best that count as near-optimal, and how many such plans.
    """
    from ...engine.decide.frontier import trade_off
    from ..tables.frontier import frontier_tables

    loaded, begun = _begun(scenario, solver, seed)
    names = _rows(loaded, of)
    found = trade_off(begun.assessor, names, points=points, relax=relax, near=near, count=alternatives)
    asked = {"names": names, "points": points, "relax": relax, "near": near, "count": alternatives}
    asked |= {"solver": begun.solver, "seed": seed}
    shown = ("frontier", "frontier_near", "frontier_ranges")
    return _answer("frontier", loaded, frontier_tables(begun, found), shown, asked, found)


@_in_its_money
def robust(
    scenario: Scenario,
    targets: Names = (),
    tier: str = "ensure",
    *,
    levels: Sequence[float] = (),
    draws: int = 256,
    fresh: int = 4096,
    relax: bool = False,
    against: Sequence[Scenario] = (),
    only_regret: bool = False,
    solver: str = "auto",
    seed: int | None = None,
) -> Answer:
    """What certainty costs: the least investment with which a tier is reached with each probability; with
    other scenarios, the mix that is least regretted whichever comes.

    Parameters
    ----------
    targets
        To be reached together; otherwise the first main one.
    levels
        Probabilities; otherwise 0.5 to 0.9.
    draws, fresh
        Futures to choose the mix on and to judge it on, multiples of 16.
    """
    from ...engine.decide.explain import goals_of
    from ...engine.decide.regret import regrets
    from ...engine.decide.required import goals_of as check
    from ...engine.decide.robust import LEVELS, certainty
    from ...engine.study import study
    from ...scenarios.load import resolved_yaml
    from ..tables.robust import robust_tables

    others = [load(other) for other in against]
    _of_january(load(scenario), "optimize robust")
    loaded, begun = _begun(scenario, solver, seed)
    names = _rows(loaded, targets)
    check(begun.assessor, names, [tier])  # a name that the sheet does not judge is told with the nearest
    goals = goals_of(begun.assessor, tier, names)
    ceilings = [goal.target.id for goal in goals if goal.target.sign < 0]
    if ceilings and names:
        raise DabiaoError(
            msg(
                "{names}: a ceiling takes no investment, so its certainty has no price; name a target"
                " that is to be reached, or use `simulate explain`",
                names=", ".join(ceilings),
            )
        )
    goals = tuple(goal for goal in goals if goal.target.sign > 0)
    if not names:
        goals = tuple(goal for goal in goals if goal.target.main)[:1] or goals[:1]
    certain = []
    if not only_regret and goals:
        numbers, wanted = begun.loaded.quantities(), tuple(levels) or LEVELS
        options: dict[str, Any] = {"draws": draws, "fresh": fresh, "relax": relax, "confirm": True}
        certain.append(certainty(begun.assessor, begun.scenario, numbers, goals, levels=wanted, **options))
    regret = None
    if others:
        named = names[0] if len(names) == 1 else None
        regret = regrets([begun, *(study(other, solver=solver, seed=seed) for other in others)], named)
    asked = {
        "targets": names,
        "tier": tier,
        "levels": tuple(levels),
        "draws": draws,
        "fresh": fresh,
        "relax": relax,
        "only": only_regret,
        "others": [resolved_yaml(other) for other in others],
        "solver": begun.solver,
        "seed": seed,
    }
    made = robust_tables(begun, certain, regret)
    return _answer("robust", loaded, made, ("robust", "regret"), asked, (certain, regret))


@_in_its_money
def explain(
    scenario: Scenario,
    targets: Names = (),
    tier: str = "ensure",
    *,
    solver: str = "auto",
    seed: int | None = None,
) -> Answer:
    """Why the targets of a tier cannot all be met, and the cheapest ways out; where they can, what binds."""
    from ...engine.decide import explain as ask
    from ...engine.decide.required import goals_of
    from ..tables.explain import explain_tables

    loaded, begun = _begun(scenario, solver, seed)
    names = _rows(loaded, targets)
    goals_of(begun.assessor, names, [tier])  # a name that the sheet does not judge is told with the nearest
    found = ask.explain(begun.assessor, ask.goals_of(begun.assessor, tier, names), tier)
    asked = {"targets": names, "tier": tier, "solver": begun.solver, "seed": seed}
    shown = ("explain_targets", "explain_fixes", "explain_prices")
    return _answer("explain", loaded, explain_tables(begun, found), shown, asked, found)


@_in_its_money
def select(
    scenario: Scenario,
    *,
    quarters: int = 8,
    starts: int = 0,
    completions: int = 0,
    carry: bool = False,
    discount: float = 8.0,
    value: str = "value-added",
    time_limit: float = 60.0,
    gap: float = 0.1,
    solver: str = "auto",
    seed: int | None = None,
) -> Answer:
    """Which of the scenario's projects that have still to start do so in which quarter, for the greatest
    value.

    Parameters
    ----------
    discount, gap
        Percent a year until a project is complete; percent from the bound at which to stop.
    value
        ``value-added`` or ``investment``.
    """
    from ...engine.decide.select import SelectionQuestion, programme, written
    from ...models.errors import Problem, ScenarioError
    from ...solvers.select import best_choice, shortfalls
    from ..tables.select import select_tables

    until = time.perf_counter() + time_limit
    loaded, begun = _begun(scenario, solver, seed)
    question = SelectionQuestion(quarters, carry, starts, completions, discount / 100, value == "investment")
    listed = programme(loaded, question)
    if not listed.candidates:
        what, hint = msg("no project that has still to start"), msg("state them, or give --candidates")
        raise ScenarioError([Problem("projects", what, msg("candidates"), hint)])
    left = max(until - time.perf_counter(), 0.5)  # what reading has left of the time
    choice = best_choice(listed, solver=solver, gap=gap / 100, time_limit=left)
    short = [] if choice.found else shortfalls(listed, solver=solver)
    carried = None
    if choice.found:
        put = written(loaded, "", listed.candidates, choice.starts, False)["projects"]
        carried = _begun(_with_projects(loaded.tree, put), solver, seed)[1]
    made = select_tables(listed, choice, short, begun, carried)
    asked = {
        "starts": starts,
        "completions": completions,
        "carry": carry,
        "discount": discount,
        "gap": gap,
        "quarters": quarters,
        "value": value,
        "seed": seed,
        "solver": begun.solver,
        "result": choice.status.value,
        "worth": repr(choice.value),
    }
    return _answer("select", loaded, made, SELECTED, asked, choice)


def _with_projects(tree: Mapping[str, Any], put: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A scenario as a map, with more said of some of its projects."""
    projects = {key: {**own, **put[key]} if key in put else own for key, own in tree["projects"].items()}
    return {**tree, "projects": projects}


SELECTED = ("select_short", "select_quarters", "select_regions", "select_starts", "select_targets")
"""Tables that answer which projects start when."""


@_in_its_money
def sensitivity(
    scenario: Scenario,
    target: str | None = None,
    tier: str | None = None,
    *,
    draws: int = 2048,
    solver: str = "auto",
    seed: int | None = None,
) -> Answer:
    """What a target hangs on: indices by cause, a tornado by input, the futures in which a tier is missed."""
    from ...engine.run import run as simulate
    from ...engine.uncertainty.sensitivity import sensitivity as ask
    from ..tables.sensitivity import sensitivity_tables

    loaded = load(scenario)
    _of_january(loaded, "sensitivity")
    name = _rows(loaded, target)[0] if target else None
    answer = simulate(loaded, solver=solver, seed=seed, draws=draws)
    found = ask(answer, name, tier, draws)
    asked = {"target": found.target, "tier": found.tier, "draws": draws}
    asked |= {"solver": answer.solver, "seed": seed}
    shown = ("sobol", "tornado", "boxes", "certainty_levels", "mixes_uncertain", "delay_impact_draws")
    return _answer("sensitivity", loaded, sensitivity_tables(answer, found), shown, asked, found)


@_in_its_money
def audit(scenario: Scenario) -> Answer:
    """Do the rows of a target sheet fit one another? Arithmetic alone, nothing is simulated."""
    from ...engine.run import examine
    from ..tables.audit import audit_table

    loaded = load(scenario)
    found = examine(loaded)
    made = {"audit": audit_table(found, loaded.scenario)}
    return _answer("audit", loaded, made, ("audit",), {}, found)


@_in_its_money
def track(
    scenario: Scenario, *, draws: int | None = None, solver: str = "auto", seed: int | None = None
) -> Answer:
    """The year under way: where it stands given the figures to date (``actuals``), what the rest of it must
    bring for each tier and how likely that is, what changed since January, and what can still be moved.

    Parameters
    ----------
    draws
        Futures behind the probabilities, a multiple of 16; None for as many as the asked precision needs.
    """
    from ...engine.tracking.track import track as ask
    from ..tables.track import track_tables

    loaded = load(scenario)
    found = ask(loaded, solver=solver, seed=seed, draws=draws)
    asked = {"solver": found.now.solver, "seed": seed, "draws": draws}
    shown = ("track",)
    return _answer("track", loaded, track_tables(found), shown, asked, found)


@_in_its_money
def longview(
    scenario: Scenario,
    *,
    growth: Sequence[float] = (),
    investment: Sequence[float] = (),
    savings: Sequence[tuple[float, float]] = (),
    years: int | None = None,
) -> Answer:
    """The long view of five years and more, by growth accounting: rates in %, shares in % of GDP."""
    from ...engine.longview import LongViewAsked
    from ...engine.run import look_ahead
    from ..tables.longview import long_tables

    loaded = load(scenario)
    asked = LongViewAsked(tuple(growth), tuple(investment), tuple(savings), years)
    found = look_ahead(loaded, asked)
    if found is None:
        raise DabiaoError(msg("the scenario states no `long_view`"))
    shown = ("long_accounts", "long_view", "long_sources", "long_turns")
    return _answer("longview", loaded, long_tables(found), shown, {"years": years}, found)


@_in_its_money
def validate(scenario: Scenario) -> Answer:
    """Check a scenario without running it: put together without a mistake, what is odd and what is unsaid
    are its notes.

    Raises
    ------
    DabiaoError
        With every mistake at once.
    """
    from ...engine.diagnose.plausibility import look
    from ...engine.run import check
    from ...engine.run import notes as unsaid
    from ...scenarios.rates import questions
    from ..tables.hints import hint_lines
    from ..tables.plausibility import warnings

    loaded = load(scenario)
    check(loaded)
    odd, hints = look(loaded), unsaid(loaded)

    def lines(lang: str) -> list[str]:
        known: tuple[Hint, ...] = hints
        return [
            *questions(loaded.questions, lang),
            *warnings(odd, loaded.scenario, loaded.origins, lang),
            *hint_lines(known, loaded.scenario, loaded.origins, lang),
        ]

    told = [in_each(lambda lang, at=at: lines(lang)[at]) for at in range(len(lines("en")))]  # type: ignore[misc]
    return _answer("validate", loaded, {}, (), {}, hints, told)


def compare(baseline: Scenario, *others: Scenario, solver: str = "auto", seed: int | None = None) -> Answer:
    """Set scenarios side by side, and what their differences come from; the first is the baseline."""
    from ...engine.run import run as simulate
    from ...scenarios.load import resolved_yaml
    from ..compare.attribution import explained
    from ..compare.inputs import inputs_of
    from ..compare.runs import compare as beside
    from ..report import tables

    loaded = [load(one) for one in (baseline, *others)]
    if len(loaded) < 2:
        raise DabiaoError(msg("Give at least two scenarios or run folders."))
    with one_thread():
        found = [simulate(one, solver=solver, seed=seed) for one in loaded]
    every = [tables(one) for one in found]
    told = [inputs_of(resolved_yaml(one), own, one.origins) for one, own in zip(loaded, every, strict=True)]
    titles = [one.scenario.title for one in loaded]
    made = beside([one.name for one in loaded], every, titles=titles, told=told)
    made |= explained([one.scenario for one in loaded], [seed] * len(loaded), [one.origins for one in told])
    title = in_each(
        lambda lang: tr(
            lang,
            "Comparison: {scenarios}",
            scenarios=tr(lang, "; ", context="between scenarios").join(one.of(lang) for one in titles),
        )
    )
    return Answer("compare", title, Tables(made), ("headlines",), None, {"seed": seed}, tuple(found))


def backtest(
    panel: str | Path,
    years: Sequence[int] = (),
    *,
    skip: Sequence[int] = (),
    columns: Mapping[str, str] | None = None,
    outlook: str | Path | None = None,
    draws: int = 2000,
    seed: int = 20240101,
    jobs: int = 1,
) -> Answer:
    """Foretell every region-year of a panel from the years before it, and score what was said.

    Parameters
    ----------
    panel
        CSV of region, year, growth, target and value added of sectors.
    years
        To be scored; otherwise all with four years before.
    columns
        Our column to the heading in the file.
    """
    from ...engine.forecast.backtest.judge import Judged
    from ...engine.forecast.backtest.outlook import read_outlooks
    from ...engine.forecast.backtest.panel import read_panel
    from ...engine.forecast.backtest.roll import Outlooks
    from ...engine.forecast.backtest.roll import backtest as roll
    from ..tables.backtest import backtest_tables

    file = Path(panel)
    known = read_panel(file, dict(columns or {})).without_targets(tuple(skip))
    _log(known.notes)
    wanted = [year for year in (years or known.years[_LEARNT:]) if year not in skip]
    if not wanted:
        raise DabiaoError(msg("No year is left to judge: check --years and --skip."))
    outlooks = read_outlooks(Path(outlook), known) if outlook else Outlooks.none(known)
    with one_thread():
        rolled = roll(known, wanted, draws=draws, seed=seed, jobs=jobs, outlooks=outlooks)
    judged = Judged(known, rolled, draws, seed)
    made = backtest_tables(judged, {outlooks.edition: judged})
    shown = ("scores", "differences", "by_year", "nation", "outlooks")
    asked = {"years": tuple(wanted), "draws": draws, "seed": seed}
    return Answer(
        "backtest", msg("Backtest: {name}", name=file.name), Tables(made), shown, None, asked, judged
    )


_LEARNT = 4  # years before the first that is judged
