"""One colour, one meaning, in every form: tiers, reached and missed, the plan and other mixes, verdicts.

Chosen to differ in lightness, so that they part in grey print, and on the blue-yellow axis, so that they
part for readers who do not tell red from green. Text on white and ink on a verdict's ground have a contrast
of at least 4.5:1 (`tests/test_colours.py`).
"""

from __future__ import annotations

INK, SOFT, LINE, PALE, WHITE = "#1c2733", "#4f5d6b", "#c5ced8", "#eef2f6", "#ffffff"
"""Letters, letters that matter less, rules, grounds."""

ENTER = "#FFF6CC"
"""The ground of cells that a planner fills in."""

MINIMUM, STRETCH = "#1c2733", "#6a2c91"
"""The two tiers; a ceiling counts as the first."""

REACHED, MISSED = "#0b76b8", "#862f00"
"""A value or an effect on the wanted side, and on the other."""

PLAN, MIX, BEST = "#3d4a57", "#8a96a3", "#007f66"
"""The plan as written, other mixes, the optimiser's."""

REFERENCE = "#8a6d00"
"""The reference forecast."""

RANGES = ("#dbe8f2", "#bcd5e7", "#93bad8", "#5f97c2")
"""Bands of a projection, the widest first; of two bars of one thing the second and the last."""

SHADES = ("#eef4f8", "#14507d")
"""Nothing and the most, of what is told by a deepening colour."""

SERIES = (REACHED, MISSED, BEST, STRETCH, REFERENCE, MIX, INK)
"""Things side by side that have no meaning of their own."""

VERDICTS = {
    "plan": "#d6e9f5",
    "mix": "#e3efe0",
    "relaxed": "#fbeacb",
    "out": "#f6d9cb",
    "undecided": "#e6e8eb",
}
"""Grounds of verdicts by the name of the rung; the word always stands on it."""
