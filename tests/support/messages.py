"""Messages as the relay hands them on, for tests that publish events of their own."""

from collections.abc import Sequence

from application.publishing import Appended, Outgoing, Publisher
from domain.envelope import Envelope
from infra.kafka.cloudevents import closing, opening
from tests.support.consuming import LOG_ID


def appended(event: Envelope) -> Appended:
    """Render an event of the test's log."""
    return Appended(event.position, event.type, event.key, opening(event, LOG_ID), closing(event))


def publish(publisher: Publisher, messages: Sequence[Outgoing]) -> None:
    """Send messages and wait until all are acknowledged."""
    publisher.send(messages).confirm(at_once=True)
