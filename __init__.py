"""dabiao (达标): can this region reach its targets?

>>> from dabiao import load, run            # doctest: +SKIP
>>> answer = run(load("scenario.yaml"))     # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dabiao.engine.run import run
    from dabiao.scenarios.load import load

__version__ = "0.2.0"
__all__ = ["__version__", "load", "run"]


def __getattr__(name: str) -> Any:
    """Import `load` and `run` when they are first used, so that `import dabiao` is instant."""
    if name == "load":
        from dabiao.scenarios.load import load

        return load
    if name == "run":
        from dabiao.engine.run import run

        return run
    raise AttributeError(f"module 'dabiao' has no attribute {name!r}")
