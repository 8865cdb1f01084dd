-- A stream's version and key are those of its last event, and are kept nowhere else: what is written twice can differ, and the
-- second table with its index took an append as long as the event did. The end of a command is found by an event of it.
DROP TABLE lodestone.streams;
DROP INDEX lodestone.commands_by_first_position;

CREATE OR REPLACE FUNCTION lodestone.append(
    command_ids uuid[],
    actor_names text[],
    actor_roles text[],
    actor_organisations text[],
    correlation_ids uuid[],
    causation_ids uuid[],
    guard_commands integer[],
    guard_streams text[],
    guard_versions integer[],
    event_commands integer[],
    event_ids uuid[],
    event_streams text[],
    event_keys text[],
    event_types text[],
    event_schema_versions integer[],
    event_times timestamptz[],
    event_data bytea[]
) RETURNS TABLE (outcome text, first_position bigint, last_position bigint, stream text, expected integer, actual integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    head bigint;
    last_recorded timestamptz;
    command_place integer;
    guard_place integer := 1;
    first_guard integer;
    event_place integer := 1;
    current_version integer;
    last_version integer;
    stream_key text;
    appended boolean := false;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        -- Under a stricter level a call that waited for the lock would not see what was committed meanwhile.
        RAISE EXCEPTION 'append runs in READ COMMITTED only' USING ERRCODE = 'LD001';
    END IF;
    LOCK TABLE lodestone.append_lock IN EXCLUSIVE MODE;
    SELECT e.position, e.recorded_at INTO head, last_recorded
        FROM lodestone.events e ORDER BY e.position DESC LIMIT 1;
    head := coalesce(head, 0);
    last_recorded := coalesce(last_recorded, '-infinity');

    FOR command_place IN 1 .. coalesce(array_length(command_ids, 1), 0) LOOP
        outcome := NULL; first_position := NULL; last_position := NULL; stream := NULL; expected := NULL; actual := NULL;
        SELECT 'known', c.first_position, c.last_position INTO outcome, first_position, last_position
            FROM lodestone.commands c WHERE c.command_id = command_ids[command_place];

        first_guard := guard_place;
        WHILE guard_place <= coalesce(array_length(guard_commands, 1), 0)
              AND guard_commands[guard_place] = command_place LOOP
            IF outcome IS NULL THEN
                SELECT e.version INTO current_version FROM lodestone.events e
                    WHERE e.stream = guard_streams[guard_place] ORDER BY e.version DESC LIMIT 1;
                -- An absent stream has version 0; a caller that numbers from 0 expects -1 of it.
                current_version := coalesce(current_version, least(guard_versions[guard_place], 0));
                IF current_version <> guard_versions[guard_place] THEN
                    outcome := 'conflict';
                    stream := guard_streams[guard_place];
                    expected := guard_versions[guard_place];
                    actual := current_version;
                END IF;
            END IF;
            guard_place := guard_place + 1;
        END LOOP;

        IF outcome IS NULL THEN
            first_position := head + 1;
            last_recorded := greatest(clock_timestamp(), last_recorded);
        END IF;
        WHILE event_place <= coalesce(array_length(event_commands, 1), 0)
              AND event_commands[event_place] = command_place LOOP
            IF outcome IS NULL THEN
                IF octet_length(event_data[event_place]) > 4194304 THEN
                    RAISE EXCEPTION 'an event of % exceeds 4 MiB', event_streams[event_place] USING ERRCODE = 'LD002';
                END IF;
                current_version := NULL;
                FOR guard_of_command IN first_guard .. guard_place - 1 LOOP
                    IF guard_streams[guard_of_command] = event_streams[event_place] THEN
                        current_version := guard_versions[guard_of_command];
                    END IF;
                END LOOP;
                IF current_version IS NULL THEN
                    RAISE EXCEPTION 'no guard for %', event_streams[event_place] USING ERRCODE = 'LD004';
                END IF;
                SELECT e.version, e.key INTO last_version, stream_key FROM lodestone.events e
                    WHERE e.stream = event_streams[event_place] ORDER BY e.version DESC LIMIT 1;
                current_version := coalesce(last_version, current_version) + 1;
                stream_key := coalesce(stream_key, event_keys[event_place]);
                head := head + 1;
                INSERT INTO lodestone.events VALUES (
                    head, event_streams[event_place], current_version, stream_key, event_ids[event_place],
                    event_types[event_place], event_schema_versions[event_place], event_times[event_place],
                    last_recorded, actor_names[command_place], actor_roles[command_place],
                    actor_organisations[command_place], command_ids[command_place], correlation_ids[command_place],
                    causation_ids[command_place], event_data[event_place]);
            END IF;
            event_place := event_place + 1;
        END LOOP;
        IF outcome IS NULL THEN
            IF head < first_position THEN
                RAISE EXCEPTION 'command % has no event', command_place USING ERRCODE = 'LD004';
            END IF;
            outcome := 'accepted';
            last_position := head;
            appended := true;
            INSERT INTO lodestone.commands VALUES (command_ids[command_place], first_position, last_position);
        END IF;
        RETURN NEXT;
    END LOOP;
    IF guard_place <= coalesce(array_length(guard_commands, 1), 0)
       OR event_place <= coalesce(array_length(event_commands, 1), 0) THEN
        RAISE EXCEPTION 'guards or events name no command, or are out of order' USING ERRCODE = 'LD004';
    END IF;
    IF appended THEN
        PERFORM pg_notify('lodestone_events', head::text);
    END IF;
END $$;

-- An event's own stream is guarded by a plain number: most commands rest on little else. The event tells its version from it. What
-- nobody reads is called as an expression, which takes a third of what a statement does.
DROP FUNCTION lodestone.append_event;
CREATE FUNCTION lodestone.append_event(
    filed_command uuid,
    actor_name text,
    actor_role text,
    actor_organisation text,
    correlation uuid,
    causation uuid,
    other_streams text[],
    other_versions integer[],
    new_id uuid,
    new_stream text,
    version_before integer,
    new_key text,
    new_type text,
    new_schema_version integer,
    new_time timestamptz,
    new_data bytea
) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first bigint;
    last bigint;
    head bigint;
    recorded timestamptz;
    current_version integer;
    stream_key text;
    nothing text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        -- Under a stricter level a call that waited for the lock would not see what was committed meanwhile.
        RAISE EXCEPTION 'append runs in READ COMMITTED only' USING ERRCODE = 'LD001';
    END IF;
    LOCK TABLE lodestone.append_lock IN EXCLUSIVE MODE;
    SELECT c.first_position, c.last_position INTO first, last
        FROM lodestone.commands c WHERE c.command_id = filed_command;
    IF FOUND THEN
        RETURN 'known ' || first || ' ' || last;
    END IF;
    FOR place IN 1 .. coalesce(cardinality(other_streams), 0) LOOP
        SELECT e.version INTO current_version FROM lodestone.events e
            WHERE e.stream = other_streams[place] ORDER BY e.version DESC LIMIT 1;
        -- An absent stream has version 0; a caller that numbers from 0 expects -1 of it.
        current_version := coalesce(current_version, least(other_versions[place], 0));
        IF current_version IS DISTINCT FROM other_versions[place] THEN
            RETURN 'conflict ' || place || ' ' || current_version;
        END IF;
    END LOOP;
    IF version_before IS NULL THEN
        RAISE EXCEPTION 'no guard for %', new_stream USING ERRCODE = 'LD004';
    END IF;
    SELECT e.version, e.key INTO current_version, stream_key FROM lodestone.events e
        WHERE e.stream = new_stream ORDER BY e.version DESC LIMIT 1;
    IF coalesce(current_version, least(version_before, 0)) <> version_before THEN
        RETURN 'conflict 0 ' || coalesce(current_version, 0);
    END IF;
    IF octet_length(new_data) > 4194304 THEN
        RAISE EXCEPTION 'an event of % exceeds 4 MiB', new_stream USING ERRCODE = 'LD002';
    END IF;

    SELECT e.position, e.recorded_at INTO head, recorded
        FROM lodestone.events e ORDER BY e.position DESC LIMIT 1;
    head := coalesce(head, 0) + 1;
    INSERT INTO lodestone.commands VALUES (filed_command, head, head);
    INSERT INTO lodestone.events VALUES (
        head, new_stream, version_before + 1, coalesce(stream_key, new_key), new_id, new_type, new_schema_version, new_time,
        greatest(clock_timestamp(), recorded), actor_name, actor_role, actor_organisation,
        filed_command, correlation, causation, new_data);
    nothing := pg_notify('lodestone_events', head::text);
    RETURN 'accepted ' || head;
END $$;
REVOKE ALL ON FUNCTION lodestone.append_event FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lodestone.append_event TO lodestone_writer;

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

    -- Each by its key: a join would keep the plan that was made while the table was small.
    PERFORM FROM unnest(staged.guard_streams, staged.guard_versions, staged.guard_adds) AS g (stream, version, adds)
        WHERE (g.version = 0 AND g.adds > 0) IS NOT TRUE AND g.version IS DISTINCT FROM coalesce((
            SELECT e.version FROM lodestone.events e WHERE e.stream = g.stream ORDER BY e.version DESC LIMIT 1), 0);
    stands := NOT FOUND;
    IF stands THEN
        BEGIN
            INSERT INTO lodestone.commands
                SELECT c.command_id, head + c.before + 1, head + c.last
                    FROM unnest(staged.command_ids, staged.command_befores, staged.command_lasts)
                        AS c (command_id, before, last);
            -- A list that is too short leaves a column empty, which no event may have.
            INSERT INTO lodestone.events
                SELECT head + e.place, e.stream, e.version,
                    -- The key is that of the stream's first event, which may lie in this block.
                    CASE WHEN e.version = 1 THEN e.key
                         ELSE coalesce((SELECT s.key FROM lodestone.events s WHERE s.stream = e.stream
                                        ORDER BY s.version LIMIT 1),
                                       staged.guard_keys[array_position(staged.guard_streams, e.stream)]) END,
                    e.event_id, e.type, e.schema_version, e.occurred_at, recorded,
                    staged.actor_name, staged.actor_role, staged.actor_organisation, e.command_id,
                    staged.correlation_id, staged.causation_id, e.data
                FROM unnest(staged.event_commands, staged.event_ids, staged.event_streams, staged.event_versions,
                            staged.event_keys, staged.event_types, staged.event_schema_versions, staged.event_times,
                            staged.event_data)
                    WITH ORDINALITY
                    AS e (command_id, event_id, stream, version, key, type, schema_version, occurred_at, data, place);
        EXCEPTION WHEN unique_violation THEN
            stands := false;
        END;
    END IF;
    IF NOT stands THEN
        RETURN QUERY
            SELECT 'stale', NULL::bigint, NULL::bigint, g.stream, g.actual, NULL::uuid
                FROM (SELECT g.*, coalesce((SELECT e.version FROM lodestone.events e WHERE e.stream = g.stream
                                            ORDER BY e.version DESC LIMIT 1), 0) AS actual
                      FROM unnest(staged.guard_streams, staged.guard_versions) AS g (stream, version)) AS g
                WHERE g.version IS DISTINCT FROM g.actual
            UNION ALL
            SELECT 'filed', c.first_position, c.last_position, NULL, NULL, c.command_id
                FROM lodestone.commands c WHERE c.command_id = ANY (staged.command_ids);
        IF FOUND THEN
            RETURN;
        END IF;
        RAISE EXCEPTION 'block % names a stream or a command twice', wanted USING ERRCODE = 'LD004';
    END IF;

    first_position := head + 1;
    last_position := head + size;
    INSERT INTO lodestone.blocks VALUES (wanted, first_position, last_position);
    IF last_position > head THEN
        PERFORM pg_notify('lodestone_events', last_position::text);
    END IF;
    outcome := 'accepted';
    RETURN NEXT;
END $$;
