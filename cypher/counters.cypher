// Expects nothing. Returns the last numbers that were given to nodes and to owners. To be asked after `lock`.
MATCH (store:Store {key: 'tracegraph'})
USING INDEX SEEK store:Store(key)
RETURN store.nodes AS nodes, store.owners AS owners
