-- How much did each client buy and get shipped, per month, by what a block of positions added?
-- elements NULL: the net mass of the magnets; ng stands in the same order. Rows add up; no key is unique.
CREATE TABLE client_volumes (
    level smallint NOT NULL,
    block bigint NOT NULL,
    client text NOT NULL,
    exporter text NOT NULL,
    destination text,
    month text NOT NULL,
    measure text NOT NULL,
    elements text[] NOT NULL,
    ng numeric(38, 0)[] NOT NULL
);

-- Indexes: a rebuild makes them when the tables are full.
CREATE INDEX client_volumes_by_client ON client_volumes (client, level, block);
CREATE INDEX client_volumes_by_exporter ON client_volumes (exporter, level, block);
CREATE INDEX client_volumes_by_block ON client_volumes (level, block, destination, month);
