-- What is new is told by the keys of its tables, not looked up first: most of what a block adds begins a stream and a
-- command. And where each command begins one stream with one event, equal lists say that all fits.
CREATE OR REPLACE FUNCTION lodestone.append_block(
    wanted uuid
) RETURNS TABLE (outcome text, first_position bigint, last_position bigint, stream text, actual integer, command_id uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    staged lodestone.staging;
    size integer;
    -- The streams that get their first event and no other, and how many events all streams get.
    begun text[];
    added bigint;
    plain boolean;
    stands boolean;
    head bigint;
    recorded timestamptz;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        -- Under a stricter level a call that waited for the lock would not see what was committed meanwhile.
        RAISE EXCEPTION 'append_block runs in READ COMMITTED only' USING ERRCODE = 'LD001';
    END IF;
    DELETE FROM lodestone.staging s WHERE s.block = wanted AND s.staged_by = session_user RETURNING s.* INTO staged;
    -- Whether its lists fit each other depends on nobody else.
    size := cardinality(staged.event_ids);
    SELECT coalesce(sum(g.adds), 0), array_agg(g.stream) FILTER (WHERE g.version = 0 AND g.adds = 1) INTO added, begun
        FROM unnest(staged.guard_streams, staged.guard_versions, staged.guard_adds) AS g (stream, version, adds);
    plain := added = size AND staged.event_streams = begun AND 1 = ALL (staged.event_versions)
        AND staged.event_commands = staged.command_ids
        AND staged.command_befores = ARRAY(SELECT generate_series(0, size - 1))
        AND staged.command_lasts = ARRAY(SELECT generate_series(1, size));

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

    -- An array of 4 MiB holds no event of more; its size is known without reading it.
    IF pg_column_size(staged.event_data) > 4194304
       AND EXISTS (SELECT FROM unnest(staged.event_data) AS e (data) WHERE octet_length(e.data) > 4194304) THEN
        RAISE EXCEPTION 'an event of block % exceeds 4 MiB', wanted USING ERRCODE = 'LD002';
    END IF;
    SELECT e.position, e.recorded_at INTO head, recorded
        FROM lodestone.events e ORDER BY e.position DESC LIMIT 1;
    head := coalesce(head, 0);
    recorded := greatest(clock_timestamp(), recorded);

    -- Each by its key: a join would keep the plan that was made while the table was small.
    PERFORM FROM unnest(staged.guard_streams, staged.guard_versions, staged.guard_adds) AS g (stream, version, adds)
        WHERE (g.version = 0 AND g.adds > 0) IS NOT TRUE AND g.version IS DISTINCT FROM
            coalesce((SELECT s.version FROM lodestone.streams s WHERE s.stream = g.stream), 0);
    stands := NOT FOUND;
    IF stands THEN
        BEGIN
            INSERT INTO lodestone.streams
                SELECT g.stream, g.adds, g.key
                    FROM unnest(staged.guard_streams, staged.guard_versions, staged.guard_adds, staged.guard_keys)
                        AS g (stream, version, adds, key)
                    WHERE g.version = 0 AND g.adds > 0;
            INSERT INTO lodestone.commands
                SELECT c.command_id, head + c.before + 1, head + c.last
                    FROM unnest(staged.command_ids, staged.command_befores, staged.command_lasts)
                        AS c (command_id, before, last);
        EXCEPTION WHEN unique_violation THEN
            stands := false;
        END;
    END IF;
    IF NOT stands THEN
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
        RAISE EXCEPTION 'block % names a stream or a command twice', wanted USING ERRCODE = 'LD004';
    END IF;

    -- The versions of the block's events follow on from the guards, each once; so does what its commands span.
    IF plain IS NOT TRUE AND EXISTS (
        SELECT e.stream, min(e.version) - 1, count(*)::integer, max(e.version)
            FROM unnest(staged.event_streams, staged.event_versions) AS e (stream, version) GROUP BY e.stream
        EXCEPT
        SELECT g.stream, g.version, g.adds, g.version + g.adds
            FROM unnest(staged.guard_streams, staged.guard_versions, staged.guard_adds) AS g (stream, version, adds)
    ) OR plain IS NOT TRUE AND EXISTS (
        SELECT e.command_id, count(*)::integer, min(e.place)::integer - 1, max(e.place)::integer
            FROM unnest(staged.event_commands) WITH ORDINALITY AS e (command_id, place) GROUP BY e.command_id
        EXCEPT
        SELECT c.command_id, c.last - c.before, c.before, c.last
            FROM unnest(staged.command_ids, staged.command_befores, staged.command_lasts) AS c (command_id, before, last)
    ) THEN
        RAISE EXCEPTION 'the events of block % do not follow from its guards and commands', wanted USING ERRCODE = 'LD004';
    END IF;
    IF plain IS NOT TRUE AND size <> ANY (ARRAY[added,
           (SELECT coalesce(sum(c.last - c.before), 0)
            FROM unnest(staged.command_befores, staged.command_lasts) AS c (before, last)),
           cardinality(staged.event_data)]) THEN
        RAISE EXCEPTION 'the lists of block % do not fit each other', wanted USING ERRCODE = 'LD004';
    END IF;

    first_position := head + 1;
    last_position := head + size;
    IF plain IS NOT TRUE THEN
        UPDATE lodestone.streams s SET version = g.version + g.adds
            FROM unnest(staged.guard_streams, staged.guard_versions, staged.guard_adds) AS g (stream, version, adds)
            WHERE s.stream = g.stream AND g.version > 0 AND g.adds > 0;
    END IF;
    -- A list that is too short leaves a column empty, which no event may have.
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
    INSERT INTO lodestone.blocks VALUES (wanted, first_position, last_position);
    IF last_position > head THEN
        PERFORM pg_notify('lodestone_events', last_position::text);
    END IF;
    outcome := 'accepted';
    RETURN NEXT;
END $$;
