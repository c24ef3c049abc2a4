// Expects $nodes (numbers) and $at. Returns the transformations that stand at the nodes then, as rows.
UNWIND $nodes AS number
MATCH (joint:Transformation&Node {number: number})
USING INDEX SEEK joint:Node(number)
MATCH (joint)-[stay:AT WHERE stay.known_from <= $at AND stay.known_to > $at]->(place)
RETURN collect([number, joint.id, stay.transformation, stay.events, place.kind, place.id, stay.instant]) AS rows
