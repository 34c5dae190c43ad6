"""Streams of identical projects for the laws of commissioning: one is begun every year, and all are listed
that matter."""

from __future__ import annotations

from typing import Any


def month_text(month: int, base: int) -> str:
    """Month 0 is January of the year after the base year."""
    return f"{base + 1 + month // 12}-{month % 12 + 1:02d}"


def stream(
    sector: str,
    invest: float,
    adds: dict[str, Any],
    *,
    length: int,
    slip: int = 0,
    ramp_up: int = 0,
    phase: int = 0,
    registration: int = 0,
    base: int = 2020,
    years: int = 4,
    name: str = "p",
) -> dict[str, Any]:
    """Projects begun in month ``phase`` of every year, from those not at full load through the whole base
    year on.

    Each takes ``length`` months by plan, ``slip`` more in fact, in the past as in the future.
    """
    found: dict[str, Any] = {}
    shared = {
        "title": name,
        "sector": sector,
        "invest": invest,
        "adds": adds,
        "slip": slip,
        "months": {"approval": 0, "registration": registration, "construction": length, "ramp_up": ramp_up},
    }
    for begin in range(phase - 12 * 40, 12 * years, 12):
        end = begin + length + slip
        if end + ramp_up <= -12:
            continue
        own = {**shared, "start": month_text(begin, base), "stage": "approved" if begin >= 0 else "started"}
        if end <= 0 and begin < 0:
            own |= {"stage": "commissioned", "finish": month_text(end - 1, base)}
        found[f"{name}{len(found)}"] = own
    return found
