// Expects $rows like create_holdings, of nodes that are only named so far. Returns how many became holdings.
UNWIND $rows AS row
MATCH (node:Node {number: row.number})
USING INDEX SEEK node:Node(number)
MATCH (unit:Owner {number: row.unit})
USING INDEX SEEK unit:Owner(number)
CREATE (unit)-[:HELD]->(node)
SET node:Holding, node.unit = row.unit, node.event = row.event
RETURN count(node) AS nodes
