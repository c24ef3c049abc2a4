// Expects $rows: `source`, `target` and `said` (properties but known_from and known_to); $position and $open. Units become members of lots.
// Returns how many were made.
UNWIND $rows AS row
MATCH (source:Owner {number: row.source})
USING INDEX SEEK source:Owner(number)
MATCH (target:Owner {number: row.target})
USING INDEX SEEK target:Owner(number)
CREATE (source)-[membership:MEMBER_OF]->(target)
SET membership = row.said, membership.known_from = $position, membership.known_to = $open
RETURN count(membership) AS opened
