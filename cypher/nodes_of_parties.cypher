// Expects $parties and $at. Returns the numbers of the holdings that they have then.
UNWIND $parties AS party
MATCH (node)-[stay:AT {party: party}]->()
USING INDEX SEEK stay:AT(party)
WHERE stay.known_from <= $at AND stay.known_to > $at
RETURN collect(node.number) AS nodes
