// Expects $at. Returns nodes with more than one stay known then, as rows: number and id.
MATCH (node)-[stay:AT WHERE stay.known_from <= $at AND stay.known_to > $at]->()
WITH node, count(stay) AS stays WHERE stays > 1
RETURN collect([node.number, node.id]) AS rows
