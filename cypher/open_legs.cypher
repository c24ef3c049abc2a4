// Expects $rows: `type` (MOVED, CARRIED, INPUT or OUTPUT), `source`, `target` and `said` (properties, known_from and
// known_to among them). Returns how many legs were made.
UNWIND $rows AS row
MATCH (source:Node {number: row.source})
USING INDEX source:Node(number)
MATCH (target:Node {number: row.target})
USING INDEX target:Node(number)
CREATE (source)-[leg:$(row.type)]->(target)
SET leg = row.said
RETURN count(leg) AS opened
