-- What lodestone.append does, for one command of one event: most calls of a caller that waits for each answer bring no more.
-- It takes plain values and gives one, 'known FIRST LAST', 'conflict GUARD VERSION' (the guard's place, from 1) or
-- 'accepted POSITION': arrays to take apart and columns to name cost as much as a row to write. So do one statement of
-- several parts, and ON CONFLICT where a guard has just told whether the stream is there.
CREATE FUNCTION lodestone.append_event(
    filed_command uuid,
    actor_name text,
    actor_role text,
    actor_organisation text,
    correlation uuid,
    causation uuid,
    guard_streams text[],
    guard_versions integer[],
    new_id uuid,
    new_stream text,
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
    own_version integer;
    stream_key text := new_key;
    is_new boolean;
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
    FOR place IN 1 .. coalesce(cardinality(guard_streams), 0) LOOP
        SELECT s.version INTO current_version FROM lodestone.streams s WHERE s.stream = guard_streams[place];
        IF guard_streams[place] = new_stream THEN
            is_new := NOT FOUND;
            own_version := guard_versions[place];
        END IF;
        -- An absent stream has version 0; a caller that numbers from 0 expects -1 of it.
        current_version := coalesce(current_version, least(guard_versions[place], 0));
        IF current_version IS DISTINCT FROM guard_versions[place] THEN
            RETURN 'conflict ' || place || ' ' || current_version;
        END IF;
    END LOOP;
    IF own_version IS NULL THEN
        RAISE EXCEPTION 'no guard for %', new_stream USING ERRCODE = 'LD004';
    END IF;
    IF octet_length(new_data) > 4194304 THEN
        RAISE EXCEPTION 'an event of % exceeds 4 MiB', new_stream USING ERRCODE = 'LD002';
    END IF;

    IF is_new THEN
        INSERT INTO lodestone.streams VALUES (new_stream, own_version + 1, new_key);
    ELSE
        UPDATE lodestone.streams s SET version = own_version + 1 WHERE s.stream = new_stream
            RETURNING s.key INTO STRICT stream_key;
    END IF;
    SELECT e.position, e.recorded_at INTO head, recorded
        FROM lodestone.events e ORDER BY e.position DESC LIMIT 1;
    head := coalesce(head, 0) + 1;
    INSERT INTO lodestone.commands VALUES (filed_command, head, head);
    INSERT INTO lodestone.events VALUES (
        head, new_stream, own_version + 1, stream_key, new_id, new_type, new_schema_version, new_time,
        greatest(clock_timestamp(), recorded), actor_name, actor_role, actor_organisation,
        filed_command, correlation, causation, new_data);
    PERFORM pg_notify('lodestone_events', head::text);
    RETURN 'accepted ' || head;
END $$;

REVOKE ALL ON FUNCTION lodestone.append_event FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lodestone.append_event TO lodestone_writer;

DROP FUNCTION lodestone.append_one;
