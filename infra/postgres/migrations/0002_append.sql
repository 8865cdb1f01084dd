-- The one way in. Arrays are parallel: guards and events name their command by its place (from 1) in command_ids,
-- in ascending order.
CREATE FUNCTION lodestone.append(
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
                SELECT s.version INTO current_version FROM lodestone.streams s WHERE s.stream = guard_streams[guard_place];
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
                INSERT INTO lodestone.streams AS s (stream, version, key)
                    VALUES (event_streams[event_place], current_version + 1, event_keys[event_place])
                    ON CONFLICT (stream) DO UPDATE SET version = s.version + 1
                    RETURNING s.version, s.key INTO current_version, stream_key;
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

REVOKE ALL ON FUNCTION lodestone.append FROM PUBLIC;
GRANT USAGE ON SCHEMA lodestone TO lodestone_writer, lodestone_reader, lodestone_relay, lodestone_projector;
GRANT EXECUTE ON FUNCTION lodestone.append TO lodestone_writer;
GRANT SELECT ON lodestone.log, lodestone.events, lodestone.streams, lodestone.commands
    TO lodestone_writer, lodestone_reader, lodestone_relay, lodestone_projector;
GRANT SELECT, INSERT, UPDATE, DELETE ON lodestone.snapshots TO lodestone_writer;
