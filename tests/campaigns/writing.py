"""Every command that writes, with what it needs, what it may write, and what is there before."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import campaign
from city import CITY
from command import GIVEN, call
from kinds import CANDIDATES, CITIES, FIGURES, FLOWS, LAKE, MONEY, PROJECTS, QUARTERS, REPORT

HIDDEN = re.compile(r"\..+-[0-9a-f]{8}\.(partial|old)$")
"""Names under which files are written before they take their place."""
PANEL = "region,year,growth,target\n" + "".join(
    f"{region},{year},{5 + (year * 7 + at * 3) % 5 - 1.5 * at},{6 - at}\n"
    for at, region in enumerate("abcdef")
    for year in range(2005, 2020)
)
STRETCH = "extends: a.yaml\ninvestment: {growth: 9}\n"
NEXT = CITY.replace("years: {base: 2023, target: 2024}", "years: {base: 2020, target: 2021}")
SWEEP = """\
scenarios: [a.yaml]
settings:
  low: {investment.growth: 4}
  high: {investment.growth: 8}
draws: 64
"""
PROVINCE = LAKE.replace("  trade: {rows: flows.csv, content: {value: 50, assumption: y}}\n", "")

COMMANDS: Mapping[str, Sequence[str]] = {
    "run": ("run", "a.yaml", "--draws", "64"),
    "run with a report": ("run", "a.yaml", "--draws", "64", "--report"),
    "run a workbook": ("run", "book.xlsx", "--draws", "0"),
    "compare": ("compare", "a.yaml", "b.yaml"),
    "report": ("report", "RUN", "--lang", "en"),
    "export": ("export", "RUN"),
    "export iamc": ("export", "RUN", "--format", "iamc"),
    "export package": ("export", "RUN", "--format", "datapackage"),
    "required": ("optimize", "required", "a.yaml", "--target", "gdp_growth"),
    "frontier": (
        "optimize",
        "frontier",
        "a.yaml",
        "--of",
        "gdp_growth",
        "--of",
        "limit:money",
        "--points",
        "3",
    ),
    "select": ("optimize", "select", "--candidates", "list.csv", "--budgets", "money.csv"),
    "select to": ("optimize", "select", "a.yaml", "--quarters", "4", "--to", "chosen.yaml"),
    "chain": ("optimize", "chain", "example:steel-mexico/network.yaml"),
    "explain": ("explain", "a.yaml"),
    "new": ("new", "城", *GIVEN),
    "template": ("template", "t.xlsx"),
    "convert to a workbook": ("convert", "a.yaml", "c.xlsx"),
    "convert to yaml": ("convert", "book.xlsx", "c.yaml"),
    "targets": ("targets", "report.txt", "--out", "t.yaml"),
    "schema": ("schema", "--out", "s.json"),
    "calibrate": ("calibrate", "panel.csv", "--draws", "128"),
    "backtest": ("backtest", "panel.csv", "--draws", "128", "--jobs", "1"),
    "sweep": ("sweep", "sweep.yaml", "--jobs", "0"),
    "province": ("province", "lake.yaml", "--draws", "128"),
    "track": ("track", "next.yaml", "--actuals", "figures.csv", "--draws", "4096"),
    "roll": ("roll", "next.yaml", "--actuals", "full.csv"),
    "sensitivity": ("sensitivity", "a.yaml", "--draws", "256"),
}
FULL = FIGURES.replace("2021年1—9月", "2021").replace("固定资产投资,12,11,", "固定资产投资,12,11,10")


@dataclass(frozen=True)
class Home:
    """A folder in which somebody works: inputs, an earlier run, notes of their own."""

    folder: Path

    @classmethod
    def laid(cls, folder: Path) -> Home:
        """A fresh one."""
        folder.mkdir(parents=True)
        for name, text in FILES.items():
            (folder / name).write_text(text, encoding="utf-8")
        for name, data in _made().items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        (folder / "runs" / "notes.txt").write_text("mine\n", encoding="utf-8")
        return cls(folder)

    @property
    def run(self) -> str:
        """The earlier run."""
        there = (self.folder / "runs" / "first").iterdir()
        (run,) = (found for found in there if re.fullmatch("[0-9a-f]{12}", found.name))
        return run.relative_to(self.folder).as_posix()

    def words(self, command: str) -> list[str]:
        """The words of a command here."""
        return [self.run if word == "RUN" else word for word in COMMANDS[command]]

    def state(self) -> dict[str, str]:
        """Every file with the hash of what it holds."""
        return {
            file.relative_to(self.folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(self.folder.rglob("*"))
            if file.is_file() and not file.is_symlink()
        }

    def broken(self, before: Mapping[str, str]) -> list[str]:
        """What a user lost, and what stands half written under its own name."""
        after = self.state()
        wrong = [f"{name} is gone or changed" for name, said in before.items() if after.get(name) != said]
        for manifest in self.folder.rglob("manifest.json"):
            if not any(HIDDEN.search(part) for part in manifest.relative_to(self.folder).parts):
                done = call("verify", manifest.parent, "--lang", "en")
                if done.exit_code != 0:
                    wrong.append(f"{manifest.parent.name}: {done.output[-300:]}")
        for folder in {file.parent.parent for file in self.folder.rglob("tables.json")}:
            for inner in folder.iterdir():
                if inner.is_dir() and not HIDDEN.search(inner.name) and not inner.name.startswith("."):
                    has = {file.name for file in inner.iterdir()}
                    if "tables.json" in has and "manifest.json" not in has:
                        wrong.append(f"{inner.name}: a run without its manifest")
        return [*wrong, *self._unreadable(before)]

    def _unreadable(self, before: Mapping[str, str]) -> list[str]:
        """New single files that are no whole ones."""
        wrong = []
        for name in self.state():
            if name in before or "/" in name:
                continue
            file = self.folder / name
            if HIDDEN.search(name) or file.suffix not in (".yaml", ".xlsx", ".json"):
                continue
            if not _whole(file):
                wrong.append(f"{name} is half written")
        return wrong

    def left(self) -> list[Path]:
        """What stands under a hidden name."""
        return [found for found in self.folder.rglob("*") if HIDDEN.search(found.name)]

    def aged(self) -> None:
        """Let what stands under hidden names be of yesterday."""
        for found in self.left():
            os.utime(found, (1, 1))


def _whole(file: Path) -> bool:
    import json
    import zipfile

    import yaml

    try:
        if file.suffix == ".xlsx":
            with zipfile.ZipFile(file) as held:
                return held.testzip() is None
        text = file.read_text(encoding="utf-8")
        return bool(json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)) and text.endswith(
            "\n"
        )
    except (OSError, ValueError, zipfile.BadZipFile, yaml.YAMLError):
        return False


FILES = {
    "a.yaml": CITY,
    "b.yaml": STRETCH,
    "next.yaml": NEXT,
    "list.csv": CANDIDATES,
    "money.csv": MONEY,
    "projects.csv": PROJECTS,
    "report.txt": REPORT,
    "panel.csv": PANEL,
    "quarters.csv": QUARTERS,
    "sweep.yaml": SWEEP,
    "lake.yaml": PROVINCE,
    "cities.csv": CITIES,
    "flows.csv": FLOWS,
    "figures.csv": FIGURES,
    "full.csv": FULL,
}


@cache
def _made() -> dict[str, bytes]:
    """A workbook and an earlier run, made once."""
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "first.yaml"
        file.write_text(CITY, encoding="utf-8")
        assert call("convert", file, f"{place}/book.xlsx").exit_code == 0
        assert call("run", file, "--draws", "64", "--out", f"{place}/runs", "--quiet").exit_code == 0
        return {
            found.relative_to(place).as_posix(): found.read_bytes()
            for found in Path(place).rglob("*")
            if found.is_file() and found.name != "first.yaml"
        }


def cleared(folder: Path) -> None:
    """Take a home away."""
    shutil.rmtree(folder, ignore_errors=True)


PROGRAM = (sys.executable, "-m", "dabiao.cli.main")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(campaign.ROOT.parent), "DABIAO_LANG": "en", "PYTHONUTF8": "1"}
__all__ = ["COMMANDS", "ENVIRONMENT", "PROGRAM", "Home", "cleared"]
