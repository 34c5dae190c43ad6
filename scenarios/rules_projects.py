"""Rules of projects, their money and the limits of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.limits import LIMITS, naming
from ..models.money import money_in_use
from ..models.sectors.process_chain import ProcessChainParameters
from ..models.words import msg
from ..models.years import last_month
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
            yield from refers([sector], draft.ids("sectors"), path, msg("a sector"))


def projects_follow_time(draft: Draft) -> Iterator[Finding]:
    """Start, finish and stage of a project tell one story."""
    base = draft.scenario.years.base if draft.sound("years") else None
    for key, project in draft.scenario.projects.items():
        path = f"projects.{key}"
        if project.start and project.finish and project.finish <= project.start:
            yield Finding(
                f"{path}.finish", project.finish, msg("a month after the start, {start}", start=project.start)
            )
        if project.stage == "commissioned" and not project.finish:
            yield Finding(
                path,
                msg("a commissioned project without `finish`"),
                msg("the month of commissioning"),
                msg("it says how far the project has ramped up"),
            )
        if project.stage in ("planned", "approved") and project.done and project.done.value > 0:
            yield Finding(
                f"{path}.done",
                msg(
                    "{value:g} % put in place at the stage `{stage}`",
                    value=project.done.value,
                    stage=project.stage,
                ),
                "0",
                msg("works have begun: the stage is `started`"),
            )
        if project.stage in WORKING and project.cancel and project.cancel.value > 0:
            yield Finding(
                f"{path}.cancel",
                msg("{value:g} % at the stage `{stage}`", value=project.cancel.value, stage=project.stage),
                msg("no `cancel`"),
                msg("only a project whose works have not started can be cancelled"),
            )
        if project.cancelled and project.stage == "commissioned":
            yield Finding(
                f"{path}.cancelled",
                project.cancelled,
                msg("no `cancelled` at the stage `commissioned`"),
                msg("it is there: leave `cancelled` out"),
            )
        elif project.cancelled and base is not None and project.cancelled <= last_month(base):
            yield Finding(
                f"{path}.cancelled",
                project.cancelled,
                msg("a month of {year} or later", year=base + 1),
                msg(
                    "works given up before that were not under way when the base year ended: leave the"
                    " project out"
                ),
            )
        elif project.cancelled and project.finish and project.cancelled > project.finish:
            yield Finding(
                f"{path}.cancelled",
                project.cancelled,
                msg("a month up to its planned commissioning, {finish}", finish=project.finish),
                msg("after that there is nothing left to cancel"),
            )
        if base is not None:
            yield from _against(base, project, path)
            yield from _decided(base, project, path)


def _against(base: int, project: Project, path: str) -> Iterator[Finding]:
    """The stage is the one reached when the base year ended."""
    end = last_month(base)
    if project.stage == "commissioned" and project.finish and project.finish > end:
        yield Finding(
            f"{path}.finish",
            project.finish,
            msg("{end} or earlier for a commissioned project", end=end),
            msg("the stage is the one reached when the base year ended"),
        )
    if project.stage != "commissioned" and project.finish and project.finish <= end:
        yield Finding(
            f"{path}.finish",
            project.finish,
            msg("a month after {end} for a project that is not commissioned", end=end),
            msg("say when it is expected now, or `stage: commissioned`"),
        )
    if project.stage in WORKING and project.start and project.start > end:
        yield Finding(
            f"{path}.start",
            project.start,
            msg("{end} or earlier for the stage `{stage}`", end=end, stage=project.stage),
            msg("the stage is the one reached when the base year ended"),
        )
    if project.stage not in WORKING and project.start and project.start <= end:
        yield Finding(
            f"{path}.start",
            project.start,
            msg("a month after {end} at the stage `{stage}`", end=end, stage=project.stage),
            msg("say when works are expected to start, or give the stage reached"),
        )


def _decided(base: int, project: Project, path: str) -> Iterator[Finding]:
    """A start that is decided on lies ahead."""
    if project.decided and project.stage in WORKING:
        yield Finding(
            f"{path}.decided",
            project.decided,
            msg("no `decided` at the stage `{stage}`", stage=project.stage),
            msg("works have begun: there is no start to decide on"),
        )
    elif project.decided and project.decided <= last_month(base):
        yield Finding(f"{path}.decided", project.decided, msg("a month of {year} or later", year=base + 1))


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
                    msg("neither `output` nor `process`"),
                    msg("`output`, or `process` with `capacity`"),
                    msg("leave `adds` out for a project that adds no output by itself"),
                )
            if adds.capacity is not None:
                yield Finding(
                    f"{path}.capacity",
                    msg("capacity of no process"),
                    msg("`process` beside it"),
                    msg("or state `output` in {money}", money=money_in_use().label),
                )
            continue
        if adds.output is not None:
            yield Finding(
                f"{path}.output",
                msg("output beside a process"),
                msg("`capacity` alone"),
                msg("the chain computes the output"),
            )
        if adds.capacity is None:
            yield Finding(
                path,
                msg("a process without `capacity`"),
                msg("`capacity`, in the unit of amounts of the chain"),
            )
        sector = draft.scenario.sectors.get(project.sector)
        if sector is None:
            continue
        if not isinstance(sector, ProcessChainParameters):
            yield Finding(
                f"{path}.process",
                shown(adds.process),
                msg("`output`, since the sector {sector} has no chain", sector=project.sector),
            )
        elif sector.chain in draft.scenario.chains:
            yield from refers(
                [adds.process],
                draft.scenario.chains[sector.chain].processes,
                f"{path}.process",
                msg("a process of the chain {chain}", chain=sector.chain),
            )


def _limit_numbers(draft: Draft, path: str, limit: Limit) -> Iterator[Finding]:
    """A floor states its least, all others their most; each is relaxed away from itself; sectors are named
    where they count."""
    kind = limit.kind
    name, other = ("min", "max") if kind.sign < 0 else ("max", "min")
    for key in ("max", "min", "relax_to"):
        number = getattr(limit, key)
        if number is not None and number.value < 0 and kind.names != "indicator":
            yield Finding(f"{path}.{key}", f"{number.value:.10g}", msg("at least 0"))
    own = getattr(limit, name)
    if own is None:
        yield Finding(
            path,
            msg("no `{name}`", name=name),
            msg("`{name}` of the limit", name=name),
            (msg("`{other}` is of other limits", other=other) if getattr(limit, other) is not None else ""),
        )
    elif getattr(limit, other) is not None:
        yield Finding(
            f"{path}.{other}",
            msg("`{other}` beside `{name}`", other=other, name=name),
            msg("one of them"),
            msg("write two limits"),
        )
    if kind.names == "sectors":
        if not limit.sectors:
            yield Finding(
                path,
                msg("`on: {on}` without `sectors`", on=limit.on),
                msg("`sectors: [...]`, of {names}", names=one_of(draft.ids("sectors"))),
            )
        yield from refers(
            limit.sectors, draft.ids("sectors"), f"{path}.sectors[{{index}}]", msg("a key of `sectors`")
        )
    elif limit.sectors:
        yield Finding(
            f"{path}.sectors",
            one_of(limit.sectors),
            msg("no `sectors` unless {kinds}", kinds=naming("sectors")),
        )
    if own is not None and limit.relax_to is not None and (limit.relax_to.value - own.value) * kind.sign < 0:
        end = own.value
        yield Finding(
            f"{path}.relax_to",
            f"{limit.relax_to.value:.10g}",
            (
                msg("at most `{name}`, {value:.10g}", name=name, value=end)
                if kind.sign < 0
                else msg("at least `{name}`, {value:.10g}", name=name, value=end)
            ),
            msg("leave `relax_to` out for a limit that cannot be relaxed"),
        )


def limits_are_of_years(draft: Draft) -> Iterator[Finding]:
    """A limit holds in a year or in several of the horizon; money alone adds up over years."""
    for key, limit in draft.scenario.limits.items():
        path = f"limits.{key}"
        said = "year" if limit.year is not None else "over"
        if limit.year is not None and limit.over:
            yield Finding(f"{path}.year", msg("`year` beside `over`"), msg("one of them"))
        elif limit.together and not (limit.over and limit.kind.adds):
            kinds = one_of(f"`on: {name}`" for name, one in LIMITS.items() if one.adds)
            yield Finding(f"{path}.together", "true", msg("`over: [first, last]` and {kinds}", kinds=kinds))
        if limit.over and len(limit.over) != 2:
            found = ", ".join(map(str, limit.over))
            yield Finding(f"{path}.over", found, msg("two years: the first and the last"))
        elif (limit.year is not None or limit.over) and limit.kind.of_starts:
            yield Finding(
                f"{path}.{said}", msg("a year"), msg("no `{name}`: starts are of any year", name=said)
            )
        elif draft.sound("years", "years.target", "years.last"):
            yield from _limit_years(draft, path, limit, said)


def _limit_years(draft: Draft, path: str, limit: Limit, said: str) -> Iterator[Finding]:
    years = draft.scenario.years
    first, last = limit.over or (limit.year or years.target,) * 2
    stated = limit.year is not None or bool(limit.over)
    if stated and not years.first <= first <= last <= years.last:
        yield Finding(
            f"{path}.{said}",
            f"{first}" if said == "year" else f"{first}, {last}",
            msg("a year from {first} to {last}", first=years.first, last=years.last)
            if said == "year"
            else msg("two years in order, from {first} to {last}", first=years.first, last=years.last),
            msg("`years.last` says how far the simulation goes"),
        )


def limits_are_ordered(draft: Draft) -> Iterator[Finding]:
    """A limit is relaxed upwards, at a price; money from a source is limited by that source."""
    for key, limit in draft.scenario.limits.items():
        path = f"limits.{key}"
        if limit.kind.names == "fund":
            if limit.fund is None:
                yield Finding(
                    path,
                    msg("`on: {kind}` without `fund`", kind=limit.on),
                    f"`fund: ` {one_of(draft.ids('funds'))}",
                )
            else:
                yield from refers([limit.fund], draft.ids("funds"), f"{path}.fund", msg("a key of `funds`"))
        elif limit.fund is not None:
            yield Finding(
                f"{path}.fund",
                shown(limit.fund),
                msg("no `fund` unless {kinds}", kinds=naming("fund")),
                meant(limit.on, [k for k, one in LIMITS.items() if one.names == "fund"]),
            )
        yield from _limit_numbers(draft, path, limit)
        if limit.relax_to is not None:
            if limit.price is None:
                yield Finding(
                    path,
                    msg("`relax_to` without `price`"),
                    msg("what one unit of relaxation costs, {money}", money=money_in_use().label),
                    msg("it ranks the least-cost changes"),
                )
        elif limit.price is not None:
            yield Finding(
                f"{path}.price",
                msg("a price of nothing"),
                msg("`relax_to` beside it"),
                msg("without `relax_to` the limit is hard"),
            )
