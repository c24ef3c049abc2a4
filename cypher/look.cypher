// Expects nothing. Returns what describes the store, one or none: its identity and the version of its schema; and how
// many nodes of any kind the database has.
OPTIONAL MATCH (store:Store {key: 'tracegraph'})
USING INDEX store:Store(key)
RETURN coalesce(store.identity, '') AS identity, coalesce(store.schema_version, 0) AS version,
  COUNT { MATCH (any) } AS nodes
