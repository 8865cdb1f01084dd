"""The parameters of ``lodestone.append_event``, for a command of one event."""

from functools import lru_cache
from struct import Struct

from application.encoding import data_of
from application.ports import Submission
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


def _others(submission: Submission, own: str) -> tuple[bytes | None, bytes | None]:
    guards = submission.guards
    if len(guards) == 1 and own in guards:
        return _NO_OTHERS
    others = [stream for stream in guards if stream != own]
    return text_array(others), int_array([guards[stream] for stream in others])


@lru_cache(maxsize=256)
def _actor_texts(actor: Actor) -> tuple[bytes, ...]:
    return tuple(checked_text(text) for text in actor)


@lru_cache(maxsize=256)
def _form(event_type: str, schema_version: int) -> tuple[bytes, bytes]:
    return event_type.encode(), _INT(schema_version)
