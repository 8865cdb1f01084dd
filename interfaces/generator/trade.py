"""Years of seasonal trade: sales, the shipments that draw on them, and a few that are voided."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from interfaces.generator.firms import DESTINATIONS, ClientRow
from interfaces.generator.grades import GradeRow
from interfaces.generator.identifiers import container

FIRST_DAY = date(2021, 6, 1)
DAYS = 1_460
# Buyers fill their stocks before the year's end and after the spring festival.
_SEASON = (0.7, 0.5, 1.3, 1.1, 1.0, 0.9, 0.9, 1.0, 1.2, 1.2, 1.3, 1.1)
_PORTS = ("Ningbo", "Shanghai", "Qingdao", "Shenzhen", "Tianjin", "Guangzhou")
_HS_CODES = ("850511", "85051110", "8505111000")
_VOIDED = 0.02
_MG = 1_000_000
_REASONS = ("filed twice under another number", "wrong client", "cancelled before it happened", "typing error")


@dataclass(frozen=True, slots=True)
class SaleLine:
    """A line of a sale, its mass in milligrams."""

    line_no: int
    grade: str
    net_mg: int
    hs_code: str
    composition: str
    unit_price: str
    currency: str


@dataclass(frozen=True, slots=True)
class Shipment:
    """A declaration: (line, sale line, milligrams, container) each."""

    declaration_no: str
    exported_on: date
    destination: str
    port: str
    licence_no: str
    lines: list[tuple[int, int, int, str]]


@dataclass(frozen=True, slots=True)
class Deal:
    """A sale with everything that follows from it. ``void_reason`` is empty unless all of it is voided."""

    client: ClientRow
    contract_no: str
    signed_on: date
    lines: list[SaleLine]
    shipments: list[Shipment] = field(default_factory=list)
    voided_shipments: list[tuple[str, str]] = field(default_factory=list)
    void_reason: str = ""


def deals(random: Random, clients: list[ClientRow], grades: list[GradeRow], count: int) -> Iterator[Deal]:
    """Make deals in the order of their signing."""
    days = sorted(_signing_day(random) for _ in range(count))
    # Some clients buy often, most seldom.
    weights = [1 / (place + 3) for place in range(len(clients))]
    names = sorted({row.grade for row in grades})
    # Declarations are numbered across all exporters: another seed's must not be taken for these.
    series = f"{random.randrange(10**5):05d}"
    for number, signed_on in enumerate(days, start=1):
        client = random.choices(clients, weights)[0]
        lines = [_line(random, line_no, names, grades) for line_no in range(1, random.choice((1, 1, 1, 2, 2, 3)) + 1)]
        deal = Deal(client, f"{signed_on.year}/{number:06d}", signed_on, lines)
        yield _followed_up(random, deal, f"{series}{number:06d}")


def _signing_day(random: Random) -> date:
    while True:
        day = FIRST_DAY + timedelta(days=random.randrange(DAYS))
        if random.random() * max(_SEASON) < _SEASON[day.month - 1]:
            return day


def _line(random: Random, line_no: int, names: list[str], grades: list[GradeRow]) -> SaleLine:
    grade = random.choice(names)
    priced = random.random() < 0.7
    return SaleLine(
        line_no=line_no,
        grade=grade,
        net_mg=int(random.lognormvariate(5.3, 1.1) * 1_000) * 1_000 + random.choice((0, 0, 0, random.randrange(1_000))),
        hs_code=random.choice(_HS_CODES),
        composition=_assay(random, grade, grades) if random.random() < 0.15 else "",
        unit_price=f"{random.uniform(40, 220):.2f}" if priced else "",
        currency=random.choice(("USD", "EUR", "CNY")) if priced else "",
    )


def _assay(random: Random, grade: str, grades: list[GradeRow]) -> str:
    """Vary the nominal composition a little, as an assay of the lot would."""
    nominal = next(row.composition for row in grades if row.grade == grade)
    shares = (part.split("=") for part in nominal.split(";"))
    return ";".join(f"{element}={int(ppm) + random.randrange(-400, 401)}" for element, ppm in shares)


def _followed_up(random: Random, deal: Deal, number: str) -> Deal:
    course = random.random()
    void_reason = random.choice(_REASONS) if random.random() < _VOIDED else ""
    shares = [] if course < 0.1 else [1.0] if course < 0.65 else [0.5, 0.5] if course < 0.85 else [0.6]
    left = {line.line_no: line.net_mg for line in deal.lines}
    shipments = []
    for place, share in enumerate(shares):
        last = sum(shares) == 1.0 and place == len(shares) - 1
        shipments.append(_shipment(random, deal, f"{number}{place + 1}", share, left, takes_rest=last))
    voided = [each.declaration_no for each in shipments if void_reason or random.random() < _VOIDED]
    return Deal(
        client=deal.client,
        contract_no=deal.contract_no,
        signed_on=deal.signed_on,
        lines=deal.lines,
        shipments=shipments,
        voided_shipments=[(declaration_no, void_reason or random.choice(_REASONS)) for declaration_no in voided],
        void_reason=void_reason,
    )


def _shipment(  # noqa: PLR0913 - a draw needs its randomness, its deal and what is left
    random: Random, deal: Deal, number: str, share: float, left: dict[int, int], *, takes_rest: bool
) -> Shipment:
    box = container(random) if random.random() < 0.8 else ""
    lines: list[tuple[int, int, int, str]] = []
    for line in deal.lines:
        taken = left[line.line_no] if takes_rest else max(1, int(line.net_mg * share))
        left[line.line_no] -= taken
        lines.append((len(lines) + 1, line.line_no, taken, box))
    at_home = random.random() < 0.9
    destination = deal.client.country if at_home else random.choice(DESTINATIONS)[0]
    exported_on = deal.signed_on + timedelta(days=random.randrange(3, 90))
    return Shipment(
        declaration_no=f"{exported_on.year}99{number}",
        exported_on=exported_on,
        destination=destination,
        port=random.choice(_PORTS),
        licence_no=f"EL-{exported_on.year}-{random.randrange(10**6):06d}" if random.random() < 0.5 else "",
        lines=lines,
    )
