"""The file of experience that a calibration writes, for scenarios to extend (经验系数文件)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

if TYPE_CHECKING:
    from ...engine.forecast.backtest.judge import Judged
    from ...engine.forecast.calibrate.experience import Taught


def experience_yaml(taught: Taught, name: str, date: str) -> str:
    """What a scenario takes over with ``extends``, with sample, date and scores at its head."""
    from ...engine.forecast.stated import experience

    panel, said = taught.panel, plain_line(name)
    sample = f"{len(panel.regions)} regions, {panel.years[0]}-{panel.years[-1]}"
    head = [
        "# How regions like this fared in years like this: what a reference forecast rests on. 参照预测的经验系数。",  # noqa: E501
        f"# Estimated by `simulate calibrate --outlook` from {plain_line(name)}: {sample};"
        f" {plain_line(date)}.",
        (
            "# Equations: docs/model.md. Means of years that the panel does not hold are the nation's first"
            " release plus the regions' last lead;"
        ),
        "# mean targets that it does not hold are carried on.",
        "#",
        *(f"# {line}" for line in map(_scored, taught.judged.items())),
    ]
    found: dict[str, Any] = {
        "assumption": {
            "zh": f"由{said}拟合（{len(panel.regions)}个地区，{panel.years[0]}—{panel.years[-1]}年）",
            "en": f"fitted on {plain_line(name)}: {sample}",
        },
        **experience(taught.years, digits=3),
    }
    if taught.mapping is not None:
        found["mapping"] = round(taught.mapping, 2)
    if taught.beside:
        found["beside"] = {
            key: {
                "mean": round(each.mean, 2),
                "lasting": round(each.lasting, 2),
                "spread": round(each.spread, 2),
            }
            for key, each in taught.beside.items()
        }
    told = {edition: _reliability(judged) for edition, judged in taught.judged.items() if not judged.aimless}
    if told:
        found["reliability"] = told
    body = yaml.safe_dump(
        {"experience": found}, allow_unicode=True, sort_keys=False, default_flow_style=None, width=140
    )
    return "\n".join([*head, "", "dabiao: 1", "extends: priors.yaml", "", body])


def _reliability(judged: Judged) -> dict[str, dict[str, float]]:
    return {
        str(round(100 * each.middle)): {
            "given": round(100 * each.given, 1),
            "came_true": round(100 * each.true.value, 1),
            "count": each.count,
        }
        for each in judged.reliability()
    }


def _scored(one: tuple[str, Judged]) -> str:
    edition, judged = one
    brier, error, inside = (
        judged.estimate(score, "engine").value for score in ("brier", "error", "inside_80")
    )
    chances = "" if judged.aimless else f"Brier {brier:.3f}, "
    widest = max(
        float(judged.scores["inside_80"][0, judged.year == year.year].mean()) for year in judged.years
    )
    years = f"{int(np.min(judged.year))}-{int(np.max(judged.year))}"
    return (
        f"Scored by rolling origin on {len(judged.year)} region-years {years}, edition {edition}:"
        f" {chances}mean error {error:.2f} points, {100 * inside:.0f} % in the 80 % interval (at most"
        f" {100 * widest:.0f} % in a year)."
    )


def plain_line(text: str) -> str:
    """A name inside a comment: one line."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
