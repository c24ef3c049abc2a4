// Expects $rows: `source`, `target` and `said` (properties but known_from and known_to); $position and $open. Gaps of units as a whole.
// Returns how many were made.
UNWIND $rows AS row
MATCH (source:Owner {number: row.source})
USING INDEX SEEK source:Owner(number)
MATCH (target:Owner {number: row.target})
USING INDEX SEEK target:Owner(number)
CREATE (source)-[gap:UNIT_GAP]->(target)
SET gap = row.said, gap.known_from = $position, gap.known_to = $open
RETURN count(gap) AS opened
