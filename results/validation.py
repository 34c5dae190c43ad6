"""The page of published cases beside ours (验证)."""

from __future__ import annotations

from collections.abc import Sequence

from ..models.words import tr
from .text.format import number
from .validation_cases import CASES, Compared


def compared() -> list[Compared]:
    """Every published number with ours."""
    return [line for case in CASES for line in case()]


def page(lines: Sequence[Compared]) -> str:
    """The whole page as Markdown."""
    rows = [
        f"| {line.case.zh} {line.case.en} | {line.what.zh} {line.what.en} | {line.source} |"
        f" {number(line.published, line.digits)} | {number(line.ours, line.digits)} |"
        f" {line.ours - line.published:+.1e} | {line.within:.1e} | {'yes' if line.holds else '**no**'} |"
        for line in lines
    ]
    return "\n".join(
        [
            "# 验证 Validation",
            "",
            (
                "Published numbers beside what the product's own code gives. Made by `simulate validation"
                " --out docs/validation.md`; `allowed` is what printed digits or sampling errors allow (four"
                " standard errors)."
            ),
            "",
            (
                "| 案例 case | 量 number | 来源 source | 公布 published | 本产品 ours | 差 difference | 容差"
                " allowed | 相符 agrees |"
            ),
            "|---|---|---|---:|---:|---:|---:|---|",
            *rows,
            "",
            "Scores of probabilities on past years: `simulate backtest panel.csv`.",
            "",
        ]
    )


def summary(lines: Sequence[Compared], lang: str) -> str:
    """One row per case: how many numbers, how many agree, the largest difference."""
    head = tr(lang, "| case | source | numbers | agree | largest difference |")
    rows = []
    for case in dict.fromkeys(line.case.en for line in lines):
        own = [line for line in lines if line.case.en == case]
        worst = f"{max(abs(line.ours - line.published) for line in own):.0e}"
        if any(line.sampled for line in own):
            worst = tr(lang, "within sampling error")
        rows.append(
            f"| {own[0].case.of(lang)} | {own[0].source} | {len(own)} | {sum(line.holds for line in own)} |"
            f" {worst} |"
        )
    return "\n".join([head, "|---|---|---:|---:|---:|", *rows])
