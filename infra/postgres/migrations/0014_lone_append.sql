-- A command that comes alone is appended if nothing stands against it; if anything does, it asks `append`, which says what. So nothing is
-- looked up that a unique key refuses anyway: a command that was accepted before, and a second first event of a stream. For streams
-- that count from 1. Every append excludes every other in either mode of the lock, but for a mode stronger than this one the server
-- first looks through the locks of all its processes, one after another, for such as were taken by the short way.
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
) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
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
    LOCK TABLE lodestone.append_lock IN SHARE UPDATE EXCLUSIVE MODE;
    FOR place IN 1 .. coalesce(cardinality(other_streams), 0) LOOP
        SELECT e.version INTO current_version FROM lodestone.events e
            WHERE e.stream = other_streams[place] ORDER BY e.version DESC LIMIT 1;
        IF (coalesce(current_version, 0) = other_versions[place]) IS NOT TRUE THEN
            RETURN NULL;
        END IF;
    END LOOP;
    IF version_before IS DISTINCT FROM 0 THEN
        SELECT e.version, e.key INTO current_version, stream_key FROM lodestone.events e
            WHERE e.stream = new_stream ORDER BY e.version DESC LIMIT 1;
        IF (current_version = version_before) IS NOT TRUE THEN
            RETURN NULL;
        END IF;
    END IF;
    IF octet_length(new_data) > 4194304 THEN
        RETURN NULL;
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
    RETURN head;
END $$;
REVOKE ALL ON FUNCTION lodestone.append_event FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lodestone.append_event TO lodestone_writer;
