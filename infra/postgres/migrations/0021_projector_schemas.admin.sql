-- The projector makes a schema for each generation of its read models; it owns nothing else.
DO $$ BEGIN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO lodestone_projector', current_database());
END $$;
