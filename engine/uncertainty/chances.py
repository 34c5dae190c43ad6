"""Verdicts with their chances."""

from __future__ import annotations

from dataclasses import replace

from ..decide.assess import Assessment
from .ensemble import Ensemble


def with_chances(assessment: Assessment, found: Ensemble) -> Assessment:
    """Every tier with the probability that the plan reaches it, and every whole sheet with that of all tiers
    together."""
    outcomes = []
    for outcome in assessment.outcomes:
        chance = found.probability(outcome.target.id, outcome.tier)
        outcomes.append(replace(outcome, probability=chance.value, error=chance.error))
    sheets = []
    for sheet in assessment.sheets:
        chance = found.joint(sheet.tier)
        sheets.append(replace(sheet, probability=chance.value, error=chance.error))
    return replace(assessment, outcomes=tuple(outcomes), sheets=tuple(sheets))
