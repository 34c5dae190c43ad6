"""`simulate serve`: the plan on a page, alive."""

from __future__ import annotations

import errno
import os
import secrets
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..models.errors import DabiaoError, reason_of
from ..models.words import N_, msg, tr
from . import options
from .complaint import misuse
from .language import command
from .options import EXAMPLE, tell

if TYPE_CHECKING:
    from uvicorn import Server

_HERE = ("127.0.0.1", "localhost", "::1")
_PATIENCE = 2
"""Seconds that whoever still asks or listens is waited for at the end."""
_NEEDED = ("starlette", "uvicorn")


class MissingServer(DabiaoError):
    """The extra that serves the page is not installed."""

    exit_code = 3


@command(short_help=N_("Open the workbench: the plan on a page, alive."))
@click.argument("scenario", metavar="[SCENARIO | FOLDER]", required=False, default=".")
@click.option(
    "--host", default=_HERE[0], show_default=True, help=N_("Address; another one than this asks for a token.")
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help=N_("Port; where it is taken, the next free one. 0 for any."),
)
@options.solver
@click.option("--no-browser", is_flag=True, help=N_("Print the address and open nothing."))
@options.lang
@click.option("--quiet", "-q", is_flag=True, help=N_("Say nothing but the address."))
def serve(scenario: str, host: str, port: int, solver: str, no_browser: bool, lang: str, quiet: bool) -> None:
    """Open a page on which a plan is moved and answers at once: money, mix, targets, projects.

    \b
    simulate serve my-city
    simulate serve my-city/baseline.yaml
    """
    from importlib.util import find_spec

    if lacking := [name for name in _NEEDED if find_spec(name) is None]:
        raise MissingServer(
            msg(
                "{names} is not installed: pip install 'dabiao[serve]'",
                names=", ".join(lacking),
            )
        )
    root, first = _opened(scenario)
    here = host in _HERE
    token = "" if here else secrets.token_urlsafe(24)
    taken = _socket(host, port)
    import uvicorn

    from ..results.workbench.app import application, unhurried
    from ..results.workbench.desk import Desk

    unhurried()
    desk = Desk(root, solver)
    app = application(desk, frozenset(_HERE if here else ("*",)), first, token, lang)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{taken.getsockname()[1]}/" + (f"?token={token}" if token else "")
    click.echo(address)
    tell(tr(lang, "Ctrl-C ends it; what was saved stands in {folder}", folder=root), quiet)
    server = uvicorn.Server(
        uvicorn.Config(
            app, log_level="warning", lifespan="on", server_header=False, timeout_graceful_shutdown=_PATIENCE
        )
    )
    if not no_browser:
        import threading
        import webbrowser

        threading.Timer(0.8, webbrowser.open, [address]).start()
    _heeding(server)
    server.run(sockets=[taken])


def _heeding(server: Server) -> None:
    """End in order also when the window that it was started in is closed, unless that was to be ignored."""
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:

        def closed(*_: object) -> None:
            server.should_exit = True

        signal.signal(signal.SIGHUP, closed)


def _opened(scenario: str) -> tuple[Path, str]:
    """The folder to serve, and the scenario in it that is opened first."""
    if scenario.startswith(EXAMPLE):
        return Path.cwd(), scenario
    place = Path(scenario)
    if os.path.isdir(place):
        return place, ""
    if os.path.isfile(place):
        return place.parent, place.name
    raise misuse(
        msg("{name}: expected a scenario, a folder or {example}NAME", name=scenario, example=EXAMPLE)
    )


def _socket(host: str, port: int) -> socket.socket:
    """A socket on the port asked for, or on one of the next where it is taken."""
    if not host.strip():  # to the system it means every address, and none can be printed
        raise misuse(msg("--host: expected an address, such as {address}; got nothing", address=_HERE[0]))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for at in range(port, min(port + 20, 65536)) if port else (0,):
        made = socket.socket(family)
        if sys.platform != "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((host, at))
            made.listen()  # from here on nobody else has it, and whoever comes early waits
        except OSError as error:
            made.close()
            if error.errno != errno.EADDRINUSE:
                raise misuse(msg("{host}: {reason}", host=host, reason=reason_of(error))) from None
            continue
        return made
    raise misuse(msg("ports {first} to {last} are all taken", first=port, last=min(port + 19, 65535)))
