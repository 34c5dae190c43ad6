"""Words of commands that are printed, to be pasted into a shell as they stand (可粘贴的命令)."""

from __future__ import annotations

from pathlib import PurePath

from .harmless import harmless

UNNAMED = "FILE"
"""What stands for a name that cannot be printed as it is."""
_SAFE = frozenset("@%+=:,./_-")


def shell_word(name: str | PurePath) -> str:
    """A name of a file, a folder or a scenario as a word of a POSIX shell; one that begins with a dash is
    said as a path, for it is no option; one of which something could not be shown as it is, is not said.

    >>> shell_word("runs/某市.yaml"), shell_word("-x.yaml"), shell_word("a\\nb")
    ('runs/某市.yaml', './-x.yaml', 'FILE')
    >>> print(shell_word("my city.yaml"))
    'my city.yaml'
    """
    text = str(name)
    return quoted(f"./{text}" if text.startswith("-") else text)


def quoted(text: str) -> str:
    """A word of a POSIX shell, quoted where it must be.

    >>> quoted("--set"), quoted("$HOME"), quoted("")
    ('--set', "'$HOME'", "''")
    """
    if harmless(text) != text or any(char in "\t\n\r" or not _shown(char) for char in text):
        return UNNAMED
    if text and text[0] != "=" and all(char.isalnum() or char in _SAFE for char in text):
        return text
    return "'{}'".format(text.replace("'", "'\"'\"'"))  # some shells take =a for a command: quoted too


def _shown(char: str) -> bool:
    return char.isprintable() or char.isspace()
