// Expects $rows: `source`, `target` and `said` (properties but known_from and known_to); $position and $open. Owners get a timeline, of a kind.
// Returns how many were made.
UNWIND $rows AS row
MATCH (source:Owner {number: row.source})
USING INDEX SEEK source:Owner(number)
MATCH (target:Kind {key: row.target})
USING INDEX SEEK target:Kind(key)
CREATE (source)-[kind:IS]->(target)
SET kind = row.said, kind.known_from = $position, kind.known_to = $open
RETURN count(kind) AS opened
