"""Which streams a command needs and which decision judges it: an explicit table."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

from application.handling import parties, sales, shipments
from application.handling.states import States
from domain.client.commands import AmendClient, ChangeClientStanding, RegisterClient
from domain.event import Event, Frozen
from domain.exporter.commands import ChangeExporterStanding, RegisterExporter
from domain.grade.commands import StateGrade
from domain.judging import Source
from domain.sale.commands import CancelSaleLines, CorrectSale, RecordSale, VoidSale
from domain.shipment.commands import ConfirmDelivery, CorrectShipment, ExportShipment, VoidShipment

_EXPORTER = frozenset({"exporter"})
_PARTIES = frozenset({"exporter", "client", "grade"})
_BESIDE_A_SALE = _PARTIES | {"shipment"}
AnyCommand = TypeVar("AnyCommand", bound=Frozen)
_Needs = Callable[[AnyCommand, States], Collection[str]]
_Decide = Callable[[AnyCommand, States, date, Source], tuple[Event, ...]]


@dataclass(frozen=True, slots=True)
class Handler:
    """How one command type is handled.

    Attributes:
        needs: the streams to load, given what is loaded so far; asked again until it names nothing new.
        decide: judges the command on those states; the date is today in Asia/Shanghai.
        only_reads: kinds of streams that it never adds to.
    """

    needs: Callable[[Frozen, States], Collection[str]]
    decide: Callable[[Frozen, States, date, Source], tuple[Event, ...]]
    only_reads: frozenset[str]


def handler_of(command: Frozen) -> Handler:
    """Find the handler of a command.

    Raises:
        KeyError: the command has none.
    """
    return HANDLERS[type(command)]


def _handler(
    command_type: type[AnyCommand],
    needs: "_Needs[AnyCommand]",
    decide: "_Decide[AnyCommand]",
    only_reads: frozenset[str] = frozenset(),
) -> tuple[type[Frozen], Handler]:
    # The table keeps command type and functions together, so the casts cannot go wrong.
    return command_type, Handler(
        needs=cast("Callable[[Frozen, States], Collection[str]]", needs),
        decide=cast("Callable[[Frozen, States, date, Source], tuple[Event, ...]]", decide),
        only_reads=only_reads,
    )


HANDLERS: Mapping[type[Frozen], Handler] = dict(
    [
        _handler(RegisterExporter, parties.exporter_needs, parties.register_exporter),
        _handler(ChangeExporterStanding, parties.exporter_needs, parties.change_exporter_standing),
        _handler(RegisterClient, parties.client_needs, parties.register_client, _EXPORTER),
        _handler(AmendClient, parties.client_needs, parties.amend_client, _EXPORTER),
        _handler(ChangeClientStanding, parties.client_standing_needs, parties.change_client_standing),
        _handler(StateGrade, parties.grade_needs, parties.state_grade),
        _handler(RecordSale, sales.sale_needs, sales.record_sale, _BESIDE_A_SALE),
        _handler(CorrectSale, sales.sale_needs, sales.correct_sale, _BESIDE_A_SALE),
        _handler(CancelSaleLines, sales.known_sale_needs, sales.cancel_sale_lines, _BESIDE_A_SALE),
        _handler(VoidSale, sales.known_sale_needs, sales.void_sale, _BESIDE_A_SALE),
        _handler(ExportShipment, shipments.shipment_needs, shipments.export_shipment, _PARTIES),
        _handler(CorrectShipment, shipments.shipment_needs, shipments.correct_shipment, _PARTIES),
        _handler(ConfirmDelivery, shipments.known_shipment_needs, shipments.confirm_delivery, _PARTIES),
        _handler(VoidShipment, shipments.known_shipment_needs, shipments.void_shipment, _PARTIES),
    ]
)
