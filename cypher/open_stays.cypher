// Expects $rows: `source`, `target` and `said` (properties but known_from and known_to); $position and $open. Holdings and
// transformations are at a place. Returns how many stays were made. Every property is named, as that spares the server to
// wait for all rows before it sets any; those that a row does not have are not set.
UNWIND $rows AS row
MATCH (source:Node {number: row.source})
USING INDEX SEEK source:Node(number)
MATCH (target:Place {key: row.target})
USING INDEX SEEK target:Place(key)
CREATE (source)-[stay:AT {
  told_by: row.said.told_by, since: row.said.since, until: row.said.until, role: row.said.role,
  party: row.said.party, owner: row.said.owner, quantity: row.said.quantity,
  measure: row.said.measure, remaining: row.said.remaining,
  remaining_measure: row.said.remaining_measure, sublocation: row.said.sublocation,
  destination: row.said.destination, transformation: row.said.transformation,
  events: row.said.events, instant: row.said.instant, known_from: $position, known_to: $open
}]->(target)
RETURN count(stay) AS opened
