-- How much left the country, per month and destination? element NULL: the net mass of the magnets.
-- A shard for each partition, as in client_volumes.
CREATE TABLE element_volumes (
    shard smallint NOT NULL,
    destination text,
    month text NOT NULL,
    measure text NOT NULL,
    element text,
    ng numeric(38, 0) NOT NULL,
    CONSTRAINT element_volumes_key UNIQUE NULLS NOT DISTINCT (element, month, measure, destination, shard)
) WITH (fillfactor = 80);
