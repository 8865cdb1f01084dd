-- Runs as administrator: only a superuser may make event triggers. They stop the owner too.
CREATE FUNCTION lodestone.refuse_schema_change() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    touched record;
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = session_user)
       AND current_setting('lodestone.migrating', true) = 'on' THEN
        RETURN;
    END IF;
    IF tg_event = 'sql_drop' THEN
        SELECT d.object_identity INTO touched FROM pg_event_trigger_dropped_objects() d
            WHERE d.schema_name = 'lodestone' OR d.object_identity ~ ' on lodestone\.(events|commands)$'
               OR d.object_identity = 'lodestone' LIMIT 1;
    ELSE
        SELECT c.object_identity INTO touched FROM pg_event_trigger_ddl_commands() c
            WHERE c.object_identity IN ('lodestone.events', 'lodestone.commands', 'lodestone.append_lock')
               OR c.object_identity ~ ' on lodestone\.(events|commands)$'
               OR c.object_identity ~ '^lodestone\.(append|refuse_change|refuse_schema_change)\(' LIMIT 1;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'history is append-only: % on % is refused', tg_tag, touched.object_identity
            USING ERRCODE = 'LD003';
    END IF;
END $$;
REVOKE ALL ON FUNCTION lodestone.refuse_schema_change FROM PUBLIC;
CREATE EVENT TRIGGER lodestone_keep_schema ON ddl_command_end EXECUTE FUNCTION lodestone.refuse_schema_change();
CREATE EVENT TRIGGER lodestone_keep_objects ON sql_drop EXECUTE FUNCTION lodestone.refuse_schema_change();
ALTER EVENT TRIGGER lodestone_keep_schema ENABLE ALWAYS;
ALTER EVENT TRIGGER lodestone_keep_objects ENABLE ALWAYS;
