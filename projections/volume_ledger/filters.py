"""From a question to the WHERE clause that ledger and totals share."""

from typing import Any

from projections.volume_ledger.query import VolumeQuery

# Who a client was at the answer's position; an LEI learned later does not move what was known before.
PARTY = (
    "coalesce((SELECT p.party FROM client_party p WHERE p.client = f.client AND p.from_position <= %(position)s"
    " ORDER BY p.from_position DESC LIMIT 1), f.client)"
)


def conditions(query: VolumeQuery) -> tuple[str, dict[str, Any]]:
    """Give conditions on ``f`` (client, exporter, element, month, destination, measure) and their parameters.

    An element of NULL is the net mass of the magnets, which is never added up with elements.
    """
    clauses = ["f.element IS NOT NULL" if query.of_elements else "f.element IS NULL"]
    parameters: dict[str, Any] = {}
    for name, column, values in (
        ("measures", "f.measure", query.measures),
        ("elements", "f.element", query.elements),
        ("clients", "f.client", query.clients),
        ("exporters", "f.exporter", query.exporters),
        ("destinations", "f.destination", query.destinations),
        ("parties", PARTY, query.parties),
    ):
        if values:
            clauses.append(f"{column} = ANY(%({name})s)")
            parameters[name] = list(values)
    if query.from_month is not None:
        clauses.append("f.month >= %(from_month)s")
        parameters["from_month"] = query.from_month
    if query.to_month is not None:
        clauses.append("f.month <= %(to_month)s")
        parameters["to_month"] = query.to_month
    return " AND ".join(clauses), parameters


def group_expressions(query: VolumeQuery) -> list[str]:
    """Give the SQL of each grouping key, in the order of the question."""
    return [PARTY if name == "party" else f"f.{name}" for name in query.by]
