"""One call of ``lodestone.append_event``, for a command of one event: its parameters, and what its answer says."""

from functools import lru_cache
from struct import Struct

from application.encoding import data_of
from application.ports import Accepted, AlreadyFiled, Conflict, Outcome, Submission
from domain.envelope import Actor
from infra.postgres.binary_arrays import checked_text, int_array, microseconds, text_array

_PARAMETERS = 16
APPEND_EVENT = f"SELECT lodestone.append_event({', '.join(f'${each + 1}' for each in range(_PARAMETERS))})"
_INT = Struct("!i").pack
_LONG = Struct("!q").pack
_NO_OTHERS = (None, None)


def parameters_of(submission: Submission) -> list[bytes | None]:
    """Write the function's 16 parameters.

    Raises:
        EventTooLarge: ``filing.too_large``.
        ValueError: a text holds U+0000.
    """
    [new] = submission.events
    event, causation_id = new.event, submission.causation_id
    stream = event.stream
    own_version = submission.guards.get(stream)
    return [
        submission.command_id.bytes,
        *_actor_texts(submission.actor),
        submission.correlation_id.bytes,
        None if causation_id is None else causation_id.bytes,
        *_others(submission, stream),
        new.event_id.bytes,
        checked_text(stream),
        None if own_version is None else _INT(own_version),
        checked_text(event.key),
        *_form(event.type, event.schema_version),
        _LONG(microseconds(new.occurred_at)),
        data_of(new),
    ]


def outcome_of(answer: str, submission: Submission) -> Outcome:
    """Read the answer: ``accepted POSITION``, ``known FIRST LAST`` or ``conflict GUARD VERSION``.

    A guard is told by its place among the others, from 1; that of the event's own stream is 0.
    """
    kind, *numbers = answer.split()
    if kind == "accepted":
        position = int(numbers[0])
        return Accepted(position, position)
    first, last = map(int, numbers)
    if kind == "known":
        return AlreadyFiled(first, last)
    own = submission.events[0].event.stream
    stream = [own, *_besides(submission, own)][first]
    return Conflict(stream, submission.guards[stream], last)


def _others(submission: Submission, own: str) -> tuple[bytes | None, bytes | None]:
    guards = submission.guards
    if len(guards) == 1 and own in guards:
        return _NO_OTHERS
    others = _besides(submission, own)
    return text_array(others), int_array([guards[stream] for stream in others])


def _besides(submission: Submission, own: str) -> list[str]:
    return [stream for stream in submission.guards if stream != own]


@lru_cache(maxsize=256)
def _actor_texts(actor: Actor) -> tuple[bytes, ...]:
    return tuple(checked_text(text) for text in actor)


@lru_cache(maxsize=256)
def _form(event_type: str, schema_version: int) -> tuple[bytes, bytes]:
    return event_type.encode(), _INT(schema_version)
