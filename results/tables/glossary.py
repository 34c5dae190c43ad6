"""Words of a report and what they mean here, in both languages (名词解释)."""

from __future__ import annotations

from ...models.money import money_in_use
from ...models.quantity import Bilingual
from ...models.words import in_terms, msg, terms_in_use
from .table import Column, Table, declare, every

_INDUSTRY = msg("Above-scale industry", context="glossary")
_ENTRIES: dict[Bilingual, Bilingual] = {
    msg("Value added", context="glossary"): msg(
        "Output less intermediate inputs; over all sectors it adds up to GDP."
    ),
    msg("Real growth", context="glossary"): msg(
        "Growth at prices of the base year; rates of the target sheet are real unless said otherwise."
    ),
    msg("Share of growth", context="glossary"): msg(
        "Increment of a sector over the increment of GDP, %; adds up to 100."
    ),
    msg("Contribution to growth", context="glossary"): msg(
        "Increment of a sector over last year's GDP, percentage points; adds up to GDP"
        " growth. Share of growth × growth = contribution to growth."
    ),
    _INDUSTRY: msg("Value added of industrial firms with a yearly turnover of CNY 20m or more."),
    msg("Fixed-asset investment", context="glossary"): msg(
        "Investment carried out in a year at current prices, as statistical bulletins count it."
    ),
    msg("Minimum / stretch target", context="glossary"): msg(
        "Two tiers of one target: what must be ensured, and what is striven for."
    ),
    msg("Reached by the plan", context="glossary"): msg(
        "The plan as written reaches the tier with at least the chance asked for (one half unless stated)."
    ),
    msg("Reached by another mix", context="glossary"): msg(
        "Within every limit another mix of investment (and allowed start dates) has at least the"
        " chance asked for."
    ),
    msg("Feasible only if a constraint is relaxed", context="glossary"): msg(
        "One or more limits must be relaxed; what is shown has the least weight at the prices stated."
    ),
    msg("Not feasible within the limits", context="glossary"): msg(
        "Even with every limit relaxed as far as allowed the chance stays below the confidence asked"
        " for; the highest chance found is shown."
    ),
    msg("Median projection", context="glossary"): msg(
        "The median of the plan's futures; of the central case where nothing was drawn."
    ),
    msg("Gap", context="glossary"): msg(
        "Target less the median projection; money at prices of the base year."
    ),
    msg("Marginal effect", context="glossary"): msg(
        "At the optimum, what one more unit of a limit adds to the target (shadow price)."
    ),
    msg("Binding constraint", context="glossary"): msg(
        "The short side decides a sector's output: capacity, demand, supply, market or feed."
    ),
    msg("Mix of investment", context="glossary"): msg("Shares of the year's investment among sectors."),
    msg("Carry-over", context="glossary"): msg(
        "Capacity that earlier years' investment brings this year: works finished and ramping up."
    ),
    msg("Ramp-up", context="glossary"): msg("Months between commissioning and full load."),
    msg("Linked row*", context="glossary"): msg(
        "Not modelled itself but read off others by a fitted relation; large residuals, only indicative."
    ),
    msg("Stated only", context="glossary"): msg(
        "A row of the sheet that is not modelled: shown, not judged."
    ),
    msg("Numbers out of the ordinary", context="glossary"): msg(
        "Numbers that are allowed and beyond the usual range, mostly a wrong unit or a"
        " copying mistake; they are reported and change nothing."
    ),
    msg("Assumption", context="glossary"): msg(
        "A value that nobody publishes, with its reason; those with bounds enter the sources of uncertainty."
    ),
    msg("Share of variance", context="glossary"): msg(
        "Part of the outcome's variance that a cause explains by itself; all causes and the rest add"
        " up to 100 %."
    ),
    msg("Total effect", context="glossary"): msg(
        "Part of the variance that stays when everything else is known (Sobol' index)."
    ),
    msg("Coverage / density", context="glossary"): msg(
        "Part of all misses that a box of futures holds / part of the box's futures that miss."
    ),
    msg("Regret", context="glossary"): msg(
        "Difference between the mix chosen and the best mix of that future."
    ),
    msg("Probability / standard error", context="glossary"): msg(
        "Share of simulations over the ranges of the numbers that reach the tier; the standard error"
        " is that of sampling."
    ),
}


def glossary(industry: bool = True) -> Table:
    """The words of a report, one row each; that of above-scale industry where the report has such
    ``industry``."""
    columns = (
        Column("term", msg("Term"), value=in_terms),
        Column("meaning", msg("Meaning"), value=lambda term: in_terms(_ENTRIES[term])),
    )
    chinese = money_in_use().currency == "CNY" and "above_scale" not in dict(terms_in_use())
    rows = [term for term in _ENTRIES if (industry and chinese) or term != _INDUSTRY]
    return declare("glossary", msg("Glossary"), columns, rows, ("term",), brief=every)
