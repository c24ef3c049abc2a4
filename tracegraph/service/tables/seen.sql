-- Words and places that events name, so that they can be listed without reading all events again.
CREATE TABLE IF NOT EXISTS seen (kind TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, value)) STRICT;
CREATE TABLE IF NOT EXISTS seen_upto (store TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
