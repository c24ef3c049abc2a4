// Expects $nodes (numbers) and $at. Returns the legs that leave the nodes then, as columns: source, target, confirmed.
UNWIND $nodes AS number
MATCH (source:Node {number: number})-[leg:MOVED|CARRIED|INPUT|OUTPUT
  WHERE leg.known_from <= $at AND leg.known_to > $at]->(target)
USING INDEX SEEK source:Node(number)
RETURN collect(number) AS source, collect(target.number) AS target, collect(leg.confirmed) AS confirmed
