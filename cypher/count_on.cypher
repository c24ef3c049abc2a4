// Expects $nodes and $owners: the last numbers that were given.
MATCH (store:Store {key: 'tracegraph'})
USING INDEX SEEK store:Store(key)
SET store.nodes = $nodes, store.owners = $owners
RETURN count(store) AS stores
