// Expects $rows: `source`, `target` and `said` (properties but known_from and known_to); $position and $open. Units get other numbers.
// Returns how many were made.
UNWIND $rows AS row
MATCH (source:Owner {number: row.source})
USING INDEX SEEK source:Owner(number)
MATCH (target:Owner {number: row.target})
USING INDEX SEEK target:Owner(number)
CREATE (source)-[alias:ALIAS]->(target)
SET alias = row.said, alias.known_from = $position, alias.known_to = $open
RETURN count(alias) AS opened
