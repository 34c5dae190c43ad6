"""Groups of commands that say which one was probably meant."""

from __future__ import annotations

import click


class Guessing(click.Group):
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
            path = ctx.command_path
            hint = (
                f" 是不是 Did you mean: {path} {close[0]}"
                if close
                else f" 命令 Commands: {', '.join(self.commands)}"
            )
            ctx.fail(f"没有这个命令 No such command: {args[0]}.{hint}")
        return super().resolve_command(ctx, args)
