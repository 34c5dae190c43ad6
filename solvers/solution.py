"""What a solver can do, how it ended, in words of our own, and the point it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from ..models.quantity import FloatArray

if TYPE_CHECKING:
    from ..models.errors import Said
    from .model import Compiled, Question


class Status(Enum):
    """How a solver ended; the same words whichever solver it was."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    TIME_LIMIT = "time limit"
    FAILED = "failed"


@dataclass(frozen=True)
class Solution:
    """A checked answer of a solver.

    Attributes
    ----------
    objective
        Value of the objective, NaN without a point.
    values
        Variable name -> value; empty without a point.
    duals
        Constraint name -> change of the objective per unit of its right-hand side (linear problems only).
    broken
        Greatest violation of any constraint or bound by ``values``, found by our own arithmetic.
    """

    status: Status
    objective: float
    values: Mapping[str, float]
    duals: Mapping[str, float]
    broken: float = 0.0

    @property
    def found(self) -> bool:
        """Whether there is a point to use."""
        return self.status is Status.OPTIMAL


Answer = tuple[Status, FloatArray | None, dict[str, float]]
"""What one solver says, unchecked: how it ended, the point, and the shadow price of each row (linear
problems)."""


Method: TypeAlias = "Callable[[Compiled, Question, FloatArray, FloatArray], Answer]"
"""How a question to a model, within lower and upper bounds of the variables, is answered."""


@dataclass(frozen=True)
class Mixed:
    """What one solver says of a mixed-integer problem, unchecked.

    ``point`` is the best found, None without one; ``bound`` what no point exceeds, infinite where the solver
    proved none; ``reduced`` the reduced costs of a relaxation that was solved to its end.
    """

    status: Status
    point: FloatArray | None
    bound: float
    reduced: FloatArray | None = None


@dataclass(frozen=True)
class Solver:
    """What a solver can do.

    Attributes
    ----------
    available
        Whether it is here.
    answer
        Its answer to a question to a model, within lower and upper bounds of the variables.
    how
        How to get it.
    subset
        Rows that cannot hold together, where it names such; None where it does not.
    choose
        Its answer to a mixed-integer problem in arrays, within a time; None where it does not take such.
    again
        Its other methods, each from scratch, for a question that it fails to answer by the first.
    broken
        What hinders its use where it is installed; None where nothing does.
    """

    available: Callable[[], bool]
    answer: Method
    how: Said
    subset: Callable[[Compiled, Question, FloatArray, FloatArray], frozenset[str]] | None = None
    choose: Callable[..., Mixed] | None = None
    again: tuple[Method, ...] = ()
    broken: Callable[[], Said | None] = lambda: None
