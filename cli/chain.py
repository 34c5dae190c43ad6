"""`simulate optimize chain`: the best use of a process chain."""

from __future__ import annotations

import click

from ..models.words import N_, msg
from . import options
from .complaint import misuse, warn
from .deliver import About, deliver, hand_over
from .language import command
from .options import Question, tell

_AIMS = {"value-added": "VALUE_ADDED", "output": "OUTPUT", "sales": "SALES"}


@command(short_help=N_("The best use of a process chain: what each process makes, where materials go."))
@click.option(
    "--maximise",
    type=click.Choice(list(_AIMS)),
    default="value-added",
    show_default=True,
    help=N_("What there is to be most of."),
)
@click.option(
    "--prices",
    type=click.Choice(["base", "current"]),
    default="base",
    show_default=True,
    help=N_("Prices of the base year or of the target year."),
)
@click.option("--open-markets", is_flag=True, help=N_("Leave markets aside: all that is made finds a buyer."))
@click.option(
    "--capacity",
    "capacities",
    metavar="PROCESS=AMOUNT",
    multiple=True,
    help=N_("Capacity of one process instead of the plan's, so much ore say (may be repeated)."),
)
@options.question
def chain(
    question: Question,
    maximise: str,
    prices: str,
    open_markets: bool,
    capacities: tuple[str, ...],
) -> None:
    """The best use of a scenario's process chains in the target year, or the cheapest plan of a
    network file.

    \b
    simulate optimize chain scenario.yaml
    simulate optimize chain scenario.yaml --open-markets --capacity mining=6000 --maximise output
    simulate optimize chain example:steel-mexico/network.yaml
    """
    if question.file is not None and question.example is None:
        from ..scenarios.network_file import is_network

        if is_network(question.file):
            _network(question.file, question)
            return
    loaded = question.scenario()
    changed = amounts(capacities)
    from ..engine.decide.chain import Aim, chain_uses
    from ..engine.study import study
    from ..models.errors import Problem, ScenarioError
    from ..results.tables.chain_best import chain_best_tables

    begun = study(loaded, solver=question.solver, seed=question.seed)
    found = list(
        chain_uses(
            begun, Aim[_AIMS[maximise]], current=prices == "current", opened=open_markets, capacity=changed
        )
    )
    if not found:
        raise ScenarioError(
            [
                Problem(
                    "chains",
                    msg("nothing"),
                    msg("a sector with a process chain"),
                    msg("state one under `chains`, or give a network file"),
                )
            ]
        )
    asked = {
        "maximise": maximise,
        "prices": prices,
        "open": open_markets,
        "capacity": sorted(changed.items()),
        "solver": begun.solver,
    }
    shown = ("chain_totals", "chain_best", "chain_routing", "chain_prices", "chain_targets")
    deliver(chain_best_tables(begun, found), loaded, "chain", asked, shown, question)


def _network(file: str, question: Question) -> None:
    """The cheapest plan of a network file."""
    from ..results.tables.network import network_tables
    from ..scenarios.network_file import load_network
    from ..scenarios.rates import questions
    from ..solvers.network import best_flows
    from ..solvers.solve import chosen

    loaded, name = load_network(file, question.sets), chosen(question.solver)
    for note in loaded.notes:
        warn(note)
    for line in questions(loaded.questions, question.lang):
        tell(line, question.quiet)
    made = network_tables(loaded.network, best_flows(loaded.network, name))
    shown = ("network_totals", "network_processes", "network_flows", "network_prices")
    about = About(loaded.name, loaded.title, loaded.network.model_dump_json(), loaded.files)
    hand_over(made, about, "chain", {"solver": name}, shown, question)


def amounts(pairs: tuple[str, ...]) -> dict[str, float]:
    """``NAME=AMOUNT`` pairs as a map."""
    found = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        try:
            found[name.strip()] = amount = float(text)
        except ValueError:
            amount = -1.0
        if not (equals and name.strip() and 0 <= amount < 1e15):
            raise misuse(msg("--capacity {pair}: expected PROCESS=AMOUNT, e.g. mining=6000", pair=pair))
    return found
