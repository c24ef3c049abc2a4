// Expects nothing. Units and processes, which own parts of the graph, have one key each.
CREATE CONSTRAINT tracegraph_owner_key IF NOT EXISTS FOR (owner:Owner) REQUIRE owner.key IS UNIQUE
