// Expects $at. Returns legs, known then, with an end that is nowhere then, as rows: what the leg is, and the end's id.
MATCH (source)-[leg:MOVED|CARRIED|INPUT|OUTPUT WHERE leg.known_from <= $at AND leg.known_to > $at]->(target)
UNWIND [source, target] AS node
WITH source, target, leg, node
WHERE NOT EXISTS { (node)-[stay:AT WHERE stay.known_from <= $at AND stay.known_to > $at]->() }
RETURN collect([type(leg) + ' ' + source.id + ' to ' + target.id, node.id]) AS rows
