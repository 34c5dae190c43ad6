"""A small scenario with passages changed, and what is told of it.

The sign § in a new passage marks where the message must point; it is not part of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.load import load

VALLEY = Path(__file__).parents[1] / "scenarios_for_tests" / "valley.yaml"
TEXT = VALLEY.read_text(encoding="utf-8")


def place(text: str, at: int) -> str:
    """Line and column of a position."""
    return f"{text.count(chr(10), 0, at) + 1}:{at - text.rfind(chr(10), 0, at)}"


def complaints(path: Path) -> list[str]:
    """The messages of a wrong file, without its folder."""
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert caught.value.exit_code == 2
    return [str(problem).replace(f"{path.parent}/", "") for problem in caught.value.problems]


def change(edits: Sequence[tuple[str, str]], text: str = TEXT) -> tuple[str, str]:
    """The valley with passages changed, and where § stood."""
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} must stand once in the valley, not {text.count(old)} times"
        text = text.replace(old, new)
    at = text.index("§")
    text = text.replace("§", "")
    return text, place(text, at)


def assert_told(edits: Sequence[tuple[str, str]], message: str, folder: Path) -> None:
    """The changed valley is refused with this message at §."""
    text, where = change(edits)
    path = folder / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    said = complaints(path)
    told = any(line.startswith(f"wrong.yaml:{where}  ") and message in line for line in said)
    assert told, "\n".join([f"expected at {where}: {message}", *said])
