"""The file of errors of figures to date that a quarterly panel gives, for scenarios to extend
(累计误差文件)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from .experience import plain_line

if TYPE_CHECKING:
    from ...engine.forecast.to_date import Law, Quarterly, Scored


def to_date_yaml(
    panel: Quarterly,
    law: Law,
    scored: Sequence[Scored],
    name: str,
    date: str,
) -> str:
    """What a scenario takes over with ``extends``, with sample, date and scores at its head."""
    said = plain_line(name)
    cases = int(np.isfinite(panel.growth[..., 3]).sum())
    years = f"{panel.years[0]}-{panel.years[-1]}"
    head = [
        "# How far growth to date lies off the year's, after one, two and three quarters."
        " 累计增速与全年增速之差。",
        f"# Estimated by `simulate calibrate --quarterly` from {plain_line(name)}: {len(panel.regions)}"
        f" regions,"
        f" {cases} region-years {years}; {plain_line(date)}.",
        "# Equations: docs/model.md.",
        "#",
        *(f"# {line}" for line in map(_scored, (each for each in scored if each.way != "corrected"))),
    ]
    quarters: dict[str, dict[str, Any]] = {}
    for (quarter, kind), each in law.errors.items():
        own: dict[str, Any] = {
            "before": each.before,
            "sd": each.sd,
            "common": 100 * each.common,
        }
        digits = {"before": 3, "sd": 3, "common": 0}
        quarters.setdefault(str(quarter), {})[kind] = {
            key: round(float(value), digits[key]) for key, value in own.items() if np.isfinite(value)
        }
    block = {
        "assumption": {
            "zh": f"由{said}拟合（{len(panel.regions)}个地区，{panel.years[0]}—{panel.years[-1]}年）",
            "en": f"fitted on {plain_line(name)}: {len(panel.regions)} regions, {years}",
        },
        "tails": law.tails,
        "quarters": quarters,
    }
    body = yaml.safe_dump(
        {"to_date": block}, allow_unicode=True, sort_keys=False, default_flow_style=None, width=140
    )
    return "\n".join([*head, "", "dabiao: 1", "", body])


def _scored(each: Scored) -> str:
    said = {
        "january": "before the year began, from a region's own past",
        "to_date": "growth to date taken as the year's",
        "given": "January's forecast given growth to date",
    }[each.way]
    when = f"after {each.quarter} quarter{'s' if each.quarter > 1 else ''}, " if each.quarter else ""
    return (
        f"Scored by rolling origin on {each.cases} region-years, {when}{said}: error {each.rmse:.2f} points,"
        f" {100 * each.inside:.0f} % in the 80 % interval (± {100 * each.error:.0f} by years)."
    )
