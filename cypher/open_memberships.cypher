// Expects $rows: `source`, `target` and `said` (properties, known_from and known_to among them). Units become members of lots.
// Returns how many were made.
UNWIND $rows AS row
MATCH (source:Owner {number: row.source})
USING INDEX source:Owner(number)
MATCH (target:Owner {number: row.target})
USING INDEX target:Owner(number)
CREATE (source)-[membership:MEMBER_OF]->(target)
SET membership = row.said
RETURN count(membership) AS opened
