-- Why is each figure what it is? Append-only: a row for each thing that an event states or takes back.
-- elements[1] is NULL: the net mass of the magnets. ng stands in the same order, signed, in nanograms.
-- Stream, type and time of recording are the event's own: the store has them, by position.
CREATE TABLE volume_entries (
    position bigint NOT NULL,
    ordinal smallint NOT NULL,
    business_date date NOT NULL,
    measure text NOT NULL,
    exporter text NOT NULL,
    client text NOT NULL,
    destination text,
    elements text[] NOT NULL,
    ng numeric(38, 0)[] NOT NULL
);

CREATE VIEW volume_lines AS
    SELECT e.position, e.measure, e.business_date, to_char(e.business_date, 'YYYY-MM') AS month,
           e.exporter, e.client, e.destination, line.element, line.ng
    FROM volume_entries e CROSS JOIN LATERAL unnest(e.elements, e.ng) AS line (element, ng);

-- How many blocks of each level are settled into each total, from the first on. Its rows are the lock of those who
-- settle, and of those who come late.
CREATE TABLE volume_settled (
    total text NOT NULL,
    level smallint NOT NULL,
    blocks bigint NOT NULL,
    PRIMARY KEY (total, level)
);
INSERT INTO volume_settled
    SELECT 'element_volumes', level, 0 FROM generate_series(0, 6) AS level
    UNION ALL SELECT 'client_volumes', level, 0 FROM generate_series(2, 6) AS level;

-- Indexes: a rebuild makes them when the tables are full.
ALTER TABLE volume_entries ADD PRIMARY KEY (position, ordinal);
-- The date stands in these keys so that one figure of a month is found without fetching all rows of a client.
CREATE INDEX volume_entries_by_client ON volume_entries (client, position, business_date);
CREATE INDEX volume_entries_by_exporter ON volume_entries (exporter, position, business_date);
CREATE INDEX volume_entries_by_date ON volume_entries (business_date);
