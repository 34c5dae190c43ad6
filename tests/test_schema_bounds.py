"""What the schema allows at its ends is allowed, or told by `validate`: never by `run`, never by a crash."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from dabiao.engine.run import check, run
from dabiao.models.errors import DabiaoError
from dabiao.scenarios.json_schema import json_schema
from dabiao.scenarios.load import load, resolved_yaml

VALLEY = str(Path(__file__).with_name("scenarios_for_tests") / "answered.yaml")


@cache
def schema() -> dict[str, Any]:
    return json_schema()


def options(part: Any) -> Iterator[dict[str, Any]]:
    """The plain schemas that a part stands for."""
    if "$ref" in part:
        yield from options(schema()["$defs"][part["$ref"].rpartition("/")[2]])
    elif "anyOf" in part or "oneOf" in part:
        for each in (*part.get("anyOf", ()), *part.get("oneOf", ())):
            yield from options(each)
    else:
        yield part


def below(part: Any, key: str) -> Iterator[dict[str, Any]]:
    """The schemas of an entry of a part; the range of a map of numbers is that of each of them."""
    kept = {end: part[end] for end in ("at_least", "at_most") if end in part}
    for each in options(part):
        if key in each.get("properties", {}):
            yield each["properties"][key]
        elif isinstance(each.get("additionalProperties"), dict):
            yield {**each["additionalProperties"], **kept}


def ends(part: dict[str, Any]) -> Iterator[float]:
    for each in (part, *options(part)):
        for name in ("at_least", "at_most", "minimum", "maximum"):
            if isinstance(each.get(name), int | float):
                yield each[name]


def leaves(tree: Any, parts: list[Any], path: str = "") -> Iterator[tuple[str, float]]:
    """Every number of a scenario that is a value of the schema, with each end of its range."""
    for key, value in tree.items():
        own = [found for each in parts for found in below(each, str(key))]
        if isinstance(value, dict) and "value" not in value:
            yield from leaves(value, own, f"{path}{key}.")
        elif isinstance(value, dict | int | float) and not isinstance(value, bool):
            yield from ((f"{path}{key}", end) for each in own for end in ends(each))


def asked() -> list[tuple[str, float]]:
    return sorted(set(leaves(yaml.safe_load(resolved_yaml(load(VALLEY))), [schema()])))


def said(path: str, end: float) -> str:
    """What goes wrong; empty where nothing does."""
    try:
        loaded = load(VALLEY, [f"{path}={end!r}"])
        check(loaded)
    except DabiaoError as error:
        told = str(error)
        return "" if path.rpartition(".")[2] in told or path.split(".")[0] in told else f"elsewhere: {told}"
    try:
        run(loaded, draws=0)
    except DabiaoError as error:
        return f"first by run: {error}"
    return ""


def test_there_are_ends_to_try() -> None:
    assert len(asked()) > 100


@pytest.mark.parametrize("part", [0, *(pytest.param(each, marks=pytest.mark.slow) for each in range(1, 40))])
def test_the_ends_of_what_the_schema_allows(part: int) -> None:
    """A few in every run, all by hand: 317 ends in 40 parts."""
    every = asked()
    random.Random(1).shuffle(every)
    some = every[part::40]
    assert [(each, wrong) for each in some if (wrong := said(*each))] == []


@pytest.mark.parametrize("rho", [-1.0, 0.995, 1.0])
def test_two_numbers_that_are_one_are_told_at_their_correlation(rho: float) -> None:
    with pytest.raises(DabiaoError, match=r"correlations\.one\.rho"):
        load(VALLEY, [f"uncertainty.correlations.one.rho={rho}"])
