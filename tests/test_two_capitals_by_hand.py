"""A year of a region with public and private capital, worked out on paper with rates that all differ."""

from __future__ import annotations

import numpy as np
from dabiao.models.public_capital import TwoCapitals, grow, required_public, slope
from figures import near

RATES = {
    "capital_share": 0.4,
    "public_share": 0.1,
    "public_ratio": 0.8,
    "private_ratio": 2.0,
    "public_depreciation": 0.03,
    "private_depreciation": 0.06,
    "efficiency": 0.5,
    "productivity": 0.02,
    "human": 0.01,
    "population": 0.004,
    "working_age": -0.005,
    "participation": 0.002,
}
OWN = TwoCapitals(**{name: np.array([rate]) for name, rate in RATES.items()})
LABOUR = 1.004 * 0.995 * 1.002
PUBLIC, PRIVATE = np.array([0.06]), np.array([0.25])


def test_growth_of_a_year() -> None:
    """Public capital 0.97 + 0.5 * 0.06 / 0.8 of itself, private 0.94 + 0.25 / 2, over people at work."""
    found = grow(OWN, PUBLIC, PRIVATE)
    kg, kp = (0.97 + 0.0375) / LABOUR, (0.94 + 0.125) / LABOUR
    worker = kg**0.1 * kp**0.3 * (1.02 * 1.01) ** 0.6
    assert found.public[0] == near(kg - 1) and found.private[0] == near(kp - 1)
    assert found.per_worker[0] == near(worker - 1)
    assert found.per_head[0] == near(worker * 0.995 * 1.002 - 1)
    assert found.total[0] == near(worker * LABOUR - 1)


def test_what_public_investment_growth_needs() -> None:
    """What growth needs is what gave it; the slope is what a hair more growth needs."""
    grown = grow(OWN, PUBLIC, PRIVATE).per_head
    assert required_public(OWN, grown, PRIVATE)[0] == near(0.06)
    hair = 1e-6
    more, less = (required_public(OWN, grown + by, PRIVATE)[0] for by in (hair, -hair))
    assert slope(OWN, grown, PRIVATE)[0] == near((more - less) / 2 / hair, rel=1e-6)
