"""Numbers that belong together are as many: where one list is longer than the other, nothing is cut off in
silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.solvers import (
    alternatives,
    ask,
    chain,
    chance,
    decision_variables,
    frontier,
    glpk,
    problem,
    select,
)
from dabiao.solvers.arrays import Arrays
from dabiao.solvers.decision_variables import Affine, DecisionVariables, Start
from dabiao.solvers.frontier import Criterion
from dabiao.solvers.glpk_arrays import mps
from dabiao.solvers.matrix import Matrix
from dabiao.solvers.model import Compiled, Question, Rows
from dabiao.solvers.problem import EXTRA, UNSPENT
from dabiao.solvers.solution import Mixed, Solution, Status

NAMES = ("a", "b", "money:a", "money:b", "move", "wish", EXTRA, UNSPENT)


def fresh() -> Rows:
    rows = Rows()
    for name in NAMES:
        rows.variable(name)
    return rows


def pair(binary: bool = False) -> Compiled:
    rows = Rows()
    rows.variable("a", 0.0, 4.0)
    rows.variable("b", 0.0, 1.0, binary=binary)
    rows.row("sum", {"a": 1.0, "b": 2.0}, high=5.0)
    return Compiled(rows)


def ragged() -> Compiled:
    """Its matrix lacks a coefficient."""
    model = pair()
    model.matrix = Matrix(model.matrix.indptr, model.matrix.indices, model.matrix.data[:1], (1, 2))
    return model


def moves(**more: Any) -> Any:
    ratio, rest = np.array([[0.5, 1.0], [0.25, 1.0]]), np.zeros((2, 2))
    usual: dict[str, Any] = {
        "money": np.array([60.0, 40.0]),
        "ratio": ratio,
        "rest": rest,
        "moves": (),
        "movable": 0.2,
        "year": 2,
        "choices": (),
        "fixed_planned": np.zeros((2, 2)),
        "investment": lambda money: money[:, None] * ratio + rest,
    }
    return SimpleNamespace(**{**usual, **more})


GROUND: Any = SimpleNamespace(total=100.0, sectors=("a", "b"), planned=np.array([60.0, 40.0]), paths=object())
MONEY = ["money:a", "money:b"]


def year(**more: Any) -> Any:
    nothing = Affine(np.full(2, np.inf), np.zeros((2, 0)))
    coupling = SimpleNamespace(name="feed:x", weights=np.ones(2), aux_weights=np.ones(1))
    usual: dict[str, Any] = {
        "limit": nothing,
        "demand": nothing,
        "links": np.ones((2, 2)),
        "couplings": ((coupling, Affine(np.float64(1.0), np.zeros(0)), 0),),
        "aux": (1,),
    }
    return SimpleNamespace(**{**usual, **more})


def branches(**more: Any) -> Any:
    usual: dict[str, Any] = {
        "branches": tuple(SimpleNamespace(id=key, sector="s") for key in ("x", "y")),
        "supply_led": np.array([True, False]),
        "sectors": (SimpleNamespace(id="s"),),
        "rows": lambda key: slice(0, 2),
    }
    return SimpleNamespace(**{**usual, **more})


def coupled(weights: int, aux: int, first: int = 0) -> Any:
    own = SimpleNamespace(name="feed:x", weights=np.ones(weights), aux_weights=np.ones(aux))
    return year(couplings=((own, Affine(np.float64(1.0), np.zeros(0)), first),))


def lever(**more: Any) -> DecisionVariables:
    start = Start("mill", 0.0, 0, "a", "", False, False, *[np.zeros(1)] * 3)
    key = decision_variables.KeyPool(*[np.zeros(1)] * 4, np.zeros((1, 1)), np.zeros(1), np.eye(1))
    usual: dict[str, Any] = {
        "money": np.ones(1),
        "ratio": np.ones((1, 1)),
        "rest": np.zeros((1, 1)),
        "choices": (start,),
        **dict.fromkeys(("fixed_planned", "fixed_spent", "fixed_tied", "carried"), np.zeros((1, 1))),
        "fixed_named": {},
        "realised": np.ones(1),
        "key_realised": 1.0,
        "key": key,
        "delivered": SimpleNamespace(history=None, normal=None, usual={}, unlisted={}),
        "year": 1,
    }
    return DecisionVariables(**{**usual, **more})


def economy(sectors: int, states: int, responses: int) -> Any:
    """A year with so many sectors and states."""
    own = SimpleNamespace(limit=np.ones(1), outside=np.ones(1), couplings=(), aux=0)
    return SimpleNamespace(
        start=lambda: (),
        advance=lambda *_: (0,) * states,
        sectors=(SimpleNamespace(id="s", response=lambda state: own),) * sectors,
        prices=SimpleNamespace(investment=np.ones(1)),
        demand=lambda *_: np.ones((responses, 2)),
        links=lambda year: np.ones((1, 1, 1)),
        rows=lambda key: slice(0, 1),
    )


def physical() -> Any:
    one = SimpleNamespace(id="s", physical=lambda state, made: {})
    own = SimpleNamespace(
        start=lambda: (1, 2), advance=lambda states, *_: states, sectors=(one,), rows=lambda _: slice(0, 1)
    )
    plan = SimpleNamespace(realisation=None, physical={})
    return problem._physical(own, plan, np.ones((1, 2, 1)), 1)  # type: ignore[arg-type]


CRITERIA = (Criterion("a", "a", 1.0), Criterion("b", "b", 1.0))


def made(model: Compiled | None = None, **more: Any) -> Any:
    usual: dict[str, Any] = {
        "compiled": model or pair(),
        "mix": ("a", "b"),
        "output": (("a", "b"),),
        "va": np.ones(2),
        "variables": SimpleNamespace(money=np.ones(2), names=(), choices=()),
        "bounds": (),
        "relaxed": lambda allowed: {},
        "goals": {"g": "a"},
        "levers": ("a", "b"),
    }
    return SimpleNamespace(**{**usual, **more})


def priced(binary: bool, duals: int = 1) -> Any:
    """A question of prices to a model whose list of binaries, or of names of rows, is too long."""
    model = pair()
    if binary:
        model.binary = np.zeros(3, dtype=bool)
    found = Solution(Status.OPTIMAL, 1.0, {"a": 1.0, "b": 1.0}, {"sum": 1.0})
    best = ask.Optimum(Status.OPTIMAL, 1.0, {}, {}, None, found)
    return ask.prices(made(model), "g", 1.0, best, relax=False, solver="highs")


def worth() -> Any:
    flow: Any = SimpleNamespace(
        processes=("p", "q"),
        materials=(),
        used=lambda year: np.ones((0, 2, 1)),
        made=lambda year: np.ones((0, 2, 1)),
    )
    own = chain.ChainYear(flow, 1, np.ones(2), np.ones(2))
    return chain._rows(own, np.ones(3), False, None)


def narrow(model: Compiled, **more: Any) -> Compiled:
    model.__dict__.update(more)
    return model


FREE = Arrays.of(np.ones(2), np.zeros(2), np.ones(2), np.zeros(2, bool), [])

CASES: dict[str, Callable[[], Any]] = {
    "slopes of names": lambda: problem._terms(["a"], np.ones(2)),
    "shares of money": lambda: problem._distance(fresh(), GROUND, [*MONEY, "move"]),
    "money moved, by year": lambda: problem._between_years(
        fresh(), moves(moves=((0, 0), (1, 0))), GROUND, MONEY, ["move"]
    ),
    "money moved, by name": lambda: problem._between_years(fresh(), moves(), GROUND, MONEY, ["move"]),
    "money moved, at all": lambda: problem._money(
        fresh(),
        moves(moves=()),
        SimpleNamespace(**{**vars(GROUND), "paths": None}),
        MONEY,
        ["move"],  # type: ignore[arg-type]
    ),
    "links": lambda: problem._year(fresh(), branches(), year(links=np.ones((2, 3))), [], 1),
    "wishes": lambda: problem._year(fresh(), branches(), year(aux=(1, 1)), [], 1),
    "weights": lambda: problem._year(fresh(), branches(), coupled(3, 1), [], 1),
    "weights of wishes": lambda: problem._year(fresh(), branches(), coupled(2, 2), [], 1),
    "states of sectors": physical,
    "starts": lambda: lever().realisation(np.ones((1, 1))),
    "years of money moved": lambda: lever().realisation(np.ones((3, 1))),
    "sectors and states": lambda: decision_variables.years(
        economy(1, 2, 1),
        SimpleNamespace(realisation=lambda _: SimpleNamespace(invested=np.ones((1, 1, 2)))),
        1,
        np.ones(1),  # type: ignore[arg-type]
    ),
    "shares of sectors": lambda: ask.closest(
        made(),
        {},
        SimpleNamespace(sector_ids=("a",)),
        "highs",
        0.0,  # type: ignore[arg-type]
    ),
    "value added of outputs": lambda: ask.closest(
        made(va=np.ones(1), variables=SimpleNamespace(money=np.ones(2), names=(), choices=())),
        {},
        SimpleNamespace(sector_ids=("a", "b")),  # type: ignore[arg-type]
        "highs",
        0.0,
    ),
    "binaries of a model": lambda: priced(True),
    "ranges of a mix": lambda: alternatives._farther(made(), np.ones((3, 2)), [np.ones(2)]),
    "bounds of a model": lambda: alternatives.copied(narrow(pair(), low=np.zeros(1))),
    "entries of a copy": lambda: alternatives.copied(ragged()),
    "entries of a cone": lambda: ragged().rays(np.zeros(2), np.ones(2)),
    "bounds of a cone": lambda: pair().rays(np.zeros(1), np.ones(2)),
    "worth of processes": worth,
    "levers of a line": lambda: chance.Master._terms(
        SimpleNamespace(problem=made(), slope=np.ones((1, 3))),
        0,  # type: ignore[arg-type]
    ),
    "values to be beaten": lambda: frontier.beyond(
        made(),
        CRITERIA,
        [1.0],
        SimpleNamespace(),
        relax=False,
        solver="highs",  # type: ignore[arg-type]
    ),
    "ranges of criteria": lambda: frontier._efficient(made(), CRITERIA, {}, np.ones(3), "highs"),
    "bounds in a file": lambda: mps(replace(FREE, low=np.zeros(3)), False),
    "bounds in a question": lambda: glpk._ask(pair(), Question({}), np.zeros(3), np.ones(2)),
}


@pytest.mark.parametrize("case", CASES)
def test_what_belongs_together_is_as_long(case: str) -> None:
    with pytest.raises(ValueError, match=r"zip\(\) argument"):
        CASES[case]()


def test_what_gives_is_as_long_as_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "elastic", lambda _: (None, [("a", "x"), ("b", "y"), ("c", "z")]))
    monkeypatch.setattr(select, "columns", lambda _: None)
    monkeypatch.setattr(select, "choose", lambda *_, **__: Mixed(Status.OPTIMAL, np.array([1e-6, 1e-8]), 0.0))
    with pytest.raises(ValueError, match=r"zip\(\) argument"):
        select.shortfalls(None, solver="highs")  # type: ignore[arg-type]
