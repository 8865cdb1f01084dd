"""Filings about exporters, clients and grades."""

from collections.abc import Sequence

from domain.client.commands import AmendClient, ChangeClientStanding, RegisterClient
from domain.event import Frozen
from domain.exporter.commands import ChangeExporterStanding, RegisterExporter
from domain.grade.commands import StateGrade
from interfaces.cli.formats import fields
from interfaces.cli.formats.errors import FieldError
from interfaces.cli.formats.kind import Column, Kind, Values, optional, required

EXAMPLE_USCC = "91999999MA20682835"
EXAMPLE_CLIENT = "C-1001"


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


def _amendment(rows: Sequence[Values]) -> Frozen:
    row = dict(rows[0])
    return AmendClient(exporter=row.pop("exporter_uscc"), **row)


def _standing(rows: Sequence[Values]) -> Frozen:
    row = rows[0]
    changed = {name: row[name] for name in ("standing_no", "action", "reason")}
    kind, _, key = row["stream"].partition("/")
    uscc, slash, client_ref = key.partition("/")
    if kind == "exporter" and uscc and not slash:
        return ChangeExporterStanding(uscc=uscc, **changed)
    if kind == "client" and uscc and client_ref:
        known = fields.inner_key(client_ref, column="stream")
        return ChangeClientStanding(exporter=uscc, client_ref=known, **changed)
    message = f"{row['stream']!r} is not of the form exporter/uscc or client/uscc/client_ref"
    raise FieldError("stream.malformed", message, field="stream")


_CLIENT_COLUMNS: Sequence[Column] = (
    required("exporter_uscc", fields.key, EXAMPLE_USCC),
    required("client_ref", fields.key, EXAMPLE_CLIENT),
    required("legal_name", fields.text, "Beispiel Antriebe GmbH"),
    required("country", fields.text, "DE"),
    required("role", fields.role, "manufacturer"),
    optional("lei", "9999EXAMPLE000000026"),
    optional("registry_no", "HRB 123456"),
    optional("end_use", "traction motors"),
)

EXPORTERS = Kind(
    "exporters",
    (
        required("uscc", fields.key, EXAMPLE_USCC),
        required("name", fields.text, "Example Magnets Co., Ltd."),
        optional("customs_code", "9999912345"),
        required("region", fields.text, "999999"),
    ),
    ("uscc",),
    _exporter,
)
GRADES = Kind(
    "grades",
    (
        required("grade", fields.key, "N42SH"),
        required("family", fields.text, "NdFeB"),
        required("composition", fields.composition, "Nd=270000;Pr=30000;Dy=20000"),
        required("effective_from", fields.day, "2025-01-01"),
    ),
    ("grade", "effective_from"),
    _grade,
)
CLIENTS = Kind("clients", _CLIENT_COLUMNS, ("exporter_uscc", "client_ref"), _client)
CLIENT_AMENDMENTS = Kind(
    "client_amendments",
    (*_CLIENT_COLUMNS, required("amendment_no", fields.number, "1")),
    ("exporter_uscc", "client_ref", "amendment_no"),
    _amendment,
)
STANDINGS = Kind(
    "standings",
    (
        required("stream", fields.stream, f"client/{EXAMPLE_USCC}/{EXAMPLE_CLIENT}"),
        required("standing_no", fields.number, "1"),
        required("action", fields.standing_action, "suspend"),
        required("reason", fields.text, "end use not confirmed"),
    ),
    ("stream", "standing_no"),
    _standing,
)
