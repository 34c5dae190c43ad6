"""One scenario out of several files: what a file leaves out comes from the file that it extends."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import reduce

from ..models.errors import Said
from ..models.money import Money, counting
from ..models.sectors import INSTANCES
from ..models.words import msg
from .document import Node, below, compose
from .files import Address, Reader, beside
from .money import money_of_file, recount
from .old_keys import renew
from .report import Place, Report, shown
from .spreadsheet import unfold
from .tables.years import year_of
from .target_sheet import understand
from .units import convert

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
"""How the names of scenarios end that are no text; of some it is told that they cannot be read."""
LONGEST_CHAIN = 20
MOST_LAID = 600_000
"""Values that defaults may lay under sectors and projects."""


def gather(address: Address, reader: Reader, asked: Place, seen: tuple[str, ...] = ()) -> Node | None:
    """The tree of a file merged over the tree of the file that it extends, and so on."""
    if address.below.lower().endswith(WORKBOOKS):
        return _workbook(address, reader, asked, seen)
    report = reader.report
    text = reader.text(address, asked, "extends" if seen else "file")
    root = compose(text, address.shown, report) if text is not None else None
    return None if root is None else grounded(root, address, reader, seen)


def _workbook(address: Address, reader: Reader, asked: Place, seen: tuple[str, ...]) -> Node | None:
    """The tree of a workbook, filled up where it says neither what it extends nor that it is whole."""
    from .book.read import book
    from .book.start import begun

    found = book(address, reader, asked, "extends" if seen else "file")
    if found is None:
        return None
    if not found.open:
        return grounded(found.root, address, reader, seen)
    first = begun(found, address.shown, reader.report)
    base = None if first is None else grounded(first, address, reader, seen)
    if base is None:
        return None
    root, before = found.root, reader.money[address.shown]
    money = money_of_file(root, before, reader.report)
    recount(base, before, money, reader.report)
    with counting(money):
        unfold(root, address, reader)
        attribute(root, reader.report)
        understand(root, base, reader.report)
    whole = merge(base, root)
    reader.own[address.shown], reader.layers[address.shown] = whole, (address.shown,)
    reader.money[address.shown] = money
    return whole


def grounded(root: Node, address: Address, reader: Reader, seen: tuple[str, ...]) -> Node | None:
    """The tree of one file, merged over those that it extends.

    Of several files the later win over the earlier; a file that two of them extend lies below both, so that
    what one of them changes is not undone by the other. Files of indicators that it uses lie over those that
    it extends.
    """
    report = reader.report
    renew(root, report)
    under: list[str] = []
    parents, own = root.map.pop("extends", None), address.shown
    above = [] if parents is None else named(parents, report)
    if parents is not None and not above:
        return None
    for parent in above:
        found = _parent(parent, address, reader, seen)
        if found is None:
            return None
        under += [name for name in reader.layers[found] if name not in under]
    under += [name for name in _blocks(root, address, reader, (*seen, own)) if name not in under]
    before = reader.money[under[-1]] if under else Money()
    _labels(root, [reader.own[name] for name in under], report)
    money = money_of_file(root, before, report)
    base = stacked(under, reader, money)
    with counting(money):
        unfold(root, address, reader)
        attribute(root, report)
        files = places(root)
        convert(root, base, report)
        understand(root, base, report)
    whole = root if base is None else merge(base, root)
    reader.own[own], reader.layers[own], reader.money[own] = root, (*under, own), money
    stated = whole.map.get("country")
    reader.countries.update(dict.fromkeys(files, stated.text.strip() if stated else ""))
    return whole


def stacked(names: Sequence[str], reader: Reader, money: Money) -> Node | None:
    """The trees of files laid one over the other, the lowest first, their amounts in one money."""
    trees = []
    for name in names:
        tree, was = reader.own[name], reader.money[name]
        if was != money:
            tree = deepcopy(tree)
            recount(tree, was, money, reader.report, *(reader.own[other] for other in names))
        trees.append(tree)
    return reduce(merge, trees) if trees else None


def places(root: Node) -> set[str]:
    """The files that the values of a tree stand in."""
    found = {root.place.file.split("!")[0]}
    for _, child in root.children():
        found |= places(child)
    return found


def named(extends: Node, report: Report) -> list[Node]:
    """The files of ``extends``: one path, or a list of paths."""
    entries = extends.value if isinstance(extends.value, list) else [extends]
    if not entries:
        report.add(extends.at, "extends", msg("an empty list"), msg("the path of a file, or a list of paths"))
    for entry in entries:
        if not isinstance(entry.value, str) or not entry.value:
            report.add(entry.at, "extends", entry.sort, msg("the path of a file, or a list of paths"))
    return [entry for entry in entries if isinstance(entry.value, str) and entry.value]


def _parent(parent: Node, address: Address, reader: Reader, seen: tuple[str, ...]) -> str | None:
    """One file that another extends, read with all below it: its name among the layers of the reader."""
    report = reader.report
    base_address = beside(address, str(parent.value), parent.place, "extends", report)
    if base_address is None:
        return None
    chain = (*seen, address.shown)
    again = msg("{file}, which extends this file", file=base_address.shown)
    if not _leads_on(base_address, chain, parent, "extends", again, report):
        return None
    if base_address.shown in reader.layers:
        return base_address.shown
    return base_address.shown if gather(base_address, reader, parent.place, chain) else None


def _leads_on(
    found: Address, chain: tuple[str, ...], node: Node, path: str, again: Said, report: Report
) -> bool:
    """Whether a chain of files may go on with a file: it stands in it nowhere (``again`` says so), and the
    chain is not too long yet."""
    if found.shown in chain:
        circle = msg("files that do not go round in a circle")
        report.add(node.place, path, again, circle, " -> ".join((*chain, found.shown)))
        return False
    if len(chain) >= LONGEST_CHAIN:
        report.add(
            node.place, path, msg("a chain of more than {most} files", most=LONGEST_CHAIN), msg("fewer")
        )
        return False
    return True


BLOCK = ("dabiao", "sources", "indicators")
"""What a file of indicators may state."""


def _blocks(root: Node, address: Address, reader: Reader, seen: tuple[str, ...]) -> list[str]:
    """The files of indicators that a file uses, among the layers of the reader, the later over the
    earlier."""
    report, names = reader.report, list[str]()
    used = root.map["indicators"].map.pop("use", None) if "indicators" in root.map else None
    for node in [] if used is None else used.value if isinstance(used.value, list) else [used]:
        if not isinstance(node.value, str):
            report.add(node.at, "indicators.use", node.sort, msg("the path of a file, or a list of paths"))
            continue
        found = beside(address, node.value, node.place, "indicators.use", report)
        if found is None:
            continue
        again = msg("{file}, which uses this file", file=found.shown)
        if not _leads_on(found, seen, node, "indicators.use", again, report):
            continue
        block = gather(found, reader, node.place, seen)
        if block is None:
            continue
        for name, part in block.map.items():
            if name not in (*BLOCK, "source", "assumption", "note"):
                report.add(
                    part.key or part.at,
                    name,
                    msg("the key {name} in a file of indicators", name=shown(name)),
                    msg("`sources` and `indicators`"),
                    msg("a whole scenario is inherited by `extends`"),
                )
        reader.own[found.shown].value = {name: part for name, part in block.map.items() if name in BLOCK}
        names += [name for name in reader.layers[found.shown] if name not in names]
    return names


def _labels(root: Node, below_it: Sequence[Node], report: Report) -> None:
    """Fiscal years as they are called (2012-13) become the year in which they end; the month in which they
    begin must be known."""
    years, history = root.map.get("years"), root.map.get("history")
    called = []
    for node in (years.map[name] for name in ("base", "target", "last") if years and name in years.map):
        if (read := year_of(node.text)) and read.fiscal:
            called.append(node)
            node.value, node.text, node.plain = read.year, str(read.year), True
    past = history.map.get("years") if history else None
    called_so = (
        {name: read.year for name in past.map if (read := year_of(name)) and read.fiscal} if past else {}
    )
    if past is not None and called_so:
        called.append(past)
        past.value = {str(called_so.get(name, name)): node for name, node in past.map.items()}
    known = [tree.map["years"] for tree in (root, *below_it) if "years" in tree.map]
    if called and not any("begins" in each.map for each in known):
        report.add(
            called[0].place,
            "years.begins",
            msg("fiscal years, and no month in which they begin"),
            msg("a month: `begins: 4` for April, 7 for July"),
        )


def attribute(
    node: Node, report: Report, above: tuple[str | None, object] | None = None, path: str = ""
) -> None:
    """Give every number, in figures or in words, the nearest source or assumption that its own file states at
    or above it."""
    if isinstance(node.value, dict):
        above = stated(node, report, path) or above
    elif not isinstance(node.value, list):
        node.given = above
        return
    for step, child in node.children():
        attribute(child, report, above, below(path, step))


UNSTATED = {"zh": "改写了上级方案的数，未注明出处", "en": "replaces an inherited number, no source stated"}


def inherit(node: Node, above: tuple[str | None, object] | None = None) -> None:
    """Give the numbers whose own file states nothing what the merged tree states above them.

    An inherited assumption still fits a number that replaces another; an inherited source does not: it was
    not read there. Such a number is said to be an assumption of the file that wrote it.
    """
    if isinstance(node.value, dict):
        above = stated(node) or above
    elif node.number and node.given is None:
        node.given = above if above is None or above[0] is None else (None, UNSTATED)
        return
    for _, child in node.children():
        inherit(child, above)


def stated(node: Node, report: Report | None = None, path: str = "") -> tuple[str | None, object] | None:
    """The source or assumption that a map states for what stands in it."""
    source, why = node.map.get("source"), node.map.get("assumption")
    found_source = (
        source.text
        if source and isinstance(source.value, (str, int, float)) and source.text.strip()
        else None
    )
    found_why = sentence(why) if why else None
    if report:
        if source and source.value is not None and found_source is None:
            report.add(source.at, below(path, ".source"), source.sort, msg("a key of `sources`"))
        if why and why.value is not None and found_why is None:
            report.add(
                why.at,
                below(path, ".assumption"),
                (why.sort if why.value != "" else msg("an empty text")),
                msg("a sentence, or {form}", form="{zh: ..., en: ...}"),
            )
    return None if found_source is None and found_why is None else (found_source, found_why)


def sentence(node: Node) -> object:
    """A text in one or two languages as plain data; None where it is none."""
    if not isinstance(node.value, (dict, list)):
        return node.text if node.value is not None and node.text.strip() else None
    texts = {
        name: part.text
        for name in ("zh", "en")
        if (part := node.map.get(name)) is not None
        and not isinstance(part.value, (dict, list))
        and part.text.strip()
    }
    return texts if texts and len(texts) == len(node.map) else None


def merge(base: Node, over: Node) -> Node:
    """``over`` laid over ``base``: maps by key, anything else replaced; null takes away.

    A number replaces a whole quantity; a map without ``value`` refines an inherited number.
    """
    if over.value is None:
        over.removed = base.removed or base.value is not None
        return over
    if not isinstance(over.value, dict) or base.removed:
        return over
    if base.number and "value" not in over.map:
        base = Node({"value": base}, base.place, base.key)
    if not isinstance(base.value, dict) or "value" in over.map:
        return over
    entries = dict(base.value)
    for name, node in over.value.items():
        inherited = entries.get(name)
        entries[name] = node if inherited is None or drawn(name, node) else merge(inherited, node)
    return Node(entries, over.place, over.key or base.key, removed=False)


def drawn(name: str, node: Node) -> bool:
    """Whether an entry is a distribution, which replaces another as a whole: its keys mean nothing apart."""
    return name == "distribution" and "kind" in node.map


def sweep(node: Node, report: Report, path: str = "") -> list[str]:
    """Drop what was taken away by null; a null that takes nothing away is a mistake, whose path comes
    back."""
    empty = []
    for step, child in list(node.children()):
        at = below(path, step)
        if child.value is not None:
            empty += sweep(child, report, at)
            continue
        if not child.removed:
            empty.append(at)
            report.add(
                child.place,
                at,
                (msg("nothing") if not child.text else shown(child.text)),
                msg("a value"),
                msg("null only takes away a key inherited through `extends`; delete the line"),
            )
        if isinstance(node.value, dict):
            del node.value[step[1:]]
    if isinstance(node.value, list):
        node.value = [child for child in node.value if child.value is not None]
    return empty


def fill(root: Node, report: Report) -> None:
    """Lay every sector, project and pool over what `defaults` states for its kind."""
    defaults = root.map.get("defaults")
    if defaults is None:
        return
    if not isinstance(defaults.value, dict):
        report.add(defaults.at, "defaults", defaults.sort, msg("a map"))
        return
    if laid(root, defaults) > MOST_LAID:
        parts = [*_parts(root, "sectors"), *_parts(root, "projects")]
        report.add(
            defaults.at,
            "defaults",
            msg(
                "{count} values for each of {entries} sectors and projects",
                count=size(defaults),
                entries=sum(isinstance(part.value, dict) for part in parts),
            ),
            msg("fewer"),
        )
        return
    months = defaults.map.get("months")
    for group, name in (("sectors", None), ("projects", "project")):
        holder = root.map.get(group)
        for key, entry in list(holder.map.items()) if holder else []:
            model = entry.map.get("model")
            kind = name or (model.text if model else "")
            if isinstance(entry.value, dict) and holder:
                for under_it in (kind, INSTANCES.get(kind, "")):
                    holder.map[key] = under(defaults.map.get(under_it), holder.map[key])
                if group == "projects":
                    durations(holder.map[key], months)
    if "pool" in root.map and isinstance(root.map["pool"].value, dict):
        root.map["pool"] = under(defaults.map.get("pool"), root.map["pool"])
        durations(root.map["pool"], months)


def called(root: Node) -> None:
    """Put the name of the model in place of that of one of its instances."""
    for entry in _parts(root, "sectors"):
        model = entry.map.get("model")
        if model is not None and model.text in INSTANCES:
            model.value = model.text = INSTANCES[model.text]


def laid(root: Node, defaults: Node) -> int:
    """How many values the defaults lay under sectors and projects."""
    sizes = {name: size(node) for name, node in defaults.map.items()}
    models = [node.map["model"].text for node in _parts(root, "sectors") if "model" in node.map]
    each = sizes.get("project", 0) + sizes.get("months", 0)
    models += [INSTANCES[model] for model in models if model in INSTANCES]
    return sum(sizes.get(model, 0) for model in models) + each * len(_parts(root, "projects"))


def _parts(root: Node, group: str) -> list[Node]:
    return list(root.map[group].map.values()) if group in root.map else []


def under(default: Node | None, entry: Node) -> Node:
    """``entry`` laid over its default, whose parts all entries share: none of them is changed any more."""
    if default is None or not isinstance(default.value, dict):
        return entry
    merged = merge(default, entry)
    own = {name: merged.map[name] for name in entry.map if name in merged.map}
    merged.value = own | merged.map
    return merged


def size(node: Node) -> int:
    """How many values a tree holds."""
    return 1 + sum(size(child) for _, child in node.children())


def durations(entry: Node, months: Node | None) -> None:
    """Lay the durations of a project or pool over the usual ones."""
    if months is not None:
        own = entry.map.get("months")
        entry.map["months"] = merge(months, own) if own else months
