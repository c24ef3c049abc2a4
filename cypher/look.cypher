// Expects nothing. Returns what describes the store, one or none: its identity, the version of its schema, whether it has
// its constraints and indexes (an import has none); and how many nodes of any kind the database has.
OPTIONAL MATCH (store:Store {key: 'tracegraph'})
USING INDEX SEEK store:Store(key)
RETURN coalesce(store.identity, '') AS identity, coalesce(store.schema_version, 0) AS version,
  coalesce(store.prepared, false) AS prepared,
  COUNT { MATCH (any) } AS nodes
