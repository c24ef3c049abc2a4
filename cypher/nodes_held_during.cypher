// Expects $rows: `unit` (a key), `begin` and `end` (instants, null: open on that side); and $at. Returns the numbers of the
// holdings of each unit that share at least an instant or an end with its span, as they are known then.
UNWIND $rows AS row
MATCH (unit:Owner {key: row.unit})-[:HELD]->(holding)
USING INDEX SEEK unit:Owner(key)
MATCH (holding)-[stay:AT WHERE stay.known_from <= $at AND stay.known_to > $at]->()
WHERE (row.end IS NULL OR stay.since <= row.end)
  AND (row.begin IS NULL OR stay.until IS NULL OR stay.until >= row.begin)
RETURN collect(holding.number) AS nodes
