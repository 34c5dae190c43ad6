"""What arrays give back stays with the process (内存复用)."""

from __future__ import annotations

from functools import cache

import numpy as np

LARGEST = 31 << 20
"""Bytes: a little less than the largest block that the C library of GNU ever keeps."""


@cache
def keep_freed() -> None:
    """Let the next array have the memory of the last one, instead of fresh pages from the system.

    The C library of GNU returns every block above 128 KB to the system when it is freed, and each page of the
    next array is then mapped and cleared again: a fifth of the time of an ensemble, and two threads wait for
    each other in it. It raises that limit, up to 32 MB, to the size of the largest block that was ever freed
    (dynamic ``M_MMAP_THRESHOLD``, mallopt(3)), so one such block is asked for and freed, once, without being
    touched. Other systems lose nothing.
    """
    np.empty(LARGEST, dtype=np.uint8)
