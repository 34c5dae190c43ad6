"""`simulate optimize required`: the least investment that reaches a target."""

from __future__ import annotations

import click

from ..models.words import N_, msg
from . import options
from .complaint import misuse
from .deliver import hand_in
from .language import command
from .options import Question

_MOST_POINTS = 200


@command(short_help=N_("The least investment that reaches a target or a tier, its mix and timing."))
@click.option(
    "--target",
    "targets",
    metavar="ID[=VALUE]",
    multiple=True,
    help=N_("Target of the sheet, or a value of one (may be repeated); otherwise the main ones."),
)
@click.option(
    "--tier",
    "tiers",
    type=click.Choice(["ensure", "stretch"]),
    multiple=True,
    help=N_("Tier; otherwise both."),
)
@click.option(
    "--curve",
    metavar="FROM:TO[:STEP]",
    help=N_("Values of one target, e.g. --target gdp_growth --curve 5:8:0.5."),
)
@options.question
def required(
    question: Question,
    targets: tuple[str, ...],
    tiers: tuple[str, ...],
    curve: str | None,
) -> None:
    """The least investment of the year that reaches a target: how much, in which mix, when; or what
    stops it.

    Each target alone, then all together; every plan found is simulated again.

    \b
    simulate optimize required scenario.yaml --target gdp_growth --target fai_growth --tier ensure
    simulate optimize required scenario.yaml --target gdp_growth=6.2
    simulate optimize required scenario.yaml --target gdp_growth --curve 5:8:0.5
    """
    loaded = question.scenario()
    if curve is not None and len(targets) != 1:
        raise misuse(msg("--curve needs exactly one --target."))
    values = span(curve) if curve is not None else []
    from ..results.api.questions import required as ask

    hand_in(ask(loaded, targets, tiers, curve=values, solver=question.solver, seed=question.seed), question)


def span(text: str) -> list[float]:
    """``FROM:TO[:STEP]`` as values, both ends included; eleven of them without a step."""
    parts = text.split(":")
    try:
        first, last, *rest = (float(part) for part in parts)
    except ValueError:
        first = last = float("nan")
        rest = []
    step = rest[0] if rest else (last - first) / 10
    if not (
        len(parts) in (2, 3)
        and first < last < 1e15
        and first > -1e15
        and step > 0
        and (last - first) / step <= _MOST_POINTS
    ):
        raise misuse(
            msg(
                "--curve {text}: expected FROM:TO[:STEP], at most {most} steps, e.g. 5:8:0.5",
                text=text,
                most=_MOST_POINTS,
            )
        )
    count = int((last - first) / step + 1e-9)
    return [round(first + i * step, 10) for i in range(count + 1)]
