"""Chapters of a report in the order in which a planner asks: every form of the report follows this one
list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..models.quantity import Bilingual
from ..models.words import msg
from .text.locales import locale


@dataclass(frozen=True)
class Chapter:
    """A chapter: which sentences open it, which tables and pictures stand in it.

    Attributes
    ----------
    lines
        Sentences of the table ``summary`` by id.
    tables, charts
        By name; those that a run does not have are left out.
    annex
        Whether it stands behind the report proper.
    table_first
        Whether its first table stands before its pictures.
    """

    id: str
    title: Bilingual
    lines: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    annex: bool = False
    table_first: bool = False


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "compared",
        msg("Scenarios compared"),
        ("why",),
        ("runs", "inputs", "headlines", "attribution"),
        ("difference",),
    ),
    Chapter(
        "verdict",
        msg("Verdict", context="outline"),
        (),
        ("summary", "verdict", "decisions", "price", "break_evens"),
        ("price", "break_evens", "robust", "required", "selected", "explained"),
    ),
    Chapter(
        "targets",
        msg("Target sheet"),
        ("linked",),
        ("targets", "probabilities", "fan", "past"),
        ("sheet", "chances", "fan"),
        table_first=True,
    ),
    Chapter(
        "sources_of_growth",
        msg("Sources of growth: contribution and pull"),
        (),
        ("sectors", "chain", "materials", "recovery", "indicators"),
        ("waterfall",),
    ),
    Chapter(
        "mixes",
        msg("Investment mixes compared"),
        ("mixes", "rivals", "turns"),
        (
            "mixes",
            "mixes_uncertain",
            "mix_shares",
            "mix_years",
            "levers",
            "frontier",
            "frontier_mix",
            "frontier_near",
            "frontier_ranges",
        ),
        ("mixes", "frontier", "trade_off"),
    ),
    Chapter(
        "binding",
        msg("Binding constraints and what it would take"),
        ("binding", "limits", "cheapest"),
        ("binding", "limits", "fixes", "fix_plans"),
        (),
    ),
    Chapter(
        "projects",
        msg("Projects"),
        ("projects", "sooner"),
        (
            "delay_impact",
            "delay_impact_draws",
            "changes",
            "projects",
            "pool",
            "money",
            "months",
            "investment",
            "funds",
        ),
        ("gantt", "delay_impact"),
        table_first=True,
    ),
    Chapter(
        "uncertainty",
        msg("Uncertainty and key assumptions"),
        ("level", "record", "uncertainty_drivers", "assumptions"),
        (
            "level",
            "uncertainty_drivers",
            "key_assumptions",
            "sobol",
            "tornado",
            "boxes",
            "certainty",
            "certainty_levels",
            "reliability",
        ),
        ("sobol", "tornado", "certainty", "reliability", "pit", "by_year", "differences"),
    ),
    Chapter(
        "long",
        msg("The long view"),
        ("long_view",),
        ("long_view", "long_years", "long_sources", "long_turns"),
        (),
    ),
    Chapter(
        "versus",
        msg("Baseline against stretch"),
        ("why",),
        ("versus_runs", "versus_headlines", "versus_targets", "versus_inputs", "versus_attribution"),
        ("versus_sheet", "versus"),
    ),
    Chapter("gap", msg("Gap sheet"), ("gap",), ("gap_sheet",), ("gap",)),
    Chapter("fit", msg("Do the targets fit one another"), (), ("audit",), ()),
    Chapter(
        "sources",
        msg("Assumptions and sources"),
        ("sources", "odd", "hints", "checks"),
        ("sources", "plausibility", "hints", "checks", "multipliers", "coefficients"),
        ("links",),
        table_first=True,
    ),
    Chapter("method", msg("Method", context="outline"), (), ("method",), ()),
    Chapter("glossary", msg("Glossary"), (), ("glossary",), ()),
    Chapter(
        "numbers",
        msg("Annex: every number and assumption"),
        (),
        ("numbers",),
        (),
        annex=True,
    ),
)

ORDER: tuple[str, ...] = tuple(name for chapter in CHAPTERS for name in chapter.tables)
"""Tables in the order of the chapters."""

_OTHERS = Chapter("others", msg("Further tables"))


def chapters(tables: Iterable[str]) -> list[tuple[Chapter, list[str]]]:
    """Chapters of which there is a table, each with the names of its tables; tables of no chapter come
    last."""
    there = dict.fromkeys(tables)
    found = [(chapter, [name for name in chapter.tables if name in there]) for chapter in CHAPTERS]
    others = [name for name in there if name not in ORDER]
    found = [(chapter, names) for chapter, names in found if names]
    at = next((at for at, (chapter, _) in enumerate(found) if chapter.annex), len(found))
    return [*found[:at], *([(_OTHERS, others)] if others else []), *found[at:]]


def lines_of(chapter: Chapter, told: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """Label and text of the sentences that open a chapter; one id stands for all that begin with it."""
    return [
        said
        for line in chapter.lines
        for key, said in told.items()
        if key == line or key.startswith(f"{line}_")
    ]


def numbered(at: int, chapter: Chapter, lang: str) -> str:
    """The heading of the chapter at a place: 一、 or 1.; an annex has no number.

    >>> numbered(10, CHAPTERS[0], "zh")
    '十一、方案对照'
    """
    title = chapter.title.of(lang)
    return title if chapter.annex else locale(lang).heading(at + 1) + title
