"""Print the command that the README states between `<!-- ci:NAME -->` and `<!-- /ci:NAME -->`.

Usage: readme_command.py README.md NAME
"""

from __future__ import annotations

import re
import sys
from pathlib import Path


def command(text: str, name: str) -> str:
    """The one fenced block between the two marks."""
    marked = re.findall(rf"<!-- ci:{name} -->(.*?)<!-- /ci:{name} -->", text, flags=re.DOTALL)
    blocks = [
        block for part in marked for block in re.findall(r"^```\w*\n(.*?)^```", part, flags=re.DOTALL | re.M)
    ]
    if len(blocks) != 1:
        raise SystemExit(f"expected one code block between the marks ci:{name}, found {len(blocks)}")
    return blocks[0].strip()


if __name__ == "__main__":
    print(command(Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2]))
