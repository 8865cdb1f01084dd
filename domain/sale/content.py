"""What a filing of a sale states: judged, and with everything copied in that its entries need."""

from datetime import date
from typing import Any

from domain.calendar import check_not_future
from domain.client.decide import judge_client
from domain.event import MAX_NET_MG
from domain.exporter.decide import judge_exporter
from domain.judging import Judge
from domain.lines import check_line_numbers
from domain.mass import MassTooLarge
from domain.parties import Parties
from domain.sale.commands import RecordSale
from domain.sale.events import SaleContent, SaleLine
from domain.sale.lines import recorded_line
from domain.streams import client_stream


def stated_content(command: RecordSale, parties: Parties, today: date, judge: Judge) -> dict[str, Any]:
    """Give the fields of ``SaleContent``, and note every breach.

    Raises:
        DomainError: of what no event can hold: the USCC's form, the line numbers.
    """
    judge_exporter(parties.exporter, command.exporter, judge)
    judge_client(parties.client, command.client_ref, command.exporter, judge)
    with judge.rule():
        check_not_future(command.signed_on, today, field="signed_on")
    check_line_numbers(each.line_no for each in command.lines)
    lines = tuple(recorded_line(each, command.signed_on, parties.grades, judge) for each in command.lines)
    if sum(each.net_mg for each in lines) > MAX_NET_MG:
        judge.breach(MassTooLarge(f"the lines sum to more than {MAX_NET_MG} mg", field="net_kg"))
    return {
        "exporter": command.exporter,
        "contract_no": command.contract_no,
        "client": client_stream(command.exporter, command.client_ref),
        "signed_on": command.signed_on,
        "destination": parties.client.country,
        "lines": lines,
    }


def same_content(known: SaleContent, content: dict[str, Any]) -> bool:
    """Tell whether a correction states what is in force; the destination is looked up, not stated."""
    return all(getattr(known, name) == content[name] for name in ("client", "signed_on", "lines"))


def same_filing(known: SaleContent, content: dict[str, Any]) -> bool:
    """Tell whether a filing states what is in force, whatever its grades' nominal compositions have become since."""
    lines = content["lines"]
    if len(lines) != len(known.lines):
        return False
    as_recorded = tuple(_as_recorded(each, line) for each, line in zip(known.lines, lines, strict=True))
    return same_content(known, {**content, "lines": as_recorded})


def _as_recorded(known: SaleLine, stated: SaleLine) -> SaleLine:
    # What was not known when it was recorded is no composition that the filing could have meant.
    looked_up = known.ppm and known.basis == stated.basis == "grade_nominal"
    return stated.model_copy(update={"ppm": known.ppm}) if looked_up else stated
