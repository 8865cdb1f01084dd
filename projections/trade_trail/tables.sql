-- Who sold what to whom: a signed row for each line of what a sale or a shipment states or takes back.
-- reason: why what arrived differs from what was shipped; '' where a delivery states none or a void ends any, NULL else.
CREATE TABLE trail_steps (
    position bigint NOT NULL,
    ordinal smallint NOT NULL,
    line_no smallint NOT NULL,
    measure text NOT NULL,
    business_date date NOT NULL,
    exporter text NOT NULL,
    client text NOT NULL,
    sale text NOT NULL,
    shipment text,
    net_mg numeric(38, 0) NOT NULL,
    reason text
);

-- What a stream is called, as known from a position on.
CREATE TABLE trail_labels (
    stream text NOT NULL,
    from_position bigint NOT NULL,
    label text NOT NULL
);

-- Indexes: a rebuild makes them when the tables are full.
ALTER TABLE trail_steps ADD PRIMARY KEY (position, ordinal, line_no);
CREATE INDEX trail_steps_by_sale ON trail_steps (sale, position);
CREATE INDEX trail_steps_by_client ON trail_steps (client, position);
CREATE INDEX trail_steps_by_exporter ON trail_steps (exporter, position);
CREATE INDEX trail_steps_by_shipment ON trail_steps (shipment, position) WHERE shipment IS NOT NULL;
ALTER TABLE trail_labels ADD PRIMARY KEY (stream, from_position);
