"""Every rule, broken once: the row of the table in docs/rules.md, and the filing that breaks it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.judging import CONTRADICTS_FILING, CONTRADICTS_VOID
from tests.support.random_trade import EXPORTER, Step
from tests.unit.application.rules.ground import (
    ANOTHER,
    DELIVERED,
    GOOD,
    SUSPENDED_CLIENT,
    SUSPENDED_EXPORTER,
    VOID_S1,
    step,
)

BAD_USCC, NO_USCC = "91999999MA20682834", "not a uscc"
HUGE = "999999999"


@dataclass(frozen=True)
class Case:
    """A breach.

    Attributes:
        kind: what is filed.
        rule: in words, as in the table.
        code: what an exporter is refused with.
        violation: what customs' fact is flagged with; None where no event can hold it and customs is refused too.
        rows: the filing.
        before: what stands besides the common ground.
    """

    kind: str
    rule: str
    code: str
    violation: str | None
    rows: Sequence[Step]
    before: Sequence[Step] = ()


def _case(kind: str, rule: str, code: str, violation: str | None = "", /, **changes: str) -> Case:
    return Case(kind, rule, code, code if violation == "" else violation, [step(kind, **changes)])


def _after(before: Sequence[Step], case: Case) -> Case:
    return Case(case.kind, case.rule, case.code, case.violation, case.rows, before)


def _lines(kind: str, *changes: dict[str, str]) -> Sequence[Step]:
    return [Step(kind, "exporter", tuple({**GOOD[kind], **each} for each in changes))]


def _of_parties() -> Iterator[Case]:
    yield _case("exporters", "check character of the USCC", "uscc.invalid", uscc=BAD_USCC)
    yield _case("exporters", "form of the USCC", "uscc.invalid", None, uscc=NO_USCC)
    differently = "exporter.already_filed_differently"
    yield _case("exporters", "other details of a known one", differently, CONTRADICTS_FILING, uscc=EXPORTER)
    yield _case("grades", "symbols of the periodic table", "composition.element_unknown", composition="Xx=1")
    yield _case("grades", "shares sum to the whole at most", "composition.ppm_out_of_range", composition="Nd=1000001")
    differently = "grade.already_filed_differently"
    yield _case("grades", "another composition from the same date", differently, CONTRADICTS_FILING, grade="G")
    yield _case("grades", "a revision is later", "grade.revision_not_later", grade="G", effective_from="2020-01-01")
    yield _case("clients", "the exporter is registered", "exporter.unknown", exporter_uscc=ANOTHER)
    yield _case("clients", "countries of ISO 3166-1", "country.unknown", country="XX")
    yield _case("clients", "check digits of the LEI", "lei.invalid", lei="0" * 20)
    differently = "client.already_filed_differently"
    yield _case("clients", "other details of a known one", differently, CONTRADICTS_FILING, client_ref="C1")
    yield _after(SUSPENDED_EXPORTER, _case("clients", "the exporter is not suspended", "exporter.suspended"))
    yield _case("client_amendments", "the client is listed", "client.unknown", client_ref="C9")
    yield _case("client_amendments", "counted without a gap", "number.skipped", amendment_no="2")
    yield _after(
        [step("client_amendments")],
        _case("client_amendments", "a number counts once", "number.already_used", CONTRADICTS_FILING, country="JP"),
    )
    yield _after(SUSPENDED_CLIENT, _case("client_amendments", "the client is not suspended", "client.suspended"))
    yield _case("standings", "the exporter is registered", "exporter.unknown", stream=f"exporter/{ANOTHER}")
    yield _case("standings", "the client is listed", "client.unknown", stream=f"client/{EXPORTER}/C9")
    yield _case("standings", "counted without a gap", "number.skipped", standing_no="3")
    yield _after(
        [step("standings")],
        _case("standings", "a number counts once", "number.already_used", CONTRADICTS_FILING, action="reinstate"),
    )


def _of_sales() -> Iterator[Case]:
    yield _case("sales", "the client is listed", "client.unknown", client_ref="C9")
    yield _after(SUSPENDED_EXPORTER, _case("sales", "the exporter is not suspended", "exporter.suspended"))
    yield _after(SUSPENDED_CLIENT, _case("sales", "the client is not suspended", "client.suspended"))
    yield _case("sales", "no date after today", "date.in_future", signed_on="2999-01-01")
    yield _case("sales", "a mass above zero", "mass.not_positive", net_kg="0")
    many = [{"line_no": str(number), "net_kg": HUGE} for number in range(1, 11)]
    yield Case("sales", "a sum that JSON can hold", "mass.too_large", "mass.too_large", _lines("sales", *many))
    yield _case("sales", "form of the HS code", "hs_code.malformed", hs_code="8505")
    yield _case("sales", "a price has a currency", "price.incomplete", unit_price="1")
    yield _case("sales", "form of the currency", "price.malformed", unit_price="1", currency="usd")
    yield _case("sales", "the grade is defined", "grade.unknown", grade="H")
    yield _case("sales", "the grade has a composition then", "grade.not_in_force", signed_on="2020-06-01")
    yield Case("sales", "a line number once", "line.repeated", None, _lines("sales", {}, {}))
    differently = "sale.already_filed_differently"
    yield _case(
        "sales", "other content of a known contract", differently, CONTRADICTS_FILING, contract_no="S1", net_kg="12"
    )
    yield _after(
        VOID_S1, _case("sales", "a voided key", "sale.voided", CONTRADICTS_VOID, contract_no="S1", net_kg="12")
    )


def _of_sales_afterwards() -> Iterator[Case]:
    yield _case("sale_corrections", "the sale is known", "sale.unknown", contract_no="S9")
    yield _after(VOID_S1, _case("sale_corrections", "the sale stands", "sale.voided", CONTRADICTS_VOID))
    yield _case("sale_corrections", "counted without a gap", "number.skipped", correction_no="2")
    yield _case("sale_corrections", "no less than is drawn and cancelled", "sale.below_use", net_kg="3")
    yield _case("sale_corrections", "a line in use stays", "sale.line_in_use", line_no="2")
    yield _case("sale_corrections", "not after it was exported", "shipment.before_sale", signed_on="2025-04-02")
    yield _after(
        [step("cancellations", cancelled_on="2025-03-31")],
        _case("sale_corrections", "not after it was cancelled", "sale.cancelled_before_signed", signed_on="2025-04-01"),
    )
    yield _case("cancellations", "the sale is known", "sale.unknown", contract_no="S9")
    yield _after(VOID_S1, _case("cancellations", "the sale stands", "sale.voided"))
    yield _case("cancellations", "a line of the sale", "sale.line_unknown", line_no="2")
    yield _case("cancellations", "no more than is left", "sale.cancelled_too_much", cancelled_kg="6.000001")
    yield _case("cancellations", "not before it was signed", "sale.cancelled_before_signed", cancelled_on="2025-02-28")
    differently = "sale.cancellation_already_filed_differently"
    yield _after(
        [step("cancellations")],
        _case("cancellations", "other content of a known one", differently, CONTRADICTS_FILING, cancelled_kg="2"),
    )
    yield _case("voids", "the sale is known", "sale.unknown", kind="sale", key=f"{EXPORTER}/S9")
    yield _case("voids", "no shipment draws on it", "sale.has_shipments", kind="sale", key=f"{EXPORTER}/S1")


def _of_shipments() -> Iterator[Case]:
    yield _case("shipments", "the contract is filed", "sale.unknown", contract_no="S9")
    yield _after(VOID_S1, _case("shipments", "the contract stands", "sale.voided"))
    yield _case("shipments", "its sale's client", "shipment.client_mismatch", client_ref="C2")
    yield _case("shipments", "not before it was signed", "shipment.before_sale", exported_on="2025-02-28")
    yield _case("shipments", "a line of the sale", "shipment.sale_line_unknown", sale_line_no="2")
    yield _case("shipments", "no more than was sold", "shipment.overdrawn", net_kg="6.000001")
    yield _case("shipments", "countries of ISO 3166-1", "country.unknown", destination="XX")
    yield _case("shipments", "check digit of the container", "container.invalid", container_no="CSQU3054384")
    differently = "shipment.already_filed_differently"
    yield _case(
        "shipments", "other content of a known one", differently, CONTRADICTS_FILING, declaration_no="D1", net_kg="3"
    )
    yield _after(
        [step("voids")],
        _case("shipments", "a voided key", "shipment.voided", CONTRADICTS_VOID, declaration_no="D1", net_kg="3"),
    )
    yield _case("shipment_corrections", "the shipment is known", "shipment.unknown", declaration_no="D9")
    yield _after(
        [step("voids")],
        _case("shipment_corrections", "the shipment stands", "shipment.voided", CONTRADICTS_VOID),
    )
    yield _after(
        DELIVERED, _case("shipment_corrections", "a line that arrived stays", "shipment.line_received", line_no="2")
    )
    yield _after(
        DELIVERED,
        _case("shipment_corrections", "not after it arrived", "delivery.before_export", exported_on="2025-05-02"),
    )
    yield _case("shipment_corrections", "no more than was sold", "shipment.overdrawn", net_kg="10.000001")
    yield _case("voids", "the shipment is known", "shipment.unknown", key="D9")


def _of_deliveries() -> Iterator[Case]:
    yield _case("deliveries", "the shipment is known", "shipment.unknown", declaration_no="D9")
    yield _after([step("voids")], _case("deliveries", "the shipment stands", "shipment.voided"))
    yield _case("deliveries", "a line of the shipment", "delivery.line_unknown", line_no="2")
    yield _case("deliveries", "not before the export", "delivery.before_export", received_on="2025-03-31")
    yield _case("deliveries", "a surplus has a reason", "delivery.surplus_unexplained", received_kg="4.000001")
    yield _case("deliveries", "a reason that can be", "delivery.reason_contradicted", reason="shortage")
    yield _case("deliveries", "nothing arrived for a reason", "delivery.nothing_received", received_kg="0")
    differently = "delivery.already_filed_differently"
    yield _after(
        DELIVERED,
        _case("deliveries", "other content of a known day", differently, CONTRADICTS_FILING, received_kg="3"),
    )
    yield _after(SUSPENDED_CLIENT, _case("deliveries", "the client is not suspended", "client.suspended"))


CASES = [*_of_parties(), *_of_sales(), *_of_sales_afterwards(), *_of_shipments(), *_of_deliveries()]
