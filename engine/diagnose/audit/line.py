"""One comparison of the audit, and the numbers that it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ....models.consistency import Consistency, level
from ....models.quantity import Bilingual, Quantity
from ....models.target import Target, rounded
from ....models.words import msg

ORDER = (Consistency.CONTRADICTORY, Consistency.TIGHT, Consistency.LOOSE)
"""Levels that are findings, the gravest first."""
TIERS = {
    "ensure": msg("minimum"),
    "stretch": msg("stretch"),
    "at_most": msg("ceiling"),
}


@dataclass(frozen=True)
class AuditLine:
    """What the sheet asks of something, and what its other numbers imply for it.

    Attributes
    ----------
    check, target, tier
        Kind of comparison, the row of the sheet that it is about, and its tier.
    about
        What the two numbers are of.
    asked, implied, doubt
        In ``unit``; ``sd`` is the standard deviation of ``implied``. None where a number is missing.
    nearest
        The tier of the row that lies nearest to what is implied.
    basis
        The arithmetic, with the numbers in it.
    says
        The finding as a sentence.
    used
        Numbers of the scenario, beside the sheet's own, that stand behind it.
    missing
        Paths of numbers that would be needed.
    bound
        Whether ``implied`` is the most or the least that there can be: keeping within it says nothing more.
    """

    check: str
    target: str
    tier: str
    about: Bilingual
    level: Consistency
    asked: float | None
    implied: float | None
    unit: str
    digits: int
    sd: float | None
    nearest: str | None
    basis: Bilingual
    says: Bilingual
    used: tuple[Quantity, ...] = ()
    missing: tuple[str, ...] = ()
    bound: bool = False


@dataclass(frozen=True)
class Audit:
    """All comparisons, in the order of the sheet."""

    lines: tuple[AuditLine, ...]

    @property
    def findings(self) -> tuple[AuditLine, ...]:
        """What does not fit, the gravest first: one judgement a row.

        At each tier the comparison with the least doubt speaks, and every bound that is broken: to keep
        within one bound says nothing of another. Of what they say the gravest stands. What a row leaves to
        the rest is the same mismatch seen from there.
        """
        sharpest: dict[tuple[str, str], AuditLine] = {}
        broken: list[AuditLine] = []
        for line in self.lines:
            if line.check == "rest" or line.level not in (*ORDER, Consistency.CONSISTENT) or line.sd is None:
                continue
            if line.bound:
                broken += [line] if line.level in ORDER else []
                continue
            before = sharpest.get((line.target, line.tier))
            if before is None or line.sd < (before.sd or 0.0):
                sharpest[line.target, line.tier] = line
        found: dict[str, AuditLine] = {}
        for line in (
            each for each in self.lines if each in (*sharpest.values(), *broken) and each.level in ORDER
        ):
            before = found.get(line.target)
            if before is None or _grave(line) < _grave(before):
                found[line.target] = line
        return tuple(sorted(found.values(), key=lambda line: ORDER.index(line.level)))


def _grave(line: AuditLine) -> tuple[int, float]:
    """The graver the less; of two as grave that with less doubt."""
    return ORDER.index(line.level), line.sd or 0.0


def say(value: float, digits: int) -> str:
    """A number as printed."""
    return f"{rounded(value, digits) + 0.0:.{digits}f}"


def half(digits: int) -> float:
    """Half a unit of the last printed digit: what rounding may hide."""
    return 0.5 * 10.0**-digits


def nearest_tier(target: Target, value: float) -> str | None:
    """The tier whose threshold lies nearest to a value; of two as near, the lower one."""
    tiers = target.tiers
    return min(tiers, key=lambda tier: abs(tiers[tier] - value)) if tiers else None


def compare(  # noqa: PLR0913  (each is a fact of its own)
    check: str,
    target: Target,
    tier: str,
    implied: float,
    *,
    sd: float | None,
    slack: float,
    about: Bilingual,
    by: Bilingual,
    basis: Bilingual,
    used: Sequence[Quantity] = (),
    floor: bool = False,
    grade: Consistency | None = None,
) -> AuditLine:
    """Set a tier of the sheet against what other numbers imply for it.

    ``by`` names what implies it; with ``floor``, only asking for too much is a finding, with a ceiling, only
    implying too much.
    """
    asked, ceiling = target.tiers[tier], tier == "at_most"
    near = nearest_tier(target, implied)
    nearer = near is not None and near != tier and abs(target.tiers[near] - implied) < abs(asked - implied)
    found = grade or level(asked, implied, sd, slack, nearer=nearer, floor=floor, ceiling=ceiling)
    digits, unit = target.digits, target.unit
    values: dict[str, Any] = {
        "about": about,
        "tier": TIERS[tier],
        "asked": _measured(asked, digits, unit),
        "by": by,
        "implied": _measured(implied, digits, unit),
    }
    says = (
        msg("{about}: {tier} {asked}; {by} imply {implied}", **values)
        if _imply(by.en) == "imply"
        else msg("{about}: {tier} {asked}; {by} implies {implied}", **values)
    )
    if nearer and near is not None and found is not Consistency.CONSISTENT:
        says = msg(
            "{says}: the {tiers} tier, {measured}, is the one that fits best",
            says=says,
            tiers=TIERS[near],
            measured=_measured(target.tiers[near], digits, unit),
        )
    return AuditLine(
        check,
        target.id,
        tier,
        about,
        found,
        asked,
        implied,
        unit,
        digits,
        sd,
        near,
        basis,
        says,
        tuple(used),
        bound=floor or ceiling,
    )


def lacking(check: str, target: Target, tier: str, about: Bilingual, paths: Sequence[str]) -> AuditLine:
    """A comparison that cannot be made, and the numbers that would allow it."""
    names = ", ".join(paths)
    says = msg("{about}: not compared, {names} not stated", about=about, names=names)
    return AuditLine(
        check,
        target.id,
        tier,
        about,
        Consistency.MISSING,
        target.tiers.get(tier),
        None,
        target.unit,
        target.digits,
        None,
        None,
        msg("—"),
        says,
        (),
        tuple(paths),
    )


def _imply(text: str) -> str:
    """Several things imply, one thing implies."""
    return "imply" if text.endswith("s") and not text.endswith("ss") else "implies"


def _measured(value: float, digits: int, unit: str) -> str:
    return say(value, digits) + (" %" if unit == "%" else "")
