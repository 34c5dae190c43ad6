"""The target sheet as planners write it: names and wordings become keys and numbers, and are told as
understood (目标表)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..models.errors import Said
from ..models.indicators import DRIVER_TITLES, DRIVERS, INDICATORS
from ..models.money import unit_in_use
from ..models.quantity import Bilingual
from ..models.words import msg
from .document import Node
from .indicator_names import MARGINS, REDUCED, better, branch, indicator, near
from .report import Place, Report, shown
from .target_words import Wording, spoken, told, worded
from .units import asked_here

TIERS = ("ensure", "stretch", "at_most")
GDP = "gdp_growth"
SECTORS = "sector_growth"
FALLS = re.compile(r"下降|降低|减少|降幅")
"""Said again of what is a reduction by its name (单位GDP能耗降低: 下降3%)."""
FORMS = msg("a target such as 7.5%以上, 7-8%, 6.5%、力争7%, at least 6.5 % or no more than 3.5 %")


def understand(root: Node, base: Node | None, report: Report) -> None:
    """Read names of indicators and worded targets in one file, over the tree of the file it extends.

    A row may be a text or a number alone (``gdp_growth: 7.5%以上``) or have one beside other keys
    (``said:``); a tier may carry its unit (``ensure: 7.5%``). What was understood is noted; what is not clear
    is told with its place.
    """
    sheet = Sheet(root, base or Node({}, root.place), report)
    targets = root.map.get("targets")
    if targets is not None and targets.map:
        sheet.wrap(targets)
        sheet.rename(targets)
        sheet.cover(targets)
        sheet.state(targets)
        rows = {key: row for key, row in targets.map.items() if key not in MARGINS and row.map}
        for last in (False, True):  # GDP growth is known before what goes in line with it
            for key, row in rows.items():
                if (sheet.name(key, row) != GDP) is last:
                    sheet.read(key, row)
    sheet.rename(_at(root, "history", "outcomes"))
    for relation in _at(root, "relations").map.values():
        sheet.rename(_at(relation, "drivers"))


def _at(node: Node | None, *steps: str) -> Node:
    """A part of a tree; an empty map where it is not there."""
    for step in steps:
        node = node.map.get(step) if node else None
    return node or Node({}, Place(""))


@dataclass
class Sheet:
    """The rows of one file, with the file that it extends."""

    root: Node
    base: Node
    report: Report

    def both(self, *steps: str) -> dict[str, Node]:
        """The entries of a map in the file extended and in this one."""
        return _at(self.base, *steps).map | _at(self.root, *steps).map

    def wrap(self, targets: Node) -> None:
        """A row that is a text or a number alone: what it says."""
        for key, row in targets.map.items():
            if key in MARGINS or isinstance(row.value, (dict, list, bool)) or row.value is None:
                continue
            if row.text.strip():
                targets.map[key] = Node({"said": row}, row.place, row.key)

    def rename(self, rows: Node) -> None:
        """Rows by the names of their indicators: by their keys, each told."""
        known, targets = self.known(), _at(self.root, "targets")
        computed = {*INDICATORS, *self.both("relations"), *_at(self.base, "targets").map}
        for name, row in list(rows.map.items()):
            if name in MARGINS or name in known or row.map.get("basis"):
                continue
            key = self.key(name, row)
            if key and key != name and (key in computed or rows is not targets):
                self._move(rows, name, key)
        for row in rows.map.values():
            asked = row.map.get("indicator")
            if asked is not None and isinstance(asked.value, str) and asked.text not in known:
                found = self.key(asked.text, row)
                if found:
                    self._say_name(asked.place, asked.text, found)
                    asked.value = asked.text = found

    def cover(self, targets: Node) -> None:
        """Growth of a branch by its name (第二产业增加值): of the group that makes it up, told."""
        parts = {*self.both("national", "groups"), *self.both("sectors")}
        for name, row in targets.map.items():
            group = branch(name)
            if group not in parts or not self._open(name, row) or self._unit_said(row) not in ("%", ""):
                continue
            place = row.key or row.place
            row.map["indicator"] = Node(SECTORS, place, place, SECTORS)
            row.map["covers"] = Node([Node(group, place, place, group)], place, place)
            row.map.setdefault("title", Node(name, place, place, name))
            self._say_name(place, name, SECTORS)

    def state(self, targets: Node) -> None:
        """Of the rows of a table: what the product does not compute is shown only (照录), and told."""
        for name, row in targets.map.items():
            if not row.loose:
                continue
            place = row.key or row.place
            known = indicator(name, "%") or indicator(name) or better([name])
            typo = not known and near(name, set(INDICATORS))
            if self._open(name, row) and not self._asks(name, row) and not typo:
                row.map["basis"] = Node("stated", place, place, "stated")
                row.map.setdefault("title", Node(name, place, place, name))
                said = msg("{name} is no indicator of the model: shown, not computed", name=shown(name))
                self.report.told(place, said)
            if "basis" not in row.map:
                row.map.pop("unit", None)

    def _asks(self, name: str, row: Node) -> bool:
        """Whether a row says neither growth nor level, which is asked."""
        found = indicator(name, "%")
        if found is None or found.key not in INDICATORS or self._unit_said(row):
            return False
        said = next((row.map[each] for each in ("said", *TIERS) if each in row.map), row)
        self.report.add(
            said.at,
            f"targets.{name}",
            shown(said.text) if said.text else msg("a number without its unit"),
            msg("{name} with its unit: growth in % or the level", name=shown(name)),
        )
        row.map["indicator"] = Node(found.key, row.place, row.place, found.key)
        return True

    def _open(self, name: str, row: Node) -> bool:
        """Whether nothing is known yet of what a row of targets is."""
        stated = {"indicator", "basis", "covers"} & set(row.map)
        return name not in MARGINS and name not in self.known() and bool(row.map) and not stated

    def known(self) -> set[str]:
        """Keys that an indicator or a row has already."""
        own = (*self.both("indicators"), *self.both("relations"))
        return {*INDICATORS, *DRIVERS, *own, *_at(self.base, "targets").map}

    def key(self, name: str, row: Node) -> str:
        """The key that a name stands for: that of a row or relation with this title, else the product's."""
        if row.map.get("indicator") is not None and row.map["indicator"].text != name:
            return ""
        for part in ("targets", "indicators", "relations"):
            for key, there in self.both(part).items():
                if key != name and name in _titles(there):
                    return key
        found = indicator(name, self._unit_said(row))
        return found.key if found else ""

    @staticmethod
    def _unit_said(row: Node) -> str:
        """The unit of what a row says, where it says one; a comparison with growth is in %."""
        for tier in ("said", *TIERS):
            if tier in row.map and isinstance(row.map[tier].value, str):
                wording = worded(spoken(row.map[tier].text).rest)
                return "%" if wording.beside == "gdp" else wording.unit
        return ""

    def _move(self, rows: Node, name: str, key: str) -> None:
        """Put a row under its key, in its place of the file."""
        row = rows.map[name]
        place = row.key or row.place
        known = INDICATORS.get(key)
        if known is not None and known.covers:  # the product's, which adds up what the row lists
            if rows is _at(self.root, "targets") and row.map and not {"covers", "value"} & set(row.map):
                said = indicator(name, self._unit_said(row))
                if said is not None and said.covers in self._crops():
                    row.map["covers"] = Node([Node(said.covers, place, place, said.covers)], place, place)
            if row.loose and "covers" not in row.map:
                return
            if row.map and not {"indicator", "value"} & set(row.map):
                row.map["indicator"] = Node(key, place, place, key)
                self._say_name(place, name, key)
            return
        if key in rows.map:
            del rows.map[name]
            self.report.add(
                place,
                f"targets.{name}",
                msg("{name}, which is {key}", name=shown(name), key=key),
                msg("each indicator once"),
                msg("it stands in line {line}: keep one", line=rows.map[key].at.line),
            )
            return
        rows.value = {(key if each == name else each): row for each, row in rows.map.items()}
        self._say_name(place, name, key)

    def _crops(self) -> set[str]:
        """Crops of the scenario."""
        sectors = [
            _at(part, "sectors", key) for part in (self.base, self.root) for key in _at(part, "sectors").map
        ]
        return {crop for sector in sectors for crop in _at(sector, "crops").map}

    def _say_name(self, place: Place, name: str, key: str) -> None:
        title: Said = INDICATORS[key].title if key in INDICATORS else self._title(key)
        self.report.told(
            place, msg("{name} is understood as `{key}` ({title})", name=shown(name), key=key, title=title)
        )

    def _title(self, key: str) -> Said:
        """The title of a relation or a row as its file states it."""
        rows = (self.both(part).get(key) for part in ("targets", "indicators", "relations"))
        title = next((row.map["title"] for row in rows if row is not None and "title" in row.map), None)
        if title is None:
            return DRIVER_TITLES.get(key, key)
        said = {lang: part.text for lang, part in title.map.items() if lang in ("zh", "en") and part.text}
        return Bilingual(**said) if said else title.text or key

    def name(self, key: str, row: Node) -> str:
        """The indicator of a row."""
        own = row.map.get("indicator") or _at(self.base, "targets", key).map.get("indicator")
        return own.text if own is not None else key

    def stated(self, key: str, name: str) -> Node | None:
        """What a row says of itself, or what the file extended says of it."""
        own = _at(self.root, "targets", key).map.get(name)
        return own if own is not None else _at(self.base, "targets", key).map.get(name)

    def unit(self, key: str, row: Node) -> str:
        """The unit that a row's numbers are in; empty where nothing says it."""
        name = self.name(key, row)
        if name in INDICATORS:
            return unit_in_use(INDICATORS[name].unit)
        if name in self.both("indicators") or name in self.both("relations"):
            return asked_here(f"targets.{key}.ensure", self.root, self.base)
        own = self.stated(key, "unit")
        return own.text if own is not None else ""

    def better(self, key: str, row: Node) -> str:
        """Whether ``less`` or ``more`` of a row's indicator is better; empty where nobody says."""
        names = (key, *_titles(row), *_titles(_at(self.base, "targets", key)))
        known = self.name(key, row) in {*INDICATORS, *self.both("relations")}
        return better(names) or ("more" if known else "")

    def read(self, key: str, row: Node) -> None:
        """The numbers of a row out of its words."""
        said = row.map.get("said")
        if said is not None and not isinstance(said.value, (dict, list)) and said.text.strip():
            self._said(key, row, said)
        for tier in TIERS:
            node = row.map.get(tier)
            node = node.map.get("value", node) if node is not None else None
            if node is not None and isinstance(node.value, str):
                self._tier(key, row, tier, node)

    def _said(self, key: str, row: Node, said: Node) -> None:
        """All tiers of a row out of what it says; those inherited go."""
        unit, path = self.unit(key, row), f"targets.{key}.said"
        if beside := [tier for tier in TIERS if tier in row.map]:
            self.report.add(
                said.place,
                path,
                msg("`said` beside `{tier}`", tier=beside[0]),
                msg("one of them"),
            )
            return
        sense = self.better(key, row)
        text = FALLS.sub("", said.text) if REDUCED.search(_named(key, row)) else said.text
        text = self._years(key, row, said, text)
        wording = worded(text, unit, sense == "less", sense == "more")
        tiers = self._beside(key, wording) if wording.beside else wording.tiers
        if not tiers:
            why = wording.unclear or (
                msg("write last year's figure: nothing here says it")
                if wording.beside == "before"
                else msg("`gdp_growth` has no tier here")
            )
            self.report.add(said.place, path, shown(said.text), FORMS, why)
            return
        del row.map["said"]
        for tier in TIERS:
            if tier in tiers:
                row.map[tier] = _number(tiers[tier], said)
            elif tier in _at(self.base, "targets", key).map:
                row.map[tier] = Node(None, said.place, said.key)
        if not unit and wording.unit:  # a row of its own that states no unit
            row.map.setdefault("unit", Node(wording.unit, said.place, said.key, wording.unit))
        self.report.told(
            said.place,
            msg(
                "{name}: {said} is understood as: {tiers}",
                name=key,
                said=shown(said.text),
                tiers=told(tiers, unit or wording.unit),
            ),
        )

    def _years(self, key: str, row: Node, said: Node, text: str) -> str:
        """What a row says of its years as keys of their own, where it states none; the rest of its words."""
        if {"year", "over", "measure"} & set(row.map):
            return text
        found = spoken(text)
        given: dict[str, Node] = {}
        if found.measure:
            given["measure"] = Node(found.measure, said.place, said.key, found.measure)
        if found.measure and found.last > found.first:
            ends = [Node(year, said.place, said.key, str(year)) for year in (found.first, found.last)]
            given["over"] = Node(ends, said.place, said.key)
        elif found.first:
            # growth asked "by 2025" on average is of the years up to then; a level is of that year
            given["year"] = Node(found.last, said.place, said.key, str(found.last))
            given.pop("measure", None)
        if not given:
            return text
        row.map.update(given)
        years = f"{found.first}-{found.last}" if found.last > found.first else str(found.last or "")
        self.report.told(
            said.place,
            msg(
                "{name}: {said} is understood as of {years}",
                name=key,
                said=shown(said.text),
                years=" ".join(filter(None, (found.measure if "measure" in given else "", years))),
            ),
        )
        return found.rest

    def _beside(self, key: str, wording: Wording) -> dict[str, float]:
        """The tiers of GDP growth, or last year's figure where the row states it."""
        if wording.beside == "before":
            last = _value(self.stated(key, "expected"))
            return {} if last is None else {"ensure": last}
        rows = {
            other: row
            for part in (self.base, self.root)
            for other, row in _at(part, "targets").map.items()
            if other != key and self.name(other, row) == GDP
        }
        row: Mapping[str, Node] = next(iter(rows.values()), self.base).map
        tiers = {tier: _value(row.get(tier)) for tier in TIERS[:2]}
        return {tier: value for tier, value in tiers.items() if value is not None}

    def _tier(self, key: str, row: Node, tier: str, node: Node) -> None:
        """One tier with its unit; what says more than one number is told, what is no number left to be
        refused."""
        unit = self.unit(key, row)
        wording = worded(node.text, unit, tier == "at_most")
        tiers = wording.tiers
        if not tiers:
            if worded(node.text).tiers:
                self._refuse(key, row, tier, wording.unclear)
            return
        labelled = set(tiers) - {"ensure"} if tier != "ensure" else set(tiers)
        if len(tiers) > 1 or not labelled <= {tier}:
            self._refuse(key, row, tier, msg("use `said:` for the whole target, tiers and all"))
            return
        number = _number(next(iter(tiers.values())), node)
        if (wording.unit, number.text) != (unit, node.text.rstrip("% ")):
            said = msg(
                "{name}: {said} is understood as: {tiers}",
                name=key,
                said=shown(node.text),
                tiers=told({tier: float(number.text)}, unit or wording.unit),
            )
            self.report.told(node.place, said)
        node.value, node.text, node.plain = number.value, number.text, True

    def _refuse(self, key: str, row: Node, tier: str, why: Said) -> None:
        """Tell that a tier is not understood, once: it is kept as words that are not read."""
        node = row.map.pop(tier)
        node = node.map.get("value", node)
        row.map["said"] = node
        self.report.add(
            node.place, f"targets.{key}.{tier}", shown(node.text), msg("one number, with its unit"), why
        )


def _named(key: str, row: Node) -> str:
    """A row's name in the planner's words."""
    return next(iter(_titles(row)), key)


def _titles(row: Node) -> set[str]:
    """The titles of a row in every language."""
    title = row.map.get("title")
    if title is None:
        return set()
    return {part.text for part in title.map.values()} if title.map else {title.text}


def _value(node: Node | None) -> float | None:
    """The number of a quantity, with its unit or without."""
    node = node.map.get("value", node) if node is not None else None
    if node is None or isinstance(node.value, (dict, list, bool)) or node.value is None:
        return None
    return float(node.value) if not isinstance(node.value, str) else worded(node.text).ensure


def _number(value: float, said: Node) -> Node:
    """A number in the place of the words that said it, with where they come from."""
    whole: int | float = int(value) if float(value).is_integer() else value
    return Node(whole, said.place, said.key, f"{value:.12g}", given=said.given)
