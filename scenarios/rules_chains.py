"""Rules of process chains: what is used is made, once, and flows downstream."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.chain import Chain, Units
from ..models.flow import makers_of, unfit
from ..models.sectors.process_chain import ProcessChainParameters
from ..models.words import msg
from .findings import Draft, Finding, circles, refers

WHOLE = 100.01
SAME = 1e-6
"""Relative difference up to which a stated worth is the one that units say."""


def chains_are_used_once(draft: Draft) -> Iterator[Finding]:
    """A sector with a chain has one of its own."""
    users: dict[str, str] = {}
    for key, sector in draft.scenario.sectors.items():
        if not isinstance(sector, ProcessChainParameters):
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


def materials_have_makers(draft: Draft) -> Iterator[Finding]:
    """What is used is made in the chain or bought; what several processes make is shared as said."""
    for path, chain in _chains(draft):
        makers = makers_of(chain.processes)
        for key, process in chain.processes.items():
            at = f"{path}.processes.{key}"
            if process.makes in process.joint:
                yield Finding(
                    f"{at}.joint.{process.makes}",
                    msg("{material}, by which the process is counted", material=process.makes),
                    msg("other materials made beside it"),
                )
            for material in process.uses:
                stated = chain.materials.get(material)
                if stated is not None and material not in makers and not stated.bought:
                    yield Finding(
                        f"{at}.uses.{material}",
                        msg("{material}, which no process makes", material=material),
                        msg("a material made in the chain, or one with `bought`"),
                        msg(
                            "state `bought: {form}` for what is bought outside, or leave it to `national`",
                            form="{}",
                        ),
                    )
        yield from _parts(path, chain)


def _parts(path: str, chain: Chain) -> Iterator[Finding]:
    """Parts of several makers add to 100 at most; one maker alone has none to state."""
    counted: dict[str, list[str]] = {}
    for key, process in chain.processes.items():
        counted.setdefault(process.makes, []).append(key)
    for material, keys in counted.items():
        stated = [key for key in keys if chain.processes[key].part]
        total = sum(part.value for key in keys if (part := chain.processes[key].part))
        if total > WHOLE:
            yield Finding(
                f"{path}.processes.{stated[-1]}.part",
                msg("parts of {material} that add to {total:.6g}", material=material, total=total),
                msg("at most 100"),
            )
        if stated and len(stated) < len(keys):
            yield Finding(
                f"{path}.processes.{stated[0]}.part",
                msg("a part, and none for {names}", names=", ".join(k for k in keys if k not in stated)),
                msg("a part for every process counted by {material}, or for none", material=material),
            )
    for name, stated_material in chain.materials.items():
        if stated_material.sharing == "cost" and len(counted.get(name, ())) < 2:
            yield Finding(
                f"{path}.materials.{name}.sharing",
                msg("`cost` for a material that fewer than two processes are counted by"),
                msg("several makers"),
                msg("leave `sharing` out"),
            )


def values_are_derived_once(draft: Draft) -> Iterator[Finding]:
    """A process states its value added or what it buys besides materials, a by-product for nothing no price
    that it returns to."""
    for path, chain in _chains(draft):
        for key, process in chain.processes.items():
            if bool(process.va_ratio) == bool(process.other_purchases):
                yield Finding(
                    f"{path}.processes.{key}" + (".other_purchases" if process.va_ratio else ""),
                    msg("both `va_ratio` and `other_purchases`")
                    if process.va_ratio
                    else msg("neither `va_ratio` nor `other_purchases`"),
                    msg("one of them"),
                )
        for key, material in chain.materials.items():
            if material.price.value == 0 and material.long_run_price:
                yield Finding(
                    f"{path}.materials.{key}.long_run_price",
                    msg("a price to return to from a price of 0"),
                    msg("a base-year price above 0"),
                )


def units_fit(draft: Draft) -> Iterator[Finding]:
    """Prices are money over the unit of amounts, and what they are worth is what the units say."""
    for path, chain in _chains(draft):
        yield from units_agree(chain.units, draft.scenario.money_scale, path)


def units_agree(units: Units, scale: float, path: str) -> Iterator[Finding]:
    """Whether amounts and prices fit, and a stated worth is the one that they say."""
    derived, stated = units.derived(scale), units.worth
    if derived is None and stated is None:
        problem = unfit(units, path)
        yield Finding(problem.path, problem.found, problem.expected, problem.hint)
    elif derived is not None and stated is not None and abs(stated.value / derived - 1) > SAME:
        yield Finding(
            f"{path}.units.worth",
            f"{stated.value:.6g}",
            msg(
                "{derived:.6g}, which {amount} at prices in {price} are worth",
                derived=derived,
                amount=units.amount,
                price=units.price,
            ),
            msg("leave `worth` out, or correct the units"),
        )


def names_are_used_once(draft: Draft) -> Iterator[Finding]:
    """A material or process has one chain: amounts are known by their names."""
    for collection in ("materials", "processes"):
        first: dict[str, str] = {}
        for path, chain in _chains(draft):
            for key in getattr(chain, collection):
                if key in first:
                    yield Finding(
                        f"{path}.{collection}.{key}",
                        msg("{name}, which {chain} has too", name=key, chain=first[key]),
                        msg("a name of its own"),
                    )
                first.setdefault(key, path)


def processes_do_not_circle(draft: Draft) -> Iterator[Finding]:
    """Material flows down, never back."""
    for path, chain in _chains(draft):
        makers = makers_of(chain.processes)
        feeds = {
            key: [maker for name in process.uses for maker in makers.get(name, ())]
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
                stated = chain.materials.get(material)
                if stated and stated.bought and not stated.bought.most:
                    yield Finding(
                        f"{path}.processes.{key}.routing.{material}",
                        msg("a share of {material}, of which any amount can be bought", material=material),
                        msg("no share, or `most` of what can be bought"),
                    )
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
