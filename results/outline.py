"""Chapters of a report in the order in which a planner asks: every form of the report follows this one
list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

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
        msg("Sources of growth: contributions and shares"),
        (),
        ("sectors", "chain", "materials", "recovery", "indicators", "levels"),
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
        "quick",
        msg("Quick look: what a small change does"),
        (),
        ("quick_look", "quick_answers", "quick_chances", "quick_typed"),
        (),
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
        "track",
        msg("The year under way"),
        (),
        ("track", "track_rest", "track_years", "track_news", "track_money", "track_figures"),
        (),
    ),
    Chapter(
        "province",
        msg("A province of regions"),
        (),
        (
            "province_targets",
            "province_members",
            "province_proposed",
            "province_accounts",
            "province_doubt",
            "province_trade",
            "province_plans",
            "province_division",
        ),
        ("members_map",),
    ),
    Chapter(
        "long",
        msg("The long view"),
        ("apart", "accounts"),
        ("long_view", "long_accounts", "long_years", "long_sources", "long_turns"),
        (),
    ),
    Chapter(
        "versus",
        msg("Baseline against stretch"),
        ("why",),
        (
            "versus_front",
            "versus_decisions",
            "versus_runs",
            "versus_headlines",
            "versus_targets",
            "versus_inputs",
            "versus_attribution",
        ),
        ("versus_sheet", "versus"),
    ),
    Chapter("gap", msg("Gap sheet"), ("gap",), ("gap_sheet",), ("gap",)),
    Chapter("fit", msg("Do the targets fit one another"), (), ("audit",), ()),
    Chapter(
        "sources",
        msg("Assumptions and sources"),
        ("inherited", "sources", "odd", "hints", "checks"),
        ("inherited", "sources", "plausibility", "hints", "checks", "multipliers", "coefficients"),
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


@dataclass(frozen=True)
class Brief:
    """A chapter of the document, which prints what decides and leaves the rest to the workbook and the page.

    Attributes
    ----------
    title
        Of the chapter.
    lines
        Sentences of the table ``summary`` by id.
    tables
        By name, each with at most how many rows.
    charts
        Pictures by name: those that say more than its tables and can be read at the width of a page.
    annex
        Whether it stands behind the report proper.
    table_first
        Whether its first table stands before its pictures.
    """

    title: Bilingual
    lines: tuple[str, ...] = ()
    tables: Mapping[str, int] = field(default_factory=dict)
    charts: tuple[str, ...] = ()
    annex: bool = False
    table_first: bool = False


_TITLES = {chapter.id: chapter.title for chapter in CHAPTERS}
DOCUMENT: tuple[Brief, ...] = (
    Brief(_TITLES["verdict"], (), {"verdict": 12, "versus_decisions": 10, "decisions": 8}),
    Brief(
        _TITLES["versus"],
        (),
        {"versus_headlines": 14, "versus_targets": 12, "versus_attribution": 12},
        ("versus_sheet",),
    ),
    Brief(_TITLES["targets"], ("chances", "linked"), {"targets": 24}, ("sheet", "fan"), table_first=True),
    Brief(msg("What each chance costs"), (), {"price": 13, "break_evens": 9}, ("price",), table_first=True),
    Brief(_TITLES["sources_of_growth"], (), {"sectors": 40, "chain": 12}),
    Brief(_TITLES["mixes"], ("mixes", "rivals", "turns"), {"mixes": 8, "mixes_uncertain": 8}),
    Brief(_TITLES["binding"], ("limits", "cheapest"), {"binding": 8, "limits": 10, "fixes": 8}),
    Brief(_TITLES["projects"], ("projects", "sooner"), {"delay_impact": 6}, ("gantt",), table_first=True),
    Brief(_TITLES["uncertainty"], ("level",), {"uncertainty_drivers": 8}),
    Brief(_TITLES["gap"], ("gap",), {"gap_sheet": 30}),
    Brief(
        msg("How good it is"),
        ("record",),
        {"reliability": 10, "key_assumptions": 5},
        ("reliability",),
        table_first=True,
    ),
    Brief(msg("Sources"), ("inherited", "sources"), {"inherited": 24, "sources": 12}, annex=True),
    Brief(_TITLES["method"], (), {"method": 10}, annex=True),
    Brief(msg("The numbers that matter most"), (), {"numbers": 7}, annex=True),
)
"""The document of a run that answers the target sheet, after its first page and what to do."""

TRACKED: tuple[Brief, ...] = (
    Brief(
        _TITLES["track"],
        (),
        {"track": 12, "track_rest": 8, "track_years": 8, "track_money": 12, "track_figures": 12},
        ("fan",),
        table_first=True,
    ),
)
"""The document of the year under way: two pages."""

KINDS: tuple[tuple[str, Bilingual], ...] = (
    ("required", msg("Least investment for each target")),
    ("robust", msg("What each chance costs at the best mix")),
    ("frontier", msg("What one aim costs of another")),
    ("select_starts", msg("Which projects to start, and when")),
    ("province_members", msg("A province of regions")),
    ("network_totals", msg("The least-cost process network")),
    ("chain_best", msg("The best use of the process chain")),
    ("explain_targets", msg("Why targets conflict, and what would resolve it")),
    ("sobol", msg("What the answer depends on")),
    ("tornado", msg("What the answer depends on")),
    ("long_view", msg("The long view")),
    ("track", msg("The year under way")),
    ("brier_parts", msg("Forecasts against what came true")),
    ("runs", msg("Scenarios compared")),
)
"""What an analysis is called, by a table that only it has."""

ORDER: tuple[str, ...] = tuple(name for chapter in CHAPTERS for name in chapter.tables)
"""Tables in the order of the chapters."""

_OTHERS = Chapter("others", msg("Further tables"), charts=("robust", "required", "selected", "explained"))
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
    """Label and text of the sentences that open a chapter."""
    return chosen(chapter.lines, told)


def chosen(lines: Iterable[str], told: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """Label and text of some sentences; one id stands for all that begin with it."""
    return [said for line in lines for key, said in told.items() if key == line or key.startswith(f"{line}_")]


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
    (True, 'The long view')
    """
    if "verdict" in tables:
        return None
    return next((title for name, title in KINDS if name in tables), None)
