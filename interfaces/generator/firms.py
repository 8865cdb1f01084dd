"""Fictitious exporters and their clients; some clients are one party under several exporters."""

from dataclasses import dataclass
from random import Random

from interfaces.generator.identifiers import lei, uscc

# Country and how much of the trade goes there.
DESTINATIONS = tuple(
    zip(
        ("DE", "US", "JP", "VN", "KR", "IN", "TH", "FR", "IT", "MX", "PL", "BR", "CZ", "GB"),
        (22, 18, 12, 9, 8, 7, 6, 5, 4, 3, 2, 2, 1, 1),
        strict=True,
    )
)
_PLACES = ("Baotou", "Ganzhou", "Ningbo", "Yantai", "Hangzhou", "Tianjin", "Dongyang", "Taiyuan")
_TRADES = ("Magnet Materials", "Permanent Magnets", "Rare Earth Alloys", "Magnetics", "New Materials")
_STEMS = ("Nord", "Alpen", "Pacific", "Delta", "Orion", "Helio", "Volt", "Aero", "Kestrel", "Lumen", "Tern", "Vega")
_FIELDS = ("Drives", "Turbines", "Robotics", "Motors", "Acoustics", "Medical", "Traction", "Servo", "Components")
_ROLES = ("end_user", "manufacturer", "manufacturer", "trader", "forwarder")
_END_USES = ("wind turbines", "electric vehicles", "industrial robots", "loudspeakers", "MRI", "")


@dataclass(frozen=True, slots=True)
class ExporterRow:
    """A row of ``exporters.csv``."""

    uscc: str
    name: str
    customs_code: str
    region: str


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A row of ``clients.csv``."""

    exporter_uscc: str
    client_ref: str
    legal_name: str
    country: str
    role: str
    lei: str
    registry_no: str
    end_use: str


def exporters(random: Random, count: int) -> list[ExporterRow]:
    """Make exporters, each with a code of its own."""
    codes: dict[str, None] = {}
    while len(codes) < count:
        codes[uscc(random)] = None
    return [
        ExporterRow(
            uscc=code,
            name=f"{random.choice(_PLACES)} {random.choice(_TRADES)} No. {number} (fictitious)",
            customs_code=f"{random.randrange(10**10):010d}" if random.random() < 0.8 else "",
            region="999999",
        )
        for number, code in enumerate(codes, start=1)
    ]


def clients(random: Random, listed_by: list[ExporterRow], count: int) -> list[ClientRow]:
    """Make clients; about a quarter are listed by a second exporter under a reference of its own."""
    countries, weights = zip(*DESTINATIONS, strict=True)
    rows: list[ClientRow] = []
    while len(rows) < count:
        number = len(rows) + 1
        country = random.choices(countries, weights)[0]
        has_lei = random.random() < 0.5
        row = ClientRow(
            exporter_uscc=random.choice(listed_by).uscc,
            client_ref=f"C-{number:04d}",
            legal_name=f"{random.choice(_STEMS)} {random.choice(_FIELDS)} {number} (fictitious)",
            country=country,
            role=random.choice(_ROLES),
            lei=lei(random) if has_lei else "",
            registry_no=f"HRB{10_000 + number}" if has_lei or random.random() < 0.6 else "",
            end_use=random.choice(_END_USES),
        )
        rows.append(row)
        if len(rows) < count and random.random() < 0.25 and (row.lei or row.registry_no):
            rows.append(_listed_again(random, row, listed_by, f"K/{number:04d}"))
    return rows


def _listed_again(random: Random, row: ClientRow, listed_by: list[ExporterRow], reference: str) -> ClientRow:
    return ClientRow(
        exporter_uscc=random.choice(listed_by).uscc,
        client_ref=reference,
        legal_name=row.legal_name,
        country=row.country,
        role=row.role,
        lei=row.lei,
        registry_no=row.registry_no,
        end_use=row.end_use,
    )
