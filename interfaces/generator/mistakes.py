"""Filings that must be refused: one for each thing that can be wrong, each with the row, field and code to expect."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from interfaces.generator.identifiers import uscc
from interfaces.generator.rows import HEADERS, Filings, Row


@dataclass(frozen=True, slots=True)
class Mistake:
    """A planted row and what an import must say of it; ``field`` None blames the row as a whole."""

    kind: str
    row: Row
    field: str | None
    code: str


_SURPLUS, _NOTHING = "delivery.surplus_unexplained", "delivery.nothing_received"
_TOO_MUCH, _BEFORE_SIGNED = "sale.cancelled_too_much", "sale.cancelled_before_signed"
# kind, what to change in a good row, the column to blame, the code.
_CHANGES: Sequence[tuple[str, dict[str, str], str, str]] = (
    ("exporters", {"uscc": "91999999MA0000000A"}, "uscc", "uscc.invalid"),
    ("exporters", {"name": ""}, "name", "field.required"),
    ("exporters", {"name": "two\nlines"}, "name", "field.control_character"),
    ("exporters", {"name": "x" * 501}, "name", "text.too_long"),
    ("grades", {"composition": "Nd:27%"}, "composition", "composition.malformed"),
    ("grades", {"composition": "Nd=270000;Xx=10"}, "composition", "composition.element_unknown"),
    ("grades", {"composition": "Nd=270000;Nd=10"}, "composition", "composition.element_repeated"),
    ("grades", {"composition": "Nd=900000;Pr=200000"}, "composition", "composition.ppm_out_of_range"),
    ("grades", {"effective_from": "2022-02-30"}, "effective_from", "date.malformed"),
    ("grades", {"effective_from": "2022/2/3"}, "effective_from", "date.spreadsheet"),
    ("clients", {"exporter_uscc": "91999999MA20682835"}, "exporter_uscc", "exporter.unknown"),
    ("clients", {"client_ref": "1.23E+17"}, "client_ref", "key.spreadsheet_number"),
    ("clients", {"client_ref": "k" * 65}, "client_ref", "key.too_long"),
    ("clients", {"client_ref": " padded"}, "client_ref", "key.blank_at_end"),
    ("clients", {"client_ref": "zero\u200bwidth"}, "client_ref", "key.not_printable"),
    ("clients", {"country": "XX"}, "country", "country.unknown"),
    ("clients", {"role": "friend"}, "role", "role.unknown"),
    ("clients", {"lei": "00000000000000000000"}, "lei", "lei.invalid"),
    ("sales", {"client_ref": "nobody"}, "client_ref", "client.unknown"),
    ("sales", {"signed_on": "2999-01-01"}, "signed_on", "date.in_future"),
    ("sales", {"signed_on": "2020-01-01", "composition": ""}, "composition", "grade.not_in_force"),
    ("sales", {"line_no": "1000"}, "line_no", "line_no.malformed"),
    ("sales", {"grade": "NdFeB-99X"}, "grade", "grade.unknown"),
    ("sales", {"net_kg": "-5"}, "net_kg", "mass.malformed"),
    ("sales", {"net_kg": "1.0000001"}, "net_kg", "mass.too_precise"),
    ("sales", {"net_kg": "0"}, "net_kg", "mass.not_positive"),
    ("sales", {"hs_code": "8505"}, "hs_code", "hs_code.malformed"),
    ("sales", {"unit_price": "1,000", "currency": "USD"}, "unit_price", "price.malformed"),
    ("sales", {"unit_price": "10", "currency": ""}, "currency", "price.incomplete"),
    ("shipments", {"contract_no": "no such contract"}, "contract_no", "sale.unknown"),
    ("shipments", {"exported_on": "2020-01-01"}, "exported_on", "shipment.before_sale"),
    ("shipments", {"sale_line_no": "999"}, "sale_line_no", "shipment.sale_line_unknown"),
    ("shipments", {"net_kg": "999999999"}, "net_kg", "shipment.overdrawn"),
    ("shipments", {"destination": "ZZ"}, "destination", "country.unknown"),
    ("shipments", {"container_no": "ZZZU0000001"}, "container_no", "container.invalid"),
    ("client_amendments", {"client_ref": "nobody"}, "client_ref", "client.unknown"),
    ("client_amendments", {"amendment_no": "0"}, "amendment_no", "number.malformed"),
    ("client_amendments", {"amendment_no": "9", "end_use": "unheard of"}, "amendment_no", "number.skipped"),
    ("deliveries", {"declaration_no": "none"}, "declaration_no", "shipment.unknown"),
    ("deliveries", {"received_on": "2020-01-01"}, "received_on", "delivery.before_export"),
    ("deliveries", {"received_on": "2025-12-01", "line_no": "999"}, "line_no", "delivery.line_unknown"),
    ("deliveries", {"received_on": "2025-12-02", "received_kg": "999999999", "reason": ""}, "reason", _SURPLUS),
    ("deliveries", {"received_on": "2025-12-03", "received_kg": "0", "reason": ""}, "received_kg", _NOTHING),
    ("deliveries", {"received_on": "2025-12-04", "reason": "stolen"}, "reason", "reason.unknown"),
    ("cancellations", {"contract_no": "no such contract"}, "contract_no", "sale.unknown"),
    ("cancellations", {"cancellation_no": "K-7", "line_no": "999"}, "line_no", "sale.line_unknown"),
    ("cancellations", {"cancellation_no": "K-8", "cancelled_kg": "999999999"}, "cancelled_kg", _TOO_MUCH),
    ("cancellations", {"cancellation_no": "K-9", "cancelled_on": "2020-01-01"}, "cancelled_on", _BEFORE_SIGNED),
    ("sale_corrections", {"contract_no": "no such contract"}, "contract_no", "sale.unknown"),
    ("shipment_corrections", {"declaration_no": "none"}, "declaration_no", "shipment.unknown"),
    ("standings", {"stream": "grade/N42"}, "stream", "stream.malformed"),
    ("standings", {"action": "forgive", "standing_no": "7"}, "action", "standing.action_unknown"),
    ("standings", {"stream": "exporter/91999999MA20682835"}, "stream", "exporter.unknown"),
    ("voids", {"kind": "client"}, "kind", "void.kind_unknown"),
    ("voids", {"kind": "sale", "key": "no slash"}, "key", "key.malformed"),
    ("voids", {"kind": "sale", "key": "91999999MA20682835/none"}, "key", "sale.unknown"),
    ("voids", {"kind": "shipment", "key": "none"}, "key", "shipment.unknown"),
)


def plant(filings: Filings, seed: int) -> list[Mistake]:
    """Put mistakes among good filings, at places that depend on the seed alone; give them as planted."""
    random = Random(seed)
    alone = [
        _changed(filings, kind, number, changes, (field, code))
        for number, (kind, changes, field, code) in enumerate(_CHANGES)
    ]
    alone += [_too_early(filings), _standing_sale(filings), _other_client(filings), *_wrong_widths(filings)]
    planted: list[tuple[list[Row], Mistake]] = [([each.row], each) for each in alone]
    planted += _of_two_rows(filings)
    for filing, mistake in planted:
        of_kind = filings[mistake.kind]
        # In the second half: what they build on stands in the first.
        of_kind.insert(random.randrange(max(len(of_kind) // 2, 1), len(of_kind) + 1), filing)
    return [mistake for _, mistake in planted]


def _changed(filings: Filings, kind: str, number: int, changes: dict[str, str], expected: tuple[str, str]) -> Mistake:
    row = _model(filings, kind, number)
    row.update(changes)
    return Mistake(kind, tuple(row[name] for name in HEADERS[kind]), *expected)


def _model(filings: Filings, kind: str, number: int) -> dict[str, str]:
    """Copy a good row under a key of its own."""
    row = dict(zip(HEADERS[kind], _standing(filings, kind), strict=True))
    fresh = {"grades": "grade", "clients": "client_ref", "sales": "contract_no", "shipments": "declaration_no"}
    if kind in fresh:
        row[fresh[kind]] = f"bad-{number}"
    if kind == "exporters":
        row["uscc"] = uscc(Random(f"bad-{number}"))
    return row


def _standing(filings: Filings, kind: str) -> Row:
    """Choose a good row that others may rely on: the first whose filing is not voided."""
    voided = {row[1] for filing in filings["voids"] for row in filing}
    for filing in filings[kind]:
        row = filing[0]
        keys = {"sales": f"{row[0]}/{row[1]}", "shipments": row[0]}
        if keys.get(kind) not in voided:
            return row
    raise ValueError(f"every filing of {kind} is voided; generate more")


def _too_early(filings: Filings) -> Mistake:
    """A revision that would change what was sold before."""
    grade = filings["grades"][0][0]
    return Mistake("grades", (grade[0], grade[1], grade[2], "2020-06-30"), "effective_from", "grade.revision_not_later")


def _standing_sale(filings: Filings) -> Mistake:
    """A void of a sale whose shipment stands."""
    shipment = _standing(filings, "shipments")
    return Mistake("voids", ("sale", f"{shipment[1]}/{shipment[2]}", "too late"), "key", "sale.has_shipments")


def _other_client(filings: Filings) -> Mistake:
    """A shipment to another client than its sale's."""
    shipment = dict(zip(HEADERS["shipments"], _standing(filings, "shipments"), strict=True))
    others = [row[0] for row in filings["clients"] if row[0][0] == shipment["exporter_uscc"]]
    other = next(row for row in others if row[1] != shipment["client_ref"])
    shipment |= {"declaration_no": "bad-client", "client_ref": other[1]}
    row = tuple(shipment[name] for name in HEADERS["shipments"])
    return Mistake("shipments", row, "client_ref", "shipment.client_mismatch")


def _wrong_widths(filings: Filings) -> list[Mistake]:
    """Rows with a field too few and a field too many; each is refused alone."""
    row = tuple(_model(filings, "sales", 900).values())
    return [
        Mistake("sales", row[:-1], None, "row.field_count"),
        Mistake("sales", (*row, "more"), None, "row.field_count"),
    ]


def _of_two_rows(filings: Filings) -> list[tuple[list[Row], Mistake]]:
    """Filings whose second row is to blame."""
    first = _model(filings, "sales", 901)
    first["line_no"] = "1"
    second = first | {"line_no": "2", "signed_on": "2021-06-02" if first["signed_on"] != "2021-06-02" else "2021-06-03"}
    repeated = first | {"contract_no": "bad-902"}
    pairs = (
        ((first, second), "signed_on", "filing.rows_disagree"),
        ((repeated, dict(repeated)), "line_no", "line.repeated"),
    )
    found: list[tuple[list[Row], Mistake]] = []
    for rows, field, code in pairs:
        filing: list[Row] = [tuple(row.values()) for row in rows]
        found.append((filing, Mistake("sales", filing[1], field, code)))
    return found
