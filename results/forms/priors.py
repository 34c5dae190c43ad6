"""Priors that a calibration writes: trends with bounds and the shocks of `uncertainty`, for scenarios to
extend (先验)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..tables.calibrate import PARTS, known_years

if TYPE_CHECKING:
    from ...engine.forecast.calibrate.estimate import Calibration
    from ...engine.forecast.calibrate.shocks import Figure, ShockEstimates
    from ...scenarios.ground import Ground

EXTENDS = "example:china-2023/priors.yaml"
METHOD = (
    (
        "# Method: persistence by least squares within regions and years, corrected for short panels (Nickell"
        " 1981); provincial"
    ),
    (
        "# and own variances between and within provinces (Searle, Casella & McCulloch 1992); the nation's"
        " shock is the change of"
    ),
    (
        "# the yearly mean, calm years and crises by EM; tails of own shocks by likelihood; trends are"
        " medians of the last five"
    ),
    (
        "# years. Standard errors: regions (the nation: years) drawn anew. They stand behind each number."
        " 标准误见各行末。"
    ),
)
WIDTH = 2.6458
"""√7: a PERT that reaches so many standard errors to either side has about that standard deviation."""

RECENT = 5
PART = 0.9
USUAL = {"primary": 0.1, "secondary": 0.45, "tertiary": 0.45}
"""Shares of three sectors where the panel does not tell them."""
MODELS = {"agriculture": "primary", "industry": "secondary", "services": "tertiary"}
"""The series of a panel that a model's market follows, where the panel has it."""


def priors_yaml(
    found: Calibration,
    name: str,
    date: str,
    extends: str = EXTENDS,
    country: str = "",
    ground: Ground | None = None,
) -> str:
    """Priors that a scenario takes over with ``extends``; all that has no place in a scenario stands as
    comments.

    A trend's ``low`` and ``high`` give the standard error of its centre alone, because the year's news is in
    the shocks. What strikes all sectors of a region together is its own shock less what its sectors' explain
    by their mean shares: σ² - Σ w² σ²; a panel without growth by sector gives the whole own shock and none by
    sector.
    """
    first, last = known_years(found)
    sample = f"{len(found.panel.regions)} regions, {first}-{last}"
    lines = [
        (
            f"# Priors estimated by `simulate calibrate` from {_plain(name)}: {sample}; {_plain(date)}."
            " 由面板估计的先验。"
        ),
        *METHOD,
        "#",
        *_comments(found),
        "dabiao: 1",
        f"extends: {json.dumps(extends, ensure_ascii=False)}",
        *([f"country: {json.dumps(country, ensure_ascii=False)}"] if country else []),
        "defaults:",
    ]
    for model, series in followed(found, ground).items():
        centre = found.centre.get(series, found.centre["gdp"])
        half = WIDTH * (centre.error if np.isfinite(centre.error) else 0.0)
        text = (
            f"{{value: {centre.value:.2f}, low: {max(centre.value - half, -49):.2f}, high:"
            f" {min(centre.value + half, 49):.2f}, assumption:"
            f" {_why(found, name, date, '最近五年中位数', 'median of the last five years')}}}{_error(centre)}"
        )
        lines += (
            [f"  {model}:", f"    trend: {text}"]
            if model == "agriculture"
            else [f"  {model}:", "    market:", f"      trend: {text}"]
        )
    return "\n".join([*lines, *_doubt(found, name, date)]) + "\n"


def followed(found: Calibration, ground: Ground | None) -> dict[str, str]:
    """The series that each model's market follows: that of its sector where the panel has one, else GDP."""
    known = [name for name in found.panel.sectors if name in found.centre]
    named = {model: series for model, series in MODELS.items() if series in known}
    if ground is None:
        return {model: named.get(model, "gdp") for model in MODELS}
    own = {ground.model(name): name for name in reversed(known)}
    return {model: named.get(model) or own.get(model, "gdp") for model in ground.models or MODELS}


def _doubt(found: Calibration, name: str, date: str) -> list[str]:
    """The section `uncertainty`: shocks and their correlations."""
    gdp = found.series["gdp"]
    lines = [
        "uncertainty:",
        "  shocks:",
        *_national(gdp, _why(found, name, date, "全国增速逐年变化", "yearly changes of the mean")),
    ]
    grouped = gdp.provincial.value > 0
    zh, en = "同组地区共同部分", "what regions of a group share"
    if not grouped:
        zh, en = (
            "面板未见同组地区共同部分，已含在自身冲击中",
            "the panel shows no part that groups of regions share: it is in the own one",
        )
    lines += ["    province:", f"      assumption: {_why(found, name, date, zh, en)}"]
    lines += [_row("sd", gdp.provincial, 6), _persistence(gdp.persistence, 6)] if grouped else ["      sd: 0"]
    rest, smaller = _rest(found)
    zh = "自身冲击扣除各产业冲击后的共同部分" if smaller else "自身冲击（面板没有分产业增速，未分产业）"
    en = (
        "own shock less what sectors' shocks explain"
        if smaller
        else "own shock (no growth by sector in the panel)"
    )
    lines += ["    own:", f"      assumption: {_why(found, name, date, zh, en)}", _row("sd", rest, 6)]
    lines += [_row("tails", gdp.freedom, 6), _persistence(gdp.persistence, 6)]
    zh, en = "各地分产业增速", "growth by sector of the regions"
    if 0 < smaller < 1:
        zh, en = (
            f"{zh}，按GDP自身冲击缩小到{smaller:.2f}倍",
            f"{en}, times {smaller:.2f} so that GDP is shaken no more than it was",
        )
    if found.panel.sectors:
        lines += ["    sectors:", f"      assumption: {_why(found, name, date, zh, en)}"]
    for key in found.panel.sectors:
        shock = found.series.get(key)
        lines += [f"      {key}:"] + (
            [
                _row(
                    "sd",
                    replace(shock.own, value=smaller * shock.own.value, error=smaller * shock.own.error),
                    8,
                ),
                _row("tails", shock.freedom, 8),
                _persistence(found.lasting[key], 8),
            ]
            if shock and smaller
            else ["        sd: 0"]
        )
    return lines + _correlations(found, name, date)


def _national(gdp: ShockEstimates, why: str) -> list[str]:
    """The nation's part; too few years leave that of the priors extended."""
    if not np.isfinite(gdp.national.value):
        return ["    # national: too few years to tell; as in the priors extended"]
    return [
        "    national:",
        f"      assumption: {why}",
        _row("sd", gdp.national, 6),
        "      crisis:",
        _row("sd", gdp.crisis, 8),
        f"        chance: {100 * gdp.chance.value:.0f}{_error(gdp.chance, 100)}",
        _persistence(gdp.persistence, 6),
    ]


def _rest(found: Calibration) -> tuple[Figure, float]:
    """Own shock without that of sectors; by how much sectors' are made smaller (0 where they are not known).

    Sectors never explain more than :data:`PART` of the variance of GDP's own shock, which is what targets
    hang on.
    """
    own = found.series["gdp"].own
    sectors = [found.series.get(key) for key in found.panel.sectors]
    seen = found.panel.shares[..., -RECENT:]
    usual = [USUAL.get(key, np.nan) for key in found.panel.sectors]
    shares = np.nanmean(seen, axis=(1, 2)) if np.isfinite(seen).any() else np.array(usual)
    if not sectors or any(shock is None for shock in sectors) or not np.isfinite(shares).all():
        return own, 0.0
    explained = sum(
        float(w) ** 2 * shock.own.value**2 for w, shock in zip(shares, sectors, strict=True) if shock
    )
    smaller = min(1.0, float(np.sqrt(PART * own.value**2 / max(explained, 1e-12))))
    left = float(np.sqrt(own.value**2 - smaller**2 * explained))
    return replace(own, value=left, error=own.error * own.value / left), smaller


def _correlations(found: Calibration, name: str, date: str) -> list[str]:
    """Own shocks of sectors that move together, where the panel tells."""
    lines = [
        part
        for (a, b, kind), figure in found.correlations.items()
        if kind == "own" and np.isfinite(figure.value) and len(found.lasting) == len(found.panel.sectors)
        for part in (
            f"    {a}-{b}:",
            f"      between: [uncertainty.shocks.sectors.{a}, uncertainty.shocks.sectors.{b}]",
            (
                f"      rho: {{value: {figure.value:.2f}, assumption:"
                f" {_why(found, name, date, '各地分产业自身冲击', 'own shocks of sectors')}}}{_error(figure)}"
            ),
        )
    ]
    return ["  correlations:", *lines] if lines else []


def _row(key: str, figure: Figure, indent: int) -> str:
    return f"{' ' * indent}{key}: {figure.value:.2f}{_error(figure)}"


def _persistence(figure: Figure, indent: int) -> str:
    return f"{' ' * indent}persistence: {np.clip(100 * figure.value, -99, 99):.0f}{_error(figure, 100)}"


def _error(figure: Figure, scale: float = 1.0) -> str:
    known = f"s.e. {scale * figure.error:.2f}, " if np.isfinite(figure.error) else ""
    return f"  # {known}{figure.cases} cases"


def _why(found: Calibration, name: str, date: str, zh: str, en: str) -> str:
    first, last = known_years(found)
    count = len(found.panel.regions)
    return (
        f'{{zh: "由{_plain(name)}估计：{count}个地区{first}—{last}年，{zh}，{_plain(date)}", '
        f'en: "estimated from {_plain(name)}: {count} regions {first}-{last}, {en}, {_plain(date)}"}}'
    )


def _plain(text: str) -> str:
    """Text that can stand inside quotes and comments of a YAML file."""
    return "".join(c for c in text if c.isprintable()).replace("\\", "/").replace('"', "'")


def _comments(found: Calibration) -> list[str]:
    lines = [
        f"#   {name}: "
        + ", ".join(
            f"{part} {f.value:.2f} (s.e. {f.error:.2f})"
            for part in PARTS
            if np.isfinite((f := getattr(s, part)).value)
        )
        for name, s in found.series.items()
    ]
    lines += [
        f"#   correlation {a}-{b}, {part}: {f.value:.2f} (s.e. {f.error:.2f})"
        for (a, b, part), f in found.correlations.items()
    ]
    return [
        *lines,
        *(
            f"#   {name}: {f.value:.2f} (s.e. {f.error:.2f}, {f.cases} cases)"
            for name, f in found.figures.items()
        ),
        "#",
    ]
