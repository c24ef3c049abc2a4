// Expects $places (keys), $at, $since and $until. Returns the numbers of the nodes that are there then and stay some time in
// [since, until).
UNWIND $places AS key
MATCH (node)-[stay:AT WHERE stay.known_from <= $at AND stay.known_to > $at]->(place:Place {key: key})
USING INDEX SEEK place:Place(key)
WHERE stay.since < $until AND (stay.until IS NULL OR stay.until > $since OR stay.since >= $since)
RETURN collect(node.number) AS nodes
