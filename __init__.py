"""dabiao (达标): can this region reach its targets?

>>> import dabiao                                             # doctest: +SKIP
>>> answer = dabiao.run("scenario.yaml")                      # doctest: +SKIP
>>> answer.tables["targets"].to_frame(lang="en")              # doctest: +SKIP
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` is not imported for it: until signals are heard every millisecond counts
if TYPE_CHECKING:
    from typing import Any

    from dabiao.models.errors import DabiaoError, Problem, ScenarioError, SolverError
    from dabiao.results.api.answer import Answer, Picture, Tables, TableView
    from dabiao.results.api.questions import (
        audit,
        backtest,
        compare,
        explain,
        frontier,
        load,
        longview,
        required,
        robust,
        run,
        select,
        sensitivity,
        track,
        validate,
    )
    from dabiao.scenarios.files import examples
    from dabiao.scenarios.load import Loaded

__version__ = "0.2.0"

_PLACES = {
    "dabiao.models.errors": ("DabiaoError", "Problem", "ScenarioError", "SolverError"),
    "dabiao.results.api.answer": ("Answer", "Picture", "TableView", "Tables"),
    "dabiao.results.api.questions": (
        "audit",
        "backtest",
        "compare",
        "explain",
        "frontier",
        "load",
        "longview",
        "required",
        "robust",
        "run",
        "select",
        "sensitivity",
        "track",
        "validate",
    ),
    "dabiao.scenarios.files": ("examples",),
    "dabiao.scenarios.load": ("Loaded",),
}
"""Where the public names stand; each is imported when first used, so that `import dabiao` is instant."""

__all__ = [
    "Answer",
    "DabiaoError",
    "Loaded",
    "Picture",
    "Problem",
    "ScenarioError",
    "SolverError",
    "TableView",
    "Tables",
    "__version__",
    "audit",
    "backtest",
    "compare",
    "examples",
    "explain",
    "frontier",
    "load",
    "longview",
    "required",
    "robust",
    "run",
    "select",
    "sensitivity",
    "track",
    "validate",
]


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    from importlib import import_module

    for place, names in _PLACES.items():
        if name in names:
            return getattr(import_module(place), name)
    raise AttributeError(f"module 'dabiao' has no attribute {name!r}")
