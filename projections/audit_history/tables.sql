-- What happened to this exporter, client, sale, shipment or grade? Events are read from the store, which finds those of the
-- subject's own stream itself; here stand those of other streams that name it.
-- A row holds positions that were written together, in order: first_position is the first of them.
CREATE TABLE audit_links (
    subject text NOT NULL,
    first_position bigint NOT NULL,
    positions bigint[] NOT NULL
);

-- Indexes: a rebuild makes them when the tables are full.
ALTER TABLE audit_links ADD PRIMARY KEY (subject, first_position);
