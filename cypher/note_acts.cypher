// Expects $rows: `event` (a public id) and `node` (the number of a transformation). Notes that the event ever took part in
// it; which events do is said with the stay of the transformation. Returns how many rows there were.
UNWIND $rows AS row
MATCH (joint:Node {number: row.node})
USING INDEX SEEK joint:Node(number)
MERGE (act:Act {event: row.event})
MERGE (act)-[:PART_OF]->(joint)
RETURN count(act) AS acts
