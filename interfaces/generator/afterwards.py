"""What becomes of trade once it is filed: receipts, cancellations, corrections, and changes of clients' details."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from interfaces.generator.firms import ClientRow
from interfaces.generator.identifiers import lei
from interfaces.generator.trade import Deal, SaleLine, Shipment

Row = Sequence[str]
_CORRECTED, _CANCELLED, _AMENDED, _SUSPENDED = 0.02, 0.25, 0.08, 0.04
# How shipments arrive: in one part, in two, with less or more than was shipped, with a broken seal.
_ARRIVALS = ("whole", "parts", "shortage", "surplus", "damaged", "seal_broken", "other", "nothing yet")
_SHARES = (70, 10, 4, 1, 2, 1, 1, 11)
_WHY_CANCELLED = ("order reduced", "buyer withdrew", "grade no longer made")
_WHY_CORRECTED = ("typing error", "wrong weight filed", "scale was out of order")
_WHY_SUSPENDED = ("end use not confirmed", "papers missing", "under review")


def kg(net_mg: int) -> str:
    """Write milligrams as kilograms without needless zeros."""
    whole, rest = divmod(net_mg, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def deliveries(random: Random, deal: Deal, *, first: bool) -> Iterator[list[Row]]:
    """What arrived of a deal's shipments; most of it in full, a few weeks later. The first of all arrives in full."""
    for number, shipment in enumerate(deal.shipments):
        arrival = random.choices(_ARRIVALS, _SHARES)[0]
        if first and number == 0:
            arrival = "whole"
        day = shipment.exported_on + timedelta(days=random.randrange(15, 60))
        if arrival == "parts":
            yield [_received(shipment, day, line, "", (1, 2)) for line in shipment.lines]
            yield [_received(shipment, day + timedelta(days=9), line, "", (1, 2), rest=True) for line in shipment.lines]
        elif arrival == "surplus":
            yield [_received(shipment, day, line, arrival, (1001, 1000), more=1) for line in shipment.lines]
        elif arrival in {"whole", "damaged"}:
            reason = "" if arrival == "whole" else arrival
            yield [_received(shipment, day, line, reason, (1, 1)) for line in shipment.lines]
        elif arrival != "nothing yet":
            yield [_received(shipment, day, line, arrival, (99, 100), more=-1) for line in shipment.lines]


def cancellations(random: Random, deal: Deal, *, first: bool) -> Iterator[list[Row]]:
    """What buyers no longer want of what was sold and not shipped; the first possible one is made."""
    left = {line.line_no: line.net_mg for line in deal.lines}
    for shipment in deal.shipments:
        for _, sale_line_no, net_mg, _ in shipment.lines:
            left[sale_line_no] -= net_mg
    unshipped = {line_no: net_mg for line_no, net_mg in left.items() if net_mg > 0}
    chance = random.random()
    if unshipped and (first or chance < _CANCELLED):
        day = deal.signed_on + timedelta(days=random.randrange(60, 120))
        reason = random.choice(_WHY_CANCELLED)
        yield [
            (
                deal.client.exporter_uscc,
                deal.contract_no,
                "K-1",
                str(line_no),
                kg(max(1, net_mg // random.choice((1, 2, 3)))),
                day.isoformat(),
                reason,
            )
            for line_no, net_mg in unshipped.items()
        ]


def corrected_lines(random: Random, deal: Deal, *, first: bool) -> Iterator[tuple[list[SaleLine], str, str]]:
    """Lines as they should have been filed, the number of the correction and its reason; masses only grow."""
    lines = deal.lines
    for number in range(1, 3):
        wrong = random.random() < (_CORRECTED if number == 1 else 0.3)
        if not wrong and not (first and number == 1):
            return
        more = random.randrange(1, 5_000_000)
        lines = [
            SaleLine(
                each.line_no,
                each.grade,
                each.net_mg + more,
                each.hs_code,
                each.composition,
                each.unit_price,
                each.currency,
            )
            for each in lines
        ]
        yield lines, str(number), random.choice(_WHY_CORRECTED)


def corrected_shipment(random: Random, shipment: Shipment, *, first: bool) -> Shipment | None:
    """A shipment as it should have been filed, if it was filed wrongly: another port, and a little less on board."""
    if random.random() > _CORRECTED and not first:
        return None
    return Shipment(
        declaration_no=shipment.declaration_no,
        exported_on=shipment.exported_on,
        destination=shipment.destination,
        port=f"{shipment.port} Beilun",
        licence_no=shipment.licence_no,
        lines=[(number, of, max(1, net_mg - 1_000), box) for number, of, net_mg, box in shipment.lines],
    )


def client_amendments(random: Random, clients: Sequence[ClientRow]) -> Iterator[list[Row]]:
    """Clients whose LEI is learned, or whose name is another one now."""
    for number, each in enumerate(clients):
        if random.random() < _AMENDED or number == 0:
            name = each.legal_name if not each.lei else each.legal_name.replace("(fictitious)", "Group (fictitious)")
            yield [
                (
                    each.exporter_uscc,
                    each.client_ref,
                    name,
                    each.country,
                    each.role,
                    each.lei or lei(random),
                    each.registry_no,
                    each.end_use,
                    "1",
                )
            ]


def standings(random: Random, clients: Sequence[ClientRow]) -> Iterator[list[Row]]:
    """Clients that are suspended, most of them not for good."""
    for number, each in enumerate(clients):
        if random.random() < _SUSPENDED or number == 0:
            stream = f"client/{each.exporter_uscc}/{each.client_ref}"
            yield [(stream, "1", "suspend", random.choice(_WHY_SUSPENDED))]
            if random.random() < 0.7:
                yield [(stream, "2", "reinstate", "found to be in order")]


def _received(  # noqa: PLR0913 - a line, and which share of it arrived
    shipment: Shipment,
    day: date,
    line: tuple[int, int, int, str],
    reason: str,
    share: tuple[int, int],
    *,
    rest: bool = False,
    more: int = 0,
) -> Row:
    line_no, _, net_mg, _ = line
    part, whole = share
    arrived = net_mg * part // whole + more
    arrived = max(net_mg - arrived if rest else arrived, 0)
    return shipment.declaration_no, str(line_no), kg(arrived), day.isoformat(), reason
