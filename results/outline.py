"""Chapters of a report in the order in which a planner asks: every form of the report follows this one
list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

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
        ("price", "break_evens"),
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
        ("sobol", "tornado", "certainty", "reliability"),
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
        ("versus",),
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

KINDS: tuple[tuple[str, Bilingual], ...] = (
    ("required", msg("Least investment for each target")),
    ("robust", msg("What each chance costs at the best mix")),
    ("frontier", msg("What one aim costs of another")),
    ("select_starts", msg("Which projects to start, and when")),
    ("network_totals", msg("The least-cost process network")),
    ("chain_best", msg("The best use of the process chain")),
    ("explain_targets", msg("Why targets conflict, and what would resolve it")),
    ("sobol", msg("What the answer depends on")),
    ("tornado", msg("What the answer depends on")),
    ("long_view", msg("The long view")),
    ("brier_parts", msg("Forecasts against what came true")),
    ("runs", msg("Scenarios compared")),
)
"""What an analysis is called, by a table that only it has."""

ORDER: tuple[str, ...] = tuple(name for chapter in CHAPTERS for name in chapter.tables)
"""Tables in the order of the chapters."""

_OTHERS = Chapter("others", msg("Further tables"))
_BEHIND = ("sources", "method", "glossary", "numbers")
"""Chapters that explain: what was found stands before them."""


def chapters(tables: Iterable[str]) -> list[tuple[Chapter, list[str]]]:
    """Chapters of which there is a table, each with the names of its tables; tables of no chapter come last
    of what was found, under what the answer is called."""
    there = dict.fromkeys(tables)
    found = [(chapter, [name for name in chapter.tables if name in there]) for chapter in CHAPTERS]
    others = [name for name in there if name not in ORDER]
    found = [(chapter, names) for chapter, names in found if names]
    at = next((at for at, (chapter, _) in enumerate(found) if chapter.id in _BEHIND), len(found))
    own = replace(_OTHERS, title=kind_of(there) or _OTHERS.title)
    return [*found[:at], *([(own, others)] if others else []), *found[at:]]


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


def kind_of(tables: Collection[str]) -> Bilingual | None:
    """What an answer to another question than the target sheet is called; None of a run that answers that.

    >>> kind_of({"summary", "verdict", "long_view"}) is None, str(kind_of({"summary", "long_view"}))
    (True, '长期视角')
    """
    if "verdict" in tables:
        return None
    return next((title for name, title in KINDS if name in tables), None)
