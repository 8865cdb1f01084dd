"""Whom a question about volumes names must be known: a slip of the pen is no empty answer."""

from collections.abc import Iterator

from domain.streams import exporter_stream, kind_of
from projections.answers import UnknownStream
from projections.client_party.queries import clients_of
from projections.client_volumes.queries import volumes
from projections.ports import Rows
from projections.volume_ledger.query import VolumeQuery

_RECORDED = "SELECT 1 FROM lodestone.events WHERE stream = %s LIMIT 1"


def refuse_unknown(rows: Rows, query: VolumeQuery, position: int, *, has_volumes: bool) -> None:
    """Refuse a client, exporter or party of which nothing is recorded and no volume is known.

    Customs may report a sale to a client whom nobody listed: that client has volumes and no stream.

    Args:
        rows: reads in the answer's snapshot.
        query: the question.
        position: of the answer.
        has_volumes: whether its answer has any: where one alone is named, they are its own, and it is known.

    Raises:
        UnknownStream: ``stream.unknown``.
    """
    named = list(_named(query))
    if has_volumes and len(named) == 1:
        return
    for kind, name, alone in named:
        if not _recorded(rows, kind, name, position) and not volumes(rows, alone, position):
            raise UnknownStream(
                f"nothing is recorded of {name}" if kind == "client" else f"nothing is recorded of {kind} {name}"
            )


def _named(query: VolumeQuery) -> Iterator[tuple[str, str, VolumeQuery]]:
    """Give what is named, and the question about it alone."""
    yield from (("client", each, VolumeQuery(clients=(each,))) for each in query.clients)
    yield from (("exporter", each, VolumeQuery(exporters=(each,))) for each in query.exporters)
    yield from (("party", each, VolumeQuery(parties=(each,))) for each in query.parties)


def _recorded(rows: Rows, kind: str, name: str, position: int) -> bool:
    if kind == "party":
        return bool(clients_of(rows, name, position))
    stream = exporter_stream(name) if kind == "exporter" else name
    return kind_of(stream) == kind and bool(rows.execute(_RECORDED, (stream,)))
