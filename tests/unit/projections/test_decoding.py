"""What can never be folded is told with its code, and parked; everything else is decoded once."""

import pytest

from domain.envelope import Envelope
from domain.registry import EVENT_TYPES
from projections.audit_history.summaries import summary_of
from projections.decoding import Decoder
from projections.entries import volume_entries
from projections.ports import Unprojectable
from tests.support.samples import sample

ENVELOPE, _ = sample("sale.voided")


@pytest.mark.parametrize("kind", sorted(EVENT_TYPES))
def test_an_event_is_read_as_what_it_is(kind: str) -> None:
    """With all that a fold asks of it, the first time and again."""
    envelope, event = sample(kind)
    decoder = Decoder()
    for read in (decoder.event(envelope), *(each for _, each in decoder.events([envelope]))):
        assert (read.type, read.stream, read.business_date) == (event.type, event.stream, event.business_date)
        assert volume_entries(envelope, read) == volume_entries(envelope, event)


@pytest.mark.parametrize(
    ("code", "envelope"),
    [
        ("event.unknown_type", ENVELOPE._replace(type="os.system")),
        ("event.unknown_version", ENVELOPE._replace(schema_version=2)),
        ("event.malformed", ENVELOPE._replace(data=b'{"n":1}')),
        ("event.unstorable", ENVELOPE._replace(data=ENVELOPE.data.replace(b'"reason":"', b'"reason":"\\u0000'))),
    ],
)
def test_what_can_never_be_folded_says_why(code: str, envelope: Envelope) -> None:
    """So that its stream is parked with the reason."""
    with pytest.raises(Unprojectable) as refused:
        Decoder().event(envelope)
    assert refused.value.code == code


def test_what_only_looks_like_a_nul_is_read() -> None:
    """An escaped backslash before the letters of the escape is text as any other."""
    data = ENVELOPE.data.replace(b'"reason":"', b'"reason":"\\\\u0000')
    event = Decoder().event(ENVELOPE._replace(data=data))
    assert summary_of(event).partition(": ")[2] == "\\u0000never signed"


def test_the_latest_events_are_decoded_once() -> None:
    """By whichever unit asks; another envelope at the same position is another event."""
    decoder = Decoder()
    event = decoder.event(ENVELOPE)
    assert decoder.event(ENVELOPE) is event
    other = ENVELOPE._replace(data=ENVELOPE.data.replace(b'"reason":"', b'"reason":"not '))
    assert summary_of(decoder.event(other)) != summary_of(event)


@pytest.mark.parametrize("decoder", [Decoder(2), Decoder(remember_bytes=2 * len(ENVELOPE.data))])
def test_older_events_are_forgotten(decoder: Decoder) -> None:
    """So many are remembered, or so many bytes of them, and as many before those."""
    envelopes = [ENVELOPE._replace(position=position) for position in range(1, 6)]
    events = [decoder.event(each) for each in envelopes]
    again = [decoder.event(each) for each in reversed(envelopes)]
    assert [a is b for a, b in zip(again, reversed(events), strict=True)] == [True, True, True, False, False]
