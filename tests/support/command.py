"""The command line called from a test, and what a new city is given there."""

from __future__ import annotations

from typing import Any

from click.testing import CliRunner, Result
from dabiao.cli.main import simulate

GIVEN = (
    "--year",
    "2023",
    "--gdp",
    "1000",
    "--primary",
    "100",
    "--industry",
    "400",
    "--construction",
    "80",
    "--target",
    "6",
)


def call(*words: object, **more: Any) -> Result:
    """`simulate` with these words."""
    return CliRunner().invoke(simulate, [str(word) for word in words], **more)
