-- Who a client is across exporters, as known from a position on. A part of every unit whose questions name parties.
CREATE TABLE client_party (
    client text NOT NULL,
    from_position bigint NOT NULL,
    party text NOT NULL
);

-- Indexes: a rebuild makes them when the tables are full.
ALTER TABLE client_party ADD PRIMARY KEY (client, from_position);
CREATE INDEX client_party_by_party ON client_party (party);
