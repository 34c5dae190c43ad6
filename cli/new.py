"""`simulate new`: a first scenario of one's own region, ready to run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..models.words import msg
from .complaint import bad_value, misuse, warn
from .options import EXAMPLE, tell

if TYPE_CHECKING:
    from ..scenarios.begin_own import OwnFacts
    from ..scenarios.ground import Ground

# Name of the fact, option, question; a region cannot begin without the first ones.
_ASKED: tuple[tuple[str, str, str], ...] = (
    ("year", "--year", "基年（账户已知的年份） Base year, whose accounts are known"),
    ("gdp", "--gdp", "地区生产总值，亿元 GDP, CNY 100m"),
    ("primary", "--primary", "第一产业增加值，亿元 Value added of the primary sector, CNY 100m"),
    (
        "industry",
        "--industry",
        "工业增加值（不含建筑业），亿元 Value added of industry without construction, CNY 100m",
    ),
    (
        "secondary",
        "--secondary",
        (
            "第二产业增加值（工业和建筑业），亿元 Value added of the secondary sector, industry and"
            " construction, CNY 100m"
        ),
    ),
    ("construction", "--construction", "建筑业增加值，亿元 Value added of construction, CNY 100m"),
    ("ensure", "--target", "GDP增速目标（确保），% Target of GDP growth (ensure), %"),
)
_OPTIONAL: tuple[tuple[str, str, str], ...] = (
    ("stretch", "--stretch", "GDP增速目标（力争），% Stretch tier of GDP growth, %"),
    ("fai", "--fai", "固定资产投资，亿元 Fixed-asset investment in the base year, CNY 100m"),
    ("growth", "--growth", "基年GDP增速，% Growth of GDP in the base year, %"),
    ("plan", "--plan", "计划投资增速，% Planned growth of investment, %"),
    ("industry_target", "--industry-target", "规上工业增速目标，% Target of above-scale industry, %"),
    ("fai_target", "--fai-target", "投资增速目标，% Target of investment growth, %"),
    (
        "outlook",
        "--outlook",
        (
            "目标年全国增长预测，% The nation's growth in the target year as forecast, % (otherwise what is"
            " shipped)"
        ),
    ),
)
_MAY_BE_EMPTY = ("industry", "construction")  # where the secondary sector is known
_EXAMPLE = (
    'simulate new 某市 --english-name "My city" --year 2023 --gdp 1000 --primary 100 --secondary 480'
    " --target 6"
)
_EXAMPLE_OWN = (
    "simulate new Oregon --country USA --priors us/priors.yaml --year 2021 --gdp 250 --va goods=60"
    " --va services=190 --target 2.5"
)
_OF_CHINA = ("primary", "industry", "secondary", "construction", "industry_target", "fai_target")
"""Facts that only China's statistics have."""
_CHINESE = re.compile("[\u3400-\u9fff]")
_BOTH = re.compile(r"中国\s*China", re.IGNORECASE)


def number(text: str) -> float:
    """A number as bulletins print it: full-width digits, thousands, a unit behind it; a complaint in both
    languages otherwise.

    >>> number("3,806.6"), number("6.5%"), number("１３０３.８亿元"), number("2023年")
    (3806.6, 6.5, 1303.8, 2023.0)
    """
    plain = re.sub(r"[,，\s]", "", unicodedata.normalize("NFKC", str(text)))
    try:
        return float(re.sub(r"(亿元?|年|%)$", "", plain))
    except ValueError:
        raise bad_value(msg("{text!r} is no number", text=str(text))) from None


def _figures(command: Any) -> Any:
    for name, option, words in reversed((*_ASKED, *_OPTIONAL)):
        command = click.option(option, name, type=number, default=None, help=words)(command)
    return command


@click.command(short_help="新建方案 Begin a scenario of your own region.")
@click.argument("region", metavar="REGION")
@click.option(
    "--english-name",
    "english",
    default="",
    help="英文名，用于英文报告 Name in English, for English reports; otherwise the name as it is.",
)
@_figures
@click.option(
    "--past",
    "past",
    multiple=True,
    metavar="YEAR=GROWTH[/TARGET]",
    help=(
        "更早年份的增速和目标 Growth (and target) of earlier years, such as 2021=8.1/6,2022=3.5/7.5 (may be"
        " repeated)."
    ),
)
@click.option(
    "--history",
    "history",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE.csv|.xlsx",
    help="历年增速和目标的表格 The same as a table: a column or row of years, growth, targets.",
)
@click.option(
    "--country",
    default="",
    help=(
        "国家，名称或代码 Country, by name or code; not given: China. Outside China --priors is needed:"
        " nothing Chinese is used in silence."
    ),
)
@click.option(
    "--priors",
    metavar="FILE",
    default=None,
    help=(
        "先验值文件 Your own file of priors (table, trends, shocks), such as `simulate calibrate` writes; to"
        " use China's for another country as an assumption, say example:china-2023/priors.yaml."
    ),
)
@click.option(
    "--va",
    "va",
    multiple=True,
    metavar="NAME[:MODEL]=VALUE",
    help=(
        "与 --priors 合用：部门增加值 With --priors: value added by class or group of its table (may be"
        " repeated); MODEL is agriculture, industry or services."
    ),
)
@click.option("--consumption", type=number, default=None, help="居民消费 Household consumption.")
@click.option("--government", type=number, default=None, help="政府消费 Government consumption.")
@click.option("--transfers", type=number, default=None, help="转移性收入 Household income not earned there.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="目录 Folder to make; otherwise the region's name.",
)
@click.option("--quiet", "-q", is_flag=True, help="不报进度 Say nothing but the files.")
def new(
    region: str,
    english: str,
    past: tuple[str, ...],
    history: Path | None,
    country: str,
    priors: str | None,
    va: tuple[str, ...],
    consumption: float | None,
    government: float | None,
    transfers: float | None,
    out: Path | None,
    quiet: bool,
    **given: float | None,
) -> None:
    """新建方案 Begin a scenario of your own region: a folder with two scenarios that run at once.

    Asks for what is not given, on a terminal or from a pipe: three sectors are enough. What you leave out is
    filled from national figures, and the file says so line by line. Never overwrites.

    \b
    simulate new 某市 --english-name "My city" --year 2023 --gdp 1000 --primary 100 --secondary 480 --target 6
    simulate new Oregon --country USA --priors us/priors.yaml --year 2021 --gdp 250 --target 2.5
    """
    from ..results.text.format import safe_name
    from ..results.write import WriteError

    folder = out or Path(safe_name(region, "region"))
    if os.path.lexists(folder):
        raise WriteError(
            msg(
                "{folder} is there already and nothing was changed; give another folder with --out",
                folder=folder,
            )
        )
    accounts = {
        "household_consumption": consumption,
        "government_consumption": government,
        "transfers": transfers,
    }
    if priors is None:
        _only_with_priors(country, va, accounts)
        facts = _facts(region, english, dict(given), past, history)
        from ..scenarios.begin import begin, doubts

        files = begin(facts)
        for zh, en in doubts(facts):
            tell(f"提示 NOTE  {zh}\n           {en}")
        if not country and not _CHINESE.search(region):
            tell(_TAKEN, quiet)
    else:
        own = _own(region, english, country, dict(given), past, history, va, accounts, priors)
        from ..scenarios.begin_own import begin_own, models_of

        files = begin_own(*own, _named_from(priors, folder))
        guessed = ", ".join(f"{name}={model}" for name, model in models_of(*own).items())
        tell(f"部门模型 MODELS  {guessed}（--va NAME:MODEL=VALUE 可改 changes them）", quiet)
    _make(folder, files)
    for name in files:
        click.echo(str(folder / name))
    tell(
        f"下一步 NEXT  simulate {folder / 'baseline.yaml'}\n"
        f"             simulate compare {folder / 'baseline.yaml'} {folder / 'stretch.yaml'}\n"
        "             然后逐个替换文件里的假定 then replace the assumptions in the file one by one",
        quiet,
    )
    tell(_NO_HISTORY, quiet or bool(past or history) or (priors is None and bool(facts.past)))
    if not english and _CHINESE.search(region):
        tell(
            "提示 NOTE  英文报告的标题沿用原名；另给英文名：--english-name，或改文件里的 title "
            "English reports carry the name as it is: give --english-name, or edit `title` in the files",
            quiet,
        )


_TAKEN = (
    "国家 COUNTRY  未给 --country，按中国：投入产出表、趋势、冲击和经验均为中国数据\n"
    "              No --country was given: taken as China, whose table, trends, shocks and experience\n"
    "              are used; elsewhere give --country NAME --priors FILE"
)


def _only_with_priors(country: str, va: Sequence[str], accounts: Mapping[str, float | None]) -> None:
    """Nothing where a region is China's, or taken to be; else that another country needs its own priors."""
    from ..scenarios.countries import named, same

    foreign = bool(country) and not same(country, "China")
    if foreign and not _BOTH.fullmatch(country.strip()):
        raise misuse(
            msg(
                "--country {country}: nothing is shipped for it. Give --priors FILE with its input-output"
                " table, trends and shocks (simulate calibrate PANEL.csv --extends FILE writes trends and"
                " shocks; example:templates/any-country.yaml is where to begin), or say --priors {china}:"
                " then China's stand in as an assumption, and every verdict says so.",
                country=named(country),
                china=f"{EXAMPLE}china-2023/priors.yaml",
            )
        )
    asked = [f"--{name.partition('_')[0]}" for name, value in accounts.items() if value is not None]
    if alone := [*(["--va"] if va else []), *asked]:
        raise misuse(msg("{options}: only with --priors FILE", options=", ".join(alone)))


def _named_from(priors: str, folder: Path) -> str:
    """How a file in the new folder names the priors."""
    if priors.startswith(EXAMPLE):
        return priors
    return Path(os.path.relpath(priors, folder)).as_posix()


def _make(folder: Path, files: Mapping[str, str]) -> None:
    """Write the folder whole: what does not run is left to nobody."""
    from ..engine.run import check
    from ..results.write import WriteError
    from ..scenarios.load import load

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    except OSError as error:
        raise WriteError(
            msg(
                "cannot make {folder}: {reason}; give another folder with --out",
                folder=folder,
                reason=error.strerror or error,
            )
        ) from error
    try:
        for name, text in files.items():
            (beside / name).write_bytes(text.encode())
        for name in files:  # only what runs is left to the user
            check(load(beside / name))
        beside.chmod(0o755)
        beside.rename(folder)
    except OSError as error:
        raise WriteError(
            msg(
                "cannot write {folder}: {reason}; nothing was left half written",
                folder=folder,
                reason=error.strerror or error,
            )
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _own(
    region: str,
    english: str,
    country: str,
    given: dict[str, Any],
    past: tuple[str, ...],
    history: Path | None,
    va: tuple[str, ...],
    accounts: Mapping[str, float | None],
    priors: str,
) -> tuple[OwnFacts, Ground]:
    """The figures of a region on a file of priors of its own, and what that offers."""
    from ..scenarios.begin_own import OwnFacts
    from ..scenarios.ground import ground_of

    name, ground = _one_line(region), ground_of(priors)
    if not name:
        raise misuse(msg("The region's name is empty."))
    chinese = [option for fact, option, _ in (*_ASKED, *_OPTIONAL) if fact in _OF_CHINA and given.get(fact)]
    if chinese:
        raise misuse(msg("{options}: not with --priors; give --va NAME=VALUE", options=", ".join(chinese)))
    missing = [option for fact, option in (("year", "--year"), ("ensure", "--target")) if given[fact] is None]
    if given["gdp"] is None and not va:
        missing.append("--gdp/--va")
    if not (country or ground.country):
        missing.append("--country")
    if missing:
        raise misuse(
            msg("missing: {named}. Example: {example}", named=", ".join(missing), example=_EXAMPLE_OWN)
        )
    parts = [_part(text) for text in va]
    known = {"fai": given["fai"], **accounts}
    year = int(given["year"])
    return OwnFacts(
        region=name,
        english=_one_line(english),
        country=country or ground.country,
        year=year,
        gdp=given["gdp"],
        va={key: value for key, _, value in parts},
        models={key: model for key, model, _ in parts if model},
        accounts={key: value for key, value in known.items() if value is not None},
        ensure=given["ensure"],
        stretch=given["stretch"],
        plan=given["plan"],
        outlook=given["outlook"],
        past=_past(past, history, year, given["growth"]),
    ), ground


def _part(text: str) -> tuple[str, str, float]:
    """Name, model and value added of a sector: ``goods:industry=60``."""
    from ..scenarios.ground import MODELS

    head, equals, value = text.partition("=")
    name, _, model = head.partition(":")
    if not equals or not name.strip() or (model.strip() and model.strip() not in MODELS):
        raise bad_value(
            msg(
                "--va {text}: expected NAME=VALUE or NAME:MODEL=VALUE, MODEL one of {models}",
                text=text,
                models=", ".join(MODELS),
            )
        )
    return name.strip(), model.strip(), number(value)


def _past(
    past: tuple[str, ...], history: Path | None, year: int, growth: float | None
) -> dict[int, tuple[float | None, float | None]]:
    """Growth and target by year, from options and from a table; of no year twice."""
    known = [pair for text in past for pair in _years(text)]
    if history is not None:
        known += _table(history, year)
    twice = next((each for each, _ in known if sum(other == each for other, _ in known) > 1), None)
    if twice is not None:
        raise misuse(msg("--past {year}: given twice.", year=twice))
    found = dict(known)
    if growth is not None:
        found[year] = (growth, found[year][1] if year in found else None)
    return found


def _facts(
    region: str,
    english: str,
    given: dict[str, Any],
    past: tuple[str, ...],
    history: Path | None,
) -> Any:
    """The figures given, and those asked for; what is needed and not there is named."""
    from ..scenarios.begin import Facts

    name = _one_line(region)
    if not name:
        raise misuse(msg("The region's name is empty."))
    known = [pair for text in past for pair in _years(text)]
    if _needed(given):
        english = _ask(name, english, given, known if not (known or history) else None)
    if missing := _needed(given):
        named = ", ".join(missing).replace("--industry, --secondary", "--industry/--secondary")
        raise misuse(msg("missing: {named}. Example: {example}", named=named, example=_EXAMPLE))
    year = given.pop("year")
    if not (1950 <= year <= 2150 and float(year).is_integer()):
        raise misuse(msg("--year {year:g}: expected a year from 1950 to 2150.", year=year))
    if history is not None:
        known += _table(history, int(year))
    twice = next((each for each, _ in known if sum(other == each for other, _ in known) > 1), None)
    if twice is not None:
        raise misuse(msg("--past {year}: given twice.", year=twice))
    return Facts(region=name, year=int(year), english=_one_line(english), past=dict(known), **given)


_NO_HISTORY = (
    "历史 HISTORY  未给历年增速，参照预测较宽：--history 文件，或 --past 2019=6.2/7,2020=2.5\n"
    "              No history was given, the forecast is wider: --history FILE, or --past 2019=6.2/7,2020=2.5"
)
_HISTORY = (
    "历年增速/目标（五到十年，一行） Growth/target of earlier years, five to ten in one line, such as"
    " 2019=6.2/7, 2020=2.5"
)


def _years(text: str) -> list[tuple[int, tuple[float | None, float | None]]]:
    """Growth and target of years: ``2019=6.2/7, 2020=2.5``."""
    parts = re.split(r"[,;、\s]+(?=\d{4}\s*=)", unicodedata.normalize("NFKC", text).strip(",;、 "))
    return [_year(part) for part in parts if part]


def _table(file: Path, base: int) -> list[tuple[int, tuple[float | None, float | None]]]:
    """Growth and target of years up to the base year out of a table; what was understood is told."""
    from ..scenarios.begin_past import read_past
    from ..scenarios.report import Report

    report = Report()
    found = read_past(file, report)
    for note in report.notes:
        warn(note)
    report.stop()
    later = [str(year) for year in found if year > base]
    if later:
        warn(msg("{file}: {years} after the base year: left out", file=file, years=", ".join(later)))
    return [(year, row) for year, row in found.items() if year <= base]


def _year(text: str) -> tuple[int, tuple[float | None, float | None]]:
    """Growth and target of a year: ``2022=3.5/7.5``, or ``2022=3.5``."""
    year, equals, rest = unicodedata.normalize("NFKC", text).partition("=")
    grown, slash, aimed = rest.partition("/")
    if not equals or not year.strip().isdigit():
        raise bad_value(
            msg("--past {text}: expected YEAR=GROWTH or YEAR=GROWTH/TARGET, e.g. 2022=3.5/7.5", text=text)
        )
    return int(year), (number(grown), number(aimed) if slash else None)


def _needed(given: dict[str, Any]) -> list[str]:
    """Options still needed."""
    return [option for fact, option, _ in _ASKED if _open(fact, given) and fact != "construction"]


def _open(fact: str, given: dict[str, Any]) -> bool:
    """Whether a fact is not known yet: of industry, the secondary sector and construction two give the
    third."""
    if given.get(fact) is not None:
        return False
    known = {name for name in ("industry", "secondary", "construction") if given.get(name) is not None}
    if fact == "industry":
        return "secondary" not in known
    if fact == "secondary":
        return "industry" not in known
    return fact != "construction" or len(known) < 2


def _ask(
    name: str,
    english: str,
    given: dict[str, Any],
    known: list[tuple[int, tuple[float | None, float | None]]] | None,
) -> str:
    """Ask for what is not given, until somebody has answered all or the input ends; the English name comes
    back, years are added to those ``known`` (None: not asked for)."""
    try:
        for fact, _, question in _ASKED:
            if _open(fact, given):
                given[fact] = _answer(question, empty=fact in _MAY_BE_EMPTY)
        if _needed(given):
            return english
        tell("以下可留空（回车），由全国数填补 The rest may be left empty (Enter); national figures fill it.")
        for fact, _, question in _OPTIONAL:
            if given.get(fact) is None:
                given[fact] = _answer(question, empty=True, told=False)
        if not english and _CHINESE.search(name):
            english = str(
                click.prompt(
                    "英文名，用于英文报告 Name in English, for English reports",
                    default="",
                    show_default=False,
                    err=True,
                )
            )
        if known is not None:
            known += click.prompt(_HISTORY, default="", show_default=False, err=True, value_proc=_years)
    except click.Abort:
        tell("\n" + _read_so_far(name, english, given))
        if sys.stdin.isatty():  # somebody wants to stop; elsewhere the answers have come to their end
            raise
    return english


def _read_so_far(name: str, english: str, given: dict[str, Any]) -> str:
    """The command that goes on where the answers ended: nothing typed in is lost."""
    words = [
        f"{option} {given[fact]:.10g}"
        for fact, option, _ in (*_ASKED, *_OPTIONAL)
        if given.get(fact) is not None
    ]
    called = shlex.join([name, *(("--english-name", english) if english else ())])
    return (
        f"输入到此为止，已读到 {len(words)} 个数；接着做 The answers end here, {len(words)} figures were"
        " read; to go on:\n"
        f"    simulate new {' '.join([called, *words])}"
    )


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:60].strip()


def _answer(question: str, empty: bool, told: bool = True) -> float | None:
    """A figure typed in, asked again where it is none; None for an answer left ``empty``."""

    def read(text: str) -> float | None:
        if text.strip():
            return number(text)
        if empty:
            return None
        raise bad_value(msg("a number is needed"))

    hint = "（不知道就回车 Enter: not known）" if empty and told else ""
    found: float | None = click.prompt(
        question + hint, default="", show_default=False, err=True, value_proc=read
    )
    return found
