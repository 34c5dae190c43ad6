"""Groups of commands that say which one was probably meant."""

from __future__ import annotations

import click

from ..models.words import msg
from .complaint import misuse
from .language import Command


class Guessing(Command, click.Group):
    """Commands in the order in which they were added; a mistyped one is guessed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Commands in the order in which a planner meets them."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        if args and args[0] not in self.commands:
            from difflib import get_close_matches

            close = get_close_matches(args[0], self.commands, 1, 0.5)
            if close:
                near = f"{ctx.command_path} {close[0]}"
                raise misuse(msg("No such command: {name}. Did you mean: {near}", name=args[0], near=near))
            names = ", ".join(self.commands)
            raise misuse(msg("No such command: {name}. Commands: {names}", name=args[0], names=names))
        return super().resolve_command(ctx, args)
