"""`simulate completion`: the shell completes commands and options."""

from __future__ import annotations

import click

from ..models.words import N_
from . import options
from .language import command


@command(short_help=N_("Print the completion script of a shell."))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@options.spoken_only
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print a script that makes the shell complete commands and options.

    \b
    bash:  simulate completion bash > ~/.simulate-complete.sh; echo ". ~/.simulate-complete.sh" >> ~/.bashrc
    zsh:   simulate completion zsh > ~/.simulate-complete.zsh; echo ". ~/.simulate-complete.zsh" >> ~/.zshrc
    fish:  simulate completion fish > ~/.config/fish/completions/simulate.fish
    """
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    kind = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}[shell]
    click.echo(kind(ctx.find_root().command, {}, "simulate", "_SIMULATE_COMPLETE").source())
