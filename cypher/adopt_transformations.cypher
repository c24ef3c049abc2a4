// Expects $rows like create_transformations, of nodes that are only named so far. Returns how many became
// transformations.
UNWIND $rows AS row
MATCH (node:Node {number: row.number})
USING INDEX SEEK node:Node(number)
MATCH (process:Owner {number: row.process})
USING INDEX SEEK process:Owner(number)
CREATE (process)-[:RAN]->(node)
SET node:Transformation, node.process = row.process
RETURN count(node) AS nodes
