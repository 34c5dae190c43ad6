"""Classes and coefficients out of an input-output table as published, and what of it does not add up
(自有投入产出表)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..models.errors import Said
from ..models.io_table import FlowTable, at_basic_prices, local_share, ras, residual
from ..models.quantity import FloatArray
from ..models.words import msg
from .document import Node
from .report import Place, Report, meant, one_of, shown
from .rules_economy import TOLERANCE
from .schema import NationalClass, OwnTable
from .shape import BAD, MARGINS, Shape

PATH = "national.table"
TOLD = 0.0005
"""Gap of a column, over its output, from which it is told."""
DIGITS = 12


@dataclass(frozen=True)
class _Sheet:
    """The table as written, with where each cell stands."""

    spec: OwnTable
    cells: Mapping[str, Mapping[str, Node]]
    place: Place
    classes: tuple[str, ...]

    def at(self, row: str, column: str = "") -> Place:
        """Where a cell or row stands."""
        node = self.cells.get(row, {}).get(column)
        return node.place if node else self.place

    def row(self, name: str) -> FloatArray:
        """What a row holds of every class ``(K,)``."""
        return np.array([_value(self.cells[name].get(c)) for c in self.classes])

    def rows(self, names: Sequence[str]) -> FloatArray:
        """Sum of rows ``(K,)``."""
        return sum((self.row(name) for name in names), np.zeros(len(self.classes)))

    def columns(self, names: Sequence[str]) -> FloatArray:
        """Sum of columns over the classes ``(K,)``."""
        return np.array([sum(_value(self.cells[c].get(name)) for name in names) for c in self.classes])

    @property
    def tolerance(self) -> float:
        """The largest gap that is taken away, over output."""
        return (self.spec.tolerance.value if self.spec.tolerance else TOLERANCE) / 100


def _value(node: Node | None) -> float:
    if node is None:
        return 0.0
    node = node.map.get("value", node)
    return float(node.value) if node.number else 0.0  # type: ignore[arg-type]


def settle_table(root: Node, report: Report) -> list[str]:
    """Put classes and coefficients in the place of `national.table`; tell what they are made of.

    Where the table cannot be used, the paths of what it would have said come back: they are told already.
    """
    national = root.map.get("national")
    node = national.map.pop("table", None) if national else None
    if national is None or node is None:
        return []
    sources = frozenset(root.map["sources"].map) if "sources" in root.map else frozenset()
    before = len(report.problems)
    flows = node.map.get("flows")
    cells, matrix = _rows(flows), _rows(node.map.get("import_flows"))
    columns = {name for row in cells.values() for name in row}
    named = [name for name in cells if name in columns]
    lost = ["national.coefficients", "national.groups", "national.classes"]
    lost += [f"national.classes.{name}.{field}" for name in named for field in NationalClass.model_fields]
    data = Shape(report, sources, "", []).part(node, OwnTable, PATH)
    if data is BAD or len(report.problems) > before or flows is None:
        return lost
    spec = OwnTable.model_validate(data)
    sheet = _Sheet(spec, cells, flows.at, spec.classes or tuple(named))
    _names(sheet, columns, matrix, report)
    table = _read(sheet, matrix, report) if len(report.problems) == before else None
    table = _balanced(sheet, table, report) if table else None
    if table is None:
        return lost
    _write(national, sheet, table, node.at.file, report)
    _forget(root, node.at.file, sheet, report)
    return []


def _rows(node: Node | None) -> dict[str, dict[str, Node]]:
    """Rows of a table by name, without what it says of its source."""
    return {name: row.map for name, row in node.map.items() if name not in MARGINS} if node else {}


def _names(sheet: _Sheet, columns: Iterable[str], matrix: Mapping[str, object], report: Report) -> None:
    """Rows and columns that the table must have."""
    spec = sheet.spec
    rows, columns = list(sheet.cells), list(columns)
    if not sheet.classes:
        report.add(
            sheet.place, f"{PATH}.flows", msg("no row that is a column too"), msg("classes that buy and sell")
        )
    row_of_imports = spec.imports is not None and spec.kind != "total"
    asked = {
        "classes": (sheet.classes, rows),
        "output": ((spec.output,), rows),
        "value_added": (spec.value_added, rows),
        "labour": (spec.labour, rows),
        "taxes": (spec.taxes, rows),
        "imports": ((spec.imports,) if spec.imports else (), rows if row_of_imports else columns),
        "household": (spec.household, columns),
        "government": (spec.government, columns),
        "exports": (spec.exports, columns),
        "final": (spec.final, columns),
        "import_flows": (tuple(matrix), sheet.classes),
        "margins": ((*spec.margins, *(h for each in spec.margins.values() for h in each)), sheet.classes),
    }
    for key, (names, known) in asked.items():
        what: Said = msg("a row of the table") if known is rows else msg("a column of the table")
        for name in names:
            if name not in known:
                report.add(
                    sheet.place,
                    f"{PATH}.{key}",
                    shown(name),
                    msg("{what}: {names}", what=what, names=one_of(known)),
                    meant(name, known),
                )
    if matrix and spec.imports:
        report.add(
            sheet.place, f"{PATH}.imports", msg("both `imports` and `import_flows`"), msg("one of them")
        )
    if spec.kind == "coefficients" and matrix:
        report.add(
            sheet.place,
            f"{PATH}.import_flows",
            msg("a matrix of imports beside coefficients"),
            msg("a row `imports`, or flows"),
        )


def _read(sheet: _Sheet, matrix: Mapping[str, Mapping[str, Node]], report: Report) -> FlowTable | None:
    """The table in money: domestic flows where imports are known by buyer, else flows as they stand."""
    spec, classes = sheet.spec, sheet.classes
    output = sheet.row(spec.output)
    for c, made in zip(classes, output, strict=True):
        if made <= 0:
            report.add(
                sheet.at(spec.output, c),
                f"{PATH}.flows.{spec.output}.{c}",
                f"{made:g}",
                msg("output above 0"),
            )
    if np.any(output <= 0):
        return None
    by = output if spec.kind == "coefficients" else np.ones(len(classes))
    flows = np.array([[_value(sheet.cells[i].get(j)) for j in classes] for i in classes]) * by
    imports = np.zeros(len(classes))
    if spec.imports and spec.kind != "total":
        imports = np.abs(sheet.row(spec.imports)) * by
    if matrix:
        bought = np.array([[_value(matrix.get(i, {}).get(j)) for j in classes] for i in classes])
        imports = bought.sum(axis=0)
        if spec.kind == "total":
            flows = flows - bought
    if spec.margins:
        at = {c: k for k, c in enumerate(classes)}
        flows = at_basic_prices(
            flows,
            {at[c]: {at[h]: q.value / 100 for h, q in each.items()} for c, each in spec.margins.items()},
        )
        told = msg("flows are put at basic prices: margins go to the classes that earn them")
        report.told(sheet.place, told)
    added = sheet.rows(spec.value_added) * by
    final = (*spec.household, *spec.government, *spec.exports, *spec.final)
    sold = None
    if spec.final:
        abroad = np.abs(sheet.columns((spec.imports,))) if spec.imports and spec.kind == "total" else 0.0
        sold = output + abroad - sheet.columns(final)
    return FlowTable(flows, added, imports, sheet.rows(spec.taxes) * by, output, sold)


def _balanced(sheet: _Sheet, table: FlowTable, report: Report) -> FlowTable | None:
    """The table without negative entries and gaps, each told with its size; None after a refusal."""
    clean = _without_negatives(sheet, table, report)
    if clean is None:
        return None
    if sheet.spec.balance is None:
        return clean if _bearable(sheet, clean, report) else None
    if np.all(np.abs(clean.gaps) <= TOLD) and np.all(np.abs(clean.row_gaps) <= TOLD):
        return clean
    by_ras = sheet.spec.balance == "ras"
    found = ras(clean) if by_ras else residual(clean)
    if found is None or np.any(found.imports < -1e-9 * found.output):
        report.add(
            sheet.place,
            f"{PATH}.balance",
            f"`{sheet.spec.balance}`",
            msg("a table whose rows and columns can be brought to their totals")
            if by_ras
            else msg("columns that lack inputs, or have imports to give"),
            msg("check value added, output and final demand; or try the other way"),
        )
        return None
    if by_ras and clean.sold is not None and abs(clean.room.sum() / clean.sold.sum() - 1) > TOLD:
        rows = msg(
            "rows sell {sold:.6g} to columns that buy {room:.6g}: rows are brought to the columns' total",
            sold=float(clean.sold.sum()),
            room=float(clean.room.sum()),
        )
        report.told(sheet.place, rows)
    _compare(sheet, table, found, report)
    return found


def _bearable(sheet: _Sheet, table: FlowTable, report: Report) -> bool:
    """Whether every gap is within the tolerance: such are told, larger ones refused."""
    fine = True
    for values, word, done in (
        (table.gaps, _column, msg("inputs are scaled to fit")),
        (table.row_gaps, _row, msg("left as it is")),
    ):
        for c, gap in zip(sheet.classes, values.tolist(), strict=True):
            if abs(gap) > sheet.tolerance + 1e-12:
                fine = False
                _refuse(sheet, c, word(gap), report)
            elif abs(gap) > TOLD:
                said = msg("{name}: {what}; {done}", name=c, what=word(gap), done=done)
                report.told(sheet.at(sheet.spec.output, c), said)
    return fine


def _without_negatives(sheet: _Sheet, table: FlowTable, report: Report) -> FlowTable | None:
    """Flows without entries below zero: they are told, and beyond the tolerance refused or left to
    `balance`."""
    refused = False
    for i, j in np.argwhere(table.flows < 0):
        row, column, value = sheet.classes[i], sheet.classes[j], float(table.flows[i, j])
        part = abs(value) / float(table.output[j])
        size = msg(
            "{value:.6g} of {row} in column {column}, {part:.2g} % of its output",
            value=value,
            row=row,
            column=column,
            part=100 * part,
        )
        if part > sheet.tolerance + 1e-12 and sheet.spec.balance is None:
            refused = True
            report.add(
                sheet.at(row, column),
                f"{PATH}.flows.{row}.{column}",
                size,
                msg("0 or more"),
                msg("correct it, or state `balance: ras` or `balance: residual`: it is taken as 0 then"),
            )
        else:
            report.told(sheet.at(row, column), msg("{size}: taken as 0", size=size))
    return None if refused else replace(table, flows=np.maximum(table.flows, 0.0))


def _column(gap: float) -> Said:
    if gap > 0:
        return msg(
            "a column {gap:.3g} % short: inputs, imports, taxes and value added below output", gap=100 * gap
        )
    return msg(
        "a column {gap:.3g} % too full: inputs, imports, taxes and value added above output", gap=-100 * gap
    )


def _row(gap: float) -> Said:
    if gap > 0:
        return msg("a row {gap:.3g} % short: sales below output", gap=100 * gap)
    return msg("a row {gap:.3g} % too full: sales above output", gap=-100 * gap)


def _refuse(sheet: _Sheet, name: str, what: Said, report: Report) -> None:
    report.add(
        sheet.at(sheet.spec.output, name),
        f"{PATH}.flows.{sheet.spec.output}.{name}",
        what,
        msg("the same within {most:g} %", most=100 * sheet.tolerance),
        msg("correct the table, or state `balance: ras` or `balance: residual`"),
    )


def _compare(sheet: _Sheet, table: FlowTable, found: FlowTable, report: Report) -> None:
    """Tell what balancing changed, column by column."""
    before, after = table.flows.sum(axis=0), found.flows.sum(axis=0)
    for k, c in enumerate(sheet.classes):
        moved = np.abs(found.flows[:, k] - table.flows[:, k]).sum() / 2
        if moved + abs(found.imports[k] - table.imports[k]) > TOLD * table.output[k]:
            report.told(
                sheet.at(sheet.spec.output, c),
                msg(
                    "{name}: balanced ({way}); it lacked {gap:.3g} % of output; inputs {before:.6g} ->"
                    " {after:.6g}, bought outside {bought:.6g} -> {then:.6g}",
                    name=c,
                    way=str(sheet.spec.balance),
                    gap=100 * float(table.gaps[k]),
                    before=float(before[k]),
                    after=float(after[k]),
                    bought=float(table.imports[k]),
                    then=float(found.imports[k]),
                ),
            )


def _facts(sheet: _Sheet, table: FlowTable) -> dict[str, FloatArray]:
    """What the table says of every class, by field of a class, in its unit."""
    spec = sheet.spec
    found = {
        "va_ratio": 100 * table.value_added / table.output,
        "output": table.output,
        "outside_inputs": 100 * (table.imports + table.taxes) / table.output,
    }
    if spec.labour:
        by = table.output if spec.kind == "coefficients" else 1.0
        found["labour_share"] = 100 * sheet.rows(spec.labour) * by / table.value_added
    for field, names in (("household_share", spec.household), ("government_share", spec.government)):
        spent = sheet.columns(names)
        if names and spent.sum() > 0:
            found[field] = 100 * spent / spent.sum()
    if spec.of == "region":
        apart = spec.kind == "domestic" or spec.import_flows or (spec.kind == "coefficients" and spec.imports)
        if apart:
            found["regional_purchase"] = np.full(len(table.output), 100.0)
        elif spec.imports:
            abroad = np.abs(sheet.columns((spec.imports,)))
            found["regional_purchase"] = 100 * local_share(table.output, abroad, sheet.columns(spec.exports))
    return found


def _write(national: Node, sheet: _Sheet, table: FlowTable, file: str, report: Report) -> None:
    """Lay classes, coefficients and groups of the table in the tree, with its provenance."""
    facts = _facts(sheet, table)
    classes = national.map.setdefault("classes", Node({}, sheet.place))
    dropped = [
        name
        for name in classes.map
        if name not in sheet.classes and isinstance(classes.map[name].value, dict)
    ]
    for name in dropped:
        del classes.map[name]
    if dropped:
        report.told(
            sheet.place,
            msg("classes that the table does not have are left out: {names}", names=one_of(dropped)),
        )
    for k, name in enumerate(sheet.classes):
        own = classes.map.setdefault(name, Node({}, sheet.at(name)))
        if not isinstance(own.value, dict):
            continue
        own.map.setdefault("title", Node(name, sheet.at(name), text=name))
        for field, values in facts.items():
            stated = own.map.get(field)
            if stated is not None and stated.place.file == file:
                report.add(
                    stated.at,
                    f"national.classes.{name}.{field}",
                    msg("a number that the table gives too: {value:.6g}", value=float(values[k])),
                    msg("nothing: the table says it"),
                )
            own.map[field] = _number(float(values[k]), sheet, sheet.spec.output, name)
    _final_outside(national, sheet, report)
    coefficients = table.flows / table.output
    national.map["coefficients"] = Node(
        {
            row: Node(
                {c: _number(float(coefficients[i, j]), sheet, row, c) for j, c in enumerate(sheet.classes)},
                sheet.at(row),
            )
            for i, row in enumerate(sheet.classes)
        },
        sheet.place,
    )
    groups = national.map.get("groups", Node({}, sheet.place))
    kept = {
        name: node
        for name, node in groups.map.items()
        if not isinstance(node.value, list) or all(each.text in sheet.classes for each in node.value)
    }
    national.map["groups"] = Node(kept, groups.place, groups.key)
    tolerance = max(100 * sheet.tolerance, TOLERANCE)
    national.map["tolerance"] = Node(tolerance, sheet.place, text=f"{tolerance:g}", given=_given(sheet))


def _final_outside(national: Node, sheet: _Sheet, report: Report) -> None:
    """What households and government buy outside and pay in taxes on products, where the table's rows of
    imports and taxes say it in their columns; a figure that is stated goes before, and is told.

    .. math:: o = m / (m + \\sum_k c_k)
    """
    spec = sheet.spec
    rows = (*((spec.imports,) if spec.imports and spec.kind != "total" else ()), *spec.taxes)
    for field, names in (("household_outside", spec.household), ("government_outside", spec.government)):
        there = [(row, column) for row in rows for column in names if column in sheet.cells[row]]
        bought = [(row, _value(sheet.cells[row][column])) for row, column in there]
        outside = sum(value if row in spec.taxes else abs(value) for row, value in bought)
        here = float(sheet.columns(names).sum()) if names else 0.0
        if spec.of != "region" or outside <= 0 or here <= 0:
            continue
        part = 100 * outside / (outside + here)
        stated = field in national.map
        if not stated:
            national.map[field] = _number(part, sheet, *there[0])
        told = (
            msg("`{field}` is stated; by the table it is {part:.3g} %", field=field, part=part)
            if stated
            else msg(
                "imports and taxes on products are {part:.3g} % of all that is spent in {names}",
                part=part,
                names=one_of(names),
            )
        )
        report.told(sheet.at(*there[0]), told)


def _forget(root: Node, file: str, sheet: _Sheet, report: Report) -> None:
    """Leave out what sectors inherit of purchases from classes that the table does not have, and tell it."""
    forgotten: dict[str, None] = {}
    for sector in root.map["sectors"].map.values() if "sectors" in root.map else ():
        bought = sector.map.get("investment_buys")
        for name, node in list(bought.map.items()) if bought else ():
            if name not in sheet.classes and node.place.file != file and name not in MARGINS:
                del bought.map[name]  # type: ignore[union-attr]
                forgotten[name] = None
    if forgotten:
        names = one_of(forgotten)
        report.told(
            sheet.place,
            msg(
                "inherited purchases from classes that the table does not have are left out: {names}",
                names=names,
            ),
        )


def _given(sheet: _Sheet) -> tuple[str | None, object] | None:
    """Source or assumption of the table, as its output states it."""
    return next((node.given for node in sheet.cells[sheet.spec.output].values() if node.given), None)


def _number(value: float, sheet: _Sheet, row: str, column: str) -> Node:
    exact = float(f"{value:.{DIGITS}g}")
    place = sheet.at(row, column)
    return Node(exact, place, key=place, text=f"{exact:.{DIGITS}g}", given=_given(sheet))
