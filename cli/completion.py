"""`simulate completion`: the shell completes commands and options."""

from __future__ import annotations

import click

from ..models.words import msg
from .complaint import misuse


@click.command(short_help="命令补全 Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """命令补全 Print a script that makes the shell complete commands and options.

    \b
    bash:  simulate completion bash > ~/.simulate-complete.sh; echo ". ~/.simulate-complete.sh" >> ~/.bashrc
    zsh:   simulate completion zsh > ~/.simulate-complete.zsh; echo ". ~/.simulate-complete.zsh" >> ~/.zshrc
    fish:  simulate completion fish > ~/.config/fish/completions/simulate.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise misuse(msg("{shell}: not known to this version of click.", shell=shell))
    click.echo(kind(ctx.find_root().command, {}, "simulate", "_SIMULATE_COMPLETE").source())
