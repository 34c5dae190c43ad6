"""Rules of projects, their money and the limits of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.limits import LIMITS, naming
from ..models.sectors.vanadium_titanium import VanadiumTitaniumParameters
from .findings import Draft, Finding, refers
from .report import meant, one_of, shown
from .schema import Limit, Project

WORKING = ("started", "registered", "commissioned")


def projects_refer(draft: Draft) -> Iterator[Finding]:
    """A project belongs to a sector that exists, told even where something else is wrong with the project."""
    for key in dict.fromkeys((*draft.scenario.projects, *draft.ids("projects"))):
        project, path = draft.scenario.projects.get(key), f"projects.{key}.sector"
        sector = project.sector if project else draft.words.get(path)
        if sector is not None:
            yield from refers([sector], draft.ids("sectors"), path, "a sector")


def projects_follow_time(draft: Draft) -> Iterator[Finding]:
    """Start, finish and stage of a project tell one story."""
    base = draft.scenario.years.base if draft.sound("years") else None
    for key, project in draft.scenario.projects.items():
        path = f"projects.{key}"
        if project.start and project.finish and project.finish <= project.start:
            yield Finding(f"{path}.finish", project.finish, f"a month after the start, {project.start}")
        if project.stage == "commissioned" and not project.finish:
            yield Finding(
                path,
                "a commissioned project without `finish`",
                "the month of commissioning",
                "it says how far the project has ramped up",
            )
        if project.stage in ("planned", "approved") and project.done and project.done.value > 0:
            yield Finding(
                f"{path}.done",
                f"{project.done.value:g} % put in place at the stage `{project.stage}`",
                "0",
                "works have begun: the stage is `started`",
            )
        if project.stage in WORKING and project.cancel and project.cancel.value > 0:
            yield Finding(
                f"{path}.cancel",
                f"{project.cancel.value:g} % at the stage `{project.stage}`",
                "no `cancel`",
                "only a project whose works have not started can be cancelled",
            )
        if project.cancelled and project.stage == "commissioned":
            yield Finding(
                f"{path}.cancelled",
                project.cancelled,
                "no `cancelled` at the stage `commissioned`",
                "it is there: leave `cancelled` out",
            )
        elif project.cancelled and base is not None and project.cancelled <= f"{base}-12":
            yield Finding(
                f"{path}.cancelled",
                project.cancelled,
                f"a month of {base + 1} or later",
                "works given up before that were not under way when the base year ended: leave the"
                " project out",
            )
        elif project.cancelled and project.finish and project.cancelled > project.finish:
            yield Finding(
                f"{path}.cancelled",
                project.cancelled,
                f"a month up to its planned commissioning, {project.finish}",
                "after that there is nothing left to cancel",
            )
        if base is not None:
            yield from _against(base, project, path)


def _against(base: int, project: Project, path: str) -> Iterator[Finding]:
    """The stage is the one reached when the base year ended."""
    end = f"{base}-12"
    if project.stage == "commissioned" and project.finish and project.finish > end:
        yield Finding(
            f"{path}.finish",
            project.finish,
            f"{end} or earlier for a commissioned project",
            "the stage is the one reached when the base year ended",
        )
    if project.stage != "commissioned" and project.finish and project.finish <= end:
        yield Finding(
            f"{path}.finish",
            project.finish,
            f"a month after {end} for a project that is not commissioned",
            "say when it is expected now, or `stage: commissioned`",
        )
    if project.stage in WORKING and project.start and project.start > end:
        yield Finding(
            f"{path}.start",
            project.start,
            f"{end} or earlier for the stage `{project.stage}`",
            "the stage is the one reached when the base year ended",
        )
    if project.stage not in WORKING and project.start and project.start <= end:
        yield Finding(
            f"{path}.start",
            project.start,
            f"a month after {end} at the stage `{project.stage}`",
            "say when works are expected to start, or give the stage reached",
        )


def projects_add(draft: Draft) -> Iterator[Finding]:  # noqa: C901  (one branch a rule)
    """A project adds output of its sector, or capacity of a process of the sector's chain."""
    for key, project in draft.scenario.projects.items():
        adds, path = project.adds, f"projects.{key}.adds"
        if adds is None:
            continue
        if adds.process is None:
            if adds.output is None:
                yield Finding(
                    path,
                    "neither `output` nor `process`",
                    "`output`, or `process` with `capacity`",
                    "leave `adds` out for a project that adds no output by itself",
                )
            if adds.capacity is not None:
                yield Finding(
                    f"{path}.capacity",
                    "capacity of no process",
                    "`process` beside it",
                    "or state `output` in 亿元",
                )
            continue
        if adds.output is not None:
            yield Finding(
                f"{path}.output",
                "output beside a process",
                "`capacity` alone",
                "the chain computes the output",
            )
        if adds.capacity is None:
            yield Finding(path, "a process without `capacity`", "`capacity` in 万吨/年")
        sector = draft.scenario.sectors.get(project.sector)
        if sector is None:
            continue
        if not isinstance(sector, VanadiumTitaniumParameters):
            yield Finding(
                f"{path}.process",
                shown(adds.process),
                f"`output`, since the sector {project.sector} has no chain",
            )
        elif sector.chain in draft.scenario.chains:
            yield from refers(
                [adds.process],
                draft.scenario.chains[sector.chain].processes,
                f"{path}.process",
                f"a process of the chain {sector.chain}",
            )


def _limit_numbers(draft: Draft, path: str, limit: Limit) -> Iterator[Finding]:
    """A floor states its least, all others their most; each is relaxed away from itself; sectors are named
    where they count."""
    kind = limit.kind
    name, other = ("min", "max") if kind.sign < 0 else ("max", "min")
    own = getattr(limit, name)
    if own is None:
        yield Finding(
            path,
            f"no `{name}`",
            f"`{name}` of the limit",
            f"`{other}` is of other limits" if getattr(limit, other) is not None else "",
        )
    elif getattr(limit, other) is not None:
        yield Finding(f"{path}.{other}", f"`{other}` beside `{name}`", "one of them", "write two limits")
    if kind.names == "sectors":
        if not limit.sectors:
            yield Finding(
                path,
                f"`on: {limit.on}` without `sectors`",
                f"`sectors: [...]`, of {one_of(draft.ids('sectors'))}",
            )
        yield from refers(
            limit.sectors, draft.ids("sectors"), f"{path}.sectors[{{index}}]", "a key of `sectors`"
        )
    elif limit.sectors:
        yield Finding(f"{path}.sectors", one_of(limit.sectors), f"no `sectors` unless {naming('sectors')}")
    if own is not None and limit.relax_to is not None and (limit.relax_to.value - own.value) * kind.sign < 0:
        most = "at most" if kind.sign < 0 else "at least"
        yield Finding(
            f"{path}.relax_to",
            f"{limit.relax_to.value:.10g}",
            f"{most} `{name}`, {own.value:.10g}",
            "leave `relax_to` out for a limit that cannot be relaxed",
        )


def limits_are_ordered(draft: Draft) -> Iterator[Finding]:
    """A limit is relaxed upwards, at a price; money from a source is limited by that source."""
    for key, limit in draft.scenario.limits.items():
        path = f"limits.{key}"
        if limit.kind.names == "fund":
            if limit.fund is None:
                yield Finding(
                    path, f"`on: {limit.on}` without `fund`", f"`fund: ` {one_of(draft.ids('funds'))}"
                )
            else:
                yield from refers([limit.fund], draft.ids("funds"), f"{path}.fund", "a key of `funds`")
        elif limit.fund is not None:
            yield Finding(
                f"{path}.fund",
                shown(limit.fund),
                f"no `fund` unless {naming('fund')}",
                meant(limit.on, [k for k, one in LIMITS.items() if one.names == "fund"]),
            )
        yield from _limit_numbers(draft, path, limit)
        if limit.relax_to is not None:
            if limit.price is None:
                yield Finding(
                    path,
                    "`relax_to` without `price`",
                    "what one unit of relaxation costs, 亿元",
                    "it orders the cheapest changes",
                )
        elif limit.price is not None:
            yield Finding(
                f"{path}.price",
                "a price of nothing",
                "`relax_to` beside it",
                "without `relax_to` the limit is hard",
            )
