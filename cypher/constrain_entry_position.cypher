// Expects nothing. A position of the ledger is used once.
CREATE CONSTRAINT tracegraph_entry_position IF NOT EXISTS FOR (entry:Entry) REQUIRE entry.position IS UNIQUE
