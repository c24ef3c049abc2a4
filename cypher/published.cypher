// Expects nothing. Returns the last ledger position that readers may see.
MATCH (published:Published {key: 'tracegraph'})
USING INDEX SEEK published:Published(key)
RETURN published.position AS position
