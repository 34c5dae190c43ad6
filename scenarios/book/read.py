"""A workbook that was filled in, as the tree of a scenario with the cell of every value (读工作簿)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from ...models.limits import LIMITS
from ...models.money import MONEY, Money, counting
from ...models.quantity import Bilingual
from ...models.words import msg
from ..document import LONGEST_KEY, Node, meaning
from ..files import Address, Reader
from ..indicator_names import indicator
from ..merge import merge
from ..money import money_of_file
from ..report import Place, Report, meant, one_of, shown
from ..tables.cells import Cells
from ..tables.grid import UNCOMPUTED, Cell, Grid, grids, uncomputed
from ..tables.headings import Column, Head, Heading, find_head, no_head, split_unit
from ..tables.panels import indexed, mix_key, mixes
from ..tables.projects import COLUMNS as LISTED
from ..tables.projects import HEADED, UNUSED, projects, word
from ..tables.settle import branches
from ..tables.values import ERRORS, empty, plain, yes
from ..target_words import NUMBER, worded
from .flat import BY_YEAR, NAMED
from .layout import DATE, EXAMPLE, Sheet, choices, chosen, guide, model_of, sheet_of, sheets

SUFFIX = ".xlsx"
RESULTS = "-results.xlsx"
"""How the names of results end that a run writes beside a workbook."""
OWN = ("primary", "secondary", "industry", "construction", "region", "english", "country", "growth")
"""Basics that are no values of a scenario by themselves."""
ENTERED = "entered"
_NUMERAL = r"[\d一二三四五六七八九十]{1,3}"
NUMBERED = re.compile(rf"^(?:\s|#|其中[:：]|[(（]?{_NUMERAL}[)）]?[.、．](?!\d)|[(（]{_NUMERAL}[)）])+")
"""How the rows of a sheet are numbered."""
FROM_YEAR = re.compile(r"(?P<mix>.+?)[-_ ]?(?P<year>(?:19|20|21)\d\d)年?起?")
"""A mix that holds from a year on."""
SPAN = re.compile(r"((?:19|20|21)\d\d)年? ?(?:-|–|—|~|至|到|to)+ ?((?:19|20|21)\d\d)年?")
"""Years from one to another."""
GROWS = re.compile(r"(增长|增速|增幅)$")
_BAD = re.compile(r"[.\[\]=\s：:,，;；\"']+")
_UNIT_OF = {MONEY: "money", "%": "percent", "points": "percent", "months": "months"}


class Filled(NamedTuple):
    """A workbook read: what its sheets say, what the last one adds, the figures of the region for a first
    scenario, and whether it is to be filled up as one."""

    said: Node
    other: Node | None
    facts: dict[str, Node]
    asked: dict[str, Place]
    open: bool

    @property
    def root(self) -> Node:
        """The tree of all that it says."""
        return self.said if self.other is None else merge(self.said, self.other)


@dataclass
class Book:
    """The sheets of a workbook, read one after another into a tree."""

    file: str
    report: Report
    root: Node
    alone: bool = False
    """Whether it says what it extends, or that it is whole: nothing is filled up then."""
    facts: dict[str, Node] = field(default_factory=dict)
    asked: dict[str, Place] = field(default_factory=dict)
    """Where each of the basics is asked for."""
    other: Node | None = None

    def read(self, found: list[Grid]) -> None:
        """Read all sheets, sources first."""
        known = {sheet.key: grid for grid in found if (sheet := sheet_of(grid.sheet)) is not None}
        strange = [grid for grid in found if sheet_of(grid.sheet) is None and not _is_guide(grid.sheet)]
        for grid in strange:
            titles = [title for sheet in sheets().values() for title in sheet.title.every().values()]
            hint = meant(grid.sheet, titles)
            said = (
                msg("a sheet that is not read; {hint}", hint=hint)
                if hint
                else msg("a sheet that is not read")
            )
            self.report.left_out(Place(grid.file), said)
        for key, reader in _READERS.items():
            if key in known:
                grid = known[key]
                for row in grid.rows:
                    if _example(row) and not _pristine(row, sheets()[key]):
                        self.report.left_out(row[0].place, msg("the row of an example is not read"))
                grid.rows = [row for row in grid.rows if not _example(row)]
                grid.tell(self.report)
                self.asked[key] = Place(grid.file)
                reader(self, grid)

    def part(self, *steps: str, place: Place) -> Node:
        """A map of the tree, made where it is not there."""
        node = self.root
        for step in steps:
            node = node.map.setdefault(step, Node({}, place, key=place))
        return node

    def table(self, grid: Grid, needed: tuple[str, ...]) -> Table | None:
        """A sheet by its headings; None where it is empty or has none."""
        sheet = sheet_of(grid.sheet)
        assert sheet is not None
        columns = [part.column for part in sheet.columns]
        head = find_head(grid, columns, needed) if grid.rows else None
        if head is None:
            filled = [row for row in grid.rows if sum(bool(cell.text) for cell in row) > 1]
            if filled:
                no_head(
                    grid, sheet.key, columns, [each for each in columns if each.key in needed], self.report
                )
            return None
        for cell in head.unknown:
            self.report.told(cell.place, msg("the column {name} is not used", name=shown(cell.text)))
        self._uncomputed(head, sheet)
        return Table(self, sheet, head, Cells(head, "" if sheet.rows else sheet.key, self.report))

    def _uncomputed(self, head: Head, sheet: Sheet) -> None:
        """Tell cells of which a workbook has no result, and read nothing in them."""
        used = {heading.at for found in head.found.values() for heading in found}
        for row in head.rows:
            for at in used & set(range(len(row))):
                if row[at].text == UNCOMPUTED:
                    self.report.add(row[at].place, sheet.key, *uncomputed())
                    row[at] = row[at]._replace(text="")

    def source(self, text: str, place: Place) -> str:
        """The key of a source by its key or name; a name that is not listed becomes a source."""
        said = self.part("sources", place=place)
        for key, node in said.map.items():
            if text == key or text in {part.text for part in node.map.values()}:
                return key
        if self.alone and re.fullmatch(r"[a-z0-9_-]+", text):
            return text
        key = _key(text) or "source"
        said.map[key] = Node({lang: word(text, place) for lang in ("zh", "en")}, place, key=place)
        return key

    # the sheets

    def sources(self, grid: Grid) -> None:
        """Keys and names of sources."""
        table = self.table(grid, ("id", "zh", "en"))
        for row in table.rows if table else ():
            cells = {key: cell for key in ("zh", "en", "date", "url") if (cell := row.cell(key)).text}
            key = row.cell("id").text or _key((cells.get("zh") or cells.get("en") or row.first).text)
            place = row.first.place
            self.part("sources", place=place).map[key] = Node(
                {name: word(cell.text, cell.place) for name, cell in cells.items()}, place, key=place
            )

    def basics(self, grid: Grid) -> None:
        """Figures of the region, a row each."""
        table = self.table(grid, ("item", "value"))
        sheet = sheets()["basics"]
        for row in table.rows if table else ():
            said, value = row.cell("item"), row.cell("value")
            name, unit = split_unit(said.text)
            part = next((part for part in sheet.rows if part.column.fits(name)), None)
            if part is not None:
                self.asked[part.key] = value.place
            if not said.text or empty(value.text):
                continue
            if part is None:
                titles = [title for part in sheet.rows for title in part.title.every().values()]
                hint = meant(said.text, titles)
                row.table.cells.note(
                    said.place,
                    msg("{name} is not known here: not used; {hint}", name=shown(said.text), hint=hint)
                    if hint
                    else msg("{name} is not known here: not used", name=shown(said.text)),
                )
                continue
            column = Column(part.key, part.kind, "", part.title.zh)
            unit = row.cell("unit").text or unit
            node = row.value(value, Heading(1, part.title.zh, value.place, column, unit))
            if node is not None:
                self._basic(part.key, row.given(node))
        if table:
            table.cells.tell()

    def _basic(self, key: str, node: Node) -> None:
        """A figure in its place."""
        self.facts[key] = node
        if key not in OWN:
            *above, last = key.split(".")
            self.part(*above, place=node.place).map[last] = node

    def history(self, grid: Grid) -> None:
        """Growth and targets of past years."""
        table = self.table(grid, ("year", "growth", "target"))
        rates: list[Cell] = []
        for row in table.rows if table else ():
            year = row.cell("year")
            found = DATE.fullmatch(plain(year.text))
            if not found:
                self.report.add(
                    year.place,
                    "history.years",
                    shown(year.text) if year.text else msg("nothing"),
                    msg("a year"),
                )
                continue
            parts = row.parts("growth", "target")
            if parts:
                rates += [row.cell("growth")] if "growth" in parts else []
                held = self.part("history", "years", place=year.place).map
                row.once(found["year"], held, Node(row.why(parts), year.place, key=year.place))
        indexed(rates, "history.years", self.report)
        if table:
            table.cells.tell()

    def sectors(self, grid: Grid) -> None:
        """Sectors of the region's own."""
        table = self.table(grid, ("title", "va", "id"))
        for row in table.rows if table else ():
            parts = row.parts("model", "national", "va", "market.trend")
            parts |= row.titled()
            for name, kind in (("model", "models"), ("national", "classes")):
                if name in parts:
                    parts[name].value = parts[name].text = chosen(kind, parts[name].text)
            title = row.cell("title")
            if "national" not in parts and title.text and not self.alone:
                hit = next((key for key, words in branches() if words.search(plain(title.text))), "")
                if hit:
                    row.table.cells.note(
                        title.place, msg("{name} is read as {key}", name=title.text, key=hit)
                    )
                    parts["national"] = word(hit, title.place)
            if "model" not in parts and "national" in parts and not self.alone:
                parts["model"] = word(model_of(parts["national"].text), parts["national"].place)
            if "market.trend" in parts:
                node = parts.pop("market.trend")
                parts["market"] = Node({"trend": node}, node.place, key=node.place)
            place = row.first.place
            held = self.part("sectors", place=place).map
            row.once(row.name("id", "title"), held, Node(row.why(parts), place, key=place))
        if table:
            table.cells.tell()

    def projects(self, grid: Grid) -> None:
        """Named projects, in any headings."""
        head = find_head(grid, LISTED, HEADED, UNUSED) if grid.rows else None
        if not any(cell.text for row in (head.rows if head else grid.rows[2:]) for cell in row):
            return
        found = projects([grid], "projects", self.report)
        if found:
            place = Place(grid.file)
            self.part("projects", place=place).map.update(found)

    def mixes(self, grid: Grid) -> None:
        """Mixes: a row a sector, a column a mix."""
        at = next((n for n, row in enumerate(grid.rows) if len({c.text for c in row if c.text}) > 1), None)
        rows = grid.rows[at:] if at is not None else []
        if not any(not empty(cell.text) for row in rows[1:] for cell in row[1:]):
            return
        kept = [
            n for n, cell in enumerate(rows[0]) if n == 0 or any(n < len(r) and r[n].text for r in rows[1:])
        ]
        rows = [[row[n] for n in kept if n < len(row)] for row in rows]
        rows = [rows[0], *(row for row in rows[1:] if any(cell.text for cell in row[1:]))]
        made = mixes(Grid(grid.file, rows), "mixes", self.report)
        for key in list(made):
            year = FROM_YEAR.fullmatch(key)
            mix = mix_key(year["mix"]) if year else ""
            if year and mix in made:
                node = made.pop(key)
                by_year = made[mix].map.setdefault("by_year", Node({}, node.place, key=node.place))
                by_year.map[year["year"]] = node.map["shares"]
        self.part("mixes", place=Place(grid.file)).map.update(made)

    def years(self, grid: Grid) -> None:
        """Investment and prices of single years."""
        table = self.table(grid, ("year", "path", "growth_in", "prices"))
        for row in table.rows if table else ():
            year = DATE.fullmatch(plain(row.cell("year").text))
            if not year:
                said = row.cell("year")
                self.report.add(
                    said.place, "investment", shown(said.text) if said.text else msg("nothing"), msg("a year")
                )
                continue
            for key, node in row.parts(*BY_YEAR).items():
                *above, last = BY_YEAR[key].split(".")
                held = self.part(*above, last, place=node.place).map
                row.once(year["year"], held, row.given(node))
        if table:
            table.cells.tell()

    def actuals(self, grid: Grid) -> None:
        """What is known of the years, a figure a row."""
        table = self.table(grid, ("value", "time", "name"))
        for row in table.rows if table else ():
            part = chosen("actuals", row.cell("part").text) if row.cell("part").text else "figures"
            said = {key: row.cell(key) for key in ("name", "time")}
            wanted = ("name", "time") if NAMED.get(part) else ("time",) if part in NAMED else ("name",)
            if part not in choices("actuals"):
                found = row.cell("part")
                self.report.add(found.place, "actuals", shown(found.text), one_of(choices("actuals")))
                continue
            missing = [key for key in wanted if not said[key].text]
            for key in missing:
                title = sheets()["actuals"].part(key).title
                self.report.add(row.first.place, f"actuals.{part}", msg("nothing"), title)
            node = row.value(row.cell("value"), _heading(row, "value"))
            if missing or node is None:
                continue
            names = [said[key] for key in wanted]
            held = self.part("actuals", part, place=node.place)
            for cell in names[:-1]:
                held = held.map.setdefault(
                    cell.text, Node({}, cell.place, key=cell.place, loose=not self.alone)
                )
            figure = row.given(node)
            figure.key, figure.loose = names[-1].place, not self.alone
            row.once(_time(names[-1].text), held.map, figure)
        if table:
            table.cells.tell()

    def targets(self, grid: Grid) -> None:
        """The target sheet: the template's, or a planners' own with last year's figures and this year's."""
        table = self.table(grid, ("indicator", "said", "ensure"))
        for row in table.rows if table else ():
            said = row.cell("indicator")
            if not said.text:
                self.report.add(row.first.place, "targets", msg("nothing"), msg("the name of an indicator"))
                continue
            parts = row.parts(
                "ensure", "stretch", "at_most", "unit", "main", "basis", "covers", "year", "over", "measure"
            )
            asked = set(parts) - {"year", "over", "measure"}
            worded_in = [heading for heading in row.table.head.found.get("said", ()) if _filled(row, heading)]
            name = said.text if self.alone else NUMBERED.sub("", said.text).strip() or said.text
            heads = name != said.text and not plain(said.text).lstrip("( #")[:1].isdecimal()
            if not asked and not worded_in and not self.alone and (heads or not _indicated(name)):
                row.table.cells.note(said.place, msg("a row without a target, left out"))
                continue
            if not worded_in:
                self._target(row, said._replace(text=name), parts)
            for heading in worded_in:
                grows = len(worded_in) > 1 and GROWS.search(split_unit(heading.text)[0])
                unit = heading.unit or ("%" if GROWS.search(split_unit(heading.text)[0]) else "")
                cell = row.row[heading.at]
                own = dict(parts)
                if unit:
                    own["unit"] = word(unit, heading.place)
                if (node := row.value(cell, heading)) is not None:
                    text = f"{name}增速" if grows and indicator(name + "增速") is not None else name
                    self._target(row, said._replace(text=text), own | {"said": node})
        if table:
            table.cells.tell()

    def _target(self, row: Row, said: Cell, parts: dict[str, Node]) -> None:
        """One target under the name of its indicator."""
        if "basis" in parts:
            parts["basis"].value = parts["basis"].text = chosen("bases", parts["basis"].text)
        if "measure" in parts:
            parts["measure"].value = parts["measure"].text = chosen("measures", parts["measure"].text)
        if "unit" in parts:
            for tier in {"said", "ensure", "stretch", "at_most"} & set(parts):
                _with_unit(parts[tier], parts["unit"].text)
        name = chosen("indicators", said.text)
        found = indicator(said.text, "%") or indicator(said.text)
        key = name if name != said.text or (found and found.key) or not _BAD.search(name) else _key(name)
        if name == said.text and found and found.key and not found.covers:
            key = said.text
        if key != name or ("basis" in parts and not self.alone):
            parts.setdefault("title", word(said.text, said.place))
        held = self.part("targets", place=said.place).map
        own = row.cell("id").text or _of_years(key, parts, held)
        if own and own != key:
            parts["indicator"] = word(
                found.key if found and found.key and not self.alone else key, said.place
            )
            key = own
        row.once(key, held, Node(row.why(parts), said.place, key=said.place, loose=not self.alone))

    def limits(self, grid: Grid) -> None:
        """What a plan must respect."""
        table = self.table(grid, ("on", "max", "min", "id"))
        for row in table.rows if table else ():
            parts = row.parts("on", "owner", "fund", "sectors", "year", "over", "together") | row.titled()
            kind = ""
            if "on" in parts:
                kind = parts["on"].value = parts["on"].text = chosen("limits", parts["on"].text)
            if "title" not in parts and kind and not self.alone:
                place = parts["on"].place
                title = LIMITS[kind].title if kind in LIMITS else Bilingual.same(kind)
                said = {"zh": word(title.zh, place), "en": word(title.en, place)}
                parts["title"] = Node(said, place, key=place)
            unit = LIMITS[kind].unit if kind in LIMITS else ""
            for key in ("max", "min", "relax_to", "price"):
                cell, heading = row.cell(key), row.table.head.one(key)
                if heading is not None and not empty(cell.text):
                    of = _UNIT_OF.get(MONEY if key == "price" else unit, "number")
                    column = heading.column._replace(kind=of)
                    node = row.value(cell, Heading(heading.at, heading.text, heading.place, column))
                    if node is not None:
                        parts[key] = node
            place = row.first.place
            held = self.part("limits", place=place).map
            name = row.cell("id").text or next(
                each
                for n in range(1, len(held) + 3)
                if (each := kind + (f"-{n}" if n > 1 else "")) not in held
            )
            row.once(name or "limit", held, Node(row.why(parts), place, key=place))
        if table:
            table.cells.tell()

    def others(self, grid: Grid) -> None:
        """Any value by its path: laid over what the other sheets say."""
        table = self.table(grid, ("path", "value"))
        laid = Node({}, Place(grid.file))
        for row in table.rows if table else ():
            path = row.cell("path")
            steps = re.findall(r"[^.\[\]]+|\[\d+\]", path.text)
            if not steps or "".join(steps) != re.sub(r"[.]|(?<=\])\.", "", path.text):
                self.report.add(
                    path.place, "file", shown(path.text), "dotted.path", msg("for example accounts.gdp")
                )
                continue
            node = row.other()
            if node is not None:
                _lay(laid, steps, node, path, self.report)
        if laid.map:
            self.other = laid


def _lay(root: Node, steps: list[str], value: Node, path: Cell, report: Report) -> None:
    """Put a value at the end of a path of maps and lists."""
    node = root
    for n, step in enumerate(steps):
        last = n == len(steps) - 1
        fresh = value if last else Node([] if steps[n + 1][0] == "[" else {}, path.place, key=path.place)
        if step[0] == "[":
            held = node.value
            if not isinstance(held, list) or int(step[1:-1][:6]) > len(held):
                report.add(
                    path.place, path.text, shown(path.text), msg("items of a list in their order, from [0]")
                )
                return
            at = int(step[1:-1][:6])
            if at == len(held):
                held.append(fresh)
            node = held[at]
        else:
            if not isinstance(node.value, dict) or (last and step in node.map):
                report.add(path.place, path.text, msg("the path a second time"), msg("each path once"))
                return
            node = node.map.setdefault(step, fresh)


@dataclass
class Table:
    """The rows of a sheet below its headings."""

    book: Book
    sheet: Sheet
    head: Head
    cells: Cells

    @property
    def rows(self) -> list[Row]:
        """Those in which something stands."""
        at = [heading.at for found in self.head.found.values() for heading in found]
        rows = [Row(self, row) for row in self.head.rows]
        return [row for row in rows if any(n < len(row.row) and row.row[n].text for n in at)]


@dataclass
class Row:
    """A row of a sheet."""

    table: Table
    row: list[Cell]

    @property
    def first(self) -> Cell:
        """Its first filled cell."""
        return next(cell for cell in self.row if cell.text)

    def cell(self, key: str) -> Cell:
        """The cell in the column of a key; an empty one where there is none."""
        heading = self.table.head.one(key)
        if heading is None or heading.at >= len(self.row):
            return Cell("", self.row[0].place)
        return self.row[heading.at]

    def value(self, cell: Cell, heading: Heading) -> Node | None:
        """What a cell says, by the kind of its column; None where it is empty or wrong."""
        kind, key, text = heading.column.kind, heading.column.key, " ".join(cell.text.split())
        if plain(text) in ERRORS:
            self.table.cells.wrong(cell, key, shown(text), msg("a value"))
            return None
        if empty(text):
            return None
        reader = _KINDS.get(kind)
        return reader(self, cell, heading) if reader else word(text, cell.place)

    def parts(self, *keys: str) -> dict[str, Node]:
        """The values of some columns by key."""
        found = {}
        for key in keys:
            heading = self.table.head.one(key)
            node = self.value(self.cell(key), heading) if heading else None
            if node is not None:
                found[key] = node
        return found

    def titled(self) -> dict[str, Node]:
        """The title, in one language or two."""
        title, english = self.cell("title"), self.cell("english")
        if not title.text and not english.text:
            return {}
        if not english.text:
            return {"title": word(title.text, title.place)}
        said = {"zh": title, "en": english} if title.text else {"en": english}
        parts = {lang: word(cell.text, cell.place) for lang, cell in said.items()}
        return {"title": Node(parts, self.first.place, key=self.first.place)}

    def name(self, *keys: str) -> str:
        """The key of the row: as stated, otherwise made of a title."""
        said = next((self.cell(key).text for key in keys if self.cell(key).text), self.first.text)
        return _key(said)

    def once(self, name: str, held: dict[str, Node], node: Node) -> None:
        """Put an entry under its name; a second one of that name is told."""
        if name in held:
            self.table.book.report.add(
                node.place,
                f"{self.table.sheet.key}.{name}",
                msg("{name} a second time", name=shown(name)),
                msg("each row once, by name"),
                msg("it stands first at {place}", place=str(held[name].at)),
            )
            return
        held[name] = node

    def why(self, parts: dict[str, Node]) -> dict[str, Node]:
        """The parts of an entry with where the row says that its numbers come from."""
        return parts | self._margins()

    def _margins(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        source, why = self.cell("source"), self.cell("assumption")
        if not empty(source.text):
            found["source"] = word(self.table.book.source(source.text, source.place), source.place)
        if not empty(why.text):
            found["assumption"] = _assumed(
                why, self.cell("english") if "path" in self.table.head.found else None
            )
        return found

    def given(self, node: Node) -> Node:
        """A number with its provenance, where the row states one."""
        margins = self._margins() if node.number and not isinstance(node.value, bool) else {}
        return Node({"value": node, **margins}, node.place, key=node.place) if margins else node

    def other(self) -> Node | None:
        """A row of the sheet of all other values: a number with what belongs to it, or a single value."""
        cell, place = self.cell("value"), self.cell("path").place
        beside: dict[str, Node] = {}
        if cell.text:
            beside["value"] = _scalar(cell)
        for key in ("low", "high"):
            if (bound := self.cell(key)).text:
                beside[key] = _scalar(bound)
        if unit := self.cell("unit").text:
            beside["unit"] = word(unit, self.cell("unit").place)
        beside |= self._margins()
        if not beside:
            return None
        return beside["value"] if len(beside) == 1 and "value" in beside else Node(beside, place, key=place)


def _indicated(name: str) -> bool:
    """Whether a name is an indicator's."""
    return bool(chosen("indicators", name) != name or indicator(name, "%") or indicator(name))


def _filled(row: Row, heading: Heading) -> bool:
    """Whether a row has something in a column."""
    return heading.at < len(row.row) and not empty(row.row[heading.at].text)


def _of_years(key: str, parts: dict[str, Node], held: dict[str, Node]) -> str:
    """A key of its own for a second row of an indicator that speaks of other years."""
    said = [parts[name].text for name in ("measure", "year", "over") if name in parts]
    return "-".join([key, *said]) if said and key in held else ""


def _time(text: str) -> str:
    """A time as it was written, a year that a workbook stores as a number without its decimals."""
    return re.sub(r"\.0$", "", text)


def _heading(row: Row, key: str) -> Heading:
    """The heading of a column that every row needs."""
    heading = row.table.head.one(key)
    assert heading is not None
    return heading


def _with_unit(node: Node, unit: str) -> None:
    """A number of a target with the unit of its column, where it states none itself."""
    if node.text and worded(node.text).tiers and not worded(node.text).unit:
        node.text = re.sub(NUMBER, lambda found: found[0] + unit, plain(node.text), count=1)
        node.value, node.plain = node.text, False


def _scalar(cell: Cell) -> Node:
    """A value as it is written; a text in quotes is that text whatever it says."""
    text, place = cell.text, cell.place
    if text in ("{}", "[]"):
        return Node({} if text == "{}" else [], place, key=place)
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            said = json.loads(text)
        except ValueError:
            said = text
        return Node(said, place, key=place, text=str(said), plain=False)
    return Node(meaning(text), place, key=place, text=text)


def _assumed(why: Cell, english: Cell | None) -> Node:
    """An assumption in one language or two."""
    if why.text.startswith('{"') and not (english and english.text):
        try:
            said = json.loads(why.text)
        except ValueError:
            said = {}
        parts = {str(lang): word(str(text), why.place) for lang, text in said.items()}
        return Node(parts, why.place, key=why.place) if parts else word(why.text, why.place)
    first = _scalar(why) if why.text.startswith('"') else word(why.text, why.place)
    if english is None or not english.text:
        return first
    second = _scalar(english) if english.text.startswith('"') else word(english.text, english.place)
    return Node({"zh": first, "en": second}, why.place, key=why.place)


def _number(row: Row, cell: Cell, heading: Heading) -> Node | None:
    value = row.table.cells.number(cell, heading)
    return None if value is None else _exact(value, cell.place)


def _exact(value: Decimal, place: Place) -> Node:
    number = float(value)
    whole: int | float = int(number) if number.is_integer() and abs(number) < 1e15 else number
    return Node(whole, place, key=place, text=f"{number:.15g}")


def _year(row: Row, cell: Cell, heading: Heading) -> Node | None:
    found = DATE.fullmatch(plain(cell.text))
    if found:
        return Node(int(found["year"]), cell.place, key=cell.place, text=found["year"])
    row.table.cells.wrong(cell, heading.column.key, shown(cell.text), msg("a year"))
    return None


def _month(row: Row, cell: Cell, heading: Heading) -> Node | None:
    found = row.table.cells.month(cell, heading, heading.column.key == "finish")
    return None if found is None else word(found.text, cell.place)


def _yes(row: Row, cell: Cell, heading: Heading) -> Node | None:
    said = yes(cell.text)
    if said is None:
        row.table.cells.wrong(cell, heading.column.key, shown(cell.text), msg("yes or no (是 or 否)"))
        return None
    return Node(said, cell.place, key=cell.place, text=str(said).lower())


def _list(row: Row, cell: Cell, heading: Heading) -> Node | None:
    names = [part.strip() for part in re.split(r"[、,，;；]", cell.text) if part.strip()]
    return Node([word(name, cell.place) for name in names], cell.place, key=cell.place)


def _span(row: Row, cell: Cell, heading: Heading) -> Node | None:
    """First and last of some years."""
    found = SPAN.fullmatch(plain(cell.text))
    if found:
        years = [Node(int(year), cell.place, key=cell.place, text=year) for year in found.groups()]
        return Node(years, cell.place, key=cell.place, text=cell.text)
    row.table.cells.wrong(
        cell, heading.column.key, shown(cell.text), msg("a first and a last year, such as 2026-2030")
    )
    return None


def _any(row: Row, cell: Cell, heading: Heading) -> Node | None:
    node = _scalar(cell)
    node.loose = False
    return node


_KINDS: dict[str, Any] = {
    "money": _number,
    "percent": _number,
    "months": _number,
    "number": _number,
    "year": _year,
    "month": _month,
    "yes": _yes,
    "list": _list,
    "span": _span,
    "any": _any,
}
_READERS: dict[str, Any] = {
    "sources": Book.sources,
    "basics": Book.basics,
    "history": Book.history,
    "sectors": Book.sectors,
    "projects": Book.projects,
    "years": Book.years,
    "mixes": Book.mixes,
    "targets": Book.targets,
    "limits": Book.limits,
    "actuals": Book.actuals,
    "other": Book.others,
}


def _key(text: str) -> str:
    return _BAD.sub("-", text).strip("-")[: LONGEST_KEY - 10]


def _example(row: list[Cell]) -> bool:
    """Whether a row is an example."""
    first = next((cell for cell in row if cell.text), None)
    return first is not None and EXAMPLE.fullmatch(first.text) is not None


def _pristine(row: list[Cell], sheet: Sheet) -> bool:
    """Whether an example is the one that the sheet came with."""
    shown_there = {text for part in sheet.columns for text in part.example.every().values()}
    words = {
        text
        for part in sheet.columns
        if part.choices
        for each in choices(part.choices).values()
        for text in each.every().values()
    }
    return all(
        cell.text in shown_there | words for cell in row if cell.text and not EXAMPLE.fullmatch(cell.text)
    )


def _is_guide(title: str) -> bool:
    return plain(title) in map(plain, guide()[0].every().values())


def book(address: Address, reader: Reader, asked: Place, path: str) -> Filled | None:
    """The tree of a workbook; None after a mistake has been noted."""
    report = reader.report
    before = len(report.problems)
    if address.below.lower().endswith(RESULTS):
        report.add(
            asked,
            path,
            msg("the results of a workbook"),
            msg("the workbook that was filled in"),
            address.shown[: -len(RESULTS)] + SUFFIX,
        )
        return None
    found = grids(address, reader, asked, path)
    if not any(sheet_of(grid.sheet) for grid in found):
        if len(report.problems) == before:
            titles = [next(iter(sheet.title.every().values())) for sheet in sheets().values()]
            report.add(
                Place(address.shown),
                "file",
                msg("a workbook without sheets of a scenario"),
                msg("sheets such as {names}", names=one_of(titles)),
                msg("`simulate template REGION.xlsx` writes one to fill in"),
            )
        return None
    return assembled(address.shown, found, report)


def assembled(file: str, found: list[Grid], report: Report) -> Filled:
    """The tree of the sheets of a workbook."""
    place = Place(file)
    with counting(_money_said(found, report)):
        return _assembled(file, found, report, place)


def _money_said(found: list[Grid], report: Report) -> Money:
    """The money of a workbook, which its amounts need before they are read."""
    root = Node({}, Place(""))
    words = {
        word: key
        for key in ("currency", "scale")
        for part in (sheets()["basics"].part(f"money.{key}"),)
        for word in (f"money.{key}", *map(plain, part.title.every().values()))
    }
    for row in (row for grid in found for row in grid.rows):
        key = words.get(plain(row[0].text)) if row else None
        if key and len(row) > 1 and not empty(row[1].text):
            money = root.map.setdefault("money", Node({}, row[1].place))
            money.map.setdefault(key, word(row[1].text, row[1].place))
    return money_of_file(root, Money(), report)


def _assembled(file: str, found: list[Grid], report: Report, place: Place) -> Filled:
    whole = any(
        cell.text in ("dabiao", "extends")
        for grid in found
        if (sheet := sheet_of(grid.sheet)) is not None and sheet.key == "other"
        for row in grid.rows
        for cell in row
    )
    made = Book(file, report, Node({}, place), whole)
    made.read(found)
    return Filled(made.root, made.other, made.facts, made.asked, not whole)
