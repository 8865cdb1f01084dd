"""Who a client is across exporters."""

from typing import Any

import pytest

from projections.client_party.queries import is_party
from projections.decoding import Decoder
from projections.trade_trail.fold import TradeTrail
from tests.support.samples import Table, folded, sample

CLIENT = "client/91999999MA20682835/C-1001"
LEI = "9999EXAMPLE000000026"


def _parties(*events: tuple[Any, Any]) -> Table:
    """Fold into a unit that keeps who is whom."""
    return folded(TradeTrail(Decoder()), *(envelope for envelope, _ in events)).get("client_party", [])


@pytest.mark.parametrize(
    ("known", "party"),
    [
        ({"lei": LEI, "registry_no": "HRB 123456"}, f"lei:{LEI}"),
        ({"lei": None, "registry_no": "HRB 123456"}, "DE:HRB 123456"),
        ({"lei": None, "registry_no": None}, CLIENT),
    ],
)
def test_the_lei_goes_before_the_register_and_that_before_the_client_itself(known: dict[str, Any], party: str) -> None:
    """Of what is known, whether a client is listed or amended."""
    for kind in ("client.registered", "client.details_amended"):
        assert [row["party"] for row in _parties(sample(kind, **known))] == [party]


def test_a_client_is_a_party_from_a_position_on() -> None:
    """Listed, then amended; what is not about clients notes nothing."""
    noted = [sample("client.registered", 3), sample("sale.recorded", 4), sample("client.details_amended", 8)]
    assert _parties(*noted) == [
        {"client": CLIENT, "from_position": "3", "party": "DE:HRB 123456"},
        {"client": CLIENT, "from_position": "8", "party": f"lei:{LEI}"},
    ]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("lei:X", True), ("DE:HRB 1/2", True), ("sale", True), (CLIENT, False), ("sale/A/1", False), ("grade/G", False)],
)
def test_a_party_is_told_from_a_stream(subject: str, *, expected: bool) -> None:
    """By the kind before the first slash; a register's number may hold one too."""
    assert is_party(subject) is expected
