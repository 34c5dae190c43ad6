"""A run in the layout of the Integrated Assessment Modeling Consortium, under the names that it agreed on.

Variables follow the consortium's common definitions, macro-economy (`GDP|MER`, `Value Added|Industry`,
`Investment`, `Income`), and openENTRANCE (`Consumption|Households`); what these do not name stands under the
nearest of them, rates of change under `...|Growth`, as `GDP|Growth`. Sectors stand below Agriculture,
Industry (ISIC Rev. 4, B to F) and Services. Sources: github.com/IAMconsortium/common-definitions,
definitions/variable/macro-economy; github.com/openENTRANCE/openentrance, definitions/variable/economy.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ...models.money import Money, money_of
from ...models.quantity import Bilingual
from ..tables.table import Table
from ..text.format import clean, plain
from ..write import Stored
from .csv_files import safe_text as safe
from .interchange import ONE, Asked, title_in, year_in

_PERCENTILE = re.compile(r"q(\d\d)")

INDICATORS = {
    "gdp_growth": "GDP|Growth",
    "gdp_level": "GDP|Nominal",
    "industry_above_scale_growth": "Value Added|Industry|Above Scale|Growth",
    "fai_growth": "Investment|Growth",
    "key_project_investment": "Investment|Key Projects",
    "household_consumption_growth": "Consumption|Households|Domestic|Growth",
    "household_income_growth": "Income|Households|Growth",
}
"""Names of indicators; any other is called by its title."""
GROUPS = {"primary": "Agriculture", "secondary": "Industry", "tertiary": "Services"}
ACCOUNTS = {
    "gdp": "GDP|MER",
    "value_added": "Value Added",
    "investment": "Investment",
    "consumption": "Consumption|Households|Domestic",
    "income": "Income|Households",
}
SUMMED = ("value_added", "investment")
"""Accounts whose sectors add up to their group."""


class Unit(NamedTuple):
    """A unit of the consortium, and what one of the product's is in it."""

    name: str
    factor: float = 1.0


_UNITS = {
    "%": Unit("%"),
    "个百分点": Unit("%"),
    "points": Unit("%"),
    "万吨": Unit("Mt/yr", 0.01),
    "万亩": Unit("million ha", 1 / 1500),  # 15 mu are a hectare
    "万人": Unit("million", 0.01),
    "万户": Unit("million", 0.01),
}


def unit_for(unit: str, prices: str = "") -> Unit:
    """The unit that the consortium uses for one of a table; one that it has none for is a pure number where
    things are counted, and stays otherwise.

    >>> unit_for("亿元", "2023"), unit_for("万吨")
    (Unit(name='billion CNY_2023/yr', factor=0.1), Unit(name='Mt/yr', factor=0.01))
    """
    if money := money_of(unit):
        dated = f"{money.currency}_{prices}" if prices else money.currency
        return Unit(f"billion {dated}/yr", money.scale / 1e9)
    if unit in ("家", "户", "个", "项", "projects", ""):
        return Unit(ONE)
    return _UNITS.get(unit, Unit(unit))


@dataclass(frozen=True)
class Series:
    """A variable over the years, of the plan or of another mix (``suffix``)."""

    variable: str
    unit: str
    years: Mapping[int, float]
    suffix: str = ""


def iamc(run: Stored, asked: Asked = Asked()) -> dict[str, bytes]:  # noqa: B008
    """``iamc.csv``: model, scenario, region, variable, unit and a column a year, with the base year, as
    ``pyam.IamDataFrame("iamc.csv")`` reads it; and ``units.txt``: its money for
    ``iam_units.registry.load_definitions("units.txt")``.

    The plan has the scenario's name; every other mix adds its own. Numbers without a year stand in
    the long table.
    """
    found: dict[tuple[str, str, str], dict[int, float]] = {}
    for series in _every(run):
        if series.years:
            found.setdefault((series.suffix, series.variable, series.unit), {}).update(series.years)
    years = sorted({year for path in found.values() for year in path})
    version = str(run.document.get("version", ""))
    where = asked.region or title_in(run, asked.lang)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["model", "scenario", "region", "variable", "unit", *map(str, years)])
    for (suffix, variable, unit), path in found.items():
        head = (f"dabiao {version}".strip(), f"{run.scenario}{suffix}", where, variable, unit)
        writer.writerow(
            [*map(safe, head), *(repr(path[year]) if year in path else "" for year in years)],
        )
    return {"iamc.csv": buffer.getvalue().encode(), "units.txt": _definitions(found).encode()}


def _definitions(found: Mapping[tuple[str, str, str], Any]) -> str:
    """Each money of the file as a dimension of its own: amounts convert, currencies and price years do
    not."""
    named = sorted({name for _, _, unit in found for name in re.findall(r"\b[A-Z]{3}(?:_\d{4})?\b", unit)})
    return "".join(f"{name} = [{name}]\n" for name in named if not re.match(r"USD|EUR", name))


def _every(run: Stored) -> Iterator[Series]:
    money = run.money
    base = str(min(_years(run.tables["levels"]), default="")) if "levels" in run.tables else ""
    for name, say in (("levels", _levels), ("indicators", _indicators), ("fan", _fan), ("mix_years", _mixes)):
        if name in run.tables:
            yield from say(run.tables, run.tables[name], money, base)


def _years(table: Table) -> list[int]:
    return [year for column in table.columns if (year := year_in(column.name)) is not None]


def _path(row: Mapping[str, Any], factor: float) -> dict[int, float]:
    values = ((year, plain(row[name])) for name in row if (year := year_in(name)) is not None)
    return {year: factor * value for year, value in values if isinstance(value, (int, float))}


def _said(cell: Any) -> str:
    value = plain(cell)
    text = value.of("en") if isinstance(value, Bilingual) else "" if value is None else str(value)
    return clean(text).replace("|", "/").strip()


def _place(row: Mapping[str, Any]) -> list[str]:
    """The group of a row's sector, where it stands in one, under the consortium's name; and its title."""
    group, item = _said(row["group"]), _said(row["item"])
    group = GROUPS.get(group, group)
    title = _said(row["title"]).partition(": ")[2] or item
    return [part for part in (group, title) if part]


def _levels(tables: Mapping[str, Table], table: Table, money: Money, base: str) -> Iterator[Series]:
    sums: dict[tuple[str, str], dict[int, float]] = {}
    for row in table.records():
        unit = unit_for(money.label, base if row["prices_id"] == "base" else "")
        path, name = _path(row, unit.factor), ACCOUNTS[row["account"]]
        if row["item"]:
            *above, title = _place(row)
            group = above[0] if above else ""
            if group:
                total = sums.setdefault((f"{name}|{group}", unit.name), {})
                for year, value in path.items():
                    total[year] = total.get(year, 0.0) + value
            if title == group:  # the sector is the group
                continue
            name = "|".join(part for part in (name, group, title) if part)
        yield Series(name, unit.name, path)
    yield from (Series(name, unit, path) for (name, unit), path in sums.items())


def _indicators(tables: Mapping[str, Table], table: Table, money: Money, base: str) -> Iterator[Series]:
    named = {
        row["item"]: "|".join(dict.fromkeys(("Value Added", *_place(row))))
        for row in (tables["levels"].records() if "levels" in tables else ())
        if row["account"] == "value_added"
    }
    for row in table.records():
        key, kind = row["indicator"], row["kind"]
        unit = unit_for(_house(row["unit"]))
        if kind == "sector":
            name = f"{named.get(key, f'Value Added|{key}')}|Growth"
        else:
            name = INDICATORS.get(key, _said(row["title"]) or key)
        yield Series(name, unit.name, _path(row, unit.factor))


def _house(cell: Any) -> str:
    """The unit of a row as the product writes it."""
    value = plain(cell)
    if not isinstance(value, Bilingual):
        return str(value or "")
    english = value.of("en")  # the label of another country's money; other units are known in Chinese
    return english if money_of(english) else value.of("zh")


def _fan(tables: Mapping[str, Table], table: Table, money: Money, base: str) -> Iterator[Series]:
    for row in table.records():
        name = INDICATORS.get(row["target"], _said(row["title"]))
        unit = unit_for(_house(row.get("unit")))
        for column in row:
            value, hit = plain(row[column]), _PERCENTILE.fullmatch(column)
            if hit and isinstance(value, (int, float)):
                label = f"{name}|{int(hit[1])}th Percentile"
                yield Series(label, unit.name, {int(row["year"]): unit.factor * value})


_MIX = (("gdp_growth", "GDP|Growth"), ("gdp_real", "GDP|MER"), ("gdp_nominal", "GDP|Nominal"))


def _mixes(tables: Mapping[str, Table], table: Table, money: Money, base: str) -> Iterator[Series]:
    """Every mix that is not the plan as written; the plan's own numbers stand above."""
    plan = next((row["mix"] for row in table.records()), "")
    for row in table.records():
        for column, name in _MIX if row["mix"] != plan else ():
            value = plain(row.get(column))
            unit = unit_for(table.columns[table.at(column)].unit, base if name == "GDP|MER" else "")
            if isinstance(value, (int, float)):
                yield Series(name, unit.name, {int(row["year"]): unit.factor * value}, f"-{row['mix']}")
