// Expects $keys of owners and $at. Returns those that have a timeline then as columns: key, number, kind.
UNWIND $keys AS key
MATCH (owner:Owner {key: key})-[known:IS WHERE known.known_from <= $at AND known.known_to > $at]->(kind)
USING INDEX SEEK owner:Owner(key)
RETURN collect(owner.key) AS key, collect(owner.number) AS number, collect(kind.key) AS kind
