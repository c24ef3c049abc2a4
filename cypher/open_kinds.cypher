// Expects $rows: `source`, `target` and `said` (properties, known_from and known_to among them). Owners get a timeline, of a kind.
// Returns how many were made.
UNWIND $rows AS row
MATCH (source:Owner {number: row.source})
USING INDEX source:Owner(number)
MATCH (target:Kind {key: row.target})
USING INDEX target:Kind(key)
CREATE (source)-[kind:IS]->(target)
SET kind = row.said
RETURN count(kind) AS opened
