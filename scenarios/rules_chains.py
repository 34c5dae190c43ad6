"""Rules of process chains: what is used is made, once, and flows downstream."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.chain import Chain
from ..models.sectors.vanadium_titanium import VanadiumTitaniumParameters
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
            [sector.chain], draft.ids("chains"), path, "a key of `chains`", "define it under `chains:`"
        )
        if sector.chain in users:
            yield Finding(
                path,
                f"the chain of {users[sector.chain]}",
                "a chain of its own",
                "its output would count twice",
            )
        users.setdefault(sector.chain, key)


def materials_are_known(draft: Draft) -> Iterator[Finding]:
    """Processes make and use materials of their chain."""
    for path, chain in _chains(draft):
        for key, process in chain.processes.items():
            at = f"{path}.processes.{key}"
            yield from refers([process.makes], chain.materials, f"{at}.makes", "a material of the chain")
            for field in ("uses", "joint"):
                yield from refers(
                    getattr(process, field), chain.materials, f"{at}.{field}.{{}}", "a material of the chain"
                )
            yield from refers(
                process.improvement,
                (*process.uses, *process.joint),
                f"{at}.improvement.{{}}",
                "a material that the process uses or makes jointly",
            )
            yield from refers(
                process.routing, process.uses, f"{at}.routing.{{}}", "a material that the process uses"
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
                        f"{material}, which {makers[material]} makes",
                        "a material of one maker",
                        "give the product of this process a name of its own",
                    )
                makers.setdefault(material, key)
        for key, process in chain.processes.items():
            for material in process.uses:
                if material in chain.materials and material not in makers:
                    yield Finding(
                        f"{path}.processes.{key}.uses.{material}",
                        f"{material}, which no process makes",
                        "a material made in the chain",
                        "leave it out: what is bought outside belongs to `national`",
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
                "a circle: " + " <- ".join(way),
                "processes that do not feed one another in a circle",
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
                    f"shares of {material} that add to {total:.6g} ({names})",
                    "at most 100",
                    "what nobody takes is sold",
                )


def recoveries_refer(draft: Draft) -> Iterator[Finding]:
    """The use of an element is counted from an ore that holds it, in materials that hold it."""
    for path, chain in _chains(draft):
        for element, recovery in chain.recovery.items():
            at = f"{path}.recovery.{element}"
            yield from refers([recovery.ore], chain.materials, f"{at}.ore", "a material of the chain")
            yield from refers(
                recovery.made, chain.materials, f"{at}.made[{{index}}]", "a material of the chain"
            )
            yield from refers(recovery.sold, chain.materials, f"{at}.sold.{{}}", "a material of the chain")
            if not recovery.made and not recovery.sold:
                yield Finding(at, "neither `made` nor `sold`", "materials that count as recovered")
            for material in (recovery.ore, *recovery.made, *recovery.sold):
                if material in chain.materials and element not in chain.materials[material].content:
                    yield Finding(
                        f"{path}.materials.{material}",
                        f"no `content` of {element}",
                        f"the {element} in it, which `recovery.{element}` counts",
                    )


def _chains(draft: Draft) -> Iterator[tuple[str, Chain]]:
    for name, chain in draft.scenario.chains.items():
        yield f"chains.{name}", chain
