"""The kinds of filings: their columns, their natural keys and the command that they ask for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.client.commands import RegisterClient
from domain.event import Frozen
from domain.exporter.commands import RegisterExporter
from domain.grade.commands import StateGrade
from domain.sale.commands import RecordSale, SaleLineFiled, VoidSale
from domain.shipment.commands import ExportShipment, ShipmentLineFiled, VoidShipment
from interfaces.cli.formats import fields
from interfaces.cli.formats.errors import FieldError

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a kind.

    Attributes:
        name: as in the header.
        read: text to value.
        required: may not be empty or left out.
        of_line: differs between the rows of one filing.
    """

    name: str
    read: Callable[[str], Any]
    required: bool = True
    of_line: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of filing.

    Attributes:
        name: as on the command line and in file names.
        columns: in the documented order.
        key: the columns whose texts together are the natural key.
        command: the rows of one filing, read, to what they ask for.
    """

    name: str
    columns: Sequence[Column]
    key: Sequence[str]
    command: Callable[[Sequence[Values]], Frozen]


def _exporter(rows: Sequence[Values]) -> Frozen:
    return RegisterExporter(**rows[0])


def _grade(rows: Sequence[Values]) -> Frozen:
    row = rows[0]
    return StateGrade(
        grade=row["grade"], family=row["family"], ppm=row["composition"], effective_from=row["effective_from"]
    )


def _client(rows: Sequence[Values]) -> Frozen:
    row = dict(rows[0])
    return RegisterClient(exporter=row.pop("exporter_uscc"), **row)


def _sale(rows: Sequence[Values]) -> Frozen:
    first = rows[0]
    lines = (
        SaleLineFiled(
            line_no=row["line_no"],
            grade=row["grade"],
            net_mg=row["net_kg"],
            hs_code=row["hs_code"],
            ppm=row["composition"],
            unit_price=row["unit_price"],
            currency=row["currency"],
        )
        for row in rows
    )
    return RecordSale(
        exporter=first["exporter_uscc"],
        contract_no=first["contract_no"],
        client_ref=first["client_ref"],
        signed_on=first["signed_on"],
        lines=tuple(sorted(lines, key=lambda each: each.line_no)),
    )


def _shipment(rows: Sequence[Values]) -> Frozen:
    first = rows[0]
    ordered = sorted(rows, key=lambda row: int(row["line_no"]))
    return ExportShipment(
        declaration_no=first["declaration_no"],
        exporter=first["exporter_uscc"],
        contract_no=first["contract_no"],
        client_ref=first["client_ref"],
        exported_on=first["exported_on"],
        destination=first["destination"],
        port=first["port"],
        licence_no=first["licence_no"],
        containers=tuple(dict.fromkeys(row["container_no"] for row in ordered if row["container_no"])),
        lines=tuple(
            ShipmentLineFiled(line_no=row["line_no"], sale_line_no=row["sale_line_no"], net_mg=row["net_kg"])
            for row in ordered
        ),
    )


def _void(rows: Sequence[Values]) -> Frozen:
    row = rows[0]
    if row["kind"] == "shipment":
        return VoidShipment(declaration_no=row["key"], reason=row["reason"])
    uscc, slash, contract_no = row["key"].partition("/")
    if not (uscc and slash and contract_no):
        raise FieldError("key.malformed", f"{row['key']!r} is not of the form uscc/contract_no")
    return VoidSale(exporter=uscc, contract_no=contract_no, reason=row["reason"])


def _optional(name: str, read: Callable[[str], Any] = fields.text, *, of_line: bool = False) -> Column:
    return Column(name, read, required=False, of_line=of_line)


def _of_line(name: str, read: Callable[[str], Any]) -> Column:
    return Column(name, read, of_line=True)


EXPORTERS = Kind(
    "exporters",
    (
        Column("uscc", fields.key),
        Column("name", fields.text),
        _optional("customs_code"),
        Column("region", fields.text),
    ),
    ("uscc",),
    _exporter,
)
GRADES = Kind(
    "grades",
    (
        Column("grade", fields.key),
        Column("family", fields.text),
        Column("composition", fields.composition),
        Column("effective_from", fields.day),
    ),
    ("grade", "effective_from"),
    _grade,
)
CLIENTS = Kind(
    "clients",
    (
        Column("exporter_uscc", fields.key),
        Column("client_ref", fields.key),
        Column("legal_name", fields.text),
        Column("country", fields.text),
        Column("role", fields.role),
        _optional("lei"),
        _optional("registry_no"),
        _optional("end_use"),
    ),
    ("exporter_uscc", "client_ref"),
    _client,
)
SALES = Kind(
    "sales",
    (
        Column("exporter_uscc", fields.key),
        Column("contract_no", fields.key),
        Column("signed_on", fields.day),
        Column("client_ref", fields.key),
        _of_line("line_no", fields.line_no),
        _of_line("grade", fields.key),
        _of_line("net_kg", fields.mass),
        _of_line("hs_code", fields.text),
        _optional("composition", fields.composition, of_line=True),
        _optional("unit_price", fields.price, of_line=True),
        _optional("currency", of_line=True),
    ),
    ("exporter_uscc", "contract_no"),
    _sale,
)
SHIPMENTS = Kind(
    "shipments",
    (
        Column("declaration_no", fields.key),
        Column("exporter_uscc", fields.key),
        Column("contract_no", fields.key),
        Column("client_ref", fields.key),
        Column("exported_on", fields.day),
        _of_line("line_no", fields.line_no),
        _of_line("sale_line_no", fields.line_no),
        _of_line("net_kg", fields.mass),
        Column("destination", fields.text),
        Column("port", fields.text),
        _optional("licence_no"),
        _optional("container_no", of_line=True),
    ),
    ("declaration_no",),
    _shipment,
)
VOIDS = Kind(
    "voids",
    (Column("kind", fields.voidable), Column("key", fields.void_key), Column("reason", fields.text)),
    ("kind", "key"),
    _void,
)
# In the order in which a folder is imported.
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (EXPORTERS, GRADES, CLIENTS, SALES, SHIPMENTS, VOIDS)}
