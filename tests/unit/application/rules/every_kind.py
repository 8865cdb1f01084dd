"""Rules that hold for kinds alike: the standing of whom a filing names, dates, masses, and numbers that count."""

from collections.abc import Iterator

from domain.judging import CONTRADICTS_FILING
from tests.support.random_trade import EXPORTER
from tests.unit.application.rules.case import Case, after, breach
from tests.unit.application.rules.ground import SUSPENDED_CLIENT, SUSPENDED_EXPORTER, step

_VOID_OF_A_SALE = {"kind": "sale", "key": f"{EXPORTER}/S0"}
_UNDRAWN = step("sales", contract_no="S0")
_TRADE = ("sales", "sale_corrections", "cancellations", "shipments", "shipment_corrections", "deliveries", "voids")
_DATES = {
    "shipments": "exported_on",
    "shipment_corrections": "exported_on",
    "cancellations": "cancelled_on",
    "deliveries": "received_on",
    "sales": "signed_on",
}
_MASSES = {"sales": "net_kg", "shipments": "net_kg", "shipment_corrections": "net_kg", "cancellations": "cancelled_kg"}


def cases_of_every_kind() -> Iterator[Case]:
    """Give each rule once for each kind that it holds for."""
    for kind in (*_TRADE, "client_amendments"):
        yield after(SUSPENDED_EXPORTER, breach(kind, "the exporter is not suspended", "exporter.suspended"))
        yield after(SUSPENDED_CLIENT, breach(kind, "the client is not suspended", "client.suspended"))
    for rule, code, before in (
        ("the exporter of the sale is not suspended", "exporter.suspended", SUSPENDED_EXPORTER),
        ("the client of the sale is not suspended", "client.suspended", SUSPENDED_CLIENT),
    ):
        yield after([_UNDRAWN, *before], breach("voids", rule, code, **_VOID_OF_A_SALE))
    for kind, column in _DATES.items():
        yield breach(kind, "no date after today", "date.in_future", **{column: "2999-01-01"})
    for kind, column in _MASSES.items():
        yield breach(kind, "a mass above zero", "mass.not_positive", **{column: "0"})
    for kind in ("sale_corrections", "shipment_corrections"):
        again = breach(kind, "a number counts once", "number.already_used", CONTRADICTS_FILING, net_kg="5")
        yield after([step(kind)], again)
    yield breach("shipment_corrections", "counted without a gap", "number.skipped", correction_no="2")
