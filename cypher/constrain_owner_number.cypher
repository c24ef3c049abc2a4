// Expects nothing. Units and processes have one number each.
CREATE CONSTRAINT tracegraph_owner_number IF NOT EXISTS FOR (owner:Owner) REQUIRE owner.number IS UNIQUE
