"""What a planner leaves out of a workbook, filled as for a first scenario, and told (补齐未填)."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...models.errors import ScenarioError
from ...models.words import in_a_list, msg
from ..begin import NATIONAL_MIX, Facts, begin
from ..document import Node, compose
from ..files import USUAL
from ..report import Place, Report
from ..tables.values import whole
from ..target_words import Wording, spoken, worded
from .layout import sheets
from .read import ENTERED, Filled

NEEDED = ("region", "years.base", "accounts.gdp")
_FACTS = {"gdp": "accounts.gdp", "fai": "accounts.fai", "year": "years.base"}
THREE = {"primary": "agriculture", "industry": "industry", "construction": "construction"}
"""Sectors of a first scenario by the basics that state them."""
KINDS = {"agriculture": "agriculture", "services": "services"}


def begun(filled: Filled, file: str, report: Report) -> Node | None:
    """A first scenario of the region as a tree, less what the workbook says itself; None after a mistake."""
    facts = _facts(filled, file, report)
    if facts is None:
        return None
    try:
        text = begin(facts)[USUAL]
    except ScenarioError as error:
        for problem in error.problems:
            name = problem.path.removeprefix("--").replace("-", "_")
            node = filled.facts.get(_FACTS.get(name, name))
            place = node.at if node else Place(file)
            report.add(place, _FACTS.get(name, name), problem.found, problem.expected, problem.hint)
        return None
    root = compose(text, f"{file} (simulate new)", report)
    if root is None:
        return None
    _less(root, filled, report)
    if not any(asked.of_first for asked in _asked(filled)):
        root.map["history"].map["years"].map.pop(str(facts.year + 1), None)
    for part in (filled.said, filled.other):
        _sourced(part)
    _told(filled, file, report)
    _sectors(root, filled)
    return root


def _value(node: Node | None) -> Node | None:
    return node.map.get("value", node) if node is not None else None


def _figure(filled: Filled, key: str) -> float | None:
    node = _value(filled.facts.get(key))
    return float(node.value) if node is not None and isinstance(node.value, (int, float)) else None


def _word(filled: Filled, key: str) -> str:
    node = _value(filled.facts.get(key))
    return node.text if node is not None else ""


def _facts(filled: Filled, file: str, report: Report) -> Facts | None:
    """What the workbook says of the region."""
    own = bool(_own(filled.said))
    missing = [key for key in NEEDED if key not in filled.facts]
    if not own:
        missing += [key for key in ("primary",) if key not in filled.facts]
        if not {"industry", "secondary"} & set(filled.facts):
            missing.append("industry")
    basics = sheets()["basics"]
    lacking = bool(missing)
    wrong = {(problem.file, problem.line) for problem in report.problems}
    missing = [key for key in missing if filled.asked.get(key, Place(file))[:2] not in wrong]
    for key in missing:
        title = basics.part(key).title
        report.add(
            filled.asked.get(key, Place(file)),
            key,
            msg("nothing"),
            msg("`{title}` on the sheet {sheet}", title=title, sheet=basics.title),
        )
    tiers = _target(filled)
    if tiers is None and _unclear(filled):
        tiers = 0.0, None  # told with its cell where the sheet is understood, beside all other mistakes
    if tiers is None:
        title = sheets()["targets"].title
        report.add(
            filled.asked.get("targets", Place(file)),
            "targets",
            msg("no target of GDP growth"),
            msg("a row on the sheet {sheet}", sheet=title),
        )
    if lacking or tiers is None:
        return None
    gdp = _figure(filled, "accounts.gdp") or 0.0
    year = int(_figure(filled, "years.base") or 0)
    past = _past(filled.said, year)
    shares = (
        {"primary": gdp / 10, "industry": gdp / 3, "construction": gdp / 20, "secondary": None}
        if own  # not used: the sectors are the planner's
        else {key: _figure(filled, key) for key in ("primary", "industry", "construction", "secondary")}
    )
    country = _word(filled, "country")
    return Facts(
        region=_word(filled, "region"),
        english=_word(filled, "english"),
        year=year,
        gdp=gdp,
        primary=shares["primary"] or 0.0,
        industry=shares["industry"],
        construction=shares["construction"],
        secondary=shares["secondary"],
        ensure=tiers[0],
        stretch=tiers[1],
        fai=_figure(filled, "accounts.fai"),
        growth=_figure(filled, "growth") if year not in past else None,
        plan=_figure(filled, "investment.growth"),
        outlook=_figure(filled, "outlook.growth"),
        past=past,
        country="China" if not country or re.fullmatch(r"中国\s*China", country) else country,
    )


def _own(root: Node) -> dict[str, Node]:
    """Sectors of the planner's own."""
    held = root.map.get("sectors")
    return {key: node for key, node in held.map.items() if node.map} if held is not None else {}


def _past(root: Node, year: int) -> dict[int, tuple[float, float | None]]:
    """Growth and target of the years up to the base year."""
    history = root.map.get("history")
    years = history.map.get("years") if history else None
    found = {}
    for name, node in years.map.items() if years else ():
        grown, aimed = (_value(node.map.get(key)) for key in ("growth", "target"))
        if grown is not None and isinstance(grown.value, (int, float)) and 1950 <= (whole(name) or 0) <= year:
            target = aimed.value if aimed is not None else None
            found[int(name)] = (
                float(grown.value),
                float(target) if isinstance(target, (int, float)) else None,
            )
    return found


class Asked(NamedTuple):
    """A row of GDP growth on the target sheet: each cell as it is understood, and whether it speaks of the
    first year alone."""

    tiers: dict[str, Wording]
    of_first: bool


def _asked(filled: Filled) -> list[Asked]:
    """Rows of GDP growth; those of the first year alone go before those of other years."""
    from ..indicator_names import key_of

    said, found = filled.said, []
    years = said.map.get("years")
    base, target = (_value(years.map.get(key)) if years else None for key in ("base", "target"))
    first = int(base.value) + 1 if base is not None and isinstance(base.value, int) else 0
    rows = said.map.get("targets")
    for name, row in rows.map.items() if rows else ():
        own = row.map.get("indicator")
        if "gdp_growth" not in (name, own.text if own else "", key_of(name)):
            continue
        text = row.map["said"].text if "said" in row.map else ""
        of = spoken(text)
        year = _value(row.map.get("year")) or target
        last = of.last or (year.value if year is not None else first)
        tiers = {
            tier: worded(spoken(node.text).rest, "%") for tier in row.map if (node := row.map[tier]).text
        }
        if tiers.keys() & {"said", "ensure", "stretch"}:
            of_first = last == first and not (of.measure or {"over", "measure"} & set(row.map))
            found.append(Asked(tiers, of_first))
    return sorted(found, key=lambda each: not each.of_first)


def _target(filled: Filled) -> tuple[float, float | None] | None:
    """Both tiers of GDP growth, as they stand on the target sheet."""
    for said, _ in _asked(filled):
        if "said" in said:
            tiers = said["said"].tiers
            low = tiers.get("ensure", tiers.get("stretch"))
            if low is not None:
                return low, tiers.get("stretch") if "ensure" in tiers else None
            continue
        found = [said[tier].ensure for tier in ("ensure", "stretch") if tier in said]
        known = [value for value in found if value is not None]
        if known:
            return known[0], known[1] if len(known) > 1 else None
    return None


def _unclear(filled: Filled) -> bool:
    """Whether GDP growth has a wording that cannot be understood."""
    return any("said" in said and said["said"].unclear for said, _ in _asked(filled))


def _less(root: Node, filled: Filled, report: Report) -> None:
    """Take out of a first scenario what the workbook says in its own way."""
    said = filled.said
    if "targets" in said.map:
        del root.map["targets"]
    if "growth" in filled.facts:
        _outcome(said, filled, report)
    if _own(said):
        for key in ("sectors", "mixes"):
            del root.map[key]
        root.map["investment"].map.pop("base_shares", None)
    if "mixes" in said.map:
        root.map.pop("mixes", None)
        root.map["investment"].map.pop("base_shares", None)
    if "limits" in said.map:
        held = root.map["limits"].map
        stated = {node.map["on"].text for node in said.map["limits"].map.values() if "on" in node.map}
        for key in [key for key, node in held.items() if "on" in node.map and node.map["on"].text in stated]:
            del held[key]


def _outcome(said: Node, filled: Filled, report: Report) -> None:
    """Growth of the base year in its place among past years, with its cell."""
    base, node = _value(filled.facts.get("years.base")), filled.facts["growth"]
    if base is None:
        return
    history = said.map.setdefault("history", Node({}, node.place, key=node.place))
    years = history.map.setdefault("years", Node({}, node.place, key=node.place))
    year = years.map.setdefault(str(base.value), Node({}, node.place, key=node.place))
    there = _value(year.map.setdefault("growth", node))
    own = _value(node)
    if there is not None and own is not None and there.value != own.value:
        report.add(
            own.place,
            "growth",
            msg(
                "{value} beside {other} of {place}", value=own.text, other=there.text, place=str(there.place)
            ),
            msg("one growth of the base year"),
        )


def _sourced(said: Node | None) -> None:
    """What states no source was entered by the planner."""
    for key, node in said.map.items() if said else ():
        if (
            node.map
            and key not in ("sources", "years", "title")
            and not {"source", "assumption"} & set(node.map)
        ):
            node.map["source"] = Node(ENTERED, node.place, key=node.place, text=ENTERED)


def _sectors(root: Node, filled: Filled) -> None:
    """Value added of the basics in the sectors of a first scenario; a mix for sectors of one's own."""
    said = filled.said
    own = _own(said)
    if not own:
        place = filled.facts["accounts.gdp"].at
        for fact, key in THREE.items():
            if fact in filled.facts:
                held = said.map.setdefault("sectors", Node({}, place, key=place))
                held.map.setdefault("source", Node(ENTERED, place, key=place, text=ENTERED))
                held.map[key] = Node({"va": filled.facts[fact]}, place, key=place)
    elif "mixes" not in said.map:
        root.map["mixes"] = _mix(own)
    _titled(said, filled)


def _titled(said: Node, filled: Filled) -> None:
    """A title of the planner's own in both languages where he gives but one."""
    title = said.map.get("title")
    if title is not None and not title.map and not title.text:
        del said.map["title"]


def _mix(own: dict[str, Node]) -> Node:
    """The nation's mix laid on sectors of one's own by their value added."""
    place = next(iter(own.values())).at
    weights: dict[str, float] = {}
    groups: dict[str, list[str]] = {}
    for key, node in own.items():
        model, national = (node.map[name].text if name in node.map else "" for name in ("model", "national"))
        group = KINDS.get(model, "construction" if national == "construction" else "industry")
        va = _value(node.map.get("va"))
        weights[key] = float(va.value) if va is not None and isinstance(va.value, (int, float)) else 0.0
        groups.setdefault(group, []).append(key)
    total = sum(NATIONAL_MIX[group] for group in groups)
    shares: dict[str, Node] = {}
    for key in own:
        group = next(name for name, keys in groups.items() if key in keys)
        whole = sum(weights[each] for each in groups[group]) or 1.0
        share = round(100 * NATIONAL_MIX[group] / total * weights[key] / whole, 2)
        shares[key] = Node(share, place, key=place, text=f"{share:g}")
    last = max(shares, key=lambda key: float(str(shares[key].value)))
    gap = round(100 - sum(float(str(node.value)) for node in shares.values()), 2)
    shares[last].value = round(float(str(shares[last].value)) + gap, 2)
    why = {
        "zh": "未填投资结构，按2023年全国投资构成、类内按增加值分摊",
        "en": "mix not given: the nation's in 2023, inside a group by value added",
    }
    parts = {
        "assumption": Node({lang: _said(text, place) for lang, text in why.items()}, place, key=place),
        "title": Node({"zh": _said("计划结构", place), "en": _said("Plan", place)}, place, key=place),
        "shares": Node(shares, place, key=place),
    }
    return Node({"plan": Node(parts, place, key=place)}, place, key=place)


def _said(text: str, place: Place) -> Node:
    return Node(text, place, key=place, text=text, plain=False)


def _told(filled: Filled, file: str, report: Report) -> None:
    """Say what was filled up."""
    basics, said = sheets()["basics"], filled.said
    left = [
        basics.part(key).title
        for key in (
            "accounts.fai",
            "investment.growth",
            "accounts.household_consumption",
            "accounts.government_consumption",
            "accounts.transfers",
            "outlook.growth",
        )
        if key not in filled.facts
    ]
    halves = {"secondary", "industry"} <= set(filled.facts)
    if not _own(said) and "construction" not in filled.facts and not halves:
        left.append(basics.part("construction").title)
    if not _own(said):
        left.append(sheets()["sectors"].title)
    left += [sheets()[key].title for key in ("history", "mixes", "limits") if key not in said.map]
    if left:
        report.told(
            Place(file),
            msg(
                "left out, filled from national figures as assumptions: {names};"
                " `simulate show --origins` has them",
                names=in_a_list(left),
            ),
        )
