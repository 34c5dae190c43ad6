"""What a first scenario says of the past and of the nation: where its level comes from
(新建方案：历史和展望)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from .files import shipped

if TYPE_CHECKING:
    from .begin import Facts

EXPERIENCE = "china-2023/experience.yaml"
"""How Chinese cities fared: what a reference forecast rests on."""


def past_part(facts: Facts) -> str:
    """Growth and targets of past years and the nation's outlook, from which the reference forecast starts."""
    return _history(facts) + _outlook(facts)


def _history(facts: Facts) -> str:
    """Growth and targets by year, as far as they were given."""
    known = dict(facts.past)
    if facts.growth is not None:
        known[facts.year] = (facts.growth, known[facts.year][1] if facts.year in known else None)
    about = (
        "# 历年增速和目标，供参照预测，越多越准 growth and targets of past years, for the reference forecast:"
        " the more, the narrower\n"
    )
    rows = (
        "".join(
            f'    "{year}": {{growth:'
            f" {_figure(growth)}{'' if target is None else f', target: {_figure(target)}'}}}\n"
            for year, (growth, target) in sorted(known.items())
        )
        + f'    "{facts.year + 1}": {{target: {_figure(facts.ensure)}}}\n'
    )
    last = f"  outcomes: {{gdp_growth: {_figure(known[facts.year][0])}}}\n" if facts.year in known else ""
    return f"history:                                   {about}  source: entered\n  years:\n{rows}{last}\n"


def _outlook(facts: Facts) -> str:
    """The nation's outlook: given, shipped, or to be stated."""
    if facts.outlook is not None:
        return (
            "outlook:                                   # 全国（本国）增长预测 the nation's growth, as"
            f" forecast\n  source: entered\n  growth: {_figure(facts.outlook)}\n\n"
        )
    if facts.experienced:
        return (
            "# 全国展望取随附版本（{0}年1月） the nation's outlook is the shipped edition of January {0};"
            " your own goes before it:\n# outlook: {{growth: {{value: 5, assumption: why}}, error: {{value:"
            " 1, assumption: why}}}}\n\n"
        ).format(facts.year + 1)
    return (
        "# 没有随附的全国展望：写上 outlook，增速水平才按参照预测 no outlook of the nation is shipped for"
        f" {facts.year + 1}: state one, and the level\n# is that of a reference forecast\n# outlook:"
        " {growth: {value: 5, assumption: why}, error: {value: 1, assumption: why}}\n\n"
    )


def shipped_years() -> frozenset[int]:
    """Target years for which an outlook of the nation is shipped."""
    text = (shipped() / EXPERIENCE).read_text(encoding="utf-8")
    return frozenset(int(year) for year in yaml.safe_load(text)["experience"]["ahead"])


def _figure(value: float) -> str:
    return f"{value:.10g}"
