// Expects $writer (a random text). Waits until no other change is going on and keeps others waiting from then on, until
// the transaction ends: setting a property locks the node.
MATCH (store:Store {key: 'tracegraph'})
USING INDEX SEEK store:Store(key)
SET store.writer = $writer
RETURN count(store) AS stores
