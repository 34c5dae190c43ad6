"""Clocks that jump, and two versions side by side in one `runs/`.

    python tests/campaigns/clocks.py --seed 1 --number 10 [--seconds 600]

Commands that write, at moments years before and after one another, by this version and by a copy with
another number and one changed line; files dated in the future and long ago. Each works, what stands stays
whole, the same run is known again whatever the clock says, another version never answers with a run that it
did not make, and runs of both can be set side by side.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from campaign import ROOT, Tally, asked, ended
from writing import ENVIRONMENT, PROGRAM, Home

SHIFT = """\
import datetime, os, time
_by = float(os.environ["SHIFTED"])
_real, _now = time.time, datetime.datetime
time.time = lambda: _real() + _by
class Shifted(_now):
    @classmethod
    def now(cls, tz=None):
        return _now.fromtimestamp(time.time(), tz)
datetime.datetime = Shifted
"""
YEARS = (-30, -1, 0, 0, 1, 40)
YEAR = 365.25 * 86400
STEPS = (
    "run a.yaml --draws 0",
    "run a.yaml --draws 0",
    "run a.yaml --draws 0 --report",
    "run b.yaml --draws 0",
    "compare a.yaml b.yaml",
    "report RUN --lang en --format markdown --format csv",
    "export RUN",
    "verify RUN",
    "compare RUN RUN",
    "sweep sweep.yaml --jobs 0",
)


def other_version(place: Path) -> Path:
    """A copy of the program that is of another version and differs in a line."""
    copy = place / "other" / "dabiao"
    shutil.copytree(
        ROOT,
        copy,
        ignore=shutil.ignore_patterns(".git", "tests", "docs", "benchmarks", "__pycache__", "runs"),
    )
    head = copy / "__init__.py"
    text, found = re.subn(r'__version__ = "[^"]*"', '__version__ = "9.9.9"', head.read_text(encoding="utf-8"))
    assert found == 1
    head.write_text(text, encoding="utf-8")
    changed = copy / "models" / "harmless.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n# another\n", encoding="utf-8")
    return copy.parent


def said(
    home: Home, words: list[str], by: float, program: Path, shift: Path
) -> subprocess.CompletedProcess[str]:
    """A command by a version at a moment."""
    path = os.pathsep.join((str(shift), str(program)))
    return subprocess.run(
        [*PROGRAM, *words],
        cwd=home.folder,
        env={**ENVIRONMENT, "PYTHONPATH": path, "SHIFTED": str(by)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def dated(home: Home, rng: random.Random) -> None:
    """Some files are of another time."""
    for file in home.folder.rglob("*"):
        if rng.random() < 0.2:
            when = time.time() + rng.choice(YEARS) * YEAR
            os.utime(file, (when, when))


def runs(home: Home, rng: random.Random) -> list[str]:
    """Two runs that stand there."""
    found = sorted(
        manifest.parent.relative_to(home.folder).as_posix()
        for manifest in (home.folder / "runs").glob("*/*/manifest.json")
        if not manifest.parent.name.startswith(".") and manifest.parent.parent.name != "compare"
    )
    return [rng.choice(found), rng.choice(found)]


def life(
    home: Home, rng: random.Random, programs: tuple[Path, Path], shift: Path, tally: Tally, at: int
) -> None:
    """Some commands in a row at all times by both versions."""
    for _ in range(6):
        step, which, by = rng.choice(STEPS), rng.randrange(2), rng.choice(YEARS) * YEAR
        dated(home, rng)
        words, two = step.split(), runs(home, rng)
        words = [two.pop() if word == "RUN" else word for word in words]
        before = home.state()
        done = said(home, words, by, programs[which], shift)
        wrong = []
        kept = {
            name: hashed
            for name, hashed in before.items()
            if "-report/" not in name and not name.startswith("runs/sweep-")
        }
        wrong += home.broken(kept)
        part = step.split(" --")[0].replace("RUN", "").strip()
        if done.returncode not in (0, 1) and "already with other content" not in done.stderr:
            wrong.append(f"code {done.returncode}: {done.stderr[-500:]}")
        if words[0] == "verify" and "VERIFIED" not in done.stdout:
            wrong.append(done.stdout[-300:])
        if words[0] == "run":
            wrong += _same(done.stdout, home, "9.9.9" if which else None)
        if wrong:
            tally.fail(
                part, at, "\n".join([f"{' '.join(words)}, version {which}, {by / YEAR:+.0f} years", *wrong])
            )
        else:
            tally.add(part, "other version" if which else "this version")


def _same(text: str, home: Home, version: str | None) -> list[str]:
    """The run that a command names is of the version that ran."""
    import json

    named = re.search(r"^RUN +([0-9a-f]{12})", text, re.M)
    found = list((home.folder / "runs").glob(f"*/{named[1]}/manifest.json")) if named else []
    if len(found) != 1:
        return [f"names no run: {text[-300:]}"]
    stated = json.loads(found[0].read_text(encoding="utf-8"))["version"]
    return [] if (stated == "9.9.9") == (version is not None) else [f"a run of version {stated} answers"]


def campaign(tally: Tally, number: int) -> Tally:
    """Lives, one after another."""
    with tempfile.TemporaryDirectory() as place:
        shift = Path(place) / "shift"
        shift.mkdir()
        (shift / "sitecustomize.py").write_text(SHIFT, encoding="utf-8")
        programs = (ROOT.parent, other_version(Path(place)))
        for at in range(number):
            if tally.late():
                break
            rng = random.Random(f"{tally.seed} {at}")
            life(Home.laid(Path(place) / str(at)), rng, programs, shift, tally, at)
    return tally


if __name__ == "__main__":
    given = asked(__doc__, 5)
    ended(campaign(Tally("clocks", given.seed, given.seconds, given.keep), given.number))
