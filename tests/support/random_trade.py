"""Random filings about a small world, in which everything collides, and a plain model of what is in force."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

EXPORTER = "91999999MA20682835"
CLIENTS = ("C1", "C2")
CONTRACTS = ("S1", "S2")
DECLARATIONS = ("D1", "D2", "D3")
NOMINAL = "Nd=270000;Dy=20000"
COMPOSITIONS = ("", "", "Nd=300000;Dy=20000;Tb=1000", "Pr=310000")
SIGNED = ("2025-03-01", "2025-03-02")
EXPORTED = ("2025-03-01", "2025-04-01")
LATER = ("2025-05-01", "2025-05-02")
STEPS = 24

Row = Mapping[str, str]
# measure, client, destination, element (None: net mass), business date -> nanograms
Ledger = Counter[tuple[str, str, str | None, str | None, str]]


@dataclass(frozen=True)
class Step:
    """One filing: its kind, who states it, and its rows by column."""

    kind: str
    source: str
    rows: tuple[Row, ...]


def opening() -> list[Step]:
    """What every sequence begins with: an exporter, a grade and two clients."""
    rows: list[tuple[str, Row]] = [
        ("exporters", {"uscc": EXPORTER, "name": "Firm", "region": "999999"}),
        ("grades", {"grade": "G", "family": "NdFeB", "composition": NOMINAL, "effective_from": "2021-01-01"}),
    ]
    rows += [("clients", _client(each, "DE")) for each in CLIENTS]
    return [Step(kind, "exporter", (row,)) for kind, row in rows]


def random_steps(random: Random) -> Iterator[Step]:
    """Give filings that now and then break every rule; a third of them as reported by customs."""
    for _ in range(STEPS):
        kind = random.choices(list(_MAKERS), [weight for weight, _ in _MAKERS.values()])[0]
        source = "customs" if random.random() < 1 / 3 else "exporter"
        yield Step(kind, source, tuple(_MAKERS[kind][1](random)))


def _client(client_ref: str, country: str) -> dict[str, str]:
    row = {"exporter_uscc": EXPORTER, "client_ref": client_ref, "legal_name": client_ref, "country": country}
    return {**row, "role": "trader"}


def _kg(random: Random) -> str:
    return random.choice(("0.5", "1", "1.000001", "2", "3.25", "5"))


def _lines(random: Random) -> list[str]:
    return random.choice((["1"], ["1", "2"], ["2"], ["1", "2", "3"]))


def _corrected(random: Random, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    numbered = {"correction_no": random.choice("1122345"), "reason": "mistyped"}
    return [{**row, **numbered} for row in rows]


def _sale(random: Random) -> list[dict[str, str]]:
    shared = {"exporter_uscc": EXPORTER, "contract_no": random.choice(CONTRACTS), "signed_on": random.choice(SIGNED)}
    shared |= {"client_ref": random.choice((*CLIENTS, *CLIENTS, "UNKNOWN")), "grade": "G", "hs_code": "850511"}
    return [
        {**shared, "line_no": line, "net_kg": _kg(random), "composition": random.choice(COMPOSITIONS)}
        for line in _lines(random)
    ]


def _shipment(random: Random) -> list[dict[str, str]]:
    shared = {"declaration_no": random.choice(DECLARATIONS), "exporter_uscc": EXPORTER, "port": "Ningbo"}
    shared |= {"contract_no": random.choice(CONTRACTS), "client_ref": random.choice(CLIENTS)}
    shared |= {"exported_on": random.choice(EXPORTED), "destination": random.choice(("DE", "JP"))}
    return [
        {**shared, "line_no": line, "sale_line_no": random.choice("112"), "net_kg": _kg(random)}
        for line in _lines(random)
    ]


def _cancellation(random: Random) -> list[dict[str, str]]:
    shared = {"exporter_uscc": EXPORTER, "contract_no": random.choice(CONTRACTS), "reason": "less needed"}
    shared |= {"cancellation_no": random.choice("AB"), "cancelled_on": random.choice(LATER)}
    return [{**shared, "line_no": line, "cancelled_kg": _kg(random)} for line in _lines(random)]


def _delivery(random: Random) -> list[dict[str, str]]:
    shared = {"declaration_no": random.choice(DECLARATIONS), "received_on": random.choice(LATER)}
    reasons = ("", "", "surplus", "shortage", "damaged")
    return [
        {**shared, "line_no": line, "received_kg": _kg(random), "reason": random.choice(reasons)}
        for line in _lines(random)
    ]


def _void(random: Random) -> list[dict[str, str]]:
    sale = ("sale", f"{EXPORTER}/{random.choice(CONTRACTS)}")
    kind, key = random.choice((sale, ("shipment", random.choice(DECLARATIONS))))
    return [{"kind": kind, "key": key, "reason": "never happened"}]


def _amendment(random: Random) -> list[dict[str, str]]:
    country = random.choice(("DE", "JP", "US"))
    return [{**_client(random.choice(CLIENTS), country), "amendment_no": random.choice("123")}]


def _standing(random: Random) -> list[dict[str, str]]:
    stream = random.choice((f"client/{EXPORTER}/C1", f"client/{EXPORTER}/C2", f"exporter/{EXPORTER}"))
    action = random.choice(("suspend", "reinstate", "reinstate"))
    return [{"stream": stream, "standing_no": random.choice("123"), "action": action, "reason": "looked into"}]


_MAKERS: Mapping[str, tuple[int, Callable[[Random], list[dict[str, str]]]]] = {
    "sales": (6, _sale),
    "shipments": (6, _shipment),
    "deliveries": (4, _delivery),
    "cancellations": (4, _cancellation),
    "sale_corrections": (4, lambda random: _corrected(random, _sale(random))),
    "shipment_corrections": (4, lambda random: _corrected(random, _shipment(random))),
    "voids": (2, _void),
    "client_amendments": (1, _amendment),
    "standings": (1, _standing),
}


@dataclass
class _Content:
    """What is stated; lines: number -> (milligrams, ppm); drawn: line of the contract -> milligrams."""

    client: str
    day: str
    destination: str | None
    lines: dict[str, tuple[int, dict[str, int]]]
    contract: str = ""
    drawn: Counter[int] = field(default_factory=Counter)


@dataclass
class _Paper:
    """A sale with its cancellations, or a shipment with its receipts: what follows, by its own key."""

    content: _Content | None = None
    voided: bool = False
    following: dict[str, tuple[str, dict[str, tuple[int, dict[str, int]]]]] = field(default_factory=dict)

    def state(self, content: _Content) -> None:
        self.content, self.voided = content, False
        for _, lines in self.following.values():
            for line, (net_mg, _) in list(lines.items()):
                if line in content.lines:
                    lines[line] = (net_mg, content.lines[line][1])

    def follow(self, key: str, day: str, masses: Mapping[str, int]) -> None:
        if self.content is not None and not self.voided:
            known = self.content.lines
            self.following[key] = (
                day,
                {line: (mg, known[line][1] if line in known else {}) for line, mg in masses.items()},
            )

    def void(self) -> None:
        self.voided, self.following = True, {}


class PlainTrade:
    """What is in force after the filings that were accepted: plain dictionaries, nothing of the code under test."""

    def __init__(self) -> None:
        self._countries: dict[str, str] = {}
        self._sales = {each: _Paper() for each in CONTRACTS}
        self._shipments = {each: _Paper() for each in DECLARATIONS}

    def accept(self, step: Step) -> None:
        """Take in a filing that added events."""
        first = step.rows[0]
        match step.kind:
            case "clients" | "client_amendments":
                self._countries[first["client_ref"]] = first["country"]
            case "sales" | "sale_corrections":
                self._sales[first["contract_no"]].state(self._sale_content(step))
            case "shipments" | "shipment_corrections":
                self._shipments[first["declaration_no"]].state(self._shipment_content(step))
            case "cancellations":
                masses = {row["line_no"]: _mg(row["cancelled_kg"]) for row in step.rows}
                self._sales[first["contract_no"]].follow(first["cancellation_no"], first["cancelled_on"], masses)
            case "deliveries":
                masses = {row["line_no"]: _mg(row["received_kg"]) for row in step.rows}
                self._shipments[first["declaration_no"]].follow(first["received_on"], first["received_on"], masses)
            case "voids":
                papers = self._sales if first["kind"] == "sale" else self._shipments
                papers[first["key"].rpartition("/")[2]].void()

    def in_force(self) -> Ledger:
        """Sum what stands, by measure, client, destination, element and business date; zeros left out."""
        ledger: Ledger = Counter()
        for papers, measure, following in (
            (self._sales, "sold", "cancelled"),
            (self._shipments, "shipped", "received"),
        ):
            for paper in papers.values():
                if paper.content is not None and not paper.voided:
                    _add(ledger, measure, paper.content, paper.content.day, paper.content.lines)
                    for day, lines in paper.following.values():
                        _add(ledger, following, paper.content, day, lines)
        return Counter({key: ng for key, ng in ledger.items() if ng})

    def draws(self, contract_no: str) -> dict[str, dict[int, int]]:
        """Give what each standing shipment takes from the lines of a contract, in milligrams."""
        return {
            number: dict(paper.content.drawn)
            for number, paper in self._shipments.items()
            if paper.content is not None and not paper.voided and paper.content.contract == contract_no
        }

    def _sale_content(self, step: Step) -> _Content:
        first = step.rows[0]
        lines = {row["line_no"]: (_mg(row["net_kg"]), _ppm(row["composition"] or NOMINAL)) for row in step.rows}
        client = f"client/{EXPORTER}/{first['client_ref']}"
        return _Content(client, first["signed_on"], self._countries.get(first["client_ref"]), lines)

    def _shipment_content(self, step: Step) -> _Content:
        first = step.rows[0]
        sold = self._sales[first["contract_no"]].content
        known = sold.lines if sold else {}
        lines = {
            row["line_no"]: (
                _mg(row["net_kg"]),
                dict(known[row["sale_line_no"]][1]) if row["sale_line_no"] in known else {},
            )
            for row in step.rows
        }
        client = f"client/{EXPORTER}/{first['client_ref']}"
        drawn: Counter[int] = Counter()
        for row in step.rows:
            drawn[int(row["sale_line_no"])] += _mg(row["net_kg"])
        return _Content(client, first["exported_on"], first["destination"], lines, first["contract_no"], drawn)


def _add(
    ledger: Ledger, measure: str, content: _Content, day: str, lines: Mapping[str, tuple[int, Mapping[str, int]]]
) -> None:
    for net_mg, ppm in lines.values():
        ledger[measure, content.client, content.destination, None, day] += net_mg * 1_000_000
        for element, share in ppm.items():
            ledger[measure, content.client, content.destination, element, day] += net_mg * share


def _mg(text: str) -> int:
    return int(Decimal(text) * 1_000_000)


def _ppm(text: str) -> dict[str, int]:
    return {part.partition("=")[0]: int(part.partition("=")[2]) for part in text.split(";")}
