-- The guard lived in the schema that it guards, so dropping that schema took the guard along; and a table that was
-- renamed was no longer recognised. It has a schema of its own, which is not the owner's, and knows what must be there.
CREATE SCHEMA lodestone_guard;
CREATE FUNCTION lodestone_guard.refuse_schema_change() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    touched text;
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = session_user)
       AND current_setting('lodestone.migrating', true) = 'on' THEN
        RETURN;
    END IF;
    IF tg_event = 'sql_drop' THEN
        SELECT d.object_identity INTO touched FROM pg_event_trigger_dropped_objects() d
            WHERE d.schema_name = 'lodestone' OR d.object_identity = 'lodestone'
               OR d.object_identity ~ ' on lodestone\.(events|commands)$' LIMIT 1;
    ELSE
        SELECT c.object_identity INTO touched FROM pg_event_trigger_ddl_commands() c
            WHERE c.object_identity ~ '^lodestone\.(events|commands|append_lock)(\.|$)'
               OR c.object_identity ~ ' on lodestone\.(events|commands)$'
               OR c.object_identity ~ '^lodestone\.(append|refuse_change)\(' LIMIT 1;
        IF touched IS NULL AND (to_regclass('lodestone.events') IS NULL OR to_regclass('lodestone.commands') IS NULL
           OR to_regclass('lodestone.append_lock') IS NULL OR to_regproc('lodestone.append') IS NULL
           OR to_regproc('lodestone.refuse_change') IS NULL) THEN
            touched := 'a part of the event store';
        END IF;
    END IF;
    IF touched IS NOT NULL THEN
        RAISE EXCEPTION 'history is append-only: % on % is refused', tg_tag, touched USING ERRCODE = 'LD003';
    END IF;
END $$;
REVOKE ALL ON FUNCTION lodestone_guard.refuse_schema_change FROM PUBLIC;
DROP EVENT TRIGGER lodestone_keep_schema;
DROP EVENT TRIGGER lodestone_keep_objects;
DROP FUNCTION lodestone.refuse_schema_change;
CREATE EVENT TRIGGER lodestone_keep_schema ON ddl_command_end EXECUTE FUNCTION lodestone_guard.refuse_schema_change();
CREATE EVENT TRIGGER lodestone_keep_objects ON sql_drop EXECUTE FUNCTION lodestone_guard.refuse_schema_change();
ALTER EVENT TRIGGER lodestone_keep_schema ENABLE ALWAYS;
ALTER EVENT TRIGGER lodestone_keep_objects ENABLE ALWAYS;
