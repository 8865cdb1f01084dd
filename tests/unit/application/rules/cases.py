"""Every rule, broken once: the row of the table in docs/rules.md, and the filing that breaks it."""

from collections.abc import Iterator

from domain.judging import CONTRADICTS_FILING, CONTRADICTS_VOID
from tests.support.random_trade import EXPORTER
from tests.unit.application.rules.case import Case, after, breach, lines
from tests.unit.application.rules.every_kind import cases_of_every_kind
from tests.unit.application.rules.ground import (
    ANOTHER,
    DELIVERED,
    SUSPENDED_EXPORTER,
    VOID_S1,
    step,
)

BAD_USCC, NO_USCC = "91999999MA20682834", "not a uscc"
HUGE = "999999999"


def _of_parties() -> Iterator[Case]:
    yield breach("exporters", "check character of the USCC", "uscc.invalid", uscc=BAD_USCC)
    yield breach("exporters", "form of the USCC", "uscc.invalid", None, uscc=NO_USCC)
    differently = "exporter.already_filed_differently"
    yield breach("exporters", "other details of a known one", differently, CONTRADICTS_FILING, uscc=EXPORTER)
    yield breach("grades", "symbols of the periodic table", "composition.element_unknown", composition="Xx=1")
    yield breach("grades", "shares sum to the whole at most", "composition.ppm_out_of_range", composition="Nd=1000001")
    differently = "grade.already_filed_differently"
    yield breach("grades", "another composition from the same date", differently, CONTRADICTS_FILING, grade="G")
    yield breach("grades", "a revision is later", "grade.revision_not_later", grade="G", effective_from="2020-01-01")
    yield breach("clients", "the exporter is registered", "exporter.unknown", exporter_uscc=ANOTHER)
    yield breach("clients", "countries of ISO 3166-1", "country.unknown", country="XX")
    yield breach("clients", "check digits of the LEI", "lei.invalid", lei="0" * 20)
    differently = "client.already_filed_differently"
    yield breach("clients", "other details of a known one", differently, CONTRADICTS_FILING, client_ref="C1")
    yield after(SUSPENDED_EXPORTER, breach("clients", "the exporter is not suspended", "exporter.suspended"))
    yield breach("client_amendments", "the client is listed", "client.unknown", client_ref="C9")
    yield breach("client_amendments", "counted without a gap", "number.skipped", amendment_no="2")
    yield after(
        [step("client_amendments")],
        breach("client_amendments", "a number counts once", "number.already_used", CONTRADICTS_FILING, country="JP"),
    )
    yield breach("standings", "the exporter is registered", "exporter.unknown", stream=f"exporter/{ANOTHER}")
    yield breach("standings", "the client is listed", "client.unknown", stream=f"client/{EXPORTER}/C9")
    yield breach("standings", "counted without a gap", "number.skipped", standing_no="3")
    yield after(
        [step("standings")],
        breach("standings", "a number counts once", "number.already_used", CONTRADICTS_FILING, action="reinstate"),
    )


def _of_sales() -> Iterator[Case]:
    yield breach("sales", "the client is listed", "client.unknown", client_ref="C9")
    many = [{"line_no": str(number), "net_kg": HUGE} for number in range(1, 11)]
    yield Case("sales", "a sum that JSON can hold", "mass.too_large", "mass.too_large", lines("sales", *many))
    yield breach("sales", "form of the HS code", "hs_code.malformed", hs_code="8505")
    yield breach("sales", "a price has a currency", "price.incomplete", unit_price="1")
    yield breach("sales", "form of the currency", "price.malformed", unit_price="1", currency="usd")
    yield breach("sales", "the grade is defined", "grade.unknown", grade="H")
    yield breach("sales", "the grade has a composition then", "grade.not_in_force", signed_on="2020-06-01")
    yield Case("sales", "a line number once", "line.repeated", None, lines("sales", {}, {}))
    differently = "sale.already_filed_differently"
    yield breach(
        "sales", "other content of a known contract", differently, CONTRADICTS_FILING, contract_no="S1", net_kg="12"
    )
    yield after(
        VOID_S1, breach("sales", "a voided key", "sale.voided", CONTRADICTS_VOID, contract_no="S1", net_kg="12")
    )


def _of_sales_afterwards() -> Iterator[Case]:
    yield breach("sale_corrections", "the sale is known", "sale.unknown", contract_no="S9")
    yield after(VOID_S1, breach("sale_corrections", "the sale stands", "sale.voided", CONTRADICTS_VOID))
    yield breach("sale_corrections", "counted without a gap", "number.skipped", correction_no="2")
    yield breach("sale_corrections", "no less than is drawn and cancelled", "sale.below_use", net_kg="3")
    yield breach("sale_corrections", "a line in use stays", "sale.line_in_use", line_no="2")
    yield breach("sale_corrections", "not after it was exported", "shipment.before_sale", signed_on="2025-04-02")
    yield after(
        [step("cancellations", cancelled_on="2025-03-31")],
        breach(
            "sale_corrections", "not after it was cancelled", "sale.cancelled_before_signed", signed_on="2025-04-01"
        ),
    )
    yield breach("cancellations", "the sale is known", "sale.unknown", contract_no="S9")
    yield after(VOID_S1, breach("cancellations", "the sale stands", "sale.voided"))
    yield breach("cancellations", "a line of the sale", "sale.line_unknown", line_no="2")
    yield breach("cancellations", "no more than is left", "sale.cancelled_too_much", cancelled_kg="6.000001")
    yield breach("cancellations", "not before it was signed", "sale.cancelled_before_signed", cancelled_on="2025-02-28")
    differently = "sale.cancellation_already_filed_differently"
    yield after(
        [step("cancellations")],
        breach("cancellations", "other content of a known one", differently, CONTRADICTS_FILING, cancelled_kg="2"),
    )
    yield breach("voids", "the sale is known", "sale.unknown", kind="sale", key=f"{EXPORTER}/S9")
    yield breach("voids", "no shipment draws on it", "sale.has_shipments", kind="sale", key=f"{EXPORTER}/S1")


def _of_shipments() -> Iterator[Case]:
    yield breach("shipments", "the contract is filed", "sale.unknown", contract_no="S9")
    yield after(VOID_S1, breach("shipments", "the contract stands", "sale.voided"))
    yield breach("shipments", "its sale's client", "shipment.client_mismatch", client_ref="C2")
    yield breach("shipments", "not before it was signed", "shipment.before_sale", exported_on="2025-02-28")
    yield breach("shipments", "a line of the sale", "shipment.sale_line_unknown", sale_line_no="2")
    yield breach("shipments", "no more than was sold", "shipment.overdrawn", net_kg="6.000001")
    yield breach("shipments", "countries of ISO 3166-1", "country.unknown", destination="XX")
    yield breach("shipments", "check digit of the container", "container.invalid", container_no="CSQU3054384")
    differently = "shipment.already_filed_differently"
    yield breach(
        "shipments", "other content of a known one", differently, CONTRADICTS_FILING, declaration_no="D1", net_kg="3"
    )
    yield after(
        [step("voids")],
        breach("shipments", "a voided key", "shipment.voided", CONTRADICTS_VOID, declaration_no="D1", net_kg="3"),
    )
    yield breach("shipment_corrections", "the shipment is known", "shipment.unknown", declaration_no="D9")
    yield after(
        [step("voids")],
        breach("shipment_corrections", "the shipment stands", "shipment.voided", CONTRADICTS_VOID),
    )
    yield after(
        DELIVERED, breach("shipment_corrections", "a line that arrived stays", "shipment.line_received", line_no="2")
    )
    yield after(
        DELIVERED,
        breach("shipment_corrections", "not after it arrived", "delivery.before_export", exported_on="2025-05-02"),
    )
    yield breach("shipment_corrections", "no more than was sold", "shipment.overdrawn", net_kg="10.000001")
    yield breach("voids", "the shipment is known", "shipment.unknown", key="D9")


def _of_deliveries() -> Iterator[Case]:
    yield breach("deliveries", "the shipment is known", "shipment.unknown", declaration_no="D9")
    yield after([step("voids")], breach("deliveries", "the shipment stands", "shipment.voided"))
    yield breach("deliveries", "a line of the shipment", "delivery.line_unknown", line_no="2")
    yield breach("deliveries", "not before the export", "delivery.before_export", received_on="2025-03-31")
    yield breach("deliveries", "a surplus has a reason", "delivery.surplus_unexplained", received_kg="4.000001")
    yield breach("deliveries", "a reason that can be", "delivery.reason_contradicted", reason="shortage")
    yield breach("deliveries", "nothing arrived for a reason", "delivery.nothing_received", received_kg="0")
    differently = "delivery.already_filed_differently"
    yield after(
        DELIVERED,
        breach("deliveries", "other content of a known day", differently, CONTRADICTS_FILING, received_kg="3"),
    )


CASES = [
    *_of_parties(),
    *cases_of_every_kind(),
    *_of_sales(),
    *_of_sales_afterwards(),
    *_of_shipments(),
    *_of_deliveries(),
]
