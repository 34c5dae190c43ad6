"""Words of the page, by the names that its script knows (界面用语)."""

from __future__ import annotations

from ...models.words import N_

WORDS: dict[str, str] = {
    "product": N_("Workbench"),
}
