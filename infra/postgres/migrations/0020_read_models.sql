-- Read models live in schemas of their own, one for each unit and generation (volumes_g1); here is what is
-- true of them. A rebuild fills the next generation and swaps by raising the number.
CREATE TABLE lodestone.read_models (
    unit text PRIMARY KEY,
    generation integer NOT NULL
);

CREATE TABLE lodestone.progress (
    unit text NOT NULL,
    partition smallint NOT NULL,
    next_offset bigint NOT NULL,
    last_position bigint NOT NULL,
    generation integer NOT NULL,
    topic_id text,
    PRIMARY KEY (unit, partition)
);

CREATE TABLE lodestone.parked (
    unit text NOT NULL,
    generation integer NOT NULL,
    partition smallint NOT NULL,
    stream text NOT NULL,
    position bigint NOT NULL,
    code text NOT NULL,
    message text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    retry_asked boolean NOT NULL DEFAULT false,
    PRIMARY KEY (unit, generation, stream, position)
);

GRANT SELECT ON lodestone.read_models, lodestone.progress, lodestone.parked TO lodestone_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON lodestone.read_models, lodestone.progress, lodestone.parked
    TO lodestone_projector;
