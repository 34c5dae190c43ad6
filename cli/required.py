"""`simulate optimize required`: the least investment that reaches a target."""

from __future__ import annotations

import click

from ..models.words import msg
from . import options
from .complaint import misuse
from .deliver import deliver
from .options import Question

_MOST_POINTS = 200


@click.command(
    short_help="倒推投资 The least investment that reaches a target or a tier, its mix and timing."
)
@click.option(
    "--target",
    "targets",
    metavar="ID[=VALUE]",
    multiple=True,
    help="目标 Target of the sheet, or a value of one (may be repeated); otherwise the main ones.",
)
@click.option(
    "--tier",
    "tiers",
    type=click.Choice(["ensure", "stretch"]),
    multiple=True,
    help="档次 Tier (确保/力争); otherwise both.",
)
@click.option(
    "--curve",
    metavar="FROM:TO[:STEP]",
    help="一个目标的一串取值 Values of one target, e.g. --target gdp_growth --curve 5:8:0.5.",
)
@options.question
def required(
    question: Question,
    targets: tuple[str, ...],
    tiers: tuple[str, ...],
    curve: str | None,
) -> None:
    """倒推投资 The least investment of the year that reaches a target: how much, in which mix, when; or what
    stops it.

    Each target alone, then all together; every plan found is simulated again.

    \b
    simulate optimize required scenario.yaml --target gdp_growth --target fai_growth --tier ensure
    simulate optimize required scenario.yaml --target gdp_growth=6.2
    simulate optimize required scenario.yaml --target gdp_growth --curve 5:8:0.5
    """
    loaded = question.scenario()
    targets = options.rows_of(loaded, targets)
    if curve is not None and len(targets) != 1:
        raise misuse(msg("--curve needs exactly one --target."))
    values = span(curve) if curve is not None else []
    from ..engine.decide import required as ask
    from ..engine.study import study
    from ..results.tables.required import required_tables

    begun = study(loaded, solver=question.solver, seed=question.seed, draws=None)
    questions = ask.goals_of(begun.assessor, targets, tiers or ("ensure", "stretch"))
    found = [ask.required(begun.assessor, goals) for goals in questions]
    points = ask.curve(begun.assessor, questions[0][0].target, values) if values and questions else []
    made = required_tables(begun, found, points)
    asked = {"targets": targets, "tiers": tiers, "curve": curve, "solver": begun.solver}
    shown = (
        ("required_curve",) if points else ("required", "required_goals", "required_mix", "required_timing")
    )
    deliver(made, loaded, "required", asked, shown, question)


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
