"""Ledger and totals to PostgreSQL, a batch a transaction: COPY and set-based upserts, as fast as by hand."""

from collections import defaultdict
from collections.abc import Sequence

import psycopg

from bench.peers.messages import Entry, entries_of

_LEDGER = (
    b"COPY volume_entries (position, ordinal, stream, type, recorded_at, measure, business_date, month, exporter,"
    b" client, destination, elements, ng) FROM STDIN"
)
_CLIENTS = b"""
INSERT INTO client_volumes AS total (client, exporter, destination, month, measure, element, ng)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]::numeric[])
ON CONFLICT ON CONSTRAINT client_volumes_key DO UPDATE SET ng = total.ng + excluded.ng
"""
_ELEMENTS = b"""
INSERT INTO element_volumes AS total (destination, month, measure, element, ng)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]::numeric[])
ON CONFLICT ON CONSTRAINT element_volumes_key DO UPDATE SET ng = total.ng + excluded.ng
"""
_DONE = b"UPDATE done SET messages = messages + %s"

_ClientKey = tuple[str, str, str | None, str, str, str | None]
_ElementKey = tuple[str | None, str, str, str | None]


class VolumeWriter:
    """Writes what messages say of volumes.

    Args:
        url: of a database with ``tables.sql``.
    """

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url)

    def write(self, values: Sequence[bytes]) -> None:
        """Fold messages and commit what comes of them."""
        if not values:
            return
        entries = entries_of(values)
        if entries:
            self._append(entries)
            self._add(entries)
        self._connection.execute(_DONE, (len(values),))
        self._connection.commit()

    def _append(self, entries: Sequence[Entry]) -> None:
        with self._connection.cursor().copy(_LEDGER) as copy:
            for each in entries:
                elements = ",".join(element or "NULL" for element in each.ng)
                amounts = ",".join(map(str, each.ng.values()))
                copy.write_row(
                    (
                        each.position,
                        0,
                        each.stream,
                        each.type,
                        each.recorded_at,
                        each.measure,
                        each.business_date,
                        each.month,
                        each.exporter,
                        each.client,
                        each.destination,
                        f"{{{elements}}}",
                        f"{{{amounts}}}",
                    )
                )

    def _add(self, entries: Sequence[Entry]) -> None:
        clients: dict[_ClientKey, int] = defaultdict(int)
        elements: dict[_ElementKey, int] = defaultdict(int)
        for each in entries:
            for element, ng in each.ng.items():
                clients[each.client, each.exporter, each.destination, each.month, each.measure, element] += ng
                elements[each.destination, each.month, each.measure, element] += ng
        self._connection.execute(_CLIENTS, _columns(clients))
        self._connection.execute(_ELEMENTS, _columns(elements))


def _columns(totals: dict[_ClientKey, int] | dict[_ElementKey, int]) -> list[list[object]]:
    rows = [(*key, str(ng)) for key, ng in sorted(totals.items(), key=lambda item: [part or "" for part in item[0]])]
    return [list(column) for column in zip(*rows, strict=True)]
