"""Causes of doubt: every input belongs to one, by its path, whatever the region (不确定性的来源)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .inputs import DRIFT, PARTS

SECTOR = "sectors."
"""Beginning of the cause of a shock to one sector or group: its key follows."""

LUCK = "luck"
"""What the pipeline of projects draws by itself: cancellations, and how unnamed projects differ."""

DRIFT_CAUSE = "drift"
"""Changes for good of growth's level that a country or a province shares."""

_SHOCK = re.compile(r"uncertainty\.shocks\.(sectors\.)?([^.]+)\.")
RULES: tuple[tuple[str, str], ...] = (
    ("chain_prices", r"chains\.[^.]+\.materials\.[^.]+\.(\d{4}$|price|long_run_price)"),
    ("markets", r"(sectors|chains)\..*\.(market|visitors)\."),
    ("prices", r"prices\.|sectors\..*(\.|_)price(_growth)?$"),
    ("timing", r"(projects|pool)\..*(months\.|slip$|cancel$|earlier$)|pipeline\."),
    ("projects", r"(projects|pool)\."),
    ("money", r"investment\.|funds\.|accounts\.fai$"),
    (
        "demand",
        r"demand\.|accounts\.(transfers|disposable_income|household_consumption|government_consumption)$"
        r"|sectors\.[^.]+\.demand$",
    ),
    ("land", r"sectors\.[^.]+\.(crops|farmland)\.|sectors\.[^.]+\.trend$"),
    (
        "capacity",
        r"sectors\.[^.]+\.(capacity\.|output_per_yuan$|gestation)|chains\.[^.]+\.(processes|recovery)",
    ),
    ("indicators", r"indicators\."),
    ("relations", r"relations\."),
    ("links", r"national\.|accounts\.|sectors\.|chains\.|targets\."),
)
"""Cause and the paths that belong to it; the first that fits counts."""

_RULES = tuple((cause, re.compile(pattern)) for cause, pattern in RULES)


def cause_of(name: str) -> str:
    """Cause that an input belongs to.

    >>> cause_of("uncertainty.shocks.national.2024"), cause_of("uncertainty.shocks.sectors.secondary.2025")
    ('national', 'sectors.secondary')
    >>> cause_of("projects.bridge.months.construction"), cause_of("projects.bridge.invest")
    ('timing', 'projects')
    >>> cause_of("uncertainty.shocks.national.drift.2025"), cause_of("uncertainty.shocks.own.drift.2025")
    ('drift', 'own')
    """
    shock = _SHOCK.match(name)
    if shock and not shock[1] and shock[2] in PARTS[:2] and f".{DRIFT}." in name:
        return DRIFT_CAUSE
    if shock:
        return f"{SECTOR}{shock[2]}" if shock[1] or shock[2] not in PARTS else shock[2]
    return next((cause for cause, rule in _RULES if rule.match(name)), "other")


def by_cause(names: Iterable[str]) -> dict[str, list[str]]:
    """Inputs by cause, in the order of the inputs."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(cause_of(name), []).append(name)
    return found


def until(names: Iterable[str], year: int) -> list[str]:
    """Inputs that a calendar year can know of: surprises of later years are left out."""
    return [name for name in names if not (later := re.search(r"\.(\d{4})$", name)) or int(later[1]) <= year]
