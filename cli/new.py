"""`simulate new`: a first scenario of one's own region, ready to run."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..models.errors import reason_of
from ..models.harmless import half_width
from ..models.shell import quoted, shell_word
from ..models.words import N_, msg, tr
from . import options
from .complaint import bad_value, misuse, warn
from .language import command, say, spoken
from .options import EXAMPLE, tell

if TYPE_CHECKING:
    from ..models.money import Money
    from ..models.quantity import Bilingual
    from ..scenarios.begin import Facts
    from ..scenarios.begin_own import OwnFacts
    from ..scenarios.ground import Ground

# Name of the fact, option, question; a region cannot begin without the first ones.
_ASKED: tuple[tuple[str, str, str], ...] = (
    ("year", "--year", N_("Base year, whose accounts are known")),
    ("gdp", "--gdp", N_("GDP")),
    ("primary", "--primary", N_("Value added of the primary sector")),
    ("industry", "--industry", N_("Value added of industry without construction")),
    (
        "secondary",
        "--secondary",
        N_("Value added of the secondary sector, industry and construction"),
    ),
    ("construction", "--construction", N_("Value added of construction")),
    ("ensure", "--target", N_("Target of GDP growth (minimum), %")),
)
_OPTIONAL: tuple[tuple[str, str, str], ...] = (
    ("stretch", "--stretch", N_("Stretch tier of GDP growth, %")),
    ("fai", "--fai", N_("Fixed-asset investment in the base year")),
    ("growth", "--growth", N_("Growth of GDP in the base year, %")),
    ("plan", "--plan", N_("Planned growth of investment, %")),
    ("industry_target", "--industry-target", N_("Target of above-scale industry, %")),
    ("fai_target", "--fai-target", N_("Target of investment growth, %")),
    (
        "outlook",
        "--outlook",
        N_("The nation's growth in the target year as forecast, % (otherwise what is shipped)"),
    ),
)
_AMOUNTS = ("gdp", "primary", "industry", "secondary", "construction", "fai")
_MAY_BE_EMPTY = ("industry", "construction")  # where the secondary sector is known
_EXAMPLE = 'simulate new "My city" --year 2023 --gdp 1000 --primary 100 --secondary 480 --target 6'
_EXAMPLE_OWN = (
    "simulate new Oregon --country USA --priors us/priors.yaml --year 2021 --gdp 250 --va goods=60"
    " --va services=190 --target 2.5"
)
_OF_CHINA = ("primary", "industry", "secondary", "construction", "industry_target", "fai_target")
"""Facts that only China's statistics have."""
_CHINESE = re.compile("[\u3400-\u9fff]")
_BOTH = re.compile(r"中国\s*China", re.IGNORECASE)


def number(text: str) -> float:
    """A number as bulletins print it: full-width digits, thousands, a unit behind it; a complaint otherwise.

    >>> number("3,806.6"), number("6.5%"), number("１３０３.８亿元"), number("2023年")
    (3806.6, 6.5, 1303.8, 2023.0)
    """
    plain = re.sub(r"[,，\s]", "", half_width(str(text)))
    try:
        return float(re.sub(r"(亿元?|年|%)$", "", plain))
    except ValueError:
        raise bad_value(msg("{text!r} is no number", text=str(text))) from None


class _Fiscal(float):
    """A year that was given as a fiscal one."""


def year(text: str) -> float:
    """A year, a fiscal one by the year in which it ends.

    >>> year("2023年"), year("2023-24")
    (2023.0, 2024.0)
    """
    from ..scenarios.tables.years import year_of

    found = year_of(str(text))
    if found is None:
        return number(text)
    return _Fiscal(found.year) if found.fiscal else float(found.year)


def _figures(command: Any) -> Any:
    for name, option, words in reversed((*_ASKED, *_OPTIONAL)):
        kind = year if name == "year" else number
        command = click.option(option, name, type=kind, metavar="NUMBER", default=None, help=words)(command)
    return command


@command(short_help=N_("Begin a scenario of your own region."))
@click.argument("region", metavar="REGION")
@click.option(
    "--english-name",
    "english",
    default="",
    help=N_("Name in English, for English reports; otherwise the name as it is."),
)
@_figures
@click.option(
    "--past",
    "past",
    multiple=True,
    metavar="YEAR=GROWTH[/TARGET]",
    help=(N_("Growth (and target) of earlier years, such as 2021=8.1/6,2022=3.5/7.5 (may be repeated).")),
)
@click.option(
    "--history",
    "history",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE.csv|.xlsx",
    help=N_("The same as a table: a column or row of years, growth, targets."),
)
@click.option(
    "--country",
    default="",
    help=N_(
        "Country, by name or code; not given: China. Outside China --priors is needed: nothing Chinese is"
        " used in silence."
    ),
)
@click.option(
    "--priors",
    metavar="FILE",
    default=None,
    help=N_(
        "Your own file of priors (table, trends, shocks), such as `simulate calibrate` writes; to use China's"
        " for another country as an assumption, say example:china-2023/priors.yaml."
    ),
)
@click.option(
    "--va",
    "va",
    multiple=True,
    metavar="NAME[:MODEL]=VALUE",
    help=N_(
        "With --priors: value added by class or group of its table (may be repeated); MODEL is agriculture,"
        " industry or services."
    ),
)
@click.option(
    "--begins",
    type=click.IntRange(1, 12),
    metavar="MONTH",
    default=1,
    help=N_("With --priors: month in which a fiscal year such as 2023-24 begins: 4 for April."),
)
@click.option("--consumption", type=number, default=None, help=N_("Household consumption."))
@click.option("--government", type=number, default=None, help=N_("Government consumption."))
@click.option("--transfers", type=number, default=None, help=N_("Household income not earned there."))
@click.option(
    "--currency",
    metavar="CODE",
    default="",
    help=N_("With --priors: currency of all amounts, such as USD; otherwise the country's."),
)
@click.option(
    "--scale",
    default=None,
    help=N_("With --priors: how many of it make a unit of amounts: million, billion (usual), 1000000 ..."),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help=N_("Folder to make; otherwise the region's name."),
)
@click.option("--quiet", "-q", is_flag=True, help=N_("Say nothing but the files."))
@options.lang
def new(
    region: str,
    english: str,
    past: tuple[str, ...],
    history: Path | None,
    country: str,
    priors: str | None,
    va: tuple[str, ...],
    begins: int,
    consumption: float | None,
    government: float | None,
    transfers: float | None,
    currency: str,
    scale: str | None,
    out: Path | None,
    quiet: bool,
    lang: str,
    **given: float | None,
) -> None:
    """Begin a scenario of your own region: a folder with two scenarios that run at once.

    Asks for what is not given, on a terminal or from a pipe: three sectors are enough. What you leave out is
    filled from national figures, and the file says so line by line. Never overwrites.

    \b
    simulate new "My city" --year 2023 --gdp 1000 --primary 100 --secondary 480 --target 6
    simulate new Oregon --country USA --priors us/priors.yaml --year 2021 --gdp 250 --target 2.5
    """
    from ..results.text.format import safe_name
    from ..results.write import WriteError

    if isinstance(given["year"], _Fiscal) and begins == 1:
        raise misuse(msg("--year: a fiscal year needs --begins MONTH, with --priors FILE"))
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
        _only_with_priors(
            country,
            {
                "--va": bool(va),
                "--begins": begins > 1,
                "--consumption": consumption is not None,
                "--government": government is not None,
                "--transfers": transfers is not None,
                "--currency": bool(currency),
                "--scale": scale is not None,
            },
        )
        facts = _facts(region, english, dict(given), past, history)
        from ..scenarios.begin import begin, doubts

        files, known = begin(facts), bool(facts.past)
        for doubt in doubts(facts):
            _note(doubt, lang)
    else:
        own = _own(region, english, country, dict(given), past, history, va, accounts, priors)
        from ..scenarios.begin_own import begin_own, models_of

        money = _money(currency, scale, own[0].country, own[1].money)
        facts_own = replace(own[0], begins=begins)
        files = begin_own(facts_own, own[1], _named_from(priors, folder), money)
        known = bool(facts_own.past)
    _make(folder, files)
    for name in files:
        click.echo(str(folder / name))
    if priors is not None:
        guessed = ", ".join(f"{name}={model}" for name, model in models_of(*own).items())
        _note(msg("models of sectors: {models}; --va NAME:MODEL=VALUE changes them", models=guessed), lang)
        _note(msg("amounts are in {unit}; --currency and --scale change it", unit=money.unit(lang)), lang)
    tell(_next_steps(folder, lang), quiet)
    for note in _left_open(region, english, known, bool(country), priors):
        _note(note, lang, quiet)


def _money(currency: str, scale: str | None, country: str, priors: Money | None) -> Money:
    """The money of a new region: as asked for, else that of the priors, else the country's own, in
    billions."""
    from ..models.money import Money, known_currency, scale_of
    from ..scenarios.countries import currency_of

    if not currency and scale is None and priors is not None:
        return priors
    code = (currency or currency_of(country)).upper()
    size = scale_of(scale or "billion")
    if not code or not known_currency(code):
        raise misuse(
            msg("--currency {code}: expected a code such as USD, EUR", code=code or '""')
            if currency
            else msg("{country}: its currency is not known; give --currency, such as EUR", country=country)
        )
    if size is None:
        raise misuse(
            msg("--scale {scale}: expected thousand, million, billion or a power of ten", scale=scale)
        )
    return Money(currency=code, scale=size)


def _only_with_priors(country: str, given: Mapping[str, bool]) -> None:
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
    if alone := [option for option, there in given.items() if there]:
        raise misuse(msg("{options}: only with --priors FILE", options=", ".join(alone)))


def _named_from(priors: str, folder: Path) -> str:
    """How a file in the new folder names the priors."""
    if priors.startswith(EXAMPLE):
        return priors
    return Path(os.path.relpath(priors, folder)).as_posix()


def _make(folder: Path, files: Mapping[str, str]) -> None:
    """Write the folder whole: what does not run is left to nobody."""
    from ..engine.run import check
    from ..models.errors import ScenarioError
    from ..results.place import beside, room, tidy
    from ..results.write import WriteError
    from ..scenarios.load import load

    try:
        room(folder.parent)
        tidy(folder.parent)
        with beside(folder, folder=True) as fresh:
            for name, text in files.items():
                (fresh / name).write_bytes(text.encode())
            for name in files:  # only what runs is left to the user
                check(load(fresh / name))
            fresh.rename(folder)
    except ScenarioError as error:  # told of the files as they were to be called
        raise ScenarioError(
            [replace(each, file=_called(each.file, folder, files)) for each in error.problems]
        ) from None
    except OSError as error:
        raise WriteError(
            msg(
                "cannot write {folder}: {reason}; nothing was left half written;"
                " give another folder with --out",
                folder=folder,
                reason=reason_of(error),
            )
        ) from error


def _called(file: str, folder: Path, files: Mapping[str, str]) -> str:
    """A file by its name in the new folder, if it is one of those that were to stand there."""
    path = Path(file)
    fresh = path.name in files and path.parent.name.startswith(f".{folder.name}-")
    return str(folder / path.name) if fresh else file


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

    name, ground = _name(region), ground_of(priors)
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
    year = _base_year(given["year"])
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
        past=_with_base(_past(_stated(past), history, year), year, given["growth"]),
    ), ground


def _name(region: str) -> str:
    """The region's name in one line."""
    name = _one_line(region)
    if not name:
        raise misuse(msg("The region's name is empty."))
    return name


def _base_year(year: float) -> int:
    """The year whose accounts are known."""
    if not (1950 <= year <= 2150 and float(year).is_integer()):
        raise misuse(msg("--year {year:g}: expected a year from 1950 to 2150.", year=year))
    return int(year)


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


_Past = dict[int, tuple[float | None, float | None]]
"""Growth and target by year."""


def _stated(past: Sequence[str]) -> list[tuple[int, tuple[float | None, float | None]]]:
    """Growth and target of the years of every option."""
    return [pair for text in past for pair in _years(text)]


def _past(
    known: list[tuple[int, tuple[float | None, float | None]]], history: Path | None, year: int
) -> _Past:
    """Growth and target by year, from options and from a table; of no year twice."""
    if history is not None:
        known = known + _table(history, year)
    twice = next((each for each, _ in known if sum(other == each for other, _ in known) > 1), None)
    if twice is not None:
        raise misuse(msg("--past {year}: given twice.", year=twice))
    return dict(known)


def _with_base(past: _Past, year: int, growth: float | None) -> _Past:
    """The same with the base year's growth, where it was given."""
    return past if growth is None else past | {year: (growth, past[year][1] if year in past else None)}


def _note(said: Bilingual, lang: str, quiet: bool = False) -> None:
    """Something to think of, on standard error."""
    tell(f"{tr(lang, 'NOTE')}  {said.of(lang)}", quiet)


def _next_steps(folder: Path, lang: str) -> str:
    head = tr(lang, "NEXT") + "  "
    then = tr(lang, "then replace the assumptions in the file one by one")
    baseline, stretch = shell_word(folder / "baseline.yaml"), shell_word(folder / "stretch.yaml")
    return f"{head}simulate {baseline}\n{head}simulate compare {baseline} {stretch}\n{head}{then}"


def _left_open(
    region: str, english: str, known: bool, country: bool, priors: str | None
) -> Iterator[Bilingual]:
    """What was not said, and what that does."""
    if not known:
        yield msg(
            "no history was given, so the forecast is wider: --history FILE, or --past 2019=6.2/7,2020=2.5"
        )
    if priors is None and not country and not _CHINESE.search(region):
        yield msg(
            "no --country was given: taken as China, whose table, trends, shocks and experience are used;"
            " elsewhere give --country NAME --priors FILE"
        )
    if not english and _CHINESE.search(region):
        yield msg(
            "English reports carry the name as it is: give --english-name, or edit `title` in the files"
        )


def _facts(
    region: str,
    english: str,
    given: dict[str, Any],
    past: tuple[str, ...],
    history: Path | None,
) -> Facts:
    """The figures given, and those asked for; what is needed and not there is named."""
    from ..scenarios.begin import Facts

    name, known = _name(region), _stated(past)
    if _needed(given):
        english = _ask(name, english, given, known if not (known or history) else None)
    if missing := _needed(given):
        named = ", ".join(missing).replace("--industry, --secondary", "--industry/--secondary")
        raise misuse(msg("missing: {named}. Example: {example}", named=named, example=_EXAMPLE))
    year = _base_year(given.pop("year"))
    return Facts(
        region=name, year=year, english=_one_line(english), past=_past(known, history, year), **given
    )


_HISTORY = N_("Growth/target of earlier years, five to ten in one line, such as 2019=6.2/7, 2020=2.5")


def _years(text: str) -> list[tuple[int, tuple[float | None, float | None]]]:
    """Growth and target of years: ``2019=6.2/7, 2020=2.5``."""
    parts = re.split(r"[,;、\s]+(?=\d{4}(?:[-/]\d{2,4})?\s*=)", half_width(text).strip(",;、 "))
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
    from ..scenarios.tables.years import year_of

    called, equals, rest = half_width(text).partition("=")
    grown, slash, aimed = rest.partition("/")
    found = year_of(called)
    if not equals or not found:
        raise bad_value(
            msg("--past {text}: expected YEAR=GROWTH or YEAR=GROWTH/TARGET, e.g. 2022=3.5/7.5", text=text)
        )
    return found.year, (number(grown), number(aimed) if slash else None)


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
                given[fact] = _answer(_with_unit(fact, question), empty=fact in _MAY_BE_EMPTY)
        if _needed(given):
            return english
        tell(say(N_("The rest may be left empty (Enter); national figures fill it.")))
        for fact, _, question in _OPTIONAL:
            if given.get(fact) is None:
                given[fact] = _answer(_with_unit(fact, question), empty=True, told=False)
        if not english and _CHINESE.search(name):
            english = str(
                click.prompt(
                    say(N_("Name in English, for English reports")),
                    default="",
                    show_default=False,
                    err=True,
                )
            )
        if known is not None:
            known += click.prompt(say(_HISTORY), default="", show_default=False, err=True, value_proc=_years)
    except click.Abort:
        tell("\n" + _read_so_far(name, english, given))
        if sys.stdin.isatty():  # somebody wants to stop; elsewhere the answers have come to their end
            raise
    return english


def _with_unit(fact: str, question: str) -> str:
    """A question in the language spoken, with the unit of an amount."""
    if fact not in _AMOUNTS:
        return say(question)
    from ..models.money import Money

    return tr(spoken(), "{what} ({unit})", what=say(question), unit=Money().unit(spoken()))


def _read_so_far(name: str, english: str, given: dict[str, Any]) -> str:
    """The command that goes on where the answers ended: nothing typed in is lost."""
    words = [
        f"{option} {given[fact]:.10g}"
        for fact, option, _ in (*_ASKED, *_OPTIONAL)
        if given.get(fact) is not None
    ]
    called = " ".join(map(quoted, [name, *(("--english-name", english) if english else ())]))
    return tr(
        spoken(),
        "The answers end here, {count} figures were read; to go on:\n    simulate new {words}",
        count=len(words),
        words=" ".join([called, *words]),
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

    hint = say(N_(" (Enter: not known)")) if empty and told else ""
    found: float | None = click.prompt(
        question + hint, default="", show_default=False, err=True, value_proc=read
    )
    return found
