"""The language that the command line speaks, one at a time: `--lang`, DABIAO_LANG, the locale (语言)."""

from __future__ import annotations

import copy
import inspect
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import click
import click.core
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

from ..models.words import LANGUAGES, N_, preferred, tr

_SPOKEN: ContextVar[str] = ContextVar("spoken", default="")


def spoken() -> str:
    """The language of what is told now."""
    return _SPOKEN.get() or language((), os.environ)


def language(words: Sequence[str], environ: Mapping[str, str]) -> str:
    """The language asked for by the words of a command, else that of :func:`~.words.preferred`.

    >>> language(["run", "--lang", "en"], {"LANG": "zh_CN.UTF-8"}), language([], {"LANG": "zh_CN.UTF-8"})
    ('en', 'zh')
    >>> language([], {"LANG": "de_DE.UTF-8"}), language([], {"LC_ALL": "C", "LANG": "en_GB"})
    ('en', 'en')
    """
    said = _among(words)
    return said if said in LANGUAGES else preferred(environ)


def _among(words: Sequence[str]) -> str:
    """What the last `--lang` among the words of a command says; empty where there is none."""
    said = ""
    for at, word in enumerate(words):
        if word == "--lang" and at + 1 < len(words):
            said = words[at + 1]
        elif word.startswith("--lang="):
            said = word.partition("=")[2]
    return said


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Speak a language."""
    token = _SPOKEN.set(lang)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def say(message: str) -> str:
    """A message marked by ``N_`` in the language spoken."""
    return tr(spoken(), message) if message else ""


def paragraphs(text: str) -> list[str]:
    r"""The paragraphs of a help text, each a message; what begins with ``\b`` is laid out, and no message."""
    parts = re.split(r"\n\s*\n", inspect.cleandoc(text).strip())
    return [part if part.startswith("\b") else " ".join(part.split()) for part in parts]


class Command(click.Command):
    """A command whose help is told in the language spoken."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The text of the docstring."""
        told = copy.copy(self)
        told.help = "\n\n".join(
            part if part.startswith("\b") else say(part) for part in paragraphs(self.help or "")
        )
        super(Command, told).format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Its arguments and options; of a group, its commands."""
        told = copy.copy(self)
        told.params = [_told(param) for param in self.params]
        if (shown := self.get_help_option(ctx)) is not None:
            told._help_option = _told(shown)  # type: ignore[assignment]
        super(Command, told).format_options(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """What stands beside its name in the list of commands."""
        return say(self.short_help or "")


def _told(param: click.Parameter) -> click.Parameter:
    """A parameter with its help in the language spoken."""
    if not isinstance(param, click.Option) or not param.help:
        return param
    told = copy.copy(param)
    told.help = say(param.help)
    return told


def command(**given: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a function a :class:`Command`."""
    return click.command(cls=Command, **given)


def language_option(**given: Any) -> Callable[[Any], Any]:
    """The option `--lang`; every command has it."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default=spoken,
        envvar="DABIAO_LANG",
        show_default=False,
        help=N_(
            "Language of help, messages and results; otherwise that of DABIAO_LANG, then of the locale"
            " (LC_ALL, LC_MESSAGES, LANG, LANGUAGE)."
        ),
        **given,
    )


_OF_CLICK = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Show this message and exit."),
    N_("Show the version and exit."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("Missing command."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("No such option {name!r}."),
    N_("Did you mean {possibility}?"),
    N_("(Did you mean one of: {possibilities}?)"),
    N_("No such command {name!r}."),
    N_("Option {name!r} requires an argument."),
    N_("Option {name!r} requires {nargs} arguments."),
    N_("Option {name!r} does not take a value."),
    N_("Got unexpected extra argument ({args})"),
    N_("Got unexpected extra arguments ({args})"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("{value!r} is not {choice}."),
    N_("{value!r} is not one of {choices}."),
    N_("Choose from:\n\t{choices}"),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is a file."),
    N_("default: {default}"),
    N_("required"),
    N_("env var: {var}"),
    N_("(dynamic)"),
    N_("Aborted!"),
)
"""Words of click that a user can meet."""


def _speak_for_click() -> None:
    """Let click look for its words where ours are: it asks gettext, which would ask the system's catalogues
    in the system's language. What it words once for all, the help of `--help`, is worded when shown."""

    def several(singular: str, plural: str, count: int) -> str:
        return say(singular if count == 1 else plural)

    for module in (
        click.core,
        click.exceptions,
        click.formatting,
        click.parser,
        click.termui,
        click.types,
    ):
        for name, words in (("_", say), ("ngettext", several)):
            if hasattr(module, name):
                setattr(module, name, words)


_speak_for_click()
