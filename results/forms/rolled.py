"""The file of a scenario that was carried on to the next year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from .experience import plain_line

if TYPE_CHECKING:
    from ...engine.tracking.roll import Rolled
    from ...scenarios.load import Loaded


def rolled_yaml(made: Rolled, loaded: Loaded, parent: str, lang: str) -> str:
    """A file that extends the old scenario; what was taken from where stands at its head."""
    base = int(loaded.scenario.years.first)
    head = [f"# {plain_line(said.of(lang))}" for said in made.told]
    old = {each: re.sub(r" → \d{4}$", "", loaded.scenario.title.of(each)) for each in ("zh", "en")}
    title = {each: f"{said} → {base + 1}" for each, said in old.items()}
    body = yaml.safe_dump(
        {"dabiao": 1, "extends": parent, "title": title, **made.tree},
        allow_unicode=True,
        sort_keys=False,
        width=140,
    )
    return "\n".join([*head, "", body])
