// Expects nothing. One node alone says what is known to all.
CREATE CONSTRAINT tracegraph_published IF NOT EXISTS FOR (published:Published) REQUIRE published.key IS UNIQUE
