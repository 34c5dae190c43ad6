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

_PACKAGES = ("click", "numpy", "pandas", "pydantic", "pyomo", "PyYAML", "simpy", "highspy", "XlsxWriter")
_EXTRAS = {"report": ("python-docx", "matplotlib")}  # asked for even where the program runs from a checkout
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


class Finding(NamedTuple):
    """One thing looked at: whether it is as it should be (None: only a hint), what was found, what to do; the
    last two in Chinese too."""

    name: str
    ok: bool | None
    found: str
    todo: str = ""
    zh: str = ""
    zh_todo: str = ""

    def line(self, lang: str) -> tuple[str, str, str]:
        """Name, what was found and what to do in one language; names, versions and paths are the same in
        both."""
        if lang == "en":
            return self.name, self.found, self.todo
        kind, _, rest = self.name.partition(" ")
        return (
            f"{_KINDS.get(kind, kind)} {rest}".strip() if kind != "font" else "中文字体",
            self.zh or self.found,
            self.zh_todo or self.todo,
        )


_KINDS = {
    "python": "Python",
    "package": "程序包",
    "extra": "附加功能",
    "solver": "求解器",
    "terminal": "终端",
    "folder": "结果目录",
}


@click.command(short_help="检查安装 Check the installation and say what to do.")
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON Print one JSON document instead.")
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    envvar="DABIAO_LANG",
    show_default=True,
    help="语言 Language.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="结果目录 Folder for results.",
)
@click.pass_context
def doctor(ctx: click.Context, as_json: bool, lang: str, out: Path) -> None:
    """检查安装 Check Python, packages, solvers, fonts, terminal and folder; exit code 3 where no solver
    works, 2 for other faults."""
    found = [
        finding
        for look in (_python, _packages, _solvers, _fonts, _terminal, _folder)
        for finding in look(out)
    ]
    failed = [finding for finding in found if finding.ok is False]
    if as_json:
        import json

        whole = {
            "schema": "dabiao.doctor/1",
            "ok": not failed,
            "checks": [{"name": f.name, "ok": f.ok, "found": f.found, "todo": f.todo} for f in found],
        }
        click.echo(json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n", nl=False)
    else:
        words = {"zh": ("正常", "故障", "提示"), "en": ("ok", "FAULT", "hint")}[lang]
        click.echo(f"dabiao {__version__}")
        for finding in found:
            word = words[2] if finding.ok is None else words[0] if finding.ok else words[1]
            name, told, todo = finding.line(lang)
            click.echo(f"[{word}] {name}{'：' if lang == 'zh' else ': '}{told}")
            if todo:
                click.echo(f"       {'办法：' if lang == 'zh' else 'to do: '}{todo}")
        verdict = (
            ("一切正常", "有故障，见上")
            if lang == "zh"
            else ("everything works", "something is wrong, see above")
        )
        click.echo(verdict[bool(failed)])
    solved = any(finding.ok for finding in found if finding.name.startswith("solver"))
    ctx.exit(0 if not failed and solved else 2 if solved else 3)


def _python(out: Path) -> Iterator[Finding]:
    right = sys.version_info >= (3, 11)
    yield Finding(
        "python",
        right,
        f"{sys.version.split()[0]} ({sys.executable})",
        "" if right else "install Python 3.11 or later",
        zh_todo="" if right else "请安装 Python 3.11 或更新版本",
    )


def _packages(out: Path) -> Iterator[Finding]:
    from importlib.metadata import PackageNotFoundError, version

    for package in _PACKAGES:
        try:
            yield Finding(f"package {package}", True, version(package))
        except PackageNotFoundError:
            wanted = package != "highspy"
            yield Finding(
                f"package {package}",
                False if wanted else None,
                "missing",
                f"pip install {package}",
                zh="未安装",
            )
    lacking = _lacking()
    for extra, needed in _EXTRAS.items():
        missing = [package for package in needed if not _there(package)]
        if missing:
            lacking[extra] = missing
        else:
            yield Finding(f"extra {extra}", True, ", ".join(needed))
    for extra, missing in lacking.items():
        yield Finding(
            f"extra {extra}",
            None,
            f"not installed: {', '.join(missing)}",
            f'only if wanted: pip install "dabiao[{extra}]"',
            f"未安装：{'、'.join(missing)}",
            f'需要时再装：pip install "dabiao[{extra}]"',
        )


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


def _solvers(out: Path) -> Iterator[Finding]:
    from ..models.errors import DabiaoError
    from ..solvers.model import Compiled, Question, Rows
    from ..solvers.solve import SOLVERS, solve

    for name, solver in SOLVERS.items():
        if not solver.available():
            yield Finding(f"solver {name}", None, "not found", str(solver.how), zh="未找到")
            continue
        rows = Rows()
        rows.variable("x")
        rows.variable("y")
        rows.row("both", {"x": 1.0, "y": 2.0}, high=4.0)
        try:  # the largest x + y is 4, at x = 4
            value = solve(Compiled(rows), Question({"x": 1.0, "y": 1.0}), name).objective
            yield Finding(
                f"solver {name}",
                abs(value - 4.0) < 1e-9,
                f"found, a small problem gives {value:g} (right: 4)",
                zh=f"可用，小题解得 {value:g}（正确为 4）",
            )
        except (DabiaoError, OSError) as error:
            yield Finding(
                f"solver {name}",
                False,
                f"found, but fails: {error}",
                str(solver.how),
                zh=f"找到但出错：{error}",
            )


def _fonts(out: Path) -> Iterator[Finding]:
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
        if place.is_dir():
            for file in sorted(place.rglob("*.[to]t[fc]")):
                if any(word in f"{file.parent.name}/{file.name}".lower() for word in _FONTS):
                    yield Finding("font for Chinese", True, str(file))
                    return
    yield Finding(
        "font for Chinese",
        None,
        "none found on the system",
        'only pictures in Word need it: apt install fonts-noto-cjk, pip install "dabiao[fonts]", or'
        " DABIAO_FONT=FILE",
        "系统中未找到",
        '只有 Word 中的图需要：apt install fonts-noto-cjk，或 pip install "dabiao[fonts]"，或设'
        " DABIAO_FONT=字体文件",
    )


def _terminal(out: Path) -> Iterator[Finding]:
    encoding = (sys.stdout.encoding or "ascii").lower()
    try:
        "达标√·".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        yield Finding(
            "terminal",
            None,
            f"encoding {encoding} cannot show Chinese",
            "set PYTHONUTF8=1 (Windows: chcp 65001), or use --lang en",
            f"编码 {encoding} 不能显示中文",
            "设 PYTHONUTF8=1（Windows：chcp 65001），或用 --lang en",
        )
    else:
        yield Finding("terminal", True, f"encoding {encoding}", zh=f"编码 {encoding}")


def _folder(out: Path) -> Iterator[Finding]:
    place = out
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".dabiao-") as file:
            file.write(b"1")
    except OSError as error:
        yield Finding(
            "folder",
            False,
            f"{place} cannot be written ({error.strerror})",
            "give another folder with --out",
            f"{place} 不可写（{error.strerror}）",
            "用 --out 另给一个目录",
        )
    else:
        yield Finding("folder", True, f"{place.resolve()} can be written", zh=f"{place.resolve()} 可写")
