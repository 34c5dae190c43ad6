"""The short side of the market: output is what can be made or what is asked, whichever is less."""

from __future__ import annotations

import numpy as np

from .quantity import BoolArray, FloatArray


def clear(limit: FloatArray, links: FloatArray, demand: FloatArray, supply_led: BoolArray) -> FloatArray:
    """Greatest fixed point of ``x = min(limit, links · x + demand)``.

    Policy iteration on the set of branches that demand binds: starting from every branch at its limit, a
    branch that is asked for less than its limit leaves the limit and never returns, because output only
    falls from one step to the next (the map is monotone; ``links`` has spectral radius below one). Exact
    after at most ``B`` linear solves, in practice two or three.

    Parameters
    ----------
    limit
        Greatest output ``(B, D)``; may be infinite for a branch that demand always binds.
    links
        Regional coefficients plus the consumption loop ``(B, B, D)``.
    demand
        Final demand that does not depend on output ``(B, D)``.
    supply_led
        ``(B,)`` true where output is the limit whatever is asked.

    Returns
    -------
    Output ``(B, D)``.
    """
    draws = max(array.shape[-1] for array in (limit, links, demand))
    branches = len(limit)
    limit = np.broadcast_to(limit, (branches, draws)).T
    demand = np.broadcast_to(demand, (branches, draws)).T
    matrix = np.broadcast_to(links, (branches, branches, draws)).transpose(2, 0, 1)
    led = supply_led[None, :]
    bound = ~np.isfinite(limit) & ~led  # branches bound by demand, draws first
    unit = np.eye(branches)
    fixed = np.where(np.isfinite(limit), limit, 0.0)
    while True:
        # rows bound by demand: x - M x = f; the other rows: x = limit
        system = np.where(bound[:, :, None], unit - matrix, unit)
        output = np.linalg.solve(system, np.where(bound, demand, fixed)[:, :, None])[:, :, 0]
        asked = np.einsum("dij,dj->di", matrix, output) + demand
        left = ~bound & ~led & (asked < limit * (1 - 1e-13) - 1e-13)
        if not left.any():
            return np.asarray(output.T)
        bound = bound | left
