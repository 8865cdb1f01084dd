-- Why is each figure what it is? Append-only: a row for each thing that an event states or takes back.
-- elements[1] is NULL: the net mass of the magnets. ng stands in the same order, signed, in nanograms.
CREATE TABLE volume_entries (
    position bigint NOT NULL,
    ordinal smallint NOT NULL,
    stream text NOT NULL,
    type text NOT NULL,
    recorded_at timestamptz NOT NULL,
    measure text NOT NULL,
    business_date date NOT NULL,
    month text NOT NULL,
    exporter text NOT NULL,
    client text NOT NULL,
    destination text,
    elements text[] NOT NULL,
    ng numeric(38, 0)[] NOT NULL,
    PRIMARY KEY (position, ordinal)
);
CREATE INDEX volume_entries_by_client ON volume_entries (client, position);

CREATE VIEW volume_lines AS
    SELECT e.position, e.ordinal, e.stream, e.type, e.recorded_at, e.measure, e.business_date, e.month,
           e.exporter, e.client, e.destination, line.element, line.ng
    FROM volume_entries e CROSS JOIN LATERAL unnest(e.elements, e.ng) AS line (element, ng);
