// Expects $rows: `source`, `target` and `said` (properties but known_from and known_to); $position and $open. Gaps of holdings.
// Returns how many were made.
UNWIND $rows AS row
MATCH (source:Owner {number: row.source})
USING INDEX SEEK source:Owner(number)
MATCH (target:Node {number: row.target})
USING INDEX SEEK target:Node(number)
CREATE (source)-[gap:GAP]->(target)
SET gap = row.said, gap.known_from = $position, gap.known_to = $open
RETURN count(gap) AS opened
