"""What all campaigns share: a seed and a number in, counts out, failures kept with what makes them again."""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
for _folder in (ROOT / "tests" / "support", ROOT.parent):
    if str(_folder) not in sys.path:
        sys.path.append(str(_folder))


@dataclass
class Tally:
    """How many were tried, by part and outcome; failures with what makes them again."""

    name: str
    seed: int
    seconds: float = float("inf")
    keep: Path | None = None
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    def late(self) -> bool:
        """Whether the time that was given is over."""
        return time.monotonic() - self.begun > self.seconds

    def add(self, part: str, outcome: str, count: int = 1) -> None:
        """One more of a part with an outcome."""
        self.counts.setdefault(part, Counter())[outcome] += count

    def fail(self, part: str, number: int, why: object, data: bytes | None = None) -> None:
        """A failure: counted, and kept in a folder of its own, with its seed, its number and the file."""
        self.add(part, "FAILED")
        told = "".join(traceback.format_exception(why)) if isinstance(why, BaseException) else str(why)
        found = {"campaign": self.name, "part": part, "seed": self.seed, "number": number, "why": told}
        self.failures.append(found)
        if self.keep is not None:
            self.keep.mkdir(parents=True, exist_ok=True)
            stem = self.keep / f"{self.name}-{part.replace(' ', '-').replace('/', '-')}-{self.seed}-{number}"
            stem.with_suffix(".json").write_text(
                json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8"
            )
            if data is not None:
                stem.with_suffix(".bin").write_bytes(data)

    def __str__(self) -> str:
        outcomes = list(dict.fromkeys(name for found in self.counts.values() for name in found))
        whole = sum((found for found in self.counts.values()), Counter())
        rows = [["", "tried", *outcomes]]
        for part, found in [*self.counts.items(), ("all", whole)]:
            rows.append([part, f"{found.total():,}", *(f"{found[name]:,}" for name in outcomes)])
        widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
        ]
        head = f"{self.name}: seed {self.seed}, {time.monotonic() - self.begun:.0f} s"
        last = [f"{len(self.failures)} failures" + (f", kept in {self.keep}" if self.failures else "")]
        return "\n".join([head, *lines, *self.notes, *last])


def asked(about: str | None, number: int, **more: Any) -> argparse.Namespace:
    """Seed, number and so on from the command line."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same campaign")
    parser.add_argument("--number", type=int, default=number, help="how many are tried of each part")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    parser.add_argument("--keep", type=Path, default=Path("campaign-failures"), help="folder for failures")
    parser.add_argument("--only", action="append", default=[], help="only these parts; may be repeated")
    for name, said in more.items():
        parser.add_argument(f"--{name}", **said)
    return parser.parse_args()


def ended(tally: Tally) -> None:
    """Print the counts; the exit code says whether something failed."""
    print(tally)
    for found in tally.failures[:10]:
        print(f"\n{found['part']} number {found['number']}:\n{found['why'][-1500:]}")
    raise SystemExit(1 if tally.failures else 0)
