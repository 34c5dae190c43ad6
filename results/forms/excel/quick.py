"""The sheet of the quick look: yellow cells for total, mix and delays, and formulas that tell the approximate
answer, how far it holds, and what an exact run is asked (速算表)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ....engine.diagnose.tested import PART_TESTED, POINTS_TESTED, QUARTERS
from ....models.money import MONEY
from ....models.quantity import Bilingual
from ....models.target import rounded
from ....models.words import msg, tr
from ...colours import ENTER, MISSED, SOFT
from ...colours import LINE as RULE
from ...tables.table import Table
from ...text.format import clean, unit_of
from ...text.wording import REACHED, TIERS
from ..terminal.layout import wrap
from .layout import LEAST, LINE, laid_out
from .live import Grid
from .sheet import Styles, Written, put
from .sheet import block as made_block

NAME = "quick_look"
NEEDED = (NAME, "quick_answers", "quick_chances", "quick_typed")
"""Tables that the sheet is made of."""
_ANSWER, _FIRST, _NOTE = 8, 5, 3
"""Columns of the answer beside its first five, the first of the effects, and how many a note runs over."""
_WHOLE = 0.005
"""Points by which a mix may differ from 100: what is lost by typing two digits."""
_HAIR = 1e-6
_ROUNDED = 6
"""Digits of a number in the command."""


@dataclass(frozen=True)
class Source:
    """Where a scenario stands: the file that a command names, and the cell of each value, where it is a
    workbook."""

    file: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, file: str, origins: Mapping[str, str]) -> Source:
        """The cells of a workbook by path, from where its values come from: ``region.xlsx!Basics!B18``."""
        found = {path: place.split("!", 1)[1] for path, place in origins.items() if place.count("!") == 2}
        return cls(file, found)

    def cell(self, path: str) -> str:
        """The cell of a number; nothing where it stands in none."""
        return self.cells.get(path) or self.cells.get(f"{path}.value", "")


def write_quick(
    sheet: Any, styles: Styles, tables: Mapping[str, Table], chances: Grid, source: Source, lang: str
) -> Written:
    """The sheet, from tables in percent; ``chances`` is where those by shift stand."""
    page = _Quick(sheet, styles, tables, chances, source, lang)
    page.write()
    made = made_block(tables[NAME], lang, sheet.get_name(), page.inputs)
    return Written(tables[NAME], made.grid, laid_out(made.heads, made.texts, made.numeric), made.order)


class _Quick:
    """The sheet while it is written.

    Answers stand above, checks and the command below them, then the levers, a row each: what is entered in
    column D, what of it counts in column E, effects from column F on.
    """

    def __init__(
        self,
        sheet: Any,
        styles: Styles,
        tables: Mapping[str, Table],
        chances: Grid,
        source: Source,
        lang: str,
    ) -> None:
        self.sheet, self.styles, self.chances, self.source, self.lang = sheet, styles, chances, source, lang
        self.answers = tables["quick_answers"].records()
        self.levers = tables[NAME].records()
        self.notes = [tables[name].note for name in (NAME, "quick_answers", "quick_typed")]
        self.errors, self.title = tables["quick_answers"], tables[NAME].title.of(lang)
        self.typed: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for row in tables["quick_typed"].records():
            self.typed.setdefault((row["kind_id"], row["of"]), []).append(row)
        self.known = {column.name for column in tables["quick_chances"].columns}
        # rows, counted from 0
        self.first = 4
        self.checks = self.first + len(self.answers) + 1
        self.inputs = self.checks + 8
        self.last = self.inputs + len(self.levers) - 1
        shares = [at for at, row in enumerate(self.levers) if row["kind_id"] == "share"]
        self.shares = (self.inputs + shares[0], self.inputs + shares[-1]) if shares else None
        self.check = _FIRST + len(self.answers)
        self.end = _FIRST + max(_ANSWER, len(self.answers) + _NOTE)

    def write(self) -> None:
        """Everything, from top to bottom."""
        sheet, styles = self.sheet, self.styles
        for at, width in enumerate((38, 13, 12, 15, 13, *[12] * (self.end - _FIRST), 40, 28)):
            sheet.set_column(at, at, width)
        put(sheet, 0, 0, self.title, styles.title)
        sheet.set_row(0, 24)
        self._paragraph(
            1,
            tr(
                self.lang,
                "Change the yellow cells below: total investment, mix, delays. The answer above them is a"
                " linear approximation, tested within ±{part:g} % of the total, ±{points:g} points of a share"
                " and ±{quarters:g} quarters of a project; its errors stand at the end. Decide by an"
                " exact run.",
                part=100 * PART_TESTED,
                points=POINTS_TESTED,
                quarters=QUARTERS[-1],
            ),
            font_color=MISSED,
            bold=True,
        )
        self._answers()
        self._checks()
        self._levers()
        self._errors(self.last + 2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _paragraph(self, row: int, text: str, **look: Any) -> None:
        """A text across the sheet."""
        style = self.styles(text_wrap=True, **look)
        self.sheet.merge_range(row, 0, row, self.end - 1, "", style)
        put(self.sheet, row, 0, text, style)
        room = 88 + 11 * (self.end - _FIRST)
        self.sheet.set_row(row, LEAST + LINE * (len(wrap(clean(text), room)) - 1))

    def _heads(self, row: int, heads: Sequence[str], words: Sequence[int] = (0, 1)) -> None:
        for at, head in enumerate(heads):
            put(self.sheet, row, at, head, self.styles.head(at not in words))
        lines = max(len(wrap(head, 10 if 1 < at < self.end else 30)) for at, head in enumerate(heads))
        self.sheet.set_row(row, LEAST + LINE * (lines - 1) + 3)

    def _column(self, at: int, whole: bool = False) -> str:
        """A column of the levers, or its part for shares."""
        first, last = (self.inputs, self.last) if whole or self.shares is None else self.shares
        letter = _letter(at)
        return f"${letter}${first + 1}:${letter}${last + 1}"

    @property
    def mixed(self) -> str:
        """The condition under which the mix adds up."""
        if self.shares is None:
            return "1>0"
        return f"ABS(SUM({self._column(3)})-100)<{_WHOLE}"

    # --- answers

    def _answers(self) -> None:
        """What moves: the plan, the approximate value, tiers, margins, chances."""
        margin, reached = tr(self.lang, "Margin to it"), tr(self.lang, "Reached or kept?")
        first = tr(self.lang, "Minimum, or at most (≤)")
        heads = [
            tr(self.lang, "What moves"),
            tr(self.lang, "Unit"),
            tr(self.lang, "Plan"),
            tr(self.lang, "APPROXIMATE"),
            tr(self.lang, "Change"),
            *(first, margin, reached),
            *(TIERS["stretch"].of(self.lang), margin, reached),
            *(tr(self.lang, "Chance of the first, %"), tr(self.lang, "Chance of stretch, %")),
        ]
        self._heads(self.first - 1, heads)
        for at, row in enumerate(self.answers):
            self._answer(self.first + at, at, row)

    def _answer(self, at: int, number: int, row: Mapping[str, Any]) -> None:
        sheet, styles, digits = self.sheet, self.styles, row["digits"]
        own, effect = at + 1, _letter(_FIRST + number)
        put(sheet, at, 0, row["title"].of(self.lang), styles.words(False, False, False, ""))
        put(
            sheet,
            at,
            1,
            row["unit"].of(self.lang) if row["unit"] else "",
            styles.words(False, True, False, ""),
        )
        sheet.set_row(at, LEAST + LINE * (len(wrap(row["title"].of(self.lang), 35)) - 1))
        sheet.write_number(at, 2, row["plan"], styles.number(digits))
        moved = f"SUMPRODUCT({self._column(4, True)},${effect}${self.inputs + 1}:${effect}${self.last + 1})"
        sheet.write_formula(at, 4, f'=IF({self.mixed},{moved},"—")', styles.number(digits, True), 0)
        plain = styles.number(digits, False, False, True)
        sheet.write_formula(at, 3, f'=IF(ISNUMBER($E{own}),$C{own}+$E{own},"—")', plain, row["plan"])
        for place, tiers in ((5, ("ensure", "at_most")), (8, ("stretch",))):
            tier = next((tier for tier in tiers if row.get(tier) is not None), None)
            if tier is not None:
                self._tier(at, place, tier, row)
        for place, tiers in ((11, ("ensure", "at_most")), (12, ("stretch",))):
            tier = next((tier for tier in tiers if f"chance_{row['id']}_{tier}" in self.known), None)
            if tier is not None:
                self._chance(at, place, str(row["id"]), tier)

    def _tier(self, at: int, place: int, tier: str, row: Mapping[str, Any]) -> None:
        """A tier, the margin to it, and whether it is reached as the sheet rounds."""
        styles, own, digits, asked = self.styles, at + 1, row["digits"], row[tier]
        sign = "-" if tier == "at_most" else ""
        form = (
            styles(num_format=f'"≤ "0.{"0" * digits}', bottom=4, bottom_color=RULE)
            if sign
            else styles.number(digits)
        )
        self.sheet.write_number(at, place, asked, form)
        edge = f"${_letter(place)}{own}"
        margin = (asked - row["plan"]) if sign else (row["plan"] - asked)
        less = f"{edge}-$D{own}" if sign else f"$D{own}-{edge}"
        self.sheet.write_formula(
            at, place + 1, f'=IF(ISNUMBER($D{own}),{less},"—")', styles.number(digits, True), margin
        )
        target = row["kind"] == "target"
        places = digits - 1 if target else _ROUNDED
        value = f"ROUND($D{own}+{row['margin']:.12g},{places})"
        here, there = rounded(row["plan"] + row["margin"], places), rounded(asked, places)
        kept = here <= there if sign else here >= there
        yes, no = ((REACHED if target else _KEPT)[said].of(self.lang) for said in (True, False))
        compared = f"{value}{'<=' if sign else '>='}ROUND({edge},{places})"
        formula = f'=IF(ISNUMBER($D{own}),IF({compared},"{yes}","{no}"),"—")'
        self.sheet.write_formula(
            at, place + 2, formula, styles.words(True, False, False, ""), yes if kept else no
        )

    def _chance(self, at: int, place: int, target: str, tier: str) -> None:
        """The chance where every future is moved by the change, between two steps in a straight line."""
        name, shift = f"chance_{target}_{tier}", f"shift_{target}"
        shifts, chances = self.chances.cells(shift), self.chances.cells(name)
        steps = [float(each) for each in shifts if isinstance(each, (int, float))]
        x, y, moved = self.chances.range(shift, True), self.chances.range(name, True), f"$E{at + 1}"
        step = (steps[-1] - steps[0]) / (len(steps) - 1)
        low = f"MIN(MATCH({moved},{x},1),{len(steps) - 1})"
        line = (
            f"INDEX({y},{low})+({moved}-INDEX({x},{low}))/{step:.15g}*(INDEX({y},{low}+1)-INDEX({y},{low}))"
        )
        within = f"ABS({moved})<={steps[-1]:.12g}"
        exact = tr(self.lang, "exact run")
        formula = f'=IF(ISNUMBER({moved}),IF({within},{line},"{exact}"),"—")'
        middle = chances[len(steps) // 2]
        self.sheet.write_formula(at, place, formula, self.styles.number(0, False, True), middle)

    # --- checks and the command

    def _checks(self) -> None:
        sheet, styles, row = self.sheet, self.styles, self.checks
        bold = styles(bold=True)
        if self.shares is not None:
            put(sheet, row, 0, tr(self.lang, "The mix adds up to (must be 100 %)"), bold)
            sheet.write_formula(row, 3, f"=SUM({self._column(3)})", styles.number(2, False, False, True), 100)
        told = f"{_letter(self.check)}${self.inputs + 1}:${_letter(self.check)}${self.last + 1}"
        fine, beyond, wrong = (
            tr(self.lang, "within the tested range"),
            tr(self.lang, "see the notes in red beside the yellow cells"),
            tr(self.lang, "the mix must add up to 100 %: no answer"),
        )
        formula = f'=IF({self.mixed},IF(COUNTIF(${told},"?*")>0,"{beyond}","{fine}"),"{wrong}")'
        noted = any(self._wrong(at, each)[1] for at, each in self._entries())
        sheet.write_formula(row, 4, formula, styles(bold=True, font_color=MISSED), beyond if noted else fine)
        row += 1
        put(sheet, row, 0, tr(self.lang, "Exact: file of the scenario"), bold)
        file = self.source.file or tr(self.lang, "scenario.yaml")
        sheet.merge_range(row, 3, row, 7, "", self._entered())
        put(sheet, row, 3, file, self._entered())
        row += 1
        put(sheet, row, 0, tr(self.lang, "Exact: the command to type"), bold)
        none = tr(self.lang, "change a yellow cell first")
        last = _letter(self.end)
        sets = "&".join(f"${last}{at + 1}" for at in range(self.inputs, self.last + 1))
        changed = f"SUMSQ({self._column(3, True)})"
        stated = f"SUMSQ({self._column(2, True)})"
        style = styles(text_wrap=True, font_name="Consolas", font_size=9, valign="top")
        sheet.merge_range(row, 3, row, self.end - 1, "", style)
        sheet.write_formula(
            row,
            3,
            f"=IF(ABS({changed}-{stated})+SUMSQ({self._column(4, True)})>1E-9,"
            f'IF({self.mixed},"simulate """&$D{row}&""""&{sets},"{wrong}"),"{none}")',
            style,
            none,
        )
        sheet.set_row(row, 5 * LINE)
        row += 1
        cells = (
            tr(self.lang, "Or change the cells of the input workbook named on the right, and run it again.")
            if self.source.cells
            else tr(self.lang, "Or change these numbers in the scenario, and run it again.")
        )
        self._paragraph(row, cells, font_color=SOFT)

    def _entries(self) -> list[tuple[int, Mapping[str, Any]]]:
        """The levers with a yellow cell, and their rows as formulas name them."""
        return [
            (at, row) for at, row in enumerate(self.levers, self.inputs + 1) if row["kind_id"] != "sooner"
        ]

    def _entered(self, digits: int | None = None) -> Any:
        form = {} if digits is None else {"num_format": f"0.{'0' * digits}" if digits else "0"}
        return self.styles(bg_color=ENTER, border=1, border_color="#DDD6A8", **form)

    # --- levers

    def _levers(self) -> None:
        """A row each: in the plan, entered, what counts, effects, what is wrong, what an exact run is set."""
        heads = [
            tr(self.lang, "What is changed"),
            tr(self.lang, "Per"),
            tr(self.lang, "In the plan"),
            tr(self.lang, "ENTER"),
            tr(self.lang, "Change that counts"),
            *(
                tr(
                    self.lang,
                    "{title}, {unit} per unit",
                    title=row["title"],
                    unit=unit_of("points", self.lang)
                    if row["unit"] and row["unit"].of("en") == "%"
                    else row["unit"] or "",
                )
                for row in self.answers
            ),
        ]
        heads += [tr(self.lang, "Notes"), *[""] * (self.end - len(heads) - 1)]
        heads.append(tr(self.lang, "An exact run is set"))
        if self.source.cells:
            heads.append(tr(self.lang, "Cells of the input workbook"))
        self._heads(self.inputs - 1, heads, (0, 1, *range(self.check, self.end + 2)))
        put(
            self.sheet,
            self.inputs - 2,
            0,
            tr(self.lang, "Effects of one unit, as simulated"),
            self.styles(bold=True),
        )
        for at, row in enumerate(self.levers, start=self.inputs):
            self._lever(at, row)

    def _lever(self, at: int, row: Mapping[str, Any]) -> None:
        sheet, styles, kind = self.sheet, self.styles, row["kind_id"]
        title = f"{row['title'].of(self.lang)}{_SAID[kind].of(self.lang)}"
        put(sheet, at, 0, title, styles.words(False, False, False, ""))
        sheet.set_row(at, LEAST + LINE * (len(wrap(title, 36)) - 1))
        put(sheet, at, 1, row["unit"].of(self.lang), styles.words(False, True, False, ""))
        own = at + 1
        if kind != "sooner":
            stated = round(row["stated"], 10)
            digits = 0 if kind == "later" else 2
            sheet.write_number(at, 2, stated, styles.number(digits))
            sheet.write_number(at, 3, stated, self._entered(digits))
            low, high = {"money": (0, 1e12), "share": (0, 100), "later": (-8, 8)}[kind]
            sheet.data_validation(
                at, 3, at, 3, {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
            )
            formula, said = self._wrong(own, row)
            sheet.write_formula(at, self.check, formula, styles(font_color=MISSED), said)
            sheet.write_formula(at, self.end, self._set(own, row), styles(font_size=8, font_color=SOFT), "")
            cells = [self.source.cell(typed["path"]) for typed in self.typed.get((kind, row["of"]), ())]
            if cells and all(cells):
                put(sheet, at, self.end + 1, ", ".join(cells), styles(font_size=8))
        counts = {
            "money": f"$D{own}-$C{own}",
            "share": f"($D{own}-$C{own})*(1-$C{own}/100)",
            "later": f"MAX($D{own},0)",
            "sooner": f"MAX(-$D{own - 1},0)",
        }[kind]
        sheet.write_formula(at, 4, f"={counts}", styles.number(2, True), 0)
        for place, answer in enumerate(self.answers, start=_FIRST):
            sheet.write_number(at, place, row[f"effect_{answer['id']}"], styles.number(5, True))

    def _wrong(self, own: int, row: Mapping[str, Any]) -> tuple[str, str]:
        """A note where an entry lies below what named projects need, beyond a limit, or beyond what was
        tested; and what it says of the plan."""
        beyond = tr(self.lang, "beyond the tested range")
        entered, stated = f"$D{own}", f"$C{own}"
        if row["kind_id"] == "money":
            return _first([(f"ABS({entered}/{stated}-1)>{PART_TESTED + 1e-9:.12g}", beyond, False)])
        if row["kind_id"] == "later":
            return _first([(f"ABS({entered})>{QUARTERS[-1]:g}", beyond, False)])
        total = next(at for at, each in enumerate(self.levers, self.inputs) if each["kind_id"] == "money")
        plan = self.levers[total - self.inputs]["stated"]
        money, unit = f"{entered}/100*$D${total + 1}", unit_of(MONEY, self.lang)
        own_money = row["stated"] / 100 * plan
        cases = []
        if row["least"]:
            need = tr(self.lang, "named projects need {money:.1f} {unit}", money=row["least"], unit=unit)
            cases.append((f"{money}<{row['least'] * (1 - _HAIR):.12g}", need, False))
        for name, sign, less in (("low", "<", 1.0), ("high", ">", -1.0)):
            if row[name] is not None:
                edge = row[name] * (1 - less * _HAIR)
                said = tr(self.lang, "breaks the limit {limit}", limit=row[f"{name}_by"])
                cases.append((f"{money}{sign}{edge:.12g}", said, less * (own_money - edge) < 0))
        if row["shift"] is not None:
            said = tr(self.lang, "breaks the limit {limit}", limit=row["shift_by"])
            cases.append((f"ABS({entered}-{stated})>{row['shift'] + _HAIR:.12g}", said, False))
        cases.append((f"ABS({entered}-{stated})>{POINTS_TESTED + _HAIR:.12g}", beyond, False))
        return _first(cases)

    def _set(self, own: int, row: Mapping[str, Any]) -> str:
        """The options of a command that set what was entered."""
        sets = self.typed.get((row["kind_id"], row["of"]), [])
        if not sets:
            return f'=IF(ABS($E{own})>1E-9,"{tr(self.lang, "change it in the file")}","")'
        parts = "&".join(_option(typed, own) for typed in sets)
        condition = (
            f"SUMSQ({self._column(4)})>1E-12" if row["kind_id"] == "share" else f"ABS($D{own}-$C{own})>1E-9"
        )
        return f'=IF({condition},{parts},"")'

    # --- errors

    def _errors(self, row: int) -> None:
        """How far off the approximation was at the tests, and what all of it means."""
        names = [
            column for column in self.errors.columns if column.name.startswith("error_") and column.shown
        ]
        put(
            self.sheet,
            row,
            0,
            tr(self.lang, "Errors measured: simulated less approximated"),
            self.styles(bold=True),
        )
        heads = [
            tr(self.lang, "What moves"),
            tr(self.lang, "Unit"),
            *(column.title.of(self.lang) for column in names),
        ]
        self._heads(row + 1, heads)
        for at, own in enumerate(self.answers, start=row + 2):
            put(self.sheet, at, 0, own["title"].of(self.lang), self.styles.words(False, False, False, ""))
            unit = own["unit"].of(self.lang) if own["unit"] else ""
            put(self.sheet, at, 1, unit, self.styles.words(False, True, False, ""))
            for place, column in enumerate(names, start=2):
                if own[column.name] is not None:
                    self.sheet.write_number(at, place, own[column.name], self.styles.number(column.digits))
        for at, note in enumerate(self.notes, start=row + 3 + len(self.answers)):
            if note is not None:
                self._paragraph(at, note.of(self.lang), font_size=9, font_color=SOFT)


_KEPT = {True: msg("kept", context="a limit"), False: msg("broken", context="a limit")}
_NOTHING = Bilingual.same("")
_SAID: Mapping[str, Bilingual] = {
    "money": _NOTHING,
    "share": _NOTHING,
    "later": msg(": later (minus: sooner)"),
    "sooner": msg(": of it sooner"),
}


def _first(cases: Sequence[tuple[str, str, bool]]) -> tuple[str, str]:
    """A formula that says the first of some texts whose condition holds, and what it says of the plan."""
    formula = '""'
    for condition, said, _ in reversed(cases):
        formula = f'IF({condition},"{said.replace(chr(34), chr(34) * 2)}",{formula})'
    return f"={formula}", next((said for _, said, holds in cases if holds), "")


def _option(typed: Mapping[str, Any], own: int) -> str:
    """One option as a piece of a formula: a text never longer than Excel allows."""
    path = f" --set {typed['path']}="
    texts = "&".join(f'"{path[at : at + 200]}"' for at in range(0, len(path), 200))
    if not typed["per"]:
        return f"{texts}&{round(typed['constant'], _ROUNDED):.12g}"
    return f"{texts}&ROUND({typed['constant']:.15g}+{typed['per']:.15g}*$D{own},{_ROUNDED})"


def _letter(at: int) -> str:
    """The letters of a column."""
    return chr(65 + at) if at < 26 else f"{chr(64 + at // 26)}{chr(65 + at % 26)}"
