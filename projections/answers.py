"""What every question of the read side has in common: a position, what may be missing, and how long to wait."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wait:
    """How far the read models must have come before a question is answered.

    Attributes:
        min_position: the answer's cut must have reached it.
        timeout_s: how long to wait for that, in seconds.
    """

    min_position: int = 0
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """An answer as of one position of the log: everything up to it is in, nothing beyond it.

    Attributes:
        position: the last event of a command. Asked again as known at it, the question has the same answer
            for ever, unless ``incomplete`` names a stream.
        incomplete: parked streams that the answer could include.
        result: what was asked.
    """

    position: int
    incomplete: tuple[str, ...]
    result: T


class NotYet(Exception):
    """The read models have not come as far as asked within the time allowed. ``position.not_yet``."""

    code = "position.not_yet"


class TimeNotCome(Exception):
    """A question as known at a moment that lies ahead: its answer is not settled. ``time.in_future``."""

    code = "time.in_future"


class UnknownStream(Exception):
    """No event of this stream was recorded, or none up to the position asked for. ``stream.unknown``."""

    code = "stream.unknown"


class QueryRefused(Exception):
    """A question that has no single meaning; the code says why.

    ``query.unknown_dimension``, ``query.unknown_measure``, ``query.elements_not_added``,
    ``query.one_measure`` or ``query.not_a_trail``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
