"""What all figures must be, computed from the deals themselves and by no code of the product."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from bench.trade.deals import Deal

_NG_OF_A_MG = 1_000_000
Key = tuple[str, str, str, str | None]


@dataclass(slots=True)
class Totals:
    """Nanograms by client and by destination; an element of None is the net mass.

    Attributes:
        clients: (client's stream, month, measure, element) -> ng.
        destinations: (destination, month, measure, element) -> ng.
        entries: how many rows a ledger with one row a movement has.
        sales: client's stream -> how many sales.
    """

    clients: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    destinations: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    entries: int = 0
    sales: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def big_buyer(self) -> str:
        """Name the client that buys most often."""
        return max(self.sales, key=lambda client: self.sales[client])

    def add(self, deal: Deal) -> None:
        """Take in a deal."""
        self.sales[_client(deal)] += 1
        self._move(deal, "sold", deal.signed_on)
        if deal.exported_on is not None:
            self._move(deal, "shipped", deal.exported_on)

    def _move(self, deal: Deal, measure: str, day: date) -> None:
        self.entries += 1
        month = f"{day.year}-{day.month:02d}"
        amounts: dict[str | None, int] = defaultdict(int)
        for grade, net_mg in deal.lines:
            amounts[None] += net_mg * _NG_OF_A_MG
            for element, ppm in grade.ppm.items():
                amounts[element] += net_mg * ppm
        for component, ng in amounts.items():
            self.clients[_client(deal), month, measure, component] += ng
            self.destinations[deal.client.country, month, measure, component] += ng


def _client(deal: Deal) -> str:
    return f"client/{deal.client.exporter_uscc}/{deal.client.client_ref}"
