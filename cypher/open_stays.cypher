// Expects $rows: `source`, `target` and `said` (properties, known_from and known_to among them). Holdings and transformations are at a place.
// Returns how many were made.
UNWIND $rows AS row
MATCH (source:Node {number: row.source})
USING INDEX source:Node(number)
MATCH (target:Place {key: row.target})
USING INDEX target:Place(key)
CREATE (source)-[stay:AT]->(target)
SET stay = row.said
RETURN count(stay) AS opened
