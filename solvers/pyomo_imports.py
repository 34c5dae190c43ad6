"""Pyomo's modelling part, without what it would import along the way."""

from __future__ import annotations

from typing import Any


def modelling() -> Any:
    """``pyomo.core``: the modelling part alone; solvers' plugins are for those who need them.

    Once imported, Pyomo imports all of ``scipy.stats`` as soon as anybody imports any part of scipy, which
    takes longer than a run's draws. That wish is withdrawn here; Pyomo still imports scipy itself where it
    needs it.
    """
    import pyomo.core
    from pyomo.common import dependencies

    finder = getattr(dependencies, "DeferredImportCallbackFinder", None)
    getattr(finder, "_callbacks", {}).pop("scipy", None)
    return pyomo.core
