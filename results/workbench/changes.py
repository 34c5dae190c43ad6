"""What a page changes of a scenario, as a file that extends it says it (改动)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from ...models.errors import Problem, ScenarioError
from ...models.quantity import Bilingual, Quantity
from ...models.words import msg
from ...scenarios import write
from ...scenarios.files import Reader
from ...scenarios.load import Loaded, load_text

Changes: TypeAlias = Mapping[str, Any]
"""Dotted path of the scenario to what stands there now: a number, a text, or None where it is taken out."""

WHY = msg("set in the workbench")
"""What is said of a number that a page changed."""


MOST_CHANGES, LONGEST_PATH, LONGEST_TEXT, DEEPEST = 2000, 400, 10_000, 12
NOT_CHANGED = ("dabiao", "extends")
"""What a file that states changes says itself."""


def checked(changes: Changes, numbers: bool = False) -> None:
    """See that changes are what a page may ask for, before a scenario is read with them.

    Parameters
    ----------
    numbers
        Only numbers may stand there.

    Raises
    ------
    ScenarioError
        With every one that is not, at its path.
    """
    if len(changes) > MOST_CHANGES:
        raise ScenarioError.single(
            "", msg("{count} changes", count=len(changes)), msg("at most {most}", most=MOST_CHANGES)
        )
    wrong = []
    for path, value in changes.items():
        steps = path.split(".")
        if (
            len(path) > LONGEST_PATH
            or len(steps) > DEEPEST
            or steps[0] in NOT_CHANGED
            or not all(step.strip() and step.isprintable() for step in steps)
        ):
            wrong.append(
                Problem(path[:LONGEST_PATH], f'"{path[:80]}"', msg("the path of a value of the scenario"))
            )
        elif (whole := _whole(path, changes)) is not None:
            wrong.append(
                Problem(path, f'"{path[:80]}"', msg("either this or {whole}, not both", whole=whole))
            )
        elif not _can_stand(value, numbers):
            kinds = msg("a number") if numbers else msg("a number, a text, or nothing")
            wrong.append(Problem(path, f"{value!r:.80}", kinds))
    if wrong:
        raise ScenarioError(wrong)


def _whole(path: str, changes: Changes) -> str | None:
    """What else is changed that a path is a part of, and that has another value; what is taken out whole has
    no parts."""
    above = path.rpartition(".")[0]
    while above:
        if changes.get(above) is not None:
            return above
        above = above.rpartition(".")[0]
    return None


def _can_stand(value: object, numbers: bool) -> bool:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return abs(value) < 1e300
    if numbers:
        return False
    return value is None or isinstance(value, bool) or (isinstance(value, str) and len(value) <= LONGEST_TEXT)


def nested(changes: Changes) -> dict[str, Any]:
    """Changes by dotted path as maps of maps.

    >>> nested({"investment.growth": 9, "mixes.plan.shares.services": 40})
    {'investment': {'growth': 9}, 'mixes': {'plan': {'shares': {'services': 40}}}}
    """
    tree: dict[str, Any] = {}
    for path, value in changes.items():
        *above, last = path.split(".")
        node = tree
        for step in above:
            inner = node.setdefault(step, {})
            if not isinstance(inner, dict):  # what is taken out whole has no parts any more
                break
            node = inner
        else:
            node[last] = value
    return tree


def moved(quantity: Quantity, value: float) -> Any:
    """A number at another value, with the doubt that it had: its bounds move along.

    >>> moved(Quantity(value=6.5, low=4, high=9), 7.0)
    {'value': 7.0, 'low': 4.5, 'high': 9.5}
    """
    if quantity.low is None and quantity.high is None:
        return value
    away = value - quantity.value
    bounds = {"low": quantity.low, "high": quantity.high}
    return {"value": value} | {
        name: round(bound + away, 9) for name, bound in bounds.items() if bound is not None
    }


def stated(base: Loaded, changes: Changes) -> dict[str, Any]:
    """Changes as a file states them: numbers of the scenario keep their doubt."""
    known = base.quantities()
    return {
        path: moved(known[path], value)
        if path in known and isinstance(value, (int, float)) and not isinstance(value, bool)
        else value
        for path, value in changes.items()
    }


def document(base: Loaded, changes: Changes, title: Bilingual | None = None) -> str:
    """The file that says what differs, and nothing else.

    Parameters
    ----------
    base
        The scenario that is changed; the file stands beside it (or names the shipped one).
    """
    shipped = base.file.startswith("example:")
    extends = base.file if shipped else PurePosixPath(base.file).name
    tree: dict[str, Any] = {"dabiao": 1, "extends": extends}
    if title is not None:
        tree["title"] = title.every()
    if changes:
        tree["assumption"] = {lang: WHY.of(lang) for lang in ("zh", "en")}
        tree |= nested(stated(base, changes))
    return write.text(tree)


def changed(
    base: Loaded, changes: Changes, title: Bilingual | None = None, below: Reader | None = None
) -> Loaded:
    """The scenario with its changes, as the file that states them would be loaded; under another title where
    one is given.

    Parameters
    ----------
    below
        The files of the scenario, where they are read already.

    Raises
    ------
    ScenarioError
        With every mistake at once, each with the path of what was changed.
    """
    return load_text(document(base, changes, title), base.file, below) if changes or title else base
