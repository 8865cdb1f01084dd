"""One call of ``lodestone.append_event``, for a command of one event: its parameters, and what its answer says."""

from functools import lru_cache
from struct import Struct

from application.encoding import data_of
from application.ports import Accepted, AlreadyFiled, Conflict, Outcome, Submission
from domain.envelope import Actor
from infra.postgres.binary_arrays import checked_text, int_array, microseconds, text_array

APPEND_EVENT = "SELECT lodestone.append_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
_INT = Struct("!i").pack
_LONG = Struct("!q").pack


def parameters_of(submission: Submission) -> list[bytes | None]:
    """Write the function's 15 parameters.

    Raises:
        EventTooLarge: ``filing.too_large``.
        ValueError: a text holds U+0000.
    """
    [new] = submission.events
    event, guards, causation_id = new.event, submission.guards, submission.causation_id
    return [
        submission.command_id.bytes,
        *_actor_texts(submission.actor),
        submission.correlation_id.bytes,
        None if causation_id is None else causation_id.bytes,
        text_array(list(guards)),
        int_array(list(guards.values())),
        new.event_id.bytes,
        checked_text(event.stream),
        checked_text(event.key),
        event.type.encode(),
        _INT(event.schema_version),
        _LONG(microseconds(new.occurred_at)),
        data_of(new),
    ]


@lru_cache(maxsize=256)
def _actor_texts(actor: Actor) -> tuple[bytes, ...]:
    return tuple(checked_text(text) for text in actor)


def outcome_of(answer: str, submission: Submission) -> Outcome:
    """Read the answer: ``accepted POSITION``, ``known FIRST LAST`` or ``conflict GUARD VERSION``."""
    kind, *numbers = answer.split()
    if kind == "accepted":
        position = int(numbers[0])
        return Accepted(position, position)
    first, last = map(int, numbers)
    if kind == "known":
        return AlreadyFiled(first, last)
    stream, expected = list(submission.guards.items())[first - 1]
    return Conflict(stream, expected, last)
