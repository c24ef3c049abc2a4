// Expects $rows: `owner` and `node` (numbers). Notes that an owner says something of a node that belongs to another one, so
// that everything it says is found from it. Returns how many rows there were.
UNWIND $rows AS row
MATCH (owner:Owner {number: row.owner})
USING INDEX SEEK owner:Owner(number)
MATCH (node:Node {number: row.node})
USING INDEX SEEK node:Node(number)
MERGE (owner)-[:TOUCHES]->(node)
RETURN count(node) AS nodes
