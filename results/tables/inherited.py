"""What a scenario inherits, from which file, and of which country those figures are (继承清单)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...engine.forecast.learn import SETTINGS
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ...scenarios.countries import named, same
from ...scenarios.files import EXAMPLE
from ...scenarios.inherited import DECISIVE, Block, Inherited, country_unsaid, inherited
from ..text.wording import both, listed
from .lines import Line
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.forecast.reference import Basis
    from ...engine.run import Answer
    from ...scenarios.load import Loaded

BORROWED = msg("Another country's figures")
TITLE = msg("What is inherited from where")
BLOCKS: dict[Block, Bilingual] = {
    "trends": msg("trends of markets"),
    "table": msg("input-output table"),
    "shocks": msg("shocks"),
    "outlook": msg("outlook of the nation"),
    "experience": msg("experience behind the reference forecast"),
    "relations": msg("relations of indicators"),
    "limits": msg("limits", context="block"),
    "sectors": msg("how sectors respond"),
    "demand": msg("demand", context="block"),
    "prices": msg("prices", context="block"),
    "projects": msg("projects, usual durations and delays"),
    "long_view": msg("long view", context="block"),
    "ranges": msg("usual ranges, for warnings"),
    "region": msg("the region's own accounts, targets and mixes"),
    "method": msg("settings of the forecast's method"),
}
NEUTRAL = f"{EXAMPLE}templates/"
"""Where files stand whose figures are of no country."""
PROGRAM = "dabiao"
"""Stands for the program itself where it assumes a figure that no file states."""
OF_PROGRAM = "China"
"""Where the figures that the program assumes for a reference forecast, and its settings, were found."""

_SETTINGS = msg(
    "Settings of the forecast's method were chosen on regions of another country and are no figures of this"
    " one; how they fare here, `simulate backtest` tells of a panel"
)
_UNSAID = msg("the scenario does not state its country: it is taken to lie in that of the priors")


def rows_of(loaded: Loaded, basis: Basis | None = None) -> tuple[Inherited, ...]:
    """Blocks of a scenario by file; with what the program assumes for a reference forecast that rests on
    ``basis``, and the settings with which it learns from the past."""
    found = inherited(loaded)
    if basis is None:
        return found
    program: dict[Block, int] = {
        "experience": basis.assumed,
        "method": 0 if basis.outlook == "alone" else len(SETTINGS),
    }
    made = (Inherited(block, PROGRAM, count, OF_PROGRAM, own=False) for block, count in program.items())
    return (*found, *(row for row in made if row.figures))


def borrowed_rows(loaded: Loaded, rows: Sequence[Inherited]) -> list[Inherited]:
    """Those that set level and spread and are another country's."""
    country = loaded.scenario.country
    return [
        row
        for row in rows
        if row.block in DECISIVE and country and row.country and not same(row.country, country)
    ]


def inherited_table(loaded: Loaded, rows: Sequence[Inherited] | None = None) -> Table:
    """One row a block and file: how many figures, of which country, and whether the file is the scenario's
    own."""
    rows = rows_of(loaded) if rows is None else rows
    foreign = set(borrowed_rows(loaded, rows))
    chosen = {row for row in rows if row.block == "method" and not same(row.country, loaded.scenario.country)}

    def whose(row: Inherited) -> Bilingual:
        if row in foreign:
            return msg("another country's")
        if row in chosen:
            return msg("chosen on another country's regions")
        if row.own:
            return msg("own file")
        if _neutral(row):
            return msg("neutral assumptions, no country's")
        return msg("inherited") if row.country else msg("inherited, country not stated")

    columns = (
        Column("block_id", msg("Block id"), shown=False, value=lambda row: row.block),
        Column("block", msg("Block", context="table_inherited"), value=lambda row: BLOCKS[row.block]),
        Column("origin", msg("File", context="table_inherited"), value=lambda row: _file(row.file)),
        Column("figures", msg("Figures", context="table_inherited"), digits=0),
        Column(
            "country",
            msg("Country of the figures"),
            value=lambda row: named(row.country) if row.country else None,
        ),
        Column("whose", msg("Whose"), value=whose),
    )
    note = _UNSAID if country_unsaid(loaded) else _SETTINGS if chosen else None
    return declare("inherited", TITLE, columns, rows, ("block_id", "origin"), note)


def _neutral(row: Inherited) -> bool:
    """Whether a row is of a shipped template, whose figures are of no country."""
    return not row.country and row.file.startswith(NEUTRAL)


def _country(row: Inherited, lang: str) -> str:
    if _neutral(row):
        return tr(lang, "no country (neutral assumptions)")
    return named(row.country).of(lang) if row.country else tr(lang, "a country that is not stated")


def _file(file: str) -> str:
    """A file without the folders of its user."""
    return file if file.startswith("example:") else file.rsplit("/", 1)[-1]


def of_answer(answer: Answer) -> tuple[Inherited, ...]:
    """The rows of a run."""
    level = answer.level
    return rows_of(answer.loaded, level.forecast.basis if level is not None else None)


def inherited_sentence(answer: Answer, lang: str) -> str:
    """How many figures are inherited, and of which countries."""
    rows = [row for row in of_answer(answer) if not row.own and row.block != "method"]
    if not rows:
        return ""
    countries: dict[str, int] = {}
    for row in rows:
        country = _country(row, lang)
        countries[country] = countries.get(country, 0) + row.figures
    told = [
        tr(lang, "{count} of {country}", count=count, country=country) for country, count in countries.items()
    ]
    said = tr(
        lang,
        '{figures} figures are inherited: {told}; block by block in the table "What is inherited from where"',
        figures=sum(countries.values()),
        told=listed(told, lang, 6),
    )
    unsaid = _UNSAID.of(lang) if country_unsaid(answer.loaded) else ""
    return said + (tr(lang, "; ") + unsaid if unsaid else "") + tr(lang, ".")


def borrowed_sentence(loaded: Loaded, rows: Sequence[Inherited], lang: str) -> str:
    """That what decides the level is another country's, block by block; nothing where it is not."""
    foreign = borrowed_rows(loaded, rows)
    if not foreign:
        return ""
    countries: dict[str, dict[str, int]] = {}
    for row in foreign:
        blocks = countries.setdefault(named(row.country).of(lang), {})
        name = BLOCKS[row.block].of(lang)
        blocks[name] = blocks.get(name, 0) + row.figures
    told = [
        tr(
            lang,
            "{blocks} are those of {country}",
            country=country,
            blocks=listed([f"{name} ({count})" for name, count in blocks.items()], lang, 9),
        )
        for country, blocks in countries.items()
    ]
    return tr(
        lang,
        "The region lies in {own}, but {told}: an assumption. Until figures of {own} stand in their place,"
        " the values and chances below say little about this region.",
        own=named(loaded.scenario.country).of(lang),
        told=tr(lang, "; ").join(told),
    )


def with_origins(made: Mapping[str, Table], loaded: Loaded) -> dict[str, Table]:
    """The tables of any answer, with where its figures come from; while what decides is another country's,
    the summary says so first."""
    rows = rows_of(loaded)
    found = {**made, "inherited": inherited_table(loaded, rows)}
    summary = made.get("summary")
    if summary is not None and borrowed_rows(loaded, rows):
        line = Line("borrowed", BORROWED, both(lambda lang: borrowed_sentence(loaded, rows, lang)))
        found["summary"] = replace(summary, rows=(tuple(line), *summary.rows))
    return found
