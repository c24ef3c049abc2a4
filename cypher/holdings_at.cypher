// Expects $nodes (numbers), $at, $since and $until (instants). Returns the holdings that stand at the nodes then and stay
// some time in [since, until), as rows; a stay of no length counts at its instant.
UNWIND $nodes AS number
MATCH (holding:Holding&Node {number: number})
USING INDEX SEEK holding:Node(number)
MATCH (holding)-[stay:AT WHERE stay.known_from <= $at AND stay.known_to > $at]->(place)
WHERE stay.since < $until AND (stay.until IS NULL OR stay.until > $since OR stay.since >= $since)
RETURN collect([number, holding.id, holding.unit, place.kind, place.id, stay.since, stay.until, holding.event, stay.role,
  stay.party, stay.owner, stay.quantity, stay.measure, stay.remaining, stay.remaining_measure, stay.sublocation,
  stay.destination]) AS rows
