"""Where the figures of a scenario stand, block by block, and of which country they are (继承清单)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .countries import same
from .files import EXAMPLE

if TYPE_CHECKING:
    from .load import Loaded

Block = Literal[
    "trends",
    "table",
    "shocks",
    "outlook",
    "experience",
    "relations",
    "limits",
    "sectors",
    "demand",
    "prices",
    "projects",
    "long_view",
    "ranges",
    "region",
    "method",
]
"""What figures are about: growth of markets; the input-output table; shocks and their correlations; the
nation's outlook; experience of past years; relations of indicators; limits; how sectors respond; demand;
prices; durations and delays of projects; the long view; what is usual, for warnings; all that is the
region's own; and settings of the forecast's method, which no file states."""

_PATTERNS: tuple[tuple[Block, str], ...] = (
    ("trends", r"sectors\.[^.]+\.(market\.)?trend$|sectors\.[^.]+\.visitors\.growth$"),
    ("trends", r"chains\.[^.]+\.materials\.[^.]+\.market\.trend$"),
    ("table", r"national\."),
    ("shocks", r"uncertainty\."),
    ("outlook", r"outlook\."),
    ("experience", r"experience\."),
    ("relations", r"relations\."),
    ("limits", r"limits\."),
    ("region", r"sectors\.[^.]+\.(va|output|national|growth_before)\b"),
    ("sectors", r"sectors\.|chains\."),
    ("demand", r"demand\."),
    ("prices", r"prices\."),
    ("projects", r"projects\.|pool\.|pipeline\.|listing\."),
    ("long_view", r"long_view\."),
    ("ranges", r"plausible\.|history\.swing"),
)
_BLOCKS = tuple((block, re.compile(pattern)) for block, pattern in _PATTERNS)
DECISIVE: tuple[Block, ...] = ("trends", "table", "shocks", "outlook", "experience")
"""Blocks that set level and spread: while they are another country's, every verdict says so."""


@dataclass(frozen=True)
class Inherited:
    """Figures of one block that one file states: how many, and of which country (empty: nobody says).

    ``own`` says that they stand in the scenario's own file.
    """

    block: Block
    file: str
    figures: int
    country: str
    own: bool


def block_of(path: str) -> Block:
    """What a figure is about.

    >>> block_of("sectors.a.market.trend"), block_of("sectors.a.va"), block_of("accounts.gdp")
    ('trends', 'region', 'region')
    """
    return next((block for block, pattern in _BLOCKS if pattern.match(path)), "region")


def inherited(loaded: Loaded) -> tuple[Inherited, ...]:
    """Every block of a scenario by the file that states it, in the order of :data:`Block`."""
    return tuple(_rows(loaded))


def _rows(loaded: Loaded) -> Iterator[Inherited]:
    found = Counter(
        (block_of(path), file_of(quantity.origin)) for path, quantity in loaded.quantities().items()
    )
    order = (*dict.fromkeys(block for block, _ in _BLOCKS), "region")
    for (block, file), figures in sorted(
        found.items(), key=lambda item: (order.index(item[0][0]), _rank(item[0][1]))
    ):
        own = file not in loaded.countries or file == loaded.file
        country = loaded.scenario.country if own else loaded.countries[file]
        yield Inherited(block, file, figures, country, own)


def _rank(file: str) -> tuple[bool, str, str]:
    """What files are ordered by: those of the user first, by whatever path they are given."""
    shipped = file.startswith(EXAMPLE)
    return shipped, file if shipped else file.rpartition("/")[2], file


def file_of(origin: str) -> str:
    """The file of an origin, without line and column.

    >>> file_of("example:a/b.yaml:7:1"), file_of("c:/x.csv:3"), file_of("p.xlsx!Sheet!D7")
    ('example:a/b.yaml', 'c:/x.csv', 'p.xlsx')
    """
    return re.sub(r"(:\d+){1,2}$", "", origin.split("!")[0])


def borrowed(loaded: Loaded) -> tuple[Inherited, ...]:
    """Decisive blocks whose figures are another country's."""
    country = loaded.scenario.country
    return tuple(
        row
        for row in inherited(loaded)
        if row.block in DECISIVE and row.country and country and not same(row.country, country)
    )


def country_unsaid(loaded: Loaded) -> bool:
    """Whether nobody but a shipped file says of which country a scenario of one's own is."""
    stated = loaded.origins.get("country", EXAMPLE)
    return stated.startswith(EXAMPLE) and not loaded.file.startswith(EXAMPLE)
