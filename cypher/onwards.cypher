// Expects $nodes (numbers) and $at. Returns what leads on from the nodes then, as columns: the node, the instant of the
// first leg that leaves it, whether a leg leads to a holding, and whether one leads into a transformation.
UNWIND $nodes AS number
MATCH (source:Node {number: number})-[leg:MOVED|CARRIED|INPUT|OUTPUT
  WHERE leg.known_from <= $at AND leg.known_to > $at]->(target)
USING INDEX SEEK source:Node(number)
WITH number, min(leg.instant) AS first, collect(DISTINCT target:Transformation) AS joints
RETURN collect(number) AS source, collect(first) AS first, collect(false IN joints) AS moved,
  collect(true IN joints) AS consumed
