"""One scenario out of several files: what a file leaves out comes from the file that it extends."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from ..models.words import msg
from .document import Node, below, compose
from .files import Address, Reader, beside
from .old_keys import renew
from .report import Place, Report, shown
from .spreadsheet import unfold
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
    root = found.root
    unfold(root, address, reader)
    attribute(root, reader.report)
    understand(root, base, reader.report)
    whole = merge(base, root)
    reader.own[address.shown], reader.layers[address.shown] = whole, (address.shown,)
    return whole


def grounded(root: Node, address: Address, reader: Reader, seen: tuple[str, ...]) -> Node | None:
    """The tree of one file, merged over those that it extends.

    Of several files the later win over the earlier; a file that two of them extend lies below both, so that
    what one of them changes is not undone by the other.
    """
    report = reader.report
    renew(root, report)
    unfold(root, address, reader)
    attribute(root, report)
    files = places(root)
    parents = root.map.pop("extends", None)
    below: list[str] = []
    for parent in [] if parents is None else named(parents, report):
        found = _parent(parent, address, reader, seen)
        if found is None:
            return None
        below += [name for name in reader.layers[found] if name not in below]
    base = stacked([reader.own[name] for name in below])
    convert(root, base, report)
    understand(root, base, report)
    whole = root if base is None else merge(base, root)
    reader.own[address.shown], reader.layers[address.shown] = root, (*below, address.shown)
    stated = whole.map.get("country")
    reader.countries.update(dict.fromkeys(files, stated.text.strip() if stated else ""))
    return whole


def stacked(trees: Sequence[Node]) -> Node | None:
    """Trees laid one over the other, the lowest first."""
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
    if base_address.shown in chain:
        report.add(
            parent.place,
            "extends",
            msg("{file}, which extends this file", file=base_address.shown),
            msg("files that do not go round in a circle"),
            " -> ".join((*chain, base_address.shown)),
        )
        return None
    if len(chain) > LONGEST_CHAIN:
        report.add(
            parent.place,
            "extends",
            msg("a chain of more than {most} files", most=LONGEST_CHAIN),
            msg("fewer"),
        )
        return None
    if base_address.shown in reader.layers:
        return base_address.shown
    return base_address.shown if gather(base_address, reader, parent.place, chain) else None


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
    entries = sum(len(root.map[group].map) for group in ("sectors", "projects") if group in root.map)
    if laid(root, defaults) > MOST_LAID:
        report.add(
            defaults.at,
            "defaults",
            msg(
                "{count} values for each of {entries} sectors and projects",
                count=size(defaults),
                entries=entries,
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
                holder.map[key] = under(defaults.map.get(kind), entry)
                if group == "projects":
                    durations(holder.map[key], months)
    if "pool" in root.map and isinstance(root.map["pool"].value, dict):
        root.map["pool"] = under(defaults.map.get("pool"), root.map["pool"])
        durations(root.map["pool"], months)


def laid(root: Node, defaults: Node) -> int:
    """How many values the defaults lay under sectors and projects."""
    sizes = {name: size(node) for name, node in defaults.map.items()}
    models = [node.map["model"].text for node in _parts(root, "sectors") if "model" in node.map]
    each = sizes.get("project", 0) + sizes.get("months", 0)
    return sum(sizes.get(model, 0) for model in models) + each * len(_parts(root, "projects"))


def _parts(root: Node, group: str) -> list[Node]:
    return list(root.map[group].map.values()) if group in root.map else []


def under(default: Node | None, entry: Node) -> Node:
    """``entry`` laid over a copy of its default."""
    if default is None or not isinstance(default.value, dict):
        return entry
    merged = merge(default.copy(), entry)
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
        entry.map["months"] = merge(months.copy(), own) if own else months.copy()
