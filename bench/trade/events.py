"""The events of a deal as the store holds them: written here, field by field, as canonical JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import msgspec

from bench.trade.deals import Deal


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event of a deal; its place in the log is given when it is loaded."""

    stream: str
    version: int
    key: str
    type: str
    business_date: date | None
    data: bytes


def stored_events(deal: Deal) -> Iterator[list[StoredEvent]]:
    """Give the events of each command of a deal."""
    uscc, client = deal.client.exporter_uscc, f"client/{deal.client.exporter_uscc}/{deal.client.client_ref}"
    sale, shipment = f"sale/{uscc}/{deal.contract_no}", f"shipment/{deal.declaration_no}"
    yield [StoredEvent(sale, 1, client, "sale.recorded", deal.signed_on, _sale(deal, client))]
    if deal.exported_on is not None:
        exported = _shipment(deal, client, deal.exported_on)
        yield [
            StoredEvent(shipment, 1, client, "shipment.exported", deal.exported_on, exported),
            StoredEvent(sale, 2, client, "sale.drawn", None, _draw(deal, client)),
        ]


def _json(facts: dict[str, object]) -> bytes:
    # Keys and texts here are ASCII and numbers are whole: sorted and without blanks is canonical (RFC 8785).
    return msgspec.json.encode({**facts, "violations": ()}, order="sorted")


def _sale(deal: Deal, client: str) -> bytes:
    return _json(
        {
            "client": client,
            "contract_no": deal.contract_no,
            "destination": deal.client.country,
            "exporter": deal.client.exporter_uscc,
            "measure": "sold",
            "signed_on": deal.signed_on.isoformat(),
            "lines": [
                {
                    "line_no": line_no,
                    "grade": grade.name,
                    "net_mg": net_mg,
                    "ppm": grade.ppm,
                    "basis": "grade_nominal",
                    "hs_code": "850511",
                    "unit_price": None,
                    "currency": None,
                }
                for line_no, (grade, net_mg) in enumerate(deal.lines, start=1)
            ],
        }
    )


def _shipment(deal: Deal, client: str, exported_on: date) -> bytes:
    return _json(
        {
            "client": client,
            "containers": (),
            "contract_no": deal.contract_no,
            "declaration_no": deal.declaration_no,
            "destination": deal.client.country,
            "exported_on": exported_on.isoformat(),
            "exporter": deal.client.exporter_uscc,
            "licence_no": None,
            "measure": "shipped",
            "port": "Ningbo",
            "lines": [
                {
                    "line_no": line_no,
                    "sale_line_no": line_no,
                    "grade": grade.name,
                    "net_mg": net_mg,
                    "ppm": grade.ppm,
                }
                for line_no, (grade, net_mg) in enumerate(deal.lines, start=1)
            ],
        }
    )


def _draw(deal: Deal, client: str) -> bytes:
    return _json(
        {
            "client": client,
            "contract_no": deal.contract_no,
            "declaration_no": deal.declaration_no,
            "exporter": deal.client.exporter_uscc,
            "lines": [{"line_no": number, "net_mg": net_mg} for number, (_, net_mg) in enumerate(deal.lines, start=1)],
        }
    )
