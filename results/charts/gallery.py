"""Every picture of a report; one more picture is one function and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...models.quantity import Bilingual
from ...models.words import msg
from ..tables.table import Table
from . import backtest, bars, chance_curves, fan, fields, gantt, mixes, places, sensitivity, sheet, waterfall
from .scene import Scene
from .words import Words


@dataclass(frozen=True)
class Chart:
    """A picture: what it shows, how it is drawn from the tables, None where they have nothing to draw, and
    its finding, which is its title; empty where there is none.

    ``needs`` names the columns it reads of each table: a run of another version that has not all of them has
    no such picture.
    """

    title: Bilingual
    draw: Callable[[Mapping[str, Table], Words], Scene | None]
    needs: Mapping[str, str]
    finding: Callable[[Mapping[str, Table], Words], str]


def _nothing(tables: Mapping[str, Table], words: Words) -> str:
    """Of a picture that has no finding of its own."""
    return ""


_ATTRIBUTED = "block item title unit year run group change level effect from to"

_TIERS = "tier tier_id threshold"

CHARTS: dict[str, Chart] = {
    "sheet": Chart(
        msg("Targets: median projection, 80 % range and what is asked"),
        sheet.growth_sheet,
        {
            "targets": "target title unit last expected q10 q90 ensure stretch at_most probability_ensure "
            "digits fine"
        },
        sheet.sheet_finding,
    ),
    "versus_sheet": Chart(
        msg("Targets of both runs: median projection, 80 % range and what is asked"),
        sheet.versus_sheet,
        {"versus_targets": "target title unit expected_1 expected_2 q10_1 q10_2"},
        sheet.versus_finding,
    ),
    "chances": Chart(
        msg("Probability of each tier (thin lines: 95 % sampling error)"),
        sheet.chances,
        {
            "targets": "target title probability_ensure error_ensure probability_stretch error_stretch "
            "probability_at_most error_at_most"
        },
        sheet.chances_finding,
    ),
    "price": Chart(
        msg("What a chance costs, the mix as planned (bands: 95 % sampling error)"),
        chance_curves.price_curve,
        {"price": "factor money more beyond", "verdict": f"target title {_TIERS}"},
        chance_curves.price_finding,
    ),
    "break_evens": Chart(
        msg("What would have to be true for each main target"),
        bars.break_even_bars,
        {"break_evens": "target title tier_id tier driver what unit now needed likelihood fine words"},
        bars.break_even_finding,
    ),
    "robust": Chart(
        msg("Price of certainty: least investment for a chance"),
        chance_curves.robust_curve,
        {"robust": "answer what mix_id asked money more fresh error"},
        chance_curves.robust_finding,
    ),
    "required": Chart(
        msg("Least investment that reaches each goal"),
        bars.required_bars,
        {"required": "answer what reach money plan_money more limit"},
        bars.required_finding,
    ),
    "selected": Chart(
        msg("Candidates: what starts and what is left out"),
        bars.selected_bars,
        {"select_starts": "project title start invest", "select_left": "project title invest"},
        bars.selected_finding,
    ),
    "explained": Chart(
        msg("What the plan gives beside what is required"),
        sheet.needs_sheet,
        {"explain_targets": "target title unit have need gap met digits fine"},
        sheet.needs_finding,
    ),
    "fan": Chart(
        msg("Main targets over the years"),
        fan.fans,
        {
            "fan": "target title year q10 q20 q30 q40 q50 q60 q70 q80 q90 over asked fine",
            "verdict": f"target {_TIERS}",
            "track": "id tier_id threshold",
            "past": "target year growth asked reference low high",
        },
        fan.fan_finding,
    ),
    "waterfall": Chart(
        msg("What each sector contributes to GDP growth"),
        waterfall.sectors_waterfall,
        {"sectors": "level sector title pull contribution"},
        waterfall.sectors_finding,
    ),
    "mixes": Chart(
        msg("Mixes compared: growth of the year, size at the end"),
        mixes.mix_bars,
        {"mixes": "mix title gdp_growth gdp_last_diff"},
        mixes.mixes_finding,
    ),
    "frontier": Chart(
        msg("This year's growth against size at the end (dashed: mixes that none beats in both)"),
        mixes.mix_field,
        {"mixes": "mix title gdp_growth gdp_last allowed"},
        _nothing,
    ),
    "trade_off": Chart(
        msg("What one indicator costs of the other: plans that none beats in both (numbers as in the table)"),
        mixes.frontier_points,
        {"frontier": "point"},
        _nothing,
    ),
    "gantt": Chart(
        msg("Named projects: planned and simulated"),
        gantt.gantt,
        {"projects": "project title invest planned_start planned_end started commissioned full_load"},
        gantt.gantt_finding,
    ),
    "delay_impact": Chart(
        msg("One project a quarter later: what it costs"),
        bars.delay_impacts,
        {"delay_impact": "project title effect"},
        bars.delay_finding,
    ),
    "tornado": Chart(
        msg("Key assumptions"),
        bars.tornado,
        {"key_assumptions": "number path effect", "tornado": "number path effect"},
        bars.tornado_finding,
    ),
    "sobol": Chart(
        msg("Where the variance comes from: Sobol' indices"),
        sensitivity.sobol_bars,
        {"sobol": "target target_title kind_id group title first first_error total total_error"},
        sensitivity.sobol_finding,
    ),
    "certainty": Chart(
        msg(
            "Price of certainty: what more of each lever does to the probability (bands: 95 % sampling error)"
        ),
        chance_curves.certainty_curves,
        {"certainty": f"lever_id lever target title {_TIERS} amount unit probability error digits"},
        chance_curves.certainty_finding,
    ),
    "reliability": Chart(
        msg("Reliability diagram"),
        fields.reliability,
        {"reliability": "given came_true count"},
        fields.reliability_finding,
    ),
    "pit": Chart(
        msg("Place in the forecast distribution"),
        backtest.pit_bars,
        {"pit": "share"},
        backtest.pit_finding,
    ),
    "by_year": Chart(
        msg("Reached, and probability given, by year"),
        backtest.year_dots,
        {"by_year": "year probability reached"},
        backtest.year_finding,
    ),
    "differences": Chart(
        msg("Differences to the five references"),
        backtest.score_bars,
        {"differences": "score forecast forecast_title value low high"},
        backtest.score_finding,
    ),
    "links": Chart(
        msg("Heat map of local inputs between sectors"),
        fields.links,
        {"coefficients": "sector title"},
        _nothing,
    ),
    "members_map": Chart(
        msg("Members where they lie, as large as their GDP"),
        places.members_map,
        {"province_members": "member title base growth"},
        places.map_finding,
    ),
    "gap": Chart(
        msg("Gap sheet: from the growth expected to the target"),
        waterfall.gap_waterfall,
        {"gap_sheet": "block level tier_id tier item title asked expected gap_yi gap"},
        waterfall.gap_finding,
    ),
    "difference": Chart(
        msg("What the difference comes from"),
        waterfall.difference_waterfall,
        {"attribution": _ATTRIBUTED},
        waterfall.difference_finding,
    ),
    "versus": Chart(
        msg("What the difference between the two comes from"),
        lambda tables, words: waterfall.difference_waterfall(
            {"attribution": tables["versus_attribution"]} if "versus_attribution" in tables else {}, words
        ),
        {"versus_attribution": _ATTRIBUTED},
        lambda tables, words: waterfall.difference_finding(tables, words, "versus_attribution"),
    ),
}


def caption_of(name: str, tables: Mapping[str, Table], lang: str) -> str:
    """What a picture says, as its title: its finding; what it shows where it has none."""
    chart = CHARTS[name]
    said = chart.finding(tables, Words(lang)) if _readable(chart, tables) else ""
    return said or chart.title.of(lang)


def drawn(name: str, tables: Mapping[str, Table], words: Words) -> Scene | None:
    """A picture by name; None where the tables have nothing for it."""
    chart = CHARTS.get(name)
    return chart.draw(tables, words) if chart is not None and _readable(chart, tables) else None


def _readable(chart: Chart, tables: Mapping[str, Table]) -> bool:
    """Whether each of its tables that is there has all the columns that it reads."""
    return all(
        set(columns.split()) <= {column.name for column in tables[table].columns}
        for table, columns in chart.needs.items()
        if table in tables
    )
