// Expects $keys and $at. Returns what these units are then, as rows: key, kind, product.
UNWIND $keys AS key
MATCH (unit:Owner {key: key})-[of:OF WHERE of.known_from <= $at AND of.known_to > $at]->(product)
USING INDEX SEEK unit:Owner(key)
RETURN collect([unit.key, of.kind, product.key]) AS rows
