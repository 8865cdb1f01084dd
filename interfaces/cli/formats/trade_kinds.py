"""Filings about sales and shipments, and what becomes of them."""

from collections.abc import Sequence
from typing import Any

from domain.event import Frozen
from domain.sale.commands import CancelledLine, CancelSaleLines, CorrectSale, RecordSale, SaleLineFiled, VoidSale
from domain.shipment.commands import (
    ConfirmDelivery,
    CorrectShipment,
    ExportShipment,
    ReceivedLineFiled,
    ShipmentLineFiled,
    VoidShipment,
)
from interfaces.cli.formats import fields
from interfaces.cli.formats.errors import FieldError
from interfaces.cli.formats.kind import Column, Kind, Values, by_line, of_line, optional, optional_of_line, required
from interfaces.cli.formats.party_kinds import EXAMPLE_CLIENT, EXAMPLE_USCC

_CONTRACT, _DECLARATION = "S-2025-0001", "999920250000000001"


def _sale(rows: Sequence[Values]) -> Frozen:
    return RecordSale(**_sale_content(rows))


def _sale_correction(rows: Sequence[Values]) -> Frozen:
    return CorrectSale(**_sale_content(rows), correction_no=rows[0]["correction_no"], reason=rows[0]["reason"])


def _sale_content(rows: Sequence[Values]) -> dict[str, Any]:
    first = rows[0]
    lines = [
        SaleLineFiled(
            line_no=row["line_no"],
            grade=row["grade"],
            net_mg=row["net_kg"],
            hs_code=row["hs_code"],
            ppm=row["composition"],
            unit_price=row["unit_price"],
            currency=row["currency"],
        )
        for row in by_line(rows)
    ]
    return {
        "exporter": first["exporter_uscc"],
        "contract_no": first["contract_no"],
        "client_ref": first["client_ref"],
        "signed_on": first["signed_on"],
        "lines": tuple(lines),
    }


def _shipment(rows: Sequence[Values]) -> Frozen:
    return ExportShipment(**_shipment_content(rows))


def _shipment_correction(rows: Sequence[Values]) -> Frozen:
    first = rows[0]
    return CorrectShipment(**_shipment_content(rows), correction_no=first["correction_no"], reason=first["reason"])


def _shipment_content(rows: Sequence[Values]) -> dict[str, Any]:
    first, ordered = rows[0], by_line(rows)
    as_they_are = ("declaration_no", "contract_no", "client_ref", "exported_on", "destination", "port", "licence_no")
    return {
        **{name: first[name] for name in as_they_are},
        "exporter": first["exporter_uscc"],
        "containers": tuple(dict.fromkeys(row["container_no"] for row in ordered if row["container_no"])),
        "lines": tuple(
            ShipmentLineFiled(line_no=row["line_no"], sale_line_no=row["sale_line_no"], net_mg=row["net_kg"])
            for row in ordered
        ),
    }


def _delivery(rows: Sequence[Values]) -> Frozen:
    return ConfirmDelivery(
        declaration_no=rows[0]["declaration_no"],
        received_on=rows[0]["received_on"],
        lines=tuple(
            ReceivedLineFiled(line_no=row["line_no"], net_mg=row["received_kg"], reason=row["reason"])
            for row in by_line(rows)
        ),
    )


def _cancellation(rows: Sequence[Values]) -> Frozen:
    first = rows[0]
    return CancelSaleLines(
        exporter=first["exporter_uscc"],
        contract_no=first["contract_no"],
        cancellation_no=first["cancellation_no"],
        cancelled_on=first["cancelled_on"],
        reason=first["reason"],
        lines=tuple(CancelledLine(line_no=row["line_no"], net_mg=row["cancelled_kg"]) for row in by_line(rows)),
    )


def _void(rows: Sequence[Values]) -> Frozen:
    row = rows[0]
    if row["kind"] == "shipment":
        return VoidShipment(declaration_no=fields.inner_key(row["key"], column="key"), reason=row["reason"])
    uscc, slash, contract_no = row["key"].partition("/")
    if not (uscc and slash and contract_no):
        raise FieldError("key.malformed", f"{row['key']!r} is not of the form uscc/contract_no", field="key")
    return VoidSale(exporter=uscc, contract_no=fields.inner_key(contract_no, column="key"), reason=row["reason"])


_EXPORTER = required("exporter_uscc", fields.key, EXAMPLE_USCC)
_CONTRACT_NO = required("contract_no", fields.key, _CONTRACT)
_CLIENT_REF = required("client_ref", fields.key, EXAMPLE_CLIENT)
_DECLARATION_NO = required("declaration_no", fields.key, _DECLARATION)
_LINE_NO = of_line("line_no", fields.line_no, "1")
_CORRECTED: Sequence[Column] = (
    required("correction_no", fields.number, "1"),
    required("reason", fields.text, "wrong weight filed"),
)
_SALE_COLUMNS: Sequence[Column] = (
    _EXPORTER,
    _CONTRACT_NO,
    required("signed_on", fields.day, "2025-06-10"),
    _CLIENT_REF,
    _LINE_NO,
    of_line("grade", fields.key, "N42SH"),
    of_line("net_kg", fields.mass, "1250.5"),
    of_line("hs_code", fields.text, "8505111000"),
    optional_of_line("composition", "Nd=268000;Pr=31000;Dy=20500", fields.composition),
    optional_of_line("unit_price", "61.40", fields.price),
    optional_of_line("currency", "USD"),
)
_SHIPMENT_COLUMNS: Sequence[Column] = (
    _DECLARATION_NO,
    _EXPORTER,
    _CONTRACT_NO,
    _CLIENT_REF,
    required("exported_on", fields.day, "2025-07-01"),
    _LINE_NO,
    of_line("sale_line_no", fields.line_no, "1"),
    of_line("net_kg", fields.mass, "600"),
    required("destination", fields.text, "DE"),
    required("port", fields.text, "CNSHA"),
    optional("licence_no", "L-2025-77"),
    optional_of_line("container_no", "CSQU3054383"),
)

SALES = Kind("sales", _SALE_COLUMNS, ("exporter_uscc", "contract_no"), _sale)
SHIPMENTS = Kind("shipments", _SHIPMENT_COLUMNS, ("declaration_no",), _shipment)
DELIVERIES = Kind(
    "deliveries",
    (
        _DECLARATION_NO,
        _LINE_NO,
        of_line("received_kg", fields.mass, "598.25"),
        required("received_on", fields.day, "2025-08-02"),
        optional_of_line("reason", "shortage", fields.difference_reason),
    ),
    ("declaration_no", "received_on"),
    _delivery,
)
CANCELLATIONS = Kind(
    "cancellations",
    (
        _EXPORTER,
        _CONTRACT_NO,
        required("cancellation_no", fields.key, "K-1"),
        _LINE_NO,
        of_line("cancelled_kg", fields.mass, "100"),
        required("cancelled_on", fields.day, "2025-07-15"),
        required("reason", fields.text, "order reduced"),
    ),
    ("exporter_uscc", "contract_no", "cancellation_no"),
    _cancellation,
)
SALE_CORRECTIONS = Kind(
    "sale_corrections",
    (*_SALE_COLUMNS, *_CORRECTED),
    ("exporter_uscc", "contract_no", "correction_no"),
    _sale_correction,
)
SHIPMENT_CORRECTIONS = Kind(
    "shipment_corrections",
    (*_SHIPMENT_COLUMNS, *_CORRECTED),
    ("declaration_no", "correction_no"),
    _shipment_correction,
)
VOIDS = Kind(
    "voids",
    (
        required("kind", fields.voidable, "shipment"),
        required("key", fields.void_key, _DECLARATION),
        required("reason", fields.text, "filed twice under two numbers"),
    ),
    ("kind", "key"),
    _void,
)
