"""Standing: whether an exporter or a client may be filed for."""

from typing import Literal

from pydantic import Field

from domain.event import Frozen

StandingAction = Literal["suspend", "reinstate"]


class Standing(Frozen):
    """What was said of the standing of an exporter or a client.

    Attributes:
        suspended: nothing may be filed for it; what was said last counts.
        changes: by their number what was done and why, as last stated.
    """

    suspended: bool = False
    changes: dict[int, tuple[StandingAction, str]] = Field(default_factory=dict)

    @property
    def last_no(self) -> int:
        """Give the highest number that was used, 0 before the first."""
        return max(self.changes, default=0)

    def states(self, number: int, action: StandingAction, reason: str) -> bool:
        """Tell whether this very change is known."""
        return self.changes.get(number) == (action, reason)

    def changed(self, number: int, action: StandingAction, reason: str) -> "Standing":
        """Take in a change."""
        return Standing(suspended=action == "suspend", changes={**self.changes, number: (action, reason)})
