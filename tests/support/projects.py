"""Candidate projects drawn at random, for tests and benchmarks."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from dabiao.models.quantity import Bilingual
from dabiao.models.selection import Candidate, Programme, Quota

SOURCES = ("own", "loan", "bond", "budget")


def projects(
    number: int,
    *,
    seed: int = 0,
    quarters: int = 8,
    before: float = 0.1,
    groups: float = 0.1,
    room: float = 0.35,
) -> Programme:
    """``number`` candidates in eight regions with money for about ``room`` of them, precedence, exclusion and
    quotas."""
    rng, found = np.random.default_rng(seed), []
    for i in range(number):
        invest = float(np.round(rng.lognormal(1.0, 1.0), 2))
        shares = rng.dirichlet([2, 2, 1, 1])
        earliest = int(rng.integers(0, min(4, quarters)))
        found.append(
            Candidate(
                f"p{i}",
                Bilingual(zh=f"p{i}"),
                f"region{rng.integers(0, 8)}",
                float(np.round(invest * rng.uniform(0.1, 0.35), 3)),
                {
                    source: float(np.round(invest * share, 3))
                    for source, share in zip(SOURCES, shares, strict=True)
                },
                int(rng.integers(2, 9)),
                earliest,
                int(rng.integers(min(max(earliest, 4), quarters - 1), quarters)),
                after=(f"p{rng.integers(0, i)}",) if i and rng.random() < before else (),
                one_of=(f"g{rng.integers(0, max(1, number // 20))}",) if rng.random() < groups else (),
            )
        )
    whole = {source: sum(each.money[source] for each in found) for source in SOURCES}
    money = {source: np.full(quarters, round(total * room / quarters, 2)) for source, total in whole.items()}
    quotas = {f"region{k}": Quota(least=number // 100, most=max(number // 8, 1)) for k in range(8)}
    names = tuple(f"{2024 + q // 4}Q{q % 4 + 1}" for q in range(quarters))
    return Programme(tuple(found), names, money, False, quotas, starts=number // 5, completions=number // 25)


def written(programme: Programme, folder: Path) -> tuple[Path, Path, Path]:
    """The same as three CSV files: candidates, money, quotas."""
    folder.mkdir(parents=True, exist_ok=True)
    files = folder / "projects.csv", folder / "money.csv", folder / "regions.csv"
    quarters = programme.quarters
    tables = (
        [
            ["id", "region", "value", "quarters", "earliest", "latest", "after", "one_of", "must", *SOURCES],
            *(
                [
                    c.id,
                    c.region,
                    repr(c.value),
                    c.build,
                    quarters[c.earliest],
                    quarters[c.latest],
                    ";".join(c.after),
                    ";".join(c.one_of),
                    int(c.must),
                    *(repr(c.money.get(s, 0.0)) for s in SOURCES),
                ]
                for c in programme.candidates
            ),
        ],
        [
            ["quarter", *SOURCES],
            *(
                [name, *(repr(float(programme.budgets[s][q])) for s in SOURCES)]
                for q, name in enumerate(quarters)
            ),
        ],
        [
            ["region", "least", "most"],
            *([region, quota.least, quota.most] for region, quota in programme.quotas.items()),
        ],
    )
    for file, rows in zip(files, tables, strict=True):
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows(rows)
    return files
