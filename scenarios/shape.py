"""A merged tree held against the schema: every mistake in a planner's words, every number traced."""

from __future__ import annotations

import re
import types
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..models.errors import Said
from ..models.money import unit_in_use
from ..models.parameters import one_class
from ..models.quantity import Bilingual, Distribution, Quantity, Traced
from ..models.words import msg
from .document import WIDE, Node, below
from .merge import sentence, stated
from .rates import Rate, slip
from .report import Place, Report, meant, one_of, shown
from .spread import misfit
from .units import asked_here, fixed, foreign, settled, times

QUANTITY = ("value", "unit", "low", "high", "distribution", "source", "assumption")
MARGINS = ("source", "assumption", "note")
INHERITED = ("national", "demand", "prices", "sectors", "projects", "pool")
PERCENT = ("%", "%/yr")
PURE = "1"
"""The unit of a number without one."""
BAD = object()


ELSEWHERE = {"regions": msg("a file of regions is read by `simulate province`")}
"""Keys of files of another kind, by path."""


class Measure(NamedTuple):
    """Unit and range that a field declares for the quantities in it."""

    stated: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def unit(self) -> str:
        """The unit as scenarios write it."""
        return unit_in_use(self.stated)

    @property
    def own(self) -> bool:
        """Whether the unit is the field's own; else it follows from another key."""
        return fixed(self.unit)

    @property
    def named(self) -> bool:
        """Whether the unit tells a reader something: a pure number has none to tell."""
        return self.own and self.unit != PURE

    @property
    def said(self) -> Said:
        """What is asked for."""
        number = msg("a number in {unit}", unit=self.unit) if self.named else msg("a number")
        return within(number, self.at_least, self.at_most)


class Asked(NamedTuple):
    """What a model asks for under one of its keys."""

    info: FieldInfo
    kind: Any
    measure: Measure
    limits: tuple[Any, ...]
    needed: bool
    short: bool
    """Whether the name of one class stands for 100 % of it."""


@cache
def keys_of(model: type[BaseModel]) -> Mapping[str, Asked]:
    """The keys of a model that a user states, found out once for all parts of the kind."""
    short = short_forms(model)
    return {
        name: Asked(
            info, info.annotation, measure(info), tuple(info.metadata), info.is_required(), name in short
        )
        for name, info in model.model_fields.items()
        if not hidden(info)
    }


@dataclass
class Shape:
    """Holds a tree against the schema; what is right comes back as data, what is wrong goes to the report."""

    report: Report
    sources: frozenset[str]
    inherit: Said = ""
    broken: list[str] = field(default_factory=list)
    quantities: dict[str, tuple[str | None, Any] | None] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    bare: list[tuple[str, Node]] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    maps: set[str] = field(default_factory=set)
    root: Node | None = None

    def wrong(self, place: Place, path: str, found: Said, expected: Said, hint: Said = "") -> Any:
        """Note a mistake; what stands there is not used any further."""
        self.report.add(place, path, found, expected, hint)
        self.broken.append(path)
        return BAD

    def part(self, node: Node, model: type[BaseModel], path: str, skip: frozenset[str] = frozenset()) -> Any:
        """A map with the keys of ``model`` as data for it; keys in ``skip`` are left to the caller."""
        if not isinstance(node.value, dict):
            return self.wrong(
                node.at,
                path,
                node.sort,
                msg("a map with {names}", names=one_of(model.model_fields, 6)),
                width(node),
            )
        names = keys_of(model)
        data: dict[str, Any] = {}
        for name, child in node.value.items():
            at = below(path, "." + name)
            asked_for = names.get(name)
            if asked_for is None:
                self.margin(child, name, at) or self.wrong(
                    child.key or child.at,
                    at,
                    msg("an unknown key"),
                    msg("one of {names}", names=one_of(names, 40)),
                    msg('YAML 1.1 takes the word on for true: write "on" in quotes before it is read')
                    if name.casefold() == "true" and "on" in names
                    else ELSEWHERE.get(at) or meant(name, names),
                )
            elif name not in skip:
                if asked_for.short and isinstance(child.value, str):
                    child = node.value[name] = expanded(child)
                data[name] = self.value(child, asked_for.kind, at, asked_for.measure, asked_for.limits)
        stated = node.value
        node.value = {name: stated[name] for name in names if name in stated}
        node.value |= {name: child for name, child in stated.items() if name not in names}
        absent = [name for name, asked_for in names.items() if asked_for.needed and name not in stated]
        for name in absent:
            if below(path, "." + name) in self.broken:
                continue  # a key without a value: told already
            info = names[name].info
            hint = self.inherit if below(path, "." + name).partition(".")[0] in INHERITED else ""
            self.wrong(
                node.key or node.place, below(path, "." + name), msg("nothing"), asked(name, info), hint
            )
        return BAD if absent or any(value is BAD for value in data.values()) else data

    def margin(self, node: Node, name: str, path: str) -> bool:
        """Whether a key is one of those that may stand in any map; a source must be a known one."""
        if name == "source" and isinstance(node.value, str) and node.value not in self.sources:
            self.report.add(
                node.place,
                path,
                shown(node.text),
                msg("a key of `sources`: {names}", names=one_of(sorted(self.sources))),
                (meant(node.text, self.sources) or msg("state it under `sources:`")),
            )
        return name in MARGINS

    def value(self, node: Node, kind: Any, path: str, unit: Measure, limits: tuple[Any, ...] = ()) -> Any:
        """The data for a field of any kind."""
        if kind is Quantity:
            return self.quantity(node, path, unit)
        origin, args = get_origin(kind), get_args(kind)
        if origin is Annotated:
            info = next((arg for arg in args[1:] if isinstance(arg, FieldInfo)), None)
            if info and info.discriminator:
                return self.variant(node, args[0], str(info.discriminator), path)
            return self.value(node, args[0], path, unit, tuple(info.metadata) if info else limits)
        if origin in (Union, types.UnionType):
            rest = [arg for arg in args if arg is not type(None)]
            tag = next((info.discriminator for info in limits if isinstance(info, FieldInfo)), None)
            return (
                self.variant(node, kind, str(tag), path)
                if tag
                else self.value(node, rest[0], path, unit, limits)
            )
        if origin is dict:
            return self.entries(node, args[1], path, unit, limits)
        if origin is tuple:
            return self.items(node, args[0], path, unit)
        if origin is Literal:
            return self.choice(node, args, path)
        if kind is Bilingual:
            return self.text(node, path)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self.part(node, kind, path)
        return self.simple(node, kind, path, limits)

    def entries(self, node: Node, kind: Any, path: str, unit: Measure, limits: tuple[Any, ...]) -> Any:
        """A collection by id."""
        if not isinstance(node.value, dict):
            return self.wrong(node.at, path, node.sort, msg("a map (name: value)"), width(node))
        data = {}
        if kind is Quantity:
            self.maps.add(path)
        for name, child in node.value.items():
            at = below(path, "." + name)
            if not self.margin(child, name, at):
                data[name] = self.value(child, kind, at, unit)
        if not data and any(getattr(limit, "min_length", 0) for limit in limits):
            return self.wrong(node.at, path, msg("an empty map"), msg("at least one entry"))
        return BAD if any(value is BAD for value in data.values()) else data

    def items(self, node: Node, kind: Any, path: str, unit: Measure) -> Any:
        """A list, in the order of the file."""
        if not isinstance(node.value, list):
            return self.wrong(node.at, path, node.sort, msg("a list: [first, second, ...]"), width(node))
        data = tuple(
            self.value(child, kind, f"{path}[{index}]", unit) for index, child in enumerate(node.value)
        )
        return BAD if any(value is BAD for value in data) else data

    def variant(self, node: Node, kind: Any, tag: str, path: str) -> Any:
        """A map whose key ``tag`` says which model it is."""
        members = {get_args(member.model_fields[tag].annotation)[0]: member for member in get_args(kind)}
        if not isinstance(node.value, dict):
            return self.wrong(node.at, path, node.sort, msg("a map with `{tag}`", tag=tag), width(node))
        chosen = node.map.get(tag)
        if chosen is None:
            return self.wrong(
                node.at,
                below(path, "." + tag),
                msg("nothing"),
                msg("`{tag}: ` {names}", tag=tag, names=one_of(members)),
            )
        if not isinstance(chosen.value, str) or chosen.value not in members:
            return self.wrong(
                chosen.at, below(path, "." + tag), chosen.sort, one_of(members), meant(chosen.text, members)
            )
        return self.part(node, members[chosen.value], path)

    def choice(self, node: Node, allowed: tuple[Any, ...], path: str) -> Any:
        """One of a few fixed words."""
        for name in allowed:
            if type(node.value) is type(name) and node.value == name:
                return name
        return self.wrong(node.at, path, node.sort, one_of(allowed), meant(node.text, map(str, allowed)))

    def text(self, node: Node, path: str) -> Any:
        """A text in Chinese and English; a number or a date that stands for a name keeps its digits."""
        if isinstance(node.value, dict):
            node.value = {lang: node.map[lang] for lang in sorted(node.map, reverse=True)}  # zh, en
            data: Any = sentence(node) or self.part(node, Bilingual, path)
            if data is BAD or any(data.values()):
                return data
            return self.wrong(node.at, path, msg("an empty text"), msg("a text in zh, en or both"))
        if isinstance(node.value, list) or not node.text.strip():
            return self.wrong(node.at, path, node.sort, msg("a text, or {form}", form="{zh: ..., en: ...}"))
        self.words[path] = node.text
        return node.text

    def simple(self, node: Node, kind: Any, path: str, limits: tuple[Any, ...]) -> Any:
        """A word, a whole number or a yes-or-no."""
        value = node.value
        if isinstance(value, (dict, list)):
            return self.wrong(node.at, path, node.sort, WORD[kind])
        if kind is str and node.loose and not node.text:
            return self.wrong(node.at, path, node.sort, WORD[str])
        if kind is str:
            pattern = next((limit.pattern for limit in limits if getattr(limit, "pattern", None)), None)
            if pattern and not re.fullmatch(pattern.strip("^$"), node.text):
                return self.wrong(
                    node.at,
                    path,
                    shown(node.text),
                    msg("a month such as 2024-09"),
                    msg("year, -, two digits"),
                )
            self.words[path] = node.text
            return node.text
        if kind is bool:
            hint = msg("write true or false") if isinstance(value, str) else ""
            return (
                value if isinstance(value, bool) else self.wrong(node.at, path, node.sort, WORD[bool], hint)
            )
        if isinstance(value, bool) or not isinstance(value, (int, float) if kind is float else int):
            return self.wrong(node.at, path, node.sort, WORD[kind], mistyped(node))
        low = next((limit.ge for limit in limits if hasattr(limit, "ge")), None)
        above = next((limit.gt for limit in limits if hasattr(limit, "gt")), None)
        high = next((limit.le for limit in limits if hasattr(limit, "le")), None)
        under = next((limit.lt for limit in limits if hasattr(limit, "lt")), None)
        if above is not None and value <= above:
            return self.wrong(
                node.at, path, shown(value), msg("{what} above {above}", what=WORD[kind], above=above)
            )
        if (
            (low is not None and value < low)
            or (high is not None and value > high)
            or (under is not None and value >= under)
        ):
            return self.wrong(
                node.at, path, shown(value), within(WORD[kind], low, high if high is not None else under)
            )
        return float(value) if kind is float else value

    def quantity(self, node: Node, path: str, unit: Measure) -> Any:  # noqa: C901  (one branch a rule)
        """A number with its provenance: bare, or a map with value, bounds, source or assumption."""
        unit = self.here(node, path, unit)
        if not isinstance(node.value, dict):
            value = self.number(node, path, path, unit)
            if value is BAD:
                return BAD
            self.known(node, node.given, path, unit)
            return self.traced(value, node, path, node.given)
        central = node.map.get("value")
        if central is None:
            near = next(
                (
                    meant(name, QUANTITY)
                    for name in node.map
                    if name not in QUANTITY and meant(name, QUANTITY)
                ),
                "",
            )
            return self.wrong(
                node.at,
                path,
                msg("a map without `value`"),
                msg(
                    "{number}, or {form}", number=unit.said, form=f"{{value: ..., {', '.join(QUANTITY[1:])}}}"
                ),
                near,
            )
        own = stated(node) or central.given
        why = node.map.get("assumption")
        if own and central.given and own[0] is None and why and why.place.file != central.place.file:
            own = (
                central.given[0],
                own[1],
            )  # the range is another file's assumption, the value keeps its source
        value = self.number(central, path, path, unit)
        data: dict[str, Any] = {"value": value if value is BAD else self.traced(value, central, path, own)}
        for name, child in node.map.items():
            at = f"{path}.{name}"
            if name in ("low", "high"):
                data[name] = self.number(child, at, at, unit)
            elif name == "distribution":
                data[name] = self.part(child, Distribution, at)
            elif name == "unit":
                data[name] = child.text if self.unit(child, at, unit) else BAD
                child.removed = unit.own  # the schema says it: not written again
            elif not self.margin(child, name, at) and name != "value":
                data[name] = self.wrong(
                    child.key or child.at, at, msg("an unknown key"), one_of(QUANTITY), meant(name, QUANTITY)
                )
        if any(item is BAD for item in data.values()):
            return BAD
        self.known(node, own, path, unit)
        low, value, high = data.get("low", data["value"]), data["value"], data.get("high", data["value"])
        if not low <= value <= high:
            return self.wrong(
                node.at,
                path,
                msg("low {low:g}, value {value:g}, high {high:g}", low=low, value=value, high=high),
                msg("low <= value <= high"),
            )
        if "distribution" in data and not self.distributed(
            node.map["distribution"], f"{path}.distribution", data, unit
        ):
            return BAD
        return data | {"source": own[0] if own else None, "assumption": own[1] if own else None}

    def here(self, node: Node, path: str, unit: Measure) -> Measure:
        """The measure of a number, also where another key decides its unit (the kind of a limit); the number
        is put into it where it states a multiple."""
        known = "" if unit.own or self.root is None else asked_here(path, self.root)
        unit = unit._replace(stated=known) if known else unit
        if unit.own:
            settled(node, unit.unit, self.report)
        return unit

    def distributed(self, node: Node, path: str, data: dict[str, Any], unit: Measure) -> bool:
        """Whether a distribution is complete and stays in the range of its number."""
        found = misfit(data, unit.at_least, unit.at_most)
        if found and found.key == "kind" and path in self.report.lost:
            self.broken.append(path)  # the table with its values could not be read: told there
        elif found:
            place = node.map[found.key].at if found.key in node.map else node.at
            self.wrong(place, below(path, f".{found.key}" if found.key in node.map else ""), *found[1:])
        return not found

    def number(self, node: Node, path: str, shown_path: str, unit: Measure) -> Any:
        """One number in its range."""
        value = node.value
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            other = foreign(node.text) if unit.own and isinstance(value, str) else ""
            return self.wrong(node.at, shown_path, node.sort, unit.said, other or mistyped(node))
        if (unit.at_least is not None and value < unit.at_least) or (
            unit.at_most is not None and value > unit.at_most
        ):
            return self.wrong(
                node.at,
                shown_path,
                shown(value),
                unit.said,
                self.hint(path, value, unit, node),
            )
        return float(value)

    @staticmethod
    def traced(value: float, node: Node, path: str, given: tuple[str | None, Any] | None) -> Traced:
        """A number with its provenance."""
        source, why = given or (None, None)
        return Traced(value, path, source, why, str(node.place))

    @staticmethod
    def hint(path: str, value: float, unit: Measure, node: Node) -> Said:
        """What to write for a number out of its range."""
        if unit.unit in PERCENT and (found := slip(value, growth=Rate(path, unit.unit, node).growth)):
            return found.hint(value)
        return msg("the unit is {unit}", unit=unit.unit) if unit.named else ""

    def unit(self, node: Node, path: str, unit: Measure) -> bool:
        """Whether a stated unit is the schema's."""
        if isinstance(node.value, (dict, list)) or (unit.own and node.text != unit.unit):
            known = isinstance(node.value, str) and times(node.text, unit.unit) is not None
            self.wrong(
                node.at,
                path,
                node.sort,
                f'"{unit.unit}"',
                msg("write the number beside its unit")
                if known
                else msg("{unit} is no unit of it", unit=shown(node.text)),
            )
            return False
        return True

    def known(self, node: Node, given: tuple[str | None, Any] | None, path: str, unit: Measure) -> None:
        """Note the number, its unit, and whether anything says where it comes from."""
        if unit.unit in PERCENT:
            above = path.rpartition(".")[0]
            self.rates.append(Rate(path, unit.unit, node, above if above in self.maps else ""))
        self.quantities[path] = given
        if given is None:
            self.bare.append((path, node))

    def unsourced(self) -> None:
        """Tell which numbers come from nowhere: the largest maps of which nothing is known, one by one."""
        if not self.bare:
            return
        every = Counter(above for path in self.quantities for above in ancestors(path))
        lacking = Counter(above for path, _ in self.bare for above in ancestors(path))
        groups: dict[str, list[tuple[str, Node]]] = {}
        for path, node in self.bare:
            top = next(above for above in ancestors(path) if lacking[above] == every[above])
            groups.setdefault(top, []).append((path, node))
        for top, found in groups.items():
            (path, node), names = found[0], [path.removeprefix(top).strip(".") for path, _ in found[:4]]
            more = ", ..." if len(found) > len(names) else ""
            what = msg(
                "{count} numbers without source or assumption ({names})",
                count=len(found),
                names=", ".join(names) + more,
            )
            self.wrong(
                node.place,
                top if len(found) > 1 else path,
                (what if len(found) > 1 else msg("a number without source or assumption")),
                msg("`source:` or `assumption:` at the number or above it"),
                msg("one line `source: ...` in the map above serves all numbers in it"),
            )


def ancestors(path: str) -> list[str]:
    """The maps above a number from the outside in, then the number itself."""
    return [path[: cut.start()] for cut in re.finditer(r"[.\[]", path)] + [path]


WORD: dict[Any, Said] = {
    str: msg("a word"),
    bool: msg("true or false"),
    int: msg("a whole number"),
    float: msg("a number"),
}


def mistyped(node: Node) -> Said:
    """Why something that looks like a number is none."""
    text = node.text.strip() if len(node.text) < 80 else ""
    if not isinstance(node.value, str):
        return "" if not isinstance(node.value, float) else msg("without a decimal point")
    if not node.plain and re.fullmatch(r"[-+]?[0-9.]+", text):
        return msg("take the quotes away")
    for pattern, why in LOOKS:
        if re.fullmatch(pattern, text):
            return why(re.sub(r"[^0-9.eE+-]", "", text.translate(HALF))) if callable(why) else why
    return ""


HALF = str.maketrans("０１２３４５６７８９．－＋，％", "0123456789.-+,%")
LOOKS: tuple[tuple[str, Said | Callable[[str], Said]], ...] = (
    (
        r"[-+]?0[0-9]+(\.[0-9]*)?",
        msg("a number does not begin with 0; write it without, or in quotes if it is a word"),
    ),
    (
        r"[-+]?[0-9]+(:[0-9]+)+(\.[0-9]*)?",
        msg("this is a time of day to some readers of YAML; write one decimal number"),
    ),
    (r"[-+]?[0-9]+(_[0-9]+)+(\.[0-9]*)?", lambda digits: msg("write {digits}, without _", digits=digits)),
    (
        r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?",
        lambda digits: msg("write {digits}, without commas", digits=digits),
    ),
    (r"[-+]?[0-9]+,[0-9]+", msg("write the decimal point as .")),
    (
        r"[0-9.]+ ?[%％]? ?[-–—~～至到] ?[0-9.]+ ?[%％]?",
        msg(
            "one number: its range is `low` and `high` beside `value`; a target from 7 to 8 is the row's"
            " text: `said: 7-8%`"
        ),
    ),
    (
        r"[-+]?[0-9.]+ ?(%|％|‰)",
        lambda digits: msg("write {digits}: the unit is fixed by the schema", digits=digits),
    ),
    (r"[-+]?0[xXoObB][0-9a-fA-F]+", msg("write it as a decimal number")),
    (
        r"[-+0-9.]*[０-９．－＋，％][-+0-9.０-９．－＋，％]*",
        lambda digits: msg("write {digits}, in half-width digits", digits=digits),
    ),
    (r"[-+]?\.?(inf|nan|Inf|NaN|INF|NAN)", msg("the number must be finite")),
    (
        r"[-+]?[0-9]+(\.[0-9]+)? ?[^0-9\s]+(/[^0-9\s]+)?",
        msg("write the number alone: the unit is fixed by the schema"),
    ),
    (r"[-+]?[0-9.]+[eE][-+]?[0-9]+", msg("the number is too large or too small")),
    (r"[-+]?[0-9]{16,}", msg("the number is too large")),
    (r"yes|no|on|off|Yes|No|On|Off", msg("it is a word here, no number")),
)


def width(node: Node) -> Said:
    """A hint where a full-width sign turned a map into text."""
    sign = next((char for char in WIDE if char in node.text), "") if isinstance(node.value, str) else ""
    return msg("the text has a full-width {sign}", sign=sign) if sign else ""


def asked(name: str, info: FieldInfo) -> Said:
    """A missing key, and what it is for in a few words."""
    said = re.split(r"[;:(（]", info.description or "")[0].strip(" .,")
    unit = measure(info).unit
    if not said:
        return msg("the key `{name}`", name=name)
    return msg(
        "the key `{name}` ({what})", name=name, what=f"{said}, {unit}" if unit not in ("", PURE) else said
    )


def within(what: Said, low: float | None, high: float | None) -> Said:
    """Something in a range."""
    if low is not None and high is not None:
        return msg("{what} from {low:.10g} to {high:.10g}", what=what, low=low, high=high)
    if low is not None:
        return msg("{what} of at least {low:.10g}", what=what, low=low)
    return what if high is None else msg("{what} of at most {high:.10g}", what=what, high=high)


@cache
def _measure(unit: str, low: float | None, high: float | None) -> Measure:
    return Measure(unit, low, high)


def measure(info: FieldInfo) -> Measure:
    """Unit and range of a field."""
    extra = info.json_schema_extra
    return (
        _measure(extra.get("unit", ""), extra.get("at_least"), extra.get("at_most"))  # type: ignore[arg-type]
        if isinstance(extra, dict)
        else Measure()
    )


def hidden(info: FieldInfo) -> bool:
    """Whether a field is filled by the loader and never by a user."""
    return isinstance(info.json_schema_extra, dict) and bool(info.json_schema_extra.get("hidden"))


@cache
def short_forms(model: type[BaseModel]) -> frozenset[str]:
    """Fields for which the name of one class stands for 100 % of it."""
    found = model.__pydantic_decorators__.field_validators.values()
    return frozenset(
        name for decorator in found if decorator.info.mode == "before" for name in decorator.info.fields
    )


def expanded(node: Node) -> Node:
    """A class by its name alone as the map that it stands for."""
    entries = {}
    for name, said in one_class(node.text).items():
        number = Node(said["value"], node.place, text=f"{said['value']:g}", given=(None, said["assumption"]))
        entries[name] = Node(
            {"value": number, "assumption": Node(said["assumption"], node.place, text=said["assumption"])},
            node.place,
            key=node.place,
        )
    return Node(entries, node.place, key=node.key)
