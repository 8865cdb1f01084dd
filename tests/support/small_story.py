"""A small story of two exporters that share a party: what is filed, and the edges that follow from it."""

from projections.trade_trail.query import Trail
from tests.support.random_trade import Row

ONE, TWO = "91999999MA20682835", "91999999MA7450422Y"


def sale_row(uscc: str, contract_no: str, client_ref: str, signed_on: str, kg: str) -> Row:
    """Give a sale's row, of one line of the grade."""
    return {
        "exporter_uscc": uscc,
        "contract_no": contract_no,
        "client_ref": client_ref,
        "signed_on": signed_on,
        "line_no": "1",
        "grade": "G",
        "net_kg": kg,
        "hs_code": "850511",
    }


def shipment_row(number: str, uscc: str, contract_no: str, client_ref: str, kg: str) -> Row:
    """Give a shipment's row, of one line, to Germany."""
    return {
        "declaration_no": number,
        "exporter_uscc": uscc,
        "contract_no": contract_no,
        "client_ref": client_ref,
        "exported_on": "2025-04-01",
        "line_no": "1",
        "sale_line_no": "1",
        "net_kg": kg,
        "destination": "DE",
        "port": "Ningbo",
    }


def client_row(uscc: str, client_ref: str, **more: str) -> Row:
    """Give a client's row."""
    known = {"exporter_uscc": uscc, "client_ref": client_ref, "legal_name": f"Werk {client_ref}", "country": "DE"}
    return {**known, "role": "trader", **more}


def delivery_row(number: str, day: str, kg: str, reason: str = "") -> Row:
    """Give a delivery's row."""
    return {"declaration_no": number, "line_no": "1", "received_kg": kg, "received_on": day, "reason": reason}


STORY: list[tuple[str, Row]] = [
    ("exporters", {"uscc": ONE, "name": "First", "region": "999999"}),
    ("exporters", {"uscc": TWO, "name": "Second", "region": "999999"}),
    ("grades", {"grade": "G", "family": "NdFeB", "composition": "Nd=1", "effective_from": "2021-01-01"}),
    ("clients", client_row(ONE, "A", registry_no="HRB 1/2")),
    ("clients", client_row(TWO, "B", registry_no="HRB 1/2")),
    ("clients", client_row(TWO, "C")),
    ("sales", sale_row(ONE, "S1", "A", "2025-01-10", "100")),
    ("sales", sale_row(TWO, "S2", "B", "2025-02-10", "50")),
    ("sales", sale_row(TWO, "S3", "C", "2025-03-10", "7")),
    ("shipments", shipment_row("D1", ONE, "S1", "A", "60")),
    ("shipments", shipment_row("D2", TWO, "S2", "B", "50")),
    ("deliveries", delivery_row("D1", "2025-05-01", "58.25", "shortage")),
    ("deliveries", delivery_row("D2", "2025-05-02", "20")),
    (
        "cancellations",
        {
            "exporter_uscc": ONE,
            "contract_no": "S1",
            "cancellation_no": "K",
            "line_no": "1",
            "cancelled_kg": "15",
            "cancelled_on": "2025-05-03",
            "reason": "r",
        },
    ),
]

FIRST = {
    (f"exporter/{ONE}", "sold", f"sale/{ONE}/S1", "100.000000"),
    (f"sale/{ONE}/S1", "sold_to", f"client/{ONE}/A", "100.000000"),
    (f"sale/{ONE}/S1", "cancelled", f"client/{ONE}/A", "15.000000"),
    (f"sale/{ONE}/S1", "drawn", "shipment/D1", "60.000000"),
    ("shipment/D1", "shipped", f"client/{ONE}/A", "60.000000"),
    ("shipment/D1", "received", f"client/{ONE}/A", "58.250000"),
}
SECOND = {
    (f"exporter/{TWO}", "sold", f"sale/{TWO}/S2", "50.000000"),
    (f"sale/{TWO}/S2", "sold_to", f"client/{TWO}/B", "50.000000"),
    (f"sale/{TWO}/S2", "drawn", "shipment/D2", "50.000000"),
    ("shipment/D2", "shipped", f"client/{TWO}/B", "50.000000"),
    ("shipment/D2", "received", f"client/{TWO}/B", "20.000000"),
}


def edges_of(trail: Trail) -> set[tuple[str, str, str, str]]:
    """Give source, kind, target and kilograms of each."""
    return {(each.source, each.kind, each.target, each.kg) for each in trail.edges}
