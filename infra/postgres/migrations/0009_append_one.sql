-- What lodestone.append does, for one command: most calls of a caller that waits for each answer bring no more. Arrays
-- name no command, and the command's own values are no arrays.
CREATE FUNCTION lodestone.append_one(
    filed_command uuid,
    actor_name text,
    actor_role text,
    actor_organisation text,
    correlation uuid,
    causation uuid,
    guard_streams text[],
    guard_versions integer[],
    event_ids uuid[],
    event_streams text[],
    event_keys text[],
    event_types text[],
    event_schema_versions integer[],
    event_times timestamptz[],
    event_data bytea[],
    OUT outcome text, OUT first_position bigint, OUT last_position bigint,
    OUT stream text, OUT expected integer, OUT actual integer
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    head bigint;
    recorded timestamptz;
    current_version integer;
    stream_key text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        -- Under a stricter level a call that waited for the lock would not see what was committed meanwhile.
        RAISE EXCEPTION 'append runs in READ COMMITTED only' USING ERRCODE = 'LD001';
    END IF;
    LOCK TABLE lodestone.append_lock IN EXCLUSIVE MODE;
    SELECT 'known', c.first_position, c.last_position INTO outcome, first_position, last_position
        FROM lodestone.commands c WHERE c.command_id = filed_command;
    IF FOUND THEN
        RETURN;
    END IF;
    FOR place IN 1 .. coalesce(cardinality(guard_streams), 0) LOOP
        SELECT s.version INTO current_version FROM lodestone.streams s WHERE s.stream = guard_streams[place];
        -- An absent stream has version 0; a caller that numbers from 0 expects -1 of it.
        current_version := coalesce(current_version, least(guard_versions[place], 0));
        IF current_version <> guard_versions[place] THEN
            outcome := 'conflict';
            stream := guard_streams[place];
            expected := guard_versions[place];
            actual := current_version;
            RETURN;
        END IF;
    END LOOP;

    SELECT e.position, e.recorded_at INTO head, recorded
        FROM lodestone.events e ORDER BY e.position DESC LIMIT 1;
    first_position := coalesce(head, 0) + 1;
    last_position := coalesce(head, 0);
    recorded := greatest(clock_timestamp(), recorded);
    FOR place IN 1 .. coalesce(cardinality(event_ids), 0) LOOP
        IF octet_length(event_data[place]) > 4194304 THEN
            RAISE EXCEPTION 'an event of % exceeds 4 MiB', event_streams[place] USING ERRCODE = 'LD002';
        END IF;
        current_version := guard_versions[array_position(guard_streams, event_streams[place])];
        IF current_version IS NULL THEN
            RAISE EXCEPTION 'no guard for %', event_streams[place] USING ERRCODE = 'LD004';
        END IF;
        INSERT INTO lodestone.streams AS s (stream, version, key)
            VALUES (event_streams[place], current_version + 1, event_keys[place])
            ON CONFLICT (stream) DO UPDATE SET version = s.version + 1
            RETURNING s.version, s.key INTO current_version, stream_key;
        last_position := last_position + 1;
        INSERT INTO lodestone.events VALUES (
            last_position, event_streams[place], current_version, stream_key, event_ids[place], event_types[place],
            event_schema_versions[place], event_times[place], recorded, actor_name, actor_role, actor_organisation,
            filed_command, correlation, causation, event_data[place]);
    END LOOP;
    IF last_position < first_position THEN
        RAISE EXCEPTION 'the command has no event' USING ERRCODE = 'LD004';
    END IF;
    outcome := 'accepted';
    INSERT INTO lodestone.commands VALUES (filed_command, first_position, last_position);
    PERFORM pg_notify('lodestone_events', last_position::text);
END $$;

REVOKE ALL ON FUNCTION lodestone.append_one FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lodestone.append_one TO lodestone_writer;
