// Expects $owners (numbers) and $at. Returns the transformations that they contribute then: pairs of owner and node, as
// columns.
UNWIND $owners AS number
MATCH (owner:Owner {number: number})-[:RAN|TOUCHES]->(node)
USING INDEX SEEK owner:Owner(number)
WITH number, node WHERE node:Transformation
MATCH (node)-[stay:AT WHERE stay.known_from <= $at AND stay.known_to > $at AND stay.told_by = number]->()
WITH DISTINCT number, node.number AS node
RETURN collect(number) AS owner, collect(node) AS node
