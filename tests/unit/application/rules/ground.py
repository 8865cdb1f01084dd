"""Good filings of every kind, and what stands before a rule is broken."""

from collections.abc import Mapping, Sequence

from tests.support.random_trade import EXPORTER, Step, opening

Rows = Sequence[Mapping[str, str]]

ANOTHER = "91999999MA7450422Y"
CLIENT = {"exporter_uscc": EXPORTER, "client_ref": "C9", "legal_name": "Nine", "country": "DE", "role": "trader"}
SALE = {
    "exporter_uscc": EXPORTER,
    "contract_no": "S9",
    "signed_on": "2025-03-01",
    "client_ref": "C1",
    "line_no": "1",
    "grade": "G",
    "net_kg": "10",
    "hs_code": "850511",
}
SHIPMENT = {
    "declaration_no": "D9",
    "exporter_uscc": EXPORTER,
    "contract_no": "S1",
    "client_ref": "C1",
    "exported_on": "2025-04-01",
    "line_no": "1",
    "sale_line_no": "1",
    "net_kg": "4",
    "destination": "DE",
    "port": "Ningbo",
}
GOOD: Mapping[str, Mapping[str, str]] = {
    "exporters": {"uscc": ANOTHER, "name": "Another", "region": "999999"},
    "grades": {"grade": "H", "family": "NdFeB", "composition": "Nd=1", "effective_from": "2021-01-01"},
    "clients": CLIENT,
    "client_amendments": {**CLIENT, "client_ref": "C1", "legal_name": "Renamed", "amendment_no": "1"},
    "sales": SALE,
    "shipments": SHIPMENT,
    "deliveries": {"declaration_no": "D1", "line_no": "1", "received_kg": "4", "received_on": "2025-05-01"},
    "cancellations": {
        "exporter_uscc": EXPORTER,
        "contract_no": "S1",
        "cancellation_no": "K9",
        "line_no": "1",
        "cancelled_kg": "1",
        "cancelled_on": "2025-05-01",
        "reason": "less needed",
    },
    "sale_corrections": {**SALE, "contract_no": "S1", "net_kg": "11", "correction_no": "1", "reason": "mistyped"},
    "shipment_corrections": {
        **SHIPMENT,
        "declaration_no": "D1",
        "net_kg": "3",
        "correction_no": "1",
        "reason": "scale",
    },
    "voids": {"kind": "shipment", "key": "D1", "reason": "never left"},
    "standings": {
        "stream": f"client/{EXPORTER}/C2",
        "standing_no": "1",
        "action": "suspend",
        "reason": "looked into",
    },
}


def step(kind: str, source: str = "exporter", /, **changes: str) -> Step:
    """Make a filing of a good row with some changes."""
    return Step(kind, source, ({**GOOD[kind], **changes},))


def ground() -> list[Step]:
    """An exporter, a grade, two clients; a sale of 10 kg, of which 4 are shipped."""
    return [*opening(), step("sales", contract_no="S1"), step("shipments", declaration_no="D1")]


VOID_S1 = [step("voids"), step("voids", kind="sale", key=f"{EXPORTER}/S1")]
SUSPENDED_EXPORTER = [step("standings", stream=f"exporter/{EXPORTER}")]
SUSPENDED_CLIENT = [step("standings", stream=f"client/{EXPORTER}/C1")]
DELIVERED = [step("deliveries")]
