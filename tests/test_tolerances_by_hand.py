"""Tolerances, limits of time and what is assumed where a question says nothing: the figures that answers of
the two solvers are promised to keep, written out once more."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from dabiao.solvers import (
    alternatives,
    ask,
    chain,
    chance,
    decision_variables,
    frontier,
    glpk,
    glpk_arrays,
    highs,
    highs_apart,
    members,
    model,
    network,
    problem,
    ranging,
    require,
    select,
    solution,
    solve,
)
from dabiao.solvers.solution import Status

FIGURES: dict[str, tuple[ModuleType, dict[str, float]]] = {
    "alternatives": (alternatives, {"SECONDS": 20}),
    "ask": (ask, {"CLOSE": 1e-7}),
    "chain": (chain, {"CLOSE": 1e-9}),
    "chance": (chance, {"TURNS": 30, "SECONDS": 20}),
    "frontier": (frontier, {"HELD": 1e-6}),
    "glpk": (glpk, {"LOOSE": 1e-7}),
    "highs": (highs, {"IRREDUCIBLE": 6}),
    "model": (model, {"LARGEST": 1e15}),
    "problem": (problem, {"HAIR": 1e-9, "FLOOR": 0.5}),
    "ranging": (ranging, {"LINE": 1e-7, "TURNS": 60}),
    "require": (require, {"TURNS": 5}),
    "select": (select, {"MARGIN": 0.4, "SMALL": 1500, "FEW": 0.8, "FIRST": 0.4, "ROUND": 150}),
    "solve": (solve, {"TOLERANCE": 1e-6, "LOOSELY": 1e-5, "WHOLE": 1e-4}),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figures_that_answers_keep(name: str) -> None:
    module, figures = FIGURES[name]
    assert {key: getattr(module, key) for key in figures} == figures


ASSUMED: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "best choice": (select.best_choice, {"solver": "auto", "time_limit": 60, "gap": 0}),
    "shortfalls": (select.shortfalls, {"solver": "auto", "time_limit": 20}),
    "chain": (chain.best_use, {"held": False, "near": None, "solver": "auto", "time_limit": 60}),
    "network": (network.best_flows, {"solver": "auto", "time_limit": 60}),
    "highs": (highs.mixed, {"relax": False, "start": None, "gap": 0}),
    "highs beside": (highs_apart.mixed, {"relax": False, "start": None, "gap": 0}),
    "glpk": (glpk_arrays.mixed, {"relax": False, "start": None, "gap": 0}),
    "glpk's answer": (glpk.answer, {"presolve": True}),
    "highs' answer": (highs.answer, {"way": None}),
    "lever": (decision_variables.DecisionVariables, {"moves": (), "movable": 0}),
    "member": (members.Hand, {"gives": 0}),
    "criterion": (frontier.Criterion, {"offset": 0}),
    "question": (model.Question, {"maximise": True, "integer": True, "time_limit": 60}),
    "variable": (model.Rows().variable, {"low": 0, "high": float("inf"), "binary": False}),
    "row": (model.Rows().row, {"low": float("-inf"), "high": float("inf")}),
    "solution": (solution.Solution, {"broken": 0}),
    "mixed": (solution.Mixed, {"reduced": None}),
    "tier": (problem.enough_for, {"rounding": False}),
    "least money": (require.least_money, {"lifted": (), "keep": False}),
    "made": (highs.made, {"relax": False}),
    "line": (chance.Master.cheapest, {"most": float("inf")}),
}


@pytest.mark.parametrize("name", ASSUMED)
def test_what_is_assumed_where_nothing_is_said(name: str) -> None:
    called, assumed = ASSUMED[name]
    said = inspect.signature(called).parameters
    assert {key: said[key].default for key in assumed} == assumed


def test_what_every_engine_of_highs_is_told() -> None:
    """One thread and one seed, no gap between the answer and the best; no coefficient is dropped that a
    scenario could mean."""
    assert highs.OPTIONS == {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": 1,
        "mip_rel_gap": 0,
        "mip_abs_gap": 1e-9,
        "small_matrix_value": 1e-12,
    }
    assert highs.WAYS[3]["simplex_strategy"] == 4 and highs.WAYS[4]["simplex_scale_strategy"] == 0


def test_an_answer_is_one_where_there_is_an_optimum() -> None:
    for status in Status:
        assert solution.Solution(status, 1.0, {}, {}).found is (status is Status.OPTIMAL)
    bare = solution.Solver(lambda: True, lambda *_: (Status.FAILED, None, {}), "how")
    assert (bare.subset, bare.choose, bare.again, bare.broken()) == (None, None, (), None)
