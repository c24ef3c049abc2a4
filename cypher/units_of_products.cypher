// Expects $products and $at. Returns what the units of these products are then, as rows: key, kind, product.
UNWIND $products AS key
MATCH (unit)-[of:OF WHERE of.known_from <= $at AND of.known_to > $at]->(product:Product {key: key})
USING INDEX SEEK product:Product(key)
RETURN collect([unit.key, of.kind, product.key]) AS rows
