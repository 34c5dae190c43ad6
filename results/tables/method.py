"""The method in two pages: how numbers become a verdict, step by step (方法说明)."""

from __future__ import annotations

from typing import NamedTuple

from ...models.quantity import Bilingual
from ...models.words import in_terms, msg
from .table import Column, Table, declare, every


class _Step(NamedTuple):
    step: Bilingual
    how: Bilingual
    source: str | None = None


def _steps() -> tuple[_Step, ...]:
    """The steps in order, in the words of the region in hand."""
    return (
        _Step(
            msg("Accounts of the base year"),
            msg(
                "The national input-output table, scaled to each sector's value added, gives local output,"
                " intermediate inputs, final uses, purchases from and sales to outside; sector by sector"
                " output equals its uses to 1e-9. The loop from income to consumption is inside."
            ),
            "Miller & Blair (2009), ch. 2, 3, 6",
        ),
        _Step(
            msg("Demand"),
            msg(
                "Outside markets grow at their trends; government and household consumption and investment"
                " are stated or follow; local input-output links carry them to every sector."
            ),
            "Miller & Blair (2009), ch. 2",
        ),
        _Step(
            msg("Supply"),
            msg(
                "Capacity is last year's less scrapping plus what comes on line; investment becomes"
                " capacity over its gestation, named projects by their own dates and ramp-up. Agriculture"
                " supplies what it can. Process chains are computed step by step from material balances,"
                " recoveries and capacity."
            ),
            "OECD (2009), Measuring Capital",
        ),
        _Step(
            msg("The short side"),
            msg(
                "Every sector makes the smaller of demand and capacity, iterated until all agree: where"
                " one is held, those before and after it make less."
            ),
            "Bénassy (1982); fixed point of min(demand, capacity)",
        ),
        _Step(
            msg("Pipeline of projects"),
            msg(
                "Projects pass approval, start, registration, commissioning and full load; they queue for"
                " desks, builders and money (discrete-event simulation). Each month's investment counts in"
                " its year."
            ),
            "SimPy; Banks et al. (2010)",
        ),
        _Step(
            msg("Verdict"),
            msg(
                "The plan is simulated first; where it misses, the best mix and start dates"
                " within the limits are sought (linear programme) and simulated; then the"
                " least-cost relaxation; where even full relaxation misses, a bound is given."
                " Only simulated values are reported, the solver's value beside them. Values are"
                " rounded to the target's digits before they are compared."
            ),
            "Dantzig (1963); HiGHS, GLPK",
        ),
        _Step(
            msg("Contribution to growth and share of growth"),
            msg(
                "Contribution to growth = increment of a sector over last year's GDP; share of"
                " growth = its increment over that of GDP; share × growth = contribution. Printed"
                " digits add up by the largest remainder."
            ),
            "Balinski & Young (1982)",
        ),
        _Step(
            msg("Probability"),
            msg(
                "Numbers with bounds or distributions and yearly shocks (national, provincial, own, by"
                " sector) are drawn together (randomised quasi-Monte Carlo) and the plan is simulated in"
                " thousands of futures; a probability is the share that reaches, its error that over"
                " independent scramblings."
            ),
            "Owen (1998); L'Ecuyer (2018)",
        ),
        _Step(
            msg("Uncertainty and key assumptions"),
            msg(
                "What half of each number's range does to the first main target, to first order, the largest"
                " first; with draws also a decomposition of variance."
            ),
            "Saltelli et al. (2008)",
        ),
        _Step(
            msg("Gap sheet"),
            msg(
                "By sector: those with a growth row of their own are asked that rate, all others"
                " the same number of points more than projected, so that the whole comes to the"
                " target; by cause: the expected delay is taken from one project at a time. Both"
                " divisions add up exactly."
            ),
        ),
        _Step(
            msg("Delay impact of projects"),
            msg(
                "Each named project not yet commissioned comes a quarter later; changes of growth, money and"
                " probability are reported."
            ),
        ),
        _Step(
            msg("Comparing scenarios"),
            msg(
                "The difference of two scenarios is attributed to groups of changes by Shapley values:"
                " averaged over all orders, adding up exactly."
            ),
            "Shapley (1953); Shorrocks (2013)",
        ),
        _Step(
            msg("What it does not answer"),
            msg(
                "It foretells no sudden policies or single events; linked rows come from fitted relations"
                " and are only indicative; what nobody publishes is an assumption with its reason and"
                " range, and those that matter most stand under uncertainty and key assumptions."
            ),
        ),
    )


def method() -> Table:
    """The steps in order, with their source."""
    columns = (
        Column("step", msg("Step"), value=lambda row: in_terms(row.step)),
        Column("how", msg("How it is done"), value=lambda row: in_terms(row.how)),
        Column("source", msg("Literature")),
    )
    note = msg("Every equation with its source stands in the documentation.")
    return declare("method", msg("Method"), columns, _steps(), ("step",), note, every)
