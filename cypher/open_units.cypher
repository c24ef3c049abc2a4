// Expects $rows: `source`, `target` and `said` (properties but known_from and known_to); $position and $open. Units are of a kind and a product.
// Returns how many were made.
UNWIND $rows AS row
MATCH (source:Owner {number: row.source})
USING INDEX SEEK source:Owner(number)
MATCH (target:Product {key: row.target})
USING INDEX SEEK target:Product(key)
CREATE (source)-[of:OF]->(target)
SET of = row.said, of.known_from = $position, of.known_to = $open
RETURN count(of) AS opened
