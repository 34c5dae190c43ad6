"""Everything that a run found out, as tables in the order in which a planner asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.diagnose.audit import audit
from .tables.audit import audit_table
from .tables.chain import chain_tables
from .tables.chances import fan, probabilities
from .tables.changes import changes
from .tables.checks import checks
from .tables.decisions import break_evens_table, decisions_table
from .tables.delay_impact import delay_impact_table
from .tables.fixes import fix_plans, fixes
from .tables.gap import gap_sheet
from .tables.hints import hints_table
from .tables.inherited import inherited_table, of_answer
from .tables.key_assumptions import key_assumptions
from .tables.level import level_table, record_table
from .tables.limits import binding, limits
from .tables.longview import long_tables
from .tables.mixes import levers, mix_shares, mix_years, mixes
from .tables.mixes_uncertain import mixes_uncertain_table
from .tables.money import funds, investment, money
from .tables.multipliers import coefficient_table, multiplier_table
from .tables.numbers import numbers, sources
from .tables.past import past
from .tables.plausibility import plausibility_table
from .tables.price import price_table
from .tables.projects import months, pool, projects
from .tables.quick_look import quick_tables
from .tables.sectors import sectors
from .tables.summary import summary
from .tables.table import Table
from .tables.uncertainty_drivers import uncertainty_drivers_table
from .tables.verdict import targets, verdict
from .tables.years import indicators, levels

if TYPE_CHECKING:
    from ..engine.run import Answer


def tables(answer: Answer) -> dict[str, Table]:
    """All tables of a run by name; those of which the scenario has nothing to say are left out."""
    made = [
        verdict(answer),
        decisions_table(answer),
        price_table(answer),
        break_evens_table(answer),
        *quick_tables(answer).values(),
        targets(answer),
        probabilities(answer),
        fan(answer),
        past(answer),
        fixes(answer),
        fix_plans(answer),
        sectors(answer),
        mixes(answer),
        mix_shares(answer),
        mix_years(answer),
        mixes_uncertain_table(answer, answer.mixes_on_draws),
        levers(answer),
        binding(answer),
        limits(answer),
        investment(answer),
        funds(answer),
        *_works(answer),
        *chain_tables(answer).values(),
        indicators(answer),
        levels(answer),
        level_table(answer),
        record_table(answer),
        uncertainty_drivers_table(answer),
        key_assumptions(answer),
        audit_table(audit(answer.scenario, answer.economy, answer.sheet), answer.scenario),
        multiplier_table(answer.economy),
        coefficient_table(answer.economy),
        gap_sheet(answer),
        *long_tables(answer.long).values(),
        checks(answer),
        sources(answer),
        inherited_table(answer.loaded, of_answer(answer)),
        plausibility_table(answer),
        hints_table(answer),
        numbers(answer),
    ]
    found = {
        table.name: table for table in made if table is not None and (table.rows or table.name in _ALWAYS)
    }
    return {"summary": summary(answer, found), **found}


# Tables that say something by being empty: no fix, nothing that binds.
_ALWAYS = ("verdict", "targets", "fixes", "binding")


def _works(answer: Answer) -> list[Table | None]:
    """Tables of the pipeline, where anything passes through it by name."""
    if not answer.plan.pipeline_run.projects and answer.scenario.pool is None:
        return []
    return [
        delay_impact_table(answer),
        changes(answer),
        projects(answer),
        pool(answer),
        money(answer),
        months(answer),
    ]
