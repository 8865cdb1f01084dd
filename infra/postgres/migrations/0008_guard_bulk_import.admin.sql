-- What guards the event store knows the tables and the function of bulk import too.
CREATE OR REPLACE FUNCTION lodestone_guard.breach() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH kept AS (
        SELECT c.oid, c.relname, c.relowner, c.relacl FROM pg_class c
        WHERE c.relnamespace = to_regnamespace('lodestone') AND c.relname IN ('events', 'commands', 'blocks', 'staging', 'append_lock')
    ), rights AS (
        SELECT k.relname, k.relowner, a.* FROM kept k, aclexplode(k.relacl) a
        UNION ALL
        SELECT k.relname, k.relowner, a.* FROM kept k JOIN pg_attribute t ON t.attrelid = k.oid, aclexplode(t.attacl) a
    ), ways_in AS (
        SELECT p.proname, p.proowner, p.proacl FROM pg_proc p
        WHERE p.pronamespace = to_regnamespace('lodestone') AND p.proname ~ '^append'
    )
    SELECT 'a right to change lodestone.' || relname FROM rights
        WHERE grantee <> relowner AND (is_grantable OR CASE WHEN relname = 'staging'
            THEN privilege_type <> 'INSERT' OR grantee <> to_regrole('lodestone_writer')::oid
            ELSE privilege_type <> 'SELECT' END)
    UNION ALL
    SELECT 'a right to run lodestone.' || w.proname FROM ways_in w,
        aclexplode(coalesce(w.proacl, acldefault('f', w.proowner))) a
        WHERE a.grantee NOT IN (w.proowner, to_regrole('lodestone_writer')::oid) OR a.is_grantable AND a.grantee <> w.proowner
    UNION ALL
    SELECT 'the owner of lodestone.' || relname FROM kept WHERE relowner <> to_regrole('lodestone_owner')::oid
    UNION ALL
    SELECT 'the owner of lodestone.' || proname FROM ways_in WHERE proowner <> to_regrole('lodestone_owner')::oid
    UNION ALL
    SELECT 'a child of lodestone.' || k.relname FROM kept k JOIN pg_inherits i ON i.inhparent = k.oid
    LIMIT 1
$$;
REVOKE ALL ON FUNCTION lodestone_guard.breach FROM PUBLIC;

-- Works with the rights of its owner, an administrator: whoever runs a command may not look into this schema.
CREATE OR REPLACE FUNCTION lodestone_guard.refuse_schema_change() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
               OR d.object_identity ~ ' on lodestone\.(events|commands|blocks)$' LIMIT 1;
    ELSE
        SELECT c.object_identity INTO touched FROM pg_event_trigger_ddl_commands() c
            WHERE c.object_identity ~ '^lodestone\.(events|commands|blocks|staging|append_lock)(\.|$)'
               OR c.object_identity ~ ' on lodestone\.(events|commands|blocks)$'
               OR c.object_identity ~ '^lodestone\.(append[a-z_]*|refuse_change)\(' LIMIT 1;
        IF touched IS NULL AND (to_regclass('lodestone.events') IS NULL OR to_regclass('lodestone.commands') IS NULL
           OR to_regclass('lodestone.blocks') IS NULL OR to_regclass('lodestone.staging') IS NULL
           OR to_regclass('lodestone.append_lock') IS NULL OR to_regproc('lodestone.append') IS NULL
           OR to_regproc('lodestone.append_block') IS NULL
           OR to_regproc('lodestone.refuse_change') IS NULL) THEN
            touched := 'a part of the event store';
        END IF;
        touched := coalesce(touched, lodestone_guard.breach());
    END IF;
    IF touched IS NOT NULL THEN
        RAISE EXCEPTION 'history is append-only: % on % is refused', tg_tag, touched USING ERRCODE = 'LD003';
    END IF;
END $$;
