"""One line for each event."""

import pytest

from domain.registry import EVENT_TYPES
from projections.audit_history.summaries import summary_of
from tests.support.samples import sample


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "sale.recorded",
            "sale of 1250.500001 kg in 2 lines to client/91999999MA20682835/C-1001, signed on 2025-03-10",
        ),
        ("sale.line_cancelled", "100.000000 kg cancelled on 2025-03-20 (K-1): order reduced"),
        ("shipment.delivery_confirmed", "598.250000 kg received on 2025-05-02, shortage"),
    ],
)
def test_the_words_hold_kilograms_and_days(kind: str, words: str) -> None:
    """Whole lines, from the frozen samples."""
    assert summary_of(sample(kind)[1]) == words


@pytest.mark.parametrize("kind", sorted(EVENT_TYPES))
def test_every_event_is_one_line(kind: str) -> None:
    """Of characters that can be printed; an event without words of its own is named by its type."""
    summary = summary_of(sample(kind)[1])
    assert summary
    assert summary.isprintable()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("sale.voided", "sale voided, 1200.500000 kg sold and 100.000000 kg cancelled taken back"),
        (
            "shipment.voided",
            "shipment voided, 601.000000 kg shipped and 598.250000 kg received taken back",
        ),
    ],
)
def test_what_a_void_takes_back_is_told_by_measure(kind: str, words: str) -> None:
    """Kilograms shipped and kilograms received are never added up."""
    assert summary_of(sample(kind)[1]).partition(":")[0] == words


def test_a_void_of_what_was_wholly_taken_back_takes_back_nothing() -> None:
    """And says so."""
    assert summary_of(sample("sale.voided", reverses=[])[1]) == "sale voided, nothing taken back: never signed"


def test_a_line_break_in_a_reason_does_not_break_the_line() -> None:
    """Control characters become blanks."""
    assert summary_of(sample("sale.line_cancelled", reason="a\nb\tc\x7fd")[1]).endswith(": a b c d")
