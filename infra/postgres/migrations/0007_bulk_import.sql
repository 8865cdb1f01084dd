-- Bulk import: blocks of events are laid down before the lock is taken, and taken in by one statement behind it.

-- A row is a block: parallel arrays, one element a guard, a command or an event. Permanent, so that no caller can put a
-- table of its own in this place; unlogged, because what was staged and not taken in is of no use after a crash.
CREATE UNLOGGED TABLE lodestone.staging (
    block uuid PRIMARY KEY,
    staged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    staged_by name NOT NULL DEFAULT session_user,
    actor_name text NOT NULL,
    actor_role text NOT NULL,
    actor_organisation text NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid,
    guard_streams text[] NOT NULL,
    guard_versions integer[] NOT NULL,
    -- How many events the block adds to the stream, and the key of the first of them.
    guard_adds integer[] NOT NULL,
    guard_keys text[] NOT NULL,
    command_ids uuid[] NOT NULL,
    -- How many events of the block stand before those of the command, and up to its last.
    command_befores integer[] NOT NULL,
    command_lasts integer[] NOT NULL,
    event_commands uuid[] NOT NULL,
    event_ids uuid[] NOT NULL,
    event_streams text[] NOT NULL,
    event_versions integer[] NOT NULL,
    event_keys text[] NOT NULL,
    event_types text[] NOT NULL,
    event_schema_versions integer[] NOT NULL,
    event_times timestamptz[] NOT NULL,
    event_data bytea[] NOT NULL
);
-- Read once, a moment later: compressing it would cost more than it saves.
ALTER TABLE lodestone.staging
    ALTER guard_streams SET STORAGE EXTERNAL, ALTER guard_versions SET STORAGE EXTERNAL,
    ALTER guard_adds SET STORAGE EXTERNAL, ALTER guard_keys SET STORAGE EXTERNAL,
    ALTER command_ids SET STORAGE EXTERNAL, ALTER command_befores SET STORAGE EXTERNAL,
    ALTER command_lasts SET STORAGE EXTERNAL, ALTER event_commands SET STORAGE EXTERNAL,
    ALTER event_ids SET STORAGE EXTERNAL, ALTER event_streams SET STORAGE EXTERNAL,
    ALTER event_versions SET STORAGE EXTERNAL, ALTER event_keys SET STORAGE EXTERNAL,
    ALTER event_types SET STORAGE EXTERNAL, ALTER event_schema_versions SET STORAGE EXTERNAL,
    ALTER event_times SET STORAGE EXTERNAL, ALTER event_data SET STORAGE EXTERNAL;

-- What became of each block that was taken in: whoever lost the answer asks again.
CREATE TABLE lodestone.blocks (
    block uuid PRIMARY KEY,
    first_position bigint NOT NULL,
    last_position bigint NOT NULL
);
CREATE TRIGGER blocks_keep_rows BEFORE UPDATE OR DELETE ON lodestone.blocks
    FOR EACH ROW EXECUTE FUNCTION lodestone.refuse_change();
CREATE TRIGGER blocks_keep_all BEFORE TRUNCATE ON lodestone.blocks
    FOR EACH STATEMENT EXECUTE FUNCTION lodestone.refuse_change();
ALTER TABLE lodestone.blocks ENABLE ALWAYS TRIGGER blocks_keep_rows;
ALTER TABLE lodestone.blocks ENABLE ALWAYS TRIGGER blocks_keep_all;

-- Takes in a staged block, whole or not at all. One row "accepted" or "known" (the block was taken in before) with its
-- positions; else nothing is appended, and each row names a "stale" stream with its version, or a "filed" command.
CREATE FUNCTION lodestone.append_block(
    wanted uuid
) RETURNS TABLE (outcome text, first_position bigint, last_position bigint, stream text, actual integer, command_id uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    staged lodestone.staging;
    head bigint;
    recorded timestamptz;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        -- Under a stricter level a call that waited for the lock would not see what was committed meanwhile.
        RAISE EXCEPTION 'append_block runs in READ COMMITTED only' USING ERRCODE = 'LD001';
    END IF;
    DELETE FROM lodestone.staging s WHERE s.block = wanted AND s.staged_by = session_user RETURNING s.* INTO staged;
    LOCK TABLE lodestone.append_lock IN EXCLUSIVE MODE;
    RETURN QUERY SELECT 'known', b.first_position, b.last_position, NULL::text, NULL::integer, NULL::uuid
        FROM lodestone.blocks b WHERE b.block = wanted;
    IF FOUND THEN
        RETURN;
    END IF;
    DELETE FROM lodestone.staging s WHERE s.staged_at < clock_timestamp() - interval '1 hour';
    IF staged.block IS NULL THEN
        RAISE EXCEPTION 'block % is not staged', wanted USING ERRCODE = 'LD005';
    END IF;

    RETURN QUERY
        SELECT 'stale', NULL::bigint, NULL::bigint, g.stream, coalesce(s.version, 0), NULL::uuid
            FROM unnest(staged.guard_streams, staged.guard_versions) AS g (stream, version)
            LEFT JOIN lodestone.streams s ON s.stream = g.stream
            WHERE g.version IS DISTINCT FROM coalesce(s.version, 0)
        UNION ALL
        SELECT 'filed', c.first_position, c.last_position, NULL, NULL, c.command_id
            FROM lodestone.commands c WHERE c.command_id = ANY (staged.command_ids);
    IF FOUND THEN
        RETURN;
    END IF;

    -- The versions of the block's events follow on from the guards, each once; so does what its commands span, which is
    -- plain where each has one event.
    IF EXISTS (
        SELECT e.stream, min(e.version) - 1, count(*)::integer, max(e.version)
            FROM unnest(staged.event_streams, staged.event_versions) AS e (stream, version) GROUP BY e.stream
        EXCEPT
        SELECT g.stream, g.version, g.adds, g.version + g.adds
            FROM unnest(staged.guard_streams, staged.guard_versions, staged.guard_adds) AS g (stream, version, adds)
    ) OR (staged.event_commands <> staged.command_ids OR EXISTS (
        SELECT FROM unnest(staged.command_befores, staged.command_lasts) WITH ORDINALITY AS c (before, last, place)
            WHERE c.before IS DISTINCT FROM c.place - 1 OR c.last IS DISTINCT FROM c.place
    )) AND EXISTS (
        SELECT e.command_id, count(*)::integer, min(e.place)::integer - 1, max(e.place)::integer
            FROM unnest(staged.event_commands) WITH ORDINALITY AS e (command_id, place) GROUP BY e.command_id
        EXCEPT
        SELECT c.command_id, c.last - c.before, c.before, c.last
            FROM unnest(staged.command_ids, staged.command_befores, staged.command_lasts) AS c (command_id, before, last)
    ) THEN
        RAISE EXCEPTION 'the events of block % do not follow from its guards and commands', wanted USING ERRCODE = 'LD004';
    END IF;
    IF cardinality(staged.event_ids) <> ANY (ARRAY[
           (SELECT coalesce(sum(a.adds), 0) FROM unnest(staged.guard_adds) AS a (adds)),
           (SELECT coalesce(sum(c.last - c.before), 0)
            FROM unnest(staged.command_befores, staged.command_lasts) AS c (before, last)),
           cardinality(staged.event_data)]) THEN
        RAISE EXCEPTION 'the lists of block % do not fit each other', wanted USING ERRCODE = 'LD004';
    END IF;
    IF EXISTS (SELECT FROM unnest(staged.event_data) AS e (data) WHERE octet_length(e.data) > 4194304) THEN
        RAISE EXCEPTION 'an event of block % exceeds 4 MiB', wanted USING ERRCODE = 'LD002';
    END IF;

    SELECT e.position, e.recorded_at INTO head, recorded
        FROM lodestone.events e ORDER BY e.position DESC LIMIT 1;
    head := coalesce(head, 0);
    recorded := greatest(clock_timestamp(), recorded);
    first_position := head + 1;
    last_position := head + cardinality(staged.event_ids);
    INSERT INTO lodestone.streams
        SELECT g.stream, g.adds, g.key
            FROM unnest(staged.guard_streams, staged.guard_versions, staged.guard_adds, staged.guard_keys)
                AS g (stream, version, adds, key)
            WHERE g.version = 0 AND g.adds > 0;
    UPDATE lodestone.streams s SET version = g.version + g.adds
        FROM unnest(staged.guard_streams, staged.guard_versions, staged.guard_adds) AS g (stream, version, adds)
        WHERE s.stream = g.stream AND g.version > 0 AND g.adds > 0;
    INSERT INTO lodestone.events
        SELECT head + e.place, e.stream, e.version,
            -- The key is that of the stream's first event.
            CASE WHEN e.version = 1 THEN e.key
                 ELSE (SELECT s.key FROM lodestone.streams s WHERE s.stream = e.stream) END,
            e.event_id, e.type, e.schema_version, e.occurred_at, recorded,
            staged.actor_name, staged.actor_role, staged.actor_organisation, e.command_id,
            staged.correlation_id, staged.causation_id, e.data
        FROM unnest(staged.event_commands, staged.event_ids, staged.event_streams, staged.event_versions,
                    staged.event_keys, staged.event_types, staged.event_schema_versions, staged.event_times,
                    staged.event_data)
            WITH ORDINALITY AS e (command_id, event_id, stream, version, key, type, schema_version, occurred_at, data, place);
    INSERT INTO lodestone.commands
        SELECT c.command_id, head + c.before + 1, head + c.last
            FROM unnest(staged.command_ids, staged.command_befores, staged.command_lasts) AS c (command_id, before, last);
    INSERT INTO lodestone.blocks VALUES (wanted, first_position, last_position);
    IF last_position > head THEN
        PERFORM pg_notify('lodestone_events', last_position::text);
    END IF;
    outcome := 'accepted';
    RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION lodestone.append_block FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lodestone.append_block TO lodestone_writer;
GRANT INSERT ON lodestone.staging TO lodestone_writer;
GRANT SELECT ON lodestone.blocks TO lodestone_writer, lodestone_reader, lodestone_relay, lodestone_projector;
