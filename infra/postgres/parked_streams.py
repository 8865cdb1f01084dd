"""Asking for another try of a parked stream; its partition's own consumer does it."""

from typing import Self

from psycopg import Connection

from infra.postgres.connections import connect, translated
from projections.answers import UnknownStream


class ParkedStreams:
    """Sets the flag, as the projector role."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    def connect(cls, url: str) -> Self:
        """Open by the projector's URL (errors as ``connections.connect``)."""
        return cls(connect(url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask_retry(self, stream: str) -> None:
        """Ask that a stream be tried again in every unit that parked it.

        Raises:
            UnknownStream: ``stream.unknown``, where no unit did.
        """
        with translated():
            done = self._connection.execute(
                "UPDATE lodestone.parked k SET retry_asked = true FROM lodestone.read_models m"
                " WHERE m.unit = k.unit AND m.generation = k.generation AND k.stream = %s",
                (stream,),
            )
        if done.rowcount == 0:
            raise UnknownStream(f"{stream} is not parked")
