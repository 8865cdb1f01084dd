"""Sales: what their commands need, and which decision judges them."""

from collections.abc import Collection
from datetime import date

from application.handling.states import States, grade_of, parties_of, sale_of, shipment_of
from domain.event import Event
from domain.judging import Source
from domain.parties import Parties
from domain.sale import decide as sale
from domain.sale.cancelling import cancel
from domain.sale.commands import CancelSaleLines, CorrectSale, RecordSale, VoidSale
from domain.sale.state import Sale
from domain.streams import client_stream, exporter_stream, grade_stream, sale_stream, shipment_stream


def sale_needs(command: RecordSale, states: States) -> Collection[str]:
    """Its own stream, whom it names, the grades sold, and the shipments that draw on it."""
    own = sale_stream(command.exporter, command.contract_no)
    known = states.get(own)
    return [
        exporter_stream(command.exporter),
        client_stream(command.exporter, command.client_ref),
        own,
        *(grade_stream(each.grade) for each in command.lines),
        *(shipment_stream(each) for each in (known.drawn if isinstance(known, Sale) else ())),
    ]


def known_sale_needs(command: VoidSale | CancelSaleLines, states: States) -> Collection[str]:
    """Its own stream, and whom its content in force names."""
    own = sale_stream(command.exporter, command.contract_no)
    known = states.get(own)
    named = [known.recorded.client] if isinstance(known, Sale) and known.recorded else []
    return [exporter_stream(command.exporter), own, *named]


def record_sale(command: RecordSale, states: States, today: date, source: Source) -> tuple[Event, ...]:
    """Judge a sale."""
    state = sale_of(states, command.exporter, command.contract_no)
    return sale.record(
        state,
        command,
        _named_parties(command, states),
        today,
        source,
        first_exported_on=_first_exported_on(state, states),
    )


def correct_sale(command: CorrectSale, states: States, today: date, source: Source) -> tuple[Event, ...]:
    """Judge a correction."""
    state = sale_of(states, command.exporter, command.contract_no)
    return sale.correct(
        state,
        command,
        _named_parties(command, states),
        today,
        source,
        first_exported_on=_first_exported_on(state, states),
    )


def cancel_sale_lines(command: CancelSaleLines, states: States, today: date, source: Source) -> tuple[Event, ...]:
    """Judge a cancellation."""
    state = sale_of(states, command.exporter, command.contract_no)
    return cancel(state, command, _known_parties(state, command.exporter, states), today, source)


def void_sale(command: VoidSale, states: States, _today: date, source: Source) -> tuple[Event, ...]:
    """Judge a void."""
    state = sale_of(states, command.exporter, command.contract_no)
    return sale.void(state, command, _known_parties(state, command.exporter, states), source)


def _named_parties(command: RecordSale, states: States) -> Parties:
    grades = {each.grade: grade_of(states, each.grade) for each in command.lines}
    return parties_of(states, command.exporter, client_stream(command.exporter, command.client_ref), grades)


def _known_parties(state: Sale, exporter: str, states: States) -> Parties:
    return parties_of(states, exporter, state.recorded.client if state.recorded else "")


def _first_exported_on(state: Sale, states: States) -> date | None:
    shipments = (shipment_of(states, each) for each in state.drawn)
    return min((each.exported.exported_on for each in shipments if each.exported), default=None)
