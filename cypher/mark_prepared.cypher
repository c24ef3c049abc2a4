// Expects nothing. Notes that the store has its constraints and indexes; returns how many stores there are.
MATCH (store:Store {key: 'tracegraph'})
SET store.prepared = true
RETURN count(store) AS stores
