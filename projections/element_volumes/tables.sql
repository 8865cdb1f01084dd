-- How much left the country, per month and destination, by what a block of positions added?
-- element NULL: the net mass of the magnets. ng stands in the order of destinations. Rows add up; no key is unique.
CREATE TABLE element_volumes (
    level smallint NOT NULL,
    block bigint NOT NULL,
    element text,
    month text NOT NULL,
    measure text NOT NULL,
    destinations text[] NOT NULL,
    ng numeric(38, 0)[] NOT NULL
);

-- Indexes: a rebuild makes them when the tables are full.
CREATE INDEX element_volumes_by_block ON element_volumes (level, block, element, month);
