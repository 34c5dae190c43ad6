"""What a command refuses: the words that it tells, its exit code, and that nothing was written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from command import call


class Refused(NamedTuple):
    """Words of a command, and what is told of them."""

    words: str | tuple[str, ...]
    told: tuple[str, ...]

    @property
    def called(self) -> list[str]:
        """The words one by one."""
        return self.words.split() if isinstance(self.words, str) else list(self.words)

    def __str__(self) -> str:
        return " ".join(self.called)[:60]


def rows(*pairs: tuple[str | Sequence[str], str | Sequence[str]]) -> list[Refused]:
    """A table of what is refused."""
    return [
        Refused(
            words if isinstance(words, str) else tuple(words),
            (told,) if isinstance(told, str) else tuple(told),
        )
        for words, told in pairs
    ]


def standing(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, and every folder."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() if file.is_file() else b""
        for file in sorted(folder.rglob("*"))
    }


def assert_refused(row: Refused, folder: Path, code: int = 2, **more: Any) -> None:
    """In English and in Chinese alike: nothing is printed as a result, and nothing is written."""
    before = standing(folder)
    done = call(*row.called, "--lang", "en", **more)
    said = " ".join(done.stderr.split())
    assert done.exit_code == code, done.output
    for words in row.told:
        assert words in said, (words, said)
    assert not done.stdout
    assert standing(folder) == before
    chinese = call(*row.called, "--lang", "zh", **more)
    assert chinese.exit_code == code
    assert re.search("[\u3400-\u9fff]{3}", chinese.stderr)
    assert not any(words in chinese.stderr for words in row.told if re.search("( [a-z]{3,}){4}", words))
