"""What a chance costs: curves of the chance of each tier against what is put in (把握的代价)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ...models.money import MONEY
from ...models.words import msg, tr
from ..colours import BEST, INK, PALE, PLAN, SOFT
from ..tables.percent import hundredfold
from ..tables.table import Table
from ..text.format import chance_text
from ..text.wording import amount
from .frame import SMALL, Key, Plane, mark, plane_frame, put, stacked
from .scene import Area, Label, Line, Rect, Scene, shortened
from .sheet import COLOURS, NAMES, TIERS
from .words import Words

_SURE = 1.96  # standard errors of a 95 % interval
_MOST, _LEVERS, _ROOM = 4, 3, 112.0
"""Curves and levers that are drawn, and the room for the names of curves."""


@dataclass(frozen=True)
class Curve:
    """Chances of one tier in percent, by what is put in, each with its standard error; of which thing, and
    what is asked of it."""

    name: str
    aim: str
    colour: str
    dash: bool
    points: Sequence[tuple[float, float, float]]


def draw_curves(scene: Scene, plane: Plane, curves: Sequence[Curve], words: Words, room: float = 0.0) -> None:
    """Lines with bands of 95 % sampling error, their names at the right where there is room."""
    for curve in curves:
        ends = [
            [
                (plane.x(x), plane.y(min(max(chance + side * _SURE * error, 0.0), 100.0)))
                for x, chance, error in curve.points
            ]
            for side in (1, -1)
        ]
        scene.add(
            Area((*ends[0], *reversed(ends[1])), curve.colour, 0.16, series=f"{curve.name} {curve.aim}")
        )
        at = tuple((plane.x(x), plane.y(chance)) for x, chance, _ in curve.points)
        scene.add(Line(at, curve.colour, 2.0, curve.dash, series=f"{curve.name} {curve.aim}"))
        for (x, y), (money, chance, _) in zip(at, curve.points, strict=True):
            tip = f"{curve.name} {curve.aim}: {words.number(money, 1)} → {chance_text(chance)} %"
            scene.add(mark("dot", x, y, curve.colour, 2.4, tip))
    if room:
        _name_curves(scene, plane, curves, room)


def _name_curves(scene: Scene, plane: Plane, curves: Sequence[Curve], room: float) -> None:
    """Beside the ends of the curves of each thing its name, what is asked and the last chance."""
    blocks: list[tuple[float, list[tuple[str, str]]]] = []
    for name in dict.fromkeys(curve.name for curve in curves):
        own = [curve for curve in curves if curve.name == name]
        lines = [(line, INK) for line in shortened(name, SMALL, room, 3)]
        for curve in own:
            said = f"{chance_text(curve.points[-1][1])}%"
            lines.append((f"{curve.aim}: {said}" if curve.aim else said, curve.colour))
        middle = sum(plane.y(curve.points[-1][1]) for curve in own) / len(own)
        blocks.append((middle - 6.0 * (len(lines) - 1), lines))
    least = plane.y.end - 4.0
    placed = []
    for top, lines in sorted(blocks):
        start = max(top, least)
        placed += [
            Label(plane.x.end + 6, start + 12 * k, line, SMALL, fill=colour)
            for k, (line, colour) in enumerate(lines)
        ]
        least = start + 12 * len(lines) + 4
    over = max(placed[-1].y - plane.y.start, 0.0) if placed else 0.0
    scene.add(*(replace(label, y=label.y - over) for label in placed))


def price_curve(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Chance of each main tier by the amount of investment, the mix as planned; the plan, and where limits
    end."""
    table = tables.get("price")
    if table is None or len(table.rows) < 2:
        return None
    rows = table.records()
    found = _tiers(table, tables, words)
    curves = [
        one.curve(
            [
                (row["money"], hundredfold(row[f"chance_{one.key}"]), 100 * row[f"error_{one.key}"])
                for row in rows
            ]
        )
        for one in found
    ]
    best = _decided(tables, curves)
    keys = _tier_keys((one.tier for one in found), words)
    if best:
        keys.append(Key(words(msg("{name}: another mix", name=found[0].name)), BEST, "diamond"))
    money = words.heading(table.columns[table.at("money")])
    low, high = rows[0]["money"], rows[-1]["money"]
    scene, plane = plane_frame(
        (low, high),
        (0.0, 100.0),
        (money, words(msg("chance, %"))),
        keys=keys,
        whole_x=[],
        right=_ROOM + 8,
    )
    _limits(scene, plane, rows, words)
    draw_curves(scene, plane, curves, words, _ROOM)
    plan = next((row for row in rows if row["factor"] == 1), None)
    if plan is not None:
        x = plane.x(plan["money"])
        scene.add(Line(((x, plane.y.end), (x, plane.y.start)), PLAN, 1.6))
        told = words(msg("plan: {money}", money=words.number(plan["money"], 0)))
        put(
            scene,
            *(Label(x - 4, plane.y.end + down, told, SMALL, "end", PLAN, bold=True) for down in (8, 22, 36)),
        )
    for money_, chance, tip in best:
        scene.add(mark("diamond", plane.x(money_), plane.y(chance), BEST, tip=words(tip)))
    return scene


class _Tier(NamedTuple):
    """A tier of the table: the end of its columns' names, which of the targets, and what they are called."""

    key: str
    tier: str
    at: int
    name: str
    aim: str

    def curve(self, points: Sequence[tuple[float, float, float]]) -> Curve:
        """Its chances; targets but the first are dashed."""
        return Curve(self.name, self.aim, COLOURS.get(self.tier, INK), self.at > 0, points)


def _tiers(table: Table, tables: Mapping[str, Table], words: Words) -> list[_Tier]:
    """Tiers of the table of prices."""
    known = tables["verdict"].records() if "verdict" in tables else []
    titles = {row["target"]: words(row["title"], row["target"]) for row in known}
    asked = {(row["target"], row["tier_id"]): row["threshold"] for row in known}
    found: list[_Tier] = []
    for column in table.columns:
        key = column.name.removeprefix("chance_")
        tier = next((tier for tier in TIERS if key.endswith(f"_{tier}")), "")
        if key == column.name or not tier:
            continue
        target = key.removesuffix(f"_{tier}")
        name, value = titles.get(target, target), asked.get((target, tier))
        aim = words(NAMES[tier]) if value is None else words.number(value, 1)
        at = len({one.name for one in found if one.name != name})
        found.append(_Tier(key, tier, at, name, aim))
    return found[:_MOST]


def _tier_keys(tiers: Iterable[str], words: Words) -> list[Key]:
    """The legend of tiers."""
    return [Key(words(NAMES[tier]), COLOURS[tier], "line") for tier in dict.fromkeys(tiers) if tier in NAMES]


def _decided(tables: Mapping[str, Table], curves: Sequence[Curve]) -> list[tuple[float, float, Any]]:
    """Money, chance of the first tier and title of plans with another mix."""
    table = tables.get("decisions")
    if table is None or not curves:
        return []
    first = next((column.name for column in table.columns if column.name.startswith("chance_")), "")
    money = [x for x, _, _ in curves[0].points]
    return [
        (row["money"], row[first], row["title"])
        for row in table.records()
        if str(row["decision"]).startswith(("mix", "end"))
        and row.get(first) is not None
        and money[0] <= row["money"] <= money[-1]
    ]


def _limits(scene: Scene, plane: Plane, rows: Sequence[Mapping[str, Any]], words: Words) -> None:
    """From where on more is invested than limits allow, however far they are relaxed."""
    past = next((row for row in rows if row["beyond"] is not None), None)
    if past is None:
        return
    x = plane.x(past["money"])
    scene.shapes.insert(0, Rect(x, plane.y.end, plane.x.end - x, plane.y.start - plane.y.end, PALE))
    scene.add(Line(((x, plane.y.end), (x, plane.y.start)), SOFT, 1.2, dash=True))
    told = words(msg("beyond the limits: {limits}", limits=past["beyond"]))
    lines = shortened(told, SMALL, max(plane.x.end - x - 10, 60.0), 3)
    for k, line in enumerate(lines):
        scene.add(Label(x + 4, plane.y.start - 8 - 12 * (len(lines) - 1 - k), line, SMALL, fill=SOFT))


def price_finding(tables: Mapping[str, Table], words: Words) -> str:
    """What the plan's chance is, and the least investment of the table that makes the first tier likelier
    than not."""
    table = tables.get("price")
    found = _tiers(table, tables, words) if table is not None else []
    if table is None or not found:
        return ""
    rows, key, name = table.records(), found[0].key, f"{found[0].name} {found[0].aim}"
    plan = next((row for row in rows if row["factor"] == 1), rows[0])
    enough = _even_odds(tables, key) or next((row for row in rows if row[f"chance_{key}"] >= 0.5), None)
    said = tr(
        words.lang, "the plan's chance is {chance}%", chance=chance_text(hundredfold(plan[f"chance_{key}"]))
    )
    if enough is None:
        most = max(row[f"chance_{key}"] for row in rows)
        more = tr(
            words.lang,
            "no more than {chance}% with {percent}% more investment in the same mix",
            chance=chance_text(hundredfold(most)),
            percent=words.number(100 * (rows[-1]["factor"] - 1), 0),
        )
    elif enough["more"] > 0:
        more = tr(
            words.lang,
            "even odds take about {more} more in the same mix",
            more=amount(enough["more"], MONEY, words.lang, 0),
        )
    else:
        more = ""
    return words.of(name, words.joined(said, more))


def _even_odds(tables: Mapping[str, Table], key: str) -> dict[str, Any] | None:
    """The decision that makes a tier as likely as not with the plan's mix."""
    known = tables["decisions"].records() if "decisions" in tables else []
    return next(
        (
            row
            for row in known
            if str(row["decision"]).startswith("more") and (row.get(f"chance_{key}") or 0.0) >= 50
        ),
        None,
    )


def certainty_curves(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Chance of each tier against the amount of each lever, a field a lever."""
    found = _levers(tables)
    keys = list(dict.fromkeys(key for curves in found.values() for key in curves))[:_MOST]
    if not keys:
        return None
    targets = list(dict.fromkeys(target for target, _ in keys))
    fields: list[Scene] = []
    shown = list(found.values())[:_LEVERS]
    for curves in shown:
        first = next(iter(curves.values()))[0]
        lever, unit = words(first["lever"], first["lever_id"]), words(first["unit"]) if first["unit"] else ""
        most = max(step["amount"] for steps in curves.values() for step in steps)
        scene, plane = plane_frame(
            (0.0, most),
            (0.0, 100.0),
            ("", words(msg("chance, %"))),
            title=words.in_unit(lever, unit),
            keys=_tier_keys((tier for _, tier in curves), words) if not fields else [],
            height=190.0 if len(shown) < _LEVERS else 150.0,
            right=_ROOM + 8,
        )
        own = [
            _Tier("", key[1], targets.index(key[0]), *_named(curves[key][0], words)).curve(
                [
                    (step["amount"], hundredfold(step["probability"]), 100 * step["error"])
                    for step in curves[key]
                ],
            )
            for key in keys
            if key in curves
        ]
        draw_curves(scene, plane, own, words, _ROOM)
        fields.append(scene)
    return stacked(fields)


def _levers(tables: Mapping[str, Table]) -> dict[str, dict[tuple[str, str], list[dict[str, Any]]]]:
    """Steps of each lever and tier, of levers that were moved."""
    levers: dict[str, dict[tuple[str, str], list[dict[str, Any]]]] = {}
    for row in tables["certainty"].records() if "certainty" in tables else ():
        levers.setdefault(row["lever_id"], {}).setdefault((row["target"], row["tier_id"]), []).append(row)
    return {key: found for key, found in levers.items() if any(len(steps) > 1 for steps in found.values())}


def _named(row: Mapping[str, Any], words: Words) -> tuple[str, str]:
    """The target of a tier, and what is asked."""
    return words(row["title"], row["target"]), words.number(row["threshold"], row["digits"])


def certainty_finding(tables: Mapping[str, Table], words: Words) -> str:
    """What each lever, drawn furthest, does to the chance of the first tier."""
    parts, name = [], ""
    for curves in _levers(tables).values():
        steps = next(iter(curves.values()))
        first, last = steps[0], steps[-1]
        name = name or " ".join(_named(first, words))
        unit = first["unit"].of("zh") if first["unit"] else ""
        parts.append(
            tr(
                words.lang,
                "{lever} {amount}: {one}% to {two}%",
                lever=words(first["lever"], first["lever_id"]),
                amount=amount(last["amount"], unit, words.lang, 0, plus=True),
                one=chance_text(hundredfold(first["probability"])),
                two=chance_text(hundredfold(last["probability"])),
            )
        )
    return words.of(name, words.joined(*parts[:3])) if parts else ""


def robust_curve(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Least investment found for each chance, a curve a question; the plan as a mark."""
    found = _questions(tables)
    if not found:
        return None
    points = [row for rows in found for row in rows]
    money = [row["money"] for row in points]
    column = tables["robust"].columns[tables["robust"].at("money")]
    keys = [
        Key(words(msg("the plan", context="in a picture")), PLAN, "dot"),
        Key(words(msg("likeliest mix of no more money")), BEST, "diamond"),
    ]
    scene, plane = plane_frame(
        (min(money), max(money)),
        (0.0, 100.0),
        (words.heading(column), words(msg("chance, %"))),
        keys=keys,
        height=250.0,
        right=_ROOM + 8,
    )
    curves = []
    for at, rows in enumerate(found):
        bought = sorted(
            (row for row in rows if row["mix_id"] not in ("plan", "central")), key=lambda row: row["money"]
        )
        told = [(row["money"], row["fresh"], row["error"] or 0.0) for row in bought]
        curves.append(Curve(words(rows[0]["what"]), "", INK, at > 0, told))
    draw_curves(scene, plane, [curve for curve in curves if len(curve.points) > 1], words, _ROOM)
    for row in points:
        x, y, plan = plane.x(row["money"]), plane.y(row["fresh"]), row["mix_id"] == "plan"
        told_ = f"{chance_text(row['fresh'])}%"
        if row["asked"] is not None:
            put(scene, Label(x - 6, y - 9, told_, SMALL, "end"), Label(x + 6, y + 10, told_, SMALL))
        if row["mix_id"] in ("plan", "likeliest"):
            scene.add(mark("dot" if plan else "diamond", x, y, PLAN if plan else BEST, tip=told_))
            put(scene, *(Label(x + 8, y + up, told_, SMALL, fill=PLAN if plan else BEST) for up in (10, -10)))
    return scene


def _questions(tables: Mapping[str, Table]) -> list[list[dict[str, Any]]]:
    """Rows with a plan by question, of the first questions."""
    rows: dict[Any, list[dict[str, Any]]] = {}
    for row in tables["robust"].records() if "robust" in tables else ():
        if row["money"] is not None and row["fresh"] is not None:
            rows.setdefault(row["answer"], []).append(row)
    return [found for found in rows.values() if len(found) > 2][:_MOST]


def robust_finding(tables: Mapping[str, Table], words: Words) -> str:
    """What the plan's chance is, what one half takes, and the most that was found."""
    found = _questions(tables)
    if not found:
        return ""
    rows = found[0]
    plan = next((row for row in rows if row["mix_id"] == "plan"), None)
    half = next((row for row in rows if row["asked"] is not None and row["asked"] >= 50), None)
    most = max(rows, key=lambda row: row["fresh"])
    parts = []
    if plan is not None:
        parts.append(tr(words.lang, "the plan's chance is {chance}%", chance=chance_text(plan["fresh"])))
    if half is not None and half["more"] is not None:
        more = amount(half["more"], MONEY, words.lang, 0)
        parts.append(
            tr(words.lang, "{chance}% takes {more}", chance=words.number(half["asked"], 0), more=more)
        )
    parts.append(tr(words.lang, "the most found is {chance}%", chance=chance_text(most["fresh"])))
    return words.of(words(rows[0]["what"]), words.joined(*parts))
