"""The rules that need more than one field: what must add up, follow, exist.

They run even where single fields are wrong, as far as the parts that they need are right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from . import (
    rules_actuals,
    rules_chains,
    rules_economy,
    rules_indicators,
    rules_projects,
    rules_targets,
    rules_uncertainty,
)
from .findings import Draft, Finding

RULES: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    rules_economy.years_follow,
    rules_economy.sectors_add_up,
    rules_economy.amounts_can_be_counted,
    rules_economy.income_exceeds_transfers,
    rules_economy.classes_are_whole,
    rules_economy.coefficients_fit,
    rules_economy.compositions_are_whole,
    rules_economy.funds_are_whole,
    rules_economy.gestation_is_whole,
    rules_economy.utilisation_is_ordered,
    rules_economy.farmland_refers,
    rules_economy.base_shares_add_up,
    rules_economy.mixes_add_up,
    rules_economy.plans_are_of_years,
    rules_projects.projects_refer,
    rules_projects.projects_follow_time,
    rules_projects.projects_add,
    rules_projects.limits_are_ordered,
    rules_projects.limits_are_of_years,
    rules_chains.chains_are_used_once,
    rules_chains.materials_are_known,
    rules_chains.materials_have_makers,
    rules_chains.values_are_derived_once,
    rules_chains.units_fit,
    rules_chains.names_are_used_once,
    rules_chains.processes_do_not_circle,
    rules_chains.routing_adds_up,
    rules_chains.recoveries_refer,
    rules_indicators.indicators_are_made,
    rules_indicators.limits_on_indicators,
    rules_targets.targets_are_known,
    rules_targets.tiers_are_ordered,
    rules_targets.spans_are_ahead,
    rules_targets.rows_can_stand_together,
    rules_targets.ranges_are_said,
    rules_targets.relations_refer,
    rules_targets.history_refers,
    rules_targets.later_years,
    rules_uncertainty.draws_are_powers,
    rules_uncertainty.shocks_refer,
    rules_uncertainty.correlations_fit,
    rules_actuals.figures_refer,
    rules_actuals.figures_agree,
    rules_actuals.outlook_is_now,
    rules_actuals.progress_refers,
)


def broken_rules(draft: Draft) -> Iterator[Finding]:
    """Every rule that does not hold."""
    for rule in RULES:
        yield from rule(draft)
