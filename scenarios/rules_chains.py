"""Rules of process chains: what is used is made, once, and flows downstream."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.chain import Chain
from ..models.sectors.vanadium_titanium import VanadiumTitaniumParameters
from ..models.words import msg
from .findings import Draft, Finding, circles, refers

WHOLE = 100.01


def chains_are_used_once(draft: Draft) -> Iterator[Finding]:
    """A sector with a chain has one of its own."""
    users: dict[str, str] = {}
    for key, sector in draft.scenario.sectors.items():
        if not isinstance(sector, VanadiumTitaniumParameters):
            continue
        path = f"sectors.{key}.chain"
        yield from refers(
            [sector.chain],
            draft.ids("chains"),
            path,
            msg("a key of `chains`"),
            msg("define it under `chains:`"),
        )
        if sector.chain in users:
            yield Finding(
                path,
                msg("the chain of {sector}", sector=users[sector.chain]),
                msg("a chain of its own"),
                msg("its output would count twice"),
            )
        users.setdefault(sector.chain, key)


def materials_are_known(draft: Draft) -> Iterator[Finding]:
    """Processes make and use materials of their chain."""
    for path, chain in _chains(draft):
        for key, process in chain.processes.items():
            at = f"{path}.processes.{key}"
            yield from refers([process.makes], chain.materials, f"{at}.makes", msg("a material of the chain"))
            for field in ("uses", "joint"):
                yield from refers(
                    getattr(process, field),
                    chain.materials,
                    f"{at}.{field}.{{}}",
                    msg("a material of the chain"),
                )
            yield from refers(
                process.improvement,
                (*process.uses, *process.joint),
                f"{at}.improvement.{{}}",
                msg("a material that the process uses or makes jointly"),
            )
            yield from refers(
                process.routing, process.uses, f"{at}.routing.{{}}", msg("a material that the process uses")
            )


def materials_have_one_maker(draft: Draft) -> Iterator[Finding]:
    """Each material is made by one process, else nobody knows whose output grows; what is used is made."""
    for path, chain in _chains(draft):
        makers: dict[str, str] = {}
        for key, process in chain.processes.items():
            for material, at in (
                (process.makes, "makes"),
                *((name, f"joint.{name}") for name in process.joint),
            ):
                if material in makers:
                    yield Finding(
                        f"{path}.processes.{key}.{at}",
                        msg("{material}, which {maker} makes", material=material, maker=makers[material]),
                        msg("a material of one maker"),
                        msg("give the product of this process a name of its own"),
                    )
                makers.setdefault(material, key)
        for key, process in chain.processes.items():
            for material in process.uses:
                if material in chain.materials and material not in makers:
                    yield Finding(
                        f"{path}.processes.{key}.uses.{material}",
                        msg("{material}, which no process makes", material=material),
                        msg("a material made in the chain"),
                        msg("leave it out: what is bought outside belongs to `national`"),
                    )


def processes_do_not_circle(draft: Draft) -> Iterator[Finding]:
    """Material flows down, never back."""
    for path, chain in _chains(draft):
        makers = {
            name: key for key, process in chain.processes.items() for name in (process.makes, *process.joint)
        }
        feeds = {
            key: [makers[name] for name in process.uses if name in makers]
            for key, process in chain.processes.items()
        }
        for way in circles(feeds):
            yield Finding(
                f"{path}.processes.{way[0]}.uses",
                msg("a circle: {way}", way=" <- ".join(way)),
                msg("processes that do not feed one another in a circle"),
            )


def routing_adds_up(draft: Draft) -> Iterator[Finding]:
    """No more of a material is sent to processes than there is."""
    for path, chain in _chains(draft):
        taken: dict[str, list[tuple[str, float]]] = {}
        for key, process in chain.processes.items():
            for material, share in process.routing.items():
                taken.setdefault(material, []).append((key, share.value))
        for material, users in taken.items():
            total = sum(share for _, share in users)
            if total > WHOLE:
                names = ", ".join(f"{key} {share:g}" for key, share in users[:6])
                yield Finding(
                    f"{path}.processes.{users[-1][0]}.routing.{material}",
                    msg(
                        "shares of {material} that add to {total:.6g} ({names})",
                        material=material,
                        total=total,
                        names=names,
                    ),
                    msg("at most 100"),
                    msg("what nobody takes is sold"),
                )


def recoveries_refer(draft: Draft) -> Iterator[Finding]:
    """The use of an element is counted from an ore that holds it, in materials that hold it."""
    for path, chain in _chains(draft):
        for element, recovery in chain.recovery.items():
            at = f"{path}.recovery.{element}"
            yield from refers([recovery.ore], chain.materials, f"{at}.ore", msg("a material of the chain"))
            yield from refers(
                recovery.made, chain.materials, f"{at}.made[{{index}}]", msg("a material of the chain")
            )
            yield from refers(
                recovery.sold, chain.materials, f"{at}.sold.{{}}", msg("a material of the chain")
            )
            if not recovery.made and not recovery.sold:
                yield Finding(at, msg("neither `made` nor `sold`"), msg("materials that count as recovered"))
            for material in (recovery.ore, *recovery.made, *recovery.sold):
                if material in chain.materials and element not in chain.materials[material].content:
                    yield Finding(
                        f"{path}.materials.{material}",
                        msg("no `content` of {element}", element=element),
                        msg("the {element} in it, which `recovery.{element}` counts", element=element),
                    )


def _chains(draft: Draft) -> Iterator[tuple[str, Chain]]:
    for name, chain in draft.scenario.chains.items():
        yield f"chains.{name}", chain
