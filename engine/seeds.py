"""Seeds of what has a name: chances that hang on a name alone (随机数种子)."""

from __future__ import annotations

import hashlib


def number_of(name: str) -> int:
    """A number below 2^56 that hangs on a name alone, the same on every machine: what a generator of its own
    begins with."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big")
