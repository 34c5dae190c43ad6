"""`simulate new`: a first scenario of one's own region, ready to run."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from .options import tell

# Name of the fact, option, question; those without a default are needed.
_ASKED: tuple[tuple[str, str, str], ...] = (
    ("year", "--year", "基年（账户已知的年份） Base year, whose accounts are known"),
    ("gdp", "--gdp", "地区生产总值，亿元 GDP, 亿元"),
    ("primary", "--primary", "第一产业增加值，亿元 Value added of the primary sector"),
    ("industry", "--industry", "工业增加值（不含建筑业），亿元 Value added of industry without construction"),
    ("construction", "--construction", "建筑业增加值，亿元 Value added of construction"),
    ("ensure", "--target", "GDP增速目标（确保），% Target of GDP growth (ensure)"),
)
_OPTIONAL: tuple[tuple[str, str, str], ...] = (
    ("stretch", "--stretch", "GDP增速目标（力争），% Stretch tier of GDP growth"),
    ("fai", "--fai", "固定资产投资，亿元 Fixed-asset investment in the base year"),
    ("growth", "--growth", "基年GDP增速，% Growth of GDP in the base year"),
    ("plan", "--plan", "计划投资增速，% Planned growth of investment"),
    ("industry_target", "--industry-target", "规上工业增速目标，% Target of above-scale industry"),
    ("fai_target", "--fai-target", "投资增速目标，% Target of investment growth"),
)


def _figures(command: Any) -> Any:
    for name, option, words in reversed((*_ASKED, *_OPTIONAL)):
        command = click.option(option, name, type=int if name == "year" else float, default=None, help=words)(command)
    return command


@click.command(short_help="新建方案 Begin a scenario of your own region.")
@click.argument("region", metavar="REGION")
@_figures
@click.option("--out", type=click.Path(path_type=Path), default=None, help="目录 Folder to make; otherwise the region's name.")
@click.option("--quiet", "-q", is_flag=True, help="不报进度 Say nothing but the files.")
def new(region: str, out: Path | None, quiet: bool, **given: float | None) -> None:
    """新建方案 Begin a scenario of your own region: a folder with two scenarios that run at once.

    Asks on a terminal for what is not given; elsewhere the options from --year to --target are needed. What you leave
    out is filled from national figures, and the file says so line by line. Never overwrites.

    \b
    simulate new 某市 --year 2023 --gdp 1000 --primary 100 --industry 400 --construction 80 --target 6
    """
    from ..results.format import safe_name
    from ..results.write import WriteError

    folder = out or Path(safe_name(region, "region"))
    if os.path.lexists(folder):
        raise WriteError(f"{folder} is there already and nothing was changed; give another folder with --out")
    facts = _facts(region, dict(given))
    from ..engine.run import check
    from ..scenarios.begin import begin
    from ..scenarios.load import load

    files = begin(facts)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    except OSError as error:
        raise WriteError(f"cannot make {folder}: {error.strerror or error}; give another folder with --out") from error
    try:
        for name, text in files.items():
            (beside / name).write_bytes(text.encode())
        for name in files:  # only what runs is left to the user
            check(load(beside / name))
        beside.chmod(0o755)
        beside.rename(folder)
    except OSError as error:
        raise WriteError(f"cannot write {folder}: {error.strerror or error}; nothing was left half written") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    for name in files:
        click.echo(str(folder / name))
    tell(
        f"下一步 NEXT  simulate {folder / 'baseline.yaml'}\n"
        f"             simulate compare {folder / 'baseline.yaml'} {folder / 'stretch.yaml'}\n"
        "             然后逐个替换文件里的假定 then replace the assumptions in the file one by one", quiet,
    )


def _facts(region: str, given: dict[str, Any]) -> Any:
    """The figures given, and on a terminal those asked for."""
    from ..scenarios.begin import Facts

    missing = [(name, option, question) for name, option, question in _ASKED if given.get(name) is None]
    if missing and not on_terminal():
        raise click.UsageError(
            "缺少 missing: " + ", ".join(option for _, option, _ in missing)
            + "。不在终端上，不能逐项询问 (no terminal to ask on). 例 Example: simulate new 某市 --year 2023 --gdp 1000 "
            "--primary 100 --industry 400 --construction 80 --target 6"
        )
    for name, _, question in missing:
        given[name] = click.prompt(question, type=int if name == "year" else float, err=True)
    if missing:
        tell("以下可留空（回车），由全国数填补 The rest may be left empty (Enter); national figures fill it.")
        for name, _, question in _OPTIONAL:
            if given.get(name) is None:
                answer = click.prompt(question, default="", show_default=False, err=True, value_proc=_maybe)
                given[name] = None if answer == "" else answer
    name = "".join(char if char.isprintable() else " " for char in region).strip()[:60]
    if not name:
        raise click.UsageError("地区名为空 The region's name is empty.")
    year = int(given.pop("year"))
    if not 1950 <= year <= 2150:
        raise click.UsageError(f"--year {year}: 应为1950—2150年 expected a year from 1950 to 2150.")
    return Facts(region=name, year=year, **given)


def on_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty()


def _maybe(text: str) -> float | str:
    """A number, or nothing."""
    if not text.strip():
        return ""
    try:
        return float(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} 不是数 is no number") from None
