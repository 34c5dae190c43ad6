"""`simulate doctor`: whether everything that the program needs is here, and what to do where it is not."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from .. import __version__
from ..models.errors import reason_of
from ..models.words import N_, tr
from . import options
from .language import command
from .streams import print_whole

_PACKAGES = (
    *("babel", "click", "numpy", "pandas", "pydantic", "pyomo", "PyYAML", "scipy", "simpy", "highspy"),
    *("threadpoolctl", "XlsxWriter"),
)
_EXTRAS = {
    "report": ("python-docx", "matplotlib"),
    "serve": ("starlette", "uvicorn"),
}  # asked for even where the program runs from a checkout
_FOR_DEVELOPERS = ("test", "dev", "docs")
_FONTS = (
    "noto sans cjk",
    "noto sans sc",
    "notosanscjk",
    "notosanssc",
    "source han",
    "sourcehan",
    "wqy",
    "wenquanyi",
    "simhei",
    "simsun",
    "msyh",
    "pingfang",
    "fandol",
    "droidsansfallback",
    "stheiti",
    "uming",
    "ukai",
)


class Check(NamedTuple):
    """One thing looked at: its name in English, whether it is as it should be (None: only a hint), what was
    found, what to do."""

    name: str
    ok: bool | None
    found: str
    todo: str = ""


def _name(name: str, lang: str) -> str:
    """The name of what was looked at; names of packages and solvers are the same in every language."""
    kind, _, rest = name.partition(" ")
    kinds = {
        "python": tr(lang, "python"),
        "package": tr(lang, "package"),
        "extra": tr(lang, "extra"),
        "solver": tr(lang, "solver"),
        "terminal": tr(lang, "terminal"),
        "folder": tr(lang, "folder"),
        "browser": tr(lang, "browser"),
    }
    return f"{kinds[kind]} {rest}".strip() if kind in kinds else tr(lang, "font for Chinese")


@command(short_help=N_("Check the installation and say what to do."))
@click.option("--json", "as_json", is_flag=True, help=N_("Print one JSON document instead."))
@options.lang
@options.out
@click.pass_context
def doctor(ctx: click.Context, as_json: bool, lang: str, out: Path) -> None:
    """Check Python, packages, solvers, fonts, browser, terminal and folder; exit code 3 where no solver
    works, 2 for other faults."""
    found = [
        finding
        for look in (_python, _packages, _solvers, _fonts, _browser, _terminal, _folder)
        for finding in look(out, "en" if as_json else lang)
    ]
    failed = [finding for finding in found if finding.ok is False]
    if as_json:
        import json

        whole = {
            "schema": "dabiao.doctor/1",
            "ok": not failed,
            "checks": [{"name": f.name, "ok": f.ok, "found": f.found, "todo": f.todo} for f in found],
        }
        print_whole(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    else:
        words = {True: tr(lang, "ok"), False: tr(lang, "FAULT"), None: tr(lang, "hint")}
        click.echo(f"dabiao {__version__}")
        for finding in found:
            click.echo(f"[{words[finding.ok]}] {_name(finding.name, lang)}{tr(lang, ': ')}{finding.found}")
            if finding.todo:
                click.echo(f"       {tr(lang, 'to do: ')}{finding.todo}")
        click.echo(tr(lang, "something is wrong, see above") if failed else tr(lang, "everything works"))
    solved = any(finding.ok for finding in found if finding.name.startswith("solver"))
    ctx.exit(0 if not failed and solved else 2 if solved else 3)


def _python(out: Path, lang: str) -> Iterator[Check]:
    right = sys.version_info >= (3, 11)
    yield Check(
        "python",
        right,
        f"{sys.version.split()[0]} ({sys.executable})",
        "" if right else tr(lang, "install Python 3.11 or later"),
    )


def _packages(out: Path, lang: str) -> Iterator[Check]:
    from importlib.metadata import PackageNotFoundError, version

    for package in _PACKAGES:
        try:
            yield Check(f"package {package}", True, version(package))
        except PackageNotFoundError:
            wanted = package != "highspy"
            yield Check(
                f"package {package}",
                False if wanted else None,
                tr(lang, "missing", context="a package"),
                f"pip install {package}",
            )
    lacking = _lacking()
    for extra, needed in _EXTRAS.items():
        missing = [package for package in needed if not _there(package)]
        if missing:
            lacking[extra] = missing
        else:
            yield Check(f"extra {extra}", True, ", ".join(needed))
    for extra, missing in lacking.items():
        yield Check(
            f"extra {extra}",
            None,
            tr(
                lang,
                "not installed: {packages}",
                packages=tr(lang, ", ", context="between the things of a list").join(missing),
            ),
            tr(lang, 'only if wanted: pip install "dabiao[{extra}]"', extra=extra),
        )


def _browser(out: Path, lang: str) -> Iterator[Check]:
    import webbrowser

    try:
        found = webbrowser.get()
    except webbrowser.Error:
        yield Check(
            "browser",
            None,
            tr(lang, "missing", context="a package"),
            tr(lang, "`simulate serve --no-browser` prints the address; open it on a machine that has one"),
        )
    else:
        yield Check("browser", True, getattr(found, "name", "") or type(found).__name__)


def _there(package: str) -> bool:
    from importlib.metadata import PackageNotFoundError, version

    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def _lacking() -> dict[str, list[str]]:
    """Packages of each extra that are not installed, as the installed program's own metadata list them."""
    import re
    from importlib.metadata import PackageNotFoundError, requires, version

    try:
        stated = requires("dabiao") or []
    except PackageNotFoundError:  # a checkout that is not installed
        return {}
    found: dict[str, list[str]] = {}
    for line in stated:
        package = re.match(r"[\w.-]+", line)
        extra = re.search(r"extra == ['\"]([\w-]+)['\"]", line)
        if package and extra and extra[1] not in _FOR_DEVELOPERS:
            try:
                version(package[0])
            except PackageNotFoundError:
                found.setdefault(extra[1], []).append(package[0])
    return found


def _solvers(out: Path, lang: str) -> Iterator[Check]:
    from ..models.errors import DabiaoError
    from ..solvers.model import Compiled, Question, Rows
    from ..solvers.solve import SOLVERS, solve

    for name, solver in SOLVERS.items():
        if not solver.available():
            why = solver.broken()
            yield Check(
                f"solver {name}",
                None if why is None else False,
                tr(lang, "not found") if why is None else why if isinstance(why, str) else why.of(lang),
                solver.how if isinstance(solver.how, str) else solver.how.of(lang),
            )
            continue
        rows = Rows()
        rows.variable("x")
        rows.variable("y")
        rows.row("both", {"x": 1.0, "y": 2.0}, high=4.0)
        try:  # the largest x + y is 4, at x = 4
            value = solve(Compiled(rows), Question({"x": 1.0, "y": 1.0}), name).objective
            yield Check(
                f"solver {name}",
                abs(value - 4.0) < 1e-9,
                tr(
                    lang,
                    "found, a small problem gives {value:g} (right: 4)",
                    value=value,
                ),
            )
        except (DabiaoError, OSError) as error:
            fails = tr(lang, "found, but fails: {error}", error=error)
            yield Check(
                f"solver {name}",
                False,
                fails,
                solver.how if isinstance(solver.how, str) else solver.how.of(lang),
            )


def _fonts(out: Path, lang: str) -> Iterator[Check]:
    places = [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path.home() / ".fonts",
        Path.home() / ".local/share/fonts",
        Path("/System/Library/Fonts"),
        Path("/Library/Fonts"),
        Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
    ]
    for place in places:
        if os.path.isdir(place):
            for file in sorted(place.rglob("*.[to]t[fc]")):
                if any(word in f"{file.parent.name}/{file.name}".lower() for word in _FONTS):
                    yield Check("font for Chinese", True, str(file))
                    return
    yield Check(
        "font for Chinese",
        None,
        tr(lang, "none found on the system"),
        tr(
            lang,
            'only pictures in Word need it: apt install fonts-noto-cjk, pip install "dabiao[fonts]", or'
            " DABIAO_FONT=FILE",
        ),
    )


def _terminal(out: Path, lang: str) -> Iterator[Check]:
    encoding = (sys.stdout.encoding or "ascii").lower()
    try:
        "达标√·".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        yield Check(
            "terminal",
            None,
            tr(lang, "encoding {encoding} cannot show Chinese", encoding=encoding),
            tr(lang, "set PYTHONUTF8=1 (Windows: chcp 65001), or use --lang en"),
        )
    else:
        yield Check("terminal", True, tr(lang, "encoding {encoding}", encoding=encoding))


def _folder(out: Path, lang: str) -> Iterator[Check]:
    place = out
    while not os.path.exists(place) and place != place.parent:
        place = place.parent
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".dabiao-") as file:
            file.write(b"1")
    except OSError as error:
        yield Check(
            "folder",
            False,
            tr(
                lang,
                "{folder} cannot be written ({why})",
                folder=place,
                why=reason_of(error),
            ),
            tr(lang, "give another folder with --out"),
        )
    else:
        told = tr(lang, "{folder} can be written", folder=place.resolve())
        yield Check("folder", True, told)
