// Expects $at. Returns what all units are then, as rows: key, kind, product.
MATCH (unit)-[of:OF WHERE of.known_from <= $at AND of.known_to > $at]->(product)
RETURN collect([unit.key, of.kind, product.key]) AS rows
