// Expects $numbers and $at. Returns what these units are then, as rows: number, key, kind and product (null where nothing
// is said of the unit).
UNWIND $numbers AS number
MATCH (unit:Owner {number: number})
USING INDEX SEEK unit:Owner(number)
OPTIONAL MATCH (unit)-[of:OF WHERE of.known_from <= $at AND of.known_to > $at]->(product)
RETURN collect([number, unit.key, of.kind, product.key]) AS rows
