// Expects nothing. One node alone describes the store; whoever changes the store locks it.
CREATE CONSTRAINT tracegraph_store IF NOT EXISTS FOR (store:Store) REQUIRE store.key IS UNIQUE
