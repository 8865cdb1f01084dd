-- The same ledger and totals as the product's first unit, with the same keys; and how many messages are in.
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

CREATE TABLE client_volumes (
    client text NOT NULL,
    exporter text NOT NULL,
    destination text,
    month text NOT NULL,
    measure text NOT NULL,
    element text,
    ng numeric(38, 0) NOT NULL,
    CONSTRAINT client_volumes_key UNIQUE NULLS NOT DISTINCT (client, month, measure, element, exporter, destination)
) WITH (fillfactor = 80);

CREATE TABLE element_volumes (
    destination text,
    month text NOT NULL,
    measure text NOT NULL,
    element text,
    ng numeric(38, 0) NOT NULL,
    CONSTRAINT element_volumes_key UNIQUE NULLS NOT DISTINCT (element, month, measure, destination)
) WITH (fillfactor = 80);

CREATE TABLE done (messages bigint NOT NULL);
INSERT INTO done VALUES (0);
