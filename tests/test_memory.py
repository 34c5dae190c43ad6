"""Memory that arrays give back is used again: the system is asked for pages once."""

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
import numpy as np
from dabiao.engine.memory import keep_freed
if sys.argv[1] == "kept":
    keep_freed()
np.ones(1 << 18) * 2.0 * 3.0
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(100):
    np.ones(1 << 18) * 2.0 * 3.0
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="other C libraries keep freed memory or not as they like"
)
def test_pages_are_asked_for_once():
    """Hundred rounds of three arrays of 2 MB: three times 512 pages each round, or next to none."""
    fresh, kept = (
        int(subprocess.run([sys.executable, "-c", FAULTS, how], capture_output=True, check=True).stdout)
        for how in ("fresh", "kept")
    )
    assert kept < 1000
    assert fresh > 10 * kept
