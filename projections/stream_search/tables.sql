-- By which words a stream can be found, as stated at a position. A plain scan answers: the table is narrow, and
-- an index of trigrams is of no use for a text of one or two characters. `folded` is the value without case.
CREATE TABLE search_words (
    position bigint NOT NULL,
    ordinal integer NOT NULL,
    stream text NOT NULL,
    attribute text NOT NULL,
    value text NOT NULL,
    folded text NOT NULL
);

-- Indexes: a rebuild makes them when the tables are full.
ALTER TABLE search_words ADD PRIMARY KEY (position, ordinal);
CREATE INDEX search_words_names ON search_words (stream, position) WHERE attribute = 'name';
