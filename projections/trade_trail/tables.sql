-- Who sold what to whom: a signed row for each thing that a sale or a shipment states or takes back.
-- net_mg is the sum of line_mg, which stands in the order of line_nos, as do reasons: why what arrived differs from what
-- was shipped; '' where a delivery states none or a void ends any, NULL where nothing is said.
-- ordinary: the event takes nothing back and breaks no rule. All ordinary rows of a sale that has no others name the
-- same client: who else has a part in a sale came by a correction or against the rules.
CREATE TABLE trail_steps (
    position bigint NOT NULL,
    net_mg bigint NOT NULL,
    business_date date NOT NULL,
    ordinal smallint NOT NULL,
    ordinary boolean NOT NULL,
    measure text NOT NULL,
    client text COLLATE "C" NOT NULL,
    sale text COLLATE "C" NOT NULL,
    shipment text COLLATE "C",
    line_nos smallint[] NOT NULL,
    line_mg bigint[] NOT NULL,
    reasons text[]
);

-- What a stream is called, as known from a position on.
CREATE TABLE trail_labels (
    stream text NOT NULL,
    from_position bigint NOT NULL,
    label text NOT NULL
);

-- Indexes: a rebuild makes them when the tables are full.
ALTER TABLE trail_steps ADD PRIMARY KEY (position, ordinal);
-- A client's trail is read from this index alone, side by side; a sale names its exporter, so exporters need none.
CREATE INDEX trail_steps_by_client ON trail_steps (client, measure, sale, position)
    INCLUDE (net_mg, business_date, shipment);
CREATE INDEX trail_steps_by_sale ON trail_steps (sale, position);
CREATE INDEX trail_steps_not_ordinary ON trail_steps (sale) WHERE NOT ordinary;
CREATE INDEX trail_steps_with_reasons ON trail_steps (shipment, position) WHERE reasons IS NOT NULL;
ALTER TABLE trail_labels ADD PRIMARY KEY (stream, from_position);
