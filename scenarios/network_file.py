"""A network file: one process chain over several places, read and checked like a scenario (工艺网络文件)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from ..models.network import Network
from ..models.quantity import Bilingual, StrictModel
from ..models.words import msg
from .document import Node
from .findings import Finding, refers
from .load import identity, nearest, opened
from .merge import inherit, sweep
from .other_kinds import shaped, states
from .overrides import override
from .rates import Question
from .report import Report
from .rules_chains import units_agree
from .schema import Source

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
    return states(path, HEAD)


def load_network(path: str | Path, sets: Sequence[str] = ()) -> LoadedNetwork:
    """Read a network file and what it extends.

    Raises
    ------
    ScenarioError
        With every mistake at once, each with file, line, column and what to do.
    """
    report = Report()
    root, address, reader = opened(path, report)
    inherit(root)
    override(root, sets, report)
    found = _checked(root, sweep(root, report), report)
    report.stop()
    if found is None:
        raise AssertionError("a network that cannot be built must leave a mistake behind")
    return LoadedNetwork(
        found.network,
        identity(address),
        tuple(sorted(reader.read.items())),
        tuple(report.notes),
        tuple(report.questions),
    )


def _checked(root: Node, empty: Sequence[str], report: Report) -> NetworkFile | None:
    found = shaped(root, NetworkFile, empty, report)
    if found is None:
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
