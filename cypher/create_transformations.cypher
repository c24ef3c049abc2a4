// Expects $rows: `number` and `id` of the transformation, `process` (a number). Returns how many were made.
UNWIND $rows AS row
MATCH (process:Owner {number: row.process})
USING INDEX SEEK process:Owner(number)
CREATE (process)-[:RAN]->(node:Node:Transformation {number: row.number, id: row.id, process: row.process})
RETURN count(node) AS nodes
