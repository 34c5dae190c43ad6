"""The two streams of the program: whatever is written to them, no text steers the terminal (终端输出)."""

from __future__ import annotations

import io
import sys
from contextlib import suppress
from typing import Any, TextIO

import click

from ..models.harmless import escaped, harmless


class Harmless(io.TextIOWrapper):
    """A stream of text on which nothing else than text is written; bytes go past it to the buffer."""

    def write(self, text: str, /) -> int:
        """Write a text without what steers a terminal."""
        super().write(harmless(text))
        return len(text)


def print_whole(text: str) -> None:
    """Print a document, in UTF-8 whatever the terminal's encoding: JSON or YAML, in which what would steer
    the terminal is spelled out."""
    click.echo(harmless(escaped(text)).encode(), nl=False)


def prepare() -> None:
    """Put both streams in order: never fail on a character that the terminal cannot show, never be steered
    by one."""
    sys.stdout, sys.stderr = _harmless(sys.stdout), _harmless(sys.stderr)


def _harmless(stream: Any) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper) or isinstance(stream, Harmless):
        return stream
    with suppress(OSError, ValueError):
        stream.flush()
        buffered, through = stream.line_buffering, stream.write_through
        encoding = stream.encoding
        return Harmless(stream.detach(), encoding, "replace", line_buffering=buffered, write_through=through)
    return stream
