// Expects $ids. Returns the numbers of these holdings and transformations.
UNWIND $ids AS id
MATCH (node:Node {id: id})
USING INDEX SEEK node:Node(id)
RETURN collect(node.number) AS nodes
