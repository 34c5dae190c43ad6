"""What tables need of an answer, whichever question it answers: the scenario, its economy, its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ...engine.decide.assess import Run
    from ...models.economy import Economy
    from ...models.limits import Bound
    from ...models.target import Sheet
    from ...scenarios.schema import Scenario


class Setting(Protocol):
    """The scenario that an answer is about, its economy and target sheet, the plan as simulated, the target
    year's index."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""

    @property
    def economy(self) -> Economy:
        """Its economy."""

    @property
    def sheet(self) -> Sheet:
        """Its target sheet."""

    @property
    def plan(self) -> Run:
        """The plan as written, simulated."""

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """Its limits."""

    @property
    def contradictory(self) -> tuple[str, ...]:
        """Limits that no plan keeps together."""

    @property
    def year(self) -> int:
        """Index of the target year (1 is the year after the base year)."""
