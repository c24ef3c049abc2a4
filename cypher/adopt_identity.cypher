// Expects $identity. The store takes the identity of another one.
MATCH (store:Store {key: 'tracegraph'})
USING INDEX SEEK store:Store(key)
SET store.identity = $identity
RETURN count(store) AS stores
