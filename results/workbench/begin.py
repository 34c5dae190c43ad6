"""A first scenario from the questions that a page asks (新建方案)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from ...models.errors import Problem, ScenarioError
from ...models.words import msg
from ...scenarios.begin import Facts, begin

NEEDED = ("year", "gdp", "primary", "industry", "ensure")
MORE = (
    "construction",
    "secondary",
    "stretch",
    "fai",
    "growth",
    "plan",
    "industry_target",
    "fai_target",
    "outlook",
)
FIRST, LAST = 1950, 2150
"""Years that may be the base year."""
_SAFE, _YEAR = re.compile(r"[^\w\-]+"), re.compile(r"[0-9]{4}")


def begun(said: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The name of the folder and the files of a new scenario.

    Raises
    ------
    ScenarioError
        With every figure that is missing or cannot be.
    """
    wrong: list[Problem] = []
    figures = {name: _number(name, said.get(name), wrong) for name in (*NEEDED, *MORE)}
    name = str(said.get("region", "")).strip()[:60]
    if not name:
        wrong.append(Problem("region", msg("nothing"), msg("the name of the region")))
    past = _past(said.get("past") or {}, wrong)
    english = str(said.get("english", "")).strip()[:80]
    wrong += [
        Problem(needed, msg("nothing"), msg("a number"))
        for needed in NEEDED
        if said.get(needed) in (None, "")
        and not (needed == "industry" and said.get("secondary") not in (None, ""))
    ]
    base = figures["year"]
    if base is not None and not (FIRST <= base <= LAST and base.is_integer()):
        expected = msg("a year from {first} to {last}, as four digits", first=FIRST, last=LAST)
        wrong.append(Problem("year", f"{base:g}", expected))
    if wrong:
        raise ScenarioError(wrong)
    year, gdp, primary, ensure = (figures[each] for each in ("year", "gdp", "primary", "ensure"))
    assert year is not None and gdp is not None and primary is not None and ensure is not None
    more: dict[str, Any] = {each: figures[each] for each in ("industry", *MORE)}
    facts = Facts(
        region=name,
        year=int(year),
        gdp=gdp,
        primary=primary,
        ensure=ensure,
        english=english,
        past=past,
        **more,
    )
    folder = _SAFE.sub("-", english or name).strip("-_").lower() or "region"
    return f"{folder}-{int(year) + 1}", begin(facts)


def _past(said: Any, wrong: list[Problem]) -> dict[int, tuple[float | None, float | None]]:
    """Growth and target of years that are over, by year."""
    if not isinstance(said, Mapping) or not all(
        _YEAR.fullmatch(str(year)) and isinstance(pair, list) and len(pair) == 2
        for year, pair in said.items()
    ):
        wrong.append(Problem("past", f"{said!r:.80}", msg("growth and target by year")))
        return {}
    return {
        int(year): (_number(f"past.{year}", pair[0], wrong), _number(f"past.{year}", pair[1], wrong))
        for year, pair in said.items()
    }


def _number(name: str, said: Any, wrong: list[Problem]) -> float | None:
    """A figure as it was typed; None where nothing was, or none."""
    if said is None or said == "":
        return None
    try:
        value = float(str(said).replace(",", "").replace("，", "").replace("％", "").replace("%", ""))
    except ValueError:
        value = math.nan
    if value != value or abs(value) > 1e15:
        wrong.append(Problem(name, f'"{str(said)[:40]}"', msg("a number")))
        return None
    return value
