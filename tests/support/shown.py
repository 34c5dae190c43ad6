"""What the documentation shows, as tests run it."""

from __future__ import annotations

import re
from pathlib import Path

from dabiao.scenarios.load import Loaded, load

ROOT = Path(__file__).parents[2]


def readme(folder: Path, *sets: str, more: str = "") -> Loaded:
    """The scenario that the README points to (docs/howto/region.md), with something stated beside it."""
    text = (ROOT / "docs" / "howto" / "region.md").read_text(encoding="utf-8")
    path = folder / "city.yaml"
    path.write_text(
        re.search(r"<!-- ci:scenario -->\n```yaml\n(.*?)```", text, re.DOTALL)[1], encoding="utf-8"
    )  # type: ignore[index]
    if more:
        path = folder / "more.yaml"  # beside it
        path.write_text(f"extends: city.yaml\n{more}", encoding="utf-8")
    return load(path, sets)
