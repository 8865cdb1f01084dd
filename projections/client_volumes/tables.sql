-- How much did each client buy and get shipped, per month? element NULL: the net mass of the magnets.
-- A shard for each partition, so that parallel consumers never wait for each other's rows; sums go over all.
CREATE TABLE client_volumes (
    shard smallint NOT NULL,
    client text NOT NULL,
    exporter text NOT NULL,
    destination text,
    month text NOT NULL,
    measure text NOT NULL,
    element text,
    ng numeric(38, 0) NOT NULL,
    CONSTRAINT client_volumes_key UNIQUE NULLS NOT DISTINCT (client, month, measure, element, exporter, destination, shard)
) WITH (fillfactor = 80);
