// Expects nothing. A kind of owner is there once.
CREATE CONSTRAINT tracegraph_kind_key IF NOT EXISTS FOR (kind:Kind) REQUIRE kind.key IS UNIQUE
