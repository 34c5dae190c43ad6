"""The file of a scenario that was carried on to the next year."""

from __future__ import annotations

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
    title = {each: f"{loaded.scenario.title.of(each)} → {base + 1}" for each in ("zh", "en")}
    body = yaml.safe_dump(
        {"dabiao": 1, "extends": parent, "title": title, **made.tree},
        allow_unicode=True,
        sort_keys=False,
        width=140,
    )
    return "\n".join([*head, "", body])
