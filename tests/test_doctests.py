"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

FLOORS = ("models", "scenarios", "solvers", "engine", "results", "cli")


def module_names() -> list[str]:
    """Every module of the product, by the name a user imports it under."""
    names = ["dabiao"]
    for floor in FLOORS:
        package = importlib.import_module(f"dabiao.{floor}")
        names.append(package.__name__)
        names += [module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return names


@pytest.mark.parametrize("name", module_names())
def test_examples_hold(name: str) -> None:
    module = importlib.import_module(name)
    outcome = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert outcome.failed == 0, f"{outcome.failed} of {outcome.attempted} examples of {name} fail"
