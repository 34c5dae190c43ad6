"""The wheel must hold every tracked file of the product and nothing else.

Usage: check_wheel.py WHEEL TRACKED, with the tracked paths one a line.

An editable install hides a subpackage or a YAML file that the wheel forgets, and a stale build directory
ships
files that were deleted: both show here.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path, PurePosixPath

PACKAGE = "dabiao"
FLOORS = ("models", "scenarios", "solvers", "engine", "results", "cli")
SHIPPED = {".py", ".yaml", ".csv", ".js", ".css", ".html"}
WORDS = "locale"


def product(tracked: list[str]) -> set[str]:
    """What the wheel must hold: the package's own two files, code and data of every floor, compiled words."""
    paths = [PurePosixPath(line) for line in tracked if line]
    own = {"__init__.py", "py.typed"}
    return {
        f"{PACKAGE}/{path}"
        for path in paths
        if str(path) in own
        or (path.parts[0] in FLOORS and path.suffix in SHIPPED)
        or (path.parts[0] == WORDS and path.suffix == ".mo")
    }


def shipped(wheel: str) -> set[str]:
    """What the wheel holds beside its own metadata."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
    return {name for name in names if not PurePosixPath(name).parts[0].endswith(".dist-info")}


def main(wheel: str, tracked: str) -> int:
    """Compare the two and name every file that stands on one side only."""
    wanted = product(Path(tracked).read_text(encoding="utf-8").splitlines())
    found = shipped(wheel)
    for name in sorted(wanted - found):
        print(f"missing from the wheel: {name}", file=sys.stderr)
    for name in sorted(found - wanted):
        print(f"in the wheel, but not a tracked file of the product: {name}", file=sys.stderr)
    print(f"{len(found)} files in the wheel, {len(wanted)} tracked")
    return int(wanted != found)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
