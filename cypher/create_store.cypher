// Expects $identity (a random text) and $version (of the schema). Makes the store where there is none; returns its
// identity and version, whoever made it.
MERGE (store:Store {key: 'tracegraph'})
ON CREATE SET store.identity = $identity, store.schema_version = $version, store.nodes = 0, store.owners = 0
MERGE (published:Published {key: 'tracegraph'})
ON CREATE SET published.position = 0
RETURN store.identity AS identity, store.schema_version AS version
