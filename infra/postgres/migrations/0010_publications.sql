-- What the relay has published: which position went to which partition, and how far each topic has come.

CREATE TABLE lodestone.publications (
    topic text NOT NULL,
    partition smallint NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (topic, partition, position)
);
CREATE INDEX publications_by_position ON lodestone.publications (topic, position);

CREATE TABLE lodestone.relay_marks (
    topic text PRIMARY KEY,
    position bigint NOT NULL,
    topic_id text
);

GRANT SELECT ON lodestone.publications, lodestone.relay_marks
    TO lodestone_writer, lodestone_reader, lodestone_relay, lodestone_projector;
-- A publication never changes: the partition of a position is fixed.
GRANT INSERT ON lodestone.publications TO lodestone_relay;
GRANT INSERT, UPDATE ON lodestone.relay_marks TO lodestone_relay;
