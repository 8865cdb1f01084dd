-- What happened to this exporter, client, sale, shipment or grade? The event itself is read from the store.
CREATE TABLE audit_entries (
    subject text NOT NULL,
    position bigint NOT NULL,
    summary text NOT NULL
);

-- Indexes: a rebuild makes them when the tables are full.
ALTER TABLE audit_entries ADD PRIMARY KEY (subject, position);
