"""How far the quick look moves what it tests (速算的检验幅度)."""

PART, PART_TESTED = 0.01, 0.05
"""Parts of all money by which the effect of money is measured, and tested."""
POINTS, POINTS_TESTED = 1.0, 3.0
"""Points of the mix by which a share is moved, and tested."""
QUARTERS = (1.0, 2.0)
"""Quarters by which a project is moved, and tested."""
