"""Errors as told: in the language asked for; where none was, in Chinese with the English below (报错)."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ..models.errors import DabiaoError, ScenarioError

if TYPE_CHECKING:
    from ..models.quantity import Bilingual


def told(error: DabiaoError) -> str:
    """An error of a scenario, a solver or a file; each mistake has its own English below it."""
    lang = asked()
    if lang or not isinstance(error, ScenarioError):
        return _both(error, lang)
    return "\n".join(
        f"{problem.of('zh')}\n    {replace(problem, file='', line=0, column=0)}" for problem in error.problems
    )


def misuse(said: Bilingual) -> click.UsageError:
    """Wrong words on the command line."""
    return click.UsageError(_both(said, asked()), click.get_current_context(silent=True))


def bad_value(said: Bilingual) -> click.BadParameter:
    """A wrong value of an option."""
    return click.BadParameter(_both(said, asked()))


def warn(said: Bilingual) -> None:
    """Something that a user should change and that is no mistake yet; on standard error."""
    click.echo(_both(said, asked()), err=True)


def asked() -> str:
    """The language asked for on the command line, else by `DABIAO_LANG`; empty where nobody said."""
    context = click.get_current_context(silent=True)
    words: list[str] = context.meta.get("words", []) if context else []
    lang = os.environ.get("DABIAO_LANG", "")
    for at, word in enumerate(words):
        if word == "--lang" and at + 1 < len(words):
            lang = words[at + 1]
        elif word.startswith("--lang="):
            lang = word.partition("=")[2]
    return lang.replace("both", "")


def _both(said: DabiaoError | Bilingual, lang: str) -> str:
    own, english = said.of("zh"), said.of("en")
    return said.of(lang) if lang else own if own == english else f"{own}\n    {english}"
