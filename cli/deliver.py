"""How a command hands over what it found: sentences and tables on the terminal, a folder with every form of
them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from .. import __version__
from ..models.words import tr
from . import options
from .options import Question, tell, terminal_width
from .streams import print_whole

if TYPE_CHECKING:
    from ..models.quantity import Bilingual
    from ..results.api.answer import Answer
    from ..results.tables.table import Table
    from ..scenarios.load import Loaded


def deliver(
    made: Mapping[str, Table],
    loaded: Loaded,
    kind: str,
    asked: Mapping[str, Any],
    shown: Sequence[str],
    question: Question,
) -> None:
    """Write the folder of an answer about a scenario, then print it.

    ``kind`` names the question (it stands in the folder's name), ``asked`` is all that decides the answer
    besides the scenario and the seed, ``shown`` are the tables for the terminal.
    """
    from ..results.tables.inherited import with_origins
    from ..scenarios.load import resolved_yaml

    about = About(loaded.name, loaded.scenario.title, resolved_yaml(loaded), loaded.files)
    hand_over(with_origins(made, loaded), about, kind, {**asked, "seed": question.seed}, shown, question)


def hand_in(answer: Answer, question: Question) -> None:
    """The same for an answer as Python gives it."""
    assert answer.scenario is not None
    made, shown = answer.tables.plain, answer.shown
    deliver(made, answer.scenario, answer.question, answer.asked, shown, question)


@dataclass(frozen=True)
class About:
    """What an answer is about: a name, a title, a text that holds all of it, and the files it was read
    from, each with its hash."""

    name: str
    title: Bilingual
    whole: str
    files: Sequence[tuple[str, str]]


def hand_over(
    made: Mapping[str, Table],
    about: About,
    kind: str,
    asked: Mapping[str, Any],
    shown: Sequence[str],
    question: Question,
) -> None:
    """The same for anything that an answer may be about."""
    from ..models.errors import DabiaoError
    from ..results.forms.export import writers
    from ..results.forms.json_document import document, json_text
    from ..results.write import code_hash, run_id, write_run

    lang = question.lang
    run = f"{kind}-{run_id(about.whole, kind, sorted(asked.items()), __version__, code_hash(), lang)}"
    meta = {
        "run": run,
        "scenario": about.name,
        "seed": asked.get("seed"),
        "solver": asked.get("solver"),
        "version": __version__,
    }
    manifest = {
        **meta,
        "question": kind,
        "lang": lang,
        "code": code_hash(),
        "command": sys.argv[1:],
        "inputs": dict(about.files),
    }
    failed: DabiaoError | None = None
    try:  # before printing: a reader that stops early must not cost the files
        written = write_run(
            question.out, about.name, run, writers(made, lang, about.title, meta), manifest=manifest
        )
    except DabiaoError as error:
        failed = error
    if question.as_json:
        print_whole(json_text(document(made, about.title, meta)))
    else:
        click.echo(told(made, shown, lang))
    if failed is not None:
        raise failed
    tell(f"{tr(lang, 'WROTE')}  {options.written(written)}", question.quiet)


def told(made: Mapping[str, Table], shown: Sequence[str], lang: str) -> str:
    """Sentences and the named tables, for a terminal: chances in percent, as in reports."""
    from ..models.money import money_in_use
    from ..results.forms.terminal.layout import paragraph, render_table
    from ..results.tables.percent import in_percent
    from ..results.tables.table import sentences

    width = terminal_width()
    said = [paragraph(label, text, width) for label, text in sentences(made, lang).values()]
    units = money_in_use().units(lang)
    if "=" in units and any(money_in_use().currency in line for line in said):
        said.append(tr(lang, "(tables count in {units})", units=units))
    return "\n\n".join(
        [
            "\n".join(said),
            *(render_table(in_percent(made[name]), lang, width) for name in shown if name in made),
        ]
    )
