"""The ``BlockLog`` port on PostgreSQL: a staging table, and one function that takes a block in."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from psycopg import Connection, Error

from application.blocks import Block, BlockAppended, BlockStale
from application.ports import Loaded, StoreUnavailable
from infra.postgres.binary_arrays import bytes_array, id_array, int_array, repeating_text_array, text_array, time_array
from infra.postgres.connections import connect, translated
from infra.postgres.mapper import RegistryMapper
from infra.postgres.prepared_call import PreparedCall, TextRow
from infra.postgres.stream_loading import load_streams

_STAGE = (
    "INSERT INTO lodestone.staging (block, actor_name, actor_role, actor_organisation, correlation_id, guard_streams,"
    " guard_versions, guard_adds, guard_keys, command_ids, command_befores, command_lasts, event_commands, event_ids,"
    " event_streams, event_versions, event_keys, event_types, event_schema_versions, event_times, event_data)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
)
_APPEND = "SELECT outcome, first_position, last_position, stream, command_id FROM lodestone.append_block($1)"
_NOT_STAGED = "LD005"
_FILED = "SELECT command_id FROM lodestone.commands WHERE command_id = ANY ($1)"


class PostgresBlockLog:
    """Works as the writer role on one connection, which is made anew when it was lost; for one thread.

    Args:
        url: the writer's.
        snapshot_every: as for the event log.
    """

    def __init__(self, url: str, *, snapshot_every: int = 100) -> None:
        self._url = url
        self._connection = connect(url)
        self._mapper = RegistryMapper()
        self._snapshot_every = snapshot_every
        self._stage = PreparedCall("lodestone_stage", _STAGE)
        self._append = PreparedCall("lodestone_append_block", _APPEND)
        self._filed = PreparedCall("lodestone_filed", _FILED)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def load(self, streams: Collection[str]) -> Mapping[str, Loaded]:
        """Fold streams, all read by one statement."""
        with translated():
            return load_streams(self._connected(), self._mapper, streams, self._snapshot_every)

    def filed(self, command_ids: Sequence[bytes]) -> Collection[bytes]:
        """Give those of the commands that were accepted before."""
        return {UUID(row[0]).bytes for row in self._run(self._filed, [id_array(command_ids)])}

    def stage(self, block: Block) -> None:
        """Lay a block down."""
        actor = block.provenance.actor
        parameters = [
            block.block_id.bytes,
            actor.name.encode(),
            actor.role.encode(),
            actor.organisation.encode(),
            block.provenance.correlation_id.bytes,
            text_array(list(block.guards)),
            int_array(list(block.guards.values())),
            *_added(block),
            *_commands(block.command_ids),
            id_array(block.command_ids),
            id_array(block.event_ids),
            text_array(block.streams),
            int_array(block.versions),
            text_array(block.keys),
            repeating_text_array(block.types),
            int_array(block.schema_versions),
            time_array(block.times),
            bytes_array(block.data),
        ]
        self._run(self._stage, parameters)

    def append_staged(self, block_id: UUID) -> BlockAppended | BlockStale:
        """Take in a block; see the port."""
        try:
            rows = self._run(self._append, [block_id.bytes])
        except Error as error:
            if error.sqlstate == _NOT_STAGED:
                # Staging is not logged: it is empty after a crash of the server.
                raise StoreUnavailable("a block is no longer laid down; file it again") from error
            raise
        outcome, first, last, _, _ = rows[0]
        if outcome in {"accepted", "known"}:
            return BlockAppended(int(first or 0), int(last or 0))
        stale = frozenset(stream for _, _, _, stream, _ in rows if stream is not None)
        return BlockStale(stale, frozenset(UUID(row[4]).bytes for row in rows if row[4] is not None))

    def _run(self, call: PreparedCall, parameters: Sequence[bytes]) -> list[TextRow]:
        with translated():
            return call.run(self._connected(), parameters)

    def _connected(self) -> Connection:
        if self._connection.closed:
            self._connection = connect(self._url)
        return self._connection


def _added(block: Block) -> tuple[bytes, bytes]:
    """How many events each guarded stream gets, and the key of the first."""
    # Backwards, so that the first key stays; a stream without a guard is the server's to refuse.
    keys = dict(zip(reversed(block.streams), reversed(block.keys), strict=True))
    adds: Mapping[str, int] = dict.fromkeys(keys, 1) if len(keys) == len(block.streams) else Counter(block.streams)
    return (
        int_array([adds.get(stream, 0) for stream in block.guards]),
        text_array([keys.get(stream, "") for stream in block.guards]),
    )


def _commands(event_commands: Sequence[bytes]) -> tuple[bytes, bytes, bytes]:
    """Each command once, with the places before its first event and of its last."""
    lasts = dict(zip(event_commands, range(1, len(event_commands) + 1), strict=True))
    befores = [0, *lasts.values()][:-1]
    return id_array(list(lasts)), int_array(befores), int_array(list(lasts.values()))
