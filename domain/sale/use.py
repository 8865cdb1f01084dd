"""What became of a sale, against which it is judged when it is stated anew."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.judging import Judge
from domain.sale.errors import CancelledBeforeSigned, SaleBelowUse, SaleLineInUse
from domain.sale.state import Sale
from domain.shipment.errors import ExportedBeforeSigned


def judge_use(state: Sale, content: Mapping[str, Any], judge: Judge) -> None:
    """Note lines that keep less than shipments draw and cancellations take."""
    sold = {each.line_no: each.net_mg for each in content["lines"]}
    for line_no in sorted(state.used_lines()):
        used = state.drawn_mg(line_no) + state.cancelled_mg(line_no)
        if line_no not in sold:
            text = f"line {line_no} is drawn on or cancelled and cannot be dropped"
            judge.breach(SaleLineInUse(text, field="line_no"))
        elif sold[line_no] < used:
            text = f"line {line_no}: shipments and cancellations already take more than that"
            judge.breach(SaleBelowUse(text, field="net_kg", line_no=line_no))


def judge_dates(state: Sale, signed_on: date, first_exported_on: date | None, judge: Judge) -> None:
    """Note a sale that would be signed after it was cancelled or shipped."""
    first_cancelled_on = min((each.business_date for each in state.cancelled.values()), default=None)
    if first_cancelled_on is not None and first_cancelled_on < signed_on:
        text = f"signed on {signed_on}, but cancelled on {first_cancelled_on}"
        judge.breach(CancelledBeforeSigned(text, field="signed_on"))
    if first_exported_on is not None and first_exported_on < signed_on:
        text = f"signed on {signed_on}, but exported on {first_exported_on}"
        judge.breach(ExportedBeforeSigned(text, field="signed_on"))
