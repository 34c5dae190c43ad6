"""What an answer is in Python: tables by name, sentences, pictures; short where it prints itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...models.errors import DabiaoError
from ...models.harmless import harmless
from ...models.quantity import Bilingual
from ...models.words import msg, preferred, tr
from ..tables.table import Column, Table, in_order, sentences, shown
from ..text.format import clean, heading, plain, printed, unit_of

if TYPE_CHECKING:
    import pandas as pd

    from ...scenarios.load import Loaded

_ROWS = 40
"""Rows of a table that a page shows."""


@dataclass(frozen=True, repr=False)
class Picture:
    """A picture of an answer; a notebook shows it, `save` writes it as SVG."""

    name: str
    title: str
    svg: str

    def __repr__(self) -> str:
        return harmless(f"<Picture {self.name}: {self.title[:120]}>")

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | Path) -> Path:
        """Write the picture as a file and give back where."""
        file = Path(path)
        file.write_text(self.svg, encoding="utf-8")
        return file


@dataclass(frozen=True, repr=False)
class TableView:
    """A table of an answer: :attr:`table` is the table itself, the others are those it was made with."""

    table: Table
    beside: Mapping[str, Table] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name for machines."""
        return self.table.name

    def title(self, lang: str = "") -> str:
        """Its title in a language."""
        return clean(self.table.title.of(lang or preferred()))

    def units(self, lang: str = "") -> dict[str, str]:
        """The unit of each column of numbers; where rows differ, the name of the column that says it, in
        braces. A part of 1, such as a chance, has the unit 1."""
        told = lang or preferred()
        return {column.name: _unit(column, told) for column in self.table.columns if column.numeric}

    def __len__(self) -> int:
        return len(self.table.rows)

    def __repr__(self) -> str:
        size = f"{len(self)} rows, {len(self.table.columns)} columns"
        return harmless(f"<Table {self.name}: {self.title('en')[:80]}; {size}>")

    def _repr_html_(self) -> str:
        return html_table(self.table, preferred())

    def to_frame(self, lang: str = "") -> pd.DataFrame:
        """The table as a data frame: columns by their names for machines, numbers as computed, texts in a
        language.

        ``attrs`` holds ``name``, ``title``, ``headings`` and ``units`` (:meth:`units`). A column of numbers
        is Float64 or Int64, of yes and no boolean, any other string; what is not known is missing.
        """
        import pandas as pd

        told = lang or preferred()
        series: dict[str, pd.Series[Any]] = {}
        for column in self.table.columns:
            cells = [plain(cell) for cell in self.table.column(column.name)]
            series[column.name] = pd.Series(
                [clean(cell.of(told)) if isinstance(cell, Bilingual) else cell for cell in cells],
                dtype=_dtype(cells, column),
            )
        frame = pd.DataFrame(series)
        frame.attrs = {
            "name": self.name,
            "title": self.title(told),
            "headings": {column.name: heading(column, told) for column in self.table.columns},
            "units": self.units(told),
        }
        return frame

    def plot(self, lang: str = "") -> Picture:
        """The first picture of the product that is drawn from this table.

        Raises
        ------
        DabiaoError
            There is none, with the names of the pictures that there are.
        """
        return picture(self.beside or {self.name: self.table}, "", lang or preferred(), self.name)


class Tables(Mapping[str, TableView]):
    """Tables of an answer by name, in the order in which a planner asks."""

    def __init__(self, made: Mapping[str, Table]) -> None:
        self.plain: Mapping[str, Table] = {table.name: table for table in in_order(made)}

    def __getitem__(self, name: str) -> TableView:
        if name not in self.plain:
            from difflib import get_close_matches

            near = get_close_matches(name, self.plain, 1, 0.5)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise KeyError(f"no table {name!r}{hint} Tables: {', '.join(self.plain)}")
        return TableView(self.plain[name], self.plain)

    def __iter__(self) -> Iterator[str]:
        return iter(self.plain)

    def __len__(self) -> int:
        return len(self.plain)

    def __repr__(self) -> str:
        names = ", ".join(self.plain)
        return f"<{len(self)} tables: {names if len(names) <= 400 else names[:400] + ' ...'}>"


@dataclass(frozen=True, repr=False)
class Answer:
    """An answer to a question.

    Attributes
    ----------
    question
        What was asked: ``run``, ``required``, ``frontier`` ...
    title
        What it is about, in both languages.
    tables
        Tables by name (:class:`Tables`).
    shown
        Names of the tables that answer the question first.
    scenario
        The scenario asked; None where several were, or a panel.
    asked
        What was asked besides the scenario: targets, tiers, draws, solver.
    found
        What the engine found, for those who know it.
    notes
        What should be known about the answer, in both languages.
    """

    question: str
    title: Bilingual
    tables: Tables
    shown: tuple[str, ...] = ()
    scenario: Loaded | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)
    found: Any = None
    notes: tuple[Bilingual, ...] = ()

    def __repr__(self) -> str:
        title = self.title.of("en")[:100]
        return harmless(f"<Answer to {self.question!r}: {title}; {len(self.tables)} tables>")

    def __str__(self) -> str:
        return self.text()

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_")]

    def text(self, lang: str = "") -> str:
        """The sentences of the answer, one a line."""
        told = lang or preferred()
        said = [f"{label}: {text}" for label, text in sentences(self.tables.plain, told).values()]
        return harmless("\n".join([clean(self.title.of(told)), *said]))

    def pictures(self) -> tuple[str, ...]:
        """Names of the pictures that :meth:`plot` can draw."""
        return _pictures(self.tables.plain)

    def plot(self, name: str = "", lang: str = "") -> Picture:
        """A picture by name; otherwise the first that the answer has.

        Raises
        ------
        DabiaoError
            There is no such picture, with the names of those that there are.
        """
        return picture(self.tables.plain, name, lang or preferred())

    def save(self, folder: str | Path, lang: str = "") -> list[Path]:
        """Write the answer into a folder: page, workbook, Markdown, CSV, JSON; the files come back."""
        from ..forms.export import writers

        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        name = self.scenario.name if self.scenario else self.question
        meta = {"scenario": name, "run": self.question}
        made = writers(self.tables.plain, lang or preferred(), self.title, meta)
        return [file for write in made for file in write(place)]

    def _repr_html_(self) -> str:
        lang = preferred()
        said = "".join(
            f"<dt><b>{_safe(label)}</b></dt><dd>{_safe(text)}</dd>"
            for label, text in sentences(self.tables.plain, lang).values()
        )
        first = [self.tables.plain[name] for name in self.shown if name in self.tables]
        rest = ", ".join(name for name in self.tables if name not in self.shown)
        tail = tr(lang, "Further tables") + tr(lang, ": ") + rest if rest else ""
        return (
            f"<h3>{_safe(self.title.of(lang))}</h3><dl>{said}</dl>"
            + "".join(html_table(table, lang) for table in first)
            + (f"<p>{_safe(tail)}</p>" if tail else "")
        )


def _safe(text: str) -> str:
    """A text as a page may hold it."""
    return escape(clean(text))


def _unit(column: Column, lang: str) -> str:
    if column.fraction or not (column.unit or column.unit_from):
        return "1"
    return unit_of(column.unit, lang) if column.unit else f"{{{column.unit_from}}}"


def _dtype(cells: Sequence[Any], column: Column) -> Any:
    """How a data frame holds a column; one of numbers and words, an odd one, as objects."""
    known = [cell for cell in cells if cell is not None]
    if known and all(isinstance(cell, bool) for cell in known):
        return "boolean"
    if all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in known):
        whole = bool(known) and all(isinstance(cell, int) for cell in known)
        return "Int64" if whole else "Float64" if known or column.numeric else "string"
    return "string" if all(isinstance(cell, (str, Bilingual)) for cell in known) else "object"


def html_table(table: Table, lang: str) -> str:
    """A table as a page shows it, chances in percent; the first rows of a long one."""
    from ..tables.percent import in_percent

    told = in_percent(table)
    columns, cells = shown(told), printed(told, lang)
    heads = "".join(f"<th>{_safe(heading(column, lang))}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_safe(cell)}</td>" for cell in row) + "</tr>" for row in cells[:_ROWS]
    )
    more = len(cells) - _ROWS
    tail = f"<p>{_safe(tr(lang, '{count} more rows', count=more))}</p>" if more > 0 else ""
    title = _safe(table.title.of(lang))
    return (
        f"<table><caption>{title}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{tail}"
    )


def _pictures(tables: Mapping[str, Table], of: str = "") -> tuple[str, ...]:
    """Pictures that the tables have something for; ``of``: those that are drawn from this one first of
    all."""
    from ..charts.gallery import CHARTS, drawn
    from ..charts.words import Words

    words = Words("en")
    named = [name for name, chart in CHARTS.items() if not of or next(iter(chart.needs), "") == of]
    named += [name for name, chart in CHARTS.items() if of in chart.needs and name not in named]
    return tuple(name for name in named if drawn(name, tables, words) is not None)


def picture(tables: Mapping[str, Table], name: str, lang: str, of: str = "") -> Picture:
    """A picture of the gallery, by name or the first one of a table."""
    from ..charts.gallery import caption_of, drawn
    from ..charts.svg import standalone
    from ..charts.words import Words

    chosen = name or next(iter(_pictures(tables, of)), "")
    scene = drawn(chosen, tables, Words(lang)) if chosen else None
    if scene is None:
        there = ", ".join(_pictures(tables)) or "-"
        raise DabiaoError(msg("no picture {name}; pictures: {there}", name=name or of, there=there))
    title = caption_of(chosen, tables, lang)
    return Picture(chosen, title, standalone(scene, title))
