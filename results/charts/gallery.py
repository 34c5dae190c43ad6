"""Every picture of a report; one more picture is one function and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...models.quantity import Bilingual
from ...models.words import msg
from ..tables.table import Table
from .bars import delay_impacts, tornado
from .fan import fans
from .fields import links, reliability
from .gantt import gantt
from .mixes import frontier_points, mix_bars, mix_field
from .scene import Scene
from .sensitivity import certainty_curves, sobol_bars
from .sheet import chances, growth_sheet
from .waterfall import difference_waterfall, gap_waterfall, sectors_waterfall
from .words import Words


@dataclass(frozen=True)
class Chart:
    """A picture: its caption, and how it is drawn from the tables; None where they have nothing to draw.

    ``needs`` names the columns it reads of each table: a run of another version that has not all of them has
    no such picture.
    """

    title: Bilingual
    draw: Callable[[Mapping[str, Table], Words], Scene | None]
    needs: Mapping[str, str]


_ATTRIBUTED = "block item title unit year run group change level effect from to"

CHARTS: dict[str, Chart] = {
    "sheet": Chart(
        msg("Targets: expected values and both tiers"),
        growth_sheet,
        {"targets": "target title unit gap expected ensure stretch at_most digits fine"},
    ),
    "chances": Chart(
        msg("Probability of each tier (thin lines: 95 % sampling error)"),
        chances,
        {
            "targets": "target title probability_ensure error_ensure probability_stretch error_stretch "
            "probability_at_most error_at_most"
        },
    ),
    "fan": Chart(
        msg("Main targets over the years"),
        fans,
        {
            "fan": "target title year central q05 q25 q50 q75 q95 fine",
            "verdict": "target tier tier_id threshold",
        },
    ),
    "waterfall": Chart(
        msg("What each sector pulls of GDP growth"),
        sectors_waterfall,
        {"sectors": "level sector title pull contribution"},
    ),
    "mixes": Chart(
        msg("Mixes compared: growth of the year, size at the end"),
        mix_bars,
        {"mixes": "mix title gdp_growth gdp_last_diff"},
    ),
    "frontier": Chart(
        msg("This year's growth against size at the end (dashed: mixes that none beats in both)"),
        mix_field,
        {"mixes": "mix title gdp_growth gdp_last allowed"},
    ),
    "trade_off": Chart(
        msg("What one indicator costs of the other: plans that none beats in both (numbers as in the table)"),
        frontier_points,
        {"frontier": "point"},
    ),
    "gantt": Chart(
        msg("Named projects: planned and simulated"),
        gantt,
        {"projects": "project title planned_start planned_end started commissioned full_load"},
    ),
    "delay_impact": Chart(
        msg("One project a quarter later: what it costs"),
        delay_impacts,
        {"delay_impact": "project title effect"},
    ),
    "tornado": Chart(
        msg("Key assumptions"),
        tornado,
        {"key_assumptions": "number path effect", "tornado": "number path effect"},
    ),
    "sobol": Chart(
        msg("Where the variance comes from: Sobol' indices"),
        sobol_bars,
        {"sobol": "target target_title kind_id group title first first_error total total_error"},
    ),
    "certainty": Chart(
        msg(
            "Price of certainty: what more of each lever does to the probability (bands: 95 % sampling error)"
        ),
        certainty_curves,
        {
            "certainty": "lever_id lever target title tier_id tier threshold amount unit probability error "
            "digits"
        },
    ),
    "reliability": Chart(
        msg("Reliability diagram"),
        reliability,
        {"reliability": "given came_true count"},
    ),
    "links": Chart(
        msg("Heat map of local inputs between sectors"),
        links,
        {"coefficients": "sector title"},
    ),
    "gap": Chart(
        msg("Gap sheet: from the growth expected to the target"),
        gap_waterfall,
        {"gap_sheet": "block level tier_id tier item title asked expected gap_yi gap"},
    ),
    "difference": Chart(
        msg("What the difference comes from"),
        difference_waterfall,
        {"attribution": _ATTRIBUTED},
    ),
    "versus": Chart(
        msg("What the difference between the two comes from"),
        lambda tables, words: difference_waterfall(
            {"attribution": tables["versus_attribution"]} if "versus_attribution" in tables else {}, words
        ),
        {"versus_attribution": _ATTRIBUTED},
    ),
}


def caption_of(name: str, tables: Mapping[str, Table], lang: str) -> str:
    """What a picture says, as its title."""
    return CHARTS[name].title.of(lang)


def drawn(name: str, tables: Mapping[str, Table], words: Words) -> Scene | None:
    """A picture by name; None where the tables have nothing for it."""
    chart = CHARTS.get(name)
    if chart is None or not all(
        set(columns.split()) <= {column.name for column in tables[table].columns}
        for table, columns in chart.needs.items()
        if table in tables
    ):
        return None
    return chart.draw(tables, words)
