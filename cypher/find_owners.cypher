// Expects $keys. Returns keys and numbers of those units and processes that are there, as columns.
UNWIND $keys AS key
MATCH (owner:Owner {key: key})
USING INDEX SEEK owner:Owner(key)
RETURN collect(owner.key) AS key, collect(owner.number) AS number
