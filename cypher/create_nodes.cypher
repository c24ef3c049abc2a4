// Expects $rows: `number` and `id` of what is only named so far, by a leg or a gap. Returns how many were made.
UNWIND $rows AS row
CREATE (node:Node {number: row.number, id: row.id})
RETURN count(node) AS nodes
