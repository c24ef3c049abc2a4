// Expects $rows: `number` and `id` of the holding, `unit` (a number), `event` (the public id of what opened it). Returns
// how many were made.
UNWIND $rows AS row
MATCH (unit:Owner {number: row.unit})
USING INDEX SEEK unit:Owner(number)
CREATE (unit)-[:HELD]->(holding:Node:Holding {number: row.number, id: row.id, unit: row.unit, event: row.event})
RETURN count(holding) AS nodes
