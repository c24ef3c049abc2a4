// Expects $lots and $at. Returns lots and the units that are members of them then, as columns.
UNWIND $lots AS key
MATCH (unit)-[known:MEMBER_OF WHERE known.known_from <= $at AND known.known_to > $at]->(lot:Owner {key: key})
USING INDEX SEEK lot:Owner(key)
WITH DISTINCT lot, unit
RETURN collect(lot.key) AS lot, collect(unit.key) AS unit
