// Expects $units (keys). Returns the numbers of all their holdings.
UNWIND $units AS key
MATCH (owner:Owner {key: key})-[:HELD]->(holding)
USING INDEX SEEK owner:Owner(key)
RETURN collect(holding.number) AS nodes
