"""Every command of the program, found by walking it."""

from __future__ import annotations

from collections.abc import Iterator

import click
from dabiao.cli.main import simulate

Words = tuple[str, ...]


def every(command: click.Command = simulate, way: Words = ()) -> Iterator[tuple[Words, click.Command]]:
    """Every command with the words that call it."""
    if not isinstance(command, click.Group):
        yield way, command
        return
    for name, each in command.commands.items():
        yield from every(each, (*way, name))
