"""Which clients are a party, across exporters?"""

from domain.aggregates import STATES
from domain.streams import kind_of
from projections.ports import Rows

_CLIENTS = """
SELECT client FROM (
    SELECT DISTINCT ON (client) client, party FROM client_party
    WHERE from_position <= %(position)s AND client IN (SELECT client FROM client_party WHERE party = %(party)s)
    ORDER BY client, from_position DESC) AS latest
WHERE party = %(party)s ORDER BY client COLLATE "C"
"""


def is_party(subject: str) -> bool:
    """Tell whether a subject is a party (``lei:..``, ``DE:HRB1234``) and not a stream."""
    return kind_of(subject) not in STATES or "/" not in subject


def clients_of(rows: Rows, party: str, position: int) -> list[str]:
    """Give the clients that are this party, as known at a position."""
    return [str(row[0]) for row in rows.execute(_CLIENTS, {"party": party, "position": position})]
