"""A network file: one process chain over several places, read and checked like a scenario (工艺网络文件)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError

from ..models.errors import ScenarioError
from ..models.network import Network
from ..models.quantity import Bilingual, StrictModel
from ..models.words import msg
from .document import Node
from .findings import Finding, refers
from .load import identity, nearest, opened
from .merge import inherit, sweep
from .overrides import override
from .rates import Question, ask
from .report import Hopeless, Report, refused
from .rules_chains import units_agree
from .schema import Source
from .shape import BAD, Shape

HEAD = "network"
"""The key by which a network file is told from a scenario."""


class NetworkFile(StrictModel):
    """What a network file holds."""

    network: Network
    sources: dict[str, Source] = Field(default_factory=dict)


@dataclass(frozen=True)
class LoadedNetwork:
    """A network with the name of its file and the hash of every file read."""

    network: Network
    name: str
    files: tuple[tuple[str, str], ...]
    notes: tuple[Bilingual, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def title(self) -> Bilingual:
        """What it is called."""
        return self.network.title


def is_network(path: str | Path) -> bool:
    """Whether a file that can be read states a network; what is wrong with it is told by
    :func:`load_network`."""
    try:
        return HEAD in opened(path, Report())[0].map
    except (Hopeless, ScenarioError):
        return False


def load_network(path: str | Path, sets: Sequence[str] = ()) -> LoadedNetwork:
    """Read a network file and what it extends.

    Raises
    ------
    ScenarioError
        With every mistake at once, each with file, line, column and what to do.
    """
    report = Report()
    try:
        root, address, reader = opened(path, report)
        inherit(root)
        override(root, sets, report)
        found = _checked(root, sweep(root, report), report)
        report.stop()
        if found is None:
            raise AssertionError("a network that cannot be built must leave a mistake behind")
    except Hopeless:
        report.stop()
        raise
    return LoadedNetwork(
        found.network,
        identity(address),
        tuple(sorted(reader.read.items())),
        tuple(report.notes),
        tuple(report.questions),
    )


def _checked(root: Node, empty: Sequence[str], report: Report) -> NetworkFile | None:
    shape = Shape(
        report, frozenset(root.map["sources"].map) if "sources" in root.map else frozenset(), "", list(empty)
    )
    data = shape.part(root, NetworkFile, "")
    shape.unsourced()
    ask(shape.rates, report)
    if data is BAD:
        return None
    try:
        found = NetworkFile.model_validate(data)
    except ValidationError as error:
        for line in error.errors(include_url=False, include_input=False):
            path = ".".join(str(step) for step in line["loc"])
            report.add(nearest(root, path), path, msg("a value that does not fit"), refused(line))
        return None
    for finding in _broken(found.network):
        report.add(nearest(root, finding.path), finding.path, finding.found, finding.expected, finding.hint)
    return found


def _broken(network: Network) -> Iterator[Finding]:
    """Names that must exist, and processes that have a place to run."""
    yield from units_agree(network.units, network.units.scale, HEAD)
    goods, units = network.materials, {step.unit or key for key, step in network.processes.items()}
    for key, step in network.processes.items():
        at = f"{HEAD}.processes.{key}"
        yield from refers([step.makes], goods, f"{at}.makes", msg("a material of the network"))
        for field in ("uses", "joint"):
            yield from refers(
                getattr(step, field), goods, f"{at}.{field}.{{}}", msg("a material of the network")
            )
        unit = step.unit or key
        if not any(unit in site.capacity for site in network.places.values()):
            yield Finding(
                at,
                msg("no place with a capacity of {unit}", unit=unit),
                msg("a place where it can run"),
                msg("state `capacity: {form}` at a place", form=f"{{{unit}: ...}}"),
            )
    for key, site in network.places.items():
        at = f"{HEAD}.places.{key}"
        yield from refers(site.capacity, units, f"{at}.capacity.{{}}", msg("the unit of a process"))
        for field in ("needs", "offers", "takes"):
            yield from refers(
                getattr(site, field), goods, f"{at}.{field}.{{}}", msg("a material of the network")
            )
    yield from refers(network.transport, goods, f"{HEAD}.transport.{{}}", msg("a material of the network"))
    for key, carriage in network.transport.items():
        at = f"{HEAD}.transport.{key}.distance"
        yield from refers(carriage.distance, network.places, f"{at}.{{}}", msg("a place"))
        for start_at, ends in carriage.distance.items():
            yield from refers(ends, network.places, f"{at}.{start_at}.{{}}", msg("a place"))
