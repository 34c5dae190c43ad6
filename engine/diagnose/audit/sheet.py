"""The whole audit: every comparison that the numbers of a scenario allow."""

from __future__ import annotations

from ....models.economy import Economy
from ....models.target import Sheet
from ....scenarios.schema import Scenario
from .growth import growth_lines
from .investment import investment_lines
from .line import Audit
from .linked import linked_lines
from .output import output_lines
from .pins import Known


def audit(scenario: Scenario, economy: Economy, sheet: Sheet) -> Audit:
    """Whether the rows of a target sheet fit one another; arithmetic on stated numbers, nothing is simulated.

    A comparison is tight or loose where what the sheet asks lies more than one standard deviation from what
    its other numbers imply (or another tier of the row fits better), contradictory where it asks more by over
    two; rounding is allowed for. The deviation comes from the ranges of the numbers behind it and from how
    much growth swings from year to year (`history.swing`). Where a number is missing the comparison says so.
    Rows of other years, and of several, are not compared.
    """
    known = Known(scenario, economy, sheet.speaking_of())
    return Audit(
        (
            *growth_lines(known),
            *investment_lines(known),
            *linked_lines(known),
            *output_lines(known),
        )
    )
