-- The append-only event store. Runs as the owner, who cannot log in; nobody who logs in may change what is here.

CREATE TABLE lodestone.log (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id uuid NOT NULL
);
INSERT INTO lodestone.log (id) VALUES (gen_random_uuid());

CREATE TABLE lodestone.events (
    position bigint PRIMARY KEY,
    stream text NOT NULL,
    version integer NOT NULL,
    key text NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL,
    schema_version integer NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor_name text NOT NULL,
    actor_role text NOT NULL,
    actor_organisation text NOT NULL,
    command_id uuid NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid,
    data bytea NOT NULL,
    UNIQUE (stream, version)
);
CREATE INDEX events_by_recorded_at ON lodestone.events (recorded_at, position);

CREATE TABLE lodestone.streams (
    stream text PRIMARY KEY,
    version integer NOT NULL,
    key text NOT NULL
);

CREATE TABLE lodestone.commands (
    command_id uuid PRIMARY KEY,
    first_position bigint NOT NULL,
    last_position bigint NOT NULL
);
CREATE UNIQUE INDEX commands_by_first_position ON lodestone.commands (first_position);

-- A cache of folded streams: may be emptied at any time.
CREATE TABLE lodestone.snapshots (
    stream text PRIMARY KEY,
    version integer NOT NULL,
    form text NOT NULL,
    state bytea NOT NULL
);

-- Locked by every append instead of the events table (which autovacuum wants) and instead of an advisory lock
-- (which every role that may connect can take). Only the owner may touch it.
CREATE TABLE lodestone.append_lock ();

CREATE FUNCTION lodestone.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'LD003';
END $$;

CREATE TRIGGER events_keep_rows BEFORE UPDATE OR DELETE ON lodestone.events
    FOR EACH ROW EXECUTE FUNCTION lodestone.refuse_change();
CREATE TRIGGER events_keep_all BEFORE TRUNCATE ON lodestone.events
    FOR EACH STATEMENT EXECUTE FUNCTION lodestone.refuse_change();
CREATE TRIGGER commands_keep_rows BEFORE UPDATE OR DELETE ON lodestone.commands
    FOR EACH ROW EXECUTE FUNCTION lodestone.refuse_change();
CREATE TRIGGER commands_keep_all BEFORE TRUNCATE ON lodestone.commands
    FOR EACH STATEMENT EXECUTE FUNCTION lodestone.refuse_change();
ALTER TABLE lodestone.events ENABLE ALWAYS TRIGGER events_keep_rows;
ALTER TABLE lodestone.events ENABLE ALWAYS TRIGGER events_keep_all;
ALTER TABLE lodestone.commands ENABLE ALWAYS TRIGGER commands_keep_rows;
ALTER TABLE lodestone.commands ENABLE ALWAYS TRIGGER commands_keep_all;
